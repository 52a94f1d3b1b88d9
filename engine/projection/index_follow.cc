#include <algorithm>

#include "engine/projection/coverage_rows.h"
#include "engine/projection/index.h"
#include "engine/projection/index_load.h"
#include "engine/projection/index_rows.h"
#include "engine/projection/index_tail.h"

namespace annals {
namespace {

using index_rows::for_answers;
using index_rows::Space;
using index_rows::Tail;
using index_rows::TailPiece;

// Events that are kept for when the mark moves on; where more come between two seals, they are read again.
constexpr std::size_t kLookedMax = 8'192;

}  // namespace

// An event behind the mark, with what was found out about it.
struct IndexFollower::Looked {
  std::shared_ptr<const Event> event;
  index_rows::Told told;         // where it is a statement that bears on anything
  std::optional<bool> copied;    // where it is a statement: whether the rows up to the mark have its text of another article
};

namespace {

// What some events of the tail tell, in log order.
class PieceMaker {
 public:
  PieceMaker(const EventLog& log, const Space& space, Position sealed, const Ledger& base, std::shared_ptr<const Families> before,
             std::shared_ptr<const Families> after)
      : log_(log), space_(space), sealed_(sealed), toucher_(log, space, sealed, base, std::move(before), std::move(after)) {}

  // `told` and `copied`: as they were found out before, or to be found out.
  Status add(const std::shared_ptr<const Event>& event, index_rows::Told& told, std::optional<bool>& copied) {
    ++out_.events;
    if (const auto* body = std::get_if<StatementEvent>(&event->body)) {
      if (!body->reading.claims.empty()) {
        if (told == nullptr) told = std::make_shared<const index_rows::ToldStatement>(event);
        post(told, body->reading.claims);
      }
      if (!copied) {
        ANNALS_TRY(copied, has_copies(*body));
      }
      if (!*copied) return toucher_.touch(*event);
      toucher_.touch_as_turned(*event);
      return {};
    }
    if (!std::holds_alternative<NoteArrival>(event->body)) out_.about = event->position;
    if (const auto* again = std::get_if<Reinterpretation>(&event->body)) {
      out_.rereadings.push_back(event);
      ANNALS_CHECK_OK(bring(again->about, again->reading.claims));
    }
    if (const auto* review = std::get_if<Review>(&event->body); review != nullptr && review->amended) {
      ANNALS_CHECK_OK(bring(review->about, std::span(&*review->amended, 1)));
    }
    return toucher_.touch(*event);
  }
  Result<TailPiece> finish() {
    ANNALS_CHECK_OK(toucher_.finish());
    out_.touched = toucher_.keys();
    for (const auto& [key, touch] : out_.touched) out_.newest[key.first] = std::max(out_.newest[key.first], touch.newest);
    return std::move(out_);
  }
  const std::set<Digest>& notes() const { return toucher_.notes(); }

 private:
  // `told`: null for a statement before the tail.
  void post(const index_rows::Told& told, std::span<const Claim> claims) {
    for (const Claim& claim : claims) {
      for (auto& subject : subjects_of(claim)) {
        auto& list = out_.by_subject[std::move(subject)];
        if (told != nullptr && (list.empty() || list.back()->position != told->position)) list.push_back(told);
      }
    }
  }
  // What is said about a statement may bring it to other keys.
  Status bring(EventId id, std::span<const Claim> claims) {
    for (;;) {
      ANNALS_TRY(const auto position, log_.lookup(id));
      if (!position) return {};
      ANNALS_TRY(Event named, log_.get(*position));
      if (const auto* again = std::get_if<Reinterpretation>(&named.body)) {
        id = again->about;
        continue;
      }
      if (!std::holds_alternative<StatementEvent>(named.body)) return {};
      if (*position <= sealed_) {
        out_.brought.insert(*position);
        post(nullptr, claims);
      } else {
        post(std::make_shared<const index_rows::ToldStatement>(std::make_shared<const Event>(std::move(named))), claims);
      }
      return {};
    }
  }
  // Where another article has the same text, a statement's place hangs on what that one says.
  Result<bool> has_copies(const StatementEvent& statement) {
    const Digest& text = statement.article.text_hash;
    if (text.none()) return false;
    const std::pair article(statement.note, statement.article.ordinal);
    if (article == last_article_) return last_copied_;
    last_article_ = article;
    const std::string own = space_.text(text, statement.note, statement.article.ordinal);
    const std::string prefix = space_.texts(text);
    last_copied_ = false;
    ANNALS_CHECK_OK(log_.scan_derived(prefix, prefix, [&](std::string_view row, std::string_view) {
      last_copied_ = last_copied_ || row != own;
      return last_copied_ ? Visit::kStop : Visit::kContinue;
    }));
    return last_copied_;
  }

  const EventLog& log_;
  const Space& space_;
  const Position sealed_;
  index_rows::Toucher toucher_;
  TailPiece out_;
  std::pair<Digest, std::uint32_t> last_article_;
  bool last_copied_ = false;
};

}  // namespace

// Coverage behind a mark: the rows' sums, and what the notes of which the tail tells add to them.
class IndexFollower::Counting final : public CoverageRows {
 public:
  // `new_notes`: of which the rows have nothing, as far as is known.
  Counting(const EventLog& log, char space, Position sealed, std::set<Digest> new_notes)
      : log_(log), space_(space), name_(space), sealed_(sealed), new_notes_(std::move(new_notes)) {}

  // Of the tail, in log order.
  Status add(const Event& event, DerivedReader& rows) {
    if (const auto* body = std::get_if<StatementEvent>(&event.body)) {
      ANNALS_TRY(Note* note, open(body->note, rows));
      auto& articles = note->now.articles;
      auto article = std::find_if(articles.begin(), articles.end(), [&](const CoveredArticle& each) { return each.ordinal == body->article.ordinal; });
      if (article == articles.end()) {
        const auto& published = body->article.published;
        article = articles.insert(article, {body->note, body->article.ordinal, body->article.outlet,
                                            published ? std::optional(published->known_from) : std::nullopt, body->article.observed, {}});
      }
      article->add(event.position, event.recorded_at);
    }
    const Target* target = nullptr;
    if (const auto* retraction = std::get_if<Retraction>(&event.body)) target = &retraction->about;
    if (const auto* withdrawal = std::get_if<Withdrawal>(&event.body)) target = &withdrawal->about;
    if (target == nullptr || target->kind != TargetKind::kEvent) return {};
    ANNALS_TRY(const auto named, index_rows::named_statement(log_, target->event));
    if (!named) return {};
    ANNALS_TRY(Note* note, open(named->first, rows));
    note->now.named.push_back(named->second);
    return {};
  }
  const std::set<Digest>& new_notes() const { return new_notes_; }
  // Of these perhaps something is counted otherwise.
  Status touch(const std::set<Digest>& notes, DerivedReader& rows) {
    for (const Digest& note : notes) ANNALS_CHECK_OK(open(note, rows));
    return {};
  }
  // `rows_version`: of rows that have this mark; 0: it has to be looked up.
  Result<CoverageCount> at(Instant published_by, const Ledger& about, Position upto, std::uint64_t rows_version) {
    rows_version_ = rows_version;
    for (Note* note : uncounted_) {
      note->uncounted = false;
      if (!note->counted) note->counted = index_rows::spans_of(note->now, about, sealed_);
      auto spans = index_rows::spans_of(note->now, about, upto);
      line_.count(note->now.note, spans, *note->counted);
      note->counted = std::move(spans);
    }
    uncounted_.clear();
    reader_.reset();
    auto out = line_.at(published_by, sealed_.value > 0 ? this : nullptr);
    stored_.reset();
    reader_.reset();
    return out;
  }
  index_rows::ToldNotes told() const {
    index_rows::ToldNotes out;
    for (const auto& [digest, note] : notes_) out.of.emplace(digest, note.now);
    return out;
  }
  // kOverloaded: these rows are not those of the mark.
  Status still(DerivedReader& rows) const {
    if (rows_version_ != 0 && rows.version() == rows_version_) return {};
    const index_rows::Reach reach = index_rows::read_reach(log_, rows);
    if (reach.space == name_ && reach.sealed == sealed_) return {};
    return Error{ErrorCode::kOverloaded, "the index was sealed while it was read; ask again"};
  }

  Result<std::vector<CoverageHour>> hours() override { return of_rows(&CoverageRows::hours); }
  Result<CoverageChanges> changes(std::int64_t hour) override { return of_rows(&CoverageRows::changes, hour); }
  Result<std::map<std::string, Instant>> outlets() override { return of_rows(&CoverageRows::outlets); }
  Status outlet(const std::string& outlet, const std::function<bool(Instant at, std::int64_t spans)>& visit) override {
    return of_rows(&CoverageRows::outlet, outlet, visit);
  }
  Result<std::map<Digest, std::vector<PassingSpan>>> passing() override { return of_rows(&CoverageRows::passing); }

 private:
  struct Note {
    index_rows::NoteOfCoverage now;
    std::optional<std::vector<CoverageSpan>> counted;   // none: as the rows' sums have it
    bool uncounted = false;
  };
  // With what the rows have of it, to be counted again.
  Result<Note*> open(const Digest& note, DerivedReader& rows) {
    const auto [at, fresh] = notes_.try_emplace(note);
    if (fresh) {
      at->second.now.note = note;
      if (!new_notes_.contains(note)) {
        ANNALS_TRY(at->second.now, index_rows::read_note(rows, space_, note, sealed_));
        if (at->second.now.articles.empty() && at->second.now.named.empty()) new_notes_.insert(note);
      }
    }
    if (!at->second.uncounted) uncounted_.push_back(&at->second);
    at->second.uncounted = true;
    return &at->second;
  }
  template <class Ask, class... Args>
  auto of_rows(Ask ask, Args&&... args) -> decltype((this->*ask)(args...)) {
    if (!stored_) {
      reader_ = log_.derived();
      ANNALS_CHECK_OK(still(*reader_));
      stored_.emplace(*reader_, space_);
    }
    return (static_cast<CoverageRows&>(*stored_).*ask)(args...);
  }

  const EventLog& log_;
  const Space space_;
  const char name_;
  const Position sealed_;
  std::set<Digest> new_notes_;
  std::map<Digest, Note> notes_;
  std::vector<Note*> uncounted_;
  CoverageLine line_;
  std::uint64_t rows_version_ = 0;
  std::unique_ptr<DerivedReader> reader_;   // while a question is put
  std::optional<index_rows::StoredCoverage> stored_;
};

IndexFollower::IndexFollower(const EventLog& log) : log_(log) {}
IndexFollower::~IndexFollower() = default;

Status IndexFollower::open(char name, Position sealed) {
  const Space space(name);
  ANNALS_TRY(Ledger base, index_rows::load_about(log_, space, sealed));
  base_ = std::make_unique<Ledger>(std::move(base));
  taken_ = sealed;
  looked_.clear();
  counting_.reset();
  return {};
}

Result<CoverageCount> IndexFollower::coverage(Instant published_by) { return counting_->at(published_by, *base_, view_->upto_, view_->rows_version_); }

std::shared_ptr<const index_rows::ToldNotes> IndexFollower::told_notes() {
  if (!told_) told_ = std::make_shared<const index_rows::ToldNotes>(counting_->told());
  return told_;
}

// What was said about events.
void IndexFollower::take(const Event& event) {
  if (std::holds_alternative<StatementEvent>(event.body) || std::holds_alternative<NoteArrival>(event.body) || std::holds_alternative<Reinterpretation>(event.body)) return;
  base_->add(event);
}

// The events behind `sealed`, with what is still true of what was found out about them: the rows have since got what was sealed, and nothing else.
std::vector<IndexFollower::Looked> IndexFollower::take_looked(Position sealed, std::set<Digest>& new_notes) {
  const auto behind = std::find_if(looked_.begin(), looked_.end(), [&](const Looked& each) { return each.event->position > sealed; });
  std::vector<Looked> out(std::make_move_iterator(behind), std::make_move_iterator(looked_.end()));
  looked_.erase(behind, looked_.end());
  if (view_->sealed_ == sealed) return out;
  if (looked_.empty() || looked_.front().event->position.value > view_->sealed_.value + 1) {   // not all that was sealed is here
    for (Looked& each : out) each.copied.reset();
    return out;
  }
  std::multimap<Digest, std::pair<Digest, std::uint32_t>> texts;
  new_notes = counting_->new_notes();
  for (const Looked& each : looked_) {
    if (const auto* body = std::get_if<StatementEvent>(&each.event->body)) {
      texts.emplace(body->article.text_hash, std::pair(body->note, body->article.ordinal));
      new_notes.erase(body->note);
    }
  }
  for (Looked& each : out) {
    const auto* body = std::get_if<StatementEvent>(&each.event->body);
    if (body == nullptr || !each.copied) continue;
    const auto [first, last] = texts.equal_range(body->article.text_hash);
    if (std::any_of(first, last, [&](const auto& of) { return of.second != std::pair(body->note, body->article.ordinal); })) each.copied = !body->article.text_hash.none();
  }
  return out;
}

Result<std::shared_ptr<const IndexView>> IndexFollower::look(char name, Position sealed, Position last, std::uint64_t rows_version) {
  const Space space(name);
  std::vector<Looked> events;
  const auto read = [&](Position from, Position to, bool fresh) -> Status {
    ANNALS_TRY(const Position end, log_.read({from, to}, [&](const Event& event) {
      if (fresh) take(event);
      if (event.position > sealed) events.push_back({std::make_shared<const Event>(event), {}, {}});
      return Visit::kContinue;
    }, for_answers()));
    static_cast<void>(end);
    return {};
  };
  const bool same_mark = view_ != nullptr && view_->space_ == name && view_->sealed_ == sealed;
  const Position before = taken_;
  ANNALS_CHECK_OK(read(taken_, last, true));
  taken_ = last;
  std::shared_ptr<IndexView> next(new IndexView(log_, name, sealed, last));
  next->rows_version_ = rows_version;
  next->keys_ = same_mark ? view_->keys_ : std::make_shared<IndexView::KeyLists>();
  next->about_ = std::make_shared<const Ledger>(Ledger::beside(*base_, last));
  next->families_ = base_->families(Bounds{});
  if (!same_mark) {
    Bounds at_mark;
    at_mark.recorded_to = sealed;
    at_mark_ = base_->families(at_mark);
  }
  auto tail = std::make_shared<Tail>();
  bool again = false;
  std::set<Digest> new_notes;
  if (same_mark && view_->upto_ == before && view_->families_->version() == next->families_->version()) {
    *tail = *view_->tail_;
  } else if (sealed < before) {
    // Behind another mark, or under other names, the whole tail is looked at again.
    again = true;
    std::vector<Looked> fresh = std::exchange(events, {});
    if (looked_.empty() || looked_.front().event->position.value > sealed.value + 1) {
      ANNALS_CHECK_OK(read(sealed, before, false));
    } else {
      events = take_looked(sealed, new_notes);
    }
    events.insert(events.end(), std::make_move_iterator(fresh.begin()), std::make_move_iterator(fresh.end()));
  }
  PieceMaker maker(log_, space, sealed, *base_, at_mark_, next->families_);
  for (Looked& each : events) ANNALS_CHECK_OK(maker.add(each.event, each.told, each.copied));
  ANNALS_TRY(TailPiece piece, maker.finish());
  if (!same_mark) counting_ = std::make_unique<Counting>(log_, name, sealed, std::move(new_notes));
  if (!events.empty()) {
    const auto rows = log_.derived();
    for (const Looked& each : events)
      if (!same_mark || each.event->position > before) ANNALS_CHECK_OK(counting_->add(*each.event, *rows));
    ANNALS_CHECK_OK(counting_->touch(maker.notes(), *rows));
  }
  if (piece.events > 0) tail->add(std::move(piece));
  if (again) looked_.clear();
  looked_.insert(looked_.end(), std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
  if (looked_.size() > kLookedMax) looked_.clear();
  next->tail_ = std::move(tail);
  return std::shared_ptr<const IndexView>(std::move(next));
}

Result<std::shared_ptr<const IndexView>> IndexFollower::now() {
  // The mark first: it never lies behind the end.
  const auto rows = log_.derived();
  const bool same_rows = view_ && rows->version() != 0 && rows->version() == view_->rows_version_;
  const index_rows::Reach reach = same_rows ? index_rows::Reach{view_->space_, view_->sealed_, view_->sealed_} : index_rows::read_reach(log_, *rows);
  const std::uint64_t version = reach.pages_too ? 0 : rows->version();
  const Position last = log_.last();
  if (view_ && view_->upto_ == last && view_->space_ == reach.space && view_->sealed_ == reach.sealed) {
    if (view_->rows_version_ == version) return view_;
    const std::shared_ptr<IndexView> again(new IndexView(*view_));
    again->rows_version_ = version;
    view_ = again;
    return view_;
  }
  const auto anew = [&]() -> Result<std::shared_ptr<const IndexView>> {
    view_.reset();
    ANNALS_CHECK_OK(open(reach.space, reach.sealed));
    return look(reach.space, reach.sealed, last, version);
  };
  // What was counted before may have words that were erased since.
  const bool fresh = base_ == nullptr || (view_ && (view_->space_ != reach.space || view_->sealed_ > reach.sealed));
  const std::size_t erasures = fresh ? 0 : base_->erasures().size();
  auto next = fresh ? anew() : look(reach.space, reach.sealed, last, version);
  if (!fresh && next && base_->erasures().size() != erasures) next = anew();
  if (!next) {
    view_.reset();
    base_.reset();   // half of what came is none
    return next.error();
  }
  told_.reset();
  view_ = *std::move(next);
  return view_;
}

}  // namespace annals
