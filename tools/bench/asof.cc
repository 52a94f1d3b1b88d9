// State as of a moment never asked before, one key and all keys, beside the bare seeks that such an answer cannot do without: a
// RocksDB with one row per claim under (product, time), asked with SeekForPrev.
#include <fmt/format.h>
#include <rocksdb/db.h>

#include <algorithm>
#include <filesystem>

#include "engine/language/lexicon.h"
#include "engine/log/event_log.h"
#include "engine/query/query.h"
#include "tools/bench/bare.h"
#include "tools/bench/bench.h"
#include "tools/bench/generate.h"

namespace annals::bench {
namespace {

std::string row_key(const std::string& product, Instant at, std::uint64_t position) {
  return product + position_key(static_cast<std::uint64_t>(at.time_since_epoch().count())) + position_key(position);
}

// Percentiles of the single questions' times, in µs.
struct Times {
  std::vector<double> micros;
  double at(double share) {
    std::sort(micros.begin(), micros.end());
    return micros[std::min(micros.size() - 1, static_cast<std::size_t>(share * static_cast<double>(micros.size())))];
  }
};

}  // namespace

void bench_asof(const Options& options, Report& report) {
  constexpr std::size_t kQuestions = 2'000;
  const ScratchFolder scratch(options.directory);
  SystemClock clock;
  {
    const auto log = must(open_rocks_log(scratch.below("annals"), OpenMode::kCreateOrOpen, clock));
    BareStore bare(scratch.below("bare"));
    for (std::uint64_t done = 0; done < options.events;) {
      const std::uint64_t batch = std::min<std::uint64_t>(10'000, options.events - done);
      const auto drafts = statement_drafts(options.seed, done, batch, options.keys, options.events);
      must(log->append(drafts, OnRepeat::kAnswerFirst));
      std::vector<std::pair<std::string, std::string>> rows;
      for (std::size_t i = 0; i < drafts.size(); ++i) {
        const auto& statement = std::get<StatementEvent>(drafts[i].body);
        const Claim& claim = statement.reading.claims.front();
        if (claim.type != ClaimType::kExportControl) continue;
        rows.emplace_back(row_key(claim.entity("product")->id, statement.article.published->known_from, done + i + 1),
                          std::string(claim.text("status")));
      }
      bare.put(rows);
      done += batch;
    }
  }
  const auto log = must(open_rocks_log(scratch.below("annals"), OpenMode::kOpen, clock));
  BareStore bare(scratch.below("bare"));
  const Query query(*log, Lexicon::builtin(), clock);

  const std::uint64_t micros = static_cast<std::uint64_t>((generated_end() - generated_start()).count());
  // The first question may index what the store has not indexed yet.
  const Stopwatch first_watch;
  must(query.state("export_control", product_key(0), as_of(generated_end())));
  std::fprintf(stderr, "asof: the first question after opening took %.3f s\n", first_watch.seconds());

  std::vector<double> ours_median, ours_p99, theirs_median, theirs_p99, ours_all, theirs_all;
  Random random(options.seed);
  for (unsigned round = 0; round < options.rounds; ++round) {
    Times ours, theirs;
    for (std::size_t i = 0; i < kQuestions; ++i) {
      const std::string product = product_key(random.below(options.keys));
      const Instant at = generated_start() + Micros(random.below(micros));
      const Stopwatch bare_watch;
      const std::unique_ptr<rocksdb::Iterator> it(bare.db().NewIterator({}));
      it->SeekForPrev(row_key(product, at, UINT64_MAX));
      keep(it->Valid());
      theirs.micros.push_back(bare_watch.seconds() * 1e6);

      const Stopwatch watch;
      const auto answer = must(query.state("export_control", product, as_of(at)));
      keep(answer.states.size());
      ours.micros.push_back(watch.seconds() * 1e6);
    }
    ours_median.push_back(ours.at(0.5));
    ours_p99.push_back(ours.at(0.99));
    theirs_median.push_back(theirs.at(0.5));
    theirs_p99.push_back(theirs.at(0.99));

    const Instant at = generated_start() + Micros(random.below(micros));
    const Stopwatch bare_watch;
    const std::unique_ptr<rocksdb::Iterator> it(bare.db().NewIterator({}));
    for (std::uint64_t key = 0; key < options.keys; ++key) {
      it->SeekForPrev(row_key(product_key(key), at, UINT64_MAX));
      keep(it->Valid());
    }
    theirs_all.push_back(bare_watch.seconds() * 1e3);
    const Stopwatch watch;
    keep(must(query.state("export_control", {}, as_of(at))).states.size());
    ours_all.push_back(watch.seconds() * 1e3);
  }
  const std::string size = fmt::format("{} events, {} keys", options.events, options.keys);
  report.add(
      {"asof", size + ", one key, median", spread(ours_median), "bare SeekForPrev", spread(theirs_median), "µs"});
  report.add({"asof", size + ", one key, p99", spread(ours_p99), "bare SeekForPrev", spread(theirs_p99), "µs"});
  report.add({"asof", size + ", all keys", spread(ours_all), "a bare SeekForPrev per key", spread(theirs_all), "ms"});
}

}  // namespace annals::bench
