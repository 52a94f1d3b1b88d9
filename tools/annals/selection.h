#pragma once
// Which events a command is about: --from, --to, --kind, --entity, --outlet, --type, and how an event reads on one line.

#include <optional>
#include <string>
#include <vector>

#include "engine/filter/filter.h"
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
void add_selection(Command& command, SelectionOptions& options);

// kInvalid: a kind, a type or a note that cannot be; the error names the option.
Result<Filter> selected(const SelectionOptions& options, const Lexicon& lexicon);

// Where a span of events begins or ends: a position ("1200", "#1200") or a moment.
struct Edge {
  std::optional<Position> position;
  std::optional<Instant> instant;
};
// `end`: a bare date means to its end, else its first instant.
Result<Edge> parse_edge(std::string_view option, std::string_view text, bool end, const Zone& zone, const Clock& clock);

// What was recorded between two edges, both inclusive; empty where they leave nothing.
Result<PositionRange> recorded_between(const EventLog& log, const Edge& from, const Edge& to);

// The position that "12" or "#12" names; kInvalid with what was expected.
Result<Position> parse_position(std::string_view text, const EventLog& log);

// The wall time as printed where there is one.
std::string published_text(const Event& event);
std::string outlet_text(const Event& event);
// "allowed H20 …": the words or what was done, on one line.
std::string event_text(const Event& event);
std::string target_text(const Target& target, const EventLog& log);

}  // namespace annals::cli
