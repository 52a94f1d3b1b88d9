// Goal: what is put on a shelf is what is taken down, however often it was put again, in memory and in the file behind it.

#include "engine/projection/shelf.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace {
using namespace annals;

std::string text(std::mt19937_64& random) {
  std::string out(random() % 3 == 0 ? random() % 9'000 : random() % 300, ' ');
  for (char& c : out) c = static_cast<char>(random());
  return out;
}

TEST_CASE("a shelf gives back what was put there last") {
  std::mt19937_64 random(11);
  Shelf shelf;
  std::vector<std::pair<Shelf::Slot, std::string>> there;
  std::size_t bytes = 0;
  for (int i = 0; i < 6'000; ++i) {
    if (there.empty() || random() % 2 == 0) there.emplace_back();
    auto& [slot, its] = there[random() % 4 == 0 ? there.size() - 1 : random() % there.size()];
    its = text(random);
    bytes += its.size();
    shelf.put(slot, its);
    REQUIRE(slot);
    const auto& [other, theirs] = there[random() % there.size()];
    if (other) REQUIRE(shelf.get(other) == theirs);
  }
  CHECK(bytes > 4u << 20);   // so that most of it was in the file
  for (const auto& [slot, its] : there)
    if (slot) REQUIRE(shelf.get(slot) == its);
  CHECK(shelf.status().ok());
  CHECK_FALSE(Shelf::Slot{});
}

TEST_CASE("a shelf without a place for its file says so, and works in memory") {
  const char* before = std::getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  ::setenv("TMPDIR", "/proc", 1);
  Shelf shelf;
  Shelf::Slot first;
  shelf.put(first, "little");
  CHECK(shelf.get(first) == "little");
  CHECK(shelf.status().ok());
  Shelf::Slot second;
  shelf.put(second, std::string(2u << 20, 'x'));
  if (before == nullptr) ::unsetenv("TMPDIR");
  else ::setenv("TMPDIR", kept.c_str(), 1);
  REQUIRE_FALSE(shelf.status().ok());
  CHECK(shelf.status().error().code == ErrorCode::kIo);
  CHECK_THAT(shelf.status().error().message, Catch::Contains("/proc"));
  CHECK(shelf.get(first).empty());
}

}  // namespace
