// The log on disk. Keys, rows and files are described in LOG_FORMAT.md.

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/table.h>
#include <rocksdb/transaction_log.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdarg>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <filesystem>
#include <memory>
#include <functional>
#include <mutex>
#include <numeric>
#include <shared_mutex>
#include <thread>
#include <vector>

#include "engine/log/appending.h"
#include "engine/log/derived_rows.h"
#include "engine/log/erasure.h"
#include "engine/log/event_log.h"
#include "engine/log/file_check.h"
#include "engine/log/idle_readers.h"
#include "engine/log/rocks.h"
#include "engine/log/rows.h"
#include "engine/log/store_files.h"
#include "engine/log/tail.h"
#include "engine/log/wal_file.h"
#include "engine/log/wal_scan.h"
#include "engine/proof/proof.h"

namespace annals {
namespace {
namespace fs = std::filesystem;
using rocksdb::Slice;

// In the order of the handles.
enum Family : std::size_t { kMeta, kLog, kIds, kTree, kNotes, kDerived, kFamilies };
// RocksDB insists on one named "default"; here it is the family of the store's own facts.
constexpr std::array<const char*, kFamilies> kFamilyNames = {"default", "log", "ids", "tree", "notes", "derived"};

constexpr std::size_t kNoteChunk = 4u << 20;         // bytes of a note in one row: bounds what one write holds in memory
constexpr std::size_t kGroupEventsMax = 8192;        // gathered into one sync
constexpr std::size_t kGroupBytesMax = 16u << 20;
constexpr std::size_t kRowBeside = 128;              // bytes that an event's prefix, its key and what RocksDB says of them take in a batch
constexpr std::size_t kSegmentBytes = 1024;          // of the write buffer for an event of a segment: about as many rows fill it
constexpr std::size_t kSegmentsAtClosing = 8;        // closing leaves less than this part of a segment to the next opening
constexpr std::uint64_t kKeptOfARead = 16'384;       // events: a longer read would drive what is asked for again and again out of the cache
constexpr std::string_view kIndexed = "indexed";     // the position up to which files hold the ids and the tree
constexpr std::string_view kDerivedGuard = "g";      // the log's last position when derived rows were last put
constexpr std::string_view kErasing = "erasing";     // positions of erasures that have not been carried out
constexpr std::string_view kScrub = "scrub";         // rows were overwritten whose old bytes still lie in files
constexpr std::size_t kErasedRowsAtOnce = 4096;

// RocksDB's own journal (a file LOG) is not kept: what matters comes back as a status, readers must write nothing into a store, and
// 7.8's journal aborts the process when it is written to after a disk was full.
class NoJournal final : public rocksdb::Logger {
 public:
  NoJournal() : Logger(rocksdb::FATAL_LEVEL) {}
  using Logger::Logv;
  void Logv(const char*, va_list) override {}
};

struct Database {
  std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(zeroed_wals(rocksdb::FileSystem::Default()));
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  std::shared_ptr<IdleReaders> idle = std::make_shared<IdleReaders>();

  Database() = default;
  Database(Database&& other) noexcept : env(std::move(other.env)), db(std::move(other.db)), families(std::exchange(other.families, {})), idle(other.idle) {}
  Database& operator=(Database&&) = delete;
  ~Database() {
    if (!db) return;
    idle->let_go();
    for (auto* family : families) db->DestroyColumnFamilyHandle(family).PermitUncheckedError();
    db->Close().PermitUncheckedError();
  }
};

rocksdb::DBOptions database_options(rocksdb::WALRecoveryMode recovery) {
  rocksdb::DBOptions options;
  options.paranoid_checks = true;
  options.wal_recovery_mode = recovery;
  options.track_and_verify_wals_in_manifest = true;   // a log file that is missing altogether is noticed
  options.max_total_wal_size = 64u << 20;             // bounds what opening after a kill has to replay
  options.max_background_jobs = 2;
  options.max_bgerror_resume_count = 0;               // after a failed write nothing more is taken: see EventLog::append
  options.info_log = std::make_shared<NoJournal>();
  options.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();   // file_check.h holds files to it
  // recycle_log_file_num stays 0: 7.8 crashes with it, and the scan of the logs relies on files that hold one life's records.
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> families(const LogOptions& log_options) {
  const auto cache = rocksdb::NewLRUCache(log_options.cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> out;
  for (std::size_t i = 0; i < kFamilies; ++i) {
    rocksdb::BlockBasedTableOptions table;
    table.block_cache = cache;
    table.checksum = rocksdb::kXXH3;
    table.format_version = 5;
    // Where each block begins stays in memory, and so grows with the log: blocks of derived rows, which are small on disk because such rows
    // are like their neighbours, are no shorter than those of events.
    table.block_size = i == kLog || i == kDerived ? 16u << 10 : 8u << 10;
    if (i == kIds || i == kNotes || i == kDerived) table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    rocksdb::ColumnFamilyOptions options;
    options.compression = i == kIds || i == kTree || !log_options.compress ? rocksdb::kNoCompression : rocksdb::kLZ4Compression;
    options.write_buffer_size = log_options.write_buffer_bytes;
    options.paranoid_file_checks = true;
    options.level_compaction_dynamic_level_bytes = true;
    if (i == kIds) {
      // A file comes with each segment, and overlaps all others. Merged less often they cost less; looked into are their filters only.
      options.level0_file_num_compaction_trigger = 8;
      options.level0_slowdown_writes_trigger = 48;
      options.level0_stop_writes_trigger = 64;
    }
    if (i == kDerived) {
      // Filters of groups, and not of keys: nearly all that is asked is which row of a group comes first behind a place.
      options.prefix_extractor = derived_groups();
      table.whole_key_filtering = false;
      // Most bytes of the store are here, and keys are like their neighbours: told by how they differ, where blocks begin takes a quarter
      // of the memory.
      table.index_block_restart_interval = 8;
      // Its sorted files come many at a time, and are read little until they are merged.
      options.level0_file_num_compaction_trigger = 16;
      options.level0_slowdown_writes_trigger = 96;
      options.level0_stop_writes_trigger = 128;
    }
    if (i == kNotes) {
      options.enable_blob_files = true;
      options.min_blob_size = 4096;
      options.blob_compression_type = log_options.compress ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
    }
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    out.emplace_back(kFamilyNames[i], options);
  }
  return out;
}

Result<Database> open_database(const std::string& directory, rocksdb::WALRecoveryMode recovery, bool read_only, bool create,
                               const LogOptions& log_options) {
  rocksdb::DBOptions options = database_options(recovery);
  options.create_if_missing = create;
  options.create_missing_column_families = create;
  if (!create) {
    if (const auto damaged = damaged_ahead(directory); !damaged.empty()) return Error{ErrorCode::kCorrupt, fmt::format("{}: {}", directory, damaged.front().what)};
  }
  Database out;
  options.env = out.env.get();
  options.listeners.push_back(out.idle);
  rocksdb::DB* db = nullptr;
  const auto status = read_only ? rocksdb::DB::OpenForReadOnly(options, directory, families(log_options), &out.families, &db)
                                : rocksdb::DB::Open(options, directory, families(log_options), &out.families, &db);
  if (!status.ok()) {
    if (status.IsInvalidArgument() && view(status.ToString()).find("amilies not opened") != std::string_view::npos) {
      return Error{ErrorCode::kUnsupported, fmt::format("{}: it has parts that this program does not know ({})", directory, status.ToString())};
    }
    if (status.IsIOError() && view(status.ToString()).find("lock") != std::string_view::npos) {
      return Error{ErrorCode::kLocked, fmt::format("{}: another process writes to this store; one can at a time", directory)};
    }
    // A disk that refuses is no damage; all else is looked for, since RocksDB's words may name another file than the damaged one.
    if (const auto damaged = damaged_unopened(directory); !damaged.empty() && !create) return Error{ErrorCode::kCorrupt, fmt::format("{}: {}", directory, damaged.front().what)};
    return error_of(status, directory);
  }
  out.db.reset(db);
  return out;
}

class RocksEventLog final : public EventLog {
 public:
  RocksEventLog(std::string directory, const Clock& clock, LogOptions options, Database database)
      : directory_(std::move(directory)), clock_(clock), options_(std::move(options)), database_(std::move(database)) {}
  ~RocksEventLog() override { stop_sealing(); }

  // ---- Opening. Called once, before anybody else has the log.

  Status load_info() {
    std::string text;
    ANNALS_CHECK_OK(meta("format", text));
    if (text.size() != 4) return damaged("its format's number is not stored as four bytes");
    info_.format = rows::read_u32(text, 0);
    if (info_.format != store_files::kFormat) return damaged("FORMAT says another number than the store itself");
    ANNALS_CHECK_OK(meta("created", text));
    if (text.size() != 8) return damaged("its time of creation is not stored as eight bytes");
    info_.created = Instant(Micros(static_cast<std::int64_t>(rows::read_u64(text, 0))));
    ANNALS_CHECK_OK(meta("zone", text));
    auto zone = Zone::find(text);
    if (!zone) return at(directory_, zone.error());
    info_.zone = *zone;
    return {};
  }

  // What a new store begins with, synced.
  Status found() {
    rocksdb::WriteBatch batch;
    std::string format, created;
    rows::put_u32(format, store_files::kFormat);
    rows::put_u64(created, static_cast<std::uint64_t>(clock_.now().time_since_epoch().count()));
    put(batch, kMeta, "format", format);
    put(batch, kMeta, "created", created);
    put(batch, kMeta, "zone", options_.zone_at_creation.name());
    return write_synced(batch);
  }

  // Reads the last event back and rebuilds what appending needs. `upto`: show nothing beyond it.
  Status load_tail(std::optional<Position> upto) {
    {
      const std::unique_ptr<rocksdb::Iterator> it(database_.db->NewIterator(rocksdb::ReadOptions(), family(kLog)));
      it->SeekToLast();
      if (!it->status().ok()) return error_of(it->status(), directory_);
      if (it->Valid()) {
        const auto position = rows::read_position(view(it->key()));
        if (!position) return damaged("its last row is at no position");
        last_ = position->value;
      }
    }
    ANNALS_TRY(const std::uint64_t indexed, load_indexed());
    if (upto && upto->value < last_) last_ = upto->value;
    const Position from{std::min(indexed, last_.load())};
    open_ = Segment{IdTable(from), {}};
    if (last_ == 0) return {};
    ANNALS_TRY(range_, TreeReader([this](unsigned level, std::uint64_t first, std::size_t count) { return hashes(level, first, count); }, from.value).range(from.value));
    // Rows are checked by their blocks here and leaf by leaf by whoever shows them; but the last one is what appending goes on from.
    open_.ids.reserve(last_ - from.value);
    ANNALS_TRY(const Position seen, each({from, last()}, [&](const StoredView& stored) -> Result<Visit> {
      ANNALS_TRY(const Event event, appending::open_stored(stored, {.parts = Parts::kEnvelope, .check_leaves = false}));
      if (open_.ids.find(event.id)) return damaged(fmt::format("event {} has the id of one before it", stored.position.value));
      open_.ids.add(event.id);
      range_.append(stored.leaf, &open_.nodes);
      return Visit::kContinue;
    }));
    static_cast<void>(seen);
    std::string row;
    ANNALS_TRY(const StoredView tail, stored(last(), row));
    ANNALS_TRY(const Event event, appending::open_stored(tail, {.parts = Parts::kEnvelope}));
    ANNALS_TRY(const auto found, lookup(event.id));
    if (found != event.position) return damaged(fmt::format("the index of ids does not lead to its last event {}", last_.load()));
    last_recorded_ = event.recorded_at;
    return {};
  }

  Status become_writer(store_files::WriterLock lock, store_files::Acknowledged acknowledged) {
    lock_.emplace(std::move(lock));
    acknowledged_.emplace(std::move(acknowledged));
    sealer_ = std::thread([this] { seal_when_due(); });
    return acknowledged_->write(last());
  }

  // Derived rows that speak of events which the log has not: they were lost with a torn tail, and their positions will be given anew.
  Result<bool> derived_is_ahead() const {
    std::string text;
    const auto status = database_.db->Get(rocksdb::ReadOptions(), family(kDerived), slice(kDerivedGuard), &text);
    if (status.IsNotFound()) return false;
    if (!status.ok()) return true;   // not readable is not usable
    return text.size() != 8 || rows::read_u64(text, 0) > last_;
  }
  Status drop_all_derived() {
    auto status = database_.db->DropColumnFamily(family(kDerived));
    if (!status.ok()) return error_of(status, directory_);
    database_.db->DestroyColumnFamilyHandle(family(kDerived)).PermitUncheckedError();
    status = database_.db->CreateColumnFamily(families(options_)[kDerived].options, kFamilyNames[kDerived], &database_.families[kDerived]);
    return status.ok() ? Status() : Status(error_of(status, directory_));
  }
  // Of a writer: erasures that a stop left half-done.
  Status finish_erasures() { return carry_out(); }
  void hide_derived() { derived_hidden_ = true; }
  void set_recovery(std::string what) { info_.recovery = std::move(what); }

  // ---- The contract.

  Result<std::vector<Receipt>> append(std::span<const EventDraft> batch, OnRepeat on_repeat) override {
    ANNALS_CHECK_OK(writable());
    ANNALS_TRY(std::vector<appending::Prepared> prepared, appending::prepare(batch));
    return append(std::move(prepared), on_repeat);
  }
  Result<std::vector<Receipt>> append_encoded(std::vector<EncodedDraft> batch, OnRepeat on_repeat) override {
    ANNALS_CHECK_OK(writable());
    ANNALS_TRY(std::vector<appending::Prepared> prepared, appending::prepare(std::move(batch)));
    return append(std::move(prepared), on_repeat);
  }

  Result<Receipt> erase(const EventDraft& erasure) override {
    ANNALS_CHECK_OK(writable());
    if (!std::holds_alternative<Erasure>(erasure.body)) return Error{ErrorCode::kInvalid, "expected an erasure"};
    const std::lock_guard lock(erasing_mutex_);
    ANNALS_TRY(std::vector<appending::Prepared> prepared, appending::prepare(std::span(&erasure, 1), appending::Erasures::kTaken));
    ANNALS_TRY(const std::vector<Receipt> receipts, append(std::move(prepared), OnRepeat::kAnswerFirst));
    ANNALS_CHECK_OK(carry_out());
    return receipts.front();
  }

  Result<std::optional<Position>> erased(const Digest& note) const override {
    std::string head;
    const auto status = database_.db->Get(rocksdb::ReadOptions(), family(kNotes), slice(note.view()), &head);
    if (status.IsNotFound()) return std::optional<Position>();
    if (!status.ok()) return error_of(status, "note " + note.hex());
    return erased_note(head);
  }

  Status restore(std::span<const StoredEvent> batch) override {
    ANNALS_CHECK_OK(writable());
    const std::lock_guard lock(erasing_mutex_);
    Request request;
    request.restored = batch;
    for (const auto& one : batch) request.bytes += one.header.size() + one.body.size();
    enqueue(request);
    if (request.error) return *request.error;
    return carry_out();
  }

  Result<Position> read(PositionRange range, const EventVisitor& visit, ReadOptions options) const override {
    return each(range, [&](const StoredView& stored) -> Result<Visit> {
      ANNALS_TRY(const Event event, opened(stored, options));
      return visit(event);
    });
  }

  Result<Position> read_stored(PositionRange range, const StoredVisitor& visit) const override {
    return each(range, [&](const StoredView& stored) -> Result<Visit> { return visit(stored); });
  }

  Result<Event> get(Position position) const override {
    std::string row;
    ANNALS_TRY(const StoredView found, stored(position, row));
    return opened(found, {});
  }

  Result<std::optional<Position>> lookup(const EventId& id) const override {
    {
      // What is not here any more is in files already, so this has to be asked first.
      const std::shared_lock lock(tail_mutex_);
      if (const auto found = in_tail(id)) return shown(*found);
    }
    rocksdb::PinnableSlice value;
    const auto status = database_.db->Get(rocksdb::ReadOptions(), family(kIds), slice(id.view()), &value);
    return indexed(status, view(value));
  }

  Position last() const override { return Position{last_}; }
  const StoreInfo& info() const override { return info_; }

  Result<Digest> root(Position size) const override {
    if (size > last()) return appending::at_position(size, Error{ErrorCode::kNotFound, "there is no such event"});
    {
      const std::lock_guard guard(range_mutex_);
      if (range_.size() == size.value) return range_.root();
    }
    return tree().root(size.value);
  }

  // Rows that lie side by side: a scan of a tile costs less than two hundred point reads.
  Result<std::vector<Digest>> hashes(unsigned level, std::uint64_t first, std::size_t count) const override {
    std::vector<Digest> out;
    out.reserve(count);
    const bool leaves = level == 0;
    std::uint64_t end = first + count;   // of what is in files: what is not here any more is there, so this has to be asked first
    std::vector<Digest> in_memory;
    if (!leaves) {
      const std::shared_lock lock(tail_mutex_);
      for (const Segment* segment : {sealing_ ? &*sealing_ : nullptr, &open_}) {
        if (segment == nullptr) continue;
        for (const TreeNode& node : segment->nodes) {
          if (node.level != level || node.index < first || node.index >= first + count) continue;
          if (in_memory.empty()) end = node.index;
          in_memory.push_back(node.hash);
        }
      }
    }
    const auto key = [&](std::uint64_t index) { return leaves ? rows::position_key(Position{index + 1}) : rows::node_key(level, index); };
    const std::string bound = key(end);
    const Slice upper = bound;
    rocksdb::ReadOptions options;
    options.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> it(database_.db->NewIterator(options, family(leaves ? kLog : kTree)));
    it->Seek(key(first));
    for (std::uint64_t index = first; index < end; ++index, it->Next()) {
      const std::string_view wrong = leaves ? "it is missing" : "it is missing in the tree";
      const auto at_hash = [&](Error error) {
        return leaves ? appending::at_position(Position{index + 1}, std::move(error)) : at(fmt::format("node {} of level {}", index, level), std::move(error));
      };
      if (!it->Valid() && !it->status().ok()) return at_hash(error_of(it->status(), directory_));
      if (!it->Valid() || view(it->key()) != key(index)) return at_hash(Error{ErrorCode::kCorrupt, std::string(wrong)});
      Digest& hash = out.emplace_back();
      if (leaves) {
        ANNALS_TRY(const StoredView stored, rows::read_row(Position{index + 1}, view(it->value())));
        hash = stored.leaf;
      } else {
        if (it->value().size() != hash.bytes.size()) return at_hash(Error{ErrorCode::kCorrupt, "it is not 32 bytes"});
        std::memcpy(hash.bytes.data(), it->value().data(), hash.bytes.size());
      }
    }
    out.insert(out.end(), in_memory.begin(), in_memory.end());
    return out;
  }

  Status put_note(const Digest& hash, std::string_view bytes) override {
    ANNALS_CHECK_OK(writable());
    ANNALS_CHECK_OK(appending::check_note(hash, bytes));
    std::string head;
    const auto known = database_.db->Get(rocksdb::ReadOptions(), family(kNotes), slice(hash.view()), &head);
    if (known.ok()) {
      const auto erasure = erased_note(head);
      return erasure ? Status(appending::note_erased(hash, *erasure, ErrorCode::kConflict)) : Status();
    }
    if (!known.IsNotFound()) return error_of(known, directory_);
    // Each piece is synced before the next: two unsynced records could be torn in the wrong order (see wal_scan.h). The row that says
    // that the note is there comes with the last.
    std::uint32_t chunk = 0;
    for (std::size_t done = 0;; ++chunk) {
      const std::string_view piece = bytes.substr(done, kNoteChunk);
      done += piece.size();
      rocksdb::WriteBatch batch;
      put(batch, kNotes, rows::note_chunk_key(hash, chunk), piece);
      if (done == bytes.size()) {
        head.clear();
        rows::put_u64(head, bytes.size());
        put(batch, kNotes, hash.view(), head);
      }
      if (Status written = write_synced(batch); !written) return poison(written.error());
      if (done == bytes.size()) return {};
    }
  }

  Result<std::string> get_note(const Digest& hash) const override {
    const auto get = [&](std::string_view key, std::string& value) -> Status {
      const auto status = database_.db->Get(rocksdb::ReadOptions(), family(kNotes), slice(key), &value);
      if (status.IsNotFound()) return Error{ErrorCode::kNotFound, "there is no note " + hash.hex()};
      return status.ok() ? Status() : Status(error_of(status, "note " + hash.hex()));
    };
    const auto bad = [&](std::string_view what) { return Error{ErrorCode::kCorrupt, fmt::format("note {}: {}", hash.hex(), what)}; };
    std::string head;
    ANNALS_CHECK_OK(get(hash.view(), head));
    if (const auto erasure = erased_note(head)) return appending::note_erased(hash, *erasure, ErrorCode::kNotFound);
    if (head.size() != 8) return bad("its length is not stored as eight bytes");
    const std::uint64_t size = rows::read_u64(head, 0);
    std::string out;
    std::string piece;
    for (std::uint32_t chunk = 0; chunk == 0 || out.size() < size; ++chunk) {
      if (Status status = get(rows::note_chunk_key(hash, chunk), piece); !status) {
        return status.error().code == ErrorCode::kNotFound ? bad(fmt::format("its piece {} is missing", chunk)) : status.error();
      }
      if (piece.empty() && size != 0) return bad(fmt::format("its piece {} is empty", chunk));
      out += piece;
    }
    if (out.size() != size) return bad(fmt::format("it has {} bytes, expected {}", out.size(), size));
    if (sha256(out) != hash) return bad("its bytes have another hash");
    return out;
  }

  Status put_derived(std::span<const std::pair<std::string, std::string>> derived, std::span<const std::string> removed) override {
    ANNALS_CHECK_OK(writable());
    rocksdb::WriteBatch batch;
    std::string key;
    for (const std::string& name : removed) {
      const auto status = batch.Delete(family(kDerived), slice(key.assign(kDerivedRow).append(name)));
      check(status.ok(), "a batch in memory takes rows");
    }
    for (const auto& [name, value] : derived) put(batch, kDerived, key.assign(kDerivedRow).append(name), value);
    std::string guard;
    rows::put_u64(guard, last_);
    put(batch, kDerived, kDerivedGuard, guard);
    return write_derived(batch);
  }

  using EventLog::put_derived_files;
  // What was put before lies in memory, and a crash must not lose it and keep what comes after: it goes to disk first.
  Status put_derived_files(const DerivedFiles& next) override {
    ANNALS_CHECK_OK(writable());
    ANNALS_CHECK_OK(settle_derived());
    std::vector<rocksdb::IngestExternalFileArg> tables;
    for (;;) {
      const auto rows = next();
      if (!rows) {
        remove_drafts(tables);
        return rows.error();
      }
      if (rows->empty()) break;
      std::string key;
      auto table = draft_table(kDerived, [&](rocksdb::SstFileWriter& writer) {
        rocksdb::Status status;
        for (const auto& [name, value] : *rows) {
          if (!status.ok()) break;
          key.assign(kDerivedRow).append(name);
          status = value ? writer.Put(key, slice(*value)) : writer.Delete(key);
        }
        return status;
      });
      if (!table) {
        remove_drafts(tables);
        return table.error();
      }
      tables.push_back(*std::move(table));
    }
    if (tables.empty()) return {};
    // RocksDB takes one list a family.
    rocksdb::IngestExternalFileArg& all = tables.front();
    for (std::size_t i = 1; i < tables.size(); ++i) {
      all.external_files.push_back(tables[i].external_files.front());
      all.files_checksums.push_back(tables[i].files_checksums.front());
      all.files_checksum_func_names.push_back(tables[i].files_checksum_func_names.front());
    }
    tables.resize(1);
    return take_over(tables);
  }

  Status drop_derived(std::string_view prefix) override {
    ANNALS_CHECK_OK(writable());
    const std::string from = std::string(kDerivedRow).append(prefix);
    const std::string to = behind(from);
    rocksdb::WriteBatch batch;
    const auto status = batch.DeleteRange(family(kDerived), from, to);
    if (!status.ok()) return error_of(status, directory_);
    ANNALS_CHECK_OK(write_derived(batch));
    // Files of nothing else go at once, or compactions would carry what is gone along. Only when the rows are gone on disk: a crash in
    // between must not find the row that vouches for them.
    ANNALS_CHECK_OK(settle_derived());
    const Slice first = from, behind = to;
    const auto dropped = rocksdb::DeleteFilesInRange(database_.db.get(), family(kDerived), &first, &behind, false);
    return dropped.ok() ? Status() : Status(error_of(dropped, directory_));
  }

  std::vector<SpaceTaken> space_taken() const override {
    std::vector<SpaceTaken> out;
    const auto files = [&](Family which) {
      rocksdb::ColumnFamilyMetaData all;
      database_.db->GetColumnFamilyMetaData(family(which), &all);
      return all.size + all.blob_file_size;
    };
    for (const auto& [which, what] : {std::pair(kLog, "events"), std::pair(kIds, "ids"), std::pair(kTree, "tree"), std::pair(kNotes, "notes")}) out.push_back({what, files(which)});
    // Two indexes lie in one family.
    const std::uint64_t derived = files(kDerived);
    const std::array<std::string, 4> ends = {std::string(kDerivedRow).append("px"), std::string(kDerivedRow).append("py"), std::string(kDerivedRow).append("tx"), std::string(kDerivedRow).append("ty")};
    const std::array<rocksdb::Range, 2> ranges = {rocksdb::Range(ends[0], ends[1]), rocksdb::Range(ends[2], ends[3])};
    std::array<std::uint64_t, 2> parts = {1, 0};
    rocksdb::SizeApproximationOptions of_files;
    const auto status = database_.db->GetApproximateSizes(of_files, family(kDerived), ranges.data(), static_cast<int>(ranges.size()), parts.data());
    const double whole = static_cast<double>(parts[0] + parts[1]);
    const auto terms = status.ok() && whole > 0 ? static_cast<std::uint64_t>(static_cast<double>(derived) * static_cast<double>(parts[1]) / whole) : 0;
    out.push_back({"index of answers", derived - terms});
    out.push_back({"index of terms", terms});
    std::uint64_t ahead = 0;
    rocksdb::VectorLogPtr logs;
    if (database_.db->GetSortedWalFiles(logs).ok())
      for (const auto& each : logs) ahead += each->SizeFileBytes();
    out.push_back({"write-ahead log", ahead});
    return out;
  }

  std::unique_ptr<DerivedReader> derived() const override {
    IdleReaders::Reader reader;
    if (!derived_hidden_) {
      reader = database_.idle->take();
      if (reader.rows == nullptr) {
        reader.rows = std::make_unique<BoundedIterator>([&](const Slice& end) {
          rocksdb::ReadOptions options;
          options.iterate_upper_bound = &end;
          options.auto_prefix_mode = true;
          return std::unique_ptr<rocksdb::Iterator>(database_.db->NewIterator(options, family(kDerived)));
        });
        database_.idle->made(reader);
      }
    }
    return derived_reader(*database_.idle, std::move(reader), directory_);
  }

  std::optional<std::string> get_derived(std::string_view key) const override {
    if (derived_hidden_) return std::nullopt;
    std::string value;
    const auto status = database_.db->Get(rocksdb::ReadOptions(), family(kDerived), std::string(kDerivedRow).append(key), &value);
    return status.ok() ? std::optional(std::move(value)) : std::nullopt;
  }

 private:
  // What a thread waits for in the queue.
  struct Request {
    std::vector<appending::Prepared> prepared;
    OnRepeat on_repeat = OnRepeat::kAnswerFirst;
    std::span<const StoredEvent> restored;
    std::size_t bytes = 0;
    std::size_t events() const { return prepared.size() + restored.size(); }

    std::vector<Receipt> receipts;
    std::optional<Error> error;
    bool needs_sync = false;   // a receipt speaks of an event of this very group
    bool done = false;
    std::condition_variable wake;
  };

  // A group on its way to disk: what it would add to the log.
  struct Group {
    explicit Group(Position before) : ids(before), last(before) {}
    const StoredEvent& at(Position position) const { return events[position.value - ids.before().value - 1]; }
    std::vector<StoredEvent> events;
    std::vector<Digest> bodies;   // of those whose leaf is still to be made; of others none
    IdTable ids;                  // of `events`
    Position last;
    std::optional<Instant> last_recorded;
    std::optional<Instant> time;   // one reading of the clock for the group
    std::vector<Position> erasures;
  };

  rocksdb::ColumnFamilyHandle* family(Family which) const { return database_.families[which]; }
  Error damaged(std::string_view what) const { return {ErrorCode::kCorrupt, fmt::format("{}: {}", directory_, what)}; }
  void put(rocksdb::WriteBatch& batch, Family which, std::string_view key, std::string_view value) const {
    const auto status = batch.Put(family(which), slice(key), slice(value));
    check(status.ok(), "a batch in memory takes rows");
  }

  Status meta(std::string_view key, std::string& value) const {
    const auto status = database_.db->Get(rocksdb::ReadOptions(), family(kMeta), slice(key), &value);
    if (status.IsNotFound()) return damaged(fmt::format("it does not say its {}", key));
    return status.ok() ? Status() : Status(error_of(status, directory_));
  }

  Status writable() const {
    if (!lock_) return Error{ErrorCode::kInvalid, fmt::format("{}: this store was opened to read only", directory_)};
    return {};
  }

  Status write_synced(rocksdb::WriteBatch& batch) {
    rocksdb::WriteOptions options;
    options.sync = true;
    const auto status = database_.db->Write(options, &batch);
    return status.ok() ? Status() : Status(error_of(status, directory_));
  }
  // Not in the write-ahead log: a crash loses derived rows whole batches at a time, newest first, and whoever made them makes them
  // again. Unsynced records in the log could not be told from damage (see wal_scan.h).
  Status write_derived(rocksdb::WriteBatch& batch) {
    rocksdb::WriteOptions options;
    options.disableWAL = true;
    derived_in_memory_ = true;
    const IdleReaders::Change change(*database_.idle);
    const auto status = database_.db->Write(options, &batch);
    return status.ok() ? Status() : Status(error_of(status, directory_));
  }

  // With the guard, so that nothing on disk speaks of events that the guard does not know.
  Status settle_derived() {
    const std::lock_guard lock(settle_mutex_);
    const std::uint64_t last = last_;
    if (guarded_ != last) {
      ANNALS_CHECK_OK(put_derived({}, {}));
      guarded_ = last;
    }
    if (!derived_in_memory_.exchange(false)) return {};
    const auto status = database_.db->Flush(rocksdb::FlushOptions(), family(kDerived));
    return status.ok() ? Status() : Status(error_of(status, directory_));
  }

  // After a write that failed, nobody knows what of it reached the disk: opening again finds out.
  Error poison(Error error) {
    const std::lock_guard lock(queue_mutex_);
    if (!broken_) broken_ = Error{error.code, error.message + "; the store takes nothing more until it is opened again"};
    return error;
  }

  // ---- Group commit: the thread at the front of the queue writes for those behind it, and they wait.

  void enqueue(Request& request) {
    std::unique_lock lock(queue_mutex_);
    queue_.push_back(&request);
    request.wake.wait(lock, [&] { return request.done || queue_.front() == &request; });
    if (request.done) return;
    std::vector<Request*> group;
    std::size_t events = 0;
    std::size_t bytes = 0;
    for (Request* one : queue_) {
      if (!group.empty() && (events + one->events() > kGroupEventsMax || bytes + one->bytes > kGroupBytesMax)) break;
      group.push_back(one);
      events += one->events();
      bytes += one->bytes;
    }
    if (broken_) {
      for (Request* one : group) one->error = broken_;
    } else {
      lock.unlock();
      commit(group);
      lock.lock();
    }
    for (Request* one : group) {
      check(queue_.front() == one, "a group is the queue's front");
      queue_.pop_front();
      one->done = true;
      if (one != &request) one->wake.notify_one();
    }
    if (!queue_.empty()) queue_.front()->wake.notify_one();
  }

  void commit(const std::vector<Request*>& requests) {
    wait_for_room();
    Group group(last());
    group.last_recorded = last_recorded_;
    for (Request* request : requests) {
      const std::size_t before = group.events.size();
      const Position last_before = group.last;
      const auto last_recorded_before = group.last_recorded;
      Status added = request->restored.empty() ? add(group, *request) : add_restored(group, *request);
      if (added) continue;
      // All of a request or nothing: what it added is taken out again.
      group.events.resize(before);
      group.bodies.resize(before);
      group.ids.shrink(before);
      while (!group.erasures.empty() && group.erasures.back() > last_before) group.erasures.pop_back();
      group.last = last_before;
      group.last_recorded = last_recorded_before;
      request->needs_sync = false;
      request->error = added.error();
    }
    if (group.events.empty()) return;

    appending::in_halves(group.events.size(), [&](std::size_t from, std::size_t to) {
      for (std::size_t i = from; i < to; ++i)
        if (!group.bodies[i].none()) group.events[i].leaf = leaf_hash(group.events[i].header, group.bodies[i]);
    });
    std::size_t bytes = 0;
    for (const StoredEvent& event : group.events) bytes += event.header.size() + event.body.size() + kRowBeside;
    rocksdb::WriteBatch batch(bytes);   // grown as it fills, it would be copied many times over
    std::string prefix;
    for (const StoredEvent& event : group.events) {
      rows::write_prefix(event.view(), prefix);
      const std::string at = rows::position_key(event.position);
      const Slice key = at;
      const std::string tail = rows::erased_tail(event.view());
      const std::array<Slice, 3> row = {slice(prefix), slice(event.header), event.erased ? slice(tail) : slice(event.body)};
      const auto status = batch.Put(family(kLog), rocksdb::SliceParts(&key, 1), rocksdb::SliceParts(row.data(), static_cast<int>(row.size())));
      check(status.ok(), "a batch in memory takes rows");
    }

    // The tree grows while the disk writes.
    CompactRange range = range_;
    std::vector<TreeNode> completed;
    Status written = note_erasures(group.erasures, batch);
    appending::both(group.events.size(), [&] { if (written) written = write_synced(batch); },
                    [&] { for (const StoredEvent& event : group.events) range.append(event.leaf, &completed); });
    if (written) written = acknowledged_->write(group.last);
    if (!written) {
      const Error error = poison(written.error());
      for (Request* request : requests) {
        if (request->needs_sync) request->error = error;
      }
      return;
    }
    last_recorded_ = group.last_recorded;
    {
      const std::lock_guard guard(range_mutex_);
      range_ = std::move(range);
    }
    bool due = false;
    {
      const std::unique_lock lock(tail_mutex_);
      for (const EventId& id : group.ids.ids()) open_.ids.add(id);
      open_.nodes.insert(open_.nodes.end(), completed.begin(), completed.end());
      due = open_.ids.size() >= segment_events() && !sealing_;
    }
    last_ = group.last.value;   // behind the tail: whoever knows of an event finds it
    if (due) tail_changed_.notify_all();
  }

  Status add(Group& group, Request& request) {
    ANNALS_TRY(const auto known, lookup_all(request.prepared));
    for (std::size_t i = 0; i < request.prepared.size(); ++i) {
      appending::Prepared& one = request.prepared[i];
      std::optional<Position> old = known[i];
      const EventId id = one.draft.id;
      const auto twin = group.ids.find(id);
      if (twin) {
        old = *twin;
        request.needs_sync = true;   // not on disk yet: answered with the rest
      }
      if (old) {
        if (request.on_repeat == OnRepeat::kCompare) {
          std::string row;
          StoredView first;
          if (twin) {
            first = group.at(*twin).view();
          } else {
            ANNALS_TRY(first, stored(*old, row));
          }
          ANNALS_TRY(const bool same, appending::same_content(one.draft.bytes, first));
          if (!same) return appending::conflict(*old, id);
        }
        request.receipts.push_back({*old, true});
        continue;
      }
      if (!group.time) {
        ANNALS_TRY(group.time, appending::recording_time(clock_.now(), last_recorded_, options_.allow_clock_jump));
      }
      // Restored events of the same group may be later than the clock.
      const Instant time = group.last_recorded ? std::max(*group.time, *group.last_recorded) : *group.time;
      const Position next{group.last.value + 1};
      group.ids.add(id);
      if (one.draft.kind == EventKind::kErasure) group.erasures.push_back(next);
      group.bodies.push_back(one.body_digest);
      group.events.push_back(appending::finish(std::move(one), next, time));
      group.last = next;
      group.last_recorded = time;
      request.needs_sync = true;
      request.receipts.push_back({next, false});
    }
    return {};
  }

  Status add_restored(Group& group, Request& request) {
    ANNALS_TRY(const std::vector<Event> events, appending::check_restored(request.restored, group.last, group.last_recorded));
    for (std::size_t i = 0; i < events.size(); ++i) {
      const EventId& id = events[i].id;
      ANNALS_TRY(std::optional<Position> old, lookup(id));
      if (const auto twin = group.ids.find(id)) old = twin;
      if (old) return appending::conflict(*old, id);
      group.ids.add(id);
      if (events[i].kind() == EventKind::kErasure) group.erasures.push_back(events[i].position);
      group.bodies.emplace_back();
      group.events.push_back(request.restored[i]);
      group.last = events[i].position;
      group.last_recorded = events[i].recorded_at;
      request.needs_sync = true;
    }
    return {};
  }

  Result<std::optional<Position>> indexed(const rocksdb::Status& status, std::string_view value) const {
    if (status.IsNotFound()) return std::optional<Position>();
    if (!status.ok()) return error_of(status, directory_);
    if (value.size() != 8) return damaged("a row of the index of ids is not eight bytes");
    return shown(Position{rows::read_u64(value, 0)});
  }
  // A reader beside the writer: not yet for it. In the writer: not yet acknowledged.
  std::optional<Position> shown(Position position) const { return position > last() ? std::nullopt : std::optional(position); }
  // Under tail_mutex_.
  std::optional<Position> in_tail(const EventId& id) const {
    if (const auto found = open_.ids.find(id)) return found;
    return sealing_ ? sealing_->ids.find(id) : std::nullopt;
  }

  Result<std::vector<std::optional<Position>>> lookup_all(const std::vector<appending::Prepared>& wanted) const {
    std::vector<std::optional<Position>> out(wanted.size());
    std::vector<Slice> keys;
    std::vector<std::size_t> places;
    keys.reserve(wanted.size());
    places.reserve(wanted.size());
    {
      const std::shared_lock lock(tail_mutex_);
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (const auto found = in_tail(wanted[i].draft.id)) {
          out[i] = shown(*found);
          continue;
        }
        keys.push_back(slice(wanted[i].draft.id.view()));
        places.push_back(i);
      }
    }
    if (keys.empty()) return out;
    std::vector<rocksdb::PinnableSlice> values(keys.size());
    std::vector<rocksdb::Status> statuses(keys.size());
    database_.db->MultiGet(rocksdb::ReadOptions(), family(kIds), keys.size(), keys.data(), values.data(), statuses.data());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      ANNALS_TRY(out[places[i]], indexed(statuses[i], view(values[i])));
    }
    return out;
  }

  // ---- Sealing: ids and nodes of the tail go into files, a segment at a time, written by a thread of its own. All files of a segment
  // and the mark are taken over in one step, so that there is nothing between them for a stop to leave.

  std::size_t segment_events() const { return std::max<std::size_t>(kTileWidth, options_.write_buffer_bytes / kSegmentBytes / kTileWidth * kTileWidth); }

  // Where the files' indexes end: what lies behind is read from the rows.
  Result<std::uint64_t> load_indexed() const {
    ANNALS_TRY(const std::string mark, own(kIndexed));
    if (mark.empty()) return std::uint64_t{0};
    if (mark.size() != 8) return damaged("the place up to which it is indexed is not stored as eight bytes");
    const std::uint64_t indexed = rows::read_u64(mark, 0);
    if (indexed > last_) return damaged(fmt::format("its indexes reach to event {}, its log to event {}", indexed, last_.load()));
    return indexed;
  }

  void seal_when_due() {
    std::unique_lock lock(tail_mutex_);
    while (true) {
      tail_changed_.wait(lock, [&] { return closing_ || open_.ids.size() >= segment_events(); });
      if (closing_) return;
      lock.unlock();
      const Status sealed = seal();
      if (!sealed) poison(sealed.error());
      lock.lock();
      if (sealed) continue;
      closing_ = true;   // what is left is read from the rows at the next opening
      tail_changed_.notify_all();
      return;
    }
  }

  // The tail is bounded, and with it what opening has to read: who appends faster than segments are written waits for them.
  void wait_for_room() {
    std::unique_lock lock(tail_mutex_);
    tail_changed_.wait(lock, [&] { return closing_ || !sealing_ || open_.ids.size() < segment_events(); });
  }

  void stop_sealing() {
    if (!sealer_.joinable()) return;
    {
      const std::unique_lock lock(tail_mutex_);
      closing_ = true;
    }
    tail_changed_.notify_all();
    sealer_.join();
    const std::lock_guard lock(queue_mutex_);
    if (broken_ || open_.ids.size() < std::max<std::size_t>(kTileWidth, segment_events() / kSegmentsAtClosing)) return;
    static_cast<void>(seal());   // where it fails, the next opening reads more rows
  }

  // Up to a whole node of the lowest kept level, so that the next segment's nodes need nothing of this one.
  Status seal() {
    const std::lock_guard one(sealing_mutex_);
    {
      const std::unique_lock lock(tail_mutex_);
      const Position upto{open_.ids.last().value / kTileWidth * kTileWidth};
      if (upto <= open_.ids.before()) return {};
      sealing_.emplace(cut_off(open_, upto));
    }
    ANNALS_CHECK_OK(write_segment(*sealing_));
    {
      const std::unique_lock lock(tail_mutex_);
      sealing_.reset();
    }
    tail_changed_.notify_all();
    return {};
  }

  Status write_segment(const Segment& segment) {
    // What the indexes speak of lies in tables itself by then: a write-ahead log that is cut short takes no event that they know.
    const auto flushed = database_.db->Flush(rocksdb::FlushOptions(), family(kLog));
    if (!flushed.ok()) return error_of(flushed, directory_);
    std::vector<rocksdb::IngestExternalFileArg> tables;
    const auto draft = [&](Family which, const std::function<rocksdb::Status(rocksdb::SstFileWriter&)>& fill) -> Status {
      ANNALS_TRY(rocksdb::IngestExternalFileArg table, draft_table(which, fill));
      tables.push_back(std::move(table));
      return {};
    };
    std::string value;
    const auto number = [&](std::uint64_t of) -> Slice {
      value.clear();
      rows::put_u64(value, of);
      return value;
    };
    ANNALS_CHECK_OK(draft(kIds, [&](rocksdb::SstFileWriter& writer) {
      const auto ids = segment.ids.ids();
      std::vector<std::uint32_t> order(ids.size());
      std::iota(order.begin(), order.end(), 0u);
      std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return ids[a] < ids[b]; });
      rocksdb::Status status;
      for (const std::uint32_t at : order) {
        if (!status.ok()) break;
        status = writer.Put(slice(ids[at].view()), number(segment.ids.before().value + at + 1));
      }
      return status;
    }));
    ANNALS_CHECK_OK(draft(kTree, [&](rocksdb::SstFileWriter& writer) {
      std::vector<TreeNode> nodes = segment.nodes;
      std::sort(nodes.begin(), nodes.end(), [](const TreeNode& a, const TreeNode& b) { return std::pair(a.level, a.index) < std::pair(b.level, b.index); });
      rocksdb::Status status;
      for (const TreeNode& node : nodes) {
        if (!status.ok()) break;
        status = writer.Put(rows::node_key(node.level, node.index), slice(node.hash.view()));
      }
      return status;
    }));
    ANNALS_CHECK_OK(draft(kMeta, [&](rocksdb::SstFileWriter& writer) { return writer.Put(slice(kIndexed), number(segment.ids.last().value)); }));
    return take_over(tables);
  }

  // A sorted table beside the store's own files; `fill` puts its rows, ascending, none twice.
  Result<rocksdb::IngestExternalFileArg> draft_table(Family which, const std::function<rocksdb::Status(rocksdb::SstFileWriter&)>& fill) {
    const std::string path = fmt::format("{}/{}{}", directory_, store_files::kDraftTable, draft_tables_.fetch_add(1));
    // What was just written is what is read next: it stays in the system's cache of files, out of which RocksDB would have it go.
    rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), database_.db->GetOptions(family(which)), family(which), false);
    auto status = writer.Open(path);
    if (status.ok()) status = fill(writer);
    rocksdb::ExternalSstFileInfo written;
    if (status.ok()) status = writer.Finish(&written);
    rocksdb::IngestExternalFileArg file;
    file.column_family = family(which);
    file.external_files = {path};
    file.files_checksums = {written.file_checksum};
    file.files_checksum_func_names = {written.file_checksum_func_name};
    file.options.move_files = true;
    file.options.write_global_seqno = false;   // would change bytes behind the checksum
    file.options.verify_file_checksum = false;  // it was made a moment ago
    if (status.ok()) return file;
    std::error_code ignored;
    fs::remove(path, ignored);
    if (status.IsInvalidArgument()) return Error{ErrorCode::kInvalid, status.ToString()};
    return error_of(status, directory_);
  }
  // All of them or none, also where the process is killed: RocksDB notes them in one step.
  Status take_over(const std::vector<rocksdb::IngestExternalFileArg>& tables) {
    const IdleReaders::Change change(*database_.idle);
    const auto status = database_.db->IngestExternalFiles(tables);
    if (status.ok()) return {};
    remove_drafts(tables);
    if (status.IsInvalidArgument()) return Error{ErrorCode::kInvalid, status.ToString()};
    return error_of(status, directory_);
  }
  static void remove_drafts(const std::vector<rocksdb::IngestExternalFileArg>& tables) {
    std::error_code ignored;
    for (const auto& table : tables)
      for (const std::string& path : table.external_files) fs::remove(path, ignored);
  }

  Result<std::vector<Receipt>> append(std::vector<appending::Prepared> prepared, OnRepeat on_repeat) {
    Request request;
    request.prepared = std::move(prepared);
    request.on_repeat = on_repeat;
    for (const auto& [draft, salt, digest] : request.prepared) request.bytes += draft.bytes.header.size() + draft.bytes.body.size();
    enqueue(request);
    if (request.error) return *request.error;
    return std::move(request.receipts);
  }

  // ---- Erasing. An erasure is written together with a note that it has to be carried out, which goes when that is done: so a stop in
  // between is made up for when the log is opened to write. All under erasing_mutex_, but for note_erasures, which runs for somebody
  // who has it.

  Status note_erasures(const std::vector<Position>& erasures, rocksdb::WriteBatch& batch) const {
    if (erasures.empty()) return {};
    ANNALS_TRY(std::string all, own(kErasing));
    for (const Position position : erasures) rows::put_u64(all, position.value);
    put(batch, kMeta, kErasing, all);
    return {};
  }

  // A row of the store's own family; "" where there is none.
  Result<std::string> own(std::string_view key) const {
    std::string value;
    const auto status = database_.db->Get(rocksdb::ReadOptions(), family(kMeta), slice(key), &value);
    if (!status.ok() && !status.IsNotFound()) return error_of(status, directory_);
    return value;
  }

  // Overwrites what one erasure covers. What it has done already is left alone.
  Status overwrite(Position position) {
    ANNALS_TRY(const Event event, get(position));
    const auto* erasure = std::get_if<Erasure>(&event.body);
    if (erasure == nullptr) return damaged(fmt::format("event {} is to be carried out, and is no erasure", position.value));
    ANNALS_TRY(const Covered covered, covered_by(*this, *erasure, position));
    std::vector<Position> all = covered.events;
    all.insert(all.end(), covered.adopted.begin(), covered.adopted.end());
    std::sort(all.begin(), all.end());
    rocksdb::WriteBatch batch;
    std::string row, fresh;
    std::string span;   // first and last of the rows that changed, so far
    ANNALS_TRY(span, own(kScrub));
    const auto flush = [&]() -> Status {
      if (batch.Count() == 0) return {};
      put(batch, kMeta, kScrub, span);
      if (Status written = write_synced(batch); !written) return poison(written.error());
      batch.Clear();
      return {};
    };
    for (const Position each : all) {
      ANNALS_TRY(StoredView stored, this->stored(each, row));
      if (stored.erased && *stored.erased >= position) continue;
      if (!stored.erased) stored.salt = stored.digest();
      stored.erased = position;
      fresh.clear();
      rows::write_row(stored, fresh);
      put(batch, kLog, rows::position_key(each), fresh);
      span = rows::widened(span, each);
      if (batch.Count() >= kErasedRowsAtOnce) ANNALS_CHECK_OK(flush());
    }
    ANNALS_TRY(const auto before, erased(erasure->note));
    if (!before || *before < position) {
      const std::string first = rows::note_chunk_key(erasure->note, 0);
      const std::string behind = rows::note_chunk_key(erasure->note, UINT32_MAX);
      const auto status = batch.DeleteRange(family(kNotes), slice(first), slice(behind));
      check(status.ok(), "a batch in memory takes rows");
      std::string head;
      rows::put_u64(head, 0);
      rows::put_u64(head, position.value);
      put(batch, kNotes, erasure->note.view(), head);
    }
    return flush();
  }

  Status carry_out() {
    ANNALS_TRY(const std::string pending, own(kErasing));
    if (!pending.empty()) {
      if (pending.size() % 8 != 0) return damaged("its list of erasures to be carried out is not whole");
      for (std::size_t i = 0; i < pending.size(); i += 8) ANNALS_CHECK_OK(overwrite(Position{rows::read_u64(pending, i)}));
      kept_.forget();
    }
    ANNALS_TRY(const std::string span, own(kScrub));
    if (!span.empty()) ANNALS_CHECK_OK(scrub(span));
    if (pending.empty() && span.empty()) return {};
    rocksdb::WriteBatch done;
    for (const std::string_view key : {kErasing, kScrub}) {
      const auto status = done.Delete(family(kMeta), slice(key));
      check(status.ok(), "a batch in memory takes rows");
    }
    if (Status written = write_synced(done); !written) return poison(written.error());
    return {};
  }

  // Rewrites the files that may hold what was overwritten between two positions, and sees to it that the old ones are gone. What was
  // made from it goes as a whole.
  Status scrub(std::string_view span) {
    const std::lock_guard no_segment(sealing_mutex_);   // its files come and go, and left_over looks for files
    ANNALS_CHECK_OK(drop_derived({}));
    rocksdb::FlushOptions flush;
    flush.allow_write_stall = true;
    auto status = database_.db->Flush(flush, database_.families);   // and so out of the write-ahead log
    if (!status.ok()) return error_of(status, directory_);
    rocksdb::CompactRangeOptions options;
    options.exclusive_manual_compaction = true;
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    options.allow_write_stall = true;
    options.blob_garbage_collection_policy = rocksdb::BlobGarbageCollectionPolicy::kForce;   // a blob file goes when no row needs it any more
    options.blob_garbage_collection_age_cutoff = 1.0;
    if (span.size() == 16) {
      const std::string from(span.substr(0, 8)), to(span.substr(8));
      const Slice begin = from, end = to;
      status = database_.db->CompactRange(options, family(kLog), &begin, &end);
      if (!status.ok()) return error_of(status, directory_);
    }
    for (const Family each : {kNotes, kDerived}) {
      status = database_.db->CompactRange(options, family(each), nullptr, nullptr);
      if (!status.ok()) return error_of(status, directory_);
    }
    for (int attempt = 1;; ++attempt) {
      ANNALS_TRY(const std::string left, left_over());
      if (left.empty()) return {};
      if (attempt == 20) {
        return Error{ErrorCode::kIo, fmt::format("{}/{}: erased, but this file is still in use and has the old bytes; opening the store again to write removes it", directory_, left)};
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10 * attempt));
    }
  }

  // A table, blob or log file in the directory that the database does not need any more; "" where there is none.
  Result<std::string> left_over() const {
    rocksdb::LiveFilesStorageInfoOptions options;
    options.wal_size_for_flush = UINT64_MAX;
    std::vector<rocksdb::LiveFileStorageInfo> live;
    const auto status = database_.db->GetLiveFilesStorageInfo(options, &live);
    if (!status.ok()) return error_of(status, directory_);
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory_, error)) {
      const std::string name = entry.path().filename().string();
      if (!name.ends_with(".sst") && !name.ends_with(".blob") && !name.ends_with(".log")) continue;
      std::error_code gone;
      if (entry.file_size(gone) == 0 || gone) continue;   // an empty log is not listed among the live ones
      if (std::none_of(live.begin(), live.end(), [&](const auto& file) { return file.relative_filename == name; })) return name;
    }
    if (error) return Error{ErrorCode::kIo, fmt::format("{}: {}", directory_, error.message())};
    return std::string();
  }

  // The head of an erased note has a second number, where the erasure is.
  static std::optional<Position> erased_note(std::string_view head) {
    return head.size() == 16 ? std::optional(Position{rows::read_u64(head, 8)}) : std::nullopt;
  }

  // ---- Reading.

  // The event of a row; of an erased one with what was kept of it.
  Result<Event> opened(const StoredView& stored, ReadOptions options) const {
    auto event = appending::open_stored(stored, options);   // returned where it lies: nearly every event of a scan passes here
    if (!event || !event->erased || options.parts == Parts::kEnvelope) return event;
    const Status back = kept_.put_back(*event, [&](Position at) -> Result<Erasure> {
      // A reader beside the writer may see rows that an event behind its last has erased.
      std::string row;
      const auto status = database_.db->Get(rocksdb::ReadOptions(), family(kLog), rows::position_key(at), &row);
      if (!status.ok()) return appending::at_position(stored.position, damaged(fmt::format("it was erased by event {}, which cannot be read", at.value)));
      ANNALS_TRY(const StoredView found, rows::read_row(at, row));
      ANNALS_TRY(Event erasure, appending::open_stored(found, {}));
      if (erasure.kind() != EventKind::kErasure) return appending::at_position(stored.position, damaged(fmt::format("it was erased by event {}, which is no erasure", at.value)));
      return std::get<Erasure>(std::move(erasure.body));
    });
    if (!back) return back.error();
    return event;
  }

  // The row of a position, in `row`, as a view of it.
  Result<StoredView> stored(Position position, std::string& row) const {
    if (position.value == 0 || position > last()) {
      return appending::at_position(position, Error{ErrorCode::kNotFound, "there is no such event"});
    }
    const auto status = database_.db->Get(rocksdb::ReadOptions(), family(kLog), rows::position_key(position), &row);
    if (status.IsNotFound()) return appending::at_position(position, Error{ErrorCode::kCorrupt, "it is missing"});
    if (!status.ok()) return appending::at_position(position, error_of(status, directory_));
    return rows::read_row(position, row);
  }

  template <class See>
  Result<Position> each(PositionRange range, const See& see) const {
    const std::uint64_t end = std::min(range.upto.value, last().value);
    Position shown;
    if (range.after.value >= end) return shown;
    const std::string bound = rows::position_key(Position{end + 1});
    const Slice upper = bound;
    rocksdb::ReadOptions options;
    options.iterate_upper_bound = &upper;
    options.readahead_size = end - range.after.value > 64 ? 1u << 20 : 0;
    options.fill_cache = end - range.after.value <= kKeptOfARead;
    const std::unique_ptr<rocksdb::Iterator> it(database_.db->NewIterator(options, family(kLog)));
    std::vector<std::uint64_t> aligned;   // rows lie anywhere in a block; events are read from words
    it->Seek(rows::position_key(Position{range.after.value + 1}));
    for (Position expected{range.after.value + 1}; expected.value <= end; ++expected.value, it->Next()) {
      if (!it->Valid()) {
        if (!it->status().ok()) return appending::at_position(expected, error_of(it->status(), directory_));
        return appending::at_position(expected, Error{ErrorCode::kCorrupt, "it is missing"});
      }
      if (rows::read_position(view(it->key())) != expected) {
        return appending::at_position(expected, Error{ErrorCode::kCorrupt, "it is missing"});
      }
      const Slice value = it->value();
      aligned.resize(value.size() / 8 + 1);
      std::memcpy(aligned.data(), value.data(), value.size());
      ANNALS_TRY(const StoredView stored,
                 rows::read_row(expected, {reinterpret_cast<const char*>(aligned.data()), value.size()}));
      ANNALS_TRY(const Visit next, see(stored));
      shown = expected;
      if (next == Visit::kStop) break;
    }
    return shown;
  }

  const std::string directory_;
  const Clock& clock_;
  const LogOptions options_;
  StoreInfo info_;
  std::optional<store_files::WriterLock> lock_;                // none: a reader. Goes after the database
  std::optional<store_files::Acknowledged> acknowledged_;
  Database database_;
  bool derived_hidden_ = false;

  std::atomic<std::uint64_t> last_{0};   // newest acknowledged
  mutable std::mutex range_mutex_;
  CompactRange range_;                   // over 1..last_; written by the leader, under the mutex
  std::optional<Instant> last_recorded_; // the leader's alone

  mutable std::shared_mutex tail_mutex_;         // the three below
  Segment open_;                                 // the newest events
  std::optional<Segment> sealing_;               // those before them, while their files are written
  bool closing_ = false;                         // no more segments
  std::condition_variable_any tail_changed_;
  std::mutex sealing_mutex_;                     // one segment at a time
  std::thread sealer_;                           // of a writer

  std::atomic<std::uint64_t> draft_tables_{0};
  std::atomic<bool> derived_in_memory_{false};
  std::mutex settle_mutex_;
  std::uint64_t guarded_ = 0;            // under it: what the guard on disk says, of this life

  std::mutex erasing_mutex_;
  KeptWords kept_;
  std::mutex queue_mutex_;
  std::deque<Request*> queue_;
  std::optional<Error> broken_;          // a write failed
};

Error damaged_log(const std::string& directory, const WalScan& scan) {
  return {ErrorCode::kCorrupt, fmt::format("{}/{}: at byte {} of {} {}: opening would lose acknowledged events; the file has to be mended or "
                                           "restored by hand",
                                           directory, scan.file, scan.offset, scan.size, scan.what)};
}

// How RocksDB may treat the logs that `scan` found.
rocksdb::WALRecoveryMode recovery_mode(const WalScan& scan) {
  if (scan.state == WalScan::State::kWhole) return rocksdb::WALRecoveryMode::kAbsoluteConsistency;
  // A record that is there but not whole is to RocksDB no tail that it tolerates; nothing lies behind it, so stopping there is the same.
  return scan.cut ? rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords : rocksdb::WALRecoveryMode::kPointInTimeRecovery;
}

Result<std::unique_ptr<RocksEventLog>> make_reader(const std::string& directory, const Clock& clock, const LogOptions& options,
                                                   rocksdb::WALRecoveryMode recovery) {
  ANNALS_TRY(Database database, open_database(directory, recovery, true, false, options));
  auto log = std::make_unique<RocksEventLog>(directory, clock, options, std::move(database));
  ANNALS_CHECK_OK(log->load_info());
  return log;
}

Result<std::unique_ptr<EventLog>> open_reader(const std::string& directory, const Clock& clock, const LogOptions& options) {
  // A writer may delete files between the moments when RocksDB learns of them and opens them.
  constexpr int kTries = 20;
  for (int attempt = 1;; ++attempt) {
    ANNALS_TRY(const bool beside_writer, store_files::WriterLock::held(directory));
    const auto once = [&]() -> Result<std::unique_ptr<EventLog>> {
      ANNALS_TRY(const WalScan scan, scan_wals(directory));
      if (scan.state == WalScan::State::kDamaged) return damaged_log(directory, scan);
      const auto recovery = beside_writer ? rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords : recovery_mode(scan);
      const std::optional<Position> known = beside_writer ? store_files::Acknowledged::read(directory) : std::nullopt;
      ANNALS_TRY(auto log, make_reader(directory, clock, options, recovery));
      // Read after the store, so that it is never older than what is in sight; beyond it lies what is not synced yet.
      const std::optional<Position> acknowledged = store_files::Acknowledged::read(directory);
      if (beside_writer && !acknowledged) return Error{ErrorCode::kIo, fmt::format("{}: its writer has just begun", directory)};
      ANNALS_CHECK_OK(log->load_tail(beside_writer ? acknowledged : std::nullopt));
      // A write-ahead log that went into a table and away after the manifest was read is missed by nobody else.
      if (known && log->last() < *known) return Error{ErrorCode::kIo, fmt::format("{}: its writer put files away while they were opened", directory)};
      if (!scan.cut && scan.state == WalScan::State::kTornTail && !beside_writer && acknowledged && *acknowledged > log->last()) {
        return damaged_log(directory, scan);
      }
      ANNALS_TRY(const bool ahead, log->derived_is_ahead());
      if (ahead) log->hide_derived();
      return std::unique_ptr<EventLog>(std::move(log));
    };
    auto log = once();
    if (log || !beside_writer || attempt == kTries) return log;
    std::this_thread::sleep_for(std::chrono::milliseconds(10 * attempt));
  }
}

Result<std::unique_ptr<EventLog>> open_writer(const std::string& directory, bool create, const Clock& clock, const LogOptions& options) {
  if (create) {
    std::error_code error;
    fs::create_directories(directory, error);
    if (error) return Error{ErrorCode::kIo, fmt::format("{}: {}", directory, error.message())};
  }
  ANNALS_TRY(auto lock, store_files::WriterLock::take(directory));
  ANNALS_TRY(const WalScan scan, scan_wals(directory));
  if (scan.state == WalScan::State::kDamaged) return damaged_log(directory, scan);
  const std::optional<Position> acknowledged = create ? std::nullopt : store_files::Acknowledged::read(directory);
  if (scan.state == WalScan::State::kTornTail && !scan.cut && acknowledged) {
    // The last record has its length but not its content: torn by a crash while it was written, or damaged since. It was damaged
    // if it had been acknowledged. Looked at without changing anything.
    ANNALS_TRY(auto look, make_reader(directory, clock, options, recovery_mode(scan)));
    ANNALS_CHECK_OK(look->load_tail(std::nullopt));
    if (*acknowledged > look->last()) return damaged_log(directory, scan);
  }
  store_files::remove_draft_tables(directory);
  ANNALS_TRY(Database database, open_database(directory, recovery_mode(scan), false, create, options));
  auto log = std::make_unique<RocksEventLog>(directory, clock, options, std::move(database));
  if (scan.state == WalScan::State::kTornTail) {
    // RocksDB may keep the torn file beside newer ones, where it would look like damage. What is cut off was looked at and left out.
    std::error_code error;
    const fs::path torn = fs::path(directory) / scan.file;
    if (fs::exists(torn)) fs::resize_file(torn, scan.offset, error);
    if (error) return Error{ErrorCode::kIo, fmt::format("{}: {}", torn.string(), error.message())};
  }
  if (create) ANNALS_CHECK_OK(log->found());
  ANNALS_CHECK_OK(log->load_info());
  ANNALS_CHECK_OK(log->load_tail(std::nullopt));
  std::string recovery;
  if (scan.state == WalScan::State::kTornTail) {
    recovery = fmt::format("{}/{}: at byte {} of {} {}; it was left out", directory, scan.file, scan.offset, scan.size, scan.what);
  }
  if (acknowledged && *acknowledged > log->last()) {
    if (!recovery.empty()) recovery += ". ";
    recovery += fmt::format("{}: events {} to {} were acknowledged and are gone: a log file was cut short", directory, log->last().value + 1,
                            acknowledged->value);
  }
  log->set_recovery(std::move(recovery));
  ANNALS_TRY(const bool ahead, log->derived_is_ahead());
  if (ahead) ANNALS_CHECK_OK(log->drop_all_derived());
  ANNALS_TRY(auto acknowledgements, store_files::Acknowledged::open(directory));
  ANNALS_CHECK_OK(log->become_writer(std::move(lock), std::move(acknowledgements)));
  ANNALS_CHECK_OK(log->finish_erasures());
  if (create) ANNALS_CHECK_OK(store_files::write_format(directory));
  return std::unique_ptr<EventLog>(std::move(log));
}

}  // namespace

Result<std::unique_ptr<EventLog>> open_rocks_log(const std::string& directory, OpenMode mode, const Clock& clock, LogOptions options) {
  ANNALS_TRY(const store_files::Look look, store_files::look(directory));
  const bool may_create = mode == OpenMode::kCreateOrOpen;
  switch (look.found) {
    case store_files::Found::kOther:
      return Error{may_create ? ErrorCode::kInvalid : ErrorCode::kNotFound,
                   fmt::format("{}: there is no store here, but other files; a new store needs a directory of its own", directory)};
    case store_files::Found::kNothing:
      if (!may_create) return Error{ErrorCode::kNotFound, fmt::format("{}: there is no store here", directory)};
      return open_writer(directory, true, clock, options);
    case store_files::Found::kUnfinished:
      if (!may_create) return Error{ErrorCode::kNotFound, fmt::format("{}: there is no store here, only the beginnings of one", directory)};
      return open_writer(directory, true, clock, options);
    case store_files::Found::kStore: break;
  }
  if (look.format != store_files::kFormat) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("{}/FORMAT: its format is {}, this program knows format {} only: {}", directory, look.format, store_files::kFormat,
                             look.format > store_files::kFormat ? "use a newer program" : "export it with the program that made it, and import that into a new store")};
  }
  return mode == OpenMode::kReadOnly ? open_reader(directory, clock, options) : open_writer(directory, false, clock, options);
}

}  // namespace annals
