// What pages answer.
#include <algorithm>
#include <deque>
#include <memory>

#include "engine/projection/opened_page.h"
#include "engine/projection/pack.h"
#include "engine/projection/pages.h"

namespace annals {

Result<std::optional<PageGrowth>> growth_of_page(const Projection& projection, std::string_view key, std::string_view bytes, Instant page_at,
                                                 Instant at, Instant valid_at, const PageFetch& fetch, Detail detail, std::vector<Course::Item> news) {
  const auto damaged = [&] { return Error{ErrorCode::kCorrupt, "the index's page of " + std::string(key) + " is damaged; make the index anew"}; };
  if (bytes.size() == 1 && bytes.front() == kUnfolded) return std::optional<PageGrowth>();
  OpenedPage page;
  if (!bytes.empty() && !page.open(std::string(bytes))) return damaged();
  // Who asks about a moment before P gets what the page says without what came between, but for what begins then.
  if (valid_at < at && !bytes.empty() && (valid_at < page_at || page.late_within(valid_at, at))) return std::optional<PageGrowth>();
  if (valid_at > at && page.limit() && *page.limit() <= valid_at) return std::optional<PageGrowth>();
  if (page.next() && *page.next() <= at) return std::optional<PageGrowth>();   // the next is being written
  std::erase_if(news, [&](const Course::Item& item) { return item.placed.evidence.position <= page.newest(); });
  for (const Course::Item& item : news)
    if (item.known <= at && (item.gone || (page.folded_to() && fold_place(item.placed) < *page.folded_to()))) return std::optional<PageGrowth>();
  PageGrowth out;
  out.until = page.next();
  out.said = page.said();
  const auto sooner = [&](const std::optional<Instant>& moment) {
    if (moment && *moment > at && (!out.until || *moment < *out.until)) out.until = moment;
  };

  std::vector<std::unique_ptr<OpenedPage>> homes(page.homes().size());
  std::vector<EvidenceRef> whole(detail == Detail::kWhole ? page.references().size() : 0);
  const std::function<const EvidenceRef*(std::uint64_t)> find = [&](std::uint64_t number) -> const EvidenceRef* {
    if (number >= page.references().size()) return nullptr;
    const auto& [home, place, named] = page.references()[number];
    if (detail == Detail::kHeads) return &named;
    if (whole[number].whole != nullptr) return &whole[number];
    const OpenedPage* from = &page;
    if (home > 0) {
      if (home > homes.size()) return nullptr;
      auto& there = homes[home - 1];
      if (!there) {
        there = std::make_unique<OpenedPage>();
        if (!there->open(fetch(go_back(page_at, page.homes()[home - 1])))) return nullptr;
      }
      from = there.get();
    }
    auto evidence = from->evidence(place);
    if (!evidence) return nullptr;
    whole[number] = named;
    whole[number].whole = std::make_shared<const Evidence>(*std::move(evidence));
    return &whole[number];
  };
  if (!bytes.empty()) {
    Unpack in(page.growth());
    out.growth = in.growth(find);
    if (in.failed()) return damaged();
  }
  out.growth.valid_at = valid_at;
  out.growth.published_by = at;

  std::deque<Claim> claims;
  std::vector<PlacedClaim> behind;
  for (const OpenedPage::Behind& each : page.claims()) {
    if (each.known > at) {
      sooner(each.known);
      continue;
    }
    auto told = page.evidence(each.evidence);
    if (!told) return damaged();
    Unpack rest(each.rest);
    behind.push_back(rest.placed(claims.emplace_back(), *std::move(told)));
    if (rest.failed()) return damaged();
    sooner(next_phase(behind.back(), at));
  }
  for (Course::Item& item : news) {
    sooner(item.known);
    sooner(item.gone);
    if (item.known > at) continue;
    sooner(next_phase(item.placed, at));
    behind.push_back(std::move(item.placed));
  }
  std::sort(behind.begin(), behind.end(), before);
  out.folded_to = page.folded_to();
  for (PlacedClaim& placed : behind) {
    if (detail == Detail::kHeads) placed.number = 0;   // only named
    out.folded_to = fold_place(placed);
    fold_claim(projection, out.growth, placed);
    out.said = true;
  }
  return std::optional<PageGrowth>(std::move(out));
}

bool grow_on(const Projection& projection, PageGrowth& growth, Instant at, std::vector<Course::Item> news) {
  if (at < growth.growth.published_by || (growth.until && *growth.until <= at)) return false;
  for (const Course::Item& item : news)
    if (item.known > at || item.gone || (growth.folded_to && fold_place(item.placed) < *growth.folded_to)) return false;
  std::sort(news.begin(), news.end(), [](const Course::Item& a, const Course::Item& b) { return before(a.placed, b.placed); });
  growth.growth.valid_at = growth.growth.published_by = at;
  for (Course::Item& item : news) {
    if (const auto turn = next_phase(item.placed, at); turn && (!growth.until || *turn < *growth.until)) growth.until = turn;
    growth.folded_to = fold_place(item.placed);
    fold_claim(projection, growth.growth, item.placed);
    growth.said = true;
  }
  return true;
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
