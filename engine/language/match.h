#pragma once
// Comparing a place of a text with a word, as the readers do many times a character.

#include <cstddef>
#include <cstring>
#include <string_view>

namespace annals {

// Whether `word` (not empty) stands at byte `at`. Han characters share their first byte, so the third and the second
// decide first.
inline bool stands_at(std::string_view text, std::size_t at, std::string_view word) {
  const std::size_t size = word.size();
  if (at > text.size() || text.size() - at < size) return false;
  const char* const here = text.data() + at;
  const char* const wanted = word.data();
  if (size >= 3) {
    if (here[2] != wanted[2] || here[1] != wanted[1]) return false;
  } else if (size == 0) {
    return true;
  }
  return here[0] == wanted[0] && std::memcmp(here, wanted, size) == 0;
}

}  // namespace annals
