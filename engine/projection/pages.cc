#include "engine/projection/pages.h"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>

#include "engine/projection/pack.h"

namespace annals {
namespace {

// How far an earlier page's moment lies back, and there again. A page may stand at the first instant there is: the difference wraps
// around, and comes back whole.
std::int64_t way_back(Instant from, Instant to) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(from.time_since_epoch().count()) - static_cast<std::uint64_t>(to.time_since_epoch().count()));
}
Instant go_back(Instant from, std::int64_t way) {
  return Instant(Micros(static_cast<std::int64_t>(static_cast<std::uint64_t>(from.time_since_epoch().count()) - static_cast<std::uint64_t>(way))));
}

constexpr std::size_t kBlockClaims = 32;                         // between two growths that are kept on the way, at least
constexpr std::size_t kBytesPerFold = 128;                       // of a growth that are packed in the time of a step of the fold
constexpr std::size_t kAheadStored = kAnnouncedMax + 16;         // claims that begin later, in one page
constexpr std::size_t kHomesKept = kHomesMax / 2;

// A page, behind its first byte:
//   maybe the next page's moment · maybe the V up to which it answers with P before V · how many claims stand · the growth, as one text ·
//   how many references; each: its home, its place there (home 0: this page; else the n-th of the homes) · homes: how many, moments ·
//   evidence: how many, each as one text ·
//   claims: how many, each: its evidence as one text, when it became known, the rest as one text
// Places count evidence first, then claims.
constexpr char kUnfolded = 1;
constexpr char kFolded = 0;

// One claim of a key. What the fold needs of its evidence stays with it, the rest is apart, so that growths are light.
struct Told {
  PlacedClaim placed;      // evidence: what light() leaves of it
  Evidence evidence;
  Instant known{};
  bool folded = false;     // its evidence has lane and value
  // Where its evidence stands in the index, if it does.
  std::optional<Instant> home;
  std::size_t place = 0;
};

// What the fold looks at, and the number by which it is found again.
Evidence light(const Evidence& whole, std::size_t number) {
  Evidence out;
  out.position = whole.position;
  out.claim = whole.claim;
  out.article = static_cast<std::uint32_t>(number);
  out.origin = whole.origin;
  out.known_from = whole.known_from;
  out.recorded_at = whole.recorded_at;
  return out;
}

struct InOrder {
  bool operator()(const Told* a, const Told* b) const { return before(a->placed, b->placed); }
};

// The fold of one key from one moment to the next.
class Making {
 public:
  // `course`: the key's, of this track alone.
  Making(const Ledger& ledger, const Projection& projection, std::string_view key, std::string_view track, Course course, const PageVisitor& visit)
      : ledger_(ledger), projection_(projection), key_(key), track_(track), visit_(visit), course_(std::move(course)) {}

  Status run() {
    now_ = kInstantMin;   // the page of nothing known yet
    ANNALS_CHECK_OK(begin_page());
    const std::size_t allowed = (course_.items.size() + 64) * kFoldsPerClaimMax;
    std::multiset<Instant> gone;
    std::size_t next = 0;
    for (;;) {
      std::optional<Instant> at = refill_at_;
      const auto sooner = [&](Instant moment) {
        if (!at || moment < *at) at = moment;
      };
      if (next < course_.items.size()) sooner(course_.items[next].known);
      if (!gone.empty()) sooner(*gone.begin());
      if (!turns_.empty()) sooner(turns_.begin()->first);
      if (!at) break;
      now_ = *at;

      std::vector<Told*> added;
      for (; next < course_.items.size() && course_.items[next].known == now_; ++next) {
        added.push_back(tell(std::move(course_.items[next].placed)));
        if (course_.items[next].gone) gone.insert(*course_.items[next].gone);
      }
      bool removed = false;
      for (; !gone.empty() && *gone.begin() <= now_; gone.erase(gone.begin())) removed = true;
      if (removed) {
        again();
        ANNALS_CHECK_OK(begin_page());
      } else if (change(added) || items_added_ > kPageItemsMax || (refill_at_ && *refill_at_ <= now_) || page_at_ == kInstantMin) {
        ANNALS_CHECK_OK(begin_page());
      }
      if (folds_ > allowed) {
        if (page_at_ == now_) page_growth_.reset();
        ANNALS_CHECK_OK(end_page(now_));
        return visit_(track_, now_, std::string(1, kUnfolded));
      }
    }
    return end_page(std::nullopt);
  }

 private:
  // Claims that stand side by side in the fold, and the growth before them.
  struct Block {
    std::string growth;
    std::vector<Told*> claims;
  };

  Told* tell(PlacedClaim placed) {
    Told& out = told_.emplace_back();
    out.evidence = std::move(placed.evidence);
    placed.evidence = light(out.evidence, told_.size() - 1);
    out.placed = std::move(placed);
    out.known = now_;
    return &out;
  }
  void fold(Growth& growth, Told& told) {
    ++folds_;
    fold_claim(projection_, growth, told.placed);
    told.folded = true;
    told.evidence.lane = told.placed.evidence.lane;
    told.evidence.value = told.placed.evidence.value;
  }
  void at_now(Growth& growth) const { growth.valid_at = growth.published_by = now_; }
  // The growth with claims by number.
  static std::string kept(const Growth& growth) {
    static const std::function<std::uint64_t(const Evidence&)> number = [](const Evidence& evidence) { return evidence.article; };
    return Pack().growth(growth, number).take();
  }
  // So many that packing a growth takes no longer than folding them.
  static std::size_t block_claims(const std::string& growth) { return std::max(kBlockClaims, growth.size() / kBytesPerFold); }
  Growth begun(const Block& block) const {
    Growth out;
    if (!block.growth.empty())
      out = Unpack(block.growth).growth([&](std::uint64_t number) { return number < told_.size() ? &told_[number].placed.evidence : nullptr; });
    at_now(out);
    return out;
  }
  void watch(Told* told) {
    if (const auto turn = next_phase(told->placed, now_)) turns_.emplace(*turn, told);
  }

  // Claims of the pool that have begun go into the growth.
  void absorb() {
    at_now(growth_);
    while (!pool_.empty() && phase((*pool_.begin())->placed, now_) != Phase::kAhead) {
      Told* told = *pool_.begin();
      pool_.erase(pool_.begin());
      if (blocks_.empty() || blocks_.back()->claims.size() >= block_claims(blocks_.back()->growth)) {
        blocks_.push_back(std::make_unique<Block>());
        if (blocks_.size() > 1) blocks_.back()->growth = kept(growth_);
      }
      blocks_.back()->claims.push_back(told);
      ++absorbed_;
      fold(growth_, *told);
      watch(told);
    }
  }

  // The block that has the claim, or would have it.
  std::size_t block_of(const Told* told) const {
    const auto behind = std::upper_bound(blocks_.begin(), blocks_.end(), told, [](const Told* a, const auto& block) { return InOrder()(a, block->claims.front()); });
    return behind == blocks_.begin() ? 0 : static_cast<std::size_t>(behind - blocks_.begin()) - 1;
  }

  // New claims, and claims that stand otherwise from now on, take their places. True where the growth is another.
  bool change(const std::vector<Told*>& added) {
    std::size_t first = blocks_.size(), last = 0;
    const auto touch = [&](std::size_t block) {
      first = std::min(first, block);
      last = std::max(last, block);
    };
    std::vector<Told*> turned;
    for (; !turns_.empty() && turns_.begin()->first <= now_; turns_.erase(turns_.begin())) turned.push_back(turns_.begin()->second);
    for (Told* told : added) {
      if (blocks_.empty() || InOrder()(blocks_.back()->claims.back(), told)) {
        pool_.insert(told);
        // Behind as many claims that begin later as a page holds, it is no matter yet.
        if (refill_at_ && phase(told->placed, now_) == Phase::kAhead && InOrder()(ahead_last_, told)) continue;
        items_.push_back(told);
        ++items_added_;
        continue;
      }
      const std::size_t block = block_of(told);
      auto& claims = blocks_[block]->claims;
      claims.insert(std::upper_bound(claims.begin(), claims.end(), told, InOrder()), told);
      ++absorbed_;
      touch(block);
      turned.push_back(told);
    }
    for (Told* told : turned) {
      touch(block_of(told));
      watch(told);
    }
    return first < blocks_.size() && fold_from(first, last);
  }

  bool fold_from(std::size_t first, std::size_t last) {
    Growth growth = begun(*blocks_[first]);
    for (std::size_t index = first; index < blocks_.size(); ++index) {
      if (index > first) {
        std::string here = kept(growth);
        if (index > last && here == blocks_[index]->growth) return false;   // from here on all is as it was
        blocks_[index]->growth = std::move(here);
      }
      if (const std::size_t most = block_claims(blocks_[index]->growth); blocks_[index]->claims.size() > 2 * most) {
        auto rest = std::make_unique<Block>();
        auto& claims = blocks_[index]->claims;
        rest->claims.assign(claims.begin() + static_cast<std::ptrdiff_t>(most), claims.end());
        claims.resize(most);
        blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(index) + 1, std::move(rest));
        ++last;
      }
      for (Told* told : blocks_[index]->claims) fold(growth, *told);
    }
    const bool same = kept(growth) == kept(growth_);
    growth_ = std::move(growth);
    return !same;
  }

  // After a withdrawal: everything anew, copies perhaps in other places.
  void again() {
    absorb();   // what the page before says of its claims
    gone_.push_back(std::make_unique<std::vector<PlacedClaim>>(ledger_.placed(projection_, key_, now_)));
    blocks_.clear();
    pool_.clear();
    turns_.clear();
    growth_ = Growth{};
    absorbed_ = 0;
    for (PlacedClaim& placed : *gone_.back())
      if (projection_.apart(placed) == track_) pool_.insert(tell(placed));
  }

  Status begin_page() {
    absorb();
    ANNALS_CHECK_OK(end_page(now_));
    page_at_ = now_;
    claims_standing_ = absorbed_ + pool_.size();
    evidence_.clear();
    page_growth_ = pack_growth();
    items_.clear();
    items_added_ = 0;
    refill_at_.reset();
    std::optional<Instant> refill;
    std::size_t ahead = 0;
    for (Told* told : pool_) {
      if (phase(told->placed, now_) == Phase::kAhead) {
        if (refill_at_) continue;
        if (ahead == kAheadStored) {
          refill_at_ = refill;
          continue;
        }
        // When this one has begun, those that are not here would be looked at.
        if (++ahead == kAheadStored - kAnnouncedMax + 1) refill = next_phase(told->placed, now_);
        ahead_last_ = told;
      }
      items_.push_back(told);
    }
    limit_ = refill_at_;
    if (!turns_.empty() && (!limit_ || turns_.begin()->first < *limit_)) limit_ = turns_.begin()->first;
    return {};
  }

  // The growth with references, the references, and their homes; evidence that has no home yet, or one too far away, comes here.
  std::string pack_growth() {
    std::vector<Told*> references;
    std::unordered_map<std::uint32_t, std::uint64_t> numbers;
    const std::function<std::uint64_t(const Evidence&)> refer = [&](const Evidence& evidence) {
      const auto [at, fresh] = numbers.try_emplace(evidence.article, references.size());
      if (fresh) references.push_back(&told_[evidence.article]);
      return at->second;
    };
    const std::string growth = Pack().growth(growth_, refer).take();
    std::vector<Instant> homes;
    for (const Told* told : references)
      if (told->home) homes.push_back(*told->home);
    std::sort(homes.begin(), homes.end(), std::greater<>());
    homes.erase(std::unique(homes.begin(), homes.end()), homes.end());
    if (homes.size() > kHomesMax) homes.resize(kHomesKept);
    Pack out;
    out.text(growth).number(references.size());
    for (Told* told : references) {
      auto home = told->home ? std::find(homes.begin(), homes.end(), *told->home) : homes.end();
      if (home == homes.end()) {
        told->home = now_;
        told->place = evidence_.size();
        evidence_.push_back(told);
        out.number(0).number(told->place);
      } else {
        out.number(static_cast<std::uint64_t>(home - homes.begin()) + 1).number(told->place);
      }
    }
    out.number(homes.size());
    for (const Instant home : homes) out.signed_number(way_back(now_, home));
    return out.take();
  }

  Status end_page(std::optional<Instant> next) {
    if (!page_growth_) return {};
    Pack out;
    out.number(kFolded).maybe_instant(next).maybe_instant(limit_).number(claims_standing_).append(*page_growth_);
    page_growth_.reset();
    out.number(evidence_.size());
    for (const Told* told : evidence_) out.text(Pack().evidence(told->evidence).bytes());
    out.number(items_.size());
    for (std::size_t i = 0; i < items_.size(); ++i) {
      Told* told = items_[i];
      out.text(Pack().evidence(told->evidence).bytes()).instant(told->known).text(Pack().placed(told->placed).bytes());
      if (told->folded && !told->home) {
        told->home = page_at_;
        told->place = evidence_.size() + i;
      }
    }
    return visit_(track_, page_at_, out.take());
  }

  const Ledger& ledger_;
  const Projection& projection_;
  const std::string_view key_;
  const std::string_view track_;
  const PageVisitor& visit_;
  Course course_;
  std::vector<std::unique_ptr<std::vector<PlacedClaim>>> gone_;   // what told_ points into after a withdrawal
  std::deque<Told> told_;
  Instant now_{};
  std::vector<std::unique_ptr<Block>> blocks_;      // what the growth is made of, in the order of the fold
  std::size_t absorbed_ = 0;                        // claims in them
  Growth growth_;
  std::set<Told*, InOrder> pool_;                   // behind them
  std::multimap<Instant, Told*> turns_;             // when V will reach a beginning or an end of what is in the blocks
  std::size_t folds_ = 0;

  // The page that is being written.
  std::optional<std::string> page_growth_;
  Instant page_at_{};
  std::size_t claims_standing_ = 0;
  std::optional<Instant> limit_;                    // when something that it folds turns, or others have to come
  std::vector<Told*> evidence_;
  std::vector<Told*> items_;
  std::size_t items_added_ = 0;
  const Told* ahead_last_ = nullptr;                // where refill_at_: the last of those that begin later and are here
  std::optional<Instant> refill_at_;                // when others have to come
};

// A page, read up to its evidence and claims.
class Opened {
 public:
  // False: it is none.
  bool open(std::string bytes) {
    bytes_ = std::move(bytes);
    Unpack in(bytes_);
    if (in.number() != static_cast<std::uint64_t>(kFolded)) return false;
    next_ = in.maybe_instant();
    limit_ = in.maybe_instant();
    claims_standing_ = in.number();
    growth_ = in.bytes();
    const std::uint64_t references = in.number();
    for (std::uint64_t i = 0; i < references && !in.failed(); ++i) {
      const std::uint64_t home = in.number();
      references_.emplace_back(home, in.number());
    }
    const std::uint64_t homes = in.number();
    for (std::uint64_t i = 0; i < homes && !in.failed(); ++i) homes_.push_back(in.signed_number());
    const std::uint64_t evidence = in.number();
    for (std::uint64_t i = 0; i < evidence && !in.failed(); ++i) evidence_.push_back(in.bytes());
    const std::uint64_t claims = in.number();
    for (std::uint64_t i = 0; i < claims && !in.failed(); ++i) {
      evidence_.push_back(in.bytes());
      const Instant known = in.instant();
      claims_.push_back({known, in.bytes(), evidence_.size() - 1});
    }
    return !in.failed() && in.done();
  }

  struct Behind {
    Instant known{};
    std::string_view rest;
    std::size_t evidence = 0;
  };
  std::optional<Instant> next() const { return next_; }
  std::optional<Instant> limit() const { return limit_; }
  std::uint64_t claims_standing() const { return claims_standing_; }
  std::string_view growth() const { return growth_; }
  // Home and place.
  const std::vector<std::pair<std::uint64_t, std::uint64_t>>& references() const { return references_; }
  const std::vector<std::int64_t>& homes() const { return homes_; }   // the way back to each, from this one
  const std::vector<Behind>& claims() const { return claims_; }
  std::optional<Evidence> evidence(std::size_t place) const {
    if (place >= evidence_.size()) return std::nullopt;
    Unpack in(evidence_[place]);
    Evidence out = in.evidence();
    return in.failed() ? std::nullopt : std::optional(std::move(out));
  }

 private:
  std::string bytes_;
  std::optional<Instant> next_;
  std::optional<Instant> limit_;
  std::uint64_t claims_standing_ = 0;
  std::string_view growth_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> references_;
  std::vector<std::int64_t> homes_;
  std::vector<std::string_view> evidence_;
  std::vector<Behind> claims_;
};

}  // namespace

Status make_pages(const Ledger& ledger, const Projection& projection, std::string_view key, const PageVisitor& visit) {
  Course course = ledger.course(projection, key);
  std::map<std::string, Course> tracks;
  if (projection.tracks_apart()) {
    for (Course::Item& item : course.items) tracks[projection.apart(item.placed)].items.push_back(std::move(item));
  } else if (!course.items.empty()) {
    tracks.emplace("", std::move(course));
  }
  for (auto& [track, of] : tracks) ANNALS_CHECK_OK(Making(ledger, projection, key, track, std::move(of), visit).run());
  return {};
}

Result<std::optional<PageGrowth>> growth_of_page(const Projection& projection, std::string_view key, std::string_view bytes, Instant page_at,
                                                 Instant at, Instant valid_at, const PageFetch& fetch) {
  const auto damaged = [&] { return Error{ErrorCode::kCorrupt, "the index's page of " + std::string(key) + " is damaged; make the index anew"}; };
  if (bytes.size() == 1 && bytes.front() == kUnfolded) return std::optional<PageGrowth>();
  Opened page;
  if (!page.open(std::string(bytes))) return damaged();
  if (valid_at > at && page.limit() && *page.limit() <= valid_at) return std::optional<PageGrowth>();
  PageGrowth out;
  out.until = page.next();
  out.said = page.claims_standing() > 0;
  const auto sooner = [&](const std::optional<Instant>& moment) {
    if (moment && *moment > at && (!out.until || *moment < *out.until)) out.until = moment;
  };

  std::vector<std::unique_ptr<Opened>> homes(page.homes().size());
  std::vector<std::optional<Evidence>> evidence(page.references().size());
  const std::function<const Evidence*(std::uint64_t)> find = [&](std::uint64_t number) -> const Evidence* {
    if (number >= evidence.size()) return nullptr;
    if (evidence[number]) return &*evidence[number];
    const auto [home, place] = page.references()[number];
    const Opened* from = &page;
    if (home > 0) {
      if (home > homes.size()) return nullptr;
      auto& there = homes[home - 1];
      if (!there) {
        there = std::make_unique<Opened>();
        if (!there->open(fetch(go_back(page_at, page.homes()[home - 1])))) return nullptr;
      }
      from = there.get();
    }
    evidence[number] = from->evidence(place);
    return evidence[number] ? &*evidence[number] : nullptr;
  };
  Unpack in(page.growth());
  out.growth = in.growth(find);
  if (in.failed()) return damaged();
  out.growth.valid_at = valid_at;
  out.growth.published_by = at;

  std::deque<Claim> claims;
  std::vector<PlacedClaim> behind;
  for (const Opened::Behind& each : page.claims()) {
    if (each.known > at) {
      sooner(each.known);
      continue;
    }
    auto told = page.evidence(each.evidence);
    if (!told) return damaged();
    Unpack rest(each.rest);
    behind.push_back(rest.placed(claims, *std::move(told)));
    if (rest.failed()) return damaged();
    sooner(next_phase(behind.back(), at));
  }
  std::sort(behind.begin(), behind.end(), before);
  for (PlacedClaim& placed : behind) {
    fold_claim(projection, out.growth, placed);
    out.said = true;
  }
  return std::optional<PageGrowth>(std::move(out));
}

PageAnswer answer_of_growths(const Projection& projection, std::string_view key, std::vector<PageGrowth> tracks, Instant at) {
  PageAnswer out;
  const auto sooner = [&](const std::optional<Instant>& moment) {
    if (moment && *moment > at && (!out.until || *moment < *out.until)) out.until = moment;
  };
  std::vector<Growth> growths;
  for (PageGrowth& track : tracks) {
    out.said = out.said || track.said;
    sooner(track.until);
    growths.push_back(std::move(track.growth));
  }
  if (growths.empty()) {
    out.state.projection = projection.name();
    out.state.key = key;
    return out;
  }
  out.state = projection.finish(growths.size() == 1 ? std::move(growths.front()) : join_growths(std::move(growths)), key);
  for (const LaneState& lane : out.state.lanes)
    for (const Entry& entry : lane.entries)
      if (entry.due) sooner(entry.due->to);
  return out;
}

}  // namespace annals
