#pragma once
// Reads stretches of the log: into chunks, the same for the one who follows the tail and for those who catch up; and for groups.

#include <functional>

#include "engine/log/event_log.h"
#include "engine/stream/group.h"
#include "engine/stream/session.h"

namespace annals::stream {

// The next chunk of fetch.range: from its beginning (backwards: from its end) until events_max events passed the filter, bytes_max are
// full, or the time is up; then the chunk says how far it came. At least one event is looked at, so every chunk moves on.
// Requires: the range is not empty and ends at log.last() at the latest; events_max > 0.
Result<SharedChunk> fetch_chunk(const EventLog& log, const Fetch& fetch, ChunkWriter& writer);

// One such chunk behind the other, for as long as `made` wants more and the range goes on. `full`: the chunk did not end with the range.
// An error: of what lies behind the chunks that were made. Requires: as above, and not backwards.
Status fetch_chunks(const EventLog& log, const Fetch& fetch, ChunkWriter& writer, const std::function<bool(const SharedChunk&, bool full)>& made);

// The same for a group: what passes of (range.after, …], each event with its key.
struct GroupStretch {
  Position upto;                 // how far it came
  std::vector<GroupEvent> events;
};
Result<GroupStretch> fetch_stretch(const EventLog& log, const Group::Want& want, const Filter* filter);

inline constexpr std::chrono::milliseconds kFetchTimeMax{20};

}  // namespace annals::stream
