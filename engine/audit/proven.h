#pragma once
// Whether every event of a log can be proven: each one's inclusion proof is made as for a third party and checked against the root, from
// the bytes that are stored and not from the tree's own leaves.
//
// One pass over the log in order, in stretches that several threads take; a stretch's hashes are read once. Linear in the log, memory
// does not grow with it.

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/log/event_log.h"

namespace annals {

struct ProvenEvents {
  std::uint64_t events = 0;
  std::uint64_t proven = 0;
  std::vector<Position> refused;        // whose proof does not hold, or whose bytes are damaged, in order; at most kRefusedMax of them
  std::size_t proof_bytes_max = 0;      // the longest proof as a file (proof_file.h)
};
inline constexpr std::size_t kRefusedMax = 100;

// Of the first `size` events, against `root` over them. `progress`, if given: events done, and all; from any thread, one at a time.
// kInvalid: the log is shorter. What the log cannot read at all is an error of its own.
Result<ProvenEvents> prove_events(const EventLog& log, std::uint64_t size, const Digest& root, unsigned threads,
                                  const std::function<void(std::uint64_t, std::uint64_t)>& progress = nullptr);

}  // namespace annals
