#include "engine/claim/rules/metric/refusals.h"

#include <algorithm>
#include <string_view>

#include "engine/base/utf8.h"
#include "engine/claim/rules/metric/bearer.h"
#include "engine/claim/rules/metric/names.h"
#include "engine/claim/rules/metric/words.h"

namespace annals::metric {
namespace {

// ---- Numbers that are no figures.

// 第三, the second.
bool is_ordinal(const Figure& figure) { return figure.quantity.kind == QuantityKind::kOrdinal; }

// 约合…元 says the same sum again in another money.
bool says_it_again(const Figure& figure) {
  if (figure.quantity.kind != QuantityKind::kMoney) return false;
  const std::string_view own = figure.sentence.text(figure.at);
  if (own.starts_with("约合") || own.starts_with("折合") || own.starts_with("合")) return true;
  std::string_view lead = figure.sentence.text({figure.clause.begin, figure.at.begin});
  if (lead.size() > 30) lead = lead.substr(lead.size() - 30);
  static constexpr std::string_view kAgain[] = {"约合", "折合", "合约", "相当于约", "汇率"};
  return holds_any(lead, kAgain);
}

// Coupons make an offer of a price.
bool is_offer(const Figure& figure) {
  static constexpr std::string_view kOffers[] = {
      "百亿补贴", "限时",   "权益价", "一口价", "置换价", "旗舰店", "点此",   "单品", "满减",     "立省", "优惠券",
      "红包",     "折优惠", "折政府", "领券",   "券后",   "国补",   "到手价", "立减", "直达链接", "晒单", "到手"};
  return holds_any(figure.sentence.text(figure.clause), kOffers);
}

// A row of a flattened table has no subject of its own.
bool in_flat_row(const Figure& figure) {
  return numbers_in_clause(figure) > 10 && near(figure.scene, figure.clause, {Word::kEach}) == nullptr;
}

// Nor has a list of prices.
bool in_price_list(const Figure& figure) {
  if (figure.quantity.kind != QuantityKind::kMoney) return false;
  const auto& quantities = figure.sentence.quantities_at();
  return std::count_if(quantities.begin(), quantities.end(),
                       [](const QuantityAt& other) { return other.quantity->kind == QuantityKind::kMoney; }) > 12;
}

// 1.3:1: a ratio is no figure by its parts.
bool in_ratio(const Figure& figure) {
  if (figure.quantity.kind != QuantityKind::kNumber) return false;
  const std::string_view ahead = figure.sentence.text().substr(figure.at.end);
  const std::string_view behind = figure.sentence.text().substr(0, figure.at.begin);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return (ahead.size() > 1 && ahead[0] == ':' && is_digit(ahead[1])) ||
         (behind.size() > 1 && behind.back() == ':' && is_digit(behind[behind.size() - 2]));
}

// 12GB+256GB: nor is a choice of builds.
bool in_choice_of_builds(const Figure& figure) {
  if (figure.quantity.unit != "GB" && figure.quantity.unit != "TB") return false;
  const std::string_view ahead = figure.sentence.text().substr(figure.at.end);
  const std::string_view behind = figure.sentence.text().substr(0, figure.at.begin);
  return ahead.starts_with("+") || behind.ends_with("+") || ahead.starts_with(" +") || behind.ends_with("+ ");
}

// 12-layer: part of a word.
bool in_compound(const Figure& figure) {
  return figure.quantity.kind == QuantityKind::kNumber && figure.sentence.text().substr(figure.at.end).starts_with("-");
}

// RX 5600 XT, Windows 11: the number of a model or an edition, behind a word in Latin letters of a Chinese text that no measure goes by.
bool in_model_name(const Figure& figure) {
  const Quantity& quantity = figure.quantity;
  if (figure.sentence.english() || quantity.kind != QuantityKind::kNumber || !quantity.unit.empty() || quantity.high) return false;
  const std::string_view written = figure.sentence.text(figure.at);
  if (written.size() > 5 || !std::all_of(written.begin(), written.end(), [](char c) { return c >= '0' && c <= '9'; })) return false;
  const std::string_view all = figure.sentence.text();
  // 平板7 Ultra: or with the word of an edition behind it.
  static constexpr std::string_view kEditions[] = {"ultra", "pro", "max", "plus", "mini", "air", "se", "xt", "ti", "super", "lite", "gen"};
  std::string_view edition = all.substr(figure.at.end);
  if (edition.starts_with(" ")) edition.remove_prefix(1);
  std::size_t word = 0;
  while (word < edition.size() && edition[word] >= 'a' && edition[word] <= 'z') ++word;
  if (std::find(std::begin(kEditions), std::end(kEditions), edition.substr(0, word)) != std::end(kEditions)) return true;
  std::uint32_t end = figure.at.begin;
  if (end > 0 && all[end - 1] == ' ') --end;
  std::uint32_t begin = end;
  while (begin > 0 && all[begin - 1] >= 'a' && all[begin - 1] <= 'z') --begin;
  if (end - begin < 2) return false;
  const std::string_view after = all.substr(figure.at.end);
  const bool goes_on = after.size() > 1 && ((after[0] == ' ' && after[1] >= 'a' && after[1] <= 'z') || (after[0] >= 'a' && after[0] <= 'z'));
  return goes_on && std::none_of(figure.scene.words().begin(), figure.scene.words().end(),
                                 [&](const WordHit& hit) { return range_of(hit).touches({begin, end}); });
}

constexpr bool (*kNoFigures[])(const Figure&) = {
    is_ordinal, says_it_again, is_offer, in_flat_row, in_price_list, in_ratio, in_choice_of_builds, in_compound, in_model_name,
};

// ---- Figures of the wrong one.

struct Case {
  const Figure& figure;
  const Reading& reading;
  const Memory& memory;
  const Measured& what;
  const Subject& subject;
  const Sentence& sentence;
  const Quantity& quantity;

  bool read_by(ReadBy by) const { return reading.by == by; }
  // The subject stands in the number's clause.
  bool named_here() const { return figure.clause.covers(subject.at); }
  // 一片晶圆可切出…: of a thing counted singly that opens the clause.
  bool of_each() const {
    if (!named_here()) return false;
    const std::string_view before = sentence.text({figure.clause.begin, std::max(figure.clause.begin, subject.at.begin)});
    return metric::of_each(before) && count_code_points(before) == 2;
  }
  const Entity* entity() const { return figure.scene.article.lexicon->find(subject.ref.id); }
};

bool is_chip_or_memory(const Entity* entity) {
  return entity != nullptr && (entity->tagged("chip") || entity->tagged("memory"));
}

// 甲、乙分别持股90%、10%: not of who is named elsewhere.
bool is_others_share(const Case& c) {
  return !c.what.row && near(c.figure.scene, {c.figure.clause.begin, c.figure.at.begin}, {Word::kEach}) != nullptr &&
         (c.subject.at == c.figure.at ||
          (!c.named_here() && c.sentence.clause_at(c.subject.at.begin) + 1 < c.sentence.clause_at(c.figure.at.begin)));
}

// A noun that no list has is told of somebody only in the same sentence.
bool is_noun_of_another_sentence(const Case& c) {
  if (!c.read_by(ReadBy::kNoun)) return false;
  // What an article is about has such figures where they open the sentence; behind that, the sentence speaks of something of its own.
  const bool opens = c.sentence.sentence_range(c.figure.at.begin).begin == c.figure.clause.begin;
  const bool of_article = c.subject.at == c.figure.at && is_company(c.subject.kind) && !opens;
  return of_article || !c.sentence.sentence_range(c.figure.at.begin).covers(c.subject.at);
}

// 车企…零百加速时间为5.4秒: what lasts so long by a noun that no list has is a thing's, not its maker's.
bool is_duration_of_a_firm(const Case& c) {
  return c.quantity.kind == QuantityKind::kDuration && c.read_by(ReadBy::kNoun) && is_company(c.subject.kind);
}

// 我哋有十個…: of who speaks.
bool is_speakers_own(const Case& c) {
  static constexpr std::string_view kSpeakers[] = {"我们", "我哋", "我", "佢哋", "佢",   "他们", "她们",
                                                   "他",   "她",   "你", "大家", "自己", "本人"};
  if (!c.what.word || c.named_here()) return false;
  std::string_view opening = c.sentence.text(c.figure.clause);
  for (const std::string_view mark : {"「", "“", "『", "但", "而", "「", " "})
    if (opening.starts_with(mark)) opening.remove_prefix(mark.size());
  return std::any_of(std::begin(kSpeakers), std::end(kSpeakers),
                     [&](std::string_view word) { return opening.starts_with(word); });
}

// 量产321层闪存, 生产2nm芯片: what kind of thing, not how many.
bool is_kind_of_thing(const Case& c) {
  static constexpr std::string_view kKinds[] = {"层", "纳米", "奈米", "nm", "英寸", "寸", "线", "核", "代"};
  return c.what.is_act() && std::find(std::begin(kKinds), std::end(kKinds), c.quantity.unit) != std::end(kKinds);
}

// 锁定三个席位: shares are counted in shares.
bool is_of_no_shares(const Case& c) {
  return (c.what.name == "locked_shares" || c.what.name == "pledged_shares" || c.what.name == "placed_shares") && c.quantity.unit != "股";
}

// 骨干员工合计300万股: people are not counted in shares or machines.
bool is_of_other_counter(const Case& c) {
  static constexpr std::string_view kPeople[] = {"headcount", "users", "customers", "people", "visitors", "deaths", "population"};
  static constexpr std::string_view kThings[] = {"股", "台", "辆", "张", "片", "颗", "件", "座", "栋", "架", "吨", "套", "部"};
  return std::find(std::begin(kPeople), std::end(kPeople), c.what.name) != std::end(kPeople) &&
         std::find(std::begin(kThings), std::end(kThings), c.quantity.unit) != std::end(kThings);
}

// 翻倍机率: what is told in per cent only is not so many times anything by a word behind.
bool is_times_of_per_cent(const Case& c) {
  return c.quantity.kind == QuantityKind::kMultiple && c.what.measure != nullptr && !c.what.before && !c.what.change &&
         c.what.measure->takes == kTakesPercent;
}

// 全球量产最高896线: a number without a counter is not what was done.
bool is_act_without_counter(const Case& c) {
  if (!c.what.is_act() || c.sentence.english() || c.figure.at.end >= c.figure.clause.end) return false;
  if (c.quantity.kind != QuantityKind::kNumber || !c.quantity.unit.empty()) return false;
  const CodePoint next = decode_utf8(c.sentence.text(), c.figure.at.end);
  const std::uint32_t blank = next.value == ' ' ? 1U : 0U;
  return is_han(
      decode_utf8(c.sentence.text(), std::min<std::uint32_t>(c.figure.at.end + blank, c.figure.clause.end - 1)).value);
}

// Chips have neither batteries nor screens: of what they sit in.
bool is_of_what_it_sits_in(const Case& c) {
  if (c.what.measure == nullptr && !c.what.counted.empty()) return false;
  static constexpr std::string_view kDevices[] = {
      "battery_capacity", "refresh_rate", "screen_size", "resolution", "brightness", "range",  "wheelbase",
      "torque",           "payload",      "thrust",      "weight",     "thickness",  "storage"};
  const Entity* entity = c.entity();
  const bool chip = is_chip_or_memory(entity) || c.subject.kind == EntityKind::kProductClass;
  if (entity != nullptr && entity->tagged("process")) return true;
  if (chip && std::find(std::begin(kDevices), std::end(kDevices), c.what.name) != std::end(kDevices) && !c.named_here())
    return true;
  return chip && entity != nullptr && entity->tagged("chip") &&
         std::find(std::begin(kDevices), std::begin(kDevices) + 5, c.what.name) != std::begin(kDevices) + 5;
}

// 搭载4nm工艺某芯片: the node is of what follows, never of the device.
bool is_node_of_another(const Case& c) {
  // "built on TSMC's 4nm process": nor of the foundry.
  if (c.what.name == "process_node" && is_company(c.subject.kind)) return true;
  return c.what.name == "process_node" &&
         near(c.figure.scene, {c.figure.clause.begin, c.figure.at.begin}, {Word::kHold}) != nullptr &&
         !is_chip_or_memory(c.entity());
}

// 美国交付…，全球交付量…: the world's is no country's.
bool is_the_worlds(const Case& c) {
  return (c.subject.kind == EntityKind::kCountry || c.subject.kind == EntityKind::kRegion) && !c.named_here() &&
         c.sentence.text(c.figure.clause).find("全球") != std::string_view::npos;
}

// A flattened table: rows without marks, whose subject is anybody's guess.
bool is_in_flat_table(const Case& c) { return !c.named_here() && numbers_in_clause(c.figure) > 6; }

// 员工中了1500万: a sum, no head count.
bool is_sum_of_heads(const Case& c) {
  return c.what.measure != nullptr && c.what.name == "headcount" && c.what.before &&
         (c.quantity.unit.empty() && c.quantity.value >= 1e6);
}

// "十个员工" is told of whom the clause names.
bool is_behind_number_of_nobody(const Case& c) {
  const bool of_article = c.subject.at == c.figure.at;
  if (!c.what.word || c.what.before || (c.named_here() && !of_article)) return false;
  const bool counts = (c.quantity.kind == QuantityKind::kNumber && !is_fraction(c.quantity)) || c.quantity.kind == QuantityKind::kMoney;
  if (!counts && c.subject.at != c.figure.at) return false;
  const bool sheet = !is_company(c.subject.kind) && is_chip_or_memory(c.entity());
  // 给予30倍市盈率，乘以2元的每股收益: an attribute of the firm's own measure.
  if (c.memory.in_sentence_of(c.figure) && c.memory.subject.ref.id == c.subject.ref.id && is_company(c.subject.kind) &&
      c.what.measure != nullptr && c.what.measure->bearer == Bearer::kFirm && c.quantity.kind == QuantityKind::kMoney &&
      c.sentence.text().substr(c.figure.at.end).starts_with("的"))
    return false;
  const bool goes_on_as_sum = c.memory.in_sentence_of(c.figure) &&
                              c.memory.unit == unit_of(c.sentence, c.figure.number) &&
                              c.quantity.kind == QuantityKind::kMoney;
  return !sheet && !goes_on_as_sum && !c.sentence.english();
}

// 电池也加到6000mAh: what a thing has is no bearer of how much it has.
bool is_of_what_is_had(const Case& c) {
  const bool chips = c.entity() != nullptr && c.entity()->tagged("chip");
  return c.subject.kind == EntityKind::kProductClass && !chips &&
         (c.what.name == "battery_capacity" || c.what.name == "memory" || c.what.name == "screen_size" || c.what.name == "storage");
}

// Counts of parts are figures of chips, and of firms for what they buy, build and deliver.
bool is_part_of_no_chip(const Case& c) {
  if (c.what.counted.empty() || c.read_by(ReadBy::kBreadth)) return false;
  static constexpr std::string_view kMachines[] = {"台", "颗", "张", "套", "架", "辆", "艘", "枚", "片"};
  const bool machines = std::any_of(std::begin(kMachines), std::end(kMachines),
                                    [&](std::string_view unit) { return c.quantity.unit == unit; });
  const bool sheet = !is_company(c.subject.kind) && is_chip_or_memory(c.entity());
  static constexpr std::string_view kFitted[] = {"配备", "内置", "搭载", "采用", "支持", "标配", "装有"};
  const bool fitted = holds_any(c.sentence.text({c.figure.clause.begin, c.figure.at.begin}),
                                kFitted);  // a firm's product, not the firm
  // 计划用十万个甲做…: so many of a thing that has a name.
  const auto& names = c.sentence.names();
  const bool named = std::any_of(names.begin(), names.end(), [&](const Name& name) {
    return name.entity != nullptr && is_product(name.kind) && name.at.begin >= c.figure.at.end && name.at.begin <= c.figure.at.end + 4;
  });
  // 代号“甲”的自研内存，采用4个堆叠: a chip by its code name.
  const std::string_view ahead = c.sentence.text().substr(0, c.subject.at.begin);
  const bool quoted = ahead.ends_with("“") || ahead.ends_with("「") || ahead.ends_with("\"");
  const bool code_name = quoted && c.subject.kind == EntityKind::kProduct && !c.subject.ref.known &&
                         std::any_of(names.begin(), names.end(), [&](const Name& name) {
                           return name.at.end <= c.subject.at.begin + 24 && is_chip_or_memory(name.entity);
                         });
  // 一片晶圆可切出60颗…: of each, by what is counted.
  return !sheet && !code_name && !c.of_each() && !(is_company(c.subject.kind) && (machines || named) && !fitted);
}

// A unit alone is told of a bearer elsewhere only where that one has a data sheet.
bool is_unit_of_what_is_elsewhere(const Case& c) {
  return !c.what.word && c.what.counted.empty() && !c.what.change && !c.read_by(ReadBy::kGoesOn) &&
         !c.read_by(ReadBy::kAsWritten) && !c.read_by(ReadBy::kMatures) && !c.named_here() && !is_chip_or_memory(c.entity());
}

// A unit or a count alone tells only of what is named: products, and firms for what they have.
bool is_unit_of_the_unknown(const Case& c) {
  return !c.what.word && !c.what.change && !c.read_by(ReadBy::kGoesOn) && !c.read_by(ReadBy::kBreadth) && !c.subject.ref.known &&
         c.subject.kind != EntityKind::kProduct && !c.read_by(ReadBy::kMatures) && !c.of_each();
}

// A class is a bearer only by name, right before its measure (HBM市场规模, DRAM价格); it goes on for nobody.
bool is_of_a_class(const Case& c) {
  static constexpr std::string_view kAnything[] = {
      "artificial_intelligence", "ai", "chips", "memory_chips", "pc", "robots", "phones", "servers"};
  if (c.subject.kind != EntityKind::kProductClass && c.subject.kind != EntityKind::kOther) return false;
  // 某某钢铁子公司…，建设期19个月: nor does a class of goods without data sheets.
  const Entity* known = c.entity();
  const bool sheet = is_chip_or_memory(known) || (known != nullptr && known->tagged("accelerator"));
  if (c.quantity.kind == QuantityKind::kDuration && c.subject.kind == EntityKind::kProductClass && !c.named_here() && !sheet) return true;
  if (std::find(std::begin(kAnything), std::end(kAnything), c.subject.ref.id) == std::end(kAnything)) return false;
  if (c.read_by(ReadBy::kGoesOn) || c.read_by(ReadBy::kPriceMove)) return false;
  const bool adjoins = c.named_here() &&
                       (!c.what.word || !c.what.before ||
                        (c.what.word->begin >= c.subject.at.end &&
                         count_code_points(c.sentence.text({c.subject.at.end, c.what.word->begin})) <= 8)) &&
                       !part_of_latin_name(c.sentence, Name{c.subject.at, c.subject.ref, c.subject.kind, nullptr});
  return !adjoins;
}

// Words that measure anything say nothing without what they measure beside them.
bool is_vague(const Case& c) {
  static constexpr std::string_view kVague[] = {"quantity", "amount", "people", "ratio", "increase",
                                                "decrease", "scale",  "usage",  "score"};
  // 甲主要服务…客户，占比20%: of whom opens the clause before.
  const std::size_t own = c.sentence.clause_at(c.figure.at.begin);
  const bool of_opener = c.what.name == "ratio" && own > 0 && c.subject.ref.known && c.sentence.clauses()[own - 1].at.begin == c.subject.at.begin &&
                         c.sentence.clauses()[own - 1].sentence == c.figure.sentence_index;
  return !of_opener && !c.reading.paired && c.what.word &&
         std::find(std::begin(kVague), std::end(kVague), c.what.name) != std::end(kVague) && !c.named_here() &&
         !(c.memory.in_sentence_of(c.figure) && c.memory.subject.ref.id == c.subject.ref.id);
}

// What is done is done by a firm, an agency or a country, by name.
bool is_act_of_no_actor(const Case& c) {
  if (!c.what.is_act() || is_company(c.subject.kind)) return false;
  const bool acts = c.subject.kind == EntityKind::kAgency || c.subject.kind == EntityKind::kOrganization ||
                    c.subject.kind == EntityKind::kCountry;
  return !c.subject.ref.known || !acts;
}

constexpr bool (*kRefusals[])(const Case&) = {
    is_others_share,
    is_noun_of_another_sentence,
    is_duration_of_a_firm,
    is_speakers_own,
    is_kind_of_thing,
    is_of_no_shares,
    is_of_other_counter,
    is_times_of_per_cent,
    is_act_without_counter,
    is_of_what_it_sits_in,
    is_node_of_another,
    is_the_worlds,
    is_in_flat_table,
    is_sum_of_heads,
    is_behind_number_of_nobody,
    is_of_what_is_had,
    is_part_of_no_chip,
    is_unit_of_what_is_elsewhere,
    is_unit_of_the_unknown,
    is_of_a_class,
    is_vague,
    is_act_of_no_actor,
};

}  // namespace

bool is_no_figure(const Figure& figure) {
  return std::any_of(std::begin(kNoFigures), std::end(kNoFigures), [&](auto* applies) { return applies(figure); });
}

bool is_refused(const Figure& figure, const Reading& reading, const Memory& memory) {
  const Case c{figure, reading, memory, reading.what, *reading.subject, figure.sentence, figure.quantity};
  return std::any_of(std::begin(kRefusals), std::end(kRefusals), [&](auto* applies) { return applies(c); });
}

}  // namespace annals::metric
