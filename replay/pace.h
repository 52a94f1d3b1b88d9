#pragma once
// The events again, in the order they became known or were recorded, as fast as can be or at the speed of a clock.
//
// An event becomes known when its article or withdrawal is known_from; what has no publication (reviews, retractions, undated
// statements, …) when it was recorded. Nothing is shown before the moment it is said to be known.

#include <functional>
#include <optional>

#include "engine/log/event_log.h"

namespace annals {

enum class ReplayOrder : std::uint8_t { kKnown, kRecorded };

// A place in a replay, to go on behind it.
struct ReplayPoint {
  Instant at{};
  Position position;
  friend auto operator<=>(const ReplayPoint&, const ReplayPoint&) = default;
};

struct ReplayOptions {
  ReplayOrder order = ReplayOrder::kKnown;
  Instant from = kInstantMin;              // [from, to) of the order's time
  Instant to = kInstantMax;
  Position upto{UINT64_MAX};               // of the log
  // Seconds of history in a second; 0: as fast as can be.
  double speed = 0;
  std::optional<ReplayPoint> after;        // resumes behind it
};

// Waits; false stops the replay. The program sleeps here, a test counts.
using ReplayWait = std::function<bool(Micros)>;
using ReplayVisitor = std::function<Visit(const ReplayPoint& at, const Event& event)>;

// When an event became known.
Instant known_at(const Event& event);

// Shows the events in order (ties by position); returns the last point shown, or `after` where there was none. In the order of
// knowing it keeps 16 bytes per event of the log.
Result<ReplayPoint> replay(const EventLog& log, const ReplayOptions& options, const ReplayWait& wait, const ReplayVisitor& visit);

}  // namespace annals
