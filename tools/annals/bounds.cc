#include "tools/annals/bounds.h"

#include <fmt/format.h>

#include <charconv>

namespace annals::cli {
namespace {

Error invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

struct Step {
  int months = 0;
  int days = 0;
  Micros time{0};
};

Result<Step> parse_step(std::string_view text) {
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (error == std::errc() && count > 0 && count <= 100'000) {
    if (unit == "m" || unit == "min") return Step{0, 0, std::chrono::minutes(count)};
    if (unit == "h") return Step{0, 0, std::chrono::hours(count)};
    if (unit == "d") return Step{0, count, {}};
    if (unit == "w") return Step{0, 7 * count, {}};
    if (unit == "mo") return Step{count, 0, {}};
    if (unit == "y") return Step{12 * count, 0, {}};
  }
  return invalid(fmt::format("--every: expected a count with m, h, d, w, mo or y, such as 1d or 30m, found '{}'", text));
}

Result<std::chrono::seconds> parse_clock(std::string_view text) {
  auto range = parse_civil("2000-01-01T" + std::string(text));
  if (!range || text.size() < 4) return invalid(fmt::format("--at: expected a time of day such as 09:30, found '{}'", text));
  return std::chrono::seconds(range->from - date::floor<date::days>(range->from));
}

// The wall time that the moment names: of a bare date its midnight, to which the time of day is added.
Result<Civil> wall_of(std::string_view option, std::string_view text, const std::optional<std::string>& at, const Zone& zone, const Clock& clock) {
  ANNALS_TRY(const Moment when, moment(option, text, zone, clock));
  if (!when.bare_date) {
    if (at) return invalid(fmt::format("--at: {} {} has a time of day already", option, text));
    return zone.wall(when.instant);
  }
  if (!at) return invalid(fmt::format("{} {}: a bare date does not say when on that day; give --at (such as 09:30) or a full time", option, text));
  ANNALS_TRY(const std::chrono::seconds clock_time, parse_clock(*at));
  const auto range = parse_civil(text);
  if (!range || range->grain != Grain::kDay) return invalid(fmt::format("{}: expected a day or a full time, found '{}'", option, text));
  return range->from + clock_time;
}

}  // namespace

void add_policies(Command& command, BoundsOptions& options) {
  command.add_option("--recorded-by", options.text.recorded_by, "Only what this log had recorded by then (R): a time, or a position such as #1200")->type_name("T|P");
  command.add_option("--clock", options.text.clock, "What known means: published (default) or observed, when these very bytes are known to have been read")->type_name("C");
  command.add_option("--undated", options.text.undated, "Statements without a publication time: exclude (default) or include")->type_name("U");
  command.add_flag("--reviewed", options.text.reviewed, "Only claims that a review accepted or amended");
  command.add_option("--interpreter", options.text.interpreter, "Whose reading: a name such as annals (its newest), or name/version")->type_name("NAME");
  command.add_option("--tz", options.tz, "Zone of bare dates and of printed times (default: the store's)")->type_name("Z");
}

void add_bounds(Command& command, BoundsOptions& options) {
  command.add_option("--as-of", options.text.as_of, "The world as known at T: published by T, valid at T. A bare date means to its end")->type_name("T");
  command.add_option("--published-by", options.text.published_by, "Only what was published by P; alone, valid at P too")->type_name("P");
  command.add_option("--valid-at", options.text.valid_at, "The moment in the world that is asked about (V)")->type_name("V");
  add_policies(command, options);
}

Result<Zone> zone_of(const std::optional<std::string>& tz, const EventLog& log) {
  if (!tz) return log.info().zone;
  auto zone = Zone::find(*tz);
  if (!zone) return at("--tz", zone.error());
  return zone;
}

Result<Asked> resolve(const BoundsOptions& options, const EventLog& log, const Clock& clock) {
  Asked out;
  ANNALS_TRY(out.zone, zone_of(options.tz, log));
  ANNALS_TRY(out.bounds, resolve_bounds(options.text, out.zone, clock.now()));
  return out;
}

Result<Moment> moment(std::string_view option, std::string_view text, const Zone& zone, const Clock& clock) {
  auto out = parse_moment(text, zone, clock.now());
  if (!out) return at(option, out.error());
  return out;
}

Result<std::vector<Instant>> steps(std::string_view from, std::string_view to, std::string_view every, const std::optional<std::string>& at,
                                   const Zone& zone, const Clock& clock) {
  ANNALS_TRY(const Step step, parse_step(every));
  ANNALS_TRY(const Civil first, wall_of("--from", from, at, zone, clock));
  ANNALS_TRY(const Civil last, wall_of("--to", to, at, zone, clock));
  const Instant end = zone.latest(last);
  std::vector<Instant> out;
  const auto first_day = date::floor<date::days>(first);
  const date::year_month_day start{first_day};
  for (int i = 0;; ++i) {
    Instant instant;
    if (step.time.count() > 0) {
      instant = zone.earliest(first) + i * step.time;
    } else {
      auto day = first_day + date::days(i * step.days);
      if (step.months > 0) {
        const auto month = start.year() / start.month() + date::months(i * step.months);
        const auto day_of_month = month / start.day();
        day = date::local_days(day_of_month.ok() ? day_of_month : month / date::last);  // the 31st of a shorter month is its last day
      }
      instant = zone.earliest(day + (first - first_day));
    }
    if (instant > end) break;
    // A step that the clocks skip falls on the same instant as another; each instant is asked once.
    if (out.empty() || instant > out.back()) out.push_back(instant);
    if (out.size() > kStepsMax) return invalid(fmt::format("--every {}: more than {} steps", every, kStepsMax));
  }
  if (out.empty()) return invalid(fmt::format("--to {}: expected a time not before --from {}", to, from));
  return out;
}

}  // namespace annals::cli
