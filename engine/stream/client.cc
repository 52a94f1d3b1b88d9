#include "engine/stream/client.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <random>
#include <thread>

#include "engine/codec/codec.h"

namespace annals::stream {
namespace {

using std::chrono::milliseconds;
using Time = std::chrono::steady_clock::time_point;

constexpr std::size_t kReadAtOnce = 256u << 10;   // stays in the processor's cache
constexpr std::size_t kNotePiece = 1u << 20;
constexpr std::size_t kAppendBytes = 8u << 20;      // of one message
constexpr milliseconds kPauseMin{50};
constexpr milliseconds kPauseMax{5'000};

Time now() { return std::chrono::steady_clock::now(); }

Error network(const ClientOptions& options, std::string_view what) {
  return {ErrorCode::kIo, fmt::format("{}:{}: {}", options.host, options.port, what)};
}

struct CloseSocket {
  int socket;
  ~CloseSocket() {
    if (socket >= 0) ::close(socket);
  }
};

Result<int> connect_to(const ClientOptions& options) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(options.host.c_str(), std::to_string(options.port).c_str(), &hints, &found); error != 0) {
    return network(options, ::gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> all(found, ::freeaddrinfo);
  std::string refused = "no address";
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    CloseSocket made{::socket(each->ai_family, each->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, each->ai_protocol)};
    if (made.socket < 0) {
      refused = std::strerror(errno);
      continue;
    }
    if (::connect(made.socket, each->ai_addr, each->ai_addrlen) != 0) {
      if (errno != EINPROGRESS) {
        refused = std::strerror(errno);
        continue;
      }
      pollfd waiting{made.socket, POLLOUT, 0};
      if (::poll(&waiting, 1, static_cast<int>(options.connect_timeout.count())) <= 0) {
        refused = fmt::format("no answer in {} ms", options.connect_timeout.count());
        continue;
      }
      int error = 0;
      socklen_t size = sizeof error;
      ::getsockopt(made.socket, SOL_SOCKET, SO_ERROR, &error, &size);
      if (error != 0) {
        refused = std::strerror(error);
        continue;
      }
    }
    const int on = 1;
    ::setsockopt(made.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return std::exchange(made.socket, -1);
  }
  return network(options, refused);
}

// What may be better after a pause: the network, a server that is full, stops or begins.
bool passing(const Error& error) { return error.code == ErrorCode::kIo || error.code == ErrorCode::kOverloaded; }

// Longer from time to time, and never the same for two who lost their server together.
class Pause {
 public:
  explicit Pause(milliseconds retry_for) : until_(now() + retry_for), random_(std::random_device{}()) {}
  bool over() const { return now() >= until_; }
  // Whether people are to be told of this one: the first, and one in so much time after it.
  bool tells(milliseconds every) {
    if (now() < tells_again_) return false;
    tells_again_ = now() + every;
    return true;
  }
  milliseconds next() {
    pause_ = std::min(pause_ * 2, kPauseMax);
    return pause_ / 2 + milliseconds(static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(pause_.count() / 2 + 1)));
  }

 private:
  Time until_;
  milliseconds pause_ = kPauseMin / 2;
  Time tells_again_{};
  std::minstd_rand random_;
};

}  // namespace

Status parse_server(std::string_view text, ClientOptions& options) {
  constexpr std::string_view kTls = "tls://";
  const std::string_view whole = text;
  const auto invalid = [&] { return Error{ErrorCode::kInvalid, fmt::format("expected HOST:PORT such as 127.0.0.1:{}, found '{}'", kDefaultPort, whole)}; };
  options.tls = text.starts_with(kTls);
  if (options.tls) text.remove_prefix(kTls.size());
  std::string_view host = text;
  std::string_view port;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return invalid();
    host = text.substr(1, end - 1);
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && !rest.starts_with(':')) return invalid();
    if (!rest.empty()) port = rest.substr(1);
    if (!rest.empty() && port.empty()) return invalid();
  } else if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    if (port.empty()) return invalid();
  }
  if (host.empty()) return invalid();
  options.host = std::string(host);
  if (port.empty()) return {};
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), options.port);
  if (error != std::errc() || end != port.data() + port.size()) return invalid();
  return {};
}

Error as_error(const WireError& error) { return {error_code(error.code), error.message}; }

// ---- One connection.

Connection::Connection(int socket, const ClientOptions& options)
    : socket_(socket), options_(options), frames_(FrameLimits{.bytes_max = 256u << 20}, kReadAtOnce), heard_(now()), said_(now()) {}

Connection::~Connection() { ::close(socket_); }

Result<std::unique_ptr<Connection>> Connection::open(const ClientOptions& options) {
  ANNALS_TRY(const int socket, connect_to(options));
  std::unique_ptr<Connection> out(new Connection(socket, options));
  if (options.tls) ANNALS_CHECK_OK(out->secure());
  ClientHello hello;
  hello.program = options.program;
  hello.token = options.token;
  ANNALS_CHECK_OK(out->send(write_message(hello)));
  ANNALS_TRY(auto answer, out->receive(options.connect_timeout));
  if (!answer) return network(options, fmt::format("no hello in {} ms", options.connect_timeout.count()));
  if (const auto* error = std::get_if<WireError>(&*answer)) return as_error(*error);
  if (const auto* goodbye = std::get_if<Goodbye>(&*answer)) return network(options, goodbye->why);
  const auto* greeted = std::get_if<ServerHello>(&*answer);
  if (greeted == nullptr) return Error{ErrorCode::kInvalid, fmt::format("{}:{}: the first message is no hello", options.host, options.port)};
  out->hello_ = *greeted;
  return out;
}

Result<bool> Connection::wait(short events, Time until) {
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(until - now());
    pollfd waiting{socket_, events, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1'000'000)));
    if (ready > 0) return true;
    if (ready == 0) return false;
    if (errno != EINTR) return network(options_, std::strerror(errno));
  }
}

Error Connection::at_server(const Error& error) const { return {error.code, fmt::format("{}:{}: {}", options_.host, options_.port, error.message)}; }

Status Connection::secure() {
  auto made = TlsClient::over(socket_, options_.host, options_.authorities);
  if (!made) return made.error();
  tls_ = *std::move(made);
  const Time until = now() + options_.connect_timeout;
  while (true) {
    auto step = tls_->handshake();
    if (!step) return at_server(step.error());
    if (step->closed) return network(options_, "the server closed the connection before TLS began: does it speak TLS?");
    if (step->wants == Moved::Wants::kNothing) return {};
    ANNALS_TRY(const bool ready, wait(step->wants == Moved::Wants::kWrite ? POLLOUT : POLLIN, until));
    if (!ready) return network(options_, fmt::format("no TLS in {} ms", options_.connect_timeout.count()));
  }
}

Result<Moved> Connection::read_some(std::span<char> room) {
  if (tls_) {
    auto moved = tls_->read(room);
    if (!moved) return at_server(moved.error());
    return moved;
  }
  const ssize_t got = ::recv(socket_, room.data(), room.size(), 0);
  if (got > 0) return Moved{.bytes = static_cast<std::size_t>(got)};
  if (got == 0) return Moved{.closed = true};
  if (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK) return Moved{.wants = Moved::Wants::kRead};
  return network(options_, std::strerror(errno));
}

Result<Moved> Connection::write_some(std::string_view bytes) {
  if (tls_) {
    auto moved = tls_->write(bytes);
    if (!moved) return at_server(moved.error());
    return moved;
  }
  const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent > 0) return Moved{.bytes = static_cast<std::size_t>(sent)};
  if (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK) return Moved{.wants = Moved::Wants::kWrite};
  return network(options_, std::strerror(errno));
}

Status Connection::send(std::span<const std::uint64_t> words) {
  std::string_view left(reinterpret_cast<const char*>(words.data()), words.size_bytes());
  while (!left.empty()) {
    ANNALS_TRY(const Moved moved, write_some(left));
    if (moved.closed) return network(options_, "the server closed the connection");
    left.remove_prefix(moved.bytes);
    if (moved.wants == Moved::Wants::kNothing) continue;
    ANNALS_TRY(const bool ready, wait(moved.wants == Moved::Wants::kWrite ? POLLOUT : POLLIN, now() + options_.silence));
    if (!ready) return network(options_, fmt::format("it took nothing for {} ms", options_.silence.count()));
  }
  said_ = now();
  return {};
}

Result<std::optional<ServerMessage>> Connection::receive(milliseconds patience) {
  const Time until = now() + patience;
  while (true) {
    auto frame = frames_.next();
    if (!frame) return frame.error();
    if (*frame) {
      auto message = read_server_message(**frame);
      if (!message) return message.error();
      if (std::holds_alternative<Heartbeat>(*message)) continue;   // heard, and that is all there is to it
      return std::optional<ServerMessage>(*std::move(message));
    }
    Moved moved{.wants = Moved::Wants::kRead};
    // Where the last reading took all there was, the next would only be told so: waiting comes first.
    if (!drained_ || patience.count() == 0) {
      const auto room = frames_.prepare();
      ANNALS_TRY(moved, read_some(room));
      drained_ = !tls_ && moved.bytes < room.size();
    }
    if (moved.closed) return network(options_, "the server closed the connection");
    if (moved.bytes > 0) {
      frames_.commit(moved.bytes);
      heard_ = now();
      continue;
    }
    const auto beat = hello_.idle.count() > 0 ? hello_.idle / 3 : options_.silence / 3;
    if (now() - said_ >= beat) ANNALS_CHECK_OK(send(write_client_heartbeat(0)));
    if (now() - heard_ >= options_.silence) return network(options_, fmt::format("nothing was heard for {} ms", options_.silence.count()));
    if (now() >= until) return std::optional<ServerMessage>();
    ANNALS_TRY(const bool ready, wait(moved.wants == Moved::Wants::kWrite ? POLLOUT : POLLIN, std::min({until, said_ + beat, heard_ + options_.silence})));
    if (ready) drained_ = false;
  }
}

// ---- The client.

Client::Client(ClientOptions options) : options_(std::move(options)) {}
Client::~Client() {
  if (connection_) static_cast<void>(connection_->send(write_client_goodbye()).ok());   // politeness: it closes either way
}

Result<Connection*> Client::connection() {
  if (!connection_) {
    ANNALS_TRY(connection_, Connection::open(options_));
  }
  return connection_.get();
}

// Tries until it works, the error is one that will not pass, or time is up.
template <class Try>
auto Client::again(const Try& attempt) -> decltype(attempt()) {
  Pause pause(options_.retry_for);
  while (true) {
    auto result = attempt();
    if (result.ok()) return result;
    if (result.error().code == ErrorCode::kIo) connection_.reset();
    if (!passing(result.error()) || pause.over()) return result;
    std::this_thread::sleep_for(pause.next());
  }
}

Status Client::until(const std::function<Result<bool>(ServerMessage&)>& take) {
  while (true) {
    ANNALS_TRY(auto message, connection_->receive(milliseconds(1000)));
    if (!message) continue;
    if (const auto* error = std::get_if<WireError>(&*message); error != nullptr && error->about == WireError::About::kConnection) {
      connection_.reset();
      return as_error(*error);
    }
    if (const auto* goodbye = std::get_if<Goodbye>(&*message)) {
      connection_.reset();
      return network(options_, goodbye->why);
    }
    ANNALS_TRY(const bool taken, take(*message));
    if (taken) return {};
  }
}

Result<ServerHello> Client::hello() {
  return again([&]() -> Result<ServerHello> {
    ANNALS_TRY(Connection* const to, connection());
    return to->hello();
  });
}

Result<std::vector<Receipt>> Client::append(std::span<const EventDraft> events) {
  std::vector<Receipt> out;
  out.reserve(events.size());
  for (std::size_t done = 0; done < events.size();) {
    std::vector<EncodedEvent> encoded;
    std::size_t bytes = 0;
    for (std::size_t at = done; at < events.size() && encoded.size() < kAppendEventsMax; ++at) {
      ANNALS_TRY(EncodedDraft one, encode_draft(events[at]));
      bytes += one.bytes.header.size() + one.bytes.body.size();
      if (!encoded.empty() && bytes > kAppendBytes) break;
      encoded.push_back(std::move(one.bytes));
    }
    auto receipts = again([&]() -> Result<std::vector<Receipt>> {
      ANNALS_TRY(Connection* const to, connection());
      const std::uint64_t request = ++request_;
      ANNALS_CHECK_OK(to->send(write_message(EncodedAppend{request, encoded})));
      std::vector<Receipt> taken;
      ANNALS_CHECK_OK(until([&](ServerMessage& message) -> Result<bool> {
        if (const auto* error = std::get_if<WireError>(&message); error != nullptr && error->number == request) return as_error(*error);
        auto* appended = std::get_if<Appended>(&message);
        if (appended == nullptr || appended->request != request) return false;
        taken = std::move(appended->receipts);
        if (appended->head) head_ = appended->head;
        return true;
      }));
      if (taken.size() != encoded.size()) return Error{ErrorCode::kInvalid, "the server answered with another number of receipts than events"};
      return taken;
    });
    if (!receipts) return receipts.error();
    out.insert(out.end(), receipts->begin(), receipts->end());
    done += encoded.size();
  }
  return out;
}

Result<int> Client::ask(const std::vector<std::string>& words, const std::function<void(std::string_view)>& piece) {
  bool began = false;   // what was shown cannot be shown again
  return again([&]() -> Result<int> {
    ANNALS_TRY(Connection* const to, connection());
    const std::uint64_t request = ++request_;
    ANNALS_CHECK_OK(to->send(write_message(Ask{request, words})));
    int status = 0;
    const Status answered = until([&](ServerMessage& message) -> Result<bool> {
      if (const auto* error = std::get_if<WireError>(&message); error != nullptr && error->number == request) return as_error(*error);
      const auto* answer = std::get_if<Answer>(&message);
      if (answer == nullptr || answer->request != request) return false;
      began = true;
      piece(answer->text);
      status = answer->status;
      return answer->done;
    });
    if (answered) return status;
    if (began && passing(answered.error())) return Error{ErrorCode::kUnsupported, answered.error().message + " (in the middle of an answer)"};
    return answered.error();
  });
}

Result<CommandAnswer> Client::take_note(const NotePart& note) {
  return again([&]() -> Result<CommandAnswer> {
    ANNALS_TRY(Connection* const to, connection());
    const std::uint64_t request = ++request_;
    NotePart part = note;
    part.request = request;
    std::size_t sent = 0;
    do {
      part.bytes = note.bytes.substr(sent, kNotePiece);
      sent += part.bytes.size();
      part.done = sent == note.bytes.size();
      ANNALS_CHECK_OK(to->send(write_message(part)));
    } while (!part.done);
    CommandAnswer out;
    ANNALS_CHECK_OK(until([&](ServerMessage& message) -> Result<bool> {
      if (const auto* error = std::get_if<WireError>(&message); error != nullptr && error->number == request) return as_error(*error);
      const auto* answer = std::get_if<Answer>(&message);
      if (answer == nullptr || answer->request != request) return false;
      out.text += answer->text;
      out.status = answer->status;
      return answer->done;
    }));
    return out;
  });
}

Result<Position> Client::acknowledge(const std::string& name, Position position) {
  return again([&]() -> Result<Position> {
    ANNALS_TRY(Connection* const to, connection());
    ANNALS_CHECK_OK(to->send(write_message(Ack{name, position})));
    Position out;
    ANNALS_CHECK_OK(until([&](ServerMessage& message) -> Result<bool> {
      const auto* acked = std::get_if<Acked>(&message);
      if (acked == nullptr || acked->name != name || acked->position < position) return false;
      out = acked->position;
      return true;
    }));
    return out;
  });
}

Result<Position> Client::follow(Subscribe request, const std::function<Visit(const Batch&)>& visit, const Following& following) {
  Followed followed{std::move(request), {}};
  return follow(followed, {visit, {}}, following);
}

Dealt Dealt::all(const Batch& batch) {
  Dealt out;
  out.done.reserve(batch.events.size());
  for (const StoredEventView& event : batch.events) out.done.push_back(event.position);
  return out;
}

Status Client::share(const Share& what, const std::function<Dealt(const Batch&)>& deal, const Following& following) {
  constexpr std::uint32_t kNumber = 1;
  const auto wanted = [&] { return !following.go_on || following.go_on(); };
  // One membership's life. True: it is over for good.
  const auto once = [&](Pause& pause) -> Result<bool> {
    ANNALS_TRY(const auto to, Connection::open(options_));
    if (to->hello().version < kGroupsSince) {
      return Error{ErrorCode::kUnsupported, fmt::format("{}:{}: the server speaks version {} of the protocol, which has no groups", options_.host, options_.port, to->hello().version)};
    }
    Subscribe request;
    request.subscription = kNumber;
    request.from = Subscribe::From::kName;
    request.name = what.name;
    request.filter = what.filter;
    request.envelopes_only = what.envelopes_only;
    request.credit = std::max<std::uint32_t>(what.window, 1);
    request.group = true;
    ANNALS_CHECK_OK(to->send(write_message(request)));
    while (wanted()) {
      ANNALS_TRY(auto message, to->receive(milliseconds(1000)));
      if (!message) continue;
      if (const auto* error = std::get_if<WireError>(&*message)) return as_error(*error);
      if (const auto* goodbye = std::get_if<Goodbye>(&*message)) return network(options_, goodbye->why);
      if (std::holds_alternative<Subscribed>(*message)) pause = Pause(options_.retry_for);
      const auto* batch = std::get_if<Batch>(&*message);
      if (batch == nullptr) continue;
      Dealt dealt = deal(*batch);
      const auto settled = static_cast<std::uint32_t>(dealt.done.size() + dealt.rejected.size());
      if (settled > 0) {
        // Credit goes first: what is settled may free more at once.
        ANNALS_CHECK_OK(to->send(write_message(Credit{kNumber, settled})));
        ANNALS_CHECK_OK(to->send(write_message(Settle{kNumber, std::move(dealt.done), std::move(dealt.rejected)})));
      }
      if (dealt.next == Visit::kStop) break;
    }
    // Politely, so that what is held and not dealt with does not count against it; and heard to the end.
    ANNALS_CHECK_OK(to->send(write_message(Unsubscribe{kNumber})));
    const Time until = now() + options_.connect_timeout;
    while (now() < until) {
      ANNALS_TRY(auto message, to->receive(milliseconds(200)));
      if (message && (std::holds_alternative<Ended>(*message) || std::holds_alternative<Goodbye>(*message))) break;
    }
    return true;
  };
  Pause pause(options_.retry_for);
  while (true) {
    const auto over = once(pause);
    if (over) return {};
    if (!passing(over.error()) || pause.over() || !wanted()) return over.error();
    const milliseconds wait = pause.next();
    if (following.tell && pause.tells(options_.tell_every)) following.tell(over.error().message + "; trying again");
    std::this_thread::sleep_for(wait);
  }
}

namespace {

// How far the events have come, over all the connections that it took.
class Followup {
 public:
  Followup(Subscribe& request, std::uint32_t window) : request_(request), credit_again_(std::max<std::uint32_t>(window, 2) / 2) {
    request.subscription = 1;
    request.credit = std::max<std::uint32_t>(window, 2);
  }

  void connected() { taken_ = 0; }
  void begun(const Subscribed& begun) {
    if (!through_ && !request_.backwards) through_ = begun.after;
    if (request_.from != Subscribe::From::kNow) return;
    request_.from = Subscribe::From::kAfter;
    request_.after = begun.after;
  }
  void ended(const Ended& ended) { through_ = ended.through; }
  // False where the visitor wants no more.
  bool take(Batch& batch, const std::function<Visit(const Batch&)>& visit) {
    taken_ += static_cast<std::uint32_t>(batch.events.size());
    // A durable name begins behind what was acknowledged, which may be less than what was shown.
    if (through_ && !request_.backwards) std::erase_if(batch.events, [&](const StoredEventView& event) { return event.position <= *through_; });
    if (through_ && (request_.backwards ? batch.through >= *through_ : batch.through <= *through_)) return true;
    const Visit wanted = visit(batch);
    through_ = batch.through;
    if (request_.from == Subscribe::From::kAfter) {
      if (!request_.backwards) {
        request_.after = *through_;
      } else {
        request_.until = Subscribe::Until::kUpto;
        request_.upto = Position{through_->value - 1};
      }
    }
    return wanted == Visit::kContinue;
  }
  // Credit to grant again; 0: not yet.
  std::uint32_t worked_off() { return taken_ >= credit_again_ ? std::exchange(taken_, 0) : 0; }
  // The server may not know yet that the connection before this one is dead, and hold its name for it.
  bool holds_name() const { return request_.from == Subscribe::From::kName && through_; }
  Position through() const { return through_.value_or(request_.after); }

 private:
  Subscribe& request_;
  const std::uint32_t credit_again_;
  std::uint32_t taken_ = 0;            // and not granted again
  std::optional<Position> through_;    // all up to here was shown (backwards: all from here on)
};

}  // namespace

Result<Position> Client::follow(Followed& followed, const Visitors& visitors, const Following& following) {
  constexpr std::uint32_t kFirstWatch = 2;
  std::optional<Followup> events;
  if (followed.events) events.emplace(*followed.events, options_.window);
  for (std::size_t i = 0; i < followed.watches.size(); ++i) followed.watches[i].subscription = kFirstWatch + static_cast<std::uint32_t>(i);
  const auto wanted = [&] { return !following.go_on || following.go_on(); };
  const auto watch_of = [&](std::uint32_t subscription) -> Watch* {
    const std::size_t i = subscription - kFirstWatch;
    return subscription >= kFirstWatch && i < followed.watches.size() ? &followed.watches[i] : nullptr;
  };

  // One connection's life. True: it is over for good.
  const auto once = [&](Pause& pause) -> Result<bool> {
    ANNALS_TRY(const auto to, Connection::open(options_));
    if (events) {
      events->connected();
      ANNALS_CHECK_OK(to->send(write_message(*followed.events)));
    }
    for (const Watch& watch : followed.watches) ANNALS_CHECK_OK(to->send(write_message(watch)));
    while (wanted()) {
      ANNALS_TRY(auto message, to->receive(milliseconds(1000)));
      if (!message) continue;
      if (const auto* error = std::get_if<WireError>(&*message)) return as_error(*error);
      if (const auto* goodbye = std::get_if<Goodbye>(&*message)) return network(options_, goodbye->why);
      if (const auto* ended = std::get_if<Ended>(&*message)) {
        if (!events || ended->subscription != 1) continue;
        events->ended(*ended);
        return true;
      }
      if (const auto* begun = std::get_if<Subscribed>(&*message)) {
        pause = Pause(options_.retry_for);
        if (begun->subscription == 1) events->begun(*begun);
        continue;
      }
      if (const auto* changes = std::get_if<Changes>(&*message)) {
        Watch* const watch = watch_of(changes->subscription);
        if (watch == nullptr) continue;
        watch->from = changes->at;
        if (!changes->changes.empty() && visitors.changes(*watch, *changes) == Visit::kStop) return true;
        continue;
      }
      auto* batch = std::get_if<Batch>(&*message);
      if (batch == nullptr || !events) continue;
      if (!events->take(*batch, visitors.batch)) return true;
      if (const std::uint32_t credit = events->worked_off(); credit > 0) ANNALS_CHECK_OK(to->send(write_message(Credit{1, credit})));
    }
    return true;
  };

  Pause pause(options_.retry_for);
  while (true) {
    auto over = once(pause);
    if (over) return events ? events->through() : Position{};
    const bool name_is_held = over.error().code == ErrorCode::kConflict && events && events->holds_name();
    if ((!passing(over.error()) && !name_is_held) || pause.over() || !wanted()) return over.error();
    const milliseconds wait = pause.next();
    if (following.tell && pause.tells(options_.tell_every)) following.tell(over.error().message + "; trying again");
    std::this_thread::sleep_for(wait);
  }
}

}  // namespace annals::stream
