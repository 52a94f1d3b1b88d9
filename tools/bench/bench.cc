#include "tools/bench/bench.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/base/utf8.h"

namespace annals::bench {
namespace {

std::string amount(double value) {
  if (value >= 10'000) return fmt::format("{:.0f}", value);
  if (value >= 100) return fmt::format("{:.1f}", value);
  return fmt::format("{:.3f}", value);
}

std::string text(const Spread& spread) {
  return fmt::format("{} [{} .. {}]", amount(spread.median), amount(spread.low), amount(spread.high));
}

double ratio(const Row& row) { return row.theirs.median == 0 ? 0 : row.ours.median / row.theirs.median; }

nlohmann::json json(const Spread& spread) {
  return {{"median", spread.median}, {"low", spread.low}, {"high", spread.high}};
}

}  // namespace

Spread spread(std::vector<double> values) {
  check(!values.empty(), "a spread of at least one value");
  std::sort(values.begin(), values.end());
  return {values[values.size() / 2], values.front(), values.back()};
}

void Report::add(Row row) {
  // A long run shows that it lives, and what it has found where it is stopped; the table comes at the end.
  std::fprintf(stderr, "%s: %s: %s %s (%.3f)\n", row.scenario.c_str(), row.what.c_str(), amount(row.ours.median).c_str(), row.unit.c_str(), ratio(row));
  rows_.push_back(std::move(row));
}

void Report::print(bool jsonl) const {
  if (jsonl) {
    for (const Row& row : rows_) {
      const nlohmann::json line = {{"scenario", row.scenario}, {"what", row.what},
                                   {"unit", row.unit},         {"annals", json(row.ours)},
                                   {"baseline", row.baseline}, {"of_baseline", json(row.theirs)},
                                   {"ratio", ratio(row)}};
      std::puts(line.dump().c_str());
    }
    return;
  }
  std::vector<std::vector<std::string>> cells = {
      {"scenario", "what", "unit", "annals: median [range]", "baseline: median [range]", "ratio", "baseline is"}};
  for (const Row& row : rows_)
    cells.push_back({row.scenario, row.what, row.unit, text(row.ours), text(row.theirs),
                     fmt::format("{:.3f}", ratio(row)), row.baseline});
  std::vector<std::size_t> widths(cells.front().size(), 0);
  for (const auto& line : cells)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], count_code_points(line[i]));
  for (const auto& line : cells) {
    std::string out;
    for (std::size_t i = 0; i < line.size(); ++i) {
      out += line[i];
      if (i + 1 < line.size()) out.append(widths[i] - count_code_points(line[i]) + 2, ' ');
    }
    std::puts(out.c_str());
  }
}

ScratchFolder::ScratchFolder(const std::string& parent) {
  namespace fs = std::filesystem;
  const fs::path below = parent.empty() ? fs::temp_directory_path() : fs::path(parent);
  fs::create_directories(below);
  path_ = (below / "annals-bench-XXXXXX").string();
  check(::mkdtemp(path_.data()) != nullptr, "a scratch folder can be made");
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;  // a folder left in the system's scratch place harms nobody
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace annals::bench
