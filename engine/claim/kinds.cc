#include "engine/claim/kinds.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace annals {
namespace {

using Words = std::string_view;

// In the usual order of steps: a projection that orders them has the order here.
constexpr std::array<Words, 6> kExportStatus{"banned",  "license_required", "under_discussion",
                                             "allowed", "license_pending",  "license_granted"};
constexpr std::array<Words, 4> kImportStatus{"banned", "discouraged", "under_review", "allowed"};
constexpr std::array<Words, 5> kShareStatus{"proposed", "required", "agreed", "in_effect", "not_in_effect"};
constexpr std::array<Words, 3> kShareBasis{"sales", "revenue", "profit"};
constexpr std::array<Words, 13> kIpoStage{"considering", "preparing",  "tutoring", "filed",        "accepted", "inquiry",   "approved",
                                          "registered",  "priced",     "subscription", "listed",   "withdrawn", "terminated"};
constexpr std::array<Words, 8> kProductStage{"announced", "taped_out", "sampling", "mass_production",
                                             "launched",  "shipping",  "delayed",  "cancelled"};
constexpr std::array<Words, 4> kMetricBasis{"level", "yoy", "qoq", "mom"};
constexpr std::array<Words, 4> kMetricKind{"actual", "guidance", "forecast", "target"};

constexpr SlotSpec key(Words name, SlotType type) { return {name, type, true, true, {}, {}}; }
constexpr SlotSpec key_with(Words name, SlotType type, Words fallback) { return {name, type, true, false, {}, fallback}; }
constexpr SlotSpec key_if_said(Words name, SlotType type) { return {name, type, true, false, {}, {}}; }
constexpr SlotSpec step(Words name, std::span<const Words> vocabulary) {
  return {name, SlotType::kVocabulary, true, true, vocabulary, {}};
}
constexpr SlotSpec choice(Words name, std::span<const Words> vocabulary) {
  return {name, SlotType::kVocabulary, false, false, vocabulary, {}};
}
constexpr SlotSpec also(Words name, SlotType type) { return {name, type, false, false, {}, {}}; }

constexpr std::array<SlotSpec, 6> kExportSlots{
    key("product", SlotType::kEntity), key_with("destination", SlotType::kEntity, "china"), step("status", kExportStatus),
    key_if_said("vendor", SlotType::kEntity), also("authority", SlotType::kEntity), also("condition", SlotType::kText)};
constexpr std::array<SlotSpec, 6> kImportSlots{
    key("product", SlotType::kEntity), key_with("jurisdiction", SlotType::kEntity, "china"), step("status", kImportStatus),
    also("authority", SlotType::kEntity), also("vendor", SlotType::kEntity), also("condition", SlotType::kText)};
constexpr std::array<SlotSpec, 8> kShareSlots{
    key("product", SlotType::kEntity), key_if_said("rate", SlotType::kAmount), step("status", kShareStatus),
    key_with("destination", SlotType::kEntity, "china"), also("payer", SlotType::kEntity), also("payee", SlotType::kEntity),
    choice("basis", kShareBasis), also("condition", SlotType::kText)};
constexpr std::array<SlotSpec, 10> kIpoSlots{
    key("company", SlotType::kEntity), step("stage", kIpoStage), also("venue", SlotType::kEntity), also("price", SlotType::kAmount),
    also("market_cap", SlotType::kAmount), also("raised", SlotType::kAmount), also("shares", SlotType::kAmount),
    also("lottery_rate", SlotType::kAmount), also("oversubscription", SlotType::kAmount), also("condition", SlotType::kText)};
constexpr std::array<SlotSpec, 6> kFinancingSlots{
    key("company", SlotType::kEntity), key_if_said("round", SlotType::kText), key_if_said("event", SlotType::kText),
    key_if_said("raised", SlotType::kAmount), key_if_said("valuation", SlotType::kAmount), also("investors", SlotType::kEntities)};
constexpr std::array<SlotSpec, 8> kMetricSlots{
    key("entity", SlotType::kEntity), key("metric", SlotType::kText), key("value", SlotType::kAmount),
    key_if_said("period", SlotType::kText), key_if_said("scope", SlotType::kText), choice("basis", kMetricBasis),
    choice("kind", kMetricKind), also("previous", SlotType::kAmount)};
constexpr std::array<SlotSpec, 3> kProductSlots{key("product", SlotType::kEntity), step("stage", kProductStage),
                                                also("vendor", SlotType::kEntity)};
constexpr std::array<SlotSpec, 2> kScheduleSlots{key("what", SlotType::kText), key_if_said("who", SlotType::kEntity)};

constexpr std::array<ClaimKind, kClaimTypes> kKinds{{
    {ClaimType::kExportControl, "export_control", "the exporting side's rule for shipping a product to a place", kExportSlots},
    {ClaimType::kImportControl, "import_control", "the receiving side's rule for letting a product in", kImportSlots},
    {ClaimType::kRevenueShare, "revenue_share", "a government's share of what a product's sales bring", kShareSlots},
    {ClaimType::kIpoMilestone, "ipo_milestone", "how far a company has come on its way to the stock market", kIpoSlots},
    {ClaimType::kFinancing, "financing", "money raised outside the stock market, or placed with chosen investors", kFinancingSlots},
    {ClaimType::kMetric, "metric", "a number that is said of somebody or something", kMetricSlots},
    {ClaimType::kProductMilestone, "product_milestone", "a stage in a product's life", kProductSlots},
    {ClaimType::kScheduledEvent, "scheduled_event", "what is to happen at a known time", kScheduleSlots},
}};

std::string list(std::span<const Words> words) {
  std::string out;
  for (const Words word : words) {
    if (!out.empty()) out += ", ";
    out += word;
  }
  return out;
}

Error wrong(const ClaimKind& kind, std::string_view slot, std::string_view expected, std::string_view found) {
  std::string message(kind.name);
  if (!slot.empty()) message.append(".").append(slot);
  message.append(": expected ").append(expected).append(", found ").append(found);
  return {ErrorCode::kInvalid, std::move(message)};
}

std::string_view type_text(SlotType type) {
  switch (type) {
    case SlotType::kEntity: return "an entity";
    case SlotType::kEntities: return "a list of entities";
    case SlotType::kAmount: return "a number";
    case SlotType::kText: return "text";
    case SlotType::kVocabulary: return "a word of its vocabulary";
  }
  return "";
}

std::string_view value_text(const SlotValue& value) {
  static constexpr std::array<Words, 4> kFound{"an entity", "a list of entities", "a number", "text"};
  return kFound[value.index()];
}

Status validate_slot(const ClaimKind& kind, const SlotSpec& spec, const SlotValue& value) {
  static constexpr std::array<std::size_t, 5> kAlternative{0, 1, 2, 3, 3};
  if (value.index() != kAlternative[static_cast<std::size_t>(spec.type)])
    return wrong(kind, spec.name, type_text(spec.type), value_text(value));
  if (const auto* entity = std::get_if<EntityRef>(&value); entity != nullptr && entity->id.empty())
    return wrong(kind, spec.name, "an entity with an id", "an empty one");
  if (const auto* entities = std::get_if<std::vector<EntityRef>>(&value); entities != nullptr) {
    if (entities->empty()) return wrong(kind, spec.name, "at least one entity", "none");
    for (const EntityRef& entity : *entities)
      if (entity.id.empty()) return wrong(kind, spec.name, "entities with ids", "an empty one");
  }
  if (const auto* amount = std::get_if<Amount>(&value); amount != nullptr) {
    if (!std::isfinite(amount->value) || (amount->high && !std::isfinite(*amount->high)))
      return wrong(kind, spec.name, "a finite number", "one that is not");
    if (amount->high && *amount->high < amount->value)
      return wrong(kind, spec.name, "a range from low to high", "one from high to low");
  }
  if (const auto* text = std::get_if<std::string>(&value); text != nullptr) {
    if (text->empty()) return wrong(kind, spec.name, type_text(spec.type), "nothing");
    if (spec.type == SlotType::kVocabulary && std::find(spec.vocabulary.begin(), spec.vocabulary.end(), *text) == spec.vocabulary.end())
      return wrong(kind, spec.name, "one of " + list(spec.vocabulary), "'" + *text + "'");
  }
  return {};
}

}  // namespace

const SlotSpec* ClaimKind::slot(std::string_view wanted) const {
  const auto at = std::find_if(slots.begin(), slots.end(), [&](const SlotSpec& spec) { return spec.name == wanted; });
  return at == slots.end() ? nullptr : &*at;
}

std::span<const ClaimKind> claim_kinds() { return kKinds; }

const ClaimKind& claim_kind(ClaimType type) {
  const auto at = static_cast<std::size_t>(type);
  check(at < kKinds.size() && kKinds[at].type == type, "a row of kinds.cc for every claim type, in its order");
  return kKinds[at];
}

const ClaimKind* find_claim_kind(std::string_view name) {
  const auto at = std::find_if(kKinds.begin(), kKinds.end(), [&](const ClaimKind& kind) { return kind.name == name; });
  return at == kKinds.end() ? nullptr : &*at;
}

Status validate_claim(const Claim& claim) {
  if (static_cast<std::size_t>(claim.type) >= kClaimTypes) return Error{ErrorCode::kInvalid, "claim: there is no such type"};
  const ClaimKind& kind = claim_kind(claim.type);
  if (claim.span.empty()) return wrong(kind, "", "a span of the note", "an empty one");
  for (std::size_t i = 0; i < claim.slots.size(); ++i) {
    const Slot& slot = claim.slots[i];
    const SlotSpec* spec = kind.slot(slot.name);
    if (spec == nullptr) {
      std::vector<Words> names;
      for (const SlotSpec& each : kind.slots) names.push_back(each.name);
      return wrong(kind, "", "slots named " + list(names), "'" + slot.name + "'");
    }
    for (std::size_t j = 0; j < i; ++j)
      if (claim.slots[j].name == slot.name) return wrong(kind, slot.name, "one value", "two");
    ANNALS_CHECK_OK(validate_slot(kind, *spec, slot.value));
  }
  for (const SlotSpec& spec : kind.slots)
    if (spec.required && claim.slot(spec.name) == nullptr) return wrong(kind, spec.name, type_text(spec.type), "nothing");
  if (claim.type == ClaimType::kScheduledEvent && !claim.when) return wrong(kind, "when", "a time", "nothing");
  for (const auto* when : {&claim.when, &claim.said_at}) {
    if (!*when) continue;
    if (auto parsed = parse_when((*when)->iso); !parsed) return at(kind.name, parsed.error());
    if ((*when)->from && (*when)->to && *(*when)->to < *(*when)->from) return wrong(kind, "when", "a time that ends after it starts", (*when)->iso);
  }
  return {};
}

Status validate_quote(const Claim& claim, const Statement& statement) {
  if (claim.quote.empty()) return {};
  const ClaimKind& kind = claim_kind(claim.type);
  if (const auto words = statement.words_at(claim.span)) {
    if (*words != claim.quote) return wrong(kind, "quote", "the words of its span, '" + *words + "'", "'" + claim.quote + "'");
  } else if (claim.quote.size() != claim.span.size()) {
    return wrong(kind, "quote", "the span's " + std::to_string(claim.span.size()) + " bytes", std::to_string(claim.quote.size()));
  }
  return {};
}

}  // namespace annals
