#pragma once
// All keys of a projection at any bounds, one after the other, each with what its answers need: for questions to which no page has the
// answer (R in the past, other policies, the sources of everything). From the postings, some subjects at a time, so that no more of the
// log is in memory than bears on the keys that are next, and on their ancestors.
//
// Cost: the postings of all subjects once, those of ancestors once for every few thousand statements. Threads: one at a time.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/projection/index.h"

namespace annals {

class EveryKey {
 public:
  static constexpr std::size_t kStatementsTogether = 8'192;
  // `view` must outlive it. Of the bounds R counts: it says which lexicon facts hold. `statements`: so many are in memory together, their
  // ancestors' apart; a subject with more has all of its own.
  EveryKey(const IndexView& view, const Projection& projection, const Bounds& bounds, std::size_t statements = kStatementsTogether);
  ~EveryKey();
  // Finds the subjects, by a seek for each. `entity`: only those it is the entity of; none: all. kOverloaded: the index was made anew since
  // the view was taken; take a newer one and ask again. Once it is open, nothing that happens to the index is any matter.
  Status open(const std::optional<std::string>& entity = {});

  struct Key {
    std::string key;
    std::shared_ptr<const Ledger> ledger;   // shared with other keys; coverage is not counted
  };
  // By key: what any claim of any reading is about, perhaps none that the bounds admit. None: that was all.
  Result<std::optional<Key>> next();

 private:
  Status read_some();

  const IndexView& view_;
  const Projection& projection_;
  const Bounds bounds_;
  const std::size_t statements_;
  const std::vector<const Projection*> parts_;
  const std::shared_ptr<const Families> families_;
  std::unique_ptr<DerivedReader> rows_;
  std::set<std::string> subjects_;   // still to be read; no key is less than its subject
  std::map<std::string, std::shared_ptr<const Ledger>> ready_;
};

}  // namespace annals
