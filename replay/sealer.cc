#include "replay/sealer.h"

#include <chrono>
#include <utility>

namespace annals {
namespace {
constexpr std::chrono::seconds kRest{1};
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
