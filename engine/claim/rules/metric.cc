#include "engine/claim/rules/metric.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/claim/rules/metric/bearer.h"
#include "engine/claim/rules/metric/figure.h"
#include "engine/claim/rules/metric/names.h"
#include "engine/claim/rules/metric/phrases.h"
#include "engine/claim/rules/metric/readers.h"
#include "engine/claim/rules/metric/refusals.h"
#include "engine/claim/rules/metric/when.h"
#include "engine/claim/rules/metric/words.h"

namespace annals {
namespace metric {
namespace {

// ---- What is measured.

// When a reader is tried.
enum class Tried : std::uint8_t {
  kElse,         // where nothing has been found yet
  kElseOrAct,    // also of a percentage that was taken for one of an act
  kAfterFigure,  // where nothing has been found yet, and a figure was told before in the sentence
};

struct Reader {
  ReadBy by;
  Tried tried;
  std::optional<Reading> (*read)(const Figure& figure, const Memory& memory);
  std::string_view rule;  // of the claims made of it; stays stable
};

// In the order in which they are tried; the first that finds something is taken. A further reader is a row here. A number that counts
// nothing worth a series (is_idle) is read by the first table only.
constexpr Reader kWordReaders[] = {
    // metric/act where the word is a verb, metric/figure-first where it stands behind the number (rule_of).
    {ReadBy::kPlace, Tried::kElse, in_place, "metric/figure"},
    {ReadBy::kPriceVerb, Tried::kElse, price_verb, "metric/price-verb"},
    {ReadBy::kMatures, Tried::kElse, matures, "metric/matures"},
    {ReadBy::kMarketWorth, Tried::kElse, market_worth, "metric/worth"},
    {ReadBy::kWord, Tried::kElse, by_word, "metric/figure"},
};
constexpr Reader kOtherReaders[] = {
    {ReadBy::kMovesAlike, Tried::kAfterFigure, moves_alike, "metric/alike"},
    {ReadBy::kPriceMove, Tried::kElseOrAct, price_move, "metric/price-move"},
    {ReadBy::kGoesOn, Tried::kAfterFigure, goes_on, "metric/goes-on"},
    {ReadBy::kUnit, Tried::kElse, by_unit, "metric/unit"},
    {ReadBy::kBreadth, Tried::kElse, breadth, "metric/breadth"},
    {ReadBy::kParts, Tried::kElse, parts, "metric/parts"},
    {ReadBy::kNoun, Tried::kElse, by_noun, "metric/noun"},
    {ReadBy::kAsWritten, Tried::kElse, as_written, "metric/as-written"},
};

bool is_tried(const Reader& reader, const Figure& figure, const std::optional<Reading>& found, const Memory& memory) {
  switch (reader.tried) {
    case Tried::kElse:
      return !found;
    case Tried::kElseOrAct:
      return !found || (found->what.is_act() && figure.quantity.kind == QuantityKind::kPercent);
    case Tried::kAfterFigure:
      return !found && memory.in_sentence_of(figure);
  }
  return false;
}

void try_in_order(std::span<const Reader> readers, const Figure& figure, const Memory& memory,
                  std::optional<Reading>& found) {
  for (const Reader& reader : readers) {
    if (!is_tried(reader, figure, found, memory)) continue;
    std::optional<Reading> read = reader.read(figure, memory);
    if (!read) continue;
    found = std::move(read);
    found->by = reader.by;
    found->rule = reader.rule;
  }
}

// It counts nothing worth a series; unless a word before it says of what, or it counts parts of a chip.
bool is_idle(const Figure& figure, const std::optional<Reading>& found, const Memory& memory) {
  if (!idle(figure.quantity, figure.sentence.text(figure.at))) return false;
  if (found) return !found->what.word || !found->what.before || figure.quantity.value < 2;
  // 采用两个计算带: of chips also two are a figure.
  return figure.quantity.value != 2 || !parts(figure, memory);
}

std::optional<Reading> read_measured(const Figure& figure, const Memory& memory) {
  std::optional<Reading> found;
  try_in_order(kWordReaders, figure, memory, found);
  if (is_idle(figure, found, memory)) return std::nullopt;
  try_in_order(kOtherReaders, figure, memory, found);
  return found;
}

// ---- Whose it is.

std::optional<Subject> find_bearer(const Figure& figure, const Memory& memory, Reading& reading) {
  if (reading.subject) return reading.subject;  // what is measured said so
  if (reading.what.chained) return memory.subject;
  if (reading.what.row) {
    Figure of_row = figure;
    of_row.clause = figure.sentence.clause_range(*reading.what.row);
    return bearer_of(of_row, reading.what, memory);
  }
  if (auto paired = bearer_in_row(figure, reading.what)) {
    reading.paired = true;
    return paired;
  }
  return bearer_of(figure, reading.what, memory);
}

// ---- The claim.

std::string_view rule_of(const Reading& reading) {
  if (reading.by != ReadBy::kPlace && reading.by != ReadBy::kWord) return reading.rule;
  if (reading.what.is_act()) return "metric/act";
  return reading.what.before ? reading.rule : "metric/figure-first";
}

// 营收同比36.8%: how much it rose, though no verb says so.
bool is_change_without_verb(const Figure& figure, const Measured& what) {
  const Quantity& quantity = figure.quantity;
  if (quantity.kind != QuantityKind::kPercent || quantity.basis == Basis::kLevel) return false;
  return what.measure != nullptr && (what.measure->takes & kTakesPercent) == 0;
}

// revenue, revenue_growth, revenue_decline. What is told in per cent by itself (a margin) keeps its name, but for a change in points.
std::string metric_name(const Figure& figure, const Measured& what) {
  const bool native = what.measure != nullptr && figure.quantity.kind == QuantityKind::kPercent &&
                      (what.measure->takes & kTakesPercent) != 0 && (what.measure->takes & kTakesMoney) == 0;
  if (!what.change || (native && figure.quantity.unit != "个百分点")) return what.name;
  return what.name + (what.falls ? "_decline" : "_growth");
}

Amount amount_of(const Figure& figure, const Measured& what) {
  const Quantity& quantity = figure.quantity;
  Amount value{quantity.value, quantity.high, quantity.comparator, unit_of(figure.sentence, figure.number)};
  // 性能是甲的一半; 少付五分之一的利息: as many times, or as much of it.
  if (is_fraction(quantity)) {
    const bool share = what.change || (what.measure != nullptr && (what.measure->takes & kTakesPercent) != 0 &&
                                       (what.measure->takes & (kTakesMultiple | kTakesMoney)) == 0);
    value.unit = share ? "%" : "倍";
    if (share) value.value *= 100;
  }
  // 份额降至0: of what is told in per cent only, nothing is so as well.
  const bool in_percent =
      what.measure != nullptr && (what.measure->takes & kTakesPercent) != 0 && (what.measure->takes & kTakesCount) == 0;
  if (value.unit.empty() && quantity.value == 0 && in_percent) value.unit = "%";
  return value;
}

// What narrows the measure; empty: nothing does.
std::string narrowed_to(const Figure& figure, const Memory& memory, const Reading& reading) {
  // The part of the books that the figure before was of: …业务收入106亿元，同比增长8.1%.
  if (reading.by == ReadBy::kGoesOn) return memory.scope;
  if (!reading.what.word || reading.what.is_act()) return {};
  // 300万单身人口: of those only.
  if (!reading.what.before) {
    Range gap{figure.at.end, std::max(figure.at.end, reading.what.word->begin)};
    if (figure.quantity.kind != QuantityKind::kNumber || figure.sentence.english()) return {};
    const Range from_number = gap;
    // 700 多名员工, 2000 架意向订单: what is counted goes with the number; but 单 of 单身 does not.
    for (const std::string_view head : {std::string_view(" "), std::string_view("多"), std::string_view("余"), std::string_view(figure.quantity.unit)})
      if (figure.sentence.text(gap).starts_with(head)) gap.begin += static_cast<std::uint32_t>(head.size());
    gap = trimmed(figure.sentence, gap);
    if (!gap.empty() && gap.size() < 6) gap = trimmed(figure.sentence, from_number);
    const bool narrows = gap.size() >= 6 && gap.size() <= 24 && is_noun_phrase(figure.sentence, gap);
    return narrows ? figure.sentence.original_text(gap) : std::string();
  }
  const Range word{reading.what.row.value_or(reading.what.word->begin), reading.what.word->end};
  return scope_of(figure.scene, reading.subject->at, word, figure.clause);
}

Basis basis_of(const Figure& figure, const Measured& what) {
  const Quantity& quantity = figure.quantity;
  // 同比 beside a sum belongs to the percentage that follows.
  if (quantity.kind != QuantityKind::kPercent && quantity.kind != QuantityKind::kMultiple && !what.change)
    return Basis::kLevel;
  if (quantity.basis != Basis::kLevel) return quantity.basis;
  const std::string_view before = figure.sentence.text().substr(0, figure.at.begin);
  if (before.ends_with("年增") || before.ends_with("年减")) return Basis::kYearOnYear;
  if (before.ends_with("月增") || before.ends_with("月减")) return Basis::kMonthOnMonth;
  if (before.ends_with("季增") || before.ends_with("季减")) return Basis::kQuarterOnQuarter;
  return Basis::kLevel;
}

std::optional<When> time_of_claim(const Figure& figure, const Memory& memory, const Reading& reading) {
  const Measured& what = reading.what;
  const Subject& subject = *reading.subject;
  const bool goes_on_of_it =
      memory.there && !figure.clause.covers(subject.at) && subject.ref.id == memory.subject.ref.id;
  const bool implied = reading.by == ReadBy::kGoesOn || goes_on_of_it;
  const bool moves =
      reading.by == ReadBy::kPriceMove || (what.change && (what.name == "share_price" || what.name == "index_level"));
  return when_of(figure, what, memory, implied, moves);
}

// The number that this one replaces; null: none does.
const Quantity* replaced_by(const Figure& figure) {
  const Sentence& sentence = figure.sentence;
  const auto& quantities = sentence.quantities_at();
  // 从350美元上调至450美元: the later value keeps the one it replaces.
  if (figure.index > 0) {
    const QuantityAt& earlier = quantities[figure.index - 1];
    const Range between{earlier.at.end, figure.at.begin};
    if (figure.clause.covers(earlier.at) && to_level(sentence, between) &&
        near(figure.scene, {figure.clause.begin, earlier.at.begin}, {Word::kFrom}) != nullptr &&
        earlier.quantity->kind == figure.quantity.kind)
      return earlier.quantity;
  }
  // "raised its target to $450 from $350": the one it replaces stands behind.
  if (figure.index + 1 < quantities.size()) {
    const QuantityAt& later = quantities[figure.index + 1];
    const std::string_view between = sentence.text({figure.at.end, std::max(figure.at.end, later.at.begin)});
    const bool joins = between == " from " || between == "(前值" || between == ",前值" || between == "(此前为";
    if (figure.clause.covers(later.at) && later.quantity->kind == figure.quantity.kind && joins) return later.quantity;
  }
  return nullptr;
}

Stance stance_of_figure(const Figure& figure) {
  Stance stance = stance_of(figure.scene, figure.at);
  stance.negated = stance.denied = stance.stopped = false;
  // A number that will be reached is a forecast; a plan only where somebody plans it.
  if (stance.will && !stance.planned) {
    stance.will = false;
    stance.forecast = true;
  } else if (stance.will && stance.forecast) {
    stance.will = stance.planned = false;
  }
  return stance;
}

// 某某预计…: a company the lexicon lacks speaks for itself.
bool speaks_for_itself(const Figure& figure, const Subject& subject, const Claim& claim) {
  if (claim.modality != Modality::kForecast || !claim.speakers.empty() || subject.ref.known ||
      !figure.clause.covers(subject.at))
    return false;
  const std::string_view after = figure.sentence.text().substr(subject.at.end);
  return after.starts_with("预计") || after.starts_with("预测") || after.starts_with("预期");
}

std::string_view kind_of(const Figure& figure, const Measured& what, const Claim& claim) {
  if (near(figure.scene, {figure.sentence.sentence_range(figure.at.begin).begin, figure.at.end}, {Word::kGuidance}) !=
      nullptr)
    return "guidance";
  if (claim.modality == Modality::kForecast) return "forecast";
  if (claim.modality == Modality::kPlanned || what.name == "target_price") return "target";
  return "actual";
}

// Fills the slots of `made` in the order in which claims show them, and how it is meant.
void tell(const Figure& figure, const Memory& memory, const Reading& reading, Draft& made) {
  const Measured& what = reading.what;
  const Subject& subject = *reading.subject;
  Claim& claim = made.claim;
  if (figure.clause.covers(subject.at)) cover(made, subject.at);
  if (what.word) cover(made, *what.word);

  claim.set("entity", subject.ref);
  claim.set("metric", metric_name(figure, what));
  const Amount value = amount_of(figure, what);
  claim.set("value", value);
  if (const std::string scope = narrowed_to(figure, memory, reading); !scope.empty()) claim.set("scope", scope);
  claim.set("basis", std::string(basis_name(basis_of(figure, what))));
  if (auto when = time_of_claim(figure, memory, reading)) {
    claim.when = *std::move(when);
    claim.set("period", claim.when->iso);
  }
  if (const Quantity* previous = replaced_by(figure))
    claim.set("previous", Amount{previous->value, previous->high, previous->comparator, value.unit});

  Stance stance = stance_of_figure(figure);
  stance.forecast |= what.expected;
  settle(figure.scene, made, stance, Aspect::kHolds);
  if (speaks_for_itself(figure, subject, claim)) {
    claim.speakers.push_back(subject.ref.text);
    claim.attribution = Attribution::kNamed;
  }
  claim.set("kind", std::string(kind_of(figure, what, claim)));
}

// ---- What the next figure goes on from.

// 若其复刻甲首日…的涨幅，股价…: what follows is told of 其, the company that the article is about. Null: not so.
const WordHit* told_of_its(const Figure& figure, const Subject& subject) {
  const Sentence& sentence = figure.sentence;
  const ArticleContext& article = figure.scene.article;
  const WordHit* its = sentence.first(Layer::kFrame, FrameCue::kIts, figure.clause);
  if (its == nullptr || sentence.english() || !article.company_clear) return nullptr;
  if (subject.at.begin <= its->end || !figure.clause.covers(subject.at)) return nullptr;
  if (!is_company(subject.kind) || subject.ref.id == article.company->ref.id) return nullptr;
  const bool named_before = std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& each) {
    return figure.clause.begin <= each.at.begin && each.at.end <= its->begin;
  });
  return named_before ? nullptr : its;
}

void remember(const Figure& figure, const Reading& reading, const Claim& claim, Memory& memory) {
  const Sentence& sentence = figure.sentence;
  const Subject& subject = *reading.subject;
  // 较乙的…, 从…: whom a figure is held against is not whom the text goes on about.
  const bool against = std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& each) {
    return each.at == subject.at && compared(figure.scene, each, sentence.clause_range(each.at.begin));
  });
  if (against && !memory.there) return;
  if (!against || memory.sentence_index != figure.sentence_index) memory.subject = subject;
  if (const WordHit* its = told_of_its(figure, subject))
    memory.subject = Subject{figure.scene.article.company->ref, range_of(*its), EntityKind::kCompany};
  memory.there = true;
  memory.measured = reading.what;
  memory.changed = reading.what.change;
  memory.fell = reading.what.falls;
  memory.times = is_times(figure.quantity);
  memory.measured.change = memory.measured.falls = memory.measured.expected = false;
  memory.sentence_index = figure.sentence_index;
  memory.at = figure.at;
  memory.scope = std::string(claim.text("scope"));
  // What a figure rose by leaves the figure's own kind for what follows.
  if (!(reading.by == ReadBy::kGoesOn && reading.what.change)) {
    memory.kind = figure.quantity.kind;
    memory.unit = std::get<Amount>(*claim.slot("value")).unit;
  }
  memory.when = claim.when;
}

// It stands in a bracket of its clause.
bool in_bracket(const Figure& figure) {
  const std::string_view lead = figure.sentence.text({figure.clause.begin, figure.at.begin});
  const std::size_t open = lead.rfind('(');
  return open != std::string_view::npos && lead.find(')', open) == std::string_view::npos;
}

class Metric final : public Rule {
 public:
  ClaimType type() const override { return ClaimType::kMetric; }
  std::span<const WordRow> words() const override { return all_words(); }

  void read(const Scene& scene, std::vector<Draft>& out) const override {
    if (scene.title) return;
    Memory memory;
    Memory outside;  // what was told before a bracket opened
    bool inside = false;
    for (std::size_t i = 0; i < scene.sentence.quantities_at().size(); ++i) {
      const Figure figure = figure_of(scene, i);
      // 带宽为A，几乎是乙(带宽B)的两倍: an aside goes on within its bracket only.
      const bool bracketed = in_bracket(figure);
      if (bracketed && !inside) outside = memory;
      if (!bracketed && inside && outside.in_sentence_of(figure)) memory = outside;
      inside = bracketed;
      one(figure, memory, out);
    }
  }

 private:
  // One number, from what it is to what the next one goes on from.
  void one(const Figure& figure, Memory& memory, std::vector<Draft>& out) const {
    // Numbers that are no figures.
    if (is_no_figure(figure)) return;
    // What is measured.
    std::optional<Reading> reading = read_measured(figure, memory);
    if (!reading) return;
    // Whose it is.
    reading->subject = find_bearer(figure, memory, *reading);
    if (!reading->subject) return;
    // What would be told of the wrong one.
    if (is_refused(figure, *reading, memory)) return;
    // The claim.
    if (is_change_without_verb(figure, reading->what)) reading->what.change = true;
    Draft made = draft(rule_of(*reading), figure.at);
    tell(figure, memory, *reading, made);
    // What the next figure goes on from.
    remember(figure, *reading, made.claim, memory);
    // Who stands beside the bearer has it too.
    for (const Subject& other : bearers_alike(figure, *reading)) {
      Draft same = made;
      same.claim.set("entity", other.ref);
      if (figure.clause.covers(other.at)) cover(same, other.at);
      out.push_back(std::move(same));
    }
    out.push_back(std::move(made));
  }
};

}  // namespace
}  // namespace metric

std::unique_ptr<Rule> make_metric_rule() { return std::make_unique<metric::Metric>(); }

}  // namespace annals
