// Goal: an audit lists who asserted what, in the order in which it became known, and what became of it; nothing that was said is missing.
// Method: stories in a log in memory; each row is written as one line that a person can read.
#include "engine/audit/audit.h"

#include <catch2/catch.hpp>

#include "tests/support/story.h"

using namespace annals;
using support::Story;

namespace {

struct Desk {
  Story story{"2025-01-01T00:00:00Z"};
  AuditQuestion question;

  Desk() {
    story.fact("h200 product family=hopper vendor=nvidia name=H200");
    story.fact("hopper family vendor=nvidia name=Hopper");
  }
  AuditAnswer answer() {
    const Query query(story.log(), Lexicon::builtin(), story.clock());
    auto out = audit(story.log(), query, Lexicon::builtin(), question, story.now());
    if (!out) FAIL(out.error().message);
    return *std::move(out);
  }
  // "#7.0 Daily [speaker] h200/china status=banned stands turn 1", with what goes beyond that behind it.
  std::vector<std::string> rows() {
    std::vector<std::string> out;
    for (const Assertion& row : answer().rows) {
      const auto place = [](const AssertionPlace& at) { return "#" + std::to_string(at.position.value) + (at.claim ? "." + std::to_string(*at.claim) : ""); };
      std::string line = place(row.place) + " " + row.article.outlet.value_or("nobody");
      for (const std::string& speaker : row.speakers) line += " [" + speaker + "]";
      line += row.claim ? " " + row.subject + " " + row.says : " no claim";
      line += " " + std::string(standing_name(row.standing));
      if (row.claim) line += " turn " + std::to_string(row.turn);
      if (row.first) line += " after " + place(*row.first);
      for (const CopiedAssertion& copy : row.copies) line += " copy " + place(copy.place);
      for (const AssertionPlace& other : row.against) line += " against " + place(other);
      if (row.inherited_from) line += " of " + *row.inherited_from;
      for (const Position by : row.changed_by) line += " by #" + std::to_string(by.value);
      out.push_back(line);
    }
    return out;
  }
  void ask(std::string_view projection, std::string_view key) {
    question.projection = std::string(projection);
    question.key = std::string(key);
  }
};

std::string number(Position position) { return "#" + std::to_string(position.value); }

const std::string kBanned = "export_control product=h200 status=banned aspect=holds";
const std::string kAllowed = "export_control product=h200 status=allowed";
using Lines = std::vector<std::string>;

support::PublishOptions by(std::string outlet, std::string copy = {}) {
  support::PublishOptions out;
  out.outlet = std::move(outlet);
  out.copy = std::move(copy);
  return out;
}

}  // namespace

TEST_CASE_METHOD(Desk, "the first to say it the next and who denies it") {
  const auto c = story.publish("2025-12-09T08:00", {"export_control product=h200 status=allowed modality=denied speaker=Commerce"}, by("Evening"));
  const auto b = story.publish("2025-12-09T07:00", {kAllowed}, by("Morning"));
  const auto a = story.publish("2025-12-09T06:00", {kAllowed}, by("Daily"));
  ask("export_control", "h200/china");
  CHECK(rows() == Lines{number(a) + ".0 Daily h200/china status=allowed stands turn 1 against " + number(c) + ".0",
                        number(b) + ".0 Morning h200/china status=allowed stands turn 2 after " + number(a) + ".0 against " + number(c) + ".0",
                        number(c) + ".0 Evening [Commerce] h200/china not status=allowed stands turn 1 against " + number(b) + ".0 against " + number(a) + ".0"});
  const AuditAnswer all = answer();
  REQUIRE(all.sources.size() == 3);
  CHECK(all.sources[0].outlet == "Daily");
  CHECK(all.sources[0].first == 1);
  CHECK(all.sources[2].first == 0);
  CHECK(all.statements_seen == 3);
}

TEST_CASE_METHOD(Desk, "what became known later or was recorded later is not there") {
  const auto a = story.publish("2025-12-09T06:00", {kAllowed});
  story.publish("2025-12-11T06:00", {kBanned}, by("Later"));
  ask("export_control", "h200");
  question.bounds = story.bounds("--as-of 2025-12-10");
  CHECK(rows() == Lines{number(a) + ".0 Daily h200/china status=allowed stands turn 1"});
  question.bounds = {};
  question.bounds.recorded_to = a;
  CHECK(rows() == Lines{number(a) + ".0 Daily h200/china status=allowed stands turn 1"});
}

TEST_CASE_METHOD(Desk, "a withdrawal counts from its publication and a retraction until it is struck") {
  const auto a = story.publish("2025-12-09T06:00", {kAllowed});
  const auto b = story.publish("2025-12-09T07:00", {kBanned}, by("Morning"));
  const auto taken_back = story.withdraw(a, "2025-12-11T09:00");
  const auto struck = story.retract(b);
  ask("export_control", "h200");
  const std::string first = number(a) + ".0 Daily h200/china status=allowed ";
  const std::string second = number(b) + ".0 Morning h200/china status=banned ";
  question.bounds = story.bounds("--as-of 2025-12-10");
  CHECK(rows() == Lines{first + "stands turn 1", second + "retracted turn 1 by " + number(struck)});
  question.bounds = story.bounds("--as-of 2025-12-12");
  CHECK(rows() == Lines{first + "withdrawn turn 1 by " + number(taken_back), second + "retracted turn 1 by " + number(struck)});
  story.retract(struck, "the file was right");
  CHECK(rows() == Lines{first + "withdrawn turn 1 by " + number(taken_back), second + "stands turn 1"});
  CHECK(answer().sources[0].taken_back + answer().sources[1].taken_back == 1);
}

TEST_CASE_METHOD(Desk, "the last review counts and only for the reading it was made on") {
  const auto a = story.publish("2025-12-09T06:00", {kAllowed});
  ask("export_control", "h200");
  const std::string row = number(a) + ".0 Daily h200/china status=";
  const auto rejected = story.reject(a);
  CHECK(rows() == Lines{row + "allowed rejected turn 1 by " + number(rejected)});
  const auto amended = story.amend(a, 0, kBanned);
  CHECK(rows() == Lines{row + "banned amended turn 1 by " + number(rejected) + " by " + number(amended)});
  const auto accepted = story.accept(a);
  CHECK(rows() == Lines{row + "allowed accepted turn 1 by " + number(rejected) + " by " + number(amended) + " by " + number(accepted)});

  // Another interpreter's claim in the same place was never reviewed.
  story.reread(a, "outside/1", {kBanned});
  question.bounds.interpreter = "outside";
  const auto theirs = rows();
  REQUIRE(theirs.size() == 1);
  CHECK(theirs[0].find("status=banned stands") != std::string::npos);
  question.bounds.interpreter.reset();
  CHECK(rows()[0].find("accepted") != std::string::npos);

  // A newer reading of ours that says the same keeps the verdict, one that says otherwise has none.
  story.reread(a, "annals/2", {"export_control product=h20 status=allowed", kAllowed});
  question.key = "h200";
  CHECK(rows()[0].find(".1 Daily h200/china status=allowed accepted") != std::string::npos);
  story.reread(a, "annals/3", {kBanned});
  CHECK(rows()[0].find("status=banned stands") != std::string::npos);
  question.bounds.reviewed = true;
  CHECK(rows().empty());
}

TEST_CASE_METHOD(Desk, "a reprint word for word is a copy of the first and no turn of its own") {
  const auto b = story.publish("2025-12-09T07:00", {kAllowed}, by("Morning", "wire"));
  const auto a = story.publish("2025-12-09T06:00", {kAllowed}, by("Daily", "wire"));
  ask("export_control", "h200");
  CHECK(rows() == Lines{number(a) + ".0 Daily h200/china status=allowed stands turn 1 copy " + number(b) + ".0"});
}

TEST_CASE_METHOD(Desk, "a key finds what was said of its family and says so") {
  const auto a = story.publish("2025-12-09T06:00", {"export_control product=hopper status=banned aspect=holds"});
  ask("export_control", "h200/china");
  CHECK(rows() == Lines{number(a) + ".0 Daily hopper/china status=banned stands turn 1 of hopper"});
  ask("export_control", "h200/usa");
  CHECK(rows().empty());
  ask("revenue_share", "h200");
  CHECK(rows().empty());
}

TEST_CASE_METHOD(Desk, "outlets and speakers are found by a part of their name in any spelling") {
  const auto a = story.publish("2025-12-09T06:00", {"export_control product=h200 status=allowed speaker=Jensen_Huang"}, by("北桥科技报"));
  story.publish("2025-12-09T07:00", {kAllowed}, by("Morning"));
  question.outlet = "北橋";
  REQUIRE(rows().size() == 1);
  CHECK(rows()[0].starts_with(number(a)));
  question.outlet.reset();
  question.speaker = "黃仁勳";
  REQUIRE(rows().size() == 1);
  CHECK(rows()[0].starts_with(number(a)));
}

TEST_CASE_METHOD(Desk, "what is undated counts as known when it was recorded and stands last") {
  const auto undated = story.publish("", {kAllowed}, by(""));
  story.at("2026-01-01T00:00:00Z");
  const auto dated = story.publish("2025-12-09T06:00", {kBanned});
  ask("export_control", "h200");
  const auto all = rows();
  REQUIRE(all.size() == 2);
  CHECK(all[0].starts_with(number(dated)));
  CHECK(all[1].starts_with(number(undated) + ".0 nobody"));
}

TEST_CASE_METHOD(Desk, "words and entities find statements that claim nothing") {
  const auto claimed = story.publish("2025-12-09T06:00", {kAllowed});
  const auto plain = story.publish("2025-12-09T07:00", {});
  Event event = *story.log().get(plain);
  question.words = {std::get<StatementEvent>(event.body).statement.text.substr(0, 4)};
  bool found = false;
  for (const std::string& line : rows()) found = found || line.starts_with(number(plain) + " Daily no claim stands");
  CHECK(found);
  question.words.clear();
  question.entity = "h200";
  REQUIRE_FALSE(rows().empty());
  CHECK(rows()[0].starts_with(number(claimed)));
}

TEST_CASE_METHOD(Desk, "an outlet amended later is found under its right name") {
  const auto a = story.publish("2025-12-09T06:00", {kAllowed}, by("Typo"));
  const auto amended = story.rename_outlet(a, "Harbor Wire");
  question.outlet = "harbor";
  CHECK(rows() == Lines{number(a) + ".0 Harbor Wire h200/china status=allowed stands turn 1 by " + number(amended)});
  question.outlet = "Typo";
  CHECK(rows().empty());
  // A retraction of the amendment itself takes it out again.
  story.retract(amended);
  CHECK(rows().size() == 1);
}

TEST_CASE_METHOD(Desk, "a projection that is not there is refused and bytes that are not there are told") {
  const auto a = story.publish("2025-12-09T06:00", {kAllowed});
  static_cast<void>(a);
  ask("export_control", "h200");
  const AuditAnswer all = answer();
  REQUIRE(all.rows.size() == 1);
  const auto bytes = check_bytes(story.log(), all.rows[0]);
  REQUIRE(bytes);
  CHECK_THAT(*bytes, Catch::Contains("not in the store"));
  question.projection = "nonsense";
  const Query query(story.log(), Lexicon::builtin(), story.clock());
  const auto refused = audit(story.log(), query, Lexicon::builtin(), question, story.now());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kInvalid);
}
