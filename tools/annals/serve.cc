// annals serve: the store as a service over TCP.

#include "engine/stream/server.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <csignal>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "engine/projection/index.h"
#include "tools/annals/commands.h"
#include "tools/annals/remote.h"

namespace annals::cli {
namespace {

struct Options {
  std::string listen = fmt::format("127.0.0.1:{}", stream::kDefaultPort);
  std::size_t connections = stream::ServerOptions{}.connections_max;
  std::optional<std::string> store_tz;
};

constexpr std::chrono::seconds kSealEvery{1};

Json status_json(const stream::ServerStatus& status, std::size_t seconds) {
  return {{"seconds", seconds},
          {"last_position", status.last.value},
          {"connections", status.connections},
          {"subscriptions", status.subscriptions},
          {"accepted", status.accepted},
          {"refused", status.refused},
          {"dropped", status.dropped},
          {"events_appended", status.events_appended},
          {"appends", status.appends},
          {"events_sent", status.events_sent},
          {"bytes_sent", status.bytes_sent},
          {"chunks_fed", status.chunks_fed},
          {"chunks_fetched", status.chunks_fetched}};
}

// Keeps the index of questions near the end of the log, beside the server.
class Sealer {
 public:
  Sealer(EventLog& log, std::function<void(const Error&)> failed) : log_(log), failed_(std::move(failed)), thread_([this] { run(); }) {}
  ~Sealer() {
    {
      const std::lock_guard guard(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (!stop_) {
      lock.unlock();
      if (sealed_to(log_) < log_.last()) {
        if (const auto sealed = seal_index(log_); !sealed) {
          failed_(sealed.error());   // questions then scan; nothing is lost
          return;
        }
      }
      lock.lock();
      wake_.wait_for(lock, kSealEvery, [&] { return stop_; });
    }
  }

  EventLog& log_;
  std::function<void(const Error&)> failed_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

Result<int> run(Program& program, const Options& options) {
  stream::ClientOptions listen;
  if (const Status parsed = stream::parse_server(options.listen, listen); !parsed) return at("--listen", parsed.error());
  LogOptions log_options;
  auto zone = Zone::find(options.store_tz.value_or("Asia/Shanghai"));
  if (!zone) return at("--store-tz", zone.error());
  log_options.zone_at_creation = *zone;
  ANNALS_TRY(const Lexicon* lexicon, program.lexicon());

  // Before any thread begins, so that all inherit it: the two signals are waited for below and interrupt nobody.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  ANNALS_TRY(const auto log, program.open_store(OpenMode::kCreateOrOpen, log_options));
  const auto logger = spdlog::get("serve") ? spdlog::get("serve") : spdlog::stderr_logger_mt("serve");
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  if (!log->info().recovery.empty()) logger->warn("{}", log->info().recovery);

  const auto begun = std::chrono::steady_clock::now();
  stream::Server* serving = nullptr;   // set before anybody can ask: nobody is told the port earlier
  std::mutex serving_mutex;
  stream::ServerOptions server_options;
  server_options.host = listen.host;
  server_options.port = listen.port;
  server_options.connections_max = options.connections;
  server_options.program = "annals/" ANNALS_VERSION;
  server_options.names_file = program.store + "/SUBSCRIPTIONS";
  stream::ServerParts parts{*log, *lexicon, program.clock,
                            [&, lexicon](const std::vector<std::string>& words, EventLog& from) -> Result<stream::CommandAnswer> {
                              if (words.size() == 1 && words.front() == "status") {
                                const std::lock_guard guard(serving_mutex);
                                if (serving == nullptr) return Error{ErrorCode::kOverloaded, "the server is beginning"};
                                const auto age = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begun);
                                return stream::CommandAnswer{to_line(status_json(serving->status(), static_cast<std::size_t>(age.count()))) + "\n", 0};
                              }
                              return answer_words(words, from, *lexicon);
                            },
                            [&, lexicon](const stream::WholeNote& note, EventLog& to) { return take_note(note.head, to, *lexicon, program.clock); },
                            [&, lexicon](const WatchSpec& spec, const std::optional<WatchPoint>& from, const WatchPoint& to, EventLog& of) {
                              return changes_between(spec, from, to, of, *lexicon, program.clock);
                            },
                            [&](std::string_view line) { logger->info("{}", line); }};
  auto server = stream::Server::start(std::move(parts), server_options);
  if (!server) return at("--listen", server.error());
  {
    const std::lock_guard guard(serving_mutex);
    serving = server->get();
  }
  const Sealer sealer(*log, [&](const Error& error) { logger->error("the index: {}", error.message); });
  const std::string host = listen.host.find(':') == std::string::npos ? listen.host : "[" + listen.host + "]";
  // For whoever started it: from here on connections are taken.
  program.out.line(fmt::format("listening on {}:{}, {} events", host, (*server)->port(), grouped(log->last().value)));
  ANNALS_CHECK_OK(program.out.finish());

  int signal = 0;
  sigwait(&signals, &signal);
  logger->info("{}: stopping", signal == SIGINT ? "interrupted" : "asked to end");
  {
    const std::lock_guard guard(serving_mutex);
    serving = nullptr;
  }
  (*server)->stop();
  return kDone;
}

struct StatusOptions {
  std::string server = fmt::format("127.0.0.1:{}", stream::kDefaultPort);
  Format format = Format::kTable;
};

Result<int> run_status(Program& program, const StatusOptions& options) {
  ANNALS_TRY(stream::ClientOptions client_settings, client_options(options.server));
  client_settings.retry_for = std::chrono::milliseconds(0);
  Client client(client_settings);
  std::string text;
  ANNALS_TRY(const int status, client.ask({"status"}, [&](std::string_view piece) { text += piece; }));
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return Error{ErrorCode::kInvalid, fmt::format("{}: expected its status as a JSON object", options.server)};
  if (options.format == Format::kJson) {
    program.out.line(to_line(json));
    return status;
  }
  std::size_t width = 0;
  for (const auto& [name, value] : json.items()) width = std::max(width, name.size());
  for (const auto& [name, value] : json.items()) {
    std::string words = name;
    std::replace(words.begin(), words.end(), '_', ' ');
    program.out.line(fmt::format("{:<{}}  {:>16}", words, width, value.is_number_unsigned() ? grouped(value.get<std::uint64_t>()) : value.dump()));
  }
  return status;
}

}  // namespace

void add_serve(CLI::App& app, Program& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("serve", "The store as a service over TCP: append, read, ask, follow");
  command->add_option("--listen", options->listen, fmt::format("Where to listen; loopback only (default 127.0.0.1:{}; port 0: any that is free)", stream::kDefaultPort))->type_name("HOST:PORT");
  command->add_option("--connections", options->connections, fmt::format("Most connections at a time (default {})", options->connections))->check(CLI::Range(1, 100'000))->type_name("N");
  command->add_option("--store-tz", options->store_tz, "Zone of bare dates, written when the store is created (default Asia/Shanghai)")->type_name("Z");
  add_examples(*command, {{"annals serve --store news", "until it is interrupted; then it lets end what is under way"},
                          {"annals subscribe 127.0.0.1:7447", "in another terminal"},
                          {"annals ingest --server 127.0.0.1:7447 notes/", "while it runs it is the store's only writer"}});
  command->callback([&program, options] { program.run = [&program, options] { return run(program, *options); }; });
}

void add_status(CLI::App& app, Program& program) {
  auto options = std::make_shared<StatusOptions>();
  CLI::App* command = app.add_subcommand("status", "What a server is doing: connections, what it took in and sent");
  command->add_option("SERVER", options->server, fmt::format("HOST:PORT (default {})", options->server));
  add_format(*command, options->format, {"table", "json"});
  add_examples(*command, {{"annals status 127.0.0.1:7447", ""}});
  command->callback([&program, options] { program.run = [&program, options] { return run_status(program, *options); }; });
}

}  // namespace annals::cli
