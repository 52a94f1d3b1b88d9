#pragma once
// The record of each source over an audit's rows: what it said, whether first and by how long, who said it after, and what became of it.
//
// Claims that say the same of the same subject in the same lane (stated, reported, expected, conditional) are one saying. Its rows are ranked by when they were said, where the article tells
// when the speaker spoke, else by when they became known; `by_said_at` counts the former. An origin is the deepest named speaker, else
// the outlet, or somebody unnamed of that outlet: eight outlets that repeat one post are eight outlets and one origin. A near-copy of
// an earlier article adds no origin and confirms nothing, and nothing that one origin alone said counts as confirmed.
//
// A forecast is a plan, a target or a forecast with a time of its own that was not over when it became known. It is met by a later claim in a stated voice that the same came
// about, or failed by one that it was called off; once its time has passed with neither it is overdue: nothing was reported, which
// is not the same as that nothing happened.

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/audit/audit.h"
#include "engine/audit/copies.h"

namespace annals {

enum class Outcome : std::uint8_t { kAhead, kMet, kLate, kFailed, kOverdue };
std::string_view outcome_name(Outcome outcome);   // "ahead", "met", "late", "failed", "overdue"

struct Forecast {
  std::size_t row = 0;                       // of AuditAnswer::rows
  Outcome outcome = Outcome::kAhead;
  std::optional<std::size_t> by;             // the row that met or failed it
};

struct SourceRecord {
  bool outlet = true;                        // else a speaker
  std::string name;
  std::uint64_t claims = 0;
  std::uint64_t copied = 0;                  // of them, in near-copies of another article
  std::uint64_t first = 0;                   // that nobody said before
  std::uint64_t by_said_at = 0;              // of the first ones, ranked by when they were said
  std::uint64_t followed = 0;                // of the first ones, that another outlet said later
  std::chrono::microseconds lead_median{};   // over the followed ones: to the next outlet
  std::map<std::string, std::uint64_t> repeated_by;
  std::uint64_t confirmed = 0;               // by another origin, later, not in a copy
  std::uint64_t contradicted = 0;            // rows that another stands against
  std::uint64_t denied = 0;                  // of them, by a denial
  std::uint64_t taken_back = 0;              // withdrawn, retracted or rejected
  std::array<std::uint64_t, 5> forecasts{};  // by outcome
};

// A saying, and how wide it really is.
struct Saying {
  std::string type;
  std::string subject;
  std::string says;
  std::vector<std::size_t> rows;             // ranked
  std::uint64_t outlets = 0;
  std::uint64_t origins = 0;
  std::uint64_t copies = 0;                  // rows in near-copies
};

struct SourceLedger {
  std::vector<SourceRecord> outlets;         // by claims, then name
  std::vector<SourceRecord> speakers;        // nearest speakers, likewise
  std::vector<Saying> sayings;               // said by two outlets or more; by outlets, then subject
  std::vector<Forecast> forecasts;           // in the order of the rows
};
// `answer` and `copies` under the same bounds. `published_by`: when forecasts are looked at.
SourceLedger source_ledger(const AuditAnswer& answer, const CopyAnswer& copies, const Lexicon& lexicon, const Zone& zone, Instant published_by);

}  // namespace annals
