#include "tools/annals/remote.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <unistd.h>

#include "adapters/notes/registry.h"
#include "engine/audit/watch.h"
#include "engine/claim/interpreter.h"
#include "engine/stream/watched_log.h"
#include "tools/annals/answers.h"
#include "tools/annals/audit_parts.h"
#include "tools/annals/commands.h"
#include "tools/annals/inputs.h"

namespace annals::cli {
namespace {

struct Question {
  const char* name;
  void (*add)(Command&, Program&);
};
// Adding one: a row here, and in PROTOCOL.md. Only what reads: whoever may ask may not write, nor name files of the server.
constexpr std::array<Question, 8> kQuestions{{{"state", add_state},
                                              {"history", add_history},
                                              {"panel", add_panel},
                                              {"timeline", add_timeline},
                                              {"diff", add_diff},
                                              {"calendar", add_calendar},
                                              {"audit", add_audit},
                                              {"log", add_log}}};

constexpr std::size_t kAnswerBytesMax = 256u << 20;

// Standard output of a command that runs inside the server.
class Paper {
 public:
  Paper() : file_(open_memstream(&text_, &size_)) { check(file_ != nullptr, "memory for an answer"); }
  ~Paper() {
    std::fclose(file_);
    std::free(text_);
  }
  Paper(const Paper&) = delete;
  Paper& operator=(const Paper&) = delete;
  std::FILE* file() { return file_; }
  std::string_view text() {
    std::fflush(file_);
    return {text_, size_};
  }

 private:
  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* file_;
};

}  // namespace

bool can_be_asked(const std::string& command) {
  return std::any_of(kQuestions.begin(), kQuestions.end(), [&](const Question& each) { return command == each.name; });
}

bool goes_to_server(const std::string& command) {
  return command == "ingest" || command == "subscribe" || command == "append" || command == "status" || command == "parked";
}

Result<stream::CommandAnswer> answer_words(const std::vector<std::string>& words, const stream::Rights& rights, EventLog& log, const Lexicon& lexicon, const Query& query) {
  Paper paper;
  Program program;
  program.served = &log;
  program.served_lexicon = &lexicon;
  program.served_query = &query;
  program.out = Output(paper.file());
  program.colour = false;
  program.progress = false;
  program.width = 120;
  Command app("A question to the server.", "annals");
  app.require_subcommand(1);
  app.fallthrough();
  app.set_help_flag("-h,--help");
  app.add_option("--columns", program.width, "Columns of tables")->range(std::size_t{40}, std::size_t{10'000});
  app.add_flag("--colour", program.colour, "Colour in tables");
  for (const Question& each : kQuestions) each.add(app, program);
  const Command::Parsed parsed = app.parse(words);
  const Command* const command = app.chosen();
  if (parsed.outcome == Command::Outcome::kHelp) return stream::CommandAnswer{command == nullptr ? app.help() : command->help(), 0};
  if (parsed.outcome != Command::Outcome::kChosen) return Error{ErrorCode::kInvalid, parsed.reason};
  if (!rights.projections.empty()) {
    const std::string asked = command->given("PROJECTION");
    if (std::find(rights.projections.begin(), rights.projections.end(), asked) == rights.projections.end()) {
      return Error{ErrorCode::kInvalid, asked.empty() ? fmt::format("{}: this token reaches answers of single projections alone", command->get_name())
                                                      : fmt::format("this token does not reach the projection '{}'", asked)};
    }
  }
  ANNALS_TRY(const int status, program.run());
  ANNALS_CHECK_OK(program.out.finish());
  if (paper.text().size() > kAnswerBytesMax) {
    return Error{ErrorCode::kInvalid, fmt::format("the answer has {} bytes, at most {} are sent: ask for less", paper.text().size(), kAnswerBytesMax)};
  }
  return stream::CommandAnswer{std::string(paper.text()), static_cast<std::uint8_t>(status)};
}

Result<std::vector<std::string>> changes_between(const WatchSpec& spec, const std::optional<WatchPoint>& from, WatchPoint& to, const EventLog& log,
                                                 const Lexicon& lexicon, const Query& query, WatchMemory& memory) {
  std::vector<std::string> out;
  if (spec.projection == kContradictions) {
    ANNALS_CHECK_OK(can_watch_contradictions(spec));
    if (!from) return out;
    ANNALS_TRY(const ContradictionWatch watched, watch_contradictions(log, query, lexicon, spec, *from, to));
    for (const ContradictionChange& each : watched.changes) {
      const auto& rows = each.what == ContradictionChange::What::kGone ? watched.before.rows : watched.now.rows;
      const std::string_view what = contradiction_change_name(each.what);
      Json line{{"kind", "contradiction"}, {"change", what}, {"at", format_utc(to.as_of)}, {"through", to.through.value},
                {"text", fmt::format("contradiction {}: {}{}", what, contradiction_text(each.contradiction, rows), each.contradiction.settled.empty() ? "" : "; " + each.contradiction.settled)}};
      line.update(contradiction_json(each.contradiction, rows));
      out.push_back(to_line(line));
    }
    return out;
  }
  if (!from) {
    ANNALS_CHECK_OK(can_watch(query, spec));
    return out;
  }
  ANNALS_TRY(const WatchAnswer answer, watch(log, query, spec, *from, to, memory));
  Json events = Json::array();
  for (const Position event : answer.events) events.push_back(event.value);
  for (const DiffRow& row : answer.rows) {
    Json line = change_json(answer.projection, row, to.as_of);
    line["through"] = to.through.value;
    line["events"] = events;
    out.push_back(to_line(line));
  }
  // What was erased cannot be compared with what stood there before: it is told as such.
  Bounds bounds = as_of(to.as_of);
  bounds.recorded_to = to.through;
  for (const std::string& key : spec.keys.empty() ? std::vector<std::string>{""} : spec.keys) {
    ANNALS_TRY(const auto erased, query.erased(spec.projection, key, bounds));
    for (const ErasedSource& each : erased) {
      if (each.erasure <= from->through || each.erasure > to.through) continue;
      out.push_back(to_line(Json{{"kind", "erased"}, {"projection", answer.projection}, {"key", key.empty() ? Json(nullptr) : Json(key)}, {"at", format_utc(each.at)}, {"through", to.through.value},
                                 {"erasure", each.erasure.value}, {"level", erasure_level_name(each.level)}, {"by", each.by}, {"because", each.because}, {"statements", each.statements},
                                 {"text", fmt::format("{}{}{}: {}", answer.projection, key.empty() ? "" : " ", key, erased_text(each, log.info().zone))}}));
    }
  }
  return out;
}

Result<stream::CommandAnswer> take_note(const stream::NotePart& note, EventLog& log, const Lexicon& lexicon, const Clock& clock) {
  IngestOptions options;
  options.actor = note.actor.value_or("ingest");
  options.threads = 1;
  OperatorHead& head = options.head;
  head.outlet = note.outlet;
  head.published = note.published;
  head.store_zone = log.info().zone;
  if (note.zone) {
    auto zone = Zone::find(*note.zone);
    if (!zone) return at("zone", zone.error());
    head.zone = *zone;
  }
  const Zone zone = head.zone.value_or(head.store_zone);
  if (note.published) {
    auto published = make_published(*note.published, zone, ZoneSource::kOperator);
    if (!published) return at("published", published.error());
  }
  if (note.observed) {
    auto observed = parse_moment(*note.observed, zone, clock.now());
    if (!observed) return at("observed", observed.error());
    head.observed = observed->instant;
  }
  const auto formats = make_note_formats();
  const std::string form = note.format.value_or("");
  if (!form.empty() && find_format(formats, form) == nullptr) return Error{ErrorCode::kInvalid, fmt::format("format: there is no form of notes '{}'", form)};
  const RuleInterpreter interpreter(lexicon);
  Ingest ingest(
      log, interpreter, lexicon,
      [&](const Note& each, const OperatorHead& given) -> Result<NoteArticles> {
        ANNALS_TRY(ReadNote read, read_note(formats, each, given, form));
        return NoteArticles{std::string(read.format->name()), std::move(read.articles)};
      },
      clock);
  const std::vector<NoteSource> sources = {{note.origin.empty() ? "-" : note.origin, note.bytes.size(), [&]() -> Result<std::string> { return note.bytes; }}};
  ANNALS_TRY(const IngestSummary summary, ingest.take(sources, options));
  if (summary.failed > 0) return *summary.failures.front().error;
  return stream::CommandAnswer{to_line(summary_json(summary)) + "\n", 0};
}

Result<stream::ClientOptions> client_options(const std::string& server) {
  stream::ClientOptions out;
  out.program = "annals/" ANNALS_VERSION;
  ANNALS_CHECK_OK(stream::parse_server(server, out));
  out.retry_for = std::chrono::milliseconds(0);
  // Never as an argument: those are seen by everybody on the machine.
  const auto variable = [](const char* name) -> std::string {
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  if (const std::string token = variable("ANNALS_TOKEN"); !token.empty()) out.token = token;
  if (const std::string file = variable("ANNALS_TOKEN_FILE"); !file.empty() && !out.token) {
    auto token = read_file(file);
    if (!token) return at("ANNALS_TOKEN_FILE", token.error());
    token->erase(token->find_last_not_of(" \t\r\n") + 1);
    out.token = *std::move(token);
  }
  out.authorities = variable("ANNALS_TLS_CA");
  return out;
}

Result<int> ask_server(Program& program, const std::vector<std::string>& words) {
  ANNALS_TRY(const stream::ClientOptions options, client_options(program.server));
  std::vector<std::string> question = {"--columns", std::to_string(program.width)};
  if (program.colour) question.emplace_back("--colour");
  question.insert(question.end(), words.begin(), words.end());
  Client client(options);
  return client.ask(question, [&](std::string_view piece) { program.out.write(piece); });
}

Result<int> ingest_at_server(Program& program, const stream::NotePart& head, const std::vector<NoteSource>& sources, bool json) {
  ANNALS_TRY(stream::ClientOptions options, client_options(program.server));
  options.retry_for = std::chrono::seconds(30);
  Client client(options);
  Progress progress(program.progress);
  std::uint64_t failed = 0;
  std::uint64_t done = 0;
  std::map<std::string, std::uint64_t> sums;
  Json notices = Json::array();
  for (const NoteSource& source : sources) {
    progress.show(fmt::format("{} of {} notes  {}", grouped(++done), grouped(sources.size()), source.origin));
    const auto complain = [&](const Error& error) {
      progress.clear();
      program.complain(error.message.starts_with(source.origin) ? error.message : source.origin + ": " + error.message);
      ++failed;
    };
    auto bytes = source.read();
    if (!bytes) {
      complain(bytes.error());
      continue;
    }
    stream::NotePart note = head;
    note.origin = source.origin;
    note.bytes = *std::move(bytes);
    auto answer = client.take_note(note);
    if (!answer) {
      if (answer.error().code == ErrorCode::kIo) return answer.error();
      complain(answer.error());
      continue;
    }
    const Json summary = Json::parse(answer->text, nullptr, false);
    if (!summary.is_object()) return Error{ErrorCode::kInvalid, "the server's summary is no JSON object"};
    for (const auto& [name, value] : summary.items()) {
      if (!value.is_number_unsigned()) continue;
      if (name == "last_position") sums[name] = value.get<std::uint64_t>();
      else sums[name] += value.get<std::uint64_t>();
    }
    if (const auto more = summary.find("notices"); more != summary.end() && more->is_array()) {
      for (const Json& each : *more) notices.push_back(each);
    }
  }
  progress.clear();
  sums["failed"] = failed;
  if (json) {
    Json out(sums);
    out["notices"] = notices;
    program.out.line(to_line(out));
  } else {
    for (const Json& each : notices) program.complain(each.is_string() ? each.get<std::string>() : to_line(each));
    // Where the server took nothing it has not said where its log ends.
    const auto last = sums.find("last_position");
    const std::string ends = last == sums.end() ? "" : ", the log ends at position " + grouped(last->second);
    program.out.line(fmt::format("{} notes ({} taken in before, {} failed), {} articles, {} statements, {} claims; {} events appended{}", grouped(sums["notes"] + failed), grouped(sums["repeated"]), grouped(failed),
                                 grouped(sums["articles"]), grouped(sums["statements"]), grouped(sums["claims"]), grouped(sums["events"]), ends));
  }
  return failed > 0 ? kUnusable : kDone;
}

}  // namespace annals::cli
