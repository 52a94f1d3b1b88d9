#pragma once
// Everything derived from the log, together: what answers are found by (engine/projection/index.h) and what events are found by
// (engine/filter/term_index.h).

#include <string>
#include <vector>

#include "engine/projection/index.h"

namespace annals {

// Brings both up to the log's end; returns up to where answers are indexed. The log must be open to write, here and for rebuild().
Result<Position> seal(EventLog& log, const IndexProgress& progress = {});

struct Rebuilt {
  Position upto;
  std::uint64_t rows = 0;   // of the index of answers, as what follows
  Digest before;            // over the index as it was; equal to `after` where nothing was wrong
  Digest after;
  bool same_reach = true;   // the index reached as far before: only then do the digests say anything
};
// Makes both anew, while the old ones serve. Events are not touched.
Result<Rebuilt> rebuild(EventLog& log, const IndexProgress& progress = {});

// Whether both are what the log gives. One line per difference, at most ten of each.
Result<std::vector<std::string>> verify_derived(const EventLog& log, const IndexProgress& progress = {});

}  // namespace annals
