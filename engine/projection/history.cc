#include "engine/projection/history.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>

#include "engine/projection/families.h"
#include "engine/projection/ledger.h"
#include "engine/projection/pack.h"
#include "engine/projection/projection.h"

namespace annals {
namespace {

constexpr std::size_t kRunMax = 32;

// A claim, and the moments of V from which on it stands otherwise.
struct Told {
  PlacedClaim placed;
  FoldPlace place;
  std::vector<Instant> turns;   // ascending

  explicit Told(PlacedClaim of) : placed(std::move(of)), place(fold_place(placed)) {
    for (auto next = next_phase(placed, kInstantMin); next; next = next_phase(placed, *next)) turns.push_back(*next);
    if (placed.claim->type == ClaimType::kScheduledEvent && placed.due && placed.due->from) turns.push_back(*placed.due->from);   // whether it was to come
    std::sort(turns.begin(), turns.end());
  }
  // Which of the stretches between its turns V is in.
  std::size_t stretch(Instant valid_at) const { return static_cast<std::size_t>(std::upper_bound(turns.begin(), turns.end(), valid_at) - turns.begin()); }
};

// What the fold looks at of evidence: the rest is heavy, and put back where a row is shown.
Evidence slim(const Evidence& evidence) {
  Evidence out;
  out.position = evidence.position;
  out.claim = evidence.claim;
  out.known_from = evidence.known_from;
  out.recorded_at = evidence.recorded_at;
  out.origin = evidence.origin;
  return out;
}

class Evidences {
 public:
  // The same, slim, with a number for its evidence.
  PlacedClaim keep(const Projection& projection, PlacedClaim placed) {
    const Evidence& evidence = placed.evidence;
    const auto [at, fresh] = numbers_.try_emplace({&projection, evidence.position, evidence.claim, evidence.copy_of}, static_cast<std::uint32_t>(kept_.size()));
    if (fresh) {
      Growth alone;   // lane and value are the claim's own
      fold_claim(projection, alone, placed);
      kept_.push_back(std::make_shared<const Evidence>(std::move(placed.evidence)));
    }
    placed.evidence = slim(*kept_[at->second]);
    placed.number = at->second;
    return placed;
  }
  void restore(Entry& entry) const {
    restore(entry.first);
    restore(entry.newest);
    for (Dispute& dispute : entry.disputes) restore(dispute.evidence);
    for (Step& step : entry.steps) restore(step.evidence);
  }

 private:
  void restore(EvidenceRef& evidence) const { evidence.whole = kept_.at(evidence.number); }

  std::map<std::tuple<const Projection*, Position, std::uint32_t, std::optional<Position>>, std::uint32_t> numbers_;   // of a claim, and what it copies
  std::vector<std::shared_ptr<const Evidence>> kept_;
};

// Claims that are folded one after the other, each in the stretch that the columns which share the run are in.
using Run = std::vector<std::shared_ptr<const Told>>;
struct Grown {
  Growth growth;
  std::string bytes;   // to be compared by
};
struct Link {
  std::shared_ptr<const Run> run;
  std::shared_ptr<const Grown> grown;   // after the run
};
// The fold of one key, of one track where tracks are apart.
using Chain = std::vector<Link>;

// Equal where growths are, with claims by number.
std::string bytes_of(const Growth& growth) {
  static const std::function<std::uint64_t(const EvidenceRef&)> kNumber = [](const EvidenceRef& of) { return of.number; };
  return Pack().growth(growth, kNumber).take();
}

// Whether the fold leaves what has grown as it is: enough has been announced that begins between V and this claim.
bool too_far_ahead(const Projection& projection, const Growth& growth, const PlacedClaim& placed, Instant valid_at) {
  // What the calendar schedules is told apart otherwise (kinds/calendar.h).
  if (placed.claim->type == ClaimType::kScheduledEvent || phase(placed, valid_at) != Phase::kAhead) return false;
  const auto count = growth.announced.find(projection.apart(placed));
  return count != growth.announced.end() && count->second >= kAnnouncedMax;
}

// Where claims are put into chains and taken out of them, for all columns at once: what was done for one column is not done again for
// another in which the same stands. One claim's worth: what it holds is let go behind each.
class Folding {
 public:
  explicit Folding(const Projection& projection) : projection_(projection) {}

  void put(Chain& chain, const std::shared_ptr<const Told>& told, Instant valid_at) {
    const std::size_t at = link_of(chain, told->place);
    const std::size_t stretch = told->stretch(valid_at);
    const std::shared_ptr<const Run> old = chain.empty() ? nullptr : chain[at].run;
    auto& runs = put_[{old, stretch}];
    if (runs.empty()) {
      if (old == nullptr || (old->size() == kRunMax && old->back()->place < told->place)) {   // news in order leaves full runs behind it
        if (old != nullptr) runs.push_back(old);
        runs.push_back(std::make_shared<const Run>(1, told));
      } else {
        Run run = *old;
        run.insert(std::upper_bound(run.begin(), run.end(), told->place, [](const FoldPlace& place, const auto& each) { return place < each->place; }), told);
        if (run.size() > kRunMax) {
          runs.push_back(std::make_shared<const Run>(run.begin(), run.begin() + kRunMax / 2));
          run.erase(run.begin(), run.begin() + kRunMax / 2);
        }
        runs.push_back(std::make_shared<const Run>(std::move(run)));
      }
    }
    const bool behind = old != nullptr && old->back()->place < told->place;
    const std::shared_ptr<const Grown> there = behind ? chain[at].grown : at > 0 ? chain[at - 1].grown : nothing();
    if (runs.size() == 1 && old != nullptr && too_far_ahead(projection_, there->growth, told->placed, valid_at)) {
      chain[at].run = runs.front();
      changed_ = false;
      return;
    }
    replace(chain, at, runs, valid_at);
  }

  void take(Chain& chain, const FoldPlace& place, Instant valid_at) {
    changed_ = false;
    if (chain.empty()) return;
    const std::size_t at = link_of(chain, place);
    const std::shared_ptr<const Run> old = chain[at].run;
    const auto found = std::find_if(old->begin(), old->end(), [&](const auto& each) { return each->place == place; });
    if (found == old->end()) return;   // of another track
    auto& runs = put_[{old, 0}];
    if (runs.empty() && old->size() > 1) {
      Run run = *old;
      run.erase(run.begin() + (found - old->begin()));
      runs.push_back(std::make_shared<const Run>(std::move(run)));
    }
    replace(chain, at, runs, valid_at);
  }

  bool changed() const { return changed_; }   // what the last chain grows to

 private:
  // The run in which a place is, or would be.
  static std::size_t link_of(const Chain& chain, const FoldPlace& place) {
    const auto behind = std::upper_bound(chain.begin(), chain.end(), place, [](const FoldPlace& at, const Link& link) { return at < link.run->front()->place; });
    return behind == chain.begin() ? 0 : static_cast<std::size_t>(behind - chain.begin()) - 1;
  }

  // Runs in the place of one (of none in an empty chain), and what grows from there on.
  void replace(Chain& chain, std::size_t at, const std::vector<std::shared_ptr<const Run>>& runs, Instant valid_at) {
    const std::shared_ptr<const Grown> before = chain.empty() ? nullptr : chain.back().grown;
    const Link old = chain.empty() ? Link{} : chain[at];
    if (!chain.empty()) chain.erase(chain.begin() + static_cast<std::ptrdiff_t>(at));
    for (std::size_t i = 0; i < runs.size(); ++i) chain.insert(chain.begin() + static_cast<std::ptrdiff_t>(at + i), Link{runs[i], nullptr});
    const std::size_t others = at + runs.size();
    if (!runs.empty()) chain[others - 1].grown = old.grown;   // what grew up to here before
    for (std::size_t i = at; i < chain.size(); ++i) {
      std::shared_ptr<const Grown> grown;
      if (chain[i].run == old.run) {
        chain[i].grown = old.grown;
        continue;
      }
      // A claim behind all others of its run is folded behind what had grown.
      const bool behind = i == at && old.run != nullptr && chain[i].run->size() == old.run->size() + 1 && (*chain[i].run)[old.run->size() - 1] == old.run->back();
      if (behind) grown = fold(old.grown, chain[i].run, old.run->size(), valid_at);
      else grown = fold(i == 0 ? nothing() : chain[i - 1].grown, chain[i].run, 0, valid_at);
      if (chain[i].grown != nullptr && grown->bytes == chain[i].grown->bytes) {
        if (i + 1 >= others) break;
        continue;
      }
      chain[i].grown = std::move(grown);
    }
    const std::shared_ptr<const Grown> after = chain.empty() ? nullptr : chain.back().grown;
    changed_ = before != after;
  }

  std::shared_ptr<const Grown> fold(const std::shared_ptr<const Grown>& begin, const std::shared_ptr<const Run>& run, std::size_t from, Instant valid_at) {
    auto& out = folded_[{begin, run}];
    if (out != nullptr) return out;
    auto grown = std::make_shared<Grown>();
    grown->growth = begin->growth;
    grown->growth.valid_at = valid_at;
    for (std::size_t i = from; i < run->size(); ++i) {
      PlacedClaim placed = (*run)[i]->placed;
      fold_claim(projection_, grown->growth, placed);
    }
    grown->bytes = bytes_of(grown->growth);
    if (grown->bytes == begin->bytes) return out = begin;
    auto& same = grown_[grown->bytes];
    if (same == nullptr) same = std::move(grown);
    return out = same;
  }

  static const std::shared_ptr<const Grown>& nothing() {
    static const std::shared_ptr<const Grown> kNothing = std::make_shared<const Grown>(Grown{{}, bytes_of({})});
    return kNothing;
  }

  const Projection& projection_;
  bool changed_ = false;
  std::map<std::pair<std::shared_ptr<const Run>, std::size_t>, std::vector<std::shared_ptr<const Run>>> put_;
  std::map<std::pair<std::shared_ptr<const Grown>, std::shared_ptr<const Run>>, std::shared_ptr<const Grown>> folded_;
  std::unordered_map<std::string, std::shared_ptr<const Grown>> grown_;
};

// One of the keys that an answer is made of: the key itself or an ancestor, in one projection.
struct Source {
  const Projection* projection = nullptr;
  std::string key;
  std::map<std::string, std::size_t> chains;   // by track
  std::vector<Ledger::Turn> turns;
  std::size_t next = 0;                        // of the turns
};
// The own key's and its ancestors', nearest first, in one projection.
using Part = std::vector<std::size_t>;

struct Head {
  std::uint32_t number = 0;   // equal where nothing differs; 0: the lane says nothing
  std::shared_ptr<const Entry> entry;
};

// V from here on, up to the next column.
struct Column {
  Instant from = kInstantMin;
  std::vector<Chain> chains;
  std::array<Head, kLanes> heads;
  bool changed = false;
  std::optional<Instant> due;   // what lies ahead is overdue from this P on
};

// Numbers for entries: equal ones of those that do not differ.
class Numbers {
 public:
  std::uint32_t of(const std::shared_ptr<const Entry>& entry) {
    const auto at = [](const std::optional<TimePoint>& point) { return point ? point->at : kInstantMin; };
    const std::string about = Pack().text(entry->track).text(entry->value).instant(at(entry->since)).instant(at(entry->by)).instant(at(entry->until)).instant(at(entry->starts)).take();
    auto& alike = seen_[about];
    for (const Head& each : alike)
      if (!differs(*each.entry, *entry)) return each.number;
    alike.push_back({++last_, entry});
    return last_;
  }

 private:
  std::uint32_t last_ = 0;
  std::unordered_map<std::string, std::vector<Head>> seen_;
};

class Maker {
 public:
  Maker(const Ledger& ledger, const Projection& projection, std::string_view key, const Bounds& bounds) : projection_(projection), key_(key), last_(bounds.published_by) {
    const auto families = ledger.families(bounds);
    const auto add = [&](const Projection& leaf) {
      Part part;
      std::vector<std::string> keys{key_};
      if (leaf.inherits())
        for (std::string& ancestor : ancestor_keys(key_, *families)) keys.push_back(std::move(ancestor));
      for (std::string& each : keys) {
        part.push_back(sources_.size());
        std::vector<Ledger::Turn> turns = ledger.turns(leaf, each, bounds);
        for (const Ledger::Turn& turn : turns) moments_.insert(turn.known);
        sources_.push_back({&leaf, std::move(each), {}, std::move(turns), 0});
      }
      parts_.push_back(std::move(part));
    };
    if (projection.parts().empty()) add(projection);
    for (const std::string_view part : projection.parts()) add(*find_projection(part));
    columns_.emplace_back();
  }

  std::vector<HistoryRow> rows() {
    while (!moments_.empty()) {
      const Instant known = *moments_.begin();
      moments_.erase(moments_.begin());
      if (known > last_) break;
      for (Source& source : sources_) {
        if (source.next == source.turns.size() || source.turns[source.next].known != known) continue;
        turn(source, std::move(source.turns[source.next++]));
      }
      if (look(known)) show(known);
    }
    for (auto& lane : open_)
      for (Open& each : lane) put_out(each);
    std::stable_sort(out_.begin(), out_.end(), [](const HistoryRow& a, const HistoryRow& b) {
      const auto rank = [](const HistoryRow& row) { return std::make_tuple(row.known_from, row.lane, row.valid_from.value_or(kInstantMin)); };
      return rank(a) < rank(b);
    });
    return std::move(out_);
  }

 private:
  // A stretch of columns whose lane has one head.
  struct Open {
    Instant from;
    std::optional<Instant> to;
    std::uint32_t head = 0;
    std::shared_ptr<const Entry> entry;
    HistoryRow row;   // but for its entry
  };

  void put_out(Open& open) {
    open.row.entry = *open.entry;
    evidences_.restore(open.row.entry);
    out_.push_back(std::move(open.row));
  }

  void turn(Source& source, Ledger::Turn turn) {
    for (const FoldPlace& place : turn.goes) {
      for (const auto& [track, chain] : source.chains) {
        Folding folding(*source.projection);
        each_chain(chain, [&](Chain& of, const Column& column) { folding.take(of, place, column.from); return folding.changed(); });
      }
    }
    for (PlacedClaim& placed : turn.comes) {
      const auto [chain, fresh] = source.chains.try_emplace(source.projection->apart(placed), chains_);
      if (fresh) ++chains_;
      const auto told = std::make_shared<const Told>(evidences_.keep(*source.projection, std::move(placed)));
      for (const Instant at : told->turns) cut(at);
      Folding folding(*source.projection);
      each_chain(chain->second, [&](Chain& of, const Column& column) { folding.put(of, told, column.from); return folding.changed(); });
    }
  }

  template <class Change>
  void each_chain(std::size_t chain, Change change) {
    for (Column& column : columns_) {
      if (column.chains.size() <= chain) column.chains.resize(chain + 1);
      if (change(column.chains[chain], column)) column.changed = true;
    }
  }

  void cut(Instant at) {
    const auto behind = std::upper_bound(columns_.begin(), columns_.end(), at, [](Instant when, const Column& column) { return when < column.from; });
    if (std::prev(behind)->from == at) return;
    Column column = *std::prev(behind);
    column.from = at;
    columns_.insert(behind, std::move(column));
  }

  State state_of_source(const Column& column, const Source& source, Instant known) const {
    std::vector<Growth> growths;
    for (const auto& [track, chain] : source.chains)
      if (chain < column.chains.size() && !column.chains[chain].empty()) growths.push_back(column.chains[chain].back().grown->growth);
    Growth growth = growths.size() == 1 ? std::move(growths.front()) : join_growths(std::move(growths));
    growth.published_by = known;
    return source.projection->finish(std::move(growth), source.key);
  }

  bool stands(const Column& column, const Source& source) const {
    return std::any_of(source.chains.begin(), source.chains.end(),
                       [&](const auto& each) { return each.second < column.chains.size() && !column.chains[each.second].empty(); });
  }

  State state_of(Column& column, Instant known) const {
    std::vector<State> states;
    for (const Part& part : parts_) {
      State state = state_of_source(column, sources_[part.front()], known);
      std::vector<Inherited> ancestors;
      for (std::size_t i = 1; i < part.size(); ++i) {
        const Source& source = sources_[part[i]];
        if (stands(column, source)) ancestors.push_back({source.key, state_of_source(column, source, known)});
      }
      const auto note_due = [&](const State& of) {
        for (const LaneState& lane : of.lanes)
          for (const Entry& entry : lane.entries)
            if (entry.due_status == DueStatus::kAhead && entry.due && entry.due->to && *entry.due->to > known && (!column.due || *entry.due->to < *column.due))
              column.due = entry.due->to;
      };
      note_due(state);
      for (const Inherited& ancestor : ancestors) note_due(ancestor.state);
      states.push_back(ancestors.empty() ? std::move(state) : inherit(std::move(state), ancestors));
    }
    return projection_.parts().empty() ? std::move(states.front()) : projection_.join(key_, states);
  }

  // Whether any column's answer was looked at again.
  bool look(Instant known) {
    bool any = false;
    for (Column& column : columns_) {
      if (!column.changed && !(column.due && *column.due <= known)) continue;
      column.changed = false;
      column.due.reset();
      any = true;
      State state = state_of(column, known);
      if (column.due) moments_.insert(*column.due);
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        column.heads[lane] = {};
        if (state.lanes[lane].entries.empty()) continue;
        const auto entry = std::make_shared<const Entry>(std::move(state.lanes[lane].entries.front()));
        column.heads[lane] = {numbers_.of(entry), entry};
      }
    }
    return any;
  }

  // What is shown still keeps the moment from which it was known; what is not closes.
  void show(Instant known) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      std::vector<Open> now;
      auto was = open_[lane].begin();
      const auto close = [&](Open& open) {
        open.row.known_to = known;
        put_out(open);
      };
      for (std::size_t i = 0; i < columns_.size();) {
        std::size_t end = i + 1;
        while (end < columns_.size() && columns_[end].heads[lane].number == columns_[i].heads[lane].number) ++end;
        const Head& head = columns_[i].heads[lane];
        if (head.number != 0) {
          Open open{columns_[i].from, end < columns_.size() ? std::optional(columns_[end].from) : std::nullopt, head.number, head.entry, {}};
          for (; was != open_[lane].end() && was->from < open.from; ++was) close(*was);
          if (was != open_[lane].end() && was->from == open.from && was->to == open.to && was->head == open.head) {
            open.row = std::move(was->row);
            ++was;
          } else {
            open.row.known_from = known;
            if (i > 0) open.row.valid_from = open.from;
            open.row.valid_to = open.to;
            open.row.lane = static_cast<Lane>(lane);
          }
          now.push_back(std::move(open));
        }
        i = end;
      }
      for (; was != open_[lane].end(); ++was) close(*was);
      open_[lane] = std::move(now);
    }
  }

  const Projection& projection_;
  const std::string key_;
  const Instant last_;
  std::vector<Source> sources_;
  std::vector<Part> parts_;
  std::size_t chains_ = 0;
  std::set<Instant> moments_;   // at which answers may change, as far as is known
  std::vector<Column> columns_;
  Evidences evidences_;
  Numbers numbers_;
  std::array<std::vector<Open>, kLanes> open_;   // by valid_from
  std::vector<HistoryRow> out_;
};

}  // namespace

std::vector<HistoryRow> history_of(const Ledger& ledger, const Projection& projection, std::string_view key, const Bounds& bounds) {
  return Maker(ledger, projection, key, bounds).rows();
}

}  // namespace annals
