#include "engine/claim/rules/ipo_milestone.h"

#include <algorithm>
#include <array>
#include <span>

#include "engine/base/utf8.h"

namespace annals {
namespace {

enum class Word : Sense {
  kNone,
  kConsidering, kPreparing, kTutoring, kFiled, kAccepted, kInquiry, kApproved, kRegistered, kPriced, kSubscription, kListed, kWithdrawn, kTerminated,
  kGoPublic,    // 上市, IPO: a stage only together with another word
  kStart,       // 启动, 支持, 筹备
  kWeigh,       // 考虑, 评估
  kSubmit,      // 递交, 提交
  kPaper,       // 申请, 招股书
  kFinish,      // 完成, 登陆, 实现
  kIssueShares, // 发行 + names: a date of issue
  kNewShares,   // 新股
  kUndecided,   // 尚未做出决定
  kHearing,     // 聆讯, 上市委: passed where 通过 stands before it
  kPriceSet,    // 定价: of shares only beside 每股
  kAgree,       // 同意, 批准: to a registration named later
  kRegister,    // 注册: granted where somebody agrees before it
  kPass,        // 通过, 审议通过: an offering named later
  kOffering,    // 首发, 首次公开发行: what is passed or registered
};

constexpr WordRow row(Word word, std::string_view words) { return {static_cast<Sense>(word), words}; }

constexpr auto kWords = std::to_array<WordRow>({
    row(Word::kNone, "上市公司|上市企业|上市券商|上市银行|上市时间表|产品上市|新品上市|上市药|获批上市|批准上市|上市许可|上市销售|正式上市第|将上市tpu|发行人|发行量|发行版|发行价格区间外|发行债券|发行票据|"
                     "债券发行|发行规模|发行总额|上市后|上市首日|上市以来|上市标的|上市板块|上市申请人|申购赎回|赎回|基金申购|市场定价|定价权|定价模式|定价策略|产品定价|首发售价|首发价|的定价|定价持续|重新定价|"
                     "登陆火星|挂牌督办|受理投诉|受理案件|注册资本|注册用户|注册地|注册形成|问询函件|摘牌出让|挂牌转让|挂牌出让|挂牌价|拍卖挂牌|辅导员|辅导班|课外辅导|学习辅导|心理辅导|"
                     "listed companies|listed company|listed firms|us-listed|hong kong-listed|shanghai-listed|listed below|listed as|ipo market|pricing power|filed a lawsuit|filed suit|filed for bankruptcy|filed a patent|court filing|priced in"),
    row(Word::kConsidering, "考虑上市|考虑赴港上市|探讨上市|有意上市|拟分拆|考虑分拆|评估分拆|拟议分拆|考虑ipo|weighing an ipo|considering an ipo|considers an ipo|exploring an ipo|mulling an ipo|weighs ipo|considering a listing|exploring a listing|considering a spin-off|considering a u.s. listing|considering a us listing|considering a hong kong listing|considers listing|mulls ipo|weighing a listing"),
    row(Word::kPreparing, "上市筹备|筹备上市|筹备ipo|启动上市|启动ipo|筹划上市|准备上市|筹备赴港上市|聘请投行|支持上市|上市准备|筹备分拆|preparing for an ipo|preparing an ipo|prepares for ipo|preparing to list|prepares to go public|preparing to go public|prepares for an ipo|hired banks|ipo preparations|preparations for an ipo|prepares an ipo|working with banks on"),
    row(Word::kTutoring, "上市辅导|完成上市辅导|完成辅导|启动上市辅导|开始上市辅导|开启上市辅导|正式上市辅导|辅导备案|辅导协议|辅导验收|辅导工作|ipo辅导|辅导机构|辅导期|辅导状态|pre-listing tutoring|listing tutoring|tutoring agreement|tutoring registration|tutoring"),
    row(Word::kFiled, "递表|申报上市|递交上市申请|提交上市申请|递交招股书|提交招股书|递交招股说明书|提交申请表|提交申请|递交申请|交表|保密递交|秘密递交|申报科创板|申报ipo|已申报|申报材料|递交a1|披露招股书|披露招股说明书|重新递表|二次递表|上市申请材料|"
                      "filed for an ipo|filed for a listing|filed for ipo|files for ipo|filed its prospectus|filed a prospectus|filed confidentially|confidentially filed|submitted its listing application|submitted a listing application|files for hong kong ipo|filed to list|filed an application|files for an ipo|submitted an application to list|applied to list|applied for a listing|file for an ipo|file for a listing|filed for hong kong"),
    row(Word::kAccepted, "获受理|已受理|受理其|上市申请获|申请获上交所受理|获上交所受理|获深交所受理|获北交所受理|受理|application accepted|accepted its application|accepted the application|accepted its listing"),
    row(Word::kInquiry, "问询|首轮问询|问询函|审核问询|回复问询|问询回复|inquiry letter|inquiries|inquiry|comment letter"),
    row(Word::kApproved, "过会|通过上市委|上市委通过|审核通过|通过聆讯|聆讯通过|首发获通过|上会通过|通过发审委|上市委会议通过|通过上市聆讯|过聆讯|passed the hearing|passed its hearing|passed a listing hearing|cleared the listing committee|won approval for its ipo|approved its ipo|approved the ipo|listing committee approved|received approval for its ipo|won approval to list|passed the listing committee"),
    row(Word::kRegistered, "注册生效|同意注册|同意其注册|批准其注册|同意该公司注册|同意公司注册|准予注册|准予其注册|注册批复|提交注册|注册申请获|获证监会注册|ipo注册|证监会批复|registration approved|approved its registration|registration took effect|approved the registration|registration became effective|registration approval"),
    row(Word::kPriced, "发行价|发行价格|发行定价|招股价|发售价|定价为|最终定价|发行市值|priced its ipo|priced its shares|ipo price|offer price|priced the offering|issue price|priced at|ipo priced|pricing shares at|pricing its shares at|pricing the shares at|pricing it at"),
    row(Word::kPriceSet, "定价"),
    row(Word::kSubscription, "申购|中签率|网上发行|公开发售|招股期|开始招股|启动招股|今起招股|起招股|今日招股|正在招股|展开招股|公开招股|认购|打新|有效申购|subscription|subscriptions|oversubscribed|over-subscribed|book building|bookbuilding|lottery rate|public offering opens|took orders|opens books"),
    row(Word::kListed, "挂牌上市|挂牌|上市交易|上市首日|敲钟|登陆科创板|登陆港交所|登陆纳斯达克|登陆创业板|登陆a股|登陆港股|登陆资本市场|完成上市|成功上市|已上市|完成ipo|正式上市|在港上市|"
                       "debuted|debut|began trading|begins trading|started trading|starts trading|went public|made its debut|begin trading|start trading|completed its ipo|complete its ipo"),
    row(Word::kWithdrawn, "撤回上市|撤回ipo|撤回申请|撤单|撤材料|撤回申报|撤回发行|撤回其|主动撤回|withdrew its ipo|withdrew its application|withdraws ipo|withdrew its listing|pulled its ipo|withdrawn its|pulls ipo"),
    row(Word::kTerminated, "终止审核|终止上市审核|终止ipo|终止发行|终止注册|终止辅导|审核终止|上市终止|terminated the review|terminated its ipo|review terminated|terminates review|ended its review|terminated its listing"),
    row(Word::kGoPublic, "上市|ipo|独立上市|单独上市|separate listing|stand-alone listing|standalone listing|分拆上市|赴港上市|首次公开募股|首次公开发行|initial public offering|go public|going public|flotation|listing|list"),
    row(Word::kStart, "启动|着手|同意让|back|backs|backed|支持|筹备|筹划|准备|推进|preparing|preparations|support|supports|backs|prepare"),
    row(Word::kWeigh, "考虑|评估|探讨|研究|权衡|拟分拆|分拆|weighing|considering|exploring|mulling|evaluating|assessing"),
    row(Word::kSubmit, "递交|提交|报送|申报|申请|filed|files|file|submit|submits|submitted"),
    row(Word::kPaper, "招股书|招股说明书|招股文件|上市申请|上市材料|上市资料|申请|a1|prospectus|application"),
    row(Word::kFinish, "完成|登陆|实现|成功|已|complete|completed"),
    row(Word::kIssueShares, "发行"),
    row(Word::kNewShares, "新股|新股发行|new shares|new listings"),
    row(Word::kHearing, "聆讯|上市聆讯|上市委|上市委员会|listing hearing|hearing|listing committee|listing committee hearing"),
    row(Word::kAgree, "同意|批准|核准|准予|批复同意|批复|approves|approved|approve"),
    row(Word::kRegister, "注册"),
    row(Word::kPass, "passed|passes|cleared|审议通过|通过|审议并通过|获上市委会议通过"),
    row(Word::kOffering, "首发|首发申请|首发上市|首发上市申请|首次公开发行股票|发行上市申请|发行申请|ipo申请|上市申请"),
    row(Word::kUndecided, "尚未做出决定|尚未作出决定|未做出决定|未作出决定|没有做出决定|尚无决定|尚未决定|未有决定|no decision has been made|no final decision|not made a decision|has not decided|yet to decide|no decision"),
});

std::string_view stage_of(Word word) {
  switch (word) {
    case Word::kConsidering: case Word::kUndecided: return "considering";
    case Word::kPreparing: return "preparing";
    case Word::kTutoring: return "tutoring";
    case Word::kFiled: return "filed";
    case Word::kAccepted: return "accepted";
    case Word::kInquiry: return "inquiry";
    case Word::kApproved: return "approved";
    case Word::kRegistered: return "registered";
    case Word::kPriced: return "priced";
    case Word::kSubscription: return "subscription";
    case Word::kListed: return "listed";
    case Word::kWithdrawn: return "withdrawn";
    case Word::kTerminated: return "terminated";
    default: return {};
  }
}

bool holds_any(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// Said of markets for shares, whatever else: schools and courts have applications, tutors and withdrawals too.
bool speaks_of_market(std::string_view text) {
  static constexpr std::string_view kMarket[] = {"ipo", "招股", "科创板", "创业板", "北交所", "港交所", "联交所", "上交所", "深交所", "交易所", "证监", "证券交易", "保荐", "首次公开", "新股", "a股", "港股", "主板上", "主板挂", "申购", "聆讯", "上市委", "股票代码", "纳斯达克",
                                                 "nasdaq", "nyse", "hkex", "prospectus", "going public", "go public", "s-1", "stock exchange", "initial public", "star market", "shares", " listing", "list on", "list in", "to list"};
  if (holds_any(text, kMarket)) return true;
  static constexpr std::string_view kOther[] = {"公司", "企业", "车企", "销售", "许可", "新", "药"};
  for (std::size_t at = text.find("上市"); at != std::string_view::npos; at = text.find("上市", at + 6)) {
    const std::string_view next = text.substr(at + 6);
    const std::string_view before = text.substr(0, at);
    if (std::none_of(std::begin(kOther), std::end(kOther), [&](std::string_view other) { return next.starts_with(other); }) && !before.ends_with("获批") && !before.ends_with("新品") && !before.ends_with("注册")) return true;
  }
  return false;
}

bool one_of(const WordHit& hit, std::initializer_list<Word> words) {
  return std::any_of(words.begin(), words.end(), [&](Word word) { return is(hit, word); });
}

class IpoMilestone final : public Rule {
 public:
  ClaimType type() const override { return ClaimType::kIpoMilestone; }
  std::span<const WordRow> words() const override { return kWords; }

  void read(const Scene& scene, std::vector<Draft>& out) const override {
    const Sentence& sentence = scene.sentence;
    const Range all = sentence.whole();
    const bool about = near(scene, all, {Word::kGoPublic, Word::kListed, Word::kFiled, Word::kPriced, Word::kSubscription, Word::kTutoring, Word::kApproved, Word::kRegistered,
                                         Word::kPreparing, Word::kConsidering, Word::kWithdrawn, Word::kTerminated, Word::kNewShares, Word::kOffering, Word::kPriceSet}) != nullptr || venue_of(scene, all).has_value();
    if (!about) return;
    for (const WordHit& hit : scene.words()) {
      const Range clause = sentence.clause_range(hit.begin);
      const auto word = static_cast<Word>(hit.sense);
      switch (word) {
        case Word::kIssueShares: issue_dates(scene, hit, clause, out); break;
        case Word::kGoPublic: go_public(scene, hit, clause, out); break;
        case Word::kSubmit: submit(scene, hit, clause, out); break;
        case Word::kAccepted: case Word::kInquiry:
          // Words of many uses: only beside listing words of the clause.
          if (near(scene, sentence.sentence_range(hit.begin), {Word::kGoPublic, Word::kPaper, Word::kApproved, Word::kFiled, Word::kOffering}) == nullptr && !venue_of(scene, clause)) break;
          [[fallthrough]];
        case Word::kConsidering: case Word::kPreparing: case Word::kTutoring: case Word::kFiled: case Word::kApproved: case Word::kRegistered: case Word::kListed:
        case Word::kWithdrawn: case Word::kTerminated: case Word::kUndecided:
          stage(scene, hit, clause, stage_of(word), out);
          break;
        case Word::kHearing: {
          const std::string_view lead = sentence.text({clause.begin, hit.begin});
          if (near(scene, clause, {Word::kApproved}) == nullptr && (lead.find("通过") != std::string_view::npos || lead.find("passed") != std::string_view::npos || lead.find("cleared") != std::string_view::npos))
            stage(scene, hit, clause, "approved", out);
          break;
        }
        case Word::kRegister:
          // 同意某某首次公开发行股票的注册申请: who agrees stands before, whose it is between.
          if (near(scene, {clause.begin, hit.begin}, {Word::kAgree}) != nullptr && near(scene, {clause.begin, hit.end}, {Word::kOffering, Word::kGoPublic}) != nullptr && near(scene, clause, {Word::kRegistered}) == nullptr)
            stage(scene, hit, clause, "registered", out);
          break;
        case Word::kPaper: ended(scene, hit, clause, out); break;
        case Word::kOffering:
          if (ended(scene, hit, clause, out)) break;
          // 上市委审议通过某某首发申请.
          if (const WordHit* pass = near(scene, {clause.begin, hit.begin}, {Word::kPass, Word::kApproved}); pass != nullptr && near(scene, clause, {Word::kRegister}) == nullptr)
            stage(scene, hit, clause, "approved", out);
          break;
        case Word::kPriceSet:
          if (sentence.text(clause).find("每股") != std::string_view::npos && near(scene, clause, {Word::kPriced}) == nullptr) figures(scene, hit, clause, "priced", out);
          break;
        case Word::kPriced: case Word::kSubscription: figures(scene, hit, clause, stage_of(word), out); break;
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

  static std::optional<EntityRef> venue_of(const Scene& scene, Range in) {
    std::optional<EntityRef> place;
    for (const Name& name : scene.sentence.names()) {
      if (!in.covers(name.at)) continue;
      if (name.kind == EntityKind::kExchange) return name.ref;
      if (!place && (name.ref.id == "hong_kong" || is_listing_place(scene.sentence, name))) place = name.ref;
    }
    return place;
  }
  // List in Shanghai, an IPO in Mumbai, 赴美上市, 在新加坡挂牌: a place where shares are to trade.
  static bool is_listing_place(const Sentence& sentence, const Name& name) {
    if (name.kind != EntityKind::kCountry && name.kind != EntityKind::kRegion) return false;
    const std::string_view before = sentence.text().substr(0, name.at.begin);
    const std::string_view after = sentence.text().substr(name.at.end);
    static constexpr std::string_view kIn[] = {"list in ", "lists in ", "listing in ", "listed in ", "list shares in ", "list its shares in ", "ipo in ", "ipos in ", "public in ", "debut in ", "offering in ", "float in ", "flotation in "};
    static constexpr std::string_view kTo[] = {"赴", "在", "到", "于", "去"};
    static constexpr std::string_view kTrades[] = {"上市", "挂牌", "ipo", "敲钟", "招股", "首次公开", "二次上市", "主板", "双重上市"};
    const auto ends = [&](std::string_view word) { return before.ends_with(word); };
    if (std::any_of(std::begin(kIn), std::end(kIn), ends)) return !after.starts_with("'s");
    return std::any_of(std::begin(kTo), std::end(kTo), ends) && std::any_of(std::begin(kTrades), std::end(kTrades), [&](std::string_view word) { return after.starts_with(word); });
  }

  struct Issuer {
    EntityRef ref;
    Range at;
  };

  // In the statement, its heading or the title.
  static bool in_market(const Scene& scene) {
    // Drugs are filed, accepted and approved as well.
    static constexpr std::string_view kDrugs[] = {"药监", "临床试验", "注射", "新药申请", "drug administration"};
    if (holds_any(scene.sentence.text(), kDrugs)) return false;
    if (venue_of(scene, scene.sentence.whole())) return true;
    return speaks_of_market(scene.sentence.text()) || (scene.heading != nullptr && speaks_of_market(scene.heading->text())) || speaks_of_market(scene.article.title);
  }
  // Banks and advisers stand beside an offering, they do not list.
  static bool serves(const Sentence& sentence, const Name& name, Range clause) {
    static constexpr std::string_view kRoles[] = {"保荐", "承销", "辅导机构", "协调人", "财务顾问", "账簿管理", "underwriter", "sponsor"};
    const std::string_view after = sentence.text().substr(name.at.end);
    // 获甲投资的乙: the one that is backed lists.
    static constexpr std::string_view kBacks[] = {"投资的", "领投的", "参投的", "持股的", "参股的", "入股的", "支持的", "孵化的", "-backed", " backed"};
    if (std::any_of(std::begin(kBacks), std::end(kBacks), [&](std::string_view word) { return after.starts_with(word); })) return true;
    return holds_any(sentence.text({clause.begin, name.at.begin}), kRoles) || after.starts_with("担任") || after.starts_with("作为") || after.starts_with("投资者") || after.starts_with("统计") || after.starts_with("数据");
  }
  // Between a company and its bare 上市 stand times and adverbs, not the name of something else: cars, games and drugs come to market too.
  static bool plain_subject(const Scene& scene, const Issuer& issuer, const WordHit& hit) {
    const Sentence& sentence = scene.sentence;
    if (issuer.at.end > hit.begin) return false;
    std::string rest;
    for (std::uint32_t at = issuer.at.end; at < hit.begin;) {
      const auto time = std::find_if(sentence.times_at().begin(), sentence.times_at().end(), [&](const TimeAt& each) { return each.at.begin <= at && at < each.at.end; });
      if (time != sentence.times_at().end()) {
        at = time->at.end;
        continue;
      }
      rest += sentence.text()[at++];
    }
    static constexpr std::string_view kAdverbs[] = {"公司", "即将", "计划", "预计", "目标", "正式", "成功", "完成", "有望", "可能", "目前", "最早", "最快", "争取", "力争", "或", "已", "于", "在", "将", "拟", "会", "的", "也", "均", "都", "刚", "现", "年内", "准备", "寻求", "推动", "整体", "分拆", "独立", "单独", "未来", " "};
    for (const std::string_view adverb : kAdverbs)
      for (std::size_t at = rest.find(adverb); at != std::string::npos; at = rest.find(adverb)) rest.erase(at, adverb.size());
    return count_code_points(rest) <= 2 && std::none_of(rest.begin(), rest.end(), [](char c) { return c >= '0' && c <= '9'; });
  }
  // A time of a plan behind the word (…筹备 计划…一季度递交), or of a record (创年内第二低), is not when this happened.
  static bool owns_time(const Scene& scene, const TimeAt& time, Range trigger) {
    const Sentence& sentence = scene.sentence;
    static constexpr std::string_view kPlans[] = {"计划", "拟", "预计", "目标", "争取", "力争", "有望", "plans to", "aims to", "expects to"};
    if (time.at.begin >= trigger.end && holds_any(sentence.text({trigger.end, time.at.begin}), kPlans)) return false;
    static constexpr std::string_view kRecords[] = {"第二", "第三", "第一", "最高", "最低", "最大", "新高", "新低", "纪录", "之最", "record"};
    const std::string_view before = sentence.text().substr(0, time.at.begin);
    const std::string_view tail = sentence.text({time.at.end, sentence.clause_range(time.at.begin).end});
    return !((before.ends_with("创") || before.ends_with("创下") || before.ends_with("为") || before.ends_with("系")) && holds_any(tail, kRecords));
  }
  static void set_time(const Scene& scene, Draft& made) {
    const TimeAt* time = time_of(scene, made.trigger);
    if (time == nullptr || !owns_time(scene, *time, made.trigger)) return;
    set_when(scene, made);
    look_back(scene, made, *time->time, stance_of(scene, made.trigger));
  }
  // Companies that come after an attribute: 已申报上市的A、B和C.
  static std::vector<Issuer> after_of(const Scene& scene, const WordHit& hit, Range clause) {
    const Sentence& sentence = scene.sentence;
    std::vector<Issuer> found;
    std::uint32_t at = hit.end;
    if (!sentence.text().substr(at).starts_with("的")) {
      // 上市 may follow 申报, 交易 may follow 上市.
      static constexpr std::string_view kTails[] = {"上市的", "交易的", "申请的", "ipo的"};
      const auto* tail = std::find_if(std::begin(kTails), std::end(kTails), [&](std::string_view t) { return sentence.text().substr(at).starts_with(t); });
      if (tail == std::end(kTails)) return found;
      at += static_cast<std::uint32_t>(tail->size());
    } else {
      at += 3;
    }
    Range last{at, at};
    for (const Name& name : sentence.names()) {
      if (!is_company(name.kind) || name.at.begin < at || name.at.begin >= clause.end) continue;
      const bool adjoins = name.at.begin <= last.end + 6 || (!found.empty() && sentence.joined(last, name.at));
      if (!adjoins) break;
      // A second attribute ends the list: 也超过已上市的….
      found.push_back({name.ref, name.at});
      last = name.at;
    }
    return found;
  }

  static std::optional<Issuer> issuer_of(const Scene& scene, const WordHit& hit, bool unknown_too = true) {
    const Sentence& sentence = scene.sentence;
    const Range clause = sentence.clause_range(hit.begin);
    const Name* best = nullptr;
    // Named in the clause before the word, owners and banks aside: the last one is the nearest to what happens.
    for (const Name& name : sentence.names())
      if (is_company(name.kind) && clause.begin <= name.at.begin && name.at.end <= hit.begin && !serves(sentence, name, clause)) best = &name;
    if (best != nullptr && sentence.text({best->at.end, hit.begin}).find("参与") != std::string_view::npos) return std::nullopt;
    // 某某旗下甲: the child is who is listed.
    const std::string_view so_far = sentence.text({clause.begin, hit.begin});
    if (const std::size_t under = so_far.rfind("旗下"); under != std::string_view::npos && unknown_too && (best == nullptr || best->at.end <= clause.begin + under)) {
      const auto begin = static_cast<std::uint32_t>(clause.begin + under + 6);
      static constexpr std::u32string_view kEnds = U"再次独分赴在于的业务启申递提筹备计拟将正已完重进与上iI（(，、";
      std::uint32_t end = begin;
      while (end < hit.begin) {
        const CodePoint c = decode_utf8(sentence.text(), end);
        if (kEnds.find(c.value) != std::u32string_view::npos) break;
        end += c.length;
      }
      const std::size_t length = count_code_points(sentence.text({begin, end}));
      if (length >= 2 && length <= 8) {
        EntityRef child{std::string(sentence.text({begin, end})), sentence.original_text({begin, end}), false};
        if (const Entity* known = scene.article.lexicon->by_name(child.text); known != nullptr) child = {known->id, child.text, true};
        return Issuer{child, {begin, end}};
      }
    }
    // "listing of X", "IPO of X": X, whoever decides it.
    if (sentence.english() && sentence.text().substr(hit.end).starts_with(" of "))
      for (const Name& name : sentence.names())
        if (is_company(name.kind) && name.at.begin >= hit.end && name.at.begin <= hit.end + 10) return Issuer{name.ref, name.at};
    if (best != nullptr) {
      // Parent and child: 百度…附属公司昆仑芯 is the last; 昆仑芯…向港交所 is no company. A backer after 由 or 获 is none.
      const std::string_view before = sentence.text().substr(0, best->at.begin);
      if (before.ends_with("由") || before.ends_with("获") || before.ends_with("超") || before.ends_with("较")) {
        for (const Name& name : sentence.names())
          if (is_company(name.kind) && clause.begin <= name.at.begin && name.at.end < best->at.begin) return Issuer{name.ref, name.at};
      }
      const WordHit* frame = sentence.last(Layer::kFrame, FrameCue::kCompany, {best->at.end, hit.begin});
      if (frame != nullptr && !scene.article.company_clear) return Issuer{best->ref, best->at};
      if (frame == nullptr || !scene.article.company) return Issuer{best->ref, best->at};
    }
    Range at{};
    const Range whole = sentence.sentence_range(hit.begin);
    const WordHit* frame = sentence.last(Layer::kFrame, FrameCue::kCompany, {clause.begin, hit.begin});
    // 该公司 is the one named last.
    if (best == nullptr && frame != nullptr && sentence.text(range_of(*frame)).starts_with("该")) {
      for (const Name& name : sentence.names())
        if (is_company(name.kind) && whole.begin <= name.at.begin && name.at.end <= clause.begin) best = &name;
      if (best != nullptr) return Issuer{best->ref, best->at};
    }
    if (best == nullptr && frame == nullptr && !sentence.english() && unknown_too && !scene.title)
      if (auto name = unknown_name_before(scene, range_of(hit), &at)) return Issuer{*name, at};
    if (best == nullptr && !scene.title && sentence.last(Layer::kFrame, FrameCue::kCompany, {clause.begin, hit.begin}) == nullptr) {
      if (sentence.english()) {
        // "… listing of X", "for X": after the word.
        for (const Name& name : sentence.names())
          if (is_company(name.kind) && name.at.begin >= hit.end && clause.covers(name.at) && name.at.begin < hit.end + 25) return Issuer{name.ref, name.at};
      }
      // The first company of the sentence's earlier clauses; a child named after its parent wins.
      for (const Name& name : sentence.names())
        if (is_company(name.kind) && whole.begin <= name.at.begin && name.at.end <= clause.begin && !serves(sentence, name, sentence.clause_range(name.at.begin))) best = &name;
      if (best != nullptr) {
        for (const Name& name : sentence.names())
          if (is_company(name.kind) && sentence.clause_at(name.at.begin) == sentence.clause_at(best->at.begin)) {
            // Several: the title's company, if it is among them.
            if (scene.article.company && name.ref.id == scene.article.company->ref.id) return Issuer{name.ref, name.at};
          }
        return Issuer{best->ref, best->at};
      }
    }
    // A firm that the lexicon lacks goes on from an earlier clause.
    if (best == nullptr && frame == nullptr && !sentence.english() && unknown_too && !scene.title)
      for (const WordHit& earlier : scene.words())
        if (whole.begin <= earlier.begin && earlier.end <= clause.begin && stage_of(static_cast<Word>(earlier.sense)) != std::string_view())
          if (auto name = unknown_name_before(scene, range_of(earlier), &at)) return Issuer{*name, at};
    if (best == nullptr && frame == nullptr && sentence.english() && unknown_too && !scene.title)
      if (auto name = capital_name_before(scene, range_of(hit), &at)) return Issuer{*name, at};
    // Backers and banks that are named instead: whose it is stands in words that are no name.
    if (best == nullptr && frame == nullptr && std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& name) {
          return is_company(name.kind) && clause.begin <= name.at.begin && name.at.end <= hit.begin;
        }))
      return std::nullopt;
    // Who is not named here is the company of the article: where 公司 says so, or where there is hardly another.
    if (scene.article.company && !scene.title && (frame != nullptr || scene.article.company_clear)) return Issuer{scene.article.company->ref, range_of(hit)};
    if (best != nullptr) return Issuer{best->ref, best->at};
    return std::nullopt;
  }

  void add(const Scene& scene, const WordHit& hit, std::string_view stage, const Issuer& issuer, const Stance& stance, Aspect standing, std::vector<Draft>& out,
           std::string_view rule) const {
    const Range clause = scene.sentence.clause_range(hit.begin);
    Draft made = draft(rule, range_of(hit));
    if (clause.covers(issuer.at)) cover(made, issuer.at);
    made.claim.set("company", issuer.ref);
    made.claim.set("stage", std::string(stage));
    auto venue = venue_of(scene, clause);
    // An earlier clause's exchange goes on; a later one's belongs to somebody else.
    if (!venue) venue = venue_of(scene, {scene.sentence.sentence_range(hit.begin).begin, clause.end});
    if (venue) made.claim.set("venue", *venue);
    const std::string_view word = scene.sentence.text(clause);
    if (stage == "filed" && (word.find("保密") != std::string_view::npos || word.find("秘密") != std::string_view::npos || word.find("confidential") != std::string_view::npos))
      made.claim.set("condition", std::string("confidential"));
    if (rule == "ipo_milestone/attribute") {
      // 去年12月已上市的甲: its own time stands right before it; any other belongs to the sentence's verb.
      const TimeAt* time = time_of(scene, made.trigger);
      if (time != nullptr && time->at.end <= hit.begin && hit.begin - time->at.end <= 9) set_when(scene, made);
    } else {
      set_time(scene, made);
    }
    // A plan has no date behind it: that one is of what was done before.
    if ((stance.planned || stance.will || stance.forecast) && !stance.past && made.claim.when && made.claim.when->to && scene.article.published && *made.claim.when->to <= *scene.article.published)
      made.claim.when.reset();
    // A date still ahead makes a plan of what is told without one.
    Stance meant = stance;
    if (made.claim.when && made.claim.when->from && scene.article.published && *made.claim.when->from > *scene.article.published && !stance.denied && !stance.forecast && !stance.condition) meant.planned = true;
    settle(scene, made, meant, standing);
    if (!made.claim.when && made.claim.said_at && made.claim.aspect == Aspect::kHolds && made.claim.attribution == Attribution::kNamed) made.claim.when = made.claim.said_at;
    made.presupposed = stance.after;
    out.push_back(std::move(made));
  }

  void stage(const Scene& scene, const WordHit& hit, Range clause, std::string_view stage, std::vector<Draft>& out) const {
    const Sentence& sentence = scene.sentence;
    if (sentence.is_question(hit.begin)) return;
    Stance stance = stance_of(scene, range_of(hit));
    const auto word = static_cast<Word>(hit.sense);
    if (!in_market(scene) && word != Word::kUndecided) return;
    // The adviser's name, and the way from one stage to another, tell of no stage.
    const std::string_view behind = sentence.text().substr(hit.end);
    if (sentence.text(range_of(hit)) == "辅导机构" && (behind.starts_with("为") || behind.starts_with("是"))) return;
    const std::string_view ahead = sentence.text({clause.begin, hit.begin});
    if ((ahead.ends_with("从") && behind.starts_with("到")) || (ahead.ends_with("到") && ahead.find("从") != std::string_view::npos)) return;
    if (word == Word::kListed) {
      const std::string_view text = sentence.text(range_of(hit));
      // 挂牌 and 正式上市 are said of goods and houses too.
      const bool venue = venue_of(scene, sentence.sentence_range(hit.begin)).has_value();
      if ((text == "挂牌" || text == "正式上市" || text == "debut" || text == "debuted" || text == "登陆") && !venue && near(scene, sentence.sentence_range(hit.begin), {Word::kGoPublic, Word::kNewShares, Word::kPriced, Word::kSubscription}) == nullptr) return;
      if (text == "上市首日") return;
      // 敲钟后…: told as known, of whoever stands in the sentence.
      if (stance.after)
        if (const auto issuer = issuer_of(scene, hit); !issuer || issuer->at == range_of(hit)) return;
      if (text == "已上市" || text == "已申报") stance.perfect = true;
      // 已上市 of goods: without an exchange only a company right before it, or one of which it is said as an attribute.
      if ((text == "已上市" || text == "正式上市" || text == "成功上市" || text == "完成上市") && !venue && after_of(scene, hit, clause).empty()) {
        const auto issuer = issuer_of(scene, hit);
        const bool offering = near(scene, sentence.sentence_range(hit.begin), {Word::kNewShares, Word::kPriced, Word::kSubscription, Word::kPaper, Word::kRegistered}) != nullptr;
        if (!issuer || (!offering && !plain_subject(scene, *issuer, hit))) return;
      }
    }
    if (word == Word::kUndecided || word == Word::kConsidering) {
      if (word == Word::kUndecided) {
        // Weighed in the same breath: read there.
        const bool weighed = std::any_of(out.begin(), out.end(), [&](const Draft& other) { return other.claim.type == type() && other.claim.text("stage") == "considering"; });
        if (weighed) return;
        if (near(scene, sentence.whole(), {Word::kGoPublic, Word::kConsidering, Word::kWeigh}) == nullptr) return;
        stance.negated = stance.denied = stance.planned = stance.will = stance.forecast = false;
      } else {
        // 拟分拆 holds its own plan; considering a listing is a state.
        if (near(scene, {hit.end, clause.end}, {Word::kGoPublic}) == nullptr && near(scene, {clause.begin, hit.end}, {Word::kGoPublic}) == nullptr &&
            sentence.text(range_of(hit)).find("上市") == std::string_view::npos && sentence.text(range_of(hit)).find("ipo") == std::string_view::npos && !sentence.english())
          return;
        const bool own_plan = sentence.text(range_of(hit)).starts_with("拟");
        stance.planned = own_plan;
        // "… is weighed but no decision has been made" is read at its undecided part.
        if (near(scene, clause, {Word::kUndecided}) != nullptr) return;
      }
    }
    const auto attributes = after_of(scene, hit, clause);
    if (!attributes.empty()) {
      for (const Issuer& issuer : attributes) {
        Stance plain = stance;
        plain.present = true;
        add(scene, hit, stage, issuer, plain, Aspect::kHolds, out, "ipo_milestone/attribute");
      }
      return;
    }
    auto issuer = issuer_of(scene, hit);
    if (word == Word::kConsidering) {
      // 百度拟分拆昆仑芯: who is split off follows.
      for (const Name& name : sentence.names())
        if (is_company(name.kind) && name.at.begin >= hit.end && clause.covers(name.at)) {
          issuer = Issuer{name.ref, name.at};
          break;
        }
      if (scene.article.company && sentence.text(range_of(hit)).find("分拆") != std::string_view::npos && (!issuer || (issuer->at.end <= hit.begin && owns(*scene.article.company, issuer->ref.id)))) {
        // Of parent and child the title names the child.
        issuer = Issuer{scene.article.company->ref, range_of(hit)};
      }
    }
    if (!issuer) return;
    if (stance.negated && word != Word::kUndecided) {
      stance.denied = true;
      stance.negated = false;
    }
    // Companies that stand together share the stage: 甲、乙和丙都已递交….
    std::vector<Issuer> together;
    if (clause.covers(issuer->at) && issuer->at.end <= hit.begin) {
      Range last = issuer->at;
      for (auto name = sentence.names().rbegin(); name != sentence.names().rend(); ++name)
        if (is_company(name->kind) && clause.begin <= name->at.begin && name->at.end <= last.begin && sentence.joined(name->at, last) && name->ref.id != issuer->ref.id) {
          together.push_back({name->ref, name->at});
          last = name->at;
        }
    }
    for (const Issuer& other : together) add(scene, hit, stage, other, stance, Aspect::kBegins, out, "ipo_milestone/stage");
    // A withdrawal that "had been" is still the last that is known of it; other stages told by 曾 are past.
    add(scene, hit, stage, *issuer, stance, word == Word::kUndecided || word == Word::kConsidering ? Aspect::kHolds : Aspect::kBegins, out, "ipo_milestone/stage");
  }

  // 递交…申请 with words between.
  void submit(const Scene& scene, const WordHit& hit, Range clause, std::vector<Draft>& out) const {
    const WordHit* paper = near(scene, {hit.end, clause.end}, {Word::kPaper});
    const std::string_view verb = scene.sentence.text(range_of(hit));
    if (!in_market(scene)) return;
    const bool direct = verb == "申报" && (venue_of(scene, {hit.end, clause.end}) || near(scene, {hit.end, clause.end}, {Word::kGoPublic}) != nullptr);
    if (verb == "申请" && !(near(scene, {hit.end, std::min(clause.end, hit.end + 30)}, {Word::kGoPublic}) != nullptr)) return;
    if (verb != "申请" && !direct && paper == nullptr) return;
    if (near(scene, scene.sentence.whole(), {Word::kGoPublic, Word::kListed, Word::kNewShares}) == nullptr && !venue_of(scene, clause) &&
        (paper == nullptr || scene.sentence.text(range_of(*paper)) == "申请" || scene.sentence.text(range_of(*paper)) == "application"))
      return;
    stage(scene, hit, clause, "filed", out);
  }

  // 终止科创板上市, 撤回了…上市申请: what is ended stands behind the verb. Whether it was told so.
  bool ended(const Scene& scene, const WordHit& hit, Range clause, std::vector<Draft>& out) const {
    if (near(scene, clause, {Word::kWithdrawn, Word::kTerminated}) != nullptr || !in_market(scene)) return false;
    const std::string_view before = scene.sentence.text({clause.begin, hit.begin});
    static constexpr std::pair<std::string_view, std::string_view> kEnds[] = {{"终止", "terminated"}, {"中止", "terminated"}, {"放弃", "withdrawn"}, {"取消", "withdrawn"}, {"撤回", "withdrawn"}, {"撤销", "withdrawn"},
                                                                              {"withdrew", "withdrawn"}, {"withdraw", "withdrawn"}, {"pulled", "withdrawn"}, {"scrapped", "withdrawn"}, {"terminated", "terminated"}};
    for (const auto& [verb, stage] : kEnds) {
      const std::size_t place = before.rfind(verb);
      if (place == std::string_view::npos || before.size() - place - verb.size() > 45) continue;
      const auto begin = static_cast<std::uint32_t>(clause.begin + place);
      const WordHit end{begin, begin + static_cast<std::uint32_t>(verb.size()), hit.sense};
      Stance stance = stance_of(scene, range_of(end));
      stance.stopped = false;
      if (stance.question) return true;
      if (stance.negated) stance.denied = true, stance.negated = false;
      if (auto issuer = issuer_of(scene, end)) add(scene, end, stage, *issuer, stance, Aspect::kBegins, out, "ipo_milestone/ended");
      return true;
    }
    return false;
  }

  void go_public(const Scene& scene, const WordHit& hit, Range clause, std::vector<Draft>& out) const {
    const Sentence& sentence = scene.sentence;
    const Range before{clause.begin, hit.begin};
    // A word of the clause that names the stage itself speaks for it.
    if (near(scene, clause, {Word::kFiled, Word::kTutoring, Word::kApproved, Word::kRegistered, Word::kWithdrawn, Word::kTerminated, Word::kPreparing, Word::kConsidering, Word::kListed, Word::kInquiry,
                             Word::kAccepted, Word::kSubscription, Word::kUndecided, Word::kRegister}) != nullptr)
      return;
    if (ended(scene, hit, clause, out)) return;
    if (near(scene, clause, {Word::kPass}) != nullptr && near(scene, clause, {Word::kOffering, Word::kHearing}) != nullptr) return;
    if (near(scene, clause, {Word::kSubmit}) != nullptr && near(scene, clause, {Word::kPaper}) != nullptr) return;
    std::string_view next = sentence.text().substr(hit.end);
    if (!sentence.english())
      while (next.starts_with(" ")) next.remove_prefix(1);
    static constexpr std::string_view kNouns[] = {"材料", "资料", "文件", "估值", "融资", "价格", "时间", "爆发", "热潮", "规模", "保荐", "公司", "企业", "申请", "传闻", "计划", "规则", "制度", "审核", "流程", "辅导", "委", "地", "费", "标准", "条件", "之路", "进程", "预期", "前", "门槛", "节奏", "窗口", "市场", "板块", "标的", "需求", "安排", "过程", "经历", "的需求", "不是", "是否"};
    if (std::any_of(std::begin(kNouns), std::end(kNouns), [&](std::string_view noun) { return next.starts_with(noun); })) return;
    Stance stance = stance_of(scene, range_of(hit));
    if (stance.question) return;
    // "has filed for a Hong Kong listing"
    if (const WordHit* submits = near(scene, before, {Word::kSubmit}); submits != nullptr && sentence.english() && hit.begin - submits->end < 40) {
      if (auto issuer = issuer_of(scene, *submits)) add(scene, *submits, "filed", *issuer, stance, Aspect::kBegins, out, "ipo_milestone/stage");
      return;
    }
    const WordHit* weigh = near(scene, before, {Word::kWeigh});
    const WordHit* start = near(scene, before, {Word::kStart});
    const WordHit* finish = near(scene, before, {Word::kFinish});
    // 就拟议分拆及上市进行评估: the weighing may follow.
    if (weigh == nullptr) weigh = near(scene, {hit.end, std::min(clause.end, hit.end + 30)}, {Word::kWeigh});
    if (weigh != nullptr) {
      const std::string_view verb = sentence.text(range_of(*weigh));
      const bool plan = verb.starts_with("拟") || sentence.text({clause.begin, weigh->begin}).ends_with("拟");
      // One claim a sentence: "…评估但尚未做出决定" is read at its undecided part.
      if (near(scene, clause, {Word::kUndecided}) != nullptr) return;
      stance.planned = plan;
      stance.forecast = stance.will = false;
      if (auto issuer = considered(scene, hit, clause)) add(scene, hit, "considering", *issuer, stance, Aspect::kHolds, out, "ipo_milestone/considering");
      return;
    }
    if (start != nullptr) {
      const std::string_view verb = sentence.text(range_of(*start));
      stance.planned = stance.will = false;
      if (verb == "推进" || verb == "推進") stance.present = true;
      if (auto issuer = issuer_of(scene, hit)) add(scene, hit, "preparing", *issuer, stance, Aspect::kBegins, out, "ipo_milestone/preparing");
      return;
    }
    const bool target = stance.planned || stance.will || stance.forecast;
    const bool sure = sentence.text().substr(0, hit.begin).ends_with("已") || (finish != nullptr && finish->end + 24 >= hit.begin);
    const bool venue_act = venue_of(scene, clause).has_value();
    if (!target && !sure && !(venue_act && (next.empty() || next.starts_with("。") || next.starts_with(",") || next.starts_with(" ") || next.starts_with("交易")))) return;
    const auto attributes = after_of(scene, hit, clause);
    // 上市的100家企业, 40只新股…上市: others, counted.
    if (attributes.empty() && next.starts_with("的")) return;
    if (near(scene, before, {Word::kNewShares}) != nullptr) return;
    if (!attributes.empty()) {
      stance.present = true;
      for (const Issuer& issuer : attributes) add(scene, hit, "listed", issuer, stance, Aspect::kHolds, out, "ipo_milestone/attribute");
      return;
    }
    const std::string_view noun = sentence.text(range_of(hit));
    if (sentence.english() && (noun == "list" || noun == "listing") && !venue_act) return;
    // A product that comes to market is no listing: its own rule reads it.
    for (const Name& name : sentence.names())
      if (is_product(name.kind) && clause.covers(name.at) && !venue_act && noun == "上市") return;
    // 上市 is said of cars, phones and drugs too: without an exchange it takes a company as its subject and no goods beside it.
    if (!venue_act && noun == "上市") {
      static constexpr std::string_view kGoods[] = {"车", "手机", "新品", "产品", "机型", "版", "药", "款", "机", "片", "品种", "大量", "批量", "新机"};
      const std::string_view text = sentence.text(clause);
      if (std::any_of(std::begin(kGoods), std::end(kGoods), [&](std::string_view goods) { return text.find(goods) != std::string_view::npos; })) return;
      const bool company = sentence.last(Layer::kFrame, FrameCue::kCompany, {clause.begin, hit.begin}) != nullptr ||
                           std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& name) { return is_company(name.kind) && clause.begin <= name.at.begin && name.at.end <= hit.begin; });
      const bool follows = near(scene, {sentence.sentence_range(hit.begin).begin, clause.begin}, {Word::kRegistered, Word::kApproved, Word::kPriced, Word::kSubscription, Word::kFiled, Word::kHearing}) != nullptr;
      if (!company && !follows) return;
      if (const auto issuer = issuer_of(scene, hit); !follows && sentence.last(Layer::kFrame, FrameCue::kCompany, {clause.begin, hit.begin}) == nullptr && issuer && !plain_subject(scene, *issuer, hit)) return;
    }
    if (auto issuer = issuer_of(scene, hit)) {
      // 拟独立上市 and 拟上市 say that a listing is weighed or planned; a planned listing is a target of stage listed.
      const bool spin = noun == "独立上市" || noun == "分拆上市" || noun == "单独上市";
      add(scene, hit, spin && stance.planned && !stance.will ? "considering" : "listed", *issuer, stance, Aspect::kBegins, out, "ipo_milestone/listing");
    }
  }

  static bool owns(const Name& child, const std::string& parent) { return child.entity != nullptr && child.entity->vendor && *child.entity->vendor == parent; }

  static std::optional<Issuer> considered(const Scene& scene, const WordHit& hit, Range clause) {
    // 百度拟分拆…昆仑芯进行独立上市: the last company before 上市.
    const Name* best = nullptr;
    for (const Name& name : scene.sentence.names())
      if (is_company(name.kind) && clause.begin <= name.at.begin && name.at.end <= hit.begin) best = &name;
    if (scene.article.company && best != nullptr && best->ref.id != scene.article.company->ref.id) {
      // The owner weighs, the child is listed: the title's company where only the owner is named.
      const std::string_view between = scene.sentence.text({best->at.end, hit.begin});
      if (owns(*scene.article.company, best->ref.id) && (between.find("公司") != std::string_view::npos || between.find("分拆") != std::string_view::npos || between.find("拟议") != std::string_view::npos))
        return Issuer{scene.article.company->ref, range_of(hit)};
    }
    if (best != nullptr) return Issuer{best->ref, best->at};
    return issuer_of(scene, hit);
  }

  static const Quantity* quantity_after(const Scene& scene, const WordHit& hit, Range in, QuantityKind kind, Range* at) {
    for (const QuantityAt& quantity : scene.sentence.quantities_at())
      if (quantity.at.begin >= hit.begin && in.covers(quantity.at) && quantity.quantity->kind == kind) {
        *at = quantity.at;
        return quantity.quantity;
      }
    return nullptr;
  }

  // Prices, lots and rates in data form: 发行价为…, 中签率…, 申购倍数….
  void figures(const Scene& scene, const WordHit& hit, Range clause, std::string_view stage, std::vector<Draft>& out) const {
    const Sentence& sentence = scene.sentence;
    const Range whole = sentence.sentence_range(hit.begin);
    Stance stance = stance_of(scene, range_of(hit));
    const std::string_view word = sentence.text(range_of(hit));
    Range at{};
    Draft made = draft("ipo_milestone/figures", range_of(hit));
    bool figure = false;
    const auto amount = [&](const Quantity& quantity, double divisor = 1) {
      figure = true;
      Amount value;
      value.value = quantity.value / divisor;
      if (quantity.high) value.high = *quantity.high / divisor;
      value.comparator = quantity.comparator;
      value.unit = quantity.currency;
      cover(made, at);
      return value;
    };
    if (stage == "priced") {
      if (word.find("市值") != std::string_view::npos) return;  // belongs to the price named before it
      // Goods are priced every day; shares are priced where shares are spoken of.
      static constexpr std::string_view kShares[] = {"ipo", "招股", "新股", "公开发行", "发行价", "发售价", "申购", "认购", "每股", "/股", "科创板", "创业板", "北交所", "交所", "纳斯达克", "募资", "募集", "share", "offering", "nasdaq", "listing", "nyse"};
      if (!holds_any(sentence.text(), kShares)) return;
      const Quantity* price = quantity_after(scene, hit, clause, QuantityKind::kMoney, &at);
      // 以每股116.2港元定价: the price may stand before.
      if (price == nullptr)
        for (const QuantityAt& quantity : sentence.quantities_at())
          if (clause.covers(quantity.at) && quantity.at.end <= hit.begin && quantity.quantity->kind == QuantityKind::kMoney && sentence.text({clause.begin, quantity.at.begin}).find("每股") != std::string_view::npos) {
            price = quantity.quantity;
            at = quantity.at;
          }
      if (price == nullptr) return;
      made.claim.set("price", amount(*price));
      for (const QuantityAt& quantity : sentence.quantities_at()) {
        if (!whole.covers(quantity.at) || quantity.at.begin < hit.end) continue;
        const std::string_view lead = sentence.text({sentence.clause_range(quantity.at.begin).begin, quantity.at.begin});
        at = quantity.at;
        if (quantity.quantity->kind == QuantityKind::kMoney && lead.find("市值") != std::string_view::npos && made.claim.slot("market_cap") == nullptr) made.claim.set("market_cap", amount(*quantity.quantity));
        else if (quantity.quantity->kind == QuantityKind::kMoney && (lead.find("募") != std::string_view::npos || lead.find("rais") != std::string_view::npos)) made.claim.set("raised", amount(*quantity.quantity));
        else if (quantity.quantity->unit == "股" && lead.find("发行") != std::string_view::npos && lead.find("总股本") == std::string_view::npos && made.claim.slot("shares") == nullptr) made.claim.set("shares", amount(*quantity.quantity));
      }
    } else {
      for (const QuantityAt& quantity : sentence.quantities_at()) {
        if (!whole.covers(quantity.at)) continue;
        const std::string_view lead = sentence.text({sentence.clause_range(quantity.at.begin).begin, quantity.at.begin});
        at = quantity.at;
        if (quantity.quantity->kind == QuantityKind::kPercent && (lead.find("中签率") != std::string_view::npos || lead.find("lottery") != std::string_view::npos)) made.claim.set("lottery_rate", amount(*quantity.quantity, 100));
        else if (quantity.quantity->kind == QuantityKind::kMultiple && (lead.find("申购") != std::string_view::npos || lead.find("认购") != std::string_view::npos || lead.find("subscri") != std::string_view::npos)) made.claim.set("oversubscription", amount(*quantity.quantity));
        else if (quantity.quantity->kind == QuantityKind::kMultiple && sentence.english() && word.find("subscribed") != std::string_view::npos) made.claim.set("oversubscription", amount(*quantity.quantity));
      }
      const bool act = word == "开始招股" || word == "启动招股" || word == "网上发行" || word == "公开发售" || word == "招股期" || word.ends_with("招股") || word == "申购" || word == "打新";
      const bool under_way = word == "今起招股" || word == "起招股" || word == "今日招股" || word == "正在招股" || word == "展开招股";
      if (!figure && !(act && (under_way || time_of(scene, range_of(hit)) != nullptr))) return;
      if (!figure && venue_of(scene, whole) == std::nullopt && near(scene, sentence.whole(), {Word::kNewShares, Word::kGoPublic, Word::kPriced}) == nullptr) return;
    }
    auto issuer = issuer_of(scene, hit, !scene.article.company);
    if (!issuer) return;
    if (whole.covers(issuer->at)) cover(made, issuer->at);
    made.claim.set("company", issuer->ref);
    made.claim.set("stage", std::string(stage));
    if (auto venue = venue_of(scene, whole)) made.claim.set("venue", *venue);
    else if (auto elsewhere = venue_of(scene, sentence.whole())) made.claim.set("venue", *elsewhere);
    set_time(scene, made);
    if (figure && !stance.condition && sentence.text({clause.begin, hit.begin}).find("拟") == std::string_view::npos && sentence.text({clause.begin, hit.begin}).find("expected") == std::string_view::npos) stance.will = stance.planned = stance.forecast = false;
    settle(scene, made, stance, figure ? Aspect::kHolds : Aspect::kBegins);
    out.push_back(std::move(made));
  }

  // "1月26日发行甲，1月30日发行乙、丙", under "new shares".
  void issue_dates(const Scene& scene, const WordHit& hit, Range clause, std::vector<Draft>& out) const {
    const Sentence& sentence = scene.sentence;
    if (near(scene, sentence.whole(), {Word::kNewShares}) == nullptr) return;
    const TimeAt* time = nullptr;
    for (const TimeAt& each : sentence.times_at())
      if (clause.covers(each.at) && each.at.end <= hit.begin && each.at.end + 12 >= hit.begin) time = &each;
    if (time == nullptr) return;
    std::uint32_t begin = hit.end;
    while (begin < clause.end) {
      std::uint32_t end = begin;
      while (end < clause.end) {
        const CodePoint c = decode_utf8(sentence.text(), end);
        if (c.value == U'、' || c.value == U'和' || c.value == '(' || c.value == ' ' || c.value == '[' || c.value == U'等') break;
        end += c.length;
      }
      const Range name{begin, end};
      const std::size_t length = count_code_points(sentence.text(name));
      if (length >= 2 && length <= 12) {
        Draft made = draft("ipo_milestone/issue-date", range_of(hit));
        cover(made, name);
        cover(made, time->at);
        EntityRef ref{std::string(sentence.text(name)), sentence.original_text(name), false};
        if (const Entity* known = scene.article.lexicon->by_name(ref.text); known != nullptr) ref = {known->id, ref.text, true};
        made.claim.set("company", ref);
        made.claim.set("stage", std::string("subscription"));
        made.claim.when = when_of(*time->time);
        Stance stance = stance_of(scene, range_of(hit));
        const bool ahead = scene.article.published && made.claim.when->from && *made.claim.when->from >= *scene.article.published - std::chrono::hours(24);
        if (ahead && !stance.condition && !stance.denied) stance.planned = true;
        settle(scene, made, stance, Aspect::kBegins);
        out.push_back(std::move(made));
      }
      const CodePoint stop = end < clause.end ? decode_utf8(sentence.text(), end) : CodePoint{};
      if (stop.value != U'、' && stop.value != U'和') break;
      begin = end + stop.length;
    }
  }
};

}  // namespace

std::unique_ptr<Rule> make_ipo_milestone_rule() { return std::make_unique<IpoMilestone>(); }

}  // namespace annals
