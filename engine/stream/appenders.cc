#include "engine/stream/appenders.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "engine/base/thread_name.h"

namespace annals::stream {
namespace {

constexpr std::size_t kGroupEventsEnough = 256;    // a sync is a small part of what they cost: better to have the next group made ready
                                                   // beside it than to be longer
constexpr std::size_t kGroupEventsFew = 64;        // cost less to prepare than a sync: they wait to share one
constexpr std::size_t kSendersMany = 4;            // from so many on, those who were just answered are waited for
constexpr std::chrono::milliseconds kPatience{2};  // at most, and no longer than half of what an append takes

// One for all that shared a sync. None where it cannot be told, which the next reader of the tree is told in words.
std::optional<LogHead> head_of(const EventLog& log) {
  const Position last = log.last();
  const auto root = log.root(last);
  return root ? std::optional(LogHead{last.value, *root}) : std::nullopt;
}

// The events of an append, where its sender may append all of them.
Result<std::vector<EncodedDraft>> allowed_drafts(const AppendFrame& frame, const Rights& rights) {
  return drafts_of(frame, [&](const EventBody& body) { return rights.may_append(body); });
}

std::vector<AppendOutcome> append_alone(EventLog& log, const AppendWork& work) {
  std::vector<AppendOutcome> out;
  for (const AppendFrame& frame : work.frames) {
    auto drafts = allowed_drafts(frame, *work.rights);
    if (!drafts) {
      out.push_back({frame.request, drafts.error()});
      continue;
    }
    if (drafts->empty()) {
      out.push_back({frame.request, std::vector<Receipt>(), head_of(log)});
      continue;
    }
    auto receipts = log.append_encoded(*std::move(drafts), OnRepeat::kCompare);
    out.push_back({frame.request, std::move(receipts), head_of(log)});
  }
  return out;
}

}  // namespace

std::size_t AppendWork::events() const {
  std::size_t out = 0;
  for (const AppendFrame& frame : frames) out += frame.events;
  return out;
}

Appenders::Appenders(EventLog& log, unsigned threads, std::function<void(std::vector<AppendDone>)> done) : log_(log), done_(std::move(done)) {
  for (unsigned i = 0; i < threads; ++i) {
    threads_.emplace_back([this] {
      name_thread("appender");
      run();
    });
  }
}

Appenders::~Appenders() { join(); }

void Appenders::join() {
  {
    const std::lock_guard guard(mutex_);
    stop_ = true;
  }
  idle_wake_.notify_all();
  gather_wake_.notify_all();
  for (std::thread& each : threads_) each.join();
  threads_.clear();
}

void Appenders::add(std::vector<AppendWork> works) {
  bool gathered = false;
  {
    const std::lock_guard guard(mutex_);
    for (AppendWork& work : works) {
      events_ += work.events();
      queue_.push_back(std::move(work));
    }
    gathered = gathering_;
  }
  (gathered ? gather_wake_ : idle_wake_).notify_one();
}

// Whether it is better to write what is there than to wait for more.
bool Appenders::complete() const {
  if (stop_ || events_ >= kGroupEventsFew) return true;
  return writing_ == 0 && (senders_ < kSendersMany || gathered_ + queue_.size() >= senders_);
}

// What is to be written next; nothing where all is done for good.
std::vector<Appenders::Opened> Appenders::gather(std::unique_lock<std::mutex>& lock) {
  idle_wake_.wait(lock, [&] { return stop_ || (!queue_.empty() && !gathering_); });
  std::vector<Opened> group;
  if (gathering_) return group;   // the end: whoever gathers takes all there is
  gathering_ = true;
  std::size_t events = 0;
  while (true) {
    std::vector<AppendWork> came;
    while (!queue_.empty() && events < kGroupEventsEnough) {
      events += queue_.front().events();
      came.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    gathered_ += came.size();
    if (!came.empty()) {
      lock.unlock();
      for (AppendWork& work : came) group.push_back(open(std::move(work)));
      lock.lock();
    } else if (events >= kGroupEventsEnough || complete()) {
      break;
    } else if (writing_ > 0) {
      gather_wake_.wait(lock);
    } else if (gather_wake_.wait_until(lock, patience_) == std::cv_status::timeout && queue_.empty()) {
      break;
    }
  }
  gathering_ = false;
  gathered_ = 0;
  events_ -= events;
  if (!queue_.empty()) idle_wake_.notify_one();
  return group;
}

void Appenders::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    std::vector<Opened> group = gather(lock);
    if (group.empty()) return;
    ++writing_;
    const std::size_t senders = group.size();
    lock.unlock();
    const Time begun = std::chrono::steady_clock::now();
    std::vector<AppendDone> done = append(std::move(group));
    const Time now = std::chrono::steady_clock::now();
    lock.lock();
    --writing_;
    senders_ = senders + gathered_ + queue_.size();
    patience_ = now + std::min<Time::duration>((now - begun) / 2, kPatience);
    if (gathering_) gather_wake_.notify_one();
    lock.unlock();
    done_(std::move(done));
    lock.lock();
  }
}

Appenders::Opened Appenders::open(AppendWork work) {
  Opened out{std::move(work), {}};
  out.drafts.reserve(out.work.frames.size());
  for (const AppendFrame& frame : out.work.frames) out.drafts.push_back(allowed_drafts(frame, *out.work.rights));
  return out;
}

std::vector<AppendDone> Appenders::append(std::vector<Opened> group) {
  std::vector<AppendDone> done;
  done.reserve(group.size());
  std::vector<EncodedDraft> all;
  bool together = true;
  for (Opened& one : group) {
    for (auto& drafts : one.drafts) {
      together &= drafts.ok() && all.size() + drafts->size() <= kBatchEventsMax;
      if (!together) break;
      std::move(drafts->begin(), drafts->end(), std::back_inserter(all));
    }
    if (!together) break;
  }
  if (together && !all.empty()) {
    const auto receipts = log_.append_encoded(std::move(all), OnRepeat::kCompare);
    if (receipts) {
      const auto head = head_of(log_);
      auto at = receipts->begin();
      for (const Opened& one : group) {
        AppendDone told{one.work.client, {}};
        told.outcomes.reserve(one.work.frames.size());
        for (const AppendFrame& frame : one.work.frames) {
          const auto end = at + static_cast<std::ptrdiff_t>(frame.events);
          told.outcomes.push_back({frame.request, std::vector<Receipt>(at, end), head});
          at = end;
        }
        done.push_back(std::move(told));
      }
      return done;
    }
  }
  // One of them is wrong: each by itself, so that the others do not suffer.
  for (const Opened& one : group) done.push_back({one.work.client, append_alone(log_, one.work)});
  return done;
}

}  // namespace annals::stream
