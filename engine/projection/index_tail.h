#pragma once
// The tail, the log behind the index's mark, as questions see it. Internal to engine/projection.
//
// It is kept in pieces that never change, so that the views of a growing log share them: what comes is a piece of its own, and the last
// two become one where the newer has grown as large as the older. So there are few of them, and an event is copied as often.

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/event/event.h"
#include "engine/projection/index_load.h"

namespace annals::index_rows {

// A statement of the tail. What answers need of it (its wording costs more than all the rest) is taken out of it when somebody first asks
// for a key that it bears on: of most that comes nobody does. Any number of threads.
class ToldStatement {
 public:
  explicit ToldStatement(std::shared_ptr<const Event> statement) : position(statement->position), event_(std::move(statement)) {}
  // All that it says, before other readings.
  const StatementExtract& extract() const;
  const Position position;

 private:
  mutable std::once_flag once_;
  mutable std::shared_ptr<const Event> event_;   // until then
  mutable StatementExtract extract_;
};
using Told = std::shared_ptr<const ToldStatement>;

struct TailPiece {
  std::size_t events = 0;
  // Statements, by projection and subject as written; of a subject to which only statements before the tail are brought, none.
  std::map<std::pair<std::string, std::string>, std::vector<Told>> by_subject;
  std::vector<std::shared_ptr<const Event>> rereadings;
  std::set<Position> brought;   // statements before the tail that it may have brought to a key
  Touched touched;
  std::map<std::string, Position, std::less<>> newest;   // of what bears on any key, by projection
  Position about;               // the newest that is neither note nor statement, and may have others read otherwise
};

class Tail {
 public:
  void add(TailPiece piece);

  // How it bears on a key; as if it did not where nothing of it does.
  Touch touch(std::string_view projection, std::string_view key) const;
  // The newest event that bears on any key.
  Position newest(std::string_view projection) const;
  // The newest event that may have statements of the tail read otherwise.
  Position about() const;
  // Keys that it bears on and that start with `prefix`.
  void keys(std::string_view projection, std::string_view prefix, std::set<std::string>& out) const;
  // What it speaks of, as written.
  void subjects(std::string_view projection, std::vector<std::string>& out) const;
  // Those behind `after`.
  void statements(const Projection& projection, std::string_view subject, const Families& families, Position after, std::map<Position, Told>& out) const;
  std::set<Position> brought() const;
  void each_rereading(const std::function<void(const Event&)>& visit) const;

 private:
  std::vector<std::shared_ptr<const TailPiece>> pieces_;   // oldest first
};

}  // namespace annals::index_rows
