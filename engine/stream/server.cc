#include "engine/stream/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <unordered_map>

#include "engine/base/thread_name.h"
#include "engine/stream/appenders.h"
#include "engine/stream/catch_up.h"
#include "engine/stream/fetch.h"
#include "engine/stream/groups.h"
#include "engine/stream/peer.h"
#include "engine/stream/watched_log.h"

namespace annals::stream {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using NetError = boost::system::error_code;

constexpr auto kQuiet = asio::as_tuple(asio::use_awaitable);   // errors as values
constexpr int kFedAhead = 4;                                   // chunks that wait for the thread of sockets
constexpr std::chrono::milliseconds kTick{500};

SteadyTime steady_now() { return std::chrono::steady_clock::now(); }

}  // namespace

struct Server::Impl {
  class Connection;
  using ConnectionPtr = std::shared_ptr<Connection>;

  Impl(ServerParts server_parts, ServerOptions server_options)
      : parts(std::move(server_parts)), options(std::move(server_options)), log(parts.log, [this](std::size_t events, std::chrono::nanoseconds took) { grown(events, took); }) {}

  Status listen();
  Status begin_tls();
  asio::awaitable<void> accept();
  asio::awaitable<void> tick();
  void begin();
  void stop(std::chrono::milliseconds patience);
  void grown(std::size_t events, std::chrono::nanoseconds took);
  void feed(Position fed);   // what lies behind that
  void append(AppendWork work);
  void appended(std::vector<AppendDone> done);
  void show(SharedChunk chunk, Position upto);
  void show_upto(Position upto);
  SharedChunk recent_chunk(Position after) const;
  void fetch(const ConnectionPtr& connection, Fetch fetch);
  void read_for_group(GroupRead read);
  void remove(const ConnectionPtr& connection);
  Status keeps_names() const;
  Status acknowledge(std::weak_ptr<Connection> connection, const std::string& name, Position position);
  void keep_names();
  void save_names();
  void tell(std::string_view line) const {
    if (parts.tell) parts.tell(line);
  }

  ServerParts parts;
  ServerOptions options;
  WatchedLog log;

  // The thread of sockets; what follows up to the next heading is its alone.
  asio::io_context io{1};
  std::optional<asio::ssl::context> tls;   // none: in the clear
  tcp::acceptor acceptor{io};
  asio::steady_timer ticker{io};
  std::unordered_map<std::uint64_t, ConnectionPtr> connections;
  std::uint64_t next_connection = 1;
  Position shown;
  std::deque<SharedChunk> recent;       // of everything, one behind the other, up to `shown`
  std::size_t recent_bytes = 0;
  bool stopping = false;                // no new connections
  bool ended = false;                   // no more ticks either: the thread runs out of work
  std::uint16_t bound_port = 0;
  struct Acknowledged {
    std::weak_ptr<Connection> connection;
    std::string name;
    Position position;
  };
  Names names;
  std::mutex kept_names_mutex;
  Names kept_names;              // as they are on disk
  std::map<std::string, GroupStatus> kept_groups;
  std::set<std::string> names_in_use;
  std::vector<Acknowledged> acknowledged;   // wait for the disk
  bool saving_names = false;
  bool names_changed = false;    // since they were saved last
  Groups groups{{[this](GroupRead read) { read_for_group(std::move(read)); }, [this] { return shown; }, [] { return steady_now(); }, [this] { keep_names(); }, [this](std::string_view line) { tell(line); }},
                options.group,
                options.session,
                names,
                names_in_use};

  std::thread socket_thread;
  std::vector<AppendWork> to_append;   // came since the appenders were told last
  std::unique_ptr<Appenders> appenders;
  std::unique_ptr<CatchUp> catch_up;
  std::unique_ptr<asio::thread_pool> answerers;
  std::unique_ptr<asio::thread_pool> note_takers;
  std::unique_ptr<asio::thread_pool> watchers;
  std::unique_ptr<asio::thread_pool> name_keeper;

  // The feeder.
  std::mutex feed_mutex;
  std::condition_variable feed_wake;
  bool feed_stop = false;
  bool feed_due = false;
  int fed_ahead = 0;
  std::thread feeder;

  std::mutex stop_mutex;
  std::condition_variable stop_wake;
  bool stopped = false;
  bool drained = false;

  struct Counters {
    std::atomic<std::uint64_t> connections{0}, accepted{0}, refused{0}, events_appended{0}, appends{0}, chunks_fed{0}, last{0};
    PeerTotals peers;
  } counters;
};

// ---- One client: the session and its peer, and what it asks of the server.

class Server::Impl::Connection final : public SessionHost, public std::enable_shared_from_this<Connection> {
 public:
  Connection(Impl& server, std::uint64_t number, tcp::socket socket)
      : server_(server),
        number_(number),
        peer_(std::move(socket), server.tls ? &*server.tls : nullptr, session_, server.options.stalled, server.counters.peers,
              [this](std::string_view why) {
                if (!why.empty()) server_.tell(fmt::format("connection {}: {}", number_, why));
                server_.remove(shared_from_this());
              }),
        session_(*this, server.parts.lexicon, server.options.session, steady_now()) {}

  std::uint64_t number() const { return number_; }
  Peer& peer() { return peer_; }
  void begin() { peer_.begin({shared_from_this(), &peer_}); }

  // ---- SessionHost.

  void send(Outgoing message) override { peer_.send(std::move(message)); }
  void close() override { peer_.close(); }
  Position last() const override { return server_.shown; }
  SharedChunk recent(Position after) const override { return server_.recent_chunk(after); }
  void fetch(Fetch fetch) override { server_.fetch(shared_from_this(), std::move(fetch)); }
  void append(std::vector<AppendFrame> frames, std::shared_ptr<const Rights> rights) override {
    server_.append({number_, std::move(frames), std::move(rights)});
  }
  void ask(Ask ask, std::shared_ptr<const Rights> rights) override {
    asio::post(*server_.answerers, [weak = weak_from_this(), server = &server_, ask = std::move(ask), rights = std::move(rights)] {
      const auto self = weak.lock();
      if (!self) return;
      auto answer = server->parts.answer ? server->parts.answer(ask.words, *rights, server->log)
                                         : Result<CommandAnswer>(Error{ErrorCode::kUnsupported, "this server answers no questions"});
      self->answer_with(ask.request, std::move(answer));
    });
  }
  void take_note(WholeNote note) override {
    asio::post(*server_.note_takers, [weak = weak_from_this(), server = &server_, note = std::move(note)] {
      const auto self = weak.lock();
      if (!self) return;
      auto answer = server->parts.take_note ? server->parts.take_note(note, server->log)
                                            : Result<CommandAnswer>(Error{ErrorCode::kUnsupported, "this server takes no notes in"});
      // As with appends: whoever is told that a note is taken in may ask for its events next, before the feeder has come to them.
      asio::post(server->io, [server, last = server->log.last()] { server->show_upto(last); });
      self->answer_with(note.head.request, std::move(answer));
    });
  }
  void look(Look look) override {
    asio::post(*server_.watchers, [weak = weak_from_this(), server = &server_, look = std::move(look)] {
      const auto self = weak.lock();
      if (!self) return;
      const SteadyTime begun = steady_now();
      LookOutcome outcome{{look.upto, server->parts.clock.now()}, {}, {}};
      auto changes = server->parts.changes ? server->parts.changes(*look.spec, look.from, outcome.at, server->log)
                                           : Result<std::vector<std::string>>(Error{ErrorCode::kUnsupported, "this server watches no answers"});
      if (changes) outcome.changes = *std::move(changes);
      outcome.took = std::chrono::duration_cast<std::chrono::milliseconds>(steady_now() - begun);
      asio::post(server->io, [self, number = look.subscription, serial = look.serial,
                              result = changes ? Result<LookOutcome>(std::move(outcome)) : Result<LookOutcome>(changes.error())]() mutable {
        self->peer_.with_session([&](Session& session) { session.looked(number, serial, std::move(result)); });
      });
    });
  }
  Result<Position> open_name(const std::string& name) override {
    ANNALS_CHECK_OK(server_.keeps_names());
    ANNALS_CHECK_OK(server_.groups.yield(name));
    if (!server_.names_in_use.insert(name).second) return Error{ErrorCode::kConflict, fmt::format("another connection follows '{}'", name)};
    const auto found = server_.names.find(name);
    return found == server_.names.end() ? Position{} : found->second.position;
  }
  void close_name(const std::string& name) override { server_.names_in_use.erase(name); }
  Status acknowledge(const std::string& name, Position position) override { return server_.acknowledge(weak_from_this(), name, position); }
  Result<Position> join_group(const Subscribe& request, std::shared_ptr<const Filter> filter) override {
    ANNALS_CHECK_OK(server_.keeps_names());
    return server_.groups.join(session_, request, std::move(filter));
  }
  void leave_group(const std::string& name, std::uint32_t subscription, bool lost) override { server_.groups.leave(session_, name, subscription, lost); }
  void grant_in_group(const std::string& name, std::uint32_t subscription, std::uint64_t credit) override { server_.groups.grant(session_, name, subscription, credit); }
  void settle_in_group(const std::string& name, const Settle& settle) override { server_.groups.settle(session_, name, settle); }
  void group_has_room(const std::string& name) override { server_.groups.has_room(name); }
  Result<Rights> admit(const ClientHello& hello) override {
    if (!server_.options.tokens) return Rights{};
    auto rights = server_.options.tokens->admit(hello.token);
    if (!rights) server_.tell(fmt::format("connection {}: {}", number_, rights.error().message));
    return rights;
  }
  ServerHello hello() const override {
    ServerHello out;
    out.program = server_.options.program;
    out.zone = server_.log.info().zone.name();
    out.frame_bytes_max = static_cast<std::uint32_t>(FrameLimits{}.bytes_max);
    out.append_events_max = kAppendEventsMax;
    out.now = server_.parts.clock.now();
    return out;
  }

 private:
  // From another thread.
  void answer_with(std::uint64_t request, Result<CommandAnswer> answer) {
    asio::post(server_.io, [self = shared_from_this(), request, answer = std::move(answer)]() mutable {
      self->peer_.with_session([&](Session& session) { session.answered(request, std::move(answer)); });
    });
  }

  Impl& server_;
  const std::uint64_t number_;
  Peer peer_;
  Session session_;                // last: it goes first, and its end may call what is above
};

// ---- The thread of sockets.

Status Server::Impl::begin_tls() {
  if (options.certificate.empty() && options.private_key.empty()) return {};
  if (options.certificate.empty() || options.private_key.empty()) return Error{ErrorCode::kInvalid, "TLS needs a certificate and its key"};
  tls.emplace(asio::ssl::context::tlsv13_server);
  NetError error;
  const auto wrong = [&](const std::string& file) { return Error{ErrorCode::kInvalid, fmt::format("{}: {}", file, error.message())}; };
  if (tls->use_certificate_chain_file(options.certificate, error)) return wrong(options.certificate);
  if (tls->use_private_key_file(options.private_key, asio::ssl::context::pem, error)) return wrong(options.private_key);
  return {};
}

Status Server::Impl::listen() {
  NetError error;
  const auto address = asio::ip::make_address(options.host, error);
  if (error) return Error{ErrorCode::kInvalid, fmt::format("--listen {}: expected an address such as 127.0.0.1 or ::1", options.host)};
  ANNALS_CHECK_OK(begin_tls());
  if (!address.is_loopback() && !(tls && options.tokens)) {
    return Error{ErrorCode::kInvalid, fmt::format("--listen {}: without TLS and tokens a server listens on loopback only (127.0.0.1, ::1)", options.host)};
  }
  const tcp::endpoint endpoint(address, options.port);
  const auto refused = [&] { return Error{ErrorCode::kIo, fmt::format("{}:{}: {}", options.host, options.port, error.message())}; };
  if (acceptor.open(endpoint.protocol(), error)) return refused();
  if (acceptor.set_option(tcp::acceptor::reuse_address(true), error)) return refused();
  if (acceptor.bind(endpoint, error)) return refused();
  if (acceptor.listen(1024, error)) return refused();
  bound_port = acceptor.local_endpoint().port();
  return {};
}

void Server::Impl::begin() {
  shown = log.last();
  counters.last = shown.value;
  CatchUp::Limits limits{.threads = options.readers, .chunk_events = options.session.chunk_events, .chunk_bytes = options.session.chunk_bytes};
  limits.bytes = std::min(limits.bytes, options.recent_bytes);
  catch_up = std::make_unique<CatchUp>(log, limits);
  answerers = std::make_unique<asio::thread_pool>(1);
  note_takers = std::make_unique<asio::thread_pool>(1);
  watchers = std::make_unique<asio::thread_pool>(1);
  asio::post(*watchers, [] { name_thread("watcher"); });
  name_keeper = std::make_unique<asio::thread_pool>(1);
  asio::co_spawn(io, accept(), asio::detached);
  asio::co_spawn(io, tick(), asio::detached);
  // `shown` is taken before the thread of sockets can change it.
  feeder = std::thread([this, from = shown] {
    name_thread("feeder");
    feed(from);
  });
  appenders = std::make_unique<Appenders>(log, options.appenders, [this](std::vector<AppendDone> done) {
    asio::post(io, [this, done = std::move(done)]() mutable { appended(std::move(done)); });
  });
  socket_thread = std::thread([this] {
    name_thread("sockets");
    io.run();
  });
}

asio::awaitable<void> Server::Impl::accept() {
  while (!stopping) {
    auto [error, socket] = co_await acceptor.async_accept(kQuiet);
    if (stopping || error == asio::error::operation_aborted) break;
    if (error) {
      // No descriptors are left, or the peer was faster: neither gets better by trying at once.
      asio::steady_timer pause(io, std::chrono::milliseconds(20));
      co_await pause.async_wait(kQuiet);
      continue;
    }
    ++counters.accepted;
    NetError ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    if (connections.size() >= options.connections_max) {
      ++counters.refused;
      if (tls) continue;   // what is in the clear would tell such a peer nothing
      const Words words = write_message(WireError{WireCode::kOverloaded, fmt::format("{} connections are the most; try again later", options.connections_max),
                                                  WireError::About::kConnection, 0, {}});
      socket.non_blocking(true, ignored);
      socket.write_some(asio::buffer(words.data(), words.size() * sizeof(std::uint64_t)), ignored);
      continue;
    }
    const auto connection = std::make_shared<Connection>(*this, next_connection++, std::move(socket));
    connections.emplace(connection->number(), connection);
    counters.connections = connections.size();
    connection->begin();
  }
}

asio::awaitable<void> Server::Impl::tick() {
  while (!ended) {
    ticker.expires_after(kTick);
    const auto [error] = co_await ticker.async_wait(kQuiet);
    if (error || ended) break;
    const SteadyTime now = steady_now();
    std::vector<ConnectionPtr> all;   // a tick may remove its connection
    all.reserve(connections.size());
    for (const auto& [number, connection] : connections) all.push_back(connection);
    for (const auto& connection : all) connection->peer().tick(now);
    groups.tick();
    const std::lock_guard guard(kept_names_mutex);
    kept_groups = groups.status();
  }
}

void Server::Impl::remove(const ConnectionPtr& connection) {
  connections.erase(connection->number());
  counters.connections = connections.size();
  if (stopping && connections.empty()) {
    const std::lock_guard guard(stop_mutex);
    drained = true;
    stop_wake.notify_all();
  }
}

// ---- The tail of the log.

void Server::Impl::grown(std::size_t events, std::chrono::nanoseconds took) {
  ++counters.appends;
  counters.events_appended += events;
  if (parts.appended) parts.appended(events, took);
  {
    const std::lock_guard guard(feed_mutex);
    feed_due = true;
  }
  feed_wake.notify_one();
}

void Server::Impl::feed(Position fed) {
  ChunkWriter writer;
  while (true) {
    {
      std::unique_lock lock(feed_mutex);
      feed_wake.wait(lock, [&] { return feed_stop || (feed_due && fed_ahead < kFedAhead); });
      if (feed_stop) return;
      feed_due = false;
    }
    while (true) {
      const Position last = log.last();
      if (last <= fed) break;
      SharedChunk chunk;
      Position upto = last;
      if (counters.peers.subscriptions > 0) {
        Fetch next;
        next.range = {fed, last};
        next.events_max = options.session.chunk_events;
        next.bytes_max = options.session.chunk_bytes;
        auto read = fetch_chunk(log, next, writer);
        if (read) {
          chunk = *std::move(read);
          upto = chunk->upto;
          ++counters.chunks_fed;
        } else {
          tell(fmt::format("the log's tail cannot be read: {}", read.error().message));   // who follows it will be told when it fetches
        }
      }
      fed = upto;
      {
        std::unique_lock lock(feed_mutex);
        ++fed_ahead;
      }
      asio::post(io, [this, chunk = std::move(chunk), upto]() mutable {
        show(std::move(chunk), upto);
        {
          const std::lock_guard guard(feed_mutex);
          --fed_ahead;
        }
        feed_wake.notify_one();
      });
      std::unique_lock lock(feed_mutex);
      feed_wake.wait(lock, [&] { return feed_stop || fed_ahead < kFedAhead; });
      if (feed_stop) return;
    }
  }
}

void Server::Impl::show_upto(Position upto) {
  shown = std::max(shown, upto);
  counters.last = shown.value;
}

void Server::Impl::show(SharedChunk chunk, Position upto) {
  if (!chunk) {
    // Nobody followed: what is kept would have a gap behind it.
    recent.clear();
    recent_bytes = 0;
  } else {
    recent_bytes += chunk->bytes();
    recent.push_back(std::move(chunk));
    while (recent.size() > 1 && recent_bytes > options.recent_bytes) {
      recent_bytes -= recent.front()->bytes();
      recent.pop_front();
    }
  }
  show_upto(upto);
  for (const auto& [number, connection] : connections) connection->peer().with_session([](Session& session) { session.woke(); });
  groups.woke();
}

SharedChunk Server::Impl::recent_chunk(Position after) const {
  const auto found = std::lower_bound(recent.begin(), recent.end(), after, [](const SharedChunk& chunk, Position wanted) { return chunk->after < wanted; });
  return found != recent.end() && (*found)->after == after ? *found : nullptr;
}

// ---- Reading for those who catch up.

void Server::Impl::fetch(const ConnectionPtr& connection, Fetch fetch) {
  // Whoever comes from behind stops where a chunk in memory begins, and goes on with that.
  if (!fetch.backwards && !fetch.filter && !recent.empty() && fetch.range.upto > recent.front()->after) {
    const auto next = std::upper_bound(recent.begin(), recent.end(), fetch.range.after, [](Position wanted, const SharedChunk& chunk) { return wanted < chunk->after; });
    if (next != recent.end()) fetch.range.upto = std::min(fetch.range.upto, (*next)->after);
  }
  catch_up->fetch(fetch, connection, [this, weak = std::weak_ptr(connection), number = fetch.subscription, serial = fetch.serial](Result<SharedChunk> chunk) {
    asio::post(io, [weak, number, serial, chunk = std::move(chunk)]() mutable {
      const auto self = weak.lock();
      if (!self) return;
      self->peer().with_session([&](Session& session) { session.fetched(number, serial, std::move(chunk)); });
    });
  });
}

void Server::Impl::read_for_group(GroupRead read) {
  catch_up->post([this, read = std::move(read)]() mutable {
    auto stretch = fetch_stretch(log, read.want, read.filter.get());
    asio::post(io, [this, name = std::move(read.name), serial = read.want.serial, stretch = std::move(stretch)]() mutable { groups.read_done(name, serial, std::move(stretch)); });
  });
}

// ---- Appending.

// What came with one look at the sockets goes to the appenders together.
void Server::Impl::append(AppendWork work) {
  to_append.push_back(std::move(work));
  if (to_append.size() == 1) asio::post(io, [this] { appenders->add(std::exchange(to_append, {})); });
}

void Server::Impl::appended(std::vector<AppendDone> done) {
  // Whoever is told that an event is written may ask for it next, before the feeder has come to it.
  Position newest;
  for (const AppendDone& one : done) {
    for (const AppendOutcome& outcome : one.outcomes) {
      if (!outcome.receipts) continue;
      for (const Receipt& receipt : *outcome.receipts) newest = std::max(newest, receipt.position);
    }
  }
  show_upto(newest);
  for (AppendDone& one : done) {
    const auto found = connections.find(one.client);
    if (found == connections.end()) continue;
    const ConnectionPtr connection = found->second;   // it may go meanwhile
    connection->peer().with_session([&](Session& session) { session.appended(std::move(one.outcomes)); });
  }
}

// ---- Durable names.

Status Server::Impl::keeps_names() const {
  if (options.names_file.empty()) return Error{ErrorCode::kUnsupported, "this server keeps no durable subscriptions"};
  return {};
}

Status Server::Impl::acknowledge(std::weak_ptr<Connection> connection, const std::string& name, Position position) {
  ANNALS_CHECK_OK(keeps_names());
  ANNALS_CHECK_OK(groups.yield(name));
  if (!names.contains(name) && names.size() >= kNamesMax) {
    return Error{ErrorCode::kOverloaded, fmt::format("{} durable subscriptions are the most", kNamesMax)};
  }
  Position& kept = names[name].position;
  kept = std::max(kept, position);
  acknowledged.push_back({std::move(connection), name, kept});
  keep_names();
  return {};
}

void Server::Impl::keep_names() {
  names_changed = true;
  if (!saving_names) save_names();
}

// One file at a time is written; what is acknowledged meanwhile goes into the next.
void Server::Impl::save_names() {
  saving_names = true;
  names_changed = false;
  asio::post(*name_keeper, [this, copy = names, waiting = std::exchange(acknowledged, {})]() mutable {
    Status saved = write_names(options.names_file, copy);
    if (saved) {
      const std::lock_guard guard(kept_names_mutex);
      kept_names = std::move(copy);
    }
    asio::post(io, [this, saved = std::move(saved), waiting = std::move(waiting)] {
      saving_names = false;
      if (!saved) tell(fmt::format("durable subscriptions cannot be kept: {}", saved.error().message));
      for (const Acknowledged& one : waiting) {
        const auto self = one.connection.lock();
        if (!self || !saved) continue;   // not acknowledged: it will be tried again with the next
        self->peer().with_session([&](Session& session) { session.acked(one.name, one.position); });
      }
      if (names_changed) save_names();
    });
  });
}

// ---- The end.

void Server::Impl::stop(std::chrono::milliseconds patience) {
  {
    const std::lock_guard guard(stop_mutex);
    if (stopped) return;
    stopped = true;
  }
  asio::post(io, [this] {
    stopping = true;
    NetError ignored;
    acceptor.close(ignored);
    std::vector<ConnectionPtr> all;
    for (const auto& [number, connection] : connections) all.push_back(connection);
    for (const auto& connection : all) connection->peer().with_session([](Session& session) { session.stop("the server stops; come back later"); });
    if (connections.empty()) {
      const std::lock_guard guard(stop_mutex);
      drained = true;
      stop_wake.notify_all();
    }
  });
  {
    std::unique_lock lock(stop_mutex);
    stop_wake.wait_for(lock, patience, [&] { return drained; });
  }
  std::promise<void> handed_over;
  asio::post(io, [this, &handed_over] {
    if (!to_append.empty()) appenders->add(std::exchange(to_append, {}));
    handed_over.set_value();
  });
  handed_over.get_future().wait();
  appenders->join();   // what was taken is written, though its sender may be gone
  {
    const std::lock_guard guard(feed_mutex);
    feed_stop = true;
  }
  feed_wake.notify_all();
  feeder.join();
  catch_up->join();
  answerers->join();
  note_takers->join();
  watchers->join();
  name_keeper->join();
  asio::post(io, [this] {
    ended = true;
    ticker.cancel();
    std::vector<ConnectionPtr> all;
    for (const auto& [number, connection] : connections) all.push_back(connection);
    for (const auto& connection : all) connection->peer().cut();
  });
  socket_thread.join();
  // What was settled while the last file was written, or since.
  if (names == kept_names) return;
  if (const Status saved = write_names(options.names_file, names); !saved) tell(fmt::format("durable subscriptions cannot be kept: {}", saved.error().message));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() { stop(); }

Result<std::unique_ptr<Server>> Server::start(ServerParts parts, ServerOptions options) {
  auto impl = std::make_unique<Impl>(std::move(parts), std::move(options));
  if (!impl->options.names_file.empty()) {
    ANNALS_TRY(impl->names, read_names(impl->options.names_file));
    impl->kept_names = impl->names;
  }
  ANNALS_CHECK_OK(impl->listen());
  impl->begin();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::uint16_t Server::port() const { return impl_->bound_port; }

ServerStatus Server::status() const {
  const auto& from = impl_->counters;
  ServerStatus out;
  out.connections = from.connections;
  out.accepted = from.accepted;
  out.refused = from.refused;
  out.dropped = from.peers.dropped;
  out.subscriptions = from.peers.subscriptions;
  out.events_appended = from.events_appended;
  out.appends = from.appends;
  out.events_sent = from.peers.events_sent;
  out.bytes_sent = from.peers.bytes_sent;
  out.chunks_fed = from.chunks_fed;
  out.chunks_fetched = impl_->catch_up->chunks_read();
  out.last = Position{from.last};
  const std::lock_guard guard(impl_->kept_names_mutex);
  out.names = impl_->kept_names;
  out.groups = impl_->kept_groups;
  return out;
}

Status Server::release(const std::string& name, const std::vector<Position>& events, bool discard) {
  std::promise<Status> done;
  auto answer = done.get_future();
  asio::post(impl_->io, [&] { done.set_value(impl_->groups.release(name, events, discard)); });
  return answer.get();
}

void Server::stop(std::chrono::milliseconds patience) { impl_->stop(patience); }

}  // namespace annals::stream
