#pragma once
// Answers of the query engine as JSON and as what people read: lanes, entries, evidence, basis, coverage.

#include <initializer_list>
#include <string>

#include "engine/query/query.h"
#include "tools/annals/json.h"
#include "tools/annals/program.h"

namespace annals::cli {

Json basis_json(const AnswerBasis& basis);
Json coverage_json(const Coverage& coverage);
// An object of members whose names differ. Braces alone do the same by way of lists of lists, which takes nearly three times as long: for
// what is written by the thousand.
struct Member {
  const char* name;
  mutable Json value;   // to be moved from a list
};
Json object(std::initializer_list<Member> members);
Json evidence_json(const Evidence& evidence);
Json entry_json(const Entry& entry);
Json due_json(const Due& due, DueStatus status);
Json fields_json(const std::vector<Field>& fields);
Json state_json(const State& state);

// A change of a projection's answer, as replay and subscribe show it: {"kind": "change", "at", "projection", "key", "lane", "text",
// "before", "after"}; its text is "export_control h20/china stated: allowed → banned since 2025-04".
Json change_json(std::string_view projection, const DiffRow& row, Instant at);
std::string change_text(std::string_view projection, const DiffRow& row);

// "allowed", or "25 % required" where the projection has more to say; with a mark for what is inherited, disputed or undated.
std::string value_text(const Entry& entry);
// "since 2025-04", "by 2025-08-05", "in force from 2026-01-01", "target 2026-Q1 (overdue)".
std::string time_text(const Entry& entry);
// "step licences pending, authority us_government": the fields beside the value.
std::string fields_text(const std::vector<Field>& fields);
// "3+ outlets, 1 origin".
std::string sources_text(const Entry& entry);
// A printed time without what a person does not need of it: "2025-12-09 01:54+08:00".
std::string compact_time(std::string text);
// "君實財經 (minutes), 专家, 2025-08-05 20:17+08:00".
std::string source_text(const Evidence& evidence);
// The words, in quotation marks only where they are the outlet's own.
std::string quote_text(const Evidence& evidence, std::size_t width = 0);
Ink lane_ink(Lane lane);

// "2 statements that bear on this were erased by order on 2026-11-22 09:00 (event 31, desk: court order 7): their words are gone, …".
std::string erased_text(const ErasedSource& each, const Zone& zone);
// What to say where there is no answer: a name that nobody knows must not look like one of which nothing is known.
std::string nothing_known(const Result<ResolvedKey>& asked);
// The lines below an answer: what was looked at, and on what the answer rests.
void print_basis(Program& program, const AnswerBasis& basis, const Coverage& coverage, const Zone& zone);
void print_basis(Program& program, const AnswerBasis& basis, const Zone& zone);

// {"kind":"basis", …}: the first line of an answer in JSON Lines.
Json basis_line(const AnswerBasis& basis, const Coverage* coverage);

}  // namespace annals::cli
