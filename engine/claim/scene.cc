#include "engine/claim/scene.h"

#include <algorithm>
#include <span>

#include "engine/base/utf8.h"

namespace annals {
namespace {

bool is_han_at(std::string_view text, std::uint32_t at) { return at < text.size() && is_han(decode_utf8(text, at).value); }

// 将 as the sign of an object (将目标价上调至…), not of the future.
bool marks_object(const Sentence& sentence, const WordHit& will) {
  if (sentence.text(range_of(will)) != "将") return false;
  const Range clause = sentence.clause_range(will.begin);
  for (const Name& name : sentence.names())
    if (name.at.begin == will.end) {
      // 将英伟达列入…; but 将中国… rarely opens a future either.
      return true;
    }
  for (const WordHit& hit : sentence.words(Layer::kFrame))
    if (hit.begin == will.end && (is(hit, FrameCue::kIts) || is(hit, FrameCue::kThisProduct) || is(hit, FrameCue::kCompany))) return true;
  static constexpr std::u32string_view kFutureVerbs =
      U"在于会由从被对向与达成是继迎开举发公推有进不再无面增按取获提抽征收实施生上登完递交赴到出放采要适切允批禁限解加减降涨跌涌飙翻高低超突占为首正陆全逐进召宣于以仍应能可需最终很";
  const CodePoint next = will.end < sentence.text().size() ? decode_utf8(sentence.text(), will.end) : CodePoint{};
  if (kFutureVerbs.find(next.value) != std::u32string_view::npos) return false;
  static constexpr std::string_view kResults[] = {"上调", "下调", "降低", "提升至", "提高至", "缩短", "纳入", "列入", "作为", "视为", "用于", "降至", "增至", "推迟至", "锁定", "部署", "提升", "提高"};
  const std::string_view rest = sentence.text({will.end, clause.end});
  return std::any_of(std::begin(kResults), std::end(kResults), [&](std::string_view result) { return rest.find(result) != std::string_view::npos; });
}

// A clause that goes on with the subject and time of the one before: 但要求…, 并同意….
bool goes_on(const Sentence& sentence, Range clause) {
  static constexpr std::string_view kOpeners[] = {"但", "并", "且", "而", "同时", "不过", " but ", " and ", "but ", "and "};
  return std::any_of(std::begin(kOpeners), std::end(kOpeners), [&](std::string_view opener) { return sentence.text(clause).starts_with(opener); });
}

bool holds_any(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

template <class Names>
const Name* nearest(const Names& names, Range to) {
  const Name* best = nullptr;
  std::uint32_t best_distance = 0;
  for (const Name* name : names) {
    const std::uint32_t distance = name->at.end <= to.begin ? to.begin - name->at.end : name->at.begin >= to.end ? name->at.begin - to.end : 0;
    if (best == nullptr || distance < best_distance) {
      best = name;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace

void cover(Draft& draft, Range range) {
  draft.extent.begin = std::min(draft.extent.begin, range.begin);
  draft.extent.end = std::max(draft.extent.end, range.end);
}

namespace {

bool reports_will(const Sentence& sentence, const WordHit& would) {
  if (sentence.text(range_of(would)) != "would") return false;
  const Range clause = sentence.clause_range(would.begin);
  const std::string_view lead = sentence.text({clause.begin, would.begin});
  static constexpr std::string_view kWho[] = {" it ", " they ", " he ", " she ", " the company ", " the government ", " the ministry ", " the department ", " the agency "};
  if (std::none_of(std::begin(kWho), std::end(kWho), [&](std::string_view who) { return lead.ends_with(who); })) return false;
  return std::any_of(sentence.words(Layer::kSource).begin(), sentence.words(Layer::kSource).end(),
                     [&](const WordHit& hit) { return is(hit, SourceCue::kSays) && clause.begin <= hit.begin && hit.end <= would.begin; });
}

}  // namespace

Stance stance_of(const Scene& scene, Range trigger) {
  const Sentence& sentence = scene.sentence;
  const std::size_t clause_index = sentence.clause_at(trigger.begin);
  const Range clause = sentence.clauses()[clause_index].at;
  const Range whole = sentence.sentence_range(trigger.begin);
  const bool english = sentence.english();
  Stance stance;
  for (const WordHit& hit : sentence.words(Layer::kStance)) {
    if (hit.end <= whole.begin || hit.begin >= whole.end) continue;
    const bool in_clause = clause.covers(range_of(hit));
    const bool before = hit.end <= trigger.begin || (hit.begin < trigger.begin && hit.end <= trigger.end);
    const bool just_before = before && in_clause;
    const std::uint32_t gap = before && hit.end <= trigger.begin ? trigger.begin - hit.end : 0;
    // An adverb that is a clause by itself, or opens the clause right before, reaches on.
    const std::size_t its_clause = sentence.clause_at(hit.begin);
    const bool previous = before && its_clause + 1 == clause_index;
    const bool alone = previous && sentence.clauses()[its_clause].at.size() <= hit.end - hit.begin + 12;
    switch (static_cast<StanceCue>(hit.sense)) {
      case StanceCue::kNot:
        if (just_before && gap <= (english ? 22U : 12U)) stance.negated = true;
        break;
      case StanceCue::kDenial:
        // Also said of it afterwards: …的传闻不实.
        if (before || in_clause) stance.denied = true;
        break;
      case StanceCue::kStopped:
        if (in_clause) stance.stopped = true;
        break;
      case StanceCue::kForecast:
        // "The ministry said it would ban …": will, in reported speech.
        if (just_before && english && reports_will(sentence, hit)) stance.will = true;
        else if (just_before || alone) stance.forecast = true;
        break;
      case StanceCue::kChance:
        if (in_clause && !before) stance.forecast = true;
        break;
      case StanceCue::kPlan:
        if (just_before || alone) stance.planned = true;
        break;
      case StanceCue::kWill:
        if ((just_before || alone) && !marks_object(sentence, hit)) stance.will = true;
        break;
      case StanceCue::kCondition:
        if (before || (english && clause_index + 1 >= its_clause)) stance.condition = true;
        break;
      case StanceCue::kPast:
        if (just_before || alone || (previous && goes_on(sentence, clause))) stance.past = true;
        break;
      case StanceCue::kPresent:
        if (just_before || alone) stance.present = true;
        break;
      case StanceCue::kPerfect:
        if (just_before) stance.perfect = true;
        break;
      case StanceCue::kAfter:
        if (in_clause && hit.begin >= trigger.end && hit.begin <= trigger.end + 36) stance.after = true;
        if (english && just_before && gap <= 60) stance.after = true;
        break;
      case StanceCue::kQuestion:
        if (just_before) stance.question = true;
        break;
      case StanceCue::kFutureThing: case StanceCue::kNone: break;
    }
  }
  if (sentence.is_question(trigger.begin)) stance.question = true;
  return stance;
}

void settle(const Scene& scene, Draft& draft, Stance stance, Aspect standing, bool will_acts) {
  Claim& claim = draft.claim;
  const SourceScope* source = source_at(scene.sources, draft.trigger.begin);
  bool hearsay = false;
  if (source != nullptr) {
    claim.speakers = source->speakers;
    claim.attribution = source->attribution;
    hearsay = source->hearsay;
    if (source->expects) stance.forecast = true;
    if (source->denies) stance.denied = true;
    if (source->said != nullptr) claim.said_at = when_of(*source->said);
  }
  if (scene.minutes) {
    // Whoever is named, it is the expert who says so: the expert hands on what others say; alone, the expert's word is all there is.
    const Language language = scene.article.head->language;
    claim.speakers.emplace_back(language == Language::kZhHant ? "專家" : language == Language::kEn ? "expert" : "专家");
    claim.attribution = Attribution::kAnonymous;
  }
  const bool planned = stance.planned || (stance.will && !will_acts);
  if (stance.denied || stance.stopped) claim.modality = Modality::kDenied;
  else if (stance.condition) claim.modality = Modality::kConditional;
  else if (planned) claim.modality = Modality::kPlanned;
  else if (stance.forecast) claim.modality = Modality::kForecast;
  else if (hearsay) claim.modality = Modality::kReported;
  else claim.modality = Modality::kAsserted;

  const bool target = claim.modality == Modality::kConditional || claim.modality == Modality::kPlanned || claim.modality == Modality::kForecast;
  if (target) claim.aspect = stance.past && !claim.when ? Aspect::kHeld : Aspect::kTarget;
  else if (stance.past && !claim.when) claim.aspect = Aspect::kHeld;
  else if (stance.present) claim.aspect = Aspect::kHolds;
  else claim.aspect = standing;
}

bool has_date(const TimeMention& time) {
  if (time.grain >= Grain::kDay) return true;
  // A clock time counts where its day is written beside it.
  static constexpr std::string_view kDates[] = {"日", "号", "月", "-", "/", "昨", "今", "明", "周", "day", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return std::any_of(std::begin(kDates), std::end(kDates), [&](std::string_view date) { return time.text.find(date) != std::string::npos; });
}

When claim_when(const TimeMention& time, ClaimType type) {
  When when = when_of(time);
  const auto day = [](std::optional<Civil> civil) { return civil ? std::optional<Civil>(Civil(date::floor<date::days>(*civil))) : civil; };
  // A claim is about days, not clocks.
  if (when.iso.find('T') != std::string::npos) {
    const auto from = day(when.from);
    auto to = day(when.to);
    if (time.grain < Grain::kDay && from) to = *from + std::chrono::hours(24);
    if (from && to && *to <= *from) to = *from + std::chrono::hours(24);
    when.from = from;
    when.to = to;
    when.grain = Grain::kDay;
    if (from && to && *to - *from == std::chrono::hours(24)) when.iso = format_civil_date(*from);
    else when.iso = (from ? format_civil_date(*from) : "..") + "/" + (to ? format_civil_date(*to) : "..");
  }
  // "As of" and "since" bound a rule; of a figure, a stage or an appointment they name its time.
  const bool rule = type == ClaimType::kExportControl || type == ClaimType::kImportControl || type == ClaimType::kRevenueShare;
  if (!rule) {
    std::string plain = when.iso;
    if (plain.starts_with("../")) plain = plain.substr(3);
    else if (plain.ends_with("/..")) plain = plain.substr(0, plain.size() - 3);
    if (plain != when.iso)
      if (auto parsed = parse_when(plain)) when = *std::move(parsed);
  }
  return when;
}

const TimeAt* time_of(const Scene& scene, Range at) {
  const Sentence& sentence = scene.sentence;
  const std::size_t clause_index = sentence.clause_at(at.begin);
  const Range clause = sentence.clauses()[clause_index].at;
  const auto is_said = [&](const TimeAt& time) {
    // A dateline (某社4月2日消息, 讯, 电) tells when it was printed.
    std::string_view after = sentence.text().substr(time.at.end);
    while (after.starts_with(" ")) after.remove_prefix(1);
    if (after.starts_with("消息") || after.starts_with("讯") || after.starts_with("电,") || after.starts_with("报道") || after.starts_with("晚间消息")) return true;
    return std::any_of(scene.sources.begin(), scene.sources.end(), [&](const SourceScope& scope) { return scope.said == time.time; });
  };
  const TimeAt* best = nullptr;
  std::uint32_t best_cost = 0;
  for (const TimeAt& time : sentence.times_at()) {
    if (!clause.covers(time.at) || is_said(time) || time.time->iso.empty()) continue;
    if (!has_date(*time.time)) continue;
    const std::uint32_t cost = time.at.end <= at.begin ? at.begin - time.at.end : time.at.begin >= at.end ? 40 + (time.at.begin - at.end) : 0;
    if (best == nullptr || cost < best_cost) {
      best = &time;
      best_cost = cost;
    }
  }
  if (best != nullptr) return best;
  // What is told of the present does not take the time of an earlier clause.
  for (const WordHit& hit : sentence.words(Layer::kStance))
    if (is(hit, StanceCue::kPresent) && clause.covers(range_of(hit)) && hit.begin <= at.begin) return nullptr;
  for (std::size_t i = clause_index; i > 0;) {
    --i;
    const Clause& earlier = sentence.clauses()[i];
    if (earlier.sentence != sentence.clauses()[clause_index].sentence) break;
    for (const TimeAt& time : sentence.times_at()) {
      if (!earlier.at.covers(time.at) || is_said(time) || time.time->iso.empty() || !has_date(*time.time)) continue;
      if (time.at.begin <= earlier.at.begin + 12) return &time;
    }
  }
  return nullptr;
}

void set_when(const Scene& scene, Draft& draft) {
  const TimeAt* time = time_of(scene, draft.trigger);
  if (time == nullptr) return;
  draft.claim.when = claim_when(*time->time, draft.claim.type);
  if (scene.sentence.clause_range(draft.trigger.begin).covers(time->at)) cover(draft, time->at);
}

void look_back(const Scene& scene, Draft& draft, const TimeMention& time, const Stance& stance) {
  Claim& claim = draft.claim;
  if (!claim.when || !claim.when->from || !scene.article.published || *claim.when->from <= *scene.article.published) return;
  if (stance.will || stance.planned || stance.forecast || stance.condition || time.grain > Grain::kMonth) return;
  static constexpr std::string_view kAhead[] = {"明", "下", "本", "今", "后", "next", "this", "tomorrow", "coming", "20", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "周", "星期"};
  if (holds_any(time.text, kAhead)) return;
  // Only months away: a day of the next weeks told without 将 is an appointment.
  if (*claim.when->from - *scene.article.published < std::chrono::hours(24 * 45)) return;
  std::string iso = claim.when->iso;
  for (std::size_t i = 0; i + 4 <= iso.size(); ++i) {
    const bool starts = i == 0 || iso[i - 1] == '/';
    if (!starts || iso.compare(i, 2, "20") != 0) continue;
    const int year = std::stoi(iso.substr(i, 4)) - 1;
    iso.replace(i, 4, std::to_string(year));
  }
  if (auto earlier = parse_when(iso)) claim.when = *std::move(earlier);
}

bool is_traded_class(const Sentence& sentence, const Name& name) {
  // 芯片制造商, 芯片产业: the word is part of another name.
  static constexpr std::string_view kParts[] = {"制造商", "厂商", "公司", "企业", "产业", "行业", "大厂", "市场", "制造", "设计", "法案", "领域", "巨头", "股", "板块", "战争", "联盟", "供应链", "maker", " maker", " industry", " company", " companies", " market", " stocks", " design", " war", "making"};
  const std::string_view after = sentence.text().substr(name.at.end);
  if (std::any_of(std::begin(kParts), std::end(kParts), [&](std::string_view part) { return after.starts_with(part); })) return false;
  if (name.kind != EntityKind::kProductClass || name.entity == nullptr || name.ref.id.starts_with("domestic")) return false;
  const auto& tags = name.entity->tags;
  return std::any_of(tags.begin(), tags.end(), [](const std::string& tag) { return tag == "chip" || tag == "equipment" || tag == "mineral" || tag == "software" || tag == "memory" || tag == "traded"; });
}

std::vector<const Name*> products_near(const Scene& scene, Range trigger, bool after_first) {
  const Sentence& sentence = scene.sentence;
  const Range clause = sentence.clause_range(trigger.begin);
  const Range whole = sentence.sentence_range(trigger.begin);
  const auto among = [&](Range in, bool classes) {
    std::vector<const Name*> found;
    for (const Name& name : sentence.names())
      if (in.covers(name.at) && is_product(name.kind) && (name.kind == EntityKind::kProductClass) == classes && (!classes || is_traded_class(sentence, name))) found.push_back(&name);
    // 镓、锗相关物项: what the items are related to is meant.
    const auto by_reference = [](const Name* name) { return name->entity != nullptr && name->entity->tagged("by_reference"); };
    if (classes && !std::all_of(found.begin(), found.end(), by_reference)) found.erase(std::remove_if(found.begin(), found.end(), by_reference), found.end());
    return found;
  };
  const auto group_of = [&](const std::vector<const Name*>& names, const Name* pick) {
    std::vector<const Name*> group;
    const auto at = static_cast<std::size_t>(std::find(names.begin(), names.end(), pick) - names.begin());
    std::size_t first = at;
    std::size_t last = at;
    while (first > 0 && sentence.joined(names[first - 1]->at, names[first]->at)) --first;
    while (last + 1 < names.size() && sentence.joined(names[last]->at, names[last + 1]->at)) ++last;
    for (std::size_t i = first; i <= last; ++i) group.push_back(names[i]);
    return group;
  };
  const Range before{clause.begin, trigger.end};
  const Range after{trigger.begin, clause.end};
  const std::uint32_t earlier_begin = whole.begin;
  for (const Range in : {after_first ? after : before, after_first ? before : after, Range{earlier_begin, trigger.begin}, Range{trigger.end, whole.end}, Range{0, trigger.begin}}) {
    for (const bool classes : {false, true}) {
      const auto names = among(in, classes);
      if (names.empty()) continue;
      // Outside the clause, what the article is about comes before what merely stands nearer.
      const Name* pick = nearest(names, trigger);
      if (in != after && in != before && scene.article.product)
        for (const Name* name : names)
          if (name->ref.id == scene.article.product->ref.id) pick = name;
      return group_of(names, pick);
    }
  }
  return {};
}

EntityRef ref_of(const Name& name) { return name.ref; }

std::optional<EntityRef> entity_ref(const ArticleContext& article, std::string_view id) {
  const Entity* entity = article.lexicon->find(id);
  if (entity == nullptr) return std::nullopt;
  if (!article.english)
    for (const std::string& alias : entity->aliases)
      if (!alias.empty() && is_han(decode_utf8(alias, 0).value)) return EntityRef{entity->id, alias, true};
  return EntityRef{entity->id, entity->name, true};
}

const Name* company_before(const Scene& scene, Range trigger) {
  const Sentence& sentence = scene.sentence;
  const std::size_t clause_index = sentence.clause_at(trigger.begin);
  const Range clause = sentence.clauses()[clause_index].at;
  const Name* found = nullptr;
  for (const Name& name : sentence.names())
    if (is_company(name.kind) && clause.begin <= name.at.begin && name.at.end <= trigger.begin) found = &name;
  for (const WordHit& hit : sentence.words(Layer::kFrame)) {
    if (!is(hit, FrameCue::kCompany) || hit.begin < clause.begin || hit.end > trigger.begin) continue;
    if (found == nullptr || hit.begin > found->at.end + 30) return scene.article.company ? &*scene.article.company : found;
  }
  if (found != nullptr) return found;
  // An earlier clause of the statement, nearest first.
  for (const Name& name : sentence.names())
    if (is_company(name.kind) && name.at.end <= clause.begin) found = &name;
  if (found != nullptr) return found;
  return nullptr;
}

namespace {

bool ends_with_any(std::string_view text, std::span<const std::string_view> tails) {
  return std::any_of(tails.begin(), tails.end(), [&](std::string_view tail) { return text.ends_with(tail) && text.size() > tail.size(); });
}

constexpr std::string_view kFirmTails[] = {"公司", "集团", "科技", "股份", "控股", "银行", "生物", "医药", "制药", "医疗", "半导体", "微电子", "电子", "智能", "机器人", "技术", "能源", "新能源", "材料", "动力", "航天", "航空", "汽车", "重工", "证券", "保险",
                                           "软件", "网络", "信息", "通信", "光电", "精密", "实业", "食品", "传媒", "教育", "智造", "电气", "光学", "储能", "传感", "数据", "生命", "量子", "视觉", "物流", "药业", "电力", "芯片", "集成电路", "自动驾驶", "智驾"};

// The name of a firm, by its look: a suffix, Latin letters with a capital, or (`adjoins`: what firms do follows at once) a short word
// without anything of grammar in it.
bool looks_like_firm(std::string_view text, std::string_view original, bool adjoins) {
  static constexpr std::string_view kMarket[] = {"上市", "ipo", "港股", "a股", "交易所", "交所", "科创板", "创业板", "招股", "纳斯达克", "主板", "来港", "赴港", "赴美", "网上", "网站", "募股", "融资", "资金", "同比", "环比", "符合", "优质", "投资者"};
  if (holds_any(text, kMarket)) return false;
  const bool letters = std::any_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (static_cast<unsigned char>(c) & 0x80U) != 0; });
  if (!letters) return false;
  const std::size_t length = count_code_points(text);
  if (!is_han_at(text, 0)) {
    const bool latin = std::all_of(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0x80U) == 0; });
    if (latin) return !original.empty() && original[0] >= 'A' && original[0] <= 'Z' && length >= 2 && length <= 30;
    return ends_with_any(text, kFirmTails) && length <= 20;
  }
  static constexpr std::string_view kGrammar[] = {"的", "也", "则", "这", "那", "其", "及", "此", "我们", "他们", "支持", "批准", "多家", "各", "大批", "提交", "递交", "该"};
  if (ends_with_any(text, kFirmTails)) {
    static constexpr std::string_view kCommon[] = {"人工智能", "新能源", "国内量子", "高科技", "新材料", "中国科技", "生物医药", "商业航天", "国产芯片", "低空经济", "具身智能", "新技术", "大数据"};
    if (std::any_of(std::begin(kCommon), std::end(kCommon), [&](std::string_view common) { return text == common; })) return false;
    return length >= 3 && length <= 24 && !holds_any(text, kGrammar);
  }
  static constexpr std::u32string_view kStops = U"也则有无到这那网现与及或等其此该被把让使对向从在于为是以和都就才又还很最更再着了过的地得之不没未可能会应要想说称示看见问答做作办给并我们他她你谁何另仍均各每几两一万千亿元将已";
  if (!adjoins || length < 2 || length > 5) return false;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = decode_utf8(text, i);
    if (kStops.find(c.value) != std::u32string_view::npos) return false;
    i += c.length;
  }
  static constexpr std::string_view kWordsOfUse[] = {"公司", "市场", "企业", "投资者", "本次", "集团", "机构", "行业", "产业", "项目", "国内", "国产", "海外", "全球", "中国", "美国", "目前", "今年", "去年", "消息", "方面", "双方", "部分", "首家", "通过", "致力",
                                                     "现场", "代表", "决定", "无论", "提名", "游戏", "考生", "记者", "官方", "政府", "专家", "部门", "法庭", "议员", "迅速", "计划", "同时", "随后", "最终", "成功", "预计", "市民", "公众", "学校", "大学"};
  return !holds_any(text, kWordsOfUse);
}

// What a firm does in a round or on its way to the market, right behind its name.
bool firm_act_follows(const Sentence& sentence, std::uint32_t at) {
  std::string_view next = sentence.text().substr(at);
  if (next.starts_with("(")) {
    const std::size_t close = next.find(')');
    if (close == std::string_view::npos) return false;
    at += static_cast<std::uint32_t>(close + 1);
    next = sentence.text().substr(at);
  }
  while (next.starts_with(" ")) next.remove_prefix(1), ++at;
  for (const TimeAt& time : sentence.times_at())
    if (time.at.begin == at) return true;
  static constexpr std::string_view kActs[] = {"向", "已", "正式", "拟", "将", "启动", "完成", "宣布", "获", "近日", "日前", "递交", "递表", "提交", "通过聆讯", "通过港", "通过上市", "刚刚", "再获", "再次", "也完成", "开启", "申购", "上市", "挂牌", "登陆", "科技", "有限", "股份", "首轮", "发行价", "首发", "即将", "成功", "便", "计划"};
  return std::any_of(std::begin(kActs), std::end(kActs), [&](std::string_view act) { return next.starts_with(act); });
}

}  // namespace

std::optional<EntityRef> unknown_name_before(const Scene& scene, Range trigger, Range* at) {
  const Sentence& sentence = scene.sentence;
  const Range clause = sentence.clause_range(trigger.begin);
  const std::string_view all = sentence.text();
  const auto named = [&](Range range) -> std::optional<EntityRef> {
    if (at != nullptr) *at = range;
    return EntityRef{std::string(sentence.text(range)), sentence.original_text(range), false};
  };
  // In quotation marks, not as a short form in brackets nor as an attribute.
  static constexpr std::pair<std::string_view, std::string_view> kQuotes[] = {{"“", "”"}, {"「", "」"}, {"『", "』"}, {"\"", "\""}};
  for (const auto& [open, close] : kQuotes) {
    const std::string_view lead = all.substr(0, trigger.begin);
    const std::size_t end = lead.rfind(close);
    if (end == std::string_view::npos || end <= clause.begin) continue;
    const std::size_t begin = lead.rfind(open, end - 1);
    if (begin == std::string_view::npos || begin < clause.begin) continue;
    const Range inner{static_cast<std::uint32_t>(begin + open.size()), static_cast<std::uint32_t>(end)};
    const std::string_view before = all.substr(0, begin);
    const std::string_view after = all.substr(end + close.size());
    const std::size_t length = count_code_points(sentence.text(inner));
    static constexpr std::string_view kNoFirm[] = {"上市", "ipo", "第一股", "融资"};
    const bool letters = std::any_of(sentence.text(inner).begin(), sentence.text(inner).end(), [](char c) { return c < '0' || c > '9'; });
    const bool apart = trigger.begin - end > 60 || before.ends_with("称") || before.ends_with("称为") || before.ends_with("以") || before.ends_with("为") || before.ends_with("(") || after.starts_with("的") || after.starts_with(")");
    if (apart || !letters || length < 2 || length > 24 || holds_any(sentence.text(inner), kNoFirm)) continue;
    return named(inner);
  }
  const auto stretch = [&](std::uint32_t begin) -> Range {
    // Past times, openers and blanks at the head of the clause.
    for (bool moved = true; moved && begin < trigger.begin;) {
      moved = false;
      for (const TimeAt& time : sentence.times_at())
        if (time.at.begin <= begin && begin < time.at.end) begin = time.at.end, moved = true;
      for (const Layer layer : {Layer::kStance, Layer::kSource})
        for (const WordHit& hit : sentence.words(layer))
          if (hit.begin <= begin && begin < hit.end) begin = hit.end, moved = true;
      while (begin < trigger.begin && (all[begin] == ' ' || all[begin] == '-' || all[begin] == '(' || all[begin] == '"')) ++begin, moved = true;
      for (const std::string_view opener : {"“", "有", "其中", "另外", "此外", "同时", "且", "而", "但", "又", "从", "以", "在", "自", "「", "—", "文件显示", "显示"})
        if (all.substr(begin).starts_with(opener)) begin += static_cast<std::uint32_t>(opener.size()), moved = true;
    }
    // Up to the first word that plays a part.
    std::uint32_t end = trigger.begin;
    for (const Layer layer : {Layer::kStance, Layer::kSource})
      for (const WordHit& hit : sentence.words(layer))
        if (hit.begin > begin && hit.begin < end) end = hit.begin;
    for (const TimeAt& time : sentence.times_at())
      if (time.at.begin > begin && time.at.begin < end) end = time.at.begin;
    for (const QuantityAt& quantity : sentence.quantities_at())
      if (quantity.at.begin > begin && quantity.at.begin < end) end = quantity.at.begin;
    static constexpr std::u32string_view kEnds = U"于在向拟将获以为对由从被并就的宣发正计递提申完通启登也还均则亦便刚(（《“\"是";
    for (std::uint32_t i = begin; i < end;) {
      const CodePoint c = decode_utf8(all, i);
      if (i > begin && kEnds.find(c.value) != std::u32string_view::npos) {
        end = i;
        break;
      }
      i += c.length;
    }
    while (end > begin && all[end - 1] == ' ') --end;
    return {begin, std::max(begin, end)};
  };
  const auto firm = [&](Range range) {
    return !range.empty() && looks_like_firm(sentence.text(range), sentence.original_text(range), firm_act_follows(sentence, range.end));
  };
  // A name behind what it is: AI企业甲, 潮玩品牌——乙. The last such place whose rest looks like a name.
  static constexpr std::string_view kWhat[] = {"——", "企业", "品牌", "平台", "母公司", "子公司", "芯片公司", "初创公司", "创业公司", "研发商", "服务商", "开发商", "制造商", "厂商", "社区", "供应商", "运营商"};
  std::vector<std::uint32_t> places;
  for (const std::string_view what : kWhat)
    for (std::size_t found = all.find(what, clause.begin); found != std::string_view::npos && found < trigger.begin; found = all.find(what, found + what.size()))
      places.push_back(static_cast<std::uint32_t>(found + what.size()));
  std::sort(places.rbegin(), places.rend());
  for (const std::uint32_t place : places) {
    if (place >= trigger.begin) continue;
    const Range range = stretch(place);
    if (range.begin <= place + 3 && firm(range)) return named(range);
  }
  const Range range = stretch(clause.begin);
  if (firm(range)) return named(range);
  return std::nullopt;
}

std::optional<EntityRef> capital_name_before(const Scene& scene, Range trigger, Range* at) {
  const Sentence& sentence = scene.sentence;
  const Range whole = sentence.sentence_range(trigger.begin);
  const std::string_view all = sentence.text();
  const std::string_view original = sentence.original();
  static constexpr std::string_view kCommon[] = {"the", "a", "an", "in", "on", "at", "after", "before", "it", "he", "she", "they", "but", "and", "shares", "its", "this", "that", "these", "as", "if", "when", "while", "we", "our", "for", "by", "with", "there", "some", "many", "regulators", "sources", "people", "analysts", "investors", "chinese", "american", "ipo", "listing", "u.s.", "us", "german", "swedish", "british", "french", "indian", "korean", "japanese", "billionaire", "from", "two", "three", "last", "one", "according", "under", "no", "ceo"};
  for (std::uint32_t begin = whole.begin; begin < trigger.begin;) {
    std::uint32_t end = begin;
    while (end < trigger.begin && all[end] != ' ' && all[end] != ',') ++end;
    const auto word_at = [&](std::uint32_t from, std::uint32_t to) {
      const ByteSpan place = sentence.original_span({from, from + 1});
      const bool capital = to > from + 1 && place.begin < original.size() && original[place.begin] >= 'A' && original[place.begin] <= 'Z';
      const std::string_view word = all.substr(from, to - from);
      return capital && std::none_of(std::begin(kCommon), std::end(kCommon), [&](std::string_view common) { return word == common; });
    };
    if (!word_at(begin, end)) {
      begin = end + 1;
      continue;
    }
    std::uint32_t last = end;
    while (last + 1 < trigger.begin && all[last] == ' ') {
      std::uint32_t next = last + 1;
      while (next < trigger.begin && all[next] != ' ' && all[next] != ',') ++next;
      if (!word_at(last + 1, next)) break;
      last = next;
    }
    Range name{begin, last};
    while (name.size() > 2 && (sentence.text(name).ends_with("'s") || sentence.text(name).ends_with("’s") || sentence.text(name).ends_with("."))) name.end -= sentence.text(name).ends_with(".") ? 1U : sentence.text(name).ends_with("'s") ? 2U : 4U;
    const bool taken = std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& each) { return each.at.touches(name); }) ||
                       std::any_of(sentence.times_at().begin(), sentence.times_at().end(), [&](const TimeAt& each) { return each.at.touches(name); });
    if (!taken && name.size() >= 3 && name.size() <= 40) {
      if (at != nullptr) *at = name;
      return EntityRef{std::string(sentence.text(name)), sentence.original_text(name), false};
    }
    begin = last + 1;
  }
  return std::nullopt;
}

std::optional<EntityRef> vendor_of(const Scene& scene, const Name& product) {
  const Sentence& sentence = scene.sentence;
  const std::string vendor = product.entity != nullptr && product.entity->vendor ? *product.entity->vendor : std::string();
  if (!vendor.empty()) {
    for (const Name& name : sentence.names())
      if (name.ref.id == vendor) return name.ref;
    return entity_ref(scene.article, vendor);
  }
  return std::nullopt;
}

}  // namespace annals
