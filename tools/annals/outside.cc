#include "tools/annals/outside.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "engine/claim/kinds.h"
#include "engine/ingest/reread.h"
#include "tools/annals/names.h"
#include "tools/annals/table.h"

namespace annals::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kEndPatience(2'000);

Error invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

std::string start_of(std::string_view line) {
  std::string out = one_line(line);
  return shorten(out, 60);
}

std::string why(const std::string& ended) { return ended.empty() ? "it ended" : "it ended: " + ended; }

}  // namespace

const char* const kOutsideProtocol =
    "An outside interpreter is a command for the shell that speaks JSON, one object a line:\n"
    "  it says first      {\"interpreter\": \"NAME\", \"version\": 1}\n"
    "  it is given        a statement: {\"id\", \"text\", \"span\", \"article\": {…}, \"heading\", \"previous\", \"entities\": […], …}, as export writes it\n"
    "  and answers each   {\"id\": \"…\", \"claims\": [{\"type\", \"slots\": {…}, \"quote\", \"modality\", \"aspect\", \"when\", …}]}, or {\"id\", \"error\": \"why\"}\n"
    "Its claims stand beside ours under its name; --interpreter NAME asks for answers by them.\n";

void add_outside(Command& command, std::string& interpreter, double& timeout) {
  command.add_option("--interpreter", interpreter, "A program that reads statements too, beside ours: a command for the shell (annals reread --help says what it is told and answers)")->type_name("COMMAND");
  command.add_option("--interpreter-timeout", timeout, "Seconds that it may take to start, and for a statement (default 60)")->range(0.01, 86'400.0)->type_name("S")->needs("--interpreter");
}

std::function<void(const std::string&)> complainer(const Program& program) {
  constexpr std::size_t kLinesMax = 100;
  return [&program, told = std::size_t{0}](const std::string& line) mutable {
    if (++told <= kLinesMax) program.complain(line);
    if (told == kLinesMax) program.complain("… what else goes wrong is counted, not told");
  };
}

Result<OutsideSummary> run_outside(Program& program, EventLog& log, OutsideProgram& outside, const Lexicon& lexicon, const OutsideOptions& options) {
  Progress progress(program.progress);
  auto summary = read_outside(log, outside, lexicon, options, [&](const OutsideSummary& so_far) {
    progress.show(fmt::format("{} statements read by {}, {} not", grouped(so_far.read), outside.id().text(), grouped(so_far.failed)));
  });
  progress.clear();
  outside.finish();
  return summary;
}

Json outside_json(const InterpreterId& id, const OutsideSummary& summary) {
  return {{"interpreter", id.text()},         {"statements", summary.statements}, {"read", summary.read},
          {"changed", summary.changed},       {"failed", summary.failed},         {"not_asked", summary.not_asked},
          {"already_read", summary.already_read}, {"claims", summary.claims},     {"lexicon_facts", summary.lexicon_facts},
          {"last_position", summary.last.value}};
}

std::string outside_text(const InterpreterId& id, const OutsideSummary& summary) {
  std::string out = fmt::format("{} read {} of {} statements: {} readings stored, {} claims", id.text(), grouped(summary.read), grouped(summary.statements), grouped(summary.changed), grouped(summary.claims));
  if (summary.already_read > 0) out += fmt::format("; {} it had read before", grouped(summary.already_read));
  if (summary.not_asked > 0) out += fmt::format("; {} were not asked for", grouped(summary.not_asked));
  return out + fmt::format("; the log ends at position {}", grouped(summary.last.value));
}

std::string outside_question(const OutsideStatement& asked) {
  const Statement& statement = asked.statement;
  return to_line(Json{{"kind", "statement"},
                      {"id", asked.id.hex()},
                      {"position", asked.position.value},
                      {"note", asked.note.hex()},
                      {"article", head_json(asked.head)},
                      {"heading", statement.heading},
                      {"block", block_name(statement.block)},
                      {"span", Json::array({statement.span.begin, statement.span.end})},
                      {"text", statement.text},
                      {"previous", asked.previous.empty() ? Json(nullptr) : Json(asked.previous)},
                      {"times", times_json(asked.ours.times)},
                      {"quantities", quantities_json(asked.ours.quantities)},
                      {"entities", entities_json(asked.ours.entities)}});
}

Result<Reading> outside_reading(const Json& answer, const OutsideStatement& asked, const Lexicon& lexicon) {
  if (const auto error = answer.find("error"); error != answer.end() && !error->is_null())
    return invalid("it says: " + (error->is_string() ? one_line(error->get_ref<const std::string&>()) : to_line(*error)));
  const auto claims = answer.find("claims");
  if (claims == answer.end() || !claims->is_array()) return invalid("claims: expected a list");
  const Statement& statement = asked.statement;
  ANNALS_TRY(Reading out, reading_head_from_json(answer));
  for (std::size_t i = 0; i < claims->size(); ++i) {
    const Json& json = (*claims)[i];
    const std::string place = fmt::format("claims[{}]", i);
    auto read = claim_from_json(json);
    if (!read) return at(place, read.error());
    Claim claim = *std::move(read);
    const auto given = [&](const char* name) { return json.contains(name) && !json[name].is_null(); };
    if (!given("attribution")) claim.attribution = claim.speakers.empty() ? Attribution::kOwn : Attribution::kNamed;
    if (!given("aspect")) {
      const bool ahead = claim.modality == Modality::kPlanned || claim.modality == Modality::kForecast || claim.modality == Modality::kConditional;
      claim.aspect = ahead ? Aspect::kTarget : Aspect::kHolds;
    }
    // Where the text is not simply the note's bytes, a place is found by its words.
    if (given("span") && statement.pieces.empty()) {
      if (claim.span.begin < statement.span.begin || claim.span.end > statement.span.end || claim.span.empty())
        return invalid(fmt::format("{}.span: expected bytes of the statement, [{}, {}), found [{}, {})", place, statement.span.begin, statement.span.end, claim.span.begin, claim.span.end));
      const std::string words = statement.text.substr(claim.span.begin - statement.span.begin, claim.span.size());
      if (!claim.quote.empty() && claim.quote != words) return invalid(fmt::format("{}.quote: expected the words of its span, '{}', found '{}'", place, start_of(words), start_of(claim.quote)));
      claim.quote = words;
    } else if (claim.quote.empty()) {
      claim.span = statement.span;
      claim.quote = statement.text;
    } else {
      const std::size_t found = statement.text.find(claim.quote);
      if (found == std::string::npos) return invalid(fmt::format("{}.quote: expected words of the statement, found '{}'", place, start_of(claim.quote)));
      const ByteSpan part{found, found + claim.quote.size()};
      claim.span = statement.pieces.empty() ? ByteSpan{statement.span.begin + part.begin, statement.span.begin + part.end} : note_span(statement.pieces, part);
    }
    resolve_names(claim, lexicon);
    if (auto valid = validate_claim(claim); !valid) return at(place, valid.error());
    out.claims.push_back(std::move(claim));
  }
  return out;
}

Result<std::unique_ptr<OutsideProgram>> OutsideProgram::start(std::string command, std::chrono::milliseconds timeout, const Lexicon& lexicon,
                                                              std::function<void(const std::string&)> complain) {
  std::unique_ptr<OutsideProgram> out(new OutsideProgram(std::move(command), timeout, lexicon, std::move(complain)));
  auto id = out->greet();
  if (!id) return at("--interpreter", id.error());
  out->id_ = *std::move(id);
  return out;
}

// Starts the program and takes its first line.
Result<InterpreterId> OutsideProgram::greet() {
  ANNALS_TRY(child_, Child::start(command_));
  std::string line;
  const Child::Heard heard = child_->hear(line, timeout_);
  if (heard != Child::Heard::kLine) {
    const std::string ended = child_->end(heard == Child::Heard::kGone ? kEndPatience : std::chrono::milliseconds(0));
    child_.reset();
    constexpr std::string_view kExpected = "expected a first line such as {\"interpreter\": \"name\", \"version\": 1}";
    if (heard == Child::Heard::kSilence) return invalid(fmt::format("{}, found nothing in {} s", kExpected, static_cast<double>(timeout_.count()) / 1000));
    return invalid(fmt::format("{}, but {}", kExpected, why(ended)));
  }
  const auto refuse = [&](std::string_view expected) {
    child_.reset();
    return invalid(fmt::format("expected a first line {}, found '{}'", expected, start_of(line)));
  };
  const Json hello = Json::parse(line, nullptr, false);
  if (!hello.is_object() || !hello.contains("interpreter") || !hello["interpreter"].is_string() || !hello.contains("version") || !hello["version"].is_number_unsigned() ||
      hello["version"].get<std::uint64_t>() == 0 || hello["version"].get<std::uint64_t>() > UINT32_MAX)
    return refuse("such as {\"interpreter\": \"name\", \"version\": 1}");
  InterpreterId id{hello["interpreter"].get<std::string>(), hello["version"].get<std::uint32_t>()};
  const bool good = !id.name.empty() && id.name.size() <= 64 && std::all_of(id.name.begin(), id.name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
  if (!good) return refuse("with a name of letters, digits, '.', '_' and '-'");
  if (id.name == "annals" || id.name == kSheet) return refuse("with a name of its own");
  return id;
}

bool OutsideProgram::restart() {
  while (!gave_up()) {
    auto id = greet();
    if (id && *id == id_) return true;
    complain_(id ? fmt::format("{}: started anew it calls itself {}", id_.text(), id->text()) : fmt::format("{}: {}", id_.text(), id.error().message));
    child_.reset();
    ++failures_;
  }
  return false;
}

std::vector<std::optional<Reading>> OutsideProgram::read(std::span<const OutsideStatement> statements) {
  std::vector<std::optional<Reading>> out(statements.size());
  std::deque<std::size_t> pending;                  // asked, not answered
  std::map<std::string, std::size_t> late;          // answered by something else; the answer may still come
  std::size_t next = 0;
  std::size_t ahead = kAhead;                       // 1 while it is looked for what ends the program
  std::size_t careful_until = 0;
  auto head_since = Clock::now();

  const auto failed = [&](std::size_t i, const std::string& reason) { complain_(fmt::format("{}: #{}: {}", id_.text(), statements[i].position.value, reason)); };
  const auto take = [&](std::size_t i, const Json& answer) {
    auto reading = outside_reading(answer, statements[i], lexicon_);
    if (reading) out[i] = *std::move(reading);
    else failed(i, reading.error().message);
    failures_ = 0;
  };
  // The program is gone or has to go; `next` goes back to the first statement that has to be asked again.
  const auto begin_anew = [&](std::size_t from) {
    next = from;
    pending.clear();
    late.clear();
    child_.reset();
    ++failures_;
  };

  while (!pending.empty() || next < statements.size()) {
    if (gave_up()) {
      complain_(fmt::format("{}: given up after {} failures in a row", id_.text(), failures_));
      break;
    }
    if (!child_ && !restart()) continue;
    if (next >= careful_until) ahead = kAhead;
    while (next < statements.size() && pending.size() < ahead) {
      if (pending.empty()) head_since = Clock::now();
      child_->say(outside_question(statements[next]));
      pending.push_back(next++);
    }
    std::string line;
    const auto patience = timeout_ - std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - head_since);
    const std::size_t head = pending.front();
    switch (child_->hear(line, std::max(patience, std::chrono::milliseconds(0)))) {
      case Child::Heard::kSilence:
        failed(head, fmt::format("no answer in {} s", static_cast<double>(timeout_.count()) / 1000));
        child_->end(std::chrono::milliseconds(0));
        begin_anew(head + 1);
        continue;
      case Child::Heard::kGone: {
        const std::string ended = why(child_->end(kEndPatience));
        if (pending.size() == 1) {
          failed(head, ended);
          begin_anew(head + 1);
        } else {
          careful_until = next;
          ahead = 1;
          begin_anew(head);
        }
        continue;
      }
      case Child::Heard::kLine: break;
    }
    const Json answer = Json::parse(line, nullptr, false);
    const std::string id = answer.is_object() && answer.contains("id") && answer["id"].is_string() ? answer["id"].get<std::string>() : std::string();
    if (const auto known = late.find(id); known != late.end()) {
      take(known->second, answer);
      late.erase(known);
      continue;
    }
    const auto place = std::find_if(pending.begin(), pending.end(), [&](std::size_t i) { return statements[i].id.hex() == id; });
    if (place == pending.end()) {
      failed(head, id.empty() ? fmt::format("expected a JSON object with its id, found '{}'", start_of(line)) : fmt::format("expected its id, found '{}'", start_of(id)));
      late[statements[head].id.hex()] = head;
      pending.pop_front();
    } else {
      for (auto skipped = pending.begin(); skipped != place; ++skipped) failed(*skipped, "a later one was answered before it");
      take(*place, answer);
      pending.erase(pending.begin(), place + 1);
    }
    head_since = Clock::now();
  }
  return out;
}

void OutsideProgram::finish() {
  if (!child_) return;
  const std::string ended = child_->end(kEndPatience);
  child_.reset();
  if (!ended.empty()) complain_(fmt::format("{}: {}", id_.text(), why(ended)));
}

}  // namespace annals::cli
