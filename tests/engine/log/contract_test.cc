// Goal: every implementation of the log keeps the same promises. Each case runs over all of them.
#include <catch2/catch.hpp>

#include <atomic>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <thread>

#include "engine/log/event_log.h"
#include "engine/proof/proof.h"
#include "tests/support/logs.h"
#include "tests/support/sample_events.h"

namespace {
using namespace annals;
using namespace std::chrono_literals;

Instant at(const char* time) { return parse_moment(time, Zone::utc(), {})->instant; }

// A log of each kind in turn, with a clock in hand.
struct Log {
  explicit Log(support::LogKind which) : clock(at("2026-11-21T08:00:00Z")), owned(support::make_log(which, clock)), log(*owned.log) {}
  ManualClock clock;
  support::OwnedLog owned;
  EventLog& log;

  std::vector<Receipt> append(std::vector<EventBody> bodies, OnRepeat on_repeat = OnRepeat::kAnswerFirst) {
    auto receipts = try_append(std::move(bodies), on_repeat);
    if (!receipts) FAIL(receipts.error().message);
    return *receipts;
  }
  Result<std::vector<Receipt>> try_append(std::vector<EventBody> bodies, OnRepeat on_repeat = OnRepeat::kAnswerFirst) {
    std::vector<EventDraft> drafts;
    for (EventBody& body : bodies) drafts.push_back({"tester", std::move(body)});
    return log.append(drafts, on_repeat);
  }
  std::vector<Event> events(PositionRange range) {
    std::vector<Event> out;
    const auto shown = log.read(range, [&](const Event& event) { return out.push_back(event), Visit::kContinue; });
    if (!shown) FAIL(shown.error().message);
    return out;
  }
  std::vector<Event> events() { return events({Position{}, log.last()}); }
  std::vector<StoredEvent> stored() {
    std::vector<StoredEvent> out;
    const auto shown = log.read_stored({Position{}, log.last()}, [&](const StoredView& event) { return out.push_back(event.copy()), Visit::kContinue; });
    if (!shown) FAIL(shown.error().message);
    return out;
  }
  VerifyReport verified() {
    auto report = verify_log(log, nullptr);
    if (!report) FAIL(report.error().message);
    return *report;
  }
};

EventBody statement(std::uint32_t n, std::string text = "There is nothing to report.") { return samples::plain_statement(1, n, std::move(text)); }

#define EACH_LOG(which) const support::LogKind which = GENERATE(support::LogKind::kMemory, support::LogKind::kRocks); \
  INFO("log: " << support::log_name(which))

TEST_CASE("an empty log has no events and the root of nothing") {
  EACH_LOG(which);
  Log l(which);
  CHECK(l.log.last() == Position{});
  CHECK(l.events().empty());
  CHECK(l.log.root(Position{}).value() == sha256(""));
  CHECK(l.log.get(Position{1}).error().code == ErrorCode::kNotFound);
  CHECK(l.log.get(Position{0}).error().code == ErrorCode::kNotFound);
  CHECK(l.log.root(Position{1}).error().code == ErrorCode::kNotFound);
  CHECK_FALSE(l.log.find(samples::digest_of(1)).has_value());
  CHECK(l.log.append({}, OnRepeat::kCompare)->empty());
  CHECK(l.log.info().created == at("2026-11-21T08:00:00Z"));
}

TEST_CASE("events get dense positions and come back as they were") {
  EACH_LOG(which);
  Log l(which);
  std::vector<EventBody> bodies;
  for (const auto& sample : samples::appended()) bodies.push_back(sample.body);
  const auto receipts = l.append(bodies);
  REQUIRE(receipts.size() == bodies.size());
  for (std::size_t i = 0; i < receipts.size(); ++i) {
    CHECK(receipts[i].position == Position{i + 1});
    CHECK_FALSE(receipts[i].repeated);
  }
  const auto events = l.events();
  REQUIRE(events.size() == bodies.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    Event expected{Position{i + 1}, event_id(bodies[i]), at("2026-11-21T08:00:00Z"), "tester", bodies[i]};
    CHECK(samples::describe(events[i]) == samples::describe(expected));
    CHECK(samples::describe(l.log.get(Position{i + 1}).value()) == samples::describe(expected));
    CHECK(l.log.find(events[i].id) == Position{i + 1});
  }
  std::size_t notes = 0;   // whose bytes were never put
  for (const EventBody& body : bodies) notes += std::holds_alternative<NoteArrival>(body);
  CHECK(l.verified().damage.size() == notes);
}

TEST_CASE("a range leaves out its lower end and keeps its upper") {
  EACH_LOG(which);
  Log l(which);
  for (std::uint32_t n = 1; n <= 5; ++n) l.append({statement(n)});
  auto positions = [&](std::uint64_t after, std::uint64_t upto) {
    std::vector<std::uint64_t> out;
    for (const Event& event : l.events({Position{after}, Position{upto}})) out.push_back(event.position.value);
    return out;
  };
  CHECK(positions(1, 3) == std::vector<std::uint64_t>{2, 3});
  CHECK(positions(4, 99) == std::vector<std::uint64_t>{5});
  CHECK(positions(5, 99).empty());
  CHECK(positions(7, 99).empty());
  CHECK(positions(3, 2).empty());
  std::size_t seen = 0;
  const auto last = l.log.read({Position{}, Position{5}}, [&](const Event&) { return ++seen == 2 ? Visit::kStop : Visit::kContinue; });
  CHECK(last.value() == Position{2});
  CHECK(seen == 2);
}

TEST_CASE("a visitor may append to the log it reads") {
  EACH_LOG(which);
  Log l(which);
  l.append({statement(1), statement(2)});
  std::uint32_t seen = 0;
  CHECK(l.log.read({Position{}, l.log.last()}, [&](const Event&) { return l.append({statement(100 + seen++)}), Visit::kContinue; }).ok());
  CHECK(seen == 2);
  CHECK(l.log.last() == Position{4});
}

TEST_CASE("an id is taken once for ever") {
  EACH_LOG(which);
  Log l(which);
  l.append({statement(1), statement(2)});
  const auto receipts = l.append({statement(2), statement(3), statement(3), statement(1)});
  CHECK(l.log.last() == Position{3});
  CHECK(receipts[0].position == Position{2});
  CHECK(receipts[0].repeated);
  CHECK(receipts[1].position == Position{3});
  CHECK_FALSE(receipts[1].repeated);
  CHECK(receipts[2].position == Position{3});
  CHECK(receipts[2].repeated);
  CHECK(receipts[3].position == Position{1});
}

TEST_CASE("the same id with other content is a conflict where one asks and nothing of the batch is written") {
  EACH_LOG(which);
  Log l(which);
  l.append({statement(1, "as it was")});
  CHECK(l.append({statement(1, "as it was")}, OnRepeat::kCompare)[0].repeated);
  auto other = std::get<StatementEvent>(statement(1, "as it was"));
  other.interpreter.version = 2;
  const auto refused = l.try_append({statement(2), other}, OnRepeat::kCompare);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::kConflict);
  CHECK(refused.error().message.find("event 1") != std::string::npos);
  CHECK(l.log.last() == Position{1});
  CHECK_FALSE(l.log.find(event_id(statement(2))).has_value());
  // Within one batch as well.
  auto twin = std::get<StatementEvent>(statement(7));
  twin.article.title = "another";
  CHECK_FALSE(l.try_append({statement(7), twin}, OnRepeat::kCompare).ok());
  CHECK(l.log.last() == Position{1});
  CHECK(l.append({other})[0].position == Position{1});  // nobody asked
  // The actor is not content: another client may send the same.
  std::vector<EventDraft> drafts = {{"somebody else", statement(1, "as it was")}};
  CHECK(l.log.append(drafts, OnRepeat::kCompare)->front().repeated);
}

// What a server was sent is encoded already. It has to come to the same log as the drafts that it was made of.
TEST_CASE("an encoded draft is the draft") {
  EACH_LOG(which);
  const auto encoded = [](const EventBody& body, const std::string& actor = "tester") {
    EncodedDraft out{event_id(body), static_cast<EventKind>(body.index()), {}};
    auto bytes = encode_event(out.id, actor, body);
    if (!bytes) FAIL(bytes.error().message);
    out.bytes = *std::move(bytes);
    return out;
  };
  Log drafts(which), l(which);
  drafts.append({statement(1), statement(2, "another")});
  const auto receipts = l.log.append_encoded({encoded(statement(1)), encoded(statement(2, "another")), encoded(statement(1))}, OnRepeat::kCompare);
  if (!receipts) FAIL(receipts.error().message);
  CHECK(receipts->at(1).position == Position{2});
  CHECK(receipts->at(2).repeated);
  const auto theirs = drafts.stored(), ours = l.stored();
  REQUIRE(ours.size() == theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    CHECK(ours[i].header == theirs[i].header);
    CHECK(ours[i].body == theirs[i].body);
    CHECK(ours[i].leaf == leaf_hash(ours[i].header, ours[i].salt, ours[i].body));
  }
  // Across both ways of appending, and for another actor: a repeat. Other content, in header or body: a conflict, and nothing is written.
  CHECK(l.log.append_encoded({encoded(statement(2, "another"), "somebody else")}, OnRepeat::kCompare)->front().repeated);
  CHECK(l.append({statement(1)}, OnRepeat::kCompare)[0].repeated);
  auto other = std::get<StatementEvent>(statement(1));
  other.interpreter.version = 2;
  const auto header_differs = l.log.append_encoded({encoded(statement(3)), encoded(other)}, OnRepeat::kCompare);
  REQUIRE_FALSE(header_differs.ok());
  CHECK(header_differs.error().code == ErrorCode::kConflict);
  auto words = std::get<StatementEvent>(statement(2, "another"));
  words.article.title = "another title";
  const auto body_differs = l.log.append_encoded({encoded(words)}, OnRepeat::kCompare);
  REQUIRE_FALSE(body_differs.ok());
  CHECK(body_differs.error().code == ErrorCode::kConflict);
  CHECK(l.log.last() == Position{2});
  const Erasure erasure{samples::digest_of(1), ErasureLevel::kText, "an order", {}, {}};
  const auto erasing = l.log.append_encoded({encoded(EventBody(erasure))}, OnRepeat::kCompare);
  REQUIRE_FALSE(erasing.ok());
  CHECK(erasing.error().code == ErrorCode::kInvalid);
  CHECK(l.log.last() == Position{2});
}

TEST_CASE("what cannot be stored is refused whole") {
  EACH_LOG(which);
  Log l(which);
  const auto refused = l.try_append({statement(1), statement(2, "\xff")});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::kInvalid);
  CHECK(l.log.last() == Position{});
}

TEST_CASE("recorded time never runs backwards") {
  EACH_LOG(which);
  Log l(which);
  l.append({statement(1)});
  l.clock.advance(-59min);
  l.append({statement(2)});
  l.clock.advance(2h);
  l.append({statement(3)});
  const auto events = l.events();
  CHECK(events[1].recorded_at == events[0].recorded_at);
  CHECK(events[2].recorded_at == at("2026-11-21T09:01:00Z"));
}

TEST_CASE("appending is refused while the clock cannot be right") {
  EACH_LOG(which);
  Log l(which);
  l.append({statement(1)});
  l.clock.advance(-61min);
  auto refused = l.try_append({statement(2)});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::kInvalid);
  CHECK(refused.error().message.find("hour") != std::string::npos);
  CHECK(l.try_append({statement(1)}).ok());  // nothing to record: the first position answers
  l.clock.advance(61min + 24h + 1s);
  refused = l.try_append({statement(2)});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message.find("day") != std::string::npos);
  CHECK(l.log.last() == Position{1});
  l.clock.advance(-1s);
  CHECK(l.try_append({statement(2)}).ok());
}

TEST_CASE("a jump of the clock is taken where it is allowed") {
  EACH_LOG(which);
  ManualClock clock(at("2026-11-21T08:00:00Z"));
  LogOptions options;
  options.allow_clock_jump = true;
  auto owned = support::make_log(which, clock, options);
  std::vector<EventDraft> one = {{"t", statement(1)}};
  std::vector<EventDraft> two = {{"t", statement(2)}};
  CHECK(owned.log->append(one, OnRepeat::kCompare).ok());
  clock.advance(24h * 400);
  CHECK(owned.log->append(two, OnRepeat::kCompare).ok());
}

TEST_CASE("the leaf and the root are those of the stored bytes at every size") {
  EACH_LOG(which);
  Log l(which);
  std::vector<EventBody> bodies;
  for (std::uint32_t n = 1; n <= 530; ++n) bodies.push_back(statement(n));
  l.append(bodies);
  std::vector<Digest> leaves;
  std::set<Digest> salts;
  for (const StoredEvent& event : l.stored()) {
    CHECK(event.leaf == leaf_hash(event.header, event.salt, event.body));
    leaves.push_back(event.leaf);
    salts.insert(event.salt);
  }
  CHECK(salts.size() == 530);
  for (std::size_t size : {0u, 1u, 2u, 255u, 256u, 257u, 511u, 512u, 529u, 530u}) {
    INFO("size " << size);
    CHECK(l.log.root(Position{size}).value() == merkle_root({leaves.data(), size}));
  }
  l.append({statement(531)});
  CHECK(l.log.root(Position{530}).value() == merkle_root(leaves));
}

TEST_CASE("a log can be taken back elsewhere with the same root") {
  EACH_LOG(which);
  Log source(support::LogKind::kMemory);
  std::vector<EventBody> bodies;
  for (const auto& sample : samples::appended()) bodies.push_back(sample.body);
  source.append(bodies);
  source.clock.advance(5min);
  source.append({statement(900)});
  const auto stored = source.stored();

  Log l(which);
  l.clock.set(at("2031-01-01T00:00:00Z"));  // the times of the events count, not the clock's
  REQUIRE(l.log.restore({stored.data(), 3}).ok());
  REQUIRE(l.log.restore({stored.data() + 3, stored.size() - 3}).ok());
  CHECK(l.log.root(l.log.last()).value() == source.log.root(source.log.last()).value());
  const auto events = l.events();
  const auto expected = source.events();
  REQUIRE(events.size() == expected.size());
  for (std::size_t i = 0; i < events.size(); ++i) CHECK(samples::describe(events[i]) == samples::describe(expected[i]));
  CHECK(l.log.find(expected[4].id) == Position{5});
}

TEST_CASE("what does not fit is not taken back") {
  EACH_LOG(which);
  Log source(support::LogKind::kMemory);
  source.append({statement(1)});
  source.clock.advance(1min);
  source.append({statement(2), statement(3)});
  const auto stored = source.stored();
  auto refused = [&](std::vector<StoredEvent> batch, ErrorCode code, const std::string& word) {
    Log l(which);
    const Status status = l.log.restore(batch);
    REQUIRE_FALSE(status.ok());
    INFO(status.error().message);
    CHECK(status.error().code == code);
    CHECK(status.error().message.find(word) != std::string::npos);
    CHECK(l.log.last() == Position{});
  };
  refused({stored[1]}, ErrorCode::kInvalid, "expected position 1");
  refused({stored[0], stored[2]}, ErrorCode::kInvalid, "expected position 2");
  auto bad = stored;
  bad[1].body[20] ^= 1;
  refused(bad, ErrorCode::kInvalid, "leaf");
  bad[1].leaf = leaf_hash(bad[1].header, bad[1].salt, bad[1].body);
  bad[1].header[8] ^= 1;
  refused(bad, ErrorCode::kInvalid, "event 2");
  // Time running backwards, with leaves that fit.
  bad = stored;
  stamp_header(bad[1].header, Position{2}, at("2026-11-21T07:00:00Z"));
  bad[1].leaf = leaf_hash(bad[1].header, bad[1].salt, bad[1].body);
  refused(bad, ErrorCode::kInvalid, "recorded at");
  // The same event twice.
  bad = stored;
  bad[2] = stored[1];
  bad[2].position = Position{3};
  stamp_header(bad[2].header, Position{3}, at("2026-11-21T08:01:00Z"));
  bad[2].leaf = leaf_hash(bad[2].header, bad[2].salt, bad[2].body);
  refused(bad, ErrorCode::kConflict, "event 2");
}

TEST_CASE("events go on behind a restored log") {
  EACH_LOG(which);
  Log source(support::LogKind::kMemory);
  source.append({statement(1)});
  Log l(which);
  REQUIRE(l.log.restore(source.stored()).ok());
  CHECK(l.append({statement(1), statement(2)})[1].position == Position{2});
  CHECK(l.verified().damage.empty());
}

TEST_CASE("readers of parts see the same events") {
  EACH_LOG(which);
  Log l(which);
  for (const auto& sample : samples::appended()) l.append({sample.body});
  for (const Parts parts : {Parts::kEnvelope, Parts::kClaims}) {
    std::size_t claims = 0;
    std::size_t texts = 0;
    std::vector<EventId> ids;
    const auto shown = l.log.read(
        {Position{}, l.log.last()},
        [&](const Event& event) {
          ids.push_back(event.id);
          if (const auto* s = std::get_if<StatementEvent>(&event.body)) {
            claims += s->reading.claims.size();
            texts += s->statement.text.size() + s->reading.times.size();
          }
          return Visit::kContinue;
        },
        {.parts = parts});
    CHECK(shown.value() == l.log.last());
    CHECK(ids.size() == l.log.last().value);
    CHECK(claims == (parts == Parts::kClaims ? 2 : 0));
    CHECK(texts == 0);
  }
}

TEST_CASE("notes are kept by their hash") {
  EACH_LOG(which);
  Log l(which);
  const std::string note = "A note.\n";
  const std::string large(9'000'001, 'x');
  for (const std::string& bytes : {note, large, std::string()}) {
    CHECK(l.log.get_note(sha256(bytes)).error().code == ErrorCode::kNotFound);
    REQUIRE(l.log.put_note(sha256(bytes), bytes).ok());
    REQUIRE(l.log.put_note(sha256(bytes), bytes).ok());
    CHECK((l.log.get_note(sha256(bytes)).value() == bytes));
  }
  CHECK(l.log.put_note(sha256("another"), note).error().code == ErrorCode::kInvalid);
}

TEST_CASE("verification finds a note that is missing") {
  EACH_LOG(which);
  Log l(which);
  const std::string bytes = "A note.\n";
  NoteArrival arrival;
  arrival.note = sha256(bytes);
  arrival.size = bytes.size();
  l.append({arrival});
  auto report = l.verified();
  REQUIRE(report.damage.size() == 1);
  CHECK(report.damage[0].position == Position{1});
  CHECK(report.damage[0].what.find(arrival.note.hex()) != std::string::npos);
  REQUIRE(l.log.put_note(arrival.note, bytes).ok());
  report = l.verified();
  CHECK(report.damage.empty());
  CHECK(report.events == 1);
  CHECK(report.notes == 1);
  CHECK(report.root == l.log.root(Position{1}).value());
}

TEST_CASE("derived rows put as a sorted file replace and take away what was put before") {
  EACH_LOG(which);
  Log l(which);
  const std::vector<std::pair<std::string, std::string>> before{{"a", "old"}, {"b", "old"}, {"c", "old"}};
  REQUIRE(l.log.put_derived(before).ok());
  const std::vector<DerivedRow> rows{{"a", "new"}, {"b", std::nullopt}, {"d", std::string(100'000, 'x')}};
  REQUIRE(l.log.put_derived_sorted(rows).ok());
  CHECK(l.log.get_derived("a") == "new");
  CHECK_FALSE(l.log.get_derived("b").has_value());
  CHECK(l.log.get_derived("c") == "old");
  CHECK(l.log.get_derived("d")->size() == 100'000);
  const std::vector<std::pair<std::string, std::string>> after{{"a", "newest"}};
  REQUIRE(l.log.put_derived(after).ok());
  CHECK(l.log.get_derived("a") == "newest");
  const std::vector<DerivedRow> unsorted{{"f", "x"}, {"e", "x"}};
  CHECK(l.log.put_derived_sorted(unsorted).error().code == ErrorCode::kInvalid);
  CHECK_FALSE(l.log.get_derived("f").has_value());
}

TEST_CASE("several sorted files of derived rows come together or not at all") {
  EACH_LOG(which);
  Log l(which);
  const std::vector<DerivedRow> one{{"a", "1"}, {"b", "1"}}, other{{"p", "2"}}, none, unsorted{{"f", "x"}, {"e", "x"}};
  const std::vector<std::span<const DerivedRow>> good{one, none, other}, bad{std::span(other), std::span(unsorted)};
  REQUIRE(l.log.put_derived_files(good).ok());
  CHECK(l.log.get_derived("b") == "1");
  CHECK(l.log.get_derived("p") == "2");
  REQUIRE(l.log.drop_derived("p").ok());
  CHECK(l.log.put_derived_files(bad).error().code == ErrorCode::kInvalid);
  CHECK_FALSE(l.log.get_derived("p").has_value());
  int asked = 0;
  const auto ends_badly = [&]() -> Result<std::span<const DerivedRow>> {
    if (++asked < 3) return std::span(asked == 1 ? other : one);
    return Error{ErrorCode::kIo, "no more"};
  };
  CHECK(l.log.put_derived_files(ends_badly).error().code == ErrorCode::kIo);
  CHECK_FALSE(l.log.get_derived("p").has_value());
}

TEST_CASE("a reader of derived rows sees them as they were when it was made, also one that follows another") {
  EACH_LOG(which);
  Log l(which);
  using Row = std::pair<std::string, std::string>;
  const auto put = [&](const char* value) {
    const Row row{"a", value};
    REQUIRE(l.log.put_derived(std::span(&row, 1)).ok());
  };
  put("1");
  const auto old = l.log.derived();
  CHECK(old->get("a") == "1");
  for (const char* value : {"2", "3"}) {
    put(value);
    const std::uint64_t version = l.log.derived()->version();
    CHECK(l.log.derived()->get("a") == value);
    CHECK(l.log.derived()->version() == version);
    CHECK((version == 0 || version != old->version()));
  }
  const std::vector<DerivedRow> sorted{{"a", "4"}};
  REQUIRE(l.log.put_derived_sorted(sorted).ok());
  CHECK(l.log.derived()->get("a") == "4");
  REQUIRE(l.log.drop_derived("a").ok());
  CHECK_FALSE(l.log.derived()->get("a").has_value());
  CHECK(old->get("a") == "1");
}

// Files are passed by that have nothing of a group (derived_group): no row may be missed, whatever is put, dropped and asked.
TEST_CASE("derived rows on disk are found as those in memory are, within a group and across") {
  const unsigned seed = GENERATE(range(0u, 12u));
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto below = [&](std::size_t end) { return static_cast<std::size_t>(random() % end); };
  const auto key = [&](std::size_t most) {
    constexpr char kBytes[] = {'\0', '\0', '\1', 'a', 'b', '\xff'};
    std::string out;
    for (std::size_t length = below(most + 1); out.size() < length;) out.push_back(kBytes[below(sizeof kBytes)]);
    return out;
  };
  Log memory(support::LogKind::kMemory), disk(support::LogKind::kRocks);
  std::size_t found = 0;
  for (int step = 0; step < 60; ++step) {
    std::map<std::string, std::optional<std::string>> rows;
    for (std::size_t i = 0; i < 12; ++i) rows.emplace(key(7), below(4) == 0 ? std::nullopt : std::optional(std::to_string(step)));
    const std::vector<DerivedRow> sorted(rows.begin(), rows.end());
    const std::string dropped = key(3);
    const std::size_t how = below(8);
    for (EventLog* log : {&memory.log, &disk.log}) {
      if (how == 0) {
        REQUIRE(log->drop_derived(dropped));
      } else if (how < 5) {
        REQUIRE(log->put_derived_sorted(sorted));
      } else {
        for (const auto& [its, value] : sorted) {
          const std::pair<std::string, std::string> put{its, value.value_or("")};
          REQUIRE((value ? log->put_derived(std::span(&put, 1)) : log->put_derived({}, std::span(&its, 1))));
        }
      }
    }
    const auto there = memory.log.derived(), here = disk.log.derived();
    for (int question = 0; question < 40; ++question) {
      const std::string prefix = key(5), from = below(3) == 0 ? key(7) : prefix + key(3);
      CHECK(there->get(from) == here->get(from));
      CHECK(memory.log.get_derived(from) == disk.log.get_derived(from));
      const std::size_t most = below(4) == 0 ? 2 : 1000;
      const auto scan = [&](DerivedReader& rows_of) {
        std::vector<std::pair<std::string, std::string>> out;
        REQUIRE(rows_of.scan(prefix, from, [&](std::string_view its, std::string_view value) {
          out.emplace_back(its, value);
          return out.size() < most ? Visit::kContinue : Visit::kStop;
        }));
        return out;
      };
      const auto expected = scan(*there);
      CHECK(scan(*here) == expected);
      found += expected.size();
    }
  }
  CHECK(found > 1000);
}

TEST_CASE("derived rows are in byte order and droppable") {
  EACH_LOG(which);
  Log l(which);
  using Row = std::pair<std::string, std::string>;
  const std::vector<Row> rows = {{"a/2", "two"}, {"a/1", "one"}, {"b/1", "b"}, {std::string("a/\xff\0", 4), "end"}, {"a", ""}};
  REQUIRE(l.log.put_derived(rows).ok());
  auto scan = [&](std::string_view prefix, std::string_view from) {
    std::string out;
    const Status status = l.log.scan_derived(prefix, from, [&](std::string_view key, std::string_view value) {
      out += std::string(key.size() > 3 ? "last" : key) + "=" + std::string(value) + " ";
      return Visit::kContinue;
    });
    CHECK(status.ok());
    return out;
  };
  CHECK(scan("a/", "") == "a/1=one a/2=two last=end ");
  CHECK(scan("a/", "a/2") == "a/2=two last=end ");
  CHECK(scan("a/", "a/15") == "a/2=two last=end ");
  CHECK(scan("", "") == "a= a/1=one a/2=two last=end b/1=b ");
  CHECK(scan("c", "").empty());
  CHECK(l.log.get_derived("b/1") == "b");
  CHECK_FALSE(l.log.get_derived("b").has_value());
  const std::vector<Row> newer = {{"b/1", "newer"}};
  REQUIRE(l.log.put_derived(newer).ok());
  CHECK(l.log.get_derived("b/1") == "newer");
  REQUIRE(l.log.drop_derived("a/").ok());
  CHECK(scan("", "") == "a= b/1=newer ");
  REQUIRE(l.log.drop_derived("").ok());
  CHECK(scan("", "").empty());
}

// Method: every thread appends its own events and some that all the others append too, in batches; whoever reads meanwhile sees a
// whole prefix.
TEST_CASE("many writers make one dense order") {
  EACH_LOG(which);
  Log l(which);
  constexpr std::uint32_t kThreads = 8;
  constexpr std::uint32_t kRounds = 40;
  std::atomic<bool> done{false};
  std::atomic<std::uint32_t> failures{0};
  std::vector<std::vector<Receipt>> receipts(kThreads);
  std::vector<std::thread> threads;
  for (std::uint32_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint32_t round = 0; round < kRounds; ++round) {
        const std::vector<EventDraft> drafts = {{"t", samples::plain_statement(static_cast<std::uint8_t>(10 + t), round)},
                                                {"t", samples::plain_statement(1, round)},
                                                {"t", samples::plain_statement(static_cast<std::uint8_t>(50 + t), round)}};
        auto got = l.log.append(drafts, OnRepeat::kCompare);
        if (!got) ++failures;
        else receipts[t].insert(receipts[t].end(), got->begin(), got->end());
      }
    });
  }
  std::thread reader([&] {
    while (!done) {
      std::uint64_t expected = 0;
      const auto shown = l.log.read({Position{}, l.log.last()}, [&](const Event& event) {
        if (event.position.value != ++expected) ++failures;
        return Visit::kContinue;
      });
      if (!shown) ++failures;
    }
  });
  for (auto& thread : threads) thread.join();
  done = true;
  reader.join();
  CHECK(failures == 0);
  CHECK(l.log.last() == Position{kThreads * kRounds * 2 + kRounds});
  std::uint32_t first = 0;
  std::set<std::uint64_t> fresh;
  for (const auto& mine : receipts) {
    for (const Receipt& receipt : mine) {
      if (receipt.repeated) continue;
      ++first;
      fresh.insert(receipt.position.value);
    }
  }
  CHECK(first == l.log.last().value);
  CHECK(fresh.size() == first);
  CHECK(l.verified().damage.empty());
}

}  // namespace
