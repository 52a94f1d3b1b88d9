#include "engine/claim/trade.h"

#include <algorithm>

namespace annals {
namespace {

bool preceded_by_direction(const Sentence& sentence, std::uint32_t at) {
  static constexpr std::string_view kDirections[] = {"向", "对", "给", "至", "到", "往", "赴", "入", "在", "回", "to ", "into ", "in ", "for ", "toward "};
  const std::string_view before = sentence.text().substr(0, at);
  return std::any_of(std::begin(kDirections), std::end(kDirections), [&](std::string_view d) { return before.ends_with(d); });
}

bool followed_by_market(const Sentence& sentence, std::uint32_t at) {
  static constexpr std::string_view kMarkets[] = {"市场", "客户", "销售", "买家", "企业", "公司", "业务", "ai", "国产", "本土", "的ai", "的市场", "大陆市场", "数据中心", " market", " customers", " sales", "n market", "n customers"};
  const std::string_view after = sentence.text().substr(at);
  return std::any_of(std::begin(kMarkets), std::end(kMarkets), [&](std::string_view m) { return after.starts_with(m); });
}

bool in_direction_word(const Sentence& sentence, Range at) {
  return std::any_of(sentence.words(Layer::kFrame).begin(), sentence.words(Layer::kFrame).end(),
                     [&](const WordHit& hit) { return is(hit, FrameCue::kToChina) && range_of(hit).touches(at); });
}

bool works_for_company(const Lexicon& lexicon, const Entity& person) {
  const Entity* employer = person.vendor ? lexicon.find(*person.vendor) : nullptr;
  return employer != nullptr && employer->kind == EntityKind::kCompany;
}

bool is_china(const Name& name) { return name.ref.id == "china"; }

// Whether the statement is about what leaves China: minerals and the like that its own offices control, no foreign goods.
}  // namespace

bool exports_of_china(const Scene& scene) {
  const Sentence& sentence = scene.sentence;
  const std::string_view text = sentence.text();
  static constexpr std::string_view kExport[] = {"出口管制", "出口禁令", "出口限制", "出口许可", "禁止出口", "限制出口", "暂停出口", "export control", "export ban", "export curb", "export restriction", "export licen", "banned exports", "ban exports", "restricted exports", "restrict exports", "bans exports", "exports of", "curbs on exports"};
  if (std::none_of(std::begin(kExport), std::end(kExport), [&](std::string_view word) { return text.find(word) != std::string_view::npos; })) return false;
  bool chinese = false;
  bool goods = false;
  for (const Name& name : sentence.names()) {
    if (name.entity == nullptr) continue;
    const bool from_here = is_china(name) || (name.entity->country && *name.entity->country == "cn");
    if (from_here && (name.kind == EntityKind::kAgency || name.kind == EntityKind::kCountry) && !in_direction_word(sentence, name.at) && !preceded_by_direction(sentence, name.at.begin)) chinese = true;
    // Another country's office is named: whose exports these are is open.
    if (!from_here && name.kind == EntityKind::kAgency && name.entity->country) return false;
    if (name.kind == EntityKind::kProductClass && (name.entity->tagged("mineral") || name.ref.id == "drones" || name.ref.id == "lithium_batteries")) goods = true;
    if (is_product(name.kind) && name.kind != EntityKind::kProductClass) return false;
  }
  for (const WordHit& hit : sentence.words(Layer::kFrame))
    if (is(hit, FrameCue::kImporterActs)) chinese = true;
  return chinese && goods;
}


std::vector<Actor> actors_of(const Scene& scene) {
  const Sentence& sentence = scene.sentence;
  std::vector<Actor> actors;
  for (const Name& name : sentence.names()) {
    if (name.entity == nullptr) continue;
    const bool office = name.kind == EntityKind::kAgency || name.kind == EntityKind::kCountry || name.kind == EntityKind::kOrganization ||
                        (name.kind == EntityKind::kPerson && !works_for_company(*scene.article.lexicon, *name.entity));
    if (!office) continue;
    if (name.kind == EntityKind::kCountry &&
        (in_direction_word(sentence, name.at) || preceded_by_direction(sentence, name.at.begin) || followed_by_market(sentence, name.at.end)))
      continue;
    const bool chinese = is_china(name) || (name.entity->country && *name.entity->country == "cn");
    if (!chinese && !name.entity->country && name.kind != EntityKind::kCountry && name.kind != EntityKind::kPerson) continue;
    actors.push_back({chinese ? Side::kImporter : Side::kExporter, name.ref, name.at});
  }
  for (const WordHit& hit : sentence.words(Layer::kFrame)) {
    const Range at = range_of(hit);
    const bool exporter = is(hit, FrameCue::kExporterActs);
    if (!exporter && !is(hit, FrameCue::kImporterActs)) continue;
    if (preceded_by_direction(sentence, at.begin) && !sentence.text().substr(0, at.begin).ends_with("在")) continue;
    if (followed_by_market(sentence, at.end)) continue;
    // A longer reading of the same place replaces a country's bare name ("中国方面" over "中国").
    const auto touching = std::find_if(actors.begin(), actors.end(), [&](const Actor& a) { return a.at.touches(at); });
    if (touching != actors.end() && touching->at.size() >= at.size()) continue;
    const std::string text = sentence.original_text(at);
    const Entity* entity = scene.article.lexicon->by_name(text);
    // "The administration", 海关 and the like name an office of that side without saying which country's.
    if (entity == nullptr) entity = scene.article.lexicon->find(exporter ? "us_government" : sentence.text(at).find("海关") != std::string_view::npos || sentence.text(at).find("customs") != std::string_view::npos ? "china_customs" : "china_government");
    EntityRef ref{entity != nullptr ? entity->id : std::string(sentence.text(at)), text, entity != nullptr};
    if (touching != actors.end()) *touching = {exporter ? Side::kExporter : Side::kImporter, ref, at};
    else actors.push_back({exporter ? Side::kExporter : Side::kImporter, ref, at});
  }
  // A country that bans its own exports lets out: China's gallium as well as America's chips.
  if (exports_of_china(scene))
    for (Actor& actor : actors)
      if (actor.side == Side::kImporter) actor.side = Side::kExporter;
  std::sort(actors.begin(), actors.end(), [](const Actor& a, const Actor& b) { return a.at < b.at; });
  return actors;
}

Actor actor_of(const Scene& scene, Range trigger, bool clause_only) {
  const Range clause = scene.sentence.clause_range(trigger.begin);
  const Range whole = scene.sentence.sentence_range(trigger.begin);
  const auto actors = actors_of(scene);
  Actor found;
  for (const Actor& actor : actors)
    if (clause.begin <= actor.at.begin && actor.at.end <= trigger.begin) found = actor;
  if (found.side != Side::kNone || clause_only) return found;
  for (const Actor& actor : actors)
    if (whole.begin <= actor.at.begin && actor.at.end <= clause.begin) found = actor;
  if (found.side != Side::kNone) return found;
  // "was approved by …", 经…批准
  static constexpr std::string_view kBy[] = {"by ", "by the ", "由", "经", "获", "被"};
  for (const Actor& actor : actors) {
    if (actor.at.begin < trigger.end || !clause.covers(actor.at)) continue;
    const std::string_view before = scene.sentence.text().substr(0, actor.at.begin);
    if (std::any_of(std::begin(kBy), std::end(kBy), [&](std::string_view by) { return before.ends_with(by); })) return actor;
  }
  return found;
}

std::vector<EntityRef> destinations_of(const Scene& scene, Range trigger) {  // NOLINT(readability-function-size): one list of cues
  const Sentence& sentence = scene.sentence;
  const Range whole = sentence.sentence_range(trigger.begin);
  std::vector<EntityRef> found;
  const auto add = [&](EntityRef ref) {
    if (std::none_of(found.begin(), found.end(), [&](const EntityRef& each) { return each.id == ref.id; })) found.push_back(std::move(ref));
  };
  for (const WordHit& hit : sentence.words(Layer::kFrame)) {
    if (!whole.covers(range_of(hit))) continue;
    if (is(hit, FrameCue::kToChina)) {
      const std::string text = sentence.original_text(range_of(hit));
      const bool han = sentence.text(range_of(hit)).find("中国") != std::string_view::npos;
      add({"china", han ? "中国" : sentence.english() ? "China" : "中国", true});
    }
    if (is(hit, FrameCue::kAbroad) && sentence.clause_range(trigger.begin).covers(range_of(hit)))
      add({std::string(sentence.text(range_of(hit))), sentence.original_text(range_of(hit)), false});
  }
  for (const Name& name : sentence.names()) {
    if (name.kind != EntityKind::kCountry && name.kind != EntityKind::kRegion) continue;
    if (!whole.covers(name.at) || !(preceded_by_direction(sentence, name.at.begin) || in_direction_word(sentence, name.at))) continue;
    if (sentence.text().substr(0, name.at.begin).ends_with("在")) continue;
    // Money goes to a government, goods to a country.
    const std::string_view after = sentence.text().substr(name.at.end);
    if (after.starts_with(" government") || after.starts_with("政府") || after.starts_with(" treasury") || after.starts_with("财政")) continue;
    add(name.ref);
    // 向沙特和阿联酋出口: the direction is of all that stand together.
    Range last = name.at;
    for (const Name& next : sentence.names())
      if ((next.kind == EntityKind::kCountry || next.kind == EntityKind::kRegion) && next.at.begin >= last.end && whole.covers(next.at) && sentence.joined(last, next.at)) {
        add(next.ref);
        last = next.at;
      }
  }
  return found;
}

std::vector<Goods> goods_of(const Scene& scene, Range trigger, bool after_first, bool from_article) {
  const Sentence& sentence = scene.sentence;
  std::vector<Goods> goods;
  const auto products = products_near(scene, trigger, after_first);
  const Range whole = sentence.sentence_range(trigger.begin);
  for (const Name* product : products) {
    if (product->kind != EntityKind::kProductClass) {
      goods.push_back({product, product->ref, vendor_of(scene, *product)});
      continue;
    }
    // Makers of the class: companies that stand together in the sentence, before any customers.
    std::vector<const Name*> makers;
    const Range clause = sentence.clause_range(trigger.begin);
    for (const Range in : {clause, whole}) {
      for (const Name& name : sentence.names())
        if (is_company(name.kind) && in.covers(name.at) && name.entity != nullptr && name.entity->country && *name.entity->country != "cn") makers.push_back(&name);
      if (!makers.empty()) break;
    }
    if (makers.empty() && scene.article.company && scene.article.company->entity != nullptr && scene.article.company->entity->country &&
        *scene.article.company->entity->country != "cn" && !scene.title) {
      const bool its = sentence.first(Layer::kFrame, FrameCue::kIts, clause) != nullptr || sentence.first(Layer::kFrame, FrameCue::kCompany, whole) != nullptr;
      if (its) goods.push_back({product, product->ref, scene.article.company->ref});
      else goods.push_back({product, product->ref, std::nullopt});
      continue;
    }
    if (makers.empty()) goods.push_back({product, product->ref, std::nullopt});
    for (const Name* maker : makers)
      if (std::none_of(goods.begin(), goods.end(), [&](const Goods& g) { return g.vendor && g.vendor->id == maker->ref.id && g.ref.id == product->ref.id; }))
        goods.push_back({product, product->ref, maker->ref});
  }
  if (goods.empty() && from_article && scene.article.product) {
    const Name& product = *scene.article.product;
    goods.push_back({nullptr, product.ref, vendor_of(scene, product)});
  }
  return goods;
}

std::string condition_of(const Scene& scene, Range trigger) {
  const Sentence& sentence = scene.sentence;
  const Range whole = sentence.sentence_range(trigger.begin);
  const std::string_view text = sentence.text(whole);
  std::string found;
  const auto add = [&](std::size_t begin, std::size_t end) {
    if (begin >= end) return;
    const auto from = static_cast<std::uint32_t>(whole.begin + begin);
    const auto to = static_cast<std::uint32_t>(whole.begin + end);
    std::string piece = sentence.original_text({from, to});
    if (piece.size() > 120) return;
    if (!found.empty()) found += "; ";
    found += piece;
  };
  const auto clause_end = [&](std::size_t at) { return sentence.clause_range(static_cast<std::uint32_t>(whole.begin + at)).end - whole.begin; };
  if (const std::size_t end = text.find("前提下"); end != std::string_view::npos) {
    std::size_t begin = text.rfind("在", end);
    if (begin != std::string_view::npos) add(begin + 3, text[end - 1] == '\x84' ? end - 3 : end);
  }
  if (const std::size_t end = text.find("为前提"); end != std::string_view::npos)
    if (const std::size_t begin = text.rfind("以", end); begin != std::string_view::npos) add(begin + 3, end);
  for (const std::string_view cue : {"条件是", "仅限于", "只限于", "仅向", "仅限", "on condition that ", "provided that ", "subject to ", "limited to ", "only to "})
    if (const std::size_t begin = text.find(cue); begin != std::string_view::npos) {
      add(begin + cue.size(), clause_end(begin));
      break;
    }
  for (const std::string_view cue : {"合格客户", "获批准的客户", "获批客户", "经审核的商业客户", "经批准的客户", "经审核的客户", "认可的客户", "approved customers", "vetted customers", "approved buyers", "qualified customers"})
    if (const std::size_t begin = text.find(cue); begin != std::string_view::npos && found.find(cue) == std::string::npos) add(begin, begin + cue.size());
  return found;
}

bool crosses_border(const Scene& scene, Range around) {
  if (scene.article.about_export) return true;
  const Sentence& sentence = scene.sentence;
  const Range whole = sentence.sentence_range(around.begin);
  if (sentence.first(Layer::kFrame, FrameCue::kToChina, whole) != nullptr) return true;
  static constexpr std::string_view kWords[] = {"出口", "禁运", "export", "embargo", "实体清单", "entity list"};
  const std::string_view text = sentence.text(whole);
  return std::any_of(std::begin(kWords), std::end(kWords), [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool speaks_of_export(const Scene& scene, Range around) {
  if (scene.article.about_export) return true;
  const Sentence& sentence = scene.sentence;
  const Range whole = sentence.sentence_range(around.begin);
  if (sentence.first(Layer::kFrame, FrameCue::kToChina, whole) != nullptr) return true;
  static constexpr std::string_view kWords[] = {"出口", "禁运", "禁令", "许可证", "export", "ship", "sell", "licens", "licenc"};
  const std::string_view text = sentence.text(whole);
  return std::any_of(std::begin(kWords), std::end(kWords), [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

}  // namespace annals
