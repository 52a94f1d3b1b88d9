// Goal: a replay shows every event once, in order, not before its time, and goes on where it stopped.
#include "replay/pace.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "replay/derived.h"
#include "tests/support/story.h"

namespace annals {
namespace {

using support::Story;

constexpr const char* kAllowed = "export_control product=h20 status=allowed";

// The positions in the order they come, with the pauses between them in seconds.
std::string play(const Story& story, ReplayOptions options, int stop_after = 1000, ReplayPoint* last = nullptr) {
  std::string out;
  int left = stop_after;
  const auto end = replay(
      story.log(), options,
      [&](Micros pause) {
        out += fmt::format("({}s) ", pause.count() / 1'000'000);
        return true;
      },
      [&](const ReplayPoint& point, const Event& event) {
        CHECK(point.position == event.position);
        out += fmt::format("#{} ", event.position.value);
        return --left > 0 ? Visit::kContinue : Visit::kStop;
      });
  REQUIRE(end);
  if (last != nullptr) *last = end->last;
  return out;
}

struct Three : Story {
  Three() : Story("2025-12-01T00:00:00Z") {
    publish("2025-08-05T10:00", {kAllowed});
    const Position late = publish("2025-08-01T10:00", {kAllowed});
    publish("2025-08-05T11:00", {kAllowed});
    withdraw(late, "2025-08-05T10:30");
    publish("", {kAllowed});
  }
};

}  // namespace

TEST_CASE("events come in the order they became known or were recorded") {
  const Three story;
  CHECK(play(story, {}) == "#2 #1 #4 #3 #5 ");
  ReplayOptions recorded;
  recorded.order = ReplayOrder::kRecorded;
  CHECK(play(story, recorded) == "#1 #2 #3 #4 #5 ");
}

TEST_CASE("a paced replay waits as long as history did over its speed") {
  const Three story;
  ReplayOptions options;
  options.from = support::instant("2025-08-05T00:00:00Z");
  options.to = support::instant("2025-08-06T00:00:00Z");
  options.speed = 60;
  CHECK(play(story, options) == "#1 (30s) #4 (30s) #3 ");
}

TEST_CASE("a replay that stopped goes on behind its last point") {
  const Three story;
  for (const ReplayOrder order : {ReplayOrder::kKnown, ReplayOrder::kRecorded}) {
    ReplayOptions options;
    options.order = order;
    const std::string whole = play(story, options);
    for (int stop = 1; stop <= 5; ++stop) {
      ReplayPoint last;
      std::string parts = play(story, options, stop, &last);
      ReplayOptions rest = options;
      rest.after = last;
      parts += play(story, rest);
      CHECK(parts == whole);
    }
  }
}

TEST_CASE("an index made anew is the index that grew") {
  Three story;
  REQUIRE(seal_index(story.log()));
  story.publish("2025-09-01", {"ipo_milestone company=metax stage=listed"});
  story.reread(Position{1}, "annals/2", {"export_control product=h200 status=banned"});
  REQUIRE(seal_index(story.log()));
  CHECK(verify_index(story.log()).value().empty());
  const auto rebuilt = rebuild(story.log());
  REQUIRE(rebuilt);
  CHECK(rebuilt->upto == story.log().last());
  CHECK(rebuilt->same_reach);
  CHECK(rebuilt->before == rebuilt->after);
  CHECK(rebuilt->rows > 5);
  // The second set of rows counts now. A row that somebody put there, and one that somebody took away, are found.
  const std::pair<std::string, std::string> stray{"px12/b/c/strayrow", "x"};
  REQUIRE(story.log().put_derived(std::span(&stray, 1)));
  CHECK(verify_index(story.log()).value().size() == 1);
  REQUIRE(story.log().drop_derived("px12/b/c/strayrow"));
  CHECK(verify_index(story.log()).value().empty());
  REQUIRE(story.log().drop_derived("px12/counted/b/o/"));
  CHECK(!verify_index(story.log()).value().empty());
  REQUIRE(rebuild(story.log()));   // into the first set again
  CHECK(verify_index(story.log()).value().empty());
  for (const char* kind : {"h", "m"}) {
    REQUIRE(story.log().drop_derived(fmt::format("px12/a/{}/ipo", kind)));
    CHECK(!verify_index(story.log()).value().empty());
    REQUIRE(rebuild(story.log()));
    REQUIRE(rebuild(story.log()));   // into the first set again
    CHECK(verify_index(story.log()).value().empty());
  }
  REQUIRE(story.log().drop_derived("px12/a/g/ipo"));
  CHECK(verify_index(story.log()).value().size() > 1);
  REQUIRE(story.log().drop_derived("px12/a/a/"));
  CHECK(verify_index(story.log()).value().size() > 1);
}

}  // namespace annals
