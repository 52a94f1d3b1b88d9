#pragma once
// The names the engine knows: companies, chips and their families, exchanges, agencies, officials, countries,
// currencies, outlets, each in Chinese (both scripts fold to one) and English, with tickers. Data, in YAML
// (engine/language/lexicon/*.yaml, whose README.md is the schema), compiled in; users add files at run time. Immutable
// once loaded: calls from many threads are fine.

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
  kCompany,
  kProduct,
  kFamily,
  kProductClass,
  kExchange,
  kAgency,
  kPerson,
  kCountry,
  kRegion,
  kCurrency,
  kOutlet,
  kOrganization,
  kIndex,
  kOther,
};
// "company", "product", "family", "class", "exchange", "agency", "person", "country", "region", "currency", "outlet",
// "organization", "index", "other".
std::string_view entity_kind_name(EntityKind kind);
std::optional<EntityKind> find_entity_kind(std::string_view name);

struct Entity {
  std::string id;  // stable, lower case: "h200", "nvidia", "us_commerce"
  EntityKind kind = EntityKind::kOther;
  std::string name;                  // canonical, for people
  std::vector<std::string> aliases;  // every surface form, as written in the data, the name first
  std::vector<std::string> tickers;  // "NVDA", "0700.HK", "688256.SH"
  std::optional<std::string> family;  // what it belongs to: h200 → hopper → ai_chips (a class); people → their office
  bool inherits_rules = true;         // a product takes its family's rules where it has none of its own
  std::optional<std::string> vendor;   // maker of a product, employer of a person, parent of a company or agency
  std::optional<std::string> country;  // ISO 3166 alpha-2, lower case
  std::vector<std::string> tags;       // "chip", "memory", "regulator", "board", …
  bool tagged(std::string_view tag) const;
};

// A name in a text.
struct EntityMention {
  std::string id;    // empty: a name the lexicon lacks, kept as written
  std::string text;  // as written
  ByteSpan span;     // of the original text
  EntityKind kind = EntityKind::kOther;
};

class Lexicon {
 public:
  // The shipped data.
  static const Lexicon& builtin();
  // `base` with a user's file (text of a YAML document, named `where` in errors) over it: new entities are added; known
  // ids get the new names and any field given anew; a name that `base` gives to another entity goes to the user's,
  // unless it has a context. kInvalid: "where:line:column: expected …, found …".
  static Result<Lexicon> with(const Lexicon& base, std::string_view yaml, std::string_view where);

  const Entity* find(std::string_view id) const;          // null: unknown
  const Entity* by_name(std::string_view surface) const;  // by any spelling of any alias, ticker or id; null: unknown
  std::span<const Entity> all() const;                    // sorted by id
  // h200 → {hopper, ai_chips}: nearest first. Whether rules reach down is inherits_rules of each link's lower end.
  std::vector<std::string> ancestors(std::string_view id) const;
  // SHA-256 over the data in canonical order, 16 hex digits: names the version that a reading rests on.
  const std::string& version() const;

  // All names in the text, longest first at each place, not overlapping, in order. ASCII names match at word borders
  // only: H200 in 英伟达H200 and H200s, not in H2000 or GH200. A chip's name takes the noun behind it along (H200芯片,
  // Blackwell GPUs), which would else be read as the class. Linear.
  std::vector<EntityMention> mentions(const FoldedText& text) const;

  Lexicon(const Lexicon&) = default;
  Lexicon& operator=(const Lexicon&) = default;
  Lexicon(Lexicon&&) noexcept = default;
  Lexicon& operator=(Lexicon&&) noexcept = default;
  ~Lexicon() = default;

 private:
  struct Data;
  explicit Lexicon(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  std::shared_ptr<const Data> data_;
};

}  // namespace annals
