#pragma once
// Calendar arithmetic of the time reader: wall-time building blocks, weeks, Easter, the Chinese calendar and solar
// terms. Sources: Howard Hinnant's date algorithms (the library); Easter: the anonymous Gregorian computus (Meeus,
// Astronomical Algorithms, ch. 8); solar terms and new moons: Meeus' low-precision solar longitude (ch. 25) and mean
// phases (ch. 49), good to minutes, in Beijing time. Years 1900 to 2100.

#include <optional>
#include <string_view>

#include "engine/base/time.h"

namespace annals::calendar {

struct Day {
  int year = 0;
  int month = 0;
  int day = 0;
};

// A day that exists, at midnight. `month` may run beyond 1..12 and carries into the year; `day` must exist.
Civil make(int year, int month, int day, int hour = 0, int minute = 0, int second = 0);
Day day_of(Civil wall);
Civil midnight(Civil wall);
bool exists(int year, int month, int day);
int days_in_month(int year, int month);
// Months further; the 31st of a shorter month is its last day. Keeps the clock.
Civil plus_months(Civil wall, int months);
Civil plus_days(Civil wall, int days);
// Monday 0 … Sunday 6.
int weekday(Civil wall);
// Midnight of that week's Monday.
Civil monday(Civil wall);
// Midnight of the Monday of ISO week 1.
Civil first_iso_week(int year);
// Saturdays and Sundays are none; public holidays are not known. n may be negative.
Civil plus_workdays(Civil wall, int n);

Civil easter(int year);
// The day on which the sun reaches `longitude` degrees (0 spring equinox, 270 winter solstice) in that year; 清明
// is 15.
Civil solar_term(int year, int longitude);
// Day of a date of the Chinese calendar (no leap months). None outside 1900..2100.
std::optional<Civil> lunar(int year, int month, int day);
// The first day of that Gregorian year with this date of the tabular Islamic calendar (civil epoch, leap years 2, 5, 7, 10,
// 13, 16, 18, 21, 24, 26, 29 of 30; Reingold and Dershowitz, Calendrical Calculations, ch. 7). What is proclaimed by
// sight may lie a day beside it.
std::optional<Civil> islamic(int year, int month, int day);

}  // namespace annals::calendar
