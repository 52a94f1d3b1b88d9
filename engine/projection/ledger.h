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
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/event/event.h"
#include "engine/log/event_log.h"
#include "engine/projection/bounds.h"
#include "engine/projection/coverage.h"
#include "engine/projection/families.h"
#include "engine/projection/projection.h"
#include "engine/projection/state.h"

namespace annals {

// What a statement says of some subjects, with what answers need of its article: the part of a statement event that an index keeps.
struct StatementExtract {
  Position position;
  EventId id;
  Instant recorded_at{};
  Digest note;
  ArticleHead article;               // ordinal, title, outlet, rendition, published, observed, text_hash
  InterpreterId interpreter;
  std::string wording;               // wording.h
  std::vector<Claim> claims;         // of its first reading
  std::vector<std::uint32_t> ordinals;
};

// The claims of one key in the order in which they become known (R = everything, P = V, the policies' defaults).
struct Course {
  struct Item {
    PlacedClaim placed;              // where it stands when it becomes known; points into the ledger
    Instant known{};
    std::optional<Instant> gone;     // withdrawn from here on
  };
  std::vector<Item> items;           // by (known, order of the fold)
};

// Who said the same before in the same words (wording.h), among claims of a key that are shown one after the other. For one thread.
class SaidBefore {
 public:
  // Another source's statement; none: nobody's. `placed` has been folded, so that it has its lane and value.
  std::optional<Position> look(const PlacedClaim& placed);

 private:
  struct Words {
    std::string wording;
    std::string source;
    Position position;
  };
  std::map<std::pair<Lane, std::string>, std::vector<Words>> said_;
};

class Ledger {
 public:
  // Nothing yet, of the log up to `upto`.
  Ledger(Zone store_zone, Position upto);
  ~Ledger();
  Ledger(Ledger&&) noexcept;
  Ledger& operator=(Ledger&&) noexcept;

  // Nothing but what `base` knows about events, and its lexicon facts. What is added to either later the other does not see.
  static Ledger beside(const Ledger& base, Position upto);

  // The same without some statements.
  Ledger without(const std::set<Position>& statements) const;

  // Takes in one event: statements before their other readings, events of one kind in log order. Statements whose readings bear on
  // nothing asked for may be left out, if cover() counts them; kAlready: it does.
  enum class Covered : std::uint8_t { kNow, kAlready };
  void add(const Event& event, Covered covered = Covered::kNow);
  // A statement that cover() counts.
  void add(StatementExtract extract);
  // Statements for coverage alone.
  void cover(const CoveredArticle& article);
  void cover(const Event& statement);
  // A statement of an article that cover() counts, which a retraction or withdrawal names alone.
  void cover_named(const Digest& note, std::uint32_t article, Position position, const EventId& id, Instant recorded_at);

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

  // What the answers of a subject's keys as of one moment after another are made of, by key. Keys of which nothing is ever known have none.
  void courses(const Projection& projection, std::string_view subject, const std::function<void(const std::string& key, Course course)>& visit) const;
  // The statements that these courses come from, by key and position.
  struct Outlined {
    Position position;
    Instant known{};
    std::uint64_t text = 0;          // of the article's text_hash: copies have the same; 0: none
    bool withdrawn = false;          // some day
  };
  std::map<std::string, std::vector<Outlined>> outline(const Projection& projection, std::string_view subject) const;
  // The claims of one key from one moment of knowing to the next, up to P, by the other bounds; V excludes none of them.
  struct Turn {
    Instant known{};
    std::vector<FoldPlace> goes;      // what stood there is withdrawn, or stands otherwise from now on
    std::vector<PlacedClaim> comes;   // in the order of the fold; points into the ledger
  };
  std::vector<Turn> turns(const Projection& projection, std::string_view key, const Bounds& bounds) const;
  // What is placed as of `at`, in the order of the fold; points into the ledger.
  std::vector<PlacedClaim> placed(const Projection& projection, std::string_view key, Instant at) const;
  bool has(const EventId& statement) const;
  // Whether an amendment, retraction or withdrawal names the note or an article of it.
  bool spoken_of(const Digest& note) const;
  // Every claim of any reading or review of the statements here.
  void each_claim(const std::function<void(const Claim&)>& visit) const;

  CoverageCount coverage(const Bounds& bounds) const;
  // Adds all articles that are here, note by note, to what was counted of others.
  void tally(const Bounds& bounds, CoverageTally& out) const;
  // What the same is summed from, as recorded up to a position, at the policies' defaults.
  std::vector<CoverageSpan> coverage_spans(Position recorded_to) const;

  // The instants at which answers about a key (or, without one, any key) can change, ascending: of knowing (publications,
  // observations, withdrawals) and of the world (beginnings and ends that claims name, targets that pass). As of any two moments
  // between neighbours answers are the same, but for `overdue` at the targets, which are among them.
  struct Moments {
    std::vector<Instant> known;
    std::vector<Instant> valid;
  };
  Moments moments(const Projection& projection, std::optional<std::string_view> key, const Bounds& bounds) const;

  Position upto() const;
  // In log order.
  const std::vector<std::shared_ptr<const Event>>& erasures() const;

 private:
  struct About;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace annals
