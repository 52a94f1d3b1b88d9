// Goal: what does not change the meaning of a text changes none of its values, and what changes it does so as expected.
// Method: the same text in the other script, the other width, with more white space, with its numbers spelled otherwise, or
// published a year later. The inputs are the examples of the convention tables and sentences of our own; the public sets, where
// they are at hand, besides.
#include <fmt/format.h>
#include <rapidcheck.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <opencc/SimpleConverter.hpp>

#include <cstdlib>
#include <filesystem>

#include "engine/base/utf8.h"
#include "engine/language/calendar.h"
#include "engine/language/figures.h"
#include "tests/engine/language/conventions.h"

namespace annals {
namespace {

namespace fs = std::filesystem;

struct Input {
  std::string text;
  Civil reference;
};

std::vector<Input> own_inputs() {
  std::vector<Input> out;
  for (const char* heading : {"## Times: conventions", "## Quantities: conventions"})
    for (const conventions::Example& example : conventions::examples(heading))
      out.push_back({example.text, conventions::reference()});
  for (const char* text :
       {"該廠商表示，第三季營收為418.74億元人民幣，年增25%，毛利率約六成二。",
        "监管部门上周五宣布，自明年1月1日起对进口设备加征两成关税，为期三年。",
        "公司拟于下月底前完成回购，金额不低于2亿元且不超过3.5亿元，价格上限为每股三十元。",
        "去年下半年以来，出貨量由三千五百萬台升至逾五千萬台，環比增長8.5個百分點。",
        "交易所昨日收盘报三千二百点，较年初上涨一成五；成交额9,876.5亿元。",
        "The plant opens in the first week of next month and will cost between $3 billion and $4.5 billion.",
        "Shipments rose 12.5% year on year in the nine months ended September 30, to about 2.4 million units.",
        "农历正月十五前后，节前两周的订单约为平日的三倍，同比多了二十几万单。",
        "本週三下午3點半開會，會期兩個半小時，下週一前須在5個工作日內提交報告。"})
    out.push_back({text, conventions::reference()});
  return out;
}

// Empty where the public sets are not at hand.
std::vector<Input> public_inputs() {
  const char* given = std::getenv("ANNALS_SHARED");
  const fs::path folder =
      (given != nullptr ? fs::path(given) : fs::path(ANNALS_SOURCE_DIR).parent_path() / "shared") / "specs";
  std::vector<Input> out;
  for (const char* name : {"numbers_zh", "recognizers_en", "recognizers_zh", "spans_zh", "times_zh"}) {
    std::ifstream in(folder / (std::string(name) + ".jsonl"));
    for (std::string line; std::getline(in, line);) {
      const auto row = nlohmann::json::parse(line);
      const auto reference = row.find("reference");
      const std::string at =
          reference != row.end() && reference->is_string() ? reference->get<std::string>() : "2026-01-01T00:00:00";
      out.push_back({row.at("input").get<std::string>(), parse_civil(at)->from});
    }
  }
  if (out.empty()) WARN("no public sets to read: skipped");
  return out;
}

std::string moment(std::optional<Civil> at) { return at ? format_civil(*at) : std::string("-"); }

// Everything that is read of a text but its words and places.
std::string values(const std::string& text, Civil reference) {
  const FoldedText folded(text);
  const Figures figures = read_figures(folded, text, reference);
  std::string out;
  for (const TimeMention& t : figures.times)
    out += fmt::format("{}..{} {} {} {}{}\n", moment(t.from), moment(t.to), t.iso, grain_name(t.grain),
                       time_mod_name(t.mod), t.fiscal ? " fiscal" : "");
  const auto quantity = [&](const Quantity& q) {
    out += fmt::format("{} {} {} {} {} {}\n", quantity_kind_name(q.kind), q.value, q.high ? *q.high : 0,
                       comparator_name(q.comparator), q.currency, basis_name(q.basis));
  };
  for (const Quantity& q : figures.quantities) quantity(q);
  for (const Quantity& q : read_inner_numerals(folded, text)) quantity(q);
  return out;
}

// How many inputs change their values; the first of them are shown.
template <class Change>
int changed(const std::vector<Input>& inputs, Change change) {
  int count = 0;
  for (const Input& input : inputs) {
    const std::string other = change(input.text);
    if (values(input.text, input.reference) == values(other, input.reference)) continue;
    if (++count <= 5)
      UNSCOPED_INFO(input.text << "\n"
                               << values(input.text, input.reference) << "as " << other << "\n"
                               << values(other, input.reference));
  }
  return count;
}

std::string widened(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text, at);
    if (c.value == ' ')
      append_utf8(out, 0x3000);
    else if (c.value > 0x20 && c.value < 0x7F)
      append_utf8(out, c.value + 0xFEE0);
    else
      out += text.substr(at, c.length);
    at += c.length;
  }
  return out;
}
std::string narrowed(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text, at);
    if (c.value == 0x3000)
      out += ' ';
    else if (c.value > 0xFF00 && c.value < 0xFF5F)
      append_utf8(out, c.value - 0xFEE0);
    else
      out += text.substr(at, c.length);
    at += c.length;
  }
  return out;
}
std::string spaced(const std::string& text) {
  std::string out = " \xE3\x80\x80";
  for (const char c : text) out += c == ' ' ? std::string(" \xE3\x80\x80 ") : std::string(1, c);
  return out + "\n ";
}

void no_value_changes(const std::vector<Input>& inputs) {
  for (const char* config : {"s2t.json", "s2hk.json", "s2tw.json", "t2s.json"}) {
    INFO(config);
    const opencc::SimpleConverter converter(config);
    CHECK(changed(inputs, [&](const std::string& text) { return converter.Convert(text); }) == 0);
  }
  CHECK(changed(inputs, widened) == 0);
  CHECK(changed(inputs, narrowed) == 0);
  CHECK(changed(inputs, spaced) == 0);
}

TEST_CASE("script width and white space change no value of our own inputs") { no_value_changes(own_inputs()); }
TEST_CASE("script width and white space change no value of the public sets") { no_value_changes(public_inputs()); }

// --- numerals spelled either way

// 10305 → 一万零三百零五.
std::string han(std::uint64_t n) {
  static const std::vector<std::string> kDigits = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  if (n == 0) return kDigits[0];
  const auto below = [&](std::uint64_t section, bool first) {
    std::string out;
    bool zero = !first && section < 1000;
    for (const auto& [unit, word] :
         {std::pair<std::uint64_t, const char*>{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}}) {
      const std::uint64_t digit = section / unit % 10;
      if (digit == 0) {
        zero = zero || !out.empty();
        continue;
      }
      if (zero) out += kDigits[0];
      zero = false;
      out += kDigits[digit] + word;
    }
    return out;
  };
  std::string out;
  if (n >= 100'000'000) out += below(n / 100'000'000, true) + "亿";
  const std::uint64_t middle = n / 10'000 % 10'000;
  if (middle != 0) out += below(middle, out.empty()) + "万";
  const std::uint64_t low = n % 10'000;
  if (low != 0) out += (middle == 0 && !out.empty() && low >= 1000 ? kDigits[0] : "") + below(low, out.empty());
  return out;
}

std::string english(std::uint64_t n) {
  static const std::vector<std::string> kOnes = {
      "zero", "one",    "two",    "three",    "four",     "five",    "six",     "seven",     "eight",    "nine",
      "ten",  "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
  static const std::vector<std::string> kTens = {"",      "",      "twenty",  "thirty", "forty",
                                                 "fifty", "sixty", "seventy", "eighty", "ninety"};
  if (n < 20) return kOnes[n];
  if (n < 100) return kTens[n / 10] + (n % 10 == 0 ? "" : "-" + kOnes[n % 10]);
  if (n < 1000) return kOnes[n / 100] + " hundred" + (n % 100 == 0 ? "" : " and " + english(n % 100));
  for (const auto& [unit, word] : {std::pair<std::uint64_t, const char*>{1'000'000'000, " billion"},
                                   {1'000'000, " million"},
                                   {1'000, " thousand"}})
    if (n >= unit)
      return english(n / unit) + word + (n % unit == 0 ? "" : (n % unit < 100 ? " and " : " ") + english(n % unit));
  return {};
}

double only_value(const std::string& text) {
  const auto all = read_quantities(FoldedText(text), text);
  return all.size() == 1 ? all.front().value : -1;
}

TEST_CASE("numerals spelled either way agree") {
  CHECK(rc::check("a number of yuan in digits in Chinese and in English is one number", [] {
    // Of every size, not only large ones.
    const auto n = *rc::gen::inRange<std::uint64_t>(1, 1'000'000'000'000) %
                       (*rc::gen::element<std::uint64_t>(100, 10'000, 1'000'000, 1'000'000'000'000) - 1) +
                   1;
    const auto value = static_cast<double>(n);
    RC_ASSERT(only_value(fmt::format("共计{}元", n)) == value);
    RC_ASSERT(only_value("共计" + han(n) + "元") == value);
    RC_ASSERT(only_value(english(n) + " dollars") == value);
    RC_ASSERT(only_value(fmt::format("{} dollars", n)) == value);
  }));
  CHECK(rc::check("a date in digits and in Chinese is one date", [] {
    const int year = *rc::gen::inRange(1950, 2050), month = *rc::gen::inRange(1, 13), day = *rc::gen::inRange(1, 29);
    std::string years;
    for (const char c : std::to_string(year)) years += c == '0' ? "〇" : han(static_cast<std::uint64_t>(c - '0'));
    const std::string digits = fmt::format("{}年{}月{}日", year, month, day);
    const std::string words =
        years + "年" + han(static_cast<std::uint64_t>(month)) + "月" + han(static_cast<std::uint64_t>(day)) + "日";
    const auto a = read_times(FoldedText(digits), digits, {}), b = read_times(FoldedText(words), words, {});
    RC_ASSERT(a.size() == 1 && b.size() == 1);
    RC_ASSERT(a.front().iso == b.front().iso);
  }));
}

// --- a year later

TEST_CASE("published a year later calendar times move by a year") {
  for (const char* text : {"昨日",
                           "前天",
                           "三天后",
                           "今年8月",
                           "去年",
                           "去年下半年",
                           "上个月",
                           "下月20日",
                           "本季度",
                           "下季度",
                           "年底",
                           "三季度",
                           "两年前",
                           "半年后",
                           "近三年",
                           "未来五年",
                           "本财年",
                           "明年3月初",
                           "yesterday",
                           "last month",
                           "next quarter",
                           "three days ago",
                           "in two months",
                           "this year",
                           "last year",
                           "early next year",
                           "for the three months ended September 30",
                           "Christmas"}) {
    for (const char* published : {"2024-05-10T09:00", "2025-12-31T23:30", "2023-01-01T00:00"}) {
      const Civil reference = parse_civil(published)->from;
      const std::string t = text;
      const auto now = read_times(FoldedText(t), t, reference);
      const auto later = read_times(FoldedText(t), t, calendar::plus_months(reference, 12));
      INFO(t << " of " << published);
      REQUIRE(now.size() == later.size());
      for (std::size_t i = 0; i < now.size(); ++i) {
        if (now[i].from) CHECK(moment(calendar::plus_months(*now[i].from, 12)) == moment(later[i].from));
        if (now[i].to) CHECK(moment(calendar::plus_months(*now[i].to, 12)) == moment(later[i].to));
      }
    }
  }
  const auto leap = [](const std::string& text, const char* reference) {
    return read_times(FoldedText(text), text, parse_civil(reference)->from).front().iso;
  };
  CHECK(leap("昨日", "2024-03-01T08:00") == "2024-02-29");
  CHECK(leap("昨日", "2025-03-01T08:00") == "2025-02-28");
}

// Absolute mentions stay; relative ones move by twelve months, give or take a week where weeks are counted and a month where the
// moon counts. Whole decades and centuries move when their turn comes.
int moved_wrongly(const std::vector<Input>& inputs) {
  int count = 0;
  for (const Input& input : inputs) {
    const FoldedText folded(input.text);
    const auto now = read_times(folded, input.text, input.reference);
    const auto later = read_times(folded, input.text, calendar::plus_months(input.reference, 12));
    bool right = now.size() == later.size();
    for (std::size_t i = 0; right && i < now.size(); ++i) {
      const TimeMention &a = now[i], &b = later[i];
      if (!a.relative) {
        // Where one end is open or is the reference itself, what is named stays.
        right = a.iso == b.iso &&
                (a.mod == TimeMod::kSince || a.mod == TimeMod::kBefore || (a.from == b.from && a.to == b.to));
        continue;
      }
      if (i > 0 && a.iso == b.iso) continue;  // from the time named last
      if (a.grain >= Grain::kDecade || a.text.find("29") != std::string::npos) continue;
      if (!a.from || !b.from || !a.to || !b.to) continue;
      const auto days = [](Civil from, Civil to) {
        return std::chrono::duration_cast<std::chrono::hours>(to - from).count() / 24;
      };
      const auto a_year = [](auto d) { return d >= 365 - 32 && d <= 366 + 32; };
      const auto start = days(*a.from, *b.from), end = days(*a.to, *b.to);
      // A range from an absolute beginning moves at its end alone, one from now to an absolute end at its beginning.
      right = (a_year(start) && a_year(end)) || (start == 0 && a_year(end)) || (a_year(start) && end == 0);
      // Monday 21: the nearest month in which both agree.
      right = right || (calendar::weekday(*a.from) == calendar::weekday(*b.from) &&
                        calendar::day_of(*a.from).day == calendar::day_of(*b.from).day);
    }
    if (right) continue;
    if (++count <= 12)
      UNSCOPED_INFO(input.text << "\n"
                               << values(input.text, input.reference) << "later\n"
                               << values(input.text, calendar::plus_months(input.reference, 12)));
  }
  return count;
}

TEST_CASE("published a year later relative times of all inputs move and absolute ones stay") {
  CHECK(moved_wrongly(own_inputs()) == 0);
  CHECK(moved_wrongly(public_inputs()) == 0);
}

}  // namespace
}  // namespace annals
