#include "tools/bench/bare.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <algorithm>

#include "engine/log/event_log.h"

namespace annals::bench {
namespace {
void must(const rocksdb::Status& status) { check(status.ok(), status.ToString()); }
}  // namespace

std::string position_key(std::uint64_t position) {
  std::string key(8, '\0');
  for (int i = 0; i < 8; ++i) key[static_cast<std::size_t>(i)] = static_cast<char>(position >> (56 - 8 * i));
  return key;
}

BareStore::BareStore(const std::string& directory, std::size_t cache_bytes) {
  rocksdb::Options options;
  options.create_if_missing = true;
  if (cache_bytes > 0) {
    rocksdb::BlockBasedTableOptions table;
    table.block_cache = rocksdb::NewLRUCache(cache_bytes);
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  }
  rocksdb::DB* db = nullptr;
  must(rocksdb::DB::Open(options, directory, &db));
  db_.reset(db);
}

BareStore::~BareStore() = default;

void BareStore::write(std::uint64_t first, std::span<const std::string> values, bool sync) {
  rocksdb::WriteBatch batch;
  for (std::size_t i = 0; i < values.size(); ++i) must(batch.Put(position_key(first + i), values[i]));
  rocksdb::WriteOptions options;
  options.sync = sync;
  must(db_->Write(options, &batch));
}

void BareStore::put(std::span<const std::pair<std::string, std::string>> rows) {
  rocksdb::WriteBatch batch;
  for (const auto& [key, value] : rows) must(batch.Put(key, value));
  must(db_->Write({}, &batch));
}

std::vector<std::string> stored_payloads(std::span<const EventDraft> drafts) {
  // Through the log in memory: the same codec, and no format of the benchmark's own.
  SystemClock clock;
  const auto log = make_memory_log(clock);
  for (std::size_t done = 0; done < drafts.size(); done += kBatchEventsMax)
    bench::must(
        log->append(drafts.subspan(done, std::min(kBatchEventsMax, drafts.size() - done)), OnRepeat::kAnswerFirst));
  std::vector<std::string> payloads;
  payloads.reserve(drafts.size());
  bench::must(log->read_stored({Position{}, log->last()}, [&](const StoredView& event) {
    payloads.push_back(std::string(event.header).append(event.body));
    return Visit::kContinue;
  }));
  return payloads;
}

}  // namespace annals::bench
