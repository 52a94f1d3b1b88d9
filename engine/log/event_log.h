#pragma once
// The event log: the only store of facts. Indexes and projections can be thrown away and rebuilt from it.
//
// Invariants, checked before a write and again after a read:
//   - positions are dense: the first event is 1, each next one is +1;
//   - an event never changes or goes away; a correction is a new event naming the old one. The one exception are words erased by
//     order (erase, below), of which the header and the leaf stay;
//   - an id is in the log once, for ever;
//   - recorded_at never runs backwards;
//   - leaf(position) = SHA-256(0x00 ‖ header ‖ SHA-256(salt ‖ body)) never changes once the event is acknowledged.
//
// Threads: append() from any thread, ordered by the log (many writers, one sync); everything else from any, also during an append.
// A visitor may call the log it is shown, append() too; what is appended meanwhile lies behind the range it is shown.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/time.h"
#include "engine/codec/codec.h"
#include "engine/event/event.h"
#include "engine/proof/proof.h"

namespace annals {

// (after, upto]: `after` is not part of the range, `upto` is.
struct PositionRange {
  Position after;
  Position upto;
};

struct Receipt {
  Position position;
  bool repeated = false;   // the log had this id already; `position` is where
};

enum class Visit : std::uint8_t { kContinue, kStop };
using EventVisitor = std::function<Visit(const Event&)>;

// What append does with an id that the log has already.
enum class OnRepeat : std::uint8_t {
  kAnswerFirst,   // never compares: the first position answers (taking a note in again, perhaps with a newer interpreter)
  kCompare,       // same content: the first position answers; other content: kConflict, nothing of the batch written
};

// A derived row to be put, or without a value taken away.
using DerivedRow = std::pair<std::string, std::optional<std::string>>;

// An event as it is stored, for codecs, proofs, streams, exports and verification.
struct StoredView;
struct StoredEvent {
  Position position;
  std::string header;   // Cap'n Proto message, 8-aligned length
  Digest salt;          // of an erased event, which has none: SHA-256(salt ‖ body), of which its leaf is made
  std::string body;     // Cap'n Proto message, 8-aligned length; empty where erased
  Digest leaf;
  std::optional<Position> erased{};   // where the erasure is that took salt and body
  // SHA-256(salt ‖ body), erased or not.
  Digest digest() const { return erased ? salt : body_digest(salt, body); }
  StoredView view() const;
};
// The same where it lies: valid while what it was taken from is.
struct StoredView {
  Position position;
  std::string_view header;   // 8-aligned, like the body
  Digest salt;
  std::string_view body;
  Digest leaf;
  std::optional<Position> erased{};
  StoredEvent copy() const { return {position, std::string(header), salt, std::string(body), leaf, erased}; }
  Digest digest() const { return erased ? salt : body_digest(salt, body); }
};
inline StoredView StoredEvent::view() const { return {position, header, salt, body, leaf, erased}; }
using StoredVisitor = std::function<Visit(const StoredView&)>;

struct StoreInfo {
  std::uint32_t format = 1;
  Zone zone = Zone::utc();   // of bare dates and assumed zones; written at creation
  Instant created{};
  // What opening had to repair, one line for a person: a torn tail, never acknowledged, that was cut off. Empty: nothing.
  std::string recovery;
};

struct ReadOptions {
  Parts parts = Parts::kAll;   // see codec.h: a reader that needs claims only reads several times as fast
  // Recompute each leaf and compare it with the stored one. Off only where the same bytes were just checked: a scan is then told of
  // damage by the store's block checksums alone.
  bool check_leaves = true;
};

struct SpaceTaken {
  std::string what;       // "events", "ids", "tree", "notes", "index of answers", "index of terms", "write-ahead log"
  std::uint64_t bytes = 0;
};

// The group of a derived key: what stands up to its second zero byte, that included; empty where there is none. A scan within one group
// (whose prefix holds it whole) does not look into files that have no row of it: so what is asked for by one name, and mostly is not
// there or lies in a few files, should have the name in its group. No key goes on behind its group
// with kNoMoreOfAGroup bytes of 0xff.
std::string_view derived_group(std::string_view key);
inline constexpr std::size_t kNoMoreOfAGroup = 64;

using DerivedVisitor = std::function<Visit(std::string_view key, std::string_view value)>;
// Derived rows as they stood when it was made, whatever is put or dropped since. Not for two threads at once.
class DerivedReader {
 public:
  virtual ~DerivedReader() = default;
  // Rows whose key starts with `prefix`, in order, from `from` (a whole key) on. The visitor may call the log, and not this reader.
  virtual Status scan(std::string_view prefix, std::string_view from, const DerivedVisitor& visit) = 0;
  virtual std::optional<std::string> get(std::string_view key) = 0;
  // Readers of one version see the same rows. 0: that cannot be told.
  virtual std::uint64_t version() const { return 0; }
};

class EventLog {
 public:
  virtual ~EventLog() = default;

  // Appends all of `batch` or nothing; returns a receipt per draft once all are on disk.
  // An id that stands twice in the batch, or that another thread is appending, is written once.
  // kInvalid: the clock is more than an hour behind the last event, or more than a day ahead of it (unless LogOptions allow it); a
  //   draft cannot be stored (see encode_event). kConflict (OnRepeat::kCompare): the id is there with other content (the actor is not
  //   content). kIo: the disk refused, nothing is acknowledged, and nothing more is taken until the log is opened again.
  // Requires: no longer than kBatchEventsMax; a log that was opened to write.
  virtual Result<std::vector<Receipt>> append(std::span<const EventDraft> batch, OnRepeat on_repeat) = 0;

  // The same of drafts that are encoded already (open_outside_event), so that it is not done twice.
  virtual Result<std::vector<Receipt>> append_encoded(std::vector<EncodedDraft> batch, OnRepeat on_repeat) = 0;

  // Takes back events as they were elsewhere (import into an empty store): positions, times and salts are kept and checked, all of
  // the batch or nothing. An erasure among them is carried out on what came before it. kInvalid: not the next position, time running backwards, a leaf or id that does not fit. kConflict: an id
  // that the log has.
  virtual Status restore(std::span<const StoredEvent> batch) = 0;

  // Appends an erasure (engine/log/erasure.h makes one) and carries it out: bodies and salts of the events it covers, and the bytes of
  // their note, are overwritten, compacted away and out of the write-ahead log before this returns; leaves and positions stay. Derived
  // data goes with them, to be made anew. Copies of the store, and what the disk keeps of deleted files, are not reached.
  // An error after the event was written leaves work that opening the log to write does before anything else; the erasure is
  // acknowledged by the next call with the same draft. kInvalid: not an erasure. Cost: one reading of the log, and a rewriting of all
  // notes and of the tables with the events.
  virtual Result<Receipt> erase(const EventDraft& erasure) = 0;
  // The erasure that took this note's bytes; none: it was not erased. put_note refuses such a note (kConflict).
  virtual Result<std::optional<Position>> erased(const Digest& note) const = 0;

  // Shows each event of the range, oldest first, until the visitor stops; returns the last position shown.
  // kCorrupt at the first event that fails a check: those before it have been shown, none after it.
  // The event is valid only during the call, the bytes of a stored one too; copy what you keep. `upto` beyond last() means last().
  virtual Result<Position> read(PositionRange range, const EventVisitor& visit, ReadOptions options = {}) const = 0;
  virtual Result<Position> read_stored(PositionRange range, const StoredVisitor& visit) const = 0;
  virtual Result<Event> get(Position position) const = 0;         // kNotFound
  // None: the log has no such event. An error: it cannot tell, because the index is damaged.
  virtual Result<std::optional<Position>> lookup(const EventId& id) const = 0;
  // The same for those who only show: none where the log cannot tell.
  std::optional<Position> find(const EventId& id) const {
    auto found = lookup(id);
    return found ? *found : std::nullopt;
  }

  // Newest event on disk; Position{} if the log is empty. For a reader beside a writer: the newest acknowledged when it opened,
  // and it stays there.
  virtual Position last() const = 0;
  virtual const StoreInfo& info() const = 0;
  // Root over leaves 1..size (RFC 9162 section 2.1.1); `size` may be below last().
  virtual Result<Digest> root(Position size) const = 0;
  // Hashes of the tree, as a TreeReader asks for them (proof.h).
  virtual Result<std::vector<Digest>> hashes(unsigned level, std::uint64_t first, std::size_t count) const = 0;
  // The tree over leaves 1..last(), for proofs. The log must outlive it.
  TreeReader tree() const {
    return TreeReader([this](unsigned level, std::uint64_t first, std::size_t count) { return hashes(level, first, count); }, last().value);
  }

  // Notes' bytes, synced before this returns. Putting the same bytes again is nothing. kInvalid: `hash` is not theirs.
  virtual Status put_note(const Digest& hash, std::string_view bytes) = 0;
  virtual Result<std::string> get_note(const Digest& hash) const = 0;   // kNotFound

  // Derived data (indexes): a space of its own, droppable, not synced, keys in byte order. Only the indexes write here.
  // Puts `rows` and takes the keys of `removed` away, together: a crash keeps both or neither, and what was put earlier with it.
  virtual Status put_derived(std::span<const std::pair<std::string, std::string>> rows, std::span<const std::string> removed = {}) = 0;
  // Many rows at once, written as sorted files of their own, all of them or none: in each keys ascend, none twice, and between its first and
  // its last there is none of another; no value takes the key away. On disk when this returns, with all that was put before. Costs a file
  // and a sync each, and then a fraction of put_derived for each row. `next` gives the rows of the next file, which are read before it is
  // asked again; none: that was all. Its error is passed on, and nothing is put.
  using DerivedFiles = std::function<Result<std::span<const DerivedRow>>()>;
  virtual Status put_derived_files(const DerivedFiles& next) = 0;
  Status put_derived_files(std::span<const std::span<const DerivedRow>> files) {
    return put_derived_files(DerivedFiles([files]() mutable -> Result<std::span<const DerivedRow>> {
      while (!files.empty() && files.front().empty()) files = files.subspan(1);
      if (files.empty()) return std::span<const DerivedRow>();
      const auto out = files.front();
      files = files.subspan(1);
      return out;
    }));
  }
  Status put_derived_sorted(std::span<const DerivedRow> rows) { return put_derived_files(std::span(&rows, 1)); }
  virtual Status drop_derived(std::string_view prefix) = 0;
  // A reader of its own costs more than a seek: who reads many rows keeps one. The log must outlive it.
  virtual std::unique_ptr<DerivedReader> derived() const = 0;
  Status scan_derived(std::string_view prefix, std::string_view from, const DerivedVisitor& visit) const { return derived()->scan(prefix, from, visit); }
  virtual std::optional<std::string> get_derived(std::string_view key) const = 0;

  // What it takes on disk, by what that is for; of a log in memory, nothing. Of the indexes what share of theirs each takes is an estimate.
  virtual std::vector<SpaceTaken> space_taken() const = 0;
};
inline constexpr std::size_t kBatchEventsMax = 65'536;

// The last event of 1..upto that was recorded by then; Position{}: none was. Cost: a get for each bit of `upto`.
Result<Position> recorded_by(const EventLog& log, Position upto, Instant at);

struct LogOptions {
  Zone zone_at_creation = Zone::utc();
  bool allow_clock_jump = false;     // append although the clock is more than a day ahead of the last event
  // Of the log on disk: what each column family gathers in memory before it writes a file; six of them. Less makes more, smaller files.
  std::size_t write_buffer_bytes = 32u << 20;
  std::size_t cache_bytes = 64u << 20;   // of the log on disk: blocks that were read lately
  bool compress = true;              // of the log on disk: tables and notes, as they are written from now on
};

// In memory, for tests and tools: the same contract, nothing survives. `clock` must outlive it.
std::unique_ptr<EventLog> make_memory_log(const Clock& clock, LogOptions options = {});

// On disk (RocksDB), one writer at a time and any number of readers beside it. kLocked: another process writes; kNotFound: no store there (open, not create);
// kUnsupported: a newer format; kCorrupt: damage, with its place; kIo: the system's words.
enum class OpenMode : std::uint8_t { kCreateOrOpen, kOpen, kReadOnly };
Result<std::unique_ptr<EventLog>> open_rocks_log(const std::string& directory, OpenMode mode, const Clock& clock, LogOptions options = {});

// Checks everything: density, ids, leaves, times, notes' hashes. Progress is told as (done, total).
struct Damage {
  Position position;       // {} where it is no event
  std::string what;        // one line
};
struct VerifyReport {
  std::uint64_t events = 0;
  std::uint64_t notes = 0;
  Digest root;
  std::vector<Damage> damage;
};
Result<VerifyReport> verify_log(const EventLog& log, const std::function<void(std::uint64_t, std::uint64_t)>& progress);

}  // namespace annals
