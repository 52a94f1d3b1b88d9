#include "adapters/notes/daily_digest/daily_digest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapters/notes/heads.h"
#include "engine/base/utf8.h"

namespace annals {
namespace {

enum class Label { kNone, kTime, kLink, kText, kAuthor, kSource };

struct Labelled {
  Label label = Label::kNone;
  std::size_t value = 0;  // offset in the line
};

// "**发布时间:** …", "**Link**: …": the label and where its value begins.
Labelled read_label(std::string_view line) {
  struct Word {
    std::string_view word;
    Label label;
  };
  static constexpr std::array<Word, 30> kWords = {
      {{"发布时间", Label::kTime}, {"發布時間", Label::kTime}, {"發佈時間", Label::kTime},  {"时间", Label::kTime},
       {"時間", Label::kTime},     {"日期", Label::kTime},     {"Published", Label::kTime}, {"Date", Label::kTime},
       {"Time", Label::kTime},     {"链接", Label::kLink},     {"鏈接", Label::kLink},      {"連結", Label::kLink},
       {"原文链接", Label::kLink}, {"原文連結", Label::kLink}, {"Link", Label::kLink},      {"URL", Label::kLink},
       {"正文", Label::kText},     {"內文", Label::kText},     {"内文", Label::kText},      {"内容", Label::kText},
       {"內容", Label::kText},     {"摘要", Label::kText},     {"Text", Label::kText},      {"Body", Label::kText},
       {"Content", Label::kText},  {"Summary", Label::kText},  {"作者", Label::kAuthor},    {"Author", Label::kAuthor},
       {"来源", Label::kSource},   {"來源", Label::kSource}}};
  if (!line.starts_with("**")) return {};
  for (const Word& word : kWords) {
    if (!line.substr(2).starts_with(word.word)) continue;
    std::size_t at = 2 + word.word.size();
    bool colon = false;
    bool closed = false;
    for (std::size_t guard = 0; guard < 4; ++guard) {
      if (line.substr(at).starts_with(":"))
        at += 1, colon = true;
      else if (line.substr(at).starts_with("："))
        at += std::string_view("：").size(), colon = true;
      else if (!closed && line.substr(at).starts_with("**"))
        at += 2, closed = true;
      else
        break;
    }
    if (!colon || !closed) continue;
    while (at < line.size() && line[at] == ' ') ++at;
    return {word.label, at};
  }
  return {};
}

// "### 12. Title": bytes before the title, 0 where the line is no article's.
std::size_t title_at(std::string_view line) {
  if (!line.starts_with("### ")) return 0;
  std::size_t at = 4;
  std::size_t digits = at;
  while (digits < line.size() && line[digits] >= '0' && line[digits] <= '9') ++digits;
  if (digits > at) {
    if (line.substr(digits).starts_with(". "))
      at = digits + 2;
    else if (line.substr(digits).starts_with("、"))
      at = digits + std::string_view("、").size();
    else if (line.substr(digits).starts_with("."))
      at = digits + 1;
  }
  while (at < line.size() && line[at] == ' ') ++at;
  return at;
}

bool is_overview(std::string_view section) {
  static constexpr auto kNames = std::to_array<std::string_view>(
      {"概览", "概覽", "概况", "概況", "目录", "目錄", "总览", "總覽", "Overview", "Contents", "Summary"});
  return std::any_of(kNames.begin(), kNames.end(), [&](std::string_view name) { return section.starts_with(name); });
}

// [text](address), <address> or the bare address.
std::string_view address_of(std::string_view value) {
  if (const std::size_t open = value.find("]("); open != std::string_view::npos) {
    value = value.substr(open + 2);
    return value.substr(0, value.find(')'));
  }
  if (value.starts_with("<")) value.remove_prefix(1);
  if (value.ends_with(">")) value.remove_suffix(1);
  return trimmed(value);
}

// A list of other articles behind the text: "相关阅读：《…》《…》" up to the end.
std::size_t related_at(std::string_view line) {
  for (const std::string_view cue :
       {"相关阅读：", "相關閱讀：", "相关阅读:", "相關閱讀:", "延伸阅读：", "延伸閱讀：", "推荐阅读：", "推薦閱讀："}) {
    const std::size_t at = line.rfind(cue);
    if (at == std::string_view::npos) continue;
    std::string_view rest = trimmed(line.substr(at + cue.size()));
    if (rest.starts_with("《") && rest.ends_with("》")) return at;
  }
  return std::string_view::npos;
}

void read_body(std::string_view text, ByteSpan line, bool only, Article& article) {
  const std::string_view words = line.of(text);
  std::string_view bare = words;
  while (bare.starts_with("&nbsp;")) bare = trimmed(bare.substr(6));
  if (bare.empty() || is_credit(bare) || words.starts_with("![") || words.starts_with("<img") ||
      find_advertisement(words) == 0)
    return;
  if (words.find_first_not_of("-*_ ") == std::string_view::npos) return;
  if (const std::size_t related = related_at(words); related != std::string_view::npos)
    line = trim(text, {line.begin, line.begin + related});
  const std::size_t bullet = bullet_marker(line.of(text));
  const ByteSpan span = trim_citations(text, {line.begin + bullet, line.end});
  if (span.empty()) return;
  constexpr std::size_t kHeadingMax = 24;
  const std::string_view kept = span.of(text);
  const bool heading = !only && bullet == 0 && !ends_as_sentence(kept) && count_code_points(kept) <= kHeadingMax &&
                       kept.find("，") == std::string_view::npos;
  article.blocks.push_back({bullet != 0 ? BlockKind::kBullet
                            : heading   ? BlockKind::kHeading
                                        : BlockKind::kParagraph,
                            span, 0});
}

}  // namespace

int DailyDigest::recognises(std::string_view text) const {
  text = recognisable(text);
  bool section = false;
  bool article = false;
  std::size_t labelled = 0;
  for (const Line& line : split_lines(text)) {
    const std::string_view words = line.span.of(text);
    section = section || words.starts_with("## ");
    article = article || (section && title_at(words) != 0);
    labelled += article && read_label(words).label != Label::kNone;
  }
  return labelled >= 2 ? 96 : labelled == 1 ? 60 : 0;
}

Result<std::vector<Article>> DailyDigest::read(const Note& note, const OperatorHead& head) const {
  const std::string_view text = note.text;
  const std::vector<Line> all = split_lines(text);
  std::vector<Line> lines;
  std::copy_if(all.begin(), all.end(), std::back_inserter(lines), [](const Line& line) { return !line.empty(); });

  const auto articles_count =
      std::count_if(lines.begin(), lines.end(), [&](const Line& line) { return title_at(line.span.of(text)) != 0; });
  if (articles_count == 0)
    return note_error(note, 0, "expected a digest: '## outlet' sections with '### 1. title' articles, found none");
  const HeadFiller fill(note, head, articles_count == 1);

  std::vector<Article> articles;
  ByteSpan section;
  std::optional<PrintedTime> digest_time;
  std::size_t digest_time_at = 0;
  for (std::size_t i = 0; i < lines.size();) {
    const std::string_view words = lines[i].span.of(text);
    const std::size_t title = title_at(words);
    if (title == 0) {
      if (words.starts_with("## "))
        section = trim(text, {lines[i].span.begin + 3, lines[i].span.end});
      else if (articles.empty() && !digest_time && (digest_time = find_printed_time(words)))
        digest_time_at = lines[i].span.begin;
      ++i;
      continue;
    }
    Article article;
    article.head.ordinal = static_cast<std::uint32_t>(articles.size() + 1);
    article.title_span = trim(text, {lines[i].span.begin + title, lines[i].span.end});
    article.head.title = std::string(article.title_span.of(text));
    std::size_t end = i + 1;
    while (end < lines.size() && title_at(lines[end].span.of(text)) == 0 &&
           !lines[end].span.of(text).starts_with("## "))
      ++end;
    article.span = {lines[i].span.begin, lines[end - 1].span.end};
    std::string_view outlet = is_overview(section.of(text)) ? std::string_view() : section.of(text);
    std::optional<PrintedTime> time;
    std::size_t time_at = article.span.begin;
    bool unread_time = false;
    bool in_text = false;
    for (std::size_t line = i + 1; line < end; ++line) {
      const ByteSpan span = lines[line].span;
      const Labelled labelled = in_text ? Labelled{} : read_label(span.of(text));
      const ByteSpan value = trim(text, {span.begin + labelled.value, span.end});
      switch (labelled.label) {
        case Label::kTime:
          time_at = value.begin;
          time = find_printed_time(value.of(text));
          unread_time = !time && !value.empty();
          break;
        case Label::kLink:
          if (const std::string_view address = address_of(value.of(text)); !address.empty())
            article.head.link = std::string(address);
          break;
        case Label::kAuthor:
          if (!value.empty()) article.head.author = std::string(value.of(text));
          break;
        case Label::kSource:
          if (!value.empty()) outlet = value.of(text);
          break;
        case Label::kText:
          in_text = true;
          if (!value.empty()) read_body(text, value, line + 1 == end, article);
          break;
        case Label::kNone:
          read_body(text, span, false, article);
          break;
      }
    }
    fill.outlet(article, outlet);
    if (unread_time)
      article.warnings.push_back(
          fmt::format("{}: expected a time such as 2025-12-09 06:31, found something else; the article is kept undated",
                      line_and_column(text, time_at)));
    ANNALS_CHECK_OK(fill.published(article, time, time_at));
    ANNALS_CHECK_OK(fill.observed(article, digest_time, digest_time_at));
    fill.language(article);
    articles.push_back(std::move(article));
    i = end;
  }
  return articles;
}

}  // namespace annals
