// Durable appends, beside a bare RocksDB that writes the same payload bytes, one row per event, with one sync per batch.
#include <fmt/format.h>
#include <rocksdb/db.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "engine/log/event_log.h"
#include "tools/bench/bare.h"
#include "tools/bench/bench.h"
#include "tools/bench/generate.h"

namespace annals::bench {
namespace {

struct Round {
  double events_per_second = 0;
  std::uint64_t events = 0;
};

Round round_of_annals(const std::string& directory, const std::vector<EventDraft>& drafts, std::size_t batch,
                      double seconds) {
  SystemClock clock;
  auto log = must(open_rocks_log(directory, OpenMode::kCreateOrOpen, clock));
  Round round;
  const Stopwatch watch;
  while (round.events + batch <= drafts.size() && watch.seconds() < seconds) {
    keep(must(log->append(std::span(drafts).subspan(round.events, batch), OnRepeat::kAnswerFirst)));
    round.events += batch;
  }
  round.events_per_second = static_cast<double>(round.events) / watch.seconds();
  return round;
}

Round round_of_rocksdb(const std::string& directory, const std::vector<std::string>& payloads, std::size_t batch,
                       double seconds) {
  BareStore store(directory);
  Round round;
  const Stopwatch watch;
  while (round.events + batch <= payloads.size() && watch.seconds() < seconds) {
    store.write(round.events + 1, std::span(payloads).subspan(round.events, batch), true);
    round.events += batch;
  }
  round.events_per_second = static_cast<double>(round.events) / watch.seconds();
  return round;
}

}  // namespace

void bench_append(const Options& options, Report& report) {
  const ScratchFolder scratch(options.directory);
  const auto drafts = statement_drafts(options.seed, 0, options.events, options.keys, options.events);
  const auto payloads = stored_payloads(drafts);
  for (const std::size_t batch : {std::size_t{1}, std::size_t{10}, std::size_t{100}, std::size_t{1000}}) {
    if (batch > drafts.size()) break;
    std::vector<double> ours, theirs;
    for (unsigned round = 0; round < options.rounds; ++round) {
      const std::string mine = scratch.below("annals"), bare = scratch.below("bare");
      // In turns, and each first in every other round: what the disk does in between hits both.
      if (round % 2 == 0) ours.push_back(round_of_annals(mine, drafts, batch, options.seconds).events_per_second);
      theirs.push_back(round_of_rocksdb(bare, payloads, batch, options.seconds).events_per_second);
      if (round % 2 == 1) ours.push_back(round_of_annals(mine, drafts, batch, options.seconds).events_per_second);
      std::filesystem::remove_all(mine);
      std::filesystem::remove_all(bare);
    }
    report.add({"append", fmt::format("batches of {}, synced", batch), spread(ours),
                "bare synced RocksDB batch, same payload", spread(theirs), "events/s"});
  }
}

}  // namespace annals::bench
