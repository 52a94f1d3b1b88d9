// The words for kinds of entities, apart from the look-ups so that the build's generators can link them alone.
#include <algorithm>
#include <array>

#include "engine/language/lexicon.h"

namespace annals {
namespace {

constexpr std::array<std::string_view, 14> kKinds = {"company", "product",      "family",  "class",  "exchange",
                                                     "agency",  "person",       "country", "region", "currency",
                                                     "outlet",  "organization", "index",   "other"};

}  // namespace

std::string_view entity_kind_name(EntityKind kind) { return kKinds.at(static_cast<std::size_t>(kind)); }

std::optional<EntityKind> find_entity_kind(std::string_view name) {
  const auto at = std::find(kKinds.begin(), kKinds.end(), name);
  if (at == kKinds.end()) return std::nullopt;
  return static_cast<EntityKind>(at - kKinds.begin());
}

bool Entity::tagged(std::string_view tag) const { return std::find(tags.begin(), tags.end(), tag) != tags.end(); }

}  // namespace annals
