#include "engine/projection/snapshots.h"

#include <algorithm>
#include <utility>

namespace annals::index_rows {
namespace {

constexpr std::size_t kBytesAtOnce = 16u << 20;        // of snapshots that are written together
constexpr std::size_t kBytesOfATable = 256u << 10;

// Of the newest snapshot at or before `at`: its moment, and the changes behind it.
struct Found {
  Instant at{};
  std::uint64_t changes = 0;
};
Result<std::optional<Found>> find_snapshot(DerivedReader& rows, const Space& space, const Projection& projection, Instant at) {
  const std::string prefix = space.snapshots(projection.name());
  std::optional<Found> out;
  Status damaged;
  ANNALS_CHECK_OK(rows.scan(prefix, space.snapshot(projection.name(), at), [&](std::string_view row, std::string_view value) {
    const auto moment = row.size() == prefix.size() + 8 ? page_moment(row) : std::nullopt;
    const auto changes = unpack_count(value);
    if (moment && changes) out = {*moment, *changes};
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

Snapshots::Snapshots(const Space& space, const Projection& projection, std::map<Instant, std::uint64_t> changes)
    : space_(space), projection_(projection) {
  changes.emplace(kInstantMin, 0);
  for (const auto& [at, behind] : changes) {
    moments_.push_back(at);
    stored_.push_back(behind);
    changes_.emplace_back(static_cast<std::int64_t>(behind));
  }
}

Result<std::unique_ptr<Snapshots>> Snapshots::read(DerivedReader& rows, const Space& space, const Projection& projection) {
  std::map<Instant, std::uint64_t> changes;
  for (Instant at = Instant::max();;) {
    ANNALS_TRY(const auto found, find_snapshot(rows, space, projection, at));
    if (!found) break;
    changes.emplace(found->at, found->changes);
    if (found->at == kInstantMin) break;
    at = found->at - Micros(1);
  }
  return std::make_unique<Snapshots>(space, projection, std::move(changes));
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
    if (const std::uint64_t now = changes_behind(i); now != stored_[i]) out.emplace_back(space_.snapshot(projection_.name(), moments_[i]), pack_count(now));
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
  const auto moments = there->moments();
  for (std::size_t i = 0; i < moments.size(); ++i) {
    if (there->changes_behind(i) < 2 * changes_min) continue;
    std::map<std::string, std::string, std::less<>> heads;
    ANNALS_CHECK_OK(each_head_of(*rows, space, projection, moments[i], [&](std::string_view key, std::string_view head) { heads.emplace(key, head); }));
    if (there->changes_behind(i) < 2 * heads.size()) continue;
    const std::optional<Instant> end = i + 1 < moments.size() ? std::optional(moments[i + 1]) : std::nullopt;
    std::vector<DerivedRow> made;
    std::size_t bytes = 0;
    Instant newest = moments[i];                            // snapshot
    std::uint64_t left = there->changes_behind(i), since = 0;   // changes: behind `newest` in all, and of these those that were seen
    const auto write = [&]() -> Status {
      made.emplace_back(space.snapshot(projection.name(), newest), pack_count(left));
      std::sort(made.begin(), made.end());
      bytes = 0;
      return log.put_derived_sorted(std::exchange(made, {}));
    };
    Status failed;
    std::optional<Instant> last;
    ANNALS_CHECK_OK(each_change(*rows, space, projection, moments[i], [&](Instant at, std::string_view key, std::string_view head) {
      if (at > upto || (end && at > *end)) return Visit::kStop;
      if (last && at > *last && since >= std::max<std::uint64_t>(changes_min, heads.size()) && left - since >= changes_min / 2) {
        if (heads.size() > kSnapshotKeysMax) return Visit::kStop;
        made.emplace_back(space.snapshot(projection.name(), newest), pack_count(since));
        newest = *last;
        left -= since;
        since = 0;
        for (const auto& [its, value] : heads) {
          made.emplace_back(space.snapshot(projection.name(), newest) + its, value);
          bytes += made.back().first.size() + value.size();
        }
        if (bytes >= kBytesAtOnce && !(failed = write())) return Visit::kStop;
      }
      last = at;
      ++since;
      heads.insert_or_assign(std::string(key), std::string(head));
      return Visit::kContinue;
    }));
    ANNALS_CHECK_OK(failed);
    if (!made.empty()) ANNALS_CHECK_OK(write());
  }
  return {};
}

std::optional<std::string_view> HeadTable::find(std::string_view key) const {
  const auto at = heads_.find(key);
  return at == heads_.end() ? std::nullopt : std::optional(at->second);
}

Result<std::optional<HeadTable>> heads_of_all(DerivedReader& rows, const Space& space, const Projection& projection, Instant at) {
  ANNALS_TRY(const auto found, find_snapshot(rows, space, projection, at));
  if (!found) return std::optional<HeadTable>();
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
  if (found->changes > 4 * std::max<std::uint64_t>(kSnapshotChangesMin, out.heads_.size())) return std::optional<HeadTable>();
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
