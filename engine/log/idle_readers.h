#pragma once
// Iterators over derived rows that nobody uses at the moment. To make one looks at every file of the store, which takes longer than most
// questions that are put to it. An iterator sees the rows as they were when it was made, and keeps the files that it sees from being
// removed: so all go when a row is put, and whenever files are merged. Internal to engine/log.
//
// Threads: any number. What was taken out must be given back, or let go, before the database is closed.

#include <rocksdb/iterator.h>
#include <rocksdb/listener.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace annals {

// An iterator that goes no further than a key that can be moved: RocksDB looks at it anew at each seek.
class BoundedIterator {
 public:
  // `make` hands out an iterator whose iterate_upper_bound is what it is shown.
  template <class Make>
  explicit BoundedIterator(const Make& make) : it(make(slice_)) {}
  void end_at(std::string key) {
    end_ = std::move(key);
    slice_ = end_;
  }

 private:
  std::string end_;
  rocksdb::Slice slice_;

 public:
  const std::unique_ptr<rocksdb::Iterator> it;   // goes before what it points to
};

class IdleReaders final : public rocksdb::EventListener {
 public:
  struct Reader {
    std::unique_ptr<BoundedIterator> rows;   // none: there was none
    std::uint64_t made = 0;                    // equal numbers see the same rows; 0: that cannot be told
  };
  // None idle: one is to be made, and shown to made().
  Reader take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return {nullptr, changing_ > 0 ? 0 : made_};
    Reader out{std::move(idle_.back()), made_};
    idle_.pop_back();
    return out;
  }
  // Rows that were put since take() perhaps are in it, and perhaps not.
  void made(Reader& reader) {
    const std::lock_guard lock(mutex_);
    if (reader.made != made_) reader.made = 0;
  }
  void give(Reader reader) {
    if (reader.rows == nullptr || !reader.rows->it->status().ok()) return;
    const std::lock_guard lock(mutex_);
    if (reader.made == made_ && idle_.size() < kMost) idle_.push_back(std::move(reader.rows));
  }
  // While rows are put nothing is idle, so that nobody is handed what is older than what somebody else has seen.
  class Change {
   public:
    explicit Change(IdleReaders& readers) : readers_(readers) { readers_.let_go(1); }
    Change(const Change&) = delete;
    Change& operator=(const Change&) = delete;
    ~Change() { readers_.let_go(-1); }

   private:
    IdleReaders& readers_;
  };
  // What was made before is out of date, or in the way.
  void let_go(int changing = 0) {
    std::vector<std::unique_ptr<BoundedIterator>> gone;   // outside the lock: files may go with them
    const std::lock_guard lock(mutex_);
    ++made_;
    changing_ += changing;
    gone.swap(idle_);
  }
  void OnFlushCompleted(rocksdb::DB*, const rocksdb::FlushJobInfo&) override { let_go(); }
  void OnCompactionCompleted(rocksdb::DB*, const rocksdb::CompactionJobInfo&) override { let_go(); }

 private:
  static constexpr std::size_t kMost = 8;
  std::mutex mutex_;
  std::uint64_t made_ = 1;
  int changing_ = 0;   // rows are being put
  std::vector<std::unique_ptr<BoundedIterator>> idle_;
};

}  // namespace annals
