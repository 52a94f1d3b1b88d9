#pragma once
// What answers rested on and can no longer show: words erased by order, and at level `all` the claims with them. An erasure keeps digests
// of what each event bore on (event.h), so that an answer about the same can say so, whether or not anything is left to answer with.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/event/event.h"
#include "engine/log/event_log.h"
#include "engine/projection/bounds.h"
#include "engine/projection/projection.h"

namespace annals {

class Families;
class Ledger;

// One erasure, as far as it bears on what was asked.
struct ErasedSource {
  Position erasure;
  ErasureLevel level = ErasureLevel::kText;
  Instant at{};
  std::string by;
  std::string because;
  std::uint64_t statements = 0;   // that bear on what was asked, and that the bounds admit (P, R, undated; withdrawals are not looked at)
};

// The digests under which erasures file what bears on these keys, their ancestors and parts; none: on anything of the projection.
std::vector<Digest> subjects_asked(const Projection& projection, std::span<const std::string> keys, const Families& families);
std::vector<Digest> subjects_asked(std::string_view entity, const Families& families);

// By erasure, in log order. `about` knows the erasures. They count from their doing on, whatever R: the words are gone.
// Cost: nothing without erasures; else a look at each that bears on `asked`, and at its statements.
Result<std::vector<ErasedSource>> erased_behind(const EventLog& log, const Ledger& about, std::span<const Digest> asked, const Bounds& bounds);

}  // namespace annals
