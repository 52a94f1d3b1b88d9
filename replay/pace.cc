#include "replay/pace.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "engine/filter/term_index.h"

namespace annals {
namespace {

constexpr std::size_t kReadTogether = 4;   // events side by side in the log: read in one go they cost less than each by itself

constexpr std::uint64_t kWorthAThread = 200'000;   // events whose headers are looked at

struct Points {
  std::vector<ReplayPoint> points;
  std::uint64_t undated = 0;   // left out
};

// What is to be shown in the order of knowing, as it stands in the log.
Result<Points> points_within(const EventLog& log, const ReplayOptions& options, PositionRange range) {
  Points out;
  const auto take = [&](Position position, const EventTimes& times) {
    if (times.statement && !times.known_from && options.undated == UndatedPolicy::kExclude) {
      ++out.undated;
      return;
    }
    const ReplayPoint point{known_at(times, options.clock), position};
    if (point.at >= options.from && point.at < options.to && (!options.after || point > *options.after)) out.points.push_back(point);
  };
  if (options.filter != nullptr && !options.filter->all()) {
    ANNALS_TRY(const Position seen, read_passing(log, range, *options.filter, [&](const Event& event) {
      take(event.position, times_of(event));
      return Visit::kContinue;
    }));
    static_cast<void>(seen);
    return out;
  }
  Status failed;
  ANNALS_TRY(const Position seen, log.read_stored(range, [&](const StoredView& stored) {
    const auto times = times_of_header(stored.header);
    if (times) take(stored.position, *times);
    else failed = at(fmt::format("event {}", stored.position.value), times.error());
    return failed ? Visit::kContinue : Visit::kStop;
  }));
  static_cast<void>(seen);
  ANNALS_CHECK_OK(failed);
  return out;
}

// In their order. Of a long log both halves are looked through at once.
Result<Points> points_of(const EventLog& log, const ReplayOptions& options, PositionRange range) {
  const Position middle{range.after.value + (range.upto.value - range.after.value) / 2};
  const bool halves = range.upto.value - range.after.value > kWorthAThread;
  Result<Points> behind = Points{};
  Result<Points> out = Points{};
  {
    std::jthread beside;
    if (halves) beside = std::jthread([&] { behind = points_within(log, options, {middle, range.upto}); });
    out = points_within(log, options, {range.after, halves ? middle : range.upto});
  }
  if (!out) return out;
  if (!behind) return behind;
  out->points.insert(out->points.end(), behind->points.begin(), behind->points.end());
  out->undated += behind->undated;
  std::sort(out->points.begin(), out->points.end());
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

  const auto up_to = [&](Instant instant) { return recorded_by(log, range.upto, instant); };
  if (options.order == ReplayOrder::kRecorded) {
    if (options.from > kInstantMin) {
      ANNALS_TRY(const Position before, up_to(options.from - Micros(1)));
      range.after = std::max(range.after, before);
    }
    if (options.after) range.after = std::max(range.after, options.after->position);
  }
  Instant newest = options.recorded_by;
  if (options.order == ReplayOrder::kRecorded && options.to < kInstantMax) newest = std::min(newest, options.to - Micros(1));
  if (newest < kInstantMax) {
    ANNALS_TRY(range.upto, up_to(newest));
  }
  if (range.upto <= range.after) return out;
  if (options.order == ReplayOrder::kRecorded) {
    const auto each = [&](const Event& event) { return show({event.recorded_at, event.position}, event); };
    ANNALS_TRY(const Position seen, options.filter != nullptr ? read_passing(log, range, *options.filter, each) : log.read(range, each));
    static_cast<void>(seen);
    return out;
  }

  ANNALS_TRY(const Points found, points_of(log, options, range));
  const std::vector<ReplayPoint>& points = found.points;
  out.undated_left_out = found.undated;
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
