#pragma once
// Every byte of the files that a store at rest lives from, held to what was noted when it was written.
//
// Reading events and notes (verify_log) checks the blocks that are read on the way and says which event is hit. It does not touch
// what no answer needs today: filters, properties, blocks of an index that is not asked, the rest of a page. A flipped bit there is
// harmless now and a warning: the disk alters what it holds. So each table and blob file is also held to its checksum in the
// manifest (CRC-32C over the file, noted by this program since it makes files; files without one are read block by block), the manifest
// to its records' checksums, CURRENT to its form and FORMAT and `acknowledged` to theirs. Write-ahead logs are looked through at every
// opening (wal_scan.h) and not here. OPTIONS and IDENTITY are notes of RocksDB's that this program never reads.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/log/event_log.h"

namespace annals {

// One line for each damaged file: its name, the byte where that can be told, what is wrong. Beside a writer, files that it puts away
// meanwhile are passed over. Errors: kIo, and what opening the store says (kCorrupt with the file's name).
Result<std::vector<Damage>> damaged_files(const std::string& directory);

// The same a file at a time: what the manifest says of each table and blob file is read once, and any of them held to it as often as
// wanted. Of a store that nobody writes to.
class FileChecks {
 public:
  static Result<FileChecks> of(const std::string& directory);
  ~FileChecks();
  FileChecks(FileChecks&&) noexcept;
  FileChecks& operator=(FileChecks&&) noexcept;
  std::vector<std::string> files() const;
  // None: the file is what was written. Requires: one of files().
  Result<std::optional<Damage>> check(const std::string& file) const;

 private:
  struct Noted;
  explicit FileChecks(std::unique_ptr<Noted> noted);
  std::unique_ptr<Noted> noted_;
};

// What RocksDB would not get over, before it opens anything. CURRENT and the manifest it names: where a record's length was hit it takes
// the rest for not written, would open an older state of the store, and on opening to write delete the files that this state does not
// know. And one bit of each table, the top one of its properties' last word, at which it ends the program. Two small reads a table.
std::vector<Damage> damaged_ahead(const std::string& directory);

// What can be told of a store that RocksDB does not open: CURRENT and the manifest it names, and tables block by block. RocksDB's own
// words name the wrong file there at times, or none.
std::vector<Damage> damaged_unopened(const std::string& directory);

}  // namespace annals
