// annals serve: the store as a service over TCP.

#include "engine/stream/server.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <mutex>

#include "engine/stream/metrics.h"
#include "engine/stream/webhook.h"
#include "replay/sealer.h"
#include "tools/annals/commands.h"
#include "tools/annals/hooks.h"
#include "tools/annals/inputs.h"
#include "tools/annals/outputs.h"
#include "tools/annals/parked.h"
#include "tools/annals/remote.h"

namespace annals::cli {
namespace {

struct Options {
  std::string listen = fmt::format("127.0.0.1:{}", stream::kDefaultPort);
  std::size_t connections = stream::ServerOptions{}.connections_max;
  std::optional<std::string> store_tz;
  std::string tokens;
  std::string certificate;
  std::string private_key;
  std::string metrics;
  std::string webhooks;
  unsigned hand_outs = stream::GroupLimits{}.hand_outs;
  double settle_within = std::chrono::duration<double>(stream::GroupLimits{}.settle_within).count();
};


// How far each durable subscription is acknowledged, how many events lie behind that, and what became of a group's.
Json names_json(const stream::ServerStatus& status) {
  Json names = Json::object();
  for (const auto& [name, state] : status.names) {
    names[name] = {{"acknowledged", state.position.value}, {"lag", status.last.value - std::min(status.last.value, state.position.value)}, {"parked", state.parked.size()}};
  }
  for (const auto& [name, group] : status.groups) {
    names[name]["members"] = group.members;
    names[name]["unsettled"] = group.unsettled;
  }
  return names;
}

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
          {"chunks_fetched", status.chunks_fetched},
          {"names", names_json(status)}};
}

Result<int> run(Program& program, const Options& options) {
  stream::ClientOptions listen;
  if (const Status parsed = stream::parse_server(options.listen, listen); !parsed) return at("--listen", parsed.error());
  LogOptions log_options;
  auto zone = Zone::find(options.store_tz.value_or("Asia/Shanghai"));
  if (!zone) return at("--store-tz", zone.error());
  log_options.zone_at_creation = *zone;
  ANNALS_TRY(const Lexicon* lexicon, program.lexicon());
  std::vector<stream::Hook> hooks;
  if (!options.webhooks.empty()) {
    auto read = read_hooks(options.webhooks);
    if (!read) return at("--webhooks", read.error());
    hooks = *std::move(read);
  }

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
  server_options.group.hand_outs = options.hand_outs;
  server_options.group.settle_within = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::duration<double>(options.settle_within));
  server_options.certificate = options.certificate;
  server_options.private_key = options.private_key;
  if (!options.tokens.empty()) {
    auto tokens = stream::Tokens::read(options.tokens);
    if (!tokens) return at("--tokens", tokens.error());
    server_options.tokens = std::make_shared<const stream::Tokens>(*std::move(tokens));
  }
  // One for all who ask, who watch and who are called: what it knows of the log grows with the log.
  const Query query(*log, *lexicon, program.clock);
  WatchMemory memory;
  // Before the server, which wakes them with each append; they outlive it.
  std::unique_ptr<stream::Webhooks> webhooks;
  if (!hooks.empty()) {
    auto started = start_hooks(std::move(hooks), *log, *lexicon, query, memory, program.clock, program.store + "/WEBHOOKS", [logger](std::string_view line) { logger->info("{}", line); });
    if (!started) return at("--webhooks", started.error());
    webhooks = *std::move(started);
  }
  stream::ServerParts parts{*log, *lexicon, program.clock,
                            [&, lexicon](const std::vector<std::string>& words, const stream::Rights& rights, EventLog& from) -> Result<stream::CommandAnswer> {
                              if (words.size() == 1 && words.front() == "status") {
                                if (!rights.admin) return Error{ErrorCode::kInvalid, "this token may not ask how the server does"};
                                const std::lock_guard guard(serving_mutex);
                                if (serving == nullptr) return Error{ErrorCode::kOverloaded, "the server is beginning"};
                                const auto age = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begun);
                                Json status = status_json(serving->status(), static_cast<std::size_t>(age.count()));
                                if (webhooks) status["webhooks"] = hooks_json(webhooks->status());
                                return stream::CommandAnswer{to_line(status) + "\n", 0};
                              }
                              if (!words.empty() && words.front() == "parked") {
                                const std::lock_guard guard(serving_mutex);
                                if (serving == nullptr) return Error{ErrorCode::kOverloaded, "the server is beginning, or ending"};
                                return answer_parked(words, rights, *serving, from);
                              }
                              return answer_words(words, rights, from, *lexicon, query);
                            },
                            [&, lexicon](const stream::WholeNote& note, EventLog& to) { return take_note(note.head, to, *lexicon, program.clock); },
                            [&, lexicon](const WatchSpec& spec, const std::optional<WatchPoint>& from, WatchPoint& to, EventLog& of) {
                              return changes_between(spec, from, to, of, *lexicon, query, memory);
                            },
                            [&](std::string_view line) { logger->info("{}", line); }};
  std::unique_ptr<stream::Metrics> metrics;
  if (!options.metrics.empty()) {
    stream::ClientOptions where;
    if (const Status parsed = stream::parse_server(options.metrics, where); !parsed) return at("--metrics", parsed.error());
    auto listening = stream::Metrics::start(where.host, where.port);
    if (!listening) return at("--metrics", listening.error());
    metrics = *std::move(listening);
    logger->info("metrics on {}:{}", where.host, metrics->port());
  }
  parts.appended = [&metrics, &webhooks](std::size_t events, std::chrono::nanoseconds took) {
    if (metrics) metrics->appended(events, took);
    if (webhooks) webhooks->woke();
  };
  auto server = stream::Server::start(std::move(parts), server_options);
  if (!server) return at("--listen", server.error());
  {
    const std::lock_guard guard(serving_mutex);
    serving = server->get();
  }
  if (metrics) metrics->look([&] { return stream::MetricsSnapshot{(*server)->status(), sealed_to(*log), webhooks ? webhooks->status() : std::vector<stream::HookStatus>()}; });
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
  if (metrics) metrics->look(nullptr);
  (*server)->stop();
  if (webhooks) webhooks->stop();
  return kDone;
}

struct TokenOptions {
  std::string file;
  stream::Rights rights;
  std::string may = "read,append";
};

// The token goes to standard output and nowhere else; the file gets its hash.
Result<int> run_token(Program& program, const TokenOptions& options) {
  stream::Rights rights = options.rights;
  rights.read = rights.append = rights.admin = false;
  const std::string token = stream::new_token();
  // Read back as the server will read it, so that nothing it would refuse is written.
  std::string line = stream::token_line(token, rights);
  const std::size_t second = line.find(' ');
  line.insert(second + 1, options.may);
  if (auto parsed = stream::Tokens::parse(line); !parsed) return parsed.error();
  std::string before;
  if (std::filesystem::exists(options.file)) {
    auto tokens = stream::Tokens::read(options.file);
    if (!tokens) return tokens.error();
    if (tokens->has(rights.name)) return Error{ErrorCode::kInvalid, fmt::format("{}: '{}' stands in the file already", options.file, rights.name)};
    ANNALS_TRY(before, read_file(options.file));
    if (!before.empty() && before.back() != '\n') before += '\n';
  }
  ANNALS_CHECK_OK(write_whole(options.file, before + line + "\n", 0600, false));
  program.out.line(token);
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
    if (value.is_object()) continue;
    std::string words = name;
    std::replace(words.begin(), words.end(), '_', ' ');
    program.out.line(fmt::format("{:<{}}  {:>16}", words, width, value.is_number_unsigned() ? grouped(value.get<std::uint64_t>()) : value.dump()));
  }
  const Json names = json.value("names", Json::object());
  for (const auto& [name, where] : names.items()) {
    const auto number = [&where = where](const char* of) { return grouped(where.value(of, std::uint64_t{0})); };
    std::string line = fmt::format("subscription {}: acknowledged {}, {} behind", name, number("acknowledged"), number("lag"));
    if (where.contains("members")) line += fmt::format("; {} members, {} events not settled", number("members"), number("unsettled"));
    if (where.value("parked", std::uint64_t{0}) > 0) line += fmt::format("; {} parked (annals parked {})", number("parked"), name);
    program.out.line(line);
  }
  for (const std::string& line : hook_lines(json.value("webhooks", Json::object()))) program.out.line(line);
  return status;
}

}  // namespace

void add_serve(Command& app, Program& program) {
  auto options = std::make_shared<Options>();
  Command* command = app.add_subcommand("serve", "The store as a service over TCP: append, read, ask, follow");
  command->add_option("--listen", options->listen, fmt::format("Where to listen (default 127.0.0.1:{}; port 0: any that is free); beyond loopback only with tokens and TLS", stream::kDefaultPort))->type_name("HOST:PORT");
  command->add_option("--connections", options->connections, fmt::format("Most connections at a time (default {})", options->connections))->range(1, 100'000)->type_name("N");
  command->add_option("--store-tz", options->store_tz, "Zone of bare dates, written when the store is created (default Asia/Shanghai)")->type_name("Z");
  command->add_option("--tokens", options->tokens, "Who may do what: a file that annals token writes; clients give theirs in ANNALS_TOKEN or ANNALS_TOKEN_FILE")->type_name("FILE");
  command->add_option("--tls-cert", options->certificate, "TLS 1.3: the certificate, and those that lead to a trusted one (PEM); clients then say tls://HOST:PORT")->type_name("FILE");
  command->add_option("--tls-key", options->private_key, "TLS 1.3: the certificate's key (PEM)")->type_name("FILE");
  command->add_option("--metrics", options->metrics, "Where Prometheus may collect what the server does, by HTTP: GET /metrics")->type_name("HOST:PORT");
  command->add_option("--webhooks", options->webhooks, "Who is told of changes by HTTP POST: a YAML file of hooks with name, url, states (as subscribe --states), and secret_file or secret_env, by whose secret each POST is signed")->type_name("FILE");
  command->add_option("--hand-outs", options->hand_outs, fmt::format("How often an event is handed out to a group before it is parked (default {})", options->hand_outs))->range(1, 1'000)->type_name("N");
  command->add_option("--settle-within", options->settle_within, fmt::format("How long a member of a group may hold an event before it goes to the others, in seconds (default {})", options->settle_within))
      ->range(0.1, 86'400.0)
      ->type_name("S");
  add_examples(*command, {{"annals serve --store news", "until it is interrupted; then it lets end what is under way"},
                          {"annals subscribe 127.0.0.1:7447", "in another terminal"},
                          {"annals serve --listen 0.0.0.0:7447 --tokens tokens --tls-cert cert.pem --tls-key key.pem", "for others than this machine"},
                          {"annals ingest --server 127.0.0.1:7447 notes/", "while it runs it is the store's only writer"}});
  command->callback([&program, options] { program.run = [&program, options] { return run(program, *options); }; });
}

void add_status(Command& app, Program& program) {
  auto options = std::make_shared<StatusOptions>();
  Command* command = app.add_subcommand("status", "What a server is doing: connections, what it took in and sent");
  command->add_option("SERVER", options->server, fmt::format("HOST:PORT (default {})", options->server));
  add_format(*command, options->format, {"table", "json"});
  add_examples(*command, {{"annals status 127.0.0.1:7447", ""}});
  command->callback([&program, options] {
    if (!program.server.empty()) options->server = program.server;
    program.run = [&program, options] { return run_status(program, *options); };
  });
}

void add_token(Command& app, Program& program) {
  auto options = std::make_shared<TokenOptions>();
  Command* command = app.add_subcommand("token", "Make a token for a server's clients: it is printed once, its hash goes into the file");
  command->add_option("FILE", options->file, "The server's file of tokens; made where there is none")->required();
  command->add_option("NAME", options->rights.name, "Whose it is, for the server's log")->required();
  command->add_option("--rights", options->may, "read, append and admin (how the server does, releasing what is parked), with commas between (default read,append)")->type_name("R[,R]");
  command->add_option("--outlet", options->rights.outlets, "Events of these outlets alone; may be repeated")->type_name("O");
  command->add_option("--projection", options->rights.projections, "Answers of these projections alone, and no events; may be repeated")->type_name("P");
  add_examples(*command, {{"annals token tokens desk > desk.token", "then: ANNALS_TOKEN_FILE=desk.token annals subscribe …"},
                          {"annals token tokens board --rights read --projection ipo", ""}});
  command->callback([&program, options] { program.run = [&program, options] { return run_token(program, *options); }; });
}

}  // namespace annals::cli
