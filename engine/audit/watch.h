#pragma once
// Contradictions as they come, are settled and go: what a subscriber to them is told. A watch as in engine/query/watch.h, and like it
// without a memory: the contradictions at any two points follow from the log.
//
// Threads: any. Cost: two audits (each reads the log three times) where something that can make or end a contradiction was recorded
// between the points, or where the moment differs, since a second side may become known by the clock alone.

#include <string>
#include <string_view>
#include <vector>

#include "engine/audit/contradictions.h"
#include "engine/query/watch.h"

namespace annals {

// Stands where a watch names its projection; keys are entities, in any spelling ("h200"); none: all contradictions.
inline constexpr std::string_view kContradictions = "contradictions";

struct ContradictionChange {
  enum class What : std::uint8_t {
    kFound,      // it was not there before
    kSettled,    // it was open
    kReopened,   // what settled it counts no more
    kGone,       // the same statements are read otherwise now, or were struck or erased
  };
  What what = What::kFound;
  Contradiction contradiction;            // as it is now; kGone: as it was. Its rows are those of `rows`
};
std::string_view contradiction_change_name(ContradictionChange::What what);  // "found", "settled", "reopened", "gone"

struct ContradictionWatch {
  std::vector<ContradictionChange> changes;   // those that are gone first; then by when they were found
  AuditAnswer before;                          // what the sides of kGone point to
  AuditAnswer now;                             // what the others do
};

Status can_watch_contradictions(const WatchSpec& spec);
Result<ContradictionWatch> watch_contradictions(const EventLog& log, const Query& query, const Lexicon& lexicon, const WatchSpec& spec, const WatchPoint& from, const WatchPoint& to);

}  // namespace annals
