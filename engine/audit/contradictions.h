#pragma once
// Claims about one thing that cannot both hold, found among an audit's rows, with both sides and the reason.
//
//   rule       what a projection's table excludes, of overlapping time and independent origins (its disputes)
//   denial     one side says it, the other that it is not so
//   date       a step that is reached once (a launch, a listing), dated by two sides with times that have no moment in common, each as
//              coarse as it was told, and no more than a generation of products apart
//   course     reached already, and planned or expected for later by somebody who speaks at that time or after
//   figure     two figures of one measure, thing, scope, basis and period whose possible values have nothing in common: a bound
//              admits all beyond it, an approximation a tenth to either side, a printed number half a unit of its last digit. Of times
//              (multiples) no period is asked, because they compare two things for good; but both must name what with
//
// No contradictions: ranges that meet, roundings, different periods, scopes and makers; what a count has risen or fallen to in a day; steps of one path; two people's expectations
// of the future; what is read of things that no lexicon knows, or of a class of things; what was taken back (it settles the matter
// instead); and one sentence with itself.
//
// A reading never tells all of what words mean, and most of what looks like a contradiction is two things with one key. So of products
// only those count whose name has a number and stands alone (not: another edition, an accessory, the line as a whole); and a figure
// only where its article gives one value for its key, since several are of parts that the reading does not tell apart, and where
// the two are within double of each other or apart by a power of ten, as parts and wholes hardly are and slips of the pen are. What
// this misses is the price of a list that can be read to its end.

#include <string>
#include <vector>

#include "engine/audit/audit.h"

namespace annals {

enum class ContradictionKind : std::uint8_t { kRule, kDenial, kDate, kCourse, kFigure };
std::string_view contradiction_kind_name(ContradictionKind kind);  // "rule", "denial", "date", "course", "figure"

struct ContradictionSide {
  std::string value;                  // "2023-11", "6 倍"
  std::vector<std::size_t> rows;      // of AuditAnswer::rows, ranked as there
};
struct Contradiction {
  ContradictionKind kind = ContradictionKind::kRule;
  std::string type;
  std::string subject;
  std::string slot;                   // "stage announced", "value"
  std::string because;                // one line for a person
  ContradictionSide one;              // the side that was known first
  ContradictionSide other;
  Instant found{};                    // when the second side became known
  // By what it was settled; empty: open. A side that was wholly taken back, or one that a review accepted while the other has none.
  std::string settled;
  std::vector<Position> settled_by;
};
// By when they were found, then subject.
std::vector<Contradiction> contradictions(const AuditAnswer& answer, const Lexicon& lexicon, const Zone& zone);

// The values that a figure as printed can mean, [low, high].
struct Possible {
  double low = 0;
  double high = 0;
};
Possible possible(const Amount& amount);

}  // namespace annals
