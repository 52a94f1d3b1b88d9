#pragma once
// The events again, in the order they became known or were recorded, as fast as can be or at the speed of a clock.
//
// An event becomes known when its article or withdrawal is known_from; what has no publication (reviews, retractions, undated
// statements, …) when it was recorded. Nothing is shown before the moment it is said to be known.

#include <functional>
#include <optional>

#include "engine/codec/codec.h"
#include "engine/filter/filter.h"
#include "engine/log/event_log.h"
#include "engine/projection/bounds.h"

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
  PositionRange range{Position{}, Position{UINT64_MAX}};   // of the log
  Instant recorded_by = kInstantMax;
  KnownClock clock = KnownClock::kPublished;
  // Statements without a publication, in the order of knowing: left out, or when they were recorded.
  UndatedPolicy undated = UndatedPolicy::kInclude;
  const Filter* filter = nullptr;          // none: all events
  // Seconds of history in a second; 0: as fast as can be.
  double speed = 0;
  std::optional<ReplayPoint> after;        // resumes behind it
};

struct Replayed {
  ReplayPoint last;                        // that was shown; `after` where there was none
  std::uint64_t shown = 0;
  std::uint64_t undated_left_out = 0;
};

// Waits; false stops the replay. The program sleeps here, a test counts.
using ReplayWait = std::function<bool(Micros)>;
using ReplayVisitor = std::function<Visit(const ReplayPoint& at, const Event& event)>;

// When an event became known, by either clock.
Instant known_at(const EventTimes& times, KnownClock clock = KnownClock::kPublished);

// Shows the events in order, ties by position. In the order of knowing it first looks at the headers of the range (of what a filter lets
// pass, at the events), and keeps 16 bytes of each that is to be shown.
Result<Replayed> replay(const EventLog& log, const ReplayOptions& options, const ReplayWait& wait, const ReplayVisitor& visit);

}  // namespace annals
