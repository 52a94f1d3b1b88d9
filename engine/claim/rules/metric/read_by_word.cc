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
    if (earlier.at.begin < clause.begin || earlier.at.end > measure.begin) return false;
    // 0.08ms 延迟、0.001mm…: a list of numbers with their measures behind them.
    if (measure.begin - earlier.at.end <= 1 && sentence.text().substr(measure.end).starts_with("、")) return true;
    return sentence.text({earlier.at.end, measure.begin}) == "的" && earlier.quantity->kind != QuantityKind::kPercent;
  });
}

// 80GB显存，3.35TB/s: so much a second is no store, so much in store no speed.
bool is_of_other_unit(const Measure& measure, std::string_view unit) {
  static constexpr std::string_view kStores[] = {"memory", "storage", "cache", "capacity"};
  static constexpr std::string_view kSpeeds[] = {"memory_bandwidth", "bandwidth"};
  const std::string_view own = measure_of_unit(unit);
  const auto of = [&](const auto& names) { return std::find(std::begin(names), std::end(names), measure.name) != std::end(names); };
  return (own == "bandwidth" && of(kStores)) || (own == "memory" && of(kSpeeds));
}

// Which way a verb right before `at` leads, the words of an object's owner aside. 0: none stands there.
int verb_in_front(const Sentence& sentence, std::uint32_t at) {
  std::string_view before = sentence.text().substr(0, at);
  for (const std::string_view owner : {" ", "its", "their", "the", " "})
    if (before.ends_with(owner)) before.remove_suffix(owner.size());
  static constexpr std::string_view kUp[] = {"raised", "raise", "raises", "raising", "increased", "increase", "increases", "hiked", "boosted", "lifted", "expanded"};
  static constexpr std::string_view kDown[] = {"cut", "cuts", "cutting", "lowered", "reduced", "reduces", "slashed", "trimmed", "lowers"};
  const auto ends = [&](std::string_view word) { return before.ends_with(word) && (before.size() == word.size() || before[before.size() - word.size() - 1] == ' '); };
  if (std::any_of(std::begin(kUp), std::end(kUp), ends)) return 1;
  return std::any_of(std::begin(kDown), std::end(kDown), ends) ? -1 : 0;
}

// A verb of change or of having; 新增 before a noun (新增收入) is none.
bool has_verb(const Scene& scene, Range in) {
  return std::any_of(scene.words().begin(), scene.words().end(), [&](const WordHit& hit) {
    return in.covers(range_of(hit)) && one_of(hit, {Word::kRise, Word::kFall, Word::kHold}) &&
           !(scene.sentence.text(range_of(hit)) == "增" && scene.sentence.text().substr(0, hit.begin).ends_with("新"));
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
  std::optional<std::uint32_t> compound;  // where a row of measures behind the number begins: 新增收入需求
  Measured found;
  unsigned best = 99;
  int looked = 0;
  for (auto hit = scene.words().rbegin(); hit != scene.words().rend(); ++hit) {
    const Measure* measure = measure_of(*hit);
    if (measure == nullptr || hit->end > figure.at.begin || hit->begin < figure.clause.begin) continue;
    if (++looked > 3) break;
    if (taken_before(scene, *hit, figure.clause) || is_of_other_unit(*measure, unit_of(sentence, figure.number))) continue;
    const Range gap{hit->end, figure.at.begin};
    // 甲(80GB显存)的两倍: an aside measures for itself.
    if (in_aside(sentence, range_of(*hit), figure.at)) continue;
    const int way = direction(scene, gap);
    int led = 0;  // "raised prices by 10%", "cut its stake by 3%": the verb stands before the measure
    if (sentence.english() && way == 0 && (quantity.kind == QuantityKind::kPercent || quantity.kind == QuantityKind::kMultiple) &&
        sentence.text(gap) == " by ")
      led = verb_in_front(sentence, hit->begin);
    const bool change = led != 0 || (way != 0 && near(scene, gap, {Word::kTo}) == nullptr && !to_level(sentence, gap));
    if (!takes(*measure, quantity, change, latin_unit)) continue;
    // 占工资一半, 占总数的三分之一: what part, by a word of shares; 是去年的一半: held against something.
    const bool part_of = measure->name == "share_of" || measure->name == "ratio" || measure->name == "market_share";
    if (is_fraction(quantity) && !change && !part_of && !held_against(figure)) continue;
    const bool share = measure->name == "share_of";
    // "its price target on Micron to $180", "unemployment in Hong Kong fell to": whose it is stands between.
    const bool between = sentence.english() && object_between(sentence, gap) != nullptr;
    unsigned rest = leftover(scene, gap,
                             between || share || is_times(quantity) ||
                                 near(scene, gap, {Word::kCompare, Word::kFrom}) != nullptr);
    unsigned held = 99;  // 比上一周期峰值高出10个百分点: what it is held against stands between
    if (const WordHit* than = near(scene, gap, {Word::kCompare}); than != nullptr && change)
      for (const WordHit& verb : scene.words())
        if (one_of(verb, {Word::kRise, Word::kFall}) && verb.begin >= than->end && verb.end <= gap.end &&
            than->end - than->begin <= 3)
          held = leftover(scene, {gap.begin, than->begin}, false) + leftover(scene, {verb.end, gap.end}, false);
    const bool against = is_times(quantity) &&
                         held_against(figure);  // 性能是…H20的6倍
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
    found = {range_of(*hit), measure, std::string(measure->name), true, change, change && (way < 0 || led < 0), {}};
    if (rest == 0) break;
  }
  if (found.word && best == 0) return Reading{found};
  // 已有一半用户…: of them, not so many.
  if (is_fraction(quantity) && direction(scene, {figure.clause.begin, figure.at.begin}) == 0)
    return found.word ? std::optional<Reading>(Reading{found}) : std::nullopt;
  // "30%的市场份额", "141 GB of memory": the measure behind the number, unless it has a number of its own.
  for (const WordHit& hit : scene.words()) {
    const Measure* measure = measure_of(hit);
    if (measure == nullptr || measure->act || hit.begin < figure.at.end || !figure.clause.covers(range_of(hit)))
      continue;
    // 甲20亿债券: between whose it is and what it is, a number needs no verb.
    const bool between_both = quantity.kind == QuantityKind::kNumber && hit.begin <= figure.at.end + 1 && quantity.value >= 1e6 &&
                              std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& name) {
                                return is_company(name.kind) && name.at.end <= figure.at.begin && figure.at.begin - name.at.end <= 3;
                              });
    if (measure->name == "share_price" ||
        (quantity.kind == QuantityKind::kNumber && quantity.unit.empty() && !is_fraction(quantity) && !between_both && !latin_unit &&
         !sentence.english()))
      break;
    // 工艺良率: the first word only narrows the second.
    if (std::any_of(scene.words().begin(), scene.words().end(),
                    [&](const WordHit& other) { return other.begin == hit.end && measure_of(other) != nullptr; })) {
      compound = compound.value_or(hit.begin);
      continue;
    }
    // So many of something are had: 拥有10亿用户.
    if (quantity.kind == QuantityKind::kNumber && !between_both && !latin_unit && !sentence.english() &&
        near(scene, {figure.clause.begin, figure.at.begin},
             {Word::kHold, Word::kLink, Word::kRise, Word::kFall, Word::kTo}) == nullptr)
      break;
    if (is_of_other_unit(*measure, unit_of(sentence, figure.number))) break;
    const Range gap{figure.at.end, compound.value_or(hit.begin)};
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
        has_verb(scene, gap))
      break;
    const auto next = std::find_if(sentence.quantities_at().begin(), sentence.quantities_at().end(),
                                   [&](const QuantityAt& other) { return other.at.begin >= hit.end; });
    // 20%速度、30%续航: right behind its number the measure is that number's.
    const std::string_view ahead = sentence.text().substr(hit.end);
    const bool attribute = sentence.text(gap) == "的" || (gap.empty() && (ahead.starts_with("、") || ahead.starts_with("和")));
    if (!attribute && next != sentence.quantities_at().end() && figure.clause.covers(next->at) &&
        takes(*measure, *next->quantity, false) && leftover(scene, {hit.end, next->at.begin}, false) == 0 &&
        near(scene, {hit.end, next->at.begin}, {Word::kLink, Word::kRise, Word::kFall}) != nullptr)
      break;
    return Reading{{range_of(hit), measure, std::string(measure->name), false, change, change && way < 0, {}}};
  }
  if (found.word) return Reading{found};
  return std::nullopt;
}

}  // namespace annals::metric
