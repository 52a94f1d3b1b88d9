// The steps of a search for a bearer that look at what opens the number's clause, or what the clause points back to.

#include <algorithm>
#include <string>
#include <string_view>

#include "engine/base/utf8.h"
#include "engine/claim/rules/metric/bearer_search.h"
#include "engine/claim/rules/metric/names.h"
#include "engine/claim/rules/metric/phrases.h"
#include "engine/claim/rules/metric/words.h"

namespace annals::metric {

const Entity* product_by_number(const Scene& scene, std::string_view number) {
  if (number.size() < 3 || number.size() > 5 || number[0] < '1' || number[0] > '9') return nullptr;
  const auto of_series = [&](const Name& told) -> const Entity* {
    std::string_view series = told.ref.id;
    const std::size_t digit = series.find_first_of("0123456789");
    if (told.entity == nullptr || digit == std::string_view::npos || digit < 2) return nullptr;
    return scene.article.lexicon->find(std::string(series.substr(0, digit)) + std::string(number));
  };
  for (const Name& name : scene.sentence.names())
    if (is_product(name.kind))
      if (const Entity* found = of_series(name)) return found;
  if (scene.told != nullptr && scene.told->product)
    if (const Entity* found = of_series(*scene.told->product)) return found;
  if (scene.article.product)
    if (const Entity* found = of_series(*scene.article.product)) return found;
  return nullptr;
}

// 高于甲的算力(约800 TFLOPS): whose the measure in front of the bracket is, though it is only held against.
std::optional<Subject> Search::owner_before_bracket() const {
  if (!noun_first || !sentence.text({what.word->end, at.begin}).starts_with("(")) return std::nullopt;
  for (const Name& name : sentence.names())
    if (phrase.covers(name.at) && fits(bearer, name.kind) && name.kind != EntityKind::kProductClass && name.kind != EntityKind::kOther &&
        sentence.text().substr(name.at.end).starts_with("的"))
      return subject_of_name(name);
  const std::size_t of = sentence.text({clause.begin, what.word->begin}).rfind("的");
  if (of == std::string_view::npos || bearer != Bearer::kThing) return std::nullopt;
  const auto end = clause.begin + static_cast<std::uint32_t>(of);
  for (const Name& name : sentence.names())
    if (name.at.end == end && is_product(name.kind) && name.kind != EntityKind::kProductClass) return subject_of_name(name);
  return std::nullopt;
}

// 新系统其容量…: the topic right before 其.
std::optional<Subject> Search::topic_of_its() const {
  if (!noun_first || sentence.english()) return std::nullopt;
  const WordHit* back = its_before(sentence, {clause.begin, limit});
  if (back == nullptr || back->begin < clause.begin + 6 || back->end + 30 < limit) return std::nullopt;
  for (const Name& name : sentence.names())
    if (name.at.end == back->begin && fits(bearer, name.kind)) return subject_of_name(name);
  Range topic = phrase_before(scene, clause, back->begin);
  if (topic.empty() || topic.end != back->begin) return std::nullopt;
  // 公司预计其…: a verb stands there as often; a noun with its attribute cannot be one.
  const std::size_t of = sentence.text(topic).rfind("的");
  if (of == std::string_view::npos) return std::nullopt;
  topic.begin += static_cast<std::uint32_t>(of + 3);
  if (!is_noun_phrase(sentence, topic)) return std::nullopt;
  return as_written_in(sentence, topic, EntityKind::kOther);
}

// 950采用…, 后续产品960将达到…: by the number of its series.
std::optional<Subject> Search::number_of_series() const {
  if (bearer != Bearer::kThing && what.counted.empty()) return std::nullopt;
  for (const QuantityAt& number : sentence.quantities_at()) {
    if (number.at.begin < clause.begin || number.at.end > at.begin || number.at == at) continue;
    if (number.quantity->kind != QuantityKind::kNumber || !number.quantity->unit.empty()) continue;
    // It opens the clause, but for a word that says what kind of thing it is.
    if (count_code_points(sentence.text({clause.begin, number.at.begin})) > 6) return std::nullopt;
    if (const Entity* found = product_by_number(scene, sentence.text(number.at)))
      return Subject{{found->id, sentence.original_text(number.at), true}, number.at, found->kind};
    return std::nullopt;
  }
  return std::nullopt;
}

// 某某指数前五大成分股合计占比…, 某某ETF选取40只…: an index or a fund that the lexicon lacks opens the clause.
std::optional<Subject> Search::index_that_opens() const {
  if (bearer == Bearer::kThing && what.counted.empty()) return std::nullopt;
  if (bearer == Bearer::kPlace || sentence.english()) return std::nullopt;
  const std::string_view text = sentence.text({clause.begin, std::max(clause.begin, noun_first ? limit : at.begin)});
  for (const std::string_view kind : {"指数", "etf"}) {
    const std::size_t place = text.find(kind);
    if (place == std::string_view::npos || place < 6) continue;
    const Range index{clause.begin, clause.begin + static_cast<std::uint32_t>(place + kind.size())};
    const std::size_t length = count_code_points(sentence.text(index));
    if (length > 14 || !is_noun_phrase(sentence, index)) return std::nullopt;
    // 某某指数涨…: that is the index's own level, and it has steps of its own.
    if (index.end >= at.begin) return std::nullopt;
    for (const Name& name : sentence.names())
      if (name.at == index) return subject_of_name(name);
    return as_written_in(sentence, index, EntityKind::kIndex);
  }
  return std::nullopt;
}

// 公司产品性能…: a data sheet of what the company makes; which of its products is not said.
std::optional<Subject> Search::products_of_company() const {
  if (bearer != Bearer::kThing || !noun_first) return std::nullopt;
  const std::string_view opening = sentence.text({clause.begin, limit});
  for (const std::string_view products : {"公司产品", "公司的产品", "公司该产品", "公司新产品", "旗下产品"})
    if (opening.starts_with(products))
      if (const WordHit* frame = sentence.first(Layer::kFrame, FrameCue::kCompany, clause)) return company_meant(*frame);
  return std::nullopt;
}

// 某国政府在月底前停摆的概率, 某地对企业而言是一个规模达…的市场: a place or an agency that opens the clause and goes on with where,
// when or for whom.
std::optional<Subject> Search::place_that_opens() const {
  if (bearer == Bearer::kThing || bearer == Bearer::kFirm || act || sentence.english() || !what.word) return std::nullopt;
  for (const Name& name : sentence.names()) {
    if (name.at.begin < clause.begin || name.at.end > at.begin) continue;
    if (leftover(scene, {clause.begin, name.at.begin}, false) > 0) return std::nullopt;
    const bool place = name.kind == EntityKind::kAgency || name.kind == EntityKind::kCountry || name.kind == EntityKind::kRegion ||
                       name.kind == EntityKind::kOrganization;
    if (!place || speaks(scene, name) || is_object(scene, name, clause)) return std::nullopt;
    const std::string_view after = sentence.text().substr(name.at.end);
    const bool when = std::any_of(sentence.times_at().begin(), sentence.times_at().end(),
                                  [&](const TimeAt& time) { return time.at.begin == name.at.end; });
    static constexpr std::string_view kCounts[] = {"quantity", "amount", "people", "scale"};
    if (when && std::find(std::begin(kCounts), std::end(kCounts), what.name) != std::end(kCounts)) return std::nullopt;
    if (!when && !after.starts_with("在") && !after.starts_with("于") && !after.starts_with("对")) return std::nullopt;
    return subject_of_name(name);
  }
  return std::nullopt;
}

// 计算平台配备…, 每颗芯片…: a kind of thing named without its name is the product told last.
std::optional<Subject> Search::thing_meant() const {
  if (bearer != Bearer::kThing && what.counted.empty()) return std::nullopt;
  if (scene.told == nullptr || !scene.told->product || !has_data_sheet(*scene.told->product)) return std::nullopt;
  static constexpr std::string_view kEach[] = {"该", "每个", "每颗", "每张", "每块", "每片", "每枚", "单个", "单颗", "单张", "单块", "单片", "整个"};
  static constexpr std::string_view kKinds[] = {"计算平台", "芯片", "处理器", "加速器", "加速卡", "显卡", "模块", "模组", "gpu", "cpu", "tpu", "npu", "平台"};
  const auto opens = [&](Range range) {
    std::string_view text = sentence.text(range);
    for (const std::string_view each : kEach)
      if (text.starts_with(each)) {
        text.remove_prefix(each.size());
        break;
      }
    for (const std::string_view kind : kKinds)
      if (text.starts_with(kind)) {
        const auto end = range.end - static_cast<std::uint32_t>(text.size() - kind.size());
        // What follows is a verb of having or the measure itself; else it is the head of a longer name.
        return std::any_of(scene.words().begin(), scene.words().end(), [&](const WordHit& hit) {
          return hit.begin == end && (measure_of(hit) != nullptr || one_of(hit, {Word::kHold, Word::kLink}));
        });
      }
    return false;
  };
  const bool here = opens(clause);
  const bool before = own > 0 && words == 0 && opens(sentence.clauses()[own - 1].at) &&
                      sentence.clauses()[own - 1].sentence == sentence.clauses()[own].sentence;
  if (!here && !before) return std::nullopt;
  return Subject{scene.told->product->ref, at, EntityKind::kProduct};
}

// 这款参数规模达300亿的大模型, 市值2万亿元的集团: an attribute has its head behind it.
std::optional<Subject> Search::head_behind() const {
  if (act || !what.word || sentence.english()) return std::nullopt;
  // 2万亿元市值的甲.
  if (!noun_first) {
    if (!sentence.text().substr(what.word->end).starts_with("的") || what.word->begin > at.end + 3) return std::nullopt;
    const std::uint32_t head = what.word->end + static_cast<std::uint32_t>(std::string_view("的").size());
    for (const Name& name : sentence.names())
      if (name.at.begin == head && fits(bearer, name.kind) && name.kind != EntityKind::kProductClass) return subject_of_name(name);
    return std::nullopt;
  }
  if (leftover(scene, {what.word->end, at.begin}, false) > 1) return std::nullopt;
  std::uint32_t begin = at.end;
  if (!quantity.unit.empty() && sentence.text().substr(begin).starts_with(quantity.unit) && quantity.kind == QuantityKind::kNumber)
    begin += static_cast<std::uint32_t>(quantity.unit.size());
  if (!sentence.text().substr(begin).starts_with("的")) return std::nullopt;
  begin += static_cast<std::uint32_t>(std::string_view("的").size());
  // Whose measure it is must not stand before it: 甲收入106亿元的目标.
  std::string_view lead = sentence.text({clause.begin, limit});
  static constexpr std::string_view kOpens[] = {"这款", "一款", "这家", "一家", "该", "这座", "一座", "一个", "这个", "这种", "一种", "两款", "有", "是", "连", "甚至", "了"};
  const bool opens = lead.empty() || std::any_of(std::begin(kOpens), std::end(kOpens), [&](std::string_view word) { return lead.ends_with(word); });
  if (!opens) return std::nullopt;
  for (const Name& name : sentence.names())
    if (name.at.begin == begin && (fits(bearer, name.kind) || bearer == Bearer::kAny) && name.kind != EntityKind::kProductClass) return subject_of_name(name);
  std::uint32_t stop = clause.end;
  const auto up_to = [&](Range range) {
    if (range.begin > begin && range.begin < stop) stop = range.begin;
  };
  for (const WordHit& hit : sentence.words(Layer::kStance)) up_to(range_of(hit));
  for (const WordHit& hit : sentence.words(Layer::kSource)) up_to(range_of(hit));
  for (const WordHit& hit : scene.words())
    if (one_of(hit, {Word::kLink, Word::kHold, Word::kRise, Word::kFall})) up_to(range_of(hit));
  const Range head = trimmed(sentence, {begin, stop});
  const std::size_t length = head.empty() ? 0 : count_code_points(sentence.text(head));
  if (length < 4 || length > 10 || !is_noun_phrase(sentence, head) || is_scope(sentence.text(head))) return std::nullopt;
  for (const WordHit& hit : scene.words())
    if (measure_of(hit) != nullptr && range_of(hit).touches(head)) return std::nullopt;
  return as_written_in(sentence, head, EntityKind::kOther);
}

// 股价对应的市盈率为9倍，而公司…: the company that the sentence goes on about.
std::optional<Subject> Search::company_later() const {
  if (bearer != Bearer::kFirm || sentence.english()) return std::nullopt;
  if (!scene.article.company || firm_before(scene, at) != nullptr) return std::nullopt;
  for (std::size_t i = own + 1; i < sentence.clauses().size() && sentence.clauses()[i].sentence == sentence.clauses()[own].sentence; ++i) {
    const Range later = sentence.clauses()[i].at;
    const WordHit* frame = sentence.first(Layer::kFrame, FrameCue::kCompany, later);
    if (frame != nullptr && frame->begin <= later.begin + 3)
      return Subject{scene.article.company->ref, range_of(*frame), EntityKind::kCompany};
  }
  return std::nullopt;
}

}  // namespace annals::metric
