// annals replay: the events again, in the order they became known or were recorded, paced.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <thread>

#include "engine/claim/kinds.h"
#include "replay/pace.h"
#include "tools/annals/answers.h"
#include "tools/annals/bounds.h"
#include "tools/annals/commands.h"
#include "tools/annals/selection.h"

namespace annals::cli {
namespace {

struct Options {
  std::optional<std::string> from;
  std::optional<std::string> to;
  std::optional<std::string> at;
  std::string order = "known";
  std::optional<std::string> after;
  std::string speed = "max";
  bool states = false;
  BoundsOptions bounds;
  SelectionOptions selection;
  bool must_match = false;
  Format format = Format::kTable;
};

// Where a replay begins or ends. A bare date does not say when on that day: as a beginning it is the day's first instant, which shows
// nothing too early; as an end it needs --at.
Result<Instant> edge(std::string_view option, const std::string& text, bool end, const std::optional<std::string>& at_time, const Zone& zone, const Clock& clock) {
  ANNALS_TRY(const Moment m, moment(option, text, zone, clock));
  if (!m.bare_date) return m.instant;
  if (!at_time && !end) return zone.earliest(parse_civil(text)->from);
  if (!at_time) return Error{ErrorCode::kInvalid, fmt::format("{} {}: a bare date does not say when on that day; give --at (such as 09:30) or a full time", option, text)};
  ANNALS_TRY(const std::vector<Instant> step, steps(text, text, "1d", at_time, zone, clock));
  return step.front();
}

std::vector<std::string_view> projections_of(std::uint32_t types) {
  std::vector<std::string_view> out;
  const auto has = [&](ClaimType type) { return (types >> static_cast<unsigned>(type) & 1U) != 0; };
  if (has(ClaimType::kExportControl)) out.emplace_back("export_control");
  if (has(ClaimType::kImportControl)) out.emplace_back("import_control");
  if (has(ClaimType::kRevenueShare)) out.emplace_back("revenue_share");
  if (has(ClaimType::kIpoMilestone)) out.emplace_back("ipo");
  if (has(ClaimType::kFinancing)) out.emplace_back("financing");
  if (has(ClaimType::kProductMilestone)) out.emplace_back("product");
  if (has(ClaimType::kMetric)) out.emplace_back("metric");
  return out;
}

// "2025-12-09T06:31:00Z#123", as JSON tells it: when, and which event.
Result<ReplayPoint> parse_point(const std::string& text, const Asked& asked, const EventLog& log, const Clock& clock) {
  const std::size_t hash = text.find('#');
  if (hash == std::string::npos || hash == 0) return Error{ErrorCode::kInvalid, fmt::format("--after: expected a time and a position such as 2025-12-09T06:31:00Z#123, found '{}'", text)};
  ANNALS_TRY(const Moment m, moment("--after", text.substr(0, hash), asked.zone, clock));
  if (m.bare_date) return Error{ErrorCode::kInvalid, fmt::format("--after: expected a full time before the position, found '{}'", text)};
  ANNALS_TRY(const Position position, parse_position(text.substr(hash), log));
  return ReplayPoint{m.instant, position};
}

std::uint32_t types_in(const Event& event) {
  const Reading* reading = nullptr;
  if (const auto* statement = std::get_if<StatementEvent>(&event.body)) reading = &statement->reading;
  if (const auto* again = std::get_if<Reinterpretation>(&event.body)) reading = &again->reading;
  if (reading == nullptr) return event.kind() == EventKind::kNote || event.kind() == EventKind::kLexicon ? 0 : ~0U;  // may change any
  std::uint32_t out = 0;
  for (const Claim& claim : reading->claims) out |= 1U << static_cast<unsigned>(claim.type);
  return out;
}

Result<int> run(Program& program, const Options& options) {
  double speed = 0;   // 0: as fast as can be
  if (options.speed != "max") {
    const char* end = options.speed.data() + options.speed.size();
    const auto [stop, error] = std::from_chars(options.speed.data(), end, speed);
    if (error != std::errc() || stop != end || !(speed > 0) || speed > 1e12)
      return Error{ErrorCode::kInvalid, fmt::format("--speed: expected max or how many times as fast as it happened (86400: a day a second), found '{}'", options.speed)};
  }
  ANNALS_TRY(const Lexicon* lexicon, program.lexicon());
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kReadOnly));
  ANNALS_TRY(const Asked asked, resolve(options.bounds, *log, program.clock));
  ANNALS_TRY(const Filter filter, selected(options.selection, *lexicon));
  Instant from = kInstantMin;
  Instant to = kInstantMax;
  if (options.from) {
    ANNALS_TRY(from, edge("--from", *options.from, false, options.at, asked.zone, program.clock));
  }
  if (options.to) {
    ANNALS_TRY(to, edge("--to", *options.to, true, options.at, asked.zone, program.clock));
  }
  if (to < from) return Error{ErrorCode::kInvalid, fmt::format("--to {}: expected a time not before --from {}", *options.to, *options.from)};

  ReplayOptions how;
  how.order = options.order == "recorded" ? ReplayOrder::kRecorded : ReplayOrder::kKnown;
  how.from = from;
  how.to = to == kInstantMax ? to : to + Micros(1);
  how.range.upto = asked.bounds.recorded_to;
  how.recorded_by = asked.bounds.recorded_by;
  how.clock = asked.bounds.clock;
  how.undated = asked.bounds.undated;
  how.filter = &filter;
  how.speed = speed;
  if (options.after) {
    ANNALS_TRY(how.after, parse_point(*options.after, asked, *log, program.clock));
  }

  const Query& query = program.query(*log, *lexicon);
  const bool json = options.format == Format::kJsonl;
  const bool known = how.order == ReplayOrder::kKnown;
  // What a moment's events have changed is told when all of them have been shown. In the order of recording a moment is one of R.
  std::optional<Instant> before;   // the moment whose states are known
  std::optional<Instant> moment_now;
  std::uint32_t types = 0;
  const auto tell_states = [&]() -> Status {
    if (!moment_now || !options.states || types == 0) return {};
    Bounds then = asked.bounds;
    Bounds now = asked.bounds;
    const Instant until = before ? *before : *moment_now - Micros(1);
    if (known) {
      then.published_by = then.valid_at = until;
      now.published_by = now.valid_at = *moment_now;
    } else {
      then.recorded_by = until;
      now.recorded_by = *moment_now;
    }
    for (const std::string_view projection : projections_of(types)) {
      ANNALS_TRY(const DiffAnswer diff, query.diff(projection, then, now));
      for (const DiffRow& row : diff.rows) {
        if (json) program.out.line(to_line(change_json(diff.projection, row, *moment_now)));
        else program.out.line("    " + paint(change_text(diff.projection, row), lane_ink(row.lane), program.colour));
      }
    }
    before = moment_now;
    types = 0;
    return {};
  };

  // By the clock and not from one event to the next, so that what showing takes is no delay.
  std::optional<std::chrono::steady_clock::time_point> due;
  Status failed;
  const ReplayWait wait = [&](Micros pause) {
    failed = tell_states();
    if (failed) failed = program.out.finish();
    if (!failed) return false;
    moment_now.reset();
    if (!due) due = std::chrono::steady_clock::now();
    *due += pause;
    std::this_thread::sleep_until(*due);
    return !program.out.failed();
  };
  ANNALS_TRY(const Replayed done, replay(*log, how, wait, [&](const ReplayPoint& point, const Event& event) {
    if (moment_now && *moment_now != point.at && !(failed = tell_states())) return Visit::kStop;
    moment_now = point.at;
    types |= types_in(event);
    if (json) {
      Json line = event_json(event, log->info().zone);
      line["replayed_at"] = format_utc(point.at);
      program.out.line(to_line(line));
    } else {
      const std::string head = fmt::format("{}  #{}  {}  ", format_local(point.at, asked.zone), event.position.value, outlet_text(event).empty() ? event_kind_name(event.kind()) : outlet_text(event));
      const std::size_t used = display_width(head);
      program.out.line(paint(head, Ink::kDim, program.colour) + shorten(event_text(event), program.width > used + 20 ? program.width - used : 60));
    }
    return program.out.failed() ? Visit::kStop : Visit::kContinue;
  }));
  if (failed) failed = tell_states();
  ANNALS_CHECK_OK(failed);
  if (!json) {
    if (done.shown == 0) program.out.line(known ? "no event became known then" : "no event was recorded then");
    const std::uint64_t undated = done.undated_left_out;
    program.out.line(paint(fmt::format("{} events{}; log to position {}", grouped(done.shown), undated > 0 ? fmt::format(", {} undated statements left out", grouped(undated)) : "",
                                       std::min(log->last(), asked.bounds.recorded_to).value), Ink::kDim, program.colour));
  }
  return options.must_match && done.shown == 0 ? kNegative : kDone;
}

}  // namespace

void add_replay(Command& app, Program& program) {
  auto options = std::make_shared<Options>();
  Command* command = app.add_subcommand("replay", "The events again, in the order they became known or were recorded, paced or at full speed");
  command->add_option("--from", options->from, "From then on: a full time, or a day (from its first instant, or from --at)")->type_name("T");
  command->add_option("--to", options->to, "Up to then, inclusive: a full time, or a day with --at")->type_name("T");
  command->add_option("--at", options->at, "Time of day, in --tz, where --from and --to are bare dates")->type_name("HH:MM");
  command->add_option("--order", options->order, "known (default): as it became known; recorded: as it was recorded, undated statements too")->type_name("ORDER")->one_of({"known", "recorded"});
  command->add_option("--after", options->after, "Go on behind an event that was shown: its time and position (2025-12-09T06:31:00Z#123), as replayed_at and position in JSON")->type_name("T#N");
  command->add_option("--speed", options->speed, "max (default), or how many times as fast as it happened: 1 as it was, 86400 a day a second")->type_name("N|max");
  command->add_flag("--states", options->states, "After each moment, what changed in the projections' answers");
  add_policies(*command, options->bounds);
  add_selection(*command, options->selection);
  command->add_flag("--must-match", options->must_match, "Exit 1 where no event became known then");
  add_format(*command, options->format, {"table", "jsonl"});
  add_examples(*command, {{"annals replay --from 2025-12-09 --speed max --entity h200", ""},
                          {"annals replay --from 2025-12-09T00:00 --to 2025-12-09T12:00 --tz UTC --states --speed 3600", "an hour a second, with what each brought about"}});
  command->callback([&program, options] { program.run = [&program, options] { return run(program, *options); }; });
}

}  // namespace annals::cli
