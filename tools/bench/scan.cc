// Reading the whole log, every event decoded and checked, beside a bare iterator over the same bytes.
#include <fmt/format.h>
#include <rocksdb/db.h>

#include "engine/log/event_log.h"
#include "tools/bench/bare.h"
#include "tools/bench/bench.h"
#include "tools/bench/generate.h"

namespace annals::bench {

void bench_scan(const Options& options, Report& report) {
  const ScratchFolder scratch(options.directory);
  SystemClock clock;
  {
    const auto drafts = statement_drafts(options.seed, 0, options.events, options.keys, options.events);
    const auto log = must(open_rocks_log(scratch.below("annals"), OpenMode::kCreateOrOpen, clock));
    BareStore bare(scratch.below("bare"));
    std::vector<std::string> payloads;
    for (std::size_t done = 0; done < drafts.size();) {
      const std::size_t batch = std::min<std::size_t>(10'000, drafts.size() - done);
      must(log->append(std::span(drafts).subspan(done, batch), OnRepeat::kAnswerFirst));
      done += batch;
    }
    must(log->read_stored({Position{}, log->last()}, [&](const StoredEvent& event) {
      payloads.push_back(event.header + event.body);
      return Visit::kContinue;
    }));
    bare.write(1, payloads, false);
  }
  // Opened anew: both sides read what is on disk, not what the writer still holds in memory.
  const auto log = must(open_rocks_log(scratch.below("annals"), OpenMode::kOpen, clock));
  BareStore bare(scratch.below("bare"));
  const auto bare_scan = [&] {
    std::uint64_t bytes = 0, rows = 0;
    const std::unique_ptr<rocksdb::Iterator> it(bare.db().NewIterator({}));
    for (it->SeekToFirst(); it->Valid(); it->Next(), ++rows) bytes += it->value().size();
    keep(bytes);
    check(rows == log->last().value, "both sides hold the same events");
  };
  std::vector<double> decoded, stored, theirs;
  const double events = static_cast<double>(log->last().value);
  for (unsigned round = 0; round < options.rounds; ++round) {
    const Stopwatch bare_watch;
    bare_scan();
    theirs.push_back(events / bare_watch.seconds());

    const Stopwatch watch;
    std::uint64_t claims = 0;
    must(log->read({Position{}, log->last()}, [&](const Event& event) {
      if (const auto* statement = std::get_if<StatementEvent>(&event.body)) claims += statement->reading.claims.size();
      return Visit::kContinue;
    }));
    keep(claims);
    decoded.push_back(events / watch.seconds());

    const Stopwatch stored_watch;
    std::uint64_t bytes = 0;
    must(log->read_stored({Position{}, log->last()}, [&](const StoredEvent& event) {
      bytes += event.header.size() + event.body.size();
      return Visit::kContinue;
    }));
    keep(bytes);
    stored.push_back(events / stored_watch.seconds());
  }
  const std::string size = fmt::format("{} events", log->last().value);
  report.add(
      {"scan", size + ", decoded", spread(decoded), "bare RocksDB iterator, same bytes", spread(theirs), "events/s"});
  report.add(
      {"scan", size + ", as stored", spread(stored), "bare RocksDB iterator, same bytes", spread(theirs), "events/s"});
}

}  // namespace annals::bench
