#pragma once
// All words that rules look for, found in one pass over a text.
//
// A group is one layer's or one rule's own list; its words have senses. At each place the longest word of a group wins, and the
// words of one group do not overlap, so that a list can hold longer words of sense 0 that only keep shorter ones from being seen
// (上市公司 keeps 上市). Words are written folded (Simplified, lower case, half width); those that begin or end with a Latin letter
// or digit match at word borders only.
//
// A trie with one node per byte: from each character the walk goes down until no word goes on, so a pass costs at most the length
// of the text times that of the longest word, and a few steps per character in practice.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace annals {

using Sense = std::uint16_t;
inline constexpr Sense kNoSense = 0;

// Words of one sense, separated by '|': {kAllow, "允许|批准|approved"}.
struct WordRow {
  Sense sense = kNoSense;
  std::string_view words;
};

// A word found: [begin, end) of the folded text.
struct WordHit {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  Sense sense = kNoSense;
};

class WordFinder {
 public:
  // Group i has the rows groups[i]. The rows' text must outlive the finder.
  explicit WordFinder(std::span<const std::span<const WordRow>> groups);
  std::size_t groups() const { return groups_; }
  // Per group its words in order, those of sense 0 left out. `hits` is cleared first and keeps its memory.
  void find(std::string_view folded, std::vector<std::vector<WordHit>>& hits) const;

 private:
  struct Node {
    std::uint32_t first_child = 0;   // into edges_
    std::uint16_t children = 0;
    std::uint16_t ends = 0;          // words that end here
    std::uint32_t first_end = 0;     // into ends_
  };
  struct Edge {
    unsigned char byte;
    std::uint32_t node;
  };
  struct End {
    std::uint16_t group;
    Sense sense;
  };
  std::size_t groups_ = 0;
  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  std::vector<End> ends_;
  std::uint32_t roots_[256] = {};    // node after the first byte; 0: none
};

}  // namespace annals
