#pragma once
// Reading the index's rows back into a ledger, and what a stretch of the log bears on. Internal to engine/projection.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/projection/index_rows.h"
#include "engine/projection/ledger.h"

namespace annals::index_rows {

// What was said about events up to `upto`, and the lexicon facts, from the rows that name them.
Result<Ledger> load_about(const EventLog& log, const Space& space, Position upto);

// Of rows "<all><first> 00 …" what is first and starts so, each once, in order: from one to the next, no matter how many rows it has.
Result<std::vector<std::string>> first_texts(DerivedReader& rows, const std::string& all, std::string_view starting);
// A subject (Projection::subject_of_key) as claims may write it.
std::vector<std::string> subject_spellings(std::string_view subject, const Families& families);
// What the postings of a subject start with, under every spelling.
std::vector<std::string> posting_prefixes(const Space& space, const Projection& projection, std::string_view subject, const Families& families);

// The statements that bear on keys of some subjects, up to `sealed`.
class Postings {
 public:
  // `also`: statements that the caller knows to bear on them. `rows` has to stay.
  Postings(const EventLog& log, DerivedReader& rows, const Space& space, Position sealed, const std::set<Position>& also = {});
  Status read(const Projection& projection, std::string_view subject, const Families& families);
  // Of one spelling those from `from` on, until there are `most` here; returns where to go on. None: there are no more.
  Result<std::optional<Position>> read_from(const std::string& prefix, Position from, std::size_t most);
  // Of one spelling those of these positions, which ascend.
  Status read_at(const std::string& prefix, std::span<const Position> positions);
  std::size_t size() const { return statements_.size(); }
  // The texts of their articles.
  Result<std::set<Digest>> texts() const;
  // With their other readings. Empties it.
  Status add_to(Ledger& out);

 private:
  void take(Position position, std::string_view value);
  const EventLog& log_;
  DerivedReader& rows_;
  const Space& space_;
  const Position sealed_;
  std::map<Position, std::optional<StatementExtract>> statements_;   // none: has to be read from the log
};

// How events bear on a key.
struct Touch {
  Instant since = kInstantMax;   // answers as of a moment before it (P, with R = everything) stay as they were
  bool turned = false;           // more changes than that new statements speak of it
  Position newest;               // of the new statements; no bound where it is turned
  void add(const Touch& other) {
    since = std::min(since, other.since);
    turned = turned || other.turned;
    newest = std::max(newest, other.newest);
  }
};
using Touched = std::map<std::pair<std::string, std::string>, Touch>;   // by projection and key

// The keys whose answers the events of (sealed, upto] can change.
class Toucher {
 public:
  // `about` knows what was said about events up to the newest; names before and after.
  Toucher(const EventLog& log, const Space& space, Position sealed, const Ledger& about, std::shared_ptr<const Families> before,
          std::shared_ptr<const Families> after);
  // Events in log order.
  Status touch(const Event& event);
  // Of a statement that may bring others to stand elsewhere.
  void touch_as_turned(const Event& statement);
  // After the last: what changed names bear on.
  Status finish();
  const Touched& keys() const { return keys_; }
  // The notes of which something is counted otherwise from now on, and perhaps others.
  const std::set<Digest>& notes() const { return notes_; }

 private:
  static constexpr Touch kTurned{kInstantMin, true, Position{UINT64_MAX}};
  void claim(const Claim& claim, const Touch& touch = kTurned);
  Status statement(Position position);
  Status target(const Target& target);
  Status event(const EventId& id);
  Status note(const Digest& note);

  const EventLog& log_;
  const Space& space_;
  const Position sealed_;
  const Ledger& about_;
  const std::shared_ptr<const Families> before_;
  const std::shared_ptr<const Families> after_;
  std::set<Position> done_;
  std::set<std::string> entities_;   // of which a fact was told or taken back
  Touched keys_;
  std::set<Digest> notes_;
};

}  // namespace annals::index_rows
