// annals audit: who asserted what, when, first, again, against whom.

#include "engine/audit/audit.h"

#include <fmt/format.h>

#include <sstream>

#include "engine/projection/projection.h"
#include "tools/annals/answers.h"
#include "tools/annals/audit_parts.h"
#include "tools/annals/audit_report.h"
#include "tools/annals/bounds.h"
#include "tools/annals/commands.h"
#include "tools/annals/prove.h"

namespace annals::cli {
namespace {

struct Options {
  std::vector<std::string> query;
  std::optional<std::string> outlet;
  std::optional<std::string> speaker;
  BoundsOptions bounds;
  std::string report;          // "markdown", "html"; empty: none
  std::optional<std::string> key;
  std::uint64_t limit = 200;
  std::uint64_t offset = 0;
  bool check = false;
  bool contradictions = false;
  bool sources = false;
  bool copies = false;
  std::optional<std::string> without;
  bool must_match = false;
  Format format = Format::kTable;
};

std::string places_text(const std::vector<AssertionPlace>& places) {
  std::string out;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (i == 8) return out + fmt::format(" and {} more", places.size() - i);
    out += (i == 0 ? "" : ", ") + place_text(places[i]);
  }
  return out;
}

Json places_json(const std::vector<AssertionPlace>& places) {
  Json out = Json::array();
  for (const AssertionPlace& place : places) out.push_back(place_json(place));
  return out;
}

Json copies_json(const std::vector<CopiedAssertion>& copies) {
  Json out = Json::array();
  for (const CopiedAssertion& copy : copies) {
    Json each = place_json(copy.place);
    each["outlet"] = copy.outlet.empty() ? Json(nullptr) : Json(copy.outlet);
    each["published"] = copy.published ? Json(format_published(*copy.published)) : Json(nullptr);
    out.push_back(std::move(each));
  }
  return out;
}

Json row_json(const Assertion& row, const Zone& zone, const std::optional<std::string>& bytes) {
  Json changed = Json::array();
  for (const Position position : row.changed_by) changed.push_back(position.value);
  Json out{{"position", row.place.position.value},
           {"claim_ordinal", row.place.claim ? Json(*row.place.claim) : Json(nullptr)},
           {"id", row.statement.hex()},
           {"note", row.note.hex()},
           {"article", head_json(row.article)},
           {"statement_span", Json::array({row.statement_span.begin, row.statement_span.end})},
           {"span", Json::array({row.span.begin, row.span.end})},
           {"quote", row.quote},
           {"erased", row.erased ? Json(row.erased->value) : Json(nullptr)},
           {"recorded_at", format_utc(row.recorded_at)},
           {"known_from", instant_json(row.known_from)},
           {"speakers", row.speakers},
           {"modality", modality_name(row.modality)},
           {"attribution", attribution_name(row.attribution)},
           {"type", row.type.empty() ? Json(nullptr) : Json(row.type)},
           {"subject", row.subject.empty() ? Json(nullptr) : Json(row.subject)},
           {"says", row.says.empty() ? Json(nullptr) : Json(row.says)},
           {"inherited_from", row.inherited_from ? Json(*row.inherited_from) : Json(nullptr)},
           {"standing", standing_name(row.standing)},
           {"changed_by", std::move(changed)},
           {"turn", row.turn},
           {"first", row.first ? place_json(*row.first) : Json(nullptr)},
           {"copies", copies_json(row.copies)},
           {"copy_of", row.copy_of ? Json(row.copy_of->value) : Json(nullptr)},
           {"against", places_json(row.against)},
           {"claim", row.claim ? claim_json(*row.claim, row.article.published, zone) : Json(nullptr)}};
  if (bytes) out["bytes"] = bytes->empty() ? Json("as quoted") : Json(*bytes);
  return out;
}

Json source_json(const AuditSource& source) {
  return {{"outlet", source.outlet.empty() ? Json(nullptr) : Json(source.outlet)},
          {"speaker", source.speaker.empty() ? Json(nullptr) : Json(source.speaker)},
          {"assertions", source.assertions},
          {"first", source.first},
          {"taken_back", source.taken_back},
          {"from", instant_json(source.from)},
          {"to", instant_json(source.to)}};
}

Ink standing_ink(Standing standing) {
  switch (standing) {
    case Standing::kStands: return Ink::kPlain;
    case Standing::kAccepted: return Ink::kGreen;
    case Standing::kAmended: return Ink::kYellow;
    case Standing::kRejected:
    case Standing::kWithdrawn:
    case Standing::kRetracted: return Ink::kRed;
  }
  return Ink::kPlain;
}

std::string asked_text(const AuditQuestion& question) {
  std::string out;
  if (question.projection) out = *question.projection + (question.key.empty() ? "" : " " + question.key);
  else if (question.entity) out = *question.entity;
  else if (!question.words.empty()) {
    for (const std::string& word : question.words) out += (out.empty() ? "words " : " ") + word;
  } else {
    out = "everything";
  }
  if (question.outlet) out += ", outlet " + *question.outlet;
  if (question.speaker) out += ", speaker " + *question.speaker;
  return out;
}

// A word of the command line, so that a shell takes it as it is.
std::string shell_word(const std::string& word) {
  if (!word.empty() && word.find_first_of(" \t\n'\"\\$`*?[]{}()<>|&;#~!") == std::string::npos) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// The line that asks the same of the same log, whatever was recorded since.
std::string command_text(const Options& options, const AnswerBasis& basis) {
  std::string out = "annals audit";
  for (const std::string& word : options.query) out += " " + shell_word(word);
  const auto add = [&](std::string_view name, const std::string& value) { out += fmt::format(" --{} {}", name, shell_word(value)); };
  if (options.outlet) add("outlet", *options.outlet);
  if (options.speaker) add("speaker", *options.speaker);
  add("published-by", format_utc(basis.published_by));
  add("valid-at", format_utc(basis.valid_at));
  add("recorded-by", std::to_string(basis.recorded_to.value));
  if (basis.clock == KnownClock::kObserved) add("clock", "observed");
  if (basis.reviewed) out += " --reviewed";
  if (!basis.interpreter.empty()) add("interpreter", basis.interpreter);
  return out;
}

Result<int> print_report(Program& program, const EventLog& log, const Query& query, const Lexicon& lexicon, const Options& options, const AuditQuestion& question, const AuditAnswer& answer, const Zone& zone) {
  ReportOptions report{asked_text(question), command_text(options, answer.basis), std::nullopt, zone};
  if (options.key) {
    // A server signs nothing for whoever asks.
    if (program.served != nullptr) return Error{ErrorCode::kInvalid, "--key: not at a server; ask without it, and sign a checkpoint where the key is"};
    ANNALS_TRY(report.checkpoint, signed_checkpoint(log, *options.key, answer.basis.log_size.value));
  }
  ANNALS_TRY(const Report out, audit_report(log, query, lexicon, question, answer, report, program.clock.now()));
  program.out.write(options.report == "html" ? out.document.html() : out.document.markdown());
  return out.altered || (options.must_match && answer.rows.empty()) ? kNegative : kDone;
}

void print_row(Program& program, const Assertion& row, const std::optional<std::string>& bytes) {
  std::string head = row.article.published ? format_published(*row.article.published) : "undated";
  head += "  " + row.article.outlet.value_or("unknown outlet");
  if (row.article.carrier) head += " through " + *row.article.carrier;
  if (row.article.rendition != Rendition::kVerbatim) head += fmt::format(" ({})", rendition_name(row.article.rendition));
  std::string who;
  for (const std::string& speaker : row.speakers) who += (who.empty() ? "" : " via ") + speaker;
  head += "  " + (who.empty() ? std::string("in its own voice") : who);
  if (row.attribution == Attribution::kAnonymous || row.attribution == Attribution::kHearsay) head += fmt::format(" ({})", attribution_name(row.attribution));
  program.out.line(paint(head, Ink::kBold, program.colour));
  if (row.claim) {
    std::string said = fmt::format("{} {}: {}", row.type, row.subject, row.says);
    said += fmt::format("  [{}, {}]", modality_name(row.modality), aspect_name(row.claim->aspect));
    if (row.inherited_from) said += "  said of " + *row.inherited_from;
    program.out.line("    " + said);
  }
  Evidence words;
  words.quote = row.quote;
  words.rendition = row.article.rendition;
  for (const std::string& line : wrap(quote_text(words), program.width > 16 ? program.width - 4 : 12)) program.out.line("    " + line);
  std::string marks = row.claim ? (row.turn == 1 ? "first" : fmt::format("again ({}), first by {}", row.turn, row.first ? place_text(*row.first) : "")) : "";
  if (row.copy_of) marks += (marks.empty() ? "" : "; ") + fmt::format("in a copy of the article at #{}", row.copy_of->value);
  if (!row.against.empty()) marks += (marks.empty() ? "" : "; ") + fmt::format("against {}", places_text(row.against));
  if (!marks.empty()) program.out.line("    " + marks);
  for (std::size_t i = 0; i < row.copies.size() && i < 8; ++i) {
    const CopiedAssertion& copy = row.copies[i];
    program.out.line(fmt::format("    copied by {}, {}  {}", copy.outlet.empty() ? "unknown outlet" : copy.outlet, copy.published ? format_published(*copy.published) : "undated", place_text(copy.place)));
  }
  if (row.copies.size() > 8) program.out.line(fmt::format("    and by {} more", row.copies.size() - 8));
  if (row.standing != Standing::kStands || !row.changed_by.empty()) {
    std::string by;
    for (const Position position : row.changed_by) by += fmt::format("{}#{}", by.empty() ? "" : ", ", position.value);
    program.out.line("    " + paint(fmt::format("{}{}", standing_name(row.standing), by.empty() ? "" : " by " + by), standing_ink(row.standing), program.colour));
  }
  program.out.line(paint(fmt::format("    {}  note {} article {} bytes {}-{}{}", place_text(row.place), row.note.hex(), row.article.ordinal, row.span.begin, row.span.end,
                                     !bytes ? "" : bytes->empty() ? ": as quoted" : ": " + *bytes),
                         bytes && !bytes->empty() ? Ink::kRed : Ink::kDim, program.colour));
}

Result<int> run(Program& program, const Options& options) {
  ANNALS_TRY(const Lexicon* lexicon, program.lexicon());
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kReadOnly));
  ANNALS_TRY(const Asked asked, resolve(options.bounds, *log, program.clock));
  const Query& query = program.query(*log, *lexicon);
  ANNALS_TRY(AuditQuestion question, understand_question(options.query, query, *lexicon));
  question.outlet = options.outlet;
  question.speaker = options.speaker;
  question.bounds = asked.bounds;
  if (options.copies) return print_copies(program, *log, question.bounds, asked.zone, options.format);
  if (options.without) {
    ANNALS_TRY(const LeftOut left_out, parse_left_out(*options.without));
    if (question.projection && !question.key.empty()) {
      // States have whole keys, with the destination that nobody typed.
      ANNALS_TRY(const ResolvedKey whole, query.resolve_key(*question.projection, question.key));
      question.key = whole.key;
    }
    return print_without(program, *log, *lexicon, left_out, question, asked.zone, options.format);
  }
  ANNALS_TRY(const AuditAnswer answer, audit(*log, query, *lexicon, question, program.clock.now()));
  if (options.contradictions) return print_contradictions(program, *lexicon, answer, asked.zone, options.format);
  if (!options.report.empty()) return print_report(program, *log, query, *lexicon, options, question, answer, asked.zone);
  if (options.sources) return print_sources(program, *log, *lexicon, answer, question.bounds, asked.zone, options.format);

  const std::size_t first = std::min<std::size_t>(options.offset, answer.rows.size());
  const std::size_t end = options.limit == 0 ? answer.rows.size() : std::min<std::size_t>(first + options.limit, answer.rows.size());
  bool altered = false;
  std::vector<std::optional<std::string>> bytes(answer.rows.size());
  for (std::size_t i = first; options.check && i < end; ++i) {
    ANNALS_TRY(const auto erased, erased_words(*log, answer.rows[i]));
    if (erased) {
      bytes[i] = fmt::format("the note's bytes were erased by order (#{})", erased->value);
      continue;
    }
    ANNALS_TRY(bytes[i], check_bytes(*log, answer.rows[i]));
    altered |= !bytes[i]->empty();
  }
  if (options.format == Format::kTable) {
    program.out.line(paint("audit of " + asked_text(question), Ink::kBold, program.colour));
    program.out.line("");
    for (std::size_t i = first; i < end; ++i) {
      print_row(program, answer.rows[i], bytes[i]);
      program.out.line("");
    }
    if (answer.rows.empty()) program.out.line("nobody asserted anything of it");
    if (end < answer.rows.size()) program.out.line(fmt::format("… {} of {} shown; --offset {} goes on, --limit 0 shows all\n", end - first, answer.rows.size(), end));
    Table table({{"outlet", false, 30}, {"speaker", false, 30}, {"assertions", true}, {"first", true}, {"taken back", true}, {"from"}, {"to"}});
    for (std::size_t i = 0; i < answer.sources.size() && i < 40; ++i) {
      const AuditSource& source = answer.sources[i];
      table.add({source.outlet.empty() ? "unknown" : source.outlet, source.speaker, grouped(source.assertions), grouped(source.first), source.taken_back == 0 ? "" : grouped(source.taken_back),
                 source.from ? format_local(*source.from, asked.zone) : "undated", source.to ? format_local(*source.to, asked.zone) : ""});
    }
    if (!table.empty()) program.out.write(table.render(program.width, program.colour));
    if (answer.sources.size() > 40) program.out.line(fmt::format("and {} more sources", answer.sources.size() - 40));
    program.out.line("");
    program.out.line(paint(fmt::format("{} assertions by {} sources; {} statements looked at", grouped(answer.rows.size()), grouped(answer.sources.size()), grouped(answer.statements_seen)),
                           Ink::kDim, program.colour));
    print_basis(program, answer.basis, asked.zone);
  } else if (options.format == Format::kJsonl) {
    program.out.line(to_line(basis_line(answer.basis, nullptr)));
    for (std::size_t i = first; i < end; ++i) {
      Json line{{"kind", "assertion"}};
      line.update(row_json(answer.rows[i], log->info().zone, bytes[i]));
      program.out.line(to_line(line));
    }
    for (const AuditSource& source : answer.sources) {
      Json line{{"kind", "source"}};
      line.update(source_json(source));
      program.out.line(to_line(line));
    }
  } else {
    Json rows = Json::array();
    for (std::size_t i = first; i < end; ++i) rows.push_back(row_json(answer.rows[i], log->info().zone, bytes[i]));
    Json sources = Json::array();
    for (const AuditSource& source : answer.sources) sources.push_back(source_json(source));
    program.out.line(Json{{"basis", basis_json(answer.basis)}, {"statements_seen", answer.statements_seen}, {"total", answer.rows.size()}, {"rows", std::move(rows)}, {"sources", std::move(sources)}}.dump(2, ' ', false, Json::error_handler_t::replace));
  }
  return altered || (options.must_match && answer.rows.empty()) ? kNegative : kDone;
}

}  // namespace

void add_audit(Command& app, Program& program) {
  auto options = std::make_shared<Options>();
  Command* command = app.add_subcommand("audit", "Who asserted what, when, first, again, against whom, and whether it still stands; down to the bytes");
  command->add_option("QUERY", options->query, "A projection with its key (export_control H20), an entity (H20, 英伟达), or words that stand in the statement");
  command->add_option("--outlet", options->outlet, "Only of this outlet (a part of its name will do)")->type_name("O");
  command->add_option("--speaker", options->speaker, "Only of this speaker")->type_name("S");
  add_bounds(*command, options->bounds);
  Option* against = command->add_flag("--contradictions", options->contradictions, "What cannot both hold, with both sides, the reason, and by what it was settled");
  Option* sources = command->add_flag("--sources", options->sources, "The record of each outlet and speaker: first, by how long, repeated by whom, confirmed, contradicted, forecasts with outcome");
  Option* copies = command->add_flag("--copies", options->copies, "Articles that copy or revise an earlier one, over the whole log");
  Option* without = command->add_option("--without", options->without, "What answers would be without outlet=O, speaker=S, statement=P, note=HASH or article=HASH/N, and which rest on it")->type_name("WHAT=WHICH");
  Option* report = command->add_option("--report", options->report, "A page to be filed: the question, the answer, every statement with its words and place, contradictions, copies, and how to check it")
                            ->one_of({"markdown", "html"})->type_name("markdown|html");
  command->add_option("--key", options->key, "Sign a checkpoint for the report with this key")->type_name("FILE")->needs(report);
  for (Option* other : {against, sources, copies, without}) report->excludes(other);
  against->excludes(sources)->excludes(copies)->excludes(without);
  sources->excludes(copies)->excludes(without);
  copies->excludes(without);
  command->add_flag("--check", options->check, "Compare each quote with the stored note's bytes; exit 1 where they differ");
  command->add_option("--limit", options->limit, "Assertions shown (default 200, 0: all)")->type_name("N");
  command->add_option("--offset", options->offset, "Assertions passed over")->type_name("N");
  command->add_flag("--must-match", options->must_match, "Exit 1 where nobody asserted anything of it");
  add_format(*command, options->format);
  add_examples(*command, {{"annals audit export_control H20", "everybody who said whether H20 may be exported"},
                          {"annals audit h20 --outlet 观察者网 --check", "what one outlet said of it, compared with the stored bytes"},
                          {"annals audit 英伟达 --speaker 黄仁勋 --as-of 2025-12-09", ""},
                          {"annals audit 第三批 许可证 --format jsonl", "words, in any script or width"},
                          {"annals audit h200 --contradictions", "who says otherwise, and which of it is settled"},
                          {"annals audit --sources --as-of 2025-12-31", "who was first, who repeats whom, whose forecasts came about"},
                          {"annals audit export_control H200 --as-of 2025-12-10 --report html --key desk.key > audit.html", "a page that a person can file and somebody else can check"},
                          {"annals audit --without outlet=观察者网 --as-of 2025-12-10", "what would not be known, or known otherwise"}});
  command->callback([&program, options] { program.run = [&program, options] { return run(program, *options); }; });
}

}  // namespace annals::cli
