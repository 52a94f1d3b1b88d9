#pragma once
// The page of `annals audit … --report`: the question, what is known, on what it rests, every statement behind it, what stands against what,
// what was folded away as copies, and how somebody else checks all of it.

#include <optional>
#include <string>

#include "engine/audit/audit.h"
#include "tools/annals/document.h"
#include "tools/annals/program.h"

namespace annals::cli {

struct ReportOptions {
  std::string asked;                       // "export_control h200/china"
  std::string command;                     // that gives the same answer again: "annals audit export_control h200 --as-of …"
  std::optional<std::string> checkpoint;   // signed, of the log the answer was made from
  Zone zone = Zone::utc();                 // of the times that are shown
};
struct Report {
  Document document;
  bool altered = false;                    // a quote is not what the stored note has
};
// `answer` under `question`; where that names a projection and a key, their state stands in it.
Result<Report> audit_report(const EventLog& log, const Query& query, const Lexicon& lexicon, const AuditQuestion& question, const AuditAnswer& answer, const ReportOptions& options, Instant now);

}  // namespace annals::cli
