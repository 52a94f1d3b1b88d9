#include "engine/stream/webhook.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>

#include "engine/base/base64.h"

namespace annals::stream {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using NetError = boost::system::error_code;

constexpr auto kQuiet = asio::as_tuple(asio::use_awaitable);   // errors as values
constexpr std::size_t kHeadBytesMax = 8u << 10;                // of an answer
constexpr std::size_t kBodyBytesMax = 4u << 10;
constexpr std::size_t kKeyBytesMin = 24;                       // Standard Webhooks: 192 bits
constexpr std::chrono::seconds kKeepQuietEvery{60};            // checkpoints, where nothing was told
constexpr int kLookShare = 4;                                  // a look takes a fifth of the time at most, while the log grows

using BeastPlain = beast::tcp_stream;
using BeastSecret = beast::ssl_stream<beast::tcp_stream>;

bool is_address(const std::string& host) {
  unsigned char bytes[sizeof(in6_addr)];
  return ::inet_pton(AF_INET, host.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

std::string in_brackets(const std::string& host) { return host.find(':') == std::string::npos ? host : "[" + host + "]"; }

}  // namespace

// ---- What is said.

std::string HookUrl::origin() const { return fmt::format("{}://{}:{}", secure ? "https" : "http", in_brackets(host), port); }

Result<HookUrl> parse_hook_url(std::string_view text) {
  // What stands there may hold a secret: an error shows the rule, and not the text.
  const auto expected = [](std::string_view what) { return Error{ErrorCode::kInvalid, fmt::format("expected {}", what)}; };
  constexpr std::string_view kForm = "a URL such as https://desk.example/annals";
  HookUrl out;
  if (text.starts_with("https://")) {
    out.secure = true;
    out.port = 443;
    text.remove_prefix(8);
  } else if (text.starts_with("http://")) {
    text.remove_prefix(7);
  } else {
    return expected(kForm);
  }
  if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c <= ' ' || c >= 0x7f; })) return expected("a URL of printable ASCII, other characters as %XX");
  if (text.find('#') != std::string_view::npos) return expected("a URL without a fragment (#…)");
  const std::size_t slash = std::min(text.find_first_of("/?"), text.size());
  std::string_view authority = text.substr(0, slash);
  out.target = text.substr(slash);
  if (out.target.empty() || out.target.front() != '/') out.target.insert(0, "/");
  if (authority.find('@') != std::string_view::npos) return expected("a URL without user and password: the secret goes into secret_file or secret_env");
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return expected(kForm);
    out.host = authority.substr(1, end - 1);
    if (!is_address(out.host)) return expected("an IPv6 address between the brackets");
    port = authority.substr(end + 1);
    if (!port.empty() && port.front() != ':') return expected(kForm);
  } else {
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    out.host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  if (out.host.empty()) return expected(kForm);
  if (!port.empty()) {
    port.remove_prefix(1);
    const auto [end, wrong] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (wrong != std::errc() || end != port.data() + port.size() || out.port == 0) return expected("a port from 1 to 65535");
  }
  return out;
}

Result<std::vector<std::string>> parse_hook_secrets(std::string_view text) {
  constexpr std::string_view kWhite = " \t\r\n";
  constexpr std::string_view kEncoded = "whsec_";
  std::vector<std::string> out;
  for (std::size_t begin = text.find_first_not_of(kWhite); begin != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kWhite, begin), text.size());
    std::string_view secret = text.substr(begin, end - begin);
    begin = text.find_first_not_of(kWhite, end);
    std::string key(secret);
    if (secret.starts_with(kEncoded)) {
      auto decoded = from_base64(secret.substr(kEncoded.size()));
      if (!decoded) return Error{ErrorCode::kInvalid, "expected base64 behind whsec_"};
      key = *std::move(decoded);
    }
    if (key.size() < kKeyBytesMin) return Error{ErrorCode::kInvalid, fmt::format("expected a secret of {} bytes or more, found {}", kKeyBytesMin, key.size())};
    out.push_back(std::move(key));
  }
  if (out.empty()) return Error{ErrorCode::kInvalid, "expected a secret, found nothing"};
  return out;
}

std::string hook_signature(std::string_view key, std::string_view id, std::int64_t timestamp, std::string_view body) {
  const std::string signed_content = fmt::format("{}.{}.{}", id, timestamp, body);
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  const unsigned char* const made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(signed_content.data()), signed_content.size(), mac, &size);
  check(made != nullptr, "OpenSSL makes an HMAC");
  return "v1," + base64({reinterpret_cast<const char*>(mac), size});
}

std::string hook_body(std::string_view hook, const Delivery& delivery) {
  check(delivery.json.size() > 2 && delivery.json.front() == '{', "a change is a JSON object");
  return fmt::format(R"({{"hook":"{}","delivery":"{}",{})", hook, delivery.id, std::string_view(delivery.json).substr(1));
}

// ---- Looking and telling.

namespace {

struct Outcome {
  bool taken = false;
  std::string why;                         // it was not
  std::chrono::milliseconds wait{0};       // as the receiver asks
};

// "HTTP 503", and how long it wants to be left alone (RFC 9110 section 10.2.3, in seconds; dates are passed over).
Outcome refused(const http::response<http::string_body>& answer) {
  Outcome out{false, fmt::format("HTTP {}", answer.result_int()), {}};
  if (answer.result_int() / 100 == 3) out.why += ", a redirect, which is not followed";
  const auto after = answer[http::field::retry_after];
  std::uint32_t seconds = 0;
  if (std::from_chars(after.data(), after.data() + after.size(), seconds).ec == std::errc()) out.wait = std::chrono::seconds(seconds);
  return out;
}

std::string words(const NetError& error) { return error == beast::error::timeout ? "no answer in time" : error.message(); }

// A connection to a hook's receiver, kept while there is more to tell.
class Line {
 public:
  Line(asio::io_context& io, asio::ssl::context& tls, const Hook& hook) : io_(io), tls_(tls), hook_(hook) {}

  asio::awaitable<Outcome> post(const http::request<http::string_body>& request) {
    const auto deadline = std::chrono::steady_clock::now() + hook_.timeout;
    // A receiver may close a connection that it has kept, just as something is sent: that is no answer, and one goes to a new one.
    if (open_) {
      bool stale = false;
      const Outcome out = co_await ask(request, deadline, stale);
      if (!stale) co_return out;
    }
    if (std::string why = co_await connect(deadline); !why.empty()) {
      close();
      co_return Outcome{false, std::move(why), {}};
    }
    bool stale = false;
    co_return co_await ask(request, deadline, stale);
  }

 private:
  using Deadline = std::chrono::steady_clock::time_point;

  // Empty: connected.
  asio::awaitable<std::string> connect(Deadline deadline) {
    close();
    tcp::resolver resolver(io_);
    const auto [unknown, places] = co_await resolver.async_resolve(hook_.url.host, std::to_string(hook_.url.port), kQuiet);
    if (unknown) co_return "the host is not found: " + unknown.message();
    if (!hook_.url.secure) {
      plain_.emplace(io_);
      plain_->expires_at(deadline);
      const auto [error, place] = co_await plain_->async_connect(places, kQuiet);
      if (error) co_return words(error);
    } else {
      secret_.emplace(io_, tls_);
      SSL* const session = secret_->native_handle();
      X509_VERIFY_PARAM* const wanted = SSL_get0_param(session);
      X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);   // a name counts where names belong (RFC 6125)
      if (is_address(hook_.url.host)) {
        X509_VERIFY_PARAM_set1_ip_asc(wanted, hook_.url.host.c_str());
      } else {
        SSL_set1_host(session, hook_.url.host.c_str());
        SSL_set_tlsext_host_name(session, hook_.url.host.c_str());
      }
      auto& below = beast::get_lowest_layer(*secret_);
      below.expires_at(deadline);
      const auto [error, place] = co_await below.async_connect(places, kQuiet);
      if (error) co_return words(error);
      const auto [shaken] = co_await secret_->async_handshake(asio::ssl::stream_base::client, kQuiet);
      if (shaken) {
        const long checked = SSL_get_verify_result(session);
        co_return checked == X509_V_OK ? "TLS: " + words(shaken) : fmt::format("its certificate: {}", X509_verify_cert_error_string(checked));
      }
    }
    open_ = true;
    co_return std::string();
  }

  asio::awaitable<Outcome> ask(const http::request<http::string_body>& request, Deadline deadline, bool& stale) {
    if (secret_) return exchange(*secret_, request, deadline, stale);
    return exchange(*plain_, request, deadline, stale);
  }

  template <class Stream>
  asio::awaitable<Outcome> exchange(Stream& stream, const http::request<http::string_body>& request, Deadline deadline, bool& stale) {
    beast::get_lowest_layer(stream).expires_at(deadline);
    const auto [unsent, sent] = co_await http::async_write(stream, request, kQuiet);
    if (unsent) {
      stale = unsent != beast::error::timeout;
      close();
      co_return Outcome{false, words(unsent), {}};
    }
    beast::flat_buffer buffer(kHeadBytesMax + kBodyBytesMax);
    http::response_parser<http::string_body> parser;
    parser.header_limit(kHeadBytesMax);
    parser.body_limit(boost::none);   // a long body makes no answer of a head that says yes
    const auto [unread, got] = co_await http::async_read_header(stream, buffer, parser, kQuiet);
    if (unread) {
      stale = got == 0 && unread != beast::error::timeout;
      close();
      co_return Outcome{false, unread == http::error::end_of_stream ? "it closed the connection without an answer" : words(unread), {}};
    }
    const bool taken = parser.get().result_int() / 100 == 2;
    Outcome out = taken ? Outcome{true, {}, {}} : refused(parser.get());
    // The rest of the answer only frees the connection for what comes next.
    bool whole = parser.content_length().value_or(0) <= kBodyBytesMax;
    if (whole) {
      parser.body_limit(kBodyBytesMax);
      const auto [unfinished, rest] = co_await http::async_read(stream, buffer, parser, kQuiet);
      whole = !unfinished;
    }
    if (!whole || !parser.get().keep_alive()) close();
    co_return out;
  }

  // Without TLS's own goodbye: the answer has said what was complete.
  void close() {
    open_ = false;
    secret_.reset();
    plain_.reset();
  }

  asio::io_context& io_;
  asio::ssl::context& tls_;
  const Hook& hook_;
  bool open_ = false;
  std::optional<BeastPlain> plain_;     // one of the two
  std::optional<BeastSecret> secret_;
};

}  // namespace

struct Webhooks::Impl {
  struct Watching {
    WatchSpec spec;
    WatchPoint at;                      // looked up to here
    SteadyTime not_before{};            // of the next look, though the log has grown
    SteadyTime again{};                 // of the next look, though it has not
    bool failing = false;
  };
  struct Telling {
    Telling(asio::io_context& io, Hook the_hook, MergeChanges merge, std::function<double()> random)
        : hook(std::move(the_hook)), deliveries(hook.name, hook.limits, std::move(merge), std::move(random)), timer(io) {}
    const Hook hook;
    std::vector<Watching> watches;      // the looking thread's; `at` with the mutex
    Deliveries deliveries;              // with the mutex
    asio::steady_timer timer;           // the sockets' thread's
  };

  Impl(WebhookParts webhook_parts, WebhookOptions webhook_options) : parts(std::move(webhook_parts)), options(std::move(webhook_options)) {}

  Status begin();
  void look_loop();
  void look(Telling& telling, Watching& watching);
  void keep_points(bool last);
  WatchPoint told(const Telling& telling) const;   // with the mutex
  void pump(Telling& telling);
  asio::awaitable<void> deliver(Telling& telling, Delivery delivery);
  http::request<http::string_body> request_of(const Hook& hook, const Delivery& delivery) const;
  void stop(std::chrono::milliseconds patience);
  void tell(std::string_view line) const {
    if (parts.tell) parts.tell(line);
  }

  WebhookParts parts;
  WebhookOptions options;
  asio::ssl::context tls{asio::ssl::context::tls_client};
  std::mt19937_64 random{std::random_device{}()};   // with the mutex
  asio::io_context io{1};
  std::vector<std::unique_ptr<Telling>> hooks;

  mutable std::mutex mutex;
  std::condition_variable wake;
  bool grew = false;
  bool stop_looking = false;
  bool something_told = false;          // since the checkpoints were kept
  std::size_t under_way = 0;            // attempts
  std::condition_variable settled;

  HookPoints kept;                      // the looking thread's, like these
  SteadyTime keep_next{};
  SteadyTime keep_quiet_next{};
  bool keep_failed = false;

  bool stopping = false;                // the sockets' thread's: no attempt begins
  std::mutex stop_mutex;
  bool stopped = false;
  std::thread looker;
  std::thread sockets;
};

Status Webhooks::Impl::begin() {
  NetError error;
  tls.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1, error);
  if (!error) tls.set_default_verify_paths(error);
  if (!error) tls.set_verify_mode(asio::ssl::verify_peer, error);
  if (error) return Error{ErrorCode::kIo, fmt::format("TLS for webhooks cannot be set up: {}", error.message())};

  ANNALS_TRY(kept, parse_hook_points(options.points));
  WatchPoint now{parts.log.last(), parts.clock.now()};
  for (Hook& hook : options.hooks) {
    const auto [place, fresh] = kept.try_emplace(hook.name, now);
    if (place->second.through > now.through) {
      return Error{ErrorCode::kConflict, fmt::format("webhook {} was told up to position {}, and this log ends at {}: it is another log; take its line out to begin anew", hook.name,
                                                     place->second.through.value, now.through.value)};
    }
    for (const WatchSpec& spec : hook.watches) {
      if (auto possible = parts.changes(spec, std::nullopt, now); !possible) return at(fmt::format("webhook {}", hook.name), possible.error());
    }
    auto telling = std::make_unique<Telling>(io, std::move(hook), parts.merge, [this] { return std::uniform_real_distribution<double>()(random); });
    for (const WatchSpec& spec : telling->hook.watches) telling->watches.push_back({spec, place->second, {}, {}, false});
    hooks.push_back(std::move(telling));
  }
  // Before the first change: a new hook that is killed before it has told anything goes on from here.
  ANNALS_CHECK_OK(parts.keep(hook_points_text(kept)));
  keep_quiet_next = std::chrono::steady_clock::now() + kKeepQuietEvery;
  sockets = std::thread([this] {
    const auto work = asio::make_work_guard(io);
    io.run();
  });
  looker = std::thread([this] { look_loop(); });
  return {};
}

// ---- The thread that looks.

void Webhooks::Impl::look_loop() {
  while (true) {
    const SteadyTime now = std::chrono::steady_clock::now();
    SteadyTime next = now + options.look_again;
    for (const auto& telling : hooks) {
      for (Watching& watching : telling->watches) {
        {
          const std::lock_guard guard(mutex);
          if (stop_looking) return;
        }
        const bool behind = parts.log.last() > watching.at.through;
        if ((behind && now >= watching.not_before) || now >= watching.again) look(*telling, watching);
        next = std::min(next, parts.log.last() > watching.at.through ? std::min(watching.not_before, watching.again) : watching.again);
      }
    }
    keep_points(false);
    std::unique_lock lock(mutex);
    const bool to_keep = something_told;
    if (to_keep) next = std::min(next, keep_next);
    wake.wait_until(lock, next, [&] { return stop_looking || grew || something_told != to_keep; });
    grew = false;
    if (stop_looking) return;
  }
}

void Webhooks::Impl::look(Telling& telling, Watching& watching) {
  const SteadyTime begun = std::chrono::steady_clock::now();
  WatchPoint to{parts.log.last(), parts.clock.now()};
  auto changes = parts.changes(watching.spec, watching.at, to);
  const SteadyTime now = std::chrono::steady_clock::now();
  const auto took = now - begun;
  watching.not_before = now + kLookShare * took;
  watching.again = now + std::max<SteadyTime::duration>(options.look_again, 20 * took);
  if (!changes) {
    if (!std::exchange(watching.failing, true)) tell(fmt::format("webhook {}: {} cannot be looked at: {}", telling.hook.name, watching.spec.projection, changes.error().message));
    watching.not_before = watching.again;
    return;
  }
  if (std::exchange(watching.failing, false)) tell(fmt::format("webhook {}: {} is looked at again", telling.hook.name, watching.spec.projection));
  const bool any = !changes->empty();
  {
    const std::lock_guard guard(mutex);
    telling.deliveries.add(*std::move(changes), watching.at, now);
    watching.at = to;
  }
  if (any) asio::post(io, [this, &telling] { pump(telling); });
}

WatchPoint Webhooks::Impl::told(const Telling& telling) const {
  WatchPoint out = telling.watches.front().at;
  for (const Watching& each : telling.watches) out = earlier_of(out, each.at);
  if (const auto behind = telling.deliveries.undelivered()) out = earlier_of(out, *behind);
  return out;
}

void Webhooks::Impl::keep_points(bool last) {
  const SteadyTime now = std::chrono::steady_clock::now();
  HookPoints points = kept;
  {
    const std::lock_guard guard(mutex);
    if (!last && !(something_told && now >= keep_next) && now < keep_quiet_next) return;
    for (const auto& telling : hooks) points[telling->hook.name] = told(*telling);
    something_told = false;
  }
  keep_next = now + options.keep_every;
  keep_quiet_next = now + kKeepQuietEvery;
  if (points == kept) return;
  if (const Status done = parts.keep(hook_points_text(points)); !done) {
    if (!std::exchange(keep_failed, true)) tell(fmt::format("how far webhooks were told cannot be kept: {}", done.error().message));
    const std::lock_guard guard(mutex);
    something_told = true;   // it is tried again
    return;
  }
  keep_failed = false;
  kept = std::move(points);
}

// ---- The thread of sockets.

void Webhooks::Impl::pump(Telling& telling) {
  if (stopping) return;
  while (true) {
    std::optional<Delivery> next;
    {
      const std::lock_guard guard(mutex);
      next = telling.deliveries.next(std::chrono::steady_clock::now());
      if (next) ++under_way;
    }
    if (!next) break;
    asio::co_spawn(io, deliver(telling, *std::move(next)), asio::detached);
  }
  std::optional<SteadyTime> due;
  {
    const std::lock_guard guard(mutex);
    due = telling.deliveries.due();
  }
  if (!due) return;
  telling.timer.expires_at(*due);
  telling.timer.async_wait([this, &telling](const NetError& error) {
    if (!error) pump(telling);
  });
}

http::request<http::string_body> Webhooks::Impl::request_of(const Hook& hook, const Delivery& delivery) const {
  http::request<http::string_body> out{http::verb::post, hook.url.target, 11};
  out.body() = hook_body(hook.name, delivery);
  const auto timestamp = std::chrono::duration_cast<std::chrono::seconds>(parts.clock.now().time_since_epoch()).count();
  std::string signatures;
  for (const std::string& key : hook.keys) signatures += (signatures.empty() ? "" : " ") + hook_signature(key, delivery.id, timestamp, out.body());
  const bool usual = hook.url.port == (hook.url.secure ? 443 : 80);
  out.set(http::field::host, usual ? in_brackets(hook.url.host) : fmt::format("{}:{}", in_brackets(hook.url.host), hook.url.port));
  out.set(http::field::user_agent, options.program);
  out.set(http::field::content_type, "application/json");
  out.set("webhook-id", delivery.id);
  out.set("webhook-timestamp", std::to_string(timestamp));
  out.set("webhook-signature", signatures);
  out.set("annals-attempt", std::to_string(delivery.attempt));
  out.prepare_payload();
  return out;
}

// One, and then what is due next, over the same connection.
asio::awaitable<void> Webhooks::Impl::deliver(Telling& telling, Delivery delivery) {
  Line line(io, tls, telling.hook);
  while (true) {
    const Outcome outcome = co_await line.post(request_of(telling.hook, delivery));
    std::string told;
    std::optional<Delivery> next;
    {
      const std::lock_guard guard(mutex);
      const SteadyTime now = std::chrono::steady_clock::now();
      const bool failing = telling.deliveries.failing();
      if (outcome.taken) {
        telling.deliveries.taken(delivery, now);
        if (failing) told = "is told again";
      } else if (telling.deliveries.failed(delivery, outcome.why, now, outcome.wait)) {
        told = fmt::format("{} {} was given up after {} attempts: {}", delivery.order, delivery.id, delivery.attempt, outcome.why);
      } else if (!failing) {
        told = fmt::format("cannot be told, and is tried again: {}", outcome.why);
      }
      something_told = true;
      if (!stopping) next = telling.deliveries.next(now);
      if (!next) --under_way;
    }
    if (!told.empty()) tell(fmt::format("webhook {} ({}) {}", telling.hook.name, telling.hook.url.origin(), told));
    wake.notify_one();
    if (!next) break;
    delivery = *std::move(next);
  }
  settled.notify_all();
  pump(telling);
}

void Webhooks::Impl::stop(std::chrono::milliseconds patience) {
  {
    const std::lock_guard guard(stop_mutex);
    if (std::exchange(stopped, true)) return;
  }
  {
    const std::lock_guard guard(mutex);
    stop_looking = true;
  }
  wake.notify_all();
  if (looker.joinable()) looker.join();
  asio::post(io, [this] { stopping = true; });
  {
    std::unique_lock lock(mutex);
    settled.wait_for(lock, patience, [&] { return under_way == 0; });
  }
  io.stop();
  if (sockets.joinable()) sockets.join();
  if (!hooks.empty()) keep_points(true);
}

Webhooks::Webhooks(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Webhooks::~Webhooks() { stop(); }

Result<std::unique_ptr<Webhooks>> Webhooks::start(WebhookParts parts, WebhookOptions options) {
  auto impl = std::make_unique<Impl>(std::move(parts), std::move(options));
  ANNALS_CHECK_OK(impl->begin());
  return std::unique_ptr<Webhooks>(new Webhooks(std::move(impl)));
}

void Webhooks::woke() {
  {
    const std::lock_guard guard(impl_->mutex);
    impl_->grew = true;
  }
  impl_->wake.notify_one();
}

std::vector<HookStatus> Webhooks::status() const {
  const SteadyTime now = std::chrono::steady_clock::now();
  std::vector<HookStatus> out;
  const std::lock_guard guard(impl_->mutex);
  for (const auto& telling : impl_->hooks) {
    HookStatus one{telling->hook.name, telling->hook.url.origin(), telling->deliveries.status(), impl_->told(*telling), 0};
    if (one.deliveries.oldest) one.oldest_seconds = std::chrono::duration<double>(now - *one.deliveries.oldest).count();
    out.push_back(std::move(one));
  }
  return out;
}

void Webhooks::stop(std::chrono::milliseconds patience) { impl_->stop(patience); }

}  // namespace annals::stream
