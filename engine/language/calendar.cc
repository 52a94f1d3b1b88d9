#include "engine/language/calendar.h"

#include <array>
#include <cmath>
#include <numbers>

namespace annals::calendar {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr double kRadians = std::numbers::pi / 180;

// Beijing time of a Julian ephemeris day, rounded to its date. The difference between dynamical and universal time
// (about a minute in these years) is taken as 65 s.
Civil beijing_day(double jde) {
  const double beijing = jde - 65.0 / 86400 + 8.0 / 24;
  const auto days = static_cast<int>(std::floor(beijing + 0.5 - 2440588.0));  // 2440588: noon of 1970-01-01
  return Civil(date::local_days(date::days(days)));
}

double julian(Civil wall) { return 2440587.5 + static_cast<double>(wall.time_since_epoch().count()) / 86400.0; }

// Apparent longitude of the sun in degrees (Meeus 25).
double sun(double jde) {
  const double t = (jde - 2451545.0) / 36525;
  const double mean = 280.46646 + 36000.76983 * t + 0.0003032 * t * t;
  const double anomaly = (357.52911 + 35999.05029 * t - 0.0001537 * t * t) * kRadians;
  const double centre = (1.914602 - 0.004817 * t - 0.000014 * t * t) * std::sin(anomaly) +
                        (0.019993 - 0.000101 * t) * std::sin(2 * anomaly) + 0.000289 * std::sin(3 * anomaly);
  const double node = (125.04 - 1934.136 * t) * kRadians;
  const double longitude = mean + centre - 0.00569 - 0.00478 * std::sin(node);
  return longitude - 360 * std::floor(longitude / 360);
}

double term_jde(int year, int longitude) {
  // Start near the day, then two Newton steps: the sun moves about a degree a day.
  double jde =
      julian(make(year, 3, 20)) + static_cast<double>(longitude >= 280 ? longitude - 360 : longitude) * 365.2422 / 360;
  for (int i = 0; i < 8; ++i) {
    double off = static_cast<double>(longitude) - sun(jde);
    off -= 360 * std::round(off / 360);
    jde += off * 365.2422 / 360;
  }
  return jde;
}

// Time of new moon number k (k = 0 is 2000-01-06), Meeus 49 with its larger terms.
double new_moon(double k) {
  const double t = k / 1236.85;
  const double jde = 2451550.09766 + 29.530588861 * k + 0.00015437 * t * t;
  const double e = 1 - 0.002516 * t - 0.0000074 * t * t;
  const double m = (2.5534 + 29.10535670 * k) * kRadians;
  const double mm = (201.5643 + 385.81693528 * k + 0.0107582 * t * t) * kRadians;
  const double f = (160.7108 + 390.67050284 * k - 0.0016118 * t * t) * kRadians;
  const double o = (124.7746 - 1.56375588 * k + 0.0020672 * t * t) * kRadians;
  double c = -0.40720 * std::sin(mm) + 0.17241 * e * std::sin(m) + 0.01608 * std::sin(2 * mm) +
             0.01039 * std::sin(2 * f) + 0.00739 * e * std::sin(mm - m) - 0.00514 * e * std::sin(mm + m) +
             0.00208 * e * e * std::sin(2 * m) - 0.00111 * std::sin(mm - 2 * f) - 0.00057 * std::sin(mm + 2 * f) +
             0.00056 * e * std::sin(2 * mm + m) - 0.00042 * std::sin(3 * mm) + 0.00042 * e * std::sin(m + 2 * f) +
             0.00038 * e * std::sin(m - 2 * f) - 0.00024 * e * std::sin(2 * mm - m) - 0.00017 * std::sin(o) -
             0.00007 * std::sin(mm + 2 * m) + 0.00004 * std::sin(2 * mm - 2 * f) + 0.00004 * std::sin(3 * m) +
             0.00003 * std::sin(mm + m - 2 * f) + 0.00003 * std::sin(2 * mm + 2 * f) -
             0.00003 * std::sin(mm + m + 2 * f) + 0.00003 * std::sin(mm - m + 2 * f) -
             0.00002 * std::sin(mm - m - 2 * f) - 0.00002 * std::sin(3 * mm + m) + 0.00002 * std::sin(4 * mm);
  // Planetary terms.
  static constexpr std::array<std::array<double, 3>, 14> kPlanets = {{{299.77, 0.107408, 0.000325},
                                                                      {251.88, 0.016321, 0.000165},
                                                                      {251.83, 26.651886, 0.000164},
                                                                      {349.42, 36.412478, 0.000126},
                                                                      {84.66, 18.206239, 0.000110},
                                                                      {141.74, 53.303771, 0.000062},
                                                                      {207.14, 2.453732, 0.000060},
                                                                      {154.84, 7.306860, 0.000056},
                                                                      {34.52, 27.261239, 0.000047},
                                                                      {207.19, 0.121824, 0.000042},
                                                                      {291.34, 1.844379, 0.000040},
                                                                      {161.72, 24.198154, 0.000037},
                                                                      {239.56, 25.513099, 0.000035},
                                                                      {331.55, 3.592518, 0.000023}}};
  for (const auto& [start, rate, size] : kPlanets) c += size * std::sin((start + rate * k) * kRadians);
  return jde + c;
}

// Number of the last new moon on or before that Beijing day.
int moon_on_or_before(Civil day) {
  int k = static_cast<int>(std::floor((julian(day) - 2451550.1) / 29.530588861)) + 2;
  while (beijing_day(new_moon(k)) > day) --k;
  return k;
}

// Whether the month that begins with new moon k has a principal term (a longitude that 30 divides).
bool has_principal_term(int k) {
  const Civil from = beijing_day(new_moon(k));
  const Civil to = beijing_day(new_moon(k + 1));
  // Longitudes at the two midnights in Beijing.
  const double a = sun(julian(from) - 8.0 / 24 + 65.0 / 86400);
  const double b = sun(julian(to) - 8.0 / 24 + 65.0 / 86400);
  const int before = static_cast<int>(std::floor(a / 30));
  const int after = static_cast<int>(std::floor(b / 30));
  // A term on the first midnight itself counts for this month.
  return before != after || std::fmod(a, 30) < 1e-9;
}

}  // namespace

Civil make(int year, int month, int day, int hour, int minute, int second) {
  int y = year + (month - 1) / 12;
  int m = (month - 1) % 12;
  if (m < 0) {
    m += 12;
    --y;
  }
  return Civil(date::local_days(date::year(y) / (m + 1) / day)) + hours(hour) + minutes(minute) + seconds(second);
}

Day day_of(Civil wall) {
  const date::year_month_day ymd{date::floor<date::days>(wall)};
  return {static_cast<int>(ymd.year()), static_cast<int>(static_cast<unsigned>(ymd.month())),
          static_cast<int>(static_cast<unsigned>(ymd.day()))};
}

Civil midnight(Civil wall) { return Civil(date::floor<date::days>(wall)); }

bool exists(int year, int month, int day) {
  if (year < 1 || year > 9998 || month < 1 || month > 12 || day < 1) return false;
  return (date::year(year) / month / day).ok();
}

int days_in_month(int year, int month) {
  return static_cast<int>(static_cast<unsigned>((date::year(year) / month / date::last).day()));
}

Civil plus_months(Civil wall, int months) {
  const Day d = day_of(wall);
  const int index = d.year * 12 + (d.month - 1) + months;
  const int year = index >= 0 ? index / 12 : -((11 - index) / 12);
  const int month = index - year * 12 + 1;
  const int day = std::min(d.day, days_in_month(year, month));
  return make(year, month, day) + (wall - midnight(wall));
}

Civil plus_days(Civil wall, int days) { return wall + date::days(days); }

int weekday(Civil wall) { return static_cast<int>(date::weekday(date::floor<date::days>(wall)).iso_encoding()) - 1; }

Civil monday(Civil wall) { return plus_days(midnight(wall), -weekday(wall)); }

Civil first_iso_week(int year) { return monday(make(year, 1, 4)); }

Civil plus_workdays(Civil wall, int n) {
  Civil day = wall;
  // Whole weeks at once: a large count must not be a long loop.
  day = plus_days(day, n / 5 * 7);
  int rest = n % 5;
  const int step = rest < 0 ? -1 : 1;
  while (rest != 0) {
    day = plus_days(day, step);
    if (weekday(day) < 5) rest -= step;
  }
  return day;
}

Civil easter(int year) {
  const int a = year % 19, b = year / 100, c = year % 100;
  const int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
  const int h = (19 * a + b - d - g + 15) % 30;
  const int i = c / 4, k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int month = (h + l - 7 * m + 114) / 31;
  const int day = (h + l - 7 * m + 114) % 31 + 1;
  return make(year, month, day);
}

Civil solar_term(int year, int longitude) { return beijing_day(term_jde(year, longitude)); }

std::optional<Civil> lunar(int year, int month, int day) {
  if (year < 1900 || year > 2100 || month < 1 || month > 12 || day < 1 || day > 30) return std::nullopt;
  // Month 11 holds the winter solstice; between two of them a month without a principal term is a leap month when there
  // are 13.
  const int eleventh = moon_on_or_before(solar_term(year - 1, 270));
  const int next_eleventh = moon_on_or_before(solar_term(year, 270));
  const int k_target = month >= 11 ? next_eleventh : eleventh;
  const int start = k_target;
  const int end = month >= 11 ? moon_on_or_before(solar_term(year + 1, 270)) : next_eleventh;
  const bool leap_year = end - start == 13;
  bool leap_seen = false;
  int number = 11;
  for (int k = start; k < end; ++k) {
    if (k > start) {
      if (leap_year && !leap_seen && !has_principal_term(k)) {
        leap_seen = true;
        continue;
      }
      number = number % 12 + 1;
    }
    if (number == month) {
      const Civil first = beijing_day(new_moon(k));
      const Civil next = beijing_day(new_moon(k + 1));
      const Civil found = plus_days(first, day - 1);
      return found < next ? std::optional<Civil>(found) : std::optional<Civil>(plus_days(next, -1));
    }
  }
  return std::nullopt;
}

std::optional<Civil> islamic(int year, int month, int day) {
  // Days from 1970-01-01 of a date of the tabular calendar; the era began on 16 July 622 (Julian), 492,148 days before.
  const auto days = [](int y, int m, int d) {
    return d + 29 * (m - 1) + m / 2 + (y - 1) * 354 + (3 + 11 * y) / 30 - 492149;
  };
  const int first = (year - 622) * 33 / 32;
  for (int y = std::max(1, first - 1); y <= first + 2; ++y) {
    const Civil at{date::local_days(date::days(days(y, month, day)))};
    if (day_of(at).year == year) return at;
  }
  return std::nullopt;
}

}  // namespace annals::calendar
