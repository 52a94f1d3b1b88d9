#include <algorithm>
#include <mutex>
#include <utility>

#include "engine/projection/coverage_rows.h"
#include "engine/projection/index.h"
#include "engine/projection/index_make.h"
#include "engine/projection/sorted_rows.h"

namespace annals {
namespace {

using index_rows::Groups;
using index_rows::KeyWorker;
using index_rows::Reach;
using index_rows::Snapshots;
using index_rows::Space;

// What verification compares of a row: an article's whole, for its parts have to be joined; of others a digest, where that is shorter.
std::string shown_value(const Space& space, std::string_view key, std::string value) {
  if (key.starts_with(space.kind("a/")) || value.size() <= sizeof(Digest)) return value;
  return "#" + std::string(sha256(value).view());
}

}  // namespace

Result<IndexDigest> index_digest(const EventLog& log) {
  IndexDigest out;
  const Reach reach = index_rows::read_reach(log);
  const Space space(reach.space);
  out.sealed = reach.sealed;
  Sha256 hash;
  const std::string ends = space.kind("e/"), snapshots = space.kind("s/");
  ANNALS_CHECK_OK(log.scan_derived(space.prefix(), space.prefix(), [&](std::string_view key, std::string_view value) {
    if (key.starts_with(snapshots)) return Visit::kContinue;
    hash.add_field(space.rest(key)).add_field(key.starts_with(ends) ? index_rows::settled_part(value) : value);
    ++out.rows;
    return Visit::kContinue;
  }));
  ANNALS_CHECK_OK(log.scan_derived(space.counted(), space.counted(), [&](std::string_view key, std::string_view value) {
    hash.add_field(key.substr(space.counted().size())).add_field(value);
    ++out.rows;
    return Visit::kContinue;
  }));
  out.digest = hash.finish();
  return out;
}

Result<std::vector<std::string>> verify_index(const EventLog& log, const IndexProgress& progress) {
  const Reach reach = index_rows::read_reach(log);
  const Space space(reach.space);
  const Position sealed = reach.sealed;
  if (reach.aim > sealed) return std::vector<std::string>{"index: a seal was stopped on its way; the next completes it"};
  // All rows but the pages, each a part of what it should be: a long log has more of them than memory.
  SortedRows expected;
  ANNALS_TRY(auto written, index_rows::each_stretch(log, space, Position{}, sealed, kIndexStretch, [&](std::vector<DerivedRow> rows) -> Status {
    for (auto& [key, value] : rows) {
      std::string shown = shown_value(space, key, *std::move(value));
      ANNALS_CHECK_OK(expected.add(std::move(key), std::move(shown)));
    }
    return {};
  }, [&](std::uint64_t done) {
    if (progress) progress(done / 2, sealed.value);
  }));
  std::vector<std::string> out;
  const auto tell = [&](std::string_view what, std::string_view key) {
    std::string shown;
    const std::string counted = space.counted();
    for (const char c : key.starts_with(counted) ? key.substr(counted.size()) : space.rest(key)) shown += c >= ' ' && c <= '~' ? std::string(1, c) : "·";
    if (out.size() < 10) out.push_back(std::string(what) + " " + shown);
  };
  const std::vector<std::string> by_key = {space.kind("g/"), space.kind("h/"), space.kind("m/"), space.kind("s/"), space.kind("e/")};
  ANNALS_TRY(auto next, expected.next());
  Status failed;
  const auto pass = [&] {
    auto behind = expected.next();
    if (behind) next = *std::move(behind);
    else failed = behind.error();
  };
  ANNALS_CHECK_OK(log.scan_derived(space.prefix(), space.prefix(), [&](std::string_view key, std::string_view value) {
    if (std::any_of(by_key.begin(), by_key.end(), [&](const std::string& kind) { return key.starts_with(kind); })) return Visit::kContinue;
    for (; failed && next && next->key < key; pass()) tell("index: a row is missing:", next->key);
    if (!failed) return Visit::kStop;
    if (!next || next->key != key) {
      tell("index: a row that the log does not give:", key);
      return Visit::kContinue;
    }
    if (index_rows::joined_values(space, next->key, next->values, nullptr) != shown_value(space, key, std::string(value))) tell("index: a row with another value:", key);
    pass();
    return Visit::kContinue;
  }));
  for (; failed && next; pass()) tell("index: a row is missing:", next->key);
  ANNALS_CHECK_OK(failed);
  if (!out.empty()) return out;   // the others are made of these

  ANNALS_TRY(const Ledger base, index_rows::load_about(log, space, sealed));
  {
    const auto rows = log.derived();
    ANNALS_TRY(const CoverageSums sums, index_rows::count_all(*rows, space, base));
    const std::vector<DerivedRow> counted = index_rows::coverage_rows(space, sums, nullptr);
    auto sum = counted.begin();
    ANNALS_CHECK_OK(rows->scan(space.counted(), space.counted(), [&](std::string_view key, std::string_view value) {
      for (; sum != counted.end() && sum->first < key; ++sum) tell("index: a sum is missing:", sum->first);
      if (sum == counted.end() || sum->first != key) tell("index: a sum that the log does not give:", key);
      else if (*sum++->second != value) tell("index: a sum with another value:", key);
      return Visit::kContinue;
    }));
    for (; sum != counted.end(); ++sum) tell("index: a sum is missing:", sum->first);
  }
  const Groups groups = index_rows::every_group(std::move(written.subjects), *base.families(Bounds{}));
  // Snapshots are asked what they say, not where they stand.
  std::map<const Projection*, std::unique_ptr<Snapshots>> there, made;
  {
    const auto rows = log.derived();
    for (const auto& projection : projections()) {
      if (!index_rows::has_heads(*projection)) continue;
      auto& its = there[projection.get()];
      ANNALS_TRY(its, Snapshots::read(*rows, space, *projection));
      std::vector<index_rows::Snapshot> none;
      for (const Instant at : its->moments()) none.push_back({at, 0, 0});
      made[projection.get()] = std::make_unique<Snapshots>(space, *projection, std::move(none));
    }
  }
  std::mutex mutex;
  std::uint64_t right = 0;
  const auto make_worker = [&] {
    KeyWorker worker;
    worker.see = [&](DerivedReader& rows_now, const Projection& projection, const std::string& key, const KeyWorker::Make& make) -> Status {
      const auto compare = [&](const std::string& row, std::string_view value, const auto& part) {
        const auto stored = rows_now.get(row);
        const std::lock_guard lock(mutex);
        if (!stored) tell("index: a page is missing:", row);
        else if (part(*stored) != value) tell("index: a page with another value:", row);
        else ++right;
      };
      return make([&](std::string_view track, Instant at, std::string page) -> Status {
        const auto as_stored = [](std::string_view stored) { return stored; };
        compare(space.page(projection.name(), key, track, at), page, as_stored);
        if (!index_rows::has_heads(projection)) return {};
        index_rows::Heads heads;
        ANNALS_TRY(const auto end, index_rows::heads_of_page(projection, key, at, page, heads));
        Snapshots& counted = *made.at(&projection);
        Snapshots::Counts counts;
        for (const auto& [moment, head] : heads)
          if (moment != kInstantMin) counts.emplace_back(moment, 1);
        counted.count(counts);
        return index_rows::head_rows(space, counted, key, at, end, heads, [&](const std::string& row, std::string_view value) -> Status {
          compare(row, value, as_stored);
          return {};
        });
      }, [&](std::string_view track, const PageEnd& its) {
        compare(space.end(projection.name(), key, track), std::string(index_rows::settled_part(index_rows::pack_end(its))), index_rows::settled_part);
      });
    };
    return worker;
  };
  ANNALS_CHECK_OK(index_rows::each_key(log, space, {Position{}, sealed, {}}, base, groups, make_worker, [&](std::uint64_t some, std::uint64_t all) {
    if (progress && all > 0) progress(sealed.value / 2 + (sealed.value - sealed.value / 2) * some / all, sealed.value);
  }));
  if (!out.empty()) return out;
  const auto rows = log.derived();
  for (const auto& [projection, its] : there) {
    for (std::size_t i = 0; i < its->moments().size(); ++i) {
      const std::string row = space.snapshot(projection->name(), its->moments()[i]);
      if (rows->get(row)) ++right;
      if (its->at(i).changes != made.at(projection)->at(i).changes) tell("index: a snapshot that counts other changes:", row);
    }
  }
  if (!out.empty()) return out;
  std::uint64_t stored = 0;
  for (const std::string& prefix : by_key)
    ANNALS_CHECK_OK(rows->scan(prefix, prefix, [&](std::string_view, std::string_view) {
      ++stored;
      return Visit::kContinue;
    }));
  if (stored != right) out.push_back("index: " + std::to_string(stored - right) + " pages that the log does not give");
  return out;
}

}  // namespace annals
