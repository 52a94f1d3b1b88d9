#pragma once
// Snapshots: what all keys say as of T, read in one piece. By key (heads.h) that is a seek for each; here the heads of all keys stand
// together as of one moment after another, and beside them every change of a head in the order of time. So it is the snapshot at or before T
// and the changes from there to T, each read in a row. Internal to engine/projection; errors are the log's.
//
// Between two snapshots there are at most twice as many changes as there are keys (4,096 where there are fewer), so an answer reads two
// rows or three for each key. A seal makes more snapshots where there have become more changes, and takes none away. Where they stand
// hangs on how often the index was sealed; what they say does not. News that changes a head from some moment on changes it in each
// snapshot up to where it is again what it was, by reckoning one of them on an average. Behind one of more than kSnapshotKeysMax keys no more are made:
// there answers seek.

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/log/event_log.h"
#include "engine/projection/index_rows.h"
#include "engine/projection/projection.h"

namespace annals::index_rows {

inline constexpr std::size_t kSnapshotKeysMax = 100'000;
inline constexpr std::uint64_t kSnapshotChangesMin = 4'096;

// Whether a projection's keys have heads.
bool has_heads(const Projection& projection);

struct Snapshot {
  Instant at = kInstantMin;   // before everything there is one of no key
  std::uint64_t changes = 0;  // behind it, up to the next and at its moment
  std::uint64_t keys = 0;     // when it was made
};

// The snapshots of a projection while its heads are written. Any number of threads.
class Snapshots {
 public:
  static Result<std::unique_ptr<Snapshots>> read(DerivedReader& rows, const Space& space, const Projection& projection);
  // By their moments.
  Snapshots(const Space& space, const Projection& projection, std::vector<Snapshot> stored = {});

  const Projection& projection() const { return projection_; }
  // Ascending, from kInstantMin on.
  std::span<const Instant> moments() const { return moments_; }
  Snapshot at(std::size_t which) const;
  // So many changes more (or fewer) at these moments.
  using Counts = std::vector<std::pair<Instant, std::int64_t>>;
  void count(const Counts& changes);
  // What says it, where it is other than what was read.
  std::vector<DerivedRow> news() const;

 private:
  const Space space_;
  const Projection& projection_;
  std::vector<Snapshot> stored_;
  std::vector<Instant> moments_;
  std::deque<std::atomic<std::int64_t>> changes_;
};

using Heads = std::map<Instant, std::string>;   // packed
struct HeadRows {
  std::vector<DerivedRow> rows;
  Snapshots::Counts counts;   // for the snapshots, if the rows are written
};
// A key's heads in [from, to) in the place of those that are stored there, with what changes and snapshots say of them. `rows`: where they
// are stored; none: nowhere yet.
Status put_heads(const Space& space, const Snapshots& snapshots, const std::string& key, Instant from, std::optional<Instant> to, const Heads& heads,
                 DerivedReader* rows, HeadRows& out);
// The rows of `heads`, as put_heads writes them where there is nothing yet.
Status head_rows(const Space& space, const Snapshots& snapshots, const std::string& key, Instant from, std::optional<Instant> to, const Heads& heads,
                 const std::function<Status(const std::string& row, std::string_view value)>& visit);

// Makes the snapshots that are wanting up to a moment; those that will come about hang on what comes until then. Those behind one
// that is there are put all at once. Memory: the heads of all keys, three times, and 4 MiB.
Status take_snapshots(EventLog& log, const Space& space, const Projection& projection, Instant upto, std::uint64_t changes_min = kSnapshotChangesMin);

// What all keys say as of a moment.
class HeadTable {
 public:
  // None: nothing is said of the key.
  std::optional<std::string_view> find(std::string_view key) const;
  std::vector<std::string> keys() const;   // ascending

 private:
  friend Result<std::optional<HeadTable>> heads_of_all(DerivedReader&, const Space&, const Projection&, Instant);
  std::deque<std::string> bytes_;
  std::unordered_map<std::string_view, std::string_view> heads_;
};
// None: it would be longer than a seek for each key.
Result<std::optional<HeadTable>> heads_of_all(DerivedReader& rows, const Space& space, const Projection& projection, Instant at);

}  // namespace annals::index_rows
