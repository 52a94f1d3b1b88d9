#pragma once
// Write-ahead logs that are written over zeros. Internal to engine/log.
//
// A sync behind a write that makes its file longer waits for the blocks and then for the file system to note where the file ends now; one
// behind a write over blocks that are there waits for the blocks alone, half as long on ext4. So zeros are laid in front of what is written,
// by a thread beside it, as far ahead as the log is long (8 MiB at most): a store that takes little writes none, and nor does one that takes
// so much with each sync that laying costs what it saves. Closing cuts off what is left of them. After a kill they stay behind the last
// record, where RocksDB's recovery passes over them and wal_scan.h takes them for the log's end.

#include <rocksdb/file_system.h>

#include <memory>

namespace annals {

// As `base`, but that logs (*.log) are so written, and that the size it tells of one being written is without the zeros. A disk that has no
// room for zeros gets none; it is told of by the write that finds none. Threads: as `base`.
std::shared_ptr<rocksdb::FileSystem> zeroed_wals(const std::shared_ptr<rocksdb::FileSystem>& base);

}  // namespace annals
