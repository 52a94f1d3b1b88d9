#pragma once
// Every byte of the files that a store at rest lives from, held to what was noted when it was written.
//
// Reading events and notes (verify_log) checks the blocks that are read on the way and says which event is hit. It does not touch
// what no answer needs today: filters, properties, blocks of an index that is not asked, the rest of a page. A flipped bit there is
// harmless now and a warning: the disk alters what it holds. So each table and blob file is also held to its checksum in the
// manifest (CRC-32C over the file, noted by this program since it makes files; files without one are read block by block), the manifest
// to its records' checksums, CURRENT to its form and FORMAT and `acknowledged` to theirs. Write-ahead logs are looked through at every
// opening (wal_scan.h) and not here. OPTIONS and IDENTITY are notes of RocksDB's that this program never reads.

#include <string>
#include <vector>

#include "engine/log/event_log.h"

namespace annals {

// One line for each damaged file: its name, the byte where that can be told, what is wrong. Beside a writer, files that it puts away
// meanwhile are passed over. Errors: kIo, and what opening the store says (kCorrupt with the file's name).
Result<std::vector<Damage>> damaged_files(const std::string& directory);

// CURRENT and the manifest it names, before RocksDB opens them: where a record's length was hit it takes the rest for not written, would
// open an older state of the store, and on opening to write delete the files that this state does not know.
std::vector<Damage> damaged_manifest(const std::string& directory);

// What can be told of a store that RocksDB does not open: CURRENT and the manifest it names, and tables block by block. RocksDB's own
// words name the wrong file there at times, or none.
std::vector<Damage> damaged_unopened(const std::string& directory);

}  // namespace annals
