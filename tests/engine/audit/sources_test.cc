// Goal: the record of a source says who was first and by how long, and repetition never poses as confirmation.
#include "engine/audit/sources.h"

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

SourceLedger ledger(const Story& story, std::string_view bounds) {
  const Query query(story.log(), Lexicon::builtin(), story.clock());
  AuditQuestion question;
  question.bounds = story.bounds(bounds);
  const AuditAnswer answer = audit(story.log(), query, Lexicon::builtin(), question, story.now()).value();
  return source_ledger(answer, find_copies(story.log(), question.bounds).value(), Lexicon::builtin(), Zone::utc(), question.bounds.published_by);
}

const SourceRecord& of(const SourceLedger& ledger, const std::string& name) {
  for (const auto* list : {&ledger.outlets, &ledger.speakers})
    for (const SourceRecord& record : *list)
      if (record.name == name) return record;
  FAIL("no source " << name);
  return ledger.outlets.front();
}

TEST_CASE("three outlets that repeat one speaker are three outlets and one origin") {
  Story story;
  const std::string said = "export_control product=h200 status=allowed speaker=customs";
  story.publish("2025-03-01T08:00", {said}, from("甲报"));
  story.publish("2025-03-01T11:00", {said}, from("乙報"));
  story.publish("2025-03-02T08:00", {said}, from("Third"));
  const SourceLedger told = ledger(story, "--as-of 2025-03-10");
  REQUIRE(told.sayings.size() == 1);
  CHECK(told.sayings[0].outlets == 3);
  CHECK(told.sayings[0].origins == 1);
  const SourceRecord& first = of(told, "甲报");
  CHECK(first.first == 1);
  CHECK(first.followed == 1);
  CHECK(first.lead_median == std::chrono::hours(3));
  CHECK(first.repeated_by == std::map<std::string, std::uint64_t>{{"乙報", 1}, {"Third", 1}});
  // One mouth, however often it is printed, confirms nothing.
  CHECK(first.confirmed == 0);
  CHECK(of(told, "customs").claims == 3);
  CHECK(of(told, "Third").first == 0);

  story.publish("2025-03-03T08:00", {"export_control product=h200 status=allowed"}, from("Fourth"));
  CHECK(of(ledger(story, "--as-of 2025-03-10"), "甲报").confirmed == 1);
  CHECK(of(ledger(story, "--as-of 2025-03-02"), "甲报").confirmed == 0);
}

TEST_CASE("one person under several offices is one origin and one record") {
  Story story;
  const std::string said = "export_control product=h200 status=allowed speaker=";
  story.publish("2025-03-01T08:00", {said + "美国总统特朗普"}, from("甲报"));
  story.publish("2025-03-01T09:00", {said + "特朗普"}, from("丁报"));
  story.publish("2025-03-01T11:00", {said + "President_Donald_Trump"}, from("Third"));
  story.publish("2025-03-02T08:00", {said + "特朗普"}, from("乙報"));
  story.publish("2025-03-02T09:00", {said + "特朗普发言人"}, from("戊报"));
  const SourceLedger told = ledger(story, "--as-of 2025-03-10");
  REQUIRE(told.sayings.size() == 1);
  CHECK(told.sayings.front().outlets == 5);
  CHECK(told.sayings.front().origins == 2);
  CHECK(told.speakers.size() == 2);
  CHECK(of(told, "特朗普").claims == 4);
}

TEST_CASE("what somebody reckons of a time that was over is no forecast") {
  Story story;
  story.publish("2025-03-01", {"product_milestone product=h20 stage=launched modality=forecast aspect=target when=2025-01", "product_milestone product=h200 stage=launched modality=forecast when=2025-03"}, from("Daily"));
  const SourceLedger told = ledger(story, "--as-of 2025-03-10");
  REQUIRE(told.forecasts.size() == 1);
  CHECK(told.forecasts.front().outcome == Outcome::kAhead);
}

TEST_CASE("forecasts are met or late or failed or overdue as of any date") {
  Story story;
  story.publish("2025-01-10", {"ipo_milestone company=enflame stage=listed modality=planned when=2025-Q1", "product_milestone product=h200 stage=launched modality=forecast when=2025-Q2",
                               "product_milestone product=h20 stage=taped_out modality=planned when=2025-Q2"});
  const auto outcomes = [&](std::string_view bounds) {
    std::string out;
    for (const Forecast& each : ledger(story, bounds).forecasts) out += std::string(out.empty() ? "" : " ") + std::string(outcome_name(each.outcome));
    return out;
  };
  CHECK(outcomes("--as-of 2025-02-01") == "ahead ahead ahead");
  story.publish("2025-03-20", {"ipo_milestone company=enflame stage=listed"}, from("Second"));
  story.publish("2025-08-20", {"product_milestone product=h200 stage=launched"}, from("Second"));
  CHECK(outcomes("--as-of 2025-04-01") == "met ahead ahead");
  CHECK(outcomes("--as-of 2025-07-15") == "met overdue overdue");
  CHECK(outcomes("--as-of 2025-09-01") == "met late overdue");
  story.publish("2025-09-10", {"product_milestone product=h20 stage=cancelled"}, from("Second"));
  CHECK(outcomes("--as-of 2025-09-20") == "met late failed");
  const auto counts = of(ledger(story, "--as-of 2025-09-20"), "Daily").forecasts;
  CHECK(counts == std::array<std::uint64_t, 5>{0, 1, 1, 1, 0});
}

}  // namespace
