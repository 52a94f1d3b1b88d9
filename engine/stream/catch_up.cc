#include "engine/stream/catch_up.h"

#include <algorithm>
#include <utility>

namespace annals::stream {
namespace {

constexpr unsigned kAhead = 3;          // chunks that a pass makes for which nobody waits
constexpr unsigned kRunChunks = 64;     // that a pass makes at one go: it holds what the log has merged since
constexpr std::size_t kKeptBytes = 256; // of a chunk that nothing passed
constexpr std::size_t kRecent = 2u << 20;   // kept of what one reads alone, for who comes next: so little that it stays in the processor's cache
constexpr std::size_t kMemoryBytes = 4u << 20;
// Since a chunk of a pass was taken last: others may have its room; its readers will not come back to it.
constexpr std::chrono::milliseconds kLeft{200};
constexpr std::chrono::seconds kForgotten{10};

std::size_t kept_bytes(const Chunk& chunk) { return chunk.bytes() + kKeptBytes; }

}  // namespace

CatchUp::CatchUp(const EventLog& log, Limits limits) : log_(log), limits_(limits), memory_(std::make_shared<ChunkMemory>(kMemoryBytes, limits.chunk_bytes + limits.chunk_bytes / 4)), threads_(limits.threads) {}

bool CatchUp::may_be_shared(const Fetch& fetch) const {
  return !fetch.backwards && (fetch.filter || !fetch.envelopes_only) && fetch.events_max == limits_.chunk_events;
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

// A pass that has the chunk, else one that is about to make it.
CatchUp::SharedPass CatchUp::find(const Fetch& fetch) const {
  const Position after = fetch.range.after;
  SharedPass makes;
  for (const SharedPass& pass : passes_) {
    if (pass->fetch.filter != fetch.filter) continue;
    if (!pass->kept.empty() && pass->kept.front().chunk->after <= after && after < pass->at) {
      const auto found = std::lower_bound(pass->kept.begin(), pass->kept.end(), after, [](const Kept& each, Position wanted) { return each.chunk->after < wanted; });
      if (found != pass->kept.end() && found->chunk->after == after) return pass;
    }
    if (!makes && pass->at == after) makes = pass;
  }
  return makes;
}

// What the pass has kept that begins there, or none.
SharedChunk CatchUp::take(Pass& pass, Position after) {
  const auto found = std::lower_bound(pass.kept.begin(), pass.kept.end(), after, [](const Kept& each, Position wanted) { return each.chunk->after < wanted; });
  if (found == pass.kept.end()) return nullptr;
  SharedChunk out = found->chunk;
  if (found->expected > 0) --found->expected;
  ++(std::next(found) == pass.kept.end() ? pass.expected : std::next(found)->expected);
  pass.ahead = std::min<unsigned>(pass.ahead, static_cast<unsigned>(pass.kept.end() - found) - 1);
  pass.taken = std::chrono::steady_clock::now();
  drop_unwanted(pass);
  return out;
}

void CatchUp::drop_front(Pass& pass) {
  const std::size_t bytes = kept_bytes(*pass.kept.front().chunk);
  pass.bytes -= bytes;
  kept_bytes_ -= bytes;
  pass.kept.pop_front();
}

// Of what all who are expected have passed, what is not worth its room. Who come together come one after another: for the last of them
// more is kept.
void CatchUp::drop_unwanted(Pass& pass) {
  std::size_t readers = pass.expected + pass.waiting.size();
  for (const Kept& each : pass.kept) readers += each.expected;
  const std::size_t enough = pass.fetch.filter ? 0 : readers <= 1 ? kRecent : limits_.bytes;
  while (!pass.kept.empty() && pass.kept.front().expected == 0 && pass.bytes > enough) drop_front(pass);
}

// Whether there is room for what the pass makes next: first of what nobody wants, then of what was left, then of what its own readers still
// want, where none of them moves. Who want nothing that is kept never wait.
bool CatchUp::may_go_on(Pass& pass) {
  const Time now = std::chrono::steady_clock::now();
  const auto full = [&] { return kept_bytes_ > limits_.bytes; };
  const auto drop_from = [&](Pass& each, bool wanted) {
    while (full() && !each.kept.empty() && (wanted || each.kept.front().expected == 0)) drop_front(each);
  };
  if (!full()) return true;
  for (const SharedPass& each : passes_) drop_from(*each, false);
  for (const SharedPass& each : passes_) {
    if (each.get() != &pass && now - each->taken >= kLeft) drop_from(*each, true);
  }
  if (full() && !pass.kept.empty() && now - pass.taken >= limits_.still) drop_front(pass);
  return !full() || pass.kept.empty();
}

// Has a reader go on with it where somebody waits and it may; else looks again when something is taken, and when nothing was for a while.
void CatchUp::start(const SharedPass& pass) {
  if (pass->runs) return;
  if (pass->waiting.empty()) {
    if (pass->kept.empty()) passes_.remove(pass);
    return;
  }
  const auto looks_again = pass->looks_again.lock();
  if (may_go_on(*pass)) {
    if (looks_again) looks_again->cancel();
    pass->runs = true;
    ++queued_;
    return post([this, pass] {
      --queued_;
      run(pass);
    });
  }
  if (looks_again) return;
  const auto timer = std::make_shared<boost::asio::steady_timer>(threads_, pass->taken + limits_.still);
  pass->looks_again = timer;
  timer->async_wait([this, pass, timer](const boost::system::error_code&) {
    const std::lock_guard guard(mutex_);
    pass->looks_again.reset();
    start(pass);
  });
}

void CatchUp::share(Asked asked) {
  std::unique_lock lock(mutex_);
  SharedPass pass = find(asked.fetch);
  if (!pass) {
    const Time now = std::chrono::steady_clock::now();
    for (const SharedPass& each : passes_) {
      if (now - each->taken >= kForgotten && !each->runs && each->waiting.empty()) while (!each->kept.empty()) drop_front(*each);
    }
    std::erase_if(passes_, [](const SharedPass& each) { return !each->runs && each->waiting.empty() && each->kept.empty(); });
    pass = std::make_shared<Pass>();
    pass->fetch = asked.fetch;
    pass->at = asked.fetch.range.after;
    passes_.push_back(pass);
  }
  if (pass->at == asked.fetch.range.after) {
    if (pass->expected > 0) --pass->expected;
    pass->waiting.push_back(std::move(asked));
    return start(pass);
  }
  SharedChunk chunk = take(*pass, asked.fetch.range.after);
  start(pass);
  lock.unlock();
  if (chunk->upto <= asked.fetch.range.upto) asked.deliver(std::move(chunk));
  else read_for_one(std::move(asked));   // it asked for less
}

void CatchUp::run(const SharedPass& pass) {
  Fetch fetch;
  {
    const std::lock_guard guard(mutex_);
    std::erase_if(pass->waiting, [](const Asked& each) { return each.asker.expired(); });
    if (pass->waiting.empty()) {
      pass->runs = false;
      return start(pass);
    }
    fetch = pass->fetch;
    fetch.range = {pass->at, pass->at};
    for (const Asked& each : pass->waiting) fetch.range.upto = std::max(fetch.range.upto, each.fetch.range.upto);
  }
  ChunkWriter writer(memory_);
  unsigned chunks = 0;
  const Status read = fetch_chunks(log_, fetch, writer, [&](const SharedChunk& chunk, bool full) { return made(pass, chunk, full) && ++chunks < kRunChunks; });
  std::vector<Asked> left;
  {
    const std::lock_guard guard(mutex_);
    pass->runs = false;
    if (!read) left = std::exchange(pass->waiting, {});
    start(pass);
  }
  for (Asked& each : left) each.deliver(read.error());
}

// Whether the pass goes on.
bool CatchUp::made(const SharedPass& pass, const SharedChunk& chunk, bool full) {
  ++chunks_read_;
  std::vector<Asked> served;
  bool goes_on = false;
  {
    const std::lock_guard guard(mutex_);
    served = std::exchange(pass->waiting, {});
    if (!served.empty()) pass->taken = std::chrono::steady_clock::now();
    if (full) {   // what ends with the log would be longer a moment later: it is nobody else's, and the pass stays where it is
      pass->at = chunk->upto;
      pass->ahead = served.empty() ? pass->ahead + 1 : 0;
      pass->kept.push_back({chunk, std::exchange(pass->expected, static_cast<unsigned>(served.size()))});
      pass->bytes += kept_bytes(*chunk);
      kept_bytes_ += kept_bytes(*chunk);
      drop_unwanted(*pass);
      goes_on = pass->ahead < kAhead && queued_ == 0 && may_go_on(*pass);
    }
  }
  for (Asked& each : served) {
    if (chunk->upto <= each.fetch.range.upto) each.deliver(chunk);
    else read_for_one(std::move(each));   // it asked for less
  }
  return goes_on;
}

}  // namespace annals::stream
