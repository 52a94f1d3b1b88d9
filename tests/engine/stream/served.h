#pragma once
// A server over a log in memory or on disk, and what tests ask of it.

#include <catch2/catch.hpp>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "engine/codec/codec.h"
#include "engine/stream/client.h"
#include "engine/stream/server.h"
#include "tests/support/logs.h"
#include "tests/support/sample_events.h"

namespace annals::stream::test {

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().message);
  return std::move(result).value();
}
inline void must(const Status& status) {
  if (!status) FAIL(status.error().message);
}

// Drafts of plain statements first, first + 1, …, each with an id of its own.
inline std::vector<EventDraft> drafts(std::uint32_t first, std::uint32_t count, std::string text = "There is nothing to report.") {
  std::vector<EventDraft> out;
  for (std::uint32_t i = 0; i < count; ++i) out.push_back({"test", samples::plain_statement(7, first + i, text)});
  return out;
}

// As a client sends them.
inline std::vector<EncodedEvent> encoded(const std::vector<EventDraft>& events) {
  std::vector<EncodedEvent> out;
  for (const EventDraft& draft : events) out.push_back(must(encode_draft(draft)).bytes);
  return out;
}

struct Served {
  SystemClock clock;
  support::OwnedLog owned;
  std::unique_ptr<Server> server;
  std::vector<std::string> told;

  explicit Served(support::LogKind kind = support::LogKind::kMemory, ServerOptions options = {}) : owned(support::make_log(kind, clock)) { begin(options); }
  // On a free port, unless the options name one.
  void begin(ServerOptions options = {}, std::function<void(std::size_t, std::chrono::nanoseconds)> appended = {}) {
    if (options.port == kDefaultPort) options.port = 0;
    ServerParts parts{*owned.log, Lexicon::builtin(), clock,
                      [](const std::vector<std::string>& words, const Rights&, EventLog&) -> Result<CommandAnswer> {
                        if (words.empty()) return Error{ErrorCode::kInvalid, "a question has words"};
                        std::string text;
                        for (const std::string& word : words) text += word + "\n";
                        if (words.front() == "long") text = std::string(3'000'000, 'x');
                        return CommandAnswer{text, 1};
                      },
                      [](const WholeNote& note, EventLog&) -> Result<CommandAnswer> { return CommandAnswer{std::to_string(note.head.bytes.size()), 0}; },
                      // As if every event changed every answer: one change that says between which places.
                      [](const WatchSpec& spec, const std::optional<WatchPoint>& from, WatchPoint& to, EventLog&) -> Result<std::vector<std::string>> {
                        if (spec.projection == "weather") return Error{ErrorCode::kInvalid, "unknown projection 'weather'"};
                        if (!from || from->through == to.through) return std::vector<std::string>();
                        return std::vector<std::string>{std::to_string(from->through.value) + "-" + std::to_string(to.through.value)};
                      },
                      {}, std::move(appended)};
    server = must(Server::start(std::move(parts), options));
  }
  EventLog& log() { return *owned.log; }

  ClientOptions options() const {
    ClientOptions out;
    out.port = server->port();
    out.retry_for = std::chrono::milliseconds(0);
    return out;
  }
  std::unique_ptr<Connection> connect() const { return must(Connection::open(options())); }
  Client client() const { return Client(options()); }
};

// The next message that is of type Message; others before it fail the test.
template <class Message>
Message expect(Connection& connection) {
  auto got = must(connection.receive(std::chrono::seconds(10)));
  REQUIRE(got);
  if (const auto* error = std::get_if<WireError>(&*got)) {
    if constexpr (!std::is_same_v<Message, WireError>) FAIL(error->message);
  }
  REQUIRE(std::holds_alternative<Message>(*got));
  return std::get<Message>(*std::move(got));
}

inline std::vector<std::uint64_t> positions(const Batch& batch) {
  std::vector<std::uint64_t> out;
  for (const StoredEventView& event : batch.events) out.push_back(event.position.value);
  return out;
}

}  // namespace annals::stream::test
