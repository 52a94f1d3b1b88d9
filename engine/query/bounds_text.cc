#include <algorithm>
#include <charconv>

#include "engine/query/query.h"

namespace annals {
namespace {

constexpr Micros kTick{1};

Error invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

}  // namespace

Result<Bounds> resolve_bounds(const BoundsText& text, const Zone& zone, Instant now) {
  Bounds out;
  if (text.as_of && (text.published_by || text.valid_at))
    return invalid(std::string("--as-of sets both what was published and what is valid: leave out ") +
                   (text.published_by ? "--published-by" : "--valid-at"));
  const auto moment = [&](std::string_view option, const std::string& value) -> Result<Moment> {
    auto parsed = parse_moment(value, zone, now);
    if (!parsed) return at(option, parsed.error());
    return *parsed;
  };
  // Everything that a bare date can mean is known at its end, and what ends with it is known_from the next midnight.
  const auto known_by = [](const Moment& when) { return when.bare_date ? when.instant + kTick : when.instant; };
  out.published_by = out.valid_at = now;
  if (text.as_of) {
    ANNALS_TRY(const Moment when, moment("--as-of", *text.as_of));
    out.published_by = known_by(when);
    out.valid_at = when.instant;
  }
  if (text.published_by) {
    ANNALS_TRY(const Moment when, moment("--published-by", *text.published_by));
    out.published_by = known_by(when);
    out.valid_at = when.instant;
  }
  if (text.valid_at) {
    ANNALS_TRY(const Moment when, moment("--valid-at", *text.valid_at));
    out.valid_at = when.instant;
  }
  if (text.recorded_by) {
    std::string_view value = *text.recorded_by;
    if (value.starts_with('#')) value.remove_prefix(1);
    const bool digits = !value.empty() && std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
    // 2025 may be meant as a year; 1200 may not.
    if (digits && !text.recorded_by->starts_with('#') && value.size() == 4 && value >= "1900" && value <= "2199")
      return invalid("--recorded-by: '" + *text.recorded_by + "' may be a year or a position: expected a date such as " + *text.recorded_by + "-12-31, or #" + *text.recorded_by);
    if (digits) {
      std::uint64_t position = 0;
      if (std::from_chars(value.data(), value.data() + value.size(), position).ec != std::errc())
        return invalid("--recorded-by: expected a time or a position such as #12, found '" + *text.recorded_by + "'");
      out.recorded_to = Position{position};
    } else {
      ANNALS_TRY(const Moment when, moment("--recorded-by", *text.recorded_by));
      out.recorded_by = when.instant;
    }
  }
  if (text.clock == "observed") out.clock = KnownClock::kObserved;
  else if (text.clock != "published") return invalid("--clock: expected published or observed, found '" + text.clock + "'");
  if (text.undated == "include") out.undated = UndatedPolicy::kInclude;
  else if (text.undated != "exclude") return invalid("--undated: expected exclude or include, found '" + text.undated + "'");
  out.reviewed = text.reviewed;
  if (text.interpreter && text.interpreter->empty()) return invalid("--interpreter: expected a name such as annals or annals/1, found nothing");
  out.interpreter = text.interpreter;
  return out;
}

}  // namespace annals
