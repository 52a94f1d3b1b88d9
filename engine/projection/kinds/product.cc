#include "engine/projection/kinds/product.h"

#include <algorithm>
#include <array>

#include "engine/projection/kinds/words.h"

namespace annals {
namespace {

constexpr std::array<std::string_view, 6> kMilestones = {"announced", "taped_out", "sampling", "mass_production", "launched", "shipping"};
constexpr int kNone = 6;  // delayed, cancelled: not on the path

int rank_of(std::string_view stage) {
  return static_cast<int>(std::find(kMilestones.begin(), kMilestones.end(), stage) - kMilestones.begin());
}

}  // namespace

const ProjectionHelp& Product::help() const {
  static const ProjectionHelp kHelp = {
      "product", "the milestones of a product's life, reached and expected", "PRODUCT",
      "steps      announced → taped_out → sampling → mass_production → launched → shipping: one path; milestones may be skipped,\n"
      "           and what is told as past still counts as reached\n"
      "rivals     cancelled × any milestone of the same time\n"
      "marks      delayed marks the product and takes nothing back\n"
      "ways back  none on the path; cancelled ends it, a new act after it begins it anew\n"
      "targets    a milestone expected by a time; another time for the same milestone moves it"};
  return kHelp;
}

std::string Product::subject(const Claim& claim) const {
  return claim.type == ClaimType::kProductMilestone ? slot_id(claim, "product") : std::string();
}

std::string Product::key(const Claim& claim, const Names& names) const { return names.canonical(slot_id(claim, "product")); }

Said Product::say(const Claim& claim, const PlacedClaim&) const {
  Said said;
  said.value = claim.text("stage");
  said.slot = said.value;
  add_slot(said.fields, claim, "vendor");
  return said;
}

Relation Product::relation(const Growing& now, const Said& said, const PlacedClaim& placed) const {
  const std::string& old = now.entry.value;
  if (old == said.value) return Relation::kSame;
  if (said.value == "delayed") return Relation::kMark;
  if (old == "delayed") return Relation::kForward;
  if (said.value == "cancelled") return Relation::kRival;
  if (old == "cancelled") {
    if (overlap(now.onset, placed.onset)) return Relation::kRival;
    return placed.claim->aspect == Aspect::kBegins ? Relation::kChange : Relation::kBack;
  }
  return rank_of(said.value) > rank_of(old) ? Relation::kForward : Relation::kBack;
}

void Product::merge(Growing& now, const Said& said, const PlacedClaim& placed, Relation how) const {
  if (how == Relation::kMark) {
    set_field(now.entry.fields, "mark", "delayed");
    return;
  }
  // A step forward after the delay: it is over.
  if (how == Relation::kForward) std::erase_if(now.entry.fields, [](const Field& field) { return field.name == "mark"; });
  if (how == Relation::kBack && now.entry.value != "cancelled") add_passed(now, said, placed);
  for (const Field& field : said.fields)
    if (find_field(now.entry.fields, field.name) == nullptr) set_field(now.entry.fields, field.name, field.text, field.number);
}

bool Product::ends(const Growing& entry, const Said& stated, const PlacedClaim&, bool changed) const {
  if (entry.entry.value == stated.value) return true;
  if (stated.value == "cancelled") return changed;
  const int theirs = rank_of(entry.entry.value);
  const int reached = rank_of(stated.value);
  return theirs < kNone && reached < kNone && theirs <= reached;
}

bool Product::ahead_of(const Growing& a, const Growing& b) const {
  if (a.expectation != b.expectation) return b.expectation;
  if (a.expectation) {
    const auto due = [](const Growing& g) { return g.entry.due && g.entry.due->to ? *g.entry.due->to : kInstantMax; };
    if (due(a) != due(b)) return due(a) < due(b);
  }
  return a.touched > b.touched;
}

}  // namespace annals
