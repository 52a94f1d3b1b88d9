// Durable appends, beside a bare RocksDB that writes the same payload bytes, one row per event, with one sync per batch.
#include <fmt/format.h>
#include <rocksdb/db.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "engine/base/random.h"
#include "engine/log/event_log.h"
#include "engine/proof/proof.h"
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

// Seconds that salts, digests, leaves and the tree's nodes take of an event, made as the log makes them and written nowhere. The header
// is counted as 160 bytes of its payload, which it is nearly.
double tree_seconds(const std::vector<std::string>& payloads, std::size_t batch) {
  constexpr std::size_t kHeader = 160;
  const std::size_t whole = payloads.size() / batch * batch;
  if (whole == 0) return 0;
  CompactRange range;
  std::vector<TreeNode> completed;
  const Stopwatch watch;
  for (std::size_t at = 0; at < whole; at += batch) {
    const std::vector<Digest> salts = random_digests(batch);
    CompactRange next = range;
    for (std::size_t i = 0; i < batch; ++i) {
      const std::string_view payload = payloads[at + i];
      const std::size_t header = std::min(kHeader, payload.size());
      next.append(leaf_hash(payload.substr(0, header), body_digest(salts[i], payload.substr(header))), &completed);
    }
    range = std::move(next);
    keep(completed.size());
    completed.clear();
  }
  keep(range.size());
  return watch.seconds() / static_cast<double>(whole);
}

}  // namespace

void bench_append(const Options& options, Report& report) {
  const ScratchFolder scratch(options.directory);
  const auto drafts = statement_drafts(options.seed, 0, options.events, options.keys, options.events);
  const auto payloads = stored_payloads(drafts);
  for (const std::size_t batch : {std::size_t{1}, std::size_t{10}, std::size_t{100}, std::size_t{1000}}) {
    if (batch > drafts.size()) break;
    std::vector<double> ours, theirs, without;
    for (unsigned round = 0; round < options.rounds; ++round) {
      const std::string mine = scratch.below("annals"), bare = scratch.below("bare");
      // In turns, and each first in every other round: what the disk does in between hits both.
      if (round % 2 == 0) ours.push_back(round_of_annals(mine, drafts, batch, options.seconds).events_per_second);
      theirs.push_back(round_of_rocksdb(bare, payloads, batch, options.seconds).events_per_second);
      if (round % 2 == 1) ours.push_back(round_of_annals(mine, drafts, batch, options.seconds).events_per_second);
      without.push_back(1 / (1 / ours.back() - std::min(tree_seconds(payloads, batch), 0.99 / ours.back())));
      std::filesystem::remove_all(mine);
      std::filesystem::remove_all(bare);
    }
    report.add({"append", fmt::format("batches of {}, synced", batch), spread(ours),
                "bare synced RocksDB batch, same payload", spread(theirs), "events/s"});
    report.add({"append", fmt::format("batches of {}, with leaves and tree", batch), spread(ours),
                "the same, less the time that these take alone", spread(without), "events/s"});
  }
}

}  // namespace annals::bench
