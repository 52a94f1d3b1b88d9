#include "engine/claim/rules/import_control.h"

#include <algorithm>
#include <array>

#include "engine/claim/trade.h"

namespace annals {
namespace {

enum class Word : Sense {
  kNone,
  kAllow,       // 允许进口, 放行
  kReturn,      // 重返市场, 获得…资格
  kBan,         // 禁止, 禁掉
  kBuyBan,      // 禁止采购: an import ban whoever says it
  kHomeOnly,    // 全部使用国产: the same, said of home-made goods
  kDiscourage,  // 严查, 约谈, 优先使用国产
  kAccept,      // 接受: of a country, whether it lets something in
  kApprove,     // 批准, 同意
  kNeed,        // 需, 仍需
  kReview,      // 审查, 取决于
  kRefuse,      // 拒绝
  kBuy,         // 采购, 进口
  kForeign,     // 国外芯片
};

constexpr WordRow row(Word word, std::string_view words) { return {static_cast<Sense>(word), words}; }

constexpr auto kWords = std::to_array<WordRow>({
    row(Word::kNone, "管制上限|限售股解禁|股解禁|不批准上市|接受采访|接受记者|接受媒体|接受访问|国产化率|进口替代|进口依赖|进口额|审查中心|允许企业|允许美国|允许英伟达|accept orders|accept that"),
    row(Word::kAllow, "允许进口|允许购买|允许采购|批准进口|批准采购|准许进口|放行|同意放开|同意放行|允许|恢复进口|恢复采购|放开|允许其进口|"
                      "allow imports|allowed imports|approved imports|approve imports|approved the import|clear imports|cleared imports|approved purchases|allow purchases|let in|approve the purchase|approved the first batch"),
    row(Word::kReturn, "重返市场|重返中国|重新进入中国|re-enter the market|return to the chinese market|return to china"),
    row(Word::kBan, "禁止|禁掉|禁|封禁|禁用|不允许|不准|不得|叫停|ban|bans|banned|prohibit|prohibits|prohibited|bar|barred|block|blocked|forbid|forbids|forbidden|forbade"),
    row(Word::kBuyBan, "不被允许入境|不被允许进口|不允许入境|不准入境|不得入境|禁止入境|禁止清关|不予清关|拒绝清关|不得进口|不允许进口|不准进口|禁止采购|禁止进口|禁止购买|禁止使用|停止采购|停止进口|停止购买|停止使用|暂停采购|不得采购|不得使用|不再采购|拆除|禁购|停购|被禁止入境|被禁止采购|被禁止进口|"
                       "not permitted to enter|not allowed to enter|not permitted into|not allowed into|are not permitted|were not permitted|is not permitted|refused entry|ban imports|banned imports|ban the import|import ban|import bans|banned the purchase|banned purchases|stop buying|stop purchasing|halt purchases|halt orders|stop using|barred from buying|forbid buying"),
    row(Word::kHomeOnly, "全部使用国产|全部采用国产|仅使用国产|只能使用国产|必须使用国产|仅采用国产|only domestic chips|only use domestic|domestic chips only|use only domestic"),
    row(Word::kDiscourage, "严查|查验|查扣|清关检查|约谈|优先使用|优先采购|优先采用|劝阻|劝退|不鼓励|敦促|建议避免|避免使用|避免采购|避免购买|谨慎采购|加强检查|加强查验|窗口指导|"
                           "discourage|discourages|discouraged|discouraging|summoned|summon|urged companies|urged firms|urge companies|avoid buying|avoid using|avoid purchasing|crackdown|cracked down|customs checks|inspections|tightened checks|tighten checks|tightens checks|stepped up checks|stepped up inspections|tightened inspections|preference for domestic|prioritise domestic|prioritize domestic|favour domestic|favor domestic"),
    row(Word::kAccept, "接受|接纳|accept|accepts|accepting|welcome"),
    row(Word::kApprove, "批准|同意|审批|点头|首肯|approve|approves|approval|agree|consent|sign-off|green light"),
    row(Word::kNeed, "仍需|还需|尚需|须|需|待|有待|必须|需要|未|尚未|must|needs|need|still|yet to|requires|require|await|awaits|awaiting|pending"),
    row(Word::kReview, "审查|审议|评估|取决于|权衡|研究|考虑|是否允许|安全审查|尚未表态|未表态|没有表态|还没表态|not said whether|has not said|yet to say|review|reviewing|under review|weighing|considering|scrutiny|scrutinise|scrutinize|depends on"),
    row(Word::kRefuse, "拒绝|拒收|抵制|reject|rejects|refuse|refuses|refused"),
    row(Word::kBuy, "进口|采购|购买|引进|使用|import|imports|importing|purchase|purchases|purchasing|buy|buying"),
    row(Word::kForeign, "国外芯片|外国芯片|海外芯片|进口芯片|外国晶片|国外晶片|foreign chips|foreign-made chips|imported chips|foreign ai chips"),
});

bool one_of(const WordHit& hit, std::initializer_list<Word> words) {
  return std::any_of(words.begin(), words.end(), [&](Word word) { return is(hit, word); });
}

class ImportControl final : public Rule {
 public:
  ClaimType type() const override { return ClaimType::kImportControl; }
  std::span<const WordRow> words() const override { return kWords; }

  void read(const Scene& scene, std::vector<Draft>& out) const override {
    for (const WordHit& hit : scene.words()) {
      const Range clause = scene.sentence.clause_range(hit.begin);
      switch (static_cast<Word>(hit.sense)) {
        case Word::kAllow: allow(scene, hit, clause, out); break;
        case Word::kReturn: returns(scene, hit, out); break;
        case Word::kBan: case Word::kRefuse: ban(scene, hit, clause, out); break;
        case Word::kBuyBan: case Word::kHomeOnly: buy_ban(scene, hit, clause, out); break;
        case Word::kDiscourage: discourage(scene, hit, clause, out); break;
        case Word::kAccept: accept(scene, hit, clause, out); break;
        case Word::kApprove: approve(scene, hit, clause, out); break;
        case Word::kReview: review(scene, hit, clause, out); break;
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
  static bool goods_named(const Scene& scene, Range in) {
    return std::any_of(scene.sentence.names().begin(), scene.sentence.names().end(), [&](const Name& name) { return is_product(name.kind) && in.covers(name.at); });
  }
  static Actor importer(const Scene& scene, Range trigger) {
    const Actor here = actor_of(scene, trigger, true);
    if (here.side != Side::kNone) return here;
    return actor_of(scene, trigger);
  }
  // Who decides says so itself: an act, also when told with 将.
  static bool announces(const Scene& scene, const WordHit& hit, const Actor& actor) {
    const SourceScope* source = source_at(scene.sources, hit.begin);
    if (source == nullptr || actor.side != Side::kImporter) return false;
    return std::find(source->speakers.begin(), source->speakers.end(), actor.ref.text) != source->speakers.end();
  }
  // The heading's side stands in where a bullet names none: under "China's attitude", who may let in is China.
  static bool heading_imports(const Scene& scene) {
    if (scene.heading == nullptr) return false;
    const std::string_view text = scene.heading->text();
    return text.starts_with("中国对") || text.starts_with("中方") || text.find("进口") != std::string_view::npos || text.starts_with("china's ");
  }

  void emit(const Scene& scene, std::string_view rule, const WordHit& hit, std::string_view status, const Stance& stance, Aspect standing,
            const Actor& actor, bool after_first, bool will_acts, std::vector<Draft>& out, Range extent = {}) const {
    const Range trigger = range_of(hit);
    auto goods = goods_of(scene, trigger, after_first, scene.article.about_export);
    // Rules of a state about home-made goods keep foreign ones out.
    for (const Goods& each : goods) {
      Draft made = draft(rule, trigger);
      if (!extent.empty()) cover(made, extent);
      if (each.product != nullptr && scene.sentence.sentence_range(trigger.begin).covers(each.product->at)) cover(made, each.product->at);
      made.claim.set("product", each.ref);
      if (actor.side == Side::kImporter) {
        const Entity* entity = scene.article.lexicon->find(actor.ref.id);
        if (entity == nullptr || entity->kind == EntityKind::kCountry || (entity->country && *entity->country == "cn"))
          made.claim.set("jurisdiction", EntityRef{"china", scene.article.english ? "China" : "中国", true});
        made.claim.set("authority", actor.ref);
        if (scene.sentence.clause_range(trigger.begin).covers(actor.at)) cover(made, actor.at);
      }
      made.claim.set("status", std::string(status));
      if (each.vendor) made.claim.set("vendor", *each.vendor);
      set_when(scene, made);
      settle(scene, made, stance, standing, will_acts);
      made.presupposed = stance.after;
      out.push_back(std::move(made));
    }
  }

  void allow(const Scene& scene, const WordHit& hit, Range clause, std::vector<Draft>& out) const {
    const Actor here = actor_of(scene, range_of(hit), true);
    const std::string_view verb = scene.sentence.text(range_of(hit));
    const bool agrees = verb.starts_with("同意");
    const bool buys = near(scene, {hit.begin, std::min(clause.end, hit.end + 30)}, {Word::kBuy}) != nullptr || verb.find("进口") != std::string_view::npos ||
                      verb.find("采购") != std::string_view::npos || verb.find("import") != std::string_view::npos || verb.find("purchase") != std::string_view::npos;
    // Leave to use a thing somewhere is no import.
    const WordHit* bought = near(scene, {hit.begin, std::min(clause.end, hit.end + 30)}, {Word::kBuy});
    if (here.side != Side::kImporter && bought != nullptr && scene.sentence.text(range_of(*bought)) == "使用" && !scene.article.about_export) return;
    const bool side = here.side == Side::kImporter || (here.side == Side::kNone && (agrees || buys || heading_imports(scene)));
    if (!side) return;
    if (!goods_named(scene, scene.sentence.whole()) && !scene.article.about_export) return;
    if (near(scene, {clause.begin, hit.begin}, {Word::kReview}) != nullptr) return;
    Stance stance = stance_of(scene, range_of(hit));
    // "Must still approve imports": it has not.
    if (const WordHit* need = near(scene, {clause.begin, hit.begin}, {Word::kNeed}); need != nullptr && hit.begin - need->end < 24) {
      stance.negated = stance.will = false;
      emit(scene, "import_control/approval-needed", hit, "under_review", stance, Aspect::kHolds, importer(scene, range_of(hit)), true, true, out);
      return;
    }
    const std::string_view clause_text = scene.sentence.text(clause);
    if (stance.question || clause_text.find("是否允许") != std::string_view::npos) {
      stance.question = false;
      emit(scene, "import_control/open-question", hit, "under_review", stance, Aspect::kHolds, importer(scene, range_of(hit)), true, true, out);
      return;
    }
    // The talk of it is no act: 中国对…放开的态度.
    const std::string_view tail = scene.sentence.text({hit.end, clause.end});
    static constexpr std::string_view kTalk[] = {"态度", "看法", "传闻", "分歧", "影响", "立场", "反应", "讨论", "争议", "观点", "猜测", "预期", "舆论", "消息", "意见"};
    if (std::any_of(std::begin(kTalk), std::end(kTalk), [&](std::string_view talk) { return tail.starts_with(talk) || (tail.starts_with("的") && tail.substr(3).starts_with(talk)); }) || tail.starts_with("的可能")) return;
    // 放开 by itself is the other side's word.
    if (verb == "放开" && here.side != Side::kImporter && !stance.forecast && !stance.condition) return;
    if (verb == "放开" && agrees == false && here.side != Side::kImporter) return;
    if (agrees && scene.sentence.text({hit.end, clause.end}).starts_with("等于")) return;  // an argument about agreeing, not an agreement
    if (stance.negated) {
      stance.negated = false;
      emit(scene, "import_control/not-allowed", hit, "banned", stance, Aspect::kHolds, importer(scene, range_of(hit)), true, true, out);
      return;
    }
    emit(scene, "import_control/allowed", hit, "allowed", stance, Aspect::kBegins, importer(scene, range_of(hit)), true, announces(scene, hit, here), out);
  }

  void returns(const Scene& scene, const WordHit& hit, std::vector<Draft>& out) const {
    if (!goods_named(scene, scene.sentence.sentence_range(hit.begin))) return;
    Stance stance = stance_of(scene, range_of(hit));
    emit(scene, "import_control/returns", hit, "allowed", stance, Aspect::kBegins, {}, false, false, out);
  }

  void ban(const Scene& scene, const WordHit& hit, Range clause, std::vector<Draft>& out) const {
    // What may not be made is not thereby kept out.
    if (scene.sentence.text().substr(hit.end).starts_with("生产") || scene.sentence.text().substr(hit.end).starts_with("制造")) return;
    Actor here = actor_of(scene, range_of(hit), true);
    // 海关加强查验，禁止某芯片入境: who acts is told once.
    static constexpr std::string_view kEntry[] = {"入境", "进口", "清关", "采购", "购买"};
    const std::string_view rest = scene.sentence.text({hit.end, clause.end});
    if (here.side == Side::kNone && std::any_of(std::begin(kEntry), std::end(kEntry), [&](std::string_view word) { return rest.find(word) != std::string_view::npos; })) here = importer(scene, range_of(hit));
    const bool refuses = is(hit, Word::kRefuse);
    const bool side = here.side == Side::kImporter || (here.side == Side::kNone && refuses && heading_imports(scene));
    if (!side) return;
    // A government that acts on its own exports, or on people, is not meant.
    if (!goods_named(scene, scene.sentence.whole()) && !(scene.article.about_export && heading_imports(scene))) return;
    if (scene.sentence.text(clause).find("出口") != std::string_view::npos) return;
    Stance stance = stance_of(scene, range_of(hit));
    if (stance.negated) return;
    stance.stopped = false;  // what was stopped is what comes in
    emit(scene, refuses ? "import_control/refused" : "import_control/banned", hit, "banned", stance, Aspect::kBegins, here, true, announces(scene, hit, here), out);
  }

  void buy_ban(const Scene& scene, const WordHit& hit, Range clause, std::vector<Draft>& out) const {
    const Actor actor = importer(scene, range_of(hit));
    if (actor.side == Side::kExporter && actor_of(scene, range_of(hit), true).side == Side::kExporter) return;
    Stance stance = stance_of(scene, range_of(hit));
    const Range whole = scene.sentence.sentence_range(hit.begin);
    const bool home = is(hit, Word::kHomeOnly);
    const WordHit* foreign = near(scene, whole, {Word::kForeign});
    const std::string_view verb = scene.sentence.text(range_of(hit));
    // What one person stops using is no ban.
    if ((verb == "停止使用" || verb == "不再采购" || verb == "stop using") && actor.side != Side::kImporter && !scene.article.about_export) return;
    if (verb == "拆除") return;  // what has to go is said with what must be used
    if (home) {
      if (foreign == nullptr && scene.sentence.text(clause).find("要求") == std::string_view::npos && actor.side != Side::kImporter &&
          scene.sentence.text(clause).find("require") == std::string_view::npos && scene.sentence.text(clause).find("must") == std::string_view::npos)
        return;
      Draft made = draft("import_control/home-made-only", range_of(hit));
      EntityRef goods{"foreign_chips", scene.sentence.english() ? "foreign chips" : "国外芯片", false};
      if (foreign != nullptr) {
        goods.text = scene.sentence.original_text(range_of(*foreign));
        cover(made, range_of(*foreign));
      }
      if (const Entity* known = scene.article.lexicon->by_name(goods.text); known != nullptr) goods = {known->id, goods.text, true};
      made.claim.set("product", goods);
      made.claim.set("status", std::string("banned"));
      if (actor.side == Side::kImporter) made.claim.set("authority", actor.ref);
      set_when(scene, made);
      settle(scene, made, stance, Aspect::kBegins, true);
      out.push_back(std::move(made));
      return;
    }
    if (!goods_named(scene, scene.sentence.whole())) return;
    const bool passive = verb.starts_with("被") || verb.ends_with("入境") || verb.ends_with("进口") || verb.ends_with("清关") || verb.find("not permitted") != std::string_view::npos || verb.find("not allowed") != std::string_view::npos || verb == "refused entry" || scene.sentence.text({clause.begin, hit.begin}).ends_with("已被") || scene.sentence.text({clause.begin, hit.begin}).ends_with("被");
    // 已被禁止采购 tells a state whose start is not told.
    if (stance.perfect && passive) stance.past = false;
    emit(scene, "import_control/buying-banned", hit, "banned", stance, passive && stance.perfect ? Aspect::kHolds : Aspect::kBegins, actor, !passive, true, out);
  }

  void discourage(const Scene& scene, const WordHit& hit, Range clause, std::vector<Draft>& out) const {
    const std::string_view verb = scene.sentence.text(range_of(hit));
    const Actor actor = importer(scene, range_of(hit));
    const bool home = verb.starts_with("优先") || verb.find("domestic") != std::string_view::npos;
    if (actor.side != Side::kImporter) return;
    const Range whole = scene.sentence.sentence_range(hit.begin);
    if (home && scene.sentence.text(clause).find("国产") == std::string_view::npos && verb.find("domestic") == std::string_view::npos) return;
    if (!goods_named(scene, whole) && !scene.article.about_export) return;
    if (verb == "窗口指导") return;
    Stance stance = stance_of(scene, range_of(hit));
    if (stance.negated) return;
    // Customs that check as a habit: a state. An order to buy at home: an act.
    const bool habit = verb == "严查" || verb == "查验" || verb == "查扣" || stance.present;
    emit(scene, "import_control/discouraged", hit, "discouraged", stance, habit ? Aspect::kHolds : Aspect::kBegins, actor, !home, true, out, clause);
  }

  // Whether China will take it.
  void accept(const Scene& scene, const WordHit& hit, Range clause, std::vector<Draft>& out) const {
    const Actor here = actor_of(scene, range_of(hit), true);
    if (here.side != Side::kImporter || here.at.end + 30 < hit.begin) return;
    Stance stance = stance_of(scene, range_of(hit));
    const std::string_view text = scene.sentence.text(clause);
    const bool open = stance.question || text.find("whether") != std::string_view::npos || text.find(" if ") != std::string_view::npos;
    if (!goods_named(scene, scene.sentence.whole()) && !scene.article.about_export) return;
    if (scene.sentence.is_question(hit.begin)) return;
    stance.negated = stance.question = false;
    stance.forecast = stance.will = false;
    if (open) {
      if (!stance.condition) stance.past = false;
      else stance.past = false;
      emit(scene, "import_control/acceptance-open", hit, "under_review", stance, Aspect::kHolds, here, true, true, out);
    } else {
      const Stance plain = stance_of(scene, range_of(hit));
      emit(scene, plain.negated ? "import_control/not-accepted" : "import_control/accepted", hit, plain.negated ? "banned" : "allowed", plain.negated ? stance : plain, Aspect::kBegins, here, true, false, out);
    }
  }

  // "China must still approve."
  void approve(const Scene& scene, const WordHit& hit, Range clause, std::vector<Draft>& out) const {
    const Actor here = actor_of(scene, range_of(hit), true);
    if (here.side != Side::kImporter) return;
    const Range whole = scene.sentence.sentence_range(hit.begin);
    if (!goods_named(scene, whole) && !scene.article.about_export) return;
    Stance stance = stance_of(scene, range_of(hit));
    const WordHit* need = near(scene, {clause.begin, hit.begin}, {Word::kNeed});
    if (need == nullptr && near(scene, {hit.end, clause.end}, {Word::kNeed}) != nullptr && scene.sentence.english()) need = near(scene, {hit.end, clause.end}, {Word::kNeed});
    if (need != nullptr || stance.question) {
      stance.negated = stance.question = stance.will = stance.after = false;
      stance.present = true;
      emit(scene, "import_control/approval-needed", hit, "under_review", stance, Aspect::kHolds, here, false, true, out, clause);
      return;
    }
    const bool buys = near(scene, {hit.begin, clause.end}, {Word::kBuy}) != nullptr;
    if (!buys) return;
    if (near(scene, {clause.begin, hit.end + 9}, {Word::kAllow}) != nullptr) return;
    emit(scene, "import_control/approved", hit, stance.negated ? "banned" : "allowed", stance, Aspect::kBegins, here, true, false, out);
  }

  void review(const Scene& scene, const WordHit& hit, Range clause, std::vector<Draft>& out) const {
    const std::string_view verb = scene.sentence.text(range_of(hit));
    const Actor here = actor_of(scene, range_of(hit), true);
    const Actor actor = importer(scene, range_of(hit));
    const bool depends = verb == "取决于" || verb == "depends on";
    const std::string_view around = scene.sentence.text(scene.sentence.sentence_range(hit.begin));
    const bool of_import = around.find("进口") != std::string_view::npos || around.find("let the") != std::string_view::npos || around.find(" let in") != std::string_view::npos || scene.sentence.text(clause).find("import") != std::string_view::npos ||
                           scene.sentence.text(clause).find("采购") != std::string_view::npos || near(scene, clause, {Word::kBuy, Word::kAllow}) != nullptr;
    if (verb == "是否允许") return;  // read with what decides it
    if (depends) {
      if (!of_import || actor.side == Side::kExporter) return;
    } else {
      if (here.side != Side::kImporter || !of_import) return;
    }
    if (!goods_named(scene, scene.sentence.whole()) && !scene.article.about_export) return;
    Stance stance = stance_of(scene, range_of(hit));
    stance.question = stance.planned = stance.forecast = stance.will = false;
    if (stance.negated) return;
    emit(scene, "import_control/under-review", hit, "under_review", stance, Aspect::kHolds, actor, true, true, out, clause);
  }
};

}  // namespace

std::unique_ptr<Rule> make_import_control_rule() { return std::make_unique<ImportControl>(); }

}  // namespace annals
