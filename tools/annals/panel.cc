// annals panel: the state at each step, as rows: what a back-test reads.

#include <fmt/format.h>

#include "tools/annals/answers.h"
#include "tools/annals/bounds.h"
#include "tools/annals/commands.h"
#include "tools/annals/csv.h"
#include "tools/annals/projections.h"

namespace annals::cli {
namespace {

struct Options {
  std::string projection;
  std::string key;
  std::string from;
  std::string to;
  std::string every = "1d";
  std::optional<std::string> at;
  BoundsOptions bounds;
  bool must_match = false;
  Format format = Format::kCsv;
};

std::string point_text(const std::optional<TimePoint>& point) { return point ? point->text : std::string(); }

std::string pairs_text(const std::vector<Field>& fields) {
  std::string out;
  for (const Field& field : fields) {
    if (field.text.empty() && !field.number) continue;
    out += (out.empty() ? "" : "; ") + field.name + "=" + (field.number ? to_line(number_json(*field.number)) : field.text);
  }
  return out;
}

const std::vector<std::string> kColumns = {"step",   "key",     "lane",    "track",   "value",        "fields",         "since",    "by",    "until", "starts",
                                           "due",    "due_status", "outlets", "origins", "disputes", "inherited_from", "position", "claim", "known_from", "summary"};

Result<int> run(Program& program, const Options& options) {
  ANNALS_TRY(const Lexicon* lexicon, program.lexicon());
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kReadOnly));
  ANNALS_TRY(const Asked asked, resolve(options.bounds, *log, program.clock));
  ANNALS_TRY(const std::vector<Instant> at_steps, steps(options.from, options.to, options.every, options.at, asked.zone, program.clock));
  const Query& query = program.query(*log, *lexicon);
  std::uint64_t rows = 0;
  Table table({{"step"}, {"key", false, 34}, {"lane"}, {"value", false, 36}, {"time", false, 34}, {"details", false, 60, true}});
  if (options.format == Format::kCsv) program.out.line(csv_line(kColumns));
  const auto visit = [&](const PanelRow& row) {
    ++rows;
    const Entry& entry = row.entry;
    const std::string step = format_local(row.step, asked.zone);
    switch (options.format) {
      case Format::kCsv:
        program.out.line(csv_line({step, row.key, std::string(lane_name(row.lane)), entry.track, entry.value, pairs_text(entry.fields), point_text(entry.since),
                                   point_text(entry.by), point_text(entry.until), point_text(entry.starts), entry.due ? entry.due->text : "",
                                   std::string(due_status_name(entry.due_status)), std::to_string(entry.outlets), std::to_string(entry.origins),
                                   std::to_string(entry.disputes.size()), entry.inherited_from.value_or(""), std::to_string(entry.newest.position.value),
                                   std::to_string(entry.newest.claim), entry.newest.known_from ? format_utc(*entry.newest.known_from) : "", pairs_text(row.summary)}));
        break;
      case Format::kTable: table.add({step, row.key, Cell(lane_name(row.lane), lane_ink(row.lane)), value_text(entry), time_text(entry), fields_text(entry.fields)}); break;
      case Format::kJson:
      case Format::kJsonl: {
        Json line{{"kind", "panel"}, {"step", format_utc(row.step)}, {"projection", options.projection}, {"key", row.key}, {"lane", lane_name(row.lane)}};
        line["entry"] = entry_json(entry);
        line["summary"] = fields_json(row.summary);
        program.out.line(to_line(line));
        break;
      }
    }
    return !program.out.failed();
  };
  ANNALS_TRY(const AnswerBasis basis,
             query.panel(options.projection, options.key.empty() ? std::nullopt : std::optional<std::string_view>(options.key), at_steps, asked.bounds, visit,
                         options.format == Format::kCsv || options.format == Format::kTable ? Detail::kHeads : Detail::kWhole));
  if (options.format == Format::kTable) {
    if (table.empty()) program.out.line("nothing known at any step");
    else program.out.write(table.render(program.width, program.colour));
    program.out.line(paint(fmt::format("{} rows over {} steps from {} to {}; recorded by {}, positions 1 to {}", grouped(rows), grouped(at_steps.size()),
                                       format_local(at_steps.front(), asked.zone), format_local(at_steps.back(), asked.zone), format_local(basis.recorded_by, asked.zone),
                                       basis.recorded_to.value),
                           Ink::kDim, program.colour));
  } else if (options.format == Format::kJsonl) {
    program.out.line(to_line(basis_line(basis, nullptr)));
  } else {
    // Rows only on standard output: what reads a panel wants a rectangle.
    program.diagnose(to_line(basis_line(basis, nullptr)));
  }
  return options.must_match && rows == 0 ? kNegative : kDone;
}

}  // namespace

void add_panel(Command& app, Program& program) {
  auto options = std::make_shared<Options>();
  Command* command = app.add_subcommand("panel", "The state at each step as rows, for back-tests: no row knows what was published after its step");
  add_projection(*command, program, options->projection);
  command->add_option("KEY", options->key, "One key; none: every key that knows something");
  command->add_option("--from", options->from, "First step: a day (with --at) or a full time")->required()->type_name("T");
  command->add_option("--to", options->to, "Last step, inclusive")->required()->type_name("T");
  command->add_option("--every", options->every, "Distance of the steps: 30m, 1h, 1d (default), 1w, 1mo")->type_name("STEP");
  command->add_option("--at", options->at, "Time of day of every step, in --tz; needed where --from and --to are bare dates")->type_name("HH:MM");
  add_policies(*command, options->bounds);
  command->add_flag("--must-match", options->must_match, "Exit 1 where no step knows anything");
  add_format(*command, options->format, {"csv", "jsonl", "table"});
  add_examples(*command, {{"annals panel export_control --from 2025-08-01 --to 2026-02-15 --every 1d --at 09:30 --tz America/New_York", "each day at the opening in New York"},
                          {"annals panel revenue_share h200 --from 2025-12-01 --to 2025-12-31 --at 16:00 --format jsonl", ""}});
  command->footer(command->get_footer() + "\n" + projections_text());
  command->callback([&program, options] { program.run = [&program, options] { return run(program, *options); }; });
}

}  // namespace annals::cli
