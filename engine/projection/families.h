#pragma once
// The names and families that the lexicon facts of the log give: what a key's entity is called, what it belongs to, whether it takes
// its family's rules. Built from facts in log order: the last about an entity counts. Immutable once built.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/language/lexicon.h"
#include "engine/projection/projection.h"

namespace annals {

class Families final : public Names {
 public:
  // Adds a fact; a later one about the same entity replaces the earlier.
  void add(const Entity& entity);
  // After the last add(): makes the index of names. A name that several entities bear stands for the first of them by id.
  void finish();

  std::string canonical(std::string_view id) const override;
  bool is_class(std::string_view id) const override;
  // A class that texts only point at ("related products", tag by_reference): without a maker it means nothing and reaches nothing.
  bool by_reference(std::string_view id) const;
  const Entity* find(std::string_view id) const;                 // null: no fact
  const Entity* by_name(std::string_view surface) const;         // folds it
  // What it takes rules from, nearest first: h200 → hopper, ai_chips. Ends where an entity does not inherit, or at a circle.
  std::vector<std::string> ancestors(std::string_view id) const;
  // Those that take rules from it, directly or through others, by id.
  std::vector<std::string> descendants(std::string_view id) const;
  // The id and every folded spelling under which a claim may name it.
  std::vector<std::string> spellings(std::string_view id) const;
  // SHA-256 over the facts that hold, by id; short hex.
  const std::string& version() const { return version_; }
  const std::map<std::string, Entity, std::less<>>& all() const { return entities_; }

 private:
  std::map<std::string, Entity, std::less<>> entities_;
  std::map<std::string, std::string, std::less<>> by_spelling_;  // folded alias → id
  std::string version_;
};

// The keys of ancestors that reach `key` (a product at a place), nearest first; a class first with the product's vendor.
std::vector<std::string> ancestor_keys(std::string_view key, const Families& families);

}  // namespace annals
