#include "replay/sealer.h"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <utility>

namespace annals {
namespace {
constexpr std::chrono::seconds kRest{1};
constexpr int kNice = 5;   // a third of the processor beside whoever appends and answers, all of it where nobody does
}

Sealer::Sealer(EventLog& log, std::function<void(const Error&)> failed)
    : log_(log), failed_(std::move(failed)), thread_([this] { run(); }) {}

Sealer::~Sealer() {
  {
    const std::lock_guard guard(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Sealer::run() {
  // Of this thread, and of those that it starts. Where it is refused, the seal is as much in the way as it was.
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice));
  std::unique_lock lock(mutex_);
  while (!stop_) {
    lock.unlock();
    if (sealed_to(log_) < log_.last()) {
      if (const auto sealed = seal(log_); !sealed) {
        failed_(sealed.error());
        return;
      }
    }
    lock.lock();
    wake_.wait_for(lock, kRest, [&] { return stop_; });
  }
}

}  // namespace annals
