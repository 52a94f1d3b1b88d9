#pragma once
// The tail, the log behind the index's mark, as questions see it. Internal to engine/projection.
//
// It is kept in pieces that never change, so that the views of a growing log share them: what comes is a piece of its own, and the last
// two become one where the newer has grown as large as the older. So there are few of them, and an event is copied as often.

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/event/event.h"
#include "engine/projection/index_load.h"

namespace annals::index_rows {

// All that a statement says, before other readings.
using Told = std::shared_ptr<const StatementExtract>;
Told told_by(const Event& statement);

struct TailPiece {
  std::size_t events = 0;
  // Statements, by projection and subject as written.
  std::map<std::pair<std::string, std::string>, std::vector<Told>> by_subject;
  std::vector<std::shared_ptr<const Event>> rereadings;
  std::set<Position> brought;   // statements before the tail that it may have brought to a key
  Touched touched;
  std::map<std::string, Position, std::less<>> newest;   // of what bears on any key, by projection
};

class Tail {
 public:
  void add(TailPiece piece);

  // How it bears on a key; as if it did not where nothing of it does.
  Touch touch(std::string_view projection, std::string_view key) const;
  // The newest event that bears on any key.
  Position newest(std::string_view projection) const;
  // Keys that it bears on and that start with `prefix`.
  void keys(std::string_view projection, std::string_view prefix, std::set<std::string>& out) const;
  void statements(const Projection& projection, std::string_view subject, const Families& families, std::map<Position, Told>& out) const;
  std::set<Position> brought() const;
  void each_rereading(const std::function<void(const Event&)>& visit) const;

 private:
  std::vector<std::shared_ptr<const TailPiece>> pieces_;   // oldest first
};

}  // namespace annals::index_rows
