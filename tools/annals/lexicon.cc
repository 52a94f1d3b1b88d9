// annals lexicon: what names the log and the program know, and facts about them said by hand.

#include "engine/language/lexicon.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "tools/annals/commands.h"
#include "tools/annals/inputs.h"
#include "tools/annals/json.h"
#include "tools/annals/selection.h"

namespace annals::cli {
namespace {

// A fact of the log and the event that it stands in.
struct Held {
  Position position;
  EventId id;
  Instant recorded_at{};
  std::string actor;
  LexiconFact fact;
};

// All facts, in the log's order.
Result<std::vector<Held>> facts_of(const EventLog& log) {
  std::vector<Position> positions;
  ANNALS_TRY(const Position seen, log.read({Position{}, log.last()}, [&](const Event& event) {
    if (event.kind() == EventKind::kLexicon) positions.push_back(event.position);
    return Visit::kContinue;
  }, {Parts::kEnvelope, false}));
  static_cast<void>(seen);
  std::vector<Held> out;
  for (const Position position : positions) {
    ANNALS_TRY(Event event, log.get(position));
    out.push_back({event.position, event.id, event.recorded_at, event.actor, std::move(std::get<LexiconFact>(event.body))});
  }
  return out;
}

std::string joined(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& each : list) out += (out.empty() ? "" : ", ") + each;
  return out;
}

std::string belongs_text(const Entity& entity) {
  std::string out;
  if (entity.family) out += "of " + *entity.family + (entity.inherits_rules ? "" : ", not its rules");
  if (entity.vendor) out += (out.empty() ? "" : "; ") + ("by " + *entity.vendor);
  if (entity.country) out += (out.empty() ? "" : "; ") + ("in " + *entity.country);
  return out;
}

bool named(const Entity& entity, const std::string& folded) {
  if (fold(entity.id) == folded || fold(entity.name) == folded) return true;
  for (const auto* list : {&entity.aliases, &entity.tickers})
    for (const std::string& each : *list)
      if (fold(each) == folded) return true;
  return false;
}

struct ListOptions {
  std::optional<std::string> name;
  bool shipped = false;
  bool history = false;
  Format format = Format::kTable;
};

Result<int> run_list(Program& program, const ListOptions& options) {
  ANNALS_TRY(const Lexicon* lexicon, program.lexicon());
  std::vector<Held> facts;
  Zone zone = Zone::utc();
  if (!options.shipped) {
    ANNALS_TRY(const auto log, program.open_store(OpenMode::kReadOnly));
    ANNALS_TRY(facts, facts_of(*log));
    zone = log->info().zone;
  }
  if (!options.history) {
    std::map<std::string, Held> newest;
    for (Held& held : facts) newest.insert_or_assign(held.fact.entity.id, std::move(held));
    facts.clear();
    for (auto& [id, held] : newest) facts.push_back(std::move(held));
  }
  const std::string wanted = options.name ? fold(*options.name) : std::string();

  Table table({{"id", false, 30}, {"kind"}, {"name", false, 30}, {"belongs", false, 40}, {"names", false, 50, true}, {"known by", false, 46}});
  Json list = Json::array();
  const auto show = [&](const Entity& entity, const Held* held) {
    if (options.name && !named(entity, wanted)) return;
    std::vector<std::string> names = entity.aliases;
    names.insert(names.end(), entity.tickers.begin(), entity.tickers.end());
    std::erase(names, entity.name);
    const std::string from = held == nullptr ? "this program" : fmt::format("#{} {}, {}", held->position.value, held->fact.by_hand ? "said by " + held->actor : held->actor, format_local(held->recorded_at, zone));
    table.add({entity.id, std::string(entity_kind_name(entity.kind)), entity.name, belongs_text(entity), joined(names), from});
    Json json = lexicon_entity_json(entity);
    json["position"] = held == nullptr ? Json(nullptr) : Json(held->position.value);
    json["recorded_at"] = held == nullptr ? Json(nullptr) : Json(format_utc(held->recorded_at));
    json["actor"] = held == nullptr ? Json(nullptr) : Json(held->actor);
    json["by_hand"] = held != nullptr && held->fact.by_hand;
    list.push_back(std::move(json));
  };
  for (const Held& held : facts) show(held.fact.entity, &held);
  // What the log does not hold is not in answers yet; asked by name, it is shown all the same.
  if (options.shipped || options.name) {
    for (const Entity& entity : lexicon->all()) {
      const bool in_log = std::any_of(facts.begin(), facts.end(), [&](const Held& held) { return held.fact.entity.id == entity.id; });
      if (!in_log) show(entity, nullptr);
    }
  }
  const bool nothing = list.empty();
  switch (options.format) {
    case Format::kJson: program.out.line(list.dump(2)); break;
    case Format::kJsonl:
      for (const Json& each : list) program.out.line(to_line(each));
      break;
    default:
      if (nothing) program.out.line(options.name ? fmt::format("no name '{}'", *options.name) : "the log holds no names yet");
      else program.out.write(table.render(program.width, program.colour));
  }
  return nothing && options.name ? kNegative : kDone;
}

struct AddOptions {
  std::string file;
  std::string by;
  bool json = false;
};

Result<int> run_add(Program& program, const AddOptions& options) {
  ANNALS_TRY(const Lexicon* base, program.lexicon());
  ANNALS_TRY(const std::string yaml, options.file == "-" ? read_input() : read_file(options.file));
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kOpen));
  ANNALS_TRY(const std::vector<Held> facts, facts_of(*log));
  ANNALS_TRY(const Lexicon merged, Lexicon::with(*base, yaml, options.file));
  std::map<std::string, const Held*> newest;
  for (const Held& held : facts) newest[held.fact.entity.id] = &held;

  // What the file says otherwise than the program's lexicon, and whatever that hangs on that the log lacks.
  std::vector<EventDraft> batch;
  std::vector<std::string> said;
  std::set<std::string> done;
  const std::function<void(const std::string&, bool)> add = [&](const std::string& id, bool by_hand) {
    const Entity* entity = merged.find(id);
    if (entity == nullptr || !done.insert(id).second) return;
    for (const auto* above : {&entity->family, &entity->vendor})
      if (*above && !newest.contains(**above)) add(**above, base->find(**above) == nullptr);
    LexiconFact fact{*entity, {}, by_hand};
    if (const auto held = newest.find(id); held != newest.end()) {
      fact.after = held->second->fact.after;
      if (event_id(EventBody(fact)) == held->second->id) return;  // as it stands
      fact.after = held->second->id;
    }
    if (by_hand) said.push_back(id);
    batch.push_back({options.by, std::move(fact)});
  };
  std::uint64_t entities = 0;
  for (const Entity& entity : merged.all()) {
    const Entity* before = base->find(entity.id);
    if (before != nullptr && lexicon_entity_json(*before) == lexicon_entity_json(entity)) continue;
    ++entities;
    add(entity.id, true);
  }
  if (entities == 0) return Error{ErrorCode::kInvalid, fmt::format("{}: expected an entity that this program's lexicon lacks or has otherwise, found none", options.file)};
  if (!batch.empty()) {
    ANNALS_TRY(const auto receipts, log->append(batch, OnRepeat::kAnswerFirst));
    static_cast<void>(receipts);
  }
  if (options.json) {
    program.out.line(to_line(Json{{"entities", entities}, {"appended", said}, {"last_position", log->last().value}}));
  } else {
    program.out.line(batch.empty() ? fmt::format("{} entities, all as the log holds them; nothing was appended", entities)
                                   : fmt::format("{} of {} entities said anew: {}; the log ends at position {}", said.size(), entities, joined(said), grouped(log->last().value)));
  }
  return kDone;
}

}  // namespace

void add_lexicon(Command& app, Program& program) {
  auto options = std::make_shared<ListOptions>();
  Command* command = app.add_subcommand("lexicon", "Names that answers depend on: what the log holds of them, and facts said by hand");
  command->add_option("NAME", options->name, "An id, name or ticker in any spelling; none: all that the log holds");
  command->add_flag("--shipped", options->shipped, "What this program knows (with --lexicon files), whatever the log holds");
  command->add_flag("--history", options->history, "Every fact there was, not only the newest of each");
  add_format(*command, options->format);
  add_examples(*command, {{"annals lexicon 英伟达", ""}, {"annals lexicon add families.yaml --by desk", "families that answers follow from now on"}});
  command->callback([&program, options, command] {
    if (command->chosen() == nullptr) program.run = [&program, options] { return run_list(program, *options); };
  });

  auto add = std::make_shared<AddOptions>();
  Command* adding = command->add_subcommand("add", "Append what a lexicon file (YAML) says as facts that stand until said otherwise. Answers follow them from now on; for texts to be read by them, give the file with --lexicon to ingest and reread");
  adding->add_option("FILE", add->file, "A lexicon file; - is standard input")->required();
  adding->add_option("--by", add->by, "Who says so")->required()->type_name("WHO");
  adding->add_flag("--json", add->json, "Print the summary as one JSON object");
  adding->callback([&program, add] { program.run = [&program, add] { return run_add(program, *add); }; });
}

}  // namespace annals::cli
