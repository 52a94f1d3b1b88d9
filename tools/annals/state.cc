// annals state, annals history: what a projection knows as of a moment, and as intervals.

#include <fmt/format.h>

#include "tools/annals/answers.h"
#include "tools/annals/bounds.h"
#include "tools/annals/commands.h"
#include "tools/annals/projections.h"

namespace annals::cli {
namespace {

struct Options {
  std::string projection;
  std::string key;
  BoundsOptions bounds;
  bool why = false;
  std::uint64_t offset = 0;
  std::uint64_t limit = 100;
  bool must_match = false;
  Format format = Format::kTable;
};

void print_evidence(Program& program, const std::vector<Evidence>& evidence, std::uint64_t total, std::uint64_t offset) {
  if (evidence.empty()) {
    program.out.line("  no statement stands behind it");
    return;
  }
  for (const Evidence& each : evidence) {
    std::string head = fmt::format("  #{}.{}  {}", each.position.value, each.claim, source_text(each));
    program.out.line(head);
    std::string tags = fmt::format("{} {}, {}", each.modality == Modality::kAsserted ? "" : modality_name(each.modality), attribution_name(each.attribution), aspect_name(each.aspect));
    if (tags.starts_with(' ')) tags.erase(0, 1);
    if (!each.when.empty()) tags += " " + each.when;
    if (each.inherited_from) tags += ", said of " + *each.inherited_from;
    if (each.copy_of) tags += fmt::format(", copy of #{}", each.copy_of->value);
    for (const Position position : each.amended_by) tags += fmt::format(", changed by #{}", position.value);
    program.out.line(fmt::format("      {}  {}", paint(each.value, lane_ink(each.lane), program.colour), paint("[" + tags + "]", Ink::kDim, program.colour)));
    for (const std::string& line : wrap(quote_text(each), program.width > 16 ? program.width - 6 : 10)) program.out.line("      " + line);
  }
  if (offset + evidence.size() < total)
    program.out.line(fmt::format("  … {} of {} statements shown; --offset {} goes on", evidence.size(), total, offset + evidence.size()));
}

void print_entry_rows(Table& table, const State& state, bool with_key) {
  bool first = true;
  for (std::size_t i = 0; i < kLanes; ++i) {
    const Lane lane = static_cast<Lane>(i);
    const LaneState& in_lane = state.lane(lane);
    for (const Entry& entry : in_lane.entries) {
      table.add({Cell(with_key && first ? state.key : "", Ink::kBold), Cell(lane_name(lane), lane_ink(lane)), value_text(entry), time_text(entry), fields_text(entry.fields),
                 sources_text(entry), fmt::format("#{}.{} {}", entry.first.position.value, entry.first.claim, source_text(entry.first.told()))});
      first = false;
    }
    if (in_lane.more > 0) table.add({"", Cell(lane_name(lane), lane_ink(lane)), fmt::format("and {} more", in_lane.more)});
  }
  if (!state.summary.empty()) table.add({Cell(with_key && first ? state.key : "", Ink::kBold), Cell("in sum", Ink::kDim), "", "", fields_text(state.summary)});
}

std::string step_time(const Step& step) {
  if (step.since) return "since " + step.since->text;
  if (step.by) return "by " + step.by->text;
  if (step.until) return "until " + step.until->text;
  if (step.due && !step.due->text.empty()) return "for " + step.due->text;
  return "";
}

void print_details(Program& program, const State& state) {
  for (std::size_t i = 0; i < kLanes; ++i) {
    for (const Entry& entry : state.lane(static_cast<Lane>(i)).entries) {
      if (!entry.steps.empty()) {
        program.out.line(fmt::format("before {}{}:", entry.track.empty() ? "" : entry.track + ": ", entry.value));
        for (const Step& step : entry.steps) {
          const std::string fields = fields_text(step.fields);
          program.out.line(fmt::format("  {}  {}{}  #{}.{} {}", step.value, step_time(step), fields.empty() ? "" : "  " + fields, step.evidence.position.value,
                                       step.evidence.claim, source_text(step.evidence.told())));
        }
      }
      for (const Dispute& dispute : entry.disputes) {
        program.out.line(paint(fmt::format("disputed: {} by #{}.{} {}", dispute.value, dispute.evidence.position.value, dispute.evidence.claim, source_text(dispute.evidence.told())),
                               Ink::kRed, program.colour));
      }
    }
  }
}

// The states of all keys, one after the other: together they may be larger than memory.
Result<int> run_states(Program& program, const Options& options, const Query& query, const Asked& asked) {
  std::uint64_t states = 0;
  Table table({{"key", false, 34}, {"lane"}, {"value", false, 30}, {"time", false, 30}, {"details", false, 40}, {"sources", false, 20}, {"first said by", false, 60, true}});
  const auto begin = [&](const StateAnswer& head) {
    if (options.format == Format::kJsonl) program.out.line(to_line(basis_line(head.basis, &head.coverage)));
    if (options.format != Format::kJson) return;
    std::string text = Json{{"projection", options.projection}, {"basis", basis_json(head.basis)}, {"coverage", coverage_json(head.coverage)}, {"states", Json::array()}}.dump(2);
    text.resize(text.size() - std::string_view("]\n}").size());
    program.out.write(text);
  };
  ANNALS_TRY(const StateAnswer answer, query.each_state(options.projection, asked.bounds, [&](const StateAnswer& head, const State& state) {
    if (states++ == 0) begin(head);
    if (options.format == Format::kJsonl) {
      Json line{{"kind", "state"}};
      line.update(state_json(state));
      program.out.line(to_line(line));
    } else if (options.format == Format::kJson) {
      // As it stands in a document that is dumped at once.
      std::string text = states > 1 ? ",\n    " : "\n    ";
      for (const char c : state_json(state).dump(2)) text += c == '\n' ? std::string("\n    ") : std::string(1, c);
      program.out.write(text);
    } else {
      print_entry_rows(table, state, true);
    }
    return true;
  }));
  if (states == 0) begin(answer);
  if (options.format == Format::kJson) program.out.line(states > 0 ? "\n  ]\n}" : "]\n}");
  if (options.format != Format::kJson && options.format != Format::kJsonl) {
    if (states == 0) program.out.line(fmt::format("{}: nothing known of any key", options.projection));
    if (!table.empty()) program.out.write(table.render(program.width, program.colour));
    program.out.line("");
    print_basis(program, answer.basis, answer.coverage, asked.zone);
  }
  return options.must_match && states == 0 ? kNegative : kDone;
}

Result<int> run_state(Program& program, const Options& options) {
  ANNALS_TRY(const Lexicon* lexicon, program.lexicon());
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kReadOnly));
  ANNALS_TRY(const Asked asked, resolve(options.bounds, *log, program.clock));
  const Query& query = program.query(*log, *lexicon);
  const bool one = !options.key.empty();
  if (!one && !options.why) return run_states(program, options, query, asked);
  ANNALS_TRY(const StateAnswer answer, query.state(options.projection, one ? std::optional<std::string_view>(options.key) : std::nullopt, asked.bounds,
                                                   {options.why, options.offset, options.limit}));
  bool known = false;
  for (const State& state : answer.states) known |= !state.empty();

  if (options.format == Format::kJson || options.format == Format::kJsonl) {
    const bool lines = options.format == Format::kJsonl;
    Json states = Json::array();
    if (lines) program.out.line(to_line(basis_line(answer.basis, &answer.coverage)));
    for (std::size_t i = 0; i < answer.states.size(); ++i) {
      Json state = state_json(answer.states[i]);
      if (options.why) {
        Json evidence = Json::array();
        for (const Evidence& each : answer.evidence.at(i)) evidence.push_back(evidence_json(each));
        state["evidence"] = std::move(evidence);
        state["evidence_total"] = answer.evidence_total.at(i);
      }
      if (lines) {
        Json line{{"kind", "state"}};
        line.update(state);
        program.out.line(to_line(line));
      } else {
        states.push_back(std::move(state));
      }
    }
    if (!lines) {
      program.out.line(Json{{"projection", options.projection}, {"basis", basis_json(answer.basis)}, {"coverage", coverage_json(answer.coverage)}, {"states", std::move(states)}}.dump(2));
    }
  } else {
    if (one) {
      const State& state = answer.states.front();
      program.out.line(paint(fmt::format("{} {}", options.projection, state.key), Ink::kBold, program.colour));
      if (state.empty()) program.out.line(nothing_known(query.resolve_key(options.projection, options.key)));
      Table table({{"key"}, {"lane"}, {"value", false, 44}, {"time", false, 32}, {"details", false, 44}, {"sources", false, 26}, {"first said by", false, 80, true}});
      print_entry_rows(table, state, false);
      if (!table.empty()) program.out.write(table.render(program.width, program.colour));
      print_details(program, state);
      if (options.why) {
        program.out.line("");
        program.out.line(fmt::format("behind it, {} of {} statements:", answer.evidence.front().size(), answer.evidence_total.front()));
        print_evidence(program, answer.evidence.front(), answer.evidence_total.front(), options.offset);
      }
    } else {
      if (!known) program.out.line(fmt::format("{}: nothing known of any key", options.projection));
      Table table({{"key", false, 34}, {"lane"}, {"value", false, 30}, {"time", false, 30}, {"details", false, 40}, {"sources", false, 20}, {"first said by", false, 60, true}});
      for (const State& state : answer.states) print_entry_rows(table, state, true);
      if (!table.empty()) program.out.write(table.render(program.width, program.colour));
      for (std::size_t i = 0; i < answer.states.size(); ++i) {
        program.out.line("");
        program.out.line(paint(answer.states[i].key, Ink::kBold, program.colour));
        print_evidence(program, answer.evidence[i], answer.evidence_total[i], options.offset);
      }
    }
    program.out.line("");
    print_basis(program, answer.basis, answer.coverage, asked.zone);
  }
  return options.must_match && !known ? kNegative : kDone;
}

Json history_row_json(const HistoryRow& row) {
  return object({{"known_from", format_utc(row.known_from)},
                 {"known_to", instant_json(row.known_to)},
                 {"valid_from", instant_json(row.valid_from)},
                 {"valid_to", instant_json(row.valid_to)},
                 {"lane", lane_name(row.lane)},
                 {"entry", entry_json(row.entry)}});
}

Result<int> run_history(Program& program, const Options& options) {
  ANNALS_TRY(const Lexicon* lexicon, program.lexicon());
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kReadOnly));
  ANNALS_TRY(const Asked asked, resolve(options.bounds, *log, program.clock));
  const Query& query = program.query(*log, *lexicon);
  ANNALS_TRY(const HistoryAnswer answer, query.history(options.projection, options.key, asked.bounds));
  if (options.format == Format::kTable) {
    program.out.line(paint(fmt::format("{} {}", options.projection, answer.key), Ink::kBold, program.colour));
    if (answer.rows.empty()) program.out.line(nothing_known(query.resolve_key(options.projection, options.key)));
    const auto time = [&](const std::optional<Instant>& instant, const char* open) { return instant ? format_local(*instant, asked.zone) : std::string(open); };
    Table table({{"known from"}, {"known to"}, {"valid from"}, {"valid to"}, {"lane"}, {"value", false, 30}, {"time", false, 30}, {"details", false, 40}, {"evidence", false, 60, true}});
    for (const HistoryRow& row : answer.rows) {
      table.add({format_local(row.known_from, asked.zone), time(row.known_to, "now"), time(row.valid_from, ".."), time(row.valid_to, ".."),
                 Cell(lane_name(row.lane), lane_ink(row.lane)), value_text(row.entry), time_text(row.entry), fields_text(row.entry.fields),
                 fmt::format("#{}.{} {}", row.entry.first.position.value, row.entry.first.claim, source_text(row.entry.first.told()))});
    }
    if (!table.empty()) program.out.write(table.render(program.width, program.colour));
    program.out.line("");
    print_basis(program, answer.basis, answer.coverage, asked.zone);
  } else if (options.format == Format::kJsonl) {
    program.out.line(to_line(basis_line(answer.basis, &answer.coverage)));
    for (const HistoryRow& row : answer.rows) {
      Json line{{"kind", "interval"}, {"projection", answer.projection}, {"key", answer.key}};
      line.update(history_row_json(row));
      program.out.line(to_line(line));
    }
  } else {
    Json rows = Json::array();
    for (const HistoryRow& row : answer.rows) rows.push_back(history_row_json(row));
    program.out.line(Json{{"projection", answer.projection}, {"key", answer.key}, {"basis", basis_json(answer.basis)}, {"coverage", coverage_json(answer.coverage)}, {"rows", std::move(rows)}}.dump(2));
  }
  return options.must_match && answer.rows.empty() ? kNegative : kDone;
}

}  // namespace

void add_state(Command& app, Program& program) {
  auto options = std::make_shared<Options>();
  Command* command = app.add_subcommand("state", "What a projection knows, of one key or of all; --why shows every statement behind it");
  add_projection(*command, program, options->projection);
  command->add_option("KEY", options->key, "A product, company or day as people write it (H20, 昆仑芯, h20/usa); none: every key that knows something");
  add_bounds(*command, options->bounds);
  command->add_flag("--why", options->why, "Every statement behind the answer: outlet, speaker, publication time and quote");
  command->add_option("--limit", options->limit, "Statements shown by --why (default 100)")->type_name("N");
  command->add_option("--offset", options->offset, "Statements passed over by --why")->type_name("N");
  command->add_flag("--must-match", options->must_match, "Exit 1 where nothing is known");
  add_format(*command, options->format);
  add_examples(*command, {{"annals state export_control H20 --as-of 2025-08-10", "the world as known at the end of that day"},
                          {"annals state export_control H20 --published-by 2025-12-10 --valid-at 2025-05-01", "what is now said to have held then"},
                          {"annals state ipo --as-of 2025-12-10 --why", "every company, with the statements behind each"},
                          {"annals state --help export_control", "which values are rivals, which are steps, what leads back"}});
  command->footer(command->get_footer() + "\n" + projections_text());
  command->callback([&program, options] { program.run = [&program, options] { return run_state(program, *options); }; });
}

void add_history(Command& app, Program& program) {
  auto options = std::make_shared<Options>();
  Command* command = app.add_subcommand("history", "The state of one key as intervals: what was known, from when to when, about which time");
  add_projection(*command, program, options->projection);
  command->add_option("KEY", options->key, "A product, company or day as people write it")->required();
  add_bounds(*command, options->bounds);
  command->add_flag("--must-match", options->must_match, "Exit 1 where nothing is known");
  add_format(*command, options->format);
  add_examples(*command, {{"annals history export_control h200", ""}, {"annals history ipo 昆仑芯 --as-of 2026-01-31 --format jsonl", "one interval a line"}});
  command->footer(command->get_footer() + "\n" + projections_text());
  command->callback([&program, options] { program.run = [&program, options] { return run_history(program, *options); }; });
}

}  // namespace annals::cli
