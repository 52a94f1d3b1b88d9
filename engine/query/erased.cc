#include "engine/query/erased.h"

#include <algorithm>
#include <set>

#include "engine/projection/families.h"
#include "engine/projection/ledger.h"

namespace annals {
namespace {

// The statement that an erased event is or is about. None: it is a note's arrival, or an erasure.
Result<std::optional<Event>> statement_of(const EventLog& log, const EventId& id) {
  ANNALS_TRY(const auto position, log.lookup(id));
  if (!position) return std::optional<Event>();
  ANNALS_TRY(Event event, log.get(*position));
  if (std::holds_alternative<StatementEvent>(event.body)) return std::optional(std::move(event));
  if (const auto* again = std::get_if<Reinterpretation>(&event.body)) return statement_of(log, again->about);
  if (const auto* review = std::get_if<Review>(&event.body)) return statement_of(log, review->about);
  return std::optional<Event>();
}

bool admits(const Bounds& bounds, const Event& event) {
  const auto& statement = std::get<StatementEvent>(event.body);
  if (event.recorded_at > bounds.recorded_by || event.position > bounds.recorded_to) return false;
  const auto& published = statement.article.published;
  if (!published && bounds.undated == UndatedPolicy::kExclude) return false;
  Instant known = published ? published->known_from : event.recorded_at;
  if (bounds.clock == KnownClock::kObserved && statement.article.observed) known = *statement.article.observed;
  return known <= bounds.published_by;
}

}  // namespace

std::vector<Digest> subjects_asked(const Projection& projection, std::span<const std::string> keys, const Families& families) {
  std::set<Digest> out;
  for (const Projection* part : base_projections(projection)) {
    if (keys.empty()) out.insert(subject_digest("projection", part->name()));
    for (const std::string& key : keys) {
      std::vector<std::string> all{key};
      if (part->inherits())
        for (std::string& ancestor : ancestor_keys(key, families)) all.push_back(std::move(ancestor));
      for (const std::string& each : all) {
        const std::string subject = part->subject_of_key(each);
        const std::size_t bar = subject.find('|');
        for (const std::string& spelling : families.spellings(subject.substr(0, bar)))
          out.insert(subject_digest(part->name(), bar == std::string::npos ? spelling : spelling + subject.substr(bar)));
      }
    }
  }
  return {out.begin(), out.end()};
}

std::vector<Digest> subjects_asked(std::string_view entity, const Families& families) {
  std::set<Digest> out;
  for (const std::string& spelling : families.spellings(entity)) out.insert(subject_digest("entity", spelling));
  out.insert(subject_digest("entity", entity));
  return {out.begin(), out.end()};
}

Result<std::vector<ErasedSource>> erased_behind(const EventLog& log, const Ledger& about, std::span<const Digest> asked, const Bounds& bounds) {
  std::vector<ErasedSource> out;
  std::set<Position> counted;   // a statement that was erased twice is told of by the later erasure, which holds all that is left
  const auto& erasures = about.erasures();
  for (auto at = erasures.rbegin(); at != erasures.rend(); ++at) {
    const Event& event = **at;
    const auto& erasure = std::get<Erasure>(event.body);
    ErasedSource source{event.position, erasure.level, event.recorded_at, event.actor, erasure.because, 0};
    for (const KeptClaims& kept : erasure.kept) {
      const bool bears = std::any_of(kept.subjects.begin(), kept.subjects.end(), [&](const Digest& subject) { return std::binary_search(asked.begin(), asked.end(), subject); });
      if (!bears) continue;
      ANNALS_TRY(const auto statement, statement_of(log, kept.event));
      if (statement && statement->erased && admits(bounds, *statement) && counted.insert(statement->position).second) ++source.statements;
    }
    if (source.statements > 0) out.push_back(std::move(source));
  }
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace annals
