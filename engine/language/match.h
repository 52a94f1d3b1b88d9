#pragma once
// Comparing a place of a text with a word, as the readers do many times a character.

#include <bitset>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "engine/base/utf8.h"

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

// The characters that the words of a table begin with: at most places one look tells that none of them stands there.
// Kept by their lower twelve bits, so that "may" is a may.
class FirstCharacters {
 public:
  // `word` takes an entry to its text.
  template <class Table, class Word>
  FirstCharacters(const Table& table, Word word) {
    for (const auto& entry : table) bits_.set(decode_utf8(std::string_view(word(entry)), 0).value & kMask);
  }
  bool may_begin(char32_t c) const { return bits_.test(c & kMask); }

 private:
  static constexpr char32_t kMask = 0xFFF;
  std::bitset<kMask + 1> bits_;
};

}  // namespace annals
