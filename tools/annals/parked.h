#pragma once
// What a server's groups gave up, for people: listed, handed out again, discarded.

#include <string>
#include <vector>

#include "engine/stream/server.h"

namespace annals::cli {

// The server's side: parked NAME [release|discard all|P…]. What is parked, after that, as one JSON object:
//   {"name": "desk", "position": 1834, "parked": [{"position": 1207, "hand_outs": 5, "released": false, "because": "…", "event": {…}}]}
// with the event as `annals log --format jsonl` prints it; null where it cannot be read. kInvalid: other words, or rights that do not
// reach (listing takes those to read, the rest admin), a name that is not there, an event that is not parked. Threads: any.
Result<stream::CommandAnswer> answer_parked(const std::vector<std::string>& words, const stream::Rights& rights, stream::Server& server, const EventLog& log);

}  // namespace annals::cli
