#include "engine/filter/filter.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/claim/kinds.h"
#include "engine/language/fold.h"

namespace annals {
namespace {

Error invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

bool names(const std::set<std::string>& entities, const EntityRef& each) {
  if (entities.contains(each.id) || entities.contains(fold(each.text))) return true;
  // A class key with its vendor ("ai_chips@nvidia") is that class too.
  const auto at = each.id.find('@');
  return at != std::string::npos && entities.contains(each.id.substr(0, at));
}

bool names(const std::set<std::string>& entities, const SlotValue& value) {
  if (const auto* one = std::get_if<EntityRef>(&value)) return names(entities, *one);
  if (const auto* list = std::get_if<std::vector<EntityRef>>(&value)) {
    return std::any_of(list->begin(), list->end(), [&](const EntityRef& each) { return names(entities, each); });
  }
  return false;
}

bool names(const std::set<std::string>& entities, const Reading& reading) {
  for (const EntityMention& mention : reading.entities) {
    if (entities.contains(mention.id) || (mention.id.empty() && entities.contains(fold(mention.text)))) return true;
  }
  for (const Claim& claim : reading.claims) {
    for (const Slot& slot : claim.slots) {
      if (names(entities, slot.value)) return true;
    }
  }
  return false;
}

}  // namespace

Result<Filter> Filter::make(const FilterSpec& spec, const Lexicon& lexicon) {
  Filter out;
  out.all_ = spec.all();
  out.published_from_ = spec.published_from;
  for (const std::string& name : spec.kinds) {
    const auto kind = find_event_kind(name);
    if (!kind) {
      return invalid(fmt::format("filter: expected a kind of event (note, statement, reinterpretation, amendment, withdrawal, retraction, review, "
                                 "lexicon, erasure), found '{}'", name));
    }
    out.kinds_.insert(*kind);
  }
  for (const std::string& name : spec.claim_types) {
    const ClaimKind* kind = find_claim_kind(name);
    if (kind == nullptr) {
      std::string known;
      for (const ClaimKind& each : claim_kinds()) known += (known.empty() ? "" : ", ") + std::string(each.name);
      return invalid(fmt::format("filter: expected a type of claim ({}), found '{}'", known, name));
    }
    out.types_.insert(kind->type);
  }
  for (const std::string& name : spec.modalities) {
    const auto modality = find_modality(name);
    if (!modality) return invalid(fmt::format("filter: expected a modality (asserted, reported, denied, forecast, planned, conditional), found '{}'", name));
    out.modalities_.insert(*modality);
  }
  for (const std::string& name : spec.entities) {
    const Entity* entity = lexicon.find(name);
    if (entity == nullptr) entity = lexicon.by_name(name);
    out.entities_.insert(entity != nullptr ? entity->id : fold(name));
    if (out.entities_.contains("")) return invalid("filter: an entity without a name");
  }
  for (const std::string& name : spec.outlets) {
    out.outlets_.insert(fold(name));
    if (out.outlets_.contains("")) return invalid("filter: an outlet without a name");
  }
  if (spec.note.size() > 2 * Digest().bytes.size() || spec.note.find_first_not_of("0123456789abcdef") != std::string::npos)
    return invalid(fmt::format("filter: expected the beginning of a note's SHA-256 in hex, found '{}'", spec.note));
  out.note_ = spec.note;
  return out;
}

bool Filter::plain(Instant known_from) const {
  return types_.empty() && entities_.empty() && outlets_.empty() && modalities_.empty() && (!published_from_ || known_from >= *published_from_);
}

bool Filter::note_arrival_matches(const NoteArrival& arrival, Instant recorded_at) const { return plain(recorded_at) && is_note(arrival.note); }

bool Filter::fact_matches(const LexiconFact& fact, Instant recorded_at) const {
  if (!note_.empty() || !types_.empty() || !outlets_.empty() || !modalities_.empty()) return false;
  return (entities_.empty() || entities_.contains(fact.entity.id)) && (!published_from_ || recorded_at >= *published_from_);
}

bool Filter::reading_matches(const StatementEvent& statement, const Reading& reading, Instant recorded_at) const {
  if (!is_note(statement.note)) return false;
  if (published_from_) {
    const auto& published = statement.article.published;
    if ((published ? published->known_from : recorded_at) < *published_from_) return false;
  }
  if (!outlets_.empty() && (!statement.article.outlet || !outlets_.contains(fold(*statement.article.outlet)))) return false;
  if (!types_.empty() || !modalities_.empty()) {
    const bool claims_match = std::any_of(reading.claims.begin(), reading.claims.end(), [&](const Claim& claim) {
      return (types_.empty() || types_.contains(claim.type)) && (modalities_.empty() || modalities_.contains(claim.modality));
    });
    const bool itself = reading.claims.empty() && types_.empty() && modalities_.contains(reading.modality);
    if (!claims_match && !itself) return false;
  }
  return entities_.empty() || names(entities_, reading);
}

bool Filter::any_of_note(const Digest& note, std::optional<std::uint32_t> article, const EventLog& log) const {
  if (!is_note(note)) return false;
  if (plain(kInstantMax) && !published_from_) return true;
  const auto arrival = log.find(note_event_id(note));
  if (!arrival) return false;
  bool found = false;
  std::uint64_t seen = 0;
  std::uint64_t expected = ~std::uint64_t{0};
  std::uint64_t of_note = 0;
  const auto read = log.read({Position{arrival->value - 1}, log.last()}, [&](const Event& event) {
    if (const auto* head = std::get_if<NoteArrival>(&event.body); head != nullptr && head->note == note) expected = head->statements;
    if (const auto* statement = std::get_if<StatementEvent>(&event.body); statement != nullptr && statement->note == note) {
      ++of_note;
      found = (!article || statement->article.ordinal == *article) && reading_matches(*statement, statement->reading, event.recorded_at);
    }
    found |= ++seen >= kStatementsLookedAt;
    return found || of_note >= expected ? Visit::kStop : Visit::kContinue;
  });
  return found || !read.ok();
}

bool Filter::about(const Target& target, const EventLog& log, int depth) const {
  if (depth >= kChainLookedAt) return true;
  if (target.kind == TargetKind::kNote) return any_of_note(target.note, std::nullopt, log);
  if (target.kind == TargetKind::kArticle) return any_of_note(target.note, target.article, log);
  const auto position = log.find(target.event);
  if (!position) return false;
  const auto event = log.get(*position);
  if (!event) return true;   // damage is the reader's to meet, not to be filtered away
  struct Asker {
    const Filter& filter;
    const EventLog& log;
    int depth;
    Instant recorded_at;
    bool operator()(const StatementEvent& body) const { return filter.reading_matches(body, body.reading, recorded_at); }
    bool operator()(const NoteArrival& body) const { return filter.any_of_note(body.note, std::nullopt, log); }
    bool operator()(const Reinterpretation& body) const { return filter.about(Target::of_event(body.about), log, depth); }
    bool operator()(const Amendment& body) const { return filter.about(body.about, log, depth); }
    bool operator()(const Withdrawal& body) const { return filter.about(body.about, log, depth); }
    bool operator()(const Retraction& body) const { return filter.about(body.about, log, depth); }
    bool operator()(const Review& body) const { return filter.about(Target::of_event(body.about), log, depth); }
    bool operator()(const LexiconFact& body) const { return filter.fact_matches(body, recorded_at); }
    bool operator()(const Erasure& body) const { return filter.about(Target::of_note(body.note), log, depth); }
  };
  return std::visit(Asker{*this, log, depth + 1, event->recorded_at}, event->body);
}

Parts Filter::parts() const {
  if (!entities_.empty()) return Parts::kAll;   // names that no claim has
  return note_.empty() && !published_from_ && plain(kInstantMax) ? Parts::kEnvelope : Parts::kClaims;
}

bool Filter::matches(const Event& event, const EventLog& log) const {
  if (all_) return true;
  if (!takes(event.kind())) return false;
  struct Asker {
    const Filter& filter;
    const EventLog& log;
    const Event& event;
    bool operator()(const StatementEvent& body) const { return filter.reading_matches(body, body.reading, event.recorded_at); }
    bool operator()(const NoteArrival& body) const { return filter.note_arrival_matches(body, event.recorded_at); }
    bool operator()(const Reinterpretation& body) const {
      if (filter.about(Target::of_event(body.about), log, 0)) return true;
      // A reading may find what the first one did not.
      const auto position = log.find(body.about);
      if (!position) return false;
      const auto target = log.get(*position);
      const auto* statement = target ? std::get_if<StatementEvent>(&target->body) : nullptr;
      return statement != nullptr && filter.reading_matches(*statement, body.reading, target->recorded_at);
    }
    bool operator()(const Amendment& body) const { return filter.about(body.about, log, 0); }
    bool operator()(const Withdrawal& body) const { return filter.about(body.about, log, 0); }
    bool operator()(const Retraction& body) const { return filter.about(body.about, log, 0); }
    bool operator()(const Review& body) const { return filter.about(Target::of_event(body.about), log, 0); }
    bool operator()(const LexiconFact& body) const { return filter.fact_matches(body, event.recorded_at); }
    bool operator()(const Erasure& body) const { return filter.about(Target::of_note(body.note), log, 0); }
  };
  // Nothing but kinds is asked: what it is about does not matter.
  if (only_kinds()) return true;
  return std::visit(Asker{*this, log, event}, event.body);
}

}  // namespace annals
