#include "tools/bench/serving.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "engine/language/lexicon.h"
#include "tools/annals/remote.h"
#include "tools/bench/bare.h"

namespace annals::bench {

using namespace annals::stream;

Serving::Serving(const std::string& directory)
    : log(must(open_rocks_log(directory, OpenMode::kCreateOrOpen, clock, {.allow_clock_jump = true}))),
      query(std::make_unique<Query>(*log, Lexicon::builtin(), clock)) {
  ServerOptions options;
  options.port = 0;
  options.connections_max = 4'096;
  const auto changes = [this](const WatchSpec& spec, const std::optional<WatchPoint>& from, WatchPoint& to, EventLog& of) {
    return cli::changes_between(spec, from, to, of, Lexicon::builtin(), *query, memory);
  };
  server = must(Server::start({*log, Lexicon::builtin(), clock, {}, {}, changes, {}}, options));
}

ClientOptions Serving::client() const {
  ClientOptions out;
  out.port = server->port();
  return out;
}

std::vector<EncodedEvent> encoded(std::span<const EventDraft> drafts) {
  std::vector<EncodedEvent> out;
  for (const EventDraft& draft : drafts) out.push_back(must(encode_draft(draft)).bytes);
  return out;
}

std::uint64_t drain(const ClientOptions& options, Subscribe request) {
  const auto connection = must(Connection::open(options));
  request.subscription = 1;
  request.credit = 65'536;
  must(connection->send(write_message(request)));
  std::uint64_t got = 0;
  std::uint32_t taken = 0;
  while (true) {
    auto message = must(connection->receive(std::chrono::seconds(30)));
    if (!message || std::holds_alternative<Ended>(*message)) return got;
    const auto* batch = std::get_if<Batch>(&*message);
    if (batch == nullptr) continue;
    for (const StoredEventView& event : batch->events) keep(event.body.size());
    got += batch->events.size();
    taken += static_cast<std::uint32_t>(batch->events.size());
    if (taken >= 32'768) {
      must(connection->send(write_message(Credit{1, taken})));
      taken = 0;
    }
  }
}

double replay_round(const Serving& serving, unsigned readers, const FilterSpec& filter) {
  Subscribe request;
  request.until = Subscribe::Until::kEnd;
  request.filter = filter;
  std::atomic<std::uint64_t> delivered{0};
  std::vector<std::thread> threads;
  const Stopwatch watch;
  for (unsigned i = 0; i < readers; ++i) threads.emplace_back([&] { delivered += drain(serving.client(), request); });
  for (std::thread& each : threads) each.join();
  // Of a filter it is the events gone through that count.
  const double events = filter.all() ? static_cast<double>(delivered) : static_cast<double>(readers * serving.log->last().value);
  return events / watch.seconds();
}

double percentile(std::vector<double>& values, double part) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::size_t>(part * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

}  // namespace annals::bench
