#include "engine/claim/rules/metric/phrases.h"

#include <algorithm>

#include "engine/base/utf8.h"
#include "engine/claim/rules/metric/names.h"
#include "engine/claim/rules/metric/words.h"

namespace annals::metric {

Range trimmed(const Sentence& sentence, Range phrase) {
  static constexpr std::string_view kHeads[] = {
      " ",    "(",      "尽管", "即使",   "即便",  "每个",  "一个", "该", "单个", "每年", "每月", "每天", "每日", "每",   "另有", "另外",
      "对应", "意味着", ")",    "-",      "*",     "“",     "”",    "的", "其中", "此外", "同时", "另外",
      "而",   "但",     "且",   "和",     "及",    "与",    "并",   "在", "于",   "对",   "以",   "将",
      "把",   "当前",   "全部", "是",     "为",    "了",    "各",   "若", "按",   "使",   "令",   "有",
      "由于", "因为",   "虽然", "如果",   "即",    "约",    "：",   ":",  "、",   "the ", "its ", "a ",
      "an ",  "and ",   "but ", "while ", "with ", "that ", "of "};
  static constexpr std::string_view kTails[] = {
      " ",    "(",    "“",        "之中",     "发送",     "接待", "的",       "之",     "同比",     "环比",     "按年",     "按月",      "按季", "年度",
      "全期", "整体", "人均居住", "在",     "总",       "累计",     "平均",     "年均",      "日均", "月均",
      "单季", "全年", "上半年",   "下半年", "最高",     "最低",     "峰值",     "合计",      "合共", "整体",
      "年",   "月",   "年化", "综合",     "实际",   "名义",     "人均",     "每股",     "预计",      "目前", "本季度",
      "实现", "录得", "取得",     "达成",   "实现了",   "累计实现", "合计实现", "则",        "有",   "为",
      "’s",   "'s",   "’",        "'",      "average ", "total ",   "annual ",  "quarterly "};
  for (bool moved = true; moved && !phrase.empty();) {
    moved = false;
    for (const std::string_view head : kHeads)
      if (sentence.text(phrase).starts_with(head))
        phrase.begin += static_cast<std::uint32_t>(head.size()), moved = true;
    for (const std::string_view tail : kTails)
      if (sentence.text(phrase).ends_with(tail)) phrase.end -= static_cast<std::uint32_t>(tail.size()), moved = true;
  }
  return phrase;
}

Range phrase_before(const Scene& scene, Range clause, std::uint32_t end) {
  const Sentence& sentence = scene.sentence;
  std::uint32_t begin = clause.begin;
  const auto past = [&](Range range) {
    if (range.begin >= clause.begin && range.end <= end) begin = std::max(begin, range.end);
  };
  // 近三年 of 近三年复合增长率 ends inside the measure's word.
  for (const TimeAt& time : sentence.times_at())
    if (time.at.begin >= clause.begin && time.at.begin < end) begin = std::max(begin, std::min(time.at.end, end));
  // 4080显卡: part of a name.
  const auto in_name = [&](const QuantityAt& quantity) {
    return std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& name) {
      return name.entity != nullptr && name.at.covers(quantity.at) && name.at != quantity.at;
    });
  };
  for (const QuantityAt& quantity : sentence.quantities_at())
    // 10年期国债: part of what it stands before.
    if (!in_name(quantity) && !(quantity.quantity->kind == QuantityKind::kDuration && sentence.text().substr(quantity.at.end).starts_with("期")) &&
        !idle(*quantity.quantity, sentence.text(quantity.at))) {
      // 三家基金: the counter goes with the number.
      Range counted = quantity.at;
      if (quantity.quantity->kind == QuantityKind::kNumber &&
          sentence.text().substr(counted.end).starts_with(quantity.quantity->unit))
        counted.end += static_cast<std::uint32_t>(quantity.quantity->unit.size());
      past(counted);
    }
  for (const WordHit& hit : sentence.words(Layer::kStance)) past(range_of(hit));
  for (const WordHit& hit : sentence.words(Layer::kSource))
    if (!is(hit, SourceCue::kCrowd) && !is(hit, SourceCue::kDocument) && !is(hit, SourceCue::kAnonymous))
      past(range_of(hit));
  for (const WordHit& hit : scene.words())
    if (one_of(hit, {Word::kHold, Word::kFrom, Word::kCompare, Word::kRise, Word::kFall}) &&
        !(hit.end - hit.begin == 3 && sentence.text().substr(hit.end).starts_with("端")))
      past(range_of(hit));
  return trimmed(sentence, {std::min(begin, end), end});
}

Range phrase_behind(const Scene& scene, Range clause, Range inner) {
  const Sentence& sentence = scene.sentence;
  std::uint32_t end = inner.begin;
  for (bool moved = true; moved;) {
    moved = false;
    const auto back = [&](Range range) {
      if (range.begin >= clause.begin && range.end == end && range.begin < end) end = range.begin, moved = true;
    };
    for (const std::string_view joint : {" ", "在", "的", "于", "将", "，", "则", "其", "也", "对"})
      if (end >= clause.begin + joint.size() && sentence.text({clause.begin, end}).ends_with(joint))
        end -= static_cast<std::uint32_t>(joint.size()), moved = true;
    for (const TimeAt& time : sentence.times_at()) back(time.at);
    for (const WordHit& hit : sentence.words(Layer::kStance)) back(range_of(hit));
    for (const WordHit& hit : sentence.words(Layer::kSource))
      if (is(hit, SourceCue::kExpects)) back(range_of(hit));
  }
  if (end >= inner.begin || end <= clause.begin) return {};
  return phrase_before(scene, clause, end);
}

bool is_noun_phrase(const Sentence& sentence, Range phrase) {
  const std::string_view text = sentence.text(phrase);
  if (phrase.empty()) return false;
  const std::size_t length = count_code_points(text);
  if (sentence.english()) return false;
  if (length < 2 || length > 14) return false;
  if ((text.find(')') != std::string_view::npos) != (text.find('(') != std::string_view::npos) || text[0] == '/')
    return false;
  if ((text.find("《") != std::string_view::npos) != (text.find("》") != std::string_view::npos)) return false;
  static constexpr std::u32string_view kGrammar =
      U"几亦我你他她它们這这那此其該该誰谁哪每各都也就才又還还更最很太并並而但或若如因由被把將将令使讓让要不沒没未了着"
      U"過过去說说話话是到與給给嗎吗呢吧啊得须須曾已正仍只仅僅共约約等则則且虽雖所者咁嘅佢哋冇係喺唔睇嚟啲咗?!？！。；;"
      U"“”「」『』\"";
  // 并行方案, 正常运行: characters of the grammar at the head of words of content.
  static constexpr std::string_view kContent[] = {"正常", "正极", "正版", "并行", "并购", "并网", "并发", "未来", "不锈钢", "不动产", "过滤", "过程"};
  for (std::size_t i = 0; i < text.size();) {
    const auto* word = std::find_if(std::begin(kContent), std::end(kContent), [&](std::string_view each) { return text.substr(i).starts_with(each); });
    if (word != std::end(kContent)) {
      i += word->size();
      continue;
    }
    const CodePoint c = decode_utf8(text, i);
    if (kGrammar.find(c.value) != std::u32string_view::npos) return false;
    i += c.length;
  }
  static constexpr std::string_view kVerbs[] = {
      "登陆",     "挂牌",     "停止",     "暂停",   "中止",   "拒绝", "允许", "禁止",   "批准",   "宣布", "以来",
      "首发",     "新品",     "两款",     "购入",   "封顶",   "门槛", "亦较", "同期",   "同时",   "连续", "收盘",
      "开盘",     "申报",     "剔除",     "扣除",   "招股书", "公告", "财报", "年报",   "经调整", "占",   "每股",
      "股股",     "最低配置", "配置要求", "建设和", "突破",   "派发", "以下", "以上",   "期内",   "有关", "认为",
      "可以",     "可能",     "能够",     "应该",   "必须",   "进行", "开始", "继续",   "成为",   "需要", "表示",
      "希望",     "参与",     "发起",     "造成",   "导致",   "加上", "除了", "连同",   "包括",   "覆盖", "相关",
      "上述",     "一般",     "首先",     "其次",   "例如",   "譬如", "当中", "方面",   "期间",   "之间", "以及",
      "另一",     "今次",     "是次",     "当时",   "当年",   "现时", "有些", "部分",   "大部",   "不少", "多数",
      "理论上",   "截至",     "发稿",       "数据显示", "数据显示", "报告显示", "牵涉",   "涉及",   "获得", "收取", "支付",   "面对",   "承担", "负责",
      "占用",     "征收",     "增设",     "设立",   "兴建",   "冻结", "扣押", "缴获",   "查获",   "检获", "下面",
      "一起",     "属于",     "动用",     "提出",   "要求",   "批出", "获批", "考虑",   "投入",   "用作", "作为",
      "平均",     "最高",     "最低",     "合共",   "总共",   "官方", "标准", "报告期", "实现",   "确保", "保证",
      "提供",     "带来",     "带动",     "推动",   "拉动",   "节省", "产生", "形成",   "打破",   "追求", "满足",
      "申请",     "同学",     "经理",     "先生",   "女士",   "小姐", "教授", "主席",   "议员",   "认",   "潜力",
      "记者",     "潜在",     "拨款",     "点此",   "领券",   "立减", "到手", "首销",   "起售",   "国补", "现汇率",
      "汇率",     "附",       "售",       "优惠",   "叠加",   "预售", "可选", "版本",   "规格",   "配色"};
  if (holds_any(text, kVerbs)) return false;
  // All letters and digits: a name in Latin letters is somebody's only where the sentence finder saw one.
  return std::any_of(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; });
}

bool is_scope(std::string_view phrase) {
  static constexpr std::string_view kTails[] = {
      "游戏", "定位",   "尺寸", "方面",   "参数",   "配置",   "成交", "交货", "交易", "众筹", "出口", "下",   "精度",
      "理论", "单芯片", "单卡", "单机",   "单颗",   "场景",   "采购", "业务", "部门", "板块", "分部", "服务", "广告",
      "订阅", "海外",   "国内", "境外",   "境内",   "线上",   "线下", "直销", "主营", "股东", "利息", "总",   "累计",
      "合计", "单季",   "口径", "经调整", "调整后", "第三方", "自营", "渠道", "国际", "云",   "会员"};
  static constexpr std::string_view kWhole[] = {
      "新能源",   "全系列",   "年封顶", "总购入", "无门槛", "海外市场", "国内市场", "境外市场", "欧洲市场", "终端市场",
      "项目建设", "招股书",   "屏幕",   "电池",   "内屏",   "外屏",     "主摄",     "电机",     "电芯",     "增程器",
      "发动机",   "前置",     "后置",   "芯片",   "处理器", "传感器",   "主板",     "镜头",     "总工业",   "新车",
      "新机",     "新款",     "新品",   "车型",   "机身",   "整机",     "产品",     "设计",     "执行",     "加开",
      "岗位",     "回购股份", "全年",   "当前",   "市场",   "行业",     "官方",     "企业",     "品牌",     "系列",
      "版本",     "项目",     "集群",   "系统",   "单车",   "单台",     "单位",     "平均",     "目标",     "理论",
      "最新",     "公司",     "集团",   "旗下",   "相关",   "整体",     "全球",     "国际",     "原价",     "现价",
      "定价",     "套餐",     "门票",   "物业",   "股份",   "规模",     "本次",     "此次",     "今次",     "报告",
      "资金",     "贷款",     "一季度", "机构",   "个人",   "金融机构", "用户",     "客户",     "收益"};
  if (phrase.starts_with("占") || phrase.starts_with("归属") || phrase.starts_with("归母") ||
      phrase.starts_with("扣非") || phrase.starts_with("向") || phrase.starts_with("对") || phrase.starts_with("能") ||
      phrase.starts_with("可") || phrase.starts_with("会") || phrase.starts_with("想") || phrase.starts_with("为"))
    return true;
  if (std::any_of(std::begin(kWhole), std::end(kWhole), [&](std::string_view whole) { return phrase == whole; }))
    return true;
  return std::any_of(std::begin(kTails), std::end(kTails),
                     [&](std::string_view tail) { return phrase.ends_with(tail); });
}

std::optional<Subject> before_bracket(const Figure& figure) {
  const Scene& scene = figure.scene;
  const Sentence& sentence = figure.sentence;
  const std::string_view all = sentence.text();
  std::uint32_t open = figure.at.begin;
  while (open > figure.clause.begin && figure.at.begin - open <= 12 && all[open - 1] != '(') --open;
  if (open <= figure.clause.begin || all[open - 1] != '(') return std::nullopt;
  --open;
  for (const Name& name : sentence.names())
    if (name.at.end == open && stands_for_itself(name.kind) && name.kind != EntityKind::kProductClass &&
        std::none_of(scene.words().begin(), scene.words().end(),
                     [&](const WordHit& hit) { return measure_of(hit) != nullptr && range_of(hit) == name.at; }))
      return Subject{name.ref, name.at, EntityKind::kOther};
  std::uint32_t begin = figure.clause.begin;
  for (std::uint32_t i = figure.clause.begin; i < open;) {
    const CodePoint c = decode_utf8(all, i);
    if (c.value == U'、' || c.value == U'是' || c.value == U'为' || c.value == U'和' || c.value == ')' ||
        c.value == U'的' || c.value == U'括')
      begin = i + c.length;
    i += c.length;
  }
  const std::size_t length = count_code_points(all.substr(begin, open - begin));
  if (length < 2 || length > 12) return std::nullopt;
  const Range phrase = trimmed(sentence, {begin, open});
  if (!is_noun_phrase(sentence, phrase) || is_scope(sentence.text(phrase))) return std::nullopt;
  // 920C的算力(约800 TFLOPS): what stands before the bracket is what is measured. 搭载120度电池(…): a part, not its bearer.
  for (const WordHit& hit : scene.words())
    if (range_of(hit).touches(phrase) &&
        (is(hit, Word::kHold) || is(hit, Word::kFrom) || is(hit, Word::kRise) || is(hit, Word::kFall) ||
         (measure_of(hit) != nullptr && hit.end + 3 > phrase.end)))
      return std::nullopt;
  for (const QuantityAt& other : sentence.quantities_at())
    if (other.at.touches(phrase)) return std::nullopt;
  return as_written_in(sentence, phrase, EntityKind::kOther);
}

std::string scope_of(const Scene& scene, Range entity, Range noun, Range clause) {
  const Sentence& sentence = scene.sentence;
  // Of a subject told before: 甲营收…，AI业务收入….
  const bool outside = !clause.covers(entity) || entity.begin > noun.begin;
  if (!outside && entity.end > noun.begin) return {};
  Range between{outside ? clause.begin : entity.end, noun.begin};
  if (outside) {
    between = trimmed(sentence, phrase_before(scene, clause, noun.begin));
    // 其中电动汽车销量…: of that part.
    if (!is_scope(sentence.text(between)) && !sentence.text(clause).starts_with("其中")) return {};
  }
  for (const TimeAt& time : sentence.times_at())
    if (between.covers(time.at)) between.begin = time.at.end;
  for (const WordHit& hit : sentence.words(Layer::kStance))
    if (between.covers(range_of(hit))) between.begin = hit.end;
  for (const WordHit& hit : sentence.words(Layer::kSource))
    if (between.covers(range_of(hit))) between.begin = hit.end;
  while (!between.empty() && (sentence.text()[between.begin] == ' ' || sentence.text()[between.begin] == '('))
    ++between.begin;
  for (const std::string_view head : {"和", "与", "及", "的", "在", "其", "将", "'s ", "’s ", "’s", "'s"})
    if (sentence.text(between).starts_with(head)) between.begin += static_cast<std::uint32_t>(head.size());
  // 生产者价格指数(PPI): up to the bracket that the measure stands in.
  if (const std::size_t open = sentence.text(between).find('('); open != std::string_view::npos && sentence.text(between).find(')') == std::string_view::npos)
    between.end = between.begin + static_cast<std::uint32_t>(open);
  while (!between.empty() && sentence.text()[between.end - 1] == ' ') --between.end;
  if (sentence.text(between).ends_with("的")) between.end -= 3;
  const std::size_t length = between.empty() ? 0 : count_code_points(sentence.text(between));
  if (length < 2 || length > (sentence.english() ? 40U : 16U)) return {};
  for (const QuantityAt& quantity : sentence.quantities_at())
    if (between.touches(quantity.at)) return {};
  if (near(scene, between, {Word::kCompare, Word::kFrom, Word::kHold}) != nullptr) return {};
  static constexpr std::string_view kVerbs[] = {"raised", "raises", "hiked", "boosted", "lifted", "slashed", "lowered", "trimmed", "cut ", "increased", "reduced"};
  if (sentence.english() && (holds_any(sentence.text(between), kVerbs) || sentence.text(between) == "cut")) return {};
  for (const Name& name : sentence.names())
    if (between.touches(name.at) && is_company(name.kind)) return {};
  return sentence.original_text(between);
}

}  // namespace annals::metric
