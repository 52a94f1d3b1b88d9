#pragma once
// Comma-separated values (RFC 4180), UTF-8 without a byte order mark, lines ending in a line feed.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/error.h"

namespace annals::cli {

std::string csv_line(const std::vector<std::string>& cells);

// A record of a sheet and where it stands; cells[i] begins at places[i].
struct CsvRecord {
  ByteSpan span;                       // without the end of its line
  std::vector<std::string> cells;
  std::vector<std::size_t> places;
};
struct CsvSheet {
  std::vector<CsvRecord> records;      // those with at least one cell that is not empty
  // Where the sheet cannot be read on: a quotation mark that nothing closes, or that something follows. kInvalid, and the byte.
  std::optional<Error> broken;
  std::size_t broken_at = 0;
};
// A byte order mark and CR LF are taken.
CsvSheet read_csv(std::string_view text);

}  // namespace annals::cli
