#include "engine/claim/rules/revenue_share.h"

#include <algorithm>
#include <array>

#include "engine/claim/trade.h"

namespace annals {
namespace {

enum class Word : Sense {
  kNone,
  kShare,       // 分成, 抽成, a cut: the thing itself
  kPay,         // 上缴, 支付, 抽取: the act, where a government is paid
  kPropose,     // 提出, 拟议
  kAgree,       // 同意, 答应
  kRequire,     // 要求, 需, 条件
  kNotInEffect, // 未生效
  kInEffect,    // 生效, 执行
  kSales,
  kRevenue,
  kProfit,
};

constexpr WordRow row(Word word, std::string_view words) { return {static_cast<Sense>(word), words}; }

constexpr auto kWords = std::to_array<WordRow>({
    row(Word::kNone, "不同意|利润率|毛利率|净利率|市场份额|票房分成|分成两|分成三|分成若干|支付宝|支付方式|销售团队|market share|share price|share prices|per share|shares|cut costs|cut prices|cuts jobs|price cut|rate cut"),
    row(Word::kShare, "分成|抽成|提成|回扣|分润|让利|收入分享|销售分成|佣金|分账|a cut|cut of|share of|revenue share|revenue-sharing|revenue sharing|kickback|slice of|arrangement|percentage of|levy"),
    row(Word::kPay, "上缴|交出|抽走|拿走|分走|要走|收上来|抽取|上交|缴纳|缴付|支付|抽取|收取|征收|提取|交纳|交给|缴给|分给|付给|拿走|pay|pays|paid|paying|hand over|hands over|handed over|collect|collects|collected|give|gives|giving|remit|take|takes|taking|receive|receives|going to|goes to|go to|accepted"),
    row(Word::kPropose, "提出|提议|拟议|建议|方案|设想|proposed|proposes|proposal|propose|floated|suggested"),
    row(Word::kAgree, "同意|答应|接受|达成协议|达成一致|承诺|agreed|agrees|agree|accepted|deal|committed"),
    row(Word::kRequire, "要求|需|须|条件|必须|将|require|requires|required|demand|demanded|demands|must|condition|in exchange|in return|ask|asked|asks"),
    row(Word::kNotInEffect, "尚未落实|尚未写入法规|未形成法规|未生效|没有生效|至今没有生效|还没有生效|尚未生效|没有生效|未能生效|未落地|未执行|未实施|尚未执行|尚未实施|从未生效|并未生效|yet to codify|not codified|not been codified|never codified|yet to be codified|not taken effect|not in effect|never took effect|yet to take effect|not been implemented|never implemented|never been implemented|did not take effect|has not come into force|never came into force"),
    row(Word::kInEffect, "生效|切实执行|正式执行|开始执行|付诸实施|开始收取|已开始缴纳|落实|实施|执行|took effect|takes effect|take effect|in effect|came into force|come into force|implemented|enforced|started paying|began paying|has begun collecting|begun paying"),
    row(Word::kSales, "销售额|销售所得|销售|sales|proceeds"),
    row(Word::kRevenue, "销售收入|收入|营收|营业收入|revenue|revenues"),
    row(Word::kProfit, "利润|收益|盈利|profit|profits|earnings"),
});

bool one_of(const WordHit& hit, std::initializer_list<Word> words) {
  return std::any_of(words.begin(), words.end(), [&](Word word) { return is(hit, word); });
}

class RevenueShare final : public Rule {
 public:
  ClaimType type() const override { return ClaimType::kRevenueShare; }
  std::span<const WordRow> words() const override { return kWords; }

  void read(const Scene& scene, std::vector<Draft>& out) const override {
    const Sentence& sentence = scene.sentence;
    for (const QuantityAt& quantity : sentence.quantities_at()) {
      if (quantity.quantity->kind != QuantityKind::kPercent || quantity.quantity->basis != Basis::kLevel) continue;
      const double percent = quantity.quantity->value;
      if (percent <= 0 || percent > 60) continue;
      read_rate(scene, quantity, out);
    }
  }

 private:
  static const WordHit* near(const Scene& scene, Range in, std::initializer_list<Word> words) {
    for (const WordHit& hit : scene.words())
      if (in.covers(range_of(hit)) && one_of(hit, words)) return &hit;
    return nullptr;
  }

  // Who is paid: a government named in the sentence; the exporting side's, where the article is about its rules.
  static std::optional<EntityRef> payee_of(const Scene& scene, Range whole) {
    const Sentence& sentence = scene.sentence;
    std::optional<EntityRef> found;
    for (const Actor& actor : actors_of(scene))
      if (whole.covers(actor.at) && actor.side == Side::kExporter) {
        const Entity* entity = scene.article.lexicon->find(actor.ref.id);
        if (entity != nullptr && entity->kind == EntityKind::kPerson) continue;
        if (!found || sentence.text(actor.at).find("政府") != std::string_view::npos || sentence.text(actor.at).find("government") != std::string_view::npos) found = actor.ref;
      }
    if (found) {
      // "美国", "the US" in the sentence: its government is meant.
      if (found->id == "usa")
        if (auto government = entity_ref(scene.article, "us_government")) found = EntityRef{government->id, found->text, true};
      return found;
    }
    if (const WordHit* government = sentence.first(Layer::kFrame, FrameCue::kGovernment, whole); government != nullptr) {
      if (auto known = entity_ref(scene.article, "us_government")) return EntityRef{known->id, sentence.original_text(range_of(*government)), true};
    }
    return std::nullopt;
  }

  void read_rate(const Scene& scene, const QuantityAt& quantity, std::vector<Draft>& out) const {
    const Sentence& sentence = scene.sentence;
    const Range clause = sentence.clause_range(quantity.at.begin);
    const Range whole = sentence.sentence_range(quantity.at.begin);
    const WordHit* share = near(scene, clause, {Word::kShare});
    const WordHit* pay = near(scene, clause, {Word::kPay});
    const WordHit* carried = nullptr;
    const std::string_view after = sentence.text({quantity.at.end, clause.end});
    const bool fee = after.starts_with("费用") || after.starts_with("的费用") || after.starts_with(" fee") || after.starts_with(" levy") || after.starts_with("费率");
    if (share == nullptr && pay == nullptr) {
      // "…征收25%的费用，作为分成": the next clause names the thing. 15%费用方案: a fee of that rate.
      carried = near(scene, whole, {Word::kShare});
      if (carried != nullptr && carried->begin > clause.end + 30) carried = nullptr;
      if (carried == nullptr && !fee) return;
    }
    // A fee on goods that cross the border, which a head of government announces, goes to that government.
    const bool at_border = (fee || share != nullptr) && sentence.first(Layer::kFrame, FrameCue::kToChina, whole) != nullptr;
    auto payee = payee_of(scene, whole);
    if (!payee && at_border) {
      const auto actors = actors_of(scene);
      const bool exporter = std::any_of(actors.begin(), actors.end(), [&](const Actor& actor) { return whole.covers(actor.at) && actor.side == Side::kExporter; });
      if (auto government = entity_ref(scene.article, "us_government"); government && exporter) payee = government;
    }
    // 分成 and its like say by themselves that somebody else takes a part; a payment says so only with who is paid.
    if (!payee && !scene.article.about_export && share == nullptr) return;
    // Sales, revenue or the goods themselves: what the rate is of.
    const bool of_sales = at_border || near(scene, whole, {Word::kSales, Word::kRevenue, Word::kProfit}) != nullptr;
    auto goods = goods_of(scene, quantity.at, false, scene.article.about_export);
    // A class ("its chip sales") gives way to the goods that the sentence names besides: "in return for licences for A and B".
    if (!goods.empty() && goods.front().product != nullptr && goods.front().product->kind == EntityKind::kProductClass) {
      std::vector<Goods> named;
      for (const Name& name : sentence.names())
        if (is_product(name.kind) && name.kind != EntityKind::kProductClass && whole.covers(name.at)) named.push_back({&name, name.ref, vendor_of(scene, name)});
      if (!named.empty()) goods = std::move(named);
    }
    if (goods.empty() || (!payee && !scene.article.about_export && (goods.front().product == nullptr || !goods.front().vendor))) return;
    if ((!of_sales && share == nullptr && carried == nullptr && !scene.article.about_export)) return;
    if (pay != nullptr && share == nullptr && !payee && !(scene.article.about_export && of_sales)) return;

    const Range trigger = share != nullptr ? range_of(*share) : pay != nullptr ? range_of(*pay) : carried != nullptr ? range_of(*carried) : quantity.at;
    Stance stance = stance_of(scene, {std::max(trigger.begin, quantity.at.begin), std::max(trigger.end, quantity.at.end)});
    const Stance first = stance_of(scene, {std::min(trigger.begin, quantity.at.begin), std::min(trigger.end, quantity.at.end)});
    stance.past |= first.past;
    stance.negated = false;
    std::string_view status = "required";
    std::string_view rule = "revenue_share/required";
    bool will_acts = true;
    // "…, which never took effect" follows where no other rate comes between.
    const WordHit* void_later = near(scene, {clause.end, whole.end}, {Word::kNotInEffect});
    const bool other_rate = std::any_of(sentence.quantities_at().begin(), sentence.quantities_at().end(), [&](const QuantityAt& other) {
      return other.at.begin > quantity.at.end && whole.covers(other.at) && other.quantity->kind == QuantityKind::kPercent;
    });
    if (near(scene, clause, {Word::kNotInEffect}) != nullptr || (void_later != nullptr && !other_rate)) {
      status = "not_in_effect";
      rule = "revenue_share/not-in-effect";
    } else if (const WordHit* effect = near(scene, clause, {Word::kInEffect}); effect != nullptr) {
      status = "in_effect";
      rule = "revenue_share/in-effect";
      const Stance at_effect = stance_of(scene, range_of(*effect));
      stance.will |= at_effect.will;
      stance.planned |= at_effect.planned;
      will_acts = false;
    } else if (const WordHit* agree = near(scene, clause, {Word::kAgree}); agree != nullptr && (agree->begin < quantity.at.begin || sentence.english())) {
      status = "agreed";
      rule = "revenue_share/agreed";
    } else if (near(scene, clause, {Word::kPropose}) != nullptr && near(scene, clause, {Word::kRequire}) == nullptr) {
      status = "proposed";
      rule = "revenue_share/proposed";
    }

    // "…, and B is treated likewise": the goods of that clause pay the same.
    static constexpr std::string_view kLikewise[] = {"照此", "同样", "一样", "亦然", "亦同", "likewise", "same terms", "the same"};
    for (const Clause& other : sentence.clauses()) {
      if (other.at.begin < clause.end || !whole.covers(other.at)) continue;
      const std::string_view text = sentence.text(other.at);
      if (std::none_of(std::begin(kLikewise), std::end(kLikewise), [&](std::string_view word) { return text.find(word) != std::string_view::npos; })) continue;
      for (const Name& name : sentence.names())
        if (is_product(name.kind) && name.kind != EntityKind::kProductClass && other.at.covers(name.at) &&
            std::none_of(goods.begin(), goods.end(), [&](const Goods& each) { return each.ref.id == name.ref.id; }))
          goods.push_back({&name, name.ref, vendor_of(scene, name)});
    }
    // "…, and the company accepted": beside the demand the deal is made.
    const WordHit* accepted = nullptr;
    if (status == "required")
      for (const WordHit& hit : scene.words())
        if (is(hit, Word::kAgree) && hit.begin >= clause.end && whole.covers(range_of(hit)) && !stance_of(scene, range_of(hit)).negated) accepted = &hit;

    // Several goods under one rate may stand in a later clause: "…15%…，征收对象主要是A和B".
    for (const Goods& each : goods) {
      Draft made = draft(rule, trigger);
      cover(made, quantity.at);
      if (each.product != nullptr && clause.covers(each.product->at)) cover(made, each.product->at);
      Claim& claim = made.claim;
      claim.set("product", each.ref);
      Amount rate;
      rate.value = quantity.quantity->value / 100;
      if (quantity.quantity->high) rate.high = *quantity.quantity->high / 100;
      rate.comparator = quantity.quantity->comparator;
      claim.set("rate", rate);
      claim.set("status", std::string(status));
      if (each.vendor) claim.set("payer", *each.vendor);
      else if (const Name* company = company_before(scene, trigger); company != nullptr) claim.set("payer", company->ref);
      if (payee) claim.set("payee", *payee);
      else if (auto government = entity_ref(scene.article, "us_government"); government && scene.article.about_export) claim.set("payee", *government);
      const WordHit* basis = near(scene, clause, {Word::kSales, Word::kRevenue, Word::kProfit});
      if (basis != nullptr) {
        const std::string_view text = sentence.text(range_of(*basis));
        claim.set("basis", std::string(is(*basis, Word::kRevenue) ? "revenue" : is(*basis, Word::kProfit) && text != "收益" ? "profit" : "sales"));
      }
      const TimeAt* time = time_of(scene, trigger);
      if (time != nullptr) {
        claim.when = when_of(*time->time);
        if (clause.covers(time->at)) cover(made, time->at);
      }
      settle(scene, made, stance, Aspect::kBegins, will_acts);
      made.presupposed = stance.after;
      if (accepted != nullptr && (!each.vendor || company_before(scene, range_of(*accepted)) == nullptr || company_before(scene, range_of(*accepted))->ref.id == each.vendor->id)) {
        Draft deal = made;
        deal.claim.rule = "revenue_share/accepted";
        deal.claim.set("status", std::string("agreed"));
        cover(deal, range_of(*accepted));
        out.push_back(std::move(deal));
      }
      out.push_back(std::move(made));
    }
  }
};

}  // namespace

std::unique_ptr<Rule> make_revenue_share_rule() { return std::make_unique<RevenueShare>(); }

}  // namespace annals
