#include "adapters/notes/minutes/minutes.h"

#include <algorithm>
#include <array>

#include "adapters/notes/heads.h"
#include "engine/base/utf8.h"

namespace annals {
namespace {

constexpr auto kAsks = std::to_array<std::string_view>(
    {"Q", "q", "问题", "問題", "提问", "提問", "问", "問", "主持人", "记者", "記者", "Question", "Interviewer"});
constexpr auto kAnswers = std::to_array<std::string_view>(
    {"A", "a", "回答", "答复", "答覆", "答", "专家", "專家", "嘉宾", "嘉賓", "Answer", "Expert"});

// "Q:", "Q1：", "问 2:", "【问题三】" at the start of a line: bytes of the marker, 0 where there is none.
template <std::size_t N>
std::size_t marker(std::string_view line, const std::array<std::string_view, N>& words) {
  std::size_t at = 0;
  while (line.substr(at).starts_with("*")) ++at;  // bold in Markdown
  const bool bracketed = line.substr(at).starts_with("【");
  if (bracketed) at += 3;
  for (const std::string_view word : words) {
    if (!line.substr(at).starts_with(word)) continue;
    std::size_t cursor = at + word.size();
    for (std::size_t guard = 0; cursor < line.size() && guard < 4; ++guard) {
      const char c = line[cursor];
      if ((c >= '0' && c <= '9') || c == ' ' || c == '.') {
        ++cursor;
        continue;
      }
      bool numeral = false;
      for (const std::string_view digit : {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"}) {
        if (line.substr(cursor).starts_with(digit)) {
          cursor += digit.size();
          numeral = true;
          break;
        }
      }
      if (!numeral) break;
    }
    bool closed = false;
    if (bracketed && line.substr(cursor).starts_with("】")) {
      cursor += 3;
      closed = true;
    }
    while (line.substr(cursor).starts_with("*")) ++cursor;
    for (const std::string_view colon : {"：", ":"}) {
      if (line.substr(cursor).starts_with(colon)) {
        cursor += colon.size();
        closed = true;
        break;
      }
    }
    if (!closed) continue;
    while (line.substr(cursor).starts_with("*")) ++cursor;
    return cursor;
  }
  return 0;
}

// "主持人：某券商电新团队", "Expert: a former engineer": a head that says who speaks, not the first words spoken.
bool introduces(std::string_view line) {
  static constexpr auto kPeople = std::to_array<std::string_view>(
      {"主持人", "记者", "記者", "专家", "專家", "嘉宾", "嘉賓", "Interviewer", "Expert"});
  constexpr std::size_t kNameMax = 24;
  return count_code_points(line) <= kNameMax && !ends_as_sentence(line) &&
         std::any_of(kPeople.begin(), kPeople.end(), [&](std::string_view word) { return line.starts_with(word); });
}

std::size_t question(std::string_view line) { return marker(line, kAsks); }
std::size_t answer(std::string_view line) { return marker(line, kAnswers); }

}  // namespace

int Minutes::recognises(std::string_view text) const {
  text = recognisable(text);
  std::size_t asks = 0;
  std::size_t answers = 0;
  for (const Line& line : split_lines(text)) {
    asks += question(line.span.of(text)) != 0;
    answers += answer(line.span.of(text)) != 0;
  }
  if (asks >= 2 && answers >= 2) return 90;
  return asks >= 1 && answers >= 1 ? 60 : 0;
}

Result<std::vector<Article>> Minutes::read(const Note& note, const OperatorHead& head) const {
  const std::string_view text = note.text;
  const std::vector<Line> all = split_lines(text);
  std::vector<Line> lines;
  std::copy_if(all.begin(), all.end(), std::back_inserter(lines), [](const Line& line) { return !line.empty(); });
  const auto first_question = static_cast<std::size_t>(std::find_if(lines.begin(), lines.end(),
                                                                    [&](const Line& line) {
                                                                      return (question(line.span.of(text)) != 0 ||
                                                                              answer(line.span.of(text)) != 0) &&
                                                                             !introduces(line.span.of(text));
                                                                    }) -
                                                       lines.begin());
  if (first_question == lines.size())
    return note_error(
        note, 0,
        "expected minutes with questions and answers (lines that begin Q: and A:, or 问： and 答：), found none");

  Article article;
  article.head.rendition = Rendition::kMinutes;
  article.span = {lines.front().span.begin, lines.back().span.end};
  const HeadFiller fill(note, head, true);

  // The head: the time stands on a line of its own (or behind the source), the title above it.
  std::optional<PrintedTime> time;
  std::size_t time_line = first_question;
  std::optional<ByteSpan> outlet;
  for (std::size_t i = 0; i < first_question; ++i) {
    const std::string_view words = lines[i].span.of(text);
    if (const ByteSpan source = source_of(text, lines[i].span); !source.empty() && !outlet) outlet = source;
    const auto printed = find_printed_time(words);
    if (!time && printed && count_code_points(words) <= 60 && printed->span.size() * 2 >= words.size()) {
      time = printed;
      time_line = i;
    }
  }
  std::size_t title_line = first_question;
  const std::size_t before = time ? time_line : first_question;
  for (std::size_t i = before; i-- > 0;) {
    const std::string_view words = lines[i].span.of(text);
    if (is_menu(words) || !source_of(text, lines[i].span).empty()) continue;
    title_line = i;
    if (time) break;  // right above the time; without one the first line that is no menu
  }
  if (title_line == first_question && time_line + 1 < first_question) title_line = time_line + 1;
  if (title_line < first_question) {
    article.title_span = lines[title_line].span;
    article.head.title = std::string(article.title_span.of(text));
    article.span.begin = article.title_span.begin;
  }
  if (time_line < first_question) article.span.begin = std::min(article.span.begin, lines[time_line].span.begin);

  // Prose above the first question, without the head, the repeated title and what the outlet says about itself above
  // that.
  std::size_t body = std::min(title_line + 1, first_question);
  for (std::size_t i = first_question; i-- > title_line + 1;) {
    if (same_words(lines[i].span.of(text), article.head.title)) {
      body = i + 1;
      break;
    }
  }
  for (std::size_t i = body; i < first_question; ++i) {
    const std::string_view words = lines[i].span.of(text);
    if (i == time_line || is_menu(words) || !source_of(text, lines[i].span).empty() || is_credit(words) ||
        introduces(words))
      continue;
    article.blocks.push_back(
        {ends_as_sentence(words) || count_code_points(words) > 40 ? BlockKind::kParagraph : BlockKind::kHeading,
         lines[i].span, 0});
  }

  BlockKind kind = BlockKind::kParagraph;
  for (std::size_t i = first_question; i < lines.size(); ++i) {
    const std::string_view words = lines[i].span.of(text);
    constexpr std::size_t kDisclaimerBytes = 8 * 1024;
    if (begins_disclaimer(words) && lines.back().span.end - lines[i].span.begin < kDisclaimerBytes) {
      const std::string carrier =
          carrier_of(text.substr(lines[i].span.begin, lines.back().span.end - lines[i].span.begin));
      if (!carrier.empty()) article.head.carrier = carrier;
      break;
    }
    std::size_t skip = question(words);
    if (skip != 0) {
      kind = BlockKind::kQuestion;
    } else if ((skip = answer(words)) != 0) {
      kind = BlockKind::kAnswer;
    } else if (is_credit(words) || find_advertisement(words) != std::string_view::npos) {
      continue;
    } else if (kind == BlockKind::kAnswer && !ends_as_sentence(words) && count_code_points(words) <= 24 &&
               bullet_marker(words) == 0) {
      article.blocks.push_back({BlockKind::kHeading, lines[i].span, 0});
      continue;
    }
    if (skip == 0) skip = bullet_marker(words);
    const ByteSpan span = trim_citations(text, {lines[i].span.begin + skip, lines[i].span.end});
    if (!span.empty()) article.blocks.push_back({kind, span, 0});
  }

  fill.outlet(article, outlet ? outlet->of(text) : std::string_view());
  ANNALS_CHECK_OK(fill.published(article, time, time_line < lines.size() ? lines[time_line].span.begin : 0));
  ANNALS_CHECK_OK(fill.observed(article, std::nullopt, 0));
  fill.language(article);
  return std::vector<Article>{std::move(article)};
}

}  // namespace annals
