#include "engine/projection/index.h"

#include <algorithm>
#include <map>
#include <set>

namespace annals {
namespace {

constexpr std::string_view kPrefix = "px1/";
constexpr std::size_t kRowsAtOnce = 16'384;

void put_number(std::string& out, std::uint64_t number, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>((number >> (8 * i)) & 0xff));
}
std::uint64_t take_number(std::string_view text, std::size_t& at, int bytes) {
  std::uint64_t out = 0;
  for (int i = 0; i < bytes && at < text.size(); ++i) out = out << 8 | static_cast<std::uint8_t>(text[at++]);
  return out;
}

std::string key_of(std::string_view kind) { return std::string(kPrefix) + std::string(kind); }
std::string posting_prefix(std::string_view projection, std::string_view subject) {
  std::string out = key_of("p/");
  out.append(projection).push_back('\0');
  out.append(subject).push_back('\0');
  return out;
}
std::string positioned(std::string_view kind, std::initializer_list<Position> positions) {
  std::string out = key_of(kind);
  for (const Position position : positions) put_number(out, position.value, 8);
  return out;
}
Position last_position(std::string_view key) {
  std::size_t at = key.size() - 8;
  return Position{take_number(key, at, 8)};
}
std::string article_key(const Digest& note, std::uint32_t ordinal) {
  std::string out = key_of("a/");
  out.append(note.view());
  put_number(out, ordinal, 4);
  return out;
}

// --- what coverage needs of an article ---

std::uint64_t as_number(Instant instant) { return static_cast<std::uint64_t>(instant.time_since_epoch().count()); }
Instant as_instant(std::uint64_t number) { return Instant(Micros(static_cast<std::int64_t>(number))); }

std::string encode(const CoveredArticle& article) {
  std::string out;
  out.push_back(static_cast<char>((article.outlet ? 1 : 0) | (article.known_from ? 2 : 0) | (article.observed ? 4 : 0)));
  if (article.outlet) {
    put_number(out, article.outlet->size(), 4);
    out += *article.outlet;
  }
  if (article.known_from) put_number(out, as_number(*article.known_from), 8);
  if (article.observed) put_number(out, as_number(*article.observed), 8);
  for (const StatementRun& run : article.runs) {
    put_number(out, run.first.value, 8);
    put_number(out, run.count, 4);
    put_number(out, as_number(run.recorded_at), 8);
  }
  return out;
}

CoveredArticle decode(std::string_view key, std::string_view value) {
  CoveredArticle out;
  std::size_t at = kPrefix.size() + 2;
  std::copy_n(key.substr(at, 32).begin(), 32, reinterpret_cast<char*>(out.note.bytes.data()));
  at += 32;
  out.ordinal = static_cast<std::uint32_t>(take_number(key, at, 4));
  at = 1;
  const auto flags = value.empty() ? 0 : value[0];
  if (flags & 1) {
    const std::uint64_t size = take_number(value, at, 4);
    out.outlet = std::string(value.substr(at, size));
    at += size;
  }
  if (flags & 2) out.known_from = as_instant(take_number(value, at, 8));
  if (flags & 4) out.observed = as_instant(take_number(value, at, 8));
  while (at + 20 <= value.size()) {
    StatementRun run;
    run.first = Position{take_number(value, at, 8)};
    run.count = take_number(value, at, 4);
    run.recorded_at = as_instant(take_number(value, at, 8));
    out.runs.push_back(run);
  }
  return out;
}

// Makes the rows of a stretch of the log. Events come in log order.
class RowMaker {
 public:
  explicit RowMaker(const EventLog& log) : log_(log) {}

  Status add(const Event& event) {
    if (const auto* statement = std::get_if<StatementEvent>(&event.body)) {
      post(statement->reading.claims, event.position);
      CoveredArticle& article = articles_[{statement->note, statement->article.ordinal}];
      if (article.runs.empty()) {
        article.note = statement->note;
        article.ordinal = statement->article.ordinal;
        article.outlet = statement->article.outlet;
        if (statement->article.published) article.known_from = statement->article.published->known_from;
        article.observed = statement->article.observed;
      }
      article.add(event.position, event.recorded_at);
      return {};
    }
    if (std::holds_alternative<NoteArrival>(event.body)) return {};
    if (const auto* again = std::get_if<Reinterpretation>(&event.body)) {
      ANNALS_TRY(const auto about, log_.lookup(again->about));
      if (!about) return {};
      rows_.emplace(positioned("r/", {*about, event.position}), std::string());
      post(again->reading.claims, *about);
      return {};
    }
    rows_.emplace(positioned("c/", {event.position}), std::string(1, static_cast<char>(event.kind())));
    if (const auto* review = std::get_if<Review>(&event.body); review != nullptr && review->amended) {
      ANNALS_TRY(const auto about, log_.lookup(review->about));
      if (about) post(std::span(&*review->amended, 1), *about);
    } else if (const auto* erasure = std::get_if<Erasure>(&event.body)) {
      for (const KeptClaims& kept : erasure->kept) {
        ANNALS_TRY(auto about, log_.lookup(kept.event));
        if (!about) continue;
        ANNALS_TRY(const Event erased, log_.get(*about));
        if (const auto* again = std::get_if<Reinterpretation>(&erased.body)) {
          ANNALS_TRY(about, log_.lookup(again->about));
          if (!about) continue;
        }
        post(kept.claims, *about);
      }
    }
    return {};
  }

  // All rows so far, those of articles joined with what is stored already, and the mark last.
  std::map<std::string, std::string> take(bool join_stored) {
    for (auto& [key, article] : articles_) {
      const std::string row = article_key(article.note, article.ordinal);
      if (join_stored) {
        if (const auto stored = log_.get_derived(row)) {
          CoveredArticle before = decode(row, *stored);
          for (const StatementRun& run : article.runs)
            for (std::uint64_t i = 0; i < run.count; ++i) before.add(Position{run.first.value + i}, run.recorded_at);
          article = std::move(before);
        }
      }
      rows_[row] = encode(article);
    }
    articles_.clear();
    return std::move(rows_);
  }

  std::size_t size() const { return rows_.size(); }

 private:
  void post(std::span<const Claim> claims, Position position) {
    for (const Claim& claim : claims) {
      for (const auto& projection : projections()) {
        const std::string subject = projection->subject(claim);
        if (subject.empty()) continue;
        std::string row = posting_prefix(projection->name(), subject);
        put_number(row, position.value, 8);
        rows_.emplace(std::move(row), std::string());
      }
    }
  }

  const EventLog& log_;
  std::map<std::string, std::string> rows_;
  std::map<std::pair<Digest, std::uint32_t>, CoveredArticle> articles_;
};

ReadOptions for_claims() {
  ReadOptions options;
  options.parts = Parts::kClaims;
  options.check_leaves = false;
  return options;
}

Status write_rows(EventLog& log, const std::map<std::string, std::string>& rows) {
  std::vector<std::pair<std::string, std::string>> batch;
  for (const auto& [key, value] : rows) {
    batch.emplace_back(key, value);
    if (batch.size() < kRowsAtOnce) continue;
    ANNALS_CHECK_OK(log.put_derived(batch));
    batch.clear();
  }
  if (!batch.empty()) ANNALS_CHECK_OK(log.put_derived(batch));
  return {};
}

}  // namespace

Position sealed_to(const EventLog& log) {
  const auto mark = log.get_derived(key_of("mark"));
  if (!mark || mark->size() != 8) return {};
  std::size_t at = 0;
  return std::min(Position{take_number(*mark, at, 8)}, log.last());
}

Result<Position> seal_index(EventLog& log, const IndexProgress& progress) {
  const Position last = log.last();
  Position from = sealed_to(log);
  constexpr std::uint64_t kStretch = 65'536;
  const std::uint64_t total = last.value - from.value;
  const Position start = from;
  while (from < last) {
    const Position to{std::min(last.value, from.value + kStretch)};
    RowMaker maker(log);
    Status failed;
    ANNALS_TRY(const Position end, log.read({from, to}, [&](const Event& event) {
      failed = maker.add(event);
      return failed ? Visit::kContinue : Visit::kStop;
    }, for_claims()));
    (void)end;
    ANNALS_CHECK_OK(failed);
    ANNALS_CHECK_OK(write_rows(log, maker.take(true)));
    std::string mark;
    put_number(mark, to.value, 8);
    const std::pair<std::string, std::string> row{key_of("mark"), mark};
    ANNALS_CHECK_OK(log.put_derived(std::span(&row, 1)));
    from = to;
    if (progress) progress(from.value - start.value, total);
  }
  return from;
}

Status drop_index(EventLog& log) { return log.drop_derived(kPrefix); }

Result<Position> rebuild_index(EventLog& log, const IndexProgress& progress) {
  ANNALS_CHECK_OK(drop_index(log));
  return seal_index(log, progress);
}

Result<IndexDigest> index_digest(const EventLog& log) {
  IndexDigest out;
  out.sealed = sealed_to(log);
  Sha256 hash;
  ANNALS_CHECK_OK(log.scan_derived(kPrefix, kPrefix, [&](std::string_view key, std::string_view value) {
    hash.add_field(key).add_field(value);
    ++out.rows;
    return Visit::kContinue;
  }));
  out.digest = hash.finish();
  return out;
}

Result<std::vector<std::string>> verify_index(const EventLog& log, const IndexProgress& progress) {
  const Position sealed = sealed_to(log);
  RowMaker maker(log);
  Status failed;
  std::uint64_t done = 0;
  ANNALS_TRY(const Position end, log.read({Position{}, sealed}, [&](const Event& event) {
    failed = maker.add(event);
    if (progress && ++done % 4096 == 0) progress(done, sealed.value);
    return failed ? Visit::kContinue : Visit::kStop;
  }, for_claims()));
  (void)end;
  ANNALS_CHECK_OK(failed);
  std::map<std::string, std::string> expected = maker.take(false);
  if (sealed.value > 0) put_number(expected[key_of("mark")], sealed.value, 8);
  std::vector<std::string> out;
  const auto tell = [&](std::string_view what, std::string_view key) {
    std::string shown;
    for (const char c : key) shown += c >= ' ' && c <= '~' ? std::string(1, c) : "·";
    if (out.size() < 10) out.push_back(std::string(what) + " " + shown);
  };
  ANNALS_CHECK_OK(log.scan_derived(kPrefix, kPrefix, [&](std::string_view key, std::string_view value) {
    const auto at = expected.find(std::string(key));
    if (at == expected.end()) {
      tell("index: a row that the log does not give:", key);
    } else {
      if (at->second != value) tell("index: a row with another value:", key);
      expected.erase(at);
    }
    return Visit::kContinue;
  }));
  for (const auto& [key, value] : expected) tell("index: a row is missing:", key);
  return out;
}

Result<Ledger> load_keys(const EventLog& log, Position upto, const Projection& projection, std::span<const std::string> keys,
                         const Bounds& bounds) {
  return load_keys(log, upto, projection, [&](const Families&) -> Result<std::vector<std::string>> {
    return std::vector<std::string>(keys.begin(), keys.end());
  }, bounds);
}

Result<Ledger> load_keys(const EventLog& log, Position upto, const Projection& projection, const KeysWanted& wanted, const Bounds& bounds) {
  Ledger out(log.info().zone, upto);
  const Position sealed = std::min(sealed_to(log), upto);

  // Events about events and facts, before the tail and in it.
  std::vector<Event> about;
  std::vector<Position> about_at;
  ANNALS_CHECK_OK(log.scan_derived(key_of("c/"), key_of("c/"), [&](std::string_view key, std::string_view) {
    if (last_position(key) <= sealed) about_at.push_back(last_position(key));
    return Visit::kContinue;
  }));
  for (const Position position : about_at) {
    ANNALS_TRY(Event event, log.get(position));
    about.push_back(std::move(event));
  }
  std::vector<Event> tail_statements;
  std::vector<Event> rereadings;
  ANNALS_TRY(const Position end, log.read({sealed, upto}, [&](const Event& event) {
    if (std::holds_alternative<StatementEvent>(event.body)) tail_statements.push_back(event);
    else if (std::holds_alternative<Reinterpretation>(event.body)) rereadings.push_back(event);
    else if (!std::holds_alternative<NoteArrival>(event.body)) about.push_back(event);
    return Visit::kContinue;
  }, for_claims()));
  (void)end;
  // Names need the facts and what strikes them.
  const auto names_need = [](const Event& event) {
    return std::holds_alternative<LexiconFact>(event.body) || std::holds_alternative<Retraction>(event.body);
  };
  for (const Event& event : about)
    if (names_need(event)) out.add(event);

  ANNALS_CHECK_OK(log.scan_derived(key_of("a/"), key_of("a/"), [&](std::string_view key, std::string_view value) {
    CoveredArticle article = decode(key, value);
    std::erase_if(article.runs, [&](const StatementRun& run) { return run.first > sealed; });
    for (StatementRun& run : article.runs)
      if (run.first.value + run.count - 1 > sealed.value) run.count = sealed.value - run.first.value + 1;
    out.cover(article);
    return Visit::kContinue;
  }));

  // The statements that may bear on the keys.
  const auto families = out.families(bounds);
  ANNALS_TRY(const std::vector<std::string> keys, wanted(*families));
  std::set<Position> positions;
  std::vector<const Projection*> parts;
  if (projection.parts().empty()) parts.push_back(&projection);
  for (const std::string_view part : projection.parts()) parts.push_back(find_projection(part));
  for (const Projection* part : parts) {
    std::set<std::string> subjects;
    for (const std::string& key : keys) {
      std::vector<std::string> all{key};
      if (part->inherits())
        for (std::string& ancestor : ancestor_keys(key, *families)) all.push_back(std::move(ancestor));
      for (const std::string& each : all) {
        const std::string subject = part->subject_of_key(each);
        const std::size_t bar = subject.find('|');
        for (const std::string& spelling : families->spellings(subject.substr(0, bar)))
          subjects.insert(bar == std::string::npos ? spelling : spelling + subject.substr(bar));
      }
    }
    for (const std::string& subject : subjects) {
      const std::string prefix = posting_prefix(part->name(), subject);
      ANNALS_CHECK_OK(log.scan_derived(prefix, prefix, [&](std::string_view key, std::string_view) {
        if (key.size() == prefix.size() + 8 && last_position(key) <= sealed) positions.insert(last_position(key));
        return Visit::kContinue;
      }));
    }
  }
  // Statements before the tail that events of the tail may have brought to a key.
  const auto bring = [&](const EventId& id) -> Status {
    ANNALS_TRY(const auto position, log.lookup(id));
    if (!position || *position > sealed) return {};
    ANNALS_TRY(const Event event, log.get(*position));
    if (std::holds_alternative<StatementEvent>(event.body)) positions.insert(*position);
    else if (const auto* again = std::get_if<Reinterpretation>(&event.body)) {
      ANNALS_TRY(const auto statement, log.lookup(again->about));
      if (statement && *statement <= sealed) positions.insert(*statement);
    }
    return {};
  };
  for (const Event& event : rereadings) ANNALS_CHECK_OK(bring(std::get<Reinterpretation>(event.body).about));
  for (const Event& event : about) {
    if (event.position <= sealed) continue;
    if (const auto* review = std::get_if<Review>(&event.body); review != nullptr && review->amended) ANNALS_CHECK_OK(bring(review->about));
    if (const auto* erasure = std::get_if<Erasure>(&event.body))
      for (const KeptClaims& kept : erasure->kept) ANNALS_CHECK_OK(bring(kept.event));
  }
  // Statements that a retraction or withdrawal names are counted out of the coverage.
  for (const Event& event : about) {
    const Target* target = nullptr;
    if (const auto* retraction = std::get_if<Retraction>(&event.body)) target = &retraction->about;
    if (const auto* withdrawal = std::get_if<Withdrawal>(&event.body)) target = &withdrawal->about;
    if (target != nullptr && target->kind == TargetKind::kEvent) ANNALS_CHECK_OK(bring(target->event));
  }

  for (const Position position : positions) {
    ANNALS_TRY(const Event event, log.get(position));
    out.add(event, Ledger::Covered::kAlready);
  }
  for (const Event& event : tail_statements) out.add(event);
  for (const Position position : positions) {
    const std::string prefix = positioned("r/", {position});
    std::vector<Position> again;
    ANNALS_CHECK_OK(log.scan_derived(prefix, prefix, [&](std::string_view key, std::string_view) {
      if (last_position(key) <= sealed) again.push_back(last_position(key));
      return Visit::kContinue;
    }));
    for (const Position reading : again) {
      ANNALS_TRY(const Event event, log.get(reading));
      out.add(event);
    }
  }
  for (const Event& event : rereadings) out.add(event);
  for (const Event& event : about)
    if (!names_need(event)) out.add(event);
  return out;
}

}  // namespace annals
