#include <algorithm>
#include <string>
#include <vector>

#include "engine/claim/rules/metric/names.h"
#include "engine/claim/rules/metric/phrases.h"
#include "engine/claim/rules/metric/readers.h"
#include "engine/claim/rules/metric/words.h"

namespace annals::metric {
namespace {

// 66亿元的补贴、50亿元的贷款: the first measure is the first number's, not what the second number is of.
bool taken_before(const Scene& scene, const WordHit& measure, Range clause) {
  const Sentence& sentence = scene.sentence;
  return std::any_of(sentence.quantities_at().begin(), sentence.quantities_at().end(), [&](const QuantityAt& earlier) {
    return clause.begin <= earlier.at.begin && earlier.at.end + 3 == measure.begin &&
           sentence.text({earlier.at.end, measure.begin}) == "的" && earlier.quantity->kind != QuantityKind::kPercent;
  });
}

}  // namespace

std::optional<Reading> in_place(const Figure& figure, const Memory&) {
  const Scene& scene = figure.scene;
  const Sentence& sentence = figure.sentence;
  const auto& quantities = sentence.quantities_at();
  const Range whole = sentence.sentence_range(figure.at.begin);
  const Run run = run_of(sentence, figure.index);
  const std::uint32_t numbers = quantities[run.first].at.begin;
  if (run.count() < 2 || near(scene, {whole.begin, numbers}, {Word::kEach}) == nullptr) return std::nullopt;
  std::vector<const WordHit*> row;
  for (const WordHit& hit : scene.words()) {
    if (measure_of(hit) == nullptr || hit.begin < whole.begin || hit.end > numbers) continue;
    const std::string_view between =
        row.empty() ? std::string_view() : sentence.text({row.back()->end, std::max(hit.begin, row.back()->end)});
    if (!row.empty() && between != "和" && between != "、" && between != "及" && between != "与" && between != "以及" &&
        between != " and " && between != ", ")
      row.clear();
    row.push_back(&hit);
  }
  if (row.size() != run.count() || sentence.clause_at(row.back()->begin) + 1 < sentence.clause_at(numbers))
    return std::nullopt;
  const Range gap{row.back()->end, numbers};
  if (std::any_of(quantities.begin(), quantities.end(), [&](const QuantityAt& other) { return gap.covers(other.at); }))
    return std::nullopt;
  const int way = direction(scene, gap);
  const bool change = way != 0 && !to_level(sentence, gap);
  const WordHit* own = row[figure.index - run.first];
  if (!takes(*measure_of(*own), figure.quantity, change)) return std::nullopt;
  // All stand where the first does: whoever it is told of, all are told of.
  return Reading{{range_of(*own),
                  measure_of(*own),
                  std::string(measure_of(*own)->name),
                  true,
                  change,
                  change && way < 0,
                  {},
                  false,
                  row.front()->begin}};
}

std::optional<Reading> by_word(const Figure& figure, const Memory&) {
  const Scene& scene = figure.scene;
  const Sentence& sentence = figure.sentence;
  const Quantity& quantity = figure.quantity;
  const bool latin_unit = quantity.unit.empty() && !unit_of(sentence, figure.number).empty();
  Measured found;
  unsigned best = 99;
  int looked = 0;
  for (auto hit = scene.words().rbegin(); hit != scene.words().rend(); ++hit) {
    const Measure* measure = measure_of(*hit);
    if (measure == nullptr || hit->end > figure.at.begin || hit->begin < figure.clause.begin) continue;
    if (++looked > 3) break;
    if (taken_before(scene, *hit, figure.clause)) continue;
    const Range gap{hit->end, figure.at.begin};
    const int way = direction(scene, gap);
    const bool change = way != 0 && near(scene, gap, {Word::kTo}) == nullptr && !to_level(sentence, gap);
    if (!takes(*measure, quantity, change, latin_unit)) continue;
    const bool share = measure->name == "share_of";
    // "its price target on Micron to $180", "unemployment in Hong Kong fell to": whose it is stands between.
    const bool between = sentence.english() && object_between(sentence, gap) != nullptr;
    unsigned rest = leftover(scene, gap,
                             between || share || quantity.kind == QuantityKind::kMultiple ||
                                 near(scene, gap, {Word::kCompare, Word::kFrom}) != nullptr);
    unsigned held = 99;  // 比上一周期峰值高出10个百分点: what it is held against stands between
    if (const WordHit* than = near(scene, gap, {Word::kCompare}); than != nullptr && change)
      for (const WordHit& verb : scene.words())
        if (one_of(verb, {Word::kRise, Word::kFall}) && verb.begin >= than->end && verb.end <= gap.end &&
            than->end - than->begin <= 3)
          held = leftover(scene, {gap.begin, than->begin}, false) + leftover(scene, {verb.end, gap.end}, false);
    const bool against = quantity.kind == QuantityKind::kMultiple &&
                         sentence.text({figure.clause.begin, figure.at.begin}).ends_with("的");  // 性能是…H20的6倍
    if (held < rest && !sentence.english()) rest = held;
    // 市值居前三位的是甲(231亿元)、乙(53亿元): the measure of every bracket.
    if (rest > 0 && !change && before_bracket(figure)) {
      static constexpr std::string_view kRows[] = {"居前",   "前三",   "前五",   "前十",   "排名",   "最高的",
                                                   "最大的", "最多的", "分别为", "分别是", "依次为", "依次是"};
      if (holds_any(sentence.text(gap), kRows)) rest = 0;
    }
    // What stands between may be any adverb, where a verb of the figure's own stands right before the number.
    const unsigned slack = share || against                      ? 12U
                           : sentence.english()                  ? 3U
                           : verb_before(scene, figure.at.begin) ? 4U
                                                                 : 1U;
    if (rest > slack || rest >= best) continue;
    best = rest;
    found = {range_of(*hit), measure, std::string(measure->name), true, change, change && way < 0, {}};
    if (rest == 0) break;
  }
  if (found.word && best == 0) return Reading{found};
  // "30%的市场份额", "141 GB of memory": the measure behind the number, unless it has a number of its own.
  for (const WordHit& hit : scene.words()) {
    const Measure* measure = measure_of(hit);
    if (measure == nullptr || measure->act || hit.begin < figure.at.end || !figure.clause.covers(range_of(hit)))
      continue;
    if (measure->name == "share_price" ||
        (quantity.kind == QuantityKind::kNumber && quantity.unit.empty() && !latin_unit && !sentence.english()))
      break;
    // 工艺良率: the first word only narrows the second.
    if (std::any_of(scene.words().begin(), scene.words().end(),
                    [&](const WordHit& other) { return other.begin == hit.end && measure_of(other) != nullptr; }))
      break;
    // So many of something are had: 拥有10亿用户.
    if (quantity.kind == QuantityKind::kNumber && !latin_unit && !sentence.english() &&
        near(scene, {figure.clause.begin, figure.at.begin},
             {Word::kHold, Word::kLink, Word::kRise, Word::kFall, Word::kTo}) == nullptr)
      break;
    const Range gap{figure.at.end, hit.begin};
    const bool number_between = std::any_of(sentence.quantities_at().begin(), sentence.quantities_at().end(),
                                            [&](const QuantityAt& other) {
                                              return gap.covers(other.at) && other.quantity->kind != QuantityKind::kDuration;
                                            });
    const std::string_view gap_text = sentence.text(gap);
    if (number_between || gap_text.find('(') != std::string_view::npos || gap_text.find(':') != std::string_view::npos)
      break;
    const int way = direction(scene, {figure.clause.begin, figure.at.begin});
    const bool change = way != 0 && near_before(scene, figure.at.begin);
    if (!takes(*measure, quantity, change, latin_unit) || leftover(scene, gap, true) > (latin_unit ? 9U : 5U) ||
        near(scene, gap, {Word::kRise, Word::kFall, Word::kHold}) != nullptr)
      break;
    const auto next = std::find_if(sentence.quantities_at().begin(), sentence.quantities_at().end(),
                                   [&](const QuantityAt& other) { return other.at.begin >= hit.end; });
    if (next != sentence.quantities_at().end() && figure.clause.covers(next->at) &&
        takes(*measure, *next->quantity, false) && leftover(scene, {hit.end, next->at.begin}, false) == 0 &&
        near(scene, {hit.end, next->at.begin}, {Word::kLink}) != nullptr)
      break;
    return Reading{{range_of(hit), measure, std::string(measure->name), false, change, change && way < 0, {}}};
  }
  if (found.word) return Reading{found};
  return std::nullopt;
}

}  // namespace annals::metric
