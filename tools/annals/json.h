#pragma once
// Events, claims and readings as JSON, with the names and the order that programs rely on, and back.
//
// What is written is enough to build the same event again, to the byte: `import` into an empty store checks that it is. Numbers
// without a fraction are written without one; a plain amount is a number, one with unit, comparator or upper end an object.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/claim/interpreter.h"
#include "engine/event/event.h"
#include "engine/log/event_log.h"

namespace annals::cli {

using Json = nlohmann::ordered_json;

Json number_json(double value);   // 25, not 25.0
Json instant_json(std::optional<Instant> instant);
Json target_json(const Target& target);
Json head_json(const ArticleHead& head);
std::string_view block_name(BlockKind kind);  // "heading", "paragraph", …
Json amount_json(const Amount& amount);
Json claim_json(const Claim& claim, const std::optional<Published>& published, const Zone& store_zone);
Json times_json(const std::vector<TimeMention>& times);
Json quantities_json(const std::vector<Quantity>& quantities);
Json entities_json(const std::vector<EntityMention>& entities);
Json lexicon_entity_json(const Entity& entity);
// `store_zone` resolves the wall times of claims of articles without a zone ("valid").
Json event_json(const Event& event, const Zone& store_zone);

// One line, no white space; what is not UTF-8 (there should be nothing) becomes U+FFFD.
std::string to_line(const Json& json);

// What event_json wrote. kInvalid: the field, what was expected, what was found. Derived fields ("valid") are passed over.
Result<Event> event_from_json(const Json& json);
// A claim alone, as --amend takes it and as sheets of claims hold it. `text`, `span` and the like may be left out.
Result<Claim> claim_from_json(const Json& json);
// What it says of a statement as a whole: speakers, modality, attribution, each of which may be left out.
Result<Reading> reading_head_from_json(const Json& json);

}  // namespace annals::cli
