// Goal: whoever catches up gets every chunk in order, however many come the same way, and the log is read for them once.
// Method: askers that go on where their last chunk ended, some at once and some late, over a log of both kinds.
#include "engine/stream/catch_up.h"

#include <algorithm>
#include <future>
#include <mutex>
#include <thread>

#include "tests/engine/stream/served.h"

namespace annals::stream::test {
namespace {

constexpr std::uint32_t kChunkEvents = 16;

Fetch fetch_of(Position after, Position upto, std::uint32_t events = kChunkEvents) {
  Fetch out;
  out.range = {after, upto};
  out.events_max = events;
  out.bytes_max = 1u << 20;
  return out;
}

SharedChunk ask(CatchUp& catch_up, const Fetch& fetch, const std::shared_ptr<int>& asker) {
  std::promise<Result<SharedChunk>> told;
  catch_up.fetch(fetch, asker, [&](Result<SharedChunk> chunk) { told.set_value(std::move(chunk)); });
  return must(told.get_future().get());
}

// All positions from the beginning to `upto`, one chunk asked for after the other; up to the first that is not the next. Asserts nothing,
// for it runs in threads.
std::vector<std::uint64_t> followed(CatchUp& catch_up, Position upto) {
  const auto asker = std::make_shared<int>();
  std::vector<std::uint64_t> out;
  for (Position at; at < upto;) {
    const SharedChunk chunk = ask(catch_up, fetch_of(at, upto), asker);
    if (chunk->after != at || chunk->upto <= at || chunk->upto > upto) break;
    for (const StoredEventView& event : events_of(*chunk)) out.push_back(event.position.value);
    at = chunk->upto;
  }
  return out;
}

std::vector<std::uint64_t> up_to(std::uint64_t last) {
  std::vector<std::uint64_t> out(last);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = i + 1;
  return out;
}

}  // namespace

TEST_CASE("who catches up gets everything in order and many cost one reading") {
  const auto kind = GENERATE(support::LogKind::kMemory, support::LogKind::kRocks);
  SystemClock clock;
  const auto owned = support::make_log(kind, clock);
  must(owned.log->append(drafts(1, 1'000), OnRepeat::kCompare));
  CatchUp catch_up(*owned.log, {.chunk_events = kChunkEvents});
  CHECK(followed(catch_up, Position{1'000}) == up_to(1'000));
  // What is kept serves who comes later; the last chunk ends with the range and is nobody else's.
  const std::uint64_t first = catch_up.chunks_read();
  CHECK(first >= 63);
  CHECK(followed(catch_up, Position{1'000}) == up_to(1'000));
  CHECK(catch_up.chunks_read() <= first + 1);
  catch_up.join();
}

// One who reads chunk by chunk, each when the test says so.
class Reader {
 public:
  Reader(CatchUp& catch_up, Position upto, Position after = {}) : catch_up_(catch_up), upto_(upto), at_(after) {}
  void ask() {
    told_ = std::promise<Result<SharedChunk>>();
    answer_ = told_.get_future();
    catch_up_.fetch(fetch_of(at_, upto_), self_, [this](Result<SharedChunk> chunk) { told_.set_value(std::move(chunk)); });
  }
  bool answered_within(std::chrono::milliseconds patience) const { return answer_.wait_for(patience) == std::future_status::ready; }
  std::size_t take() {
    const SharedChunk chunk = must(answer_.get());
    REQUIRE(chunk->after == at_);
    at_ = chunk->upto;
    return chunk->bytes();
  }
  std::size_t step() {
    ask();
    return take();
  }
  Position at() const { return at_; }

 private:
  CatchUp& catch_up_;
  const Position upto_;
  const std::shared_ptr<int> self_ = std::make_shared<int>();
  Position at_;
  std::promise<Result<SharedChunk>> told_;
  std::future<Result<SharedChunk>> answer_;
};

// Both have the first chunk of one pass; its bytes. Requires: one thread.
std::size_t begin_together(CatchUp& catch_up, Reader& one, Reader& other) {
  std::promise<void> begin;
  catch_up.post([wait = begin.get_future().share()] { wait.wait(); });   // the only reader is busy until both have asked
  one.ask();
  other.ask();
  begin.set_value();
  other.take();
  return one.take();
}

constexpr std::chrono::seconds kPatience{30};
constexpr std::chrono::hours kNever{1};

TEST_CASE("what another reads elsewhere does not push out what a slower one of the same pass has still to come to") {
  SystemClock clock;
  const auto owned = support::make_log(support::LogKind::kMemory, clock);
  must(owned.log->append(drafts(1, 1'000), OnRepeat::kCompare));
  const std::size_t chunk_bytes = [&] {
    CatchUp once(*owned.log, {.chunk_events = kChunkEvents});
    Reader reader(once, Position{1'000});
    const std::size_t bytes = reader.step();
    once.join();
    return bytes;
  }();
  CatchUp catch_up(*owned.log, {.chunk_events = kChunkEvents, .bytes = 16 * chunk_bytes, .still = kNever});
  Reader fast(catch_up, Position{1'000});
  Reader slow(catch_up, Position{1'000});
  fast.step();
  slow.step();
  for (int i = 0; i < 8; ++i) fast.step();
  Reader elsewhere(catch_up, Position{1'000}, Position{500});
  while (elsewhere.at() < Position{1'000}) elsewhere.step();
  const std::uint64_t read = catch_up.chunks_read();
  for (int i = 0; i < 8; ++i) slow.step();
  CHECK(slow.at() == fast.at());
  CHECK(catch_up.chunks_read() == read);
  catch_up.join();
}

TEST_CASE("who is ahead waits for those behind while they move and for nobody who does not") {
  SystemClock clock;
  const auto owned = support::make_log(support::LogKind::kMemory, clock);
  must(owned.log->append(drafts(1, 1'000), OnRepeat::kCompare));
  std::size_t ahead = 0;
  {
    CatchUp catch_up(*owned.log, {.threads = 1, .chunk_events = kChunkEvents, .bytes = 16u << 10, .still = kNever});
    Reader fast(catch_up, Position{1'000});
    Reader slow(catch_up, Position{1'000});
    const std::size_t chunk = begin_together(catch_up, fast, slow);
    fast.ask();
    while (fast.answered_within(std::chrono::milliseconds(200))) {
      ahead += fast.take();
      REQUIRE(fast.at() < Position{900});
      fast.ask();
    }
    // No more than may be kept, and the chunk that made it too much.
    CHECK(ahead >= (16u << 10) - chunk);
    CHECK(ahead <= (16u << 10) + 2 * chunk);
    for (int i = 0; i < 4 && !fast.answered_within(std::chrono::milliseconds(0)); ++i) slow.step();
    CHECK(fast.answered_within(kPatience));
    fast.take();
    while (slow.at() < fast.at()) slow.step();   // all of it is there still
    CHECK(catch_up.chunks_read() <= fast.at().value / kChunkEvents + 4);
    catch_up.join();
  }
  CatchUp catch_up(*owned.log, {.threads = 1, .chunk_events = kChunkEvents, .bytes = 16u << 10, .still = std::chrono::milliseconds(1)});
  Reader fast(catch_up, Position{1'000});
  Reader stuck(catch_up, Position{1'000});
  begin_together(catch_up, fast, stuck);
  while (fast.at() < Position{1'000}) {
    fast.ask();
    REQUIRE(fast.answered_within(kPatience));
    fast.take();
  }
  while (stuck.at() < Position{1'000}) stuck.step();   // and it finds its way alone
  catch_up.join();
}

TEST_CASE("what a filter passes is read ahead for the one whose filter it is") {
  const auto kind = GENERATE(support::LogKind::kMemory, support::LogKind::kRocks);
  SystemClock clock;
  const auto owned = support::make_log(kind, clock);
  must(owned.log->append(drafts(1, 500), OnRepeat::kCompare));
  const auto filter_of = [](const char* kind_of_event) {
    FilterSpec spec;
    spec.kinds = {kind_of_event};
    return std::make_shared<const Filter>(must(Filter::make(spec, Lexicon::builtin())));
  };
  CatchUp catch_up(*owned.log, {.chunk_events = kChunkEvents});
  const auto asker = std::make_shared<int>();
  Fetch fetch = fetch_of({}, Position{500});
  fetch.filter = filter_of("statement");
  const auto told_at_once = [&] {
    SharedChunk out;
    catch_up.fetch(fetch, asker, [&](Result<SharedChunk> chunk) { out = must(std::move(chunk)); });
    return out;
  };
  const SharedChunk first = ask(catch_up, fetch, asker);
  CHECK(first->upto == Position{kChunkEvents});
  for (int i = 0; i < 1000 && catch_up.chunks_read() < 4; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  CHECK(catch_up.chunks_read() == 4);                       // and no further: nobody has asked
  for (std::uint64_t chunk = 1; chunk < 4; ++chunk) {
    fetch.range.after = Position{chunk * kChunkEvents};
    const SharedChunk next = told_at_once();
    REQUIRE(next);
    CHECK(next->upto == Position{(chunk + 1) * kChunkEvents});
    CHECK(events_of(*next).size() == kChunkEvents);
  }
  // Another filter's is another's, and all of a range may be left out.
  fetch.range.after = Position{kChunkEvents};
  fetch.filter = filter_of("retraction");
  const SharedChunk none = ask(catch_up, fetch, asker);
  CHECK(none->upto == Position{500});
  CHECK(none->events == 0);
  catch_up.join();
}

TEST_CASE("who asks for less than others gets no more than that") {
  SystemClock clock;
  const auto owned = support::make_log(support::LogKind::kMemory, clock);
  must(owned.log->append(drafts(1, 500), OnRepeat::kCompare));
  CatchUp catch_up(*owned.log, {.chunk_events = kChunkEvents, .bytes = 4u << 10});   // room for hardly a chunk: all is read again and again
  std::vector<std::thread> askers;
  std::mutex mutex;
  std::vector<std::vector<std::uint64_t>> got;
  for (std::uint64_t i = 0; i < 12; ++i) {
    askers.emplace_back([&, i] {
      auto mine = followed(catch_up, Position{500 - 7 * i});
      const std::lock_guard guard(mutex);
      got.push_back(std::move(mine));
    });
  }
  for (std::thread& each : askers) each.join();
  REQUIRE(got.size() == 12);
  std::sort(got.begin(), got.end(), [](const auto& one, const auto& other) { return one.size() < other.size(); });
  for (std::uint64_t i = 0; i < 12; ++i) CHECK(got[i] == up_to(500 - 7 * (11 - i)));
  const auto asker = std::make_shared<int>();
  const SharedChunk rest = ask(catch_up, fetch_of(Position{3}, Position{500}, 5), asker);   // a rest of credit
  CHECK(rest->upto == Position{8});
  catch_up.join();
}

TEST_CASE("for who has gone nothing is read") {
  SystemClock clock;
  const auto owned = support::make_log(support::LogKind::kMemory, clock);
  must(owned.log->append(drafts(1, 100), OnRepeat::kCompare));
  CatchUp catch_up(*owned.log, {.threads = 1, .chunk_events = kChunkEvents});
  std::promise<void> begin;
  catch_up.post([&, wait = begin.get_future().share()] { wait.wait(); });   // the only reader is busy
  auto asker = std::make_shared<int>();
  bool told = false;
  catch_up.fetch(fetch_of({}, Position{100}), asker, [&](Result<SharedChunk>) { told = true; });
  catch_up.fetch(fetch_of(Position{3}, Position{100}, 5), asker, [&](Result<SharedChunk>) { told = true; });
  asker.reset();
  begin.set_value();
  catch_up.join();
  CHECK_FALSE(told);
  CHECK(catch_up.chunks_read() == 0);
}

}  // namespace annals::stream::test
