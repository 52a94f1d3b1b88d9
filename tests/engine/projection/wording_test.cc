// Goal: who says a thing in the words of another is no further source, and who says it in words of his own is one.
// Method: pairs of sentences, then stories asked of the ledger and of the oracle.
#include "engine/projection/wording.h"

#include <catch2/catch.hpp>

#include "engine/projection/index.h"
#include "engine/query/query.h"
#include "tests/support/story.h"

namespace {
using namespace annals;
using support::Story;

const std::string kHans = "联合船运公司周一在公告中说，旗下第三座冷链仓库已经在北港投入使用，首批可存放四万吨水果，全部采用氨制冷系统。";
const std::string kHant = "聯合船運公司週一在公告中說，旗下第三座冷鏈倉庫已經在北港投入使用，首批可存放四萬噸水果，全部採用氨製冷系統。";
const std::string kEdited = "联合船运公司周一在公告里表示，旗下第三座冷链仓库已在北港投入使用，首批可存放４万吨水果，全部采用氨制冷系统。（记者 某）";
const std::string kCut = "其第三座冷链仓库已经在北港投入使用，首批可存放四万吨水果。";
const std::string kOwn = "北港多了一座能装下四万吨水果的冷库，这是联合船运的第三座，用氨制冷，周一起开门。";
const std::string kEnglish = "Union Shipping said on Monday that its third cold store has opened at North Harbour and can hold 40,000 tonnes of fruit.";
const std::string kEnglishEdited = "Union Shipping said Monday that its third cold store has opened at North Harbour and can hold 40,000 tonnes of fruit, all of it cooled with ammonia.";
const std::string kEnglishOwn = "A cold store for 40,000 tonnes of fruit, the third that Union Shipping runs, opened its doors at North Harbour this week.";

bool same(std::string_view a, std::string_view b) {
  const bool out = same_wording(wording_of(a), wording_of(b));
  CHECK(out == same_wording(wording_of(b), wording_of(a)));
  return out;
}

TEST_CASE("reprints in either script and cut down or lightly edited ones are the same words") {
  CHECK(same(kHans, kHans));
  CHECK(same(kHans, kHant));
  CHECK(same(kHans, kEdited));
  CHECK(same(kHant, kCut));
  CHECK(same(kEnglish, kEnglishEdited));
  // A short one that is wholly the same.
  CHECK(same("仓库的水果吞吐量为３１０万吨，同比增长２%。", "倉庫的水果吞吐量為310萬噸，同比增長2%；"));
}

TEST_CASE("sentences of their own with the same figures are other words") {
  CHECK_FALSE(same(kHans, kOwn));
  CHECK_FALSE(same(kEnglish, kEnglishOwn));
  CHECK_FALSE(same(kHans, kEnglish));
  // Alike by form, and too short to tell more.
  CHECK_FALSE(same("全年营业收入12.4亿元，同比增长8.1%；", "去年公司营业收入12.4亿元，同比增长8.1%，主要来自海外订单。"));
  CHECK_FALSE(same("仓库已经开门。", "仓库已经开门。"));
  CHECK(wording_of("仓库已经开门。").empty());
  CHECK_FALSE(same("", ""));
}

TEST_CASE("two outlets that quote one speech have not copied each other") {
  const std::string speech = "我们的第三座冷链仓库今天在北港投入使用，它能存放四万吨水果，而且全部采用氨制冷";
  CHECK_FALSE(same("董事长说：“" + speech + "。”", "周一的典礼上，董事长说：「" + speech + "。」"));
  CHECK_FALSE(same("The chairman said: \"" + kEnglish + "\"", "At the ceremony, the chairman said: \"" + kEnglish + "\""));
  // A name in quotation marks is no speech.
  CHECK(same("联合船运公司周一在公告中说，旗下“北港三号”冷链仓库已经投入使用，首批可存放四万吨水果。", "联合船运公司周一在公告中说，旗下“北港三号”冷链仓库已经投入使用，首批可存放四万吨水果，并将扩建。"));
}

TEST_CASE("of a long statement a sample is kept that still tells what it copies") {
  std::string text;
  std::string other;
  for (int i = 0; i < 60; ++i) {
    text += "第" + std::to_string(i) + "号泊位在" + std::to_string(i * 7 % 31) + "日检修，船期顺延。";
    other += std::to_string(i * 5 % 37) + "号仓的" + std::to_string(i) + "批货物换了船东，费用另计。";
  }
  CHECK(wording_of(text).size() == 4 + 2 * kWordingShingles);
  CHECK(same(text, "快讯：" + text.substr(0, text.size() * 3 / 4 / 3 * 3)));
  CHECK_FALSE(same(text, other));
}

// One key, one value: what is counted behind it.
std::string behind(const Story& story, std::string_view bounds = "--as-of 2025-06-30") {
  const std::string state = story.state("export_control", "h20/china", bounds);
  const std::size_t from = state.find(" | ");
  return state.substr(from + 3, state.find(" | ", from + 3) - from - 3);
}
support::PublishOptions in(const std::string& outlet, const std::string& words) {
  support::PublishOptions out;
  out.outlet = outlet;
  out.words = words;
  return out;
}

TEST_CASE("outlets that reprint a sentence are one source and a sentence of its own is another") {
  Story story;
  const std::string claim = "export_control product=h20 status=allowed aspect=holds";
  story.publish("2025-03-01", {claim}, in("First", kHans));
  story.publish("2025-03-02", {claim}, in("Second", kHant));
  story.publish("2025-03-03", {claim}, in("Third", kCut));
  CHECK(behind(story) == "1 outlet, 1 origin");
  story.publish("2025-03-04", {claim}, in("Fourth", kOwn));
  CHECK(behind(story) == "2 outlets, 2 origins");
  // A copy of the second source is none either; another way in which the first says it is none.
  story.publish("2025-03-05", {claim}, in("Fifth", kOwn + "（转载）"));
  story.publish("2025-03-06", {claim}, in("First", kEnglishOwn));
  CHECK(behind(story) == "2 outlets, 2 origins");
  // What reprints that.
  story.publish("2025-03-07", {claim}, in("Sixth", kEnglishOwn));
  CHECK(behind(story) == "2 outlets, 2 origins");
  story.publish("2025-03-08", {claim}, in("Seventh", "Fruit for forty thousand tonnes: the harbour has its third cold house, and ammonia cools it."));
  CHECK(behind(story) == "3+ outlets, 3+ origins");
  // Before any of it was known, and where the first is not counted.
  CHECK(behind(story, "--as-of 2025-03-03") == "1 outlet, 1 origin");
}

TEST_CASE("who quotes the same speaker in one sentence is one origin and still an outlet of its own") {
  Story story;
  const std::string claim = "export_control product=h20 status=allowed aspect=holds speaker=Trump";
  const std::string post = "“我已经告诉他们可以把这种芯片卖给那边的客户，条件是先把账算清楚再说别的”";
  story.publish("2025-03-01", {claim}, in("First", "他写道：" + post));
  story.publish("2025-03-01", {claim}, in("Second", "他在网上写道：" + post));
  CHECK(behind(story) == "2 outlets, 1 origin");
}

TEST_CASE("the effect of a share counts its own sources likewise") {
  Story story;
  const std::string deal = "revenue_share product=h20 status=agreed rate=0.15";
  const std::string effect = "revenue_share product=h20 status=not_in_effect rate=0.15 aspect=holds";
  story.publish("2025-03-01", {deal}, in("First", kEnglish));
  story.publish("2025-03-02", {effect}, in("Second", kHans));
  story.publish("2025-03-03", {effect}, in("Third", kHant));
  CHECK(story.state("revenue_share", "h20/china", "--as-of 2025-06-30").find("effect_outlets: 1") != std::string::npos);
  story.publish("2025-03-04", {effect}, in("Fourth", kOwn));
  CHECK(story.state("revenue_share", "h20/china", "--as-of 2025-06-30").find("effect_outlets: 2") != std::string::npos);
}

TEST_CASE("evidence that repeats another's words names it") {
  Story story;
  const std::string claim = "export_control product=h20 status=allowed aspect=holds";
  const Position first = story.publish("2025-03-01", {claim}, in("First", kHans));
  story.publish("2025-03-02", {claim}, in("Second", kEdited));
  story.publish("2025-03-03", {claim}, in("Third", kOwn));
  story.publish("2025-03-04", {claim}, in("First", kHans));
  const Query query(story.log(), Lexicon::builtin(), story.clock());
  const StateAnswer answer = query.state("export_control", "h20", story.bounds("--as-of 2025-06-30"), {true, 0, 100}).value();
  REQUIRE(answer.evidence.size() == 1);
  std::vector<std::optional<Position>> copies;
  for (const Evidence& each : answer.evidence[0]) copies.push_back(each.copy_of);
  CHECK(copies == std::vector<std::optional<Position>>{std::nullopt, first, std::nullopt, std::nullopt});
  CHECK(answer.states[0].lane(Lane::kStated).head()->outlets == 2);
}

TEST_CASE("a copy that is taken back takes nothing with it and what it copied counts again") {
  Story story;
  const std::string claim = "export_control product=h20 status=allowed aspect=holds";
  const Position first = story.publish("2025-03-01", {claim}, in("First", kHans));
  story.publish("2025-03-02", {claim}, in("Second", kHant));
  story.publish("2025-03-03", {claim}, in("Third", kOwn));
  story.withdraw(first, "2025-03-10");
  CHECK(behind(story, "--as-of 2025-03-09") == "2 outlets, 2 origins");
  CHECK(behind(story) == "2 outlets, 2 origins");  // the reprint has not been taken back
}

}  // namespace
