// annals export, annals import: the log as JSON Lines, out and in.

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <iostream>

#include "engine/base/base64.h"
#include "engine/claim/kinds.h"
#include "engine/codec/codec.h"
#include "engine/filter/term_index.h"
#include "engine/proof/proof.h"
#include "replay/derived.h"
#include "tools/annals/bounds.h"
#include "tools/annals/commands.h"
#include "tools/annals/inputs.h"
#include "tools/annals/json.h"
#include "tools/annals/selection.h"
#include "tools/annals/sheet.h"

namespace annals::cli {
namespace {

constexpr std::size_t kBatchEvents = 4'096;

struct ExportOptions {
  std::optional<std::string> from;
  std::optional<std::string> to;
  std::optional<std::string> tz;
  SelectionOptions selection;
  bool notes = false;
  std::string output = "-";
  Format format = Format::kJsonl;
};

Result<int> run_export(Program& program, const ExportOptions& options) {
  ANNALS_TRY(const Lexicon* lexicon, program.lexicon());
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kReadOnly));
  ANNALS_TRY(const Zone zone, zone_of(options.tz, *log));
  ANNALS_TRY(const Filter filter, selected(options.selection, *lexicon));
  Edge from;
  Edge to;
  if (options.from) {
    ANNALS_TRY(from, parse_edge("--from", *options.from, false, zone, program.clock));
  }
  if (options.to) {
    ANNALS_TRY(to, parse_edge("--to", *options.to, true, zone, program.clock));
  }
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(nullptr, std::fclose);
  if (options.output != "-") {
    file.reset(std::fopen(options.output.c_str(), "wb"));
    if (!file) return Error{ErrorCode::kIo, fmt::format("{}: cannot be written: {}", options.output, std::strerror(errno))};
  }
  Output to_file(file.get());
  Output& out = file ? to_file : program.out;

  ANNALS_TRY(const PositionRange range, recorded_between(*log, from, to));
  std::uint64_t written = 0;
  Progress progress(program.progress && (file || isatty(1) == 0));
  const auto read = read_candidates(*log, range, &filter, [&](const StoredView& stored) -> Result<Visit> {
    auto event = stored.erased ? log->get(stored.position) : decode_event(stored.header, stored.body);
    if (!event) return at(fmt::format("position {}", stored.position.value), event.error());
    if (!filter.matches(*event, *log)) return Visit::kContinue;
    Json json = event_json(*event, log->info().zone);
    json["leaf"] = stored.leaf.hex();
    if (stored.erased) {
      // What is left of it cannot be made from its fields any more.
      json["header"] = base64(stored.header);
      json["body_digest"] = stored.salt.hex();
    } else {
      json["salt"] = stored.salt.hex();
    }
    if (const auto* note = std::get_if<NoteArrival>(&event->body); note != nullptr && options.notes && !stored.erased) {
      auto bytes = log->get_note(note->note);
      if (!bytes) return at(fmt::format("position {}", stored.position.value), bytes.error());
      json["bytes"] = base64(*bytes);
    }
    out.line(to_line(json));
    ++written;
    if (written % 1024 == 0) progress.show(fmt::format("{} of {} events", grouped(stored.position.value), grouped(range.upto.value)));
    return out.failed() ? Visit::kStop : Visit::kContinue;
  });
  progress.clear();
  if (read.failed) return *read.failed;
  ANNALS_CHECK_OK(out.finish());
  if (file) program.out.line(fmt::format("{} events written to {}", grouped(written), options.output));
  return kDone;
}

struct ImportOptions {
  std::string file = "-";
  std::string form;                       // "jsonl", "csv"; empty: by the file's name
  SheetOptions sheet;
  std::optional<std::string> tz;
  std::optional<std::string> store_tz;
  bool anew = false;
  bool json = false;
};

struct Line {
  std::uint64_t number = 0;
  Event event;
  std::optional<StoredEvent> erased;   // as it is left
  std::optional<Digest> salt;
  std::optional<Digest> leaf;
  std::optional<std::string> bytes;
};

// Claims of others are held to the same vocabulary as our own, and to the words of the statement they are about; null
// where the log does not have it.
Status check_claim(const Claim& claim, const Statement* statement) {
  ANNALS_CHECK_OK(validate_claim(claim));
  return statement == nullptr ? Status{} : validate_quote(claim, *statement);
}
Status check_claims(const Reading& reading, const Statement* statement) {
  for (std::size_t i = 0; i < reading.claims.size(); ++i)
    if (auto valid = check_claim(reading.claims[i], statement); !valid) return at(fmt::format("claims[{}]", i), valid.error());
  return {};
}

// The statement whose claims a later event brings: it may still wait in the batch before it.
std::optional<EventId> about_statement(const Event& event) {
  if (const auto* again = std::get_if<Reinterpretation>(&event.body)) return again->about;
  if (const auto* review = std::get_if<Review>(&event.body); review != nullptr && review->amended) return review->about;
  return std::nullopt;
}
Status check_about(const Event& event, const EventLog& log, std::optional<Position> about) {
  std::optional<Event> target;
  if (about) {
    ANNALS_TRY(target, log.get(*about));
  }
  const auto* found = target ? std::get_if<StatementEvent>(&target->body) : nullptr;
  const Statement* statement = found == nullptr ? nullptr : &found->statement;
  if (const auto* again = std::get_if<Reinterpretation>(&event.body)) return check_claims(again->reading, statement);
  auto valid = check_claim(*std::get<Review>(event.body).amended, statement);
  return valid ? Status{} : at("amended", valid.error());
}

Result<Line> parse_line(const std::string& text, std::uint64_t number) {
  Line out;
  out.number = number;
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded() || !json.is_object()) return Error{ErrorCode::kInvalid, "expected an event as one JSON object"};
  ANNALS_TRY(out.event, event_from_json(json));
  const auto digest = [&](const char* name) -> Result<std::optional<Digest>> {
    const auto at_name = json.find(name);
    if (at_name == json.end() || at_name->is_null()) return std::optional<Digest>();
    if (!at_name->is_string()) return Error{ErrorCode::kInvalid, fmt::format("{}: expected 64 hex digits", name)};
    auto value = Digest::from_hex(at_name->get<std::string>());
    if (!value) return at(name, value.error());
    return std::optional<Digest>(*value);
  };
  ANNALS_TRY(out.salt, digest("salt"));
  ANNALS_TRY(out.leaf, digest("leaf"));
  if (const auto erased = json.find("erased"); erased != json.end() && !erased->is_null()) {
    const auto header = json.find("header");
    const auto bytes = header != json.end() && header->is_string() ? from_base64(header->get_ref<const std::string&>()) : std::nullopt;
    ANNALS_TRY(const auto body, digest("body_digest"));
    if (!erased->is_number_unsigned() || !bytes || !body || !out.leaf)
      return Error{ErrorCode::kInvalid, "erased: expected a position, and with it header, body_digest and leaf"};
    out.erased = StoredEvent{out.event.position, *bytes, *body, {}, *out.leaf, Position{erased->get<std::uint64_t>()}};
    return out;
  }
  if (const auto bytes = json.find("bytes"); bytes != json.end() && bytes->is_string()) {
    out.bytes = from_base64(bytes->get_ref<const std::string&>());
    if (!out.bytes) return Error{ErrorCode::kInvalid, "bytes: expected base64"};
  }
  if (const auto* statement = std::get_if<StatementEvent>(&out.event.body)) ANNALS_CHECK_OK(check_claims(statement->reading, &statement->statement));
  const EventId id = event_id(out.event.body);
  if (!out.event.id.none() && out.event.id != id)
    return Error{ErrorCode::kInvalid, fmt::format("id: expected {} for this content, found {}", id.hex(), out.event.id.hex())};
  out.event.id = id;
  return out;
}

Result<int> run_sheet(Program& program, const ImportOptions& options) {
  SheetOptions sheet = options.sheet;
  sheet.name = options.file;
  if (options.tz) {
    auto zone = Zone::find(*options.tz);
    if (!zone) return at("--tz", zone.error());
    sheet.zone = *zone;
  }
  ANNALS_TRY(const Lexicon* lexicon, program.lexicon());
  ANNALS_TRY(std::string bytes, options.file == "-" ? read_input() : read_file(options.file));
  auto zone = Zone::find(options.store_tz.value_or("Asia/Shanghai"));
  if (!zone) return at("--store-tz", zone.error());
  LogOptions log_options;
  log_options.zone_at_creation = *zone;
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kCreateOrOpen, log_options));
  ANNALS_TRY(const SheetSummary summary, import_sheet(*log, std::move(bytes), *lexicon, sheet, [&](const std::string& line) { program.complain(line); }));
  ANNALS_TRY(const Position sealed, seal(*log));
  static_cast<void>(sealed);
  if (options.json) {
    program.out.line(to_line(Json{{"rows", summary.rows}, {"bad", summary.bad}, {"repeated", summary.repeated}, {"events", summary.events}, {"last_position", summary.last.value}}));
  } else {
    program.out.line(fmt::format("{} rows: {} taken in as reviewed claims, {} were there before, {} could not be used; the log ends at position {}", grouped(summary.rows),
                                 grouped(summary.rows - summary.bad - summary.repeated), grouped(summary.repeated), grouped(summary.bad), grouped(summary.last.value)));
  }
  return summary.bad > 0 ? kUnusable : kDone;
}

Result<int> run_import(Program& program, const ImportOptions& options) {
  if (options.form == "csv" || (options.form.empty() && options.file.ends_with(".csv"))) return run_sheet(program, options);
  std::ifstream opened;
  if (options.file != "-") {
    opened.open(options.file, std::ios::binary);
    if (!opened) return Error{ErrorCode::kInvalid, fmt::format("{}: cannot be read: {}", options.file, std::strerror(errno))};
  }
  std::istream& in = options.file == "-" ? std::cin : opened;
  const std::string zone_name = options.store_tz.value_or("Asia/Shanghai");
  auto zone = Zone::find(zone_name);
  if (!zone) return at("--store-tz", zone.error());
  LogOptions log_options;
  log_options.zone_at_creation = *zone;
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kCreateOrOpen, log_options));

  const bool empty = log->last().value == 0;
  bool keeping = empty && !options.anew;   // positions, times and salts as they were
  std::uint64_t number = 0;
  std::uint64_t events = 0;
  std::uint64_t repeated = 0;
  std::uint64_t notes_without_bytes = 0;
  std::uint64_t erased_left_out = 0;
  std::vector<StoredEvent> as_they_were;
  std::vector<EventDraft> drafts;
  std::uint64_t first_of_batch = 0;
  const std::string name = options.file;
  Progress progress(program.progress);

  const auto flush = [&]() -> Status {
    const auto where = fmt::format("{}:{}-{}", name, first_of_batch, number);
    if (!as_they_were.empty()) {
      if (auto status = log->restore(as_they_were); !status) return at(where, status.error());
      events += as_they_were.size();
    }
    if (!drafts.empty()) {
      auto receipts = log->append(drafts, OnRepeat::kCompare);
      if (!receipts) return at(where, receipts.error());
      for (const Receipt& receipt : *receipts) {
        events += receipt.repeated ? 0 : 1;
        repeated += receipt.repeated ? 1 : 0;
      }
    }
    as_they_were.clear();
    drafts.clear();
    progress.show(fmt::format("{} events", grouped(events)));
    return {};
  };

  for (std::string text; std::getline(in, text);) {
    ++number;
    if (text.empty() || text == "\r") continue;
    auto line = parse_line(text, number);
    if (!line) {
      ANNALS_CHECK_OK(flush());
      return at(fmt::format("{}:{}", name, number), line.error());
    }
    if (keeping && events == 0 && as_they_were.empty() && !((line->salt || line->erased) && line->event.position.value == 1)) {
      // Not an export of a whole log: its events are recorded as they come.
      keeping = false;
      program.diagnose(fmt::format("{}:{}: no position 1 with a salt; recording anew", name, number));
    }
    if (!keeping && (line->erased || line->event.kind() == EventKind::kErasure)) {
      ++erased_left_out;   // recorded anew it would be an event without words, and an erasure of what another log holds
      continue;
    }
    if (line->erased) {
      if (as_they_were.empty()) first_of_batch = number;
      as_they_were.push_back(*std::move(line->erased));
      if (as_they_were.size() >= kBatchEvents) ANNALS_CHECK_OK(flush());
      continue;
    }
    if (line->bytes) {
      const auto* note = std::get_if<NoteArrival>(&line->event.body);
      if (note == nullptr) return Error{ErrorCode::kInvalid, fmt::format("{}:{}: bytes: only a note has them", name, number)};
      if (auto status = log->put_note(note->note, *line->bytes); !status) return at(fmt::format("{}:{}", name, number), status.error());
    } else if (const auto* note = std::get_if<NoteArrival>(&line->event.body); note != nullptr && !log->get_note(note->note)) {
      ++notes_without_bytes;
    }
    if (const auto about = about_statement(line->event)) {
      ANNALS_TRY(std::optional<Position> position, log->lookup(*about));
      if (!position) {
        ANNALS_CHECK_OK(flush());
        ANNALS_TRY(position, log->lookup(*about));
      }
      if (auto valid = check_about(line->event, *log, position); !valid) {
        ANNALS_CHECK_OK(flush());
        return at(fmt::format("{}:{}", name, number), valid.error());
      }
    }
    if (as_they_were.empty() && drafts.empty()) first_of_batch = number;
    if (keeping) {
      if (!line->salt) {
        ANNALS_CHECK_OK(flush());
        return Error{ErrorCode::kInvalid, fmt::format("{}:{}: salt: expected one, as the events before have it (--anew records without)", name, number)};
      }
      auto encoded = encode_event(line->event);
      if (!encoded) return at(fmt::format("{}:{}", name, number), encoded.error());
      StoredEvent stored{line->event.position, std::move(encoded->header), *line->salt, std::move(encoded->body), {}};
      stored.leaf = leaf_hash(stored.header, stored.salt, stored.body);
      if (line->leaf && *line->leaf != stored.leaf) {
        ANNALS_CHECK_OK(flush());
        return Error{ErrorCode::kInvalid, fmt::format("{}:{}: leaf: this event is not the one that was exported (expected {}, found {})", name, number, line->leaf->hex(), stored.leaf.hex())};
      }
      as_they_were.push_back(std::move(stored));
    } else {
      drafts.push_back({line->event.actor, std::move(line->event.body)});
    }
    if (as_they_were.size() + drafts.size() >= kBatchEvents) ANNALS_CHECK_OK(flush());
  }
  if (in.bad()) return Error{ErrorCode::kInvalid, fmt::format("{}: cannot be read: {}", name, std::strerror(errno))};
  ANNALS_CHECK_OK(flush());
  progress.clear();
  ANNALS_TRY(const Position sealed, seal(*log));
  static_cast<void>(sealed);
  ANNALS_TRY(const Digest root, log->root(log->last()));
  if (options.json) {
    program.out.line(to_line(Json{{"events", events}, {"repeated", repeated}, {"kept", keeping}, {"notes_without_bytes", notes_without_bytes}, {"erased_left_out", erased_left_out}, {"last_position", log->last().value}, {"root", root.hex()}}));
  } else {
    program.out.line(fmt::format("{} events {}, {} were there before; log of {} events, root {}", grouped(events),
                                 keeping ? "restored with their positions, times and salts" : "recorded", grouped(repeated), log->last().value, root.hex()));
    if (erased_left_out > 0) program.out.line(fmt::format("{} erasures and erased events were left out: they belong to the log that erased them", grouped(erased_left_out)));
    if (notes_without_bytes > 0)
      program.out.line(fmt::format("{} notes came without their bytes (export --notes writes them, ingest of the same files brings them too)", grouped(notes_without_bytes)));
  }
  return kDone;
}

}  // namespace

void add_export(Command& app, Program& program) {
  auto options = std::make_shared<ExportOptions>();
  Command* command = app.add_subcommand("export", "Write events as JSON Lines, with all that a log is rebuilt from");
  command->add_option("--from", options->from, "First position or time of recording")->type_name("P|T");
  command->add_option("--to", options->to, "Last position or time of recording, inclusive")->type_name("P|T");
  command->add_option("--tz", options->tz, "Zone of bare dates (default: the store's)")->type_name("Z");
  add_selection(*command, options->selection);
  command->add_flag("--notes", options->notes, "The notes' bytes too (base64), so that the import has them");
  command->add_option("-o,--output", options->output, "Where to; - (default) is standard output")->type_name("FILE");
  add_format(*command, options->format, {"jsonl"});
  add_examples(*command, {{"annals export --format jsonl > events.jsonl", ""},
                          {"annals export --notes -o all.jsonl && annals --store copy import all.jsonl", "a second store with the same positions, times, salts and root"},
                          {"annals export --kind statement --type ipo_milestone", ""}});
  command->callback([&program, options] { program.run = [&program, options] { return run_export(program, *options); }; });
}

void add_import(Command& app, Program& program) {
  auto options = std::make_shared<ImportOptions>();
  Command* command = app.add_subcommand("import", "Take events in from JSON Lines (an empty store gets them as they were, another records them anew), or a sheet of reviewed claims (CSV)");
  command->add_option("FILE", options->file, "What export wrote, or a sheet; - (default) is standard input");
  command->add_option("--format", options->form, "jsonl or csv (default: csv where the file's name ends in .csv)")->one_of({"jsonl", "csv"})->type_name("F");
  command->add_option("--by", options->sheet.by, "Sheet: who vouches for rows that do not say")->type_name("WHO");
  command->add_option("--type", options->sheet.type, "Sheet: what rows claim that do not say (default export_control)")->type_name("KIND");
  command->add_option("--outlet", options->sheet.outlet, "Sheet: who published rows without outlet and link")->type_name("O");
  command->add_option("--tz", options->tz, "Sheet: zone of its dates (default: the store's, assumed)")->type_name("Z");
  command->add_option("--store-tz", options->store_tz, "Zone of bare dates, written when the store is created (default Asia/Shanghai)")->type_name("Z");
  command->add_flag("--anew", options->anew, "Record anew also into an empty store");
  command->add_flag("--json", options->json, "Print the summary as one JSON object");
  add_examples(*command, {{"annals --store copy import events.jsonl", ""}, {"annals import reviews.jsonl", "events of another store, recorded here and now"},
                          {"annals import sheet.csv --by desk", "a first row such as date,product,status,link,by; then one claim a row"}});
  command->callback([&program, options] { program.run = [&program, options] { return run_import(program, *options); }; });
}

}  // namespace annals::cli
