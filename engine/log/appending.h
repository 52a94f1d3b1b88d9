#pragma once
// What every implementation of the log does to an event before it is written. Internal to engine/log.

#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "engine/codec/codec.h"
#include "engine/log/event_log.h"

namespace annals::appending {

inline constexpr Micros kClockBehindMax = std::chrono::hours(1);
inline constexpr Micros kClockAheadMax = std::chrono::hours(24);

// A draft made ready by its own thread: all but its place and time.
struct Prepared {
  EncodedDraft draft;
  Digest salt;
  Digest body_digest;
};
// kInvalid also where a draft is an erasure, unless that is what is asked for.
enum class Erasures : std::uint8_t { kRefused, kTaken };
Result<std::vector<Prepared>> prepare(std::span<const EventDraft> batch, Erasures erasures = Erasures::kRefused);
Result<std::vector<Prepared>> prepare(std::vector<EncodedDraft> batch);

// The time to write beside the next event: the clock's, but never before `last`. kInvalid where the clock cannot be trusted.
Result<Instant> recording_time(Instant now, std::optional<Instant> last, bool allow_clock_jump);

// Gives it place and time. Its leaf is made of it then, by leaf_hash().
StoredEvent finish(Prepared prepared, Position position, Instant recorded_at);

// Two pieces of work for `events`, at once where these are so many that it is worth a thread.
template <class One, class Other>
void both(std::size_t events, const One& one, const Other& other) {
  constexpr std::size_t kWorthAThread = 256;
  static const bool one_core = std::thread::hardware_concurrency() < 2;   // the system is asked through a file
  if (events < kWorthAThread || one_core) return one(), other();
  const std::jthread beside(other);   // joined also where `one` throws
  one();
}
// work(from, to) over [0, count), in halves. Encoding and hashing are most of what a long batch costs the processor.
template <class Work>
void in_halves(std::size_t count, const Work& work) {
  const std::size_t half = count / 2;
  both(count, [&] { work(std::size_t{0}, half); }, [&] { work(half, count); });
}

// Whether the draft says what the log already stores under its id.
Result<bool> same_content(const EncodedEvent& draft, const StoredView& stored);

// The events of a restored batch, each checked by itself and against the one before it.
Result<std::vector<Event>> check_restored(std::span<const StoredEvent> batch, Position last, std::optional<Instant> last_recorded);

// The stored event as an event; of an erased one, what the header keeps. kCorrupt names the position.
Result<Event> open_stored(const StoredView& stored, ReadOptions options);
Status check_leaf(const StoredView& stored);

Error at_position(Position position, Error error);
Error conflict(Position position, const EventId& id);
Error note_erased(const Digest& hash, Position erasure, ErrorCode code);
Status check_note(const Digest& hash, std::string_view bytes);

}  // namespace annals::appending
