// Goal: a person is the same person with an office beside the name, and an office alone is nobody.
#include "engine/language/offices.h"

#include <catch2/catch.hpp>

#include <string>

using namespace annals;

namespace {
std::string who(std::string_view speaker) {
  const Entity* entity = speaker_of(Lexicon::builtin(), speaker);
  return entity == nullptr ? "nobody" : entity->id;
}
}  // namespace

TEST_CASE("an office in front of a name is taken off") {
  for (const char* speaker : {"美國總統川普", "前总统唐纳德·特朗普", "特朗普", "President Trump", "美国总统特朗普", "时任总统特朗普", "U.S. President Donald Trump", "former US President Donald J. Trump"}) {
    INFO(speaker);
    CHECK(who(speaker) == "trump");
  }
  for (const char* speaker : {"英伟达首席执行官黄仁勋", "輝達執行長黃仁勳", "英伟达创始人兼首席执行官黄仁勋", "英伟达CEO黄仁勋", "Nvidia CEO Jensen Huang", "Nvidia's founder and chief executive Jensen Huang"}) {
    INFO(speaker);
    CHECK(who(speaker) == "jensen_huang");
  }
  CHECK(who("美国商务部长霍华德·卢特尼克") == "lutnick");
  CHECK(who("Treasury Secretary Scott Bessent") == "bessent");
  CHECK(who("美联储主席鲍威尔") == "powell");
  CHECK(who("特朗普的顾问大卫·萨克斯") == "sacks");
}

TEST_CASE("an office behind a name is taken off where people are addressed by it") {
  for (const char* speaker : {"特朗普总统", "川普總統", "特朗普前总统", "特朗普先生", "美国总统特朗普先生", "特朗普（美国总统）", "Donald Trump, the president of the United States", "美国特朗普", "美国的特朗普"}) {
    INFO(speaker);
    CHECK(who(speaker) == "trump");
  }
  CHECK(who("黄仁勋博士") == "jensen_huang");
  CHECK(who("Jensen Huang, chief executive of Nvidia") == "jensen_huang");
  CHECK(who("贝森特财政部长") == "bessent");
}

TEST_CASE("who serves somebody is not that person") {
  for (const char* speaker : {"特朗普发言人", "拜登的顾问", "拜登前顾问", "特朗普律师", "Trump lawyer", "Trump's spokesperson", "总统特朗普之子", "特朗普总统办公室", "Donald Trump Jr."}) {
    INFO(speaker);
    CHECK(who(speaker) == "nobody");
  }
}

TEST_CASE("an office without a name and a name that nobody knows stay what they are") {
  CHECK(who("美国总统") == "us_president");
  CHECK(who("商务部发言人") == who("中国商务部新闻发言人"));
  for (const char* speaker : {"总统", "发言人", "首席执行官", "某公司总裁王小明", "CEO", "the president", "", "，", "(总统)"}) {
    INFO(speaker);
    CHECK(who(speaker) == "nobody");
  }
  CHECK(without_office("").empty());
  CHECK(without_office("知情人士").empty());
}
