#include "engine/projection/kinds/revenue_share.h"

#include "engine/projection/kinds/words.h"

namespace annals {
namespace {

int deal_rank(std::string_view status) {
  if (status == "proposed") return 1;
  if (status == "required") return 2;
  if (status == "agreed") return 3;
  return 0;  // of the effect, not of the deal
}

std::string_view effect_of(std::string_view status) {
  if (status == "in_effect") return "in force";
  if (status == "not_in_effect") return "not in force";
  return "";
}

bool other_rate(const Growing& now, const Said& said) {
  const Field* old = find_field(now.entry.fields, "rate");
  const Field* next = find_field(said.fields, "rate");
  return old != nullptr && next != nullptr && old->number != next->number;
}

}  // namespace

const ProjectionHelp& RevenueShare::help() const {
  static const ProjectionHelp kHelp = {
      "revenue_share", "the share of a product's sales that a government takes", "PRODUCT[/DESTINATION], destination china unless said",
      "deal       proposed → required → agreed: steps of one path at one rate; what is told as past still counts as reached\n"
      "effect     in force, not in force, unsaid: apart from the deal, with a count of outlets of its own\n"
      "rivals     two rates of one time; in force × not in force of one time\n"
      "ways back  another rate begins a deal anew and keeps the one before, with its span; effect may change any time"};
  return kHelp;
}

std::string RevenueShare::subject(const Claim& claim) const {
  return claim.type == ClaimType::kRevenueShare ? slot_id(claim, "product") : std::string();
}

std::string RevenueShare::key(const Claim& claim, const Names& names) const { return product_key(claim, names, "destination"); }

Said RevenueShare::say(const Claim& claim, const PlacedClaim& placed) const {
  Said said;
  said.value = claim.text("status");
  said.slot = said.value;
  const bool effect = deal_rank(said.value) == 0;
  if (!is_expectation(claim) && claim.modality != Modality::kDenied) {
    set_field(said.fields, "deal", effect ? "unsaid" : said.value);
    set_field(said.fields, "effect", effect ? std::string(effect_of(said.value)) : "unsaid");
    if (effect) {
      if (placed.from_point && claim.aspect == Aspect::kBegins) set_field(said.fields, "effect_since", placed.from_point->text);
      set_number(said.fields, "effect_outlets", 1);
    }
  }
  add_slot(said.fields, claim, "rate");
  add_slot(said.fields, claim, "basis");
  add_slot(said.fields, claim, "payer");
  add_slot(said.fields, claim, "payee");
  add_slot(said.fields, claim, "condition");
  return said;
}

Relation RevenueShare::relation(const Growing& now, const Said& said, const PlacedClaim&) const {
  if (other_rate(now, said)) return Relation::kRival;
  const int old = deal_rank(now.entry.value);
  const int next = deal_rank(said.value);
  if (next == 0) return now.entry.value == said.value ? Relation::kSame : Relation::kMark;  // the effect stands beside the deal
  if (old == next) return Relation::kSame;
  return old < next ? Relation::kForward : Relation::kBack;
}

bool RevenueShare::met(const Growing& stated, const Said& said, const PlacedClaim& placed) const {
  if (deal_rank(said.value) == 0) {
    const Field* effect = find_field(stated.entry.fields, "effect");
    return !other_rate(stated, said) && effect != nullptr && effect->text == effect_of(said.value);
  }
  return Projection::met(stated, said, placed);
}

bool RevenueShare::ends(const Growing& entry, const Said& stated, const PlacedClaim&, bool changed) const {
  if (other_rate(entry, stated)) return changed && !entry.expectation;
  const int theirs = deal_rank(entry.entry.value);
  return theirs == 0 ? entry.entry.value == stated.value : theirs <= deal_rank(stated.value);
}

// With another rate, what was expected of the rate before it is void.
void RevenueShare::after_stated(Growth& growth, const Said& said, const PlacedClaim&) const {
  const Growing* now = find_track(growth.lane(Lane::kStated), said.track);
  if (now == nullptr || now->entry.steps.empty()) return;
  const Field* rate = find_field(now->entry.fields, "rate");
  const Field* before = find_field(now->entry.steps.back().fields, "rate");
  if (rate == nullptr || before == nullptr || rate->number == before->number) return;
  for (const Lane lane : {Lane::kReported, Lane::kExpected, Lane::kConditional}) {
    std::erase_if(growth.lane(lane), [&](const Growing& growing) {
      const Field* theirs = find_field(growing.entry.fields, "rate");
      return growing.expectation && theirs != nullptr && theirs->number == before->number && !(growing.dated && !now->dated);
    });
  }
}

void RevenueShare::merge(Growing& now, const Said& said, const PlacedClaim& placed, Relation how) const {
  std::vector<Field>& fields = now.entry.fields;
  const std::string_view effect = effect_of(said.value);
  if (is_expectation(*placed.claim)) {
    Projection::merge(now, said, placed, how);
    return;
  }
  if (!effect.empty()) {
    const Field* old = find_field(fields, "effect");
    const std::string before = old == nullptr ? "unsaid" : old->text;
    std::set<std::string>& side = now.sides["effect"];
    if (before != effect) {
      // Both of one time, from origins that do not lean on each other: the newer shows, the older disputes it.
      if (before != "unsaid" && overlap(now.onset, placed.onset) && !now.sides["effect origins"].contains(placed.evidence.origin) &&
          now.entry.disputes.size() < kLaneValuesMax)
        now.entry.disputes.push_back({before, now.entry.newest});
      side.clear();
      now.sides["effect origins"].clear();
      now.sides["effect wordings"].clear();
      std::erase_if(fields, [](const Field& field) { return field.name == "effect_since"; });
    }
    if (!said_again(now.sides["effect wordings"], placed) || side.contains(placed.source)) {
      side.insert(placed.source);
      now.sides["effect origins"].insert(placed.evidence.origin);
    }
    set_field(fields, "effect", std::string(effect));
    if (const Field* since = find_field(said.fields, "effect_since"); since != nullptr && before != effect)
      set_field(fields, "effect_since", since->text);
    set_number(fields, "effect_outlets", static_cast<double>(std::min<std::size_t>(side.size(), 3)));
  } else if (how == Relation::kBack) {
    corroborate(now, placed);  // of the deal at this rate
    add_passed(now, said, placed);
  } else if (how == Relation::kForward) {
    // The time shown is that of the step that was reached; the steps before it keep theirs.
    set_field(fields, "deal", said.value);
    now.entry.since.reset();
    now.entry.by.reset();
    if (placed.claim->aspect == Aspect::kBegins) now.entry.since = placed.from_point;
    else now.entry.by = placed.claim->aspect == Aspect::kHeld ? placed.to_point : placed.from_point;
  }
  for (const Field& field : said.fields) {
    if (field.name == "deal" || field.name.starts_with("effect")) continue;  // set above
    if (find_field(fields, field.name) == nullptr) set_field(fields, field.name, field.text, field.number);
  }
}

}  // namespace annals
