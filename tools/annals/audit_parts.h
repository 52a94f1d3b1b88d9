#pragma once
// What `annals audit` prints beside its rows: contradictions, the record of each source, copies and revisions, and answers without a source.

#include "engine/audit/audit.h"
#include "engine/audit/contradictions.h"
#include "engine/audit/without.h"
#include "tools/annals/json.h"
#include "tools/annals/program.h"

namespace annals::cli {

std::string place_text(const AssertionPlace& place);   // "#12.0"
Json place_json(const AssertionPlace& place);

// What a person typed: a projection with its key, an entity, or words.
Result<AuditQuestion> understand_question(const std::vector<std::string>& typed, const Query& query, const Lexicon& lexicon);

// With both sides in full; on one line. `rows` are those of the audit it was found in.
Json contradiction_json(const Contradiction& each, const std::vector<Assertion>& rows);
std::string contradiction_text(const Contradiction& each, const std::vector<Assertion>& rows);

// Each prints its part with the basis and returns the exit status.
Result<int> print_contradictions(Program& program, const Lexicon& lexicon, const AuditAnswer& answer, const Zone& zone, Format format);
Result<int> print_sources(Program& program, const EventLog& log, const Lexicon& lexicon, const AuditAnswer& answer, const Bounds& bounds, const Zone& zone, Format format);
Result<int> print_copies(Program& program, const EventLog& log, const Bounds& bounds, const Zone& zone, Format format);

// "outlet=港口晨报", "speaker=…", "statement=12", "note=HASH", "article=HASH/2". kInvalid: what was expected, what was found.
Result<LeftOut> parse_left_out(const std::string& text);
Result<int> print_without(Program& program, const EventLog& log, const Lexicon& lexicon, const LeftOut& left_out, const AuditQuestion& question, const Zone& zone, Format format);

}  // namespace annals::cli
