// Goal: the design's worked example answers as the design says.
// Method: its facts as claims made by hand, in a log in memory; the articles are dated 2025-08-05 and 2025-12-09, zone UTC.
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

// What the notes say, told by this project's own hand.
struct Notes : Story {
  Notes() : Story("2026-03-01T00:00:00Z") {
    for (const char* line : {"h20 product family=hopper vendor=nvidia name=H20", "h200 product family=hopper vendor=nvidia name=H200",
                             "mi308 product family=ai_chips vendor=amd", "hopper family family=ai_chips vendor=nvidia",
                             "blackwell family family=ai_chips vendor=nvidia", "b200 product family=blackwell vendor=nvidia",
                             "rubin family family=ai_chips vendor=nvidia", "ai_chips class", "trump person name=Trump"})
      fact(line);
    // The minutes: one unnamed expert.
    publish("2025-08-05T20:17",
            {"export_control product=h20 status=allowed aspect=begins attribution=anonymous speaker=expert",
             "export_control product=h20 status=license_pending aspect=holds attribution=anonymous speaker=expert"},
            by("Minutes"));
    publish("2025-12-09T00:16",
            {"export_control product=h200 status=allowed speaker=Trump vendor=nvidia condition=approved_customers;_national_security",
             "export_control product=blackwell status=banned aspect=holds speaker=Trump",
             "export_control product=rubin status=banned aspect=holds speaker=Trump",
             "export_control product=ai_chips vendor=amd status=allowed",
             "revenue_share product=h200 rate=0.25 status=required basis=sales payer=nvidia payee=us_government",
             "export_control product=h200 status=license_pending aspect=holds authority=us_commerce",
             "export_control product=h200 status=allowed modality=forecast condition=chips_of_18_months_ago",
             "import_control product=h200 status=under_review aspect=holds speaker=Jensen_Huang",
             "export_control product=ai_chips vendor=nvidia status=license_required when=2025-04",
             "export_control product=ai_chips vendor=amd status=license_required when=2025-04",
             "revenue_share product=h20 rate=0.15 status=required when=2025-08 payer=nvidia payee=us_government",
             "revenue_share product=mi308 rate=0.15 status=required when=2025-08 payer=amd payee=us_government",
             "export_control product=h20 status=license_required when=2025-08 condition=15%_share_of_sales",
             "import_control product=h200 status=under_review aspect=holds authority=china",
             "export_control product=h200 status=license_required aspect=holds authority=usa"},
            by("Titanium"));
    publish("2025-12-09T01:54",
            {"ipo_milestone company=kunlunxin stage=considering aspect=holds speaker=Baidu when=2025-12-07",
             "ipo_milestone company=kunlunxin stage=preparing modality=reported attribution=anonymous speaker=insiders venue=hkex",
             "ipo_milestone company=kunlunxin stage=filed modality=planned attribution=anonymous speaker=insiders venue=hkex when=2026-Q1",
             "ipo_milestone company=kunlunxin stage=listed modality=planned attribution=anonymous speaker=insiders venue=hkex when=2027-Q1",
             "ipo_milestone company=enflame stage=filed aspect=holds", "ipo_milestone company=biren stage=filed aspect=holds",
             "ipo_milestone company=metax stage=filed aspect=holds", "ipo_milestone company=moore_threads stage=listed aspect=holds"},
            by("Sofa"));
    publish("2025-12-09T01:37",
            {"ipo_milestone company=metax stage=priced aspect=holds venue=sse_star price=104.66 market_cap=41874000000",
             "ipo_milestone company=metax stage=subscription aspect=holds venue=sse_star lottery_rate=0.0003348913",
             "ipo_milestone company=metax stage=listed modality=planned venue=sse_star"},
            by("Sofa"));
    publish("2025-12-09T02:28",
            {"export_control product=ai_chips vendor=nvidia status=banned aspect=holds",
             "export_control product=h20 status=allowed aspect=held",
             "revenue_share product=h20 rate=0.15 status=required aspect=held basis=revenue",
             "export_control product=h200 status=allowed", "revenue_share product=h200 rate=0.25 status=required"},
            by("Sofa"));
    publish("2025-12-09T03:44",
            {"revenue_share product=h20 rate=0.15 status=not_in_effect aspect=held",
             "revenue_share product=mi308 rate=0.15 status=not_in_effect aspect=held",
             "revenue_share product=h200 rate=0.25 status=in_effect modality=planned", "export_control product=h200 status=allowed"},
            by("Krypton"));
    publish("2025-12-09T06:05",
            {"revenue_share product=h20 rate=0.15 status=agreed aspect=held payer=nvidia",
             "export_control product=h20 status=license_required aspect=held", "export_control product=h20 status=allowed aspect=held",
             "export_control product=blackwell status=banned aspect=holds", "export_control product=rubin status=banned aspect=holds",
             "revenue_share product=h200 rate=0.25 status=required speaker=Trump"},
            by("Southern"));
    publish("2025-12-09T06:31", {"export_control product=h200 status=allowed speaker=Trump", "export_control product=h20 status=allowed when=2024"},
            by("Observer"));
    publish("2025-12-09T06:37",
            {"export_control product=h200 status=allowed", "export_control product=h200 status=banned aspect=held",
             "export_control product=h200 status=banned modality=forecast speaker=others condition=once_China_agrees",
             "import_control product=h20 status=discouraged aspect=holds authority=china_customs",
             "import_control product=h200 status=banned modality=conditional"},
            by("Core"));
  }
};

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

TEST_CASE("H20 in August 2025 is allowed with licences pending as one unnamed expert reports") {
  const Notes notes;
  CHECK(notes.state("export_control", "h20/china", "--as-of 2025-08-10") ==
        "reported: license_pending since 2025-08-05T20:17 {rule: allowed; step: licences pending; step_by: 2025-08-05T20:17} | 1 outlet, 1 "
        "origin, anonymous | #10.0..#10.1\n"
        "    before: allowed since 2025-08-05T20:17 until 2025-08-05T20:17 #10.0");
}

TEST_CASE("H20 in May 2025 needed a licence as later articles tell of its class") {
  const Notes notes;
  const State state = notes.ask("export_control", "h20/china", notes.bounds("--published-by 2025-12-10 --valid-at 2025-05-01"));
  const Entry* head = state.lane(Lane::kStated).head();
  REQUIRE(head != nullptr);
  CHECK(head->value == "license_required");
  REQUIRE(head->since);
  CHECK(head->since->text == "2025-04");
  CHECK(head->inherited_from == "ai_chips@nvidia/china");
}

TEST_CASE("the share of H200 is unknown on the 7th and 25 percent required on the 10th") {
  const Notes notes;
  CHECK(notes.state("revenue_share", "h200/china", "--as-of 2025-12-07") == "nothing known");
  const State state = notes.ask("revenue_share", "h200/china", notes.bounds("--as-of 2025-12-10"));
  const Entry* head = state.lane(Lane::kStated).head();
  REQUIRE(head != nullptr);
  CHECK(head->value == "required");
  CHECK(head->field("rate")->number == 0.25);
  CHECK(head->since->text == "2025-12-09T00:16");
  CHECK(head->disputes.empty());
}

TEST_CASE("the share of H20 was agreed and never took effect as one outlet says") {
  const Notes notes;
  CHECK(notes.state("revenue_share", "h20/china", "--as-of 2025-12-10") ==
        "stated: agreed by 2025-12-09T06:05 {deal: agreed; effect: not in force; rate: 0.15; basis: revenue; effect_outlets: 1; payer: "
        "nvidia; payee: us_government} | 3+ outlets, 3+ origins | #11.10..#16.0\n"
        "    before: required since 2025-08 #14.2");
}

TEST_CASE("H200 may not be shipped yet on the 10th of December") {
  const Notes notes;
  const State state = notes.ask("market_access", "h200/china", notes.bounds("--as-of 2025-12-10"));
  std::string summary;
  for (const Field& field : state.summary) summary += field.name + ": " + field.text + "\n";
  CHECK(summary ==
        "exporter: announced, in force not yet: licences pending\n"
        "importer: under review\n"
        "share: 25%\n"
        "shippable: not yet\n");
}

// Background must never pose as news: "H200, banned until now" stands in an article that announces the opposite.
TEST_CASE("H200 is never banned again by a passing mention") {
  const Notes notes;
  for (int minute = 0; minute < 7 * 60; ++minute) {
    const Bounds bounds = as_of(support::instant("2025-12-09T00:17:00Z") + std::chrono::minutes(minute));
    const State state = notes.ask("export_control", "h200/china", bounds);
    const Entry* head = state.lane(Lane::kStated).head();
    REQUIRE(head != nullptr);
    CHECK(head->field("rule")->text == "allowed");
    CHECK(head->disputes.empty());
    CHECK(!head->inherited_from);
    CHECK(head->since->text == "2025-12-09T00:16");
    if (minute > 0) minute += 12;
  }
}

TEST_CASE("Blackwell chips stay banned and B200 inherits it") {
  const Notes notes;
  CHECK(first_line(notes.state("export_control", "b200/china", "--as-of 2025-12-10")) ==
        "stated: banned by 2025-12-09T00:16 {rule: banned; step: in force} | 2 outlets, 2 origins, inherited from blackwell/china | "
        "#11.1..#16.3");
}

TEST_CASE("MetaX stays at subscription although a later article calls it filed") {
  const Notes notes;
  const State state = notes.ask("ipo", "metax", notes.bounds("--as-of 2025-12-10"));
  const Entry* head = state.lane(Lane::kStated).head();
  REQUIRE(head != nullptr);
  CHECK(head->value == "subscription");
  CHECK(head->track == "sse_star");
  CHECK(head->by->text == "2025-12-09T01:37");
  REQUIRE(state.lane(Lane::kExpected).head() != nullptr);
  CHECK(state.lane(Lane::kExpected).head()->value == "listed");
}

TEST_CASE("what is reported of Kunlunxin stands beside the word of Baidu") {
  const Notes notes;
  const std::string state = notes.state("ipo", "kunlunxin", "--as-of 2025-12-10");
  INFO(state);
  CHECK(state.find("stated: considering by 2025-12-07") == 0);
  CHECK(state.find("reported: [hkex] preparing since 2025-12-09T01:54") != std::string::npos);
  CHECK(state.find("reported: [hkex] filed due 2026-Q1 (ahead)") != std::string::npos);
  CHECK(state.find("reported: [hkex] listed due 2027-Q1 (ahead)") != std::string::npos);
}

}  // namespace annals
