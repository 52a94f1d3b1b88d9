#pragma once
// Instants, wall times and zones.
//
// Three times live in this code, and mixing them is our off-by-one: published (by the outlet), recorded (by the log), valid (in
// the world). A name without one of these words is not finished. Calendar arithmetic and zones are Howard Hinnant's date library.

#include <date/date.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/error.h"

namespace annals {

using Micros = std::chrono::microseconds;
// A point on the world's clock (UTC), to the microsecond.
using Instant = std::chrono::time_point<std::chrono::system_clock, Micros>;
// A wall time without a zone, to the second: what a text says.
using Civil = date::local_seconds;

inline constexpr Instant kInstantMin = Instant::min();
inline constexpr Instant kInstantMax = Instant::max();

// How finely a time was said.
enum class Grain : std::uint8_t { kSecond, kMinute, kHour, kDay, kWeek, kMonth, kQuarter, kHalf, kYear, kDecade, kCentury };
std::string_view grain_name(Grain grain);  // "second" … "century"

// A zone of the IANA database, UTC, or a fixed offset ("+08:00"). Cheap to copy.
class Zone {
 public:
  static Zone utc();
  // "Asia/Shanghai", "UTC", "Z", "+08:00", "+0800", "GMT"; kInvalid names what was found and shows examples.
  static Result<Zone> find(std::string_view name);
  const std::string& name() const { return name_; }
  // Where the wall time is ambiguous (clocks set back) the earlier/later instant; where it does not exist, the instant of the jump.
  Instant earliest(Civil wall) const;
  Instant latest(Civil wall) const;
  Civil wall(Instant instant) const;           // rounded down to the second
  std::chrono::seconds offset(Instant instant) const;
  friend bool operator==(const Zone& a, const Zone& b) { return a.name_ == b.name_; }

 private:
  std::string name_ = "UTC";
  const void* zone_ = nullptr;                 // a date::time_zone, or null for a fixed offset
  std::chrono::seconds fixed_{0};
};

// [from, to) of wall times that an ISO 8601 text can mean, with its grain:
// 2025, 2025-H2, 2025-Q3, 2025-08, 2025-W32, 2025-08-05, 2025-08-05T20:17, 2025-08-05T20:17:30 (a blank may stand for the T).
struct CivilRange {
  Civil from{};
  Civil to{};
  Grain grain = Grain::kDay;
  friend bool operator==(const CivilRange&, const CivilRange&) = default;
};
// kInvalid for another shape and for days that do not exist ("2025-02-30: there is no such day").
Result<CivilRange> parse_civil(std::string_view text);

// What a person typed for a moment: an instant, and whether it was a bare date.
struct Moment {
  Instant instant{};       // a bare date: the last microsecond of that day in `zone`; a bare month or year likewise
  bool bare_date = false;
};
// An ISO time with offset or Z, an ISO wall time (taken in `zone`), a bare date, or "now" (needs `now`).
Result<Moment> parse_moment(std::string_view text, const Zone& zone, Instant now);

std::string format_utc(Instant instant);                    // 2025-12-09T06:32:00Z, with .123456 where not a whole second
std::string format_local(Instant instant, const Zone& zone);  // 2025-12-09T14:32:00+08:00
std::string format_civil(Civil wall);                       // 2025-12-09T06:31:00
std::string format_civil_date(Civil wall);                  // 2025-12-09

// Where the time comes from: the machine in the program, a test's hand in tests.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};
class SystemClock final : public Clock {
 public:
  Instant now() const override { return std::chrono::time_point_cast<Micros>(std::chrono::system_clock::now()); }
};
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start) : now_(start) {}
  Instant now() const override { return now_; }
  void set(Instant instant) { now_ = instant; }
  void advance(Micros by) { now_ += by; }

 private:
  Instant now_;
};

}  // namespace annals
