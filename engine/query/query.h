#pragma once
// Questions to the log: states as of any moment, their history, panels, timelines, differences, the calendar. The command line, the
// server and tests ask here. Answers depend on the log and the bounds alone; every answer carries its basis.
//
// Threads: a Query may be used from many threads at once; each answer reads the log as it stood when the question began.
// Errors: kInvalid (a projection, key or bound that cannot be: what was expected, what was found), and the log's own.

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/time.h"
#include "engine/log/event_log.h"
#include "engine/projection/bounds.h"
#include "engine/projection/history.h"
#include "engine/projection/projection.h"
#include "engine/projection/state.h"
#include "engine/query/erased.h"

namespace annals {

class KeptGrowths;

// Bounds as a person types them: --as-of, --published-by, --recorded-by, --valid-at, --clock, --undated, --reviewed, --interpreter.
struct BoundsText {
  std::optional<std::string> as_of;
  std::optional<std::string> published_by;
  std::optional<std::string> recorded_by;   // a time, or a position (digits alone, or "#12")
  std::optional<std::string> valid_at;
  std::string clock = "published";          // or "observed"
  std::string undated = "exclude";          // or "include"
  bool reviewed = false;
  std::optional<std::string> interpreter;   // "annals" or "annals/1"
};
// --as-of T: P = V = T, R = now unless said. None: P = V = now. --published-by T alone: V = T; --valid-at alone: P = now. A bare date
// means to the end of that day in `zone`. kInvalid: --as-of together with --published-by or --valid-at; unreadable values.
Result<Bounds> resolve_bounds(const BoundsText& text, const Zone& zone, Instant now);

// What an answer rests on. Printed with every answer.
struct AnswerBasis {
  Instant published_by{};               // the instants that were used; never "infinite": now, where nothing was said
  Instant recorded_by{};
  Position recorded_to;                 // the last position that was read
  Instant valid_at{};
  KnownClock clock = KnownClock::kPublished;
  UndatedPolicy undated = UndatedPolicy::kExclude;
  bool reviewed = false;
  std::string interpreter;              // "annals", "annals/1"; empty: as first read
  std::string lexicon;                  // digest (short hex) over the lexicon facts of the log that held by R
  std::uint32_t projection_version = 0; // kProjectionVersion
  Position log_size;                    // of the log when the question began
  Digest log_root;                      // over 1..log_size
  std::vector<ErasedSource> erased;     // what it rested on and cannot show any more
};
inline constexpr std::uint32_t kProjectionVersion = 3;  // raise when equal logs may answer otherwise

// What was looked at: "nothing known" is not "nothing loaded".
struct Coverage {
  std::uint64_t notes = 0;              // with at least one statement that the bounds admit
  std::uint64_t outlets = 0;
  std::uint64_t articles = 0;
  std::uint64_t statements = 0;
  std::optional<Instant> first_known_from;
  std::optional<Instant> last_known_from;
  std::uint64_t undated_left_out = 0;   // statements
};

struct StateAnswer {
  AnswerBasis basis;
  Coverage coverage;
  std::string projection;
  std::vector<State> states;            // one for one key (perhaps empty()); all that know something, by key, without one
  // Where evidence was asked for: for each state, every claim behind it in the order of the fold (a page of it).
  std::vector<std::vector<Evidence>> evidence;
  std::vector<std::uint64_t> evidence_total;
};
// Shown one by one, by key; false stops. `head` is the answer without states.
using StateVisitor = std::function<bool(const StateAnswer& head, State state)>;
struct EvidencePage {
  bool wanted = false;
  std::uint64_t offset = 0;
  std::uint64_t limit = 100;
};

struct HistoryAnswer {
  AnswerBasis basis;
  Coverage coverage;
  std::string projection;
  std::string key;
  std::vector<HistoryRow> rows;   // by known_from, lane, valid_from
};

struct PanelRow {
  Instant step{};                       // P = V of the row; nothing in it has a later known_from
  std::string key;
  Lane lane = Lane::kStated;
  Entry entry;                          // the lane's head
  std::vector<Field> summary;           // of the state, on the row of its first lane
};
// Shown row by row; false stops. Rows are by step, key, lane; keys that know nothing have no row.
using PanelVisitor = std::function<bool(const PanelRow&)>;

struct TimelineRow {
  Instant at{};                         // by published: the moment of knowing; by valid: when the entry begins to hold
  std::string projection;
  std::string key;
  Lane lane = Lane::kStated;
  std::optional<Entry> before;
  std::optional<Entry> after;           // absent: the lane no longer has it
  std::vector<Evidence> by;             // what became known (or was withdrawn) at this moment
};
enum class TimelineOrder : std::uint8_t { kPublished, kValid };
struct TimelineAnswer {
  AnswerBasis basis;
  Coverage coverage;
  std::string entity;
  std::vector<TimelineRow> rows;        // by time, projection, key, lane
};

struct DiffRow {
  std::string key;
  Lane lane = Lane::kStated;
  std::optional<Entry> before;
  std::optional<Entry> after;
};
// What the states of some keys say that they did not before. By key, lane.
std::vector<DiffRow> differences(std::vector<State> before, std::vector<State> after);
struct DiffAnswer {
  AnswerBasis from;
  AnswerBasis to;
  Coverage coverage;                    // as of `to`
  std::string projection;
  std::vector<DiffRow> rows;            // by key, lane
};

// One thing on the calendar. Its key is (who, what), so that a moved date stays one entry.
enum class CalendarStatus : std::uint8_t { kScheduled, kDone, kOverdue, kCalledOff };
std::string_view calendar_status_name(CalendarStatus status);  // "scheduled", "done", "overdue", "called off"
struct CalendarRow {
  std::string key;
  std::string who;                      // entity id or name; empty: nobody named
  std::string what;
  std::string kind;                     // "scheduled_event", "ipo_milestone", …
  Due when;                             // as last told
  bool whole_week = false;              // some day of that week (or a span of several days)
  std::vector<Due> moved_from;          // earlier dates, oldest first
  CalendarStatus status = CalendarStatus::kScheduled;
  Lane lane = Lane::kStated;
  Entry entry;
};
struct CalendarAnswer {
  AnswerBasis basis;
  Coverage coverage;
  std::vector<CalendarRow> rows;        // by when: days before the week rows that begin with them; then who, what
};

// kInvalid: there is none of that name; the error lists them.
Result<const Projection*> projection_named(std::string_view name);

// A key from people's words.
struct ResolvedKey {
  std::string key;                      // "h20/china"
  std::string entity;                   // "h20"
  std::string name;                     // canonical, for people: "H20"
  bool known = true;                    // false: no lexicon fact and no lexicon names it; taken as written
};

class Query {
 public:
  // `log`, `lexicon` and `clock` must outlive it. The lexicon serves people's words only; answers rest on the log's own facts. The first
  // question reads what was said about events, later ones what has come since: who asks often keeps one Query.
  Query(const EventLog& log, const Lexicon& lexicon, const Clock& clock);
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  // What an audit about an entity (an id) rests on and cannot show; of a projection with a key or all (as state() does it) otherwise.
  Result<std::vector<ErasedSource>> erased(std::optional<std::string_view> projection, std::string_view subject, const Bounds& bounds) const;

  // "H20", "h200", "英伟达H200", "Kunlunxin", "h20/usa", "nvidia/revenue", "ai_chips@nvidia".
  Result<ResolvedKey> resolve_key(std::string_view projection, std::string_view words) const;
  Result<ResolvedKey> resolve_entity(std::string_view words) const;

  // `key` as resolve_key takes it; none: every key that knows something. `calendar` takes a day or week too. `detail`: how much
  // is wanted of each; heads alone are several times faster where there are many.
  Result<StateAnswer> state(std::string_view projection, std::optional<std::string_view> key, const Bounds& bounds,
                            EvidencePage evidence = {}, Detail detail = Detail::kWhole) const;
  // The same for every key that knows something, and no two states in memory together: a state whose sources are shown may be a megabyte.
  // That the index was made anew meanwhile is told before the first is shown, if at all.
  Result<StateAnswer> each_state(std::string_view projection, const Bounds& bounds, const StateVisitor& visit, Detail detail = Detail::kWhole) const;
  // The states of some keys (as resolve_key takes them; of a calendar no days; none: all that know something) as known at `as_of`, with
  // everything that is recorded, all of one reading of the log. By pages, and nothing else is counted: for who asks again and again.
  struct StatesNow {
    Position through;                   // all up to here was recorded when it was read
    std::vector<State> states;          // by key
    std::optional<Instant> until;       // up to when they stay, if nothing more is recorded; none: for good
    std::string names;                  // version of the lexicon facts
    std::shared_ptr<KeptGrowths> growths;   // what they grew from
  };
  // `now`: what was answered before to the same question for an earlier moment, or nothing yet. Returns the states that it had; none: the
  // tail tells that they are as they were, and only `through` has moved on.
  Result<std::optional<std::vector<State>>> states_now(std::string_view projection, std::span<const std::string> keys, Instant as_of, StatesNow& now) const;
  Result<HistoryAnswer> history(std::string_view projection, std::string_view key, const Bounds& bounds) const;
  // With R in the past or other policies the answers shown are kept until the first is: of each key those at the steps where they change.
  // Steps are given, so that calendars of trading days and zones stay the caller's. `bounds` gives R, clock, undated, reviewed,
  // interpreter; P = V = each step. Steps must ascend.
  Result<AnswerBasis> panel(std::string_view projection, std::optional<std::string_view> key, std::span<const Instant> steps, const Bounds& bounds,
                           const PanelVisitor& visit, Detail detail = Detail::kWhole) const;
  Result<TimelineAnswer> timeline(std::string_view entity, TimelineOrder order, const Bounds& bounds) const;
  // What the projection's states say as of `to` that they did not as of `from`, and the other way round.
  // `keys` as resolve_key takes them; none: all.
  Result<DiffAnswer> diff(std::string_view projection, const Bounds& from, const Bounds& to, std::span<const std::string> keys = {}) const;
  // Wall dates [from, to) in `zone`.
  Result<CalendarAnswer> calendar(Civil from, Civil to, const Zone& zone, const Bounds& bounds) const;

 private:
  Result<StateAnswer> days(const Projection& which, std::string_view key, const Bounds& asked, EvidencePage page) const;

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace annals
