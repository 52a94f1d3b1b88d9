#include <algorithm>

#include "engine/projection/coverage_rows.h"
#include "engine/projection/heads.h"
#include "engine/projection/index.h"
#include "engine/projection/index_gather.h"
#include "engine/projection/index_load.h"
#include "engine/projection/index_rows.h"
#include "engine/projection/index_tail.h"
#include "engine/projection/snapshots.h"

namespace annals {
namespace {

using index_rows::Space;

Error made_anew() { return {ErrorCode::kOverloaded, "the index was made anew while it was read; ask again"}; }

void sooner(std::optional<Instant>& until, const std::optional<Instant>& other) {
  if (other && (!until || *other < *until)) until = other;
}

}  // namespace

// --- the view ---

Result<std::unique_ptr<DerivedReader>> IndexView::rows() const {
  auto out = log_.derived();
  const index_rows::Reach reach = index_rows::read_reach(log_, *out);
  if (reach.space != space_ || reach.sealed < sealed_) return made_anew();
  return out;
}

Result<Ledger> IndexView::load(const Projection& projection, std::span<const std::string> keys, const Families& families) const {
  const Space space(space_);
  ANNALS_TRY(const auto rows, this->rows());
  index_rows::Gathering all(log_, *rows, space, sealed_, *tail_);
  for (const Projection* part : base_projections(projection)) {
    for (const std::string& key : keys) {
      ANNALS_CHECK_OK(all.add(*part, part->subject_of_key(key), families));
      if (part->inherits())
        for (const std::string& ancestor : ancestor_keys(key, families)) ANNALS_CHECK_OK(all.add(*part, part->subject_of_key(ancestor), families));
    }
  }
  return all.take(*about_, upto_);
}

Result<CoverageCount> IndexView::coverage(const Bounds& bounds, const index_rows::ToldNotes& told) const {
  const Space space(space_);
  ANNALS_TRY(const auto rows, this->rows());
  CoverageTally out(bounds);
  ANNALS_CHECK_OK(index_rows::each_note(*rows, space, [&](index_rows::NoteOfCoverage& note) {
    if (!told.of.contains(note.note)) index_rows::tally_note(note, *about_, bounds, out);
  }));
  for (const auto& [digest, note] : told.of) index_rows::tally_note(note, *about_, bounds, out);
  return out.count();
}

bool IndexView::borne_on(const Projection& projection, std::optional<std::string_view> key, Position since) const {
  if (since < sealed_) return true;
  for (const Projection* part : base_projections(projection)) {
    if (!key && tail_->newest(part->name()) > since) return true;
    if (!key) continue;
    if (tail_->touch(part->name(), *key).newest > since) return true;
    if (!part->inherits()) continue;
    for (const std::string& ancestor : ancestor_keys(*key, *families_))
      if (tail_->touch(part->name(), ancestor).newest > since) return true;
  }
  return false;
}

// --- the reader ---

IndexReader::IndexReader(const IndexView& view, Detail detail) : view_(view), detail_(detail), rows_(view.log_.derived()) {
  pages_ = Pages::kOurs;
  if (view.rows_version_ != 0 && rows_->version() == view.rows_version_) return;
  const index_rows::Reach reach = index_rows::read_reach(view.log_, *rows_);
  if (reach.space != view.space_ || reach.sealed < view.sealed_) pages_ = Pages::kOthers;
  else if ((reach.pages_too ? reach.aim : reach.sealed) > view.upto_) pages_ = Pages::kNewer;
}

struct IndexReader::AllHeads {
  Instant at;
  std::map<const Projection*, index_rows::HeadTable> of;
};

Result<std::shared_ptr<const IndexReader::AllHeads>> IndexReader::all_heads(const Projection& projection, Instant at) {
  if (pages_ != Pages::kOurs || detail_ != Detail::kHeads) return std::shared_ptr<const AllHeads>();
  const auto out = std::make_shared<AllHeads>(AllHeads{at, {}});
  const Space space(view_.space_);
  for (const Projection* part : base_projections(projection)) {
    if (!index_rows::has_heads(*part)) continue;
    ANNALS_TRY(auto table, index_rows::heads_of_all(*rows_, space, *part, at));
    if (table) out->of.emplace(part, *std::move(table));
  }
  return std::shared_ptr<const AllHeads>(out);
}

void IndexReader::use(KeptGrowths& growths) {
  const std::string names = view_.families_->version();
  if (growths.space_ != view_.space_ || growths.sealed_ != view_.sealed_ || growths.names_ != names) growths.of_.clear();
  growths.space_ = view_.space_;
  growths.sealed_ = view_.sealed_;
  growths.names_ = names;
  kept_ = &growths;
}

struct IndexReader::News {
  Ledger ledger;   // what the claims stand in
  std::map<std::string, std::vector<Course::Item>> of;
  KeptGrowths::Texts texts;
  std::size_t count = 0;
  // Those of a track, once.
  std::vector<Course::Item> take(const std::string& track) {
    const auto at = of.find(track);
    return at == of.end() ? std::vector<Course::Item>() : std::move(of.extract(at).mapped());
  }
};

IndexReader::News IndexReader::news_of(const Projection& projection, std::string_view key, Position after) const {
  News out{Ledger::beside(*view_.about_, view_.upto_), {}, {}, 0};
  const std::string subject = projection.subject_of_key(key);
  std::map<Position, index_rows::Told> tail;
  view_.tail_->statements(projection, subject, *view_.families_, after, tail);
  for (const auto& [position, told] : tail) {
    const StatementExtract& extract = told->extract();
    if (const Digest& text = extract.article.text_hash; !text.none()) out.texts.try_emplace(text, extract.note, extract.article.ordinal);
    out.ledger.add(StatementExtract(extract));
  }
  out.ledger.courses(projection, subject, [&](const std::string& its, Course course) {
    if (its != key) return;
    out.count += course.items.size();
    for (Course::Item& item : course.items) out.of[projection.apart(item.placed)].push_back(std::move(item));
  });
  return out;
}

std::optional<PageAnswer> IndexReader::by_kept(const Projection& projection, std::string_view key, Instant at) {
  const auto found = kept_->of_.find({&projection, std::string(key)});
  if (found == kept_->of_.end() || view_.upto_ < found->second.upto) return std::nullopt;
  KeptGrowths::Kept& kept = found->second;
  if (view_.tail_->about() > kept.upto) {
    kept_->of_.erase(found);
    return std::nullopt;
  }
  News news = news_of(projection, key, kept.upto);
  const bool copies = std::any_of(news.texts.begin(), news.texts.end(), [&](const auto& each) {
    const auto there = kept.texts.find(each.first);
    return there != kept.texts.end() && there->second != each.second;
  });
  if (copies || !grow_on(projection, kept.growth, at, news.take({}))) {
    kept_->of_.erase(found);
    return std::nullopt;
  }
  kept.upto = view_.upto_;
  kept.texts.merge(news.texts);
  std::vector<PageGrowth> one{kept.growth};
  return answer_of_growths(projection, key, std::move(one), at);
}

Result<std::optional<PageAnswer>> IndexReader::by_pages(const Projection& projection, std::string_view key, Instant published_by,
                                                        Instant valid_at, WithTail with_tail) {
  const Space space(view_.space_);
  const bool apart = projection.tracks_apart();
  const bool keeps = kept_ != nullptr && with_tail == WithTail::kYes && !apart && detail_ == Detail::kWhole && published_by == valid_at;
  if (keeps) {
    if (auto answer = by_kept(projection, key, published_by)) return answer;
  }
  std::optional<News> news;
  if (with_tail == WithTail::kYes) news = news_of(projection, key, Position{});
  const auto of_track = [&](const std::string& track) { return news ? news->take(track) : std::vector<Course::Item>(); };
  const std::string prefix = space.pages(projection.name(), key);
  std::vector<PageGrowth> tracks;
  std::string from = apart ? prefix : space.page(projection.name(), key, {}, published_by);
  // Of each track the newest page at or before P: the next row, or one behind it.
  for (bool more = true; more;) {
    more = false;
    std::string track, page;
    std::optional<Instant> page_at;
    ANNALS_CHECK_OK(rows_->scan(prefix, from, [&](std::string_view row, std::string_view value) {
      if (row.size() < prefix.size() + 8) return Visit::kContinue;
      if (apart) track = index_rows::two_texts(row, prefix.size()).first;
      page_at = index_rows::page_moment(row);
      if (*page_at <= published_by) page = value;
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
    const auto home = [&](Instant at) { return rows_->get(space.page(projection.name(), key, track, at)).value_or(std::string()); };
    ANNALS_TRY(auto growth, growth_of_page(projection, key, page, *page_at, published_by, valid_at, home, detail_, of_track(track)));
    if (!growth) return std::optional<PageAnswer>();
    tracks.push_back(*std::move(growth));
  }
  while (news && !news->of.empty()) {
    ANNALS_TRY(auto growth, growth_of_page(projection, key, {}, {}, published_by, valid_at, {}, detail_, of_track(std::string(news->of.begin()->first))));
    if (!growth) return std::optional<PageAnswer>();
    tracks.push_back(*std::move(growth));
  }
  if (keeps && tracks.size() == 1 && news->count >= KeptGrowths::kClaimsMin) kept_->of_[{&projection, std::string(key)}] = {tracks.front(), view_.upto_, std::move(news->texts)};
  return std::optional<PageAnswer>(answer_of_growths(projection, key, std::move(tracks), published_by));
}

Result<std::optional<PageAnswer>> IndexReader::by_heads(const Projection& projection, std::string_view key, Instant at) {
  if (all_heads_ != nullptr && all_heads_->at == at) {
    if (const auto table = all_heads_->of.find(&projection); table != all_heads_->of.end()) {
      if (const auto head = table->second.find(key)) return unpack_head(projection, key, *head);
      PageAnswer nothing = answer_of_growths(projection, key, {}, at);
      nothing.until = at + Micros(1);   // what comes when is not in it
      return std::optional(std::move(nothing));
    }
  }
  const Space space(view_.space_);
  // Where there is no row, nothing was ever said.
  Result<std::optional<PageAnswer>> out = std::optional(answer_of_growths(projection, key, {}, at));
  ANNALS_CHECK_OK(rows_->scan(space.heads(projection.name(), key), space.head(projection.name(), key, at), [&](std::string_view, std::string_view value) {
    out = unpack_head(projection, key, value);
    return Visit::kStop;
  }));
  return out;
}

Result<PageAnswer> IndexReader::own_at(const Projection& projection, std::string_view key, Instant published_by, Instant valid_at) {
  const index_rows::Touch touch = view_.tail_->touch(projection.name(), key);
  const bool before = published_by < touch.since;
  const bool heads = detail_ == Detail::kHeads;
  if (heads && before && published_by == valid_at && !projection.tracks_apart()) {
    ANNALS_TRY(auto answer, by_heads(projection, key, published_by));
    if (answer) {
      if (touch.since != kInstantMax) sooner(answer->until, touch.since);
      return *std::move(answer);
    }
  }
  if (before || !touch.turned) {
    ANNALS_TRY(auto answer, by_pages(projection, key, published_by, valid_at, before ? WithTail::kNo : WithTail::kYes));
    if (answer) {
      if (before && touch.since != kInstantMax) sooner(answer->until, touch.since);
      if (valid_at < published_by) answer->until = published_by + Micros(1);
      if (heads) answer->state = heads_of(std::move(answer->state));
      return *std::move(answer);
    }
  }
  const std::string one(key);
  ANNALS_TRY(const Ledger ledger, view_.load(projection, std::span(&one, 1), *view_.families_));
  std::vector<PlacedClaim> placed = ledger.placed(projection, key, published_by);
  PageAnswer out;
  out.said = !placed.empty();
  out.state = fold_claims(projection, key, placed, valid_at, published_by);
  if (heads) out.state = heads_of(std::move(out.state));
  out.until = published_by + Micros(1);
  return out;
}

Result<const PageAnswer*> IndexReader::ancestor_at(const Projection& projection, const std::string& key, Instant published_by, Instant valid_at) {
  if (ancestors_at_ != std::pair(published_by, valid_at)) ancestors_.clear();
  ancestors_at_ = {published_by, valid_at};
  auto at = ancestors_.find({&projection, key});
  if (at == ancestors_.end()) {
    ANNALS_TRY(PageAnswer answer, own_at(projection, key, published_by, valid_at));
    at = ancestors_.emplace(std::pair(&projection, key), std::move(answer)).first;
  }
  return static_cast<const PageAnswer*>(&at->second);
}

Result<PageAnswer> IndexReader::state_at(const Projection& projection, std::string_view key, Instant published_by, Instant valid_at) {
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
  if (pages_ == Pages::kOthers) return made_anew();
  if (pages_ == Pages::kNewer) {
    // They speak of events behind this view. Postings of positions say which are.
    const std::string one(key);
    ANNALS_TRY(const Ledger ledger, view_.load(projection, std::span(&one, 1), *view_.families_));
    Bounds bounds = as_of(published_by);
    bounds.valid_at = valid_at;
    bounds.recorded_to = view_.upto_;
    out.said = ledger.state_of_own(projection, key, bounds).has_value();
    out.state = ledger.state(projection, key, bounds);
    if (detail_ == Detail::kHeads) out.state = heads_of(std::move(out.state));
    out.until = published_by + Micros(1);
    return out;
  }
  ANNALS_TRY(out, own_at(projection, key, published_by, valid_at));
  if (!projection.inherits()) return out;
  std::vector<Inherited> ancestors;
  for (std::string& ancestor : ancestor_keys(key, *view_.families_)) {
    ANNALS_TRY(const PageAnswer* theirs, ancestor_at(projection, ancestor, published_by, valid_at));
    sooner(out.until, theirs->until);
    if (theirs->said) ancestors.push_back({std::move(ancestor), theirs->state});
  }
  if (!ancestors.empty()) out.state = inherit(std::move(out.state), ancestors);
  return out;
}

Result<std::vector<std::string>> IndexReader::keys_with_pages(const Projection& projection, std::string_view prefix) {
  const Space space(view_.space_);
  if (prefix.empty() && index_rows::has_heads(projection)) {
    // Each has a change of its head: those of which there is ever anything to say.
    ANNALS_TRY(const auto heads, index_rows::heads_of_all(*rows_, space, projection, kInstantMax));
    if (heads) return heads->keys();
  }
  return index_rows::first_texts(*rows_, space.all_pages(projection.name()), prefix);
}

Result<std::vector<std::string>> IndexReader::keys(const Projection& projection, std::string_view prefix) {
  if (pages_ == Pages::kOthers) return made_anew();
  // Where rows are newer than the view there may be a key too many, which knows nothing.
  std::vector<std::string> out;
  for (const Projection* part : base_projections(projection)) {
    std::shared_ptr<const std::vector<std::string>> keys;
    if (prefix.empty()) {
      const std::lock_guard lock(view_.keys_->mutex);
      auto& kept = view_.keys_->of[part];
      if (kept == nullptr) {
        ANNALS_TRY(auto found, keys_with_pages(*part, {}));
        kept = std::make_shared<const std::vector<std::string>>(std::move(found));
      }
      keys = kept;
    } else {
      ANNALS_TRY(auto found, keys_with_pages(*part, prefix));
      keys = std::make_shared<const std::vector<std::string>>(std::move(found));
    }
    std::set<std::string> fresh;
    view_.tail_->keys(part->name(), prefix, fresh);
    const auto merge = [&](const auto& more) {
      const auto middle = static_cast<std::ptrdiff_t>(out.size());
      out.insert(out.end(), more.begin(), more.end());
      if (middle > 0 && middle < static_cast<std::ptrdiff_t>(out.size())) std::inplace_merge(out.begin(), out.begin() + middle, out.end());
    };
    merge(*keys);
    merge(fresh);
  }
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace annals
