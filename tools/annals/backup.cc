// annals backup, annals restore: consistent copies.

#include "engine/log/backup.h"
#include "replay/derived.h"

#include <fmt/format.h>

#include "tools/annals/commands.h"
#include "tools/annals/json.h"

namespace annals::cli {
namespace {

struct Options {
  std::string directory;
  bool json = false;
};

Result<int> copy(Program& program, const std::string& from, const std::string& to, bool json) {
  ANNALS_TRY(const auto source, open_rocks_log(from, OpenMode::kReadOnly, program.clock));
  LogOptions log_options;
  log_options.zone_at_creation = source->info().zone;
  ANNALS_TRY(const auto copy, open_rocks_log(to, OpenMode::kCreateOrOpen, program.clock, log_options));
  if (!(copy->info().zone == source->info().zone))
    return Error{ErrorCode::kConflict, fmt::format("{}: this store has the zone {}, {} has {}; it is no copy of it", to, copy->info().zone.name(), from, source->info().zone.name())};
  Progress progress(program.progress);
  auto report = copy_log(*source, *copy, [&](std::uint64_t done, std::uint64_t total) { progress.show(fmt::format("{} of {} events", grouped(done), grouped(total))); });
  progress.clear();
  if (!report) return at(report.error().code == ErrorCode::kConflict ? to : from, report.error());
  ANNALS_TRY(const Position sealed, seal(*copy));
  static_cast<void>(sealed);
  const std::uint64_t brought = report->last.value - report->before.value;
  if (json) {
    program.out.line(to_line(Json{{"from", from}, {"to", to}, {"events", brought}, {"notes", report->notes}, {"notes_without_bytes", report->notes_lacking}, {"last_position", report->last.value}, {"root", report->root.hex()}}));
    return kDone;
  }
  program.out.line(fmt::format("{}: {} events and {} notes {}, {} events in all, root {}", to, grouped(brought), grouped(report->notes),
                               report->before.value == 0 ? "copied" : "copied behind those that were there", grouped(report->last.value), report->root.hex()));
  if (report->notes_lacking > 0) program.out.line(fmt::format("{} notes have no bytes in {} either", grouped(report->notes_lacking), from));
  return kDone;
}

Command* add(Command& app, Program& program, const std::string& name, const std::string& what, const std::string& directory, bool back) {
  auto options = std::make_shared<Options>();
  Command* command = app.add_subcommand(name, what);
  command->add_option("DIR", options->directory, directory)->required();
  command->add_flag("--json", options->json, "Print the summary as one JSON object");
  command->callback([&program, options, back] {
    program.run = [&program, options, back] { return back ? copy(program, options->directory, program.store, options->json) : copy(program, program.store, options->directory, options->json); };
  });
  return command;
}

}  // namespace

void add_backup(Command& app, Program& program) {
  Command* command = add(app, program, "backup", "Copy the store as it is now, checked on the way; what an earlier backup there holds is not copied again", "Where to: a new directory, or an earlier backup of this store", false);
  add_examples(*command, {{"annals backup /backups/annals", "also while another process writes to the store"},
                          {"annals --store /backups/annals verify --root 5f1c…", "a backup is a store: it can be asked and checked"}});
}

void add_restore(Command& app, Program& program) {
  Command* command = add(app, program, "restore", "Bring a backup back into a store that is not there, is empty, or is a beginning of it", "The backup", true);
  add_examples(*command, {{"annals --store ./annals-store restore /backups/annals", ""}});
}

}  // namespace annals::cli
