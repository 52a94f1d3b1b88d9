// Goal: every question is answered for people and for programs, by the rules of its bounds, and with the status that says how it went.
#include "tests/cli/annals.h"

using namespace annals::test;

namespace {
struct Samples : Annals {
  Samples() {
    good({"ingest", kSamples + "/harbor_wire.txt", "--outlet", "Harbor Wire", "--published", "2025-12-09T09:15", "--tz", "UTC"});
    good({"ingest", kSamples});
  }
};
}  // namespace

TEST_CASE_METHOD(Samples, "each command that asks has a table and JSON that parses") {
  const std::vector<std::vector<std::string>> questions = {
      {"state", "export_control"},
      {"state", "export_control", "H20", "--as-of", "2025-08-10", "--why"},
      {"history", "export_control", "H20"},
      {"timeline", "h200"},
      {"diff", "export_control", "--from", "2025-08-01", "--to", "2025-12-31"},
      {"calendar", "--from", "2026-01-26", "--to", "2026-02-01", "--as-of", "2026-01-25"},
      {"audit", "h20"},
      {"audit", "export_control", "H20", "--check"},
      {"log", "--limit", "5"},
  };
  for (const auto& question : questions) {
    INFO(question[0]);
    CHECK(!good(question).empty());
    auto as_json = question;
    as_json.insert(as_json.end(), {"--format", "json"});
    CHECK(!object(as_json).empty());
    as_json.back() = "jsonl";
    CHECK(!lines(as_json).empty());
  }
}

TEST_CASE_METHOD(Samples, "a name that nobody knows is told apart from one of which nothing is known") {
  CHECK_THAT(good({"state", "export_control", "nvida"}), Catch::Contains("nothing known: 'nvida' is a name that neither"));
  CHECK_THAT(good({"history", "ipo", "unitre"}), Catch::Contains("'unitre' is a name that neither"));
  const std::string early = good({"state", "export_control", "H20", "--as-of", "2020-01-01"});
  CHECK_THAT(early, Catch::Contains("nothing known") && !Catch::Contains("neither"));
}

TEST_CASE_METHOD(Samples, "bounds that contradict each other are refused") {
  for (const char* other : {"--published-by", "--valid-at"}) {
    const Ran ran = (*this)({"state", "export_control", "H20", "--as-of", "2025-12-10", other, "2025-12-01"});
    CHECK(ran.status == 2);
    is_one_line_with(ran, {"--as-of", other});
  }
  const Ran bad = (*this)({"state", "export_control", "--as-of", "2025-02-30"});
  CHECK(bad.status == 2);
  is_one_line_with(bad, {"--as-of", "2025-02-30"});
}

TEST_CASE_METHOD(Samples, "a bare date means to its end and the answer says which instant was used") {
  const json answer = object({"state", "export_control", "H20", "--as-of", "2025-08-10", "--tz", "UTC", "--format", "json"});
  CHECK(answer["basis"]["published_by"] == "2025-08-11T00:00:00Z");  // known_from of that day's articles is at most this
  CHECK(answer["basis"]["valid_at"] == "2025-08-10T23:59:59.999999Z");
  CHECK_THAT(good({"state", "export_control", "H20", "--as-of", "2025-08-10", "--tz", "UTC"}), Catch::Contains("2025-08-10T23:59:59.999999+00:00"));
}

TEST_CASE_METHOD(Samples, "what was published on a day is not known the day before") {
  const json before = object({"state", "revenue_share", "H200", "--as-of", "2025-12-07", "--format", "json"});
  CHECK(before["states"][0]["known"] == false);
  CHECK(before["coverage"]["statements"].get<int>() > 0);
  const json after = object({"state", "revenue_share", "H200", "--as-of", "2025-12-10", "--format", "json"});
  CHECK(after["states"][0]["known"] == true);
  CHECK((*this)({"state", "revenue_share", "H200", "--as-of", "2025-12-07", "--must-match"}).status == 1);
  CHECK((*this)({"state", "revenue_share", "H200", "--as-of", "2025-12-10", "--must-match"}).status == 0);
}

TEST_CASE_METHOD(Samples, "evidence leads to the outlet the words and the bytes") {
  const json answer = object({"state", "revenue_share", "H200", "--as-of", "2025-12-10", "--why", "--format", "json"});
  const json& evidence = answer["states"][0]["evidence"];
  REQUIRE(!evidence.empty());
  for (const json& each : evidence) {
    CHECK(!each["quote"].get<std::string>().empty());
    CHECK(each["note"].get<std::string>().size() == 64);
    const auto events = lines({"log", "--from", std::to_string(each["position"].get<int>()), "--to", std::to_string(each["position"].get<int>()), "--format", "jsonl"});
    REQUIRE(events.size() == 1);
    CHECK(events[0]["note"] == each["note"]);
    CHECK(events[0]["text"].get<std::string>().find(each["quote"].get<std::string>()) != std::string::npos);
  }
}

TEST_CASE_METHOD(Samples, "stepping through time needs a time of day") {
  const Ran refused = (*this)({"panel", "export_control", "--from", "2025-12-01", "--to", "2025-12-12"});
  CHECK(refused.status == 2);
  is_one_line_with(refused, {"--from", "--at"});
  const Ran replay = (*this)({"replay", "--to", "2025-12-09"});
  CHECK(replay.status == 2);
  is_one_line_with(replay, {"--to", "--at"});
  CHECK((*this)({"panel", "export_control", "--from", "2025-12-01", "--to", "2025-12-12", "--at", "25:99"}).status == 2);
  CHECK((*this)({"panel", "export_control", "--from", "2025-12-12", "--to", "2025-12-01", "--at", "09:30"}).status == 2);
  CHECK((*this)({"panel", "export_control", "--from", "2025-12-01", "--to", "2025-12-12", "--at", "09:30", "--every", "often"}).status == 2);
}

TEST_CASE_METHOD(Samples, "a replay goes on behind any event in either order") {
  for (const char* order : {"known", "recorded"}) {
    INFO(order);
    const std::vector<std::string> words = {"replay", "--order", order, "--entity", "h200", "--format", "jsonl"};
    const auto whole = lines(words);
    REQUIRE(whole.size() > 5);
    for (std::size_t i = 1; i < whole.size(); ++i) {
      const std::string before = whole[i - 1]["replayed_at"], now = whole[i]["replayed_at"];
      CHECK(before <= now);
      if (std::string(order) == "recorded") CHECK(whole[i - 1]["position"] < whole[i]["position"]);
    }
    for (const std::size_t stop : {std::size_t{0}, whole.size() / 2, whole.size() - 1}) {
      auto rest = words;
      rest.insert(rest.end(), {"--after", whole[stop]["replayed_at"].get<std::string>() + "#" + std::to_string(whole[stop]["position"].get<int>())});
      CHECK(lines(rest) == std::vector<json>(whole.begin() + static_cast<std::ptrdiff_t>(stop) + 1, whole.end()));
    }
  }
  for (const char* wrong : {"12", "#12", "2025-12-09#12", "2025-12-09T06:31:00Z#0", "2025-12-09T06:31:00Z#x"}) {
    const Ran refused = (*this)({"replay", "--after", wrong});
    CHECK(refused.status == 2);
    is_one_line_with(refused, {"expected"});
  }
}

TEST_CASE_METHOD(Samples, "what a replay tells of states is how the answers differ") {
  const std::vector<std::string> words = {"replay", "--from", "2025-08-01", "--type", "export_control", "--states", "--format", "jsonl"};
  std::size_t changes = 0;
  std::string newest;
  for (const json& line : lines(words)) {
    if (line.contains("replayed_at")) {
      newest = line["replayed_at"];
      continue;
    }
    ++changes;
    // Told behind the events that brought it about, and known to nobody before.
    CHECK(line["at"].get<std::string>() == newest);
    for (const char* side : {"before", "after"})
      if (line[side].is_object()) CHECK(line[side]["newest"]["known_from"].get<std::string>() <= newest);
  }
  CHECK(changes > 3);
}

TEST_CASE_METHOD(Samples, "no row of a panel knows anything from after its step") {
  const auto rows = lines({"panel", "export_control", "--from", "2025-08-01", "--to", "2025-12-31", "--at", "09:30", "--tz", "America/New_York", "--format", "jsonl"});
  std::size_t seen = 0;
  for (const json& row : rows) {
    if (row["kind"] != "panel") continue;
    ++seen;
    for (const char* which : {"first", "newest"}) {
      const json& known = row["entry"][which]["known_from"];
      if (known.is_string()) CHECK(known.get<std::string>() <= row["step"].get<std::string>());
    }
  }
  CHECK(seen > 10);
  const std::string csv = good({"panel", "export_control", "--from", "2025-12-01", "--to", "2025-12-12", "--at", "09:30"});
  CHECK(csv.rfind("step,key,lane,", 0) == 0);
}

TEST_CASE_METHOD(Samples, "a rejected review a retraction and a withdrawal change answers from their time on") {
  const auto known = [&](std::vector<std::string> bounds) {
    bounds.insert(bounds.begin(), {"state", "revenue_share", "H200", "--format", "json"});
    const json answer = object(bounds);
    return answer["states"][0]["lanes"]["stated"]["entries"].size() + answer["states"][0]["lanes"]["reported"]["entries"].size();
  };
  REQUIRE(known({}) > 0);
  const json last = object({"verify", "--format", "json"});
  const std::string before = std::to_string(last["events"].get<int>());
  const json why = object({"state", "revenue_share", "H200", "--why", "--format", "json"});
  for (const json& each : why["states"][0]["evidence"]) {
    good({"review", std::to_string(each["position"].get<int>()) + "#" + std::to_string(each["claim"].get<int>()), "--reject", "--by", "desk", "--because", "test"});
  }
  CHECK(known({}) == 0);
  CHECK(known({"--recorded-by", before}) > 0);
}

TEST_CASE_METHOD(Samples, "what a review retraction or withdrawal cannot be about is refused") {
  const auto refused = [&](const std::vector<std::string>& words, const std::vector<std::string>& named) {
    const Ran ran = (*this)(words);
    CHECK(ran.status == 2);
    is_one_line_with(ran, named);
  };
  refused({"review", "999999", "--reject", "--by", "a", "--because", "b"}, {"999999", "log ends"});
  refused({"review", "x", "--reject", "--by", "a", "--because", "b"}, {"position", "x"});
  refused({"review", "1", "--reject", "--by", "a", "--because", "b"}, {"statement", "note"});
  refused({"review", "2", "--by", "a", "--because", "b"}, {"--accept"});
  refused({"retract", "2", "--because", "b"}, {"--by"});
  refused({"withdraw", "1", "--published", "2025-02-30", "--by", "a", "--because", "b"}, {"--published", "2025-02-30"});
  refused({"amend", "2", "--by", "a", "--because", "b"}, {"--outlet"});
}

TEST_CASE_METHOD(Samples, "help names every command and the table of a projection") {
  const std::string help = good({"--help"});
  for (const char* command : {"ingest", "analyze", "log", "state", "history", "panel", "timeline", "diff", "calendar", "audit", "review", "withdraw", "retract", "replay", "export", "import", "backup", "restore", "lexicon", "amend", "reread", "verify", "rebuild", "sizes"}) {
    CHECK_THAT(help, Catch::Contains(command));
    const std::string own = good({command, "--help"});
    CHECK_THAT(own, Catch::Contains("Examples:"));
  }
  CHECK_THAT(good({"state", "--help", "export_control"}), Catch::Contains("license_required"));
  const Ran unknown = (*this)({"state", "weather"});
  CHECK(unknown.status == 2);
  is_one_line_with(unknown, {"weather", "export_control"});
  CHECK((*this)({}).status == 2);
  CHECK((*this)({"frobnicate"}).status == 2);
}

TEST_CASE_METHOD(Samples, "output without a terminal has no colour and no progress") {
  const Ran ran = (*this)({"state", "export_control"});
  CHECK(ran.out.find('\x1b') == std::string::npos);
  CHECK(ran.err.empty());
}

TEST_CASE_METHOD(Samples, "an answer that cannot be written is a refusal of the system") {
  Run full = command({"export"});
  full.command = {"/bin/sh", "-c", ANNALS_BINARY_DIR "/tools/annals export > /dev/full"};
  const Ran ran = run(full);
  CHECK(ran.status == 4);
  is_one_line_with(ran, {"write"});
}

TEST_CASE("texts are read without a store") {
  const Annals annals;
  const auto answers = annals.lines({"analyze", "--jsonl"}, "{\"id\":7,\"text\":\"该公司2025年8月营收25亿元\",\"reference\":\"2025-12-09T00:00:00\"}\n");
  REQUIRE(answers.size() == 1);
  CHECK(answers[0]["id"] == 7);
  REQUIRE(answers[0]["times"].size() == 1);
  CHECK(answers[0]["times"][0]["from"] == "2025-08-01T00:00:00");
  CHECK(answers[0]["times"][0]["to"] == "2025-09-01T00:00:00");
  // The amount, then the numerals inside it and the date.
  REQUIRE(answers[0]["quantities"].size() == 4);
  CHECK(answers[0]["quantities"][0]["value"] == 2'500'000'000);
  CHECK(answers[0]["quantities"][0]["currency"] == "CNY");
  CHECK(answers[0]["quantities"][1]["text"] == "2025");
  CHECK(answers[0]["quantities"][1]["part"] == true);
  const Ran bad = annals({"analyze", "--jsonl"}, "{\"id\":1}\n");
  CHECK(bad.status == 2);
  is_one_line_with(bad, {"-:1", "text"});
}
