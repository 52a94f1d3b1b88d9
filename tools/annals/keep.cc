// annals verify, annals rebuild, annals reread: the store looked after.

#include <fmt/format.h>

#include <iterator>

#include "engine/ingest/reread.h"
#include "engine/log/file_check.h"
#include "engine/projection/projection.h"
#include "engine/query/query.h"
#include "replay/derived.h"
#include "tools/annals/commands.h"
#include "tools/annals/json.h"
#include "tools/annals/outside.h"
#include "tools/annals/prove.h"
#include "tools/annals/selection.h"

namespace annals::cli {
namespace {

struct VerifyOptions {
  std::optional<std::string> root;
  std::optional<std::uint64_t> size;
  std::optional<std::string> proof;
  std::vector<std::string> public_keys;
  std::optional<std::string> checkpoint;
  std::optional<std::string> event;
  std::size_t witnesses = 0;
  Format format = Format::kTable;
};

Result<int> run_verify(Program& program, const VerifyOptions& options) {
  std::optional<Digest> expected;
  if (options.root) {
    auto digest = Digest::from_hex(*options.root);
    if (!digest) return at("--root", digest.error());
    expected = *digest;
  }
  if (options.proof)
    return verify_proof(program, {*options.proof, options.public_keys, options.checkpoint, options.event, expected, options.size, options.witnesses, options.format != Format::kTable});
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kReadOnly));
  Progress progress(program.progress);
  ANNALS_TRY(VerifyReport report, verify_log(*log, [&](std::uint64_t done, std::uint64_t total) {
    progress.show(fmt::format("{} of {} checked", grouped(done), grouped(total)));
  }));
  progress.clear();
  // An index that cannot be read hides nothing else.
  const auto differences = verify_derived(*log);
  for (const std::string& difference : differences ? *differences : std::vector<std::string>{differences.error().message})
    report.damage.push_back({{}, difference + " (annals rebuild makes the index anew)"});
  // Within a server the store is open already, and its files change under way.
  if (program.served == nullptr) {
    ANNALS_TRY(std::vector<Damage> files, damaged_files(program.store));
    report.damage.insert(report.damage.end(), std::make_move_iterator(files.begin()), std::make_move_iterator(files.end()));
  }
  if (expected) {
    const Position size{options.size.value_or(log->last().value)};
    if (size > log->last()) {
      report.damage.push_back({{}, fmt::format("expected at least {} events, found {}", size.value, log->last().value)});
    } else {
      ANNALS_TRY(const Digest root, log->root(size));
      if (root != *expected) report.damage.push_back({size, fmt::format("expected root {} over the first {} events, found {}", expected->hex(), size.value, root.hex())});
    }
  }
  if (options.format == Format::kTable) {
    for (const Damage& damage : report.damage)
      program.out.line(paint(damage.position.value > 0 ? fmt::format("position {}: {}", damage.position.value, damage.what) : damage.what, Ink::kRed, program.colour));
    program.out.line(fmt::format("{} events, {} notes, root {}: {}", grouped(report.events), grouped(report.notes), report.root.hex(),
                                 report.damage.empty() ? "all checks hold" : fmt::format("{} damaged", report.damage.size())));
  } else {
    Json damage = Json::array();
    for (const Damage& each : report.damage) damage.push_back({{"position", each.position.value > 0 ? Json(each.position.value) : Json(nullptr)}, {"what", each.what}});
    const Json json{{"events", report.events}, {"notes", report.notes}, {"root", report.root.hex()}, {"damage", std::move(damage)}};
    program.out.line(options.format == Format::kJson ? json.dump(2) : to_line(json));
  }
  return report.damage.empty() ? kDone : kNegative;
}

Result<int> run_sizes(Program& program, Format format) {
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kReadOnly));
  const std::vector<SpaceTaken> parts = log->space_taken();
  const std::uint64_t events = log->last().value;
  std::uint64_t all = 0;
  for (const SpaceTaken& each : parts) all += each.bytes;
  const auto of_events = [&](std::uint64_t bytes) { return events == 0 ? 0.0 : static_cast<double>(bytes) / static_cast<double>(events); };
  if (format != Format::kTable) {
    Json rows = Json::array();
    for (const SpaceTaken& each : parts) rows.push_back({{"what", each.what}, {"bytes", each.bytes}, {"bytes_per_event", of_events(each.bytes)}});
    const Json json{{"events", events}, {"bytes", all}, {"parts", std::move(rows)}};
    program.out.line(format == Format::kJson ? json.dump(2) : to_line(json));
    return kDone;
  }
  Table table({{"what"}, {"bytes", true}, {"of an event", true}, {"share", true}});
  const auto row = [&](std::string_view what, std::uint64_t bytes) {
    table.add({what, grouped(bytes), fmt::format("{:.1f}", of_events(bytes)), all == 0 ? "" : fmt::format("{:.1f} %", 100.0 * static_cast<double>(bytes) / static_cast<double>(all))});
  };
  for (const SpaceTaken& each : parts) row(each.what, each.bytes);
  row("together", all);
  program.out.write(table.render(program.width, program.colour));
  program.out.line(fmt::format("{} events; what is in the write-ahead log goes into the others' files", grouped(events)));
  return kDone;
}

struct RebuildOptions {
  bool json = false;
};

Result<int> run_rebuild(Program& program, const RebuildOptions& options) {
  ANNALS_TRY(const Lexicon* lexicon, program.lexicon());
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kOpen));
  Progress progress(program.progress);
  ANNALS_TRY(const Rebuilt rebuilt, rebuild(*log, [&](std::uint64_t done, std::uint64_t total) {
    progress.show(fmt::format("{} of {} events indexed", grouped(done), grouped(total)));
  }));
  const Query& query = program.query(*log, *lexicon);
  ANNALS_TRY(const Bounds now, resolve_bounds({}, log->info().zone, program.clock.now()));
  Json json = Json::object();
  Table table({{"projection"}, {"keys that know something", true}});
  for (const ProjectionHelp& each : projection_help()) {
    progress.show(std::string(each.name));
    std::size_t keys = 0;
    ANNALS_TRY(const StateAnswer answer, query.each_state(each.name, now, [&](const StateAnswer&, const State&) { return ++keys > 0; }, Detail::kHeads));
    static_cast<void>(answer);
    json[std::string(each.name)] = keys;
    table.add({std::string(each.name), grouped(keys)});
  }
  progress.clear();
  if (options.json) {
    program.out.line(to_line(Json{{"keys", std::move(json)}, {"log_size", log->last().value}, {"index_rows", rebuilt.rows}, {"index_digest", rebuilt.after.hex()}}));
  } else {
    program.out.write(table.render(program.width, program.colour));
    program.out.line(fmt::format("made anew from {} events: {} index rows, {}", grouped(log->last().value), grouped(rebuilt.rows),
                                 rebuilt.after.hex().substr(0, 16)));
  }
  return kDone;
}

struct RereadCliOptions {
  std::string actor = "reread";
  std::string interpreter;   // a command; empty: our own
  double interpreter_timeout = 60;
  bool again = false;
  bool dry_run = false;
  unsigned threads = 2;
  bool json = false;
};

Result<int> run_reread(Program& program, const RereadCliOptions& options) {
  ANNALS_TRY(const Lexicon* lexicon, program.lexicon());
  if (!options.interpreter.empty()) {
    ANNALS_TRY(const auto log, program.open_store(OpenMode::kOpen));
    ANNALS_TRY(const auto outside, OutsideProgram::start(options.interpreter, std::chrono::milliseconds(static_cast<std::int64_t>(options.interpreter_timeout * 1000)), *lexicon, complainer(program)));
    ANNALS_TRY(const OutsideSummary read, run_outside(program, *log, *outside, *lexicon, {options.actor, {}, options.again}));
    program.out.line(options.json ? to_line(outside_json(outside->id(), read)) : outside_text(outside->id(), read));
    return read.failed + read.not_asked > 0 ? kUnusable : kDone;
  }
  ANNALS_TRY(const auto log, program.open_store(options.dry_run ? OpenMode::kReadOnly : OpenMode::kOpen));
  const RuleInterpreter interpreter(*lexicon);
  Progress progress(program.progress);
  ANNALS_TRY(const RereadSummary summary, reread(*log, interpreter, *lexicon, {options.actor, options.dry_run, options.threads}, [&](std::uint64_t done, std::uint64_t total) {
    progress.show(fmt::format("{} of at most {} statements read anew", grouped(done), grouped(total)));
  }));
  progress.clear();
  if (options.json) {
    program.out.line(to_line(Json{{"interpreter", interpreter.id().text()}, {"articles", summary.articles}, {"statements", summary.statements}, {"changed", summary.changed},
                                  {"claims_before", summary.claims_before}, {"claims_after", summary.claims_after},
                                  {"lexicon_facts", summary.lexicon_facts}, {"dry_run", options.dry_run}, {"last_position", summary.last.value}}));
    return kDone;
  }
  program.out.line(fmt::format("{} statements of {} articles read anew by {}: {} {} otherwise, claims {} → {}", grouped(summary.statements), grouped(summary.articles),
                               interpreter.id().text(), grouped(summary.changed), options.dry_run ? "would read" : "read", grouped(summary.claims_before), grouped(summary.claims_after)));
  program.out.line(summary.changed == 0 || options.dry_run ? "nothing was appended" : fmt::format("the log ends at position {}", grouped(summary.last.value)));
  return kDone;
}

}  // namespace

void add_verify(Command& app, Program& program) {
  auto options = std::make_shared<VerifyOptions>();
  Command* command = app.add_subcommand("verify", "Check everything stored: order, ids, times, leaves, root, the notes' bytes; exit 1 where something is damaged");
  command->add_option("--root", options->root, "A root noted down earlier; the log must still have it")->type_name("HEX");
  command->add_option("--size", options->size, "How many events that root was over (default: all)")->type_name("N")->needs("--root");
  Option* proof = command->add_option("--proof", options->proof, "Check this proof (annals prove) or checkpoint instead; no store is needed")->type_name("FILE");
  command->add_option("--public-key", options->public_keys, "Whose signature counts: the log's key or a witness's, as text or file; may be repeated")
      ->type_name("KEY")->needs(proof)->allow_extra_args(false)->take_all();
  command->add_option("--checkpoint", options->checkpoint, "The checkpoint that an event is proven against; for a proof that the log grew, the older one")->type_name("FILE")->needs(proof);
  command->add_option("--event", options->event, "The bytes of the event that is proven (annals prove --event), where they were handed on")->type_name("FILE")->needs(proof);
  command->add_option("--witnesses", options->witnesses, "So many known witnesses must have cosigned")->type_name("N")->needs(proof);
  add_format(*command, options->format);
  add_examples(*command, {{"annals verify", ""}, {"annals verify --root 5f1c… --size 4200", "that nothing among the first 4,200 events was altered since"},
                          {"annals verify --proof 12.proof --checkpoint checkpoint --event 12.event --public-key desk.pub", "without the store"}});
  command->callback([&program, options] { program.run = [&program, options] { return run_verify(program, *options); }; });
}

void add_rebuild(Command& app, Program& program) {
  auto options = std::make_shared<RebuildOptions>();
  Command* command = app.add_subcommand("rebuild", "Drop everything derived and make the projections anew from the log");
  command->add_flag("--json", options->json, "Print the summary as one JSON object");
  add_examples(*command, {{"annals rebuild", "the events themselves are not touched"}});
  command->callback([&program, options] { program.run = [&program, options] { return run_rebuild(program, *options); }; });
}

void add_sizes(Command& app, Program& program) {
  auto format = std::make_shared<Format>(Format::kTable);
  Command* command = app.add_subcommand("sizes", "What the store takes on disk, by what it is for");
  add_format(*command, *format);
  add_examples(*command, {{"annals sizes --store news", "bytes of events, ids, tree, notes and indexes, together and of an event"}});
  command->callback([&program, format] { program.run = [&program, format] { return run_sizes(program, *format); }; });
}

void add_reread(Command& app, Program& program) {
  auto options = std::make_shared<RereadCliOptions>();
  Command* command = app.add_subcommand("reread", "Read every statement anew and append reinterpretations where the interpreter reads otherwise now");
  Option* dry_run = command->add_flag("--dry-run", options->dry_run, "Count, append nothing");
  command->add_option("--actor", options->actor, "Who does it, for the log (default reread)")->type_name("WHO");
  add_outside(*command, options->interpreter, options->interpreter_timeout);
  command->add_flag("--again", options->again, "Ask an outside interpreter also for what its version has read already")->needs("--interpreter");
  dry_run->excludes("--interpreter");
  command->add_option("--threads", options->threads, "Threads that read (default 2)")->range(1U, 256U)->type_name("N");
  command->add_flag("--json", options->json, "Print the summary as one JSON object");
  add_examples(*command, {{"annals reread --dry-run", ""}, {"annals --lexicon our-names.yaml reread", "after names were added"},
                          {"annals reread --interpreter 'python3 reader.py'", "what an outside program reads, beside ours; answers take it with --interpreter NAME"}});
  command->footer(kOutsideProtocol + ("\n" + command->get_footer()));
  command->callback([&program, options] { program.run = [&program, options] { return run_reread(program, *options); }; });
}

}  // namespace annals::cli
