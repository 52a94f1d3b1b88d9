#pragma once
// One spelling for what is the same to a reader: Traditional → Simplified, full width → half width, upper → lower case, variants of
// white space → one blank. Every byte of the folded text knows the bytes it came from, so that what is found keeps its place.
//
// Character by character with OpenCC's tables (TSCharacters, variants included), so that offsets stay exact; phrases that change the
// number of characters are left to the lexicon, which lists both spellings.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"

namespace annals {

class FoldedText {
 public:
  explicit FoldedText(std::string_view original);
  const std::string& text() const { return text_; }
  // The original bytes that [begin, end) of the folded text came from.
  ByteSpan original(ByteSpan folded) const;
  // The first folded byte at or after an original one.
  std::uint64_t folded(std::uint64_t original) const;

 private:
  std::string text_;
  std::vector<std::uint32_t> from_;  // per folded byte, its original offset; one more at the end
};

// The folded text alone, for keys and look-ups.
std::string fold(std::string_view original);

}  // namespace annals
