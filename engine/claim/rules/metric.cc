#include "engine/claim/rules/metric.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "engine/base/utf8.h"
#include "engine/claim/measures.h"

namespace annals {
namespace {

// Words around a number. The words of measures.h follow, one sense per measure, from kFirstMeasure on.
enum class Word : Sense {
  kNone,
  kLink,        // 达, 为, 约, of: stand between a measure and its number
  kHold,        // 配备, 搭载, has: what follows is had by the subject
  kRise,        // 增长, 涨, rose
  kFall,        // 下降, 跌, fell
  kGuidance,    // 指引
  kCompare,     // 比, 较, 相比: what follows is compared with
  kFrom,        // 从, 由
  kTo,          // 至, 到, 升至
  kEach,        // 分别
  kFirstMeasure,
};

constexpr WordRow row(Word word, std::string_view words) { return {static_cast<Sense>(word), words}; }

constexpr auto kOwnWords = std::to_array<WordRow>({
    row(Word::kNone, "大面积|小面积|全面积|限制性股票|股票奖励|股票型|只股票|具体参数|参数配置|旅客列车|旅客运输|现汇率|政府补贴|有限|有关|有望|所有|拥有者|报道|报告|报导|报名|日报|晚报|周报|财报|海报|申报|汇报|到期|到来|到底|遭到|得到|收到|看到|感到|直到|迟到|到位|到手|到港|到场|至少|至今|以至|乃至|是否|是次|于是|但是|还是|总是|只是|而是|就是|"
                     "高等|高级|高中|高度重视|高管|高层|高端|高峰|高速|高铁|高通|高盛|高考|高校|高科技|最高法院|提高警惕|低空|低碳|低端|最低工资|多元|多家|多名|多个|多次|多种|多数|多年|许多|众多|少数|少年|少女|至少有|减少了解|升级|升学|晋升|直升机|"
                     "投资者|投资人|投资方|投资银行|投资公司|投资基金|投资机构|投资组合|投资顾问|投资建议|投资评级|销售团队|销售渠道|销售模式|生产线|生产商|生产力|生产者|生产总值|生产工艺|收购案|收购方|收购要约|利润分配|预算案|预算法|发行人|发行商|"
                     "订单式|成本价|成本控制|用户体验|用户名|用户群|用户端|客户端|客户经理|人口普查|股票代码|股票市场|股票期权|现金流量表|现金奖|贷款人|补贴政策|补贴款|关税战|关税政策|工艺品|存储芯片|存储器|内存条|内存芯片|内存厂|电池厂|电池级|电池组|电池片|电池包|"
                     "参数化|速度感|容量瓶|性能车|指数级|指数基金|规模化|规模以上|融资融券|融资租赁|性能释放|部署了解|进口商|出口商|出口管制|进口货|需求方|需求侧|成交价|工程费|价值观|价值链|价格战|资金链|资金面|资金流|"
                     "has been|have been|had been|power of attorney|stock exchange|stock market|share of voice|sales team|sales of|sales manager|sales force|memory maker|memory chip|memory chips|process of|growth stock|growth engine|stock split|stock option|price war|range of|a range of|cut off|shares of|"
                     "in the process|cash flow statement|at cost|spend time|orders of magnitude|cost of living|pay tv|pay for|pay attention|pay off|to raise concerns|user experience|staff writer|staff member|staff reporter|population of voters"),
    row(Word::kLink, "余额|净额|日内|迄今|今年迄今|来到|更是|惊人的|甚至|晚些时候|已经|竟然|竟|则|已|又|达到|达|为|约为|约|至|到|超过|超|突破|逾|近|仅为|仅|是|为止|录得|报|收报|均为|分别为|预测为|高达|低至|共计|合计|合共|共|总计|累计|总共|有|需|需要|实现|接近|不足|不到|超出|大约|相当于|等于|介于|位于|维持在|稳定在|控制在|保持在|处于|首次突破|已突破|创下|高见|低见|"
                     "同比|环比|按年|按月|按季|年比|季比|较上年同期|较去年同期|较上年|较去年|较上季度|较上季|较上月|较前一年|比去年同期|比去年|比上年|与去年同期相比|与上年同期相比|相比去年|相较去年|较前一交易日|较上周|对比|大幅|小幅|轻微|略微|略|微|累积|平均|一度|盘中|盘前|盘后|早盘|午后|尾盘|开盘|收盘|截至发稿|现|再|均|各|都|全年|上半年|首次|最高|最低|最多|最少|最大|至多|起|规模|水平|左右|上下|以上|以下|级别|"
                     "美股|港股|a股|隔夜|夜盘|截至发稿时|定格在|定格于|见顶于|报于|收于|报收于|跌到|降到|升到|涨到|保持|维持|"
                     "reached|reach|totalled|totaled|total|was|were|is|are|be|of|at|to|by|about|around|nearly|almost|roughly|some|over|more than|less than|up to|as much as|as high as|as low as|at least|stood at|hit|came to|came in at|amounted to|amount to|exceeded|exceed|exceeding|topped|reaching|totalling|totaling|worth|in|for|the|a|an|"
                     "year on year|year-on-year|year over year|year-over-year|yoy|quarter on quarter|quarter-on-quarter|qoq|from a year earlier|from a year ago|compared with a year earlier|record|only|just|an estimated|estimated|approximately"),
    row(Word::kHold, "分为|分成|互联|拼接|切出|配备|匹配|搭配|选配|配套|提供|利用|连接|连接多达|组成|配合|兼容|适配|基于|对标|辅以|拥有|具备|具有|采用|搭载|配有|支持|内置|集成|配置|装有|标配|选用|使用|覆盖|包括|包含|含有|辅以|运行|需要|has|have|had|with|featuring|features|feature|packs|offers|offer|offering|carries|includes|including|uses|supports|equipped with|boasts|posted|posts|reported|recorded|delivers|provides"),
    row(Word::kRise, "放量|增长|增加|增|上涨|上升|上扬|上行|走高|高开|涨|升|提升|提高|提升至|提高至|攀升|攀升至|飙升|飙升至|飙涨|大涨|急升|急涨|跳涨|扩大|扩大至|扩张|上调|上调至|上修|高出|高于|高|多|增至|升至|涨至|翻|优于|强于|快|反弹|回升|涨价|加价|"
                     "rose|rise|rises|rising|grew|grow|grows|growing|increased|increase|increases|climbed|climbs|jumped|jumps|surged|surges|gained|gains|up|higher|soared|soars|advanced|rallied|expanded|doubled|raised to|rose to|rallies|added"),
    row(Word::kFall, "缩量|下降|下跌|下滑|下挫|下行|走低|低开|跌|降|降低|降低至|降至|降幅达|跌至|减少|减|缩短|缩短至|缩减|缩减至|下调|下调至|下修|回落|回落至|收窄|收窄至|骤降|锐减|暴跌|大跌|急跌|挫|萎缩|低于|低|少|贬值|降价|缩水|收缩|节省|节约|减至|慢|"
                     "fell|fall|falls|falling|declined|declines|decreased|decrease|decreases|dropped|drops|lost|loses|slid|slides|tumbled|tumbles|plunged|plunges|sank|down|lower|shrank|shrinks|slipped|slips|contracted|slumped|eased to|cut to|reduced|reduces|reduce|shed"),
    row(Word::kGuidance, "指引|展望|guidance|outlook"),
    row(Word::kCompare, "比|较|相比|相对|相较|超越|than|versus|compared with|compared to|above|below"),
    row(Word::kFrom, "从|由|from"),
    row(Word::kEach, "分别|respectively"),
});

const std::vector<WordRow>& all_words() {
  static const std::vector<WordRow> kAll = [] {
    std::vector<WordRow> rows(kOwnWords.begin(), kOwnWords.end());
    Sense sense = static_cast<Sense>(Word::kFirstMeasure);
    for (const Measure& measure : measures()) rows.push_back({sense++, measure.words});
    return rows;
  }();
  return kAll;
}

const Measure* measure_of(const WordHit& hit) {
  const auto first = static_cast<Sense>(Word::kFirstMeasure);
  return hit.sense < first ? nullptr : &measures()[hit.sense - first];
}

bool one_of(const WordHit& hit, std::initializer_list<Word> words) {
  return std::any_of(words.begin(), words.end(), [&](Word word) { return is(hit, word); });
}

bool is_han_text(std::string_view text) { return !text.empty() && is_han(decode_utf8(text, 0).value); }

template <std::size_t N>
bool holds_any(std::string_view text, const std::string_view (&words)[N]) {
  return std::any_of(std::begin(words), std::end(words), [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// Names that have figures of their own wherever they stand in a clause; others (countries, agencies) only right before the measure.
bool stands_for_itself(EntityKind kind) { return is_company(kind) || is_product(kind) || kind == EntityKind::kIndex || kind == EntityKind::kOther; }

class Metric final : public Rule {
 public:
  ClaimType type() const override { return ClaimType::kMetric; }
  std::span<const WordRow> words() const override { return all_words(); }

  void read(const Scene& scene, std::vector<Draft>& out) const override {
    if (scene.title) return;
    Memory memory;
    for (std::size_t i = 0; i < scene.sentence.quantities_at().size(); ++i) one(scene, i, memory, out);
  }

 private:
  struct Subject {
    EntityRef ref;
    Range at;
    EntityKind kind = EntityKind::kOther;
  };
  // What the figure is of: a word for it, or only what its unit gives away.
  struct Measured {
    std::optional<Range> word;               // that names it; a row of measures.h, or a noun that only sounds like one
    const Measure* measure = nullptr;
    std::string name;
    bool before = true;       // the word stands before the number
    bool change = false;      // how much it rose or fell
    bool falls = false;
    std::string counted;      // of what there are so many: "8个堆叠"
    bool chained = false;     // counted on in a list: had by whom the list is of
    std::optional<std::uint32_t> row{};  // where the row of measures begins that `word` is one of
  };
  // The figure read last in this statement: what goes on without a subject ("…，同比增长62%") is of the same.
  struct Memory {
    bool there = false;
    bool changed = false;     // it told how much something rose or fell
    Subject subject;
    Measured measured;
    std::uint32_t sentence = 0;
    Range at{};
    std::string scope;
    QuantityKind kind = QuantityKind::kNumber;
    std::string unit;
    std::optional<When> when;
  };

  static const WordHit* near(const Scene& scene, Range in, std::initializer_list<Word> words) {
    const WordHit* found = nullptr;
    for (const WordHit& hit : scene.words())
      if (in.covers(range_of(hit)) && one_of(hit, words)) found = &hit;
    return found;
  }

  // How much of `in` plays a part of its own: code points that belong to no linking word, time, number, bracket or blank; for a word
  // in Latin letters 3. With `names`, names are passed over as well.
  static unsigned leftover(const Scene& scene, Range in, bool names) {
    const Sentence& sentence = scene.sentence;
    const std::string_view all = sentence.text();
    unsigned count = 0;
    std::uint32_t at = in.begin;
    while (at < in.end) {
      std::uint32_t next = at;
      const auto pass = [&](Range range) {
        if (range.begin <= at && at < range.end) next = std::max(next, range.end);
      };
      for (const TimeAt& time : sentence.times_at()) pass(time.at);
      for (const QuantityAt& quantity : sentence.quantities_at()) pass(quantity.at);
      for (const WordHit& hit : scene.words())
        if (measure_of(hit) == nullptr && !is(hit, Word::kHold)) pass(range_of(hit));
      for (const WordHit& hit : sentence.words(Layer::kStance)) pass(range_of(hit));
      for (const WordHit& hit : sentence.words(Layer::kFrame))
        if (is(hit, FrameCue::kAnd) || is(hit, FrameCue::kOf) || is(hit, FrameCue::kIts)) pass(range_of(hit));
      for (const WordHit& hit : sentence.words(Layer::kSource))
        if (is(hit, SourceCue::kExpects)) pass(range_of(hit));
      if (names)
        for (const Name& name : sentence.names()) pass(name.at);
      if (next > at) {
        at = next;
        continue;
      }
      const CodePoint c = decode_utf8(all, at);
      // (600699), (ADR): an apposition.
      if (c.value == '(') {
        const std::size_t close = sentence.text({at, in.end}).find(')');
        if (close != std::string_view::npos) {
          at += static_cast<std::uint32_t>(close + 1);
          continue;
        }
      }
      const bool mark = c.value < 0x80 && !((c.value >= 'a' && c.value <= 'z') || (c.value >= '0' && c.value <= '9'));
      if (mark || c.value == U'的' || c.value == U'了' || c.value == U'在' || c.value == U'于' || c.value == U'也' || c.value == U'“' || c.value == U'”') {
        at += c.length;
        continue;
      }
      if (c.value < 0x80) {
        while (at < in.end && ((all[at] >= 'a' && all[at] <= 'z') || (all[at] >= '0' && all[at] <= '9'))) ++at;
        count += 3;
        continue;
      }
      ++count;
      at += c.length;
    }
    return count;
  }

  // Which way the figure went: the last verb of change in `in`; 0: none.
  static int direction(const Scene& scene, Range in) {
    int way = 0;
    for (const WordHit& hit : scene.words()) {
      if (!in.covers(range_of(hit))) continue;
      if (is(hit, Word::kRise)) way = 1;
      if (is(hit, Word::kFall)) way = -1;
    }
    return way;
  }

  static bool takes(const Measure& measure, const Quantity& quantity, bool change, bool latin_unit = false) {
    switch (quantity.kind) {
      case QuantityKind::kMoney: return (measure.takes & kTakesMoney) != 0 || change;
      case QuantityKind::kPercent: return (measure.takes & kTakesPercent) != 0 || change || quantity.basis != Basis::kLevel;
      case QuantityKind::kMultiple: return true;
      case QuantityKind::kMeasure: return (measure.takes & kTakesUnit) != 0;
      case QuantityKind::kNumber:
        // 份额降至0: nothing is left of anything.
        return (measure.takes & kTakesCount) != 0 || quantity.value == 0 || (latin_unit && (measure.takes & kTakesUnit) != 0);
      case QuantityKind::kOrdinal: return false;
    }
    return false;
  }

  // The unit of a number: the reader's, else a word in Latin letters right behind it ("4.6 petaFLOPS") that Chinese text leaves as it is.
  static std::string unit_of(const Sentence& sentence, const QuantityAt& at) {
    const Quantity& quantity = *at.quantity;
    if (quantity.kind == QuantityKind::kMoney) return quantity.currency;
    if (quantity.kind == QuantityKind::kPercent && quantity.unit.empty()) return "%";
    if (!quantity.unit.empty() || quantity.kind != QuantityKind::kNumber || sentence.english()) return quantity.unit;
    const std::string_view all = sentence.text();
    std::uint32_t begin = at.at.end;
    if (begin < all.size() && all[begin] == ' ') ++begin;
    std::uint32_t end = begin;
    const auto letter = [&](std::uint32_t place) { return place < all.size() && ((all[place] >= 'a' && all[place] <= 'z') || all[place] == '/'); };
    while (letter(end)) ++end;
    if (end - begin < 2 || end - begin > 12 || (end < all.size() && ((all[end] >= '0' && all[end] <= '9') || all[end] == '-'))) return {};
    const bool named = std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& name) { return name.at.touches({begin, end}); });
    return named ? std::string() : sentence.original_text({begin, end});
  }

  // Numbers that count nothing worth a series: one of something, generations, editions, steps, model years.
  static bool idle(const Quantity& quantity, std::string_view written) {
    if (quantity.kind == QuantityKind::kOrdinal) return true;
    static constexpr std::string_view kNames[] = {"代", "号", "届", "版", "期", "步", "种", "类", "位", "次", "遍", "层", "级", "样", "点", "番", "声", "边", "句", "段", "旦", "方", "阵", "系列", "处", "回", "趟", "路", "度", "年", "日", "月", "季", "周", "场", "轮", "批", "直", "手", "面", "口", "格", "市", "角", "成"};
    if (quantity.kind == QuantityKind::kNumber && quantity.value < 100)
      for (const std::string_view name : kNames)
        if (quantity.unit == name) return true;
    if (quantity.unit == "款" && quantity.value > 1900) return true;
    // 一个, 两家: articles rather than counts.
    return quantity.kind == QuantityKind::kNumber && quantity.value < 3 && is_han_text(written);
  }

  // 营收和利润…分别增长35%和41.3%: as many measures side by side as numbers, each has the number of its place.
  static std::optional<Measured> measured_in_place(const Scene& scene, std::size_t index) {
    const Sentence& sentence = scene.sentence;
    const auto& quantities = sentence.quantities_at();
    const Range whole = sentence.sentence_range(quantities[index].at.begin);
    std::size_t first = index;
    std::size_t last = index;
    while (first > 0 && listed(sentence, quantities[first - 1], quantities[first])) --first;
    while (last + 1 < quantities.size() && listed(sentence, quantities[last], quantities[last + 1])) ++last;
    const std::size_t count = last - first + 1;
    if (count < 2 || near(scene, {whole.begin, quantities[first].at.begin}, {Word::kEach}) == nullptr) return std::nullopt;
    std::vector<const WordHit*> row;
    for (const WordHit& hit : scene.words()) {
      if (measure_of(hit) == nullptr || hit.begin < whole.begin || hit.end > quantities[first].at.begin) continue;
      const std::string_view between = row.empty() ? std::string_view() : sentence.text({row.back()->end, std::max(hit.begin, row.back()->end)});
      if (!row.empty() && between != "和" && between != "、" && between != "及" && between != "与" && between != "以及" && between != " and " && between != ", ") row.clear();
      row.push_back(&hit);
    }
    if (row.size() != count || sentence.clause_at(row.back()->begin) + 1 < sentence.clause_at(quantities[first].at.begin)) return std::nullopt;
    const Range gap{row.back()->end, quantities[first].at.begin};
    if (std::any_of(quantities.begin(), quantities.end(), [&](const QuantityAt& other) { return gap.covers(other.at); })) return std::nullopt;
    const int way = direction(scene, gap);
    const bool change = way != 0 && !to_level(sentence, gap);
    const WordHit* own = row[index - first];
    if (!takes(*measure_of(*own), *quantities[index].quantity, change)) return std::nullopt;
    // All stand where the first does: whoever it is told of, all are told of.
    return Measured{range_of(*own), measure_of(*own), std::string(measure_of(*own)->name), true, change, change && way < 0, {}, false, row.front()->begin};
  }
  // Side by side in a list of numbers.
  static bool listed(const Sentence& sentence, const QuantityAt& left, const QuantityAt& right) {
    if (left.quantity->kind != right.quantity->kind) return false;
    static constexpr std::string_view kLinks[] = {"、", "和", "及", "以及", "与", "/", " / ", " and ", ", "};
    const std::string_view gap = sentence.text({left.at.end, std::max(left.at.end, right.at.begin)});
    return std::find(std::begin(kLinks), std::end(kLinks), gap) != std::end(kLinks);
  }

  static std::optional<Measured> measured(const Scene& scene, const QuantityAt& at, Range clause) {
    const Sentence& sentence = scene.sentence;
    const Quantity& quantity = *at.quantity;
    const bool latin_unit = quantity.unit.empty() && !unit_of(sentence, at).empty();
    Measured found;
    unsigned best = 99;
    int looked = 0;
    for (auto hit = scene.words().rbegin(); hit != scene.words().rend(); ++hit) {
      const Measure* measure = measure_of(*hit);
      if (measure == nullptr || hit->end > at.at.begin || hit->begin < clause.begin) continue;
      if (++looked > 3) break;
      if (taken_before(scene, *hit, clause)) continue;
      const Range gap{hit->end, at.at.begin};
      const int way = direction(scene, gap);
      const bool change = way != 0 && near(scene, gap, {Word::kTo}) == nullptr && !to_level(sentence, gap);
      if (!takes(*measure, quantity, change, latin_unit)) continue;
      const bool share = measure->name == "share_of";
      // "its price target on Micron to $180", "unemployment in Hong Kong fell to": whose it is stands between.
      const bool between = sentence.english() && object_between(sentence, gap) != nullptr;
      unsigned rest = leftover(scene, gap, between || share || quantity.kind == QuantityKind::kMultiple || near(scene, gap, {Word::kCompare, Word::kFrom}) != nullptr);
      unsigned held = 99;  // 比上一周期峰值高出10个百分点: what it is held against stands between
      if (const WordHit* than = near(scene, gap, {Word::kCompare}); than != nullptr && change)
        for (const WordHit& verb : scene.words())
          if (one_of(verb, {Word::kRise, Word::kFall}) && verb.begin >= than->end && verb.end <= gap.end && than->end - than->begin <= 3)
            held = leftover(scene, {gap.begin, than->begin}, false) + leftover(scene, {verb.end, gap.end}, false);
      const bool against = quantity.kind == QuantityKind::kMultiple && sentence.text({clause.begin, at.at.begin}).ends_with("的");  // 性能是…H20的6倍
      if (held < rest && !sentence.english()) rest = held;
      // 市值居前三位的是甲(231亿元)、乙(53亿元): the measure of every bracket.
      if (rest > 0 && !change && before_bracket(scene, at, clause)) {
        static constexpr std::string_view kRows[] = {"居前", "前三", "前五", "前十", "排名", "最高的", "最大的", "最多的", "分别为", "分别是", "依次为", "依次是"};
        if (holds_any(sentence.text(gap), kRows)) rest = 0;
      }
      // What stands between may be any adverb, where a verb of the figure's own stands right before the number.
      const unsigned slack = share || against ? 12U : sentence.english() ? 3U : verb_before(scene, at.at.begin) ? 4U : 1U;
      if (rest > slack || rest >= best) continue;
      best = rest;
      found = {range_of(*hit), measure, std::string(measure->name), true, change, change && way < 0, {}};
      if (rest == 0) break;
    }
    if (found.word && best == 0) return found;
    // "30%的市场份额", "141 GB of memory": the measure behind the number, unless it has a number of its own.
    for (const WordHit& hit : scene.words()) {
      const Measure* measure = measure_of(hit);
      if (measure == nullptr || measure->act || hit.begin < at.at.end || !clause.covers(range_of(hit))) continue;
      if (measure->name == "share_price" || (quantity.kind == QuantityKind::kNumber && quantity.unit.empty() && !latin_unit && !sentence.english())) break;
      // 工艺良率: the first word only narrows the second.
      if (std::any_of(scene.words().begin(), scene.words().end(), [&](const WordHit& other) { return other.begin == hit.end && measure_of(other) != nullptr; })) break;
      // So many of something are had: 拥有10亿用户.
      if (quantity.kind == QuantityKind::kNumber && !latin_unit && !sentence.english() && near(scene, {clause.begin, at.at.begin}, {Word::kHold, Word::kLink, Word::kRise, Word::kFall, Word::kTo}) == nullptr) break;
      const Range gap{at.at.end, hit.begin};
      const bool number_between = std::any_of(sentence.quantities_at().begin(), sentence.quantities_at().end(), [&](const QuantityAt& other) { return gap.covers(other.at); });
      const std::string_view gap_text = sentence.text(gap);
      if (number_between || gap_text.find('(') != std::string_view::npos || gap_text.find(':') != std::string_view::npos) break;
      const int way = direction(scene, {clause.begin, at.at.begin});
      const bool change = way != 0 && near_before(scene, at.at.begin);
      if (!takes(*measure, quantity, change, latin_unit) || leftover(scene, gap, true) > (latin_unit ? 9U : 5U) || near(scene, gap, {Word::kRise, Word::kFall, Word::kHold}) != nullptr) break;
      const auto next = std::find_if(sentence.quantities_at().begin(), sentence.quantities_at().end(), [&](const QuantityAt& other) { return other.at.begin >= hit.end; });
      if (next != sentence.quantities_at().end() && clause.covers(next->at) && takes(*measure, *next->quantity, false) && leftover(scene, {hit.end, next->at.begin}, false) == 0 &&
          near(scene, {hit.end, next->at.begin}, {Word::kLink}) != nullptr)
        break;
      return Measured{range_of(hit), measure, std::string(measure->name), false, change, change && way < 0, {}};
    }
    if (found.word) return found;
    return std::nullopt;
  }
  // 66亿元的补贴、50亿元的贷款: the first measure is the first number's, not what the second number is of.
  static bool taken_before(const Scene& scene, const WordHit& measure, Range clause) {
    const Sentence& sentence = scene.sentence;
    return std::any_of(sentence.quantities_at().begin(), sentence.quantities_at().end(), [&](const QuantityAt& earlier) {
      return clause.begin <= earlier.at.begin && earlier.at.end + 3 == measure.begin && sentence.text({earlier.at.end, measure.begin}) == "的" && earlier.quantity->kind != QuantityKind::kPercent;
    });
  }
  static const Name* object_between(const Sentence& sentence, Range gap) {
    for (const Name& name : sentence.names()) {
      if (!gap.covers(name.at)) continue;
      const std::string_view before = sentence.text({gap.begin, name.at.begin});
      for (const std::string_view joint : {"on ", "of ", "in ", "for ", "at "})
        if (before.ends_with(joint)) return &name;
    }
    return nullptr;
  }
  // "rose to", 增至: what follows is the level that was reached.
  static bool to_level(const Sentence& sentence, Range gap) {
    // 升至2025年8月的8万亿: the time is the number's.
    for (const TimeAt& time : sentence.times_at())
      if (gap.covers(time.at) && gap.end - time.at.end <= 6) gap.end = time.at.begin;
    std::string_view text = sentence.text(gap);
    while (text.ends_with(" ") || text.ends_with("约") || text.ends_with("近")) text.remove_suffix(text.ends_with(" ") ? 1 : 3);
    if (text.ends_with(" to t") || text.ends_with(" to nt")) return true;  // T$452 billion
    if (text.ends_with("至") || text.ends_with("到") || text.ends_with(" to") || text.ends_with("至约")) return true;
    return text.ends_with(" at") || text.ends_with(" to about") || text.ends_with(" to around");
  }
  // A verb that leads to the number (达, 超过, 跌) ends where it begins.
  static bool verb_before(const Scene& scene, std::uint32_t at) {
    return std::any_of(scene.words().begin(), scene.words().end(), [&](const WordHit& hit) { return hit.end == at && one_of(hit, {Word::kLink, Word::kRise, Word::kFall}); });
  }
  // A verb of change right before the number.
  static bool near_before(const Scene& scene, std::uint32_t at) {
    for (const WordHit& hit : scene.words())
      if (one_of(hit, {Word::kRise, Word::kFall}) && hit.end <= at && at - hit.end <= 10) return true;
    return false;
  }

  static bool compared(const Scene& scene, const Name& name, Range clause) {
    for (const WordHit& hit : scene.words())
      if (is(hit, Word::kCompare) && clause.covers(range_of(hit)) && hit.end <= name.at.begin && name.at.begin - hit.end <= 24) return true;
    return false;
  }
  // An aside with a figure of its own, (甲的2倍), names nobody whose figures follow.
  static bool in_aside(const Sentence& sentence, Range name, Range from) {
    const std::string_view all = sentence.text();
    const std::size_t open = all.rfind('(', name.begin);
    if (open == std::string_view::npos || all.find(')', open) < name.begin) return false;
    const std::size_t close = all.find(')', name.end);
    if (close == std::string_view::npos || close > from.begin || close - open > 90) return false;
    const Range aside{static_cast<std::uint32_t>(open), static_cast<std::uint32_t>(close)};
    return std::any_of(sentence.quantities_at().begin(), sentence.quantities_at().end(), [&](const QuantityAt& each) { return aside.covers(each.at); });
  }
  // AI of "Tiiny AI Pocket Lab": a word of a longer name in capitals.
  static bool part_of_latin_name(const Sentence& sentence, const Name& name) {
    const std::string_view all = sentence.text();
    const auto capital = [&](std::uint32_t at) {
      const ByteSpan place = sentence.original_span({at, at + 1});
      return place.begin < sentence.original().size() && sentence.original()[place.begin] >= 'A' && sentence.original()[place.begin] <= 'Z';
    };
    if (static_cast<unsigned char>(all[name.at.end - 1]) >= 0x80) return false;
    if (name.at.end + 2 < all.size() && all[name.at.end] == ' ' && capital(name.at.end + 1)) {
      const Range next{name.at.end + 1, name.at.end + 2};
      return std::none_of(sentence.names().begin(), sentence.names().end(), [&](const Name& other) { return other.at.touches(next); });
    }
    if (name.at.begin >= 3 && all[name.at.begin - 1] == ' ' && all[name.at.begin - 2] >= 'a' && all[name.at.begin - 2] <= 'z') {
      std::uint32_t begin = name.at.begin - 1;
      while (begin > 0 && all[begin - 1] >= 'a' && all[begin - 1] <= 'z') --begin;
      const Range previous{begin, name.at.begin - 1};
      return capital(begin) && previous.size() > 1 && std::none_of(sentence.names().begin(), sentence.names().end(), [&](const Name& other) { return other.at.touches(previous); });
    }
    return false;
  }
  // Its name is part of another's (AI in AI公司), or of what is measured (内存 of 内存带宽), or it is what is counted (192GB HBM3e).
  static bool is_part(const Scene& scene, const Name& name) {
    static constexpr std::string_view kAfter[] = {"公司", "客户", "厂商", "市场份额", "推理", "场景", "时代", "需求"};
    for (const QuantityAt& counted : scene.sentence.quantities_at())
      if (counted.at.end == name.at.begin || (counted.at.end + 1 == name.at.begin && scene.sentence.text()[counted.at.end] == ' ')) return true;
    if (name.kind != EntityKind::kProductClass && name.kind != EntityKind::kOther) return false;
    // 单芯片算力: for each of what is spoken of.
    for (const std::string_view each : {"单", "每颗", "每块", "每张", "每台", "每片", "该", "本"})
      if (scene.sentence.text().substr(0, name.at.begin).ends_with(each)) return true;
    if (part_of_latin_name(scene.sentence, name)) return true;
    for (const WordHit& hit : scene.words())
      if (measure_of(hit) != nullptr && range_of(hit).touches(name.at) && range_of(hit) != name.at) return true;
    const std::string_view after = scene.sentence.text().substr(name.at.end);
    return std::any_of(std::begin(kAfter), std::end(kAfter), [&](std::string_view word) { return after.starts_with(word); });
  }
  // 某某统计数据显示, 某某《…报告》: who counted.
  static bool counts(const Scene& scene, const Name& name) {
    std::string_view after = scene.sentence.text().substr(name.at.end);
    if (after.starts_with(" ")) after.remove_prefix(1);
    static constexpr std::string_view kCounts[] = {"公布数据", "发布数据", "公布的数据", "发布的数据", "披露的数据", "公布的", "统计", "数据", "报告", "研报", "调查", "调研", "的数据", "的统计", "的报告", "最新报告", "最新数据", "最新研报", "《", ":《", "发布的", "监测", "测算", "data ", "survey", "report "};
    return std::any_of(std::begin(kCounts), std::end(kCounts), [&](std::string_view word) { return after.starts_with(word); });
  }
  // Names that are made responsible for the words: 摩根士丹利预计….
  static bool speaks(const Scene& scene, const Name& name) {
    for (const WordHit& hit : scene.sentence.words(Layer::kSource))
      if ((is(hit, SourceCue::kExpects) || is(hit, SourceCue::kSays) || is(hit, SourceCue::kRates) || is(hit, SourceCue::kReports)) && hit.begin >= name.at.end && hit.begin - name.at.end <= 45 &&
          scene.sentence.clause_at(hit.begin) == scene.sentence.clause_at(name.at.begin))
        return true;
    if (counts(scene, name)) return true;
    const std::string_view before = scene.sentence.text().substr(0, name.at.begin);
    return before.ends_with("据") || before.ends_with("根据") || before.ends_with("according to ");
  }

  // "甲(231.54亿元)": whose number stands in brackets stands before them.
  static std::optional<std::pair<EntityRef, Range>> before_bracket(const Scene& scene, const QuantityAt& at, Range clause) {
    const Sentence& sentence = scene.sentence;
    const std::string_view all = sentence.text();
    std::uint32_t open = at.at.begin;
    while (open > clause.begin && at.at.begin - open <= 12 && all[open - 1] != '(') --open;
    if (open <= clause.begin || all[open - 1] != '(') return std::nullopt;
    --open;
    for (const Name& name : sentence.names())
      if (name.at.end == open && stands_for_itself(name.kind) && name.kind != EntityKind::kProductClass) return std::pair{name.ref, name.at};
    std::uint32_t begin = clause.begin;
    for (std::uint32_t i = clause.begin; i < open;) {
      const CodePoint c = decode_utf8(all, i);
      if (c.value == U'、' || c.value == U'是' || c.value == U'为' || c.value == U'和' || c.value == ')' || c.value == U'的' || c.value == U'括') begin = i + c.length;
      i += c.length;
    }
    const std::size_t length = count_code_points(all.substr(begin, open - begin));
    if (length < 2 || length > 12) return std::nullopt;
    const Range phrase = trimmed(sentence, {begin, open});
    if (!is_noun_phrase(sentence, phrase) || is_scope(sentence.text(phrase))) return std::nullopt;
    // 920C的算力(约800 TFLOPS): what stands before the bracket is what is measured. 搭载120度电池(…): a part, not its bearer.
    for (const WordHit& hit : scene.words())
      if (range_of(hit).touches(phrase) && (is(hit, Word::kHold) || is(hit, Word::kFrom) || is(hit, Word::kRise) || is(hit, Word::kFall) || (measure_of(hit) != nullptr && hit.end + 3 > phrase.end))) return std::nullopt;
    for (const QuantityAt& other : sentence.quantities_at())
      if (other.at.touches(phrase)) return std::nullopt;
    return std::pair{EntityRef{std::string(sentence.text(phrase)), sentence.original_text(phrase), false}, phrase};
  }


  // The noun phrase that ends at `end`: back to the last word that plays another part, modifiers at both ends left out. `scope` gets
  // what was cut from its end because it belongs to the measure.
  static Range phrase_before(const Scene& scene, Range clause, std::uint32_t end) {
    const Sentence& sentence = scene.sentence;
    std::uint32_t begin = clause.begin;
    const auto past = [&](Range range) {
      if (range.begin >= clause.begin && range.end <= end) begin = std::max(begin, range.end);
    };
    // 近三年 of 近三年复合增长率 ends inside the measure's word.
    for (const TimeAt& time : sentence.times_at())
      if (time.at.begin >= clause.begin && time.at.begin < end) begin = std::max(begin, std::min(time.at.end, end));
    for (const QuantityAt& quantity : sentence.quantities_at())
      if (!idle(*quantity.quantity, sentence.text(quantity.at))) {
        // 三家基金: the counter goes with the number.
        Range counted = quantity.at;
        if (quantity.quantity->kind == QuantityKind::kNumber && sentence.text().substr(counted.end).starts_with(quantity.quantity->unit)) counted.end += static_cast<std::uint32_t>(quantity.quantity->unit.size());
        past(counted);
      }
    for (const WordHit& hit : sentence.words(Layer::kStance)) past(range_of(hit));
    for (const WordHit& hit : sentence.words(Layer::kSource))
      if (!is(hit, SourceCue::kCrowd) && !is(hit, SourceCue::kDocument) && !is(hit, SourceCue::kAnonymous)) past(range_of(hit));
    for (const WordHit& hit : scene.words())
      if (one_of(hit, {Word::kHold, Word::kFrom, Word::kCompare, Word::kRise, Word::kFall}) && !(hit.end - hit.begin == 3 && sentence.text().substr(hit.end).starts_with("端"))) past(range_of(hit));
    return trimmed(sentence, {std::min(begin, end), end});
  }
  // The phrase that stands before a run of times, adverbs and 预计: 甲 of "甲预计2025年净利润".
  static Range phrase_behind(const Scene& scene, Range clause, Range inner) {
    const Sentence& sentence = scene.sentence;
    std::uint32_t end = inner.begin;
    for (bool moved = true; moved;) {
      moved = false;
      const auto back = [&](Range range) {
        if (range.begin >= clause.begin && range.end == end && range.begin < end) end = range.begin, moved = true;
      };
      for (const std::string_view joint : {" ", "在", "的", "于", "将", "，", "则", "其", "也", "对"})
        if (end >= clause.begin + joint.size() && sentence.text({clause.begin, end}).ends_with(joint)) end -= static_cast<std::uint32_t>(joint.size()), moved = true;
      for (const TimeAt& time : sentence.times_at()) back(time.at);
      for (const WordHit& hit : sentence.words(Layer::kStance)) back(range_of(hit));
      for (const WordHit& hit : sentence.words(Layer::kSource))
        if (is(hit, SourceCue::kExpects)) back(range_of(hit));
    }
    if (end >= inner.begin || end <= clause.begin) return {};
    return phrase_before(scene, clause, end);
  }

  static Range trimmed(const Sentence& sentence, Range phrase) {
    static constexpr std::string_view kHeads[] = {" ", "(", "尽管", "即使", "即便", "每个", "一个", "该", "单个", "每", "另有", "另外", "对应", "意味着", ")", "-", "*", "“", "”", "的", "其中", "此外", "同时", "另外", "而", "但", "且", "和", "及", "与", "并", "在", "于", "对", "以", "将", "把", "当前", "全部", "是", "为", "了", "各", "若", "按", "使", "令", "有", "由于", "因为", "虽然", "如果", "即", "约", "：", ":", "、", "the ", "its ", "a ", "an ", "and ", "but ", "while ", "with ", "that ", "of "};
    static constexpr std::string_view kTails[] = {" ", "(", "的", "之", "同比", "环比", "按年", "按月", "按季", "年度", "全期", "整体", "人均居住", "在", "总", "累计", "平均", "年均", "日均", "月均", "单季", "全年", "上半年", "下半年", "最高", "最低", "峰值", "合计", "合共", "整体", "年", "月", "综合", "实际", "名义", "人均", "每股", "预计", "目前", "本季度", "实现", "录得", "取得", "达成", "实现了", "累计实现", "合计实现", "则", "有", "为", "’s", "'s", "’", "'", "average ", "total ", "annual ", "quarterly "};
    for (bool moved = true; moved && !phrase.empty();) {
      moved = false;
      for (const std::string_view head : kHeads)
        if (sentence.text(phrase).starts_with(head)) phrase.begin += static_cast<std::uint32_t>(head.size()), moved = true;
      for (const std::string_view tail : kTails)
        if (sentence.text(phrase).ends_with(tail)) phrase.end -= static_cast<std::uint32_t>(tail.size()), moved = true;
    }
    return phrase;
  }

  // A phrase that can stand for somebody or something: nouns only, as far as single characters tell.
  static bool is_noun_phrase(const Sentence& sentence, Range phrase) {
    const std::string_view text = sentence.text(phrase);
    if (phrase.empty()) return false;
    const std::size_t length = count_code_points(text);
    if (sentence.english()) return false;
    if (length < 2 || length > 14) return false;
    if ((text.find(')') != std::string_view::npos) != (text.find('(') != std::string_view::npos) || text[0] == '/') return false;
    static constexpr std::u32string_view kGrammar = U"几亦我你他她它们這这那此其該该誰谁哪每各都也就才又還还更最很太并並而但或若如因由被把將将令使讓让要不沒没未了着過过去說说話话是到與給给嗎吗呢吧啊得须須曾已正仍只仅僅共约約等则則且虽雖所者咁嘅佢哋冇係喺唔睇嚟啲咗?!？！。；;“”「」『』\"";
    for (std::size_t i = 0; i < text.size();) {
      const CodePoint c = decode_utf8(text, i);
      if (kGrammar.find(c.value) != std::u32string_view::npos) return false;
      i += c.length;
    }
    static constexpr std::string_view kVerbs[] = {"登陆", "挂牌", "停止", "暂停", "中止", "拒绝", "允许", "禁止", "批准", "宣布", "以来", "首发", "新品", "两款", "购入", "封顶", "门槛", "亦较", "同期", "同时", "连续", "收盘", "开盘", "申报", "剔除", "扣除", "招股书", "公告", "财报", "年报", "经调整", "占", "每股", "股股", "最低配置", "配置要求", "建设和", "突破", "派发", "以下", "以上", "期内", "有关", "认为", "可以", "可能", "能够", "应该", "必须", "进行", "开始", "继续", "成为", "需要", "表示", "希望", "参与", "发起", "造成", "导致", "加上", "除了", "连同", "包括", "覆盖", "相关", "上述", "一般", "首先", "其次", "例如", "譬如", "当中", "方面", "期间", "之间", "以及", "另一", "今次", "是次", "当时", "当年", "现时", "有些", "部分", "大部", "不少", "多数", "数据显示", "数据显示", "报告显示", "牵涉", "涉及", "获得", "收取", "支付", "面对", "承担", "负责", "占用", "征收", "增设", "设立", "兴建", "冻结", "扣押", "缴获", "查获", "检获", "下面", "一起", "属于", "动用", "提出", "要求", "批出", "获批", "考虑", "投入", "用作", "作为", "平均", "最高", "最低", "合共", "总共", "官方", "标准", "报告期", "实现", "确保", "保证", "提供", "带来", "带动", "推动", "拉动", "节省", "产生", "形成", "打破", "追求", "满足", "申请", "同学", "经理", "先生", "女士", "小姐", "教授", "主席", "议员", "认", "潜力", "记者", "潜在", "拨款", "点此", "领券", "立减", "到手", "首销", "起售", "国补", "现汇率", "汇率", "附", "售", "优惠", "叠加", "预售", "可选", "版本", "规格", "配色"};
    if (holds_any(text, kVerbs)) return false;
    // All letters and digits: a name in Latin letters is somebody's only where the sentence finder saw one.
    return std::any_of(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; });
  }

  // In English: a run of capitalised words that ends at "'s" or stands right before the measure.
  static std::optional<Subject> latin_subject(const Sentence& sentence, Range clause, std::uint32_t end) {
    const std::string_view lead = sentence.text({clause.begin, end});
    std::size_t stop = lead.rfind("'s");
    if (stop == std::string_view::npos) stop = lead.rfind("’s");
    if (stop == std::string_view::npos || stop < 3) return std::nullopt;
    const std::uint32_t to = clause.begin + static_cast<std::uint32_t>(stop);
    std::uint32_t from = to;
    const std::string_view original = sentence.original();
    while (from > clause.begin) {
      std::uint32_t word = from;
      while (word > clause.begin && sentence.text()[word - 1] != ' ') --word;
      const ByteSpan place = sentence.original_span({word, word + 1});
      if (place.begin >= original.size() || original[place.begin] < 'A' || original[place.begin] > 'Z') break;
      from = word;
      if (from > clause.begin && sentence.text()[from - 1] == ' ') {
        const std::uint32_t before = from - 1;
        std::uint32_t previous = before;
        while (previous > clause.begin && sentence.text()[previous - 1] != ' ') --previous;
        const ByteSpan head = sentence.original_span({previous, previous + 1});
        if (head.begin >= original.size() || original[head.begin] < 'A' || original[head.begin] > 'Z') break;
        from = before;
        continue;
      }
      break;
    }
    while (from < to && sentence.text()[from] == ' ') ++from;
    if (to - from < 3) return std::nullopt;
    static constexpr std::string_view kCommon[] = {"today", "yesterday", "this", "that", "it", "he", "she", "there", "last", "next"};
    const Range at{from, to};
    if (std::any_of(std::begin(kCommon), std::end(kCommon), [&](std::string_view word) { return sentence.text(at) == word; })) return std::nullopt;
    return Subject{{std::string(sentence.text(at)), sentence.original_text(at), false}, at, EntityKind::kCompany};
  }

  // Phrases that name nobody by themselves: what is measured is of whoever the text speaks of.
  static bool is_scope(std::string_view phrase) {
    static constexpr std::string_view kTails[] = {"游戏", "定位", "尺寸", "方面", "参数", "配置", "成交", "交货", "交易", "众筹", "出口", "下", "精度", "理论", "单芯片", "单卡", "单机", "单颗", "场景", "采购", "业务", "部门", "板块", "分部", "服务", "广告", "订阅", "海外", "国内", "境外", "境内", "线上", "线下", "直销", "主营", "股东", "利息", "总", "累计", "合计", "单季", "口径", "经调整", "调整后", "第三方", "自营", "渠道", "国际", "云", "会员"};
    static constexpr std::string_view kWhole[] = {"新能源", "全系列", "年封顶", "总购入", "无门槛", "海外市场", "国内市场", "境外市场", "欧洲市场", "终端市场", "项目建设", "招股书", "屏幕", "电池", "内屏", "外屏", "主摄", "电机", "电芯", "增程器", "发动机", "前置", "后置", "芯片", "处理器", "传感器", "主板", "镜头", "总工业", "新车", "新机", "新款", "新品", "车型", "机身", "整机", "产品", "设计", "执行", "加开", "岗位", "回购股份", "全年", "当前", "市场", "行业", "官方", "企业", "品牌", "系列", "版本", "项目", "集群", "系统", "单车", "单台", "单位", "平均", "目标", "理论", "最新", "公司", "集团", "旗下", "相关", "整体", "全球", "国际", "原价", "现价", "定价", "套餐", "门票", "物业", "股份", "规模", "本次", "此次", "今次", "报告", "资金", "贷款", "一季度", "机构", "个人", "金融机构", "用户", "客户", "收益"};
    if (phrase.starts_with("占") || phrase.starts_with("归属") || phrase.starts_with("归母") || phrase.starts_with("扣非") || phrase.starts_with("向") || phrase.starts_with("对") || phrase.starts_with("能") || phrase.starts_with("可") || phrase.starts_with("会") || phrase.starts_with("想") || phrase.starts_with("为")) return true;
    if (std::any_of(std::begin(kWhole), std::end(kWhole), [&](std::string_view whole) { return phrase == whole; })) return true;
    return std::any_of(std::begin(kTails), std::end(kTails), [&](std::string_view tail) { return phrase.ends_with(tail); });
  }
  // After a verb of having, or after 在 and 对, a name is no subject.
  static bool is_object(const Scene& scene, const Name& name, Range clause) {
    for (const WordHit& hit : scene.words())
      if (is(hit, Word::kHold) && clause.begin <= hit.begin && hit.end <= name.at.begin) return true;
    static constexpr std::string_view kBefore[] = {"由", "获", "被", "在", "于", "对", "向", "从", "自", "给", "至", "到", "为", "in ", "to ", "from ", "for ", "at ", "by ", "into "};
    const std::string_view before = scene.sentence.text().substr(0, name.at.begin);
    return std::any_of(std::begin(kBefore), std::end(kBefore), [&](std::string_view word) { return before.ends_with(word); });
  }
  static bool is_house(const Name& name) {
    return name.entity != nullptr && (name.entity->tagged("bank") || name.entity->tagged("broker") || name.entity->tagged("rating") || name.entity->tagged("research"));
  }
  // Who announces at the head of a clause, by a name that the lexicon lacks: 某某航空公告.
  static std::optional<Subject> teller_of(const Scene& scene, Range whole, const QuantityAt& at) {
    const Sentence& sentence = scene.sentence;
    static constexpr std::string_view kTells[] = {"公告", "发布", "披露", "公布", "晚间", "发公告", "财报", "年报", "表示", "预告", "预计"};
    for (const Clause& clause : sentence.clauses()) {
      if (!whole.covers(clause.at) || clause.at.begin >= at.at.begin) continue;
      std::size_t first = std::string_view::npos;
      for (const std::string_view tell : kTells) first = std::min(first, sentence.text(clause.at).find(tell));
      if (first == std::string_view::npos || first == 0) continue;
      const Range name = phrase_before(scene, clause.at, clause.at.begin + static_cast<std::uint32_t>(first));
      if (!is_noun_phrase(sentence, name) || count_code_points(sentence.text(name)) > 8 || is_scope(sentence.text(name))) continue;
      const bool known = std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& each) { return each.at.touches(name) && !is_company(each.kind); });
      if (!known) return Subject{{std::string(sentence.text(name)), sentence.original_text(name), false}, name, EntityKind::kCompany};
    }
    return std::nullopt;
  }
  // The firm named last before `at` in its sentence, houses that rate others aside.
  static const Name* firm_before(const Scene& scene, Range at) {
    const Sentence& sentence = scene.sentence;
    const Range whole = sentence.sentence_range(at.begin);
    const Name* firm = nullptr;
    for (const Name& name : sentence.names())
      if (is_company(name.kind) && !is_house(name) && !counts(scene, name) && whole.begin <= name.at.begin && name.at.end <= at.begin && !compared(scene, name, sentence.clause_range(name.at.begin)) && !is_part(scene, name)) firm = &name;
    return firm;
  }
  // Chips and memory: things whose data sheets the lexicon knows well enough to go on about them without naming them.
  static bool has_data_sheet(const Name& name) { return name.entity != nullptr && (name.entity->tagged("chip") || name.entity->tagged("accelerator") || name.entity->tagged("memory")); }
  // Another thing is spoken of, by words that are no name: 这款笔记本, 该机, 新车.
  static bool speaks_of_another(const Sentence& sentence, Range before) {
    static constexpr std::string_view kThings[] = {"这款", "该机", "该车", "新机", "新车", "本机", "整机", "这台", "此款", "两款", "新款", "该款", "该手机", "该笔记本", "该平板", "该电视", "该显示器", "该系列", "该主板", "手机", "笔记本", "平板", "掌机", "车型", "版本", "机型"};
    return holds_any(sentence.text(before), kThings);
  }
  // Whether a phrase without an entry of its own may have figures: data sheets only of what holds a known name, books only of who opens
  // the clause, others where the phrase is long enough to say what it is.
  static bool may_bear(const Scene& scene, Range clause, Range phrase, Bearer bearer) {
    const Sentence& sentence = scene.sentence;
    const bool holds_name = std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& name) { return phrase.covers(name.at) && name.entity != nullptr; });
    if (bearer == Bearer::kThing) return holds_name;
    const bool opens = leftover(scene, {clause.begin, phrase.begin}, false) == 0;
    const std::size_t length = count_code_points(sentence.text(phrase));
    // 出口量占…: what is measured bears nothing.
    for (const WordHit& hit : scene.words())
      if (measure_of(hit) != nullptr && hit.begin <= phrase.begin && phrase.end <= hit.end) return false;
    return opens && (holds_name || length >= (bearer == Bearer::kFirm ? 3U : 4U));
  }
  static bool fits(Bearer bearer, EntityKind kind) {
    switch (bearer) {
      case Bearer::kFirm: return is_company(kind) || kind == EntityKind::kIndex || kind == EntityKind::kOrganization || kind == EntityKind::kExchange || kind == EntityKind::kAgency;
      case Bearer::kThing: return is_product(kind) || kind == EntityKind::kOther;
      case Bearer::kPlace: return kind == EntityKind::kCountry || kind == EntityKind::kRegion || kind == EntityKind::kAgency || kind == EntityKind::kOrganization || kind == EntityKind::kOther;
      case Bearer::kNoFirm: return !is_company(kind) && kind != EntityKind::kExchange && kind != EntityKind::kIndex;
      case Bearer::kAny: return true;
    }
    return true;
  }

  // 该芯片: the product named last before it in the sentence, in the statements before, in the article.
  static std::optional<Subject> this_product(const Scene& scene, const WordHit& frame) {
    const Name* meant = nullptr;
    for (const Name& name : scene.sentence.names())
      if (is_product(name.kind) && name.kind != EntityKind::kProductClass && name.at.end <= frame.begin) meant = &name;
    if (meant == nullptr && scene.told != nullptr && scene.told->product) meant = &*scene.told->product;
    if (meant == nullptr && scene.article.product && scene.article.product_clear && has_data_sheet(*scene.article.product)) meant = &*scene.article.product;
    if (meant == nullptr || (meant->entity != nullptr && meant->entity->tagged("process"))) return std::nullopt;
    return Subject{meant->ref, range_of(frame), EntityKind::kProduct};
  }

  // 甲和乙的价格将上涨48%和55%; 前三的是甲、乙、丙，金额分别是A、B、C: as many bearers as numbers, each has the number of its place.
  static std::optional<Subject> paired(const Scene& scene, std::size_t index, Range clause, const Measured& what) {
    const Sentence& sentence = scene.sentence;
    const auto& quantities = sentence.quantities_at();
    const auto follows = [&](std::size_t left) { return left + 1 < quantities.size() && listed(sentence, quantities[left], quantities[left + 1]); };
    std::size_t first = index;
    std::size_t last = index;
    while (first > 0 && follows(first - 1)) --first;
    while (follows(last)) ++last;
    const std::size_t count = last - first + 1;
    if (count < 2 || count > 12) return std::nullopt;
    const Bearer bearer = what.measure != nullptr ? what.measure->bearer : Bearer::kAny;
    const std::size_t own = sentence.clause_at(quantities[first].at.begin);
    for (std::size_t back = 0; back < 2 && back <= own; ++back) {
      const Range in{sentence.clauses()[own - back].at.begin, back == 0 ? quantities[first].at.begin : sentence.clauses()[own - back].at.end};
      if (back == 1 && near(scene, clause, {Word::kEach}) == nullptr && sentence.text(clause).find("分别") == std::string_view::npos) break;
      if (sentence.clauses()[own - back].sentence != sentence.clauses()[own].sentence) break;
      // Known names that stand side by side.
      std::vector<const Name*> run;
      for (const Name& name : sentence.names()) {
        if (!in.covers(name.at) || !stands_for_itself(name.kind)) continue;
        if (!run.empty() && !sentence.joined(run.back()->at, name.at)) {
          if (run.size() == count) break;
          run.clear();
        }
        run.push_back(&name);
      }
      if (run.size() == count && count >= 2) {
        const Name* name = run[index - first];
        return Subject{name->ref, name->at, name->kind};
      }
      // Names that the lexicon lacks, in a list that 是 or 为 opens.
      if (back == 0) continue;
      std::uint32_t begin = in.begin;
      for (const std::string_view opener : {"分别是", "分别为", "依次为", "包括", "是", "为"})
        if (const std::size_t place = sentence.text(in).rfind(opener); place != std::string_view::npos) {
          begin = in.begin + static_cast<std::uint32_t>(place + opener.size());
          break;
        }
      std::vector<Range> pieces;
      std::uint32_t piece = begin;
      for (std::uint32_t i = begin; i < in.end;) {
        const CodePoint c = decode_utf8(sentence.text(), i);
        if (c.value == U'、' || c.value == U'和' || c.value == U'及' || c.value == U'与') {
          pieces.push_back({piece, i});
          piece = i + c.length;
        }
        i += c.length;
      }
      pieces.push_back({piece, in.end});
      if (pieces.size() != count) continue;
      const bool nouns = std::all_of(pieces.begin(), pieces.end(), [&](Range each) { return is_noun_phrase(sentence, each) && count_code_points(sentence.text(each)) <= 10; });
      if (!nouns || bearer == Bearer::kThing) continue;
      const Range at = pieces[index - first];
      return Subject{{std::string(sentence.text(at)), sentence.original_text(at), false}, at, EntityKind::kOther};
    }
    return std::nullopt;
  }

  // Whose figure it is; README.md, "Whose figure".
  static std::optional<Subject> subject_of(const Scene& scene, const QuantityAt& at, Range clause, const Measured& what, const Memory& memory) {
    const Sentence& sentence = scene.sentence;
    const Bearer bearer = what.measure != nullptr ? what.measure->bearer : what.word || !what.counted.empty() ? Bearer::kAny : Bearer::kThing;
    const bool act = what.measure != nullptr && what.measure->act;
    if (what.measure != nullptr && !what.measure->entity.empty()) {
      const EntityRef own{std::string(what.measure->entity), sentence.original_text(*what.word), scene.article.lexicon->find(what.measure->entity) != nullptr};
      return Subject{own, *what.word, EntityKind::kOther};
    }
    if (const auto bracketed = before_bracket(scene, at, clause)) return Subject{bracketed->first, bracketed->second, EntityKind::kOther};
    const bool noun_first = what.word.has_value() && what.before;
    std::uint32_t limit = noun_first ? what.row.value_or(what.word->begin) : clause.begin;
    if (!noun_first)
      for (const WordHit& hit : scene.words())
        if (hit.begin > clause.begin + 3 && hit.end <= at.at.begin && one_of(hit, {Word::kHold, Word::kRise, Word::kFall, Word::kLink, Word::kFrom})) {
          limit = hit.begin;
          break;
        }
    Range phrase = phrase_before(scene, clause, limit);
    // 韩国产汽车在欧洲的市场份额: where is no part of whose.
    if (const std::size_t place = sentence.text(phrase).find("在"); !phrase.empty() && place != std::string_view::npos && place > 0 && !sentence.english()) phrase.end = phrase.begin + static_cast<std::uint32_t>(place);
    bool clean = is_noun_phrase(sentence, phrase);
    const std::string_view inner_lead = sentence.text({clause.begin, phrase.begin});
    const bool adverbial = inner_lead.ends_with("在") || inner_lead.ends_with("对") || (inner_lead.ends_with("于") && !inner_lead.ends_with("由于")) || inner_lead.ends_with("向");
    bool scope = adverbial || (clean && is_scope(sentence.text(phrase)));
    if (phrase.empty() || scope)
      if (const Range outer = phrase_behind(scene, clause, phrase.empty() ? Range{limit, limit} : phrase); is_noun_phrase(sentence, outer) && !is_scope(sentence.text(outer))) {
        phrase = outer;
        clean = true;
        scope = false;
      }
    // 「某某」2025年前三季度市场份额…: a name in quotation marks.
    if (noun_first && !clean) {
      std::uint32_t end = limit;
      for (bool moved = true; moved;) {
        moved = false;
        for (const TimeAt& time : sentence.times_at())
          if (time.at.end == end && time.at.begin >= clause.begin) end = time.at.begin, moved = true;
        if (end > clause.begin && sentence.text()[end - 1] == ' ') --end, moved = true;
        if (end >= clause.begin + 3 && sentence.text({clause.begin, end}).ends_with("的")) end -= 3, moved = true;
      }
      for (const auto& [open, close] : {std::pair<std::string_view, std::string_view>{"「", "」"}, {"“", "”"}, {"『", "』"}, {"《", "》"}}) {
        const std::string_view lead = sentence.text({clause.begin, end});
        if (!lead.ends_with(close)) continue;
        const std::size_t place = lead.rfind(open);
        if (place == std::string_view::npos) continue;
        const Range quoted{clause.begin + static_cast<std::uint32_t>(place + open.size()), end - static_cast<std::uint32_t>(close.size())};
        if (const std::size_t length = count_code_points(sentence.text(quoted)); length < 2 || length > 14) continue;
        for (const Name& name : sentence.names())
          if (name.at == quoted) return Subject{name.ref, name.at, name.kind};
        return Subject{{std::string(sentence.text(quoted)), sentence.original_text(quoted), false}, quoted, bearer == Bearer::kFirm ? EntityKind::kCompany : EntityKind::kOther};
      }
    }
    const bool its = sentence.first(Layer::kFrame, FrameCue::kIts, {clause.begin, std::min(clause.end, clause.begin + 9)}) != nullptr;

    // 公司将甲引入…，其功耗…: the thing that was spoken of, also as an object.
    if (its && bearer == Bearer::kThing && sentence.clause_at(clause.begin) > 0) {
      const Clause& earlier = sentence.clauses()[sentence.clause_at(clause.begin) - 1];
      const Name* thing = nullptr;
      if (earlier.sentence == sentence.clauses()[sentence.clause_at(clause.begin)].sentence)
        for (const Name& name : sentence.names())
          if (earlier.at.covers(name.at) && is_product(name.kind) && !compared(scene, name, earlier.at) && !is_part(scene, name) && (thing == nullptr || name.kind != EntityKind::kProductClass || thing->kind == EntityKind::kProductClass)) thing = &name;
      if (thing != nullptr) return Subject{thing->ref, thing->at, thing->kind};
    }
    // 从甲到乙，带宽翻倍: the later one's.
    if (bearer == Bearer::kThing && phrase.empty() && sentence.clause_at(clause.begin) > 0) {
      const Range earlier = sentence.clauses()[sentence.clause_at(clause.begin) - 1].at;
      if (sentence.text(earlier).starts_with("从"))
        for (const Name& name : sentence.names())
          if (earlier.covers(name.at) && is_product(name.kind) && (name.at.end == earlier.end) && sentence.text().substr(0, name.at.begin).ends_with("到")) return Subject{name.ref, name.at, name.kind};
    }
    // 公司在甲产品上…: said of it.
    if (bearer == Bearer::kThing)
      for (const Name& name : sentence.names())
        if (clause.begin <= name.at.begin && name.at.end < at.at.begin && is_product(name.kind) && sentence.text().substr(0, name.at.begin).ends_with("在")) {
          const std::string_view behind = sentence.text().substr(name.at.end);
          if (behind.starts_with("产品上") || behind.starts_with("上") || behind.starts_with("产品方面") || behind.starts_with("方面")) return Subject{name.ref, name.at, name.kind};
        }
    // 甲指引其乙价格…: of whom the word leads back to.
    if (const WordHit* back = sentence.last(Layer::kFrame, FrameCue::kIts, {clause.begin, noun_first ? what.word->begin : at.at.begin}); back != nullptr && bearer == Bearer::kAny && back->begin > clause.begin && !sentence.english())
      for (const Name& name : sentence.names())
        if (clause.begin == name.at.begin && is_company(name.kind) && name.at.end < back->begin && sentence.text({name.at.end, back->begin}).size() <= 12) return Subject{name.ref, name.at, name.kind};
    // 从A(旧款的)提升至B, 相比旧款: the lower number is of what it is held against.
    if (bearer == Bearer::kThing && noun_first && sentence.text({what.word->end, at.at.begin}).find("从") != std::string_view::npos && !to_level(sentence, {what.word->end, at.at.begin}))
      for (const Name& name : sentence.names())
        if (clause.begin <= name.at.begin && name.at.end <= what.word->begin && fits(bearer, name.kind) && compared(scene, name, clause)) return Subject{name.ref, name.at, name.kind};

    if (noun_first && sentence.english())
      if (const Name* name = object_between(sentence, {what.word->end, at.at.begin})) return Subject{name->ref, name->at, name->kind};
    // 公司近期…采购总价值: whoever is meant has what follows.
    if (const WordHit* frame = sentence.first(Layer::kFrame, FrameCue::kCompany, {clause.begin, std::min(clause.end, clause.begin + 15)}); frame != nullptr && frame->begin <= clause.begin + 1 && bearer != Bearer::kThing && scene.article.company && frame->end < at.at.begin)
      if (scene.article.company_clear || firm_before(scene, at.at) == nullptr) return Subject{scene.article.company->ref, range_of(*frame), EntityKind::kCompany};
    // 该CPU: the class in it is no name of its own.
    if (const WordHit* frame = sentence.first(Layer::kFrame, FrameCue::kThisProduct, {clause.begin, noun_first ? limit : at.at.begin}); frame != nullptr && frame->begin <= clause.begin + 3 && bearer != Bearer::kFirm && bearer != Bearer::kPlace)
      if (auto meant = this_product(scene, *frame)) return meant;
    // 甲：3月乙收入…: a heading of its own, whose figures follow.
    if (bearer == Bearer::kFirm && sentence.clause_at(clause.begin) > 0) {
      const Range head = sentence.clauses()[sentence.clause_at(clause.begin) - 1].at;
      const std::string_view mark = sentence.text({head.end, clause.begin});
      if (mark.starts_with(":") || mark.starts_with("："))
        for (const Name& name : sentence.names())
          if (is_company(name.kind) && name.at.end == head.end && count_code_points(sentence.text({head.begin, name.at.begin})) <= 8 &&
              std::none_of(sentence.names().begin(), sentence.names().end(), [&](const Name& other) { return is_company(other.kind) && clause.begin <= other.at.begin && other.at.end <= at.at.begin; }))
            return Subject{name.ref, name.at, name.kind};
    }
    const Name* pick = nullptr;
    for (const Name& name : sentence.names()) {
      if (name.at.begin < clause.begin || name.at.end > (noun_first ? limit : at.at.begin)) continue;
      if (in_aside(sentence, name.at, at.at)) continue;
      if (name.kind == EntityKind::kCurrency || name.kind == EntityKind::kOutlet || name.kind == EntityKind::kPerson) continue;
      // 奇瑞欧洲销量, 甲登陆科创板首日收盘价: the firm's, in that place.
      if (pick != nullptr && is_company(pick->kind) && (name.kind == EntityKind::kCountry || name.kind == EntityKind::kRegion || name.kind == EntityKind::kExchange)) continue;
      const bool inside = phrase.covers(name.at);
      if (!inside && (!stands_for_itself(name.kind) || speaks(scene, name))) continue;
      if (is_part(scene, name) || compared(scene, name, clause)) continue;
      if (name.kind == EntityKind::kProductClass && !inside && name.at.begin > clause.begin + 9) continue;
      // 一张4090显卡利润仅200元: what a product earns.
      const bool earns = bearer == Bearer::kFirm && noun_first && inside && is_product(name.kind) && name.kind != EntityKind::kProductClass && what.word->begin - name.at.end <= 6;
      if (!fits(bearer, name.kind) && !earns && !(bearer == Bearer::kThing && is_company(name.kind) && noun_first && what.word->begin - name.at.end <= 6)) continue;
      if ((!stands_for_itself(name.kind) || bearer == Bearer::kThing) && is_object(scene, name, clause)) continue;
      const std::string_view before_name = sentence.text().substr(0, name.at.begin);
      if (before_name.ends_with("在") && (is_company(name.kind) || is_product(name.kind)) && sentence.text({name.at.end, at.at.begin}).find("下") != std::string_view::npos) continue;  // 在甲的帮助下
      if (before_name.ends_with("向") || before_name.ends_with("对") || before_name.ends_with("给") || before_name.ends_with("向 ") || before_name.ends_with(" to ") || before_name.ends_with(" from ")) continue;
      // What a multiple is measured against: 是B30A的一半.
      const std::string_view gap = sentence.text({name.at.end, at.at.begin});
      if (at.quantity->kind == QuantityKind::kMultiple && (gap == "的" || gap == "芯片的" || gap.size() <= 3)) continue;
      // Places and classes with more words behind them are heads of longer names: 中国钠离子电池, 全球工业显示面板.
      const bool head = inside && phrase.end > name.at.end && !sentence.text().substr(name.at.end).starts_with("的") && noun_first && !is_company(name.kind) && !(is_product(name.kind) && name.kind != EntityKind::kProductClass);
      if (head && !act && name.kind != EntityKind::kIndex) {
        if (clean && !scope) return Subject{{std::string(sentence.text(phrase)), sentence.original_text(phrase), false}, phrase, EntityKind::kOther};
        if (!scope && phrase.end > name.at.end + 12) continue;
      }
      const bool better = bearer == Bearer::kThing && pick != nullptr && is_product(pick->kind) && is_company(name.kind);
      if (better) continue;
      if (pick != nullptr && is_company(pick->kind) && name.kind == EntityKind::kProductClass && bearer == Bearer::kAny) continue;  // 甲3月新能源汽车产量
      if (at.quantity->kind == QuantityKind::kMultiple && pick != nullptr && fits(bearer, pick->kind)) break;  // the first is so many times another
      pick = &name;
    }
    if (pick != nullptr) return Subject{pick->ref, pick->at, pick->kind};

    const std::size_t own = sentence.clause_at(at.at.begin);
    const Range whole = sentence.sentence_range(at.at.begin);
    const Range lead{clause.begin, noun_first ? std::max(limit, clause.begin) : at.at.begin};
    if (const WordHit* frame = sentence.last(Layer::kFrame, FrameCue::kCompany, lead); frame != nullptr && bearer != Bearer::kThing) {
      if (const Name* firm = firm_before(scene, at.at)) return Subject{firm->ref, firm->at, firm->kind};
      if (memory.there && is_company(memory.subject.kind)) return memory.subject;
      if (!scene.article.company_clear && scene.told != nullptr && scene.told->company) return Subject{scene.told->company->ref, range_of(*frame), EntityKind::kCompany};
      if (scene.article.company) return Subject{scene.article.company->ref, range_of(*frame), EntityKind::kCompany};
      return std::nullopt;
    }
    if (const WordHit* frame = sentence.last(Layer::kFrame, FrameCue::kThisProduct, lead); frame != nullptr)
      if (auto meant = this_product(scene, *frame)) return meant;
    if (!its && !act && what.word && clean && !scope && may_bear(scene, clause, phrase, bearer)) return Subject{{std::string(sentence.text(phrase)), sentence.original_text(phrase), false}, phrase, EntityKind::kOther};
    if (sentence.english() && what.word)
      if (auto latin = latin_subject(sentence, clause, noun_first ? what.word->begin : at.at.begin)) return latin;

    // CPI, PMI without a country: the statistic itself.
    if (what.measure != nullptr && noun_first && !clean && (what.name == "inflation" || what.name == "ppi" || what.name == "pmi" || what.name == "gdp"))
      return Subject{{what.name, sentence.original_text(*what.word), false}, *what.word, EntityKind::kOther};
    // 子公司某某拟投资…: a firm that the lexicon lacks, right before what firms do.
    if (act && what.measure->bearer != Bearer::kThing && noun_first && at.quantity->kind == QuantityKind::kMoney) {
      Range place;
      if (auto firm = unknown_name_before(scene, *what.word, &place); firm && clause.covers(place)) return Subject{*firm, place, EntityKind::kCompany};
    }
    // The clause names somebody else, in words that are no name.
    const bool torn = !phrase.empty() && sentence.text(phrase).find(')') != std::string_view::npos;
    const std::size_t words = phrase.empty() || torn ? 0 : count_code_points(sentence.text(phrase));
    const bool foreign = words > (its || scope ? 14U : sentence.english() ? 40U : 8U);
    if (foreign) return std::nullopt;
    if (bearer == Bearer::kThing && speaks_of_another(sentence, {whole.begin, at.at.begin})) return std::nullopt;
    const bool open = words == 0 || scope || its || words <= 6;
    if (memory.there && open && (memory.sentence == sentence.clauses()[own].sentence || words == 0 || its)) {
      const bool same = bearer == Bearer::kAny || fits(bearer, memory.subject.kind) || !memory.subject.ref.known;
      if (same) return memory.subject;
    }
    // The subject of an earlier clause of the sentence, the nearest first.
    for (std::size_t i = own; i > 0;) {
      --i;
      const Range earlier = sentence.clauses()[i].at;
      if (sentence.clauses()[i].sentence != sentence.clauses()[own].sentence) break;
      // 代号“甲”: a name in quotation marks.
      for (const std::string_view called : {"代号“", "名称为“", "名为“", "命名为“", "代号「", "名為「", "code-named \"", "dubbed \""}) {
        const std::size_t place = sentence.text(earlier).find(called);
        if (place == std::string_view::npos) continue;
        const std::string_view rest = sentence.text(earlier).substr(place + called.size());
        const std::size_t close = std::min({rest.find("”"), rest.find("」"), rest.find('"')});
        if (close == std::string_view::npos || close == 0 || close > 30) continue;
        const auto begin = static_cast<std::uint32_t>(earlier.begin + place + called.size());
        const Range at_name{begin, begin + static_cast<std::uint32_t>(close)};
        if (bearer != Bearer::kFirm) return Subject{{std::string(sentence.text(at_name)), sentence.original_text(at_name), false}, at_name, EntityKind::kProduct};
      }
      const Name* subject = nullptr;
      for (const Name& name : sentence.names()) {
        if (!earlier.covers(name.at) || !stands_for_itself(name.kind) || in_aside(sentence, name.at, at.at) || is_part(scene, name) || compared(scene, name, earlier) || is_object(scene, name, earlier)) continue;
        if (speaks(scene, name) && (bearer == Bearer::kThing || is_house(name))) continue;
        if (name.kind == EntityKind::kProductClass && (name.at.begin > earlier.begin + 9 || (bearer == Bearer::kThing && !has_data_sheet(name)))) continue;
        if (bearer == Bearer::kThing && leftover(scene, {earlier.begin, name.at.begin}, true) > 3) continue;
        if (subject == nullptr || (!fits(bearer, subject->kind) && fits(bearer, name.kind))) subject = &name;
      }
      if (subject != nullptr && fits(bearer, subject->kind)) return Subject{subject->ref, subject->at, subject->kind};
      if (const WordHit* frame = sentence.last(Layer::kFrame, FrameCue::kThisProduct, earlier); frame != nullptr && bearer != Bearer::kFirm)
        if (auto meant = this_product(scene, *frame)) return meant;
      if (bearer != Bearer::kThing && sentence.last(Layer::kFrame, FrameCue::kCompany, earlier) != nullptr && scene.article.company) return Subject{scene.article.company->ref, at.at, EntityKind::kCompany};
      // An agency or a place that opens the clause goes on as well, with what places have.
      static constexpr std::string_view kOfPlaces[] = {"exports", "imports", "surplus", "deficit", "tariff", "reserves", "output", "installed_capacity", "demand", "supply", "budget", "visitors", "sales_volume", "penetration_rate", "market_size", "inventory", "growth_rate", "net_injection"};
      for (const Name& name : sentence.names())
        if ((bearer == Bearer::kPlace || (bearer == Bearer::kAny && std::find(std::begin(kOfPlaces), std::end(kOfPlaces), what.name) != std::end(kOfPlaces))) && earlier.covers(name.at) && name.at.begin <= earlier.begin + 12 && (name.kind == EntityKind::kAgency || name.kind == EntityKind::kCountry || name.kind == EntityKind::kRegion) && !is_object(scene, name, earlier) && !speaks(scene, name))
          return Subject{name.ref, name.at, name.kind};
      // A phrase that has a figure's measure in it: 全球工业显示面板厂商….
      if (own - i <= 1 && what.word && !act && open)
        for (const WordHit& hit : scene.words())
          if (measure_of(hit) != nullptr && earlier.covers(range_of(hit))) {
            const Range before = phrase_before(scene, earlier, hit.begin);
            if (before.begin <= earlier.begin + 6 && is_noun_phrase(sentence, before) && !is_scope(sentence.text(before)) && may_bear(scene, earlier, before, bearer)) return Subject{{std::string(sentence.text(before)), sentence.original_text(before), false}, before, EntityKind::kOther};
            break;
          }
    }
    // Who reports is who earned it: "Apple reported quarterly revenue of …".
    if (bearer == Bearer::kFirm && what.name != "target_price" && what.name != "share_price")
      if (const Name* firm = firm_before(scene, at.at)) return Subject{firm->ref, firm->at, firm->kind};
    // 某某航空公告，…实现营业收入…: a firm that the lexicon lacks tells of itself.
    if (bearer == Bearer::kFirm)
      if (auto teller = teller_of(scene, whole, at)) return teller;
    // What the article is about, where nobody else is named before it.
    if (act) return std::nullopt;
    const bool others = std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& name) {
      return whole.begin <= name.at.begin && name.at.end <= at.at.begin &&
             (name.kind == EntityKind::kCountry || name.kind == EntityKind::kRegion || name.kind == EntityKind::kAgency || name.kind == EntityKind::kOrganization || name.kind == EntityKind::kPerson) && !speaks(scene, name);
    });
    if (others && !its && !(bearer == Bearer::kFirm && words == 0)) return std::nullopt;
    if (!open) return std::nullopt;
    if (bearer == Bearer::kThing && what.word && scene.article.product && scene.article.product_clear && has_data_sheet(*scene.article.product)) return Subject{scene.article.product->ref, at.at, EntityKind::kProduct};
    if (bearer == Bearer::kFirm && scene.article.company && scene.article.company_clear) return Subject{scene.article.company->ref, at.at, EntityKind::kCompany};
    if (bearer == Bearer::kAny && scene.article.company && scene.article.company_clear && words == 0) return Subject{scene.article.company->ref, at.at, EntityKind::kCompany};
    return std::nullopt;
  }

  static constexpr std::string_view kGoodsMove[] = {"涨", "跌", "降价", "贬值", "升值", "rose", "fell", "gained", "lost", "jumped", "dropped", "climbed", "slid", "tumbled", "surged", "plunged", "soared", "slipped", "sank", "rallied", "declined"};
  // 均胜电子(600699)上涨…: a listed firm or fund, by its code.
  static std::optional<Subject> listed_before(const Scene& scene, const QuantityAt& at, Range clause) {
    const Sentence& sentence = scene.sentence;
    const std::string_view lead = sentence.text({clause.begin, at.at.begin});
    const std::size_t close = lead.rfind(')');
    const std::size_t open = close == std::string_view::npos ? close : lead.rfind('(', close);
    if (open == std::string_view::npos || open == 0) return std::nullopt;
    const std::string_view code = lead.substr(open + 1, close - open - 1);
    const auto digits = static_cast<std::size_t>(std::count_if(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; }));
    const bool listed = (digits == code.size() && (digits == 6 || digits == 5)) || code.ends_with(".hk") || code.ends_with(".us") || code.ends_with(".sh") || code.ends_with(".sz") || code.ends_with(".o") || code.ends_with(".n");
    if (!listed) return std::nullopt;
    const auto end = clause.begin + static_cast<std::uint32_t>(open);
    Range phrase = trimmed(sentence, phrase_before(scene, clause, end));
    for (const std::string_view head : {"成分股", "权重股", "概念股", "龙头股", "个股", "股"})
      if (const std::size_t place = sentence.text(phrase).rfind(head); place != std::string_view::npos && place + head.size() < phrase.size()) {
        phrase.begin += static_cast<std::uint32_t>(place + head.size());
        break;
      }
    const Range with_code{phrase.begin, clause.begin + static_cast<std::uint32_t>(close + 1)};
    for (const Name& name : sentence.names())
      if (name.at == phrase) return Subject{name.ref, with_code, name.kind};
    if (!is_noun_phrase(sentence, phrase)) return std::nullopt;
    return Subject{{std::string(sentence.text(phrase)), sentence.original_text(phrase), false}, with_code, EntityKind::kCompany};
  }

  // "英伟达涨2.3%", "the Hang Seng lost 1.2%": a named firm, index or good right before a verb of change and a percentage.
  static std::optional<Measured> price_move(const Scene& scene, const QuantityAt& at, Range clause, std::optional<Subject>& mover) {
    const Quantity& quantity = *at.quantity;
    if (quantity.kind != QuantityKind::kPercent && !(quantity.unit == "点" || quantity.unit == "points")) return std::nullopt;
    std::optional<Subject> name = listed_before(scene, at, clause);
    if (!name)
      for (const Name& each : scene.sentence.names())
        if (clause.begin <= each.at.begin && each.at.end <= at.at.begin && (stands_for_itself(each.kind) || each.kind == EntityKind::kCurrency) && !compared(scene, each, clause)) name = Subject{each.ref, each.at, each.kind};
    if (!name) return std::nullopt;
    const Range gap{name->at.end, at.at.begin};
    // 功耗比甲低, 性能提升: of goods only prices rise and fall by themselves.
    if (is_product(name->kind) && !holds_any(scene.sentence.text(gap), kGoodsMove)) return std::nullopt;
    const int way = direction(scene, gap);
    static constexpr std::string_view kPlain[] = {"涨", "跌", "升", "挫", "高开", "低开", "走高", "走低", "rose", "fell", "gained", "lost", "jumped", "dropped", "climbed", "slid", "tumbled", "surged", "plunged", "up ", "down ", "soared", "slipped", "added", "advanced", "sank", "rallied", "shed", "declined"};
    if (way == 0 || leftover(scene, gap, false) > (scene.sentence.english() ? 3U : 0U) || !holds_any(scene.sentence.text(gap), kPlain)) return std::nullopt;
    mover = name;
    Measured found;
    found.name = is_company(name->kind) ? "share_price" : name->kind == EntityKind::kIndex ? "index_level" : "price";
    found.change = true;
    found.falls = way < 0;
    return found;
  }

  // "采用8个堆叠", "has 132 compute units": a named product before a verb of having, a number, and what is counted.
  static std::optional<Measured> parts(const Scene& scene, const QuantityAt& at, Range clause, const Memory& memory) {
    const Sentence& sentence = scene.sentence;
    const Quantity& quantity = *at.quantity;
    if (quantity.kind != QuantityKind::kNumber || quantity.value < 2 || quantity.unit == "年" || quantity.unit == "月") return std::nullopt;
    static constexpr std::string_view kCounters[] = {"个", "颗", "张", "片", "块", "枚", "台", "组", "条", "核", "层", "路", "路ub", "卡", "通道", "款", "套", "座", "家"};
    const bool counter = std::any_of(std::begin(kCounters), std::end(kCounters), [&](std::string_view unit) { return quantity.unit == unit; });
    if (!counter && !(sentence.english() && quantity.unit.empty())) return std::nullopt;
    const WordHit* hold = nullptr;
    for (const WordHit& hit : scene.words())
      if (is(hit, Word::kHold) && clause.begin <= hit.begin && hit.end <= at.at.begin) hold = &hit;
    // …, 4200台乙以及1100台丙: what is had goes on.
    const bool chained = memory.there && !memory.measured.counted.empty() && clause.covers(memory.at) && memory.at.end < at.at.begin &&
                         (sentence.text({memory.at.end, at.at.begin}).ends_with("、") || sentence.text({memory.at.end, at.at.begin}).ends_with("以及") || sentence.text({memory.at.end, at.at.begin}).ends_with("和"));
    if (!chained && (hold == nullptr || leftover(scene, {hold->end, at.at.begin}, true) > 6)) return std::nullopt;
    std::uint32_t begin = at.at.end;
    if (sentence.text().substr(begin).starts_with(quantity.unit)) begin += static_cast<std::uint32_t>(quantity.unit.size());
    while (begin < clause.end && sentence.text()[begin] == ' ') ++begin;
    std::uint32_t end = begin;
    unsigned length = 0;
    while (end < clause.end && length < (sentence.english() ? 30U : 14U)) {
      const CodePoint c = decode_utf8(sentence.text(), end);
      if (c.value == U'、' || c.value == '(' || c.value == U'和' || c.value == U'的' || c.value == U'及' || c.value == U'与' || c.value == '.' || c.value == U'，' || sentence.text().substr(end).starts_with("以及")) break;
      end += c.length;
      ++length;
    }
    while (end > begin && sentence.text()[end - 1] == ' ') --end;
    if (count_code_points(sentence.text({begin, end})) < 2 || length >= (sentence.english() ? 30U : 14U)) return std::nullopt;
    Measured found;
    found.counted = sentence.original_text({begin, end});
    found.name = found.counted;
    found.chained = chained;
    return found;
  }

  // What the unit gives away: GB after 配备 is memory, nm is the process.
  static std::optional<Measured> by_unit(const Scene& scene, const QuantityAt& at, Range clause) {
    const Quantity& quantity = *at.quantity;
    const std::string unit = unit_of(scene.sentence, at);
    if (quantity.kind != QuantityKind::kMeasure && (quantity.kind != QuantityKind::kNumber || !quantity.unit.empty() || unit.empty())) return std::nullopt;
    const std::string_view name = measure_of_unit(unit);
    if (name.empty()) return std::nullopt;
    // GB of what, W of what: a word beside it has to say so, where the unit measures many things.
    static constexpr std::pair<std::string_view, std::string_view> kBeside[] = {
        {"screen_size", "屏"}, {"screen_size", "显示"}, {"screen_size", "尺寸"}, {"screen_size", "电视"}, {"screen_size", "screen"}, {"screen_size", "display"},
        {"refresh_rate", "屏"}, {"refresh_rate", "刷新"}, {"refresh_rate", "高刷"}, {"refresh_rate", "refresh"}, {"refresh_rate", "display"},
        {"memory", "内存"}, {"memory", "显存"}, {"memory", "ram"}, {"memory", "hbm"}, {"memory", "ddr"}, {"memory", "存储"}, {"memory", "容量"}, {"memory", "闪存"}, {"memory", "memory"}, {"memory", "storage"}, {"memory", "缓存"}, {"memory", "cache"},
        {"power", "功"}, {"power", "充"}, {"power", "电机"}, {"power", "马力"}, {"power", "power"}, {"power", "tdp"}, {"power", "charg"},
        {"frequency", "频"}, {"frequency", "核"}, {"frequency", "clock"}, {"frequency", "speed"}, {"frequency", "boost"},
        {"resolution", "摄"}, {"resolution", "主摄"}, {"resolution", "相机"}, {"resolution", "camera"}};
    bool asks = false;
    bool beside = false;
    for (const auto& [measure, word] : kBeside)
      if (measure == name) asks = true, beside |= scene.sentence.text(clause).find(word) != std::string_view::npos;
    if (asks && !beside) return std::nullopt;
    if (name == "bandwidth" && (unit == "Gbps" || unit == "Mbps") && scene.sentence.text(clause).find("带宽") == std::string_view::npos && scene.sentence.text(clause).find("互") == std::string_view::npos) return std::nullopt;
    Measured found;
    found.name = name;
    // 16GB+256GB, 6GB/8GB: what a shop offers is a list, no figure.
    const std::string_view after = scene.sentence.text().substr(at.at.end);
    const std::string_view before = scene.sentence.text().substr(0, at.at.begin);
    if (after.starts_with("+") || after.starts_with(" +") || before.ends_with("+") || before.ends_with("+ ") || after.starts_with("/") || before.ends_with("/")) return std::nullopt;
    const Range lead{clause.begin, at.at.begin};
    const bool said = near(scene, lead, {Word::kHold, Word::kLink, Word::kTo, Word::kRise}) != nullptr;
    const bool adjoins = std::any_of(scene.sentence.names().begin(), scene.sentence.names().end(), [&](const Name& each) { return is_product(each.kind) && each.at.end <= at.at.begin && at.at.begin - each.at.end <= 2; });
    if (!said && !adjoins) return std::nullopt;
    return found;
  }

  // 手机出货量下滑11.3%，甲更是大跌22.7%: another's, of the same measure.
  static std::optional<Measured> moves_alike(const Scene& scene, const QuantityAt& at, Range clause, const Memory& memory, std::optional<Subject>& subject) {
    const Sentence& sentence = scene.sentence;
    if (at.quantity->kind != QuantityKind::kPercent || memory.kind != QuantityKind::kPercent || memory.measured.measure == nullptr || !memory.changed || clause.covers(memory.at)) return std::nullopt;
    if (memory.measured.name == "share_price" || memory.measured.name == "index_level" || memory.measured.name == "price") return std::nullopt;
    for (const Name& name : sentence.names()) {
      if (name.at.begin < clause.begin || name.at.end > at.at.begin) continue;
      const Range gap{name.at.end, at.at.begin};
      const int way = direction(scene, gap);
      if (!stands_for_itself(name.kind) || way == 0 || leftover(scene, {clause.begin, name.at.begin}, false) > 1 || leftover(scene, gap, false) > 1 || to_level(sentence, gap)) return std::nullopt;
      Measured found = memory.measured;
      found.word.reset();
      found.change = true;
      found.falls = way < 0;
      subject = Subject{name.ref, name.at, name.kind};
      return found;
    }
    return std::nullopt;
  }

  // A number without a word for what it measures that goes on from the figure before: "…，同比增长62%", "…, 明年预计到15万张",
  // "…，略高于H100的2.95美元", "…，较2025年的350亿美元".
  static std::optional<Measured> goes_on(const Scene& scene, const QuantityAt& at, Range clause, const Memory& memory, std::optional<Subject>& subject) {
    const Sentence& sentence = scene.sentence;
    const Quantity& quantity = *at.quantity;
    // 股价升2.3%，报610元: the price itself.
    if (quantity.kind == QuantityKind::kMoney && memory.kind == QuantityKind::kPercent && memory.measured.name == "share_price") {
      std::string_view lead_text = sentence.text({clause.begin, at.at.begin});
      static constexpr std::string_view kAt[] = {"报", "收报", "现报", "收于", "报于", "报收", "至", "at ", "to "};
      if (lead_text.size() <= 15 && std::any_of(std::begin(kAt), std::end(kAt), [&](std::string_view word) { return lead_text.ends_with(word); })) {
        Measured level = memory.measured;
        level.word.reset();
        level.change = level.falls = false;
        subject = memory.subject;
        return level;
      }
    }
    std::uint32_t begin = clause.begin;
    if (memory.at.end > begin && memory.at.end <= at.at.begin) begin = memory.at.end;
    const Range lead{begin, at.at.begin};
    const bool change = quantity.kind == QuantityKind::kPercent || quantity.kind == QuantityKind::kMultiple;
    const bool same = quantity.kind == memory.kind && unit_of(sentence, at) == memory.unit;
    Measured found = memory.measured;
    found.word.reset();
    const int way = direction(scene, lead);
    // 较2021年27%的高点下降近四成: held against a figure that is not the one before.
    const bool another = std::any_of(sentence.quantities_at().begin(), sentence.quantities_at().end(), [&](const QuantityAt& other) { return lead.covers(other.at) && other.quantity->kind == quantity.kind && unit_of(sentence, other) == unit_of(sentence, at) && near(scene, {lead.begin, other.at.begin}, {Word::kCompare}) != nullptr; });
    if (another && change) return std::nullopt;
    // 能效比达到…，是前代的两倍; 性能是甲的10倍，是乙的4倍: the same figure held against something else.
    if (quantity.kind == QuantityKind::kMultiple && way == 0 && sentence.text(lead).ends_with("的") && !found.name.empty()) {
      std::string_view opening = sentence.text(lead);
      while (opening.starts_with(" ")) opening.remove_prefix(1);
      for (const std::string_view adverb : {"几乎", "大约", "约", "更", "已", "也"})
        if (opening.starts_with(adverb)) opening.remove_prefix(adverb.size());
      const bool held = opening.starts_with("是") || opening.starts_with("为") || opening.starts_with("达到") || opening.starts_with("相当于");
      if (held && count_code_points(opening) <= 16) {
        found.change = found.falls = false;
        subject = memory.subject;
        return found;
      }
    }
    // 低于此前预测的0.6%: what it is held against, not by how much it fell.
    if (change && sentence.text(lead).ends_with("的")) return std::nullopt;
    // A figure between that was not read: what it rose by is its own.
    const bool unread = std::any_of(sentence.quantities_at().begin(), sentence.quantities_at().end(), [&](const QuantityAt& other) {
      return memory.at.end <= other.at.begin && other.at.end <= at.at.begin && other.quantity->kind == QuantityKind::kMoney && near(scene, {sentence.clause_range(other.at.begin).begin, other.at.begin}, {Word::kCompare}) == nullptr;
    });
    if (change && unread) return std::nullopt;
    if (change && (way != 0 || quantity.basis != Basis::kLevel) && leftover(scene, lead, false) <= 1 && !(same && to_level(sentence, lead))) {
      found.change = true;
      found.falls = way < 0;
      subject = memory.subject;
      return found;
    }
    if (!same) return std::nullopt;
    // Another's figure of the same kind, held against it.
    const std::string_view text = sentence.text(lead);
    if ((way != 0 || near(scene, lead, {Word::kCompare}) != nullptr) && text.ends_with("的"))
      for (const Name& name : sentence.names())
        if (lead.covers(name.at) && name.at.end + 3 == at.at.begin && stands_for_itself(name.kind) && leftover(scene, {begin, name.at.begin}, false) <= 1) {
          subject = Subject{name.ref, name.at, name.kind};
          return found;
        }
    // …，乙业务将翻倍至约250亿美元: another's figure of the same kind, by name.
    const bool moves = way != 0 || text.find("翻倍") != std::string_view::npos || text.find("翻番") != std::string_view::npos;
    if (begin == clause.begin && moves && to_level(sentence, lead) && clause.begin > memory.at.end)
      for (const Name& name : sentence.names())
        if (name.at.begin == clause.begin && lead.covers(name.at) && stands_for_itself(name.kind) && is_company(name.kind) == is_company(memory.subject.kind)) {
          if (leftover(scene, {name.at.end, at.at.begin}, false) > 8) break;
          subject = Subject{name.ref, name.at, name.kind};
          return found;
        }
    if (leftover(scene, lead, false) > 0 || begin != clause.begin) return std::nullopt;
    // …死亡人数19人，247人受伤: another thing's number has its own words behind it.
    if (quantity.kind == QuantityKind::kNumber && at.at.end < clause.end) {
      std::string_view rest = sentence.text({at.at.end, clause.end});
      if (rest.starts_with(quantity.unit)) rest.remove_prefix(quantity.unit.size());
      while (rest.starts_with(" ")) rest.remove_prefix(1);
      if (!rest.empty() && is_han_text(rest) && !rest.starts_with("左右") && !rest.starts_with("以上") && !rest.starts_with("以下") && !rest.starts_with("的水平")) return std::nullopt;
    }
    if (way != 0 && !to_level(sentence, lead)) return std::nullopt;
    subject = memory.subject;
    return found;
  }

  // 每年停机时间不到6分钟, 冻结股权数额超过713万元: a noun that only sounds like a measure, by how such nouns end, where a verb leads
  // from it to a number that has a unit.
  static std::optional<Measured> by_noun(const Scene& scene, const QuantityAt& at, Range clause) {
    const Sentence& sentence = scene.sentence;
    const Quantity& quantity = *at.quantity;
    if (sentence.english() || quantity.kind == QuantityKind::kOrdinal || (quantity.kind == QuantityKind::kNumber && quantity.unit.empty())) return std::nullopt;
    static constexpr std::string_view kEnds[] = {"率", "度", "量", "额", "费", "费用", "价", "价格", "成本", "收入", "利润", "时间", "时长", "周期", "期限", "年限", "速度", "能力", "规模", "人数", "次数", "家数", "面积", "能耗", "强度", "寿命", "距离", "幅度", "水平", "缺口", "溢价", "比例", "占比", "比重", "权重", "得分", "评分", "指数", "增速", "倍数", "差额", "空间", "总数", "人次", "性价比", "收益", "损失", "薪酬", "补偿", "债务", "敞口", "负担", "财富", "身价", "库存", "产能", "需求", "供应"};
    static constexpr std::string_view kNone[] = {"程度", "制度", "季度", "年度", "月度", "态度", "角度", "调度", "印度", "过度", "适度", "一度", "进度", "额度", "力量", "质量", "大量", "少量", "批量", "海量", "较量", "考量", "测量", "衡量", "商量", "尽量", "变量", "增量", "存量", "名额", "全额", "足额", "巨额", "高额", "等额", "定额", "评价", "涨价", "降价", "报价", "特价", "加价", "代价", "消费", "免费", "浪费", "自费", "付费", "当时间", "同时间", "第一时间", "水平", "空间", "规模", "能力", "需求", "供应"};
    // Back over the verbs and adverbs that lead to the number.
    std::uint32_t end = at.at.begin;
    bool led = false;
    int way = 0;
    bool level = false;
    for (bool moved = true; moved && end > clause.begin;) {
      moved = false;
      const auto back = [&](Range range) {
        if (range.end != end || range.begin < clause.begin) return false;
        end = range.begin;
        return moved = true;
      };
      for (const WordHit& hit : scene.words()) {
        if (measure_of(hit) != nullptr || !one_of(hit, {Word::kLink, Word::kRise, Word::kFall}) || hit.end != end) continue;
        const std::string_view word = sentence.text(range_of(hit));
        if (is(hit, Word::kLink)) level |= word.ends_with("至") || word.ends_with("到");
        if (is(hit, Word::kRise)) way = 1;
        if (is(hit, Word::kFall)) way = -1;
        led |= back(range_of(hit));
        break;
      }
      for (const WordHit& hit : sentence.words(Layer::kStance)) back(range_of(hit));
      for (const WordHit& hit : sentence.words(Layer::kSource))
        if (is(hit, SourceCue::kExpects)) back(range_of(hit));
      for (const TimeAt& time : sentence.times_at()) back(time.at);
      if (end > clause.begin && sentence.text()[end - 1] == ' ') --end, moved = true;
    }
    if (!led) return std::nullopt;
    const Range phrase = trimmed(sentence, phrase_before(scene, clause, end));
    if (phrase.empty() || phrase.end != end) return std::nullopt;
    std::string_view text = sentence.text(phrase);
    if (std::none_of(std::begin(kEnds), std::end(kEnds), [&](std::string_view tail) { return text.ends_with(tail); })) return std::nullopt;
    for (const std::string_view none : kNone)
      if (text.ends_with(none) && (text.size() == none.size() || none.size() == 6)) return std::nullopt;
    Range noun = phrase;
    // Whose it is goes before: the last 的, and the last name, end there.
    for (const Name& name : sentence.names())
      if (noun.covers(name.at) && name.at.end < noun.end) noun.begin = std::max(noun.begin, name.at.end);
    if (const std::size_t of = sentence.text(noun).rfind("的"); of != std::string_view::npos) noun.begin += static_cast<std::uint32_t>(of + 3);
    for (const std::string_view earlier : {"上代", "前代", "上一代", "前作", "去年", "同期"})
      if (const std::size_t place = sentence.text(noun).find(earlier); place != std::string_view::npos) noun.begin += static_cast<std::uint32_t>(place + earlier.size());
    noun = trimmed(sentence, noun);
    const std::size_t length = noun.empty() ? 0 : count_code_points(sentence.text(noun));
    if (noun.end != end || length < 2 || length > 10 || !is_noun_phrase(sentence, noun)) return std::nullopt;
    // A row of measures.h that does not take such a number is no licence to make one up.
    for (const WordHit& hit : scene.words())
      if (measure_of(hit) != nullptr && hit.end == end && !takes(*measure_of(hit), quantity, way != 0)) return std::nullopt;
    Measured found;
    found.word = noun;
    found.name = sentence.original_text(noun);
    found.change = way != 0 && !level && !to_level(sentence, {noun.end, at.at.begin});
    found.falls = found.change && way < 0;
    return found;
  }

  // Said of a named firm or product that opens the clause, in words that no list has: the words between name the figure.
  static std::optional<Measured> as_written(const Scene& scene, const QuantityAt& at, Range clause, std::optional<Subject>& subject) {
    const Sentence& sentence = scene.sentence;
    if (sentence.english() || at.quantity->kind == QuantityKind::kNumber) return std::nullopt;
    const Name* name = nullptr;
    for (const Name& each : sentence.names())
      if (clause.begin <= each.at.begin && each.at.end <= at.at.begin && (is_company(each.kind) || (is_product(each.kind) && each.kind != EntityKind::kProductClass)) && !is_part(scene, each)) {
        name = &each;
        break;
      }
    if (name == nullptr) return std::nullopt;
    if (name->entity == nullptr || speaks(scene, *name) || is_object(scene, *name, clause) || compared(scene, *name, clause)) return std::nullopt;
    if (leftover(scene, {clause.begin, name->at.begin}, true) > 2) return std::nullopt;
    for (const QuantityAt& other : sentence.quantities_at())
      if (other.at.begin >= name->at.end && other.at.end <= at.at.begin) return std::nullopt;
    Range words{name->at.end, at.at.begin};
    for (const TimeAt& time : sentence.times_at())
      if (words.covers(time.at)) words.begin = time.at.end;
    for (const WordHit& hit : sentence.words(Layer::kStance))
      if (words.covers(range_of(hit)) && hit.begin <= words.begin + 3) words.begin = hit.end;
    for (bool moved = true; moved && !words.empty();) {
      moved = false;
      for (const WordHit& hit : scene.words())
        if (one_of(hit, {Word::kLink, Word::kFrom, Word::kEach}) && hit.end == words.end && hit.begin >= words.begin) words.end = hit.begin, moved = true;
      const Range cut = trimmed(sentence, words);
      if (cut != words) words = cut, moved = true;
    }
    const std::size_t length = words.empty() ? 0 : count_code_points(sentence.text(words));
    if (length < 2 || length > 12) return std::nullopt;
    static constexpr std::u32string_view kStops = U"，。、；：？！“”《》()基";
    const std::string_view text = sentence.text(words);
    for (std::size_t i = 0; i < text.size();) {
      const CodePoint c = decode_utf8(text, i);
      if (kStops.find(c.value) != std::u32string_view::npos || !is_han(c.value)) return std::nullopt;
      i += c.length;
    }
    // Verbs and what shops show are no measures; words unknown to every list are taken of chips alone.
    if (!has_data_sheet(*name) || is_company(name->kind)) return std::nullopt;
    Measured found;
    found.name = sentence.original_text(words);
    subject = Subject{name->ref, name->at, name->kind};
    return found;
  }

  void one(const Scene& scene, std::size_t index, Memory& memory, std::vector<Draft>& out) const {
    const Sentence& sentence = scene.sentence;
    const QuantityAt& at = sentence.quantities_at()[index];
    const Quantity& quantity = *at.quantity;
    const Range clause = sentence.clause_range(at.at.begin);
    const std::uint32_t number = sentence.clauses()[sentence.clause_at(at.at.begin)].sentence;
    if (quantity.kind == QuantityKind::kOrdinal) return;
    // 约合…元 says the same sum again in another money.
    const std::string_view lead_text = sentence.text({clause.begin, at.at.begin});
    static constexpr std::string_view kAgain[] = {"约合", "折合", "合约", "相当于约", "汇率"};
    if (quantity.kind == QuantityKind::kMoney && (sentence.text(at.at).starts_with("约合") || sentence.text(at.at).starts_with("折合") || sentence.text(at.at).starts_with("合"))) return;
    if (quantity.kind == QuantityKind::kMoney && holds_any(lead_text.size() > 30 ? lead_text.substr(lead_text.size() - 30) : lead_text, kAgain)) return;

    // Coupons make an offer of a price, and a row of a flattened table has no subject of its own.
    static constexpr std::string_view kOffers[] = {"百亿补贴", "限时", "权益价", "一口价", "置换价", "旗舰店", "点此", "单品", "满减", "立省", "优惠券", "红包", "折优惠", "折政府", "领券", "券后", "国补", "到手价", "立减", "直达链接", "晒单", "到手"};
    if (holds_any(sentence.text(clause), kOffers)) return;
    const auto crowd = std::count_if(sentence.quantities_at().begin(), sentence.quantities_at().end(), [&](const QuantityAt& other) { return clause.covers(other.at); });
    if (crowd > 10 && near(scene, clause, {Word::kEach}) == nullptr) return;
    const auto prices = std::count_if(sentence.quantities_at().begin(), sentence.quantities_at().end(), [&](const QuantityAt& other) { return other.quantity->kind == QuantityKind::kMoney; });
    if (quantity.kind == QuantityKind::kMoney && prices > 12) return;

    // 1.3:1, 12GB+256GB: a ratio and a choice of builds are no figures by their parts.
    const std::string_view ahead = sentence.text().substr(at.at.end);
    const std::string_view behind = sentence.text().substr(0, at.at.begin);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (quantity.kind == QuantityKind::kNumber && ((ahead.size() > 1 && ahead[0] == ':' && is_digit(ahead[1])) || (behind.size() > 1 && behind.back() == ':' && is_digit(behind[behind.size() - 2])))) return;
    if ((quantity.unit == "GB" || quantity.unit == "TB") && (ahead.starts_with("+") || behind.ends_with("+") || ahead.starts_with(" +") || behind.ends_with("+ "))) return;

    auto what = measured_in_place(scene, index);
    if (!what) what = measured(scene, at, clause);
    if (quantity.kind == QuantityKind::kNumber && sentence.text().substr(at.at.end).starts_with("-")) return;  // 12-layer
    // 采用两个计算带: of chips also two are a figure.
    const bool two = !what && quantity.value == 2 && parts(scene, at, clause, memory).has_value();
    if (!two && idle(quantity, sentence.text(at.at)) && !(what && what->word && what->before && quantity.value >= 2)) return;
    std::optional<Subject> subject;
    std::optional<Subject> mover;
    if (!what && memory.there && memory.sentence == number)
      if (auto same = moves_alike(scene, at, clause, memory, subject)) what = same;
    if (!what || (what->measure != nullptr && what->measure->act && quantity.kind == QuantityKind::kPercent))
      if (auto move = price_move(scene, at, clause, mover)) {
        what = move;
        subject = mover;
      }
    bool continued = false;
    if (!what && memory.there && memory.sentence == number) {
      what = goes_on(scene, at, clause, memory, subject);
      continued = what.has_value();
    }
    if (!what) what = by_unit(scene, at, clause);
    if (!what) what = parts(scene, at, clause, memory);
    bool written = false;
    bool sounded = false;
    if (!what) {
      what = by_noun(scene, at, clause);
      sounded = what.has_value();
    }
    if (!what) {
      what = as_written(scene, at, clause, subject);
      written = what.has_value();
    }
    if (!what) return;
    if (!subject && what->chained) subject = memory.subject;
    bool in_place = false;
    if (!subject && !what->row) {
      subject = paired(scene, index, clause, *what);
      in_place = subject.has_value();
    }
    if (!subject) subject = subject_of(scene, at, what->row ? sentence.clause_range(*what->row) : clause, *what, memory);
    if (!subject) return;
    // 甲、乙分别持股90%、10%: not of who is named elsewhere.
    if (!what->row && near(scene, {clause.begin, at.at.begin}, {Word::kEach}) != nullptr && (subject->at == at.at || (!clause.covers(subject->at) && scene.sentence.clause_at(subject->at.begin) + 1 < scene.sentence.clause_at(at.at.begin)))) return;
    // A noun that no list has is told of somebody only in the same sentence.
    if (sounded && !sentence.sentence_range(at.at.begin).covers(subject->at)) return;
    // 我哋有十個…: of who speaks.
    static constexpr std::string_view kSpeakers[] = {"我们", "我哋", "我", "佢哋", "佢", "他们", "她们", "他", "她", "你", "大家", "自己", "本人"};
    if (what->word && !clause.covers(subject->at)) {
      std::string_view opening = sentence.text(clause);
      for (const std::string_view mark : {"「", "“", "『", "但", "而", "「", " "})
        if (opening.starts_with(mark)) opening.remove_prefix(mark.size());
      if (std::any_of(std::begin(kSpeakers), std::end(kSpeakers), [&](std::string_view word) { return opening.starts_with(word); })) return;
    }
    // 量产321层闪存, 生产2nm芯片: what kind of thing, not how many.
    static constexpr std::string_view kKinds[] = {"层", "纳米", "奈米", "nm", "英寸", "寸", "线", "核", "代"};
    if (what->measure != nullptr && what->measure->act && std::find(std::begin(kKinds), std::end(kKinds), quantity.unit) != std::end(kKinds)) return;
    // 全球量产最高896线: a number without a counter is not what was done.
    if (what->measure != nullptr && what->measure->act && quantity.kind == QuantityKind::kNumber && quantity.unit.empty() && !sentence.english() && at.at.end < clause.end) {
      const CodePoint next = decode_utf8(sentence.text(), at.at.end);
      const std::uint32_t blank = next.value == ' ' ? 1U : 0U;
      if (is_han(decode_utf8(sentence.text(), std::min<std::uint32_t>(at.at.end + blank, clause.end - 1)).value)) return;
    }
    // Chips have neither batteries nor screens: of what they sit in.
    if (what->measure != nullptr || what->counted.empty()) {
      static constexpr std::string_view kDevices[] = {"battery_capacity", "refresh_rate", "screen_size", "resolution", "brightness", "range", "wheelbase", "torque", "payload", "thrust", "weight", "thickness", "storage"};
      const Entity* entity = scene.article.lexicon->find(subject->ref.id);
      const bool chip = (entity != nullptr && (entity->tagged("chip") || entity->tagged("memory"))) || subject->kind == EntityKind::kProductClass;
      if (entity != nullptr && entity->tagged("process")) return;
      if (chip && std::find(std::begin(kDevices), std::end(kDevices), what->name) != std::end(kDevices) && !clause.covers(subject->at)) return;
      if (chip && entity != nullptr && entity->tagged("chip") && std::find(std::begin(kDevices), std::begin(kDevices) + 5, what->name) != std::begin(kDevices) + 5) return;
    }
    // 搭载4nm工艺某芯片: the node is of what follows, never of the device.
    if (what->name == "process_node" && near(scene, {clause.begin, at.at.begin}, {Word::kHold}) != nullptr) {
      const Entity* entity = scene.article.lexicon->find(subject->ref.id);
      if (entity == nullptr || !(entity->tagged("chip") || entity->tagged("memory"))) return;
    }
    // 美国交付…，全球交付量…: the world's is no country's.
    if ((subject->kind == EntityKind::kCountry || subject->kind == EntityKind::kRegion) && !clause.covers(subject->at) && sentence.text(clause).find("全球") != std::string_view::npos) return;
    // A flattened table: rows without marks, whose subject is anybody's guess.
    if (crowd > 6 && !clause.covers(subject->at)) return;
    // 员工中了1500万: a sum, no head count.
    if (what->measure != nullptr && what->name == "headcount" && what->before && (quantity.unit.empty() && quantity.value >= 1e6)) return;
    // "十个员工" is told of whom the clause names.
    if (what->word && !what->before && !clause.covers(subject->at) && (quantity.kind == QuantityKind::kNumber || quantity.kind == QuantityKind::kMoney || subject->at == at.at)) {
      const Entity* entity = scene.article.lexicon->find(subject->ref.id);
      const bool sheet = entity != nullptr && !is_company(subject->kind) && (entity->tagged("chip") || entity->tagged("memory"));
      const bool goes_on = memory.there && memory.sentence == number && memory.unit == unit_of(sentence, at) && quantity.kind == QuantityKind::kMoney;
      if (!sheet && !goes_on && !sentence.english()) return;
    }
    // Counts of parts are figures of chips, and of firms for what they buy, build and deliver.
    if (!what->counted.empty()) {
      const Entity* entity = scene.article.lexicon->find(subject->ref.id);
      static constexpr std::string_view kMachines[] = {"台", "颗", "张", "套", "架", "辆", "艘", "枚", "片"};
      const bool machines = std::any_of(std::begin(kMachines), std::end(kMachines), [&](std::string_view unit) { return quantity.unit == unit; });
      const bool sheet = entity != nullptr && !is_company(subject->kind) && (entity->tagged("chip") || entity->tagged("memory"));
      static constexpr std::string_view kFitted[] = {"配备", "内置", "搭载", "采用", "支持", "标配", "装有"};
      const bool fitted = holds_any(sentence.text({clause.begin, at.at.begin}), kFitted);  // a firm's product, not the firm
      if (!sheet && !(is_company(subject->kind) && machines && !fitted)) return;
    }
    if (!what->word && what->counted.empty() && !what->change && !continued && !written && !clause.covers(subject->at)) {
      const Entity* entity = scene.article.lexicon->find(subject->ref.id);
      if (entity == nullptr || !(entity->tagged("chip") || entity->tagged("memory"))) return;
    }
    // A unit or a count alone tells only of what is named: products, and firms for what they have.
    if (!what->word && !what->change && !continued && !subject->ref.known && subject->kind != EntityKind::kProduct) return;
    // A class is a bearer only by name, right before its measure (HBM市场规模, DRAM价格); it goes on for nobody.
    static constexpr std::string_view kAnything[] = {"artificial_intelligence", "ai", "chips", "memory_chips", "pc", "robots", "phones", "servers"};
    if ((subject->kind == EntityKind::kProductClass || subject->kind == EntityKind::kOther) && std::find(std::begin(kAnything), std::end(kAnything), subject->ref.id) != std::end(kAnything) && !continued && !mover) {
      const bool adjoins = clause.covers(subject->at) && (!what->word || !what->before || (what->word->begin >= subject->at.end && count_code_points(sentence.text({subject->at.end, what->word->begin})) <= 8)) && !part_of_latin_name(sentence, Name{subject->at, subject->ref, subject->kind, nullptr});
      if (!adjoins) return;
    }
    // Words that measure anything say nothing without what they measure beside them.
    static constexpr std::string_view kVague[] = {"quantity", "amount", "people", "ratio", "increase", "decrease", "scale", "usage", "score"};
    if (!in_place && what->word && std::find(std::begin(kVague), std::end(kVague), what->name) != std::end(kVague) && !clause.covers(subject->at) && !(memory.there && memory.sentence == number && memory.subject.ref.id == subject->ref.id)) return;
    if (what->measure != nullptr && what->measure->act && !(subject->ref.known || is_company(subject->kind))) return;
    if (what->measure != nullptr && what->measure->act && !is_company(subject->kind) && subject->kind != EntityKind::kAgency && subject->kind != EntityKind::kOrganization && subject->kind != EntityKind::kCountry) return;

    Draft made = draft("metric/figure", at.at);
    if (written) made.claim.rule = "metric/as-written";
    else if (sounded) made.claim.rule = "metric/noun";
    else if (mover) made.claim.rule = "metric/price-move";
    else if (continued) made.claim.rule = "metric/goes-on";
    else if (!what->word) made.claim.rule = what->counted.empty() ? "metric/unit" : "metric/parts";
    else if (what->measure != nullptr && what->measure->act) made.claim.rule = "metric/act";
    else if (!what->before) made.claim.rule = "metric/figure-first";
    Claim& claim = made.claim;
    claim.set("entity", subject->ref);
    if (clause.covers(subject->at)) cover(made, subject->at);
    if (what->word) cover(made, *what->word);
    // 营收同比36.8%: how much it rose, though no verb says so.
    if (quantity.kind == QuantityKind::kPercent && quantity.basis != Basis::kLevel && what->measure != nullptr && (what->measure->takes & kTakesPercent) == 0) what->change = true;
    std::string name = what->name;
    const bool native = what->measure != nullptr && quantity.kind == QuantityKind::kPercent && (what->measure->takes & kTakesPercent) != 0 && (what->measure->takes & kTakesMoney) == 0;
    if (what->change && !(native && quantity.unit != "个百分点")) name += what->falls ? "_decline" : "_growth";
    claim.set("metric", name);
    Amount value{quantity.value, quantity.high, quantity.comparator, unit_of(sentence, at)};
    if (value.unit.empty() && quantity.value == 0 && what->measure != nullptr && (what->measure->takes & kTakesPercent) != 0 && (what->measure->takes & kTakesCount) == 0) value.unit = "%";
    claim.set("value", value);
    if (what->word && what->before && !(what->measure != nullptr && what->measure->act))
      if (const std::string scope = scope_of(scene, subject->at, *what->word, clause); !scope.empty()) claim.set("scope", scope);
    // The part of the books that the figure before was of: …业务收入106亿元，同比增长8.1%.
    if (continued && !memory.scope.empty()) claim.set("scope", memory.scope);
    const std::string_view year_on = sentence.text().substr(0, at.at.begin);
    Basis basis = quantity.basis;
    if (basis == Basis::kLevel && (year_on.ends_with("年增") || year_on.ends_with("年减"))) basis = Basis::kYearOnYear;
    if (basis == Basis::kLevel && (year_on.ends_with("月增") || year_on.ends_with("月减"))) basis = Basis::kMonthOnMonth;
    if (basis == Basis::kLevel && (year_on.ends_with("季增") || year_on.ends_with("季减"))) basis = Basis::kQuarterOnQuarter;
    // 同比 beside a sum belongs to the percentage that follows.
    claim.set("basis", std::string(basis_name(quantity.kind == QuantityKind::kPercent || quantity.kind == QuantityKind::kMultiple || what->change ? basis : Basis::kLevel)));

    Stance stance = stance_of(scene, at.at);
    const bool implied = continued || (memory.there && !clause.covers(subject->at) && subject->ref.id == memory.subject.ref.id);
    const bool moves = mover.has_value() || (what->change && (what->name == "share_price" || what->name == "index_level"));
    if (auto when = when_of_figure(scene, index, clause, *what, memory, implied, moves)) {
      claim.when = *std::move(when);
      claim.set("period", claim.when->iso);
    }
    // 从350美元上调至450美元: the later value keeps the one it replaces.
    if (index > 0) {
      const QuantityAt& earlier = sentence.quantities_at()[index - 1];
      const Range between{earlier.at.end, at.at.begin};
      if (clause.covers(earlier.at) && to_level(sentence, between) && near(scene, {clause.begin, earlier.at.begin}, {Word::kFrom}) != nullptr && earlier.quantity->kind == quantity.kind)
        claim.set("previous", Amount{earlier.quantity->value, earlier.quantity->high, earlier.quantity->comparator, value.unit});
    }
    // "raised its target to $450 from $350": the one it replaces stands behind.
    if (index + 1 < sentence.quantities_at().size() && claim.slot("previous") == nullptr) {
      const QuantityAt& later = sentence.quantities_at()[index + 1];
      const std::string_view between = sentence.text({at.at.end, std::max(at.at.end, later.at.begin)});
      if (clause.covers(later.at) && later.quantity->kind == quantity.kind && (between == " from " || between == "(前值" || between == ",前值" || between == "(此前为"))
        claim.set("previous", Amount{later.quantity->value, later.quantity->high, later.quantity->comparator, value.unit});
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
    if (claim.modality == Modality::kForecast && claim.speakers.empty() && !subject->ref.known && clause.covers(subject->at)) {
      const std::string_view after = sentence.text().substr(subject->at.end);
      if (after.starts_with("预计") || after.starts_with("预测") || after.starts_with("预期")) {
        claim.speakers.push_back(subject->ref.text);
        claim.attribution = Attribution::kNamed;
      }
    }
    const bool guidance = near(scene, {sentence.sentence_range(at.at.begin).begin, at.at.end}, {Word::kGuidance}) != nullptr;
    std::string_view kind = "actual";
    if (guidance) kind = "guidance";
    else if (claim.modality == Modality::kForecast) kind = "forecast";
    else if (claim.modality == Modality::kPlanned || what->name == "target_price") kind = "target";
    claim.set("kind", std::string(kind));
    // 较乙的…, 从…: whom a figure is held against is not whom the text goes on about.
    const bool against = std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& each) { return each.at == subject->at && compared(scene, each, sentence.clause_range(each.at.begin)); });
    if (against && !memory.there) {
      out.push_back(std::move(made));
      return;
    }
    if (!against || memory.sentence != number) memory.subject = *subject;
    // 若其复刻甲首日…的涨幅，股价…: what follows is told of 其.
    if (const WordHit* its = sentence.first(Layer::kFrame, FrameCue::kIts, clause); its != nullptr && !sentence.english() && scene.article.company_clear && subject->at.begin >= its->end && clause.covers(subject->at) && its->end != subject->at.begin && is_company(subject->kind) && subject->ref.id != scene.article.company->ref.id && std::none_of(sentence.names().begin(), sentence.names().end(), [&](const Name& each) { return clause.begin <= each.at.begin && each.at.end <= its->begin; }))
      memory.subject = Subject{scene.article.company->ref, range_of(*its), EntityKind::kCompany};
    memory.there = true;
    memory.measured = *what;
    memory.changed = what->change;
    memory.measured.change = memory.measured.falls = false;
    memory.sentence = number;
    memory.at = at.at;
    memory.scope = std::string(claim.text("scope"));
    // What a figure rose by leaves the figure's own kind for what follows.
    if (!(continued && what->change)) {
      memory.kind = quantity.kind;
      memory.unit = value.unit;
    }
    memory.when = claim.when;
    out.push_back(std::move(made));
  }

  // A time that stands right before the number is its own: 2025年的350亿美元, 从2024年5月的1200亿.
  static const TimeAt* time_beside(const Scene& scene, const QuantityAt& at, Range clause) {
    const TimeAt* beside = nullptr;
    for (const TimeAt& time : scene.sentence.times_at())
      if (clause.begin <= time.at.begin && time.at.end <= at.at.begin && !time.time->iso.empty() && has_date(*time.time)) beside = &time;
    if (beside == nullptr) return nullptr;
    const std::string_view gap = scene.sentence.text({beside->at.end, at.at.begin});
    static constexpr std::string_view kGaps[] = {"", " ", "的", "的约", "的近", "的不足", "不足", "约", "末的", "末", "'s ", "’s "};
    return std::find(std::begin(kGaps), std::end(kGaps), gap) == std::end(kGaps) ? nullptr : beside;
  }
  // A time as figures tell it: 年底, 季末 are the day when books close.
  static When figure_when(const TimeMention& time) {
    When when = claim_when(time, ClaimType::kMetric);
    std::string_view text = time.text;
    for (const std::string_view tail : {"前", "时", " ", "止"})
      if (text.ends_with(tail)) text.remove_suffix(tail.size());
    if (!(text.ends_with("底") || text.ends_with("末")) || text.ends_with("周末") || time.fiscal || !when.to || text.find("至", 1) != std::string_view::npos || text.find("到", 1) != std::string_view::npos) return when;
    const Civil last = *when.to - std::chrono::hours(24);
    if (auto day = parse_when(format_civil_date(last))) return *std::move(day);
    return when;
  }

  static std::optional<When> when_of_figure(const Scene& scene, std::size_t index, Range clause, const Measured& what, const Memory& memory, bool implied, bool moves) {
    const Sentence& sentence = scene.sentence;
    const QuantityAt& at = sentence.quantities_at()[index];
    const Quantity& quantity = *at.quantity;
    const Range whole = sentence.sentence_range(at.at.begin);
    if (const TimeAt* beside = time_beside(scene, at, clause)) return figure_when(*beside->time);
    // 从2024年5月的A升至2025年9月的B，增幅达…: the change took that long.
    if (quantity.kind == QuantityKind::kPercent || quantity.kind == QuantityKind::kMultiple)
      if (auto span = span_of_change(scene, index, clause)) return span;
    const TimeAt* time = time_of(scene, at.at);
    // "…2025年净利润…，同比增长…": growth is told of the period named last.
    if (time == nullptr && quantity.basis != Basis::kLevel)
      for (const TimeAt& earlier : sentence.times_at())
        if (earlier.at.end <= clause.begin && earlier.at.begin >= whole.begin && earlier.time->grain >= Grain::kDay && !earlier.time->iso.empty()) time = &earlier;
    if (time != nullptr) {
      // "Than last year" names what is compared with, not when it was.
      const std::string_view before_time = sentence.text().substr(0, time->at.begin);
      const std::string_view after_time = sentence.text().substr(time->at.end);
      for (const std::string_view than : {"较", "比", "than ", "from "})
        if (before_time.ends_with(than) || after_time.starts_with("以来")) {
          time = nullptr;
          break;
        }
    }
    // What a day's report tells of a quarter: a day is no period of what flows.
    static constexpr std::string_view kFlows[] = {"revenue", "profit", "loss", "margin", "eps", "rd_spending", "capex", "shipments", "sales_volume", "output", "deliveries"};
    if (time != nullptr && time->time->grain <= Grain::kDay && what.measure != nullptr && holds_any(what.measure->name, kFlows)) {
      const TimeAt* period = nullptr;
      for (const TimeAt& each : sentence.times_at())
        if (each.time->grain >= Grain::kMonth && !each.time->iso.empty() && each.at.end <= at.at.begin) period = &each;
      const bool of_day = sentence.text(clause).find("当日") != std::string_view::npos || sentence.text(clause).find("单日") != std::string_view::npos;
      if (!of_day && time->time->mod != TimeMod::kUntil) time = period;
    }
    if (time != nullptr) {
      if (auto year = year_of_row(scene, index, *time->time)) return year;
      return figure_when(*time->time);
    }
    // 公司两周前宣布斥资…: when it said so is when it did.
    if (what.measure != nullptr && what.measure->act)
      if (const SourceScope* source = source_at(scene.sources, at.at.begin); source != nullptr && source->said != nullptr && sentence.text(source->cue).find("宣布") != std::string_view::npos) return claim_when(*source->said, ClaimType::kMetric);
    // What goes on from the figure before is of its time.
    if (implied && memory.when && memory.sentence == sentence.clauses()[sentence.clause_at(at.at.begin)].sentence) return memory.when;
    // Prices of one session, told in a row.
    if (moves && memory.when && memory.when->grain == Grain::kDay) return memory.when;
    if (moves && scene.told != nullptr && scene.told->session) return scene.told->session;
    // Of shares: within a session that the text is written in.
    if (moves && scene.article.published && scene.article.english == false) {
      static constexpr std::string_view kSession[] = {"盘前", "盘中", "早盘", "午盘", "午后", "开盘", "尾盘", "截至发稿", "高开", "低开", "夜盘"};
      if (holds_any(sentence.text(whole), kSession))
        if (auto today = parse_when(format_civil_date(*scene.article.published))) return *std::move(today);
    }
    return std::nullopt;
  }
  // From the time of the first of two figures to the time of the second, where the clause before, or this one, tells of both.
  static std::optional<When> span_of_change(const Scene& scene, std::size_t index, Range clause) {
    const Sentence& sentence = scene.sentence;
    const auto& quantities = sentence.quantities_at();
    const std::size_t own = sentence.clause_at(quantities[index].at.begin);
    if (index < 2 || sentence.clause_at(quantities[index - 1].at.begin) + 1 != own) return std::nullopt;
    const TimeAt* to = time_beside(scene, quantities[index - 1], sentence.clause_range(quantities[index - 1].at.begin));
    const TimeAt* from = time_beside(scene, quantities[index - 2], sentence.clause_range(quantities[index - 2].at.begin));
    if (from == nullptr || to == nullptr || !from->time->from || !to->time->to || *from->time->from >= *to->time->to) return std::nullopt;
    for (const TimeAt& time : sentence.times_at())
      if (clause.covers(time.at)) return std::nullopt;
    const auto iso = [](const Civil& civil, Grain grain) { return grain >= Grain::kMonth ? format_civil_date(civil).substr(0, 7) : format_civil_date(civil); };
    auto when = parse_when(iso(*from->time->from, from->time->grain) + "/" + iso(*to->time->to, to->time->grain));
    if (!when) return std::nullopt;
    return *std::move(when);
  }

  // What narrows a measure: 数据中心业务 of 英伟达数据中心业务收入.
  static std::string scope_of(const Scene& scene, Range entity, Range noun, Range clause) {
    const Sentence& sentence = scene.sentence;
    // Of a subject told before: 甲营收…，AI业务收入….
    const bool outside = !clause.covers(entity) || entity.begin > noun.begin;
    if (!outside && entity.end > noun.begin) return {};
    Range between{outside ? clause.begin : entity.end, noun.begin};
    if (outside) {
      between = trimmed(sentence, phrase_before(scene, clause, noun.begin));
      if (!is_scope(sentence.text(between))) return {};
    }
    for (const TimeAt& time : sentence.times_at())
      if (between.covers(time.at)) between.begin = time.at.end;
    for (const WordHit& hit : sentence.words(Layer::kStance))
      if (between.covers(range_of(hit))) between.begin = hit.end;
    for (const WordHit& hit : sentence.words(Layer::kSource))
      if (between.covers(range_of(hit))) between.begin = hit.end;
    while (!between.empty() && (sentence.text()[between.begin] == ' ' || sentence.text()[between.begin] == '(')) ++between.begin;
    for (const std::string_view head : {"和", "与", "及", "的", "在", "其", "将", "'s ", "’s ", "’s", "'s"})
      if (sentence.text(between).starts_with(head)) between.begin += static_cast<std::uint32_t>(head.size());
    while (!between.empty() && sentence.text()[between.end - 1] == ' ') --between.end;
    if (sentence.text(between).ends_with("的")) between.end -= 3;
    const std::size_t length = between.empty() ? 0 : count_code_points(sentence.text(between));
    if (length < 2 || length > (sentence.english() ? 40U : 16U)) return {};
    for (const QuantityAt& quantity : sentence.quantities_at())
      if (between.touches(quantity.at)) return {};
    if (near(scene, between, {Word::kCompare, Word::kFrom, Word::kHold}) != nullptr) return {};
    for (const Name& name : sentence.names())
      if (between.touches(name.at) && is_company(name.kind)) return {};
    return sentence.original_text(between);
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
};

}  // namespace

std::unique_ptr<Rule> make_metric_rule() { return std::make_unique<Metric>(); }

}  // namespace annals
