#include "engine/projection/index_load.h"

#include <algorithm>
#include <map>

#include "engine/language/fold.h"

namespace annals::index_rows {

Result<Ledger> load_about(const EventLog& log, const Space& space, Position upto) {
  Ledger out(log.info().zone, upto);
  const std::string prefix = space.kind("c/");
  Status failed;
  ANNALS_CHECK_OK(log.scan_derived(prefix, prefix, [&](std::string_view key, std::string_view value) {
    if (key.size() != prefix.size() + 8) return Visit::kContinue;
    const Position position = last_position(key);
    if (position > upto) return Visit::kStop;
    if (const auto event = unpack_about(value, position)) {
      out.add(*event);
      return Visit::kContinue;
    }
    const auto event = log.get(position);
    if (event) out.add(*event);
    else failed = event.error();
    return failed ? Visit::kContinue : Visit::kStop;
  }));
  ANNALS_CHECK_OK(failed);
  return out;
}

Result<std::vector<std::string>> first_texts(DerivedReader& rows, const std::string& all, std::string_view starting) {
  const std::string within = all + std::string(starting);
  std::vector<std::string> out;
  std::string from = within;
  for (bool more = true; more;) {
    more = false;
    ANNALS_CHECK_OK(rows.scan(within, from, [&](std::string_view row, std::string_view) {
      out.push_back(two_texts(row, all.size()).first);
      from.assign(all).append(out.back()).push_back('\1');
      more = true;
      return Visit::kStop;
    }));
  }
  return out;
}

std::vector<std::string> subject_spellings(std::string_view subject, const Families& families) {
  const std::size_t bar = std::min(subject.find('|'), subject.size());
  std::vector<std::string> out = families.spellings(subject.substr(0, bar));
  for (std::string& spelling : out) spelling += subject.substr(bar);
  return out;
}

std::vector<std::string> posting_prefixes(const Space& space, const Projection& projection, std::string_view subject, const Families& families) {
  std::vector<std::string> out;
  for (const std::string& spelling : subject_spellings(subject, families)) out.push_back(space.postings(projection.name(), spelling));
  return out;
}

Postings::Postings(const EventLog& log, DerivedReader& rows, const Space& space, Position sealed, const std::set<Position>& also)
    : log_(log), rows_(rows), space_(space), sealed_(sealed) {
  for (const Position position : also) statements_.emplace(position, std::nullopt);
}

void Postings::take(Position position, std::string_view value) {
  const auto [at, fresh] = statements_.try_emplace(position, std::nullopt);
  if (fresh) at->second = unpack_extract(value, position);
  else at->second.reset();   // under two subjects: the statement itself has both
}

Status Postings::read(const Projection& projection, std::string_view subject, const Families& families) {
  for (const std::string& prefix : posting_prefixes(space_, projection, subject, families)) ANNALS_CHECK_OK(read_from(prefix, Position{}, SIZE_MAX));
  return {};
}

Result<std::optional<Position>> Postings::read_from(const std::string& prefix, Position from, std::size_t most) {
  std::optional<Position> more;
  ANNALS_CHECK_OK(rows_.scan(prefix, with_position(prefix, from), [&](std::string_view key, std::string_view value) {
    if (key.size() != prefix.size() + 8) return Visit::kContinue;
    const Position position = last_position(key);
    if (position > sealed_) return Visit::kStop;
    if (statements_.size() >= most) {
      more = position;
      return Visit::kStop;
    }
    take(position, value);
    return Visit::kContinue;
  }));
  return more;
}

Status Postings::read_at(const std::string& prefix, std::span<const Position> positions) {
  constexpr std::size_t kPassedBy = 64;   // rows that take as long to pass by as a seek
  while (!positions.empty()) {
    std::size_t passed = 0;
    ANNALS_CHECK_OK(rows_.scan(prefix, with_position(prefix, positions.front()), [&](std::string_view key, std::string_view value) {
      const Position position = last_position(key);
      while (!positions.empty() && positions.front() < position) positions = positions.subspan(1);
      if (positions.empty()) return Visit::kStop;
      if (key.size() == prefix.size() + 8 && position == positions.front()) {
        take(position, value);
        positions = positions.subspan(1);
        passed = 0;
        return positions.empty() ? Visit::kStop : Visit::kContinue;
      }
      return ++passed < kPassedBy ? Visit::kContinue : Visit::kStop;
    }));
    if (passed < kPassedBy) return {};   // the end, or all
  }
  return {};
}

Result<std::set<Digest>> Postings::texts() const {
  std::set<Digest> out;
  for (const auto& [position, extract] : statements_) {
    if (extract) {
      out.insert(extract->article.text_hash);
      continue;
    }
    ANNALS_TRY(const Event event, log_.get(position));
    if (const auto* statement = std::get_if<StatementEvent>(&event.body)) out.insert(statement->article.text_hash);
  }
  return out;
}

Status Postings::add_to(Ledger& out) {
  std::vector<Position> read;   // from the log; where there are other readings, the posting is empty
  for (auto& [position, extract] : statements_) {
    if (extract) {
      out.add(*std::move(extract));
      continue;
    }
    ANNALS_TRY(const Event event, log_.get(position));
    out.add(event, Ledger::Covered::kAlready);
    read.push_back(position);
  }
  for (const Position position : read) {
    const std::string prefix = space_.readings(position);
    std::vector<Position> again;
    ANNALS_CHECK_OK(rows_.scan(prefix, prefix, [&](std::string_view key, std::string_view) {
      if (last_position(key) <= sealed_) again.push_back(last_position(key));
      return Visit::kContinue;
    }));
    for (const Position reading : again) {
      ANNALS_TRY(const Event event, log_.get(reading));
      out.add(event);
    }
  }
  statements_.clear();
  return {};
}

Toucher::Toucher(const EventLog& log, const Space& space, Position sealed, const Ledger& about, std::shared_ptr<const Families> before,
                 std::shared_ptr<const Families> after)
    : log_(log), space_(space), sealed_(sealed), about_(about), before_(std::move(before)), after_(std::move(after)) {}

void Toucher::claim(const Claim& claim, const Touch& touch) {
  const bool same_names = before_->version() == after_->version();
  for (const auto& projection : projections()) {
    if (projection->subject(claim).empty()) continue;
    const std::string name(projection->name());
    std::string now = projection->key(claim, *after_);
    std::string then = same_names ? now : projection->key(claim, *before_);
    const bool moved = then != now;
    if (moved) keys_[{name, std::move(then)}].add(kTurned);
    keys_[{name, std::move(now)}].add(moved ? kTurned : touch);
  }
}

Status Toucher::statement(Position position) {
  if (!done_.insert(position).second) return {};
  ANNALS_TRY(const Event told, log_.get(position));
  const auto* body = std::get_if<StatementEvent>(&told.body);
  if (body == nullptr) return {};
  notes_.insert(body->note);
  Ledger one = Ledger::beside(about_, sealed_);
  one.add(told, Ledger::Covered::kAlready);
  std::vector<Position> readings;
  const std::string prefix = space_.readings(position);
  ANNALS_CHECK_OK(log_.scan_derived(prefix, prefix, [&](std::string_view key, std::string_view) {
    readings.push_back(last_position(key));
    return Visit::kContinue;
  }));
  for (const Position reading : readings) {
    ANNALS_TRY(const Event again, log_.get(reading));
    one.add(again);
  }
  one.each_claim([&](const Claim& each) { claim(each); });
  return {};
}

Status Toucher::note(const Digest& note) {
  notes_.insert(note);
  std::vector<Position> positions;
  const std::string prefix = space_.articles(note);
  ANNALS_CHECK_OK(log_.scan_derived(prefix, prefix, [&](std::string_view key, std::string_view value) {
    for (const StatementRun& run : unpack_article(space_, key, value).runs)
      for (std::uint64_t i = 0; i < run.count; ++i) positions.push_back(Position{run.first.value + i});
    return Visit::kContinue;
  }));
  for (const Position position : positions) ANNALS_CHECK_OK(statement(position));
  return {};
}

Status Toucher::event(const EventId& id) {
  ANNALS_TRY(const auto position, log_.lookup(id));
  if (!position) return {};
  ANNALS_TRY(const Event named, log_.get(*position));
  if (std::holds_alternative<StatementEvent>(named.body)) return statement(*position);
  if (const auto* again = std::get_if<Reinterpretation>(&named.body)) return event(again->about);
  if (const auto* review = std::get_if<Review>(&named.body)) return event(review->about);
  if (const auto* amendment = std::get_if<Amendment>(&named.body)) return target(amendment->about);
  if (const auto* withdrawal = std::get_if<Withdrawal>(&named.body)) return target(withdrawal->about);
  if (const auto* retraction = std::get_if<Retraction>(&named.body)) return target(retraction->about);
  if (const auto* arrival = std::get_if<NoteArrival>(&named.body)) return note(arrival->note);
  if (const auto* erasure = std::get_if<Erasure>(&named.body)) return note(erasure->note);
  if (const auto* fact = std::get_if<LexiconFact>(&named.body)) entities_.insert(fact->entity.id);
  return {};
}

Status Toucher::target(const Target& target) {
  switch (target.kind) {
    case TargetKind::kEvent: return event(target.event);
    case TargetKind::kNote: return note(target.note);
    case TargetKind::kArticle: {
      notes_.insert(target.note);
      const std::string key = space_.article(target.note, target.article);
      const auto row = log_.get_derived(key);
      if (!row) return {};
      for (const StatementRun& run : unpack_article(space_, key, *row).runs)
        for (std::uint64_t i = 0; i < run.count; ++i) ANNALS_CHECK_OK(statement(Position{run.first.value + i}));
      return {};
    }
  }
  return {};
}

Status Toucher::touch(const Event& told) {
  if (const auto* body = std::get_if<StatementEvent>(&told.body)) {
    notes_.insert(body->note);
    // Nobody knows it before its publication, unless something was said about that.
    Touch fresh{kInstantMax, false, told.position};
    const auto& published = body->article.published;
    fresh.since = published && !about_.spoken_of(body->note) ? published->known_from : kInstantMin;
    for (const Claim& each : body->reading.claims) claim(each, fresh);
    return {};
  }
  if (const auto* again = std::get_if<Reinterpretation>(&told.body)) {
    for (const Claim& each : again->reading.claims) claim(each);
    return event(again->about);
  }
  if (const auto* review = std::get_if<Review>(&told.body)) {
    if (review->amended) claim(*review->amended);
    return event(review->about);
  }
  if (const auto* amendment = std::get_if<Amendment>(&told.body)) return target(amendment->about);
  if (const auto* withdrawal = std::get_if<Withdrawal>(&told.body)) return target(withdrawal->about);
  if (const auto* retraction = std::get_if<Retraction>(&told.body)) return target(retraction->about);
  if (const auto* fact = std::get_if<LexiconFact>(&told.body)) entities_.insert(fact->entity.id);
  return {};
}

void Toucher::touch_as_turned(const Event& statement) {
  const auto& body = std::get<StatementEvent>(statement.body);
  notes_.insert(body.note);
  for (const Claim& each : body.reading.claims) claim(each);
}

Status Toucher::finish() {
  std::set<std::string> names;
  for (const std::string& id : entities_) {
    const Entity* before = before_->find(id);
    const Entity* after = after_->find(id);
    const auto same = [](const Entity& a, const Entity& b) {
      return a.kind == b.kind && a.name == b.name && a.aliases == b.aliases;   // all that keys and origins look at
    };
    if ((before == nullptr) == (after == nullptr) && (before == nullptr || same(*before, *after))) continue;
    for (std::string& name : before_->spellings(id)) names.insert(std::move(name));
    for (std::string& name : after_->spellings(id)) names.insert(std::move(name));
  }
  std::set<std::pair<std::string, std::string>> subjects;
  for (const std::string& name : names) {
    const std::string prefix = space_.names(name);
    ANNALS_CHECK_OK(log_.scan_derived(prefix, prefix, [&](std::string_view key, std::string_view) {
      subjects.insert(two_texts(key, prefix.size()));
      return Visit::kContinue;
    }));
  }
  for (const auto& [projection, subject] : subjects) {
    const std::string prefix = space_.postings(projection, subject);
    std::vector<Position> read;
    ANNALS_CHECK_OK(log_.scan_derived(prefix, prefix, [&](std::string_view key, std::string_view value) {
      if (key.size() != prefix.size() + 8) return Visit::kContinue;
      const Position position = last_position(key);
      if (const auto extract = unpack_extract(value, position)) {
        for (const Claim& each : extract->claims) claim(each);
      } else {
        read.push_back(position);
      }
      return Visit::kContinue;
    }));
    for (const Position position : read) ANNALS_CHECK_OK(statement(position));
  }
  return {};
}

}  // namespace annals::index_rows
