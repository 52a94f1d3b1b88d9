#include "tests/support/logs.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace annals::support {

TemporaryDirectory::TemporaryDirectory(Where where) {
  const std::filesystem::path memory = "/dev/shm";
  const bool in_memory = where == Where::kMemory && access(memory.c_str(), W_OK) == 0;
  std::string name = ((in_memory ? memory : std::filesystem::temp_directory_path()) / "annals-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error(name + ": " + std::strerror(errno));
  path_ = name;
}
TemporaryDirectory::TemporaryDirectory(TemporaryDirectory&& other) noexcept : path_(std::exchange(other.path_, {})) {}
TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;  // what is left over is the system's to sweep
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

const char* log_name(LogKind kind) { return kind == LogKind::kMemory ? "memory" : "rocks"; }

OwnedLog make_log(LogKind kind, const Clock& clock, LogOptions options) {
  if (kind == LogKind::kMemory) return {nullptr, make_memory_log(clock, std::move(options))};
  auto directory = std::make_unique<TemporaryDirectory>();
  auto log = open_rocks_log((*directory / "store").string(), OpenMode::kCreateOrOpen, clock, std::move(options));
  if (!log) throw std::runtime_error(log.error().message);
  return {std::move(directory), std::move(*log)};
}

}  // namespace annals::support
