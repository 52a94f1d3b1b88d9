// Goal: who follows contradictions is told of each once: when it is found, settled, open again or gone, and nothing in between.
#include "engine/audit/watch.h"

#include <catch2/catch.hpp>

#include "tests/support/story.h"

namespace {
using namespace annals;
using support::Story;

support::PublishOptions from(const std::string& outlet) {
  support::PublishOptions out;
  out.outlet = outlet;
  return out;
}

// A follower that comes back with the point it saw last.
struct Follower {
  explicit Follower(const Story& of, std::vector<std::string> keys = {}) : story(of), spec{std::string(kContradictions), std::move(keys)} {}
  std::vector<std::string> told() {
    const Query query(story.log(), Lexicon::builtin(), story.clock());
    const WatchPoint to{story.log().last(), story.bounds("--as-of 2026-01-01").published_by};
    const auto watched = watch_contradictions(story.log(), query, Lexicon::builtin(), spec, at, to);
    if (!watched) FAIL(watched.error().message);
    at = to;
    std::vector<std::string> out;
    for (const ContradictionChange& each : watched->changes)
      out.push_back(std::string(contradiction_change_name(each.what)) + " " + each.contradiction.subject + " " + each.contradiction.one.value + " | " + each.contradiction.other.value);
    return out;
  }
  const Story& story;
  const WatchSpec spec;
  WatchPoint at{};
};
using Lines = std::vector<std::string>;

TEST_CASE("a contradiction is told once when its second side arrives") {
  Story story;
  Follower all(story);
  Follower other(story, {"B200"});
  story.publish("2025-03-01", {"product_milestone product=h200 stage=launched when=2023-11"});
  CHECK(all.told().empty());
  story.publish("2025-03-03", {"product_milestone product=h200 stage=launched when=2024-Q4"}, from("Second"));
  CHECK(all.told() == Lines{"found h200 2023-11 | 2024-Q4"});
  CHECK(all.told().empty());
  // A third voice on one side is no other contradiction.
  story.publish("2025-03-04", {"product_milestone product=h200 stage=launched when=2024-Q4"}, from("Third"));
  CHECK(all.told().empty());
  CHECK(other.told().empty());
}

TEST_CASE("a contradiction is settled by what is taken back and open again when that is struck") {
  Story story;
  Follower follower(story, {"h200"});
  story.publish("2025-03-01", {"product_milestone product=h200 stage=launched when=2023-11"});
  const Position second = story.publish("2025-03-03", {"product_milestone product=h200 stage=launched when=2024-Q4"}, from("Second"));
  CHECK(follower.told().size() == 1);
  const Position struck = story.retract(second);
  CHECK(follower.told() == Lines{"settled h200 2023-11 | 2024-Q4"});
  story.retract(struck);
  CHECK(follower.told() == Lines{"reopened h200 2023-11 | 2024-Q4"});
}

TEST_CASE("who begins from nothing is told all there are") {
  Story story;
  story.publish("2025-03-01", {"product_milestone product=h200 stage=launched when=2023-11"});
  story.publish("2025-03-03", {"product_milestone product=h200 stage=launched when=2024-Q4"}, from("Second"));
  Follower late(story);
  CHECK(late.told() == Lines{"found h200 2023-11 | 2024-Q4"});
}

}  // namespace
