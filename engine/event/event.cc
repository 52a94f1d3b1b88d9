#include "engine/event/event.h"

#include <array>
#include <bit>
#include <span>

namespace annals {
namespace {

constexpr std::array<std::string_view, kEventKinds> kKindNames = {
    "note", "statement", "reinterpretation", "amendment", "withdrawal", "retraction", "review", "lexicon", "erasure"};

// Every field goes in with its length, and what may be absent with a word for whether it is there, so that two different bodies
// never give the same bytes to the hash.
class Fields {
 public:
  explicit Fields(EventKind kind) { hash_.add_field(event_kind_name(kind)); }

  Fields& add(std::string_view text) { return hash_.add_field(text), *this; }
  Fields& add(const std::string& text) { return add(std::string_view(text)); }
  Fields& add(const char*) = delete;
  Fields& add(const Digest& digest) { return add(digest.view()); }
  Fields& add(std::uint64_t number) { return hash_.add_field(number), *this; }
  Fields& add(double number) { return add(std::bit_cast<std::uint64_t>(number)); }
  Fields& add(Instant instant) { return add(static_cast<std::uint64_t>(instant.time_since_epoch().count())); }
  Fields& add(Civil wall) { return add(static_cast<std::uint64_t>(wall.time_since_epoch().count())); }
  Fields& add(ByteSpan span) { return add(span.begin).add(span.end); }
  template <class E>
    requires std::is_enum_v<E>
  Fields& add(E value) {
    return add(static_cast<std::uint64_t>(value));
  }
  template <class T>
  Fields& add(const std::optional<T>& value) {
    add(static_cast<std::uint64_t>(value.has_value()));
    return value ? add(*value) : *this;
  }
  template <class T>
  Fields& add(const std::vector<T>& values) {
    add(static_cast<std::uint64_t>(values.size()));
    for (const T& value : values) add(value);
    return *this;
  }
  Fields& add(std::uint32_t number) { return add(static_cast<std::uint64_t>(number)); }
  Fields& add(bool flag) { return add(static_cast<std::uint64_t>(flag)); }

  Fields& add(const Target& target) {
    add(target.kind);
    switch (target.kind) {
      case TargetKind::kEvent: return add(target.event);
      case TargetKind::kArticle: return add(target.note).add(target.article);
      case TargetKind::kNote: return add(target.note);
    }
    return *this;
  }
  Fields& add(const InterpreterId& interpreter) { return add(interpreter.name).add(interpreter.version); }
  Fields& add(const Published& published) {
    return add(published.wall).add(published.precision).add(published.zone).add(published.zone_source).add(published.earliest).add(
        published.known_from);
  }
  Fields& add(const EntityRef& entity) { return add(entity.id).add(entity.text).add(entity.known); }
  Fields& add(const Amount& amount) { return add(amount.value).add(amount.high).add(amount.comparator).add(amount.unit); }
  Fields& add(const When& when) { return add(when.iso).add(when.from).add(when.to).add(when.grain); }
  Fields& add(const Slot& slot) {
    add(slot.name).add(static_cast<std::uint64_t>(slot.value.index()));
    std::visit([this](const auto& value) { add(value); }, slot.value);
    return *this;
  }
  Fields& add(const Claim& claim) {
    return add(claim.type).add(claim.modality).add(claim.attribution).add(claim.aspect).add(claim.speakers).add(claim.when).add(
        claim.said_at).add(claim.span).add(claim.quote).add(claim.rule).add(claim.slots);
  }
  Fields& add(const Entity& entity) {
    return add(entity.id).add(entity.kind).add(entity.name).add(entity.aliases).add(entity.family).add(entity.inherits_rules).add(
        entity.vendor).add(entity.country).add(entity.tags).add(entity.tickers);
  }
  Fields& add(const KeptClaims& kept) {
    add(kept.event).add(kept.title).add(kept.outlet).add(kept.author).add(kept.carrier).add(kept.link).add(kept.text_hash).add(
        kept.claims);
    if (!kept.subjects.empty()) add(std::string_view("subjects")).add(kept.subjects);
    if (!kept.because.empty()) add(std::string_view("because")).add(kept.because);
    return *this;
  }

  EventId finish() { return hash_.finish(); }

 private:
  Sha256 hash_;
};

struct IdOf {
  EventId operator()(const NoteArrival& body) const { return note_event_id(body.note); }
  EventId operator()(const StatementEvent& body) const {
    return statement_id(body.note, body.article.ordinal, body.statement.span);
  }
  EventId operator()(const Reinterpretation& body) const {
    Fields fields(EventKind::kReinterpretation);
    fields.add(body.about).add(body.interpreter);
    if (!body.after.none()) fields.add(body.after);  // added later: ids without it stay what they were
    return fields.finish();
  }
  EventId operator()(const Amendment& body) const {
    return Fields(EventKind::kAmendment).add(body.about).add(body.outlet).add(body.published).add(body.because).add(body.after).finish();
  }
  EventId operator()(const Withdrawal& body) const {
    return Fields(EventKind::kWithdrawal).add(body.about).add(body.outlet).add(body.published).add(body.because).add(body.after).finish();
  }
  EventId operator()(const Retraction& body) const {
    return Fields(EventKind::kRetraction).add(body.about).add(body.because).add(body.after).finish();
  }
  EventId operator()(const Review& body) const {
    return Fields(EventKind::kReview).add(body.about).add(body.claim).add(body.interpreter).add(body.verdict).add(body.amended).add(
        body.because).add(body.after).finish();
  }
  EventId operator()(const LexiconFact& body) const {
    Fields fields(EventKind::kLexicon);
    fields.add(body.entity).add(body.after);
    if (body.by_hand) fields.add(true);
    return fields.finish();
  }
  EventId operator()(const Erasure& body) const {
    Fields fields(EventKind::kErasure);
    fields.add(body.note).add(body.level).add(body.because).add(body.kept);
    if (body.about) fields.add(*body.about);
    return fields.finish();
  }
};

}  // namespace

std::string_view event_kind_name(EventKind kind) { return kKindNames.at(static_cast<std::size_t>(kind)); }

std::optional<EventKind> find_event_kind(std::string_view name) {
  for (std::size_t i = 0; i < kKindNames.size(); ++i) {
    if (kKindNames[i] == name) return static_cast<EventKind>(i);
  }
  return std::nullopt;
}

std::string_view verdict_name(Verdict verdict) {
  static constexpr std::array<std::string_view, 3> kNames = {"accept", "reject", "amend"};
  return kNames.at(static_cast<std::size_t>(verdict));
}

std::string_view erasure_level_name(ErasureLevel level) { return level == ErasureLevel::kText ? "text" : "all"; }

Digest subject_digest(std::string_view kind, std::string_view name) {
  return Sha256().add_field(std::string_view("erased subject")).add_field(kind).add_field(name).finish();
}

EventId event_id(const EventBody& body) { return std::visit(IdOf{}, body); }

EventId statement_id(const Digest& note, std::uint32_t article, ByteSpan span) {
  return Fields(EventKind::kStatement).add(note).add(article).add(span).finish();
}

EventId note_event_id(const Digest& note) { return Fields(EventKind::kNote).add(note).finish(); }

std::uint32_t claim_ordinal(const Reading& reading, std::size_t index) {
  auto ordinal = static_cast<std::uint32_t>(index);
  for (const std::uint32_t unknown : reading.unknown_claims) {
    if (unknown > ordinal) break;
    ++ordinal;
  }
  return ordinal;
}

}  // namespace annals
