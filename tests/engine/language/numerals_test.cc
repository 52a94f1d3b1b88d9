// Numerals however they are written.

#include <catch2/catch.hpp>

#include "engine/language/quantities.h"

namespace annals {
namespace {

double numeral(std::string_view text) {
  const auto value = read_numeral(fold(text));
  return value ? *value : -999;
}

TEST_CASE("numerals of every spelling have their value") {
  CHECK(numeral("三百二十") == 320);
  CHECK(numeral("1.5万") == 15000);
  CHECK(numeral("壹佰") == 100);
  CHECK(numeral("两百五") == 250);
  CHECK(numeral("3千5百") == 3500);
  CHECK(numeral("二〇二六") == 2026);
  CHECK(numeral("十二亿三千万") == 1230000000);
  CHECK(numeral("4.78萬億") == 4.78e12);
  CHECK(numeral("負二十點五") == -20.5);
  CHECK(numeral("12,345.6") == 12345.6);
  CHECK(numeral("twenty-one thousand") == 21000);
  CHECK_FALSE(read_numeral(fold("一起")));
  CHECK_FALSE(read_numeral(fold("四川")));
}

}  // namespace
}  // namespace annals
