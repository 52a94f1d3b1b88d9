#include <algorithm>
#include <string>

#include "engine/base/utf8.h"
#include "engine/claim/rules/metric/names.h"
#include "engine/claim/rules/metric/phrases.h"
#include "engine/claim/rules/metric/readers.h"
#include "engine/claim/rules/metric/words.h"

namespace annals::metric {

std::optional<Reading> by_noun(const Figure& figure, const Memory&) {
  const Scene& scene = figure.scene;
  const Sentence& sentence = figure.sentence;
  const Quantity& quantity = figure.quantity;
  if (sentence.english() || quantity.kind == QuantityKind::kOrdinal ||
      (quantity.kind == QuantityKind::kNumber && quantity.unit.empty()))
    return std::nullopt;
  static constexpr std::string_view kEnds[] = {
      "率",   "度",   "量",   "额",   "费",   "费用", "价",   "价格", "成本",   "收入", "利润", "时间",
      "时长", "周期", "期限", "年限", "速度", "能力", "规模", "人数", "次数",   "家数", "面积", "能耗",
      "强度", "寿命", "距离", "幅度", "水平", "缺口", "溢价", "比例", "占比",   "比重", "权重", "得分",
      "评分", "指数", "增速", "倍数", "差额", "空间", "总数", "人次", "性价比", "收益", "损失", "薪酬", "力度",
      "补偿", "债务", "敞口", "负担", "财富", "身价", "库存", "产能", "需求",   "供应"};
  static constexpr std::string_view kNone[] = {
      "程度",   "制度",   "季度",     "年度", "月度", "态度", "角度", "调度", "印度", "过度", "适度", "一度",
      "进度",   "额度",   "力量",     "质量", "大量", "少量", "批量", "海量", "较量", "考量", "测量", "衡量",
      "商量",   "尽量",   "变量",     "增量", "存量", "名额", "全额", "足额", "巨额", "高额", "等额", "定额",
      "评价",   "涨价",   "降价",     "报价", "特价", "加价", "代价", "消费", "免费", "浪费", "自费", "付费",
      "当时间", "同时间", "第一时间", "水平", "空间", "规模", "能力", "需求", "供应"};
  // Back over the verbs and adverbs that lead to the number.
  std::uint32_t end = figure.at.begin;
  bool led = false;
  int way = 0;
  bool level = false;
  for (bool moved = true; moved && end > figure.clause.begin;) {
    moved = false;
    const auto back = [&](Range range) {
      if (range.end != end || range.begin < figure.clause.begin) return false;
      end = range.begin;
      return moved = true;
    };
    for (const WordHit& hit : scene.words()) {
      if (measure_of(hit) != nullptr || !one_of(hit, {Word::kLink, Word::kRise, Word::kFall}) || hit.end != end)
        continue;
      const std::string_view word = sentence.text(range_of(hit));
      if (is(hit, Word::kLink)) level |= word.ends_with("至") || word.ends_with("到");
      if (is(hit, Word::kRise)) way = 1;
      if (is(hit, Word::kFall)) way = -1;
      led |= back(range_of(hit));
      break;
    }
    for (const WordHit& hit : sentence.words(Layer::kStance)) back(range_of(hit));
    for (const WordHit& hit : sentence.words(Layer::kSource))
      if (is(hit, SourceCue::kExpects)) back(range_of(hit));
    for (const TimeAt& time : sentence.times_at()) back(time.at);
    if (end > figure.clause.begin && sentence.text()[end - 1] == ' ') --end, moved = true;
  }
  if (!led) return std::nullopt;
  const Range phrase = trimmed(sentence, phrase_before(scene, figure.clause, end));
  if (phrase.empty() || phrase.end != end) return std::nullopt;
  std::string_view text = sentence.text(phrase);
  if (std::none_of(std::begin(kEnds), std::end(kEnds), [&](std::string_view tail) { return text.ends_with(tail); }))
    return std::nullopt;
  // A length of time is told of what lasts, and of nothing else.
  static constexpr std::string_view kLasting[] = {"时间", "时长", "周期", "期限", "年限", "寿命", "工期", "账期", "间隔"};
  if (quantity.kind == QuantityKind::kDuration &&
      std::none_of(std::begin(kLasting), std::end(kLasting), [&](std::string_view tail) { return text.ends_with(tail); }))
    return std::nullopt;
  for (const std::string_view none : kNone)
    if (text.ends_with(none) && (text.size() == none.size() || none.size() == 6)) return std::nullopt;
  Range noun = phrase;
  // Whose it is goes before: the last 的, and the last name, end there.
  for (const Name& name : sentence.names())
    if (noun.covers(name.at) && name.at.end < noun.end) noun.begin = std::max(noun.begin, name.at.end);
  if (const std::size_t of = sentence.text(noun).rfind("的"); of != std::string_view::npos)
    noun.begin += static_cast<std::uint32_t>(of + 3);
  // 甲在乙服务上性价比…: where is no part of it.
  if (const std::size_t in = sentence.text(noun).find("在"); in != std::string_view::npos)
    for (const std::string_view there : {"上", "方面", "中", "下"})
      if (const std::size_t place = sentence.text(noun).find(there, in); place != std::string_view::npos) {
        noun.begin += static_cast<std::uint32_t>(place + there.size());
        break;
      }
  // 把等待时间缩短…, 相当于每天等待时间…: verbs in front are no part of it.
  for (const std::string_view verb : {"把", "将", "使", "令", "让", "相当于", "意味着"})
    if (const std::size_t place = sentence.text(noun).rfind(verb); place != std::string_view::npos && !is_noun_phrase(sentence, noun))
      noun.begin += static_cast<std::uint32_t>(place + verb.size());
  for (const std::string_view earlier : {"上代", "前代", "上一代", "前作", "去年", "同期"})
    if (const std::size_t place = sentence.text(noun).find(earlier); place != std::string_view::npos)
      noun.begin += static_cast<std::uint32_t>(place + earlier.size());
  noun = trimmed(sentence, noun);
  const std::size_t length = noun.empty() ? 0 : count_code_points(sentence.text(noun));
  if (noun.end != end || length < 2 || length > 10 || !is_noun_phrase(sentence, noun)) return std::nullopt;
  // A row of measures.h that does not take such a number is no licence to make one up.
  for (const WordHit& hit : scene.words())
    if (measure_of(hit) != nullptr && hit.end == end && !takes(*measure_of(hit), quantity, way != 0))
      return std::nullopt;
  Measured found;
  found.word = noun;
  found.name = sentence.original_text(noun);
  found.change = way != 0 && !level && !to_level(sentence, {noun.end, figure.at.begin});
  found.falls = found.change && way < 0;
  return Reading{found};
}

std::optional<Reading> as_written(const Figure& figure, const Memory&) {
  const Scene& scene = figure.scene;
  const Sentence& sentence = figure.sentence;
  const Quantity& quantity = figure.quantity;
  if (sentence.english() || quantity.kind == QuantityKind::kNumber || quantity.kind == QuantityKind::kDuration) return std::nullopt;
  const Name* name = nullptr;
  for (const Name& each : sentence.names())
    if (figure.clause.begin <= each.at.begin && each.at.end <= figure.at.begin &&
        (is_company(each.kind) || (is_product(each.kind) && each.kind != EntityKind::kProductClass)) &&
        !is_part(scene, each)) {
      name = &each;
      break;
    }
  if (name == nullptr) return std::nullopt;
  if (name->entity == nullptr || speaks(scene, *name) || is_object(scene, *name, figure.clause) ||
      compared(scene, *name, figure.clause))
    return std::nullopt;
  if (leftover(scene, {figure.clause.begin, name->at.begin}, true) > 2) return std::nullopt;
  for (const QuantityAt& other : sentence.quantities_at())
    if (other.at.begin >= name->at.end && other.at.end <= figure.at.begin) return std::nullopt;
  Range words{name->at.end, figure.at.begin};
  for (const TimeAt& time : sentence.times_at())
    if (words.covers(time.at)) words.begin = time.at.end;
  for (const WordHit& hit : sentence.words(Layer::kStance))
    if (words.covers(range_of(hit)) && hit.begin <= words.begin + 3) words.begin = hit.end;
  for (bool moved = true; moved && !words.empty();) {
    moved = false;
    for (const WordHit& hit : scene.words())
      if (one_of(hit, {Word::kLink, Word::kFrom, Word::kEach}) && hit.end == words.end && hit.begin >= words.begin)
        words.end = hit.begin, moved = true;
    const Range cut = trimmed(sentence, words);
    if (cut != words) words = cut, moved = true;
  }
  const std::size_t length = words.empty() ? 0 : count_code_points(sentence.text(words));
  if (length < 2 || length > 12) return std::nullopt;
  static constexpr std::u32string_view kStops = U"，。、；：？！“”《》()基";
  const std::string_view text = sentence.text(words);
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = decode_utf8(text, i);
    if (kStops.find(c.value) != std::u32string_view::npos || !is_han(c.value)) return std::nullopt;
    i += c.length;
  }
  // Verbs and what shops show are no measures; words unknown to every list are taken of chips alone.
  if (!has_data_sheet(*name) || is_company(name->kind)) return std::nullopt;
  Measured found;
  found.name = sentence.original_text(words);
  return Reading{found, subject_of_name(*name)};
}

}  // namespace annals::metric
