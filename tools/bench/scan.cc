// Reading the whole log beside a bare iterator over the same bytes: all of it, with a filter, and in the order of knowing.
#include <fmt/format.h>
#include <rocksdb/db.h>

#include "engine/language/lexicon.h"
#include "engine/log/event_log.h"
#include "engine/filter/term_index.h"
#include "replay/pace.h"
#include "tools/bench/bare.h"
#include "tools/bench/store.h"

namespace annals::bench {
namespace {

std::uint64_t scan(BareStore& bare) {
  std::uint64_t bytes = 0, rows = 0;
  const std::unique_ptr<rocksdb::Iterator> it(bare.db().NewIterator({}));
  for (it->SeekToFirst(); it->Valid(); it->Next(), ++rows) bytes += it->value().size();
  keep(bytes);
  return rows;
}

template <class Work>
double rate(double events, const Work& work) {
  const Stopwatch watch;
  work();
  return events / watch.seconds();
}

}  // namespace

void bench_scan(const Options& options, Report& report) {
  // Opened anew: both sides read what is on disk, not what the writer still holds in memory.
  const Store& store = options.stores->plain();
  SystemClock clock;
  const auto log = must(open_rocks_log(store.annals(), OpenMode::kOpen, clock));
  BareStore bare(store.bare());
  std::vector<double> decoded, claims_only, stored, theirs;
  const double events = static_cast<double>(store.events);
  for (unsigned round = 0; round < options.rounds; ++round) {
    theirs.push_back(rate(events, [&] { check(scan(bare) == store.events, "both sides hold the same events"); }));
    const auto read = [&](ReadOptions how) {
      std::uint64_t claims = 0;
      must(log->read({Position{}, log->last()}, [&](const Event& event) {
        if (const auto* statement = std::get_if<StatementEvent>(&event.body)) claims += statement->reading.claims.size();
        return Visit::kContinue;
      }, how));
      keep(claims);
    };
    decoded.push_back(rate(events, [&] { read({}); }));
    claims_only.push_back(rate(events, [&] { read({.parts = Parts::kClaims, .check_leaves = false}); }));
    stored.push_back(rate(events, [&] {
      std::uint64_t bytes = 0;
      must(log->read_stored({Position{}, log->last()}, [&](const StoredView& event) {
        bytes += event.header.size() + event.body.size();
        return Visit::kContinue;
      }));
      keep(bytes);
    }));
  }
  const std::string size = fmt::format("{} events, ", store.events);
  const std::string baseline = "bare RocksDB iterator, same bytes";
  report.add({"scan", size + "decoded and checked", spread(decoded), baseline, spread(theirs), "events/s"});
  report.add({"scan", size + "claims alone", spread(claims_only), baseline, spread(theirs), "events/s"});
  report.add({"scan", size + "as stored", spread(stored), baseline, spread(theirs), "events/s"});
}

void bench_filter(const Options& options, Report& report) {
  const Store& store = options.stores->plain();
  SystemClock clock;
  const auto log = must(open_rocks_log(store.annals(), OpenMode::kReadOnly, clock));
  const double events = static_cast<double>(store.events);
  const auto made = [&](const FilterSpec& spec) { return must(Filter::make(spec, Lexicon::builtin())); };
  const auto run = [&](const FilterSpec& spec, std::uint64_t& matched) {
    const Filter filter = made(spec);
    matched = 0;
    return rate(events, [&] {
      must(read_passing(*log, {Position{}, log->last()}, filter, [&](const Event&) {
        ++matched;
        return Visit::kContinue;
      }, {.parts = Parts::kAll, .check_leaves = false}));
    });
  };
  // Milliseconds from the middle of the log to the next match, by seeking or by reading on.
  const auto first_hit = [&](const FilterSpec& spec, bool seeking) {
    const Filter filter = made(spec);
    const PositionRange range{Position{log->last().value / 2}, log->last()};
    const Stopwatch watch;
    const auto stop = [](const Event&) { return Visit::kStop; };
    if (seeking) must(read_passing(*log, range, filter, stop, {.parts = Parts::kAll, .check_leaves = false}));
    else must(log->read(range, [&](const Event& event) { return filter.matches(event, *log) ? stop(event) : Visit::kContinue; }, {.parts = Parts::kAll, .check_leaves = false}));
    return 1e3 * watch.seconds();
  };
  struct Case {
    std::string what;
    FilterSpec spec;
  };
  std::vector<Case> cases(4);
  cases[0] = {"a kind", {}};
  cases[0].spec.kinds = {"statement"};
  cases[1] = {"a claim type", {}};
  cases[1].spec.claim_types = {"ipo_milestone"};
  cases[2] = {"the hottest product", {}};
  cases[2].spec.entities = {product_key(0)};
  cases[3] = {"a product in the middle", {}};
  cases[3].spec.entities = {product_key(store.events > 0 ? options.keys / 2 : 0)};
  for (const Case& each : cases) {
    std::vector<double> ours, theirs;
    std::uint64_t matched = 0, all = 0;
    for (unsigned round = 0; round < options.rounds; ++round) {
      theirs.push_back(run({}, all));
      ours.push_back(run(each.spec, matched));
    }
    std::vector<double> sought, read_on;
    for (unsigned round = 0; round < options.rounds; ++round) {
      read_on.push_back(first_hit(each.spec, false));
      sought.push_back(first_hit(each.spec, true));
    }
    report.add({"filter", fmt::format("{} events, {}, to the first from the middle on", store.events, each.what), spread(sought), "reading on until it comes", spread(read_on), "ms"});
    report.add({"filter", fmt::format("{} events, {} ({:.4f} % match)", store.events, each.what, 100.0 * static_cast<double>(matched) / events), spread(ours),
                "the same without a filter", spread(theirs), "events/s"});
  }
}

void bench_replay(const Options& options, Report& report) {
  const Store& store = options.stores->plain();
  SystemClock clock;
  const auto log = must(open_rocks_log(store.annals(), OpenMode::kReadOnly, clock));
  BareStore bare(store.bare());
  const double events = static_cast<double>(store.events);
  std::vector<double> known, recorded, theirs;
  for (unsigned round = 0; round < options.rounds; ++round) {
    theirs.push_back(rate(events, [&] { scan(bare); }));
    const auto run = [&](ReplayOrder order) {
      ReplayOptions how;
      how.order = order;
      std::uint64_t shown = 0;
      must(replay(*log, how, [](Micros) { return true; }, [&](const ReplayPoint&, const Event&) {
        ++shown;
        return Visit::kContinue;
      }));
      check(shown == store.events, "a replay shows every event");
    };
    recorded.push_back(rate(events, [&] { run(ReplayOrder::kRecorded); }));
    known.push_back(rate(events, [&] { run(ReplayOrder::kKnown); }));
  }
  const std::string baseline = "bare RocksDB iterator, same bytes";
  report.add({"replay", fmt::format("{} events, as recorded", store.events), spread(recorded), baseline, spread(theirs), "events/s"});
  report.add({"replay", fmt::format("{} events, as they became known", store.events), spread(known), baseline, spread(theirs), "events/s"});
}

}  // namespace annals::bench
