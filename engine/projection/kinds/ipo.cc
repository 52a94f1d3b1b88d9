#include "engine/projection/kinds/ipo.h"

#include <algorithm>
#include <array>

#include "engine/projection/kinds/words.h"

namespace annals {
namespace {

constexpr std::array<std::string_view, 13> kStages = {"considering", "preparing", "tutoring", "filed",        "accepted", "inquiry",
                                                      "approved",    "registered", "priced",  "subscription", "listed",   "withdrawn",
                                                      "terminated"};
constexpr int kLast = 10;  // listed

int rank_of(std::string_view stage) {
  return static_cast<int>(std::find(kStages.begin(), kStages.end(), stage) - kStages.begin());
}
bool ended(int rank) { return rank > kLast; }

// A place stands for its exchange where it has one.
std::string venue_of(const Claim& claim) {
  const std::string venue = slot_id(claim, "venue");
  return venue == "hong_kong" || venue == "hk_stock_market" ? "hkex" : venue;
}

}  // namespace

const ProjectionHelp& Ipo::help() const {
  static const ProjectionHelp kHelp = {
      "ipo", "how far a company has come on its way to the stock market", "COMPANY",
      "tracks     one per venue; told without a venue: the furthest of them\n"
      "steps      considering → preparing → tutoring → filed → accepted → inquiry → approved → registered → priced → subscription →\n"
      "           listed: one path; stages may be skipped; what is told as past still counts as reached\n"
      "rivals     withdrawn or terminated × any stage of the same time\n"
      "ways back  none on the path; withdrawn and terminated end it, after them a new act begins it anew\n"
      "targets    a stage expected by a time: ahead, met when that stage or a later one is stated, overdue when its time has passed"};
  return kHelp;
}

std::string Ipo::subject(const Claim& claim) const {
  return claim.type == ClaimType::kIpoMilestone ? slot_id(claim, "company") : std::string();
}

std::string Ipo::key(const Claim& claim, const Names& names) const { return names.canonical(slot_id(claim, "company")); }

Said Ipo::say(const Claim& claim, const PlacedClaim&) const {
  Said said;
  said.value = claim.text("stage");
  said.slot = said.value;
  said.track = venue_of(claim);
  for (const std::string_view slot : {"price", "market_cap", "raised", "shares", "lottery_rate", "oversubscription", "condition"})
    add_slot(said.fields, claim, slot);
  return said;
}

Relation Ipo::relation(const Growing& now, const Said& said, const PlacedClaim& placed) const {
  const int old = rank_of(now.entry.value);
  const int next = rank_of(said.value);
  if (old == next) return Relation::kSame;
  if (ended(next)) return ended(old) ? Relation::kChange : Relation::kRival;
  if (ended(old)) {
    if (overlap(now.onset, placed.onset)) return Relation::kRival;
    return placed.claim->aspect == Aspect::kBegins ? Relation::kChange : Relation::kBack;
  }
  return next > old ? Relation::kForward : Relation::kBack;
}

void Ipo::merge(Growing& now, const Said& said, const PlacedClaim& placed, Relation how) const {
  // What was told without its venue turns out to be there; an earlier stage somewhere else tells nothing about it.
  if (how != Relation::kBack && now.entry.track.empty()) now.entry.track = said.track;
  if (how == Relation::kBack && !ended(rank_of(now.entry.value))) {
    add_passed(now, said, placed);
    std::stable_sort(now.entry.steps.begin(), now.entry.steps.end(), [](const Step& a, const Step& b) {
      const bool passed = a.due_status == DueStatus::kNone && b.due_status == DueStatus::kNone;
      return passed && !ended(rank_of(a.value)) && !ended(rank_of(b.value)) && rank_of(a.value) < rank_of(b.value);
    });
  }
  for (const Field& field : said.fields)
    if (find_field(now.entry.fields, field.name) == nullptr) set_field(now.entry.fields, field.name, field.text, field.number);
}

bool Ipo::ends(const Growing& entry, const Said& stated, const PlacedClaim&, bool changed) const {
  const int theirs = rank_of(entry.entry.value);
  const int reached = rank_of(stated.value);
  if (ended(reached)) return changed && (entry.expectation || !ended(theirs) || theirs == reached);
  return !ended(theirs) && theirs <= reached;
}

bool Ipo::ahead_of(const Growing& a, const Growing& b) const {
  if (a.expectation != b.expectation) return b.expectation;
  if (a.expectation) {
    const auto due = [](const Growing& g) { return g.entry.due && g.entry.due->to ? *g.entry.due->to : kInstantMax; };
    if (due(a) != due(b)) return due(a) < due(b);
  } else {
    const auto rank = [](const Growing& g) { return ended(rank_of(g.entry.value)) ? -1 : rank_of(g.entry.value); };
    if (rank(a) != rank(b)) return rank(a) > rank(b);
  }
  return a.touched > b.touched;
}

}  // namespace annals
