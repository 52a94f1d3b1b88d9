#pragma once
// Every command there is. Adding one: a function here, its file, a row in main.cc's table.

#include "tools/annals/program.h"

namespace annals::cli {

void add_ingest(Command& app, Program& program);
void add_analyze(Command& app, Program& program);
void add_log(Command& app, Program& program);
void add_state(Command& app, Program& program);
void add_history(Command& app, Program& program);
void add_panel(Command& app, Program& program);
void add_timeline(Command& app, Program& program);
void add_diff(Command& app, Program& program);
void add_calendar(Command& app, Program& program);
void add_audit(Command& app, Program& program);
void add_review(Command& app, Program& program);
void add_withdraw(Command& app, Program& program);
void add_retract(Command& app, Program& program);
void add_amend(Command& app, Program& program);
void add_erase(Command& app, Program& program);
void add_replay(Command& app, Program& program);
void add_export(Command& app, Program& program);
void add_import(Command& app, Program& program);
void add_reread(Command& app, Program& program);
void add_backup(Command& app, Program& program);
void add_restore(Command& app, Program& program);
void add_lexicon(Command& app, Program& program);
void add_verify(Command& app, Program& program);
void add_rebuild(Command& app, Program& program);
void add_sizes(Command& app, Program& program);
void add_prove(Command& app, Program& program);
void add_checkpoint(Command& app, Program& program);
void add_key(Command& app, Program& program);
void add_tiles(Command& app, Program& program);
void add_serve(Command& app, Program& program);
void add_status(Command& app, Program& program);
void add_parked(Command& app, Program& program);
void add_token(Command& app, Program& program);
void add_subscribe(Command& app, Program& program);
void add_append(Command& app, Program& program);

}  // namespace annals::cli
