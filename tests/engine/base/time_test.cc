#include "engine/base/time.h"

#include <catch2/catch.hpp>

using namespace annals;

namespace {
std::string range(std::string_view text) {
  const auto parsed = parse_civil(text);
  if (!parsed) return parsed.error().message;
  return format_civil(parsed->from) + " " + format_civil(parsed->to) + " " + std::string(grain_name(parsed->grain));
}
Zone zone(std::string_view name) { return Zone::find(name).value(); }
Instant utc(std::string_view text) { return parse_moment(text, Zone::utc(), {}).value().instant; }
}  // namespace

TEST_CASE("ISO texts mean half-open ranges of wall time") {
  CHECK(range("2025") == "2025-01-01T00:00:00 2026-01-01T00:00:00 year");
  CHECK(range("2025-H2") == "2025-07-01T00:00:00 2026-01-01T00:00:00 half");
  CHECK(range("2025-Q4") == "2025-10-01T00:00:00 2026-01-01T00:00:00 quarter");
  CHECK(range("2025-12") == "2025-12-01T00:00:00 2026-01-01T00:00:00 month");
  CHECK(range("2026-W01") == "2025-12-29T00:00:00 2026-01-05T00:00:00 week");
  CHECK(range("2024-02-29") == "2024-02-29T00:00:00 2024-03-01T00:00:00 day");
  CHECK(range("2025-08-05T20:17") == "2025-08-05T20:17:00 2025-08-05T20:18:00 minute");
  CHECK(range("2025-08-05 20:17:30") == "2025-08-05T20:17:30 2025-08-05T20:17:31 second");
  CHECK(range("2025-08-05T24:00") == "2025-08-06T00:00:00 2025-08-06T00:01:00 minute");
}

TEST_CASE("a day that does not exist is refused by name") {
  CHECK(range("2025-02-30") == "2025-02-30: there is no such day");
  for (const char* text : {"", "25-01-01", "2025-13", "2025-1-1", "2025-Q5", "soon", "2025-08-05T20:61", "2025-08-05x"}) {
    INFO(text);
    CHECK_FALSE(parse_civil(text).ok());
  }
}

TEST_CASE("a bare date as a bound is the last microsecond of that day in the zone") {
  const auto moment = parse_moment("2025-12-10", zone("Asia/Shanghai"), {}).value();
  CHECK(moment.bare_date);
  CHECK(format_utc(moment.instant) == "2025-12-10T15:59:59.999999Z");
  CHECK(format_utc(parse_moment("2025-12", Zone::utc(), {}).value().instant) == "2025-12-31T23:59:59.999999Z");
}

TEST_CASE("a moment may carry its own zone") {
  CHECK(format_utc(utc("2025-12-09T14:32:00+08:00")) == "2025-12-09T06:32:00Z");
  CHECK(format_utc(utc("2025-12-09T06:32:00.25Z")) == "2025-12-09T06:32:00.250000Z");
  CHECK(format_utc(parse_moment("2025-12-09T09:30", zone("America/New_York"), {}).value().instant) == "2025-12-09T14:30:00Z");
  CHECK(parse_moment("now", Zone::utc(), utc("2026-01-02T03:04:05Z")).value().instant == utc("2026-01-02T03:04:05Z"));
  CHECK_FALSE(parse_moment("2025-12-09T09:30+99:00", Zone::utc(), {}).ok());
}

TEST_CASE("an unknown zone is refused with examples") {
  CHECK(Zone::find("Asia/Atlantis").error().message ==
        "unknown time zone 'Asia/Atlantis': expected a name such as Asia/Shanghai, UTC, or an offset such as +08:00");
  CHECK(zone("+0800").name() == "+08:00");
  CHECK(zone("-03:30").name() == "-03:30");
}

TEST_CASE("a wall time that the clocks skip or repeat has an earliest and a latest instant") {
  const Zone york = zone("America/New_York");
  const Civil twice = parse_civil("2025-11-02T01:30").value().from;
  CHECK(york.latest(twice) - york.earliest(twice) == std::chrono::hours(1));
  const Civil never = parse_civil("2025-03-09T02:30").value().from;
  CHECK(york.latest(never) == york.earliest(never));
  CHECK(format_local(york.earliest(never), york) == "2025-03-09T03:00:00-04:00");
}

TEST_CASE("instants before 1970 are written right") {
  CHECK(format_utc(utc("1969-12-31T23:59:59.5Z")) == "1969-12-31T23:59:59.500000Z");
  CHECK(format_utc(utc("1900-01-01T00:00:00Z")) == "1900-01-01T00:00:00Z");
  CHECK(format_civil(Civil(date::local_days(date::year{-5} / 3 / 1)) + std::chrono::seconds(61)) == "-0005-03-01T00:01:01");
  CHECK(format_civil_date(Civil(date::local_days(date::year{12345} / 3 / 1))) == "12345-03-01");
}
