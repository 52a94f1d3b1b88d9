#pragma once
// Chunks of the log for those who catch up: read once for all who come the same way at about the same time, and some way ahead of them.
//
// A pass over the log makes chunk after chunk. Whoever asks for one that a pass has just made gets it from memory; who asks for the one
// that it is about to make waits for it. A pass goes on while somebody waits for its next chunk, and a little further, so that the log is
// read while the sockets are written; it stops where nobody comes, or where others wait for a reader.
// With a filter the same goes for the one whose filter it is. What is asked for backwards, without bodies or for a rest of credit is read
// chunk by chunk.
// Threads: every function from any.

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/stream/fetch.h"

namespace annals::stream {

class CatchUp {
 public:
  struct Limits {
    unsigned threads = 2;
    std::uint32_t chunk_events = 1024;             // a fetch of as many is one that others may share
    std::size_t chunk_bytes = 512u << 10;          // what a chunk usually has
    std::size_t bytes = 2u << 20;                  // of chunks kept for others: so few that they are in the processor's cache when sent
  };
  using Deliver = std::function<void(Result<SharedChunk>)>;

  // `log` must outlive it.
  CatchUp(const EventLog& log, Limits limits);

  // `deliver` is called once, from a reader's thread or at once from this one, unless `asker` has gone before its turn comes.
  void fetch(const Fetch& fetch, std::weak_ptr<const void> asker, Deliver deliver);
  // Something else that reads the log, by the same threads.
  template <class Work>
  void post(Work work) {
    boost::asio::post(threads_, std::move(work));
  }
  // What was asked for is delivered, what is posted done; nothing may be asked for after it.
  void join() { threads_.join(); }

  std::uint64_t chunks_read() const { return chunks_read_; }

 private:
  struct Asked {
    Fetch fetch;
    std::weak_ptr<const void> asker;
    Deliver deliver;
  };
  // A filter is one subscription's: what it passed is read ahead for that one, and goes with it.
  struct Kept {
    std::shared_ptr<const Filter> filter;          // none: everything, for whoever comes that way
    SharedChunk chunk;
  };
  struct Pass {
    std::shared_ptr<const Filter> filter;
    Position at;                                   // where the chunk begins that it makes now
    std::vector<Asked> waiting;                    // for that chunk
    unsigned made = 0;
    unsigned ahead = 0;                            // of them, the last, for which nobody waited
  };
  bool may_be_shared(const Fetch& fetch) const;
  SharedChunk kept(const Fetch& fetch);            // under mutex_, like the next
  void keep(Kept kept);
  void share(Asked asked);
  void read_for_one(Asked asked);
  void run(const std::shared_ptr<Pass>& pass, const Fetch& fetch);
  bool made(const std::shared_ptr<Pass>& pass, const SharedChunk& chunk, bool full);
  std::vector<Asked> end(const std::shared_ptr<Pass>& pass);

  const EventLog& log_;
  const Limits limits_;
  const std::shared_ptr<ChunkMemory> memory_;
  std::atomic<std::uint64_t> chunks_read_{0};
  std::atomic<int> queued_{0};                     // for a reader to begin
  std::mutex mutex_;
  std::list<std::shared_ptr<Pass>> passes_;
  std::deque<Kept> kept_;                          // newest last
  std::size_t kept_bytes_ = 0;
  boost::asio::thread_pool threads_;               // last: it ends first
};

}  // namespace annals::stream
