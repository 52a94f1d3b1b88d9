#include "adapters/notes/digest_page/digest_page.h"

#include <algorithm>
#include <array>

#include "adapters/notes/heads.h"
#include "engine/base/utf8.h"

namespace annals {
namespace {

// "Outlet· 2025-12-09 06:31", or the time alone.
struct Stamp {
  ByteSpan outlet;  // empty where the line has the time alone
  PrintedTime time;
};

std::optional<Stamp> read_stamp(std::string_view text, ByteSpan line) {
  if (line.size() > 160) return std::nullopt;
  const std::string_view words = line.of(text);
  const auto time = find_printed_time(words);
  if (!time || time->wall.find('T') == std::string::npos || time->span.end != words.size()) return std::nullopt;
  Stamp stamp;
  stamp.time = *time;
  ByteSpan before = trim(text, {line.begin, line.begin + time->span.begin});
  if (before.empty()) return stamp;
  for (const std::string_view dot : {"·", "•", "・", "‧"}) {
    if (!before.of(text).ends_with(dot)) continue;
    before.end -= dot.size();
    stamp.outlet = trim(text, before);
    if (!stamp.outlet.empty()) return stamp;
  }
  return std::nullopt;
}

// Where a line's bullets begin: [marker's blank, text) for " - ", " * " or " • ", and for a marker at the very start.
struct Marker {
  std::size_t begin = 0;
  std::size_t text = 0;
};

// "2026 - 2028年", "5% - 8%", "1月26日 - 2月1日": a stretch of numbers, not a bullet. What stands before the sign and what
// the number behind it counts must be of one sort: "…增长12% - 2026年…" is two bullets.
bool is_range(std::string_view text, std::size_t blank, std::size_t next) {
  const auto is_digit = [](char32_t c) { return c >= '0' && c <= '9'; };
  if (next >= text.size() || !is_digit(static_cast<unsigned char>(text[next]))) return false;
  while (next < text.size() &&
         (is_digit(static_cast<unsigned char>(text[next])) || text[next] == '.' || text[next] == ','))
    ++next;
  while (next < text.size() && text[next] == ' ') ++next;
  const char32_t before = code_point_before(text, blank).value;
  const char32_t behind = next < text.size() ? decode_utf8(text, next).value : 0;
  const auto is_amount = [](char32_t c) {
    return c == U'元' || c == U'亿' || c == U'億' || c == U'万' || c == U'萬' || c == U'倍' || c == U'美' || c == U'港';
  };
  if (is_digit(before)) return true;
  if (before == '%') return behind == '%';
  if (before == U'年') return behind == U'年';
  if (before == U'月') return behind == U'月';
  if (before == U'日') return behind == U'月' || behind == U'日';
  return is_amount(before) && is_amount(behind);
}

std::vector<Marker> find_markers(std::string_view text, ByteSpan line, std::string_view sign) {
  std::vector<Marker> markers;
  const std::string token = std::string(sign) + " ";
  const std::string_view words = line.of(text);  // searched alone: the text behind it may be long
  for (std::size_t found = words.find(token); found != std::string_view::npos; found = words.find(token, found + 1)) {
    const std::size_t at = line.begin + found;
    const std::size_t behind = at + token.size();
    if (found == 0)
      markers.push_back({at, behind});
    else if (text[at - 1] == ' ' && !is_range(text, at - 1, behind))
      markers.push_back({at - 1, behind});
  }
  return markers;
}

constexpr auto kSigns = std::to_array<std::string_view>({"-", "*", "•"});

// The markers of the sign that the line uses most.
std::vector<Marker> find_markers(std::string_view text, ByteSpan line) {
  std::vector<Marker> best;
  for (const std::string_view sign : kSigns)
    if (auto found = find_markers(text, line, sign); found.size() > best.size()) best = std::move(found);
  return best;
}

bool has_markers(std::string_view text, ByteSpan line) { return !find_markers(text, line).empty(); }

std::size_t characters(std::string_view text, ByteSpan span) { return count_code_points(span.of(text)); }

// Names a topic: short, without clause punctuation. A heading in Latin letters may be longer.
// `commas`: a comma between its parts is allowed.
bool is_name(std::string_view text, ByteSpan span, std::size_t han_max, bool commas = false) {
  if (span.empty()) return false;
  std::size_t weight = 0;  // in halves of an ideograph: a Latin letter counts a half
  for (std::size_t at = span.begin; at < span.end;) {
    const CodePoint point = decode_utf8(text, at);
    at += point.length;
    const char32_t c = point.value;
    if ((c == U'，' && !commas) || c == U'。' || c == U'；' || c == U'！' || c == ';' || c == '!') return false;
    if (((c == ',' && !commas) || c == '.') &&
        (at >= span.end || text[at] == ' ' || static_cast<unsigned char>(text[at]) >= 0x80))
      return false;
    weight += c < 0x3000 ? 1 : 2;
  }
  return weight <= 2 * han_max;
}

// Ends in a word that names topics, as sections of a digest do. Only asked where no citation mark shows the bullet's
// end.
bool names_topic(std::string_view words) {
  static constexpr auto kTopics = std::to_array<std::string_view>(
      {"动态", "動態", "表现", "表現", "格局", "展望", "观点", "觀點", "现状", "現狀", "定位", "趋势", "趨勢", "机遇",
       "機遇", "影响", "影響", "分析", "背景", "细节", "細節", "进展", "進展", "预告", "預告", "概述", "概况", "概況",
       "内容", "內容", "论据", "論據", "原因", "产品", "產品", "客户", "客戶", "模式", "政策", "事件", "规划", "規劃",
       "方向", "能力", "路线", "路線", "差异", "差異", "风险", "風險", "估值", "依据", "依據", "概要", "看法", "思路",
       "问题", "問題", "结构", "結構", "前景", "逻辑", "邏輯", "路径", "路徑", "变化", "變化", "策略", "指引", "供给",
       "供給", "需求", "战略", "戰略", "布局", "佈局", "竞争", "競爭", "行业", "行業", "产业", "產業", "市场", "市場",
       "公司", "业务", "業務", "技术", "技術", "财务", "財務", "数据", "數據", "总结", "總結", "结论", "結論", "建议",
       "建議", "要点", "要點", "亮点", "亮點", "回应", "回應", "反应", "反應", "传闻", "傳聞", "历程", "歷程", "业绩",
       "業績", "性能", "架构", "架構", "生态", "生態", "应用", "應用", "梳理", "意图", "意圖", "信息"});
  static constexpr auto kEnglish = std::to_array<std::string_view>(
      {"overview", "outlook", "background", "developments", "highlights", "performance", "impact", "risks", "analysis",
       "summary", "market", "products", "policy", "details"});
  std::string lower(words);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return std::any_of(kTopics.begin(), kTopics.end(), [&](std::string_view topic) { return words.ends_with(topic); }) ||
         std::any_of(kEnglish.begin(), kEnglish.end(), [&](std::string_view topic) { return lower.ends_with(topic); });
}

// A bullet and, behind it, the name of the section that follows.
struct Segment {
  ByteSpan bullet;
  ByteSpan name;
};

bool has_citation(std::string_view text, ByteSpan span) {
  for (std::size_t at = span.begin; at < span.end; ++at) {
    if (text[at] != '[' && static_cast<unsigned char>(text[at]) < 0xE0) continue;
    if (citation_length(text, at) != 0) return true;
  }
  return false;
}

// `cited`: the article marks its bullets, so that one without a mark is a list of names and the like, not a row of
// sentences.
Segment part(std::string_view text, ByteSpan segment, bool last, bool cited) {
  segment = trim(text, segment);
  Segment out{segment, {segment.end, segment.end}};
  if (last) return out;
  constexpr std::size_t kNameAfterMarks = 40;  // ideographs
  constexpr std::size_t kNameWithComma = 24;
  constexpr std::size_t kNameAlone = 18;
  constexpr std::size_t kNameCited = 10;
  // The last citation mark, and what stands behind it.
  std::size_t mark_end = segment.begin;
  for (std::size_t at = segment.begin; at < segment.end; ++at) {
    if (text[at] != '[' && static_cast<unsigned char>(text[at]) < 0xE0) continue;
    if (const std::size_t length = citation_length(text, at); length != 0) {
      mark_end = at + length;
      at = mark_end - 1;
    }
  }
  const ByteSpan tail = trim(text, {mark_end, segment.end});
  if (mark_end > segment.begin) {
    const bool apart = mark_end < segment.end && is_blank(decode_utf8(text, mark_end).value);
    if (apart && is_name(text, tail, kNameAfterMarks)) return {{segment.begin, mark_end}, tail};
    if (apart && names_topic(tail.of(text)) && is_name(text, tail, kNameWithComma, true))
      return {{segment.begin, mark_end}, tail};
    if (tail.empty() || !apart) return out;
  }
  // No mark shows the end: the last phrase behind a blank, if it reads like a section's name.
  for (std::size_t at = tail.end; at > tail.begin;) {
    const Before before = code_point_before(text, at);
    if (is_blank(before.value)) {
      const ByteSpan name{at, tail.end};
      const bool topic =
          names_topic(name.of(text)) || (cited && mark_end == segment.begin && is_name(text, name, kNameCited));
      if (is_name(text, name, kNameAlone) && topic && !trim(text, {segment.begin, at}).empty())
        return {trim(text, {segment.begin, at}), name};
      // A name may hold blanks of its own around a Latin word: on to the blank before.
      if (characters(text, name) > 2 * kNameAlone) break;
    }
    at = before.begin;
  }
  return out;
}

bool is_bold(std::string_view words) {
  return words.size() > 4 && words.starts_with("**") && words.ends_with("**") &&
         words.find("**", 2) == words.size() - 2;
}

void add_block(std::string_view text, Article& article, BlockKind kind, ByteSpan span, std::uint8_t level) {
  span = trim_citations(text, span);
  if (!span.empty()) article.blocks.push_back({kind, span, level});
}

void read_line(std::string_view text, ByteSpan line, Article& article) {
  if (is_menu(line.of(text))) return;
  const std::vector<Marker> markers = find_markers(text, line);
  if (markers.empty()) {
    add_block(text, article, BlockKind::kParagraph, line, 0);
    return;
  }
  ByteSpan lead = trim_citations(text, {line.begin, markers.front().begin});
  if (is_bold(lead.of(text))) lead = {lead.begin + 2, lead.end - 2};
  if (!lead.empty()) {
    const bool name = is_name(text, lead, 40) || ends_as_sentence(lead.of(text)) == false;
    add_block(text, article, name && characters(text, lead) <= 80 ? BlockKind::kHeading : BlockKind::kParagraph, lead,
              0);
  }
  std::vector<ByteSpan> segments;
  std::size_t with_marks = 0;
  std::size_t plain = 0;  // segments that are not a heading of their own
  for (std::size_t i = 0; i < markers.size(); ++i) {
    segments.push_back(trim(text, {markers[i].text, i + 1 == markers.size() ? line.end : markers[i + 1].begin}));
    plain += !is_bold(segments.back().of(text));
    with_marks += has_citation(text, segments.back());
  }
  const bool cited = with_marks * 2 > plain;
  for (std::size_t i = 0; i < markers.size(); ++i) {
    const bool last = i + 1 == markers.size();
    const Segment segment = part(text, segments[i], last, cited);
    const ByteSpan bullet = trim_citations(text, segment.bullet);
    if (is_bold(bullet.of(text)))
      add_block(text, article, BlockKind::kHeading, {bullet.begin + 2, bullet.end - 2}, 1);
    else
      add_block(text, article, BlockKind::kBullet, bullet, 0);
    if (!segment.name.empty()) {
      const bool bold = is_bold(segment.name.of(text));
      add_block(text, article, BlockKind::kHeading,
                bold ? ByteSpan{segment.name.begin + 2, segment.name.end - 2} : segment.name, 0);
    }
  }
}

}  // namespace

int DigestPage::recognises(std::string_view text) const {
  text = recognisable(text);
  const std::vector<Line> lines = split_lines(text);
  std::size_t dotted = 0;
  std::size_t bulleted = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto stamp = read_stamp(text, lines[i].span);
    if (!stamp) continue;
    if (!stamp->outlet.empty()) ++dotted;
    if (i + 1 < lines.size() && has_markers(text, lines[i + 1].span)) ++bulleted;
  }
  if (dotted == 0) return bulleted > 0 ? 70 : 0;
  return bulleted > 0 ? 95 : dotted > 1 ? 80 : 45;
}

Result<std::vector<Article>> DigestPage::read(const Note& note, const OperatorHead& head) const {
  const std::string_view text = note.text;
  const std::vector<Line> all = split_lines(text);
  std::vector<Line> lines;
  std::copy_if(all.begin(), all.end(), std::back_inserter(lines), [](const Line& line) { return !line.empty(); });

  struct Found {
    std::size_t title;  // index of its line; the stamp is the next
    Stamp stamp;
  };
  std::vector<Found> found;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto stamp = read_stamp(text, lines[i].span);
    if (!stamp) continue;
    // A time alone is a stamp only where a bulleted line follows: text may hold a time on a line of its own.
    if (stamp->outlet.empty() && (i + 1 >= lines.size() || !has_markers(text, lines[i + 1].span))) continue;
    if (!found.empty() && found.back().title + 1 >= i - 1) continue;  // the title would be the stamp before
    found.push_back({i - 1, *stamp});
  }
  if (found.empty())
    return note_error(note, 0,
                      "expected a digest page: a title above a line such as 'Outlet· 2025-12-09 06:31', found none");

  const HeadFiller fill(note, head, found.size() == 1);
  std::vector<Article> articles;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::size_t end = i + 1 < found.size() ? found[i + 1].title : lines.size();
    Article article;
    article.head.ordinal = static_cast<std::uint32_t>(i + 1);
    article.title_span = lines[found[i].title].span;
    article.head.title = std::string(article.title_span.of(text));
    article.head.rendition = Rendition::kSummary;
    article.span = {article.title_span.begin, lines[end - 1].span.end};
    for (std::size_t line = found[i].title + 2; line < end; ++line) read_line(text, lines[line].span, article);
    fill.outlet(article, found[i].stamp.outlet.of(text));
    ANNALS_CHECK_OK(fill.published(article, found[i].stamp.time, lines[found[i].title + 1].span.begin));
    ANNALS_CHECK_OK(fill.observed(article, std::nullopt, article.span.begin));
    fill.language(article);
    articles.push_back(std::move(article));
  }
  return articles;
}

}  // namespace annals
