#pragma once
// What the log stores. Immutable: a change of mind is a new event about an old one.
//
// An event's id says what it is about, never how it is encoded, so that the same thing taken in twice is one event for ever:
//   note            SHA-256("note", note hash)
//   statement       SHA-256("statement", note hash, article ordinal, span begin, span end)
//   reinterpretation SHA-256("reinterpretation", statement id, interpreter name, version); where that very version has read the
//                   statement anew before, under another lexicon, `after` too
//   amendment, withdrawal, retraction, review, erasure: over kind, target and every field of the body that says something
//   lexicon         SHA-256("lexicon", entity id, every field), by_hand only where it is so
// A note's, a statement's and a reinterpretation's can be made from the header alone, so that they can be checked after an erasure.
// Fields are length-prefixed (Sha256::add_field). A field added later goes into an id only where it is set, so that no id changes.
//
// People change their minds and change them back: accepted, rejected, accepted again. Such an event names the one it comes `after`
// (the newest of its kind about the same target, when it was written), which is part of its id, so that the third is an event of
// its own. Repeating a command is still nothing new: whoever writes the event first looks at the newest one about the target, and
// where that says the same already, writes that one's `after` again and so the same id.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/claim/interpreter.h"
#include "engine/note/note.h"
#include "engine/statement/statement.h"

namespace annals {

enum class EventKind : std::uint8_t {
  kNote, kStatement, kReinterpretation, kAmendment, kWithdrawal, kRetraction, kReview, kLexicon, kErasure,
};
inline constexpr std::size_t kEventKinds = 9;
std::string_view event_kind_name(EventKind kind);  // "note", "statement", …
std::optional<EventKind> find_event_kind(std::string_view name);

using EventId = Digest;

// What an event about events concerns.
enum class TargetKind : std::uint8_t { kEvent, kArticle, kNote };
struct Target {
  TargetKind kind = TargetKind::kEvent;
  EventId event;               // kEvent
  Digest note;                 // kArticle, kNote
  std::uint32_t article = 0;   // kArticle: ordinal
  static Target of_event(EventId id) { return {TargetKind::kEvent, id, {}, 0}; }
  static Target of_article(Digest note_hash, std::uint32_t ordinal) { return {TargetKind::kArticle, {}, note_hash, ordinal}; }
  static Target of_note(Digest note_hash) { return {TargetKind::kNote, {}, note_hash, 0}; }
  friend auto operator<=>(const Target&, const Target&) = default;
};

struct NoteArrival {
  Digest note;
  std::uint64_t size = 0;
  std::string format;          // the note format's name
  Encoding encoding = Encoding::kUtf8;
  std::string origin;          // where it came from, for people
  std::uint32_t articles = 0;
  std::uint32_t statements = 0;
};

struct StatementEvent {
  Digest note;
  ArticleHead article;
  Statement statement;
  InterpreterId interpreter;
  std::string lexicon_version;
  Reading reading;
};

// Another reading of an earlier statement: replaces that interpreter's whole reading (may be empty).
struct Reinterpretation {
  EventId about;               // a statement
  InterpreterId interpreter;
  std::string lexicon_version;
  Reading reading;
  EventId after{};             // none: this version's first of the statement; else the newest by this interpreter, of any version
};

// Of an article's head, by an operator. Absent fields stay as they are.
struct Amendment {
  Target about;                // an article
  std::optional<std::string> outlet;
  std::optional<Published> published;
  std::string because;
  EventId after{};             // see the head of this file; none: the first about its target
};

// An outlet takes back or corrects what it printed: works from `published` on (and its recording).
struct Withdrawal {
  Target about;                // a statement, article or note
  std::optional<std::string> outlet;
  Published published;
  std::string because;
  EventId after{};             // see the head of this file; none: the first about its target
};

// An operator strikes what should not be here, or strikes a retraction: works from its recording on.
struct Retraction {
  Target about;
  std::string because;
  EventId after{};             // see the head of this file; none: the first about its target
};

enum class Verdict : std::uint8_t { kAccept, kReject, kAmend };
std::string_view verdict_name(Verdict verdict);
struct Review {
  EventId about;               // a statement
  std::optional<std::uint32_t> claim;  // ordinal from 0 in its newest reading by `interpreter`; none: all of them
  InterpreterId interpreter;   // whose reading was reviewed
  Verdict verdict = Verdict::kAccept;
  std::optional<Claim> amended;        // kAmend
  std::string because;
  EventId after{};             // see the head of this file; none: the first about its target
};

// What answers depend on beside the statements: a family, an alias, a canonical name. From its recording on.
struct LexiconFact {
  Entity entity;
  EventId after{};             // see the head of this file; none: the first about its target
  bool by_hand = false;        // an operator says so: stands until an operator says otherwise, whatever the program's lexicon has
};

enum class ErasureLevel : std::uint8_t { kText, kAll };
std::string_view erasure_level_name(ErasureLevel level);  // "text", "all"
// What an erasure leaves of an event. Of texts: its claims without the words they were read from, and who printed them. Of either
// level: what it bore on, and the reasons that people gave.
struct KeptClaims {
  EventId event;
  std::string title;
  std::optional<std::string> outlet;
  std::optional<std::string> author;
  std::optional<std::string> carrier;
  std::optional<std::string> link;
  Digest text_hash;
  std::vector<Claim> claims;       // kText; of a review: what it amended
  std::vector<Digest> subjects{};  // subject_digest() of each, rising
  std::string because{};           // of a review (kText) or an erasure
  friend bool operator==(const KeptClaims&, const KeptClaims&) = default;
};
// Words erased by order: the one thing that changes what is stored (engine/log/erasure.h says what goes and what stays).
struct Erasure {
  Digest note;
  ErasureLevel level = ErasureLevel::kText;
  std::string because;
  std::vector<KeptClaims> kept;
  std::optional<Target> about{};   // an article or a statement of the note; none: all of it
  Target target() const { return about.value_or(Target::of_note(note)); }
};

// What an erased event bore on, without saying it: ("projection", a projection's name), (a projection's name, a subject of it, as
// Projection::subject writes it), ("entity", id). Whoever asks about a subject makes the same digest.
Digest subject_digest(std::string_view kind, std::string_view name);

using EventBody = std::variant<NoteArrival, StatementEvent, Reinterpretation, Amendment, Withdrawal, Retraction, Review, LexiconFact, Erasure>;

struct Event {
  Position position;
  EventId id;
  Instant recorded_at{};
  std::string actor;           // who or what appended it: "ingest", a person's name
  EventBody body;
  // Its words were erased by the event at that position (Position{}: not told): the body has what the header keeps, and, where the log
  // shows it, what the erasure kept.
  std::optional<Position> erased{};
  EventKind kind() const { return static_cast<EventKind>(body.index()); }
};

// What somebody wants in the log. Position and recording time are the log's to give.
struct EventDraft {
  std::string actor;
  EventBody body;
};

EventId event_id(const EventBody& body);
EventId statement_id(const Digest& note, std::uint32_t article, ByteSpan span);
EventId note_event_id(const Digest& note);

// The ordinal, in the stored reading, of reading.claims[index]: the same number unless the reading has claims that this program
// does not know.
std::uint32_t claim_ordinal(const Reading& reading, std::size_t index);

}  // namespace annals
