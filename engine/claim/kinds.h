#pragma once
// The kinds of claims, their slots and vocabularies: the one table that readers, interpreters, JSON and projections agree on.
// Adding one: a value of ClaimType, a row in kinds.cc, a file pair in engine/claim/rules/, a folder tests/golden/claims/<kind>/.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/claim/claim.h"
#include "engine/statement/statement.h"

namespace annals {

enum class SlotType : std::uint8_t { kEntity, kEntities, kAmount, kText, kVocabulary };
struct SlotSpec {
  std::string_view name;
  SlotType type;
  bool key = false;                                   // part of what makes two claims the same
  bool required = false;
  std::span<const std::string_view> vocabulary = {};  // of kVocabulary, in the usual order of steps
  std::string_view fallback = {};                     // where a statement leaves it out: "china" for a destination
};
struct ClaimKind {
  ClaimType type;
  std::string_view name;         // "export_control"
  std::string_view description;  // one line
  std::span<const SlotSpec> slots;
  const SlotSpec* slot(std::string_view name) const;
};
std::span<const ClaimKind> claim_kinds();
const ClaimKind& claim_kind(ClaimType type);
const ClaimKind* find_claim_kind(std::string_view name);

// kInvalid: the slot, what was expected, what was found. For claims from outside (other interpreters, imports, reviews).
Status validate_claim(const Claim& claim);
// kInvalid unless the quote is what stands at the claim's span: the statement's own words there, or, of a claim that its
// heading or title makes, words as long as their place (only the note could tell more). No quote is no error.
Status validate_quote(const Claim& claim, const Statement& statement);

}  // namespace annals
