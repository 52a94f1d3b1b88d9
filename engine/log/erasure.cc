#include "engine/log/erasure.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

namespace annals {
namespace {

// Shown the log from its beginning, tells which events an erasure covers: what is about a statement stands behind it.
class Covering {
 public:
  Covering(const Digest& note, const Target& about, ErasureLevel level) : note_(note), about_(about), level_(level) {}

  bool covers(const Event& event) {
    const bool covered = std::visit([&](const auto& body) { return names(event, body); }, event.body);
    if (covered) covered_.insert(event.id);
    return covered;
  }
  bool has(const EventId& id) const { return covered_.contains(id); }

 private:
  bool names(const Event&, const NoteArrival& body) const { return body.note == note_; }
  bool names(const Event& event, const StatementEvent& body) const {
    if (body.note != note_) return false;
    switch (about_.kind) {
      case TargetKind::kNote: return true;
      case TargetKind::kArticle: return body.article.ordinal == about_.article;
      case TargetKind::kEvent: return event.id == about_.event;
    }
    return false;
  }
  bool names(const Event&, const Reinterpretation& body) const { return has(body.about); }
  bool names(const Event&, const Review& body) const { return has(body.about); }
  bool names(const Event&, const Erasure& body) const {
    return level_ == ErasureLevel::kAll && body.note == note_ &&
           std::any_of(body.kept.begin(), body.kept.end(), [&](const KeptClaims& kept) { return has(kept.event); });
  }
  template <class Other>
  bool names(const Event&, const Other&) const { return false; }

  const Digest note_;
  const Target about_;
  const ErasureLevel level_;
  std::unordered_set<EventId> covered_;
};

class Subjects {
 public:
  explicit Subjects(const SubjectsOf& of) : of_(of) {}
  void entity(const std::string& id) {
    if (!id.empty()) all_.insert(subject_digest("entity", id));
  }
  void claim(const Claim& claim) {
    for (const auto& [projection, subject] : of_(claim)) {
      all_.insert(subject_digest("projection", projection));
      all_.insert(subject_digest(projection, subject));
    }
    for (const Slot& slot : claim.slots) {
      if (const auto* one = std::get_if<EntityRef>(&slot.value)) entity(one->id);
      if (const auto* many = std::get_if<std::vector<EntityRef>>(&slot.value))
        for (const EntityRef& each : *many) entity(each.id);
    }
  }
  void add(const std::vector<Digest>& digests) { all_.insert(digests.begin(), digests.end()); }
  std::vector<Digest> take() { return {all_.begin(), all_.end()}; }

 private:
  const SubjectsOf& of_;
  std::set<Digest> all_;
};

std::vector<Claim> without_quotes(std::vector<Claim> claims) {
  for (Claim& claim : claims) claim.quote.clear();
  return claims;
}

Result<Digest> note_of(const EventLog& log, const Target& about) {
  const auto nothing = [](std::string what) { return Error{ErrorCode::kInvalid, std::move(what)}; };
  if (about.kind == TargetKind::kEvent) {
    ANNALS_TRY(const auto position, log.lookup(about.event));
    if (!position) return nothing(fmt::format("the log has no event {}", about.event.hex()));
    ANNALS_TRY(const Event event, log.get(*position));
    if (const auto* statement = std::get_if<StatementEvent>(&event.body)) return statement->note;
    return nothing(fmt::format("event {}: expected a statement, found a {}", position->value, event_kind_name(event.kind())));
  }
  ANNALS_TRY(const auto arrival, log.lookup(note_event_id(about.note)));
  if (!arrival) return nothing(fmt::format("the log has no note {}", about.note.hex()));
  return about.note;
}

}  // namespace

Result<Erasure> make_erasure(const EventLog& log, const Target& about, ErasureLevel level, std::string because, const SubjectsOf& subjects_of) {
  Erasure out;
  ANNALS_TRY(out.note, note_of(log, about));
  out.level = level;
  out.because = std::move(because);
  if (about.kind != TargetKind::kNote) out.about = about;
  Covering covering(out.note, about, level);
  std::map<Position, Erasure> earlier;   // erasures of this note
  std::vector<KeptClaims> adopted;
  std::uint64_t statements = 0;
  Status failed;
  ANNALS_TRY(const Position seen, log.read({Position{}, log.last()}, [&](const Event& event) {
    const auto* erasure = std::get_if<Erasure>(&event.body);
    const bool covered = covering.covers(event);
    if (erasure != nullptr && erasure->note == out.note) {
      earlier.insert_or_assign(event.position, *erasure);
      if (covered) adopted.insert(adopted.end(), erasure->kept.begin(), erasure->kept.end());
    }
    if (!covered) return Visit::kContinue;
    KeptClaims kept;
    kept.event = event.id;
    Subjects subjects(subjects_of);
    const auto take = [&](const Reading& reading) {
      if (!reading.unknown_claims.empty() && level == ErasureLevel::kText)
        failed = Error{ErrorCode::kInvalid, fmt::format("event {} has claims of a newer program, which would be lost: erase with that, or everything (level all)", event.position.value)};
      for (const Claim& claim : reading.claims) subjects.claim(claim);
      for (const EntityMention& mention : reading.entities) subjects.entity(mention.id);
      kept.claims = without_quotes(reading.claims);
    };
    if (const auto* statement = std::get_if<StatementEvent>(&event.body)) {
      ++statements;
      take(statement->reading);
      const ArticleHead& head = statement->article;
      kept.title = head.title;
      kept.outlet = head.outlet;
      kept.author = head.author;
      kept.carrier = head.carrier;
      kept.link = head.link;
      kept.text_hash = head.text_hash;
    } else if (const auto* again = std::get_if<Reinterpretation>(&event.body)) {
      take(again->reading);
    } else if (const auto* review = std::get_if<Review>(&event.body)) {
      if (review->amended) {
        subjects.claim(*review->amended);
        kept.claims = without_quotes({*review->amended});
      }
      kept.because = review->because;
    }
    // What an earlier erasure left out of it stays left out, and what it bore on stays told.
    if (event.erased) {
      if (const auto before = earlier.find(*event.erased); before != earlier.end())
        for (const KeptClaims& each : before->second.kept)
          if (each.event == event.id) subjects.add(each.subjects);
    }
    if (level == ErasureLevel::kAll) {
      kept = {};
      kept.event = event.id;
    }
    if (erasure != nullptr) kept.because = erasure->because;
    kept.subjects = subjects.take();
    KeptClaims nothing;
    nothing.event = event.id;
    if (kept != nothing) out.kept.push_back(std::move(kept));
    return failed ? Visit::kContinue : Visit::kStop;
  }, {}));
  static_cast<void>(seen);
  ANNALS_CHECK_OK(failed);
  if (statements == 0 && about.kind != TargetKind::kNote) return Error{ErrorCode::kInvalid, fmt::format("note {} has no statement there", out.note.hex())};
  // An erasure that is erased kept something of events that this one leaves alone: this one holds it from now on.
  for (KeptClaims& each : adopted) {
    const auto same = [&](const KeptClaims& other) { return other.event == each.event; };
    if (!covering.has(each.event) && std::none_of(out.kept.begin(), out.kept.end(), same)) out.kept.push_back(std::move(each));
  }
  return out;
}

Result<Covered> covered_by(const EventLog& log, const Erasure& erasure, Position at) {
  Covered out;
  Covering covering(erasure.note, erasure.target(), erasure.level);
  const ReadOptions options{.parts = Parts::kClaims, .check_leaves = false};
  ANNALS_TRY(const Position seen, log.read({Position{}, Position{at.value - 1}}, [&](const Event& event) {
    // An erasure that this one has erased shows no longer what it kept.
    const bool gone = event.kind() == EventKind::kErasure && event.erased && *event.erased == at;
    if (covering.covers(event) || gone) out.events.push_back(event.position);
    return Visit::kContinue;
  }, options));
  static_cast<void>(seen);
  for (const KeptClaims& kept : erasure.kept) {
    ANNALS_TRY(const auto position, log.lookup(kept.event));
    if (position && *position < at && !std::binary_search(out.events.begin(), out.events.end(), *position)) out.adopted.push_back(*position);
  }
  std::sort(out.adopted.begin(), out.adopted.end());
  return out;
}

Status KeptWords::put_back(Event& event, const Load& load) const {
  check(event.erased.has_value(), "an erased event");
  std::shared_ptr<const Kept> kept;
  {
    const std::lock_guard lock(mutex_);
    if (const auto at = loaded_.find(*event.erased); at != loaded_.end()) kept = at->second;
  }
  if (!kept) {
    ANNALS_TRY(Erasure erasure, load(*event.erased));
    auto made = std::make_shared<Kept>();
    for (KeptClaims& each : erasure.kept) {
      const EventId id = each.event;
      made->insert_or_assign(id, std::move(each));
    }
    kept = std::move(made);
    const std::lock_guard lock(mutex_);
    loaded_.insert_or_assign(*event.erased, kept);
  }
  const auto found = kept->find(event.id);
  if (found == kept->end()) return {};
  const KeptClaims& left = found->second;
  if (auto* statement = std::get_if<StatementEvent>(&event.body)) {
    ArticleHead& head = statement->article;
    head.title = left.title;
    head.outlet = left.outlet;
    head.author = left.author;
    head.carrier = left.carrier;
    head.link = left.link;
    head.text_hash = left.text_hash;
    statement->reading.claims = left.claims;
  } else if (auto* again = std::get_if<Reinterpretation>(&event.body)) {
    again->reading.claims = left.claims;
  } else if (auto* review = std::get_if<Review>(&event.body)) {
    if (!left.claims.empty()) review->amended = left.claims.front();
    review->because = left.because;
  } else if (auto* erasure = std::get_if<Erasure>(&event.body)) {
    erasure->because = left.because;
  }
  return {};
}

void KeptWords::forget() {
  const std::lock_guard lock(mutex_);
  loaded_.clear();
}

}  // namespace annals
