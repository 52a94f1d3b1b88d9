#pragma once
// A page (pages.h) as it is stored. Internal to engine/projection.
//
// Behind its first byte:
//   maybe the next page's moment · the newest position of the claims that became known before that · maybe the V up to which it answers
//   with P before V · how many moments at which news about the past came and changed nothing; each · whether any claim stands · maybe the place of the last claim that the growth has · the growth, as one text ·
//   how many references; each: its home, its place there (home 0: this page; else the n-th of the homes), position, ordinal, when it
//   became known and was recorded · homes: how many, moments ·
//   evidence: how many, each as one text ·
//   claims: how many, each: its evidence as one text, when it became known, the rest as one text
// Places count evidence first, then claims.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/projection/projection.h"

namespace annals {

inline constexpr char kUnfolded = 1;
inline constexpr char kFolded = 0;

// How far an earlier page's moment lies back, and there again. A page may stand at the first instant there is: the difference wraps
// around, and comes back whole.
inline std::int64_t way_back(Instant from, Instant to) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(from.time_since_epoch().count()) - static_cast<std::uint64_t>(to.time_since_epoch().count()));
}
inline Instant go_back(Instant from, std::int64_t way) {
  return Instant(Micros(static_cast<std::int64_t>(static_cast<std::uint64_t>(from.time_since_epoch().count()) - static_cast<std::uint64_t>(way))));
}

// A page, read up to its evidence and claims.
class OpenedPage {
 public:
  // False: it is none.
  bool open(std::string bytes);

  struct Behind {
    Instant known{};
    std::string_view rest;
    std::size_t evidence = 0;
  };
  struct Reference {
    std::uint64_t home = 0;
    std::uint64_t place = 0;
    EvidenceRef named;
  };
  std::optional<Instant> next() const { return next_; }
  Position newest() const { return newest_; }
  std::optional<Instant> limit() const { return limit_; }
  const std::vector<Instant>& late() const { return late_; }
  // Whether news about the past came in (from, to].
  bool late_within(Instant from, Instant to) const;
  bool said() const { return said_; }
  const std::optional<FoldPlace>& folded_to() const { return folded_to_; }
  std::string_view growth() const { return growth_; }
  std::string_view growth_part() const { return growth_part_; }   // with the references and homes behind it
  std::size_t homed_here() const { return homed_here_; }          // evidence that stands here and is none of the claims'
  const std::vector<Reference>& references() const { return references_; }
  const std::vector<std::int64_t>& homes() const { return homes_; }   // the way back to each, from this one
  const std::vector<Behind>& claims() const { return claims_; }
  std::optional<Evidence> evidence(std::size_t place) const;   // none: there is none

 private:
  std::string bytes_;
  std::optional<Instant> next_;
  Position newest_;
  std::optional<Instant> limit_;
  std::vector<Instant> late_;
  bool said_ = false;
  std::optional<FoldPlace> folded_to_;
  std::string_view growth_;
  std::string_view growth_part_;
  std::size_t homed_here_ = 0;
  std::vector<Reference> references_;
  std::vector<std::int64_t> homes_;
  std::vector<std::string_view> evidence_;
  std::vector<Behind> claims_;
};

}  // namespace annals
