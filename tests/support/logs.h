#pragma once
// Logs of every implementation for tests, and directories that go away.

#include <filesystem>
#include <memory>
#include <string>

#include "engine/log/event_log.h"

namespace annals::support {

// A directory of its own below the system's temporary one, removed with the object.
class TemporaryDirectory {
 public:
  // kMemory: where files are kept in memory, if the system has such a place: for tests that open a store a thousand times.
  enum class Where { kDisk, kMemory };
  explicit TemporaryDirectory(Where where = Where::kDisk);
  ~TemporaryDirectory();
  TemporaryDirectory(TemporaryDirectory&& other) noexcept;
  TemporaryDirectory& operator=(TemporaryDirectory&&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

enum class LogKind { kMemory, kRocks };
const char* log_name(LogKind kind);

struct OwnedLog {
  std::unique_ptr<TemporaryDirectory> directory;   // of a log on disk; goes after the log
  std::unique_ptr<EventLog> log;
};
OwnedLog make_log(LogKind kind, const Clock& clock, LogOptions options = {});

}  // namespace annals::support
