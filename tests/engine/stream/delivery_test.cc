// Goal: what is to be told to a webhook goes in order, comes back after pauses, and stays small.
// Method: the queue alone, with a clock in the test's hand and no chance in the pauses.
#include "engine/stream/delivery.h"

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include <numeric>

#include "engine/base/time.h"

namespace annals::stream::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Changes here are {"from":"a","to":"b"}, written "a>b".
std::optional<std::string> joined(const std::string& earlier, const std::string& later, bool maybe_told) {
  const std::string from = earlier.substr(0, earlier.find('>'));
  const std::string to = later.substr(later.find('>') + 1);
  if (from == to && !maybe_told) return std::nullopt;
  return from + ">" + to;
}

struct Queue {
  SteadyTime now{};
  double chance = 1.0 - 1e-9;   // whole pauses
  Deliveries queue;
  explicit Queue(DeliveryLimits limits = {}) : queue("desk", limits, joined, [this] { return chance; }) {}

  void add(const std::string& order, const std::string& change, std::uint64_t from = 0, const std::string& slot = "stated") {
    queue.add({{order, slot, change}}, {Position{from}, Instant(Micros(static_cast<std::int64_t>(from)))}, now);
  }
  Delivery next() {
    auto out = queue.next(now);
    REQUIRE(out);
    return *out;
  }
  bool idle() { return !queue.next(now); }
  milliseconds pause() const {
    REQUIRE(queue.due());
    return std::chrono::duration_cast<milliseconds>(*queue.due() - now + milliseconds(1));   // chance is a hair below one
  }
};

}  // namespace

TEST_CASE("changes of one key go one after another and those of others beside them") {
  Queue q;
  q.add("ipo a", "1>2");
  q.add("ipo a", "x>y", 0, "reported");
  q.add("ipo b", "1>2");
  const Delivery first = q.next();
  CHECK(first.order == "ipo a");
  CHECK(first.json == "1>2");
  const Delivery other = q.next();
  CHECK(other.order == "ipo b");
  CHECK(q.idle());
  q.queue.taken(first, q.now);
  const Delivery second = q.next();
  CHECK(second.order == "ipo a");
  CHECK(second.json == "x>y");
  q.queue.taken(second, q.now);
  q.queue.taken(other, q.now);
  CHECK(q.idle());
  CHECK(q.queue.status().delivered == 3);
  CHECK(q.queue.status().waiting == 0);
  CHECK_FALSE(q.queue.due());
}

TEST_CASE("no more than so many are under way") {
  DeliveryLimits limits;
  limits.at_once = 2;
  Queue q(limits);
  for (const std::string key : {"a", "b", "c"}) q.add(key, "1>2");
  const Delivery a = q.next();
  const Delivery b = q.next();
  CHECK(q.idle());
  CHECK_FALSE(q.queue.due());
  q.queue.taken(b, q.now);
  CHECK(q.next().order == "c");
  q.queue.taken(a, q.now);
}

TEST_CASE("a change that fails keeps its id and comes back after pauses that double") {
  DeliveryLimits limits;
  limits.first_pause = seconds(1);
  limits.longest_pause = seconds(5);
  Queue q(limits);
  q.add("a", "1>2");
  const std::string id = q.next().id;
  CHECK(id.starts_with("msg_"));
  Delivery tried{"a", id, "1>2", 1};
  for (const int expected : {1, 2, 4, 5, 5}) {
    CHECK_FALSE(q.queue.failed(tried, "HTTP 500", q.now));
    CHECK(q.pause() == seconds(expected));
    CHECK(q.idle());
    q.now = *q.queue.due();
    const unsigned before = tried.attempt;
    tried = q.next();
    CHECK(tried.id == id);
    CHECK(tried.attempt == before + 1);
  }
  CHECK(q.queue.failing());
  CHECK(q.queue.status().last_failure == "HTTP 500");
  q.queue.taken(tried, q.now);
  CHECK_FALSE(q.queue.failing());
  CHECK(q.queue.status().failures == 5);
  CHECK(q.queue.status().retries == 5);

  // From the beginning again with the next change.
  q.add("a", "2>3");
  CHECK_FALSE(q.queue.failed(q.next(), "HTTP 500", q.now));
  CHECK(q.pause() == seconds(1));
}

TEST_CASE("pauses are shortened at random and lengthened where the receiver asks") {
  Queue q;
  q.chance = 0;
  q.add("a", "1>2");
  q.queue.failed(q.next(), "HTTP 503", q.now);
  CHECK(*q.queue.due() - q.now == milliseconds(500));
  q.now = *q.queue.due();
  q.queue.failed(q.next(), "HTTP 429", q.now, seconds(120));
  CHECK(*q.queue.due() - q.now == seconds(120));
  q.now = *q.queue.due();
  q.queue.failed(q.next(), "HTTP 429", q.now, std::chrono::hours(1'000));
  CHECK(*q.queue.due() - q.now == DeliveryLimits{}.longest_pause);
}

TEST_CASE("while a receiver is down a key's changes become one from where the oldest began") {
  Queue q;
  q.add("a", "1>2", 10);
  const Delivery first = q.next();
  // What is under way goes as it is; what comes meanwhile waits behind it.
  q.add("a", "2>3", 20);
  q.add("a", "3>4", 30);
  CHECK(q.queue.status().waiting == 2);
  q.queue.failed(first, "refused", q.now);
  CHECK(q.queue.status().waiting == 1);
  q.add("a", "4>5", 40);
  CHECK(q.queue.status().waiting == 1);
  CHECK(q.queue.status().merged == 3);
  CHECK(q.queue.undelivered()->through == Position{10});
  CHECK(q.idle());   // the pause is not cut short
  q.now = *q.queue.due();
  const Delivery both = q.next();
  CHECK(both.json == "1>5");
  CHECK(both.id != first.id);
  CHECK(both.attempt == 1);
  q.queue.taken(both, q.now);
  CHECK_FALSE(q.queue.undelivered());
}

TEST_CASE("what was taken back before anybody was told is not told") {
  Queue q;
  q.add("a", "1>2");
  q.add("a", "2>1");
  CHECK(q.queue.status().waiting == 0);
  CHECK(q.idle());
  CHECK_FALSE(q.queue.due());

  // But where the receiver may have taken it, it is told how things are.
  q.add("a", "1>2");
  const Delivery first = q.next();
  q.add("a", "2>1");
  q.queue.failed(first, "no answer in time", q.now);
  q.now = *q.queue.due();
  CHECK(q.next().json == "1>1");
}

TEST_CASE("after the most tries a change is given up and listed and the next one goes on") {
  DeliveryLimits limits;
  limits.tries = 3;
  Queue q(limits);
  q.add("a", "1>2", 10);
  q.add("a", "x>y", 10, "reported");
  std::string id;
  for (unsigned attempt = 1; attempt <= 3; ++attempt) {
    const Delivery tried = q.next();
    CHECK(tried.attempt == attempt);
    id = tried.id;
    CHECK(q.queue.failed(tried, "HTTP 400", q.now) == (attempt == 3));
    q.now = *q.queue.due();
  }
  const DeliveryStatus status = q.queue.status();
  CHECK(status.given_up == 1);
  REQUIRE(status.given_up_last.size() == 1);
  CHECK(status.given_up_last.front().id == id);
  CHECK(status.given_up_last.front().order == "a");
  CHECK(status.given_up_last.front().why == "HTTP 400");
  const Delivery next = q.next();
  CHECK(next.json == "x>y");
  CHECK(next.attempt == 1);
  q.queue.taken(next, q.now);
  CHECK_FALSE(q.queue.undelivered());
  for (std::size_t i = 0; i < 3 * kGivenUpListed; ++i) {
    q.add("k" + std::to_string(i), "1>2");
    for (int attempt = 0; attempt < 3; ++attempt) {
      q.queue.failed(q.next(), "HTTP 400", q.now);
      q.now += seconds(10);
    }
  }
  CHECK(q.queue.status().given_up_last.size() == kGivenUpListed);
}

TEST_CASE("the oldest change tells how long a receiver is behind") {
  Queue q;
  CHECK_FALSE(q.queue.status().oldest);
  const SteadyTime begun = q.now;
  q.add("a", "1>2", 10);
  q.now += seconds(5);
  q.add("b", "1>2", 7);
  CHECK(q.queue.status().oldest == begun);
  CHECK(q.queue.undelivered()->through == Position{7});
  q.queue.taken(q.next(), q.now);
  CHECK(q.queue.status().oldest == begun + seconds(5));
}

// Whatever a receiver does: it sees each key's answers in order, ends with the newest, and the queue never holds more than two a key.
TEST_CASE("any receiver ends with the newest answer of every key") {
  CHECK(rc::check("in order and complete", [] {
    DeliveryLimits limits;
    limits.at_once = *rc::gen::inRange(1u, 4u);
    limits.tries = 1'000'000;
    Queue q(limits);
    constexpr int kKeys = 3;
    int value[kKeys] = {};
    int seen[kKeys] = {};
    std::vector<Delivery> under_way;
    const auto answer = [&](std::size_t which, bool good) {
      const Delivery each = under_way[which];
      under_way.erase(under_way.begin() + static_cast<std::ptrdiff_t>(which));
      if (!good) {
        q.queue.failed(each, "no", q.now);
        return;
      }
      const auto key = static_cast<std::size_t>(each.order[0] - '0');
      const int from = std::stoi(each.json);
      const int to = std::stoi(each.json.substr(each.json.find('>') + 1));
      RC_ASSERT(from == seen[key]);
      RC_ASSERT(to >= seen[key]);
      seen[key] = to;
      q.queue.taken(each, q.now);
    };
    for (int step = 0; step < 60; ++step) {
      const int what = *rc::gen::inRange(0, 5);
      const auto key = static_cast<std::size_t>(*rc::gen::inRange(0, kKeys));
      if (what <= 1) {
        const int before = value[key]++;
        q.add(std::to_string(key), std::to_string(before) + ">" + std::to_string(before + 1));
      } else if (what == 2) {
        if (auto next = q.queue.next(q.now)) under_way.push_back(*next);
      } else if (!under_way.empty()) {
        answer(key % under_way.size(), what == 3);
      }
      q.now += seconds(*rc::gen::inRange(0, 3));
      std::set<std::string> orders;
      for (const Delivery& each : under_way) RC_ASSERT(orders.insert(each.order).second);
      RC_ASSERT(under_way.size() <= limits.at_once);
      RC_ASSERT(q.queue.status().waiting <= 2 * kKeys);
    }
    while (q.queue.status().waiting > 0) {
      if (q.queue.due()) q.now = std::max(q.now, *q.queue.due());
      while (auto next = q.queue.next(q.now)) under_way.push_back(*next);
      while (!under_way.empty()) answer(0, true);
    }
    for (int key = 0; key < kKeys; ++key) RC_ASSERT(seen[key] == value[key]);
  }));
}

TEST_CASE("checkpoints of webhooks are read as they were written") {
  const auto moment = parse_moment("2025-12-09T06:32:00.123456Z", Zone::utc(), Instant{});
  REQUIRE(moment);
  const HookPoints points{{"archive", {Position{0}, Instant{}}}, {"desk", {Position{1834}, moment->instant}}};
  const auto again = parse_hook_points(hook_points_text(points));
  REQUIRE(again);
  CHECK(*again == points);
  CHECK(parse_hook_points("")->empty());
  for (const std::string bad : {"something else\n", "annals webhooks 1\ndesk\n", "annals webhooks 1\ndesk 12\n", "annals webhooks 1\ndesk x 2025-12-09T06:32:00Z\n", "annals webhooks 1\ndesk 12 noon\n"}) {
    const auto refused = parse_hook_points(bad);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kCorrupt);
    CHECK_THAT(refused.error().message, Catch::Contains("line "));
  }
}

}  // namespace annals::stream::test
