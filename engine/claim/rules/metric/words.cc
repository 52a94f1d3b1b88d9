#include "engine/claim/rules/metric/words.h"

#include <array>
#include <vector>

#include "engine/base/utf8.h"

namespace annals::metric {
namespace {

constexpr WordRow row(Word word, std::string_view words) { return {static_cast<Sense>(word), words}; }

// Those of Word::kNone only hide shorter words in them: 大面积 is no 面积.
constexpr auto kOwnWords = std::to_array<WordRow>({
    row(Word::kNone,
        "正常运行时间|运行时间|移动互联网|互联网|物联网|车联网|快超过|快超|快要|快到|快达|快满|快速|快将|年产生|月产生|年产业|年产品|月产品|大面积|小面积|可比|比亚迪|比特币|比利时|比赛|全面积|限制性股票|股票奖励|股票型|只股票|具体参数|参数配置|旅客列车|旅客运输|现汇率|"
        "政府补贴|有限|有关|有望|所有|拥有者|报道|报告|报导|报名|日报|晚报|周报|财报|海报|申报|汇报|到期|到来|"
        "到底|遭到|得到|收到|看到|感到|直到|迟到|到位|到手|到港|到场|至少|至今|以至|乃至|是否|是次|于是|但是|"
        "还是|总是|只是|而是|就是|高等|高级|高中|高度重视|高管|高层|高端|高峰|高速|高铁|高通|高盛|高考|高校|"
        "高科技|最高法院|提高警惕|低空|低碳|低端|最低工资|多元|多家|多名|多个|多次|多种|多数|多年|许多|众多|少数|"
        "少年|少女|至少有|减少了解|升级|升学|晋升|直升机|投资者|投资人|投资方|投资银行|投资公司|投资基金|"
        "投资机构|投资组合|投资顾问|投资建议|投资评级|销售团队|销售渠道|销售模式|生产线|生产商|生产力|生产者|"
        "生产总值|生产工艺|收购案|收购方|收购要约|利润分配|预算案|预算法|发行人|发行商|订单式|成本价|成本控制|"
        "用户体验|用户名|用户群|用户端|客户端|客户经理|人口普查|股票代码|股票市场|股票期权|现金流量表|现金奖|"
        "贷款人|补贴政策|补贴款|关税战|关税政策|工艺品|存储芯片|存储器|内存条|内存芯片|内存厂|电池厂|电池级|"
        "电池组|电池片|电池包|参数化|速度感|容量瓶|性能车|指数级|指数基金|规模化|规模以上|融资融券|融资租赁|"
        "性能释放|部署了解|进口商|出口商|出口管制|进口货|需求方|需求侧|成交价|工程费|价值观|价值链|价格战|资金链|"
        "资金面|资金流|has been|have been|had been|power of attorney|stock exchange|stock market|share of voice|"
        "sales team|sales of|sales manager|sales force|memory maker|memory chip|memory chips|process of|"
        "growth stock|growth engine|stock split|stock option|price war|range of|a range of|cut off|shares of|"
        "in the process|cash flow statement|at cost|spend time|orders of magnitude|cost of living|pay tv|pay for|"
        "pay attention|pay off|to raise concerns|user experience|staff writer|staff member|staff reporter|"
        "population of voters"),
    row(Word::kLink,
        "同样|通常|可达到|可达|最高可达|多在|多为|大多在|大多为|大都在|普遍在|集中在|余额|净额|日内|迄今|今年迄今|来到|更是|惊人的|甚至|晚些时候|已经|竟然|竟|则|已|又|达到|达|为|约为|约|至|"
        "到|超过|超|突破|逾|近|仅为|仅|是|为止|录得|报|收报|均为|分别为|预测为|高达|低至|共计|合计|合共|共|总计|"
        "累计|总共|有|需|需要|实现|接近|不足|不到|超出|大约|相当于|等于|介于|位于|维持在|稳定在|控制在|保持在|"
        "处于|首次突破|已突破|创下|高见|低见|同比|环比|按年|按月|按季|年比|季比|较上一交易日|较上个交易日|较前一日|较前日|较上日|较上年同期|较去年同期|较上年|"
        "较去年|较上季度|较上季|较上月|较前一年|比去年同期|比去年|比上年|与去年同期相比|与上年同期相比|相比去年|"
        "相较去年|较前一交易日|较上周|对比|大幅|小幅|轻微|略微|略|微|累积|平均|一度|盘中|盘前|盘后|早盘|午后|"
        "尾盘|开盘|收盘|截至发稿|现|再|均|各|都|全年|上半年|首次|最高|最低|最多|最少|最大|至多|起|规模|水平|左右|"
        "上下|以上|以下|级别|美股|港股|a股|隔夜|夜盘|截至发稿时|定格在|定格于|见顶于|报于|收于|报收于|跌到|降到|"
        "升到|涨到|保持|维持|reached|reach|reaches|totalled|totaled|total|was|were|is|are|be|of|at|to|by|about|around|"
        "nearly|almost|roughly|some|over|more than|less than|up to|as much as|as high as|as low as|at least|"
        "stood at|hit|came to|came in at|amounted to|amount to|exceeded|exceed|exceeding|topped|reaching|"
        "totalling|totaling|worth|in|for|the|a|an|year on year|year-on-year|year over year|year-over-year|yoy|"
        "quarter on quarter|quarter-on-quarter|qoq|from a year earlier|from a year ago|"
        "compared with a year earlier|record|only|just|an estimated|estimated|approximately"),
    row(Word::kHold,
        "分为|分成|互联|拼接|切出|配备|匹配|搭配|选配|配套|提供|利用|连接|连接多达|组成|配合|兼容|适配|基于|对标|"
        "辅以|拥有|具备|具有|采用|搭载|配有|支持|内置|集成|配置|装有|标配|选用|使用|覆盖|包括|包含|含有|辅以|"
        "运行|需要|use|using|deploy|deploys|has|have|had|with|featuring|features|feature|packs|offers|offer|offering|carries|includes|"
        "including|uses|supports|equipped with|boasts|posted|posts|reported|recorded|delivers|provides"),
    row(Word::kRise,
        "放量|增长|增加|增|上涨|上升|上扬|上行|走高|高开|涨|升|提升|提高|提升至|提高至|攀升|攀升至|飙升|飙升至|"
        "飙涨|提价|大涨|急升|急涨|跳涨|扩大|扩大至|扩张|上调|上调至|上修|高出|高于|高|多|增至|升至|涨至|翻|优于|强于|"
        "快|反弹|回升|涨价|加价|rose|rise|rises|rising|grew|grow|grows|growing|increased|increase|increases|"
        "climbed|climbs|jumped|jumps|surged|surges|gained|gains|up|higher|soared|soars|advanced|rallied|expanded|"
        "doubled|raised to|rose to|rallies|added"),
    row(Word::kFall,
        "缩量|下降|下跌|下滑|下挫|下行|走低|低开|跌|降|降低|降低至|降至|降幅达|跌至|减少|减|缩短|缩短至|缩减|"
        "缩减至|下调|下调至|下修|回落|回落至|收窄|收窄至|骤降|锐减|暴跌|大跌|急跌|挫|萎缩|低于|低|少|贬值|降价|"
        "缩水|收缩|节省|节约|减至|慢|fell|fall|falls|falling|declined|declines|decreased|decrease|decreases|"
        "dropped|drops|lost|loses|slid|slides|tumbled|tumbles|plunged|plunges|sank|down|lower|shrank|shrinks|"
        "slipped|slips|contracted|slumped|eased to|cut to|reduced|reduces|reduce|shed"),
    row(Word::kGuidance, "指引|展望|guidance|outlook"),
    row(Word::kCompare, "比|较|相比|相对|相较|超越|than|versus|compared with|compared to|above|below"),
    row(Word::kFrom, "从|由|from"),
    row(Word::kEach, "分别|respectively"),
});

}  // namespace

std::span<const WordRow> all_words() {
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

const WordHit* near(const Scene& scene, Range in, std::initializer_list<Word> words) {
  const WordHit* found = nullptr;
  for (const WordHit& hit : scene.words())
    if (in.covers(range_of(hit)) && one_of(hit, words)) found = &hit;
  return found;
}

unsigned leftover(const Scene& scene, Range in, bool names) {
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
    if (mark || c.value == U'的' || c.value == U'了' || c.value == U'在' || c.value == U'于' || c.value == U'也' ||
        c.value == U'“' || c.value == U'”') {
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

int direction(const Scene& scene, Range in) {
  int way = 0;
  for (const WordHit& hit : scene.words()) {
    // 收窄至少三成: the number's own bound takes the end of the verb.
    const bool bound = in.covers(hit.begin) && hit.end > in.end && hit.end <= in.end + 3;
    if (!in.covers(range_of(hit)) && !bound) continue;
    if (is(hit, Word::kRise)) way = 1;
    if (is(hit, Word::kFall)) way = -1;
  }
  return way;
}

bool to_level(const Sentence& sentence, Range gap) {
  // 升至2025年8月的8万亿: the time is the number's.
  for (const TimeAt& time : sentence.times_at())
    if (gap.covers(time.at) && gap.end - time.at.end <= 6) gap.end = time.at.begin;
  std::string_view text = sentence.text(gap);
  while (text.ends_with(" ") || text.ends_with("约") || text.ends_with("近"))
    text.remove_suffix(text.ends_with(" ") ? 1 : 3);
  if (text.ends_with(" to t") || text.ends_with(" to nt")) return true;  // T$452 billion
  if (text.ends_with("至") || text.ends_with("到") || text.ends_with(" to") || text.ends_with("至约")) return true;
  return text.ends_with(" at") || text.ends_with(" to about") || text.ends_with(" to around");
}

bool verb_before(const Scene& scene, std::uint32_t at) {
  return std::any_of(scene.words().begin(), scene.words().end(), [&](const WordHit& hit) {
    return hit.end == at && one_of(hit, {Word::kLink, Word::kRise, Word::kFall});
  });
}

bool near_before(const Scene& scene, std::uint32_t at) {
  for (const WordHit& hit : scene.words())
    if (one_of(hit, {Word::kRise, Word::kFall}) && hit.end <= at && at - hit.end <= 10) return true;
  return false;
}

}  // namespace annals::metric
