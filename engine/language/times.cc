#include "engine/language/times.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>

#include "engine/base/utf8.h"
#include "engine/language/calendar.h"
#include "engine/language/match.h"
#include "engine/language/numerals.h"
#include "engine/language/times_grammar.h"
#include "engine/language/quantities.h"
#include "engine/language/times_scan.h"

namespace annals {

using namespace std::string_view_literals;

std::string_view time_mod_name(TimeMod mod) {
  static constexpr std::array<std::string_view, 6> kNames = {"", "since", "until", "before", "after", "approximate"};
  return kNames[static_cast<std::size_t>(mod)];
}

namespace {

using calendar::day_of;
using calendar::make;

// One end of an interval at its grain: 2026, 2026-H1, 2026-Q1, 2025-08, 2025-08-05, 2025-08-05T20:17.
std::string point_iso(Civil at, Grain grain) {
  const calendar::Day d = day_of(at);
  const auto clock = at - calendar::midnight(at);
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(clock).count();
  const auto seconds = clock.count() % 60;
  if (seconds != 0)
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", d.year, d.month, d.day, minutes / 60, minutes % 60,
                       seconds);
  if (minutes != 0 || grain <= Grain::kHour)
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}", d.year, d.month, d.day, minutes / 60, minutes % 60);
  const bool month_start = d.day == 1;
  if (grain >= Grain::kYear && month_start && d.month == 1) return fmt::format("{:04}", d.year);
  if (grain == Grain::kHalf && month_start && (d.month == 1 || d.month == 7))
    return fmt::format("{:04}-H{}", d.year, d.month == 1 ? 1 : 2);
  if (grain == Grain::kQuarter && month_start && d.month % 3 == 1)
    return fmt::format("{:04}-Q{}", d.year, (d.month + 2) / 3);
  if (grain >= Grain::kMonth && month_start) return fmt::format("{:04}-{:02}", d.year, d.month);
  return fmt::format("{:04}-{:02}-{:02}", d.year, d.month, d.day);
}

}  // namespace

std::string iso_of(std::optional<Civil> from, std::optional<Civil> to, Grain grain) {
  if (!from && !to) return {};
  if (!from) return "../" + point_iso(*to, grain);
  if (!to) return point_iso(*from, grain) + "/..";
  const calendar::Day d = day_of(*from);
  const bool whole = *from == calendar::midnight(*from) && *to == calendar::midnight(*to);
  if (whole && d.day == 1) {
    if (d.month == 1 && *to == make(d.year + 1, 1, 1)) return fmt::format("{:04}", d.year);
    if (d.month % 6 == 1 && *to == make(d.year, d.month + 6, 1))
      return fmt::format("{:04}-H{}", d.year, d.month == 1 ? 1 : 2);
    if (d.month % 3 == 1 && *to == make(d.year, d.month + 3, 1))
      return fmt::format("{:04}-Q{}", d.year, (d.month + 2) / 3);
    if (*to == make(d.year, d.month + 1, 1)) return fmt::format("{:04}-{:02}", d.year, d.month);
  }
  if (whole && *to == calendar::plus_days(*from, 1)) return fmt::format("{:04}-{:02}-{:02}", d.year, d.month, d.day);
  if (*to - *from == std::chrono::minutes(1) && grain == Grain::kMinute) return point_iso(*from, Grain::kMinute);
  if (*to - *from == std::chrono::seconds(1) && grain == Grain::kSecond) return point_iso(*from, Grain::kSecond);
  return point_iso(*from, grain) + "/" + point_iso(*to, grain);
}

namespace times {

Civil shift(Civil from, Unit unit, double count) {
  count = std::clamp(count, -200000.0, 200000.0);
  const double whole = std::trunc(count);
  const double rest = count - whole;
  const int n = static_cast<int>(whole);
  auto years = [&](double y) {
    y = std::clamp(y, -1500.0, 1500.0);
    return calendar::plus_months(from, static_cast<int>(std::lround(y * 12)));
  };
  auto months = [&](double m) {
    m = std::clamp(m, -18000.0, 18000.0);
    const Civil at = calendar::plus_months(from, static_cast<int>(std::trunc(m)));
    return calendar::plus_days(at, static_cast<int>(std::lround((m - std::trunc(m)) * 30)));
  };
  switch (unit) {
    case Unit::kSecond:
      return from + std::chrono::seconds(static_cast<long>(std::lround(count)));
    case Unit::kMinute:
      return from + std::chrono::seconds(static_cast<long>(std::lround(count * 60)));
    case Unit::kHour:
      return from + std::chrono::seconds(static_cast<long>(std::lround(count * 3600)));
    case Unit::kDay:
      return calendar::plus_days(from, n) + std::chrono::seconds(static_cast<long>(std::lround(rest * 86400)));
    case Unit::kWorkday:
      return calendar::plus_workdays(from, n);
    case Unit::kWeek:
      return calendar::plus_days(from, static_cast<int>(std::lround(std::clamp(count, -50000.0, 50000.0) * 7)));
    case Unit::kFortnight:
      return calendar::plus_days(from, static_cast<int>(std::lround(std::clamp(count, -50000.0, 50000.0) * 14)));
    case Unit::kMonth:
      return months(count);
    case Unit::kQuarter:
      return months(count * 3);
    case Unit::kHalf:
      return months(count * 6);
    case Unit::kYear:
      return years(count);
    case Unit::kDecade:
      return years(count * 10);
    case Unit::kCentury:
      return years(count * 100);
  }
  return from;
}

namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

struct Interval {
  Civil from{};
  Civil to{};
  Grain grain = Grain::kDay;
};

// Characters a Chinese time can begin with: most positions of a text are passed over by this alone.
const std::bitset<0x10000>& starters() {
  static const std::bitset<0x10000> kBits = [] {
    std::bitset<0x10000> bits;
    constexpr std::u32string_view kChars =
        U"第之今昨明前后去上下本当这那近未过最同年月季半每逢初一二三四五六七八九十百千两几数廿卅零〇壹贰叁肆伍陆柒捌玖"
        U"拾周"
        U"星礼春夏秋冬国元中端清除双圣感自从截至到直早晚凌午傍夜此"
        U"现即次翌隔头首末再大小往以接随后还旧来出农阴正腊民令平昭明康雍乾嘉光万日寻琴听是该转岁深盛开入寒暑复平情妇儿"
        U"重黑立雨惊谷芒处白霜财“盘尾连黎拂朝晏黄全北截约目";
    for (const char32_t c : kChars) bits.set(c & 0xFFFF);
    return bits;
  }();
  return kBits;
}

struct CueFound {
  Cue cue = Cue::kNone;
  bool bare = true;  // nothing but the time stands there
};

class Reader {
 public:
  Reader(std::string_view text, std::optional<Civil> reference) : text_(text) {
    context_.text = text;
    context_.reference = reference;
  }

  struct Found {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::optional<Civil> from;
    std::optional<Civil> to;
    Grain grain = Grain::kDay;
    TimeMod mod = TimeMod::kNone;
    bool fiscal = false;
    bool relative = false;
    bool duration = false;
    std::optional<DurationMention> length;  // of a duration that says how long; text and span are filled in later
    std::string iso;
  };

  std::vector<Found> read() {
    std::size_t at = 0;
    while (at < text_.size()) at = step(at);
    return std::move(out_);
  }

 private:
  bool looking_at(std::string_view what, std::size_t at) const { return stands_at(text_, at, what); }
  std::size_t blank(std::size_t at) const { return at < text_.size() && text_[at] == ' ' ? at + 1 : at; }

  std::size_t step(std::size_t at) {
    const auto c = static_cast<unsigned char>(text_[at]);
    if (c < 0x80) {
      if (text_[at] == ';' || text_[at] == '!' || text_[at] == '?') end_sentence();
      if (is_letter(text_[at])) return latin(at);
      if (is_digit(text_[at])) return digits(at);
      return at + 1;
    }
    const CodePoint point = decode_utf8(text_, at);
    if (point.value == U'。') end_sentence();
    if (point.value > 0xFFFF || !starters().test(point.value)) return at + std::max(1U, point.length);
    if (const std::size_t end = try_point(at); end != kNone) return end;
    // A numeral that is no time is passed as a whole.
    if (numerals::chinese_digit(point.value) >= 0 || numerals::chinese_unit(point.value) > 0) {
      std::size_t cursor = at;
      while (cursor < text_.size()) {
        const CodePoint next = decode_utf8(text_, cursor);
        if (numerals::chinese_digit(next.value) < 0 && numerals::chinese_unit(next.value) == 0 && next.value != U'点')
          break;
        cursor += next.length;
      }
      return std::max(cursor, at + point.length);
    }
    return at + std::max(1U, point.length);
  }

  std::size_t latin(std::size_t at) {
    if (looking_at("http://", at) || looking_at("https://", at) || looking_at("www.", at)) {
      while (at < text_.size() && static_cast<unsigned char>(text_[at]) > ' ' &&
             static_cast<unsigned char>(text_[at]) < 0x80)
        ++at;
      return at;
    }
    if (const std::size_t end = try_point(at); end != kNone) return end;
    std::size_t end = at;
    while (end < text_.size() && is_letter(text_[end])) ++end;
    // Digits right behind letters belong to a name: h200, q355.
    std::size_t name = end;
    while (name < text_.size() && (is_letter(text_[name]) || is_digit(text_[name]) || text_[name] == '_')) ++name;
    return name;
  }

  std::size_t digits(std::size_t at) {
    if (const std::size_t end = try_point(at); end != kNone) return end;
    const auto number = numerals::read_arabic(text_, at);
    std::size_t end = number ? number->end : at + 1;
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
    return end;
  }

  void end_sentence() { sentence_named_ = false; }

  // `linked`: behind the 至 or "-" of a range.
  std::optional<Point> point_at(std::size_t at, bool linked = false) {
    if (at >= text_.size()) return std::nullopt;
    context_.linked = linked;
    auto chinese = read_chinese_point(context_, at);
    const auto c = static_cast<unsigned char>(text_[at]);
    if (c >= 0x80 || (!is_digit(text_[at]) && !is_letter(text_[at]))) return chinese;
    auto english = read_english_point(context_, at);
    if (!english) return chinese;
    if (!chinese) return english;
    return english->end > chinese->end ? english : chinese;
  }

  // --- cues
  // --------------------------------------------------------------------------------------------------------------------

  // Whether the clause around [begin, end) tells of the past or of the future.
  CueFound cue(std::size_t begin, std::size_t end) const {
    CueFound out;
    // Right before: 将于, 拟于, 计划在, 预计.
    {
      std::size_t cursor = begin;
      int characters = 0;
      while (cursor > 0 && characters < 7) {
        std::size_t previous = cursor - 1;
        while (previous > 0 && (static_cast<unsigned char>(text_[previous]) & 0xC0) == 0x80) --previous;
        const char32_t c = decode_utf8(text_, previous).value;
        if (c == U',' || c == U'。' || c == U';' || c == U'!' || c == U'?' || c == U':' || c == U'、' || c == U'(')
          break;
        if (is_han(c) || is_letter(static_cast<char>(c & 0x7F))) out.bare = false;
        if (c == U'将' || c == U'拟' || (c == U'预' && characters >= 0) ||
            (c == U'计' && looking_at("计划", previous)) || (c == U'定' && looking_at("定于", previous)) ||
            (c == U'最' &&
             (looking_at("最快", previous) || looking_at("最早", previous) || looking_at("最迟", previous))) ||
            (c == U'有' && looking_at("有望", previous)) || (c == U'待' && characters < 3)) {
          out.cue = Cue::kFuture;
          return out;
        }
        if (c == U'已' || c == U'曾') {
          out.cue = Cue::kPast;
          return out;
        }
        cursor = previous;
        ++characters;
      }
      // English before: by, will … on
      std::size_t words = begin;
      int seen = 0;
      while (words > 0 && seen < 40) {
        --words;
        ++seen;
        if (text_[words] == '.' || text_[words] == ';' || static_cast<unsigned char>(text_[words]) >= 0x80) break;
        if ((words == 0 || text_[words - 1] == ' ') && is_letter(text_[words])) {
          std::size_t word_end = words;
          while (word_end < text_.size() && (is_letter(text_[word_end]) || text_[word_end] == '\'')) ++word_end;
          const Cue found = english_cue(text_.substr(words, word_end - words));
          if (found != Cue::kNone) {
            out.cue = found;
            out.bare = false;
            return out;
          }
        }
      }
    }
    std::size_t cursor = end;
    int characters = 0;
    int commas = 0;
    while (cursor < text_.size() && characters < 30) {
      const auto byte = static_cast<unsigned char>(text_[cursor]);
      if (byte < 0x80) {
        const char c = text_[cursor];
        if (c == ';' || c == '!' || c == '?' ||
            (c == '.' && !(cursor + 1 < text_.size() && is_digit(text_[cursor + 1]))))
          break;
        if (c == ',') {
          ++commas;
          if (commas > 1 || characters > 2) break;
        }
        if (c == '(' && characters == 0) break;
        if (is_letter(c)) {
          std::size_t word_end = cursor;
          while (word_end < text_.size() && is_letter(text_[word_end])) ++word_end;
          const Cue found = english_cue(text_.substr(cursor, word_end - cursor));
          out.bare = false;
          if (found != Cue::kNone) {
            out.cue = found;
            return out;
          }
          cursor = word_end;
          characters += 2;
          continue;
        }
        ++cursor;
        continue;
      }
      const CodePoint c = decode_utf8(text_, cursor);
      if (c.value == U'。') break;
      if (is_han(c.value)) out.bare = false;
      switch (c.value) {
        case U'将':
          if (!looking_at("将军", cursor) && !looking_at("将近", cursor)) {
            out.cue = Cue::kFuture;
            return out;
          }
          break;
        case U'拟':
        case U'即':
          if (c.value == U'拟' || looking_at("即将", cursor)) {
            out.cue = Cue::kFuture;
            return out;
          }
          break;
        case U'计':
        case U'预':
        case U'有':
        case U'望':
          if (looking_at("计划", cursor) || looking_at("预计", cursor) || looking_at("预期", cursor) ||
              looking_at("有望", cursor)) {
            out.cue = Cue::kFuture;
            return out;
          }
          break;
        case U'要':
          if (!looking_at("要求", cursor) && !looking_at("要点", cursor) && !looking_at("要闻", cursor)) {
            out.cue = Cue::kFuture;
            return out;
          }
          break;
        case U'了':
        case U'已':
        case U'曾':
        case U'宣':
        case U'称':
        case U'说':
        case U'讯':
        case U'涨':
        case U'跌':
        case U'披':
        case U'透':
        case U'获':
          out.cue = Cue::kPast;
          return out;
        case U'表':
        case U'报':
        case U'公':
        case U'发':
        case U'指':
        case U'收':
        case U'消':
        case U'签':
        case U'完':
        case U'举':
        case U'出':
        case U'电':
          if (looking_at("表示", cursor) || looking_at("报道", cursor) || looking_at("报收", cursor) ||
              looking_at("公布", cursor) || looking_at("公告", cursor) || looking_at("发布", cursor) ||
              looking_at("指出", cursor) || looking_at("收报", cursor) || looking_at("收盘", cursor) ||
              looking_at("收于", cursor) || looking_at("收到", cursor) || looking_at("消息", cursor) ||
              looking_at("签署", cursor) || looking_at("完成", cursor) || looking_at("发表", cursor) ||
              looking_at("电 ", cursor)) {
            out.cue = Cue::kPast;
            return out;
          }
          break;
        default:
          break;
      }
      cursor += c.length;
      ++characters;
    }
    return out;
  }

  static Cue english_cue(std::string_view word) {
    static constexpr std::array<std::string_view, 30> kFuture = {
        "will",      "ll",      "i'll",     "we'll",  "shall",   "to",     "plans",   "plan",  "expects", "expected",
        "scheduled", "due",     "upcoming", "would",  "may",     "could",  "intends", "aims",  "next",    "he'll",
        "she'll",    "they'll", "starts",   "begins", "planned", "slated", "set",     "going", "should",  "forecast"};
    static constexpr std::array<std::string_view, 32> kPast = {
        "said",  "announced", "reported", "was",      "were",      "had",       "told",      "showed",
        "rose",  "fell",      "closed",   "launched", "released",  "published", "according", "did",
        "added", "unveiled",  "agreed",   "signed",   "confirmed", "approved",  "met",       "went",
        "came",  "has",       "posted",   "ended",    "won",       "happened",  "traded",    "declined"};
    if (std::find(kFuture.begin(), kFuture.end(), word) != kFuture.end())
      return word == "to" || word == "set" || word == "due" ? Cue::kNone : Cue::kFuture;
    if (std::find(kPast.begin(), kPast.end(), word) != kPast.end()) return Cue::kPast;
    return Cue::kNone;
  }

  // --- settling
  // -----------------------------------------------------------------------------------------------------------------

  static Interval whole_year(int year) { return {make(year, 1, 1), make(year + 1, 1, 1), Grain::kYear}; }

  static std::optional<Interval> cut(const Point& p, Interval base, int year, int month) {
    // The n-th week: of a month from its first Monday on, of a year by ISO.
    if (p.nth_weekday != 0 && p.weekday >= 0) {
      Civil day;
      if (p.nth_weekday > 0) {
        const int ahead = (p.weekday - calendar::weekday(base.from) + 7) % 7;
        day = calendar::plus_days(base.from, ahead + 7 * (p.nth_weekday - 1));
      } else {
        const Civil last = calendar::plus_days(base.to, -1);
        const int back = (calendar::weekday(last) - p.weekday + 7) % 7;
        day = calendar::plus_days(last, -back + 7 * (p.nth_weekday + 1));
      }
      if (day < base.from || day >= base.to) return std::nullopt;
      return Interval{day, calendar::plus_days(day, 1), Grain::kDay};
    }
    if (p.nth_week != 0) {
      Civil first;
      if (month != 0) {
        const int ahead = (7 - calendar::weekday(base.from)) % 7;
        first = calendar::plus_days(base.from, ahead);
        if (p.nth_week < 0) first = calendar::monday(calendar::plus_days(base.to, -1));
      } else {
        first = calendar::first_iso_week(year);
        if (p.nth_week < 0) first = calendar::plus_days(calendar::first_iso_week(year + 1), -7);
      }
      const Civil monday = p.nth_week > 0 ? calendar::plus_days(first, 7 * (p.nth_week - 1)) : first;
      return Interval{monday, calendar::plus_days(monday, 7), Grain::kWeek};
    }
    if (p.first_count > 0) {
      Civil from = base.from;
      if (p.count_unit == Unit::kWeek) {
        if (month == 0)
          from = calendar::first_iso_week(year);
        else
          from = calendar::plus_days(base.from, (7 - calendar::weekday(base.from)) % 7);
      }
      return Interval{from, shift(from, p.count_unit, p.first_count),
                      p.count_unit >= Unit::kMonth  ? Grain::kMonth
                      : p.count_unit == Unit::kWeek ? Grain::kWeek
                                                    : Grain::kDay};
    }
    if (p.last_count > 0) {
      return Interval{shift(base.to, p.count_unit, -p.last_count), base.to,
                      p.count_unit >= Unit::kMonth  ? Grain::kMonth
                      : p.count_unit == Unit::kWeek ? Grain::kWeek
                                                    : Grain::kDay};
    }
    if (p.part == Part::kNone) return base;
    const calendar::Day from = day_of(base.from);
    const calendar::Day last = day_of(calendar::plus_days(base.to, -1));
    if (base.grain == Grain::kMonth) {
      auto days = [&](int a, int b) {
        return Interval{make(from.year, from.month, a), calendar::plus_days(make(from.year, from.month, b), 1),
                        Grain::kDay};
      };
      switch (p.part) {
        case Part::kStart:
          return days(1, 5);
        case Part::kMiddle:
          return days(10, 20);
        case Part::kEnd:
          return days(25, last.day);
        case Part::kFirstTen:
          return days(1, 10);
        case Part::kMiddleTen:
          return days(11, 20);
        case Part::kLastTen:
          return days(21, last.day);
        case Part::kFirstHalf:
          return days(1, 15);
        case Part::kSecondHalf:
          return days(16, last.day);
        case Part::kEarly:
          return days(1, 10);
        case Part::kCentral:
          return days(10, 20);
        case Part::kLate:
          return days(21, last.day);
        case Part::kLastDay:
          return days(last.day, last.day);
        default:
          return base;
      }
    }
    auto months = [&](int a, int b) {
      return Interval{make(from.year, from.month + a, 1), make(from.year, from.month + b, 1), Grain::kMonth};
    };
    if (base.grain == Grain::kQuarter) {
      switch (p.part) {
        case Part::kStart:
        case Part::kEarly:
          return months(0, 1);
        case Part::kMiddle:
        case Part::kCentral:
          return months(1, 2);
        case Part::kEnd:
        case Part::kLate:
          return months(2, 3);
        case Part::kLastDay:
          return Interval{calendar::plus_days(base.to, -1), base.to, Grain::kDay};
        default:
          return base;
      }
    }
    switch (p.part) {
      case Part::kStart:
        return months(0, 2);
      case Part::kEarly:
        return months(0, 4);
      case Part::kMiddle:
      case Part::kCentral:
        return months(4, 8);
      case Part::kEnd:
        return months(10, 12);
      case Part::kLate:
        return months(8, 12);
      case Part::kFirstHalf:
        return months(0, 6);
      case Part::kSecondHalf:
        return months(6, 12);
      case Part::kLastDay:
        return Interval{calendar::plus_days(base.to, -1), base.to, Grain::kDay};
      default:
        return base;
    }
  }

  // What the point means in a given year. None: there is no such day.
  static std::optional<Interval> in_year(const Point& p, int year) {
    if (year < 1 || year > 9000) return std::nullopt;
    if (p.festival != 0) {
      auto days = festival_in(p.festival, year);
      if (!days) return std::nullopt;
      return Interval{days->from, days->to, Grain::kDay};
    }
    if (p.lunar && p.month != 0) {
      if (p.day == 0) {
        auto first = calendar::lunar(year, p.month, 1);
        if (!first) return std::nullopt;
        return Interval{*first, calendar::plus_days(*first, 30), Grain::kMonth};
      }
      auto day = calendar::lunar(year, p.month, p.day);
      if (!day) return std::nullopt;
      return Interval{*day, calendar::plus_days(*day, 1), Grain::kDay};
    }
    if (p.quarter != 0) {
      const int last = p.quarter_to != 0 ? p.quarter_to : p.quarter;
      const Interval base{make(year, 3 * p.quarter - 2, 1), make(year, 3 * last + 1, 1), Grain::kQuarter};
      return cut(p, base, year, 0);
    }
    if (p.half != 0)
      return cut(p, Interval{make(year, p.half == 1 ? 1 : 7, 1), make(year, p.half == 1 ? 7 : 13, 1), Grain::kHalf},
                 year, 0);
    if (p.season != 0) {
      switch (p.season) {
        case 1:
          return Interval{make(year, 3, 1), make(year, 6, 1), Grain::kQuarter};
        case 2:
          return Interval{make(year, 6, 1), make(year, 9, 1), Grain::kQuarter};
        case 3:
          return Interval{make(year, 9, 1), make(year, 12, 1), Grain::kQuarter};
        case 4:
          return Interval{make(year, 12, 1), make(year, 15, 1), Grain::kQuarter};
        case 5:
          return Interval{make(year, 7, 1), make(year, 9, 1), Grain::kMonth};
        default:
          return Interval{make(year, 1, 15), make(year, 2, 20), Grain::kMonth};
      }
    }
    if (p.month != 0) {
      if (p.day != 0) {
        if (!calendar::exists(year, p.month, p.day)) return std::nullopt;
        const Civil from = make(year, p.month, p.day);
        Civil to = calendar::plus_days(from, 1);
        if (p.day_to > p.day && calendar::exists(year, p.month, p.day_to))
          to = calendar::plus_days(make(year, p.month, p.day_to), 1);
        return Interval{from, to, Grain::kDay};
      }
      int last = p.month_to != 0 ? p.month_to : p.month;
      if (last < p.month) last += 12;
      return cut(p, Interval{make(year, p.month, 1), make(year, last + 1, 1), Grain::kMonth}, year, p.month);
    }
    Interval base = whole_year(year);
    if (p.year_to != 0) base.to = make(p.year_to + 1, 1, 1);
    return cut(p, base, year, 0);
  }

  // A point that lacks its year: the one that fits the reference and what the clause says.
  std::optional<Interval> guess_year(const Point& p, const CueFound& cue) const {
    const Civil now = context_.now();
    const int this_year = day_of(now).year;
    if (sentence_named_ && p.festival == 0) {
      // The year named before in the same sentence goes on, and never back.
      auto same = in_year(p, named_year_);
      if (same && same->to > named_from_) return same;
      auto next = in_year(p, named_year_ + 1);
      if (next && next->from <= now) return next;
      if (same) return same;
    }
    const auto same = in_year(p, this_year);
    const auto last = in_year(p, this_year - 1);
    const auto next = in_year(p, this_year + 1);
    if (!same && !last && !next) {
      // February 29th: the leap year nearest.
      for (int off = 2; off < 9; ++off) {
        if (auto back = in_year(p, this_year - off); back && cue.cue != Cue::kFuture) return back;
        if (auto ahead = in_year(p, this_year + off)) return ahead;
      }
      return std::nullopt;
    }
    auto distance = [&](const std::optional<Interval>& i) {
      if (!i) return std::chrono::hours(24 * 4000);
      if (i->from <= now && now < i->to) return std::chrono::hours(0);
      return std::chrono::duration_cast<std::chrono::hours>(i->from > now ? i->from - now : now - i->to);
    };
    const auto far = std::chrono::hours(24 * 245);
    auto nearest = [&]() {
      std::optional<Interval> best = same;
      if (distance(last) < distance(best)) best = last;
      if (distance(next) < distance(best)) best = next;
      return best;
    };
    if (cue.cue == Cue::kPast && same && same->from > now) {
      return last ? last : same;
    }
    if (cue.cue == Cue::kFuture && same && same->to <= now) {
      // 将 may belong to another verb: only from a month on.
      if (distance(same) > std::chrono::hours(24 * 31)) return next ? next : same;
    }
    if (!same || distance(same) > far) return nearest();
    return same;
  }

  std::optional<Interval> guess_month(const Point& p, const CueFound& cue) const {
    const Civil now = context_.now();
    const calendar::Day today = day_of(now);
    auto in_month = [&](int year, int month) -> std::optional<Interval> {
      const int index = year * 12 + month - 1;
      Point q = p;
      q.month = index % 12 + 1;
      return in_year(q, index / 12);
    };
    if (sentence_named_ && named_grain_ <= Grain::kMonth) {
      const calendar::Day d = day_of(named_from_);
      auto same = in_month(d.year, d.month);
      if (same && same->to > named_from_) return same;
      if (auto next = in_month(d.year, d.month + 1)) return next;
    }
    const auto same = in_month(today.year, today.month);
    if (cue.cue == Cue::kFuture) {
      if (same && same->to > now) return same;
      for (int off = 1; off < 4; ++off) {
        if (auto next = in_month(today.year, today.month + off)) return next;
      }
      return same;
    }
    if (same && (same->from <= now || (cue.bare && cue.cue == Cue::kNone && p.day - today.day < 8))) return same;
    for (int off = 1; off < 4; ++off) {
      if (auto before = in_month(today.year, today.month - off)) return before;
    }
    return same;
  }

  Interval guess_week(const Point& p, const CueFound& cue) const {
    const Civil today = calendar::midnight(context_.now());
    const int now = calendar::weekday(today);
    int days;
    if (p.weekday_direction > 0 || cue.cue == Cue::kFuture || (cue.cue == Cue::kNone && cue.bare))
      days = (p.weekday - now + 7) % 7;
    else
      days = -((now - p.weekday + 7) % 7);
    if (p.weekday_direction < 0 && days >= 0) days -= 7;
    if (p.weekend) {
      const Civil saturday = calendar::plus_days(calendar::monday(today), 5);
      if (cue.cue == Cue::kPast && saturday > today)
        return {calendar::plus_days(saturday, -7), calendar::plus_days(saturday, -5), Grain::kDay};
      return {saturday, calendar::plus_days(saturday, 2), Grain::kDay};
    }
    const Civil day = calendar::plus_days(today, days);
    return {day, calendar::plus_days(day, 1), Grain::kDay};
  }

  std::optional<Interval> date_of(const Point& p, const CueFound& cue) const {
    if (p.direct) return Interval{p.from, p.to, p.grain};
    if (p.year != 0) return in_year(p, p.year);
    if (p.month != 0 || p.quarter != 0 || p.half != 0 || p.season != 0 || p.festival != 0) {
      if (!context_.reference) return std::nullopt;
      return guess_year(p, cue);
    }
    if (!context_.reference) return std::nullopt;
    if (p.day != 0) return guess_month(p, cue);
    if (p.weekday >= 0) return guess_week(p, cue);
    if (p.hour >= 0 || p.daypart != Daypart::kNone) {
      Civil day = calendar::midnight(context_.now());
      if (sentence_named_ && named_grain_ == Grain::kDay) day = calendar::midnight(named_from_);
      return Interval{day, calendar::plus_days(day, 1), Grain::kDay};
    }
    return std::nullopt;
  }

  static int hour_24(int hour, Daypart part, bool pm_given) {
    if (pm_given) return hour;
    switch (part) {
      case Daypart::kAfternoon:
      case Daypart::kDusk:
        return hour < 12 ? hour + 12 : hour;
      case Daypart::kEvening:
        return hour >= 4 && hour < 12 ? hour + 12 : hour == 12 ? 24 : hour;
      case Daypart::kNight:
        return hour >= 6 && hour < 12 ? hour + 12 : hour == 12 ? 24 : hour;
      case Daypart::kNoon:
        return hour < 6 ? hour + 12 : hour;
      case Daypart::kSmallHours:
        return hour == 12 ? 0 : hour;
      default:
        return hour;
    }
  }

  static void narrow_to_clock(const Point& p, Interval& i) {
    if (i.grain > Grain::kDay) return;
    const Civil day = calendar::midnight(i.from);
    if (p.hour >= 0) {
      const int hour = hour_24(p.hour, p.daypart, p.pm_given);
      i.from = day + std::chrono::hours(hour) + std::chrono::minutes(std::max(0, p.minute)) +
               std::chrono::seconds(std::max(0, p.second));
      if (p.second >= 0) {
        i.grain = Grain::kSecond;
        i.to = i.from + std::chrono::seconds(1);
      } else if (p.minute >= 0) {
        i.grain = Grain::kMinute;
        i.to = i.from + std::chrono::minutes(1);
      } else {
        i.grain = Grain::kHour;
        i.to = i.from + std::chrono::hours(1);
      }
      if (p.hour_to >= 0) {
        i.to = day + std::chrono::hours(hour_24(p.hour_to, p.daypart, p.pm_to || p.pm_given)) +
               std::chrono::minutes(std::max(0, p.minute_to));
        if (i.to <= i.from) i.to += std::chrono::hours(i.to + std::chrono::hours(12) > i.from ? 12 : 24);
      }
      return;
    }
    struct Hours {
      int from;
      int to;
    };
    Hours h{0, 24};
    switch (p.daypart) {
      case Daypart::kSmallHours:
        h = {0, 6};
        break;
      case Daypart::kEarlyMorning:
        h = {4, 9};
        break;
      case Daypart::kMorning:
        h = {6, 12};
        break;
      case Daypart::kNoon:
        h = {11, 14};
        break;
      case Daypart::kAfternoon:
        h = {12, 18};
        break;
      case Daypart::kDusk:
        h = {17, 20};
        break;
      case Daypart::kEvening:
        h = {18, 24};
        break;
      case Daypart::kNight:
        h = {20, 24};
        break;
      default:
        return;
    }
    i.grain = Grain::kHour;
    i.from = day + std::chrono::hours(h.from);
    i.to = day + std::chrono::hours(h.to);
  }

  std::optional<Interval> settle(const Point& p, const CueFound& cue) const {
    auto i = date_of(p, cue);
    if (!i) return std::nullopt;
    narrow_to_clock(p, *i);
    return i;
  }

  // --- ranges
  // --------------------------------------------------------------------------------------------------------------------

  // Where the second point of a range may begin, behind 至, 到, "-", "to" …; kNone: no range.
  std::size_t range_link(std::size_t end, bool led_by_between, bool led_by_from, bool& dash, bool& and_link) const {
    const std::size_t gap = blank(end);
    dash = false;
    and_link = false;
    for (const std::string_view link :
         {"起至"sv, "起到"sv, "开始到"sv, "开始至"sv, "至"sv, "到"sv, "——"sv, "--"sv, "—"sv, "ー"sv, "-"sv, "~"sv}) {
      if (!looking_at(link, gap)) continue;
      if (looking_at("至今", gap) || looking_at("到期", gap) || looking_at("到达", gap) || looking_at("至少", gap) ||
          looking_at("至于", gap) || looking_at("到了", gap))
        return kNone;
      if (link[0] == '-' || link[0] == '~' || link == "—" || link == "——" || link == "ー") dash = true;
      return blank(gap + link.size());
    }
    if (gap != end || end == text_.size() || text_[end] == ',') {
      for (const std::string_view link : {"to "sv, "through "sv, "until "sv, "till "sv, "thru "sv}) {
        if (looking_at(link, gap)) return gap + link.size();
      }
      if (led_by_between && looking_at("and ", gap)) {
        and_link = true;
        return gap + 4;
      }
    }
    (void)led_by_from;
    for (const std::string_view link : {"和"sv, "与"sv, "及"sv}) {
      if (looking_at(link, gap)) {
        and_link = true;
        return blank(gap + link.size());
      }
    }
    return kNone;
  }

  static bool lacks_year(const Point& p) { return !p.direct && p.year == 0; }

  // The second point's missing parts are the first one's.
  std::optional<Interval> settle_second(const Point& first, const Interval& a, Point& p, const CueFound& cue) const {
    const calendar::Day d = day_of(a.from);
    if (p.direct || p.year != 0) return settle(p, cue);
    if (p.month != 0 || p.quarter != 0 || p.half != 0 || p.season != 0 || p.festival != 0) {
      p.year = d.year;
      auto same = in_year(p, d.year);
      if (same && same->to <= a.from) {
        p.year = d.year + 1;
        same = in_year(p, p.year);
      }
      if (!same) return std::nullopt;
      narrow_to_clock(p, *same);
      return same;
    }
    if (p.day != 0) {
      p.year = d.year;
      p.month = d.month;
      auto same = in_year(p, d.year);
      if (!same || same->to <= a.from) {
        p.month = d.month % 12 + 1;
        p.year = d.month == 12 ? d.year + 1 : d.year;
        same = in_year(p, p.year);
      }
      if (!same) return std::nullopt;
      narrow_to_clock(p, *same);
      return same;
    }
    if (p.weekday >= 0) {
      const int ahead = (p.weekday - calendar::weekday(a.from) + 7) % 7;
      const Civil day = calendar::plus_days(calendar::midnight(a.from), ahead);
      Interval i{day, calendar::plus_days(day, 1), Grain::kDay};
      narrow_to_clock(p, i);
      return i;
    }
    if (p.hour >= 0 || p.daypart != Daypart::kNone) {
      if (a.grain > Grain::kHour) return std::nullopt;
      const Civil day = calendar::midnight(a.from);
      Interval i{day, calendar::plus_days(day, 1), Grain::kDay};
      if (p.daypart == Daypart::kNone && !p.pm_given) {
        p.daypart = first.daypart;
        p.pm_given = false;
      }
      narrow_to_clock(p, i);
      if (i.to <= a.from) {
        i.from += std::chrono::hours(24);
        i.to += std::chrono::hours(24);
      }
      return i;
    }
    return std::nullopt;
  }

  // --- one mention
  // -----------------------------------------------------------------------------------------------------------------

  std::size_t try_point(std::size_t at) {
    std::size_t cursor = at;
    TimeMod lead = TimeMod::kNone;
    bool led_by_from = false;
    bool led_by_between = false;
    bool about = false;
    struct Lead {
      std::string_view word;
      TimeMod mod;
    };
    static constexpr std::array<Lead, 22> kLeads = {{{"截至到", TimeMod::kUntil},
                                                     {"从现在到", TimeMod::kNone},
                                                     {"从现在起到", TimeMod::kNone},
                                                     {"从现在起至", TimeMod::kNone},
                                                     {"即日起至", TimeMod::kNone},
                                                     {"截止到", TimeMod::kUntil},
                                                     {"截至", TimeMod::kUntil},
                                                     {"截止", TimeMod::kUntil},
                                                     {"截止至", TimeMod::kUntil},
                                                     {"直到", TimeMod::kUntil},
                                                     {"直至", TimeMod::kUntil},
                                                     {"自从", TimeMod::kSince},
                                                     {"早在", TimeMod::kNone},
                                                     {"自", TimeMod::kSince},
                                                     {"从", TimeMod::kSince},
                                                     {"大约", TimeMod::kApproximate},
                                                     {"约", TimeMod::kApproximate},
                                                     {"至", TimeMod::kUntil},
                                                     {"到", TimeMod::kUntil},
                                                     {"大概", TimeMod::kApproximate},
                                                     {"约在", TimeMod::kApproximate},
                                                     {"北京时间", TimeMod::kNone}}};
    const Lead* best = nullptr;
    if (static_cast<unsigned char>(text_[at]) >= 0x80) {
      for (const Lead& l : kLeads) {
        if (looking_at(l.word, at) && (best == nullptr || l.word.size() > best->word.size())) best = &l;
      }
    } else if (is_letter(text_[at])) {
      return try_english(at);
    }
    if (best != nullptr) {
      cursor = blank(at + best->word.size());
      if (best->mod == TimeMod::kApproximate)
        about = true;
      else
        lead = best->mod;
      led_by_from = lead == TimeMod::kSince;
    }
    auto found = point_at(cursor);
    if (!found) return kNone;
    if (best != nullptr && (found->is_duration || found->is_repeat)) {
      return found->is_duration ? write_duration(*found) : found->end;
    }
    return complete(at, *found, lead, led_by_from, led_by_between, about);
  }

  std::size_t try_english(std::size_t at) {
    auto found = point_at(at);
    if (!found) return kNone;
    return complete(at, *found, found->mod, false, found->between, found->approximate);
  }

  // 3至5年, 10 to 15 days: where the first number begins, which is the duration's as well; else `begin`.
  std::size_t begin_of_range(std::size_t begin) const {
    static constexpr std::string_view kNumerals[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "两", "百", "半"};
    const auto numeral_before = [&](std::size_t at) -> std::size_t {
      if (at > 0 && is_digit(text_[at - 1])) return 1;
      if (at > 1 && text_[at - 1] == '.' && is_digit(text_[at - 2])) return 1;
      for (const std::string_view numeral : kNumerals)
        if (text_.substr(0, at).ends_with(numeral)) return numeral.size();
      return 0;
    };
    const bool number = is_digit(text_[begin]) || std::any_of(std::begin(kNumerals), std::end(kNumerals), [&](std::string_view numeral) { return looking_at(numeral, begin); });
    if (!number) return begin;
    std::size_t at = begin;
    for (const std::string_view joint : {" to ", " - ", "至", "到", "-", "~", "—", "–"})
      if (text_.substr(0, begin).ends_with(joint)) {
        at = begin - joint.size();
        break;
      }
    if (at == begin || numeral_before(at) == 0) return begin;
    for (std::size_t size = numeral_before(at); size > 0; size = numeral_before(at)) at -= size;
    const bool inside = at > 0 && (is_letter(text_[at - 1]) || text_[at - 1] == '-' || text_[at - 1] == '$' || text_[at - 1] == ',');
    const bool taken = !out_.empty() && out_.back().end > at;
    return inside || taken ? begin : at;
  }

  // The unit that people count in; fortnights, decades and the like as so many of it.
  static std::string_view unit_of(Unit unit, double& value) {
    switch (unit) {
      case Unit::kSecond: return "second";
      case Unit::kMinute: return "minute";
      case Unit::kHour: return "hour";
      case Unit::kDay:
      case Unit::kWorkday: return "day";
      case Unit::kWeek: return "week";
      case Unit::kFortnight: value *= 2; return "week";
      case Unit::kMonth: return "month";
      case Unit::kQuarter: return "quarter";
      case Unit::kHalf: value *= 6; return "month";
      case Unit::kYear: return "year";
      case Unit::kDecade: value *= 10; return "year";
      case Unit::kCentury: value *= 100; return "year";
    }
    return "day";
  }

  std::size_t write_duration(const Point& p) {
    Found f;
    f.begin = begin_of_range(p.begin);
    f.end = p.end;
    f.duration = true;
    if (p.length > 0) {
      DurationMention length;
      length.value = p.length;
      length.longer = p.longer;
      length.unit = unit_of(p.length_unit, length.value);
      if (f.begin < p.begin) {
        std::string_view first = text_.substr(f.begin, p.begin - f.begin);
        while (!first.empty() && !read_numeral(first)) first.remove_suffix(1);
        if (const auto low = first.empty() ? std::nullopt : read_numeral(first); low && *low < length.value) {
          length.high = length.value;
          length.value = *low;
        }
      }
      f.length = length;
    }
    out_.push_back(std::move(f));
    return p.end;
  }

  std::size_t complete(std::size_t at, Point p, TimeMod lead, bool led_by_from, bool led_by_between, bool about) {
    if (p.is_repeat) {
      Found f;
      f.begin = p.begin;
      f.end = p.end;
      f.duration = true;
      out_.push_back(std::move(f));
      return p.end;
    }
    if (p.is_duration) return write_duration(p);
    const bool anchored = p.relative || p.same_day_anchor || (!p.direct && p.year == 0);
    if (anchored && !context_.reference) {
      // Known to be a time, but nothing to count from.
      Found f;
      f.begin = at;
      f.end = p.end;
      f.duration = true;
      out_.push_back(std::move(f));
      return p.end;
    }
    std::size_t end = p.end;
    CueFound found_cue = cue(at, end);
    // A second point first: it may give the first its year.
    bool dash = false;
    bool and_link = false;
    std::optional<Interval> range_to;
    Point second;
    std::optional<Interval> first = settle(p, found_cue);
    bool ranged = false;
    const std::size_t next = range_link(end, led_by_between, led_by_from, dash, and_link);
    if (next != kNone && next < text_.size()) {
      auto other = point_at(next, true);
      if (other && !other->is_duration && !other->is_repeat && !other->approximate) {
        second = *other;
        bool fits = true;
        if (and_link) {
          // 三月和九月之间: only with its 之间.
          fits = led_by_between || looking_at("之间", other->end) ||
                 (looking_at("间", other->end) && !looking_at("间接", other->end));
        }
        if (dash && (second.hour >= 0) != (p.hour >= 0)) fits = false;
        if (fits) {
          CueFound second_cue = found_cue;
          if (!p.direct && p.day != 0 && p.month == 0 && p.year == 0 && !second.direct && second.month != 0 &&
              second.day != 0) {
            // the ninth to the seventeenth of April: the month is said once.
            p.month = second.month;
            if (p.day > second.day) p.month = p.month == 1 ? 12 : p.month - 1;
            first = settle(p, found_cue);
          }
          if (lacks_year(p) && !lacks_year(second) && second.year != 0 && !second.relative &&
              (p.month != 0 || p.quarter != 0) && (second.month != 0 || second.quarter != 0)) {
            Point with_year = p;
            with_year.year = second.year;
            if (p.month > second.month && second.month != 0) with_year.year -= 1;
            auto earlier = settle(with_year, found_cue);
            if (earlier) {
              // 12月至2026年3月 takes the year behind it; 去年…: the reference's.
              first = earlier;
              p = with_year;
            }
          }
          if (first) {
            // The pair is guessed together: for a range the cue behind it counts.
            if (lacks_year(p)) {
              found_cue = cue(at, second.end);
              first = settle(p, found_cue);
            }
            if (first) range_to = settle_second(p, *first, second, second_cue);
            if (range_to && range_to->to > first->from && (range_to->from >= first->from)) {
              ranged = true;
              end = second.end;
            }
          }
        }
      }
    }
    if (!first) {
      return kNone;
    }
    // 从现在到2026年底, 即日起至…: what opens the stretch is the reference's day.
    const bool from_now = !ranged && context_.reference && (looking_at("从现在", at) || looking_at("即日起至", at));
    if (from_now && calendar::midnight(*context_.reference) < first->to) first->from = calendar::midnight(*context_.reference);
    Found f;
    f.begin = !ranged && p.hour_to < 0 && p.day_to == 0 && p.inner > at ? p.inner
              : is_letter(text_[at]) || p.begin < at                    ? p.begin
                                                                        : at;
    if (ranged && p.inner > at) f.begin = at;
    f.from = first->from;
    f.to = ranged ? range_to->to : first->to;
    // From 9 to 11: up to eleven, not through its hour.
    if (ranged && p.hour >= 0 && second.hour >= 0 && second.hour_to < 0 && range_to->from > first->from)
      f.to = range_to->from;
    f.grain = ranged ? std::min(first->grain, range_to->grain) : first->grain;
    if (ranged && first->grain == Grain::kYear && range_to->grain == Grain::kYear) f.grain = Grain::kYear;
    f.fiscal = p.fiscal;
    // The first's year may have come from the second by now; an end counted from the reference makes the range so.
    f.relative = p.relative || from_now || p.same_day_anchor || (!p.direct && p.year == 0) ||
                 (ranged && (second.relative || second.same_day_anchor));
    const Interval named = ranged ? *range_to : *first;
    if (ranged) {
      if (lead == TimeMod::kSince) lead = TimeMod::kNone;
    } else if (lead == TimeMod::kSince && at != p.begin && !since_behind(end)) {
      // 从 and 自 without 起, 以来, 开始: still open, unless 从…的 qualifies a noun.
      if (text_.substr(at, 3) == "从" && !p.same_day_anchor) {
        // 从2025年看: take it as since only where nothing says otherwise.
      }
    }
    if (lead == TimeMod::kUntil && (looking_at("至", at) || looking_at("到", at)) && !deadline_like(at)) {
      // 增至2026年, 达到2030年: 至 belongs to the verb.
      f.begin = p.begin;
      lead = TimeMod::kNone;
    }
    if (p.due && lead == TimeMod::kNone) lead = TimeMod::kUntil;
    TimeMod mod = lead;
    if (about || p.approximate) mod = mod == TimeMod::kNone ? TimeMod::kApproximate : mod;
    std::size_t tail = end;
    mod = tail_words(tail, mod, f, p, named);
    end = tail;
    f.end = end;
    f.mod = mod;
    finish(f, p, named, ranged || from_now);
    remember(p, *first, ranged);
    out_.push_back(std::move(f));
    return end;
  }

  bool since_behind(std::size_t end) const {
    return looking_at("起", end) || looking_at("以来", end) || looking_at("开始", end) || looking_at("来", end) ||
           looking_at("至今", end);
  }
  // 至 at a phrase's start opens a deadline (至9月30日); behind a verb it is its direction.
  bool deadline_like(std::size_t at) const {
    if (at == 0) return true;
    const auto before = static_cast<unsigned char>(text_[at - 1]);
    if (before < 0x80) return text_[at - 1] != ' ' ? !is_letter(text_[at - 1]) : true;
    if (at < 3) return true;
    const char32_t c = decode_utf8(text_, at - 3).value;
    return !is_han(c) || c == U'期' || c == U'效';
  }

  // 前, 后, 起, 以来, 左右, 之间 behind the point. Moves `at`.
  TimeMod tail_words(std::size_t& at, TimeMod mod, Found& f, const Point& p, const Interval& named) const {
    (void)named;
    struct Tail {
      std::string_view word;
      TimeMod mod;
      int kind;  // 0 consumed without a meaning, 1 sets mod
    };
    static constexpr std::array<Tail, 44> kTails = {
        {{"或之前", TimeMod::kUntil, 1},     {"或以前", TimeMod::kUntil, 1},     {"及以前", TimeMod::kUntil, 1},
         {"及之前", TimeMod::kUntil, 1},     {"之前", TimeMod::kBefore, 1},      {"以前", TimeMod::kBefore, 1},
         {"前夕", TimeMod::kApproximate, 1}, {"前后", TimeMod::kApproximate, 1}, {"前", TimeMod::kBefore, 1},
         {"或之后", TimeMod::kSince, 1},     {"或以后", TimeMod::kSince, 1},     {"及以后", TimeMod::kSince, 1},
         {"及之后", TimeMod::kSince, 1},     {"之后", TimeMod::kAfter, 1},       {"以后", TimeMod::kAfter, 1},
         {"过后", TimeMod::kAfter, 1},       {"后", TimeMod::kAfter, 1},         {"起至今", TimeMod::kSince, 1},
         {"起", TimeMod::kSince, 1},         {"开始", TimeMod::kSince, 1},       {"以来", TimeMod::kSince, 1},
         {"以降", TimeMod::kSince, 1},       {"迄今", TimeMod::kSince, 1},       {"至今", TimeMod::kSince, 1},
         {"来", TimeMod::kSince, 1},         {"左右", TimeMod::kApproximate, 1}, {"上下", TimeMod::kApproximate, 1},
         {"或之间", TimeMod::kNone, 0},      {"期间", TimeMod::kNone, 0},        {"之间", TimeMod::kNone, 0},
         {"这段时间", TimeMod::kNone, 0},    {"间", TimeMod::kNone, 0},          {"为止", TimeMod::kUntil, 1},
         {"止", TimeMod::kUntil, 1},         {"当天", TimeMod::kNone, 0},        {"当日", TimeMod::kNone, 0},
         {"以内", TimeMod::kNone, 0},        {"之内", TimeMod::kNone, 0},        {"内", TimeMod::kNone, 0},
         {"当晚", TimeMod::kNone, 0},        {" or later", TimeMod::kSince, 1},  {" and later", TimeMod::kSince, 1},
         {" onwards", TimeMod::kSince, 1},   {" onward", TimeMod::kSince, 1}}};
    std::size_t gap = at;
    if (gap < text_.size() && text_[gap] == ' ' && gap + 1 < text_.size() &&
        static_cast<unsigned char>(text_[gap + 1]) >= 0x80)
      ++gap;
    for (const Tail& t : kTails) {
      const std::size_t place = t.word[0] == ' ' ? at : gap;
      if (!looking_at(t.word, place)) continue;
      const std::size_t behind = place + t.word.size();
      const char32_t next = behind < text_.size() ? decode_utf8(text_, behind).value : U' ';
      if (t.word == "前") {
        if (next == U'往' || next == U'景' || next == U'任' || next == U'三' || next == U'总' || next == U'五' ||
            next == U'十' || next == U'沿' || next == U'端' || next == U'期' || next == U'瞻' || next == U'两' ||
            next == U'提' || next == U'首' || next == U'高' || next == U'副' || next == U'进' || next == U'来' ||
            (next >= U'0' && next <= U'9'))
          continue;
      }
      if (t.word == "后") {
        if (next == U'续' || next == U'期' || next == U'市' || next == U'台' || next == U'端' || next == U'来' ||
            next == U'备' || next == U'卫' || next == U'者' || next == U'半')
          continue;
      }
      if (t.word == "起") {
        if (next == U'诉' || next == U'草' || next == U'床' || next == U'源' || next == U'步' || next == U'飞' ||
            next == U'初' || next == U'到' || next == U'价' || next == U'拍')
          continue;
      }
      if (t.word == "来") {
        if (next == U'自' || next == U'看' || next == U'说' || next == U'到' || next == U'源' || next == U'华' ||
            next == U'访' || next == U'临' || (mod != TimeMod::kSince && f.grain < Grain::kMonth))
          continue;
      }
      if (t.word == "开始" && next == U'日') continue;
      if (t.word == "间" && (next == U'接' || next == U'隔' || next == U'断')) continue;
      if (t.word == "止" && mod != TimeMod::kUntil) continue;
      if (t.word == "内" && (next == U'地' || next == U'部' || next == U'存' || next == U'容' || next == U'蒙' ||
                             next == U'外' || next == U'政' || next == U'阁' || next == U'需' || next == U'幕'))
        continue;
      at = behind;
      if (t.kind == 1) mod = t.mod;
      // 2014年6月14日起到…: the open end is closed by what follows; left as it is.
      return mod;
    }
    (void)p;
    return mod;
  }

  // Turns the modifier into open or bounded ends, and writes the canonical form.
  void finish(Found& f, const Point& p, const Interval& named, bool ranged) const {
    ranged = ranged || p.year_to != 0 || p.month_to != 0 || p.day_to != 0 || p.quarter_to != 0;
    const std::optional<Civil> now = context_.reference;
    std::string iso = iso_of(f.from, f.to, f.grain);
    if (f.fiscal && iso.size() >= 4 && iso.find('/') == std::string::npos) iso = "FY" + iso;
    // 年初 and 年底 of plans are the first and last quarter.
    if (!ranged && p.part != Part::kNone && p.quarter == 0 && p.half == 0 && p.month == 0 && !p.direct &&
        f.grain == Grain::kMonth) {
      const int year = day_of(*f.from).year;
      if (p.part == Part::kStart) iso = fmt::format("{:04}-Q1", year);
      if (p.part == Part::kEnd) iso = fmt::format("{:04}-Q4", year);
    }
    const std::string end_iso = iso.find('/') == std::string::npos ? iso : point_iso(named.from, named.grain);
    // 6月底前 ahead, by the end of June: up to the last day of what is named, where that has several.
    const auto last_iso = [&] {
      const bool days = iso.find('/') != std::string::npos && named.grain == Grain::kDay && named.to > named.from;
      return days ? point_iso(calendar::plus_days(named.to, -1), named.grain) : end_iso;
    };
    switch (f.mod) {
      case TimeMod::kSince:
        f.iso = (ranged ? point_iso(*f.from, f.grain) : end_iso) + "/..";
        f.to.reset();
        if (now && *f.from <= *now) f.to = *now;
        if (f.to && *f.to <= *f.from) f.to = calendar::plus_days(calendar::midnight(*f.from), 1);
        break;
      case TimeMod::kUntil:
        f.iso = ranged ? iso : "../" + last_iso();
        if (!ranged && !p.due) f.from.reset();
        break;
      case TimeMod::kBefore: {
        const bool ahead = now && named.to > *now;
        f.iso = ranged ? iso : "../" + (ahead ? last_iso() : end_iso);
        if (ranged) break;
        if (ahead) {
          // A deadline: from now to the end of what is named.
          f.from = std::min(*now, named.to);
          f.to = named.to;
        } else {
          f.from.reset();
          f.to = named.from;
        }
        break;
      }
      case TimeMod::kAfter:
        f.iso = point_iso(named.to, named.grain) + "/..";
        f.from = named.to;
        f.to.reset();
        break;
      default:
        f.iso = iso;
        break;
    }
  }

  void remember(const Point& p, const Interval& first, bool ranged) {
    (void)ranged;
    if (p.approximate) return;
    context_.named = first.from;
    context_.named_to = first.to;
    if (first.grain <= Grain::kYear && !p.fiscal) {
      const bool said_year = p.year != 0 || (p.direct && p.relative && first.grain >= Grain::kMonth);
      if (said_year || sentence_named_) {
        sentence_named_ = true;
        named_year_ = day_of(first.from).year;
        named_from_ = first.from;
        named_grain_ = first.grain;
      } else if (p.month != 0) {
        sentence_named_ = true;
        named_year_ = day_of(first.from).year;
        named_from_ = first.from;
        named_grain_ = first.grain;
      }
    }
  }

  std::string_view text_;
  Context context_;
  bool sentence_named_ = false;  // a year was said earlier in this sentence
  int named_year_ = 0;
  Civil named_from_{};
  Grain named_grain_ = Grain::kYear;
  std::vector<Found> out_;
};

// The finds of a folded text. Blanks at its ends are no part of what a time may lean on: it begins and ends where its words
// do.
std::vector<Reader::Found> find_times(std::string_view folded, std::optional<Civil> reference) {
  const std::size_t lead = folded.starts_with(' ') ? 1 : 0;
  folded.remove_prefix(lead);
  if (folded.ends_with(' ')) folded.remove_suffix(1);
  auto found = Reader(folded, reference).read();
  for (auto& f : found) {
    f.begin += lead;
    f.end += lead;
  }
  return found;
}

}  // namespace

std::vector<ByteSpan> spans(std::string_view folded) {
  std::vector<ByteSpan> out;
  // Any reference will do: only the places count.
  for (const auto& f : find_times(folded, make(2020, 6, 15))) out.push_back({f.begin, f.end});
  return out;
}

}  // namespace times

times::Scan times::scan(const FoldedText& text, std::string_view original, std::optional<Civil> reference) {
  Scan out;
  for (auto& f : find_times(text.text(), reference)) {
    out.places.push_back({f.begin, f.end});
    if (f.length) {
      DurationMention length = *std::move(f.length);
      length.span = text.original({f.begin, f.end});
      length.text = std::string(length.span.of(original));
      // 225H, 9M: the capital of a model's number, no hours.
      const char last = length.text.empty() ? ' ' : length.text.back();
      const bool model = last >= 'A' && last <= 'Z';
      if (!model) out.durations.push_back(std::move(length));
    }
    if (f.duration || (!f.from && !f.to)) continue;
    TimeMention m;
    m.span = text.original({f.begin, f.end});
    m.text = std::string(m.span.of(original));
    m.from = f.from;
    m.to = f.to;
    m.grain = f.grain;
    m.mod = f.mod;
    m.fiscal = f.fiscal;
    m.relative = f.relative;
    m.iso = std::move(f.iso);
    out.times.push_back(std::move(m));
  }
  return out;
}

std::vector<DurationMention> read_durations(const FoldedText& text, std::string_view original) {
  return times::scan(text, original, std::nullopt).durations;
}

std::vector<TimeMention> read_times(const FoldedText& text, std::string_view original, std::optional<Civil> reference) {
  return times::scan(text, original, reference).times;
}

}  // namespace annals
