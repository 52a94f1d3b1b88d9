#pragma once
// One client's socket at a server, with TLS or without: what comes is read for its session, what the session sends is written.
//
// Two coroutines, one that reads and one that writes; neither reads nor writes ahead of what the session wants. Who takes nothing of what
// waits for it for too long is cut off.
// Threads: the socket's.

#include <array>
#include <atomic>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "engine/stream/frame.h"
#include "engine/stream/session.h"

namespace annals::stream {

class PeerSocket {
 public:
  using Tcp = boost::asio::ip::tcp;
  using NetError = boost::system::error_code;
  using Moved = std::tuple<NetError, std::size_t>;
  // `tls` none: in the clear; else it must outlive the socket.
  PeerSocket(Tcp::socket socket, boost::asio::ssl::context* tls);
  PeerSocket(const PeerSocket&) = delete;
  PeerSocket& operator=(const PeerSocket&) = delete;

  auto get_executor() { return plain_.get_executor(); }
  bool secret() const { return tls_.has_value(); }
  boost::asio::awaitable<NetError> handshake();
  boost::asio::awaitable<Moved> read_some(boost::asio::mutable_buffer room);
  boost::asio::awaitable<Moved> write_some(const std::vector<boost::asio::const_buffer>& buffers);
  // What the system takes at once; would_block where that is nothing. Requires: can_write_now(), which TLS cannot.
  std::size_t write_now(const std::vector<boost::asio::const_buffer>& buffers, NetError& error) { return plain_.write_some(buffers, error); }
  bool can_write_now() const { return can_write_now_; }
  // Ends what goes out; what comes in may go on. TLS's own goodbye is left out: the protocol has one.
  void shutdown_send();
  void close();

 private:
  Tcp::socket plain_;
  bool can_write_now_ = false;
  std::optional<boost::asio::ssl::stream<Tcp::socket&>> tls_;
};

// Of all peers of a server; read from any thread.
struct PeerTotals {
  std::atomic<std::uint64_t> subscriptions{0};   // now
  std::atomic<std::uint64_t> events_sent{0}, bytes_sent{0};
  std::atomic<std::uint64_t> dropped{0};         // that took nothing for too long
};

class Peer {
 public:
  // `gone` is called once, when the socket is closed for good, with what a person should be told of why, or nothing. All that is referred to
  // must outlive it.
  Peer(PeerSocket::Tcp::socket socket, boost::asio::ssl::context* tls, Session& session, std::chrono::milliseconds stalled, PeerTotals& totals,
       std::function<void(std::string_view)> gone);
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  // Reads and writes from now on. `self` keeps it alive for as long as that takes.
  void begin(const std::shared_ptr<Peer>& self);
  void send(Outgoing message);
  // Once all that was sent is written, and the peer has closed its side or time is up.
  void close();
  // Cuts it off.
  void cut() { cut({}); }
  void tick(SteadyTime now);   // about twice a second

  // Calls into the session, as everybody does but this, where it has not been cut off; what the session then sends leaves at once where the
  // socket takes it, without waking the writer for it.
  template <class Call>
  void with_session(const Call& call) {
    if (gone_) return;
    gathers_ = true;
    call(session_);
    write_gathered();
  }

 private:
  // What the session wants may have changed: after every call into it.
  void settle();
  boost::asio::awaitable<void> read();
  boost::asio::awaitable<void> write();
  void write_gathered();
  void gather();
  void left(std::size_t bytes);
  void cut(std::string_view why);

  PeerSocket socket_;
  Session& session_;
  const std::chrono::milliseconds stalled_;
  PeerTotals& totals_;
  const std::function<void(std::string_view)> on_gone_;
  boost::asio::steady_timer input_;   // cancelled to wake the reader
  boost::asio::steady_timer output_;  // and the writer
  bool ready_ = false;                // to be written to: the handshake is over
  bool waits_for_input_ = false;
  bool waits_for_output_ = false;
  bool closing_ = false;
  bool gone_ = false;
  bool input_ended_ = false;
  bool output_ended_ = false;
  std::array<char, 512> thrown_away_{};
  SteadyTime progress_;
  std::deque<Outgoing> outbox_;
  std::size_t offset_ = 0;            // of its first message, that has left
  std::vector<boost::asio::const_buffer> buffers_;
  bool gathers_ = false;              // with_session() writes what is sent, and not the writer
  FrameReader frames_;
  std::size_t subscriptions_ = 0;
};

}  // namespace annals::stream
