#include "adapters/notes/plain_text/plain_text.h"

#include <algorithm>
#include <array>

#include "adapters/notes/heads.h"
#include "engine/base/utf8.h"

namespace annals {
namespace {

constexpr std::size_t kTitleMax = 120;  // code points
constexpr std::size_t kHeadLines = 6;   // below the title

bool looks_like_title(std::string_view words) {
  if (count_code_points(words) > kTitleMax) return false;
  if (bullet_marker(words) != 0) return false;
  // A title may ask or exclaim, but it does not end in a full stop.
  if (words.ends_with("。") || words.ends_with("；") || words.ends_with("，")) return false;
  return !(words.ends_with(".") && !words.ends_with("...") && !words.ends_with("U.S."));
}

// "一、", "（二）", "1. ", "1、": how many bytes; what is so numbered is a heading if short, an item if long.
std::size_t enumerator(std::string_view words) {
  std::size_t at = 0;
  bool bracket = false;
  for (const std::string_view open : {"（", "("}) {
    if (words.starts_with(open)) {
      at = open.size();
      bracket = true;
      break;
    }
  }
  const std::size_t digits_at = at;
  for (std::size_t guard = 0; guard < 3; ++guard) {
    if (at < words.size() && words[at] >= '0' && words[at] <= '9') {
      ++at;
      continue;
    }
    for (const std::string_view numeral : {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"}) {
      if (words.substr(at).starts_with(numeral)) {
        at += numeral.size();
        break;
      }
    }
  }
  if (at == digits_at) return 0;
  if (bracket) {
    for (const std::string_view close : {"）", ")"})
      if (words.substr(at).starts_with(close)) return at + close.size();
    return 0;
  }
  for (const std::string_view mark : {"、", "．", ". ", ") ", "）"})
    if (words.substr(at).starts_with(mark)) return at + mark.size();
  return 0;
}

// "正文：" on a line of its own.
bool names_the_text(std::string_view words) {
  static constexpr auto kNames =
      std::to_array<std::string_view>({"正文", "内容", "內容", "全文", "Text", "Body", "Content"});
  for (const std::string_view colon : {"：", ":"})
    if (words.ends_with(colon) &&
        std::find(kNames.begin(), kNames.end(), words.substr(0, words.size() - colon.size())) != kNames.end())
      return true;
  return false;
}

}  // namespace

int PlainText::recognises(std::string_view) const { return 10; }

Result<std::vector<Article>> PlainText::read(const Note& note, const OperatorHead& head) const {
  const std::string_view text = note.text;
  const std::vector<Line> lines = split_lines(text);
  std::vector<std::size_t> filled;  // of lines that are not empty
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (!lines[i].empty()) filled.push_back(i);
  check(!filled.empty(), "a decoded note has text");

  Article article;
  article.span = {lines[filled.front()].span.begin, lines[filled.back()].span.end};
  const HeadFiller fill(note, head, true);
  std::size_t next = 0;  // in `filled`
  std::string_view outlet;
  std::optional<PrintedTime> time;
  std::size_t time_at = 0;
  const auto take_head_line = [&](std::size_t line) {
    const auto found = read_head_line(lines[line].span.of(text));
    if (!found) return false;
    if (!found->outlet.empty() && outlet.empty()) outlet = found->outlet;
    if (!found->author.empty() && !article.head.author) article.head.author = std::string(found->author);
    if (!found->link.empty() && !article.head.link) article.head.link = std::string(found->link);
    if (found->time && !time) time = found->time, time_at = lines[line].span.begin;
    return true;
  };
  // A page's frame may stand above the head: menus, and short lines down to a title that stands right above its time.
  const auto words_of = [&](std::size_t n) { return lines[filled[n]].span.of(text); };
  while (next + 1 < filled.size() && is_menu(words_of(next))) ++next;
  const bool framed = next > 0;
  constexpr std::size_t kFrameLines = 12;
  for (std::size_t n = next + 1; framed && n + 1 < filled.size() && n < next + kFrameLines; ++n) {
    if (ends_as_sentence(words_of(n - 1)) && words_of(n - 1).ends_with("。")) break;
    const auto found = read_head_line(words_of(n));
    if (!found || !found->time || is_menu(words_of(n - 1)) || !looks_like_title(words_of(n - 1))) continue;
    next = n - 1;
    break;
  }
  // Some print the time or the source above the title.
  while (next < filled.size() && next < 2 && filled.size() > 2 && take_head_line(filled[next])) ++next;
  ByteSpan title = lines[filled[next]].span;
  std::size_t hashes = 0;
  while (title.begin + hashes < title.end && text[title.begin + hashes] == '#') ++hashes;
  if (hashes > 0 && hashes <= 6 && text[title.begin + hashes] == ' ')
    title = trim(text, {title.begin + hashes, title.end});
  for (const std::string_view label :
       {"标题：", "標題：", "标题:", "標題:", "Title: ", "Title:", "Headline: ", "Subject: "})
    if (title.of(text).starts_with(label)) title = trim(text, {title.begin + label.size(), title.end});
  const bool stands_apart = filled.size() > next + 1;
  if (stands_apart && looks_like_title(title.of(text))) {
    article.title_span = title;
    article.head.title = std::string(title.of(text));
    article.span.begin = std::min(article.span.begin, title.begin);
    ++next;
    for (std::size_t i = 0; i < kHeadLines && next + 1 < filled.size(); ++i) {
      const bool repeated = same_words(words_of(next), article.head.title);
      if (!repeated && !is_menu(words_of(next)) && !take_head_line(filled[next])) break;
      ++next;
    }
  }

  // Where blank lines part the paragraphs, lines within one are put together; else a line that ends as a sentence does
  // is one.
  Block open;
  bool is_open = false;
  const auto close = [&] {
    if (!is_open) return;
    is_open = false;
    open.span = trim_citations(text, open.span);
    if (!open.span.empty()) article.blocks.push_back(open);
  };
  constexpr std::size_t kHeadingMax = 40;
  constexpr std::size_t kWrappedMin = 18;
  std::size_t last_line = 0;
  std::size_t last_characters = 0;
  for (std::size_t n = next; n < filled.size(); ++n) {
    const Line& line = lines[filled[n]];
    const std::string_view words = line.span.of(text);
    constexpr std::size_t kDisclaimerBytes = 4096;
    if (begins_disclaimer(words) && lines[filled.back()].span.end - line.span.begin < kDisclaimerBytes && n > next) {
      const std::string carrier =
          carrier_of(text.substr(line.span.begin, lines[filled.back()].span.end - line.span.begin));
      if (!carrier.empty()) article.head.carrier = carrier;
      break;
    }
    const bool after_blank = filled[n] != last_line + 1;
    last_line = filled[n];
    if (is_credit(words) || find_advertisement(words) == 0 || (is_menu(words) && bullet_marker(words) == 0)) {
      close();
      continue;
    }
    const std::size_t characters = count_code_points(words.substr(0, 4 * 200));
    const bool stopped = ends_as_sentence(words);
    const std::size_t bullet = bullet_marker(words);
    const std::size_t number = enumerator(words);
    // A line goes on with the one above: no blank line between, that one long and broken off, this one without a
    // marker.
    if (is_open && !after_blank && bullet == 0 && number == 0 && last_characters >= kWrappedMin &&
        !ends_as_sentence(open.span.of(text))) {
      open.span.end = line.span.end;
      last_characters = characters;
      continue;
    }
    close();
    last_characters = characters;
    if (names_the_text(words)) continue;
    is_open = true;
    if (bullet != 0) {
      open = {BlockKind::kBullet, {line.span.begin + bullet, line.span.end}, 0};
      continue;
    }
    std::size_t marks = 0;
    while (marks < words.size() && words[marks] == '#') ++marks;
    const bool markdown = marks > 0 && marks <= 6 && marks < words.size() && words[marks] == ' ';
    const bool apart =
        n + 1 < filled.size() && (filled[n + 1] != filled[n] + 1 || number != 0 || characters < kWrappedMin);
    const bool heading =
        markdown || (!stopped && characters <= kHeadingMax && apart && words.find("：“") == std::string_view::npos);
    if (heading) {
      open = {BlockKind::kHeading, {line.span.begin + (markdown ? marks : 0), line.span.end}, 0};
      open.span = trim(text, open.span);
      close();
      continue;
    }
    open = {number != 0 ? BlockKind::kBullet : BlockKind::kParagraph, {line.span.begin + number, line.span.end}, 0};
  }
  close();

  fill.outlet(article, outlet);
  ANNALS_CHECK_OK(fill.published(article, time, time_at));
  ANNALS_CHECK_OK(fill.observed(article, std::nullopt, 0));
  fill.language(article);
  return std::vector<Article>{std::move(article)};
}

}  // namespace annals
