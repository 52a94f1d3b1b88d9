// Goal: roots and proofs are those that somebody else finds who has only the RFC's text.
// Method: rfc9162.py, written from section 2.1 alone, says roots and proofs for every size to 1,000; then it checks ours.
#include <catch2/catch.hpp>

#include <sstream>
#include <string>
#include <vector>

#include "engine/proof/proof.h"
#include "tests/support/process.h"

namespace {
using namespace annals;
using namespace annals::test;

constexpr std::size_t kSizes = 1'000;
const std::string kScript = ANNALS_SOURCE_DIR "/tests/engine/proof/rfc9162.py";

std::vector<Digest> leaves() {
  std::vector<Digest> out;
  for (std::size_t i = 0; i < kSizes; ++i) out.push_back(sha256(std::string(1, '\0') + std::to_string(i)));
  return out;
}

TreeReader reader_of(const std::vector<Digest>& all) {
  // Nodes of the one kept level that 1,000 leaves reach.
  std::vector<Digest> nodes;
  for (std::size_t i = 0; i + kTileWidth <= all.size(); i += kTileWidth) nodes.push_back(merkle_root({all.data() + i, kTileWidth}));
  return TreeReader([&all, nodes](unsigned level, std::uint64_t first, std::size_t count) -> Result<std::vector<Digest>> {
    const auto begin = (level == 0 ? all : nodes).begin() + static_cast<std::ptrdiff_t>(first);
    return std::vector<Digest>(begin, begin + static_cast<std::ptrdiff_t>(count));
  }, all.size());
}

void add(Sha256& hash, const std::vector<Digest>& path) {
  hash.add(std::string(1, static_cast<char>(path.size())));
  for (const Digest& each : path) hash.add(each.view());
}

TEST_CASE("a second implementation finds the same roots and proofs for all sizes to 1000") {
  const Ran ran = run({.command = {ANNALS_PYTHON, kScript, std::to_string(kSizes)}, .input = {}, .folder = {}, .environment = {}});
  INFO(ran.err);
  REQUIRE(ran.status == 0);
  const auto all = leaves();
  TreeReader reader = reader_of(all);
  std::istringstream lines(ran.out);
  for (std::size_t size = 0; size <= kSizes; ++size) {
    Sha256 included;
    Sha256 consistent;
    for (std::size_t i = 0; i < size; ++i) add(included, reader.inclusion(i, size).value());
    for (std::size_t i = 1; i < size; ++i) add(consistent, reader.consistency(i, size).value());
    std::string line;
    std::getline(lines, line);
    REQUIRE(line == std::to_string(size) + " " + reader.root(size).value().hex() + " " + included.finish().hex() + " " + consistent.finish().hex());
  }
}

TEST_CASE("a second implementation accepts and refuses the same proofs") {
  const auto all = leaves();
  TreeReader reader = reader_of(all);
  std::string questions;
  std::vector<bool> ours;
  const auto ask = [&](char kind, std::uint64_t a, std::uint64_t b, const Digest& one, const Digest& two, const std::vector<Digest>& path) {
    questions += std::string(1, kind) + " " + std::to_string(a) + " " + std::to_string(b) + " " + one.hex() + " " + two.hex();
    for (const Digest& each : path) questions += " " + each.hex();
    questions += "\n";
    ours.push_back(kind == 'i' ? verify_inclusion(one, a, b, path, two) : verify_consistency(a, one, b, two, path));
  };
  // True ones, and for each a few that are off by one: in the place, the size, the length of the path.
  for (std::uint64_t size = 1; size <= 130; ++size) {
    const Digest root = reader.root(size).value();
    for (std::uint64_t i = 0; i < size; i += 1 + i / 5) {
      auto path = reader.inclusion(i, size).value();
      ask('i', i, size, all[i], root, path);
      ask('i', i + 1, size, all[i], root, path);
      ask('i', i, size + 1, all[i], root, path);
      ask('i', i, size - 1, all[i], root, path);
      path.push_back(root);
      ask('i', i, size, all[i], root, path);
      path.resize(path.size() - std::min<std::size_t>(path.size(), 2));
      ask('i', i, size, all[i], root, path);
      if (i == 0 || i == size) continue;
      path = reader.consistency(i, size).value();
      const Digest old = reader.root(i).value();
      ask('c', i, size, old, root, path);
      ask('c', i + 1 == size ? i : i + 1, size, old, root, path);
      ask('c', i, size + 1, old, root, path);
      path.push_back(root);
      ask('c', i, size, old, root, path);
      path.resize(path.size() - 2);
      ask('c', i, size, old, root, path);
    }
  }
  const Ran ran = run({.command = {ANNALS_PYTHON, kScript, "--check"}, .input = questions, .folder = {}, .environment = {}});
  INFO(ran.err);
  REQUIRE(ran.status == 0);
  std::istringstream lines(ran.out);
  std::istringstream asked(questions);
  std::size_t held = 0;
  for (const bool holds : ours) {
    std::string line;
    std::string question;
    std::getline(lines, line);
    std::getline(asked, question);
    INFO(question.substr(0, 20));
    REQUIRE(line == (holds ? "holds" : "fails"));
    held += holds;
  }
  CHECK(held > 1'000);
  CHECK(ours.size() > 2 * held);
}

}  // namespace
