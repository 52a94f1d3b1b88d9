// The server: durable appends, replay, fan-out, latency and filters, each beside a bare writer without anything of annals in the same run.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio.hpp>
#include <filesystem>
#include <thread>

#include "engine/codec/codec.h"
#include "engine/filter/term_index.h"
#include "engine/language/lexicon.h"
#include "engine/stream/client.h"
#include "engine/stream/fetch.h"
#include "engine/stream/server.h"
#include "tools/bench/bare.h"
#include "tools/bench/bench.h"
#include "tools/bench/generate.h"
#include "tools/bench/serving.h"

namespace annals::bench {
namespace {

using namespace annals::stream;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Steady = std::chrono::steady_clock;

constexpr unsigned kAppendClients = 16;

// `in_flight` appends of one event each under way for every client, until its share is sent or time is up; events per second.
double append_round(const std::string& directory, const std::vector<EncodedEvent>& events, std::size_t in_flight, double limit) {
  const Serving serving(directory);
  std::atomic<std::uint64_t> acknowledged{0};
  std::vector<std::thread> clients;
  const std::size_t share = events.size() / kAppendClients;
  const Stopwatch watch;
  for (unsigned c = 0; c < kAppendClients; ++c) {
    clients.emplace_back([&, c] {
      const auto connection = must(Connection::open(serving.client()));
      std::size_t sent = 0;
      std::size_t done = 0;
      Words together;
      while (done < share && (watch.seconds() < limit || done < sent)) {
        // As clients do that keep many under way: what has come is taken, and as many more go out together.
        together.clear();
        while (sent < share && sent - done < in_flight && watch.seconds() < limit) {
          const Words one = write_message(EncodedAppend{sent + 1, std::span(events).subspan(c * share + sent, 1)});
          together.insert(together.end(), one.begin(), one.end());
          ++sent;
        }
        if (!together.empty()) must(connection->send(together));
        if (done == sent) break;
        for (auto patience = milliseconds(10'000); done < sent; patience = milliseconds(0)) {
          const auto message = must(connection->receive(patience));
          if (!message) break;
          if (std::holds_alternative<Appended>(*message)) ++done;
        }
      }
      acknowledged += done;
    });
  }
  for (std::thread& each : clients) each.join();
  return static_cast<double>(acknowledged) / watch.seconds();
}

// The same number of threads, each with one synced row at a time: RocksDB gathers them itself.
double bare_append_round(const std::string& directory, const std::vector<std::string>& payloads, double limit) {
  BareStore store(directory);
  std::atomic<std::uint64_t> next{0};
  std::vector<std::thread> writers;
  const Stopwatch watch;
  for (unsigned c = 0; c < kAppendClients; ++c) {
    writers.emplace_back([&] {
      while (watch.seconds() < limit) {
        const std::uint64_t i = next++;
        if (i >= payloads.size()) break;
        store.write(i + 1, std::span(payloads).subspan(i, 1), true);
      }
    });
  }
  for (std::thread& each : writers) each.join();
  return static_cast<double>(std::min<std::uint64_t>(next, payloads.size())) / watch.seconds();
}

// An Asio writer that knows nothing: the same chunks, already encoded, to the same number of sockets; readers who only count bytes.
double bare_replay_round(const std::vector<SharedChunk>& chunks, unsigned readers) {
  namespace asio = boost::asio;
  using asio::ip::tcp;
  asio::io_context io{1};
  tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  const std::uint16_t port = acceptor.local_endpoint().port();
  std::uint64_t bytes = 0;
  std::uint64_t events = 0;
  for (const SharedChunk& chunk : chunks) {
    bytes += chunk->bytes();
    events += chunk->events;
  }
  const Stopwatch watch;
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        for (unsigned i = 0; i < readers; ++i) {
          auto socket = std::make_shared<tcp::socket>(co_await acceptor.async_accept(asio::use_awaitable));
          socket->set_option(tcp::no_delay(true));
          asio::co_spawn(
              io,
              [socket, &chunks]() -> asio::awaitable<void> {
                for (const SharedChunk& chunk : chunks) {
                  co_await asio::async_write(*socket, asio::buffer(chunk->segment.data(), chunk->bytes()), asio::use_awaitable);
                }
              },
              asio::detached);
        }
      },
      asio::detached);
  std::thread writer([&] { io.run(); });
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < readers; ++i) {
    threads.emplace_back([&] {
      const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
      sockaddr_in to{};
      to.sin_family = AF_INET;
      to.sin_port = htons(port);
      to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      if (::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) {
        std::vector<char> buffer(1u << 20);
        for (std::uint64_t got = 0; got < bytes;) {
          const ssize_t some = ::recv(socket, buffer.data(), buffer.size(), 0);
          if (some <= 0) break;
          got += static_cast<std::uint64_t>(some);
        }
      }
      ::close(socket);
    });
  }
  for (std::thread& each : threads) each.join();
  writer.join();
  return static_cast<double>(events * readers) / watch.seconds();
}

// Microseconds from the moment an event was recorded (before it was synced) to its arrival at each of `readers`.
std::vector<double> latency_round(Serving& serving, std::span<const EventDraft> drafts, unsigned readers, double rate) {
  std::vector<std::vector<double>> each(readers);
  std::vector<std::thread> threads;
  std::atomic<unsigned> ready{0};
  const Position after = serving.log->last();
  for (unsigned i = 0; i < readers; ++i) {
    threads.emplace_back([&, i] {
      const auto connection = must(Connection::open(serving.client()));
      Subscribe request;
      request.subscription = 1;
      request.after = after;
      request.credit = 1'000'000;
      must(connection->send(write_message(request)));
      ++ready;
      for (std::size_t got = 0; got < drafts.size();) {
        auto message = must(connection->receive(seconds(10)));
        if (!message) return;
        const auto* batch = std::get_if<Batch>(&*message);
        if (batch == nullptr) continue;
        const Instant now = serving.clock.now();
        for (const StoredEventView& stored : batch->events) {
          const auto event = decode_event(stored.header, stored.body, {.parts = Parts::kEnvelope});
          if (event) each[i].push_back(static_cast<double>((now - event->recorded_at).count()));
          ++got;
        }
      }
    });
  }
  while (ready < readers) std::this_thread::sleep_for(milliseconds(1));
  std::this_thread::sleep_for(milliseconds(50));
  const auto connection = must(Connection::open(serving.client()));
  const auto begun = Steady::now();
  const auto events = encoded(drafts);
  for (std::size_t i = 0; i < events.size(); ++i) {
    std::this_thread::sleep_until(begun + std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(static_cast<double>(i) / rate)));
    must(connection->send(write_message(EncodedAppend{i + 1, std::span(events).subspan(i, 1)})));
    while (must(connection->receive(milliseconds(0)))) {
    }
  }
  for (std::thread& one : threads) one.join();
  std::vector<double> all;
  for (const auto& one : each) all.insert(all.end(), one.begin(), one.end());
  return all;
}

// The same without a log: an Asio writer sends 700 bytes with the time in them to as many sockets at the same rate.
std::vector<double> bare_latency_round(std::size_t count, unsigned readers, double rate) {
  namespace asio = boost::asio;
  using asio::ip::tcp;
  constexpr std::size_t kSize = 704;
  asio::io_context io{1};
  tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  const std::uint16_t port = acceptor.local_endpoint().port();
  std::vector<std::vector<double>> each(readers);
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < readers; ++i) {
    threads.emplace_back([&, i] {
      asio::io_context own;
      tcp::socket socket(own);
      socket.connect({asio::ip::address_v4::loopback(), port});
      std::array<char, kSize> buffer{};
      for (std::size_t got = 0; got < count; ++got) {
        asio::read(socket, asio::buffer(buffer));
        std::int64_t sent;
        std::memcpy(&sent, buffer.data(), sizeof sent);
        each[i].push_back(static_cast<double>(std::chrono::duration_cast<std::chrono::nanoseconds>(Steady::now().time_since_epoch()).count() - sent) / 1000);
      }
    });
  }
  std::vector<tcp::socket> sockets;
  for (unsigned i = 0; i < readers; ++i) {
    sockets.push_back(acceptor.accept());
    sockets.back().set_option(tcp::no_delay(true));
  }
  const auto begun = Steady::now();
  std::array<char, kSize> buffer{};
  for (std::size_t i = 0; i < count; ++i) {
    std::this_thread::sleep_until(begun + std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(static_cast<double>(i) / rate)));
    const std::int64_t now = std::chrono::duration_cast<std::chrono::nanoseconds>(Steady::now().time_since_epoch()).count();
    std::memcpy(buffer.data(), &now, sizeof now);
    for (tcp::socket& socket : sockets) asio::write(socket, asio::buffer(buffer));
  }
  for (std::thread& one : threads) one.join();
  std::vector<double> all;
  for (const auto& one : each) all.insert(all.end(), one.begin(), one.end());
  return all;
}

}  // namespace

void bench_serve(const Options& options, Report& report) {
  const ScratchFolder scratch(options.directory);
  const auto drafts = statement_drafts(options.seed, 0, options.events, options.keys, options.events);
  const auto events = encoded(drafts);
  const auto payloads = stored_payloads(drafts);

  for (const std::size_t in_flight : {std::size_t{1}, std::size_t{100}}) {
    std::vector<double> ours, theirs;
    for (unsigned round = 0; round < options.rounds; ++round) {
      const std::string mine = scratch.below("annals"), bare = scratch.below("bare");
      ours.push_back(append_round(mine, events, in_flight, options.seconds));
      theirs.push_back(bare_append_round(bare, payloads, options.seconds));
      std::filesystem::remove_all(mine);
      std::filesystem::remove_all(bare);
    }
    report.add({"serve", fmt::format("durable appends, 16 clients, {} in flight", in_flight), spread(ours), "bare RocksDB, 16 threads of synced writes",
                spread(theirs), "events/s"});
  }

  Serving serving(scratch.below("log"));
  for (std::size_t i = 0; i < drafts.size(); i += 4096) {
    keep(must(serving.log->append(std::span(drafts).subspan(i, std::min<std::size_t>(4096, drafts.size() - i)), OnRepeat::kAnswerFirst)));
  }
  // The server learns of what is appended through it; one event more tells it of all.
  {
    Client client(serving.client());
    const auto one = statement_drafts(options.seed + 1, options.events, 1, options.keys, options.events + 1);
    keep(must(client.append(one)));
  }
  std::vector<SharedChunk> chunks;
  ChunkWriter writer;
  for (Position at; at < serving.log->last();) {
    Fetch fetch;
    fetch.range = {at, serving.log->last()};
    fetch.events_max = 1024;
    fetch.bytes_max = 512u << 10;
    chunks.push_back(must(fetch_chunk(*serving.log, fetch, writer)));
    at = chunks.back()->upto;
  }
  for (const unsigned readers : {1u, 8u, 64u}) {
    std::vector<double> ours, theirs;
    for (unsigned round = 0; round < options.rounds; ++round) {
      ours.push_back(replay_round(serving, readers));
      theirs.push_back(bare_replay_round(chunks, readers));
    }
    report.add({"serve", fmt::format("replay to {} over loopback", readers), spread(ours), "bare Asio writer of encoded chunks", spread(theirs), "deliveries/s"});
  }
  must(seal_terms(*serving.log));
  {
    std::vector<double> all, most, few;
    FilterSpec statements;
    statements.kinds = {"statement"};   // every generated event is one
    FilterSpec rare;
    rare.entities = {product_key(options.keys - 1)};
    for (unsigned round = 0; round < options.rounds; ++round) {
      all.push_back(replay_round(serving, 1));
      most.push_back(replay_round(serving, 1, statements));
      few.push_back(replay_round(serving, 1, rare));
    }
    report.add({"serve", "filter that everything passes", spread(most), "no filter", spread(all), "events/s"});
    report.add({"serve", fmt::format("filter that one in {} passes", options.keys), spread(few), "no filter", spread(all), "events/s"});
  }
  for (const unsigned readers : {1u, 64u}) {
    std::vector<double> ours50, ours99, theirs50, theirs99;
    const auto count = static_cast<std::size_t>(std::max(20.0, std::min(1000.0 * options.seconds, 5000.0)));
    for (unsigned round = 0; round < options.rounds; ++round) {
      const auto more = statement_drafts(options.seed + 2 + round, 1'000'000 * (readers + round), count, options.keys, 4'000'000'000);
      auto mine = latency_round(serving, more, readers, 1000);
      auto bare = bare_latency_round(count, readers, 1000);
      ours50.push_back(percentile(mine, 0.5));
      ours99.push_back(percentile(mine, 0.99));
      theirs50.push_back(percentile(bare, 0.5));
      theirs99.push_back(percentile(bare, 0.99));
    }
    report.add({"serve", fmt::format("recorded to received, {} subscribers, p50", readers), spread(ours50), "bare Asio writer, no disk", spread(theirs50), "µs"});
    report.add({"serve", fmt::format("recorded to received, {} subscribers, p99", readers), spread(ours99), "bare Asio writer, no disk", spread(theirs99), "µs"});
  }
}

}  // namespace annals::bench
