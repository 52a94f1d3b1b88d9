#pragma once
// Statements interpreted anew: where the interpreter reads otherwise than the log says it did, a reinterpretation is appended. What it
// read before stays in the log and in answers at earlier recorded times.

#include <cstdint>
#include <functional>
#include <string_view>

#include "engine/claim/interpreter.h"
#include "engine/language/lexicon.h"
#include "engine/log/event_log.h"

namespace annals {

// Notes of this form are sheets of claims that people wrote, one a row; the interpreter of that name stands for them, and nothing else
// reads them.
inline constexpr std::string_view kSheet = "sheet";

// The articles of one note as the log holds them, ready to be read again: heads as amended by operators up to `upto`, statements with
// their ids and the newest reading by `interpreter`'s name.
struct LoggedStatement {
  EventId id;
  Position position;
  InterpreterId read_by;
  EventId read_in;         // the event that holds `reading`: the statement itself, or a reinterpretation
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

// Shows every article in the log but those of sheets and of notes of which words were erased (in the order its first statement stands there) as of now. Reads the log twice:
// first for what is said about statements and articles, then for the articles, holding one note's at a time.
Status read_articles(const EventLog& log, const std::string& interpreter_name, const std::function<Visit(LoggedArticle&&)>& visit);

Result<RereadSummary> reread(EventLog& log, const Interpreter& interpreter, const Lexicon& lexicon, const RereadOptions& options,
                             const std::function<void(std::uint64_t done, std::uint64_t total)>& progress = {});

}  // namespace annals
