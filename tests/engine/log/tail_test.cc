// Goal: what the newest events add to the indexes is found in memory, in files and on the way from one to the other.
#include "engine/log/tail.h"

#include <catch2/catch.hpp>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>
#include <unordered_map>

#include "engine/log/event_log.h"
#include "tests/support/logs.h"
#include "tests/support/sample_events.h"

namespace {
using namespace annals;

EventId id_of(std::uint64_t n) { return sha256("id " + std::to_string(n)); }

TEST_CASE("a table of ids finds what it has and nothing else") {
  std::mt19937_64 random(11);
  IdTable table(Position{100});
  std::vector<EventId> ids;
  for (int step = 0; step < 3'000; ++step) {
    if (step % 97 == 96) {
      const std::size_t left = random() % (ids.size() + 1);
      table.shrink(left);
      for (std::size_t i = left; i < ids.size(); ++i) REQUIRE_FALSE(table.find(ids[i]));
      ids.resize(left);
    }
    EventId id = id_of(random());
    if (step % 5 == 0) std::fill(id.bytes.begin(), id.bytes.begin() + 8, std::uint8_t{7});   // all in one place
    table.add(id);
    ids.push_back(id);
    REQUIRE(table.last() == Position{100 + ids.size()});
  }
  for (std::size_t i = 0; i < ids.size(); ++i) REQUIRE(table.find(ids[i]) == Position{101 + i});
  for (std::uint64_t n = 0; n < 1'000; ++n) REQUIRE_FALSE(table.find(id_of(n)));
  CHECK_FALSE(IdTable().find(id_of(1)));
}

TEST_CASE("a segment is cut without losing an id or a node") {
  CompactRange range;
  Segment all;
  std::vector<TreeNode> nodes;
  for (std::uint64_t n = 1; n <= 1'000; ++n) {
    all.ids.add(id_of(n));
    range.append(id_of(n), &all.nodes);
  }
  nodes = all.nodes;
  const Segment first = cut_off(all, Position{512});
  CHECK(first.ids.before() == Position{});
  CHECK(first.ids.last() == Position{512});
  CHECK(all.ids.before() == Position{512});
  CHECK(all.ids.last() == Position{1'000});
  for (std::uint64_t n = 1; n <= 1'000; ++n) {
    const Segment& has = n <= 512 ? first : all;
    const Segment& lacks = n <= 512 ? all : first;
    REQUIRE(has.ids.find(id_of(n)) == Position{n});
    REQUIRE_FALSE(lacks.ids.find(id_of(n)));
  }
  std::vector<TreeNode> together = first.nodes;
  together.insert(together.end(), all.nodes.begin(), all.nodes.end());
  CHECK(together == nodes);
  CHECK(first.nodes.size() == 2);
}

// A store whose segments are 256 events, so that most of it is in files.
struct Store {
  support::TemporaryDirectory directory;
  std::string path = (directory / "store").string();
  SystemClock clock;
  LogOptions options;
  std::vector<Digest> leaves;
  Store() { options.write_buffer_bytes = 64 << 10; }
  std::unique_ptr<EventLog> open(OpenMode mode = OpenMode::kCreateOrOpen) const {
    auto log = open_rocks_log(path, mode, clock, options);
    if (!log) FAIL(log.error().message);
    return std::move(*log);
  }
  static std::vector<EventDraft> drafts(std::uint32_t from, std::uint32_t to) {
    std::vector<EventDraft> out;
    for (std::uint32_t n = from; n <= to; ++n) out.push_back({"tester", samples::plain_statement(1, n)});
    return out;
  }
  static void holds(const EventLog& log, std::uint32_t count) {
    REQUIRE(log.last() == Position{count});
    std::vector<Digest> leaves;
    const auto seen = log.read_stored({Position{}, log.last()}, [&](const StoredView& event) { return leaves.push_back(event.leaf), Visit::kContinue; });
    if (!seen) FAIL(seen.error().message);
    std::size_t wrong = 0;
    for (std::uint32_t n = 1; n <= count; ++n) wrong += log.find(event_id(samples::plain_statement(1, n))) != Position{n};
    CHECK(wrong == 0);
    CHECK_FALSE(log.find(event_id(samples::plain_statement(1, count + 1))));
    for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{255}, std::uint64_t{256}, std::uint64_t{700}, std::uint64_t{count} - 1, std::uint64_t{count}}) {
      if (size > count) continue;
      const auto root = log.root(Position{size});
      if (!root) FAIL(root.error().message);
      CHECK(root->hex() == merkle_root(std::span(leaves).first(size)).hex());
    }
    TreeReader tree = log.tree();
    for (std::uint64_t at = 0; at < count; at += 301) {
      const auto path = tree.inclusion(at, count);
      if (!path) FAIL(path.error().message);
      CHECK(verify_inclusion(leaves[at], at, count, *path, merkle_root(leaves)));
    }
    const auto report = verify_log(log, nullptr);
    REQUIRE(report.ok());
    for (const Damage& damage : report->damage) UNSCOPED_INFO(damage.what);
    CHECK(report->damage.empty());
  }
};

TEST_CASE("ids and tree are the same in memory and in files") {
  Store store;
  std::uint32_t count = 0;
  for (const std::uint32_t step : {1u, 254u, 1u, 1u, 500u, 3u, 1'300u, 200u}) {
    {
      const auto log = store.open();
      const auto drafts = Store::drafts(count + 1, count + step);
      const auto receipts = log->append(drafts, OnRepeat::kCompare);
      REQUIRE(receipts.ok());
      count += step;
      CHECK(receipts->back().position == Position{count});
      Store::holds(*log, count);
      // Known for ever, wherever they are by now; other content under a known id is a conflict.
      const auto again = log->append(Store::drafts(1, count), OnRepeat::kCompare);
      REQUIRE(again.ok());
      CHECK(std::all_of(again->begin(), again->end(), [](const Receipt& one) { return one.repeated; }));
      StatementEvent other = samples::plain_statement(1, 1);
      other.interpreter.version = 2;
      const std::vector<EventDraft> drafts_of_other = {{"tester", other}};
      const auto refused = log->append(drafts_of_other, OnRepeat::kCompare);
      REQUIRE_FALSE(refused.ok());
      CHECK(error_name(refused.error().code) == error_name(ErrorCode::kConflict));
      Store::holds(*store.open(OpenMode::kReadOnly), count);
    }
    Store::holds(*store.open(OpenMode::kReadOnly), count);
  }
}

TEST_CASE("every id is found while its segment is written") {
  Store store;
  const auto log = store.open();
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> missed{0};
  std::vector<std::thread> readers;
  for (unsigned t = 0; t < 2; ++t) {
    readers.emplace_back([&, t] {
      std::mt19937 random(t);
      while (!done) {
        const auto last = log->last().value;
        if (last == 0) continue;
        const auto n = static_cast<std::uint32_t>(1 + random() % last);
        if (log->find(event_id(samples::plain_statement(1, n))) != Position{n}) ++missed;
        if (random() % 64 == 0 && !log->root(Position{n})) ++missed;
      }
    });
  }
  for (std::uint32_t n = 1; n <= 6'000; n += 100) REQUIRE(log->append(Store::drafts(n, n + 99), OnRepeat::kCompare).ok());
  done = true;
  for (auto& reader : readers) reader.join();
  CHECK(missed == 0);
  Store::holds(*log, 6'000);
}

// A stop before the files of a segment are taken over leaves drafts of them and no mark.
TEST_CASE("drafts of tables that a stop left are gone at the next opening") {
  Store store;
  REQUIRE(store.open()->append(Store::drafts(1, 100), OnRepeat::kCompare).ok());
  for (const char* name : {"draft-table-0", "draft-table-1"}) std::ofstream(std::filesystem::path(store.path) / name) << "half a table";
  Store::holds(*store.open(OpenMode::kReadOnly), 100);
  const auto log = store.open();
  CHECK_FALSE(std::filesystem::exists(std::filesystem::path(store.path) / "draft-table-0"));
  REQUIRE(log->append(Store::drafts(101, 700), OnRepeat::kCompare).ok());
  Store::holds(*log, 700);
}

}  // namespace
