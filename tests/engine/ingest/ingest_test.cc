// Goal: whatever happens on the way, the log holds each note once and whole, in the order of the sources.
// Method: the real log in memory, a form of notes made of lines, an interpreter that finds one claim in lines with "H20".
#include "engine/ingest/ingest.h"

#include <catch2/catch.hpp>

#include "engine/ingest/chain.h"
#include "engine/ingest/reading.h"
#include "engine/ingest/reread.h"

using namespace annals;

namespace {

// One article whose paragraphs are the lines.
Result<NoteArticles> read_lines(const Note& note, const OperatorHead& head) {
  if (note.text.starts_with("bad")) return Error{ErrorCode::kInvalid, note.origin + ":1:1: expected lines"};
  Article article;
  article.span = {0, note.text.size()};
  if (head.published) {
    ANNALS_TRY(article.head.published, make_published(*head.published, head.zone.value_or(head.store_zone), head.zone ? ZoneSource::kOperator : ZoneSource::kAssumed));
  }
  article.head.outlet = head.outlet;
  for (std::size_t at = 0; at < note.text.size();) {
    const std::size_t end = std::min(note.text.find('\n', at), note.text.size());
    if (end > at) article.blocks.push_back({BlockKind::kBullet, {at, end}, 0});
    at = end + 1;
  }
  return NoteArticles{"lines", {article}};
}

class LineReader final : public Interpreter {
 public:
  explicit LineReader(std::uint32_t version, std::string status) : version_(version), status_(std::move(status)) {}
  InterpreterId id() const override { return {"lines", version_}; }
  std::vector<Reading> read(const ArticleText& article) const override {
    std::vector<Reading> out(article.statements.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
      const Statement& statement = article.statements[i];
      if (statement.text.find("H20") == std::string::npos) continue;
      Claim claim;
      claim.span = statement.span;
      claim.quote = statement.text;
      claim.set("product", EntityRef{"h20", "H20", true});
      claim.set("status", status_);
      out[i].claims.push_back(std::move(claim));
    }
    return out;
  }

 private:
  std::uint32_t version_;
  std::string status_;
};

struct House {
  ManualClock clock{Instant(std::chrono::seconds(1'765'000'000))};
  std::unique_ptr<EventLog> log = make_memory_log(clock);
  const Lexicon& lexicon = Lexicon::builtin();
  LineReader reader{1, "allowed"};
  IngestOptions options;

  static NoteSource note(std::string name, std::string text) {
    return {std::move(name), text.size(), [text] { return Result<std::string>(text); }};
  }
  IngestSummary take(std::vector<NoteSource> sources) {
    Ingest ingest(*log, reader, lexicon, read_lines, clock);
    auto summary = ingest.take(sources, options);
    REQUIRE(summary);
    return *summary;
  }
  std::vector<std::string> listing() const {
    std::vector<std::string> out;
    REQUIRE(log->read({Position{}, log->last()}, [&](const Event& event) {
      std::string line(event_kind_name(event.kind()));
      if (const auto* note = std::get_if<NoteArrival>(&event.body)) line += " " + note->origin;
      if (const auto* statement = std::get_if<StatementEvent>(&event.body)) line += " " + statement->statement.text;
      if (const auto* fact = std::get_if<LexiconFact>(&event.body)) line += " " + fact->entity.id;
      out.push_back(line);
      return Visit::kContinue;
    }));
    return out;
  }
  std::uint64_t count(const std::string& prefix) const {
    std::uint64_t n = 0;
    for (const std::string& line : listing()) n += line.starts_with(prefix) ? 1 : 0;
    return n;
  }
};

}  // namespace

TEST_CASE_METHOD(House, "notes go in by the order of the sources with what their claims name before them") {
  const auto summary = take({note("b", "one\nH20 may be sold"), note("a", "three")});
  const auto lines = listing();
  REQUIRE(lines.size() >= 5);
  CHECK(lines[0] == "note b");
  CHECK(lines[1] == "statement one");
  CHECK(lines[2].starts_with("lexicon "));
  CHECK(lines[lines.size() - 3] == "statement H20 may be sold");
  CHECK(lines[lines.size() - 2] == "note a");
  CHECK(lines[lines.size() - 1] == "statement three");
  CHECK(summary.notes == 2);
  CHECK(summary.statements == 3);
  CHECK(summary.claims == 1);
  CHECK(summary.undated == 2);
  CHECK(summary.events == lines.size());
  CHECK(summary.lexicon_facts == count("lexicon"));
  CHECK(count("lexicon h20") == 1);
}

TEST_CASE_METHOD(House, "a note taken in twice appends nothing in one run or in two") {
  const auto first = take({note("a", "one\ntwo"), note("same", "one\ntwo")});
  CHECK(first.notes == 2);
  CHECK(first.repeated == 1);
  const Position last = log->last();
  const auto second = take({note("a", "one\ntwo")});
  CHECK(second.repeated == 1);
  CHECK(second.events == 0);
  CHECK(log->last() == last);
}

TEST_CASE_METHOD(House, "a newer interpreter does not read again what the log has") {
  take({note("a", "H20 may be sold")});
  const Position last = log->last();
  LineReader newer(2, "banned");
  Ingest ingest(*log, newer, lexicon, read_lines, clock);
  const std::vector<NoteSource> sources = {note("a", "H20 may be sold")};
  REQUIRE(ingest.take(sources, options));
  CHECK(log->last() == last);
}

TEST_CASE_METHOD(House, "a bad note appends nothing and the others come in") {
  const auto summary = take({note("x", "bad"), note("y", ""), note("z", "good")});
  CHECK(summary.notes == 1);
  CHECK(summary.failed == 2);
  REQUIRE(summary.failures.size() == 2);
  CHECK(summary.failures[0].error->message == "x:1:1: expected lines");
  CHECK(summary.failures[1].error->message.starts_with("y"));
  CHECK(listing() == std::vector<std::string>{"note z", "statement good"});
}

// What a kill leaves: the arrival and the first statements, as batches are whole or not there.
TEST_CASE_METHOD(House, "a note killed half-way is completed and never split anew") {
  const std::string text = "one\ntwo\nthree\nfour";
  const std::vector<NoteSource> sources = {note("a", text)};
  House whole;
  whole.take({note("a", text)});
  for (std::uint64_t kept = 1; kept < whole.log->last().value; ++kept) {
    House killed;
    REQUIRE(killed.log->put_note(sha256(text), text));
    std::vector<EventDraft> drafts;
    REQUIRE(whole.log->read({Position{}, Position{kept}}, [&](const Event& event) {
      drafts.push_back({event.actor, event.body});
      return Visit::kContinue;
    }));
    REQUIRE(killed.log->append(drafts, OnRepeat::kAnswerFirst));
    const auto summary = killed.take({note("a", text)});
    CHECK(summary.completed == 1);
    CHECK(killed.listing() == whole.listing());
    CHECK(killed.take({note("a", text)}).repeated == 1);
  }
}

TEST_CASE_METHOD(House, "the log is the same however many threads read") {
  std::vector<NoteSource> sources;
  for (int i = 0; i < 200; ++i) sources.push_back(note("note " + std::to_string(i), "line " + std::to_string(i) + "\nH20 again " + std::to_string(i)));
  options.threads = 1;
  take(sources);
  House other;
  other.options.threads = 8;
  other.take(sources);
  CHECK(listing() == other.listing());
}

// A note of one long article is read piece by piece, under the heading it stands under.
TEST_CASE("a piece of an article is split as the whole is") {
  std::string text;
  Article article;
  for (std::size_t i = 0; i < 2 * kPieceBlocks + 500; ++i) {
    const std::string line = (i % 3'000 == 0 ? "Heading " : "Line ") + std::to_string(i) + ".";
    article.blocks.push_back({i % 3'000 == 0 ? BlockKind::kHeading : BlockKind::kParagraph, {text.size(), text.size() + line.size()}, 0});
    text += line + "\n";
  }
  article.span = {0, text.size()};
  const auto whole = split_statements(text, article);
  std::vector<Statement> pieces;
  RunningTextHash hash;
  for (std::size_t from = 0; from < article.blocks.size(); from += kPieceBlocks) {
    const auto piece = split_piece(text, article, from, from + kPieceBlocks);
    hash.add(piece);
    pieces.insert(pieces.end(), piece.begin(), piece.end());
  }
  CHECK(pieces == whole);
  CHECK(hash.finish() == running_text_hash(whole));
}

TEST_CASE_METHOD(House, "a long article goes in whole and in order and is reread the same") {
  std::string text;
  for (std::size_t i = 0; i < 2 * kPieceBlocks + 10; ++i) text += (i % 100 == 0 ? "H20 " : "line ") + std::to_string(i) + "\n";
  const auto summary = take({note("short", "one"), note("long", text), note("after", "two")});
  CHECK(summary.statements == 2 * kPieceBlocks + 12);
  const auto lines = listing();
  CHECK(lines[0] == "note short");
  CHECK(lines.back() == "statement two");
  CHECK(std::find(lines.begin(), lines.end(), "statement line 8201") != lines.end());
  auto again = reread(*log, LineReader(2, "allowed"), lexicon, {});
  REQUIRE(again);
  CHECK(again->changed == 0);
}

TEST_CASE_METHOD(House, "dates ahead and assumed zones are counted") {
  options.head.published = "2199-01-01";
  const auto summary = take({note("a", "one")});
  CHECK(summary.future_dated == 1);
  CHECK(summary.zones_assumed == 1);
  CHECK(summary.undated == 0);
  REQUIRE(summary.notices.size() == 1);
}

TEST_CASE_METHOD(House, "rereading appends only what is read otherwise and only once") {
  take({note("a", "one\nH20 may be sold"), note("b", "H20 too")});
  const Position before = log->last();
  auto same = reread(*log, LineReader(2, "allowed"), lexicon, {});
  REQUIRE(same);
  CHECK(same->statements == 3);
  CHECK(same->changed == 0);
  CHECK(log->last() == before);

  auto dry = reread(*log, LineReader(3, "banned"), lexicon, {"reread", true, 2});
  REQUIRE(dry);
  CHECK(dry->changed == 2);
  CHECK(log->last() == before);

  auto done = reread(*log, LineReader(3, "banned"), lexicon, {});
  REQUIRE(done);
  CHECK(done->changed == 2);
  CHECK(count("reinterpretation") == 2);
  auto again = reread(*log, LineReader(3, "banned"), lexicon, {});
  REQUIRE(again);
  CHECK(again->changed == 0);
}

// Only a changed lexicon lets one version read a statement otherwise, there and back again.
TEST_CASE_METHOD(House, "one version records every reading that another lexicon gives it") {
  take({note("a", "H20 may be sold")});
  for (const auto& [status, expected] : std::vector<std::pair<std::string, std::uint64_t>>{{"banned", 1}, {"allowed", 2}, {"banned", 3}, {"banned", 3}}) {
    auto done = reread(*log, LineReader(1, status), lexicon, {});
    REQUIRE(done);
    CHECK(count("reinterpretation") == expected);
  }
  std::vector<EventId> chain;
  REQUIRE(log->read({Position{}, log->last()}, [&](const Event& event) {
    if (const auto* again = std::get_if<Reinterpretation>(&event.body)) {
      CHECK(again->after == (chain.empty() ? EventId{} : chain.back()));
      chain.push_back(event.id);
    }
    return Visit::kContinue;
  }));
}

TEST_CASE_METHOD(House, "accepted, rejected and accepted again are three events and a repeat is none") {
  take({note("a", "H20 may be sold")});
  EventId about;
  REQUIRE(log->read({Position{}, log->last()}, [&](const Event& event) {
    if (event.kind() == EventKind::kStatement) about = event.id;
    return Visit::kContinue;
  }));
  const auto say = [&](Verdict verdict) {
    EventBody body = Review{about, 0, {"lines", 1}, verdict, std::nullopt, "because", {}};
    REQUIRE(chain(*log, body));
    const std::vector<EventDraft> drafts = {{"desk", body}};
    auto receipts = log->append(drafts, OnRepeat::kAnswerFirst);
    REQUIRE(receipts);
    return receipts->front();
  };
  const Receipt first = say(Verdict::kAccept);
  CHECK(say(Verdict::kAccept).position == first.position);
  const Receipt second = say(Verdict::kReject);
  CHECK(second.position > first.position);
  const Receipt third = say(Verdict::kAccept);
  CHECK(third.position > second.position);
  CHECK(say(Verdict::kAccept).position == third.position);
}
