// Goal: white space, citation marks, lines and scripts are read the same everywhere.
#include <catch2/catch.hpp>

#include "engine/note/script.h"
#include "engine/note/text.h"

using namespace annals;

namespace {
std::string cited(std::string_view text) { return std::string(trim_citations(text, {0, text.size()}).of(text)); }
}  // namespace

TEST_CASE("citation marks go from the ends and stay in the middle") {
  CHECK(cited("价格上涨了三成 [1][4]") == "价格上涨了三成");
  CHECK(cited(" [12] 价格[3]上涨[4, 5][7-9] ") == "价格[3]上涨");
  CHECK(cited("价格上涨［2］【3】") == "价格上涨");
  CHECK(cited("见附录 [A]") == "见附录 [A]");
  CHECK(cited("参见 [2025]") == "参见 [2025]");
  CHECK(cited("[1]") == "");
  CHECK(cited("array[3") == "array[3");
  CHECK(citation_length("[1][2]", 0) == 3);
  CHECK(citation_length("[]", 0) == 0);
}

TEST_CASE("lines end in any of the usual ways") {
  const std::string_view text =
      "a\r\n  b \rc\n\nd\xE2\x80\xA8"
      "e";
  std::string listed;
  for (const Line& line : split_lines(text))
    listed += std::to_string(line.number) + ":" + std::string(line.span.of(text)) + "|";
  CHECK(listed == "1:a|2:b|3:c|4:|5:d|6:e|");
  CHECK(split_lines("").empty());
  CHECK(split_lines("x\n").size() == 1);
}

TEST_CASE("blanks of every width are trimmed") {
  CHECK(trimmed("　\xC2\xA0\xE2\x80\x8B 词 \xEF\xBB\xBF") == "词");
  CHECK(trimmed("   ") == "");
}

TEST_CASE("language and script are told by counting") {
  CHECK(detect_language("海关本周放行了第一批芯片。") == Language::kZhHans);
  CHECK(detect_language("海關本週放行了第一批晶片。") == Language::kZhHant);
  CHECK(detect_language("Customs cleared the first chips this week.") == Language::kEn);
  // A Hong Kong page mixes: the majority counts.
  CHECK(detect_language("內地客户說，供應鏈仍然緊張，訂單後移。") == Language::kZhHant);
  CHECK(detect_language("公司发布 RTX PRO 6000 Blackwell Workstation Edition 显卡") == Language::kZhHans);
  CHECK(detect_language("Analysts at 海通 (Haitong) kept their rating on the shares unchanged.") == Language::kEn);
  CHECK(detect_language("12 345 %") == Language::kUnknown);
}
