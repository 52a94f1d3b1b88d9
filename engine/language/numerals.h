#pragma once
// Numerals in folded text: Arabic (1,234.5), Chinese (三百二十), financial (壹佰), mixed (1.5万, 3千5百), spelled out
// in English (twenty-one thousand), with their fractions, signs and vague parts. What the number counts is the business
// of quantities and times.
//
// The value rules: a unit multiplies everything smaller before it (一万五千亿 = 15,000 亿); a lone digit behind a unit
// of a hundred or more is that unit's tenth (三万五 = 35,000); 零 cancels that (一万零五 = 10,005); digits without
// units are read by place (二〇二五).

#include <cstddef>
#include <optional>
#include <string_view>

namespace annals::numerals {

struct Numeral {
  double value = 0;
  std::optional<double> high;  // 七八十: 70 to 80; 数十: none, `more` is set
  std::size_t begin = 0;       // bytes of the folded text
  std::size_t end = 0;
  bool arabic = false;  // has Arabic digits
  bool han = false;     // has Chinese digits or units
  bool words = false;   // spelled out in English
  bool units = false;   // has 十, 百, 千 …, hundred, thousand
  double scale =
      1;  // its last unit of 万 and above (1e4, 1e8, 1e12), or million and the like: what a range's unit distributes
  bool more = false;   // 多, 余, 几, 数: at least this
  bool over = false;   // 多, 余: more than this
  bool about = false;  // 来, 七八: roughly
  bool negative = false;
  bool decimal = false;
  bool fraction = false;   // 三分之一, 3/4, two thirds
  bool permille = false;   // 百分之…, 千分之…: `value` is a percentage then
  bool comma = false;      // thousands were separated
  bool financial = false;  // nothing but financial characters
  int digits = 0;          // digit characters, Chinese or Arabic
  std::size_t size() const { return end - begin; }
};

// The numeral that starts at byte `at` (Arabic, Chinese or mixed, no sign), or none. Its length is bounded by the run
// of numeral characters there, so that a caller who goes on behind it stays linear.
// `lone_financial`: a single financial character counts too, as in 贰分之壹; elsewhere 伍 and 陆 are names and verbs.
std::optional<Numeral> read_chinese(std::string_view text, std::size_t at, bool lone_financial = false);

// Arabic digits alone, with thousands separators and decimals: 1,234.5.
std::optional<Numeral> read_arabic(std::string_view text, std::size_t at);

// English number words at `at`, a word's start: "two hundred and six", "three quarters", "half a million".
std::optional<Numeral> read_english(std::string_view text, std::size_t at);

// Value of a Chinese digit, financial forms included (两 is 2); -1 for another character.
int chinese_digit(char32_t c);
// 10 … 1e12 for 十 … 兆, financial forms included; 0 for another character.
double chinese_unit(char32_t c);

}  // namespace annals::numerals
