// Goal: over real sockets several consumers share a name, whoever of them and whether the server dies; what cannot be dealt with is parked,
// listed and released, and all of it outlives the server.
// Method: a server in this process, consumers as connections and as the client library's.
#include "engine/stream/groups.h"

#include <algorithm>
#include <fstream>
#include <mutex>
#include <random>
#include <sstream>
#include <thread>

#include "engine/codec/codec.h"
#include "tests/engine/stream/served.h"

namespace annals::stream::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Statements of `notes` notes in turn.
std::vector<EventDraft> of_notes(std::uint32_t first, std::uint32_t count, std::uint8_t notes) {
  std::vector<EventDraft> out;
  for (std::uint32_t i = 0; i < count; ++i) out.push_back({"test", samples::plain_statement(static_cast<std::uint8_t>(1 + (first + i) % notes), first + i)});
  return out;
}

Subscribe shared(std::uint32_t number, std::uint32_t credit = 1'000) {
  Subscribe out;
  out.subscription = number;
  out.from = Subscribe::From::kName;
  out.name = "desk";
  out.credit = credit;
  out.group = true;
  return out;
}

Settle settled(std::uint32_t number, const std::vector<std::uint64_t>& positions) {
  Settle out{number, {}, {}};
  for (const std::uint64_t each : positions) out.done.push_back(Position{each});
  return out;
}

// The positions of the next `count` events, whatever the batches.
std::vector<std::uint64_t> take(Connection& connection, std::size_t count) {
  std::vector<std::uint64_t> out;
  while (out.size() < count) {
    const auto more = positions(expect<Batch>(connection));
    out.insert(out.end(), more.begin(), more.end());
  }
  return out;
}

template <class Condition>
bool soon(const Condition& holds) {
  for (int i = 0; i < 1'000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return false;
}

std::string text_of(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

struct Kept : Served {
  support::TemporaryDirectory directory;
  ServerOptions options;
  Kept() : Served(support::LogKind::kMemory) {
    server->stop();
    options.names_file = (directory / "SUBSCRIPTIONS").string();
    options.group.pause = milliseconds(10);
    begin(options);
  }
  void restart() {
    server->stop();
    begin(options);
  }
  Position kept() const { return server->status().names["desk"].position; }
  ParkedEvents parked() const { return server->status().names["desk"].parked; }
};

}  // namespace

TEST_CASE("two members share a name and what one holds when it breaks off comes to the other") {
  Kept served;
  must(served.log().append(of_notes(1, 400, 40), OnRepeat::kCompare));
  served.restart();
  auto first = served.connect();
  auto second = served.connect();
  must(first->send(write_message(shared(1))));
  CHECK(expect<Subscribed>(*first).after == Position{});
  CHECK(take(*first, 400).size() == 400);   // alone, it gets everything
  must(second->send(write_message(shared(4))));
  expect<Subscribed>(*second);
  must(first->send(write_message(settled(1, {1, 2, 3, 4, 5}))));
  CHECK(soon([&] { return served.kept() == Position{5}; }));
  CHECK(served.server->status().groups["desk"].members == 2);
  first.reset();
  auto rest = take(*second, 395);
  std::sort(rest.begin(), rest.end());
  CHECK(rest.front() == 6);
  CHECK(rest.back() == 400);
  must(second->send(write_message(settled(4, rest))));
  CHECK(soon([&] { return served.kept() == Position{400}; }));
  // What comes then is for whoever is there, and told at once.
  must(served.client().append(of_notes(401, 1, 40)));
  auto told = expect<Batch>(*second);
  while (told.events.empty()) told = expect<Batch>(*second);   // how far the name is
  CHECK(positions(told) == std::vector<std::uint64_t>{401});
  must(second->send(write_message(Unsubscribe{4})));
  while (true) {
    auto message = must(second->receive(seconds(5)));
    REQUIRE(message);
    if (std::holds_alternative<Ended>(*message)) break;
  }
  CHECK(soon([&] { return served.server->status().groups.empty(); }));
}

TEST_CASE("a name is shared or followed alone and its members have one filter") {
  Kept served;
  auto member = served.connect();
  must(member->send(write_message(shared(1))));
  expect<Subscribed>(*member);
  auto other = served.connect();
  Subscribe alone = shared(1);
  alone.group = false;
  must(other->send(write_message(alone)));
  CHECK(expect<WireError>(*other).code == WireCode::kConflict);
  Subscribe filtered = shared(2);
  filtered.filter.modalities = {"reported"};
  must(other->send(write_message(filtered)));
  CHECK(expect<WireError>(*other).code == WireCode::kConflict);
  Subscribe ends = shared(3);
  ends.until = Subscribe::Until::kEnd;
  must(other->send(write_message(ends)));
  CHECK(expect<WireError>(*other).code == WireCode::kInvalid);
  must(other->send(write_message(Unsubscribe{9})));
  must(other->send(write_message(settled(9, {1}))));   // of what is none: passed over
  must(other->send(write_message(Ack{"desk", Position{}})));
  CHECK(expect<WireError>(*other).code == WireCode::kConflict);
  member.reset();
  CHECK(soon([&] { return served.server->status().subscriptions == 0; }));
  auto later = served.connect();
  must(later->send(write_message(alone)));
  expect<Subscribed>(*later);
  auto late = served.connect();
  must(late->send(write_message(shared(1))));
  CHECK(expect<WireError>(*late).code == WireCode::kConflict);
}

TEST_CASE("members are bounded and so is what they hold") {
  Kept served;
  served.options.group.members = 2;
  served.options.group.events = 10;
  served.restart();
  must(served.log().append(of_notes(1, 50, 50), OnRepeat::kCompare));
  served.restart();
  std::vector<std::unique_ptr<Connection>> members;
  for (int i = 0; i < 2; ++i) {
    members.push_back(served.connect());
    must(members.back()->send(write_message(shared(1))));
    expect<Subscribed>(*members.back());
  }
  auto third = served.connect();
  must(third->send(write_message(shared(1))));
  CHECK(expect<WireError>(*third).code == WireCode::kOverloaded);
  // One that settles nothing holds ten, and the group goes no further.
  std::size_t held = 0;
  while (held < 10) {
    for (const auto& each : members) {
      if (auto message = must(each->receive(milliseconds(20))); message && std::holds_alternative<Batch>(*message)) held += std::get<Batch>(*message).events.size();
    }
  }
  CHECK(soon([&] { return served.server->status().groups["desk"].unsettled == 10; }));
  CHECK(held == 10);
}

// Before there was a time, what such a member held was held for ever, and with it the group.
TEST_CASE("a member that is stuck is put out and what it holds goes to the others") {
  Kept served;
  served.options.group.settle_within = milliseconds(1'500);
  must(served.log().append(of_notes(1, 20, 10), OnRepeat::kCompare));
  served.restart();
  auto stuck = served.connect();
  must(stuck->send(write_message(shared(1))));
  CHECK(expect<Subscribed>(*stuck).after == Position{});
  CHECK(take(*stuck, 20).size() == 20);
  auto other = served.connect();
  must(other->send(write_message(shared(4))));
  expect<Subscribed>(*other);
  CHECK(take(*other, 20).size() == 20);
  auto message = must(stuck->receive(seconds(5)));
  REQUIRE(message);
  const auto* error = std::get_if<WireError>(&*message);
  REQUIRE(error != nullptr);
  CHECK(error->code == WireCode::kTooSlow);
  CHECK(error->about == WireError::About::kSubscription);
  CHECK(error->number == 1);
  // It is late, and no member: nothing is settled by it. The connection goes on, and may join again.
  must(stuck->send(write_message(settled(1, {1}))));
  must(stuck->send(write_message(shared(2))));
  CHECK(expect<Subscribed>(*stuck).after == Position{});
  std::vector<std::uint64_t> all(20);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i + 1;
  must(other->send(write_message(settled(4, all))));
  CHECK(soon([&] { return served.kept() == Position{20}; }));
}

TEST_CASE("a bad event is parked listed and released and all of that outlives the server") {
  Kept served;
  must(served.log().append(of_notes(1, 30, 3), OnRepeat::kCompare));
  served.restart();
  std::uint64_t tries = 0;
  bool mended = false;
  std::vector<std::uint64_t> seen;
  const auto deal = [&](const Batch& batch) {
    Dealt out;
    for (const StoredEventView& event : batch.events) {
      if (event.position.value == 12 && !mended) {
        ++tries;
        out.rejected.push_back({event.position, "no such column"});
        continue;
      }
      seen.push_back(event.position.value);
      out.done.push_back(event.position);
    }
    return out;
  };
  const auto until = [&](const std::function<bool()>& holds) {
    Client client = served.client();
    must(client.share({"desk"}, deal, {{}, [&] { return !holds(); }}));
  };
  until([&] { return served.kept() == Position{30}; });
  CHECK(tries == 5);
  CHECK(served.parked() == ParkedEvents{{Position{12}, {5, false, "rejected: no such column"}}});
  CHECK(text_of(served.options.names_file) == "annals subscriptions 2\ndesk 30\ndesk parked 12 5 rejected: no such column\n");
  served.restart();
  CHECK(served.parked().size() == 1);

  CHECK(served.server->release("desk", {Position{12}, Position{13}}, false).error().code == ErrorCode::kInvalid);
  must(served.server->release("desk", {Position{12}}, false));
  CHECK(soon([&] { return served.parked().at(Position{12}).released; }));
  served.restart();   // before anybody came for it
  mended = true;
  seen.clear();
  until([&] { return served.parked().empty(); });
  CHECK(seen == std::vector<std::uint64_t>{12});
  served.server->stop();
  // Nothing is parked: older programs read it.
  CHECK(text_of(served.options.names_file) == "annals subscriptions 1\ndesk 30\n");
}

TEST_CASE("a bad event that takes its consumers with it is found and costs no other") {
  Kept served;
  must(served.log().append(of_notes(1, 60, 6), OnRepeat::kCompare));
  served.restart();
  std::set<std::uint64_t> seen;
  for (int deaths = 0; served.kept() != Position{60}; ++deaths) {
    REQUIRE(deaths < 20);
    auto consumer = served.connect();
    must(consumer->send(write_message(shared(1))));
    expect<Subscribed>(*consumer);
    bool dead = false;
    while (!dead && served.kept() != Position{60}) {
      auto message = must(consumer->receive(milliseconds(100)));
      if (!message || !std::holds_alternative<Batch>(*message)) continue;
      for (const std::uint64_t each : positions(std::get<Batch>(*message))) {
        dead = each == 30;
        if (dead) break;
        seen.insert(each);
        if (each % 7 == 0) continue;   // not said in time
        must(consumer->send(write_message(settled(1, {each}))));
      }
      // What was left unsaid, where it got so far.
      if (!dead) must(consumer->send(write_message(settled(1, positions(std::get<Batch>(*message))))));
    }
  }
  CHECK(seen.size() == 59);
  CHECK(served.parked() == ParkedEvents{{Position{30}, {5, false, "its consumer was lost"}}});
}

// Consumers come, deal with events and break off at any place; the server stops and begins again. Each event is dealt with, those of a note
// in order, and no two consumers ever hold events of one note.
TEST_CASE("through consumers that die and a server that restarts every event is dealt with in the order of its note") {
  constexpr std::uint32_t kEvents = 3'000;
  constexpr std::uint8_t kNotes = 23;
  Kept served;
  served.options.group.hand_outs = 1'000;   // nobody is to blame
  served.restart();
  const std::uint16_t port = served.server->port();
  served.options.port = port;
  std::mutex mutex;
  std::map<std::uint64_t, std::uint64_t> newest;    // of a note: the newest event that was dealt with
  std::vector<int> times(kEvents + 1);
  std::string wrong;
  std::atomic<bool> over{false};
  std::vector<std::thread> threads;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    threads.emplace_back([&, seed] {
      std::mt19937_64 random(seed);
      while (!over) {
        ClientOptions options;
        options.port = port;
        options.retry_for = milliseconds(0);
        auto opened = Connection::open(options);
        if (!opened) {
          std::this_thread::sleep_for(milliseconds(20));
          continue;
        }
        Connection& connection = **opened;
        if (!connection.send(write_message(shared(1, static_cast<std::uint32_t>(1 + random() % 200))))) continue;
        for (std::uint64_t batches = 1 + random() % 60; batches > 0 && !over;) {
          auto message = connection.receive(milliseconds(50));
          if (!message) break;
          if (!*message || !std::holds_alternative<Batch>(**message)) continue;
          --batches;
          Settle settle{1, {}, {}};
          bool dies = false;
          for (const std::uint64_t each : positions(std::get<Batch>(**message))) {
            const std::lock_guard guard(mutex);
            std::uint64_t& last = newest[each % kNotes];
            // The next of its note that nobody dealt with; or one that was, whose settling was lost.
            if (each > last && each != last + kNotes && each > kNotes) wrong = "event " + std::to_string(each) + " came after " + std::to_string(last);
            last = std::max(last, each);
            ++times[each];
            settle.done.push_back(Position{each});
            dies = random() % 200 == 0;
            if (dies) break;
          }
          if (random() % 10 == 0) break;      // dealt with, not said
          if (!connection.send(write_message(settle)) || !connection.send(write_message(Credit{1, static_cast<std::uint32_t>(settle.done.size())}))) break;
          if (dies) break;
        }
      }
    });
  }
  for (std::uint32_t done = 0; done < kEvents; done += 100) {
    must(served.log().append(of_notes(done + 1, 100, kNotes), OnRepeat::kCompare));
    must(served.client().append(of_notes(1, 1, kNotes)));   // repeated: the server looks at the log
    if (done % 1'000 == 500) served.restart();
    std::this_thread::sleep_for(milliseconds(5));
  }
  served.restart();   // it shows what was appended beside it
  const bool all = soon([&] { return served.kept() == Position{kEvents}; });
  over = true;
  for (std::thread& each : threads) each.join();
  CHECK(all);
  CHECK(wrong == "");
  CHECK(std::count(times.begin() + 1, times.end(), 0) == 0);
}

TEST_CASE("the file of names is read in both versions and refused where it is damaged") {
  support::TemporaryDirectory directory;
  const std::string path = (directory / "SUBSCRIPTIONS").string();
  const auto read = [&](const std::string& text) {
    std::ofstream(path) << text;
    return read_names(path);
  };
  CHECK(must(read("annals subscriptions 1\ndesk 1834\n")) == Names{{"desk", {Position{1834}, {}}}});
  CHECK(must(read("annals subscriptions 2\ndesk 1834\ndesk parked 7 5 because it is\ndesk released 9 2 \nwire 3\n")) ==
        Names{{"desk", {Position{1834}, {{Position{7}, {5, false, "because it is"}}, {Position{9}, {2, true, ""}}}}}, {"wire", {Position{3}, {}}}});
  for (const char* bad : {"annals subscriptions 3\n", "annals subscriptions 1\ndesk parked 7 5 x\n", "annals subscriptions 2\ndesk parked 7 5 x\n", "annals subscriptions 2\ndesk 1\ndesk parked 0 5 x\n",
                          "annals subscriptions 2\ndesk 1\ndesk parked 7 x\n", "annals subscriptions 1\ndesk 18x\n", "annals subscriptions 1\ndesk 18 \n"}) {
    INFO(bad);
    CHECK(read(bad).error().code == ErrorCode::kCorrupt);
  }
  const Names names{{"desk", {Position{5}, {{Position{3}, {5, true, "two\nlines"}}}}}};
  must(write_names(path, names));
  CHECK(must(read_names(path)).at("desk").parked.at(Position{3}).because == "two lines");
}

TEST_CASE("a client of the first version follows a name as it did") {
  Kept served;
  must(served.client().append(of_notes(1, 5, 2)));
  // Its messages have no word of groups; the server speaks its version.
  auto old = served.connect();
  CHECK(old->hello().version == kProtocolVersion);
  Subscribe alone = shared(1);
  alone.group = false;
  must(old->send(write_message(alone)));
  expect<Subscribed>(*old);
  CHECK(take(*old, 5) == std::vector<std::uint64_t>{1, 2, 3, 4, 5});
  must(old->send(write_message(Ack{"desk", Position{4}})));
  auto message = must(old->receive(seconds(5)));
  while (message && std::holds_alternative<Batch>(*message)) message = must(old->receive(seconds(5)));
  REQUIRE(message);
  CHECK(std::get<Acked>(*message).position == Position{4});
}

}  // namespace annals::stream::test
