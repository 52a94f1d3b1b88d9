#pragma once
// How much was known by each moment: sums over what becomes known and what is taken back, so that a count at a moment looks at one
// day's changes and not at every article. R = everything, the policies' defaults.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/time.h"

namespace annals {

struct CoverageCount {
  std::uint64_t notes = 0;
  std::uint64_t outlets = 0;
  std::uint64_t articles = 0;
  std::uint64_t statements = 0;
  std::optional<Instant> first_known_from;
  std::optional<Instant> last_known_from;
  std::uint64_t undated_left_out = 0;
};

class CoverageLine {
 public:
  // Statements of an article that are known from `known` on (none: undated) until `gone` (none: for good).
  struct Span {
    Digest note;
    std::uint32_t article = 0;
    std::string outlet;              // folded; empty: none
    std::optional<Instant> known;
    std::optional<Instant> gone;
    std::uint64_t statements = 0;
  };
  void add(const Span& span);
  CoverageCount at(Instant published_by) const;

 private:
  struct Change {
    Instant at{};
    std::int64_t notes = 0;
    std::int64_t outlets = 0;
    std::int64_t articles = 0;
    std::int64_t statements = 0;
    std::int64_t lasting = 0;        // spans for good that begin here
    Change& operator+=(const Change& other);
  };
  // What is there while any of its spans is: a note, an outlet, an article.
  struct Presence {
    std::optional<Instant> lasting;                     // the first beginning of a span for good
    std::vector<std::pair<Instant, Instant>> passing;   // spans that end and begin before that
    // When it is there, as stretches; the last may have no end.
    std::vector<std::pair<Instant, std::optional<Instant>>> stretches() const;
  };
  void change(const Change& change);
  void present(Presence& presence, const Span& span, std::int64_t Change::*what);

  std::map<std::int64_t, std::vector<Change>> days_;            // by time within a day, one change a moment
  mutable std::vector<std::pair<std::int64_t, Change>> before_;   // sums up to the end of each day; empty: to be summed
  std::unordered_map<Digest, Presence> notes_;
  std::unordered_map<std::string, Presence> outlets_;
  std::map<std::pair<Digest, std::uint32_t>, Presence> articles_;
  std::vector<std::pair<Instant, Instant>> passing_;            // of all articles: few, withdrawn
  std::optional<Instant> first_;                                // of the spans for good
  std::uint64_t undated_ = 0;
  std::vector<std::pair<Instant, std::uint64_t>> undated_gone_;   // of them, withdrawn
};

}  // namespace annals
