// Numbers with what they count, in every spelling.

#include <fmt/format.h>
#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <chrono>

#include "engine/language/quantities.h"

namespace annals {
namespace {

// "kind value[..high] unit comparator basis", parts that say nothing left out.
std::string read(std::string_view text) {
  const FoldedText folded(text);
  std::string out;
  for (const Quantity& q : read_quantities(folded, text)) {
    CHECK(q.text == q.span.of(text));
    if (!out.empty()) out += " | ";
    out += fmt::format("{} {}", quantity_kind_name(q.kind), q.value);
    if (q.high) out += fmt::format("..{}", *q.high);
    if (!q.currency.empty()) out += " " + q.currency;
    if (!q.unit.empty()) out += " " + q.unit;
    if (q.comparator != Comparator::kEqual) out += fmt::format(" {}", comparator_name(q.comparator));
    if (q.basis != Basis::kLevel) out += fmt::format(" {}", basis_name(q.basis));
  }
  return out;
}

TEST_CASE("money in major currencies and spellings") {
  CHECK(read("$6.7亿美元") == "money 670000000 USD");
  CHECK(read("US$20bn") == "money 20000000000 USD");
  CHECK(read("418.74亿元人民币") == "money 41874000000 CNY");
  CHECK(read("30萬港元") == "money 300000 HKD");
  CHECK(read("人民币3.5亿元") == "money 350000000 CNY");
  CHECK(read("5.2 billion yen") == "money 5200000000 JPY");
  CHECK(read("€50m") == "money 50000000 EUR");
  CHECK(read("三塊二") == "money 3.2 CNY");
  CHECK(read("13 dollars 45 cents") == "money 13.45 USD");
  CHECK(read("RMB 100") == "money 100 CNY");
  CHECK(read("套现45亿") == "money 4500000000");
}

TEST_CASE("percentages keep the printed number") {
  CHECK(read("25%") == "percent 25 %");
  CHECK(read("２５％") == "percent 25 %");
  CHECK(read("百分之十二点五") == "percent 12.5 %");
  CHECK(read("七成") == "percent 70 %");
  CHECK(read("八五折") == "percent 85 %");
  CHECK(read("提高2.5个百分点") == "percent 2.5 个百分点");
  CHECK(read("25 basis points") == "percent 25 bp");
  CHECK(read("千分之三") == "percent 0.3 %");
}

TEST_CASE("ranges share their unit and bounds are comparators") {
  CHECK(read("30%-40%") == "percent 30..40 % range");
  CHECK(read("120至140万") == "number 1200000..1400000 range");
  CHECK(read("$5 to $6 billion") == "money 5000000000..6000000000 USD range");
  CHECK(read("不超过2亿元") == "money 200000000 CNY <=");
  CHECK(read("逾千万元") == "money 10000000 CNY >");
  CHECK(read("约30%") == "percent 30 % ~");
  CHECK(read("至少5万张") == "number 50000 张 >=");
  CHECK(read("3.04元以上") == "money 3.04 CNY >=");
  CHECK(read("不超过公司总股本的2%") == "percent 2 % <=");
  CHECK(read("30多萬元") == "money 300000 CNY >");
  CHECK(read("more than 100 people") == "number 100 >");
  CHECK(read("up to 5%") == "percent 5 % <=");
}

TEST_CASE("multiples measures and counted things") {
  CHECK(read("营收翻倍") == "multiple 2 倍");
  CHECK(read("翻两番") == "multiple 4 倍");
  CHECK(read("1.5倍") == "multiple 1.5 倍");
  CHECK(read("sales doubled") == "multiple 2 倍");
  CHECK(read("80GB") == "measure 80 GB");
  CHECK(read("3.35TB/s") == "measure 3.35 TB/s");
  CHECK(read("7nm") == "measure 7 nm");
  CHECK(read("700W") == "measure 700 W");
  CHECK(read("2万片") == "number 20000 片");
  CHECK(read("第三代") == "ordinal 3 代");
}

TEST_CASE("year on year and quarter on quarter go with their number") {
  CHECK(read("同比增长37%") == "percent 37 % yoy");
  CHECK(read("环比下降5%，净利10亿元") == "percent 5 % qoq | money 1000000000 CNY");
  CHECK(read("rose 12% year on year") == "percent 12 % yoy");
}

TEST_CASE("dates citations tickers names and links are no quantities") {
  for (const char* text : {"2025年3月4日", "见报道[1][4]", "H200", "昇腾910C", "贵州茅台(600519)", "0700.HK", "TPU v7",
                           "https://a.example/5%20x", "5G", "GPT-4o", "一些", "四川", "三星"}) {
    INFO(text);
    CHECK(read(text).empty());
  }
}

TEST_CASE("both scripts give the same values") {
  const std::pair<const char*, const char*> pairs[] = {
      {"兩億美元", "两亿美元"}, {"參拾萬圓", "叁拾万圆"}, {"逾５０％", "逾50%"}, {"三個百分點", "三个百分点"}};
  for (const auto& [hant, hans] : pairs) {
    INFO(hans);
    CHECK(read(hant) == read(hans));
  }
}

TEST_CASE("inner numerals are those inside amounts and dates") {
  const std::string text = "2026年拨款三百万元，第五期";
  std::string found;
  for (const auto& q : read_inner_numerals(FoldedText(text), text)) found += q.text + " ";
  CHECK(found == "2026 三百万 五 ");
}

TEST_CASE("any mixture of number pieces is read in order and inside the text") {
  CHECK(rc::check("quantities are ordered and their spans are whole", [] {
    static const std::vector<std::string> kPieces = {"1",
                                                     "23",
                                                     ",",
                                                     ".",
                                                     "万",
                                                     "亿",
                                                     "三",
                                                     "十",
                                                     "百",
                                                     "分之",
                                                     "点",
                                                     "%",
                                                     "元",
                                                     "美元",
                                                     "$",
                                                     "-",
                                                     "至",
                                                     "约",
                                                     "超过",
                                                     "多",
                                                     "半",
                                                     "折",
                                                     "成",
                                                     "倍",
                                                     "GB",
                                                     " ",
                                                     "million",
                                                     "two ",
                                                     "half ",
                                                     "a ",
                                                     "and ",
                                                     "兆",
                                                     "两",
                                                     "零",
                                                     "第",
                                                     "(",
                                                     ")",
                                                     "e",
                                                     "^",
                                                     "/",
                                                     "\xF0\x9F\x98\x80",
                                                     "总股本的",
                                                     "块",
                                                     "角",
                                                     "翻",
                                                     "[",
                                                     "]"};
    std::string text;
    const int count = *rc::gen::inRange(0, 24);
    for (int i = 0; i < count; ++i) text += *rc::gen::elementOf(kPieces);
    const FoldedText folded(text);
    std::uint64_t last = 0;
    for (const auto& q : read_quantities(folded, text)) {
      RC_ASSERT(q.span.begin >= last);
      RC_ASSERT(q.span.end > q.span.begin);
      RC_ASSERT(q.span.end <= text.size());
      RC_ASSERT(q.text == q.span.of(text));
      last = q.span.end;
    }
    read_inner_numerals(folded, text);
  }));
}

TEST_CASE("long runs of numbers cost in proportion") {
  for (const char* piece : {"一", "9", "9,", "1 000", "万", "三百", "$", "约", "一千", "two ", "a half ", "1-", "1至",
                            "九、", "9.", "百分之"}) {
    auto seconds = [&](int copies) {
      std::string text;
      for (int i = 0; i < copies; ++i) text += piece;
      const FoldedText folded(text);
      const auto start = std::chrono::steady_clock::now();
      read_quantities(folded, text);
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
