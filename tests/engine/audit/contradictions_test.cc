// Goal: what cannot both hold is listed with both sides, and what a careful reader would not call a contradiction is not.
// Method: stories with claims made by hand; the list as lines that a person can compare.
#include "engine/audit/contradictions.h"

#include <catch2/catch.hpp>

#include <cmath>

#include "tests/support/story.h"

namespace {
using namespace annals;
using support::Story;

support::PublishOptions from(const std::string& outlet) {
  support::PublishOptions out;
  out.outlet = outlet;
  return out;
}

std::vector<std::string> listed(const Story& story, std::string_view bounds = "--as-of 2026-01-01") {
  const Query query(story.log(), Lexicon::builtin(), story.clock());
  AuditQuestion question;
  question.bounds = story.bounds(bounds);
  const AuditAnswer answer = audit(story.log(), query, Lexicon::builtin(), question, story.now()).value();
  std::vector<std::string> out;
  for (const Contradiction& each : contradictions(answer, Lexicon::builtin(), Zone::utc())) {
    std::string line = std::string(contradiction_kind_name(each.kind)) + " " + each.subject + " " + each.slot + ": " + each.one.value + " [" + std::to_string(each.one.rows.size()) + "] | " + each.other.value + " [" +
                       std::to_string(each.other.rows.size()) + "]";
    if (!each.settled.empty()) line += " settled: " + each.settled;
    out.push_back(line);
  }
  return out;
}
using Lines = std::vector<std::string>;

TEST_CASE("one launch dated twice is a contradiction and two grains of one date are none") {
  Story story;
  story.publish("2025-03-01", {"product_milestone product=h200 stage=launched when=2023-11"});
  story.publish("2025-03-02", {"product_milestone product=h200 stage=launched when=2023-11-13"}, from("Second"));
  CHECK(listed(story).empty());
  story.publish("2025-03-03", {"product_milestone product=h200 stage=launched when=2024-Q4"}, from("Third"));
  CHECK(listed(story) == Lines{"date h200 stage launched: 2023-11 [1] | 2024-Q4 [1]", "date h200 stage launched: 2023-11-13 [1] | 2024-Q4 [1]"});
  // Another product's date, and shipments, which come again, change nothing.
  story.publish("2025-03-04", {"product_milestone product=h20 stage=launched when=2022-01", "product_milestone product=h200 stage=shipping when=2020-01"});
  CHECK(listed(story).size() == 2);
}

TEST_CASE("reached already stands against planned for later only where the plan is told no earlier") {
  Story story;
  story.publish("2025-03-01", {"product_milestone product=h200 stage=mass_production modality=planned when=2025-Q3"});
  story.publish("2025-08-01", {"product_milestone product=h200 stage=mass_production"}, from("Second"));
  // A plan that came about.
  CHECK(listed(story).empty());
  story.publish("2025-08-02", {"product_milestone product=h200 stage=mass_production modality=planned when=2026-Q2"}, from("Third"));
  CHECK(listed(story) == Lines{"course h200 stage mass_production: reached already [1] | expected for 2026-Q2 [1]"});
  // Another maker's plan is about something else.
  story.publish("2025-08-03", {"product_milestone product=h200 stage=mass_production modality=planned when=2027 vendor=amd"});
  CHECK(listed(story).size() == 1);
}

TEST_CASE("multiples contradict where their possible values do not meet") {
  Story story;
  const std::string same = "metric entity=h200 metric=performance scope=h20 basis=level kind=actual value=";
  story.publish("2025-03-01", {same + "6倍"});
  story.publish("2025-03-02", {same + ">=6倍"}, from("Second"));
  story.publish("2025-03-03", {same + "~6.3倍"}, from("Third"));
  story.publish("2025-03-04", {same + "5.5..7倍"}, from("Fourth"));
  CHECK(listed(story).empty());
  story.publish("2025-03-05", {same + "~10倍"}, from("Fifth"));
  const Lines found = listed(story);
  CHECK(found.size() == 3);  // against 6, about 6.3 and 5.5 to 7, not against at least 6
  // A cut-down version is another scope, and half of something else another measure.
  story.publish("2025-03-06", {"metric entity=h200 metric=performance scope=b30a basis=level kind=actual value=2倍", "metric entity=h200 metric=bandwidth scope=h20 basis=level kind=actual value=2倍"});
  CHECK(listed(story) == found);
}

TEST_CASE("figures of one period contradict and roundings and forecasts do not") {
  Story story;
  const std::string revenue = "metric entity=nvidia metric=revenue basis=level ";
  story.publish("2025-03-01", {revenue + "kind=actual period=2025-Q1 value=4406000USD"});
  story.publish("2025-03-02", {revenue + "kind=actual period=2025-Q1 value=4410000USD", revenue + "kind=actual period=2025-Q2 value=9000000USD",
                               revenue + "kind=forecast modality=forecast period=2025-Q1 value=7000000USD"},
                from("Second"));
  CHECK(listed(story).empty());
  story.publish("2025-03-03", {revenue + "kind=actual period=2025-Q1 value=5200000USD"}, from("Third"));
  CHECK(listed(story).size() == 2);
  // Several of one key are of parts that nobody named; far apart is a part of the whole, and a power of ten a slip of the pen.
  story.publish("2025-03-04", {revenue + "kind=actual period=2025-Q1 value=6100000USD", revenue + "kind=actual period=2025-Q1 value=3100000USD"}, from("Fourth"));
  story.publish("2025-03-05", {revenue + "kind=actual period=2025-Q1 value=930000USD"}, from("Fifth"));
  CHECK(listed(story).size() == 2);
  story.publish("2025-03-06", {revenue + "kind=actual period=2025-Q1 value=44060000USD"}, from("Sixth"));
  CHECK(listed(story).size() == 3);
}

TEST_CASE("what a count has come to in a day is no contradiction with what it came to before") {
  const auto told = [](const std::string& words) {
    Story story;
    const std::string toll = "metric entity=nvidia metric=deaths basis=level kind=actual period=2025-03-01 when=2025-03-01 scope=" + words;
    story.publish("2025-03-01T10:00", {toll + " value=13人"});
    story.publish("2025-03-01T14:00", {toll + " value=19人"}, from("Second"));
    return listed(story).size();
  };
  CHECK(told("全市") == 1);
  CHECK(told("增至") == 0);
}

TEST_CASE("editions lines of products and partners are not the product and its maker") {
  Story story;
  const auto milestone = [](const std::string& product, const std::string& when, const std::string& more = "") { return "product_milestone product=" + product + " stage=launched when=" + when + more; };
  story.publish("2025-03-01", {milestone("h200", "2023-11")});
  // A line is launched again and again; more than a generation apart are two; one sentence does not contradict itself.
  story.publish("2025-03-02", {milestone("blackwell", "2024-03"), milestone("blackwell", "2025-02")}, from("Second"));
  story.publish("2025-03-03", {milestone("h200", "2018-01")}, from("Third"));
  story.publish("2025-03-04", {milestone("h20", "2024-01"), "product_milestone product=h20 stage=launched modality=denied when=2024-01"}, from("Fourth"));
  CHECK(listed(story).empty());
}

TEST_CASE("steps of one path are none and a denial is one until it is taken back") {
  Story story;
  story.publish("2025-08-01", {"revenue_share product=h20 rate=0.15 status=proposed"});
  story.publish("2025-08-02", {"revenue_share product=h20 rate=0.15 status=agreed"}, from("Second"));
  story.publish("2025-08-03", {"revenue_share product=h20 rate=0.15 status=not_in_effect"}, from("Third"));
  CHECK(listed(story).empty());
  story.publish("2025-09-01", {"ipo_milestone company=enflame stage=filed"});
  const Position denial = story.publish("2025-09-02", {"ipo_milestone company=enflame stage=filed modality=denied"}, from("Second"));
  REQUIRE(listed(story).size() == 1);
  CHECK(listed(story)[0] == "denial enflame value: stage=filed [1] | not stage=filed [1]");
  story.withdraw(denial, "2025-09-05");
  REQUIRE(listed(story).size() == 1);
  CHECK_THAT(listed(story)[0], Catch::EndsWith("settled: 'not stage=filed' was taken back"));
  // As of before, it was open.
  REQUIRE(listed(story, "--as-of 2025-09-03").size() == 1);
  CHECK_THAT(listed(story, "--as-of 2025-09-03")[0], !Catch::Contains("settled"));
  CHECK(listed(story, "--as-of 2025-09-01").empty());
}

TEST_CASE("a printed number means half a unit of its last digit") {
  const auto of = [](double value, Comparator comparator = Comparator::kEqual) { return possible(Amount{value, {}, comparator, ""}); };
  CHECK(of(15'800).low == Approx(15'750));
  CHECK(of(15'800).high == Approx(15'850));
  CHECK(of(4.8).low == Approx(4.75));
  CHECK(of(0.25).high == Approx(0.255));
  CHECK(of(6).low == 6);
  CHECK(of(6).high == 6);
  CHECK(of(10, Comparator::kApproximate).low == Approx(9));
  CHECK(std::isinf(of(6, Comparator::kGreaterEqual).high));
  CHECK(std::isinf(of(6, Comparator::kLess).low));
}

}  // namespace
