#pragma once
// One typed thing a statement says, tied to the bytes that say it. The kinds, their slots and vocabularies are in kinds.h.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/time.h"
#include "engine/language/lexicon.h"
#include "engine/language/quantities.h"
#include "engine/language/times.h"
#include "engine/note/note.h"

namespace annals {

enum class ClaimType : std::uint8_t {
  kExportControl, kImportControl, kRevenueShare, kIpoMilestone, kFinancing, kMetric, kProductMilestone, kScheduledEvent,
};
inline constexpr std::size_t kClaimTypes = 8;

enum class Modality : std::uint8_t { kAsserted, kReported, kDenied, kForecast, kPlanned, kConditional };
// How the article makes somebody responsible: its own voice, a named speaker, an unnamed one, or nobody at all.
enum class Attribution : std::uint8_t { kOwn, kNamed, kAnonymous, kHearsay };
// What a claim says about time; see ARCHITECTURE.md. Kinds without a course of time (metric, …) have kBegins for acts, kTarget for
// what is planned or forecast, kHolds else.
enum class Aspect : std::uint8_t { kBegins, kHolds, kHeld, kTarget };
std::string_view modality_name(Modality modality);
std::string_view attribution_name(Attribution attribution);
std::string_view aspect_name(Aspect aspect);
std::optional<Modality> find_modality(std::string_view name);
std::optional<Attribution> find_attribution(std::string_view name);
std::optional<Aspect> find_aspect(std::string_view name);

// A thing named in a slot. `id` is the lexicon's, or, where the lexicon lacks it, the folded name as written.
struct EntityRef {
  std::string id;
  std::string text;
  bool known = true;   // the id is the lexicon's
  friend bool operator==(const EntityRef&, const EntityRef&) = default;
};
// A number in a slot, folded into base units.
struct Amount {
  double value = 0;
  std::optional<double> high;
  Comparator comparator = Comparator::kEqual;
  std::string unit;      // "", "%", "CNY", "GB", "倍"
  friend bool operator==(const Amount&, const Amount&) = default;
};
using SlotValue = std::variant<EntityRef, std::vector<EntityRef>, Amount, std::string>;
struct Slot {
  std::string name;      // as in the kind's table: "product", "status", "rate"
  SlotValue value;
  friend bool operator==(const Slot&, const Slot&) = default;
};

// The time a claim is about: ISO text as in the guide ("2026-Q1", "a/b", "2025-08/..", "FY2026-Q2") with what it resolves to.
struct When {
  std::string iso;
  std::optional<Civil> from;
  std::optional<Civil> to;     // exclusive
  Grain grain = Grain::kDay;
  friend bool operator==(const When&, const When&) = default;
};
// What an ISO text of that shape resolves to. Fiscal periods name a time without saying when it lies: no bounds.
// kInvalid: another shape, a day that does not exist, an end before its start.
Result<When> parse_when(std::string_view iso);
When when_of(const TimeMention& time);

// Over which time a claim holds, resolved when it was read. Absent bounds are open.
enum class ValidFromSource : std::uint8_t { kWhen, kPublished, kUnknown };
std::string_view valid_from_source_name(ValidFromSource source);
std::optional<ValidFromSource> find_valid_from_source(std::string_view name);
struct Valid {
  std::optional<Instant> from;
  std::optional<Instant> to;   // exclusive
  ValidFromSource from_source = ValidFromSource::kUnknown;
  friend bool operator==(const Valid&, const Valid&) = default;
};

struct Claim {
  ClaimType type = ClaimType::kExportControl;
  Modality modality = Modality::kAsserted;
  Attribution attribution = Attribution::kOwn;
  Aspect aspect = Aspect::kBegins;
  std::vector<std::string> speakers;   // nearest first, as written
  std::optional<When> when;
  std::optional<When> said_at;         // when the speaker spoke, where told
  ByteSpan span;                       // of the note: the shortest stretch that carries the claim
  std::string quote;                   // those bytes, as a person reads them
  std::string rule;                    // the rule that made it, for people who ask why
  std::vector<Slot> slots;
  friend bool operator==(const Claim&, const Claim&) = default;

  const SlotValue* slot(std::string_view name) const;      // null: not said
  const EntityRef* entity(std::string_view name) const;    // of a list: its first
  const Amount* amount(std::string_view name) const;
  std::string_view text(std::string_view name) const;      // "" where absent
  void set(std::string_view name, SlotValue value);        // replaces
};

// The valid time of a claim of an article published at `published` (none: undated).
//   begins  from `when`, else from known_from (from_source kPublished); open-ended
//   holds   `from` is the instant *by* which it holds: the start of `when`, else known_from with from_source kUnknown; open-ended
//   held    the span `when` names, cut at known_from; else ../known_from
//   target  from known_from on, open-ended; `when` is what is expected and stays in the claim
// A `when` that only says "until X" ends begins and holds at X. Wall times are taken in `zone`, the article's own.
Valid resolve_valid(const Claim& claim, const std::optional<Published>& published, const Zone& zone);

}  // namespace annals
