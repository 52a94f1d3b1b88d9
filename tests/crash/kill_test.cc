// Goal: a writer that is killed at any moment loses nothing that it acknowledged, and doubles nothing when it is run again.
// Method: this program runs itself as a writer that tells each acknowledgement through a pipe, kills it, and looks. Every other time it
// is killed while the files of a segment of the indexes are on their way into the store, which the store's directory tells.
#include <catch2/catch.hpp>

#include <poll.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <string_view>
#include <thread>

#include "engine/log/event_log.h"
#include "tests/support/logs.h"
#include "tests/support/sample_events.h"

namespace {
using namespace annals;

constexpr std::uint32_t kThreads = 4;
constexpr const char* kStoreVariable = "ANNALS_TEST_STORE";

// Statement n of a thread: its text tells what it must be.
StatementEvent numbered(std::uint32_t thread, std::uint32_t n) {
  return samples::plain_statement(static_cast<std::uint8_t>(1 + thread), n, "thread " + std::to_string(thread) + " number " + std::to_string(n) + std::string(n % 50 * 20, '.'));
}
std::string note_of(std::uint32_t n) { return "note " + std::to_string(n) + std::string(n % 7 * 9000, 'n'); }

// Tables of a segment that were begun, finished or taken over since it was made.
class Tables {
 public:
  explicit Tables(const std::string& directory) : file_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    REQUIRE(inotify_add_watch(file_, directory.c_str(), IN_CREATE | IN_CLOSE_WRITE | IN_DELETE) >= 0);
  }
  Tables(const Tables&) = delete;
  ~Tables() { close(file_); }
  int file() const { return file_; }
  std::size_t seen() {
    alignas(inotify_event) char buffer[4096];
    for (ssize_t length; (length = read(file_, buffer, sizeof buffer)) > 0;) {
      for (ssize_t at = 0; at < length;) {
        const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
        if (event->len > 0 && std::string_view(event->name).starts_with("draft-table-")) ++seen_;
        at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
      }
    }
    return seen_;
  }

 private:
  int file_;
  std::size_t seen_ = 0;
};

struct Told {
  std::uint32_t thread;
  std::uint32_t n;
  std::uint64_t position;
};

// Hidden: the writer. It starts over from number 0, as somebody who runs an interrupted command again, and never ends by itself.
TEST_CASE("the writer that is killed", "[.writer]") {
  const char* path = std::getenv(kStoreVariable);
  REQUIRE(path != nullptr);
  const SystemClock clock;
  LogOptions options;
  options.write_buffer_bytes = 256 << 10;   // flushes, new logs and segments of the indexes all the time
  auto log = open_rocks_log(path, OpenMode::kCreateOrOpen, clock, options);
  if (!log) {
    std::fprintf(stderr, "%s\n", log.error().message.c_str());
    _exit(9);
  }
  std::vector<std::thread> threads;
  for (std::uint32_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint32_t n = 0;; n += 5) {
        if (t == 0 && n % 50 == 0) {
          const std::string note = note_of(n);
          if (!(*log)->put_note(sha256(note), note)) _exit(8);
        }
        std::vector<EventDraft> drafts;
        for (std::uint32_t i = n; i < n + 5; ++i) drafts.push_back({"writer", numbered(t, i)});
        const auto receipts = (*log)->append(drafts, OnRepeat::kCompare);
        if (!receipts) _exit(7);
        for (std::uint32_t i = 0; i < 5; ++i) {
          const Told told{t, n + i, (*receipts)[i].position.value};
          if (write(STDOUT_FILENO, &told, sizeof told) != sizeof told) _exit(0);
        }
        if (t == 1) {
          const std::vector<std::pair<std::string, std::string>> rows = {{std::to_string(n), "derived"}};
          if (!(*log)->put_derived(rows)) _exit(6);
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

TEST_CASE("a killed writer loses nothing acknowledged and doubles nothing") {
  support::TemporaryDirectory directory;
  const std::string store = (directory / "store").string();
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> acknowledged;
  for (int round = 0; round < 16; ++round) {
    int ends[2];
    const bool at_tables = round % 2 == 1;
    std::optional<Tables> tables;
    if (at_tables) tables.emplace(store);
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      setenv(kStoreVariable, store.c_str(), 1);
      dup2(ends[1], STDOUT_FILENO);
      close(ends[0]);
      close(ends[1]);
      execl("/proc/self/exe", "writer", "[.writer]", nullptr);
      _exit(5);
    }
    close(ends[1]);
    // Killed after some acknowledgements have come, so that every round gets somewhere on a machine however slow.
    const std::size_t enough = std::uniform_int_distribution<std::size_t>(1, 3000)(random);
    // Three tables a segment, each begun, finished and taken over.
    const std::size_t enough_tables = std::uniform_int_distribution<std::size_t>(1, 27)(random);
    std::size_t count = 0;
    bool killed = false;
    Told told{};
    while (true) {   // goes on to the pipe's end: what was told before the kill counts
      if (at_tables) {
        pollfd either[2] = {{ends[0], POLLIN, 0}, {tables->file(), POLLIN, 0}};
        REQUIRE(poll(either, 2, 60'000) > 0);
        if (!killed && tables->seen() >= enough_tables) {
          killed = true;
          REQUIRE(kill(child, SIGKILL) == 0);
        }
        if ((either[0].revents & (POLLIN | POLLHUP)) == 0) continue;
      }
      if (read(ends[0], &told, sizeof told) != sizeof told) break;
      const auto [at, fresh] = acknowledged.emplace(std::pair(told.thread, told.n), told.position);
      CHECK(at->second == told.position);   // the same event has the same position in every life
      if (++count >= enough && !killed && !at_tables) {
        killed = true;
        REQUIRE(kill(child, SIGKILL) == 0);
      }
    }
    close(ends[0]);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    REQUIRE(killed);

    const SystemClock clock;
    for (const OpenMode mode : {OpenMode::kReadOnly, OpenMode::kOpen}) {
      if (mode == OpenMode::kOpen && round % 4 < 2) continue;   // sometimes the next writer is the first to open
      const auto log = open_rocks_log(store, mode, clock);
      if (!log) FAIL(log.error().message);
      INFO("round " << round << ", " << acknowledged.size() << " acknowledged, " << (*log)->last().value << " there");
      CHECK((*log)->info().recovery.find("acknowledged and are gone") == std::string::npos);
      std::size_t missing = 0;
      for (const auto& [which, position] : acknowledged) {
        const auto event = (*log)->get(Position{position});
        if (!event || event->id != event_id(numbered(which.first, which.second)) ||
            std::get<StatementEvent>(event->body).statement.text != numbered(which.first, which.second).statement.text) {
          ++missing;
        }
        if (which.first == 0 && which.second % 50 == 0) {
          const std::string note = note_of(which.second);
          const auto kept = (*log)->get_note(sha256(note));
          if (!kept || *kept != note) ++missing;
        }
      }
      CHECK(missing == 0);
      const auto report = verify_log(**log, nullptr);
      REQUIRE(report.ok());
      CHECK(report->damage.empty());
    }
  }
}

}  // namespace
