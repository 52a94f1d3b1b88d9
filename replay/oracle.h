#pragma once
// The naive oracle: the definition of an as-of answer, written down once more, to check the fast ways by.
//
// It reads the whole log, looks at every event for every question, and keeps nothing. It shares with the engine only the event types,
// where a claim stands in time (place) and the projections' pure fold; which events count, what they say and in which order they are
// folded it decides itself, by the text of ARCHITECTURE.md.

#include <string>
#include <string_view>
#include <vector>

#include "engine/log/event_log.h"
#include "engine/projection/bounds.h"
#include "engine/projection/projection.h"
#include "engine/projection/state.h"

namespace annals {

class Oracle {
 public:
  // Reads the log up to its end.
  static Result<Oracle> read(const EventLog& log);

  // The state of one key. Cost: the whole log, several times over.
  State state(std::string_view projection, std::string_view key, const Bounds& bounds) const;
  // Every key that an admitted claim is about and that knows something, by key.
  std::vector<State> states(std::string_view projection, const Bounds& bounds) const;
  // Statements that the bounds admit, and those left out because they are undated.
  struct Count {
    std::uint64_t statements = 0;
    std::uint64_t undated_left_out = 0;
  };
  Count count(const Bounds& bounds) const;

  const std::vector<Event>& events() const { return events_; }

 private:
  std::vector<Event> events_;
  Zone store_zone_ = Zone::utc();
};

}  // namespace annals
