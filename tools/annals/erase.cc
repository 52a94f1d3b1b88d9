// annals erase: words that have to go, by order. Unlike everything else, it cannot be taken back.

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/log/erasure.h"
#include "engine/projection/projection.h"
#include "replay/derived.h"
#include "tools/annals/commands.h"
#include "tools/annals/json.h"
#include "tools/annals/selection.h"

namespace annals::cli {
namespace {

struct EraseOptions {
  std::string what;
  bool article = false;
  bool note = false;
  std::string level;
  std::string by;
  std::string reason;
  bool dry_run = false;
  bool json = false;
};

Error invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

// What people name: a position, the id of a statement, the hash of a note.
Result<Target> understand(const EraseOptions& options, const EventLog& log) {
  std::optional<Position> position;
  if (options.what.size() == 64) {
    auto digest = Digest::from_hex(options.what);
    if (!digest) return invalid(fmt::format("expected a position, a statement's id or a note's hash, found '{}'", options.what));
    ANNALS_TRY(position, log.lookup(*digest));
    if (!position) {
      ANNALS_TRY(position, log.lookup(note_event_id(*digest)));
    }
    if (!position) return invalid(fmt::format("the log has neither an event nor a note {}", digest->hex()));
  } else {
    ANNALS_TRY(position, parse_position(options.what, log));
  }
  ANNALS_TRY(const Event event, log.get(*position));
  if (const auto* arrival = std::get_if<NoteArrival>(&event.body)) {
    if (options.article) return invalid(fmt::format("position {} is a note; name a statement of the article", position->value));
    return Target::of_note(arrival->note);
  }
  if (const auto* statement = std::get_if<StatementEvent>(&event.body)) {
    if (options.note) return Target::of_note(statement->note);
    if (options.article) return Target::of_article(statement->note, statement->article.ordinal);
    return Target::of_event(event.id);
  }
  return invalid(fmt::format("position {}: expected a statement or note, found a {}", position->value, event_kind_name(event.kind())));
}

// What an operator should know before and after.
struct Reach {
  std::uint64_t statements = 0;
  std::uint64_t other_events = 0;      // readings, reviews, erasures, the note's arrival
  std::uint64_t erased_before = 0;     // of both
  std::vector<Position> erasures;      // which did
  std::vector<Position> copies;        // first statements of articles in other notes with the very same text
  std::vector<Position> reasons;       // events about them that keep an operator's reason
  bool nothing_left() const { return erased_before == statements + other_events; }
};

Result<Reach> reach_of(const EventLog& log, const Erasure& erasure) {
  Reach out;
  ANNALS_TRY(const Covered covered, covered_by(log, erasure, Position{log.last().value + 1}));
  std::set<Digest> texts;
  std::set<Target> named{erasure.target(), Target::of_note(erasure.note)};
  std::set<Position> erasures;
  for (const Position position : covered.events) {
    ANNALS_TRY(const Event event, log.get(position));
    if (event.erased) {
      ++out.erased_before;
      erasures.insert(*event.erased);
    }
    if (const auto* statement = std::get_if<StatementEvent>(&event.body)) {
      ++out.statements;
      if (!statement->article.text_hash.none()) texts.insert(statement->article.text_hash);
      named.insert(Target::of_event(event.id));
      named.insert(Target::of_article(statement->note, statement->article.ordinal));
    } else {
      ++out.other_events;
    }
  }
  out.erasures.assign(erasures.begin(), erasures.end());
  std::set<std::pair<Digest, std::uint32_t>> seen;
  const auto reason = [&](const Event& event, const Target& about, const std::string& because) {
    if (named.contains(about) && !because.empty()) out.reasons.push_back(event.position);
  };
  ANNALS_TRY(const Position end, log.read({Position{}, log.last()}, [&](const Event& event) {
    if (const auto* statement = std::get_if<StatementEvent>(&event.body)) {
      if (statement->note != erasure.note && texts.contains(statement->article.text_hash) && seen.emplace(statement->note, statement->article.ordinal).second)
        out.copies.push_back(event.position);
    } else if (const auto* amendment = std::get_if<Amendment>(&event.body)) {
      reason(event, amendment->about, amendment->because);
    } else if (const auto* withdrawal = std::get_if<Withdrawal>(&event.body)) {
      reason(event, withdrawal->about, withdrawal->because);
    } else if (const auto* retraction = std::get_if<Retraction>(&event.body)) {
      reason(event, retraction->about, retraction->because);
    }
    return Visit::kContinue;
  }, {.parts = Parts::kClaims}));
  static_cast<void>(end);
  return out;
}

std::string places(const std::vector<Position>& positions) {
  std::string out;
  for (std::size_t i = 0; i < positions.size() && i < 12; ++i) out += fmt::format("{}#{}", i == 0 ? "" : ", ", positions[i].value);
  if (positions.size() > 12) out += fmt::format(" and {} more", positions.size() - 12);
  return out;
}

Json positions_json(const std::vector<Position>& positions) {
  Json out = Json::array();
  for (const Position position : positions) out.push_back(position.value);
  return out;
}

std::string counted(std::uint64_t count, std::string_view what) { return fmt::format("{} {}{}", grouped(count), what, count == 1 ? "" : "s"); }

Result<int> run_erase(Program& program, const EraseOptions& options) {
  const bool all = options.level == "all";
  Result<std::unique_ptr<EventLog>> log = program.open_store(options.dry_run ? OpenMode::kReadOnly : OpenMode::kOpen);
  if (!log) return log.error();
  ANNALS_TRY(const Target about, understand(options, **log));
  const std::string what = target_text(about, **log);
  ANNALS_TRY(Erasure erasure, make_erasure(**log, about, all ? ErasureLevel::kAll : ErasureLevel::kText, options.reason, subjects_of));
  ANNALS_TRY(const Reach reach, reach_of(**log, erasure));
  Json json{{"kind", "erasure"}, {"position", nullptr}, {"repeated", false}, {"level", options.level}, {"about", target_json(about)}, {"note", erasure.note.hex()}, {"statements", reach.statements},
            {"other_events", reach.other_events}, {"erased_before", reach.erased_before}, {"copies", positions_json(reach.copies)}, {"reasons_left", positions_json(reach.reasons)}};
  if (reach.nothing_left()) {
    json["repeated"] = true;
    json["position"] = reach.erasures.back().value;
    if (options.json) program.out.line(to_line(json));
    else program.out.line(fmt::format("{} was erased before (event {}); nothing was appended", what, reach.erasures.back().value));
    return kDone;
  }
  const std::string covered = fmt::format("{}, {}", counted(reach.statements, "statement"), counted(reach.other_events, "other event"));
  if (!options.dry_run) {
    ANNALS_TRY(const Receipt receipt, (*log)->erase({options.by, std::move(erasure)}));
    json["position"] = receipt.position.value;
    // Opened anew, the store also writes its manifest anew, which names the bounds of files that are no more.
    log->reset();
    log = program.open_store(OpenMode::kOpen);
    if (!log) return log.error();
    if (!options.json)
      program.out.line(fmt::format("position {}: {} erased ({}), and the bytes of its note; {}", receipt.position.value, what, covered,
                                   all ? "claims are gone with the words" : "claims are kept without their quotes"));
  } else if (!options.json) {
    program.out.line(fmt::format("{} would be erased ({}), and the bytes of its note; nothing was done", what, covered));
  }
  if (!options.json) {
    if (!reach.copies.empty()) program.out.line(fmt::format("the very same text stands in {} of other notes, which stay: {}", counted(reach.copies.size(), "article"), places(reach.copies)));
    if (!reach.reasons.empty()) program.out.line(fmt::format("reasons that people gave in amendments, withdrawals and retractions stay, in case they quote it: {}", places(reach.reasons)));
    program.out.line("not reached: backups, exports and other copies of the store, what was sent to subscribers, and what the disk keeps of deleted files");
  }
  if (!options.dry_run) {
    Progress progress(program.progress);
    ANNALS_TRY(const Position sealed, seal(**log, [&](std::uint64_t done, std::uint64_t total) { progress.show(fmt::format("the index is made anew: {} of {} events", grouped(done), grouped(total))); }));
    static_cast<void>(sealed);
  }
  if (options.json) program.out.line(to_line(json));
  return kDone;
}

}  // namespace

void add_erase(Command& app, Program& program) {
  auto options = std::make_shared<EraseOptions>();
  Command* command = app.add_subcommand("erase", "Erase words by order (a court's, a right holder's): they leave the store for good, proofs and positions stay; this cannot be taken back");
  command->add_option("WHAT", options->what, "Position or id of a statement, or of a note; or a note's hash")->required();
  auto* article = command->add_flag("--article", options->article, "The whole article that the statement stands in");
  command->add_flag("--note", options->note, "The whole note")->excludes(article);
  command->add_option("--level", options->level, "text: words go; claims stay without their quotes, with title, outlet and link of the article, and answers keep resting on them. all: those go too")
      ->required()->one_of({"text", "all"})->type_name("LEVEL");
  command->add_option("--by", options->by, "Who says so")->required()->type_name("WHO");
  command->add_option("--reason,--because", options->reason, "Whose order, and why; it stays in the log, so it should not repeat what has to go")->required()->type_name("WHY");
  command->add_flag("--dry-run", options->dry_run, "Tell what would go, and do nothing");
  command->add_flag("--json", options->json, "Print the receipt as one JSON object");
  add_examples(*command, {{"annals erase 12 --article --level text --by desk --reason 'order 7 of the district court' --dry-run", "what it would take"},
                          {"annals erase 12 --level all --by desk --reason 'order 8'", "one statement with what was read from it"},
                          {"annals verify", "proofs hold as before, and what is erased is what an order names"}});
  command->callback([&program, options] { program.run = [&program, options] { return run_erase(program, *options); }; });
}

}  // namespace annals::cli
