#include "engine/projection/snapshots.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/projection/pack.h"

namespace annals::index_rows {
namespace {

constexpr std::size_t kBytesOfAFile = 4u << 20;        // of snapshots
constexpr std::size_t kBytesOfATable = 256u << 10;

std::string pack_first(std::uint64_t changes, std::uint64_t keys) { return Pack().number(changes).number(keys).take(); }

// The newest snapshot at or before `at`.
Result<std::optional<Snapshot>> find_snapshot(DerivedReader& rows, const Space& space, const Projection& projection, Instant at) {
  const std::string prefix = space.snapshots(projection.name());
  std::optional<Snapshot> out;
  Status damaged;
  ANNALS_CHECK_OK(rows.scan(prefix, space.snapshot(projection.name(), at), [&](std::string_view row, std::string_view value) {
    Unpack in(value);
    out = {kInstantMin, in.number(), in.number()};
    if (row.size() == prefix.size() + 8 && !in.failed() && in.done()) out->at = *page_moment(row);
    else damaged = Error{ErrorCode::kCorrupt, "the index's snapshot of " + std::string(projection.name()) + " is damaged; make the index anew"};
    return Visit::kStop;
  }));
  ANNALS_CHECK_OK(damaged);
  return out;
}

// The rows of one snapshot, without its first.
Status each_head_of(DerivedReader& rows, const Space& space, const Projection& projection, Instant at, const std::function<void(std::string_view key, std::string_view head)>& visit) {
  const std::string prefix = space.snapshot(projection.name(), at);
  return rows.scan(prefix, prefix + '\0', [&](std::string_view row, std::string_view value) {
    visit(row.substr(prefix.size()), value);
    return Visit::kContinue;
  });
}

// The changes behind `after` in the order of time, until the visitor stops.
Status each_change(DerivedReader& rows, const Space& space, const Projection& projection, Instant after,
                   const std::function<Visit(Instant at, std::string_view key, std::string_view head)>& visit) {
  const std::string prefix = space.changes(projection.name());
  return rows.scan(prefix, after == kInstantMin ? prefix : space.change(projection.name(), after + Micros(1), {}), [&](std::string_view row, std::string_view value) {
    const auto at = change_moment(row.substr(prefix.size()));
    return at ? visit(*at, row.substr(prefix.size() + 8), value) : Visit::kContinue;
  });
}

// Shows what each snapshot in [from, to) has of `heads`; null: nothing.
template <class Show>
Status each_snapshot(std::span<const Instant> moments, Instant from, std::optional<Instant> to, const Heads& heads, const Show& show) {
  auto next = heads.begin();
  const std::string* head = nullptr;
  for (auto at = std::lower_bound(moments.begin() + 1, moments.end(), from); at != moments.end() && (!to || *at < *to); ++at) {
    for (; next != heads.end() && next->first <= *at; ++next) head = next->first == kInstantMin ? nullptr : &next->second;   // before everything nothing is said
    ANNALS_CHECK_OK(show(*at, head));
  }
  return {};
}

}  // namespace

bool has_heads(const Projection& projection) { return projection.parts().empty() && !projection.tracks_apart(); }

Snapshots::Snapshots(const Space& space, const Projection& projection, std::vector<Snapshot> stored)
    : space_(space), projection_(projection), stored_(std::move(stored)) {
  if (stored_.empty() || stored_.front().at != kInstantMin) stored_.insert(stored_.begin(), Snapshot());
  for (const Snapshot& each : stored_) {
    moments_.push_back(each.at);
    changes_.emplace_back(static_cast<std::int64_t>(each.changes));
  }
}

Result<std::unique_ptr<Snapshots>> Snapshots::read(DerivedReader& rows, const Space& space, const Projection& projection) {
  std::vector<Snapshot> out;
  for (Instant at = kInstantMax;; at = out.back().at - Micros(1)) {
    ANNALS_TRY(const auto found, find_snapshot(rows, space, projection, at));
    if (!found) break;
    out.push_back(*found);
    if (found->at == kInstantMin) break;
  }
  std::reverse(out.begin(), out.end());
  return std::make_unique<Snapshots>(space, projection, std::move(out));
}

Snapshot Snapshots::at(std::size_t which) const {
  Snapshot out = stored_[which];
  out.changes = static_cast<std::uint64_t>(changes_[which].load());
  return out;
}

void Snapshots::count(const Counts& changes) {
  for (const auto& [at, more] : changes) {
    const auto behind = std::lower_bound(moments_.begin(), moments_.end(), at);   // what changes at a snapshot's moment is in it
    changes_[static_cast<std::size_t>(behind - moments_.begin()) - 1] += more;
  }
}

std::vector<DerivedRow> Snapshots::news() const {
  std::vector<DerivedRow> out;
  for (std::size_t i = 0; i < moments_.size(); ++i)
    if (const Snapshot now = at(i); now.changes != stored_[i].changes) out.emplace_back(space_.snapshot(projection_.name(), now.at), pack_first(now.changes, now.keys));
  return out;
}

Status put_heads(const Space& space, const Snapshots& snapshots, const std::string& key, Instant from, std::optional<Instant> to, const Heads& heads,
                 DerivedReader* rows, HeadRows& out) {
  const std::string_view projection = snapshots.projection().name();
  Heads stored;
  if (rows != nullptr) {
    const std::string prefix = space.heads(projection, key);
    ANNALS_CHECK_OK(rows->scan(prefix, to ? space.head(projection, key, *to - Micros(1)) : prefix, [&](std::string_view row, std::string_view value) {
      const auto at = page_moment(row);
      if (!at || *at < from) return Visit::kStop;
      stored.emplace(*at, value);
      return Visit::kContinue;
    }));
  }
  const auto change = [&](Instant at, const std::optional<std::string>& head, std::int64_t more) {
    out.rows.emplace_back(space.head(projection, key, at), head);
    if (at == kInstantMin) return;
    out.rows.emplace_back(space.change(projection, at, key), head);
    if (more != 0) out.counts.emplace_back(at, more);
  };
  for (const auto& [at, head] : stored)
    if (!heads.contains(at)) change(at, std::nullopt, -1);
  for (const auto& [at, head] : heads) {
    const auto before = stored.find(at);
    if (before == stored.end() || before->second != head) change(at, head, before == stored.end() ? 1 : 0);
  }
  // What was said before the first that is stored here, its neighbour knows, which perhaps has been written again: then it is written anyway.
  const bool fresh = rows == nullptr || (stored.empty() && from == kInstantMin);
  auto at = stored.begin();
  const std::string* before = nullptr;
  return each_snapshot(snapshots.moments(), from, to, heads, [&](Instant moment, const std::string* head) -> Status {
    for (; at != stored.end() && at->first <= moment; ++at) before = at->first == kInstantMin ? nullptr : &at->second;
    const bool known = fresh || at != stored.begin();
    if (!known || (before == nullptr ? head != nullptr : head == nullptr || *before != *head))
      out.rows.emplace_back(space.snapshot(projection, moment) + key, head == nullptr ? std::nullopt : std::optional(*head));
    return {};
  });
}

Status head_rows(const Space& space, const Snapshots& snapshots, const std::string& key, Instant from, std::optional<Instant> to, const Heads& heads,
                 const std::function<Status(const std::string& row, std::string_view value)>& visit) {
  const std::string_view projection = snapshots.projection().name();
  for (const auto& [at, head] : heads) {
    ANNALS_CHECK_OK(visit(space.head(projection, key, at), head));
    if (at != kInstantMin) ANNALS_CHECK_OK(visit(space.change(projection, at, key), head));
  }
  return each_snapshot(snapshots.moments(), from, to, heads, [&](Instant moment, const std::string* head) {
    return head == nullptr ? Status() : visit(space.snapshot(projection, moment) + key, *head);
  });
}

Status take_snapshots(EventLog& log, const Space& space, const Projection& projection, Instant upto, std::uint64_t changes_min) {
  const auto rows = log.derived();
  ANNALS_TRY(const auto there, Snapshots::read(*rows, space, projection));
  for (std::size_t i = 0; i < there->moments().size(); ++i) {
    const Snapshot first = there->at(i);
    if (first.changes < 2 * std::max(changes_min, first.keys) || first.keys > kSnapshotKeysMax) continue;
    std::map<std::string, std::string, std::less<>> heads;
    ANNALS_CHECK_OK(each_head_of(*rows, space, projection, first.at, [&](std::string_view key, std::string_view head) { heads.emplace(key, head); }));
    const Instant end = i + 1 < there->moments().size() ? there->at(i + 1).at : kInstantMax;
    Snapshot newest = first;         // with all changes that are left
    std::uint64_t seen = 0;          // of them
    Instant last = first.at;
    std::vector<DerivedRow> its;     // the newest's, but for its first
    // Some to a file, and all at once: how many changes follow a snapshot is known when the next is made. So each is written once,
    // no file lies across another, and whoever asks meanwhile finds none of them.
    std::vector<DerivedRow> file;
    bool last_one = false, done = false;
    const auto next_file = [&]() -> Result<std::span<const DerivedRow>> {
      file.clear();
      for (std::size_t bytes = 0; !done && bytes < kBytesOfAFile;) {
        std::optional<Snapshot> next;
        const auto take = [&](Instant at, std::string_view key, std::string_view head) {
          if (at > std::min(upto, end)) return Visit::kStop;
          if (at > last && seen >= std::max<std::uint64_t>(changes_min, heads.size()) && newest.changes - seen >= changes_min / 2) {
            next = {last, newest.changes - seen, heads.size()};
            return Visit::kStop;   // this change comes again
          }
          last = at;
          ++seen;
          heads.insert_or_assign(std::string(key), std::string(head));
          return Visit::kContinue;
        };
        if (!last_one) ANNALS_CHECK_OK(each_change(*rows, space, projection, last, take));
        if (next || newest.at != first.at) {   // that of the first: what it counts, alone
          file.emplace_back(space.snapshot(projection.name(), newest.at), pack_first(next ? seen : newest.changes, newest.keys));
          for (DerivedRow& row : its) {
            bytes += sizeof(row) + row.first.size() + row.second->size();
            file.push_back(std::move(row));
          }
        }
        its.clear();
        done = !next;
        if (!next) break;
        newest = *next;
        seen = 0;
        for (const auto& [key, value] : heads) its.emplace_back(space.snapshot(projection.name(), newest.at) + key, value);
        last_one = newest.keys > kSnapshotKeysMax;
      }
      std::sort(file.begin(), file.end());   // the newest stands first
      return std::span<const DerivedRow>(file);
    };
    ANNALS_CHECK_OK(log.put_derived_files(next_file));
  }
  return {};
}

std::optional<std::string_view> HeadTable::find(std::string_view key) const {
  const auto at = heads_.find(key);
  return at == heads_.end() ? std::nullopt : std::optional(at->second);
}

std::vector<std::string> HeadTable::keys() const {
  std::vector<std::string> out;
  out.reserve(heads_.size());
  for (const auto& [key, head] : heads_) out.emplace_back(key);
  std::sort(out.begin(), out.end());
  return out;
}

Result<std::optional<HeadTable>> heads_of_all(DerivedReader& rows, const Space& space, const Projection& projection, Instant at) {
  ANNALS_TRY(const auto found, find_snapshot(rows, space, projection, at));
  if (!found || found->changes > 4 * std::max(kSnapshotChangesMin, found->keys)) return std::optional<HeadTable>();
  HeadTable out;
  const auto keep = [&](std::string_view bytes) {
    if (out.bytes_.empty() || out.bytes_.back().capacity() - out.bytes_.back().size() < bytes.size())
      out.bytes_.emplace_back().reserve(std::max(kBytesOfATable, bytes.size()));
    std::string& some = out.bytes_.back();
    some.append(bytes);
    return std::string_view(some).substr(some.size() - bytes.size());
  };
  ANNALS_CHECK_OK(each_head_of(rows, space, projection, found->at, [&](std::string_view key, std::string_view head) {
    const std::string_view kept = keep(key);
    out.heads_.emplace(kept, keep(head));
  }));
  ANNALS_CHECK_OK(each_change(rows, space, projection, found->at, [&](Instant then, std::string_view key, std::string_view head) {
    if (then > at) return Visit::kStop;
    if (const auto there = out.heads_.find(key); there != out.heads_.end()) {
      there->second = keep(head);
    } else {
      const std::string_view kept = keep(key);
      out.heads_.emplace(kept, keep(head));
    }
    return Visit::kContinue;
  }));
  return std::optional(std::move(out));
}

}  // namespace annals::index_rows
