// Goal: LOG_FORMAT.md tells the truth.
// Method: the bytes of its worked example, in blocks fenced with ``` and a name, are compared with what the code writes. In a block,
// everything behind a semicolon is for people.
#include <catch2/catch.hpp>

#include <fstream>
#include <map>

#include "engine/codec/codec.h"
#include "engine/log/rows.h"
#include "engine/proof/proof.h"
#include "tests/support/sample_events.h"

namespace {
using namespace annals;

std::string hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i != 0 && i % 8 == 0) out += '\n';
    out += kDigits[static_cast<unsigned char>(bytes[i]) >> 4];
    out += kDigits[static_cast<unsigned char>(bytes[i]) & 15];
    if (i % 8 != 7) out += ' ';
  }
  return out;
}

std::map<std::string, std::string> blocks() {
  std::map<std::string, std::string> out;
  std::ifstream in(std::string(ANNALS_SOURCE_DIR) + "/engine/log/LOG_FORMAT.md");
  std::string name;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) {
      name = name.empty() ? line.substr(3) : "";
      continue;
    }
    if (name.empty()) continue;
    int high = -1;
    for (const char c : line.substr(0, line.find(';'))) {
      const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
      if (digit < 0) continue;
      if (high < 0) high = digit;
      else out[name] += static_cast<char>(high << 4 | digit), high = -1;
    }
  }
  return out;
}

// The example's event: the retraction of a note, by "desk", because of "wrong file"; its salt is 32 times 5a.
struct Example {
  Event event{Position{1}, {}, parse_moment("2026-11-21T08:00:00.123456Z", Zone::utc(), {})->instant, "desk",
              Retraction{Target::of_note(samples::digest_of(0x11)), "wrong file", {}}};
  Digest salt = samples::digest_of(0x5a);
  EncodedEvent bytes;
  Digest leaf;
  Example() {
    event.id = event_id(event.body);
    bytes = encode_event(event).value();
    leaf = leaf_hash(bytes.header, salt, bytes.body);
  }
};

TEST_CASE("the worked example of the format document is what the code writes") {
  const Example example;
  std::string row;
  rows::write_row({example.event.position, example.bytes.header, example.salt, example.bytes.body, example.leaf}, row);
  std::string position;
  rows::put_u64(position, 1);
  StoredView gone{example.event.position, example.bytes.header, body_digest(example.salt, example.bytes.body), {}, example.leaf, Position{2}};
  std::string erased;
  rows::write_row(gone, erased);
  const auto documented = blocks();
  const std::map<std::string, std::string> written = {
      {"log-key", rows::position_key(Position{1})},
      {"log-row", row},
      {"erased-row", erased},
      {"body-digest", std::string(body_digest(example.salt, example.bytes.body).view())},
      {"ids-key", std::string(example.event.id.view())},
      {"ids-row", position},
      {"tree-key", rows::node_key(8, 2)},
      {"note-chunk-key", rows::note_chunk_key(samples::digest_of(0x11), 1)},
      {"root", std::string(node_hash(node_hash(example.leaf, example.leaf), example.leaf).view())},
  };
  for (const auto& [name, bytes] : written) {
    INFO(name);
    REQUIRE(documented.contains(name));
    CHECK(hex(documented.at(name)) == hex(bytes));
  }
  CHECK(documented.size() == written.size());
}

TEST_CASE("a row is told from what is none") {
  const Example example;
  std::string row;
  rows::write_row({example.event.position, example.bytes.header, example.salt, example.bytes.body, example.leaf}, row);
  const auto back = rows::read_row(Position{1}, row);
  REQUIRE(back.ok());
  CHECK(back->header == example.bytes.header);
  CHECK(back->body == example.bytes.body);
  CHECK(back->salt == example.salt);
  CHECK(back->leaf == example.leaf);
  for (std::size_t length = 0; length < row.size(); ++length) {
    CHECK(rows::read_row(Position{1}, std::string_view(row).substr(0, length)).error().code == ErrorCode::kCorrupt);
  }
  CHECK(rows::read_row(Position{1}, row + "x").error().code == ErrorCode::kCorrupt);
  // An erased row names an event behind its own.
  std::string erased;
  rows::write_row({Position{1}, example.bytes.header, body_digest(example.salt, example.bytes.body), {}, example.leaf, Position{2}}, erased);
  const auto gone = rows::read_row(Position{1}, erased);
  REQUIRE(gone.ok());
  CHECK(gone->erased == Position{2});
  CHECK(gone->body.empty());
  CHECK(leaf_hash(gone->header, gone->digest()) == example.leaf);
  CHECK(rows::read_row(Position{2}, erased).error().code == ErrorCode::kCorrupt);
  CHECK(rows::read_row(Position{1}, erased.substr(0, erased.size() - 8)).error().code == ErrorCode::kCorrupt);
  std::string later = row;
  later[8] = 2;
  CHECK(rows::read_row(Position{1}, later).error().code == ErrorCode::kCorrupt);
  later[8] = 3;
  CHECK(rows::read_row(Position{1}, later).error().code == ErrorCode::kUnsupported);
  later[8] = 0;
  CHECK(rows::read_row(Position{1}, later).error().code == ErrorCode::kCorrupt);
  later[8] = 1;
  later[12] = 1;
  CHECK(rows::read_row(Position{1}, later).error().code == ErrorCode::kCorrupt);
}

TEST_CASE("keys are in the order of numbers") {
  CHECK(rows::position_key(Position{255}) < rows::position_key(Position{256}));
  CHECK(rows::read_position(rows::position_key(Position{1'234'567'890'123})) == Position{1'234'567'890'123});
  CHECK_FALSE(rows::read_position("1234567").has_value());
  CHECK(rows::node_key(8, 255) < rows::node_key(8, 256));
  CHECK(rows::node_key(8, 256) < rows::node_key(16, 0));
}

}  // namespace
