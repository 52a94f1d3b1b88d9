#pragma once
// The convention tables of engine/language/README.md as examples: | `text`, `text` | `reading`, `reading` | why |.

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "engine/language/quantities.h"
#include "engine/language/times.h"

namespace annals::conventions {

struct Example {
  std::string text;
  std::string reading;
};

// When the tables' relative times are read, as the README says: a Tuesday.
inline Civil reference() { return parse_civil("2025-12-09T10:30")->from; }

inline std::vector<std::string> quoted(std::string_view cell) {
  std::vector<std::string> out;
  while (true) {
    const std::size_t open = cell.find('`');
    if (open == std::string_view::npos) return out;
    const std::size_t close = cell.find('`', open + 1);
    REQUIRE(close != std::string_view::npos);
    out.emplace_back(cell.substr(open + 1, close - open - 1));
    cell.remove_prefix(close + 1);
  }
}

// Of the table below `heading`. Fails where a row has not as many readings as examples.
inline std::vector<Example> examples(std::string_view heading) {
  std::ifstream in(ANNALS_SOURCE_DIR "/engine/language/README.md");
  REQUIRE(in.good());
  std::vector<Example> out;
  bool here = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("## ")) here = line == heading;
    if (!here || !line.starts_with("| `")) continue;
    const std::size_t first = line.find(" | ");
    const std::size_t second = line.find(" | ", first + 3);
    REQUIRE(second != std::string::npos);
    const auto texts = quoted(std::string_view(line).substr(0, first));
    const auto readings = quoted(std::string_view(line).substr(first, second - first));
    INFO(line);
    REQUIRE(texts.size() == readings.size());
    for (std::size_t i = 0; i < texts.size(); ++i) out.push_back({texts[i], readings[i]});
  }
  return out;
}

}  // namespace annals::conventions
