#pragma once
// The other side of the wire: appending, asking and following from a program of one's own.
//
//   annals::stream::Client client({.host = "127.0.0.1", .port = 7447});
//   auto receipts = client.append(drafts);
//   client.follow({.after = seen}, [&](const Batch& batch) { for (auto& event : batch.events) …; return Visit::kContinue; });
//   client.share({"desk"}, [&](const Batch& batch) { for (auto& event : batch.events) …; return Dealt::all(batch); });
//
// follow() reconnects and goes on where it was: nothing is skipped, nothing is shown twice. append() does too: events have ids, so
// that sending them again after a broken connection writes nothing twice.
// Threads: a Client or Connection is used by one thread at a time; take one for each.
// Errors: kIo where the network refuses for longer than the options say; else the server's, with its words.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/stream/tls.h"
#include "engine/stream/wire.h"

namespace annals::stream {

struct ClientOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = kDefaultPort;
  std::optional<std::string> token;
  bool tls = false;
  std::string authorities;           // with TLS: a file of certificates to trust (PEM); empty: the system's
  std::string program = "annals";
  std::chrono::milliseconds connect_timeout{5'000};
  // Silence of the server after which the connection counts as broken. It sends heartbeats, so this is no limit on an answer's time.
  std::chrono::milliseconds silence{60'000};
  // How long a broken connection is tried again, each time after a longer pause; 0: not at all.
  std::chrono::milliseconds retry_for{60'000};
  // Of the attempts that fail one after another people are told of the first, and then of one in so much time.
  std::chrono::milliseconds tell_every{60'000};
  std::uint32_t window = 16'384;     // events that the server may send ahead of their being taken
};
// "host:port", "host" (the default port), "[::1]:7447", each with "tls://" before it where the server speaks TLS. kInvalid.
Status parse_server(std::string_view text, ClientOptions& options);

// One connection, message by message: for those who keep many things under way at once.
class Connection {
 public:
  // Connects and says hello. kIo; or what the server said to it.
  static Result<std::unique_ptr<Connection>> open(const ClientOptions& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  const ServerHello& hello() const { return hello_; }
  // Returns when the system has taken all of it. While it waits for that, nothing is read. kIo.
  Status send(std::span<const std::uint64_t> words);
  // The next message; none where nothing came in `patience` (0: only what is here already). The views of a Batch are valid until the
  // next call. kIo: the connection is over; kInvalid: what came is no message. Answers heartbeats by itself, sends them when due.
  Result<std::optional<ServerMessage>> receive(std::chrono::milliseconds patience);

 private:
  Connection(int socket, const ClientOptions& options);
  Result<bool> wait(short events, std::chrono::steady_clock::time_point until);
  Status secure();
  Result<Moved> read_some(std::span<char> room);
  Result<Moved> write_some(std::string_view bytes);
  Error at_server(const Error& error) const;

  int socket_;
  std::unique_ptr<TlsClient> tls_;
  ClientOptions options_;
  ServerHello hello_;
  FrameReader frames_;
  bool drained_ = false;   // the last reading took all that the socket had
  std::chrono::steady_clock::time_point heard_;
  std::chrono::steady_clock::time_point said_;
};

// What the server said that is an error, as an Error.
Error as_error(const WireError& error);

// What a member of a group did with a batch. What is named in neither list it still holds: it may be named with a later batch.
struct Dealt {
  std::vector<Position> done;
  std::vector<Rejection> rejected;
  Visit next = Visit::kContinue;
  static Dealt all(const Batch& batch);
};

class Client {
 public:
  explicit Client(ClientOptions options);
  ~Client();

  Result<ServerHello> hello();
  // A receipt per event; all are on disk. More than fit into one message go in several, each all or nothing.
  Result<std::vector<Receipt>> append(std::span<const EventDraft> events);
  // The log's size and root that came with the newest receipts; none before the first. Worth keeping: see Appended in wire.capnp.
  const std::optional<LogHead>& head() const { return head_; }
  // `piece` is shown the answer as it comes; the exit status is returned.
  Result<int> ask(const std::vector<std::string>& words, const std::function<void(std::string_view)>& piece);
  // Sends note.bytes in pieces; the summary as JSON.
  Result<CommandAnswer> take_note(const NotePart& note);
  // Acknowledges a durable name's position; returns what is on disk.
  Result<Position> acknowledge(const std::string& name, Position position);

  struct Following {
    // Told what happens to the connection, for people, once and then every ClientOptions::tell_every: "… refused; trying again".
    std::function<void(std::string_view)> tell;
    // Asked about once a second and before each batch; false ends it.
    std::function<bool()> go_on;
  };
  // Shows batch after batch until the visitor stops it or what was asked for is over; returns the position to go on from later.
  // The request's subscription and credit are the client's to fill.
  Result<Position> follow(Subscribe request, const std::function<Visit(const Batch&)>& visit, const Following& following = {});
  // Deals with the events of a durable name together with whoever else shares it (PROTOCOL.md, Groups): at least once each, those of one
  // note in order and to one member at a time. Joins again after a broken connection. kUnsupported: the server knows no groups.
  struct Share {
    std::string name;
    FilterSpec filter{};               // the same for all members
    bool envelopes_only = false;
    std::uint32_t window = 1024;       // events held at most
  };
  Status share(const Share& what, const std::function<Dealt(const Batch&)>& deal, const Following& following = {});
  // The same with watches beside the events, or without them: what comes is shown in the order in which it came. The watches' places
  // move along, so that after a stop they are those to go on from. Nothing but `go_on`, a visitor or an error ends watches.
  struct Followed {
    std::optional<Subscribe> events;
    std::vector<Watch> watches;
  };
  struct Visitors {
    std::function<Visit(const Batch&)> batch;
    std::function<Visit(const Watch&, const Changes&)> changes;
  };
  Result<Position> follow(Followed& followed, const Visitors& visitors, const Following& following = {});

 private:
  template <class Try>
  auto again(const Try& attempt) -> decltype(attempt());
  Result<Connection*> connection();
  // Waits for the message that `take` takes.
  Status until(const std::function<Result<bool>(ServerMessage&)>& take);

  ClientOptions options_;
  std::unique_ptr<Connection> connection_;
  std::uint64_t request_ = 0;
  std::optional<LogHead> head_;
};

}  // namespace annals::stream

namespace annals {
using Client = stream::Client;
}
