#include "tools/annals/document.h"

#include <algorithm>
#include <cctype>

#include "tools/annals/table.h"

namespace annals::cli {
namespace {

// Long enough for whatever runs of backticks the code has inside.
std::string fence(const std::string& code) {
  std::size_t longest = 2;
  std::size_t run = 0;
  for (const char c : code) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return std::string(longest + 1, '`');
}

template <class... Each>
struct Cases : Each... {
  using Each::operator()...;
};

constexpr std::string_view kStyle =
    "body{font:15px/1.5 -apple-system,'Segoe UI','Noto Sans','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif;color:#1b1b1b;background:#fff;"
    "max-width:62rem;margin:2.5rem auto;padding:0 1.5rem}"
    "h1{font-size:1.6rem;line-height:1.25;border-bottom:2px solid #1b1b1b;padding-bottom:.5rem}"
    "h2{font-size:1.2rem;margin-top:2.2rem;border-bottom:1px solid #bbb;padding-bottom:.2rem}"
    "h3{font-size:1rem;margin:1.6rem 0 .3rem}"
    "table{border-collapse:collapse;width:100%;margin:.6rem 0;font-size:.92rem}"
    "th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #ddd;overflow-wrap:break-word}"
    "thead th{border-bottom:1px solid #888;overflow-wrap:normal}"
    "table.fields{width:auto}table.fields th{font-weight:600;white-space:nowrap;color:#444}table.fields td{overflow-wrap:anywhere}"
    "@media(min-width:48rem),print{h3+blockquote+table.fields{display:block;width:100%}h3+blockquote+table.fields tbody{display:grid;grid-template-columns:1fr 1fr;column-gap:1.2rem}"
    "h3+blockquote+table.fields tr{display:flex;border-bottom:1px solid #ddd}h3+blockquote+table.fields th{flex:0 0 6.2rem}h3+blockquote+table.fields :is(th,td){border-bottom:0;padding:.2rem .3rem}}"
    "blockquote{margin:.4rem 0;padding:.4rem .9rem;border-left:3px solid #888;background:#f6f6f4}"
    "pre{background:#f6f6f4;padding:.7rem .9rem;overflow-x:auto;font-size:.85rem;line-height:1.4;white-space:pre-wrap;overflow-wrap:anywhere}"
    "p.note{color:#555;font-size:.92em}td span{white-space:nowrap}"
    "@page{size:A4;margin:16mm 14mm}"
    "@media print{body{margin:0;padding:0;max-width:none;font-size:9.5pt}h2,h3{break-after:avoid}blockquote,tr,pre,table.fields{break-inside:avoid}h3+blockquote{break-after:avoid}"
    "table{font-size:8.5pt}h3{margin-top:1rem}th,td{padding:.2rem .4rem}}";

}  // namespace

void Document::section(std::string heading) { blocks_.emplace_back(Section{std::move(heading)}); }
void Document::part(std::string heading) { blocks_.emplace_back(Part{std::move(heading)}); }
void Document::paragraph(std::string text) { blocks_.emplace_back(Paragraph{std::move(text)}); }
void Document::note(std::string text) { blocks_.emplace_back(Note{std::move(text)}); }
void Document::fields(std::vector<std::pair<std::string, std::string>> pairs) {
  std::erase_if(pairs, [](const auto& pair) { return pair.second.empty(); });
  if (!pairs.empty()) blocks_.emplace_back(Fields{std::move(pairs)});
}
void Document::table(std::vector<std::string> columns, std::vector<std::vector<std::string>> rows) { blocks_.emplace_back(Rows{std::move(columns), std::move(rows)}); }
void Document::quote(std::string text) { blocks_.emplace_back(Quote{std::move(text)}); }
void Document::code(std::string text) { blocks_.emplace_back(Code{std::move(text)}); }
void Document::list(std::vector<std::string> items) { blocks_.emplace_back(List{std::move(items)}); }

std::string markdown_text(std::string_view text) {
  const std::string line = one_line(text);
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    // CommonMark: a backslash before any ASCII punctuation makes it that character. Full stops, commas and the like mean something
    // at the start of a line only, where they make a list of a number.
    const bool first_mark = (c == '.' || c == ')') && i > 0 && line.find_first_not_of("0123456789") == i;
    if (std::string_view("\\`*_{}[]<>#+-!|~&$^=:@\"").find(c) != std::string_view::npos) {
      // A hyphen, plus, equals sign, colon or quotation mark inside a line means nothing, and reads badly with a backslash.
      const bool only_first = c == '-' || c == '+' || c == '=' || c == '"' || c == '#' || c == '$' || c == '^' || c == '{' || c == '}';
      const bool link = c == ':' && line.compare(i, 3, "://") == 0;
      // An underscore between letters and digits makes no emphasis.
      const auto word = [&](std::size_t at) { return at < line.size() && std::isalnum(static_cast<unsigned char>(line[at])) != 0; };
      const bool inner = c == '_' && i > 0 && word(i - 1) && word(i + 1);
      if (c == ':' ? link : !inner && (!only_first || i == 0)) out += '\\';
    } else if (first_mark) {
      out += '\\';
    }
    out += c;
  }
  return out;
}

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      case '\n':
      case '\t': out += c; break;
      default:
        // Other control characters may not stand in HTML at all.
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) out += c;
    }
  }
  return out;
}

std::string Document::markdown() const {
  std::string out = "# " + markdown_text(title_) + "\n";
  const auto row = [&](const std::vector<std::string>& cells) {
    out += "|";
    for (const std::string& cell : cells) out += " " + markdown_text(cell) + " |";
    out += "\n";
  };
  for (const Block& block : blocks_) {
    out += "\n";
    std::visit(Cases{[&](const Section& each) { out += "## " + markdown_text(each.text) + "\n"; },
                     [&](const Part& each) { out += "### " + markdown_text(each.text) + "\n"; },
                     [&](const Paragraph& each) { out += markdown_text(each.text) + "\n"; },
                     [&](const Note& each) { out += markdown_text(each.text) + "\n"; },
                     [&](const Fields& each) {
                       out += "| | |\n| --- | --- |\n";
                       for (const auto& [name, value] : each.pairs) row({name, value});
                     },
                     [&](const Rows& each) {
                       row(each.columns);
                       out += "|";
                       for (std::size_t i = 0; i < each.columns.size(); ++i) out += " --- |";
                       out += "\n";
                       for (const auto& cells : each.rows) row(cells);
                     },
                     [&](const Quote& each) { out += "> " + markdown_text(each.text) + "\n"; },
                     [&](const Code& each) {
                       const std::string mark = fence(each.text);
                       out += mark + "\n" + each.text + (each.text.empty() || each.text.back() != '\n' ? "\n" : "") + mark + "\n";
                     },
                     [&](const List& each) {
                       for (const std::string& item : each.items) out += "- " + markdown_text(item) + "\n";
                     }},
               block);
  }
  return out;
}

namespace {

bool in_moment(char c) { return (c >= '0' && c <= '9') || c == '-' || c == ':' || c == '+' || c == '.' || c == 'T' || c == 'Z'; }

// A cell's text with its dates whole: a line breaks behind a hyphen else, and 2025-12- is no date.
std::string cell_text(std::string_view text) {
  const std::string plain = html_text(text);
  std::string out;
  for (std::size_t at = 0; at < plain.size();) {
    std::size_t end = at;
    while (end < plain.size() && in_moment(plain[end])) ++end;
    const std::string_view run(plain.data() + at, end - at);
    const bool date = run.size() >= 7 && run.size() <= 40 && run[4] == '-' && std::all_of(run.begin(), run.begin() + 4, [](char c) { return c >= '0' && c <= '9'; });
    if (date) out += "<span>" + std::string(run) + "</span>";
    else out += run;
    at = end;
    while (at < plain.size() && !in_moment(plain[at])) out += plain[at++];
  }
  return out;
}

}  // namespace

std::string Document::html() const {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
      html_text(title_) + "</title>\n<style>" + std::string(kStyle) + "</style>\n</head>\n<body>\n<h1>" + html_text(title_) + "</h1>\n";
  const auto element = [&](std::string_view tag, const std::string& text, std::string_view attributes = "") {
    out += "<" + std::string(tag) + std::string(attributes) + ">" + html_text(text) + "</" + std::string(tag) + ">";
  };
  for (const Block& block : blocks_) {
    std::visit(Cases{[&](const Section& each) { element("h2", each.text); },
                     [&](const Part& each) { element("h3", each.text); },
                     [&](const Paragraph& each) { element("p", each.text); },
                     [&](const Note& each) { element("p", each.text, " class=\"note\""); },
                     [&](const Fields& each) {
                       out += "<table class=\"fields\">\n";
                       for (const auto& [name, value] : each.pairs) {
                         out += "<tr>";
                         element("th", name, " scope=\"row\"");
                         out += "<td>" + cell_text(value) + "</td>";
                         out += "</tr>\n";
                       }
                       out += "</table>";
                     },
                     [&](const Rows& each) {
                       out += "<table>\n<thead><tr>";
                       for (const std::string& column : each.columns) element("th", column, " scope=\"col\"");
                       out += "</tr></thead>\n<tbody>\n";
                       for (const auto& cells : each.rows) {
                         out += "<tr>";
                         for (const std::string& cell : cells) out += "<td>" + cell_text(cell) + "</td>";
                         out += "</tr>\n";
                       }
                       out += "</tbody></table>";
                     },
                     [&](const Quote& each) { element("blockquote", each.text); },
                     [&](const Code& each) { element("pre", each.text); },
                     [&](const List& each) {
                       out += "<ul>\n";
                       for (const std::string& item : each.items) {
                         element("li", item);
                         out += "\n";
                       }
                       out += "</ul>";
                     }},
               block);
    out += "\n";
  }
  return out + "</body>\n</html>\n";
}

}  // namespace annals::cli
