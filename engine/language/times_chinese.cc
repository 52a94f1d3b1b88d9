// The Chinese grammar of times, over folded text. One function per rung of the calendar, from coarse to fine; each
// takes the cursor behind what the one before has eaten. Words of one meaning stand together in a table.

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>

#include "engine/base/utf8.h"
#include "engine/language/calendar.h"
#include "engine/language/match.h"
#include "engine/language/numerals.h"
#include "engine/language/times_grammar.h"

namespace annals::times {

using namespace std::string_view_literals;
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

struct Number {
  double value = 0;
  int digits = 0;
  bool han = false;
  bool positional = false;
  bool decimal = false;
  bool more = false;
  std::size_t end = 0;
  int whole() const { return static_cast<int>(value); }
};

class Grammar {
 public:
  Grammar(const Context& context, std::size_t at) : context_(context), text_(context.text), begin_(at), at_(at) {
    point_.begin = at;
  }

  std::optional<Point> read() {
    if (repeat()) return done();
    // A number at the very start decides between a year, a month, a day, a duration and nothing.
    if (span_of_time()) return done();
    if (numeric_date()) {
      clock_tail();
      return done();
    }
    bool any = year();
    any = sub_year(any) || any;
    any = month(any) || any;
    any = day(any) || any;
    any = week(any) || any;
    any = festival(any) || any;
    any = clock(any) || any;
    if (!any) return std::nullopt;
    return done();
  }

 private:
  std::optional<Point> done() {
    point_.end = at_;
    if (point_.end <= point_.begin) return std::nullopt;
    return point_;
  }

  // Whether a word of `table` may stand here. One static set per table: each call site has its own type of `Tag`.
  template <class Tag, class Table>
  bool may_stand(Tag, const Table& table) const {
    static const FirstCharacters kFirst(table, [](const auto& entry) {
      if constexpr (requires { entry.word; })
        return entry.word;
      else if constexpr (requires { entry.name; })
        return entry.name;
      else
        return entry.first;
    });
    return at_ < text_.size() && kFirst.may_begin(code(at_));
  }

  // --- reading
  // -------------------------------------------------------------------------------------------------------------

  bool looking_at(std::string_view what, std::size_t at) const { return stands_at(text_, at, what); }
  bool looking_at(std::string_view what) const { return looking_at(what, at_); }
  bool eat(std::string_view what) {
    if (!looking_at(what)) return false;
    at_ += what.size();
    return true;
  }
  std::size_t blank(std::size_t at) const { return at < text_.size() && text_[at] == ' ' ? at + 1 : at; }
  char32_t code(std::size_t at) const { return at < text_.size() ? decode_utf8(text_, at).value : 0; }

  // Up to four Arabic digits or a Chinese numeral; no separators. One place is asked about by many rungs: the last
  // answer is kept.
  bool number(std::size_t at, Number& out) const {
    if (at != number_at_) {
      number_at_ = at;
      number_found_ = read_number(at, number_);
    }
    if (number_found_) out = number_;
    return number_found_;
  }
  bool read_number(std::size_t at, Number& out) const {
    if (at >= text_.size()) return false;
    if (is_digit(text_[at])) {
      std::size_t end = at;
      double value = 0;
      while (end < text_.size() && is_digit(text_[end]) && end - at < 9) value = value * 10 + (text_[end++] - '0');
      if (end < text_.size() && is_digit(text_[end])) return false;
      out = {};
      out.value = value;
      out.digits = static_cast<int>(end - at);
      out.end = end;
      if (end + 1 < text_.size() && text_[end] == '.' && is_digit(text_[end + 1])) {
        auto real = numerals::read_arabic(text_, at);
        if (real) {
          out.value = real->value;
          out.end = real->end;
          out.decimal = true;
        }
      }
      return true;
    }
    auto numeral = numerals::read_chinese(text_, at);
    if (!numeral || numeral->arabic) return false;
    out = {};
    out.value = numeral->value;
    out.digits = numeral->digits;
    out.han = true;
    out.positional = !numeral->units;
    out.decimal = numeral->decimal;
    out.more = numeral->more || numeral->over;
    out.end = numeral->end;
    return true;
  }

  Civil now() const { return context_.now(); }
  int this_year() const { return context_.reference ? calendar::day_of(now()).year : 2000; }
  Civil anchor() const { return context_.named ? *context_.named : now(); }

  void direct(Civil from, Civil to, Grain grain) {
    point_.direct = true;
    point_.from = from;
    point_.to = to;
    point_.grain = grain;
  }

  // --- every Monday
  // ----------------------------------------------------------------------------------------------------------

  bool repeat() {
    if (!looking_at("每") && !looking_at("逢")) return false;
    std::size_t cursor = at_ + 3;
    if (looking_at("隔", cursor)) cursor += 3;
    Number n;
    if (number(cursor, n)) cursor = n.end;
    static constexpr std::array<std::string_view, 16> kUnits = {
        "个月", "个星期", "个季度", "个交易日", "个工作日", "年度", "年", "季度",
        "季",   "月",     "周",     "星期",     "礼拜",     "天",   "日", "小时"};
    for (const std::string_view unit : kUnits) {
      if (!looking_at(unit, cursor)) continue;
      at_ = cursor + unit.size();
      point_.is_repeat = true;
      if (unit == "周" || unit == "星期" || unit == "礼拜") {
        const int day = weekday_digit(at_);
        if (day >= 0) at_ += decode_utf8(text_, at_).length;
      }
      if ((unit == "年" || unit == "年度") && number(at_, n) && looking_at("月", n.end)) {
        at_ = n.end + 3;
        if (number(at_, n) && (looking_at("日", n.end) || looking_at("号", n.end))) at_ = n.end + 3;
      }
      if (unit == "月" && number(at_, n) && (looking_at("日", n.end) || looking_at("号", n.end))) at_ = n.end + 3;
      Grammar tail(context_, at_);
      if (tail.clock(true)) at_ = tail.at_;
      return true;
    }
    return false;
  }

  // --- durations and what they are counted from
  // --------------------------------------------------------------------------------

  struct UnitWord {
    std::string_view word;
    Unit unit;
  };
  const UnitWord* unit_at(std::size_t at, bool counted) const {
    static constexpr std::array<UnitWord, 43> kUnits = {
        {{"个工作日", Unit::kWorkday}, {"工作日", Unit::kWorkday}, {"个交易日", Unit::kWorkday},
         {"交易日", Unit::kWorkday},   {"个自然日", Unit::kDay},   {"自然日", Unit::kDay},
         {"个小时", Unit::kHour},      {"小时", Unit::kHour},      {"个钟头", Unit::kHour},
         {"钟头", Unit::kHour},        {"分钟", Unit::kMinute},    {"秒钟", Unit::kSecond},
         {"秒", Unit::kSecond},        {"个星期", Unit::kWeek},    {"星期", Unit::kWeek},
         {"个礼拜", Unit::kWeek},      {"礼拜", Unit::kWeek},      {"周年", Unit::kYear},
         {"个周", Unit::kWeek},        {"周", Unit::kWeek},        {"个多月", Unit::kMonth},
         {"个月", Unit::kMonth},       {"个季度", Unit::kQuarter}, {"季度", Unit::kQuarter},
         {"个季", Unit::kQuarter},     {"个财季", Unit::kQuarter}, {"个半年", Unit::kHalf},
         {"个年度", Unit::kYear},      {"个财年", Unit::kYear},    {"年度", Unit::kYear},
         {"多年", Unit::kYear},        {"余年", Unit::kYear},      {"个世纪", Unit::kCentury},
         {"年", Unit::kYear},          {"天", Unit::kDay},         {"日", Unit::kDay},
         {"月", Unit::kMonth},         {"昼夜", Unit::kDay},       {"晚", Unit::kDay},
         {"个多星期", Unit::kWeek},    {"个多小时", Unit::kHour},  {"多天", Unit::kDay},
         {"余天", Unit::kDay}}};
    for (const UnitWord& unit : kUnits) {
      if (looking_at(unit.word, at)) {
        if (!counted && (unit.word == "月" || unit.word == "晚")) return nullptr;
        return &unit;
      }
    }
    return nullptr;
  }

  struct Length {
    double count = 0;
    Unit unit = Unit::kDay;
    std::size_t end = 0;
    bool more = false;  // 多: a little longer
    bool half = false;  // …半
    bool arabic = false;
    int digits = 0;
    bool bare_year = false;  // NN年, which may be a year
    bool few = false;        // 几个月
    bool month_word = false;
  };
  // 三天, 两个半月, 3年半, 半年, 几个月, 十个多月.
  bool length(std::size_t at, Length& out) const {
    out = {};
    std::size_t cursor = at;
    if (looking_at("半", cursor)) {
      cursor += 3;
      if (looking_at("个", cursor)) cursor += 3;
      static constexpr std::array<UnitWord, 8> kHalves = {{{"年", Unit::kYear},
                                                           {"月", Unit::kMonth},
                                                           {"天", Unit::kDay},
                                                           {"小时", Unit::kHour},
                                                           {"钟头", Unit::kHour},
                                                           {"世纪", Unit::kCentury},
                                                           {"日", Unit::kDay},
                                                           {"个", Unit::kDay}}};
      for (const UnitWord& unit : kHalves) {
        if (unit.word != "个" && looking_at(unit.word, cursor)) {
          if (unit.word == "月" && !looking_at("半个月", at)) return false;
          out.count = 0.5;
          out.unit = unit.unit;
          out.half = true;
          out.end = cursor + unit.word.size();
          if (looking_at("年报", cursor) || looking_at("年度", cursor)) return false;
          if (looking_at("多", out.end)) out.end += 3;
          return true;
        }
      }
      return false;
    }
    Number n;
    if ((looking_at("几", cursor) || looking_at("数", cursor)) && numerals::chinese_unit(code(cursor + 3)) == 0) {
      out.few = true;
      out.count = 3;
      cursor += 3;
    } else {
      if (!number(cursor, n)) return false;
      if (n.value > 100000) return false;
      out.count = n.value;
      out.digits = n.digits;
      out.arabic = !n.han;
      out.more = n.more;
      // 两三天: about that long.
      cursor = n.end;
      if (n.han && n.positional && n.digits == 2) out.count = static_cast<int>(n.value) / 10;
    }
    if (cursor < text_.size() && text_[cursor] == ' ' && !n.han) cursor = blank(cursor);
    if (looking_at("多", cursor) || looking_at("余", cursor)) {
      if (unit_at(cursor + 3, true) != nullptr) {
        out.more = true;
        cursor += 3;
      }
    }
    if (looking_at("个半", cursor) && (looking_at("月", cursor + 6) || looking_at("小时", cursor + 6) ||
                                       looking_at("星期", cursor + 6) || looking_at("钟头", cursor + 6))) {
      out.half = true;
      out.count += 0.5;
      cursor += 6;
      out.unit = looking_at("月", cursor) ? Unit::kMonth : looking_at("星期", cursor) ? Unit::kWeek : Unit::kHour;
      out.end = cursor + (looking_at("月", cursor) ? 3U : 6U);
      return true;
    }
    const UnitWord* unit = unit_at(cursor, true);
    if (unit == nullptr) return false;
    if (unit->word == "月") {
      // 三月 is March; 3月内, 两月 are lengths.
      if (!(looking_at("两", at) && n.han)) return false;
      out.month_word = true;
    }
    if (unit->word == "晚" && !n.han) return false;
    out.unit = unit->unit;
    if (unit->word.starts_with("个多") || unit->word.starts_with("多") || unit->word.starts_with("余")) out.more = true;
    out.bare_year = unit->word == "年" || unit->word == "年度";
    out.end = cursor + unit->word.size();
    if (looking_at("半", out.end) && !looking_at("半导", out.end) && !looking_at("半年", out.end) &&
        (unit->unit == Unit::kYear || unit->unit == Unit::kDay || unit->unit == Unit::kMonth ||
         unit->unit == Unit::kHour || unit->unit == Unit::kWeek)) {
      out.half = true;
      out.count += 0.5;
      out.end += 3;
    } else if (looking_at("多", out.end) && !looking_at("多少", out.end) && !looking_at("多家", out.end)) {
      out.more = true;
      out.end += 3;
    }
    if (unit->word == "日" && out.arabic && out.digits > 3) return false;
    return true;
  }

  // Whether NN年 at the length's place rather names a year: 24年, 08年.
  bool names_a_year(std::size_t at, const Length& l) const {
    if (!l.bare_year) return false;
    Number n;
    if (!number(at, n) || n.decimal || l.more || l.half) return false;
    if (n.han && !n.positional) return false;
    if (n.digits == 4) return n.value >= 1000 && n.value <= 2999;
    if (n.digits != 2) return false;
    return true;
  }

  static Grain grain_of(Unit unit) {
    switch (unit) {
      case Unit::kSecond:
        return Grain::kSecond;
      case Unit::kMinute:
        return Grain::kMinute;
      case Unit::kHour:
        return Grain::kHour;
      case Unit::kDay:
      case Unit::kWorkday:
        return Grain::kDay;
      case Unit::kWeek:
      case Unit::kFortnight:
        return Grain::kDay;
      case Unit::kMonth:
      case Unit::kQuarter:
      case Unit::kHalf:
        return Grain::kMonth;
      case Unit::kYear:
        return Grain::kYear;
      case Unit::kDecade:
        return Grain::kDecade;
      case Unit::kCentury:
        return Grain::kCentury;
    }
    return Grain::kDay;
  }

  // The point a length away, as exactly as its unit says: 三天后 a day, 半年后 a month, 七年后 a year.
  void away(const Length& l, int sign) {
    const Civil base = now();
    const Civil moment = shift(base, l.unit, sign * l.count);
    point_.relative = true;
    const calendar::Day d = calendar::day_of(moment);
    switch (l.unit) {
      case Unit::kSecond:
        direct(moment, moment + std::chrono::seconds(1), Grain::kSecond);
        break;
      case Unit::kMinute:
        direct(moment, moment + std::chrono::minutes(1), Grain::kMinute);
        break;
      case Unit::kHour:
        direct(moment, moment + std::chrono::hours(1), Grain::kHour);
        break;
      case Unit::kDay:
      case Unit::kWorkday:
      case Unit::kWeek:
      case Unit::kFortnight: {
        const Civil day = calendar::midnight(moment);
        direct(day, calendar::plus_days(day, 1), Grain::kDay);
        break;
      }
      case Unit::kMonth:
      case Unit::kQuarter:
      case Unit::kHalf:
        direct(calendar::make(d.year, d.month, 1), calendar::make(d.year, d.month + 1, 1), Grain::kMonth);
        break;
      case Unit::kYear:
        if (l.half || l.few) {
          direct(calendar::make(d.year, d.month, 1), calendar::make(d.year, d.month + 1, 1), Grain::kMonth);
        } else {
          direct(calendar::make(d.year, 1, 1), calendar::make(d.year + 1, 1, 1), Grain::kYear);
        }
        break;
      case Unit::kDecade:
      case Unit::kCentury:
        direct(calendar::make(d.year, 1, 1), calendar::make(d.year + 1, 1, 1), Grain::kYear);
        break;
    }
    point_.approximate = l.more || l.few;
  }

  void past_window(const Length& l) {
    point_.relative = true;
    direct(shift(now(), l.unit, -l.count), now(), grain_of(l.unit));
    if (l.unit >= Unit::kDay) point_.from = calendar::midnight(point_.from);
    point_.approximate = l.more || l.few;
  }
  void future_window(const Length& l) {
    point_.relative = true;
    Civil to = shift(now(), l.unit, l.count);
    direct(now(), to, grain_of(l.unit));
    point_.approximate = l.more || l.few;
  }

  bool span_of_time() {
    const std::size_t start = at_;
    // 近三年, 过去5年, 未来7天, 之前3小时, 后1年.
    struct Lead {
      std::string_view word;
      int sign;
    };
    static constexpr std::array<Lead, 32> kLeads = {
        {{"过去的", -1}, {"过去", -1},   {"最近这", -1}, {"最近的", -1}, {"最近", -1},  {"近这", -1}, {"近", -1},
         {"此前", -1},   {"之前的", -1}, {"之前", -1},   {"以往", -1},   {"往前", -1},  {"前面", -1}, {"未来的", 1},
         {"未来", 1},    {"今后的", 1},  {"今后", 1},    {"往后", 1},    {"此后的", 2}, {"此后", 2},  {"接下来的", 1},
         {"接下来", 1},  {"随后", 2},    {"后续", 2},    {"还剩 ", 1},   {"还剩", 1},   {"前", -3},   {"上", -4},
         {"下", 4},      {"后", 3},      {"这", 5},      {"头", -3}}};
    if (may_stand([] {}, kLeads))
      for (const Lead& lead : kLeads) {
        if (!looking_at(lead.word)) continue;
        std::size_t cursor = start + lead.word.size();
        Length l;
        if (!length(cursor, l)) continue;
        if (lead.word == "近" && l.unit == Unit::kDay && looking_at("日", l.end - 3) && l.digits == 0) continue;
        // 最近一次, 前一年 …: ordinary words stand in their own tables.
        const bool four_digits = names_a_year(cursor, l) && l.digits == 4;
        if (four_digits) continue;
        if (lead.sign == -3 || lead.sign == 3 || lead.sign == 4 || lead.sign == -4) {
          if (l.few || l.half || l.count < 1) {
            if (!(lead.sign == -3 && l.few)) continue;
          }
          if (lead.sign == 4 || lead.sign == -4) {
            // 上两周, 下三个月; 上一周 and 下个月 belong to the calendar, not to the stopwatch.
            if (l.count < 2 || l.unit < Unit::kDay) continue;
          }
          if (lead.sign == -3 && (l.unit == Unit::kQuarter)) continue;              // 前三季度 are this year's
          if (lead.sign == -3 && l.unit == Unit::kMonth && l.count >= 4) continue;  // 前11个月: this year's
          if (lead.sign == -3 && l.count == 1 && l.unit >= Unit::kDay) {  // 前一天, 前一年: before the time just named
            continue;
          }
          if (lead.sign == 3 && looking_at("后1", start) == false && l.unit == Unit::kDay && l.count > 10) continue;
        }
        if (lead.sign == 5) {
          if (l.count < 2 || l.bare_year == false) continue;
        }
        at_ = l.end;
        const bool past = lead.sign < 0 || lead.sign == 5;
        if (past) {
          past_window(l);
          if (!eat("以来"))
            if (!eat("间"))
              if (!eat("里"))
                if (!eat("来")) eat("内");
        } else {
          future_window(l);
          if (lead.sign == 3) {
            point_.from = calendar::plus_days(calendar::midnight(now()), 1);
            point_.to = shift(point_.from, l.unit, l.count);
          }
          if (!eat("之内"))
            if (!eat("以内"))
              if (!eat("内"))
                if (!eat("间")) eat("里");
        }
        return true;
      }
    // 三天前, 半年后, 60日内, 3个多月以来 — and plain lengths, which are no points.
    Length l;
    if (!length(start, l)) return false;
    std::size_t cursor = l.end;
    const bool year_like = names_a_year(start, l);
    if (year_like && l.digits == 4) return false;
    // 年 + month follows: a year.
    Number next;
    if (year_like && number(blank(cursor), next) &&
        (looking_at("月", blank(next.end)) || looking_at("季", next.end) || looking_at("个月", next.end)))
      return false;
    if (year_like && (looking_at("第", cursor) || looking_at("q", cursor) || looking_at("上半", cursor) ||
                      looking_at("下半", cursor) || looking_at("初", cursor) || looking_at("底", cursor) ||
                      looking_at("末", cursor) || looking_at("全年", cursor) || looking_at("小寒", cursor) ||
                      looking_at("大寒", cursor) || looking_at("春", cursor) || looking_at("秋", cursor) ||
                      looking_at("夏", cursor) || looking_at("冬", cursor)))
      return false;
    // More pieces: 一年又一个月21天, 五个星期3小时, 2小时30分钟.
    Length more;
    double extra_days = 0;
    (void)extra_days;
    std::size_t tail = looking_at("又", cursor) || looking_at("零", cursor) ? cursor + 3 : cursor;
    int pieces = 1;
    while (pieces < 6 && length(tail, more) && more.unit < l.unit && !more.bare_year) {
      cursor = more.end;
      tail = looking_at("又", cursor) || looking_at("零", cursor) ? cursor + 3 : cursor;
      ++pieces;
    }
    struct Tail {
      std::string_view word;
      int kind;  // -1 before, 1 after, 2 within, -2 since
    };
    static constexpr std::array<Tail, 26> kTails = {
        {{"之前", -1},  {"以前", -1}, {"前", -1},  {"之后", 1},   {"以后", 1}, {"过后", 1}, {"后", 1},
         {"之内", 2},   {"以内", 2},  {"内", 2},   {"以来", -2},  {"来", -2},  {"期内", 9}, {"期间", 9},
         {"后的", 1},   {"之间", 9},  {"间", 9},   {"左右", 9},   {"期", 9},   {"多", 9},   {"(含)", 9},
         {"及以上", 9}, {"以上", 9},  {"以下", 9}, {"左右的", 9}, {"上下", 9}}};
    for (const Tail& t : kTails) {
      if (!looking_at(t.word, cursor)) continue;
      if (t.word == "前") {
        // 3天前十: the rank; 前往, 前景, 前期 …
        static constexpr std::array<std::string_view, 14> kWords = {"前往", "前景", "前期", "前沿", "前三",
                                                                    "前后", "前端", "前五", "前十", "前瞻",
                                                                    "前任", "前台", "前列", "前提"};
        if (std::any_of(kWords.begin(), kWords.end(), [&](std::string_view w) { return looking_at(w, cursor); })) break;
      }
      if (t.word == "后") {
        static constexpr std::array<std::string_view, 8> kWords = {"后期", "后续", "后市", "后代",
                                                                   "后台", "后端", "后勤", "后盾"};
        if (std::any_of(kWords.begin(), kWords.end(), [&](std::string_view w) { return looking_at(w, cursor); })) break;
      }
      if (t.word == "来" && (looking_at("来自", cursor) || looking_at("来说", cursor) || looking_at("来看", cursor) ||
                             looking_at("来到", cursor)))
        break;
      if (t.word == "内" && looking_at("内存", cursor)) break;
      if (t.kind == 9) break;
      // 2025年前: the year; 24年后 might be either, and a two-digit year near ours is taken for one only with a month
      // behind it.
      if (year_like &&
          (t.kind == 2 || (t.kind != -2 && plausible_short_year(l.count) && l.count >= 20 && t.word != "以来")))
        return false;
      at_ = cursor + t.word.size();
      if (t.kind == -1 || t.kind == 1) {
        away(l, t.kind);
        // 15个交易日后的6个月内: a window that opens later.
        Length window;
        const std::size_t of = looking_at("的", at_) ? at_ + 3 : at_;
        if (t.kind == 1 && length(of, window) && window.unit >= Unit::kDay) {
          for (const std::string_view within : {"之内"sv, "以内"sv, "内"sv, "里"sv}) {
            if (!looking_at(within, window.end)) continue;
            const Civil from = calendar::midnight(shift(now(), l.unit, l.count));
            direct(from, calendar::plus_days(shift(from, window.unit, window.count), 1), grain_of(window.unit));
            at_ = window.end + within.size();
            break;
          }
        }
      } else if (t.kind == 2 && falls_due(at_)) {
        const Civil day = calendar::midnight(shift(now(), l.unit, l.count));
        point_.relative = true;
        point_.due = true;
        point_.approximate = false;
        direct(day, calendar::plus_days(day, 1), Grain::kDay);
      } else if (t.kind == 2) {
        future_window(l);
        if (l.unit == Unit::kDay || l.unit == Unit::kWorkday || l.unit == Unit::kWeek)
          point_.to = calendar::plus_days(calendar::midnight(shift(now(), l.unit, l.count)), 1);
      } else {
        past_window(l);
        if (l.unit == Unit::kMonth && l.more)
          point_.from = calendar::make(calendar::day_of(point_.from).year, calendar::day_of(point_.from).month, 1);
      }
      return true;
    }
    if (year_like && plausible_short_year(l.count) && !length_context(start, cursor)) return false;
    if (l.unit == Unit::kDay && looking_at("日", l.end - 3) && l.count <= 31 && !l.more && !l.half)
      return false;  // 29日: a day of the month
    if (l.unit == Unit::kMonth && !l.few && !looking_at("个", l.end - 6) && !l.month_word) return false;
    if (l.unit == Unit::kQuarter && looking_at("季度", l.end - 6) && !looking_at("个季度", l.end - 9)) return false;
    at_ = cursor;
    point_.is_duration = true;
    if (!l.few) {
      point_.length = l.count;
      point_.length_unit = l.unit;
      point_.longer = l.more;
    }
    return true;
  }

  // What has to be done within a length of time falls due at its end: 须在15日内缴清, 一个月内答复, 五天内要完成. The clause
  // says so by a word of duty or will, or by a verb of settling something; told as past (30日内完成了) it is a stretch.
  bool falls_due(std::size_t at) const {
    static constexpr std::array<std::string_view, 8> kDuty = {"须", "必须", "务必", "应当", "需", "要", "得", "限"};
    static constexpr std::array<std::string_view, 28> kSettle = {
        "完成", "答复", "答覆", "回复", "回覆", "提交", "递交", "交付", "交割", "支付", "付清", "缴纳", "缴清", "偿还",
        "归还", "还清", "清偿", "办理", "履行", "披露", "公布", "作出", "整改", "改正", "报送", "申报", "撤出", "给出"};
    bool due = false;
    for (const std::string_view word : kDuty)
      due = due || (begin_ >= word.size() && looking_at(word, begin_ - word.size()));
    for (const std::string_view word : {"须在"sv, "须于"sv, "应在"sv, "应于"sv, "需在"sv, "需于"sv, "要在"sv, "要于"sv,
                                        "应当在"sv, "限在"sv, "承诺在"sv, "请在"sv, "请于"sv})
      due = due || (begin_ >= word.size() && looking_at(word, begin_ - word.size()));
    std::size_t cursor = at;
    for (int characters = 0; cursor < text_.size() && characters < 12; ++characters) {
      const CodePoint c = decode_utf8(text_, cursor);
      if (c.value == U',' || c.value == U'。' || c.value == U';' || c.value == U'!' || c.value == U'?' ||
          c.value == U'、')
        break;
      if (c.value == U'已' || c.value == U'了' || c.value == U'曾' || c.value == U'共' || c.value == U'累')
        return false;
      // A verb of settling right behind, or a duty or will before any other verb.
      if (characters < 5 && (c.value == U'要' || c.value == U'须' || c.value == U'必' || c.value == U'应') &&
          !looking_at("要求", cursor) && !looking_at("要约", cursor) && !looking_at("应收", cursor) &&
          !looking_at("应付", cursor))
        due = true;
      if (characters < 4) {
        for (const std::string_view word : kSettle) due = due || looking_at(word, cursor);
      }
      cursor += std::max(1U, c.length);
    }
    return due;
  }

  static bool plausible_short_year(double value) { return value >= 0 && value <= 99; }

  // 10年期, 长达20年: NN年 that counts.
  bool length_context(std::size_t start, std::size_t end) const {
    static constexpr std::array<std::string_view, 22> kBehind = {
        "期",   "间",   "内", "多",   "的时间", "的历史", "来", "老", "历史", "国债", "时间",
        "经验", "寿命", "长", "左右", "以上",   "之久",   "未", "才", "有期", "计划", "合同"};
    for (const std::string_view word : kBehind) {
      if (looking_at(word, end)) return true;
    }
    static constexpr std::array<std::string_view, 34> kBefore = {
        "长达", "历时", "达",   "近",   "超过", "超",   "约",   "逾", "第",   "用了", "花了", "成立",
        "至少", "为期", "持续", "需要", "需",   "了",   "已有", "满", "不到", "有",   "工作", "再",
        "还要", "最多", "最长", "过去", "未来", "大约", "等",   "每", "比",   "晚"};
    for (const std::string_view word : kBefore) {
      if (start >= word.size() && looking_at(word, start - word.size())) return true;
    }
    Number n;
    if (!number(start, n)) return false;
    // Round numbers count, unless they are near years.
    const int value = n.whole();
    const int short_now = this_year() % 100;
    if (std::abs(value - short_now) <= 5) return false;
    return n.digits == 2 && (value % 10 == 0 || (value > short_now + 10 && value < 60)) && text_[start] != '0';
  }

  // --- 2019-11-20, 2019/4/19, 2019.9.6, 20200701
  // -----------------------------------------------------------------------------------

  bool numeric_date() {
    if (at_ >= text_.size() || !is_digit(text_[at_])) return false;
    if (at_ > 0 && (is_letter(text_[at_ - 1]) || is_digit(text_[at_ - 1]))) return false;
    std::array<int, 3> part{};
    std::array<std::size_t, 3> digits{};
    std::size_t cursor = at_;
    char separator = 0;
    int count = 0;
    while (count < 3) {
      const std::size_t from = cursor;
      int value = 0;
      while (cursor < text_.size() && is_digit(text_[cursor]) && cursor - from < 9)
        value = value * 10 + (text_[cursor++] - '0');
      if (cursor == from) break;
      part[static_cast<std::size_t>(count)] = value;
      digits[static_cast<std::size_t>(count)] = cursor - from;
      ++count;
      if (count == 3 || cursor + 1 >= text_.size() || !is_digit(text_[cursor + 1])) break;
      const char c = text_[cursor];
      if (c != '-' && c != '/' && c != '.') break;
      if (separator == 0) separator = c;
      if (c != separator) break;
      ++cursor;
    }
    const bool closed =
        cursor >= text_.size() || !(is_digit(text_[cursor]) || (is_letter(text_[cursor]) && text_[cursor] != 't'));
    if (count == 1 && digits[0] == 8 && closed) {
      const int y = part[0] / 10000, m = part[0] / 100 % 100, d = part[0] % 100;
      if (y < 1900 || y > 2100 || !calendar::exists(y, m, d)) return false;
      point_.year = y;
      point_.month = m;
      point_.day = d;
      at_ = cursor;
      return true;
    }
    if (digits[0] != 4 || part[0] < 1000 || part[0] > 2999) return false;
    if (count == 3 && digits[1] <= 2 && digits[2] <= 2 && closed && calendar::exists(part[0], part[1], part[2])) {
      // Not part of a longer chain (2010-2015-86, versions).
      if (cursor < text_.size() && (text_[cursor] == separator) && cursor + 1 < text_.size() &&
          is_digit(text_[cursor + 1]) && separator == '.')
        return false;
      point_.year = part[0];
      point_.month = part[1];
      point_.day = part[2];
      at_ = cursor;
      eat("日");
      return true;
    }
    if (count == 2 && closed && digits[1] == 2 && part[1] >= 1 && part[1] <= 12 && part[0] >= 1900 && part[0] <= 2100) {
      // 2008.03, 2025-08. A price has no reason to look like this, a decimal does: only with a leading zero, or a
      // hyphen or slash.
      if (separator == '.' && !(text_[cursor - 2] == '0' || text_[cursor - 2] == '1')) return false;
      if (separator == '.' && (looking_at("%", cursor) || looking_at("元", cursor) || looking_at("亿", cursor) ||
                               looking_at("万", cursor) || looking_at("点", cursor) || looking_at(" ", cursor)))
        return false;
      if (at_ >= 1 && (text_[at_ - 1] == '.' || text_[at_ - 1] == ',')) return false;
      point_.year = part[0];
      point_.month = part[1];
      at_ = cursor;
      return true;
    }
    return false;
  }

  // --- years
  // ---------------------------------------------------------------------------------------------------------------------

  bool year() {
    struct Relative {
      std::string_view word;
      int offset;
      bool named;  // from the time named last
    };
    static constexpr std::array<Relative, 40> kYears = {
        {{"大前年", -3, false},  {"前年", -2, false},     {"去年度", -1, false}, {"去年", -1, false},
         {"上年度", -1, false},  {"上一年度", -1, false}, {"上一年", -1, false}, {"上年", -1, false},
         {"今年度", 0, false},   {"今年", 0, false},      {"本年度", 0, false},  {"本年", 0, false},
         {"这一年", 0, false},   {"明年度", 1, false},    {"明年", 1, false},    {"下一年度", 1, false},
         {"下一年", 1, false},   {"下年度", 1, false},    {"下年", 1, false},    {"大后年", 3, false},
         {"后年", 2, false},     {"来年", 1, false},      {"旧年", -1, false},   {"出年", 1, false},
         {"同年", 0, true},      {"当年度", 0, true},     {"当年", 0, true},     {"该年", 0, true},
         {"那一年", 0, true},    {"次年", 1, true},       {"翌年", 1, true},     {"隔年", 1, true},
         {"转年", 1, true},      {"前一年", -1, true},    {"后一年", 1, true},   {"前一年度", -1, true},
         {"再下一年", 2, false}, {"今岁", 0, false},      {"是年", 0, true},     {"现年", 1000, false}}};
    if (eat("今明两年") || eat("今、明两年") || eat("今明年")) {
      point_.relative = true;
      direct(calendar::make(this_year(), 1, 1), calendar::make(this_year() + 2, 1, 1), Grain::kYear);
      return true;
    }
    if (eat("明后两年") || eat("明后年")) {
      point_.relative = true;
      direct(calendar::make(this_year() + 1, 1, 1), calendar::make(this_year() + 3, 1, 1), Grain::kYear);
      return true;
    }
    if (eat("去今两年") || eat("去年和今年")) {
      point_.relative = true;
      direct(calendar::make(this_year() - 1, 1, 1), calendar::make(this_year() + 1, 1, 1), Grain::kYear);
      return true;
    }
    if (may_stand([] {}, kYears))
      for (const Relative& r : kYears) {
        if (!looking_at(r.word)) continue;
        if (r.offset == 1000) return false;
        if (r.word == "后年" && begin_ > 0 && at_ == begin_) {
          // 以后年度, 此后年: part of another word.
          if (ends_before("此") || ends_before("以") || ends_before("之") || ends_before("日")) return false;
        }
        if (r.word == "前年" && (ends_before("之") || ends_before("以") || ends_before("此"))) return false;
        if (r.word == "当年" && looking_at("当年轻")) return false;
        if (r.word == "旧年" && (looking_at("旧年限") || ends_before("折"))) return false;
        at_ += r.word.size();
        const int base = r.named && context_.named ? calendar::day_of(*context_.named).year : this_year();
        point_.year = base + r.offset;
        point_.relative = true;
        point_.same_day_anchor = r.named;
        if (eat("同期")) {
          // 去年同期: the year named; what part of it is the sentence's business.
          return true;
        }
        fiscal_tail();
        return true;
      }
    if (plan_years() || century() || era() || fiscal_year()) return true;
    if (looking_at("年内")) {
      at_ += 6;
      point_.relative = true;
      direct(calendar::make(this_year(), 1, 1), calendar::make(this_year() + 1, 1, 1), Grain::kYear);
      return true;
    }
    // 全年 beside a part of a year that was named: all of that year.
    if (looking_at("全年") && context_.named) {
      at_ += 6;
      point_.year = calendar::day_of(*context_.named).year;
      point_.same_day_anchor = true;
      return true;
    }
    // 年初, 年底, 年中 alone: this year's.
    if (looking_at("年初") || looking_at("年底") || looking_at("年末") || looking_at("年中") || looking_at("岁末")) {
      if (at_ > 0 && at_ == begin_ && digit_before()) return false;
      if (looking_at("年中国") || looking_at("年中央") || looking_at("年中心")) return false;
      point_.year = this_year();
      point_.relative = true;
      return year_part();
    }
    // 2010至2015年, 2025年.
    Number n;
    if (!number(at_, n) || n.decimal) return false;
    std::size_t cursor = n.end;
    if (!n.han && n.digits == 4 && n.value >= 1900 && n.value <= 2100) {
      // 2014-2018年, 2020至2025年
      std::size_t next = 0;
      const std::size_t gap = blank(cursor);
      for (const std::string_view link : {"-"sv, "~"sv, "至"sv, "到"sv, "—"sv, "——"sv}) {
        if (looking_at(link, gap)) next = blank(gap + link.size());
      }
      Number to;
      if (next != 0 && next < text_.size() && is_digit(text_[next]) && number(next, to) && !to.decimal) {
        const std::size_t behind = blank(to.end);
        const bool year_word = looking_at("年", behind) && !looking_at("年代", behind);
        const bool short_to = to.digits == 2 && looking_at("-", gap) && to.value > static_cast<int>(n.value) % 100;
        if (year_word && ((to.digits == 4 && to.value > n.value && to.value <= 2200) || short_to)) {
          point_.year = n.whole();
          point_.year_to = short_to ? n.whole() / 100 * 100 + to.whole() : to.whole();
          at_ = behind + 3;
          eat("度");
          return true;
        }
      }
      // 2009、2010和2013年: the last one's 年 is everybody's.
      if (year_list(cursor)) {
        point_.year = n.whole();
        at_ = cursor;
        return true;
      }
      // 2008.03-2009
      const char after = cursor < text_.size() ? text_[cursor] : ' ';
      if (context_.linked && text_[at_ - 1] == '-' && !is_digit(after) && !is_letter(after) && after != '-' &&
          after != '.' && !looking_at("年", blank(cursor))) {
        point_.year = n.whole();
        at_ = cursor;
        return true;
      }
    }
    if (cursor < text_.size() && text_[cursor] == ' ') cursor = blank(cursor);
    if (looking_at("年代", cursor)) return decade(n, cursor);
    // 2026 Q1, 25Q4, 2026q1
    if (!n.han && (n.digits == 4 || n.digits == 2) && cursor < text_.size() &&
        (text_[cursor] == 'q' || text_[cursor] == 'h')) {
      const std::size_t digit = cursor + 1;
      if (digit < text_.size() && text_[digit] >= '1' && text_[digit] <= (text_[cursor] == 'q' ? '4' : '2') &&
          !(digit + 1 < text_.size() && (is_letter(text_[digit + 1]) || is_digit(text_[digit + 1])))) {
        if (n.digits == 4 && (n.value < 1900 || n.value > 2100)) return false;
        if (begin_ > 0 && (is_letter(text_[begin_ - 1]) || is_digit(text_[begin_ - 1]))) return false;
        point_.year = n.digits == 4 ? n.whole() : short_year(n.whole());
        (text_[cursor] == 'q' ? point_.quarter : point_.half) = text_[digit] - '0';
        at_ = digit + 1;
        return true;
      }
    }
    // 1Q25, 4Q2025, 1H25
    if (!n.han && n.digits == 1 && cursor == n.end && cursor < text_.size() &&
        (text_[cursor] == 'q' || text_[cursor] == 'h') && n.value >= 1 && n.value <= (text_[cursor] == 'q' ? 4 : 2)) {
      Number y;
      if (begin_ > 0 && (is_letter(text_[begin_ - 1]) || is_digit(text_[begin_ - 1]))) return false;
      std::size_t year_at = cursor + 1;
      if (looking_at("fy", year_at)) {
        year_at += 2;
        point_.fiscal = true;
      }
      if (year_at < text_.size() && is_digit(text_[year_at]) && number(year_at, y) &&
          (y.digits == 2 || y.digits == 4) && !y.decimal && !(y.end < text_.size() && is_letter(text_[y.end]))) {
        point_.year = y.digits == 4 ? y.whole() : short_year(y.whole());
        (text_[cursor] == 'q' ? point_.quarter : point_.half) = n.whole();
        at_ = y.end;
        return true;
      }
      if (text_[cursor] == 'q' &&
          !(year_at < text_.size() && (is_letter(text_[year_at]) || is_digit(text_[year_at])))) {
        point_.quarter = n.whole();
        at_ = year_at;
        return true;
      }
      return false;
    }
    // 2026日历年, 2026自然年: not a firm's own.
    if (n.digits == 4 && !n.han && n.value >= 1900 && n.value <= 2100)
      for (const std::string_view kind : {"日历年"sv, "自然年"sv, "公历年"sv})
        if (looking_at(kind, cursor)) {
          point_.year = n.whole();
          at_ = cursor + kind.size();
          eat("度");
          return true;
        }
    if (!looking_at("年", cursor) || looking_at("年期", cursor) || looking_at("年级", cursor) ||
        looking_at("年老", cursor) || looking_at("年龄", cursor) || looking_at("年轻", cursor))
      return false;
    int value = n.whole();
    if (n.digits == 4 && (!n.han || n.positional)) {
      if (value < 1000 || value > 2999) return false;
    } else if (n.digits == 2 && (!n.han || n.positional)) {
      value = short_year(value);
    } else {
      return false;
    }
    point_.year = value;
    at_ = cursor + 3;
    if (eat("度")) return true;
    return true;
  }

  bool year_list(std::size_t at) const {
    for (int i = 0; i < 8; ++i) {
      std::size_t next = at;
      for (const std::string_view link : {"、"sv, "和"sv, "与"sv, "及"sv, ","sv}) {
        if (looking_at(link, at)) next = blank(at + link.size());
      }
      Number n;
      if (next == at || next >= text_.size() || !is_digit(text_[next]) || !number(next, n) || n.digits != 4 ||
          n.decimal)
        return false;
      if (n.value < 1900 || n.value > 2100) return false;
      if (looking_at("年", n.end)) return true;
      at = n.end;
    }
    return false;
  }

  bool ends_before(std::string_view word) const {
    return begin_ >= word.size() && looking_at(word, begin_ - word.size());
  }
  bool digit_before() const {
    std::size_t before = begin_;
    if (before > 0 && text_[before - 1] == ' ') --before;
    if (before == 0) return false;
    if (is_digit(text_[before - 1])) return true;
    if (before < 3) return false;
    const char32_t c = code(before - 3);
    return numerals::chinese_digit(c) >= 0 || numerals::chinese_unit(c) > 0 || c == U'半' || c == U'几' || c == U'多' ||
           c == U'数';
  }

  // 97年 → 1997, 25年 → 2025: within thirty years ahead, else the century before.
  int short_year(int value) const {
    const int now_short = this_year() % 100;
    const int century = this_year() - now_short;
    return value <= now_short + 30 ? century + value : century - 100 + value;
  }

  bool fiscal_tail() {
    if (eat("财年") || eat("财政年度") || eat("会计年度")) {
      point_.fiscal = true;
      return true;
    }
    return false;
  }

  // FY2026, FY26Q2, 2026财年, 本财年.
  bool fiscal_year() {
    static constexpr std::array<std::pair<std::string_view, int>, 14> kWords = {{{"上一财年", -1},
                                                                                 {"上财年", -1},
                                                                                 {"上个财年", -1},
                                                                                 {"本财年", 0},
                                                                                 {"当前财年", 0},
                                                                                 {"这一财年", 0},
                                                                                 {"今财年", 0},
                                                                                 {"下一财年", 1},
                                                                                 {"下财年", 1},
                                                                                 {"下个财年", 1},
                                                                                 {"新财年", 1},
                                                                                 {"本财政年度", 0},
                                                                                 {"上一财政年度", -1},
                                                                                 {"下一财政年度", 1}}};
    if (may_stand([] {}, kWords))
      for (const auto& [word, offset] : kWords) {
        if (!eat(word)) continue;
        point_.year = this_year() + offset;
        point_.relative = true;
        point_.fiscal = true;
        return true;
      }
    Number n;
    std::size_t cursor = at_;
    if (looking_at("财年")) cursor += 6;
    if (looking_at("fy")) {
      if (begin_ > 0 && is_letter(text_[begin_ - 1])) return false;
      cursor += 2;
      cursor = blank(cursor);
      if (cursor < text_.size() && text_[cursor] == '\'') ++cursor;
    }
    if (!number(cursor, n) || n.decimal || n.han) {
      if (cursor == at_ && number(at_, n) && n.han && n.positional && n.digits == 4 && looking_at("财年", n.end)) {
        point_.year = n.whole();
        point_.fiscal = true;
        at_ = n.end + 6;
        return true;
      }
      return false;
    }
    if (n.digits != 2 && n.digits != 4) return false;
    const int value = n.digits == 4 ? n.whole() : short_year(n.whole());
    if (value < 1900 || value > 2200) return false;
    if (cursor != at_) {  // FY2026, FY26, FY2026 Q2
      if (!looking_at("fy")) return false;
      at_ = n.end;
      point_.year = value;
      point_.fiscal = true;
      const std::size_t gap = blank(at_);
      std::size_t q = gap;
      if (q < text_.size() && (text_[q] == '-')) ++q;
      if (q + 1 < text_.size() && (text_[q] == 'q' || text_[q] == 'h') && text_[q + 1] >= '1' && text_[q + 1] <= '4') {
        (text_[q] == 'q' ? point_.quarter : point_.half) = text_[q + 1] - '0';
        at_ = q + 2;
      }
      return true;
    }
    std::size_t behind = blank(n.end);
    if (looking_at("年", behind)) behind += 3;
    if (looking_at("财年", behind) || looking_at("财政年度", behind) || looking_at("会计年度", behind)) {
      point_.year = value;
      point_.fiscal = true;
      at_ = behind + (looking_at("财年", behind) ? 6U : 12U);
      return true;
    }
    if (looking_at("财", behind) && behind != blank(n.end)) return false;
    return false;
  }

  // 十四五 (期间, 规划, 时期), 十五五.
  bool plan_years() {
    static constexpr std::array<std::pair<std::string_view, int>, 10> kPlans = {{{"十五五", 15},
                                                                                 {"十四五", 14},
                                                                                 {"十三五", 13},
                                                                                 {"十二五", 12},
                                                                                 {"十一五", 11},
                                                                                 {"“十五五”", 15},
                                                                                 {"“十四五”", 14},
                                                                                 {"“十三五”", 13},
                                                                                 {"“十二五”", 12},
                                                                                 {"“十一五”", 11}}};
    if (may_stand([] {}, kPlans))
      for (const auto& [word, plan] : kPlans) {
        if (!looking_at(word)) continue;
        if (begin_ >= 3 && numerals::chinese_unit(code(begin_ - 3)) > 0) return false;
        at_ += word.size();
        const int first = 1966 + 5 * (plan - 3);
        direct(calendar::make(first, 1, 1), calendar::make(first + 5, 1, 1), Grain::kYear);
        if (eat("规划")) eat("纲要");
        if (!eat("期间"))
          if (!eat("时期")) eat("期");
        if (eat("初"))
          point_.to = calendar::make(first + 1, 1, 1);
        else if (eat("末") || eat("收官之年"))
          point_.from = calendar::make(first + 4, 1, 1);
        return true;
      }
    return false;
  }

  // 20世纪60年代前期, 上世纪80年代, 11世纪初.
  bool century() {
    int first = 0;
    if (eat("上世纪") || eat("上个世纪"))
      first = (this_year() - this_year() % 100) - 100;
    else if (eat("本世纪") || eat("这个世纪"))
      first = this_year() - this_year() % 100;
    else if (eat("下世纪") || eat("下个世纪"))
      first = this_year() - this_year() % 100 + 100;
    else {
      Number n;
      if (!number(at_, n) || n.decimal || n.value < 1 || n.value > 30 || !looking_at("世纪", n.end)) return false;
      first = (n.whole() - 1) * 100;
      at_ = n.end + 6;
      if (first == 0) first = 1;
    }
    direct(calendar::make(first, 1, 1), calendar::make(first / 100 * 100 + 100, 1, 1), Grain::kCentury);
    eat("的");
    Number n;
    if (number(at_, n) && !n.decimal && looking_at("年代", n.end) && n.whole() % 10 == 0 && n.value < 100) {
      at_ = n.end + 6;
      first = first / 100 * 100 + n.whole();
      direct(calendar::make(first, 1, 1), calendar::make(first + 10, 1, 1), Grain::kDecade);
      decade_part(first);
      return true;
    }
    const int base = first / 100 * 100;
    if (eat("初期") || eat("初叶") || eat("初"))
      point_.to = calendar::make(base + 20, 1, 1);
    else if (eat("中叶") || eat("中期"))
      direct(calendar::make(base + 40, 1, 1), calendar::make(base + 60, 1, 1), Grain::kDecade);
    else if (eat("末期") || eat("末叶") || eat("末"))
      point_.from = calendar::make(base + 80, 1, 1);
    else if (eat("前半叶") || eat("上半叶"))
      point_.to = calendar::make(base + 50, 1, 1);
    else if (eat("后半叶") || eat("下半叶"))
      point_.from = calendar::make(base + 50, 1, 1);
    return true;
  }

  void decade_part(int first) {
    if (eat("初期") || eat("前期") || eat("早期") || eat("初"))
      point_.to = calendar::make(first + 3, 1, 1);
    else if (eat("中后期"))
      point_.from = calendar::make(first + 4, 1, 1);
    else if (eat("中期") || eat("中"))
      direct(calendar::make(first + 3, 1, 1), calendar::make(first + 7, 1, 1), Grain::kYear);
    else if (eat("后期") || eat("末期") || eat("晚期") || eat("末"))
      point_.from = calendar::make(first + 7, 1, 1);
  }

  bool decade(const Number& n, std::size_t cursor) {
    int first = n.whole();
    if (first % 10 != 0) return false;
    if (first < 100)
      first += first <= this_year() % 100 + 9 && first <= 20 ? this_year() / 100 * 100 : (this_year() / 100 - 1) * 100;
    if (first < 1000 || first > 2990) return false;
    at_ = cursor + 6;
    direct(calendar::make(first, 1, 1), calendar::make(first + 10, 1, 1), Grain::kDecade);
    decade_part(first);
    return true;
  }

  // 民国114年, 令和7年, 康熙20年.
  bool era() {
    struct Era {
      std::string_view name;
      int before_first;
    };
    static constexpr std::array<Era, 12> kEras = {{{"民国", 1911},
                                                   {"令和", 2018},
                                                   {"平成", 1988},
                                                   {"昭和", 1925},
                                                   {"大正", 1911},
                                                   {"明治", 1867},
                                                   {"康熙", 1661},
                                                   {"雍正", 1722},
                                                   {"乾隆", 1735},
                                                   {"嘉庆", 1795},
                                                   {"光绪", 1874},
                                                   {"万历", 1572}}};
    if (may_stand([] {}, kEras))
      for (const Era& e : kEras) {
        if (!looking_at(e.name)) continue;
        Number n;
        std::size_t cursor = at_ + e.name.size();
        if (looking_at("元年", cursor)) {
          point_.year = e.before_first + 1;
          at_ = cursor + 6;
          return true;
        }
        if (!number(cursor, n) || n.decimal || n.value < 1 || n.value > 200 || !looking_at("年", n.end)) return false;
        point_.year = e.before_first + n.whole();
        at_ = n.end + 3;
        return true;
      }
    return false;
  }

  bool year_part() {
    if (eat("年初") || eat("初") || eat("伊始") || eat("年头"))
      point_.part = Part::kStart;
    else if (eat("年底") || eat("年末") || eat("岁末") || eat("底") || eat("末") || eat("年尾") || eat("岁尾"))
      point_.part = Part::kEnd;
    else if (looking_at("年中") && !looking_at("年中国") && !looking_at("年中央")) {
      at_ += 6;
      point_.part = Part::kMiddle;
    } else
      return false;
    return true;
  }

  // --- parts of a year
  // --------------------------------------------------------------------------------------------------------------

  int quarter_digit(std::size_t at, std::size_t& end) const {
    Number n;
    if (!number(at, n) || n.decimal || n.value < 1 || n.value > 4) return 0;
    end = n.end;
    return n.whole();
  }

  bool quarter_word(std::size_t at, std::size_t& end) const {
    for (const std::string_view word : {"个季度"sv, "财季度"sv, "财季"sv, "季度"sv, "季"sv}) {
      if (looking_at(word, at)) {
        if (word == "季" && (looking_at("季节", at) || looking_at("季军", at) || looking_at("季后", at))) return false;
        end = at + word.size();
        return true;
      }
    }
    return false;
  }

  bool sub_year(bool have_year) {
    const std::size_t start = at_;
    if (have_year && point_.direct) return false;
    if (have_year) {
      if (!eat("的") && looking_at(" ")) ++at_;
    }
    if (have_year && point_.year_to == 0) {
      if (looking_at("年初") || looking_at("年底") || looking_at("年末") || looking_at("年中") || looking_at("初") ||
          looking_at("底") || looking_at("末") || looking_at("伊始") || looking_at("年尾") || looking_at("岁末")) {
        if (!looking_at("末尾") && !looking_at("初步") && !looking_at("初次") && !looking_at("底部")) {
          year_part();
          return true;
        }
      }
      if (looking_at("中") && looking_at("年", at_ - 3) && closed_word(at_ + 3)) {
        at_ += 3;
        point_.part = Part::kMiddle;
        return true;
      }
      if (looking_at("全年") || looking_at("整年")) {
        at_ += 6;
        return true;
      }
    }
    // Halves.
    struct Half {
      std::string_view word;
      int half;
      int offset;
      bool relative;
    };
    static constexpr std::array<Half, 14> kHalves = {{{"上半财年", 1, 0, false},
                                                      {"下半财年", 2, 0, false},
                                                      {"上半年度", 1, 0, false},
                                                      {"下半年度", 2, 0, false},
                                                      {"上半年", 1, 0, false},
                                                      {"下半年", 2, 0, false},
                                                      {"前半年", 1, 0, false},
                                                      {"后半年", 2, 0, false},
                                                      {"首半年", 1, 0, false},
                                                      {"上个半年", 0, -1, true},
                                                      {"上一个半年", 0, -1, true},
                                                      {"下个半年", 0, 1, true},
                                                      {"这半年", 0, 0, true},
                                                      {"本半年度", 0, 0, true}}};
    if (may_stand([] {}, kHalves))
      for (const Half& h : kHalves) {
        if (!looking_at(h.word)) continue;
        if (h.relative && have_year) break;
        at_ += h.word.size();
        if (h.relative) {
          const calendar::Day d = calendar::day_of(now());
          const int index = d.year * 2 + (d.month > 6 ? 1 : 0) + h.offset;
          point_.year = index / 2;
          point_.half = index % 2 + 1;
          point_.relative = true;
        } else {
          point_.half = h.half;
          point_.fiscal = point_.fiscal || h.word.find("财") != std::string_view::npos;
        }
        return true;
      }
    // 上半 / 下半 behind a year: 2026年上半, in Traditional texts.
    if (have_year && (looking_at("上半") || looking_at("下半")) && !looking_at("上半月") && !looking_at("下半月") &&
        !looking_at("上半场") && !looking_at("下半场")) {
      point_.half = looking_at("上半") ? 1 : 2;
      at_ += 6;
      return true;
    }
    // H1, Q2 …
    if (at_ + 1 < text_.size() && (text_[at_] == 'q' || text_[at_] == 'h') && text_[at_ + 1] >= '1' &&
        text_[at_ + 1] <= (text_[at_] == 'q' ? '4' : '2')) {
      const bool border =
          at_ == 0 || have_year || !(is_letter(text_[at_ - 1]) || is_digit(text_[at_ - 1]) || text_[at_ - 1] == '-');
      const std::size_t behind = at_ + 2;
      const bool closed = behind >= text_.size() || !(is_letter(text_[behind]) || is_digit(text_[behind]));
      if (border && closed && (have_year || text_[at_] == 'q' || chinese_near(behind))) {
        (text_[at_] == 'q' ? point_.quarter : point_.half) = text_[at_ + 1] - '0';
        at_ = behind;
        // Q2-Q3, Q2至Q4
        std::size_t link = at_;
        if (text_[start] != 'h') {
          for (const std::string_view word : {"-"sv, "~"sv, "至"sv, "到"sv}) {
            if (looking_at(word, link) && looking_at("q", link + word.size())) {
              const std::size_t digit = link + word.size() + 1;
              if (digit < text_.size() && text_[digit] > '0' + point_.quarter && text_[digit] <= '4') {
                point_.quarter_to = text_[digit] - '0';
                at_ = digit + 1;
              }
              break;
            }
          }
        }
        if (point_.year == 0) {
          const std::size_t gap = blank(at_);
          Number y;
          if (gap < text_.size() && is_digit(text_[gap]) && number(gap, y) && y.digits == 4 && !y.decimal &&
              y.value >= 1990 && y.value <= 2100) {
            point_.year = y.whole();
            at_ = y.end;
          }
        }
        return true;
      }
    }
    // 第三季度, 三季度, 3季, 前三季度, 一至三季度, 首季, 末季.
    {
      std::size_t cursor = at_;
      std::size_t end = 0;
      bool fiscal = false;
      if (looking_at("财政", cursor)) {
        cursor += 6;
        fiscal = true;
      }
      const bool leading = looking_at("前", cursor) || looking_at("头", cursor);
      const bool nth = looking_at("第", cursor);
      if (leading || nth) cursor += 3;
      const int q = quarter_digit(cursor, end);
      if (q != 0) {
        std::size_t word_end = 0;
        // ranges: 二至四季度, 一、二季度, 2-3季度
        for (const std::string_view link : {"至"sv, "到"sv, "-"sv, "~"sv, "、"sv, "和"sv, "与"sv, "及"sv}) {
          if (!looking_at(link, end)) continue;
          std::size_t to_at = end + link.size();
          if (looking_at("第", to_at)) to_at += 3;
          std::size_t to_end = 0;
          const int to = quarter_digit(to_at, to_end);
          if (to > q && quarter_word(to_end, word_end)) {
            point_.quarter = q;
            point_.quarter_to = to;
            at_ = word_end;
            return true;
          }
        }
        std::size_t q_end = end;
        if (looking_at(" ", q_end)) ++q_end;
        const bool one_word = quarter_word(q_end, word_end);
        const bool counted = looking_at("个季", q_end);
        // 三个季度 is a length, 前三个季度 a time; 三季 alone needs 度 or a year.
        if (one_word && (!counted || leading || nth) && !(looking_at("季报", q_end))) {
          const bool short_word = word_end - q_end == 3;
          if (!short_word || leading || nth || have_year || at_ > begin_ || closed_word(word_end)) {
            if (leading) {
              point_.quarter = 1;
              point_.quarter_to = q;
              if (q == 1) point_.quarter_to = 0;
            } else {
              point_.quarter = q;
            }
            point_.fiscal = point_.fiscal || fiscal || looking_at("财季", q_end);
            at_ = word_end;
            if (!eat("度初")) {
              if (eat("末") || eat("底"))
                point_.part = Part::kLastDay;
              else if (looking_at("初") && !looking_at("初步")) {
                at_ += 3;
                point_.part = Part::kStart;
              } else if (looking_at("中期") || looking_at("中旬")) {
                at_ += 6;
                point_.part = Part::kMiddle;
              }
            }
            return true;
          }
        }
      }
    }
    if (eat("首季度") || (!looking_at("首季后") && eat("首季"))) {
      point_.quarter = 1;
      return true;
    }
    if (eat("末季")) {
      point_.quarter = 4;
      return true;
    }
    if (!have_year) {
      struct RelativeQuarter {
        std::string_view word;
        int offset;
      };
      static constexpr std::array<RelativeQuarter, 20> kQuarters = {
          {{"上一个季度", -1}, {"上一季度", -1}, {"上个季度", -1}, {"上季度", -1},    {"上一季", -1},
           {"上季", -1},       {"本季度", 0},    {"本季", 0},      {"这个季度", 0},   {"这一季度", 0},
           {"当前季度", 0},    {"当季", 0},      {"今季", 0},      {"下一个季度", 1}, {"下一季度", 1},
           {"下个季度", 1},    {"下季度", 1},    {"下一季", 1},    {"下季", 1},       {"次季", 1}}};
      if (may_stand([] {}, kQuarters))
        for (const RelativeQuarter& r : kQuarters) {
          if (!looking_at(r.word) || looking_at("上季军") || looking_at("本季报")) continue;
          at_ += r.word.size();
          const calendar::Day d = calendar::day_of(r.word == "当季" ? anchor() : now());
          const int index = d.year * 4 + (d.month - 1) / 3 + r.offset;
          point_.year = index / 4;
          point_.quarter = index % 4 + 1;
          point_.relative = true;
          if (eat("末") || eat("底")) point_.part = Part::kLastDay;
          return true;
        }
    }
    // Seasons and school holidays.
    if (have_year || season_word()) {
      static constexpr std::array<std::pair<std::string_view, int>, 20> kSeasons = {
          {{"春季", 1}, {"春天", 1}, {"开春", 1}, {"夏季", 2}, {"夏天", 2}, {"秋季", 3}, {"秋天", 3},
           {"冬季", 4}, {"冬天", 4}, {"暑假", 5}, {"暑期", 5}, {"寒假", 6}, {"春", 1},   {"夏", 2},
           {"秋", 3},   {"冬", 4},   {"盛夏", 2}, {"初夏", 2}, {"深秋", 3}, {"入冬", 4}}};
      for (const auto& [word, season] : kSeasons) {
        if (!looking_at(word)) continue;
        if (word.size() == 3 && (!have_year || looking_at("春节") || looking_at("冬至") || looking_at("夏至") ||
                                 looking_at("春分") || looking_at("秋分") || looking_at("冬奥") || looking_at("春晚")))
          continue;
        at_ += word.size();
        point_.season = season;
        return true;
      }
    }
    // 首月, 第8个月, 前11个月, 前10天, 第二周, 最后一周 of a year.
    if (period_counts(have_year)) return true;
    // Nothing of the year follows: a 的 or blank belongs to what comes next.
    at_ = start;
    if (have_year) {
      if (looking_at("内") && !looking_at("内存") && !looking_at("内部") && !looking_at("内地") &&
          !looking_at("内容")) {
        at_ += 3;
      } else if (looking_at("期间")) {
        at_ += 6;
      }
    }
    return false;
  }

  bool chinese_near(std::size_t at) const { return at < text_.size() && is_han(code(at)); }
  // A short word ends here: nothing Chinese goes on that could make it another word.
  bool closed_word(std::size_t at) const {
    if (at >= text_.size()) return true;
    const char32_t c = code(at);
    return !is_han(c) || c == U'的' || c == U'营' || c == U'净' || c == U'业' || c == U'收' || c == U'末' ||
           c == U'底' || c == U'初' || c == U'报';
  }
  bool season_word() const {
    return looking_at("暑假") || looking_at("寒假") || looking_at("暑期") || looking_at("春季") || looking_at("夏季") ||
           looking_at("秋季") || looking_at("冬季");
  }
  bool number_then_month(std::size_t at) const {
    Number n;
    return number(at, n) && !n.decimal && n.value >= 1 && n.value <= 12 && looking_at("月", n.end);
  }

  // Weeks, months and days counted from the start or end of the period read so far.
  bool period_counts(bool have_period) {
    const std::size_t start = at_;
    if (!have_period && !looking_at("前")) return false;
    if (have_period && eat("首月")) {
      point_.month = 1;
      return true;
    }
    if (eat("首周") || eat("首个星期")) {
      point_.nth_week = 1;
      return true;
    }
    bool last = false;
    int sign = 0;  // 1: 第N, 2: 前N, 3: 最后N
    if (have_period && eat("第"))
      sign = 1;
    else if (eat("最后") || eat("末尾")) {
      sign = 3;
      last = true;
      if (eat("的")) {
      }
    } else if (eat("前") || eat("头"))
      sign = 2;
    if (sign == 0) return false;
    Number n;
    if (!number(at_, n)) {
      at_ = start;
      return false;
    }
    const int count = n.whole();
    at_ = n.end;
    eat(" ");
    auto fail = [&] {
      at_ = start;
      return false;
    };
    if (count < 1 || count > 400 || n.decimal) return fail();
    if (sign == 1) {
      if (eat("个月") || eat("月")) {
        if (count > 12) return fail();
        point_.month = count;
        return true;
      }
      if (eat("个星期") || eat("个礼拜") || eat("周") || eat("星期") || eat("礼拜")) {
        const int wd = weekday_digit(at_);
        if (wd >= 0) {
          point_.nth_weekday = count;
          point_.weekday = wd;
          at_ += decode_utf8(text_, at_).length;
          return true;
        }
        if (count > 53) return fail();
        point_.nth_week = count;
        return true;
      }
      if (looking_at("个")) {
        const std::size_t keep = at_;
        at_ += 3;
        int wd = -1;
        if (eat("周") || eat("星期") || eat("礼拜")) wd = weekday_digit(at_);
        if (wd >= 0) {
          at_ += decode_utf8(text_, at_).length;
          point_.nth_weekday = count;
          point_.weekday = wd;
          return true;
        }
        at_ = keep;
      }
      if (eat("天") || eat("日")) {
        if (point_.month == 0 && count > 31) return fail();
        point_.day = point_.month == 0 ? 0 : count;
        if (point_.month == 0) return fail();
        return true;
      }
      return fail();
    }
    if (sign == 2 && !have_period) {
      // 前11个月, 前十月: of this year.
      if ((eat("个月") || eat("月")) && count <= 12) {
        point_.month = 1;
        point_.month_to = count > 1 ? count : 0;
        return true;
      }
      return fail();
    }
    Unit unit;
    if (eat("个月") || eat("月"))
      unit = Unit::kMonth;
    else if (eat("个星期") || eat("个礼拜") || eat("周") || eat("星期") || eat("礼拜"))
      unit = Unit::kWeek;
    else if (eat("天") || eat("日") || eat("个交易日") || eat("个工作日"))
      unit = Unit::kDay;
    else if (eat("个季度") || eat("季度") || eat("季"))
      unit = Unit::kQuarter;
    else if (looking_at("个") && last) {
      at_ += 3;
      int wd = -1;
      if (eat("周") || eat("星期") || eat("礼拜")) wd = weekday_digit(at_);
      if (wd < 0) return fail();
      at_ += decode_utf8(text_, at_).length;
      point_.nth_weekday = -1;
      point_.weekday = wd;
      return true;
    } else
      return fail();
    if (unit == Unit::kWeek && last) {
      const int wd = weekday_digit(at_);
      if (wd >= 0) {
        at_ += decode_utf8(text_, at_).length;
        point_.nth_weekday = -count;
        point_.weekday = wd;
        return true;
      }
      if (count == 1) {
        point_.nth_week = -1;
        return true;
      }
    }
    if (unit == Unit::kMonth && !last && point_.month == 0) {
      if (count > 12) return fail();
      point_.month = 1;
      point_.month_to = count > 1 ? count : 0;
      return true;
    }
    (last ? point_.last_count : point_.first_count) = count;
    point_.count_unit = unit;
    return true;
  }

  // --- months
  // ------------------------------------------------------------------------------------------------------------------------

  bool month(bool have_year) {
    if (point_.direct || point_.month != 0 || point_.quarter != 0 || point_.half != 0 || point_.part != Part::kNone ||
        point_.season != 0 || point_.nth_week != 0 || point_.first_count != 0 || point_.last_count != 0 ||
        point_.year_to != 0) {
      if (point_.month != 0 && point_.month_to == 0) return month_tail(), false;
      return false;
    }
    if (!have_year) {
      struct Relative {
        std::string_view word;
        int offset;
        bool named;
      };
      static constexpr std::array<Relative, 34> kMonths = {
          {{"上上个月", -2, false}, {"上上月", -2, false}, {"上个月", -1, false},  {"上一个月", -1, false},
           {"上月", -1, false},     {"本月份", 0, false},  {"本月", 0, false},     {"这个月", 0, false},
           {"这月", 0, false},      {"今个月", 0, false},  {"今月", 0, false},     {"下下个月", 2, false},
           {"下下月", 2, false},    {"下个月", 1, false},  {"下一个月", 1, false}, {"下月", 1, false},
           {"当月", 0, true},       {"同月", 0, true},     {"该月", 0, true},      {"次月", 1, true},
           {"翌月", 1, true},       {"月初", 0, false},    {"月底", 0, false},     {"月末", 0, false},
           {"月中旬", 0, false},    {"月内", 0, false},    {"前一个月", -1, true}, {"前个月", -2, false},
           {"上旬", 0, false},      {"中旬", 0, false},    {"下旬", 0, false},     {"月中", 0, false},
           {"上半月", 0, false},    {"下半月", 0, false}}};
      if (may_stand([] {}, kMonths))
        for (const Relative& r : kMonths) {
          if (!looking_at(r.word)) continue;
          if (r.word[0] == "月"[0] && r.word.starts_with("月") && at_ > 0 && digit_before()) return false;
          if (r.word == "本月" && looking_at("本月球")) return false;
          if (r.word == "月中" && !closed_word(at_ + 6)) return false;
          if ((r.word == "上旬" || r.word == "中旬" || r.word == "下旬") && !have_year && begin_ > 0 &&
              ends_before("月"))
            return false;
          const Civil base = r.named ? anchor() : now();
          const calendar::Day d = calendar::day_of(base);
          const int index = d.year * 12 + d.month - 1 + r.offset;
          point_.year = index / 12;
          point_.month = index % 12 + 1;
          point_.relative = true;
          point_.same_day_anchor = r.named;
          if (r.word.starts_with("月") && r.word != "月内")
            at_ += 3;
          else if (r.word == "上旬" || r.word == "中旬" || r.word == "下旬" || r.word == "上半月" ||
                   r.word == "下半月") {
          } else
            at_ += r.word.size();
          month_tail();
          return true;
        }
    }
    std::size_t cursor = at_;
    if (have_year) {
      if (looking_at("的", cursor)) cursor += 3;
      cursor = blank(cursor);
      if (looking_at(",", cursor) && number_then_month(blank(cursor + 1))) cursor = blank(cursor + 1);
    }
    if (looking_at("农历", cursor) || looking_at("阴历", cursor)) {
      point_.lunar = true;
      cursor += 6;
      at_ = cursor;
    }
    if (looking_at("正月", cursor) || looking_at("腊月", cursor) || looking_at("冬月", cursor)) {
      point_.lunar = true;
      point_.month = looking_at("正月", cursor) ? 1 : looking_at("腊月", cursor) ? 12 : 11;
      at_ = cursor + 6;
      lunar_day();
      return true;
    }
    if (looking_at("元月", cursor)) {
      point_.month = 1;
      at_ = cursor + 6;
      month_tail();
      return true;
    }
    Number n;
    if (!number(cursor, n) || n.decimal || n.value < 1 || n.value > 12 || n.digits > 2 ||
        (n.han && n.positional && n.digits != 1))
      return false;
    if (cursor == at_ && at_ > 0 && !have_year && !n.han &&
        (is_letter(text_[at_ - 1]) || text_[at_ - 1] == '.' || is_digit(text_[at_ - 1])))
      return false;
    std::size_t end = blank(n.end);
    if (looking_at("月", end) && !looking_at("月球", end) && !looking_at("月亮", end)) {
      point_.month = n.whole();
      at_ = end + 3;
      // 6月份, 1月至3月 is left to ranges.
      eat("份");
      month_tail();
      return true;
    }
    // 1-9月, 1至3月, 二、三月.
    for (const std::string_view link : {"至"sv, "到"sv, "-"sv, "~"sv, "—"sv, "——"sv, "、"sv, "和"sv}) {
      if (!looking_at(link, end)) continue;
      Number to;
      std::size_t to_at = blank(end + link.size());
      if (number(to_at, to) && !to.decimal && to.value >= 1 && to.value <= 12 && looking_at("月", blank(to.end)) &&
          to.value != n.value) {
        const std::size_t behind = blank(to.end) + 3;
        // 3-4月12日: not a range of months.
        point_.month = n.whole();
        point_.month_to = to.whole();
        at_ = behind;
        eat("份");
        return true;
      }
    }
    return false;
  }

  void month_tail() {
    const std::size_t keep = at_;
    struct Word {
      std::string_view word;
      Part part;
    };
    static constexpr std::array<Word, 22> kParts = {{{"月初", Part::kStart},       {"月底", Part::kEnd},
                                                     {"月末", Part::kEnd},         {"中下旬", Part::kSecondHalf},
                                                     {"上中旬", Part::kFirstHalf}, {"上旬", Part::kFirstTen},
                                                     {"中旬", Part::kMiddleTen},   {"下旬", Part::kLastTen},
                                                     {"月上旬", Part::kFirstTen},  {"月中旬", Part::kMiddleTen},
                                                     {"月下旬", Part::kLastTen},   {"月中", Part::kMiddle},
                                                     {"上半月", Part::kFirstHalf}, {"下半月", Part::kSecondHalf},
                                                     {"初", Part::kStart},         {"底", Part::kEnd},
                                                     {"末", Part::kEnd},           {"中期", Part::kMiddle},
                                                     {"尾", Part::kEnd},           {"中", Part::kMiddle},
                                                     {"伊始", Part::kStart},       {"头", Part::kNone}}};
    for (const Word& w : kParts) {
      if (w.part == Part::kNone || !looking_at(w.word)) continue;
      if (w.word == "初" && (lunar_first(at_) || looking_at("初步") || looking_at("初次"))) continue;
      if (w.word == "底" && (looking_at("底部") || looking_at("底价"))) continue;
      if (w.word == "中" && !closed_word(at_ + 3)) continue;
      at_ += w.word.size();
      point_.part = w.part;
      return;
    }
    if (eat("内")) return;
    if (looking_at("的") || looking_at("第") || looking_at("前") || looking_at("最后") || looking_at("首周")) {
      const std::size_t de = at_;
      eat("的");
      if (looking_at("前夕") || looking_at("前后") || !period_counts(true)) at_ = de;
      if (at_ != keep) return;
    }
    at_ = keep;
  }

  bool lunar_first(std::size_t at) const {
    if (!looking_at("初", at)) return false;
    const int digit = numerals::chinese_digit(code(at + 3));
    return (digit >= 1 && digit <= 9) || code(at + 3) == U'十';
  }
  bool lunar_day() {
    if (lunar_first(at_)) {
      const char32_t c = code(at_ + 3);
      point_.day = c == U'十' ? 10 : numerals::chinese_digit(c);
      point_.lunar = true;
      at_ += 6;
      return true;
    }
    Number n;
    if (number(at_, n) && n.han && n.value >= 1 && n.value <= 30 && !n.decimal) {
      point_.day = n.whole();
      at_ = n.end;
      if (!eat("日")) eat("号");
      return true;
    }
    return false;
  }

  // --- days
  // ------------------------------------------------------------------------------------------------------------------------

  bool day(bool have_larger) {
    if (point_.direct || point_.quarter != 0 || point_.half != 0 || point_.season != 0 || point_.year_to != 0 ||
        point_.month_to != 0 || point_.nth_week != 0 || point_.nth_weekday != 0 || point_.day != 0 ||
        point_.first_count != 0 || point_.last_count != 0) {
      if (point_.day != 0) weekday_tail();
      return false;
    }
    if (point_.part != Part::kNone) return false;
    if (!have_larger) {
      if (relative_day()) return true;
    } else if (point_.month == 0) {
      // 今年双十一 and the like are festivals; 2025年 then a day without month does not occur.
      return false;
    }
    const std::size_t start = at_;
    std::size_t cursor = have_larger ? blank(at_) : at_;
    if (have_larger && lunar_first(cursor)) {
      at_ = cursor;
      return lunar_day();
    }
    Number n;
    if (!number(cursor, n) || n.decimal || n.value < 1 || n.value > 31 || n.digits > 2 ||
        (n.han && n.positional && n.digits > 1))
      return false;
    if (!have_larger && !context_.linked && cursor > 0 && !n.han &&
        (is_letter(text_[cursor - 1]) || text_[cursor - 1] == '.' || text_[cursor - 1] == '-' ||
         text_[cursor - 1] == '/' || is_digit(text_[cursor - 1])))
      return false;
    std::size_t end = blank(n.end);
    const bool day_word = looking_at("日", end) || looking_at("号", end);
    if (day_word) {
      if (!have_larger) {
        // 3号线, 8号楼; 3日线; 5日均线.
        static constexpr std::array<std::string_view, 16> kNot = {"号线", "号楼", "号店", "号院", "号厅", "号文",
                                                                  "号令", "号机", "号称", "号码", "日线", "日均",
                                                                  "日游", "日元", "号台", "日圆"};
        for (const std::string_view word : kNot) {
          if (looking_at(word, end)) return false;
        }
        if (looking_at("号", end)) {
          // Numbers of things carry 号 too: a day only where it opens or closes a phrase.
          if (begin_ >= 3 && is_han(code(begin_ - 3)) && !ends_before("于") && !ends_before("在") &&
              !ends_before("到") && !ends_before("至") && !ends_before("从") && !ends_before("自") &&
              !ends_before("的") && !ends_before("本月"))
            return false;
          if (begin_ == 0 && end + 3 >= text_.size()) return false;
          if (begin_ > 0 && (is_letter(text_[begin_ - 1]) || text_[begin_ - 1] == '#')) return false;
        }
        if (looking_at("日", end) && n.han && n.digits == 1 && !n.positional == false && begin_ > 0 &&
            is_han(code(begin_ >= 3 ? begin_ - 3 : 0)) && n.value < 4)
          return false;
      }
      point_.day = n.whole();
      at_ = end + 3;
      day_range_tail();
      weekday_tail();
      return true;
    }
    // 9-23日, 十日至十二日 within one month; 8、9日.
    for (const std::string_view link : {"至"sv, "到"sv, "-"sv, "~"sv, "—"sv, "——"sv, "、"sv, "和"sv}) {
      if (!looking_at(link, n.end)) continue;
      Number to;
      const std::size_t to_at = blank(n.end + link.size());
      if (number(to_at, to) && !to.decimal && to.value > n.value && to.value <= 31 &&
          (looking_at("日", to.end) || looking_at("号", to.end))) {
        if (!have_larger && looking_at("号", to.end)) return false;
        point_.day = n.whole();
        point_.day_to = to.whole();
        at_ = to.end + 3;
        return true;
      }
    }
    // 十月31, 1月3至2月10: the day's word is missing.
    if (have_larger && point_.month != 0 && cursor == start) {
      const bool closed =
          n.end >= text_.size() || !is_han(code(n.end)) || looking_at("至", n.end) || looking_at("到", n.end);
      const char after = n.end < text_.size() ? text_[n.end] : ' ';
      if (closed && after != '.' && after != '%' && after != ':' && after != '-' && !is_letter(after) && after != '/') {
        point_.day = n.whole();
        if (n.han && point_.month == 8 && n.value == 15) point_.lunar = true;  // 八月十五
        at_ = n.end;
        return true;
      }
    }
    return false;
  }

  void day_range_tail() {
    // Ranges between full points are joined later; only "9日、10日" stays two points.
  }

  // (周一), ，星期一 behind a date.
  void weekday_tail() {
    std::size_t cursor = at_;
    bool bracket = false;
    if (looking_at("(", cursor)) {
      bracket = true;
      ++cursor;
    } else if (looking_at(",", cursor) || looking_at("、", cursor)) {
      cursor = blank(cursor + (text_[cursor] == ',' ? 1U : 3U));
    } else {
      cursor = blank(cursor);
    }
    std::size_t end = 0;
    const int day = weekday_word(cursor, end);
    if (day < 0) return;
    if (bracket) {
      if (!looking_at(")", end)) return;
      ++end;
    } else if (cursor != at_ && text_[at_] == ',' && end < text_.size() && is_han(code(end)) &&
               !looking_at("的", end)) {
      // ", 周五将…" opens the next clause when the clause goes on.
      const Civil date =
          point_.year != 0 && point_.month != 0 && calendar::exists(point_.year, point_.month, point_.day)
              ? calendar::make(point_.year, point_.month, point_.day)
              : Civil{};
      if (date == Civil{} || calendar::weekday(date) != day) return;
    }
    at_ = end;
  }

  bool relative_day() {
    struct Relative {
      std::string_view word;
      int offset;
      bool named;
      Daypart daypart;
    };
    static constexpr std::array<Relative, 66> kDays = {{{"大前天", -3, false, Daypart::kNone},
                                                        {"大前日", -3, false, Daypart::kNone},
                                                        {"前天", -2, false, Daypart::kNone},
                                                        {"前日", -2, false, Daypart::kNone},
                                                        {"昨天", -1, false, Daypart::kNone},
                                                        {"昨日", -1, false, Daypart::kNone},
                                                        {"寻日", -1, false, Daypart::kNone},
                                                        {"琴日", -1, false, Daypart::kNone},
                                                        {"昨晚", -1, false, Daypart::kEvening},
                                                        {"昨夜", -1, false, Daypart::kNight},
                                                        {"前晚", -2, false, Daypart::kEvening},
                                                        {"昨早", -1, false, Daypart::kEarlyMorning},
                                                        {"寻晚", -1, false, Daypart::kEvening},
                                                        {"今天", 0, false, Daypart::kNone},
                                                        {"今日", 0, false, Daypart::kNone},
                                                        {"今早", 0, false, Daypart::kEarlyMorning},
                                                        {"今晨", 0, false, Daypart::kEarlyMorning},
                                                        {"今晚", 0, false, Daypart::kEvening},
                                                        {"今夜", 0, false, Daypart::kNight},
                                                        {"今午", 0, false, Daypart::kNoon},
                                                        {"今朝", 0, false, Daypart::kEarlyMorning},
                                                        {"即日", 0, false, Daypart::kNone},
                                                        {"本日", 0, false, Daypart::kNone},
                                                        {"是日", 0, true, Daypart::kNone},
                                                        {"明天", 1, false, Daypart::kNone},
                                                        {"明日", 1, false, Daypart::kNone},
                                                        {"明早", 1, false, Daypart::kEarlyMorning},
                                                        {"明晨", 1, false, Daypart::kEarlyMorning},
                                                        {"明晚", 1, false, Daypart::kEvening},
                                                        {"听日", 1, false, Daypart::kNone},
                                                        {"听晚", 1, false, Daypart::kEvening},
                                                        {"大后天", 3, false, Daypart::kNone},
                                                        {"大后日", 3, false, Daypart::kNone},
                                                        {"后天", 2, false, Daypart::kNone},
                                                        {"后日", 2, false, Daypart::kNone},
                                                        {"当天", 0, true, Daypart::kNone},
                                                        {"当日", 0, true, Daypart::kNone},
                                                        {"同日", 0, true, Daypart::kNone},
                                                        {"同一天", 0, true, Daypart::kNone},
                                                        {"当晚", 0, true, Daypart::kEvening},
                                                        {"当夜", 0, true, Daypart::kNight},
                                                        {"次日", 1, true, Daypart::kNone},
                                                        {"翌日", 1, true, Daypart::kNone},
                                                        {"隔日", 1, true, Daypart::kNone},
                                                        {"隔天", 1, true, Daypart::kNone},
                                                        {"第二天", 1, true, Daypart::kNone},
                                                        {"前一天", -1, true, Daypart::kNone},
                                                        {"前一日", -1, true, Daypart::kNone},
                                                        {"后一天", 1, true, Daypart::kNone},
                                                        {"次晨", 1, true, Daypart::kEarlyMorning},
                                                        {"隔夜", -1, false, Daypart::kNight},
                                                        {"昨", -1, false, Daypart::kNone},
                                                        {"今明两天", 100, false, Daypart::kNone},
                                                        {"今明两日", 100, false, Daypart::kNone},
                                                        {"这一天", 0, true, Daypart::kNone},
                                                        {"前一晚", -1, true, Daypart::kEvening},
                                                        {"上一交易日", -50, false, Daypart::kNone},
                                                        {"上个交易日", -50, false, Daypart::kNone},
                                                        {"上一个交易日", -50, false, Daypart::kNone},
                                                        {"前一交易日", -50, true, Daypart::kNone},
                                                        {"前一个交易日", -50, true, Daypart::kNone},
                                                        {"下一交易日", 50, false, Daypart::kNone},
                                                        {"下个交易日", 50, false, Daypart::kNone},
                                                        {"次一交易日", 50, true, Daypart::kNone},
                                                        {"下一个交易日", 50, false, Daypart::kNone},
                                                        {"眼下", 0, false, Daypart::kNone}}};
    if (may_stand([] {}, kDays))
      for (const Relative& r : kDays) {
        if (!looking_at(r.word)) continue;
        if (r.word == "眼下") return false;
        if (r.word == "今日" && (looking_at("今日头条") || looking_at("今日俄罗斯") || looking_at("今日美国")))
          return false;
        if (r.word == "明日" && looking_at("明日之")) return false;
        if (r.word == "后天" && (looking_at("后天性") || ends_before("之"))) return false;
        if (r.word == "后日" && (ends_before("以") || ends_before("此") || ends_before("之"))) return false;
        if ((r.word == "前天" || r.word == "前日") && (ends_before("以") || ends_before("之"))) return false;
        if (r.word == "隔日" || r.word == "隔天" || r.word == "隔夜") {
          if (looking_at("隔夜拆") || looking_at("隔夜利") || looking_at("隔夜shibor")) return false;
        }
        if (r.word == "当日" && (ends_before("每"))) return false;
        if (r.word == "昨") {
          const char32_t next = code(at_ + 3);
          if (!(is_digit(text_[std::min(at_ + 3, text_.size() - 1)]) || next == U'宣' || next == U'表' ||
                next == U'发' || next == U'公' || next == U'披' || next == U'下' || next == U'上' || next == U'凌' ||
                next == U'傍' || next == U'午' || next == U'收' || next == U'报'))
            return false;
        }
        at_ += r.word.size();
        point_.relative = true;
        point_.same_day_anchor = r.named;
        const Civil base = calendar::midnight(r.named ? anchor() : now());
        if (r.offset == 100) {
          direct(base, calendar::plus_days(base, 2), Grain::kDay);
          return true;
        }
        Civil from = r.offset == -50 || r.offset == 50 ? calendar::plus_workdays(base, r.offset / 50)
                                                       : calendar::plus_days(base, r.offset);
        direct(from, calendar::plus_days(from, 1), Grain::kDay);
        point_.daypart = r.daypart;
        weekday_tail();
        date_in_brackets();
        return true;
      }
    // Vague presents: 近日, 日前, 近期, 最近.
    struct Vague {
      std::string_view word;
      int days_back;
      int days_ahead;
    };
    static constexpr std::array<Vague, 14> kVague = {{{"近日", 7, 1},
                                                      {"日前", 7, 1},
                                                      {"近几天", 7, 1},
                                                      {"近几日", 7, 1},
                                                      {"近来", 30, 1},
                                                      {"近期", 30, 1},
                                                      {"最近几天", 7, 1},
                                                      {"最近", 30, 1},
                                                      {"近年来", 1100, 1},
                                                      {"近些年", 1100, 1},
                                                      {"近几年", 1100, 1},
                                                      {"近年", 1100, 1},
                                                      {"这几天", 3, 1},
                                                      {"连日来", 7, 1}}};
    if (may_stand([] {}, kVague))
      for (const Vague& v : kVague) {
        if (!looking_at(v.word)) continue;
        if (v.word == "最近" && (looking_at("最近距") || looking_at("最近的") || looking_at("最近一"))) return false;
        if (v.word == "近期" && (ends_before("最"))) return false;
        if (v.word == "日前" && (ends_before("今") || ends_before("工作") || ends_before("交易") || digit_before() ||
                                 ends_before("节") || ends_before("假") || ends_before("日")))
          return false;
        if (v.word == "近日" && looking_at("近日元")) return false;
        at_ += v.word.size();
        const Civil today = calendar::midnight(now());
        point_.relative = true;
        point_.approximate = true;
        direct(calendar::plus_days(today, -v.days_back), calendar::plus_days(today, v.days_ahead),
               v.days_back > 300 ? Grain::kYear : Grain::kDay);
        return true;
      }
    return false;
  }

  // 周二(11月25日), 周日, 二月十号: the date behind decides.
  void date_in_brackets() {
    if (nested_) return;
    const std::size_t keep = at_;
    bool bracket = false;
    if (looking_at("(")) {
      bracket = true;
      ++at_;
    } else if (looking_at(",") || looking_at("、")) {
      at_ += looking_at(",") ? 1U : 3U;
      at_ = blank(at_);
    } else {
      return;
    }
    Grammar inner(context_, at_);
    inner.nested_ = true;
    Point saved = point_;
    bool found = inner.numeric_date();
    if (!found) {
      const bool y = inner.year();
      if (y) inner.sub_year(true);
      const bool m = inner.month(y);
      found = (m || bracket) && inner.day(m || y) && inner.point_.day != 0 && (inner.point_.month != 0 || bracket);
      if (inner.point_.direct) found = false;
    }
    if (found && inner.point_.day != 0 && (!bracket || inner.looking_at(")"))) {
      point_ = inner.point_;
      point_.begin = begin_;
      point_.daypart = saved.daypart;
      at_ = inner.at_ + (bracket ? 1U : 0U);
      return;
    }
    at_ = keep;
  }

  // --- weeks
  // -----------------------------------------------------------------------------------------------------------------------

  int weekday_digit(std::size_t at) const {
    switch (code(at)) {
      case U'一':
        return 0;
      case U'二':
        return 1;
      case U'三':
        return 2;
      case U'四':
        return 3;
      case U'五':
        return 4;
      case U'六':
        return 5;
      case U'日':
      case U'天':
        return 6;
      default:
        return -1;
    }
  }

  // 周一, 星期一, 礼拜天: Monday 0; `end` is behind it.
  int weekday_word(std::size_t at, std::size_t& end) const {
    std::size_t cursor = at;
    if (looking_at("星期", cursor) || looking_at("礼拜", cursor))
      cursor += 6;
    else if (looking_at("周", cursor))
      cursor += 3;
    else
      return -1;
    const int day = weekday_digit(cursor);
    if (day < 0) return -1;
    if (looking_at("周日均", at) || looking_at("周一级", at)) return -1;
    // 周三十, 周二十 do not occur; 周一百 neither.
    const char32_t next = code(cursor + 3);
    if (numerals::chinese_unit(next) > 0 && next != U'千') return -1;
    end = cursor + 3;
    return day;
  }

  bool week(bool have_larger) {
    if (have_larger) return false;
    const std::size_t start = at_;
    struct Lead {
      std::string_view word;
      int offset;
      bool plain;
    };
    static constexpr std::array<Lead, 25> kLeads = {
        {{"上上个", -2, false}, {"上上", -2, false}, {"上一个", -1, false}, {"上个", -1, false},
         {"上一", -1, false},   {"上", -1, false},   {"本", 0, false},      {"这个", 0, false},
         {"这一个", 0, false},  {"这一", 0, false},  {"这", 0, false},      {"今个", 0, false},
         {"今", 0, false},      {"当", 0, false},    {"下下个", 2, false},  {"下下", 2, false},
         {"下一个", 1, false},  {"下个", 1, false},  {"下一", 1, false},    {"下", 1, false},
         {"同", 0, false},      {"次", 1, false},    {"翌", 1, false},      {"该", 0, false},
         {"前一", -1, false}}};
    int offset = 0;
    bool lead = false;
    bool named = false;
    if (may_stand([] {}, kLeads))
      for (const Lead& l : kLeads) {
        if (!looking_at(l.word)) continue;
        const std::size_t behind = start + l.word.size();
        if (!looking_at("周", behind) && !looking_at("星期", behind) && !looking_at("礼拜", behind) &&
            !(looking_at("半周", behind) && (l.word == "上" || l.word == "下")))
          continue;
        at_ = behind;
        offset = l.offset;
        lead = true;
        named =
            l.word == "当" || l.word == "同" || l.word == "次" || l.word == "翌" || l.word == "该" || l.word == "前一";
        break;
      }
    const Civil base = calendar::monday(named ? anchor() : now());
    if (lead && looking_at("半周")) {
      at_ += 6;
      const bool second = offset > 0;
      point_.relative = true;
      direct(calendar::plus_days(base, second ? 3 : 0), calendar::plus_days(base, second ? 7 : 3), Grain::kDay);
      return true;
    }
    if (!lead && !looking_at("周") && !looking_at("星期") && !looking_at("礼拜")) return false;
    if (looking_at("周周")) at_ += 3;  // 下周周六
    std::size_t end = 0;
    const int wd = weekday_word(at_, end);
    const Civil monday = calendar::plus_days(base, 7 * offset);
    if (wd >= 0) {
      at_ = end;
      if (lead) {
        point_.relative = true;
        const Civil day = calendar::plus_days(monday, wd);
        direct(day, calendar::plus_days(day, 1), Grain::kDay);
        point_.same_day_anchor = named;
      } else {
        if (begin_ >= 3 && is_han(code(begin_ - 3))) {
          // 上海周一 …: fine; 一周三次 is not.
          if (digit_before() || ends_before("每")) {
            at_ = start;
            return false;
          }
        }
        point_.weekday = wd;
        point_.relative = true;
        // 周一至周五
      }
      date_in_brackets();
      return true;
    }
    if (looking_at("周末") || looking_at("星期末")) {
      at_ += looking_at("周末") ? 6U : 9U;
      point_.relative = true;
      if (lead) {
        direct(calendar::plus_days(monday, 5), calendar::plus_days(monday, 7), Grain::kDay);
      } else {
        point_.weekend = true;
        point_.weekday = 5;
      }
      return true;
    }
    if (lead) {
      eat("周") || eat("星期") || eat("礼拜");
      if (looking_at("年") || looking_at("期")) {
        at_ = start;
        return false;
      }
      point_.relative = true;
      point_.same_day_anchor = named;
      direct(monday, calendar::plus_days(monday, 7), Grain::kWeek);
      if (eat("初"))
        point_.to = calendar::plus_days(monday, 2);
      else if (eat("中") && !looking_at("国"))
        direct(calendar::plus_days(monday, 2), calendar::plus_days(monday, 4), Grain::kDay);
      else if (eat("晚些时候") || eat("后半段"))
        point_.from = calendar::plus_days(monday, 3);
      return true;
    }
    at_ = start;
    return false;
  }

  // --- festivals
  // -----------------------------------------------------------------------------------------------------------------------

  bool festival(bool have_larger) {
    if (point_.direct || point_.month != 0 || point_.half != 0 || point_.quarter != 0 || point_.day != 0 ||
        point_.weekday >= 0 || point_.part != Part::kNone || point_.season != 0 || point_.year_to != 0)
      return false;
    std::size_t cursor = at_;
    if (have_larger) {
      if (looking_at("的", cursor)) cursor += 3;
      cursor = blank(cursor);
    }
    std::size_t end = 0;
    const int found = find_festival(text_, cursor, end);
    if (found == 0) return false;
    point_.festival = found;
    at_ = end;
    for (const std::string_view word :
         {"假期"sv, "长假"sv, "小长假"sv, "黄金周"sv, "假日"sv, "期间"sv, "当天"sv, "当日"sv, "节"sv}) {
      if (eat(word)) break;
    }
    if (!eat("期间")) {
    }
    return true;
  }

  // --- clocks
  // ------------------------------------------------------------------------------------------------------------------------

  void clock_tail() {
    const std::size_t keep = at_;
    if (looking_at("t") && at_ + 1 < text_.size() && is_digit(text_[at_ + 1])) ++at_;
    if (!clock(true)) at_ = keep;
  }

  Daypart daypart_word() {
    struct Word {
      std::string_view word;
      Daypart part;
    };
    static constexpr std::array<Word, 40> kWords = {
        {{"凌晨", Daypart::kSmallHours},   {"清晨", Daypart::kEarlyMorning}, {"早晨", Daypart::kEarlyMorning},
         {"早上", Daypart::kEarlyMorning}, {"早间", Daypart::kEarlyMorning}, {"黎明", Daypart::kEarlyMorning},
         {"拂晓", Daypart::kEarlyMorning}, {"早盘", Daypart::kMorning},      {"上午", Daypart::kMorning},
         {"午前", Daypart::kMorning},      {"盘前", Daypart::kEarlyMorning}, {"朝早", Daypart::kEarlyMorning},
         {"中午", Daypart::kNoon},         {"正午", Daypart::kNoon},         {"午间", Daypart::kNoon},
         {"下午", Daypart::kAfternoon},    {"午后", Daypart::kAfternoon},    {"午盘", Daypart::kNoon},
         {"晏昼", Daypart::kAfternoon},    {"傍晚", Daypart::kDusk},         {"黄昏", Daypart::kDusk},
         {"晚间", Daypart::kEvening},      {"晚上", Daypart::kEvening},      {"夜晚", Daypart::kEvening},
         {"夜间", Daypart::kNight},        {"深夜", Daypart::kNight},        {"午夜", Daypart::kNight},
         {"半夜", Daypart::kSmallHours},   {"夜里", Daypart::kNight},        {"盘后", Daypart::kEvening},
         {"尾盘", Daypart::kAfternoon},    {"盘中", Daypart::kWholeDay},     {"全天", Daypart::kWholeDay},
         {"收盘", Daypart::kNone},         {"早", Daypart::kEarlyMorning},   {"晨", Daypart::kEarlyMorning},
         {"晚", Daypart::kEvening},        {"夜", Daypart::kNight},          {"白天", Daypart::kWholeDay},
         {"夜盘", Daypart::kNight}}};
    if (may_stand([] {}, kWords))
      for (const Word& w : kWords) {
        if (w.part == Daypart::kNone || !looking_at(w.word)) continue;
        if (w.word.size() == 3) {
          // 早, 晚 alone end a date: 11月6日晚; not 晚于, 早在, 早已, 晚些.
          static constexpr std::array<std::string_view, 12> kNot = {"晚于", "早在", "早已", "晚些", "早于", "早就",
                                                                    "晚点", "早期", "晚期", "晚会", "晚报", "早报"};
          if (std::any_of(kNot.begin(), kNot.end(), [&](std::string_view n) { return looking_at(n); }))
            return Daypart::kNone;
        }
        if (w.word == "收盘") continue;
        at_ += w.word.size();
        return w.part;
      }
    return Daypart::kNone;
  }

  bool clock(bool have_day) {
    if (point_.month_to != 0 || point_.quarter != 0 || point_.half != 0 || point_.year_to != 0 ||
        point_.part != Part::kNone || point_.season != 0)
      return false;
    if (have_day && point_.direct && point_.grain > Grain::kDay) return false;
    if (have_day && !point_.direct && point_.day == 0 && point_.weekday < 0 && point_.festival == 0 &&
        (point_.year != 0 || point_.month != 0))
      return false;
    const std::size_t start = at_;
    if (have_day) {
      if (looking_at("的")) at_ += 3;
      at_ = blank(at_);
      if (looking_at(",")) {
        const std::size_t keep = at_;
        at_ = blank(at_ + 1);
        const std::size_t word = at_;
        if (daypart_word() == Daypart::kNone)
          at_ = start;
        else {
          at_ = word;
          (void)keep;
        }
      }
    }
    std::size_t before_part = at_;
    const bool zone =
        eat("北京时间") || eat("美东时间") || eat("当地时间") || eat("巴黎时间") || eat("纽约时间") || eat("美国时间");
    if (zone && !have_day) {
      at_ = start;
      return false;
    }
    Daypart part = daypart_word();
    if (part != Daypart::kNone && looking_at("间") &&
        (text_.substr(at_ - 3, 3) == "晚" || text_.substr(at_ - 3, 3) == "夜"))
      at_ += 3;
    if (part != Daypart::kNone) eat("的");
    std::size_t number_at = blank(at_);
    if (!have_day && part == Daypart::kNone && number_at != at_) number_at = at_;
    Number n;
    bool found = false;
    if (number(number_at, n) && n.value >= 0 && n.value <= 24 && n.digits <= 3) {
      const bool supported = have_day || part != Daypart::kNone || context_.linked;
      std::size_t end = n.end;
      if (!n.han && !n.decimal && end + 2 < text_.size() && text_[end] == ':' && is_digit(text_[end + 1]) &&
          is_digit(text_[end + 2]) && n.digits <= 2) {
        const int minute = (text_[end + 1] - '0') * 10 + (text_[end + 2] - '0');
        const bool closed = end + 3 >= text_.size() || !is_digit(text_[end + 3]);
        const bool clean = number_at == 0 || !(is_letter(text_[number_at - 1]) || text_[number_at - 1] == ':' ||
                                               text_[number_at - 1] == '.');
        if (minute < 60 && closed && clean) {
          set_clock(n.whole(), minute, -1);
          end += 3;
          if (end + 2 < text_.size() && text_[end] == ':' && is_digit(text_[end + 1]) && is_digit(text_[end + 2])) {
            point_.second = (text_[end + 1] - '0') * 10 + (text_[end + 2] - '0');
            end += 3;
            if (point_.second > 59) point_.second = 59;
          }
          if (looking_at("pm", end) || looking_at(" pm", end)) {
            if (point_.hour < 12) point_.hour += 12;
            end += text_[end] == ' ' ? 3 : 2;
            point_.pm_given = true;
          } else if (looking_at("am", end) || looking_at(" am", end)) {
            end += text_[end] == ' ' ? 3 : 2;
            point_.pm_given = true;
          }
          at_ = end;
          found = true;
        }
      } else {
        const std::size_t unit_at = blank(end);
        const bool hour_word = (looking_at("点", unit_at) || looking_at("时", unit_at)) &&
                               !looking_at("时代", unit_at) && !looking_at("时期", unit_at) &&
                               !looking_at("点多", unit_at) && !looking_at("时间", unit_at) &&
                               !looking_at("时候", unit_at);
        if (hour_word && n.decimal == false) {
          end = unit_at + 3;
          const bool is_point = looking_at("点", unit_at);
          if (is_point && looking_at("钟", end)) end += 3;
          Number m;
          int minute = 0;
          bool minutes = false;
          const bool clock_word = looking_at("点钟", unit_at);
          if (looking_at("半", end) && !looking_at("半导", end)) {
            minute = 30;
            minutes = true;
            end += 3;
          } else if (looking_at("整", end)) {
            minutes = true;
            end += 3;
          } else if (looking_at("一刻", end) || looking_at("三刻", end)) {
            minute = looking_at("一刻", end) ? 15 : 45;
            minutes = true;
            end += 6;
          } else if (number(blank(end), m) && !m.decimal && m.value < 60 && looking_at("分", blank(m.end)) &&
                     !looking_at("分之", blank(m.end))) {
            minute = m.whole();
            minutes = true;
            end = blank(m.end) + 3;
            Number s;
            if (number(blank(end), s) && !s.decimal && s.value < 60 && looking_at("秒", s.end)) {
              point_.second = s.whole();
              end = s.end + 3;
            }
            if (looking_at("许", end)) end += 3;
          } else if (supported && m.end != 0 && !m.decimal && m.value < 60 && m.digits == 2 && is_point &&
                     !chinese_near(m.end)) {
            minute = m.whole();
            minutes = true;
            end = m.end;
          }
          // 3点, 两点 alone are points of an argument or an index.
          if (supported || minutes || clock_word || (!is_point && closed_word(end) && !n.han)) {
            if (looking_at("许", end)) end += 3;
            if (!(is_point && !supported && !minutes && !clock_word)) {
              set_clock(n.whole(), minute, point_.second);
              if (!minutes) point_.minute = -1;
              at_ = end;
              found = true;
            }
          }
        }
      }
    }
    if (found) {
      point_.daypart = part != Daypart::kNone ? part : point_.daypart;
      hour_range(part);
      return true;
    }
    if (part == Daypart::kNone) {
      at_ = start;
      return false;
    }
    // A part of the day alone needs a day before it, or 上午, 晚上 as words of their own.
    if (!have_day) {
      const std::string_view word = text_.substr(before_part, at_ - before_part);
      if (word.size() < 6 || part == Daypart::kWholeDay || word == "盘前" || word == "盘后" || word == "早盘" ||
          word == "午盘" || word == "尾盘" || word == "夜盘" || word == "早间" || word == "午间" || word == "晚间") {
        at_ = start;
        return false;
      }
    }
    point_.daypart = part;
    if (at_ >= 3 && looking_at("的", at_ - 3) && at_ - 3 > start) at_ -= 3;
    return true;
  }

  void set_clock(int hour, int minute, int second) {
    point_.hour = hour;
    point_.minute = minute;
    if (second >= 0) point_.second = second;
  }

  // 晚上7:00到8:00, 早上五到六点
  void hour_range(Daypart) {}

  const Context& context_;
  std::string_view text_;
  std::size_t begin_;
  std::size_t at_;
  bool nested_ = false;  // reading what stands in brackets behind another point
  mutable std::size_t number_at_ = std::string_view::npos;
  mutable bool number_found_ = false;
  mutable Number number_;
  Point point_;
};

struct FestivalWord {
  std::string_view word;
  int index;
};
// Index: 1 元旦, 2 春节, 3 元宵, 4 清明, 5 劳动节, 6 儿童节, 7 端午, 8 七夕, 9 中秋, 10 国庆, 11 重阳, 12 双十一, 13
// 双十二, 14 平安夜, 15 圣诞, 16 感恩节, 17 万圣节, 18 情人节, 19 妇女节, 20 除夕, 21 腊八, 22 六一八, 23 Easter, 24
// Black Friday, 31 to 35 the days around Easter, 40 to 63 solar terms: longitude = (index - 40) * 15, 65 to 89 days of the
// Gregorian and Chinese calendars, 90 to 93 of the Islamic one.
constexpr FestivalWord kFestivals[] = {
    {"元旦", 1},        {"春节", 2},    {"农历新年", 2},    {"大年初一", 2},      {"元宵节", 3},    {"元宵", 3},
    {"清明节", 4},      {"清明", 4},    {"五一劳动节", 5},  {"五一", 5},          {"“五一”", 5},    {"劳动节", 5},
    {"六一儿童节", 6},  {"儿童节", 6},  {"端午节", 7},      {"端午", 7},          {"七夕", 8},      {"中秋节", 9},
    {"中秋", 9},        {"国庆节", 10}, {"国庆", 10},       {"“十一”", 10},       {"十一假期", 10}, {"十一长假", 10},
    {"十一黄金周", 10}, {"重阳节", 11}, {"双十一", 12},     {"双11", 12},         {"“双十一”", 12}, {"“双11”", 12},
    {"双十二", 13},     {"双12", 13},   {"平安夜", 14},     {"圣诞节", 15},       {"圣诞", 15},     {"感恩节", 16},
    {"万圣节", 17},     {"情人节", 18}, {"妇女节", 19},     {"三八节", 19},       {"除夕夜", 20},   {"除夕", 20},
    {"大年三十", 20},   {"腊八", 21},   {"618", 22},        {"“618”", 22},        {"复活节", 23},   {"黑色星期五", 24},
    {"黑五", 24},       {"春分", 40},   {"谷雨", 42},       {"立夏", 43},         {"小满", 44},     {"芒种", 45},
    {"夏至", 46},       {"小暑", 47},   {"大暑", 48},       {"立秋", 49},         {"处暑", 50},     {"白露", 51},
    {"秋分", 52},       {"寒露", 53},   {"霜降", 54},       {"立冬", 55},         {"小雪", 56},     {"大雪", 57},
    {"母亲节", 65},     {"父亲节", 66}, {"愚人节", 67},     {"教师节", 68},       {"植树节", 69},   {"建军节", 82},
    {"建党节", 83},     {"青年节", 84}, {"双十节", 85},     {"光棍节", 12},       {"中元节", 86},   {"盂兰节", 86},
    {"佛诞", 87},       {"浴佛节", 87}, {"国家公祭日", 88}, {"消费者权益日", 89}, {"开斋节", 90},   {"古尔邦节", 91},
    {"宰牲节", 91},     {"斋月", 92},   {"耶稣受难日", 32}, {"网络星期一", 75},   {"冬至", 58},     {"小寒", 59},
    {"大寒", 60},       {"立春", 61},   {"雨水", 62},       {"惊蛰", 63},
};

}  // namespace

int find_festival(std::string_view text, std::size_t at, std::size_t& end) {
  static const FirstCharacters kFirst(kFestivals, [](const FestivalWord& f) { return f.word; });
  if (at >= text.size() || !kFirst.may_begin(decode_utf8(text, at).value)) return 0;
  for (const FestivalWord& f : kFestivals) {
    if (!stands_at(text, at, f.word)) continue;
    if (f.word == "五一" && at + 6 < text.size()) {
      const char32_t next = decode_utf8(text, at + 6).value;
      if (next != U'假' && next != U'小' && next != U'黄' && next != U'节' && next != U'长' && next != U'期' &&
          next != U'前' && next != U'后' && next != U'档' && next != U',' && next != U'出')
        continue;
    }
    if (f.word == "五一" && at >= 3) {
      const char32_t before = decode_utf8(text, at - 3).value;
      if (numerals::chinese_digit(before) >= 0 || numerals::chinese_unit(before) > 0 || before == U'点') continue;
    }
    if (f.word == "618" &&
        !((at + 3 < text.size() && (text.substr(at + 3, 6) == "大促" || text.substr(at + 3, 6) == "期间" ||
                                    text.substr(at + 3, 9) == "购物节"))))
      continue;
    if ((f.word == "大雪" || f.word == "小雪" || f.word == "雨水" || f.word == "白露" || f.word == "小满" ||
         f.word == "清明") &&
        at + 6 < text.size()) {
      const char32_t next = decode_utf8(text, at + 6).value;
      if (is_han(next) && next != U'节' && next != U'时' && next != U'当' && next != U'假' && next != U'小' &&
          next != U'期' && next != U'前' && next != U'后')
        continue;
    }
    end = at + f.word.size();
    return f.index;
  }
  return 0;
}

std::optional<CivilRange> festival_in(int index, int year) {
  auto one = [](Civil day) { return CivilRange{day, calendar::plus_days(day, 1), Grain::kDay}; };
  auto lunar = [&](int month, int day) -> std::optional<CivilRange> {
    const auto found = calendar::lunar(year, month, day);
    if (!found) return std::nullopt;
    return one(*found);
  };
  if (index >= 40 && index < 64) {
    const int longitude = (index - 40) * 15;
    return one(calendar::solar_term(year, longitude));
  }
  auto nth_weekday = [&](int month, int weekday, int nth) {
    Civil first = calendar::make(year, month, 1);
    const int ahead = (weekday - calendar::weekday(first) + 7) % 7;
    return calendar::plus_days(first, ahead + 7 * (nth - 1));
  };
  switch (index) {
    case 1:
      return one(calendar::make(year, 1, 1));
    case 2:
      return lunar(1, 1);
    case 3:
      return lunar(1, 15);
    case 4:
      return one(calendar::solar_term(year, 15));
    case 5:
      return one(calendar::make(year, 5, 1));
    case 6:
      return one(calendar::make(year, 6, 1));
    case 7:
      return lunar(5, 5);
    case 8:
      return lunar(7, 7);
    case 9:
      return lunar(8, 15);
    case 10:
      return one(calendar::make(year, 10, 1));
    case 11:
      return lunar(9, 9);
    case 12:
      return one(calendar::make(year, 11, 11));
    case 13:
      return one(calendar::make(year, 12, 12));
    case 14:
      return one(calendar::make(year, 12, 24));
    case 15:
      return one(calendar::make(year, 12, 25));
    case 16:
      return one(nth_weekday(11, 3, 4));
    case 17:
      return one(calendar::make(year, 10, 31));
    case 18:
      return one(calendar::make(year, 2, 14));
    case 19:
      return one(calendar::make(year, 3, 8));
    case 20: {
      const auto first = calendar::lunar(year, 1, 1);
      if (!first) return std::nullopt;
      return one(calendar::plus_days(*first, -1));
    }
    case 21:
      return lunar(12, 8);
    case 22:
      return one(calendar::make(year, 6, 18));
    case 23:
      return one(calendar::easter(year));
    case 24:
      return one(calendar::plus_days(nth_weekday(11, 3, 4), 1));
    case 26:
      return one(nth_weekday(9, 0, 1));
    case 27:
      return one(calendar::make(year, 7, 4));
    case 28:
      return one(calendar::make(year, 4, 22));
    case 29:
      return one(calendar::make(year, 6, 19));
    case 30:
      return one(calendar::make(year, 12, 31));
    case 31:
      return one(calendar::plus_days(calendar::easter(year), 1));
    case 32:
      return one(calendar::plus_days(calendar::easter(year), -2));
    case 33:
      return one(calendar::plus_days(calendar::easter(year), -46));
    case 34:
      return one(calendar::plus_days(calendar::easter(year), -7));
    case 35:
      return one(calendar::plus_days(calendar::easter(year), 49));
    case 65:
      return one(nth_weekday(5, 6, 2));
    case 66:
      return one(nth_weekday(6, 6, 3));
    case 67:
      return one(calendar::make(year, 4, 1));
    case 68:
      return one(calendar::make(year, 9, 10));
    case 69:
      return one(calendar::make(year, 3, 12));
    case 70:  // the last Monday of May
      return one(calendar::monday(calendar::make(year, 5, 31)));
    case 71:
      return one(calendar::make(year, 11, 11));
    case 72:
      return one(nth_weekday(1, 0, 3));
    case 73:
      return one(nth_weekday(2, 0, 3));
    case 74:
      return one(nth_weekday(10, 0, 2));
    case 75:
      return one(calendar::plus_days(nth_weekday(11, 3, 4), 4));
    case 76:
      return one(calendar::make(year, 12, 26));
    case 77:
      return one(calendar::make(year, 2, 2));
    case 78:
      return one(calendar::make(year, 1, 20));
    case 79:
      return one(calendar::make(year, 3, 17));
    case 80:
      return one(calendar::make(year, 7, 1));
    case 81:
      return one(calendar::make(year, 7, 14));
    case 82:
      return one(calendar::make(year, 8, 1));
    case 83:
      return one(calendar::make(year, 7, 1));
    case 84:
      return one(calendar::make(year, 5, 4));
    case 85:
      return one(calendar::make(year, 10, 10));
    case 86:
      return lunar(7, 15);
    case 87:
      return lunar(4, 8);
    case 88:
      return one(calendar::make(year, 12, 13));
    case 89:
      return one(calendar::make(year, 3, 15));
    case 90:
    case 91:
    case 92:
    case 93: {
      const int month = index == 90 ? 10 : index == 91 ? 12 : index == 92 ? 9 : 1;
      const auto first = calendar::islamic(year, month, index == 91 ? 10 : 1);
      if (!first) return std::nullopt;
      return CivilRange{*first, calendar::plus_days(*first, index == 92 ? 30 : 1), Grain::kDay};
    }
    default:
      return std::nullopt;
  }
}

std::optional<Point> read_chinese_point(const Context& context, std::size_t at) { return Grammar(context, at).read(); }

}  // namespace annals::times
