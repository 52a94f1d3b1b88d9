#include "engine/claim/rules/financing.h"

#include <algorithm>
#include <array>

#include "engine/base/utf8.h"

namespace annals {
namespace {

enum class Word : Sense {
  kNone,
  kRound,       // 天使轮, A轮, Series B
  kFinance,     // 融资, funding
  kPlacement,   // 战略配售, 定增
  kInvestors,   // 投资方, 投资者: names follow
  kLead,        // 领投, led by
  kValuation,   // 估值
  kRaise,       // 募资, raised
};

constexpr WordRow row(Word word, std::string_view words) { return {static_cast<Sense>(word), words}; }

constexpr auto kWords = std::to_array<WordRow>({
    row(Word::kNone, "融资融券|融资利率|融资余额|融资买入|融资成本|融资环境|融资渠道|投资者情绪|估值溢价|估值框架|估值体系|估值水平|融资活跃|融资租赁|再融资|raised its forecast|raised guidance|raised concerns|raised prices|raised its price|raised questions|raised the target|round of talks|first round of"),
    row(Word::kRound, "天使轮|种子轮|pre-a轮|pre-a+轮|pre-b轮|pre-c轮|pre-ipo轮|a轮|a+轮|a1轮|a2轮|b轮|b+轮|b1轮|c轮|c+轮|d轮|d+轮|d1轮|d2轮|c1轮|c2轮|b2轮|e轮|e+轮|f轮|f+轮|g轮|h轮|首轮|最新一轮|新一轮|战略轮|"
                      "series a|series a+|series b|series b+|series c|series d|series e|series f|series g|series h|series i|series j|series k|series l|series d+|series b-1|series b-2|series c-1|series d-1|seed round|angel round|pre-series a|pre-ipo round|seed funding|funding round|financing round|latest round"),
    row(Word::kFinance, "融资|增资|注资|funding|financing|investment round|capital raise|fundraising"),
    row(Word::kPlacement, "战略配售|定向增发|定增|配股|非公开发行|战略投资|可转债|基石投资|private placement|strategic placement|share placement|cornerstone|convertible bonds|follow-on offering"),
    row(Word::kInvestors, "投资方包括|投资方有|投资方为|投资者包括|投资者阵容|战略投资者|投资人包括|股东包括|参与方包括|基石投资者|参投|跟投|investors include|investors included|investors including|backers include|backed by|participation from|with participation"),
    row(Word::kLead, "领投|领衔|联合领投|独家投资|led by|co-led by"),
    row(Word::kValuation, "估值|投后估值|投前估值|valuation|valued at|valuing|values the company"),
    row(Word::kRaise, "募资|募集|融得|筹集|筹资|获投|获得投资|raised|raises|raise|secured|secures|closed|closes"),
});

bool one_of(const WordHit& hit, std::initializer_list<Word> words) {
  return std::any_of(words.begin(), words.end(), [&](Word word) { return is(hit, word); });
}

class Financing final : public Rule {
 public:
  ClaimType type() const override { return ClaimType::kFinancing; }
  std::span<const WordRow> words() const override { return kWords; }

  void read(const Scene& scene, std::vector<Draft>& out) const override {
    const Sentence& sentence = scene.sentence;
    std::uint32_t read_to = 0;
    for (const WordHit& hit : scene.words()) {
      if (hit.begin < read_to) continue;
      const Range clause = sentence.clause_range(hit.begin);
      const bool english = sentence.english();
      if (is(hit, Word::kRound)) {
        // A round of something else (talks, products) is none: money or financing beside it.
        if (near(scene, clause, {Word::kFinance, Word::kValuation, Word::kRaise, Word::kLead}) == nullptr) continue;
        const Range reach = reach_of(scene, clause);
        one(scene, hit, reach, out);
        read_to = clause.end;
      } else if (is(hit, Word::kPlacement)) {
        const Range reach{clause.begin, clause.end};
        if (near(scene, sentence.whole(), {Word::kInvestors, Word::kLead}) == nullptr && money_in(scene, clause, false) == nullptr) continue;
        if (scene.sentence.text(range_of(hit)) == "战略投资" && scene.sentence.text().substr(hit.end).starts_with("者")) continue;
        one(scene, hit, reach, out);
        read_to = clause.end;
      } else if (is(hit, Word::kInvestors) && sentence.text(range_of(hit)).find("战略投资者") != std::string_view::npos) {
        if (investors_after(scene, hit.end, sentence.sentence_range(hit.begin).end).size() < 2) continue;
        one(scene, hit, sentence.sentence_range(hit.begin), out);
        read_to = sentence.sentence_range(hit.begin).end;
      } else if (is(hit, Word::kFinance) || (is(hit, Word::kRaise) && english)) {
        // Money right beside it, and a word that it was got: 完成3亿元融资, raised $300 million.
        const WordHit* round = near(scene, clause, {Word::kRound, Word::kPlacement});
        if (round != nullptr && round->begin != hit.begin) continue;
        if (money_in(scene, clause, true) == nullptr) continue;
        static constexpr std::string_view kGot[] = {"完成", "获得", "获", "宣布", "拿下", "融得", "筹", "raised", "raises", "raise", "secured", "closed", "closes", "secures"};
        const std::string_view text = sentence.text(clause);
        if (std::none_of(std::begin(kGot), std::end(kGot), [&](std::string_view got) { return text.find(got) != std::string_view::npos; })) continue;
        if (english && near(scene, clause, {Word::kFinance, Word::kRound}) == nullptr && near(scene, sentence.sentence_range(hit.begin), {Word::kLead, Word::kValuation, Word::kRound, Word::kInvestors}) == nullptr) continue;
        one(scene, hit, reach_of(scene, clause), out);
        read_to = clause.end;
      }
    }
  }

 private:
  static const WordHit* near(const Scene& scene, Range in, std::initializer_list<Word> words) {
    for (const WordHit& hit : scene.words())
      if (in.covers(range_of(hit)) && one_of(hit, words)) return &hit;
    return nullptr;
  }
  // Clauses behind that go on about the same round: valuation, investors.
  static Range reach_of(const Scene& scene, Range clause) {
    const Sentence& sentence = scene.sentence;
    Range reach = clause;
    for (std::size_t i = sentence.clause_at(clause.begin) + 1; i < sentence.clauses().size(); ++i) {
      const Clause& next = sentence.clauses()[i];
      if (next.sentence != sentence.clauses()[i - 1].sentence) break;
      if (near(scene, next.at, {Word::kRound}) != nullptr) break;
      if (near(scene, next.at, {Word::kValuation, Word::kInvestors, Word::kLead}) == nullptr) break;
      reach.end = next.at.end;
    }
    return reach;
  }
  static const QuantityAt* money_in(const Scene& scene, Range in, bool not_valuation) {
    for (const QuantityAt& quantity : scene.sentence.quantities_at()) {
      if (quantity.quantity->kind != QuantityKind::kMoney || !in.covers(quantity.at)) continue;
      if (not_valuation && valued(scene, quantity)) continue;
      return &quantity;
    }
    return nullptr;
  }
  static bool valued(const Scene& scene, const QuantityAt& quantity) {
    const Range clause = scene.sentence.clause_range(quantity.at.begin);
    for (const WordHit& hit : scene.words())
      if (is(hit, Word::kValuation) && clause.covers(range_of(hit)) && ((hit.end <= quantity.at.begin && quantity.at.begin - hit.end < 36) || (scene.sentence.english() && hit.begin >= quantity.at.end && hit.begin - quantity.at.end < 20))) return true;
    return false;
  }

  // Names after 投资方包括 …, 由…领投, "led by …": split at the marks that join.
  static std::vector<EntityRef> investors_after(const Scene& scene, std::uint32_t begin, std::uint32_t end) {
    const Sentence& sentence = scene.sentence;
    std::vector<EntityRef> found;
    std::vector<Range> pieces;
    std::uint32_t at = begin;
    std::uint32_t piece = begin;
    const auto cut = [&](std::uint32_t to, std::uint32_t next) {
      if (to > piece) pieces.push_back({piece, to});
      piece = next;
    };
    while (at < end) {
      bool joined = false;
      for (const WordHit& hit : sentence.words(Layer::kFrame))
        if (hit.begin == at && is(hit, FrameCue::kAnd) && !inside_name(sentence, at)) {
          cut(at, hit.end);
          at = hit.end;
          joined = true;
          break;
        }
      if (joined) continue;
      const CodePoint c = decode_utf8(sentence.text(), at);
      if (c.value == ',' || (c.value == ' ' && !sentence.english())) cut(at, at + c.length);
      at += c.length;
    }
    cut(end, end);
    for (Range range : pieces) {
      static constexpr std::string_view kHeads[] = {"包括", "由", "以及", "阵容强大", "阵容", "有", "为", "其中", "以", "老股东", "子公司", "by", "include", "including", "from", "the"};
      static constexpr std::string_view kTails[] = {" at a ", " at an ", " in a deal", " to value", "等知名机构", "等机构", "等", "领衔", "领投", "联合领投", "跟投", "参投", "持续加码", "继续跟投", "彰显", "as well", "among others"};
      for (bool moved = true; moved;) {
        moved = false;
        while (!range.empty() && sentence.text()[range.begin] == ' ') ++range.begin, moved = true;
        for (const std::string_view head : kHeads)
          if (sentence.text(range).starts_with(head) && range.size() > head.size()) {
            range.begin += static_cast<std::uint32_t>(head.size());
            moved = true;
          }
        for (const std::string_view tail : kTails)
          if (const std::size_t place = sentence.text(range).find(tail); place != std::string_view::npos) {
            range.end = range.begin + static_cast<std::uint32_t>(place);
            moved = true;
          }
        while (!range.empty() && (sentence.text()[range.end - 1] == ' ' || sentence.text()[range.end - 1] == '.')) --range.end, moved = true;
      }
      const std::size_t length = count_code_points(sentence.text(range));
      if (length < 2 || length > (sentence.english() ? 40U : 20U)) continue;
      const std::string_view text = sentence.text(range);
      if (text.find("融资") != std::string_view::npos || text.find("估值") != std::string_view::npos || text.find("强大") != std::string_view::npos || text.find("完成") != std::string_view::npos || text.find("彰显") != std::string_view::npos) continue;
      EntityRef ref{std::string(text), sentence.original_text(range), false};
      if (const Entity* known = scene.article.lexicon->by_name(ref.text); known != nullptr) ref = {known->id, ref.text, true};
      found.push_back(std::move(ref));
    }
    return found;
  }
  static bool inside_name(const Sentence& sentence, std::uint32_t at) {
    return std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& name) { return name.at.begin < at && at < name.at.end; });
  }

  void one(const Scene& scene, const WordHit& hit, Range reach, std::vector<Draft>& out) const {
    const Sentence& sentence = scene.sentence;
    Draft made = draft("financing/round", range_of(hit));
    Claim& claim = made.claim;
    const Name* company = company_before(scene, range_of(hit));
    Range at{};
    std::optional<EntityRef> who;
    const Range clause = sentence.clause_range(hit.begin);
    if (company != nullptr && clause.covers(company->at)) {
      who = company->ref;
      cover(made, company->at);
      // The investor before 领投 is not the company.
      const std::string_view after = sentence.text().substr(company->at.end);
      if (after.starts_with("领投") || after.starts_with("参与")) who.reset();
    }
    if (!who) {
      const WordHit* frame = sentence.last(Layer::kFrame, FrameCue::kCompany, {clause.begin, hit.begin});
      // 某某有限公司 is a name, 公司 by itself points to one.
      const bool pointed = frame != nullptr && (frame->begin == clause.begin || !sentence.text().substr(0, frame->begin).ends_with("有限"));
      if (!pointed)
        if (auto unknown = unknown_name_before(scene, range_of(hit), &at)) {
          who = unknown;
          cover(made, at);
        }
    }
    if (!who && company != nullptr) who = company->ref;
    // Who is not named here is the company of the article: where 公司 says so, or where there is hardly another.
    if (!who && scene.article.company && !scene.title && (scene.article.company_clear || sentence.last(Layer::kFrame, FrameCue::kCompany, sentence.sentence_range(hit.begin)) != nullptr))
      who = scene.article.company->ref;
    if (!who) return;
    claim.set("company", *who);

    const std::string_view word = sentence.text(range_of(hit));
    const std::string as_written = sentence.original_text(range_of(hit));
    if (is(hit, Word::kRound)) {
      // "latest round" names an event, no round.
      const bool vague = word == "最新一轮" || word == "新一轮" || word == "funding round" || word == "financing round" || word == "latest round";
      claim.set(vague ? "event" : "round", as_written);
    } else if (is(hit, Word::kPlacement)) {
      claim.set("event", as_written);
    } else if (is(hit, Word::kInvestors)) {
      claim.set("event", std::string("战略配售"));
    } else {
      claim.set("event", std::string(sentence.english() ? "funding" : as_written));
    }
    for (const QuantityAt& quantity : sentence.quantities_at()) {
      if (quantity.quantity->kind != QuantityKind::kMoney || !reach.covers(quantity.at)) continue;
      Amount amount{quantity.quantity->value, quantity.quantity->high, quantity.quantity->comparator, quantity.quantity->currency};
      const std::string_view name = valued(scene, quantity) ? "valuation" : "raised";
      if (claim.slot(name) != nullptr) continue;
      // 约合29.7亿美元 says the same sum again.
      const std::string_view lead = sentence.text().substr(0, quantity.at.begin);
      if (lead.ends_with("约合") || lead.ends_with("折合")) continue;
      claim.set(name, amount);
      cover(made, quantity.at);
    }
    std::vector<EntityRef> investors;
    for (const WordHit& each : scene.words()) {
      if (!reach.covers(range_of(each))) continue;
      if (is(each, Word::kInvestors)) {
        for (EntityRef& ref : investors_after(scene, each.end, reach.end)) investors.push_back(std::move(ref));
        made.extent.end = std::max(made.extent.end, reach.end);
      } else if (is(each, Word::kLead)) {
        if (sentence.english()) {
          for (EntityRef& ref : investors_after(scene, each.end, sentence.clause_range(each.begin).end)) investors.push_back(std::move(ref));
        } else if (investors.empty()) {
          const Range its = sentence.clause_range(each.begin);
          const std::size_t by = sentence.text({its.begin, each.begin}).rfind("由");
          const std::uint32_t from = by != std::string_view::npos ? static_cast<std::uint32_t>(its.begin + by) : its.begin;
          if (by != std::string_view::npos || its.begin != clause.begin)
            for (EntityRef& ref : investors_after(scene, from, each.begin)) investors.push_back(std::move(ref));
        }
      }
    }
    std::vector<EntityRef> once;
    for (EntityRef& ref : investors)
      if (ref.id != who->id && std::none_of(once.begin(), once.end(), [&](const EntityRef& each) { return each.id == ref.id; })) once.push_back(std::move(ref));
    if (!once.empty()) claim.set("investors", once);
    Stance stance = stance_of(scene, range_of(hit));
    set_when(scene, made);
    if (stance.negated) stance.denied = true;
    // A date "by" which a round was done is the date that is known of it.
    if (claim.when && claim.when->iso.starts_with("../")) {
      if (auto plain = parse_when(claim.when->iso.substr(3))) claim.when = *plain;
    }
    settle(scene, made, stance, Aspect::kBegins);
    out.push_back(std::move(made));
  }
};

}  // namespace

std::unique_ptr<Rule> make_financing_rule() { return std::make_unique<Financing>(); }

}  // namespace annals
