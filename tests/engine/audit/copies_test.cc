// Goal: reprints, cut-down copies and light edits in either script are linked to the earliest; other texts about the same thing are not.
#include "engine/audit/copies.h"

#include <catch2/catch.hpp>

#include "engine/language/shingles.h"
#include "tests/support/story.h"

namespace {
using namespace annals;

const std::string kText =
    "港口管理局周二公布，自下月起凡是装有锂电池的集装箱必须单独申报，并且在靠岸前四十八小时提交检验报告。负责人表示，这一做法参照了去年三起火灾的调查结论，"
    "其中两起都与申报不实有关。码头公司担心排队时间会因此变长，要求把旺季的缓冲期延长到六十天。协会估计，每个集装箱的成本会上升一百二十元左右，"
    "小型货代受到的影响最大。管理局回应说，系统已经试运行两周，平均审核时间不到二十分钟。";
const std::string kTraditional =
    "港口管理局週二公布，自下月起凡是裝有鋰電池的集裝箱必須單獨申報，並且在靠岸前四十八小時提交檢驗報告。負責人表示，這一做法參照了去年三起火災的調查結論，"
    "其中兩起都與申報不實有關。碼頭公司擔心排隊時間會因此變長，要求把旺季的緩衝期延長到六十天。協會估計，每個集裝箱的成本會上升一百二十元左右，"
    "小型貨代受到的影響最大。管理局回應說，系統已經試運行兩周，平均審核時間不到二十分鐘。";
// Its middle, with a sentence of its own.
const std::string kCut = "负责人表示，这一做法参照了去年三起火灾的调查结论，其中两起都与申报不实有关。码头公司担心排队时间会因此变长，要求把旺季的缓冲期延长到六十天。本报将继续关注。";
const std::string kOther =
    "航运协会周三发布季度报告，称集装箱运价连续第五周回落，主要原因是新船集中交付。报告认为，港口拥堵已经基本缓解，但锂电池等危险货物的申报仍需规范。"
    "分析师预计，旺季到来之前运价难以反弹，小型船东的现金流会继续承压。";

// A log of articles of one statement each.
struct Shelf {
  ManualClock clock{support::instant("2025-06-01T00:00:00Z")};
  std::unique_ptr<EventLog> log = make_memory_log(clock);
  std::uint64_t notes = 0;

  void put(const std::string& outlet, const std::string& wall, const std::string& text, const std::string& link = "", const std::string& title = "") {
    StatementEvent event;
    event.note = sha256("note " + std::to_string(++notes));
    event.article.title = title.empty() ? outlet + " " + wall : title;
    event.article.outlet = outlet;
    if (!link.empty()) event.article.link = link;
    event.article.published = make_published(wall, Zone::utc(), ZoneSource::kPrinted).value();
    event.statement.span = {0, text.size()};
    event.statement.text = text;
    event.article.text_hash = running_text_hash({event.statement});
    event.interpreter = {"annals", 1};
    REQUIRE(log->append(std::vector<EventDraft>{{"test", event}}, OnRepeat::kAnswerFirst).ok());
  }
  std::vector<std::string> links(const Bounds& bounds = {}) const {
    const CopyAnswer answer = find_copies(*log, bounds).value();
    std::vector<std::string> out;
    for (const CopyLink& link : answer.links) {
      const auto name = [&](std::size_t i) { return answer.articles[i].head.outlet.value(); };
      out.push_back(name(link.copy) + " " + std::string(copy_kind_name(link.kind)) + " of " + name(link.of) + ", first " + name(answer.group[link.copy]));
    }
    return out;
  }
};
using Lines = std::vector<std::string>;

TEST_CASE("copies in either script and cut down ones are linked to the earliest") {
  Shelf shelf;
  shelf.put("末报", "2025-06-03T08:00", kCut);
  shelf.put("甲报", "2025-06-01T08:00", kText);
  shelf.put("乙報", "2025-06-02T08:00", kTraditional);
  shelf.put("丙报", "2025-06-02T09:00", kOther);
  CHECK(shelf.links() == Lines{"乙報 same text of 甲报, first 甲报", "末报 near-copy of 甲报, first 甲报"});
  // Before the reprints were known there is nothing to link.
  CHECK(shelf.links(as_of(support::instant("2025-06-01T12:00:00Z"))).empty());
}

TEST_CASE("a cut down copy is found by containment where both texts have little in common") {
  const Overlap both = overlap(shingles(kText), shingles(kCut));
  CHECK(both.containment > 0.7);
  CHECK(both.jaccard < 0.5);
  CHECK(overlap(shingles(kText), shingles(kOther)).containment < 0.1);
  CHECK(overlap(shingles(kText), shingles(kTraditional)).containment > 0.99);
  CHECK(overlap({}, shingles(kText)).containment == 0);
}

TEST_CASE("the same link with other text is a revision and the edit is shown") {
  Shelf shelf;
  std::string edited = kText;
  edited.replace(edited.find("缓冲期"), std::string("缓冲期").size(), "过渡阶段");
  shelf.put("甲报", "2025-06-01T08:00", kText, "https://a.example/1");
  shelf.put("甲报", "2025-06-01T08:00", edited, "https://a.example/1");
  shelf.put("乙报", "2025-06-04T08:00", edited, "https://b.example/9");
  const CopyAnswer answer = find_copies(*shelf.log, {}).value();
  REQUIRE(answer.links.size() == 2);
  CHECK(answer.links[0].kind == CopyKind::kRevision);
  CHECK(answer.links[0].edits == std::vector<Edit>{{"缓冲期", "过渡阶段"}});
  // Of the earliest, though the revision is nearer.
  CHECK(answer.links[1].kind == CopyKind::kNear);
  CHECK(answer.links[1].of == 0);
  CHECK(answer.group[2] == 0);
}

TEST_CASE("edits are the words that went and came") {
  CHECK(edits("one two three", "one two three").empty());
  CHECK(edits("one two three", "one 2 three") == std::vector<Edit>{{"two", "2"}});
  CHECK(edits("one two", "zero one two three") == std::vector<Edit>{{"", "zero"}, {"", "three"}});
  CHECK(edits("許可證", "许可证").empty());
  CHECK(edits("", "all new") == std::vector<Edit>{{"", "all new"}});
  CHECK(edits("all gone", "") == std::vector<Edit>{{"all gone", ""}});
}

TEST_CASE("an outlet that repeats its own background and a round-up that carries a piece copy nothing") {
  const std::string news = "周四又有两艘货轮因为申报不实被扣在锚地，船东说文件是货代代填的。管理局当天约谈了三家公司，要求它们在月底之前交出全部记录。";
  Shelf shelf;
  shelf.put("甲报", "2025-06-01T08:00", kText);
  shelf.put("甲报", "2025-06-03T08:00", news + kCut);
  CHECK(shelf.links().empty());
  // Another outlet that takes as much of it copies.
  shelf.put("乙报", "2025-06-03T09:00", kCut + "（记者 某）");
  CHECK(shelf.links() == Lines{"乙报 near-copy of 甲报, first 甲报"});
  Shelf evening;
  evening.put("甲报", "2025-06-01T08:00", kCut);
  std::string round_up = kCut + kOther;
  for (int i = 0; i < 20; ++i) round_up += "第" + std::to_string(i) + "条是" + std::to_string(i * 37) + "号公告的摘要，与前一条无关。";
  evening.put("丙报", "2025-06-01T20:00", round_up);
  CHECK(evening.links().empty());
}

TEST_CASE("an outlet's later wording is a copy in the days the story runs and news a week later") {
  const std::string launch = "联合船运推出三号冷库：可存四万吨水果";
  const std::string on_sale = "联合船运三号冷库开放预订：可存四万吨水果";
  const std::string text = kText.substr(0, kText.find("协会估计"));
  Shelf shelf;
  shelf.put("甲报", "2025-06-01T08:00", "六月一日消息。" + text, "", launch);
  shelf.put("甲报", "2025-06-02T20:00", "本报续报，" + text + "协会没有置评，码头方面也未回应本报的提问，管理局称将在下周公布细则。", "", launch);
  shelf.put("甲报", "2025-06-09T08:00", "即日起开放预订。" + text + "预订者须先交付定金，名额以先到者为准，本次开放的舱位共有三百个。", "", on_sale);
  CHECK(shelf.links() == Lines{"甲报 near-copy of 甲报, first 甲报"});
  CHECK(find_copies(*shelf.log, {}).value().links[0].copy == 1);
}

TEST_CASE("two short notices in the same form are no copies") {
  Shelf shelf;
  shelf.put("甲报", "2025-06-01T08:00", "快讯：一号航线今日停航，恢复时间另行通知。");
  shelf.put("乙报", "2025-06-02T08:00", "快讯：二号航线今日停航，恢复时间另行通知。");
  CHECK(shelf.links().empty());
}

}  // namespace
