#include "engine/projection/temporary_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace annals {
namespace {

std::filesystem::path directory() {
  const char* named = std::getenv("TMPDIR");   // NOLINT(concurrency-mt-unsafe): nobody sets it here
  std::error_code none;
  if ((named == nullptr || *named == 0) && std::filesystem::is_directory("/var/tmp", none)) return "/var/tmp";
  return std::filesystem::temp_directory_path();
}

Error failed(std::string_view what) {
  const std::string why = std::strerror(errno);
  return {ErrorCode::kIo, "cannot " + std::string(what) + " a temporary file in " + directory().string() + ": " + why};
}

}  // namespace

TemporaryFile::~TemporaryFile() {
  if (file_ >= 0) ::close(file_);
}

Status TemporaryFile::write(std::uint64_t at, std::string_view text) {
  if (file_ < 0) {
    std::string name = (directory() / "annals-XXXXXX").string();
    file_ = ::mkostemp(name.data(), O_CLOEXEC);
    if (file_ < 0) return failed("make");
    ::unlink(name.c_str());
  }
  while (!text.empty()) {
    const ssize_t written = ::pwrite(file_, text.data(), text.size(), static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return failed("write");
    text.remove_prefix(static_cast<std::size_t>(written));
    at += static_cast<std::uint64_t>(written);
  }
  return {};
}

Result<std::string> TemporaryFile::read(std::uint64_t at, std::size_t size) const {
  std::string out(size, '\0');
  for (std::size_t done = 0; done < size;) {
    const ssize_t there = ::pread(file_, out.data() + done, size - done, static_cast<off_t>(at + done));
    if (there < 0 && errno == EINTR) continue;
    if (there <= 0) return failed("read");
    done += static_cast<std::size_t>(there);
  }
  return out;
}

}  // namespace annals
