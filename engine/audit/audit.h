#pragma once
// Who asserted what, when, first, again, against whom, and whether it still stands. Where answers of projections weigh claims, an audit
// lists them: also those that were withdrawn, retracted or rejected, each with what became of it.
//
// Every row leads back to the outlet, the speaker, the publication time, the words, and the bytes: note hash, article and span.
// Bounds: what became known after P or was recorded after R is not there, and what was taken back after them is not taken back yet. V
// is not looked at. Undated statements count as known when they were recorded.
// Near-copies are folded: of the articles of one group of copies (audit/copies.h), the earliest that says a thing has a row, and the
// others are named there. Where a copy says something else than what it copies, or is taken back alone, it has a row of its own.
// Threads: any. Reads the log three times (what was said about statements, the statements, the texts of articles).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/language/lexicon.h"
#include "engine/log/event_log.h"
#include "engine/query/query.h"

namespace annals {

struct AuditQuestion {
  // At most one of the three; none: every claim.
  std::optional<std::string> projection;  // with `key` ("h20/china", "h20"; empty: every key)
  std::string key;
  std::optional<std::string> entity;      // lexicon id, or the folded name: claims and statements that name it
  std::vector<std::string> words;         // all stand in the statement, whatever script, width or case
  std::optional<std::string> outlet;      // in any spelling; a part of the name will do
  std::optional<std::string> speaker;     // likewise
  Bounds bounds;
};

// What became of an assertion by P and R.
enum class Standing : std::uint8_t { kStands, kAccepted, kAmended, kRejected, kWithdrawn, kRetracted };
std::string_view standing_name(Standing standing);  // "stands", "accepted", …

struct AssertionPlace {
  Position position;
  std::optional<std::uint32_t> claim;     // ordinal from 0; none: the statement as a whole
  friend auto operator<=>(const AssertionPlace&, const AssertionPlace&) = default;
};

// The same said again in a near-copy or a revision of the row's article.
struct CopiedAssertion {
  AssertionPlace place;
  std::string outlet;                     // empty: unknown
  std::optional<Published> published;     // absent: undated
};

struct Assertion {
  AssertionPlace place;
  EventId statement;
  Digest note;
  ArticleHead article;                    // as amended
  ByteSpan statement_span;                // of the note's text
  ByteSpan span;                          // of the claim; of the statement where there is none
  std::string quote;                      // those bytes, as a person reads them
  TextPieces pieces;                      // how the statement is written, where it is not simply its bytes
  std::optional<Position> erased;         // its words were erased by the event there: no quote, and no note to compare it with
  Instant recorded_at{};
  std::optional<Instant> known_from;      // absent: undated
  std::vector<std::string> speakers;      // nearest first; empty: the outlet's own voice
  Modality modality = Modality::kAsserted;
  Attribution attribution = Attribution::kOwn;
  std::vector<std::string> named;         // ids of lexicon entities that the quoted words name, each once
  std::optional<Claim> claim;             // as reviewed; none: a statement without one (words and entities find those too)
  std::string type;                       // "export_control"; empty without a claim
  std::string subject;                    // "h20/china"
  std::string says;                       // "status=allowed", "rate=0.25 status=required"
  std::optional<std::string> inherited_from;  // asked of a key, said of its ancestor
  Standing standing = Standing::kStands;
  std::vector<Position> changed_by;       // the events that made it stand so, in log order
  std::uint32_t turn = 1;                 // 1: the first in this answer to say so in its lane; 2: the second …
  std::optional<AssertionPlace> first;    // of turn 2 and later: who said it first
  std::vector<CopiedAssertion> copies;    // by when they became known
  std::optional<Position> copy_of;        // it stands in a copy or revision of the article whose first statement is there
  std::vector<AssertionPlace> against;    // rows that deny it, or that a projection holds in dispute with it
};

// An outlet and speaker, and how much of the answer is theirs.
struct AuditSource {
  std::string outlet;                     // empty: unknown
  std::string speaker;                    // nearest; empty: its own voice
  std::uint64_t assertions = 0;
  std::uint64_t first = 0;                // of them, that nobody here said before
  std::uint64_t taken_back = 0;           // withdrawn, retracted or rejected
  std::optional<Instant> from;            // earliest and latest known_from
  std::optional<Instant> to;
};

struct AuditAnswer {
  AnswerBasis basis;
  std::vector<Assertion> rows;            // by when each became known, then position, then claim; undated last
  std::vector<AuditSource> sources;       // by number of assertions, then name
  std::uint64_t statements_seen = 0;      // within the bounds
};

// kInvalid: a projection that is not there.
Result<AuditAnswer> audit(const EventLog& log, const Query& query, const Lexicon& lexicon, const AuditQuestion& question, Instant now);

// Times that a claim names are wall times of its article; of an undated one, and of one whose zone nobody knows, of the store.
Zone zone_of(const Assertion& assertion, const Zone& store);

// The erasure that took the statement's words, or those of its note.
Result<std::optional<Position>> erased_words(const EventLog& log, const Assertion& assertion);

// Whether the stored note still has the quoted bytes there: "" where it does, else what was found instead. Requires: a note that was
// not erased.
Result<std::string> check_bytes(const EventLog& log, const Assertion& assertion);

}  // namespace annals
