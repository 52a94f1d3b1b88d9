// Goal: somebody else's program reads beside ours, and whatever it does wrong costs a statement its reading and nothing else.
// Method: the built program with the example interpreter, and with one that misbehaves when a statement tells it to.
#include <algorithm>

#include "tests/cli/annals.h"

using namespace annals::test;

namespace {

const std::string kExample = "python3 " ANNALS_SOURCE_DIR "/tools/example-interpreter";
const std::string kBad = "exec python3 " ANNALS_SOURCE_DIR "/tests/cli/bad_interpreter.py";

struct Desk : Annals {
  // One statement a line, read by `command` too.
  Ran ingest_lines(const std::string& lines, const std::string& command, std::vector<std::string> more = {}) const {
    folder.file("lines.txt", lines);
    std::vector<std::string> words = {"ingest", "lines.txt", "--outlet", "Desk", "--published", "2025-12-09T10:00", "--tz", "UTC", "--json", "--interpreter", command};
    words.insert(words.end(), more.begin(), more.end());
    return (*this)(words);
  }
  // Texts of the statements that `interpreter` has read.
  std::vector<std::string> read_by(const std::string& interpreter) const {
    std::map<std::string, std::string> texts;
    std::vector<std::string> out;
    for (const json& event : lines({"export"})) {
      if (event["kind"] == "statement") texts[event["id"]] = event["text"];
      if (event["kind"] == "reinterpretation" && event["interpreter"] == interpreter) out.push_back(texts[event["about"]["id"]]);
    }
    return out;
  }
};

std::string value_of(const json& state) {
  const json& entries = state["states"][0]["lanes"]["stated"]["entries"];
  return entries.empty() ? "" : entries[0]["value"].get<std::string>();
}

}  // namespace

TEST_CASE_METHOD(Desk, "an outside interpreter reads beside ours and answers take it by name") {
  const Ran ran = ingest_lines("H20在中国不出售。\n\nNothing else happened today.\n", kExample);
  INFO(ran.err);
  REQUIRE(ran.status == 0);
  const json summary = json::parse(ran.out);
  CHECK(summary["outside"]["interpreter"] == "example/1");
  CHECK(summary["outside"]["read"] == 2);
  CHECK(summary["outside"]["claims"] == 1);

  const std::vector<std::string> question = {"state", "export_control", "h20", "--format", "json"};
  auto theirs = question;
  theirs.insert(theirs.end(), {"--interpreter", "example", "--why"});
  CHECK(value_of(object(theirs)) == "banned");
  CHECK_THAT(good({"state", "export_control", "h20", "--interpreter", "example", "--why"}), Catch::Contains("H20在中国不出售"));
  // Ours stays ours.
  auto ours = question;
  ours.insert(ours.end(), {"--interpreter", "annals"});
  CHECK(object(question)["states"] == object(ours)["states"]);
  CHECK(good({"verify"}).find("all checks hold") != std::string::npos);

  const json again = json::parse(good({"reread", "--interpreter", kExample, "--json"}));
  CHECK(again["statements"] == 0);
  CHECK(again["already_read"] == 2);
}

TEST_CASE_METHOD(Desk, "whatever an outside interpreter does wrong loses no statement") {
  const std::vector<std::pair<std::string, std::string>> ways = {
      {"crash", "killed by signal"}, {"exit", "exit status 7"},    {"hang", "no answer in"},  {"garbage", "found 'I am sorry, but'"},
      {"other", "expected its id"},  {"slot", "colour"},           {"quote", "words of the statement"}, {"error", "it says: no idea"}, {"flood", "more than 16 MiB"}};
  for (const auto& [way, said] : ways) {
    INFO(way);
    const Desk desk;
    const Ran ran = desk.ingest_lines("The first line.\n\nThe second line.\n\nThe " + way + " line.\n\nThe fourth line.\n\nThe last line.\n", kBad, {"--interpreter-timeout", "5"});
    INFO(ran.err);
    CHECK(ran.status == 2);
    is_one_line_with(ran, {"bad/1", "#", said});
    const json summary = json::parse(ran.out);
    CHECK(summary["statements"] == 5);
    CHECK(summary["outside"]["read"] == 4);
    CHECK(summary["outside"]["failed"] == 1);
    auto read = desk.read_by("bad/1");
    CHECK(read.size() == 4);
    CHECK(std::find(read.begin(), read.end(), "The " + way + " line.") == read.end());
    CHECK(desk.good({"verify"}).find("all checks hold") != std::string::npos);
  }
}

TEST_CASE_METHOD(Desk, "what stands between the answers is told and costs nothing") {
  const Ran ran = ingest_lines("The first line.\n\nThe noise line.\n\nThe last line.\n", kBad);
  INFO(ran.err);
  const json summary = json::parse(ran.out);
  CHECK(summary["outside"]["read"] == 3);
  is_one_line_with(ran, {"thinking"});
}

TEST_CASE_METHOD(Desk, "what could not be read is asked again and a newer version reads all") {
  ingest_lines("The first line.\n\nThe error line.\n", kBad);
  const Ran again = (*this)({"reread", "--interpreter", kBad, "--json"});
  CHECK(again.status == 2);
  CHECK(json::parse(again.out)["statements"] == 1);
  const Ran newer = (*this)({"reread", "--interpreter", kBad + " version=2", "--json"});
  CHECK(json::parse(newer.out)["statements"] == 2);
  CHECK(read_by("bad/2") == std::vector<std::string>{"The first line."});
}

TEST_CASE_METHOD(Desk, "an outside interpreter that only fails is given up and the notes are in") {
  std::string text;
  for (int i = 0; i < 30; ++i) text += "Line " + std::to_string(i) + " of many.\n\n";
  const Ran ran = ingest_lines(text, kBad + " always=crash");
  INFO(ran.err);
  CHECK(ran.status == 2);
  CHECK_THAT(ran.err, Catch::Contains("given up"));
  const json summary = json::parse(ran.out);
  CHECK(summary["statements"] == 30);
  CHECK(summary["outside"]["read"] == 0);
}

TEST_CASE_METHOD(Desk, "an outside interpreter that does not say who it is stops before anything is taken in") {
  for (const auto& [hello, said] : std::vector<std::pair<std::string, std::string>>{{"hello=none", "found nothing in"}, {"hello=garbage", "welcome"}, {"hello=ours", "a name of its own"}, {"hello=ends", "exit status 3"}}) {
    INFO(hello);
    const Ran ran = ingest_lines("A line.\n", kBad + " " + hello, {"--interpreter-timeout", hello == "hello=none" ? "2" : "30"});
    CHECK(ran.status == 2);
    is_one_line_with(ran, {"--interpreter", said});
    CHECK((*this)({"log"}).status == 3);
  }
  const Ran missing = ingest_lines("A line.\n", "exec /no/such/program 2>/dev/null");
  CHECK(missing.status == 2);
  is_one_line_with(missing, {"exit status 127"});
}
