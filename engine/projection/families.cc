#include "engine/projection/families.h"

#include <algorithm>
#include <set>

#include "engine/language/fold.h"

namespace annals {

void Families::add(const Entity& entity) { entities_.insert_or_assign(entity.id, entity); }

void Families::finish() {
  by_spelling_.clear();
  Sha256 hash;
  for (const auto& [id, entity] : entities_) {
    hash.add_field(id).add_field(static_cast<std::uint64_t>(entity.kind)).add_field(entity.name);
    by_spelling_.try_emplace(fold(entity.name), id);
    for (const std::string& alias : entity.aliases) {
      hash.add_field(alias);
      by_spelling_.try_emplace(fold(alias), id);
    }
    hash.add_field(entity.family.value_or("")).add_field(entity.inherits_rules ? 1 : 0).add_field(entity.vendor.value_or(""));
    hash.add_field(entity.country.value_or(""));
    for (const std::string& tag : entity.tags) hash.add_field(tag);
  }
  version_ = hash.finish().hex().substr(0, 12);
}

std::string Families::canonical(std::string_view id) const {
  if (entities_.contains(id)) return std::string(id);
  const auto at = by_spelling_.find(id);
  return at == by_spelling_.end() ? std::string(id) : at->second;
}

bool Families::is_class(std::string_view id) const {
  const Entity* entity = find(id);
  return entity != nullptr && entity->kind == EntityKind::kProductClass;
}

bool Families::by_reference(std::string_view id) const {
  const Entity* entity = find(id);
  return entity != nullptr && std::find(entity->tags.begin(), entity->tags.end(), "by_reference") != entity->tags.end();
}

const Entity* Families::find(std::string_view id) const {
  const auto at = entities_.find(id);
  return at == entities_.end() ? nullptr : &at->second;
}

const Entity* Families::by_name(std::string_view surface) const {
  const std::string folded = fold(surface);
  if (const Entity* entity = find(folded)) return entity;
  const auto at = by_spelling_.find(folded);
  return at == by_spelling_.end() ? nullptr : find(at->second);
}

std::vector<std::string> Families::ancestors(std::string_view id) const {
  std::vector<std::string> out;
  std::set<std::string> seen{std::string(id)};
  for (const Entity* entity = find(id); entity != nullptr && entity->inherits_rules && entity->family;) {
    if (!seen.insert(*entity->family).second) break;
    out.push_back(*entity->family);
    entity = find(*entity->family);
  }
  return out;
}

std::vector<std::string> Families::descendants(std::string_view id) const {
  std::vector<std::string> out;
  for (const auto& [each, entity] : entities_) {
    const auto above = ancestors(each);
    if (std::find(above.begin(), above.end(), id) != above.end()) out.push_back(each);
  }
  return out;
}

std::vector<std::string> Families::spellings(std::string_view id) const {
  std::set<std::string> out{std::string(id)};
  if (const Entity* entity = find(id)) {
    out.insert(fold(entity->name));
    for (const std::string& alias : entity->aliases) out.insert(fold(alias));
  }
  return {out.begin(), out.end()};
}

std::vector<std::string> ancestor_keys(std::string_view key, const Families& families) {
  const std::size_t slash = key.find('/');
  const std::string place = slash == std::string_view::npos ? std::string() : std::string(key.substr(slash));
  const std::string_view product = key.substr(0, slash);
  const std::size_t vendor_at = product.find('@');
  const std::string id(product.substr(0, vendor_at));
  std::vector<std::string> out;
  std::string vendor;
  if (vendor_at != std::string_view::npos) {
    vendor = product.substr(vendor_at + 1);
    if (!families.by_reference(id)) out.push_back(id + place);  // the class whosever make
  } else if (const Entity* entity = families.find(id); entity != nullptr && entity->vendor) {
    vendor = families.canonical(*entity->vendor);
  }
  for (const std::string& ancestor : families.ancestors(id)) {
    if (!vendor.empty() && families.is_class(ancestor)) out.push_back(ancestor + "@" + vendor + place);
    if (!families.by_reference(ancestor)) out.push_back(ancestor + place);
  }
  return out;
}

}  // namespace annals
