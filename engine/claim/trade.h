#pragma once
// What the rules about trade share: which side acts, where goods go, whose goods they are, on what condition.

#include <optional>
#include <string>
#include <vector>

#include "engine/claim/scene.h"

namespace annals {

enum class Side : std::uint8_t { kNone, kExporter, kImporter };
struct Actor {
  Side side = Side::kNone;
  EntityRef ref;
  Range at;
};

// Governments, agencies, officials and countries that act, in order; a country that goods go to does not.
// Whether the statement is about what leaves China, by its own rules.
bool exports_of_china(const Scene& scene);
std::vector<Actor> actors_of(const Scene& scene);
// The one whose act `trigger` is: the last before it in its clause, else in its sentence. Side::kNone: nobody is named.
Actor actor_of(const Scene& scene, Range trigger, bool clause_only = false);

// Where goods go, where the clause or its sentence says so. China first.
std::vector<EntityRef> destinations_of(const Scene& scene, Range trigger);

// A product with the maker it is limited to.
struct Goods {
  const Name* product = nullptr;   // null: `ref` comes from the article
  EntityRef ref;
  std::optional<EntityRef> vendor;
};
// The goods of an act: products near the trigger with their makers; a class once per maker named in the sentence. What the article
// is about where the statement names nothing and `from_article` allows.
std::vector<Goods> goods_of(const Scene& scene, Range trigger, bool after_first, bool from_article);

// "in the interest of …": the short text of a condition; empty where none is said.
std::string condition_of(const Scene& scene, Range trigger);

// As speaks_of_export, by words of the border alone: a bare ban (of travel, of phones on board) is not enough.
bool crosses_border(const Scene& scene, Range around);
// The sentence speaks of goods crossing a border, or its article is about that.
bool speaks_of_export(const Scene& scene, Range around);

}  // namespace annals
