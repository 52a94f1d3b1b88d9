#include <algorithm>
#include <string>
#include <utility>

#include "engine/base/utf8.h"
#include "engine/claim/rules/metric/bearer.h"
#include "engine/claim/rules/metric/names.h"
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
  // DDR5 16Gb 4800颗粒: part of a designation.
  for (const Name& each : sentence.names())
    if (each.at.end <= figure.at.begin && designation_end(sentence, each) > figure.at.end) return std::nullopt;
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
  // 一个某某模块超过80平方毫米.
  const bool single = name == "area" && of_each(sentence.text(figure.clause)) && count_code_points(sentence.text(lead)) <= 10;
  if (!said && !adjoins && !single) return std::nullopt;
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
  // 某某概念爆发，近三十只成分股涨停: of the sector that the clause before is about.
  Range sector = phrase;
  const std::size_t own = sentence.clause_at(figure.at.begin);
  if (phrase.empty() && own > 0 && sentence.clauses()[own - 1].sentence == figure.sentence_index) {
    const Range earlier = sentence.clauses()[own - 1].at;
    for (const std::string_view kind : {"概念", "板块"})
      if (const std::size_t place = sentence.text(earlier).find(kind); place != std::string_view::npos && sector.empty())
        sector = trimmed(sentence, phrase_before(figure.scene, earlier, earlier.begin + static_cast<std::uint32_t>(place + kind.size())));
    if (const std::size_t there = sentence.text(sector).find("上"); !sector.empty() && there != std::string_view::npos)
      sector.begin += static_cast<std::uint32_t>(there + std::string_view("上").size());
  }
  if (!is_noun_phrase(sentence, sector)) return std::nullopt;
  for (const Name& name : sentence.names())
    if (name.at == sector) return Reading{found, subject_of_name(name)};
  return Reading{found, as_written_in(sentence, sector, EntityKind::kOther)};
}

namespace {

// "one million TPUs to train …": what they are for is no part of what is counted.
bool goes_on_in_english(std::string_view after) {
  static constexpr std::string_view kWords[] = {" to ", " for ", " in ", " at ", " by ", " on ", " from ", "s to ", "s for ", "s in ", "s at ", "s by "};
  return std::any_of(std::begin(kWords), std::end(kWords), [&](std::string_view word) { return after.starts_with(word); });
}

}  // namespace

std::optional<Reading> parts(const Figure& figure, const Memory& memory) {
  const Scene& scene = figure.scene;
  const Sentence& sentence = figure.sentence;
  const Quantity& quantity = figure.quantity;
  // 采用100%国产散热片: how much of it is so.
  const bool wholly = quantity.kind == QuantityKind::kPercent && (quantity.unit.empty() || quantity.unit == "%") && !sentence.english();
  if ((quantity.kind != QuantityKind::kNumber && !wholly) || quantity.value < 2 || quantity.unit == "年" || quantity.unit == "月")
    return std::nullopt;
  static constexpr std::string_view kCounters[] = {"个", "颗", "张",   "片", "块",   "枚", "台", "组", "条", "核",
                                                   "层", "路", "路ub", "卡", "通道", "款", "套", "座", "家"};
  const bool counter = std::any_of(std::begin(kCounters), std::end(kCounters),
                                   [&](std::string_view unit) { return quantity.unit == unit; });
  // 支持最大512芯片: what is counted stands right behind the number.
  static constexpr std::string_view kBare[] = {"芯片", "节点", "机柜", "机架", "核", "卡", "路", "层", "通道"};
  const std::string_view behind = sentence.text({figure.at.end, figure.clause.end});
  const bool bare = quantity.unit.empty() && quantity.value >= 8 && quantity.kind == QuantityKind::kNumber &&
                    std::any_of(std::begin(kBare), std::end(kBare), [&](std::string_view word) { return behind.starts_with(word); });
  if (!counter && !wholly && !bare && !(sentence.english() && quantity.unit.empty())) return std::nullopt;
  const WordHit* hold = nullptr;
  for (const WordHit& hit : scene.words())
    if (is(hit, Word::kHold) && figure.clause.begin <= hit.begin && hit.begin < figure.at.begin) hold = &hit;
  // …, 4200台乙以及1100台丙: what is had goes on.
  const bool chained = memory.there && !memory.measured.counted.empty() && figure.clause.covers(memory.at) &&
                       memory.at.end < figure.at.begin &&
                       (sentence.text({memory.at.end, figure.at.begin}).ends_with("、") ||
                        sentence.text({memory.at.end, figure.at.begin}).ends_with("以及") ||
                        sentence.text({memory.at.end, figure.at.begin}).ends_with("和"));
  // 用十万颗甲做实验.
  const std::string_view lead = sentence.text({figure.clause.begin, figure.at.begin});
  const bool with = lead.ends_with("用") && quantity.value >= 100;
  // …，乙提升至1024芯片: as many of the same.
  const bool more = bare && !memory.measured.counted.empty() && memory.in_sentence_of(figure) && to_level(sentence, {figure.clause.begin, figure.at.begin});
  static constexpr std::string_view kMade[] = {"采用", "使用", "选用", "应用"};
  if (wholly && std::none_of(std::begin(kMade), std::end(kMade), [&](std::string_view word) { return lead.ends_with(word); }))
    return std::nullopt;
  // 在2个世代间…: where, not what it has.
  if (lead.ends_with("在") || lead.ends_with("在 ")) return std::nullopt;
  // 搭载甲的两款新品: of what has it, not what it has.
  if (hold != nullptr && std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& name) {
        return name.at.begin >= hold->end && name.at.end <= figure.at.begin && sentence.text({name.at.end, figure.at.begin}) == "的";
      }))
    return std::nullopt;
  const unsigned slack = wholly ? 0U : 6U;
  if (!chained && !with && !more &&
      (hold == nullptr || leftover(scene, {std::min(hold->end, figure.at.begin), figure.at.begin}, true) > slack))
    return std::nullopt;
  std::uint32_t begin = figure.at.end;
  while (begin < figure.clause.end && sentence.text()[begin] == ' ') ++begin;
  for (const std::string_view over : {"多", "余"})
    if (sentence.text().substr(begin).starts_with(over)) begin += static_cast<std::uint32_t>(over.size());
  // 16 核心: a word of its own.
  if (sentence.text().substr(begin).starts_with(quantity.unit) && !sentence.text().substr(begin).starts_with("核心"))
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
  // 十万个甲来做…: a known name is all that is counted.
  for (const Name& name : sentence.names())
    if (name.at.begin == begin && name.entity != nullptr && name.at.end < end &&
        (is_han_text(sentence.text().substr(name.at.end)) || goes_on_in_english(sentence.text().substr(name.at.end)))) {
      end = name.at.end;
      length = 0;
    }
  while (end > begin && sentence.text()[end - 1] == ' ') --end;
  if (wholly && sentence.text({begin, figure.clause.end}).starts_with("的")) return std::nullopt;
  if (count_code_points(sentence.text({begin, end})) < 2 || length >= (sentence.english() ? 30U : 14U))
    return std::nullopt;
  Measured found;
  found.counted = sentence.original_text({begin, end});
  found.name = found.counted;
  found.chained = chained;
  return Reading{found};
}

}  // namespace annals::metric
