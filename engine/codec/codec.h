#pragma once
// Events to bytes and back. Cap'n Proto and its exceptions stop here.
//
// The bytes are canonical (https://capnproto.org/encoding.html#canonicalization): one segment without framing, objects in preorder,
// trailing zero words cut. The same event gives the same bytes on any machine, with any later schema that only adds members.
//
// Decoding trusts nothing: lengths, pointers, nesting and amplification are bounded by the length of the input, enumerants are
// range-checked, digests must have 32 bytes, numbers must be finite. Whatever the bytes, the answer is an event or an Error.
// Threads: any; there is no state.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/event/event.h"

namespace annals {

struct EncodedEvent {
  std::string header;   // length a multiple of 8, like the body's
  std::string body;
};

// An event ready to be appended, but for its place and time. `bytes` are encode_event's, of this id and kind.
struct EncodedDraft {
  EventId id;
  EventKind kind = EventKind::kNote;
  EncodedEvent bytes;
};

// No event's header or body is longer. A reading of one statement is a few KiB; an erasure with what it keeps may be long.
inline constexpr std::size_t kEventBytesMax = 64u << 20;

// kInvalid: what must not be stored (a number that is not finite, text that is not UTF-8, more than kEventBytesMax), naming the field.
// Requires: event.id is event_id(event.body).
Result<EncodedEvent> encode_event(const Event& event);
// The same of one that has neither place nor time yet. Requires: `id` is event_id(body).
Result<EncodedEvent> encode_event(const EventId& id, const std::string& actor, const EventBody& body);
// With its id and kind, as the log appends it.
Result<EncodedDraft> encode_draft(const EventDraft& draft);

// Writes position and recording time into an encoded header, in place. They are the last things known of an event, and the same
// bytes come out as if encode_event had known them. Requires: a header from encode_event; position is not 0.
void stamp_header(std::string& header, Position position, Instant recorded_at);

// How much of an event a reader needs. What is not needed is left empty, and its bytes are not looked at.
enum class Parts : std::uint8_t {
  kEnvelope,   // position, id, recorded_at, actor, kind; the body is a default one of the right kind
  kClaims,     // all but what only people look at: a statement's texts, its mentions (times, quantities, entities)
  kText,       // these, and what a statement says, without where its pieces stand
  kAll,
};

struct DecodeOptions {
  Parts parts = Parts::kAll;
  // For bytes from outside, where no leaf vouches for them: also requires canonical bytes, UTF-8 texts, and that the id is the
  // content's. About twice the time.
  bool from_outside = false;
  // The body was erased and must be empty: the event has what the header keeps, and `erased` is set, without the place.
  bool erased = false;
};

// Slices need not be aligned: those that are not are copied once.
// kCorrupt: not an event; says what is wrong. kUnsupported: an event of a kind this program does not know.
Result<Event> decode_event(std::string_view header, std::string_view body, DecodeOptions options = {});

// The kind that a stored header says, and nothing else of it: a tenth of what the envelope costs. Errors as of decode_event.
Result<EventKind> kind_of_header(std::string_view header);

// When an event was published, read and recorded, as its header says; nothing else of it is looked at. A scan for times alone opens no
// bodies. Errors as of decode_event.
struct EventTimes {
  Instant recorded_at{};
  bool statement = false;              // one without known_from is undated
  std::optional<Instant> known_from;   // of a statement's article, or of a withdrawal
  std::optional<Instant> observed;     // of a statement's article
};
Result<EventTimes> times_of_header(std::string_view header);
EventTimes times_of(const Event& event);

// An event from outside, and what is to be stored of it: bytes as encode_event makes them of one that has neither place nor time. They are
// made to check those that came; who appends the event need not make them again.
struct OutsideEvent {
  Event event;
  EncodedEvent bytes;
};
// As decode_event does with `from_outside`. kInvalid: it has claims that this program does not know, and so cannot write.
Result<OutsideEvent> open_outside_event(std::string_view header, std::string_view body);

}  // namespace annals
