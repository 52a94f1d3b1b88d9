#pragma once
// The three small files that stand beside RocksDB's in a store's directory. Internal to engine/log.
//
//   FORMAT        "annals store\nformat 2\n": written last at creation, read before anything else is touched
//   writer.lock   locked by the process that writes (an open-file-description lock, gone with the process), with its number as text
//   acknowledged  the newest acknowledged position, u64 little endian, then its complement; written after every sync and itself not
//                 synced. Readers beside a writer show nothing beyond it; after a crash of the machine it may lag, never lead

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/bytes.h"
#include "engine/base/error.h"

namespace annals::store_files {

// A table on its way into the store is written under this name and a number; RocksDB takes it over whole.
inline constexpr const char* kDraftTable = "draft-table-";
// Those of a writer that was stopped.
void remove_draft_tables(const std::string& directory);

inline constexpr std::uint32_t kFormat = 2;

enum class Found { kNothing, kStore, kUnfinished, kOther };   // kUnfinished: a creation that was interrupted
struct Look {
  Found found = Found::kNothing;
  std::uint32_t format = 0;   // kStore
};
// What is at `directory`. kInvalid: not a directory; kCorrupt: a FORMAT that says nothing; kIo.
Result<Look> look(const std::string& directory);
Status write_format(const std::string& directory);

class WriterLock {
 public:
  // kLocked: names the process that has it. kIo: the directory cannot be written to.
  static Result<WriterLock> take(const std::string& directory);
  // Whether some process writes to the store now.
  static Result<bool> held(const std::string& directory);
  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&&) = delete;
  ~WriterLock();

 private:
  explicit WriterLock(int file) : file_(file) {}
  int file_;
};

class Acknowledged {
 public:
  // None: no such file, or not whole.
  static std::optional<Position> read(const std::string& directory);
  static Result<Acknowledged> open(const std::string& directory);
  Status write(Position position);
  Acknowledged(Acknowledged&& other) noexcept;
  Acknowledged& operator=(Acknowledged&&) = delete;
  ~Acknowledged();

 private:
  explicit Acknowledged(int file) : file_(file) {}
  int file_;
};

}  // namespace annals::store_files
