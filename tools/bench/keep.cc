// A store over its life: opened, opened after its writer was killed, its index made anew, and what comes later indexed.
#include <fmt/format.h>
#include <rocksdb/db.h>

#include <algorithm>
#include <filesystem>
#include <functional>

#include "engine/language/lexicon.h"
#include "engine/log/event_log.h"
#include "engine/projection/index.h"
#include "engine/query/query.h"
#include "tools/bench/bare.h"
#include "tools/bench/store.h"

namespace annals::bench {
namespace {

constexpr std::uint64_t kUnsealed = 10'000;

// What a writer leaves that is killed: its files as they lie while it has them open, with events that no seal has reached.
void leave_unsealed(const std::string& from, const std::string& to, const Workload& workload, std::uint64_t seed) {
  SystemClock clock;
  const auto log = must(open_rocks_log(from, OpenMode::kOpen, clock));
  must(log->append(Workload(Shape::kPlain, seed, kUnsealed, workload.keys()).drafts(0, kUnsealed), OnRepeat::kAnswerFirst));
  std::filesystem::remove_all(to);
  copy_store(from, to);
}

}  // namespace

void bench_open(const Options& options, Report& report) {
  const Store& store = options.stores->plain();
  SystemClock clock;
  const ScratchFolder scratch(options.directory);
  const std::string alive = scratch.below("alive"), killed = scratch.below("killed");
  copy_store(store.annals(), alive);
  const auto first_answer = [&](const std::string& directory, std::vector<double>& opened, std::vector<double>& answered) {
    const Stopwatch watch;
    const auto log = must(open_rocks_log(directory, OpenMode::kOpen, clock));
    opened.push_back(watch.seconds() * 1e3);
    const Query query(*log, Lexicon::builtin(), clock);
    keep(must(query.state("export_control", product_key(0) + "/china", as_of(generated_end()))).states.size());
    answered.push_back(watch.seconds() * 1e3);
  };
  std::vector<double> opened, answered, opened_killed, answered_killed, theirs;
  for (unsigned round = 0; round < options.rounds; ++round) {
    {
      const Stopwatch watch;
      BareStore bare(store.bare());
      theirs.push_back(watch.seconds() * 1e3);
    }
    first_answer(store.annals(), opened, answered);
    leave_unsealed(alive, killed, options.stores->workload(), options.seed + 1 + round);
    first_answer(killed, opened_killed, answered_killed);
  }
  const std::string size = fmt::format("{} events, ", store.events);
  const std::string more = fmt::format("{} to {} unsealed events of killed writers more, ", kUnsealed, kUnsealed * options.rounds);
  const std::string baseline = "opening a bare RocksDB";
  report.add({"open", size + "opened", spread(opened), baseline, spread(theirs), "ms"});
  report.add({"open", size + "opened and asked", spread(answered), baseline, spread(theirs), "ms"});
  report.add({"open", size + more + "opened", spread(opened_killed), baseline, spread(theirs), "ms"});
  report.add({"open", size + more + "opened and asked", spread(answered_killed), baseline, spread(theirs), "ms"});
}

void bench_rebuild(const Options& options, Report& report) {
  const Store& store = options.stores->plain();
  SystemClock clock;
  const auto log = must(open_rocks_log(store.annals(), OpenMode::kOpen, clock));
  BareStore bare(store.bare());
  const double events = static_cast<double>(store.events);
  const Stopwatch bare_watch;
  std::uint64_t bytes = 0;
  const std::unique_ptr<rocksdb::Iterator> it(bare.db().NewIterator({}));
  for (it->SeekToFirst(); it->Valid(); it->Next()) bytes += it->value().size();
  keep(bytes);
  const Spread theirs = spread({events / bare_watch.seconds()});
  const IndexDigest before = must(index_digest(*log));
  const Stopwatch watch;
  must(rebuild_index(*log));
  const Spread ours = spread({events / watch.seconds()});
  const IndexDigest after = must(index_digest(*log));
  check(before.digest == after.digest && before.rows == after.rows, "an index made anew is the index that was there");
  report.add({"rebuild", fmt::format("{} events, {} rows", store.events, after.rows), ours, "bare RocksDB iterator, same bytes", theirs, "events/s"});
}

void bench_seal(const Options& options, Report& report) {
  constexpr std::uint64_t kMore = 1'000, kBatch = 8'192;
  const Workload workload(Shape::kPlain, options.seed, options.events + 2 * options.rounds * kMore, options.keys);
  const ScratchFolder scratch(options.directory);
  SystemClock clock;
  const auto log = must(open_rocks_log(scratch.below("annals"), OpenMode::kCreateOrOpen, clock));
  std::uint64_t next = 0;
  while (next < options.events) {
    const std::uint64_t count = std::min(kBatch, options.events - next);
    must(log->append(workload.drafts(next, count), OnRepeat::kAnswerFirst));
    next += count;
  }
  must(seal_index(*log));
  const auto seal = [&](const std::string& what, const std::function<void(std::vector<EventDraft>&)>& change) {
    std::vector<double> ours, theirs;
    for (unsigned round = 0; round < options.rounds; ++round) {
      auto drafts = workload.drafts(next, kMore);
      next += kMore;
      change(drafts);
      const Stopwatch appending;
      must(log->append(drafts, OnRepeat::kAnswerFirst));
      theirs.push_back(appending.seconds() * 1e3);
      const Stopwatch watch;
      must(seal_index(*log));
      ours.push_back(watch.seconds() * 1e3);
    }
    report.add({"seal", fmt::format("{} events, {} more: {}", options.events, kMore, what), spread(ours), "appending them, synced", spread(theirs), "ms"});
  };
  seal("a fifth late, a tenth of the past", [](std::vector<EventDraft>&) {});
  // News alone: printed one article after the other, about what is then.
  Instant printed = generated_end();
  Digest note;
  std::uint32_t article = 0;
  seal("in order", [&](std::vector<EventDraft>& drafts) {
    std::erase_if(drafts, [](const EventDraft& draft) { return !std::holds_alternative<StatementEvent>(draft.body); });
    for (EventDraft& draft : drafts) {
      auto& statement = std::get<StatementEvent>(draft.body);
      if (statement.note != note || statement.article.ordinal != article) {
        note = statement.note;
        article = statement.article.ordinal;
        printed += std::chrono::minutes(1);
      }
      statement.article.published->wall = format_utc(printed).substr(0, 16);
      statement.article.published->earliest = printed;
      statement.article.published->known_from = printed + std::chrono::minutes(1);
      for (Claim& claim : statement.reading.claims) claim.when.reset();
    }
  });
}

}  // namespace annals::bench
