// Goal: a reviewer is shown what answers rest on and nobody has looked at, and answers by accepted claims alone rest on those.
#include "tests/cli/annals.h"

using namespace annals::test;

namespace {
struct Desk : Annals {
  Desk() {
    good({"ingest", kSamples + "/harbor_wire.txt", "--outlet", "Harbor Wire", "--published", "2025-12-09T09:15", "--tz", "UTC"});
    good({"ingest", kSamples + "/daily_1210.md", "--tz", "UTC"});
  }
};
}  // namespace

TEST_CASE_METHOD(Desk, "what is unreviewed and matters is listed until somebody has looked at it") {
  const json before = object({"review", "--list", "export_control", "--format", "json"});
  REQUIRE(!before["unreviewed"].empty());
  // The disputed ones come first.
  CHECK(before["unreviewed"][0]["disputed"] == true);
  CHECK(before["unreviewed"][0]["subject"] == "b200/china");
  CHECK(!before["unreviewed"][0]["answers"].empty());
  const json first = before["unreviewed"][0];
  const std::string place = std::to_string(first["position"].get<int>()) + "#" + std::to_string(first["claim"].get<int>());
  CHECK_THAT(good({"review", "--list", "export_control"}), Catch::Contains(place));
  good({"review", place, "--accept", "--by", "Chen Wei", "--because", "seen in the original"});
  const json after = object({"review", "--list", "export_control", "--format", "json"});
  CHECK(after["total"].get<int>() == before["total"].get<int>() - 1);
  for (const json& each : after["unreviewed"]) CHECK((each["position"] != first["position"] || each["claim"] != first["claim"]));

  // Answers by accepted claims alone rest on this one.
  const json reviewed = object({"state", "export_control", "--reviewed", "--format", "json"});
  REQUIRE(reviewed["states"].size() == 1);
  CHECK(reviewed["states"][0]["key"] == "b200/china");
  const std::string page = good({"audit", "export_control", "b200", "--report", "markdown"});
  CHECK_THAT(page, Catch::Contains("accepted by Chen Wei") && Catch::Contains("seen in the original") && Catch::Contains("not reviewed"));

  for (const auto& bad : std::vector<std::vector<std::string>>{{"review", "--list", "--accept"}, {"review", "12#0", "--accept"}, {"review", "--accept", "--by", "a", "--because", "b"}}) CHECK((*this)(bad).status == 2);
}
