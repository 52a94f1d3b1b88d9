#include "engine/claim/rules/export_control.h"

#include <algorithm>
#include <array>

#include "engine/claim/trade.h"

namespace annals {
namespace {

enum class Word : Sense {
  kNone,
  kAllow,      // 允许, 批准, approved: takes its goods after it
  kCleared,    // 获批, 解禁: said of the goods, which stand before it
  kBan,        // 禁止, 限制: an act
  kBanNoun,    // 禁令, 管制: a state
  kExclude,    // 除外, 不包括: of what is not allowed
  kNotAmong,   // 不在…范畴: likewise, when a list is named after it
  kList,       // 范畴, 之列
  kLicence,    // 许可证
  kIssue,      // 发放, 获得
  kAwait,      // 申请, 等待
  kRequire,    // 需, 要求, 才能
  kDiscuss,    // 考虑, 讨论
  kApply,      // 适用于: the rule reaches others
  kLimitTo,    // 仅限于: the rule reaches these only
  kEligible,   // 有资格
  kSettle,     // 落地, 审批: what an office still has to do
  kTrade,      // 出口, 销售: what it is about
  kWish,       // 游说, 希望: what somebody wants is no rule
};

constexpr WordRow row(Word word, std::string_view words) { return {static_cast<Sense>(word), words}; }

constexpr auto kWords = std::to_array<WordRow>({
    row(Word::kNone, "耳放|播放|释放|投放|存放|摆放|排放|管制上限|出口管制上限|同意放开|同意放行|予以放行|同意批准|限售股|限制性股票|性能限制|限制条件|限制性条件|解禁市值|解禁高峰|股解禁|限售股解禁|许可费|许可协议|开放平台|开放平臺|开放式|开放选项|开放了选项|"
                     "出口额|出口量|进出口|开放源|对外开放|改革开放|产能限制|供应限制|批准上市|获批上市|恢复订单|销售额|销售收入|销售所得|销售价格|销售模式|销售团队|平均销售|"
                     "恢复封装|开放生态|禁止通行|公开禁止|认证许可|允许企业|sales revenue|export sales|in sale"),
    row(Word::kAllow, "取消|暂停|中止|暂缓|suspend|suspends|suspended|允许|批准|放开|放宽|准许|松绑|开放|解除|恢复|重启|解冻|开绿灯|放松|"
                      "allow|allows|allowed|allowing|approve|approves|approved|approving|approval|permit|permits|permitted|permitting|clear|clears|cleared|greenlight|greenlights|"
                      "greenlit|green-lit|lift|lifts|lifted|ease|eases|eased|resume|resumes|resumed|authorize|authorizes|authorized|authorised|let|lets|opened"),
    row(Word::kCleared, "获批|获准|解禁|被允许|被批准|得到批准|重获批准|was approved|were approved|been approved|been cleared|been allowed|won approval|wins approval|gets approval|got approval"),
    row(Word::kBan, "禁止|被禁止|遭禁止|被禁|遭禁|禁运|禁售|封禁|断供|封锁|限制|停售|不得|不准|不许|不允许|禁掉|列入实体清单|收紧|"
                    "ban exports|ban the export|ban sales|ban the sale|ban shipments|ban the shipment|prohibit|prohibits|prohibited|prohibiting|bar|bars|barred|block|blocks|blocked|restrict|restricts|restricted|restricting|curb|curbs|curbed|halt|halts|halted|outlaw|outlawed|banned|bans|"
                    "banning|tightened|tightens|blacklisted"),
    row(Word::kBanNoun, "禁令|管制|出口管制|出口禁令|出口限制|销售禁令|管控|制裁|a ban|the ban|export ban|export bans|export curbs|export controls|export restrictions|restrictions|embargo|off limits|off-limits"),
    row(Word::kExclude, "不包括|除外|不包含|未获批|未获准|未被批准|排除在外|不被允许|不在获批|不适用于|excluded|excludes|excluding|not included|not covered|not cover|does not cover|do not cover|not eligible|not allowed|not permitted|except|except for|remain barred|remains barred|stay barred|does not apply|do not apply"),
    row(Word::kNotAmong, "不在|不属于|不列入|not among|not on|not part of|outside"),
    row(Word::kList, "范畴|范围|之列|名单|行列|清单|list|scope"),
    row(Word::kLicence, "许可证|出口许可证|出口许可|许可|执照|牌照|license|licenses|licence|licences|export license|export licenses|export licence|export licences|licensing"),
    row(Word::kIssue, "发放|颁发|签发|获得|取得|收到|拿到|下发|授予|核发|获发|获颁|发出|发给|批下来|批出|批下|核准|领到|issue|issued|issues|issuing|grant|granted|grants|granting|obtained|received|secured|won|handed out|given"),
    row(Word::kAwait, "等待|待批|审批中|尚待|有待|awaiting|await|pending|waiting for|awaits"),
    row(Word::kRequire, "需|须|必须|要求|才能|方可|才可|需要|条件|应当|require|requires|required|requiring|requirement|need|needs|needed|must|condition|without"),
    row(Word::kDiscuss, "考虑|讨论|研究|权衡|商讨|磋商|评估|探讨|审议|谈判|斟酌|weigh|weighs|weighing|consider|considers|considering|discuss|discusses|discussed|discussing|discussions|debate|debating|mull|mulls|mulling|in talks|talks|studying|reviewing"),
    row(Word::kApply, "适用于|同样适用|适用同样|适用同一|也适用|适用相关规则|适用该规则|一视同仁|同样待遇|扩大到|applies to|apply to|applied to|extend to|extends to|extended to|also applies|same approach|same terms"),
    row(Word::kLimitTo, "仅限于|仅限|只限于|只限|仅向|限于|limited to|only to|restricted to"),
    row(Word::kEligible, "有资格|资格|可申请|eligible"),
    row(Word::kSettle, "落地执行|落地|执行|实施细则|细则|审批|签署|批准|最终确定|点头|放行|finalise|finalize|finalizing|sign off|implement|final approval|write the rules|write rules|the rules|act"),
    row(Word::kTrade, "出口|销售|出售|售往|卖给|交付|供货|供应|发货|售卖|运往|销往|直销|向中国|对华|export|exports|exporting|sell|sells|selling|sale|sales|ship|ships|shipping|shipments|shipment|deliver|deliveries"),
    row(Word::kWish, "游说|劝说|呼吁|敦促|请求|推动|希望|希冀|反对|担忧|担心|害怕|lobby|lobbies|lobbied|lobbying|urge|urged|urges|call for|called for|calls for|hope|hopes|hoping|want|wants|wanted|fear|fears"),
});

bool one_of(const WordHit& hit, std::initializer_list<Word> words) {
  return std::any_of(words.begin(), words.end(), [&](Word word) { return is(hit, word); });
}

class ExportControl final : public Rule {
 public:
  ClaimType type() const override { return ClaimType::kExportControl; }
  std::span<const WordRow> words() const override { return kWords; }

  void read(const Scene& scene, std::vector<Draft>& out) const override {
    for (const WordHit& hit : scene.words()) {
      const Range clause = scene.sentence.clause_range(hit.begin);
      switch (static_cast<Word>(hit.sense)) {
        case Word::kAllow: case Word::kCleared: allow(scene, hit, clause, out); break;
        case Word::kBan: case Word::kBanNoun: ban(scene, hit, clause, out); break;
        case Word::kExclude: exclude(scene, hit, clause, out); break;
        case Word::kNotAmong:
          if (near(scene, {hit.end, clause.end}, {Word::kList, Word::kCleared, Word::kAllow}) != nullptr) exclude(scene, hit, clause, out);
          break;
        case Word::kLicence: licence(scene, hit, clause, out); break;
        case Word::kDiscuss: discuss(scene, hit, clause, out); break;
        case Word::kApply: apply(scene, hit, clause, out); break;
        case Word::kLimitTo: limit(scene, hit, clause, out); break;
        case Word::kSettle: settle_office(scene, hit, clause, out); break;
        default: break;
      }
    }
  }

 private:
  static const WordHit* near(const Scene& scene, Range in, std::initializer_list<Word> words) {
    for (const WordHit& hit : scene.words())
      if (in.covers(range_of(hit)) && one_of(hit, words)) return &hit;
    return nullptr;
  }
  // What somebody lobbies for or fears is not the rule.
  static bool wished(const Scene& scene, const WordHit& hit) {
    const Range clause = scene.sentence.clause_range(hit.begin);
    if (near(scene, {clause.begin, hit.begin}, {Word::kWish}) != nullptr) return true;
    const Range whole = scene.sentence.sentence_range(hit.begin);
    const WordHit* wish = near(scene, {whole.begin, hit.begin}, {Word::kWish});
    return wish != nullptr && hit.begin - wish->end < 90 && actor_of(scene, range_of(hit), true).side != Side::kExporter;
  }

  // One claim for each of the goods and destinations.
  void emit(const Scene& scene, std::string_view rule, const WordHit& hit, std::string_view status, const Stance& stance, Aspect standing,
            bool after_first, bool from_article, bool will_acts, std::vector<Draft>& out, Range extent = {}) const {
    const Range trigger = range_of(hit);
    auto goods = goods_of(scene, trigger, after_first, from_article);
    // A bare class ("chips") says something about a rule only where somebody who makes rules, or a border, is named.
    const Actor actor = actor_of(scene, trigger);
    const auto destinations = destinations_of(scene, trigger);
    const std::string condition = condition_of(scene, trigger);
    for (const Goods& each : goods) {
      std::vector<std::optional<EntityRef>> places;
      for (const EntityRef& destination : destinations) places.emplace_back(destination);
      // What leaves China goes anywhere, unless a place is named.
      if (places.empty() && exports_of_china(scene)) places.emplace_back(EntityRef{"world", scene.sentence.english() ? "other countries" : "其他国家", false});
      if (places.empty()) places.emplace_back(std::nullopt);
      for (const auto& place : places) {
        Draft made = draft(rule, trigger);
        if (!extent.empty()) cover(made, extent);
        if (each.product != nullptr) cover(made, each.product->at);
        made.claim.set("product", each.ref);
        if (place) made.claim.set("destination", *place);
        made.claim.set("status", std::string(status));
        if (actor.side == Side::kExporter) {
          made.claim.set("authority", actor.ref);
          if (scene.sentence.clause_range(trigger.begin).covers(actor.at)) cover(made, actor.at);
        }
        if (each.vendor) made.claim.set("vendor", *each.vendor);
        if (!condition.empty() && status != "banned") made.claim.set("condition", condition);
        set_when(scene, made);
        if (made.claim.when && made.claim.when->from && scene.article.published && *made.claim.when->from > *scene.article.published && !will_acts && !stance.forecast &&
            !stance.planned && !stance.will && !stance.condition)
          made.claim.when.reset();
        settle(scene, made, stance, standing, will_acts);
        made.presupposed = stance.after || stance.question;
        out.push_back(std::move(made));
      }
    }
  }

  bool about_goods(const Scene& scene, const WordHit& hit, const Actor& actor) const {
    const Range whole = scene.sentence.sentence_range(hit.begin);
    const bool named = std::any_of(scene.sentence.names().begin(), scene.sentence.names().end(),
                                   [&](const Name& name) { return is_product(name.kind) && whole.covers(name.at); });
    // A model that the lexicon lacks may be anything (G-20): only at a border.
    const bool known = std::any_of(scene.sentence.names().begin(), scene.sentence.names().end(),
                                   [&](const Name& name) { return is_product(name.kind) && whole.covers(name.at) && name.entity != nullptr; });
    if (named && !known && !crosses_border(scene, range_of(hit))) return false;
    if (!named && !scene.article.product) return false;
    if (!named && near(scene, whole, {Word::kTrade}) == nullptr) return false;
    return actor.side == Side::kExporter || near(scene, whole, {Word::kTrade, Word::kLicence, Word::kBanNoun}) != nullptr || scene.article.about_export;
  }

  void allow(const Scene& scene, const WordHit& hit, Range clause, std::vector<Draft>& out) const {
    const Actor actor = actor_of(scene, range_of(hit));
    const Actor here = actor_of(scene, range_of(hit), true);
    if (here.side == Side::kImporter || (here.side == Side::kNone && actor.side == Side::kImporter && !scene.article.about_export)) return;
    if (!about_goods(scene, hit, actor)) return;
    const std::string_view verb = scene.sentence.text(range_of(hit));
    // Words of many uses count only beside trade.
    const bool weak = verb == "开放" || verb == "解除" || verb == "恢复" || verb == "重启" || verb == "放松" || verb == "clear" || verb == "clears" || verb == "let" || verb == "lets" ||
                      verb == "ease" || verb == "eases" || verb == "opened" || verb == "permit" || verb == "lift" || verb == "approval" || verb == "批准";
    const Range after{hit.end, clause.end};
    const bool trade = near(scene, clause, {Word::kTrade, Word::kBanNoun}) != nullptr;
    // 暂停出口禁令 lets out; 暂停出口 does not.
    if ((verb == "暂停" || verb == "中止" || verb == "暂缓" || verb.starts_with("suspend")) && near(scene, {hit.end, std::min(clause.end, hit.end + 60)}, {Word::kBanNoun}) == nullptr) return;
    if (weak && !trade && actor.side != Side::kExporter) return;
    const bool strikes = verb == "取消";  // 取消限制: what is struck is the limit
    // Leave to play, to drive or to carry a thing is no trade: goods cross a border, here or in the article.
    const bool leave = verb == "允许" || verb == "被允许" || verb == "获准" || verb == "准许" || verb.starts_with("allow") || verb.starts_with("permit");
    const bool abroad = !destinations_of(scene, range_of(hit)).empty();
    if (!trade && !abroad && (leave || (!scene.article.about_export && !speaks_of_export(scene, range_of(hit)) && verb != "解禁" && verb != "松绑" && verb != "放开"))) return;
    if (verb == "恢复" && scene.sentence.text().substr(hit.end).starts_with("到")) return;  // to a level
    if ((verb == "放宽" || verb == "取消") && near(scene, after, {Word::kTrade, Word::kBanNoun, Word::kBan}) == nullptr) return;
    Stance stance = stance_of(scene, range_of(hit));
    if (strikes) stance.stopped = false;
    if (scene.sentence.is_question(hit.begin)) return;
    // "Still has to be approved" is no approval.
    const WordHit* require = near(scene, {clause.begin, hit.begin}, {Word::kRequire});
    const bool still_needed = require != nullptr && !is(hit, Word::kCleared) && hit.begin - require->end < 45 && scene.sentence.text(range_of(*require)).find("要求") == std::string_view::npos &&
                              scene.sentence.text(range_of(*require)).find("条件") == std::string_view::npos;
    // "The opened-up exports do not include B", "opening up will apply to others": read at those words.
    if (const WordHit* other = near(scene, after, {Word::kExclude, Word::kNotAmong, Word::kApply}); other != nullptr) {
      const bool goods_between = std::any_of(scene.sentence.names().begin(), scene.sentence.names().end(), [&](const Name& name) {
        return is_product(name.kind) && name.kind != EntityKind::kProductClass && hit.end <= name.at.begin && name.at.end <= other->begin;
      });
      const bool goods_before = !goods_between && is(hit, Word::kCleared) && std::any_of(scene.sentence.names().begin(), scene.sentence.names().end(), [&](const Name& name) {
        return is_product(name.kind) && name.kind != EntityKind::kProductClass && clause.begin <= name.at.begin && name.at.end <= hit.begin;
      });
      if (!goods_between && !goods_before) return;
    }
    // What follows is no goods of trade (home-made chips' foundries): not about them.
    for (const Name& name : scene.sentence.names()) {
      if (!after.covers(name.at) || !is_product(name.kind)) continue;
      if (name.kind == EntityKind::kProductClass && !is_traded_class(scene.sentence, name) && stance.negated) return;
      break;
    }
    // The talk of it, not the thing: 放开的传闻.
    const std::string_view tail = scene.sentence.text({hit.end, std::min(clause.end, hit.end + 30)});
    for (const std::string_view talk : {"的传闻", "传闻", "的消息", "的可能", "的猜测", "的呼声", "的讨论"})
      if (tail.starts_with(talk) || tail.find(std::string("出口") + std::string(talk)) != std::string_view::npos) return;
    // In an if-clause without goods of its own the article's are meant; that the article says already.
    if (stance.condition && !scene.title) {
      const bool named = std::any_of(scene.sentence.names().begin(), scene.sentence.names().end(), [&](const Name& name) { return is_product(name.kind) && clause.covers(name.at); });
      if (!named) return;
    }
    if (wished(scene, hit)) {
      // Lobbying to lift a ban says that there is one: the ban's own word is read.
      return;
    }
    if (near(scene, {clause.begin, hit.begin}, {Word::kDiscuss}) != nullptr) return;  // read as under discussion
    if (near(scene, {hit.end, std::min(clause.end, hit.end + 60)}, {Word::kDiscuss}) != nullptr && !stance.past) {
      // "the opening … is being discussed"
      return;
    }
    if (near(scene, {hit.begin, std::min(clause.end, hit.end + 12)}, {Word::kLicence}) != nullptr && verb != "批准") return;
    if (still_needed) return;
    const bool takes_after = !is(hit, Word::kCleared);
    if (stance.negated) {
      stance.negated = false;
      emit(scene, "export_control/not-allowed", hit, "banned", stance, Aspect::kHolds, takes_after, true, true, out);
      return;
    }
    emit(scene, "export_control/allowed", hit, "allowed", stance, Aspect::kBegins, takes_after, trade || scene.article.about_export, true, out);
  }

  void ban(const Scene& scene, const WordHit& hit, Range clause, std::vector<Draft>& out) const {
    const Actor actor = actor_of(scene, range_of(hit));
    const Actor here = actor_of(scene, range_of(hit), true);
    if (here.side == Side::kImporter || (here.side == Side::kNone && actor.side == Side::kImporter)) return;
    if (!about_goods(scene, hit, actor)) return;
    if (scene.sentence.is_question(hit.begin)) return;
    Stance stance = stance_of(scene, range_of(hit));
    const bool noun = is(hit, Word::kBanNoun);
    // A ban that is being lifted is read from the lifting.
    const WordHit* lifting = near(scene, {clause.begin, hit.begin}, {Word::kAllow, Word::kCleared});
    if (lifting != nullptr && hit.begin - lifting->end < 60) {
      if (!noun || !wished(scene, *lifting)) return;
      stance.planned = false;  // the wish is somebody's, the ban is there
    } else if (noun && wished(scene, hit)) {
      stance.planned = false;
    } else if (!noun && wished(scene, hit)) {
      return;
    }
    if (near(scene, {clause.begin, hit.begin}, {Word::kDiscuss}) != nullptr) return;
    if (noun) {
      const std::string_view verb = scene.sentence.text(range_of(hit));
      if (!crosses_border(scene, range_of(hit))) return;
      static constexpr std::string_view kEnacts[] = {"实施", "扩大", "加强", "收紧", "升级", "出台", "加码", "实行", "采取", "施加", "强化", "imposed", "imposes", "impose", "tighten", "expand", "introduc", "announced", "widen", "broaden"};
      const std::string_view lead = scene.sentence.text({clause.begin, hit.begin});
      const bool enacts = std::any_of(std::begin(kEnacts), std::end(kEnacts), [&](std::string_view word) { return lead.find(word) != std::string_view::npos; });
      const bool enacted = enacts || stance.perfect || near(scene, {clause.begin, hit.begin}, {Word::kRequire}) != nullptr;
      if ((verb == "管制" || verb == "管控" || verb == "制裁" || verb == "restrictions" || verb == "出口管制" || verb == "export controls") && !enacted &&
          near(scene, clause, {Word::kTrade}) == nullptr)
        return;
      // Only where goods are named beside it: "since the ban" alone is background.
      const bool named = std::any_of(scene.sentence.names().begin(), scene.sentence.names().end(), [&](const Name& name) {
        return is_product(name.kind) && scene.sentence.sentence_range(hit.begin).covers(name.at);
      });
      if (!named) return;
      // What a licence rule brings about is read from the licence.
      if (near(scene, scene.sentence.sentence_range(hit.begin), {Word::kLicence}) != nullptr) return;
    }
    if (stance.negated) return;  // "no reason to ban it" says nothing about the rule
    // A gerund that argues ("restricting exports would hurt …") is no act: somebody acts, or it is told as done.
    if (!noun && actor.side != Side::kExporter && !stance.perfect && !stance.past && !stance.present && !stance.will && !stance.planned && !stance.condition && !stance.forecast) {
      const std::string_view before = scene.sentence.text().substr(0, hit.begin);
      const std::string_view own = scene.sentence.text(range_of(hit));
      const bool passive = own.starts_with("被") || own.starts_with("遭") || before.ends_with("被") || before.ends_with("遭") || before.ends_with("are ") || before.ends_with("is ") || before.ends_with("were ") || before.ends_with("was ") || before.ends_with("been ") ||
                           before.ends_with("遭到") || before.ends_with("受到") || before.ends_with("受");
      if (!passive) return;
    }
    if (!noun && near(scene, {hit.end, clause.end}, {Word::kWish}) != nullptr) return;
    // "…的禁令、H20…": what an enumeration puts beside the ban is not banned by it.
    if (noun) {
      const Range rest{hit.end, clause.end};
      const WordHit* joint = scene.sentence.first(Layer::kFrame, FrameCue::kAnd, rest);
      if (joint != nullptr && joint->begin <= hit.end + 1) return;
    }
    // A bare class is banned by a rule of trade only where an exporter or a border is named.
    const Range sentence_whole = scene.sentence.sentence_range(hit.begin);
    const bool specific = std::any_of(scene.sentence.names().begin(), scene.sentence.names().end(), [&](const Name& name) {
      return is_product(name.kind) && name.kind != EntityKind::kProductClass && sentence_whole.covers(name.at);
    });
    if (!specific && actor.side != Side::kExporter && !scene.article.about_export && scene.sentence.first(Layer::kFrame, FrameCue::kToChina, sentence_whole) == nullptr &&
        scene.sentence.text(sentence_whole).find("出口") == std::string_view::npos && scene.sentence.text(sentence_whole).find("export") == std::string_view::npos)
      return;
    // 实施出口管制 is an act; of a country's own goods it asks for a licence.
    const bool controls = noun && scene.sentence.text(range_of(hit)).find("禁") == std::string_view::npos && scene.sentence.text(range_of(hit)).find("ban") == std::string_view::npos;
    // 须逐案审批: a licence under another name.
    static constexpr std::string_view kCases[] = {"逐案审批", "逐案审查", "逐项审批", "个案审批", "事先审批", "事前审批", "申请批准", "须经批准", "需经批准", "case-by-case", "case by case", "prior approval"};
    const std::string_view told = scene.sentence.text(sentence_whole);
    const bool by_case = controls && std::any_of(std::begin(kCases), std::end(kCases), [&](std::string_view word) { return told.find(word) != std::string_view::npos; });
    const bool own = by_case || (controls && exports_of_china(scene));
    const std::string_view before_noun = scene.sentence.text({clause.begin, hit.begin});
    const bool act = noun && (before_noun.find("实施") != std::string_view::npos || before_noun.find("扩大") != std::string_view::npos || before_noun.find("收紧") != std::string_view::npos || before_noun.find("impos") != std::string_view::npos || before_noun.find("tighten") != std::string_view::npos || before_noun.find("expand") != std::string_view::npos);
    emit(scene, noun ? "export_control/ban" : "export_control/banned", hit, own ? "license_required" : "banned", stance, noun && !act ? Aspect::kHolds : Aspect::kBegins, true, false, true, out);
  }

  void exclude(const Scene& scene, const WordHit& hit, Range clause, std::vector<Draft>& out) const {
    const Range whole = scene.sentence.sentence_range(hit.begin);
    const bool about = near(scene, whole, {Word::kAllow, Word::kCleared, Word::kTrade, Word::kLicence}) != nullptr || scene.article.about_export;
    if (!about || !speaks_of_export(scene, range_of(hit))) return;
    const bool named = std::any_of(scene.sentence.names().begin(), scene.sentence.names().end(),
                                   [&](const Name& name) { return is_product(name.kind) && clause.covers(name.at) && name.kind != EntityKind::kProductClass; });
    if (!named) return;
    if (actor_of(scene, range_of(hit), true).side == Side::kImporter) return;
    Stance stance = stance_of(scene, range_of(hit));
    stance.will = stance.negated = false;
    const std::string_view word = scene.sentence.text(range_of(hit));
    const bool after = word.starts_with("不包") || word.starts_with("exclud") || word.starts_with("except") || word.find("cover") != std::string_view::npos || word.starts_with("不适用") || word.find("apply") != std::string_view::npos;
    emit(scene, "export_control/excluded", hit, "banned", stance, Aspect::kHolds, after, false, true, out);
  }

  void licence(const Scene& scene, const WordHit& hit, Range clause, std::vector<Draft>& out) const {
    // One reading a clause: the first licence word carries it.
    const WordHit* first = near(scene, clause, {Word::kLicence});
    if (first != nullptr && first->begin != hit.begin) return;
    const Range whole = scene.sentence.sentence_range(hit.begin);
    const Actor actor = actor_of(scene, range_of(hit));
    if (!about_goods(scene, hit, actor) && !scene.article.about_export) return;
    const std::string_view noun = scene.sentence.text(range_of(hit));
    const bool specific = noun.find("许可证") != std::string_view::npos || noun.find("出口") != std::string_view::npos || noun.find("export") != std::string_view::npos;
    if (!specific && near(scene, whole, {Word::kTrade}) == nullptr) return;
    const WordHit* issue = near(scene, clause, {Word::kIssue});
    const WordHit* await = near(scene, clause, {Word::kAwait});
    const WordHit* eligible = near(scene, clause, {Word::kEligible});
    const WordHit* require = near(scene, clause, {Word::kRequire});
    // 撤销出口许可: what could be shipped may not be shipped any more.
    static constexpr std::string_view kRevokes[] = {"撤销", "吊销", "撤回", "取消", "revok", "rescind", "withdrew", "cancel"};
    const std::string_view revoke_text = scene.sentence.text(clause);
    if (std::any_of(std::begin(kRevokes), std::end(kRevokes), [&](std::string_view word) { return revoke_text.find(word) != std::string_view::npos; })) {
      Stance stance = stance_of(scene, range_of(hit));
      stance.stopped = false;
      if (stance.negated) stance.denied = true;
      emit(scene, "export_control/licence-revoked", hit, "banned", stance, Aspect::kBegins, true, false, true, out);
      return;
    }
    // "as the condition for a licence" may stand in the next clause.
    Stance stance = stance_of(scene, range_of(hit));
    if (issue != nullptr) {
      const Stance at_issue = stance_of(scene, range_of(*issue));
      stance.negated |= at_issue.negated;
      stance.forecast |= at_issue.forecast;
      stance.present |= at_issue.present;
      stance.condition |= at_issue.condition;
    }
    const bool text_purpose = scene.sentence.text(clause).find("为获取") != std::string_view::npos || scene.sentence.text(clause).find("换取") != std::string_view::npos ||
                              scene.sentence.text(clause).find("为获得") != std::string_view::npos || scene.sentence.text(clause).find("为取得") != std::string_view::npos ||
                              scene.sentence.text(clause).find("in exchange for") != std::string_view::npos || scene.sentence.text(clause).find("in return for") != std::string_view::npos;
    Aspect standing = Aspect::kBegins;
    std::string_view status;
    std::string_view rule;
    if (eligible != nullptr) {
      status = "license_pending";
      rule = "export_control/licence-eligible";
      stance.will = false;
    } else if (text_purpose || (require != nullptr && !(stance.negated && issue != nullptr))) {
      status = "license_required";
      rule = "export_control/licence-required";
      const std::string_view whole_text = scene.sentence.text(clause);
      // "after a licence is obtained, China must still agree": the rule is a state.
      if (whole_text.find("后") != std::string_view::npos && stance.after) standing = Aspect::kHolds;
      stance.negated = false;
      stance.forecast = false;
    } else if (issue != nullptr && stance.negated) {
      status = "license_pending";
      rule = "export_control/licence-not-issued";
      standing = Aspect::kHolds;
    } else if (await != nullptr) {
      status = "license_pending";
      stance.planned = false;  // waiting is no plan
      rule = "export_control/licence-awaited";
      standing = Aspect::kHolds;
    } else if (issue != nullptr) {
      // "before a licence is obtained" and "after": what has not come to pass yet.
      const std::string_view rest = scene.sentence.text({std::max(issue->end, hit.end), clause.end});
      if (rest.starts_with("前") || rest.starts_with("之前") || rest.starts_with("以前")) return;
      const bool next_requires = near(scene, {clause.end, whole.end}, {Word::kRequire}) != nullptr;
      if (stance.after && next_requires) {
        status = "license_required";
        rule = "export_control/licence-first";
        standing = Aspect::kHolds;
      } else if (stance.after && !stance.perfect) {
        return;
      } else {
        status = "license_granted";
        rule = "export_control/licence-granted";
      }
    } else {
      return;
    }
    if (status == "license_pending" && issue != nullptr && stance.negated) stance.negated = false;
    if (wished(scene, hit)) return;
    emit(scene, rule, hit, status, stance, standing, false, true, true, out);
  }

  void discuss(const Scene& scene, const WordHit& hit, Range clause, std::vector<Draft>& out) const {
    const Actor here = actor_of(scene, range_of(hit), true);
    if (here.side == Side::kImporter) return;
    const Actor actor = actor_of(scene, range_of(hit));
    const WordHit* what = near(scene, clause, {Word::kAllow, Word::kCleared, Word::kBan, Word::kBanNoun, Word::kLicence});
    if (what == nullptr) what = near(scene, clause, {Word::kTrade});
    const Range whole = scene.sentence.sentence_range(hit.begin);
    if (what == nullptr) what = near(scene, {whole.begin, hit.begin}, {Word::kAllow, Word::kCleared});
    if (what == nullptr || !about_goods(scene, hit, actor)) return;
    if (wished(scene, hit)) return;
    if (here.side == Side::kNone && actor.side != Side::kExporter && !scene.article.about_export) return;
    Stance stance = stance_of(scene, range_of(hit));
    stance.planned = stance.forecast = false;  // weighing a change is the state itself
    if (stance.negated) return;
    // Talk in the market is no weighing by those who decide.
    if (here.side != Side::kExporter && !scene.sentence.english()) {
      const std::string_view clause_text = scene.sentence.text(clause);
      static constexpr std::string_view kOfficial[] = {"已讨论", "正在", "初步", "阶段", "正就", "内部讨论", "仍在", "已考虑", "结束", "尚在", "事宜"};
      if (std::none_of(std::begin(kOfficial), std::end(kOfficial), [&](std::string_view word) { return clause_text.find(word) != std::string_view::npos; })) return;
    }
    const std::string_view after = scene.sentence.text({hit.end, clause.end});
    const bool over = after.find("结束") != std::string_view::npos || scene.sentence.text({clause.begin, hit.begin}).find("结束") != std::string_view::npos ||
                      scene.sentence.text({clause.begin, hit.begin}).find("after") != std::string_view::npos;
    if (over) stance.past = true;
    emit(scene, "export_control/under-discussion", *what, "under_discussion", stance, Aspect::kHolds, true, true, true, out, range_of(hit));
  }

  void apply(const Scene& scene, const WordHit& hit, Range clause, std::vector<Draft>& out) const {
    if (!speaks_of_export(scene, range_of(hit))) return;
    const Range whole = scene.sentence.sentence_range(hit.begin);
    // The makers it reaches, named in the clause.
    std::vector<const Name*> makers;
    for (const Name& name : scene.sentence.names())
      if (is_company(name.kind) && clause.covers(name.at)) makers.push_back(&name);
    if (makers.empty()) return;
    const Stance stance = stance_of(scene, range_of(hit));
    std::optional<EntityRef> goods;
    for (const Name& name : scene.sentence.names())
      if (name.kind == EntityKind::kProductClass && whole.covers(name.at)) goods = name.ref;
    if (!goods) goods = entity_ref(scene.article, "ai_chips");
    if (!goods) return;
    for (const Name* maker : makers) {
      Draft made = draft("export_control/applies-to", range_of(hit));
      cover(made, maker->at);
      made.claim.set("product", *goods);
      made.claim.set("status", std::string(stance.negated ? "banned" : "allowed"));
      made.claim.set("vendor", maker->ref);
      const auto places = destinations_of(scene, range_of(hit));
      if (!places.empty()) made.claim.set("destination", places.front());
      settle(scene, made, stance, Aspect::kBegins, true);
      out.push_back(std::move(made));
    }
  }

  void limit(const Scene& scene, const WordHit& hit, Range clause, std::vector<Draft>& out) const {
    static constexpr std::string_view kBuyers[] = {"客户", "用户", "买家", "用途", "customers", "buyers", "clients", "users"};
    const std::string_view rest = scene.sentence.text({hit.end, clause.end});
    if (std::none_of(std::begin(kBuyers), std::end(kBuyers), [&](std::string_view buyer) { return rest.find(buyer) != std::string_view::npos; })) return;
    const Range whole = scene.sentence.sentence_range(hit.begin);
    if (!scene.article.about_export || near(scene, whole, {Word::kTrade, Word::kAllow}) == nullptr) {
      // 销售 before a limit is enough in an article about exports.
      if (!scene.article.about_export || scene.sentence.text(whole).find("销售") == std::string_view::npos) return;
    }
    Stance stance = stance_of(scene, range_of(hit));
    emit(scene, "export_control/limited-to", hit, "allowed", stance, Aspect::kBegins, true, true, true, out, clause);
  }

  // "The commerce department still has to act."
  void settle_office(const Scene& scene, const WordHit& hit, Range clause, std::vector<Draft>& out) const {
    const Range whole = scene.sentence.sentence_range(hit.begin);
    if (!scene.article.about_export && near(scene, whole, {Word::kTrade, Word::kLicence}) == nullptr) return;
    const Actor actor = actor_of(scene, range_of(hit), true);
    if (actor.side != Side::kExporter) return;
    const std::string_view before = scene.sentence.text({clause.begin, hit.begin});
    static constexpr std::string_view kStill[] = {"尚未", "还没有", "还未", "仍未", "仍需", "还需", "尚需", "仍须", "还须", "有待", "尚待", "仍待", "待", "must still", "still needs", "still has to", "still must", "has yet to", "have yet to", "yet to"};
    if (std::none_of(std::begin(kStill), std::end(kStill), [&](std::string_view still) { return before.find(still) != std::string_view::npos; })) return;
    Stance stance = stance_of(scene, range_of(hit));
    stance.negated = stance.will = false;
    stance.present = true;
    emit(scene, "export_control/office-to-act", hit, "license_pending", stance, Aspect::kHolds, false, true, true, out, actor.at);
  }
};

}  // namespace

std::unique_ptr<Rule> make_export_control_rule() { return std::make_unique<ExportControl>(); }

}  // namespace annals
