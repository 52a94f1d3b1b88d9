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
  CatchUp catch_up(*owned.log, {2, kChunkEvents, 16u << 20});
  CHECK(followed(catch_up, Position{1'000}) == up_to(1'000));
  // What is kept serves who comes later; the last chunk ends with the range and is nobody else's.
  const std::uint64_t first = catch_up.chunks_read();
  CHECK(first >= 63);
  CHECK(followed(catch_up, Position{1'000}) == up_to(1'000));
  CHECK(catch_up.chunks_read() <= first + 1);
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
  CatchUp catch_up(*owned.log, {2, kChunkEvents, 16u << 20});
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
  CatchUp catch_up(*owned.log, {2, kChunkEvents, 4u << 10});   // room for hardly a chunk: all is read again and again
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
  CatchUp catch_up(*owned.log, {1, kChunkEvents, 1u << 20});
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
