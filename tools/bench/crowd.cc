// Many at one server: those who are idle, those who never read, and those who are told what becomes of answers.
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio.hpp>
#include <cmath>
#include <cstdio>
#include <thread>

#include "engine/language/lexicon.h"
#include "replay/sealer.h"
#include "tools/bench/bare.h"
#include "tools/bench/generate.h"
#include "tools/bench/serving.h"

namespace annals::bench {
namespace {

using namespace annals::stream;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Steady = std::chrono::steady_clock;

constexpr unsigned kIdle = 1'000;
constexpr unsigned kReading = 56;
constexpr unsigned kStuck = 8;
constexpr double kRate = 1'000;   // events a second, while answers are watched

double resident_mib() {
  std::FILE* const file = std::fopen("/proc/self/statm", "r");
  check(file != nullptr, "a process knows its size");
  unsigned long all = 0, resident = 0;
  check(std::fscanf(file, "%lu %lu", &all, &resident) == 2, "a process knows its size");
  std::fclose(file);
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}
// Once what was let go of has been given back to the system.
double resident_at_rest() {
  double last = resident_mib();
  for (int quiet = 0; quiet < 5;) {
    std::this_thread::sleep_for(milliseconds(200));
    const double now = resident_mib();
    quiet = std::abs(now - last) < 0.25 ? quiet + 1 : 0;
    last = now;
  }
  return last;
}

Words subscription(Position after, std::uint32_t credit) {
  Subscribe request;
  request.subscription = 1;
  request.after = after;
  request.credit = credit;
  return write_message(request);
}

std::unique_ptr<Connection> subscribed(const Serving& serving, Position after, std::uint32_t credit) {
  auto connection = must(Connection::open(serving.client()));
  must(connection->send(subscription(after, credit)));
  return connection;
}

// A client without a buffer, that says what it wants and then neither speaks nor reads.
class Silent {
 public:
  Silent(boost::asio::io_context& io, const Serving& serving, Position after, std::uint32_t credit) : socket_(io) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), serving.server->port()});
    for (const Words& message : {write_message(ClientHello{kProtocolVersion, "silent", {}}), subscription(after, credit)})
      boost::asio::write(socket_, boost::asio::buffer(message));
  }

 private:
  boost::asio::ip::tcp::socket socket_;
};

// A product of their own, allowed and banned in turn, one statement each, in notes of their own.
// A round's are published behind those of the rounds before.
std::vector<EventDraft> turns(std::uint64_t seed, unsigned round, std::size_t count) {
  std::vector<EventDraft> out = statement_drafts(seed, 9'000'000, count, 1, 4'000'000'000);
  for (std::size_t i = 0; i < out.size(); ++i) {
    auto& event = std::get<StatementEvent>(out[i].body);
    event.note = sha256(fmt::format("turn {} {} {}", seed, round, i));
    event.article.text_hash = sha256(fmt::format("turn text {} {} {}", seed, round, i));
    const Instant at = generated_end() + std::chrono::hours(1) + std::chrono::minutes(round * count + i);
    event.article.published = Published{format_utc(at).substr(0, 16), Precision::kMinute, "UTC", ZoneSource::kPrinted, at, at + std::chrono::minutes(1)};
    Claim claim;
    claim.type = ClaimType::kExportControl;
    claim.aspect = Aspect::kBegins;
    claim.span = event.statement.span;
    claim.set("product", EntityRef{"turning_chip", "turning_chip", true});
    claim.set("destination", EntityRef{"china", "中国", true});
    claim.set("status", std::string(i % 2 == 0 ? "allowed" : "banned"));
    event.reading.claims = {claim};
  }
  return out;
}

// Milliseconds from the moment an event was recorded (before it was synced) to the arrival of what it changes, and of itself.
struct Told {
  std::vector<double> changes;
  std::vector<double> events;
};

// At kRate events a second, of which every tenth is a turn.
Told watched_round(Serving& serving, std::uint64_t seed, unsigned round, std::size_t count) {
  auto drafts = statement_drafts(seed, 5'000'000 + 10'000 * round, count, 10'000, 4'000'000'000);
  const auto flips = turns(seed, round, count / 10);
  for (std::size_t i = 0; i < flips.size(); ++i) drafts[10 * i] = flips[i];
  const auto since = [&](Instant now, Instant recorded) { return static_cast<double>((now - recorded).count()) / 1'000; };
  Told out;
  std::thread watcher([&] {
    const auto connection = must(Connection::open(serving.client()));
    Watch watch;
    watch.subscription = 1;
    watch.spec = {"export_control", {"turning_chip"}};
    must(connection->send(write_message(watch)));
    for (std::size_t told = 0; told < flips.size();) {
      const auto message = must(connection->receive(seconds(10)));
      if (!message) return;
      const auto* changes = std::get_if<Changes>(&*message);
      if (changes == nullptr || changes->changes.empty()) continue;
      const Instant now = serving.clock.now();
      for (; told < flips.size(); ++told) {
        const auto position = must(serving.log->lookup(event_id(flips[told].body)));
        if (!position || *position > changes->at.through) break;
        out.changes.push_back(since(now, must(serving.log->get(*position)).recorded_at));
      }
    }
  });
  std::thread reader([&, after = serving.log->last()] {
    const auto connection = subscribed(serving, after, 1'000'000);
    while (out.events.size() < drafts.size()) {
      const auto message = must(connection->receive(seconds(10)));
      if (!message) return;
      const auto* batch = std::get_if<Batch>(&*message);
      if (batch == nullptr) continue;
      const Instant now = serving.clock.now();
      for (const StoredEventView& stored : batch->events)
        out.events.push_back(since(now, must(decode_event(stored.header, stored.body, {.parts = Parts::kEnvelope})).recorded_at));
    }
  });
  std::this_thread::sleep_for(milliseconds(100));
  const auto connection = must(Connection::open(serving.client()));
  const auto events = encoded(drafts);
  const auto begun = Steady::now();
  for (std::size_t i = 0; i < events.size(); ++i) {
    std::this_thread::sleep_until(begun + std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(static_cast<double>(i) / kRate)));
    must(connection->send(write_message(EncodedAppend{i + 1, std::span(events).subspan(i, 1)})));
    while (must(connection->receive(milliseconds(0)))) {
    }
  }
  watcher.join();
  reader.join();
  return out;
}

}  // namespace

void bench_crowd(const Options& options, Report& report) {
  const ScratchFolder scratch(options.directory);
  Serving serving(scratch.below("log"));
  const auto drafts = statement_drafts(options.seed, 0, options.events, options.keys, options.events);
  for (std::size_t i = 0; i < drafts.size(); i += 4096) {
    keep(must(serving.log->append(std::span(drafts).subspan(i, std::min<std::size_t>(4096, drafts.size() - i)), OnRepeat::kAnswerFirst)));
  }
  must(seal(*serving.log));
  {
    Client client(serving.client());
    keep(must(client.append(statement_drafts(options.seed + 1, options.events, 1, options.keys, options.events + 1))));
  }

  {
    // A file descriptor for each end of each connection.
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4 * kIdle);
    ::setrlimit(RLIMIT_NOFILE, &files);
    std::vector<double> ours, theirs;
    boost::asio::io_context io;
    std::vector<Silent> idle;
    const auto come = [&](unsigned more) {
      for (unsigned i = 0; i < more; ++i) idle.emplace_back(io, serving, serving.log->last(), 1'000);
      while (serving.server->status().subscriptions < idle.size()) std::this_thread::sleep_for(milliseconds(1));
    };
    come(kIdle / 10);   // what the first of them make the server set up is no matter of how many there are
    const double before = resident_at_rest();
    come(kIdle);
    ours.push_back(resident_at_rest() - before);
    theirs.push_back(before);
    report.add({"crowd", fmt::format("{} idle subscribers", kIdle), spread(ours), "the server before they came", spread(theirs), "MiB"});
  }

  std::vector<double> alone, beside;
  for (unsigned round = 0; round < options.rounds; ++round) {
    alone.push_back(replay_round(serving, kReading));
    boost::asio::io_context io;
    std::vector<Silent> stuck;
    for (unsigned i = 0; i < kStuck; ++i) stuck.emplace_back(io, serving, Position{}, 1'000'000);
    beside.push_back(replay_round(serving, kReading));
  }
  report.add({"crowd", fmt::format("{} who read, beside {} who never do", kReading, kStuck), spread(beside), "without those", spread(alone), "deliveries/s"});

  const auto count = static_cast<std::size_t>(std::max(100.0, std::min(kRate * options.seconds, 10'000.0)));
  const Sealer sealer(*serving.log, [](const Error& error) { check(false, error.message); });
  std::vector<Told> rounds;
  for (unsigned round = 0; round < options.rounds; ++round) rounds.push_back(watched_round(serving, options.seed + 100, round, count));
  for (const auto& [name, part] : {std::pair("p50", 0.5), std::pair("p99", 0.99)}) {
    std::vector<double> ours, theirs;
    for (Told& each : rounds) {
      ours.push_back(percentile(each.changes, part));
      theirs.push_back(percentile(each.events, part));
    }
    report.add({"crowd", fmt::format("a changed answer, recorded to received, at {} events/s, {}", kRate, name), spread(ours), "the events themselves", spread(theirs), "ms"});
  }
}

}  // namespace annals::bench
