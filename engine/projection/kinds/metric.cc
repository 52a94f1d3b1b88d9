#include "engine/projection/kinds/metric.h"

#include "engine/language/fold.h"
#include "engine/projection/kinds/words.h"

namespace annals {
namespace {

std::string kind_of(const Claim& claim) {
  if (const std::string_view kind = claim.text("kind"); !kind.empty()) return std::string(kind);
  return is_expectation(claim) ? "forecast" : "actual";
}

std::string figure(const Amount& amount) {
  std::string text = format_number(amount.value);
  if (amount.high) text += ".." + format_number(*amount.high);
  if (amount.comparator != Comparator::kEqual && amount.comparator != Comparator::kRange) text.insert(0, comparator_name(amount.comparator));
  if (!amount.unit.empty()) text += (amount.unit == "%" ? "" : " ") + amount.unit;
  return text;
}

}  // namespace

const ProjectionHelp& Metric::help() const {
  static const ProjectionHelp kHelp = {
      "metric", "numbers said of somebody or something, as series", "ENTITY/METRIC",
      "tracks     one per period, scope, basis (level, yoy, qoq, mom) and kind (actual, guidance, forecast, target); a forecast or\n"
      "           target also by whose it is: a bank's revision is of its own figure\n"
      "rivals     two actual figures of one period, told for one time\n"
      "steps      a figure that replaces one (350 → 450) keeps the one before: the revision is the signal\n"
      "ways back  any figure may follow any other"};
  return kHelp;
}

std::string Metric::subject(const Claim& claim) const {
  return claim.type == ClaimType::kMetric && !claim.text("metric").empty() ? slot_id(claim, "entity") : std::string();
}

std::string Metric::key(const Claim& claim, const Names& names) const {
  return names.canonical(slot_id(claim, "entity")) + "/" + annals::fold(claim.text("metric"));
}

std::string Metric::subject_of_key(std::string_view key) const { return std::string(key.substr(0, key.find('/'))); }

Said Metric::say(const Claim& claim, const PlacedClaim& placed) const {
  Said said;
  const std::string kind = kind_of(claim);
  std::string period(claim.text("period"));
  if (period.empty() && claim.when) period = claim.when->iso;
  const std::string scope(claim.text("scope"));
  const std::string basis = claim.text("basis").empty() ? "level" : std::string(claim.text("basis"));
  for (const std::string& part : {period, scope, basis, kind})
    if (!part.empty()) said.track += (said.track.empty() ? "" : " ") + part;
  if (kind == "forecast" || kind == "target") said.track += " of " + placed.evidence.origin;
  said.slot = said.track;
  if (const Amount* amount = claim.amount("value")) {
    said.value = figure(*amount);
    set_number(said.fields, "value", amount->value);
    if (amount->high) set_number(said.fields, "high", *amount->high);
    if (!amount->unit.empty()) set_field(said.fields, "unit", amount->unit);
    if (amount->comparator != Comparator::kEqual) set_field(said.fields, "comparator", std::string(comparator_name(amount->comparator)));
  }
  if (!period.empty()) set_field(said.fields, "period", period);
  if (!scope.empty()) set_field(said.fields, "scope", scope);
  set_field(said.fields, "basis", basis);
  set_field(said.fields, "kind", kind);
  if (const Amount* previous = claim.amount("previous")) set_field(said.fields, "previous", figure(*previous), previous->value);
  return said;
}

Relation Metric::relation(const Growing& now, const Said& said, const PlacedClaim&) const {
  if (now.entry.value == said.value) return Relation::kSame;
  const Field* kind = find_field(said.fields, "kind");
  const bool of_a_period = find_field(said.fields, "period") != nullptr;
  return of_a_period && kind != nullptr && kind->text == "actual" ? Relation::kRival : Relation::kChange;
}

void Metric::merge(Growing& now, const Said& said, const PlacedClaim&, Relation) const {
  if (const Field* previous = find_field(said.fields, "previous"); previous != nullptr && find_field(now.entry.fields, "previous") == nullptr)
    set_field(now.entry.fields, "previous", previous->text, previous->number);
}

// Tracks tell actual figures from forecasts: a figure that came in does not unsay what was forecast.
bool Metric::ends(const Growing& entry, const Said& stated, const PlacedClaim&, bool) const {
  return entry.entry.track == stated.track && entry.entry.value == stated.value;
}

}  // namespace annals
