// Claims without an interpreter: accessors, times, valid spans, and the table of kinds that outside claims are held to.
#include <catch2/catch.hpp>

#include "engine/claim/claim.h"
#include "engine/claim/kinds.h"

using namespace annals;

namespace {

Claim licence_rule() {
  Claim claim;
  claim.type = ClaimType::kExportControl;
  claim.span = {10, 20};
  claim.set("product", EntityRef{"h20", "H20", true});
  claim.set("status", std::string("license_required"));
  return claim;
}

// "[2025-04-01T00:00:00Z, ..) when"
std::string valid_text(Aspect aspect, const char* when, const char* wall) {
  Claim claim = licence_rule();
  claim.aspect = aspect;
  if (when != nullptr) claim.when = parse_when(when).value();
  std::optional<Published> head;
  if (wall != nullptr) {
    // Built by hand: reading printed times is the notes' business.
    Published made;
    made.wall = wall;
    const Moment moment = parse_moment(wall, Zone::utc(), Instant{}).value();
    made.known_from = moment.instant;
    made.earliest = moment.instant;
    head = made;
  }
  const Valid valid = resolve_valid(claim, head, Zone::utc());
  return "[" + (valid.from ? format_utc(*valid.from) : "..") + ", " + (valid.to ? format_utc(*valid.to) : "..") + ") " +
         std::string(valid_from_source_name(valid.from_source));
}

}  // namespace

TEST_CASE("every name of a claim's words can be found again") {
  for (const auto* name : {"asserted", "reported", "denied", "forecast", "planned", "conditional"})
    CHECK(modality_name(find_modality(name).value()) == name);
  for (const auto* name : {"own", "named", "anonymous", "hearsay"}) CHECK(attribution_name(find_attribution(name).value()) == name);
  for (const auto* name : {"begins", "holds", "held", "target"}) CHECK(aspect_name(find_aspect(name).value()) == name);
  for (const auto* name : {"when", "published", "unknown"}) CHECK(valid_from_source_name(find_valid_from_source(name).value()) == name);
  CHECK_FALSE(find_modality("certain"));
  CHECK_FALSE(find_aspect(""));
}

TEST_CASE("slots are found by name and replaced in place") {
  Claim claim = licence_rule();
  CHECK(claim.entity("product")->id == "h20");
  CHECK(claim.text("status") == "license_required");
  CHECK(claim.entity("status") == nullptr);
  CHECK(claim.amount("product") == nullptr);
  CHECK(claim.text("product").empty());
  CHECK(claim.slot("rate") == nullptr);
  claim.set("status", std::string("banned"));
  CHECK(claim.slots.size() == 2);
  CHECK(claim.text("status") == "banned");
  claim.set("investors", std::vector<EntityRef>{{"a", "A", true}, {"b", "B", false}});
  CHECK(claim.entity("investors")->id == "a");
}

TEST_CASE("a time is parsed as the guide writes it") {
  CHECK(format_civil_date(*parse_when("2026-Q1").value().from) == "2026-01-01");
  CHECK(format_civil_date(*parse_when("2026-Q1").value().to) == "2026-04-01");
  CHECK(format_civil_date(*parse_when("2026-01-26/2026-02-02").value().to) == "2026-02-02");
  CHECK_FALSE(parse_when("2025-08/..").value().to);
  CHECK(format_civil_date(*parse_when("../2025-08").value().to) == "2025-09-01");
  CHECK_FALSE(parse_when("FY2026-Q2").value().from);
  CHECK(parse_when("FY2026-Q2").value().grain == Grain::kQuarter);
  CHECK(parse_when("FY2026").value().grain == Grain::kYear);
  CHECK_FALSE(parse_when("2025-02-30"));
  CHECK_FALSE(parse_when("../.."));
  CHECK_FALSE(parse_when("2026-02/2026-01"));
  CHECK_FALSE(parse_when("FY26-Q2"));
  CHECK_FALSE(parse_when("soon"));
}

TEST_CASE("an act holds from its own time or else from its publication") {
  CHECK(valid_text(Aspect::kBegins, "2025-04", "2025-12-09T06:32:00") == "[2025-04-01T00:00:00Z, ..) when");
  CHECK(valid_text(Aspect::kBegins, nullptr, "2025-12-09T06:32:00") == "[2025-12-09T06:32:00Z, ..) published");
  CHECK(valid_text(Aspect::kBegins, nullptr, nullptr) == "[.., ..) unknown");
}

TEST_CASE("a state holds by its publication and its start stays unknown") {
  CHECK(valid_text(Aspect::kHolds, nullptr, "2025-12-09T06:32:00") == "[2025-12-09T06:32:00Z, ..) unknown");
  CHECK(valid_text(Aspect::kHolds, "2025-12-07", "2025-12-09T06:32:00") == "[2025-12-07T00:00:00Z, ..) when");
}

TEST_CASE("what held before is over by the publication") {
  CHECK(valid_text(Aspect::kHeld, nullptr, "2025-12-09T06:32:00") == "[.., 2025-12-09T06:32:00Z) unknown");
  CHECK(valid_text(Aspect::kHeld, "2024", "2025-12-09T06:32:00") == "[2024-01-01T00:00:00Z, 2025-01-01T00:00:00Z) when");
  CHECK(valid_text(Aspect::kHeld, "2024/..", "2025-12-09T06:32:00") == "[2024-01-01T00:00:00Z, 2025-12-09T06:32:00Z) when");
}

TEST_CASE("a target is an expectation from its publication on whatever its date") {
  CHECK(valid_text(Aspect::kTarget, "2026-Q1", "2025-12-09T06:32:00") == "[2025-12-09T06:32:00Z, ..) published");
}

TEST_CASE("the table of kinds has a row for every type in its order") {
  CHECK(claim_kinds().size() == kClaimTypes);
  for (std::size_t i = 0; i < kClaimTypes; ++i) {
    const ClaimKind& kind = claim_kind(static_cast<ClaimType>(i));
    CHECK(find_claim_kind(kind.name) == &kind);
    for (const SlotSpec& slot : kind.slots) {
      CHECK(kind.slot(slot.name) == &slot);
      CHECK((slot.type == SlotType::kVocabulary) == !slot.vocabulary.empty());
    }
  }
  CHECK(find_claim_kind("rumour") == nullptr);
}

TEST_CASE("claims from outside are held to the table and told what is wrong") {
  CHECK(validate_claim(licence_rule()).ok());

  Claim claim = licence_rule();
  claim.set("status", std::string("forbidden"));
  CHECK(validate_claim(claim).error().message ==
        "export_control.status: expected one of banned, license_required, under_discussion, allowed, license_pending, license_granted, "
        "found 'forbidden'");
  claim = licence_rule();
  claim.set("colour", std::string("red"));
  CHECK(validate_claim(claim).error().message ==
        "export_control: expected slots named product, destination, status, vendor, authority, condition, found 'colour'");
  claim = licence_rule();
  claim.set("product", std::string("H20"));
  CHECK(validate_claim(claim).error().message == "export_control.product: expected an entity, found text");
  claim = licence_rule();
  claim.slots.erase(claim.slots.begin());
  CHECK(validate_claim(claim).error().message == "export_control.product: expected an entity, found nothing");
  claim = licence_rule();
  claim.span = {};
  CHECK_FALSE(validate_claim(claim).ok());
  claim = licence_rule();
  claim.when = When{"never", {}, {}, Grain::kDay};
  CHECK_FALSE(validate_claim(claim).ok());

  Claim event;
  event.type = ClaimType::kScheduledEvent;
  event.span = {0, 5};
  event.set("what", std::string("results"));
  CHECK(validate_claim(event).error().message == "scheduled_event.when: expected a time, found nothing");
}
