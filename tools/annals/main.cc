// annals: notes in, answers as of any moment out. Reads the command line and turns errors into a line and an exit status.

#include <algorithm>
#include <cstdio>
#include <exception>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/annals/commands.h"
#include "tools/annals/remote.h"

namespace {

using annals::cli::Command;
using annals::cli::Program;

// The deepest command that was named, for the hint where to read on.
std::string command_of(const Command& app) {
  std::string name = "annals";
  for (const Command* at = app.chosen(); at != nullptr; at = at->chosen()) name += " " + at->get_name();
  return name;
}

// How many letters apart two words are (Levenshtein 1966).
std::size_t apart(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t corner = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = corner + (a[i] == b[j] ? 0 : 1);
      corner = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, corner + 1, changed});
    }
  }
  return row.back();
}

// "; did you mean --as-of?" for the first word that nearly is an option or a command; else "".
std::string suggestion(const Command& app, int argc, char** argv) {
  const std::vector<std::string> commands = app.subcommand_names();
  std::vector<std::string> options;
  for (const Command* at = &app; at != nullptr; at = at->chosen()) {
    const std::vector<std::string> more = at->long_option_names();
    options.insert(options.end(), more.begin(), more.end());
  }
  for (int i = 1; i < argc; ++i) {
    const std::string word = std::string(argv[i]).substr(0, std::string_view(argv[i]).find('='));
    const bool option = word.starts_with("--");
    if (!option && app.chosen() != nullptr) continue;
    const std::vector<std::string>& known = option ? options : commands;
    if (std::find(known.begin(), known.end(), word) != known.end()) continue;
    const auto nearest = std::min_element(known.begin(), known.end(), [&](const auto& a, const auto& b) { return apart(a, word) < apart(b, word); });
    if (nearest != known.end() && apart(*nearest, word) <= 2) return "; did you mean " + *nearest + "?";
  }
  return {};
}

// The words without what is this program's own affair: where the server is, and its own memory.
std::vector<std::string> words_for_server(int argc, char** argv) {
  std::vector<std::string> out;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const std::string name = word.substr(0, word.find('='));
    if (name == "--server" || name == "--cache" || name == "--write-buffer") i += name == word ? 1 : 0;   // with what it is given
    else if (word != "-v" && word != "--verbose") out.push_back(word);
  }
  return out;
}

int run(int argc, char** argv) {
  Program program;
  Command app("News and policy notes as events, and what they add up to as of any moment.", "annals");
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", ANNALS_VERSION, "Print the version");
  app.set_help_flag("-h,--help", "Print this help; with a command, its own");
  app.add_option("--store", program.store, "Folder of the store (default: $ANNALS_STORE or ./annals-store)")->type_name("DIR");
  app.add_option("--cache", program.cache_bytes, "Memory for blocks of the store that were read lately (default 64MiB)")->size_value()->type_name("SIZE");
  app.add_option("--write-buffer", program.write_buffer_bytes, "Memory that each of the store's six parts gathers before it writes a file (default 32MiB)")
      ->size_value()
      ->range(std::uint64_t{1} << 20, std::uint64_t{1} << 30)
      ->type_name("SIZE");
  app.add_option("--lexicon", program.lexicon_files, "A lexicon file (YAML) over the shipped one; may be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("--server", program.server, "Ask a server instead of a store: questions, and ingest")->type_name("HOST:PORT");
  app.add_flag("-v,--verbose", program.verbose, "Say on standard error what is being done");
  app.footer(
      "A first session:\n"
      "  annals ingest notes/                                take notes in\n"
      "  annals state export_control h20 --as-of 2025-08-10  what was known, and by whose word\n"
      "  annals audit h20                                    who asserted what, when\n"
      "Each command has its own --help. Exit status: 0 done, 1 a negative answer, 2 unusable arguments or input,\n"
      "3 the store is locked, missing, damaged or newer, 4 the network or disk refused.");

  annals::cli::add_ingest(app, program);
  annals::cli::add_analyze(app, program);
  annals::cli::add_log(app, program);
  annals::cli::add_state(app, program);
  annals::cli::add_history(app, program);
  annals::cli::add_panel(app, program);
  annals::cli::add_timeline(app, program);
  annals::cli::add_diff(app, program);
  annals::cli::add_calendar(app, program);
  annals::cli::add_audit(app, program);
  annals::cli::add_review(app, program);
  annals::cli::add_withdraw(app, program);
  annals::cli::add_retract(app, program);
  annals::cli::add_amend(app, program);
  annals::cli::add_erase(app, program);
  annals::cli::add_replay(app, program);
  annals::cli::add_export(app, program);
  annals::cli::add_import(app, program);
  annals::cli::add_backup(app, program);
  annals::cli::add_restore(app, program);
  annals::cli::add_lexicon(app, program);
  annals::cli::add_reread(app, program);
  annals::cli::add_verify(app, program);
  annals::cli::add_rebuild(app, program);
  annals::cli::add_sizes(app, program);
  annals::cli::add_prove(app, program);
  annals::cli::add_checkpoint(app, program);
  annals::cli::add_key(app, program);
  annals::cli::add_tiles(app, program);
  annals::cli::add_serve(app, program);
  annals::cli::add_status(app, program);
  annals::cli::add_parked(app, program);
  annals::cli::add_token(app, program);
  annals::cli::add_subscribe(app, program);
  annals::cli::add_append(app, program);

  const Command::Parsed parsed = app.parse(argc, argv);
  const Command* const chosen = app.chosen();
  switch (parsed.outcome) {
    case Command::Outcome::kHelp:
      program.out.write(chosen == nullptr ? app.help() : chosen->help());
      if (program.more_help) program.out.write(program.more_help());
      return program.out.finish() ? annals::cli::kDone : annals::cli::kSystemRefuses;
    case Command::Outcome::kVersion:
      program.out.line("annals " ANNALS_VERSION);
      return program.out.finish() ? annals::cli::kDone : annals::cli::kSystemRefuses;
    case Command::Outcome::kUnusable:
      program.complain(parsed.reason + suggestion(app, argc, argv) + " (see " + command_of(app) + " --help)");
      return annals::cli::kUnusable;
    case Command::Outcome::kChosen: break;
  }

  // What reads is asked there in the same words; commands that only a server serves look at program.server themselves.
  const std::string command = chosen->get_name();
  if (!program.server.empty() && annals::cli::can_be_asked(command)) {
    program.run = [&] { return annals::cli::ask_server(program, words_for_server(argc, argv)); };
  } else if (!program.server.empty() && !annals::cli::goes_to_server(command)) {
    program.complain("--server: " + command + " works on a store, not at a server");
    return annals::cli::kUnusable;
  }
  auto status = program.run();
  if (const auto written = program.out.finish(); !written && status) status = written.error();
  if (!status) {
    program.complain(status.error().message);
    return annals::cli::exit_code(status.error().code);
  }
  return *status;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::bad_alloc&) {
    std::fputs("annals: out of memory\n", stderr);
    return annals::cli::kSystemRefuses;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "annals: %s\n", error.what());
    return annals::cli::kSystemRefuses;
  }
}
