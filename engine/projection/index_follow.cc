#include "engine/language/fold.h"
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
using Events = std::vector<std::shared_ptr<const Event>>;

// What some events of the tail tell, in log order.
class PieceMaker {
 public:
  PieceMaker(const EventLog& log, const Space& space, Position sealed, const Ledger& base, std::shared_ptr<const Families> before,
             std::shared_ptr<const Families> after)
      : log_(log), space_(space), sealed_(sealed), toucher_(log, space, sealed, base, std::move(before), std::move(after)) {}

  Status add(const std::shared_ptr<const Event>& event) {
    ++out_.events;
    if (const auto* body = std::get_if<StatementEvent>(&event->body)) {
      if (!body->reading.claims.empty()) post(*event, body->reading.claims);
      ANNALS_TRY(const bool copied, has_copies(*body));
      if (!copied) return toucher_.touch(*event);
      toucher_.touch_as_turned(*event);
      return {};
    }
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

 private:
  void post(const Event& statement, std::span<const Claim> claims) {
    const index_rows::Told told = index_rows::told_by(statement);
    for (const Claim& claim : claims) {
      for (const auto& projection : projections()) {
        std::string subject = projection->subject(claim);
        if (subject.empty()) continue;
        auto& list = out_.by_subject[{std::string(projection->name()), std::move(subject)}];
        if (list.empty() || list.back()->position != told->position) list.push_back(told);
      }
    }
  }
  // What is said about a statement may bring it to other keys.
  Status bring(EventId id, std::span<const Claim> claims) {
    for (;;) {
      ANNALS_TRY(const auto position, log_.lookup(id));
      if (!position) return {};
      ANNALS_TRY(const Event named, log_.get(*position));
      if (const auto* again = std::get_if<Reinterpretation>(&named.body)) {
        id = again->about;
        continue;
      }
      if (!std::holds_alternative<StatementEvent>(named.body)) return {};
      if (*position <= sealed_) {
        out_.brought.insert(*position);
      } else {
        post(named, claims);
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

IndexFollower::IndexFollower(const EventLog& log) : log_(log) {}
IndexFollower::~IndexFollower() = default;

Status IndexFollower::open(char name, Position sealed) {
  const Space space(name);
  line_.reset();
  ANNALS_TRY(Ledger base, index_rows::load_about(log_, space, sealed));
  base_ = std::make_unique<Ledger>(std::move(base));
  taken_ = sealed;
  const std::string articles = space.kind("a/");
  ANNALS_CHECK_OK(log_.scan_derived(articles, articles, [&](std::string_view key, std::string_view value) {
    CoveredArticle article = index_rows::unpack_article(space, key, value);
    std::erase_if(article.runs, [&](const StatementRun& run) { return run.first > sealed; });
    for (StatementRun& run : article.runs)
      if (run.first.value + run.count - 1 > sealed.value) run.count = sealed.value - run.first.value + 1;
    base_->cover(article);
    return Visit::kContinue;
  }));
  // Statements that a retraction or withdrawal names alone are counted out of the coverage.
  for (const EventId& id : base_->named_alone()) {
    ANNALS_TRY(const auto position, log_.lookup(id));
    if (!position) continue;
    ANNALS_TRY(const Event event, log_.get(*position));
    if (std::holds_alternative<StatementEvent>(event.body)) base_->add(event, Ledger::Covered::kAlready);
  }
  return {};
}

CoverageCount IndexFollower::coverage(Instant published_by) {
  if (!line_) {
    line_ = std::make_unique<CoverageLine>();
    for (const CoverageLine::Span& span : base_->coverage_spans()) line_->add(span);
  }
  return line_->at(published_by);
}

// What is counted, and what was said about events.
Status IndexFollower::take(const Event& event) {
  if (const auto* body = std::get_if<StatementEvent>(&event.body)) {
    base_->cover(event);
    if (!line_) return {};
    if (base_->spoken_of(body->note)) {
      line_.reset();
      return {};
    }
    CoverageLine::Span span{body->note, body->article.ordinal, fold(body->article.outlet.value_or("")), std::nullopt, std::nullopt, 1};
    if (body->article.published) span.known = body->article.published->known_from;
    line_->add(span);
    return {};
  }
  if (std::holds_alternative<NoteArrival>(event.body) || std::holds_alternative<Reinterpretation>(event.body)) return {};
  base_->add(event);
  if (!std::holds_alternative<LexiconFact>(event.body) && !std::holds_alternative<Review>(event.body)) line_.reset();
  const Target* target = nullptr;
  if (const auto* retraction = std::get_if<Retraction>(&event.body)) target = &retraction->about;
  if (const auto* withdrawal = std::get_if<Withdrawal>(&event.body)) target = &withdrawal->about;
  if (target == nullptr || target->kind != TargetKind::kEvent || base_->has(target->event)) return {};
  ANNALS_TRY(const auto position, log_.lookup(target->event));
  if (!position) return {};
  ANNALS_TRY(const Event named, log_.get(*position));
  if (std::holds_alternative<StatementEvent>(named.body)) base_->add(named, Ledger::Covered::kAlready);
  return {};
}

Result<std::shared_ptr<const IndexView>> IndexFollower::look(char name, Position sealed, Position last) {
  const Space space(name);
  Events events;
  Status failed;
  const auto read = [&](Position from, Position to, bool fresh) -> Status {
    ANNALS_TRY(const Position end, log_.read({from, to}, [&](const Event& event) {
      if (fresh) failed = take(event);
      if (event.position > sealed) events.push_back(std::make_shared<const Event>(event));
      return failed ? Visit::kContinue : Visit::kStop;
    }, for_answers()));
    static_cast<void>(end);
    return failed;
  };
  const bool same_mark = view_ != nullptr && view_->space_ == name && view_->sealed_ == sealed;
  const Position before = taken_;
  ANNALS_CHECK_OK(read(taken_, last, true));
  taken_ = last;
  std::shared_ptr<IndexView> next(new IndexView(log_, name, sealed, last));
  next->about_ = std::make_shared<const Ledger>(Ledger::beside(*base_, last));
  next->families_ = base_->families(Bounds{});
  if (!same_mark) {
    Bounds at_mark;
    at_mark.recorded_to = sealed;
    at_mark_ = base_->families(at_mark);
  }
  auto tail = std::make_shared<Tail>();
  if (same_mark && view_->upto_ == before && view_->families_->version() == next->families_->version()) {
    *tail = *view_->tail_;
  } else if (sealed < before) {
    // Behind another mark, or under other names, the whole tail is looked at again.
    Events fresh = std::exchange(events, {});
    ANNALS_CHECK_OK(read(sealed, before, false));
    events.insert(events.end(), fresh.begin(), fresh.end());
  }
  PieceMaker maker(log_, space, sealed, *base_, at_mark_, next->families_);
  for (const auto& event : events) ANNALS_CHECK_OK(maker.add(event));
  ANNALS_TRY(TailPiece piece, maker.finish());
  if (piece.events > 0) tail->add(std::move(piece));
  next->tail_ = std::move(tail);
  return std::shared_ptr<const IndexView>(std::move(next));
}

Result<std::shared_ptr<const IndexView>> IndexFollower::now() {
  // The mark first: it never lies behind the end.
  const index_rows::Reach reach = index_rows::read_reach(log_);
  const Position last = log_.last();
  if (view_ && view_->upto_ == last && view_->space_ == reach.space && view_->sealed_ == reach.sealed) return view_;
  const auto anew = [&]() -> Result<std::shared_ptr<const IndexView>> {
    view_.reset();
    ANNALS_CHECK_OK(open(reach.space, reach.sealed));
    return look(reach.space, reach.sealed, last);
  };
  // What was counted before may have words that were erased since.
  const bool fresh = base_ == nullptr || (view_ && (view_->space_ != reach.space || view_->sealed_ > reach.sealed));
  const std::size_t erasures = fresh ? 0 : base_->erasures().size();
  auto next = fresh ? anew() : look(reach.space, reach.sealed, last);
  if (!fresh && next && base_->erasures().size() != erasures) next = anew();
  if (!next) {
    view_.reset();
    base_.reset();   // half of what came is none
    return next.error();
  }
  view_ = *std::move(next);
  return view_;
}

}  // namespace annals
