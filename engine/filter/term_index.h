#pragma once
// Finds what a filter asks for by seeking: for everything that filters name (a kind of event, a type of claim, a modality, an outlet,
// an entity) the index has the positions of the events that have it.
//
// Derived, in the log's space for it: dropped and made anew at any time, never a source of facts. The log is cut into blocks of
// kTermBlock positions, and a block's rows are written once, when it is full; what lies behind is looked at one by one. Rows, numbers
// in keys big-endian (prefix "tx2/"):
//   reach                               → the set of rows that counts (a or b), position up to which the log is indexed
// and in a set ("tx2/a/"):
//   p<hash of the term><block>          → which positions of the block: two bytes each (little-endian, rising), or one bit each where
//                                         that is no longer
//   l<block>                            → the latest moment of publication (else of recording) in the block: eight bytes
// Terms are hashed to 64 bits: two that meet make a few events looked at in vain, and nothing else. An event about an event has that
// one's terms, to the end of the chain. What is about a whole article or note, or about what was not in the log when the block was
// written, has a term of its own, and whoever asks looks at it; whoever asks when something was published, at all events about events.
//
// A set is written before the reach that counts it, so that a stop in between leaves rows that will be written again. An erasure of
// words drops all rows (EventLog::erase): made anew, they hold what the log still shows. Where an event has other terms than before
// (filters learn to ask for more), the prefix changes, and older rows count for nothing.
//
// Threads: one seals or rebuilds at a time, and any number read meanwhile. Errors: the log's own; kCorrupt for a row that cannot be one.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/filter/filter.h"
#include "engine/log/event_log.h"

namespace annals {

// What is not indexed yet is read: with a filter on names 3 µs an event, so that the first match is there within 5 ms.
inline constexpr std::uint64_t kTermBlock = 2'048;

// (done, total) in events.
using TermProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

// Indexes the full blocks behind the mark; returns the new mark. Cost: one reading of them. The log must be open to write.
Result<Position> seal_terms(EventLog& log, const TermProgress& progress = {});
// The mark; Position{} where nothing is indexed.
Position terms_sealed_to(const EventLog& log);
// Makes a second set of rows from the log alone; then the second counts and the first goes. A stop on the way leaves the first.
Result<Position> rebuild_terms(EventLog& log, const TermProgress& progress = {});
// Whether the rows are those that the log gives. One line per difference, at most ten.
Result<std::vector<std::string>> verify_terms(const EventLog& log, const TermProgress& progress = {});

// The stretches of a range in which events may pass a filter; nothing that passes lies outside. Not for two threads at once.
// Cost: a seek per term for kTermWindow blocks; where a filter lets most pass, stretches are long and nothing else is paid.
class Candidates {
 public:
  // `filter`: none asks for everything. Both must outlive it. The range ends at log.last() at the latest.
  Candidates(const EventLog& log, const Filter* filter, PositionRange range);

  // The next one from the beginning on; none: nothing more may pass.
  Result<std::optional<PositionRange>> next() { return take(false); }
  // The next one from the end on, downwards. One direction for one object.
  Result<std::optional<PositionRange>> back() { return take(true); }

 private:
  Result<std::optional<PositionRange>> take(bool backwards);
  // What may pass of some blocks, in the order it is taken in.
  Status look(std::uint64_t block, std::uint64_t count);

  const EventLog& log_;
  const Filter* filter_;
  PositionRange rest_;                      // not looked up yet
  std::vector<std::vector<std::uint64_t>> members_;   // of each member that is asked, terms of which an event has one
  Position sealed_;
  char space_ = 'a';
  std::uint64_t window_ = 1;                // blocks looked up together
  std::vector<PositionRange> found_;        // looked up and not yet taken, the next one last
};
inline constexpr std::uint64_t kTermWindow = 512;

// Shows what passes of a range, oldest first, as EventLog::read does; returns the last position that was looked at: the range's end,
// where the visitor did not stop.
Result<Position> read_passing(const EventLog& log, PositionRange range, const Filter& filter, const EventVisitor& visit, ReadOptions options = {});

// Shows what may pass as it is stored, oldest first, until the visitor stops or fails; whether it does pass is the visitor's to ask.
struct CandidatesRead {
  Position upto;                 // all up to here has been looked at, or need not be
  std::optional<Error> failed;   // the visitor's, or damage behind `upto`: what was shown before it is good
};
CandidatesRead read_candidates(const EventLog& log, PositionRange range, const Filter* filter, const std::function<Result<Visit>(const StoredView&)>& visit);

}  // namespace annals
