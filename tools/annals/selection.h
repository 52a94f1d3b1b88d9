#pragma once
// Which events a command is about: --from, --to, --kind, --entity, --outlet, --type, and how an event reads on one line.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/language/lexicon.h"
#include "engine/log/event_log.h"
#include "tools/annals/program.h"

namespace annals::cli {

struct SelectionOptions {
  std::vector<std::string> kinds;
  std::vector<std::string> types;
  std::optional<std::string> entity;
  std::optional<std::string> outlet;
  std::optional<std::string> note;
};
void add_selection(CLI::App& command, SelectionOptions& options);

// Compiled once, asked of each event. What is about another event matches where that one does (retractions, reinterpretations, …).
class Selection {
 public:
  // kInvalid: a kind, a type or a note that cannot be.
  static Result<Selection> make(const SelectionOptions& options, const Lexicon& lexicon);
  bool matches(const Event& event, const EventLog& log);
  bool all() const { return kinds_.empty() && types_.empty() && entity_.empty() && outlet_.empty() && note_.empty(); }

 private:
  bool statement_matches(const StatementEvent& body, const Reading& reading) const;
  bool reading_matches(const Reading& reading) const;
  bool target_matches(const Target& target, const EventLog& log);

  std::set<EventKind> kinds_;
  std::set<ClaimType> types_;
  std::string entity_;      // lexicon id, or the folded words
  std::string outlet_;      // folded
  std::string note_;        // hex, perhaps only its beginning
};

// Where a span of events begins or ends: a position ("1200", "#1200") or a moment.
struct Edge {
  std::optional<Position> position;
  std::optional<Instant> instant;
};
// `end`: a bare date means to its end, else its first instant.
Result<Edge> parse_edge(std::string_view option, std::string_view text, bool end, const Zone& zone, const Clock& clock);

// The position that "12" or "#12" names; kInvalid with what was expected.
Result<Position> parse_position(std::string_view text, const EventLog& log);

// When an event became known: a statement by its article (the later of that and `observed` is not looked at here), a withdrawal by its
// own publication, all else and the undated by recording.
Instant known_from(const Event& event);
// The wall time as printed where there is one.
std::string published_text(const Event& event);
std::string outlet_text(const Event& event);
// "allowed H20 …": the words or what was done, on one line.
std::string event_text(const Event& event);
std::string target_text(const Target& target, const EventLog& log);

}  // namespace annals::cli
