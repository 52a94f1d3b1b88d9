// Goal: what is erased by order is gone from every answer and file, what stays says so, and whoever checks finds nothing amiss.
#include <filesystem>
#include <fstream>

#include "tests/cli/annals.h"

using namespace annals::test;
namespace fs = std::filesystem;

namespace {

struct Desk : Annals {
  Desk() { ingest({kSamples + "/digest_h200.txt", kSamples + "/harbor_wire.txt", "--tz", "UTC", "--published", "2025-12-09T09:15", "--outlet", "Harbor Wire"}); }
  // A statement whose first claim is about H200's export rule and is no headline's, which stays with the head of its article.
  json ruling() const {
    for (const json& event : lines({"export", "--kind", "statement", "--type", "export_control"})) {
      const json& claim = event["claims"][0];
      if (claim["type"] == "export_control" && claim["slots"]["product"]["id"] == "h200" && event["article"]["title"].get<std::string>().find(claim["quote"]) == std::string::npos) return event;
    }
    FAIL("no ruling about h200");
    return {};
  }
  json at(int position) const { return lines({"export", "--from", std::to_string(position), "--to", std::to_string(position)}).at(0); }
  json erase(const json& event, std::vector<std::string> words) const {
    words.insert(words.begin(), {"erase", std::to_string(event["position"].get<int>()), "--by", "officer", "--reason", "order 7", "--json"});
    return json::parse(good(std::move(words)));
  }
  std::string state() const { return good({"state", "export_control", "h200", "--why"}); }
};

bool in_files(const std::string& directory, const std::string& bytes) {
  for (const auto& entry : fs::directory_iterator(directory)) {
    std::ifstream in(entry.path(), std::ios::binary);
    std::ostringstream content;
    content << in.rdbuf();
    if (content.str().find(bytes) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE_METHOD(Desk, "erased words leave the claims and every answer says so") {
  const json event = ruling();
  const std::string text = event["text"];
  const std::string quote = event["claims"][0]["quote"];
  const json before = object({"state", "export_control", "h200", "--format", "json"});
  CHECK(before["basis"]["erased"].empty());
  const std::string root = object({"verify", "--format", "json"})["root"];
  const json would = erase(event, {"--level", "text", "--dry-run"});
  CHECK(would["position"].is_null());
  CHECK(at(event["position"])["text"] == text);

  const json receipt = erase(event, {"--level", "text"});
  CHECK(receipt["statements"] == 1);
  const json left = at(event["position"]);
  CHECK(left["erased"] == receipt["position"]);
  CHECK(left["text"] == "");
  CHECK(left["leaf"] == event["leaf"]);
  CHECK(left["claims"].size() == event["claims"].size());
  CHECK(left["claims"][0]["slots"] == event["claims"][0]["slots"]);
  CHECK(left["claims"][0]["quote"] == "");
  CHECK_FALSE(in_files(store, text));

  const json after = object({"state", "export_control", "h200", "--format", "json"});
  CHECK(after["states"][0]["lanes"]["stated"]["entries"][0]["value"] == before["states"][0]["lanes"]["stated"]["entries"][0]["value"]);
  REQUIRE(after["basis"]["erased"].size() == 1);
  CHECK(after["basis"]["erased"][0]["erasure"] == receipt["position"]);
  CHECK(after["basis"]["erased"][0]["level"] == "text");
  CHECK(after["basis"]["erased"][0]["because"] == "order 7");
  CHECK_THAT(state(), Catch::Contains("1 statement that bears on this was erased by order") && Catch::Contains("officer: order 7") &&
                          Catch::Contains("(its words were erased by order)") && !Catch::Contains(quote));
  // As known before it was published, it bears on nothing.
  CHECK(object({"state", "export_control", "h200", "--as-of", "2025-12-01", "--format", "json"})["basis"]["erased"].empty());
  for (const auto& words : std::vector<std::vector<std::string>>{{"history", "export_control", "h200"}, {"timeline", "h200"}, {"audit", "export_control", "h200"}, {"audit", "h200"},
                                                                  {"audit", "export_control", "h200", "--report", "markdown"}, {"audit", "export_control", "h200", "--report", "html"},
                                                                  {"diff", "export_control", "--from", "2025-12-01", "--to", "2025-12-31"}}) {
    INFO(words[0] << " " << words.back());
    const std::string out = good(words);
    CHECK_THAT(out, Catch::Contains("erased by order") && !Catch::Contains(quote));
  }
  CHECK_THAT(good({"audit", "export_control", "h200", "--check"}), Catch::Contains("the note's bytes were erased by order"));
  CHECK_THAT(good({"log", "--kind", "erasure"}), Catch::Contains("by officer: order 7"));

  const std::string size = std::to_string(receipt["position"].get<int>() - 1);
  good({"verify", "--root", root, "--size", size});
  CHECK(object({"verify", "--format", "json"})["damage"].empty());
  good({"rebuild"});
  CHECK(object({"state", "export_control", "h200", "--format", "json"})["states"] == after["states"]);
  good({"reread"});
  CHECK(object({"state", "export_control", "h200", "--format", "json"})["states"] == after["states"]);
  good({"replay", "--from", "2025-12-09", "--speed", "max"});
  // Again is nothing new.
  const json again = erase(event, {"--level", "text"});
  CHECK(again["repeated"] == true);
  CHECK(again["position"] == receipt["position"]);
}

TEST_CASE_METHOD(Desk, "erasing everything takes the claims and the answer says that it did") {
  const json event = ruling();
  const json before = object({"state", "export_control", "h200", "--format", "json"});
  const json receipt = erase(event, {"--note", "--level", "all"});
  CHECK(receipt["statements"].get<int>() > 1);
  CHECK(at(event["position"])["claims"].empty());
  CHECK(at(event["position"])["article"]["title"] == "");
  const json after = object({"state", "export_control", "h200", "--format", "json"});
  CHECK(after["states"] != before["states"]);
  REQUIRE(after["basis"]["erased"].size() == 1);
  CHECK(after["basis"]["erased"][0]["level"] == "all");
  CHECK_THAT(good({"state", "export_control", "h200"}), Catch::Contains("claims are gone too"));
  CHECK(object({"state", "ipo", "byd", "--format", "json"})["basis"]["erased"].empty());
  CHECK(object({"verify", "--format", "json"})["damage"].empty());

  // The same note is not taken in again, and nothing else is harmed by trying.
  const Ran refused = (*this)({"ingest", kSamples + "/digest_h200.txt", "--tz", "UTC"});
  CHECK(refused.status == 2);
  CHECK_THAT(refused.err, Catch::Contains("this note was erased by order") && Catch::Contains("officer: order 7") && Catch::Contains("not taken in again"));
  CHECK(object({"state", "export_control", "h200", "--format", "json"})["states"] == after["states"]);
}

TEST_CASE_METHOD(Desk, "what was erased stays erased in exports and backups and is proved without its words") {
  const std::string backup = folder / "backup";
  good({"backup", backup});
  const json event = ruling();
  const std::string text = event["text"];
  erase(event, {"--article", "--level", "text"});
  const json verified = object({"verify", "--format", "json"});
  good({"backup", backup});
  CHECK(json::parse(good({"--store", backup, "verify", "--format", "json"})) == verified);
  CHECK_FALSE(in_files(backup, text));

  good({"export", "--notes", "-o", "all.jsonl"});
  const std::string copy = folder / "copy";
  const json imported = json::parse(good({"--store", copy, "import", "all.jsonl", "--json"}));
  CHECK(imported["kept"] == true);
  CHECK(imported["root"] == verified["root"]);
  CHECK(json::parse(good({"--store", copy, "verify", "--format", "json"})) == verified);
  const auto answer = [&](const std::string& where) {
    return json::parse(good({"--store", where, "state", "export_control", "h200", "--why", "--as-of", "2026-01-01", "--format", "json"}))["states"];
  };
  CHECK(answer(copy) == answer(store));
  CHECK(answer(backup) == answer(store));
  // Recorded anew, it is another log's.
  const json anew = json::parse(good({"--store", folder / "anew", "import", "all.jsonl", "--anew", "--json"}));
  CHECK(anew["erased_left_out"].get<int>() > 1);
  CHECK(json::parse(good({"--store", folder / "anew", "verify", "--format", "json"}))["damage"].empty());

  const std::string key = folder / "desk.key";
  const std::string pub = folder.file("desk.pub", good({"key", "new", key, "--name", "desk.example/log"}));
  const std::string proof = folder.file("event.proof", good({"prove", std::to_string(event["position"].get<int>()), "--key", key, "--in-one"}));
  CHECK(json::parse(good({"verify", "--proof", proof, "--public-key", pub, "--format", "jsonl"}))["holds"] == true);
}

TEST_CASE_METHOD(Desk, "an erasure names what there is and says why") {
  const std::string position = std::to_string(ruling()["position"].get<int>());
  for (const auto& bad : std::vector<std::vector<std::string>>{
           {"erase", position, "--by", "a", "--reason", "b"},
           {"erase", position, "--level", "some", "--by", "a", "--reason", "b"},
           {"erase", position, "--level", "text", "--by", "a"},
           {"erase", "99999", "--level", "text", "--by", "a", "--reason", "b"},
           {"erase", std::string(64, 'e'), "--level", "text", "--by", "a", "--reason", "b"},
       }) {
    CHECK((*this)(bad).status == 2);
  }
  const json event = ruling();
  CHECK(json::parse(good({"erase", event["id"], "--level", "text", "--by", "a", "--reason", "b", "--json", "--dry-run"}))["statements"] == 1);
  CHECK(json::parse(good({"erase", event["note"], "--level", "text", "--by", "a", "--reason", "b", "--json", "--dry-run"}))["statements"].get<int>() > 1);
}
