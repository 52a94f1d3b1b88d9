// The English grammar of times, over folded (lower-case) text. Words first, then what they are words of: a point is a
// date, a period or a moment counted from another, with a clock in front or behind.

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_set>

#include "engine/base/utf8.h"
#include "engine/language/calendar.h"
#include "engine/language/match.h"
#include "engine/language/numerals.h"
#include "engine/language/times_grammar.h"

namespace annals::times {

using namespace std::string_view_literals;
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

struct Name {
  std::string_view word;
  int value;
};
constexpr std::array<Name, 24> kMonths = {
    {{"january", 1}, {"february", 2}, {"march", 3},     {"april", 4},    {"may", 5},       {"june", 6},
     {"july", 7},    {"august", 8},   {"september", 9}, {"october", 10}, {"november", 11}, {"december", 12},
     {"jan", 1},     {"feb", 2},      {"mar", 3},       {"apr", 4},      {"jun", 6},       {"jul", 7},
     {"aug", 8},     {"sep", 9},      {"sept", 9},      {"oct", 10},     {"nov", 11},      {"dec", 12}}};
constexpr std::array<Name, 19> kWeekdays = {{{"monday", 0},
                                             {"tuesday", 1},
                                             {"wednesday", 2},
                                             {"thursday", 3},
                                             {"friday", 4},
                                             {"saturday", 5},
                                             {"sunday", 6},
                                             {"mon", 0},
                                             {"tue", 1},
                                             {"tues", 1},
                                             {"wed", 2},
                                             {"thu", 3},
                                             {"thur", 3},
                                             {"thurs", 3},
                                             {"fri", 4},
                                             {"sat", 5},
                                             {"sun", 6},
                                             {"weds", 2},
                                             {"wednes", 2}}};
constexpr std::array<Name, 10> kOrdinals = {{{"first", 1},
                                             {"second", 2},
                                             {"third", 3},
                                             {"fourth", 4},
                                             {"fifth", 5},
                                             {"sixth", 6},
                                             {"seventh", 7},
                                             {"eighth", 8},
                                             {"ninth", 9},
                                             {"tenth", 10}}};
constexpr std::array<Name, 21> kDayOrdinals = {
    {{"eleventh", 11},  {"twelfth", 12},     {"thirteenth", 13}, {"fourteenth", 14}, {"fifteenth", 15},
     {"sixteenth", 16}, {"seventeenth", 17}, {"eighteenth", 18}, {"nineteenth", 19}, {"twentieth", 20},
     {"thirtieth", 30}, {"first", 1},        {"second", 2},      {"third", 3},       {"fourth", 4},
     {"fifth", 5},      {"sixth", 6},        {"seventh", 7},     {"eighth", 8},      {"ninth", 9},
     {"tenth", 10}}};
struct UnitName {
  std::string_view word;
  Unit unit;
};
constexpr std::array<UnitName, 38> kUnits = {{{"second", Unit::kSecond},
                                              {"seconds", Unit::kSecond},
                                              {"minute", Unit::kMinute},
                                              {"minutes", Unit::kMinute},
                                              {"min", Unit::kMinute},
                                              {"mins", Unit::kMinute},
                                              {"hour", Unit::kHour},
                                              {"hours", Unit::kHour},
                                              {"hr", Unit::kHour},
                                              {"hrs", Unit::kHour},
                                              {"day", Unit::kDay},
                                              {"days", Unit::kDay},
                                              {"week", Unit::kWeek},
                                              {"weeks", Unit::kWeek},
                                              {"fortnight", Unit::kFortnight},
                                              {"fortnights", Unit::kFortnight},
                                              {"month", Unit::kMonth},
                                              {"months", Unit::kMonth},
                                              {"quarter", Unit::kQuarter},
                                              {"quarters", Unit::kQuarter},
                                              {"year", Unit::kYear},
                                              {"years", Unit::kYear},
                                              {"yr", Unit::kYear},
                                              {"yrs", Unit::kYear},
                                              {"decade", Unit::kDecade},
                                              {"decades", Unit::kDecade},
                                              {"century", Unit::kCentury},
                                              {"centuries", Unit::kCentury},
                                              {"workday", Unit::kWorkday},
                                              {"workdays", Unit::kWorkday},
                                              {"night", Unit::kDay},
                                              {"nights", Unit::kDay},
                                              {"weekend", Unit::kWeek},
                                              {"weekends", Unit::kWeek},
                                              {"h", Unit::kHour},
                                              {"sec", Unit::kSecond},
                                              {"secs", Unit::kSecond},
                                              {"session", Unit::kWorkday}}};

template <std::size_t N>
int find_name(const std::array<Name, N>& names, std::string_view word) {
  for (const Name& n : names) {
    if (n.word == word) return n.value;
  }
  return -1;
}

// Festivals beyond the shared table, by English name.
struct Holiday {
  std::string_view name;
  int index;
};
constexpr Holiday kHolidays[] = {
    {"christmas eve", 14},
    {"christmas day", 15},
    {"christmas", 15},
    {"thanksgiving day", 16},
    {"thanksgiving", 16},
    {"new year's day", 1},
    {"new years day", 1},
    {"new year's eve", 30},
    {"new year", 1},
    {"halloween", 17},
    {"valentine's day", 18},
    {"easter sunday", 23},
    {"easter monday", 31},
    {"easter", 23},
    {"black friday", 24},
    {"lunar new year's eve", 20},
    {"lunar new year", 2},
    {"chinese new year", 2},
    {"spring festival", 2},
    {"lantern festival", 3},
    {"qingming festival", 4},
    {"tomb-sweeping day", 4},
    {"mid-autumn festival", 9},
    {"dragon boat festival", 7},
    {"double ninth festival", 11},
    {"international workers' day", 5},
    {"may day", 5},
    {"children's day", 6},
    {"national day", 10},
    {"singles' day", 12},
    {"singles day", 12},
    {"women's day", 19},
    {"labor day", 26},
    {"labour day", 26},
    {"independence day", 27},
    {"fourth of july", 27},
    {"earth day", 28},
    {"juneteenth", 29},
    {"good friday", 32},
    {"ash wednesday", 33},
    {"palm sunday", 34},
    {"pentecost", 35},
    {"mother's day", 65},
    {"mothers day", 65},
    {"father's day", 66},
    {"fathers day", 66},
    {"april fools' day", 67},
    {"april fool's day", 67},
    {"april fools", 67},
    {"memorial day", 70},
    {"veterans day", 71},
    {"armistice day", 71},
    {"martin luther king day", 72},
    {"martin luther king jr. day", 72},
    {"mlk day", 72},
    {"presidents' day", 73},
    {"president's day", 73},
    {"presidents day", 73},
    {"columbus day", 74},
    {"cyber monday", 75},
    {"boxing day", 76},
    {"groundhog day", 77},
    {"inauguration day", 78},
    {"st. patrick's day", 79},
    {"st patrick's day", 79},
    {"canada day", 80},
    {"bastille day", 81},
    {"eid al-fitr", 90},
    {"eid al fitr", 90},
    {"eid ul-fitr", 90},
    {"eid al-adha", 91},
    {"eid al adha", 91},
    {"ramadan", 92},
    {"islamic new year", 93},
};

class Grammar {
 public:
  Grammar(const Context& context, std::size_t at) : context_(context), text_(context.text), begin_(at), at_(at) {
    point_.begin = at;
  }

  std::optional<Point> read() {
    if (begin_ > 0 && (is_letter(text_[begin_ - 1]) || is_digit(text_[begin_ - 1]) || text_[begin_ - 1] == '_'))
      return std::nullopt;
    if (begin_ > 0 && text_[begin_ - 1] == '\'') return std::nullopt;
    if (repeat()) return done();
    const bool led = lead();
    const std::size_t inner = at_;
    // "between A and B", "from A to B": the common part joins them; here the first stands.
    if (!led) {
      if (counted()) return done();
    } else if (counted()) {
      return done();
    }
    if (!moment()) {
      if (led && inner != begin_) return std::nullopt;
      return std::nullopt;
    }
    return done();
  }

 private:
  std::optional<Point> done() {
    point_.end = at_;
    if (at_ <= begin_) return std::nullopt;
    if (at_ < text_.size() && is_letter(text_[at_]) && is_letter(text_[at_ - 1])) return std::nullopt;
    return point_;
  }

  // --- words
  // ---------------------------------------------------------------------------------------------------------------------

  bool looking_at(std::string_view what, std::size_t at) const { return stands_at(text_, at, what); }
  std::string_view word(std::size_t at) const {
    std::size_t end = at;
    while (end < text_.size() && is_letter(text_[end]) && end - at < 16) ++end;
    return at < text_.size() ? text_.substr(at, end - at) : std::string_view();
  }
  // The whole word or phrase at `at`.
  bool phrase(std::string_view what, std::size_t at) const {
    if (!looking_at(what, at)) return false;
    const std::size_t end = at + what.size();
    return end >= text_.size() || !is_letter(text_[end]) || !is_letter(what.back());
  }
  bool eat(std::string_view what) {
    if (!phrase(what, at_)) return false;
    at_ += what.size();
    return true;
  }
  std::size_t blank(std::size_t at) const { return at < text_.size() && text_[at] == ' ' ? at + 1 : at; }
  // The next word's place behind a blank, or behind "'s ", or kNone.
  std::size_t next(std::size_t at) const {
    if (at < text_.size() && text_[at] == ' ' && at + 1 < text_.size()) return at + 1;
    return kNone;
  }
  char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }

  struct Number {
    double value = 0;
    int digits = 0;
    bool ordinal = false;
    bool words = false;
    std::size_t end = 0;
    int whole() const { return static_cast<int>(value); }
  };
  bool digits(std::size_t from, Number& out) const {
    std::size_t end = from;
    double value = 0;
    while (is_digit(at(end)) && end - from < 9) value = value * 10 + (at(end++) - '0');
    if (end == from || is_digit(at(end))) return false;
    out = {};
    out.value = value;
    out.digits = static_cast<int>(end - from);
    out.end = end;
    return true;
  }
  // 4th, 22nd, twenty-first, first.
  bool ordinal(std::size_t from, Number& out) const {
    Number n;
    if (digits(from, n)) {
      for (const std::string_view suffix : {"st"sv, "nd"sv, "rd"sv, "th"sv}) {
        if (phrase(suffix, n.end)) {
          out = n;
          out.end += 2;
          out.ordinal = true;
          return true;
        }
      }
      return false;
    }
    const std::string_view w = word(from);
    if (w == "twenty" || w == "thirty") {
      const char link = at(from + w.size());
      if (link == ' ' || link == '-') {
        const std::string_view ones = word(from + w.size() + 1);
        const int v = find_name(kOrdinals, ones);
        if (v > 0 && v < 10) {
          out = {};
          out.value = (w == "twenty" ? 20 : 30) + v;
          out.end = from + w.size() + 1 + ones.size();
          out.ordinal = true;
          out.words = true;
          return true;
        }
      }
      return false;
    }
    const int v = find_name(kDayOrdinals, w);
    if (v < 0) return false;
    out = {};
    out.value = v;
    out.end = from + w.size();
    out.ordinal = true;
    out.words = true;
    return true;
  }

  // A count before a unit: 3, 2.5, three, a, an, a few, several, half a.
  bool count(std::size_t from, Number& out, bool& few, bool& half) const {
    few = half = false;
    out = {};
    if (is_digit(at(from))) {
      auto n = numerals::read_arabic(text_, from);
      if (!n || n->value > 100000) return false;
      out.value = n->value;
      out.digits = n->digits;
      out.end = n->end;
      return true;
    }
    for (const std::string_view w : {"a few"sv, "few"sv, "several"sv, "a couple of"sv, "couple of"sv, "a couple"sv}) {
      if (phrase(w, from)) {
        few = w.find("couple") == kNone;
        out.value = few ? 3 : 2;
        out.end = from + w.size();
        out.words = true;
        return true;
      }
    }
    for (const std::string_view w : {"half a"sv, "half an"sv, "a half"sv}) {
      if (phrase(w, from)) {
        half = true;
        out.value = 0.5;
        out.end = from + w.size();
        out.words = true;
        return true;
      }
    }
    auto n = numerals::read_english(text_, from);
    if (n && n->fraction) {
      // "eleven quarters" counts quarters here.
      const std::size_t unit = text_.substr(from, n->end - from).find(" quarter");
      if (unit != kNone) n = numerals::read_english(text_.substr(0, from + unit), from);
    }
    if (n && n->value < 10000 && (!n->fraction || n->value > 1)) {  // one and a half, but no half of anything
      out.value = n->value;
      out.end = n->end;
      out.words = true;
      return true;
    }
    for (const std::string_view w : {"a"sv, "an"sv, "one"sv}) {
      if (phrase(w, from)) {
        out.value = 1;
        out.end = from + w.size();
        out.words = true;
        return true;
      }
    }
    return false;
  }

  struct Length {
    double count = 0;
    Unit unit = Unit::kDay;
    std::size_t end = 0;
    bool few = false;
    bool more = false;
    std::size_t qualifier = kNone;  // "5 past years": the word between
    std::string_view between;
  };
  bool unit_word(std::size_t from, Unit& unit, std::size_t& end, bool attached) const {
    if (phrase("business days", from) || phrase("working days", from) || phrase("trading days", from) ||
        phrase("business day", from) || phrase("trading day", from) || phrase("working day", from)) {
      unit = Unit::kWorkday;
      end = from + word(from).size() + 1;
      end += word(end).size();
      return true;
    }
    const std::string_view w = word(from);
    for (const UnitName& u : kUnits) {
      if (u.word != w) continue;
      if (w.size() == 1 && !attached) return false;
      unit = u.unit;
      end = from + w.size();
      if (is_digit(at(end))) return false;
      return true;
    }
    return false;
  }
  bool length(std::size_t from, Length& out) const {
    out = {};
    Number n;
    bool half = false;
    if (!count(from, n, out.few, half)) return false;
    std::size_t cursor = n.end;
    const bool attached = !n.words && is_letter(at(cursor));
    // two and a half years, 3 and a half months
    for (const std::string_view part : {" and a half"sv, " and a quarter"sv, " and three quarters"sv}) {
      if (!looking_at(part, cursor) || at(cursor + part.size()) != ' ') continue;
      n.value += part == " and a half" ? 0.5 : part == " and a quarter" ? 0.25 : 0.75;
      cursor += part.size();
      break;
    }
    if (at(cursor) == ' ' || at(cursor) == '-')
      ++cursor;
    else if (!attached)
      return false;
    for (const std::string_view w : {"past"sv, "next"sv, "coming"sv, "last"sv, "previous"sv, "more"sv}) {
      if (phrase(w, cursor) && at(cursor + w.size()) == ' ') {
        out.between = w;
        cursor += w.size() + 1;
        break;
      }
    }
    if (!unit_word(cursor, out.unit, out.end, attached)) return false;
    if (!out.between.empty() && out.between != "more" && at(out.end - 1) != 's') return false;
    // "five second", "first quarter": ordinals are none of these; "one second" is.
    out.count = n.value;
    if (phrase(" and a half", out.end)) {
      out.count += 0.5;
      out.end += 11;
    }
    return true;
  }

  Civil now() const { return context_.now(); }
  int this_year() const { return context_.reference ? calendar::day_of(now()).year : 2000; }
  void direct(Civil from, Civil to, Grain grain) {
    point_.direct = true;
    point_.from = from;
    point_.to = to;
    point_.grain = grain;
  }
  void one_day(Civil day) {
    day = calendar::midnight(day);
    direct(day, calendar::plus_days(day, 1), Grain::kDay);
  }

  // --- every Monday
  // ------------------------------------------------------------------------------------------------------------------

  bool repeat() {
    for (const std::string_view w : {"every"sv, "each"sv, "any"sv, "all"sv, "once a"sv, "twice a"sv}) {
      if (!phrase(w, at_)) continue;
      std::size_t cursor = next(at_ + w.size());
      if (cursor == kNone) return false;
      if (phrase("other", cursor)) cursor += 6;
      Unit unit;
      std::size_t end = 0;
      Length l;
      if (length(cursor, l) && w != "all") {
        at_ = l.end;
      } else if (unit_word(cursor, unit, end, false) && unit >= Unit::kDay) {
        at_ = end;
      } else if (find_name(kWeekdays, word(cursor)) >= 0) {
        at_ = cursor + word(cursor).size();
      } else if (phrase("morning", cursor) || phrase("evening", cursor) || phrase("afternoon", cursor)) {
        at_ = cursor + word(cursor).size();
      } else {
        return false;
      }
      point_.is_repeat = true;
      Grammar tail(context_, at_);
      tail.at_ = at_;
      if (tail.clock_behind()) at_ = tail.at_;
      return true;
    }
    return false;
  }

  // --- leading words
  // ---------------------------------------------------------------------------------------------------------------

  // since, by, until, before …: what the point bounds.
  bool lead() {
    struct Lead {
      std::string_view word;
      TimeMod mod;
    };
    static constexpr std::array<Lead, 26> kLeads = {
        {{"no later than", TimeMod::kUntil}, {"not later than", TimeMod::kUntil},
         {"as early as", TimeMod::kSince},   {"as late as", TimeMod::kUntil},
         {"as soon as", TimeMod::kSince},    {"as of", TimeMod::kNone},
         {"starting from", TimeMod::kSince}, {"starting on", TimeMod::kSince},
         {"starting in", TimeMod::kSince},   {"starting", TimeMod::kSince},
         {"beginning on", TimeMod::kSince},  {"beginning in", TimeMod::kSince},
         {"effective", TimeMod::kSince},     {"later than", TimeMod::kAfter},
         {"prior to", TimeMod::kBefore},     {"up until", TimeMod::kUntil},
         {"until", TimeMod::kUntil},         {"till", TimeMod::kUntil},
         {"since", TimeMod::kSince},         {"before", TimeMod::kBefore},
         {"after", TimeMod::kAfter},         {"by", TimeMod::kUntil},
         {"around", TimeMod::kApproximate},  {"circa", TimeMod::kApproximate},
         {"from", TimeMod::kNone},           {"between", TimeMod::kNone}}};
    for (const Lead& l : kLeads) {
      if (!phrase(l.word, at_)) continue;
      const std::size_t cursor = next(at_ + l.word.size());
      if (cursor == kNone) return false;
      at_ = cursor;
      point_.mod = l.mod;
      if (l.word == "between" || l.word == "from") {
        link_led_ = true;
        point_.between = l.word == "between";
        point_.inner = cursor;
      }
      if (l.word == "since" || l.word == "before" || l.word == "by" || l.word == "after" || l.word == "until") {
        if (eat("the ")) {
        }
      }
      return true;
    }
    return false;
  }

  // --- counted from somewhere
  // ------------------------------------------------------------------------------------------------------

  void away(const Length& l, int sign, Civil base) {
    const Civil moment = shift(base, l.unit, sign * l.count);
    point_.relative = true;
    const calendar::Day d = calendar::day_of(moment);
    point_.approximate = l.few;
    switch (l.unit) {
      case Unit::kSecond:
      case Unit::kMinute:
      case Unit::kHour:
        direct(moment, moment + std::chrono::minutes(1), Grain::kMinute);
        break;
      case Unit::kDecade:
      case Unit::kCentury:
        direct(calendar::make(d.year, 1, 1), calendar::make(d.year + 1, 1, 1), Grain::kYear);
        break;
      default:
        one_day(moment);
        break;
    }
  }

  // "two weeks ago", "in three months", "3 days after tomorrow", "within 9 months", "last 3 months", plain durations.
  bool counted() {
    const std::size_t start = at_;
    const TimeMod lead_mod = point_.mod;
    const bool between = point_.between;
    const std::size_t inner_begin = point_.inner;
    auto restore = [&] {
      at_ = start;
      point_ = Point{};
      point_.begin = begin_;
      point_.mod = lead_mod;
      point_.between = between;
      point_.inner = inner_begin;
      return false;
    };
    Length l;
    // in two months, within 9 months, within the next 10 months
    const bool within = phrase("within", at_) || phrase("over", at_) || phrase("during", at_);
    if (phrase("in", at_) || within || phrase("for", at_)) {
      const bool is_for = phrase("for", at_);
      const bool is_within = phrase("within", at_);
      std::size_t cursor = next(at_ + word(at_).size());
      if (cursor == kNone) return restore();
      if (phrase("the", cursor)) cursor = next(cursor + 3);
      if (cursor == kNone) return restore();
      std::string_view which;
      for (const std::string_view w : {"next"sv, "coming"sv, "past"sv, "last"sv, "following"sv, "previous"sv}) {
        if (phrase(w, cursor) && at(cursor + w.size()) == ' ') {
          which = w;
          cursor += w.size() + 1;
          break;
        }
      }
      if (is_for) return restore();
      if (phrase("in", at_) && !nested_) {
        // in the six months to June
        const std::size_t keep = at_;
        at_ = next(keep + 2);
        point_.begin = at_;
        if (period_ended()) return true;
        at_ = keep;
        point_.begin = begin_;
      }
      if (which.empty() && length(cursor, l) && l.between.empty()) {
        if (is_within) {
          if (const std::size_t of = next(l.end);
              of != kNone && !nested_ && (phrase("of", of) || phrase("after", of))) {
            Grammar inner(context_, next(of + word(of).size()) == kNone ? text_.size() : next(of + word(of).size()));
            inner.nested_ = true;
            if (inner.at_ < text_.size() && inner.moment()) {
              if (const auto base = inner.base_day()) {
                at_ = inner.at_;
                point_.relative = inner.point_.relative;
                direct(*base, shift(*base, l.unit, l.count), Grain::kDay);
                return true;
              }
            }
          }
          at_ = l.end;
          point_.relative = true;
          direct(now(), shift(now(), l.unit, l.count), Grain::kDay);
          return true;
        }
        if (!phrase("in", start)) return restore();
        at_ = l.end;
        // in two days from today; in two years since 2011
        std::size_t from = next(at_);
        if (from != kNone && (phrase("from", from) || phrase("since", from))) {
          const std::size_t target = next(from + word(from).size());
          if (target != kNone) {
            Grammar inner(context_, target);
            inner.nested_ = true;
            if (!nested_ && inner.moment()) {
              if (auto base = inner.base_day()) {
                at_ = inner.at_;
                away(l, 1, *base);
                point_.relative = inner.point_.relative;
                if (phrase("from", from)) point_.begin = start + 3;
                return true;
              }
            }
          }
        }
        // "in 3 years" of a rate or a span of work may not point ahead; news means the point.
        away(l, 1, now());
        on_weekday();
        return true;
      }
      if (is_within && !which.empty()) {
        // within the next day and 5 hours: from this moment on.
        Unit unit{};
        std::size_t end = 0;
        if (!length(cursor, l) && unit_word(cursor, unit, end, false)) {
          l = {};
          l.count = 1;
          l.unit = unit;
          l.end = end;
        }
        if (l.end != 0) {
          at_ = l.end;
          if (which == "last" || which == "past" || which == "previous") {
            window(l, which);
            return true;
          }
          point_.relative = true;
          point_.approximate = l.few;
          Civil to = shift(now(), l.unit, l.count);
          Length more;
          if (phrase(" and", at_) && next(at_ + 4) != kNone && length(next(at_ + 4), more) && more.unit < l.unit) {
            at_ = more.end;
            to = shift(to, more.unit, more.count);
          }
          direct(now(), to, Grain::kDay);
          return true;
        }
      }
      return restore();
    }
    // less than 3 days after tomorrow, no more than two weeks before the vote: the stretch between the two.
    for (const std::string_view w : {"less than"sv, "no more than"sv, "not more than"sv}) {
      if (nested_ || !phrase(w, at_)) continue;
      const std::size_t from = next(at_ + w.size());
      if (from == kNone || !length(from, l)) break;
      const std::size_t link = next(l.end);
      if (link == kNone) break;
      const bool before = phrase("before", link);
      if (!before && !phrase("after", link) && !phrase("from", link) && !phrase("of", link)) break;
      const std::size_t target = next(link + word(link).size());
      if (target == kNone) break;
      Grammar inner(context_, target);
      inner.nested_ = true;
      if (!inner.moment()) break;
      const auto base = inner.base_day();
      if (!base) break;
      at_ = inner.at_;
      point_.relative = inner.point_.relative;
      const Civil other = shift(*base, l.unit, before ? -l.count : l.count);
      direct(std::min(*base, other), std::max(*base, other), Grain::kDay);
      return true;
    }
    if (!nested_ && period_ended()) return true;
    // two Sundays from now, three Fridays ago
    {
      Number n;
      bool few = false, half = false;
      const std::size_t wd_at = count(at_, n, few, half) ? next(n.end) : kNone;
      if (wd_at != kNone && !few && !half && n.value >= 1 && n.value <= 100 && context_.reference) {
        std::string_view name = word(wd_at);
        const std::size_t end = wd_at + name.size();
        if (name.ends_with('s') && find_name(kWeekdays, name) < 0) name.remove_suffix(1);
        const int day = name.size() >= 6 ? find_name(kWeekdays, name) : -1;
        const bool ago = phrase(" ago", end);
        if (day >= 0 && (ago || phrase(" from now", end))) {
          const int now_day = calendar::weekday(now());
          const int first = ago ? (now_day - day + 6) % 7 + 1 : (day - now_day + 6) % 7 + 1;
          const int days = first + 7 * (n.whole() - 1);
          one_day(calendar::plus_days(now(), ago ? -days : days));
          point_.relative = true;
          at_ = end + (ago ? 4U : 9U);
          return true;
        }
      }
    }
    // this week, last 3 months …
    if (length(at_, l)) {
      std::size_t cursor = l.end;
      if (!l.between.empty() && l.between != "more") {
        at_ = cursor;
        window(l, l.between);
        return true;
      }
      const bool for_ahead = begin_ == start && looking_at("for ", start >= 4 ? start - 4 : start);
      const std::size_t behind = for_ahead && looking_at(", from ", cursor) ? cursor + 2 : next(cursor);
      if (behind != kNone) {
        if (phrase("ago", behind) || phrase("earlier", behind)) {
          at_ = behind + word(behind).size();
          away(l, -1, now());
          if (phrase(" today", at_) && l.unit >= Unit::kDay) at_ += 6;
          return true;
        }
        if (phrase("later", behind) && !phrase("later this", behind) && !phrase("later in", behind)) {
          at_ = behind + 5;
          away(l, 1, now());
          return true;
        }
        if (phrase("from now", behind)) {
          at_ = behind + 8;
          away(l, 1, now());
          return true;
        }
        const bool before = phrase("before", behind) || phrase("prior to", behind);
        const bool after =
            phrase("after", behind) || phrase("from", behind) || phrase("following", behind) || phrase("since", behind);
        if ((before || after) && !nested_ && !phrase("from today's", behind)) {
          const std::size_t target = next(behind + (phrase("prior to", behind) ? 8U : word(behind).size()));
          if (target != kNone) {
            Grammar inner(context_, target);
            inner.nested_ = true;
            if (inner.moment()) {
              if (auto base = inner.base_day()) {
                at_ = inner.at_;
                if (phrase("from", behind) && for_ahead) {
                  direct(*base, shift(*base, l.unit, l.count), Grain::kDay);
                  point_.begin = start - 4;
                  point_.relative = true;
                  return true;
                }
                away(l, before ? -1 : 1, *base);
                on_weekday();
                return true;
              }
            }
          }
        }
        if (phrase("starting", behind)) {
          std::size_t target = next(behind + 8);
          if (target != kNone && (phrase("from", target) || phrase("on", target)))
            target = next(target + word(target).size());
          if (target != kNone && !nested_) {
            Grammar inner(context_, target);
            inner.nested_ = true;
            if (inner.moment()) {
              if (auto base = inner.base_day()) {
                at_ = inner.at_;
                direct(*base, shift(*base, l.unit, l.count), Grain::kDay);
                point_.relative = true;
                return true;
              }
            }
          }
        }
      }
      // "a year earlier" handled; "a day", "the hour" are lengths. A lone "a second", "one quarter" is too weak to be
      // anything.
      if (is_letter(at(start)) && (phrase("a", start) || phrase("an", start)) &&
          (l.unit == Unit::kSecond || l.unit == Unit::kQuarter))
        return restore();
      if (l.unit == Unit::kSecond && phrase("second", cursor - 6) && l.count != 1) return restore();
      // "three quarters" is a fraction more often than nine months.
      if (l.unit == Unit::kQuarter) return restore();
      at_ = cursor;
      if (!l.few) {
        point_.length = l.count;
        point_.length_unit = l.unit;
        point_.longer = l.more;
      }
      // more pieces
      Length more;
      for (int i = 0; i < 4; ++i) {
        std::size_t tail = at_;
        if (phrase(" and", tail)) tail += 4;
        tail = next(tail);
        if (tail == kNone || !length(tail, more) || more.unit >= l.unit || phrase(" ago", more.end)) break;
        at_ = more.end;
        point_.length = 0;
      }
      point_.is_duration = true;
      return true;
    }
    return restore();
  }

  // the three months ended September 30, six months to June 2026, the year ending March: as books are kept, up to the end
  // of what is named.
  bool period_ended() {
    std::size_t cursor = at_;
    if (phrase("the", cursor) && at(cursor + 3) == ' ') cursor += 4;
    Length l;
    if (!length(cursor, l) || l.end == 0) {
      Unit unit{};
      std::size_t end = 0;
      if (phrase("fiscal year", cursor) || phrase("financial year", cursor)) {
        unit = Unit::kYear;
        end = cursor + word(cursor).size() + 5;
      } else if (phrase("half-year", cursor) || phrase("half year", cursor)) {
        unit = Unit::kHalf;
        end = cursor + 9;
      } else if (!unit_word(cursor, unit, end, false) || unit < Unit::kMonth) {
        return false;
      }
      l = {};
      l.count = 1;
      l.unit = unit;
      l.end = end;
    }
    if (l.unit < Unit::kWeek) return false;
    bool ahead = false;
    std::size_t target = kNone;
    for (const std::string_view w : {" ended"sv, " ending"sv, " to"sv, " through"sv}) {
      if (!phrase(w, l.end)) continue;
      // "to" needs the article or a preposition before: "in the six months to June".
      if ((w == " to" || w == " through") && cursor == at_ && !looking_at("in ", at_ >= 3 ? at_ - 3 : at_))
        return false;
      ahead = w == " ending";
      target = next(l.end + w.size());
      if (target != kNone && phrase("on", target)) target = next(target + 2);
    }
    if (target == kNone) return false;
    Grammar inner(context_, target);
    inner.nested_ = true;
    inner.link_led_ = true;
    if (!inner.date_point()) return false;
    const Point& p = inner.point_;
    Civil end{};
    if (p.direct && p.grain == Grain::kDay) {
      end = p.to;
    } else if (p.month != 0 && p.nth_week == 0 && p.part == Part::kNone) {
      const auto stop = [&](int year) {
        if (p.day == 0) return calendar::make(year, p.month + 1, 1);
        return calendar::plus_days(
            calendar::make(year, p.month, std::min(p.day, calendar::days_in_month(year, p.month))), 1);
      };
      int year = p.year;
      if (year == 0) {
        if (!context_.reference) return false;
        year = this_year();
        if (!ahead && stop(year) > now()) --year;
        if (ahead && stop(year) < now()) ++year;
      }
      end = stop(year);
    } else {
      return false;
    }
    // Whole months: the day before the end closes a month, or the period starts a day later in its month.
    direct(shift(end, l.unit, -l.count), end, l.unit >= Unit::kMonth ? Grain::kMonth : Grain::kDay);
    point_.relative = p.relative || (!p.direct && p.year == 0);
    at_ = inner.at_;
    return true;
  }

  // in 3 weeks on Friday: the Friday nearest to what was counted.
  void on_weekday() {
    if (!point_.direct || point_.grain != Grain::kDay || !phrase(" on", at_)) return;
    const std::size_t wd = next(at_ + 3);
    const int day = wd == kNone ? -1 : find_name(kWeekdays, word(wd));
    if (day < 0) return;
    const int ahead = (day - calendar::weekday(point_.from) + 7) % 7;
    one_day(calendar::plus_days(point_.from, ahead > 3 ? ahead - 7 : ahead));
    at_ = wd + word(wd).size();
  }

  void window(const Length& l, std::string_view which) {
    point_.relative = true;
    point_.approximate = l.few;
    const bool back = which == "last" || which == "past" || which == "previous";
    const Civil today = calendar::midnight(now());
    const calendar::Day d = calendar::day_of(now());
    const Grain grain = l.unit >= Unit::kYear    ? Grain::kYear
                        : l.unit >= Unit::kMonth ? Grain::kMonth
                        : l.unit >= Unit::kDay   ? Grain::kDay
                                                 : Grain::kHour;
    if (l.unit == Unit::kQuarter) {
      const Civil start = calendar::make(d.year, (d.month - 1) / 3 * 3 + 1, 1);
      const int n = static_cast<int>(std::clamp(l.count, 0.0, 400.0));
      if (back)
        direct(calendar::plus_months(start, -3 * n), start, Grain::kQuarter);
      else
        direct(calendar::plus_months(start, 3), calendar::plus_months(start, 3 + 3 * n), Grain::kQuarter);
      return;
    }
    if (back) {
      if (l.unit < Unit::kDay)
        direct(shift(now(), l.unit, -l.count), now(), grain);
      else
        direct(shift(today, l.unit, -l.count), today, grain);
    } else {
      if (l.unit < Unit::kDay) {
        direct(now(), shift(now(), l.unit, l.count), grain);
      } else {
        const Civil tomorrow = calendar::plus_days(today, 1);
        if (l.unit == Unit::kWorkday) {
          direct(tomorrow, calendar::plus_days(calendar::plus_workdays(today, static_cast<int>(l.count)), 1),
                 Grain::kDay);
        } else {
          direct(tomorrow, shift(tomorrow, l.unit, l.count), grain);
        }
      }
    }
  }

  // The day a counted time starts from.
  std::optional<Civil> base_day() const {
    if (point_.direct) return calendar::midnight(point_.from);
    if (point_.festival != 0) {
      const int year = point_.year != 0 ? point_.year : this_year();
      auto days = festival_in(point_.festival, year);
      if (days && point_.year == 0 && days->from < now()) days = festival_in(point_.festival, year + 1);
      if (!days) return std::nullopt;
      return days->from;
    }
    if (point_.month == 0 && point_.year != 0) return calendar::make(point_.year, 1, 1);
    if (point_.month != 0) {
      int year = point_.year != 0 ? point_.year : this_year();
      const int day = std::max(1, point_.day);
      if (!calendar::exists(year, point_.month, day)) return std::nullopt;
      Civil base = calendar::make(year, point_.month, day);
      if (point_.year == 0 && base < calendar::midnight(now()) && calendar::exists(year + 1, point_.month, day))
        base = calendar::make(year + 1, point_.month, day);
      return base;
    }
    if (point_.weekday >= 0) {
      const Civil today = calendar::midnight(now());
      return calendar::plus_days(today, (point_.weekday - calendar::weekday(today) + 7) % 7);
    }
    return std::nullopt;
  }

  // --- a date, a period
  // ------------------------------------------------------------------------------------------------------------

  bool moment() {
    const std::size_t start = at_;
    const bool dated = is_digit(at(at_)) && numeric_date();
    at_ = start;
    if (!dated && clock_first()) return true;
    if (date_point()) {
      clock_behind();
      return true;
    }
    at_ = start;
    return false;
  }

  bool date_point() {
    const std::size_t start = at_;
    if (part_of_period()) return true;
    at_ = start;
    if (relative_day()) return true;
    if (phrase("last quarter of", phrase("the", at_) ? at_ + 4 : at_) && quarter()) return true;
    at_ = start;
    if (season()) return true;
    at_ = start;
    if (nth_period()) return true;
    at_ = start;
    if (relative_period()) return true;
    at_ = start;
    if (numeric_date()) return true;
    at_ = start;
    if (weekday()) return true;
    at_ = start;
    if (month_first()) return true;
    at_ = start;
    if (day_first()) return true;
    at_ = start;
    if (quarter()) return true;
    at_ = start;
    if (holiday()) return true;
    at_ = start;
    if (year()) return true;
    at_ = start;
    return false;
  }

  // early 2025, late March, mid-November, the end of this year, the beginning of 2026, later this month, end of day.
  bool part_of_period() {
    struct Word {
      std::string_view word;
      Part part;
    };
    static constexpr std::array<Word, 30> kWords = {{{"the end of", Part::kEnd},
                                                     {"end of", Part::kEnd},
                                                     {"the middle of", Part::kMiddle},
                                                     {"middle of", Part::kMiddle},
                                                     {"the beginning of", Part::kStart},
                                                     {"beginning of", Part::kStart},
                                                     {"the start of", Part::kStart},
                                                     {"start of", Part::kStart},
                                                     {"early in", Part::kEarly},
                                                     {"early", Part::kEarly},
                                                     {"mid", Part::kMiddle},
                                                     {"late in", Part::kLate},
                                                     {"late", Part::kLate},
                                                     {"earlier in", Part::kEarly},
                                                     {"earlier", Part::kEarly},
                                                     {"later in", Part::kLate},
                                                     {"later", Part::kLate},
                                                     {"the first half of", Part::kFirstHalf},
                                                     {"first half of", Part::kFirstHalf},
                                                     {"the second half of", Part::kSecondHalf},
                                                     {"second half of", Part::kSecondHalf},
                                                     {"the latter half of", Part::kSecondHalf},
                                                     {"remaining of", Part::kLate},
                                                     {"the rest of", Part::kLate},
                                                     {"rest of", Part::kLate},
                                                     {"the remainder of", Part::kLate},
                                                     {"the close of", Part::kEnd},
                                                     {"the turn of", Part::kStart},
                                                     {"the last day of", Part::kLastDay},
                                                     {"last day of", Part::kLastDay}}};
    if (nested_part_) return false;
    for (const std::string_view w : {"year-end"sv, "year end"sv, "yearend"sv, "eoy"sv, "end-year"sv}) {
      if (phrase(w, at_)) {
        at_ += w.size();
        point_.year = this_year();
        point_.relative = true;
        point_.part = Part::kEnd;
        std::size_t y = next(at_);
        Number n;
        if (y != kNone && digits(y, n) && n.digits == 4) {
          point_.year = n.whole();
          point_.relative = false;
          at_ = n.end;
        }
        return true;
      }
    }
    for (const std::string_view w :
         {"the end of the day"sv, "end of the day"sv, "the end of day"sv, "end of day"sv, "the eod"sv, "eod"sv}) {
      if (phrase(w, at_)) {
        at_ += w.size();
        point_.relative = true;
        one_day(now());
        return true;
      }
    }
    for (const Word& w : kWords) {
      if (!phrase(w.word, at_)) continue;
      std::size_t cursor = at_ + w.word.size();
      if (at(cursor) != ' ' && at(cursor) != '-') continue;
      ++cursor;
      Grammar inner(context_, cursor);
      inner.nested_part_ = true;
      inner.nested_ = true;
      // "the year", "the month", "the quarter" behind a part is the current one.
      if (phrase("the", cursor)) {
        inner.at_ = cursor + 4;
        if (!inner.bare_period())
          inner.at_ = cursor + 4;
        else {
          take(inner, w.part, w.word);
          return true;
        }
        inner.point_ = Point{};
        inner.point_.begin = cursor;
      } else if (inner.bare_period() && (w.part == Part::kEnd || w.part == Part::kMiddle || w.part == Part::kStart)) {
        take(inner, w.part, w.word);
        return true;
      } else {
        inner.at_ = cursor;
        inner.point_ = Point{};
        inner.point_.begin = cursor;
      }
      if (!inner.date_point()) return false;
      const Point& p = inner.point_;
      if (p.is_duration) return false;
      // Only periods have parts; a day's end is the day.
      take(inner, w.part, w.word);
      if (w.word.starts_with("the ") && point_.mod == TimeMod::kNone && point_.begin == cursor - w.word.size() - 1 &&
          !(point_.direct && point_.grain == Grain::kDay))
        point_.begin += 4;
      return true;
    }
    return false;
  }

  void take(Grammar& inner, Part part, std::string_view word) {
    const std::size_t begin = begin_;
    const TimeMod mod = point_.mod;
    const bool between = point_.between;
    const std::size_t inner_begin = point_.inner;
    point_ = inner.point_;
    point_.begin = begin;
    if (point_.mod == TimeMod::kNone) point_.mod = mod;
    point_.between = between;
    point_.inner = inner_begin;
    at_ = inner.at_;
    const bool later = word.starts_with("later") || word.starts_with("rest") || word.starts_with("the rest") ||
                       word.starts_with("remain") || word.starts_with("the remainder");
    const bool earlier = word.starts_with("earlier");
    if (point_.direct && point_.grain == Grain::kDay) return;
    if ((later || earlier) && point_.relative) {
      // Later this month: from now to its end; earlier this year: from its start to now.
      Civil from{}, to{};
      Grain grain = Grain::kDay;
      if (point_.direct) {
        from = point_.from;
        to = point_.to;
        grain = point_.grain;
      } else if (point_.month != 0) {
        from = calendar::make(point_.year, point_.month, 1);
        to = calendar::make(point_.year, point_.month + 1, 1);
        grain = Grain::kMonth;
      } else if (point_.quarter != 0) {
        from = calendar::make(point_.year, 3 * point_.quarter - 2, 1);
        to = calendar::make(point_.year, 3 * point_.quarter + 1, 1);
        grain = Grain::kQuarter;
      } else {
        from = calendar::make(point_.year, 1, 1);
        to = calendar::make(point_.year + 1, 1, 1);
        grain = Grain::kYear;
      }
      const Civil today = calendar::midnight(now());
      if (later && today > from && today < to) from = today;
      if (earlier && today > from && today < to) to = today;
      (void)grain;
      direct(from, to, Grain::kDay);
      point_.year = point_.month = point_.quarter = 0;
      return;
    }
    if (point_.direct && point_.grain == Grain::kWeek) {
      if (part == Part::kEarly || part == Part::kStart)
        point_.to = calendar::plus_days(point_.from, 3);
      else if (part == Part::kLate || part == Part::kEnd)
        point_.from = calendar::plus_days(point_.from, 4);
      else if (part == Part::kMiddle)
        direct(calendar::plus_days(point_.from, 2), calendar::plus_days(point_.from, 4), Grain::kDay);
      return;
    }
    if (point_.direct && point_.grain >= Grain::kDecade) {
      const int first = calendar::day_of(point_.from).year;
      const int years = point_.grain == Grain::kDecade ? 10 : 100;
      if (part == Part::kEarly || part == Part::kStart)
        point_.to = calendar::make(first + years * 3 / 10, 1, 1);
      else if (part == Part::kMiddle)
        direct(calendar::make(first + years * 3 / 10, 1, 1), calendar::make(first + years * 7 / 10, 1, 1),
               Grain::kYear);
      else if (part == Part::kLate || part == Part::kEnd)
        point_.from = calendar::make(first + years * 7 / 10, 1, 1);
      return;
    }
    if (point_.half == 0 && (part == Part::kFirstHalf || part == Part::kSecondHalf) && point_.month == 0 &&
        point_.quarter == 0) {
      point_.half = part == Part::kFirstHalf ? 1 : 2;
      return;
    }
    // A quarter's end is where its books close; a year's and a month's end are stretches.
    if (part == Part::kEnd && point_.quarter != 0) part = Part::kLate;
    if (part == Part::kEarly && point_.month != 0) part = Part::kFirstTen;
    if (part == Part::kLate && point_.month != 0) part = Part::kLastTen;
    point_.part = part;
  }

  // week, month, quarter, year, decade alone: the current one.
  bool bare_period() {
    const calendar::Day d = calendar::day_of(now());
    point_.relative = true;
    if (eat("week")) {
      const Civil monday = calendar::monday(now());
      direct(monday, calendar::plus_days(monday, 7), Grain::kWeek);
    } else if (eat("month")) {
      point_.year = d.year;
      point_.month = d.month;
    } else if (eat("quarter")) {
      point_.year = d.year;
      point_.quarter = (d.month - 1) / 3 + 1;
    } else if (eat("year")) {
      point_.year = d.year;
    } else if (eat("decade")) {
      const int first = d.year / 10 * 10;
      direct(calendar::make(first, 1, 1), calendar::make(first + 10, 1, 1), Grain::kDecade);
    } else {
      point_.relative = false;
      return false;
    }
    return true;
  }

  bool relative_day() {
    struct Word {
      std::string_view word;
      int offset;
      Daypart part;
    };
    static constexpr std::array<Word, 24> kWords = {{{"the day after tomorrow", 2, Daypart::kNone},
                                                     {"day after tomorrow", 2, Daypart::kNone},
                                                     {"the day before yesterday", -2, Daypart::kNone},
                                                     {"day before yesterday", -2, Daypart::kNone},
                                                     {"today", 0, Daypart::kNone},
                                                     {"tomorrow", 1, Daypart::kNone},
                                                     {"tmrw", 1, Daypart::kNone},
                                                     {"tmr", 1, Daypart::kNone},
                                                     {"yesterday", -1, Daypart::kNone},
                                                     {"tonight", 0, Daypart::kEvening},
                                                     {"tonite", 0, Daypart::kEvening},
                                                     {"last night", -1, Daypart::kNight},
                                                     {"this morning", 0, Daypart::kMorning},
                                                     {"this afternoon", 0, Daypart::kAfternoon},
                                                     {"this evening", 0, Daypart::kEvening},
                                                     {"right now", 0, Daypart::kNone},
                                                     {"at the moment", 0, Daypart::kNone},
                                                     {"at the present time", 0, Daypart::kNone},
                                                     {"at present", 0, Daypart::kNone},
                                                     {"current date", 0, Daypart::kNone},
                                                     {"the following day", 100, Daypart::kNone},
                                                     {"the same day", 101, Daypart::kNone},
                                                     {"the next day", 100, Daypart::kNone},
                                                     {"the previous day", 99, Daypart::kNone}}};
    for (const Word& w : kWords) {
      if (!phrase(w.word, at_)) continue;
      if (looking_at("'s", at_ + w.word.size()) && w.word == "right now") continue;
      at_ += w.word.size();
      point_.relative = true;
      if (w.offset >= 99) {
        point_.same_day_anchor = true;
        one_day(calendar::plus_days(context_.named ? *context_.named : now(),
                                    w.offset - (w.offset == 101 ? 101 : 99) - (w.offset == 99 ? 1 : 0)));
        if (w.offset == 100) one_day(calendar::plus_days(context_.named ? *context_.named : now(), 1));
        if (w.offset == 99) one_day(calendar::plus_days(context_.named ? *context_.named : now(), -1));
        return true;
      }
      one_day(calendar::plus_days(now(), w.offset));
      point_.daypart = w.part;
      if (w.part == Daypart::kNone && w.word.find(' ') == kNone) date_apposed();
      return true;
    }
    // "from now" opens a range only where its other end follows.
    if (link_led_ && phrase("now", at_)) {
      for (const std::string_view to : {" until "sv, " to "sv, " till "sv, " through "sv}) {
        if (!looking_at(to, at_ + 3)) continue;
        at_ += 3;
        point_.relative = true;
        direct(now(), now() + std::chrono::minutes(1), Grain::kMinute);
        return true;
      }
    }
    // "to date" and "now" close ranges only.
    if (context_.linked &&
        (phrase("now", at_) || phrase("date", at_) || phrase("present", at_) || phrase("the present", at_))) {
      at_ += phrase("the present", at_) ? 11 : word(at_).size();
      point_.relative = true;
      one_day(now());
      if (true) point_.to = point_.from;  // up to here
      point_.to = calendar::plus_days(point_.from, 1);
      return true;
    }
    return false;
  }

  // tomorrow, 13/04/21; today (May 5, 2026): the date behind decides.
  void date_apposed() {
    const bool bracket = looking_at(" (", at_);
    if (!bracket && !looking_at(", ", at_)) return;
    Grammar inner(context_, at_ + 2);
    inner.nested_ = true;
    bool found = inner.numeric_date();
    if (!found) {
      inner.at_ = at_ + 2;
      inner.point_ = Point{};
      found = inner.month_first();
    }
    if (!found || inner.point_.day == 0 || (inner.point_.year == 0 && !bracket)) return;
    if (bracket && at(inner.at_) != ')') return;
    const Point saved = point_;
    point_ = inner.point_;
    point_.begin = saved.begin;
    point_.mod = saved.mod;
    point_.between = saved.between;
    point_.inner = saved.inner;
    at_ = inner.at_ + (bracket ? 1U : 0U);
    if (looking_at(", at ", at_)) ++at_;
    const std::size_t keep = at_;
    if (!clock_behind() && at_ == keep && at(at_ - 1) == ',') --at_;
  }

  // this week, last month, next quarter, the coming year, past 5 years, the week after next.
  bool relative_period() {
    const std::size_t start = at_;
    std::size_t cursor = at_;
    bool the = false;
    if (phrase("the", cursor) && at(cursor + 3) == ' ') {
      cursor += 4;
      the = true;
    }
    const bool found = relative_period_behind(start, cursor, the);
    // The article stays outside: "the [last week]".
    if (found && the && start == begin_ && !keep_article_ && !phrase("week after next", cursor)) point_.begin = cursor;
    return found;
  }
  bool relative_period_behind(std::size_t start, std::size_t cursor, bool the) {
    // the year before last, the month after next
    for (const std::string_view tail : {" before last"sv, " after next"sv}) {
      const std::string_view unit = word(cursor);
      if (!the || !phrase(tail, cursor + unit.size())) continue;
      const int offset = tail == " before last" ? -2 : 2;
      const calendar::Day d = calendar::day_of(now());
      point_.relative = true;
      if (unit == "year") {
        point_.year = d.year + offset;
      } else if (unit == "month") {
        const int index = d.year * 12 + d.month - 1 + offset;
        point_.year = index / 12;
        point_.month = index % 12 + 1;
      } else if (unit == "quarter") {
        const int index = d.year * 4 + (d.month - 1) / 3 + offset;
        point_.year = index / 4;
        point_.quarter = index % 4 + 1;
      } else if (unit == "week" && offset < 0) {
        const Civil monday = calendar::plus_days(calendar::monday(now()), 7 * offset);
        direct(monday, calendar::plus_days(monday, 7), Grain::kWeek);
      } else {
        point_.relative = false;
        break;
      }
      at_ = cursor + unit.size() + tail.size();
      keep_article_ = true;
      return true;
    }
    if (the && phrase("week after next", cursor)) {
      at_ = cursor + 15;
      const Civil monday = calendar::plus_days(calendar::monday(now()), 14);
      point_.relative = true;
      direct(monday, calendar::plus_days(monday, 7), Grain::kWeek);
      return true;
    }
    struct Which {
      std::string_view word;
      int offset;
    };
    static constexpr std::array<Which, 17> kWhich = {{{"this upcoming", 1},
                                                      {"this coming", 1},
                                                      {"this past", -1},
                                                      {"this", 0},
                                                      {"same", 0},
                                                      {"current", 0},
                                                      {"that", 0},
                                                      {"next", 1},
                                                      {"following", 1},
                                                      {"coming", 1},
                                                      {"upcoming", 1},
                                                      {"last", -1},
                                                      {"previous", -1},
                                                      {"past", -1},
                                                      {"prior", -1},
                                                      {"preceding", -1},
                                                      {"latest", -1}}};
    for (const Which& w : kWhich) {
      if (!phrase(w.word, cursor)) continue;
      std::size_t unit_at = next(cursor + w.word.size());
      if (unit_at == kNone) return false;
      if (the && (w.word == "this" || w.word == "that")) return false;
      Length l;
      const std::string_view unit_name = word(unit_at);
      point_.relative = true;
      // next 3 days, past five years
      if (w.offset != 0 && length(unit_at, l) && l.between.empty() && (is_digit(at(unit_at)) || l.end != unit_at) &&
          unit_name != "a") {
        at_ = l.end;
        std::string_view which = w.offset > 0 ? "next" : "last";
        window(l, which);
        if (phrase(" and", at_)) {
          Length more;
          const std::size_t tail = next(at_ + 4);
          if (tail != kNone && length(tail, more) && more.unit < l.unit && !phrase(" ago", more.end) &&
              !phrase(" and", more.end) && w.offset > 0) {
            at_ = more.end;
            point_.to = shift(shift(now(), l.unit, l.count), more.unit, more.count);
            point_.from = now();
          }
        }
        return true;
      }
      const calendar::Day d = calendar::day_of(now());
      auto end_at = [&](std::size_t end) { at_ = end; };
      const std::size_t end = unit_at + unit_name.size();
      if (unit_name == "week" || unit_name == "workweek" || phrase("working week", unit_at)) {
        const Civil monday = calendar::plus_days(calendar::monday(now()), 7 * w.offset);
        const bool work = unit_name != "week";
        direct(monday, calendar::plus_days(monday, work ? 5 : 7), work ? Grain::kDay : Grain::kWeek);
        end_at(phrase("working week", unit_at) ? unit_at + 12 : end);
        if (!work) {
          // next week Wednesday, next week on Tuesday, previous week - Monday
          std::size_t wd = at_;
          if (phrase(" on", wd)) wd += 3;
          if (looking_at(" - ", wd)) wd += 2;
          wd = next(wd);
          if (wd != kNone) {
            const int day = find_name(kWeekdays, word(wd));
            if (day >= 0 && word(wd) != "sat" && word(wd) != "sun") {
              at_ = wd + word(wd).size();
              one_day(calendar::plus_days(monday, day));
            }
          }
        }
        return true;
      }
      if (unit_name == "weekend") {
        const Civil saturday = calendar::plus_days(calendar::monday(now()), 5 + 7 * w.offset);
        direct(saturday, calendar::plus_days(saturday, 2), Grain::kDay);
        end_at(end);
        return true;
      }
      if (unit_name == "fortnight") {
        const Civil monday = calendar::monday(now());
        if (w.offset < 0)
          direct(calendar::plus_days(monday, -14), monday, Grain::kWeek);
        else if (w.offset > 0)
          direct(calendar::plus_days(monday, 14), calendar::plus_days(monday, 28), Grain::kWeek);
        else
          direct(monday, calendar::plus_days(monday, 14), Grain::kWeek);
        end_at(end);
        return true;
      }
      if (unit_name == "month") {
        const int index = d.year * 12 + d.month - 1 + w.offset;
        point_.year = index / 12;
        point_.month = index % 12 + 1;
        end_at(end);
        return true;
      }
      if (unit_name == "quarter" || (phrase("fiscal quarter", unit_at))) {
        const int index = d.year * 4 + (d.month - 1) / 3 + w.offset;
        point_.year = index / 4;
        point_.quarter = index % 4 + 1;
        end_at(unit_name == "quarter" ? end : unit_at + 14);
        if (unit_name != "quarter") point_.fiscal = true;
        return true;
      }
      if (unit_name == "year" || phrase("fiscal year", unit_at) || phrase("calendar year", unit_at) ||
          phrase("financial year", unit_at)) {
        point_.year = d.year + w.offset;
        if (unit_name != "year") point_.fiscal = unit_name != "calendar";
        end_at(unit_name == "year" ? end : end + 5);
        if (looking_at("'s ", at_)) {
          Grammar inner(context_, at_ + 3);
          inner.nested_ = true;
          if (inner.quarter() && inner.point_.year == 0) {
            point_.quarter = inner.point_.quarter;
            point_.half = inner.point_.half;
            at_ = inner.at_;
          }
        }
        return true;
      }
      if (unit_name == "decade") {
        const int first = d.year / 10 * 10 + 10 * w.offset;
        direct(calendar::make(first, 1, 1), calendar::make(first + 10, 1, 1), Grain::kDecade);
        end_at(end);
        return true;
      }
      if (unit_name == "century") {
        const int first = d.year / 100 * 100 + 100 * w.offset;
        direct(calendar::make(first, 1, 1), calendar::make(first + 100, 1, 1), Grain::kCentury);
        end_at(end);
        return true;
      }
      if (unit_name == "hour" || unit_name == "minute") {
        const Unit unit = unit_name == "hour" ? Unit::kHour : Unit::kMinute;
        if (w.offset == 0) return false;
        Civil other = shift(now(), unit, w.offset);
        direct(std::min(now(), other), std::max(now(), other), unit_name == "hour" ? Grain::kHour : Grain::kMinute);
        end_at(end);
        return true;
      }
      if (unit_name == "day" && w.offset != 0) {
        one_day(calendar::plus_days(now(), w.offset));
        end_at(end);
        return true;
      }
      if (unit_name == "morning" || unit_name == "evening" || unit_name == "afternoon" || unit_name == "night") {
        if (w.offset == 0) break;
        one_day(calendar::plus_days(now(), w.offset));
        point_.daypart = unit_name == "morning"     ? Daypart::kMorning
                         : unit_name == "afternoon" ? Daypart::kAfternoon
                         : unit_name == "evening"   ? Daypart::kEvening
                                                    : Daypart::kNight;
        end_at(end);
        return true;
      }
      // next Monday: next week's; last Friday: last week's; this coming: the nearest.
      const int wd = find_name(kWeekdays, unit_name);
      if (wd >= 0) {
        const Civil today = calendar::midnight(now());
        Civil day;
        if (w.word == "coming" || w.word == "upcoming" || w.word == "this upcoming" || w.word == "this coming") {
          const int ahead = (wd - calendar::weekday(today) + 7) % 7;
          day = calendar::plus_days(today, ahead == 0 ? 7 : ahead);
        } else if (w.word == "this past" || w.word == "past") {
          const int back = (calendar::weekday(today) - wd + 7) % 7;
          day = calendar::plus_days(today, -(back == 0 ? 7 : back));
        } else {
          day = calendar::plus_days(calendar::monday(today), 7 * w.offset + wd);
        }
        end_at(end);
        one_day(day);
        date_after_weekday();
        return true;
      }
      const int month = find_name(kMonths, unit_name);
      const bool verb = unit_name == "may" || unit_name == "march" || unit_name == "mar";
      if (month > 0 && !(verb && w.offset == 0)) {
        const int year_now = d.year;
        if (w.offset == 0)
          point_.year = year_now;
        else if (w.offset < 0)
          point_.year = month < d.month ? year_now : year_now - 1;
        else
          point_.year = month > d.month ? year_now : year_now + 1;
        point_.month = month;
        end_at(end);
        month_day();
        return true;
      }
      for (const Name& s :
           {Name{"spring", 1}, Name{"summer", 2}, Name{"autumn", 3}, Name{"fall", 3}, Name{"winter", 4}}) {
        if (s.word == unit_name) {
          point_.year = d.year + w.offset;
          point_.season = s.value;
          end_at(end);
          return true;
        }
      }
      // last Easter
      Grammar inner(context_, unit_at);
      inner.nested_ = true;
      if (!nested_ && inner.holiday()) {
        auto same = festival_in(inner.point_.festival, d.year);
        if (same) {
          int year = d.year;
          if (w.offset < 0 && same->to > now()) --year;
          if (w.offset > 0 && same->from < now()) ++year;
          point_.festival = inner.point_.festival;
          point_.year = year;
          at_ = inner.at_;
          return true;
        }
      }
      // next 6th of April
      if (w.offset != 0 && inner.point_.festival == 0) {
        Grammar date(context_, unit_at);
        date.nested_ = true;
        if (date.day_first() && date.point_.year == 0 && date.point_.month != 0) {
          point_.month = date.point_.month;
          point_.day = date.point_.day;
          const bool passed = calendar::exists(d.year, point_.month, point_.day) &&
                              calendar::make(d.year, point_.month, point_.day) <= now();
          point_.year = w.offset > 0 ? (passed ? d.year + 1 : d.year) : (passed ? d.year : d.year - 1);
          at_ = date.at_;
          return true;
        }
      }
      break;
    }
    point_.relative = false;
    at_ = start;
    if (week_of_date(cursor, the) || weekend_of_holiday(cursor)) return true;
    if (the && beside_the_period(cursor)) return true;
    // weekend alone
    if (phrase("weekend", cursor)) {
      at_ = cursor + 7;
      keep_article_ = the;
      point_.relative = true;
      point_.weekend = true;
      point_.weekday = 5;
      return true;
    }
    // week 31, week 3 of 2027
    if (phrase("week", cursor)) {
      const std::size_t n_at = next(cursor + 4);
      Number n;
      if (n_at != kNone && digits(n_at, n) && n.digits <= 2 && n.value >= 1 && n.value <= 53) {
        at_ = n.end;
        point_.nth_week = n.whole();
        point_.year = this_year();
        point_.relative = true;
        of_year();
        return true;
      }
    }
    return false;
  }

  // the week starting on February 4, the week of May 5, the week ending Friday: the calendar's week that holds the day.
  bool week_of_date(std::size_t cursor, bool the) {
    if (nested_ || !phrase("week", cursor)) return false;
    std::size_t from = kNone;
    for (const std::string_view w :
         {" starting"sv, " commencing"sv, " beginning"sv, " ending"sv, " ended"sv, " of"sv}) {
      if (phrase(w, cursor + 4)) from = cursor + 4 + w.size();
    }
    if (from == kNone || next(from) == kNone) return false;
    from = next(from);
    if (phrase("on", from) || phrase("from", from)) from = next(from + word(from).size());
    if (from == kNone) return false;
    Grammar inner(context_, from);
    inner.nested_ = true;
    inner.link_led_ = true;
    if (!inner.date_point() || inner.point_.nth_week != 0) return false;
    const Point& p = inner.point_;
    if (!(p.direct && p.grain == Grain::kDay) && p.day == 0 && p.weekday < 0 && p.festival == 0) return false;
    const auto day = inner.base_day();
    if (!day) return false;
    keep_article_ = the;
    const Civil monday = calendar::monday(*day);
    point_.relative = p.relative || (!p.direct && p.year == 0);
    direct(monday, calendar::plus_days(monday, 7), Grain::kWeek);
    at_ = inner.at_;
    return true;
  }

  // the weekend of Halloween, Labor Day weekend: Saturday and Sunday, with the holiday where it lies beside them.
  bool weekend_of_holiday(std::size_t cursor) {
    if (nested_ || !phrase("weekend of", cursor)) return false;
    const std::size_t from = next(cursor + 10);
    if (from == kNone) return false;
    Grammar inner(context_, from);
    inner.nested_ = true;
    if (!inner.holiday()) return false;
    const auto day = inner.base_day();
    if (!day) return false;
    at_ = inner.at_;
    keep_article_ = true;
    long_weekend(*day);
    point_.relative = inner.point_.year == 0;
    return true;
  }
  void long_weekend(Civil day) {
    const Civil saturday = calendar::plus_days(calendar::monday(day), calendar::weekday(day) < 2 ? -2 : 5);
    Civil from = saturday;
    Civil to = calendar::plus_days(saturday, 2);
    const int wd = calendar::weekday(day);
    if (wd == 3 || wd == 4) from = day;
    if (wd < 2) to = calendar::plus_days(day, 1);
    point_.festival = point_.year = 0;
    direct(from, to, Grain::kDay);
  }

  // "the year" behind a preposition is the one spoken of: the one named last, else the present. "the year before" and
  // "the month after" are its neighbours, where nothing follows that they could be before or after.
  bool beside_the_period(std::size_t cursor) {
    const std::string_view unit = word(cursor);
    if (unit != "day" && unit != "week" && unit != "month" && unit != "quarter" && unit != "year" &&
        unit != "fortnight" && unit != "decade")
      return false;
    const std::size_t end = cursor + unit.size();
    int offset = 0;
    std::size_t stop = end;
    for (const std::string_view w : {" before"sv, " after"sv, " earlier"sv}) {
      if (phrase(w, end)) {
        offset = w == " after" ? 1 : -1;
        stop = end + w.size();
      }
    }
    if (offset != 0 && !nothing_counted(stop)) return false;
    if (offset == 0) {
      bool led = false;
      for (const std::string_view p :
           {"in "sv, "for "sv, "of "sv, "during "sv, "over "sv, "within "sv, "throughout "sv}) {
        const std::size_t begin = begin_ == cursor ? cursor - 4 : begin_;
        led = led || (begin >= p.size() && looking_at(p, begin - p.size()));
      }
      if (unit == "fortnight" || unit == "weekend") led = true;
      if (!led || !nothing_counted(end)) return false;
      if (unit == "day" && !looking_at("of ", begin_ >= 3 ? begin_ - 3 : begin_)) return false;
    }
    const bool named = context_.named.has_value();
    const Civil base = calendar::midnight(named ? *context_.named : now());
    const calendar::Day d = calendar::day_of(base);
    point_.relative = true;
    point_.same_day_anchor = named;
    if (unit == "day") {
      one_day(calendar::plus_days(base, offset));
    } else if (unit == "week" || unit == "fortnight") {
      const int days = unit == "week" ? 7 : 14;
      const Civil monday = calendar::plus_days(calendar::monday(base), days * offset);
      direct(monday, calendar::plus_days(monday, days), Grain::kWeek);
    } else if (unit == "month") {
      const int index = d.year * 12 + d.month - 1 + offset;
      point_.year = index / 12;
      point_.month = index % 12 + 1;
    } else if (unit == "quarter") {
      const int index = d.year * 4 + (d.month - 1) / 3 + offset;
      point_.year = index / 4;
      point_.quarter = index % 4 + 1;
    } else if (unit == "decade") {
      const int first = d.year / 10 * 10 + 10 * offset;
      direct(calendar::make(first, 1, 1), calendar::make(first + 10, 1, 1), Grain::kDecade);
    } else {
      point_.year = d.year + offset;
    }
    at_ = stop;
    keep_article_ = true;
    return true;
  }

  // of 2025, of last year, 2025 behind a period.
  bool of_year() {
    std::size_t cursor = at_;
    if (phrase(" of", cursor))
      cursor += 3;
    else if (phrase(" in", cursor))
      cursor += 3;
    else if (looking_at("-", cursor) || looking_at(",", cursor)) {
      if (looking_at(",", cursor) && at(cursor + 1) == ' ')
        cursor += 1;
      else if (looking_at("-", cursor))
        cursor += 0;
    }
    std::size_t y = looking_at("-", cursor) ? cursor + 1 : next(cursor);
    if (y == kNone) return false;
    if (phrase("the year", y)) {
      y = next(y + 8);
      if (y == kNone) return false;
    }
    if (phrase("fiscal", y) || phrase("fiscal year", y)) {
      const std::size_t f = next(y + (phrase("fiscal year", y) ? 11U : 6U));
      Number n;
      if (f != kNone && digits(f, n) && n.digits == 4) {
        point_.year = n.whole();
        point_.fiscal = true;
        point_.relative = false;
        at_ = n.end;
        return true;
      }
      return false;
    }
    if (looking_at("fy", y)) {
      Number n;
      if (digits(blank(y + 2), n) && (n.digits == 2 || n.digits == 4)) {
        point_.year = n.digits == 2 ? 2000 + n.whole() : n.whole();
        point_.fiscal = true;
        point_.relative = false;
        at_ = n.end;
        return true;
      }
    }
    Number n;
    if (digits(y, n) && n.digits == 4 && n.value >= 1500 && n.value <= 2200 && !is_letter(at(n.end)) &&
        at(n.end) != '%' && !(at(n.end) == ':') && !(at(n.end) == ',' && is_digit(at(n.end + 1))) &&
        !(at(n.end) == '.' && is_digit(at(n.end + 1)))) {
      point_.year = n.whole();
      point_.relative = false;
      at_ = n.end;
      return true;
    }
    if (looking_at("'", y) && digits(y + 1, n) && n.digits == 2) {
      point_.year = 2000 + n.whole();
      point_.relative = false;
      at_ = n.end;
      return true;
    }
    int value = 0;
    std::size_t end = 0;
    if (year_words(y, value, end)) {
      point_.year = value;
      point_.relative = false;
      at_ = end;
      return true;
    }
    if (phrase(" of", at_) || phrase(" in", at_)) {
      for (const Name& w : {Name{"last year", -1}, Name{"this year", 0}, Name{"next year", 1},
                            Name{"the previous year", -1}, Name{"the following year", 1}, Name{"the year", 0}}) {
        if (phrase(w.word, y)) {
          point_.year = this_year() + w.value;
          point_.relative = true;
          at_ = y + w.word.size();
          return true;
        }
      }
    }
    return false;
  }

  // nineteen ninety six, two thousand and fifteen, seventeen hundred thirty three.
  bool year_words(std::size_t from, int& value, std::size_t& end) const {
    const std::string_view first = word(from);
    int century = 0;
    if (first == "nineteen")
      century = 19;
    else if (first == "eighteen")
      century = 18;
    else if (first == "seventeen")
      century = 17;
    else if (first == "twenty")
      century = 20;
    if (first == "two" && phrase("two thousand", from)) {
      std::size_t cursor = from + 12;
      value = 2000;
      end = cursor;
      std::size_t tail = phrase(" and", cursor) ? cursor + 4 : cursor;
      tail = next(tail);
      if (tail != kNone) {
        auto n = numerals::read_english(text_, tail);
        if (n && n->value < 100 && !n->fraction) {
          value += static_cast<int>(n->value);
          end = n->end;
          return true;
        }
      }
      return false;
    }
    if (century == 0) return false;
    std::size_t cursor = next(from + first.size());
    if (cursor == kNone) return false;
    if (phrase("hundred", cursor)) {
      value = century * 100;
      end = cursor + 7;
      const std::size_t tail = next(phrase(" and", end) ? end + 4 : end);
      if (tail != kNone) {
        auto n = numerals::read_english(text_, tail);
        if (n && n->value < 100 && !n->fraction) {
          value += static_cast<int>(n->value);
          end = n->end;
          return true;
        }
      }
      return false;
    }
    auto n = numerals::read_english(text_, cursor);
    if (!n || n->fraction || n->value < 10 || n->value > 99 || n->units == false) return false;
    if (century == 20 && n->value < 10) return false;
    value = century * 100 + static_cast<int>(n->value);
    end = n->end;
    return true;
  }

  bool month_name(std::size_t from, int& month, std::size_t& end) const {
    const std::string_view w = word(from);
    if (w.size() < 3) return false;
    const int value = find_name(kMonths, w);
    if (value < 0) return false;
    month = value;
    end = from + w.size();
    if (at(end) == '.' && w.size() <= 4 && at(end + 1) == ' ' && is_digit(at(end + 2))) ++end;
    return true;
  }

  // January 12, 2016; Jan 2017; June of 1992; Oct/2; mar4; march eighteenth; April.
  bool month_first() {
    int month = 0;
    std::size_t end = 0;
    if (!month_name(at_, month, end)) return false;
    const std::string_view w = word(at_);
    const std::size_t start = at_;
    at_ = end;
    point_.month = month;
    if (month_day()) return true;
    if (of_year()) return true;
    // A bare "may" or "march" is a verb unless a preposition says otherwise; short forms need one as well.
    const bool weak = w == "may" || w == "march" || w == "mar" || w == "sep" || w == "jun" || w == "dec" ||
                      w == "apr" || w == "jan" || w == "aug" || w == "nov" || w == "oct" || w == "feb" || w == "jul" ||
                      w == "sept";
    if (weak && w.size() <= 5) {
      bool supported = context_.linked || nested_part_ || start != begin_;
      for (const std::string_view p :
           {"in "sv, "of "sv, "from "sv, "to "sv, "since "sv, "until "sv, "till "sv, "by "sv, "during "sv, "for "sv,
            "between "sv, "and "sv, "last "sv, "next "sv, "this "sv, "through "sv, "-"sv}) {
        supported = supported || (start >= p.size() && looking_at(p, start - p.size()));
      }
      if (w == "may" || w == "march" || w == "mar") {
        bool strong = context_.linked || nested_part_ || start != begin_;
        for (const std::string_view p :
             {"in "sv, "of "sv, "since "sv, "until "sv, "by "sv, "during "sv, "from "sv, "last "sv, "next "sv})
          strong = strong || (start >= p.size() && looking_at(p, start - p.size()));
        if (looking_at(" to ", at_) || looking_at("-", at_)) strong = strong || w == "may";
        supported = strong;
      }
      if (looking_at("-", at_) || looking_at(" to ", at_)) {
        int other = 0;
        std::size_t other_end = 0;
        if (month_name(at_ + (looking_at("-", at_) ? 1U : 4U), other, other_end)) supported = true;
      }
      if (!supported) {
        at_ = start;
        point_.month = 0;
        return false;
      }
    }
    return true;
  }

  // The day behind a month: " 12th, 2016", "/2", "4", " the ninth". Also the year behind it.
  bool month_day() {
    std::size_t cursor = at_;
    if (at(cursor) == ' ' || at(cursor) == '-' || at(cursor) == '/') ++cursor;
    if (phrase("the", cursor) && at(cursor + 3) == ' ') cursor += 4;
    Number n;
    bool ok = ordinal(cursor, n);
    if (!ok && digits(cursor, n) && n.digits <= 2 && !is_letter(at(n.end)) &&
        !(at(n.end) == ':' && is_digit(at(n.end + 1))) && at(n.end) != '%' &&
        !(at(n.end) == '.' && is_digit(at(n.end + 1))) &&
        !(at(n.end) == '-' && is_digit(at(n.end + 1)) && at(n.end + 1) != ' ' && false))
      ok = true;
    if (!ok || n.value < 1 || n.value > 31) return false;
    if (n.words && at(cursor - 1) != ' ') return false;
    if (phrase(" of", n.end) && n.words) {
      // "march second of …" does not occur.
    }
    point_.day = n.whole();
    at_ = n.end;
    // June 5-7, May 5 to 7, Oct 14-23 2018: a second day of the same month.
    for (const std::string_view link : {"-"sv, " - "sv, " to "sv, " through "sv, "–"sv}) {
      if (!looking_at(link, at_)) continue;
      Number to;
      std::size_t to_at = at_ + link.size();
      if (phrase("the", to_at) && at(to_at + 3) == ' ') to_at += 4;
      const bool said = ordinal(to_at, to) || (digits(to_at, to) && !is_letter(at(to.end)));
      if (!said || to.words || to.digits > 2 || to.value <= n.value || to.value > 31) break;
      if (at(to.end) == ':' || at(to.end) == '%' || at(to.end) == '/' || at(to.end) == '-' ||
          (at(to.end) == '.' && is_digit(at(to.end + 1))))
        break;
      // "May 5 to 7 June" and "May 5 to 7 pm" are something else; "to" needs an end behind it.
      int month = 0;
      std::size_t month_end = 0;
      std::size_t half_end = 0;
      const std::size_t behind = next(to.end);
      if (behind != kNone && month_name(behind, month, month_end)) break;
      if (half_of_day(to.end, half_end) != 0) break;
      if (link == " to " && !nothing_counted(to.end) && !is_digit(at(behind == kNone ? text_.size() : behind))) break;
      point_.day_to = to.whole();
      at_ = to.end;
      break;
    }
    // year
    std::size_t y = at_;
    if (at(y) == ' ' && at(y + 1) == ',') ++y;
    if (at(y) == ',') ++y;
    const std::size_t keep = at_;
    at_ = y;
    if (looking_at(" ", at_) || looking_at("-", at_)) {
      if (of_year()) return true;
    }
    at_ = keep;
    // "january first 12": a two-digit year behind a spelled day
    if (n.words) {
      Number short_year;
      const std::size_t s = next(at_);
      if (s != kNone && digits(s, short_year) && short_year.digits == 2 && !is_letter(at(short_year.end)) &&
          at(short_year.end) != ':') {
        if (!(at(short_year.end) == ' ' && (phrase("am", short_year.end + 1) || phrase("pm", short_year.end + 1)))) {
          point_.year = 2000 + short_year.whole();
          at_ = short_year.end;
        }
      }
    }
    return true;
  }

  // 14 Nov 2023, 4th of July 1995, the 09th of May, second of Aug, twenty five January.
  bool day_first() {
    const std::size_t start = at_;
    std::size_t cursor = at_;
    if (phrase("the", cursor) && at(cursor + 3) == ' ') cursor += 4;
    Number n;
    bool ok = ordinal(cursor, n);
    if (!ok) {
      ok = digits(cursor, n) && n.digits <= 2;
      if (!ok) {
        auto words = numerals::read_english(text_, cursor);
        if (words && !words->arabic && !words->fraction && words->value >= 1 && words->value <= 31) {
          n = {};
          n.value = words->value;
          n.end = words->end;
          n.words = true;
          ok = true;
        }
      }
    }
    if (!ok || n.value < 1 || n.value > 31) return false;
    // $12 December 27: the number is a price.
    if (!n.words && cursor > 0) {
      const char before = text_[cursor - 1];
      if (before == '$' || before == '.' || ends_with_sign(cursor)) return false;
    }
    std::size_t month_at = n.end;
    if (at(month_at) == '-' || at(month_at) == '/')
      ++month_at;
    else {
      if (phrase(" day of", month_at)) month_at += 4;
      if (phrase(" of", month_at)) month_at += 3;
      month_at = next(month_at);
      if (month_at == kNone) month_at = n.end;
    }
    int month = 0;
    std::size_t end = 0;
    if (month_at != n.end && month_name(month_at, month, end)) {
      const std::string_view w = word(month_at);
      if (w == "may" && !n.ordinal && n.words) return false;
      point_.month = month;
      point_.day = n.whole();
      at_ = end;
      if (at(at_) == ',' && at(at_ + 1) == ' ') {
        ++at_;
        if (!of_year()) --at_;
      } else {
        of_year();
      }
      return true;
    }
    // 9 to 12 of June, 18 and 19 June
    if (!nested_ && !n.words) {
      for (const std::string_view link : {" to "sv, "-"sv, " - "sv, " through "sv}) {
        if (!looking_at(link, n.end)) continue;
        Grammar inner(context_, n.end + link.size());
        inner.nested_ = true;
        if (inner.day_first() && inner.point_.month != 0 && inner.point_.day > n.value) {
          point_.month = inner.point_.month;
          point_.year = inner.point_.year;
          point_.day = n.whole();
          point_.day_to = inner.point_.day;
          at_ = inner.at_;
          return true;
        }
        break;
      }
    }
    // 18 and 19 June: two days, whose month is said once.
    if (!nested_ && (!n.words || n.ordinal)) {
      for (const std::string_view link : {" and "sv, " or "sv, " & "sv, ", "sv}) {
        if (!looking_at(link, n.end)) continue;
        Grammar inner(context_, n.end + link.size());
        inner.nested_ = link != ", " || list_depth_ >= 4;
        inner.list_depth_ = list_depth_ + 1;
        if (inner.day_first() && inner.point_.month != 0 && inner.point_.day > n.value) {
          point_.month = inner.point_.month;
          point_.year = inner.point_.year;
          point_.day = n.whole();
          at_ = n.end;
          return true;
        }
        break;
      }
    }
    // from 4-23 in next month, 4 to 22 of this month
    if (!n.words) {
      for (const std::string_view link : {" to "sv, "-"sv, " - "sv, " through "sv}) {
        Number to;
        if (!looking_at(link, n.end)) continue;
        const std::size_t to_at = n.end + link.size();
        if (!(ordinal(to_at, to) || digits(to_at, to)) || to.words || to.value <= n.value || to.value > 31) break;
        std::size_t period = kNone;
        for (const std::string_view of : {" of "sv, " in "sv, " "sv}) {
          if (looking_at(of, to.end)) {
            period = to.end + of.size();
            break;
          }
        }
        if (period == kNone) break;
        Grammar inner(context_, period);
        inner.nested_ = true;
        if (inner.relative_period() && inner.point_.month != 0 && inner.point_.day == 0 &&
            inner.point_.part == Part::kNone) {
          point_.year = inner.point_.year;
          point_.month = inner.point_.month;
          point_.day = n.whole();
          point_.day_to = to.whole();
          point_.relative = true;
          at_ = inner.at_;
          return true;
        }
        break;
      }
    }
    // the 17 from 2pm to 4pm: a day because a clock follows
    if (!n.ordinal && !n.words && cursor != start) {
      for (const std::string_view link : {" from "sv, " between "sv, " at "sv}) {
        Clock c;
        if (!looking_at(link, n.end) || !is_digit(at(n.end + link.size()))) continue;
        if (!clock_at(n.end + link.size(), c, false)) break;
        point_.day = n.whole();
        at_ = n.end;
        return true;
      }
    }
    // the 15th day of next month, the twenty-sixth day of the month, 20th of next month
    if (n.ordinal && (phrase(" day of", n.end) || phrase(" of", n.end))) {
      const std::size_t p = next(n.end + (phrase(" day of", n.end) ? 7U : 3U));
      if (p != kNone) {
        Grammar inner(context_, p);
        inner.nested_ = true;
        bool found = inner.relative_period() && inner.point_.month != 0;
        if (!found && phrase("the month", p)) {
          const calendar::Day d = calendar::day_of(now());
          inner.point_.year = d.year;
          inner.point_.month = d.month;
          inner.at_ = p + 9;
          found = true;
        }
        if (found) {
          point_.year = inner.point_.year;
          point_.month = inner.point_.month;
          point_.day = n.whole();
          point_.relative = true;
          at_ = inner.at_;
          return true;
        }
      }
    }
    // the 18th; on the 4th — also "29th" behind on
    if (n.ordinal && (!n.words || context_.linked || link_led_) &&
        (cursor != start || link_led_ || context_.linked || (start >= 3 && looking_at("on ", start - 3)))) {
      const std::size_t behind = next(n.end);
      if (behind != kNone && is_letter(at(behind)) && cursor != start) {
        // "the 4th quarter", "the 15th century" and "the 5th generation" are counted things.
        static constexpr std::array<std::string_view, 18> kGo = {"and",  "at",      "to",   "of",   "from",   "for",
                                                                 "in",   "is",      "was",  "will", "after",  "before",
                                                                 "this", "between", "with", "by",   "around", "works"};
        if (std::find(kGo.begin(), kGo.end(), word(behind)) == kGo.end()) return false;
        if (phrase("of the month", behind)) {
          at_ = behind + 12;
          point_.day = n.whole();
          return true;
        }
        if (word(behind) == "of" || word(behind) == "in") return false;
      }
      point_.day = n.whole();
      at_ = n.end;
      // around the 21st this month
      if (behind != kNone && phrase("this month", behind)) {
        const calendar::Day d = calendar::day_of(now());
        point_.year = d.year;
        point_.month = d.month;
        point_.relative = true;
        at_ = behind + 10;
      }
      return true;
    }
    return false;
  }

  // A currency's sign ends at `end`.
  bool ends_with_sign(std::size_t end) const {
    for (const std::string_view sign : {"€"sv, "£"sv, "¥"sv, "₹"sv, "₩"sv})
      if (end >= sign.size() && looking_at(sign, end - sign.size())) return true;
    return false;
  }

  // Monday; Tue May 9; Friday the 26th; tuesday of last week; Monday 21; this friday-jun-15; Friday 7/6.
  bool weekday() {
    const std::string_view w = word(at_);
    if (w.size() < 3) return false;
    const int day = find_name(kWeekdays, w);
    if (day < 0) return false;
    const bool weak = w == "sun" || w == "sat" || w == "mon" || w == "wed" || w == "fri" || w == "thu";
    const std::size_t start = at_;
    at_ += w.size();
    if (at(at_) == '.' && weak) ++at_;
    point_.weekday = day;
    point_.relative = true;
    if (looking_at("s", at_)) return false;
    if (date_after_weekday()) return true;
    if (phrase(" of", at_)) {
      std::size_t p = next(at_ + 3);
      if (p != kNone) {
        Grammar inner(context_, p);
        inner.nested_ = true;
        if (inner.relative_period() && inner.point_.direct && inner.point_.grain == Grain::kWeek) {
          const Civil monday = inner.point_.from;
          at_ = inner.at_;
          one_day(calendar::plus_days(monday, day));
          point_.weekday = -1;
          return true;
        }
      }
    }
    if (weak) {
      bool supported = context_.linked;
      for (const std::string_view p :
           {"on "sv, "by "sv, "until "sv, "since "sv, "from "sv, "next "sv, "last "sv, "this "sv, "or "sv, "and "sv})
        supported = supported || (start >= p.size() && looking_at(p, start - p.size()));
      if (!supported) {
        at_ = start;
        point_.weekday = -1;
        point_.relative = false;
        return false;
      }
    }
    return true;
  }

  bool date_after_weekday() {
    const std::size_t keep = at_;
    Point saved = point_;
    std::size_t cursor = at_;
    if (at(cursor) == ',') ++cursor;
    if (at(cursor) == '-')
      ++cursor;
    else {
      cursor = next(cursor);
      if (cursor == kNone) return false;
    }
    bool bracket = false;
    if (at(cursor) == '(') {
      bracket = true;
      ++cursor;
    }
    Grammar inner(context_, cursor);
    inner.nested_ = true;
    inner.short_dates_ = true;
    bool found = inner.month_first() && inner.point_.day != 0;
    if (!found) {
      inner.at_ = cursor;
      inner.point_ = Point{};
      found = inner.day_first() && inner.point_.day != 0;
    }
    if (!found) {
      inner.at_ = cursor;
      inner.point_ = Point{};
      found = inner.numeric_date() && inner.point_.day != 0;
    }
    if (!found && !bracket) {
      // Monday 21
      Number n;
      if (digits(cursor, n) && n.digits <= 2 && n.value >= 13 && n.value <= 31 && !is_letter(at(n.end)) &&
          at(n.end) != ':' && at(n.end) != '.' && at(n.end) != '-' && at(n.end) != '/' && at(n.end) != '%' &&
          !phrase(" pm", n.end) && !phrase(" am", n.end)) {
        inner.at_ = n.end;
        inner.point_ = Point{};
        inner.point_.day = n.whole();
        found = true;
      } else if (ordinal(cursor, n) && !n.words) {
        inner.at_ = n.end;
        inner.point_ = Point{};
        inner.point_.day = n.whole();
        found = true;
      } else if (phrase("the", cursor) && ordinal(cursor + 4, n)) {
        inner.at_ = n.end;
        inner.point_ = Point{};
        inner.point_.day = n.whole();
        found = true;
      }
    }
    if (found && bracket) {
      if (at(inner.at_) != ')')
        found = false;
      else
        ++inner.at_;
    }
    if (!found) {
      at_ = keep;
      point_ = saved;
      return false;
    }
    const TimeMod mod = point_.mod;
    const bool between = saved.between;
    const std::size_t inner_begin = saved.inner;
    const int weekday = saved.weekday;
    point_ = inner.point_;
    point_.begin = saved.begin;
    point_.mod = mod;
    point_.between = between;
    point_.inner = inner_begin;
    if (point_.month == 0 && point_.day != 0 && weekday >= 0 && context_.reference) {
      // Monday 21: the nearest month whose 21st is a Monday.
      const calendar::Day d = calendar::day_of(now());
      for (int off = 0; off <= 12; ++off) {
        for (const int sign : {1, -1}) {
          const int index = d.year * 12 + d.month - 1 + off * sign;
          const int year = index / 12;
          const int month = index % 12 + 1;
          if (!calendar::exists(year, month, point_.day)) continue;
          const Civil day = calendar::make(year, month, point_.day);
          if (calendar::weekday(day) != weekday) continue;
          point_.relative = true;
          one_day(day);
          at_ = inner.at_;
          return true;
        }
      }
    }
    at_ = inner.at_;
    return true;
  }

  // summer of 2016, in the spring of next year, autumn 2026; alone only behind a preposition.
  bool season() {
    std::size_t cursor = at_;
    const std::size_t start = at_;
    if (phrase("the", cursor) && at(cursor + 3) == ' ') cursor += 4;
    int found = 0;
    for (const Name& s :
         {Name{"spring", 1}, Name{"summer", 2}, Name{"autumn", 3}, Name{"fall", 3}, Name{"winter", 4}}) {
      if (phrase(s.word, cursor)) {
        found = s.value;
        at_ = cursor + s.word.size();
      }
    }
    if (found == 0) return false;
    if (!of_year()) {
      bool led = nested_part_;
      for (const std::string_view p : {"in "sv, "by "sv, "since "sv, "until "sv, "this "sv, "during "sv})
        led = led || (start >= p.size() && looking_at(p, start - p.size()));
      if (!led || !nothing_counted(at_) || phrase("fall", cursor)) {
        at_ = start;
        return false;
      }
    }
    point_.season = found;
    if (cursor != start && start == begin_) point_.begin = cursor;
    return true;
  }

  // Q1, Q1 2019, 2019 Q1, first quarter of 2013, first half, H2 2025.
  bool quarter() {
    const std::size_t start = at_;
    std::size_t cursor = at_;
    if (phrase("the", cursor) && at(cursor + 3) == ' ') cursor += 4;
    bool fiscal = false;
    if (phrase("fiscal", cursor) && at(cursor + 6) == ' ') {
      cursor += 7;
      fiscal = true;
    }
    if (cursor < text_.size() && (text_[cursor] == 'q' || text_[cursor] == 'h') && at(cursor + 1) >= '1' &&
        at(cursor + 1) <= (text_[cursor] == 'q' ? '4' : '2') && !is_letter(at(cursor + 2)) &&
        !is_digit(at(cursor + 2))) {
      const bool is_quarter = text_[cursor] == 'q';
      (is_quarter ? point_.quarter : point_.half) = at(cursor + 1) - '0';
      at_ = cursor + 2;
      point_.fiscal = fiscal;
      const bool year_said = of_year();
      if (!is_quarter && !year_said) {
        at_ = start;
        point_.half = 0;
        return false;
      }
      return true;
    }
    Number n;
    if (!ordinal(cursor, n) || n.value < 1 || n.value > 4) {
      if (phrase("final", cursor) || phrase("last quarter of", cursor)) {
        n = {};
        n.value = 4;
        n.end = cursor + (phrase("final", cursor) ? 5U : 4U);
      } else if (phrase("latter", cursor) && phrase(" half", cursor + 6)) {
        n = {};
        n.value = 2;
        n.end = cursor + 6;
      } else {
        return false;
      }
    }
    std::size_t unit_at = n.end;
    if (at(unit_at) != ' ' && at(unit_at) != '-') return false;
    ++unit_at;
    if (phrase("fiscal", unit_at) && at(unit_at + 6) == ' ') {
      unit_at += 7;
      fiscal = true;
    }
    if (phrase("quarter", unit_at)) {
      point_.quarter = n.whole();
      at_ = unit_at + 7;
    } else if (phrase("half", unit_at) && n.value <= 2) {
      point_.half = n.whole();
      at_ = unit_at + 4;
      if (!phrase(" of", at_) && !phrase(" this", at_) && !phrase(" in", at_)) {
        // The second half of a match has no year; news speaks of results.
        if (n.value > 2) return false;
      }
    } else {
      return false;
    }
    point_.fiscal = fiscal;
    of_year();
    // third quarter this year
    if (phrase(" this year", at_)) {
      point_.year = this_year();
      point_.relative = true;
      at_ += 10;
    } else if (phrase(" last year", at_) || phrase(" next year", at_)) {
      point_.year = this_year() + (phrase(" last year", at_) ? -1 : 1);
      point_.relative = true;
      at_ += 10;
    }
    return true;
  }

  // first week of 2015, third month of 2021, first ten days of last year, first Monday of next month, 15th century.
  bool nth_period() {
    std::size_t cursor = at_;
    if (phrase("the", cursor) && at(cursor + 3) == ' ') cursor += 4;
    Number n;
    bool last = false;
    if (phrase("last", cursor)) {
      last = true;
      n.end = cursor + 4;
      n.value = 1;
    } else if (!ordinal(cursor, n)) {
      return false;
    }
    std::size_t unit_at = n.end;
    if (at(unit_at) == ' ' && at(unit_at + 1) == ' ') ++unit_at;
    unit_at = at(unit_at) == '-' ? unit_at + 1 : next(unit_at);
    if (unit_at == kNone) return false;
    if (at(unit_at) == ' ') ++unit_at;
    if (!last && phrase("century", unit_at)) {
      const int first = (n.whole() - 1) * 100;
      if (n.value < 1 || n.value > 30) return false;
      direct(calendar::make(std::max(1, first), 1, 1), calendar::make(first + 100, 1, 1), Grain::kCentury);
      at_ = unit_at + 7;
      return true;
    }
    Point part;
    std::size_t end = 0;
    const std::string_view w = word(unit_at);
    const int wd = find_name(kWeekdays, w);
    Length l;
    if (w == "week") {
      part.nth_week = last ? -1 : n.whole();
      end = unit_at + 4;
    } else if (w == "month" && !last) {
      part.month = n.whole();
      end = unit_at + 5;
    } else if (wd >= 0) {
      part.nth_weekday = last ? -1 : n.whole();
      part.weekday = wd;
      end = unit_at + w.size();
      for (const std::string_view p : {" morning"sv, " afternoon"sv, " evening"sv, " night"sv}) {
        if (phrase(p, end)) {
          part.daypart = p == " morning"     ? Daypart::kMorning
                         : p == " afternoon" ? Daypart::kAfternoon
                         : p == " evening"   ? Daypart::kEvening
                                             : Daypart::kNight;
          end += p.size();
        }
      }
    } else if ((n.value == 1) && length(unit_at, l)) {
      (last ? part.last_count : part.first_count) = static_cast<int>(l.count);
      part.count_unit = l.unit;
      end = l.end;
    } else {
      return false;
    }
    if (!phrase(" of", end) && !phrase(" in", end)) return false;
    std::size_t p = next(end + 3);
    if (p == kNone) return false;
    Grammar inner(context_, p);
    inner.nested_ = true;
    inner.nested_part_ = true;
    bool found = inner.relative_period();
    if (!found) {
      inner.at_ = p;
      inner.point_ = Point{};
      found = inner.month_first() && inner.point_.day == 0;
    }
    if (!found) {
      inner.at_ = p;
      inner.point_ = Point{};
      found = inner.year();
    }
    if (!found || inner.point_.direct) return false;
    if (part.month != 0 && inner.point_.month != 0) return false;
    const Point lead = point_;
    point_ = inner.point_;
    point_.begin = begin_;
    point_.mod = lead.mod;
    point_.between = lead.between;
    point_.inner = lead.inner;
    if (part.month != 0) point_.month = part.month;
    point_.nth_week = part.nth_week;
    point_.nth_weekday = part.nth_weekday;
    if (part.weekday >= 0) point_.weekday = part.weekday;
    point_.first_count = part.first_count;
    point_.last_count = part.last_count;
    point_.count_unit = part.count_unit;
    point_.daypart = part.daypart;
    if (part.nth_weekday != 0 && text_.substr(begin_, 4) == "the ") point_.begin = begin_ + 4;
    if (part.month != 0 && part.month > 12) return false;
    at_ = inner.at_;
    return true;
  }

  bool holiday() {
    for (const Holiday& h : kHolidays) {
      if (!phrase(h.name, at_)) continue;
      at_ += h.name.size();
      point_.festival = h.index;
      of_year();
      if (phrase(" weekend", at_) && !nested_) {
        const std::size_t keep = at_;
        at_ += 8;
        if (point_.year == 0) of_year();
        if (const auto day = base_day()) {
          point_.relative = point_.year == 0;
          long_weekend(*day);
        } else {
          at_ = keep;
        }
      }
      return true;
    }
    return false;
  }

  // 1/22/2016, 23.04.2022, 05-Aug-2016, 2019-aug-1, 7/6 where a weekday or a preposition supports it.
  bool numeric_date() {
    if (!is_digit(at(at_))) return false;
    Number a;
    if (!digits(at_, a)) return false;
    const char separator = at(a.end);
    if (separator != '/' && separator != '-' && separator != '.' && separator != ' ') return false;
    Number b;
    int month = 0;
    std::size_t month_end = 0;
    // 2019-aug-1, 05-aug-2016, 2020/23/sep
    if (separator != ' ' && month_name(a.end + 1, month, month_end)) {
      if (at(month_end) == separator && digits(month_end + 1, b)) {
        if (a.digits == 4 && b.digits <= 2) return set_date(a.whole(), month, b.whole(), b.end);
        if (b.digits == 4 && a.digits <= 2) return set_date(b.whole(), month, a.whole(), b.end);
      }
      return false;
    }
    if (!digits(a.end + 1, b)) return false;
    if (at(b.end) == separator) {
      Number c;
      if (separator != ' ' && month_name(b.end + 1, month, month_end)) {
        if (a.digits == 4 && b.digits <= 2) return set_date(a.whole(), month, b.whole(), month_end);
        if (b.digits == 4 && a.digits <= 2) return set_date(b.whole(), month, a.whole(), month_end);
        return false;
      }
      if (!digits(b.end + 1, c)) return false;
      if (is_letter(at(c.end)) || at(c.end) == '%') return false;
      if (separator == ' ') {
        if (a.digits != 4 || b.digits != 2 || c.digits != 2) return false;
        return set_date(a.whole(), b.whole(), c.whole(), c.end);
      }
      if (a.digits == 4) return set_date(a.whole(), b.whole(), c.whole(), c.end);
      if (c.digits == 4 && a.digits <= 2 && b.digits <= 2) {
        // 10-1-2018-10-7-2018 and other chains: the range's dash follows.
        if (separator != '.' && a.value <= 12 && set_date(c.whole(), a.whole(), b.whole(), c.end)) return true;
        return set_date(c.whole(), b.whole(), a.whole(), c.end);
      }
      if (c.digits == 2 && a.digits <= 2 && b.digits <= 2 && separator == '/') {
        const int year = c.value <= 70 ? 2000 + c.whole() : 1900 + c.whole();
        if (a.value <= 12 && set_date(year, a.whole(), b.whole(), c.end)) return true;
        return set_date(year, b.whole(), a.whole(), c.end);
      }
      return false;
    }
    // 10/14, 7.6 behind a weekday
    if (a.digits > 2 || b.digits > 2 || a.value < 1 || b.value < 1) return false;
    const bool slash = separator == '/';
    if (!slash && !(short_dates_ && separator == '.')) return false;
    bool supported = short_dates_ || context_.linked || link_led_ || point_.mod != TimeMod::kNone;
    for (const std::string_view p :
         {"on "sv, "by "sv, "since "sv, "until "sv, "from "sv, "between "sv, "back "sv, "after "sv, "before "sv})
      supported = supported || (at_ >= p.size() && looking_at(p, at_ - p.size()));
    if (!supported && !range_of_short_dates(b.end)) return false;
    if (is_letter(at(b.end)) || at(b.end) == '%') return false;
    int m = a.whole(), d = b.whole();
    if (m > 12) std::swap(m, d);
    if (m > 12 || d > 31) return false;
    point_.month = m;
    point_.day = d;
    at_ = b.end;
    return true;
  }
  // 2/29-3/1
  bool range_of_short_dates(std::size_t at_dash) const {
    Number a, b;
    return at(at_dash) == '-' && digits(at_dash + 1, a) && at(a.end) == '/' && digits(a.end + 1, b) && a.digits <= 2 &&
           b.digits <= 2;
  }
  bool set_date(int year, int month, int day, std::size_t end) {
    if (year < 1000 || year > 2999 || !calendar::exists(year, month, day)) return false;
    point_.year = year;
    point_.month = month;
    point_.day = day;
    at_ = end;
    return true;
  }

  // 2025 behind a preposition, the year 2019, 1990s, fiscal 2026, fy2026.
  bool year() {
    const std::size_t start = at_;
    std::size_t cursor = at_;
    bool named = false;
    if (phrase("the year", cursor) && (next(cursor + 8) != kNone)) {
      std::size_t y = next(cursor + 8);
      const bool of = phrase("of", y);
      if (of) y = next(y + 2);
      if (y != kNone && is_digit(at(y))) {
        cursor = y;
        named = true;
        if (of && start == begin_) point_.begin = y;  // the words before only say what it is
      }
    } else if (phrase("year", cursor) && next(cursor + 4) != kNone && is_digit(at(cursor + 5))) {
      cursor += 5;
      named = true;
    }
    bool the = false;
    if (phrase("the", cursor) && is_digit(at(cursor + 4))) {
      cursor += 4;
      the = true;
    }
    bool fiscal = false;
    for (const std::string_view w : {"fiscal year "sv, "fiscal "sv, "financial year "sv}) {
      if (looking_at(w, cursor) && is_digit(at(cursor + w.size()))) {
        cursor += w.size();
        fiscal = true;
        break;
      }
    }
    Number n;
    // 2016-17 fiscal year, the 2016/17 financial year: named by the year it ends in.
    if (digits(cursor, n) && n.digits == 4 && (at(n.end) == '-' || at(n.end) == '/')) {
      Number to;
      if (digits(n.end + 1, to) && (to.digits == 2 || to.digits == 4) && to.whole() % 100 == (n.whole() + 1) % 100) {
        for (const std::string_view w :
             {" fiscal year"sv, " financial year"sv, " fiscal"sv, " tax year"sv, " season"sv}) {
          if (!phrase(w, to.end)) continue;
          point_.year = n.whole() + 1;
          point_.fiscal = true;
          at_ = to.end + w.size();
          return true;
        }
      }
    }
    if (digits(cursor, n)) {
      // 1990s, the 90s
      if (at(n.end) == 's' && !is_letter(at(n.end + 1)) && n.whole() % 10 == 0 &&
          (n.digits == 4 || (n.digits == 2 && the))) {
        const int first = n.digits == 4 ? n.whole() : 1900 + n.whole();
        if (first < 1000 || first > 2990) return false;
        direct(calendar::make(first, 1, 1), calendar::make(first + 10, 1, 1), Grain::kDecade);
        at_ = n.end + 1;
        return true;
      }
      if (n.digits != 4 || n.value < 1500 || n.value > 2200 || is_letter(at(n.end)) || the) return false;
      const char c = at(n.end);
      if (c == '%' || c == ':' || c == '$' || (c == ',' && is_digit(at(n.end + 1))) ||
          (c == '.' && is_digit(at(n.end + 1))))
        return false;
      if (static_cast<unsigned char>(c) >= 0x80) {
        // Chinese goes on: 年 or a counter, none of ours — but a dash or a bracket may follow.
        const char32_t code = decode_utf8(text_, n.end).value;
        if (is_han(code) || code == U'元' || code == U'°') return false;
      }
      // 2019 q1, 2017-q1, 2019-h2
      std::size_t q = n.end;
      if (at(q) == ' ' || at(q) == '-') ++q;
      if ((at(q) == 'q' || at(q) == 'h') && at(q + 1) >= '1' && at(q + 1) <= (at(q) == 'q' ? '4' : '2') &&
          !is_letter(at(q + 2)) && !is_digit(at(q + 2))) {
        point_.year = n.whole();
        (at(q) == 'q' ? point_.quarter : point_.half) = at(q + 1) - '0';
        at_ = q + 2;
        return true;
      }
      if (c == '-' && is_digit(at(n.end + 1))) {
        // 2014-2018, not 2010-2015-86 or 2015-32.
        Number to;
        if (!digits(n.end + 1, to) || to.digits != 4 || to.value <= n.value || to.value > 2200 || at(to.end) == '-' ||
            is_letter(at(to.end)))
          return false;
        if (start >= 1 && (at(start - 1) == '-' || at(start - 1) == '+')) return false;
        if (start >= 2 && at(start - 1) == ' ' && is_digit(at(start - 2))) return false;
        point_.year = n.whole();
        at_ = n.end;
        return true;
      }
      bool supported = named || fiscal || nested_part_ || context_.linked || point_.mod != TimeMod::kNone || link_led_;
      if (!supported && start == begin_) {
        for (const std::string_view p :
             {"in "sv,     "of "sv,      "since "sv, "by "sv, "for "sv,     "from "sv,  "until "sv, "till "sv,
              "during "sv, "between "sv, "and "sv,   "to "sv, "through "sv, "early "sv, "late "sv,  "mid-"sv,
              "than "sv,   "fiscal "sv,  "or "sv,    "="sv,   "year "sv,    "over "sv,  "into "sv}) {
          supported = supported || (start >= p.size() && looking_at(p, start - p.size()));
        }
        if (start >= 4 && looking_at("and ", start - 4) && (is_letter(at(blank(n.end))))) supported = false;
        // Numbers of things: 2000 people, 1500 units.
        const std::size_t thing = next(n.end);
        if (supported && thing != kNone && is_letter(at(thing))) {
          static constexpr std::array<std::string_view, 44> kGo = {
              "and",       "to",    "or",    "through", "until",    "till", "when", "after", "before", "as",   "by",
              "with",      "from",  "for",   "in",      "at",       "the",  "is",   "was",   "were",   "are",  "will",
              "due",       "on",    "but",   "because", "compared", "amid", "it",   "he",    "she",    "they", "its",
              "according", "which", "while", "also",    "since",    "said", "had",  "has",   "over",   "than", "would"};
          const std::string_view w = word(thing);
          if (std::find(kGo.begin(), kGo.end(), w) == kGo.end() && !w.ends_with("ed") &&
              (looking_at("for ", start - 4 < start ? start - 4 : start) ||
               looking_at("of ", start >= 3 ? start - 3 : start) || looking_at("to ", start >= 3 ? start - 3 : start) ||
               looking_at("over ", start >= 5 ? start - 5 : start) ||
               looking_at("than ", start >= 5 ? start - 5 : start) ||
               looking_at("by ", start >= 3 ? start - 3 : start)) &&
              n.whole() % 100 == 0)
            supported = false;
        }
        // Alone at a text's or phrase's end, 2020 is a year more often than a number.
        if (!supported && n.value >= 1900 && n.value <= 2150 &&
            (n.end >= text_.size() || at(n.end) == '.' || at(n.end) == ',' || at(n.end) == ')' || at(n.end) == ';' ||
             at(n.end) == '?') &&
            start > 0 && (at(start - 1) == ' ' || at(start - 1) == '(')) {
          supported = start >= 2 && is_letter(at(start - 2)) && latin_only();
        }
      }
      if (!supported) return false;
      point_.year = n.whole();
      point_.fiscal = fiscal;
      at_ = n.end;
      // fiscal 2017's second quarter
      if (looking_at("'s ", at_) && !nested_) {
        Grammar inner(context_, at_ + 3);
        inner.nested_ = true;
        if (inner.quarter() && inner.point_.year == 0) {
          point_.quarter = inner.point_.quarter;
          point_.half = inner.point_.half;
          at_ = inner.at_;
        }
      }
      return true;
    }
    int value = 0;
    std::size_t end = 0;
    if (year_words(cursor, value, end)) {
      bool supported = context_.linked || point_.mod != TimeMod::kNone;
      for (const std::string_view p : {"in "sv, "of "sv, "since "sv, "by "sv, "from "sv, "until "sv, "during "sv})
        supported = supported || (start >= p.size() && looking_at(p, start - p.size()));
      if (!supported) return false;
      point_.year = value;
      at_ = end;
      return true;
    }
    return false;
  }
  // No Chinese near: within a few bytes before.
  bool latin_only() const {
    const std::size_t from = begin_ > 24 ? begin_ - 24 : 0;
    for (std::size_t i = from; i < begin_; ++i) {
      if (static_cast<unsigned char>(text_[i]) >= 0x80) return false;
    }
    return true;
  }

  // --- clocks
  // ----------------------------------------------------------------------------------------------------------------------

  struct Clock {
    int hour = -1;
    int minute = -1;
    int second = -1;
    bool half_said = false;  // am or pm
    bool whole_day = false;  // 13 and later: the 24-hour clock
    bool spoken = false;     // half past seven: nothing but a clock
    std::size_t end = 0;
  };
  // am, pm, a.m., p.m., "a", "p", o'clock at `at`: 1 am, 2 pm, 3 o'clock, 0 none.
  int half_of_day(std::size_t from, std::size_t& end) const {
    std::size_t cursor = blank(from);
    struct Word {
      std::string_view word;
      int value;
    };
    static constexpr std::array<Word, 14> kWords = {{{"a.m.", 1},
                                                     {"p.m.", 2},
                                                     {"a.m", 1},
                                                     {"p.m", 2},
                                                     {"a . m .", 1},
                                                     {"p . m .", 2},
                                                     {"am", 1},
                                                     {"pm", 2},
                                                     {"a m", 1},
                                                     {"p m", 2},
                                                     {"o'clock", 3},
                                                     {"a", 1},
                                                     {"p", 2},
                                                     {"noon", 2}}};
    for (const Word& w : kWords) {
      if (!phrase(w.word, cursor)) continue;
      if (w.word.size() == 1 && (cursor != from || is_letter(at(cursor + 1)))) continue;
      if (w.word == "noon") continue;
      end = cursor + w.word.size();
      return w.value;
    }
    return 0;
  }
  bool clock_at(std::size_t from, Clock& out, bool need_half) const {
    out = {};
    Number n;
    std::size_t cursor = from;
    if (phrase("noon", cursor)) {
      out.hour = 12;
      out.minute = 0;
      out.half_said = true;
      out.end = cursor + 4;
      return true;
    }
    if (phrase("midnight", cursor)) {
      out.hour = 0;
      out.minute = 0;
      out.half_said = true;
      out.end = cursor + 8;
      return true;
    }
    if (spoken_minutes(cursor, out)) return true;
    if (digits(cursor, n)) {
      if (n.digits > 2 && n.digits != 4) return false;
      if (n.digits == 4) {
        out.hour = n.whole() / 100;
        out.minute = n.whole() % 100;
        if (out.minute > 59) return false;
        need_half = true;
      } else {
        out.hour = n.whole();
      }
      std::size_t end = n.end;
      if ((at(end) == ':' || at(end) == '.') && is_digit(at(end + 1)) && is_digit(at(end + 2)) &&
          !is_digit(at(end + 3)) && n.digits <= 2) {
        const bool dot = at(end) == '.';
        out.minute = (at(end + 1) - '0') * 10 + (at(end + 2) - '0');
        end += 3;
        if (!dot) need_half = false;
        if (at(end) == ':' && is_digit(at(end + 1)) && is_digit(at(end + 2))) {
          out.second = (at(end + 1) - '0') * 10 + (at(end + 2) - '0');
          end += 3;
        }
      }
      if (out.hour > 24 || out.minute > 59 || out.second > 59) return false;
      out.end = end;
    } else {
      auto words = numerals::read_english(text_, cursor);
      if (!words || words->arabic || words->fraction || words->value < 1 || words->value > 24) return false;
      out.hour = static_cast<int>(words->value);
      out.end = words->end;
      // one thirty
      if (words->value > 12) return false;
      const std::size_t m = next(out.end);
      if (m != kNone) {
        auto minutes = numerals::read_english(text_, m);
        if (minutes && !minutes->arabic && !minutes->fraction && minutes->value >= 10 && minutes->value < 60) {
          out.minute = static_cast<int>(minutes->value);
          out.end = minutes->end;
          need_half = false;
        }
      }
    }
    std::size_t half_end = 0;
    const int half = half_of_day(out.end, half_end);
    if (half != 0) {
      out.end = half_end;
      if (half == 2 && out.hour < 12) out.hour += 12;
      if (half == 1 && out.hour == 12) out.hour = 0;
      out.half_said = half != 3;
      if (out.minute < 0) out.minute = -1;
      return true;
    }
    if (out.hour > 12) out.whole_day = true;
    return !need_half;
  }

  // half past seven, a quarter to nine, ten past 5
  bool spoken_minutes(std::size_t from, Clock& out) const {
    int minutes = 0;
    std::size_t cursor = from;
    for (const Name& w : {Name{"half", 30}, Name{"a quarter", 15}, Name{"quarter", 15}, Name{"five", 5},
                          Name{"ten", 10}, Name{"twenty-five", 25}, Name{"twenty", 20}}) {
      if (!phrase(w.word, from)) continue;
      minutes = w.value;
      cursor = from + w.word.size();
      break;
    }
    if (minutes == 0) return false;
    // "five to seven" is a range of hours more often than 6:55.
    const bool past = looking_at(" past ", cursor);
    if (!past && !(looking_at(" to ", cursor) && minutes == 15)) return false;
    cursor += past ? 6U : 4U;
    Number n;
    if (digits(cursor, n)) {
      if (n.digits > 2 || n.value > 12) return false;
    } else {
      const auto words = numerals::read_english(text_, cursor);
      if (!words || words->arabic || words->fraction || words->value < 1 || words->value > 12) return false;
      n.value = words->value;
      n.end = words->end;
    }
    out.spoken = true;
    out.hour = past ? n.whole() : (n.whole() + 11) % 12;
    out.minute = past ? minutes : 60 - minutes;
    out.end = n.end;
    std::size_t end = 0;
    const int half = half_of_day(out.end, end);
    if (half == 1 || half == 2) {
      out.end = end;
      out.half_said = true;
      if (half == 2 && out.hour < 12) out.hour += 12;
    }
    return true;
  }

  void put(const Clock& c) {
    point_.hour = c.hour;
    point_.minute = c.minute;
    point_.second = c.second;
    point_.pm_given = c.half_said || c.whole_day;
  }

  // Behind a date: " at 5 pm", " 8:00am", " in the morning", ", 14:55".
  bool clock_behind() {
    if (point_.direct && point_.grain > Grain::kDay) return false;
    if (!point_.direct && point_.day == 0 && point_.weekday < 0 && point_.festival == 0) return false;
    if (point_.nth_week != 0 || point_.part != Part::kNone || point_.first_count != 0 || point_.last_count != 0)
      return false;
    const std::size_t start = at_;
    std::size_t cursor = at_;
    if (at(cursor) == ',' && at(cursor + 1) == ' ') ++cursor;
    if (at(cursor) == 't' && is_digit(at(cursor + 1))) {
      Clock c;
      if (clock_at(cursor + 1, c, false)) {
        put(c);
        at_ = c.end;
        return true;
      }
    }
    if (at(cursor) != ' ') return false;
    ++cursor;
    for (const std::string_view p : {"in the "sv, "at "sv}) {
      if (looking_at(p, cursor)) {
        std::size_t word_at = cursor + p.size();
        const Daypart part = daypart(word_at);
        if (part != Daypart::kNone) {
          at_ = word_at;
          point_.daypart = part;
          return true;
        }
      }
    }
    std::size_t part_at = cursor;
    if (const Daypart part = daypart(part_at); part != Daypart::kNone) {
      point_.daypart = part;
      at_ = part_at;
      cursor = part_at;
      if (at(cursor) != ' ') return true;
      ++cursor;
    }
    if (bare_hours(cursor)) return true;
    if (clock_with_length(cursor)) return true;
    const bool around = looking_at("around ", cursor) || looking_at("about ", cursor);
    const bool preposition =
        around || looking_at("at ", cursor) || looking_at("for ", cursor) || looking_at("by ", cursor);
    if (preposition) cursor += word(cursor).size() + 1;
    const bool from = looking_at("from ", cursor) || looking_at("between ", cursor);
    if (from) cursor += word(cursor).size() + 1;
    Clock c;
    const bool bare_ok =
        (preposition && looking_at("at ", cursor - 3)) || around || from || point_.daypart != Daypart::kNone;
    const bool found = clock_at(cursor, c, !bare_ok);
    // 2-4pm, 8-9 am, from 7 to 7:30
    std::size_t end = 0;
    Clock to;
    if (found || (is_digit(at(cursor)) && clock_at(cursor, c, false))) {
      std::size_t link = c.end;
      if (looking_at(" to ", link) || looking_at(" and ", link))
        link += looking_at(" to ", link) ? 4U : 5U;
      else if (looking_at(" - ", link))
        link += 3;
      else if (at(link) == '-')
        ++link;
      else
        link = kNone;
      if (link != kNone && clock_at(link, to, !(found && from)))
        end = to.end;
      else if (link != kNone && found && at(link - 1) == '-' && clock_at(link, to, false) && is_digit(at(link)))
        end = to.end;
    }
    if (end != 0) {
      if (to.half_said && !c.half_said && c.hour < 12 && to.hour >= 12 &&
          c.hour + 12 < to.hour + (to.minute > c.minute ? 1 : 0))
        c.hour += 12;
      put(c);
      point_.hour_to = to.hour;
      point_.minute_to = to.minute;
      point_.pm_to = to.half_said;
      if (to.half_said) point_.pm_given = true;
      at_ = end;
      return true;
    }
    if (!found) return at_ != start;
    if (!c.half_said && c.minute < 0 && is_letter(at(blank(c.end))) && at(c.end) == ' ' && !preposition && !from)
      return at_ != start;
    put(c);
    at_ = c.end;
    return true;
  }

  // Nothing follows that a bare number could count.
  bool nothing_counted(std::size_t end) const {
    if (end >= text_.size() || at(end) == '.' || at(end) == ',' || at(end) == ';' || at(end) == '?' || at(end) == '!')
      return !(at(end) == '.' && is_digit(at(end + 1)));
    if (at(end) != ' ') return false;
    if (end + 1 == text_.size()) return true;
    static constexpr std::array<std::string_view, 12> kGo = {"and", "or",   "in",   "at",  "with", "for",
                                                             "to",  "that", "when", "but", "if",   "on"};
    return std::find(kGo.begin(), kGo.end(), word(end + 1)) != kGo.end();
  }

  // Monday 11-4: hours of that day, from the first to the second.
  bool bare_hours(std::size_t cursor) {
    Number from, to;
    if (point_.weekday < 0 && !(point_.direct && point_.relative)) return false;
    if (!digits(cursor, from) || from.digits > 2 || at(from.end) != '-' || !digits(from.end + 1, to) || to.digits > 2)
      return false;
    if (from.value < 1 || from.value > 12 || to.value < 1 || to.value > 12 || from.value == to.value) return false;
    if (!nothing_counted(to.end)) return false;
    point_.hour = from.whole();
    point_.hour_to = to.whole();
    point_.minute_to = 0;
    at_ = to.end;
    return true;
  }

  // 14 Feb from 9:30am for 7 hours; 14 Feb for 7 hours from 9:30am.
  bool clock_with_length(std::size_t cursor) {
    Clock c;
    Length l;
    std::size_t end = 0;
    if (looking_at("from ", cursor) && clock_at(cursor + 5, c, false) && looking_at(" for ", c.end) &&
        length(c.end + 5, l))
      end = l.end;
    else if (looking_at("for ", cursor) && length(cursor + 4, l) && looking_at(" from ", l.end) &&
             clock_at(l.end + 6, c, false))
      end = c.end;
    if (end == 0 || (l.unit != Unit::kHour && l.unit != Unit::kMinute) || l.count > 48) return false;
    const int start_minute = c.hour * 60 + std::max(0, c.minute);
    const int stop = start_minute + static_cast<int>(std::lround(l.count * (l.unit == Unit::kHour ? 60 : 1)));
    put(c);
    point_.pm_given = true;
    point_.pm_to = true;
    point_.hour_to = stop / 60;
    point_.minute_to = stop % 60;
    at_ = end;
    return true;
  }

  Daypart daypart(std::size_t& cursor) const {
    struct Word {
      std::string_view word;
      Daypart part;
    };
    static constexpr std::array<Word, 10> kWords = {{{"early morning", Daypart::kEarlyMorning},
                                                     {"morning", Daypart::kMorning},
                                                     {"afternoon", Daypart::kAfternoon},
                                                     {"evening", Daypart::kEvening},
                                                     {"night", Daypart::kNight},
                                                     {"noon", Daypart::kNoon},
                                                     {"midday", Daypart::kNoon},
                                                     {"am", Daypart::kMorning},
                                                     {"pm", Daypart::kAfternoon},
                                                     {"overnight", Daypart::kNight}}};
    for (const Word& w : kWords) {
      if (phrase(w.word, cursor)) {
        cursor += w.word.size();
        return w.part;
      }
    }
    return Daypart::kNone;
  }

  // 8am this morning, 2:00 - 2:30 pm on Tuesday, five to seven today: the clock first, then its day.
  bool clock_first() {
    if (nested_ || nested_part_ || link_only_) return false;
    const std::size_t start = at_;
    if (!is_digit(at(at_)) && !is_letter(at(at_))) return false;
    std::size_t cursor = at_;
    if (phrase("at", cursor) && at(cursor + 2) == ' ') cursor += 3;
    Clock c;
    Clock to;
    if (!clock_at(cursor, c, false)) return false;
    std::size_t end = c.end;
    bool ranged = false;
    std::size_t link = end;
    if (looking_at(" to ", link) || looking_at(" and ", link))
      link += looking_at(" to ", link) ? 4U : 5U;
    else if (looking_at(" - ", link))
      link += 3;
    else if (at(link) == '-')
      ++link;
    else
      link = kNone;
    if (link != kNone && clock_at(link, to, false)) {
      ranged = true;
      end = to.end;
    }
    // The day behind it makes it a date.
    std::size_t day_at = end;
    if (looking_at(" on ", day_at))
      day_at += 4;
    else if (looking_at(" of ", day_at))
      day_at += 4;
    else if (at(day_at) == ' ')
      ++day_at;
    else
      day_at = kNone;
    const bool explicit_clock = c.half_said || c.spoken || (c.minute >= 0 && at(c.end - 3) == ':');
    if (day_at != kNone) {
      Grammar inner(context_, day_at);
      inner.nested_ = true;
      const bool day_like = is_letter(at(day_at)) || is_digit(at(day_at));
      const bool on = looking_at(" on ", end) || looking_at(" of ", end);
      if (day_like && (explicit_clock || to.half_said || ranged || on) && inner.date_point()) {
        const Point& p = inner.point_;
        const bool one = (p.direct && p.grain <= Grain::kDay) || p.day != 0 || p.weekday >= 0;
        const bool bare_number = !explicit_clock && !to.half_said && !on && !(p.direct && p.relative);
        if (one && !bare_number && !(p.month != 0 && !on && !explicit_clock) && p.hour < 0) {
          const Point lead = point_;
          point_ = inner.point_;
          point_.begin = begin_;
          point_.mod = lead.mod;
          point_.between = lead.between;
          point_.inner = lead.inner;
          at_ = inner.at_;
          Grammar tail(context_, at_);
          std::size_t part_at = next(at_) == kNone ? at_ : next(at_);
          if (const Daypart part = daypart(part_at); part != Daypart::kNone) {
            point_.daypart = part;
            at_ = part_at;
          }
          if (ranged && to.half_said && !c.half_said && c.hour < 12 && to.hour >= 12 && c.hour + 12 <= to.hour)
            c.hour += 12;
          put(c);
          if (ranged) {
            point_.hour_to = to.hour;
            point_.minute_to = to.minute;
            point_.pm_to = to.half_said;
            if (to.half_said) point_.pm_given = true;
          }
          return true;
        }
      }
    }
    // A clock alone: only where it cannot be anything else.
    const bool sure = (c.half_said && (c.minute >= 0 || at(c.end - 1) == 'm' || at(c.end - 1) == '.')) ||
                      (explicit_clock && c.hour < 24 && is_digit(at(start)) && word_clock(start, c.end));
    if (!sure || !is_digit(at(cursor))) {
      at_ = start;
      return false;
    }
    if (c.hour > 12 && c.minute < 0) {
      std::size_t e = 0;
      if (half_of_day(start + 2, e) == 0 && half_of_day(start + 1, e) == 0) {
        at_ = start;
        return false;
      }
    }
    put(c);
    at_ = ranged && (to.half_said || explicit_clock) ? end : c.end;
    if (ranged) {
      point_.hour_to = to.hour;
      point_.minute_to = to.minute;
      point_.pm_to = to.half_said;
    }
    return true;
  }
  // hh:mm with two digits of minutes, not a ratio or part of a longer chain.
  bool word_clock(std::size_t start, std::size_t end) const {
    if (start > 0 && (at(start - 1) == ':' || at(start - 1) == '.' || at(start - 1) == '-')) return false;
    return at(end) != ':' && !is_digit(at(end)) && !(at(end) == '.' && is_digit(at(end + 1)));
  }

  const Context& context_;
  std::string_view text_;
  std::size_t begin_;
  std::size_t at_;
  bool link_led_ = false;  // behind "from" or "between"
  bool link_only_ = false;
  bool nested_ = false;        // inside another point: no further nesting
  bool nested_part_ = false;   // behind "end of": no second part
  bool short_dates_ = false;   // behind a weekday: 7/6 is a date
  int list_depth_ = 0;         // of 4, 5, 6 and 7 May: lists are short
  bool keep_article_ = false;  // "the" is part of the time: the year, the month after
  Point point_;
};

}  // namespace

namespace {

// The words that a point can begin with; a number in words is one too. Most words of a text are none of them, and this is
// asked of every word.
const std::unordered_set<std::string_view>& first_words() {
  static const std::unordered_set<std::string_view> kWords = [] {
    std::unordered_set<std::string_view> words = {
        "every",     "each",      "any",       "all",      "once",    "twice",     "no",        "not",       "as",
        "starting",  "beginning", "effective", "later",    "prior",   "up",        "until",     "till",      "since",
        "before",    "after",     "by",        "around",   "circa",   "from",      "between",   "within",    "over",
        "during",    "in",        "for",       "a",        "an",      "few",       "several",   "couple",    "half",
        "day",       "today",     "tomorrow",  "tmrw",     "tmr",     "yesterday", "tonight",   "tonite",    "last",
        "this",      "right",     "at",        "current",  "now",     "date",      "same",      "that",      "next",
        "following", "coming",    "upcoming",  "previous", "past",    "preceding", "latest",    "weekend",   "week",
        "the",       "early",     "earlier",   "mid",      "middle",  "late",      "end",       "start",     "year",
        "yearend",   "eoy",       "eod",       "latter",   "final",   "rest",      "remaining", "remainder", "fiscal",
        "financial", "noon",      "midnight",  "mid-year", "fy",      "q",         "h",         "less",      "spring",
        "summer",    "autumn",    "fall",      "winter",   "quarter", "month",     "present"};
    const auto names = [&words](const auto& table) {
      for (const Name& name : table) words.insert(name.word);
    };
    names(kMonths);
    names(kWeekdays);
    names(kOrdinals);
    names(kDayOrdinals);
    for (const Holiday& holiday : kHolidays) {
      std::size_t end = 0;
      while (end < holiday.name.size() && is_letter(holiday.name[end])) ++end;
      words.insert(holiday.name.substr(0, end));
    }
    return words;
  }();
  return kWords;
}

bool may_begin(std::string_view text, std::size_t at) {
  if (at >= text.size() || !is_letter(text[at])) return true;
  std::size_t end = at;
  while (end < text.size() && is_letter(text[end]) && end - at < 16) ++end;
  return first_words().contains(text.substr(at, end - at)) || numerals::read_english(text, at).has_value();
}

}  // namespace

std::optional<Point> read_english_point(const Context& context, std::size_t at) {
  if (!may_begin(context.text, at)) return std::nullopt;
  return Grammar(context, at).read();
}

}  // namespace annals::times
