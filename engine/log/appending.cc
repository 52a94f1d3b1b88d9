#include "engine/log/appending.h"

#include <fmt/format.h>

#include "engine/base/random.h"
#include "engine/proof/proof.h"

namespace annals::appending {

namespace {

// `encoded(i)` is the i-th draft.
template <class Encoded>
Result<std::vector<Prepared>> prepare_each(std::size_t count, Erasures erasures, const Encoded& encoded) {
  check(count <= kBatchEventsMax, "a batch is no longer than kBatchEventsMax");
  std::vector<Prepared> out(count);
  const std::vector<Digest> salts = random_digests(count);
  const auto prepared = [&](std::size_t i) -> Status {
    Prepared& one = out[i];
    ANNALS_TRY(one.draft, encoded(i));
    if (erasures == Erasures::kRefused && one.draft.kind == EventKind::kErasure)
      return Error{ErrorCode::kInvalid, "an erasure is not appended like other events: it has to be carried out, where the store is"};
    one.salt = salts[i];
    one.body_digest = body_digest(salts[i], one.draft.bytes.body);
    return {};
  };
  Status first, second;   // the first half's error is told before the second's
  in_halves(count, [&](std::size_t from, std::size_t to) {
    Status& status = from == 0 ? first : second;
    for (std::size_t i = from; i < to && status; ++i) status = prepared(i);
  });
  ANNALS_CHECK_OK(first);
  ANNALS_CHECK_OK(second);
  return out;
}

}  // namespace

Result<std::vector<Prepared>> prepare(std::span<const EventDraft> batch, Erasures erasures) {
  return prepare_each(batch.size(), erasures, [&](std::size_t i) -> Result<EncodedDraft> {
    const EventBody& body = batch[i].body;
    EncodedDraft out{event_id(body), static_cast<EventKind>(body.index()), {}};
    ANNALS_TRY(out.bytes, encode_event(out.id, batch[i].actor, body));
    return out;
  });
}

Result<std::vector<Prepared>> prepare(std::vector<EncodedDraft> batch) {
  return prepare_each(batch.size(), Erasures::kRefused, [&](std::size_t i) -> Result<EncodedDraft> { return std::move(batch[i]); });
}

Result<Instant> recording_time(Instant now, std::optional<Instant> last, bool allow_clock_jump) {
  if (!last) return now;
  if (now < *last - kClockBehindMax) {
    return Error{ErrorCode::kInvalid, fmt::format("the clock says {}, more than an hour before the last recorded event ({}): set the clock right",
                                                  format_utc(now), format_utc(*last))};
  }
  if (now > *last + kClockAheadMax && !allow_clock_jump) {
    return Error{ErrorCode::kInvalid, fmt::format("the clock says {}, more than a day after the last recorded event ({}): recording there "
                                                  "cannot be taken back, so it has to be allowed",
                                                  format_utc(now), format_utc(*last))};
  }
  return std::max(now, *last);
}

StoredEvent finish(Prepared prepared, Position position, Instant recorded_at) {
  StoredEvent out;
  out.position = position;
  out.header = std::move(prepared.draft.bytes.header);
  stamp_header(out.header, position, recorded_at);
  out.salt = prepared.salt;
  out.body = std::move(prepared.draft.bytes.body);
  return out;
}

Result<bool> same_content(const EncodedEvent& draft, const StoredView& stored) {
  if (stored.erased) return Error{ErrorCode::kConflict, fmt::format("event {} was erased by event {}: what it said cannot be compared any more", stored.position.value, stored.erased->value)};
  if (draft.body != stored.body) return false;
  ANNALS_TRY(const Event first, decode_event(stored.header, stored.body, {.parts = Parts::kEnvelope}));
  ANNALS_TRY(Event again, decode_event(draft.header, draft.body));
  if (again.id != first.id) return false;
  again.position = first.position;
  again.recorded_at = first.recorded_at;
  again.actor = first.actor;
  ANNALS_TRY(const EncodedEvent bytes, encode_event(again));
  return bytes.header == stored.header;
}

Result<std::vector<Event>> check_restored(std::span<const StoredEvent> batch, Position last, std::optional<Instant> last_recorded) {
  check(batch.size() <= kBatchEventsMax, "a batch is no longer than kBatchEventsMax");
  std::vector<Event> out;
  out.reserve(batch.size());
  for (const StoredEvent& stored : batch) {
    const auto bad = [&](std::string what) { return at_position(stored.position, Error{ErrorCode::kInvalid, std::move(what)}); };
    const Position next{last.value + 1};
    if (stored.position != next) return bad(fmt::format("expected position {} next", next.value));
    if (leaf_hash(stored.header, stored.digest()) != stored.leaf) return bad("its leaf is not that of its header, salt and body");
    if (stored.erased && *stored.erased <= stored.position) return bad("it was erased by an event that is not behind it");
    auto event = decode_event(stored.header, stored.body, {.parts = Parts::kAll, .from_outside = true, .erased = stored.erased.has_value()});
    if (!event) return event.error().code == ErrorCode::kCorrupt ? bad(event.error().message) : at_position(stored.position, event.error());
    if (event->position != next) return bad(fmt::format("its header says position {}", event->position.value));
    if (last_recorded && event->recorded_at < *last_recorded) {
      return bad(fmt::format("recorded at {}, before the event ahead of it ({})", format_utc(event->recorded_at), format_utc(*last_recorded)));
    }
    last = next;
    last_recorded = event->recorded_at;
    out.push_back(std::move(*event));
  }
  return out;
}

Status check_leaf(const StoredView& stored) {
  if (leaf_hash(stored.header, stored.digest()) == stored.leaf) return {};
  return at_position(stored.position, Error{ErrorCode::kCorrupt, "its bytes are not those that were recorded (the leaf differs)"});
}

Result<Event> open_stored(const StoredView& stored, ReadOptions options) {
  if (options.check_leaves) ANNALS_CHECK_OK(check_leaf(stored));
  auto event = decode_event(stored.header, stored.body, {.parts = options.parts, .erased = stored.erased.has_value()});
  if (!event) return at_position(stored.position, event.error());
  event->erased = stored.erased;
  if (event->position != stored.position) {
    return at_position(stored.position, Error{ErrorCode::kCorrupt, fmt::format("its header says position {}", event->position.value)});
  }
  return event;
}

Error at_position(Position position, Error error) { return at(fmt::format("event {}", position.value), std::move(error)); }

Error conflict(Position position, const EventId& id) {
  return {ErrorCode::kConflict, fmt::format("event {} has the id {} with other content; nothing was written", position.value, id.hex())};
}

Error note_erased(const Digest& hash, Position erasure, ErrorCode code) {
  return {code, fmt::format("note {} was erased by order (event {})", hash.hex(), erasure.value)};
}

Status check_note(const Digest& hash, std::string_view bytes) {
  if (const Digest real = sha256(bytes); real != hash) {
    return Error{ErrorCode::kInvalid, fmt::format("a note of hash {} was given as {}", real.hex(), hash.hex())};
  }
  return {};
}

}  // namespace annals::appending
