// Goal: whatever happens to the newest write-ahead log, a store opens with a whole prefix of its events or says what is wrong.
// Method: a store is written, copied, and the copy's log is cut or turned at every byte.
#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>

#include "engine/log/event_log.h"
#include "engine/log/wal_scan.h"
#include "tests/support/logs.h"
#include "tests/support/sample_events.h"

namespace {
using namespace annals;
namespace fs = std::filesystem;

// Little is set aside for files that stay small: in memory that takes as long as writing them. Enough that closing leaves the log as it is.
LogOptions small() {
  LogOptions options;
  options.write_buffer_bytes = 6 << 20;
  return options;
}
Instant start() { return parse_moment("2026-11-21T08:00:00Z", Zone::utc(), {})->instant; }

std::string read_all(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}
void write_all(const fs::path& file, std::string_view content) {
  std::ofstream(file, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
}

// The newest log that has records.
fs::path newest_log(const fs::path& store) {
  fs::path out;
  for (const auto& entry : fs::directory_iterator(store)) {
    if (entry.path().extension() == ".log" && fs::file_size(entry.path()) > 0 && entry.path().filename() > out.filename()) out = entry.path();
  }
  REQUIRE_FALSE(out.empty());
  return out;
}

// Of a log that is being written: where its records end and the zeros begin that the next are to be written over. A record may end in
// zeros of its own.
std::size_t records_end(std::string_view log) {
  std::size_t end = log.find_last_not_of('\0') + 1;
  while (end < log.size() && scan_wal(log.substr(0, end), false, Tail::kNothing).state != WalScan::State::kWhole) ++end;
  return end;
}

std::vector<std::string> described(const EventLog& log) {
  std::vector<std::string> out;
  const auto shown = log.read({Position{}, log.last()}, [&](const Event& event) { return out.push_back(samples::describe(event)), Visit::kContinue; });
  if (!shown) FAIL(shown.error().message);
  return out;
}
bool sound(const EventLog& log) {
  const auto report = verify_log(log, nullptr);
  return report.ok() && report->damage.empty();
}

// A store as its writer left it, with what it acknowledged and when: after each append, how long its log was.
struct Written {
  support::TemporaryDirectory directory{support::TemporaryDirectory::Where::kMemory};
  fs::path path = directory / "store";
  ManualClock clock{start()};
  std::vector<std::string> events;
  std::string wal_name;
  std::string wal;
  struct Mark { std::size_t bytes; std::size_t events; };
  std::vector<Mark> marks{{0, 0}};

  // `sizes`: events per append, each with texts of `text_bytes`. Before them `settled` events that lie in files already.
  Written(std::vector<std::uint32_t> sizes, std::size_t text_bytes, std::uint32_t settled = 0) {
    std::uint32_t n = 0;
    auto drafts = [&](std::uint32_t count) {
      std::vector<EventDraft> out;
      for (std::uint32_t i = 0; i < count; ++i) out.push_back({"t", samples::plain_statement(1, n++, std::string(text_bytes, 'a'))});
      return out;
    };
    open();   // makes the store; opening it again leaves what was written then in files
    if (settled > 0) {
      REQUIRE(open()->append(drafts(settled), OnRepeat::kCompare).ok());
      marks[0].events = settled;
    }
    {
      const auto log = open();
      for (const std::uint32_t size : sizes) {
        REQUIRE(log->append(drafts(size), OnRepeat::kCompare).ok());
        marks.push_back({records_end(read_all(newest_log(path))), log->last().value});
      }
      events = described(*log);
    }
    wal_name = newest_log(path).filename().string();
    wal = read_all(path / wal_name);
    REQUIRE(wal.size() == marks.back().bytes);
  }

  std::unique_ptr<EventLog> open() {
    auto log = open_rocks_log(path.string(), OpenMode::kCreateOrOpen, clock, small());
    if (!log) FAIL(log.error().message);
    return std::move(*log);
  }

  // A copy of the store whose log has another content.
  fs::path copy(std::string_view content) const {
    const fs::path out = path.parent_path() / "copy";
    fs::remove_all(out);
    fs::create_directories(out);
    for (const auto& entry : fs::directory_iterator(path)) {
      const fs::path to = out / entry.path().filename();
      if (entry.path().extension() == ".sst") fs::create_hard_link(entry.path(), to);   // never changed in place
      else if (entry.path().filename() != wal_name) fs::copy_file(entry.path(), to);
    }
    write_all(out / wal_name, content);
    return out;
  }

  std::size_t whole_events(std::size_t bytes) const {
    std::size_t out = 0;
    for (const Mark& mark : marks) {
      if (mark.bytes <= bytes) out = mark.events;
    }
    return out;
  }

  void opens_with_prefix(std::size_t cut_at, bool again) {
    INFO("cut at byte " << cut_at << " of " << wal.size());
    const fs::path store = copy(std::string_view(wal).substr(0, cut_at));
    const std::size_t expected = whole_events(cut_at);
    if (again) {
      const auto reader = open_rocks_log(store.string(), OpenMode::kReadOnly, clock, small());
      if (!reader) FAIL(reader.error().message);
      CHECK((*reader)->last() == Position{expected});
    }
    {
      const auto log = open_rocks_log(store.string(), OpenMode::kOpen, clock, small());
      if (!log) FAIL(log.error().message);
      REQUIRE((*log)->last() == Position{expected});
      // Whoever opens it is told, unless nothing at all was lost.
      CHECK((*log)->info().recovery.empty() == (expected == events.size()));
      const auto kept = described(**log);
      CHECK(std::equal(kept.begin(), kept.end(), events.begin()));
      const std::vector<EventDraft> fresh = {{"t", samples::plain_statement(2, 1)}, {"t", samples::plain_statement(2, 2)}};
      const auto receipts = (*log)->append(fresh, OnRepeat::kCompare);
      REQUIRE(receipts.ok());
      CHECK(receipts->back().position == Position{expected + 2});
    }
    if (!again) return;
    const auto log = open_rocks_log(store.string(), OpenMode::kOpen, clock, small());
    if (!log) FAIL(log.error().message);
    CHECK((*log)->info().recovery.empty());
    CHECK((*log)->last() == Position{expected + 2});
    CHECK(sound(**log));
  }

  void refused(const std::string& content, const std::string& about) {
    INFO(about);
    const fs::path store = copy(content);
    for (const OpenMode mode : {OpenMode::kReadOnly, OpenMode::kOpen}) {
      const auto log = open_rocks_log(store.string(), mode, clock, small());
      REQUIRE_FALSE(log.ok());
      CHECK(error_name(log.error().code) == error_name(ErrorCode::kCorrupt));
      CHECK(log.error().message.find(wal_name + ": at byte ") != std::string::npos);
      CHECK(log.error().message.find('\n') == std::string::npos);
    }
    CHECK(read_all(store / wal_name) == content);   // nothing was mended behind anybody's back
  }
};

TEST_CASE("a log cut at any byte leaves a whole prefix that takes new events") {
  Written written({1, 1, 2}, 20);
  for (std::size_t cut_at = 0; cut_at <= written.wal.size(); ++cut_at) written.opens_with_prefix(cut_at, cut_at % 8 == 0);
}

TEST_CASE("a long log cut anywhere leaves a whole prefix that takes new events") {
  Written written({3, 60, 1, 400, 2, 30, 1}, 700, 50);
  REQUIRE(written.wal.size() > 12 * 32768);
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  std::vector<std::size_t> cuts = {0, written.wal.size()};
  for (std::size_t block = 32768; block < written.wal.size(); block += 3 * 32768) {
    for (const std::size_t at : {block - 8, block - 1, block, block + 6, block + 8}) cuts.push_back(at);
  }
  for (const auto& mark : written.marks) {
    for (const std::size_t off : {0u, 1u, 7u, 19u}) cuts.push_back(std::min(mark.bytes + off, written.wal.size()));
  }
  for (int i = 0; i < 20; ++i) cuts.push_back(std::uniform_int_distribution<std::size_t>(0, written.wal.size())(random));
  for (const std::size_t cut_at : cuts) written.opens_with_prefix(cut_at, true);
}

TEST_CASE("a flipped bit at any byte of a log is refused with its place") {
  Written written({1, 1, 2}, 20);
  for (std::size_t at = 0; at < written.wal.size(); ++at) {
    std::string bad = written.wal;
    bad[at] = static_cast<char>(bad[at] ^ (1 << at % 8));
    written.refused(bad, "turned at byte " + std::to_string(at) + " of " + std::to_string(bad.size()));
  }
}

TEST_CASE("a flipped bit anywhere in a long log is refused with its place") {
  Written written({3, 60, 1, 400, 2, 30, 200}, 700);
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  std::vector<std::size_t> places;
  for (std::size_t block = 0; block < written.wal.size(); block += 4 * 32768) {
    for (std::size_t off = 0; off < 7; off += 2) places.push_back(block + off);
  }
  for (int i = 0; i < 60; ++i) places.push_back(std::uniform_int_distribution<std::size_t>(0, written.wal.size() - 1)(random));
  for (const std::size_t at : places) {
    if (at >= written.wal.size()) continue;
    std::string bad = written.wal;
    bad[at] = static_cast<char>(bad[at] ^ (1 << at % 8));
    // The zeros between a record's end and a block's end are checked as well.
    written.refused(bad, "turned at byte " + std::to_string(at) + " of " + std::to_string(bad.size()));
  }
}

// What RocksDB itself skips without a word in every mode of recovery.
TEST_CASE("a stretch of zeros in the middle of a log is refused") {
  Written written({1, 1, 1, 1}, 20);
  std::string bad = written.wal;
  std::fill(bad.begin() + static_cast<std::ptrdiff_t>(written.marks[1].bytes), bad.begin() + static_cast<std::ptrdiff_t>(written.marks[2].bytes), '\0');
  written.refused(bad, "the second record is zeros");
}

// A machine that stops may leave the length of the last write without its content: nothing of it was acknowledged.
TEST_CASE("a last record of zeros or rubbish that was never acknowledged is left out") {
  Written written({1, 1}, 20);
  const std::size_t expected = 2;
  for (const std::string& tail : {std::string(300, '\0'), std::string(5, 'x'), std::string(300, 'x'), std::string(70'000, '\0')}) {
    INFO("tail of " << tail.size());
    const fs::path store = written.copy(written.wal + tail);
    for (const OpenMode mode : {OpenMode::kReadOnly, OpenMode::kOpen}) {
      const auto log = open_rocks_log(store.string(), mode, written.clock, small());
      if (!log) FAIL(log.error().message);
      CHECK((*log)->last() == Position{expected});
      CHECK(sound(**log));
    }
    const auto log = open_rocks_log(store.string(), OpenMode::kOpen, written.clock, small());
    if (!log) FAIL(log.error().message);
    CHECK((*log)->info().recovery.empty());   // told once
    const std::vector<EventDraft> fresh = {{"t", samples::plain_statement(2, 1)}};
    CHECK((*log)->append(fresh, OnRepeat::kCompare)->front().position == Position{expected + 1});
  }
}

// What a machine leaves that stops between a write and its sync: of a log written over zeros any of its pages may be missing.
TEST_CASE("a last record of which pages are missing is left out unless it was acknowledged") {
  Written written({2, 60}, 700);
  const std::size_t begin = written.marks[1].bytes, end = written.marks[2].bytes;
  constexpr std::size_t kPage = 4096;
  REQUIRE(end > begin + 8 * kPage);
  const std::string zeros((end / 32768 + 2) * 32768 - end, '\0');
  const auto without = [&](std::size_t from, std::size_t to) {
    std::string out = written.wal + zeros;
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(std::max(from, begin)), out.begin() + static_cast<std::ptrdiff_t>(std::min(to, end)), '\0');
    return out;
  };
  for (std::size_t page = begin / kPage; page * kPage < end; ++page) {
    // One page, all from it, or all before it.
    for (const auto& [from, to] : {std::pair(page * kPage, (page + 1) * kPage), std::pair(page * kPage, end), std::pair(begin, page * kPage)}) {
      INFO("bytes " << from << " to " << to << " are missing of " << begin << " to " << end);
      if (to <= begin) continue;
      const std::string bad = without(from, to);
      {
        const fs::path store = written.copy(bad);
        fs::copy_file(written.path / "acknowledged", store / "acknowledged", fs::copy_options::overwrite_existing);
        const auto log = open_rocks_log(store.string(), OpenMode::kOpen, written.clock, small());
        // Where nothing of it is left, nothing tells it from a log that was cut short.
        if (log.ok()) {
          CHECK((*log)->info().recovery.find("events 3 to 62 were acknowledged and are gone") != std::string::npos);
          CHECK(from <= begin);
        } else {
          CHECK(error_name(log.error().code) == error_name(ErrorCode::kCorrupt));
        }
      }
      const fs::path store = written.copy(bad);
      fs::remove(store / "acknowledged");
      for (const OpenMode mode : {OpenMode::kReadOnly, OpenMode::kOpen, OpenMode::kOpen}) {
        const auto log = open_rocks_log(store.string(), mode, written.clock, small());
        if (!log) FAIL(log.error().message);
        CHECK((*log)->last() == Position{2});
        CHECK(sound(**log));
      }
    }
  }
}

TEST_CASE("a log that was not closed ends in zeros and opens with all of it") {
  support::TemporaryDirectory directory{support::TemporaryDirectory::Where::kMemory};
  const fs::path path = directory / "store";
  ManualClock clock{start()};
  auto log = open_rocks_log(path.string(), OpenMode::kCreateOrOpen, clock, small());
  REQUIRE(log.ok());
  std::size_t laid = 0;
  for (std::uint32_t n = 0; n < 400; ++n) {
    const std::vector<EventDraft> draft = {{"t", samples::plain_statement(1, n, std::string(700, 'a'))}};
    REQUIRE((*log)->append(draft, OnRepeat::kCompare).ok());
    if (n % 40 != 39) continue;
    INFO("after " << n + 1 << " events");
    const fs::path copy = directory / "copy";
    fs::remove_all(copy);
    fs::copy(path, copy);
    const std::string content = read_all(newest_log(copy));
    laid = std::max(laid, content.size() - records_end(content));
    for (const OpenMode mode : {OpenMode::kReadOnly, OpenMode::kOpen}) {
      const auto again = open_rocks_log(copy.string(), mode, clock, small());
      if (!again) FAIL(again.error().message);
      CHECK((*again)->last() == (*log)->last());
      CHECK((*again)->info().recovery.empty());
    }
  }
  CHECK(laid >= 65536);
  const std::string name = newest_log(path).filename().string();
  log->reset();
  const std::string closed = read_all(path / name);
  CHECK(records_end(closed) == closed.size());
}

TEST_CASE("a torn tail is told to who opens the store") {
  Written written({1, 1}, 20);
  const fs::path store = written.copy(std::string_view(written.wal).substr(0, written.wal.size() - 3));
  const auto log = open_rocks_log(store.string(), OpenMode::kOpen, written.clock, small());
  REQUIRE(log.ok());
  INFO((*log)->info().recovery);
  CHECK((*log)->info().recovery.find(written.wal_name + ": at byte " + std::to_string(written.marks[1].bytes)) != std::string::npos);
  CHECK((*log)->info().recovery.find("events 2 to 2 were acknowledged") != std::string::npos);
}

// Their positions will be given to other events.
TEST_CASE("derived rows go with the events they speak of") {
  Written written({1, 1, 1}, 20);
  {
    const auto log = written.open();   // moves what the log holds into files
    const std::vector<EventDraft> more = {{"t", samples::plain_statement(3, 1)}};
    REQUIRE(log->append(more, OnRepeat::kCompare).ok());
    written.wal_name = newest_log(written.path).filename().string();
    written.wal = read_all(written.path / written.wal_name);
    const std::vector<std::pair<std::string, std::string>> rows = {{"k", "about event 4"}};
    REQUIRE(log->put_derived(rows).ok());
    // As a running server leaves them on disk: derived rows are there, and the log is still needed.
    fs::copy(written.path, written.path.parent_path() / "before");
  }
  const fs::path before = written.path.parent_path() / "before";
  write_all(before / written.wal_name, std::string_view(written.wal).substr(0, written.wal.size() - 1));
  const auto log = open_rocks_log(before.string(), OpenMode::kOpen, written.clock, small());
  if (!log) FAIL(log.error().message);
  CHECK((*log)->last() == Position{3});
  CHECK_FALSE((*log)->get_derived("k").has_value());
}

TEST_CASE("an older log is never taken for a torn one") {
  Written written({1, 1, 1}, 20);
  const std::string& wal = written.wal;
  const std::string torn = wal.substr(0, wal.size() - 1);
  CHECK(scan_wal(wal, false).state == WalScan::State::kWhole);
  CHECK(scan_wal(torn, false).state == WalScan::State::kTornTail);
  CHECK(scan_wal(torn, false).cut);
  CHECK(scan_wal(torn, false).offset == written.marks[2].bytes);
  CHECK(scan_wal(torn, true).state == WalScan::State::kDamaged);
  CHECK(scan_wal("", true).state == WalScan::State::kWhole);
}

}  // namespace
