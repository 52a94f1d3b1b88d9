#pragma once
// One log copied into another, event by event and as it was: positions, times, salts and leaves are kept, and the notes' bytes come
// along. What is copied is the log up to its last position when the copying begins, so that a copy taken beside a writer is
// consistent; every leaf is computed anew on the way and the roots are compared at the end, so that a damaged log makes no backup.
//
// A copy is a log like any other: it can be asked, and copied into again. Only what it lacks is written then; a copying that was
// stopped half-way has left a whole beginning and is completed by doing it again. Derived data is not copied: it is made anew.
//
// What was erased is copied as it is, erased; and an erasure that comes with the rest is carried out on what the copy held before.
//
// Why not RocksDB's own checkpoints: they need the process that writes, they copy damage as it lies, and they would tie the form of
// a backup to that of the store. The cost is one reading and one writing of everything.

#include <cstdint>
#include <functional>

#include "engine/log/event_log.h"

namespace annals {

struct CopyReport {
  Position before;                  // what the copy held already: it is a beginning of the log
  Position last;                    // what it holds now
  std::uint64_t notes = 0;          // whose bytes were brought
  std::uint64_t notes_lacking = 0;  // whose bytes the log does not have (an import without them)
  Digest root;                      // over 1..last
};

// Progress is told as (done, total) positions. kConflict, nothing written: `to` holds events that are not a beginning of `from`.
// kCorrupt: damage in `from`, with its place; what lies before it has been copied.
Result<CopyReport> copy_log(const EventLog& from, EventLog& to, const std::function<void(std::uint64_t, std::uint64_t)>& progress = {});

}  // namespace annals
