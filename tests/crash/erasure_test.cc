// Goal: an erasure that is killed at any moment either was never made or is finished by whoever opens the store next, and whatever was
// acknowledged as erased is in no file.
// Method: this program runs itself as one that erases, kills it, and looks.
#include <catch2/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>
#include <thread>

#include "engine/log/erasure.h"
#include "tests/support/logs.h"
#include "tests/support/sample_events.h"

namespace {
using namespace annals;
namespace fs = std::filesystem;

constexpr const char* kStoreVariable = "ANNALS_TEST_STORE";
constexpr int kNotes = 24;
constexpr std::uint32_t kStatements = 60;

LogOptions options() {
  LogOptions out;
  out.compress = false;   // so that bytes are found where they lie
  out.write_buffer_bytes = 256 << 10;
  return out;
}
std::string note_of(int n) { return "words of note " + std::to_string(n) + " . " + std::string(20'000, static_cast<char>('a' + n)); }
std::string text_of(int n, std::uint32_t i) { return "words of statement " + std::to_string(i) + " in note " + std::to_string(n) + " . " + std::string(i % 9 * 60, 't'); }
StatementEvent statement(int n, std::uint32_t i) {
  StatementEvent out;
  out.note = sha256(note_of(n));
  out.article.ordinal = 1;
  out.statement.text = text_of(n, i);
  out.statement.span = {i * 1000, i * 1000 + out.statement.text.size()};
  out.interpreter = {"annals", 1};
  return out;
}

void fill(const std::string& store, const Clock& clock) {
  auto log = open_rocks_log(store, OpenMode::kCreateOrOpen, clock, options());
  REQUIRE(log);
  for (int n = 0; n < kNotes; ++n) {
    const std::string note = note_of(n);
    REQUIRE((*log)->put_note(sha256(note), note));
    std::vector<EventDraft> drafts{{"tester", NoteArrival{sha256(note), note.size(), "plain", Encoding::kUtf8, "", 1, kStatements}}};
    for (std::uint32_t i = 0; i < kStatements; ++i) drafts.push_back({"tester", statement(n, i)});
    REQUIRE((*log)->append(drafts, OnRepeat::kAnswerFirst));
    const std::vector<std::pair<std::string, std::string>> rows = {{std::to_string(n), "derived " + text_of(n, 0)}};
    REQUIRE((*log)->put_derived(rows));
  }
}

bool in_files(const fs::path& directory, const std::string& bytes) {
  for (const auto& entry : fs::directory_iterator(directory)) {
    std::ifstream in(entry.path(), std::ios::binary);
    std::ostringstream content;
    content << in.rdbuf();
    if (content.str().find(bytes) != std::string::npos) return true;
  }
  return false;
}

// Hidden: erases one note after the other, telling each before and after.
TEST_CASE("the eraser that is killed", "[.eraser]") {
  const char* path = std::getenv(kStoreVariable);
  REQUIRE(path != nullptr);
  const SystemClock clock;
  auto log = open_rocks_log(path, OpenMode::kOpen, clock, options());
  if (!log) _exit(9);
  const SubjectsOf none = [](const Claim&) { return std::vector<std::pair<std::string, std::string>>(); };
  for (int n = 0; n < kNotes; ++n) {
    const auto known = (*log)->erased(sha256(note_of(n)));
    if (!known) _exit(8);
    if (*known) continue;
    auto body = make_erasure(**log, Target::of_note(sha256(note_of(n))), n % 2 == 0 ? ErasureLevel::kText : ErasureLevel::kAll, "", none);
    if (!body) _exit(7);
    int told = n;
    if (write(STDOUT_FILENO, &told, sizeof told) != sizeof told) _exit(0);
    if (!(*log)->erase({"eraser", *std::move(body)})) _exit(6);
    told = n + 1000;
    if (write(STDOUT_FILENO, &told, sizeof told) != sizeof told) _exit(0);
  }
  for (;;) pause();
}

TEST_CASE("an erasure killed at any moment is none or is finished at the next opening") {
  support::TemporaryDirectory directory(support::TemporaryDirectory::Where::kMemory);
  const std::string store = (directory / "store").string();
  const SystemClock clock;
  fill(store, clock);
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  int acknowledged = 0;
  int finished = 0;   // that were not acknowledged
  for (int round = 0; round < 24 && acknowledged + finished < kNotes; ++round) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      setenv(kStoreVariable, store.c_str(), 1);
      dup2(ends[1], STDOUT_FILENO);
      close(ends[0]);
      close(ends[1]);
      execl("/proc/self/exe", "eraser", "[.eraser]", nullptr);
      _exit(5);
    }
    close(ends[1]);
    int told = -1;
    int begun = -1;
    int done = -1;
    bool killed = false;
    while (read(ends[0], &told, sizeof told) == sizeof told) {
      if (told >= 1000) {
        done = told - 1000;
        ++acknowledged;
        continue;
      }
      begun = told;
      if (killed) continue;
      std::this_thread::sleep_for(std::chrono::microseconds(std::uniform_int_distribution<int>(0, 60'000)(random)));
      killed = true;
      REQUIRE(kill(child, SIGKILL) == 0);
    }
    close(ends[0]);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    INFO("round " << round << ", begun " << begun << ", done " << done);
    if (done >= 0) CHECK_FALSE(in_files(store, text_of(done, 7)));
    // Readers do not mind.
    {
      const auto reader = open_rocks_log(store, OpenMode::kReadOnly, clock, options());
      if (!reader) FAIL(reader.error().message);
      CHECK((*reader)->read({Position{}, (*reader)->last()}, [](const Event&) { return Visit::kContinue; }, {}));
    }
    auto log = open_rocks_log(store, OpenMode::kOpen, clock, options());
    if (!log) FAIL(log.error().message);
    for (int n = 0; n < kNotes; ++n) {
      const auto erasure = (*log)->erased(sha256(note_of(n)));
      REQUIRE(erasure);
      if (n <= done) CHECK(erasure->has_value());
      if (n > begun) CHECK_FALSE(erasure->has_value());
      const auto event = (*log)->get(Position{1 + static_cast<std::uint64_t>(n) * (kStatements + 1) + 8});
      REQUIRE(event);
      CHECK(event->erased == *erasure);
      CHECK(std::get<StatementEvent>(event->body).statement.text == (*erasure ? std::string() : text_of(n, 7)));
      CHECK(in_files(store, text_of(n, 7)) == !erasure->has_value());
      CHECK(in_files(store, note_of(n).substr(0, 200)) == !erasure->has_value());
      if (*erasure) CHECK_FALSE(in_files(store, "derived " + text_of(n, 0)));
      if (n == begun && n > done && *erasure) ++finished;
    }
    const auto report = verify_log(**log, nullptr);
    REQUIRE(report);
    CHECK(report->damage.empty());
  }
  WARN(acknowledged << " acknowledged, " << finished << " finished at the next opening");
}

}  // namespace
