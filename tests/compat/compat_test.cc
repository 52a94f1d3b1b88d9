// Goal: what was stored once can be read for ever, and the same event makes the same bytes for ever.
// Method: events/NAME.txt keeps a row of the log in hexadecimal and every field of the event in it, as they were when the file was
// written. A file is never changed. Samples without a file get one by running this program with ANNALS_NEW_COMPAT=1 in the environment.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "engine/codec/codec.h"
#include "engine/log/rows.h"
#include "engine/proof/proof.h"
#include "tests/support/sample_events.h"

namespace {
using namespace annals;
namespace fs = std::filesystem;

const fs::path kFolder = fs::path(ANNALS_SOURCE_DIR) / "tests/compat/events";
const Digest kSalt = samples::digest_of(0x5a);
constexpr std::string_view kBetween = "\n---\n";

std::string hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (i != 0 && i % 8 == 0) out += i % 32 == 0 ? '\n' : ' ';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}
std::string unhex(std::string_view text) {
  std::string out;
  int high = -1;
  for (const char c : text) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) continue;
    if (high < 0) high = digit;
    else out += static_cast<char>(high << 4 | digit), high = -1;
  }
  return out;
}

struct Kept {
  std::string row;
  std::string described;
};
Kept read_kept(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream content;
  content << in.rdbuf();
  const std::string text = content.str();
  const std::size_t between = text.find(kBetween);
  REQUIRE(between != std::string::npos);
  return {unhex(text.substr(0, between)), text.substr(between + kBetween.size())};
}

Event event_of(const samples::Sample& sample, std::uint64_t position) {
  Event event;
  event.position = Position{position};
  event.recorded_at = Instant(Micros(1'765'300'000'123'456 + static_cast<std::int64_t>(position)));
  event.actor = sample.actor;
  event.body = sample.body;
  event.id = event_id(event.body);
  return event;
}
std::string row_of(const Event& event) {
  const auto bytes = encode_event(event);
  REQUIRE(bytes.ok());
  std::string row;
  rows::write_row({event.position, bytes->header, kSalt, bytes->body, leaf_hash(bytes->header, kSalt, bytes->body)}, row);
  return row;
}

TEST_CASE("every sample is kept with its bytes") {
  std::set<std::string> names;
  std::uint64_t position = 0;
  for (const auto& sample : samples::all()) {
    INFO(sample.name);
    names.insert(sample.name + ".txt");
    const Event event = event_of(sample, ++position);
    const fs::path file = kFolder / (sample.name + ".txt");
    if (!fs::exists(file) && std::getenv("ANNALS_NEW_COMPAT") != nullptr) {
      std::ofstream(file, std::ios::binary) << hex(row_of(event)) << kBetween << samples::describe(event);
    }
    REQUIRE(fs::exists(file));
    CHECK(hex(row_of(event)) == hex(read_kept(file).row));
  }
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    INFO(entry.path());
    CHECK(names.contains(entry.path().filename().string()));
  }
}

TEST_CASE("every kept row is read as it was") {
  std::set<std::string> kinds;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    INFO(entry.path());
    const Kept kept = read_kept(entry.path());
    const std::size_t line = kept.described.find("position: ") + 10;
    const Position position{std::stoull(kept.described.substr(line))};
    const auto stored = rows::read_row(position, kept.row);
    REQUIRE(stored.ok());
    CHECK(stored->leaf == leaf_hash(stored->header, stored->salt, stored->body));
    const auto event = decode_event(stored->header, stored->body, {.parts = Parts::kAll, .from_outside = true});
    if (!event) FAIL(event.error().message);
    CHECK(samples::describe(*event) == kept.described);
    kinds.insert(std::string(event_kind_name(event->kind())));
    // Written again it is the same, so that what is exported and taken back has the same leaf.
    const auto again = encode_event(*event);
    REQUIRE(again.ok());
    CHECK(again->header == stored->header);
    CHECK(again->body == stored->body);
  }
  CHECK(kinds.size() == kEventKinds);
}

}  // namespace
