// annals timeline, annals diff, annals calendar: how answers changed, between two moments, and what is scheduled.

#include <fmt/format.h>

#include "tools/annals/answers.h"
#include "tools/annals/bounds.h"
#include "tools/annals/commands.h"
#include "tools/annals/projections.h"

namespace annals::cli {
namespace {

struct TimelineOptions {
  std::string entity;
  std::string by = "published";
  std::optional<std::string> from;
  std::optional<std::string> to;
  BoundsOptions bounds;
  bool must_match = false;
  Format format = Format::kTable;
};

struct DiffOptions {
  std::string projection;
  std::string from;
  std::string to;
  BoundsOptions bounds;
  bool must_match = false;
  Format format = Format::kTable;
};

struct CalendarOptions {
  std::string from;
  std::string to;
  BoundsOptions bounds;
  bool must_match = false;
  Format format = Format::kTable;
};

std::string entry_text(const std::optional<Entry>& entry) {
  if (!entry) return "–";
  const std::string time = time_text(*entry);
  const std::string fields = fields_text(entry->fields);
  return value_text(*entry) + (time.empty() ? "" : " " + time) + (fields.empty() ? "" : "; " + fields);
}

Json entry_or_null(const std::optional<Entry>& entry) { return entry ? entry_json(*entry) : Json(nullptr); }

Result<int> run_timeline(Program& program, const TimelineOptions& options) {
  if (options.by != "published" && options.by != "valid")
    return Error{ErrorCode::kInvalid, fmt::format("--by: expected published or valid, found '{}'", options.by)};
  ANNALS_TRY(const Lexicon* lexicon, program.lexicon());
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kReadOnly));
  ANNALS_TRY(const Asked asked, resolve(options.bounds, *log, program.clock));
  Instant from = kInstantMin;
  Instant to = kInstantMax;
  if (options.from) {
    ANNALS_TRY(const Moment m, moment("--from", *options.from, asked.zone, program.clock));
    // A bare date as a beginning is its first instant.
    from = m.bare_date ? asked.zone.earliest(parse_civil(*options.from)->from) : m.instant;
  }
  if (options.to) {
    ANNALS_TRY(const Moment m, moment("--to", *options.to, asked.zone, program.clock));
    to = m.instant;
  }
  const Query& query = program.query(*log, *lexicon);
  ANNALS_TRY(TimelineAnswer answer, query.timeline(options.entity, options.by == "valid" ? TimelineOrder::kValid : TimelineOrder::kPublished, asked.bounds));
  const bool any = !answer.rows.empty();
  std::erase_if(answer.rows, [&](const TimelineRow& row) { return row.at < from || row.at > to; });

  const auto row_json = [&](const TimelineRow& row) {
    Json by = Json::array();
    for (const Evidence& each : row.by) by.push_back(evidence_json(each));
    return Json{{"at", format_utc(row.at)}, {"projection", row.projection}, {"key", row.key}, {"lane", lane_name(row.lane)},
                {"before", entry_or_null(row.before)}, {"after", entry_or_null(row.after)}, {"by", std::move(by)}};
  };
  if (options.format == Format::kTable) {
    program.out.line(paint(fmt::format("timeline of {}, by {} time", answer.entity, options.by), Ink::kBold, program.colour));
    if (answer.rows.empty()) program.out.line(any ? "nothing changed in that time" : nothing_known(query.resolve_entity(options.entity)));
    Table table({{"at"}, {"projection"}, {"key", false, 24}, {"lane"}, {"before", false, 36}, {"after", false, 44}, {"by the word of", false, 70, true}});
    Instant last = kInstantMin;
    std::string last_by;
    for (const TimelineRow& row : answer.rows) {
      std::string by;
      for (std::size_t i = 0; i < row.by.size() && i < 3; ++i) by += (i > 0 ? "; " : "") + fmt::format("#{}.{} {}", row.by[i].position.value, row.by[i].claim, source_text(row.by[i]));
      if (row.by.size() > 3) by += fmt::format("; and {} more", row.by.size() - 3);
      table.add({row.at == last ? "" : row.at == kInstantMin ? ".." : format_local(row.at, asked.zone), row.projection, row.key, Cell(lane_name(row.lane), lane_ink(row.lane)),
                 Cell(entry_text(row.before), Ink::kDim), entry_text(row.after), row.at == last && by == last_by ? "" : by});
      last = row.at;
      last_by = by;
    }
    if (!table.empty()) program.out.write(table.render(program.width, program.colour));
    program.out.line("");
    print_basis(program, answer.basis, answer.coverage, asked.zone);
  } else if (options.format == Format::kJsonl) {
    program.out.line(to_line(basis_line(answer.basis, &answer.coverage)));
    for (const TimelineRow& row : answer.rows) {
      Json line{{"kind", "change"}};
      line.update(row_json(row));
      program.out.line(to_line(line));
    }
  } else {
    Json rows = Json::array();
    for (const TimelineRow& row : answer.rows) rows.push_back(row_json(row));
    program.out.line(Json{{"entity", answer.entity}, {"by", options.by}, {"basis", basis_json(answer.basis)}, {"coverage", coverage_json(answer.coverage)}, {"rows", std::move(rows)}}.dump(2));
  }
  return options.must_match && answer.rows.empty() ? kNegative : kDone;
}

Result<int> run_diff(Program& program, const DiffOptions& options) {
  ANNALS_TRY(const Lexicon* lexicon, program.lexicon());
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kReadOnly));
  ANNALS_TRY(const Asked asked, resolve(options.bounds, *log, program.clock));
  const auto as_of_end = [&](std::string_view option, const std::string& text) -> Result<Bounds> {
    BoundsText each = options.bounds.text;
    each.as_of = text;
    auto out = resolve_bounds(each, asked.zone, program.clock.now());
    if (!out) return at(option, out.error());
    return out;
  };
  ANNALS_TRY(const Bounds from, as_of_end("--from", options.from));
  ANNALS_TRY(const Bounds to, as_of_end("--to", options.to));
  if (to.published_by < from.published_by) return Error{ErrorCode::kInvalid, fmt::format("--to {}: expected a time not before --from {}", options.to, options.from)};
  const Query& query = program.query(*log, *lexicon);
  ANNALS_TRY(const DiffAnswer answer, query.diff(options.projection, from, to));
  const auto row_json = [&](const DiffRow& row) {
    return Json{{"key", row.key}, {"lane", lane_name(row.lane)}, {"before", entry_or_null(row.before)}, {"after", entry_or_null(row.after)}};
  };
  if (options.format == Format::kTable) {
    program.out.line(paint(fmt::format("{}: from {} to {}", options.projection, format_local(answer.from.published_by, asked.zone), format_local(answer.to.published_by, asked.zone)),
                           Ink::kBold, program.colour));
    if (answer.rows.empty()) program.out.line("no difference");
    Table table({{"key", false, 34}, {"lane"}, {"before", false, 44}, {"after", false, 54}, {"first said by", false, 60, true}});
    std::string last;
    for (const DiffRow& row : answer.rows) {
      const EvidenceRef* by = row.after ? &row.after->first : nullptr;
      table.add({Cell(row.key == last ? "" : row.key, Ink::kBold), Cell(lane_name(row.lane), lane_ink(row.lane)), Cell(entry_text(row.before), Ink::kDim), entry_text(row.after),
                 by == nullptr ? "" : fmt::format("#{}.{} {}", by->position.value, by->claim, source_text(by->told()))});
      last = row.key;
    }
    if (!table.empty()) program.out.write(table.render(program.width, program.colour));
    program.out.line("");
    print_basis(program, answer.to, answer.coverage, asked.zone);
  } else if (options.format == Format::kJsonl) {
    program.out.line(to_line(Json{{"kind", "basis"}, {"from", basis_json(answer.from)}, {"to", basis_json(answer.to)}, {"coverage", coverage_json(answer.coverage)}}));
    for (const DiffRow& row : answer.rows) {
      Json line{{"kind", "difference"}, {"projection", answer.projection}};
      line.update(row_json(row));
      program.out.line(to_line(line));
    }
  } else {
    Json rows = Json::array();
    for (const DiffRow& row : answer.rows) rows.push_back(row_json(row));
    program.out.line(Json{{"projection", answer.projection}, {"from", basis_json(answer.from)}, {"to", basis_json(answer.to)}, {"coverage", coverage_json(answer.coverage)}, {"rows", std::move(rows)}}.dump(2));
  }
  return options.must_match && answer.rows.empty() ? kNegative : kDone;
}

Ink status_ink(CalendarStatus status) {
  switch (status) {
    case CalendarStatus::kScheduled: return Ink::kCyan;
    case CalendarStatus::kDone: return Ink::kGreen;
    case CalendarStatus::kOverdue: return Ink::kYellow;
    case CalendarStatus::kCalledOff: return Ink::kRed;
  }
  return Ink::kPlain;
}

Result<int> run_calendar(Program& program, const CalendarOptions& options) {
  ANNALS_TRY(const Lexicon* lexicon, program.lexicon());
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kReadOnly));
  ANNALS_TRY(const Asked asked, resolve(options.bounds, *log, program.clock));
  auto from = parse_civil(options.from);
  if (!from) return at("--from", from.error());
  auto to = parse_civil(options.to);
  if (!to) return at("--to", to.error());
  if (to->to <= from->from) return Error{ErrorCode::kInvalid, fmt::format("--to {}: expected a day not before --from {}", options.to, options.from)};
  const Query& query = program.query(*log, *lexicon);
  ANNALS_TRY(const CalendarAnswer answer, query.calendar(from->from, to->to, asked.zone, asked.bounds));
  const auto row_json = [&](const CalendarRow& row) {
    Json moved = Json::array();
    for (const Due& due : row.moved_from) moved.push_back(due_json(due, DueStatus::kNone));
    return Json{{"key", row.key}, {"who", row.who.empty() ? Json(nullptr) : Json(row.who)}, {"what", row.what}, {"type", row.kind}, {"when", due_json(row.when, row.entry.due_status)},
                {"whole_week", row.whole_week}, {"moved_from", std::move(moved)}, {"status", calendar_status_name(row.status)}, {"lane", lane_name(row.lane)}, {"entry", entry_json(row.entry)}};
  };
  if (options.format == Format::kTable) {
    program.out.line(paint(fmt::format("calendar {} to {}", format_civil_date(from->from), format_civil_date(to->to - std::chrono::seconds(1))), Ink::kBold, program.colour));
    if (answer.rows.empty()) program.out.line("nothing scheduled");
    Table table({{"when", false, 26}, {"status"}, {"who", false, 24}, {"what", false, 60}, {"lane"}, {"moved from", false, 24}, {"first said by", false, 60, true}});
    std::string last;
    for (const CalendarRow& row : answer.rows) {
      std::string moved;
      for (const Due& due : row.moved_from) moved += (moved.empty() ? "" : ", ") + due.text;
      const std::string when = row.when.text + (row.whole_week ? " (some day)" : "");
      table.add({Cell(when == last ? "" : when, Ink::kBold), Cell(calendar_status_name(row.status), status_ink(row.status)), row.who, row.what, Cell(lane_name(row.lane), lane_ink(row.lane)),
                 moved, fmt::format("#{}.{} {}", row.entry.first.position.value, row.entry.first.claim, source_text(row.entry.first.told()))});
      last = when;
    }
    if (!table.empty()) program.out.write(table.render(program.width, program.colour));
    program.out.line("");
    print_basis(program, answer.basis, answer.coverage, asked.zone);
  } else if (options.format == Format::kJsonl) {
    program.out.line(to_line(basis_line(answer.basis, &answer.coverage)));
    for (const CalendarRow& row : answer.rows) {
      Json line{{"kind", "calendar"}};
      line.update(row_json(row));
      program.out.line(to_line(line));
    }
  } else {
    Json rows = Json::array();
    for (const CalendarRow& row : answer.rows) rows.push_back(row_json(row));
    program.out.line(Json{{"basis", basis_json(answer.basis)}, {"coverage", coverage_json(answer.coverage)}, {"rows", std::move(rows)}}.dump(2));
  }
  return options.must_match && answer.rows.empty() ? kNegative : kDone;
}

}  // namespace

void add_timeline(Command& app, Program& program) {
  auto options = std::make_shared<TimelineOptions>();
  Command* command = app.add_subcommand("timeline", "How the states about an entity changed, when, and by whose word");
  command->add_option("ENTITY", options->entity, "A product, company, agency … as people write it")->required();
  command->add_option("--by", options->by, "published (default): a row for each moment at which the answer as of that moment changes; valid: the history as known at one moment")->type_name("TIME");
  command->add_option("--from", options->from, "Rows from then on")->type_name("T");
  command->add_option("--to", options->to, "Rows up to then")->type_name("T");
  add_bounds(*command, options->bounds);
  command->add_flag("--must-match", options->must_match, "Exit 1 where there is no row");
  add_format(*command, options->format);
  add_examples(*command, {{"annals timeline h200", ""}, {"annals timeline nvidia --by valid --as-of 2025-12-10", "when things happened, as known on that day"}});
  command->callback([&program, options] { program.run = [&program, options] { return run_timeline(program, *options); }; });
}

void add_diff(Command& app, Program& program) {
  auto options = std::make_shared<DiffOptions>();
  Command* command = app.add_subcommand("diff", "What a projection says as of one moment that it did not as of another");
  add_projection(*command, program, options->projection);
  command->add_option("--from", options->from, "As of this moment; a bare date means to its end")->required()->type_name("T");
  command->add_option("--to", options->to, "And as of this one")->required()->type_name("T");
  add_policies(*command, options->bounds);
  command->add_flag("--must-match", options->must_match, "Exit 1 where there is no difference");
  add_format(*command, options->format);
  add_examples(*command, {{"annals diff export_control --from 2025-08-01 --to 2025-12-31", ""}});
  command->footer(command->get_footer() + "\n" + projections_text());
  command->callback([&program, options] { program.run = [&program, options] { return run_diff(program, *options); }; });
}

void add_calendar(Command& app, Program& program) {
  auto options = std::make_shared<CalendarOptions>();
  Command* command = app.add_subcommand("calendar", "What is scheduled for some days, as known at a moment: moved, done, called off");
  command->add_option("--from", options->from, "First day (or a month, a week such as 2026-W05)")->required()->type_name("DAY");
  command->add_option("--to", options->to, "Last day, inclusive")->required()->type_name("DAY");
  add_bounds(*command, options->bounds);
  command->add_flag("--must-match", options->must_match, "Exit 1 where nothing is scheduled");
  add_format(*command, options->format);
  add_examples(*command, {{"annals calendar --from 2026-01-26 --to 2026-02-01 --as-of 2026-01-25", "that week as one saw it on the day before"}});
  command->callback([&program, options] { program.run = [&program, options] { return run_calendar(program, *options); }; });
}

}  // namespace annals::cli
