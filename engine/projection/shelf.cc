#include "engine/projection/shelf.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace annals {

Shelf::~Shelf() {
  if (file_ >= 0) ::close(file_);
}

void Shelf::fail(std::string_view what) const {
  if (failed_) failed_ = Error{ErrorCode::kIo, std::string(what) + " a temporary file in " + std::filesystem::temp_directory_path().string() + ": " + std::strerror(errno)};
}

void Shelf::write(std::uint64_t at, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::pwrite(file_, text.data(), text.size(), static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return fail("cannot write");
    text.remove_prefix(static_cast<std::size_t>(written));
    at += static_cast<std::uint64_t>(written);
  }
}

void Shelf::flush() {
  if (file_ < 0) {
    std::string name = (std::filesystem::temp_directory_path() / "annals-XXXXXX").string();
    file_ = ::mkostemp(name.data(), O_CLOEXEC);
    if (file_ < 0) return fail("cannot make");
    ::unlink(name.c_str());
  }
  write(flushed_, newest_);
  flushed_ += newest_.size();
  newest_.clear();
}

void Shelf::put(Slot& slot, std::string_view text) {
  if (!failed_) return;
  if (slot.room < text.size() || slot.room == 0) {
    slot.offset = flushed_ + newest_.size();
    // What is put again is about as long as it was.
    slot.room = static_cast<std::uint32_t>(text.size() + text.size() / 8 + 1);
    newest_.append(text).append(slot.room - text.size(), '\0');
    slot.size = static_cast<std::uint32_t>(text.size());
    if (newest_.size() >= kInMemory) flush();
    return;
  }
  slot.size = static_cast<std::uint32_t>(text.size());
  if (slot.offset >= flushed_) {
    newest_.replace(slot.offset - flushed_, text.size(), text);
    return;
  }
  write(slot.offset, text);
}

std::string Shelf::get(const Slot& slot) const {
  if (!failed_) return {};
  if (slot.offset >= flushed_) return newest_.substr(slot.offset - flushed_, slot.size);
  std::string out(slot.size, '\0');
  for (std::size_t done = 0; done < out.size();) {
    const ssize_t there = ::pread(file_, out.data() + done, out.size() - done, static_cast<off_t>(slot.offset + done));
    if (there < 0 && errno == EINTR) continue;
    if (there <= 0) {
      fail("cannot read");
      return {};
    }
    done += static_cast<std::size_t>(there);
  }
  return out;
}

}  // namespace annals
