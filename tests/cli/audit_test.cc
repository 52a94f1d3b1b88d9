// Goal: an audit shows what contradicts, who was first, who copied whom and what would be without a source, to people and to programs;
// and the page that is filed holds all of it and lets nothing of a note through as markup.
#include "tests/cli/annals.h"

using namespace annals::test;

namespace {

// The wire's story, shortened and lightly edited by somebody else, three hours later.
const std::string kReprint =
    "WASHINGTON - President Donald Trump said on Monday that Nvidia will be allowed to sell its H200 chip to approved customers in China, with 25% of the sales going to the U.S. government.\n\n"
    "Newer Blackwell and Rubin parts remain off limits, and the Commerce Department has yet to write the rules. Beijing has not said whether it will let the chips in.\n";

struct Desk : Annals {
  Desk() {
    good({"ingest", kSamples + "/harbor_wire.txt", "--outlet", "Harbor Wire", "--published", "2025-12-09T09:15", "--tz", "UTC"});
    good({"ingest", "-", "--outlet", "Evening Courier", "--published", "2025-12-09T12:20", "--tz", "UTC"}, kReprint);
    good({"ingest", kSamples + "/daily_1210.md", "--tz", "UTC"});
  }
};

const json* find(const json& list, const char* field, const std::string& value) {
  for (const json& each : list)
    if (each[field] == value) return &each;
  return nullptr;
}

}  // namespace

TEST_CASE_METHOD(Desk, "a reprint is folded into the first who printed it and named with its outlet") {
  const json answer = object({"audit", "revenue_share", "h200", "--as-of", "2025-12-10T00:00", "--tz", "UTC", "--format", "json"});
  const json* wire = nullptr;
  for (const json& row : answer["rows"]) {
    CHECK(row["article"]["outlet"] != "Evening Courier");
    if (row["article"]["outlet"] == "Harbor Wire" && !row["copies"].empty()) wire = &row;
  }
  REQUIRE(wire != nullptr);
  CHECK((*wire)["copies"][0]["outlet"] == "Evening Courier");
  CHECK((*wire)["copies"][0]["position"].get<int>() > (*wire)["position"].get<int>());
  const std::string text = good({"audit", "revenue_share", "h200", "--as-of", "2025-12-10T00:00", "--tz", "UTC"});
  CHECK_THAT(text, Catch::Contains("copied by Evening Courier, 2025-12-09T12:20"));
}

TEST_CASE_METHOD(Desk, "copies are listed with what they copy") {
  const json answer = object({"audit", "--copies", "--format", "json"});
  REQUIRE(answer["copies"].size() == 1);
  const json& copy = answer["copies"][0];
  CHECK(copy["is"] == "near-copy");
  CHECK(copy["copy"]["outlet"] == "Evening Courier");
  CHECK(copy["of"]["outlet"] == "Harbor Wire");
  CHECK(copy["containment"].get<double>() > 0.7);
  CHECK(copy["jaccard"].get<double>() < copy["containment"].get<double>());
  CHECK_THAT(good({"audit", "--copies"}), Catch::Contains("near-copy of") && Catch::Contains("1 of 7 articles"));
}

TEST_CASE_METHOD(Desk, "a denial is listed with both sides and settled by a withdrawal") {
  const auto listed = [&] {
    json answer = object({"audit", "export_control", "b200", "--contradictions", "--format", "json"});
    const json* found = find(answer["contradictions"], "is", "denial");
    REQUIRE(found != nullptr);
    return json(*found);
  };
  const json open = listed();
  CHECK(open["subject"] == "b200/china");
  CHECK(open["settled"].is_null());
  REQUIRE(open["sides"].size() == 2);
  CHECK(open["sides"][0]["said"][0]["outlet"] == "北桥科技报");
  CHECK(open["sides"][1]["said"][0]["outlet"] == "晨港日报");
  CHECK(!open["sides"][1]["said"][0]["quote"].get<std::string>().empty());
  const std::string text = good({"audit", "export_control", "b200", "--contradictions"});
  CHECK_THAT(text, Catch::Contains("one side says it, the other that it is not so") && Catch::Contains("\n  open\n"));

  const std::string position = std::to_string(open["sides"][0]["said"][0]["position"].get<int>());
  good({"withdraw", position, "--article", "--published", "2025-12-11T09:00", "--tz", "UTC", "--by", "desk", "--because", "corrected"});
  const json settled = listed();
  CHECK(settled["settled"].is_string());
  CHECK(settled["settled_by"].size() == 1);
  CHECK_THAT(good({"audit", "export_control", "b200", "--contradictions"}), Catch::Contains("settled: "));
  // As of the day before it was open.
  const json before = object({"audit", "export_control", "b200", "--contradictions", "--as-of", "2025-12-10", "--format", "json"});
  REQUIRE(find(before["contradictions"], "is", "denial") != nullptr);
  CHECK((*find(before["contradictions"], "is", "denial"))["settled"].is_null());
}

TEST_CASE_METHOD(Desk, "each source has its record") {
  const json answer = object({"audit", "--sources", "--as-of", "2025-12-31", "--format", "json"});
  const json* wire = find(answer["sources"], "name", "Harbor Wire");
  const json* courier = find(answer["sources"], "name", "Evening Courier");
  REQUIRE(wire != nullptr);
  CHECK((*wire)["first"].get<int>() > 0);
  CHECK((*wire)["copied"] == 0);
  if (courier != nullptr) CHECK((*courier)["copied"] == (*courier)["claims"]);
  const auto lines_of = lines({"audit", "--sources", "--as-of", "2025-12-31", "--format", "jsonl"});
  CHECK(lines_of.front()["kind"] == "basis");
  CHECK(std::any_of(lines_of.begin(), lines_of.end(), [](const json& each) { return each["kind"] == "source"; }));
  CHECK_THAT(good({"audit", "--sources", "--as-of", "2025-12-31"}), Catch::Contains("Harbor Wire"));
}

TEST_CASE_METHOD(Desk, "answers without a source are other answers") {
  const json without = object({"audit", "--without", "outlet=北橋科技報", "--as-of", "2025-12-31", "--format", "json"});
  CHECK(without["statements"].get<int>() > 0);
  bool b200 = false;
  for (const json& each : without["changed"]) b200 = b200 || (each["projection"] == "export_control" && each["key"] == "b200/china");
  CHECK(b200);
  CHECK_THAT(good({"audit", "export_control", "b200", "--without", "outlet=北桥科技报", "--as-of", "2025-12-31"}), Catch::Contains("b200/china") && Catch::Contains("statements left out"));
  // What others copied from it stays known.
  const json kept = object({"audit", "revenue_share", "h200", "--without", "outlet=Harbor Wire", "--as-of", "2025-12-09", "--tz", "UTC", "--format", "json"});
  for (const json& each : kept["changed"]) CHECK(!each["without"].is_null());
  for (const char* bad : {"outlet", "outlet=", "colour=red", "statement=x", "note=12", "article=12"}) {
    const Ran ran = (*this)({"audit", "--without", bad});
    CHECK(ran.status == 2);
    is_one_line_with(ran, {"--without"});
  }
  CHECK((*this)({"audit", "--contradictions", "--sources"}).status == 2);
  CHECK((*this)({"audit", "--report", "html", "--copies"}).status == 2);
  CHECK((*this)({"audit", "--report", "pdf"}).status == 2);
  CHECK((*this)({"audit", "--key", "k"}).status == 2);
}

TEST_CASE_METHOD(Desk, "a report holds the answer the words the copies and how to check them") {
  const std::string key = folder / "desk.key";
  good({"key", "new", key, "--name", "example.org/annals"});
  for (const char* form : {"markdown", "html"}) {
    const std::string page = good({"audit", "revenue_share", "h200", "--as-of", "2025-12-10", "--tz", "UTC", "--report", form, "--key", key});
    const json last = object({"verify", "--format", "json"});
    const std::vector<std::string> parts = {"Harbor Wire", "Evening Courier", "25% of the sales", "not reviewed", "the quoted words there", "annals prove", "example.org/annals", last["root"].get<std::string>()};
    for (const std::string& part : parts)
      CHECK_THAT(page, Catch::Contains(part));
    CHECK(page.find("NOT AS QUOTED") == std::string::npos);
  }
  CHECK_THAT(good({"audit", "revenue_share", "h200", "--report", "html"}), Catch::Contains("No signed checkpoint"));
  // What it says gives the same answer again is a command that does.
  const std::string page = good({"audit", "revenue_share", "h200", "--as-of", "2025-12-10", "--tz", "UTC", "--report", "markdown"});
  const std::size_t at = page.find("annals audit revenue_share");
  REQUIRE(at != std::string::npos);
  std::istringstream words(page.substr(at, page.find('\n', at) - at));
  std::vector<std::string> command;
  for (std::string word; words >> word;) command.push_back(word);
  command.erase(command.begin());
  command.insert(command.end(), {"--format", "json"});
  CHECK(object(command)["rows"] == object({"audit", "revenue_share", "h200", "--as-of", "2025-12-10", "--tz", "UTC", "--format", "json"})["rows"]);
}

TEST_CASE("nothing of a note becomes markup in a report") {
  const Annals annals;
  annals.good({"ingest", "-", "--outlet", "<img src=x onerror=alert(1)>|*Outlet*", "--published", "2025-12-09T12:20", "--tz", "UTC"},
              "The <script>alert('H200')</script> chip & its [link](javascript:alert(1)) | `code` <b>H200</b> may be sold in China, \"Nvidia\" said.\n");
  const std::string html = annals.good({"audit", "h200", "--report", "html"});
  CHECK_THAT(html, Catch::Contains("&lt;script&gt;alert(&#39;H200&#39;)&lt;/script&gt;"));
  for (const char* tag : {"<script", "<img", "<a ", "<b>", "http-equiv=\"refresh", "<link", "<iframe"}) CHECK(html.find(tag) == std::string::npos);
  CHECK_THAT(html, Catch::Contains("default-src 'none'"));
  const std::string markdown = annals.good({"audit", "h200", "--report", "markdown"});
  CHECK(markdown.find("<script") == markdown.find("\\<script") + 1);
  CHECK_THAT(markdown, Catch::Contains("\\[link\\](javascript") && Catch::Contains("\\| \\`code\\`"));
  CHECK(markdown.find(" <") == std::string::npos);
}
