#pragma once
// A file without a name, in the directory for long temporary files ($TMPDIR, else /var/tmp, for /tmp may lie in memory): gone with its
// owner or with the process. It is made when something is first written. For one thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/error.h"

namespace annals {

class TemporaryFile {
 public:
  TemporaryFile() = default;
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  // kIo, with the directory.
  Status write(std::uint64_t at, std::string_view text);
  Result<std::string> read(std::uint64_t at, std::size_t size) const;

 private:
  int file_ = -1;
};

}  // namespace annals
