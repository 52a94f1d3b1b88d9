// Goal: what rests on a source is told, and what the answers would be without it.
#include "engine/audit/without.h"

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

std::vector<std::string> changed(const Story& story, const LeftOut& what, std::string_view bounds) {
  const WithoutAnswer answer = answers_without(story.log(), Lexicon::builtin(), what, std::nullopt, std::nullopt, story.bounds(bounds)).value();
  std::vector<std::string> out;
  for (const ChangedAnswer& each : answer.changed)
    out.push_back(each.projection + " " + each.key + ": " + (each.with ? each.with->value : "-") + " | " + (each.without ? each.without->value : "-"));
  for (const auto& [projection, key] : answer.unchanged) out.push_back(projection + " " + key + " stays");
  return out;
}
using Lines = std::vector<std::string>;

LeftOut outlet(const std::string& name) {
  LeftOut out;
  out.outlet = name;
  return out;
}
LeftOut statement(Position position) {
  LeftOut out;
  out.statement = position;
  return out;
}

TEST_CASE("answers that one outlet alone gave are gone without it") {
  Story story;
  story.publish("2025-03-01", {"ipo_milestone company=enflame stage=filed"}, from("甲報"));
  const Position second = story.publish("2025-03-02", {"ipo_milestone company=enflame stage=listed"}, from("乙报"));
  const Position other = story.publish("2025-03-02", {"ipo_milestone company=iluvatar stage=filed"}, from("乙报"));
  CHECK(changed(story, outlet("乙報"), "--as-of 2025-03-10") == Lines{"ipo enflame: listed | filed", "ipo iluvatar: filed | -"});
  // What is not known yet leaves no gap.
  CHECK(changed(story, outlet("乙报"), "--as-of 2025-03-01").empty());
  CHECK(changed(story, statement(second), "--as-of 2025-03-10") == Lines{"ipo enflame: listed | filed"});
  CHECK(changed(story, statement(other), "--as-of 2025-03-10") == Lines{"ipo iluvatar: filed | -"});
  // Renamed since: the outlet as amended counts.
  story.rename_outlet(second, "丙报");
  CHECK(changed(story, outlet("丙报"), "--as-of 2025-03-10") == Lines{"ipo enflame: listed | filed"});
}

TEST_CASE("something has to be left out") {
  Story story;
  CHECK(answers_without(story.log(), Lexicon::builtin(), {}, std::nullopt, std::nullopt, Bounds{}).error().code == ErrorCode::kInvalid);
}

}  // namespace
