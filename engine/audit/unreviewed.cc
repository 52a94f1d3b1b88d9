#include "engine/audit/unreviewed.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace annals {

Result<std::vector<Unreviewed>> unreviewed(const EventLog& log, const Query& query, const Lexicon& lexicon, const AuditQuestion& question, Instant now) {
  std::map<AssertionPlace, std::vector<RestingAnswer>> resting;
  const auto rests = [&](const EvidenceRef& evidence, RestingAnswer answer) {
    std::vector<RestingAnswer>& list = resting[{evidence.position, evidence.claim}];
    const bool there = std::any_of(list.begin(), list.end(), [&](const RestingAnswer& each) {
      return each.projection == answer.projection && each.key == answer.key && each.lane == answer.lane && each.value == answer.value;
    });
    if (!there) list.push_back(std::move(answer));
  };
  for (const auto& projection : projections()) {
    const std::string name(projection->name());
    if (name == "market_access" || (question.projection && *question.projection != name)) continue;
    ANNALS_TRY(const StateAnswer answer, query.state(name, question.projection && !question.key.empty() ? std::optional(question.key) : std::nullopt, question.bounds));
    for (const State& state : answer.states) {
      for (std::size_t i = 0; i < kLanes; ++i) {
        for (const Entry& entry : state.lanes[i].entries) {
          const auto lane = static_cast<Lane>(i);
          const std::string value = entry.track.empty() ? entry.value : entry.track + ": " + entry.value;
          const bool inherited = entry.inherited_from.has_value();
          for (const EvidenceRef* evidence : {&entry.first, &entry.newest}) rests(*evidence, {name, state.key, lane, value, false, entry.origins < 2, inherited});
          for (const Dispute& dispute : entry.disputes) rests(dispute.evidence, {name, state.key, lane, dispute.value, true, false, inherited});
        }
      }
    }
  }
  ANNALS_TRY(AuditAnswer answer, audit(log, query, lexicon, question, now));
  std::vector<Unreviewed> out;
  for (Assertion& row : answer.rows) {
    const auto found = resting.find(row.place);
    if (found == resting.end() || row.standing != Standing::kStands) continue;
    Unreviewed each;
    each.answers = std::move(found->second);
    each.disputed = !row.against.empty();
    for (const RestingAnswer& rest : each.answers) {
      each.disputed |= rest.disputes;
      each.alone |= rest.alone;
    }
    each.assertion = std::move(row);
    out.push_back(std::move(each));
  }
  std::stable_sort(out.begin(), out.end(), [](const Unreviewed& a, const Unreviewed& b) {
    const auto rank = [](const Unreviewed& each) { return std::tuple(each.disputed, each.answers.size(), each.alone, each.assertion.known_from.value_or(each.assertion.recorded_at)); };
    return rank(a) > rank(b);
  });
  return out;
}

}  // namespace annals
