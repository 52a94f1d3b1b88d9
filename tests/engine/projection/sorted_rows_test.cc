// Goal: rows come back in the order of their keys, with all values of a key in the order in which they were added, over any number of runs.

#include "engine/projection/sorted_rows.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace {
using namespace annals;

TEST_CASE("rows that were sorted in runs are those that a map has") {
  for (const std::size_t run : {std::size_t{1}, std::size_t{700}, std::size_t{40'000}, std::size_t{1} << 24}) {
    INFO("bytes of a run " << run);
    std::mt19937_64 random(run);
    SortedRows rows(run);
    std::map<std::string, std::vector<std::string>> expected;
    const int count = run == 1 ? 300 : 5'000;
    for (int i = 0; i < count; ++i) {
      std::string key(1 + random() % 3, static_cast<char>('a' + random() % 26));
      key += std::string(random() % 2, '\0');
      std::string value(random() % 40 == 0 ? 200'000 : random() % 90, static_cast<char>(random()));
      expected[key].push_back(value);
      REQUIRE(rows.add(std::move(key), std::move(value)).ok());
    }
    for (const auto& [key, values] : expected) {
      const auto row = rows.next();
      REQUIRE(row.ok());
      REQUIRE(*row != nullptr);
      CHECK((*row)->key == key);
      CHECK((*row)->values == values);
    }
    const auto last = rows.next();
    REQUIRE(last.ok());
    CHECK(*last == nullptr);
  }
}

TEST_CASE("no rows are none") {
  SortedRows rows;
  const auto row = rows.next();
  REQUIRE(row.ok());
  CHECK(*row == nullptr);
}

}  // namespace
