// Goal: somebody else's program reads beside ours: what it could not read is asked again, what it read is asked once per version.
// Method: the real log in memory, a reader that answers from a table.
#include "engine/ingest/outside.h"

#include <catch2/catch.hpp>

#include <map>

#include "tests/support/sample_events.h"

using namespace annals;

namespace {

// Reads the statements of its table; gives up after `patience` that are not in it.
class TableReader final : public OutsideReader {
 public:
  explicit TableReader(std::uint32_t version) : version_(version) {}
  InterpreterId id() const override { return {"table", version_}; }
  std::vector<std::optional<Reading>> read(std::span<const OutsideStatement> statements) override {
    std::vector<std::optional<Reading>> out;
    for (const OutsideStatement& each : statements) {
      asked.push_back(each.statement.text);
      previous.push_back(each.previous);
      const auto status = table.find(each.statement.text);
      if (status == table.end()) {
        out.emplace_back();
        --patience;
        continue;
      }
      Reading reading;
      if (!status->second.empty()) {
        Claim claim;
        claim.span = each.statement.span;
        claim.set("product", EntityRef{"h20", "H20", true});
        claim.set("status", status->second);
        reading.claims.push_back(std::move(claim));
      }
      out.emplace_back(std::move(reading));
    }
    return out;
  }
  bool gave_up() const override { return patience <= 0; }

  std::map<std::string, std::string> table;   // text → status; empty: nothing claimed
  int patience = 1'000;
  std::vector<std::string> asked;
  std::vector<std::string> previous;

 private:
  std::uint32_t version_;
};

struct Desk {
  ManualClock clock{Instant(std::chrono::seconds(1'765'000'000))};
  std::unique_ptr<EventLog> log = make_memory_log(clock);
  const Lexicon& lexicon = Lexicon::builtin();

  // A note of one article with these statements, read by ours.
  void note(std::uint8_t number, const std::vector<std::string>& texts) {
    std::vector<EventDraft> drafts;
    drafts.push_back({"ingest", NoteArrival{samples::digest_of(number), 1, "lines", Encoding::kUtf8, "a", 1, static_cast<std::uint32_t>(texts.size())}});
    for (std::uint32_t i = 0; i < texts.size(); ++i) drafts.push_back({"ingest", samples::plain_statement(number, i, texts[i])});
    REQUIRE(log->append(drafts, OnRepeat::kAnswerFirst));
  }
  OutsideSummary read(TableReader& reader, OutsideOptions options = {}) {
    reader.asked.clear();
    auto summary = read_outside(*log, reader, lexicon, options);
    REQUIRE(summary);
    return *summary;
  }
  // "text: interpreter status", of every reinterpretation in the log's order.
  std::vector<std::string> readings() const {
    std::map<EventId, std::string> texts;
    std::vector<std::string> out;
    REQUIRE(log->read({Position{}, log->last()}, [&](const Event& event) {
      if (const auto* statement = std::get_if<StatementEvent>(&event.body)) texts[event.id] = statement->statement.text;
      if (const auto* again = std::get_if<Reinterpretation>(&event.body)) {
        std::string line = texts[again->about] + ": " + again->interpreter.text();
        for (const Claim& claim : again->reading.claims) line += " " + std::string(claim.text("status"));
        out.push_back(line);
      }
      return Visit::kContinue;
    }));
    return out;
  }
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE_METHOD(Desk, "what an outside program reads stands beside ours and is asked once per version") {
  note(1, {"one", "two", "three"});
  TableReader reader(1);
  reader.table = {{"one", "allowed"}, {"two", ""}, {"three", "banned"}};
  const auto first = read(reader);
  CHECK(first.read == 3);
  CHECK(first.claims == 2);
  CHECK(first.lexicon_facts > 0);
  CHECK(reader.asked == Texts{"one", "two", "three"});
  CHECK(reader.previous == Texts{"", "one", "two"});
  CHECK(readings() == Texts{"one: table/1 allowed", "two: table/1", "three: table/1 banned"});

  const auto second = read(reader);
  CHECK(second.statements == 0);
  CHECK(second.already_read == 3);

  TableReader newer(2);
  newer.table = {{"one", "allowed"}, {"two", ""}, {"three", "allowed"}};
  CHECK(read(newer).changed == 3);
  CHECK(readings().back() == "three: table/2 allowed");
}

TEST_CASE_METHOD(Desk, "what an outside program could not read is lost by nobody and asked again") {
  note(1, {"one", "two", "three"});
  TableReader reader(1);
  reader.table = {{"one", "allowed"}, {"three", "banned"}};
  const auto first = read(reader);
  CHECK(first.failed == 1);
  CHECK(first.read == 2);
  reader.table["two"] = "banned";
  read(reader);
  CHECK(reader.asked == Texts{"two"});
  CHECK(readings().back() == "two: table/1 banned");
}

TEST_CASE_METHOD(Desk, "a program asked again is recorded where it answers otherwise") {
  note(1, {"one", "two"});
  TableReader reader(1);
  reader.table = {{"one", "allowed"}, {"two", "allowed"}};
  read(reader);
  for (const auto& [status, expected] : std::vector<std::pair<std::string, std::size_t>>{{"banned", 3}, {"allowed", 4}, {"allowed", 4}, {"banned", 5}}) {
    reader.table["two"] = status;
    read(reader, {"reread", {}, true});
    CHECK(readings().size() == expected);
    CHECK(readings().back() == (expected == 4 ? "two: table/1 allowed" : "two: table/1 banned"));
  }
}

TEST_CASE_METHOD(Desk, "only what lies behind a position is asked where one is given") {
  note(1, {"one", "two"});
  const Position before = log->last();
  note(2, {"three"});
  TableReader reader(1);
  reader.table = {{"three", "allowed"}};
  read(reader, {"ingest", before, false});
  CHECK(reader.asked == Texts{"three"});
}

TEST_CASE_METHOD(Desk, "a program that gave up is asked no more and what it read is kept") {
  std::vector<std::string> texts;
  TableReader reader(1);
  for (std::size_t i = 0; i < 3 * kOutsideBatch; ++i) {
    texts.push_back("line " + std::to_string(i));
    if (i < kOutsideBatch) reader.table[texts.back()] = "allowed";
  }
  note(1, texts);
  reader.patience = 5;
  const auto summary = read(reader);
  CHECK(summary.read == kOutsideBatch);
  CHECK(summary.failed == kOutsideBatch);
  CHECK(summary.not_asked == kOutsideBatch);
  CHECK(readings().size() == kOutsideBatch);
}
