#include "engine/audit/without.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <set>

#include "engine/language/fold.h"
#include "engine/language/offices.h"
#include "engine/projection/ask_again.h"
#include "engine/projection/every_key.h"
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

struct Compared {
  std::vector<ChangedAnswer> changed;
  std::vector<std::pair<std::string, std::string>> unchanged;
};

// What the answer with all its sources and the one without some differ in.
void compare(const Projection& projection, const std::string& key, const Ledger& with, const Ledger& without, const std::set<Position>& gone, const Bounds& bounds,
             bool asked_for, Compared& out) {
  std::vector<Evidence> evidence;
  const auto state = [&](const Ledger& ledger, std::vector<Evidence>* its) {
    return asked_for ? ledger.state(projection, key, bounds, its) : ledger.state_of_own(projection, key, bounds, its).value_or(State{});
  };
  const State before = state(with, &evidence);
  const State after = state(without, nullptr);
  bool changed = false;
  for (std::size_t i = 0; i < kLanes; ++i) {
    const Entry* old_head = before.lanes[i].head();
    const Entry* new_head = after.lanes[i].head();
    const bool same = old_head == nullptr || new_head == nullptr ? old_head == new_head : !differs(*old_head, *new_head);
    if (same) continue;
    changed = true;
    out.changed.push_back({std::string(projection.name()), key, static_cast<Lane>(i), old_head == nullptr ? std::nullopt : std::optional(*old_head),
                           new_head == nullptr ? std::nullopt : std::optional(*new_head)});
  }
  if (changed || before.empty()) return;
  const bool rests = std::any_of(evidence.begin(), evidence.end(), [&](const Evidence& one) { return gone.contains(one.position); });
  if (rests) out.unchanged.emplace_back(projection.name(), key);
}

Result<Compared> of_projection(IndexFollower& index, const Projection& projection, const std::optional<std::string>& key, const std::set<Position>& gone,
                               const Bounds& bounds) {
  Compared out;
  ANNALS_TRY(const auto view, index.now());
  if (key) {
    ANNALS_TRY(const Ledger with, view->load(projection, std::span(&*key, 1), *view->about().families(bounds)));
    compare(projection, *key, with, with.without(gone), gone, bounds, true, out);
    return out;
  }
  EveryKey keys(*view, projection, bounds);
  ANNALS_CHECK_OK(keys.open());
  std::shared_ptr<const Ledger> with;
  std::optional<Ledger> without;
  for (;;) {
    ANNALS_TRY(const auto each, keys.next());
    if (!each) return out;
    if (each->ledger != with) without.emplace(each->ledger->without(gone));
    with = each->ledger;
    compare(projection, each->key, *with, *without, gone, bounds, false, out);
  }
}

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

  std::set<Position> gone;
  ANNALS_TRY(const Position seen, log.read({Position{}, out.upto}, [&](const Event& event) {
    if (const auto* statement = std::get_if<StatementEvent>(&event.body); statement != nullptr && leaves_out(event, *statement)) {
      gone.insert(event.position);
      const bool known = !statement->article.published || statement->article.published->known_from <= bounds.published_by;
      out.statements += known && event.recorded_at <= bounds.recorded_by ? 1 : 0;
    }
    return Visit::kContinue;
  }));
  static_cast<void>(seen);

  // No further than where those to leave out were looked for: of what came since, none was.
  Bounds looked_at = bounds;
  looked_at.recorded_to = out.upto;
  IndexFollower index(log);
  for (const auto& each : projections()) {
    if (projection && each->name() != *projection) continue;
    ANNALS_TRY(Compared compared, ask_again([&] { return of_projection(index, *each, key, gone, looked_at); }));
    std::move(compared.changed.begin(), compared.changed.end(), std::back_inserter(out.changed));
    std::move(compared.unchanged.begin(), compared.unchanged.end(), std::back_inserter(out.unchanged));
  }
  return out;
}

}  // namespace annals
