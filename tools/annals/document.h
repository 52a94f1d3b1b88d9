#pragma once
// A page to be filed: built once, written as Markdown or as HTML. Whatever text is put in comes out as that text in either form: nothing
// of a note can open a tag, a link or a heading.
//
// Markdown is CommonMark with tables (GitHub's). HTML is one file: its style stands in it, it has no script, no picture and no link that
// is followed by itself, and a policy in its head forbids the browser to load anything at all.

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace annals::cli {

class Document {
 public:
  explicit Document(std::string title) : title_(std::move(title)) {}

  void section(std::string heading);
  void part(std::string heading);                                       // of a section
  void paragraph(std::string text);
  void note(std::string text);                                          // small print
  void fields(std::vector<std::pair<std::string, std::string>> pairs);  // name and value; those without a value are left out
  void table(std::vector<std::string> columns, std::vector<std::vector<std::string>> rows);
  void quote(std::string text);                                         // somebody else's words
  void code(std::string text);                                          // as it stands, line by line
  void list(std::vector<std::string> items);

  std::string markdown() const;
  std::string html() const;

 private:
  struct Section { std::string text; };
  struct Part { std::string text; };
  struct Paragraph { std::string text; };
  struct Note { std::string text; };
  struct Fields { std::vector<std::pair<std::string, std::string>> pairs; };
  struct Rows { std::vector<std::string> columns; std::vector<std::vector<std::string>> rows; };
  struct Quote { std::string text; };
  struct Code { std::string text; };
  struct List { std::vector<std::string> items; };
  using Block = std::variant<Section, Part, Paragraph, Note, Fields, Rows, Quote, Code, List>;

  std::string title_;
  std::vector<Block> blocks_;
};

// Text in which no character means anything to Markdown, on one line; likewise to HTML, in text and in quoted attributes.
std::string markdown_text(std::string_view text);
std::string html_text(std::string_view text);

}  // namespace annals::cli
