#pragma once
// The bounds on the four times that an answer rests on, resolved to instants. What a person may type for them, and the rules of
// --as-of, are in engine/query/query.h.

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/bytes.h"
#include "engine/base/time.h"

namespace annals {

enum class KnownClock : std::uint8_t { kPublished, kObserved };
enum class UndatedPolicy : std::uint8_t { kExclude, kInclude };
std::string_view known_clock_name(KnownClock clock);       // "published", "observed"
std::string_view undated_policy_name(UndatedPolicy policy);  // "exclude", "include"

struct Bounds {
  // P: a statement counts when its known_from <= published_by. With KnownClock::kObserved a statement whose bytes are known to have
  // been read later than printed counts from that instant.
  Instant published_by = kInstantMax;
  // R: an event counts when it was recorded by both.
  Instant recorded_by = kInstantMax;
  Position recorded_to{UINT64_MAX};
  // V: the instant in the world that is asked about. What begins by publication begins inside the printed time, so that a thing
  // printed "on the 9th" holds at the last microsecond of the 9th.
  Instant valid_at = kInstantMax;
  KnownClock clock = KnownClock::kPublished;
  // kInclude: an undated statement counts as published when it was recorded and never overrules a dated one.
  UndatedPolicy undated = UndatedPolicy::kExclude;
  // Only claims that a review accepted or amended.
  bool reviewed = false;
  // Whose reading: "annals" (its newest by R), "annals/1" (that version). None: the interpreter that first read each statement.
  std::optional<std::string> interpreter;
  friend bool operator==(const Bounds&, const Bounds&) = default;
};

// P = V = instant, R = everything.
inline Bounds as_of(Instant instant) {
  Bounds bounds;
  bounds.published_by = bounds.valid_at = instant;
  return bounds;
}

}  // namespace annals
