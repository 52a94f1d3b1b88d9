#pragma once
// What a server does, for Prometheus to collect over HTTP (GET /metrics, text exposition format 0.0.4; prometheus-cpp serves it).
//
//   annals_log_last_position, annals_log_sealed_position     gauges: the newest event shown, and how far the index of questions is
//   annals_connections, annals_subscriptions                 gauges
//   annals_connections_{accepted,refused,dropped}_total      counters since the server began, like all that end in _total
//   annals_{events_appended,events_sent,bytes_sent,chunks_fed,chunks_fetched}_total
//   annals_append_seconds, annals_append_events              histograms, one observation for each append of the log (one sync): how long
//                                                            it took, and how many events shared it
//   annals_subscription_acknowledged_position{name}          gauges for each durable subscription: how far it is acknowledged on disk,
//   annals_subscription_lag_events{name}                     and how many events lie behind that
//   annals_subscription_parked_events{name}                  how many its group gave up
//   annals_group_members{name}, annals_group_unsettled_events{name}   gauges for each group that has members
//   annals_webhook_{delivered,failures,retries,merged,given_up}_total{hook}   counters for each webhook (delivery.h has what they count),
//   annals_webhook_waiting{hook}                             and gauges: changes it has not taken yet,
//   annals_webhook_oldest_undelivered_seconds{hook}          and how long the oldest of them has waited; 0: none
//
// Nothing of what the events say is told, so it needs no token; it is plain HTTP, for a scraper on the same machine or network.
// Threads: every function from any; `look` is called from a thread of the collector's.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/stream/server.h"
#include "engine/stream/webhook.h"

namespace annals::stream {

struct MetricsSnapshot {
  ServerStatus server;
  Position sealed;
  std::vector<HookStatus> webhooks{};   // none: there are none
};

class Metrics {
 public:
  // Listens when it returns. `host`: an address; port 0: any that is free. kIo: it cannot listen there.
  static Result<std::unique_ptr<Metrics>> start(const std::string& host, std::uint16_t port);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  std::uint16_t port() const;
  // What gauges and counters are read from at each collection; none (the beginning, or the server is gone): only the histograms are told.
  void look(std::function<MetricsSnapshot()> from);
  // One append of the log that wrote `events`.
  void appended(std::size_t events, std::chrono::nanoseconds took);

 private:
  struct Impl;
  explicit Metrics(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace annals::stream
