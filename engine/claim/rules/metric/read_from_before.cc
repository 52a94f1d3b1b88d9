#include <algorithm>
#include <string>

#include "engine/base/utf8.h"
#include "engine/claim/rules/metric/names.h"
#include "engine/claim/rules/metric/phrases.h"
#include "engine/claim/rules/metric/readers.h"
#include "engine/claim/rules/metric/words.h"

namespace annals::metric {
namespace {

// 均胜电子(600699)上涨…: a listed firm or fund, by its code.
std::optional<Subject> listed_before(const Figure& figure) {
  const Scene& scene = figure.scene;
  const Sentence& sentence = figure.sentence;
  const std::string_view lead = sentence.text({figure.clause.begin, figure.at.begin});
  const std::size_t close = lead.rfind(')');
  const std::size_t open = close == std::string_view::npos ? close : lead.rfind('(', close);
  if (open == std::string_view::npos || open == 0) return std::nullopt;
  const std::string_view code = lead.substr(open + 1, close - open - 1);
  const auto digits =
      static_cast<std::size_t>(std::count_if(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; }));
  const bool listed = (digits == code.size() && (digits == 6 || digits == 5)) || code.ends_with(".hk") ||
                      code.ends_with(".us") || code.ends_with(".sh") || code.ends_with(".sz") || code.ends_with(".o") ||
                      code.ends_with(".n");
  if (!listed) return std::nullopt;
  const auto end = figure.clause.begin + static_cast<std::uint32_t>(open);
  Range phrase = trimmed(sentence, phrase_before(scene, figure.clause, end));
  for (const std::string_view head : {"成分股", "权重股", "概念股", "龙头股", "个股", "股"})
    if (const std::size_t place = sentence.text(phrase).rfind(head);
        place != std::string_view::npos && place + head.size() < phrase.size()) {
      phrase.begin += static_cast<std::uint32_t>(place + head.size());
      break;
    }
  const Range with_code{phrase.begin, figure.clause.begin + static_cast<std::uint32_t>(close + 1)};
  for (const Name& name : sentence.names())
    if (name.at == phrase) return Subject{name.ref, with_code, name.kind};
  if (!is_noun_phrase(sentence, phrase)) return std::nullopt;
  return Subject{
      {std::string(sentence.text(phrase)), sentence.original_text(phrase), false}, with_code, EntityKind::kCompany};
}

// 50亿美元提升了…: the money of a sum, not what rose.
bool is_of_a_sum(const Sentence& sentence, const Name& currency) {
  return std::any_of(sentence.quantities_at().begin(), sentence.quantities_at().end(),
                     [&](const QuantityAt& sum) { return sum.at.touches(currency.at); });
}

}  // namespace

std::optional<Reading> moves_alike(const Figure& figure, const Memory& memory) {
  const Scene& scene = figure.scene;
  const Sentence& sentence = figure.sentence;
  const Quantity& quantity = figure.quantity;
  if (quantity.kind != QuantityKind::kPercent || memory.kind != QuantityKind::kPercent ||
      memory.measured.measure == nullptr || !memory.changed || figure.clause.covers(memory.at))
    return std::nullopt;
  if (memory.measured.name == "share_price" || memory.measured.name == "index_level" || memory.measured.name == "price")
    return std::nullopt;
  for (const Name& name : sentence.names()) {
    if (name.at.begin < figure.clause.begin || name.at.end > figure.at.begin) continue;
    const Range gap{name.at.end, figure.at.begin};
    const int way = direction(scene, gap);
    if (!stands_for_itself(name.kind) || way == 0 || leftover(scene, {figure.clause.begin, name.at.begin}, false) > 1 ||
        leftover(scene, gap, false) > 1 || to_level(sentence, gap))
      return std::nullopt;
    Measured found = memory.measured;
    found.word.reset();
    found.change = true;
    found.falls = way < 0;
    return Reading{found, subject_of_name(name)};
  }
  return std::nullopt;
}

std::optional<Reading> price_move(const Figure& figure, const Memory&) {
  static constexpr std::string_view kGoodsMove[] = {
      "涨",      "跌",   "降价",    "贬值",   "升值",    "rose",   "fell",    "gained", "lost",    "jumped",  "dropped",
      "climbed", "slid", "tumbled", "surged", "plunged", "soared", "slipped", "sank",   "rallied", "declined"};
  const Scene& scene = figure.scene;
  const Sentence& sentence = figure.sentence;
  const Quantity& quantity = figure.quantity;
  if (quantity.kind != QuantityKind::kPercent && !(quantity.unit == "点" || quantity.unit == "points"))
    return std::nullopt;
  std::optional<Subject> name = listed_before(figure);
  if (!name)
    for (const Name& each : sentence.names())
      if (figure.clause.begin <= each.at.begin && each.at.end <= figure.at.begin &&
          (stands_for_itself(each.kind) || (each.kind == EntityKind::kCurrency && !is_of_a_sum(sentence, each))) && !compared(scene, each, figure.clause))
      {
        name = subject_of_name(each);
        // DDR5 16Gb 4800颗粒上涨…
        if (const std::uint32_t end = designation_end(sentence, each); end > each.at.end && end <= figure.at.begin) {
          name->at.end = end;
          name->ref.text = sentence.original_text(name->at);
        }
      }
  // 该股今年以来下跌9%: of the firm told of.
  if (!name && (sentence.text(figure.clause).starts_with("该股") || sentence.text(figure.clause).starts_with("该公司股"))) {
    const Range stock{figure.clause.begin, figure.clause.begin + static_cast<std::uint32_t>(std::string_view("该股").size())};
    if (scene.told != nullptr && scene.told->company) name = Subject{scene.told->company->ref, stock, EntityKind::kCompany};
    else if (scene.article.company && scene.article.company_clear) name = Subject{scene.article.company->ref, stock, EntityKind::kCompany};
  }
  if (!name) return std::nullopt;
  const Range gap{name->at.end, figure.at.begin};
  // 功耗比甲低, 性能提升: of goods only prices rise and fall by themselves.
  if (is_product(name->kind) && !holds_any(sentence.text(gap), kGoodsMove)) return std::nullopt;
  const int way = direction(scene, gap);
  static constexpr std::string_view kPlain[] = {
      "涨",     "跌",     "升",      "挫",      "高开",     "低开", "走高",    "走低",   "rose",    "fell",
      "gained", "lost",   "jumped",  "dropped", "climbed",  "slid", "tumbled", "surged", "plunged", "up ",
      "down ",  "soared", "slipped", "added",   "advanced", "sank", "rallied", "shed",   "declined"};
  if (way == 0 || leftover(scene, gap, false) > (sentence.english() ? 3U : 0U) ||
      !holds_any(sentence.text(gap), kPlain))
    return std::nullopt;
  Measured found;
  found.name = is_company(name->kind) ? "share_price" : name->kind == EntityKind::kIndex ? "index_level" : "price";
  found.change = true;
  found.falls = way < 0;
  return Reading{found, name};
}

namespace {

// …，甲与乙保持一致，均为3.35TB/s: whoever opens a clause between is told of, not who was before.
std::optional<Subject> told_between(const Figure& figure, const Memory& memory) {
  const Sentence& sentence = figure.sentence;
  for (std::size_t i = sentence.clause_at(figure.at.begin); i > 0;) {
    const Range clause = sentence.clauses()[--i].at;
    if (clause.begin <= memory.at.end) break;
    for (const Name& name : sentence.names())
      if (clause.covers(name.at) && stands_for_itself(name.kind) && is_company(name.kind) == is_company(memory.subject.kind) &&
          leftover(figure.scene, {clause.begin, name.at.begin}, false) == 0)
        return subject_of_name(name);
  }
  return std::nullopt;
}

}  // namespace

namespace {

// Which way it went, by a noun or a verb right behind the number: 20%的增长. 0: none.
int way_behind(std::string_view behind) {
  if (behind.starts_with("的")) behind.remove_prefix(std::string_view("的").size());
  static constexpr std::string_view kUp[] = {"同比增长", "年增长", "增长", "增幅", "涨幅", "升幅"};
  static constexpr std::string_view kDown[] = {"同比下降", "下降", "下滑", "降幅", "跌幅", "减幅"};
  const auto whole = [&](std::string_view word) { return behind == word; };
  if (std::any_of(std::begin(kUp), std::end(kUp), whole)) return 1;
  return std::any_of(std::begin(kDown), std::end(kDown), whole) ? -1 : 0;
}

// 较上年, 比上月: held against another time, not against somebody.
bool is_compared_with_time(std::string_view lead) {
  static constexpr std::string_view kTimes[] = {"较上", "较前", "较去年", "较年初", "较同期", "比上", "比去年", "比前", "比年初", "同比", "环比", "与上年", "与去年"};
  return holds_any(lead, kTimes);
}

// "above analysts' estimates of $55 billion", "compared with 60% expected".
bool is_expectation_in_english(std::string_view lead, std::string_view behind) {
  static constexpr std::string_view kAgainst[] = {"above", "below", "than", "compared", "versus", "beating", "topping", "missing", "short of", "ahead of", "vs"};
  if (!holds_any(lead, kAgainst)) return false;
  if (behind.starts_with(" expected") || behind.starts_with(" forecast") || behind.starts_with(" estimated") || behind.starts_with(" analysts ")) return true;
  static constexpr std::string_view kExpected[] = {"estimate of ", "estimates of ", "estimates for ", "expectations of ", "expectations for ", "expectation of ",
                                                   "consensus of ", "consensus estimate of ", "forecast of ", "forecasts of ", "forecasts for ", "guidance of "};
  return std::any_of(std::begin(kExpected), std::end(kExpected), [&](std::string_view word) { return lead.ends_with(word); });
}

// 较其旧预测, 高于市场预期的: what is held against was expected, and the figure right behind it is that.
bool is_expectation(std::string_view lead) {
  static constexpr std::string_view kExpected[] = {"旧预测", "原预测",   "此前预测", "此前的预测", "前次预测",   "此前预期", "此前的预期", "市场预期",
                                                   "市场预测", "市场预估", "一致预期", "分析师预期", "分析师预测", "分析师预估", "机构预期",   "普遍预期"};
  static constexpr std::string_view kAgainst[] = {"较", "比", "高于", "低于", "超过", "超出", "好于", "不及", "优于", "逊于", "相比", "对比"};
  for (const std::string_view tail : {" ", "约", "的", "为", "值"})
    if (lead.ends_with(tail)) lead.remove_suffix(tail.size());
  const bool expected = std::any_of(std::begin(kExpected), std::end(kExpected), [&](std::string_view word) { return lead.ends_with(word); });
  const bool against = std::any_of(std::begin(kAgainst), std::end(kAgainst), [&](std::string_view word) { return lead.find(word) < 12; });
  return expected && against && count_code_points(lead) <= 16;
}

std::string without_brackets(std::string_view text) {
  std::string out;
  int depth = 0;
  for (const char c : text) {
    depth += c == '(';
    if (depth == 0) out += c;
    if (c == ')' && depth > 0) --depth;
  }
  return out;
}

}  // namespace

std::optional<Reading> goes_on(const Figure& figure, const Memory& memory) {
  const Scene& scene = figure.scene;
  const Sentence& sentence = figure.sentence;
  const Quantity& quantity = figure.quantity;
  const Subject subject = told_between(figure, memory).value_or(memory.subject);
  // 股价升2.3%，报610元: the price itself.
  if (quantity.kind == QuantityKind::kMoney && memory.kind == QuantityKind::kPercent &&
      memory.measured.name == "share_price") {
    std::string_view lead_text = sentence.text({figure.clause.begin, figure.at.begin});
    static constexpr std::string_view kAt[] = {"报", "收报", "现报", "收于", "报于", "报收", "至", "at ", "to "};
    if (lead_text.size() <= 15 &&
        std::any_of(std::begin(kAt), std::end(kAt), [&](std::string_view word) { return lead_text.ends_with(word); })) {
      Measured level = memory.measured;
      level.word.reset();
      level.change = level.falls = false;
      return Reading{level, subject};
    }
  }
  std::uint32_t begin = figure.clause.begin;
  if (memory.at.end > begin && memory.at.end <= figure.at.begin) begin = memory.at.end;
  const Range lead{begin, figure.at.begin};
  const bool change = quantity.kind == QuantityKind::kPercent || is_times(quantity);
  const bool same = quantity.kind == memory.kind && unit_of(sentence, figure.number) == memory.unit;
  Measured found = memory.measured;
  found.word.reset();
  int way = direction(scene, lead);
  // 五年翻两倍: the number says itself that it rose; 接近40%增长: the word for it stands behind.
  if (way == 0 && quantity.kind == QuantityKind::kMultiple && sentence.text(figure.at).starts_with("翻") && figure.at.end == figure.clause.end)
    way = 1;
  if (way == 0 && change)
    way = way_behind(sentence.text({figure.at.end, figure.clause.end}));
  // 较前一日放量80亿元: by how much, in the figure's own unit.
  if (same && !change && way != 0 && !to_level(sentence, lead) && near(scene, lead, {Word::kCompare, Word::kLink}) != nullptr &&
      is_compared_with_time(sentence.text(lead)) && leftover(scene, lead, false) <= 1) {
    found.change = true;
    found.falls = way < 0;
    return Reading{found, subject};
  }
  // 较其旧预测2.5元, 高于市场预期的90亿元: what was expected of the same.
  const std::string_view behind_number = sentence.text({figure.at.end, figure.clause.end});
  if (same && (sentence.english() ? is_expectation_in_english(sentence.text(lead), behind_number) : is_expectation(sentence.text(lead)))) {
    found.expected = true;
    found.change = memory.changed && quantity.kind == QuantityKind::kPercent;
    found.falls = found.change && memory.fell;
    return Reading{found, subject};
  }
  // "…, twice that of the H100", "…, about half that of its predecessor".
  if (sentence.english() && is_times(quantity) && way == 0 && behind_number.starts_with(" that of ") && leftover(scene, lead, false) == 0 && !found.name.empty()) {
    found.change = found.falls = false;
    return Reading{found, subject};
  }
  // 产生80亿元的现金，相当于市值的4%: what part of something else the figure is.
  if (quantity.kind == QuantityKind::kPercent && !sentence.english() && sentence.text(lead).starts_with("相当于") &&
      sentence.text(lead).ends_with("的")) {
    found.name = "share_of";
    found.measure = nullptr;
    return Reading{found, subject};
  }
  // 较2021年27%的高点下降近四成: held against a figure that is not the one before.
  const bool another =
      std::any_of(sentence.quantities_at().begin(), sentence.quantities_at().end(), [&](const QuantityAt& other) {
        return lead.covers(other.at) && other.quantity->kind == quantity.kind &&
               unit_of(sentence, other) == unit_of(sentence, figure.number) &&
               near(scene, {lead.begin, other.at.begin}, {Word::kCompare}) != nullptr;
      });
  if (another && change) return std::nullopt;
  // 能效比达到…，是前代的两倍; 性能是甲的10倍，是乙的4倍: the same figure held against something else.
  if (is_times(quantity) && way == 0 && sentence.text(lead).ends_with("的") && !found.name.empty()) {
    const std::string unbracketed = without_brackets(sentence.text(lead));
    std::string_view opening = unbracketed;
    while (opening.starts_with(" ")) opening.remove_prefix(1);
    for (const std::string_view adverb : {"几乎", "大约", "约", "更", "已", "也"})
      if (opening.starts_with(adverb)) opening.remove_prefix(adverb.size());
    // …的一半，甲的四分之一: what is held against next.
    const bool another_one = memory.times && std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& name) {
      return name.at.begin == lead.begin && name.at.end + 12 >= figure.at.begin;
    });
    const bool held = another_one || opening.starts_with("是") || opening.starts_with("为") || opening.starts_with("达到") ||
                      opening.starts_with("相当于");
    if (held && count_code_points(opening) <= 16) {
      found.change = found.falls = false;
      return Reading{found, subject};
    }
  }
  // 低于此前预测的0.6%: what it is held against, not by how much it fell.
  if (change && sentence.text(lead).ends_with("的")) return std::nullopt;
  // A figure between that was not read: what it rose by is its own.
  const bool unread =
      std::any_of(sentence.quantities_at().begin(), sentence.quantities_at().end(), [&](const QuantityAt& other) {
        return memory.at.end <= other.at.begin && other.at.end <= figure.at.begin &&
               (other.quantity->kind == QuantityKind::kMoney || other.quantity->kind == QuantityKind::kMeasure ||
                (other.quantity->kind == QuantityKind::kNumber && !idle(*other.quantity, sentence.text(other.at)))) &&
               near(scene, {sentence.clause_range(other.at.begin).begin, other.at.begin}, {Word::kCompare}) == nullptr;
      });
  if (change && unread) return std::nullopt;
  if (change && (way != 0 || quantity.basis != Basis::kLevel) && leftover(scene, lead, false) <= 1 &&
      !(same && to_level(sentence, lead))) {
    found.change = true;
    found.falls = way < 0;
    return Reading{found, subject};
  }
  // 同比增长20%，达到500亿元: the level that it rose to.
  if (!same && memory.changed && memory.measured.measure != nullptr && begin == figure.clause.begin && begin > memory.at.end &&
      quantity.kind != QuantityKind::kPercent && !is_times(quantity) && takes(*memory.measured.measure, quantity, false) &&
      leftover(scene, lead, false) == 0) {
    static constexpr std::string_view kReached[] = {"达", "达到", "至", "到", "为", "增至", "升至", "降至", "接近", "超过", "突破"};
    std::string_view reached = sentence.text(lead);
    for (const std::string_view tail : {" ", "约", "近"})
      if (reached.ends_with(tail)) reached.remove_suffix(tail.size());
    const bool own_bound = sentence.text(figure.at).starts_with("超") || sentence.text(figure.at).starts_with("突破") || sentence.text(figure.at).starts_with("接近");
    if (own_bound || std::any_of(std::begin(kReached), std::end(kReached), [&](std::string_view word) { return reached.ends_with(word); })) {
      found.change = found.falls = false;
      return Reading{found, subject};
    }
  }
  if (!same) return std::nullopt;
  // Another's figure of the same kind, held against it.
  const std::string_view text = sentence.text(lead);
  if ((way != 0 || near(scene, lead, {Word::kCompare}) != nullptr) && text.ends_with("的"))
    for (const Name& name : sentence.names())
      if (lead.covers(name.at) && name.at.end + 3 == figure.at.begin && stands_for_itself(name.kind) &&
          leftover(scene, {begin, name.at.begin}, false) <= 1) {
        return Reading{found, subject_of_name(name)};
      }
  // …，乙业务将翻倍至约250亿美元: another's figure of the same kind, by name.
  const bool moves =
      way != 0 || text.find("翻倍") != std::string_view::npos || text.find("翻番") != std::string_view::npos;
  if (begin == figure.clause.begin && moves && to_level(sentence, lead) && figure.clause.begin > memory.at.end)
    for (const Name& name : sentence.names())
      if (name.at.begin == figure.clause.begin && lead.covers(name.at) && stands_for_itself(name.kind) &&
          is_company(name.kind) == is_company(memory.subject.kind)) {
        if (leftover(scene, {name.at.end, figure.at.begin}, false) > 8) break;
        return Reading{found, subject_of_name(name)};
      }
  if (leftover(scene, lead, false) > 0 || begin != figure.clause.begin) return std::nullopt;
  // …死亡人数19人，247人受伤: another thing's number has its own words behind it.
  if (quantity.kind == QuantityKind::kNumber && figure.at.end < figure.clause.end) {
    std::string_view rest = sentence.text({figure.at.end, figure.clause.end});
    if (rest.starts_with(quantity.unit)) rest.remove_prefix(quantity.unit.size());
    while (rest.starts_with(" ")) rest.remove_prefix(1);
    if (!rest.empty() && is_han_text(rest) && !rest.starts_with("左右") && !rest.starts_with("以上") &&
        !rest.starts_with("以下") && !rest.starts_with("的水平"))
      return std::nullopt;
  }
  // 环比增长0.4%，预估为0.3%: what was expected is a change as well.
  const bool change_too = memory.changed && quantity.kind == QuantityKind::kPercent && !to_level(sentence, lead);
  if (way != 0 && !to_level(sentence, lead) && !change_too) return std::nullopt;
  found.change = change_too;
  found.falls = change_too && (way < 0 || (way == 0 && memory.fell));
  return Reading{found, subject};
}

}  // namespace annals::metric
