#include "replay/oracle.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/language/fold.h"
#include "engine/language/offices.h"
#include "engine/projection/wording.h"

namespace annals {
namespace {

// Everything here is a question about the events, answered by looking at all of them.
class World final : public Names {
 public:
  World(const std::vector<Event>& events, const Bounds& bounds, const Zone& store_zone)
      : events_(events), bounds_(bounds), store_zone_(store_zone) {}

  // By R, and not struck by a retraction that is itself not struck.
  bool counts(const Event& event) const {
    if (event.position > bounds_.recorded_to || event.recorded_at > bounds_.recorded_by) return false;
    return !struck(Target::of_event(event.id));
  }

  bool struck(const Target& target) const {
    for (const Event& event : events_)
      if (const auto* retraction = std::get_if<Retraction>(&event.body); retraction != nullptr && retraction->about == target && counts(event))
        return true;
    return false;
  }

  // Does an event about `target` concern this statement?
  static bool concerns(const Target& target, const Event& event, const StatementEvent& statement) {
    switch (target.kind) {
      case TargetKind::kEvent: return target.event == event.id || target.event == note_event_id(statement.note);
      case TargetKind::kArticle: return target.note == statement.note && target.article == statement.article.ordinal;
      case TargetKind::kNote: return target.note == statement.note;
    }
    return false;
  }

  struct Head {
    std::optional<std::string> outlet;
    std::optional<Published> published;
    std::vector<Position> amended_by;
  };
  Head head(const StatementEvent& statement) const {
    Head out{statement.article.outlet, statement.article.published, {}};
    for (const Event& event : events_) {
      const auto* amendment = std::get_if<Amendment>(&event.body);
      if (amendment == nullptr || amendment->about.kind == TargetKind::kEvent) continue;
      if (!concerns(amendment->about, event, statement) || !counts(event)) continue;
      if (amendment->outlet) out.outlet = amendment->outlet;
      if (amendment->published) out.published = amendment->published;
      out.amended_by.push_back(event.position);
    }
    return out;
  }

  // Recorded by R, not struck, not withdrawn by P: wherever it is in the time of knowing.
  bool stands(const Event& event, const StatementEvent& statement) const {
    if (!counts(event)) return false;
    for (const Event& other : events_) {
      if (const auto* retraction = std::get_if<Retraction>(&other.body);
          retraction != nullptr && concerns(retraction->about, event, statement) && counts(other))
        return false;
      if (const auto* withdrawal = std::get_if<Withdrawal>(&other.body);
          withdrawal != nullptr && concerns(withdrawal->about, event, statement) && counts(other) &&
          withdrawal->published.known_from <= bounds_.published_by)
        return false;
    }
    return true;
  }

  bool undated_and_left_out(const Head& head) const { return !head.published && bounds_.undated == UndatedPolicy::kExclude; }

  bool known(const Event& event, const StatementEvent& statement, const Head& head) const {
    Instant when = head.published ? head.published->known_from : event.recorded_at;
    if (bounds_.clock == KnownClock::kObserved && statement.article.observed) when = *statement.article.observed;
    return when <= bounds_.published_by;
  }

  // One reading of a statement, with the event that holds it.
  struct Reading {
    const Event* event = nullptr;
    InterpreterId interpreter;
    std::vector<Claim> claims;
    std::vector<std::uint32_t> ordinals;
  };
  // All that count by R, oldest first.
  std::vector<Reading> readings(const Event& event, const StatementEvent& statement) const {
    std::vector<Reading> out;
    const auto take = [&](const Event& holder, const InterpreterId& interpreter, const annals::Reading& reading) {
      Reading one{&holder, interpreter, reading.claims, {}};
      for (std::size_t i = 0; i < reading.claims.size(); ++i) one.ordinals.push_back(claim_ordinal(reading, i));
      out.push_back(std::move(one));
    };
    take(event, statement.interpreter, statement.reading);
    for (const Event& other : events_)
      if (const auto* again = std::get_if<Reinterpretation>(&other.body); again != nullptr && again->about == event.id && counts(other))
        take(other, again->interpreter, again->reading);
    return out;
  }

  struct Said {
    Claim claim;
    std::uint32_t ordinal = 0;
    std::vector<Position> because;  // the reinterpretation and the review
  };
  std::vector<Said> said(const Event& event, const StatementEvent& statement) const {
    const std::vector<Reading> all = readings(event, statement);
    const std::string asked = bounds_.interpreter.value_or(statement.interpreter.name);
    const Reading* newest = nullptr;
    for (const Reading& reading : all)
      if (reading.interpreter.name == asked || reading.interpreter.text() == asked) newest = &reading;
    std::vector<Said> out;
    if (newest == nullptr) return out;
    for (std::size_t i = 0; i < newest->claims.size(); ++i) {
      Said one{newest->claims[i], newest->ordinals[i], {}};
      if (newest->event != &event) one.because.push_back(newest->event->position);
      const Event* last_review = nullptr;
      for (const Event& other : events_) {
        const auto* review = std::get_if<Review>(&other.body);
        if (review == nullptr || review->about != event.id || !counts(other)) continue;
        if (review->interpreter.name != newest->interpreter.name) continue;
        const Reading* made_on = nullptr;
        for (const Reading& reading : all)
          if (reading.interpreter == review->interpreter && reading.event->position < other.position) made_on = &reading;
        if (made_on == nullptr) continue;
        if (review->verdict == Verdict::kAmend && !review->amended) continue;
        bool about = false;
        for (std::size_t j = 0; j < made_on->claims.size(); ++j) {
          if (review->claim && *review->claim != made_on->ordinals[j]) continue;
          const Claim& a = newest->claims[i];
          const Claim& b = made_on->claims[j];
          const bool equal = a.type == b.type && a.modality == b.modality && a.attribution == b.attribution && a.aspect == b.aspect &&
                             a.speakers == b.speakers && a.when == b.when && a.slots == b.slots;
          if (made_on == newest ? i == j : equal) about = true;
        }
        if (about) last_review = &other;
      }
      if (last_review != nullptr) {
        const Review& review = std::get<Review>(last_review->body);
        if (review.verdict == Verdict::kReject) continue;
        if (review.verdict == Verdict::kAmend) one.claim = *review.amended;
        one.because.push_back(last_review->position);
      } else if (bounds_.reviewed) {
        continue;
      }
      out.push_back(std::move(one));
    }
    return out;
  }

  // Lexicon facts: the last about each entity by R.
  std::map<std::string, Entity> facts() const {
    std::map<std::string, Entity> out;
    for (const Event& event : events_)
      if (const auto* fact = std::get_if<LexiconFact>(&event.body); fact != nullptr && counts(event)) out[fact->entity.id] = fact->entity;
    return out;
  }
  void look_up_facts() { facts_ = facts(); }
  const Entity* entity(std::string_view id) const {
    const auto at = facts_.find(std::string(id));
    return at == facts_.end() ? nullptr : &at->second;
  }
  // Of those that bear the name, the first by id.
  const Entity* bearer(std::string_view folded) const {
    if (const Entity* own = entity(folded)) return own;
    for (const auto& [id, each] : facts_) {
      if (fold(each.name) == folded) return &each;
      for (const std::string& alias : each.aliases)
        if (fold(alias) == folded) return &each;
    }
    return nullptr;
  }
  std::string canonical(std::string_view id) const override {
    const Entity* found = bearer(id);
    return found == nullptr ? std::string(id) : found->id;
  }
  bool is_class(std::string_view id) const override {
    const Entity* found = entity(id);
    return found != nullptr && found->kind == EntityKind::kProductClass;
  }

  // A claim that the bounds admit, with where it comes from.
  struct Voice {
    const Event* event;
    const StatementEvent* statement;
    Head head;
    Said said;
  };

  std::vector<Voice> voices(const Projection& projection) const {
    std::vector<Voice> out;
    for (const Event& event : events_) {
      const auto* statement = std::get_if<StatementEvent>(&event.body);
      if (statement == nullptr || !stands(event, *statement)) continue;
      const Head own = head(*statement);
      if (undated_and_left_out(own) || !known(event, *statement, own)) continue;
      for (Said& one : said(event, *statement))
        if (!projection.subject(one.claim).empty()) out.push_back({&event, statement, own, std::move(one)});
    }
    return out;
  }

  Zone zone(const std::optional<Published>& published) const {
    if (!published) return store_zone_;
    auto found = Zone::find(published->zone);
    return found ? *found : store_zone_;
  }

  static std::string word_of(const Voice& voice) {
    if (voice.head.outlet) return fold(*voice.head.outlet);
    return voice.statement->note.hex().substr(0, 16) + "#" + std::to_string(voice.statement->article.ordinal);
  }

  State fold_key(const Projection& projection, std::string_view key) const {
    std::vector<Voice> voices_of_key;
    for (Voice& voice : voices(projection))
      if (projection.key(voice.said.claim, *this) == key) voices_of_key.push_back(std::move(voice));
    std::vector<PlacedClaim> placed;
    for (const Voice& voice : voices_of_key) {
      // A copy holds from its group's earliest admitted member.
      const Voice* first = &voice;
      if (!voice.statement->article.text_hash.none()) {
        for (const Voice& other : voices_of_key) {
          if (other.statement->article.text_hash != voice.statement->article.text_hash) continue;
          const bool dated = other.head.published.has_value();
          const bool first_dated = first->head.published.has_value();
          if (dated != first_dated) {
            if (dated) first = &other;
            continue;
          }
          const Instant one = dated ? other.head.published->known_from : other.event->recorded_at;
          const Instant another = dated ? first->head.published->known_from : first->event->recorded_at;
          if (one < another || (one == another && other.event->position < first->event->position)) first = &other;
        }
      }
      const Claim& claim = voice.said.claim;
      PlacedClaim out = place(claim, first->head.published, first->event->recorded_at, zone(first->head.published));
      out.source = word_of(*first);
      out.wording = wording_of(voice.statement->statement.text);
      Evidence& evidence = out.evidence;
      evidence.position = voice.event->position;
      evidence.claim = voice.said.ordinal;
      evidence.note = voice.statement->note;
      evidence.article = voice.statement->article.ordinal;
      evidence.title = voice.statement->article.title;
      evidence.outlet = voice.head.outlet;
      evidence.speakers = claim.speakers;
      if (voice.head.published) {
        evidence.published = format_published(*voice.head.published);
        evidence.known_from = voice.head.published->known_from;
      }
      evidence.recorded_at = voice.event->recorded_at;
      evidence.rendition = voice.statement->article.rendition;
      evidence.modality = claim.modality;
      evidence.attribution = claim.attribution;
      evidence.aspect = claim.aspect;
      evidence.when = claim.when ? claim.when->iso : "";
      evidence.quote = claim.quote;
      const bool same_article =
          first->statement->note == voice.statement->note && first->statement->article.ordinal == voice.statement->article.ordinal;
      if (!same_article) evidence.copy_of = first->event->position;
      evidence.amended_by = voice.head.amended_by;
      evidence.amended_by.insert(evidence.amended_by.end(), voice.said.because.begin(), voice.said.because.end());
      std::sort(evidence.amended_by.begin(), evidence.amended_by.end());
      if (claim.attribution == Attribution::kAnonymous || claim.attribution == Attribution::kHearsay) {
        evidence.origin = "anonymous:" + out.source;
      } else if (claim.speakers.empty()) {
        evidence.origin = "outlet:" + out.source;
      } else {
        const std::string folded = fold(claim.speakers.back());
        const Entity* speaker = bearer(folded);
        for (const std::string& name : without_office(folded))
          if (const Entity* person = bearer(name); speaker == nullptr && person != nullptr && person->kind == EntityKind::kPerson) speaker = person;
        evidence.origin = speaker == nullptr ? folded : speaker->id;
      }
      placed.push_back(std::move(out));
    }
    // Dated after undated; then valid from (unknown before everything), published, position, ordinal.
    std::sort(placed.begin(), placed.end(), [](const PlacedClaim& a, const PlacedClaim& b) {
      if (a.dated != b.dated) return b.dated;
      if (a.from != b.from) return !a.from || (b.from && *a.from < *b.from);
      if (a.published != b.published) return a.published < b.published;
      if (a.evidence.position != b.evidence.position) return a.evidence.position < b.evidence.position;
      return a.evidence.claim < b.evidence.claim;
    });
    return fold_claims(projection, key, placed, bounds_.valid_at, bounds_.published_by);
  }

  // A class that texts only point at reaches nothing without its maker.
  bool pointed_at(const std::string& id) const {
    const Entity* each = entity(id);
    return each != nullptr && std::count(each->tags.begin(), each->tags.end(), "by_reference") > 0;
  }

  // The keys whose rules reach this one, nearest first.
  std::vector<std::string> above(const std::string& key) const {
    const std::string product = key.substr(0, key.find('/'));
    const std::string place = key.find('/') == std::string::npos ? "" : key.substr(key.find('/'));
    std::string id = product;
    std::string vendor;
    std::vector<std::string> out;
    if (const std::size_t at = product.find('@'); at != std::string::npos) {
      id = product.substr(0, at);
      vendor = product.substr(at + 1);
      if (!pointed_at(id)) out.push_back(id + place);
    } else if (const Entity* own = entity(id); own != nullptr && own->vendor) {
      vendor = canonical(*own->vendor);
    }
    std::set<std::string> seen{id};
    const Entity* each = entity(id);
    while (each != nullptr && each->inherits_rules && each->family && seen.insert(*each->family).second) {
      const std::string family = *each->family;
      if (!vendor.empty() && is_class(family)) out.push_back(family + "@" + vendor + place);
      if (!pointed_at(family)) out.push_back(family + place);
      each = entity(family);
    }
    return out;
  }

  State answer(const Projection& projection, const std::string& key) const {
    if (!projection.parts().empty()) {
      std::vector<State> parts;
      for (const std::string_view part : projection.parts()) parts.push_back(answer(*find_projection(part), key));
      return projection.join(key, parts);
    }
    State own = fold_key(projection, key);
    if (!projection.inherits()) return own;
    std::vector<Inherited> ancestors;
    for (const std::string& ancestor : above(key)) {
      State theirs = fold_key(projection, ancestor);
      if (theirs.best() != nullptr) ancestors.push_back({ancestor, std::move(theirs)});
    }
    return inherit(std::move(own), ancestors);
  }

  std::set<std::string> keys(const Projection& projection) const {
    std::set<std::string> out;
    if (!projection.parts().empty()) {
      for (const std::string_view part : projection.parts()) out.merge(keys(*find_projection(part)));
      return out;
    }
    for (const Voice& voice : voices(projection)) out.insert(projection.key(voice.said.claim, *this));
    return out;
  }

 private:
  const std::vector<Event>& events_;
  const Bounds& bounds_;
  const Zone& store_zone_;
  std::map<std::string, Entity> facts_;
};

}  // namespace

Result<Oracle> Oracle::read(const EventLog& log) {
  Oracle out;
  out.store_zone_ = log.info().zone;
  ANNALS_TRY(const Position end, log.read(PositionRange{Position{}, log.last()}, [&](const Event& event) {
    out.events_.push_back(event);
    return Visit::kContinue;
  }));
  (void)end;
  return out;
}

State Oracle::state(std::string_view projection, std::string_view key, const Bounds& bounds) const {
  const Projection* which = find_projection(projection);
  check(which != nullptr, "a projection of the registry");
  World world(events_, bounds, store_zone_);
  world.look_up_facts();
  return world.answer(*which, std::string(key));
}

std::vector<State> Oracle::states(std::string_view projection, const Bounds& bounds) const {
  const Projection* which = find_projection(projection);
  check(which != nullptr, "a projection of the registry");
  World world(events_, bounds, store_zone_);
  world.look_up_facts();
  std::vector<State> out;
  for (const std::string& key : world.keys(*which)) {
    State state = world.answer(*which, key);
    if (!state.empty()) out.push_back(std::move(state));
  }
  return out;
}

Oracle::Count Oracle::count(const Bounds& bounds) const {
  const World world(events_, bounds, store_zone_);
  Count out;
  for (const Event& event : events_) {
    const auto* statement = std::get_if<StatementEvent>(&event.body);
    if (statement == nullptr || !world.stands(event, *statement)) continue;
    const World::Head head = world.head(*statement);
    if (world.undated_and_left_out(head)) {
      ++out.undated_left_out;
    } else if (world.known(event, *statement, head)) {
      ++out.statements;
    }
  }
  return out;
}

}  // namespace annals
