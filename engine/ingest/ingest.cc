#include "engine/ingest/ingest.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <future>
#include <memory>
#include <unordered_set>

#include "engine/base/utf8.h"
#include "engine/ingest/pool.h"
#include "engine/ingest/reading.h"
#include "engine/language/offices.h"
#include "engine/statement/statement.h"

namespace annals {
namespace {

constexpr std::size_t kNotesAhead = 64;                     // opened before their turn
constexpr std::uint64_t kNoteBytesAhead = 32ULL << 20U;     // their size together, one note aside
constexpr std::uint64_t kPieceBytes = 64ULL << 10U;         // of text read in one go, one article aside
constexpr std::uint64_t kWindowBytes = 4ULL << 20U;         // of text being read or waiting to be appended
constexpr std::size_t kBatchEvents = 4'096;                 // appended, and synced, at once
constexpr std::uint64_t kBatchBytes = 4ULL << 20U;          // of text, likewise

// What the log holds of a note: its arrival and the statements behind it.
struct Held {
  bool complete = false;
  Position arrival;
  NoteArrival note;
  std::vector<ByteSpan> statements;  // sorted; they do not overlap
};

Result<Held> held_of(const EventLog& log, Position arrival) {
  Held out;
  out.arrival = arrival;
  ANNALS_TRY(const Event event, log.get(arrival));
  const auto* body = std::get_if<NoteArrival>(&event.body);
  if (body == nullptr) return Error{ErrorCode::kCorrupt, fmt::format("position {}: expected a note, found a {}", arrival.value, event_kind_name(event.kind()))};
  out.note = *body;
  out.complete = body->statements == 0;
  if (out.complete) return out;
  // Statements stand right behind their note unless it was killed half-way.
  ANNALS_TRY(const Position seen, log.read({arrival, log.last()}, [&](const Event& each) {
    if (const auto* statement = std::get_if<StatementEvent>(&each.body); statement != nullptr && statement->note == out.note.note) {
      out.statements.push_back(statement->statement.span);
      out.complete = out.statements.size() >= out.note.statements;
    }
    return out.complete ? Visit::kStop : Visit::kContinue;
  }, {Parts::kClaims}));
  static_cast<void>(seen);
  std::sort(out.statements.begin(), out.statements.end());
  return out;
}

// Whether the log has a statement on any of these bytes.
bool holds(const Held& held, ByteSpan span) {
  const auto behind = std::lower_bound(held.statements.begin(), held.statements.end(), span.end,
                                       [](const ByteSpan& each, std::uint64_t end) { return each.begin < end; });
  return behind != held.statements.begin() && std::prev(behind)->end > span.begin;
}

}  // namespace

// A note with its articles, before its statements are read.
struct Ingest::Opened {
  NoteOutcome outcome;
  Note note;
  std::vector<Article> articles;
  std::uint64_t statements = 0;
  Held held;                 // where the log has a part of it
  std::uint64_t bytes = 0;
};

// Some articles of a note, read.
struct Ingest::Piece {
  std::shared_ptr<Opened> note;
  bool first = false;        // of its note: the arrival goes before it
  bool last = false;         // of its note: the outcome is known after it
  std::uint64_t bytes = 0;
  std::future<std::vector<EventDraft>> drafts;
};

// Gathers drafts into batches and counts what became of them.
class Ingest::Appender {
 public:
  Appender(EventLog& log, const Lexicon& lexicon, const IngestOptions& options, IngestSummary& summary)
      : log_(log), facts_(log, lexicon, options.actor), options_(options), summary_(summary) {}

  Status add(EventDraft draft) {
    if (const auto* statement = std::get_if<StatementEvent>(&draft.body)) {
      std::vector<EventDraft> facts;
      ANNALS_CHECK_OK(facts_.collect(statement->reading.claims, facts));
      for (EventDraft& fact : facts) batch_.push_back(std::move(fact));
      bytes_ += statement->statement.text.size();
    }
    batch_.push_back(std::move(draft));
    return batch_.size() >= kBatchEvents || bytes_ >= kBatchBytes ? flush() : Status();
  }

  // `outcome` is told once all that was added before is on disk.
  void after(std::shared_ptr<Opened> note) {
    if (batch_.empty() && waiting_.empty()) return done(*note);
    waiting_.push_back(std::move(note));
  }

  Status flush() {
    if (!batch_.empty()) {
      ANNALS_TRY(const std::vector<Receipt> receipts, log_.append(batch_, OnRepeat::kAnswerFirst));
      for (std::size_t i = 0; i < batch_.size(); ++i) {
        if (const auto* arrival = std::get_if<NoteArrival>(&batch_[i].body)) arrivals_.emplace_back(arrival->note, receipts[i].position);
        if (receipts[i].repeated) continue;
        ++summary_.events;
        if (const auto* statement = std::get_if<StatementEvent>(&batch_[i].body)) {
          ++summary_.statements;
          summary_.claims += statement->reading.claims.size();
        } else if (std::holds_alternative<LexiconFact>(batch_[i].body)) {
          ++summary_.lexicon_facts;
        }
      }
      batch_.clear();
      bytes_ = 0;
    }
    while (!waiting_.empty()) {
      Opened& note = *waiting_.front();
      for (const auto& [hash, position] : arrivals_)
        if (hash == note.outcome.note) note.outcome.first = position;
      done(note);
      waiting_.pop_front();
    }
    arrivals_.clear();
    return {};
  }

  std::function<void(Opened&)> done;

 private:
  EventLog& log_;
  LexiconFacts facts_;
  const IngestOptions& options_;
  IngestSummary& summary_;
  std::vector<EventDraft> batch_;
  std::uint64_t bytes_ = 0;
  std::deque<std::shared_ptr<Opened>> waiting_;
  std::vector<std::pair<Digest, Position>> arrivals_;
};

Ingest::Ingest(EventLog& log, const Interpreter& interpreter, const Lexicon& lexicon, NoteReader read_note, const Clock& clock)
    : log_(log), interpreter_(interpreter), lexicon_(lexicon), read_note_(std::move(read_note)), clock_(clock) {}

Result<IngestSummary> Ingest::take(std::span<const NoteSource> sources, const IngestOptions& options,
                                   const std::function<void(const NoteOutcome&, std::size_t, std::size_t)>& done) {
  IngestSummary summary;
  const std::string lexicon_version = lexicon_.version();
  const InterpreterId interpreter_id = interpreter_.id();

  // In a worker: all that needs the note as a whole. An error of the note goes into its outcome, one of the log into the result.
  const auto open = [this, &options](const NoteSource& source) -> Result<std::shared_ptr<Opened>> {
    auto out = std::make_shared<Opened>();
    out->outcome.origin = source.origin;
    const auto fail = [&](Error error) {
      // The place is named once, whoever named it.
      if (!error.message.starts_with(source.origin + ":")) error = at(source.origin, std::move(error));
      out->outcome.error = std::move(error);
      out->note = {};
      out->articles.clear();
      return out;
    };
    auto bytes = source.read();
    if (!bytes) return fail(bytes.error());
    out->bytes = bytes->size();
    out->outcome.note = sha256(*bytes);
    ANNALS_TRY(const std::optional<Position> arrival, log_.lookup(note_event_id(out->outcome.note)));
    if (arrival) {
      if (auto erasure = log_.erased(out->outcome.note); !erasure || *erasure) {
        if (!erasure) return erasure.error();
        ANNALS_TRY(const Event event, log_.get(**erasure));
        const std::string& because = std::get<Erasure>(event.body).because;
        return fail({ErrorCode::kInvalid, fmt::format("this note was erased by order (event {}, {}{}{}) and is not taken in again", event.position.value, event.actor,
                                                      because.empty() ? "" : ": ", because)});
      }
      ANNALS_TRY(out->held, held_of(log_, *arrival));
      out->outcome.first = *arrival;
      out->outcome.format = out->held.note.format;
      out->outcome.encoding = out->held.note.encoding;
      out->outcome.articles = out->held.note.articles;
      out->outcome.statements = out->held.note.statements;
      out->outcome.repeated = out->held.complete;
      out->outcome.completed = !out->held.complete;
      if (out->outcome.repeated) return out;
    }
    // A note that is not UTF-8 is stored as it came; else its text is its bytes, and one copy will do.
    std::string as_it_came;
    if (bytes->find('\0') != std::string::npos || find_invalid_utf8(*bytes)) as_it_came = *bytes;
    auto note = decode_note(*std::move(bytes), source.origin);
    if (!note) return fail(note.error());
    out->note = *std::move(note);
    out->outcome.encoding = out->note.encoding;
    auto articles = read_note_(out->note, options.head);
    if (!articles) return fail(articles.error());
    out->outcome.format = std::move(articles->format);
    out->articles = std::move(articles->articles);
    for (Article& article : out->articles) {
      RunningTextHash hash;
      for (std::size_t block = 0; block < article.blocks.size(); block += kPieceBlocks) {
        const auto statements = split_piece(out->note.text, article, block, block + kPieceBlocks);
        hash.add(statements);
        out->statements += statements.size();
      }
      article.head.text_hash = hash.finish();
    }
    out->outcome.articles = out->articles.size();
    out->outcome.statements = out->statements;
    ANNALS_CHECK_OK(log_.put_note(out->outcome.note, out->note.encoding == Encoding::kUtf8 && as_it_came.empty() ? out->note.text : as_it_came));
    return out;
  };

  // In a worker: the statements of articles [from, to) as drafts; of each the blocks of the piece that begins with `block`.
  const auto read = [&](const std::shared_ptr<Opened>& note, std::size_t from, std::size_t to, std::size_t block) {
    std::vector<EventDraft> drafts;
    for (std::size_t i = from; i < to; ++i) {
      const Article& article = note->articles[i];
      ArticleText text{note->outcome.note, article.head, article.title_span, split_piece(note->note.text, article, block, block + kPieceBlocks)};
      std::vector<Reading> readings = read_whole(interpreter_, text);
      for (std::size_t k = 0; k < text.statements.size(); ++k) {
        if (note->outcome.completed && holds(note->held, text.statements[k].span)) continue;
        StatementEvent event{text.note, text.head, std::move(text.statements[k]), interpreter_id, lexicon_version, std::move(readings[k])};
        drafts.push_back({options.actor, std::move(event)});
      }
    }
    return drafts;
  };

  Appender appender(log_, lexicon_, options, summary);
  std::size_t told = 0;
  const auto tell = [&](const NoteOutcome& outcome) {
    ++told;
    if (done) done(outcome, told, sources.size());
  };
  const Instant now = clock_.now();
  const auto notice = [&](std::string line) {
    if (summary.notices.size() < kFailuresMax) summary.notices.push_back(std::move(line));
  };
  appender.done = [&](Opened& note) {
    NoteOutcome& outcome = note.outcome;
    summary.bytes += note.bytes;
    if (outcome.error) {
      ++summary.failed;
      if (summary.failures.size() < kFailuresMax) summary.failures.push_back(outcome);
      tell(outcome);
      return;
    }
    ++summary.notes;
    if (outcome.repeated) {
      ++summary.repeated;
      tell(outcome);
      return;
    }
    summary.completed += outcome.completed ? 1 : 0;
    if (outcome.encoding != Encoding::kUtf8) {
      ++summary.converted;
      notice(fmt::format("{}: converted from {}", outcome.origin, encoding_name(outcome.encoding)));
    }
    summary.articles += note.articles.size();
    for (const Article& article : note.articles) {
      summary.warnings += article.warnings.size();
      for (const std::string& warning : article.warnings) notice(warning.starts_with(outcome.origin) ? warning : outcome.origin + ": " + warning);
      const auto& published = article.head.published;
      if (!published) {
        ++summary.undated;
      } else {
        summary.zones_assumed += published->zone_source == ZoneSource::kAssumed ? 1 : 0;
        if (published->known_from > now && published->earliest > now) {
          ++summary.future_dated;
          notice(fmt::format("{}: article {} is dated in the future ({}); kept", outcome.origin, article.head.ordinal, format_published(*published)));
        }
      }
    }
    tell(outcome);
  };

  // Notes are opened ahead, their articles read ahead, and both taken in order.
  std::unordered_set<Digest> taken;      // whole notes of this run
  std::deque<std::future<Result<std::shared_ptr<Opened>>>> opening;
  std::deque<std::uint64_t> opening_bytes;
  std::uint64_t bytes_ahead = 0;
  std::size_t next_source = 0;
  std::deque<Piece> pieces;
  std::uint64_t window = 0;
  std::shared_ptr<Opened> current;       // whose articles are being handed out
  std::size_t next_article = 0;
  std::size_t next_block = 0;            // of a long article
  Pool pool(options.threads);            // last: its threads stop before what they use goes away

  const auto open_ahead = [&] {
    while (next_source < sources.size() && opening.size() < kNotesAhead && (opening.empty() || bytes_ahead < kNoteBytesAhead)) {
      const NoteSource& source = sources[next_source++];
      opening.push_back(pool.give([&open, &source] { return open(source); }));
      opening_bytes.push_back(source.size_hint);
      bytes_ahead += source.size_hint;
    }
  };
  const auto hand_out = [&]() -> Result<bool> {
    if (!current) {
      open_ahead();
      if (opening.empty()) return false;
      auto opened = opening.front().get();
      opening.pop_front();
      bytes_ahead -= opening_bytes.front();
      opening_bytes.pop_front();
      if (!opened) return opened.error();
      current = *std::move(opened);
      next_article = next_block = 0;
      NoteOutcome& outcome = current->outcome;
      // The same bytes twice in one run: the first is on its way into the log.
      if (!outcome.error && !outcome.repeated && !taken.insert(outcome.note).second) {
        outcome.repeated = true;
        outcome.completed = false;
        current->articles.clear();
      }
      open_ahead();
    }
    Piece piece;
    piece.note = current;
    piece.first = next_article == 0 && next_block == 0;
    const std::size_t from = next_article;
    const std::size_t block = next_block;
    std::size_t to = from;
    while (to < current->articles.size()) {
      const Article& article = current->articles[to];
      if (article.blocks.size() > kPieceBlocks) {
        // A long article goes alone, piece by piece.
        if (to > from) break;
        next_block += kPieceBlocks;
        piece.bytes = article.blocks[std::min(next_block, article.blocks.size()) - 1].span.end - article.blocks[block].span.begin;
        if (next_block >= article.blocks.size()) {
          next_block = 0;
          ++next_article;
        }
        to = from + 1;
        break;
      }
      if (to > from && piece.bytes + article.span.size() > kPieceBytes) break;
      piece.bytes += article.span.size();
      next_article = ++to;
    }
    piece.last = next_article >= current->articles.size();
    if (to > from) piece.drafts = pool.give([&read, note = current, from, to, block] { return read(note, from, to, block); });
    if (piece.last) current.reset();
    window += piece.bytes;
    pieces.push_back(std::move(piece));
    return true;
  };

  for (;;) {
    for (bool more = true; more && (pieces.empty() || window < kWindowBytes);) {
      ANNALS_TRY(more, hand_out());
    }
    if (pieces.empty()) break;
    Piece piece = std::move(pieces.front());
    pieces.pop_front();
    window -= piece.bytes;
    const NoteOutcome& outcome = piece.note->outcome;
    const bool fresh = !outcome.error && !outcome.repeated;
    if (fresh && piece.first && !outcome.completed) {
      NoteArrival arrival{outcome.note, piece.note->bytes, outcome.format, outcome.encoding, outcome.origin,
                          static_cast<std::uint32_t>(piece.note->articles.size()), static_cast<std::uint32_t>(piece.note->statements)};
      ANNALS_CHECK_OK(appender.add({options.actor, std::move(arrival)}));
    }
    if (piece.drafts.valid()) {
      for (EventDraft& draft : piece.drafts.get()) {
        piece.note->outcome.claims += std::get<StatementEvent>(draft.body).reading.claims.size();
        ANNALS_CHECK_OK(appender.add(std::move(draft)));
      }
    }
    if (piece.last) {
      piece.note->note.text = {};  // its events hold what is needed
      appender.after(piece.note);
    }
  }
  ANNALS_CHECK_OK(appender.flush());
  summary.last = log_.last();
  return summary;
}

LexiconFacts::LexiconFacts(const EventLog& log, const Lexicon& lexicon, std::string actor) : log_(log), lexicon_(lexicon), actor_(std::move(actor)) {}

Status LexiconFacts::collect(const std::vector<Claim>& claims, std::vector<EventDraft>& out) {
  if (claims.empty()) return {};
  if (!loaded_) {
    std::vector<Position> facts;
    const auto note = [&](const Event& event) {
      if (event.kind() == EventKind::kLexicon) facts.push_back(event.position);
      return Visit::kContinue;
    };
    ANNALS_TRY(const Position seen, log_.read({Position{}, log_.last()}, note, {Parts::kEnvelope, false}));
    static_cast<void>(seen);
    for (const Position position : facts) {
      ANNALS_TRY(Event event, log_.get(position));
      auto& fact = std::get<LexiconFact>(event.body);
      newest_.insert_or_assign(fact.entity.id, std::pair(event.id, std::move(fact)));
    }
    loaded_ = true;
  }
  for (const Claim& claim : claims) {
    for (const Slot& slot : claim.slots) {
      if (const auto* entity = std::get_if<EntityRef>(&slot.value)) {
        if (entity->known) collect(entity->id, out);
      } else if (const auto* list = std::get_if<std::vector<EntityRef>>(&slot.value)) {
        for (const EntityRef& each : *list)
          if (each.known) collect(each.id, out);
      }
    }
    // Who speaks is who it is by whatever name or office: origins are counted by it.
    for (const std::string& speaker : claim.speakers)
      if (const Entity* known = speaker_of(lexicon_, speaker)) collect(known->id, out);
  }
  return {};
}

void LexiconFacts::collect(const std::string& id, std::vector<EventDraft>& out) {
  // A class key names its vendor too: ai_chips@nvidia.
  if (const std::size_t vendor = id.find('@'); vendor != std::string::npos) {
    collect(id.substr(0, vendor), out);
    collect(id.substr(vendor + 1), out);
    return;
  }
  if (!seen_.insert(id).second) return;
  const Entity* entity = lexicon_.find(id);
  if (entity == nullptr) return;
  if (entity->family) collect(*entity->family, out);
  if (entity->vendor) collect(*entity->vendor, out);
  LexiconFact fact{*entity, {}};
  if (const auto held = newest_.find(id); held != newest_.end()) {
    if (held->second.second.by_hand) return;  // whoever said so says when it changes
    fact.after = held->second.second.after;
    if (event_id(EventBody(fact)) == held->second.first) return;  // as it is now
    fact.after = held->second.first;
  }
  out.push_back({actor_, std::move(fact)});
}

}  // namespace annals
