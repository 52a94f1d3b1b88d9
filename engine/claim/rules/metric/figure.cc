#include "engine/claim/rules/metric/figure.h"

#include <algorithm>

#include "engine/claim/rules/metric/words.h"

namespace annals::metric {

Figure figure_of(const Scene& scene, std::size_t index) {
  const Sentence& sentence = scene.sentence;
  const QuantityAt& number = sentence.quantities_at()[index];
  const Clause& clause = sentence.clauses()[sentence.clause_at(number.at.begin)];
  return {scene, sentence, index, number, *number.quantity, number.at, clause.at, clause.sentence};
}

std::ptrdiff_t numbers_in_clause(const Figure& figure) {
  const auto& quantities = figure.sentence.quantities_at();
  return std::count_if(quantities.begin(), quantities.end(),
                       [&](const QuantityAt& other) { return figure.clause.covers(other.at); });
}

Subject as_written_in(const Sentence& sentence, Range words, EntityKind kind) {
  return {{std::string(sentence.text(words)), sentence.original_text(words), false}, words, kind};
}

Subject subject_of_name(const Name& name) { return {name.ref, name.at, name.kind}; }

std::string unit_of(const Sentence& sentence, const QuantityAt& at) {
  const Quantity& quantity = *at.quantity;
  if (quantity.kind == QuantityKind::kMoney) return quantity.currency;
  if (quantity.kind == QuantityKind::kPercent && quantity.unit.empty()) return "%";
  if (!quantity.unit.empty() || quantity.kind != QuantityKind::kNumber || sentence.english()) return quantity.unit;
  const std::string_view all = sentence.text();
  std::uint32_t begin = at.at.end;
  if (begin < all.size() && all[begin] == ' ') ++begin;
  std::uint32_t end = begin;
  const auto letter = [&](std::uint32_t place) {
    return place < all.size() && ((all[place] >= 'a' && all[place] <= 'z') || all[place] == '/');
  };
  while (letter(end)) ++end;
  if (end - begin < 2 || end - begin > 12 ||
      (end < all.size() && ((all[end] >= '0' && all[end] <= '9') || all[end] == '-')))
    return {};
  const bool named = std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& name) {
    return name.at.touches({begin, end});
  });
  return named ? std::string() : sentence.original_text({begin, end});
}

bool is_fraction(const Quantity& quantity) {
  if (quantity.kind != QuantityKind::kNumber || !quantity.unit.empty() || quantity.value <= 0 || quantity.value >= 1) return false;
  static constexpr std::string_view kParts[] = {"半", "分之", "分一", "half", "third", "quarter", "fifth", "tenth"};
  return holds_any(quantity.text, kParts);
}

bool is_times(const Quantity& quantity) { return quantity.kind == QuantityKind::kMultiple || is_fraction(quantity); }

bool held_against(const Figure& figure) {
  return figure.sentence.text({figure.clause.begin, figure.at.begin}).ends_with("的") ||
         figure.sentence.text(figure.at).find("的") != std::string_view::npos;
}

bool idle(const Quantity& quantity, std::string_view written) {
  if (quantity.kind == QuantityKind::kOrdinal) return true;
  static constexpr std::string_view kNames[] = {
      "代", "号", "届", "版", "期", "步", "种", "类", "位",   "次", "遍", "层", "级", "样", "点",
      "番", "声", "边", "句", "段", "旦", "方", "阵", "系列", "处", "回", "趟", "路", "度", "年",
      "日", "月", "季", "周", "场", "轮", "批", "直", "手",   "面", "口", "格", "市", "角", "成"};
  if (quantity.kind == QuantityKind::kNumber && quantity.value < 100)
    for (const std::string_view name : kNames)
      if (quantity.unit == name) return true;
  if (quantity.unit == "款" && quantity.value > 1900) return true;
  // 一个, 两家: articles rather than counts.
  return quantity.kind == QuantityKind::kNumber && quantity.value < 3 && !is_fraction(quantity) && is_han_text(written);
}

bool listed(const Sentence& sentence, const QuantityAt& left, const QuantityAt& right) {
  if (left.quantity->kind != right.quantity->kind) return false;
  static constexpr std::string_view kLinks[] = {"、", "和", "及", "以及", "与", "/", " / ", " and ", ", "};
  const std::string_view gap = sentence.text({left.at.end, std::max(left.at.end, right.at.begin)});
  return std::find(std::begin(kLinks), std::end(kLinks), gap) != std::end(kLinks);
}

Run run_of(const Sentence& sentence, std::size_t index) {
  const auto& quantities = sentence.quantities_at();
  Run run{index, index};
  while (run.first > 0 && listed(sentence, quantities[run.first - 1], quantities[run.first])) --run.first;
  while (run.last + 1 < quantities.size() && listed(sentence, quantities[run.last], quantities[run.last + 1]))
    ++run.last;
  return run;
}

bool takes(const Measure& measure, const Quantity& quantity, bool change, bool latin_unit) {
  switch (quantity.kind) {
    case QuantityKind::kMoney:
      // 参数规模达300亿: a sum whose currency goes without saying may be a count.
      return (measure.takes & kTakesMoney) != 0 || change || (quantity.currency.empty() && (measure.takes & kTakesCount) != 0);
    case QuantityKind::kPercent:
      return (measure.takes & kTakesPercent) != 0 || change || quantity.basis != Basis::kLevel;
    case QuantityKind::kMultiple:
      return true;
    case QuantityKind::kMeasure:
      return (measure.takes & kTakesUnit) != 0;
    case QuantityKind::kNumber:
      // 性能为甲的一半, 少付五分之一的利息: as multiples and percentages.
      if (is_fraction(quantity)) return true;
      // 份额降至0: nothing is left of anything.
      return (measure.takes & kTakesCount) != 0 || quantity.value == 0 ||
             (latin_unit && (measure.takes & kTakesUnit) != 0);
    case QuantityKind::kDuration:
      return (measure.takes & kTakesTime) != 0;
    case QuantityKind::kOrdinal:
      return false;
  }
  return false;
}

}  // namespace annals::metric
