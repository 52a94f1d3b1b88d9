// Goal: erased words are gone wherever they lay, what was to stay stays, and the proof is what it was. Each case runs over every log.
#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

#include "engine/log/backup.h"
#include "engine/log/erasure.h"
#include "engine/proof/proof.h"
#include "tests/support/logs.h"
#include "tests/support/sample_events.h"

namespace {
using namespace annals;
namespace fs = std::filesystem;

Claim allowed(const std::string& product, const std::string& quote) {
  Claim claim;
  claim.quote = quote;
  claim.span = {0, quote.size()};
  claim.rule = "test";
  claim.set("product", EntityRef{product, product, true});
  claim.set("status", std::string("allowed"));
  return claim;
}
SubjectsOf by_product() {
  return [](const Claim& claim) { return std::vector<std::pair<std::string, std::string>>{{"export_control", claim.entity("product")->id}}; };
}

// A note of two articles with two statements each, one of them read again and one reviewed, and a note that nobody erases.
struct Desk {
  explicit Desk(support::LogKind which) : owned(support::make_log(which, clock)), log(*owned.log) {
    REQUIRE(log.put_note(note, text));
    REQUIRE(log.put_note(other, other_text));
    append(NoteArrival{note, text.size(), "plain", Encoding::kUtf8, "inbox/mussel.txt", 2, 4});
    for (std::uint32_t n = 1; n <= 4; ++n) append(statement(note, n, n <= 2 ? 1 : 2));
    append(NoteArrival{other, other_text.size(), "plain", Encoding::kUtf8, "inbox/other.txt", 1, 1});
    append(statement(other, 5, 1));
    append(Reinterpretation{id(2), {"annals", 9}, "", reading("h20", "mussel words two, read again")});
    append(Review{id(3), 0, {"annals", 1}, Verdict::kAmend, allowed("h800", "mussel words three"), "mussel it was the older one", {}});
    append(Retraction{Target::of_event(id(4)), "twice", {}});
    before = root();
  }
  static Reading reading(const std::string& product, const std::string& quote) {
    Reading out;
    out.claims.push_back(allowed(product, quote));
    out.speakers = {"mussel speaker"};
    return out;
  }
  StatementEvent statement(const Digest& of, std::uint32_t n, std::uint32_t article) const {
    StatementEvent out;
    out.note = of;
    out.article.ordinal = article;
    out.article.title = "A headline";
    out.article.outlet = "Harbour Post";
    out.article.text_hash = samples::digest_of(static_cast<std::uint8_t>(0x40 + article));
    const std::string words = (of == note ? "mussel words " : "oyster words ") + std::to_string(n) + std::string(200, 'x');
    out.statement.span = {n * 1000, n * 1000 + words.size()};
    out.statement.text = words;
    out.statement.heading = "mussel heading";
    out.interpreter = {"annals", 1};
    out.reading = reading("h200", words.substr(0, 14));
    return out;
  }
  EventId id(std::uint32_t n) const { return event_id(statement(n == 5 ? other : note, n, n <= 2 || n == 5 ? 1 : 2)); }
  Position append(EventBody body) {
    const std::vector<EventDraft> drafts{{"tester", std::move(body)}};
    const auto receipts = log.append(drafts, OnRepeat::kAnswerFirst);
    if (!receipts) FAIL(receipts.error().message);
    return receipts->front().position;
  }
  Position erase(const Target& about, ErasureLevel level, const std::string& because = "court order 7") {
    auto body = make_erasure(log, about, level, because, by_product());
    if (!body) FAIL(body.error().message);
    const auto receipt = log.erase({"officer", *std::move(body)});
    if (!receipt) FAIL(receipt.error().message);
    return receipt->position;
  }
  Event get(std::uint64_t position) {
    auto event = log.get(Position{position});
    if (!event) FAIL(event.error().message);
    return *event;
  }
  template <class Body>
  Body body(std::uint64_t position) { return std::get<Body>(get(position).body); }
  // Of the first `size` events.
  Digest root(std::uint64_t size = 0) {
    auto out = log.root(size == 0 ? log.last() : Position{size});
    if (!out) FAIL(out.error().message);
    return *out;
  }
  std::vector<std::string> damage() {
    const auto report = verify_log(log, nullptr);
    if (!report) FAIL(report.error().message);
    std::vector<std::string> out;
    for (const Damage& each : report->damage) out.push_back(each.what);
    return out;
  }

  ManualClock clock{parse_moment("2026-11-21T08:00:00Z", Zone::utc(), {})->instant};
  const std::string text = "mussel note " + std::string(9000, 'm');
  const std::string other_text = "oyster note " + std::string(9000, 'o');
  const Digest note = sha256(text);
  const Digest other = sha256(other_text);
  support::OwnedLog owned;
  EventLog& log;
  Digest before;
};

#define EACH_LOG(which) const support::LogKind which = GENERATE(support::LogKind::kMemory, support::LogKind::kRocks); \
  INFO("log: " << support::log_name(which))

TEST_CASE("erased texts leave claims without quotes and every root as it was") {
  EACH_LOG(which);
  Desk desk(which);
  const Position at = desk.erase(Target::of_note(desk.note), ErasureLevel::kText);
  CHECK(at == Position{11});
  CHECK(desk.root(10) == desk.before);
  CHECK(desk.get(1).erased == at);
  CHECK(desk.body<NoteArrival>(1).origin.empty());
  CHECK(desk.body<NoteArrival>(1).statements == 4);
  const auto two = desk.body<StatementEvent>(3);
  CHECK(two.statement.text.empty());
  CHECK(two.statement.heading.empty());
  CHECK(two.statement.span == ByteSpan{2000, 2214});
  CHECK(two.reading.speakers.empty());
  CHECK(two.article.outlet == "Harbour Post");
  REQUIRE(two.reading.claims.size() == 1);
  CHECK(two.reading.claims[0].quote.empty());
  CHECK(two.reading.claims[0].entity("product")->id == "h200");
  CHECK(desk.body<Reinterpretation>(8).reading.claims.at(0).entity("product")->id == "h20");
  CHECK(desk.body<Review>(9).amended->entity("product")->id == "h800");
  CHECK(desk.body<Review>(9).amended->quote.empty());
  CHECK(desk.get(9).erased == at);
  CHECK_FALSE(desk.get(7).erased.has_value());
  CHECK(desk.body<StatementEvent>(7).statement.text.starts_with("oyster"));
  CHECK(desk.body<Retraction>(10).because == "twice");
  CHECK(desk.get(11).actor == "officer");
  CHECK(desk.body<Erasure>(11).because == "court order 7");
  CHECK(desk.damage().empty());
  // What the event bore on can be asked for, and is not said.
  const auto& kept = desk.body<Erasure>(11).kept;
  REQUIRE(kept.size() == 6);
  CHECK(std::count(kept[0].subjects.begin(), kept[0].subjects.end(), subject_digest("export_control", "h200")) == 1);
  CHECK(std::count(kept[0].subjects.begin(), kept[0].subjects.end(), subject_digest("export_control", "h20")) == 0);
}

TEST_CASE("erasing everything leaves no claims but what they bore on") {
  EACH_LOG(which);
  Desk desk(which);
  desk.erase(Target::of_note(desk.note), ErasureLevel::kAll);
  CHECK(desk.root(10) == desk.before);
  CHECK(desk.body<StatementEvent>(3).reading.claims.empty());
  CHECK_FALSE(desk.body<StatementEvent>(3).article.outlet.has_value());
  CHECK(desk.body<Reinterpretation>(8).reading.claims.empty());
  CHECK_FALSE(desk.body<Review>(9).amended.has_value());
  CHECK(desk.body<Review>(9).because.empty());
  const auto& kept = desk.body<Erasure>(11).kept;
  REQUIRE(kept.size() == 6);
  for (const KeptClaims& each : kept) CHECK(each.claims.empty());
  CHECK(std::count(kept[4].subjects.begin(), kept[4].subjects.end(), subject_digest("entity", "h20")) == 1);
  CHECK(desk.damage().empty());
}

TEST_CASE("one article or one statement can be erased and the rest of the note keeps its words") {
  EACH_LOG(which);
  Desk desk(which);
  desk.erase(Target::of_article(desk.note, 2), ErasureLevel::kText);
  CHECK_FALSE(desk.get(2).erased.has_value());
  CHECK(desk.get(4).erased.has_value());
  CHECK(desk.get(9).erased.has_value());
  CHECK_FALSE(desk.get(8).erased.has_value());
  CHECK(desk.get(1).erased.has_value());   // the bytes of the note cannot be cut
  CHECK(desk.damage().empty());
  desk.erase(Target::of_event(desk.id(2)), ErasureLevel::kAll, "court order 8");
  CHECK(desk.get(3).erased == Position{12});
  CHECK(desk.get(8).erased == Position{12});
  CHECK(desk.get(4).erased == Position{11});
  CHECK_FALSE(desk.get(2).erased.has_value());
  CHECK(desk.damage().empty());
}

TEST_CASE("erasing everything after the texts takes the kept claims too and leaves those of others") {
  EACH_LOG(which);
  Desk desk(which);
  desk.erase(Target::of_note(desk.note), ErasureLevel::kText);
  desk.erase(Target::of_article(desk.note, 1), ErasureLevel::kAll, "court order 8");
  CHECK(desk.body<StatementEvent>(3).reading.claims.empty());
  CHECK(desk.body<StatementEvent>(4).reading.claims.size() == 1);   // of the other article
  CHECK(desk.body<StatementEvent>(4).article.outlet == "Harbour Post");
  CHECK(desk.get(11).erased == Position{12});
  CHECK(desk.body<Erasure>(11).because == "court order 7");
  CHECK(desk.body<Erasure>(11).kept.empty());
  CHECK(desk.damage().empty());
  const auto& kept = desk.body<Erasure>(12).kept;
  const auto of_two = std::find_if(kept.begin(), kept.end(), [&](const KeptClaims& each) { return each.event == desk.id(2); });
  REQUIRE(of_two != kept.end());
  CHECK(std::count(of_two->subjects.begin(), of_two->subjects.end(), subject_digest("export_control", "h200")) == 1);
}

TEST_CASE("every event of a log with erasures is proved as before") {
  EACH_LOG(which);
  Desk desk(which);
  TreeReader old_tree = desk.log.tree();
  const auto old_proof = old_tree.inclusion(2, 10);
  REQUIRE(old_proof);
  std::vector<Digest> leaves;
  const auto gather = [&](const StoredView& stored) { return leaves.push_back(stored.leaf), Visit::kContinue; };
  REQUIRE(desk.log.read_stored({Position{}, Position{10}}, gather));
  desk.erase(Target::of_note(desk.note), ErasureLevel::kAll);
  TreeReader tree = desk.log.tree();
  const auto proof = tree.inclusion(2, 10);
  REQUIRE(proof);
  CHECK(*proof == *old_proof);
  CHECK(verify_inclusion(leaves[2], 2, 10, *proof, desk.before));
  const auto grown = tree.consistency(10, 11);
  REQUIRE(grown);
  CHECK(verify_consistency(10, desk.before, 11, desk.root(), *grown));
  REQUIRE(desk.log.read_stored({Position{2}, Position{3}}, [&](const StoredView& stored) {
    CHECK(stored.leaf == leaves[2]);
    CHECK(leaf_hash(stored.header, stored.digest()) == leaves[2]);
    CHECK(stored.body.empty());
    CHECK(stored.erased == Position{11});
    return Visit::kContinue;
  }));
}

TEST_CASE("an erased note is not taken in again and neither is what stood in it") {
  EACH_LOG(which);
  Desk desk(which);
  CHECK_FALSE(desk.log.erased(desk.note).value().has_value());
  const Position at = desk.erase(Target::of_note(desk.note), ErasureLevel::kText);
  CHECK(desk.log.erased(desk.note).value() == at);
  CHECK(desk.log.get_note(desk.note).error().code == ErrorCode::kNotFound);
  const Status put = desk.log.put_note(desk.note, desk.text);
  REQUIRE_FALSE(put.ok());
  CHECK(put.error().code == ErrorCode::kConflict);
  CHECK(put.error().message.find("erased by order (event 11)") != std::string::npos);
  CHECK(desk.append(desk.statement(desk.note, 2, 1)) == Position{3});
  CHECK(desk.body<StatementEvent>(3).statement.text.empty());
  const std::vector<EventDraft> again{{"tester", desk.statement(desk.note, 2, 1)}};
  const auto compared = desk.log.append(again, OnRepeat::kCompare);
  REQUIRE_FALSE(compared.ok());
  CHECK(compared.error().message.find("was erased by event 11") != std::string::npos);
  CHECK(desk.log.get_note(desk.other).value() == desk.other_text);
}

TEST_CASE("an erasure is not appended and nothing is no erasure") {
  EACH_LOG(which);
  Desk desk(which);
  const std::vector<EventDraft> drafts{{"officer", Erasure{desk.note, ErasureLevel::kAll, "", {}}}};
  const auto appended = desk.log.append(drafts, OnRepeat::kAnswerFirst);
  REQUIRE_FALSE(appended.ok());
  CHECK(appended.error().code == ErrorCode::kInvalid);
  CHECK(desk.log.last() == Position{10});
  CHECK(desk.log.erase({"officer", Retraction{Target::of_note(desk.note), "", {}}}).error().code == ErrorCode::kInvalid);
  CHECK(make_erasure(desk.log, Target::of_note(sha256("unknown")), ErasureLevel::kAll, "", by_product()).error().code == ErrorCode::kInvalid);
  CHECK(make_erasure(desk.log, Target::of_article(desk.note, 7), ErasureLevel::kAll, "", by_product()).error().code == ErrorCode::kInvalid);
  CHECK(make_erasure(desk.log, Target::of_event(note_event_id(desk.note)), ErasureLevel::kAll, "", by_product()).error().code == ErrorCode::kInvalid);
}

TEST_CASE("a copy made before an erasure is erased when it is continued") {
  EACH_LOG(which);
  Desk desk(which);
  auto copy = support::make_log(which, desk.clock);
  REQUIRE(copy_log(desk.log, *copy.log));
  desk.erase(Target::of_note(desk.note), ErasureLevel::kText);
  REQUIRE(copy_log(desk.log, *copy.log));
  CHECK(copy.log->root(Position{11}).value() == desk.root());
  CHECK(copy.log->get(Position{3})->erased == Position{11});
  CHECK(std::get<StatementEvent>(copy.log->get(Position{3})->body).statement.text.empty());
  CHECK(copy.log->get_note(desk.note).error().code == ErrorCode::kNotFound);
  CHECK(verify_log(*copy.log, nullptr)->damage.empty());
  // And a copy of what is erased is whole.
  auto fresh = support::make_log(which, desk.clock);
  const auto report = copy_log(desk.log, *fresh.log);
  REQUIRE(report);
  CHECK(report->notes_lacking == 0);
  CHECK(fresh.log->root(Position{11}).value() == desk.root());
  CHECK(std::get<StatementEvent>(fresh.log->get(Position{3})->body).reading.claims.size() == 1);
  CHECK(verify_log(*fresh.log, nullptr)->damage.empty());
  CHECK(fresh.log->put_note(desk.note, desk.text).error().code == ErrorCode::kConflict);
}

// ---- On disk.

std::vector<std::string> files_with(const fs::path& directory, const std::string& bytes) {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(directory)) {
    std::ifstream in(entry.path(), std::ios::binary);
    std::ostringstream content;
    content << in.rdbuf();
    if (content.str().find(bytes) != std::string::npos) out.push_back(entry.path().filename().string());
  }
  return out;
}

TEST_CASE("no file of the store has the erased bytes once the erasure is acknowledged") {
  const auto level = GENERATE(ErasureLevel::kText, ErasureLevel::kAll);
  const bool flushed = GENERATE(false, true);
  support::TemporaryDirectory directory;
  const std::string path = (directory / "store").string();
  LogOptions options;
  options.compress = false;   // so that bytes are found where they lie
  if (flushed) options.write_buffer_bytes = 64 << 10;
  ManualClock clock{parse_moment("2026-11-21T08:00:00Z", Zone::utc(), {})->instant};
  auto log = open_rocks_log(path, OpenMode::kCreateOrOpen, clock, options);
  REQUIRE(log);
  std::vector<Digest> notes;
  for (int n = 0; n < 40; ++n) {
    const std::string text = "note " + std::to_string(n) + " mussel-bytes " + std::string(9000, static_cast<char>('a' + n % 26));
    notes.push_back(sha256(text));
    REQUIRE((*log)->put_note(notes.back(), text));
    std::vector<EventDraft> drafts{{"tester", NoteArrival{notes.back(), text.size(), "plain", Encoding::kUtf8, "mussel-file-" + std::to_string(n) + ".txt", 1, 20}}};
    for (std::uint32_t i = 0; i < 20; ++i) {
      StatementEvent statement;
      statement.note = notes.back();
      statement.article = {};
      statement.article.ordinal = 1;
      statement.statement.text = "mussel-text-" + std::to_string(n) + "-of-it " + std::string(300, 't');
      statement.statement.span = {i * 400, i * 400 + 350};
      statement.interpreter = {"annals", 1};
      statement.reading.claims.push_back(allowed("h200", "mussel-quote-" + std::to_string(n) + "-of-it"));
      drafts.push_back({"tester", std::move(statement)});
    }
    REQUIRE((*log)->append(drafts, OnRepeat::kAnswerFirst));
    const std::vector<std::pair<std::string, std::string>> rows = {{"row " + std::to_string(n), "mussel-derived-" + std::to_string(n) + "-of-it"}};
    REQUIRE((*log)->put_derived(rows));
  }
  for (const std::string& word : {std::string("mussel-text-7-of-it"), std::string("note 7 mussel-bytes"), std::string("mussel-file-7.txt")}) {
    INFO(word);
    CHECK_FALSE(files_with(path, word).empty());
  }
  auto body = make_erasure(**log, Target::of_note(notes[7]), level, "court order 7", by_product());
  REQUIRE(body);
  const auto receipt = (*log)->erase({"officer", *body});
  if (!receipt) FAIL(receipt.error().message);
  for (const char* word : {"mussel-text-7-of-it", "note 7 mussel-bytes", "mussel-file-7.txt", "mussel-quote-7-of-it", "mussel-derived-7-of-it"}) {
    INFO(word);
    CHECK(files_with(path, word).empty());
  }
  for (const std::string& word : {std::string("mussel-text-8-of-it"), std::string("note 8 mussel-bytes")}) {
    INFO(word);
    CHECK_FALSE(files_with(path, word).empty());
  }
  CHECK((*log)->get_note(notes[8]));
  CHECK(verify_log(**log, nullptr)->damage.empty());
  log->reset();
  auto again = open_rocks_log(path, OpenMode::kOpen, clock, options);
  REQUIRE(again);
  CHECK(verify_log(**again, nullptr)->damage.empty());
  CHECK(files_with(path, "mussel-text-7-of-it").empty());
}

}  // namespace
