#include "engine/stream/metrics.h"

#include <fmt/format.h>
#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

namespace annals::stream {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

const prometheus::Histogram::BucketBoundaries kSeconds{0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5};
const prometheus::Histogram::BucketBoundaries kEvents{1, 4, 16, 64, 256, 1024, 4096, 16384};

MetricFamily gauge(std::string name, std::string help) { return {std::move(name), std::move(help), MetricType::Gauge, {}}; }

void add(MetricFamily& to, double value, std::vector<prometheus::ClientMetric::Label> labels = {}) {
  prometheus::ClientMetric one;
  one.label = std::move(labels);
  if (to.type == MetricType::Counter) one.counter.value = value;
  else one.gauge.value = value;
  to.metric.push_back(std::move(one));
}

// Reads the server anew at each collection.
class Looker final : public prometheus::Collectable {
 public:
  void look(std::function<MetricsSnapshot()> from) {
    const std::lock_guard guard(mutex_);
    from_ = std::move(from);
  }

  std::vector<MetricFamily> Collect() const override {
    // Held while it looks: who takes the source away may destroy it then.
    const std::lock_guard guard(mutex_);
    if (!from_) return {};
    const MetricsSnapshot now = from_();
    std::vector<MetricFamily> out;
    const auto tell = [&](std::string name, std::string help, MetricType type, std::uint64_t value) {
      out.push_back({std::move(name), std::move(help), type, {}});
      add(out.back(), static_cast<double>(value));
    };
    const ServerStatus& server = now.server;
    tell("annals_log_last_position", "Newest event that the server shows", MetricType::Gauge, server.last.value);
    tell("annals_log_sealed_position", "Newest event that the index of questions holds", MetricType::Gauge, now.sealed.value);
    tell("annals_connections", "Open connections", MetricType::Gauge, server.connections);
    tell("annals_subscriptions", "Subscriptions of all connections", MetricType::Gauge, server.subscriptions);
    tell("annals_connections_accepted_total", "Connections taken", MetricType::Counter, server.accepted);
    tell("annals_connections_refused_total", "Connections refused because there were too many", MetricType::Counter, server.refused);
    tell("annals_connections_dropped_total", "Connections dropped because the peer took nothing", MetricType::Counter, server.dropped);
    tell("annals_events_appended_total", "Events appended", MetricType::Counter, server.events_appended);
    tell("annals_events_sent_total", "Events sent to subscribers", MetricType::Counter, server.events_sent);
    tell("annals_bytes_sent_total", "Bytes sent", MetricType::Counter, server.bytes_sent);
    tell("annals_chunks_fed_total", "Chunks encoded once for all who follow the tail", MetricType::Counter, server.chunks_fed);
    tell("annals_chunks_fetched_total", "Chunks read and encoded for one subscriber", MetricType::Counter, server.chunks_fetched);
    MetricFamily acknowledged = gauge("annals_subscription_acknowledged_position", "Newest event that a durable subscription has acknowledged");
    MetricFamily lag = gauge("annals_subscription_lag_events", "Events behind what a durable subscription has acknowledged");
    MetricFamily parked = gauge("annals_subscription_parked_events", "Events that a durable subscription's group gave up");
    MetricFamily members = gauge("annals_group_members", "Members of a group");
    MetricFamily unsettled = gauge("annals_group_unsettled_events", "Events that a group has read and not settled");
    for (const auto& [name, state] : server.names) {
      add(acknowledged, static_cast<double>(state.position.value), {{"name", name}});
      add(lag, static_cast<double>(server.last.value - std::min(server.last.value, state.position.value)), {{"name", name}});
      add(parked, static_cast<double>(state.parked.size()), {{"name", name}});
    }
    for (const auto& [name, group] : server.groups) {
      add(members, static_cast<double>(group.members), {{"name", name}});
      add(unsettled, static_cast<double>(group.unsettled), {{"name", name}});
    }
    for (MetricFamily* const family : {&acknowledged, &lag, &parked, &members, &unsettled}) out.push_back(std::move(*family));
    const auto of_hooks = [&](std::string name, std::string help, MetricType type, const auto& value) {
      MetricFamily family{std::move(name), std::move(help), type, {}};
      for (const HookStatus& hook : now.webhooks) add(family, static_cast<double>(value(hook)), {{"hook", hook.name}});
      out.push_back(std::move(family));
    };
    of_hooks("annals_webhook_delivered_total", "Changes that a webhook took", MetricType::Counter, [](const HookStatus& hook) { return hook.deliveries.delivered; });
    of_hooks("annals_webhook_failures_total", "Attempts to tell a webhook that failed", MetricType::Counter, [](const HookStatus& hook) { return hook.deliveries.failures; });
    of_hooks("annals_webhook_retries_total", "Attempts to tell a webhook behind the first of a change", MetricType::Counter, [](const HookStatus& hook) { return hook.deliveries.retries; });
    of_hooks("annals_webhook_merged_total", "Changes that became one with an earlier one that waited", MetricType::Counter, [](const HookStatus& hook) { return hook.deliveries.merged; });
    of_hooks("annals_webhook_given_up_total", "Changes that a webhook was not told", MetricType::Counter, [](const HookStatus& hook) { return hook.deliveries.given_up; });
    of_hooks("annals_webhook_waiting", "Changes that a webhook has not taken yet", MetricType::Gauge, [](const HookStatus& hook) { return hook.deliveries.waiting; });
    of_hooks("annals_webhook_oldest_undelivered_seconds", "How long the oldest of them has waited", MetricType::Gauge, [](const HookStatus& hook) { return hook.oldest_seconds; });
    return out;
  }

 private:
  mutable std::mutex mutex_;
  std::function<MetricsSnapshot()> from_;
};

}  // namespace

struct Metrics::Impl {
  explicit Impl(const std::string& address) : exposer(address, 1) {
    exposer.RegisterCollectable(registry);
    exposer.RegisterCollectable(looker);
  }

  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  std::shared_ptr<Looker> looker = std::make_shared<Looker>();
  prometheus::Histogram& seconds =
      prometheus::BuildHistogram().Name("annals_append_seconds").Help("Time that one append of the log took, its sync included").Register(*registry).Add({}, kSeconds);
  prometheus::Histogram& events =
      prometheus::BuildHistogram().Name("annals_append_events").Help("Events that shared one append of the log").Register(*registry).Add({}, kEvents);
  prometheus::Exposer exposer;  // last: it stops collecting before what it collects goes
};

Metrics::Metrics(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Metrics::~Metrics() = default;

Result<std::unique_ptr<Metrics>> Metrics::start(const std::string& host, std::uint16_t port) {
  const std::string address = fmt::format("{}:{}", host.find(':') == std::string::npos ? host : "[" + host + "]", port);
  try {
    return std::unique_ptr<Metrics>(new Metrics(std::make_unique<Impl>(address)));
  } catch (const std::exception&) {
    // The library says no more than that it could not start.
    return Error{ErrorCode::kIo, fmt::format("cannot listen on {}: expected an address of this machine and a port that is free", address)};
  }
}

std::uint16_t Metrics::port() const {
  const std::vector<int> ports = impl_->exposer.GetListeningPorts();
  return ports.empty() ? std::uint16_t{0} : static_cast<std::uint16_t>(ports.front());
}

void Metrics::look(std::function<MetricsSnapshot()> from) { impl_->looker->look(std::move(from)); }

void Metrics::appended(std::size_t events, std::chrono::nanoseconds took) {
  impl_->seconds.Observe(std::chrono::duration<double>(took).count());
  impl_->events.Observe(static_cast<double>(events));
}

}  // namespace annals::stream
