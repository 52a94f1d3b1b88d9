#pragma once
// The bounds options that all questions share, and moments as people type them.

#include <optional>
#include <string>

#include "engine/query/query.h"
#include "tools/annals/program.h"

namespace annals::cli {

struct BoundsOptions {
  BoundsText text;
  std::optional<std::string> tz;
};
// --as-of, --published-by, --recorded-by, --valid-at, --clock, --undated, --reviewed, --interpreter, --tz.
void add_bounds(Command& command, BoundsOptions& options);
// The same without the four moments, for commands that step through time themselves.
void add_policies(Command& command, BoundsOptions& options);

struct Asked {
  Zone zone = Zone::utc();   // of bare dates, and of the times that are printed
  Bounds bounds;
};
Result<Asked> resolve(const BoundsOptions& options, const EventLog& log, const Clock& clock);
Result<Zone> zone_of(const std::optional<std::string>& tz, const EventLog& log);

// A moment of an option: its name stands before what is wrong with it.
Result<Moment> moment(std::string_view option, std::string_view text, const Zone& zone, const Clock& clock);

// Moments from `from` to `to` (inclusive) every `every` ("1d", "6h", "30m", "1w", "1mo"). Bare dates need `at` ("09:30"), the wall time of
// every step in `zone`; steps of days, weeks and months keep that wall time over changes of the clocks. kInvalid: a bare date without `at`.
inline constexpr std::size_t kStepsMax = 1'000'000;
Result<std::vector<Instant>> steps(std::string_view from, std::string_view to, std::string_view every, const std::optional<std::string>& at,
                                   const Zone& zone, const Clock& clock);

}  // namespace annals::cli
