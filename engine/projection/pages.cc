#include "engine/projection/pages.h"

#include <algorithm>
#include <boost/container/deque.hpp>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <unordered_map>

#include "engine/projection/opened_page.h"
#include "engine/projection/pack.h"
#include "engine/projection/shelf.h"

namespace annals {
namespace {

constexpr std::size_t kBlockClaims = 32;                         // between two growths that are kept on the way, at least
constexpr std::size_t kBytesPerFold = 128;                       // of a growth that are packed in the time of a step of the fold
constexpr std::size_t kAheadStored = kAnnouncedMax + 16;         // claims that begin later, in one page
constexpr std::size_t kHomesKept = kHomesMax / 2;
constexpr std::uint32_t kHomesMost = (1u << 26) - 1;             // more pages no key has
constexpr std::size_t kLateMax = 64;                             // moments of news about the past, in one page

// What is in memory of a claim.
struct Near {
  std::unique_ptr<PlacedClaim> placed;   // what the fold looks at, its evidence by number and light: so are growths. None: put away
  std::unique_ptr<Claim> claim;          // what it points to, where nobody else has it
  std::unique_ptr<Evidence> evidence;    // whole. None: nothing refers to it, and it can be fetched
  std::uint32_t wanted = 0;              // number of the last page that refers to it
};

// One claim of a key. Of a hot key there are a million.
struct Told {
  Told(const FoldPlace& at, std::uint32_t in_order) : number(in_order), claim(at.claim), begins_dated(at.dated), from(at.from), published(at.published), position(at.position) {}
  FoldPlace at() const { return {begins_dated != 0, from, published, position, claim}; }
  PlacedClaim* placed() const { return near ? near->placed.get() : nullptr; }
  Evidence* evidence() const { return near ? near->evidence.get() : nullptr; }
  Near& come_near() {
    if (!near) near = std::make_unique<Near>();
    return *near;
  }
  void let_go_of_placed() {
    near->placed.reset();
    near->claim.reset();
    if (!near->evidence) near.reset();
  }
  void let_go_of_evidence() {
    if (!near) return;
    near->evidence.reset();
    if (!near->placed) near.reset();
  }

  Shelf::Slot away;
  Instant known{};                     // to the fold, and where its article is dated mostly from then on (Making::known_from)
  Instant recorded_at{};
  std::unique_ptr<Near> near;
  const std::uint32_t number;          // in the order of telling
  std::uint32_t place = 0;             // of its evidence in its home
  // Its place in the fold, in pieces that leave no holes.
  const std::uint32_t claim;
  const std::uint32_t begins_dated : 1;
  std::uint32_t homed : 1 = 0;
  std::uint32_t home : 26 = 0;         // the page in which its evidence stands (Making::homes_), where it is homed
  std::uint32_t dated : 1 = 0;         // its article
  std::uint32_t dated_otherwise : 1 = 0;
  std::uint32_t folded : 1 = 0;        // its evidence has lane and value
  std::uint32_t absorbed : 1 = 0;      // into the blocks
  const Instant from;
  const Instant published;
  const Position position;
};
static_assert(sizeof(Told) <= 80);
// Side by side by the hundred: a deque of the standard library's sets aside a block for every three.
using AllTold = boost::container::deque<Told, void, boost::container::deque_options_t<boost::container::block_size<256U>>>;

// What the fold looks at.
Evidence light(const Evidence& whole) {
  Evidence out;
  out.position = whole.position;
  out.claim = whole.claim;
  out.origin = whole.origin;
  out.known_from = whole.known_from;
  out.recorded_at = whole.recorded_at;
  out.modality = whole.modality;
  out.attribution = whole.attribution;
  out.aspect = whole.aspect;
  return out;
}

struct InOrder {
  bool operator()(const Told* a, const Told* b) const { return a->at() < b->at(); }
};

// The fold of one key, or of one track of it, from one moment to the next.
class Making {
 public:
  Making(const PageMaker::Of& of, std::string track) : of_(of), projection_(*of.projection), track_(std::move(track)) {}

  // The page of nothing known yet.
  Status begin() {
    now_ = kInstantMin;
    return begin_page();
  }
  // Goes on from a track's last page with claims that became known behind its moment and fold behind its growth: then nothing of what
  // it has folded is looked at again. False: that is not so, and all claims are needed.
  Result<bool> resume(const PageEnd& end, const std::string& bytes, const PageFetch& fetch, std::vector<Course::Item>& items) {
    OpenedPage page;
    if (bytes.empty() || bytes.front() != kFolded || !page.open(bytes) || page.next() || page.limit() || !page.folded_to()) return false;
    if (end.folds > (end.claims + 64) * kFoldsPerClaimMax / 4) return false;
    for (const Course::Item& item : items)
      if (item.known <= end.at || item.gone || fold_place(item.placed) < *page.folded_to()) return false;
    resumed_ = true;
    folded_to_ = page.folded_to();
    newest_ = page.newest();
    now_ = page_at_ = end.at;
    folds_ = end.folds;
    course_size_ = end.claims;
    absorbed_ = 1;
    said_ = page.said();
    late_ = page.late();
    page_growth_ = page.growth_part();
    page_folded_to_ = page.folded_to();

    homes_.assign(1, end.at);
    for (const std::int64_t way : page.homes()) homes_.push_back(go_back(end.at, way));
    std::vector<std::unique_ptr<OpenedPage>> homes(page.homes().size());
    evidence_.resize(page.homed_here());
    for (const auto& [home, place, named] : page.references()) {
      const OpenedPage* from = &page;
      if (home > 0) {
        if (home > homes.size()) return false;
        auto& there = homes[home - 1];
        if (!there) {
          there = std::make_unique<OpenedPage>();
          if (!there->open(fetch(homes_[home]))) return false;
        }
        from = there.get();
      }
      auto evidence = from->evidence(place);
      if (!evidence) return false;
      FoldPlace at;   // where it was folded is no matter any more
      at.position = evidence->position;
      at.claim = evidence->claim;
      Told& told = told_.emplace_back(at, static_cast<std::uint32_t>(told_.size()));
      told.place = static_cast<std::uint32_t>(place);
      told.home = static_cast<std::uint32_t>(home);
      told.homed = true;
      told.dated = evidence->known_from.has_value();
      told.known = evidence->known_from.value_or(Instant{});
      told.recorded_at = evidence->recorded_at;
      told.come_near().evidence = std::make_unique<Evidence>(*std::move(evidence));
      told.folded = told.absorbed = true;
      if (home > 0) continue;
      if (place >= evidence_.size()) return false;
      evidence_[place] = &told;
    }
    if (std::count(evidence_.begin(), evidence_.end(), nullptr) > 0) return false;
    Unpack in(page.growth());
    EvidenceRef found;
    growth_ = in.growth([&](std::uint64_t number) -> const EvidenceRef* {
      if (number >= told_.size()) return nullptr;
      found = ref(told_[number]);
      return &found;
    });
    if (in.failed()) return false;
    for (const OpenedPage::Behind& each : page.claims()) {
      auto evidence = page.evidence(each.evidence);
      if (!evidence) return false;
      Unpack rest(each.rest);
      PlacedClaim placed = rest.placed(claims_.emplace_back(), *std::move(evidence));
      if (rest.failed()) return false;
      if (each.known > end.at) {   // once more, in their order among the new
        items.push_back({std::move(placed), each.known, std::nullopt});
        --course_size_;
        continue;
      }
      Told* told = tell(std::move(placed), each.known);
      pool_.insert(told);
      items_.push_back(told);
    }
    std::sort(items.begin(), items.end(), [](const Course::Item& a, const Course::Item& b) { return a.known != b.known ? a.known < b.known : before(a.placed, b.placed); });
    return true;
  }
  // Resumed, and what came needs all claims after all. What was shown does not count.
  bool lost() const { return lost_; }

  // Moments at which claims of the key go, before any at which they do has passed.
  void withdrawn_at(const std::set<Instant>& moments) { gone_at_.insert(moments.begin(), moments.end()); }
  // What becomes known next, by (known, order of the fold).
  Status add(std::vector<Course::Item> items) {
    for (auto at = items.begin(); at != items.end();) {
      auto behind = at;
      while (behind != items.end() && behind->known == at->known) ++behind;
      ANNALS_CHECK_OK(pass(at->known));
      ANNALS_CHECK_OK(step(at->known, std::span(at, behind)));
      at = behind;
    }
    return {};
  }
  // What add() was given may go: the fold keeps what it needs of it.
  void put_away() {
    std::vector<Told*> stay;
    for (Told* told : live_) {
      if (told->absorbed) {
        pack(*told);
        told->let_go_of_placed();
        continue;
      }
      if (!told->near->claim) {   // what begins later is looked at again and again
        pack(*told);
        unpack(*told);
      }
      stay.push_back(told);
    }
    live_ = std::move(stay);
  }
  Status finish() {
    ANNALS_CHECK_OK(pass(std::nullopt));
    return unfolded_ || lost_ ? Status() : end_page(std::nullopt);
  }
  // Where finish() left it; none: nothing can go on from there.
  std::optional<PageEnd> end() const {
    if (unfolded_ || lost_ || absorbed_ == 0 || limit_) return std::nullopt;
    return PageEnd{page_at_, course_size_, folds_};
  }

 private:
  // Claims that stand side by side in the fold, and the growth before them; of the first there is none.
  struct Block {
    Shelf::Slot growth;
    std::vector<Told*> claims;
  };

  // The moments before `end` at which something turns, goes, or comes nearer.
  Status pass(std::optional<Instant> end) {
    for (;;) {
      std::optional<Instant> at = refill_at_;
      const auto sooner = [&](Instant moment) {
        if (!at || moment < *at) at = moment;
      };
      if (!gone_at_.empty()) sooner(*gone_at_.begin());
      if (!turns_.empty()) sooner(turns_.begin()->first);
      if (!at || (end && *at >= *end) || unfolded_ || lost_) return {};
      ANNALS_CHECK_OK(step(*at, {}));
    }
  }

  Status step(Instant at, std::span<Course::Item> items) {
    if (unfolded_ || lost_) return {};
    now_ = at;
    std::vector<Told*> added;
    for (Course::Item& item : items) added.push_back(tell(std::move(item.placed), now_));
    course_size_ += items.size();
    bool removed = false;
    for (; !gone_at_.empty() && *gone_at_.begin() <= now_; gone_at_.erase(gone_at_.begin())) removed = true;
    if (removed) {
      again();
      ANNALS_CHECK_OK(begin_page());
    } else if (change(added) || items_added_ > kPageItemsMax || late_.size() > kLateMax || (refill_at_ && *refill_at_ <= now_) || page_at_ == kInstantMin) {
      ANNALS_CHECK_OK(begin_page());
    }
    ANNALS_CHECK_OK(shelf_.status());
    if (folds_ <= (course_size_ + 64) * kFoldsPerClaimMax) return {};
    unfolded_ = true;
    if (page_at_ == now_) page_growth_.reset();
    ANNALS_CHECK_OK(end_page(now_));
    return of_.visit(track_, now_, std::string(1, kUnfolded));
  }

  Told* tell(PlacedClaim placed, Instant known) {
    const auto number = static_cast<std::uint32_t>(told_.size());
    auto evidence = std::make_unique<Evidence>(std::move(placed.evidence));
    placed.evidence = light(*evidence);
    placed.number = number;
    Told& out = told_.emplace_back(fold_place(placed), number);
    out.known = known;
    out.dated = placed.evidence.known_from.has_value();
    if (out.dated && *placed.evidence.known_from != known) {
      out.dated_otherwise = true;
      dated_.emplace(number, *placed.evidence.known_from);
    }
    out.recorded_at = placed.evidence.recorded_at;
    newest_ = std::max(newest_, placed.evidence.position);
    out.come_near().evidence = std::move(evidence);
    out.near->placed = std::make_unique<PlacedClaim>(std::move(placed));
    if (of_.fetch) {
      live_.push_back(&out);
      held_.push_back(&out);
    }
    return &out;
  }
  void pack(Told& told) {
    if (told.away) return;
    const Evidence& evidence = told.placed()->evidence;
    Pack out;
    out.number(static_cast<std::uint64_t>(evidence.modality)).number(static_cast<std::uint64_t>(evidence.attribution));
    out.number(static_cast<std::uint64_t>(evidence.aspect)).text(evidence.origin).text(projection_.reads_quotes() ? told.placed()->claim->quote : "");
    shelf_.put(told.away, out.placed(*told.placed()).bytes());
  }
  void unpack(Told& told) {
    const std::string packed = shelf_.get(told.away);
    Unpack in(packed);
    Evidence evidence;
    evidence.position = told.position;
    evidence.claim = told.claim;
    evidence.known_from = known_from(told);
    evidence.recorded_at = told.recorded_at;
    evidence.modality = static_cast<Modality>(in.number());
    evidence.attribution = static_cast<Attribution>(in.number());
    evidence.aspect = static_cast<Aspect>(in.number());
    evidence.origin = in.text();
    evidence.quote = in.text();
    Near& here = told.come_near();
    here.claim = std::make_unique<Claim>();
    here.placed = std::make_unique<PlacedClaim>(in.placed(*here.claim, std::move(evidence)));
    here.placed->evidence.quote.clear();
    here.placed->number = told.number;
    check(!in.failed() || !shelf_.status(), "a claim that was put away comes back");
  }
  std::optional<Instant> known_from(const Told& told) const {
    if (!told.dated) return std::nullopt;
    return told.dated_otherwise ? dated_.at(told.number) : told.known;
  }
  // As growths have it.
  EvidenceRef ref(const Told& told) const { return {told.position, told.claim, told.number, known_from(told), told.recorded_at, nullptr}; }
  // Uses a claim that may have been put away.
  template <class Use>
  void with(Told& told, Use use) {
    const bool away = told.placed() == nullptr;
    if (away) unpack(told);
    use(*told.placed());
    if (away) told.let_go_of_placed();
  }
  void fold(Growth& growth, Told& told) {
    ++folds_;
    with(told, [&](PlacedClaim& placed) {
      fold_claim(projection_, growth, placed);
      told.folded = true;
      if (told.evidence() == nullptr) return;
      told.evidence()->lane = placed.evidence.lane;
      told.evidence()->value = placed.evidence.value;
    });
  }
  void at_now(Growth& growth) const { growth.valid_at = growth.published_by = now_; }
  // The growth with claims by number.
  static std::string kept(const Growth& growth) {
    static const std::function<std::uint64_t(const EvidenceRef&)> number = [](const EvidenceRef& of) { return of.number; };
    return Pack().growth(growth, number).bytes();
  }
  // So many that packing a growth takes no longer than folding them.
  static std::size_t block_claims(const Block& block) { return std::max<std::size_t>(kBlockClaims, block.growth.size / kBytesPerFold); }
  Growth begun(const Block& block) const {
    Growth out;
    EvidenceRef found;
    if (block.growth) {
      const std::string packed = shelf_.get(block.growth);
      out = Unpack(packed).growth([&](std::uint64_t number) -> const EvidenceRef* {
        if (number >= told_.size()) return nullptr;
        found = ref(told_[number]);
        return &found;
      });
    }
    at_now(out);
    return out;
  }
  void watch(Told* told) {
    with(*told, [&](const PlacedClaim& placed) {
      if (const auto turn = next_phase(placed, now_)) turns_.emplace(*turn, told);
    });
  }
  bool ahead(const Told* told) const { return phase(*told->placed(), now_) == Phase::kAhead; }

  // Claims of the pool that have begun go into the growth.
  void absorb() {
    at_now(growth_);
    while (!pool_.empty() && !ahead(*pool_.begin())) {
      Told* told = *pool_.begin();
      pool_.erase(pool_.begin());
      told->absorbed = true;
      ++absorbed_;
      folded_to_ = told->at();
      if (resumed_) {
        fold(growth_, *told);
        lost_ = lost_ || next_phase(*told->placed(), now_).has_value();   // then its place will be looked for
        continue;
      }
      if (blocks_.empty() || blocks_.back()->claims.size() >= block_claims(*blocks_.back())) {
        blocks_.push_back(std::make_unique<Block>());
        if (blocks_.size() > 1) shelf_.put(blocks_.back()->growth, kept(growth_));
      }
      blocks_.back()->claims.push_back(told);
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
    std::set<std::size_t> touched;   // blocks
    std::vector<Told*> turned;
    for (; !turns_.empty() && turns_.begin()->first <= now_; turns_.erase(turns_.begin())) turned.push_back(turns_.begin()->second);
    for (Told* told : added) {
      if (!folded_to_ || *folded_to_ < told->at()) {
        pool_.insert(told);
        // Behind as many claims that begin later as a page holds, it is no matter yet.
        if (refill_at_ && ahead(told) && InOrder()(ahead_last_, told)) continue;
        items_.push_back(told);
        ++items_added_;
        continue;
      }
      if (resumed_) {
        lost_ = true;
        return false;
      }
      auto& claims = blocks_[block_of(told)]->claims;
      claims.insert(std::upper_bound(claims.begin(), claims.end(), told, InOrder()), told);
      told->absorbed = true;
      ++absorbed_;
      turned.push_back(told);
      if (late_.empty() || late_.back() < now_) late_.push_back(now_);
    }
    for (Told* told : turned) {
      touched.insert(block_of(told));
      watch(told);
    }
    return fold_again(touched);
  }

  // From each of the blocks on to where the growth is again what it was: what changes far apart at one moment (an article that also
  // tells the past) costs its places and not the way between them.
  bool fold_again(const std::set<std::size_t>& touched) {
    std::size_t split = 0;   // blocks that came between
    for (auto at = touched.begin(); at != touched.end();) {
      std::size_t index = *at + split;
      Growth growth = begun(*blocks_[index]);
      for (;; ++index) {
        for (; at != touched.end() && *at + split <= index; ++at) {}
        if (const std::size_t most = block_claims(*blocks_[index]); blocks_[index]->claims.size() > 2 * most) {
          auto rest = std::make_unique<Block>();
          auto& claims = blocks_[index]->claims;
          rest->claims.assign(claims.begin() + static_cast<std::ptrdiff_t>(most), claims.end());
          claims.resize(most);
          blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(index) + 1, std::move(rest));
          ++split;
        }
        for (Told* told : blocks_[index]->claims) fold(growth, *told);
        if (index + 1 == blocks_.size()) {
          const bool same = kept(growth) == kept(growth_);
          growth_ = std::move(growth);
          return !same;
        }
        const std::string here = kept(growth);
        Shelf::Slot& there = blocks_[index + 1]->growth;
        if (there && there.size == here.size() && here == shelf_.get(there)) break;
        shelf_.put(there, here);
      }
    }
    return false;
  }

  // After a withdrawal: everything anew, copies perhaps in other places.
  void again() {
    absorb();   // what the page before says of its claims
    gone_.push_back(std::make_unique<std::vector<PlacedClaim>>(of_.whole->placed(projection_, of_.key, now_)));
    blocks_.clear();
    pool_.clear();
    turns_.clear();
    growth_ = Growth{};
    folded_to_.reset();
    absorbed_ = 0;
    for (PlacedClaim& placed : *gone_.back())
      if (projection_.apart(placed) == track_) pool_.insert(tell(placed, now_));
  }

  Status begin_page() {
    absorb();
    ANNALS_CHECK_OK(end_page(now_));
    page_at_ = now_;
    ++pages_;
    said_ = absorbed_ + pool_.size() > 0;
    evidence_.clear();
    page_growth_ = pack_growth();
    page_folded_to_ = folded_to_;
    items_.clear();
    items_added_ = 0;
    late_.clear();
    refill_at_.reset();
    std::optional<Instant> refill;
    std::size_t ahead_count = 0;
    for (Told* told : pool_) {
      if (ahead(told)) {
        if (refill_at_) continue;
        if (ahead_count == kAheadStored) {
          refill_at_ = refill;
          continue;
        }
        // When this one has begun, those that are not here would be looked at.
        if (++ahead_count == kAheadStored - kAnnouncedMax + 1) refill = next_phase(*told->placed(), now_);
        ahead_last_ = told;
      }
      told->come_near().wanted = pages_;
      items_.push_back(told);
    }
    limit_ = refill_at_;
    if (!turns_.empty() && (!limit_ || turns_.begin()->first < *limit_)) limit_ = turns_.begin()->first;
    let_go();
    return {};
  }

  // Evidence to which nothing refers that is near.
  void let_go() {
    std::vector<Told*> stay;
    for (Told* told : held_) {
      if ((told->near && told->near->wanted == pages_) || !told->absorbed) stay.push_back(told);
      else told->let_go_of_evidence();
    }
    held_ = std::move(stay);
  }
  Result<const Evidence*> whole(Told& told) {
    if (told.evidence() == nullptr) {
      ANNALS_TRY(Evidence evidence, of_.fetch(told.known, told.position, told.claim));
      with(told, [&](PlacedClaim& placed) {
        Growth alone;   // lane and value are the claim's own
        at_now(alone);
        fold_claim(projection_, alone, placed);
        evidence.lane = placed.evidence.lane;
        evidence.value = placed.evidence.value;
      });
      told.come_near().evidence = std::make_unique<Evidence>(std::move(evidence));
      held_.push_back(&told);
    }
    return told.evidence();
  }

  // The growth with references, the references, and their homes; evidence that has no home yet, or one too far away, comes here.
  std::string pack_growth() {
    std::vector<Told*> references;
    std::unordered_map<std::uint32_t, std::uint64_t> numbers;
    const std::function<std::uint64_t(const EvidenceRef&)> refer = [&](const EvidenceRef& of) {
      const auto [at, fresh] = numbers.try_emplace(of.number, references.size());
      if (fresh) references.push_back(&told_[of.number]);
      return at->second;
    };
    const std::string growth = Pack().growth(growth_, refer).take();
    std::vector<Instant> homes;
    for (const Told* told : references)
      if (told->homed) homes.push_back(homes_[told->home]);
    std::sort(homes.begin(), homes.end(), std::greater<>());
    homes.erase(std::unique(homes.begin(), homes.end()), homes.end());
    if (homes.size() > kHomesMax) homes.resize(kHomesKept);
    Pack out;
    out.text(growth).number(references.size());
    for (Told* told : references) {
      if (told->near) told->near->wanted = pages_;
      auto home = told->homed ? std::find(homes.begin(), homes.end(), homes_[told->home]) : homes.end();
      if (home == homes.end()) {
        come_home(*told, evidence_.size());
        evidence_.push_back(told);
        out.number(0).number(told->place);
      } else {
        out.number(static_cast<std::uint64_t>(home - homes.begin()) + 1).number(told->place);
      }
      out.number(told->position.value).number(told->claim).maybe_instant(known_from(*told)).instant(told->recorded_at);
    }
    out.number(homes.size());
    for (const Instant home : homes) out.signed_number(way_back(now_, home));
    return out.take();
  }

  // Into the page that is being written.
  void come_home(Told& told, std::size_t place) {
    if (homes_.empty() || homes_.back() != page_at_) homes_.push_back(page_at_);
    told.home = static_cast<std::uint32_t>(homes_.size() - 1) & kHomesMost;
    told.homed = true;
    told.place = static_cast<std::uint32_t>(place);
  }

  Status end_page(std::optional<Instant> next) {
    if (!page_growth_) return {};
    Pack out, part;
    out.number(kFolded).maybe_instant(next).number(newest_.value).maybe_instant(limit_).number(late_.size());
    for (const Instant late : late_) out.instant(late);
    out.number(said_ ? 1 : 0);
    out.maybe(page_folded_to_, [&](const FoldPlace& place) { out.place(place); }).append(*page_growth_);
    page_growth_.reset();
    out.number(evidence_.size());
    for (Told* told : evidence_) {
      ANNALS_TRY(const Evidence* evidence, whole(*told));
      out.text(part.clear().evidence(*evidence).bytes());
    }
    out.number(items_.size());
    for (std::size_t i = 0; i < items_.size(); ++i) {
      Told* told = items_[i];
      ANNALS_TRY(const Evidence* evidence, whole(*told));
      out.text(part.clear().evidence(*evidence).bytes()).instant(told->known);
      with(*told, [&](const PlacedClaim& placed) { out.text(part.clear().placed(placed).bytes()); });
      if (told->folded && !told->homed) come_home(*told, evidence_.size() + i);
    }
    return of_.visit(track_, page_at_, out.take());
  }

  const PageMaker::Of& of_;
  const Projection& projection_;
  const std::string track_;
  bool resumed_ = false;                            // without blocks
  bool lost_ = false;
  std::optional<FoldPlace> folded_to_;              // the last of the growth
  Position newest_;                                 // of what is known
  std::deque<Claim> claims_;                        // of the page it was resumed from
  std::vector<std::unique_ptr<std::vector<PlacedClaim>>> gone_;   // what told_ points into after a withdrawal
  AllTold told_;
  std::unordered_map<std::uint32_t, Instant> dated_;   // by number: articles that are dated otherwise than they became known
  std::vector<Instant> homes_;                      // pages in which evidence stands
  std::vector<Told*> live_;                         // where claims are put away: those that are not
  std::vector<Told*> held_;                         // where evidence can be fetched: those that have theirs
  std::size_t course_size_ = 0;
  std::set<Instant> gone_at_;
  Shelf shelf_;                                     // claims and growths
  bool unfolded_ = false;
  Instant now_{};
  std::vector<std::unique_ptr<Block>> blocks_;      // what the growth is made of, in the order of the fold
  std::size_t absorbed_ = 0;                        // claims in them
  Growth growth_;
  std::set<Told*, InOrder> pool_;                   // behind them
  std::multimap<Instant, Told*> turns_;             // when V will reach a beginning or an end of what is in the blocks
  std::size_t folds_ = 0;

  // The page that is being written.
  std::uint32_t pages_ = 0;                         // its number
  std::optional<std::string> page_growth_;
  std::optional<FoldPlace> page_folded_to_;
  Instant page_at_{};
  bool said_ = false;                               // a claim stands
  std::optional<Instant> limit_;                    // when something that it folds turns, or others have to come
  std::vector<Told*> evidence_;
  std::vector<Told*> items_;
  std::size_t items_added_ = 0;
  std::vector<Instant> late_;                       // when news about the past came and changed nothing
  const Told* ahead_last_ = nullptr;                // where refill_at_: the last of those that begin later and are here
  std::optional<Instant> refill_at_;                // when others have to come
};

}  // namespace

struct PageMaker::Impl {
  std::map<std::string, Making> tracks;
};

PageMaker::PageMaker(Of of) : of_(std::move(of)), impl_(std::make_unique<Impl>()) {}
PageMaker::~PageMaker() = default;

std::map<std::string, std::vector<Course::Item>> PageMaker::by_track(Course course) const {
  std::map<std::string, std::vector<Course::Item>> out;
  if (of_.projection->tracks_apart()) {
    for (Course::Item& item : course.items) out[of_.projection->apart(item.placed)].push_back(std::move(item));
  } else if (!course.items.empty()) {
    out.emplace("", std::move(course.items));
  }
  return out;
}

// A copy tells what the first of its text tells: without that one it is another's word, and perhaps of another track.
std::map<std::string, std::set<Instant>> PageMaker::gone_from(const Course& course) const {
  std::map<std::string, std::set<Instant>> out;
  std::set<Instant> moments;
  for (const Course::Item& item : course.items)
    if (item.gone) moments.insert(*item.gone);
  if (!of_.projection->tracks_apart()) {
    if (!moments.empty()) out.emplace("", std::move(moments));
    return out;
  }
  std::map<std::pair<Position, std::uint32_t>, Instant> known;
  for (const Course::Item& item : course.items) known.emplace(std::pair(item.placed.evidence.position, item.placed.evidence.claim), item.known);
  for (const Instant at : moments) {
    using Copies = std::set<std::tuple<Position, std::uint32_t, Position>>;   // each claim, and what it copies
    std::map<std::string, Copies> before, after;
    for (auto& [tracks, moment] : {std::pair(&before, at - Micros(1)), std::pair(&after, at)})
      for (const PlacedClaim& placed : of_.whole->placed(*of_.projection, of_.key, moment)) {
        const Evidence& evidence = placed.evidence;
        if (const auto since = known.find({evidence.position, evidence.claim}); since == known.end() || since->second >= at) continue;
        (*tracks)[of_.projection->apart(placed)].emplace(evidence.position, evidence.claim, evidence.copy_of.value_or(evidence.position));
      }
    for (const auto* tracks : {&before, &after})
      for (const auto& [track, copies] : *tracks)
        if (before[track] != after[track]) out[track].insert(at);
  }
  return out;
}

Status PageMaker::add(Course course) {
  const auto gone = gone_from(course);
  auto tracks = by_track(std::move(course));
  for (const auto& [track, moments] : gone) tracks.try_emplace(track);
  for (auto& [track, items] : tracks) {
    const auto [at, fresh] = impl_->tracks.try_emplace(track, of_, track);
    if (fresh) ANNALS_CHECK_OK(at->second.begin());
    if (const auto moments = gone.find(track); moments != gone.end()) at->second.withdrawn_at(moments->second);
    ANNALS_CHECK_OK(at->second.add(std::move(items)));
    if (of_.fetch) at->second.put_away();
  }
  return {};
}

Result<bool> PageMaker::go_on(Course course, const Stored& stored) {
  for (auto& [track, items] : by_track(std::move(course))) {
    Making& making = impl_->tracks.try_emplace(track, of_, track).first->second;
    const auto end = stored.end(track);
    if (end) {
      ANNALS_TRY(const bool resumed, making.resume(*end, stored.page(track, end->at), [&, &of = track](Instant home) { return stored.page(of, home); }, items));
      if (!resumed) return false;
    } else if (stored.any(track)) {
      return false;
    } else {
      ANNALS_CHECK_OK(making.begin());
    }
    ANNALS_CHECK_OK(making.add(std::move(items)));
    ANNALS_CHECK_OK(making.finish());
    if (making.lost()) return false;
  }
  return true;
}

Status PageMaker::finish() {
  for (auto& [track, making] : impl_->tracks) ANNALS_CHECK_OK(making.finish());
  return {};
}

void PageMaker::ends(const std::function<void(std::string_view track, const PageEnd& end)>& visit) const {
  for (const auto& [track, making] : impl_->tracks)
    if (const auto end = making.end()) visit(track, *end);
}

}  // namespace annals
