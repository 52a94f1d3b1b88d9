// Goal: what is stored can be read back, field by field, and nothing that is not an event is taken for one.
#include "engine/codec/codec.h"

#include <catch2/catch.hpp>

#include <limits>
#include <random>

#include "tests/support/sample_events.h"

namespace {
using namespace annals;

Event event_of(const samples::Sample& sample) {
  Event event;
  event.position = Position{7};
  event.recorded_at = Instant(Micros(1'765'300'000'123'456));
  event.actor = sample.actor;
  event.body = sample.body;
  event.id = event_id(event.body);
  return event;
}

EncodedEvent encoded(const Event& event) {
  auto bytes = encode_event(event);
  REQUIRE(bytes.ok());
  return *bytes;
}

const samples::Sample& sample(const std::string& name) {
  static const auto all = samples::all();
  for (const auto& one : all) {
    if (one.name == name) return one;
  }
  FAIL("no sample " << name);
  return all.front();
}

TEST_CASE("every kind of event comes back as it went in") {
  std::vector<bool> seen(kEventKinds);
  for (const auto& one : samples::all()) {
    INFO(one.name);
    const Event event = event_of(one);
    seen[static_cast<std::size_t>(event.kind())] = true;
    const EncodedEvent bytes = encoded(event);
    CHECK(bytes.header.size() % 8 == 0);
    CHECK(bytes.body.size() % 8 == 0);
    for (const bool outside : {false, true}) {
      const auto back = decode_event(bytes.header, bytes.body, {.parts = Parts::kAll, .from_outside = outside});
      REQUIRE(back.ok());
      CHECK(samples::describe(*back) == samples::describe(event));
    }
  }
  for (std::size_t kind = 0; kind < seen.size(); ++kind) {
    INFO(event_kind_name(static_cast<EventKind>(kind)));
    CHECK(seen[kind]);
  }
}

TEST_CASE("the same event has the same bytes and a stamped one those it would have had") {
  for (const auto& one : samples::all()) {
    INFO(one.name);
    Event event = event_of(one);
    const EncodedEvent bytes = encoded(event);
    CHECK(encoded(event).header == bytes.header);
    CHECK(encoded(event).body == bytes.body);
    event.position = {};
    event.recorded_at = {};
    EncodedEvent late = encoded(event);
    stamp_header(late.header, Position{7}, Instant(Micros(1'765'300'000'123'456)));
    CHECK(late.header == bytes.header);
    CHECK(late.body == bytes.body);
  }
}

TEST_CASE("words of a note stand in the body alone") {
  const EncodedEvent bytes = encoded(event_of(sample("statement-full")));
  for (const std::string word : {"芯片外銷", "南岸日報", "林一", "某券商", "example.org", "发言人甲", "H20", "今年8月", "背景", "上缴"}) {
    INFO(word);
    CHECK(bytes.header.find(word) == std::string::npos);
    CHECK(bytes.body.find(word) != std::string::npos);
  }
  CHECK(bytes.header.find(std::string(32, '\x12')) == std::string::npos);  // the hash of the running text
}

TEST_CASE("a reader takes only the parts it needs") {
  const Event event = event_of(sample("statement-full"));
  const EncodedEvent bytes = encoded(event);
  const auto envelope = decode_event(bytes.header, "", {.parts = Parts::kEnvelope});
  REQUIRE(envelope.ok());
  CHECK(envelope->id == event.id);
  CHECK(envelope->position == event.position);
  CHECK(envelope->recorded_at == event.recorded_at);
  CHECK(envelope->actor == event.actor);
  CHECK(envelope->kind() == EventKind::kStatement);

  const auto claims = decode_event(bytes.header, bytes.body, {.parts = Parts::kClaims});
  REQUIRE(claims.ok());
  Event expected = event;
  auto& body = std::get<StatementEvent>(expected.body);
  body.statement.text.clear();
  body.statement.heading.clear();
  body.reading.times.clear();
  body.reading.quantities.clear();
  body.reading.entities.clear();
  CHECK(samples::describe(*claims) == samples::describe(expected));

  const auto text = decode_event(bytes.header, bytes.body, {.parts = Parts::kText});
  REQUIRE(text.ok());
  body.statement.text = std::get<StatementEvent>(event.body).statement.text;
  CHECK(samples::describe(*text) == samples::describe(expected));
}

TEST_CASE("what could not be read back is not written") {
  auto refused = [](auto change, const std::string& word) {
    samples::Sample bad = sample("statement-full");
    change(std::get<StatementEvent>(bad.body));
    const auto bytes = encode_event(event_of(bad));
    REQUIRE_FALSE(bytes.ok());
    CHECK(bytes.error().code == ErrorCode::kInvalid);
    INFO(bytes.error().message);
    CHECK(bytes.error().message.find(word) != std::string::npos);
    CHECK(bytes.error().message.find('\n') == std::string::npos);
  };
  refused([](StatementEvent& e) { e.reading.quantities[0].value = std::numeric_limits<double>::quiet_NaN(); }, "finite");
  refused([](StatementEvent& e) { e.reading.claims[0].slots[2].value = Amount{1, std::numeric_limits<double>::infinity(), Comparator::kRange, ""}; },
          "finite");
  refused([](StatementEvent& e) { e.article.title = "\xff\xfe"; }, "title is not UTF-8");
  refused([](StatementEvent& e) { e.reading.claims[0].aspect = static_cast<Aspect>(9); }, "range");
  refused([](StatementEvent& e) { e.reading.unknown_claims = {1}; }, "does not know");
  // Such an event was once written and could not be read back.
  refused([](StatementEvent& e) { e.note = {}; }, "the note is not said");
  for (const EventBody& body : std::vector<EventBody>{NoteArrival{}, Reinterpretation{}, Retraction{}, Retraction{Target::of_note({}), "", {}},
                                                      Retraction{Target::of_article({}, 1), "", {}}, Review{}, Erasure{}}) {
    INFO(event_kind_name(static_cast<EventKind>(body.index())));
    const auto bytes = encode_event(event_of({"", "", body}));
    REQUIRE_FALSE(bytes.ok());
    CHECK(bytes.error().message.find("not said") != std::string::npos);
  }
}

TEST_CASE("unaligned bytes are read like aligned ones") {
  const Event event = event_of(sample("statement-full"));
  const EncodedEvent bytes = encoded(event);
  for (std::size_t shift = 0; shift < 8; ++shift) {
    const std::string header = std::string(shift, 'x') + bytes.header;
    const std::string body = std::string(shift, 'x') + bytes.body;
    const auto back = decode_event(std::string_view(header).substr(shift), std::string_view(body).substr(shift));
    REQUIRE(back.ok());
    CHECK(samples::describe(*back) == samples::describe(event));
  }
}

// Method: the numbers of a later program are written over those of a claim in the stored bytes. Claims are 3 words of data from their
// span on; the first claim's span [130, 172) is found by its bytes, its type and modality lie in the word before.
TEST_CASE("a claim of a newer program is left out and its ordinal kept") {
  const Event event = event_of(sample("statement-full"));
  EncodedEvent bytes = encoded(event);
  std::string span(16, '\0');
  span[0] = static_cast<char>(130);
  span[8] = static_cast<char>(172);
  const std::size_t at = bytes.body.find(span);
  REQUIRE(at != std::string::npos);
  for (std::size_t member = 0; member < 4; ++member) {  // type, modality, attribution, aspect
    EncodedEvent newer = bytes;
    newer.body[at - 8 + 2 * member] = 77;
    CHECK(decode_event(newer.header, newer.body, {.parts = Parts::kAll, .from_outside = true}).ok());
    const auto back = decode_event(newer.header, newer.body);
    REQUIRE(back.ok());
    const Reading& reading = std::get<StatementEvent>(back->body).reading;
    CHECK(reading.claims.size() == 1);
    CHECK(reading.unknown_claims == std::vector<std::uint32_t>{0});
    CHECK(claim_ordinal(reading, 0) == 1);
    CHECK(reading.claims[0] == std::get<StatementEvent>(event.body).reading.claims[1]);
  }
}

// Method: a word of data that only a later schema knows is put behind the root struct's own; pointers are relative, so those behind it
// still hit.
TEST_CASE("members that a later schema added are passed over") {
  for (const auto& one : samples::all()) {
    INFO(one.name);
    const Event event = event_of(one);
    EncodedEvent bytes = encoded(event);
    for (std::string* part : {&bytes.header, &bytes.body}) {
      const auto data_words = static_cast<unsigned char>((*part)[4]);
      part->insert(8 + 8 * data_words, std::string("later") + std::string(3, '\0'));
      (*part)[4] = static_cast<char>(data_words + 1);
    }
    const bool discriminant_was_cut = event.kind() == EventKind::kNote;   // 0, the last word of data: the new word would take its place
    if (discriminant_was_cut) continue;
    for (const bool outside : {false, true}) {
      const auto back = decode_event(bytes.header, bytes.body, {.parts = Parts::kAll, .from_outside = outside});
      if (!back) FAIL(back.error().message);
      CHECK(samples::describe(*back) == samples::describe(event));
    }
  }
}

// Method: as a client sends it, with whatever place and time; the bytes that come back are those of an event that has neither.
TEST_CASE("an event from outside comes with the bytes to store") {
  for (const auto& one : samples::all()) {
    INFO(one.name);
    Event event = event_of(one);
    const EncodedEvent sent = encoded(event);
    const auto opened = open_outside_event(sent.header, sent.body);
    if (!opened) FAIL(opened.error().message);
    CHECK(samples::describe(opened->event) == samples::describe(event));
    const auto expected = encode_event(event.id, event.actor, event.body);
    REQUIRE(expected.ok());
    CHECK(opened->bytes.header == expected->header);
    CHECK(opened->bytes.body == expected->body);
  }
  // A byte that pads a text to whole words says nothing to a reader, and is refused all the same.
  const EncodedEvent good = encoded(event_of(sample("note-full")));
  EncodedEvent padded = good;
  REQUIRE(padded.body.back() == '\0');
  padded.body.back() = 1;
  CHECK_FALSE(open_outside_event(padded.header, padded.body).ok());
}

TEST_CASE("a claim of a newer program cannot be taken from outside") {
  const Event event = event_of(sample("statement-full"));
  EncodedEvent newer = encoded(event);
  std::string span(16, '\0');
  span[0] = static_cast<char>(130);
  span[8] = static_cast<char>(172);
  const std::size_t at = newer.body.find(span);
  REQUIRE(at != std::string::npos);
  newer.body[at - 8] = 77;
  const auto opened = open_outside_event(newer.header, newer.body);
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().code == ErrorCode::kInvalid);
}

TEST_CASE("an event of a kind that is not known is told from damage") {
  EncodedEvent bytes = encoded(event_of(sample("review-all")));
  // The discriminant of the header's union is in the third word of its data.
  bytes.header[24] = 99;
  const auto back = decode_event(bytes.header, bytes.body);
  REQUIRE_FALSE(back.ok());
  CHECK(back.error().code == ErrorCode::kUnsupported);
}

TEST_CASE("an enumerant out of range outside of a claim is damage") {
  const Event event = event_of(sample("note-full"));
  EncodedEvent bytes = encoded(event);
  // Header.Note's data: size, then encoding.
  std::string size(8, '\0');
  size[0] = static_cast<char>(4321 & 0xff);
  size[1] = static_cast<char>(4321 >> 8);
  const std::size_t at = bytes.header.find(size);
  REQUIRE(at != std::string::npos);
  bytes.header[at + 8] = 99;
  const auto back = decode_event(bytes.header, bytes.body);
  REQUIRE_FALSE(back.ok());
  CHECK(back.error().code == ErrorCode::kCorrupt);
  CHECK(back.error().message.find("encoding") != std::string::npos);
}

TEST_CASE("header and body of different events do not make one") {
  const EncodedEvent note = encoded(event_of(sample("note-full")));
  const EncodedEvent review = encoded(event_of(sample("review-all")));
  const auto back = decode_event(note.header, review.body);
  REQUIRE_FALSE(back.ok());
  CHECK(back.error().code == ErrorCode::kCorrupt);
  const EncodedEvent other = encoded(event_of(sample("retraction-of-note")));
  const EncodedEvent same_kind = encoded(event_of(sample("retraction-of-event")));
  CHECK(decode_event(other.header, same_kind.body).ok());  // its leaf tells; or, from outside, its id
  CHECK_FALSE(decode_event(other.header, same_kind.body, {.parts = Parts::kAll, .from_outside = true}).ok());
}

TEST_CASE("an event's kind is known from its header alone") {
  for (const auto& one : samples::all()) {
    INFO(one.name);
    const Event event = event_of(one);
    const auto kind = kind_of_header(encoded(event).header);
    REQUIRE(kind.ok());
    CHECK(*kind == event.kind());
  }
  CHECK(kind_of_header("").error().code == ErrorCode::kCorrupt);
  CHECK(kind_of_header("no header").error().code == ErrorCode::kCorrupt);
}

// Another form of the same event would have another leaf: a stranger's bytes are taken in the canonical form only.
TEST_CASE("an event that is longer than it has to be is not taken from outside") {
  for (const auto& one : samples::all()) {
    INFO(one.name);
    const EncodedEvent good = encoded(event_of(one));
    CHECK(decode_event(good.header, good.body, {.parts = Parts::kAll, .from_outside = true}).ok());
    const std::string longer_header = good.header + std::string(8, '\0');
    const std::string longer_body = good.body + std::string(8, '\0');
    for (const auto& [header, body] : {std::pair(longer_header, good.body), std::pair(good.header, longer_body)}) {
      const auto back = decode_event(header, body, {.parts = Parts::kAll, .from_outside = true});
      REQUIRE_FALSE(back.ok());
      CHECK_THAT(back.error().message, Catch::Contains("not canonical"));
      CHECK_FALSE(open_outside_event(header, body).ok());
    }
  }
}

// Whatever the bytes, the answer is an event or an error: no crash, no endless work. Run under the sanitizers.
TEST_CASE("any bytes are an event or an error") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  auto pick = [&](std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random); };
  for (const auto& one : samples::all()) {
    const EncodedEvent good = encoded(event_of(one));
    for (std::size_t length = 0; length < good.header.size(); ++length) {
      (void)decode_event(std::string_view(good.header).substr(0, length), good.body);
    }
    for (int round = 0; round < 400; ++round) {
      EncodedEvent bad = good;
      for (std::size_t flips = 1 + pick(4); flips-- > 0;) {
        std::string& part = pick(2) == 0 ? bad.header : bad.body;
        if (part.empty()) continue;
        part[pick(part.size())] ^= static_cast<char>(1u << pick(8));
      }
      for (const bool outside : {false, true}) {
        const auto back = decode_event(bad.header, bad.body, {.parts = Parts::kAll, .from_outside = outside});
        if (!back) {
          CHECK((back.error().code == ErrorCode::kCorrupt || back.error().code == ErrorCode::kUnsupported));
        }
      }
    }
  }
}

}  // namespace

// A statement whose text is written with markup keeps the way back to its bytes; pieces that are not its text are refused.
TEST_CASE("the pieces of a statement are stored with it") {
  StatementEvent body;
  body.note = sha256("note");
  body.statement.text = "R&D up";
  body.statement.span = {3, 20};
  body.statement.pieces = {{{0, 1}, {3, 4}}, {{1, 2}, {4, 9}}, {{2, 4}, {9, 11}}, {{4, 6}, {18, 20}}};
  Event event;
  event.position = Position{1};
  event.actor = "test";
  event.body = body;
  event.id = event_id(event.body);
  const auto bytes = encode_event(event);
  REQUIRE(bytes.ok());
  const auto back = decode_event(bytes->header, bytes->body);
  REQUIRE(back.ok());
  CHECK(std::get<StatementEvent>(back->body).statement == body.statement);
}
