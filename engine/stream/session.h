#pragma once
// One client's side of a server: what it has said, what it may see, what is on the way to it. PROTOCOL.md tells the conversation.
//
// No socket, no thread, no clock of its own: messages and answers come in through the functions below, and what is to be done goes out
// to the SessionHost, so that tests and the fuzzer drive it as a server does.
//
// Why nothing is skipped or repeated where catching up ends and live begins: a subscription is a cursor, and every chunk says the range
// (after, upto] that it answers for. A chunk is sent only where its `after` is the cursor, which then becomes its `upto`. Whether the
// chunk came from memory or from the log makes no difference to it.
// Bounds: what is queued for the peer (outbox_bytes, and one chunk more), what it has asked to append, questions under way,
// subscriptions. A peer that reads slowly is not read from either, and holds up nobody else.
// Threads: one at a time.

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/filter/filter.h"
#include "engine/language/lexicon.h"
#include "engine/stream/tokens.h"
#include "engine/stream/wire.h"

namespace annals::stream {

using SteadyTime = std::chrono::steady_clock::time_point;

struct SessionLimits {
  std::size_t outbox_bytes = 1u << 20;           // queued for the peer; nothing more is read for it beyond
  std::size_t append_bytes = 8u << 20;           // sent by the peer and not written yet; its socket is not read beyond
  std::size_t appends = 4096;                    // likewise, in messages
  std::size_t note_bytes = 64u << 20;            // of one note that comes in pieces
  std::size_t asks = 8;                          // questions and notes under way
  std::size_t subscriptions = 64;
  std::uint32_t chunk_events = 1024;             // in one batch
  std::size_t chunk_bytes = 512u << 10;
  std::chrono::milliseconds look_again{5'000};   // a watch looks so often whether the clock has changed its answers; seldomer where
                                                 // looking takes more than a twentieth of that
  std::chrono::milliseconds idle{30'000};        // silence after which the peer counts as gone; heartbeats go out at a third of it
  std::chrono::milliseconds hello{10'000};       // from the connection to the hello
};

// A message on its way out: its own words, and perhaps a chunk that it shares with others.
struct Outgoing {
  Words head;
  SharedChunk chunk;
  std::size_t bytes() const { return head.size() * sizeof(std::uint64_t) + (chunk ? chunk->bytes() : 0); }
};

// A stretch of the log for one subscription.
struct Fetch {
  std::uint32_t subscription = 0;
  std::uint64_t serial = 0;                      // comes back with the chunk
  PositionRange range;
  bool backwards = false;                        // from range.upto down
  bool envelopes_only = false;
  std::shared_ptr<const Filter> filter;          // none: everything
  std::uint32_t events_max = 0;
  std::size_t bytes_max = 0;
};

// How a watch's answers have changed. The peer's number and a serial come back with the outcome.
struct Look {
  std::uint32_t subscription = 0;
  std::uint64_t serial = 0;
  std::shared_ptr<const WatchSpec> spec;
  std::optional<WatchPoint> from;                // none: only say what `now` is
  Position upto;
};
struct LookOutcome {
  WatchPoint at;
  std::chrono::milliseconds took{0};
  std::vector<std::string> changes;              // JSON objects
};

// A note as it came together.
struct WholeNote {
  NotePart head;                                 // `bytes` is all of it
};

class SessionHost {
 public:
  virtual ~SessionHost() = default;
  virtual void send(Outgoing message) = 0;       // in this order; Session::drained() when it has left
  virtual void close() = 0;                      // after what was sent before
  virtual Position last() const = 0;             // newest event that may be shown
  // The chunk of everything that begins behind `after`, where it is in memory; none: fetch it.
  virtual SharedChunk recent(Position after) const = 0;
  virtual void fetch(Fetch fetch) = 0;                              // → fetched()
  // What the rights do not reach is refused event by event: their limits show only once an event is opened.
  virtual void append(std::vector<AppendFrame> frames, std::shared_ptr<const Rights> rights) = 0;   // → appended()
  virtual void ask(Ask ask, std::shared_ptr<const Rights> rights) = 0;                              // → answered()
  virtual void take_note(WholeNote note) = 0;                       // → answered()
  virtual void look(Look look) = 0;                                 // → looked()
  // Durable names. kConflict: another connection follows it; kInvalid: no name. The position acknowledged last, 0 of a new one.
  virtual Result<Position> open_name(const std::string& name) = 0;
  virtual void close_name(const std::string& name) = 0;
  virtual Status acknowledge(const std::string& name, Position position) = 0;   // → acked()
  // Groups (groups.h). join() says where the name is; nothing is handed() before group_has_room(), which is said whenever the peer takes
  // more. kConflict: others follow the name, alone or with another filter; kOverloaded.
  virtual Result<Position> join_group(const Subscribe& request, std::shared_ptr<const Filter> filter) = 0;
  virtual void leave_group(const std::string& name, std::uint32_t subscription, bool lost) = 0;
  virtual void grant_in_group(const std::string& name, std::uint32_t subscription, std::uint64_t credit) = 0;
  virtual void settle_in_group(const std::string& name, const Settle& settle) = 0;
  virtual void group_has_room(const std::string& name) = 0;
  virtual Result<Rights> admit(const ClientHello& hello) = 0;       // kInvalid: the token is none
  virtual ServerHello hello() const = 0;
};

// Of one append: receipts, or what was wrong with it; and the log's head once they were on disk.
struct AppendOutcome {
  std::uint64_t request = 0;
  Result<std::vector<Receipt>> receipts;
  std::optional<LogHead> head{};
};

class Session {
 public:
  // All must outlive it.
  Session(SessionHost& host, const Lexicon& lexicon, const SessionLimits& limits, SteadyTime now);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void receive(Frame frame, SteadyTime now);
  // The bytes that came are no messages.
  void receive_garbage(const Error& error);
  void fetched(std::uint32_t subscription, std::uint64_t serial, Result<SharedChunk> chunk);
  void appended(std::vector<AppendOutcome> outcomes);
  void answered(std::uint64_t request, Result<CommandAnswer> answer);
  void looked(std::uint32_t subscription, std::uint64_t serial, Result<LookOutcome> outcome);
  void acked(const std::string& name, Position position);
  // Of a group: what this member is to deal with, and how far the name is.
  void handed(std::uint32_t subscription, Position position, SharedChunk events);
  void group_moved(std::uint32_t subscription, Position position);
  // It is no member any more; the host knows.
  void expelled(std::uint32_t subscription, WireCode code, std::string because, Position position);
  bool has_room() const { return state_ == State::kOpen && outbox_ < limits_.outbox_bytes; }
  void woke();                                  // last() has moved
  void drained(std::size_t bytes);              // so much of what was sent has left
  void tick(SteadyTime now);                    // about once a second
  // The peer is gone: nothing more is said to the host, but that its names are free.
  void abandon();
  // The server stops: answers what is under way, says goodbye, closes.
  void stop(const std::string& why);

  // False while the peer has more under way than it may: its socket is left alone. Asked after each of the calls above.
  bool wants_input() const;
  bool closed() const { return state_ == State::kClosed; }
  bool open() const { return state_ == State::kOpen; }
  std::size_t outbox() const { return outbox_; }
  std::size_t subscriptions() const { return subscriptions_.size() + watches_.size() + memberships_.size(); }

 private:
  enum class State : std::uint8_t { kHello, kOpen, kLeaving, kClosed };
  struct Subscription;
  struct Watching;
  struct LongAnswer {
    std::uint64_t request;
    CommandAnswer answer;
    std::size_t sent = 0;
  };

  void handle(ClientHello&& hello);
  void handle(AppendFrame&& append);
  void handle(Subscribe&& subscribe);
  void handle(Credit&& credit);
  void handle(Ack&& ack);
  // Whether a subscription of that number may begin; else the peer has been told why not.
  bool may_begin(std::uint32_t number, Position through);
  void handle(Unsubscribe&& unsubscribe);
  void handle(Ask&& ask);
  void handle(NotePart&& part);
  void handle(Heartbeat&& heartbeat);
  void handle(Goodbye&& goodbye);
  void handle(Watch&& watch);
  void handle(Settle&& settle);
  void join(const Subscribe& request, std::shared_ptr<const Filter> filter);
  void leave_groups(bool lost);
  void handle(UnknownMessage&& unknown);

  void send(Words words);
  void send(Words words, SharedChunk chunk);
  void send_error(WireCode code, std::string message, WireError::About about, std::uint64_t number, Position through = {});
  void fail(WireCode code, std::string message);          // the connection
  void refuse(std::uint64_t request, const Error& error);
  void pump(Subscription& subscription);
  void pump(Watching& watching);
  void look(Watching& watching);
  void pump_all();
  void pump_answers();
  void end(Subscription& subscription);
  void begin_append();
  void leave_when_done();
  void close();
  std::size_t under_way() const { return asks_.size() + answers_.size() + notes_.size(); }

  SessionHost& host_;
  const Lexicon& lexicon_;
  const SessionLimits& limits_;
  State state_ = State::kHello;
  std::shared_ptr<const Rights> rights_;         // kOpen
  std::string goodbye_;                         // kLeaving: why
  SteadyTime begun_;
  SteadyTime heard_;
  SteadyTime now_;
  SteadyTime said_;
  std::size_t outbox_ = 0;

  std::map<std::uint32_t, std::unique_ptr<Subscription>> subscriptions_;
  std::map<std::uint32_t, std::unique_ptr<Watching>> watches_;
  std::map<std::uint32_t, std::string> memberships_;   // in groups of these names
  std::uint64_t serial_ = 0;
  std::vector<AppendFrame> appends_;            // wait for the ones under way
  std::size_t append_bytes_ = 0;                // of them, and of those under way
  std::size_t append_bytes_under_way_ = 0;
  std::size_t appends_under_way_ = 0;
  std::map<std::uint64_t, NotePart> notes_;     // come in pieces
  std::size_t note_bytes_ = 0;
  std::set<std::uint64_t> asks_;                // under way
  std::deque<LongAnswer> answers_;              // being sent
};

}  // namespace annals::stream
