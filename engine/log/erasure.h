#pragma once
// What an erasure takes and what it leaves.
//
// It names a note, an article of it or one statement. Whatever it names, the bytes of the whole note go: they cannot be cut without
// leaving what a page says twice (a description in its head, a list of contents). Of the events it covers, body and salt go:
//   - the note's arrival (the name of the file it came in);
//   - the statements that it names, with every other reading of them and every review of them;
//   - at level `all`, earlier erasures that had kept claims of these.
// Headers stay (ids, spans, times, counts, who appended it and when), and leaves, roots, proofs and positions with them. The erasure
// itself carries what is kept: at level `text` the claims without their quotes, and the head of the article; at either level digests
// of what each event bore on, so that an answer can say that it rested on it. The log shows an erased event with what was kept.
// Not covered are amendments, withdrawals and retractions: their reasons are an operator's words. Nor are copies in other notes.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/event/event.h"
#include "engine/log/event_log.h"

namespace annals {

// What a claim bears on: (projection, subject). The projections know.
using SubjectsOf = std::function<std::vector<std::pair<std::string, std::string>>(const Claim&)>;

// The body of an erasure of what the log holds now. kInvalid: `about` names nothing that the log has, or no note, article or
// statement; an event has claims of a newer program, which cannot be kept. Cost: one reading of the log.
Result<Erasure> make_erasure(const EventLog& log, const Target& about, ErasureLevel level, std::string because, const SubjectsOf& subjects);

struct Covered {
  std::vector<Position> events;   // rising: whose bodies go
  std::vector<Position> adopted;  // rising: erased before, whose kept claims this erasure holds from now on
};
// What an erasure at `at` covers. Cost: one reading of the log before it.
Result<Covered> covered_by(const EventLog& log, const Erasure& erasure, Position at);

// What erasures kept, for those that show erased events. Threads: any.
class KeptWords {
 public:
  using Load = std::function<Result<Erasure>(Position)>;
  // Puts into an erased event what the erasure at *event.erased kept of it.
  Status put_back(Event& event, const Load& load) const;
  void forget();

 private:
  using Kept = std::unordered_map<EventId, KeptClaims>;
  mutable std::mutex mutex_;
  mutable std::map<Position, std::shared_ptr<const Kept>> loaded_;
};

}  // namespace annals
