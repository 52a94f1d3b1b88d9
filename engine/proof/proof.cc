#include "engine/proof/proof.h"

#include <bit>

namespace annals {
namespace {
constexpr std::string_view kLeafPrefix{"\0", 1};
constexpr std::string_view kNodePrefix{"\1", 1};

// A hasher's context costs as much to make as a short message to hash, so each thread keeps one.
Sha256& hasher() {
  static thread_local Sha256 hash;
  return hash;
}
}  // namespace

Digest body_digest(const Digest& salt, std::string_view body) { return hasher().add(salt.view()).add(body).finish(); }

Digest leaf_hash(std::string_view header, const Digest& body) {
  return hasher().add(kLeafPrefix).add(header).add(body.view()).finish();
}

Digest leaf_hash(std::string_view header, const Digest& salt, std::string_view body) {
  return leaf_hash(header, body_digest(salt, body));
}

Digest node_hash(const Digest& left, const Digest& right) {
  return hasher().add(kNodePrefix).add(left.view()).add(right.view()).finish();
}

void CompactRange::append(const Digest& leaf, std::vector<TreeNode>* completed) {
  Digest hash = leaf;
  const std::uint64_t at = size_;
  // A new leaf joins with every complete subtree on its left, as adding one carries through set bits.
  for (unsigned level = 1; (at >> (level - 1) & 1) != 0; ++level) {
    hash = node_hash(peaks_.back(), hash);
    peaks_.pop_back();
    if (completed != nullptr && is_kept_level(level)) completed->push_back({level, at >> level, hash});
  }
  peaks_.push_back(hash);
  ++size_;
}

Digest CompactRange::root() const {
  if (peaks_.empty()) return sha256("");
  Digest root = peaks_.back();
  for (std::size_t i = peaks_.size() - 1; i-- > 0;) root = node_hash(peaks_[i], root);
  return root;
}

Result<Digest> TreeReader::node(unsigned level, std::uint64_t index) const {
  if (level == 0) return leaf_(index);
  if (is_kept_level(level)) return kept_(level, index);
  ANNALS_TRY(const Digest left, node(level - 1, 2 * index));
  ANNALS_TRY(const Digest right, node(level - 1, 2 * index + 1));
  return node_hash(left, right);
}

Result<CompactRange> TreeReader::range(std::uint64_t size) const {
  CompactRange out;
  out.size_ = size;
  std::uint64_t done = 0;
  for (unsigned level = 64; level-- > 0;) {
    if ((size >> level & 1) == 0) continue;
    ANNALS_TRY(const Digest peak, node(level, done >> level));
    out.peaks_.push_back(peak);
    done += std::uint64_t{1} << level;
  }
  return out;
}

Result<Digest> TreeReader::root(std::uint64_t size) const {
  ANNALS_TRY(const CompactRange all, range(size));
  return all.root();
}

Digest merkle_root(std::span<const Digest> leaves) {
  if (leaves.empty()) return sha256("");
  if (leaves.size() == 1) return leaves.front();
  const std::size_t split = std::bit_floor(leaves.size() - 1);
  return node_hash(merkle_root(leaves.first(split)), merkle_root(leaves.subspan(split)));
}

}  // namespace annals
