#pragma once
// What many clients append, written in groups: one append of the log, and so one sync, for as many as are there.
//
// A sync costs as much for one event as for a hundred, so the question is whom to wait for. Clients that send one event at a time wait
// for a sync all at once and come back all at once: whoever is first would have a sync of its own while the others wait for the next.
// So a few events wait until nobody writes, and then a moment for those who have just been answered. A long group prepares beside the
// one that is written, and waits for nobody.
// What waiting costs is made use of: events are read and checked while their group gathers, and while another is on its way to the disk.
// Waking a thread costs more than an event: one appender at a time gathers, and what comes meanwhile wakes nobody else.
// Threads: every function from any. `done` is called by the appenders.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/log/event_log.h"
#include "engine/stream/session.h"

namespace annals::stream {

// What one client sent, in its order. One of a client's is under way at a time.
struct AppendWork {
  std::uint64_t client = 0;
  std::vector<AppendFrame> frames;
  std::shared_ptr<const Rights> rights;
  std::size_t events() const;
};
struct AppendDone {
  std::uint64_t client = 0;
  std::vector<AppendOutcome> outcomes;             // one for each frame, in their order
};

class Appenders {
 public:
  // `log` must outlive it. `done` is told of each work once: its events are on disk, or it is said why not.
  Appenders(EventLog& log, unsigned threads, std::function<void(std::vector<AppendDone>)> done);
  ~Appenders();   // join()

  void add(std::vector<AppendWork> works);
  // What was added is written and told of. What is added after it is not.
  void join();

 private:
  using Time = std::chrono::steady_clock::time_point;
  // A work whose events were looked at, frame by frame.
  struct Opened {
    AppendWork work;
    std::vector<Result<std::vector<EncodedDraft>>> drafts;
  };

  void run();
  bool complete() const;                           // under mutex_, like the next
  std::vector<Opened> gather(std::unique_lock<std::mutex>& lock);
  static Opened open(AppendWork work);
  std::vector<AppendDone> append(std::vector<Opened> group);

  EventLog& log_;
  const std::function<void(std::vector<AppendDone>)> done_;
  std::mutex mutex_;
  std::condition_variable idle_wake_;              // of those who wait for something to gather
  std::condition_variable gather_wake_;            // of the one who gathers
  bool stop_ = false;
  bool gathering_ = false;
  std::deque<AppendWork> queue_;
  std::size_t events_ = 0;                         // in it, and in what is gathered
  std::size_t gathered_ = 0;                       // works
  unsigned writing_ = 0;                           // appenders
  std::size_t senders_ = 0;                        // who were in the last group, or came while it was written
  Time patience_{};                                // until when they are waited for
  std::vector<std::thread> threads_;
};

}  // namespace annals::stream
