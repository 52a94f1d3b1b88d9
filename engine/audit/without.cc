#include "engine/audit/without.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/language/fold.h"
#include "engine/language/offices.h"
#include "engine/projection/ledger.h"

namespace annals {
namespace {

bool has(const std::optional<std::string>& text, const std::string& folded) { return text && fold(*text).find(folded) != std::string::npos; }

class Chooser {
 public:
  Chooser(const LeftOut& what, const Lexicon& lexicon, std::map<std::pair<Digest, std::uint32_t>, std::string> amended)
      : what_(what), lexicon_(lexicon), amended_(std::move(amended)) {
    if (what.outlet) outlet_ = fold(*what.outlet);
    if (what.speaker) speaker_ = fold(*what.speaker);
    if (what.speaker) person_ = speaker_of(lexicon, *what.speaker);
  }
  bool operator()(const Event& event, const StatementEvent& statement) const {
    if (what_.statement && *what_.statement != event.position) return false;
    if (what_.note && *what_.note != statement.note) return false;
    if (what_.article && *what_.article != statement.article.ordinal) return false;
    if (!outlet_.empty()) {
      const auto now = amended_.find({statement.note, statement.article.ordinal});
      if (!has(now != amended_.end() ? std::optional(now->second) : statement.article.outlet, outlet_)) return false;
    }
    const auto speaks = [&](const std::vector<std::string>& speakers) {
      return std::any_of(speakers.begin(), speakers.end(), [&](const std::string& each) { return has(each, speaker_) || (person_ != nullptr && speaker_of(lexicon_, each) == person_); });
    };
    if (!speaker_.empty() && !speaks(statement.reading.speakers) &&
        std::none_of(statement.reading.claims.begin(), statement.reading.claims.end(), [&](const Claim& claim) { return speaks(claim.speakers); }))
      return false;
    return true;
  }

 private:
  const LeftOut& what_;
  const Lexicon& lexicon_;
  std::map<std::pair<Digest, std::uint32_t>, std::string> amended_;
  std::string outlet_;
  std::string speaker_;
  const Entity* person_ = nullptr;   // that `speaker_` names
};

}  // namespace

Result<WithoutAnswer> answers_without(const EventLog& log, const Lexicon& lexicon, const LeftOut& left_out, const std::optional<std::string>& projection,
                                      const std::optional<std::string>& key, const Bounds& bounds) {
  if (!left_out.outlet && !left_out.speaker && !left_out.note && !left_out.statement) return Error{ErrorCode::kInvalid, "expected something to leave out"};
  WithoutAnswer out;
  out.upto = std::min(log.last(), bounds.recorded_to);
  std::map<std::pair<Digest, std::uint32_t>, std::string> amended;
  ANNALS_TRY(const Position looked, log.read({Position{}, out.upto}, [&](const Event& event) {
    if (event.recorded_at > bounds.recorded_by) return Visit::kStop;
    if (const auto* amendment = std::get_if<Amendment>(&event.body); amendment != nullptr && amendment->outlet)
      amended[{amendment->about.note, amendment->about.article}] = *amendment->outlet;
    return Visit::kContinue;
  }));
  static_cast<void>(looked);
  const Chooser leaves_out(left_out, lexicon, std::move(amended));

  Ledger with(log.info().zone, out.upto);
  Ledger without(log.info().zone, out.upto);
  std::set<Position> gone;
  ANNALS_TRY(const Position seen, log.read({Position{}, out.upto}, [&](const Event& event) {
    with.add(event);
    if (const auto* statement = std::get_if<StatementEvent>(&event.body); statement != nullptr && leaves_out(event, *statement)) {
      gone.insert(event.position);
      const bool known = !statement->article.published || statement->article.published->known_from <= bounds.published_by;
      out.statements += known && event.recorded_at <= bounds.recorded_by ? 1 : 0;
      return Visit::kContinue;
    }
    without.add(event);
    return Visit::kContinue;
  }));
  static_cast<void>(seen);

  for (const auto& each : projections()) {
    if (projection && each->name() != *projection) continue;
    std::map<std::string, std::pair<State, State>> states;
    if (key) {
      states[*key] = {with.state(*each, *key, bounds), without.state(*each, *key, bounds)};
    } else {
      for (State& state : with.states(*each, bounds)) states[state.key].first = std::move(state);
      for (State& state : without.states(*each, bounds)) states[state.key].second = std::move(state);
    }
    for (const auto& [name, both] : states) {
      const auto& [before, after] = both;
      bool changed = false;
      for (std::size_t i = 0; i < kLanes; ++i) {
        const Entry* old_head = before.lanes[i].head();
        const Entry* new_head = after.lanes[i].head();
        const bool same = old_head == nullptr || new_head == nullptr ? old_head == new_head : !differs(*old_head, *new_head);
        if (same) continue;
        changed = true;
        out.changed.push_back({std::string(each->name()), name, static_cast<Lane>(i), old_head == nullptr ? std::nullopt : std::optional(*old_head),
                               new_head == nullptr ? std::nullopt : std::optional(*new_head)});
      }
      if (changed) continue;
      std::vector<Evidence> evidence;
      with.state(*each, name, bounds, &evidence);
      if (std::any_of(evidence.begin(), evidence.end(), [&](const Evidence& each_one) { return gone.contains(each_one.position); }))
        out.unchanged.emplace_back(each->name(), name);
    }
  }
  return out;
}

}  // namespace annals
