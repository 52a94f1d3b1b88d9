#pragma once
// A server over a log on disk, in this process, and clients of it, for the benchmarks of it.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/codec/codec.h"
#include "engine/query/query.h"
#include "engine/query/watch.h"
#include "engine/stream/client.h"
#include "engine/stream/server.h"
#include "tools/bench/bench.h"

namespace annals::bench {

struct Serving {
  SystemClock clock;
  std::unique_ptr<EventLog> log;
  std::unique_ptr<Query> query;
  WatchMemory memory;
  std::unique_ptr<stream::Server> server;   // answers no questions, and watches as `annals serve` does
  explicit Serving(const std::string& directory);
  stream::ClientOptions client() const;
};

std::vector<EncodedEvent> encoded(std::span<const EventDraft> drafts);

// Reads what comes of a subscription to its end; returns how many events came.
std::uint64_t drain(const stream::ClientOptions& options, stream::Subscribe request);
// Events per second gone through, all readers together, by `readers` who all read the whole log.
double replay_round(const Serving& serving, unsigned readers, const FilterSpec& filter = {});

// 0 of an empty list. Reorders.
double percentile(std::vector<double>& values, double part);

}  // namespace annals::bench
