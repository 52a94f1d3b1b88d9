#pragma once
// Leaves and roots: what makes the log provably unaltered.
//
// leaf(header, salt, body) = SHA-256(0x00 ‖ header ‖ SHA-256(salt ‖ body)), so that body and salt can be erased while the inner
// digest stays and the leaf can still be recomputed. The random salt keeps that digest from confirming a guess at a short text.
// The tree over the leaves is that of RFC 9162 section 2.1.1: root of nothing is SHA-256(""), a node is SHA-256(0x01 ‖ left ‖ right),
// and a tree of n > 1 leaves splits at the largest power of two below n.

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"

namespace annals {

Digest body_digest(const Digest& salt, std::string_view body);
Digest leaf_hash(std::string_view header, const Digest& body_digest);
Digest leaf_hash(std::string_view header, const Digest& salt, std::string_view body);
Digest node_hash(const Digest& left, const Digest& right);

// The complete subtree over leaves [index * 2^level, (index + 1) * 2^level), leaves counted from 0: level 0 is a leaf.
struct TreeNode {
  unsigned level = 0;
  std::uint64_t index = 0;
  Digest hash;
  friend bool operator==(const TreeNode&, const TreeNode&) = default;
};

// Nodes are kept for these levels only (8, 16, 24, …): one node per 256 leaves, and any other node from at most 255 hashes.
inline constexpr unsigned kKeptLevelStep = 8;
constexpr bool is_kept_level(unsigned level) { return level > 0 && level % kKeptLevelStep == 0; }

// The roots of the complete subtrees that n leaves fall into, largest first: enough to append for ever and to know the root.
class CompactRange {
 public:
  // `completed`, if given, receives every kept-level node that this leaf completes.
  void append(const Digest& leaf, std::vector<TreeNode>* completed = nullptr);
  std::uint64_t size() const { return size_; }
  Digest root() const;

 private:
  friend class TreeReader;
  std::uint64_t size_ = 0;
  std::vector<Digest> peaks_;   // one for each set bit of size_, highest first
};

// Roots of any earlier size from what a log keeps: `leaf(i)` for i from 0, and `kept(level, index)` for complete nodes of kept levels.
class TreeReader {
 public:
  using LeafSource = std::function<Result<Digest>(std::uint64_t index)>;
  using NodeSource = std::function<Result<Digest>(unsigned level, std::uint64_t index)>;
  TreeReader(LeafSource leaf, NodeSource kept) : leaf_(std::move(leaf)), kept_(std::move(kept)) {}

  // The range over leaves 0..size-1. At most 255 leaves and 255 nodes a kept level are read.
  Result<CompactRange> range(std::uint64_t size) const;
  Result<Digest> root(std::uint64_t size) const;
  // Of a complete subtree.
  Result<Digest> node(unsigned level, std::uint64_t index) const;

 private:
  LeafSource leaf_;
  NodeSource kept_;
};

// All of it in one go, by the definition's own recursion: what the others are checked against.
Digest merkle_root(std::span<const Digest> leaves);

}  // namespace annals
