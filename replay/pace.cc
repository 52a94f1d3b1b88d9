#include "replay/pace.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "engine/filter/term_index.h"

namespace annals {
namespace {

constexpr std::size_t kReadTogether = 4;   // events side by side in the log: read in one go they cost less than each by itself

// What is to be shown in the order of knowing, and in it the undated that are left out.
Result<std::vector<ReplayPoint>> points_of(const EventLog& log, const ReplayOptions& options, PositionRange range, std::uint64_t& undated) {
  std::vector<ReplayPoint> out;
  const auto take = [&](Position position, const EventTimes& times) {
    if (times.recorded_at > options.recorded_by) return Visit::kStop;
    if (times.statement && !times.known_from && options.undated == UndatedPolicy::kExclude) {
      ++undated;
      return Visit::kContinue;
    }
    const ReplayPoint point{known_at(times, options.clock), position};
    if (point.at >= options.from && point.at < options.to && (!options.after || point > *options.after)) out.push_back(point);
    return Visit::kContinue;
  };
  if (options.filter != nullptr && !options.filter->all()) {
    ANNALS_TRY(const Position seen, read_passing(log, range, *options.filter, [&](const Event& event) { return take(event.position, times_of(event)); }));
    static_cast<void>(seen);
  } else {
    Status failed;
    ANNALS_TRY(const Position seen, log.read_stored(range, [&](const StoredView& stored) {
      const auto times = times_of_header(stored.header);
      if (times) return take(stored.position, *times);
      failed = at(fmt::format("event {}", stored.position.value), times.error());
      return Visit::kStop;
    }));
    static_cast<void>(seen);
    ANNALS_CHECK_OK(failed);
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

Instant known_at(const EventTimes& times, KnownClock clock) {
  const Instant known = times.known_from.value_or(times.recorded_at);
  return clock == KnownClock::kObserved && times.known_from && times.observed ? std::max(known, *times.observed) : known;
}

Result<Replayed> replay(const EventLog& log, const ReplayOptions& options, const ReplayWait& wait, const ReplayVisitor& visit) {
  PositionRange range = options.range;
  range.upto = std::min(range.upto, log.last());
  Replayed out;
  out.last = options.after.value_or(ReplayPoint{});
  std::optional<Instant> clock = options.after ? std::optional(options.after->at) : std::nullopt;
  // Waits for the moment of the point, then shows; stops where either says so.
  const auto show = [&](const ReplayPoint& point, const Event& event) {
    if (options.speed > 0 && clock && point.at > *clock) {
      const auto pause = Micros(static_cast<std::int64_t>(static_cast<double>((point.at - *clock).count()) / options.speed));
      if (!wait(pause)) return Visit::kStop;
    }
    clock = point.at;
    const Visit go_on = visit(point, event);
    out.last = point;
    ++out.shown;
    return go_on;
  };

  if (options.order == ReplayOrder::kRecorded) {
    const auto up_to = [&](Instant instant) { return recorded_by(log, range.upto, instant); };
    if (options.from > kInstantMin) {
      ANNALS_TRY(const Position before, up_to(options.from - Micros(1)));
      range.after = std::max(range.after, before);
    }
    if (options.after) range.after = std::max(range.after, options.after->position);
    const Instant end = std::min(options.recorded_by, options.to == kInstantMax ? kInstantMax : options.to - Micros(1));
    if (end < kInstantMax) {
      ANNALS_TRY(range.upto, up_to(end));
    }
    if (range.upto <= range.after) return out;
    const auto each = [&](const Event& event) { return show({event.recorded_at, event.position}, event); };
    ANNALS_TRY(const Position seen, options.filter != nullptr ? read_passing(log, range, *options.filter, each) : log.read(range, each));
    static_cast<void>(seen);
    return out;
  }

  ANNALS_TRY(const std::vector<ReplayPoint> points, points_of(log, options, range, out.undated_left_out));
  bool stopped = false;
  for (std::size_t i = 0; i < points.size() && !stopped;) {
    std::size_t end = i + 1;
    while (end < points.size() && points[end].position.value == points[end - 1].position.value + 1) ++end;
    if (end - i < kReadTogether) {
      ANNALS_TRY(const Event event, log.get(points[i].position));
      stopped = show(points[i], event) == Visit::kStop;
      ++i;
      continue;
    }
    ANNALS_TRY(const Position seen, log.read({Position{points[i].position.value - 1}, points[end - 1].position}, [&](const Event& event) {
      const Visit go_on = show(points[i++], event);
      stopped = go_on == Visit::kStop;
      return go_on;
    }));
    static_cast<void>(seen);
  }
  return out;
}

}  // namespace annals
