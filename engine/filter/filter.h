#pragma once
// Which events somebody wants: a subscriber, a command. proto/wire.capnp's Filter says what each member means.
//
// What is about another event matches where that one does, so that nobody follows a statement without learning that it was taken back.
// What is about a whole article or note matches where any of its statements does; after kStatementsLookedAt of them, or a chain of
// kChainLookedAt retractions of retractions, it is taken to match: told too much is harmless, too little is not.
// Threads: any; a filter does not change.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/language/lexicon.h"
#include "engine/log/event_log.h"

namespace annals {

// An event passes when it meets every member that is not empty, and of a list any one of its items.
struct FilterSpec {
  std::vector<std::string> kinds;         // "statement", "retraction", …
  std::vector<std::string> claim_types;   // "export_control", …
  std::vector<std::string> entities;      // ids of the lexicon, or names in any spelling
  std::vector<std::string> outlets;       // in any spelling
  std::vector<std::string> modalities;    // of a claim; of the statement, where it has no claim
  std::optional<Instant> published_from;  // what has no publication counts as published when it was recorded
  std::string note;                       // a note's hash in hex, or the beginning of one; not asked over the wire
  bool all() const {
    return kinds.empty() && claim_types.empty() && entities.empty() && outlets.empty() && modalities.empty() && !published_from && note.empty();
  }
  friend bool operator==(const FilterSpec&, const FilterSpec&) = default;
};

class Filter {
 public:
  // kInvalid: a kind, claim type or modality that there is not, an entity or outlet without a name, a note that is no hash. `lexicon`
  // gives names their ids.
  static Result<Filter> make(const FilterSpec& spec, const Lexicon& lexicon);

  bool all() const { return all_; }
  // `log` is asked for what an event is about. The event may have been decoded no further than parts() says.
  bool matches(const Event& event, const EventLog& log) const;
  Parts parts() const;
  // Whether an event of that kind may pass, and whether its kind is all that is asked of it.
  bool takes(EventKind kind) const { return kinds_.empty() || kinds_.contains(kind); }
  bool only_kinds() const { return parts() == Parts::kEnvelope; }

  // What is asked, for an index of events (term_index.h).
  const std::set<EventKind>& kinds() const { return kinds_; }
  const std::set<ClaimType>& claim_types() const { return types_; }
  const std::set<std::string>& entities() const { return entities_; }    // ids, or folded names
  const std::set<std::string>& outlets() const { return outlets_; }      // folded
  const std::set<Modality>& modalities() const { return modalities_; }
  const std::optional<Instant>& published_from() const { return published_from_; }

 private:
  // Of what is neither about a statement nor one: true where nothing but kinds and time is asked.
  bool plain(Instant known_from) const;
  bool note_arrival_matches(const NoteArrival& arrival, Instant recorded_at) const;
  bool fact_matches(const LexiconFact& fact, Instant recorded_at) const;
  bool reading_matches(const StatementEvent& statement, const Reading& reading, Instant recorded_at) const;
  bool about(const Target& target, const EventLog& log, int depth) const;
  bool any_of_note(const Digest& note, std::optional<std::uint32_t> article, const EventLog& log) const;
  bool is_note(const Digest& note) const { return note_.empty() || note.hex().starts_with(note_); }

  bool all_ = true;
  std::set<EventKind> kinds_;
  std::set<ClaimType> types_;
  std::set<std::string> entities_;
  std::set<std::string> outlets_;
  std::set<Modality> modalities_;
  std::optional<Instant> published_from_;
  std::string note_;
};

inline constexpr std::uint64_t kStatementsLookedAt = 20'000;
inline constexpr int kChainLookedAt = 32;

}  // namespace annals
