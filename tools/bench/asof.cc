// States as of moments never asked before, beside the bare seeks that such answers cannot do without: a RocksDB with one row per claim
// under (product, time), asked with SeekForPrev.
#include <fmt/format.h>
#include <rocksdb/db.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

#include "engine/language/lexicon.h"
#include "engine/log/event_log.h"
#include "engine/query/query.h"
#include "tools/bench/bare.h"
#include "tools/bench/store.h"

namespace annals::bench {
namespace {

// Of one kind in one round, at most: where they are slow, `seconds` runs out first and there are fewer.
constexpr std::size_t kQuestions = 2'000;
constexpr std::uint64_t kShapedEvents = 10'000;   // what has no end of turns costs a seal hundreds of steps for each event

Instant moment(Random& random) {
  return generated_start() + Micros(random.below(static_cast<std::uint64_t>((generated_end() - generated_start()).count())));
}
std::string key_of(std::uint64_t product) { return product_key(product) + "/china"; }
// The present world as it was known then: published and valid apart.
Bounds apart(Random& random) {
  Bounds out = as_of(moment(random));
  out.valid_at = generated_end();
  return out;
}

// What people mean by a day: known by its end, and what holds in its last microsecond.
Bounds as_of_day(Random& random) {
  Bounds out = as_of(std::chrono::ceil<date::days>(moment(random)));
  out.valid_at -= Micros(1);
  return out;
}

struct Asked {
  std::vector<double> median, p99;
  void add(Times& times) {
    median.push_back(times.at(0.5));
    p99.push_back(times.at(0.99));
  }
  void report(Report& out, const std::string& scenario, const std::string& what, const std::string& baseline, Asked& theirs) const {
    out.add({scenario, what + ", median", spread(median), baseline, spread(theirs.median), "µs"});
    out.add({scenario, what + ", p99", spread(p99), baseline, spread(theirs.p99), "µs"});
  }
};

template <class Ask>
void ask_many(const Options& options, Times& times, const Ask& ask) {
  const Stopwatch watch;
  for (std::size_t i = 0; i < kQuestions && (i < 3 || watch.seconds() < options.seconds); ++i) times.time(ask);
}

void seek(BareStore& bare, const std::string& product, Instant at) {
  const std::unique_ptr<rocksdb::Iterator> it(bare.db().NewIterator({}));
  it->SeekForPrev(claim_row(product, at, UINT64_MAX));
  keep(it->Valid());
}

}  // namespace

void bench_asof_key(const Options& options, Report& report) {
  const Store& store = options.stores->warm();
  SystemClock clock;
  const auto log = must(open_rocks_log(store.annals(), OpenMode::kOpen, clock, {.cache_bytes = options.cache << 20}));
  BareStore bare(store.claims(), options.cache << 20);
  const Query query(*log, Lexicon::builtin(), clock);
  must(query.state("export_control", key_of(0), as_of(generated_end())));
  Random random(options.seed);
  const auto state = [&](std::uint64_t key, const Bounds& bounds, Detail detail) {
    keep(must(query.state("export_control", key_of(key), bounds, {}, detail)).states.size());
  };
  Asked plain, shown, hottest, bounds_apart, days, bare_seek;
  for (unsigned round = 0; round < options.rounds; ++round) {
    Times seeks, any, whole, hot, two, day;
    ask_many(options, seeks, [&] { seek(bare, product_key(random.below(options.keys)), moment(random)); });
    ask_many(options, any, [&] { state(random.below(options.keys), as_of(moment(random)), Detail::kHeads); });
    ask_many(options, whole, [&] { state(random.below(options.keys), as_of(moment(random)), Detail::kWhole); });
    ask_many(options, hot, [&] { state(0, as_of(moment(random)), Detail::kHeads); });
    ask_many(options, two, [&] { state(random.below(options.keys), apart(random), Detail::kHeads); });
    ask_many(options, day, [&] { state(random.below(options.keys), as_of_day(random), Detail::kHeads); });
    days.add(day);
    plain.add(any);
    shown.add(whole);
    hottest.add(hot);
    bounds_apart.add(two);
    bare_seek.add(seeks);
  }
  const std::string size = fmt::format("{} events, {} keys, ", store.events, options.keys);
  plain.report(report, "asof-key", size + "any key", "bare SeekForPrev", bare_seek);
  shown.report(report, "asof-key", size + "any key, with all that is known of its sources", "bare SeekForPrev", bare_seek);
  hottest.report(report, "asof-key", size + "the hottest key", "bare SeekForPrev", bare_seek);
  bounds_apart.report(report, "asof-key", size + "any key, bounds apart", "bare SeekForPrev", bare_seek);
  days.report(report, "asof-key", size + "any key, as of a day", "bare SeekForPrev", bare_seek);
}

void bench_shapes(const Options& options, Report& report) {
  SystemClock clock;
  Random random(options.seed);
  const auto ask = [&](const std::string& directory, std::uint64_t keys, Asked& one, Asked& two) {
    const auto log = must(open_rocks_log(directory, OpenMode::kOpen, clock, {.cache_bytes = options.cache << 20}));
    const Query query(*log, Lexicon::builtin(), clock);
    must(query.state("export_control", key_of(0), as_of(generated_end())));
    for (unsigned round = 0; round < options.rounds; ++round) {
      Times as_of_times, apart_times;
      ask_many(options, as_of_times, [&] { keep(must(query.state("export_control", key_of(random.below(keys)), as_of(moment(random)), {}, Detail::kHeads)).states.size()); });
      ask_many(options, apart_times, [&] { keep(must(query.state("export_control", key_of(random.below(keys)), apart(random), {}, Detail::kHeads)).states.size()); });
      one.add(as_of_times);
      two.add(apart_times);
    }
  };
  Asked plain, plain_apart;
  ask(options.stores->plain().annals(), options.keys, plain, plain_apart);
  for (const Shape shape : kWorstShapes) {
    const auto store = make_store(options.directory, Workload(shape, options.seed, std::min(options.events, kShapedEvents), 1), false);
    Asked one, two;
    ask(store->annals(), 1, one, two);
    const std::string what = fmt::format("{}, {} events", shape_name(shape), store->events);
    one.report(report, "shapes", what + ", as of T", "the plain history", plain);
    two.report(report, "shapes", what + ", bounds apart", "the plain history, bounds apart", plain_apart);
    report.add({"shapes", what + ", indexed", spread({static_cast<double>(store->events) / store->sealed_seconds}), "the plain history",
                spread({static_cast<double>(options.stores->plain().events) / options.stores->plain().sealed_seconds}), "events/s"});
  }
}

void bench_asof_all(const Options& options, Report& report) {
  const Store& store = options.stores->warm();
  SystemClock clock;
  const auto log = must(open_rocks_log(store.annals(), OpenMode::kOpen, clock, {.cache_bytes = options.cache << 20}));
  BareStore bare(store.claims(), options.cache << 20);
  const Query query(*log, Lexicon::builtin(), clock);
  Random random(options.seed);
  must(query.state("export_control", key_of(0), as_of(generated_end())));
  struct Question {
    std::string what;
    std::function<Bounds()> bounds;
    Detail detail = Detail::kHeads;
    std::vector<double> times = {};
  };
  Instant at;
  std::vector<Question> questions = {{"", [&] { return as_of(at); }},
                                     {", with all that is known of their sources", [&] { return as_of(at); }, Detail::kWhole},
                                     {", bounds apart", [&] { return apart(random); }},
                                     {", as of a day", [&] { return as_of_day(random); }}};
  std::vector<double> theirs;
  for (unsigned round = 0; round < options.rounds; ++round) {
    at = moment(random);
    const Stopwatch bare_watch;
    for (std::uint64_t key = 0; key < options.keys; ++key) seek(bare, product_key(key), at);
    theirs.push_back(bare_watch.seconds() * 1e3);
    for (Question& each : questions) {
      const Bounds bounds = each.bounds();
      const Stopwatch watch;
      keep(must(query.state("export_control", {}, bounds, {}, each.detail)).states.size());
      each.times.push_back(watch.seconds() * 1e3);
    }
  }
  const std::string size = fmt::format("{} events, {} keys", store.events, options.keys);
  for (const Question& each : questions) report.add({"asof-all", size + each.what, spread(each.times), "a bare SeekForPrev per key", spread(theirs), "ms"});
}

void bench_panel(const Options& options, Report& report) {
  const Store& store = options.stores->warm();
  SystemClock clock;
  const auto log = must(open_rocks_log(store.annals(), OpenMode::kOpen, clock, {.cache_bytes = options.cache << 20}));
  BareStore bare(store.claims(), options.cache << 20);
  const Query query(*log, Lexicon::builtin(), clock);
  must(query.state("export_control", key_of(0), as_of(generated_end())));
  std::vector<Instant> steps;
  for (Instant at = generated_start(); at < generated_end(); at += std::chrono::hours(24 * 30)) steps.push_back(at);
  std::vector<double> ours, theirs;
  const double cells = static_cast<double>(steps.size()) * static_cast<double>(options.keys);
  for (unsigned round = 0; round < options.rounds; ++round) {
    const Stopwatch bare_watch;
    for (const Instant at : steps)
      for (std::uint64_t key = 0; key < options.keys; ++key) seek(bare, product_key(key), at);
    theirs.push_back(cells / bare_watch.seconds());
    const Stopwatch watch;
    std::uint64_t rows = 0;
    must(query.panel("export_control", {}, steps, Bounds{}, [&](const PanelRow&) {
      ++rows;
      return true;
    }, Detail::kHeads));
    keep(rows);
    ours.push_back(cells / watch.seconds());
  }
  report.add({"panel", fmt::format("{} events, {} keys, {} steps", store.events, options.keys, steps.size()), spread(ours), "a bare SeekForPrev for each", spread(theirs),
              "states/s"});
}

}  // namespace annals::bench
