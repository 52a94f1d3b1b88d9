#pragma once
// How much was known by each moment: sums over what becomes known and what is taken back, so that a count at a moment looks at one
// hour's changes and not at every article. R = everything, the policies' defaults.
//
// What a note adds to the sums can be taken away again, so they go on where a note gets another article, a late statement, or is
// withdrawn: the index keeps them as rows (coverage_rows.h), and what lies behind its mark is added to these in memory.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/error.h"
#include "engine/base/time.h"
#include "engine/projection/bounds.h"

namespace annals {

struct CoverageCount {
  std::uint64_t notes = 0;
  std::uint64_t outlets = 0;
  std::uint64_t articles = 0;
  std::uint64_t statements = 0;
  std::optional<Instant> first_known_from;
  std::optional<Instant> last_known_from;
  std::uint64_t undated_left_out = 0;
  friend bool operator==(const CoverageCount&, const CoverageCount&) = default;
};

// Statements of one article that stand one after the other and were recorded together.
struct StatementRun {
  Position first;
  std::uint64_t count = 0;
  Instant recorded_at{};
};
// What coverage needs of an article.
struct CoveredArticle {
  Digest note;
  std::uint32_t ordinal = 0;
  std::optional<std::string> outlet;
  std::optional<Instant> known_from;   // absent: undated
  std::optional<Instant> observed;
  std::vector<StatementRun> runs;      // by position
  // Positions must ascend.
  void add(Position position, Instant recorded_at);
  // Statements behind the last one here; the others count already.
  void add(const std::vector<StatementRun>& more);
};

// Counts at any bounds what it is shown, article by article.
class CoverageTally {
 public:
  explicit CoverageTally(const Bounds& bounds) : bounds_(bounds) {}
  // The articles of a note one after the other, with their heads as they were amended by R. `taken_back`: when those of their statements
  // were recorded that do not stand, of the ones that R admits.
  void add(const CoveredArticle& article, std::span<const Instant> taken_back = {});
  CoverageCount count() const;

 private:
  const Bounds bounds_;
  CoverageCount count_;
  std::optional<Digest> note_;        // counted last
  std::optional<std::string> outlet_;   // likewise, as it is written
  std::set<std::string> outlets_;     // folded
};
// When an article counts as known; none: undated and left out.
std::optional<Instant> known_at(const std::optional<Instant>& known_from, const std::optional<Instant>& observed, Instant recorded_at, const Bounds& bounds);

// Statements of an article that are known from `known` on (none: undated) until `gone` (none: for good).
struct CoverageSpan {
  Digest note;
  std::uint32_t article = 0;
  std::string outlet;              // folded; empty: none
  std::optional<Instant> known;
  std::optional<Instant> gone;
  std::uint64_t statements = 0;
};

// What comes, or goes, at one moment.
struct CoverageChange {
  std::int64_t notes = 0;
  std::int64_t articles = 0;
  std::int64_t statements = 0;
  std::int64_t undated = 0;        // statements
  std::int64_t lasting = 0;        // spans for good that begin here
  CoverageChange& operator+=(const CoverageChange& other);
  bool none() const { return notes == 0 && articles == 0 && statements == 0 && undated == 0 && lasting == 0; }
};
using CoverageChanges = std::map<Instant, CoverageChange>;

// A span that ends: few, of what is withdrawn some day.
struct PassingSpan {
  std::string outlet;
  Instant known{};
  Instant gone{};
};

struct CoverageSums {
  CoverageChanges changes;
  std::map<std::string, std::map<Instant, std::int64_t>> outlets;   // spans for good, by where they begin
  std::map<Digest, std::vector<PassingSpan>> passing;               // of each note that was counted, perhaps none
  // The note has these spans; before it had those.
  void count(const Digest& note, std::span<const CoverageSpan> spans, std::span<const CoverageSpan> before = {});
};

// Since 1970 UTC.
std::int64_t coverage_day(Instant at);
std::int64_t coverage_hour(Instant at);

// What an hour adds up to.
struct CoverageHour {
  std::int64_t hour = 0;
  CoverageChange change;
  // The first and the last moment at which spans for good begin; none: nowhere.
  std::optional<Instant> first_lasting;
  std::optional<Instant> last_lasting;
  void add(Instant at, const CoverageChange& change);   // moments ascend
};

// The sums that the index has. Errors: its own; kOverloaded where it was sealed meanwhile.
class CoverageRows {
 public:
  virtual ~CoverageRows() = default;
  virtual Result<std::vector<CoverageHour>> hours() = 0;                        // ascending
  virtual Result<CoverageChanges> changes(std::int64_t hour) = 0;
  virtual Result<std::map<std::string, Instant>> outlets() = 0;                 // where the first span for good begins
  // Where an outlet's spans for good begin, and how many; ascending, until `visit` has enough and returns false.
  virtual Status outlet(const std::string& outlet, const std::function<bool(Instant at, std::int64_t spans)>& visit) = 0;
  virtual Result<std::map<Digest, std::vector<PassingSpan>>> passing() = 0;
};

// Counts from such rows and from what came behind them. For one thread.
class CoverageLine {
 public:
  void count(const Digest& note, std::span<const CoverageSpan> spans, std::span<const CoverageSpan> before);
  // `rows`: the same each time; none where nothing is indexed.
  Result<CoverageCount> at(Instant published_by, CoverageRows* rows);

 private:
  // An hour, and what it and all before it add up to.
  struct UpTo {
    CoverageHour own;
    CoverageChange sum;
    std::int64_t hour() const { return own.hour; }
  };
  static std::vector<UpTo> add_up(std::span<const CoverageHour> hours);
  Status sum(CoverageRows* rows);
  // Of one hour, rows and news together.
  using Hour = std::vector<std::pair<Instant, CoverageChange>>;
  Result<const Hour*> look_at(std::int64_t hour, CoverageRows* rows);

  CoverageSums news_;
  struct Stored {
    std::vector<UpTo> hours;
    std::map<std::string, Instant> outlets;
    std::map<Digest, std::vector<PassingSpan>> passing;
  };
  std::optional<Stored> stored_;
  std::vector<UpTo> new_hours_;
  bool summed_ = false;
  std::map<std::int64_t, Hour> looked_at_;
  std::size_t looked_at_changes_ = 0;
  std::map<std::string, Instant> outlets_;
  std::vector<PassingSpan> passing_;
};

}  // namespace annals
