#pragma once
// Leaves and roots: what makes the log provably unaltered.
//
// leaf(header, salt, body) = SHA-256(0x00 ‖ header ‖ SHA-256(salt ‖ body)), so that body and salt can be erased while the inner
// digest stays and the leaf can still be recomputed. The random salt keeps that digest from confirming a guess at a short text.
// The tree over the leaves is that of RFC 9162 section 2.1.1: root of nothing is SHA-256(""), a node is SHA-256(0x01 ‖ left ‖ right),
// and a tree of n > 1 leaves splits at the largest power of two below n.

#include <array>
#include <cstdint>
#include <functional>
#include <map>
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

// Neighbouring hashes of one level are read together, at most so many: a tile, as in c2sp.org/tlog-tiles.
inline constexpr std::uint64_t kTileWidth = std::uint64_t{1} << kKeptLevelStep;

// Roots and proofs over leaves 0..size-1 and any earlier size, from what a log keeps. Tiles that were read are held, so one reader
// serves one question, or several about the same neighbourhood. Not for use from two threads at once.
class TreeReader {
 public:
  // `count` hashes from `first` on, of level 0 or a kept level: at most kTileWidth, all within one tile, all complete.
  using Source = std::function<Result<std::vector<Digest>>(unsigned level, std::uint64_t first, std::size_t count)>;
  TreeReader(Source source, std::uint64_t size) : source_(std::move(source)), size_(size) {}
  std::uint64_t size() const { return size_; }

  // In all of these: kInvalid where a size is beyond size(), or an index not below its size.
  Result<CompactRange> range(std::uint64_t size);
  Result<Digest> root(std::uint64_t size);
  // The inclusion proof of RFC 9162 section 2.1.3.1: that the leaf `index` is in the tree of `size`; nearest sibling first.
  Result<std::vector<Digest>> inclusion(std::uint64_t index, std::uint64_t size);
  // The consistency proof of section 2.1.4.1: that the tree of `to` begins with that of `from`. Empty where from is 0 or `to`.
  Result<std::vector<Digest>> consistency(std::uint64_t from, std::uint64_t to);
  // Hashes of a tile: the `index`-th of level 8 * height, as far as size() completes them; perhaps none.
  Result<std::span<const Digest>> tile(unsigned height, std::uint64_t index);

 private:
  // Hashes of a tile, and what is made from them up to the level of the next kept one; filled in when asked for.
  struct Tile {
    std::array<std::vector<Digest>, kKeptLevelStep> levels;
  };
  Result<Tile*> held(unsigned height, std::uint64_t index);
  // Of a complete subtree.
  Result<Digest> node(unsigned level, std::uint64_t index);
  // Of leaves [begin, end), where begin is a multiple of the smallest power of two that is not below end - begin.
  Result<Digest> subtree(std::uint64_t begin, std::uint64_t end);
  Status within(std::uint64_t size) const;

  Source source_;
  std::uint64_t size_;
  std::map<std::pair<unsigned, std::uint64_t>, Tile> tiles_;
};

// Whether `path` proves that the tree of `size` with `root` has `leaf` at `index` (RFC 9162 section 2.1.3.2). Any input will do.
bool verify_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size, std::span<const Digest> path, const Digest& root);
// Whether `path` proves that the tree of `to` with `to_root` begins with that of `from` with `from_root` (section 2.1.4.2). With the
// empty tree, and with itself, every tree is consistent, and `path` must be empty.
bool verify_consistency(std::uint64_t from, const Digest& from_root, std::uint64_t to, const Digest& to_root, std::span<const Digest> path);

// All of it in one go, by the definition's own recursion: what the others are checked against.
Digest merkle_root(std::span<const Digest> leaves);

}  // namespace annals
