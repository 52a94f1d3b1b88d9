#pragma once
// The file of webhooks, and what is told to them. A list, each with a name of its own:
//
//   - name: desk                            # 1 to 64 letters, digits, dots, dashes, underscores: how far it was told is kept under it
//     url: https://desk.example/annals
//     states:                               # as subscribe --states has them
//       - export_control
//       - ipo:kunlunxin,metax
//       - contradictions:h200
//     secret_file: desk.secret              # from this file's folder; or secret_env: NAME. Never the secret itself
//     timeout: 10                           # seconds of one attempt; this and what follows may be left out
//     tries: 100                            # of one change, before it is given up
//     first_pause: 1                        # seconds behind the first failure, doubled with each further one,
//     longest_pause: 1800                   # up to this
//     connections: 4                        # at a time

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/language/lexicon.h"
#include "engine/stream/webhook.h"
#include "tools/annals/json.h"

namespace annals::cli {

// kInvalid: "hooks.yaml:3:7: expected …, found …".
Result<std::vector<stream::Hook>> read_hooks(const std::string& path);

// What changes_between() has found, with its place in the queue: of a change its key, lane and track; of a contradiction what it is about and what the sides say.
std::vector<stream::HookChange> hook_changes(std::vector<std::string> changes);
// stream::MergeChanges for them: from where the earlier began to where the later ends, with the events of both.
std::optional<std::string> merge_changes(const std::string& earlier, const std::string& later, bool maybe_told);

// Begins to tell them. `points_file`: how far each was told (stream::hook_points_text); made where there is none. What is referred to must outlive the hooks.
Result<std::unique_ptr<stream::Webhooks>> start_hooks(std::vector<stream::Hook> hooks, const EventLog& log, const Lexicon& lexicon, const Query& query, WatchMemory& memory, const Clock& clock,
                                                      const std::string& points_file, std::function<void(std::string_view)> tell);

Json hooks_json(const std::vector<stream::HookStatus>& hooks);
// The lines of `annals status` about them.
std::vector<std::string> hook_lines(const Json& hooks);

}  // namespace annals::cli
