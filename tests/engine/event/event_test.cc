// Goal: an id says what an event is about, and differs where the event does.
#include "engine/event/event.h"

#include <catch2/catch.hpp>

#include <map>

#include "tests/support/sample_events.h"

namespace {
using namespace annals;

// A field as it goes into an id: its length in eight bytes, least first, then its bytes. A number is its eight bytes alone.
std::string field(std::string_view text) {
  std::string out(8, '\0');
  out[0] = static_cast<char>(text.size());
  return out + std::string(text);
}
std::string field(std::uint64_t number) {
  std::string out;
  for (int i = 0; i < 8; ++i) out += static_cast<char>(number >> (8 * i));
  return out;
}

TEST_CASE("ids of notes and statements are those of the document") {
  const Digest note = samples::digest_of(0x11);
  CHECK(note_event_id(note) == sha256(field("note") + field(note.view())));
  CHECK(statement_id(note, 2, {100, 180}) == sha256(field("statement") + field(note.view()) + field(2) + field(100) + field(180)));
  const EventId about = samples::digest_of(0x21);
  CHECK(event_id(Reinterpretation{about, {"annals", 4}, "lexicon", {}}) ==
        sha256(field("reinterpretation") + field(about.view()) + field("annals") + field(4)));
  const EventId before = samples::digest_of(0x22);
  CHECK(event_id(Reinterpretation{about, {"annals", 4}, "another lexicon", {}, before}) ==
        sha256(field("reinterpretation") + field(about.view()) + field("annals") + field(4) + field(before.view())));
}

TEST_CASE("every sample has an id of its own and the same one again") {
  std::map<EventId, std::string> seen;
  for (const auto& sample : samples::all()) {
    const EventId id = event_id(sample.body);
    INFO(sample.name << " has the id of " << seen[id]);
    CHECK(seen[id].empty());
    seen[id] = sample.name;
    CHECK(event_id(sample.body) == id);
  }
}

TEST_CASE("a statement read otherwise is the same statement") {
  StatementEvent event = samples::plain_statement(1, 1);
  const EventId id = event_id(event);
  event.interpreter.version = 9;
  event.statement.text = "read otherwise";
  event.article.outlet = "elsewhere";
  CHECK(event_id(event) == id);
  event.article.ordinal = 2;
  CHECK(event_id(event) != id);
}

TEST_CASE("every field of an event about events makes another id") {
  const auto published = std::get<Withdrawal>([] {
                           for (auto& sample : samples::all()) {
                             if (sample.name == "withdrawal-of-statement") return sample.body;
                           }
                           return EventBody{};
                         }()).published;
  const Withdrawal base{Target::of_event(samples::digest_of(1)), std::nullopt, published, "because", {}};
  std::vector<EventBody> bodies = {base, Retraction{base.about, "because", {}}};
  auto changed = [&](auto change) {
    Withdrawal other = base;
    change(other);
    bodies.push_back(other);
  };
  changed([](Withdrawal& w) { w.about = Target::of_note(samples::digest_of(1)); });
  changed([](Withdrawal& w) { w.about = Target::of_article(samples::digest_of(1), 1); });
  changed([](Withdrawal& w) { w.outlet = ""; });
  changed([](Withdrawal& w) { w.outlet = "O"; });
  changed([](Withdrawal& w) { w.published.zone_source = ZoneSource::kPrinted; });
  changed([](Withdrawal& w) { w.published.known_from += Micros(1); });
  changed([](Withdrawal& w) { w.because = ""; });
  changed([](Withdrawal& w) { w.after = samples::digest_of(2); });
  Review review{samples::digest_of(1), std::nullopt, {"annals", 1}, Verdict::kAccept, std::nullopt, "because", {}};
  bodies.push_back(review);
  review.claim = 0;
  bodies.push_back(review);
  review.amended = Claim{};
  bodies.push_back(review);
  review.amended->slots.push_back({"rate", Amount{}});
  bodies.push_back(review);
  review.amended->slots[0].value = Amount{-0.5, std::nullopt, Comparator::kEqual, ""};
  bodies.push_back(review);
  review.amended->slots[0].value = std::string();
  bodies.push_back(review);
  std::map<EventId, std::size_t> seen;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const auto [at, added] = seen.emplace(event_id(bodies[i]), i);
    INFO(i << " has the id of " << at->second);
    CHECK(added);
  }
}

// A person accepts, rejects, and accepts again with the same words: three events.
TEST_CASE("a change of mind back is an event of its own and a repeated command is not") {
  const Review accept{samples::digest_of(1), 0, {"annals", 1}, Verdict::kAccept, std::nullopt, "", {}};
  Review reject = accept;
  reject.verdict = Verdict::kReject;
  reject.after = event_id(accept);
  Review again = accept;
  again.after = event_id(reject);
  CHECK(event_id(again) != event_id(accept));
  CHECK(event_id(Review(again)) == event_id(again));
}

TEST_CASE("claims keep their stored ordinals around unknown ones") {
  Reading reading;
  reading.claims.resize(3);
  CHECK(claim_ordinal(reading, 2) == 2);
  reading.unknown_claims = {0, 2, 3};
  CHECK(claim_ordinal(reading, 0) == 1);
  CHECK(claim_ordinal(reading, 1) == 4);
  CHECK(claim_ordinal(reading, 2) == 5);
}

TEST_CASE("kinds have names that are found again") {
  for (std::size_t i = 0; i < kEventKinds; ++i) {
    const auto kind = static_cast<EventKind>(i);
    CHECK(find_event_kind(event_kind_name(kind)) == kind);
  }
  CHECK_FALSE(find_event_kind("notes").has_value());
  CHECK(verdict_name(Verdict::kAmend) == "amend");
}

}  // namespace
