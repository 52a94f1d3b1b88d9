#include "engine/log/store_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>
#include <utility>

namespace annals::store_files {
namespace {
namespace fs = std::filesystem;

constexpr const char* kFormatName = "FORMAT";
constexpr const char* kLockName = "writer.lock";
constexpr const char* kAcknowledgedName = "acknowledged";
constexpr std::string_view kFormatHead = "annals store\nformat ";

std::string path_of(const std::string& directory, const char* name) { return (fs::path(directory) / name).string(); }

Error system_error(const std::string& path, int number) {
  return {ErrorCode::kIo, fmt::format("{}: {}", path, std::strerror(number))};
}

void close_file(int& file) {
  if (file >= 0) ::close(std::exchange(file, -1));
}

Status sync_directory(const std::string& directory) {
  int file = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return system_error(directory, errno);
  const int failed = ::fsync(file) == 0 ? 0 : errno;
  close_file(file);
  if (failed != 0) return system_error(directory, failed);
  return {};
}

struct flock whole_file(short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

}  // namespace

Result<Look> look(const std::string& directory) {
  std::error_code error;
  const auto status = fs::status(directory, error);
  if (status.type() == fs::file_type::not_found) return Look{};
  if (error) return Error{ErrorCode::kIo, fmt::format("{}: {}", directory, error.message())};
  if (!fs::is_directory(status)) return Error{ErrorCode::kInvalid, fmt::format("{}: expected a store's directory, found a file", directory)};
  const std::string path = path_of(directory, kFormatName);
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    if (errno != ENOENT) return system_error(path, errno);
    bool empty = true;
    for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
      if (at->path().filename() == kLockName) return Look{Found::kUnfinished, 0};
      empty = false;
    }
    if (error) return Error{ErrorCode::kIo, fmt::format("{}: {}", directory, error.message())};
    return Look{empty ? Found::kNothing : Found::kOther, 0};
  }
  std::ostringstream content;
  content << in.rdbuf();
  const std::string text = content.str();
  Look out{Found::kStore, 0};
  const char* const begin = text.data() + kFormatHead.size();
  const char* const end = text.data() + text.size();
  if (!text.starts_with(kFormatHead)) return Error{ErrorCode::kCorrupt, fmt::format("{}: expected 'annals store' and a format", path)};
  const auto [stop, bad] = std::from_chars(begin, end, out.format);
  if (bad != std::errc{} || out.format == 0 || std::string_view(stop, static_cast<std::size_t>(end - stop)) != "\n") {
    return Error{ErrorCode::kCorrupt, fmt::format("{}: expected 'format' and a number from 1", path)};
  }
  return out;
}

void remove_draft_tables(const std::string& directory) {
  std::error_code error;
  std::vector<fs::path> found;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error))
    if (at->path().filename().string().starts_with(kDraftTable)) found.push_back(at->path());
  for (const fs::path& path : found) fs::remove(path, error);   // one that stays is written over
}

Status write_format(const std::string& directory) {
  const std::string path = path_of(directory, kFormatName);
  const std::string draft = path + ".new";
  const std::string text = fmt::format("{}{}\n", kFormatHead, kFormat);
  int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) return system_error(draft, errno);
  const auto written = ::write(file, text.data(), text.size());
  int failed = written < 0 ? errno : written != static_cast<ssize_t>(text.size()) ? ENOSPC : 0;
  if (failed == 0 && ::fsync(file) != 0) failed = errno;
  close_file(file);
  if (failed == 0 && ::rename(draft.c_str(), path.c_str()) != 0) failed = errno;
  if (failed != 0) return system_error(path, failed);
  return sync_directory(directory);
}

Result<WriterLock> WriterLock::take(const std::string& directory) {
  const std::string path = path_of(directory, kLockName);
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) return system_error(path, errno);
  WriterLock lock(file);
  struct flock wanted = whole_file(F_WRLCK);
  if (::fcntl(file, F_OFD_SETLK, &wanted) != 0) {
    if (errno != EAGAIN && errno != EACCES) return system_error(path, errno);
    std::array<char, 32> text{};
    const auto length = ::pread(file, text.data(), text.size(), 0);
    std::string who(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    while (!who.empty() && (who.back() == '\n' || who.back() == '\0')) who.pop_back();
    return Error{ErrorCode::kLocked, fmt::format("{}: another process{} writes to this store; one can at a time", directory,
                                                 who.empty() ? "" : " (" + who + ")")};
  }
  const std::string own = fmt::format("{}\n", ::getpid());
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, own.data(), own.size(), 0) != static_cast<ssize_t>(own.size())) {
    return system_error(path, errno);
  }
  return lock;
}

Result<bool> WriterLock::held(const std::string& directory) {
  const std::string path = path_of(directory, kLockName);
  int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    if (errno == ENOENT) return false;
    return system_error(path, errno);
  }
  // Asks only: taking the lock, even for a moment, would turn a writer away.
  struct flock wanted = whole_file(F_RDLCK);
  const int failed = ::fcntl(file, F_OFD_GETLK, &wanted) == 0 ? 0 : errno;
  close_file(file);
  if (failed != 0) return system_error(path, failed);
  return wanted.l_type != F_UNLCK;
}

WriterLock::WriterLock(WriterLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
WriterLock::~WriterLock() { close_file(file_); }

std::optional<Position> Acknowledged::read(const std::string& directory) {
  std::ifstream in(path_of(directory, kAcknowledgedName), std::ios::binary);
  std::array<std::uint64_t, 2> words{};
  if (!in.read(reinterpret_cast<char*>(words.data()), sizeof words) || words[0] != ~words[1]) return std::nullopt;
  return Position{words[0]};
}

Result<Acknowledged> Acknowledged::open(const std::string& directory) {
  const std::string path = path_of(directory, kAcknowledgedName);
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) return system_error(path, errno);
  return Acknowledged(file);
}

Status Acknowledged::write(Position position) {
  const std::array<std::uint64_t, 2> words = {position.value, ~position.value};
  const auto written = ::pwrite(file_, words.data(), sizeof words, 0);
  if (written != static_cast<ssize_t>(sizeof words)) return system_error(kAcknowledgedName, written < 0 ? errno : ENOSPC);
  return {};
}

Acknowledged::Acknowledged(Acknowledged&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
Acknowledged::~Acknowledged() { close_file(file_); }

}  // namespace annals::store_files
