#include "engine/query/key_words.h"

#include <algorithm>
#include <utility>

#include "engine/language/fold.h"
#include "engine/language/lexicon.h"

namespace annals {
namespace {

Error invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

bool is_product(EntityKind kind) {
  return kind == EntityKind::kProduct || kind == EntityKind::kFamily || kind == EntityKind::kProductClass;
}

}  // namespace

KeyShape key_shape(const Projection& projection) {
  const std::string_view name = projection.name();
  if (name == "metric") return KeyShape::kMetric;
  if (name == "calendar") return KeyShape::kCalendar;
  return projection.help().key.starts_with("PRODUCT[") ? KeyShape::kProductAtPlace : KeyShape::kEntity;
}

KeyWords::Named KeyWords::entity(std::string_view words, bool product_wanted, const Families& families) const {
  if (const Entity* entity = families.by_name(words)) return {entity->id, entity->name, true};
  if (const Entity* entity = lexicon_.find(fold(words))) return {entity->id, entity->name, true};
  if (const Entity* entity = lexicon_.by_name(words)) return {entity->id, entity->name, true};
  const FoldedText folded(words);
  const EntityMention* best = nullptr;
  const auto mentions = lexicon_.mentions(folded);
  for (const EntityMention& mention : mentions) {
    if (mention.id.empty()) continue;
    const bool fits = is_product(mention.kind) == product_wanted;
    const bool best_fits = best != nullptr && is_product(best->kind) == product_wanted;
    if (best == nullptr || fits || !best_fits) best = &mention;
  }
  if (best != nullptr) {
    const Entity* entity = lexicon_.find(best->id);
    return {best->id, entity != nullptr ? entity->name : best->text, true};
  }
  return {folded.text(), std::string(words), false};
}

Result<ResolvedKey> KeyWords::resolve(const Projection& projection, std::string_view words, const Families& families) const {
  if (words.empty()) return invalid("expected " + std::string(projection.help().key) + ", found nothing");
  const KeyShape shape = key_shape(projection);
  if (shape == KeyShape::kCalendar) {
    const std::size_t bar = words.find('|');
    if (bar == std::string_view::npos) {
      const Named who = entity(words, false, families);
      return ResolvedKey{who.id, who.id, who.name, who.known};
    }
    if (bar == 0) return ResolvedKey{std::string(words), "", std::string(words.substr(1)), true};
    const Named who = entity(words.substr(0, bar), false, families);
    return ResolvedKey{who.id + std::string(words.substr(bar)), who.id, who.name, who.known};
  }
  const std::size_t slash = shape == KeyShape::kEntity ? std::string_view::npos : words.find('/');
  std::string_view subject = words.substr(0, slash);
  std::string_view vendor;
  if (const std::size_t mark = subject.find('@'); mark != std::string_view::npos) {
    vendor = subject.substr(mark + 1);
    subject = subject.substr(0, mark);
  }
  const Named named = entity(subject, shape == KeyShape::kProductAtPlace || projection.name() == "product", families);
  ResolvedKey out{named.id, named.id, named.name, named.known};
  if (!vendor.empty()) {
    const Named maker = entity(vendor, false, families);
    out.key += "@" + maker.id;
    out.name += " of " + maker.name;
  }
  if (shape == KeyShape::kProductAtPlace) {
    const std::string_view place = slash == std::string_view::npos ? std::string_view("china") : words.substr(slash + 1);
    out.key += "/" + entity(place, false, families).id;
  } else if (shape == KeyShape::kMetric && slash != std::string_view::npos) {
    out.key += "/" + fold(words.substr(slash + 1));
  }
  return out;
}

Result<std::vector<std::string>> KeyWords::resolved(const Projection& projection, std::span<const std::string> words, const Families& families) const {
  std::vector<std::string> out;
  for (const std::string& each : words) {
    ANNALS_TRY(ResolvedKey key, resolve(projection, each, families));
    out.push_back(std::move(key.key));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::optional<std::string> KeyWords::prefix_meant(const Projection& projection, const ResolvedKey& resolved) {
  const KeyShape shape = key_shape(projection);
  const char mark = shape == KeyShape::kMetric ? '/' : '|';
  if ((shape == KeyShape::kMetric || shape == KeyShape::kCalendar) && resolved.key.find(mark) == std::string::npos) return resolved.key + mark;
  return std::nullopt;
}

}  // namespace annals
