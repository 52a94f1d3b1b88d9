#include "engine/proof/proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace annals {
namespace {
constexpr std::string_view kLeafPrefix{"\0", 1};
constexpr std::string_view kNodePrefix{"\1", 1};
}  // namespace

Digest body_digest(const Digest& salt, std::string_view body) { return Sha256().add(salt.view()).add(body).finish(); }

Digest leaf_hash(std::string_view header, const Digest& body) {
  return Sha256().add(kLeafPrefix).add(header).add(body.view()).finish();
}

Digest leaf_hash(std::string_view header, const Digest& salt, std::string_view body) {
  return leaf_hash(header, body_digest(salt, body));
}

Digest node_hash(const Digest& left, const Digest& right) {
  return Sha256().add(kNodePrefix).add(left.view()).add(right.view()).finish();
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

Status TreeReader::within(std::uint64_t size) const {
  if (size <= size_) return {};
  return Error{ErrorCode::kInvalid, fmt::format("expected a size of at most {}, found {}", size_, size)};
}

Result<TreeReader::Tile*> TreeReader::held(unsigned height, std::uint64_t index) {
  const auto found = tiles_.find({height, index});
  if (found != tiles_.end()) return &found->second;
  const unsigned level = height * kKeptLevelStep;
  const std::uint64_t complete = level < 64 ? size_ >> level : 0;
  Tile tile;
  if (index <= complete / kTileWidth && index * kTileWidth < complete) {
    const std::uint64_t first = index * kTileWidth;
    const std::uint64_t count = std::min(kTileWidth, complete - first);
    ANNALS_TRY(tile.levels[0], source_(level, first, count));
    check(tile.levels[0].size() == count, "a source gives as many hashes as it is asked for");
  }
  return &tiles_.emplace(std::pair(height, index), std::move(tile)).first->second;
}

Result<std::span<const Digest>> TreeReader::tile(unsigned height, std::uint64_t index) {
  ANNALS_TRY(const Tile* tile, held(height, index));
  return std::span<const Digest>(tile->levels[0]);
}

Result<Digest> TreeReader::node(unsigned level, std::uint64_t index) {
  const unsigned above = level % kKeptLevelStep;
  const std::uint64_t width = kTileWidth >> above;  // nodes of this level above one tile
  ANNALS_TRY(Tile* tile, held(level / kKeptLevelStep, index / width));
  for (unsigned k = 1; k <= above; ++k) {
    const std::vector<Digest>& below = tile->levels[k - 1];
    std::vector<Digest>& row = tile->levels[k];
    row.reserve(below.size() / 2);
    while (row.size() < below.size() / 2) row.push_back(node_hash(below[2 * row.size()], below[2 * row.size() + 1]));
  }
  const std::uint64_t at = index % width;
  check(at < tile->levels[above].size(), "a node is complete where it is asked for");
  return tile->levels[above][at];
}

Result<CompactRange> TreeReader::range(std::uint64_t size) {
  ANNALS_CHECK_OK(within(size));
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

Result<Digest> TreeReader::root(std::uint64_t size) {
  ANNALS_TRY(const CompactRange all, range(size));
  return all.root();
}

Result<Digest> TreeReader::subtree(std::uint64_t begin, std::uint64_t end) {
  const std::uint64_t count = end - begin;
  if (std::has_single_bit(count)) {
    const auto level = static_cast<unsigned>(std::countr_zero(count));
    return node(level, begin >> level);
  }
  const std::uint64_t split = begin + std::bit_floor(count);
  ANNALS_TRY(const Digest left, subtree(begin, split));
  ANNALS_TRY(const Digest right, subtree(split, end));
  return node_hash(left, right);
}

// The RFC's recursion goes from the root to the leaf and lists the way back; here the way is walked down and turned round.
Result<std::vector<Digest>> TreeReader::inclusion(std::uint64_t index, std::uint64_t size) {
  ANNALS_CHECK_OK(within(size));
  if (index >= size) return Error{ErrorCode::kInvalid, fmt::format("expected an index below {}, found {}", size, index)};
  std::vector<Digest> path;
  for (std::uint64_t begin = 0, end = size; end - begin > 1;) {
    const std::uint64_t split = begin + std::bit_floor(end - begin - 1);
    const bool left = index < split;
    ANNALS_TRY(path.emplace_back(), left ? subtree(split, end) : subtree(begin, split));
    (left ? end : begin) = split;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

Result<std::vector<Digest>> TreeReader::consistency(std::uint64_t from, std::uint64_t to) {
  ANNALS_CHECK_OK(within(to));
  if (from > to) return Error{ErrorCode::kInvalid, fmt::format("expected a size of at most {}, found {}", to, from)};
  std::vector<Digest> path;
  if (from == 0 || from == to) return path;
  std::uint64_t begin = 0;
  std::uint64_t end = to;
  bool whole = true;  // the old tree's root stands here itself, and whoever checks has it
  while (from != end) {
    const std::uint64_t split = begin + std::bit_floor(end - begin - 1);
    if (from <= split) {
      ANNALS_TRY(path.emplace_back(), subtree(split, end));
      end = split;
    } else {
      ANNALS_TRY(path.emplace_back(), subtree(begin, split));
      begin = split;
      whole = false;
    }
  }
  if (!whole) {
    ANNALS_TRY(path.emplace_back(), subtree(begin, end));
  }
  std::reverse(path.begin(), path.end());
  return path;
}

bool verify_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size, std::span<const Digest> path, const Digest& root) {
  if (index >= size) return false;
  std::uint64_t at = index;
  std::uint64_t last = size - 1;
  Digest hash = leaf;
  for (const Digest& sibling : path) {
    if (last == 0) return false;
    if ((at & 1) != 0 || at == last) {
      hash = node_hash(sibling, hash);
      // The last node of a level without a sibling moves up as it is.
      for (; (at & 1) == 0 && at != 0; at >>= 1) last >>= 1;
    } else {
      hash = node_hash(hash, sibling);
    }
    at >>= 1;
    last >>= 1;
  }
  return last == 0 && hash == root;
}

bool verify_consistency(std::uint64_t from, const Digest& from_root, std::uint64_t to, const Digest& to_root, std::span<const Digest> path) {
  if (from > to) return false;
  if (from == to) return path.empty() && from_root == to_root;
  if (from == 0) return path.empty() && from_root == merkle_root({});
  if (path.empty()) return false;
  std::uint64_t at = from - 1;
  std::uint64_t last = to - 1;
  for (; (at & 1) != 0; at >>= 1) last >>= 1;
  // Where the old tree is complete, its own root is the first hash and is left out of the path.
  const bool whole = std::has_single_bit(from);
  Digest old_hash = whole ? from_root : path.front();
  Digest new_hash = old_hash;
  for (const Digest& sibling : path.subspan(whole ? 0 : 1)) {
    if (last == 0) return false;
    if ((at & 1) != 0 || at == last) {
      old_hash = node_hash(sibling, old_hash);
      new_hash = node_hash(sibling, new_hash);
      for (; (at & 1) == 0 && at != 0; at >>= 1) last >>= 1;
    } else {
      new_hash = node_hash(new_hash, sibling);
    }
    at >>= 1;
    last >>= 1;
  }
  return last == 0 && old_hash == from_root && new_hash == to_root;
}

Digest merkle_root(std::span<const Digest> leaves) {
  if (leaves.empty()) return sha256("");
  if (leaves.size() == 1) return leaves.front();
  const std::size_t split = std::bit_floor(leaves.size() - 1);
  return node_hash(merkle_root(leaves.first(split)), merkle_root(leaves.subspan(split)));
}

}  // namespace annals
