#pragma once
// Everything derived, made anew from the log alone.

#include "engine/projection/index.h"

namespace annals {

struct Rebuilt {
  Position upto;
  std::uint64_t rows = 0;
  Digest before;        // over the index as it was; equal to `after` where nothing was wrong
  Digest after;
  bool same_reach = true;   // the index reached as far before: only then do the digests say anything
};
// The log must be open to write. Events are not touched.
Result<Rebuilt> rebuild(EventLog& log, const IndexProgress& progress = {});

}  // namespace annals
