#include "engine/projection/kinds/import_control.h"

#include <algorithm>
#include <array>

#include "engine/language/fold.h"
#include "engine/projection/kinds/words.h"

namespace annals {
namespace {

int strictness(std::string_view status) {
  if (status == "banned") return 4;
  if (status == "under_review") return 3;
  if (status == "discouraged") return 2;
  return status == "allowed" ? 1 : 0;
}

bool says(const std::string& folded, std::initializer_list<std::string_view> cues) {
  return std::any_of(cues.begin(), cues.end(), [&](std::string_view cue) { return folded.find(cue) != std::string::npos; });
}

// The instrument, from the status, who applies it and the words around it.
std::string instrument(const Claim& claim) {
  const std::string_view status = claim.text("status");
  if (status == "banned" || status == "allowed") return "ban";
  std::string words(claim.text("condition"));
  words += ' ';
  words += claim.quote;
  if (const EntityRef* authority = claim.entity("authority")) words += ' ' + authority->id + ' ' + authority->text;
  words = fold(words);
  if (says(words, {"海关", "customs"})) return "customs";
  if (says(words, {"补贴", "subsid"})) return "subsidy";
  if (status == "under_review") return says(words, {"安全", "漏洞", "网信", "security", "backdoor"}) ? "security_review" : "approval";
  return "procurement";
}

}  // namespace

const ProjectionHelp& ImportControl::help() const {
  static const ProjectionHelp kHelp = {
      "import_control", "whether a place lets a product in, by the receiving side's instruments",
      "PRODUCT[/JURISDICTION], jurisdiction china unless said; a class with its vendor: CLASS@VENDOR",
      "tracks     one per instrument: ban; procurement (preference for home-made goods); customs (checks); security_review;\n"
      "           approval (somebody has yet to agree); subsidy (money only for home-made goods)\n"
      "values     banned > under_review > discouraged > allowed; the head is the strictest in force\n"
      "rivals     banned × allowed\n"
      "ways back  any value may follow any other of its track; allowed also ends what was under review on an earlier day\n"
      "steps      none"};
  return kHelp;
}

std::string ImportControl::subject(const Claim& claim) const {
  return claim.type == ClaimType::kImportControl ? slot_id(claim, "product") : std::string();
}

std::string ImportControl::key(const Claim& claim, const Names& names) const { return product_key(claim, names, "jurisdiction"); }

Said ImportControl::say(const Claim& claim, const PlacedClaim&) const {
  Said said;
  said.value = claim.text("status");
  said.track = instrument(claim);
  said.slot = said.value;
  add_slot(said.fields, claim, "authority");
  add_slot(said.fields, claim, "condition");
  if (const std::string vendor = slot_id(claim, "vendor"); !vendor.empty()) add_word(said.fields, "vendors", vendor);
  return said;
}

Relation ImportControl::relation(const Growing& now, const Said& said, const PlacedClaim&) const {
  if (now.entry.value == said.value) return Relation::kSame;
  const bool rivals = (now.entry.value == "banned" && said.value == "allowed") || (now.entry.value == "allowed" && said.value == "banned");
  return rivals ? Relation::kRival : Relation::kChange;
}

void ImportControl::merge(Growing& now, const Said& said, const PlacedClaim&, Relation) const {
  for (const Field& field : said.fields) {
    if (field.name == "vendors") add_word(now.entry.fields, "vendors", field.text);
    else if (find_field(now.entry.fields, field.name) == nullptr) set_field(now.entry.fields, field.name, field.text, field.number);
  }
}

bool ImportControl::ends(const Growing& entry, const Said& stated, const PlacedClaim&, bool changed) const {
  return entry.entry.value == stated.value || (changed && !entry.expectation && entry.entry.track == stated.track);
}

void ImportControl::after_stated(Growth& growth, const Said& said, const PlacedClaim& placed) const {
  if (said.value != "allowed" || phase(placed, growth.valid_at) != Phase::kActive) return;
  auto& lane = growth.lane(Lane::kStated);
  Growing* permission = find_track(lane, "ban");
  if (permission == nullptr || permission->entry.value != "allowed") return;
  // A permission ends a review that was told of an earlier day; told of the same day, one of them is hasty, and the stricter counts.
  const auto over = [&](const Growing& growing) {
    if (growing.entry.value != "under_review" || (growing.dated && !placed.dated)) return false;
    if (overlap(growing.onset, placed.onset)) return false;
    return !growing.entry.confirmed || !placed.onset || growing.entry.confirmed->at < placed.onset->first;
  };
  for (const Growing& growing : lane) {
    if (!over(growing)) continue;
    Step step;
    step.value = growing.entry.value;
    step.fields = growing.entry.fields;
    step.since = growing.entry.since;
    step.by = growing.entry.by;
    step.until = placed.from_point;
    step.evidence = growing.entry.first;
    permission->entry.steps.push_back(std::move(step));
  }
  std::erase_if(lane, over);
}

bool ImportControl::ahead_of(const Growing& a, const Growing& b) const {
  if (a.expectation != b.expectation) return b.expectation;
  const int one = strictness(a.entry.value);
  const int other = strictness(b.entry.value);
  return one != other ? one > other : a.touched > b.touched;
}

}  // namespace annals
