#include "engine/language/numerals.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "engine/base/utf8.h"
#include "engine/language/match.h"
#include "engine/language/quantities.h"

namespace annals::numerals {

using namespace std::string_view_literals;

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

// Digits with an optional exponent of ten, correctly rounded: 418.74 and 1e8 give 41874000000 and not a neighbour.
double decimal_value(std::string_view digits, int exponent = 0) {
  std::string plain;
  plain.reserve(digits.size() + 8);
  for (const char c : digits) {
    if (c != ',' && c != ' ') plain.push_back(c);
  }
  if (!plain.empty() && plain.front() == '.') plain.insert(plain.begin(), '0');
  plain += 'e';
  plain += std::to_string(exponent);
  double value = 0;
  std::from_chars(plain.data(), plain.data() + plain.size(), value);
  return value;
}

int exponent_of(double unit) { return static_cast<int>(std::lround(std::log10(unit))); }

bool is_financial(char32_t c) {
  switch (c) {
    case U'壹':
    case U'贰':
    case U'叁':
    case U'参':
    case U'肆':
    case U'伍':
    case U'陆':
    case U'柒':
    case U'捌':
    case U'玖':
    case U'拾':
    case U'佰':
    case U'仟':
      return true;
    default:
      return false;
  }
}

std::size_t skip_blank(std::string_view text, std::size_t at) {
  return at < text.size() && text[at] == ' ' ? at + 1 : at;
}

bool starts(std::string_view text, std::size_t at, std::string_view what) { return stands_at(text, at, what); }

// 分之 (also with blanks inside, and the Cantonese 份之): its end, or npos.
std::size_t parts_of(std::string_view text, std::size_t at) {
  at = skip_blank(text, at);
  if (!starts(text, at, "分") && !starts(text, at, "份")) return std::string_view::npos;
  at = skip_blank(text, at + 3);
  if (!starts(text, at, "之")) return std::string_view::npos;
  return skip_blank(text, at + 3);
}

// Digits behind 点: "三四五" → 0.345 at `at`. Moves `at`; false where there are none.
bool read_decimals(std::string_view text, std::size_t& at, std::string& out, int& digits) {
  std::size_t cursor = skip_blank(text, at);
  bool any = false;
  while (cursor < text.size()) {
    std::size_t next = any ? skip_blank(text, cursor) : cursor;
    if (next < text.size() && is_digit(text[next])) {
      if (next != cursor) break;
      out.push_back(text[next]);
      cursor = next + 1;
    } else {
      const CodePoint c = decode_utf8(text, next);
      const int digit = chinese_digit(c.value);
      if (digit < 0 || c.value == U'两') break;
      out.push_back(static_cast<char>('0' + digit));
      cursor = next + c.length;
    }
    ++digits;
    any = true;
  }
  if (any) at = cursor;
  return any;
}

// 5,00 and 43,79万: a comma for the decimal point, as much of Europe writes it. Two digits behind it, no list around it,
// and either zeros or a unit that lists do not have. The end of the number, or 0.
std::size_t decimal_comma(std::string_view text, std::size_t at, std::size_t comma) {
  const std::size_t end = comma + 3;
  if (end > text.size() || text[comma] != ',' || !is_digit(text[comma + 1]) || !is_digit(text[comma + 2])) return 0;
  if (at > 0 && (text[at - 1] == ',' || text[at - 1] == '.' || is_digit(text[at - 1]))) return 0;
  if (end < text.size() && (is_digit(text[end]) || is_letter(text[end]) || text[end] == ',')) return 0;
  const bool point_behind = end + 1 < text.size() && text[end] == '.' && is_digit(text[end + 1]);
  if (point_behind) return 0;
  if (text.substr(comma + 1, 2) == "00") return end;
  for (const std::string_view unit :
       {"%"sv, "万"sv, "亿"sv, "元"sv, "€"sv, " %"sv, " million"sv, " billion"sv, " €"sv, " euro"sv}) {
    if (starts(text, end, unit)) return end;
  }
  return 0;
}

// Words that begin with a number's character and are no numbers.
bool is_idiom(std::string_view text, std::size_t at) {
  static constexpr std::array<std::string_view, 60> kIdioms = {
      "一些",     "一样", "一直", "一起", "一般", "一定", "一旦", "一致", "一方面",   "一边", "一带一路", "一时",
      "一切",     "一向", "一再", "一味", "一律", "一经", "一如", "一并", "一举",     "一体", "一路",     "一度",
      "一线",     "一流", "一手", "一贯", "一同", "一心", "一共", "一连", "一级市场", "一汽", "一加",     "二手",
      "二级市场", "二维", "三星", "三菱", "三一", "三方", "四川", "四处", "五粮液",   "五角", "五金",     "六福",
      "七匹狼",   "八卦", "九州", "九江", "十足", "十分", "百度", "百货", "千问",     "万科", "万一",     "万达"};
  // 五角大楼, but 五角 as money: decided by quantities; 十分 likewise by what follows 分.
  for (const std::string_view idiom : kIdioms) {
    if (!starts(text, at, idiom)) continue;
    if (idiom == "五角") return starts(text, at + 6, "大楼");
    if (idiom == "十分")
      return parts_of(text, at + 3) == std::string_view::npos && !starts(text, at + 6, "钟") &&
             !starts(text, at + 6, "一");
    if (idiom == "一时") return !starts(text, at + 6, "间") || true;
    return true;
  }
  return false;
}

}  // namespace

int chinese_digit(char32_t c) {
  switch (c) {
    case U'〇':
    case U'零':
    case U'○':
      return 0;
    case U'一':
    case U'壹':
    case U'弌':
      return 1;
    case U'二':
    case U'贰':
    case U'两':
    case U'弍':
      return 2;
    case U'三':
    case U'叁':
    case U'参':
      return 3;
    case U'四':
    case U'肆':
      return 4;
    case U'五':
    case U'伍':
      return 5;
    case U'六':
    case U'陆':
      return 6;
    case U'七':
    case U'柒':
      return 7;
    case U'八':
    case U'捌':
      return 8;
    case U'九':
    case U'玖':
      return 9;
    default:
      return -1;
  }
}

double chinese_unit(char32_t c) {
  switch (c) {
    case U'十':
    case U'拾':
      return 10;
    case U'百':
    case U'佰':
      return 100;
    case U'千':
    case U'仟':
      return 1e3;
    case U'万':
      return 1e4;
    case U'亿':
      return 1e8;
    case U'兆':
      return 1e12;
    default:
      return 0;
  }
}

std::optional<Numeral> read_arabic(std::string_view text, std::size_t at) {
  Numeral out;
  out.begin = at;
  out.arabic = true;
  std::size_t cursor = at;
  while (cursor < text.size() && is_digit(text[cursor])) ++cursor;
  const std::size_t lead = cursor - at;
  // Thousands: groups of three behind one to three digits, or the Indian 12,34,567.
  if (lead >= 1 && lead <= 3) {
    auto group = [&](std::size_t from) {  // digits right behind a comma at `from`
      std::size_t n = 0;
      if (from >= text.size() || text[from] != ',') return n;
      while (n < 4 && from + 1 + n < text.size() && is_digit(text[from + 1 + n])) ++n;
      return n;
    };
    while (group(cursor) == 3) {
      cursor += 4;
      out.comma = true;
    }
    if (!out.comma && lead <= 2 && group(cursor) == 2) {
      std::size_t probe = cursor;
      while (group(probe) == 2) probe += 3;
      if (group(probe) == 3) {
        cursor = probe + 4;
        out.comma = true;
      }
    }
  }
  for (std::size_t i = at; i < cursor; ++i) out.digits += is_digit(text[i]) ? 1 : 0;
  if (const std::size_t end = lead >= 1 && lead <= 3 && !out.comma ? decimal_comma(text, at, cursor) : 0; end != 0) {
    std::string plain(text.substr(at, end - at));
    plain[cursor - at] = '.';
    out.digits += 2;
    out.decimal = true;
    out.end = end;
    out.value = decimal_value(plain);
    return out;
  }
  if (cursor + 1 < text.size() && text[cursor] == '.' && is_digit(text[cursor + 1])) {
    ++cursor;
    while (cursor < text.size() && is_digit(text[cursor])) {
      ++cursor;
      ++out.digits;
    }
    out.decimal = true;
  }
  if (out.digits == 0) return std::nullopt;
  out.end = cursor;
  out.value = decimal_value(text.substr(at, cursor - at));
  return out;
}

std::optional<Numeral> read_chinese(std::string_view text, std::size_t at, bool lone_financial) {
  Numeral out;
  out.begin = at;
  if (at >= text.size()) return std::nullopt;
  if (static_cast<unsigned char>(text[at]) < 0x80) {
    if (!is_digit(text[at]) && text[at] != '.') return std::nullopt;
  } else {
    // Most places of a text are no numerals, and this is asked everywhere.
    const char32_t c = decode_utf8(text, at).value;
    if (chinese_digit(c) < 0 && chinese_unit(c) == 0 && c != U'几' && c != U'数' && c != U'廿' && c != U'卅' &&
        c != U'卌') {
      return std::nullopt;
    }
    if (is_idiom(text, at)) return std::nullopt;
  }

  struct Part {
    long double value;
  };
  std::vector<Part> parts;  // what units have closed, each smaller than the one before
  std::string pending;      // digits not closed by a unit yet, as decimal text
  bool has_pending = false;
  bool pending_arabic = false;
  int pending_count = 0;      // Chinese digits in `pending`
  long double last_unit = 0;  // of the unit just closed; 0 behind 零 or at the start
  bool after_zero = false;
  bool bare_start = false;  // begins with a unit: 百三, 千万
  bool all_financial = true;
  int units = 0;
  bool few_pending = false;
  std::size_t cursor = at;
  bool first = true;
  std::optional<int> vague_pair;  // 七八: the second digit

  auto pending_value = [&]() -> long double {
    if (!has_pending) return 0;
    return static_cast<long double>(decimal_value(pending));
  };
  auto close = [&](double unit) {
    long double lower = pending_value();
    bool some = has_pending;
    if (few_pending) {
      some = true;
      lower = std::max<long double>(lower, 1);
      out.more = true;
    }
    while (!parts.empty() && parts.back().value < unit) {
      lower += parts.back().value;
      parts.pop_back();
      some = true;
    }
    long double factor = unit;
    if (!some) {
      if (!parts.empty() && last_unit > 0 && unit >= 1e4) {  // 四万万, 百万亿
        lower = parts.back().value;
        parts.pop_back();
      } else {
        lower = 1;
      }
    }
    if (has_pending && parts.empty() && pending_arabic && lower == pending_value()) {
      parts.push_back({static_cast<long double>(decimal_value(pending, exponent_of(unit)))});
    } else {
      parts.push_back({lower * factor});
    }
    pending.clear();
    has_pending = false;
    pending_arabic = false;
    pending_count = 0;
    few_pending = false;
    last_unit = unit;
    after_zero = false;
    ++units;
    if (unit >= 1e4) out.scale = unit >= out.scale || out.scale == 1 ? unit : out.scale;
  };

  while (cursor < text.size()) {
    std::size_t next = cursor;
    bool blank = false;
    if (!first && text[cursor] == ' ') {
      blank = true;
      next = skip_blank(text, cursor);
      if (next >= text.size()) break;
    }
    if (is_digit(text[next]) || (first && text[next] == '.' && next + 1 < text.size() && is_digit(text[next + 1]))) {
      if (has_pending || blank) break;
      auto number = read_arabic(text, next);
      if (!number) break;
      pending.assign(text.substr(next, number->end - next));
      if (number->decimal && pending.find('.') == std::string::npos) pending[pending.find(',')] = '.';  // 43,79万
      has_pending = true;
      pending_arabic = true;
      out.arabic = true;
      out.decimal = out.decimal || number->decimal;
      out.comma = number->comma;
      out.digits += number->digits;
      all_financial = false;
      cursor = number->end;
      first = false;
      continue;
    }
    const CodePoint c = decode_utf8(text, next);
    if (c.value < 0x80) break;
    const int digit = chinese_digit(c.value);
    if (digit >= 0) {
      if (pending_arabic) break;
      if (blank && has_pending && digit != 0) break;
      if (blank && units == 0) break;
      if (digit == 0 && units > 0 && !has_pending) {  // 一万零五, and 一千零几万
        // A zero with nothing behind it ("两千零") still belongs to the numeral.
        after_zero = true;
        last_unit = 0;
        ++out.digits;
        out.han = true;
        cursor = next + c.length;
        first = false;
        continue;
      }
      if (has_pending && units > 0 && digit != 0 && pending_count >= 1 && !after_zero) {
        // 三百二三: no number goes on like this, but 一百七八十 does.
        const CodePoint after = decode_utf8(text, next + c.length);
        if (!(pending_count == 1 && chinese_unit(after.value) > 0)) break;
      }
      if (c.value == U'两' && has_pending) break;
      pending.push_back(static_cast<char>('0' + digit));
      has_pending = true;
      ++pending_count;
      ++out.digits;
      out.han = true;
      all_financial = all_financial && is_financial(c.value);
      cursor = next + c.length;
      first = false;
      continue;
    }
    if (c.value == U'廿' || c.value == U'卅' || c.value == U'卌') {
      if (has_pending) break;
      const double tens = c.value == U'廿' ? 20 : c.value == U'卅' ? 30 : 40;
      parts.push_back({static_cast<long double>(tens)});
      last_unit = 10;
      ++units;
      out.han = true;
      out.units = true;
      all_financial = false;
      ++out.digits;
      cursor = next + c.length;
      first = false;
      continue;
    }
    double unit = chinese_unit(c.value);
    if (unit > 0) {
      if (c.value == U'兆') {  // 兆瓦, 兆字节: the prefix of a measure
        const CodePoint after = decode_utf8(text, next + c.length);
        if (after.value == U'瓦' || after.value == U'字' || after.value == U'赫' || after.value == U'帕' ||
            after.value == U'欧' || after.value == U'比' || after.value == U'易')
          break;
      }
      // 13亿千瓦时, 5万千克: behind 万 and 亿 the thousand is the measure's.
      if (c.value == U'千' && !first && !has_pending && last_unit >= 1e4) {
        const CodePoint after = decode_utf8(text, next + c.length);
        static constexpr std::u32string_view kMeasured = U"瓦克米赫卡焦帕伏安吨字";
        if (kMeasured.find(after.value) != std::u32string_view::npos) break;
      }
      if (first) {
        bare_start = true;
        if (c.value == U'亿' || c.value == U'兆') return std::nullopt;
      }
      if (blank && !has_pending && last_unit < 1e4 && unit < 1e4) break;
      if (unit < 1e4 && !has_pending && !few_pending && !first && last_unit > 0 && last_unit < 1e4 &&
          !(unit == 10 && last_unit >= 100)) {  // 一百十一, but not 百千
        break;
      }
      if (unit == 10 && pending == "0") {  // 零十
        pending.clear();
        has_pending = false;
        pending_count = 0;
      }  // 百千, 十百
      if (has_pending && pending_count >= 2 && !pending_arabic && pending.find('.') == std::string::npos) {
        // 七八十, 八九亿: two guesses. 一七二零万 does not occur.
        if (pending_count == 2 && pending[1] == pending[0] + 1) {
          vague_pair = pending[1] - '0';
          const long double low = (pending[0] - '0') * static_cast<long double>(unit);
          pending.assign(1, pending[0]);
          out.high = static_cast<double>(*vague_pair * static_cast<long double>(unit) / low);  // as a factor for now
          out.about = true;
        } else {
          break;
        }
      }
      close(unit);
      out.han = true;
      out.units = true;
      all_financial = all_financial && is_financial(c.value);
      cursor = next + c.length;
      first = false;
      continue;
    }
    if ((c.value == U'几' || c.value == U'数') && !has_pending && !blank) {
      // 几十, 数千, 二十几万, 一千五百零几万; alone they are no numeral.
      const CodePoint after = decode_utf8(text, next + c.length);
      const bool before_unit = chinese_unit(after.value) > 0;
      if (c.value == U'数' && !(first && before_unit)) break;
      if (!before_unit && (units == 0 || last_unit >= 1e4)) break;
      if (before_unit && units > 0 && chinese_unit(after.value) >= 1e4) {
        // 二十几万: the few are lost in the round number.
        out.more = true;
      } else if (before_unit) {
        few_pending = true;
      } else {
        out.more = true;
      }
      out.han = true;
      all_financial = false;
      cursor = next + c.length;
      first = false;
      continue;
    }
    if ((c.value == U'多' || c.value == U'余') && (units > 0 || has_pending)) {
      // 500余万, 十多萬, 30 多萬: inside a numeral only before a unit. Behind it, it belongs to the quantity.
      const CodePoint after = next + c.length < text.size() ? decode_utf8(text, next + c.length) : CodePoint{};
      if (chinese_unit(after.value) < 1e4) break;
      out.over = true;
      cursor = next + c.length;
      continue;
    }
    if (c.value == U'点' && (has_pending || units > 0 || out.digits > 0) && pending.find('.') == std::string::npos) {
      std::string decimals;
      std::size_t after = next + c.length;
      int digits = 0;
      if (!read_decimals(text, after, decimals, digits)) break;
      // 三点五: the digits so far are the integer part.
      if (units > 0 && has_pending && pending_count == 1 && last_unit >= 100 && !after_zero) {
        pending = std::to_string(static_cast<long>((pending[0] - '0') * last_unit / 10));  // 一千六点五
      }
      if (!has_pending) pending = "0";
      has_pending = true;
      pending_count = 3;
      last_unit = 0;
      pending += '.';
      pending += decimals;
      out.decimal = true;
      out.han = true;
      out.digits += digits;
      all_financial = false;
      cursor = after;
      first = false;
      // 一点五万 goes on with a unit; 三千点五 does not.
      continue;
    }
    break;
  }

  if (first) return std::nullopt;
  long double total = 0;
  for (const Part& part : parts) total += part.value;
  if (has_pending) {
    long double tail = pending_value();
    const bool lone = (pending_arabic ? pending.size() == 1 : pending_count == 1) && pending != "0";
    if (units > 0 && lone && last_unit >= 100 && !after_zero) {
      tail *= last_unit / 10;
    }
    total += tail;
    if (total == tail && units == 0 && pending_arabic) {
      out.value = decimal_value(pending);
    } else {
      out.value = static_cast<double>(total);
    }
  } else {
    if (units == 0) return std::nullopt;
    out.value = static_cast<double>(total);
  }
  if (few_pending) return std::nullopt;
  if (vague_pair && out.high) out.high = out.value * *out.high;
  out.end = cursor;
  out.financial = all_financial && out.han;
  if (units == 0 && !out.arabic && pending_count == 2 && pending[0] != '0' && pending[1] == pending[0] + 1) {
    out.about = true;  // 七八个: decided by what it counts
  }
  // Bare units: 百万, 千亿 are numbers; 百, 千, 万 alone are not, and 百三, 千一 only where nothing else follows.
  if (bare_start) {
    const bool more_units = units >= 2;
    if (!more_units) {
      const CodePoint head = decode_utf8(text, at);
      if (head.value != U'十' && head.value != U'拾') {
        if (!has_pending) return std::nullopt;
        const CodePoint after = decode_utf8(text, cursor);
        if (cursor < text.size() && is_han(after.value)) return std::nullopt;
      }
    }
    if (starts(text, at, "千万")) {
      for (const std::string_view verb : {"别"sv, "不"sv, "要"sv, "勿"sv, "莫"sv}) {
        if (starts(text, at + 6, verb)) return std::nullopt;
      }
    }
  }
  if (out.financial && out.digits + units == 1 && !lone_financial)
    return std::nullopt;  // 伍, 陆, 肆 are names and verbs
  return out;
}

namespace {

struct Word {
  std::string_view text;
  double value;
  enum Kind : std::uint8_t { kUnit, kTeen, kTens, kHundred, kScale, kHalf, kOrdinal } kind;
};
// Ordinals stand as denominators: two thirds, a twenty-first.
constexpr std::array<Word, 82> kWords = {{
    {"zero", 0, Word::kUnit},
    {"one", 1, Word::kUnit},
    {"two", 2, Word::kUnit},
    {"three", 3, Word::kUnit},
    {"four", 4, Word::kUnit},
    {"five", 5, Word::kUnit},
    {"six", 6, Word::kUnit},
    {"seven", 7, Word::kUnit},
    {"eight", 8, Word::kUnit},
    {"nine", 9, Word::kUnit},
    {"ten", 10, Word::kTeen},
    {"eleven", 11, Word::kTeen},
    {"twelve", 12, Word::kTeen},
    {"thirteen", 13, Word::kTeen},
    {"fourteen", 14, Word::kTeen},
    {"fifteen", 15, Word::kTeen},
    {"sixteen", 16, Word::kTeen},
    {"seventeen", 17, Word::kTeen},
    {"eighteen", 18, Word::kTeen},
    {"nineteen", 19, Word::kTeen},
    {"twenty", 20, Word::kTens},
    {"thirty", 30, Word::kTens},
    {"forty", 40, Word::kTens},
    {"fifty", 50, Word::kTens},
    {"sixty", 60, Word::kTens},
    {"seventy", 70, Word::kTens},
    {"eighty", 80, Word::kTens},
    {"ninety", 90, Word::kTens},
    {"hundred", 100, Word::kHundred},
    {"hundreds", 100, Word::kHundred},
    {"thousand", 1e3, Word::kScale},
    {"thousands", 1e3, Word::kScale},
    {"million", 1e6, Word::kScale},
    {"millions", 1e6, Word::kScale},
    {"billion", 1e9, Word::kScale},
    {"billions", 1e9, Word::kScale},
    {"trillion", 1e12, Word::kScale},
    {"trillions", 1e12, Word::kScale},
    {"lakh", 1e5, Word::kScale},
    {"lakhs", 1e5, Word::kScale},
    {"crore", 1e7, Word::kScale},
    {"crores", 1e7, Word::kScale},
    {"dozen", 12, Word::kScale},
    {"dozens", 12, Word::kScale},
    {"dz", 12, Word::kScale},
    {"dzs", 12, Word::kScale},
    {"doz", 12, Word::kScale},
    {"dozs", 12, Word::kScale},
    {"half", 2, Word::kHalf},
    {"halves", 2, Word::kHalf},
    {"quarter", 4, Word::kHalf},
    {"quarters", 4, Word::kHalf},
    {"third", 3, Word::kOrdinal},
    {"fourth", 4, Word::kOrdinal},
    {"fifth", 5, Word::kOrdinal},
    {"sixth", 6, Word::kOrdinal},
    {"seventh", 7, Word::kOrdinal},
    {"eighth", 8, Word::kOrdinal},
    {"ninth", 9, Word::kOrdinal},
    {"tenth", 10, Word::kOrdinal},
    {"eleventh", 11, Word::kOrdinal},
    {"twelfth", 12, Word::kOrdinal},
    {"thirteenth", 13, Word::kOrdinal},
    {"fourteenth", 14, Word::kOrdinal},
    {"fifteenth", 15, Word::kOrdinal},
    {"sixteenth", 16, Word::kOrdinal},
    {"seventeenth", 17, Word::kOrdinal},
    {"eighteenth", 18, Word::kOrdinal},
    {"nineteenth", 19, Word::kOrdinal},
    {"twentieth", 20, Word::kOrdinal},
    {"thirtieth", 30, Word::kOrdinal},
    {"fortieth", 40, Word::kOrdinal},
    {"fiftieth", 50, Word::kOrdinal},
    {"sixtieth", 60, Word::kOrdinal},
    {"seventieth", 70, Word::kOrdinal},
    {"eightieth", 80, Word::kOrdinal},
    {"ninetieth", 90, Word::kOrdinal},
    {"hundredth", 100, Word::kOrdinal},
    {"thousandth", 1e3, Word::kOrdinal},
    {"millionth", 1e6, Word::kOrdinal},
    {"billionth", 1e9, Word::kOrdinal},
    {"trillionth", 1e12, Word::kOrdinal},
}};

const Word* find_word(std::string_view word) {
  if (word.size() < 2 || word.size() > 12) return nullptr;
  // A word's first letter decides nearly always: most words of a text are not numbers.
  static const auto kByLetter = [] {
    std::array<std::vector<const Word*>, 26> table;
    for (const Word& w : kWords) table[static_cast<std::size_t>(w.text[0] - 'a')].push_back(&w);
    return table;
  }();
  if (!is_letter(word[0])) return nullptr;
  bool plural = false;
  for (int pass = 0; pass < 2; ++pass) {
    for (const Word* w : kByLetter[static_cast<std::size_t>(word[0] - 'a')]) {
      if (w->text == word && (!plural || w->kind == Word::kOrdinal)) return w;
    }
    if (!word.ends_with('s')) return nullptr;
    word.remove_suffix(1);  // thirds, fifths
    plural = true;
  }
  return nullptr;
}

std::string_view word_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {};
  std::size_t end = at;
  while (end < text.size() && is_letter(text[end])) ++end;
  return text.substr(at, end - at);
}

// The start of the next word behind blanks or a hyphen (also " - "), or npos.
std::size_t next_word(std::string_view text, std::size_t at) {
  std::size_t cursor = at;
  while (cursor < text.size() && text[cursor] == ' ') ++cursor;
  if (cursor < text.size() && text[cursor] == '-') ++cursor;
  while (cursor < text.size() && text[cursor] == ' ') ++cursor;
  if (cursor == at || cursor >= text.size() || cursor - at > 4) return std::string_view::npos;
  return cursor;
}

// twenty-first, one hundred fifth: the value and the end of an ordinal of several words; 0: none stands at `at`.
double compound_ordinal(std::string_view text, std::size_t at, std::size_t& end) {
  double value = 0;
  for (int i = 0; i < 5; ++i) {
    const std::string_view word = word_at(text, at);
    const bool first = word == "first";
    const bool second = word == "second";
    const Word* w = find_word(word);
    if (first || second || (w != nullptr && w->kind == Word::kOrdinal && !word.ends_with('s'))) {
      const double ones = first ? 1 : second ? 2 : w->value;
      end = at + word.size();
      if (i == 0 || ones >= 100) return 0;
      return value + ones;
    }
    if (w == nullptr || w->kind == Word::kHalf) {
      if (word != "and" || i == 0) return 0;
    } else if (w->kind == Word::kHundred) {
      value = (value == 0 ? 1 : value) * 100;
    } else if (w->kind == Word::kTens || (w->kind == Word::kUnit && value == 0)) {
      value += w->value;
    } else {
      return 0;
    }
    at = next_word(text, at + word.size());
    if (at == std::string_view::npos) return 0;
  }
  return 0;
}

}  // namespace

std::optional<Numeral> read_english(std::string_view text, std::size_t at) {
  if (at >= text.size()) return std::nullopt;
  // Values close in three steps, as in "two million | three hundred | and | twenty-one".
  long double total = 0;
  long double section = 0;  // below the last scale
  long double low = 0;      // tens and ones
  bool have_low = false;
  bool have_section = false;
  bool any = false;
  bool article = false;   // "a" stands for one before hundred, scales and fractions
  bool lone_unit = true;  // nothing but one word of one to nine
  long double last_scale = 0;
  std::size_t cursor = at;
  std::size_t end = at;
  Numeral out;
  out.begin = at;
  out.words = true;
  int words = 0;

  std::string_view word = word_at(text, cursor);
  if (word == "a" || word == "an" || word == "one") {
    // a twenty-first, one hundred-and-fifth of …: one over a compound ordinal.
    const std::size_t next = next_word(text, cursor + word.size());
    std::size_t behind = 0;
    const double denominator = next == std::string_view::npos ? 0 : compound_ordinal(text, next, behind);
    if (denominator > 0) {
      out.value = 1 / denominator;
      out.fraction = true;
      out.end = behind;
      return out;
    }
  }
  if (word == "a" || word == "an") {
    const std::size_t next = next_word(text, cursor + word.size());
    if (next == std::string_view::npos) return std::nullopt;
    const Word* w = find_word(word_at(text, next));
    if (w == nullptr || w->kind == Word::kUnit || w->kind == Word::kTeen || (w->kind == Word::kTens && word == "an"))
      return std::nullopt;
    article = true;
    cursor = next;
    if (w->kind == Word::kTens) {
      // "a twenty-first" is a fraction, "a twenty" is nothing.
      low = 0;
    }
  }
  bool after_and = false;
  bool and_before_low = false;  // what `low` holds stands behind an "and"
  while (cursor < text.size()) {
    word = word_at(text, cursor);
    std::size_t word_end = cursor + word.size();
    double numeric = 0;
    const Word* w = nullptr;
    Word digits_word{};
    if (word.empty() && is_digit(text[cursor])) {  // 3 hundred and 21
      if (have_low) break;
      auto number = read_arabic(text, cursor);
      if (!number) break;
      // Digits belong to the words where a scale follows (2.5 million) or an "and" led here (3 hundred and 21).
      const std::size_t behind = next_word(text, number->end);
      const Word* scale = behind == std::string_view::npos ? nullptr : find_word(word_at(text, behind));
      const bool scaled = scale != nullptr && (scale->kind == Word::kHundred || scale->kind == Word::kScale);
      const bool tail = after_and && number->value > 0 && out.units && !number->decimal && number->digits <= 3 &&
                        !(number->end < text.size() && (is_letter(text[number->end]) || text[number->end] == '%'));
      if (!scaled && !tail) break;
      if (scaled && any && last_scale > 0 && scale->value >= last_scale) break;
      out.arabic = true;
      out.decimal = out.decimal || number->decimal;
      out.comma = number->comma;
      digits_word = {{}, number->value, Word::kTeen};
      w = &digits_word;
      word_end = number->end;
    } else {
      if (word_end < text.size() && is_digit(text[word_end])) break;
      w = find_word(word);
    }
    if (w == nullptr) break;
    numeric = w->value;
    if (!have_low) and_before_low = after_and;
    bool stop = false;
    switch (w->kind) {
      case Word::kUnit:
        if (have_low) {
          const auto value = static_cast<long>(low);
          if (!(value >= 20 && value % 10 == 0 && value < 100) || numeric == 0)
            stop = true;
          else
            low += numeric;
        } else {
          low = numeric;
          have_low = true;
        }
        break;
      case Word::kTeen:
      case Word::kTens:
        if (have_low)
          stop = true;
        else {
          low = numeric;
          have_low = true;
        }
        break;
      case Word::kHundred:
        if (have_section || (!have_low && !article && words > 0))
          stop = true;
        else {
          if (!have_low && !article && word == "hundred") return std::nullopt;
          section = (have_low ? low : 1) * 100;
          have_section = true;
          low = 0;
          have_low = false;
          out.units = true;
        }
        break;
      case Word::kScale: {
        long double below = section + (have_low ? low : 0);
        if (!have_low && !have_section) {
          if (any && last_scale > 0) {  // three lakh crore
            total *= numeric;
            last_scale = numeric;
            out.scale = static_cast<double>(last_scale);
            break;
          }
          if (!article) {
            stop = true;
            break;
          }
          below = 1;
        }
        // One hundred one-thousand-fifths: what begins behind the hundred is all denominator.
        if (have_section && have_low && last_scale == 0) {
          const std::size_t ones_at = next_word(text, word_end);
          const std::string_view ones_word = word_at(text, ones_at == std::string_view::npos ? text.size() : ones_at);
          const Word* ones = find_word(ones_word);
          if (ones != nullptr && ones->kind == Word::kOrdinal && ones->value < 10 && ones_word.ends_with('s')) {
            out.fraction = true;
            out.value = static_cast<double>(section / (low * numeric + ones->value));
            out.end = ones_at + ones_word.size();
            return out;
          }
        }
        if (last_scale > 0 && numeric >= last_scale)
          total = (total + below) * numeric;
        else
          total += below * numeric;
        last_scale = numeric;
        out.scale = numeric;
        section = low = 0;
        have_section = have_low = false;
        out.units = true;
        break;
      }
      case Word::kHalf:
      case Word::kOrdinal: {
        // A fraction: numerator so far over this, possibly after a whole part ("three and a fifth").
        long double denominator = numeric;
        long double numerator;
        if (!any && !article) {
          if (w->kind == Word::kOrdinal) return std::nullopt;
          numerator = 1;  // "half", "quarter million"
        } else {
          numerator = total + section + low;
          if (!any) numerator = 1;
        }
        const auto tens = static_cast<long>(low);
        if (any && have_low && tens >= 20 && tens % 10 == 0 && w->kind == Word::kOrdinal && numeric < 10 && article &&
            words == 1) {
          denominator = low + numeric;  // a twenty-first
          numerator = 1;
        }
        long double whole = 0;
        if (w->kind == Word::kOrdinal && have_low && numerator > low) {
          if (and_before_low && low < denominator) {
            // Two hundred and fifty-four hundredths: the "and" stands for the decimal point.
            whole = numerator - low;
            numerator = low;
          } else if (!and_before_low && tens >= 20 && tens < 100 && tens % 10 == 0 && numeric < 10) {
            // One hundred thirty-fifths: tens and ones are one ordinal.
            denominator = low + numeric;
            numerator -= low;
          }
        }
        out.fraction = true;
        out.value = static_cast<double>(whole + numerator / denominator);
        out.end = word_end;
        out.scale = 1;
        // "half a million", "a quarter million", "half million"
        std::size_t scale_at = next_word(text, word_end);
        if (scale_at != std::string_view::npos && word_at(text, scale_at) == "a")
          scale_at = next_word(text, scale_at + 1);
        if (scale_at != std::string_view::npos) {
          const std::string_view scale_word = word_at(text, scale_at);
          const Word* scale = find_word(scale_word);
          if (scale != nullptr && scale->kind == Word::kScale && scale->value >= 12) {
            out.value = static_cast<double>(numerator * scale->value / denominator);
            out.scale = scale->value;
            out.end = scale_at + scale_word.size();
          }
        }
        if (w->kind == Word::kOrdinal && !word.ends_with('s') && numerator != 1)
          return std::nullopt;  // twenty first: a day
        return out;
      }
    }
    if (stop) break;
    ++words;
    any = true;
    if (w->kind != Word::kUnit || words > 1) lone_unit = false;
    end = word_end;
    after_and = false;
    std::size_t next = next_word(text, word_end);
    if (next == std::string_view::npos) break;
    const std::string_view link = word_at(text, next);
    if (link == "and") {
      // "and" joins only below a hundred or a scale, or before a fraction.
      const std::size_t behind = next_word(text, next + 3);
      if (behind == std::string_view::npos) break;
      std::string_view follow = word_at(text, behind);
      std::size_t follow_at = behind;
      const bool with_article =
          follow == "a" || follow == "an" || follow == "one" || follow == "three" || follow == "two";
      // A whole number and a fraction: one and a half, three and two thirds, three million and a half.
      if (with_article) {
        const std::size_t f = next_word(text, behind + follow.size());
        if (f != std::string_view::npos) {
          const Word* fraction = find_word(word_at(text, f));
          if (fraction != nullptr && (fraction->kind == Word::kHalf || fraction->kind == Word::kOrdinal)) {
            auto part = read_english(text, follow_at);
            if (part && part->fraction) {
              const long double whole = total + section + low;
              // "three million and a half": half a million; "five billion and three quarters": of a billion.
              const bool of_scale = last_scale > 0 && !have_low && !have_section && part->scale == 1;
              out.value =
                  static_cast<double>(whole + static_cast<long double>(part->value) * (of_scale ? last_scale : 1));
              out.fraction = true;
              out.end = part->end;
              return out;
            }
          }
        }
      }
      if (!out.units || have_low) break;
      after_and = true;
      cursor = behind;
      continue;
    }
    cursor = next;
  }
  if (!any) return std::nullopt;
  total += section + low;
  out.value = static_cast<double>(total);
  out.end = end;
  out.digits = words;
  out.units = out.units || !lone_unit;
  return out;
}

}  // namespace annals::numerals
