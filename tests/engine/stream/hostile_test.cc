// Goal: who sends garbage, sends too much, never reads or never speaks is told and dropped, and nobody else notices.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <random>
#include <thread>

#include "tests/engine/stream/served.h"

namespace annals::stream::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A socket without manners.
class Raw {
 public:
  explicit Raw(std::uint16_t port, int receive_buffer = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
  }
  ~Raw() { ::close(socket_); }
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;
  bool send(std::string_view bytes) { return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()); }
  bool send(const Words& words) { return send({reinterpret_cast<const char*>(words.data()), words.size() * 8}); }
  // Everything until the server closes.
  std::string rest() {
    timeval patience{10, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::string out;
    char buffer[4096];
    while (true) {
      const ssize_t got = ::recv(socket_, buffer, sizeof buffer, 0);
      if (got <= 0) return out;
      out.append(buffer, static_cast<std::size_t>(got));
    }
  }
  // The last thing the server said, where that is an error.
  WireError last_words() {
    const std::string bytes = rest();
    Words words(bytes.size() / 8);
    std::memcpy(words.data(), bytes.data(), words.size() * 8);
    FrameReader reader({});
    WireError out;
    const auto room = [&](std::size_t at) {
      const auto space = reader.prepare();
      const std::size_t some = std::min(space.size(), bytes.size() - at);
      std::memcpy(space.data(), bytes.data() + at, some);
      reader.commit(some);
      return some;
    };
    for (std::size_t at = 0; at < bytes.size();) {
      at += room(at);
      while (true) {
        auto frame = reader.next();
        if (!frame || !*frame) break;
        auto message = read_server_message(**frame);
        REQUIRE(message.ok());
        if (const auto* error = std::get_if<WireError>(&*message)) out = *error;
      }
    }
    return out;
  }

 private:
  int socket_;
};

// Somebody who does everything right, before and after the others.
void works(const Served& served, std::uint32_t n) {
  Client client = served.client();
  const auto receipts = must(client.append(drafts(n, 2)));
  CHECK(receipts.size() == 2);
}

}  // namespace

TEST_CASE("whoever sends garbage is told and dropped") {
  Served served;
  works(served, 1);
  {
    Raw raw(served.server->port());
    raw.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const WireError error = raw.last_words();
    CHECK(error.code == WireCode::kInvalid);
    CHECK_FALSE(error.message.empty());
  }
  std::mt19937_64 random(3);
  for (int i = 0; i < 50; ++i) {
    Raw raw(served.server->port());
    std::string garbage(8 + random() % 4096, '\0');
    for (char& each : garbage) each = static_cast<char>(random());
    if (i % 2 == 0) raw.send(write_message(ClientHello{}));
    raw.send(garbage);
  }
  works(served, 10);
}

TEST_CASE("a message that is too long is refused by its table") {
  Served served;
  Raw raw(served.server->port());
  raw.send(write_message(ClientHello{}));
  const std::uint32_t lie[2] = {0, 0x10000000};
  raw.send({reinterpret_cast<const char*>(lie), sizeof lie});
  CHECK(raw.last_words().code == WireCode::kInvalid);
  works(served, 1);
}

TEST_CASE("whoever does not say hello is told so") {
  ServerOptions options;
  options.session.hello = milliseconds(300);
  Served served(support::LogKind::kMemory, options);
  Raw early(served.server->port());
  early.send(write_message(Ask{1, {"state"}}));
  CHECK_THAT(early.last_words().message, Catch::Contains("hello"));
  Raw silent(served.server->port());
  CHECK(silent.last_words().code == WireCode::kTooSlow);
  works(served, 1);
}

TEST_CASE("whoever falls silent counts as gone and heartbeats keep a connection") {
  ServerOptions options;
  options.session.idle = milliseconds(1200);
  Served served(support::LogKind::kMemory, options);
  Raw silent(served.server->port());
  silent.send(write_message(ClientHello{}));
  CHECK(silent.last_words().code == WireCode::kTooSlow);
  auto beating = served.connect();
  for (int i = 0; i < 30; ++i) CHECK_FALSE(must(beating->receive(milliseconds(50))));
  must(beating->send(write_client_heartbeat(5)));
}

TEST_CASE("more connections than allowed are told to come later") {
  ServerOptions options;
  options.connections_max = 3;
  Served served(support::LogKind::kMemory, options);
  const auto one = served.connect();
  const auto two = served.connect();
  auto three = served.connect();
  const auto four = Connection::open(served.options());
  REQUIRE_FALSE(four.ok());
  three.reset();
  // The server learns of the closed socket in its own time.
  for (int i = 0; i < 100 && !Connection::open(served.options()).ok(); ++i) std::this_thread::sleep_for(milliseconds(20));
  CHECK(Connection::open(served.options()).ok());
}

TEST_CASE("a storm of connections and drops leaves the server as it was") {
  Served served;
  for (int i = 0; i < 500; ++i) {
    Raw raw(served.server->port());
    if (i % 3 == 0) raw.send(write_message(ClientHello{}));
    if (i % 7 == 0) raw.send("half a mess");
  }
  works(served, 1);
  for (int i = 0; i < 200 && served.server->status().connections > 0; ++i) std::this_thread::sleep_for(milliseconds(20));
  CHECK(served.server->status().connections == 0);
  CHECK(served.server->status().accepted >= 501);
}

// The memory of what waits for a peer is bounded, and it is cut off at last; the writer and the others go on at once.
TEST_CASE("a reader that never reads is dropped and the others get everything") {
  ServerOptions options;
  options.stalled = milliseconds(1500);
  options.session.outbox_bytes = 64u << 10;
  options.recent_bytes = 256u << 10;
  Served served(support::LogKind::kMemory, options);
  Raw never(served.server->port(), 4096);
  Subscribe all;
  all.subscription = 1;
  all.credit = 1'000'000;
  never.send(write_message(ClientHello{}));
  never.send(write_message(all));
  std::thread reader([&] {
    Client client = served.client();
    std::uint64_t next = 1;
    must(client.follow({}, [&](const Batch& batch) {
      for (const std::uint64_t position : positions(batch)) {
        if (position != next) FAIL("position " << position << " after " << next - 1);
        ++next;
      }
      return next > 20'000 ? Visit::kStop : Visit::kContinue;
    }));
    CHECK(next == 20'001);
  });
  Client writer = served.client();
  for (std::uint32_t i = 0; i < 40; ++i) must(writer.append(drafts(1 + i * 500, 500, std::string(200, 'x'))));
  reader.join();
  for (int i = 0; i < 500 && served.server->status().dropped == 0; ++i) std::this_thread::sleep_for(milliseconds(20));
  CHECK(served.server->status().dropped == 1);
}

TEST_CASE("a client that only sends is slowed and not kept in memory") {
  ServerOptions options;
  options.session.outbox_bytes = 32u << 10;
  options.stalled = milliseconds(1000);
  Served served(support::LogKind::kMemory, options);
  Raw raw(served.server->port(), 4096);
  raw.send(write_message(ClientHello{}));
  const Words beat = write_client_heartbeat(1);
  std::string beats;
  for (int i = 0; i < 1000; ++i) beats.append(reinterpret_cast<const char*>(beat.data()), beat.size() * 8);
  // Each is answered; the answers are never read. At some point the server reads no more, and then it cuts the connection.
  bool cut = false;
  for (int i = 0; i < 4000 && !cut; ++i) cut = !raw.send(beats);
  CHECK(cut);
  works(served, 1);
}

}  // namespace annals::stream::test
