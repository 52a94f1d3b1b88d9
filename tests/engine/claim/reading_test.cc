// The layers of the interpreter, each by what it makes of small texts.
#include <catch2/catch.hpp>

#include "engine/claim/interpreter.h"
#include "engine/claim/kinds.h"
#include "engine/claim/sentence.h"
#include "engine/claim/sources.h"
#include "engine/claim/words.h"

using namespace annals;

namespace {

constexpr WordRow kRows[] = {{1, "上市|批准"}, {0, "上市公司"}, {2, "ban|banned"}};
constexpr WordRow kOther[] = {{3, "公司"}};
const WordFinder& finder() {
  static const std::span<const WordRow> kGroups[] = {kRows, kOther};
  static const WordFinder kFinder(kGroups);
  return kFinder;
}
std::string found(std::string_view text, std::size_t group) {
  std::vector<std::vector<WordHit>> hits;
  finder().find(text, hits);
  std::string out;
  for (const WordHit& hit : hits[group]) out += std::string(text.substr(hit.begin, hit.end - hit.begin)) + ":" + std::to_string(hit.sense) + " ";
  return out;
}

// The layers' words without any rule's.
const WordFinder& layers() {
  static const std::span<const WordRow> kGroups[] = {source_words(), stance_words(), frame_words()};
  static const WordFinder kFinder(kGroups);
  return kFinder;
}
std::string clauses(std::string_view text) {
  const Sentence sentence(text, Lexicon::builtin(), layers(), std::nullopt);
  std::string out;
  for (const Clause& clause : sentence.clauses()) out += std::string(sentence.text(clause.at)) + (clause.sentence == sentence.clauses().back().sentence ? "|" : "||");
  return out;
}
std::string speakers(std::string_view text) {
  const Sentence sentence(text, Lexicon::builtin(), layers(), std::nullopt);
  SpeakerMemory memory;
  const auto scopes = read_sources(sentence, "", memory);
  const SourceScope* last = source_at(scopes, static_cast<std::uint32_t>(sentence.text().size()) - 4);
  if (last == nullptr) return "own";
  std::string out(attribution_name(last->attribution));
  for (const std::string& name : last->speakers) out += " " + name;
  return out;
}

// An article of a title and statements, published on a day; its readings.
std::vector<Reading> read(const std::string& title, const std::vector<std::string>& texts, const char* day = "2025-12-09", Rendition rendition = Rendition::kVerbatim,
                          BlockKind block = BlockKind::kParagraph) {
  ArticleText article;
  article.head.title = title;
  article.head.language = Language::kZhHans;
  article.head.rendition = rendition;
  Published published;
  published.wall = day;
  article.head.published = published;
  std::uint64_t at = title.size() + 1;
  article.title_span = {0, title.size()};
  for (const std::string& text : texts) {
    Statement statement;
    statement.text = text;
    statement.span = {at, at + text.size()};
    statement.block = block;
    article.statements.push_back(statement);
    at += text.size() + 1;
  }
  return RuleInterpreter(Lexicon::builtin()).read(article);
}
// "allowed/begins license_pending/holds" of one kind over all statements.
std::string states(const std::vector<Reading>& readings, ClaimType type, std::string_view slot) {
  std::string out;
  for (const Reading& reading : readings)
    for (const Claim& claim : reading.claims)
      if (claim.type == type) out += std::string(claim.text(slot)) + "/" + std::string(modality_name(claim.modality)) + "/" + std::string(aspect_name(claim.aspect)) + " ";
  return out;
}

}  // namespace

TEST_CASE("the longest word of a group wins and words of no sense hide shorter ones") {
  CHECK(found("上市公司获批准上市", 0) == "批准:1 上市:1 ");
  CHECK(found("上市公司获批准上市", 1) == "公司:3 ");
  CHECK(found("banned urban ban.", 0) == "banned:2 ban:2 ");
}

TEST_CASE("clauses end at commas and at blanks between Han characters but not inside numbers or brackets") {
  CHECK(clauses("营收1,979亿元,增长两成。净利(3亿,含税)持平") == "营收1,979亿元||增长两成||净利(3亿,含税)持平|");
  CHECK(clauses("库存很高 供应链不足 H200 芯片多") == "库存很高|供应链不足 h200 芯片多|");
}

TEST_CASE("speakers are read nearest first and unnamed ones are marked") {
  CHECK(speakers("黄仁勋表示，公司不会放弃中国市场") == "named 黄仁勋");
  CHECK(speakers("据知情人士透露，公司不会放弃中国市场") == "anonymous 知情人士");
  CHECK(speakers("媒体援引知情人士称，公司不会放弃中国市场") == "anonymous 知情人士 媒体");
  CHECK(speakers("据传公司不会放弃中国市场") == "hearsay");
  CHECK(speakers("公司不会放弃中国市场") == "own");
  CHECK(speakers("对英伟达来说，中国市场很重要") == "own");
}

TEST_CASE("a rule that its authority announces is an act although it is told with will") {
  const auto readings = read("", {"美国商务部宣布，将允许英伟达向中国出口H200芯片。"});
  CHECK(states(readings, ClaimType::kExportControl, "status") == "allowed/asserted/begins ");
}

TEST_CASE("a passing mention of an earlier ban is held and never news") {
  const auto readings = read("", {"此前H200虽禁止出口到中国，国内仍有流通。"});
  CHECK(states(readings, ClaimType::kExportControl, "status") == "banned/asserted/held ");
}

TEST_CASE("the same thing said twice in an article is written once") {
  const auto readings = read("美国允许H200对华出口", {"美国政府宣布允许英伟达向中国出口H200。", "美国政府允许英伟达向中国出口H200，市场反应平淡。"});
  CHECK(states(readings, ClaimType::kExportControl, "status") == "allowed/asserted/begins ");
}

TEST_CASE("a title speaks only where the text says no fuller thing") {
  const auto readings = read("美国放开H200对华出口的原因", {"库存很高。"});
  CHECK(states(readings, ClaimType::kExportControl, "status") == "allowed/asserted/begins ");
  CHECK(readings.front().claims.front().span == ByteSpan{0, std::string("美国放开H200对华出口的原因").size()});
}

TEST_CASE("an unnamed expert answers in minutes and questions assert nothing") {
  const auto answer = read("", {"美国政府虽已宣布开放H20对华出口，但许可证尚未发放。"}, "2025-08-05", Rendition::kMinutes, BlockKind::kAnswer);
  CHECK(states(answer, ClaimType::kExportControl, "status") == "allowed/asserted/begins license_pending/asserted/holds ");
  for (const Claim& claim : answer.front().claims) CHECK(claim.attribution == Attribution::kAnonymous);
  const auto question = read("", {"美国政府已宣布允许H20对华出口？"}, "2025-08-05", Rendition::kMinutes, BlockKind::kQuestion);
  CHECK(question.front().claims.empty());
}

TEST_CASE("a question of running prose asserts nothing") {
  CHECK(read("", {"美国政府会允许英伟达向中国出口H200吗？"}).front().claims.empty());
}

TEST_CASE("an article without a date is read without relative times") {
  ArticleText article;
  Statement statement;
  statement.text = "美国政府昨日批准英伟达向中国出口H200。";
  statement.span = {0, statement.text.size()};
  article.statements.push_back(statement);
  const auto readings = RuleInterpreter(Lexicon::builtin()).read(article);
  REQUIRE(readings.front().claims.size() == 1);
  CHECK_FALSE(readings.front().claims.front().when);
}

TEST_CASE("reading an article twice gives the same") {
  const std::vector<std::string> texts{"摩尔线程拟于12月5日在科创板上市。", "沐曦股份发行价104.66元，网上中签率0.033%。"};
  const auto first = read("新股", texts);
  const auto second = read("新股", texts);
  REQUIRE(first.size() == second.size());
  for (std::size_t i = 0; i < first.size(); ++i) CHECK(first[i].claims == second[i].claims);
}

TEST_CASE("empty and odd texts are read without harm") {
  for (const char* text : {"", " ", "。。。", "%", "25%", "将", "据", "称", "（（（", "\xF0\x9F\x98\x80"}) CHECK(read("", {text}).size() == 1);
}
