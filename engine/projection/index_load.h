#pragma once
// Reading the index's rows back into a ledger, and what a stretch of the log bears on. Internal to engine/projection.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "engine/projection/index_rows.h"
#include "engine/projection/ledger.h"

namespace annals::index_rows {

// What was said about events up to `upto`, and the lexicon facts, from the rows that name them.
Result<Ledger> load_about(const EventLog& log, const Space& space, Position upto);

// The statements that bear on keys of some subjects (Projection::subject_of_key), under every spelling, up to `sealed`.
class Postings {
 public:
  // `also`: statements that the caller knows to bear on them.
  explicit Postings(const std::set<Position>& also = {});
  Status read(const EventLog& log, const Space& space, Position sealed, const Projection& projection, std::string_view subject,
              const Families& families);
  // With their other readings.
  Status add_to(const EventLog& log, const Space& space, Position sealed, Ledger& out) const;

 private:
  std::map<Position, std::optional<StatementExtract>> statements_;   // none: has to be read from the log
};
Status load_subject(const EventLog& log, const Space& space, Position sealed, const Projection& projection, std::string_view subject,
                    const Families& families, Ledger& out);

// The keys whose answers the events of (sealed, upto] can change.
class Toucher {
 public:
  // `about` knows what was said about events up to the newest; names before and after.
  Toucher(const EventLog& log, const Space& space, Position sealed, const Ledger& about, std::shared_ptr<const Families> before,
          std::shared_ptr<const Families> after);
  // Events in log order.
  Status touch(const Event& event);
  // After the last: what changed names bear on.
  Status finish();
  const std::set<std::pair<std::string, std::string>>& keys() const { return keys_; }   // projection, key

 private:
  void claim(const Claim& claim);
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
  std::set<std::pair<std::string, std::string>> keys_;
};

}  // namespace annals::index_rows
