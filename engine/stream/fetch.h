#pragma once
// Reads stretches of the log into chunks. The same for the one who follows the tail and for those who catch up.

#include <functional>

#include "engine/log/event_log.h"
#include "engine/stream/session.h"

namespace annals::stream {

// The next chunk of fetch.range: from its beginning (backwards: from its end) until events_max events passed the filter, bytes_max are
// full, or the time is up; then the chunk says how far it came. At least one event is looked at, so every chunk moves on.
// Requires: the range is not empty and ends at log.last() at the latest; events_max > 0.
Result<SharedChunk> fetch_chunk(const EventLog& log, const Fetch& fetch, ChunkWriter& writer);

inline constexpr std::chrono::milliseconds kFetchTimeMax{20};

}  // namespace annals::stream
