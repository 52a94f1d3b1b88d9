#include <algorithm>
#include <string>
#include <utility>

#include "engine/base/utf8.h"
#include "engine/claim/rules/metric/phrases.h"
#include "engine/claim/rules/metric/readers.h"
#include "engine/claim/rules/metric/words.h"

namespace annals::metric {

std::optional<Reading> by_unit(const Figure& figure, const Memory&) {
  const Scene& scene = figure.scene;
  const Sentence& sentence = figure.sentence;
  const Quantity& quantity = figure.quantity;
  const std::string unit = unit_of(sentence, figure.number);
  if (quantity.kind != QuantityKind::kMeasure &&
      (quantity.kind != QuantityKind::kNumber || !quantity.unit.empty() || unit.empty()))
    return std::nullopt;
  const std::string_view name = measure_of_unit(unit);
  if (name.empty()) return std::nullopt;
  // GB of what, W of what: a word beside it has to say so, where the unit measures many things.
  static constexpr std::pair<std::string_view, std::string_view> kBeside[] = {
      {"screen_size", "屏"},     {"screen_size", "显示"},     {"screen_size", "尺寸"},     {"screen_size", "电视"},
      {"screen_size", "screen"}, {"screen_size", "display"},  {"refresh_rate", "屏"},      {"refresh_rate", "刷新"},
      {"refresh_rate", "高刷"},  {"refresh_rate", "refresh"}, {"refresh_rate", "display"}, {"memory", "内存"},
      {"memory", "显存"},        {"memory", "ram"},           {"memory", "hbm"},           {"memory", "ddr"},
      {"memory", "存储"},        {"memory", "容量"},          {"memory", "闪存"},          {"memory", "memory"},
      {"memory", "storage"},     {"memory", "缓存"},          {"memory", "cache"},         {"power", "功"},
      {"power", "充"},           {"power", "电机"},           {"power", "马力"},           {"power", "power"},
      {"power", "tdp"},          {"power", "charg"},          {"frequency", "频"},         {"frequency", "核"},
      {"frequency", "clock"},    {"frequency", "speed"},      {"frequency", "boost"},      {"resolution", "摄"},
      {"resolution", "主摄"},    {"resolution", "相机"},      {"resolution", "camera"}};
  bool asks = false;
  bool beside = false;
  for (const auto& [measure, word] : kBeside)
    if (measure == name) asks = true, beside |= sentence.text(figure.clause).find(word) != std::string_view::npos;
  if (asks && !beside) return std::nullopt;
  if (name == "bandwidth" && (unit == "Gbps" || unit == "Mbps") &&
      sentence.text(figure.clause).find("带宽") == std::string_view::npos &&
      sentence.text(figure.clause).find("互") == std::string_view::npos)
    return std::nullopt;
  Measured found;
  found.name = name;
  // 16GB+256GB, 6GB/8GB: what a shop offers is a list, no figure.
  const std::string_view after = sentence.text().substr(figure.at.end);
  const std::string_view before = sentence.text().substr(0, figure.at.begin);
  if (after.starts_with("+") || after.starts_with(" +") || before.ends_with("+") || before.ends_with("+ ") ||
      after.starts_with("/") || before.ends_with("/"))
    return std::nullopt;
  const Range lead{figure.clause.begin, figure.at.begin};
  const bool said = near(scene, lead, {Word::kHold, Word::kLink, Word::kTo, Word::kRise}) != nullptr;
  const bool adjoins = std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& each) {
    return is_product(each.kind) && each.at.end <= figure.at.begin && figure.at.begin - each.at.end <= 2;
  });
  if (!said && !adjoins) return std::nullopt;
  return Reading{found};
}

std::optional<Reading> breadth(const Figure& figure, const Memory&) {
  const Sentence& sentence = figure.sentence;
  const Quantity& quantity = figure.quantity;
  if (sentence.english() || quantity.kind != QuantityKind::kNumber || (quantity.unit != "只" && quantity.unit != "家" && quantity.unit != "股"))
    return std::nullopt;
  std::string_view behind = sentence.text({figure.at.end, figure.clause.end});
  if (behind.starts_with(quantity.unit)) behind.remove_prefix(quantity.unit.size());
  static constexpr std::string_view kShares[] = {"个股", "股票", "成分股", "成份股", "概念股", "公司股价", "上市公司股价", "股"};
  const auto* shares = std::find_if(std::begin(kShares), std::end(kShares), [&](std::string_view word) { return behind.starts_with(word); });
  if (shares == std::end(kShares) && quantity.unit != "股") return std::nullopt;
  if (shares != std::end(kShares)) behind.remove_prefix(shares->size());
  static constexpr std::pair<std::string_view, std::string_view> kWays[] = {
      {"涨停", "limit_up_stocks"},   {"跌停", "limit_down_stocks"}, {"上涨", "advancing_stocks"}, {"收涨", "advancing_stocks"}, {"走高", "advancing_stocks"},
      {"飘红", "advancing_stocks"},  {"翻红", "advancing_stocks"},  {"下跌", "declining_stocks"}, {"收跌", "declining_stocks"}, {"走低", "declining_stocks"},
      {"飘绿", "declining_stocks"},  {"翻绿", "declining_stocks"},  {"实现上涨", "advancing_stocks"}};
  const auto* way = std::find_if(std::begin(kWays), std::end(kWays), [&](const auto& each) { return behind.starts_with(each.first); });
  if (way == std::end(kWays)) return std::nullopt;
  Measured found;
  found.name = way->second;
  found.counted = "个股";
  // Of the sector or market that opens the clause; a bare 全市场 is the mainland's shares.
  const Range phrase = trimmed(sentence, phrase_before(figure.scene, figure.clause, figure.at.begin));
  const std::string_view market = sentence.text(phrase);
  static constexpr std::string_view kMainland[] = {"全市场", "两市", "沪深两市", "沪深京三市", "三市", "沪深", "a股", "市场", "全a"};
  const bool mainland = std::find(std::begin(kMainland), std::end(kMainland), market) != std::end(kMainland);
  if (const Entity* shares_of = figure.scene.article.lexicon->find("a_shares"); mainland && shares_of != nullptr)
    return Reading{found, Subject{{shares_of->id, sentence.original_text(phrase), true}, phrase, EntityKind::kExchange}};
  if (!is_noun_phrase(sentence, phrase)) return std::nullopt;
  for (const Name& name : sentence.names())
    if (name.at == phrase) return Reading{found, subject_of_name(name)};
  return Reading{found, as_written_in(sentence, phrase, EntityKind::kOther)};
}

std::optional<Reading> parts(const Figure& figure, const Memory& memory) {
  const Scene& scene = figure.scene;
  const Sentence& sentence = figure.sentence;
  const Quantity& quantity = figure.quantity;
  if (quantity.kind != QuantityKind::kNumber || quantity.value < 2 || quantity.unit == "年" || quantity.unit == "月")
    return std::nullopt;
  static constexpr std::string_view kCounters[] = {"个", "颗", "张",   "片", "块",   "枚", "台", "组", "条", "核",
                                                   "层", "路", "路ub", "卡", "通道", "款", "套", "座", "家"};
  const bool counter = std::any_of(std::begin(kCounters), std::end(kCounters),
                                   [&](std::string_view unit) { return quantity.unit == unit; });
  if (!counter && !(sentence.english() && quantity.unit.empty())) return std::nullopt;
  const WordHit* hold = nullptr;
  for (const WordHit& hit : scene.words())
    if (is(hit, Word::kHold) && figure.clause.begin <= hit.begin && hit.end <= figure.at.begin) hold = &hit;
  // …, 4200台乙以及1100台丙: what is had goes on.
  const bool chained = memory.there && !memory.measured.counted.empty() && figure.clause.covers(memory.at) &&
                       memory.at.end < figure.at.begin &&
                       (sentence.text({memory.at.end, figure.at.begin}).ends_with("、") ||
                        sentence.text({memory.at.end, figure.at.begin}).ends_with("以及") ||
                        sentence.text({memory.at.end, figure.at.begin}).ends_with("和"));
  if (!chained && (hold == nullptr || leftover(scene, {hold->end, figure.at.begin}, true) > 6)) return std::nullopt;
  std::uint32_t begin = figure.at.end;
  if (sentence.text().substr(begin).starts_with(quantity.unit))
    begin += static_cast<std::uint32_t>(quantity.unit.size());
  while (begin < figure.clause.end && sentence.text()[begin] == ' ') ++begin;
  std::uint32_t end = begin;
  unsigned length = 0;
  while (end < figure.clause.end && length < (sentence.english() ? 30U : 14U)) {
    const CodePoint c = decode_utf8(sentence.text(), end);
    if (c.value == U'、' || c.value == '(' || c.value == U'和' || c.value == U'的' || c.value == U'及' ||
        c.value == U'与' || c.value == '.' || c.value == U'，' || sentence.text().substr(end).starts_with("以及"))
      break;
    end += c.length;
    ++length;
  }
  while (end > begin && sentence.text()[end - 1] == ' ') --end;
  if (count_code_points(sentence.text({begin, end})) < 2 || length >= (sentence.english() ? 30U : 14U))
    return std::nullopt;
  Measured found;
  found.counted = sentence.original_text({begin, end});
  found.name = found.counted;
  found.chained = chained;
  return Reading{found};
}

}  // namespace annals::metric
