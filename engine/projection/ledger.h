#pragma once
// What answers need of the log, in memory: the statements that bear on the keys asked for, everything said about them since, and the
// lexicon facts. One Ledger is one reading of the log up to one position; it never changes, so any number of questions may be put to
// it from many threads.
//
// A statement counts at (P, R, V) when it was recorded by R, is known by P, is neither withdrawn by P nor struck by a retraction by R;
// it says what its newest interpretation by R of the chosen interpreter says, as reviewed by R. Precisely:
//   - an event that an effective retraction names has no effect; a retraction that a later one names is not effective. A retraction
//     names an event, an article (all its statements) or a note (all its statements);
//   - an amendment of the article's head counts by R, each field's newest;
//   - a withdrawal counts from its own known_from by P and its recording by R;
//   - of an interpreter's readings the one recorded last counts; a review counts for the claims of the reading it was made on, and
//     for equal claims of a reading that replaces it; of several reviews of a claim the last counts;
//   - claims of copied articles (same text_hash) that bear on one key hold from the group's earliest admitted member.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/event/event.h"
#include "engine/log/event_log.h"
#include "engine/projection/bounds.h"
#include "engine/projection/families.h"
#include "engine/projection/projection.h"
#include "engine/projection/state.h"

namespace annals {

struct CoverageCount {
  std::uint64_t notes = 0;
  std::uint64_t outlets = 0;
  std::uint64_t articles = 0;
  std::uint64_t statements = 0;
  std::optional<Instant> first_known_from;
  std::optional<Instant> last_known_from;
  std::uint64_t undated_left_out = 0;
};

// Statements of one article that stand one after the other and were recorded together.
struct StatementRun {
  Position first;
  std::uint64_t count = 0;
  Instant recorded_at{};
};
// What coverage needs of an article.
struct CoveredArticle {
  Digest note;
  std::uint32_t ordinal = 0;
  std::optional<std::string> outlet;
  std::optional<Instant> known_from;   // absent: undated
  std::optional<Instant> observed;
  std::vector<StatementRun> runs;      // by position
  // Positions must ascend.
  void add(Position position, Instant recorded_at);
};

class Ledger {
 public:
  // Nothing yet, of the log up to `upto`.
  Ledger(Zone store_zone, Position upto);
  ~Ledger();
  Ledger(Ledger&&) noexcept;
  Ledger& operator=(Ledger&&) noexcept;

  // Takes in one event: statements before what is about them, events of one kind in log order. Statements whose readings bear on
  // nothing asked for may be left out, if cover() counts them; kAlready: it does.
  enum class Covered : std::uint8_t { kNow, kAlready };
  void add(const Event& event, Covered covered = Covered::kNow);
  // Statements for coverage alone.
  void cover(const CoveredArticle& article);

  // The whole log up to `upto`.
  static Result<Ledger> load(const EventLog& log, Position upto);

  // The lexicon facts that hold by the bounds.
  std::shared_ptr<const Families> families(const Bounds& bounds) const;

  // The state of one key. Evidence, where wanted: every claim behind it in the order of the fold, the key's own before what reached
  // it from ancestors.
  State state(const Projection& projection, std::string_view key, const Bounds& bounds, std::vector<Evidence>* evidence = nullptr) const;
  // None where no admitted claim is about the key itself (its ancestors alone do not make it one of "all keys"), or nothing is known.
  std::optional<State> state_of_own(const Projection& projection, std::string_view key, const Bounds& bounds,
                                    std::vector<Evidence>* evidence = nullptr) const;
  // The states of one key at several V, ascending, with everything else as `bounds` says: the claims are selected once.
  std::vector<State> states_over_valid(const Projection& projection, std::string_view key, const Bounds& bounds, std::span<const Instant> valid) const;
  // Every key that an admitted claim is about and that knows something, by key.
  std::vector<State> states(const Projection& projection, const Bounds& bounds) const;
  // Every key that any claim of any reading bears on, whatever the bounds.
  std::vector<std::string> keys(const Projection& projection, const Bounds& bounds) const;

  CoverageCount coverage(const Bounds& bounds) const;

  // The instants at which answers about a key (or, without one, any key) can change, ascending: of knowing (publications,
  // observations, withdrawals) and of the world (beginnings and ends that claims name, targets that pass). As of any two moments
  // between neighbours answers are the same, but for `overdue` at the targets, which are among them.
  struct Moments {
    std::vector<Instant> known;
    std::vector<Instant> valid;
  };
  Moments moments(const Projection& projection, std::optional<std::string_view> key, const Bounds& bounds) const;

  Position upto() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace annals
