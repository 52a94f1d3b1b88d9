#pragma once
// One spelling for what is the same to a reader: Traditional → Simplified, full width → half width, upper → lower case,
// runs of white space → one blank. Every byte of the folded text knows the bytes it came from, so that what is found
// keeps its place.
//
// Character by character with OpenCC's tables (TSCharacters, and the variants of Hong Kong and Taiwan), so that offsets
// stay exact; other words for the same thing (软件/軟體) are left to the lexicon, which lists both.
//
// What folded text looks like, for those who write patterns against it (simplest: write the pattern as you like and
// fold() it):
//   - Simplified, lower case: 聯準會 → 联准会, Ａ股 → a股, H20 → h20. One form where Chinese has several: 著 is 着
//   (著名 → 着名), 乾 is 干:
//     Traditional texts use them for both, so that only the merged form is the same on both sides. A few pairs are
//     turned where the first character decides: 计画 → 计划, 回覆 → 回复, 家俱 → 家具, 甚么 → 什么;
//   - full-width ASCII is ASCII: ，（）：；！？％～ → , ( ) : ; ! ? % ~   。、《》【】—— stay, 〈〉 are 《》;
//   - quotes: 「」 are “”, 『』 are ‘’, “”‘’ and " stay; ’ between Latin letters is ' (China's);
//   - dashes – − ‑ are -, ― ─ are —, dots ‧ ・ • are ·, ⋯ is …;
//   - white space of any kind, also U+3000 and line ends, is one blank per run; zero-width characters, direction marks,
//   variation
//     selectors and soft hyphens are gone.
// Folding folded text changes nothing, and folded text is never longer than the original. Bytes that are not UTF-8 stay
// as they are. Linear; the text must be shorter than 4 GiB.

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
  // What was folded, as it was; a copy, so that a FoldedText needs nothing else to live.
  const std::string& source() const { return source_; }
  // The original bytes that [begin, end) of the folded text came from: whole characters, without characters dropped at
  // either side. An empty span gives the empty span at the same place.
  ByteSpan original(ByteSpan folded) const;
  // The first folded byte that came from `original` or from something after it; text().size() where nothing did.
  std::uint64_t folded(std::uint64_t original) const;

  // Stretches of folded bytes, in order. Straight ones map byte by byte; others are one character made from [original,
  // original_end).
  struct Piece {
    std::uint32_t folded = 0;
    std::uint32_t original = 0;
    std::uint32_t original_end = 0;  // 0: straight
  };

 private:
  std::string text_;
  std::string source_;
  std::vector<Piece> pieces_;
};

// The folded text alone, for keys and look-ups.
std::string fold(std::string_view original);

}  // namespace annals
