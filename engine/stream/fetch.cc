#include "engine/stream/fetch.h"

#include <algorithm>

#include "engine/codec/codec.h"
#include "engine/filter/term_index.h"

namespace annals::stream {
namespace {

constexpr std::uint64_t kBackwardsStep = 256;      // the log is read forwards, so backwards is read in steps
constexpr std::uint64_t kLooksBetweenClocks = 64;

StoredEventView view_of(const StoredView& stored) { return {stored.position, stored.header, stored.body, stored.salt, stored.leaf}; }

Result<Event> opened(const StoredView& stored, Parts parts, const EventLog& log) {
  // Of an erased event the log knows what was kept.
  auto event = stored.erased ? log.get(stored.position) : decode_event(stored.header, stored.body, {.parts = parts});
  if (!event) return at("event " + std::to_string(stored.position.value), event.error());
  return event;
}

Result<bool> passes(const StoredView& stored, const Filter* filter, const EventLog& log) {
  if (filter == nullptr || filter->all()) return true;
  if (!filter->kinds().empty()) {
    const auto kind = kind_of_header(stored.header);
    if (!kind) return at("event " + std::to_string(stored.position.value), kind.error());
    if (!filter->takes(*kind)) return false;
    if (filter->only_kinds()) return true;
  }
  ANNALS_TRY(const Event event, opened(stored, filter->parts(), log));
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

// Damage is met again by the next call: where something was read before it, that goes out first.
Result<Position> came_to(const CandidatesRead& read, Position after) {
  if (read.failed && read.upto == after) return *read.failed;
  return read.upto;
}

Result<SharedChunk> forwards(const EventLog& log, const Fetch& fetch, ChunkWriter& writer) {
  Deadline deadline;
  const auto read = read_candidates(log, fetch.range, fetch.filter.get(), [&](const StoredView& stored) -> Result<Visit> {
    ANNALS_TRY(const bool pass, passes(stored, fetch.filter.get(), log));
    if (pass) writer.add(view_of(stored), fetch.envelopes_only);
    return writer.events() >= fetch.events_max || writer.bytes() >= fetch.bytes_max || deadline.passed() ? Visit::kStop : Visit::kContinue;
  });
  ANNALS_TRY(const Position upto, came_to(read, fetch.range.after));
  return writer.finish(fetch.range.after, upto);
}

Result<SharedChunk> backwards(const EventLog& log, const Fetch& fetch, ChunkWriter& writer) {
  Deadline deadline;
  Candidates candidates(log, fetch.filter.get(), fetch.range);
  Position down_to = fetch.range.upto;   // all behind it has been looked at
  const auto damaged = [&](const Error& error) -> Result<SharedChunk> {
    if (down_to == fetch.range.upto) return error;
    return writer.finish(down_to, fetch.range.upto);
  };
  while (true) {
    const auto stretch = candidates.back();
    if (!stretch) return damaged(stretch.error());
    if (!*stretch) return writer.finish(fetch.range.after, fetch.range.upto);
    for (Position high = (*stretch)->upto; high > (*stretch)->after;) {
      const Position low{std::max((*stretch)->after.value, high.value - std::min(high.value, kBackwardsStep))};
      std::vector<StoredEvent> step;
      const auto read = log.read_stored({low, high}, [&](const StoredView& stored) {
        step.push_back(stored.copy());
        return Visit::kContinue;
      });
      if (!read) return damaged(read.error());
      for (auto stored = step.rbegin(); stored != step.rend(); ++stored) {
        const auto pass = passes(stored->view(), fetch.filter.get(), log);
        if (!pass) return damaged(pass.error());
        if (*pass) writer.add(view_of(stored->view()), fetch.envelopes_only);
        down_to = Position{stored->position.value - 1};
        if (writer.events() >= fetch.events_max || writer.bytes() >= fetch.bytes_max || deadline.passed()) return writer.finish(down_to, fetch.range.upto);
      }
      high = low;
    }
  }
}

}  // namespace

Result<SharedChunk> fetch_chunk(const EventLog& log, const Fetch& fetch, ChunkWriter& writer) {
  check(fetch.range.after < fetch.range.upto && fetch.events_max > 0, "a fetch asks for something");
  writer.clear();
  return fetch.backwards ? backwards(log, fetch, writer) : forwards(log, fetch, writer);
}

Status fetch_chunks(const EventLog& log, const Fetch& fetch, ChunkWriter& writer, const std::function<bool(const SharedChunk&, bool full)>& made) {
  check(fetch.range.after < fetch.range.upto && fetch.events_max > 0 && !fetch.backwards, "a fetch asks for something");
  writer.clear();
  Position after = fetch.range.after;
  bool wanted = true;
  Deadline deadline;
  const auto read = read_candidates(log, fetch.range, fetch.filter.get(), [&](const StoredView& stored) -> Result<Visit> {
    ANNALS_TRY(const bool pass, passes(stored, fetch.filter.get(), log));
    if (pass) writer.add(view_of(stored), fetch.envelopes_only);
    if (writer.events() < fetch.events_max && writer.bytes() < fetch.bytes_max && !deadline.passed()) return Visit::kContinue;
    wanted = made(writer.finish(std::exchange(after, stored.position), stored.position), true);
    deadline = {};
    return wanted ? Visit::kContinue : Visit::kStop;
  });
  if (!wanted) return {};
  if (read.upto > after) made(writer.finish(after, read.upto), false);   // damage is met again by the next call
  else if (read.failed) return *read.failed;
  return {};
}

Result<GroupStretch> fetch_stretch(const EventLog& log, const Group::Want& want, const Filter* filter) {
  check(want.range.after < want.range.upto && want.events_max > 0 && want.bytes_max > 0, "a fetch asks for something");
  const bool filtered = filter != nullptr && !filter->all();
  Deadline deadline;
  GroupStretch out{want.range.after, {}};
  std::size_t bytes = 0;
  const auto read = read_candidates(log, want.range, filter, [&](const StoredView& stored) -> Result<Visit> {
    ANNALS_TRY(const Event event, opened(stored, filtered ? std::max(filter->parts(), Parts::kClaims) : Parts::kClaims, log));
    if (!filtered || filter->matches(event, log)) {
      const std::size_t size = stored.header.size() + stored.body.size() + 2 * sizeof(Digest);
      out.events.push_back({stored.position, group_key(event, log), std::make_shared<const StoredEvent>(stored.copy()), size});
      bytes += size;
    }
    return out.events.size() >= want.events_max || bytes >= want.bytes_max || deadline.passed() ? Visit::kStop : Visit::kContinue;
  });
  ANNALS_TRY(out.upto, came_to(read, want.range.after));
  return out;
}

}  // namespace annals::stream
