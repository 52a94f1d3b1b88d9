// annals subscribe: follows a server's events. annals append: sends it some.

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iostream>

#include "engine/claim/kinds.h"
#include "engine/codec/codec.h"
#include "engine/stream/client.h"
#include "tools/annals/answers.h"
#include "tools/annals/commands.h"
#include "tools/annals/inputs.h"
#include "tools/annals/json.h"
#include "tools/annals/remote.h"
#include "tools/annals/selection.h"
#include "tools/annals/watches.h"

namespace annals::cli {
namespace {

struct SubscribeOptions {
  std::string server = fmt::format("127.0.0.1:{}", stream::kDefaultPort);
  std::string from;
  std::optional<std::string> to;
  bool to_end = false;
  bool backwards = false;
  std::vector<std::string> filters;
  std::vector<std::string> states;
  std::string watchlist;
  std::string name;
  bool group = false;
  std::optional<std::string> tz;
  std::uint64_t limit = 0;
  std::uint64_t retry_seconds = 60;
  Format format = Format::kTable;
};

Status add_filter(const std::string& text, FilterSpec& out) {
  const auto equals = text.find('=');
  const std::string name = text.substr(0, equals);
  std::vector<std::string>* const list = name == "kind"       ? &out.kinds
                                         : name == "type"     ? &out.claim_types
                                         : name == "entity"   ? &out.entities
                                         : name == "outlet"   ? &out.outlets
                                         : name == "modality" ? &out.modalities
                                                              : nullptr;
  if (equals == std::string::npos || list == nullptr || equals + 1 == text.size()) {
    return Error{ErrorCode::kInvalid, fmt::format("--filter: expected kind=, type=, entity=, outlet= or modality= with values, such as type=export_control, found '{}'", text)};
  }
  for (std::size_t at = equals + 1; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    list->push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return {};
}

std::string slot_text(const SlotValue& value) {
  struct Teller {
    std::string operator()(const EntityRef& one) const { return one.text.empty() ? one.id : one.text; }
    std::string operator()(const std::vector<EntityRef>& list) const {
      std::string out;
      for (const EntityRef& each : list) out += (out.empty() ? "" : "+") + (*this)(each);
      return out;
    }
    std::string operator()(const Amount& amount) const {
      const Json json = amount_json(amount);
      return json.is_number() ? json.dump() : fmt::format("{}{}", number_json(amount.value).dump(), amount.unit.empty() ? "" : " " + amount.unit);
    }
    std::string operator()(const std::string& text) const { return text; }
  };
  return std::visit(Teller{}, value);
}

// One event as a person reads it: what was said and by whom, and below it what it claims.
void print_event(Program& program, const Event& event) {
  std::string head = fmt::format("#{}  {}", event.position.value, event_kind_name(event.kind()));
  if (const std::string published = published_text(event); !published.empty()) head += "  " + published;
  if (const std::string outlet = outlet_text(event); !outlet.empty()) head += "  " + outlet;
  program.out.line(paint(head, Ink::kBold, program.colour));
  for (const std::string& line : wrap(event_text(event), program.width > 16 ? program.width - 4 : 12)) program.out.line("    " + line);
  const auto* statement = std::get_if<StatementEvent>(&event.body);
  const auto* again = std::get_if<Reinterpretation>(&event.body);
  const Reading* reading = statement != nullptr ? &statement->reading : again != nullptr ? &again->reading : nullptr;
  if (reading == nullptr) return;
  for (const Claim& claim : reading->claims) {
    std::string said(claim_kind(claim.type).name);
    for (const Slot& slot : claim.slots) said += fmt::format(" {}={}", slot.name, slot_text(slot.value));
    program.out.line(fmt::format("    {}  {}", said, paint(fmt::format("[{}, {}, {}]", modality_name(claim.modality), attribution_name(claim.attribution), aspect_name(claim.aspect)), Ink::kDim, program.colour)));
  }
}

// What has become of an answer, as the server tells it.
void print_change(Program& program, const std::string& change) {
  const Json json = Json::parse(change, nullptr, false);
  const std::string text = json.is_object() && json.contains("text") ? json["text"].get<std::string>() : change;
  const auto lane = json.is_object() && json.contains("lane") ? find_lane(json["lane"].get<std::string>()) : std::nullopt;
  program.out.line(fmt::format("=> {}", paint(text, lane ? lane_ink(*lane) : Ink::kPlain, program.colour)));
}

Status show(Program& program, Format format, const stream::StoredEventView& stored, const Zone& zone) {
  auto event = decode_event(stored.header, stored.body, {.erased = stored.body.empty()});
  if (!event) return at(fmt::format("event {}", stored.position.value), event.error());
  if (format == Format::kJsonl) program.out.line(to_line(event_json(*event, zone)));
  else print_event(program, *event);
  return {};
}

// One of those who share a name: an event is dealt with once it is printed.
Result<int> run_member(Program& program, const SubscribeOptions& options, Client& client, const FilterSpec& filter, const Zone& zone) {
  std::optional<Error> failed;
  std::uint64_t shown = 0;
  const auto deal = [&](const stream::Batch& batch) {
    stream::Dealt out;
    for (const stream::StoredEventView& stored : batch.events) {
      // What cannot be read is nobody's to print: it is given back, and parked in the end.
      if (const Status shown_it = show(program, options.format, stored, zone); !shown_it) {
        out.rejected.push_back({stored.position, shown_it.error().message});
        continue;
      }
      out.done.push_back(stored.position);
      if (options.limit > 0 && ++shown == options.limit) {
        out.next = Visit::kStop;
        break;
      }
    }
    if (const Status written = program.out.finish(); !written) {
      failed = written.error();
      return stream::Dealt{{}, {}, Visit::kStop};
    }
    return out;
  };
  const Status over = client.share({options.name, filter}, deal, {[&](std::string_view line) { program.complain(line); }, {}});
  if (failed) return *failed;
  if (!over) return over.error();
  return kDone;
}

Result<int> run_subscribe(Program& program, const SubscribeOptions& options) {
  ANNALS_TRY(stream::ClientOptions client_settings, client_options(options.server));
  client_settings.retry_for = std::chrono::seconds(options.retry_seconds);
  stream::Subscribe request;
  for (const std::string& filter : options.filters) ANNALS_CHECK_OK(add_filter(filter, request.filter));
  std::vector<WatchSpec> specs;
  for (const std::string& each : options.states) {
    if (auto added = add_watch(each, specs); !added) return at("--states", added.error());
  }
  if (!options.watchlist.empty()) ANNALS_CHECK_OK(add_watchlist(options.watchlist, specs));
  std::vector<stream::Watch> watches;
  for (WatchSpec& spec : specs) watches.push_back({0, std::move(spec), {}});
  if (options.group) {
    if (options.name.empty()) return Error{ErrorCode::kInvalid, "--group: who shares a name has to say it with --name"};
    if (!options.from.empty() || options.to || options.to_end || options.backwards || !specs.empty()) {
      return Error{ErrorCode::kInvalid, "--group goes on where the name is, and has no end: --from, --to, --to-end, --backwards and states do not go with it"};
    }
  }
  // Who asks for states alone is not shown events too.
  const bool events = watches.empty() || !options.filters.empty() || !options.from.empty() || !options.name.empty() || options.to || options.to_end || options.backwards;

  // Times are of the store's zone, which the server knows.
  Client client(client_settings);
  ANNALS_TRY(const stream::ServerHello hello, client.hello());
  ANNALS_TRY(const Zone store_zone, Zone::find(hello.zone));
  if (options.group) return run_member(program, options, client, request.filter, store_zone);
  Zone zone = store_zone;
  if (options.tz) {
    auto found = Zone::find(*options.tz);
    if (!found) return at("--tz", found.error());
    zone = *found;
  }
  std::string from = options.from.empty() ? (options.name.empty() ? "now" : "1") : options.from;
  if (!options.name.empty() && !options.from.empty()) return Error{ErrorCode::kInvalid, "--name goes on where it was acknowledged last: --from does not go with it"};
  if (from == "now") {
    request.from = stream::Subscribe::From::kNow;
  } else {
    ANNALS_TRY(const Edge edge, parse_edge("--from", from, false, zone, program.clock));
    if (edge.position) request.after = Position{edge.position->value > 0 ? edge.position->value - 1 : 0};
    else request.filter.published_from = *edge.instant;
  }
  if (!options.name.empty()) {
    request.from = stream::Subscribe::From::kName;
    request.name = options.name;
  }
  if (options.to_end) request.until = stream::Subscribe::Until::kEnd;
  if (options.to) {
    ANNALS_TRY(const Edge edge, parse_edge("--to", *options.to, true, zone, program.clock));
    if (!edge.position) return Error{ErrorCode::kInvalid, fmt::format("--to: expected a position, found '{}'", *options.to)};
    request.until = stream::Subscribe::Until::kUpto;
    request.upto = *edge.position;
  }
  if (options.backwards) {
    if (request.from != stream::Subscribe::From::kAfter && !options.from.empty()) return Error{ErrorCode::kInvalid, "--backwards ends at a position: --from now does not go with it"};
    request.from = stream::Subscribe::From::kAfter;
    request.backwards = true;
    if (request.until == stream::Subscribe::Until::kLive) request.until = stream::Subscribe::Until::kEnd;
  }

  std::uint64_t shown = 0;
  std::optional<Error> failed;
  const auto printed = [&] {
    const Status written = program.out.finish();
    if (!written) failed = written.error();
    return written.ok();
  };
  stream::Client::Followed followed{std::nullopt, std::move(watches)};
  if (events) followed.events = request;
  stream::Client::Visitors visitors;
  visitors.batch = [&](const stream::Batch& batch) {
    for (const stream::StoredEventView& stored : batch.events) {
      if (const Status shown_it = show(program, options.format, stored, store_zone); !shown_it) {
        failed = shown_it.error();
        return Visit::kStop;
      }
      if (options.limit > 0 && ++shown == options.limit) return Visit::kStop;
    }
    if (!printed()) return Visit::kStop;
    // What was printed is done with; so is what the filter left out.
    if (!options.name.empty()) {
      if (auto acked = client.acknowledge(options.name, batch.through); !acked) {
        failed = acked.error();
        return Visit::kStop;
      }
    }
    return Visit::kContinue;
  };
  visitors.changes = [&](const stream::Watch&, const stream::Changes& changes) {
    for (const std::string& change : changes.changes) {
      if (options.format == Format::kJsonl) program.out.line(change);
      else print_change(program, change);
      if (options.limit > 0 && ++shown == options.limit) return Visit::kStop;
    }
    return printed() ? Visit::kContinue : Visit::kStop;
  };
  auto over = client.follow(followed, visitors, {[&](std::string_view line) { program.complain(line); }, {}});
  if (failed) return *failed;
  if (!over) return over.error();
  return kDone;
}

struct AppendOptions {
  std::string server = fmt::format("127.0.0.1:{}", stream::kDefaultPort);
  std::string file = "-";
  std::optional<std::string> actor;
  bool json = false;
};

constexpr std::size_t kAppendAtOnce = 1'000;

Result<int> run_append(Program& program, const AppendOptions& options) {
  ANNALS_TRY(stream::ClientOptions client_settings, client_options(options.server));
  client_settings.retry_for = std::chrono::seconds(30);
  Client client(client_settings);
  std::ifstream file;
  if (options.file != "-") {
    file.open(options.file, std::ios::binary);
    if (!file) return Error{ErrorCode::kInvalid, fmt::format("{}: cannot be read: {}", options.file, std::strerror(errno))};
  }
  std::istream& in = options.file == "-" ? std::cin : file;
  std::uint64_t lines = 0;
  std::uint64_t repeated = 0;
  std::uint64_t events = 0;
  Position last;
  std::vector<EventDraft> drafts;
  const auto send = [&]() -> Status {
    if (drafts.empty()) return {};
    ANNALS_TRY(const std::vector<Receipt> receipts, client.append(drafts));
    for (const Receipt& receipt : receipts) {
      repeated += receipt.repeated ? 1 : 0;
      last = std::max(last, receipt.position);
    }
    events += drafts.size();
    drafts.clear();
    return {};
  };
  for (std::string line; std::getline(in, line);) {
    ++lines;
    if (line.empty()) continue;
    const auto where = [&] { return fmt::format("{}:{}", options.file, lines); };
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object()) return Error{ErrorCode::kInvalid, where() + ": expected an event as one JSON object"};
    auto event = event_from_json(json);
    if (!event) return at(where(), event.error());
    drafts.push_back({options.actor.value_or(event->actor), std::move(event->body)});
    if (drafts.size() == kAppendAtOnce) ANNALS_CHECK_OK(send());
  }
  ANNALS_CHECK_OK(send());
  if (options.json) program.out.line(to_line(Json{{"events", events}, {"repeated", repeated}, {"last_position", last.value}, {"log_size", client.head() ? Json(client.head()->size) : Json(nullptr)}, {"log_root", client.head() ? Json(client.head()->root.hex()) : Json(nullptr)}}));
  else program.out.line(fmt::format("{} events sent, {} of them in the log before; the last is at position {}{}", grouped(events), grouped(repeated), grouped(last.value),
                                    client.head() ? fmt::format("; the log of {} has the root {}", grouped(client.head()->size), client.head()->root.hex()) : ""));
  return kDone;
}

}  // namespace

void add_subscribe(Command& app, Program& program) {
  auto options = std::make_shared<SubscribeOptions>();
  Command* command = app.add_subcommand("subscribe", "Follow a server's events: what is there, then what comes; a lost connection goes on where it was");
  command->add_option("SERVER", options->server, fmt::format("HOST:PORT (default {})", options->server));
  command->add_option("--from", options->from, "First position; or a time: what was published then or later; or now (default)")->type_name("P|T|now");
  command->add_option("--to", options->to, "Last position; it may lie ahead")->type_name("P");
  command->add_flag("--to-end", options->to_end, "Only what is there now");
  command->add_flag("--backwards", options->backwards, "Newest first, from --to (or the end) down to --from");
  command->add_option("--filter", options->filters, "kind=, type=, entity=, outlet= or modality= with values, any of which will do; several filters have all to be met. What happens to an event comes with it")
      ->allow_extra_args(false)
      ->take_all()
      ->type_name("F=V[,V]");
  command->add_option("--states", options->states, "What becomes of a projection's answers as of now, of all its keys or of these; or of contradictions, all or those about these entities; may be repeated. Alone, no events are shown")
      ->allow_extra_args(false)
      ->take_all()
      ->type_name("P[:K,K]");
  command->add_option("--watchlist", options->watchlist, "A file of what --states takes, one a line")->type_name("FILE");
  command->add_option("--name", options->name, "Durable: the server keeps how far it came, and it goes on there")->type_name("N");
  command->add_flag("--group", options->group, "Share the name with whoever says the same: each event goes to one of you, those of one note in order, and to another where it was not printed");
  command->add_option("--limit", options->limit, "End after so many events")->type_name("N");
  command->add_option("--retry", options->retry_seconds, "Seconds that a lost server is tried again (default 60)")->type_name("S");
  command->add_option("--tz", options->tz, "Zone of bare dates (default: the store's)")->type_name("Z");
  add_format(*command, options->format, {"table", "jsonl"});
  add_examples(*command, {{"annals subscribe --filter type=export_control", "from now on, what anybody says of export controls"},
                          {"annals subscribe --from 2025-12-09 --filter entity=h200 --format jsonl", "what was published since, then live"},
                          {"annals subscribe --from 1 --to-end --format jsonl", "the whole log"},
                          {"annals subscribe --filter type=export_control --states export_control", "and what becomes of the answers"},
                          {"annals subscribe --states ipo:kunlunxin,metax --format jsonl", "nothing but changes of those two"},
                          {"annals subscribe --states contradictions:h200,hbm4", "what cannot both hold, when it is found and when it is settled"},
                          {"annals subscribe --name desk --filter outlet=路透社", "goes on where it was, whatever ended it"},
                          {"annals subscribe --name desk --group --format jsonl", "several of these divide the events among them; annals parked desk lists what none could deal with"}});
  command->callback([&program, options] {
    if (!program.server.empty()) options->server = program.server;
    program.run = [&program, options] { return run_subscribe(program, *options); };
  });
}

void add_append(Command& app, Program& program) {
  auto options = std::make_shared<AppendOptions>();
  Command* command = app.add_subcommand("append", "Send events to a server, as JSON Lines such as export writes; repeating it writes nothing twice");
  command->add_option("SERVER", options->server, fmt::format("HOST:PORT (default {})", options->server));
  command->add_option("FILE", options->file, "JSON Lines, or - for standard input (default)");
  command->add_option("--actor", options->actor, "Who appends them, for the log (default: as each says)")->type_name("WHO");
  command->add_flag("--json", options->json, "Print the summary as one JSON object");
  add_examples(*command, {{"annals export --kind statement | annals append 127.0.0.1:7447", "one store's statements to another"}});
  command->callback([&program, options] {
    if (!program.server.empty()) options->server = program.server;
    program.run = [&program, options] { return run_append(program, *options); };
  });
}

}  // namespace annals::cli
