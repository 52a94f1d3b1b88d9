#include "engine/audit/copies.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "engine/language/fold.h"
#include "engine/language/shingles.h"

namespace annals {
namespace {

// Sketches of more articles than that are a form's (a disclaimer, a price line), and tell nothing.
constexpr std::size_t kSketchArticlesMax = 64;
// Longer edit scripts are not searched for: the texts are shown as wholly other.
constexpr std::size_t kEditDistanceMax = 1'000;

struct Text {
  SeenArticle article;
  std::string folded;
  std::vector<std::uint64_t> shingles;
};

// What an outlet prints below article after article (disclaimers, calls to subscribe) says nothing of whose text it is. A reprint is
// at other outlets, and a revision has its article's stamp, so neither is taken for it.
void drop_furniture(std::vector<Text>& all) {
  std::map<std::string, std::uint32_t> outlets;
  std::vector<std::tuple<std::uint64_t, std::uint32_t, Instant>> seen;
  for (const Text& text : all) {
    const auto outlet = outlets.try_emplace(fold(text.article.head.outlet.value_or("")), static_cast<std::uint32_t>(outlets.size())).first->second;
    for (const std::uint64_t hash : text.shingles) seen.emplace_back(hash, outlet, text.article.known_from.value_or(kInstantMax));
  }
  std::sort(seen.begin(), seen.end());
  seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
  std::unordered_set<std::uint64_t> furniture;
  for (std::size_t begin = 0, end = 0; begin < seen.size(); begin = end) {
    const auto& [hash, outlet, stamp] = seen[begin];
    static_cast<void>(stamp);
    for (end = begin; end < seen.size() && std::get<0>(seen[end]) == hash && std::get<1>(seen[end]) == outlet;) ++end;
    if (end - begin >= kFurnitureArticles) furniture.insert(hash);
  }
  for (Text& text : all) std::erase_if(text.shingles, [&](std::uint64_t hash) { return furniture.contains(hash); });
}

bool same_stamp(const ArticleHead& a, const ArticleHead& b) {
  // A day is no stamp: outlets print many articles a day.
  return a.published && b.published && a.outlet == b.outlet && a.outlet && a.published->known_from == b.published->known_from &&
         a.published->earliest == b.published->earliest && a.published->known_from - a.published->earliest <= std::chrono::minutes(1);
}

bool same_outlet(const ArticleHead& a, const ArticleHead& b) { return a.outlet && b.outlet && fold(*a.outlet) == fold(*b.outlet); }

// Headlines of an article and its later wording; another number is another version, day or price.
bool one_story(std::string_view a, std::string_view b) {
  const std::string first = fold(a);
  const std::string later = fold(b);
  const auto pairs = [](const std::vector<std::string_view>& words) {
    std::set<std::pair<std::string_view, std::string_view>> out;
    for (std::size_t i = 1; i < words.size(); ++i) out.emplace(words[i - 1], words[i]);
    return out;
  };
  const auto numbers = [](const std::vector<std::string_view>& words) {
    std::multiset<std::string_view> out;
    for (const std::string_view word : words)
      if (word.find_first_of("0123456789") != std::string_view::npos) out.insert(word);
    return out;
  };
  const auto x = tokens(first);
  const auto y = tokens(later);
  if (x == y) return true;
  const auto p = pairs(x);
  const auto q = pairs(y);
  if (p.empty() || q.empty() || numbers(x) != numbers(y)) return false;
  const auto shared = std::count_if(p.begin(), p.end(), [&](const auto& each) { return q.contains(each); });
  return static_cast<double>(shared) >= kHeadlinesAlike * static_cast<double>(std::min(p.size(), q.size()));
}

bool in_one_run(const SeenArticle& a, const SeenArticle& b) {
  return a.known_from && b.known_from && std::max(*a.known_from, *b.known_from) - std::min(*a.known_from, *b.known_from) <= kStory;
}

bool same_link(const ArticleHead& a, const ArticleHead& b) { return a.link && b.link && !a.link->empty() && *a.link == *b.link; }

}  // namespace

std::string_view copy_kind_name(CopyKind kind) {
  switch (kind) {
    case CopyKind::kSame: return "same text";
    case CopyKind::kNear: return "near-copy";
    case CopyKind::kRevision: return "revision";
  }
  return "";
}

Overlap overlap(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  Overlap out;
  if (a.empty() || b.empty()) return out;
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    if (*x == *y) ++out.shared, ++x, ++y;
    else if (*x < *y) ++x;
    else ++y;
  }
  const auto shared = static_cast<double>(out.shared);
  out.containment = shared / static_cast<double>(std::min(a.size(), b.size()));
  out.jaccard = shared / static_cast<double>(a.size() + b.size() - out.shared);
  return out;
}

// The greedy algorithm of Myers 1986, with the furthest points of each round kept for the way back.
std::vector<Edit> edits(std::string_view before, std::string_view after) {
  const std::string old_text = fold(before);
  const std::string new_text = fold(after);
  const auto a = tokens(old_text);
  const auto b = tokens(new_text);
  const auto between = [](const std::vector<std::string_view>& words, std::size_t begin, std::size_t end) {
    return begin == end ? std::string() : std::string(words[begin].data(), words[end - 1].data() + words[end - 1].size());
  };
  const auto n = static_cast<std::ptrdiff_t>(a.size());
  const auto m = static_cast<std::ptrdiff_t>(b.size());
  const std::ptrdiff_t limit = std::min<std::ptrdiff_t>(n + m, kEditDistanceMax);
  std::vector<std::vector<std::ptrdiff_t>> rounds;
  std::vector<std::ptrdiff_t> furthest(static_cast<std::size_t>(2 * limit + 3), 0);
  const auto at = [&](std::vector<std::ptrdiff_t>& row, std::ptrdiff_t k) -> std::ptrdiff_t& { return row[static_cast<std::size_t>(k + limit + 1)]; };
  bool met = false;
  for (std::ptrdiff_t d = 0; d <= limit && !met; ++d) {
    rounds.push_back(furthest);
    for (std::ptrdiff_t k = -d; k <= d; k += 2) {
      std::ptrdiff_t x = k == -d || (k != d && at(furthest, k - 1) < at(furthest, k + 1)) ? at(furthest, k + 1) : at(furthest, k - 1) + 1;
      while (x < n && x - k < m && a[static_cast<std::size_t>(x)] == b[static_cast<std::size_t>(x - k)]) ++x;
      at(furthest, k) = x;
      met |= x >= n && x - k >= m;
    }
  }
  if (!met) return {{between(a, 0, a.size()), between(b, 0, b.size())}};
  // Which tokens stay, walking back.
  std::vector<std::pair<std::size_t, std::size_t>> kept;
  std::ptrdiff_t x = n;
  std::ptrdiff_t y = m;
  for (auto d = static_cast<std::ptrdiff_t>(rounds.size()) - 1; d >= 0; --d) {
    auto& row = rounds[static_cast<std::size_t>(d)];
    const std::ptrdiff_t k = x - y;
    const std::ptrdiff_t from = k == -d || (k != d && at(row, k - 1) < at(row, k + 1)) ? k + 1 : k - 1;
    const std::ptrdiff_t start_x = d == 0 ? 0 : at(row, from);
    const std::ptrdiff_t start_y = d == 0 ? 0 : start_x - from;
    while (x > start_x && y > start_y) kept.emplace_back(--x, --y);
    x = start_x;
    y = start_y;
  }
  std::reverse(kept.begin(), kept.end());
  kept.emplace_back(a.size(), b.size());
  std::vector<Edit> out;
  std::size_t i = 0;
  std::size_t j = 0;
  for (const auto& [keep_a, keep_b] : kept) {
    if (keep_a > i || keep_b > j) out.push_back({between(a, i, keep_a), between(b, j, keep_b)});
    i = keep_a + 1;
    j = keep_b + 1;
  }
  return out;
}

Result<CopyAnswer> find_copies(const EventLog& log, const Bounds& bounds) {
  std::map<ArticlePlace, Text> texts;
  std::map<ArticlePlace, Amendment> amendments;
  ANNALS_TRY(const Position seen, log.read({Position{}, std::min(log.last(), bounds.recorded_to)}, [&](const Event& event) {
    if (event.recorded_at > bounds.recorded_by) return Visit::kStop;
    if (const auto* statement = std::get_if<StatementEvent>(&event.body)) {
      const ArticlePlace place{statement->note, statement->article.ordinal};
      Text& text = texts[place];
      if (text.article.first.value == 0) text.article = {place, statement->article, {}, event.position};
      text.folded += statement->statement.text;
      text.folded += '\n';
    } else if (const auto* amendment = std::get_if<Amendment>(&event.body)) {
      Amendment& known = amendments[{amendment->about.note, amendment->about.article}];
      if (amendment->outlet) known.outlet = amendment->outlet;
      if (amendment->published) known.published = amendment->published;
    }
    return Visit::kContinue;
  }));
  static_cast<void>(seen);

  std::vector<Text> all;
  for (auto& [place, text] : texts) {
    SeenArticle& article = text.article;
    if (const auto amended = amendments.find(place); amended != amendments.end()) {
      if (amended->second.outlet) article.head.outlet = amended->second.outlet;
      if (amended->second.published) article.head.published = amended->second.published;
    }
    if (article.head.published) {
      article.known_from = article.head.published->known_from;
      if (bounds.clock == KnownClock::kObserved && article.head.observed) article.known_from = std::max(*article.known_from, *article.head.observed);
      if (*article.known_from > bounds.published_by) continue;
    }
    text.shingles = shingles(text.folded);
    all.push_back(std::move(text));
  }
  std::sort(all.begin(), all.end(), [](const Text& a, const Text& b) {
    return std::tuple(a.article.known_from.value_or(kInstantMax), a.article.first) < std::tuple(b.article.known_from.value_or(kInstantMax), b.article.first);
  });

  drop_furniture(all);

  // Candidates of each article among the earlier ones.
  std::vector<std::map<std::size_t, std::size_t>> shared(all.size());
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> sketches;
  std::map<Digest, std::size_t> by_text;
  std::map<std::string, std::vector<std::size_t>> by_link;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const std::uint64_t hash : all[i].shingles) {
      if (hash % kSketchShare != 0) continue;
      std::vector<std::size_t>& articles = sketches[hash];
      if (articles.size() > kSketchArticlesMax) continue;
      for (const std::size_t earlier : articles) ++shared[i][earlier];
      articles.push_back(i);
    }
    const ArticleHead& head = all[i].article.head;
    if (!head.text_hash.none()) {
      if (const auto [first, fresh] = by_text.try_emplace(head.text_hash, i); !fresh) shared[i].try_emplace(first->second, 0);
    }
    if (head.link && !head.link->empty()) {
      auto& list = by_link[*head.link];
      for (const std::size_t earlier : list) shared[i].try_emplace(earlier, 0);
      list.push_back(i);
    }
  }

  CopyAnswer out;
  out.group.resize(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    out.group[i] = i;
    std::optional<CopyLink> best;
    for (const auto& [earlier, sketches_shared] : shared[i]) {
      static_cast<void>(sketches_shared);
      const Text& a = all[earlier];
      const Text& b = all[i];
      const ArticleHead& first = a.article.head;
      const ArticleHead& later = b.article.head;
      const Overlap both = overlap(a.shingles, b.shingles);
      const bool same = !later.text_hash.none() && first.text_hash == later.text_hash;
      const bool overlaps = both.containment >= kCopyContainment && std::min(a.shingles.size(), b.shingles.size()) >= kCopyShinglesMin;
      const bool near = overlaps && static_cast<double>(both.shared) >= kCarried * static_cast<double>(b.shingles.size()) &&
                        (!same_outlet(first, later) || both.jaccard >= kOwnJaccard || (in_one_run(a.article, b.article) && one_story(first.title, later.title)));
      const bool revision = !same && (same_link(first, later) || (same_stamp(first, later) && overlaps));
      if (!same && !near && !revision) continue;
      CopyLink link{i, earlier, same ? CopyKind::kSame : revision ? CopyKind::kRevision : CopyKind::kNear, both.containment, both.jaccard, both.shared, {}, 0};
      if (same) link.containment = link.jaccard = 1;
      // A revision is told as one, against the newest before it; a copy is told against the earliest.
      const bool better = !best || (revision && best->kind != CopyKind::kSame) ||
                          (best->kind == CopyKind::kRevision && same);
      if (better) best = std::move(link);
    }
    if (!best) continue;
    if (best->kind == CopyKind::kRevision) {
      best->edits = edits(all[best->of].folded, all[i].folded);
      if (best->edits.size() > kEditsMax) {
        best->edits_left_out = best->edits.size() - kEditsMax;
        best->edits.resize(kEditsMax);
      }
    }
    out.group[i] = out.group[best->of];
    out.links.push_back(std::move(*best));
  }
  for (Text& text : all) out.articles.push_back(std::move(text.article));
  return out;
}

}  // namespace annals
