#pragma once
// What people look at: aligned tables in which a Han character takes two columns, and colour where it helps and only on a terminal.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace annals::cli {

// Columns that the text takes on a terminal: wide characters two, marks that combine none. Control characters count as none.
std::size_t display_width(std::string_view text);
// The longest start of `text` that takes at most `width` columns; never cuts a character.
std::string_view fit(std::string_view text, std::size_t width);
// `text` in at most `width` columns, with "…" where something was cut.
std::string shorten(std::string_view text, std::size_t width);
// One line: line breaks, tabs and other control characters become blanks, runs of blanks one.
std::string one_line(std::string_view text);
// Lines of at most `width` columns, broken at blanks where there are any and between wide characters.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

enum class Ink { kPlain, kBold, kDim, kRed, kGreen, kYellow, kBlue, kCyan };

struct Cell {
  std::string text;
  Ink ink = Ink::kPlain;
  Cell(std::string words, Ink colour = Ink::kPlain) : text(std::move(words)), ink(colour) {}  // NOLINT: text is a cell
  Cell(std::string_view words, Ink colour = Ink::kPlain) : text(words), ink(colour) {}        // NOLINT
  Cell(const char* words, Ink colour = Ink::kPlain) : text(words), ink(colour) {}             // NOLINT
};

struct Column {
  std::string title;
  bool right = false;            // numbers
  std::size_t width_max = 60;    // longer cells are wrapped
  bool flexible = false;         // takes what the line has left; at most one, usually the last
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  // As many cells as columns, or fewer.
  void add(std::vector<Cell> row);
  // Text without columns between rows: a heading.
  void add_heading(std::string text);
  bool empty() const { return rows_.empty(); }
  // Lines no longer than `width` columns where that can be; columns that are empty throughout are left out.
  std::string render(std::size_t width, bool colour) const;

 private:
  struct Row {
    std::vector<Cell> cells;
    bool heading = false;
  };
  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

std::string paint(std::string_view text, Ink ink, bool colour);

}  // namespace annals::cli
