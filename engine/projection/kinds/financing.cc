#include "engine/projection/kinds/financing.h"

#include "engine/language/fold.h"
#include "engine/projection/kinds/words.h"

namespace annals {

const ProjectionHelp& Financing::help() const {
  static const ProjectionHelp kHelp = {
      "financing", "money a company raised outside the stock market", "COMPANY",
      "tracks     one per round (or event, where no round is named); a round that was closed stays closed\n"
      "rivals     two sums raised, or two valuations, of one round, told for one time\n"
      "steps      none: rounds stand side by side, the newest first\n"
      "ways back  none"};
  return kHelp;
}

std::string Financing::subject(const Claim& claim) const {
  return claim.type == ClaimType::kFinancing ? slot_id(claim, "company") : std::string();
}

std::string Financing::key(const Claim& claim, const Names& names) const { return names.canonical(slot_id(claim, "company")); }

Said Financing::say(const Claim& claim, const PlacedClaim&) const {
  Said said;
  const std::string_view round = claim.text("round");
  const std::string_view event = claim.text("event");
  said.value = !round.empty() ? std::string(round) : !event.empty() ? std::string(event) : "raised";
  said.track = annals::fold(said.value);
  said.slot = said.track;
  if (const Amount* raised = claim.amount("raised")) said.value += " " + format_number(raised->value);
  for (const std::string_view slot : {"event", "raised", "valuation", "investors"}) add_slot(said.fields, claim, slot);
  return said;
}

Relation Financing::relation(const Growing& now, const Said& said, const PlacedClaim&) const {
  for (const std::string_view name : {"raised", "valuation"}) {
    const Field* old = find_field(now.entry.fields, name);
    const Field* next = find_field(said.fields, name);
    if (old != nullptr && next != nullptr && old->text != next->text) return Relation::kRival;
  }
  return Relation::kSame;
}

bool Financing::ahead_of(const Growing& a, const Growing& b) const {
  if (a.expectation != b.expectation) return b.expectation;
  if (a.onset != b.onset) return a.onset > b.onset;
  return a.touched > b.touched;
}

}  // namespace annals
