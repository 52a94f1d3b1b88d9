#include "engine/ingest/reread.h"

#include <algorithm>
#include <deque>
#include <future>
#include <map>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "engine/ingest/ingest.h"
#include "engine/ingest/pool.h"
#include "engine/ingest/reading.h"

namespace annals {
namespace {

constexpr std::size_t kArticlesAhead = 64;
constexpr std::size_t kBatchEvents = 4'096;

// What later events say about statements and articles.
struct Later {
  std::map<std::pair<Digest, std::uint32_t>, std::vector<Amendment>> amendments;  // oldest first
  std::unordered_map<EventId, Position> reinterpretations;                         // newest of the interpreter
  std::unordered_map<Digest, std::uint64_t> statements;                            // of each note, as its arrival says
  std::unordered_set<Digest> sheets;
  Position upto;
};

Result<Later> look_ahead(const EventLog& log, const std::string& interpreter) {
  Later out;
  out.upto = log.last();
  ANNALS_TRY(const Position seen, log.read({Position{}, out.upto}, [&](const Event& event) {
    if (const auto* amendment = std::get_if<Amendment>(&event.body)) {
      out.amendments[{amendment->about.note, amendment->about.article}].push_back(*amendment);
    } else if (const auto* reading = std::get_if<Reinterpretation>(&event.body)) {
      if (reading->interpreter.name == interpreter) out.reinterpretations[reading->about] = event.position;
    } else if (const auto* note = std::get_if<NoteArrival>(&event.body)) {
      out.statements[note->note] = note->statements;
      if (note->format == kSheet) out.sheets.insert(note->note);
    }
    return Visit::kContinue;
  }));
  static_cast<void>(seen);
  return out;
}

bool same(const Reading& a, const Reading& b) {
  const auto all = [](const auto& x, const auto& y, const auto& alike) { return std::equal(x.begin(), x.end(), y.begin(), y.end(), alike); };
  return a.claims == b.claims && a.speakers == b.speakers && a.modality == b.modality && a.attribution == b.attribution &&
         all(a.times, b.times, [](const TimeMention& x, const TimeMention& y) { return x.span == y.span && x.iso == y.iso && x.mod == y.mod; }) &&
         all(a.quantities, b.quantities,
             [](const Quantity& x, const Quantity& y) {
               return x.span == y.span && x.kind == y.kind && x.value == y.value && x.high == y.high && x.comparator == y.comparator &&
                      x.unit == y.unit && x.currency == y.currency && x.basis == y.basis;
             }) &&
         all(a.entities, b.entities, [](const EntityMention& x, const EntityMention& y) { return x.span == y.span && x.id == y.id; });
}

// Where the note prints the title: nearest above the first statement. Empty where it does not.
ByteSpan find_title(std::string_view text, const ArticleHead& head, ByteSpan first) {
  if (head.title.empty() || first.begin > text.size()) return {};
  const std::size_t found = text.substr(0, first.begin).rfind(head.title);
  return found == std::string_view::npos ? ByteSpan{} : ByteSpan{found, found + head.title.size()};
}

struct HeldStatement {
  EventId id;
  Position position;
  StatementEvent event;
};

}  // namespace

Status read_articles(const EventLog& log, const std::string& interpreter_name, const std::function<Visit(LoggedArticle&&)>& visit) {
  ANNALS_TRY(const Later later, look_ahead(log, interpreter_name));
  // Statements of notes that are not whole yet; nearly always of one.
  std::map<Digest, std::vector<HeldStatement>> open;
  std::optional<Error> failed;
  bool stopped = false;

  const auto show = [&](std::vector<HeldStatement> statements) -> Status {
    // Sentences lean on each other, and titles are found in the note: where a part was erased the rest would be read worse than it was.
    ANNALS_TRY(const auto erased, log.erased(statements.front().event.note));
    if (erased) return {};
    std::stable_sort(statements.begin(), statements.end(), [](const HeldStatement& a, const HeldStatement& b) {
      return std::pair(a.event.article.ordinal, a.event.statement.span) < std::pair(b.event.article.ordinal, b.event.statement.span);
    });
    std::string note_text;
    if (auto bytes = log.get_note(statements.front().event.note)) {
      if (auto note = decode_note(*std::move(bytes), "")) note_text = std::move(note->text);
    }
    for (std::size_t i = 0; i < statements.size() && !stopped;) {
      LoggedArticle article;
      const std::uint32_t ordinal = statements[i].event.article.ordinal;
      article.text.note = statements[i].event.note;
      article.text.head = statements[i].event.article;
      article.text.title_span = find_title(note_text, article.text.head, statements[i].event.statement.span);
      if (const auto amended = later.amendments.find({article.text.note, ordinal}); amended != later.amendments.end()) {
        for (const Amendment& amendment : amended->second) {
          if (amendment.outlet) article.text.head.outlet = amendment.outlet;
          if (amendment.published) article.text.head.published = amendment.published;
        }
      }
      for (; i < statements.size() && statements[i].event.article.ordinal == ordinal; ++i) {
        StatementEvent& event = statements[i].event;
        LoggedStatement logged{statements[i].id, statements[i].position, event.interpreter, statements[i].id, std::move(event.reading)};
        if (logged.read_by.name != interpreter_name) logged = {logged.id, logged.position, {interpreter_name, 0}, {}, {}};
        if (const auto again = later.reinterpretations.find(statements[i].id); again != later.reinterpretations.end()) {
          ANNALS_TRY(Event newest, log.get(again->second));
          auto& reading = std::get<Reinterpretation>(newest.body);
          logged = {logged.id, logged.position, reading.interpreter, newest.id, std::move(reading.reading)};
        }
        article.readings.push_back(std::move(logged));
        article.text.statements.push_back(std::move(event.statement));
      }
      stopped = visit(std::move(article)) == Visit::kStop;
    }
    return {};
  };

  ANNALS_TRY(const Position seen, log.read({Position{}, later.upto}, [&](const Event& event) {
    const auto* statement = std::get_if<StatementEvent>(&event.body);
    if (statement == nullptr || later.sheets.contains(statement->note)) return Visit::kContinue;
    auto& held = open[statement->note];
    held.push_back({event.id, event.position, *statement});
    const auto count = later.statements.find(statement->note);
    if (count == later.statements.end() || held.size() < count->second) return Visit::kContinue;
    auto node = open.extract(statement->note);
    if (auto status = show(std::move(node.mapped())); !status) failed = status.error();
    return failed || stopped ? Visit::kStop : Visit::kContinue;
  }));
  static_cast<void>(seen);
  if (failed) return *failed;
  for (auto& [note, statements] : open) {
    if (stopped) break;
    ANNALS_CHECK_OK(show(std::move(statements)));
  }
  return {};
}

Result<RereadSummary> reread(EventLog& log, const Interpreter& interpreter, const Lexicon& lexicon, const RereadOptions& options,
                             const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  RereadSummary summary;
  const InterpreterId id = interpreter.id();
  const std::string lexicon_version = lexicon.version();
  const std::uint64_t total = log.last().value;
  LexiconFacts facts(log, lexicon, options.actor);
  std::vector<EventDraft> batch;
  std::optional<Error> failed;

  struct Job {
    std::shared_ptr<LoggedArticle> article;
    std::future<std::vector<Reading>> readings;
  };
  std::deque<Job> jobs;
  Pool pool(options.threads);

  const auto flush = [&]() -> Status {
    if (batch.empty() || options.dry_run) {
      batch.clear();
      return {};
    }
    ANNALS_TRY(const auto receipts, log.append(batch, OnRepeat::kAnswerFirst));
    static_cast<void>(receipts);
    batch.clear();
    return {};
  };
  const auto finish_one = [&]() -> Status {
    Job job = std::move(jobs.front());
    jobs.pop_front();
    std::vector<Reading> readings = job.readings.get();
    ++summary.articles;
    summary.statements += readings.size();
    for (std::size_t i = 0; i < readings.size(); ++i) {
      const LoggedStatement& before = job.article->readings[i];
      summary.claims_before += before.reading.claims.size();
      summary.claims_after += readings[i].claims.size();
      if (same(before.reading, readings[i])) continue;
      Reinterpretation event{before.id, id, lexicon_version, std::move(readings[i]), {}};
      // This very version has read it anew before, under another lexicon: one more event, behind that one.
      ANNALS_TRY(const std::optional<Position> there, log.lookup(event_id(event)));
      if (there) event.after = before.read_in;
      std::vector<EventDraft> new_facts;
      EventDraft draft{options.actor, std::move(event)};
      ANNALS_CHECK_OK(facts.collect(std::get<Reinterpretation>(draft.body).reading.claims, new_facts));
      ++summary.changed;
      summary.lexicon_facts += new_facts.size();
      for (EventDraft& fact : new_facts) batch.push_back(std::move(fact));
      batch.push_back(std::move(draft));
    }
    if (progress) progress(summary.statements, total);
    return batch.size() >= kBatchEvents ? flush() : Status();
  };

  ANNALS_CHECK_OK(read_articles(log, id.name, [&](LoggedArticle&& article) {
    auto shared = std::make_shared<LoggedArticle>(std::move(article));
    jobs.push_back({shared, pool.give([shared, &interpreter] { return read_whole(interpreter, shared->text); })});
    if (jobs.size() < kArticlesAhead) return Visit::kContinue;
    if (auto status = finish_one(); !status) failed = status.error();
    return failed ? Visit::kStop : Visit::kContinue;
  }));
  while (!jobs.empty() && !failed) {
    if (auto status = finish_one(); !status) failed = status.error();
  }
  if (failed) return *failed;
  ANNALS_CHECK_OK(flush());
  summary.last = log.last();
  return summary;
}

}  // namespace annals
