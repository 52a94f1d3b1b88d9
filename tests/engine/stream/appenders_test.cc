// Goal: what many send is written in few appends, everybody is told once and of his own, and what is wrong hurts nobody else.
// Method: a log in memory that counts its appends, whose disk can be held up.
#include "engine/stream/appenders.h"

#include <condition_variable>
#include <map>
#include <mutex>

#include "engine/stream/watched_log.h"
#include "tests/engine/stream/served.h"

namespace annals::stream::test {
namespace {

AppendFrame frame(std::uint64_t request, const std::vector<EventDraft>& events) {
  return {request, events.size(), write_message(EncodedAppend{request, encoded(events)})};
}

struct Appending {
  SystemClock clock;
  support::OwnedLog owned = support::make_log(support::LogKind::kMemory, clock);
  std::mutex mutex;
  std::condition_variable changed;
  bool held = false;
  unsigned appends = 0;                                       // begun to be acknowledged
  std::map<std::uint64_t, std::vector<AppendOutcome>> told;   // by client
  std::size_t times_told = 0;
  std::shared_ptr<const Rights> rights = std::make_shared<const Rights>();
  // After an append, the disk: while it is held, nobody hears of it.
  WatchedLog log{*owned.log, [this](std::size_t, std::chrono::nanoseconds) {
                   std::unique_lock lock(mutex);
                   ++appends;
                   changed.notify_all();
                   changed.wait(lock, [&] { return !held; });
                 }};
  Appenders appenders;

  explicit Appending(unsigned threads = 3)
      : appenders(log, threads, [this](std::vector<AppendDone> done) {
          const std::lock_guard guard(mutex);
          for (AppendDone& one : done) {
            ++times_told;
            for (AppendOutcome& outcome : one.outcomes) told[one.client].push_back(std::move(outcome));
          }
          changed.notify_all();
        }) {}
  AppendWork work(std::uint64_t client, std::uint64_t request, const std::vector<EventDraft>& events) { return {client, {frame(request, events)}, rights}; }
  void add(AppendWork one) {
    std::vector<AppendWork> works;
    works.push_back(std::move(one));
    appenders.add(std::move(works));
  }
  void hold(bool on) {
    const std::lock_guard guard(mutex);
    held = on;
    changed.notify_all();
  }
  template <class Condition>
  void wait_until(const Condition& condition) {
    std::unique_lock lock(mutex);
    REQUIRE(changed.wait_for(lock, std::chrono::seconds(10), condition));
  }
};

}  // namespace

TEST_CASE("what comes while the disk is busy shares one append") {
  Appending it;
  it.hold(true);
  it.add(it.work(1, 1, drafts(1, 1)));
  it.wait_until([&] { return it.appends == 1; });
  for (std::uint32_t client = 2; client <= 20; ++client) it.add(it.work(client, client, drafts(client, 1)));
  it.hold(false);
  it.appenders.join();
  CHECK(it.appends == 2);
  REQUIRE(it.told.size() == 20);
  for (const auto& [client, outcomes] : it.told) {
    REQUIRE(outcomes.size() == 1);
    CHECK(outcomes.front().request == client);
    const auto receipts = must(outcomes.front().receipts);
    REQUIRE(receipts.size() == 1);
    // His own event and nobody else's.
    const Event event = must(it.log.get(receipts.front().position));
    CHECK(event.id == event_id(drafts(static_cast<std::uint32_t>(client), 1).front().body));
    REQUIRE(outcomes.front().head);
    CHECK(outcomes.front().head->size >= receipts.front().position.value);
  }
}

TEST_CASE("a long group does not wait for the one before it") {
  Appending it;
  it.hold(true);
  it.add(it.work(1, 1, drafts(1, 1)));
  it.wait_until([&] { return it.appends == 1; });
  it.add(it.work(2, 1, drafts(2, 100)));
  it.wait_until([&] { return it.appends == 2; });
  it.hold(false);
  it.appenders.join();
  CHECK(it.log.last() == Position{101});
}

TEST_CASE("one that is wrong is refused by itself and the others are written") {
  Appending it(1);
  it.add(it.work(1, 1, drafts(1, 1)));
  it.wait_until([&] { return it.times_told == 1; });
  std::vector<AppendWork> works;
  works.push_back(it.work(2, 1, drafts(2, 1)));
  works.push_back(it.work(3, 1, drafts(1, 1, "There is something to tell.")));   // the id of the first event with other words
  works.push_back(it.work(4, 1, drafts(4, 1)));
  works.push_back({5, {AppendFrame{1, 1, Words(4)}}, it.rights});                  // no message
  it.appenders.add(std::move(works));
  it.appenders.join();
  CHECK(it.times_told == 5);
  CHECK(it.told[2].front().receipts.ok());
  REQUIRE_FALSE(it.told[3].front().receipts.ok());
  CHECK(it.told[3].front().receipts.error().code == ErrorCode::kConflict);
  CHECK(it.told[4].front().receipts.ok());
  REQUIRE_FALSE(it.told[5].front().receipts.ok());
  CHECK(it.told[5].front().receipts.error().code == ErrorCode::kInvalid);
  CHECK(it.log.last() == Position{3});
}

// Clients that send the next event as soon as they are told of the one before, from many threads and with nothing but the order of
// their own: everything is written once, whatever the groups were.
TEST_CASE("all that is added is written and told of once") {
  constexpr std::uint32_t kClients = 16;
  constexpr std::uint32_t kEach = 200;
  Appending it;
  std::vector<std::vector<AppendWork>> works(kClients);
  for (std::uint32_t client = 0; client < kClients; ++client) {
    for (std::uint32_t i = 0; i < kEach; ++i) works[client].push_back(it.work(client, i, drafts(1 + client * kEach + i, 1)));
  }
  std::vector<std::thread> clients;
  std::vector<std::uint32_t> lost(kClients, 0);
  for (std::uint32_t client = 0; client < kClients; ++client) {
    clients.emplace_back([&, client] {
      for (std::uint32_t i = 0; i < kEach; ++i) {
        it.add(std::move(works[client][i]));
        std::unique_lock lock(it.mutex);
        if (!it.changed.wait_for(lock, std::chrono::seconds(10), [&] { return it.told[client].size() == i + 1; })) ++lost[client];
      }
    });
  }
  for (std::thread& each : clients) each.join();
  it.appenders.join();
  CHECK(lost == std::vector<std::uint32_t>(kClients, 0));
  CHECK(it.times_told == kClients * kEach);
  CHECK(it.log.last() == Position{kClients * kEach});
  CHECK(it.appends < kClients * kEach);
}

}  // namespace annals::stream::test
