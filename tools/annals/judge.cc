// annals review, withdraw, retract, amend: events about events.

#include <fmt/format.h>

#include <exception>

#include "engine/audit/unreviewed.h"
#include "engine/claim/kinds.h"
#include "engine/ingest/chain.h"
#include "tools/annals/answers.h"
#include "tools/annals/audit_parts.h"
#include "tools/annals/bounds.h"
#include "tools/annals/commands.h"
#include "tools/annals/json.h"
#include "tools/annals/names.h"
#include "tools/annals/selection.h"

namespace annals::cli {
namespace {

Error invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

// Appends one event and says where it is; taken in twice it is one.
Result<int> append_one(Program& program, EventLog& log, EventDraft draft, const std::string& what, bool json) {
  const EventKind kind = static_cast<EventKind>(draft.body.index());
  ANNALS_CHECK_OK(chain(log, draft.body));
  const std::vector<EventDraft> batch{std::move(draft)};
  ANNALS_TRY(const std::vector<Receipt> receipts, log.append(batch, OnRepeat::kAnswerFirst));
  const Receipt& receipt = receipts.front();
  if (json) {
    program.out.line(to_line(Json{{"kind", event_kind_name(kind)}, {"position", receipt.position.value}, {"repeated", receipt.repeated}}));
  } else {
    program.out.line(receipt.repeated ? fmt::format("{} was said before, at position {}; nothing was appended", event_kind_name(kind), receipt.position.value)
                                      : fmt::format("position {}: {}", receipt.position.value, what));
  }
  return kDone;
}

struct TargetOptions {
  std::string position;
  bool article = false;
  bool note = false;
};

void add_target(Command& command, TargetOptions& options) {
  command.add_option("POSITION", options.position, "Position of a statement, as the log and answers show it (12, #12)")->required();
  auto* article = command.add_flag("--article", options.article, "The whole article that the statement stands in");
  command.add_flag("--note", options.note, "The whole note")->excludes(article);
}

Result<Target> find_target(const TargetOptions& options, const EventLog& log) {
  ANNALS_TRY(const Position position, parse_position(options.position, log));
  ANNALS_TRY(const Event event, log.get(position));
  if (const auto* note = std::get_if<NoteArrival>(&event.body)) {
    if (options.article) return invalid(fmt::format("position {} is a note; name a statement of the article", position.value));
    return Target::of_note(note->note);
  }
  if (const auto* statement = std::get_if<StatementEvent>(&event.body)) {
    if (options.note) return Target::of_note(statement->note);
    if (options.article) return Target::of_article(statement->note, statement->article.ordinal);
    return Target::of_event(event.id);
  }
  if (options.note || options.article) return invalid(fmt::format("position {}: expected a statement or note, found a {}", position.value, event_kind_name(event.kind())));
  return Target::of_event(event.id);
}

struct RetractOptions {
  TargetOptions target;
  std::string by;
  std::string because;
  bool json = false;
};

Result<int> run_retract(Program& program, const RetractOptions& options) {
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kOpen));
  ANNALS_TRY(const Target target, find_target(options.target, *log));
  if (target.kind == TargetKind::kEvent) {
    ANNALS_TRY(const Position position, parse_position(options.target.position, *log));
    ANNALS_TRY(const Event event, log->get(position));
    if (event.kind() != EventKind::kStatement && event.kind() != EventKind::kRetraction)
      return invalid(fmt::format("position {}: expected a statement, note or retraction, found a {}", position.value, event_kind_name(event.kind())));
  }
  return append_one(program, *log, {options.by, Retraction{target, options.because, {}}}, fmt::format("{} retracted from now on", target_text(target, *log)), options.json);
}

struct WithdrawOptions {
  TargetOptions target;
  std::string published;
  std::optional<std::string> outlet;
  std::optional<std::string> tz;
  std::string by;
  std::string because;
  bool json = false;
};

Result<int> run_withdraw(Program& program, const WithdrawOptions& options) {
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kOpen));
  ANNALS_TRY(const Zone zone, zone_of(options.tz, *log));
  auto published = make_published(options.published, zone, options.tz ? ZoneSource::kOperator : ZoneSource::kAssumed);
  if (!published) return at("--published", published.error());
  ANNALS_TRY(const Target target, find_target(options.target, *log));
  if (target.kind == TargetKind::kEvent) {
    ANNALS_TRY(const Position position, parse_position(options.target.position, *log));
    ANNALS_TRY(const Event event, log->get(position));
    if (event.kind() != EventKind::kStatement) return invalid(fmt::format("position {}: expected a statement or note, found a {}", position.value, event_kind_name(event.kind())));
  }
  const std::string from = format_published(*published);
  return append_one(program, *log, {options.by, Withdrawal{target, options.outlet, *std::move(published), options.because, {}}},
                    fmt::format("{} withdrawn as of its publication {}", target_text(target, *log), from), options.json);
}

struct AmendOptions {
  std::string position;
  std::optional<std::string> outlet;
  std::optional<std::string> published;
  std::optional<std::string> tz;
  std::string by;
  std::string because;
  bool json = false;
};

Result<int> run_amend(Program& program, const AmendOptions& options) {
  if (!options.outlet && !options.published) return invalid("expected --outlet, --published or both");
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kOpen));
  ANNALS_TRY(const Target target, find_target({options.position, true, false}, *log));
  if (target.kind != TargetKind::kArticle) return invalid(fmt::format("position {}: expected a statement of the article", options.position));
  ANNALS_TRY(const Zone zone, zone_of(options.tz, *log));
  Amendment amendment{target, options.outlet, std::nullopt, options.because, {}};
  if (options.published) {
    auto published = make_published(*options.published, zone, options.tz ? ZoneSource::kOperator : ZoneSource::kAssumed);
    if (!published) return at("--published", published.error());
    amendment.published = *std::move(published);
  }
  std::string what = target_text(target, *log) + " amended";
  if (options.outlet) what += ": outlet " + *options.outlet;
  if (amendment.published) what += ": published " + format_published(*amendment.published);
  return append_one(program, *log, {options.by, std::move(amendment)}, what, options.json);
}

struct ReviewOptions {
  std::vector<std::string> target;      // POSITION[#claim]; with `list` a query
  bool list = false;
  BoundsOptions bounds;
  std::uint64_t limit = 50;
  Format format = Format::kTable;
  bool accept = false;
  bool reject = false;
  std::string amend;       // JSON
  std::vector<std::string> set;
  std::string interpreter = "annals";
  std::string by;
  std::string because;
  bool json = false;
};

struct Read {
  InterpreterId by;
  Reading reading;
};

// The newest reading of a statement by `name` ("annals", or "annals/2" for that version only).
Result<Read> newest_reading(const EventLog& log, const Event& event, const std::string& name) {
  const auto& statement = std::get<StatementEvent>(event.body);
  std::string wanted = name;
  std::optional<std::uint32_t> version;
  if (const std::size_t slash = name.rfind('/'); slash != std::string::npos) {
    wanted = name.substr(0, slash);
    try {
      version = static_cast<std::uint32_t>(std::stoul(name.substr(slash + 1)));
    } catch (const std::exception&) {
      return invalid(fmt::format("--interpreter: expected a name, or name/version, found '{}'", name));
    }
  }
  std::optional<Read> best;
  Position best_at;
  if (statement.interpreter.name == wanted && (!version || *version == statement.interpreter.version)) {
    best = Read{statement.interpreter, statement.reading};
    best_at = event.position;
  }
  ANNALS_TRY(const Position seen, log.read({event.position, log.last()}, [&](const Event& each) {
    const auto* again = std::get_if<Reinterpretation>(&each.body);
    if (again != nullptr && again->about == event.id && again->interpreter.name == wanted && (!version || *version == again->interpreter.version)) {
      best = Read{again->interpreter, again->reading};
      best_at = each.position;
    }
    return Visit::kContinue;
  }));
  static_cast<void>(seen);
  if (!best) return invalid(fmt::format("position {}: not read by {}", event.position.value, name));
  return *std::move(best);
}

// "status=allowed", "rate=0.25", "product=h200": into the claim's JSON.
Status set_slot(Json& claim, const std::string& pair) {
  const std::size_t equal = pair.find('=');
  if (equal == std::string::npos || equal == 0) return invalid(fmt::format("--set: expected NAME=VALUE, found '{}'", pair));
  const std::string name = pair.substr(0, equal);
  const std::string value = pair.substr(equal + 1);
  for (const char* field : {"modality", "attribution", "aspect", "when", "said_at"}) {
    if (name != field) continue;
    claim[name] = value.empty() ? Json(nullptr) : Json(value);
    claim.erase(name + "_span");
    return {};
  }
  const ClaimKind* kind = find_claim_kind(claim.value("type", ""));
  const SlotSpec* spec = kind == nullptr ? nullptr : kind->slot(name);
  if (spec == nullptr) {
    std::string known = "modality, aspect, when";
    if (kind != nullptr)
      for (const SlotSpec& each : kind->slots) known += ", " + std::string(each.name);
    return invalid(fmt::format("--set: expected one of {}, found '{}'", known, name));
  }
  if (value.empty()) {
    claim["slots"].erase(name);
  } else if (spec->type == SlotType::kAmount) {
    const Json number = Json::parse(value, nullptr, false);
    if (!number.is_number()) return invalid(fmt::format("--set {}: expected a number, found '{}'", name, value));
    claim["slots"][name] = number;
  } else {
    claim["slots"][name] = value;
  }
  return {};
}

std::string rests_text(const RestingAnswer& each) {
  return fmt::format("{} {}, {}: {}{}{}", each.projection, each.key, lane_name(each.lane), each.disputes ? "against it, " : "", each.value,
                     each.alone ? " (nobody else says so)" : "");
}

Result<int> run_review_list(Program& program, const ReviewOptions& options) {
  if (options.accept || options.reject || !options.amend.empty() || !options.set.empty()) return invalid("--list: expected no verdict beside it");
  ANNALS_TRY(const Lexicon* lexicon, program.lexicon());
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kReadOnly));
  ANNALS_TRY(const Asked asked, resolve(options.bounds, *log, program.clock));
  const Query& query = program.query(*log, *lexicon);
  ANNALS_TRY(AuditQuestion question, understand_question(options.target, query, *lexicon));
  question.bounds = asked.bounds;
  ANNALS_TRY(const std::vector<Unreviewed> found, unreviewed(*log, query, *lexicon, question, program.clock.now()));
  const std::size_t shown = options.limit == 0 ? found.size() : std::min<std::size_t>(found.size(), options.limit);
  if (options.format != Format::kTable) {
    Json items = Json::array();
    for (std::size_t i = 0; i < shown; ++i) {
      const Unreviewed& each = found[i];
      const Assertion& row = each.assertion;
      Json answers = Json::array();
      for (const RestingAnswer& rest : each.answers)
        answers.push_back({{"projection", rest.projection}, {"key", rest.key}, {"lane", lane_name(rest.lane)}, {"value", rest.value}, {"disputes", rest.disputes}, {"alone", rest.alone}, {"inherited", rest.inherited}});
      Json item{{"kind", "unreviewed"}};
      item.update(place_json(row.place));
      item.update(Json{{"type", row.type}, {"subject", row.subject}, {"says", row.says}, {"outlet", row.article.outlet ? Json(*row.article.outlet) : Json(nullptr)}, {"speakers", row.speakers},
                       {"published", row.article.published ? Json(format_published(*row.article.published)) : Json(nullptr)}, {"quote", row.quote}, {"disputed", each.disputed}, {"alone", each.alone},
                       {"answers", std::move(answers)}});
      if (options.format == Format::kJsonl) program.out.line(to_line(item));
      else items.push_back(std::move(item));
    }
    if (options.format == Format::kJson) program.out.line(Json{{"total", found.size()}, {"unreviewed", std::move(items)}}.dump(2, ' ', false, Json::error_handler_t::replace));
    return kDone;
  }
  for (std::size_t i = 0; i < shown; ++i) {
    const Unreviewed& each = found[i];
    const Assertion& row = each.assertion;
    program.out.line(paint(fmt::format("{}#{}  {} {}: {}{}", row.place.position.value, row.place.claim.value_or(0), row.type, row.subject, row.says, each.disputed ? "  (disputed)" : ""), Ink::kBold, program.colour));
    Evidence words;
    words.quote = row.quote;
    words.rendition = row.article.rendition;
    program.out.line(fmt::format("    {}, {}", row.article.outlet.value_or("unknown outlet"), row.article.published ? compact_time(format_published(*row.article.published)) : "undated"));
    for (const std::string& line : wrap(quote_text(words), program.width > 16 ? program.width - 4 : 12)) program.out.line("    " + line);
    for (const RestingAnswer& rest : each.answers) program.out.line(paint("    " + rests_text(rest), Ink::kDim, program.colour));
    program.out.line("");
  }
  program.out.line(paint(found.empty() ? "nothing that answers rest on is unreviewed"
                                       : fmt::format("{} claims that answers rest on are unreviewed{}; annals review POSITION#CLAIM --accept, --reject or --set", grouped(found.size()),
                                                     shown < found.size() ? fmt::format(", {} shown (--limit 0 shows all)", grouped(shown)) : ""),
                         Ink::kDim, program.colour));
  return kDone;
}

Result<int> run_review(Program& program, const ReviewOptions& options) {
  if (options.list) return run_review_list(program, options);
  if (options.target.size() != 1) return invalid("expected one POSITION[#claim], or --list");
  if (options.by.empty()) return invalid("--by: expected who says so");
  if (options.because.empty()) return invalid("--because: expected why");
  const int verdicts = (options.accept ? 1 : 0) + (options.reject ? 1 : 0) + (options.amend.empty() && options.set.empty() ? 0 : 1);
  if (verdicts != 1) return invalid("expected one of --accept, --reject, and --amend or --set");
  std::string place = options.target.front();
  std::optional<std::uint32_t> ordinal;
  if (const std::size_t mark = place.find_first_of("#.", 1); mark != std::string::npos) {
    const std::string number = place.substr(mark + 1);
    if (number.empty() || number.size() > 6 || number.find_first_not_of("0123456789") != std::string::npos)
      return invalid(fmt::format("expected POSITION[#claim] such as 12#0, found '{}'", options.target.front()));
    ordinal = static_cast<std::uint32_t>(std::stoul(number));
    place = place.substr(0, mark);
  }
  ANNALS_TRY(const Lexicon* lexicon, program.lexicon());
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kOpen));
  ANNALS_TRY(const Position position, parse_position(place, *log));
  ANNALS_TRY(const Event event, log->get(position));
  if (event.kind() != EventKind::kStatement) return invalid(fmt::format("position {}: expected a statement, found a {}", position.value, event_kind_name(event.kind())));
  ANNALS_TRY(const Read read, newest_reading(*log, event, options.interpreter));
  const std::vector<Claim>& claims = read.reading.claims;
  std::optional<std::size_t> index;
  for (std::size_t i = 0; ordinal && i < claims.size(); ++i)
    if (claim_ordinal(read.reading, i) == *ordinal) index = i;
  if (ordinal && !index) return invalid(fmt::format("position {} has {} claims as read by {}; expected a claim from 0, found {}", position.value, claims.size(), read.by.text(), *ordinal));

  Review review{event.id, ordinal, read.by, options.accept ? Verdict::kAccept : options.reject ? Verdict::kReject : Verdict::kAmend, std::nullopt, options.because, {}};
  if (review.verdict == Verdict::kAmend) {
    if (!index && claims.size() == 1) {
      index = 0;
      review.claim = claim_ordinal(read.reading, 0);
    }
    if (!index) return invalid(fmt::format("position {} has {} claims; say which: {}#0", position.value, claims.size(), position.value));
    Json claim = claim_json(claims[*index], std::nullopt, log->info().zone);
    claim.erase("valid");
    if (!options.amend.empty()) {
      const Json patch = Json::parse(options.amend, nullptr, false);
      if (!patch.is_object()) return invalid("--amend: expected a JSON object such as {\"slots\":{\"status\":\"allowed\"}}");
      for (const char* when : {"when", "said_at"})
        if (patch.contains(when)) claim.erase(std::string(when) + "_span");
      claim.merge_patch(patch);
    }
    for (const std::string& pair : options.set) ANNALS_CHECK_OK(set_slot(claim, pair));
    auto amended = claim_from_json(claim);
    if (!amended) return at("--amend", amended.error());
    resolve_names(*amended, *lexicon);
    if (auto valid = validate_claim(*amended); !valid) return at("--amend", valid.error());
    if (auto valid = validate_quote(*amended, std::get<StatementEvent>(event.body).statement); !valid) return at("--amend", valid.error());
    review.amended = *std::move(amended);
  }
  const std::string what = fmt::format("{} {} of #{} by {}", verdict_name(review.verdict), review.claim ? fmt::format("claim {}", *review.claim) : std::string("every claim"), position.value, options.by);
  return append_one(program, *log, {options.by, std::move(review)}, what, options.json);
}

void add_who(Command& command, std::string& by, std::string& because, bool& json) {
  command.add_option("--by", by, "Who says so")->required()->type_name("WHO");
  command.add_option("--because", because, "Why")->required()->type_name("WHY");
  command.add_flag("--json", json, "Print the receipt as one JSON object");
}

}  // namespace

void add_review(Command& app, Program& program) {
  auto options = std::make_shared<ReviewOptions>();
  Command* command = app.add_subcommand("review", "Accept, reject or amend a claim, or all claims of a statement; answers know it from now on");
  command->add_option("POSITION[#CLAIM]", options->target, "A statement, and which of its claims (from 0), as answers show them: 12#0 or 12.0; with --list a projection with its key, or an entity");
  command->add_flag("--list", options->list, "What is unreviewed and matters: claims that answers rest on, disputed ones first");
  command->add_flag("--accept", options->accept, "The claim stands");
  command->add_flag("--reject", options->reject, "The claim was read wrongly");
  command->add_option("--amend", options->amend, "What it says instead, as JSON that is merged into the claim")->type_name("JSON");
  command->add_option("--set", options->set, "One slot instead: status=allowed, rate=0.25; may be repeated; no value takes it out")->allow_extra_args(false)->type_name("NAME=VALUE");
  command->add_option("--interpreter", options->interpreter, "Whose reading is reviewed (default annals, its newest)")->type_name("NAME");
  command->add_option("--by", options->by, "Who says so")->type_name("WHO");
  command->add_option("--because", options->because, "Why")->type_name("WHY");
  command->add_flag("--json", options->json, "Print the receipt as one JSON object");
  command->add_option("--limit", options->limit, "Claims listed (default 50, 0: all)")->type_name("N");
  command->add_option("--as-of", options->bounds.text.as_of, "With --list: of the answers as known at T")->type_name("T");
  command->add_option("--tz", options->bounds.tz, "Zone of --as-of (default: the store's)")->type_name("Z");
  add_format(*command, options->format);
  add_examples(*command, {{"annals review --list export_control", "what a person should look at next"},
                          {"annals review 12#0 --reject --by 'Chen Wei' --because 'a forecast, not a decision'", ""},
                          {"annals review 12#1 --set status=required --set rate=0.25 --by cw --because 'see the original'", ""}});
  command->callback([&program, options] { program.run = [&program, options] { return run_review(program, *options); }; });
}

void add_withdraw(Command& app, Program& program) {
  auto options = std::make_shared<WithdrawOptions>();
  Command* command = app.add_subcommand("withdraw", "Record that an outlet took back or corrected what it printed; works from that publication on");
  add_target(*command, options->target);
  command->add_option("--published", options->published, "When the outlet took it back")->required()->type_name("T");
  command->add_option("--outlet", options->outlet, "Who took it back, where not the outlet itself")->type_name("O");
  command->add_option("--tz", options->tz, "Zone of --published (default: the store's, assumed)")->type_name("Z");
  add_who(*command, options->by, options->because, options->json);
  add_examples(*command, {{"annals withdraw 12 --article --published 2025-12-11T09:00 --tz Asia/Shanghai --by desk --because 'correction printed'", ""}});
  command->callback([&program, options] { program.run = [&program, options] { return run_withdraw(program, *options); }; });
}

void add_retract(Command& app, Program& program) {
  auto options = std::make_shared<RetractOptions>();
  Command* command = app.add_subcommand("retract", "Strike what should not be in the log (a wrong file, a wrong date), or strike a retraction; works from now on");
  add_target(*command, options->target);
  add_who(*command, options->by, options->because, options->json);
  add_examples(*command, {{"annals retract 12 --note --by desk --because 'wrong file'", ""}, {"annals retract 57 --by desk --because 'the file was right after all'", "57 being the retraction"}});
  command->callback([&program, options] { program.run = [&program, options] { return run_retract(program, *options); }; });
}

void add_amend(Command& app, Program& program) {
  auto options = std::make_shared<AmendOptions>();
  Command* command = app.add_subcommand("amend", "Say who published an article, and when, where the note did not; works from now on");
  command->add_option("POSITION", options->position, "Position of a statement of the article")->required();
  command->add_option("--outlet", options->outlet, "Who published it")->type_name("O");
  command->add_option("--published", options->published, "When: an ISO time or a range T/T")->type_name("T[/T]");
  command->add_option("--tz", options->tz, "Zone of --published (default: the store's, assumed)")->type_name("Z");
  add_who(*command, options->by, options->because, options->json);
  add_examples(*command, {{"annals amend 340 --published 2025-11-26 --tz Asia/Taipei --by desk --because 'printed edition'", "dates an undated article"}});
  command->callback([&program, options] { program.run = [&program, options] { return run_amend(program, *options); }; });
}

}  // namespace annals::cli
