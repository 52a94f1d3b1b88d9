#include "engine/claim/rules/metric/bearer.h"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/utf8.h"
#include "engine/claim/rules/metric/bearer_search.h"
#include "engine/claim/rules/metric/names.h"
#include "engine/claim/rules/metric/phrases.h"
#include "engine/claim/rules/metric/words.h"

namespace annals::metric {

namespace {

// 乐观情景, 中性口径: under which assumption.
bool is_case(std::string_view phrase) {
  static constexpr std::string_view kCases[] = {"情景", "场景", "情形", "口径", "假设"};
  return std::any_of(std::begin(kCases), std::end(kCases), [&](std::string_view word) { return phrase.ends_with(word); });
}

}  // namespace

Search::Search(const Figure& of, const Measured& measured, const Memory& before)
    : figure(of),
      scene(of.scene),
      sentence(of.sentence),
      quantity(of.quantity),
      at(of.at),
      clause(of.clause),
      what(measured),
      memory(before),
      bearer(what.measure != nullptr              ? what.measure->bearer
             : what.word || !what.counted.empty() ? Bearer::kAny
                                                  : Bearer::kThing),
      act(what.is_act()),
      noun_first(what.word.has_value() && what.before),
      its(its_before(sentence, {clause.begin, std::min(clause.end, clause.begin + 9)}) != nullptr),
      own(sentence.clause_at(at.begin)),
      whole(sentence.sentence_range(at.begin)),
      limit(noun_first ? what.row.value_or(what.word->begin) : clause.begin) {
  if (!noun_first)
    for (const WordHit& hit : scene.words())
      if (hit.begin > clause.begin + 3 && hit.end <= at.begin &&
          one_of(hit, {Word::kHold, Word::kRise, Word::kFall, Word::kLink, Word::kFrom})) {
        limit = hit.begin;
        break;
      }
  // 一个某某模块约80平方毫米: what is counted reaches up to the number.
  if (!noun_first && limit == clause.begin && sentence.text(clause).starts_with("一") && of_each(sentence.text(clause))) limit = at.begin;
  // 甲的内存和带宽: whose both are stands before the first.
  if (noun_first)
    for (auto hit = scene.words().rbegin(); hit != scene.words().rend(); ++hit) {
      if (measure_of(*hit) == nullptr || hit->end >= limit || hit->begin <= clause.begin) continue;
      const std::string_view joint = sentence.text({hit->end, limit});
      if (joint == "和" || joint == "、" || joint == "与" || joint == "及" || joint == "以及" || joint == " and ") limit = hit->begin;
    }
  phrase = phrase_before(scene, clause, limit);
  // 韩国产汽车在欧洲的市场份额: where is no part of whose.
  if (const std::size_t place = sentence.text(phrase).find("在");
      !phrase.empty() && place != std::string_view::npos && place > 0 && !sentence.english())
    phrase.end = phrase.begin + static_cast<std::uint32_t>(place);
  // 降低占用并将单机吞吐提升至…: what is done to it stands behind 将.
  for (const std::string_view does : {"将", "把", "使得", "使", "令"})
    if (const std::size_t place = sentence.text(phrase).rfind(does);
        !phrase.empty() && place != std::string_view::npos && place > 0 && !sentence.english() && !is_noun_phrase(sentence, phrase))
      phrase = trimmed(sentence, {phrase.begin + static_cast<std::uint32_t>(place + does.size()), phrase.end});
  // 甲比乙性能高30%: the phrase between is what is held against, and whose it is stands before.
  if (const WordHit* than = near(scene, {clause.begin, std::max(clause.begin, phrase.begin)}, {Word::kCompare});
      than != nullptr && noun_first && !phrase.empty() && !sentence.english() && than->end - than->begin <= 6 &&
      count_code_points(sentence.text({than->end, phrase.begin})) <= 4) {
    limit = than->begin;
    phrase = phrase_before(scene, clause, limit);
  }
  // 甲、乙、丙价格为…: the last of them; bearers_alike has the others.
  if (const std::size_t place = sentence.text(phrase).rfind("、"); noun_first && !phrase.empty() && place != std::string_view::npos &&
      place > 0 && !told_together(sentence.text({phrase.begin, at.begin})))
    phrase = trimmed(sentence, {phrase.begin + static_cast<std::uint32_t>(place + std::string_view("、").size()), phrase.end});
  // 某某行业保守情形的年均增速: what narrows the measure is no part of whose it is.
  for (const std::string_view trade : {"行业", "产业"})
    if (const std::size_t place = sentence.text(phrase).find(trade);
        !phrase.empty() && place != std::string_view::npos && place > 0 && !sentence.english() &&
        (!is_noun_phrase(sentence, phrase) || is_case(sentence.text(phrase))))
      phrase.end = phrase.begin + static_cast<std::uint32_t>(place + trade.size());
  // FP8精度下的计算性能: in which case is no part of it either.
  for (const std::string_view within : {"下的", "中的", "上的"})
    if (const std::size_t place = sentence.text(phrase).rfind(within);
        !phrase.empty() && place != std::string_view::npos && place > 0 && !is_noun_phrase(sentence, phrase))
      phrase = trimmed(sentence, {phrase.begin + static_cast<std::uint32_t>(place + within.size()), phrase.end});
  bool its_phrase = false;  // 在此场景下其甲算力: whatever narrows the measure, it is 其 that bears it
  if (!its && noun_first && !sentence.english())
    if (const WordHit* back = its_before(sentence, {clause.begin, limit});
        back != nullptr && back->end + 3 >= phrase.begin)
      its = its_phrase = true;
  clean = is_noun_phrase(sentence, phrase);
  const std::string_view inner_lead = sentence.text({clause.begin, phrase.begin});
  const bool adverbial = inner_lead.ends_with("在") || inner_lead.ends_with("对") ||
                         (inner_lead.ends_with("于") && !inner_lead.ends_with("由于")) || inner_lead.ends_with("向");
  scope = adverbial || (clean && is_scope(sentence.text(phrase)));
  if (phrase.empty() || scope)
    if (const Range outer = phrase_behind(scene, clause, phrase.empty() ? Range{limit, limit} : phrase);
        is_noun_phrase(sentence, outer) && !is_scope(sentence.text(outer))) {
      phrase = outer;
      clean = true;
      scope = false;
    }
  const bool torn = !phrase.empty() && sentence.text(phrase).find(')') != std::string_view::npos;
  words = phrase.empty() || torn || its_phrase ? 0 : count_code_points(sentence.text(phrase));
  open = words == 0 || scope || its || words <= 6;
}

bool of_each(std::string_view text) {
  static constexpr std::string_view kOnes[] = {"一个", "一颗", "一片", "一块", "一台", "一张", "一座", "一套", "每个", "每颗", "每片",
                                               "每块", "每台", "每张", "每座", "每套", "单个", "单颗", "单片", "单台", "单套"};
  return std::any_of(std::begin(kOnes), std::end(kOnes), [&](std::string_view one) { return text.starts_with(one); });
}

const WordHit* its_before(const Sentence& sentence, Range in) {
  const WordHit* back = sentence.last(Layer::kFrame, FrameCue::kIts, in);
  if (back == nullptr || sentence.english()) return back;
  const bool han = is_han_text(sentence.text(range_of(*back)));
  return han && !sentence.text({in.begin, back->begin}).ends_with("及") ? back : nullptr;
}

std::optional<Subject> Search::first_of(std::span<const Step> steps) const {
  for (const Step step : steps)
    if (auto found = (this->*step)()) return found;
  return std::nullopt;
}

bool may_bear(const Scene& scene, Range clause, Range phrase, Bearer bearer) {
  const Sentence& sentence = scene.sentence;
  const bool holds_name = std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& name) {
    return phrase.covers(name.at) && name.entity != nullptr;
  });
  const bool opens = leftover(scene, {clause.begin, phrase.begin}, false) == 0;
  const std::size_t length = count_code_points(sentence.text(phrase));
  // 出口量占…: what is measured bears nothing.
  for (const WordHit& hit : scene.words())
    if (measure_of(hit) != nullptr && hit.begin <= phrase.begin && phrase.end <= hit.end) return false;
  // 一个计算带, 每片晶圆: what is counted is a thing, however short its name.
  const bool counted = of_each(sentence.text({clause.begin, phrase.begin}));
  const bool opens_so = opens || (counted && count_code_points(sentence.text({clause.begin, phrase.begin})) == 2);
  if (bearer == Bearer::kThing) return holds_name || (counted && opens_so && length >= 2);
  return opens_so && (holds_name || length >= (counted ? 2U : bearer == Bearer::kFirm ? 3U : 4U));
}

std::optional<Subject> this_product(const Scene& scene, const WordHit& frame) {
  const Name* meant = nullptr;
  for (const Name& name : scene.sentence.names())
    if (is_product(name.kind) && name.kind != EntityKind::kProductClass && name.at.end <= frame.begin) meant = &name;
  if (meant == nullptr && scene.told != nullptr && scene.told->product) meant = &*scene.told->product;
  if (meant == nullptr && scene.article.product && scene.article.product_clear &&
      has_data_sheet(*scene.article.product))
    meant = &*scene.article.product;
  if (meant == nullptr || (meant->entity != nullptr && meant->entity->tagged("process"))) return std::nullopt;
  return Subject{meant->ref, range_of(frame), EntityKind::kProduct};
}

std::optional<Subject> bearer_of(const Figure& figure, const Measured& what, const Memory& memory) {
  // 油价: the word says itself what it is a figure of.
  if (what.measure != nullptr && !what.measure->entity.empty()) {
    const EntityRef own{std::string(what.measure->entity), figure.sentence.original_text(*what.word),
                        figure.scene.article.lexicon->find(what.measure->entity) != nullptr};
    return Subject{own, *what.word, EntityKind::kOther};
  }
  if (auto bracketed = before_bracket(figure)) return bracketed;

  const Search search(figure, what, memory);
  static constexpr Search::Step kByName[] = {
      &Search::quoted,
      &Search::owner_before_bracket,
      &Search::topic_of_its,
      &Search::its_thing,
      &Search::later_of_two,
      &Search::said_of,
      &Search::led_back,
      &Search::of_lower_number,
      &Search::object_between_in_english,
      &Search::head_behind,
      &Search::products_of_company,
      &Search::company_that_opens,
      &Search::product_that_opens,
      &Search::heading_before,
      &Search::number_of_series,
      &Search::index_that_opens,
      &Search::named_in_clause,
      &Search::place_that_opens,
  };
  if (auto found = search.first_of(kByName)) return found;
  if (const WordHit* frame = search.company_word()) return search.company_meant(*frame);
  static constexpr Search::Step kByOtherWords[] = {&Search::this_product_before, &Search::mainland_market, &Search::phrase_itself,
                                                   &Search::capitals_in_english, &Search::capitals_in_chinese,
                                                   &Search::statistic_itself,     &Search::unknown_firm,
                                                   &Search::thing_meant};
  if (auto found = search.first_of(kByOtherWords)) return found;
  if (search.names_somebody_else()) return std::nullopt;
  static constexpr Search::Step kToldBefore[] = {&Search::figure_before, &Search::earlier_clauses, &Search::who_reports,
                                                 &Search::who_tells, &Search::company_later, &Search::article};
  return search.first_of(kToldBefore);
}

}  // namespace annals::metric
