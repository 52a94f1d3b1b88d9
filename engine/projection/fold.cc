// The fold that most projections share. What differs between them (what a claim says in their words, how two values stand to each
// other) is in kinds/.
#include <fmt/format.h>

#include <algorithm>

#include "engine/projection/projection.h"
#include "engine/projection/wording.h"

namespace annals {
namespace {

constexpr Micros kTick{1};
// Two sources may say a thing in several ways before the third is counted.
constexpr std::size_t kWordingsMax = 4;
constexpr auto kOneDay = std::chrono::hours(24);

Civil plus_grain(Civil from, Grain grain) {
  const auto day = date::floor<date::days>(from);
  const date::year_month_day ymd{day};
  auto months = [&](int count) { return Civil(date::local_days((ymd.year() / ymd.month() + date::months(count)) / 1)); };
  switch (grain) {
    case Grain::kSecond:
    case Grain::kMinute:
    case Grain::kHour:
    case Grain::kDay: return Civil(day + date::days(1));  // news is of a day: nothing finer tells two reports of one thing apart
    case Grain::kWeek: return Civil(day + date::days(7));
    case Grain::kMonth: return months(1);
    case Grain::kQuarter: return months(3);
    case Grain::kHalf: return months(6);
    case Grain::kYear: return months(12);
    case Grain::kDecade: return months(120);
    case Grain::kCentury: return months(1200);
  }
  return from;
}

Grain grain_of(Precision precision) {
  switch (precision) {
    case Precision::kSecond: return Grain::kSecond;
    case Precision::kMinute: return Grain::kMinute;
    case Precision::kHour: return Grain::kHour;
    case Precision::kDay: return Grain::kDay;
    case Precision::kMonth: return Grain::kMonth;
    case Precision::kYear: return Grain::kYear;
    case Precision::kRange: return Grain::kDay;
  }
  return Grain::kDay;
}

// "2025-08/.." → "2025-08"; "../2025-08" → "".
std::string first_part(const std::string& iso) {
  const std::string first = iso.substr(0, iso.find('/'));
  return first == ".." ? std::string() : first;
}
std::string second_part(const std::string& iso) {
  const std::size_t slash = iso.find('/');
  if (slash == std::string::npos) return {};
  const std::string second = iso.substr(slash + 1);
  return second == ".." ? std::string() : second;
}

// The first to be known, by time of knowing; undated ones after dated ones, by their recording.
template <class A, class B>
bool known_before(const A& a, const B& b) {
  const auto key = [](const auto& e) {
    return std::make_tuple(!e.known_from.has_value(), e.known_from ? *e.known_from : e.recorded_at, e.position, e.claim);
  };
  return key(a) < key(b);
}

std::uint8_t at_most_three(std::size_t count) { return static_cast<std::uint8_t>(std::min<std::size_t>(count, 3)); }

// Two tracks that may be the same: one of them unsaid, or equal.
bool may_be(const std::string& a, const std::string& b) { return a == b || a.empty() || b.empty(); }

void cut_steps(Entry& entry) {
  if (entry.steps.size() <= kStepsMax) return;
  const std::size_t over = entry.steps.size() - kStepsMax;
  entry.steps_left_out = static_cast<std::uint32_t>(std::min(kStepsLeftOutMax, entry.steps_left_out + over));
  entry.steps.erase(entry.steps.begin(), entry.steps.begin() + static_cast<std::ptrdiff_t>(over));
}

Instant end_of(const Step& step) { return step.until ? step.until->at : step.since ? step.since->at : step.by ? step.by->at : kInstantMin; }

// A state that has grown for years is no bigger than one of weeks: what no answer can show any more is let go.
void bound(Growing& growing) {
  cut_steps(growing.entry);
  if (growing.outlets.size() > 3) growing.outlets = {"1", "2", "3"};  // counted as three or more, whoever they are
  if (growing.outlets.size() >= 3 && growing.origins.size() >= 3) growing.wordings.clear();
  for (Growing& rival : growing.rivals) bound(rival);
}

void bound(Growth& growth) {
  for (auto& lane : growth.lanes)
    for (Growing& growing : lane) bound(growing);
  for (Growing& growing : growth.ahead) bound(growing);
  if (growth.past.size() <= kStepsMax) return;
  // Of each track the newest kStepsMax: an older one would be cut from whatever entry it came to.
  std::map<std::string_view, std::size_t> counts;
  for (const auto& [track, step] : growth.past) ++counts[track];
  for (const auto& [track, count] : counts) {
    if (count <= kStepsMax) continue;
    auto oldest = growth.past.end();
    for (auto at = growth.past.begin(); at != growth.past.end(); ++at)
      if (at->first == track && (oldest == growth.past.end() || end_of(at->second) < end_of(oldest->second))) oldest = at;
    growth.past.erase(oldest);
    break;  // one claim adds one step
  }
}

Entry finished(Growing& growing, Instant published_by) {
  Entry& entry = growing.entry;
  entry.outlets = at_most_three(growing.outlets.size());
  entry.origins = at_most_three(growing.origins.size());
  entry.anonymous = std::all_of(growing.origins.begin(), growing.origins.end(),
                                [](const std::string& origin) { return origin.starts_with("anonymous:"); });
  entry.undated = !growing.dated;
  for (const Growing& rival : growing.rivals) entry.disputes.push_back({rival.entry.value, rival.entry.first});
  if (entry.disputes.size() > kLaneValuesMax) entry.disputes.resize(kLaneValuesMax);
  cut_steps(entry);
  if (growing.expectation && entry.due_status == DueStatus::kNone)
    entry.due_status = entry.due && entry.due->to && *entry.due->to <= published_by ? DueStatus::kOverdue : DueStatus::kAhead;
  return std::move(entry);
}

}  // namespace

EvidenceRef PlacedClaim::ref() const {
  EvidenceRef out{evidence.position, evidence.claim, number.value_or(0), evidence.known_from, evidence.recorded_at, nullptr};
  if (number) return out;
  if (shared == nullptr) shared = std::make_shared<const Evidence>(evidence);
  out.whole = shared;
  return out;
}

bool is_expectation(const Claim& claim) {
  return claim.aspect == Aspect::kTarget || claim.modality == Modality::kForecast || claim.modality == Modality::kPlanned ||
         claim.modality == Modality::kConditional;
}

Lane lane_of(const Claim& claim) {
  if (claim.attribution == Attribution::kAnonymous || claim.attribution == Attribution::kHearsay || claim.modality == Modality::kReported)
    return Lane::kReported;
  if (claim.modality == Modality::kConditional) return Lane::kConditional;
  return is_expectation(claim) ? Lane::kExpected : Lane::kStated;
}

PlacedClaim place(const Claim& claim, const std::optional<Published>& published, Instant recorded_at, const Zone& zone) {
  PlacedClaim out;
  out.claim = &claim;
  out.dated = published.has_value();
  out.published = published ? published->known_from : recorded_at;
  out.told = published ? TimePoint{published->earliest, grain_of(published->precision), published->wall}
                       : TimePoint{recorded_at, Grain::kSecond, format_utc(recorded_at)};
  const auto day_of_telling = [&] {
    const Civil day = Civil(date::floor<date::days>(zone.wall(out.published - kTick)));
    Instant from = zone.earliest(day);
    if (published) from = std::min(from, published->earliest);
    return std::make_pair(from, zone.latest(Civil(day + kOneDay)));
  };

  if (claim.modality == Modality::kDenied || claim.type == ClaimType::kScheduledEvent) {
    // A denial and an appointment hold from when they are told; when the thing is to happen is `due`.
    out.from = out.published;
    out.from_source = ValidFromSource::kPublished;
  } else {
    const Valid valid = resolve_valid(claim, published, zone);
    out.from = valid.from;
    out.to = valid.to;
    out.from_source = valid.from_source;
    // "Subscribed in 2025" holds by the end of the year, or by when it is told: not by the first of January.
    if (claim.aspect == Aspect::kHolds && claim.when && claim.when->from && claim.when->to && claim.when->grain > Grain::kDay) {
      const Instant end = zone.latest(*claim.when->to);
      if (end < out.published) {
        out.from = end;
      } else {
        out.from = out.published;
        out.from_source = ValidFromSource::kUnknown;
      }
    }
    if (!out.from && claim.aspect != Aspect::kHeld) out.from = out.published;  // undated: as if published when recorded
    if (!out.to && claim.aspect == Aspect::kHeld) out.to = out.published;
  }

  if (out.from_source == ValidFromSource::kWhen && out.from) {
    const Civil from = *claim.when->from;  // the stretch it was told of, wherever in it
    out.onset = std::make_pair(zone.earliest(from), zone.latest(plus_grain(from, claim.when->grain)));
    out.from_point = TimePoint{*out.from, claim.when->grain, first_part(claim.when->iso)};
  } else if (out.from) {
    out.onset = day_of_telling();
    out.from_point = out.told;
  }
  if (claim.aspect == Aspect::kHeld) {
    const bool named = claim.when && claim.when->to && out.to && *out.to < out.published;
    const std::string end = named ? second_part(claim.when->iso) : std::string();
    out.to_point = named ? TimePoint{*out.to, claim.when->grain, end.empty() ? format_civil_date(*claim.when->to) : end} : out.told;
  }
  if (is_expectation(claim) || claim.type == ClaimType::kScheduledEvent) {
    if (claim.when) {
      Due due;
      due.text = claim.when->iso;
      if (claim.when->from) due.from = zone.earliest(*claim.when->from);
      if (claim.when->to) due.to = zone.latest(*claim.when->to);
      due.grain = claim.when->grain;
      out.due = due;
    }
  }
  return out;
}

namespace {

// What is told at a publication began inside the printed time: its last instant is one tick before the exclusive end.
Instant active_from(const PlacedClaim& placed) {
  return placed.from_source == ValidFromSource::kWhen ? *placed.from : *placed.from - kTick;
}
Instant over_from(const PlacedClaim& placed) { return placed.claim->aspect == Aspect::kHeld ? *placed.to - kTick : *placed.to; }
bool timeless(const PlacedClaim& placed) { return placed.claim->modality != Modality::kDenied && is_expectation(*placed.claim); }

}  // namespace

Phase phase(const PlacedClaim& placed, Instant valid_at) {
  if (timeless(placed)) return Phase::kActive;
  if (placed.from && active_from(placed) > valid_at) return Phase::kAhead;
  if (placed.to && over_from(placed) <= valid_at) return Phase::kOver;
  return Phase::kActive;
}

std::optional<Instant> next_phase(const PlacedClaim& placed, Instant valid_at) {
  if (timeless(placed)) return std::nullopt;
  if (placed.from && active_from(placed) > valid_at) return active_from(placed);
  if (placed.to && over_from(placed) > valid_at) return over_from(placed);
  return std::nullopt;
}

FoldPlace fold_place(const PlacedClaim& placed) {
  return {placed.dated, placed.from.value_or(kInstantMin), placed.published, placed.evidence.position, placed.evidence.claim};
}

bool before(const PlacedClaim& a, const PlacedClaim& b) { return fold_place(a) < fold_place(b); }

bool overlap(const std::optional<std::pair<Instant, Instant>>& a, const std::optional<std::pair<Instant, Instant>>& b) {
  return a && b && a->first < b->second && b->first < a->second;
}

// 15 digits are what a double keeps of a decimal number: 0.03348913 % is 0.0003348913, not 0.00033489129999999997.
std::string format_number(double number) { return fmt::format("{:.15g}", number); }

void set_field(std::vector<Field>& fields, std::string_view name, std::string text, std::optional<double> number) {
  for (Field& field : fields) {
    if (field.name != name) continue;
    field.text = std::move(text);
    field.number = number;
    return;
  }
  fields.push_back({std::string(name), std::move(text), number});
}

void set_number(std::vector<Field>& fields, std::string_view name, double number) {
  set_field(fields, name, format_number(number), number);
}

const Field* find_field(std::span<const Field> fields, std::string_view name) {
  const auto at = std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.name == name; });
  return at == fields.end() ? nullptr : &*at;
}

std::string Projection::subject_of_key(std::string_view key) const { return std::string(key.substr(0, key.find_first_of("/@"))); }

void Projection::fill_in(PlacedClaim& placed, Lane lane, std::string value) {
  placed.evidence.lane = lane;
  placed.evidence.value = std::move(value);
  placed.shared.reset();
}

bool Projection::said_again(std::set<std::string>& wordings, const PlacedClaim& placed) {
  if (placed.wording.empty()) return false;
  if (std::any_of(wordings.begin(), wordings.end(), [&](const std::string& each) { return same_wording(each, placed.wording); })) return true;
  if (wordings.size() < kWordingsMax) wordings.insert(placed.wording);
  return false;
}

void Projection::corroborate(Growing& now, const PlacedClaim& placed) {
  // Of one source, and of one statement, every origin counts.
  const bool counted = now.outlets.contains(placed.source) || now.entry.newest.position == placed.evidence.position;
  if (!said_again(now.wordings, placed) || counted) {
    now.outlets.insert(placed.source);
    now.origins.insert(placed.evidence.origin);
  }
  if (!now.expectation && placed.claim->aspect != Aspect::kHeld && placed.from_point &&
      (!now.entry.confirmed || now.entry.confirmed->at < placed.from_point->at))
    now.entry.confirmed = placed.from_point;
  if (known_before(placed.evidence, now.entry.first)) now.entry.first = placed.ref();
  if (known_before(now.entry.newest, placed.evidence)) now.entry.newest = placed.ref();
}

Growing Projection::start(const Said& said, const PlacedClaim& placed) const {
  Growing out;
  out.slot = said.slot;
  out.dated = placed.dated;
  out.onset = placed.onset;
  out.expectation = placed.ahead || is_expectation(*placed.claim);
  out.outlets.insert(placed.source);
  out.origins.insert(placed.evidence.origin);
  said_again(out.wordings, placed);
  Entry& entry = out.entry;
  entry.track = said.track;
  entry.value = said.value;
  entry.fields = said.fields;
  entry.first = entry.newest = placed.ref();
  if (out.expectation) {
    entry.due = placed.due;
    if (placed.ahead) {
      entry.due_status = DueStatus::kAhead;  // of V, however late the day that is asked from
      announce(out);
    }
    return out;
  }
  const bool told_start = placed.claim->aspect == Aspect::kBegins ||
                          (placed.claim->aspect == Aspect::kHeld && placed.from_source == ValidFromSource::kWhen);
  if (told_start) entry.since = placed.from_point;
  else if (placed.claim->aspect == Aspect::kHolds) entry.by = placed.from_point;
  if (placed.claim->aspect != Aspect::kHeld) entry.confirmed = placed.from_point;
  if (placed.claim->aspect == Aspect::kHeld) {
    // Where a passed step stays passed, "once filed" is "filed by then"; elsewhere the state it tells was over then.
    if (!passed_stays()) entry.until = placed.to_point;
    else if (!entry.since) entry.by = placed.to_point;
  }
  return out;
}

void Projection::keep_steps(Growing& next, Growing& now) {
  next.entry.steps = std::move(now.entry.steps);
  next.entry.steps_left_out = now.entry.steps_left_out;
  now.entry.steps.clear();
  now.entry.steps_left_out = 0;
}

void Projection::push_step(Growing& now, const PlacedClaim& by_what) {
  Step step;
  step.value = now.entry.value;
  step.fields = now.entry.fields;
  step.since = now.entry.since;
  step.by = now.entry.by;
  step.until = now.entry.until ? now.entry.until : by_what.from_point;
  if (now.expectation) {
    step.until = by_what.told;
    step.due = now.entry.due;
  }
  step.evidence = now.entry.first;
  now.entry.steps.push_back(std::move(step));
}

void Projection::merge(Growing& now, const Said& said, const PlacedClaim&, Relation how) const {
  for (const Field& field : said.fields) {
    const bool known = find_field(now.entry.fields, field.name) != nullptr;
    if (!known || how == Relation::kForward) set_field(now.entry.fields, field.name, field.text, field.number);
  }
}

bool Projection::ends(const Growing& entry, const Said& stated, const PlacedClaim&, bool changed) const {
  if (entry.entry.value == stated.value) return true;                // met
  return changed && !entry.expectation;                              // a rumour of another value, replaced
}

bool Projection::met(const Growing& stated, const Said& said, const PlacedClaim& placed) const {
  const Relation how = relation(stated, said, placed);
  return how == Relation::kSame || how == Relation::kBack || how == Relation::kVaguer;
}

void Projection::add_passed(Growing& now, const Said& said, const PlacedClaim& placed) {
  if (now.entry.value == said.value) return;
  for (Step& step : now.entry.steps) {
    if (step.value != said.value || step.due_status != DueStatus::kNone) continue;
    if (!step.since && placed.claim->aspect == Aspect::kBegins) {
      step.since = placed.from_point;
      step.by.reset();
    }
    return;
  }
  Step step;
  step.value = said.value;
  step.fields = said.fields;
  if (placed.claim->aspect == Aspect::kBegins) step.since = placed.from_point;
  else if (placed.claim->aspect == Aspect::kHolds) step.by = placed.from_point;
  else step.by = placed.to_point;
  step.evidence = placed.ref();
  now.entry.steps.push_back(std::move(step));
}

bool Projection::ahead_of(const Growing& a, const Growing& b) const {
  return a.expectation != b.expectation ? b.expectation : a.touched > b.touched;
}

Growing* Projection::find_track(std::vector<Growing>& lane, const std::string& track) const {
  Growing* furthest = nullptr;
  Growing* unnamed = nullptr;
  for (Growing& growing : lane) {
    if (growing.expectation) continue;
    if (growing.entry.track == track) return &growing;
    if (growing.entry.track.empty()) unnamed = &growing;
    if (furthest == nullptr || ahead_of(growing, *furthest)) furthest = &growing;
  }
  if (!loose_tracks()) return nullptr;
  if (track.empty()) return furthest;
  return unnamed;  // what was told without its track may be on this one
}

void Projection::deny(Growth& growth, const Said& said, const PlacedClaim& placed) const {
  const auto equal = [&](const Growing& growing) {
    return may_be(growing.entry.track, said.track) && growing.entry.value == said.value && !(growing.dated && !placed.dated);
  };
  std::erase_if(growth.lane(Lane::kReported), equal);
  std::erase_if(growth.lane(Lane::kExpected), equal);
  for (Growing& growing : growth.lane(Lane::kStated)) {
    if (!equal(growing) || growing.entry.disputes.size() >= kLaneValuesMax) continue;
    growing.entry.disputes.push_back({"not " + said.value, placed.ref()});
    growing.touched = growth.now;
  }
}

void Projection::expect(Growth& growth, Lane lane, const Said& said, const PlacedClaim& placed) const {
  auto& entries = growth.lane(lane);
  const auto at = std::find_if(entries.begin(), entries.end(), [&](const Growing& growing) {
    return growing.expectation && growing.slot == said.slot && may_be(growing.entry.track, said.track);
  });
  if (at == entries.end()) {
    entries.push_back(start(said, placed));
    entries.back().touched = growth.now;
    return;
  }
  Growing& now = *at;
  now.touched = growth.now;
  if (!now.dated && placed.dated) {
    now = start(said, placed);
    now.touched = growth.now;
    return;
  }
  const bool same_due = now.entry.due == placed.due || !placed.due;
  if (now.entry.value == said.value && same_due) {
    corroborate(now, placed);
    merge(now, said, placed, Relation::kSame);
    return;
  }
  if (now.entry.value == said.value && !now.entry.due) {  // told without a time before: the time is added, nothing has moved
    now.entry.due = placed.due;
    corroborate(now, placed);
    merge(now, said, placed, Relation::kSame);
    return;
  }
  push_step(now, placed);
  Growing next = start(said, placed);
  keep_steps(next, now);
  if (!placed.due) next.entry.due = now.entry.due;
  if (next.entry.track.empty()) next.entry.track = now.entry.track;
  next.touched = growth.now;
  now = std::move(next);
}

bool Projection::run(Growth& growth, Lane lane, const Said& said, const PlacedClaim& placed) const {
  auto& entries = growth.lane(lane);
  Growing* now = find_track(entries, said.track);
  if (now == nullptr || (!now->dated && placed.dated)) {
    if (now == nullptr) now = &entries.emplace_back();
    *now = start(said, placed);
    now->touched = growth.now;
    merge(*now, said, placed, Relation::kSame);
    return true;
  }
  const Relation how = relation(*now, said, placed);
  const auto touch = [&] { now->touched = growth.now; };
  const auto take_over = [&](bool with_steps) {
    Growing next = start(said, placed);
    if (with_steps) keep_steps(next, *now);
    if (next.entry.track.empty()) next.entry.track = now->entry.track;
    *now = std::move(next);
    touch();
  };
  switch (how) {
    case Relation::kSame:
    case Relation::kVaguer:
      corroborate(*now, placed);
      // Seen to hold and announced on the same day: the announcement tells when it began.
      if (now->entry.by && !now->entry.since && placed.claim->aspect == Aspect::kBegins && overlap(now->onset, placed.onset)) {
        now->entry.since = placed.from_point;
        now->entry.by.reset();
      }
      // Told as past before without a time, now with one.
      if (now->entry.until && !now->entry.since && placed.claim->aspect == Aspect::kHeld && placed.from_source == ValidFromSource::kWhen) {
        now->entry.since = placed.from_point;
        now->entry.until = placed.to_point;
        now->onset = placed.onset;
      }
      // What was told as over is told as holding: it is not over.
      if (now->entry.until && placed.claim->aspect != Aspect::kHeld) {
        now->entry.until.reset();
        if (!now->entry.since) (placed.claim->aspect == Aspect::kBegins ? now->entry.since : now->entry.by) = placed.from_point;
      }
      merge(*now, said, placed, how);
      touch();
      return false;
    case Relation::kMark:
      if (known_before(now->entry.newest, placed.evidence)) now->entry.newest = placed.ref();
      merge(*now, said, placed, how);
      touch();
      return false;
    case Relation::kBack:
      merge(*now, said, placed, how);
      return false;
    case Relation::kForward: {
      push_step(*now, placed);
      if (forward_begins_anew()) {
        std::vector<Field> fields = now->entry.fields;
        take_over(true);
        for (Field& field : fields)
          if (find_field(now->entry.fields, field.name) == nullptr) now->entry.fields.push_back(std::move(field));
      } else {
        now->entry.value = said.value;
        now->onset = placed.onset;
        corroborate(*now, placed);
        touch();
      }
      merge(*now, said, placed, how);
      return true;
    }
    case Relation::kRival:
      if (lane == Lane::kStated && overlap(now->onset, placed.onset) && !now->origins.contains(placed.evidence.origin)) {
        std::vector<Growing> rivals = std::move(now->rivals);
        now->rivals.clear();
        const auto again = std::find_if(rivals.begin(), rivals.end(), [&](const Growing& rival) { return rival.entry.value == said.value; });
        Growing next;
        if (again != rivals.end()) {
          next = std::move(*again);
          rivals.erase(again);
          corroborate(next, placed);
        } else {
          next = start(said, placed);
          if (next.entry.track.empty()) next.entry.track = now->entry.track;
        }
        keep_steps(next, *now);
        rivals.push_back(std::move(*now));
        next.rivals = std::move(rivals);
        *now = std::move(next);
        touch();
        return true;
      }
      [[fallthrough]];
    case Relation::kChange:
      push_step(*now, placed);
      take_over(true);
      merge(*now, said, placed, how);
      return true;
  }
  return false;
}

void Projection::fold(Growth& growth, PlacedClaim& placed) const {
  growth.now = fold_place(placed);
  const Claim& claim = *placed.claim;
  const Said said = say(claim, placed);
  const Lane lane = lane_of(claim);
  fill_in(placed, lane, said.value);
  const Phase when = phase(placed, growth.valid_at);

  if (claim.modality == Modality::kDenied) {
    if (when == Phase::kActive && claim.aspect != Aspect::kHeld) deny(growth, said, placed);
    return;
  }
  if (when == Phase::kAhead && !growth.announces(tracks_apart() ? said.track : std::string())) return;
  const bool expectation = is_expectation(claim);
  if (lane != Lane::kStated) {
    // What a stated claim has met or passed already is news no more.
    if (const Growing* stated = find_track(growth.lane(Lane::kStated), said.track); stated != nullptr && (stated->dated || !placed.dated)) {
      if (met(*stated, said, placed)) return;
    }
    if (expectation || when == Phase::kAhead) {
      PlacedClaim expected = placed;
      expected.ahead = !expectation;
      if (expected.ahead && placed.from_point) {
        const std::string text = placed.from_source == ValidFromSource::kWhen && claim.when ? claim.when->iso : placed.from_point->text;
        expected.due = Due{text, placed.from, placed.onset ? std::optional(placed.onset->second) : std::nullopt, placed.from_point->grain};
      }
      expect(growth, lane, said, expected);
      return;
    }
    if (when == Phase::kOver && !passed_stays()) return;
    run(growth, lane, said, placed);
    return;
  }

  if (when == Phase::kOver && !passed_stays()) {
    Step step;
    step.value = said.value;
    step.fields = said.fields;
    if (claim.aspect == Aspect::kBegins || placed.from_source == ValidFromSource::kWhen) step.since = placed.from_point;
    step.until = placed.to_point;
    if (!step.until && placed.to && claim.when) step.until = TimePoint{*placed.to, claim.when->grain, second_part(claim.when->iso)};
    step.evidence = placed.ref();
    growth.past.emplace_back(said.track, std::move(step));
    return;
  }
  // "Once agreed", of no time that is named: reached by then, and nobody says whether before V.
  if (passed_stays() && claim.aspect == Aspect::kHeld && !placed.from && when == Phase::kActive) return;
  bool changed = true;
  if (when == Phase::kAhead) {
    if (claim.aspect == Aspect::kHeld) return;  // told as past, of a time after V: it says nothing about V
    const auto at = std::find_if(growth.ahead.begin(), growth.ahead.end(), [&](const Growing& growing) {
      return growing.entry.value == said.value && may_be(growing.entry.track, said.track) && overlap(growing.onset, placed.onset);
    });
    if (at != growth.ahead.end()) {
      corroborate(*at, placed);
      merge(*at, said, placed, Relation::kSame);
    } else {
      Growing next = start(said, placed);
      next.entry.since.reset();
      next.entry.by.reset();
      next.entry.starts = placed.from_point;
      announce(next);
      next.touched = growth.now;
      growth.ahead.push_back(std::move(next));
    }
  } else {
    changed = run(growth, lane, said, placed);
  }
  for (const Lane other : {Lane::kReported, Lane::kExpected, Lane::kConditional}) {
    std::erase_if(growth.lane(other), [&](const Growing& growing) {
      if (!may_be(growing.entry.track, said.track) || (growing.dated && !placed.dated) || !ends(growing, said, placed, changed)) return false;
      Growing* stated = find_track(growth.lane(Lane::kStated), said.track);
      if (stated != nullptr && growing.expectation && growing.entry.due && growing.entry.value == said.value) {
        Step step;
        step.value = growing.entry.value;
        step.due = growing.entry.due;
        step.due_status = DueStatus::kMet;
        step.evidence = growing.entry.first;
        stated->entry.steps.push_back(std::move(step));
      }
      return true;
    });
  }
  after_stated(growth, said, placed);
}

State Projection::finish(Growth growth, std::string_view key) const {
  State out;
  out.projection = name();
  out.key = key;
  // Past steps on the tracks they belong to, in the order of their ends among the steps that are there.
  for (auto& [track, step] : growth.past) {
    Growing* now = find_track(growth.lane(Lane::kStated), track);
    if (now == nullptr && !growth.lane(Lane::kStated).empty() && track.empty()) now = &growth.lane(Lane::kStated).front();
    if (now == nullptr) continue;
    const auto at = std::find_if(now->entry.steps.begin(), now->entry.steps.end(), [end = end_of(step)](const Step& s) { return end < end_of(s); });
    now->entry.steps.insert(at, std::move(step));
  }
  for (std::size_t i = 0; i < kLanes; ++i) {
    auto& lane = growth.lanes[i];
    std::stable_sort(lane.begin(), lane.end(), [&](const Growing& a, const Growing& b) { return ahead_of(a, b); });
    if (static_cast<Lane>(i) == Lane::kStated) {
      std::stable_sort(growth.ahead.begin(), growth.ahead.end(), [](const Growing& a, const Growing& b) { return a.onset < b.onset; });
      for (Growing& growing : growth.ahead) lane.push_back(std::move(growing));
    }
    for (Growing& growing : lane) {
      Entry entry = finished(growing, growth.published_by);
      const EvidenceRef& newest = entry.newest;
      const Instant known = newest.known_from ? *newest.known_from : newest.recorded_at;
      if (!out.newest_known_from || *out.newest_known_from < known) out.newest_known_from = known;
      if (out.lanes[i].entries.size() < kLaneValuesMax) out.lanes[i].entries.push_back(std::move(entry));
      else ++out.lanes[i].more;
    }
  }
  out.summary = summary(out);
  return out;
}

State Projection::join(std::string_view key, std::span<const State>) const {
  State out;
  out.projection = name();
  out.key = key;
  return out;
}

Growth join_growths(std::vector<Growth> tracks) {
  Growth out;
  for (Growth& track : tracks) {
    const auto move = [](auto& from, auto& to) { to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end())); };
    for (std::size_t i = 0; i < kLanes; ++i) move(track.lanes[i], out.lanes[i]);
    move(track.ahead, out.ahead);
    move(track.past, out.past);
    out.valid_at = track.valid_at;
    out.published_by = track.published_by;
  }
  // In the order in which one fold would have come to them.
  std::stable_sort(out.ahead.begin(), out.ahead.end(), [](const Growing& a, const Growing& b) { return a.touched < b.touched; });
  return out;
}

void fold_claim(const Projection& projection, Growth& growth, PlacedClaim& placed) {
  projection.fold(growth, placed);
  bound(growth);
}

State fold_claims(const Projection& projection, std::string_view key, std::span<PlacedClaim> ordered, Instant valid_at, Instant published_by) {
  Growth growth;
  growth.valid_at = valid_at;
  growth.published_by = published_by;
  for (PlacedClaim& placed : ordered) fold_claim(projection, growth, placed);
  return projection.finish(std::move(growth), key);
}

namespace {

// The stretch a time point covers, at the grain of a day or coarser.
std::pair<Instant, Instant> stretch(const TimePoint& point) {
  const Civil wall = Zone::utc().wall(point.at);
  const Civil from = point.grain < Grain::kDay ? Civil(date::floor<date::days>(wall)) : wall;
  return {std::min(point.at, Zone::utc().earliest(from)), Zone::utc().earliest(plus_grain(from, point.grain))};
}

const Entry* in_force(const State& state) {
  for (const Entry& entry : state.lane(Lane::kStated).entries)
    if (!entry.starts) return &entry;
  return nullptr;
}

void take_lane(State& own, const Inherited& ancestor, Lane lane) {
  std::vector<Entry> ahead;  // what is announced of the product itself stays
  for (Entry& entry : own.lane(lane).entries)
    if (entry.starts && !entry.inherited_from) ahead.push_back(std::move(entry));
  own.lane(lane) = ancestor.state.lane(lane);
  for (Entry& entry : own.lane(lane).entries)
    if (!entry.inherited_from) entry.inherited_from = ancestor.key;
  for (Entry& entry : ahead) {
    if (own.lane(lane).entries.size() < kLaneValuesMax) own.lane(lane).entries.push_back(std::move(entry));
    else ++own.lane(lane).more;
  }
  if (ancestor.state.newest_known_from && (!own.newest_known_from || *own.newest_known_from < *ancestor.state.newest_known_from))
    own.newest_known_from = ancestor.state.newest_known_from;
}

}  // namespace

State inherit(State own, std::span<const Inherited> ancestors) {
  const bool alone = own.best() == nullptr;
  for (const Inherited& ancestor : ancestors) {
    const Entry* theirs = in_force(ancestor.state);
    const Entry* mine = in_force(own);
    if (theirs == nullptr) {
      if (own.lane(Lane::kStated).entries.empty() && !ancestor.state.lane(Lane::kStated).entries.empty()) take_lane(own, ancestor, Lane::kStated);
      continue;
    }
    bool reaches = mine == nullptr;
    if (mine != nullptr && theirs->since && !(theirs->undated && !mine->undated)) {
      const TimePoint* begun = mine->confirmed ? &*mine->confirmed : mine->since ? &*mine->since : mine->by ? &*mine->by : nullptr;
      reaches = begun == nullptr || stretch(*begun).second <= theirs->since->at;
    }
    if (reaches) take_lane(own, ancestor, Lane::kStated);
  }
  // Rumours and expectations about a family reach only products of which nothing at all is said.
  if (alone) {
    for (const Lane lane : {Lane::kReported, Lane::kExpected, Lane::kConditional})
      for (const Inherited& ancestor : ancestors)
        if (own.lane(lane).entries.empty()) take_lane(own, ancestor, lane);
  }
  return own;
}

}  // namespace annals
