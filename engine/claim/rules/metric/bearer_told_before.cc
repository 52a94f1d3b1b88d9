// The steps of a search for a bearer that look at what stands before the number's clause.

#include <algorithm>
#include <string_view>

#include "engine/base/utf8.h"
#include "engine/claim/rules/metric/bearer_search.h"
#include "engine/claim/rules/metric/names.h"
#include "engine/claim/rules/metric/phrases.h"
#include "engine/claim/rules/metric/words.h"

namespace annals::metric {
namespace {

// Who announces at the head of a clause, by a name that the lexicon lacks: 某某航空公告.
std::optional<Subject> teller_of(const Scene& scene, Range whole, Range at) {
  const Sentence& sentence = scene.sentence;
  static constexpr std::string_view kTells[] = {"公告", "发布", "披露", "公布", "晚间", "发公告",
                                                "财报", "年报", "表示", "预告", "预计"};
  for (const Clause& clause : sentence.clauses()) {
    if (!whole.covers(clause.at) || clause.at.begin >= at.begin) continue;
    std::size_t first = std::string_view::npos;
    for (const std::string_view tell : kTells) first = std::min(first, sentence.text(clause.at).find(tell));
    if (first == std::string_view::npos || first == 0) continue;
    const Range name = phrase_before(scene, clause.at, clause.at.begin + static_cast<std::uint32_t>(first));
    if (!is_noun_phrase(sentence, name) || count_code_points(sentence.text(name)) > 8 || is_scope(sentence.text(name)))
      continue;
    const bool known = std::any_of(sentence.names().begin(), sentence.names().end(),
                                   [&](const Name& each) { return each.at.touches(name) && !is_company(each.kind); });
    if (!known) return as_written_in(sentence, name, EntityKind::kCompany);
  }
  return std::nullopt;
}

// Another thing is spoken of, by words that are no name: 这款笔记本, 该机, 新车.
bool speaks_of_another(const Sentence& sentence, Range before) {
  static constexpr std::string_view kThings[] = {
      "这款",   "该机", "该车",   "新机",   "新车",     "本机",   "整机",   "这台",     "此款",
      "两款",   "新款", "该款",   "该手机", "该笔记本", "该平板", "该电视", "该显示器", "该系列",
      "该主板", "手机", "笔记本", "平板",   "掌机",     "车型",   "版本",   "机型"};
  return holds_any(sentence.text(before), kThings);
}

}  // namespace

// The clause names somebody else, in words that are no name.
bool Search::names_somebody_else() const {
  const bool foreign = words > (its || scope ? 14U : sentence.english() ? 40U : 8U);
  return foreign || (bearer == Bearer::kThing && speaks_of_another(sentence, {whole.begin, at.begin}));
}

// What goes on without naming anybody is told of whom the figure before is of.
std::optional<Subject> Search::figure_before() const {
  if (!memory.there || !open || !(memory.in_sentence_of(figure) || words == 0 || its)) return std::nullopt;
  // …，共计12P算力: a sum of what was told just before is had by whom that was told of.
  const std::string_view opening = sentence.text(clause);
  const bool sum = opening.starts_with("共计") || opening.starts_with("合计") || opening.starts_with("总计");
  const bool same = bearer == Bearer::kAny || fits(bearer, memory.subject.kind) || !memory.subject.ref.known || sum;
  if (same) return memory.subject;
  return std::nullopt;
}

// The subject of an earlier clause of the sentence, the nearest first.
std::optional<Subject> Search::earlier_clauses() const {
  for (std::size_t i = own; i > 0;) {
    --i;
    const Range earlier = sentence.clauses()[i].at;
    if (sentence.clauses()[i].sentence != sentence.clauses()[own].sentence) break;
    if (auto found = called_in(earlier)) return found;
    if (auto found = example_in(earlier)) return found;
    if (auto found = named_in(earlier)) return found;
    if (auto found = pointed_at_in(earlier)) return found;
    if (auto found = place_in(earlier)) return found;
    if (own - i > 1) continue;
    if (auto found = phrase_in(earlier)) return found;
    if (auto found = launched_in(earlier)) return found;
    if (auto found = opener_in(earlier)) return found;
  }
  return std::nullopt;
}

// 代号“甲”: a name in quotation marks.
std::optional<Subject> Search::called_in(Range earlier) const {
  for (const std::string_view called :
       {"代号“", "名称为“", "名为“", "命名为“", "代号「", "名為「", "code-named \"", "dubbed \""}) {
    const std::size_t place = sentence.text(earlier).find(called);
    if (place == std::string_view::npos) continue;
    const std::string_view rest = sentence.text(earlier).substr(place + called.size());
    const std::size_t close = std::min({rest.find("”"), rest.find("」"), rest.find('"')});
    if (close == std::string_view::npos || close == 0 || close > 30) continue;
    const auto begin = static_cast<std::uint32_t>(earlier.begin + place + called.size());
    const Range at_name{begin, begin + static_cast<std::uint32_t>(close)};
    if (bearer != Bearer::kFirm) return as_written_in(sentence, at_name, EntityKind::kProduct);
  }
  return std::nullopt;
}

// Who stands for itself there, rather one that can bear the measure.
std::optional<Subject> Search::named_in(Range earlier) const {
  const Name* subject = nullptr;
  for (const Name& name : sentence.names()) {
    if (!earlier.covers(name.at) || !stands_for_itself(name.kind) || in_aside(sentence, name.at, at) ||
        is_part(scene, name) || compared(scene, name, earlier) || is_object(scene, name, earlier))
      continue;
    if (speaks(scene, name) && (bearer == Bearer::kThing || is_house(name))) continue;
    // 某某统计数据显示: who counted.
    static constexpr std::string_view kCounted[] = {"统计", "调查", "调研", "监测", "测算", "数据显示"};
    const std::string_view after = sentence.text().substr(name.at.end);
    if (!its && std::any_of(std::begin(kCounted), std::end(kCounted), [&](std::string_view word) { return after.starts_with(word); })) continue;
    if (name.kind == EntityKind::kProductClass &&
        (name.at.begin > earlier.begin + 9 || (bearer == Bearer::kThing && !has_data_sheet(name))))
      continue;
    // 获准外销的甲芯片，在某条件下的算力…: a thing that a clause leads up to is what the next one is about.
    if (bearer == Bearer::kThing && name.at.end != earlier.end && leftover(scene, {earlier.begin, name.at.begin}, true) > 3) continue;
    if (subject == nullptr || (!fits(bearer, subject->kind) && fits(bearer, name.kind))) subject = &name;
  }
  if (subject != nullptr && fits(bearer, subject->kind)) return subject_of_name(*subject);
  return std::nullopt;
}

// 以甲为例: of whom the example is.
std::optional<Subject> Search::example_in(Range earlier) const {
  const std::string_view text = sentence.text(earlier);
  if (!text.starts_with("以") || !text.ends_with("为例")) return std::nullopt;
  const Name* shown = nullptr;
  for (const Name& name : sentence.names())
    if (earlier.covers(name.at) && (stands_for_itself(name.kind) || bearer != Bearer::kThing) &&
        (shown == nullptr || is_product(name.kind)))
      shown = &name;
  for (const QuantityAt& number : sentence.quantities_at())
    if (earlier.covers(number.at) && (bearer == Bearer::kThing || !what.counted.empty()))
      if (const Entity* product = product_by_number(scene, sentence.text(number.at)))
        return Subject{{product->id, sentence.original_text(number.at), true}, number.at, product->kind};
  if (shown == nullptr || (bearer != Bearer::kAny && !fits(bearer, shown->kind))) return std::nullopt;
  return subject_of_name(*shown);
}

// 公司推出甲方案，…性能提升至5倍: what was brought out just before.
std::optional<Subject> Search::launched_in(Range earlier) const {
  if (bearer != Bearer::kThing || !what.word || sentence.english()) return std::nullopt;
  static constexpr std::string_view kBrings[] = {"推出了", "推出", "发布了", "发布", "研制出", "研发出", "打造了", "开发出"};
  const std::string_view text = sentence.text(earlier);
  for (const std::string_view brings : kBrings) {
    const std::size_t place = text.rfind(brings);
    if (place == std::string_view::npos) continue;
    Range thing = trimmed(sentence, {earlier.begin + static_cast<std::uint32_t>(place + brings.size()), earlier.end});
    if (const std::size_t of = sentence.text(thing).rfind("的"); of != std::string_view::npos)
      thing.begin += static_cast<std::uint32_t>(of + 3);
    if (!is_noun_phrase(sentence, thing) || count_code_points(sentence.text(thing)) < 4 || is_scope(sentence.text(thing)))
      return std::nullopt;
    return as_written_in(sentence, thing, EntityKind::kProduct);
  }
  return std::nullopt;
}

// 该芯片, 公司: whoever is meant by it.
std::optional<Subject> Search::pointed_at_in(Range earlier) const {
  if (const WordHit* frame = sentence.last(Layer::kFrame, FrameCue::kThisProduct, earlier);
      frame != nullptr && bearer != Bearer::kFirm)
    if (auto meant = this_product(scene, *frame)) return meant;
  if (bearer != Bearer::kThing && sentence.last(Layer::kFrame, FrameCue::kCompany, earlier) != nullptr &&
      scene.article.company)
    return Subject{scene.article.company->ref, at, EntityKind::kCompany};
  return std::nullopt;
}

// An agency or a place that opens the clause goes on as well, with what places have.
std::optional<Subject> Search::place_in(Range earlier) const {
  static constexpr std::string_view kOfPlaces[] = {
      "exports",      "imports",          "surplus",     "deficit",
      "tariff",       "reserves",         "output",      "installed_capacity",
      "demand",       "supply",           "budget",      "visitors",
      "sales_volume", "penetration_rate", "market_size", "inventory",
      "growth_rate",  "net_injection"};
  for (const Name& name : sentence.names())
    if ((bearer == Bearer::kPlace || (bearer == Bearer::kAny && std::find(std::begin(kOfPlaces), std::end(kOfPlaces),
                                                                          what.name) != std::end(kOfPlaces))) &&
        earlier.covers(name.at) && name.at.begin <= earlier.begin + 12 &&
        (name.kind == EntityKind::kAgency || name.kind == EntityKind::kCountry || name.kind == EntityKind::kRegion) &&
        !is_object(scene, name, earlier) && !speaks(scene, name))
      return subject_of_name(name);
  return std::nullopt;
}

// A phrase that has a figure's measure in it: 全球工业显示面板厂商….
std::optional<Subject> Search::phrase_in(Range earlier) const {
  if (what.word && !act && open)
    for (const WordHit& hit : scene.words())
      if (measure_of(hit) != nullptr && earlier.covers(range_of(hit))) {
        Range before = phrase_before(scene, earlier, hit.begin);
        if (const std::size_t in = sentence.text(before).find("在"); in != std::string_view::npos)
          before.end = before.begin + static_cast<std::uint32_t>(in);
        if (before.begin <= earlier.begin + 6 && is_noun_phrase(sentence, before) && !is_scope(sentence.text(before)) &&
            may_bear(scene, earlier, before, bearer))
          return as_written_in(sentence, before, EntityKind::kOther);
        break;
      }
  return std::nullopt;
}

// 某网关通过缓存，将延迟降低96%: by which means, and of whom, in words that no list has.
std::optional<Subject> Search::opener_in(Range earlier) const {
  if (!what.word || act || bearer == Bearer::kFirm || sentence.english()) return std::nullopt;
  static constexpr std::string_view kMeans[] = {"通过", "凭借", "借助", "依托", "采用", "利用"};
  std::size_t first = std::string_view::npos;
  for (const std::string_view means : kMeans) first = std::min(first, sentence.text(earlier).find(means));
  if (first == std::string_view::npos || first == 0) return std::nullopt;
  Range phrase_there = phrase_before(scene, earlier, earlier.begin + static_cast<std::uint32_t>(first));
  for (const std::string_view adverb : {"大比例", "全面", "首次", "广泛", "率先", "全部", "主要"})
    if (sentence.text(phrase_there).ends_with(adverb)) phrase_there.end -= static_cast<std::uint32_t>(adverb.size());
  if (!is_noun_phrase(sentence, phrase_there) || is_scope(sentence.text(phrase_there)) || count_code_points(sentence.text(phrase_there)) < 3)
    return std::nullopt;
  return as_written_in(sentence, phrase_there, EntityKind::kOther);
}

// Who reports is who earned it: "Apple reported quarterly revenue of …".
std::optional<Subject> Search::who_reports() const {
  if (bearer == Bearer::kFirm && what.name != "target_price" && what.name != "share_price")
    if (const Name* firm = firm_before(scene, at)) return subject_of_name(*firm);
  return std::nullopt;
}

// 某某航空公告，…实现营业收入…: a firm that the lexicon lacks tells of itself.
std::optional<Subject> Search::who_tells() const {
  if (bearer == Bearer::kFirm)
    if (auto teller = teller_of(scene, whole, at)) return teller;
  return std::nullopt;
}

// What the article is about, where nobody else is named before it.
std::optional<Subject> Search::article() const {
  if (act) return std::nullopt;
  const bool others = std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& name) {
    return whole.begin <= name.at.begin && name.at.end <= at.begin &&
           (name.kind == EntityKind::kCountry || name.kind == EntityKind::kRegion || name.kind == EntityKind::kAgency ||
            name.kind == EntityKind::kOrganization || name.kind == EntityKind::kPerson) &&
           !speaks(scene, name);
  });
  if (others && !its && !(bearer == Bearer::kFirm && words == 0)) return std::nullopt;
  if (!open) return std::nullopt;
  // Who counts has the figures of others.
  const bool house = scene.article.company && scene.article.company->entity != nullptr &&
                     (scene.article.company->entity->tagged("research") || scene.article.company->entity->tagged("rating"));
  if (house && bearer != Bearer::kThing) return std::nullopt;
  if (bearer == Bearer::kThing && what.word && scene.article.product && scene.article.product_clear &&
      has_data_sheet(*scene.article.product))
    return Subject{scene.article.product->ref, at, EntityKind::kProduct};
  // 截至季末，其现金…: of the firm that the statement before told of.
  if (its && bearer == Bearer::kFirm && scene.told != nullptr && scene.told->company)
    return Subject{scene.told->company->ref, at, EntityKind::kCompany};
  if (bearer == Bearer::kFirm && scene.article.company && scene.article.company_clear)
    return Subject{scene.article.company->ref, at, EntityKind::kCompany};
  if (bearer == Bearer::kAny && scene.article.company && scene.article.company_clear && words == 0)
    return Subject{scene.article.company->ref, at, EntityKind::kCompany};
  return std::nullopt;
}

}  // namespace annals::metric
