#pragma once
// Statements interpreted anew: where the interpreter reads otherwise than the log says it did, a reinterpretation is appended. What it
// read before stays in the log and in answers at earlier recorded times.

#include <cstdint>
#include <functional>

#include "engine/claim/interpreter.h"
#include "engine/language/lexicon.h"
#include "engine/log/event_log.h"

namespace annals {

// The articles of one note as the log holds them, ready to be read again: heads as amended by operators up to `upto`, statements with
// their ids and the newest reading by `interpreter`'s name.
struct LoggedStatement {
  EventId id;
  InterpreterId read_by;
  Reading reading;
};
struct LoggedArticle {
  ArticleText text;
  std::vector<LoggedStatement> readings;   // one per statement of `text`
};

struct RereadSummary {
  std::uint64_t articles = 0;
  std::uint64_t statements = 0;
  std::uint64_t changed = 0;       // of them, read otherwise now: reinterpretations appended
  std::uint64_t unrecorded = 0;    // read otherwise now, but the log has a reinterpretation by this very version: raise the version
  std::uint64_t claims_before = 0;
  std::uint64_t claims_after = 0;
  std::uint64_t lexicon_facts = 0;
  Position last;
};

struct RereadOptions {
  std::string actor = "reread";
  bool dry_run = false;            // count, append nothing
  unsigned threads = 2;
};

// Shows every article in the log (in the order its first statement stands there) as of now. Reads the log twice: first for what is
// said about statements and articles, then for the articles, holding one note's at a time.
Status read_articles(const EventLog& log, const std::string& interpreter_name, const std::function<Visit(LoggedArticle&&)>& visit);

Result<RereadSummary> reread(EventLog& log, const Interpreter& interpreter, const Lexicon& lexicon, const RereadOptions& options,
                             const std::function<void(std::uint64_t done, std::uint64_t total)>& progress = {});

}  // namespace annals
