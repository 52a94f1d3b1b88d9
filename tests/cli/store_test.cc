// Goal: a store that is missing, locked, read-only, newer or damaged is refused with one line and the status that says so.
#include "tests/cli/annals.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

using namespace annals::test;
namespace fs = std::filesystem;

namespace {
const char* const kNote = "晨报消息\n\n某公司今天宣布开始出货。\n";

// Some file of the store is locked by another process.
bool held_by_another(const std::string& store) {
  for (const auto& each : fs::directory_iterator(store)) {
    const int file = open(each.path().c_str(), O_RDONLY);
    if (file < 0) continue;
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    const bool held = fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    close(file);
    if (held) return true;
  }
  return false;
}
}

TEST_CASE("a store that is not there is status 3 and none is made by asking") {
  const Annals annals;
  for (const auto& words : std::vector<std::vector<std::string>>{{"log"}, {"state", "export_control"}, {"verify"}, {"export"}, {"retract", "1", "--by", "x", "--because", "y"}}) {
    const Ran ran = annals(words);
    CHECK(ran.status == 3);
    is_one_line_with(ran, {annals.store});
  }
  CHECK_FALSE(fs::exists(annals.store));
}

TEST_CASE("one process writes and others read beside it") {
  const Annals annals;
  annals.folder.file("a.txt", kNote);
  annals.ingest({"a.txt"});
  // Holds the store while it waits for the rest of its input.
  Running writer(annals.command({"import"}));
  // Asking by a second writer would race with the first for the lock, so its taking is watched from outside.
  for (int i = 0; i < 1500 && !held_by_another(annals.store); ++i) usleep(20'000);
  const Ran second = annals({"import"}, "");
  CHECK(second.status == 3);
  is_one_line_with(second, {annals.store});
  CHECK(annals({"log"}).status == 0);
  CHECK(annals({"state", "export_control"}).status == 0);
  CHECK(writer.wait().status == 0);
  CHECK(annals({"import"}, "").status == 0);
}

TEST_CASE("what a store takes on disk is told by what it is for") {
  const Annals annals;
  annals.ingest({kSamples});
  annals.good({"rebuild"});
  const json sizes = annals.object({"sizes", "--format", "json"});
  std::uint64_t together = 0, indexes = 0;
  for (const json& part : sizes["parts"]) {
    together += part["bytes"].get<std::uint64_t>();
    if (part["what"] == "index of answers") indexes = part["bytes"];
  }
  CHECK(sizes["bytes"] == together);
  CHECK(indexes > 0);
  CHECK(indexes < together);
  std::uint64_t on_disk = 0;
  for (const auto& each : fs::directory_iterator(annals.store)) on_disk += each.is_regular_file() ? each.file_size() : 0;
  CHECK(together <= on_disk);
  CHECK(2 * together > on_disk);   // the rest is the store's own small files and what it keeps free in its logs
  const std::string table = annals.good({"sizes", "--cache", "16MiB", "--write-buffer", "4MiB"});
  CHECK_THAT(table, Catch::Contains("index of answers") && Catch::Contains("write-ahead log") && Catch::Contains("together"));
  const Ran refused = annals({"sizes", "--cache", "much"});
  CHECK(refused.status == 2);
  is_one_line_with(refused, {"--cache"});
}

TEST_CASE("a store that may only be read answers and refuses to be written") {
  if (geteuid() == 0) {
    WARN("permissions do not hold the superuser back: not tested");
    return;
  }
  const Annals annals;
  annals.folder.file("a.txt", kNote);
  annals.ingest({"a.txt"});
  for (const auto& each : fs::recursive_directory_iterator(annals.store)) fs::permissions(each.path(), fs::perms::owner_read | (each.is_directory() ? fs::perms::owner_exec : fs::perms::none));
  fs::permissions(annals.store, fs::perms::owner_read | fs::perms::owner_exec);
  CHECK(annals({"log"}).status == 0);
  const Ran ran = annals({"ingest", "a.txt"});
  CHECK((ran.status == 3 || ran.status == 4));
  is_one_line_with(ran, {annals.store});
  for (const auto& each : fs::recursive_directory_iterator(annals.store)) fs::permissions(each.path(), fs::perms::owner_all);
  fs::permissions(annals.store, fs::perms::owner_all);
}

TEST_CASE("a file where the store should be is refused") {
  const Annals annals;
  annals.folder.file("store", "not a store");
  annals.folder.file("a.txt", kNote);
  const Ran ran = annals({"ingest", "a.txt"});
  CHECK(ran.status == 2);
  is_one_line_with(ran, {annals.store});
}

TEST_CASE("an export builds the same log again and an altered one is refused") {
  const Annals annals;
  annals.ingest({kSamples, kWebSamples});   // pages and feeds: words that are not simply the note's bytes
  const json event = annals.statement("H20");
  annals.good({"review", std::to_string(event["position"].get<int>()), "--reject", "--by", "desk", "--because", "test"});
  annals.good({"export", "--notes", "-o", "all.jsonl"});

  Annals copy;
  const json done = copy.object({"import", annals.folder / "all.jsonl", "--json"});
  CHECK(done["kept"] == true);
  CHECK(done["notes_without_bytes"] == 0);
  CHECK(copy.good({"export", "--notes"}) == read_file(annals.folder / "all.jsonl"));
  CHECK(copy.object({"verify", "--format", "json"}) == annals.object({"verify", "--format", "json"}));

  std::string altered = read_file(annals.folder / "all.jsonl");
  const std::size_t at = altered.find("\"because\":\"test\"");
  REQUIRE(at != std::string::npos);
  altered.replace(at, 16, "\"because\":\"best\"");
  Annals other;
  const Ran refused = other({"import"}, altered);
  CHECK(refused.status == 2);
  is_one_line_with(refused, {"-:"});
}

TEST_CASE("into a store that has events others are recorded anew and once") {
  const Annals annals;
  annals.folder.file("a.txt", kNote);
  annals.ingest({"a.txt"});
  Annals other;
  other.ingest({kSamples + "/digest_h200.txt"});
  const std::string events = other.good({"export"});
  const auto before = annals.lines({"export"}).size();
  annals.good({"import"}, events);
  CHECK(annals.lines({"export"}).size() == before + other.lines({"export"}).size());
  annals.good({"import"}, events);
  CHECK(annals.lines({"export"}).size() == before + other.lines({"export"}).size());
}

TEST_CASE("a line that is no event is named with its number") {
  const Annals annals;
  const Ran ran = annals({"import"}, "{\"kind\":\"note\"}\n");
  CHECK(ran.status == 2);
  is_one_line_with(ran, {"-:1", "note"});
  const Ran other = annals({"import"}, "hello\n");
  CHECK(other.status == 2);
  is_one_line_with(other, {"-:1", "JSON"});
}

TEST_CASE("a root noted down earlier holds later and another does not") {
  const Annals annals;
  annals.folder.file("a.txt", kNote);
  annals.ingest({"a.txt"});
  const json before = annals.object({"verify", "--format", "json"});
  annals.ingest({kSamples + "/digest_h200.txt"});
  const std::string size = std::to_string(before["events"].get<int>());
  CHECK(annals({"verify", "--root", before["root"].get<std::string>(), "--size", size}).status == 0);
  CHECK(annals({"verify", "--root", before["root"].get<std::string>()}).status == 1);
}
