#include "engine/claim/rules/metric/when.h"

#include <algorithm>
#include <string>

#include "engine/claim/rules/metric/words.h"

namespace annals::metric {
namespace {

// A time that stands right before the number is its own: 2025年的350亿美元, 从2024年5月的1200亿.
const TimeAt* time_beside(const Scene& scene, const QuantityAt& at, Range clause) {
  const TimeAt* beside = nullptr;
  for (const TimeAt& time : scene.sentence.times_at())
    if (clause.begin <= time.at.begin && time.at.end <= at.at.begin && !time.time->iso.empty() && has_date(*time.time))
      beside = &time;
  if (beside == nullptr) return nullptr;
  const std::string_view gap = scene.sentence.text({beside->at.end, at.at.begin});
  static constexpr std::string_view kGaps[] = {"",     " ",  "的",   "的约", "的近", "的不足",
                                               "不足", "约", "末的", "末",   "'s ",  "’s "};
  return std::find(std::begin(kGaps), std::end(kGaps), gap) == std::end(kGaps) ? nullptr : beside;
}

// A time as figures tell it: 年底, 季末 are the day when books close.
When figure_when(const TimeMention& time) {
  When when = claim_when(time, ClaimType::kMetric);
  std::string_view text = time.text;
  for (const std::string_view tail : {"前", "时", " ", "止"})
    if (text.ends_with(tail)) text.remove_suffix(tail.size());
  if (!(text.ends_with("底") || text.ends_with("末")) || text.ends_with("周末") || time.fiscal || !when.to ||
      text.find("至", 1) != std::string_view::npos || text.find("到", 1) != std::string_view::npos)
    return when;
  const Civil last = *when.to - std::chrono::hours(24);
  if (auto day = parse_when(format_civil_date(last))) return *std::move(day);
  return when;
}

// From the time of the first of two figures to the time of the second, where the clause before, or this one, tells of both.
std::optional<When> span_of_change(const Figure& figure) {
  const Scene& scene = figure.scene;
  const Sentence& sentence = figure.sentence;
  const auto& quantities = sentence.quantities_at();
  const std::size_t own = sentence.clause_at(figure.at.begin);
  if (figure.index < 2 || sentence.clause_at(quantities[figure.index - 1].at.begin) + 1 != own) return std::nullopt;
  const TimeAt* to =
      time_beside(scene, quantities[figure.index - 1], sentence.clause_range(quantities[figure.index - 1].at.begin));
  const TimeAt* from =
      time_beside(scene, quantities[figure.index - 2], sentence.clause_range(quantities[figure.index - 2].at.begin));
  if (from == nullptr || to == nullptr || !from->time->from || !to->time->to || *from->time->from >= *to->time->to)
    return std::nullopt;
  for (const TimeAt& time : sentence.times_at())
    if (figure.clause.covers(time.at)) return std::nullopt;
  const auto iso = [](const Civil& civil, Grain grain) {
    return grain >= Grain::kMonth ? format_civil_date(civil).substr(0, 7) : format_civil_date(civil);
  };
  auto when = parse_when(iso(*from->time->from, from->time->grain) + "/" + iso(*to->time->to, to->time->grain));
  if (!when) return std::nullopt;
  return *std::move(when);
}

// "2022年至2024年营收分别为A、B、C": each number has the year of its place in the row.
std::optional<When> year_of_row(const Figure& figure, const TimeMention& time) {
  const Scene& scene = figure.scene;
  const Sentence& sentence = figure.sentence;
  if (!time.from || !time.to) return std::nullopt;
  const auto& quantities = sentence.quantities_at();
  if (near(scene, figure.clause, {Word::kEach}) == nullptr &&
      sentence.text(figure.clause).find("分别") == std::string_view::npos)
    return std::nullopt;
  const date::year_month_day first{date::floor<date::days>(*time.from)};
  const date::year_month_day last{date::floor<date::days>(*time.to)};
  const int years = int(last.year()) - int(first.year());
  if (years < 2 || first.month() != date::January || last.month() != date::January) return std::nullopt;
  int count = 0;
  int place = -1;
  for (std::size_t i = 0; i < quantities.size(); ++i)
    if (figure.clause.covers(quantities[i].at) && quantities[i].quantity->kind == figure.quantity.kind) {
      if (i == figure.index) place = count;
      ++count;
    }
  if (count != years || place < 0) return std::nullopt;
  auto year = parse_when(std::to_string(int(first.year()) + place));
  if (!year) return std::nullopt;
  return *std::move(year);
}

}  // namespace

std::optional<When> when_of(const Figure& figure, const Measured& what, const Memory& memory, bool implied,
                            bool moves) {
  const Scene& scene = figure.scene;
  const Sentence& sentence = figure.sentence;
  const Quantity& quantity = figure.quantity;
  const Range whole = sentence.sentence_range(figure.at.begin);
  // 将是去年的两倍: what it is so many times of, not when it is.
  const TimeAt* beside = time_beside(scene, figure.number, figure.clause);
  if (beside != nullptr && !is_times(quantity)) return figure_when(*beside->time);
  // 从2024年5月的A升至2025年9月的B，增幅达…: the change took that long.
  if (quantity.kind == QuantityKind::kPercent || quantity.kind == QuantityKind::kMultiple)
    if (auto span = span_of_change(figure)) return span;
  const TimeAt* time = time_of(scene, figure.at);
  if (beside != nullptr && time != nullptr && time->at == beside->at) {
    time = nullptr;
    for (const TimeAt& earlier : sentence.times_at())
      if (figure.clause.covers(earlier.at) && earlier.at.end <= beside->at.begin && !earlier.time->iso.empty() && has_date(*earlier.time)) time = &earlier;
  }
  // "…2025年净利润…，同比增长…": growth is told of the period named last.
  if (time == nullptr && quantity.basis != Basis::kLevel)
    for (const TimeAt& earlier : sentence.times_at())
      if (earlier.at.end <= figure.clause.begin && earlier.at.begin >= whole.begin &&
          earlier.time->grain >= Grain::kDay && !earlier.time->iso.empty())
        time = &earlier;
  if (time != nullptr) {
    // "Than last year" names what is compared with, not when it was.
    const std::string_view before_time = sentence.text().substr(0, time->at.begin);
    const std::string_view after_time = sentence.text().substr(time->at.end);
    for (const std::string_view than : {"较", "比", "than ", "from "})
      if (before_time.ends_with(than) || after_time.starts_with("以来")) {
        time = nullptr;
        break;
      }
  }
  // What a day's report tells of a quarter: a day is no period of what flows.
  static constexpr std::string_view kFlows[] = {"revenue",      "profit",      "loss",      "margin",
                                                "eps",          "rd_spending", "capex",     "shipments",
                                                "sales_volume", "output",      "deliveries"};
  if (time != nullptr && time->time->grain <= Grain::kDay && what.measure != nullptr &&
      holds_any(what.measure->name, kFlows)) {
    const TimeAt* period = nullptr;
    for (const TimeAt& each : sentence.times_at())
      if (each.time->grain >= Grain::kMonth && !each.time->iso.empty() && each.at.end <= figure.at.begin)
        period = &each;
    const bool of_day = sentence.text(figure.clause).find("当日") != std::string_view::npos ||
                        sentence.text(figure.clause).find("单日") != std::string_view::npos;
    if (!of_day && time->time->mod != TimeMod::kUntil) time = period;
  }
  if (time != nullptr) {
    if (auto year = year_of_row(figure, *time->time)) return year;
    return figure_when(*time->time);
  }
  // 公司两周前宣布斥资…: when it said so is when it did.
  if (what.measure != nullptr && what.measure->act)
    if (const SourceScope* source = source_at(scene.sources, figure.at.begin);
        source != nullptr && source->said != nullptr &&
        sentence.text(source->cue).find("宣布") != std::string_view::npos)
      return claim_when(*source->said, ClaimType::kMetric);
  // What goes on from the figure before is of its time.
  if (implied && memory.when && memory.sentence_index == figure.sentence_index) return memory.when;
  // Prices of one session, told in a row.
  if (moves && memory.when && memory.when->grain == Grain::kDay) return memory.when;
  if (moves && scene.told != nullptr && scene.told->session) return scene.told->session;
  // Of shares: within a session that the text is written in.
  if (moves && scene.article.published && scene.article.english == false) {
    static constexpr std::string_view kSession[] = {"盘前", "盘中",     "早盘", "午盘", "午后", "开盘",
                                                    "尾盘", "截至发稿", "高开", "低开", "夜盘"};
    if (holds_any(sentence.text(whole), kSession))
      if (auto today = parse_when(format_civil_date(*scene.article.published))) return *std::move(today);
  }
  return std::nullopt;
}

}  // namespace annals::metric
