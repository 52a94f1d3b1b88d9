// Goal: the questions of the design's worked example are answered as it says, by the real reader from the reference notes.
// Method: the built program on ../shared/corpus, where that is at hand; what a note says is never written down here, only what follows.
#include <filesystem>

#include "tests/cli/annals.h"

using namespace annals::test;

namespace {

const std::string kCorpus = ANNALS_SOURCE_DIR "/../shared/corpus";

// The five notes with the zones that the example takes for them, once for all cases.
const Annals* reference() {
  static const std::unique_ptr<Annals> kept = []() -> std::unique_ptr<Annals> {
    if (!std::filesystem::is_directory(kCorpus)) return nullptr;
    auto annals = std::make_unique<Annals>();
    for (const auto& each : std::filesystem::directory_iterator(kCorpus)) {
      if (!each.is_regular_file()) continue;
      const std::string name = each.path().filename().string();
      annals->ingest({each.path().string(), "--tz", name.starts_with("002_") ? "UTC" : "Asia/Shanghai"});
    }
    return annals;
  }();
  if (kept == nullptr) WARN("../shared/corpus is not here: not tested");
  return kept.get();
}

json ask(const Annals& annals, std::vector<std::string> words) {
  words.insert(words.begin(), "state");
  words.insert(words.end(), {"--format", "json"});
  return annals.object(words)["states"][0];
}
const json& lane(const json& state, const std::string& name) { return state["lanes"][name]["entries"]; }

// Every value under `name`, however deep.
void collect(const json& value, const std::string& name, std::vector<std::string>& out) {
  if (value.is_array()) {
    for (const json& each : value) collect(each, name, out);
  } else if (value.is_object()) {
    for (const auto& [key, each] : value.items()) {
      if (key == name && each.is_string()) out.push_back(each);
      else collect(each, name, out);
    }
  }
}

const std::vector<std::string> kProjections = {"export_control", "import_control", "market_access", "revenue_share", "ipo", "financing", "product", "metric"};

}  // namespace

TEST_CASE("in August one unnamed expert's word is a report and no fact") {
  const Annals* annals = reference();
  if (annals == nullptr) return;
  const json state = ask(*annals, {"export_control", "H20", "--as-of", "2025-08-10"});
  CHECK(lane(state, "stated").empty());
  REQUIRE_FALSE(lane(state, "reported").empty());
  const json& entry = lane(state, "reported")[0];
  CHECK(entry["fields"]["rule"] == "allowed");
  CHECK(entry["fields"]["step"] == "licences pending");
  CHECK(entry["origins"] == 1);
  CHECK(entry["anonymous"] == true);
}

TEST_CASE("what December tells of April holds in May and comes from the class") {
  const Annals* annals = reference();
  if (annals == nullptr) return;
  const json state = ask(*annals, {"export_control", "H20", "--published-by", "2025-12-10", "--valid-at", "2025-05-01"});
  REQUIRE_FALSE(lane(state, "stated").empty());
  const json& entry = lane(state, "stated")[0];
  CHECK(entry["value"] == "license_required");
  CHECK(entry["inherited_from"].is_string());
  CHECK(entry["since"]["text"] == "2025-04");
}

TEST_CASE("the shares of H200 and H20 are known from the announcement on and not before") {
  const Annals* annals = reference();
  if (annals == nullptr) return;
  CHECK(ask(*annals, {"revenue_share", "H200", "--as-of", "2025-12-07"})["known"] == false);
  const json h200 = ask(*annals, {"revenue_share", "H200", "--as-of", "2025-12-10"});
  REQUIRE_FALSE(lane(h200, "stated").empty());
  CHECK(lane(h200, "stated")[0]["fields"]["rate"] == 0.25);
  CHECK(lane(h200, "stated")[0]["fields"]["deal"] == "required");
  const json h20 = ask(*annals, {"revenue_share", "H20", "--as-of", "2025-12-10"});
  REQUIRE_FALSE(lane(h20, "stated").empty());
  const json& entry = lane(h20, "stated")[0];
  CHECK(entry["fields"]["rate"] == 0.15);
  CHECK(entry["fields"]["deal"] == "agreed");
  CHECK(entry["fields"]["effect"] == "not in force");
  CHECK_FALSE(entry["steps"].empty());
  CHECK(entry["disputes"].empty());
}

TEST_CASE("what stands between H200 and its buyers is joined") {
  const Annals* annals = reference();
  if (annals == nullptr) return;
  const json summary = ask(*annals, {"market_access", "H200", "--as-of", "2025-12-10"})["summary"];
  CHECK_THAT(summary["exporter"].get<std::string>(), Catch::StartsWith("announced, in force not yet"));
  CHECK(summary["importer"] == "under review");
  CHECK(summary["share"] == 0.25);
  CHECK(summary["shippable"] == "not yet");
}

TEST_CASE("as of the 7th nothing is known that was published on the 9th") {
  const Annals* annals = reference();
  if (annals == nullptr) return;
  std::vector<std::string> known;
  for (const std::string& projection : kProjections) {
    for (const json& line : annals->lines({"state", projection, "--as-of", "2025-12-07", "--tz", "UTC", "--why", "--format", "jsonl"})) collect(line, "known_from", known);
  }
  CHECK(known.size() > 50);
  for (const std::string& each : known) CHECK(each <= "2025-12-08T00:00:00Z");
}

TEST_CASE("through the minutes of the 9th a passing mention never bans H200 again") {
  const Annals* annals = reference();
  if (annals == nullptr) return;
  bool allowed = false;
  std::size_t steps = 0;
  for (const json& row : annals->lines({"panel", "export_control", "H200", "--from", "2025-12-09T00:00", "--to", "2025-12-10T00:00", "--every", "1m", "--tz", "UTC", "--format", "jsonl"})) {
    if (row["kind"] != "panel" || row["lane"] != "stated") continue;
    ++steps;
    const std::string rule = row["entry"]["fields"]["rule"];
    if (allowed && rule != "allowed") FAIL("at " << row["step"] << " the rule is " << rule);
    allowed = allowed || rule == "allowed";
  }
  CHECK(allowed);
  CHECK(steps == 24 * 60 + 1);
}

TEST_CASE("no row of half a year of mornings knows what was known after it") {
  const Annals* annals = reference();
  if (annals == nullptr) return;
  std::size_t rows = 0;
  for (const std::string& projection : kProjections) {
    for (const json& row : annals->lines({"panel", projection, "--from", "2025-08-01", "--to", "2026-02-15", "--every", "1d", "--at", "09:30", "--tz", "America/New_York", "--format", "jsonl"})) {
      if (row["kind"] != "panel") continue;
      std::vector<std::string> known;
      collect(row["entry"], "known_from", known);
      REQUIRE_FALSE(known.empty());
      for (const std::string& each : known)
        if (each > row["step"].get<std::string>()) FAIL(projection << " at " << row["step"] << ": " << row["key"] << " knows of " << each);
      ++rows;
    }
  }
  CHECK(rows > 1'000);
}

TEST_CASE("each company stands at its furthest stage with venue and who said so") {
  const Annals* annals = reference();
  if (annals == nullptr) return;
  for (const char* company : {"Kunlunxin", "MetaX", "Moore Threads", "Biren", "Enflame"}) {
    INFO(company);
    const json state = ask(*annals, {"ipo", company, "--as-of", "2025-12-10", "--tz", "UTC"});
    REQUIRE(state["known"] == true);
    for (const json& entry : lane(state, "stated")) CHECK((entry["since"].is_object() || entry["by"].is_object()));
  }
  // A later article's "filed" does not take it back.
  CHECK(lane(ask(*annals, {"ipo", "MetaX", "--as-of", "2025-12-10", "--tz", "UTC"}), "stated")[0]["value"] == "subscription");
  // Others' targets stand beside the company's own word.
  const json kunlunxin = ask(*annals, {"ipo", "Kunlunxin", "--as-of", "2025-12-10", "--tz", "UTC"});
  CHECK_FALSE(lane(kunlunxin, "stated").empty());
  std::vector<std::string> targets;
  for (const json& entry : lane(kunlunxin, "reported"))
    if (entry["due"].is_object()) targets.push_back(entry["value"]);
  CHECK(targets.size() >= 2);
}

TEST_CASE("the week's calendar knows days whole weeks and what was called off") {
  const Annals* annals = reference();
  if (annals == nullptr) return;
  const std::string table = annals->good({"calendar", "--from", "2026-01-26", "--to", "2026-02-01", "--as-of", "2026-01-25"});
  CHECK_THAT(table, Catch::Contains("called off"));
  std::size_t days = 0;
  std::size_t weeks = 0;
  for (const json& row : annals->lines({"calendar", "--from", "2026-01-26", "--to", "2026-02-01", "--as-of", "2026-01-25", "--format", "jsonl"})) {
    if (row["kind"] != "calendar") continue;
    ++(row["whole_week"] == true ? weeks : days);
  }
  CHECK(days >= 10);
  CHECK(weeks >= 1);
}

TEST_CASE("the commands that show change have something to show and the same as JSON") {
  const Annals* annals = reference();
  if (annals == nullptr) return;
  for (const auto& words : std::vector<std::vector<std::string>>{{"diff", "export_control", "--from", "2025-08-01", "--to", "2025-12-31"},
                                                                 {"timeline", "h200"},
                                                                 {"history", "export_control", "H200"},
                                                                 {"audit", "h20", "--as-of", "2025-12-10"},
                                                                 {"replay", "--from", "2025-12-09", "--speed", "max"}}) {
    INFO(words.front());
    CHECK_THAT(annals->good(words), Catch::Contains("H200") || Catch::Contains("h200") || Catch::Contains("h20/"));
    auto as_json = words;
    as_json.insert(as_json.end(), {"--format", "jsonl"});
    CHECK(annals->lines(as_json).size() > 3);
  }
}
