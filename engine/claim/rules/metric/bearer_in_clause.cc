// The steps of a search for a bearer that look at the number's own clause.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/utf8.h"
#include "engine/claim/rules/metric/bearer.h"
#include "engine/claim/rules/metric/bearer_search.h"
#include "engine/claim/rules/metric/names.h"
#include "engine/claim/rules/metric/phrases.h"
#include "engine/claim/rules/metric/words.h"

namespace annals::metric {
namespace {

// In English: a run of capitalised words that ends at "'s" or stands right before the measure.
std::optional<Subject> latin_subject(const Sentence& sentence, Range clause, std::uint32_t end) {
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
  static constexpr std::string_view kCommon[] = {"today", "yesterday", "this",  "that", "it",
                                                 "he",    "she",       "there", "last", "next"};
  const Range at{from, to};
  if (std::any_of(std::begin(kCommon), std::end(kCommon),
                  [&](std::string_view word) { return sentence.text(at) == word; }))
    return std::nullopt;
  return as_written_in(sentence, at, EntityKind::kCompany);
}

}  // namespace

// 「某某」2025年前三季度市场份额…: a name in quotation marks.
std::optional<Subject> Search::quoted() const {
  if (!noun_first || clean) return std::nullopt;
  std::uint32_t end = limit;
  for (bool moved = true; moved;) {
    moved = false;
    for (const TimeAt& time : sentence.times_at())
      if (time.at.end == end && time.at.begin >= clause.begin) end = time.at.begin, moved = true;
    if (end > clause.begin && sentence.text()[end - 1] == ' ') --end, moved = true;
    if (end >= clause.begin + 3 && sentence.text({clause.begin, end}).ends_with("的")) end -= 3, moved = true;
  }
  for (const auto& [opening, closing] :
       {std::pair<std::string_view, std::string_view>{"「", "」"}, {"“", "”"}, {"『", "』"}, {"《", "》"}}) {
    const std::string_view lead = sentence.text({clause.begin, end});
    if (!lead.ends_with(closing)) continue;
    const std::size_t place = lead.rfind(opening);
    if (place == std::string_view::npos) continue;
    const Range quoted{clause.begin + static_cast<std::uint32_t>(place + opening.size()),
                       end - static_cast<std::uint32_t>(closing.size())};
    if (const std::size_t length = count_code_points(sentence.text(quoted)); length < 2 || length > 14) continue;
    for (const Name& name : sentence.names())
      if (name.at == quoted) return subject_of_name(name);
    return as_written_in(sentence, quoted, bearer == Bearer::kFirm ? EntityKind::kCompany : EntityKind::kOther);
  }
  return std::nullopt;
}

// 公司将甲引入…，其功耗…: the thing that was spoken of, also as an object.
std::optional<Subject> Search::its_thing() const {
  if (!its || bearer != Bearer::kThing || sentence.clause_at(clause.begin) == 0) return std::nullopt;
  const Clause& earlier = sentence.clauses()[sentence.clause_at(clause.begin) - 1];
  const Name* thing = nullptr;
  if (earlier.sentence == sentence.clauses()[sentence.clause_at(clause.begin)].sentence)
    for (const Name& name : sentence.names())
      if (earlier.at.covers(name.at) && is_product(name.kind) && !compared(scene, name, earlier.at) &&
          !is_part(scene, name) &&
          (thing == nullptr || name.kind != EntityKind::kProductClass || thing->kind == EntityKind::kProductClass))
        thing = &name;
  if (thing != nullptr) return subject_of_name(*thing);
  return std::nullopt;
}

// 从甲到乙，带宽翻倍: the later one's.
std::optional<Subject> Search::later_of_two() const {
  if (bearer != Bearer::kThing || !phrase.empty() || sentence.clause_at(clause.begin) == 0) return std::nullopt;
  const Range earlier = sentence.clauses()[sentence.clause_at(clause.begin) - 1].at;
  if (sentence.text(earlier).starts_with("从"))
    for (const Name& name : sentence.names())
      if (earlier.covers(name.at) && is_product(name.kind) && (name.at.end == earlier.end) &&
          sentence.text().substr(0, name.at.begin).ends_with("到"))
        return subject_of_name(name);
  return std::nullopt;
}

// 公司在甲产品上…: said of it.
std::optional<Subject> Search::said_of() const {
  if (bearer == Bearer::kThing)
    for (const Name& name : sentence.names())
      if (clause.begin <= name.at.begin && name.at.end < at.begin && is_product(name.kind) &&
          sentence.text().substr(0, name.at.begin).ends_with("在")) {
        const std::string_view behind = sentence.text().substr(name.at.end);
        if (behind.starts_with("产品上") || behind.starts_with("上") || behind.starts_with("产品方面") ||
            behind.starts_with("方面"))
          return subject_of_name(name);
      }
  return std::nullopt;
}

// 甲指引其乙价格…: of whom the word leads back to.
std::optional<Subject> Search::led_back() const {
  if (const WordHit* back =
          sentence.last(Layer::kFrame, FrameCue::kIts, {clause.begin, noun_first ? what.word->begin : at.begin});
      back != nullptr && bearer == Bearer::kAny && back->begin > clause.begin && !sentence.english())
    for (const Name& name : sentence.names())
      if (clause.begin == name.at.begin && is_company(name.kind) && name.at.end < back->begin &&
          sentence.text({name.at.end, back->begin}).size() <= 12)
        return subject_of_name(name);
  return std::nullopt;
}

// 从A(旧款的)提升至B, 相比旧款: the lower number is of what it is held against.
std::optional<Subject> Search::of_lower_number() const {
  if (bearer == Bearer::kThing && noun_first &&
      sentence.text({what.word->end, at.begin}).find("从") != std::string_view::npos &&
      !to_level(sentence, {what.word->end, at.begin}))
    for (const Name& name : sentence.names())
      if (clause.begin <= name.at.begin && name.at.end <= what.word->begin && fits(bearer, name.kind) &&
          compared(scene, name, clause))
        return subject_of_name(name);
  return std::nullopt;
}

// "its price target on Micron to $180": whose it is stands between measure and number.
std::optional<Subject> Search::object_between_in_english() const {
  if (noun_first && sentence.english())
    if (const Name* name = object_between(sentence, {what.word->end, at.begin})) return subject_of_name(*name);
  return std::nullopt;
}

// 公司近期…采购总价值: whoever is meant has what follows.
std::optional<Subject> Search::company_that_opens() const {
  if (const WordHit* frame =
          sentence.first(Layer::kFrame, FrameCue::kCompany, {clause.begin, std::min(clause.end, clause.begin + 15)});
      frame != nullptr && frame->begin <= clause.begin + 1 && bearer != Bearer::kThing && scene.article.company &&
      frame->end < at.begin)
    if (scene.article.company_clear || firm_before(scene, at) == nullptr)
      return Subject{scene.article.company->ref, range_of(*frame), EntityKind::kCompany};
  return std::nullopt;
}

// 该CPU: the class in it is no name of its own.
std::optional<Subject> Search::product_that_opens() const {
  if (const WordHit* frame =
          sentence.first(Layer::kFrame, FrameCue::kThisProduct, {clause.begin, noun_first ? limit : at.begin});
      frame != nullptr && frame->begin <= clause.begin + 3 && bearer != Bearer::kFirm && bearer != Bearer::kPlace)
    if (auto meant = this_product(scene, *frame)) return meant;
  return std::nullopt;
}

// 甲：3月乙收入…: a heading of its own, whose figures follow.
std::optional<Subject> Search::heading_before() const {
  if (bearer != Bearer::kFirm || sentence.clause_at(clause.begin) == 0) return std::nullopt;
  const Range head = sentence.clauses()[sentence.clause_at(clause.begin) - 1].at;
  const std::string_view mark = sentence.text({head.end, clause.begin});
  if (mark.starts_with(":") || mark.starts_with("："))
    for (const Name& name : sentence.names())
      if (is_company(name.kind) && name.at.end == head.end &&
          count_code_points(sentence.text({head.begin, name.at.begin})) <= 8 &&
          std::none_of(sentence.names().begin(), sentence.names().end(), [&](const Name& other) {
            return is_company(other.kind) && clause.begin <= other.at.begin && other.at.end <= at.begin;
          }))
        return subject_of_name(name);
  return std::nullopt;
}

// A name in the clause before the number, that can bear the measure and plays no other part there; of several the last, but a firm
// rather than a place, a thing rather than its firm.
std::optional<Subject> Search::named_in_clause() const {
  const Name* pick = nullptr;
  for (const Name& name : sentence.names()) {
    if (name.at.begin < clause.begin || name.at.end > (noun_first ? limit : at.begin)) continue;
    if (in_aside(sentence, name.at, at)) continue;
    if (name.kind == EntityKind::kCurrency || name.kind == EntityKind::kOutlet || name.kind == EntityKind::kPerson)
      continue;
    // 奇瑞欧洲销量, 甲登陆科创板首日收盘价: the firm's, in that place.
    if (pick != nullptr && is_company(pick->kind) &&
        (name.kind == EntityKind::kCountry || name.kind == EntityKind::kRegion || name.kind == EntityKind::kExchange))
      continue;
    // 算力 is a name as well as a measure: what is measured bears nothing; nor does a class what is done (某某钢铁投资).
    if (what.word && name.at == *what.word) continue;
    if (act && name.kind == EntityKind::kProductClass) continue;
    const bool inside = phrase.covers(name.at);
    if (!inside && (!stands_for_itself(name.kind) || speaks(scene, name))) continue;
    if (is_part(scene, name) || compared(scene, name, clause)) continue;
    if (name.kind == EntityKind::kProductClass && !inside && name.at.begin > clause.begin + 9) continue;
    // 一张4090显卡利润仅200元: what a product earns.
    const bool earns = bearer == Bearer::kFirm && noun_first && inside && is_product(name.kind) &&
                       name.kind != EntityKind::kProductClass && what.word->begin - name.at.end <= 6;
    if (!fits(bearer, name.kind) && !earns &&
        !(bearer == Bearer::kThing && is_company(name.kind) && noun_first && what.word->begin - name.at.end <= 6))
      continue;
    if ((!stands_for_itself(name.kind) || bearer == Bearer::kThing) && is_object(scene, name, clause)) continue;
    const std::string_view before_name = sentence.text().substr(0, name.at.begin);
    if (before_name.ends_with("在") && (is_company(name.kind) || is_product(name.kind)) &&
        sentence.text({name.at.end, at.begin}).find("下") != std::string_view::npos)
      continue;  // 在甲的帮助下
    if (before_name.ends_with("向") || before_name.ends_with("对") || before_name.ends_with("给") ||
        before_name.ends_with("向 ") || before_name.ends_with(" to ") || before_name.ends_with(" from "))
      continue;
    // What a multiple is measured against: 是B30A的一半.
    const std::string_view gap = sentence.text({name.at.end, at.begin});
    if (is_times(quantity) && (gap == "的" || gap == "芯片的" || gap.size() <= 3)) continue;
    // Places and classes with more words behind them are heads of longer names: 中国钠离子电池, 全球工业显示面板.
    const bool head = inside && phrase.end > name.at.end && !sentence.text().substr(name.at.end).starts_with("的") &&
                      (noun_first || name.kind == EntityKind::kOther) && !is_company(name.kind) &&
                      !(is_product(name.kind) && name.kind != EntityKind::kProductClass);
    if (head && !act && name.kind != EntityKind::kIndex) {
      if (clean && !scope) return as_written_in(sentence, phrase, EntityKind::kOther);
      if (!scope && phrase.end > name.at.end + 12) continue;
    }
    const bool better = bearer == Bearer::kThing && pick != nullptr && is_product(pick->kind) && is_company(name.kind);
    if (better) continue;
    if (pick != nullptr && is_company(pick->kind) && name.kind == EntityKind::kProductClass && bearer == Bearer::kAny)
      continue;  // 甲3月新能源汽车产量
    if (is_times(quantity) && pick != nullptr && fits(bearer, pick->kind))
      break;  // the first is so many times another
    pick = &name;
  }
  // 甲销量下降9%，其中电动汽车销量降至…: of a part of what the firm before sold.
  if (pick != nullptr && pick->kind == EntityKind::kProductClass && sentence.text(clause).starts_with("其中") && memory.in_sentence_of(figure) &&
      is_company(memory.subject.kind) && fits(bearer, memory.subject.kind))
    return memory.subject;
  if (pick != nullptr) return subject_of_name(*pick);
  return std::nullopt;
}

const WordHit* Search::company_word() const {
  if (bearer == Bearer::kThing) return nullptr;
  const WordHit* frame = sentence.last(Layer::kFrame, FrameCue::kCompany,
                                       {clause.begin, noun_first ? std::max(limit, clause.begin) : at.begin});
  // 软件行业的公司, 这类公司: any of a kind, not the one spoken of.
  if (frame == nullptr || sentence.english()) return frame;
  const std::string_view before = sentence.text({clause.begin, frame->begin});
  for (const std::string_view kind : {"的", "类", "家", "些", "等", "行业"})
    if (before.ends_with(kind)) return nullptr;
  return frame;
}

std::optional<Subject> Search::company_meant(const WordHit& frame) const {
  if (const Name* firm = firm_before(scene, at)) return subject_of_name(*firm);
  if (memory.there && is_company(memory.subject.kind)) return memory.subject;
  if (!scene.article.company_clear && scene.told != nullptr && scene.told->company)
    return Subject{scene.told->company->ref, range_of(frame), EntityKind::kCompany};
  if (scene.article.company) return Subject{scene.article.company->ref, range_of(frame), EntityKind::kCompany};
  return std::nullopt;
}

// 该芯片的带宽…: the product named before.
std::optional<Subject> Search::this_product_before() const {
  if (const WordHit* frame = sentence.last(Layer::kFrame, FrameCue::kThisProduct,
                                           {clause.begin, noun_first ? std::max(limit, clause.begin) : at.begin});
      frame != nullptr)
    if (auto meant = this_product(scene, *frame)) return meant;
  return std::nullopt;
}

// 两市成交额…: of the mainland's shares.
std::optional<Subject> Search::mainland_market() const {
  static constexpr std::string_view kMarkets[] = {"两市", "沪深两市", "三市", "沪深京三市", "全市场", "a股市场"};
  if (phrase.empty() || std::find(std::begin(kMarkets), std::end(kMarkets), sentence.text(phrase)) == std::end(kMarkets)) return std::nullopt;
  const Entity* shares = scene.article.lexicon->find("a_shares");
  if (shares == nullptr || !what.word || act || what.name != "trading_volume") return std::nullopt;
  return Subject{{shares->id, sentence.original_text(phrase), true}, phrase, EntityKind::kExchange};
}

// A phrase that the lexicon lacks, right before its measure.
std::optional<Subject> Search::phrase_itself() const {
  // 截至某网发稿, 某报注: an outlet speaks in it.
  const bool outlet = std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& name) {
    if (name.kind != EntityKind::kOutlet || !name.at.touches(phrase)) return false;
    const std::string_view after = sentence.text().substr(name.at.end);
    static constexpr std::string_view kSpeaks[] = {"注", "发稿", "讯", "消息", "报道", "了解"};
    return std::any_of(std::begin(kSpeaks), std::end(kSpeaks), [&](std::string_view word) { return after.starts_with(word); });
  });
  if (!its && !act && !outlet && (what.word || of_each(sentence.text(clause))) && clean && !scope && may_bear(scene, clause, phrase, bearer))
    return as_written_in(sentence, phrase, EntityKind::kOther);
  return std::nullopt;
}

// In English, a run of capitalised words.
std::optional<Subject> Search::capitals_in_english() const {
  if (sentence.english() && what.word)
    if (auto latin = latin_subject(sentence, clause, noun_first ? what.word->begin : at.begin)) return latin;
  return std::nullopt;
}

// ZoomInfo在Java服务上性价比提升60%: a Latin name that the lexicon lacks opens a Chinese clause.
std::optional<Subject> Search::capitals_in_chinese() const {
  if (sentence.english() || !what.word || act) return std::nullopt;
  const std::string_view all = sentence.text();
  std::uint32_t begin = clause.begin;
  // 早期客户ZoomInfo…: what it is stands before its name.
  while (begin < at.begin && begin - clause.begin <= 24 && static_cast<unsigned char>(all[begin]) >= 0x80) ++begin;
  if (begin > clause.begin) {
    static constexpr std::string_view kWhat[] = {"客户", "公司", "企业", "平台", "厂商", "伙伴", "开发商", "运营商", "服务商", "巨头"};
    const std::string_view lead = sentence.text({clause.begin, begin});
    if (std::none_of(std::begin(kWhat), std::end(kWhat), [&](std::string_view word) { return lead.ends_with(word); })) return std::nullopt;
  }
  std::uint32_t end = begin;
  while (end < at.begin && ((all[end] >= 'a' && all[end] <= 'z') || (all[end] >= '0' && all[end] <= '9') || all[end] == '.' || all[end] == '-')) ++end;
  const Range name{begin, end};
  if (name.size() < 4 || end >= what.word->begin || !is_han_text(all.substr(end))) return std::nullopt;
  const ByteSpan first = sentence.original_span({name.begin, name.begin + 1});
  const bool capital = first.begin < sentence.original().size() && sentence.original()[first.begin] >= 'A' && sentence.original()[first.begin] <= 'Z';
  const bool known = std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& each) { return each.at.touches(name); });
  const bool measure = std::any_of(scene.words().begin(), scene.words().end(), [&](const WordHit& hit) { return range_of(hit).touches(name); });
  if (!capital || known || measure) return std::nullopt;
  return as_written_in(sentence, name, EntityKind::kOther);
}

// CPI, PMI without a country: the statistic itself.
std::optional<Subject> Search::statistic_itself() const {
  if (what.measure != nullptr && noun_first && !clean &&
      (what.name == "inflation" || what.name == "ppi" || what.name == "pmi" || what.name == "gdp"))
    return Subject{{what.name, sentence.original_text(*what.word), false}, *what.word, EntityKind::kOther};
  return std::nullopt;
}

// 子公司某某拟投资…: a firm that the lexicon lacks, right before what firms do.
std::optional<Subject> Search::unknown_firm() const {
  if (!act || what.measure->bearer == Bearer::kThing || !noun_first || quantity.kind != QuantityKind::kMoney)
    return std::nullopt;
  Range place;
  if (auto firm = unknown_name_before(scene, *what.word, &place); firm && clause.covers(place) && (sentence.english() || !is_han_text(sentence.text(place)) || is_noun_phrase(sentence, place)))
    return Subject{*firm, place, EntityKind::kCompany};
  return std::nullopt;
}

}  // namespace annals::metric
