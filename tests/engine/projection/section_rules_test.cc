// Goal: every rule of as-of answers, each as a story that a person can check.
// Method: hand-made claims published, corrected, withdrawn and reviewed in a log in memory. Each answer is asked of the naive oracle
// too (see tests/support/story.h).
#include <catch2/catch.hpp>

#include "tests/support/story.h"

namespace annals {
namespace {

using support::Story;

support::PublishOptions by(std::string outlet) {
  support::PublishOptions options;
  options.outlet = std::move(outlet);
  return options;
}
support::PublishOptions copy_by(std::string outlet, std::string text) {
  support::PublishOptions options = by(std::move(outlet));
  options.copy = std::move(text);
  return options;
}

constexpr const char* kAllowed = "export_control product=h20 status=allowed";
constexpr const char* kBanned = "export_control product=h20 status=banned";

// The head of a lane in a few words: value, times, counts, disputes.
std::string head(const Story& story, std::string_view projection, std::string_view key, std::string_view bounds, Lane lane = Lane::kStated) {
  const State state = story.ask(projection, key, story.bounds(bounds));
  const Entry* entry = state.lane(lane).head();
  if (entry == nullptr) return "nothing";
  std::string out = entry->value;
  if (entry->since) out += " since " + entry->since->text;
  if (entry->by) out += " by " + entry->by->text;
  if (entry->until) out += " until " + entry->until->text;
  if (entry->starts) out += " from " + entry->starts->text;
  if (entry->due) out += " due " + entry->due->text;
  if (entry->due_status != DueStatus::kNone) out += " " + std::string(due_status_name(entry->due_status));
  if (entry->inherited_from) out += " inherited from " + *entry->inherited_from;
  if (!entry->disputes.empty()) out += " disputed by " + entry->disputes.front().value;
  return out;
}
std::string rule(const Story& story, std::string_view bounds, Lane lane = Lane::kStated) {
  return head(story, "export_control", "h20/china", bounds, lane);
}

}  // namespace

// --- what a claim says about time ---

TEST_CASE("an act begins at its publication and sets since") {
  Story story("2026-01-01T00:00:00Z");
  story.publish("2025-08-05", {kAllowed});
  CHECK(rule(story, "--as-of 2025-08-04") == "nothing");
  CHECK(rule(story, "--as-of 2025-08-05") == "allowed since 2025-08-05");
  CHECK(rule(story, "--as-of 2025-08-05T12:00:00Z") == "nothing");  // a day means its end: at noon nobody can rely on it
  CHECK(rule(story, "--as-of 2025-08-06T00:00:00Z") == "allowed since 2025-08-05");
}

TEST_CASE("a state told of the present sets by and never since") {
  Story story("2026-01-01T00:00:00Z");
  story.publish("2025-08-05", {std::string(kAllowed) + " aspect=holds"});
  CHECK(rule(story, "--as-of 2025-08-05") == "allowed by 2025-08-05");
}

TEST_CASE("a state told of a year holds by its end or by when it is told") {
  Story story("2026-01-01T00:00:00Z");
  story.publish("2025-12-09", {"ipo_milestone company=metax stage=subscription aspect=holds when=2025"});
  story.publish("2025-12-09", {"ipo_milestone company=biren stage=filed aspect=holds when=2024"});
  CHECK(head(story, "ipo", "metax", "--as-of 2025-12-10") == "subscription by 2025-12-09");
  CHECK(head(story, "ipo", "metax", "--published-by 2025-12-10 --valid-at 2025-02-01").find("by") == std::string::npos);
  CHECK(head(story, "ipo", "biren", "--published-by 2025-12-10 --valid-at 2025-01-01") == "filed by 2024");
}

TEST_CASE("what is told as past fills that past and changes nothing after it") {
  Story story("2026-01-01T00:00:00Z");
  story.publish("2025-08-05", {kAllowed});
  story.publish("2025-09-01", {std::string(kBanned) + " aspect=held"});
  CHECK(rule(story, "--as-of 2025-09-02") == "allowed since 2025-08-05");
  CHECK(rule(story, "--published-by 2025-09-02 --valid-at 2025-07-01") == "banned until 2025-09-01");
  story.publish("2025-09-03", {std::string(kBanned) + " aspect=held when=2025-06-01/2025-07-01"});
  CHECK(rule(story, "--published-by 2025-09-04 --valid-at 2025-06-15") == "banned since 2025-06-01 until 2025-07-01");
  CHECK(rule(story, "--as-of 2025-09-04") == "allowed since 2025-08-05");
}

TEST_CASE("a late report of an earlier time does not overwrite the present") {
  Story story("2026-01-01T00:00:00Z");
  story.publish("2025-08-05", {kAllowed});
  story.publish("2025-08-20", {std::string(kBanned) + " when=2025-04"});
  CHECK(rule(story, "--as-of 2025-08-21") == "allowed since 2025-08-05");
  CHECK(rule(story, "--published-by 2025-08-21 --valid-at 2025-05-01") == "banned since 2025-04");
  CHECK(rule(story, "--published-by 2025-08-19 --valid-at 2025-05-01") == "allowed from 2025-08-05");
}

TEST_CASE("an article taken in late counts from its publication and from its recording") {
  Story story("2025-08-01T00:00:00Z");
  story.publish("2025-08-01", {kBanned});
  story.at("2025-09-01T00:00:00Z");
  story.publish("2025-08-05", {kAllowed});
  CHECK(rule(story, "--as-of 2025-08-10") == "allowed since 2025-08-05");
  CHECK(rule(story, "--as-of 2025-08-10 --recorded-by 2025-08-31") == "banned since 2025-08-01");
  CHECK(rule(story, "--as-of 2025-08-10 --recorded-by #1") == "banned since 2025-08-01");
}

TEST_CASE("a later report about the same time corrects an earlier one") {
  Story story("2026-01-01T00:00:00Z");
  story.publish("2025-08-05", {"revenue_share product=h20 rate=0.2 status=required when=2025-08 speaker=Trump"});
  story.publish("2025-08-06", {"revenue_share product=h20 rate=0.15 status=required when=2025-08 speaker=Trump"});
  const State state = story.ask("revenue_share", "h20/china", story.bounds("--as-of 2025-08-07"));
  CHECK(state.lane(Lane::kStated).head()->field("rate")->number == 0.15);
  CHECK(state.lane(Lane::kStated).head()->disputes.empty());
  CHECK(state.lane(Lane::kStated).head()->steps.size() == 1);
}

TEST_CASE("a rule announced for later is in force from then") {
  Story story("2026-01-01T00:00:00Z");
  story.publish("2025-08-05", {kBanned});
  story.publish("2025-09-01", {std::string(kAllowed) + " when=2025-10-01/.."});
  CHECK(rule(story, "--as-of 2025-09-02") == "banned since 2025-08-05");
  const State state = story.ask("export_control", "h20/china", story.bounds("--as-of 2025-09-02"));
  REQUIRE(state.lane(Lane::kStated).entries.size() == 2);
  CHECK(state.lane(Lane::kStated).entries[1].value == "allowed");
  CHECK(state.lane(Lane::kStated).entries[1].starts->text == "2025-10-01");
  CHECK(rule(story, "--as-of 2025-10-01") == "allowed since 2025-10-01");
  CHECK(rule(story, "--published-by 2025-09-02 --valid-at 2025-10-01") == "allowed since 2025-10-01");
}

TEST_CASE("a rumour of a rule that begins later is in force at no earlier time") {
  Story story("2026-01-01T00:00:00Z");
  const std::string reported = " attribution=anonymous when=2025-10-01/..";
  story.publish("2025-09-01", {kBanned + reported});
  CHECK(rule(story, "--as-of 2025-09-02", Lane::kReported) == "banned due 2025-10-01/.. ahead");
  const State state = story.ask("export_control", "h20/china", story.bounds("--as-of 2025-09-02"));
  CHECK(state.lane(Lane::kReported).head()->field("step")->text == "announced");
  CHECK(head(story, "market_access", "h20/china", "--as-of 2025-09-02", Lane::kReported) == "banned due 2025-10-01/.. ahead");
  const State access = story.ask("market_access", "h20/china", story.bounds("--as-of 2025-09-02"));
  CHECK(access.summary[0].text == "unsaid");
  CHECK(rule(story, "--as-of 2025-10-01", Lane::kReported) == "banned since 2025-10-01");
  CHECK(rule(story, "--published-by 2025-11-01 --valid-at 2025-09-15", Lane::kReported) == "banned due 2025-10-01/.. ahead");
  // What is in force by then stands before it, and a stated rule of today does not make the rumour moot.
  story.publish("2025-09-03", {std::string(kAllowed) + " attribution=anonymous"});
  CHECK(rule(story, "--as-of 2025-09-04", Lane::kReported) == "allowed since 2025-09-03");
  story.publish("2025-09-05", {kAllowed});
  CHECK(rule(story, "--as-of 2025-09-06", Lane::kReported) == "banned due 2025-10-01/.. ahead");
}

// --- targets ---

TEST_CASE("a target is an expectation from its publication and overdue when it passes") {
  Story story("2026-12-01T00:00:00Z");
  story.publish("2025-12-09", {"ipo_milestone company=kunlunxin stage=filed modality=planned when=2026-Q1"});
  const auto target = [&](std::string_view bounds) { return head(story, "ipo", "kunlunxin", bounds, Lane::kExpected); };
  CHECK(target("--as-of 2025-12-08") == "nothing");
  CHECK(target("--as-of 2025-12-09") == "filed due 2026-Q1 ahead");
  CHECK(target("--as-of 2026-03-30") == "filed due 2026-Q1 ahead");
  CHECK(target("--as-of 2026-04-01") == "filed due 2026-Q1 overdue");
  CHECK(target("--published-by 2025-12-10 --valid-at 2020-01-01") == "filed due 2026-Q1 ahead");  // never tested against V
  story.publish("2026-05-01", {"ipo_milestone company=kunlunxin stage=filed"});
  CHECK(target("--as-of 2026-05-02") == "nothing");
  const State state = story.ask("ipo", "kunlunxin", story.bounds("--as-of 2026-05-02"));
  REQUIRE(state.lane(Lane::kStated).head()->steps.size() == 1);
  CHECK(state.lane(Lane::kStated).head()->steps[0].due_status == DueStatus::kMet);
}

TEST_CASE("a target that moves keeps the date before") {
  Story story("2026-12-01T00:00:00Z");
  story.publish("2025-12-09", {"product_milestone product=c600 stage=mass_production modality=planned when=2026-H1"});
  story.publish("2026-03-09", {"product_milestone product=c600 stage=mass_production modality=planned when=2026-H2"});
  const State state = story.ask("product", "c600", story.bounds("--as-of 2026-03-10"));
  REQUIRE(state.lane(Lane::kExpected).entries.size() == 1);
  const Entry& entry = state.lane(Lane::kExpected).entries.front();
  CHECK(entry.due->text == "2026-H2");
  REQUIRE(entry.steps.size() == 1);
  CHECK(entry.steps[0].due->text == "2026-H1");
}

// --- lanes ---

TEST_CASE("a rumour never poses as a fact") {
  Story story("2026-01-01T00:00:00Z");
  story.publish("2025-08-05", {kBanned});
  story.publish("2025-08-06", {std::string(kAllowed) + " modality=reported attribution=hearsay"});
  story.publish("2025-08-06", {std::string(kAllowed) + " attribution=anonymous speaker=insiders"}, by("Gazette"));
  CHECK(rule(story, "--as-of 2025-08-07") == "banned since 2025-08-05");
  CHECK(rule(story, "--as-of 2025-08-07", Lane::kReported) == "allowed since 2025-08-06");
  const State state = story.ask("export_control", "h20/china", story.bounds("--as-of 2025-08-07"));
  CHECK(state.lane(Lane::kReported).head()->anonymous);
  CHECK(state.lane(Lane::kReported).head()->origins == 2);
}

TEST_CASE("a rumour leaves when it is stated and when it is denied or replaced") {
  Story story("2026-01-01T00:00:00Z");
  const auto rumour = story.publish("2025-08-06", {std::string(kAllowed) + " attribution=anonymous"});
  CHECK(rule(story, "--as-of 2025-08-07", Lane::kReported) == "allowed since 2025-08-06");
  SECTION("met") { story.publish("2025-08-08", {kAllowed}); }
  SECTION("denied") { story.publish("2025-08-08", {std::string(kAllowed) + " modality=denied speaker=nvidia"}); }
  SECTION("replaced") { story.publish("2025-08-08", {kBanned}); }
  SECTION("struck") { story.retract(rumour); }
  CHECK(rule(story, "--as-of 2025-08-09", Lane::kReported) == "nothing");
}

TEST_CASE("a denial states nothing and disputes an equal stated value") {
  Story story("2026-01-01T00:00:00Z");
  story.publish("2025-08-06", {std::string(kBanned) + " modality=denied"});
  CHECK(rule(story, "--as-of 2025-08-07") == "nothing");
  story.publish("2025-08-08", {kBanned});
  CHECK(rule(story, "--as-of 2025-08-09") == "banned since 2025-08-08");
  story.publish("2025-08-10", {std::string(kBanned) + " modality=denied speaker=nvidia"});
  CHECK(rule(story, "--as-of 2025-08-11") == "banned since 2025-08-08 disputed by not banned");
}

TEST_CASE("no more than eight values stand on a lane") {
  Story story("2026-01-01T00:00:00Z");
  for (int i = 0; i < 11; ++i)
    story.publish("2025-08-06", {"financing company=kunlunxin round=R" + std::to_string(i) + " raised=10 modality=planned"});
  const State state = story.ask("financing", "kunlunxin", story.bounds("--as-of 2025-08-07"));
  CHECK(state.lane(Lane::kExpected).entries.size() == 8);
  CHECK(state.lane(Lane::kExpected).more == 3);
}

// --- changes, steps, disputes ---

TEST_CASE("rivals of one time from independent origins are a dispute and of two times a change") {
  Story story("2026-01-01T00:00:00Z");
  story.publish("2025-08-05T08:00", {kBanned}, by("Gazette"));
  SECTION("a dispute") {
    story.publish("2025-08-05T10:00", {kAllowed}, by("Daily"));
    CHECK(rule(story, "--as-of 2025-08-06") == "allowed since 2025-08-05T10:00 disputed by banned");
    story.publish("2025-08-05T12:00", {kBanned}, by("Post"));
    CHECK(rule(story, "--as-of 2025-08-06") == "banned since 2025-08-05T08:00 disputed by allowed");
  }
  SECTION("a change, on another day") {
    story.publish("2025-08-06T10:00", {kAllowed}, by("Daily"));
    CHECK(rule(story, "--as-of 2025-08-07") == "allowed since 2025-08-06T10:00");
  }
  SECTION("a correction, by the same origin") {
    story.publish("2025-08-05T10:00", {kAllowed}, by("Gazette"));
    CHECK(rule(story, "--as-of 2025-08-06") == "allowed since 2025-08-05T10:00");
  }
  SECTION("one origin behind two outlets") {
    story.publish("2025-08-06T08:00", {std::string(kBanned) + " speaker=Trump"}, by("Post"));
    story.publish("2025-08-06T10:00", {std::string(kAllowed) + " speaker=Trump"}, by("Daily"));
    CHECK(rule(story, "--as-of 2025-08-07").find("disputed") == std::string::npos);
  }
}

TEST_CASE("a month and a day within it are one time") {
  Story story("2026-01-01T00:00:00Z");
  story.publish("2025-09-01", {std::string(kBanned) + " when=2025-08"}, by("Gazette"));
  story.publish("2025-09-02", {std::string(kAllowed) + " when=2025-08-20"}, by("Daily"));
  CHECK(rule(story, "--as-of 2025-09-03") == "allowed since 2025-08-20 disputed by banned");
}

TEST_CASE("the steps of a permission are one path and a vaguer word takes nothing back") {
  Story story("2026-01-01T00:00:00Z");
  story.publish("2025-08-05T08:00", {kAllowed});
  story.publish("2025-08-05T09:00", {"export_control product=h20 status=license_pending aspect=holds"}, by("Gazette"));
  story.publish("2025-08-05T10:00", {kAllowed}, by("Post"));
  CHECK(rule(story, "--as-of 2025-08-06") == "license_pending since 2025-08-05T08:00");
  story.publish("2025-08-12T10:00", {"export_control product=h20 status=license_granted"}, by("Post"));
  CHECK(rule(story, "--as-of 2025-08-13") == "license_granted since 2025-08-05T08:00");
  story.publish("2025-08-14T10:00", {std::string(kAllowed) + " aspect=holds"}, by("Post"));
  CHECK(rule(story, "--as-of 2025-08-15") == "license_granted since 2025-08-05T08:00");
  story.publish("2025-09-01T10:00", {kBanned}, by("Post"));
  CHECK(rule(story, "--as-of 2025-09-02") == "banned since 2025-09-01T10:00");
  const State state = story.ask("export_control", "h20/china", story.bounds("--as-of 2025-09-02"));
  CHECK(state.lane(Lane::kStated).head()->field("step")->text == "revoked");
}

TEST_CASE("what is under discussion marks a rule and never replaces it") {
  Story story("2026-01-01T00:00:00Z");
  story.publish("2025-08-05", {"export_control product=h20 status=under_discussion aspect=holds"});
  CHECK(rule(story, "--as-of 2025-08-06") == "under_discussion by 2025-08-05");
  story.publish("2025-08-07", {kBanned});
  story.publish("2025-08-09", {"export_control product=h20 status=under_discussion aspect=holds"});
  CHECK(rule(story, "--as-of 2025-08-10") == "banned since 2025-08-07");
  const State state = story.ask("export_control", "h20/china", story.bounds("--as-of 2025-08-10"));
  CHECK(state.lane(Lane::kStated).head()->field("mark")->text == "under discussion");
}

TEST_CASE("a state that agrees corroborates and one that differs changes by its publication") {
  Story story("2026-01-01T00:00:00Z");
  story.publish("2025-08-05", {kBanned});
  story.publish("2025-08-09", {std::string(kBanned) + " aspect=holds"}, by("Gazette"));
  State state = story.ask("export_control", "h20/china", story.bounds("--as-of 2025-08-10"));
  CHECK(state.lane(Lane::kStated).head()->outlets == 2);
  CHECK(rule(story, "--as-of 2025-08-10") == "banned since 2025-08-05");
  story.publish("2025-08-11", {std::string(kAllowed) + " aspect=holds"}, by("Gazette"));
  CHECK(rule(story, "--as-of 2025-08-12") == "allowed by 2025-08-11");
}

TEST_CASE("a company does not come back from subscription but by withdrawal") {
  Story story("2026-12-01T00:00:00Z");
  story.publish("2025-12-05", {"ipo_milestone company=metax stage=subscription venue=sse_star"});
  story.publish("2025-12-09", {"ipo_milestone company=metax stage=filed aspect=holds"});
  story.publish("2025-12-10", {"ipo_milestone company=metax stage=filed"});
  CHECK(head(story, "ipo", "metax", "--as-of 2025-12-11") == "subscription since 2025-12-05");
  story.publish("2025-12-12", {"ipo_milestone company=metax stage=withdrawn"});
  CHECK(head(story, "ipo", "metax", "--as-of 2025-12-13") == "withdrawn since 2025-12-12");
  story.publish("2025-12-14", {"ipo_milestone company=metax stage=filed aspect=holds"});
  CHECK(head(story, "ipo", "metax", "--as-of 2025-12-15") == "withdrawn since 2025-12-12");
  story.publish("2026-03-01", {"ipo_milestone company=metax stage=filed"});
  CHECK(head(story, "ipo", "metax", "--as-of 2026-03-02") == "filed since 2026-03-01");
}

// --- events about events ---

TEST_CASE("a withdrawal works from its publication on and from its recording") {
  Story story("2025-12-01T00:00:00Z");
  const Position said = story.publish("2025-08-05", {kAllowed});
  story.at("2025-12-05T00:00:00Z");
  story.withdraw(said, "2025-08-20");
  CHECK(rule(story, "--as-of 2025-08-19") == "allowed since 2025-08-05");
  CHECK(rule(story, "--as-of 2025-08-20") == "nothing");
  CHECK(rule(story, "--as-of 2025-08-20 --recorded-by 2025-12-02") == "allowed since 2025-08-05");
}

TEST_CASE("a retraction works from its recording and can be retracted itself") {
  Story story("2025-12-01T00:00:00Z");
  const Position said = story.publish("2025-08-05", {kAllowed});
  story.at("2025-12-05T00:00:00Z");
  const Position retraction = story.retract(said);
  CHECK(rule(story, "--as-of 2025-08-06") == "nothing");
  CHECK(rule(story, "--as-of 2025-08-06 --recorded-by 2025-12-04") == "allowed since 2025-08-05");
  story.at("2025-12-07T00:00:00Z");
  const Position again = story.retract(retraction);
  CHECK(rule(story, "--as-of 2025-08-06") == "allowed since 2025-08-05");
  CHECK(rule(story, "--as-of 2025-08-06 --recorded-by 2025-12-06") == "nothing");
  story.retract(again);
  CHECK(rule(story, "--as-of 2025-08-06") == "nothing");
}

TEST_CASE("an article and a note can be retracted whole") {
  Story story("2025-12-01T00:00:00Z");
  const Position one = story.publish("2025-08-05", {kAllowed});
  const Position two = story.publish("2025-08-04", {kBanned});
  story.retract_article(one);
  CHECK(rule(story, "--as-of 2025-08-06") == "banned since 2025-08-04");
  story.retract_note(two);
  CHECK(rule(story, "--as-of 2025-08-06") == "nothing");
}

TEST_CASE("the newest reading by R of the chosen interpreter counts in the old place") {
  Story story("2025-12-01T00:00:00Z");
  const Position said = story.publish("2025-08-05", {kAllowed});
  story.publish("2025-08-07", {"export_control product=h20 status=under_discussion aspect=holds"}, by("Gazette"));
  story.at("2025-12-05T00:00:00Z");
  story.reread(said, "annals/2", {kBanned});
  story.reread(said, "other/1", {"export_control product=h20 status=license_required"});
  CHECK(rule(story, "--as-of 2025-08-08") == "banned since 2025-08-05");
  CHECK(rule(story, "--as-of 2025-08-08 --recorded-by 2025-12-04") == "allowed since 2025-08-05");
  CHECK(rule(story, "--as-of 2025-08-08 --interpreter other") == "license_required since 2025-08-05");
  CHECK(rule(story, "--as-of 2025-08-08 --interpreter annals/1") == "allowed since 2025-08-05");
  story.reread(said, "annals/3", {});
  CHECK(rule(story, "--as-of 2025-08-06") == "nothing");
}

TEST_CASE("a review accepts, rejects or amends from its recording on") {
  Story story("2025-12-01T00:00:00Z");
  const Position said = story.publish("2025-08-05", {kAllowed, "export_control product=h200 status=allowed"});
  CHECK(rule(story, "--as-of 2025-08-06 --reviewed") == "nothing");
  story.at("2025-12-02T00:00:00Z");
  story.reject(said, 0);
  CHECK(rule(story, "--as-of 2025-08-06") == "nothing");
  CHECK(rule(story, "--as-of 2025-08-06 --recorded-by 2025-12-01") == "allowed since 2025-08-05");
  CHECK(head(story, "export_control", "h200/china", "--as-of 2025-08-06") == "allowed since 2025-08-05");
  story.at("2025-12-04T00:00:00Z");
  story.accept(said, 0);
  CHECK(rule(story, "--as-of 2025-08-06 --reviewed") == "allowed since 2025-08-05");
  story.amend(said, 0, "export_control product=h20 status=license_required");
  CHECK(rule(story, "--as-of 2025-08-06 --reviewed") == "license_required since 2025-08-05");
  CHECK(head(story, "export_control", "h200/china", "--as-of 2025-08-06 --reviewed") == "nothing");
}

TEST_CASE("a review of a claim holds for the same claim of a later reading") {
  Story story("2025-12-01T00:00:00Z");
  const Position said = story.publish("2025-08-05", {kAllowed});
  story.reject(said, 0);
  story.reread(said, "annals/2", {"export_control product=h200 status=allowed", kAllowed});
  CHECK(rule(story, "--as-of 2025-08-06") == "nothing");
  CHECK(head(story, "export_control", "h200/china", "--as-of 2025-08-06") == "allowed since 2025-08-05");
}

TEST_CASE("an undated statement counts only when asked for and never overrules a dated one") {
  Story story("2025-12-01T10:00:00Z");
  const Position undated = story.publish("", {kBanned});
  CHECK(rule(story, "--as-of 2025-12-02") == "nothing");
  CHECK(story.ledger().coverage(story.bounds("--as-of 2025-12-02")).undated_left_out == 1);
  CHECK(rule(story, "--as-of 2025-12-02 --undated include") == "banned since 2025-12-01T10:00:00Z");
  CHECK(rule(story, "--as-of 2025-11-30 --undated include") == "nothing");
  story.publish("2025-08-05", {kAllowed});
  CHECK(rule(story, "--as-of 2025-12-02 --undated include") == "allowed since 2025-08-05");
  story.at("2025-12-05T00:00:00Z");
  story.date(undated, "2025-09-01");
  CHECK(rule(story, "--as-of 2025-12-02") == "banned since 2025-09-01");
  CHECK(rule(story, "--as-of 2025-12-02 --recorded-by 2025-12-04") == "allowed since 2025-08-05");
}

TEST_CASE("a reprint holds from the first print and counts once") {
  Story story("2025-12-01T00:00:00Z");
  story.publish("2025-08-04", {kBanned}, copy_by("Gazette", "monday"));
  story.publish("2025-08-05", {kAllowed}, by("Daily"));
  story.publish("2025-08-06", {kBanned}, copy_by("Post", "monday"));
  CHECK(rule(story, "--as-of 2025-08-07") == "allowed since 2025-08-05");
  CHECK(rule(story, "--as-of 2025-08-04") == "banned since 2025-08-04");
}

// With the first print struck, the reprint is the first that is left: it holds from its own day.
TEST_CASE("a reprint whose first print is struck holds from its own day") {
  Story story("2025-12-01T00:00:00Z");
  const Position first = story.publish("2025-08-04", {kBanned}, copy_by("Gazette", "monday"));
  story.publish("2025-08-05", {kAllowed}, by("Daily"));
  story.publish("2025-08-06", {kBanned}, copy_by("Post", "monday"));
  story.retract(first);
  CHECK(rule(story, "--as-of 2025-08-07") == "banned since 2025-08-06");
}

TEST_CASE("the clock of observation counts bytes from when somebody had them") {
  Story story("2025-12-01T00:00:00Z");
  support::PublishOptions late = by("Gazette");
  late.observed = "2025-08-09T00:00:00Z";
  story.publish("2025-08-05", {kAllowed}, late);
  CHECK(rule(story, "--as-of 2025-08-06") == "allowed since 2025-08-05");
  CHECK(rule(story, "--as-of 2025-08-06 --clock observed") == "nothing");
  CHECK(rule(story, "--as-of 2025-08-09 --clock observed") == "allowed since 2025-08-05");
}

// --- families ---

TEST_CASE("a product shows its own rule unless its family has one that begins later") {
  Story story("2025-12-01T00:00:00Z");
  story.fact("h20 product family=hopper vendor=nvidia");
  story.fact("hopper family family=ai_chips vendor=nvidia");
  story.fact("ai_chips class");
  story.publish("2025-08-05", {kAllowed});
  story.publish("2025-08-07", {"export_control product=hopper status=banned aspect=holds"});
  CHECK(rule(story, "--as-of 2025-08-08") == "allowed since 2025-08-05");  // no beginning: reaches only what has no rule
  story.publish("2025-08-09", {"export_control product=ai_chips vendor=amd status=banned"});
  CHECK(rule(story, "--as-of 2025-08-10") == "allowed since 2025-08-05");  // another maker's
  story.publish("2025-08-11", {"export_control product=ai_chips vendor=nvidia status=license_required"});
  CHECK(rule(story, "--as-of 2025-08-12") == "license_required since 2025-08-11 inherited from ai_chips@nvidia/china");
  story.publish("2025-08-13", {kAllowed});  // said once more of the product itself
  CHECK(rule(story, "--as-of 2025-08-14") == "allowed since 2025-08-05");
}

TEST_CASE("a product without a rule takes the nearest of its family") {
  Story story("2025-12-01T00:00:00Z");
  story.fact("h20 product family=hopper vendor=nvidia");
  story.fact("hopper family family=ai_chips vendor=nvidia");
  story.publish("2025-08-05", {"export_control product=hopper status=banned aspect=holds"});
  CHECK(rule(story, "--as-of 2025-08-06") == "banned by 2025-08-05 inherited from hopper/china");
  CHECK(rule(story, "--as-of 2025-08-06 --recorded-by #1") == "nothing");
}

// "Related products" of a maker are its chips; of nobody in particular they may be anything.
TEST_CASE("a class that texts only point at reaches the products of its maker alone") {
  Story story("2025-12-01T00:00:00Z");
  story.fact("h20 product family=ai_chips vendor=nvidia");
  story.fact("ai_chips class family=related_products");
  story.fact("related_products class tag=by_reference");
  story.publish("2025-08-05", {"export_control product=related_products status=banned"});
  CHECK(rule(story, "--as-of 2025-08-06") == "nothing");
  story.publish("2025-08-07", {"export_control product=related_products vendor=nvidia status=license_required when=2025-04"});
  CHECK(rule(story, "--as-of 2025-08-08") == "license_required since 2025-04 inherited from related_products@nvidia/china");
}

TEST_CASE("a permission does not end a review that is told of the same day") {
  Story story("2025-12-01T00:00:00Z");
  story.publish("2025-08-05T08:00", {"import_control product=h20 status=under_review aspect=holds"}, by("Gazette"));
  story.publish("2025-08-05T10:00", {"import_control product=h20 status=allowed"}, by("Daily"));
  CHECK(head(story, "import_control", "h20/china", "--as-of 2025-08-06") == "under_review by 2025-08-05T08:00");
  story.publish("2025-08-09T10:00", {"import_control product=h20 status=allowed aspect=holds"}, by("Post"));
  CHECK(head(story, "import_control", "h20/china", "--as-of 2025-08-10") == "allowed since 2025-08-05T10:00");
}

TEST_CASE("a product that does not inherit has no rule of its family") {
  Story story("2025-12-01T00:00:00Z");
  story.fact("h20 product family=hopper vendor=nvidia");
  story.publish("2025-08-05", {"export_control product=hopper status=banned aspect=holds"});
  story.fact("h20 product family=hopper vendor=nvidia rules=no");
  CHECK(rule(story, "--as-of 2025-08-06 --recorded-by #2") == "banned by 2025-08-05 inherited from hopper/china");
  CHECK(rule(story, "--as-of 2025-08-06") == "nothing");
}

TEST_CASE("a name learnt later joins what was said under it from then on") {
  Story story("2025-12-01T00:00:00Z");
  story.publish("2025-08-05", {"export_control product=the-special-chip status=allowed"});
  CHECK(rule(story, "--as-of 2025-08-06") == "nothing");
  story.fact("h20 product alias=the-special-chip");
  CHECK(rule(story, "--as-of 2025-08-06") == "allowed since 2025-08-05");
  CHECK(rule(story, "--as-of 2025-08-06 --recorded-by #1") == "nothing");
}

TEST_CASE("eight outlets that repeat one speaker are one origin") {
  Story story("2025-12-01T00:00:00Z");
  story.fact("trump person name=Trump alias=The_President");
  story.publish("2025-08-05T08:00", {std::string(kAllowed) + " speaker=Trump"}, by("Gazette"));
  story.publish("2025-08-05T09:00", {std::string(kAllowed) + " speaker=The_President"}, by("Daily"));
  story.publish("2025-08-05T10:00", {std::string(kAllowed) + " speaker=a_spokesman;Trump"}, by("Post"));
  story.publish("2025-08-05T11:00", {std::string(kAllowed) + " speaker=Trump"}, by("Echo"));
  const State state = story.ask("export_control", "h20/china", story.bounds("--as-of 2025-08-06"));
  CHECK(state.lane(Lane::kStated).head()->outlets == 3);  // three or more
  CHECK(state.lane(Lane::kStated).head()->origins == 1);
}

}  // namespace annals
