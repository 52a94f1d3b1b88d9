#include "engine/projection/kinds/calendar.h"

#include <algorithm>

#include "engine/claim/kinds.h"
#include "engine/language/fold.h"
#include "engine/projection/kinds/words.h"

namespace annals {
namespace {

struct Appointment {
  std::string who;
  std::string what;
};

// One spelling for what is to happen: folded, without white space, quotation marks and brackets of titles.
std::string plain(std::string_view what) {
  std::string folded = fold(what);
  for (const std::string_view mark : {" ", "\"", "'", "“", "”", "‘", "’", "「", "」", "『", "』", "《", "》", "。", "，", ","}) {
    for (std::size_t at; (at = folded.find(mark)) != std::string::npos;) folded.erase(at, mark.size());
  }
  std::replace(folded.begin(), folded.end(), '|', ' ');
  return folded;
}

Appointment appointment(const Claim& claim) {
  const auto named = [&](std::string_view kind, std::string_view subject, std::string_view value) {
    return Appointment{slot_id(claim, subject), std::string(kind) + ": " + plain(claim.text(value))};
  };
  switch (claim.type) {
    case ClaimType::kScheduledEvent: return {slot_id(claim, "who"), plain(claim.text("what"))};
    case ClaimType::kIpoMilestone: return named("ipo", "company", "stage");
    case ClaimType::kProductMilestone: return named("product", "product", "stage");
    case ClaimType::kExportControl: return named("export", "product", "status");
    case ClaimType::kImportControl: return named("import", "product", "status");
    case ClaimType::kRevenueShare: return named("share", "product", "status");
    case ClaimType::kFinancing: return named("financing", "company", claim.text("round").empty() ? "event" : "round");
    case ClaimType::kMetric: return {};
  }
  return {};
}

}  // namespace

const ProjectionHelp& Calendar::help() const {
  static const ProjectionHelp kHelp = {
      "calendar", "what is scheduled: events, and what every other kind expects by a time", "WHO|WHAT, a day or a week",
      "values     scheduled, done, called off\n"
      "steps      a date that was moved is kept as a step\n"
      "done       an act of the same who and what that is told as having happened\n"
      "rivals     none: the newest word of a named or own voice counts; a rumour has an entry of its own beside it\n"
      "ways back  called off → scheduled, by a later word\n"
      "left out   figures that are forecast: a number is no appointment (see metric)"};
  return kHelp;
}

std::string Calendar::subject(const Claim& claim) const {
  const Appointment it = appointment(claim);
  return it.what.empty() || it.what.ends_with(": ") ? std::string() : it.who + "|" + it.what;
}

std::string Calendar::key(const Claim& claim, const Names& names) const {
  const Appointment it = appointment(claim);
  return (it.who.empty() ? std::string() : names.canonical(it.who)) + "|" + it.what;
}

std::string Calendar::subject_of_key(std::string_view key) const { return std::string(key); }

Said Calendar::say(const Claim& claim, const PlacedClaim&) const {
  Said said;
  const Appointment it = appointment(claim);
  said.value = "scheduled";
  if (!it.who.empty()) set_field(said.fields, "who", it.who);
  const std::string_view words = claim.text("what");
  set_field(said.fields, "what", claim.type == ClaimType::kScheduledEvent ? std::string(words) : it.what);
  set_field(said.fields, "kind", std::string(claim_kind(claim.type).name));
  return said;
}

Relation Calendar::relation(const Growing&, const Said&, const PlacedClaim&) const { return Relation::kSame; }

void Calendar::fold(Growth& growth, PlacedClaim& placed) const {
  growth.now = fold_place(placed);
  const Claim& claim = *placed.claim;
  const Said said = say(claim, placed);
  const Lane lane = lane_of(claim);
  fill_in(placed, lane, claim.modality == Modality::kDenied ? "called off" : "scheduled");

  // Entries of an own or named voice are one, in the lane of the newest word; rumours and conditions have theirs.
  const auto find = [&]() -> std::pair<Lane, Growing*> {
    const bool firm = lane == Lane::kStated || lane == Lane::kExpected;
    for (const Lane each : {Lane::kStated, Lane::kExpected, Lane::kReported, Lane::kConditional}) {
      const bool theirs = firm ? each == Lane::kStated || each == Lane::kExpected : each == lane;
      if (theirs && !growth.lane(each).empty()) return {each, &growth.lane(each).front()};
    }
    return {lane, nullptr};
  };
  const auto put = [&](Lane where, Growing growing) {
    growth.lane(where).clear();
    growth.lane(where).push_back(std::move(growing));
  };
  auto [at_lane, now] = find();
  if (now != nullptr && now->dated && !placed.dated) return;
  const Phase when = phase(placed, growth.valid_at);
  const bool event = claim.type == ClaimType::kScheduledEvent;

  if (claim.modality == Modality::kDenied) {
    if (when != Phase::kActive) return;
    Growing next = now != nullptr ? std::move(*now) : start(said, placed);
    if (now != nullptr) corroborate(next, placed);
    next.expectation = false;
    next.entry.value = "called off";
    next.entry.due_status = DueStatus::kCalledOff;
    next.entry.since.reset();
    next.entry.by.reset();
    if (!next.entry.due) next.entry.due = placed.due;
    if (now == nullptr && !is_expectation(claim)) next.entry.due = placed.due;
    next.touched = growth.now;
    put(now != nullptr ? at_lane : lane, std::move(next));
    return;
  }

  // An act that is told once its time has come took place; told before, it is scheduled, and never tested against V.
  const bool come = !event || (placed.due && placed.due->from && *placed.due->from < placed.published);
  if (event && come && placed.due && *placed.due->from > growth.valid_at) return;
  if (!event && when == Phase::kAhead && !growth.announces({})) return;
  const bool future = is_expectation(claim) || (event ? !come : when == Phase::kAhead);
  if (!future) {
    if (!event && when == Phase::kOver) return;
    // A state told of the present does not say that an event took place; an act does, and so does what is told as past.
    const bool happened = claim.aspect == Aspect::kBegins || (event ? claim.aspect == Aspect::kHeld : claim.aspect == Aspect::kHolds);
    if (!happened) return;
    if (now == nullptr) {
      if (!event) return;
      Growing next = start(said, placed);
      next.entry.due = placed.due;
      next.entry.value = "done";
      next.entry.due_status = DueStatus::kDone;
      next.touched = growth.now;
      put(lane, std::move(next));
      return;
    }
    Growing next = std::move(*now);
    corroborate(next, placed);
    next.entry.value = "done";
    next.entry.due_status = DueStatus::kDone;
    next.expectation = false;
    next.touched = growth.now;
    growth.lane(at_lane).clear();
    put(lane, std::move(next));
    return;
  }

  std::optional<Due> due = placed.due;
  if (!due && claim.when) due = Due{claim.when->iso, placed.from, placed.onset ? std::optional(placed.onset->second) : std::nullopt, claim.when->grain};
  if (!due) return;
  Growing next = start(said, placed);
  next.expectation = true;
  next.entry.since.reset();
  next.entry.by.reset();
  next.entry.due = due;
  next.touched = growth.now;
  if (now != nullptr && (now->dated || !placed.dated)) {
    if (now->entry.due == due && now->entry.due_status == DueStatus::kNone) {
      corroborate(*now, placed);
      now->touched = growth.now;
      return;
    }
    if (now->entry.due_status == DueStatus::kDone && now->entry.due == due) return;  // it took place; the plan is told once more
    Step step;
    step.value = now->entry.value;
    step.due = now->entry.due;
    step.due_status = now->entry.due_status;
    step.until = placed.told;
    step.evidence = now->entry.first;
    keep_steps(next, *now);
    next.entry.steps.push_back(std::move(step));
    growth.lane(at_lane).clear();
  }
  put(lane, std::move(next));
}

State Calendar::finish(Growth growth, std::string_view key) const {
  for (auto& lane : growth.lanes) std::erase_if(lane, [](const Growing& growing) { return !growing.entry.due; });
  return Projection::finish(std::move(growth), key);
}

}  // namespace annals
