#pragma once
// Which events a subscriber wants. proto/wire.capnp's Filter says what each member means.
//
// What is about another event matches where that one does, so that nobody follows a statement without learning that it was taken back.
// What is about a whole article or note matches where any of its statements does; after kStatementsLookedAt of them, or a chain of
// kChainLookedAt retractions of retractions, it is taken to match: told too much is harmless, too little is not.
// Threads: any; a filter does not change.

#include <set>
#include <string>
#include <vector>

#include "engine/language/lexicon.h"
#include "engine/log/event_log.h"
#include "engine/stream/wire.h"

namespace annals::stream {

class Filter {
 public:
  // kInvalid: a kind, claim type or modality that there is not, an entity or outlet without a name. `lexicon` gives names their ids.
  static Result<Filter> make(const FilterSpec& spec, const Lexicon& lexicon);

  bool all() const { return all_; }
  // Of what the header alone says: false where the event cannot match whatever its body holds.
  bool may_match(EventKind kind) const { return kinds_.empty() || kinds_.contains(kind); }
  // `log` is asked for what an event is about.
  bool matches(const Event& event, const EventLog& log) const;

 private:
  // Of what is neither about a statement nor one: true where nothing but kinds and time is asked.
  bool plain(Instant known_from) const;
  bool fact_matches(const LexiconFact& fact, Instant recorded_at) const;
  bool reading_matches(const StatementEvent& statement, const Reading& reading, Instant recorded_at) const;
  bool about(const Target& target, const EventLog& log, int depth) const;
  bool any_of_note(const Digest& note, std::optional<std::uint32_t> article, const EventLog& log) const;

  bool all_ = true;
  std::set<EventKind> kinds_;
  std::set<ClaimType> types_;
  std::set<std::string> entities_;   // ids, or folded names
  std::set<std::string> outlets_;    // folded
  std::set<Modality> modalities_;
  std::optional<Instant> published_from_;
};

inline constexpr std::uint64_t kStatementsLookedAt = 20'000;
inline constexpr int kChainLookedAt = 32;

}  // namespace annals::stream
