// Goal: two changes of one answer come to one that tells of both.
// Method: changes as a look finds them, put together by hand; the file of webhooks is held by webhook_test.py.
#include "tools/annals/hooks.h"

#include <catch2/catch.hpp>

using namespace annals;
using cli::Json;

namespace {

Json entry(const std::string& value, const std::string& newest = "2025-12-01") { return {{"track", nullptr}, {"value", value}, {"due", nullptr}, {"newest", newest}}; }

std::string change(const Json& before, const Json& after, std::vector<int> events, const std::string& text) {
  return Json{{"kind", "change"}, {"at", "2025-12-09T00:00:00Z"}, {"projection", "ipo"}, {"key", "metax"}, {"lane", "stated"}, {"text", "ipo metax stated: " + text}, {"before", before}, {"after", after},
              {"through", events.back()}, {"events", events}}
      .dump();
}

std::string contradiction(const std::string& what, const std::string& newest = "") {
  return Json{{"kind", "contradiction"}, {"change", what}, {"text", "contradiction " + what + ": ipo metax" + newest}, {"is", "value"}, {"type", "ipo"}, {"subject", "metax"}, {"slot", "stage"},
              {"sides", {{{"value", "filed"}}, {{"value", "listed"}}}}}
      .dump();
}

}  // namespace

TEST_CASE("two changes of an answer become one from where the first began") {
  const std::string one = change(nullptr, entry("filed"), {3, 4}, "– → filed");
  const std::string other = change(entry("filed"), entry("listed"), {4, 7}, "filed → listed since 2025-12-05");
  const auto both = cli::merge_changes(one, other, false);
  REQUIRE(both);
  const Json json = Json::parse(*both);
  CHECK(json["before"].is_null());
  CHECK(json["after"]["value"] == "listed");
  CHECK(json["events"] == Json({3, 4, 7}));
  CHECK(json["through"] == 7);
  CHECK(json["text"] == "ipo metax stated: – → listed since 2025-12-05");
}

TEST_CASE("an arrow in what somebody said leaves the text of the later change") {
  const auto both = cli::merge_changes(change(nullptr, entry("a"), {1}, "– → a → b"), change(entry("a"), entry("c"), {2}, "a → c"), false);
  REQUIRE(both);
  CHECK(Json::parse(*both)["text"] == "ipo metax stated: a → c");
}

TEST_CASE("an answer that is again what it was is told only to whom it may have been told otherwise") {
  const std::string there = change(entry("filed"), entry("listed"), {3}, "filed → listed");
  const std::string back = change(entry("listed"), entry("filed", "2025-12-08"), {4}, "listed → filed");
  CHECK_FALSE(cli::merge_changes(there, back, false));
  const auto told = cli::merge_changes(there, back, true);
  REQUIRE(told);
  CHECK(Json::parse(*told)["after"]["value"] == "filed");
}

TEST_CASE("many changes that became one name the newest events") {
  std::string all = change(nullptr, entry("v0"), {1}, "– → v0");
  for (int i = 1; i < 200; ++i) {
    const auto next = cli::merge_changes(all, change(entry("v" + std::to_string(i - 1)), entry("v" + std::to_string(i)), {i + 1}, "x → y"), true);
    REQUIRE(next);
    all = *next;
  }
  const Json events = Json::parse(all)["events"];
  CHECK(events.size() == kWatchedEventsMax);
  CHECK(events.back() == 200);
}

TEST_CASE("a contradiction that nobody was told of is found as it now is or not told") {
  CHECK_FALSE(cli::merge_changes(contradiction("found"), contradiction("gone"), false));
  const auto settled = cli::merge_changes(contradiction("found"), contradiction("settled", "; taken back"), false);
  REQUIRE(settled);
  CHECK(Json::parse(*settled)["change"] == "found");
  CHECK(Json::parse(*settled)["text"] == "contradiction found: ipo metax; taken back");
  CHECK(Json::parse(*cli::merge_changes(contradiction("found"), contradiction("gone"), true))["change"] == "gone");
  CHECK(Json::parse(*cli::merge_changes(contradiction("settled"), contradiction("reopened"), false))["change"] == "reopened");
}

TEST_CASE("changes know their place in the queue") {
  Json due = entry("listed");
  due["due"] = {{"status", "open"}};
  const auto changes = cli::hook_changes({change(nullptr, entry("filed"), {1}, "x"), change(entry("filed"), nullptr, {2}, "y"), change(nullptr, due, {3}, "z"), contradiction("found"), contradiction("gone"),
                                          Json{{"kind", "erased"}, {"projection", "ipo"}, {"key", nullptr}, {"erasure", 9}}.dump()});
  REQUIRE(changes.size() == 6);
  CHECK(changes[0].order == "ipo metax");
  CHECK(changes[1].slot == changes[0].slot);
  CHECK(changes[2].slot != changes[0].slot);
  CHECK(changes[3].order == "contradictions metax");
  CHECK(changes[4].slot == changes[3].slot);
  CHECK(changes[5].order == "ipo ");
}
