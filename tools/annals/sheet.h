#pragma once
// A sheet of claims that people wrote: comma-separated values whose first row names the columns, each other row one claim, taken in as
// reviewed.
//
//   date,product,status,link,by
//   2025-04-15,H20,license_required,https://example.org/notice,Chen Wei
//
// Columns, in any order: `date` (needed: when it was published, an ISO time or a day), the slots of the claim's type, and, where wanted,
// `type` (export_control), `when` (when it begins, else from `date`), `outlet` (else the host of the link), `link`, `title`, `speaker`,
// `modality` (asserted), `attribution` (named where there is a speaker, else own), `aspect` (begins), `by` (who vouches for it) and
// `because`. Entities are names or ids, several divided by ';'; numbers may end in %.
//
// In the log the sheet is a note of the form "sheet", its bytes stored; each row is an article of one statement, the row's own bytes,
// with a claim by the interpreter "sheet", and a review that accepts it in the name of `by`. A row that says the same in a later sheet is
// a copy of the first, counted once.

#include <functional>
#include <optional>
#include <string>

#include "engine/language/lexicon.h"
#include "engine/log/event_log.h"

namespace annals::cli {

struct SheetOptions {
  std::string name;                     // for messages, and the note's origin
  std::string type = "export_control";  // of rows that do not say theirs
  std::optional<std::string> outlet;    // likewise
  std::optional<std::string> by;        // likewise
  std::optional<Zone> zone;             // of dates; none: the store's, assumed
};

struct SheetSummary {
  std::uint64_t rows = 0;      // the heading aside
  std::uint64_t bad = 0;       // of them, not taken in
  std::uint64_t events = 0;    // appended
  std::uint64_t repeated = 0;  // rows that the log had
  Position last;
};

// `complain` is told of each bad row: "name:line:column: expected …, found …"; the others go in. kInvalid: the bytes are no text, or the
// heading is not one.
Result<SheetSummary> import_sheet(EventLog& log, std::string bytes, const Lexicon& lexicon, const SheetOptions& options,
                                  const std::function<void(const std::string&)>& complain);

}  // namespace annals::cli
