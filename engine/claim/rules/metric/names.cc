#include "engine/claim/rules/metric/names.h"

#include <algorithm>

#include "engine/claim/rules/metric/words.h"

namespace annals::metric {

bool stands_for_itself(EntityKind kind) {
  return is_company(kind) || is_product(kind) || kind == EntityKind::kIndex || kind == EntityKind::kOther;
}

bool fits(Bearer bearer, EntityKind kind) {
  switch (bearer) {
    case Bearer::kFirm:
      return is_company(kind) || kind == EntityKind::kIndex || kind == EntityKind::kOrganization ||
             kind == EntityKind::kExchange || kind == EntityKind::kAgency;
    case Bearer::kThing:
      return is_product(kind) || kind == EntityKind::kOther;
    case Bearer::kPlace:
      return kind == EntityKind::kCountry || kind == EntityKind::kRegion || kind == EntityKind::kAgency ||
             kind == EntityKind::kOrganization || kind == EntityKind::kOther;
    case Bearer::kNoFirm:
      return !is_company(kind) && kind != EntityKind::kExchange && kind != EntityKind::kIndex;
    case Bearer::kAny:
      return true;
  }
  return true;
}

bool is_house(const Name& name) {
  return name.entity != nullptr && (name.entity->tagged("bank") || name.entity->tagged("broker") ||
                                    name.entity->tagged("rating") || name.entity->tagged("research"));
}

bool has_data_sheet(const Name& name) {
  return name.entity != nullptr &&
         (name.entity->tagged("chip") || name.entity->tagged("accelerator") || name.entity->tagged("memory"));
}

bool compared(const Scene& scene, const Name& name, Range clause) {
  for (const WordHit& hit : scene.words())
    if (is(hit, Word::kCompare) && clause.covers(range_of(hit)) && hit.end <= name.at.begin &&
        name.at.begin - hit.end <= 24)
      return true;
  // 与甲相比, 和甲相比.
  std::string_view before = scene.sentence.text({clause.begin, std::max(clause.begin, name.at.begin)});
  std::string_view after = scene.sentence.text({std::min(name.at.end, clause.end), clause.end});
  if (after.size() > 30) after = after.substr(0, 30);
  if (before.size() > 30) before.remove_prefix(before.size() - 30);
  const bool with = before.find("与") != std::string_view::npos || before.find("和") != std::string_view::npos ||
                    before.find("跟") != std::string_view::npos || before.find("同") != std::string_view::npos;
  return with && (after.find("相比") != std::string_view::npos || after.find("相较") != std::string_view::npos);
}

bool in_aside(const Sentence& sentence, Range name, Range from) {
  const std::string_view all = sentence.text();
  const std::size_t open = all.rfind('(', name.begin);
  if (open == std::string_view::npos || all.find(')', open) < name.begin) return false;
  const std::size_t close = all.find(')', name.end);
  if (close == std::string_view::npos || close > from.begin || close - open > 90) return false;
  const Range aside{static_cast<std::uint32_t>(open), static_cast<std::uint32_t>(close)};
  return std::any_of(sentence.quantities_at().begin(), sentence.quantities_at().end(),
                     [&](const QuantityAt& each) { return aside.covers(each.at); });
}

bool part_of_latin_name(const Sentence& sentence, const Name& name) {
  const std::string_view all = sentence.text();
  const auto capital = [&](std::uint32_t at) {
    const ByteSpan place = sentence.original_span({at, at + 1});
    return place.begin < sentence.original().size() && sentence.original()[place.begin] >= 'A' &&
           sentence.original()[place.begin] <= 'Z';
  };
  if (static_cast<unsigned char>(all[name.at.end - 1]) >= 0x80) return false;
  if (name.at.end + 2 < all.size() && all[name.at.end] == ' ' && capital(name.at.end + 1)) {
    const Range next{name.at.end + 1, name.at.end + 2};
    return std::none_of(sentence.names().begin(), sentence.names().end(),
                        [&](const Name& other) { return other.at.touches(next); });
  }
  if (name.at.begin >= 3 && all[name.at.begin - 1] == ' ' && all[name.at.begin - 2] >= 'a' &&
      all[name.at.begin - 2] <= 'z') {
    std::uint32_t begin = name.at.begin - 1;
    while (begin > 0 && all[begin - 1] >= 'a' && all[begin - 1] <= 'z') --begin;
    const Range previous{begin, name.at.begin - 1};
    return capital(begin) && previous.size() > 1 &&
           std::none_of(sentence.names().begin(), sentence.names().end(),
                        [&](const Name& other) { return other.at.touches(previous); });
  }
  return false;
}

bool is_part(const Scene& scene, const Name& name) {
  // 2048字节的内存: the unit of a number; 微信鸿蒙版: an edition of another.
  for (const QuantityAt& number : scene.sentence.quantities_at())
    if (number.quantity->kind == QuantityKind::kMeasure && number.at.touches(name.at)) return true;
  const std::string_view behind = scene.sentence.text().substr(name.at.end);
  if (behind.starts_with("版") && !behind.starts_with("版本") && !behind.starts_with("版图")) return true;
  static constexpr std::string_view kAfter[] = {"公司", "客户", "厂商", "市场份额", "推理", "场景", "时代", "需求", "项目", "企业", "人才"};
  for (const QuantityAt& counted : scene.sentence.quantities_at())
  {
    if (counted.at.end > name.at.begin || name.at.begin - counted.at.end > 8) continue;
    std::string_view gap = scene.sentence.text({counted.at.end, name.at.begin});
    while (gap.starts_with(" ")) gap.remove_prefix(1);
    // 2 颗 ES9219C: the counter stands between. (新一代 SU7, 一片晶圆 count nothing, nor does who opens the clause.)
    static constexpr std::string_view kCounters[] = {"颗", "个", "张", "块", "片", "枚", "条", "台", "路"};
    const bool counter = std::any_of(std::begin(kCounters), std::end(kCounters), [&](std::string_view word) { return counted.quantity->unit == word; });
    const bool digits = scene.sentence.text()[counted.at.begin] >= '0' && scene.sentence.text()[counted.at.begin] <= '9';
    const bool opens = scene.sentence.clause_range(counted.at.begin).begin == counted.at.begin;
    if (counter && digits && !opens && is_product(name.kind) && counted.quantity->kind == QuantityKind::kNumber && !counted.quantity->unit.empty() && gap.starts_with(counted.quantity->unit))
      gap.remove_prefix(counted.quantity->unit.size());
    if (gap.empty() || gap == " ") return true;
  }
  if (name.kind != EntityKind::kProductClass && name.kind != EntityKind::kOther) return false;
  // 单芯片算力: for each of what is spoken of.
  for (const std::string_view each : {"单", "每颗", "每块", "每张", "每台", "每片", "该", "本"})
    if (scene.sentence.text().substr(0, name.at.begin).ends_with(each)) return true;
  if (part_of_latin_name(scene.sentence, name)) return true;
  for (const WordHit& hit : scene.words())
    if (measure_of(hit) != nullptr && range_of(hit).touches(name.at) && range_of(hit) != name.at) return true;
  const std::string_view after = scene.sentence.text().substr(name.at.end);
  return std::any_of(std::begin(kAfter), std::end(kAfter),
                     [&](std::string_view word) { return after.starts_with(word); });
}

std::uint32_t designation_end(const Sentence& sentence, const Name& name) {
  if (!is_product(name.kind)) return name.at.end;
  const std::string_view all = sentence.text();
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' || c == '-' || c == '.';
  };
  std::uint32_t end = name.at.end;
  bool specified = false;  // a word with a digit: a size, a speed
  for (;;) {
    std::uint32_t next = end;
    while (next < all.size() && all[next] == ' ') ++next;
    std::uint32_t word = next;
    bool digit = false;
    while (word < all.size() && is_word(all[word])) {
      digit |= all[word] >= '0' && all[word] <= '9';
      ++word;
    }
    if (word == next || !digit) break;
    specified = true;
    end = word;
  }
  if (!specified) return name.at.end;
  static constexpr std::string_view kHeads[] = {"颗粒", "内存条", "模组", "内存颗粒", "芯片"};
  for (const std::string_view head : kHeads)
    if (all.substr(end).starts_with(head)) return end + static_cast<std::uint32_t>(head.size());
  return name.at.end;
}

bool counts(const Scene& scene, const Name& name) {
  // 某部今日发布的数据显示.
  std::uint32_t end = name.at.end;
  for (const TimeAt& time : scene.sentence.times_at())
    if (time.at.begin >= end && time.at.begin - end <= 1) end = time.at.end;
  std::string_view after = scene.sentence.text().substr(end);
  if (after.starts_with(" ")) after.remove_prefix(1);
  static constexpr std::string_view kCounts[] = {
      "公布数据", "发布数据", "公布的数据", "发布的数据", "披露的数据", "公布的", "统计",     "数据",     "报告",
      "研报",     "调查",     "调研",       "的数据",     "的统计",     "的报告", "最新报告", "最新数据", "最新研报",
      "《",       ":《",      "发布的",     "监测",       "测算",       "data ",  "survey",   "report "};
  return std::any_of(std::begin(kCounts), std::end(kCounts),
                     [&](std::string_view word) { return after.starts_with(word); });
}

bool speaks(const Scene& scene, const Name& name) {
  for (const WordHit& hit : scene.sentence.words(Layer::kSource))
    if ((is(hit, SourceCue::kExpects) || is(hit, SourceCue::kSays) || is(hit, SourceCue::kRates) ||
         is(hit, SourceCue::kReports)) &&
        hit.begin >= name.at.end && hit.begin - name.at.end <= 45 &&
        scene.sentence.clause_at(hit.begin) == scene.sentence.clause_at(name.at.begin))
      return true;
  if (counts(scene, name)) return true;
  const std::string_view before = scene.sentence.text().substr(0, name.at.begin);
  return before.ends_with("据") || before.ends_with("根据") || before.ends_with("according to ");
}

bool is_object(const Scene& scene, const Name& name, Range clause) {
  for (const WordHit& hit : scene.words())
    if (is(hit, Word::kHold) && clause.begin <= hit.begin && hit.end <= name.at.begin) return true;
  static constexpr std::string_view kBefore[] = {"由",  "获",    "被",   "在",  "于",  "对",   "向",
                                                 "从",  "自",    "给",   "至",  "到",  "为",   "in ",
                                                 "to ", "from ", "for ", "at ", "by ", "into "};
  const std::string_view before = scene.sentence.text().substr(0, name.at.begin);
  return std::any_of(std::begin(kBefore), std::end(kBefore),
                     [&](std::string_view word) { return before.ends_with(word); });
}

const Name* firm_before(const Scene& scene, Range at) {
  const Sentence& sentence = scene.sentence;
  const Range whole = sentence.sentence_range(at.begin);
  const Name* firm = nullptr;
  for (const Name& name : sentence.names())
    if (is_company(name.kind) && !is_house(name) && !counts(scene, name) && whole.begin <= name.at.begin &&
        name.at.end <= at.begin && !compared(scene, name, sentence.clause_range(name.at.begin)) &&
        !is_part(scene, name))
      firm = &name;
  return firm;
}

const Name* object_between(const Sentence& sentence, Range gap) {
  for (const Name& name : sentence.names()) {
    if (!gap.covers(name.at)) continue;
    const std::string_view before = sentence.text({gap.begin, name.at.begin});
    for (const std::string_view joint : {"on ", "of ", "in ", "for ", "at "})
      if (before.ends_with(joint)) return &name;
  }
  return nullptr;
}

}  // namespace annals::metric
