// Goal: a store behind a server is used with the same commands, and what arrives reads well.
// Method: annals serve as a process, the other commands against it.
#include <algorithm>
#include <fstream>
#include <functional>
#include <set>
#include <thread>
#include <unistd.h>

#include "tests/cli/annals.h"

using namespace annals::test;

namespace {

// annals serve on a port of its own, until the test ends.
struct Serving : Annals {
  std::string address;
  std::unique_ptr<Running> server;

  Serving() {
    // A port of its own: it depends on the process, so that tests beside each other do not meet, and none is tried twice.
    static int tried = 0;
    for (int attempt = 0; attempt < 50 && address.empty(); ++attempt) {
      const std::string listen = "127.0.0.1:" + std::to_string(20'000 + (getpid() * 7 + ++tried * 131) % 20'000);
      server = std::make_unique<Running>(command({"serve", "--listen", listen}));
      for (int i = 0; i < 200; ++i) {
        if ((*this)({"state", "export_control", "--server", listen}).status == 0) {
          address = listen;
          break;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      }
    }
    REQUIRE_FALSE(address.empty());
  }
};

}  // namespace

TEST_CASE("what is asked at a server is answered as at the store") {
  Serving serving;
  const Annals& annals = serving;
  const json summary = annals.object({"ingest", "--server", serving.address, "--json", kSamples + "/digest_h200.txt"});
  CHECK(summary["notes"] == 1);
  CHECK(summary["failed"] == 0);
  CHECK(annals.object({"ingest", "--server", serving.address, "--json", kSamples + "/digest_h200.txt"})["repeated"] == 1);

  // A reader beside the writer sees the same store; bounds make the questions the same.
  const std::vector<std::vector<std::string>> questions = {
      {"state", "export_control", "h200", "--as-of", "2025-12-10", "--recorded-by", "2100-01-01", "--format", "json"},
      {"audit", "h200", "--as-of", "2025-12-10", "--recorded-by", "2100-01-01", "--format", "jsonl"},
      {"timeline", "h200", "--as-of", "2025-12-10", "--recorded-by", "2100-01-01"},
      {"log", "--to", "20", "--format", "jsonl"}};
  for (std::vector<std::string> words : questions) {
    INFO(words.front());
    // An audit's first line says when it was asked.
    const auto answer = [&] {
      const std::string text = annals.good(words);
      return words.front() == "audit" ? text.substr(text.find('\n')) : text;
    };
    const std::string here = answer();
    words.insert(words.end(), {"--server", serving.address});
    CHECK(answer() == here);
  }
  CHECK(annals({"state", "export_control", "h999", "--must-match", "--server", serving.address}).status == 1);
  const Ran unknown = annals({"state", "weather", "--server", serving.address});
  CHECK(unknown.status == 2);
}

TEST_CASE("events are followed and sent to another server without repeating") {
  Serving serving;
  const Annals& annals = serving;
  annals.object({"ingest", "--server", serving.address, "--json", kSamples + "/digest_h200.txt"});
  const auto all = annals.lines({"subscribe", serving.address, "--from", "1", "--to-end", "--format", "jsonl"});
  const auto log = annals.lines({"log", "--server", serving.address, "--format", "jsonl"});
  CHECK(all == log);
  const auto some = annals.lines({"subscribe", serving.address, "--from", "1", "--to-end", "--format", "jsonl", "--filter", "type=export_control", "--filter", "kind=statement"});
  CHECK_FALSE(some.empty());
  for (const json& event : some) {
    CHECK(std::any_of(event["claims"].begin(), event["claims"].end(), [](const json& claim) { return claim["type"] == "export_control"; }));
  }
  const auto newest = annals.lines({"subscribe", serving.address, "--from", "1", "--backwards", "--limit", "3", "--format", "jsonl"});
  REQUIRE(newest.size() == 3);
  CHECK(newest.front()["position"] == log.back()["position"]);
  const std::string table = annals.good({"subscribe", serving.address, "--from", "1", "--to-end", "--filter", "type=export_control"});
  CHECK_THAT(table, Catch::Contains("export_control product="));

  // Statements of one store to another: sent twice, written once.
  const std::string lines = annals.good({"log", "--server", serving.address, "--format", "jsonl"});
  Serving other;
  const json sent = json::parse(other.good({"append", other.address, "--json"}, lines));
  CHECK(sent["events"] == log.size());
  CHECK(sent["repeated"] == 0);
  CHECK(json::parse(other.good({"append", other.address, "--json"}, lines))["repeated"] == log.size());
}

TEST_CASE("a durable name prints only what is new") {
  Serving serving;
  const Annals& annals = serving;
  annals.object({"ingest", "--server", serving.address, "--json", kSamples + "/digest_h200.txt"});
  const auto first = annals.lines({"subscribe", serving.address, "--name", "desk", "--to-end", "--format", "jsonl"});
  CHECK_FALSE(first.empty());
  CHECK(annals.lines({"subscribe", serving.address, "--name", "desk", "--to-end", "--format", "jsonl"}).empty());
  annals.object({"ingest", "--server", serving.address, "--json", kSamples + "/minutes_h20.txt"});
  const auto second = annals.lines({"subscribe", serving.address, "--name", "desk", "--to-end", "--format", "jsonl"});
  REQUIRE_FALSE(second.empty());
  CHECK(second.front()["position"].get<std::uint64_t>() == first.back()["position"].get<std::uint64_t>() + 1);
}

TEST_CASE("those who share a name print each event once between them and what none can print is listed") {
  Serving serving;
  const Annals& annals = serving;
  Running first(annals.command({"subscribe", serving.address, "--name", "desk", "--group", "--format", "jsonl"}));
  Running second(annals.command({"subscribe", serving.address, "--name", "desk", "--group", "--format", "jsonl"}));
  const auto desk = [&] { return annals.object({"status", serving.address, "--format", "json"})["names"]["desk"]; };
  const auto soon = [&](const std::function<bool()>& holds) {
    for (int i = 0; i < 200 && !holds(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return holds();
  };
  REQUIRE(soon([&] { return desk().is_object() && desk().value("members", 0) == 2; }));
  annals.object({"ingest", "--server", serving.address, "--json", kSamples + "/digest_h200.txt"});
  annals.object({"ingest", "--server", serving.address, "--json", kSamples + "/minutes_h20.txt"});
  const auto log = annals.lines({"log", "--server", serving.address, "--format", "jsonl"});
  REQUIRE(soon([&] { return desk()["acknowledged"] == log.size(); }));
  CHECK(desk()["parked"] == 0);
  const auto parked = annals.object({"parked", "desk", serving.address, "--format", "json"});
  CHECK(parked["position"] == log.size());
  CHECK(parked["parked"].empty());
  CHECK(annals({"parked", "desk", "--server", serving.address, "--release", "1"}).status == 2);
  CHECK(annals({"parked", "nobody", serving.address}).status == 2);
  CHECK(annals({"subscribe", serving.address, "--group"}).status == 2);
  CHECK(annals({"subscribe", serving.address, "--name", "desk", "--group", "--to-end"}).status == 2);
  // Who follows it alone has to wait for them to go.
  CHECK(annals({"subscribe", serving.address, "--name", "desk", "--to-end"}).status != 0);
  std::set<std::uint64_t> printed;
  std::size_t lines = 0;
  for (Running* const each : {&first, &second}) {
    each->kill();
    std::istringstream text(each->wait().out);
    for (std::string line; std::getline(text, line); ++lines) printed.insert(json::parse(line)["position"].get<std::uint64_t>());
  }
  CHECK(printed.size() == log.size());
  CHECK(lines == log.size());
}

TEST_CASE("what becomes of an answer arrives beside the events that bring it about") {
  Serving serving;
  const Annals& annals = serving;
  annals.folder.file("watchlist", "# what the desk follows\n export_control:h20,h200\nexport_control:h100  # with the others\n");
  Running watching(annals.command({"subscribe", serving.address, "--filter", "type=export_control", "--watchlist", "watchlist", "--format", "jsonl", "--limit", "2"}));
  // It has begun when the server counts its two subscriptions.
  for (int i = 0; i < 200 && annals.object({"status", serving.address, "--format", "json"})["subscriptions"] != 2; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  annals.folder.file("news.txt", "Washington has banned exports of the H20 to China.\n");
  annals.object({"ingest", "--server", serving.address, "--json", "--outlet", "Desk", "--published", "2025-12-09T10:00", "--tz", "UTC", "news.txt"});
  const Ran ran = watching.wait();
  INFO(ran.err);
  REQUIRE(ran.status == 0);
  std::vector<json> lines;
  std::istringstream text(ran.out);
  for (std::string line; std::getline(text, line);) lines.push_back(json::parse(line));
  REQUIRE(lines.size() == 2);
  if (lines[0]["kind"] == "change") std::swap(lines[0], lines[1]);
  CHECK(lines[0]["kind"] == "statement");
  CHECK(lines[1]["kind"] == "change");
  CHECK(lines[1]["key"] == "h20/china");
  CHECK(lines[1]["before"].is_null());
  CHECK(lines[1]["after"]["value"] == "banned");
  CHECK(lines[1]["events"] == json::array({lines[0]["position"]}));

  // From then on, as the answer stands: nothing more to tell; the same watch for people.
  const Ran wrong = annals({"subscribe", serving.address, "--states", "weather", "--retry", "0"});
  CHECK(wrong.status == 2);
  is_one_line_with(wrong, {"weather", "export_control"});
  CHECK(annals({"subscribe", serving.address, "--states", "export_control:"}).status == 2);
  annals.folder.file("bad", "export_control:h20\n:h20\n");
  is_one_line_with(annals({"subscribe", serving.address, "--watchlist", "bad"}), {"bad:2"});
}

TEST_CASE("tokens are made once and kept as hashes") {
  const Annals annals;
  const std::string token = annals.good({"token", "tokens", "desk", "--rights", "read", "--projection", "ipo"});
  CHECK(token.size() == 65);
  const std::string file = read_file(annals.folder / "tokens");
  CHECK(file.find(token.substr(0, 64)) == std::string::npos);
  CHECK(file.find("desk read ") == 0);
  CHECK(file.find("projections=ipo") != std::string::npos);
  is_one_line_with(annals({"token", "tokens", "desk"}), {"tokens", "desk", "already"});
  is_one_line_with(annals({"token", "tokens", "other", "--rights", "rule"}), {"rule"});
  annals.good({"token", "tokens", "wire", "--rights", "append", "--outlet", "路透社"});
  CHECK(read_file(annals.folder / "tokens").find("outlets=路透社") != std::string::npos);
  annals.folder.file("bad", "desk read\n");
  is_one_line_with(annals({"serve", "--listen", "127.0.0.1:0", "--tokens", "bad"}), {"--tokens", "bad", "line 1"});
}

TEST_CASE("servers that are not there and words that no server takes are told in one line") {
  const Annals annals;
  const Ran nobody = annals({"state", "export_control", "--server", "127.0.0.1:1"});
  CHECK(nobody.status == 4);
  is_one_line_with(nobody, {"127.0.0.1:1"});
  const Ran written = annals({"verify", "--server", "127.0.0.1:1"});
  CHECK(written.status == 2);
  is_one_line_with(written, {"--server", "verify"});
  const Ran open = annals({"serve", "--listen", "0.0.0.0:7447"});
  CHECK(open.status == 2);
  is_one_line_with(open, {"loopback"});
  CHECK(annals({"subscribe", "127.0.0.1:1", "--retry", "0"}).status == 4);
  CHECK(annals({"subscribe", "127.0.0.1:1:1"}).status == 2);
}

// Before, a server that took nothing was quoted with a log that ends at position 0, which it had not said.
TEST_CASE("a note that a server refuses is told with its name and the others are taken in") {
  Serving serving;
  serving.folder.file("empty.txt", "");
  const Ran refused = serving({"ingest", "--server", serving.address, serving.folder / "empty.txt"});
  CHECK(refused.status == 2);
  is_one_line_with(refused, {"empty.txt"});
  CHECK_THAT(refused.out, Catch::Contains("1 notes (0 taken in before, 1 failed)"));
  CHECK_THAT(refused.out, !Catch::Contains("the log ends"));
  const Ran both = serving({"ingest", "--server", serving.address, serving.folder / "empty.txt", kSamples + "/digest_h200.txt"});
  CHECK(both.status == 2);
  is_one_line_with(both, {"empty.txt"});
  CHECK_THAT(both.out, Catch::Contains("2 notes (0 taken in before, 1 failed)") && Catch::Contains("the log ends at position"));
}

TEST_CASE("a contradiction is told when its second side arrives and again when it is settled") {
  Serving serving;
  const Annals& annals = serving;
  annals.folder.file("first.txt", "HBM4 has entered mass production, Samsung said.\n");
  annals.folder.file("second.txt", "HBM4 mass production is planned for the second quarter of 2027, Samsung said.\n");
  const auto ingest = [&](const std::string& name, const std::string& outlet, const std::string& published) {
    return annals.object({"ingest", "--server", serving.address, "--json", "--outlet", outlet, "--published", published, "--tz", "UTC", name});
  };
  ingest("first.txt", "Harbor Wire", "2026-01-05T10:00");
  Running watching(annals.command({"subscribe", serving.address, "--states", "contradictions:hbm4", "--format", "jsonl", "--limit", "1"}));
  for (int i = 0; i < 200 && annals.object({"status", serving.address, "--format", "json"})["subscriptions"] != 1; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  ingest("second.txt", "Second Wire", "2026-01-06T10:00");
  const Ran ran = watching.wait();
  INFO(ran.err);
  REQUIRE(ran.status == 0);
  const json told = json::parse(ran.out);
  CHECK(told["kind"] == "contradiction");
  CHECK(told["change"] == "found");
  CHECK(told["is"] == "course");
  CHECK(told["settled"].is_null());
  CHECK(told["sides"][0]["said"][0]["outlet"] == "Harbor Wire");
  CHECK(told["sides"][1]["said"][0]["outlet"] == "Second Wire");
  CHECK_THAT(told["text"].get<std::string>(), Catch::Contains("contradiction found: product_milestone hbm4"));
}
