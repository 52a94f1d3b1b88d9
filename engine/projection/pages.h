#pragma once
// Pages: what a key's answers as of one moment after another grow from, so that one of them is a seek and a few steps of the fold.
//
// A page is valid from its moment on until the next page's. It holds the growth of the fold as of its moment (P = V = its moment,
// R = everything, the policies' defaults) and the claims that became known after it, each of which folds behind all that were there.
// A new page begins
//   - where a claim becomes known that folds before another (news about the past), where a withdrawal takes one away, and where V
//     reaches a beginning or an end that a claim names: there the fold is done again from the place of the change on;
//   - where the claims behind a page outweigh its growth, or are kPageItemsMax.
// So an answer as of T is the page at or before T, its claims known by T, and the end of the fold; what is overdue by T comes out of
// the end of the fold, and needs no page. Ancestors and parts are joined when asked: a page is of the key's own claims alone.
//
// Cost of making a key's pages: a step of the fold per claim that comes last, else the steps from its place in the fold to where the
// growth is again what it was (kept every few dozen claims on the way). News about the past changes little behind the next changes of
// value, for a growth keeps only the newest steps of a track; but a history can be made in which nothing is ever again what it was. So
// work is bounded: a key that needs more than kFoldsPerClaimMax steps per claim has a last page that says "unfolded", and
// answers from there on fold what the postings give.
//
// Equal claims make equal pages, however often they were made on the way.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/projection/ledger.h"

namespace annals {

inline constexpr std::size_t kPageItemsMax = 16;
inline constexpr std::size_t kFoldsPerClaimMax = 256;

// Shown in the order of their moments. An error stops and is passed on.
using PageVisitor = std::function<Status(Instant at, std::string page)>;
// The pages of one key, the first (nothing known yet) from kInstantMin on. No claim ever known: none.
Status make_pages(const Ledger& ledger, const Projection& projection, std::string_view key, const PageVisitor& visit);

// A page's answer as of `at`, which lies at or after the page's moment and before the next page's.
struct PageAnswer {
  State state;
  bool said = false;       // an admitted claim is about the key itself
  // Up to when the answer stays: the next claim of the page, the next page, or a target that passes. None: for good.
  std::optional<Instant> until;
};
// None: the page says "unfolded". kCorrupt: it is no page.
Result<std::optional<PageAnswer>> answer_of_page(const Projection& projection, std::string_view key, std::string_view page, Instant at);

}  // namespace annals
