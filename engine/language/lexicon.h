#pragma once
// The names the engine knows: companies, chips and their families, exchanges, agencies, officials, countries, currencies, outlets,
// each in Chinese (both scripts fold to one) and English, with tickers. Data, in YAML (engine/language/lexicon/*.yaml), compiled in;
// users add files at run time. Immutable once loaded: calls from many threads are fine.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/language/fold.h"

namespace annals {

enum class EntityKind : std::uint8_t {
  kCompany, kProduct, kFamily, kProductClass, kExchange, kAgency, kPerson, kCountry, kRegion, kCurrency, kOutlet, kOrganization, kIndex,
  kOther,
};
std::string_view entity_kind_name(EntityKind kind);

struct Entity {
  std::string id;                          // stable, lower case: "h200", "nvidia", "us_commerce"
  EntityKind kind = EntityKind::kOther;
  std::string name;                        // canonical, for people
  std::vector<std::string> aliases;        // every surface form, as written in the data
  std::optional<std::string> family;       // what it belongs to: h200 → hopper → ai_chips (a class); people → their office
  bool inherits_rules = true;              // a product takes its family's rules where it has none of its own
  std::optional<std::string> vendor;       // maker of a product, employer of a person, parent of a company
  std::optional<std::string> country;      // ISO 3166 alpha-2, lower case
  std::vector<std::string> tags;           // "chip", "memory", "regulator", "board", …
};

// A name in a text.
struct EntityMention {
  std::string id;      // empty: a name the lexicon lacks, kept as written
  std::string text;    // as written
  ByteSpan span;       // of the original text
  EntityKind kind = EntityKind::kOther;
};

class Lexicon {
 public:
  // The shipped data.
  static const Lexicon& builtin();
  // The shipped data with a user's file (text of a YAML document, named `where` in errors) over it: new entities are added, known
  // ids get the new aliases and any field given anew. kInvalid: "where:line:column: …".
  static Result<Lexicon> with(const Lexicon& base, std::string_view yaml, std::string_view where);

  const Entity* find(std::string_view id) const;             // null: unknown
  const Entity* by_name(std::string_view surface) const;     // by any spelling of any alias; null: unknown
  std::span<const Entity> all() const;
  // h200 → {hopper, ai_chips}: nearest first.
  std::vector<std::string> ancestors(std::string_view id) const;
  // SHA-256 over the data in canonical order, short hex: names the version that a reading rests on.
  const std::string& version() const;

  // All names in the text, longest first at each place, not overlapping, in order. ASCII names match at word borders only.
  std::vector<EntityMention> mentions(const FoldedText& text) const;

  Lexicon(Lexicon&&) noexcept;
  Lexicon& operator=(Lexicon&&) noexcept;
  ~Lexicon();

 private:
  struct Data;
  explicit Lexicon(std::shared_ptr<const Data> data);
  std::shared_ptr<const Data> data_;
};

}  // namespace annals
