#pragma once
// How answers as of now change: what a subscriber to states is told.
//
// A watch has no memory: the answers at any two points follow from the log, so that one who was away, or whose server was, comes back
// with the point it saw last and is told what has changed since, once. A point is a place in the log and a moment: answers change
// because something is recorded, and because a date is reached (a start, a target that is overdue).
// Between two points only the difference is told; what came and went between them leaves no trace here (annals history has it).

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/query/query.h"

namespace annals {

struct WatchSpec {
  std::string projection;
  std::vector<std::string> keys;   // in people's words, as Query::resolve_key takes them; none: all
  friend bool operator==(const WatchSpec&, const WatchSpec&) = default;
};

struct WatchPoint {
  Position through;                // 0: before everything
  Instant as_of{};                 // P = V
  friend bool operator==(const WatchPoint&, const WatchPoint&) = default;
};

struct WatchAnswer {
  std::string projection;
  std::vector<DiffRow> rows;       // by key, lane
  // Where there are rows: the events between the points that bear on the projection, in log order, the newest kWatchedEventsMax: what
  // may have brought the change about. Lexicon facts, of which many come with a first note, are not listed. None: one of those did, or the clock.
  std::vector<Position> events;
};
inline constexpr std::size_t kWatchedEventsMax = 64;

// The answers at points that watches came to, so that the next look need not make them again: a help to memory, nothing hangs on it.
// Keeps the newest kStatesMax states. Threads: any.
class WatchMemory {
 public:
  static constexpr std::size_t kStatesMax = 20'000;
  // None: not kept. What is taken goes.
  std::optional<Query::StatesNow> take(const WatchSpec& spec, const WatchPoint& at);
  void put(const WatchSpec& spec, const WatchPoint& at, Query::StatesNow states);

 private:
  struct Kept {
    WatchSpec spec;
    WatchPoint at;
    Query::StatesNow answers;
  };
  std::mutex mutex_;
  std::deque<Kept> kept_;          // oldest first
  std::size_t states_ = 0;
};

// kInvalid: a projection or key that there is not. `to.through` moves on to what is recorded when the answers are read. Cost: two
// answers for each key, one where the memory has the other, none where that says that nothing since bears on them; and, where they
// differ, a reading of the events between the points.
Result<WatchAnswer> watch(const EventLog& log, const Query& query, const WatchSpec& spec, const WatchPoint& from, WatchPoint& to, WatchMemory& memory);
// Whether there is such a projection, and such keys.
Status can_watch(const Query& query, const WatchSpec& spec);

}  // namespace annals
