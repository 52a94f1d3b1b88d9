#include "tools/annals/outputs.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace annals::cli {

Status write_whole(const std::string& file, std::string_view text, mode_t mode, bool fresh) {
  const auto failed = [&](std::string_view what) { return Error{ErrorCode::kIo, fmt::format("{}: cannot be {}: {}", file, what, std::strerror(errno))}; };
  const std::string beside = fresh ? file : file + ".new";
  const int out = open(beside.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | (fresh ? O_EXCL : O_TRUNC), mode);
  if (out < 0 && errno == EEXIST) return Error{ErrorCode::kConflict, fmt::format("{}: is there already, and is not written over", file)};
  if (out < 0) return failed("made");
  bool good = fchmod(out, mode) == 0;
  for (std::size_t done = 0; good && done < text.size();) {
    const ssize_t wrote = write(out, text.data() + done, text.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    good = wrote > 0;
    done += good ? static_cast<std::size_t>(wrote) : 0;
  }
  good = good && fsync(out) == 0;
  good = close(out) == 0 && good;
  if (!good || (!fresh && rename(beside.c_str(), file.c_str()) != 0)) {
    const Error error = failed("written");
    unlink(beside.c_str());
    return error;
  }
  return {};
}

}  // namespace annals::cli
