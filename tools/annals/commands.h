#pragma once
// Every command there is. Adding one: a function here, its file, a row in main.cc's table.

#include "tools/annals/program.h"

namespace annals::cli {

void add_ingest(CLI::App& app, Program& program);
void add_analyze(CLI::App& app, Program& program);
void add_log(CLI::App& app, Program& program);
void add_state(CLI::App& app, Program& program);
void add_history(CLI::App& app, Program& program);
void add_panel(CLI::App& app, Program& program);
void add_timeline(CLI::App& app, Program& program);
void add_diff(CLI::App& app, Program& program);
void add_calendar(CLI::App& app, Program& program);
void add_audit(CLI::App& app, Program& program);
void add_review(CLI::App& app, Program& program);
void add_withdraw(CLI::App& app, Program& program);
void add_retract(CLI::App& app, Program& program);
void add_amend(CLI::App& app, Program& program);
void add_erase(CLI::App& app, Program& program);
void add_replay(CLI::App& app, Program& program);
void add_export(CLI::App& app, Program& program);
void add_import(CLI::App& app, Program& program);
void add_reread(CLI::App& app, Program& program);
void add_backup(CLI::App& app, Program& program);
void add_restore(CLI::App& app, Program& program);
void add_lexicon(CLI::App& app, Program& program);
void add_verify(CLI::App& app, Program& program);
void add_rebuild(CLI::App& app, Program& program);
void add_sizes(CLI::App& app, Program& program);
void add_prove(CLI::App& app, Program& program);
void add_checkpoint(CLI::App& app, Program& program);
void add_key(CLI::App& app, Program& program);
void add_tiles(CLI::App& app, Program& program);
void add_serve(CLI::App& app, Program& program);
void add_status(CLI::App& app, Program& program);
void add_parked(CLI::App& app, Program& program);
void add_token(CLI::App& app, Program& program);
void add_subscribe(CLI::App& app, Program& program);
void add_append(CLI::App& app, Program& program);

}  // namespace annals::cli
