#include "adapters/notes/tag_page/tag_page.h"

#include <algorithm>

#include "adapters/notes/heads.h"
#include "engine/base/utf8.h"

namespace annals {
namespace {

// "#GPU晶片": one word, no blank behind the sign (that would be Markdown).
bool is_tag(std::string_view words) {
  for (const std::string_view sign : {"#", "＃"}) {
    if (!words.starts_with(sign)) continue;
    const std::string_view rest = words.substr(sign.size());
    return !rest.empty() && rest[0] != '#' && rest[0] != ' ' && count_code_points(rest) <= 40;
  }
  return false;
}

// The outlet in the brackets that end an article's line; empty where there are none.
ByteSpan outlet_brackets(std::string_view text, ByteSpan line) {
  constexpr std::size_t kOutletMax = 30;
  const std::string_view words = line.of(text);
  for (const auto& [open, close] : {std::pair<std::string_view, std::string_view>{"(", ")"}, {"（", "）"}}) {
    if (!words.ends_with(close)) continue;
    const std::size_t begin = words.rfind(open);
    if (begin == std::string_view::npos) continue;
    const ByteSpan brackets{line.begin + begin, line.end};
    const std::string_view name = words.substr(begin + open.size(), words.size() - begin - open.size() - close.size());
    if (!trimmed(name).empty() && count_code_points(name) <= kOutletMax) return brackets;
  }
  return {};
}

bool is_article(std::string_view text, ByteSpan line) {
  constexpr std::size_t kArticleMin = 60;
  return line.size() >= kArticleMin && !outlet_brackets(text, line).empty() &&
         count_code_points(line.of(text)) >= kArticleMin;
}

// Whether an article ends with a line: in an outlet's brackets, or, where its outlet is not told, long prose between two
// short lines, the first of them its title.
bool ends_article(std::string_view text, const std::vector<Line>& lines, std::size_t i) {
  constexpr std::size_t kProseMin = 60;
  constexpr std::size_t kTitleMax = 40;
  if (is_article(text, lines[i].span)) return true;
  const auto is_title = [&](std::size_t line) {
    return count_code_points(lines[line].span.of(text)) <= kTitleMax && !lines[line].span.of(text).ends_with("。");
  };
  return count_code_points(lines[i].span.of(text)) >= kProseMin && ends_as_sentence(lines[i].span.of(text)) &&
         is_title(i - 1) && (i + 1 == lines.size() || is_title(i + 1));
}

std::vector<Line> lines_of(std::string_view text) {
  const std::vector<Line> all = split_lines(text);
  std::vector<Line> lines;
  std::copy_if(all.begin(), all.end(), std::back_inserter(lines), [](const Line& line) { return !line.empty(); });
  return lines;
}

}  // namespace

int TagPage::recognises(std::string_view text) const {
  text = recognisable(text);
  const std::vector<Line> lines = lines_of(text);
  if (lines.size() < 3 || !is_tag(lines[0].span.of(text))) return 0;
  std::size_t articles = 0;
  for (std::size_t i = 2; i < lines.size(); ++i) articles += ends_article(text, lines, i);
  // A whole page alternates; a cut one still begins so.
  return articles == 0 ? 0 : articles * 3 >= lines.size() - 1 ? 85 : 50;
}

Result<std::vector<Article>> TagPage::read(const Note& note, const OperatorHead& head) const {
  const std::string_view text = note.text;
  const std::vector<Line> lines = lines_of(text);
  if (lines.empty() || !is_tag(lines[0].span.of(text)))
    return note_error(note, 0, "expected a line with one #tag, then titles and articles");
  // An article is its title line and the lines below, up to and with the one that ends in the outlet.
  struct Found {
    std::size_t title;
    std::size_t last;
  };
  std::vector<Found> found;
  std::size_t title = 1;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (i > title && ends_article(text, lines, i)) {
      found.push_back({title, i});
      title = i + 1;
    }
  }
  // What is left, an article without an outlet at its end, is kept all the same.
  if (title + 1 < lines.size()) found.push_back({title, lines.size() - 1});
  if (found.empty())
    return note_error(note, lines[0].span.begin, "expected a title and an article below the #tag, found none");

  const HeadFiller fill(note, head, found.size() == 1);
  std::vector<Article> articles;
  for (const Found& each : found) {
    Article article;
    article.head.ordinal = static_cast<std::uint32_t>(articles.size() + 1);
    article.title_span = lines[each.title].span;
    article.head.title = std::string(article.title_span.of(text));
    article.span = {article.title_span.begin, lines[each.last].span.end};
    ByteSpan outlet;
    for (std::size_t i = each.title + 1; i <= each.last; ++i) {
      ByteSpan body = lines[i].span;
      if (i == each.last) {
        outlet = outlet_brackets(text, body);
        if (!outlet.empty()) body = trim(text, {body.begin, outlet.begin});
      }
      if (i == each.title + 1 && body.of(text).starts_with(article.head.title) &&
          body.size() > article.title_span.size())
        body = trim(text, {body.begin + article.title_span.size(), body.end});
      if (is_credit(body.of(text))) continue;
      body = trim_citations(text, body);
      if (!body.empty()) article.blocks.push_back({BlockKind::kParagraph, body, 0});
    }
    std::string_view name = outlet.of(text);
    if (!name.empty()) {
      const std::size_t width = name.starts_with("(") ? 1 : std::string_view("（").size();
      name = name.substr(width, name.size() - 2 * width);
      for (const std::string_view label : {"来源：", "來源：", "来源:", "來源:", "文/", "Source: "})
        if (trimmed(name).starts_with(label)) name = trimmed(name).substr(label.size());
    }
    fill.outlet(article, name);
    ANNALS_CHECK_OK(fill.published(article, std::nullopt, article.span.begin));
    ANNALS_CHECK_OK(fill.observed(article, std::nullopt, article.span.begin));
    fill.language(article);
    articles.push_back(std::move(article));
  }
  return articles;
}

}  // namespace annals
