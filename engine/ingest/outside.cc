#include "engine/ingest/outside.h"

#include <unordered_map>

#include "engine/ingest/ingest.h"
#include "engine/ingest/reread.h"

namespace annals {
namespace {

// The newest reading of each statement by one name, and whether it is by the version asked for.
struct Held {
  EventId newest;
  Position position;
  bool by_this_version = false;
  bool reinterpreted_by_this_version = false;   // so that the plain id is taken
};

Result<std::unordered_map<EventId, Held>> held_readings(const EventLog& log, const InterpreterId& id) {
  std::unordered_map<EventId, Held> out;
  ANNALS_TRY(const Position seen, log.read({Position{}, log.last()}, [&](const Event& event) {
    if (const auto* statement = std::get_if<StatementEvent>(&event.body); statement != nullptr && statement->interpreter.name == id.name) {
      out[event.id] = {event.id, event.position, statement->interpreter == id, false};
    } else if (const auto* again = std::get_if<Reinterpretation>(&event.body); again != nullptr && again->interpreter.name == id.name) {
      Held& held = out[again->about];
      held = {event.id, event.position, again->interpreter == id, held.reinterpreted_by_this_version || again->interpreter == id};
    }
    return Visit::kContinue;
  }, {Parts::kClaims}));
  static_cast<void>(seen);
  return out;
}

bool same(const Reading& a, const Reading& b) {
  return a.claims == b.claims && a.speakers == b.speakers && a.modality == b.modality && a.attribution == b.attribution;
}

}  // namespace

Result<OutsideSummary> read_outside(EventLog& log, OutsideReader& reader, const Lexicon& lexicon, const OutsideOptions& options,
                                    const std::function<void(const OutsideSummary&)>& progress) {
  OutsideSummary summary;
  const InterpreterId id = reader.id();
  ANNALS_TRY(const auto held, held_readings(log, id));
  LexiconFacts facts(log, lexicon, options.actor);
  std::vector<OutsideStatement> waiting;
  std::vector<EventDraft> batch;

  const auto ask = [&]() -> Status {
    if (waiting.empty()) return {};
    if (reader.gave_up()) {
      summary.not_asked += waiting.size();
      waiting.clear();
      return {};
    }
    summary.statements += waiting.size();
    std::vector<std::optional<Reading>> readings = reader.read(waiting);
    check(readings.size() == waiting.size(), "an interpreter gives one reading per statement");
    for (std::size_t i = 0; i < readings.size(); ++i) {
      if (!readings[i]) {
        ++summary.failed;
        continue;
      }
      ++summary.read;
      Reinterpretation event{waiting[i].id, id, lexicon.version(), *std::move(readings[i]), {}};
      if (const auto before = held.find(waiting[i].id); before != held.end()) {
        if (before->second.by_this_version) {
          ANNALS_TRY(const Event newest, log.get(before->second.position));
          const auto* again = std::get_if<Reinterpretation>(&newest.body);
          if (same(again != nullptr ? again->reading : std::get<StatementEvent>(newest.body).reading, event.reading)) continue;
        }
        if (before->second.reinterpreted_by_this_version) event.after = before->second.newest;
      }
      ++summary.changed;
      summary.claims += event.reading.claims.size();
      std::vector<EventDraft> new_facts;
      ANNALS_CHECK_OK(facts.collect(event.reading.claims, new_facts));
      summary.lexicon_facts += new_facts.size();
      for (EventDraft& fact : new_facts) batch.push_back(std::move(fact));
      batch.push_back({options.actor, std::move(event)});
    }
    waiting.clear();
    if (!batch.empty()) {
      ANNALS_TRY(const auto receipts, log.append(batch, OnRepeat::kAnswerFirst));
      static_cast<void>(receipts);
      batch.clear();
    }
    if (progress) progress(summary);
    return {};
  };

  std::optional<Error> failed;
  ANNALS_CHECK_OK(read_articles(log, "annals", [&](LoggedArticle&& article) {
    for (std::size_t i = 0; i < article.text.statements.size(); ++i) {
      LoggedStatement& logged = article.readings[i];
      if (logged.position <= options.after) continue;
      if (const auto before = held.find(logged.id); before != held.end() && before->second.by_this_version && !options.again) {
        ++summary.already_read;
        continue;
      }
      waiting.push_back({logged.id, logged.position, article.text.note, article.text.head, article.text.statements[i],
                         i == 0 ? std::string() : article.text.statements[i - 1].text, std::move(logged.reading)});
      if (waiting.size() < kOutsideBatch) continue;
      if (auto status = ask(); !status) {
        failed = status.error();
        return Visit::kStop;
      }
    }
    return Visit::kContinue;
  }));
  if (failed) return *failed;
  ANNALS_CHECK_OK(ask());
  summary.last = log.last();
  return summary;
}

}  // namespace annals
