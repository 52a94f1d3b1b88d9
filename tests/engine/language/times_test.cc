// What people dispute about times is decided in engine/language/README.md; this is where its tables are held.

#include <fmt/format.h>
#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <chrono>

#include "engine/language/times.h"

namespace annals {
namespace {

// Tuesday.
constexpr std::string_view kReference = "2025-12-09T10:30";

std::string read(std::string_view text, std::string_view reference = kReference) {
  const auto at = parse_civil(reference);
  REQUIRE(at.ok());
  const FoldedText folded(text);
  std::string out;
  for (const TimeMention& m : read_times(folded, text, at->from)) {
    CHECK(m.text == m.span.of(text));
    if (!out.empty()) out += " | ";
    out += m.iso;
  }
  return out;
}

// from and to of the only mention, as dates.
std::string days(std::string_view text, std::string_view reference = kReference) {
  const auto at = parse_civil(reference);
  const FoldedText folded(text);
  const auto all = read_times(folded, text, at->from);
  if (all.size() != 1) return "mentions: " + std::to_string(all.size());
  const auto& m = all.front();
  return (m.from ? format_civil_date(*m.from) : std::string("..")) + " " +
         (m.to ? format_civil_date(*m.to) : std::string(".."));
}

TEST_CASE("absolute times are what they say") {
  CHECK(read("2025年3月4日") == "2025-03-04");
  CHECK(read("二〇二五年三月") == "2025-03");
  CHECK(read("2025-03-04") == "2025-03-04");
  CHECK(read("March 4, 2025") == "2025-03-04");
  CHECK(read("4 March 2025") == "2025-03-04");
  CHECK(read("2026年第二季度") == "2026-Q2");
  CHECK(read("2026Q2") == "2026-Q2");
  CHECK(read("2026年上半年") == "2026-H1");
  CHECK(read("second quarter of 2026") == "2026-Q2");
  CHECK(read("1990年代") == "1990/2000");
  CHECK(read("民國114年7月") == "2025-07");
  CHECK(read("“十四五”期间") == "2021/2026");
}

TEST_CASE("fiscal periods are marked and keep their label") {
  CHECK(read("FY2026 Q2") == "FY2026-Q2");
  CHECK(read("2026财年第二财季") == "FY2026-Q2");
  CHECK(read("in fiscal 2026") == "FY2026");
}

TEST_CASE("relative times count from the reference") {
  CHECK(read("昨日") == "2025-12-08");
  CHECK(read("今年8月") == "2025-08");
  CHECK(read("去年下半年") == "2024-H2");
  CHECK(read("上週五") == "2025-12-05");
  CHECK(read("下周一") == "2025-12-15");
  CHECK(read("本周") == "2025-12-08/2025-12-15");
  CHECK(read("下个月20号") == "2026-01-20");
  CHECK(read("三天后") == "2025-12-12");
  CHECK(read("two weeks ago") == "2025-11-25");
  CHECK(read("next quarter") == "2026-Q1");
  CHECK(read("last month") == "2025-11");
  CHECK(read("今年前三季度") == "2025-Q1/2025-Q4");
  CHECK(days("近三年") == "2022-12-09 2025-12-09");
  CHECK(days("未来五年") == "2025-12-09 2030-12-09");
}

TEST_CASE("conventions of parts") {
  // Early and late stretches as days, the quarter as the canonical form.
  CHECK(days("2026年初") == "2026-01-01 2026-03-01");
  CHECK(read("2026年初") == "2026-Q1");
  CHECK(days("2026年底") == "2026-11-01 2027-01-01");
  CHECK(read("2026年底") == "2026-Q4");
  CHECK(days("2026年中") == "2026-05-01 2026-09-01");
  CHECK(days("3月初", "2025-03-20") == "2025-03-01 2025-03-06");
  CHECK(days("3月中旬", "2025-03-20") == "2025-03-11 2025-03-21");
  CHECK(days("3月底", "2025-03-20") == "2025-03-25 2025-04-01");
  CHECK(days("2025年三季度末") == "2025-09-30 2025-10-01");
  CHECK(days("本月第二周") == "2025-12-08 2025-12-15");
  CHECK(days("2021年第一周") == "2021-01-04 2021-01-11");
  CHECK(days("mid-November 2025") == "2025-11-10 2025-11-21");
}

TEST_CASE("bounds are open where nothing closes them") {
  CHECK(read("自2025年8月起") == "2025-08/..");
  CHECK(read("截至2025年9月30日") == "../2025-09-30");
  CHECK(read("since June 2025") == "2025-06/..");
  CHECK(read("until 2027") == "../2027");
  // A deadline ahead runs from now to the end of what is named, a bound in the past ends where it begins.
  CHECK(days("2026年底前") == "2025-12-09 2027-01-01");
  CHECK(days("2020年之前") == ".. 2020-01-01");
  CHECK(days("2026年3月后") == "2026-04-01 ..");
  // Where what is named has several days, the last of them is meant.
  CHECK(read("2026年6月底前") == "../2026-06-30");
  CHECK(days("2026年6月底前") == "2025-12-09 2026-07-01");
  CHECK(read("by the end of June 2026") == "../2026-06-30");
  CHECK(read("2026年3月中旬之前") == "../2026-03-20");
}

TEST_CASE("a length of time has its value and unit") {
  const auto lengths = [](std::string_view text) {
    std::string out;
    for (const DurationMention& each : read_durations(FoldedText(text), text))
      out += fmt::format("{}{}{}{} {}", out.empty() ? "" : ", ", each.longer ? ">= " : "", each.value, each.high ? fmt::format("..{}", *each.high) : "", each.unit);
    return out;
  };
  CHECK(lengths("建设期19个月") == "19 month");
  CHECK(lengths("折旧年限為4至6年") == "4..6 year");
  CHECK(lengths("交货期10-12周，测试用时三个半小时") == "10..12 week, 3.5 hour");
  CHECK(lengths("等了三年多") == ">= 3 year");
  CHECK(lengths("a delay of 3 to 5 months, then two decades") == "3..5 month, 20 year");
  CHECK(lengths("几个月后") == "");
  CHECK(lengths("2024-2026年") == "");
  CHECK(lengths("酷睿Ultra 5 225H") == "");  // a model's number
}

TEST_CASE("ranges hold both ends") {
  CHECK(read("2017年8月11日至8月22日") == "2017-08-11/2017-08-23");
  CHECK(read("2025年1至3月") == "2025-Q1");
  CHECK(read("2025-2027年") == "2025/2028");
  CHECK(read("12月28日至1月3日", "2025-12-20") == "2025-12-28/2026-01-04");
  CHECK(read("from May 3 to May 9, 2025") == "2025-05-03/2025-05-10");
  CHECK(read("between 2024 and 2026") == "2024/2027");
}

TEST_CASE("an open year is the nearest that fits the clause") {
  CHECK(read("12月20日公司宣布停产", "2026-01-10") == "2025-12-20");
  CHECK(read("公司将于1月15日开会", "2025-12-09") == "2026-01-15");
  CHECK(read("3月20日", "2025-06-09") == "2025-03-20");
  CHECK(read("周五表示不会停产") == "2025-12-05");
  CHECK(read("将于周五开会") == "2025-12-12");
  CHECK(read("周二(11月25日)") == "2025-11-25");
  CHECK(read("2024年11月谈判，12月签约") == "2024-11 | 2024-12");
}

TEST_CASE("holidays of both calendars") {
  CHECK(read("2024年中秋节") == "2024-09-17");
  CHECK(read("2025年春节") == "2025-01-29");
  CHECK(read("2026年春节") == "2026-02-17");
  CHECK(read("2020年端午") == "2020-06-25");
  CHECK(read("2024年冬至") == "2024-12-21");
  CHECK(read("2025年清明") == "2025-04-04");
  CHECK(read("2025年五一假期") == "2025-05-01");
  CHECK(read("Thanksgiving 2025") == "2025-11-27");
  CHECK(read("Easter 2025") == "2025-04-20");
}

TEST_CASE("clock times stand on their day") {
  CHECK(read("12月9日下午3点半") == "2025-12-09T15:30");
  CHECK(read("2025-12-09 06:31") == "2025-12-09T06:31");
  CHECK(read("today at 5:15 pm") == "2025-12-09T17:15");
}

TEST_CASE("lengths names and numbers are no times") {
  for (const char* text :
       {"H200", "两年", "3个月", "10年期国债", "GPT-5", "RTX 5090", "3.5万", "第三代", "每周一", "every Monday",
        "2000 people", "这一点", "三点意见", "may be right", "5/6 of them", "上海", "明日之后"}) {
    INFO(text);
    CHECK(read(text).empty());
  }
}

TEST_CASE("without a reference relative times are left out") {
  const std::string text = "昨日签约，2025年3月生效";
  const auto all = read_times(FoldedText(text), text, std::nullopt);
  REQUIRE(all.size() == 1);
  CHECK(all.front().iso == "2025-03");
}

TEST_CASE("both scripts and widths read alike") {
  const std::pair<const char*, const char*> pairs[] = {{"上週五", "上周五"},
                                                       {"２０２５年８月", "2025年8月"},
                                                       {"兩個月後", "两个月后"},
                                                       {"今個禮拜三", "今个礼拜三"},
                                                       {"2025年第三季報告期", "2025年第三季报告期"},
                                                       {"明年農曆正月初一", "明年农历正月初一"}};
  for (const auto& [hant, hans] : pairs) {
    INFO(hans);
    CHECK(read(hant) == read(hans));
  }
}

TEST_CASE("a year later relative times are a year later") {
  for (const char* text : {"今年8月", "去年", "三季度", "年底"}) {
    const auto a = days(text, "2024-05-10"), b = days(text, "2025-05-10");
    INFO(text);
    CHECK(std::stoi(b.substr(0, 4)) == std::stoi(a.substr(0, 4)) + 1);
    CHECK(a.substr(4, 6) == b.substr(4, 6));
  }
  CHECK(days("2023年8月", "2024-05-10") == days("2023年8月", "2025-05-10"));
}

TEST_CASE("any mixture of pieces is read in order and inside the text") {
  CHECK(rc::check("mentions are ordered and their spans are whole", [] {
    static const std::vector<std::string> kPieces = {"2025",
                                                     "年",
                                                     "月",
                                                     "日",
                                                     "12",
                                                     "三",
                                                     "季度",
                                                     "上",
                                                     "下",
                                                     "周",
                                                     "一",
                                                     "今",
                                                     "明",
                                                     "前",
                                                     "后",
                                                     "至",
                                                     "-",
                                                     "/",
                                                     ":",
                                                     "到",
                                                     "以来",
                                                     "起",
                                                     "(",
                                                     ")",
                                                     ",",
                                                     " ",
                                                     "q3",
                                                     "last ",
                                                     "week ",
                                                     "of ",
                                                     "may ",
                                                     "first ",
                                                     "十四五",
                                                     "半",
                                                     "个",
                                                     "世纪",
                                                     "点",
                                                     "分",
                                                     "底",
                                                     "31",
                                                     "\xF0\x9F\x98\x80",
                                                     "é",
                                                     "99999999999",
                                                     "春节",
                                                     "农历",
                                                     "第",
                                                     "最后",
                                                     "the ",
                                                     "to ",
                                                     "between ",
                                                     "and ",
                                                     "am",
                                                     "."};
    std::string text;
    const int count = *rc::gen::inRange(0, 24);
    for (int i = 0; i < count; ++i) text += *rc::gen::elementOf(kPieces);
    const FoldedText folded(text);
    std::uint64_t last = 0;
    for (const auto& m : read_times(folded, text, parse_civil(kReference)->from)) {
      RC_ASSERT(m.span.begin >= last);
      RC_ASSERT(m.span.end > m.span.begin);
      RC_ASSERT(m.span.end <= text.size());
      RC_ASSERT(m.text == m.span.of(text));
      last = m.span.end;
    }
  }));
}

// Doubling a text may double the work and no more; the factor leaves room for a noisy machine, a quadratic reader is
// far beyond it.
TEST_CASE("long runs cost in proportion") {
  for (const char* piece :
       {"一", "9", "2025年", "上", "(", "周", "今日(", "1-", "一、", "first ", "in ", "of the ", "between 2 and "}) {
    auto seconds = [&](int copies) {
      std::string text;
      for (int i = 0; i < copies; ++i) text += piece;
      const FoldedText folded(text);
      const auto start = std::chrono::steady_clock::now();
      read_times(folded, text, parse_civil(kReference)->from);
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    INFO(piece);
    seconds(2000);
    const double small = seconds(4000), large = seconds(32000);
    CHECK(large < 40 * small + 0.05);
  }
}

}  // namespace
}  // namespace annals
