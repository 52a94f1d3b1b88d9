#pragma once
// What the kinds share in reading claims: keys of products at a place, and fields from slots.

#include <string>
#include <string_view>
#include <vector>

#include "engine/projection/projection.h"

namespace annals {

// The entity's id; empty where the slot is not there.
std::string slot_id(const Claim& claim, std::string_view slot);
// "h20/china"; a class with the vendor whose products are meant: "ai_chips@nvidia/china". `place_slot` falls back to china.
std::string product_key(const Claim& claim, const Names& names, std::string_view place_slot);

// Adds the slot as a field, if it is there: an entity by its id (a name the lexicon lacks as written), an amount as its number.
void add_slot(std::vector<Field>& fields, const Claim& claim, std::string_view slot);
// Adds words to a field that lists words, sorted, each once: "amd, nvidia".
void add_word(std::vector<Field>& fields, std::string_view name, const std::string& word);
// Conditions by type, read from their text: approved_customers, share, review, security. Sorted.
std::vector<std::string> condition_types(std::string_view text);

}  // namespace annals
