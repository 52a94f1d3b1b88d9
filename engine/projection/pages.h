#pragma once
// Pages: what a key's answers as of one moment after another grow from, so that one of them is a seek and a few steps of the fold.
//
// A page is valid from its moment on until the next page's. It holds
//   - the growth of the fold as of its moment (P = V = its moment, R = everything, the policies' defaults), of all claims but those that
//     begin after it, with numbers in the place of evidence, and the place in the fold of the last of them: what folds behind it can be
//     added to an answer without the others;
//   - the claims that fold behind that growth: those that begin later (the soonest of them; more would change no answer before the next
//     page, see kAnnouncedMax), and those that became known since;
//   - the evidence that its growth needs and no page before it has. What a page before it has is looked up there where it is shown, in
//     kHomesMax pages at most: evidence is ten times as heavy as what the fold makes of it, and stands in one page and not in all that
//     follow.
// So an answer as of T is the page at or before T, its claims known by T in the order of the fold, and the end of the fold. A new page begins
//   - where a claim that folds before the growth's last one (news about the past) changes the growth, where a withdrawal takes one away,
//     and where V reaches the end of what a claim of the growth tells: there the fold is done again from the place of the change on, up
//     to where it is again what it was. Nearly always it is, before its end, and no page is needed: a growth keeps the newest steps only;
//   - where the claims behind a page are more than kPageItemsMax, or the soonest that begin later have begun.
// News about the past that changes nothing is in no page, but the page says when it came: between V and P it might have changed something.
// What is overdue by T comes out of the end of the fold, and needs no page. Ancestors and parts are joined when asked: a page is of the
// key's own claims alone.
//
// Cost of making a key's pages: a step of the fold per claim, and for news about the past the steps from its place to where the growth
// is again what it was, some dozens. A history can be made in which nothing is ever again what it was, so work is bounded: a key that
// needs more than kFoldsPerClaimMax steps per claim that is known by then has a last page that says "unfolded", and answers from there on
// fold what the postings give.
//
// Equal claims make equal pages, however often they were made on the way.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "engine/projection/ledger.h"

namespace annals {

inline constexpr std::size_t kPageItemsMax = 16;
inline constexpr std::size_t kHomesMax = 8;
inline constexpr std::size_t kFoldsPerClaimMax = 256;

// Each track's in the order of their moments. An error stops and is passed on.
using PageVisitor = std::function<Status(std::string_view track, Instant at, std::string page)>;
// The whole evidence of a claim that PageMaker was given once, by when it became known, its statement and its ordinal; without lane and value.
using EvidenceFetch = std::function<Result<Evidence>(Instant known, Position position, std::uint32_t claim)>;

// Where the pages of a key (of a track) end, so that what becomes known later can be put behind them.
struct PageEnd {
  Instant at{};               // of the last page
  std::uint64_t claims = 0;   // that have become known
  std::uint64_t folds = 0;    // steps it took; hangs on how often it was gone on from, and decides nothing near kFoldsPerClaimMax
};

// Makes the pages of one key from its claims in the order in which they become known: the first (nothing known yet) from kInstantMin on;
// of no claim, none. Where tracks are apart (Projection::tracks_apart), each has pages of its own; else the track is empty.
// Memory: some 2 KB a claim. With `fetch`, a quarter of it: claims are then packed, and evidence stays only while a page needs it.
class PageMaker {
 public:
  struct Of {
    const Projection* projection = nullptr;
    std::string key;
    PageVisitor visit;
    const Ledger* whole = nullptr;   // all claims of the key: needed where one is withdrawn some day
    EvidenceFetch fetch;             // may be none
  };
  explicit PageMaker(Of of);
  ~PageMaker();
  PageMaker(const PageMaker&) = delete;
  PageMaker& operator=(const PageMaker&) = delete;

  // What becomes known next. What the claims point to has to stay until finish(), or with `fetch` until this returns.
  Status add(Course course);
  Status finish();

  // Pages that were made before.
  struct Stored {
    std::function<std::optional<PageEnd>(std::string_view track)> end;
    std::function<bool(std::string_view track)> any;                     // whether there are any
    std::function<std::string(std::string_view track, Instant at)> page;   // empty: there is none
  };
  // Instead of add() and finish(): all claims that are not in stored pages, put behind them. Shows the last stored page again, with what it
  // has now, and those that follow. False: the claims do not come behind those that are there (they became known before the last page, or
  // fold before its growth's last claim), so that all claims of the key are needed; then what was shown does not count.
  Result<bool> go_on(Course course, const Stored& stored);
  // After either: of each track that it had claims of, where its pages end, if they can be gone on from.
  void ends(const std::function<void(std::string_view track, const PageEnd& end)>& visit) const;

 private:
  std::map<std::string, std::vector<Course::Item>> by_track(Course course) const;
  // When claims of it go, by the tracks that are others without them.
  std::map<std::string, std::set<Instant>> gone_from(const Course& course) const;
  const Of of_;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A page's answer as of `at`, which lies at or after the page's moment and before the next page's.
struct PageAnswer {
  State state;
  bool said = false;       // an admitted claim is about the key itself
  // Up to when the answer stays: the next claim of the page, a beginning, the next page, or a target that passes. None: for good.
  std::optional<Instant> until;
};
// The page of the key that begins at a moment; empty: there is none.
using PageFetch = std::function<std::string(Instant)>;
// What a page gives before the end of the fold.
struct PageGrowth {
  Growth growth;
  bool said = false;
  std::optional<Instant> until;
  std::optional<FoldPlace> folded_to;   // what folds behind it can be added without the rest
};
// The same with V at `valid_at`, at or after the page's moment, and with claims that perhaps no page has yet (`news`; what the page has counts once). An
// empty page: nothing else was known by `at`. None: the page says "unfolded", V lies before the page or news about the past came between V
// and `at`, something that it folds begins or ends by V, news known by
// `at` folds before its growth's last claim or is withdrawn some day, or a seal is writing the key's pages. kCorrupt: it is no page, or one that it needs is not there.
Result<std::optional<PageGrowth>> growth_of_page(const Projection& projection, std::string_view key, std::string_view page, Instant page_at,
                                                 Instant at, Instant valid_at, const PageFetch& fetch, Detail detail, std::vector<Course::Item> news = {});
// Takes a growth with P = V on to a later `at`, with claims in any order that became known since. False, and as it was: that cannot be told
// without the older claims, because `at` is not before `until`, or one of these is known only later, is withdrawn some day or folds before them.
bool grow_on(const Projection& projection, PageGrowth& growth, Instant at, std::vector<Course::Item> news);
// Of all tracks of a key; none: nothing was ever said.
PageAnswer answer_of_growths(const Projection& projection, std::string_view key, std::vector<PageGrowth> tracks, Instant at);

}  // namespace annals
