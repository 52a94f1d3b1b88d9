#pragma once
// What the time reader's two grammars (times_chinese.cc, times_english.cc) hand to its common part (times.cc): a point
// in time as far as the words alone say it. Where the words leave the year, the month or the week open, settle() finds
// it from the reference.

#include <optional>
#include <string_view>

#include "engine/base/time.h"
#include "engine/language/times.h"

namespace annals::times {

enum class Part : std::uint8_t {
  kNone,
  kStart,       // 初: of a year its first two months, of a month its first five days
  kMiddle,      // 年中: May to August; 月中: 10th to 20th
  kEnd,         // 底, 末: of a year its last two months, of a month from the 25th
  kFirstTen,    // 上旬
  kMiddleTen,   // 中旬
  kLastTen,     // 下旬
  kEarly,       // 前期 of a decade
  kCentral,     // 中期
  kLate,        // 后期
  kFirstHalf,   // 上半月, 上半周
  kSecondHalf,  // 下半月, 下半周
  kLastDay,     // 季度末, end of the quarter
};

enum class Daypart : std::uint8_t {
  kNone,
  kSmallHours,
  kEarlyMorning,
  kMorning,
  kNoon,
  kAfternoon,
  kDusk,
  kEvening,
  kNight,
  kWholeDay
};

enum class Unit : std::uint8_t {
  kSecond,
  kMinute,
  kHour,
  kDay,
  kWorkday,
  kWeek,
  kFortnight,
  kMonth,
  kQuarter,
  kHalf,
  kYear,
  kDecade,
  kCentury
};

// Which way an open year, month or week is looked for.
enum class Cue : std::uint8_t { kNone, kPast, kFuture };

struct Point {
  std::size_t begin = 0;  // bytes of the folded text
  std::size_t end = 0;

  // Set by the grammar; zero or negative: not said.
  int year = 0;
  int year_to = 0;        // 2010-2015年
  bool relative = false;  // from the reference: 今年
  bool fiscal = false;
  int quarter = 0;
  int quarter_to = 0;
  int half = 0;
  int season = 0;  // 1 spring … 4 winter, 5 summer holidays, 6 winter holidays
  int month = 0;
  int month_to = 0;
  Part part = Part::kNone;  // of the finest period said before it
  int nth_week = 0;         // of the month or year; -1: the last
  int nth_weekday = 0;      // "first Monday of": with `weekday`
  int day = 0;
  int day_to = 0;
  int weekday = -1;     // Monday 0
  int week_offset = 0;  // with has_week: 上周 -1, 下下周 2
  bool has_week = false;
  bool weekend = false;
  bool lunar = false;
  int first_count = 0;  // 前10天 of the period, with first_unit
  int last_count = 0;   // 最后五天
  Unit count_unit = Unit::kDay;
  int festival = 0;           // index into the table of festivals, from 1
  bool near_week = false;     // this/coming: weekday on or behind the reference
  int weekday_direction = 0;  // -1 last (before the reference), +1 next in English senses handled by the grammar

  // An interval that needs no guess: 昨日, 上周, 1980年代, 十四五. Parts and clocks may narrow it.
  bool direct = false;
  Civil from{};
  Civil to{};
  Grain grain = Grain::kDay;

  Daypart daypart = Daypart::kNone;
  int hour = -1;
  int minute = -1;
  int second = -1;
  bool pm_given = false;  // the hour is on the 24-hour clock already, or am/pm said
  int hour_to = -1;       // 2-4pm
  int minute_to = -1;
  bool pm_to = false;

  bool approximate = false;      // 近日, 左右
  bool same_day_anchor = false;  // 当日, 同年: from the time named last
  TimeMod mod = TimeMod::kNone;  // from words inside the point: 年底前 comes later, "by end of"
  bool between = false;          // led by "between": its "and" links two points
  std::size_t inner = 0;         // led by "from" or "between": where the point itself begins
  bool due = false;              // a deadline: the day itself, not the stretch up to it
  bool is_duration = false;      // a length of time, no place on the calendar
  double length = 0;             // of a duration, in length_unit; 0: none was said (几个月, 1 hour and 20 minutes)
  Unit length_unit = Unit::kDay;
  bool longer = false;           // 三年多: at least that long
  bool is_repeat = false;        // 每周一, every Monday
  bool weak = false;             // needs support to be a time at all ("12号" alone)

  bool says_nothing() const {
    return year == 0 && quarter == 0 && half == 0 && season == 0 && month == 0 && day == 0 && weekday < 0 &&
           !has_week && !direct && hour < 0 && daypart == Daypart::kNone && festival == 0 && first_count == 0 &&
           last_count == 0;
  }
};

// What the grammars may ask while they read.
struct Context {
  std::string_view text;  // folded
  std::optional<Civil> reference;
  Civil now() const { return reference ? *reference : Civil{}; }
  // The last settled time of the text, for 同年, 当日, 次日.
  std::optional<Civil> named;
  std::optional<Civil> named_to;
  bool linked = false;  // behind the 至 or "-" of a range
};

// The point that begins at `at`, or none; durations and repeats are points too, marked. Both grammars are linear in
// what they consume and look a bounded distance ahead.
std::optional<Point> read_chinese_point(const Context& context, std::size_t at);
std::optional<Point> read_english_point(const Context& context, std::size_t at);

// [from, to) of a count of units before or after a moment.
Civil shift(Civil from, Unit unit, double count);

// Chinese festivals and those of news: by folded name at `at`; 0: none. `end` is behind the name.
int find_festival(std::string_view text, std::size_t at, std::size_t& end);
// Its day or days in that year.
std::optional<CivilRange> festival_in(int index, int year);

}  // namespace annals::times
