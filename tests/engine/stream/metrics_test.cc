// Goal: what a collector reads is what the server did.
// Method: a server in this process, its page fetched over HTTP.
#include "engine/stream/metrics.h"

#include <boost/asio/ip/tcp.hpp>
#include <sstream>

#include "tests/engine/stream/served.h"
#include "tests/support/process.h"

namespace annals::stream::test {
namespace {

std::string page(std::uint16_t port) {
  boost::asio::ip::tcp::iostream http("127.0.0.1", std::to_string(port));
  http << "GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n" << std::flush;
  std::ostringstream out;
  out << http.rdbuf();
  return out.str();
}

// The value of a line "name value"; none where there is no such line.
std::optional<double> value_of(const std::string& text, const std::string& name) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(name + " ")) return std::stod(line.substr(name.size() + 1));
  return std::nullopt;
}

}  // namespace

TEST_CASE("metrics tell appends connections and how far each durable subscription is behind") {
  const auto metrics = must(Metrics::start("127.0.0.1", 0));
  REQUIRE(metrics->port() != 0);
  CHECK_FALSE(value_of(page(metrics->port()), "annals_log_last_position"));

  const annals::test::Folder folder;
  ServerOptions options;
  options.names_file = folder / "SUBSCRIPTIONS";
  Served served;
  served.server.reset();
  served.begin(options, [&](std::size_t events, std::chrono::nanoseconds took) { metrics->appended(events, took); });
  metrics->look([&] { return MetricsSnapshot{served.server->status(), Position{2}}; });

  Client client = served.client();
  must(client.append(drafts(1, 3)));
  must(client.append(drafts(4, 2)));
  must(client.acknowledge("desk", Position{4}));

  const std::string text = page(metrics->port());
  CHECK(value_of(text, "annals_log_last_position") == 5);
  CHECK(value_of(text, "annals_log_sealed_position") == 2);
  CHECK(value_of(text, "annals_events_appended_total") == 5);
  CHECK(value_of(text, "annals_connections") == 1);
  CHECK(value_of(text, "annals_append_seconds_count") == 2);
  CHECK(value_of(text, "annals_append_events_sum") == 5);
  CHECK(value_of(text, "annals_append_events_bucket{le=\"4\"}") == 2);
  CHECK(value_of(text, "annals_subscription_acknowledged_position{name=\"desk\"}") == 4);
  CHECK(value_of(text, "annals_subscription_lag_events{name=\"desk\"}") == 1);

  CHECK_FALSE(value_of(text, "annals_webhook_waiting{hook=\"desk\"}"));
  HookStatus hook;
  hook.name = "desk";
  hook.deliveries.delivered = 7;
  hook.deliveries.retries = 2;
  hook.deliveries.waiting = 3;
  hook.oldest_seconds = 1.5;
  metrics->look([&] { return MetricsSnapshot{served.server->status(), Position{2}, {hook}}; });
  const std::string hooked = page(metrics->port());
  CHECK(value_of(hooked, "annals_webhook_delivered_total{hook=\"desk\"}") == 7);
  CHECK(value_of(hooked, "annals_webhook_retries_total{hook=\"desk\"}") == 2);
  CHECK(value_of(hooked, "annals_webhook_waiting{hook=\"desk\"}") == 3);
  CHECK(value_of(hooked, "annals_webhook_oldest_undelivered_seconds{hook=\"desk\"}") == 1.5);

  metrics->look(nullptr);
  CHECK_FALSE(value_of(page(metrics->port()), "annals_connections"));
}

TEST_CASE("metrics refuse a port that is taken") {
  const auto first = must(Metrics::start("127.0.0.1", 0));
  const auto second = Metrics::start("127.0.0.1", first->port());
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::kIo);
  CHECK(second.error().message.find(std::to_string(first->port())) != std::string::npos);
}

}  // namespace annals::stream::test
