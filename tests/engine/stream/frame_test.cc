// Goal: whatever bytes come, and however they are cut, the answer is a message or one error, and memory stays bounded.
#include "engine/stream/frame.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <random>

#include "engine/stream/wire.h"
#include "tests/support/sample_events.h"

namespace annals::stream {
namespace {

std::string bytes_of(const Words& words) { return {reinterpret_cast<const char*>(words.data()), words.size() * 8}; }

void feed(FrameReader& reader, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto room = reader.prepare();
    const std::size_t some = std::min(room.size(), bytes.size());
    std::memcpy(room.data(), bytes.data(), some);
    reader.commit(some);
    bytes.remove_prefix(some);
  }
}

// A message as its segment table says, for tables that lie.
std::string table(std::vector<std::uint32_t> numbers) { return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * 4}; }

}  // namespace

TEST_CASE("messages come out whole wherever the stream is cut") {
  std::string stream;
  for (std::uint64_t i = 1; i <= 40; ++i) stream += bytes_of(write_message(Ask{i, {std::string(i * 3, 'w')}}));
  for (std::size_t step = 1; step < 60; ++step) {
    FrameReader reader({}, 64);
    std::uint64_t next = 1;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      feed(reader, std::string_view(stream).substr(at, step));
      while (true) {
        auto frame = reader.next();
        REQUIRE(frame.ok());
        if (!*frame) break;
        auto message = read_client_message(**frame);
        REQUIRE(message.ok());
        REQUIRE(std::get<Ask>(*message).request == next);
        ++next;
      }
    }
    CHECK(next == 41);
    CHECK(reader.buffered() == 0);
  }
}

TEST_CASE("a message that is too long is refused before it is kept") {
  FrameReader reader({.bytes_max = 4096, .segments_max = 4}, 64);
  feed(reader, table({0, 4096}));
  const auto refused = reader.next();
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::kInvalid);
  CHECK(reader.capacity() < 4096);
}

TEST_CASE("segment tables that lie are refused") {
  const std::vector<std::vector<std::uint32_t>> lies = {
      {0xffffffff, 0}, {0xfffffffe, 1}, {64, 1}, {3, 0x20000000, 0x20000000, 0x20000000, 0x20000000}, {0, 0xffffffff}, {1, 1, 0xffffffff, 0}};
  for (const auto& lie : lies) {
    FrameReader reader({.bytes_max = 1u << 20, .segments_max = 16});
    feed(reader, table(lie));
    if (lie.size() % 2 == 1) feed(reader, table({0}));
    CHECK_FALSE(reader.next().ok());
  }
}

// An annals client at the port of metrics, or a browser at the server's: both were told of a message of half a billion segments.
TEST_CASE("HTTP is called by its name") {
  for (const char* said : {"HTTP/1.1 400 Bad Request\r\n", "GET /metrics HTTP/1.1\r\n"}) {
    FrameReader reader({});
    feed(reader, said);
    const auto refused = reader.next();
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().message.find("HTTP") != std::string::npos);
  }
}

// The pieces that a socket would bring: as much as there was room for, and long and short messages by turns.
TEST_CASE("a long message is read to its end and no further") {
  std::string stream;
  for (std::uint64_t i = 1; i <= 20; ++i) stream += bytes_of(write_message(Ask{i, {std::string(i % 3 == 0 ? 5'000 : 10, 'w')}}));
  FrameReader reader({}, 256);
  std::uint64_t next = 1;
  std::size_t largest = 0;
  for (std::string_view left = stream; !left.empty();) {
    const auto room = reader.prepare();
    const std::size_t some = std::min(room.size(), left.size());
    std::memcpy(room.data(), left.data(), some);
    reader.commit(some);
    left.remove_prefix(some);
    largest = std::max(largest, reader.buffered());
    while (true) {
      auto frame = reader.next();
      REQUIRE(frame.ok());
      if (!*frame) break;
      REQUIRE(std::get<Ask>(*read_client_message(**frame)).request == next);
      ++next;
    }
  }
  CHECK(next == 21);
  CHECK(largest < 5'300);   // one of the long ones, and never part of the next beside it
}

TEST_CASE("one long message does not hold its memory") {
  FrameReader reader({}, 1024);
  feed(reader, bytes_of(write_message(NotePart{1, std::string(1u << 20, 'n'), true, "n", {}, {}, {}, {}, {}, {}})));
  auto frame = reader.next();
  REQUIRE(frame.ok());
  REQUIRE(frame->has_value());
  CHECK(reader.capacity() >= 1u << 20);
  feed(reader, bytes_of(write_client_heartbeat(1)));
  CHECK(reader.capacity() <= 8192);
}

TEST_CASE("a batch is one message of two segments and its events lie as they are stored") {
  ChunkWriter writer;
  const Digest salt = samples::digest_of(1);
  const Digest leaf = samples::digest_of(2);
  const std::string header(24, 'h');
  const std::string body(801, 'b');
  writer.add({Position{11}, header, body, salt, leaf});
  writer.add({Position{15}, header, body, salt, leaf}, true);
  const SharedChunk chunk = writer.finish(Position{10}, Position{19});
  CHECK(writer.events() == 0);
  REQUIRE(chunk->events == 2);
  Words message = write_batch_head(7, Position{19}, Position{40}, *chunk);
  message.insert(message.end(), chunk->segment.begin(), chunk->segment.end());
  FrameReader reader({});
  feed(reader, bytes_of(message));
  auto frame = reader.next();
  REQUIRE(frame.ok());
  REQUIRE(frame->has_value());
  CHECK((*frame)->size() == message.size());
  auto read = read_server_message(**frame);
  REQUIRE(read.ok());
  const Batch& batch = std::get<Batch>(*read);
  CHECK(batch.subscription == 7);
  CHECK(batch.through.value == 19);
  CHECK(batch.last.value == 40);
  REQUIRE(batch.events.size() == 2);
  CHECK(batch.events[0].position.value == 11);
  CHECK(batch.events[0].header == header);
  CHECK(batch.events[0].body == body);
  CHECK(batch.events[0].salt == salt);
  CHECK(batch.events[1].leaf == leaf);
  CHECK(batch.events[1].body.empty());
  const auto again = events_of(*chunk);
  REQUIRE(again.size() == 2);
  CHECK(again[1].header == header);
}

// Goal: a chunk is made where one that has gone was, never where one is that somebody still has, and what waits is bounded.
TEST_CASE("chunks are made in the memory of those that have gone") {
  constexpr std::size_t kBlock = 8192;
  const auto memory = std::make_shared<ChunkMemory>(2 * kBlock, kBlock);
  const std::string header(24, 'h');
  const auto chunk_of = [&](char letter, std::size_t size) {
    ChunkWriter writer(memory);
    writer.add({Position{1}, header, std::string(size, letter), samples::digest_of(1), samples::digest_of(2)});
    return writer.finish(Position{}, Position{1});
  };
  const auto body_of = [](const SharedChunk& chunk) { return events_of(*chunk).at(0).body; };

  SharedChunk first = chunk_of('a', 5'000);
  const void* const place = first->segment.data();
  CHECK(memory->waiting() == 0);
  const SharedChunk held = chunk_of('b', 5'000);
  CHECK(static_cast<const void*>(held->segment.data()) != place);
  CHECK(body_of(first) == std::string(5'000, 'a'));
  first.reset();
  CHECK(memory->waiting() == kBlock);
  const SharedChunk second = chunk_of('c', 5'000);
  CHECK(static_cast<const void*>(second->segment.data()) == place);
  CHECK(memory->waiting() == 0);
  CHECK(body_of(held) == std::string(5'000, 'b'));
  CHECK(body_of(second) == std::string(5'000, 'c'));

  // A short one is copied out, so that it does not keep a whole block.
  const SharedChunk small = chunk_of('s', 40);
  CHECK(memory->waiting() == kBlock);
  CHECK(body_of(small) == std::string(40, 's'));
  // One that is longer than a block, and more than may wait.
  std::vector<SharedChunk> many;
  for (int i = 0; i < 8; ++i) many.push_back(chunk_of(static_cast<char>('0' + i), i == 0 ? 20'000 : 6'000));
  for (int i = 0; i < 8; ++i) CHECK(body_of(many[static_cast<std::size_t>(i)]) == std::string(i == 0 ? 20'000 : 6'000, static_cast<char>('0' + i)));
  many.clear();
  CHECK(memory->waiting() > 0);
  CHECK(memory->waiting() <= 2 * kBlock);
}

TEST_CASE("every message of a client comes back as it was written") {
  Subscribe subscribe;
  subscribe.subscription = 3;
  subscribe.from = Subscribe::From::kName;
  subscribe.name = "desk";
  subscribe.until = Subscribe::Until::kUpto;
  subscribe.upto = Position{99};
  subscribe.filter.kinds = {"statement"};
  subscribe.filter.entities = {"h200", "英伟达"};
  subscribe.filter.published_from = Instant(Micros(-5));
  subscribe.credit = 12;
  subscribe.envelopes_only = true;
  const Words words = write_message(subscribe);
  auto read = read_client_message({words.data(), words.size()});
  REQUIRE(read.ok());
  const auto& back = std::get<Subscribe>(*read);
  CHECK(back.name == "desk");
  CHECK(back.upto.value == 99);
  CHECK(back.filter == subscribe.filter);
  CHECK(back.credit == 12);
  CHECK(back.envelopes_only);
  const Words watch = write_message(Watch{5, {"export_control", {"h20", "h200/usa"}}, WatchPoint{Position{7}, Instant(Micros(-8))}});
  auto read_watch = read_client_message({watch.data(), watch.size()});
  REQUIRE(read_watch.ok());
  CHECK(std::get<Watch>(*read_watch).spec.keys == std::vector<std::string>{"h20", "h200/usa"});
  CHECK(std::get<Watch>(*read_watch).from == WatchPoint{Position{7}, Instant(Micros(-8))});
  const Words changes = write_message(Changes{5, {Position{9}, Instant(Micros(3))}, {"{}", "{\"a\":1}"}});
  auto read_changes = read_server_message({changes.data(), changes.size()});
  REQUIRE(read_changes.ok());
  CHECK(std::get<Changes>(*read_changes).changes.back() == "{\"a\":1}");
  CHECK(std::get<Changes>(*read_changes).at == WatchPoint{Position{9}, Instant(Micros(3))});
  const Words note = write_message(NotePart{4, "bytes", true, "a.txt", "outlet", std::nullopt, "2025-12-09", "UTC", "digest", "me"});
  auto read_note = read_client_message({note.data(), note.size()});
  REQUIRE(read_note.ok());
  CHECK(std::get<NotePart>(*read_note).zone == "UTC");
  CHECK_FALSE(std::get<NotePart>(*read_note).published);
  CHECK(std::get<NotePart>(*read_note).bytes == "bytes");
}

// Before this many messages were tried, nothing is said about bytes from outside.
TEST_CASE("damaged messages are messages or errors and never anything else") {
  std::vector<Words> seeds = {write_message(ClientHello{1, "p", "t"}), write_message(Ask{1, {"state", "h20"}}), write_message(Ack{"n", Position{4}}),
                              write_message(NotePart{4, "bytes", true, "a.txt", "outlet", {}, {}, {}, {}, {}}), write_client_goodbye()};
  Subscribe subscribe;
  subscribe.filter.claim_types = {"metric", "financing"};
  seeds.push_back(write_message(subscribe));
  Event event;
  event.body = samples::plain_statement(1, 1);
  event.id = event_id(event.body);
  const std::vector<EncodedEvent> events = {*encode_event(event), *encode_event(event)};
  seeds.push_back(write_message(EncodedAppend{5, events}));
  std::mt19937_64 random(7);
  std::uint64_t good = 0;
  for (int round = 0; round < 20'000; ++round) {
    Words words = seeds[random() % seeds.size()];
    for (int i = 0; i < 3; ++i) {
      std::uint64_t& word = words[1 + random() % (words.size() - 1)];
      const auto bit = std::uint64_t{1} << random() % 64;
      word = random() % 4 == 0 ? random() : word ^ bit;
    }
    auto read = read_client_message({words.data(), words.size()});
    if (!read) continue;
    ++good;
    if (const auto* append = std::get_if<AppendFrame>(&*read)) static_cast<void>(drafts_of(*append, [](const EventBody&) { return Status(); }).ok());
  }
  CHECK(good > 0);
}

}  // namespace annals::stream
