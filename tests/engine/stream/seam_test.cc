// Goal: where catching up ends and live begins, and wherever a connection or the server dies, nothing is skipped and nothing comes twice.
// Method: the real program is served, killed with SIGKILL and served again while a writer appends as fast as it can. Every seed is a
// subscriber with a start, a filter, a window and drops of its own; at the end its sequence must be the log's, exactly.
#include <arpa/inet.h>
#include <csignal>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>
#include <random>
#include <thread>

#include "engine/codec/codec.h"
#include "engine/filter/filter.h"
#include "tests/engine/stream/served.h"

namespace annals::stream::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t kFirstSeed = 1;
constexpr int kRounds = 10;
constexpr int kSubscribers = 50;            // seeds in each round
constexpr std::uint32_t kEventsPerRound = 800;

std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  ::bind(socket, reinterpret_cast<const sockaddr*>(&at), size);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&at), &size);
  ::close(socket);
  return ntohs(at.sin_port);
}

// The served program, this test's own child.
class Program {
 public:
  Program(std::string store, std::uint16_t port) : store_(std::move(store)), listen_("127.0.0.1:" + std::to_string(port)) { begin(); }
  ~Program() { end(SIGKILL); }
  void begin() {
    // A signal that comes before the program has begun must end the child, not run this process's handler in it: between fork and exec
    // that may wait for ever for a lock which another thread held.
    sigset_t all{};
    sigset_t before{};
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_ = ::fork();
    if (pid_ != 0) ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      ::signal(SIGTERM, SIG_DFL);
      ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
      const int nothing = ::open("/dev/null", O_WRONLY);
      ::dup2(nothing, STDOUT_FILENO);
      ::dup2(nothing, STDERR_FILENO);
      ::execl(ANNALS_BINARY_DIR "/tools/annals", "annals", "serve", "--store", store_.c_str(), "--listen", listen_.c_str(), static_cast<char*>(nullptr));
      ::_exit(127);
    }
  }
  int end(int signal) {
    if (pid_ < 0) return 0;
    ::kill(pid_, signal);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return status;
  }

 private:
  std::string store_;
  std::string listen_;
  pid_t pid_ = -1;
};

// Statements of both modalities that filters tell apart, and what happens to some of them.
std::vector<EventDraft> mixed(std::uint32_t first, std::uint32_t count, std::mt19937_64& random) {
  std::vector<EventDraft> out;
  for (std::uint32_t i = 0; i < count; ++i) {
    StatementEvent statement = samples::plain_statement(static_cast<std::uint8_t>(3 + i % 3), first + i);
    statement.article.outlet = random() % 4 == 0 ? "Harbor Wire" : "海岸财经";
    if (random() % 8 == 0) statement.reading.modality = Modality::kReported;
    const EventId id = event_id(EventBody(statement));
    out.push_back({"seam", std::move(statement)});
    if (random() % 10 == 0 && i + 1 < count) {
      out.push_back({"seam", Retraction{Target::of_event(id), "seam", {}}});
      ++i;
    }
  }
  return out;
}

FilterSpec filter_of(std::uint64_t seed) {
  FilterSpec out;
  switch (seed % 5) {
    case 0: out.modalities = {"reported"}; break;
    case 1: out.outlets = {"harbor wire"}; break;
    case 2: out.kinds = {"retraction"}; break;
    default: break;   // everything
  }
  return out;
}

struct Follower {
  std::uint64_t seed;
  Position after;
  std::vector<std::uint64_t> seen;
  std::string failed;
};

void follow(Follower& self, std::uint16_t port, Position target) {
  std::mt19937_64 random(self.seed);
  ClientOptions options;
  options.port = port;
  options.retry_for = seconds(60);
  options.window = static_cast<std::uint32_t>(2 + random() % 1500);
  Position through = self.after;
  while (through < target) {
    Subscribe request;
    request.after = through;
    request.until = Subscribe::Until::kUpto;
    request.upto = target;
    request.filter = filter_of(self.seed);
    std::uint64_t batches = random() % 3 == 0 ? 1 + random() % 20 : ~std::uint64_t{0};   // then the connection is dropped
    Client client(options);
    auto went = client.follow(request, [&](const Batch& batch) {
      for (const StoredEventView& event : batch.events) self.seen.push_back(event.position.value);
      return --batches == 0 ? Visit::kStop : Visit::kContinue;
    });
    if (!went) {
      self.failed = went.error().message;
      return;
    }
    through = *went;
  }
}

}  // namespace

TEST_CASE("five hundred subscribers see exactly the log through drops and killed servers") {
  const char* chosen = std::getenv("ANNALS_SEED");
  const std::uint64_t base = chosen != nullptr ? std::strtoull(chosen, nullptr, 10) : kFirstSeed;
  INFO("seeds from " << base << " (ANNALS_SEED chooses)");
  support::TemporaryDirectory directory(support::TemporaryDirectory::Where::kMemory);
  const std::string store = (directory / "store").string();
  const std::uint16_t port = free_port();
  Program program(store, port);
  std::uint64_t written = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::mt19937_64 random(base * 1000 + static_cast<std::uint64_t>(round));
    const std::vector<EventDraft> events = mixed(static_cast<std::uint32_t>(round) * 100'000 + 1, kEventsPerRound, random);
    const Position target{written + events.size()};
    std::vector<Follower> followers;
    for (int i = 0; i < kSubscribers; ++i) {
      const std::uint64_t seed = base + static_cast<std::uint64_t>(round * kSubscribers + i);
      followers.push_back({seed, Position{written == 0 ? 0 : random() % (written + 1)}, {}, {}});
    }
    ClientOptions options;
    options.port = port;
    options.retry_for = seconds(60);
    { REQUIRE(Client(options).hello().ok()); }

    std::vector<std::thread> threads;
    for (Follower& each : followers) threads.emplace_back([&each, port, target] { follow(each, port, target); });
    std::vector<Receipt> receipts;
    std::string writer_failed;
    threads.emplace_back([&] {
      std::mt19937_64 sizes(base + 77);
      Client client(options);
      for (std::size_t done = 0; done < events.size();) {
        const std::size_t some = std::min<std::size_t>(1 + sizes() % 40, events.size() - done);
        auto got = client.append(std::span(events).subspan(done, some));
        if (!got) {
          writer_failed = got.error().message;
          return;
        }
        receipts.insert(receipts.end(), got->begin(), got->end());
        done += some;
      }
    });
    for (int kill = 0; kill < 2; ++kill) {
      std::this_thread::sleep_for(milliseconds(50 + random() % 250));
      program.end(SIGKILL);
      program.begin();
    }
    for (std::thread& each : threads) each.join();
    REQUIRE(writer_failed.empty());
    written = target.value;

    // What the server acknowledged is where it said.
    REQUIRE(receipts.size() == events.size());
    CHECK(receipts.back().position == target);
    program.end(SIGTERM);
    SystemClock clock;
    {
      const auto log = must(open_rocks_log(store, OpenMode::kReadOnly, clock));
      REQUIRE(log->last() == target);
      for (std::size_t i = 0; i < events.size(); i += 97) CHECK(must(log->lookup(event_id(events[i].body))) == receipts[i].position);
      for (std::uint64_t kind = 0; kind < 5; ++kind) {
        const Filter filter = must(Filter::make(filter_of(kind), Lexicon::builtin()));
        std::vector<std::uint64_t> expected;
        must(log->read({Position{}, target}, [&](const Event& event) {
          if (filter.matches(event, *log)) expected.push_back(event.position.value);
          return Visit::kContinue;
        }, {}));
        for (const Follower& each : followers) {
          if (each.seed % 5 != kind) continue;
          INFO("seed " << each.seed << " after " << each.after.value << " " << each.failed);
          const auto from = std::upper_bound(expected.begin(), expected.end(), each.after.value);
          const bool same = std::equal(from, expected.end(), each.seen.begin(), each.seen.end());
          CHECK(same);
        }
      }
    }
    program.begin();
  }
}

}  // namespace annals::stream::test
