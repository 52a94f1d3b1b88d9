#include "engine/projection/heads.h"

#include <algorithm>
#include <deque>

#include "engine/projection/opened_page.h"
#include "engine/projection/pack.h"

namespace annals {
namespace {

Error damaged(std::string_view what, std::string_view key) {
  return {ErrorCode::kCorrupt, "the index's " + std::string(what) + " of " + std::string(key) + " is damaged; make the index anew"};
}

// The steps before are most of a growth, and no head shows them.
State finished_without_steps(const Projection& projection, Growth& growth, std::string_view key) {
  std::vector<std::vector<Step>> aside;
  const auto each = [&](const auto& visit) {
    for (auto& lane : growth.lanes)
      for (Growing& growing : lane) visit(growing);
    for (Growing& growing : growth.ahead) visit(growing);
  };
  each([&](Growing& growing) { aside.push_back(std::move(growing.entry.steps)); });
  auto past = std::exchange(growth.past, {});
  Growth copy = growth;
  auto at = aside.begin();
  each([&](Growing& growing) { growing.entry.steps = std::move(*at++); });
  growth.past = std::move(past);
  return heads_of(projection.finish(std::move(copy), key));
}

// The answers of one page, moment by moment.
class Walk {
 public:
  Walk(const Projection& projection, std::string_view key) : projection_(projection), key_(key) {}

  bool open(const std::string& bytes) {
    if (!page_.open(bytes)) return false;
    Unpack in(page_.growth());
    base_ = in.growth([&](std::uint64_t number) { return number < page_.references().size() ? &page_.references()[number].named : nullptr; });
    if (in.failed()) return false;
    for (const OpenedPage::Behind& each : page_.claims()) {
      auto evidence = page_.evidence(each.evidence);
      if (!evidence) return false;
      Unpack rest(each.rest);
      Item& item = items_.emplace_back();
      item.known = each.known;
      item.placed = rest.placed(item.claim, *std::move(evidence));
      item.placed.number = 0;   // heads only name it
      if (rest.failed()) return false;
      coming_.push_back(&item);
    }
    std::stable_sort(coming_.begin(), coming_.end(), [](const Item* a, const Item* b) { return a->known < b->known; });
    return true;
  }
  std::optional<Instant> end() const { return page_.next(); }

  // As of `at`, which ascends.
  PageAnswer answer(Instant at) {
    bool anew = !grown_ || (turn_ && *turn_ <= at);
    std::vector<Item*> fresh;
    for (; next_ < coming_.size() && coming_[next_]->known <= at; ++next_) {
      Item* item = coming_[next_];
      const auto place = std::upper_bound(here_.begin(), here_.end(), item, [](const Item* a, const Item* b) { return before(a->placed, b->placed); });
      // Among those that were folded before: they are folded behind it.
      anew = anew || static_cast<std::size_t>(place - here_.begin()) < here_.size() - fresh.size();
      here_.insert(place, item);
      fresh.push_back(item);
    }
    if (anew) {
      grown_ = base_;
      turn_.reset();
    }
    std::sort(fresh.begin(), fresh.end(), [](const Item* a, const Item* b) { return before(a->placed, b->placed); });
    grown_->valid_at = grown_->published_by = at;
    for (Item* item : anew ? here_ : fresh) {
      if (const auto turn = next_phase(item->placed, at); turn && (!turn_ || *turn < *turn_)) turn_ = turn;
      fold_claim(projection_, *grown_, item->placed);
    }
    PageAnswer out;
    out.state = finished_without_steps(projection_, *grown_, key_);
    out.said = page_.said() || !here_.empty();
    const auto sooner = [&](const std::optional<Instant>& moment) {
      if (moment && *moment > at && (!out.until || *moment < *out.until)) out.until = moment;
    };
    sooner(page_.next());
    sooner(turn_);
    if (next_ < coming_.size()) sooner(coming_[next_]->known);
    for (const LaneState& lane : out.state.lanes)
      for (const Entry& entry : lane.entries)
        if (entry.due) sooner(entry.due->to);
    return out;
  }

 private:
  struct Item {
    Instant known{};
    PlacedClaim placed;
    Claim claim;
  };
  const Projection& projection_;
  const std::string_view key_;
  OpenedPage page_;
  Growth base_;
  std::deque<Item> items_;
  std::vector<Item*> coming_;        // by when they become known
  std::size_t next_ = 0;
  std::vector<Item*> here_;          // known, in the order of the fold
  std::optional<Growth> grown_;      // of them
  std::optional<Instant> turn_;      // when one of them stands otherwise
};

}  // namespace

State heads_of(State state) {
  for (LaneState& lane : state.lanes) {
    for (Entry& entry : lane.entries) {
      entry.steps = {};   // with what was set aside for them
      entry.steps_left_out = 0;
      entry.first.whole.reset();
      entry.newest.whole.reset();
      for (Dispute& dispute : entry.disputes) dispute.evidence.whole.reset();
    }
  }
  return state;
}

Result<std::optional<Instant>> each_head(const Projection& projection, std::string_view key, const std::string& page, Instant page_at, const HeadVisitor& visit) {
  if (page.size() == 1 && page.front() == kUnfolded) {
    ANNALS_CHECK_OK(visit(page_at, nullptr));
    return std::optional<Instant>();
  }
  Walk walk(projection, key);
  if (!walk.open(page)) return damaged("page", key);
  PageAnswer head = walk.answer(page_at);
  Instant since = page_at;
  for (std::optional<Instant> at = head.until; at && at != walk.end();) {
    PageAnswer then = walk.answer(*at);
    if (then.said == head.said && then.state == head.state) {
      head.until = then.until;
    } else {
      head.until = at;
      ANNALS_CHECK_OK(visit(since, &head));
      head = std::move(then);
      since = *at;
    }
    at = head.until;
  }
  ANNALS_CHECK_OK(visit(since, &head));
  return walk.end();
}

std::string pack_head(const PageAnswer* head) {
  if (head == nullptr) return {};
  Pack out;
  out.number(head->said ? 1 : 0).maybe_instant(head->until).heads(head->state);
  return out.take();
}

Result<std::optional<PageAnswer>> unpack_head(const Projection& projection, std::string_view key, std::string_view bytes) {
  if (bytes.empty()) return std::optional<PageAnswer>();
  Unpack in(bytes);
  PageAnswer out;
  out.said = in.number() != 0;
  out.until = in.maybe_instant();
  out.state = in.heads();
  out.state.projection = projection.name();
  out.state.key = key;
  if (in.failed() || !in.done()) return damaged("head", key);
  return std::optional<PageAnswer>(std::move(out));
}

}  // namespace annals
