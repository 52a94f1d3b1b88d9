// Goal: a writer that is killed while it appends, seals or makes its index anew leaves a store whose answers are those of the log, and an
// index that a later seal brings to what the log gives.
// Method: this program runs itself as such a writer, kills it at a random moment, and asks by the index and by the whole log.
#include <catch2/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <random>
#include <thread>

#include "engine/log/event_log.h"
#include "engine/projection/index.h"
#include "engine/projection/ledger.h"
#include "tests/support/logs.h"

namespace {
using namespace annals;

constexpr const char* kStoreVariable = "ANNALS_TEST_STORE";
constexpr std::uint64_t kKeys = 9;

Instant published(std::uint64_t article) {   // anywhere in a year: most come late
  return Instant(std::chrono::seconds(1'735'689'600)) + std::chrono::minutes(article * 7'919 % 525'600);
}

StatementEvent numbered(std::uint64_t number) {
  StatementEvent event;
  event.note = sha256("index " + std::to_string(number / 20));
  event.article.ordinal = static_cast<std::uint32_t>(number % 20 / 4 + 1);
  event.article.title = "Chips";
  event.article.outlet = number / 4 % 3 == 0 ? "Daily" : "Gazette";
  event.article.rendition = Rendition::kSummary;
  event.article.language = Language::kEn;
  Published at;
  at.wall = format_utc(published(number / 4)).substr(0, 16);
  at.precision = Precision::kMinute;
  at.zone = "UTC";
  at.zone_source = ZoneSource::kPrinted;
  at.earliest = published(number / 4);
  at.known_from = at.earliest + std::chrono::minutes(1);
  event.article.published = at;
  event.article.text_hash = sha256("text " + std::to_string(number / 4));
  event.interpreter = {"annals", 1};
  event.lexicon_version = "test";
  event.statement.text = "Number " + std::to_string(number) + std::string(number % 40 * 10, '.');
  event.statement.span = {number % 4 * 500, number % 4 * 500 + event.statement.text.size()};
  event.statement.block = BlockKind::kBullet;
  Claim claim;
  claim.span = event.statement.span;
  claim.quote = event.statement.text;
  claim.rule = "test";
  const std::string product = "chip_" + std::to_string(number * 31 % kKeys);
  claim.set("product", EntityRef{product, product, false});
  claim.set("destination", EntityRef{"china", "China", true});
  claim.set("status", std::string(number % 2 == 0 ? "banned" : number % 5 == 0 ? "license_required" : "allowed"));
  event.reading.claims.push_back(std::move(claim));
  return event;
}

EventBody body(std::uint64_t number) {
  if (number % 10 != 9) return numbered(number);
  const StatementEvent about = numbered(number - 1 - number % 70 / 10 * 10);
  if (number % 20 == 9) return Retraction{Target::of_event(event_id(about)), "killed " + std::to_string(number), {}};
  Reinterpretation again;
  again.about = event_id(about);
  again.interpreter = {"annals", static_cast<std::uint32_t>(2 + number)};
  again.lexicon_version = "test";
  again.reading = numbered(number).reading;
  return again;
}

// Hidden: the writer. It never ends by itself.
TEST_CASE("the indexer that is killed", "[.indexer]") {
  const char* path = std::getenv(kStoreVariable);
  REQUIRE(path != nullptr);
  const SystemClock clock;
  LogOptions options;
  options.write_buffer_bytes = 256 << 10;   // flushes all the time
  auto log = open_rocks_log(path, OpenMode::kCreateOrOpen, clock, options);
  if (!log) _exit(9);
  const auto tell = [] {
    const char told = '.';
    if (write(STDOUT_FILENO, &told, 1) != 1) _exit(0);
  };
  std::uint64_t number = (*log)->last().value;
  for (std::uint64_t turn = number / 50;; ++turn) {
    std::vector<EventDraft> drafts;
    for (int i = 0; i < 50; ++i) drafts.push_back({"indexer", body(number++)});
    tell();
    if (!(*log)->append(drafts, OnRepeat::kAnswerFirst)) _exit(7);
    tell();
    if (turn % 3 == 1 && !seal_index(**log)) _exit(6);
    tell();
    if (turn % 4 == 2 && !rebuild_index(**log)) _exit(5);
  }
}

std::vector<State> by_index(const IndexView& view, const Projection& projection, Instant at) {
  std::vector<State> out;
  IndexReader reader(view);
  const auto keys = reader.keys(projection);
  REQUIRE(keys);
  for (const std::string& key : *keys) {
    auto answer = reader.state_as_of(projection, key, at);
    REQUIRE(answer);
    if (answer->said && !answer->state.empty()) out.push_back(std::move(answer->state));
  }
  return out;
}

TEST_CASE("an index whose writer was killed while appending or sealing or rebuilding answers as the log does") {
  support::TemporaryDirectory directory;
  const std::string store = (directory / "store").string();
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const SystemClock clock;
  for (int round = 0; round < 12; ++round) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      setenv(kStoreVariable, store.c_str(), 1);
      dup2(ends[1], STDOUT_FILENO);
      close(ends[0]);
      close(ends[1]);
      execl("/proc/self/exe", "indexer", "[.indexer]", nullptr);
      _exit(5);
    }
    close(ends[1]);
    // So many steps, and then some way into the next.
    const std::size_t enough = std::uniform_int_distribution<std::size_t>(1, 40)(random);
    const std::chrono::microseconds into(std::uniform_int_distribution<int>(0, 30'000)(random));
    std::size_t count = 0;
    char told = 0;
    while (count < enough && read(ends[0], &told, 1) == 1) ++count;
    std::this_thread::sleep_for(into);
    REQUIRE(kill(child, SIGKILL) == 0);
    close(ends[0]);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    REQUIRE(count == enough);

    const auto check_answers = [&](const EventLog& log) {
      const auto whole = Ledger::load(log, log.last());
      REQUIRE(whole);
      IndexFollower follower(log);
      const auto view = follower.now();
      REQUIRE(view);
      for (int question = 0; question < 6; ++question) {
        const Instant at = published(std::uniform_int_distribution<std::uint64_t>(0, 1'000'000)(random));
        const Projection& projection = *find_projection("export_control");
        INFO("round " << round << ", " << log.last().value << " events, as of " << format_utc(at));
        CHECK(by_index(**view, projection, at) == whole->states(projection, as_of(at)));
      }
    };
    if (round % 2 == 0) {   // sometimes the next writer is the first to open
      const auto log = open_rocks_log(store, OpenMode::kReadOnly, clock);
      if (!log) FAIL(log.error().message);
      check_answers(**log);
    }
    const auto log = open_rocks_log(store, OpenMode::kOpen, clock);
    if (!log) FAIL(log.error().message);
    check_answers(**log);
    if (round % 3 == 0) continue;   // what a killed seal left meets the next life's
    REQUIRE(seal_index(**log));
    CHECK(verify_index(**log).value() == std::vector<std::string>());
    check_answers(**log);
  }
}

}  // namespace
