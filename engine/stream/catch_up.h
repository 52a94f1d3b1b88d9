#pragma once
// Chunks of the log for those who catch up: read once for all who come the same way at about the same time, and some way ahead of them.
//
// A pass over the log makes chunk after chunk, and keeps those that somebody who came with it has still to come to. Whoever asks for one that
// is kept gets it from memory; who asks for the one that is made next waits for it. A pass goes on while somebody waits for its next chunk,
// and a little further, so that the log is read while the sockets are written; it stops where nobody comes, or where others wait for a reader.
//
// Readers of one pass drift apart. Where what is kept would become too much, whoever is ahead waits, as long as the others keep the server
// busy: a pass of which nothing has been taken for a while (Limits.still) goes on without those who are behind, and they begin one of their
// own. So the log is read once for many, and one who reads slowly or never holds up nobody. Rejected: to keep what was made last by
// whichever pass. Who falls behind then begins a pass whose chunks push out what others have still to come to, who fall behind in turn: 64
// readers had the log read 20 to 50 times.
//
// With a filter the same goes for the one whose filter it is. What is asked for backwards, without bodies or for a rest of credit is read
// chunk by chunk.
// Threads: every function from any.

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
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
    std::size_t bytes = 32u << 20;                 // of chunks kept for others, of all passes together
    std::chrono::milliseconds still{5};            // without a chunk taken: then a pass waits for nobody any more
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
  using Time = std::chrono::steady_clock::time_point;
  // Readers are counted where they are expected: behind the chunk that they were given last.
  struct Kept {
    SharedChunk chunk;
    unsigned expected = 0;
  };
  struct Pass {
    Fetch fetch;                                   // the first that was asked for. A filter is one subscription's, and its pass with it
    std::deque<Kept> kept;                         // one behind the other
    Position at;                                   // behind them: where the chunk begins that it makes next
    unsigned expected = 0;                         // there
    std::vector<Asked> waiting;                    // there
    std::size_t bytes = 0;                         // of `kept`
    Time taken{};                                  // when a chunk of it was, last
    unsigned ahead = 0;                            // chunks made last, for which nobody waited
    bool runs = false;                             // a reader has it, or will
    std::weak_ptr<boost::asio::steady_timer> looks_again;   // whether it may go on, while those ahead wait for those behind
  };
  using SharedPass = std::shared_ptr<Pass>;
  bool may_be_shared(const Fetch& fetch) const;
  void share(Asked asked);
  void read_for_one(Asked asked);
  void run(const SharedPass& pass);
  bool made(const SharedPass& pass, const SharedChunk& chunk, bool full);
  // Under mutex_:
  SharedPass find(const Fetch& fetch) const;
  SharedChunk take(Pass& pass, Position after);
  void start(const SharedPass& pass);
  bool may_go_on(Pass& pass);
  void drop_front(Pass& pass);
  void drop_unwanted(Pass& pass);

  const EventLog& log_;
  const Limits limits_;
  const std::shared_ptr<ChunkMemory> memory_;
  std::atomic<std::uint64_t> chunks_read_{0};
  std::atomic<int> queued_{0};                     // for a reader to begin
  std::mutex mutex_;
  std::list<SharedPass> passes_;
  std::size_t kept_bytes_ = 0;                     // of all passes
  boost::asio::thread_pool threads_;               // last: it ends first
};

}  // namespace annals::stream
