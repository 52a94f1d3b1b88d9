#include "tools/annals/names.h"

namespace annals::cli {
namespace {

void resolve(EntityRef& entity, const Lexicon& lexicon) {
  // A class key names its vendor too: ai_chips@nvidia.
  const auto known_id = [&](std::string_view id) {
    const std::size_t vendor = id.find('@');
    return vendor == std::string_view::npos ? lexicon.find(id) != nullptr : lexicon.find(id.substr(0, vendor)) != nullptr && lexicon.find(id.substr(vendor + 1)) != nullptr;
  };
  entity.known = true;
  if (known_id(entity.id)) return;
  if (const Entity* known = lexicon.by_name(entity.text)) {
    entity.id = known->id;
  } else if (const Entity* by_id = lexicon.by_name(entity.id)) {
    entity.id = by_id->id;
  } else {
    entity.id = fold(entity.id);
    entity.known = false;
  }
}

}  // namespace

void resolve_names(Claim& claim, const Lexicon& lexicon) {
  for (Slot& slot : claim.slots) {
    if (auto* entity = std::get_if<EntityRef>(&slot.value)) resolve(*entity, lexicon);
    if (auto* list = std::get_if<std::vector<EntityRef>>(&slot.value))
      for (EntityRef& each : *list) resolve(each, lexicon);
  }
}

}  // namespace annals::cli
