#pragma once
// The baseline of append, scan and asof: RocksDB with its own defaults and one row per event, nothing else.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/error.h"
#include "engine/event/event.h"

namespace rocksdb {
class DB;
}

namespace annals::bench {

// The value, or the end of the benchmark with the error's words: there is nobody else to tell.
template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "annals-bench: %s\n", result.error().message.c_str());
    std::exit(3);
  }
  return std::move(result).value();
}
inline void must(Status status) {
  if (!status) {
    std::fprintf(stderr, "annals-bench: %s\n", status.error().message.c_str());
    std::exit(3);
  }
}

// Keys are positions, big endian, so that byte order is log order.
std::string position_key(std::uint64_t position);

class BareStore {
 public:
  // `cache_bytes`: of blocks; 0: as RocksDB has it.
  explicit BareStore(const std::string& directory, std::size_t cache_bytes = 0);
  ~BareStore();
  // One batch: row i has key first + i.
  void write(std::uint64_t first, std::span<const std::string> values, bool sync);
  void put(std::span<const std::pair<std::string, std::string>> rows);  // one batch, not synced
  rocksdb::DB& db() { return *db_; }

 private:
  std::unique_ptr<rocksdb::DB> db_;
};

// header ‖ body of each draft as the log stores it.
std::vector<std::string> stored_payloads(std::span<const EventDraft> drafts);

}  // namespace annals::bench
