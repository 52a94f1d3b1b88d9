// annals log: events as they stand in the log, or by publication.

#include <fmt/format.h>

#include <algorithm>

#include "engine/filter/term_index.h"
#include "replay/pace.h"
#include "tools/annals/bounds.h"
#include "tools/annals/commands.h"
#include "tools/annals/json.h"
#include "tools/annals/selection.h"

namespace annals::cli {
namespace {

struct Options {
  std::optional<std::string> from;
  std::optional<std::string> to;
  std::string by = "log";
  std::optional<std::string> tz;
  std::uint64_t limit = 0;
  SelectionOptions selection;
  bool must_match = false;
  Format format = Format::kTable;
};

constexpr std::size_t kTableRows = 200;  // rows that are laid out together; a long log is not held in memory for its widths

Table new_table() {
  return Table({{"pos", true}, {"recorded", false, 25}, {"kind"}, {"published", false, 25}, {"outlet", false, 20}, {"claims", true}, {"about", false, 12}, {"text", false, 200, true}});
}

std::string about_text(const Event& event, const EventLog& log) {
  struct Finder {
    const EventLog& log;
    std::string operator()(const NoteArrival&) const { return ""; }
    std::string operator()(const StatementEvent& body) const { return fmt::format("{}/{}", body.note.hex().substr(0, 6), body.article.ordinal); }
    std::string operator()(const Reinterpretation& body) const { return target_text(Target::of_event(body.about), log); }
    std::string operator()(const Amendment& body) const { return target_text(body.about, log); }
    std::string operator()(const Withdrawal& body) const { return target_text(body.about, log); }
    std::string operator()(const Retraction& body) const { return target_text(body.about, log); }
    std::string operator()(const Review& body) const { return target_text(Target::of_event(body.about), log); }
    std::string operator()(const LexiconFact&) const { return ""; }
    std::string operator()(const Erasure& body) const { return target_text(body.target(), log); }
  };
  return std::visit(Finder{log}, event.body);
}

Result<int> run(Program& program, const Options& options) {
  if (options.by != "log" && options.by != "published") return Error{ErrorCode::kInvalid, fmt::format("--by: expected log or published, found '{}'", options.by)};
  const bool by_published = options.by == "published";
  ANNALS_TRY(const Lexicon* lexicon, program.lexicon());
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kReadOnly));
  ANNALS_TRY(const Zone zone, zone_of(options.tz, *log));
  ANNALS_TRY(const Filter filter, selected(options.selection, *lexicon));
  Edge from;
  Edge to;
  if (options.from) {
    ANNALS_TRY(from, parse_edge("--from", *options.from, false, zone, program.clock));
  }
  if (options.to) {
    ANNALS_TRY(to, parse_edge("--to", *options.to, true, zone, program.clock));
  }

  std::uint64_t shown = 0;
  Json all = Json::array();
  Table table = new_table();
  std::size_t in_table = 0;
  const auto flush = [&] {
    if (!table.empty()) program.out.write(table.render(program.width, program.colour));
    table = new_table();
    in_table = 0;
  };
  const auto show = [&](const Event& event) {
    ++shown;
    switch (options.format) {
      case Format::kJsonl: program.out.line(to_line(event_json(event, log->info().zone))); break;
      case Format::kJson: all.push_back(event_json(event, log->info().zone)); break;
      case Format::kTable:
      case Format::kCsv: {
        const auto* statement = std::get_if<StatementEvent>(&event.body);
        const auto* again = std::get_if<Reinterpretation>(&event.body);
        const std::size_t claims = statement != nullptr ? statement->reading.claims.size() : again != nullptr ? again->reading.claims.size() : 0;
        table.add({fmt::format("#{}", event.position.value), format_local(date::floor<std::chrono::seconds>(event.recorded_at), zone), std::string(event_kind_name(event.kind())),
                   published_text(event), outlet_text(event), claims == 0 ? "" : std::to_string(claims), about_text(event, *log), shorten(event_text(event), 240)});
        if (++in_table == kTableRows) flush();
        break;
      }
    }
    return (options.limit == 0 || shown < options.limit) && !program.out.failed();
  };

  if (by_published) {
    ANNALS_TRY(const PositionRange range, recorded_between(*log, {from.position, {}}, {to.position, {}}));
    ReplayOptions how;
    how.from = from.instant.value_or(kInstantMin);
    if (to.instant && *to.instant < kInstantMax) how.to = *to.instant + Micros(1);
    how.range = range;
    how.filter = &filter;
    ANNALS_TRY(const Replayed done, replay(*log, how, {}, [&](const ReplayPoint&, const Event& event) { return show(event) ? Visit::kContinue : Visit::kStop; }));
    static_cast<void>(done);
  } else {
    ANNALS_TRY(const PositionRange range, recorded_between(*log, from, to));
    ANNALS_TRY(const Position seen, read_passing(*log, range, filter, [&](const Event& event) { return show(event) ? Visit::kContinue : Visit::kStop; }));
    static_cast<void>(seen);
  }
  if (options.format == Format::kTable) {
    flush();
    if (shown == 0) program.out.line("no event matches");
    program.out.line(paint(fmt::format("{} of {} events; log to position {}", grouped(shown), grouped(log->last().value), log->last().value), Ink::kDim, program.colour));
  } else if (options.format == Format::kJson) {
    program.out.line(all.dump(2, ' ', false, Json::error_handler_t::replace));
  }
  return options.must_match && shown == 0 ? kNegative : kDone;
}

}  // namespace

void add_log(Command& app, Program& program) {
  auto options = std::make_shared<Options>();
  Command* command = app.add_subcommand("log", "Events in the order of the log, or --by published");
  command->add_option("--from", options->from, "First position, or a time of recording (of publication with --by published)")->type_name("P|T");
  command->add_option("--to", options->to, "Last position or time, inclusive; a bare date means to its end")->type_name("P|T");
  command->add_option("--by", options->by, "log (default) or published: by when each became known")->type_name("ORDER");
  command->add_option("--tz", options->tz, "Zone of bare dates and of printed times (default: the store's)")->type_name("Z");
  command->add_option("--limit", options->limit, "At most so many events")->type_name("N");
  add_selection(*command, options->selection);
  command->add_flag("--must-match", options->must_match, "Exit 1 where no event matches");
  add_format(*command, options->format);
  add_examples(*command, {{"annals log --from 1 --to 20", ""},
                          {"annals log --by published --from 2025-12-09 --to 2025-12-09 --entity h200", "what that day brought about H200"},
                          {"annals log --kind review,retraction --format jsonl", "what people did to the record"}});
  command->callback([&program, options] { program.run = [&program, options] { return run(program, *options); }; });
}

}  // namespace annals::cli
