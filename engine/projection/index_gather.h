#pragma once
// What bears on the keys of some subjects, from the rows up to the mark and from the tail behind it. Internal to engine/projection.

#include <map>
#include <set>
#include <string>
#include <utility>

#include "engine/projection/index_load.h"
#include "engine/projection/index_tail.h"

namespace annals::index_rows {

// A statement may bear on several subjects, and all it says has to be there at once: so what is asked together is gathered together.
class Gathering {
 public:
  // All have to stay.
  Gathering(const EventLog& log, DerivedReader& rows, const Space& space, Position sealed, const Tail& tail)
      : tail_(tail), postings_(log, rows, space, sealed, tail.brought()) {}
  // Once for each subject.
  Status add(const Projection& projection, const std::string& subject, const Families& families);
  std::size_t statements() const { return postings_.size() + told_.size(); }
  // Empties it.
  Result<Ledger> take(const Ledger& about, Position upto);

 private:
  const Tail& tail_;
  std::set<std::pair<const Projection*, std::string>> subjects_;
  Postings postings_;
  std::map<Position, Told> told_;
};

}  // namespace annals::index_rows
