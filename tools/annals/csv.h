#pragma once
// Comma-separated values (RFC 4180), UTF-8 without a byte order mark, lines ending in a line feed.

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace annals::cli {

std::string csv_line(const std::vector<std::string>& cells);

// The records of a sheet, each with the line it begins on. A byte order mark and CR LF are taken. kInvalid: "line: a quote is not closed".
struct CsvRecord {
  std::size_t line = 1;
  std::vector<std::string> cells;
};
Result<std::vector<CsvRecord>> read_csv(std::string_view text);

}  // namespace annals::cli
