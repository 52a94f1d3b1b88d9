#pragma once
// Small readings of UTF-8 text that notes and statements share: white space, citation marks, lines.

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"

namespace annals {

// Blanks of every width, no-break and zero-width ones, tabs, line ends, byte order marks.
bool is_blank(char32_t c);
// Punctuation that ends a sentence of Chinese or English: 。！？；…｡.!?
bool is_sentence_end(char32_t c);
// Closing quotation marks and brackets, also the straight ones.
bool is_closer(char32_t c);

// The code point that ends just before byte `at` (0 at the beginning), and where it starts.
struct Before {
  char32_t value = 0;
  std::size_t begin = 0;
};
Before code_point_before(std::string_view text, std::size_t at);

// `span` without white space at its ends.
ByteSpan trim(std::string_view text, ByteSpan span);
std::string_view trimmed(std::string_view text);

// Length in bytes of a citation mark such as [1], [12], [3,4], [5-7], ［2］ or 【3】 that starts at byte `at`; 0 where
// there is none. Years and other numbers of more than three digits are not marks.
std::size_t citation_length(std::string_view text, std::size_t at);
// `span` without white space and citation marks at its ends.
ByteSpan trim_citations(std::string_view text, ByteSpan span);

// One line without its end and without outer white space; `number` from 1. Lines end in LF, CR LF or CR; a form feed,
// U+2028 and U+2029 end one too.
struct Line {
  ByteSpan span;
  std::size_t number = 0;
  bool empty() const { return span.empty(); }
};
std::vector<Line> split_lines(std::string_view text);

}  // namespace annals
