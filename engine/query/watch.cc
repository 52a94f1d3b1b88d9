#include "engine/query/watch.h"

#include <algorithm>
#include <iterator>

namespace annals {
namespace {

bool has_claim_for(const Projection& projection, const Reading& reading) {
  return std::any_of(reading.claims.begin(), reading.claims.end(), [&](const Claim& claim) {
    if (!projection.subject(claim).empty()) return true;
    const auto parts = projection.parts();
    return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) { return !find_projection(part)->subject(claim).empty(); });
  });
}

// What is about another event may change any answer.
bool bears_on(const Projection& projection, const Event& event) {
  if (const auto* statement = std::get_if<StatementEvent>(&event.body)) return has_claim_for(projection, statement->reading);
  if (const auto* again = std::get_if<Reinterpretation>(&event.body); again != nullptr && again->after == EventId{}) {
    return has_claim_for(projection, again->reading);
  }
  return event.kind() != EventKind::kNote;
}

Bounds bounds_at(const WatchPoint& point) {
  Bounds out = as_of(point.as_of);
  out.recorded_to = point.through;
  return out;
}

// A point at which nothing was known counts too, or those of watches that never came back would gather.
std::size_t weight(const std::vector<State>& states) { return std::max<std::size_t>(1, states.size()); }

// With R at the point's place.
Result<std::vector<State>> answers_at(const Query& query, const WatchSpec& spec, const WatchPoint& point) {
  std::vector<State> out;
  const auto add = [&](std::optional<std::string_view> key) -> Status {
    ANNALS_TRY(StateAnswer answer, query.state(spec.projection, key, bounds_at(point)));
    std::move(answer.states.begin(), answer.states.end(), std::back_inserter(out));
    return {};
  };
  if (spec.keys.empty()) ANNALS_CHECK_OK(add({}));
  for (const std::string& key : spec.keys) {
    ANNALS_TRY(const ResolvedKey resolved, query.resolve_key(spec.projection, key));
    ANNALS_CHECK_OK(add(resolved.key));
  }
  return out;
}

}  // namespace

Status can_watch(const Query& query, const WatchSpec& spec) {
  ANNALS_TRY(const Projection* projection, projection_named(spec.projection));
  static_cast<void>(projection);
  for (const std::string& key : spec.keys) {
    if (auto resolved = query.resolve_key(spec.projection, key); !resolved) return resolved.error();
  }
  return {};
}

std::optional<Query::StatesNow> WatchMemory::take(const WatchSpec& spec, const WatchPoint& at) {
  const std::lock_guard guard(mutex_);
  const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& each) { return each.at == at && each.spec == spec; });
  if (found == kept_.end()) return std::nullopt;
  Query::StatesNow out = std::move(found->answers);
  states_ -= weight(out.states);
  kept_.erase(found);
  return out;
}

void WatchMemory::put(const WatchSpec& spec, const WatchPoint& at, Query::StatesNow answers) {
  const std::lock_guard guard(mutex_);
  states_ += weight(answers.states);
  kept_.push_back({spec, at, std::move(answers)});
  while (states_ > kStatesMax) {
    states_ -= weight(kept_.front().answers.states);
    kept_.pop_front();
  }
}

Result<WatchAnswer> watch(const EventLog& log, const Query& query, const WatchSpec& spec, const WatchPoint& from, WatchPoint& to, WatchMemory& memory) {
  auto kept = memory.take(spec, from);
  if (!kept) ANNALS_CHECK_OK(can_watch(query, spec));
  const Projection& projection = *find_projection(spec.projection);
  // A day of a calendar is many keys: it is asked for as such, at the points themselves.
  const bool days = spec.projection == "calendar" && std::any_of(spec.keys.begin(), spec.keys.end(), [](const std::string& key) { return parse_civil(key).ok(); });
  WatchAnswer out;
  out.projection = spec.projection;
  std::vector<State> before, after;
  Query::StatesNow now;
  const bool goes_on = kept && to.as_of >= from.as_of;
  if (goes_on) {
    now = *std::move(kept);
  } else if (kept) {
    before = std::move(kept->states);
  } else {
    ANNALS_TRY(before, answers_at(query, spec, from));
  }
  if (days) {
    ANNALS_TRY(after, answers_at(query, spec, to));
  } else {
    ANNALS_TRY(auto was, query.states_now(spec.projection, spec.keys, to.as_of, now));
    to.through = std::max(to.through, now.through);
    if (was) after = now.states;
    memory.put(spec, to, std::move(now));
    if (!was) return out;
    if (goes_on) before = *std::move(was);
  }
  out.rows = differences(std::move(before), std::move(after));
  if (out.rows.empty() || from.through >= to.through) return out;
  ANNALS_TRY(const Position seen, log.read({from.through, to.through}, [&](const Event& event) {
    if (!bears_on(projection, event) || event.kind() == EventKind::kLexicon) return Visit::kContinue;
    out.events.push_back(event.position);
    if (out.events.size() >= 2 * kWatchedEventsMax) out.events.erase(out.events.begin(), out.events.end() - kWatchedEventsMax);
    return Visit::kContinue;
  }, {.parts = Parts::kClaims, .check_leaves = false}));
  static_cast<void>(seen);
  if (out.events.size() > kWatchedEventsMax) out.events.erase(out.events.begin(), out.events.end() - kWatchedEventsMax);
  return out;
}

}  // namespace annals
