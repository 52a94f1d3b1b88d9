#include <fmt/format.h>
#include <unicode/ucnv.h>

#include <algorithm>
#include <memory>

#include "engine/base/utf8.h"
#include "engine/note/note.h"
#include "engine/note/script.h"
#include "engine/note/text.h"

namespace annals {
namespace {

using Converter = std::unique_ptr<UConverter, decltype(&ucnv_close)>;

const char* converter_name(Encoding encoding) {
  switch (encoding) {
    case Encoding::kUtf16Le:
      return "UTF-16LE";
    case Encoding::kUtf16Be:
      return "UTF-16BE";
    case Encoding::kGb18030:
      return "GB18030";
    case Encoding::kBig5:
      return "Big5-HKSCS";
    case Encoding::kWindows1252:
      return "windows-1252";
    case Encoding::kUtf8:
    case Encoding::kJsonEscapes:
      break;
  }
  return "UTF-8";
}

Converter open_converter(Encoding encoding) {
  UErrorCode status = U_ZERO_ERROR;
  Converter converter(ucnv_open(converter_name(encoding), &status), &ucnv_close);
  check(U_SUCCESS(status) != 0, "ICU has the converters for the encodings of notes");
  // A fault is told with its place, not papered over.
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  check(U_SUCCESS(status) != 0, "the converter takes a callback");
  return converter;
}

struct Conversion {
  std::string text;
  std::optional<std::size_t> fault;  // offset in the input of the first bytes that do not decode
};

Conversion convert(std::string_view bytes, Encoding encoding) {
  Conversion out;
  out.text.reserve(bytes.size() + bytes.size() / 2);
  const Converter converter = open_converter(encoding);
  const char* source = bytes.data();
  const char* const limit = source + bytes.size();
  std::vector<UChar> buffer(16 * 1024);
  char16_t high = 0;
  for (bool more = true; more;) {
    UChar* target = buffer.data();
    UErrorCode status = U_ZERO_ERROR;
    ucnv_toUnicode(converter.get(), &target, buffer.data() + buffer.size(), &source, limit, nullptr, true, &status);
    for (const UChar* at = buffer.data(); at < target; ++at) {
      const char16_t unit = static_cast<char16_t>(*at);
      if (unit >= 0xD800 && unit < 0xDC00) {
        high = unit;
      } else if (unit >= 0xDC00 && unit < 0xE000) {
        append_utf8(out.text,
                    0x10000 + ((static_cast<char32_t>(high) - 0xD800) << 10) + (static_cast<char32_t>(unit) - 0xDC00));
      } else {
        append_utf8(out.text, unit);
      }
    }
    if (status == U_BUFFER_OVERFLOW_ERROR) continue;
    more = false;
    if (U_FAILURE(status) != 0) {
      char bad[16];
      std::int8_t length = sizeof bad;
      UErrorCode ignored = U_ZERO_ERROR;
      ucnv_getInvalidChars(converter.get(), bad, &length, &ignored);
      const auto read = static_cast<std::size_t>(source - bytes.data());
      out.fault = read - std::min<std::size_t>(read, length > 0 ? static_cast<std::size_t>(length) : 0);
    }
  }
  return out;
}

// How much a decoded sample looks like a text someone wrote: the share of ordinary characters, 0 where there are
// controls.
double plausibility(std::string_view text) {
  std::size_t all = 0;
  std::size_t ordinary = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    at += point.length;
    if (point.value < 0x20 && point.value != '\t' && point.value != '\n' && point.value != '\r' && point.value != '\f')
      return 0;
    if (point.value == 0xFFFD || (point.value >= 0xE000 && point.value <= 0xF8FF)) return 0;
    ++all;
    ordinary += is_ordinary(point.value);
  }
  return all == 0 ? 0 : static_cast<double>(ordinary) / static_cast<double>(all);
}

// The first part of the bytes, long enough to tell, cut where a line ends so that no character is torn.
std::string_view sample_of(std::string_view bytes, Encoding encoding) {
  constexpr std::size_t kSample = 64 * 1024;
  if (bytes.size() <= kSample) return bytes;
  if (encoding == Encoding::kUtf16Le || encoding == Encoding::kUtf16Be) return bytes.substr(0, kSample);
  const std::size_t end = bytes.rfind('\n', kSample);
  return bytes.substr(0, end == std::string_view::npos ? kSample : end);
}

// Share of the non-ASCII bytes that are part of a valid UTF-8 sequence. Text of another encoding has next to none.
double utf8_share(std::string_view bytes) {
  std::size_t valid = 0;
  std::size_t invalid = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    if (static_cast<unsigned char>(bytes[at]) < 0x80) {
      ++at;
      continue;
    }
    const CodePoint point = decode_utf8(bytes, at);
    (point.length > 1 ? valid : invalid) += point.length;
    at += point.length;
  }
  return valid + invalid == 0 ? 1.0 : static_cast<double>(valid) / static_cast<double>(valid + invalid);
}

Error invalid(std::string_view origin, std::string_view what) {
  return {ErrorCode::kInvalid, fmt::format("{}: {}", origin, what)};
}

Error broken_utf8(std::string_view bytes, std::size_t at, std::string_view origin) {
  return {ErrorCode::kInvalid,
          fmt::format("{}:{}: expected UTF-8, found the byte 0x{:02X} that cannot stand here (byte {} of {})", origin,
                      line_and_column(bytes, at), static_cast<unsigned char>(bytes[at]), at + 1, bytes.size())};
}

bool has_text(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    if (!is_blank(point.value)) return true;
    at += point.length;
  }
  return false;
}

// The name of the encoding that a page declares for itself, in lower case: <?xml encoding="…">, <meta charset="…">,
// <meta … content="text/html; charset=…">. Empty where it declares none.
std::string declared_encoding(std::string_view bytes) {
  constexpr std::size_t kHead = 4096;
  std::string head(bytes.substr(0, kHead));
  for (char& c : head)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  const std::size_t first = head.find_first_not_of(" \t\r\n");
  if (first == std::string::npos || head[first] != '<') return {};
  std::size_t at = std::string::npos;
  if (head.compare(first, 5, "<?xml") == 0) {
    at = head.find("encoding", first);
    if (at > head.find("?>", first)) at = std::string::npos;
    if (at != std::string::npos) at += std::string_view("encoding").size();
  }
  for (std::size_t meta = head.find("<meta"); at == std::string::npos && meta != std::string::npos;
       meta = head.find("<meta", meta + 1)) {
    const std::size_t end = head.find('>', meta);
    const std::size_t charset = head.find("charset", meta);
    if (charset < end) at = charset + std::string_view("charset").size();
  }
  if (at == std::string::npos) return {};
  at = head.find_first_not_of(" \t\r\n", at);
  if (at == std::string::npos || head[at] != '=') return {};
  at = head.find_first_not_of(" \t\r\n\"'", at + 1);
  if (at == std::string::npos) return {};
  return head.substr(at, head.find_first_of(" \t\r\n\"';/>?", at) - at);
}

struct Label {
  std::string_view name;
  Encoding encoding;
};
// As browsers take them (encoding.spec.whatwg.org): the older Chinese sets are parts of GB 18030, Latin 1 is Windows 1252.
constexpr Label kLabels[] = {{"utf-8", Encoding::kUtf8},
                             {"utf8", Encoding::kUtf8},
                             {"us-ascii", Encoding::kWindows1252},
                             {"ascii", Encoding::kWindows1252},
                             {"gb18030", Encoding::kGb18030},
                             {"gbk", Encoding::kGb18030},
                             {"gb2312", Encoding::kGb18030},
                             {"gb_2312-80", Encoding::kGb18030},
                             {"x-gbk", Encoding::kGb18030},
                             {"cp936", Encoding::kGb18030},
                             {"big5", Encoding::kBig5},
                             {"big5-hkscs", Encoding::kBig5},
                             {"x-x-big5", Encoding::kBig5},
                             {"cp950", Encoding::kBig5},
                             {"iso-8859-1", Encoding::kWindows1252},
                             {"iso8859-1", Encoding::kWindows1252},
                             {"latin1", Encoding::kWindows1252},
                             {"windows-1252", Encoding::kWindows1252},
                             {"cp1252", Encoding::kWindows1252}};

// ASCII JSON that writes its other characters as \uXXXX.
bool is_escaped_json(std::string_view bytes) {
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || (bytes[first] != '{' && bytes[first] != '[')) return false;
  return bytes.find("\\u") != std::string_view::npos &&
         std::all_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::optional<char32_t> hex4(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  char32_t value = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    const char c = text[i];
    int digit = -1;
    if (c >= '0' && c <= '9') digit = c - '0';
    if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
    if (digit < 0) return std::nullopt;
    value = value * 16 + static_cast<char32_t>(digit);
  }
  return value;
}

// Replaces the escapes of characters beyond ASCII; all others, and half surrogate pairs, stay as they are.
std::string unescape_json(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    if (bytes[at] != '\\' || at + 1 >= bytes.size()) {
      out += bytes[at++];
      continue;
    }
    std::size_t length = 2;
    if (bytes[at + 1] == 'u') {
      if (const auto unit = hex4(bytes, at + 2)) {
        length = 6;
        char32_t value = *unit;
        if (value >= 0xD800 && value < 0xDC00 && bytes.substr(at + 6, 2) == "\\u") {
          const auto low = hex4(bytes, at + 8);
          if (low && *low >= 0xDC00 && *low < 0xE000) {
            value = 0x10000 + ((value - 0xD800) << 10) + (*low - 0xDC00);
            length = 12;
          }
        }
        if (value >= 0x80 && !(value >= 0xD800 && value < 0xE000)) {
          append_utf8(out, value);
          at += length;
          continue;
        }
        length = 6;
      }
    }
    out += bytes.substr(at, length);
    at += length;
  }
  return out;
}

}  // namespace

std::string_view encoding_name(Encoding encoding) {
  switch (encoding) {
    case Encoding::kUtf8:
      return "utf-8";
    case Encoding::kUtf16Le:
      return "utf-16le";
    case Encoding::kUtf16Be:
      return "utf-16be";
    case Encoding::kGb18030:
      return "gb18030";
    case Encoding::kJsonEscapes:
      return "json-escapes";
    case Encoding::kBig5:
      return "big5";
    case Encoding::kWindows1252:
      return "windows-1252";
  }
  return "utf-8";
}

bool is_plain_utf8(std::string_view bytes) {
  return bytes.find('\0') == std::string_view::npos && !find_invalid_utf8(bytes) && !is_escaped_json(bytes);
}

Result<Note> decode_note(std::string bytes, std::string origin) {
  Note note;
  note.hash = sha256(bytes);
  note.size = bytes.size();
  note.origin = std::move(origin);
  const auto finish = [&](Encoding encoding, std::string text) -> Result<Note> {
    if (!has_text(text))
      return invalid(note.origin,
                     note.size == 0 ? "empty: expected a text" : "nothing but white space: expected a text");
    note.encoding = encoding;
    note.text = std::move(text);
    return std::move(note);
  };
  const auto converted = [&](Encoding encoding, std::string_view input, std::size_t skipped) -> Result<Note> {
    Conversion conversion = convert(input, encoding);
    if (conversion.fault) {
      return invalid(note.origin, fmt::format("expected {}, found bytes that do not decode at byte {} of {}",
                                              encoding_name(encoding), *conversion.fault + skipped + 1, note.size));
    }
    if (conversion.text.starts_with("\xEF\xBB\xBF")) conversion.text.erase(0, 3);
    if (const std::size_t nul = conversion.text.find('\0'); nul != std::string::npos)
      return invalid(note.origin, fmt::format("binary: a NUL character at {}", line_and_column(conversion.text, nul)));
    return finish(encoding, std::move(conversion.text));
  };

  const std::string_view view = bytes;
  // Formats that may pass for text in an old encoding, by their first bytes.
  static constexpr std::pair<std::string_view, std::string_view> kOthers[] = {{"%PDF-", "PDF"}, {"PK\x03\x04", "ZIP (also DOCX, XLSX, EPUB)"}, {"\x1F\x8B", "gzip"}, {"{\\rtf", "RTF"}, {"\xD0\xCF\x11\xE0", "an old Office file"}, {"\x89PNG", "PNG"}, {"\xFF\xD8\xFF", "JPEG"}, {"GIF8", "GIF"}};
  for (const auto& [first, name] : kOthers)
    if (view.starts_with(first)) return invalid(note.origin, fmt::format("binary: it begins as {} does; expected a text", name));
  if (view.starts_with(std::string_view("\xFF\xFE\0\0", 4)) || view.starts_with(std::string_view("\0\0\xFE\xFF", 4)))
    return invalid(note.origin, "UTF-32: expected UTF-8, UTF-16, GB18030 or Big5");
  if (view.starts_with("\xFF\xFE")) return converted(Encoding::kUtf16Le, view.substr(2), 2);
  if (view.starts_with("\xFE\xFF")) return converted(Encoding::kUtf16Be, view.substr(2), 2);

  const std::optional<std::size_t> bad = find_invalid_utf8(view);
  const std::size_t nul = view.find('\0');
  if (view.starts_with("\xEF\xBB\xBF") && bad) return broken_utf8(view, *bad, note.origin);
  if (!bad && nul == std::string_view::npos) {
    const auto controls = static_cast<std::size_t>(std::count_if(view.begin(), view.end(), [](char c) {
      return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f';
    }));
    if (controls * 20 > view.size())
      return invalid(note.origin, fmt::format("binary: {} control characters in {} bytes", controls, view.size()));
    if (is_escaped_json(view)) return finish(Encoding::kJsonEscapes, unescape_json(view));
    return finish(Encoding::kUtf8, std::move(bytes));
  }

  // What a page says of itself counts, but for those that say UTF-8 (or UTF-16, in single bytes) and are not.
  if (nul == std::string_view::npos) {
    const std::string declared = declared_encoding(view);
    const auto* label =
        std::find_if(std::begin(kLabels), std::end(kLabels), [&](const Label& each) { return each.name == declared; });
    const bool known = label != std::end(kLabels);
    if (known && label->encoding == Encoding::kUtf8) return broken_utf8(view, *bad, note.origin);
    if (known && utf8_share(view) < 0.9) return converted(label->encoding, view, 0);
    if (!known && !declared.empty() && !declared.starts_with("utf-16") && utf8_share(view) < 0.6)
      return invalid(
          note.origin,
          fmt::format("declares the encoding '{}': expected UTF-8, UTF-16, GB18030 (GBK, GB2312), Big5 or Windows-1252",
                      declared.substr(0, 40)));
  }

  // Not UTF-8. It is another encoding only where that one makes sense of it; the better one wins.
  Encoding best = Encoding::kUtf8;
  double best_score = 0.9;
  const bool mostly_utf8 = nul == std::string_view::npos && utf8_share(view) > 0.6;
  if (!mostly_utf8) {
    for (const Encoding encoding : {Encoding::kUtf16Le, Encoding::kUtf16Be, Encoding::kGb18030, Encoding::kBig5}) {
      const bool wide = encoding == Encoding::kUtf16Le || encoding == Encoding::kUtf16Be;
      if (wide ? view.size() < 4 : nul != std::string_view::npos) continue;
      const std::string_view sample = sample_of(view, encoding);
      const Conversion conversion = convert(sample, encoding);
      // A fault far into the sample is a broken note of this encoding, one near its beginning another encoding.
      if (conversion.fault && *conversion.fault * 10 < sample.size() * 9) continue;
      const double score = plausibility(conversion.text);
      if (score > best_score) {
        best_score = score;
        best = encoding;
      }
    }
  }
  if (best != Encoding::kUtf8) return converted(best, view, 0);
  if (nul != std::string_view::npos && (!bad || nul < *bad || !mostly_utf8))
    return invalid(note.origin, fmt::format("binary: a NUL byte at {} (byte {} of {})", line_and_column(view, nul),
                                            nul + 1, view.size()));
  return broken_utf8(view, *bad, note.origin);
}

}  // namespace annals
