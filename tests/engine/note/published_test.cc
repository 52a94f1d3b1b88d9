// Goal: a printed time is as uncertain as it is, and nothing is known before the last instant it can mean.
#include <catch2/catch.hpp>

#include "engine/note/note.h"

using namespace annals;

namespace {

std::string made(std::string_view wall, std::string_view zone, ZoneSource source) {
  const auto published = make_published(wall, *Zone::find(zone), source);
  if (!published) return published.error().message;
  return std::string(precision_name(published->precision)) + " " + format_utc(published->earliest) + " " +
         format_utc(published->known_from) + " " + format_published(*published);
}

}  // namespace

TEST_CASE("a minute is known when it is over") {
  CHECK(made("2025-12-09T06:31", "UTC", ZoneSource::kOperator) ==
        "minute 2025-12-09T06:31:00Z 2025-12-09T06:32:00Z 2025-12-09T06:31:00+00:00");
  CHECK(made("2025-12-09 06:31:07", "Asia/Shanghai", ZoneSource::kPrinted) ==
        "second 2025-12-08T22:31:07Z 2025-12-08T22:31:08Z 2025-12-09T06:31:07+08:00");
}

TEST_CASE("a day means its end and a month its end") {
  CHECK(made("2025-12-09", "Asia/Shanghai", ZoneSource::kOperator) ==
        "day 2025-12-08T16:00:00Z 2025-12-09T16:00:00Z 2025-12-09");
  CHECK(made("2025-12", "UTC", ZoneSource::kOperator) == "month 2025-12-01T00:00:00Z 2026-01-01T00:00:00Z 2025-12");
  CHECK(made("2025", "UTC", ZoneSource::kOperator) == "year 2025-01-01T00:00:00Z 2026-01-01T00:00:00Z 2025");
}

TEST_CASE("an assumed zone counts as the later of it and UTC") {
  CHECK(made("2025-12-09T06:31", "Asia/Shanghai", ZoneSource::kAssumed) ==
        "minute 2025-12-08T22:31:00Z 2025-12-09T06:32:00Z 2025-12-09T06:31:00+08:00");
  CHECK(made("2025-12-09T06:31", "America/New_York", ZoneSource::kAssumed) ==
        "minute 2025-12-09T06:31:00Z 2025-12-09T11:32:00Z 2025-12-09T06:31:00-05:00");
}

TEST_CASE("a range holds both its ends") {
  CHECK(made("2025-06-01/2025-06-30", "UTC", ZoneSource::kOperator) ==
        "range 2025-06-01T00:00:00Z 2025-07-01T00:00:00Z 2025-06-01/2025-06-30");
  CHECK(made("2025-06/2025-08-05T12:00", "UTC", ZoneSource::kOperator) ==
        "range 2025-06-01T00:00:00Z 2025-08-05T12:01:00Z 2025-06/2025-08-05T12:00:00+00:00");
  CHECK(made("2025-Q3", "UTC", ZoneSource::kOperator) == "range 2025-07-01T00:00:00Z 2025-10-01T00:00:00Z 2025-Q3");
  CHECK(made("2025-08/2025-06", "UTC", ZoneSource::kOperator) ==
        "expected a range that ends after it begins, found '2025-08/2025-06'");
}

TEST_CASE("days that do not exist and other words are errors") {
  CHECK(made("2025-02-30", "UTC", ZoneSource::kOperator) == "2025-02-30: there is no such day");
  CHECK(made("soon", "UTC", ZoneSource::kOperator).find("found 'soon'") != std::string::npos);
  CHECK(made("2025-01-01/", "UTC", ZoneSource::kOperator).find("expected a time") == 0);
}

TEST_CASE("where clocks are set back the later instant counts") {
  CHECK(made("2025-11-02T01:30", "America/New_York", ZoneSource::kPrinted) ==
        "minute 2025-11-02T05:30:00Z 2025-11-02T06:31:00Z 2025-11-02T01:30:00-04:00");
}

TEST_CASE("places are told by line and column in characters") {
  CHECK(line_and_column("ab\n海关c", 0) == "1:1");
  CHECK(line_and_column("ab\n海关c", 3) == "2:1");
  CHECK(line_and_column("ab\n海关c", 9) == "2:3");
  CHECK(line_and_column("\xEF\xBB\xBFxy", 4) == "1:2");
  CHECK(line_and_column("ab", 99) == "1:3");
}

TEST_CASE("every value has a name") {
  CHECK(encoding_name(Encoding::kGb18030) == "gb18030");
  CHECK(language_name(Language::kUnknown) == "und");
  CHECK(language_name(Language::kZhHant) == "zh-Hant");
  CHECK(rendition_name(Rendition::kTranslation) == "translation");
  CHECK(zone_source_name(ZoneSource::kAssumed) == "assumed");
  CHECK(precision_name(Precision::kRange) == "range");
}
