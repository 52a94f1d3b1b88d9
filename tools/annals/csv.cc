#include "tools/annals/csv.h"

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

CsvSheet read_csv(std::string_view text) {
  CsvSheet out;
  std::size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  const auto broken = [&](std::size_t place, std::string what) {
    out.broken = Error{ErrorCode::kInvalid, std::move(what)};
    out.broken_at = place;
  };
  while (at < text.size()) {
    CsvRecord record;
    record.span.begin = at;
    for (;;) {
      std::string cell;
      record.places.push_back(at);
      if (at < text.size() && text[at] == '"') {
        const std::size_t opened = at;
        for (++at;; ++at) {
          if (at >= text.size()) return broken(opened, "expected a closing quotation mark, found the end"), out;
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
          return broken(at, "expected a comma behind the closing quotation mark"), out;
      } else {
        while (at < text.size() && text[at] != ',' && text[at] != '\n' && text[at] != '\r') cell += text[at++];
      }
      record.cells.push_back(std::move(cell));
      if (at >= text.size() || text[at] != ',') break;
      ++at;
    }
    record.span.end = at;
    if (at < text.size() && text[at] == '\r') ++at;
    if (at < text.size() && text[at] == '\n') ++at;
    for (const std::string& cell : record.cells) {
      if (cell.empty()) continue;
      out.records.push_back(std::move(record));
      break;
    }
  }
  return out;
}

}  // namespace annals::cli
