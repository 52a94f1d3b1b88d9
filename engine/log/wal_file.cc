#include "engine/log/wal_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "engine/base/thread_name.h"

namespace annals {
namespace {
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

constexpr std::uint64_t kBlock = 32768;            // of the log's format: a rest shorter than a header would be taken for a cut one
constexpr std::uint64_t kFrom = 64u << 10;         // shorter logs get no zeros
constexpr std::uint64_t kAheadMax = 8u << 20;
constexpr std::size_t kChunk = 256u << 10;
constexpr std::uint64_t kMuch = 128u << 10;        // between two syncs: then laying costs what it saves
constexpr std::uint64_t kNowhere = std::numeric_limits<std::uint64_t>::max();

// How long the logs being written are, by path.
class Lengths {
 public:
  void set(const std::string& path, std::shared_ptr<const std::atomic<std::uint64_t>> length) {
    const std::lock_guard lock(mutex_);
    lengths_[path] = std::move(length);
  }
  void forget(const std::string& path) {
    const std::lock_guard lock(mutex_);
    lengths_.erase(path);
  }
  std::optional<std::uint64_t> of(const std::string& path) const {
    const std::lock_guard lock(mutex_);
    const auto found = lengths_.find(path);
    return found == lengths_.end() ? std::nullopt : std::optional(found->second->load());
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const std::atomic<std::uint64_t>>> lengths_;
};

// RocksDB writes, syncs and closes a log by one thread at a time.
class WalFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WalFile(std::unique_ptr<rocksdb::FSWritableFile> file, std::string path, std::shared_ptr<Lengths> lengths)
      : FSWritableFileOwnerWrapper(std::move(file)), path_(std::move(path)), lengths_(std::move(lengths)),
        zeros_(::open(path_.c_str(), O_WRONLY | O_CLOEXEC)) {
    lengths_->set(path_, written_);
  }
  WalFile(const WalFile&) = delete;
  WalFile& operator=(const WalFile&) = delete;
  ~WalFile() override { cut(); }

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options, IODebugContext* dbg) override {
    lay(data.size());
    return FSWritableFileOwnerWrapper::Append(data, options, dbg);
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo& info, IODebugContext* dbg) override {
    lay(data.size());
    return FSWritableFileOwnerWrapper::Append(data, options, info, dbg);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* dbg) override {
    of_last_sync_ = std::exchange(since_sync_, 0);
    return FSWritableFileOwnerWrapper::Sync(options, dbg);
  }
  IOStatus Close(const IOOptions& options, IODebugContext* dbg) override {
    cut();
    return FSWritableFileOwnerWrapper::Close(options, dbg);
  }

 private:
  // Before `size` bytes more are written.
  void lay(std::size_t size) {
    const std::uint64_t written = *written_ += size;
    since_sync_ += size;
    if (written > from_) wait();   // or zeros would be laid over them
    if (zeros_ < 0 || written < kFrom || of_last_sync_ > kMuch || laying_) return;
    const std::uint64_t ahead = std::min(written, kAheadMax);
    if (zeroed_ > written + ahead / 2) return;
    wait();
    from_ = std::max(zeroed_.load(), written + kFrom);
    const std::uint64_t to = (from_ + ahead + kBlock - 1) / kBlock * kBlock;
    laying_ = true;
    try {
      beside_ = std::thread([this, from = from_, to] { lay_zeros(from, to); });
    } catch (const std::system_error&) {   // no thread, no zeros
      laying_ = false;
      from_ = kNowhere;
    }
  }
  void lay_zeros(std::uint64_t from, std::uint64_t to) {
    name_thread("wal zeros");
    static const std::vector<char> zeros(kChunk);
    std::uint64_t at = from;
    while (at < to) {
      const auto done = ::pwrite(zeros_, zeros.data(), std::min<std::uint64_t>(kChunk, to - at), static_cast<off_t>(at));
      if (done <= 0) break;
      at += static_cast<std::uint64_t>(done);
    }
    if (at == to && ::fdatasync(zeros_) == 0) zeroed_ = at;
    laying_ = false;
  }
  void wait() {
    if (beside_.joinable()) beside_.join();
    from_ = kNowhere;
  }
  void cut() {
    if (zeros_ >= 0) {
      wait();
      // Zeros that stay do no harm.
      static_cast<void>(::ftruncate(zeros_, static_cast<off_t>(written_->load())) == 0);
      ::close(std::exchange(zeros_, -1));
    }
    lengths_->forget(path_);
  }

  std::string path_;
  std::shared_ptr<Lengths> lengths_;
  std::shared_ptr<std::atomic<std::uint64_t>> written_ = std::make_shared<std::atomic<std::uint64_t>>(0);
  std::uint64_t since_sync_ = 0;             // bytes written
  std::uint64_t of_last_sync_ = 0;           // as many were written before it
  int zeros_;                                // the file, to lay zeros in it; -1: none are laid
  std::atomic<std::uint64_t> zeroed_ = 0;    // up to here they lie, and are on disk
  std::atomic<bool> laying_ = false;
  std::uint64_t from_ = kNowhere;            // where those begin that are being laid
  std::thread beside_;
};

class ZeroedWals final : public rocksdb::FileSystemWrapper {
 public:
  using FileSystemWrapper::FileSystemWrapper;
  static const char* kClassName() { return "annals::ZeroedWals"; }
  const char* Name() const override { return kClassName(); }

  IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options, std::unique_ptr<rocksdb::FSWritableFile>* file,
                           IODebugContext* dbg) override {
    IOStatus status = FileSystemWrapper::NewWritableFile(path, options, file, dbg);
    if (status.ok() && path.ends_with(".log")) *file = std::make_unique<WalFile>(std::move(*file), path, lengths_);
    return status;
  }
  IOStatus GetFileSize(const std::string& path, const IOOptions& options, std::uint64_t* size, IODebugContext* dbg) override {
    if (const auto length = lengths_->of(path)) {
      *size = *length;
      return IOStatus::OK();
    }
    return FileSystemWrapper::GetFileSize(path, options, size, dbg);
  }

 private:
  std::shared_ptr<Lengths> lengths_ = std::make_shared<Lengths>();
};

}  // namespace

std::shared_ptr<rocksdb::FileSystem> zeroed_wals(const std::shared_ptr<rocksdb::FileSystem>& base) { return std::make_shared<ZeroedWals>(base); }

}  // namespace annals
