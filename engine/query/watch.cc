#include "engine/query/watch.h"

#include <algorithm>

namespace annals {
namespace {

bool has_claim_for(const Projection& projection, const Reading& reading) {
  return std::any_of(reading.claims.begin(), reading.claims.end(), [&](const Claim& claim) {
    if (!projection.subject(claim).empty()) return true;
    const auto parts = projection.parts();
    return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) { return !find_projection(part)->subject(claim).empty(); });
  });
}

// What is about another event or a name may change any answer.
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

}  // namespace

Status can_watch(const Query& query, const WatchSpec& spec) {
  ANNALS_TRY(const Projection* projection, projection_named(spec.projection));
  static_cast<void>(projection);
  for (const std::string& key : spec.keys) {
    if (auto resolved = query.resolve_key(spec.projection, key); !resolved) return resolved.error();
  }
  return {};
}

Result<WatchAnswer> watch(const EventLog& log, const Query& query, const WatchSpec& spec, const WatchPoint& from, const WatchPoint& to) {
  ANNALS_CHECK_OK(can_watch(query, spec));
  const Projection& projection = *find_projection(spec.projection);
  WatchAnswer out;
  out.projection = spec.projection;
  bool touched = from.as_of != to.as_of;
  if (from.through < to.through) {
    ANNALS_TRY(const Position seen, log.read({from.through, to.through}, [&](const Event& event) {
      if (!bears_on(projection, event)) return Visit::kContinue;
      touched = true;
      if (event.kind() != EventKind::kLexicon) out.events.push_back(event.position);
      if (out.events.size() >= 2 * kWatchedEventsMax) out.events.erase(out.events.begin(), out.events.end() - kWatchedEventsMax);
      return Visit::kContinue;
    }));
    static_cast<void>(seen);
  }
  if (!touched) return out;
  if (out.events.size() > kWatchedEventsMax) out.events.erase(out.events.begin(), out.events.end() - kWatchedEventsMax);
  ANNALS_TRY(DiffAnswer diff, query.diff(spec.projection, bounds_at(from), bounds_at(to), spec.keys));
  out.rows = std::move(diff.rows);
  return out;
}

}  // namespace annals
