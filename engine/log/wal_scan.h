#pragma once
// Looks through the write-ahead logs of a store before RocksDB does, because RocksDB's own recovery either loses acknowledged records
// without a word or refuses a store whose last write was torn by a crash. Internal to engine/log.
//
// What tells the two apart: this store syncs every record before it acknowledges it and never has two unsynced records, so a crash
// can tear the very last record only. A bad place with a whole record behind it is therefore damage, and so is one in a log that has
// a newer log with records.
//
// The format (RocksDB wiki, "Write Ahead Log File Format"): blocks of 32 KiB; in them fragments of checksum (CRC-32C of type and
// payload, masked), length (u16) and type (1 whole, 2 first, 3 middle, 4 last); the rest of a block too short for a header is zero.
// A record is a write batch: sequence number (u64), count (u32), rows.

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/error.h"

namespace annals {

struct WalScan {
  enum class State {
    kWhole,     // every record is whole
    kTornTail,  // the last record is not, and nothing lies behind it
    kDamaged,   // a record is not whole although whole records lie behind it
  };
  State state = State::kWhole;
  std::string file;            // of the bad place, its name in the store; empty where whole
  std::uint64_t offset = 0;    // where the bad record starts
  std::uint64_t size = 0;      // of that file
  std::string what;            // what is wrong there
  // Torn only: the file simply ends too early, as after a cut. Otherwise the record has its length but not its content.
  bool cut = false;
};

// All *.log files below `directory`, oldest first. kIo: one cannot be read.
Result<WalScan> scan_wals(const std::string& directory);

// Whether a whole fragment starts anywhere behind `from`. The manifest has the same form but no sequence numbers; one behind a bad place
// tells that it was not a crash that cut the file there.
bool fragment_behind(std::string_view content, std::uint64_t from);

// What may lie behind the last record: in a log that was not closed, the zeros that it was to be written over (wal_file.h).
enum class Tail : std::uint8_t { kNothing, kZeros };

// One log's content. `newer_has_records`: whole records lie in a newer log.
WalScan scan_wal(std::string_view content, bool newer_has_records, Tail tail = Tail::kZeros);

}  // namespace annals
