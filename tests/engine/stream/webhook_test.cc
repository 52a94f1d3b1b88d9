// Goal: a webhook's receiver gets what its convention promises.
// Method: the signature by the convention's own example; whole hooks against a receiver in this process that answers as the test says, over a log in memory.
#include "engine/stream/webhook.h"

#include <boost/asio.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "tests/engine/stream/served.h"

namespace annals::stream::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::milliseconds;

const std::string kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

struct Got {
  std::string head;
  std::string body;
  std::string header(const std::string& name) const {
    const std::size_t at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    const std::size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

// Answers each POST with what `answer` says for the how-manieth it is; an empty one hangs up.
class Receiver {
 public:
  explicit Receiver(std::function<std::string(std::size_t)> answer) : answer_(std::move(answer)), acceptor_(io_, {asio::ip::make_address("127.0.0.1"), 0}), thread_([this] { run(); }) {}
  ~Receiver() {
    stop_ = true;
    boost::system::error_code ignored;
    tcp::socket(io_).connect(acceptor_.local_endpoint(), ignored);   // wakes it
    thread_.join();
  }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  std::vector<Got> got(std::size_t count) {
    std::unique_lock lock(mutex_);
    REQUIRE(more_.wait_for(lock, std::chrono::seconds(20), [&] { return got_.size() >= count; }));
    return got_;
  }
  std::size_t count() {
    const std::lock_guard guard(mutex_);
    return got_.size();
  }
  std::size_t connections() const { return connections_; }

 private:
  void run() {
    while (true) {
      tcp::socket socket(io_);
      boost::system::error_code error;
      acceptor_.accept(socket, error);
      if (stop_ || error) return;
      ++connections_;
      std::string bytes;
      while (!error) {
        const std::size_t head = asio::read_until(socket, asio::dynamic_buffer(bytes), "\r\n\r\n", error);
        if (error) break;
        Got one{bytes.substr(0, head), {}};
        const std::size_t size = std::stoul(one.header("Content-Length"));
        while (!error && bytes.size() < head + size) asio::read(socket, asio::dynamic_buffer(bytes), asio::transfer_exactly(head + size - bytes.size()), error);
        one.body = bytes.substr(head, size);
        bytes.erase(0, head + size);
        std::string reply;
        {
          const std::lock_guard guard(mutex_);
          reply = answer_(got_.size());
          got_.push_back(std::move(one));
        }
        more_.notify_all();
        if (reply.empty()) break;
        asio::write(socket, asio::buffer(reply), error);
      }
    }
  }

  std::function<std::string(std::size_t)> answer_;
  asio::io_context io_;
  tcp::acceptor acceptor_;
  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<Got> got_;
  std::atomic<std::size_t> connections_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

const std::string kTaken = "HTTP/1.1 204 No Content\r\n\r\n";
std::string answered(const std::string& status, const std::string& body = "", const std::string& more = "") {
  return "HTTP/1.1 " + status + "\r\n" + more + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// A log whose every growth changes the answer for one key, "from-to".
struct Hooked {
  SystemClock clock;
  support::OwnedLog owned = support::make_log(support::LogKind::kMemory, clock);
  std::string points;
  std::mutex mutex;
  std::vector<std::string> told;
  std::unique_ptr<Webhooks> hooks;

  Hook hook(std::uint16_t port) const {
    Hook out;
    out.name = "desk";
    out.url = must(parse_hook_url("http://127.0.0.1:" + std::to_string(port) + "/in?key=hidden"));
    out.watches = {{"ipo", {}}};
    out.keys = must(parse_hook_secrets(kSecret));
    out.limits.first_pause = milliseconds(20);
    out.limits.longest_pause = milliseconds(40);
    out.timeout = milliseconds(2'000);
    return out;
  }
  Status begin(Hook hook) {
    WebhookOptions options;
    options.hooks = {std::move(hook)};
    options.points = points;
    options.keep_every = milliseconds(10);
    auto started = Webhooks::start({*owned.log, clock,
                                    [](const WatchSpec& spec, const std::optional<WatchPoint>& from, WatchPoint& to) -> Result<std::vector<HookChange>> {
                                      if (spec.projection == "weather") return Error{ErrorCode::kInvalid, "unknown projection 'weather'"};
                                      if (!from || from->through == to.through) return std::vector<HookChange>();
                                      return std::vector<HookChange>{{"ipo " + (spec.keys.empty() ? "a" : spec.keys.front()), "stated", R"({"from":)" + std::to_string(from->through.value) + R"(,"to":)" + std::to_string(to.through.value) + "}"}};
                                    },
                                    [](const std::string& earlier, const std::string& later, bool) -> std::optional<std::string> { return earlier.substr(0, earlier.find(',')) + later.substr(later.find(',')); },
                                    [this](std::string_view text) -> Status {
                                      const std::lock_guard guard(mutex);
                                      points = text;
                                      return {};
                                    },
                                    [this](std::string_view line) {
                                      const std::lock_guard guard(mutex);
                                      told.emplace_back(line);
                                    }},
                                   std::move(options));
    if (!started) return started.error();
    hooks = *std::move(started);
    return {};
  }
  void append(int first, int count) {
    must(owned.log->append(drafts(first, count), OnRepeat::kCompare));
    hooks->woke();
  }
  DeliveryStatus status() const { return hooks->status().front().deliveries; }
  template <class Test>
  void until(Test test) const {
    for (int i = 0; i < 1'000 && !test(); ++i) std::this_thread::sleep_for(milliseconds(10));
    REQUIRE(test());
  }
};

}  // namespace

TEST_CASE("a signature is the one of the convention") {
  const auto keys = must(parse_hook_secrets(kSecret + "\n"));
  REQUIRE(keys.size() == 1);
  CHECK(hook_signature(keys[0], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})") == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("secrets that are too short or broken are refused without a word of them") {
  CHECK(must(parse_hook_secrets("  " + kSecret + "\n0123456789abcdef0123456789abcdef\n")).size() == 2);
  for (const std::string bad : {"", " \n", "hunter2hunter2", "whsec_hunter2hunter2hunter2hunter2???"}) {
    const auto refused = parse_hook_secrets(bad);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("URLs of webhooks are read and shown without what may be secret") {
  const HookUrl plain = must(parse_hook_url("http://127.0.0.1:8080"));
  CHECK(plain.host == "127.0.0.1");
  CHECK(plain.port == 8080);
  CHECK(plain.target == "/");
  CHECK_FALSE(plain.secure);
  const HookUrl secret = must(parse_hook_url("https://desk.example/in/T0/B1?x=2"));
  CHECK(secret.secure);
  CHECK(secret.port == 443);
  CHECK(secret.target == "/in/T0/B1?x=2");
  CHECK(secret.origin() == "https://desk.example:443");
  CHECK(must(parse_hook_url("http://[::1]:9/?a")).origin() == "http://[::1]:9");
  CHECK(must(parse_hook_url("https://desk.example?a")).target == "/?a");
  for (const std::string bad : {"", "desk.example", "ftp://desk.example/", "http://", "http://:80/", "http://desk.example:0/", "http://desk.example:70000/", "http://desk.example:8o/", "http://me:hunter2@desk.example/",
                                "http://desk.example/a#b", "http://desk.example/a b", "http://[::1/", "http://[desk]/", "http://desk.example/a\r\nx: y"}) {
    const auto refused = parse_hook_url(bad);
    INFO(bad);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("a change is posted signed and until it is taken") {
  Receiver receiver([](std::size_t number) { return number == 0 ? answered("500 No", "later") : number == 1 ? std::string() : number == 2 ? answered("302 Found", "", "Location: /elsewhere\r\n") : kTaken; });
  Hooked hooked;
  REQUIRE(hooked.begin(hooked.hook(receiver.port())));
  hooked.append(1, 2);
  const auto got = receiver.got(4);
  REQUIRE(got.size() == 4);
  const auto keys = must(parse_hook_secrets(kSecret));
  for (std::size_t i = 0; i < got.size(); ++i) {
    const std::string id = got[i].header("webhook-id");
    CHECK(got[i].head.starts_with("POST /in?key=hidden HTTP/1.1\r\n"));
    CHECK(got[i].header("Content-Type") == "application/json");
    CHECK(got[i].header("annals-attempt") == std::to_string(i + 1));
    CHECK(id == got[0].header("webhook-id"));
    CHECK(got[i].body == R"({"hook":"desk","delivery":")" + id + R"(","from":0,"to":2})");
    CHECK(got[i].header("webhook-signature") == hook_signature(keys[0], id, std::stoll(got[i].header("webhook-timestamp")), got[i].body));
  }
  hooked.until([&] { return hooked.status().delivered == 1; });
  CHECK(hooked.status().failures == 3);
  CHECK(hooked.status().retries == 3);
  hooked.hooks->stop();
  CHECK(must(parse_hook_points(hooked.points)).at("desk").through == Position{2});
  // Once that it fails, once that it goes again, and never the path.
  CHECK(hooked.told.size() == 2);
  for (const std::string& line : hooked.told) {
    CHECK_THAT(line, Catch::Contains("webhook desk (http://127.0.0.1:"));
    CHECK(line.find("hidden") == std::string::npos);
  }
}

TEST_CASE("what one key has become is one change after a receiver was down and nothing is lost by a restart") {
  std::atomic<bool> up{false};
  Receiver receiver([&](std::size_t) { return up ? kTaken : answered("503 Busy"); });
  Hooked hooked;
  REQUIRE(hooked.begin(hooked.hook(receiver.port())));
  for (int i = 0; i < 5; ++i) {
    hooked.append(1 + i, 1);
    hooked.until([&] { return hooked.hooks->status().front().told.through == Position{0} && hooked.status().failures > static_cast<std::uint64_t>(i); });
  }
  CHECK(hooked.status().waiting <= 2);
  hooked.hooks.reset();
  CHECK(must(parse_hook_points(hooked.points)).at("desk").through == Position{0});

  // The log grows while nobody looks.
  must(hooked.owned.log->append(drafts(6, 2), OnRepeat::kCompare));
  up = true;
  const std::size_t before = receiver.count();
  REQUIRE(hooked.begin(hooked.hook(receiver.port())));
  const auto got = receiver.got(before + 1);
  CHECK_THAT(got.back().body, Catch::Contains(R"("from":0,"to":7)"));
  hooked.until([&] { return must(parse_hook_points([&] { const std::lock_guard guard(hooked.mutex); return hooked.points; }())).at("desk").through == Position{7}; });
}

TEST_CASE("a receiver that is not there is tried again and one that answers too much is read no further") {
  std::uint16_t port = 0;
  {
    asio::io_context io;
    port = tcp::acceptor(io, {asio::ip::make_address("127.0.0.1"), 0}).local_endpoint().port();
  }
  Hooked hooked;
  REQUIRE(hooked.begin(hooked.hook(port)));
  hooked.append(1, 1);
  hooked.until([&] { return hooked.status().failures >= 2; });
  CHECK_THAT(hooked.status().last_failure, Catch::Contains("refused"));
  hooked.hooks.reset();

  Receiver receiver([](std::size_t) { return "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n" + std::string(100'000, 'x'); });
  REQUIRE(hooked.begin(hooked.hook(receiver.port())));
  receiver.got(1);
  hooked.until([&] { return hooked.status().delivered == 1; });
}

TEST_CASE("a receiver that never answers is left after the time of an attempt and the hook ends in time") {
  asio::io_context io;
  tcp::acceptor silent(io, {asio::ip::make_address("127.0.0.1"), 0});
  Hooked hooked;
  Hook hook = hooked.hook(silent.local_endpoint().port());
  hook.timeout = milliseconds(100);
  REQUIRE(hooked.begin(hook));
  hooked.append(1, 1);
  hooked.until([&] { return hooked.status().failures >= 1; });
  CHECK(hooked.status().last_failure == "no answer in time");
  hooked.hooks.reset();

  hook.timeout = std::chrono::minutes(5);
  REQUIRE(hooked.begin(hook));
  hooked.append(2, 1);
  std::this_thread::sleep_for(milliseconds(200));
  const auto begun = std::chrono::steady_clock::now();
  hooked.hooks->stop(milliseconds(300));
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(10));
  CHECK(must(parse_hook_points(hooked.points)).at("desk").through == Position{0});
}

TEST_CASE("one connection serves what follows at once") {
  Receiver receiver([](std::size_t number) {
    if (number == 0) std::this_thread::sleep_for(milliseconds(300));   // until all three wait
    return kTaken;
  });
  Hooked hooked;
  Hook hook = hooked.hook(receiver.port());
  hook.watches = {{"ipo", {"a"}}, {"ipo", {"b"}}, {"ipo", {"c"}}};
  hook.limits.at_once = 1;
  REQUIRE(hooked.begin(hook));
  hooked.append(1, 1);
  receiver.got(3);
  hooked.until([&] { return hooked.status().delivered == 3; });
  CHECK(receiver.connections() == 1);
}

TEST_CASE("hooks refuse watches of what there is not and checkpoints of another log") {
  Hooked hooked;
  Hook hook = hooked.hook(1);
  hook.watches = {{"weather", {}}};
  const Status unknown = hooked.begin(hook);
  REQUIRE_FALSE(unknown);
  CHECK_THAT(unknown.error().message, Catch::Contains("webhook desk") && Catch::Contains("weather"));
  hooked.points = "annals webhooks 1\ndesk 12 2025-12-09T06:32:00Z\n";
  const Status other = hooked.begin(hooked.hook(1));
  REQUIRE_FALSE(other);
  CHECK(other.error().code == ErrorCode::kConflict);
  hooked.points = "annals webhooks 1\ndesk\n";
  const Status broken = hooked.begin(hooked.hook(1));
  REQUIRE_FALSE(broken);
  CHECK(broken.error().code == ErrorCode::kCorrupt);
}

}  // namespace annals::stream::test
