#include "engine/claim/claim.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace annals {
namespace {

constexpr std::array<std::string_view, 6> kModalities{"asserted", "reported", "denied", "forecast", "planned", "conditional"};
constexpr std::array<std::string_view, 4> kAttributions{"own", "named", "anonymous", "hearsay"};
constexpr std::array<std::string_view, 4> kAspects{"begins", "holds", "held", "target"};
constexpr std::array<std::string_view, 3> kFromSources{"when", "published", "unknown"};

template <class Enum, std::size_t N>
std::string_view name_of(const std::array<std::string_view, N>& names, Enum value) {
  const auto at = static_cast<std::size_t>(value);
  check(at < N, "a name for every value");
  return names[at];
}

template <class Enum, std::size_t N>
std::optional<Enum> find_name(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end()) return std::nullopt;
  return static_cast<Enum>(at - names.begin());
}

// FY2026, FY2026-Q2, FY2026-H1: years differ from company to company, so these name a period without saying when it lies.
bool is_fiscal(std::string_view iso) {
  if (iso.size() != 6 && iso.size() != 9) return false;
  if (iso.substr(0, 2) != "FY") return false;
  for (const char c : iso.substr(2, 4))
    if (std::isdigit(static_cast<unsigned char>(c)) == 0) return false;
  if (iso.size() == 6) return true;
  const char part = iso[7];
  const char number = iso[8];
  return iso[6] == '-' && ((part == 'Q' && number >= '1' && number <= '4') || (part == 'H' && (number == '1' || number == '2')));
}

}  // namespace

std::string_view modality_name(Modality modality) { return name_of(kModalities, modality); }
std::string_view attribution_name(Attribution attribution) { return name_of(kAttributions, attribution); }
std::string_view aspect_name(Aspect aspect) { return name_of(kAspects, aspect); }
std::string_view valid_from_source_name(ValidFromSource source) { return name_of(kFromSources, source); }
std::optional<Modality> find_modality(std::string_view name) { return find_name<Modality>(kModalities, name); }
std::optional<Attribution> find_attribution(std::string_view name) { return find_name<Attribution>(kAttributions, name); }
std::optional<Aspect> find_aspect(std::string_view name) { return find_name<Aspect>(kAspects, name); }
std::optional<ValidFromSource> find_valid_from_source(std::string_view name) { return find_name<ValidFromSource>(kFromSources, name); }

const SlotValue* Claim::slot(std::string_view name) const {
  const auto at = std::find_if(slots.begin(), slots.end(), [&](const Slot& slot) { return slot.name == name; });
  return at == slots.end() ? nullptr : &at->value;
}

const EntityRef* Claim::entity(std::string_view name) const {
  const SlotValue* value = slot(name);
  if (value == nullptr) return nullptr;
  if (const auto* one = std::get_if<EntityRef>(value)) return one;
  if (const auto* many = std::get_if<std::vector<EntityRef>>(value); many != nullptr && !many->empty()) return &many->front();
  return nullptr;
}

const Amount* Claim::amount(std::string_view name) const {
  const SlotValue* value = slot(name);
  return value == nullptr ? nullptr : std::get_if<Amount>(value);
}

std::string_view Claim::text(std::string_view name) const {
  const SlotValue* value = slot(name);
  if (value == nullptr) return {};
  const auto* text = std::get_if<std::string>(value);
  return text == nullptr ? std::string_view{} : std::string_view(*text);
}

void Claim::set(std::string_view name, SlotValue value) {
  for (Slot& slot : slots) {
    if (slot.name == name) {
      slot.value = std::move(value);
      return;
    }
  }
  slots.push_back({std::string(name), std::move(value)});
}

Result<When> parse_when(std::string_view iso) {
  When when;
  when.iso = std::string(iso);
  if (is_fiscal(iso)) {
    when.grain = iso.size() == 6 ? Grain::kYear : iso[7] == 'Q' ? Grain::kQuarter : Grain::kHalf;
    return when;
  }
  const std::size_t slash = iso.find('/');
  if (slash == std::string_view::npos) {
    ANNALS_TRY(const CivilRange range, parse_civil(iso));
    when.from = range.from;
    when.to = range.to;
    when.grain = range.grain;
    return when;
  }
  const std::string_view first = iso.substr(0, slash);
  const std::string_view second = iso.substr(slash + 1);
  if (first == ".." && second == "..")
    return Error{ErrorCode::kInvalid, "expected a time like 2026-Q1, 2025-08/.., a/b or FY2026-Q2, found '" + std::string(iso) + "'"};
  if (first != "..") {
    ANNALS_TRY(const CivilRange range, parse_civil(first));
    when.from = range.from;
    when.grain = range.grain;
  }
  if (second != "..") {
    ANNALS_TRY(const CivilRange range, parse_civil(second));
    // The end of an interval is exclusive; "until X" includes X.
    when.to = first == ".." ? range.to : range.from;
    when.grain = first == ".." ? range.grain : std::min(when.grain, range.grain);
  }
  if (when.from && when.to && *when.to < *when.from)
    return Error{ErrorCode::kInvalid, "expected a time that ends after it starts, found '" + std::string(iso) + "'"};
  return when;
}

When when_of(const TimeMention& time) { return {time.iso, time.from, time.to, time.grain}; }

Valid resolve_valid(const Claim& claim, const std::optional<Published>& published, const Zone& zone) {
  std::optional<Instant> known_from;
  if (published) known_from = published->known_from;
  std::optional<Instant> from;
  std::optional<Instant> to;
  if (claim.when && claim.when->from) from = zone.earliest(*claim.when->from);
  if (claim.when && claim.when->to) to = zone.latest(*claim.when->to);
  const auto otherwise = known_from ? ValidFromSource::kPublished : ValidFromSource::kUnknown;

  switch (claim.aspect) {
    case Aspect::kBegins:
      if (from) return {from, std::nullopt, ValidFromSource::kWhen};
      return {known_from, to, otherwise};
    case Aspect::kHolds:
      if (from) return {from, std::nullopt, ValidFromSource::kWhen};
      return {known_from, to, ValidFromSource::kUnknown};
    case Aspect::kHeld:
      // A past is over by publication, whatever the text leaves open.
      if (!to || (known_from && *to > *known_from)) to = known_from;
      if (from && to && *to <= *from) return {std::nullopt, to, ValidFromSource::kUnknown};
      return {from, to, from ? ValidFromSource::kWhen : ValidFromSource::kUnknown};
    case Aspect::kTarget:
      return {known_from, std::nullopt, otherwise};
  }
  return {};
}

}  // namespace annals
