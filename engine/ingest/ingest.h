#pragma once
// From the bytes of notes to events in the log: decode, split into articles, split into statements, read, append.
//
// What holds whatever happens in between:
//   - a note's bytes are on disk before the event of its arrival, and that before its statements;
//   - events are appended in the order of the sources, whatever the number of threads that read them: same notes, same log;
//   - a note taken in twice appends nothing, also when it would be split or read otherwise today; one killed half-way is completed by
//     taking it in again, and statements that the log holds are never split anew;
//   - a note that cannot be read appends nothing, and the others go on.
// Statements go in with the reading of one interpreter, and with a lexicon fact for each entity that a claim names (and its
// ancestors) where the log does not hold it as it is now, so that answers hang on the log alone.
//
// Memory: some notes and a few batches at a time; of a large note its text, and its statements piece by piece.

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/base/time.h"
#include "engine/claim/interpreter.h"
#include "engine/language/lexicon.h"
#include "engine/log/event_log.h"
#include "engine/note/note.h"

namespace annals {

// Where a note comes from. `read` is called once, perhaps in another thread.
struct NoteSource {
  std::string origin;                            // for people: a path, "-"
  std::uint64_t size_hint = 0;                   // bytes, as far as it is known before reading
  std::function<Result<std::string>()> read;     // the bytes
};

// A note's articles, and the name of the form that it was read as.
struct NoteArticles {
  std::string format;
  std::vector<Article> articles;
};
// Knows the forms of notes, which the engine does not. kInvalid: where the note breaks its form. Called from many threads.
using NoteReader = std::function<Result<NoteArticles>(const Note&, const OperatorHead&)>;

struct IngestOptions {
  OperatorHead head;
  std::string actor = "ingest";
  unsigned threads = 2;              // that read; appending is the caller's thread
};

// What was done with one note, as soon as it is in the log (or is not).
struct NoteOutcome {
  std::string origin;
  Digest note;
  std::string format;
  Encoding encoding = Encoding::kUtf8;
  bool repeated = false;             // the log had all of it
  bool completed = false;            // the log had a part of it
  Position first;                    // of its arrival
  std::uint64_t articles = 0;
  std::uint64_t statements = 0;
  std::uint64_t claims = 0;          // of the statements appended now
  std::optional<Error> error;
};

struct IngestSummary {
  std::uint64_t notes = 0;             // taken in whole, repeated ones included
  std::uint64_t repeated = 0;          // of them, that the log had
  std::uint64_t completed = 0;         // of them, that the log had in part
  std::uint64_t failed = 0;            // not counted in `notes`
  std::uint64_t converted = 0;         // were not UTF-8
  // Of the notes that are new or were completed:
  std::uint64_t articles = 0;
  std::uint64_t undated = 0;           // articles without a publication time
  std::uint64_t zones_assumed = 0;     // articles whose publication time needed a zone that nobody gave
  std::uint64_t future_dated = 0;      // articles published after they were taken in
  std::uint64_t statements = 0;        // appended
  std::uint64_t claims = 0;
  std::uint64_t lexicon_facts = 0;
  std::uint64_t events = 0;            // appended, all kinds
  std::uint64_t bytes = 0;             // read
  Position last;                       // of the log, after
  std::vector<NoteOutcome> failures;   // the first kFailuresMax
  std::uint64_t warnings = 0;          // heads that said something which could not be used
  std::vector<std::string> notices;    // one line each: conversions, dates in the future, warnings; the first kFailuresMax
};
inline constexpr std::size_t kFailuresMax = 1'000;

class Ingest {
 public:
  // All must outlive it. `clock` only tells which publication times lie ahead.
  Ingest(EventLog& log, const Interpreter& interpreter, const Lexicon& lexicon, NoteReader read_note, const Clock& clock);

  // `done` is told of each note in order, with how many of how many sources are done.
  // An error here is the log's (disk, lock, clock): what was acknowledged stays, and taking the same notes in again goes on from there.
  Result<IngestSummary> take(std::span<const NoteSource> sources, const IngestOptions& options,
                             const std::function<void(const NoteOutcome&, std::size_t done, std::size_t total)>& done = {});

 private:
  struct Opened;
  struct Piece;
  class Appender;

  EventLog& log_;
  const Interpreter& interpreter_;
  const Lexicon& lexicon_;
  NoteReader read_note_;
  const Clock& clock_;
};

// The facts that answers hang on for the entities and speakers of claims, where the log does not hold them as they are now. What an operator said of
// an entity stands.
class LexiconFacts {
 public:
  LexiconFacts(const EventLog& log, const Lexicon& lexicon, std::string actor);
  // Adds drafts for what `claims` name and the log lacks, what an entity belongs to before it. The first call reads the log's facts;
  // each entity is looked at once, so whoever drops the drafts starts anew.
  Status collect(const std::vector<Claim>& claims, std::vector<EventDraft>& out);

 private:
  void collect(const std::string& id, std::vector<EventDraft>& out);

  const EventLog& log_;
  const Lexicon& lexicon_;
  std::string actor_;
  bool loaded_ = false;
  std::map<std::string, std::pair<EventId, LexiconFact>> newest_;   // of each entity in the log
  std::set<std::string> seen_;
};

}  // namespace annals
