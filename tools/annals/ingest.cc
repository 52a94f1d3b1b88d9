// annals ingest: takes notes in.

#include "engine/ingest/ingest.h"

#include <fmt/format.h>

#include <chrono>

#include "adapters/notes/registry.h"
#include "engine/claim/interpreter.h"
#include "replay/derived.h"
#include "tools/annals/commands.h"
#include "tools/annals/inputs.h"
#include "tools/annals/json.h"
#include "tools/annals/outside.h"
#include "tools/annals/remote.h"

namespace annals::cli {
namespace {

constexpr std::string_view kZoneAtCreation = "Asia/Shanghai";
constexpr std::size_t kNoticesShown = 20;

struct Options {
  std::vector<std::string> paths;
  std::optional<std::string> outlet;
  std::optional<std::string> published;
  std::optional<std::string> observed;
  std::optional<std::string> tz;
  std::string note_format;
  std::optional<std::string> store_tz;
  std::string actor = "ingest";
  std::string interpreter;   // a command
  double interpreter_timeout = 60;
  unsigned threads = 2;
  bool allow_clock_jump = false;
  bool json = false;
};

Json outcome_json(const NoteOutcome& outcome) {
  return {{"origin", outcome.origin}, {"error", outcome.error ? Json(outcome.error->message) : Json(nullptr)}};
}

}  // namespace

Json summary_json(const IngestSummary& summary) {
  Json failures = Json::array();
  for (const NoteOutcome& failure : summary.failures) failures.push_back(outcome_json(failure));
  return {{"notes", summary.notes},
          {"repeated", summary.repeated},
          {"completed", summary.completed},
          {"failed", summary.failed},
          {"converted", summary.converted},
          {"articles", summary.articles},
          {"undated", summary.undated},
          {"zones_assumed", summary.zones_assumed},
          {"future_dated", summary.future_dated},
          {"warnings", summary.warnings},
          {"statements", summary.statements},
          {"claims", summary.claims},
          {"lexicon_facts", summary.lexicon_facts},
          {"events", summary.events},
          {"bytes", summary.bytes},
          {"last_position", summary.last.value},
          {"notices", summary.notices},
          {"failures", std::move(failures)}};
}

namespace {

// "3 repeated, 1 failed", of the counts that are not zero.
std::string remarks(const std::vector<std::pair<std::uint64_t, std::string>>& counts) {
  std::string out;
  for (const auto& [count, what] : counts) {
    if (count > 0) out += (out.empty() ? "" : ", ") + grouped(count) + " " + what;
  }
  return out;
}

void print(Program& program, const IngestSummary& summary, double seconds) {
  Table table({{"", false, 12}, {"", true, 14}, {"", false, 100, true}});
  table.add({"notes", grouped(summary.notes + summary.failed),
             remarks({{summary.repeated, "taken in before"}, {summary.completed, "completed"}, {summary.converted, "converted to UTF-8"}, {summary.failed, "failed"}})});
  table.add({"articles", grouped(summary.articles),
             remarks({{summary.undated, "undated"}, {summary.zones_assumed, "with an assumed time zone"}, {summary.future_dated, "dated in the future"}, {summary.warnings, "with a head that could not be used whole"}})});
  table.add({"statements", grouped(summary.statements)});
  table.add({"claims", grouped(summary.claims)});
  table.add({"events", grouped(summary.events),
             fmt::format("{}; the log ends at position {} ({:.1f} s, {:.1f} MB)",
                         summary.events == 0 ? "nothing was appended" : fmt::format("appended, {} of them lexicon facts", grouped(summary.lexicon_facts)),
                         grouped(summary.last.value), seconds, static_cast<double>(summary.bytes) / 1e6)});
  program.out.write(table.render(program.width, program.colour));
}

Result<int> run(Program& program, const Options& options) {
  IngestOptions ingest_options;
  ingest_options.actor = options.actor;
  ingest_options.threads = options.threads;
  OperatorHead& head = ingest_options.head;
  head.outlet = options.outlet;
  head.published = options.published;
  if (options.tz) {
    auto zone = Zone::find(*options.tz);
    if (!zone) return at("--tz", zone.error());
    head.zone = *zone;
  }
  auto store_zone = Zone::find(options.store_tz.value_or(std::string(kZoneAtCreation)));
  if (!store_zone) return at("--store-tz", store_zone.error());

  const auto formats = make_note_formats();
  if (!options.note_format.empty() && find_format(formats, options.note_format) == nullptr) {
    std::string known;
    for (const auto& each : formats) known += (known.empty() ? "" : ", ") + std::string(each->name());
    return Error{ErrorCode::kInvalid, fmt::format("--format: expected one of {}, found '{}'", known, options.note_format)};
  }
  // What the operator says about publication is checked before a store is made for it.
  if (head.published) {
    auto published = make_published(*head.published, head.zone.value_or(*store_zone), ZoneSource::kOperator);
    if (!published) return at("--published", published.error());
  }
  const auto sources = find_notes(options.paths);
  if (sources.empty()) return Error{ErrorCode::kInvalid, fmt::format("{}: no notes there", options.paths.front())};

  if (!program.server.empty()) {
    if (!options.interpreter.empty()) return Error{ErrorCode::kInvalid, "--interpreter: reads into a store of one's own, not at a server"};
    stream::NotePart at_server;
    at_server.outlet = options.outlet;
    at_server.published = options.published;
    at_server.observed = options.observed;
    at_server.zone = options.tz;
    if (!options.note_format.empty()) at_server.format = options.note_format;
    at_server.actor = options.actor;
    return ingest_at_server(program, at_server, sources, options.json);
  }
  ANNALS_TRY(const Lexicon* lexicon, program.lexicon());
  // An outside interpreter that does not start is told before a store is made.
  std::unique_ptr<OutsideProgram> outside;
  if (!options.interpreter.empty()) {
    ANNALS_TRY(outside, OutsideProgram::start(options.interpreter, std::chrono::milliseconds(static_cast<std::int64_t>(options.interpreter_timeout * 1000)), *lexicon, complainer(program)));
  }
  LogOptions log_options;
  log_options.zone_at_creation = *store_zone;
  log_options.allow_clock_jump = options.allow_clock_jump;
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kCreateOrOpen, log_options));
  if (options.store_tz && !(log->info().zone == *store_zone))
    return Error{ErrorCode::kInvalid, fmt::format("--store-tz: this store was created with {}, which cannot be changed", log->info().zone.name())};
  head.store_zone = log->info().zone;
  if (options.observed) {
    auto observed = parse_moment(*options.observed, head.zone.value_or(head.store_zone), program.clock.now());
    if (!observed) return at("--observed", observed.error());
    head.observed = observed->instant;
  }

  const Position before = log->last();
  const RuleInterpreter interpreter(*lexicon);
  Ingest ingest(
      *log, interpreter, *lexicon,
      [&](const Note& note, const OperatorHead& given) -> Result<NoteArticles> {
        ANNALS_TRY(ReadNote read, read_note(formats, note, given, options.note_format));
        return NoteArticles{std::string(read.format->name()), std::move(read.articles)};
      },
      program.clock);
  Progress progress(program.progress);
  const auto start = std::chrono::steady_clock::now();
  auto summary = ingest.take(sources, ingest_options, [&](const NoteOutcome& outcome, std::size_t done, std::size_t total) {
    if (outcome.error) {
      progress.clear();
      program.complain(outcome.error->message);
    }
    progress.show(fmt::format("{} of {} notes  {}", grouped(done), grouped(total), fit(outcome.origin, 60)));
    program.diagnose(fmt::format("{}: {}{} articles, {} statements, {} claims, from position {}", outcome.origin,
                                 outcome.repeated ? "taken in before: " : "", outcome.articles, outcome.statements, outcome.claims, outcome.first.value));
  });
  progress.clear();
  if (!summary) return summary.error();
  std::optional<OutsideSummary> read;
  if (outside) {
    ANNALS_TRY(read, run_outside(program, *log, *outside, *lexicon, {options.actor, before, false}));
    summary->last = read->last;
  }
  // Questions about one key find their statements by the index; what it lacks they scan for.
  ANNALS_TRY(const Position sealed, seal(*log));
  (void)sealed;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  for (std::size_t i = 0; i < summary->notices.size(); ++i) {
    if (i == kNoticesShown && summary->notices.size() > kNoticesShown + 1) {
      program.complain(fmt::format("… and {} more notices (--json lists them)", summary->notices.size() - i));
      break;
    }
    program.complain(summary->notices[i]);
  }
  if (options.json) {
    Json json = summary_json(*summary);
    if (read) json["outside"] = outside_json(outside->id(), *read);
    program.out.line(to_line(json));
  } else {
    print(program, *summary, seconds);
    if (read) program.out.line(outside_text(outside->id(), *read));
  }
  return summary->failed > 0 || (read && read->failed + read->not_asked > 0) ? kUnusable : kDone;
}

}  // namespace

void add_ingest(Command& app, Program& program) {
  auto options = std::make_shared<Options>();
  Command* command = app.add_subcommand("ingest", "Take notes in: files, folders, or - for standard input");
  command->add_option("PATH", options->paths, "Files, folders (walked, hidden files left out), or -")->required();
  command->add_option("--outlet", options->outlet, "Who published it, where the note does not say")->type_name("O");
  command->add_option("--published", options->published, "When it was published, where the note does not say: an ISO time, or a range T/T")->type_name("T[/T]");
  command->add_option("--observed", options->observed, "When these very bytes are known to have been read")->type_name("T");
  command->add_option("--tz", options->tz, "Zone of the times that the notes print without one, such as UTC, Asia/Shanghai or +08:00")->type_name("Z");
  command->add_option("--format", options->note_format, "The form of the notes (below), instead of recognising it")->type_name("F");
  command->add_option("--store-tz", options->store_tz, "Zone of bare dates, written when the store is created (default Asia/Shanghai)")->type_name("Z");
  command->add_option("--actor", options->actor, "Who takes them in, for the log (default ingest)")->type_name("WHO");
  add_outside(*command, options->interpreter, options->interpreter_timeout);
  command->add_option("--threads", options->threads, "Threads that read (default 2)")->range(1U, 256U)->type_name("N");
  command->add_flag("--allow-clock-jump", options->allow_clock_jump, "Append although the clock is a day or more ahead of the last event");
  command->add_flag("--json", options->json, "Print the summary as one JSON object");
  std::string forms = "Forms of notes, recognised from the content:\n";
  for (const auto& each : make_note_formats()) forms += fmt::format("  {:<14}{}\n", each->name(), each->description());
  add_examples(*command, {{"annals ingest notes/ --tz Asia/Shanghai", "every note below notes/; what was taken in before is left alone"},
                          {"annals ingest call.txt --outlet '某某證券' --published 2025-08-05T20:17 --tz +08:00", "what the note itself does not say"},
                          {"curl -s https://example.org/a.txt | annals ingest -", ""}});
  command->footer(forms + "\n" + command->get_footer());
  command->callback([&program, options] { program.run = [&program, options] { return run(program, *options); }; });
}

}  // namespace annals::cli
