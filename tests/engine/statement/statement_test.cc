// Goal: statements are the sentences and bullets a reader would set apart, and together they are the text: nothing
// lost, nothing twice.
#include "engine/statement/statement.h"

#include <catch2/catch.hpp>
#include <ctime>
#include <random>

#include "engine/base/utf8.h"
#include "engine/note/text.h"

using namespace annals;

namespace {

Article article_of(std::string_view text, BlockKind kind = BlockKind::kParagraph) {
  Article article;
  article.span = {0, text.size()};
  const ByteSpan span = trim(text, {0, text.size()});
  if (!span.empty()) article.blocks.push_back({kind, span, 0});
  return article;
}

// The statements of one block, parted by "|".
std::string split(std::string_view text, BlockKind kind = BlockKind::kParagraph) {
  std::string out;
  for (const Statement& statement : split_statements(text, article_of(text, kind))) {
    CHECK(statement.text == statement.span.of(text));
    out += (out.empty() ? "" : " | ") + statement.text;
  }
  return out;
}

// Every byte of a block is in exactly one statement, blanks and citation marks aside; statements are in order and short
// enough.
void check_whole(std::string_view text, const Article& article) {
  const std::vector<Statement> statements = split_statements(text, article);
  std::uint64_t last = 0;
  auto next = statements.begin();
  for (const Block& block : article.blocks) {
    if (block.kind == BlockKind::kHeading) continue;
    std::uint64_t at = block.span.begin;
    const auto gap = [&](std::uint64_t to) {
      while (at < to) {
        if (const std::size_t mark = citation_length(text, at); mark != 0) {
          at += mark;
          continue;
        }
        const CodePoint point = decode_utf8(text, at);
        if (!is_blank(point.value))
          FAIL("a character outside every statement at byte " << at << " of " << text.substr(0, 200));
        at += point.length;
      }
      CHECK(at == to);
    };
    for (; next != statements.end() && next->span.end <= block.span.end; ++next) {
      REQUIRE(next->span.begin >= last);
      REQUIRE(!next->span.empty());
      gap(next->span.begin);
      CHECK(count_code_points(next->text) <= kStatementCharsMax);
      at = last = next->span.end;
    }
    gap(block.span.end);
  }
  CHECK(next == statements.end());
}

}  // namespace

TEST_CASE("Chinese sentences end at their stops") {
  CHECK(split("海关放行了芯片。买家松了一口气！价格会跌吗？会跌；但不会太快……等着看吧") ==
        "海关放行了芯片。 | 买家松了一口气！ | 价格会跌吗？ | 会跌； | 但不会太快…… | 等着看吧");
  CHECK(split("三家公司都到了？！是的。。。第二批还在路上。") == "三家公司都到了？！ | 是的。。。 | 第二批还在路上。");
}

TEST_CASE("half width stops end Chinese sentences too") {
  CHECK(split("真的有额外订单?需求从哪里来?") == "真的有额外订单? | 需求从哪里来?");
  CHECK(split("公司今年营收3.5亿元, 同比增长12.8%. 明年目标是5亿元.") ==
        "公司今年营收3.5亿元, 同比增长12.8%. | 明年目标是5亿元.");
}

TEST_CASE("English sentences end and abbreviations do not") {
  CHECK(split("Mr. Huang met Dr. Li in the U.S. on Jan. 5. He declined to comment.") ==
        "Mr. Huang met Dr. Li in the U.S. on Jan. 5. | He declined to comment.");
  CHECK(split("Acme Inc. said sales rose 3.5% to $1.2 billion. The shares fell!") ==
        "Acme Inc. said sales rose 3.5% to $1.2 billion. | The shares fell!");
  CHECK(split("Exports moved to the U.S. The rule took effect at 5 p.m. Friday.") ==
        "Exports moved to the U.S. | The rule took effect at 5 p.m. Friday.");
  CHECK(split("J.P. Morgan and A. B. Smith agreed. See www.example.com/a?b=1&c=2. Nothing else.") ==
        "J.P. Morgan and A. B. Smith agreed. | See www.example.com/a?b=1&c=2. | Nothing else.");
  CHECK(split("It costs more, e.g. No. 5 and vs. last year. Will it last? Yes.") ==
        "It costs more, e.g. No. 5 and vs. last year. | Will it last? | Yes.");
  CHECK(split("Wait... what? They left... Nobody knew.") == "Wait... what? | They left... | Nobody knew.");
  CHECK(split("The plan ended in 2025. Sales doubled.") == "The plan ended in 2025. | Sales doubled.");
}

TEST_CASE("quotations stay whole and stay with their speaker") {
  CHECK(split("他说：“先等等。价格还会变。”随后离开会场。") == "他说：“先等等。价格还会变。” | 随后离开会场。");
  CHECK(split("“我们不急。库存够用。”采购经理说。市场没有反应。") ==
        "“我们不急。库存够用。”采购经理说。 | 市场没有反应。");
  CHECK(split("「不急。」採購經理補充道：「庫存夠用。」市場沒有反應。") ==
        "「不急。」採購經理補充道：「庫存夠用。」 | 市場沒有反應。");
  CHECK(split("会上有人喊“加油！”的时候，她笑了。") == "会上有人喊“加油！”的时候，她笑了。");
  CHECK(split("\"We will wait. Prices may fall.\" The buyer left.") ==
        "\"We will wait. Prices may fall.\" | The buyer left.");
  CHECK(split("\"We will wait,\" she said. \"Prices may fall.\"") ==
        "\"We will wait,\" she said. | \"Prices may fall.\"");
}

TEST_CASE("brackets stay whole") {
  CHECK(split("新规（草案。未定稿）下周公布。细则随后。") == "新规（草案。未定稿）下周公布。 | 细则随后。");
  CHECK(split("（记者注：数字未经审计。）公司没有回应。") == "（记者注：数字未经审计。） | 公司没有回应。");
}

TEST_CASE("a source in brackets at the end stays with the last sentence") {
  CHECK(split("渡轮停航。明天恢复。（晨港日报）") == "渡轮停航。 | 明天恢复。（晨港日报）");
  CHECK(split("渡轮停航。（明天恢复）票价不变。") == "渡轮停航。 | （明天恢复）票价不变。");
}

TEST_CASE("a number begins what it numbers") {
  CHECK(split("1. 渡轮停航。 2. 码头翻新。") == "1. 渡轮停航。 | 2. 码头翻新。");
  CHECK(split("1. First come the piers. 2. Then come the ships.") ==
        "1. First come the piers. | 2. Then come the ships.");
  CHECK(split("问题 4. 何时恢复?") == "问题 4. 何时恢复?");
}

TEST_CASE("a mark that is never closed swallows nothing") {
  CHECK(split("他说：“先等等。价格还会变。随后离开。") == "他说：“先等等。 | 价格还会变。 | 随后离开。");
  CHECK(split("屏幕为27\"。另一款更大。") == "屏幕为27\"。 | 另一款更大。");
  CHECK(split("Don't stop. It's the firms' job. Go.") == "Don't stop. | It's the firms' job. | Go.");
}

TEST_CASE("citation marks follow the sentence and are not in it") {
  CHECK(split("海关放行了芯片。[1][4]买家松了一口气。 [2] 价格[3]会跌") ==
        "海关放行了芯片。 | 买家松了一口气。 | 价格[3]会跌");
  CHECK(split("Customs cleared it.[1] Buyers cheered. [2]") == "Customs cleared it. | Buyers cheered.");
}

TEST_CASE("a bullet is one statement whatever stands in it") {
  CHECK(split("海关放行了芯片。买家松了一口气。 [1][2]", BlockKind::kBullet) == "海关放行了芯片。买家松了一口气。");
}

TEST_CASE("what holds no word joins its neighbour") {
  CHECK(split("海关放行了芯片。 —— 。价格会跌。") == "海关放行了芯片。 —— 。 | 价格会跌。");
  CHECK(split("—— 价格会跌。") == "—— 价格会跌。");
  CHECK(split("※※※") == "※※※");
}

TEST_CASE("statements know their heading and their block") {
  const std::string text = "一\n甲。乙。\n二\n丙";
  Article article;
  article.span = {0, text.size()};
  article.blocks = {{BlockKind::kHeading, {0, 3}, 0},
                    {BlockKind::kParagraph, {4, 16}, 0},
                    {BlockKind::kHeading, {17, 20}, 0},
                    {BlockKind::kQuestion, {21, 24}, 0}};
  const auto statements = split_statements(text, article);
  REQUIRE(statements.size() == 3);
  CHECK(statements[1].heading == "一");
  CHECK(statements[1].paragraph == statements[0].paragraph);
  CHECK(statements[2].heading == "二");
  CHECK(statements[2].heading_span == ByteSpan{17, 20});
  CHECK(statements[2].block == BlockKind::kQuestion);
}

TEST_CASE("a long sentence is cut at a comma and nothing is lost") {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += i % 50 == 49 ? "，" : "字";
  const Article article = article_of(text);
  const auto statements = split_statements(text, article);
  REQUIRE(statements.size() == 2);
  CHECK(statements[0].text.ends_with("，"));
  check_whole(text, article);
  const std::string dense(9000, 'x');
  check_whole(dense, article_of(dense));
  CHECK(split_statements(dense, article_of(dense, BlockKind::kBullet)).size() == 5);
}

// Random texts of everything the rules look at. A failing seed is printed and can be put here.
TEST_CASE("every byte of running text is in exactly one statement") {
  static const std::vector<std::string> kPieces = {"字",
                                                   "价格",
                                                   "Huang",
                                                   "U.S.",
                                                   "3.5",
                                                   "12%",
                                                   "。",
                                                   "！",
                                                   "？",
                                                   "；",
                                                   "…",
                                                   ".",
                                                   "!",
                                                   "?",
                                                   ";",
                                                   "，",
                                                   ",",
                                                   " ",
                                                   "\n",
                                                   "　",
                                                   "“",
                                                   "”",
                                                   "「",
                                                   "」",
                                                   "『",
                                                   "』",
                                                   "\"",
                                                   "'",
                                                   "（",
                                                   "）",
                                                   "(",
                                                   ")",
                                                   "[1]",
                                                   "[12][3]",
                                                   "［2］",
                                                   "[",
                                                   "]",
                                                   "《",
                                                   "》",
                                                   "——",
                                                   "http://a.b/c?d=1",
                                                   "他说",
                                                   "表示",
                                                   "Mr.",
                                                   "No.",
                                                   "\U0001F600",
                                                   "é",
                                                   "’",
                                                   "‘",
                                                   "【",
                                                   "】"};
  const unsigned first = 20251209;
  for (unsigned seed = first; seed < first + 600; ++seed) {
    std::mt19937 random(seed);
    std::string text;
    const std::size_t size = 1 + random() % 120;
    for (std::size_t i = 0; i < size; ++i) text += kPieces[random() % kPieces.size()];
    INFO("seed " << seed << ": " << text);
    for (const BlockKind kind : {BlockKind::kParagraph, BlockKind::kBullet, BlockKind::kAnswer}) {
      Article article = article_of(text, kind);
      if (!article.blocks.empty()) article.blocks[0].span = trim_citations(text, article.blocks[0].span);
      if (!article.blocks.empty() && article.blocks[0].span.empty()) article.blocks.clear();
      check_whole(text, article);
    }
  }
}

// Before quotation marks were paired in one pass, an article on one line with many open marks was searched anew from
// each.
TEST_CASE("a text four times as long takes about four times as long") {
  const auto seconds = [](std::string_view unit, std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += unit;
    const Article article = article_of(text);
    double best = 1e9;
    for (int i = 0; i < 3; ++i) {
      const std::clock_t start = std::clock();  // of the processor: other programs do not count
      const auto statements = split_statements(text, article);
      CHECK(statements.size() <= bytes);
      best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
    }
    return best;
  };
  for (const std::string_view unit :
       {"价格在涨，买家在等。", "“没有关上的引号，", "（「『“", "no stop at all ", "[1]", "\"", ". . ", "…", "字"}) {
    INFO(unit);
    // Quadratic work would be 16 times; the bound leaves room for a busy machine.
    CHECK(seconds(unit, 1024 * 1024) < 10 * seconds(unit, 256 * 1024) + 0.05);
  }
}

TEST_CASE("the hash of running text is blind to script and width and splitting") {
  const auto hash = [](std::string_view text, BlockKind kind) {
    return running_text_hash(split_statements(text, article_of(text, kind)));
  };
  CHECK(hash("海关放行芯片。 价格会跌。", BlockKind::kParagraph) ==
        hash("海關放行芯片。價格會跌。[1]", BlockKind::kBullet));
  CHECK(hash("Ｈ２００ 价格", BlockKind::kParagraph) == hash("h200价格", BlockKind::kParagraph));
  CHECK(hash("价格会跌。", BlockKind::kParagraph) != hash("价格会涨。", BlockKind::kParagraph));
  CHECK(running_text_hash({}).none());
}
