#pragma once
// Postings: which statements bear on which key, so that a question about one key reads dozens of events and not the log.
//
// Derived, in the log's space for it: dropped and made anew at any time, never a source of facts. Rows, keys in byte order, numbers
// big-endian (prefix "px1/"):
//   mark                                          → position up to which the log is indexed ("sealed")
//   p/<projection> 00 <subject> 00 <position>     → nothing: a claim of the statement at that position, in any reading, review or
//                                                   erasure, has this subject (Projection::subject, as written in the claim)
//   r/<position of a statement><position>         → nothing: a reinterpretation of it
//   c/<position>                                  → kind: an event about events, or a lexicon fact
//   a/<note><ordinal>                             → what coverage needs of an article: outlet, times, runs of its statements
// The mark is written last, so that a stop in between only leaves rows that will be written again. What lies behind the mark (the
// tail) readers scan.
//
// Equal logs have equal rows, however often they were sealed in between; digest() is over all of them.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/log/event_log.h"
#include "engine/projection/bounds.h"
#include "engine/projection/ledger.h"

namespace annals {

using IndexProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

// Indexes what lies between the mark and the log's end; returns the new mark. Cost: one read of that stretch. The log must be open to
// write.
Result<Position> seal_index(EventLog& log, const IndexProgress& progress = {});
// The mark; Position{} where nothing is indexed.
Position sealed_to(const EventLog& log);
Status drop_index(EventLog& log);
// Drops and makes anew.
Result<Position> rebuild_index(EventLog& log, const IndexProgress& progress = {});

struct IndexDigest {
  Position sealed;
  std::uint64_t rows = 0;
  Digest digest;
};
Result<IndexDigest> index_digest(const EventLog& log);
// Whether the rows are those that the log gives: makes them anew in memory and compares. One line per difference, at most ten.
Result<std::vector<std::string>> verify_index(const EventLog& log, const IndexProgress& progress = {});

// What questions about these keys of this projection need, with the families by R of `bounds`. Coverage is of the whole log.
Result<Ledger> load_keys(const EventLog& log, Position upto, const Projection& projection, std::span<const std::string> keys,
                         const Bounds& bounds);
// The same where the keys depend on the families.
using KeysWanted = std::function<Result<std::vector<std::string>>(const Families&)>;
Result<Ledger> load_keys(const EventLog& log, Position upto, const Projection& projection, const KeysWanted& wanted, const Bounds& bounds);

}  // namespace annals
