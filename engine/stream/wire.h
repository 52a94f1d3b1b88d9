#pragma once
// Messages to bytes and back: proto/wire.capnp as plain values. Cap'n Proto and its exceptions stop in wire.cc.
//
// Reading trusts nothing: nesting, traversal and counts are bounded by the length of the message, enumerants are range-checked, texts
// must be UTF-8. Whatever the bytes, the answer is a message or an Error.
// Threads: any; there is no state.

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/error.h"
#include "engine/base/time.h"
#include "engine/codec/codec.h"
#include "engine/event/event.h"
#include "engine/filter/filter.h"
#include "engine/log/event_log.h"
#include "engine/query/watch.h"
#include "engine/stream/frame.h"

namespace annals::stream {

inline constexpr std::uint16_t kProtocolVersion = 2;
inline constexpr std::uint16_t kGroupsSince = 2;          // version of the protocol: Subscribe.group, Settle
inline constexpr std::uint16_t kDefaultPort = 7447;
inline constexpr std::size_t kAppendEventsMax = 4096;   // in one message
inline constexpr std::size_t kFilterItemsMax = 256;     // of one member of a filter
inline constexpr std::size_t kWatchedKeysMax = 4096;    // of one watch
inline constexpr std::size_t kSettledMax = 65'536;       // in one message
inline constexpr std::size_t kWordsMax = 256;           // of one question

// ---- What a client says.

struct ClientHello {
  std::uint16_t version = kProtocolVersion;
  std::string program;
  std::optional<std::string> token;
};

// An Append as it came: its events are opened by whoever writes them, not by the thread that reads sockets.
struct AppendFrame {
  std::uint64_t request = 0;
  std::size_t events = 0;
  std::vector<std::uint64_t> words;   // the whole message
};

struct Subscribe {
  enum class From : std::uint8_t { kAfter, kNow, kName };
  enum class Until : std::uint8_t { kLive, kEnd, kUpto };
  std::uint32_t subscription = 0;
  From from = From::kAfter;
  Position after;
  std::string name;
  Until until = Until::kLive;
  Position upto;
  bool backwards = false;
  FilterSpec filter;
  std::uint32_t credit = 0;
  bool envelopes_only = false;
  bool group = false;   // kName: shared with others who say so
};

// Of what a member of a group was handed.
struct Rejection {
  Position position;
  std::string because;
};
struct Settle {
  std::uint32_t subscription = 0;
  std::vector<Position> done;
  std::vector<Rejection> rejected;
};

struct Watch {
  std::uint32_t subscription = 0;
  WatchSpec spec;
  std::optional<WatchPoint> from;   // none: now
};

struct Credit {
  std::uint32_t subscription = 0;
  std::uint32_t events = 0;
};
struct Ack {
  std::string name;
  Position position;
};
struct Unsubscribe {
  std::uint32_t subscription = 0;
};
struct Ask {
  std::uint64_t request = 0;
  std::vector<std::string> words;
};
struct NotePart {
  std::uint64_t request = 0;
  std::string bytes;
  bool done = false;
  std::string origin;
  std::optional<std::string> outlet;
  std::optional<std::string> published;
  std::optional<std::string> observed;
  std::optional<std::string> zone;
  std::optional<std::string> format;
  std::optional<std::string> actor;
};
struct Heartbeat {
  std::uint64_t number = 0;
};
struct Goodbye {
  std::string why;   // the server's; a client gives none
};
// A message of a later protocol.
struct UnknownMessage {
  std::uint16_t which = 0;
};

using ClientMessage =
    std::variant<ClientHello, AppendFrame, Subscribe, Credit, Ack, Unsubscribe, Ask, NotePart, Heartbeat, Goodbye, Watch, Settle, UnknownMessage>;

// ---- What a server says.

struct ServerHello {
  std::uint16_t version = kProtocolVersion;
  std::string program;
  Position last;
  std::string zone;
  std::uint32_t frame_bytes_max = 0;
  std::uint32_t append_events_max = 0;
  std::chrono::milliseconds idle{0};
  Instant now{};
};
// The log's size and root at some moment.
struct LogHead {
  std::uint64_t size = 0;
  Digest root;
};
struct Appended {
  std::uint64_t request = 0;
  std::vector<Receipt> receipts;
  std::optional<LogHead> head;   // none: of a server that does not say it
};
struct Subscribed {
  std::uint32_t subscription = 0;
  Position after;
  Position last;
};
// A stored event where it lies: in a message that came, or in a row that is read.
struct StoredEventView {
  Position position;
  std::string_view header;
  std::string_view body;
  Digest salt;
  Digest leaf;
};
struct Batch {
  std::uint32_t subscription = 0;
  Position through;
  Position last;
  std::vector<StoredEventView> events;   // views of the message
};
// How a watch's answers have changed since its Changes before.
struct Changes {
  std::uint32_t subscription = 0;
  WatchPoint at;
  std::vector<std::string> changes;   // JSON objects
};
struct Ended {
  std::uint32_t subscription = 0;
  Position through;
};
struct Acked {
  std::string name;
  Position position;
};
struct Answer {
  std::uint64_t request = 0;
  std::string text;
  bool done = false;
  std::uint8_t status = 0;
};

// The pieces of an answer together.
struct CommandAnswer {
  std::string text;
  std::uint8_t status = 0;   // the command's exit status
};

// As proto::ErrorCode; the first eight are annals::ErrorCode's.
enum class WireCode : std::uint8_t { kNotFound, kInvalid, kConflict, kOverloaded, kLocked, kUnsupported, kCorrupt, kIo, kDenied, kTooSlow };
WireCode wire_code(ErrorCode code);
ErrorCode error_code(WireCode code);   // denied is kInvalid, too slow is kOverloaded
std::string_view wire_code_name(WireCode code);

struct WireError {
  WireCode code = WireCode::kInvalid;
  std::string message;
  enum class About : std::uint8_t { kConnection, kRequest, kSubscription };
  About about = About::kConnection;
  std::uint64_t number = 0;   // of the request or subscription
  Position through;
};

using ServerMessage =
    std::variant<ServerHello, Appended, Subscribed, Batch, Ended, Acked, Answer, Heartbeat, WireError, Goodbye, Changes, UnknownMessage>;

// ---- Reading. kInvalid: not a message, with what is wrong.
Result<ClientMessage> read_client_message(Frame frame);
Result<ServerMessage> read_server_message(Frame frame);

// The events of an Append. kInvalid: an event that is none or whose id is not its content's. `may` is shown each and refuses all with its error.
Result<std::vector<EncodedDraft>> drafts_of(const AppendFrame& append, const std::function<Status(const EventBody&)>& may);

// ---- Writing: whole messages with their segment table.
using Words = std::vector<std::uint64_t>;
Words write_message(const ClientHello& hello);
Words write_message(const Subscribe& subscribe);
Words write_message(const Credit& credit);
Words write_message(const Ack& ack);
Words write_message(const Unsubscribe& unsubscribe);
Words write_message(const Ask& ask);
Words write_message(const NotePart& part);
Words write_message(const Watch& watch);
Words write_message(const Settle& settle);
struct EncodedAppend {
  std::uint64_t request = 0;
  std::span<const EncodedEvent> events;
};
Words write_message(const EncodedAppend& append);
Words write_client_heartbeat(std::uint64_t number);
Words write_client_goodbye();

Words write_message(const ServerHello& hello);
Words write_message(const Appended& appended);
Words write_message(const Subscribed& subscribed);
Words write_message(const Changes& changes);
Words write_message(const Ended& ended);
Words write_message(const Acked& acked);
Words write_message(const Answer& answer);
Words write_message(const WireError& error);
Words write_server_heartbeat(std::uint64_t number);
Words write_server_goodbye(std::string_view why);

// ---- Batches: their events are encoded once and sent to many.
//
// A batch is a message of two segments. The first is the receiver's own: subscription, through, last. The second is shared by all who
// get the same events, and begins with the list's pointer, which the first one reaches by a far pointer
// (https://capnproto.org/encoding.html#inter-segment-pointers). To a reader it is a message like any other. The list stands behind what its
// elements point to: so an event is written once, where it stays, before it is known how many there are.

// Memory of chunks that have gone, for those to come: fresh memory costs a page fault for every few events.
// Threads: every function from any.
class ChunkMemory {
 public:
  struct Block {
    std::unique_ptr<std::uint64_t[]> words;
    std::size_t capacity = 0;                    // in words
  };
  // At most `bytes_max` wait. A block is no smaller than `block_bytes`, so that it serves for any usual chunk.
  ChunkMemory(std::size_t bytes_max, std::size_t block_bytes) : bytes_max_(bytes_max), block_words_(block_bytes / sizeof(std::uint64_t)) {}
  Block take(std::size_t words);                 // of at least so many, not cleared
  void give(Block block);                        // what is too much is let go
  std::size_t waiting() const;                   // bytes

 private:
  const std::size_t bytes_max_;
  const std::size_t block_words_;
  mutable std::mutex mutex_;
  std::size_t bytes_ = 0;
  std::vector<Block> waiting_;                   // the one that came last goes first: it may be in the processor's cache
};

struct Chunk {
  Position after;      // the range that it answers for: (after, upto]; what the filter drops is not in it
  Position upto;
  std::uint32_t events = 0;
  std::span<const std::uint64_t> segment;   // of `block`: the list's pointer, events, list
  ChunkMemory::Block block;
  std::shared_ptr<ChunkMemory> memory;      // that it came from; none: it is its own
  std::size_t bytes() const { return segment.size_bytes(); }
  Chunk() = default;
  Chunk(const Chunk&) = delete;
  Chunk& operator=(const Chunk&) = delete;
  ~Chunk() {
    if (memory) memory->give(std::move(block));
  }
};
using SharedChunk = std::shared_ptr<const Chunk>;

// Gathers events and encodes them together. Keeps its memory between chunks.
class ChunkWriter {
 public:
  explicit ChunkWriter(std::shared_ptr<ChunkMemory> memory = nullptr) : memory_(std::move(memory)) {}
  ChunkWriter(const ChunkWriter&) = delete;
  ChunkWriter& operator=(const ChunkWriter&) = delete;
  ~ChunkWriter() {
    if (memory_) memory_->give(std::move(block_));
  }
  void add(const StoredEventView& event, bool envelope_only = false);
  std::size_t bytes() const;                     // of the segment as it would be now
  std::uint32_t events() const { return static_cast<std::uint32_t>(rows_.size()); }
  void clear() { rows_.clear(), used_ = kFirst; }
  // In the order in which they were added. The writer is empty after it.
  SharedChunk finish(Position after, Position upto);

 private:
  static constexpr std::size_t kFirst = 1;       // word behind the list's pointer
  struct Row {
    std::uint64_t position;
    std::size_t at;       // of its bytes, in words
    std::uint32_t header; // bytes
    std::uint32_t body;
  };
  std::uint64_t* take(std::size_t words);        // more of the segment
  ChunkMemory::Block taken(std::size_t words);
  const std::shared_ptr<ChunkMemory> memory_;
  std::vector<Row> rows_;
  ChunkMemory::Block block_;
  std::size_t used_ = kFirst;
  std::size_t usual_ = 0;          // words of the chunk before, and some: where memory is taken anew
};

// The events of a chunk, in its order. Views of it.
std::vector<StoredEventView> events_of(const Chunk& chunk);

// What goes before a chunk's segment to make it a message.
Words write_batch_head(std::uint32_t subscription, Position through, Position last, const Chunk& chunk);
// A batch without events: nothing passed the filter up to `through`.
Words write_empty_batch(std::uint32_t subscription, Position through, Position last);

}  // namespace annals::stream
