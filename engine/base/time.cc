#include "engine/base/time.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdlib>

namespace annals {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Error invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

// Reads exactly `digits` decimal digits at `at`, moving it; -1 where they are not there.
int take_digits(std::string_view text, std::size_t& at, int digits) {
  if (at + static_cast<std::size_t>(digits) > text.size()) return -1;
  int value = 0;
  for (int i = 0; i < digits; ++i) {
    const char c = text[at + static_cast<std::size_t>(i)];
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  at += static_cast<std::size_t>(digits);
  return value;
}

bool take(std::string_view text, std::size_t& at, char c) {
  if (at >= text.size() || text[at] != c) return false;
  ++at;
  return true;
}

// "+08:00", "-0330", "+08" at `at`, as seconds.
std::optional<seconds> take_offset(std::string_view text, std::size_t& at) {
  if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return std::nullopt;
  const int sign = text[at] == '-' ? -1 : 1;
  std::size_t cursor = at + 1;
  const int h = take_digits(text, cursor, 2);
  if (h < 0 || h > 18) return std::nullopt;
  int m = 0;
  if (cursor < text.size()) {
    take(text, cursor, ':');
    m = take_digits(text, cursor, 2);
    if (m < 0 || m > 59) return std::nullopt;
  }
  at = cursor;
  return sign * (hours(h) + minutes(m));
}

Civil civil(int year, int month, int day) {
  return Civil(date::local_days(date::year(year) / month / day));
}

Civil plus_months(Civil day, int count) {
  const date::year_month_day ymd{date::floor<date::days>(day)};
  return Civil(date::local_days((ymd.year() / ymd.month() + date::months(count)) / 1));
}

std::string fraction(Instant instant) {
  const auto part = instant.time_since_epoch() % std::chrono::seconds(1);
  const auto micros = part.count() < 0 ? part.count() + 1'000'000 : part.count();
  return micros == 0 ? std::string() : fmt::format(".{:06}", micros);
}

}  // namespace

std::string_view grain_name(Grain grain) {
  static constexpr std::array<std::string_view, 11> kNames = {"second", "minute", "hour", "day",  "week",   "month",
                                                              "quarter", "half",  "year", "decade", "century"};
  return kNames[static_cast<std::size_t>(grain)];
}

Zone Zone::utc() { return Zone(); }

Result<Zone> Zone::find(std::string_view name) {
  Zone out;
  if (name == "UTC" || name == "Z" || name == "GMT" || name == "Etc/UTC") return out;
  std::size_t at = 0;
  if (auto offset = take_offset(name, at); offset && at == name.size()) {
    out.fixed_ = *offset;
    const auto total = std::chrono::duration_cast<minutes>(*offset).count();
    out.name_ = fmt::format("{}{:02}:{:02}", total < 0 ? '-' : '+', std::abs(total) / 60, std::abs(total) % 60);
    return out;
  }
  try {
    const date::time_zone* zone = date::locate_zone(std::string(name));
    out.zone_ = zone;
    out.name_ = zone->name();
    return out;
  } catch (const std::exception&) {
    return invalid(fmt::format("unknown time zone '{}': expected a name such as Asia/Shanghai, UTC, or an offset such as +08:00", name));
  }
}

Instant Zone::earliest(Civil wall) const {
  if (zone_ == nullptr) return Instant(wall.time_since_epoch() - fixed_);
  return static_cast<const date::time_zone*>(zone_)->to_sys(wall, date::choose::earliest);
}

Instant Zone::latest(Civil wall) const {
  if (zone_ == nullptr) return Instant(wall.time_since_epoch() - fixed_);
  return static_cast<const date::time_zone*>(zone_)->to_sys(wall, date::choose::latest);
}

std::chrono::seconds Zone::offset(Instant instant) const {
  if (zone_ == nullptr) return fixed_;
  return static_cast<const date::time_zone*>(zone_)->get_info(instant).offset;
}

Civil Zone::wall(Instant instant) const {
  return Civil(date::floor<seconds>(instant).time_since_epoch() + offset(instant));
}

Result<CivilRange> parse_civil(std::string_view text) {
  std::size_t at = 0;
  auto bad = [&] { return invalid(fmt::format("expected a time such as 2025, 2025-Q3, 2025-08, 2025-08-05 or 2025-08-05T20:17, found '{}'", text)); };
  const int year = take_digits(text, at, 4);
  if (year < 1) return bad();
  if (at == text.size()) return CivilRange{civil(year, 1, 1), civil(year + 1, 1, 1), Grain::kYear};
  if (!take(text, at, '-')) return bad();
  if (take(text, at, 'Q') || (at < text.size() && text[at] == 'q' && ++at)) {
    const int q = take_digits(text, at, 1);
    if (q < 1 || q > 4 || at != text.size()) return bad();
    const Civil from = civil(year, 3 * q - 2, 1);
    return CivilRange{from, plus_months(from, 3), Grain::kQuarter};
  }
  if (take(text, at, 'H')) {
    const int half = take_digits(text, at, 1);
    if (half < 1 || half > 2 || at != text.size()) return bad();
    const Civil from = civil(year, half == 1 ? 1 : 7, 1);
    return CivilRange{from, plus_months(from, 6), Grain::kHalf};
  }
  if (take(text, at, 'W')) {
    const int week = take_digits(text, at, 2);
    if (week < 1 || week > 53 || at != text.size()) return bad();
    // ISO week 1 holds January 4th.
    const auto fourth = date::local_days(date::year(year) / 1 / 4);
    const auto monday = fourth - (date::weekday(fourth) - date::Monday) + date::weeks(week - 1);
    return CivilRange{Civil(monday), Civil(monday + date::weeks(1)), Grain::kWeek};
  }
  const int month = take_digits(text, at, 2);
  if (month < 1 || month > 12) return bad();
  if (at == text.size()) {
    const Civil from = civil(year, month, 1);
    return CivilRange{from, plus_months(from, 1), Grain::kMonth};
  }
  if (!take(text, at, '-')) return bad();
  const int day = take_digits(text, at, 2);
  if (day < 1) return bad();
  const auto ymd = date::year(year) / month / day;
  if (!ymd.ok()) return invalid(fmt::format("{}: there is no such day", text.substr(0, at)));
  const Civil midnight = Civil(date::local_days(ymd));
  if (at == text.size()) return CivilRange{midnight, midnight + hours(24), Grain::kDay};
  if (!take(text, at, 'T') && !take(text, at, ' ')) return bad();
  const int h = take_digits(text, at, 2);
  if (h < 0 || h > 24) return bad();
  if (at == text.size()) return CivilRange{midnight + hours(h), midnight + hours(h + 1), Grain::kHour};
  if (!take(text, at, ':')) return bad();
  const int m = take_digits(text, at, 2);
  if (m < 0 || m > 59 || (h == 24 && m != 0)) return bad();
  if (at == text.size()) return CivilRange{midnight + hours(h) + minutes(m), midnight + hours(h) + minutes(m + 1), Grain::kMinute};
  if (!take(text, at, ':')) return bad();
  const int s = take_digits(text, at, 2);
  if (s < 0 || s > 60 || at != text.size()) return bad();
  const Civil from = midnight + hours(h) + minutes(m) + seconds(std::min(s, 59));
  return CivilRange{from, from + seconds(1), Grain::kSecond};
}

Result<Moment> parse_moment(std::string_view text, const Zone& zone, Instant now) {
  if (text == "now") return Moment{now, false};
  const std::size_t clock = text.find_first_of("T ");
  if (clock == std::string_view::npos) {
    ANNALS_TRY(const CivilRange range, parse_civil(text));
    return Moment{zone.latest(range.to) - Micros(1), true};
  }
  std::string_view wall = text;
  std::optional<Zone> own;
  if (text.ends_with('Z')) {
    own = Zone::utc();
    wall.remove_suffix(1);
  } else if (const std::size_t sign = text.find_last_of("+-"); sign != std::string_view::npos && sign > clock) {
    ANNALS_TRY(own, Zone::find(text.substr(sign)));
    wall = text.substr(0, sign);
  }
  Micros micros{0};
  if (const std::size_t dot = wall.find('.'); dot != std::string_view::npos) {
    const std::string_view digits = wall.substr(dot + 1);
    if (digits.empty() || digits.size() > 9) return invalid(fmt::format("expected up to 9 decimals of a second, found '{}'", text));
    std::int64_t value = 0;
    for (std::size_t i = 0; i < 6; ++i) {
      const char c = i < digits.size() ? digits[i] : '0';
      if (c < '0' || c > '9') return invalid(fmt::format("expected up to 9 decimals of a second, found '{}'", text));
      value = value * 10 + (c - '0');
    }
    micros = Micros(value);
    wall = wall.substr(0, dot);
  }
  ANNALS_TRY(const CivilRange range, parse_civil(wall));
  return Moment{(own ? *own : zone).earliest(range.from) + micros, false};
}

// Every claim that is placed prints some: streams, which date::format goes through, took a twentieth of the time of an index.
std::string format_civil_date(Civil wall) {
  const date::year_month_day day{date::floor<date::days>(wall)};
  const int year = static_cast<int>(day.year());
  return fmt::format("{}{:04}-{:02}-{:02}", year < 0 ? "-" : "", std::abs(year), static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}
std::string format_civil(Civil wall) {
  const date::hh_mm_ss time{wall - date::floor<date::days>(wall)};
  return fmt::format("{}T{:02}:{:02}:{:02}", format_civil_date(wall), time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string format_utc(Instant instant) {
  return format_civil(Zone::utc().wall(instant)) + fraction(instant) + "Z";
}

std::string format_local(Instant instant, const Zone& zone) {
  const auto total = std::chrono::duration_cast<minutes>(zone.offset(instant)).count();
  return fmt::format("{}{}{}{:02}:{:02}", format_civil(zone.wall(instant)), fraction(instant), total < 0 ? '-' : '+',
                     std::abs(total) / 60, std::abs(total) % 60);
}

}  // namespace annals
