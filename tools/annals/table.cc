#include "tools/annals/table.h"

#include <unicode/uchar.h>

#include <algorithm>

#include "engine/base/utf8.h"

namespace annals::cli {
namespace {

std::size_t width_of(char32_t c) {
  if (c < 0x20 || c == 0x7F) return 0;
  if (c < 0x300) return 1;
  const auto point = static_cast<UChar32>(c);
  switch (u_charType(point)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR: return 0;
    default: break;
  }
  const int width = u_getIntPropertyValue(point, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

std::string_view code_of(Ink ink) {
  switch (ink) {
    case Ink::kPlain: return "";
    case Ink::kBold: return "\x1b[1m";
    case Ink::kDim: return "\x1b[2m";
    case Ink::kRed: return "\x1b[31m";
    case Ink::kGreen: return "\x1b[32m";
    case Ink::kYellow: return "\x1b[33m";
    case Ink::kBlue: return "\x1b[34m";
    case Ink::kCyan: return "\x1b[36m";
  }
  return "";
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text, at);
    width += width_of(c.value);
    at += c.length;
  }
  return width;
}

std::string_view fit(std::string_view text, std::size_t width) {
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text, at);
    used += width_of(c.value);
    if (used > width) return text.substr(0, at);
    at += c.length;
  }
  return text;
}

std::string shorten(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  return std::string(fit(text, width > 0 ? width - 1 : 0)) + "…";
}

std::string one_line(std::string_view text) {
  std::string out;
  bool blank = false;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F) {
      blank = true;
      continue;
    }
    if (blank && !out.empty()) out += ' ';
    blank = false;
    out += c;
  }
  return out;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  const std::string flat = one_line(text);
  std::string_view rest = flat;
  if (width < 2) width = 2;
  while (!rest.empty()) {
    std::string_view line = fit(rest, width);
    if (line.empty()) line = rest.substr(0, decode_utf8(rest, 0).length);
    if (line.size() < rest.size() && static_cast<unsigned char>(rest[line.size()]) < 0x80 && rest[line.size()] != ' ') {
      // Do not break a word of ASCII letters that has room on the next line.
      const std::size_t blank = line.rfind(' ');
      const bool in_word = static_cast<unsigned char>(line.back()) < 0x80 && line.back() != ' ';
      if (in_word && blank != std::string_view::npos) {
        const std::string_view word = rest.substr(blank + 1, rest.find(' ', blank + 1) - blank - 1);
        if (display_width(word) <= width) line = line.substr(0, blank);
      }
    }
    rest.remove_prefix(line.size());
    while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
    while (!line.empty() && line.back() == ' ') line.remove_suffix(1);
    lines.emplace_back(line);
  }
  if (lines.empty()) lines.emplace_back();
  return lines;
}

std::string paint(std::string_view text, Ink ink, bool colour) {
  if (!colour || ink == Ink::kPlain || text.empty()) return std::string(text);
  return std::string(code_of(ink)) + std::string(text) + "\x1b[0m";
}

void Table::add(std::vector<Cell> row) {
  row.resize(columns_.size(), Cell(""));
  rows_.push_back({std::move(row), false});
}

void Table::add_heading(std::string text) { rows_.push_back({{Cell(std::move(text), Ink::kBold)}, true}); }

std::string Table::render(std::size_t width, bool colour) const {
  const std::size_t n = columns_.size();
  std::vector<std::size_t> widths(n, 0);
  for (const Row& row : rows_) {
    if (row.heading) continue;
    for (std::size_t i = 0; i < n; ++i) widths[i] = std::max(widths[i], display_width(one_line(row.cells[i].text)));
  }
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < n; ++i) {
    if (widths[i] == 0) continue;
    widths[i] = std::min(std::max(widths[i], display_width(columns_[i].title)), std::max(columns_[i].width_max, display_width(columns_[i].title)));
    shown.push_back(i);
  }
  std::size_t total = shown.empty() ? 0 : 2 * (shown.size() - 1);
  for (const std::size_t i : shown) total += widths[i];
  for (const std::size_t i : shown) {
    if (!columns_[i].flexible || total <= width) continue;
    const std::size_t over = total - width;
    const std::size_t least = std::max<std::size_t>(display_width(columns_[i].title), 26);  // a published time takes 25
    widths[i] = widths[i] > over + least ? widths[i] - over : std::min(widths[i], least);
  }

  std::string out;
  const auto line = [&](const std::vector<std::string>& cells, const std::vector<Ink>& inks) {
    std::string text;
    std::size_t behind = 0;  // blanks owed, so that lines do not end in them
    for (std::size_t k = 0; k < shown.size(); ++k) {
      const std::size_t i = shown[k];
      const std::size_t used = display_width(cells[k]);
      const std::size_t pad = widths[i] > used ? widths[i] - used : 0;
      if (k > 0) behind += 2;
      if (columns_[i].right) behind += pad;
      if (!cells[k].empty()) {
        text.append(behind, ' ');
        behind = 0;
        text += paint(cells[k], inks[k], colour);
      } else {
        behind += used;
      }
      if (!columns_[i].right) behind += pad;
    }
    out += text + "\n";
  };
  bool titles = false;
  for (const std::size_t i : shown) titles |= !columns_[i].title.empty();
  if (titles) {
    std::vector<std::string> cells;
    for (const std::size_t i : shown) cells.push_back(columns_[i].title);
    line(cells, std::vector<Ink>(shown.size(), Ink::kDim));
  }
  for (const Row& row : rows_) {
    if (row.heading) {
      out += paint(row.cells[0].text, row.cells[0].ink, colour) + "\n";
      continue;
    }
    std::vector<std::vector<std::string>> wrapped;
    std::size_t height = 1;
    for (const std::size_t i : shown) {
      wrapped.push_back(wrap(row.cells[i].text, widths[i]));
      height = std::max(height, wrapped.back().size());
    }
    for (std::size_t y = 0; y < height; ++y) {
      std::vector<std::string> cells;
      std::vector<Ink> inks;
      for (std::size_t k = 0; k < shown.size(); ++k) {
        cells.push_back(y < wrapped[k].size() ? wrapped[k][y] : std::string());
        inks.push_back(row.cells[shown[k]].ink);
      }
      line(cells, inks);
    }
  }
  return out;
}

}  // namespace annals::cli
