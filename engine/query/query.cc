#include "engine/query/query.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "engine/language/lexicon.h"
#include "engine/projection/ask_again.h"
#include "engine/projection/every_key.h"
#include "engine/projection/index.h"
#include "engine/projection/ledger.h"
#include "engine/query/key_words.h"

namespace annals {
namespace {

constexpr Micros kTick{1};
constexpr std::size_t kKeysAtOnce = 4'096;   // whose heads are in memory together

Error invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

// What an entry is matched by between two states: its track, and of expectations what is expected.
std::string slot_of(const Entry& entry) { return entry.track + "\n" + (entry.due_status == DueStatus::kNone ? "" : entry.value); }

// Rows for the entries in which two states differ, lane by lane.
template <class Emit>
void each_difference(const State& before, const State& after, Emit emit) {
  for (std::size_t i = 0; i < kLanes; ++i) {
    std::map<std::string, std::pair<const Entry*, const Entry*>> slots;
    std::vector<std::string> order;
    const auto take = [&](const Entry& entry, bool later) {
      auto [at, fresh] = slots.try_emplace(slot_of(entry));
      if (fresh) order.push_back(at->first);
      auto& place = later ? at->second.second : at->second.first;
      if (place == nullptr) place = &entry;
    };
    for (const Entry& entry : after.lanes[i].entries) take(entry, true);
    for (const Entry& entry : before.lanes[i].entries) take(entry, false);
    for (const std::string& slot : order) {
      const auto& [was, is] = slots[slot];
      if (was != nullptr && is != nullptr && !differs(*was, *is)) continue;
      emit(static_cast<Lane>(i), was, is);
    }
  }
}

std::optional<Entry> copy(const Entry* entry) { return entry == nullptr ? std::nullopt : std::optional<Entry>(*entry); }

const State& nothing() {
  static const State kNothing;
  return kNothing;
}

State nothing_of(const Projection& projection, std::string key) {
  State out;
  out.projection = projection.name();
  out.key = std::move(key);
  return out;
}

void take_page(const EvidencePage& page, std::vector<Evidence> all, StateAnswer& out) {
  out.evidence_total.push_back(all.size());
  const std::size_t from = std::min<std::size_t>(page.offset, all.size());
  const std::size_t count = std::min<std::size_t>(page.limit, all.size() - from);
  out.evidence.emplace_back(std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(from)),
                            std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(from + count)));
}

}  // namespace

Result<const Projection*> projection_named(std::string_view name) {
  if (const Projection* projection = find_projection(name)) return projection;
  std::string names;
  for (const ProjectionHelp& help : projection_help()) names += (names.empty() ? "" : ", ") + std::string(help.name);
  return invalid("unknown projection '" + std::string(name) + "': expected one of " + names);
}

std::string_view calendar_status_name(CalendarStatus status) {
  static constexpr std::array<std::string_view, 4> kNames = {"scheduled", "done", "overdue", "called off"};
  return kNames[static_cast<std::size_t>(status)];
}

struct Query::Impl {
  const EventLog& log;
  const KeyWords key_words;
  const Clock& clock;
  mutable std::mutex mutex;
  mutable std::optional<IndexFollower> follower;
  mutable std::pair<Position, Digest> root;

  Result<StateAnswer> state_by_pages(const Projection& which, std::optional<std::string_view> key, const Bounds& asked, Detail detail,
                                     const StateVisitor& visit) const;
  Result<StateAnswer> named_by_postings(const Projection& which, std::string_view key, const Bounds& asked, const EvidencePage& page, const StateVisitor& visit) const;
  Result<StateAnswer> all_by_postings(const Projection& which, const Bounds& asked, const EvidencePage& page, const StateVisitor& visit) const;
  // `at_last`: as of the last step.
  Result<AnswerBasis> panel_by_pages(const Projection& which, std::optional<std::string_view> key, std::span<const Instant> steps, const Bounds& at_last,
                                     const PanelVisitor& visit, Detail detail) const;
  Result<AnswerBasis> panel_by_postings(const Projection& which, std::optional<std::string_view> key, std::span<const Instant> steps, const Bounds& at_last,
                                        const PanelVisitor& visit) const;

  // The log when the question began, with its bounds settled and what the answer says of itself.
  struct Session {
    std::shared_ptr<const IndexView> view;
    Bounds bounds;
    std::shared_ptr<const Families> families;
    Coverage coverage;
  };
  // `all`: they are all there are. By as many threads as the machine has, four at most, and shown by this one in the order of the keys.
  static Status heads_of_many(const Projection& which, std::span<const std::string> keys, bool all, const Session& session, const std::function<bool(PageAnswer)>& show) {
    const std::size_t threads = keys.size() <= kKeysAtOnce / 4 ? 1 : std::clamp(std::thread::hardware_concurrency(), 1u, 4u);
    std::vector<std::unique_ptr<IndexReader>> readers;
    for (std::size_t i = 0; i < threads; ++i) readers.push_back(std::make_unique<IndexReader>(*session.view, Detail::kHeads));
    if (all && session.bounds.published_by == session.bounds.valid_at) {
      ANNALS_TRY(const auto heads, readers.front()->all_heads(which, session.bounds.published_by));
      for (const auto& reader : readers) reader->use(heads);
    }
    std::vector<Result<PageAnswer>> answers;
    for (; !keys.empty(); keys = keys.subspan(std::min(keys.size(), kKeysAtOnce))) {
      const auto some = keys.first(std::min(keys.size(), kKeysAtOnce));
      answers.assign(some.size(), PageAnswer{});
      const auto work = [&](std::size_t part) {
        for (std::size_t i = some.size() * part / threads; i < some.size() * (part + 1) / threads; ++i) {
          answers[i] = readers[part]->state_at(which, some[i], session.bounds.published_by, session.bounds.valid_at);
          if (!answers[i]) return;
        }
      };
      {
        std::vector<std::jthread> others;
        for (std::size_t part = 1; part < threads; ++part) others.emplace_back(work, part);
        work(0);
      }
      for (const auto& answer : answers)
        if (!answer) return answer.error();   // before any is shown: then it may be asked again
      for (auto& answer : answers)
        if (!show(*std::move(answer))) return {};
    }
    return {};
  }

  enum class Counted : std::uint8_t { kYes, kNo };
  Result<Session> begin(const Bounds& asked, Counted counted = Counted::kYes) const {
    return ask_again([&]() -> Result<Session> {
      Session out;
      std::unique_lock lock(mutex);
      if (!follower) follower.emplace(log);
      ANNALS_TRY(out.view, follower->now());
      out.bounds = settled(asked, out.view->upto());
      out.families = plain(asked) ? out.view->shared_families() : out.view->about().families(out.bounds);
      if (counted == Counted::kNo) return out;
      if (plain_coverage(asked)) {
        ANNALS_TRY(const CoverageCount count, follower->coverage(out.bounds.published_by));
        out.coverage = shown(count);
        return out;
      }
      const auto told = follower->told_notes();
      lock.unlock();   // it takes a while
      ANNALS_TRY(const CoverageCount count, out.view->coverage(out.bounds, *told));
      out.coverage = shown(count);
      return out;
    });
  }

  // R = everything and the policies' defaults.
  static bool plain(const Bounds& bounds) {
    return bounds.recorded_by == kInstantMax && bounds.recorded_to.value == UINT64_MAX && bounds.clock == KnownClock::kPublished &&
           bounds.undated == UndatedPolicy::kExclude && !bounds.reviewed && !bounds.interpreter;
  }
  static bool plain_coverage(const Bounds& bounds) {   // whose reading and review is no matter to what is counted
    Bounds as_plain = bounds;
    as_plain.reviewed = false;
    as_plain.interpreter.reset();
    return plain(as_plain);
  }
  // Bounds with what was left open filled in.
  Bounds settled(Bounds bounds, Position upto) const {
    const Instant now = clock.now();
    if (bounds.published_by == kInstantMax) bounds.published_by = now;
    if (bounds.valid_at == kInstantMax) bounds.valid_at = now;
    bounds.recorded_to = std::min(bounds.recorded_to, upto);
    return bounds;
  }

  Result<Digest> root_of(Position size) const {
    {
      const std::scoped_lock lock(mutex);
      if (root.first == size) return root.second;
    }
    ANNALS_TRY(const Digest digest, log.root(size));
    const std::scoped_lock lock(mutex);
    root = {size, digest};
    return digest;
  }

  Result<AnswerBasis> basis(const Session& session) const {
    const Bounds& bounds = session.bounds;
    const Position upto = session.view->upto();
    AnswerBasis out;
    out.published_by = bounds.published_by;
    out.valid_at = bounds.valid_at;
    out.recorded_by = bounds.recorded_by == kInstantMax ? clock.now() : bounds.recorded_by;
    out.recorded_to = bounds.recorded_to;
    if (bounds.recorded_by != kInstantMax) {
      ANNALS_TRY(out.recorded_to, annals::recorded_by(log, bounds.recorded_to, bounds.recorded_by));
    }
    out.clock = bounds.clock;
    out.undated = bounds.undated;
    out.reviewed = bounds.reviewed;
    out.interpreter = bounds.interpreter.value_or("");
    out.lexicon = session.families->version();
    out.projection_version = kProjectionVersion;
    out.log_size = upto;
    if (upto.value > 0) {
      ANNALS_TRY(out.log_root, root_of(upto));
    }
    return out;
  }

  // Into a basis: what erasures took of what bears on the key (none: on all of the projection).
  Status tell_erased(AnswerBasis& out, const Projection& which, const std::optional<ResolvedKey>& key, const Session& session) const {
    const Ledger& about = session.view->about();
    if (about.erasures().empty()) return {};
    const auto keys = key ? std::span(&key->key, 1) : std::span<const std::string>();
    ANNALS_TRY(out.erased, erased_behind(log, about, subjects_asked(which, keys, *session.families), session.bounds));
    return {};
  }

  static Coverage shown(const CoverageCount& count) {
    return {count.notes, count.outlets, count.articles, count.statements, count.first_known_from, count.last_known_from, count.undated_left_out};
  }

  Result<std::vector<std::string>> keys_meant(const Projection& projection, const ResolvedKey& resolved, IndexReader& reader) const {
    const auto prefix = KeyWords::prefix_meant(projection, resolved);
    if (!prefix) return std::vector<std::string>{resolved.key};
    return reader.keys(projection, *prefix);
  }

  // The keys that words mean, with what their answers need at any bounds.
  struct KeysNamed {
    Session session;
    ResolvedKey resolved;
    std::vector<EveryKey::Key> keys;   // by key
  };
  Result<KeysNamed> keys_named(const Projection& projection, std::string_view words, const Bounds& asked) const {
    return ask_again([&]() -> Result<KeysNamed> {
      KeysNamed out;
      ANNALS_TRY(out.session, begin(asked));
      const IndexView& view = *out.session.view;
      ANNALS_TRY(out.resolved, key_words.resolve(projection, words, *out.session.families));
      const std::string& key = out.resolved.key;
      if (!KeyWords::prefix_meant(projection, out.resolved)) {
        ANNALS_TRY(Ledger ledger, view.load(projection, std::span(&key, 1), *out.session.families));
        out.keys.push_back({key, std::make_shared<const Ledger>(std::move(ledger))});
        return out;
      }
      ANNALS_CHECK_OK(each_key(view, projection, out.session.bounds, key, [&](EveryKey::Key each) {
        out.keys.push_back(std::move(each));
        return true;
      }));
      return out;
    });
  }
  static Status each_key(const IndexView& view, const Projection& projection, const Bounds& bounds, const std::optional<std::string>& entity,
                         const std::function<bool(EveryKey::Key)>& visit) {
    EveryKey keys(view, projection, bounds);
    ANNALS_CHECK_OK(keys.open(entity));
    for (;;) {
      ANNALS_TRY(auto key, keys.next());
      if (!key || !visit(*std::move(key))) return {};
    }
  }

  static std::string_view entity_of(std::string_view key) { return key.substr(0, key.find_first_of("/@|")); }
  // Keys of a projection whose entity this is, from those that start with a text.
  using KeysOf = std::function<Result<std::vector<std::string>>(std::string_view prefix)>;
  static Result<std::vector<std::string>> keys_of_entity(const Projection& projection, const std::string& id, const Families& families, const KeysOf& starting) {
    std::vector<std::string> out;
    ANNALS_TRY(std::vector<std::string> keys, starting(id));
    for (std::string& key : keys)
      if (entity_of(key) == id) out.push_back(std::move(key));
    if (!out.empty() || !projection.inherits()) return out;
    // A product of which nothing is said itself may have rules from its family.
    for (const std::string& ancestor : ancestor_keys(id + "/china", families)) {
      ANNALS_TRY(const std::vector<std::string> those, starting(ancestor));
      if (std::find(those.begin(), those.end(), ancestor) != those.end()) return std::vector<std::string>{id + "/china"};
    }
    return out;
  }
  // The rows of one key, from all that bears on it.
  // `as_of`: the key's answer with P = V, by the other bounds.
  static Status add_timeline(const Projection& projection, const std::string& key, const Ledger& ledger, TimelineOrder order, const Bounds& bounds,
                             const std::function<Result<State>(Instant)>& as_of, std::vector<TimelineRow>& rows);
};

Query::Query(const EventLog& log, const Lexicon& lexicon, const Clock& clock) : impl_(new Impl{log, KeyWords(lexicon), clock, {}, {}, {}}) {}
Query::~Query() = default;

Result<ResolvedKey> Query::resolve_key(std::string_view projection, std::string_view words) const {
  ANNALS_TRY(const Projection* which, projection_named(projection));
  ANNALS_TRY(const auto session, impl_->begin(Bounds{}, Impl::Counted::kNo));
  return impl_->key_words.resolve(*which, words, *session.families);
}

Result<ResolvedKey> Query::resolve_entity(std::string_view words) const {
  if (words.empty()) return invalid("expected the name of an entity, found nothing");
  ANNALS_TRY(const auto session, impl_->begin(Bounds{}, Impl::Counted::kNo));
  const KeyWords::Named named = impl_->key_words.entity(words, true, *session.families);
  return ResolvedKey{named.id, named.id, named.name, named.known};
}

Result<std::vector<ErasedSource>> Query::erased(std::optional<std::string_view> projection, std::string_view subject, const Bounds& asked) const {
  {
    // Mostly there is nothing to tell, and whoever asks often should know that soon.
    ANNALS_TRY(const auto now, impl_->begin({}, Impl::Counted::kNo));
    if (now.view->about().erasures().empty()) return std::vector<ErasedSource>();
  }
  ANNALS_TRY(const auto session, impl_->begin(asked, Impl::Counted::kNo));
  const Ledger& about = session.view->about();
  if (!projection) return erased_behind(impl_->log, about, subjects_asked(subject, *session.families), session.bounds);
  ANNALS_TRY(const Projection* which, projection_named(*projection));
  std::vector<std::string> keys;
  if (!subject.empty()) {
    ANNALS_TRY(const ResolvedKey resolved, impl_->key_words.resolve(*which, subject, *session.families));
    keys.push_back(resolved.key);
  }
  return erased_behind(impl_->log, about, subjects_asked(*which, keys, *session.families), session.bounds);
}

Result<StateAnswer> Query::state(std::string_view projection, std::optional<std::string_view> key, const Bounds& asked, EvidencePage page,
                                  Detail detail) const {
  ANNALS_TRY(const Projection* which, projection_named(projection));
  // A day or a week of the calendar.
  if (key && key_shape(*which) == KeyShape::kCalendar && parse_civil(*key).ok()) return days(*which, *key, asked, page);
  std::vector<State> states;
  const StateVisitor keep = [&](const StateAnswer&, State state) {
    states.push_back(std::move(state));
    return true;
  };
  const bool by_pages = Impl::plain(asked) && !page.wanted;
  ANNALS_TRY(StateAnswer out, by_pages ? ask_again([&] { return impl_->state_by_pages(*which, key, asked, detail, keep); })
                              : key    ? impl_->named_by_postings(*which, *key, asked, page, keep)
                                       : impl_->all_by_postings(*which, asked, page, keep));
  out.states = std::move(states);
  return out;
}

Result<StateAnswer> Query::each_state(std::string_view projection, const Bounds& asked, const StateVisitor& visit, Detail detail) const {
  ANNALS_TRY(const Projection* which, projection_named(projection));
  // That it has to be asked again is told before the first state is shown.
  if (Impl::plain(asked)) return ask_again([&] { return impl_->state_by_pages(*which, std::nullopt, asked, detail, visit); });
  return impl_->all_by_postings(*which, asked, {}, visit);
}

Result<StateAnswer> Query::Impl::named_by_postings(const Projection& which, std::string_view key, const Bounds& asked, const EvidencePage& page,
                                                   const StateVisitor& visit) const {
  StateAnswer out;
  out.projection = which.name();
  ANNALS_TRY(const KeysNamed named, keys_named(which, key, asked));
  ANNALS_TRY(out.basis, basis(named.session));
  ANNALS_CHECK_OK(tell_erased(out.basis, which, named.resolved, named.session));
  out.coverage = named.session.coverage;
  bool any = false;
  const auto show = [&](State state, std::vector<Evidence> evidence) {
    any = true;
    if (page.wanted) take_page(page, std::move(evidence), out);
    visit(out, std::move(state));
  };
  for (const EveryKey::Key& each : named.keys) {
    std::vector<Evidence> evidence;
    auto* const wanted = page.wanted ? &evidence : nullptr;
    std::optional<State> state;
    if (named.keys.size() == 1) state = each.ledger->state(which, each.key, named.session.bounds, wanted);
    else state = each.ledger->state_of_own(which, each.key, named.session.bounds, wanted);
    if (state) show(*std::move(state), std::move(evidence));
  }
  if (!any) show(nothing_of(which, named.resolved.key), {});
  return out;
}

Result<StateAnswer> Query::Impl::all_by_postings(const Projection& which, const Bounds& asked, const EvidencePage& page, const StateVisitor& visit) const {
  // That it has to be asked again is told before the first state is shown.
  return ask_again([&]() -> Result<StateAnswer> {
    StateAnswer out;
    out.projection = which.name();
    ANNALS_TRY(const Session session, begin(asked));
    ANNALS_TRY(out.basis, basis(session));
    ANNALS_CHECK_OK(tell_erased(out.basis, which, std::nullopt, session));
    out.coverage = session.coverage;
    ANNALS_CHECK_OK(each_key(*session.view, which, session.bounds, std::nullopt, [&](const EveryKey::Key& each) {
      std::vector<Evidence> evidence;
      auto state = each.ledger->state_of_own(which, each.key, session.bounds, page.wanted ? &evidence : nullptr);
      if (!state) return true;
      if (page.wanted) take_page(page, std::move(evidence), out);
      return visit(out, *std::move(state));
    }));
    return out;
  });
}

Result<StateAnswer> Query::Impl::state_by_pages(const Projection& which, std::optional<std::string_view> key, const Bounds& asked, Detail detail,
                                                const StateVisitor& visit) const {
  ANNALS_TRY(Session session, begin(asked));
  IndexReader reader(*session.view, detail);
  StateAnswer out;
  ANNALS_TRY(out.basis, basis(session));
  out.coverage = session.coverage;
  out.projection = which.name();
  std::vector<std::string> keys;
  std::optional<ResolvedKey> resolved;
  if (key) {
    ANNALS_TRY(resolved, key_words.resolve(which, *key, *session.families));
    ANNALS_TRY(keys, keys_meant(which, *resolved, reader));
  } else {
    ANNALS_TRY(keys, reader.keys(which));
  }
  ANNALS_CHECK_OK(tell_erased(out.basis, which, resolved, session));
  bool any = false;
  const auto show = [&](PageAnswer answer) {
    const bool asked_for = key && keys.size() == 1;
    if (!asked_for && (!answer.said || answer.state.empty())) return true;
    any = true;
    return visit(out, std::move(answer.state));
  };
  if (detail == Detail::kHeads && keys.size() > 1) {
    ANNALS_CHECK_OK(heads_of_many(which, keys, !key, session, show));
  } else {
    for (const std::string& one : keys) {
      ANNALS_TRY(PageAnswer answer, reader.state_at(which, one, session.bounds.published_by, session.bounds.valid_at));
      if (!show(std::move(answer))) return out;
    }
  }
  if (key && !any) visit(out, nothing_of(which, resolved->key));
  return out;
}

Result<std::optional<std::vector<State>>> Query::states_now(std::string_view projection, std::span<const std::string> words, Instant at, StatesNow& now) const {
  ANNALS_TRY(const Projection* which, projection_named(projection));
  return ask_again([&]() -> Result<std::optional<std::vector<State>>> {
    ANNALS_TRY(const Impl::Session session, impl_->begin(as_of(at), Impl::Counted::kNo));
    std::vector<std::string> keys;
    if (!words.empty()) {
      ANNALS_TRY(keys, impl_->key_words.resolved(*which, words, *session.families));
    }
    const auto borne_on = [&] {
      if (words.empty()) return session.view->borne_on(*which, std::nullopt, now.through);
      return std::any_of(keys.begin(), keys.end(), [&](const std::string& key) { return session.view->borne_on(*which, key, now.through); });
    };
    const bool stays = now.through.value > 0 && (!now.until || *now.until > at) && session.families->version() == now.names;
    if (stays && !borne_on()) {
      now.through = session.view->upto();
      return std::optional<std::vector<State>>();
    }
    StatesNow out;
    out.through = session.view->upto();
    out.names = session.families->version();
    out.growths = now.growths != nullptr ? now.growths : std::make_shared<KeptGrowths>();
    IndexReader reader(*session.view);
    reader.use(*out.growths);
    if (words.empty()) {
      ANNALS_TRY(keys, reader.keys(*which));
    }
    for (const std::string& key : keys) {
      ANNALS_TRY(PageAnswer answer, reader.state_as_of(*which, key, at));
      if (answer.until && (!out.until || *answer.until < *out.until)) out.until = answer.until;
      if (!words.empty() || (answer.said && !answer.state.empty())) out.states.push_back(std::move(answer.state));
    }
    return std::optional(std::move(std::exchange(now, std::move(out)).states));
  });
}

Result<StateAnswer> Query::days(const Projection& which, std::string_view key, const Bounds& asked, EvidencePage page) const {
  const auto range = parse_civil(key);
  ANNALS_TRY(const CalendarAnswer rows, calendar(range->from, range->to, impl_->log.info().zone, asked));
  StateAnswer out;
  out.basis = rows.basis;
  out.coverage = rows.coverage;
  out.projection = which.name();
  std::set<std::string> keys;
  for (const CalendarRow& row : rows.rows) keys.insert(row.key);
  for (const std::string& one : keys) {
    ANNALS_TRY(StateAnswer each, state(which.name(), one, asked, page));
    for (State& state : each.states) out.states.push_back(std::move(state));
    for (auto& evidence : each.evidence) out.evidence.push_back(std::move(evidence));
    out.evidence_total.insert(out.evidence_total.end(), each.evidence_total.begin(), each.evidence_total.end());
  }
  return out;
}

Result<HistoryAnswer> Query::history(std::string_view projection, std::string_view key, const Bounds& asked) const {
  ANNALS_TRY(const Projection* which, projection_named(projection));
  ANNALS_TRY(const Impl::KeysNamed named, impl_->keys_named(*which, key, asked));
  if (named.keys.size() > 1) {
    std::string some;
    for (std::size_t i = 0; i < std::min<std::size_t>(named.keys.size(), 3); ++i) some += (i == 0 ? "" : ", ") + named.keys[i].key;
    return invalid("'" + std::string(key) + "' names " + std::to_string(named.keys.size()) + " keys; expected one of them, such as " + some);
  }
  HistoryAnswer out;
  ANNALS_TRY(out.basis, impl_->basis(named.session));
  ANNALS_CHECK_OK(impl_->tell_erased(out.basis, *which, named.resolved, named.session));
  out.coverage = named.session.coverage;
  out.projection = which->name();
  out.key = named.keys.empty() ? named.resolved.key : named.keys.front().key;
  if (!named.keys.empty()) out.rows = history_of(*named.keys.front().ledger, *which, out.key, named.session.bounds);
  return out;
}

namespace {

// Rows of one key at one step; false: no more are wanted.
bool show_step(Instant step, const std::string& key, const State& state, const PanelVisitor& visit) {
  bool first = true;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const Entry* head = state.lanes[lane].head();
    if (head == nullptr) continue;
    PanelRow row{step, key, static_cast<Lane>(lane), *head, {}};
    if (first) row.summary = state.summary;
    first = false;
    if (!visit(row)) return false;
  }
  return true;
}

// No more is shown.
void keep_heads(State& state) {
  for (LaneState& lane : state.lanes)
    if (lane.entries.size() > 1) lane.entries.erase(lane.entries.begin() + 1, lane.entries.end());
}

}  // namespace

Result<AnswerBasis> Query::panel(std::string_view projection, std::optional<std::string_view> key, std::span<const Instant> steps,
                                 const Bounds& asked, const PanelVisitor& visit, Detail detail) const {
  ANNALS_TRY(const Projection* which, projection_named(projection));
  if (!std::is_sorted(steps.begin(), steps.end())) return invalid("panel: expected steps in ascending order");
  Bounds at_last = asked;
  if (!steps.empty()) at_last.published_by = at_last.valid_at = steps.back();
  return Impl::plain(asked) ? impl_->panel_by_pages(*which, key, steps, at_last, visit, detail) : impl_->panel_by_postings(*which, key, steps, at_last, visit);
}

Result<AnswerBasis> Query::Impl::panel_by_pages(const Projection& which, std::optional<std::string_view> key, std::span<const Instant> steps,
                                                const Bounds& at_last, const PanelVisitor& visit, Detail detail) const {
  // A key is asked again only where its answer may have changed.
  struct Column {
    std::string key;
    bool asked = false;
    std::optional<Instant> until;
    State state;
  };
  ANNALS_TRY(const Session session, begin(at_last, Counted::kNo));
  ANNALS_TRY(AnswerBasis out, basis(session));
  IndexReader reader(*session.view, detail);
  std::vector<std::string> keys;
  std::optional<ResolvedKey> resolved;
  if (key) {
    ANNALS_TRY(resolved, key_words.resolve(which, *key, *session.families));
    ANNALS_TRY(keys, keys_meant(which, *resolved, reader));
  } else {
    ANNALS_TRY(keys, reader.keys(which));
  }
  ANNALS_CHECK_OK(tell_erased(out, which, resolved, session));
  std::vector<Column> columns;
  for (std::string& each : keys) columns.push_back({std::move(each), false, {}, {}});
  const auto due = [](const Column& column, Instant step) { return !column.asked || (column.until && *column.until <= step); };
  for (const Instant step : steps) {
    if (!key && detail == Detail::kHeads) {
      const auto asked_now = std::count_if(columns.begin(), columns.end(), [&](const Column& column) { return due(column, step); });
      if (static_cast<std::size_t>(asked_now) > columns.size() / 3) {   // about what a seek costs more than a row
        ANNALS_TRY(auto heads, reader.all_heads(which, step));
        reader.use(std::move(heads));
      }
    }
    for (Column& column : columns) {
      if (due(column, step)) {
        ANNALS_TRY(PageAnswer answer, reader.state_as_of(which, column.key, step));
        column.asked = true;
        column.until = answer.until;
        column.state = key || (answer.said && !answer.state.empty()) ? std::move(answer.state) : State{};
        keep_heads(column.state);
      }
      if (!show_step(step, column.key, column.state, visit)) return out;
    }
  }
  return out;
}

Result<AnswerBasis> Query::Impl::panel_by_postings(const Projection& which, std::optional<std::string_view> key, std::span<const Instant> steps,
                                                   const Bounds& at_last, const PanelVisitor& visit) const {
  // Key by key, and shown step by step: so what is shown is kept, and where it changes.
  struct Column {
    std::string key;
    std::vector<std::pair<std::size_t, State>> changes;   // from this step on
    std::size_t next = 0;
  };
  return ask_again([&]() -> Result<AnswerBasis> {
    std::vector<Column> columns;
    const auto take = [&](const EveryKey::Key& each, const Bounds& bounds) {
      Column column{each.key, {}, 0};
      const Ledger::Moments moments = each.ledger->moments(which, each.key, bounds);
      std::vector<Instant> all;
      std::merge(moments.known.begin(), moments.known.end(), moments.valid.begin(), moments.valid.end(), std::back_inserter(all));
      for (std::size_t step = 0; step < steps.size();) {
        Bounds at = bounds;
        at.published_by = at.valid_at = steps[step];
        State state = key ? each.ledger->state(which, each.key, at) : each.ledger->state_of_own(which, each.key, at).value_or(State{});
        keep_heads(state);
        if (column.changes.empty() || column.changes.back().second != state) column.changes.emplace_back(step, std::move(state));
        const auto next = std::upper_bound(all.begin(), all.end(), steps[step]);
        if (next == all.end()) break;
        step = static_cast<std::size_t>(std::lower_bound(steps.begin() + static_cast<std::ptrdiff_t>(step) + 1, steps.end(), *next) - steps.begin());
      }
      columns.push_back(std::move(column));
      return true;
    };
    Session session;
    std::optional<ResolvedKey> resolved;
    if (key) {
      ANNALS_TRY(KeysNamed named, keys_named(which, *key, at_last));
      for (const EveryKey::Key& each : named.keys) take(each, named.session.bounds);
      session = std::move(named.session);
      resolved = std::move(named.resolved);
    } else {
      ANNALS_TRY(session, begin(at_last, Counted::kNo));
      ANNALS_CHECK_OK(each_key(*session.view, which, session.bounds, std::nullopt, [&](const EveryKey::Key& each) { return take(each, session.bounds); }));
    }
    ANNALS_TRY(AnswerBasis out, basis(session));
    ANNALS_CHECK_OK(tell_erased(out, which, resolved, session));
    for (std::size_t step = 0; step < steps.size(); ++step) {
      for (Column& column : columns) {
        if (column.next < column.changes.size() && column.changes[column.next].first == step) ++column.next;
        if (column.next > 0 && !show_step(steps[step], column.key, column.changes[column.next - 1].second, visit)) return out;
      }
    }
    return out;
  });
}

namespace {

// What bears on a key and comes, or goes, at one moment of knowing: its own claims and, where they reach it, its ancestors'.
class Bearing {
 public:
  Bearing(const Projection& projection, const std::string& key, const Ledger& ledger, const Bounds& bounds) : projection_(projection), key_(key) {
    std::vector<std::string> keys{key};
    if (projection.inherits())
      for (std::string& ancestor : ancestor_keys(key, *ledger.families(bounds))) keys.push_back(std::move(ancestor));
    for (std::string& each : keys) {
      std::vector<Ledger::Turn> turns = ledger.turns(projection, each, bounds);
      of_.push_back({std::move(each), std::move(turns), 0, {}, {}});
    }
  }

  // Moments must ascend. `before` and `after` are the answers on either side of it.
  std::vector<Evidence> at(Instant moment, const State& before, const State& after) {
    std::vector<Evidence> out;
    for (Of& of : of_) {
      const bool told = of.key == key_ || reaches(of.key, before) || reaches(of.key, after);
      for (; of.next < of.turns.size() && of.turns[of.next].known <= moment; ++of.next) {
        const auto tell = [&](Evidence evidence) {
          if (of.key != key_) evidence.inherited_from = of.key;
          if (told && of.turns[of.next].known == moment) out.push_back(std::move(evidence));
        };
        std::map<FoldPlace, Evidence> gone;
        for (const FoldPlace& place : of.turns[of.next].goes) gone.insert(of.standing.extract(place));
        for (PlacedClaim& placed : of.turns[of.next].comes) {
          Growth alone;
          alone.published_by = alone.valid_at = moment;
          fold_claim(projection_, alone, placed);   // which says what it says
          const auto elsewhere = [&](const auto& each) { return each.second.position == placed.evidence.position && each.second.claim == placed.evidence.claim; };
          const bool fresh = std::erase_if(gone, elsewhere) == 0;   // else it only stands elsewhere from now on, and is no news
          if (const auto before_it = fresh ? of.said.look(placed) : std::nullopt; before_it && !placed.evidence.copy_of) placed.evidence.copy_of = before_it;
          of.standing.insert_or_assign(fold_place(placed), placed.evidence);
          if (fresh) tell(std::move(placed.evidence));
        }
        for (auto& [place, evidence] : gone) tell(std::move(evidence));
      }
    }
    return out;
  }

 private:
  struct Of {
    std::string key;
    std::vector<Ledger::Turn> turns;
    std::size_t next = 0;
    std::map<FoldPlace, Evidence> standing;
    SaidBefore said;
  };
  static bool reaches(const std::string& ancestor, const State& state) {
    return std::any_of(state.lanes.begin(), state.lanes.end(), [&](const LaneState& lane) {
      return std::any_of(lane.entries.begin(), lane.entries.end(), [&](const Entry& entry) { return entry.inherited_from == ancestor; });
    });
  }
  const Projection& projection_;
  const std::string key_;
  std::vector<Of> of_;
};

}  // namespace

Status Query::Impl::add_timeline(const Projection& projection, const std::string& key, const Ledger& ledger, TimelineOrder order, const Bounds& bounds,
                                 const std::function<Result<State>(Instant)>& as_of, std::vector<TimelineRow>& rows) {
  const Ledger::Moments moments = ledger.moments(projection, key, bounds);
  if (order == TimelineOrder::kValid) {
    std::vector<Instant> valid = moments.valid;
    if (!valid.empty()) valid.insert(valid.begin(), valid.front() - kTick);
    const std::vector<State> states = ledger.states_over_valid(projection, key, bounds, valid);
    for (std::size_t v = 0; v < states.size(); ++v) {
      each_difference(v == 0 ? nothing() : states[v - 1], states[v], [&](Lane lane, const Entry* was, const Entry* is) {
        TimelineRow row{valid[v], std::string(projection.name()), key, lane, copy(was), copy(is), {}};
        if (is != nullptr) row.by.push_back(is->first.told());
        rows.push_back(std::move(row));
      });
    }
    return {};
  }
  State before;
  Bearing bearing(projection, key, ledger, bounds);
  for (const Instant moment : moments.known) {
    if (moment > bounds.published_by) break;
    ANNALS_TRY(State after, as_of(moment));
    const std::vector<Evidence> news = bearing.at(moment, before, after);
    each_difference(before, after, [&](Lane lane, const Entry* was, const Entry* is) {
      rows.push_back({moment, std::string(projection.name()), key, lane, copy(was), copy(is), news});
    });
    before = std::move(after);
  }
  return {};
}

Result<TimelineAnswer> Query::timeline(std::string_view entity, TimelineOrder order, const Bounds& asked) const {
  if (entity.empty()) return invalid("expected the name of an entity, found nothing");
  return ask_again([&]() -> Result<TimelineAnswer> {
    ANNALS_TRY(const Impl::Session session, impl_->begin(asked));
    const Bounds& bounds = session.bounds;
    std::optional<IndexReader> pages;
    if (Impl::plain(asked)) pages.emplace(*session.view);
    TimelineAnswer out;
    ANNALS_TRY(out.basis, impl_->basis(session));
    out.coverage = session.coverage;
    out.entity = impl_->key_words.entity(entity, true, *session.families).id;
    ANNALS_TRY(out.basis.erased, erased_behind(impl_->log, session.view->about(), subjects_asked(out.entity, *session.families), bounds));
    // Of each projection the keys of the entity, and what bears on them.
    for (const auto& each : projections()) {
      const Projection& projection = *each;
      if (!projection.parts().empty()) continue;  // its parts have rows of their own
      const auto starting = [&](std::string_view prefix) -> Result<std::vector<std::string>> {
        if (pages) return pages->keys(projection, prefix);
        std::vector<std::string> keys;
        ANNALS_CHECK_OK(Impl::each_key(*session.view, projection, bounds, std::string(Impl::entity_of(prefix)), [&](EveryKey::Key found) {
          if (found.key.starts_with(prefix)) keys.push_back(std::move(found.key));
          return true;
        }));
        return keys;
      };
      ANNALS_TRY(const std::vector<std::string> keys, Impl::keys_of_entity(projection, out.entity, *session.families, starting));
      for (const std::string& key : keys) {
        // Targets of other kinds are told where they belong.
        if (projection.name() == "calendar" && key.find(": ") != std::string::npos) continue;
        ANNALS_TRY(const Ledger ledger, session.view->load(projection, std::span(&key, 1), *session.families));
        const auto as_of = [&](Instant moment) -> Result<State> {
          if (pages) {
            ANNALS_TRY(PageAnswer answer, pages->state_as_of(projection, key, moment));
            return std::move(answer.state);
          }
          Bounds at = bounds;
          at.published_by = at.valid_at = moment;
          return ledger.state(projection, key, at);
        };
        ANNALS_CHECK_OK(Impl::add_timeline(projection, key, ledger, order, bounds, as_of, out.rows));
      }
    }
    std::stable_sort(out.rows.begin(), out.rows.end(), [](const TimelineRow& a, const TimelineRow& b) { return a.at < b.at; });
    return out;
  });
}

std::vector<DiffRow> differences(std::vector<State> before, std::vector<State> after) {
  std::map<std::string, std::pair<State, State>> keys;
  for (State& state : before) keys[state.key].first = std::move(state);
  for (State& state : after) keys[state.key].second = std::move(state);
  std::vector<DiffRow> out;
  for (const auto& [key, pair] : keys) {
    each_difference(pair.first, pair.second, [&, &name = key](Lane lane, const Entry* was, const Entry* is) { out.push_back({name, lane, copy(was), copy(is)}); });
  }
  return out;
}

Result<DiffAnswer> Query::diff(std::string_view projection, const Bounds& from_asked, const Bounds& to_asked, std::span<const std::string> words) const {
  ANNALS_TRY(const Projection* which, projection_named(projection));
  if (!words.empty()) {
    // A few keys are asked for one by one.
    DiffAnswer out;
    out.projection = which->name();
    std::set<std::string> keys;
    for (const std::string& each : words) {
      ANNALS_TRY(ResolvedKey key, resolve_key(projection, each));
      keys.insert(std::move(key.key));
    }
    for (const std::string& key : keys) {
      ANNALS_TRY(StateAnswer was, state(projection, key, from_asked));
      ANNALS_TRY(StateAnswer is, state(projection, key, to_asked));
      each_difference(was.states.front(), is.states.front(),
                      [&](Lane lane, const Entry* a, const Entry* b) { out.rows.push_back({key, lane, copy(a), copy(b)}); });
      out.from = std::move(was.basis);
      out.to = std::move(is.basis);
      out.coverage = is.coverage;
    }
    return out;
  }
  return ask_again([&]() -> Result<DiffAnswer> {
    ANNALS_TRY(const Impl::Session from, impl_->begin(from_asked));
    ANNALS_TRY(const Impl::Session to, impl_->begin(to_asked));
    DiffAnswer out;
    out.projection = which->name();
    ANNALS_TRY(out.from, impl_->basis(from));
    ANNALS_TRY(out.to, impl_->basis(to));
    ANNALS_CHECK_OK(impl_->tell_erased(out.from, *which, std::nullopt, from));
    ANNALS_CHECK_OK(impl_->tell_erased(out.to, *which, std::nullopt, to));
    out.coverage = to.coverage;
    const auto tell = [&](const std::string& key, const State& was, const State& is) {
      each_difference(was, is, [&](Lane lane, const Entry* a, const Entry* b) { out.rows.push_back({key, lane, copy(a), copy(b)}); });
    };
    if (Impl::plain(from_asked) && Impl::plain(to_asked)) {
      IndexReader before(*from.view), after(*to.view);
      ANNALS_TRY(std::vector<std::string> keys, before.keys(*which));
      ANNALS_TRY(const std::vector<std::string> more, after.keys(*which));
      keys.insert(keys.end(), more.begin(), more.end());
      std::sort(keys.begin(), keys.end());
      keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
      for (const std::string& key : keys) {
        ANNALS_TRY(const PageAnswer was, before.state_at(*which, key, from.bounds.published_by, from.bounds.valid_at));
        ANNALS_TRY(const PageAnswer is, after.state_at(*which, key, to.bounds.published_by, to.bounds.valid_at));
        tell(key, was.said ? was.state : nothing(), is.said ? is.state : nothing());
      }
      return out;
    }
    EveryKey before(*from.view, *which, from.bounds);
    EveryKey after(*to.view, *which, to.bounds);
    ANNALS_CHECK_OK(before.open());
    ANNALS_CHECK_OK(after.open());
    ANNALS_TRY(auto was, before.next());
    ANNALS_TRY(auto is, after.next());
    while (was || is) {
      const std::string key = !is || (was && was->key < is->key) ? was->key : is->key;
      const auto state = [&](const std::optional<EveryKey::Key>& there, const Bounds& bounds) {
        return there && there->key == key ? there->ledger->state_of_own(*which, key, bounds).value_or(State{}) : State{};
      };
      tell(key, state(was, from.bounds), state(is, to.bounds));
      if (was && was->key == key) {
        ANNALS_TRY(was, before.next());
      }
      if (is && is->key == key) {
        ANNALS_TRY(is, after.next());
      }
    }
    return out;
  });
}

Result<CalendarAnswer> Query::calendar(Civil from, Civil to, const Zone& zone, const Bounds& asked) const {
  if (to <= from) return invalid("calendar: expected --from before --to");
  ANNALS_TRY(StateAnswer all, state("calendar", std::nullopt, asked));
  CalendarAnswer out;
  out.basis = std::move(all.basis);
  out.coverage = all.coverage;
  const Instant begin = zone.earliest(from);
  const Instant end = zone.latest(to);
  const Micros week = std::chrono::hours(24 * 7 + 1);  // a week in which the clocks were set back is one hour longer
  for (const State& state : all.states) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      for (const Entry& entry : state.lanes[lane].entries) {
        if (!entry.due || !entry.due->from || !entry.due->to) continue;
        const Due& due = *entry.due;
        if (*due.to <= begin || *due.from >= end) continue;
        // "In 2026" belongs to no week but the one in which it runs out; what is no longer than a week, or than what was asked for,
        // belongs wherever it reaches.
        const Micros length = *due.to - *due.from;
        if (length > std::max<Micros>(week, end - begin) && *due.to > end) continue;
        CalendarRow row;
        row.key = state.key;
        const std::size_t bar = state.key.find('|');
        row.who = state.key.substr(0, bar);
        if (const Field* what = entry.field("what")) row.what = what->text;
        if (const Field* kind = entry.field("kind")) row.kind = kind->text;
        row.when = due;
        row.whole_week = length > std::chrono::hours(25);
        for (const Step& step : entry.steps)
          if (step.due && step.due != entry.due) row.moved_from.push_back(*step.due);
        row.status = entry.due_status == DueStatus::kCalledOff ? CalendarStatus::kCalledOff
                     : entry.due_status == DueStatus::kDone    ? CalendarStatus::kDone
                     : entry.due_status == DueStatus::kOverdue ? CalendarStatus::kOverdue
                                                               : CalendarStatus::kScheduled;
        row.lane = static_cast<Lane>(lane);
        row.entry = entry;
        out.rows.push_back(std::move(row));
      }
    }
  }
  std::stable_sort(out.rows.begin(), out.rows.end(), [](const CalendarRow& a, const CalendarRow& b) {
    const auto rank = [](const CalendarRow& r) { return std::make_tuple(*r.when.from, r.whole_week, *r.when.to, r.who, r.what, r.lane); };
    return rank(a) < rank(b);
  });
  return out;
}

}  // namespace annals
