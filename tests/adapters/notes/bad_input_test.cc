// Goal: bad notes and odd heads get one clear line with their place, or a warning where only one head of many is
// spoilt.
#include <catch2/catch.hpp>
#include <random>

#include "adapters/notes/heads.h"
#include "adapters/notes/registry.h"
#include "engine/statement/statement.h"

using namespace annals;

namespace {

const NoteFormats kFormats = make_note_formats();

Result<ReadNote> read(std::string text, const OperatorHead& head = {}, std::string_view format = {}) {
  auto note = decode_note(std::move(text), "n.txt");
  if (!note) return note.error();
  return read_note(kFormats, *note, head, format);
}

std::string error_of(std::string text, std::string_view format = {}) {
  const auto articles = read(std::move(text), {}, format);
  return articles ? "read as " + std::string(articles->format->name()) : articles.error().message;
}

std::string time_of(std::string_view line) {
  const auto time = find_printed_time(line);
  if (!time) return "none";
  return time->wall + (time->zone.empty() ? "" : " " + time->zone) +
         (time->unknown_zone.empty() ? "" : " ?" + time->unknown_zone);
}

}  // namespace

TEST_CASE("times are read in the shapes that notes print") {
  CHECK(time_of("湾区日报· 2025-12-09 06:31") == "2025-12-09T06:31");
  CHECK(time_of("2025-12-09T06:31:05.25+08:00") == "2025-12-09T06:31:05 +08:00");
  CHECK(time_of("2025/1/9 6:31") == "2025-01-09T06:31");
  CHECK(time_of("2025.12.09") == "2025-12-09");
  CHECK(time_of("2026-04-01 14:33:49  +0800") == "2026-04-01T14:33:49 +0800");
  CHECK(time_of("Wed, 01 Apr 2026 02:13:30 GMT") == "2026-04-01T02:13:30 UTC");
  CHECK(time_of("Wed, 01 Apr 2026 02:13:30 CST") == "2026-04-01T02:13:30 -06:00");
  CHECK(time_of("1 April 2026") == "2026-04-01");
  CHECK(time_of("Dec. 9, 2025 6:31 a.m. ET") == "2025-12-09T06:31 America/New_York");
  CHECK(time_of("December 9th, 2025 at 12:05 PM") == "2025-12-09T12:05");
  CHECK(time_of("2025年12月9日 下午6:31") == "2025-12-09T18:31");
  CHECK(time_of("北京时间2025年12月9日06:31") == "2025-12-09T06:31 Asia/Shanghai");
  CHECK(time_of("2025年12月") == "2025-12");
  CHECK(time_of("2025-12-09 06:31 XYZT") == "2025-12-09T06:31 ?XYZT");
  CHECK(time_of("2025-12-09 06:31 Mars/Base") == "2025-12-09T06:31 Mars/Base");
  CHECK(time_of("2025-12") == "2025-12");
  CHECK(time_of("型号 12025-12-091") == "none");
  CHECK(time_of("无日期") == "none");
}

TEST_CASE("the operator fills what the note does not say and never overrules it") {
  OperatorHead head;
  head.outlet = "晨港日报";
  head.published = "2025-06-01/2025-06-30";
  head.zone = *Zone::find("Asia/Shanghai");
  const auto undated = read("渡轮停航\n渡轮今天停航。明天恢复。\n", head);
  REQUIRE(undated.ok());
  CHECK(undated->articles[0].head.outlet == "晨港日报");
  CHECK(format_published(*undated->articles[0].head.published) == "2025-06-01/2025-06-30");
  CHECK(undated->articles[0].head.published->zone_source == ZoneSource::kOperator);
  const auto dated = read("渡轮停航\n来源：城市晚报 2025-07-02 08:00\n渡轮今天停航。明天恢复。\n", head);
  REQUIRE(dated.ok());
  CHECK(dated->articles[0].head.outlet == "城市晚报");
  CHECK(format_published(*dated->articles[0].head.published) == "2025-07-02T08:00:00+08:00");
  head.published = "2025-06-31";
  CHECK(read("渡轮停航\n渡轮今天停航。\n", head).error().message ==
        "the publication time given: 2025-06-31: there is no such day");
  head.published = "2025-06-30T10:00+09:00";
  CHECK(format_utc(read("渡轮停航\n渡轮今天停航。\n", head)->articles[0].head.published->known_from) ==
        "2025-06-30T01:01:00Z");
}

TEST_CASE("an assumed zone is the store's and is said to be assumed") {
  OperatorHead head;
  head.store_zone = *Zone::find("Asia/Shanghai");
  const auto note = read("渡轮停航\n城市晚报· 2025-07-02 08:00\n要点 - 渡轮停航 [1] - 明天恢复 [2]\n", head);
  REQUIRE(note.ok());
  CHECK(note->format->name() == "digest_page");
  CHECK(note->articles[0].head.published->zone_source == ZoneSource::kAssumed);
  CHECK(format_utc(note->articles[0].head.published->known_from) == "2025-07-02T08:01:00Z");
}

TEST_CASE("an impossible date is an error alone and a warning among many") {
  CHECK(error_of("---\ntitle: \"渡轮\"\ndate: \"2025-02-30\"\n---\n停航。\n") ==
        "n.txt:3:7: 2025-02-30: there is no such day");
  CHECK(error_of("渡轮停航\n城市晚报· 2025-02-30 08:00\n要点 - 渡轮停航 [1] - 恢复 [2]\n") ==
        "n.txt:2:1: 2025-02-30: there is no such day");
  const auto many = read(
      "渡轮停航\n城市晚报· 2025-02-30 08:00\n要点 - 渡轮停航 [1] - 恢复 [2]\n码头翻新\n城市晚报· 2025-03-01 "
      "08:00\n要点 - 码头翻新 [1]\n");
  REQUIRE(many.ok());
  REQUIRE(many->articles.size() == 2);
  CHECK(!many->articles[0].head.published);
  CHECK(many->articles[0].warnings ==
        std::vector<std::string>{"2:1: 2025-02-30: there is no such day; the article is kept undated"});
  CHECK(many->articles[1].head.published.has_value());
}

TEST_CASE("an unknown zone is told") {
  CHECK(error_of("---\ntitle: x\ndate: 2025-03-01 08:00 XYZT\n---\nText.\n") == "n.txt:3:7: unknown time zone 'XYZT'");
  CHECK(
      error_of("---\ntitle: x\ndate: 2025-03-01 08:00 Mars/Base\n---\nText.\n").find("unknown time zone 'Mars/Base'") !=
      std::string::npos);
}

TEST_CASE("broken front matter is located") {
  CHECK(error_of("---\ntitle: a\ndate: [2025\n---\nText.\n").find("n.txt:4:1: broken YAML") == 0);
  CHECK(error_of("---\ntitle: a\n\tdate: 2025\n---\nText.\n").find("broken YAML front matter") != std::string::npos);
  CHECK(error_of("---\ntitle: a\ndate: soon\n---\nText.\n") ==
        "n.txt:3:7: expected a date such as 2025-12-09, found 'soon'");
  CHECK(error_of("---\n- a\n- b\n---\nText.\n", "front_matter").find("expected YAML front matter of the form") !=
        std::string::npos);
  CHECK(error_of("---\ntitle: a\nrendition: poem\n---\nText.\n")
            .find("expected verbatim, summary, minutes or translation, found 'poem'") != std::string::npos);
}

TEST_CASE("a bad line of JSON Lines is located") {
  CHECK(error_of("{\"title\": \"a\", \"text\": \"b\"}\n{\"text\": }\n") ==
        "n.txt:2:10: expected a JSON object a line; this is not JSON from here on");
  CHECK(error_of("{\"title\": \"a\", \"text\": \"b\"}\n[1]\n") == "n.txt:2:1: expected a JSON object, found array");
  CHECK(error_of("{\"title\": \"a\", \"text\": 3}\n") == "n.txt:1:16: expected a string as \"text\", found number");
  CHECK(error_of("{\"text\": \"a\", \"weight\": 6E13354}\n") ==
        "n.txt:1:1: expected a JSON object a line, found a number beyond all bounds");
  CHECK(error_of("{\"title\": \"a\"}\n").find("n.txt:1:1: expected a member \"text\"") == 0);
  CHECK(error_of("{\"text\": \"a\", \"published\": \"soon\"}\n").find("n.txt:1:15: expected a time such as") == 0);
  CHECK(error_of("{\"text\": \"a\", \"published\": \"2025-02-30\"}\n") ==
        "n.txt:1:15: 2025-02-30: there is no such day");
  CHECK(error_of("{\"text\": \"a\", \"zone\": \"Mars\"}\n").find("n.txt:1:15: unknown time zone 'Mars'") == 0);
  CHECK(error_of("{\"text\": \"cut").find("n.txt:1:") == 0);
}

TEST_CASE("a format that is forced says what it misses") {
  CHECK(error_of("Words.", "poem").find("n.txt: unknown format 'poem': expected one of digest_page") == 0);
  for (const std::string format :
       {"digest_page", "daily-digest", "front_matter", "json_lines", "minutes", "tag-page"}) {
    INFO(format);
    CHECK(error_of("Words alone.", format).find("n.txt:1:1: expected ") == 0);
  }
  CHECK(error_of("Words alone.", "plain_text") == "read as plain_text");
  CHECK(error_of("Words alone.", "bullet_brief") == "read as bullet_brief");
}

TEST_CASE("a note of one word is an article") {
  const auto note = read("停航");
  REQUIRE(note.ok());
  CHECK(note->articles[0].head.title.empty());
  CHECK(split_statements("停航", note->articles[0]).size() == 1);
}

// Lines of all forms, shuffled, through every format: an answer or an error, never a broken promise.
TEST_CASE("no order of lines breaks a format") {
  static const std::vector<std::string> kLines = {
      "渡轮停航",
      "城市晚报· 2025-07-02 08:00",
      "2025-07-02 08:00",
      "要点 - 渡轮停航 [1] - 恢复 [2] 其他 - 码头 [3]",
      "涉及 * **甲** * 乙 [1] * 丙 丁情况 * **戊**",
      "Q:什么时候恢复?",
      "A:明天。[1]",
      "A:",
      "Q1：",
      "#渡輪",
      "船班恢復，旅客鬆了一口氣。船公司說，下周起每日八班，票價不變；但夜班仍然停駛，要等到檢修完成之後才會恢復。何時完"
      "成，公司沒有透露。外界估計還要三周，旺季前趕不上。 (海港快報)",
      "來源:甲App,作者: 乙,(https://example.invalid/1)",
      ". 一条",
      "o 二条:",
      "o ",
      "---",
      "title: x",
      "## 外媒",
      "### 1. 标题",
      "### ",
      "**发布时间:** Wed, 01 Apr 2026 02:13:30 GMT",
      "**正文:** 甲。乙。",
      "**正文:**",
      "{\"text\": \"甲\\n乙\"}",
      "{",
      "免责声明：甲不代表乙的立场。",
      "",
      " ",
      "- [1]",
      "[1][2]",
      "| a | b |",
      "| --- | --- |",
      "> 甲",
      "<figure>",
      "![a](b)",
      "* * *",
      "开户低佣金,欢迎留言"};
  const NoteFormats formats = make_note_formats();
  const unsigned first = 1209;
  for (unsigned seed = first; seed < first + 400; ++seed) {
    std::mt19937 random(seed);
    std::string text;
    const std::size_t size = 1 + random() % 20;
    for (std::size_t i = 0; i < size; ++i)
      text += kLines[random() % kLines.size()] + (random() % 8 == 0 ? "\r\n" : "\n");
    INFO("seed " << seed << ":\n" << text);
    const auto note = decode_note(text, "n.txt");
    if (!note) continue;
    CHECK(recognise(formats, note->text) != nullptr);
    for (const auto& format : formats) {
      const auto articles = read_note(formats, *note, {}, format->name());
      if (!articles) {
        CHECK(articles.error().message.find("n.txt:") == 0);
        continue;
      }
      for (const Article& article : articles->articles) {
        std::uint64_t last = 0;
        for (const Statement& statement : split_statements(note->text, article)) {
          CHECK(statement.span.begin >= last);
          last = statement.span.end;
        }
      }
    }
  }
}
