// Goal: a copy is the log up to a moment, whole and checked, and can be completed but never mixed with another log.
#include "engine/log/backup.h"

#include <catch2/catch.hpp>

#include "tests/support/logs.h"
#include "tests/support/sample_events.h"

using namespace annals;

namespace {

struct Pair {
  ManualClock clock{Instant(std::chrono::seconds(1'765'000'000))};
  support::OwnedLog first;
  support::OwnedLog second;
  EventLog& log;
  EventLog& copy;
  std::uint32_t next = 0;

  explicit Pair(support::LogKind from = support::LogKind::kMemory, support::LogKind to = support::LogKind::kRocks)
      : first(support::make_log(from, clock)), second(support::make_log(to, clock)), log(*first.log), copy(*second.log) {}

  void grow(EventLog& which, std::size_t events) {
    std::vector<EventDraft> drafts;
    for (std::size_t i = 0; i < events; ++i) drafts.push_back({"tester", samples::plain_statement(1, ++next, "Line " + std::to_string(next) + ".")});
    REQUIRE(which.append(drafts, OnRepeat::kAnswerFirst));
  }
  void note(const std::string& text) {
    REQUIRE(log.put_note(sha256(text), text));
    const std::vector<EventDraft> drafts = {{"tester", NoteArrival{sha256(text), text.size(), "plain", Encoding::kUtf8, "a", 1, 0}}};
    REQUIRE(log.append(drafts, OnRepeat::kAnswerFirst));
  }
  static std::vector<StoredEvent> stored(const EventLog& which) {
    std::vector<StoredEvent> out;
    REQUIRE(which.read_stored({Position{}, which.last()}, [&](const StoredView& event) { return out.push_back(event.copy()), Visit::kContinue; }));
    return out;
  }
};

}  // namespace

TEST_CASE("a copy has the positions times salts and leaves of the log and its notes") {
  using support::LogKind;
  for (const auto& [from, to] : {std::pair(LogKind::kMemory, LogKind::kRocks), std::pair(LogKind::kRocks, LogKind::kMemory)}) {
    Pair pair(from, to);
    pair.note("first note");
    pair.grow(pair.log, 5'000);
    pair.note(std::string(100'000, 'x'));
    const auto report = copy_log(pair.log, pair.copy);
    REQUIRE(report);
    CHECK(report->before == Position{});
    CHECK(report->last == Position{5'002});
    CHECK(report->notes == 2);
    CHECK(report->root == *pair.log.root(pair.log.last()));
    const auto a = Pair::stored(pair.log);
    const auto b = Pair::stored(pair.copy);
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) CHECK((a[i].header == b[i].header && a[i].body == b[i].body && a[i].salt == b[i].salt && a[i].leaf == b[i].leaf));
    CHECK(*pair.copy.get_note(sha256("first note")) == "first note");
    const auto verified = verify_log(pair.copy, nullptr);
    REQUIRE(verified);
    CHECK(verified->damage.empty());
  }
}

TEST_CASE("copying again brings what is new and nothing else") {
  Pair pair;
  pair.grow(pair.log, 10);
  REQUIRE(copy_log(pair.log, pair.copy));
  pair.grow(pair.log, 3);
  const auto report = copy_log(pair.log, pair.copy);
  REQUIRE(report);
  CHECK(report->before == Position{10});
  CHECK(report->last == Position{13});
  const auto nothing = copy_log(pair.log, pair.copy);
  REQUIRE(nothing);
  CHECK(nothing->before == nothing->last);
}

TEST_CASE("a log that is another or longer is not copied over") {
  Pair pair;
  pair.grow(pair.log, 3);
  pair.grow(pair.copy, 2);
  const auto other = copy_log(pair.log, pair.copy);
  REQUIRE_FALSE(other);
  CHECK(other.error().code == ErrorCode::kConflict);
  CHECK(pair.copy.last() == Position{2});

  Pair longer;
  longer.grow(longer.log, 2);
  REQUIRE(copy_log(longer.log, longer.copy));
  longer.grow(longer.copy, 1);
  const auto refused = copy_log(longer.log, longer.copy);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kConflict);
}

TEST_CASE("a note whose bytes the log lacks is counted and the rest is copied") {
  Pair pair;
  const std::vector<EventDraft> drafts = {{"tester", NoteArrival{sha256("gone"), 4, "plain", Encoding::kUtf8, "a", 1, 0}}};
  REQUIRE(pair.log.append(drafts, OnRepeat::kAnswerFirst));
  const auto report = copy_log(pair.log, pair.copy);
  REQUIRE(report);
  CHECK(report->notes_lacking == 1);
  CHECK(pair.copy.last() == Position{1});
}
