#pragma once
// Near-copies and revisions among the articles of a log: reprints, cut-down copies, light edits, in either script.
//
// Texts are compared as sets of shingles (engine/language/shingles.h). Two articles are near-copies where one's set lies in the other's
// by kCopyContainment or more (shared / smaller set). Jaccard would miss cut-down copies: of a text that was cut to a third, all is
// contained and a third is common. Two things are no copies though much is shared: an outlet's next article that repeats its own
// background (within one outlet nearly all must be common, kOwnJaccard, or the headlines be one story's: alike, with the same numbers,
// and no more than kStory apart; a week later the sale is told in the words of the launch, and is news),
// and a round-up that carries a short piece among others (of the later text kCarried must be the earlier one's).
//
// Found by: every kSketchShare-th shingle by its hash is a sketch of the article (FracMinHash: Irber et al. 2022, doi 10.1101/2022.01.11.475838,
// a MinHash that keeps containment); articles that share sketches are compared in full. A pair with 30 shared
// shingles is missed with probability below 2 %, one of an article of three paragraphs practically never. Same links and same texts
// are always compared. Whether an article was withdrawn or retracted is not looked at.
//
// An answer is a function of log and bounds. Memory: some forty bytes a token of the articles within the bounds. Threads: any.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/event/event.h"
#include "engine/log/event_log.h"
#include "engine/projection/bounds.h"

namespace annals {

inline constexpr double kCopyContainment = 0.6;
inline constexpr double kOwnJaccard = 0.9;
inline constexpr double kHeadlinesAlike = 0.8;   // shared pairs of tokens / those of the shorter
inline constexpr std::chrono::hours kStory{48};  // an article is edited in the days it runs
inline constexpr double kCarried = 0.3;
inline constexpr std::size_t kCopyShinglesMin = 30;   // of the smaller text: shorter ones are alike by chance and form
inline constexpr std::size_t kFurnitureArticles = 8;
inline constexpr std::uint64_t kSketchShare = 8;

struct ArticlePlace {
  Digest note;
  std::uint32_t ordinal = 0;
  friend auto operator<=>(const ArticlePlace&, const ArticlePlace&) = default;
};

struct SeenArticle {
  ArticlePlace place;
  ArticleHead head;                     // as amended
  std::optional<Instant> known_from;    // absent: undated
  Position first;                       // its first statement's
};

enum class CopyKind : std::uint8_t {
  kSame,       // the same text, after folding
  kNear,       // a reprint, a cut-down copy, light edits
  kRevision,   // the same article of the same outlet (same link, or same stamp and near-copy) with other text
};
std::string_view copy_kind_name(CopyKind kind);  // "same text", "near-copy", "revision"

// What a revision says otherwise: words that went, words that came, in the order of the newer text. Folded.
struct Edit {
  std::string removed;
  std::string added;
  friend bool operator==(const Edit&, const Edit&) = default;
};

struct CopyLink {
  std::size_t copy = 0;                 // indexes of CopyAnswer::articles
  std::size_t of = 0;                   // known earlier (then: recorded earlier)
  CopyKind kind = CopyKind::kNear;
  double containment = 0;
  double jaccard = 0;
  std::uint64_t shared = 0;             // shingles
  std::vector<Edit> edits;              // of a revision; the first kEditsMax
  std::uint64_t edits_left_out = 0;
};
inline constexpr std::size_t kEditsMax = 20;

struct CopyAnswer {
  std::vector<SeenArticle> articles;    // by known_from (undated last), then position
  // Each article that copies something, once: the earliest it copies. A copy of a copy is linked to the first, and so is a copy of a
  // revision, whichever wording it follows: whose text it is does not change when its outlet edits it.
  std::vector<CopyLink> links;          // by `copy`
  // For each article the first of its group; itself where it copies nothing.
  std::vector<std::size_t> group;
};
Result<CopyAnswer> find_copies(const EventLog& log, const Bounds& bounds);

// shared / smaller; 0 where one is empty.
struct Overlap {
  std::uint64_t shared = 0;
  double containment = 0;
  double jaccard = 0;
};
Overlap overlap(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b);
// What was changed from one text to the other, by tokens (Myers 1986); neighbouring changes are one.
std::vector<Edit> edits(std::string_view before, std::string_view after);

}  // namespace annals
