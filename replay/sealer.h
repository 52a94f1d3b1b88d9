#pragma once
// Keeps what is derived from a growing log near its end.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "replay/derived.h"

namespace annals {

// Seals in a thread of its own, a second after it has sealed before, where something was appended meanwhile, and gives way to others where
// the processor is wanted. What fails is told once, from
// that thread, and ends it: answers then follow the log in memory, and nothing is lost. The log must be open to write and outlive it.
class Sealer {
 public:
  Sealer(EventLog& log, std::function<void(const Error&)> failed);
  ~Sealer();   // waits for the seal at work
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;

 private:
  void run();

  EventLog& log_;
  const std::function<void(const Error&)> failed_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace annals
