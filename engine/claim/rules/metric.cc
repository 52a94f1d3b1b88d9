#include "engine/claim/rules/metric.h"

#include <algorithm>
#include <array>

#include "engine/base/utf8.h"

namespace annals {
namespace {

enum class Word : Sense {
  kNone,
  kOfCompany,   // 营收, 毛利率, 市值: a company has them
  kOfProduct,   // 带宽, 算力, 功耗: a product has them
  kOfAny,       // 价格, 份额, 出货量
  kVerb,        // 达, 为, 增长: stand between a metric and its number
  kGuidance,    // 指引
  kTarget,      // 目标
  kLoss,        // 亏损
  kCompare,     // 比, 较, 相比: what follows is compared with
  kFrom,        // 从, 由
  kTo,          // 至, 到, 升至
  kEach,        // 分别
};

constexpr WordRow row(Word word, std::string_view words) { return {static_cast<Sense>(word), words}; }

constexpr auto kWords = std::to_array<WordRow>({
    row(Word::kOfCompany, "营收|营业收入|收入|销售额|净利润|归母净利润|利润|毛利率|净利率|市值|股价|每股收益|目标价|市盈率|现金|研发投入|研发费用|订单|员工|持股比例|市占率|总股本|募资|估值|资本开支|净亏损|业绩|中签率|融资|"
                          "revenue|revenues|sales|net profit|profit|net income|gross margin|margin|market value|market capitalisation|market capitalization|market cap|shares|share price|earnings per share|eps|target price|price target|capital expenditure|capex|orders|headcount|dividend"),
    row(Word::kOfProduct, "内存带宽|显存带宽|带宽|内存|显存|算力|性能|功耗|能效|能效比|容量|速度|工艺|制程|缓存|延迟|良率|峰值算力|热设计功耗|密度|"
                          "memory bandwidth|bandwidth|memory|performance|power|capacity|throughput|yield|speed|latency"),
    row(Word::kOfAny, "市场规模|市场份额|份额|占比|价格|均价|单价|出货量|出货|销量|产量|产能|需求|库存|规模|涨幅|跌幅|增幅|增速|增长率|复合增长率|利率|概率|比例|成本|用户|数量|面积|周期|指数|用量|投资额|总投资|金额|"
                      "market size|market share|share|price|prices|shipments|output|production|demand|inventory|rate|growth|users|units|cost|costs"),
    row(Word::kVerb, "配备|提供|拥有|具备|采用|搭载|配有|支持|达到|达|为|约为|约|至|到|超过|超|突破|仅为|仅|是|占|占到|增长|增加|上涨|下跌|下降|提升|提升至|提高|提高至|降低|降至|升至|涨|跌|减少|缩短|上调|下调|上调至|下调至|飙升至|飙升|攀升至|高达|低至|实现|录得|报|收报|均为|分别为|预测为|有|需|"
                     "reached|reach|has|have|had|with|rose|fell|grew|increased|decreased|declined|climbed|jumped|dropped|totalled|totaled|was|were|is|are|of|at|to|by|stood at|hit|gained|lost|surged"),
    row(Word::kGuidance, "指引|展望|guidance|outlook"),
    row(Word::kTarget, "目标|target"),
    row(Word::kLoss, "亏损|续亏|净亏|loss|losses"),
    row(Word::kCompare, "比|较|相比|相对|高于|低于|优于|强于|超越|than|versus|compared with|compared to|above|below"),
    row(Word::kFrom, "从|由|from"),
    row(Word::kTo, "至|到|升至|降至|提升至|上调至|下调至|飙升至|to"),
    row(Word::kEach, "分别|respectively"),
});

bool one_of(const WordHit& hit, std::initializer_list<Word> words) {
  return std::any_of(words.begin(), words.end(), [&](Word word) { return is(hit, word); });
}

bool may_have_metrics(EntityKind kind) {
  switch (kind) {
    case EntityKind::kCurrency: case EntityKind::kOutlet: case EntityKind::kPerson: return false;
    default: return true;
  }
}

class Metric final : public Rule {
 public:
  ClaimType type() const override { return ClaimType::kMetric; }
  std::span<const WordRow> words() const override { return kWords; }

  void read(const Scene& scene, std::vector<Draft>& out) const override {
    if (scene.title) return;
    const auto& quantities = scene.sentence.quantities_at();
    for (std::size_t i = 0; i < quantities.size(); ++i) one(scene, i, out);
  }

 private:
  static const WordHit* near(const Scene& scene, Range in, std::initializer_list<Word> words) {
    const WordHit* found = nullptr;
    for (const WordHit& hit : scene.words())
      if (in.covers(range_of(hit)) && one_of(hit, words)) found = &hit;
    return found;
  }

  void one(const Scene& scene, std::size_t index, std::vector<Draft>& out) const {
    const Sentence& sentence = scene.sentence;
    const QuantityAt& at = sentence.quantities_at()[index];
    const Quantity& quantity = *at.quantity;
    if (quantity.kind == QuantityKind::kOrdinal) return;
    // Generations, editions and model years are names.
    for (const std::string_view name : {"代", "号", "届", "版", "期"})
      if (quantity.unit == name) return;
    if (quantity.unit == "款" && quantity.value > 1900) return;
    if (quantity.kind == QuantityKind::kNumber && quantity.unit.empty()) {
      // A bare number is a metric only right behind a metric's name.
      const Range its = sentence.clause_range(at.at.begin);
      const WordHit* noun = near(scene, {its.begin, at.at.begin}, {Word::kOfAny, Word::kOfCompany, Word::kOfProduct});
      const WordHit* named = near(scene, {at.at.end, std::min(its.end, at.at.end + 45)}, {Word::kOfAny, Word::kOfProduct});
      const std::string_view rest = sentence.text().substr(at.at.end);
      const bool unit = !rest.empty() && ((rest[0] >= 'a' && rest[0] <= 'z') || (rest[0] == ' ' && rest.size() > 1 && rest[1] >= 'a' && rest[1] <= 'z' && !sentence.english()));
      if ((noun == nullptr || at.at.begin - noun->end > 15) && (named == nullptr || !unit)) return;
    }
    const Range clause = sentence.clause_range(at.at.begin);
    const Range before{clause.begin, at.at.begin};
    const WordHit* noun = near(scene, before, {Word::kOfCompany, Word::kOfProduct, Word::kOfAny, Word::kLoss});
    if (noun != nullptr && at.at.begin - noun->end > (sentence.english() ? 40U : 30U)) noun = nullptr;
    const auto entity = entity_of(scene, at, clause, noun);
    if (!entity) return;

    Draft made = draft("metric/figure", at.at);
    Claim& claim = made.claim;
    claim.set("entity", entity->first);
    if (clause.covers(entity->second)) cover(made, entity->second);
    claim.set("metric", metric_name(scene, at, clause, entity->second, noun));
    Amount value{quantity.value, quantity.high, quantity.comparator, quantity.kind == QuantityKind::kMoney ? quantity.currency : quantity.kind == QuantityKind::kPercent && quantity.unit.empty() ? "%" : quantity.unit};
    claim.set("value", value);
    if (quantity.basis != Basis::kLevel) claim.set("basis", std::string(basis_name(quantity.basis)));
    else claim.set("basis", std::string("level"));

    Stance stance = stance_of(scene, at.at);
    const TimeAt* time = time_of(scene, at.at);
    // "…2025年净利润…，同比增长…": growth is told of the period named last.
    if (time == nullptr && quantity.basis != Basis::kLevel)
      for (const TimeAt& earlier : sentence.times_at())
        if (earlier.at.end <= clause.begin && earlier.at.begin >= sentence.sentence_range(at.at.begin).begin && earlier.time->grain >= Grain::kDay && !earlier.time->iso.empty()) time = &earlier;
    if (time != nullptr) {
      // "Than last year" names what is compared with, not when it was.
      const std::string_view before_time = sentence.text().substr(0, time->at.begin);
      for (const std::string_view than : {"较", "比", "than ", "from "})
        if (before_time.ends_with(than)) {
          time = nullptr;
          break;
        }
    }
    if (time != nullptr) {
      claim.when = claim_when(*time->time, type());
      if (auto year = year_of_row(scene, index, *time->time)) claim.when = *year;
      claim.set("period", claim.when->iso);
    }
    // 从350美元上调至450美元: the later value keeps the one it replaces.
    if (index > 0) {
      const QuantityAt& earlier = sentence.quantities_at()[index - 1];
      const Range between{earlier.at.end, at.at.begin};
      if (clause.covers(earlier.at) && (near(scene, between, {Word::kTo}) != nullptr || sentence.text(between).find("至") != std::string_view::npos || sentence.text(between).find("到") != std::string_view::npos) && near(scene, {clause.begin, earlier.at.begin}, {Word::kFrom}) != nullptr && earlier.quantity->kind == quantity.kind)
        claim.set("previous", Amount{earlier.quantity->value, earlier.quantity->high, earlier.quantity->comparator, value.unit});
    }
    stance.negated = stance.denied = stance.stopped = false;
    // A number that will be reached is a forecast; a plan only where somebody plans it.
    if (stance.will && !stance.planned) {
      stance.will = false;
      stance.forecast = true;
    } else if (stance.will && stance.forecast) {
      stance.will = stance.planned = false;
    }
    settle(scene, made, stance, Aspect::kHolds);
    // 某某预计…: a company the lexicon lacks speaks for itself.
    if (claim.modality == Modality::kForecast && claim.speakers.empty() && !entity->first.known && clause.covers(entity->second)) {
      const std::string_view after = sentence.text().substr(entity->second.end);
      if (after.starts_with("预计") || after.starts_with("预测") || after.starts_with("预期")) {
        claim.speakers.push_back(entity->first.text);
        claim.attribution = Attribution::kNamed;
      }
    }
    const bool guidance = near(scene, {sentence.sentence_range(at.at.begin).begin, at.at.end}, {Word::kGuidance}) != nullptr;
    std::string_view kind = "actual";
    if (guidance) kind = "guidance";
    else if (claim.modality == Modality::kForecast) kind = "forecast";
    else if (claim.modality == Modality::kPlanned) kind = "target";
    claim.set("kind", std::string(kind));
    out.push_back(std::move(made));
  }

  // "2022年至2024年营收分别为A、B、C": each number has the year of its place in the row.
  static std::optional<When> year_of_row(const Scene& scene, std::size_t index, const TimeMention& time) {
    if (!time.from || !time.to) return std::nullopt;
    const Sentence& sentence = scene.sentence;
    const auto& quantities = sentence.quantities_at();
    const Range clause = sentence.clause_range(quantities[index].at.begin);
    if (near(scene, clause, {Word::kEach}) == nullptr && sentence.text(clause).find("分别") == std::string_view::npos) return std::nullopt;
    const date::year_month_day first{date::floor<date::days>(*time.from)};
    const date::year_month_day last{date::floor<date::days>(*time.to)};
    const int years = int(last.year()) - int(first.year());
    if (years < 2 || first.month() != date::January || last.month() != date::January) return std::nullopt;
    int count = 0;
    int place = -1;
    for (std::size_t i = 0; i < quantities.size(); ++i)
      if (clause.covers(quantities[i].at) && quantities[i].quantity->kind == quantities[index].quantity->kind) {
        if (i == index) place = count;
        ++count;
      }
    if (count != years || place < 0) return std::nullopt;
    auto year = parse_when(std::to_string(int(first.year()) + place));
    if (!year) return std::nullopt;
    return *std::move(year);
  }

  // Whose figure it is. A product or a company named before it in the clause; a class of goods only as the clause's subject (内存 in
  // "配备141GB内存" is what is measured, not whose it is); else the subject of an earlier clause; else what the article is about.
  static std::optional<std::pair<EntityRef, Range>> entity_of(const Scene& scene, const QuantityAt& at, Range clause, const WordHit* noun) {
    const Sentence& sentence = scene.sentence;
    const bool ratio = at.quantity->kind == QuantityKind::kMultiple;
    if (auto bracketed = before_bracket(sentence, at, clause)) return bracketed;

    std::vector<const Name*> names;
    for (const Name& name : sentence.names()) {
      if (!may_have_metrics(name.kind) || name.at.begin < clause.begin || name.at.end > at.at.begin) continue;
      if (name.kind == EntityKind::kCountry || name.kind == EntityKind::kRegion || is_part(scene, name)) continue;
      if (name.kind == EntityKind::kProductClass && name.at.begin > clause.begin + 9) continue;
      names.push_back(&name);
    }
    const Name* pick = nullptr;
    for (const Name* name : names) {
      const std::string_view gap = sentence.text({name->at.end, at.at.begin});
      const bool yardstick = ratio && (gap == "的" || gap == "芯片的" || gap.size() <= 3);  // H20的6倍: what is measured against
      const bool direct = !ratio && gap.size() <= 6;
      if (yardstick || (compared(scene, *name, clause) && !direct)) continue;
      if (pick != nullptr && ratio) break;  // the first is what is said to be so many times another
      pick = name;
    }
    if (pick != nullptr && noun != nullptr) {
      // A company's figure told with its products between stays the company's; a product's is the product's.
      const bool company_wanted = is(*noun, Word::kOfCompany) && is_product(pick->kind);
      const bool product_wanted = is(*noun, Word::kOfProduct) && is_company(pick->kind);
      for (const Name* name : names)
        if ((company_wanted && is_company(name->kind) && name->at.end <= noun->begin) || (product_wanted && is_product(name->kind) && !compared(scene, *name, clause))) pick = name;
    }
    if (pick != nullptr && pick->kind == EntityKind::kProductClass && noun != nullptr && is(*noun, Word::kOfCompany)) {
      pick = nullptr;  // 数据中心业务收入 is a company's
      if (scene.article.company) return std::pair{scene.article.company->ref, at.at};
    }
    if (pick != nullptr) return std::pair{pick->ref, pick->at};
    const WordHit* frame = sentence.last(Layer::kFrame, FrameCue::kCompany, {clause.begin, at.at.begin});
    if (frame != nullptr && scene.article.company) return std::pair{scene.article.company->ref, range_of(*frame)};
    const WordHit* this_product = sentence.last(Layer::kFrame, FrameCue::kThisProduct, {clause.begin, at.at.begin});
    if (this_product != nullptr && scene.article.product) return std::pair{scene.article.product->ref, range_of(*this_product)};

    // What the clause itself is about: its words before the metric's name and the first number.
    const bool its = sentence.first(Layer::kFrame, FrameCue::kIts, {clause.begin, std::min(clause.end, clause.begin + 6)}) != nullptr;
    std::uint32_t limit = at.at.begin;
    for (const QuantityAt& other : sentence.quantities_at())
      if (clause.covers(other.at) && other.at.begin < limit) limit = other.at.begin;
    if (noun != nullptr && noun->begin >= clause.begin) limit = std::min(limit, noun->begin);
    if (!its && limit > clause.begin) {
      Range phrase{clause.begin, limit};
      if (auto written = phrase_entity(sentence, phrase); written && !opens_with_comparison(scene, phrase)) return std::pair{*written, phrase};
    }
    // The subject of the nearest earlier clause of the sentence.
    const std::size_t own = sentence.clause_at(at.at.begin);
    for (std::size_t i = own; i > 0;) {
      --i;
      const Range earlier = sentence.clauses()[i].at;
      if (sentence.clauses()[i].sentence != sentence.clauses()[own].sentence) break;
      const Name* subject = nullptr;
      for (const Name& name : sentence.names()) {
        if (!earlier.covers(name.at) || !may_have_metrics(name.kind) || name.kind == EntityKind::kCountry || name.kind == EntityKind::kRegion || is_part(scene, name)) continue;
        if (compared(scene, name, earlier) || (name.kind == EntityKind::kProductClass && name.at.begin > earlier.begin + 9)) continue;
        const bool better = noun != nullptr && subject != nullptr &&
                            ((is(*noun, Word::kOfProduct) && is_product(name.kind) && !is_product(subject->kind)) || (is(*noun, Word::kOfCompany) && is_company(name.kind) && !is_company(subject->kind)));
        if (subject == nullptr || better) subject = &name;
      }
      if (subject != nullptr) return std::pair{subject->ref, subject->at};
      if (sentence.last(Layer::kFrame, FrameCue::kThisProduct, earlier) != nullptr && scene.article.product) return std::pair{scene.article.product->ref, at.at};
      if (sentence.last(Layer::kFrame, FrameCue::kCompany, earlier) != nullptr && scene.article.company) return std::pair{scene.article.company->ref, at.at};
      Range phrase = earlier;
      for (const WordHit& hit : scene.words())
        if (earlier.covers(range_of(hit)) && hit.begin > earlier.begin && one_of(hit, {Word::kOfAny, Word::kOfCompany, Word::kOfProduct, Word::kVerb})) {
          phrase.end = std::min(phrase.end, hit.begin);
          break;
        }
      if (auto written = phrase_entity(sentence, phrase)) return std::pair{*written, phrase};
    }
    const bool of_company = noun != nullptr ? is(*noun, Word::kOfCompany) : at.quantity->kind == QuantityKind::kMoney;
    if (!of_company && scene.article.product) return std::pair{scene.article.product->ref, at.at};
    if (scene.article.company) return std::pair{scene.article.company->ref, at.at};
    if (scene.article.product) return std::pair{scene.article.product->ref, at.at};
    return std::nullopt;
  }

  // Another thing's name is in it (AI in AI公司, 台积电 in 台积电4nm工艺's maker): it has no figures of its own here.
  static bool is_part(const Scene& scene, const Name& name) {
    static constexpr std::string_view kAfter[] = {"公司", "客户", "厂商", "市场份额", "推理", "场景", "时代", "需求"};
    for (const QuantityAt& counted : scene.sentence.quantities_at())  // 192GB HBM3e, 4颗TPU: what is counted
      if (counted.at.end == name.at.begin || (counted.at.end + 1 == name.at.begin && scene.sentence.text()[counted.at.end] == ' ')) return true;
    if (name.kind != EntityKind::kProductClass && name.kind != EntityKind::kOther) return false;
    for (const WordHit& hit : scene.words())  // 内存 of 内存带宽 is what is measured
      if (one_of(hit, {Word::kOfProduct, Word::kOfAny}) && range_of(hit).touches(name.at)) return true;
    const std::string_view after = scene.sentence.text().substr(name.at.end);
    return std::any_of(std::begin(kAfter), std::end(kAfter), [&](std::string_view word) { return after.starts_with(word); });
  }
  static bool compared(const Scene& scene, const Name& name, Range clause) {
    for (const WordHit& hit : scene.words())
      if (is(hit, Word::kCompare) && clause.covers(range_of(hit)) && hit.end <= name.at.begin && name.at.begin - hit.end <= 12) return true;
    return false;
  }
  static bool opens_with_comparison(const Scene& scene, Range phrase) {
    for (const WordHit& hit : scene.words())
      if (is(hit, Word::kCompare) && hit.begin >= phrase.begin && hit.begin <= phrase.begin + 6) return true;
    return false;
  }

  // "甲(231.54亿元)": whose number stands in brackets stands before them.
  static std::optional<std::pair<EntityRef, Range>> before_bracket(const Sentence& sentence, const QuantityAt& at, Range clause) {
    const std::string_view all = sentence.text();
    std::uint32_t open = at.at.begin;
    while (open > clause.begin && at.at.begin - open <= 12 && all[open - 1] != '(') --open;
    if (open <= clause.begin || all[open - 1] != '(') return std::nullopt;
    --open;
    for (const Name& name : sentence.names())
      if (name.at.end == open && may_have_metrics(name.kind) && name.kind != EntityKind::kCountry) return std::pair{name.ref, name.at};
    std::uint32_t begin = clause.begin;
    for (std::uint32_t i = clause.begin; i < open;) {
      const CodePoint c = decode_utf8(all, i);
      if (c.value == U'、' || c.value == U'是' || c.value == U'为' || c.value == U'和' || c.value == ')' || c.value == U'的' || c.value == U'括') begin = i + c.length;
      i += c.length;
    }
    const std::size_t length = count_code_points(all.substr(begin, open - begin));
    if (length < 2 || length > 12) return std::nullopt;
    return std::pair{EntityRef{std::string(all.substr(begin, open - begin)), sentence.original_text({begin, open}), false}, Range{begin, open}};
  }

  // A noun phrase as written, when it is short enough to be one: leading times, speakers and adverbs left out.
  static std::optional<EntityRef> phrase_entity(const Sentence& sentence, Range& phrase) {
    for (bool moved = true; moved && !phrase.empty();) {
      moved = false;
      while (!phrase.empty() && (sentence.text()[phrase.begin] == ' ' || sentence.text()[phrase.begin] == '-')) ++phrase.begin, moved = true;
      for (const TimeAt& time : sentence.times_at())
        if (time.at.begin <= phrase.begin && phrase.begin < time.at.end) phrase.begin = std::min(phrase.end, time.at.end), moved = true;
      for (const Layer layer : {Layer::kStance, Layer::kSource})
        for (const WordHit& hit : sentence.words(layer)) {
          if (hit.begin <= phrase.begin && phrase.begin < hit.end) phrase.begin = std::min(phrase.end, hit.end), moved = true;
          if (hit.end >= phrase.end && hit.begin > phrase.begin && hit.begin < phrase.end) phrase.end = hit.begin, moved = true;
        }
      for (const std::string_view tail : {"的", "达", "为", "约", "在", "超", "是", "仅", "有", " "})
        if (phrase.size() > tail.size() && sentence.text(phrase).ends_with(tail)) phrase.end -= static_cast<std::uint32_t>(tail.size()), moved = true;
    }
    if (phrase.empty()) return std::nullopt;
    const std::size_t length = count_code_points(sentence.text(phrase));
    if (length < 2 || length > (sentence.english() ? 40U : 24U)) return std::nullopt;
    // Verbs and joints name nobody.
    for (const std::string_view empty : {"同比", "环比", "增长", "增加", "上涨", "下跌", "下降", "提升", "降低", "减少", "占", "较", "比", "达", "约", "超", "共计", "合计", "总", "对应", "累计", "实现", "提供", "支持", "采用", "配备", "with ", "and ", "up ", "down ", "rising ", "or "})
      if (sentence.text(phrase).starts_with(empty)) return std::nullopt;
    return EntityRef{std::string(sentence.text(phrase)), sentence.original_text(phrase), false};
  }

  // The words that name the figure: from the entity to the number, verbs at the end left out; else what follows the number.
  static std::string metric_name(const Scene& scene, const QuantityAt& at, Range clause, Range entity, const WordHit* noun) {
    const Sentence& sentence = scene.sentence;
    Range name{clause.covers(entity) && entity.end <= at.at.begin ? entity.end : clause.begin, at.at.begin};
    for (const QuantityAt& earlier : sentence.quantities_at()) {
      if (earlier.at.end > at.at.begin || earlier.at.begin <= name.begin) continue;
      if (noun != nullptr && noun->begin >= earlier.at.end) name.begin = earlier.at.end;
      else if (noun != nullptr && noun->end <= earlier.at.begin) name.end = std::min(name.end, earlier.at.begin);  // 目标价由X上调至Y
    }
    if (noun != nullptr && noun->begin >= name.begin && noun->end <= name.end && noun->begin - name.begin > 36) name.begin = noun->begin;
    for (bool moved = true; moved && !name.empty();) {
      moved = false;
      for (const TimeAt& time : sentence.times_at())
        if (time.at.begin <= name.begin && name.begin < time.at.end && time.at.end < name.end) name.begin = time.at.end, moved = true;
      while (!name.empty() && (sentence.text()[name.begin] == ' ' || sentence.text()[name.begin] == '(')) ++name.begin, moved = true;
      while (!name.empty() && (sentence.text()[name.end - 1] == ' ' || sentence.text()[name.end - 1] == '(')) --name.end, moved = true;
      for (const std::string_view head : {"的", "在", "其", "将", "'s ", "with a ", "with ", "a ", "an ", "the ", "of ", "its "})
        if (name.size() > head.size() && sentence.text(name).starts_with(head)) name.begin += static_cast<std::uint32_t>(head.size()), moved = true;
      for (const WordHit& hit : scene.words())
        if (one_of(hit, {Word::kVerb, Word::kTo, Word::kFrom}) && hit.end == name.end && hit.begin >= name.begin) name.end = hit.begin, moved = true;
      for (const WordHit& hit : sentence.words(Layer::kStance))
        if (hit.end == name.end && hit.begin >= name.begin) name.end = hit.begin, moved = true;
      for (const std::string_view tail : {"的", "约", "近", "逾", "多", "几乎", "大幅", "从", "由", "在", "同比", "环比", "将", "会", "了"})
        if (name.size() > tail.size() && sentence.text(name).ends_with(tail)) name.end -= static_cast<std::uint32_t>(tail.size()), moved = true;
    }
    const std::size_t length = name.empty() ? 0 : count_code_points(sentence.text(name));
    const bool against = length >= 2 && opens_with_comparison(scene, {name.begin, name.begin}) && noun == nullptr;
    if (length >= 2 && length <= (sentence.english() ? 60U : 24U) && !against) return sentence.original_text(name);
    if (noun != nullptr) return sentence.original_text(range_of(*noun));
    // "80%的份额", "4096张算力卡": what the number counts.
    Range after{at.at.end, clause.end};
    while (!after.empty() && sentence.text(after).starts_with("的")) after.begin += 3;
    while (!after.empty() && sentence.text(after).starts_with(" ")) ++after.begin;
    if (sentence.text(after).starts_with("of ")) after.begin += 3;
    const WordHit* named = nullptr;
    for (const WordHit& hit : scene.words())
      if (after.covers(range_of(hit)) && one_of(hit, {Word::kOfAny, Word::kOfCompany, Word::kOfProduct}) && named == nullptr) named = &hit;
    if (named != nullptr && named->begin - after.begin <= 24) return sentence.original_text({after.begin, named->end});
    // "…营收570亿，同比增长62%": the growth of what was named last.
    const WordHit* last = near(scene, {sentence.sentence_range(at.at.begin).begin, clause.begin}, {Word::kOfAny, Word::kOfCompany, Word::kOfProduct});
    if (last != nullptr) return sentence.original_text(range_of(*last));
    if (!at.quantity->unit.empty()) return at.quantity->unit;
    return at.quantity->kind == QuantityKind::kPercent ? "%" : std::string(quantity_kind_name(at.quantity->kind));
  }
};

}  // namespace

std::unique_ptr<Rule> make_metric_rule() { return std::make_unique<Metric>(); }

}  // namespace annals
