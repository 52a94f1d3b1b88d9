#pragma once
// The commands of a store over a server instead: the same words there, the same answer here.

#include <string>
#include <vector>

#include "engine/ingest/ingest.h"
#include "engine/stream/client.h"
#include "engine/stream/tokens.h"
#include "engine/stream/wire.h"
#include "tools/annals/json.h"
#include "tools/annals/program.h"

namespace annals::cli {

// What a server answers and how: state, history, panel, timeline, diff, calendar, audit, log, and only to read.
// kInvalid: another command, words that it does not take, or more than the rights reach. Threads: any.
Result<stream::CommandAnswer> answer_words(const std::vector<std::string>& words, const stream::Rights& rights, EventLog& log, const Lexicon& lexicon, const Query& query);
bool can_be_asked(const std::string& command);
// ingest, subscribe, append, status, parked: what goes to a server in a way of its own, with --server as well.
bool goes_to_server(const std::string& command);

// Takes one note in, as `annals ingest` does; the summary as JSON.
Result<stream::CommandAnswer> take_note(const stream::NotePart& note, EventLog& log, const Lexicon& lexicon, const Clock& clock);

// What a watch is told between two points: change_json() with "through" and the "events" that bear on it. `from` none: nothing, once
// it is clear that there is such a projection and such keys. `to` and `memory`: as watch() takes them.
Result<std::vector<std::string>> changes_between(const WatchSpec& spec, const std::optional<WatchPoint>& from, WatchPoint& to, const EventLog& log,
                                                 const Lexicon& lexicon, const Query& query, WatchMemory& memory);

Result<stream::ClientOptions> client_options(const std::string& server);

// The command line as it was typed, asked at program.server.
Result<int> ask_server(Program& program, const std::vector<std::string>& words);
// Notes, one by one, to program.server. `head` says what they do not say themselves.
Result<int> ingest_at_server(Program& program, const stream::NotePart& head, const std::vector<NoteSource>& sources, bool json);

Json summary_json(const IngestSummary& summary);

}  // namespace annals::cli
