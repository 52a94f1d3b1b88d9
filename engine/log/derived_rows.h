#pragma once
// Derived rows as they lie in RocksDB: their keys, what filters are kept of them, and a reader. Internal to engine/log.

#include <rocksdb/slice_transform.h>

#include <memory>
#include <string>
#include <string_view>

#include "engine/log/event_log.h"
#include "engine/log/idle_readers.h"

namespace annals {

inline constexpr std::string_view kDerivedRow = "d";   // in front of a derived key

// What filters are kept of: groups (derived_group).
std::shared_ptr<const rocksdb::SliceTransform> derived_groups();

// The first key behind all that begin with `prefix`, which begins with kDerivedRow.
std::string behind(std::string_view prefix);

// Goes back to `idle` with it. Without an iterator: no rows. `directory`: for errors. Both have to outlive it.
std::unique_ptr<DerivedReader> derived_reader(IdleReaders& idle, IdleReaders::Reader reader, const std::string& directory);

}  // namespace annals
