// Goal: a store on disk keeps its promises over processes, and every way it cannot be opened is told in one line.
#include <catch2/catch.hpp>

#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "engine/log/event_log.h"
#include "engine/log/file_check.h"
#include "engine/proof/proof.h"
#include "tests/support/logs.h"
#include "tests/support/sample_events.h"

namespace {
using namespace annals;
namespace fs = std::filesystem;

struct Store {
  support::TemporaryDirectory directory;
  std::string path = (directory / "store").string();
  ManualClock clock{parse_moment("2026-11-21T08:00:00Z", Zone::utc(), {})->instant};
  LogOptions options;

  Result<std::unique_ptr<EventLog>> try_open(OpenMode mode = OpenMode::kCreateOrOpen) { return open_rocks_log(path, mode, clock, options); }
  std::unique_ptr<EventLog> open(OpenMode mode = OpenMode::kCreateOrOpen) {
    auto log = try_open(mode);
    if (!log) FAIL(log.error().message);
    return std::move(*log);
  }
  void refused(OpenMode mode, ErrorCode code, const std::string& word) {
    const auto log = try_open(mode);
    REQUIRE_FALSE(log.ok());
    INFO(log.error().message);
    CHECK(error_name(log.error().code) == error_name(code));
    CHECK(log.error().message.find(word) != std::string::npos);
    CHECK(log.error().message.find('\n') == std::string::npos);
  }
};

std::vector<Receipt> append(EventLog& log, std::uint32_t from, std::uint32_t to) {
  std::vector<EventDraft> drafts;
  for (std::uint32_t n = from; n <= to; ++n) drafts.push_back({"tester", samples::plain_statement(1, n)});
  auto receipts = log.append(drafts, OnRepeat::kCompare);
  if (!receipts) FAIL(receipts.error().message);
  return *receipts;
}
bool sound(const EventLog& log) {
  const auto report = verify_log(log, nullptr);
  return report.ok() && report->damage.empty();
}

void flip(const fs::path& file, std::uint64_t at) {
  std::fstream bytes(file, std::ios::binary | std::ios::in | std::ios::out);
  bytes.seekg(static_cast<std::streamoff>(at));
  const char was = static_cast<char>(bytes.get());
  bytes.seekp(static_cast<std::streamoff>(at));
  bytes.put(static_cast<char>(was ^ 0x10));
}

// A mount that goes with the test, also where it fails.
struct Mounted {
  std::string path;
  bool good = false;
  Mounted(std::string where, const char* source, const char* type, unsigned long flags, const char* options)
      : path(std::move(where)), good(mount(source, path.c_str(), type, flags, options) == 0) {}
  Mounted(const Mounted&) = delete;
  ~Mounted() {
    if (good && umount(path.c_str()) != 0) umount2(path.c_str(), MNT_DETACH);
  }
};

TEST_CASE("a store goes on where it was closed") {
  Store store;
  store.options.zone_at_creation = Zone::find("Asia/Shanghai").value();
  Digest root;
  {
    const auto log = store.open();
    CHECK(log->info().zone.name() == "Asia/Shanghai");
    append(*log, 1, 300);
    const std::string note = "A note.";
    REQUIRE(log->put_note(sha256(note), note).ok());
    root = log->root(log->last()).value();
  }
  store.options.zone_at_creation = Zone::utc();
  store.clock.advance(std::chrono::minutes(7));
  const auto log = store.open(OpenMode::kOpen);
  CHECK(log->info().zone.name() == "Asia/Shanghai");
  CHECK(log->info().created == store.clock.now() - std::chrono::minutes(7));
  CHECK(log->info().recovery.empty());
  CHECK(log->last() == Position{300});
  CHECK(log->root(log->last()).value() == root);
  CHECK(append(*log, 300, 301) [0].repeated);
  CHECK(log->last() == Position{301});
  CHECK(log->root(Position{300}).value() == root);
  CHECK(log->get_note(sha256("A note.")).value() == "A note.");
  CHECK(sound(*log));
}

TEST_CASE("the clock of a store goes on where it was closed") {
  Store store;
  append(*store.open(), 1, 1);
  store.clock.advance(-std::chrono::hours(2));
  const auto log = store.open();
  const std::vector<EventDraft> drafts = {{"tester", samples::plain_statement(1, 2)}};
  CHECK(log->append(drafts, OnRepeat::kCompare).error().code == ErrorCode::kInvalid);
}

TEST_CASE("one process writes at a time and the second is told who does") {
  Store store;
  const auto log = store.open();
  store.refused(OpenMode::kOpen, ErrorCode::kLocked, "writes to this store");
  store.refused(OpenMode::kCreateOrOpen, ErrorCode::kLocked, std::to_string(getpid()));
  append(*log, 1, 1);   // the first is not disturbed
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto second = open_rocks_log(store.path, OpenMode::kOpen, store.clock);
    _exit(!second && second.error().code == ErrorCode::kLocked ? 0 : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("readers beside a writer see what was acknowledged when they opened") {
  Store store;
  const auto writer = store.open();
  append(*writer, 1, 10);
  const auto first = store.open(OpenMode::kReadOnly);
  CHECK(first->last() == Position{10});
  append(*writer, 11, 300);
  const auto second = store.open(OpenMode::kReadOnly);
  CHECK(first->last() == Position{10});
  CHECK(second->last() == Position{300});
  CHECK(sound(*first));
  CHECK(sound(*second));
  CHECK(first->root(Position{10}).value() == writer->root(Position{10}).value());
  CHECK(second->root(Position{300}).value() == writer->root(Position{300}).value());
  CHECK(first->root(Position{11}).error().code == ErrorCode::kNotFound);
  CHECK_FALSE(first->find(event_id(samples::plain_statement(1, 11))).has_value());
  CHECK(first->get(Position{11}).error().code == ErrorCode::kNotFound);
  append(*writer, 301, 302);
}

TEST_CASE("a reader shows nothing beyond what the writer has acknowledged") {
  Store store;
  const auto writer = store.open();
  append(*writer, 1, 10);
  // As between a write and its sync: the rows are there, the acknowledgement is not.
  const std::uint64_t words[2] = {7, ~std::uint64_t{7}};
  std::ofstream(store.path + "/acknowledged", std::ios::binary).write(reinterpret_cast<const char*>(words), sizeof words);
  const auto reader = store.open(OpenMode::kReadOnly);
  CHECK(reader->last() == Position{7});
  CHECK_FALSE(reader->find(event_id(samples::plain_statement(1, 8))).has_value());
  CHECK(reader->root(Position{7}).value() == writer->root(Position{7}).value());
  CHECK(sound(*reader));
}

TEST_CASE("a reader cannot write") {
  Store store;
  append(*store.open(), 1, 1);
  const auto reader = store.open(OpenMode::kReadOnly);
  const std::vector<EventDraft> drafts = {{"tester", samples::plain_statement(1, 2)}};
  CHECK(reader->append(drafts, OnRepeat::kCompare).error().code == ErrorCode::kInvalid);
  CHECK(reader->put_note(sha256(""), "").error().code == ErrorCode::kInvalid);
  CHECK(reader->put_derived({}).error().code == ErrorCode::kInvalid);
  CHECK(reader->restore({}).error().code == ErrorCode::kInvalid);
  CHECK(reader->last() == Position{1});
}

TEST_CASE("many readers open beside a busy writer") {
  Store store;
  store.options.write_buffer_bytes = 64 << 10;   // files come and go all the time
  const auto writer = store.open();
  std::atomic<bool> done{false};
  std::thread busy([&] {
    for (std::uint32_t n = 0; n < 4000; n += 20) append(*writer, n, n + 19);
    done = true;
  });
  std::uint64_t last = 0;
  int opened = 0;
  while (!done || opened < 3) {
    const auto reader = store.try_open(OpenMode::kReadOnly);
    if (!reader) {
      done = true;
      busy.join();
      FAIL(reader.error().message);
    }
    CHECK((*reader)->last().value >= last);
    last = (*reader)->last().value;
    CHECK(sound(**reader));
    ++opened;
  }
  busy.join();
  CHECK(store.open(OpenMode::kReadOnly)->last() == Position{4000});
}

TEST_CASE("what is no store is told apart") {
  Store store;
  store.refused(OpenMode::kOpen, ErrorCode::kNotFound, "no store");
  store.refused(OpenMode::kReadOnly, ErrorCode::kNotFound, "no store");
  CHECK_FALSE(fs::exists(store.path));
  fs::create_directories(store.path);
  store.refused(OpenMode::kOpen, ErrorCode::kNotFound, "no store");
  std::ofstream(store.path + "/letter.txt") << "Dear reader";
  store.refused(OpenMode::kOpen, ErrorCode::kNotFound, "other files");
  store.refused(OpenMode::kCreateOrOpen, ErrorCode::kInvalid, "other files");
  fs::remove_all(store.path);
  std::ofstream(store.path) << "a file";
  store.refused(OpenMode::kCreateOrOpen, ErrorCode::kInvalid, "expected a store's directory");
  store.path += "/below";
  store.refused(OpenMode::kCreateOrOpen, ErrorCode::kIo, "Not a directory");
}

TEST_CASE("a store of another format is left alone") {
  Store store;
  append(*store.open(), 1, 3);
  for (const OpenMode mode : {OpenMode::kCreateOrOpen, OpenMode::kOpen, OpenMode::kReadOnly}) {
    std::ofstream(store.path + "/FORMAT") << "annals store\nformat 3\n";
    store.refused(mode, ErrorCode::kUnsupported, "newer program");
    std::ofstream(store.path + "/FORMAT") << "annals store\nformat 1\n";
    store.refused(mode, ErrorCode::kUnsupported, "the program that made it");
  }
  for (const char* bad : {"", "annals store\n", "annals store\nformat x\n", "annals store\nformat 0\n", "annals store\nformat 2"}) {
    INFO(bad);
    std::ofstream(store.path + "/FORMAT") << bad;
    store.refused(OpenMode::kOpen, ErrorCode::kCorrupt, "FORMAT");
  }
  std::ofstream(store.path + "/FORMAT") << "annals store\nformat 2\n";
  CHECK(store.open()->last() == Position{3});
}

TEST_CASE("a creation that was interrupted is completed") {
  Store store;
  append(*store.open(), 1, 1);
  fs::remove(store.path + "/FORMAT");
  store.refused(OpenMode::kOpen, ErrorCode::kNotFound, "beginnings");
  CHECK(store.open()->last() == Position{1});
  fs::remove_all(store.path);
  fs::create_directories(store.path);
  std::ofstream(store.path + "/writer.lock") << "1\n";
  CHECK(store.open()->last() == Position{});
  CHECK(store.open(OpenMode::kReadOnly)->last() == Position{});
}

TEST_CASE("a store that may not be written to can be read") {
  Store store;
  append(*store.open(), 1, 3);
  const bool root = geteuid() == 0;
  std::optional<Mounted> mounted;
  if (root) {
    // Permissions do not bind root: the directory is mounted over itself, read only.
    mounted.emplace(store.path, store.path.c_str(), nullptr, MS_BIND, nullptr);
    if (!mounted->good) {
      WARN("no mounts here");
      return;
    }
    mount(nullptr, store.path.c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr);
  } else {
    fs::permissions(store.path, fs::perms::owner_read | fs::perms::owner_exec);
    fs::permissions(store.path + "/writer.lock", fs::perms::owner_read);
  }
  store.refused(OpenMode::kOpen, ErrorCode::kIo, root ? "Read-only file system" : "Permission denied");
  CHECK(store.open(OpenMode::kReadOnly)->last() == Position{3});
  CHECK(sound(*store.open(OpenMode::kReadOnly)));
  if (!root) fs::permissions(store.path, fs::perms::owner_all);
}

// Method: small files on disk, a bit of each turned. Every turn is noticed by verification or does not matter to any event: reading
// never shows other bytes.
TEST_CASE("the files of a store with several write-ahead logs are checked beside its writer and after it") {
  Store store;
  store.options.write_buffer_bytes = 64 << 10;   // so that it goes on in another log now and then, which its manifest notes
  {
    const auto writer = store.open();
    for (std::uint32_t n = 0; n < 2000; n += 100) {
      append(*writer, n, n + 99);
      const auto damage = damaged_files(store.path);
      if (!damage) FAIL(damage.error().message);
      for (const Damage& each : *damage) UNSCOPED_INFO(each.what);
      CHECK(damage->empty());
    }
  }
  const auto damage = damaged_files(store.path);
  if (!damage) FAIL(damage.error().message);
  for (const Damage& each : *damage) UNSCOPED_INFO(each.what);
  CHECK(damage->empty());
}

TEST_CASE("a flipped bit in a file at rest is found and never read over") {
  Store store;
  store.options.write_buffer_bytes = 64 << 10;
  std::vector<std::string> expected;
  {
    const auto log = store.open();
    std::string note(50'000, 'n');
    REQUIRE(log->put_note(sha256(note), note).ok());
    NoteArrival arrival;
    arrival.note = sha256(note);
    arrival.size = note.size();
    const std::vector<EventDraft> drafts = {{"tester", arrival}};
    REQUIRE(log->append(drafts, OnRepeat::kCompare).ok());
    for (std::uint32_t n = 0; n < 2000; n += 100) append(*log, n, n + 99);
    REQUIRE(log->read({Position{}, log->last()}, [&](const Event& event) { return expected.push_back(samples::describe(event)), Visit::kContinue; }).ok());
    const std::vector<std::pair<std::string, std::string>> rows = {{"k", "v"}};
    REQUIRE(log->put_derived(rows).ok());   // makes closing write everything to files
  }
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(store.path)) {
    if (entry.path().extension() == ".sst" || entry.path().extension() == ".blob") files.push_back(entry.path());
  }
  REQUIRE(files.size() >= 4);
  int found = 0;
  int located = 0;
  for (const auto& file : files) {
    const auto size = fs::file_size(file);
    for (const std::uint64_t at : {size / 7, size / 3, size / 2}) {
      INFO(file.filename() << " at " << at << " of " << size);
      flip(file, at);
      const auto log = store.try_open(OpenMode::kReadOnly);
      if (!log) {
        CHECK(error_name(log.error().code) == error_name(ErrorCode::kCorrupt));
        ++found;
      } else {
        const auto report = verify_log(**log, nullptr);
        REQUIRE(report.ok());
        if (!report->damage.empty()) ++found;
        for (const Damage& damage : report->damage) {
          if (damage.position.value != 0) ++located;
        }
        std::size_t shown = 0;
        const auto last = (*log)->read({Position{}, (*log)->last()}, [&](const Event& event) {
          CHECK(samples::describe(event) == expected.at(shown++));
          return Visit::kContinue;
        });
        if (!last) CHECK(error_name(last.error().code) == error_name(ErrorCode::kCorrupt));
        else CHECK(shown == expected.size());
      }
      flip(file, at);
    }
  }
  CHECK(found > 5);
  CHECK(located > 0);
  CHECK(sound(*store.open()));
}

TEST_CASE("derived rows outlive closing and not the events they speak of") {
  Store store;
  const std::vector<std::pair<std::string, std::string>> rows = {{"k", "v"}};
  {
    const auto log = store.open();
    append(*log, 1, 5);
    REQUIRE(log->put_derived(rows).ok());
  }
  CHECK(store.open(OpenMode::kReadOnly)->get_derived("k") == "v");
  CHECK(store.open()->get_derived("k") == "v");
}

// Method: a disk of two megabytes. Whatever the write that fills it, what was acknowledged before is there, and nothing else.
TEST_CASE("a full disk is told and loses nothing") {
  Store store;
  fs::create_directories(store.path);
  const Mounted small(store.path, "none", "tmpfs", 0, "size=2m");
  if (!small.good) {
    WARN("no small disk to be had here");
    return;
  }
  std::uint64_t acknowledged = 0;
  {
    const auto log = store.open();
    std::optional<Error> full;
    for (std::uint32_t n = 0; n < 10'000 && !full; n += 5) {
      std::vector<EventDraft> drafts;
      for (std::uint32_t i = n; i < n + 5; ++i) drafts.push_back({"tester", samples::plain_statement(1, i, std::string(3000, 'a'))});
      const auto receipts = log->append(drafts, OnRepeat::kCompare);
      if (receipts) acknowledged = receipts->back().position.value;
      else full = receipts.error();
    }
    REQUIRE(full);
    INFO(full->message);
    CHECK(error_name(full->code) == error_name(ErrorCode::kIo));
    CHECK(full->message.find("No space left") != std::string::npos);
    CHECK(log->last() == Position{acknowledged});
    const std::vector<EventDraft> one = {{"tester", samples::plain_statement(2, 1)}};
    CHECK(log->append(one, OnRepeat::kCompare).error().code == ErrorCode::kIo);
    CHECK(log->append(one, OnRepeat::kCompare).error().message.find("opened again") != std::string::npos);
  }
  // Readers go on; a writer needs room.
  {
    const auto reader = store.open(OpenMode::kReadOnly);
    CHECK(reader->last().value >= acknowledged);
    CHECK(reader->last().value <= acknowledged + 5);
    CHECK(sound(*reader));
  }
  REQUIRE(mount(nullptr, store.path.c_str(), nullptr, MS_REMOUNT, "size=20m") == 0);
  {
    const auto log = store.open();
    const std::uint64_t after = log->last().value;
    CHECK(after >= acknowledged);
    append(*log, 20'000, 20'003);
    CHECK(log->last().value == after + 4);
    CHECK(sound(*log));
  }
}

}  // namespace
