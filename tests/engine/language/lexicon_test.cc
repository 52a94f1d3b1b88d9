// Goal: names are found where a reader sees them and nowhere else, and a user's file changes what it says and no more.
// Method: mentions printed as "id(text)", look-ups in all spellings, files that are wrong in one place each, and the
// shipped data held to what the rest of the engine takes for granted.
#include <catch2/catch.hpp>
#include <opencc/SimpleConverter.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "engine/language/lexicon.h"
#include "engine/language/lexicon_file.h"

using annals::Entity;
using annals::EntityKind;
using annals::fold;
using annals::FoldedText;
using annals::Lexicon;

namespace {

std::string mentions(const Lexicon& lexicon, const std::string& text) {
  std::string out;
  for (const auto& mention : lexicon.mentions(FoldedText(text))) {
    CHECK(mention.span.of(text) == mention.text);
    out += (out.empty() ? "" : " ") + mention.id + "(" + mention.text + ")";
  }
  return out;
}
std::string mentions(const std::string& text) { return mentions(Lexicon::builtin(), text); }

std::string id_of(const Lexicon& lexicon, std::string_view name) {
  const Entity* entity = lexicon.by_name(name);
  return entity == nullptr ? "" : entity->id;
}

std::string error_of(std::string_view yaml) {
  const auto result = Lexicon::with(Lexicon::builtin(), yaml, "user.yaml");
  return result ? "" : result.error().message;
}

}  // namespace

TEST_CASE("names stand at word borders") {
  CHECK(mentions("英伟达H200芯片") == "nvidia(英伟达) h200(H200芯片)");
  CHECK(mentions("H200, (H200) and H200s") == "h200(H200) h200(H200) h200(H200)");
  CHECK(mentions("H2000 XH200 H200x") == "");
  CHECK(mentions("GH200和GB200") == "gh200(GH200) gb200(GB200)");
  CHECK(mentions("MI308与MI300X") == "mi308(MI308) mi300x(MI300X)");
  CHECK(mentions("version 4.5 of GPT-4.57") == "");
  CHECK(mentions("see nvidia.com/h20.html") == "");
  CHECK(mentions("NVIDIA's plan") == "nvidia(NVIDIA)");
  CHECK(mentions("GB300芯片、Blackwell GPUs、MI308系列芯片") ==
        "gb300(GB300芯片) blackwell(Blackwell GPUs) mi308(MI308系列芯片)");
  CHECK(mentions("HBM4芯片和HBM芯片") == "hbm4(HBM4芯片) hbm(HBM芯片)");
  CHECK(mentions("Blackwell chipset") == "blackwell(Blackwell)");
  CHECK(mentions("") == "");
}

TEST_CASE("the longest name wins") {
  CHECK(mentions("美国商务部工业与安全局") == "bis(美国商务部工业与安全局)");
  CHECK(mentions("美国商务部长") != "");
  CHECK(mentions("RTX PRO 6000D") == "rtx_pro_6000d(RTX PRO 6000D)");
  CHECK(mentions("昇腾910C与昇腾 910B") == "ascend_910c(昇腾910C) ascend_910b(昇腾 910B)");
  CHECK(mentions("Blackwell Ultra") == "blackwell_ultra(Blackwell Ultra)");
}

TEST_CASE("both scripts full width and any case give the same names") {
  CHECK(mentions("輝達的Ｈ２０晶片") == "nvidia(輝達) h20(Ｈ２０晶片)");
  CHECK(mentions("川普與黃仁勳") == "trump(川普) jensen_huang(黃仁勳)");
  CHECK(mentions("崑崙芯") == "kunlunxin(崑崙芯)");
  CHECK(mentions("nvidia") == "nvidia(nvidia)");
  const opencc::SimpleConverter to_traditional("s2t.json");
  for (const Entity& entity : Lexicon::builtin().all()) {
    for (const auto& alias : entity.aliases) {
      const Entity* found = Lexicon::builtin().by_name(to_traditional.Convert(alias));
      if (found == nullptr || found != Lexicon::builtin().by_name(alias)) FAIL_CHECK(entity.id << ": " << alias);
    }
  }
}

TEST_CASE("capitals decide where the data says so") {
  CHECK(mentions("the US told us") == "usa(US)");
  CHECK(mentions("Meta and a meta analysis") == "meta(Meta)");
  CHECK(mentions("who asked the WHO") == "who(WHO)");
}

TEST_CASE("context decides where a name alone would not do") {
  CHECK(mentions("对华出口") == "china(华)");
  CHECK(mentions("对华为的限制") == "huawei(华为)");
  CHECK(mentions("三星级酒店") == "");
  CHECK(mentions("三星的存储部门") == "samsung(三星)");
  CHECK(mentions("阿里山与阿里云") == "alibaba_cloud(阿里云)");
  CHECK(mentions("喝苹果汁，用苹果产品") == "apple(苹果)");
  CHECK(mentions("数字500和950") == "");
}

TEST_CASE("blanks and hyphens between letters and digits do not matter") {
  for (const char* name : {"RTX 5090", "RTX5090", "RTX-5090", "rtx 5090"})
    CHECK(id_of(Lexicon::builtin(), name) == "rtx_5090");
  CHECK(annals::spellings("埃隆·马斯克").size() == 5);
  CHECK(annals::spellings("H20") == std::vector<std::string>{"H20"});
}

TEST_CASE("tickers are names") {
  for (const char* name : {"NVDA", "NVDA.O", "$NVDA"}) CHECK(id_of(Lexicon::builtin(), name) == "nvidia");
  for (const char* name : {"0700.HK", "00700.HK", "700.HK", "HK0700", "HK:00700"})
    CHECK(id_of(Lexicon::builtin(), name) == "tencent");
  CHECK(mentions("寒武纪（688256）") == "cambricon(寒武纪) cambricon(688256)");
  CHECK(mentions("688256人到场") == "");
  CHECK(annals::ticker_names("腾讯").empty());
}

TEST_CASE("look-ups know ids weak names and canonical names") {
  const Lexicon& lexicon = Lexicon::builtin();
  CHECK(id_of(lexicon, "us_commerce") == "us_commerce");
  CHECK(id_of(lexicon, "H20") == "h20");
  CHECK(id_of(lexicon, " h20 ") == "h20");
  CHECK(id_of(lexicon, "US Commerce") == "us_commerce");
  CHECK(id_of(lexicon, "科創板") == "sse_star");
  CHECK(id_of(lexicon, "no such thing").empty());
  CHECK(lexicon.by_name("") == nullptr);
  CHECK(lexicon.find("h2000") == nullptr);
}

TEST_CASE("families lead upwards") {
  const Lexicon& lexicon = Lexicon::builtin();
  CHECK(lexicon.ancestors("h200") == std::vector<std::string>{"hopper", "ai_chips", "related_products"});
  CHECK(lexicon.ancestors("gb300") == std::vector<std::string>{"blackwell_ultra", "blackwell", "ai_chips", "related_products"});
  CHECK(lexicon.ancestors("nothing").empty());
  CHECK(lexicon.find("b200")->inherits_rules);
  CHECK_FALSE(lexicon.find("rtx_pro_6000d")->inherits_rules);
  CHECK(lexicon.find("h20")->vendor == "nvidia");
}

TEST_CASE("the shipped data is whole") {
  const Lexicon& lexicon = Lexicon::builtin();
  std::size_t names = 0;
  for (const Entity& entity : lexicon.all()) {
    INFO(entity.id);
    names += entity.aliases.size();
    CHECK_FALSE(entity.name.empty());
    if (entity.family) CHECK(lexicon.find(*entity.family) != nullptr);
    if (entity.vendor) CHECK(lexicon.find(*entity.vendor) != nullptr);
    CHECK(lexicon.ancestors(entity.id).size() < 6);
    for (const auto& alias : entity.aliases) CHECK(lexicon.by_name(alias) != nullptr);
    if (entity.kind == EntityKind::kCountry) CHECK(entity.country);
  }
  CHECK(lexicon.all().size() >= 1500);
  CHECK(names >= 5000);
  // Ids that other parts and stored events rely on.
  for (const char* id : {"h20",      "h200",          "b200",    "b30a",          "mi308",
                         "hopper",   "blackwell",     "rubin",   "ai_chips",      "related_products",
                         "nvidia",   "amd",           "intel",   "huawei",        "kunlunxin",
                         "metax",    "moore_threads", "biren",   "enflame",       "cambricon",
                         "iluvatar", "baidu",         "tencent", "us_government", "us_commerce",
                         "bis",      "china_customs", "trump",   "jensen_huang",  "hkex",
                         "sse_star", "szse_chinext",  "nasdaq",  "china",         "usa",
                         "hong_kong"}) {
    CHECK(lexicon.find(id) != nullptr);
  }
}

TEST_CASE("English words are not names") {
  // Words of everyday sentences; a name that is one of them needs capitals or a context.
  CHECK(mentions("it is a target for us to open an arrow or a notion of line and stream, who may claim the credit, on "
                 "a steam ship in a zoom") == "");
  CHECK(mentions("the block was an on semi ripple now in a strange group app, an arm and a leg, will they snap or grab "
                 "a sharp slack") == "");
}

TEST_CASE("a user's file adds entities and names") {
  const auto user = Lexicon::with(Lexicon::builtin(), R"(
- kind: product
  vendor: acme
  entities:
    acme_x1: [X1芯片, Acme X1]
- kind: company
  country: cn
  entities:
    acme: {name: Acme, aliases: [极点科技], tickers: [688999.SH]}
- entities:
    h20: [小H]
    h200: {tags: [watched], inherits_rules: false}
)",
                                  "user.yaml");
  REQUIRE(user.ok());
  CHECK(mentions(*user, "極點科技的Acme X1與小H") == "acme(極點科技) acme_x1(Acme X1) h20(小H)");
  CHECK(id_of(*user, "688999.SH") == "acme");
  CHECK(user->find("h20")->name == "H20");
  CHECK(user->find("h200")->tagged("watched"));
  CHECK_FALSE(user->find("h200")->inherits_rules);
  CHECK(user->version() != Lexicon::builtin().version());
  CHECK(user->version().size() == 16);
  CHECK(mentions("小H") == "");
}

TEST_CASE("a user's name takes the place of the shipped one") {
  const auto user =
      Lexicon::with(Lexicon::builtin(), "- kind: company\n  entities:\n    other_honor: [辉达]\n", "user.yaml");
  REQUIRE(user.ok());
  CHECK(id_of(*user, "輝達") == "other_honor");
  CHECK(id_of(*user, "英伟达") == "nvidia");
}

TEST_CASE("what is wrong in a file is said with its line and column") {
  CHECK(error_of("- kind: company\n  entities:\n    Acme: [Acme]\n") ==
        "user.yaml:3:5: expected an id of a-z, 0-9 and _, found 'Acme'");
  CHECK(error_of("- kind: planet\n  entities:\n    mars: [Mars]\n")
            .starts_with("user.yaml:1:9: expected a kind (company, product, "));
  CHECK(error_of("kind: company\n").starts_with("user.yaml:1:1: expected a list of groups"));
  CHECK(error_of("- kind: company\n  entities:\n    acme: {nome: Acme}\n")
            .starts_with("user.yaml:3:12: expected name, aliases, exact"));
  CHECK(error_of("- kind: company\n  entities:\n    acme: {name: Acme, inherits_rules: maybe}\n") ==
        "user.yaml:3:40: expected true or false, found 'maybe'");
  CHECK(error_of("- kind: company\n  entities:\n    acme: {name: Acme, country: usa}\n")
            .starts_with("user.yaml:3:33: expected a country code of two small letters"));
  CHECK(
      error_of("- kind: company\n  entities:\n    acme: [Acme\n").starts_with("user.yaml:4:1: expected YAML, found: "));
  CHECK(error_of("- kind: company\n  entities:\n    acme: [Acme]\n    acme: [Acme]\n") ==
        "user.yaml:4:5: 'acme' is given twice");
  CHECK(error_of("- kind: company\n  entities:\n    acme: {name: Acme, family: nowhere}\n") ==
        "user.yaml:3:5: expected the id of an entity as family of 'acme', found 'nowhere'");
  CHECK(error_of("- kind: company\n  entities:\n    acme: [Acme]\n    bcme: [ACME]\n") ==
        "user.yaml:4:5: the name 'ACME' of 'bcme' belongs to 'acme' already (user.yaml:3:5)");
  CHECK(error_of("- entities:\n    acme: [Acme]\n") ==
        "user.yaml:2:5: expected a kind for the new entity 'acme', found none");
  CHECK(error_of("- kind: family\n  entities:\n    fa: {name: Fa1, family: fb}\n    fb: {name: Fb1, family: fa}\n") ==
        "user.yaml:3:5: the families of 'fa' run in a circle");
  CHECK(error_of("- kind: company\n  entities:\n    acme: {name: Acme, tickers: [no code]}\n")
            .starts_with("user.yaml:3:34: expected a ticker"));
  CHECK(error_of("- kind: company\n  entities:\n    acme: {name: Acme, context: [{text: A}]}\n")
            .starts_with("user.yaml:3:34: expected a context"));
  CHECK(error_of("").empty());
}

TEST_CASE("names with a context may be shared and the context decides") {
  const auto user = Lexicon::with(Lexicon::builtin(), R"(
- kind: company
  entities:
    dawn_cars: {name: Dawn Cars, context: [{text: 曙光, near: [汽车]}]}
    dawn_labs: {name: Dawn Labs, context: [{text: 曙光, near: [药]}]}
)",
                                  "user.yaml");
  REQUIRE(user.ok());
  CHECK(mentions(*user, "曙光的新药") == "dawn_labs(曙光)");
  CHECK(mentions(*user, "曙光的汽车") == "dawn_cars(曙光)");
  CHECK(mentions(*user, "曙光初现") == "");
}

TEST_CASE("the compiled form keeps everything") {
  const auto parsed = annals::parse_lexicon(R"(
- kind: product
  tags: [a]
  entities:
    p1: {name: P1, exact: [PP], weak: [w], tickers: [NVDA], context: [{text: 某, after: [前], before: [后], not_after: [左], not_before: [右], near: [近], exact: true}]}
)",
                                            "f.yaml");
  REQUIRE(parsed.ok());
  const auto again = annals::decode_lexicon(annals::encode_lexicon(*parsed));
  REQUIRE(again.size() == 1);
  CHECK(again[0].names == (*parsed)[0].names);
  CHECK(again[0].entity.tags == (*parsed)[0].entity.tags);
  CHECK(again[0].entity.tickers == (*parsed)[0].entity.tickers);
  CHECK(again[0].entity.kind == EntityKind::kProduct);
}
