#pragma once
// The log as a service over TCP. PROTOCOL.md tells what clients see; this is how it is done:
//
//   one thread        sockets and sessions (Boost.Asio coroutines). It never touches the disk;
//   the feeder        reads what was appended, once, and encodes it once; all who follow the tail share the chunk;
//   readers           chunks for those who catch up (catch_up.h), or whose filter leaves something out;
//   appenders         gather what many clients send into one append of the log each (appenders.h);
//   answerers         questions, notes and watches, each kind one after another.
// Groups (groups.h) live on the thread of sockets; the readers read for them.
//
// The server is the store's only writer while it runs. What it shows was synced before.
// Threads: every function from any.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/log/event_log.h"
#include "engine/stream/groups.h"
#include "engine/stream/names.h"
#include "engine/stream/session.h"

namespace annals::stream {

struct ServerOptions {
  std::string host = "127.0.0.1";            // an address. Anything but loopback needs TLS and tokens
  std::uint16_t port = kDefaultPort;         // 0: any that is free
  std::size_t connections_max = 4096;
  SessionLimits session;
  GroupLimits group;
  std::size_t recent_bytes = 32u << 20;      // of the tail of the log, encoded, for those who follow it; at most as much is kept for those who catch up
  std::chrono::milliseconds stalled{30'000}; // a peer that takes nothing of what waits for it for so long is dropped
  std::string names_file;                    // where durable subscriptions are kept (names.h); empty: there are none
  unsigned readers = 2;
  unsigned appenders = 3;                    // one at the disk, one behind it with a group made ready, one that gathers
  std::string program = "annals";            // as the hello says
  std::shared_ptr<const Tokens> tokens;      // none: everybody may do everything
  std::string certificate;                   // TLS 1.3: files in PEM, the certificate with those that lead to a trusted one, and its
  std::string private_key;                   // key; empty: no TLS
};

struct ServerParts {
  EventLog& log;                             // open to write; must outlive the server, like all that is referred to here
  const Lexicon& lexicon;                    // gives the names in filters their ids
  const Clock& clock;
  // Answers a question in the words of the command line, reading `log`. kInvalid: it is none that may be asked here.
  std::function<Result<CommandAnswer>(const std::vector<std::string>& words, const Rights& rights, EventLog& log)> answer;
  // Takes a note in.
  std::function<Result<CommandAnswer>(const WholeNote& note, EventLog& log)> take_note;
  // How the answers that a watch asks about have changed from one point to another, as JSON objects; kInvalid: it asks for what there
  // is not. `from` none: nothing is compared, only looked whether it could be. `to.through` may be moved on to what is recorded by then.
  std::function<Result<std::vector<std::string>>(const WatchSpec& spec, const std::optional<WatchPoint>& from, WatchPoint& to, EventLog& log)> changes;
  // Told of what a person who runs a server wants to know, one line each.
  std::function<void(std::string_view)> tell;
  // Where given: told of each append of the log, from the thread that made it: how many events shared it, and how long it took, sync included.
  std::function<void(std::size_t events, std::chrono::nanoseconds took)> appended{};
};

struct ServerStatus {
  std::uint64_t connections = 0;             // now
  std::uint64_t accepted = 0;                // since it began, like what follows
  std::uint64_t refused = 0;                 // too many connections
  std::uint64_t dropped = 0;                 // stalled
  std::uint64_t subscriptions = 0;           // now
  std::uint64_t events_appended = 0;
  std::uint64_t appends = 0;                 // of the log: events_appended / appends is how many shared one sync
  std::uint64_t events_sent = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t chunks_fed = 0;              // encoded for all who follow the tail
  std::uint64_t chunks_fetched = 0;          // read for those who catch up, or for one filter
  Position last;                             // newest event shown
  Names names;                               // durable subscriptions: how far each is acknowledged, and what is parked, as it is on disk
  std::map<std::string, GroupStatus> groups; // of those with members, as of half a second ago
};

class Server {
 public:
  // Listens when it returns. kInvalid: not an address, or one that others can reach without TLS and tokens, or no usable certificate; kIo: the system's words.
  static Result<std::unique_ptr<Server>> start(ServerParts parts, ServerOptions options);
  ~Server();   // stop()
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;
  ServerStatus status() const;
  // Parked events of a durable name: to be handed out once more, or, `discard`, never. kInvalid: one of them is not parked; then nothing
  // is done. Not from the thread of sockets, and not after stop().
  Status release(const std::string& name, const std::vector<Position>& events, bool discard);
  // Takes no more connections, lets appends and questions under way end, tells every peer, closes. After `patience` those that are
  // left are cut off. Returns when all is done; a second call does nothing.
  void stop(std::chrono::milliseconds patience = std::chrono::seconds(5));

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace annals::stream
