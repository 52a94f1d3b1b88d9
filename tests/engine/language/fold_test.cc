// Goal: what is the same to a reader is the same after folding, and what is found keeps its place in the original
// bytes. Method: examples, OpenCC in both directions over real words, and random texts made of the characters that
// matter.
#include <rapidcheck.h>
#include <catch2/catch.hpp>
#include <opencc/SimpleConverter.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "engine/base/utf8.h"
#include "engine/language/fold.h"

using annals::ByteSpan;
using annals::fold;
using annals::FoldedText;

namespace {

// Characters of every way of folding: kept, same length, shorter, dropped, blank, beyond the basic plane.
const std::vector<std::string> kParts = {"中", "國", "体", "體", "A",          "z",  "9",        "Ａ",  "，",     "。",
                                         "「", "』", " ",  "\t", "\n",         "　", "\xC2\xA0", "​", "\uFEFF", "﹐",
                                         "’",  "–",  "É",  "ß",  "\U0001F600", "𠀀", "裏",       "裡",  "著",     "㈱",
                                         "％", "é",  "n",  "計", "畫",         "甚", "麼"};

std::string random_text(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(parts))) text += part;
  return text;
}

std::string read_file(const std::filesystem::path& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

}  // namespace

TEST_CASE("Traditional and Simplified fold to one") {
  CHECK(fold("輝達晶片出口管制") == "辉达晶片出口管制");
  CHECK(fold("聯準會") == fold("联准会"));
  CHECK(fold("台灣") == fold("臺灣"));
  CHECK(fold("裏") == fold("裡"));
  CHECK(fold("説爲衞") == fold("说为卫"));
  CHECK(fold("隨著") == fold("随着"));
  CHECK(fold("計畫和畫面") == "计划和画面");
  CHECK(fold("甚麼、回覆、覆蓋、擡頭") == "什么、回复、覆盖、抬头");
  CHECK(fold("羣眾峯會") == fold("群众峰会"));
}

TEST_CASE("width case quotes and blanks fold to one form") {
  CHECK(fold("Ａ股，Ｈ２０（芯片）：５０％；！？") == "a股,h20(芯片):50%;!?");
  CHECK(fold("NVIDIA Ｎvidia ÉCOLE") == "nvidia nvidia école");
  CHECK(fold("「禁令」『解除』") == fold("“禁令”‘解除’"));
  CHECK(fold("China’s and ‘its’") == "china's and ‘its’");
  CHECK(fold("a　\t\n  b") == "a b");
  CHECK(fold("H\u200B20\uFEFF芯\u00AD片") == "h20芯片");
  CHECK(fold("a \u200B b") == "a b");
  CHECK(fold("2024–25 ―― 唐納德‧川普") == "2024-25 —— 唐纳德·川普");
  CHECK(fold("〈評論〉") == "《评论》");
  CHECK(fold("\u2F08\uFA0C") == fold("人兀"));
  CHECK(fold("。、《》【】——…·") == "。、《》【】——…·");
}

TEST_CASE("folded places lead back to the bytes they came from") {
  const std::string original = "見：　 Ｈ２００\u200B晶片";
  const FoldedText folded(original);
  REQUIRE(folded.text() == "见: h200晶片");
  const auto source = [&](std::string_view part) {
    const auto at = folded.text().find(part);
    return std::string(folded.original({at, at + part.size()}).of(original));
  };
  CHECK(source("见") == "見");
  CHECK(source(":") == "：");
  CHECK(source(" ") == "　 ");
  CHECK(source("h200") == "Ｈ２００");
  CHECK(source("200") == "２００");
  CHECK(source("h200晶片") == "Ｈ２００\u200B晶片");
  CHECK(source("晶") == "晶");
  CHECK(folded.folded(original.find("Ｈ")) == folded.text().find('h'));
  CHECK(folded.folded(original.find("\u200B")) == folded.text().find("晶"));
  CHECK(folded.folded(original.size()) == folded.text().size());
  CHECK(folded.original({1, 2}) == ByteSpan{0, 3});  // inside a character: the whole of it
  CHECK(FoldedText("").original({0, 0}) == ByteSpan{0, 0});
  CHECK(FoldedText("\uFEFF").original({0, 0}) == ByteSpan{3, 3});
}

TEST_CASE("folding twice is folding once and never lengthens") {
  CHECK(rc::check("fold(fold(x)) == fold(x)", [] {
    auto parts = kParts;
    parts.insert(parts.end(), {"\xFF", "\xE4\xB8"});  // and bytes that are not UTF-8
    const std::string text = random_text(parts);
    RC_ASSERT(fold(fold(text)) == fold(text));
    RC_ASSERT(fold(text).size() <= text.size());
    RC_ASSERT(FoldedText(text).text() == fold(text));
  }));
  for (char32_t c = 1; c < 0x30000; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string one;
    annals::append_utf8(one, c);
    const std::string folded = fold(one);
    if (fold(folded) != folded || folded.size() > one.size()) FAIL_CHECK("U+" << std::hex << static_cast<unsigned>(c));
  }
}

TEST_CASE("every folded byte lies inside the original bytes that fold to it") {
  CHECK(rc::check("spans are whole, ordered and fold back", [] {
    const std::string text = random_text(kParts);
    const FoldedText folded(text);
    std::uint64_t behind = 0;
    for (std::size_t at = 0; at < folded.text().size();) {
      const auto length = annals::decode_utf8(folded.text(), at).length;
      const ByteSpan span = folded.original({at, at + length});
      RC_ASSERT(span.begin >= behind);
      RC_ASSERT(span.begin < span.end);
      RC_ASSERT(span.end <= text.size());
      const std::string alone = fold(span.of(text));
      const std::string here = folded.text().substr(at, length);
      RC_ASSERT(alone == here || here == "'" || here == "划" || here == "什");  // what its neighbours decide
      RC_ASSERT(folded.folded(span.begin) == at);
      behind = span.end;
      at += length;
    }
    // Longer stretches are the sum of their characters.
    if (!folded.text().empty()) {
      const ByteSpan whole = folded.original({0, folded.text().size()});
      RC_ASSERT(whole.end == behind);
      RC_ASSERT(folded.folded(text.size()) == folded.text().size());
    }
  }));
}

// OpenCC's phrase converters are the judge: whichever Traditional spelling they choose, folding must lead back to one
// form.
TEST_CASE("a Simplified text and its Traditional spellings by OpenCC fold to one") {
  const std::vector<std::string> texts = {
      "美国商务部宣布允许向中国出口人工智能芯片，但须逐案审查。",
      "公司拟于科创板上市，发行价为每股一百一十四元。",
      "头发、理发店与出发；面条和表面；皇后与以后；干燥、干部与乾坤；里面、公里；台湾、舞台、台风。",
      "联储局主席称通胀仍处于高位，着手缩减购债。",
      "吃饭、群众、高峰、污染、嘴唇、踊跃、嫩绿、啓动、才能、核实、秘书、痴迷、皂角。",
      "云端运算、软件、芯片组、后台、复杂、恢复、重复、钟表、一见钟情。"};
  for (const char* config : {"s2t.json", "s2tw.json", "s2hk.json"}) {
    const opencc::SimpleConverter converter(config);
    for (const auto& text : texts) CHECK(fold(converter.Convert(text)) == fold(text));
  }
}

TEST_CASE("real Traditional articles fold as OpenCC converts them") {
  const std::filesystem::path archive = std::filesystem::path(ANNALS_SOURCE_DIR) / "../shared/corpus/archive-hant";
  if (!std::filesystem::exists(archive)) {
    WARN("no archive to read: skipped");
    return;
  }
  const opencc::SimpleConverter to_simplified("t2s.json");
  const opencc::SimpleConverter to_traditional("s2t.json");
  // Prints the places instead of two whole articles.
  const auto first_difference = [](const std::string& left, const std::string& right) {
    const auto [a, b] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
    if (a == left.end() && b == right.end()) return std::string();
    const auto at = static_cast<std::size_t>(a - left.begin());
    const auto from = at < 30 ? 0 : at - 30;
    return left.substr(from, 60) + " / " + right.substr(from, 60);
  };
  std::size_t texts = 0;
  for (const auto& entry : std::filesystem::directory_iterator(archive)) {
    if (++texts > 150) break;
    const std::string text = read_file(entry.path());
    const std::string ours = fold(text);
    INFO(entry.path().filename());
    // OpenCC knows phrases too (乾坤 keeps its 乾): folding merges more, never less.
    CHECK(first_difference(fold(to_simplified.Convert(text)), ours) == "");
    CHECK(first_difference(fold(to_traditional.Convert(to_simplified.Convert(text))), ours) == "");
  }
  CHECK(texts > 100);
}
