// annals parked: the events that a group could not deal with.

#include "tools/annals/parked.h"

#include <fmt/format.h>

#include <charconv>

#include "engine/stream/client.h"
#include "tools/annals/answers.h"
#include "tools/annals/commands.h"
#include "tools/annals/json.h"
#include "tools/annals/remote.h"
#include "tools/annals/selection.h"

namespace annals::cli {
namespace {

constexpr std::string_view kAll = "all";

Result<Position> position_of(const std::string& word) {
  Position out;
  const char* const end = word.data() + word.size();
  const auto [at, error] = std::from_chars(word.data(), end, out.value);
  if (error != std::errc() || at != end) return Error{ErrorCode::kInvalid, fmt::format("parked: expected the position of an event, or all, found '{}'", word)};
  return out;
}

Json parked_json(const std::string& name, const stream::NameState& state, const EventLog& log) {
  Json rows = Json::array();
  for (const auto& [position, parked] : state.parked) {
    const auto event = log.get(position);
    rows.push_back({{"position", position.value},
                    {"hand_outs", parked.hand_outs},
                    {"released", parked.released},
                    {"because", parked.because},
                    {"event", event ? event_json(*event, log.info().zone) : Json(nullptr)}});
  }
  return {{"name", name}, {"position", state.position.value}, {"parked", std::move(rows)}};
}

struct Options {
  std::string server = fmt::format("127.0.0.1:{}", stream::kDefaultPort);
  std::string name;
  std::vector<std::string> release;
  std::vector<std::string> discard;
  Format format = Format::kTable;
};

Result<int> run_parked(Program& program, const Options& options) {
  if (!options.release.empty() && !options.discard.empty()) return Error{ErrorCode::kInvalid, "--release and --discard do not go together"};
  std::vector<std::string> words = {"parked", options.name};
  const auto& chosen = options.release.empty() ? options.discard : options.release;
  if (!chosen.empty()) words.emplace_back(options.release.empty() ? "discard" : "release");
  words.insert(words.end(), chosen.begin(), chosen.end());
  ANNALS_TRY(const stream::ClientOptions client_settings, client_options(options.server));
  Client client(client_settings);
  std::string text;
  ANNALS_TRY(const int status, client.ask(words, [&](std::string_view piece) { text += piece; }));
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("parked")) return Error{ErrorCode::kInvalid, fmt::format("{}: expected what is parked as a JSON object", options.server)};
  if (options.format == Format::kJson) {
    program.out.line(to_line(json));
    return status;
  }
  for (const Json& each : json["parked"]) {
    const Json& event = each["event"];
    program.out.line(paint(fmt::format("#{}  {}  handed out {} times  {}{}", each["position"].get<std::uint64_t>(), event.is_object() ? event.value("kind", "") : "unreadable",
                                       each["hand_outs"].get<std::uint64_t>(), each["because"].get<std::string>(), each["released"].get<bool>() ? "; released" : ""),
                           Ink::kBold, program.colour));
    const std::string said = event.is_object() ? event.value("text", "") : "";
    for (const std::string& line : wrap(said, program.width > 16 ? program.width - 4 : 12)) program.out.line("    " + line);
  }
  program.out.line(fmt::format("{}: {} events parked", options.name, grouped(json["parked"].size())));
  return status;
}

}  // namespace

Result<stream::CommandAnswer> answer_parked(const std::vector<std::string>& words, const stream::Rights& rights, stream::Server& server, const EventLog& log) {
  if (!rights.projections.empty()) return Error{ErrorCode::kInvalid, "this token reaches answers, not events"};
  if (words.size() < 2 || words.size() == 3 || (words.size() > 3 && words[2] != "release" && words[2] != "discard")) {
    return Error{ErrorCode::kInvalid, "parked: expected a name, and then perhaps release or discard with positions or all"};
  }
  const std::string& name = words[1];
  const auto state = [&]() -> Result<stream::NameState> {
    const stream::ServerStatus status = server.status();
    const auto found = status.names.find(name);
    if (found != status.names.end()) return found->second;
    if (status.groups.contains(name)) return stream::NameState{};   // it has only begun
    return Error{ErrorCode::kInvalid, fmt::format("there is no durable subscription '{}'", name)};
  };
  ANNALS_TRY(stream::NameState now, state());
  if (words.size() > 3) {
    if (!rights.admin) return Error{ErrorCode::kInvalid, "this token may not release or discard what is parked"};
    std::vector<Position> events;
    if (words.size() == 4 && words[3] == kAll) {
      for (const auto& [position, parked] : now.parked) events.push_back(position);
    } else {
      for (std::size_t i = 3; i < words.size(); ++i) {
        ANNALS_TRY(const Position position, position_of(words[i]));
        events.push_back(position);
      }
    }
    const bool discard = words[2] == "discard";
    ANNALS_CHECK_OK(server.release(name, events, discard));
    // As it will be on disk in a moment.
    for (const Position each : events) {
      if (discard) now.parked.erase(each);
      else if (const auto found = now.parked.find(each); found != now.parked.end()) found->second.released = true;
    }
  }
  return stream::CommandAnswer{to_line(parked_json(name, now, log)) + "\n", 0};
}

void add_parked(Command& app, Program& program) {
  auto options = std::make_shared<Options>();
  Command* command = app.add_subcommand("parked", "Events that those who share a durable name could not deal with: listed, handed out once more, or given up");
  command->add_option("NAME", options->name, "The durable name, as subscribe --name --group has it")->required();
  command->add_option("SERVER", options->server, fmt::format("HOST:PORT (default {})", options->server));
  command->add_option("--release", options->release, "Hand these out again, or all")->delimiter(',')->type_name("P[,P]|all");
  command->add_option("--discard", options->discard, "Hand these out never, or all: they leave the list, not the log")->delimiter(',')->type_name("P[,P]|all");
  add_format(*command, options->format, {"table", "json"});
  add_examples(*command, {{"annals parked desk", "what is parked, how often it was tried, and why"},
                          {"annals parked desk --release 1207", "once what was wrong is mended; it comes out of its order"},
                          {"annals parked desk --discard all", ""}});
  command->callback([&program, options] {
    if (!program.server.empty()) options->server = program.server;
    program.run = [&program, options] { return run_parked(program, *options); };
  });
}

}  // namespace annals::cli
