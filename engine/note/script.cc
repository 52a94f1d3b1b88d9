#include "engine/note/script.h"

#include <unicode/ucnv.h>

#include <bitset>
#include <memory>

#include "engine/base/utf8.h"

namespace annals {
namespace {

constexpr char32_t kFirst = 0x4E00;
constexpr char32_t kLast = 0x9FFF;
using HanSet = std::bitset<kLast - kFirst + 1>;

struct Tables {
  HanSet simplified;   // of GB 2312
  HanSet traditional;  // of Big5
  HanSet common;       // of either's first level
};

// Every two-byte code of `converter` between the given bytes, in the order of the code.
template <class Take>
void each_character(const char* name, unsigned lead_from, unsigned lead_to, unsigned trail_from, unsigned trail_to,
                    Take take) {
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open(name, &status), &ucnv_close);
  check(U_SUCCESS(status) != 0, "ICU has the converters for GB 2312 and Big5");
  for (unsigned lead = lead_from; lead <= lead_to; ++lead) {
    for (unsigned trail = trail_from; trail <= trail_to; ++trail) {
      const char bytes[2] = {static_cast<char>(lead), static_cast<char>(trail)};
      UChar out[4];
      status = U_ZERO_ERROR;
      const int length = ucnv_toUChars(converter.get(), out, 4, bytes, 2, &status);
      if (U_SUCCESS(status) != 0 && length == 1 && out[0] >= kFirst && out[0] <= kLast)
        take(lead, trail, out[0] - kFirst);
    }
  }
}

const Tables& tables() {
  static const Tables kTables = [] {
    Tables out;
    each_character("GB2312", 0xB0, 0xF7, 0xA1, 0xFE, [&](unsigned lead, unsigned, std::size_t c) {
      out.simplified.set(c);
      if (lead <= 0xD7) out.common.set(c);
    });
    each_character("Big5", 0xA4, 0xF9, 0x40, 0xFE, [&](unsigned lead, unsigned, std::size_t c) {
      out.traditional.set(c);
      if (lead <= 0xC6) out.common.set(c);
    });
    return out;
  }();
  return kTables;
}

}  // namespace

Language detect_language(std::string_view text, Language shared) {
  constexpr std::size_t kEnough = 256 * 1024;
  const Tables& table = tables();
  std::size_t han = 0;
  std::size_t latin = 0;
  std::size_t simplified = 0;
  std::size_t traditional = 0;
  for (std::size_t at = 0; at < text.size() && at < kEnough;) {
    const CodePoint point = decode_utf8(text, at);
    at += point.length;
    const char32_t c = point.value;
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      ++latin;
    } else if (is_han(c)) {
      ++han;
      if (c < kFirst || c > kLast) continue;
      const bool in_simplified = table.simplified[c - kFirst];
      const bool in_traditional = table.traditional[c - kFirst];
      simplified += in_simplified && !in_traditional;
      traditional += in_traditional && !in_simplified;
    }
  }
  if (han == 0 && latin == 0) return Language::kUnknown;
  // A Chinese character says about as much as five or six Latin letters; names in the other script are few in either.
  if (han * 6 < latin) return Language::kEn;
  // Without a telling character it is, unless somebody says so, Simplified, the more frequent case.
  if (traditional == 0 && simplified == 0) return shared;
  return traditional > simplified ? Language::kZhHant : Language::kZhHans;
}

bool is_ordinary(char32_t c) {
  if (c < 0x80) return c >= 0x20 || c == '\t' || c == '\n' || c == '\r';
  if (c >= kFirst && c <= kLast) return tables().common[c - kFirst];
  return (c >= 0x2010 && c <= 0x2044) || (c >= 0x3000 && c <= 0x3017) || (c >= 0xFF01 && c <= 0xFF5E) || c == 0xB7 ||
         c == 0xD7 || c == 0x20AC || c == 0xA5 || c == 0xFFE5 || c == 0x2103 || c == 0x25CF || c == 0x25A0 || c == 0xA0;
}

}  // namespace annals
