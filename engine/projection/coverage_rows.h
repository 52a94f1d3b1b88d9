#pragma once
// The sums of coverage (coverage.h) as rows of the index. Internal to engine/projection.
//
// Beside the spaces of the index, so that a file of them lies across none of its rows ("px12/counted/a/"):
//   d/<day>                 → what each of its hours adds up to, and when in it what stays begins
//   h/<hour>                → its changes, each with its moment
//   o/<outlet> 00 <day>     → where the outlet's spans for good begin, and how many
//   g/<note>                → the spans of a note that end
// They change in one step with the mark that says how far they reach: whoever finds the mark that he knows reads the sums that go with it.

#include <functional>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "engine/projection/coverage.h"
#include "engine/projection/index_rows.h"

namespace annals::index_rows {

class StoredCoverage final : public CoverageRows {
 public:
  StoredCoverage(DerivedReader& rows, const Space& space) : rows_(rows), space_(space) {}
  Result<std::vector<CoverageHour>> hours() override;
  Result<CoverageChanges> changes(std::int64_t hour) override;
  Result<std::map<std::string, Instant>> outlets() override;
  Status outlet(const std::string& outlet, const std::function<bool(Instant at, std::int64_t spans)>& visit) override;
  Result<std::map<Digest, std::vector<PassingSpan>>> passing() override;

 private:
  DerivedReader& rows_;
  const Space space_;
};

// The rows that have to be put or taken away for `news` to be in the stored ones, by key. `stored`: none where there are none yet.
std::vector<DerivedRow> coverage_rows(const Space& space, const CoverageSums& news, DerivedReader* stored);

// A statement that a retraction or withdrawal names alone.
struct NamedStatement {
  std::uint32_t article = 0;
  Position position;
  EventId id;
  Instant recorded_at{};
};
// What coverage needs of a note.
struct NoteOfCoverage {
  Digest note;
  std::vector<CoveredArticle> articles;
  std::vector<NamedStatement> named;
};
// Where an event is a statement: its note, and the rest. None: it is none, or not there.
Result<std::optional<std::pair<Digest, NamedStatement>>> named_statement(const EventLog& log, const EventId& id);
// Of an article what was recorded up to there.
CoveredArticle up_to(CoveredArticle article, Position upto);
std::pair<Digest, NamedStatement> unpack_named(const Space& space, std::string_view key, std::string_view value);
std::string pack_named(const NamedStatement& named);
// All notes' rows.
Status each_note(DerivedReader& rows, const Space& space, const std::function<void(NoteOfCoverage&)>& visit);
// At any bounds; `about` knows what was said about events. Notes that are spoken of are put together as questions see them, the others only counted.
void tally_note(const NoteOfCoverage& note, const Ledger& about, const Bounds& bounds, CoverageTally& out);
// Those of which a tail tells, whole.
struct ToldNotes {
  std::map<Digest, NoteOfCoverage> of;
};
// The note's rows, up to `sealed`.
Result<NoteOfCoverage> read_note(DerivedReader& rows, const Space& space, const Digest& note, Position sealed);
// Its spans as the events up to `upto` have it; `about` knows what was said about events, perhaps more than that.
std::vector<CoverageSpan> spans_of(const NoteOfCoverage& note, const Ledger& about, Position upto);

// The sums over all notes.
Result<CoverageSums> count_all(DerivedReader& rows, const Space& space, const Ledger& about);
// What these notes add to them between two positions.
Result<CoverageSums> count_news(DerivedReader& rows, const Space& space, const std::set<Digest>& notes, const Ledger& about, Position from, Position to);

}  // namespace annals::index_rows
