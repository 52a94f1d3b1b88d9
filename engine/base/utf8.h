#pragma once
// UTF-8 one code point at a time. Text inside the engine is valid UTF-8: notes are checked where they come in.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace annals {

// The code point that starts at byte `at`, and its length in bytes. A broken sequence is U+FFFD of length 1.
struct CodePoint {
  char32_t value = 0;
  unsigned length = 0;
};
CodePoint decode_utf8(std::string_view text, std::size_t at);
void append_utf8(std::string& out, char32_t value);

// Byte offset of the first invalid sequence (also overlong forms, surrogates, above U+10FFFF); none where all is well.
std::optional<std::size_t> find_invalid_utf8(std::string_view text);

// Number of code points of valid UTF-8.
std::size_t count_code_points(std::string_view text);

// Han ideographs, without punctuation.
constexpr bool is_han(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x323AF) || (c >= 0xF900 && c <= 0xFAFF);
}

}  // namespace annals
