// Goal: leaves and roots are those of RFC 9162, however they were come by.
#include "engine/proof/proof.h"

#include <catch2/catch.hpp>

#include <map>
#include <string>

namespace {
using namespace annals;

Digest hex(std::string_view text) { return Digest::from_hex(text).value(); }

// The eight inputs and the roots over them that implementations of RFC 6962 and RFC 9162 have been checked with since 2013.
const std::vector<std::string> kInputs = {
    std::string(), std::string("\x00", 1), "\x10", "\x20\x21", "\x30\x31", "\x40\x41\x42\x43", "\x50\x51\x52\x53\x54\x55\x56\x57",
    "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
const std::vector<std::string> kRoots = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

// The RFC's leaf is SHA-256(0x00 ‖ input): ours with the input as header would have a body's digest behind it.
Digest rfc_leaf(const std::string& input) { return sha256(std::string(1, '\0') + input); }

std::vector<Digest> numbered_leaves(std::size_t count) {
  std::vector<Digest> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(rfc_leaf(std::to_string(i)));
  return out;
}

TEST_CASE("roots are those of the known vectors") {
  std::vector<Digest> leaves;
  CompactRange range;
  CHECK(range.root() == hex(kRoots[0]));
  for (std::size_t i = 0; i < kInputs.size(); ++i) {
    leaves.push_back(rfc_leaf(kInputs[i]));
    range.append(leaves.back());
    INFO("size " << leaves.size());
    CHECK(merkle_root(leaves) == hex(kRoots[i + 1]));
    CHECK(range.root() == hex(kRoots[i + 1]));
    CHECK(range.size() == i + 1);
  }
}

TEST_CASE("a leaf is the hash of the header and of the salted body's hash") {
  const Digest salt = sha256("salt");
  const Digest inner = sha256(std::string(salt.view()) + "body");
  CHECK(body_digest(salt, "body") == inner);
  CHECK(leaf_hash("header", salt, "body") == sha256(std::string("\0header", 7) + std::string(inner.view())));
  CHECK(leaf_hash("header", inner) == leaf_hash("header", salt, "body"));
  CHECK(node_hash(salt, inner) == sha256("\1" + std::string(salt.view()) + std::string(inner.view())));
}

TEST_CASE("a growing range has the definition's root at every size") {
  const auto leaves = numbered_leaves(600);
  CompactRange range;
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    range.append(leaves[size - 1]);
    INFO("size " << size);
    REQUIRE(range.root() == merkle_root({leaves.data(), size}));
  }
}

// Method: 70,000 leaves pass two kept levels (256 and 65,536); roots of old sizes come from the kept nodes and a few leaves.
TEST_CASE("the root of any earlier size is found again with few reads") {
  const std::size_t count = 70'000;
  const auto leaves = numbered_leaves(count);
  std::map<std::pair<unsigned, std::uint64_t>, Digest> kept;
  std::map<std::uint64_t, Digest> roots;
  CompactRange range;
  std::vector<TreeNode> completed;
  const std::vector<std::uint64_t> sizes = {0, 1, 2, 255, 256, 257, 511, 512, 4095, 65'535, 65'536, 65'537, 65'792, 69'999, 70'000};
  std::size_t next = 0;
  for (std::uint64_t size = 0; size <= count; ++size) {
    if (next < sizes.size() && sizes[next] == size) roots[size] = range.root(), ++next;
    if (size < count) range.append(leaves[size], &completed);
  }
  for (const TreeNode& node : completed) {
    CHECK(is_kept_level(node.level));
    kept[{node.level, node.index}] = node.hash;
  }
  CHECK(kept.size() == 70'000 / 256 + 1);

  std::size_t reads = 0;
  TreeReader reader([&](unsigned level, std::uint64_t first, std::size_t wanted) -> Result<std::vector<Digest>> {
    ++reads;
    CHECK(wanted <= kTileWidth);
    CHECK(first / kTileWidth == (first + wanted - 1) / kTileWidth);
    std::vector<Digest> out;
    for (std::uint64_t i = first; i < first + wanted; ++i) out.push_back(level == 0 ? leaves[i] : kept.at({level, i}));
    return out;
  }, count);
  for (const auto& [size, root] : roots) {
    INFO("size " << size);
    reads = 0;
    CHECK(reader.root(size).value() == root);
    CHECK(reads <= 3);
  }
  CHECK(roots[4095] == merkle_root({leaves.data(), 4095}));
  CompactRange again = reader.range(69'999).value();
  again.append(leaves[69'999]);
  CHECK(again.root() == roots[70'000]);

  // Proofs across tiles hold, and each names its own leaf and size only.
  for (const std::uint64_t size : {257ULL, 65'792ULL, 70'000ULL}) {
    for (const std::uint64_t index : {0ULL, 255ULL, 256ULL, 65'535ULL, 65'791ULL, 69'999ULL}) {
      if (index >= size) continue;
      INFO("leaf " << index << " of " << size);
      const auto path = reader.inclusion(index, size).value();
      CHECK(path.size() <= 17);
      CHECK(verify_inclusion(leaves[index], index, size, path, roots[size]));
      CHECK_FALSE(verify_inclusion(leaves[index], index ^ 1, size, path, roots[size]));
      CHECK_FALSE(verify_inclusion(leaves[index ^ 1], index, size, path, roots[size]));
    }
  }
  for (const auto& [from, from_root] : roots)
    for (const auto& [to, to_root] : roots) {
      if (from > to) continue;
      INFO("from " << from << " to " << to);
      const auto path = reader.consistency(from, to).value();
      CHECK(verify_consistency(from, from_root, to, to_root, path));
      if (from > 0 && from < to) CHECK_FALSE(verify_consistency(from, to_root, to, to_root, path));
    }
}

TEST_CASE("a source that fails is passed on") {
  TreeReader reader([](unsigned, std::uint64_t, std::size_t) -> Result<std::vector<Digest>> { return Error{ErrorCode::kCorrupt, "leaf 3"}; }, 300);
  CHECK(reader.root(5).error().message == "leaf 3");
  CHECK_FALSE(reader.root(256).ok());
  CHECK_FALSE(reader.inclusion(1, 256).ok());
  CHECK_FALSE(reader.consistency(3, 256).ok());
  CHECK(reader.root(0).ok());
}

TEST_CASE("sizes and indexes beyond the tree are refused in words") {
  const auto leaves = numbered_leaves(10);
  TreeReader reader([&](unsigned, std::uint64_t first, std::size_t count) -> Result<std::vector<Digest>> {
    return std::vector<Digest>(leaves.begin() + static_cast<std::ptrdiff_t>(first), leaves.begin() + static_cast<std::ptrdiff_t>(first + count));
  }, 10);
  CHECK(reader.root(11).error().message == "expected a size of at most 10, found 11");
  CHECK(reader.inclusion(10, 10).error().message == "expected an index below 10, found 10");
  CHECK(reader.consistency(8, 7).error().message == "expected a size of at most 7, found 8");
  CHECK(reader.tile(0, 0).value().size() == 10);
  CHECK(reader.tile(0, 1).value().empty());
  CHECK(reader.tile(1, 0).value().empty());
  CHECK(reader.tile(9, UINT64_MAX).value().empty());
}

}  // namespace
