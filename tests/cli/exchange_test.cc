// Goal: copies are whole and sheets of claims go in as reviewed ones; what cannot be used is named with its place.
#include <filesystem>

#include "tests/cli/annals.h"

using namespace annals::test;
namespace fs = std::filesystem;

namespace {

const char* const kSheet =
    "date,product,status,link,by\n"
    "2025-04-15,H20,license_required,https://www.example.org/notice,Chen Wei\n"
    "2025-08-10,H20,license_granted,https://example.org/b,Chen Wei\n";

std::string stated(const json& state) {
  const json& entries = state["states"][0]["lanes"]["stated"]["entries"];
  return entries.empty() ? "" : entries[0]["value"].get<std::string>();
}

}  // namespace

TEST_CASE("a backup is a store that answers alike and a restore brings it back") {
  const Annals annals;
  annals.ingest({kSamples});
  const std::string backup = annals.folder / "backup";
  const json made = json::parse(annals.good({"backup", backup, "--json"}));
  const json verified = annals.object({"verify", "--format", "json"});
  CHECK(made["root"] == verified["root"]);
  CHECK(made["events"] == verified["events"]);
  CHECK(json::parse(annals.good({"--store", backup, "verify", "--format", "json"})) == verified);

  annals.folder.file("later.txt", "晨报消息\n\n某公司今天宣布开始出货。\n");
  annals.ingest({"later.txt"});
  const json more = json::parse(annals.good({"backup", backup, "--json"}));
  CHECK(more["events"].get<int>() > 0);
  CHECK(more["events"].get<int>() < made["events"].get<int>());

  const std::string answer = annals.good({"state", "export_control", "--format", "json", "--as-of", "2025-12-10", "--recorded-by", "#" + std::to_string(more["last_position"].get<int>())});
  fs::remove_all(annals.store);
  annals.good({"restore", backup});
  const json before = json::parse(answer);
  const json after = annals.object({"state", "export_control", "--format", "json", "--as-of", "2025-12-10", "--recorded-by", "#" + std::to_string(more["last_position"].get<int>())});
  CHECK(after["states"] == before["states"]);
  CHECK(annals.object({"verify", "--format", "json"})["root"] == more["root"]);
  CHECK(annals.ingest({kSamples})["events"] == 0);
}

TEST_CASE("a backup goes over nothing that is not a beginning of it") {
  const Annals annals;
  annals.ingest({kSamples + "/digest_h200.txt"});
  Annals other;
  other.folder.file("a.txt", "晨报消息\n\n某公司今天宣布开始出货。\n");
  other.ingest({"a.txt"});
  const Ran refused = annals({"backup", other.store});
  CHECK(refused.status == 2);
  is_one_line_with(refused, {other.store});
  fs::create_directory(annals.folder / "folder");
  annals.folder.file("folder/file", "mine");
  const Ran files = annals({"backup", annals.folder / "folder"});
  CHECK(files.status == 2);
  is_one_line_with(files, {"folder"});
  const Ran missing = annals({"restore", annals.folder / "nothing"});
  CHECK(missing.status == 3);
  is_one_line_with(missing, {"nothing"});
}

TEST_CASE("a sheet goes in as reviewed claims once") {
  const Annals annals;
  annals.folder.file("sheet.csv", kSheet);
  const json first = json::parse(annals.good({"import", "sheet.csv", "--tz", "UTC", "--json"}));
  CHECK(first["rows"] == 2);
  CHECK(first["bad"] == 0);
  const json again = json::parse(annals.good({"import", "sheet.csv", "--tz", "UTC", "--json"}));
  CHECK(again["events"] == 0);
  CHECK(again["repeated"] == 2);

  const auto asked = [&](const std::string& day) { return stated(annals.object({"state", "export_control", "h20", "--as-of", day, "--tz", "UTC", "--reviewed", "--format", "json"})); };
  CHECK(asked("2025-04-14") == "");
  CHECK(asked("2025-04-15") == "license_required");
  CHECK(asked("2025-08-10") == "license_granted");
  // The way back: outlet from the link, the row's own bytes.
  const std::string why = annals.good({"state", "export_control", "h20", "--as-of", "2025-04-15", "--tz", "UTC", "--why"});
  CHECK_THAT(why, Catch::Contains("example.org"));
  CHECK_THAT(why, Catch::Contains("2025-04-15,H20,license_required"));
  CHECK_THAT(annals.good({"log", "--kind", "review"}), Catch::Contains("Chen Wei"));
  CHECK(annals.good({"verify"}).find("all checks hold") != std::string::npos);
  // Nobody reads it as language.
  CHECK(json::parse(annals.good({"reread", "--json"}))["statements"] == 0);
}

TEST_CASE("rows that cannot be used are named with line and column and the others go in") {
  const Annals annals;
  annals.folder.file("sheet.csv",
                     "date,product,status,by,rate,type\n"
                     "2025-02-30,H20,banned,me,,\n"
                     "2025-02-20,H20,forbidden,me,,\n"
                     "2025-02-20,\"H20\",banned,me,,\n"
                     "2025-02-20,H20,banned,,,\n"
                     "2025-02-20,H20,required,me,a quarter,revenue_share\n"
                     "2025-02-20,H20,required,me,25%,revenue_share\n"
                     "2025-02-20,H20,banned,me,,,more\n"
                     "2025-02-20,\"H20,banned,me\n");
  const Ran ran = annals({"import", "sheet.csv", "--json"});
  CHECK(ran.status == 2);
  INFO(ran.err);
  for (const char* place : {"sheet.csv:2:1: date", "sheet.csv:3:16: status", "sheet.csv:5:23: by", "sheet.csv:6:28: rate", "sheet.csv:8:", "sheet.csv:9:12: expected a closing quotation mark"})
    CHECK_THAT(ran.err, Catch::Contains(place));
  CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 6);
  const json summary = json::parse(ran.out);
  CHECK(summary["bad"] == 6);
  CHECK(annals.lines({"export", "--kind", "statement"}).size() == 2);
  CHECK_THAT(annals.good({"state", "revenue_share", "h20"}), Catch::Contains("25%") || Catch::Contains("0.25"));
}

TEST_CASE("a sheet without the columns it needs is refused whole") {
  const Annals annals;
  for (const auto& [heading, said] : std::vector<std::pair<std::string, std::string>>{
           {"product,status,by", "date"}, {"date,product,state,by", "sheet.csv:1:14"}, {"date,product,product,by", "twice"}}) {
    annals.folder.file("sheet.csv", heading + "\n2025-02-20,H20,banned,me\n");
    const Ran ran = annals({"import", "sheet.csv"});
    CHECK(ran.status == 2);
    is_one_line_with(ran, {"sheet.csv", said});
  }
}

TEST_CASE("claims from elsewhere must quote what stands at their place") {
  const Annals annals;
  annals.folder.file("report.html", "<html><head><title>Exports</title></head><body><article><h1>Exports</h1><p>R&amp;D：美国禁止向中国出口<b>H20</b>，H20在中国不出售。</p></article></body></html>");
  annals.ingest({"report.html", "--outlet", "Desk", "--published", "2025-12-09T10:00", "--tz", "UTC", "--interpreter", "python3 " ANNALS_SOURCE_DIR "/tools/example-interpreter"});
  const json statement = annals.statement("H20");
  REQUIRE(!statement["pieces"].empty());
  REQUIRE(!statement["claims"].empty());
  const std::string target = std::to_string(statement["position"].get<int>()) + "#0";
  annals.good({"review", target, "--set", "status=license_required", "--by", "cw", "--because", "see the notice"});
  const std::vector<json> events = annals.lines({"export", "--notes"});

  // A copy of the export whose claim, at `place` in the first event of the kind, quotes these words.
  const auto import_with = [&](const std::string& kind, const json::json_pointer& place, const std::string& quote) {
    std::string lines;
    bool done = false;
    for (json event : events) {
      if (!done && event["kind"] == kind && event.contains(place) && event.at(place).is_object()) {
        done = true;
        event[place]["quote"] = quote;
        event.erase("id");
      }
      lines += event.dump() + "\n";
    }
    REQUIRE(done);
    Annals other;
    other.folder.file("events.jsonl", lines);
    return other({"import", "events.jsonl", "--anew"});
  };
  const json::json_pointer first("/claims/0");
  const json::json_pointer amended("/amended");
  const std::string words = statement["claims"][0]["quote"];
  const std::string same_length(words.size(), 'x');
  for (const auto& [kind, place] : {std::pair{"statement", first}, {"reinterpretation", first}, {"review", amended}}) {
    INFO(kind);
    CHECK(import_with(kind, place, same_length).status == 2);
    is_one_line_with(import_with(kind, place, same_length), {"events.jsonl:", "quote: expected the words of its span", same_length});
    CHECK(import_with(kind, place, words + "x").status == 2);
  }
  // As they were they go in.
  const Annals same;
  same.folder.file("events.jsonl", annals.good({"export", "--notes"}));
  same.good({"import", "events.jsonl", "--anew"});
  const Ran refused = annals({"review", target, "--amend", "{\"quote\": \"other words\"}", "--by", "cw", "--because", "no"});
  CHECK(refused.status == 2);
  is_one_line_with(refused, {"--amend", "quote: expected the words of its span", "other words"});
}

TEST_CASE("a fact said by hand changes answers from then on and stands") {
  const Annals annals;
  annals.ingest({kSamples});
  annals.folder.file("names.yaml", "- kind: product\n  vendor: nvidia\n  family: blackwell\n  entities:\n    b999: [B999]\n");
  const auto before = annals.lines({"export"}).size();
  CHECK_THAT(annals.good({"state", "export_control", "B999", "--as-of", "2025-12-11"}), Catch::Contains("nothing known"));
  const json said = json::parse(annals.good({"lexicon", "add", "names.yaml", "--by", "desk", "--json"}));
  CHECK(said["appended"] == json::array({"b999"}));
  CHECK_THAT(annals.good({"state", "export_control", "B999", "--as-of", "2025-12-11"}), Catch::Contains("blackwell"));
  CHECK_THAT(annals.good({"state", "export_control", "B999", "--as-of", "2025-12-11", "--recorded-by", "#" + std::to_string(before)}), Catch::Contains("nothing known"));
  CHECK(json::parse(annals.good({"lexicon", "add", "names.yaml", "--by", "desk", "--json"}))["appended"].empty());

  const json shown = json::parse(annals.good({"lexicon", "b999", "--format", "json"}));
  REQUIRE(shown.size() == 1);
  CHECK(shown[0]["by_hand"] == true);
  CHECK(shown[0]["actor"] == "desk");
  CHECK(annals({"lexicon", "no such name"}).status == 1);

  // What is said by hand of a shipped name is not said otherwise by the next note that names it.
  annals.folder.file("h20.yaml", "- entities:\n    h20: {inherits_rules: false}\n");
  annals.good({"lexicon", "add", "h20.yaml", "--by", "desk"});
  annals.folder.file("h20.txt", "晨报消息\n\n美国批准英伟达向中国出口H20。\n");
  annals.ingest({"h20.txt", "--published", "2025-12-12", "--tz", "UTC"});
  CHECK(json::parse(annals.good({"lexicon", "h20", "--format", "json"}))[0]["by_hand"] == true);
  CHECK(json::parse(annals.good({"lexicon", "h20", "--history", "--format", "json"})).size() == 2);

  annals.folder.file("bad.yaml", "- kind: nonsense\n");
  const Ran bad = annals({"lexicon", "add", "bad.yaml", "--by", "desk"});
  CHECK(bad.status == 2);
  is_one_line_with(bad, {"bad.yaml:1:"});
}

TEST_CASE("a lexicon that cannot be used is refused where it goes wrong and nothing is taken in") {
  const Annals annals;
  annals.folder.file("note.txt", "北桥科技报\n\n美国批准英伟达向中国出口H20。\n");
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"- kind: gadget\n", "bad.yaml:1:9: expected a kind"},
      {"- kind: product\n  entities:\n    b999: {names: B999}\n", "bad.yaml:3:12: expected name, aliases"},
      {"- kind: product\n  entities:\n    b999: [B999\n", "bad.yaml:4:1: expected YAML"},
  };
  for (const auto& [text, said] : bad) {
    annals.folder.file("bad.yaml", text);
    for (const std::vector<std::string>& words : {std::vector<std::string>{"analyze", "--lexicon", "bad.yaml"}, std::vector<std::string>{"ingest", "note.txt", "--lexicon", "bad.yaml"}}) {
      const Ran ran = annals(words, "B999\n");
      INFO(words[0] << ": " << ran.err);
      CHECK(ran.status == 2);
      CHECK(ran.out.empty());
      is_one_line_with(ran, {said});
    }
  }
  CHECK(annals({"analyze", "--lexicon", "missing.yaml"}, "B999\n").status == 2);
}
