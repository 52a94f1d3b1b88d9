#include <algorithm>

#include "engine/language/fold.h"
#include "engine/projection/index.h"
#include "engine/projection/index_load.h"
#include "engine/projection/index_rows.h"

namespace annals {
namespace {

using index_rows::Space;

// Base projections behind one: its parts, or itself.
std::vector<const Projection*> bases(const Projection& projection) {
  std::vector<const Projection*> out;
  if (projection.parts().empty()) out.push_back(&projection);
  for (const std::string_view part : projection.parts()) out.push_back(find_projection(part));
  return out;
}

ReadOptions for_claims() {
  ReadOptions options;
  options.parts = Parts::kClaims;
  options.check_leaves = false;
  return options;
}

void sooner(std::optional<Instant>& until, const std::optional<Instant>& other) {
  if (other && (!until || *other < *until)) until = other;
}

}  // namespace

// --- the view ---

Result<bool> IndexView::pages_are_ours() const {
  const index_rows::Reach reach = index_rows::read_reach(log_);
  if (reach.space != space_) return Error{ErrorCode::kOverloaded, "the index was made anew while it was read; ask again"};
  return reach.aim <= upto_;
}

bool IndexView::dirty(const Projection& projection, std::string_view key) const {
  return !dirty_.empty() && dirty_.contains({std::string(projection.name()), std::string(key)});
}

Result<Ledger> IndexView::load(const Projection& projection, std::span<const std::string> keys, const Families& families) const {
  const Space space(space_);
  Ledger out = Ledger::beside(*about_, upto_);
  std::set<std::size_t> tail;
  std::set<std::pair<const Projection*, std::string>> subjects;
  for (const Projection* part : bases(projection)) {
    for (const std::string& key : keys) {
      subjects.emplace(part, part->subject_of_key(key));
      if (part->inherits())
        for (const std::string& ancestor : ancestor_keys(key, families)) subjects.emplace(part, part->subject_of_key(ancestor));
    }
  }
  // A statement may bear on several subjects: all it says has to be there at once, so the postings come together.
  index_rows::Postings postings(log_, space, sealed_, brought_);
  for (const auto& [part, subject] : subjects) {
    ANNALS_CHECK_OK(postings.read(*part, subject, families));
    const std::size_t bar = subject.find('|');
    for (const std::string& spelling : families.spellings(std::string_view(subject).substr(0, bar))) {
      const auto at = by_subject_.find({std::string(part->name()), bar == std::string::npos ? spelling : spelling + subject.substr(bar)});
      if (at != by_subject_.end()) tail.insert(at->second.begin(), at->second.end());
    }
  }
  ANNALS_CHECK_OK(postings.add_to(out));
  for (const std::size_t index : tail) out.add(*statements_[index], Ledger::Covered::kAlready);
  for (const auto& again : rereadings_) out.add(*again);
  return out;
}

Result<std::optional<PageAnswer>> IndexView::by_pages(const Projection& projection, std::string_view key, Instant published_by,
                                                     Instant valid_at) const {
  const Space space(space_);
  const std::string prefix = space.pages(projection.name(), key);
  const bool apart = projection.tracks_apart();
  std::vector<PageGrowth> tracks;
  std::string from = apart ? prefix : space.page(projection.name(), key, {}, published_by);
  // Of each track the newest page at or before P: the next row, or one behind it.
  for (bool more = true; more;) {
    more = false;
    std::string track, page;
    std::optional<Instant> page_at;
    ANNALS_CHECK_OK(log_.scan_derived(prefix, from, [&](std::string_view row, std::string_view value) {
      if (row.size() < prefix.size() + 8) return Visit::kContinue;
      if (apart) track = index_rows::two_texts(row, prefix.size()).first;
      page_at = index_rows::page_moment(row);
      page = value;
      return Visit::kStop;
    }));
    if (!page_at) break;
    if (apart) {
      more = true;
      if (*page_at > published_by) {
        from = space.page(projection.name(), key, track, published_by);
        continue;
      }
      from = prefix + track + '\1';
    }
    auto growth = growth_of_page(projection, key, page, *page_at, published_by, valid_at, [&](Instant home) {
      return log_.get_derived(space.page(projection.name(), key, track, home)).value_or(std::string());
    });
    if (!growth) {
      // Damaged, unless a seal is writing others in their place: then it is for the postings to say.
      ANNALS_TRY(const bool ours, pages_are_ours());
      if (ours) return growth.error();
      return std::optional<PageAnswer>();
    }
    if (!*growth) return std::optional<PageAnswer>();
    tracks.push_back(**std::move(growth));
  }
  return std::optional<PageAnswer>(answer_of_growths(projection, key, std::move(tracks), published_by));
}

Result<PageAnswer> IndexView::own_at(const Projection& projection, std::string_view key, Instant published_by, Instant valid_at) const {
  if (!dirty(projection, key) && published_by <= valid_at) {
    ANNALS_TRY(auto answer, by_pages(projection, key, published_by, valid_at));
    if (answer) return *std::move(answer);
  }
  const std::string one(key);
  ANNALS_TRY(const Ledger ledger, load(projection, std::span(&one, 1), *families_));
  std::vector<PlacedClaim> placed = ledger.placed(projection, key, published_by);
  PageAnswer out;
  out.said = !placed.empty();
  out.state = fold_claims(projection, key, placed, valid_at, published_by);
  out.until = published_by + Micros(1);
  return out;
}

Result<PageAnswer> IndexView::state_at(const Projection& projection, std::string_view key, Instant published_by, Instant valid_at) const {
  PageAnswer out;
  if (!projection.parts().empty()) {
    std::vector<State> parts;
    for (const std::string_view part : projection.parts()) {
      ANNALS_TRY(PageAnswer one, state_at(*find_projection(part), key, published_by, valid_at));
      out.said = out.said || one.said;
      sooner(out.until, one.until);
      parts.push_back(std::move(one.state));
    }
    out.state = projection.join(key, parts);
    return out;
  }
  ANNALS_TRY(out, own_at(projection, key, published_by, valid_at));
  if (projection.inherits()) {
    std::vector<Inherited> ancestors;
    for (std::string& ancestor : ancestor_keys(key, *families_)) {
      ANNALS_TRY(PageAnswer theirs, own_at(projection, ancestor, published_by, valid_at));
      sooner(out.until, theirs.until);
      if (theirs.said) ancestors.push_back({std::move(ancestor), std::move(theirs.state)});
    }
    if (!ancestors.empty()) out.state = inherit(std::move(out.state), ancestors);
  }
  ANNALS_TRY(const bool ours, pages_are_ours());
  if (ours) return out;
  // A seal is at work, and its pages speak of events behind this view. Postings of positions say which are.
  const std::string one(key);
  ANNALS_TRY(const Ledger ledger, load(projection, std::span(&one, 1), *families_));
  Bounds bounds = as_of(published_by);
  bounds.valid_at = valid_at;
  bounds.recorded_to = upto_;
  out.said = ledger.state_of_own(projection, key, bounds).has_value();
  out.state = ledger.state(projection, key, bounds);
  out.until = published_by + Micros(1);
  return out;
}

Result<std::vector<std::string>> IndexView::keys(const Projection& projection, std::string_view prefix) const {
  std::set<std::string> out;
  const Space space(space_);
  for (const Projection* part : bases(projection)) {
    const std::string all = space.all_pages(part->name());
    // From one key to the next: its pages are not looked at.
    std::string from = all + std::string(prefix);
    const std::string within = from;
    for (bool more = true; more;) {
      more = false;
      ANNALS_CHECK_OK(log_.scan_derived(within, from, [&](std::string_view row, std::string_view) {
        const std::string key = index_rows::two_texts(row, all.size()).first;
        out.insert(key);
        from = all + key + '\1';
        more = true;
        return Visit::kStop;
      }));
    }
    for (auto at = dirty_.lower_bound({std::string(part->name()), std::string(prefix)});
         at != dirty_.end() && at->first == part->name() && at->second.starts_with(prefix); ++at)
      out.insert(at->second);
  }
  ANNALS_TRY(const bool ours, pages_are_ours());
  (void)ours;   // a key too many knows nothing
  return std::vector<std::string>(out.begin(), out.end());
}

// --- following ---

IndexFollower::IndexFollower(const EventLog& log) : log_(log) {}

Status IndexFollower::open(Position last) {
  const index_rows::Reach reach = index_rows::read_reach(log_);
  const Space space(reach.space);
  view_.reset();
  line_.reset();
  next_.reset(new IndexView(log_, reach.sealed, reach.space, reach.sealed));
  ANNALS_TRY(Ledger base, index_rows::load_about(log_, space, reach.sealed));
  base_ = std::make_unique<Ledger>(std::move(base));
  const std::string articles = space.kind("a/");
  ANNALS_CHECK_OK(log_.scan_derived(articles, articles, [&](std::string_view key, std::string_view value) {
    CoveredArticle article = index_rows::unpack_article(space, key, value);
    std::erase_if(article.runs, [&](const StatementRun& run) { return run.first > reach.sealed; });
    for (StatementRun& run : article.runs)
      if (run.first.value + run.count - 1 > reach.sealed.value) run.count = reach.sealed.value - run.first.value + 1;
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
  Status failed;
  ANNALS_TRY(const Position end, log_.read({reach.sealed, last}, [&](const Event& event) {
    failed = take(event);
    return failed ? Visit::kContinue : Visit::kStop;
  }, for_claims()));
  (void)end;
  return failed;
}

CoverageCount IndexFollower::coverage(Instant published_by) {
  if (!line_) {
    line_ = std::make_unique<CoverageLine>();
    for (const CoverageLine::Span& span : base_->coverage_spans()) line_->add(span);
  }
  return line_->at(published_by);
}

Status IndexFollower::take(const Event& event) {
  next_->upto_ = event.position;
  const auto bring = [&](const EventId& id) -> Status {
    ANNALS_TRY(const auto position, log_.lookup(id));
    if (!position || *position > next_->sealed_) return {};
    ANNALS_TRY(const Event named, log_.get(*position));
    if (std::holds_alternative<StatementEvent>(named.body)) {
      next_->brought_.insert(*position);
    } else if (const auto* again = std::get_if<Reinterpretation>(&named.body)) {
      ANNALS_TRY(const auto statement, log_.lookup(again->about));
      if (statement && *statement <= next_->sealed_) next_->brought_.insert(*statement);
    }
    return {};
  };
  if (const auto* body = std::get_if<StatementEvent>(&event.body)) {
    base_->cover(event);
    if (line_) {
      if (base_->spoken_of(body->note)) {
        line_.reset();
      } else {
        CoverageLine::Span span{body->note, body->article.ordinal, fold(body->article.outlet.value_or("")), std::nullopt, std::nullopt, 1};
        if (body->article.published) span.known = body->article.published->known_from;
        line_->add(span);
      }
    }
    const std::size_t index = next_->statements_.size();
    next_->statements_.push_back(std::make_shared<const Event>(event));
    const auto post = [&](const Claim& claim) {
      for (const auto& projection : projections()) {
        const std::string subject = projection->subject(claim);
        if (subject.empty()) continue;
        auto& list = next_->by_subject_[{std::string(projection->name()), subject}];
        if (list.empty() || list.back() != index) list.push_back(index);
      }
    };
    for (const Claim& claim : body->reading.claims) post(claim);
    return {};
  }
  if (std::holds_alternative<NoteArrival>(event.body)) return {};
  // What the tail says about a statement of the tail may bring it to other subjects.
  const auto repost = [&](const EventId& id, std::span<const Claim> claims) -> Status {
    ANNALS_TRY(const auto position, log_.lookup(id));
    if (!position || *position <= next_->sealed_) return {};
    EventId about = id;
    ANNALS_TRY(const Event named, log_.get(*position));
    if (const auto* again = std::get_if<Reinterpretation>(&named.body)) about = again->about;
    for (std::size_t index = 0; index < next_->statements_.size(); ++index) {
      if (next_->statements_[index]->id != about) continue;
      for (const Claim& claim : claims) {
        for (const auto& projection : projections()) {
          const std::string subject = projection->subject(claim);
          if (subject.empty()) continue;
          auto& list = next_->by_subject_[{std::string(projection->name()), subject}];
          if (std::find(list.begin(), list.end(), index) == list.end()) list.push_back(index);
        }
      }
    }
    return {};
  };
  if (const auto* again = std::get_if<Reinterpretation>(&event.body)) {
    next_->rereadings_.push_back(std::make_shared<const Event>(event));
    ANNALS_CHECK_OK(bring(again->about));
    return repost(again->about, again->reading.claims);
  }
  base_->add(event);
  if (!std::holds_alternative<LexiconFact>(event.body) && !std::holds_alternative<Review>(event.body)) line_.reset();
  if (const auto* review = std::get_if<Review>(&event.body); review != nullptr && review->amended) {
    ANNALS_CHECK_OK(bring(review->about));
    ANNALS_CHECK_OK(repost(review->about, std::span(&*review->amended, 1)));
  }
  const Target* target = nullptr;
  if (const auto* retraction = std::get_if<Retraction>(&event.body)) target = &retraction->about;
  if (const auto* withdrawal = std::get_if<Withdrawal>(&event.body)) target = &withdrawal->about;
  if (target != nullptr && target->kind == TargetKind::kEvent && !base_->has(target->event)) {
    ANNALS_TRY(const auto position, log_.lookup(target->event));
    if (position) {
      ANNALS_TRY(const Event named, log_.get(*position));
      if (std::holds_alternative<StatementEvent>(named.body)) base_->add(named, Ledger::Covered::kAlready);
    }
  }
  return {};
}

Status IndexFollower::touch_tail(Position from) {
  const Space space(next_->space_);
  Bounds before;
  before.recorded_to = next_->sealed_;
  index_rows::Toucher toucher(log_, space, next_->sealed_, *base_, base_->families(before), next_->families_);
  Status failed;
  ANNALS_TRY(const Position end, log_.read({from, next_->upto_}, [&](const Event& event) {
    failed = toucher.touch(event);
    return failed ? Visit::kContinue : Visit::kStop;
  }, for_claims()));
  (void)end;
  ANNALS_CHECK_OK(failed);
  ANNALS_CHECK_OK(toucher.finish());
  next_->dirty_.insert(toucher.keys().begin(), toucher.keys().end());
  return {};
}

Result<std::shared_ptr<const IndexView>> IndexFollower::now() {
  const Position last = log_.last();
  const index_rows::Reach reach = index_rows::read_reach(log_);
  if (view_ && view_->upto_ == last && view_->space_ == reach.space && view_->sealed_ == reach.sealed) return view_;
  if (view_ && view_->space_ == reach.space && view_->sealed_ == reach.sealed) {
    // More of the tail.
    next_.reset(new IndexView(*view_));
    Status failed;
    bool erased = false;
    const auto end = log_.read({view_->upto_, last}, [&](const Event& event) {
      erased = erased || event.kind() == EventKind::kErasure;
      failed = take(event);
      return failed ? Visit::kContinue : Visit::kStop;
    }, for_claims());
    if (!end || !failed) {
      view_.reset();   // half a tail is none
      return !end ? end.error() : failed.error();
    }
    if (erased) ANNALS_CHECK_OK(open(last));   // what was read before may hold words that are no more
  } else {
    ANNALS_CHECK_OK(open(last));
  }
  next_->upto_ = last;
  const Bounds everything;
  next_->about_ = std::make_shared<const Ledger>(Ledger::beside(*base_, last));
  next_->families_ = base_->families(everything);
  // Under names that are as they were, what was touched before stays touched; else the whole tail is looked at again.
  const bool same_names = view_ != nullptr && view_->families_->version() == next_->families_->version();
  const Status touched = touch_tail(same_names ? view_->upto_ : next_->sealed_);
  if (!touched) {
    view_.reset();
    return touched.error();
  }
  view_ = std::shared_ptr<const IndexView>(std::move(next_));
  return view_;
}

}  // namespace annals
