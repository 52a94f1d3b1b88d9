#include "replay/pace.h"

#include <algorithm>
#include <vector>

namespace annals {

Instant known_at(const Event& event) {
  if (const auto* statement = std::get_if<StatementEvent>(&event.body))
    return statement->article.published ? statement->article.published->known_from : event.recorded_at;
  if (const auto* withdrawal = std::get_if<Withdrawal>(&event.body)) return withdrawal->published.known_from;
  return event.recorded_at;
}

Result<ReplayPoint> replay(const EventLog& log, const ReplayOptions& options, const ReplayWait& wait, const ReplayVisitor& visit) {
  const Position upto = std::min(options.upto, log.last());
  ReplayPoint shown = options.after.value_or(ReplayPoint{});
  std::optional<Instant> clock = options.after ? std::optional(options.after->at) : std::nullopt;
  // Waits for the moment of the point, then shows; false: stop.
  const auto show = [&](const ReplayPoint& point, const Event& event) {
    if (options.speed > 0 && clock && point.at > *clock) {
      const auto pause = Micros(static_cast<std::int64_t>(static_cast<double>((point.at - *clock).count()) / options.speed));
      if (!wait(pause)) return false;
    }
    clock = point.at;
    const bool go_on = visit(point, event) == Visit::kContinue;
    shown = point;
    return go_on;
  };
  const auto wanted = [&](const ReplayPoint& point) {
    return point.at >= options.from && point.at < options.to && (!options.after || point > *options.after);
  };

  if (options.order == ReplayOrder::kRecorded) {
    const Position start = options.after ? options.after->position : Position{};
    ANNALS_TRY(const Position end, log.read({start, upto}, [&](const Event& event) {
      const ReplayPoint point{event.recorded_at, event.position};
      if (point.at >= options.to) return Visit::kStop;
      if (!wanted(point)) return Visit::kContinue;
      return show(point, event) ? Visit::kContinue : Visit::kStop;
    }));
    (void)end;
    return shown;
  }

  std::vector<ReplayPoint> points;
  ReadOptions light;
  light.parts = Parts::kClaims;
  ANNALS_TRY(const Position end, log.read({Position{}, upto}, [&](const Event& event) {
    const ReplayPoint point{known_at(event), event.position};
    if (wanted(point)) points.push_back(point);
    return Visit::kContinue;
  }, light));
  (void)end;
  std::sort(points.begin(), points.end());
  for (const ReplayPoint& point : points) {
    ANNALS_TRY(const Event event, log.get(point.position));
    if (!show(point, event)) break;
  }
  return shown;
}

}  // namespace annals
