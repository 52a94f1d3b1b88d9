#include "adapters/notes/bullet_brief/bullet_brief.h"

#include <algorithm>
#include <array>

#include "adapters/notes/heads.h"
#include "engine/base/utf8.h"

namespace annals {
namespace {

// "来源:某App,作者: 某人,(https://…)": what stands behind a label, up to the next comma or bracket.
std::string_view labelled(std::string_view line, std::initializer_list<std::string_view> labels) {
  for (const std::string_view label : labels) {
    for (const std::string_view colon : {"：", ":"}) {
      const std::string key = std::string(label) + std::string(colon);
      const std::size_t at = line.find(key);
      if (at == std::string_view::npos) continue;
      std::string_view rest = line.substr(at + key.size());
      std::size_t end = rest.size();
      for (const std::string_view mark : {",", "，", "(", "（", ";", "；", "|", "｜"})
        end = std::min(end, rest.find(mark));
      for (const std::string_view next : {"作者", "来源", "來源", "http"}) end = std::min(end, rest.find(next));
      return trimmed(rest.substr(0, end));
    }
  }
  return {};
}

std::string_view link_of(std::string_view line) {
  std::size_t at = line.find("https://");
  if (at == std::string_view::npos) at = line.find("http://");
  if (at == std::string_view::npos) return {};
  std::string_view rest = line.substr(at);
  std::size_t end = 0;
  while (end < rest.size() && static_cast<unsigned char>(rest[end]) > 0x20 &&
         static_cast<unsigned char>(rest[end]) < 0x80 && rest[end] != ')' && rest[end] != ',')
    ++end;
  return rest.substr(0, end);
}

bool is_source_line(std::string_view line) {
  if (count_code_points(line) > 200) return false;
  const bool source = !labelled(line, {"来源", "來源", "Source"}).empty();
  const bool author = !labelled(line, {"作者", "Author"}).empty();
  return (source && author) || ((source || author) && !link_of(line).empty());
}

// ". " and "o " as an export of a word processor leaves them; level 0 and 1. Bytes of the marker, 0 where there is
// none.
std::size_t marker(std::string_view line, std::uint8_t& level) {
  struct Mark {
    std::string_view sign;
    std::uint8_t level;
  };
  static constexpr std::array<Mark, 11> kMarks = {{{". ", 0},
                                                   {"• ", 0},
                                                   {"· ", 0},
                                                   {"● ", 0},
                                                   {"l ", 0},
                                                   {"- ", 0},
                                                   {"* ", 0},
                                                   {"o ", 1},
                                                   {"○ ", 1},
                                                   {"◦ ", 1},
                                                   {"▪ ", 2}}};
  for (const Mark& mark : kMarks) {
    if (!line.starts_with(mark.sign)) continue;
    level = mark.level;
    std::size_t at = mark.sign.size();
    while (at < line.size() && line[at] == ' ') ++at;
    return at;
  }
  return 0;
}

bool ends_in_colon(std::string_view words) { return words.ends_with(":") || words.ends_with("："); }

std::vector<Line> lines_of(std::string_view text) {
  const std::vector<Line> all = split_lines(text);
  std::vector<Line> lines;
  std::copy_if(all.begin(), all.end(), std::back_inserter(lines), [](const Line& line) { return !line.empty(); });
  return lines;
}

constexpr std::size_t kHeadLines = 6;

}  // namespace

int BulletBrief::recognises(std::string_view text) const {
  text = recognisable(text);
  const std::vector<Line> lines = lines_of(text);
  bool source = false;
  for (std::size_t i = 0; i < lines.size() && i < kHeadLines; ++i)
    source = source || is_source_line(lines[i].span.of(text));
  std::size_t bullets = 0;
  for (const Line& line : lines) {
    std::uint8_t level = 0;
    const std::string_view words = line.span.of(text);
    bullets +=
        (words.starts_with(". ") || words.starts_with("o ") || words.starts_with("• ")) && marker(words, level) != 0;
  }
  if (source && bullets >= 2) return 88;
  if (bullets >= 5 && bullets * 3 >= lines.size()) return 40;
  return 0;
}

Result<std::vector<Article>> BulletBrief::read(const Note& note, const OperatorHead& head) const {
  const std::string_view text = note.text;
  const std::vector<Line> lines = lines_of(text);
  check(!lines.empty(), "a decoded note has text");

  Article article;
  article.span = {lines.front().span.begin, lines.back().span.end};
  article.title_span = lines[0].span;
  article.head.title = std::string(article.title_span.of(text));
  const HeadFiller fill(note, head, true);
  std::string_view outlet;
  std::optional<PrintedTime> time;
  std::size_t time_at = 0;
  std::size_t body = 1;
  for (std::size_t i = 1; i < lines.size() && i < kHeadLines; ++i) {
    const std::string_view words = lines[i].span.of(text);
    const auto printed = find_printed_time(words);
    if (is_source_line(words)) {
      outlet = labelled(words, {"来源", "來源", "Source"});
      if (const std::string_view author = labelled(words, {"作者", "Author"}); !author.empty())
        article.head.author = std::string(author);
      if (const std::string_view link = link_of(words); !link.empty()) article.head.link = std::string(link);
      if (printed && !time) time = printed, time_at = lines[i].span.begin;
      body = i + 1;
    } else if (printed && printed->span.size() * 2 >= words.size()) {
      if (!time) time = printed, time_at = lines[i].span.begin;
      body = i + 1;
    } else if (same_words(words, article.head.title)) {
      body = i + 1;
    } else if (i >= body + 1) {
      break;
    }
  }

  // Lines into blocks: a marker begins a bullet; a line without one goes on with what the line before broke off in
  // mid-sentence.
  struct Open {
    Block block;
    bool marked = false;
  };
  std::vector<Open> open;
  bool broken_by_furniture = true;
  for (std::size_t i = body; i < lines.size(); ++i) {
    ByteSpan span = lines[i].span;
    const std::string_view words = span.of(text);
    if (begins_disclaimer(words) && lines.size() - i <= 5) break;
    if (is_credit(words)) {
      broken_by_furniture = true;
      continue;
    }
    std::uint8_t level = 0;
    const std::size_t skip = marker(words, level);
    span.begin += skip;
    const std::size_t advertisement = find_advertisement(span.of(text));
    const bool advertised = advertisement != std::string_view::npos;
    if (advertised) span = trim(text, {span.begin, span.begin + advertisement});
    if (span.empty()) {
      broken_by_furniture = true;
      continue;
    }
    const bool complete = open.empty() || broken_by_furniture || ends_as_sentence(open.back().block.span.of(text)) ||
                          ends_in_colon(open.back().block.span.of(text));
    broken_by_furniture = advertised;
    if (skip != 0) {
      open.push_back({{BlockKind::kBullet, span, level}, true});
      continue;
    }
    constexpr std::size_t kHeadingMax = 40;
    const bool short_line = count_code_points(words) <= kHeadingMax && !ends_as_sentence(words);
    std::uint8_t next_level = 0;
    const bool before_bullet = i + 1 < lines.size() && marker(lines[i + 1].span.of(text), next_level) != 0;
    // A heading stands above bullets or prose and ends without a stop. A wrapped line is long, what follows it goes on.
    const bool previous_long = !open.empty() && count_code_points(open.back().block.span.of(text)) > kHeadingMax;
    if (!complete && open.back().block.kind != BlockKind::kHeading && (previous_long || !short_line)) {
      open.back().block.span.end = span.end;
      continue;
    }
    const bool heading = short_line && (before_bullet || i + 1 < lines.size());
    open.push_back({{heading ? BlockKind::kHeading : BlockKind::kParagraph, span, 0}, false});
  }
  for (std::size_t i = 0; i < open.size(); ++i) {
    Block block = open[i].block;
    block.span = trim_citations(text, block.span);
    if (block.span.empty()) continue;
    // A bullet that only names the bullets below it ("厂商进展:") is their heading.
    const bool names = block.kind == BlockKind::kBullet && ends_in_colon(block.span.of(text)) && i + 1 < open.size() &&
                       open[i + 1].marked && open[i + 1].block.level > block.level;
    if (names) block = {BlockKind::kHeading, block.span, static_cast<std::uint8_t>(block.level + 1)};
    article.blocks.push_back(block);
  }

  fill.outlet(article, outlet);
  ANNALS_CHECK_OK(fill.published(article, time, time_at));
  ANNALS_CHECK_OK(fill.observed(article, std::nullopt, 0));
  fill.language(article);
  return std::vector<Article>{std::move(article)};
}

}  // namespace annals
