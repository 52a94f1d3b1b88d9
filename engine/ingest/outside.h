#pragma once
// The door for other interpreters: statements of the log are read by somebody else's program, and its readings go into the log as
// reinterpretations under its own name and version, beside ours and never mixed with them: who asks says whose reading is wanted
// (Bounds::interpreter), and where nobody says, it is the one that first read the statement.
//
// A statement that the program could not read stays as it is: nothing is stored, and it is asked for again next time.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "engine/claim/interpreter.h"
#include "engine/language/lexicon.h"
#include "engine/log/event_log.h"

namespace annals {

// What an outside program is asked about.
struct OutsideStatement {
  EventId id;
  Position position;
  Digest note;
  ArticleHead head;        // as amended
  Statement statement;
  std::string previous;    // the statement before it in its article; empty: it is the first
  Reading ours;            // newest of our own, for its times, quantities and names
};

class OutsideReader {
 public:
  virtual ~OutsideReader() = default;
  virtual InterpreterId id() const = 0;
  // One reading per statement, in order; none: it was not read, and the reader has told why. Readings are checked: claims that
  // validate_claim takes, spans inside the statement.
  virtual std::vector<std::optional<Reading>> read(std::span<const OutsideStatement> statements) = 0;
  // It will read no more: what is left is not asked.
  virtual bool gave_up() const = 0;
};

struct OutsideOptions {
  std::string actor = "reread";
  Position after;            // statements behind this position
  bool again = false;        // also what this version has read already; stored where it reads otherwise now
};

struct OutsideSummary {
  std::uint64_t statements = 0;      // asked for
  std::uint64_t read = 0;            // answered and stored, or answered as before
  std::uint64_t changed = 0;         // of them, stored
  std::uint64_t failed = 0;          // asked for and not read
  std::uint64_t not_asked = 0;       // because the program gave up
  std::uint64_t already_read = 0;    // by this very version
  std::uint64_t claims = 0;          // of the readings stored
  std::uint64_t lexicon_facts = 0;
  Position last;
};

// Asks for every statement that `reader`'s name and version has not read, in the order of the log's articles; what is answered is on
// disk after every kOutsideBatch statements. Errors are the log's.
inline constexpr std::size_t kOutsideBatch = 64;
Result<OutsideSummary> read_outside(EventLog& log, OutsideReader& reader, const Lexicon& lexicon, const OutsideOptions& options,
                                    const std::function<void(const OutsideSummary&)>& progress = {});

}  // namespace annals
