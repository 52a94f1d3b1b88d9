#include "engine/projection/pages.h"

#include <algorithm>
#include <map>

#include "engine/projection/pack.h"

namespace annals {
namespace {

constexpr std::size_t kGapAtFirst = 24;        // claims between two kept growths
constexpr std::size_t kKeptMax = 2048;         // growths kept of one key
constexpr std::size_t kItemBytesMin = 1024;    // of claims behind a page, however small its growth
constexpr char kUnfolded = 1;
constexpr char kFolded = 0;   // then: the next page's moment, how many claims stand, the growth, the claims behind it

// The fold of one key from one moment to the next.
class Course1 {
 public:
  Course1(const Ledger& ledger, const Projection& projection, std::string_view key, const PageVisitor& visit)
      : ledger_(ledger), projection_(projection), key_(key), visit_(visit), course_(ledger.course(projection, key)) {}

  Status run() {
    if (course_.items.empty()) return {};
    now_ = kInstantMin;   // the page of nothing known yet
    ANNALS_CHECK_OK(begin_page());
    const std::size_t allowed = (course_.items.size() + 64) * kFoldsPerClaimMax;
    std::multimap<Instant, bool> gone;
    std::size_t next = 0;
    for (;;) {
      std::optional<Instant> at;
      const auto sooner = [&](Instant moment) {
        if (!at || moment < *at) at = moment;
      };
      if (next < course_.items.size()) sooner(course_.items[next].known);
      if (!gone.empty()) sooner(gone.begin()->first);
      if (!turns_.empty()) sooner(turns_.begin()->first);
      if (!at) break;
      now_ = *at;

      std::vector<PlacedClaim*> added;
      for (; next < course_.items.size() && course_.items[next].known == now_; ++next) {
        added.push_back(&course_.items[next].placed);
        if (course_.items[next].gone) gone.emplace(*course_.items[next].gone, true);
      }
      bool removed = false;
      for (; !gone.empty() && gone.begin()->first <= now_; gone.erase(gone.begin())) removed = true;
      if (removed) {
        again();
        ANNALS_CHECK_OK(begin_page());
      } else {
        const bool turned = !turns_.empty() && turns_.begin()->first <= now_;
        const bool last = order_.empty() || added.empty() || before(*order_.back(), *added.front());
        if (!turned && last) ANNALS_CHECK_OK(append(added));
        else ANNALS_CHECK_OK(change(added));
      }
      if (folds_ > allowed) {
        if (page_at_ == now_) page_.clear();
        ANNALS_CHECK_OK(end_page(now_));
        return visit_(now_, std::string(1, kUnfolded));
      }
    }
    return end_page(std::nullopt);
  }

 private:
  struct Kept {
    std::size_t index;    // of the claims folded
    std::string growth;
  };

  void fold(PlacedClaim& placed) {
    ++folds_;
    fold_claim(projection_, growth_, placed);
  }
  void at_now(Growth& growth) const { growth.valid_at = growth.published_by = now_; }
  void watch(PlacedClaim* placed) {
    if (const auto turn = next_phase(*placed, now_)) turns_.emplace(*turn, placed);
  }

  void keep(std::size_t index) {
    const std::size_t last = kept_.empty() ? 0 : kept_.back().index;
    if (index < last + gap_) return;
    kept_.push_back({index, Pack().growth(growth_).take()});
    if (kept_.size() <= kKeptMax) return;
    gap_ *= 2;
    for (std::size_t i = 0; i < kept_.size() / 2; ++i) kept_[i] = std::move(kept_[2 * i + 1]);
    kept_.resize(kept_.size() / 2);
  }

  // Claims that fold behind all others.
  Status append(const std::vector<PlacedClaim*>& added) {
    Pack items;
    for (PlacedClaim* placed : added) items.instant(now_).placed(*placed);
    at_now(growth_);
    for (PlacedClaim* placed : added) {
      order_.push_back(placed);
      fold(*placed);
      watch(placed);
      keep(order_.size());
    }
    if (page_at_ == kInstantMin || item_count_ + added.size() > kPageItemsMax ||
        item_bytes_ + items.size() > std::max(page_growth_bytes_, kItemBytesMin)) {
      return begin_page();
    }
    page_ += items.bytes();
    item_count_ += added.size();
    item_bytes_ += items.size();
    return {};
  }

  // Claims somewhere in the order, or claims that stand otherwise from now on: the fold again from the first of them.
  Status change(const std::vector<PlacedClaim*>& added) {
    std::size_t first = order_.size();
    std::size_t last = 0;
    for (PlacedClaim* placed : added) {
      const auto place = std::upper_bound(order_.begin(), order_.end(), placed, [](const PlacedClaim* a, const PlacedClaim* b) { return before(*a, *b); });
      const auto index = static_cast<std::size_t>(place - order_.begin());
      order_.insert(place, placed);
      if (index < last) ++last;
      first = std::min(first, index);
      last = std::max(last, index);
      for (Kept& kept : kept_)
        if (kept.index > index) ++kept.index;
    }
    std::vector<PlacedClaim*> turned;
    for (; !turns_.empty() && turns_.begin()->first <= now_; turns_.erase(turns_.begin())) turned.push_back(turns_.begin()->second);
    for (PlacedClaim* placed : turned) {
      const auto place = std::lower_bound(order_.begin(), order_.end(), placed, [](const PlacedClaim* a, const PlacedClaim* b) { return before(*a, *b); });
      const auto index = static_cast<std::size_t>(place - order_.begin());
      first = std::min(first, index);
      last = std::max(last, index);
      watch(placed);
    }
    for (PlacedClaim* placed : added) watch(placed);
    fold_from(first, last);
    return begin_page();
  }

  void fold_from(std::size_t first, std::size_t last) {
    Growth finished = std::move(growth_);
    auto from = std::upper_bound(kept_.begin(), kept_.end(), first, [](std::size_t index, const Kept& kept) { return index < kept.index; });
    std::size_t index = 0;
    growth_ = Growth{};
    if (from != kept_.begin()) {
      const Kept& start = *std::prev(from);
      index = start.index;
      growth_ = Unpack(start.growth).growth();
    }
    at_now(growth_);
    for (; index < order_.size();) {
      fold(*order_[index++]);
      if (from == kept_.end() || from->index != index) continue;
      std::string growth = Pack().growth(growth_).take();
      if (index > last && growth == from->growth) {
        growth_ = std::move(finished);   // from here on all is as it was
        at_now(growth_);
        return;
      }
      from->growth = std::move(growth);
      ++from;
    }
    keep(order_.size());
  }

  // After a withdrawal: everything anew, copies perhaps in other places.
  void again() {
    gone_.push_back(std::make_unique<std::vector<PlacedClaim>>(ledger_.placed(projection_, key_, now_)));
    order_.clear();
    turns_.clear();
    kept_.clear();
    growth_ = Growth{};
    at_now(growth_);
    for (PlacedClaim& placed : *gone_.back()) {
      order_.push_back(&placed);
      fold(placed);
      watch(&placed);
      keep(order_.size());
    }
  }

  Status begin_page() {
    ANNALS_CHECK_OK(end_page(now_));
    page_at_ = now_;
    Pack out;
    out.number(order_.size()).growth(growth_);
    page_growth_bytes_ = out.size();
    page_ = out.take();
    item_count_ = item_bytes_ = 0;
    return {};
  }
  Status end_page(std::optional<Instant> next) {
    if (page_.empty()) return {};
    Pack head;
    head.number(kFolded).maybe_instant(next);
    return visit_(page_at_, head.take() + std::exchange(page_, {}));
  }

  const Ledger& ledger_;
  const Projection& projection_;
  const std::string_view key_;
  const PageVisitor& visit_;
  Course course_;
  std::vector<std::unique_ptr<std::vector<PlacedClaim>>> gone_;   // what order_ points to after a withdrawal
  Instant now_{};
  std::vector<PlacedClaim*> order_;                 // in the order of the fold
  std::multimap<Instant, PlacedClaim*> turns_;      // when V will reach a beginning or an end of theirs
  Growth growth_;
  std::vector<Kept> kept_;                          // growths on the way, by index
  std::size_t gap_ = kGapAtFirst;
  std::size_t folds_ = 0;

  std::string page_;
  Instant page_at_{};
  std::size_t page_growth_bytes_ = 0;
  std::size_t item_count_ = 0;
  std::size_t item_bytes_ = 0;
};

}  // namespace

Status make_pages(const Ledger& ledger, const Projection& projection, std::string_view key, const PageVisitor& visit) {
  return Course1(ledger, projection, key, visit).run();
}

Result<std::optional<PageAnswer>> answer_of_page(const Projection& projection, std::string_view key, std::string_view page, Instant at) {
  const auto damaged = [&] { return Error{ErrorCode::kCorrupt, "the index's page of " + std::string(key) + " is damaged; make the index anew"}; };
  if (page.empty()) return damaged();
  if (page.front() == kUnfolded) return std::optional<PageAnswer>();
  Unpack in(page.substr(1));
  PageAnswer out;
  out.until = in.maybe_instant();
  out.said = in.number() > 0;
  Growth growth = in.growth();
  growth.valid_at = growth.published_by = at;
  std::deque<Claim> claims;
  while (!in.done() && !in.failed()) {
    const Instant known = in.instant();
    if (known > at) {
      out.until = known;   // before the next page
      break;
    }
    PlacedClaim placed = in.placed(claims);
    if (in.failed()) break;
    fold_claim(projection, growth, placed);
    out.said = true;
  }
  if (in.failed()) return damaged();
  out.state = projection.finish(std::move(growth), key);
  for (const LaneState& lane : out.state.lanes)
    for (const Entry& entry : lane.entries)
      if (entry.due && entry.due->to && *entry.due->to > at && (!out.until || *entry.due->to < *out.until)) out.until = entry.due->to;
  return std::optional<PageAnswer>(std::move(out));
}

}  // namespace annals
