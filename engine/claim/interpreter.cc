#include "engine/claim/interpreter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "engine/base/utf8.h"
#include "engine/claim/context.h"
#include "engine/claim/cues.h"
#include "engine/claim/kinds.h"
#include "engine/claim/rules/registry.h"
#include "engine/claim/scene.h"
#include "engine/claim/words.h"

namespace annals {
namespace {

// The rules and the finder over all their words: made once, never changed.
struct Machine {
  std::vector<std::unique_ptr<Rule>> rules = make_rules();
  WordFinder finder = make_finder(rules);

  static WordFinder make_finder(const std::vector<std::unique_ptr<Rule>>& rules) {
    std::vector<std::span<const WordRow>> groups{source_words(), stance_words(), frame_words()};
    for (const auto& rule : rules) groups.push_back(rule->words());
    return WordFinder(groups);
  }
};
const Machine& machine() {
  static const Machine kMachine;
  return kMachine;
}

// A draft with the place it came from: a statement, or a title or heading that is told with the statement under it.
struct Placed {
  Draft draft;
  std::size_t statement = 0;
  bool from_heading = false;
};

std::string slot_key(const SlotValue& value) {
  if (const auto* entity = std::get_if<EntityRef>(&value)) return entity->id;
  if (const auto* many = std::get_if<std::vector<EntityRef>>(&value)) {
    std::string out;
    for (const EntityRef& each : *many) out += each.id + ",";
    return out;
  }
  if (const auto* amount = std::get_if<Amount>(&value)) return std::to_string(amount->value) + amount->unit;
  return std::get<std::string>(value);
}

// The number stands in a slot of the claim, as it is or as the fraction that rates are kept as.
bool holds_number(const Claim& claim, const Amount& number) {
  for (const Slot& slot : claim.slots)
    if (const auto* amount = std::get_if<Amount>(&slot.value); amount != nullptr)
      if (amount->value == number.value || std::abs(amount->value * 100 - number.value) < 1e-9) return true;
  return false;
}

// What makes two claims of an article the same thing said twice.
std::string key_of(const Claim& claim) {
  const ClaimKind& kind = claim_kind(claim.type);
  std::string key(kind.name);
  for (const SlotSpec& spec : kind.slots) {
    if (!spec.key) continue;
    key += '\x1f';
    if (const SlotValue* value = claim.slot(spec.name)) key += slot_key(*value);
    else key += spec.fallback;
  }
  return key;
}

bool is_rule_kind(ClaimType type) {
  return type == ClaimType::kExportControl || type == ClaimType::kImportControl || type == ClaimType::kRevenueShare;
}
bool has_course(ClaimType type) { return is_rule_kind(type) || type == ClaimType::kIpoMilestone; }

// Whether one of the two may stand for both.
bool same_claim(const Claim& a, const Claim& b) {
  if (a.modality != b.modality) return false;
  if (a.when && b.when && a.when->iso != b.when->iso) return false;
  if (has_course(a.type)) {
    const bool now_a = a.aspect == Aspect::kBegins || a.aspect == Aspect::kHolds;
    const bool now_b = b.aspect == Aspect::kBegins || b.aspect == Aspect::kHolds;
    if (now_a != now_b || (!now_a && a.aspect != b.aspect)) return false;
    // An act with a date of its own is not the state of today.
    if (now_a && a.aspect != b.aspect && (a.when.has_value() != b.when.has_value())) return false;
    if (a.aspect == Aspect::kHolds && b.aspect == Aspect::kHolds && a.speakers != b.speakers) return false;
  }
  const std::string_view first = a.text("condition");
  const std::string_view second = b.text("condition");
  return first.empty() || second.empty() || first == second;
}

std::size_t fullness(const Claim& claim) {
  return claim.slots.size() * 4 + (claim.when ? 3U : 0U) + (claim.speakers.empty() ? 0U : 2U) + (claim.text("condition").empty() ? 0U : 2U);
}

// The fuller of the two stays where it stands and takes over what the other adds.
void merge(Placed& kept, Placed&& other) {
  if (fullness(other.draft.claim) > fullness(kept.draft.claim)) std::swap(kept, other);
  Claim& claim = kept.draft.claim;
  for (Slot& slot : other.draft.claim.slots)
    if (claim.slot(slot.name) == nullptr) claim.slots.push_back(std::move(slot));
  if (!claim.when && other.draft.claim.when) claim.when = other.draft.claim.when;
  if (claim.speakers.empty() && claim.attribution == Attribution::kOwn && is_rule_kind(claim.type) && !other.draft.claim.speakers.empty() && other.draft.claim.attribution == Attribution::kNamed) {
    claim.speakers = other.draft.claim.speakers;
    claim.attribution = other.draft.claim.attribution;
  }
  if (claim.aspect == Aspect::kHolds && other.draft.claim.aspect == Aspect::kBegins) claim.aspect = Aspect::kBegins;
}

Range trimmed(const Sentence& sentence, Range range) {
  const std::string_view text = sentence.text();
  const auto blank = [](char c) { return c == ' ' || c == ',' || c == '-' || c == '.' || c == ';' || c == ':'; };
  while (!range.empty() && blank(text[range.begin])) ++range.begin;
  while (!range.empty() && blank(text[range.end - 1])) --range.end;
  return range;
}

// What a sentence leaves for those that follow it.
void tell(const Sentence& sentence, Told& told) {
  const Name* product = nullptr;
  const Name* company = nullptr;
  for (const Name& name : sentence.names()) {
    // 192GB HBM3e: what is counted is a part of what is spoken of.
    const bool counted = std::any_of(sentence.quantities_at().begin(), sentence.quantities_at().end(), [&](const QuantityAt& number) {
      return number.at.end <= name.at.begin && name.at.begin - number.at.end <= 1;
    });
    // 与甲处于同一水平, 高于甲: held against it.
    std::uint32_t begin = name.at.begin;
    for (const Name& maker : sentence.names())
      if (maker.at.end == begin && is_company(maker.kind)) begin = maker.at.begin;
    const std::string_view before = sentence.text().substr(0, begin);
    static constexpr std::string_view kAgainst[] = {"与", "比", "较", "高于", "低于", "优于", "强于", "不及"};
    const bool against = std::any_of(std::begin(kAgainst), std::end(kAgainst), [&](std::string_view word) { return before.ends_with(word); });
    // Two letters and a digit may be anything (P3, C4).
    if (!counted && !against && product == nullptr && is_product(name.kind) && name.kind != EntityKind::kProductClass && (name.entity != nullptr || name.at.size() > 3)) product = &name;
    // Houses speak of others.
    if (company == nullptr && is_company(name.kind) && name.entity != nullptr && !name.entity->tagged("bank") && !name.entity->tagged("broker") && !name.entity->tagged("research") && !name.entity->tagged("rating")) company = &name;
  }
  if (product != nullptr) told.product = *product;
  if (company != nullptr) told.company = *company;
}

// The clauses that hold the trigger and its slots: the shortest stretch that a reader understands.
Range quote_of(const Sentence& sentence, const Draft& draft) {
  const Range first = sentence.clause_range(draft.extent.begin);
  const Range last = sentence.clause_range(draft.extent.end > draft.extent.begin ? draft.extent.end - 1 : draft.extent.end);
  return trimmed(sentence, {std::min(first.begin, draft.extent.begin), std::max(last.end, draft.extent.end)});
}

}  // namespace

std::vector<Reading> RuleInterpreter::read(const ArticleText& article) const {
  const Machine& parts = machine();
  const std::optional<Civil> reference = reference_of(article.head);
  std::vector<std::unique_ptr<Sentence>> sentences;
  sentences.reserve(article.statements.size());
  for (const Statement& statement : article.statements) sentences.push_back(std::make_unique<Sentence>(statement.text, lexicon_, parts.finder, reference));
  std::unique_ptr<Sentence> title;
  if (!article.head.title.empty()) title = std::make_unique<Sentence>(article.head.title, lexicon_, parts.finder, reference);
  const ArticleContext context = read_context(lexicon_, article.head, reference, title.get(), sentences);
  const bool minutes = article.head.rendition == Rendition::kMinutes;

  std::vector<Reading> readings(article.statements.size());
  std::vector<Placed> placed;
  SpeakerMemory memory;
  std::map<std::uint64_t, std::unique_ptr<Sentence>> headings;
  std::vector<Draft> drafts;
  const auto run = [&](const Sentence& sentence, const std::vector<SourceScope>& sources, const Sentence* heading, bool of_title, bool expert, std::size_t at, const Told* told) {
    drafts.clear();
    for (std::size_t i = 0; i < parts.rules.size(); ++i) {
      const Scene scene{sentence, context, sources, heading, static_cast<std::size_t>(Layer::kFirstRule) + i, of_title, expert, told};
      parts.rules[i]->read(scene, drafts);
    }
    std::vector<bool> drop(drafts.size(), false);
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      const Claim& claim = drafts[i].claim;
      for (const Draft& other : drafts) {
        if (other.claim.type == ClaimType::kScheduledEvent || other.claim.type == ClaimType::kMetric) continue;
        // A time that another kind's claim already tells is no event besides; a number in another's slot is no figure besides.
        if (claim.type == ClaimType::kScheduledEvent && other.claim.when && claim.when && other.claim.when->iso == claim.when->iso &&
            sentence.clause_at(other.trigger.begin) == sentence.clause_at(drafts[i].trigger.begin))
          drop[i] = true;
        if (claim.type == ClaimType::kMetric && other.extent.covers(drafts[i].trigger) && holds_number(other.claim, *claim.amount("value"))) drop[i] = true;
      }
    }
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      Draft& draft = drafts[i];
      if (drop[i]) continue;
      if (of_title && (!has_course(draft.claim.type) || draft.claim.modality != Modality::kAsserted || draft.claim.aspect == Aspect::kHeld)) continue;
      placed.push_back({std::move(draft), at, of_title});
    }
  };

  const std::vector<SourceScope> nobody;
  Told told;
  std::uint64_t told_under = 0;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    const Statement& statement = article.statements[i];
    const Sentence& sentence = *sentences[i];
    Reading& reading = readings[i];
    const auto on_note = [&](ByteSpan span) { return statement.on_note(span); };
    reading.times = sentence.times();
    reading.quantities = sentence.quantities();
    reading.entities = sentence.mentions();
    for (TimeMention& time : reading.times) time.span = on_note(time.span);
    for (Quantity& quantity : reading.quantities) quantity.span = on_note(quantity.span);
    for (EntityMention& entity : reading.entities) entity.span = on_note(entity.span);

    const std::vector<SourceScope> sources = read_sources(sentence, context.company ? context.company->ref.text : std::string(), memory);
    const bool expert = minutes && statement.block != BlockKind::kQuestion;
    if (!sources.empty()) {
      reading.speakers = sources.front().speakers;
      reading.attribution = sources.front().attribution;
    }
    if (expert) {
      reading.speakers.emplace_back(article.head.language == Language::kZhHant ? "專家" : article.head.language == Language::kEn ? "expert" : "专家");
      reading.attribution = Attribution::kAnonymous;
    }
    if (statement.block == BlockKind::kQuestion) continue;  // questions assert nothing

    // How the statement as a whole is meant: as at the end of its first clause that says more than who speaks.
    {
      const Range first = sentence.clauses().front().at;
      const std::uint32_t at = sources.empty() ? first.end : std::min<std::uint32_t>(sources.front().cue.end, static_cast<std::uint32_t>(sentence.text().size()));
      const Range here = sentence.clause_range(at == 0 ? 0 : at - 1);
      Draft whole;
      whole.trigger = {here.end, here.end};
      const Scene scene{sentence, context, sources, nullptr, 0, false, expert};
      if (!sentence.text().empty()) {
        whole.trigger = {here.end - 1, here.end};
        Stance stance = stance_of(scene, whole.trigger);
        settle(scene, whole, stance, Aspect::kHolds);
        reading.modality = whole.claim.modality;
      }
    }
    const Sentence* heading = nullptr;
    if (!statement.heading.empty()) {
      auto& made = headings[statement.heading_span.begin];
      const bool fresh = made == nullptr;
      if (fresh) made = std::make_unique<Sentence>(statement.heading, lexicon_, parts.finder, reference);
      heading = made.get();
      if (fresh && statement.heading_span.size() == statement.heading.size()) run(*heading, nobody, nullptr, true, expert, i, nullptr);
      for (Placed& each : placed)
        if (each.from_heading && each.statement == i && each.draft.claim.quote.empty()) {
          const ByteSpan span = heading->original_span(quote_of(*heading, each.draft));
          each.draft.claim.span = {span.begin + statement.heading_span.begin, span.end + statement.heading_span.begin};
          each.draft.claim.quote = std::string(span.of(statement.heading));
        }
    }
    if (statement.heading_span.begin != told_under) {
      told = {};
      told_under = statement.heading_span.begin;
      if (heading != nullptr) tell(*heading, told);
    }
    const std::size_t before = placed.size();
    run(sentence, sources, heading, false, expert, i, &told);
    for (std::size_t j = before; j < placed.size(); ++j) {
      Draft& draft = placed[j].draft;
      const ByteSpan span = sentence.original_span(quote_of(sentence, draft));
      draft.claim.span = on_note(span);
      draft.claim.quote = std::string(span.of(statement.text));
    }
    tell(sentence, told);
    for (std::size_t j = before; j < placed.size(); ++j) {
      const Claim& claim = placed[j].draft.claim;
      if (claim.type == ClaimType::kMetric && claim.when && claim.when->grain == Grain::kDay && claim.modality == Modality::kAsserted) told.session = claim.when;
    }
  }
  // The title speaks through the first statement that is no question, last of all: what the text says fuller stands there.
  if (title != nullptr && article.title_span.size() == article.head.title.size() && !minutes) {
    std::size_t first = 0;
    while (first < article.statements.size() && article.statements[first].block == BlockKind::kQuestion) ++first;
    if (first < article.statements.size()) {
      const std::size_t before = placed.size();
      run(*title, nobody, nullptr, true, false, first, nullptr);
      for (std::size_t j = before; j < placed.size(); ++j) {
        Draft& draft = placed[j].draft;
        const ByteSpan span = title->original_span(quote_of(*title, draft));
        draft.claim.span = {span.begin + article.title_span.begin, span.end + article.title_span.begin};
        draft.claim.quote = std::string(span.of(article.head.title));
      }
    }
  }

  // Said twice, written once: first what is told for its own sake, then what is only presupposed, then titles and headings.
  std::vector<Placed> kept;
  std::map<std::string, std::vector<std::size_t>> by_key;
  const auto rank = [](const Placed& each) { return each.from_heading ? 2 : each.draft.presupposed ? 1 : 0; };
  for (int pass = 0; pass < 3; ++pass) {
    for (Placed& each : placed) {
      if (rank(each) != pass) continue;
      Claim& claim = each.draft.claim;
      if (!validate_claim(claim)) continue;  // a slot came out empty
      const std::string key = key_of(claim);
      auto& same = by_key[key];
      const auto twin = std::find_if(same.begin(), same.end(), [&](std::size_t k) { return same_claim(kept[k].draft.claim, claim); });
      if (twin != same.end()) {
        if (pass == 0) merge(kept[*twin], std::move(each));
        continue;
      }
      if (pass > 0 && std::any_of(same.begin(), same.end(), [&](std::size_t k) { return kept[k].draft.claim.modality == Modality::kAsserted; })) continue;
      // Headlines say it in fewer words: another maker's slot or condition makes no new claim of them.
      if (pass == 2 && std::any_of(kept.begin(), kept.end(), [&](const Placed& k) {
            const Claim& other = k.draft.claim;
            if (other.type != claim.type || other.aspect == Aspect::kHeld || other.modality == Modality::kConditional || other.modality == Modality::kForecast) return false;
            const std::string_view step = claim.type == ClaimType::kIpoMilestone ? "stage" : "status";
            const std::string_view thing = claim.type == ClaimType::kIpoMilestone ? "company" : "product";
            return other.text(step) == claim.text(step) && other.entity(thing)->id == claim.entity(thing)->id;
          }))
        continue;
      same.push_back(kept.size());
      kept.push_back(std::move(each));
    }
  }
  // "If it is allowed …" only repeats what the article tells as fact.
  for (const Placed& each : kept) {
    const Claim& claim = each.draft.claim;
    const bool hypothetical = claim.modality == Modality::kConditional && is_rule_kind(claim.type);
    if (hypothetical && std::any_of(kept.begin(), kept.end(), [&](const Placed& other) {
          return other.draft.claim.modality == Modality::kAsserted && other.draft.claim.aspect != Aspect::kHeld && key_of(other.draft.claim) == key_of(claim);
        }))
      continue;
    readings[each.statement].claims.push_back(claim);
  }
  for (Reading& reading : readings)
    std::stable_sort(reading.claims.begin(), reading.claims.end(), [](const Claim& a, const Claim& b) { return a.span < b.span; });
  return readings;
}

}  // namespace annals
