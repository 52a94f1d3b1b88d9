#include "engine/query/query.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "engine/language/lexicon.h"
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
  mutable std::shared_ptr<const Ledger> kept;   // where the whole log is kept
  mutable std::weak_ptr<const Ledger> newest;
  mutable std::pair<Position, Digest> root;
  Whole whole_log;

  Result<StateAnswer> state_by_pages(const Projection& which, std::optional<std::string_view> key, const Bounds& asked, Detail detail,
                                     const StateVisitor& visit) const;
  Result<StateAnswer> all_states(const Projection& which, const Bounds& asked, const EvidencePage& page, const StateVisitor& visit) const;

  // The whole log as it stands now, in memory: for questions that neither pages nor postings answer.
  Result<std::shared_ptr<const Ledger>> whole() const {
    const std::scoped_lock lock(mutex);
    const Position last = log.last();
    if (auto held = newest.lock(); held && held->upto() == last) return held;
    kept.reset();   // before another takes its place
    ANNALS_TRY(Ledger ledger, Ledger::load(log, last));
    auto loaded = std::make_shared<const Ledger>(std::move(ledger));
    newest = loaded;
    if (whole_log == Whole::kKeep) kept = loaded;
    return loaded;
  }

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
    const std::scoped_lock lock(mutex);
    if (!follower) follower.emplace(log);
    return again([&]() -> Result<Session> {
      Session out;
      ANNALS_TRY(out.view, follower->now());
      out.bounds = settled(asked, out.view->upto());
      out.families = plain(asked) ? out.view->shared_families() : out.view->about().families(out.bounds);
      if (counted == Counted::kNo) return out;
      ANNALS_TRY(const CoverageCount count, plain_coverage(asked) ? follower->coverage(out.bounds.published_by) : follower->coverage_at(out.bounds));
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
  // The index may be sealed while a question reads it: then it is asked again of a newer view.
  template <class Ask>
  static auto again(const Ask& ask) -> decltype(ask()) {
    for (int attempt = 1;; ++attempt) {
      auto answer = ask();
      if (answer.ok() || answer.error().code != ErrorCode::kOverloaded || attempt == 50) return answer;
      std::this_thread::sleep_for(std::chrono::milliseconds(attempt));
    }
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

  Result<AnswerBasis> basis(const Bounds& bounds, Position upto, const Families& families) const {
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
    out.lexicon = families.version();
    out.projection_version = kProjectionVersion;
    out.log_size = upto;
    if (upto.value > 0) {
      ANNALS_TRY(out.log_root, root_of(upto));
    }
    return out;
  }
  Result<AnswerBasis> basis(const Bounds& bounds, const Ledger& ledger) const { return basis(bounds, ledger.upto(), *ledger.families(bounds)); }
  Result<AnswerBasis> basis(const Session& session) const { return basis(session.bounds, session.view->upto(), *session.families); }

  // Into a basis: what erasures took of what bears on the keys (none: on all of the projection).
  Status tell_erased(AnswerBasis& out, const Projection& which, std::span<const std::string> keys, const Bounds& bounds, const Ledger& about, const Families& families) const {
    if (about.erasures().empty()) return {};
    ANNALS_TRY(out.erased, erased_behind(log, about, subjects_asked(which, keys, families), bounds));
    return {};
  }
  Status tell_erased(AnswerBasis& out, const Projection& which, const std::optional<ResolvedKey>& key, const Session& session) const {
    return tell_erased(out, which, key ? std::span(&key->key, 1) : std::span<const std::string>(), session.bounds, session.view->about(), *session.families);
  }

  static Coverage shown(const CoverageCount& count) {
    return {count.notes, count.outlets, count.articles, count.statements, count.first_known_from, count.last_known_from, count.undated_left_out};
  }
  static Coverage coverage(const Bounds& bounds, const Ledger& ledger) { return shown(ledger.coverage(bounds)); }

  std::vector<std::string> keys_meant(const Projection& projection, const ResolvedKey& resolved, const Ledger& ledger, const Bounds& bounds) const {
    const auto prefix = KeyWords::prefix_meant(projection, resolved);
    if (!prefix) return {resolved.key};
    std::vector<std::string> out;
    for (std::string& key : ledger.keys(projection, bounds))
      if (key.starts_with(*prefix)) out.push_back(std::move(key));
    return out;
  }
  Result<std::vector<std::string>> keys_meant(const Projection& projection, const ResolvedKey& resolved, IndexReader& reader) const {
    const auto prefix = KeyWords::prefix_meant(projection, resolved);
    if (!prefix) return std::vector<std::string>{resolved.key};
    return reader.keys(projection, *prefix);
  }

  // What questions about one key need at any bounds. A calendar is asked by who, and needs all of it.
  struct OfKey {
    Session session;
    std::shared_ptr<const Ledger> ledger;
    ResolvedKey resolved;
  };
  Result<OfKey> of_key(const Projection& projection, std::string_view words, const Bounds& asked) const {
    OfKey out;
    ANNALS_TRY(out.session, begin(asked));
    ANNALS_TRY(out.resolved, key_words.resolve(projection, words, *out.session.families));
    if (key_shape(projection) == KeyShape::kCalendar) {
      ANNALS_TRY(out.ledger, whole());
      return out;
    }
    ANNALS_TRY(Ledger ledger, out.session.view->load(projection, std::span(&out.resolved.key, 1), *out.session.families));
    out.ledger = std::make_shared<const Ledger>(std::move(ledger));
    return out;
  }

  // Keys of a projection whose entity this is, from those that start with a text.
  using KeysOf = std::function<Result<std::vector<std::string>>(std::string_view prefix)>;
  static Result<std::vector<std::string>> keys_of_entity(const Projection& projection, const std::string& id, const Families& families, const KeysOf& starting) {
    std::vector<std::string> out;
    ANNALS_TRY(std::vector<std::string> keys, starting(id));
    for (std::string& key : keys)
      if (key.substr(0, key.find_first_of("/@|")) == id) out.push_back(std::move(key));
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

Query::Query(const EventLog& log, const Lexicon& lexicon, const Clock& clock, Whole whole)
    : impl_(new Impl{log, KeyWords(lexicon), clock, {}, {}, {}, {}, {}, whole}) {}
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
  if (!key || (Impl::plain(asked) && !page.wanted)) {
    ANNALS_TRY(StateAnswer out, Impl::plain(asked) && !page.wanted ? Impl::again([&] { return impl_->state_by_pages(*which, key, asked, detail, keep); })
                                                                      : impl_->all_states(*which, asked, page, keep));
    out.states = std::move(states);
    return out;
  }

  StateAnswer out;
  out.projection = which->name();
  const auto answer = [&](const Ledger& ledger, const std::string& one, const Bounds& bounds, bool keep_empty) {
    std::vector<Evidence> all;
    if (keep_empty) {
      out.states.push_back(ledger.state(*which, one, bounds, page.wanted ? &all : nullptr));
    } else {
      auto state = ledger.state_of_own(*which, one, bounds, page.wanted ? &all : nullptr);
      if (!state) return;
      out.states.push_back(*std::move(state));
    }
    if (page.wanted) take_page(page, std::move(all), out);
  };
  ANNALS_TRY(const Impl::OfKey of, impl_->of_key(*which, *key, asked));
  ANNALS_TRY(out.basis, impl_->basis(of.session));
  ANNALS_CHECK_OK(impl_->tell_erased(out.basis, *which, of.resolved, of.session));
  out.coverage = of.session.coverage;
  const auto keys = impl_->keys_meant(*which, of.resolved, *of.ledger, of.session.bounds);
  for (const std::string& one : keys) answer(*of.ledger, one, of.session.bounds, keys.size() == 1);
  if (out.states.empty()) {
    out.states.push_back(nothing_of(*which, of.resolved.key));
    if (page.wanted) take_page(page, {}, out);
  }
  return out;
}

Result<StateAnswer> Query::each_state(std::string_view projection, const Bounds& asked, const StateVisitor& visit, Detail detail) const {
  ANNALS_TRY(const Projection* which, projection_named(projection));
  // That it has to be asked again is told before the first state is shown.
  if (Impl::plain(asked)) return Impl::again([&] { return impl_->state_by_pages(*which, std::nullopt, asked, detail, visit); });
  return impl_->all_states(*which, asked, {}, visit);
}

Result<StateAnswer> Query::Impl::all_states(const Projection& which, const Bounds& asked, const EvidencePage& page, const StateVisitor& visit) const {
  StateAnswer out;
  out.projection = which.name();
  ANNALS_TRY(const auto ledger, whole());
  const Bounds bounds = settled(asked, ledger->upto());
  ANNALS_TRY(out.basis, basis(bounds, *ledger));
  ANNALS_CHECK_OK(tell_erased(out.basis, which, {}, bounds, *ledger, *ledger->families(bounds)));
  out.coverage = coverage(bounds, *ledger);
  for (const std::string& one : ledger->keys(which, bounds)) {
    std::vector<Evidence> all;
    auto state = ledger->state_of_own(which, one, bounds, page.wanted ? &all : nullptr);
    if (!state) continue;
    if (page.wanted) take_page(page, std::move(all), out);
    if (!visit(out, *std::move(state))) break;
  }
  return out;
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
  return Impl::again([&]() -> Result<std::optional<std::vector<State>>> {
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
  ANNALS_TRY(const Impl::OfKey of, impl_->of_key(*which, key, asked));
  const auto& ledger = of.ledger;
  const ResolvedKey& resolved = of.resolved;
  const Bounds& bounds = of.session.bounds;
  HistoryAnswer out;
  ANNALS_TRY(out.basis, impl_->basis(of.session));
  ANNALS_CHECK_OK(impl_->tell_erased(out.basis, *which, of.resolved, of.session));
  out.coverage = of.session.coverage;
  out.projection = which->name();
  const auto meant = impl_->keys_meant(*which, resolved, *ledger, bounds);
  if (meant.size() > 1) {
    std::string some;
    for (std::size_t i = 0; i < std::min<std::size_t>(meant.size(), 3); ++i) some += (i == 0 ? "" : ", ") + meant[i];
    return invalid("'" + std::string(key) + "' names " + std::to_string(meant.size()) + " keys; expected one of them, such as " + some);
  }
  out.key = meant.empty() ? resolved.key : meant.front();
  out.rows = history_of(*ledger, *which, out.key, bounds);
  return out;
}

Result<AnswerBasis> Query::panel(std::string_view projection, std::optional<std::string_view> key, std::span<const Instant> steps,
                                 const Bounds& asked, const PanelVisitor& visit, Detail detail) const {
  ANNALS_TRY(const Projection* which, projection_named(projection));
  if (!std::is_sorted(steps.begin(), steps.end())) return invalid("panel: expected steps in ascending order");
  Bounds at_last = asked;
  if (!steps.empty()) at_last.published_by = at_last.valid_at = steps.back();

  // A key is asked again only where its answer may have changed.
  struct Column {
    std::string key;
    bool asked = false;
    std::optional<Instant> until;
    State state;
  };
  std::vector<Column> columns;
  std::function<Result<PageAnswer>(const Column&, Instant)> ask;
  Result<AnswerBasis> basis = AnswerBasis{};
  std::shared_ptr<const IndexView> view;
  std::optional<IndexReader> reader;
  std::shared_ptr<const Ledger> ledger;
  std::vector<std::vector<Instant>> moments;
  if (Impl::plain(asked)) {
    ANNALS_TRY(const auto session, impl_->begin(at_last, Impl::Counted::kNo));
    view = session.view;
    reader.emplace(*view, detail);
    basis = impl_->basis(session);
    std::vector<std::string> keys;
    std::optional<ResolvedKey> resolved;
    if (key) {
      ANNALS_TRY(resolved, impl_->key_words.resolve(*which, *key, *session.families));
      ANNALS_TRY(keys, impl_->keys_meant(*which, *resolved, *reader));
    } else {
      ANNALS_TRY(keys, reader->keys(*which));
    }
    if (basis) ANNALS_CHECK_OK(impl_->tell_erased(*basis, *which, resolved, session));
    for (std::string& each : keys) columns.push_back({std::move(each), false, {}, {}});
    ask = [&](const Column& column, Instant step) { return reader->state_as_of(*which, column.key, step); };
  } else {
    ANNALS_TRY(ledger, impl_->whole());
    const Bounds bounds = impl_->settled(at_last, ledger->upto());
    basis = impl_->basis(bounds, *ledger);
    std::vector<std::string> keys = ledger->keys(*which, bounds);
    std::vector<std::string> named;
    if (key) {
      ANNALS_TRY(const ResolvedKey resolved, impl_->key_words.resolve(*which, *key, *ledger->families(bounds)));
      keys = impl_->keys_meant(*which, resolved, *ledger, bounds);
      named.push_back(resolved.key);
    }
    if (basis) ANNALS_CHECK_OK(impl_->tell_erased(*basis, *which, named, bounds, *ledger, *ledger->families(bounds)));
    for (std::string& each : keys) {
      Ledger::Moments of = ledger->moments(*which, each, bounds);
      std::merge(of.known.begin(), of.known.end(), of.valid.begin(), of.valid.end(), std::back_inserter(moments.emplace_back()));
      columns.push_back({std::move(each), false, {}, {}});
    }
    ask = [&, bounds](const Column& column, Instant step) -> Result<PageAnswer> {
      Bounds at = bounds;
      at.published_by = at.valid_at = step;
      PageAnswer out;
      const auto own = ledger->state_of_own(*which, column.key, at);
      out.said = own.has_value();
      out.state = key ? ledger->state(*which, column.key, at) : own.value_or(State{});
      const auto& of = moments[static_cast<std::size_t>(&column - columns.data())];
      if (const auto next = std::upper_bound(of.begin(), of.end(), step); next != of.end()) out.until = *next;
      return out;
    };
  }
  if (!basis) return basis;
  const auto due = [](const Column& column, Instant step) { return !column.asked || (column.until && *column.until <= step); };
  for (const Instant step : steps) {
    if (reader && !key && detail == Detail::kHeads) {
      const auto asked_now = std::count_if(columns.begin(), columns.end(), [&](const Column& column) { return due(column, step); });
      if (static_cast<std::size_t>(asked_now) > columns.size() / 3) {   // about what a seek costs more than a row
        ANNALS_TRY(auto heads, reader->all_heads(*which, step));
        reader->use(std::move(heads));
      }
    }
    for (Column& column : columns) {
      if (due(column, step)) {
        ANNALS_TRY(PageAnswer answer, ask(column, step));
        column.asked = true;
        column.until = answer.until;
        column.state = key || (answer.said && !answer.state.empty()) ? std::move(answer.state) : State{};
        for (LaneState& lane : column.state.lanes)   // no more is shown
          if (lane.entries.size() > 1) lane.entries.erase(lane.entries.begin() + 1, lane.entries.end());
      }
      bool first = true;
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const Entry* head = column.state.lanes[lane].head();
        if (head == nullptr) continue;
        PanelRow row{step, column.key, static_cast<Lane>(lane), *head, {}};
        if (first) row.summary = column.state.summary;
        first = false;
        if (!visit(row)) return basis;
      }
    }
  }
  return basis;
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
        if (is != nullptr) row.by.push_back(is->first);
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
  // Of each projection the keys of the entity, and what bears on them.
  const auto told = [&](TimelineAnswer& out, const Bounds& bounds, const Families& families, const auto& starting, const auto& ledger_of, const auto& as_of) -> Status {
    for (const auto& each : projections()) {
      const Projection& projection = *each;
      if (!projection.parts().empty()) continue;  // its parts have rows of their own
      ANNALS_TRY(const std::vector<std::string> keys,
                 Impl::keys_of_entity(projection, out.entity, families, [&](std::string_view prefix) { return starting(projection, prefix); }));
      for (const std::string& key : keys) {
        // Targets of other kinds are told where they belong.
        if (projection.name() == "calendar" && key.find(": ") != std::string::npos) continue;
        ANNALS_TRY(const std::shared_ptr<const Ledger> ledger, ledger_of(projection, key));
        ANNALS_CHECK_OK(Impl::add_timeline(projection, key, *ledger, order, bounds, [&](Instant moment) { return as_of(projection, key, *ledger, moment); }, out.rows));
      }
    }
    std::stable_sort(out.rows.begin(), out.rows.end(), [](const TimelineRow& a, const TimelineRow& b) { return a.at < b.at; });
    return {};
  };
  if (Impl::plain(asked)) {
    return Impl::again([&]() -> Result<TimelineAnswer> {
      ANNALS_TRY(const Impl::Session session, impl_->begin(asked));
      IndexReader reader(*session.view);
      TimelineAnswer out;
      ANNALS_TRY(out.basis, impl_->basis(session));
      out.coverage = session.coverage;
      out.entity = impl_->key_words.entity(entity, true, *session.families).id;
      ANNALS_TRY(out.basis.erased, erased_behind(impl_->log, session.view->about(), subjects_asked(out.entity, *session.families), session.bounds));
      ANNALS_CHECK_OK(told(out, session.bounds, *session.families, [&](const Projection& projection, std::string_view prefix) { return reader.keys(projection, prefix); },
                           [&](const Projection& projection, const std::string& key) -> Result<std::shared_ptr<const Ledger>> {
                             ANNALS_TRY(Ledger ledger, session.view->load(projection, std::span(&key, 1), *session.families));
                             return std::make_shared<const Ledger>(std::move(ledger));
                           },
                           [&](const Projection& projection, const std::string& key, const Ledger&, Instant moment) -> Result<State> {
                             ANNALS_TRY(PageAnswer answer, reader.state_as_of(projection, key, moment));
                             return std::move(answer.state);
                           }));
      return out;
    });
  }
  ANNALS_TRY(const auto ledger, impl_->whole());
  const Bounds bounds = impl_->settled(asked, ledger->upto());
  TimelineAnswer out;
  ANNALS_TRY(out.basis, impl_->basis(bounds, *ledger));
  out.coverage = Impl::coverage(bounds, *ledger);
  const auto families = ledger->families(bounds);
  out.entity = impl_->key_words.entity(entity, true, *families).id;
  ANNALS_TRY(out.basis.erased, erased_behind(impl_->log, *ledger, subjects_asked(out.entity, *families), bounds));
  ANNALS_CHECK_OK(told(out, bounds, *families,
                       [&](const Projection& projection, std::string_view prefix) -> Result<std::vector<std::string>> {
                         std::vector<std::string> keys = ledger->keys(projection, bounds);
                         std::erase_if(keys, [&](const std::string& key) { return !key.starts_with(prefix); });
                         return keys;
                       },
                       [&](const Projection&, const std::string&) -> Result<std::shared_ptr<const Ledger>> { return ledger; },
                       [&](const Projection& projection, const std::string& key, const Ledger& whole, Instant moment) -> Result<State> {
                         Bounds at = bounds;
                         at.published_by = at.valid_at = moment;
                         return whole.state(projection, key, at);
                       }));
  return out;
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
  if (words.empty() && Impl::plain(from_asked) && Impl::plain(to_asked)) {
    return Impl::again([&]() -> Result<DiffAnswer> {
      ANNALS_TRY(const Impl::Session from, impl_->begin(from_asked));
      ANNALS_TRY(const Impl::Session to, impl_->begin(to_asked));
      DiffAnswer out;
      out.projection = which->name();
      ANNALS_TRY(out.from, impl_->basis(from));
      ANNALS_TRY(out.to, impl_->basis(to));
      ANNALS_CHECK_OK(impl_->tell_erased(out.from, *which, std::nullopt, from));
      ANNALS_CHECK_OK(impl_->tell_erased(out.to, *which, std::nullopt, to));
      out.coverage = to.coverage;
      IndexReader before(*from.view), after(*to.view);
      ANNALS_TRY(std::vector<std::string> keys, before.keys(*which));
      ANNALS_TRY(const std::vector<std::string> more, after.keys(*which));
      keys.insert(keys.end(), more.begin(), more.end());
      std::sort(keys.begin(), keys.end());
      keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
      for (const std::string& key : keys) {
        ANNALS_TRY(const PageAnswer was, before.state_at(*which, key, from.bounds.published_by, from.bounds.valid_at));
        ANNALS_TRY(const PageAnswer is, after.state_at(*which, key, to.bounds.published_by, to.bounds.valid_at));
        each_difference(was.said ? was.state : nothing(), is.said ? is.state : nothing(),
                        [&](Lane lane, const Entry* a, const Entry* b) { out.rows.push_back({key, lane, copy(a), copy(b)}); });
      }
      return out;
    });
  }
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
  ANNALS_TRY(const auto ledger, impl_->whole());
  const Bounds from = impl_->settled(from_asked, ledger->upto());
  const Bounds to = impl_->settled(to_asked, ledger->upto());
  DiffAnswer out;
  ANNALS_TRY(out.from, impl_->basis(from, *ledger));
  ANNALS_TRY(out.to, impl_->basis(to, *ledger));
  ANNALS_CHECK_OK(impl_->tell_erased(out.from, *which, {}, from, *ledger, *ledger->families(from)));
  ANNALS_CHECK_OK(impl_->tell_erased(out.to, *which, {}, to, *ledger, *ledger->families(to)));
  out.coverage = Impl::coverage(to, *ledger);
  out.projection = which->name();
  out.rows = differences(ledger->states(*which, from), ledger->states(*which, to));
  return out;
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
