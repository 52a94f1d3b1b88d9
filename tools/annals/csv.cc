#include "tools/annals/csv.h"

#include <fmt/format.h>

namespace annals::cli {

std::string csv_line(const std::vector<std::string>& cells) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    const std::string& cell = cells[i];
    if (cell.find_first_of(",\"\r\n") == std::string::npos) {
      out += cell;
      continue;
    }
    out += '"';
    for (const char c : cell) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
  return out;
}

Result<std::vector<CsvRecord>> read_csv(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<CsvRecord> out;
  std::size_t line = 1;
  for (std::size_t at = 0; at < text.size();) {
    CsvRecord record;
    record.line = line;
    bool ended = false;
    while (!ended) {
      std::string cell;
      if (at < text.size() && text[at] == '"') {
        const std::size_t opened = line;
        for (++at;; ++at) {
          if (at >= text.size()) return Error{ErrorCode::kInvalid, fmt::format("{}: a quotation mark is not closed", opened)};
          if (text[at] == '\n') ++line;
          if (text[at] != '"') {
            cell += text[at];
          } else if (at + 1 < text.size() && text[at + 1] == '"') {
            cell += '"';
            ++at;
          } else {
            ++at;
            break;
          }
        }
        if (at < text.size() && text[at] != ',' && text[at] != '\r' && text[at] != '\n')
          return Error{ErrorCode::kInvalid, fmt::format("{}: expected a comma behind the closing quotation mark", line)};
      } else {
        while (at < text.size() && text[at] != ',' && text[at] != '\n' && text[at] != '\r') cell += text[at++];
      }
      record.cells.push_back(std::move(cell));
      if (at < text.size() && text[at] == ',') {
        ++at;
        continue;
      }
      if (at < text.size() && text[at] == '\r') ++at;
      if (at < text.size() && text[at] == '\n') {
        ++at;
        ++line;
      }
      ended = true;
    }
    if (record.cells.size() > 1 || !record.cells.front().empty()) out.push_back(std::move(record));
  }
  return out;
}

}  // namespace annals::cli
