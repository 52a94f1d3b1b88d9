#include "engine/note/text.h"

#include "engine/base/utf8.h"

namespace annals {

bool is_blank(char32_t c) {
  switch (c) {
    case ' ':
    case '\t':
    case '\n':
    case '\v':
    case '\f':
    case '\r':
    case 0x85:
    case 0xA0:
    case 0x1680:
    case 0x180E:
    case 0x2028:
    case 0x2029:
    case 0x202F:
    case 0x205F:
    case 0x2060:
    case 0x3000:
    case 0xFEFF:
      return true;
    default:
      return c >= 0x2000 && c <= 0x200D;
  }
}

bool is_sentence_end(char32_t c) {
  return c == U'。' || c == U'！' || c == U'？' || c == U'；' || c == U'…' || c == U'｡' || c == '.' || c == '!' ||
         c == '?' || c == 0x203C || c == 0x2047 || c == 0x2048 || c == 0x2049;
}

bool is_closer(char32_t c) {
  switch (c) {
    case '"':
    case '\'':
    case ')':
    case ']':
    case U'”':
    case U'’':
    case U'）':
    case U'］':
    case U'】':
    case U'」':
    case U'』':
    case U'》':
    case U'〉':
    case U'»':
    case U'﹂':
    case U'﹄':
      return true;
    default:
      return false;
  }
}

Before code_point_before(std::string_view text, std::size_t at) {
  if (at == 0) return {};
  std::size_t begin = at - 1;
  while (begin > 0 && at - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xC0u) == 0x80u) --begin;
  return {decode_utf8(text, begin).value, begin};
}

ByteSpan trim(std::string_view text, ByteSpan span) {
  while (span.begin < span.end) {
    const CodePoint point = decode_utf8(text, span.begin);
    if (!is_blank(point.value)) break;
    span.begin += point.length;
  }
  while (span.begin < span.end) {
    const Before before = code_point_before(text, span.end);
    if (!is_blank(before.value)) break;
    span.end = before.begin;
  }
  return span;
}

std::string_view trimmed(std::string_view text) { return trim(text, {0, text.size()}).of(text); }

namespace {

struct Bracket {
  std::string_view open;
  std::string_view close;
};
constexpr Bracket kCitationBrackets[] = {{"[", "]"}, {"［", "］"}, {"【", "】"}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::size_t citation_length(std::string_view text, std::size_t at) {
  for (const Bracket& bracket : kCitationBrackets) {
    if (text.substr(at, bracket.open.size()) != bracket.open) continue;
    std::size_t cursor = at + bracket.open.size();
    for (;;) {
      std::size_t digits = 0;
      while (cursor < text.size() && is_digit(text[cursor]) && digits < 4) ++cursor, ++digits;
      if (digits < 1 || digits > 3) return 0;
      if (text.substr(cursor, bracket.close.size()) == bracket.close) return cursor + bracket.close.size() - at;
      if (cursor >= text.size() || (text[cursor] != ',' && text[cursor] != '-')) return 0;
      ++cursor;
      if (cursor < text.size() && text[cursor] == ' ') ++cursor;
      if (cursor - at > 64) return 0;
    }
  }
  return 0;
}

ByteSpan trim_citations(std::string_view text, ByteSpan span) {
  span = trim(text, span);
  while (!span.empty()) {
    const std::size_t length = citation_length(text, span.begin);
    if (length == 0 || length > span.size()) break;
    span.begin += length;
    span = trim(text, span);
  }
  while (!span.empty()) {
    // A mark is at most 64 bytes: look for its opening bracket backwards from the end.
    std::size_t open = span.end;
    bool found = false;
    while (open > span.begin && span.end - open < 64 && !found) {
      --open;
      const std::size_t length = citation_length(text, open);
      if (length == 0) continue;
      found = open + length == span.end;
      if (!found) break;
    }
    if (!found) break;
    span.end = open;
    span = trim(text, span);
  }
  return span;
}

std::vector<Line> split_lines(std::string_view text) {
  std::vector<Line> lines;
  std::size_t begin = 0;
  std::size_t number = 1;
  const auto add = [&](std::size_t end, std::size_t next) {
    lines.push_back({trim(text, {begin, end}), number++});
    begin = next;
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const unsigned char c = static_cast<unsigned char>(text[at]);
    if (c == '\n' || c == '\f' || c == '\v') {
      add(at, at + 1);
    } else if (c == '\r') {
      const std::size_t next = at + 1 < text.size() && text[at + 1] == '\n' ? at + 2 : at + 1;
      add(at, next);
      at = next - 1;
    } else if (c == 0xE2 && at + 2 < text.size() && static_cast<unsigned char>(text[at + 1]) == 0x80 &&
               (static_cast<unsigned char>(text[at + 2]) == 0xA8 || static_cast<unsigned char>(text[at + 2]) == 0xA9)) {
      add(at, at + 3);
      at += 2;
    }
  }
  if (begin < text.size()) add(text.size(), text.size());
  return lines;
}

}  // namespace annals
