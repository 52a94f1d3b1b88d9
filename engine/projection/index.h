#pragma once
// The index: what answers need of the log, so that a question reads a few rows and not the log.
//
// Derived, in the log's space for it: dropped and made anew at any time, never a source of facts. Rows, keys in byte order, numbers of
// keys big-endian, digests of keys in hexadecimal, values as in pack.h (prefix "px12/"):
//   reach                                         → the set of rows that counts (a or b), position up to which the log is indexed
//                                                   ("sealed"), position up to which rows may speak (a seal at work),
//                                                   whether pages may
// and in a set ("px12/a/"):
//   p/<projection> 00 <subject> 00 <position>     → a posting: a claim of the statement at that position, in any reading or review,
//                                                   has this subject (Projection::subject, as written in the claim). Holds the
//                                                   statement's part in it, so that no event need be read; empty where other
//                                                   readings or reviews bear on it: then the statement itself counts
//   r/<position of a statement><position>         → nothing: a reinterpretation of it
//   c/<position>                                  → an event about events, or a lexicon fact: its kind, and of a retraction and a withdrawal
//                                                   (there are many) what answers need of it
//   a/ 00 <note> 00 <ordinal>                     → what coverage needs of an article: outlet, times, runs of its statements
//   t/ 00 <text_hash> 00 00 <note> 00 <ordinal>   → nothing: an article of that text
//   x/ 00 <note> 00 <position>                    → a statement that a retraction or withdrawal names alone: what coverage needs of it
//   n/<name> 00 <projection> 00 <subject>         → nothing: a claim of this subject has that name in it (a slot, a speaker), so that a
//                                                   lexicon fact about the name may change its key or its origin
//   g/<projection> 00 <key> 00 <moment, backwards> → a page (pages.h): answers as of that moment and until the next page. Where tracks
//                                                   are apart each has pages of its own: … <key> 00 <track> 00 <moment, backwards>
//   h/<projection> 00 <key> 00 <moment, backwards> → a head (heads.h): what answers say from that moment on; not where tracks are apart
//   m/<projection> 00 <moment><key>               → a change: the same head, in the order of time (snapshots.h)
//   s/<projection> 00 <moment, backwards><key>    → a snapshot of the heads of all keys; its first row, without a key: how many changes
//                                                   come behind it, and of how many keys it was made
//   e/<projection> 00 <key> 00 (<track> 00)       → where these pages end, so that what becomes known later can be put behind them
// and beside them, changed together with reach, the sums of coverage (coverage_rows.h).
// What is asked for by name has the name up to the second zero byte: in its group (event_log.h), so that only files that have it are
// looked into, and mostly, of a new note or text, none.
// Reach is written last, together with the pages where they are few, so that a stop in between only leaves rows that will be written
// again. What lies behind it (the tail) is followed in memory by whoever asks.
//
// What changes when a stretch is sealed: postings of its statements; the pages of each key that anything in it bears on, and of no
// other. A claim bears on its key. An event about an event bears on the keys of every claim of every reading of what it names, to the
// end of the chain (a retraction of a review of a statement: on the statement's keys). A lexicon fact that changes an entity bears on
// the keys, before and after, of all claims that have one of its old or new names in them. Families are no matter for pages:
// what reaches a product from its ancestors is joined when asked. Where nothing but new statements bears on a key, and they became known
// behind its last page and fold behind that page's growth, its pages are gone on from: the last page, the few that hold its evidence and
// the new postings are read, whatever the key has had before. Else they are made anew from all its postings and compared with those that
// are there, so that only pages that changed are written: behind a late arrival those up to where the fold's growth is again what it was.
//
// An erasure of words drops all rows (EventLog::erase): made anew, they hold what the log still shows.
//
// Equal logs have equal rows, however often they were sealed in between, but for the steps that a key's pages took, which bound work and
// stand in e/, and for where snapshots stand. index_digest() is over everything else.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/log/event_log.h"
#include "engine/projection/bounds.h"
#include "engine/projection/coverage.h"
#include "engine/projection/ledger.h"
#include "engine/projection/pages.h"

namespace annals {

namespace index_rows {
class Tail;
struct ToldNotes;
}

using IndexProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

// Indexes what lies between the mark and the log's end; returns the new mark. Cost: two reads of that stretch, for each key it bears on
// the new claims, and all claims of those keys whose pages cannot be gone on from. Pages are made by as many threads as the machine has,
// four at most; each holds some 4,000 statements at a time, and of a key with more some 120 bytes for each. The log must be open to write.
Result<Position> seal_index(EventLog& log, const IndexProgress& progress = {});
// The mark; Position{} where nothing is indexed.
Position sealed_to(const EventLog& log);
Status drop_index(EventLog& log);
// Makes a second set of rows from the log alone, while the first serves; then the second counts and the first goes. A stop on the way
// leaves the first.
// `stretch`: events whose rows are in memory together. On its way to its place all but the pages lies in a temporary file,
// uncompressed.
inline constexpr std::uint64_t kIndexStretch = 4'096;
Result<Position> rebuild_index(EventLog& log, const IndexProgress& progress = {}, std::uint64_t stretch = kIndexStretch);

struct IndexDigest {
  Position sealed;
  std::uint64_t rows = 0;
  Digest digest;
};
Result<IndexDigest> index_digest(const EventLog& log);
// Whether the rows are those that the log gives: makes them anew and compares. One line per difference, at most ten. Takes a hundred bytes a
// row in a temporary file, and no more memory than a seal.
Result<std::vector<std::string>> verify_index(const EventLog& log, const IndexProgress& progress = {});

// The log up to one position, as questions see it: the index up to the mark, and in memory the tail behind it, what was said about
// events, and the lexicon facts. Immutable; any number of threads.
class IndexView {
 public:
  Position upto() const { return upto_; }
  // By R = everything.
  const Families& families() const { return *families_; }
  const std::shared_ptr<const Families>& shared_families() const { return families_; }
  // Nothing but what was said about events; for Ledger::families at other bounds.
  const Ledger& about() const { return *about_; }

  // Whether anything behind `since` bears on the key, its ancestors or parts; without a key, on any. True also where that cannot be told:
  // behind the mark alone it can. Names are another matter: families().version().
  bool borne_on(const Projection& projection, std::optional<std::string_view> key, Position since) const;
  // What questions about these keys (and their ancestors and parts) need, whatever the bounds; coverage is not counted. kOverloaded: the
  // index was made anew since; take a newer view and ask again.
  Result<Ledger> load(const Projection& projection, std::span<const std::string> keys, const Families& families) const;
  // What was known by any bounds: a row is read for each article. `told`: the follower's, of this view. kOverloaded: as above.
  Result<CoverageCount> coverage(const Bounds& bounds, const index_rows::ToldNotes& told) const;

 private:
  friend class IndexFollower;
  friend class IndexReader;
  friend class EveryKey;
  // The view's rows, and perhaps newer ones. kOverloaded: they are gone.
  Result<std::unique_ptr<DerivedReader>> rows() const;
  IndexView(const EventLog& log, char space, Position sealed, Position upto) : log_(log), space_(space), sealed_(sealed), upto_(upto) {}

  const EventLog& log_;
  char space_;
  Position sealed_;
  // Every key that has pages, by projection: to find them all takes longer than their answers. Shared by the views of one mark.
  struct KeyLists {
    std::mutex mutex;
    std::map<const Projection*, std::shared_ptr<const std::vector<std::string>>> of;
  };
  std::uint64_t rows_version_ = 0;    // of the rows with that mark, no seal at work on their pages; 0: has to be looked at
  Position upto_;
  std::shared_ptr<const Ledger> about_;
  std::shared_ptr<const Families> families_;
  std::shared_ptr<const index_rows::Tail> tail_;
  std::shared_ptr<KeyLists> keys_;
};

// What answers as of now grew from, of keys of which the tail tells much: kept by whoever asks for them again and again, so that the next
// answer folds only what came since. A help to memory, nothing hangs on it. For one thread.
class KeptGrowths {
 private:
  friend class IndexReader;
  static constexpr std::size_t kClaimsMin = 8;   // of the tail: fewer are as soon folded again
  // An article of each text that it has claims of. Another with the same takes its place among the older, so that all have to be seen.
  using Texts = std::map<Digest, std::pair<Digest, std::uint32_t>>;
  struct Kept {
    PageGrowth growth;
    Position upto;
    Texts texts;
  };
  // Of these rows, under these names.
  char space_ = 0;
  Position sealed_;
  std::string names_;
  std::map<std::pair<const Projection*, std::string>, Kept> of_;
};

// Puts questions to a view, all to the same rows: who asks for many keys keeps one. For one thread; the view must outlive it.
class IndexReader {
 public:
  explicit IndexReader(const IndexView& view, Detail detail = Detail::kWhole);

  // What all keys say as of a moment (P = V), read in one piece: for all readers of a view who ask for most of them. Null: each is sought.
  struct AllHeads;
  Result<std::shared_ptr<const AllHeads>> all_heads(const Projection& projection, Instant at);
  void use(std::shared_ptr<const AllHeads> heads) { all_heads_ = std::move(heads); }
  // Looks there first, and keeps there what it makes of whole answers with P = V. It must outlive the reader.
  void use(KeptGrowths& growths);

  // Pages answer as of T (P = V = T, R = everything, the policies' defaults), with what the tail tells of the key behind them. Where that
  // is more than new statements, or folds among what a page has, the key's postings are folded.
  // The state with what reaches it from ancestors and parts, as Ledger::state gives it; by postings where a page cannot (then `until`
  // is the next microsecond).
  // kOverloaded: the index was made anew before this reader was made; take a newer view and ask again.
  Result<PageAnswer> state_as_of(const Projection& projection, std::string_view key, Instant at) { return state_at(projection, key, at, at); }
  // The same for P and V apart, P = published_by. From pages where nothing between them begins or ends, or comes as news about the past, that
  // the page does not hold: mostly where V lies some time behind P or a day before it; else from postings.
  Result<PageAnswer> state_at(const Projection& projection, std::string_view key, Instant published_by, Instant valid_at);
  // Keys that a claim visible by R is or was about, and that start with `prefix`, by key.
  Result<std::vector<std::string>> keys(const Projection& projection, std::string_view prefix = {});

 private:
  // Of a projection without parts: those that have pages.
  Result<std::vector<std::string>> keys_with_pages(const Projection& projection, std::string_view prefix);
  Result<PageAnswer> own_at(const Projection& projection, std::string_view key, Instant published_by, Instant valid_at);
  // Of a key from which others take rules, kept for the next that does.
  Result<const PageAnswer*> ancestor_at(const Projection& projection, const std::string& key, Instant published_by, Instant valid_at);
  // Of a key of which the tail tells nothing, P = V.
  Result<std::optional<PageAnswer>> by_heads(const Projection& projection, std::string_view key, Instant at);
  // With what the tail tells of the key, where it is wanted.
  enum class WithTail : std::uint8_t { kNo, kYes };
  // What the tail tells of a key behind `after`, by track.
  struct News;
  News news_of(const Projection& projection, std::string_view key, Position after) const;
  std::optional<PageAnswer> by_kept(const Projection& projection, std::string_view key, Instant at);
  Result<std::optional<PageAnswer>> by_pages(const Projection& projection, std::string_view key, Instant published_by, Instant valid_at,
                                             WithTail with_tail);

  const IndexView& view_;
  const Detail detail_;
  const std::unique_ptr<DerivedReader> rows_;
  enum class Pages : std::uint8_t { kOurs, kNewer, kOthers } pages_;
  std::map<std::pair<const Projection*, std::string>, PageAnswer> ancestors_;
  std::pair<Instant, Instant> ancestors_at_{};   // P and V
  std::shared_ptr<const AllHeads> all_heads_;
  KeptGrowths* kept_ = nullptr;
};

// Follows a log that grows, and an index that is sealed beside it. Not for two threads at once.
class IndexFollower {
 public:
  explicit IndexFollower(const EventLog& log);   // must outlive it
  ~IndexFollower();
  // The log as it is now. Cost: what was appended since the last call, and what stands behind the mark where it has moved; the first reads
  // what was said about events.
  Result<std::shared_ptr<const IndexView>> now();
  // What the newest view knew by P, with R = everything and the policies' defaults. Reads a few rows of sums.
  // kOverloaded: the index was sealed or made anew meanwhile; take a newer view and ask again.
  Result<CoverageCount> coverage(Instant published_by);
  // The notes that the tail of the newest view tells of, for IndexView::coverage.
  std::shared_ptr<const index_rows::ToldNotes> told_notes();

 private:
  class Counting;
  struct Looked;
  Status open(char space, Position sealed);
  void take(const Event& event);
  std::vector<Looked> take_looked(Position sealed, std::set<Digest>& new_notes);
  Result<std::shared_ptr<const IndexView>> look(char space, Position sealed, Position last, std::uint64_t rows_version);

  const EventLog& log_;
  std::shared_ptr<const IndexView> view_;
  std::unique_ptr<Ledger> base_;               // what was said about events
  Position taken_;                             // base_ knows the log up to here
  std::unique_ptr<Counting> counting_;         // behind the mark
  std::vector<Looked> looked_;                 // the last events up to taken_, for when the mark moves on
  std::shared_ptr<const index_rows::ToldNotes> told_;   // once they were asked for
  std::shared_ptr<const Families> at_mark_;    // names as facts up to the mark give them
};

}  // namespace annals
