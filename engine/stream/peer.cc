#include "engine/stream/peer.h"

#include <fmt/format.h>

#include <span>
#include <utility>

namespace annals::stream {
namespace {

namespace asio = boost::asio;
using NetError = PeerSocket::NetError;

constexpr auto kQuiet = asio::as_tuple(asio::use_awaitable);   // errors as values
constexpr std::size_t kBuffersAtOnce = 64;                     // of one gathered write
constexpr std::size_t kWriteAtOnce = 2u << 20;
constexpr std::size_t kHelloBytesMax = 64u << 10;
constexpr std::size_t kReadBytes = 16u << 10;
constexpr std::chrono::milliseconds kFlushTime{5'000};         // for the last words to a peer

SteadyTime steady_now() { return std::chrono::steady_clock::now(); }

}  // namespace

PeerSocket::PeerSocket(Tcp::socket socket, asio::ssl::context* tls) : plain_(std::move(socket)) {
  NetError ignored;   // then writes wait for the coroutine
  can_write_now_ = tls == nullptr && !plain_.non_blocking(true, ignored);
  if (tls != nullptr) tls_.emplace(plain_, *tls);
}

asio::awaitable<NetError> PeerSocket::handshake() {
  const auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::server, kQuiet);
  co_return error;
}

asio::awaitable<PeerSocket::Moved> PeerSocket::read_some(asio::mutable_buffer room) {
  if (tls_) co_return co_await tls_->async_read_some(room, kQuiet);
  co_return co_await plain_.async_read_some(room, kQuiet);
}

asio::awaitable<PeerSocket::Moved> PeerSocket::write_some(const std::vector<asio::const_buffer>& buffers) {
  if (tls_) co_return co_await tls_->async_write_some(buffers, kQuiet);
  co_return co_await plain_.async_write_some(buffers, kQuiet);
}

void PeerSocket::shutdown_send() {
  NetError ignored;   // the peer may be gone: then the reader sees it too
  plain_.shutdown(Tcp::socket::shutdown_send, ignored);
}

void PeerSocket::close() {
  NetError ignored;   // it may be closed already, which is what is wanted
  plain_.close(ignored);
}

Peer::Peer(PeerSocket::Tcp::socket socket, asio::ssl::context* tls, Session& session, std::chrono::milliseconds stalled, PeerTotals& totals,
           std::function<void(std::string_view)> gone)
    : socket_(std::move(socket), tls),
      session_(session),
      stalled_(stalled),
      totals_(totals),
      on_gone_(std::move(gone)),
      input_(socket_.get_executor(), asio::steady_timer::time_point::max()),
      output_(socket_.get_executor(), asio::steady_timer::time_point::max()),
      progress_(steady_now()),
      frames_(FrameLimits{}, kReadBytes) {}

void Peer::begin(const std::shared_ptr<Peer>& self) {
  asio::co_spawn(socket_.get_executor(), [self]() -> asio::awaitable<void> { co_await self->read(); }, asio::detached);
  asio::co_spawn(socket_.get_executor(), [self]() -> asio::awaitable<void> { co_await self->write(); }, asio::detached);
}

void Peer::write_gathered() {
  if (waits_for_output_ && ready_ && socket_.can_write_now() && !outbox_.empty()) {
    gather();
    NetError error;
    // What went wrong the writer meets again, and deals with it.
    if (const std::size_t bytes = socket_.write_now(buffers_, error); !error) left(bytes);
  }
  gathers_ = false;
  if (waits_for_output_ && (!outbox_.empty() || closing_)) output_.cancel();
  settle();
}

void Peer::settle() {
  if (gone_) return;
  const std::size_t now = session_.subscriptions();
  totals_.subscriptions += now - subscriptions_;
  subscriptions_ = now;
  if (waits_for_input_ && (session_.wants_input() || session_.closed())) input_.cancel();
}

void Peer::tick(SteadyTime now) {
  if (gone_) return;
  if (closing_ && now - progress_ >= kFlushTime) return cut();
  if (!outbox_.empty() && now - progress_ >= stalled_) {
    ++totals_.dropped;
    return cut(fmt::format("took nothing for {} s and was dropped", std::chrono::duration_cast<std::chrono::seconds>(now - progress_).count()));
  }
  session_.tick(now);
  settle();
}

void Peer::cut(std::string_view why) {
  if (gone_) return;
  gone_ = true;
  session_.abandon();
  totals_.subscriptions -= subscriptions_;
  subscriptions_ = 0;
  socket_.close();
  input_.cancel();
  output_.cancel();
  outbox_.clear();
  on_gone_(why);
}

void Peer::send(Outgoing message) {
  if (gone_) return;
  if (message.chunk) totals_.events_sent += message.chunk->events;
  if (outbox_.empty()) progress_ = steady_now();
  outbox_.push_back(std::move(message));
  if (waits_for_output_ && !gathers_) output_.cancel();
}

void Peer::close() {
  closing_ = true;
  progress_ = steady_now();
  if (waits_for_output_) output_.cancel();
}

asio::awaitable<void> Peer::read() {
  if (socket_.secret()) {
    if (const NetError error = co_await socket_.handshake(); error || gone_) co_return cut();
  }
  ready_ = true;
  output_.cancel();
  while (!gone_ && !session_.closed()) {
    if (!session_.wants_input()) {
      waits_for_input_ = true;
      co_await input_.async_wait(kQuiet);
      waits_for_input_ = false;
      continue;
    }
    // Before the hello nobody is trusted with much.
    frames_.limits().bytes_max = session_.open() ? FrameLimits{}.bytes_max : kHelloBytesMax;
    auto frame = frames_.next();
    if (!frame) {
      session_.receive_garbage(frame.error());
      break;
    }
    if (*frame) {
      session_.receive(**frame, steady_now());
      settle();
      continue;
    }
    const auto room = frames_.prepare();
    const auto [error, bytes] = co_await socket_.read_some(asio::buffer(room.data(), room.size()));
    if (error || gone_) break;
    frames_.commit(bytes);
  }
  settle();
  if (!session_.closed()) co_return cut();   // the peer went away: it needs nothing more
  // A socket that is closed over bytes nobody read resets the connection, and the peer might never see why. So what it still sends
  // is taken and thrown away until it closes its side, or time is up (tick()).
  while (!gone_) {
    const auto [error, bytes] = co_await socket_.read_some(asio::buffer(thrown_away_));
    if (error) break;
  }
  input_ended_ = true;
  if (output_ended_) cut();
}

// The buffers of what goes out next.
void Peer::gather() {
  buffers_.clear();
  std::size_t gathered = 0;
  std::size_t skip = offset_;
  const auto add = [&](std::span<const std::uint64_t> words) {
    const std::size_t bytes = words.size_bytes();
    if (skip >= bytes) {
      skip -= bytes;
      return;
    }
    buffers_.emplace_back(reinterpret_cast<const char*>(words.data()) + skip, bytes - skip);
    gathered += bytes - skip;
    skip = 0;
  };
  for (const Outgoing& message : outbox_) {
    if (buffers_.size() + 2 > kBuffersAtOnce || gathered >= kWriteAtOnce) break;
    add(message.head);
    if (message.chunk) add(message.chunk->segment);
  }
}

// So much of what was gathered is gone. The session may send more.
void Peer::left(std::size_t bytes) {
  progress_ = steady_now();
  totals_.bytes_sent += bytes;
  offset_ += bytes;
  while (!outbox_.empty() && offset_ >= outbox_.front().bytes()) {
    offset_ -= outbox_.front().bytes();
    outbox_.pop_front();
  }
  session_.drained(bytes);
}

asio::awaitable<void> Peer::write() {
  while (!gone_) {
    if (outbox_.empty() || !ready_) {
      if (closing_ && ready_) break;
      waits_for_output_ = true;
      co_await output_.async_wait(kQuiet);
      waits_for_output_ = false;
      continue;
    }
    gather();
    const auto [error, bytes] = co_await socket_.write_some(buffers_);
    if (error || gone_) break;
    left(bytes);
    settle();
  }
  if (!closing_ || input_ended_) co_return cut();
  if (gone_) co_return;
  socket_.shutdown_send();
  output_ended_ = true;
}

}  // namespace annals::stream
