#include "engine/stream/catch_up.h"

#include <algorithm>
#include <utility>

namespace annals::stream {
namespace {

constexpr unsigned kAhead = 3;          // chunks that a pass makes for which nobody waits
constexpr unsigned kPassChunks = 64;    // of one pass: it holds what the log has merged since
constexpr std::size_t kKeptBytes = 256; // of a chunk that nothing passed
constexpr std::size_t kMemoryBytes = 4u << 20;

}  // namespace

CatchUp::CatchUp(const EventLog& log, Limits limits) : log_(log), limits_(limits), memory_(std::make_shared<ChunkMemory>(kMemoryBytes, limits.chunk_bytes + limits.chunk_bytes / 4)), threads_(limits.threads) {}

bool CatchUp::may_be_shared(const Fetch& fetch) const {
  return !fetch.backwards && (fetch.filter || !fetch.envelopes_only) && fetch.events_max == limits_.chunk_events;
}

SharedChunk CatchUp::kept(const Fetch& fetch) {
  const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& each) {
    return each.filter == fetch.filter && each.chunk->after == fetch.range.after && each.chunk->upto <= fetch.range.upto;
  });
  if (found == kept_.end()) return nullptr;
  SharedChunk out = found->chunk;
  if (!found->filter) return out;
  kept_bytes_ -= out->bytes() + kKeptBytes;   // nobody else asks for it
  kept_.erase(found);
  return out;
}

void CatchUp::keep(Kept kept) {
  kept_bytes_ += kept.chunk->bytes() + kKeptBytes;
  kept_.push_back(std::move(kept));
  while (kept_bytes_ > limits_.bytes && kept_.size() > 1) {
    kept_bytes_ -= kept_.front().chunk->bytes() + kKeptBytes;
    kept_.pop_front();
  }
}

void CatchUp::fetch(const Fetch& fetch, std::weak_ptr<const void> asker, Deliver deliver) {
  Asked asked{fetch, std::move(asker), std::move(deliver)};
  if (may_be_shared(fetch)) share(std::move(asked));
  else read_for_one(std::move(asked));
}

void CatchUp::read_for_one(Asked asked) {
  ++queued_;
  post([this, asked = std::move(asked)] {
    --queued_;
    if (asked.asker.expired()) return;
    ++chunks_read_;
    ChunkWriter writer(memory_);
    asked.deliver(fetch_chunk(log_, asked.fetch, writer));
  });
}

void CatchUp::share(Asked asked) {
  std::unique_lock lock(mutex_);
  if (SharedChunk chunk = kept(asked.fetch)) {
    lock.unlock();
    return asked.deliver(std::move(chunk));
  }
  for (const auto& pass : passes_) {
    if (pass->filter != asked.fetch.filter || pass->at != asked.fetch.range.after) continue;
    pass->waiting.push_back(std::move(asked));
    return;
  }
  const Fetch fetch = asked.fetch;
  const auto pass = std::make_shared<Pass>();
  pass->filter = fetch.filter;
  pass->at = fetch.range.after;
  pass->waiting.push_back(std::move(asked));
  passes_.push_back(pass);
  lock.unlock();
  ++queued_;
  post([this, pass, fetch] {
    --queued_;
    run(pass, fetch);
  });
}

// Nobody finds it any more. Those who still waited.
std::vector<CatchUp::Asked> CatchUp::end(const std::shared_ptr<Pass>& pass) {
  passes_.remove(pass);
  return std::exchange(pass->waiting, {});
}

void CatchUp::run(const std::shared_ptr<Pass>& pass, const Fetch& fetch) {
  {
    const std::lock_guard guard(mutex_);
    std::erase_if(pass->waiting, [](const Asked& each) { return each.asker.expired(); });
    if (pass->waiting.empty()) {
      passes_.remove(pass);
      return;
    }
  }
  ChunkWriter writer(memory_);
  const Status read = fetch_chunks(log_, fetch, writer, [&](const SharedChunk& chunk, bool full) { return made(pass, chunk, full); });
  std::vector<Asked> left;
  {
    const std::lock_guard guard(mutex_);
    left = end(pass);
  }
  // Who waits for more than this pass had asks anew: the log may have grown.
  for (Asked& each : left) {
    if (read) share(std::move(each));
    else each.deliver(read.error());
  }
}

// Whether the pass goes on.
bool CatchUp::made(const std::shared_ptr<Pass>& pass, const SharedChunk& chunk, bool full) {
  ++chunks_read_;
  std::vector<Asked> served;
  bool goes_on = false;
  {
    const std::lock_guard guard(mutex_);
    pass->at = chunk->upto;
    pass->ahead = pass->waiting.empty() ? pass->ahead + 1 : 0;
    goes_on = full && ++pass->made < kPassChunks && pass->ahead < kAhead && queued_ == 0;
    // What ends with the log would be longer a moment later; what one filter passed is wanted once.
    if (full && (!pass->filter || pass->waiting.empty())) keep({pass->filter, chunk});
    served = goes_on ? std::exchange(pass->waiting, {}) : end(pass);
  }
  for (Asked& each : served) {
    if (chunk->upto <= each.fetch.range.upto) each.deliver(chunk);
    else read_for_one(std::move(each));   // it asked for less
  }
  return goes_on;
}

}  // namespace annals::stream
