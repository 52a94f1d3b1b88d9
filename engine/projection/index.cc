#include "engine/projection/index.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "engine/projection/coverage_rows.h"
#include "engine/projection/index_make.h"
#include "engine/projection/index_write.h"
#include "engine/projection/sorted_rows.h"

namespace annals {
namespace {

using index_rows::for_answers;
using index_rows::Groups;
using index_rows::HeadRows;
using index_rows::KeptBack;
using index_rows::KeyWorker;
using index_rows::Reach;
using index_rows::Snapshots;
using index_rows::Space;
using index_rows::Stretch;
using index_rows::StretchRows;
using index_rows::Writer;

constexpr std::size_t kBytesInOrder = 16u << 20;   // of rows in memory, while they are brought in order

// Writes the rows of (from, to] into the space, all but the pages. Every stretch has rows of many subjects, and a file of each would lie across
// all others and be merged with them again and again: so they are brought in order first.
Result<StretchRows> write_stretches(EventLog& log, const Space& space, Position from, Position to, std::uint64_t stretch, const IndexProgress& progress) {
  SortedRows in_order;
  ANNALS_TRY(StretchRows out, index_rows::each_stretch(log, space, from, to, stretch, [&](std::vector<DerivedRow> rows) -> Status {
    for (auto& [key, value] : rows) ANNALS_CHECK_OK(in_order.add(std::move(key), *std::move(value)));
    return {};
  }, [&](std::uint64_t done) {
    if (progress) progress(done / 2, to.value - from.value);
  }));
  const std::string articles = space.kind("a/");
  const auto there = log.derived();
  Writer writer(log);
  for (;;) {
    ANNALS_TRY(const auto row, in_order.next());
    if (!row) break;
    const auto stored = from.value > 0 && row->key.starts_with(articles) ? there->get(row->key) : std::nullopt;
    std::string value = index_rows::joined_values(space, row->key, row->values, stored ? &*stored : nullptr);
    ANNALS_CHECK_OK(writer.put(std::move(row->key), std::move(value)));
  }
  ANNALS_CHECK_OK(writer.flush());
  return out;
}

std::set<const Projection*> with_heads(const Groups& groups) {
  std::set<const Projection*> out;
  for (const auto& [of, group] : groups)
    if (const Projection* projection = find_projection(of.first); index_rows::has_heads(*projection)) out.insert(projection);
  return out;
}

// `kept`: none where nobody reads these pages yet, and there are none before them.
Status write_pages(EventLog& log, const Space& space, const Stretch& stretch, const Ledger& base, const Groups& groups, KeptBack* kept,
                   const IndexProgress& progress, std::uint64_t total) {
  const bool fresh = kept == nullptr;
  const auto half = [&](std::uint64_t done, std::uint64_t all) {
    if (progress) progress(total / 2 + (all == 0 ? 0 : (total - total / 2) * done / all), total);
  };
  std::map<const Projection*, std::unique_ptr<Snapshots>> snapshots;
  {
    const auto rows = log.derived();
    for (const Projection* projection : with_heads(groups)) {
      auto& its = snapshots[projection];
      if (fresh) {
        its = std::make_unique<Snapshots>(space, *projection);
      } else {
        ANNALS_TRY(its, Snapshots::read(*rows, space, *projection));
      }
    }
  }
  const auto put_heads_of = [&](DerivedReader& rows_now, const Projection& projection, const std::string& key, Instant at, const std::string& page, HeadRows& out) -> Status {
    if (!index_rows::has_heads(projection)) return {};
    index_rows::Heads heads;
    ANNALS_TRY(const auto end, index_rows::heads_of_page(projection, key, at, page, heads));
    return index_rows::put_heads(space, *snapshots.at(&projection), key, at, end, heads, fresh ? nullptr : &rows_now, out);
  };
  // With the first pages the changes come key by key, so that each file of them would lie across all others, and the ends of a batch of keys
  // are too few for a file: both are brought in order first.
  const std::string changes = space.kind("m/"), ends_of_pages = space.kind("e/");
  SortedRows in_order(kBytesInOrder);
  std::mutex in_order_mutex;
  const auto write_row = [&](Writer& writer, std::string row, std::optional<std::string> value) -> Status {
    if (stretch.from.value > 0 || !value || !(row.starts_with(changes) || row.starts_with(ends_of_pages))) return writer.put(std::move(row), std::move(value));
    const std::lock_guard lock(in_order_mutex);
    return in_order.add(std::move(row), *std::move(value));
  };
  const auto write_heads = [&](Writer& writer, const Projection& projection, HeadRows heads) -> Status {
    if (!heads.counts.empty()) snapshots.at(&projection)->count(heads.counts);
    for (auto& [row, value] : heads.rows) ANNALS_CHECK_OK(write_row(writer, std::move(row), std::move(value)));
    return {};
  };
  const auto make_worker = [&] {
    KeyWorker worker;
    const auto writer = std::make_shared<Writer>(log, kept);
    worker.finish = [writer] { return writer->flush(); };
    worker.see = [&, writer](DerivedReader& rows_now, const Projection& projection, const std::string& key, const KeyWorker::Make& make) -> Status {
      std::unordered_map<std::string, Digest> there;
      if (!fresh) {
        for (const std::string& prefix : {space.pages(projection.name(), key), space.ends(projection.name(), key)})
          ANNALS_CHECK_OK(rows_now.scan(prefix, prefix, [&](std::string_view row, std::string_view value) {
            there.emplace(row, sha256(value));
            return Visit::kContinue;
          }));
      }
      // False: it is there.
      const auto put = [&](std::string row, std::string value) -> Result<bool> {
        if (const auto same = there.find(row); same != there.end()) {
          const bool equal = same->second == sha256(value);
          there.erase(same);
          if (equal) return false;
        }
        ANNALS_CHECK_OK(write_row(*writer, std::move(row), std::move(value)));
        return true;
      };
      std::vector<std::pair<std::string, std::string>> ends;
      bool any = false;
      const auto put_page = [&](std::string_view track, Instant at, std::string page) -> Status {
        any = true;
        ANNALS_TRY(const bool other, put(space.page(projection.name(), key, track, at), page));
        if (!other) return {};
        HeadRows heads;
        ANNALS_CHECK_OK(put_heads_of(rows_now, projection, key, at, page, heads));
        return write_heads(*writer, projection, std::move(heads));
      };
      ANNALS_CHECK_OK(make(put_page, [&](std::string_view track, const PageEnd& end) {
        ends.emplace_back(space.end(projection.name(), key, track), index_rows::pack_end(end));
      }));
      for (auto& [row, value] : ends) {
        ANNALS_TRY(const bool other, put(std::move(row), std::move(value)));
        static_cast<void>(other);
      }
      for (const auto& [row, hash] : there) ANNALS_CHECK_OK(writer->put(row, std::nullopt));
      if (any || there.empty() || !index_rows::has_heads(projection)) return {};
      // Nothing is said of the key any more.
      HeadRows heads;
      ANNALS_CHECK_OK(index_rows::put_heads(space, *snapshots.at(&projection), key, kInstantMin, std::nullopt, {}, &rows_now, heads));
      return write_heads(*writer, projection, std::move(heads));
    };
    worker.go_on = [&, writer](DerivedReader& rows_now, const Projection& projection, const std::string& key, Course course) -> Result<bool> {
      std::vector<DerivedRow> rows;
      HeadRows heads;
      PageMaker maker({&projection, key, [&](std::string_view track, Instant at, std::string page) -> Status {
                         ANNALS_CHECK_OK(put_heads_of(rows_now, projection, key, at, page, heads));
                         rows.emplace_back(space.page(projection.name(), key, track, at), std::move(page));
                         return {};
                       }, nullptr, nullptr});
      std::set<std::string> tracks;
      PageMaker::Stored stored;
      stored.end = [&](std::string_view track) -> std::optional<PageEnd> {
        const auto row = rows_now.get(space.end(projection.name(), key, track));
        if (!row) return std::nullopt;
        tracks.emplace(track);
        return index_rows::unpack_end(*row);
      };
      stored.page = [&](std::string_view track, Instant at) {
        return rows_now.get(space.page(projection.name(), key, track, at)).value_or(std::string());
      };
      stored.any = [&](std::string_view track) {
        bool any = false;
        const std::string prefix = space.pages_of_track(projection.name(), key, track);
        const Status scanned = rows_now.scan(prefix, prefix, [&](std::string_view, std::string_view) {
          any = true;
          return Visit::kStop;
        });
        return any || !scanned;
      };
      ANNALS_TRY(const bool done, maker.go_on(std::move(course), stored));
      if (!done) return false;
      maker.ends([&](std::string_view track, const PageEnd& end) {
        rows.emplace_back(space.end(projection.name(), key, track), index_rows::pack_end(end));
        tracks.erase(std::string(track));
      });
      for (const std::string& track : tracks) rows.emplace_back(space.end(projection.name(), key, track), std::nullopt);   // no going on from here
      for (auto& [row, value] : rows) ANNALS_CHECK_OK(writer->put(std::move(row), std::move(value)));
      ANNALS_CHECK_OK(write_heads(*writer, projection, std::move(heads)));
      return true;
    };
    return worker;
  };
  ANNALS_CHECK_OK(index_rows::each_key(log, space, stretch, base, groups, make_worker, half));
  Writer writer(log, kept);
  for (;;) {
    ANNALS_TRY(const auto row, in_order.next());
    if (!row) break;
    ANNALS_CHECK_OK(writer.put(std::move(row->key), std::move(row->values.back())));
  }
  for (const auto& [projection, its] : snapshots)
    for (auto& [row, value] : its->news()) ANNALS_CHECK_OK(writer.put(std::move(row), std::move(value)));
  return writer.flush();
}

// Of a set of rows that speaks of the log up to `last`. A stop on the way leaves what questions can do without, and the next seal makes.
Status take_snapshots(EventLog& log, const Space& space, const Groups& groups, Position last) {
  ANNALS_TRY(const Event newest, log.get(last));
  for (const Projection* projection : with_heads(groups)) ANNALS_CHECK_OK(index_rows::take_snapshots(log, space, *projection, newest.recorded_at));
  return {};
}

// Rows of other programs: their names have another number.
Status drop_rows_of_others(EventLog& log) {
  for (std::string from = "px";;) {
    std::string name;
    ANNALS_CHECK_OK(log.scan_derived("px", from, [&](std::string_view key, std::string_view) {
      name = key.substr(0, key.find('/') + 1);
      return Visit::kStop;
    }));
    if (name.empty()) return {};
    if (name == index_rows::kPrefix) from = name + '\xff';
    else ANNALS_CHECK_OK(log.drop_derived(name));
  }
}

Status drop_other(EventLog& log, char space) {
  const Space other(space == 'a' ? 'b' : 'a');
  ANNALS_CHECK_OK(log.drop_derived(other.prefix()));
  return log.drop_derived(other.counted());
}

// The sums over all articles of a set of rows that nobody reads yet.
Status write_coverage(EventLog& log, const Space& space, const Ledger& base) {
  const auto rows = log.derived();
  ANNALS_TRY(const CoverageSums sums, index_rows::count_all(*rows, space, base));
  Writer writer(log);
  for (auto& [key, value] : index_rows::coverage_rows(space, sums, nullptr)) ANNALS_CHECK_OK(writer.put(std::move(key), std::move(value)));
  return writer.flush();
}

}  // namespace

Position sealed_to(const EventLog& log) { return index_rows::read_reach(log).sealed; }

Result<Position> seal_index(EventLog& log, const IndexProgress& progress) {
  const Position last = log.last();
  Reach reach = index_rows::read_reach(log);
  if (reach.sealed == last) return last;
  // A seal that was stopped may have left pages under names that hold no more. Other rows it left are written again.
  if (reach.pages_too) return rebuild_index(log, progress);
  const Position from = reach.sealed;
  const Space space(reach.space);
  reach.aim = last;
  ANNALS_CHECK_OK(index_rows::write_reach(log, reach, false));
  ANNALS_TRY(StretchRows written, write_stretches(log, space, from, last, kIndexStretch, progress));
  ANNALS_TRY(const Ledger base, index_rows::load_about(log, space, last));
  Stretch stretch{from, last, {}};
  Groups groups;
  std::vector<DerivedRow> counted;
  if (from.value == 0) {
    ANNALS_CHECK_OK(drop_rows_of_others(log));
    ANNALS_CHECK_OK(write_coverage(log, space, base));
    groups = index_rows::every_group(std::move(written.subjects), *base.families(Bounds{}));
  } else {
    for (const Digest& text : written.texts) {
      const std::string prefix = space.texts(text);
      std::size_t articles = 0;
      ANNALS_CHECK_OK(log.scan_derived(prefix, prefix, [&](std::string_view, std::string_view) { return ++articles < 2 ? Visit::kContinue : Visit::kStop; }));
      if (articles > 1) stretch.copied.insert(text);
    }
    Bounds before;
    before.recorded_to = from;
    index_rows::Toucher toucher(log, space, from, base, base.families(before), base.families(Bounds{}));
    Status failed;
    ANNALS_TRY(const Position end, log.read({from, last}, [&](const Event& event) {
      failed = toucher.touch(event);
      return failed ? Visit::kContinue : Visit::kStop;
    }, for_answers()));
    (void)end;
    ANNALS_CHECK_OK(failed);
    ANNALS_CHECK_OK(toucher.finish());
    groups = index_rows::group(toucher);
    const auto rows = log.derived();
    ANNALS_TRY(const CoverageSums sums, index_rows::count_news(*rows, space, toucher.notes(), base, from, last));
    counted = index_rows::coverage_rows(space, sums, rows.get());
  }
  KeptBack kept(log, [&]() -> Status {
    reach.pages_too = true;
    return index_rows::write_reach(log, reach, false);
  });
  ANNALS_CHECK_OK(write_pages(log, space, stretch, base, groups, &kept, progress, last.value - from.value));
  counted.push_back(index_rows::reach_row({reach.space, last, last}));
  ANNALS_CHECK_OK(kept.finish(std::move(counted)));
  ANNALS_CHECK_OK(take_snapshots(log, space, groups, last));
  if (progress) progress(last.value - from.value, last.value - from.value);
  return last;
}

Status drop_index(EventLog& log) { return log.drop_derived("px"); }

Result<Position> rebuild_index(EventLog& log, const IndexProgress& progress, std::uint64_t stretch) {
  const Reach before = index_rows::read_reach(log);
  ANNALS_CHECK_OK(drop_other(log, before.space));
  const Position last = log.last();
  const Reach after{before.space == 'a' ? 'b' : 'a', last, last};
  const Space space(after.space);
  ANNALS_TRY(StretchRows written, write_stretches(log, space, Position{}, last, stretch, progress));
  ANNALS_TRY(const Ledger base, index_rows::load_about(log, space, last));
  ANNALS_CHECK_OK(write_coverage(log, space, base));
  const Groups groups = index_rows::every_group(std::move(written.subjects), *base.families(Bounds{}));
  ANNALS_CHECK_OK(write_pages(log, space, {Position{}, last, {}}, base, groups, nullptr, progress, last.value));
  if (last.value > 0) ANNALS_CHECK_OK(take_snapshots(log, space, groups, last));
  ANNALS_CHECK_OK(index_rows::write_reach(log, after, true));
  ANNALS_CHECK_OK(drop_other(log, after.space));
  ANNALS_CHECK_OK(drop_rows_of_others(log));
  if (progress) progress(last.value, last.value);
  return last;
}

}  // namespace annals
