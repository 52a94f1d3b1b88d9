// Goal: whatever bit the disk turns in a store at rest, `annals verify` tells of it and names the file, and no event is shown otherwise.
// Method: a store with notes, events, index and tree; one bit turned in each of its files at a time, each found under its own name.
//
// In the large store each bit is turned alone. In a table or a blob file, which are all but a few kilobytes of a store at rest, the part
// of verification that owns the file has to find it (FileChecks, which damaged_files() runs over every file); in any other file, and for
// each thousandth bit wherever it is, the whole of verification does, as in the small store.
//
// A test's budget is a few hundred bits. All bits' bytes of the small store, and more of a large one, as separate commands:
//   ANNALS_FLIPS=all test_crash "every flipped byte of a small store is found and located"
//   ANNALS_FLIPS=100000 ANNALS_MEGABYTES=135 test_crash "flipped bits of a large store are found and located"
// 135 megabytes of events are 103 on the disk. ANNALS_SEED chooses other bits.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>

#include "engine/log/event_log.h"
#include "engine/log/file_check.h"
#include "engine/projection/index.h"
#include "tests/support/logs.h"
#include "tests/support/sample_events.h"
#include "tests/support/story.h"

namespace {
using namespace annals;
namespace fs = std::filesystem;

std::uint64_t number_of(const char* name, std::uint64_t otherwise) {
  const char* given = std::getenv(name);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

// Bytes that nothing is answered from: what RocksDB notes down for people, and the lock with the number of a process.
bool only_a_note(const std::string& file) { return file.starts_with("OPTIONS-") || file == "IDENTITY" || file == "LOCK" || file.starts_with("LOG") || file == "writer.lock"; }

struct Flip {
  std::uint64_t at = 0;
  unsigned bit = 0;
};

struct Store {
  support::TemporaryDirectory directory{support::TemporaryDirectory::Where::kMemory};
  std::string path = (directory / "store").string();
  SystemClock clock;
  std::vector<std::string> events;   // as they are

  // Events in batches of a hundred, a note of its own for each batch; some claim something, so that there is an index.
  void fill(std::uint64_t bytes, std::size_t write_buffer) {
    LogOptions options;
    options.write_buffer_bytes = write_buffer;
    auto log = open_rocks_log(path, OpenMode::kCreateOrOpen, clock, options);
    if (!log) FAIL(log.error().message);
    std::mt19937_64 random(7);
    std::uint64_t written = 0;
    for (std::uint32_t n = 0; written < bytes;) {
      std::string note;
      while (note.size() < (n % 300 == 0 ? 6'000 : 900)) note += static_cast<char>('a' + random() % 26);
      REQUIRE((*log)->put_note(sha256(note), note).ok());
      NoteArrival arrival;
      arrival.note = sha256(note);
      arrival.size = note.size();
      std::vector<EventDraft> drafts = {{"tester", arrival}};
      for (std::uint32_t i = 0; i < 100; ++i, ++n) {
        std::string text;
        for (int k = 0; k < 12; ++k) text += std::to_string(random() % 100'000) + ' ';
        StatementEvent statement = samples::plain_statement(static_cast<std::uint8_t>(1 + n / 60'000), n % 60'000, text);
        if (i % 4 == 0) statement.reading.claims = {support::claim_of("ipo_milestone company=c" + std::to_string(n % 50) + " stage=filed")};
        drafts.push_back({"tester", std::move(statement)});
      }
      const auto receipts = (*log)->append(drafts, OnRepeat::kCompare);
      if (!receipts) FAIL(receipts.error().message);
      written += note.size() + 100 * 420;
    }
    REQUIRE(seal_index(**log).ok());
    events = read(**log);
  }
  static std::vector<std::string> read(const EventLog& log) {
    std::vector<std::string> out;
    const auto last = log.read({Position{}, log.last()}, [&](const Event& event) { return out.push_back(samples::describe(event)), Visit::kContinue; });
    if (!last) CHECK(error_name(last.error().code) == error_name(ErrorCode::kCorrupt));
    return out;
  }
  std::vector<std::string> files() const {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(path))
      if (entry.is_regular_file() && !only_a_note(entry.path().filename().string()) && fs::file_size(entry.path()) > 0) out.push_back(entry.path().filename().string());
    std::sort(out.begin(), out.end());
    return out;
  }
  void turn(const std::string& file, Flip flip) const {
    std::fstream bytes(fs::path(path) / file, std::ios::binary | std::ios::in | std::ios::out);
    bytes.seekg(static_cast<std::streamoff>(flip.at));
    const int was = bytes.get();
    bytes.seekp(static_cast<std::streamoff>(flip.at));
    bytes.put(static_cast<char>(was ^ (1 << flip.bit)));
  }

  // What verification says, a line for each damage; what opening says, where it refuses.
  std::vector<std::string> verify(bool events_too) const {
    std::vector<std::string> out;
    const auto log = open_rocks_log(path, OpenMode::kReadOnly, clock, {});
    if (!log) return {log.error().message};
    if (events_too) {
      const auto report = verify_log(**log, nullptr);
      if (!report) return {report.error().message};
      for (const Damage& damage : report->damage) out.push_back(damage.what);
      const auto index = verify_index(**log);
      if (!index) out.push_back(index.error().message);
      else out.insert(out.end(), index->begin(), index->end());
      const auto shown = read(**log);
      REQUIRE(shown.size() <= events.size());
      CHECK(std::equal(shown.begin(), shown.end(), events.begin()));
    }
    const auto files = damaged_files(path);
    if (!files) out.push_back(files.error().message);
    else
      for (const Damage& damage : *files) out.push_back(damage.what);
    return out;
  }

  // One bit in each of these files. Where opening refuses it names one of them; that one is put right, and the others are looked for.
  void turned(std::map<std::string, Flip> flips, bool events_too) const {
    std::string told;
    for (const auto& [file, flip] : flips) {
      turn(file, flip);
      told += file + " byte " + std::to_string(flip.at) + " bit " + std::to_string(flip.bit) + "\n";
    }
    INFO(told);
    while (!flips.empty()) {
      const std::vector<std::string> said = verify(events_too);
      std::vector<std::string> found;
      std::string all;
      for (const std::string& line : said) {
        all += line + "\n";
        for (const auto& [file, flip] : flips)
          if (line.find(file) != std::string::npos) found.push_back(file);
      }
      if (found.empty()) {
        UNSCOPED_INFO("said: " << all);
        std::string missed;
        for (const auto& [file, flip] : flips) missed += file + " byte " + std::to_string(flip.at) + " bit " + std::to_string(flip.bit) + "; ";
        UNSCOPED_INFO("missed: " << missed);
        CHECK(found.size() == flips.size());
        for (const auto& [file, flip] : flips) turn(file, flip);
        return;
      }
      for (const std::string& file : found) {
        const auto at = flips.find(file);
        if (at == flips.end()) continue;
        turn(file, at->second);
        flips.erase(at);
      }
    }
  }
};

TEST_CASE("every flipped byte of a small store is found and located") {
  const char* wanted = std::getenv("ANNALS_FLIPS");
  const bool all = wanted != nullptr && std::string(wanted) == "all";
  const std::uint64_t seed = number_of("ANNALS_SEED", 1);
  INFO("ANNALS_SEED=" << seed);
  std::mt19937_64 random(seed);
  Store store;
  store.fill(130'000, 256u << 10);   // ids and tree in files, too, and the newest in none
  REQUIRE(store.verify(true).empty());
  const auto files = store.files();
  std::uint64_t longest = 0;
  for (const std::string& file : files) longest = std::max<std::uint64_t>(longest, fs::file_size(fs::path(store.path) / file));
  const std::uint64_t rounds = all ? longest : number_of("ANNALS_FLIPS", 60);
  for (std::uint64_t round = 0; round < rounds; ++round) {
    std::map<std::string, Flip> flips;
    for (const std::string& file : files) {
      const std::uint64_t size = fs::file_size(fs::path(store.path) / file);
      if (all && round >= size) continue;
      flips[file] = {all ? round : random() % size, static_cast<unsigned>(random() % 8)};
    }
    store.turned(std::move(flips), true);
  }
  CHECK(store.verify(true).empty());
}

// Before the check a length that was hit made RocksDB take the rest of the manifest for not written: it opened an older state, and a
// writer would have deleted the files that this state does not know.
TEST_CASE("a manifest that was hit at any byte is refused before anything is opened") {
  Store store;
  store.fill(20'000, 32u << 20);
  std::string manifest;
  for (const std::string& file : store.files())
    if (file.starts_with("MANIFEST-")) manifest = file;
  REQUIRE(!manifest.empty());
  const auto files = store.files();
  std::mt19937_64 random(3);
  const std::uint64_t size = fs::file_size(fs::path(store.path) / manifest);
  for (std::uint64_t at = 0; at < size; ++at) {
    const Flip flip{at, static_cast<unsigned>(random() % 8)};
    INFO(manifest << " byte " << flip.at << " bit " << flip.bit);
    store.turn(manifest, flip);
    const auto log = open_rocks_log(store.path, OpenMode::kOpen, store.clock, {});
    REQUIRE_FALSE(log.ok());
    CHECK(error_name(log.error().code) == error_name(ErrorCode::kCorrupt));
    CHECK_THAT(log.error().message, Catch::Contains(manifest));
    store.turn(manifest, flip);
  }
  CHECK(store.files() == files);
  CHECK(store.verify(true).empty());
}

// Before the check one bit of each table, the top one of its properties' last word, made RocksDB end the program at opening. It stands
// right before the index of the table's last parts and the footer.
TEST_CASE("the top bit of each of the last bytes of a table is found before RocksDB trusts it") {
  Store store;
  store.fill(20'000, 32u << 20);
  std::string table;
  for (const std::string& file : store.files())
    if (file.ends_with(".sst") && (table.empty() || fs::file_size(fs::path(store.path) / file) < fs::file_size(fs::path(store.path) / table))) table = file;
  REQUIRE(!table.empty());
  const std::uint64_t size = fs::file_size(fs::path(store.path) / table);
  std::uint64_t by_this = 0;
  for (std::uint64_t at = size - std::min<std::uint64_t>(size, 300); at < size; ++at) {
    const Flip flip{at, 7};
    store.turn(table, flip);
    for (const Damage& each : damaged_ahead(store.path)) {
      INFO(each.what);
      CHECK(each.what == "file " + table + ": byte " + std::to_string(at) + ": its properties end with a word that was never written");
      ++by_this;
      // And where it was turned since the store was opened.
      const auto files = damaged_files(store.path);
      REQUIRE(files.ok());
      CHECK(files->size() == 1);
    }
    store.turn(table, flip);
    store.turned({{table, flip}}, false);
  }
  CHECK(by_this == 1);
}

TEST_CASE("flipped bits of a large store are found and located") {
  const std::uint64_t seed = number_of("ANNALS_SEED", 1);
  INFO("ANNALS_SEED=" << seed);
  std::mt19937_64 random(seed);
  Store store;
  store.fill(number_of("ANNALS_MEGABYTES", 4) * 1'000'000, 1u << 20);
  REQUIRE(store.verify(true).empty());
  const auto files = store.files();
  std::vector<std::uint64_t> ends;
  std::uint64_t whole = 0;
  for (const std::string& file : files) ends.push_back(whole += fs::file_size(fs::path(store.path) / file));
  const auto checks = FileChecks::of(store.path);
  REQUIRE(checks.ok());
  std::set<std::string> owned;
  for (const std::string& file : checks->files()) owned.insert(file);
  const std::uint64_t count = number_of("ANNALS_FLIPS", 100);
  const std::uint64_t sampled = count >= 10'000 ? 1'000 : 20;
  std::uint64_t wholly = 0;
  std::uint64_t missed = 0;
  std::map<std::string, std::uint64_t> in;
  for (std::uint64_t done = 0; done < count; ++done) {
    const std::uint64_t at = random() % whole;
    const auto i = static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), at) - ends.begin());
    const Flip flip{at - (i == 0 ? 0 : ends[i - 1]), static_cast<unsigned>(random() % 8)};
    ++in[files[i].substr(files[i].find('.') == std::string::npos ? 0 : files[i].find('.'))];
    if (done % sampled == 0 || !owned.contains(files[i])) {
      ++wholly;
      store.turned({{files[i], flip}}, done % sampled == 0);
      continue;
    }
    store.turn(files[i], flip);
    const auto found = checks->check(files[i]);
    store.turn(files[i], flip);
    if (found.ok() && *found && (*found)->what.find(files[i]) != std::string::npos) continue;
    ++missed;
    UNSCOPED_INFO("missed: " << files[i] << " byte " << flip.at << " bit " << flip.bit);
  }
  CHECK(missed == 0);
  if (std::getenv("ANNALS_FLIPS") != nullptr) {
    std::string told;
    for (const auto& [kind, bits] : in) told += kind + " " + std::to_string(bits) + ", ";
    WARN(count << " bits turned in " << whole << " bytes of " << files.size() << " files (" << told << "of them " << wholly << " under the whole of verification)");
  }
  CHECK(store.verify(true).empty());
}

}  // namespace
