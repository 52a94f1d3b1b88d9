#include "engine/language/shingles.h"

#include <algorithm>

#include "engine/base/hash.h"
#include "engine/base/utf8.h"
#include "engine/language/fold.h"

namespace annals {
namespace {

bool is_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 0xC0 && c < 0x2000 && c != 0xD7 && c != 0xF7); }

}  // namespace

std::vector<std::string_view> tokens(std::string_view folded) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < folded.size();) {
    const CodePoint point = decode_utf8(folded, at);
    const std::size_t begin = at;
    at += point.length;
    if (is_han(point.value)) {
      out.push_back(folded.substr(begin, at - begin));
    } else if (is_letter(point.value)) {
      while (at < folded.size()) {
        const CodePoint next = decode_utf8(folded, at);
        if (!is_letter(next.value)) break;
        at += next.length;
      }
      out.push_back(folded.substr(begin, at - begin));
    }
  }
  return out;
}

std::uint64_t shingle(std::span<const std::string_view> tokens) {
  std::uint64_t hash = kFnvBasis;
  for (const std::string_view token : tokens.first(kShingle)) hash = fnv1a(0xff, fnv1a(token, hash));  // the byte behind: "ab" "c" is not "a" "bc"
  return mixed(hash);
}

std::vector<std::uint64_t> shingles(std::string_view text) {
  const std::string folded = fold(text);
  const auto words = tokens(folded);
  std::vector<std::uint64_t> out;
  for (std::size_t i = 0; i + kShingle <= words.size(); ++i) out.push_back(shingle(std::span(words).subspan(i)));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace annals
