#include "engine/audit/watch.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "engine/language/fold.h"

namespace annals {
namespace {

// Which contradiction it is: what it is about, and what each side says. Who says it may grow.
using Name = std::tuple<ContradictionKind, std::string, std::string, std::string, std::string, std::string>;
Name name_of(const Contradiction& of) { return {of.kind, of.type, of.subject, of.slot, std::min(of.one.value, of.other.value), std::max(of.one.value, of.other.value)}; }

bool may_matter(const Event& event) {
  if (const auto* statement = std::get_if<StatementEvent>(&event.body)) return !statement->reading.claims.empty();
  return event.kind() != EventKind::kNote && event.kind() != EventKind::kLexicon;
}

// The subject's entity: "hbm4/…" and "ai_chips@nvidia/…" by what stands first.
bool asked_for(const Contradiction& of, const std::vector<std::string>& ids) {
  if (ids.empty()) return true;
  const std::string entity = of.subject.substr(0, of.subject.find_first_of("/@|"));
  return std::find(ids.begin(), ids.end(), entity) != ids.end();
}

}  // namespace

std::string_view contradiction_change_name(ContradictionChange::What what) {
  switch (what) {
    case ContradictionChange::What::kFound: return "found";
    case ContradictionChange::What::kSettled: return "settled";
    case ContradictionChange::What::kReopened: return "reopened";
    case ContradictionChange::What::kGone: return "gone";
  }
  return "found";
}

Status can_watch_contradictions(const WatchSpec& spec) {
  for (const std::string& key : spec.keys)
    if (fold(key).empty()) return Error{ErrorCode::kInvalid, "expected the name of an entity, found nothing"};
  return {};
}

Result<ContradictionWatch> watch_contradictions(const EventLog& log, const Query& query, const Lexicon& lexicon, const WatchSpec& spec, const WatchPoint& from, const WatchPoint& to) {
  ANNALS_CHECK_OK(can_watch_contradictions(spec));
  ContradictionWatch out;
  bool touched = from.as_of != to.as_of;
  if (!touched && from.through < to.through) {
    ANNALS_TRY(const Position seen, log.read({from.through, to.through}, [&](const Event& event) {
      touched = may_matter(event);
      return touched ? Visit::kStop : Visit::kContinue;
    }, {.parts = Parts::kClaims}));
    static_cast<void>(seen);
  }
  if (!touched) return out;

  std::vector<std::string> ids;
  for (const std::string& key : spec.keys) {
    ANNALS_TRY(const ResolvedKey resolved, query.resolve_entity(key));
    ids.push_back(resolved.entity);
  }
  const auto at = [&](const WatchPoint& point, AuditAnswer& answer) -> Result<std::map<Name, Contradiction>> {
    std::map<Name, Contradiction> found;
    if (point.through.value == 0) return found;
    AuditQuestion question;
    question.bounds = as_of(point.as_of);
    question.bounds.recorded_to = point.through;
    if (ids.size() == 1) question.entity = ids.front();
    ANNALS_TRY(answer, audit(log, query, lexicon, question, point.as_of));
    for (Contradiction& each : contradictions(answer, lexicon, log.info().zone))
      if (asked_for(each, ids)) found.insert_or_assign(name_of(each), std::move(each));
    return found;
  };
  ANNALS_TRY(const auto before, at(from, out.before));
  ANNALS_TRY(const auto now, at(to, out.now));
  for (const auto& [name, each] : before)
    if (!now.contains(name)) out.changes.push_back({ContradictionChange::What::kGone, each});
  const auto told = static_cast<std::ptrdiff_t>(out.changes.size());
  for (const auto& [name, each] : now) {
    const auto was = before.find(name);
    if (was == before.end()) {
      out.changes.push_back({ContradictionChange::What::kFound, each});
    } else if (was->second.settled != each.settled) {
      out.changes.push_back({each.settled.empty() ? ContradictionChange::What::kReopened : ContradictionChange::What::kSettled, each});
    }
  }
  std::stable_sort(out.changes.begin() + told, out.changes.end(), [](const ContradictionChange& a, const ContradictionChange& b) { return a.contradiction.found < b.contradiction.found; });
  return out;
}

}  // namespace annals
