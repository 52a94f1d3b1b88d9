#include "engine/claim/rules/product_milestone.h"

#include <algorithm>
#include <array>

#include "engine/base/utf8.h"

namespace annals {
namespace {

enum class Word : Sense {
  kNone, kAnnounced, kSampling, kMassProduction, kLaunched, kShipping, kDelayed, kCancelled, kTapedOut,
  kMarket,    // 上市: of a product, where no exchange is near
};

constexpr WordRow row(Word word, std::string_view words) { return {static_cast<Sense>(word), words}; }

constexpr auto kWords = std::to_array<WordRow>({
    row(Word::kNone, "小批量生产|小批量|方式发货|预量产|量产准备|发布时间|推出时间|上市时间|量产时间|上线时间|交付月|交付期|交付量|交付时间|交付周期|交付日|交付中心|量产车|量产版|量产机|量产型|首发价|首发搭载|首发平台|发布会|发布者|发布博文|发布文章|发布视频|发布消息|发布声明|发布微博|发布推文|发布预告|发布通知|发布研究|发布最新|发布以来|公布数据|公布财报|公布业绩|公布完整|上线以来|发布公告|发布数据|发布财报|发布报告|发布研报|财报发布|发布澄清|发布港股公告|消息发布|自财报发布|发布以来|上市公司|推出以来|出货量|出货预期|出货占比|出货占|出货基本|交付预期|交付比例|出货情况|出货的|"
                     "量产方案|大规模量产需求|量产问题|取消订单|取消关税|推迟至5月|延期付款|延期审理|样品费|交付客户|面世时间|订单交付|launch event|shipping costs|shipping rates|shipping lines|shipping companies|shipping firms|sampling error|samplings|ship date|delayed payment"),
    row(Word::kAnnounced, "发布|亮相|首次亮相|公布|宣布推出|研制|研制成功|成功研制|展示|unveiled|unveils|unveil|announced|announces|introduced|introduces|revealed|presented|showcased|debuted|debuts"),
    row(Word::kSampling, "送样|样品|提供样品|推出样品|出样|工程样片|联合验证|样片|客户验证|验证阶段|sampling|samples|sampled|sample shipments|customer validation|qualification samples"),
    row(Word::kMassProduction, "量产|量产节点|大规模生产|规模量产|批量生产|投产|放量|大规模量产|开始生产|爬坡|mass production|volume production|high-volume production|mass-produce|mass-produced|mass producing|ramping|ramp-up|full production|entered production"),
    row(Word::kLaunched, "推出|面世|问世|上架|开售|发售|上线|发布上线|部署|投放|launch|launches|launched|launching|rolled out|rolls out|roll out|released|releases|release|went on sale|goes on sale|available"),
    row(Word::kShipping, "出货|交付|发货|供货|批量交付|开始交付|累计交付|shipping|ships|shipped|delivered|delivering|deliveries|volume shipments|commercial shipments|mass shipments|initial shipments|began shipments|first shipments|begin shipments"),
    row(Word::kDelayed, "推迟|延期|延后|跳票|推延|延迟推出|延迟发布|delayed|delays|postponed|postpones|pushed back|slipped|put off"),
    row(Word::kCancelled, "取消|砍掉|放弃|终止开发|停止开发|搁置|叫停|cancelled|canceled|cancels|scrapped|scraps|axed|dropped|abandoned"),
    row(Word::kTapedOut, "流片|成功流片|tape-out|taped out|tapes out|tapeout|tape out"),
    row(Word::kMarket, "上市|正式上市"),
});

std::string_view stage_of(Word word) {
  switch (word) {
    case Word::kAnnounced: return "announced";
    case Word::kSampling: return "sampling";
    case Word::kMassProduction: return "mass_production";
    case Word::kLaunched: case Word::kMarket: return "launched";
    case Word::kShipping: return "shipping";
    case Word::kDelayed: return "delayed";
    case Word::kCancelled: return "cancelled";
    case Word::kTapedOut: return "taped_out";
    default: return {};
  }
}

class ProductMilestone final : public Rule {
 public:
  ClaimType type() const override { return ClaimType::kProductMilestone; }
  std::span<const WordRow> words() const override { return kWords; }

  void read(const Scene& scene, std::vector<Draft>& out) const override {
    const Sentence& sentence = scene.sentence;
    for (std::size_t i = 0; i < scene.words().size(); ++i) {
      const WordHit& hit = scene.words()[i];
      const auto word = static_cast<Word>(hit.sense);
      const Range clause = sentence.clause_range(hit.begin);
      if (sentence.is_question(hit.begin)) continue;
      const std::string_view verb = sentence.text(range_of(hit));
      // "推出样品" is read at the sample.
      if (i + 1 < scene.words().size() && scene.words()[i + 1].begin <= hit.end + 9 && static_cast<Word>(scene.words()[i + 1].sense) == Word::kSampling && word != Word::kSampling) continue;
      // "推迟X的发布" is read at the delay.
      const bool put_off = std::any_of(scene.words().begin(), scene.words().end(), [&](const WordHit& other) {
        const auto sense = static_cast<Word>(other.sense);
        return (sense == Word::kDelayed || sense == Word::kCancelled) && clause.covers(range_of(other)) && other.begin != hit.begin;
      });
      if (put_off && word != Word::kDelayed && word != Word::kCancelled) continue;
      auto product = product_of(scene, hit, clause);
      if (!product) continue;
      if (!sentence.english() && of_another(sentence, product->at, product->at.end <= hit.begin ? hit.begin : clause.end)) continue;
      // A verb that has another object ("… on this platform launched a beta", "dropped the sensor") is not said of the product before it.
      if (!sentence.english() && product->at.end <= hit.begin && (word == Word::kLaunched || word == Word::kAnnounced || word == Word::kCancelled || word == Word::kDelayed)) {
        std::string_view rest = sentence.text({hit.end, clause.end});
        while (rest.starts_with(" ") || rest.starts_with("了")) rest.remove_prefix(rest.starts_with(" ") ? 1 : 3);
        static constexpr std::string_view kAllowed[] = {"于", "在", "时间", "后", "会", ")", "、", "。", "[", "(", "以来", "计划", "项目", "的", "至", "到", "并", "，", "等", "，"};
        const bool time_next = std::any_of(sentence.times_at().begin(), sentence.times_at().end(), [&](const TimeAt& t) { return t.at.begin >= hit.end && t.at.begin <= hit.end + 4; });
        if (!rest.empty() && !time_next && std::none_of(std::begin(kAllowed), std::end(kAllowed), [&](std::string_view allowed) { return rest.starts_with(allowed); })) continue;
      }
      // Goods delivered across a border under a rule are trade, not a milestone.
      if (word == Word::kShipping) {
        static constexpr std::string_view kTrade[] = {"允许", "批准", "许可", "禁", "出口", "对华交付", "allow", "approv", "licen", "ban", "export"};
        const std::string_view text = sentence.text(sentence.sentence_range(hit.begin));
        if (std::any_of(std::begin(kTrade), std::end(kTrade), [&](std::string_view t) { return text.find(t) != std::string_view::npos; })) continue;
        if (verb == "供货" || verb == "ships" || scene.article.about_export) continue;
        // "出货预计超过200万颗" is a figure; that deliveries began is the milestone.
        static constexpr std::string_view kBegan[] = {"开始", "已", "累计", "首批", "批量", "began", "started", "has "};
        const std::string_view here = sentence.text(clause);
        if (std::none_of(std::begin(kBegan), std::end(kBegan), [&](std::string_view began) { return here.find(began) != std::string_view::npos; }))
          if (std::any_of(sentence.quantities_at().begin(), sentence.quantities_at().end(), [&](const QuantityAt& q) { return clause.covers(q.at) && q.at.begin > hit.end; })) continue;
      }
      if (word == Word::kMarket && !market_word(scene, hit, clause)) continue;
      Stance stance = stance_of(scene, range_of(hit));
      const TimeAt* time = time_of(scene, range_of(hit));
      const std::string_view after = sentence.text().substr(hit.end);
      // 已发布的X, 推出的X as mere attributes of another statement: only with a time of their own.
      const bool attribute = after.starts_with("的") && ((time == nullptr && !stance.will && !stance.planned) || (product->at.end <= hit.begin && word == Word::kLaunched));
      if (attribute) continue;
      if (stance.negated && word != Word::kDelayed) {
        stance.denied = true;
        stance.negated = false;
      }
      if (word == Word::kDelayed || word == Word::kCancelled) stance.stopped = false;
      // Without a time, an act or a plan there has to be a word that says so: 已, 将, 成功, 首次, 正式, 开始….
      const std::string_view lead = sentence.text({clause.begin, hit.begin});
      const bool opens = lead.find("开始") != std::string_view::npos || lead.find("首次") != std::string_view::npos || lead.find("首款") != std::string_view::npos || lead.find("同步") != std::string_view::npos ||
                         lead.find("累计") != std::string_view::npos || lead.find("began") != std::string_view::npos || lead.find("started") != std::string_view::npos || lead.find("begun") != std::string_view::npos;
      const bool english_past = sentence.english() && verb.ends_with("ed");
      const bool told = time != nullptr || stance.denied || stance.perfect || stance.will || stance.planned || stance.forecast || opens || english_past || word == Word::kTapedOut || word == Word::kDelayed || word == Word::kCancelled ||
                        verb == "推出" || verb == "成功研制" || verb == "full production" || verb == "entered production" || verb == "研制成功" || verb == "首次亮相" || verb == "联合验证" || verb == "发布" || (word == Word::kSampling && sentence.english());
      if (!told) continue;
      // Chips that somebody holds go on line as machines do; that makes no milestone of the chip.
      if ((verb == "上线" || verb == "发布上线") && product->chip && product->at.end <= hit.begin) continue;
      if (stance.question || stance.condition) continue;
      Draft made = draft("product_milestone/stage", range_of(hit));
      cover(made, product->at);
      made.claim.set("product", product->ref);
      made.claim.set("stage", std::string(stage_of(word)));
      if (product->vendor) made.claim.set("vendor", *product->vendor);
      if (time != nullptr) {
        made.claim.when = claim_when(*time->time, type());
        look_back(scene, made, *time->time, stance);
        if (clause.covers(time->at)) cover(made, time->at);
      }
      // A date still ahead makes a plan of what is told without one.
      if (made.claim.when && made.claim.when->from && scene.article.published && *made.claim.when->from > *scene.article.published && !stance.forecast && !stance.planned && !stance.will && word != Word::kDelayed) stance.planned = true;
      // 已将…推迟到明年: the delay is done, though what it puts off is to come.
      if (word == Word::kDelayed && (stance.perfect || sentence.text({clause.begin, hit.begin}).find("已将") != std::string_view::npos)) stance.will = stance.planned = false;
      // 预计…流片 is a forecast, though a plan stands behind it.
      settle(scene, made, stance, Aspect::kBegins);
      out.push_back(std::move(made));
    }
  }

 private:
  struct Product {
    EntityRef ref;
    Range at;
    std::optional<EntityRef> vendor;
    bool chip = false;
  };

  // What stands behind the name is another thing: 甲手机的散热参数, 甲版本, 《甲部署指南》. `upto`: where the verb or the clause ends.
  static bool of_another(const Sentence& sentence, Range name, std::uint32_t upto) {
    const std::string_view all = sentence.text();
    // Inside a title longer than the name.
    const std::size_t open = all.substr(0, name.begin).rfind("《");
    if (open != std::string_view::npos && all.substr(open, name.begin - open).find("》") == std::string_view::npos) {
      const std::size_t close = all.find("》", name.end);
      if (close != std::string_view::npos && (open + 3 < name.begin || close > name.end)) return true;
    }
    Range rest{name.end, std::max(name.end, upto)};
    // Up to where the phrase ends.
    static constexpr std::string_view kEnds[] = {"，", ",", "。", "；", ";", "、", "(", "!", "！", "——", "和", "及", "与", "并", "采用", "搭载", "基于", "使用", "配备", "拥有", "是", "为", "由", "被", "通过", "具备", "支持", "定位"};
    for (const std::string_view end : kEnds) rest.end = static_cast<std::uint32_t>(std::min<std::size_t>(rest.end, rest.begin + std::min(sentence.text(rest).find(end), sentence.text(rest).size())));
    for (const WordHit& hit : sentence.words(Layer::kStance))
      if (hit.begin >= rest.begin && hit.begin < rest.end && !is(hit, StanceCue::kAfter)) rest.end = hit.begin;
    for (const TimeAt& time : sentence.times_at())
      if (time.at.begin >= rest.begin && time.at.begin < rest.end) rest.end = time.at.begin;
    std::string_view words = sentence.text(rest);
    for (bool moved = true; moved;) {
      moved = false;
      for (const std::string_view tail : {" ", "”", "“", "」", "后", "时", "也", "等", "于", "在", "的"})
        if (words.ends_with(tail)) words.remove_suffix(tail.size()), moved = true;
    }
    static constexpr std::string_view kFeatures[] = {
        "功能", "特性", "模式", "权限", "接口", "插件", "消息", "信息", "参数", "配置", "细节", "规格", "数据", "价格", "售价", "定价", "外观", "配色", "颜色", "车色", "渲染图", "官图", "海报", "预告", "预告片", "视频", "图片", "照片", "博文", "公告", "报告",
        "指南", "白皮书", "标准", "规范", "声明", "通知", "教程", "评测", "跑分", "成绩", "传闻", "动态", "计划", "路线图", "方案", "活动", "赛事", "名单", "榜单", "补丁", "更新", "固件", "驱动", "版本", "测试版", "预览版", "内测", "公测", "主题", "皮肤", "壁纸",
        "联名", "礼盒", "配件", "保护壳", "手机壳", "斜挎包", "表带", "充电器", "传感器", "结果", "初裁结果", "裁决", "案", "案件", "诉讼", "专利", "项目", "门店", "服务", "镜头", "屏幕", "电池", "面板", "材料", "基材", "节点", "工艺", "接口", "协议", "收藏版", "实体版", "玩法", "dlc",
        "会员", "套餐", "订阅", "优惠", "政策", "规则", "论文", "研究", "代码", "源码", "文档", "应用", "客户端", "官网", "发布会", "展示会", "体验", "体验店", "界面", "设计", "激活功能", "散热", "性能", "销量", "订单", "产能", "工厂", "生产线", "业务", "市场", "计费", "机制", "作品", "漏洞", "水冷头", "保护膜"};
    // 视窗系统中一项…: something in it.
    for (const std::string_view inside : {" 中", "中一", "中的", " 上的", "上的", "里的"})
      if (words.starts_with(inside)) return true;
    return std::any_of(std::begin(kFeatures), std::end(kFeatures), [&](std::string_view feature) { return words.ends_with(feature); });
  }
  // 上架某商店, 在某平台上线: where it is to be had.
  static bool place_of_sale(const Sentence& sentence, const Name& name, const WordHit& hit) {
    static constexpr std::string_view kStores[] = {"steam", "app store", "google play", "playstation store", "eshop", "epic"};
    const bool store = std::any_of(std::begin(kStores), std::end(kStores), [&](std::string_view each) { return sentence.text(name.at) == each; });
    const std::string_view before = sentence.text().substr(0, name.at.begin);
    const bool in = before.ends_with("在") || before.ends_with("在 ") || before.ends_with("于") || before.ends_with("登陆");
    return store || (in && name.at.end <= hit.begin);
  }

  // Named only as what the product is built on or held against: 基于Hopper, 对标H100.
  static bool aside(const Sentence& sentence, const Name& name, Range clause) {
    static constexpr std::string_view kAsides[] = {"基于", "采用", "搭载", "使用", "登陆", "登录", "面向", "适用于", "支持", "兼容", "适配", "内置", "配备", "集成", "依托", "接入", "对标", "相比", "较", "比", "介于", "媲美", "低于", "高于", "超过", "兼容", "based on ", "than ", "versus ", "compared with ", "rival ", "using "};
    const std::string_view before = sentence.text({clause.begin, name.at.begin});
    return std::any_of(std::begin(kAsides), std::end(kAsides), [&](std::string_view word) {
      const std::size_t at = before.rfind(word);
      if (at == std::string_view::npos || before.size() - at - word.size() > 36) return false;
      // 采用某工艺的甲: the clause is about 甲.
      return before.substr(at).find("的") == std::string_view::npos;
    });
  }

  static bool market_word(const Scene& scene, const WordHit& hit, Range clause) {
    for (const Name& name : scene.sentence.names()) {
      if (!clause.covers(name.at)) continue;
      if (name.kind == EntityKind::kExchange) return false;
      if (is_product(name.kind)) {
        // A product right before, or right after: 谷歌TPU的上市, 正式上市第七代TPU.
        // 甲将于2026年第一季上市: when is no word between.
        std::uint32_t gap = name.at.end <= hit.begin ? hit.begin - name.at.end : 0;
        for (const TimeAt& time : scene.sentence.times_at())
          if (time.at.begin >= name.at.end && time.at.end <= hit.begin) gap -= std::min(gap, time.at.size());
        if (name.at.end <= hit.begin ? gap <= 12 : name.at.begin - hit.end <= 45) return true;
      }
    }
    return false;
  }

  static std::optional<EntityRef> maker(const Scene& scene, Range at) {
    const Name* company = company_before(scene, at);
    // 甲等集群所需的芯片: who needs it does not make it.
    static constexpr std::string_view kUsers[] = {"所需", "采购", "使用", "租用", "购买", "订购"};
    if (company != nullptr && company->at.end <= at.begin)
      for (const std::string_view user : kUsers)
        if (scene.sentence.text({company->at.end, at.begin}).find(user) != std::string_view::npos) return std::nullopt;
    if (company != nullptr && company->at.end <= at.begin)
      if (const std::string_view behind = scene.sentence.text({company->at.end, at.begin}); behind.starts_with("等") && behind.find("客户") != std::string_view::npos) return std::nullopt;
    if (company != nullptr && scene.sentence.sentence_range(at.begin).covers(company->at)) return company->ref;
    if (scene.article.company && scene.sentence.last(Layer::kFrame, FrameCue::kCompany, {scene.sentence.clause_range(at.begin).begin, at.begin}) != nullptr) return scene.article.company->ref;
    return std::nullopt;
  }

  static std::optional<Product> product_of(const Scene& scene, const WordHit& hit, Range clause) {
    const Sentence& sentence = scene.sentence;
    const auto word = static_cast<Word>(hit.sense);
    // Verbs that take the product after them; said of it passively, it stands before.
    const std::string_view verb = sentence.text(range_of(hit));
    const bool transitive = word == Word::kLaunched || word == Word::kAnnounced || word == Word::kShipping || word == Word::kDelayed || word == Word::kCancelled || verb == "大规模生产" || verb == "投产" || word == Word::kMarket;
    const Name* before = nullptr;
    const Name* after = nullptr;
    for (const Name& name : sentence.names()) {
      if (!is_product(name.kind) || !clause.covers(name.at) || aside(sentence, name, clause) || place_of_sale(sentence, name, hit)) continue;
      if (name.at.end <= hit.begin) {
        if (before == nullptr || name.kind != EntityKind::kProductClass) before = &name;
      } else if (name.at.begin >= hit.end && after == nullptr) {
        after = &name;
      }
    }
    if (after != nullptr) {
      const std::uint32_t gap = after->at.begin - hit.end;
      if (gap > 60) after = nullptr;
    }
    const Name* pick = transitive && after != nullptr && (before == nullptr || after->at.begin - hit.end < 30) ? after : before;
    // 量产321层NAND, 送样HBM3: with nothing before them these take a product as well.
    const bool adjoins = after != nullptr && (word == Word::kMassProduction || word == Word::kSampling) && after->at.begin - hit.end <= 24;
    if (pick == nullptr && (transitive || adjoins || sentence.english())) pick = after;
    // 该芯片: the product named last before it, else the article's.
    const WordHit* this_product = sentence.last(Layer::kFrame, FrameCue::kThisProduct, {clause.begin, hit.begin});
    if (this_product != nullptr && (pick == nullptr || pick->kind == EntityKind::kProductClass)) {
      const Name* meant = nullptr;
      for (const Name& name : sentence.names())
        if (is_product(name.kind) && name.kind != EntityKind::kProductClass && name.at.end <= this_product->begin) meant = &name;
      if (meant == nullptr && scene.article.product) meant = &*scene.article.product;
      if (meant != nullptr) return Product{meant->ref, range_of(*this_product), vendor_of(scene, *meant)};
    }
    if (pick == nullptr) {
      // A name in quotation marks: 代号“白鹭”, “纤维芯片”.
      const auto quoted = quoted_name(sentence, clause, hit);
      if (quoted) return Product{*quoted->second, quoted->first, maker(scene, range_of(hit))};
      // The clause before, when this one has no subject of its own: "…C600系列性能…，计划2026年量产".
      const std::size_t index = sentence.clause_at(hit.begin);
      for (std::size_t i = index; i > 0;) {
        --i;
        if (sentence.clauses()[i].sentence != sentence.clauses()[index].sentence) break;
        if (index - i > 2) break;
        for (const Name& name : sentence.names())
          if (is_product(name.kind) && (name.kind != EntityKind::kProductClass || name.at.begin <= sentence.clauses()[i].at.begin + 6) && sentence.clauses()[i].at.covers(name.at) && !aside(sentence, name, sentence.clauses()[i].at)) {
            pick = &name;
            break;  // the first of the clause is what it is about
          }
        if (pick == nullptr)
          if (const auto earlier = quoted_name(sentence, sentence.clauses()[i].at, hit)) return Product{*earlier->second, earlier->first, maker(scene, range_of(hit))};
        if (pick != nullptr) break;
      }
      // 相关公告…发布: the clause has a subject of its own.
      if (pick != nullptr && !sentence.english()) {
        Range own{clause.begin, hit.begin};
        for (const Layer layer : {Layer::kStance, Layer::kFrame})
          for (const WordHit& cue : sentence.words(layer))
            if (own.covers(range_of(cue))) own.begin = std::max(own.begin, cue.begin <= own.begin + 6 ? cue.end : own.begin);
        std::size_t left = count_code_points(sentence.text(own));
        for (const TimeAt& time : sentence.times_at())
          if (own.covers(time.at)) left -= std::min(left, count_code_points(sentence.text(time.at)));
        for (const WordHit& cue : sentence.words(Layer::kStance))
          if (own.covers(range_of(cue))) left -= std::min(left, count_code_points(sentence.text(range_of(cue))));
        if (left > 5 && (word == Word::kLaunched || word == Word::kAnnounced)) return std::nullopt;
      }
    }
    if (pick == nullptr) return std::nullopt;
    if (pick->kind == EntityKind::kProductClass && word != Word::kMassProduction && word != Word::kShipping && word != Word::kSampling && word != Word::kTapedOut) {
      // A class by itself ("chips were launched") names nothing.
      const auto quoted = quoted_name(sentence, clause, hit);
      if (quoted) return Product{*quoted->second, quoted->first, maker(scene, range_of(hit))};
      return std::nullopt;
    }
    Product product{pick->ref, pick->at, vendor_of(scene, *pick), pick->entity != nullptr && (pick->entity->tagged("chip") || pick->entity->tagged("accelerator") || pick->entity->tagged("memory"))};
    if (!product.vendor) product.vendor = maker(scene, pick->at);
    if (!product.vendor) product.vendor = maker(scene, range_of(hit));
    return product;
  }

  static std::optional<std::pair<Range, std::optional<EntityRef>>> quoted_name(const Sentence& sentence, Range clause, const WordHit& hit) {
    static constexpr std::pair<std::string_view, std::string_view> kMarks[] = {{"“", "”"}, {"「", "」"}, {"『", "』"}, {"\"", "\""}};
    const std::string_view text = sentence.text(clause);
    for (const auto& [open, close] : kMarks) {
      const std::size_t begin = text.find(open);
      if (begin == std::string_view::npos) continue;
      const std::size_t end = text.find(close, begin + open.size());
      if (end == std::string_view::npos) continue;
      const Range range{static_cast<std::uint32_t>(clause.begin + begin + open.size()), static_cast<std::uint32_t>(clause.begin + end)};
      const std::size_t length = count_code_points(sentence.text(range));
      if (length < 2 || length > 16 || range.touches(range_of(hit))) continue;
      // What is named has to be called a thing: 代号, 芯片, 系列, 产品, codenamed.
      const std::string_view lead = sentence.text({clause.begin, range.begin});
      const std::string_view inside = sentence.text(range);
      static constexpr std::string_view kThings[] = {"代号", "芯片", "晶片", "处理器", "hbm", "gpu", "cpu", "模型", "平台", "系列", "code-named", "codenamed", "called", "dubbed", "chip"};
      if (std::none_of(std::begin(kThings), std::end(kThings), [&](std::string_view thing) { return lead.find(thing) != std::string_view::npos || inside.find(thing) != std::string_view::npos; })) continue;
      return std::pair{range, std::optional<EntityRef>(EntityRef{std::string(inside), sentence.original_text(range), false})};
    }
    return std::nullopt;
  }
};

}  // namespace

std::unique_ptr<Rule> make_product_milestone_rule() { return std::make_unique<ProductMilestone>(); }

}  // namespace annals
