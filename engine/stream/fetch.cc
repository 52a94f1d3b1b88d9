#include "engine/stream/fetch.h"

#include <algorithm>
#include <deque>

#include "engine/codec/codec.h"

namespace annals::stream {
namespace {

constexpr std::uint64_t kBackwardsStep = 256;      // the log is read forwards, so backwards is read in steps
constexpr std::uint64_t kLooksBetweenClocks = 64;

StoredEventView view_of(const StoredEvent& stored) { return {stored.position, stored.header, stored.body, stored.salt, stored.leaf}; }

Result<Event> opened(const StoredEvent& stored, Parts parts, const EventLog& log) {
  // Of an erased event the log knows what was kept.
  auto event = stored.erased ? log.get(stored.position) : decode_event(stored.header, stored.body, {.parts = parts});
  if (!event) return at("event " + std::to_string(stored.position.value), event.error());
  return event;
}

Result<bool> passes(const StoredEvent& stored, const Filter* filter, const EventLog& log) {
  if (filter == nullptr || filter->all()) return true;
  ANNALS_TRY(const Event event, opened(stored, Parts::kAll, log));
  return filter->matches(event, log);
}

class Deadline {
 public:
  // Asks the clock now and then only.
  bool passed() { return ++looks_ % kLooksBetweenClocks == 0 && std::chrono::steady_clock::now() - begun_ > kFetchTimeMax; }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::uint64_t looks_ = 0;
};

Result<SharedChunk> forwards(const EventLog& log, const Fetch& fetch, ChunkWriter& writer) {
  Deadline deadline;
  Position upto = fetch.range.after;
  std::optional<Error> failed;
  auto read = log.read_stored(fetch.range, [&](const StoredEvent& stored) {
    auto pass = passes(stored, fetch.filter.get(), log);
    if (!pass) {
      failed = pass.error();
      return Visit::kStop;
    }
    if (*pass) writer.add(view_of(stored), fetch.envelopes_only);
    upto = stored.position;
    return writer.events() >= fetch.events_max || writer.bytes() >= fetch.bytes_max || deadline.passed() ? Visit::kStop : Visit::kContinue;
  });
  if (!read) failed = read.error();
  // What was read before the damage is good: it goes out first, and the damage is met again with the next chunk.
  if (failed && upto == fetch.range.after) return *failed;
  return writer.finish(fetch.range.after, upto);
}

Result<SharedChunk> backwards(const EventLog& log, const Fetch& fetch, ChunkWriter& writer) {
  Deadline deadline;
  Position down_to = fetch.range.upto;   // all behind it has been looked at
  while (down_to > fetch.range.after) {
    const Position low{std::max(fetch.range.after.value, down_to.value - std::min(down_to.value, kBackwardsStep))};
    std::vector<StoredEvent> step;
    auto read = log.read_stored({low, down_to}, [&](const StoredEvent& stored) {
      step.push_back(stored);
      return Visit::kContinue;
    });
    if (!read) {
      if (down_to == fetch.range.upto) return read.error();
      break;
    }
    for (auto stored = step.rbegin(); stored != step.rend(); ++stored) {
      ANNALS_TRY(const bool pass, passes(*stored, fetch.filter.get(), log));
      if (pass) writer.add(view_of(*stored), fetch.envelopes_only);
      down_to = Position{stored->position.value - 1};
      if (writer.events() >= fetch.events_max || writer.bytes() >= fetch.bytes_max || deadline.passed()) return writer.finish(down_to, fetch.range.upto);
    }
  }
  return writer.finish(down_to, fetch.range.upto);
}

}  // namespace

Result<SharedChunk> fetch_chunk(const EventLog& log, const Fetch& fetch, ChunkWriter& writer) {
  check(fetch.range.after < fetch.range.upto && fetch.events_max > 0, "a fetch asks for something");
  writer.clear();
  return fetch.backwards ? backwards(log, fetch, writer) : forwards(log, fetch, writer);
}

Result<GroupStretch> fetch_stretch(const EventLog& log, const Group::Want& want, const Filter* filter) {
  check(want.range.after < want.range.upto && want.events_max > 0 && want.bytes_max > 0, "a fetch asks for something");
  const bool filtered = filter != nullptr && !filter->all();
  Deadline deadline;
  GroupStretch out{want.range.after, {}};
  std::size_t bytes = 0;
  std::optional<Error> failed;
  auto read = log.read_stored(want.range, [&](const StoredEvent& stored) {
    auto event = opened(stored, filtered ? Parts::kAll : Parts::kClaims, log);
    if (!event) {
      failed = event.error();
      return Visit::kStop;
    }
    if (!filtered || filter->matches(*event, log)) {
      const std::size_t size = stored.header.size() + stored.body.size() + 2 * sizeof(Digest);
      out.events.push_back({stored.position, group_key(*event, log), std::make_shared<const StoredEvent>(stored), size});
      bytes += size;
    }
    out.upto = stored.position;
    return out.events.size() >= want.events_max || bytes >= want.bytes_max || deadline.passed() ? Visit::kStop : Visit::kContinue;
  });
  if (!read) failed = read.error();
  if (failed && out.upto == want.range.after) return *failed;
  return out;
}

}  // namespace annals::stream
