// Goal: notes come in whole, once, and what is wrong with one is said in a line and does not stop the others.
#include "tests/cli/annals.h"

#include <unistd.h>

#include <filesystem>
#include <set>

using namespace annals::test;

TEST_CASE("the samples come in with a summary and a second run appends nothing") {
  const Annals annals;
  const json first = annals.ingest({kSamples});
  CHECK(first["failed"] == 0);
  CHECK(first["notes"] == 11);
  CHECK(first["converted"] == 2);
  CHECK(first["statements"].get<int>() > 60);
  CHECK(first["undated"].get<int>() >= 5);
  const json second = annals.ingest({kSamples});
  CHECK(second["repeated"] == 11);
  CHECK(second["events"] == 0);
  CHECK(second["last_position"] == first["last_position"]);
  CHECK_THAT(annals.good({"verify"}), Catch::Contains("all checks hold"));
}

TEST_CASE("reading with more threads gives the same log") {
  const Annals one;
  const Annals four;
  one.ingest({kSamples, "--threads", "1"});
  four.ingest({kSamples, "--threads", "4"});
  auto a = one.lines({"export"});
  auto b = four.lines({"export"});
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (json* each : {&a[i], &b[i]})
      for (const char* own : {"recorded_at", "salt", "leaf"}) each->erase(own);
    REQUIRE(a[i] == b[i]);
  }
}

TEST_CASE("a bad note is named and the others come in") {
  const Annals annals;
  annals.folder.file("notes/a-empty.txt", "");
  annals.folder.file("notes/b-binary.txt", std::string("\x7f" "ELF\0\0\1\2", 8));
  annals.folder.file("notes/c-broken.txt", "第一行没有问题。\n第二行有\xff\xfe坏掉的字节。\n");
  annals.folder.file("notes/d-good.txt", "晨报消息\n\n某公司今天宣布开始出货。\n");
  const Ran ran = annals({"ingest", "notes", "--json"});
  CHECK(ran.status == 2);
  const json summary = json::parse(ran.out);
  CHECK(summary["notes"] == 1);
  CHECK(summary["failed"] == 3);
  CHECK_THAT(ran.err, Catch::Contains("notes/a-empty.txt"));
  CHECK_THAT(ran.err, Catch::Contains("notes/b-binary.txt"));
  CHECK_THAT(ran.err, Catch::Contains("notes/c-broken.txt:2:"));
  CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 3);
}

TEST_CASE("a path that is not there is one failure beside what is there") {
  const Annals annals;
  annals.folder.file("good.txt", "晨报消息\n\n某公司今天宣布开始出货。\n");
  const Ran ran = annals({"ingest", "gone.txt", "good.txt"});
  CHECK(ran.status == 2);
  is_one_line_with(ran, {"gone.txt", "no such file"});
  CHECK(annals.lines({"export", "--kind", "note"}).size() == 1);
}

TEST_CASE("standard input is a note") {
  const Annals annals;
  const Ran ran = annals({"ingest", "-", "--outlet", "晨港日报", "--published", "2025-12-09T08:00", "--tz", "UTC"}, "晨报消息\n\n某公司今天宣布开始出货。\n");
  CHECK(ran.status == 0);
  const auto events = annals.lines({"export", "--kind", "statement"});
  REQUIRE(!events.empty());
  CHECK(events[0]["article"]["outlet"] == "晨港日报");
  CHECK(events[0]["article"]["published"] == "2025-12-09T08:00:00+00:00");
  CHECK(events[0]["article"]["published_zone"] == "operator");
  CHECK(events[0]["article"]["known_from"] == "2025-12-09T08:01:00Z");
}

TEST_CASE("what the operator cannot mean is refused before there is a store") {
  const Annals annals;
  annals.folder.file("a.txt", "晨报消息\n\n某公司今天宣布开始出货。\n");
  const auto refused = [&](std::vector<std::string> words, const std::vector<std::string>& named) {
    words.insert(words.begin(), {"ingest", "a.txt"});
    const Ran ran = annals(words);
    CHECK(ran.status == 2);
    is_one_line_with(ran, named);
  };
  refused({"--tz", "Mars/Olympus"}, {"--tz", "Mars/Olympus", "Asia/Shanghai"});
  refused({"--published", "2025-02-30"}, {"--published", "2025-02-30"});
  refused({"--published", "soon"}, {"--published", "soon"});
  refused({"--format", "teletext"}, {"--format", "teletext"});
  refused({"--no-such-option"}, {"--no-such-option"});
  CHECK_FALSE(std::filesystem::exists(annals.store));
}

TEST_CASE("a publication time ahead of the clock is kept and reported") {
  const Annals annals;
  annals.folder.file("a.txt", "晨报消息\n\n某公司今天宣布开始出货。\n");
  const Ran ran = annals({"ingest", "a.txt", "--published", "2199-01-01", "--json"});
  CHECK(ran.status == 0);
  CHECK(json::parse(ran.out)["future_dated"] == 1);
  CHECK_THAT(ran.err, Catch::Contains("future"));
  CHECK(annals.lines({"export", "--kind", "statement"}).size() == 1);
}

TEST_CASE("other encodings are converted and said so and keep their places") {
  const Annals annals;
  const Ran ran = annals({"ingest", kSamples + "/tencent_gb18030.txt", kSamples + "/tencent_utf16.txt"});
  CHECK(ran.status == 0);
  CHECK_THAT(ran.err, Catch::Contains("gb18030"));
  CHECK_THAT(ran.err, Catch::Contains("utf-16le"));
  const json audit = annals.object({"audit", "推理", "--check", "--format", "json"});
  REQUIRE(!audit["rows"].empty());
  for (const json& row : audit["rows"]) CHECK(row["bytes"] == "as quoted");
}

TEST_CASE("one line of a megabyte is read in time that grows with it") {
  const Annals annals;
  std::string line;
  while (line.size() < (1U << 20U)) line += "某公司表示，公司将在明年第二季度开始向客户交付样品。";
  annals.folder.file("long.txt", "长文\n\n" + line + "\n");
  const json summary = annals.ingest({"long.txt"});
  CHECK(summary["failed"] == 0);
  CHECK(summary["statements"].get<std::size_t>() == line.size() / std::string("某公司表示，公司将在明年第二季度开始向客户交付样品。").size());
}

TEST_CASE("a note killed half-way is completed by taking it in again") {
  std::string note = "长文\n\n";
  for (int i = 0; i < 9'000; ++i) note += "第" + std::to_string(i) + "批。\n";
  const Annals whole;
  whole.folder.file("a.txt", note);
  const auto last = whole.ingest({"a.txt"})["last_position"].get<std::uint64_t>();

  const Annals annals;
  annals.folder.file("a.txt", note);
  std::uint64_t held = 0;
  for (int attempt = 0; attempt < 20 && held == 0; ++attempt) {
    Running running(annals.command({"ingest", "a.txt"}));
    for (int i = 0; i < 400; ++i) {
      usleep(5'000);
      const Ran seen = annals({"log", "--kind", "statement", "--limit", "1", "--format", "jsonl"});
      if (seen.status == 0 && !seen.out.empty()) break;
    }
    running.kill();
    running.wait();
    const auto kept = annals.lines({"export"});
    if (!kept.empty() && kept.size() < last) held = kept.size();
    if (kept.size() == last) break;   // too quick for us: nothing to complete
  }
  const json again = annals.ingest({"a.txt"});
  CHECK(again["last_position"] == last);
  if (held > 0) CHECK(again["completed"] == 1);
  CHECK(annals.ingest({"a.txt"})["events"] == 0);
  CHECK_THAT(annals.good({"verify"}), Catch::Contains("all checks hold"));
  std::set<std::string> ids;
  for (const json& event : annals.lines({"export"})) ids.insert(event["id"].get<std::string>());
  CHECK(ids.size() == last);
}
