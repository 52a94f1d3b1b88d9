#pragma once
// What the index's rows and pages are made by, for those who write them and those who check them. Internal to engine/projection.
// Errors are the log's, and the caller's own. A RowMaker and a KeyWorker are for one thread each.

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/projection/index.h"
#include "engine/projection/index_load.h"
#include "engine/projection/index_rows.h"
#include "engine/projection/index_subject.h"
#include "engine/projection/snapshots.h"

namespace annals::index_rows {

// How many postings each subject has: projection, subject as written.
using Subjects = std::map<const Projection*, std::unordered_map<std::string, std::uint64_t>>;

// Makes the rows of a stretch of the log, all but the pages. Events come in log order.
class RowMaker {
 public:
  RowMaker(const EventLog& log, const Space& space) : log_(log), space_(space) {}

  Status add(const Event& event);
  // All rows so far by key, those of articles with what the stretch has of them.
  std::vector<DerivedRow> take();
  const Subjects& subjects() const { return subjects_; }
  const std::set<Digest>& texts() const { return texts_; }   // of articles

 private:
  // `event`: the statement itself, whose part the posting holds; none: something bears on it that only the log tells.
  void post(std::span<const Claim> claims, Position position, const Event* event);
  Status name_alone(const Target& target);

  const EventLog& log_;
  const Space& space_;
  std::vector<DerivedRow> rows_;
  std::map<std::pair<Digest, std::uint32_t>, CoveredArticle> articles_;
  Subjects subjects_;
  std::set<Digest> texts_;
  std::unordered_set<std::string> names_;   // rows that were made lately
};

// What is to be known of the rows of a part of the log when they are made.
struct StretchRows {
  Subjects subjects;
  std::set<Digest> texts;   // of articles; only where something was there before
};
// Makes the rows of (from, to], all but the pages, a `stretch` of events at a time in each of several threads, and hands those of one over, by
// key: in no order, never two at once. `done` counts events.
Result<StretchRows> each_stretch(const EventLog& log, const Space& space, Position from, Position to, std::uint64_t stretch,
                                 const std::function<Status(std::vector<DerivedRow>)>& take, const std::function<void(std::uint64_t done)>& progress);
// What stretches give under one key, in any order, as one: of an article all parts, with what is `stored` (null: nothing); else the shortest,
// for a posting that something else bears on is empty.
std::string joined_values(const Space& space, std::string_view key, std::span<const std::string> values, const std::string* stored);

// Keys whose pages have to be made, by what they are filed under: one reading of postings serves all keys of a subject. Projections and
// subjects in the order of their rows.
struct Group {
  struct Some {
    std::set<std::string> turned;
    std::set<std::string> grown;    // nothing but new statements speaks of these: perhaps their pages can be gone on from
  };
  std::uint64_t postings = 0;       // about
  std::unique_ptr<Some> some;       // null: all keys of the subject
};
using Groups = std::map<std::pair<std::string_view, std::string>, Group>;

Groups group(const Toucher& toucher);
// Every subject that has postings, under the name that its keys have.
Groups every_group(Subjects subjects, const Families& families);

// What one thread does with the keys that it is given.
struct KeyWorker {
  using Make = std::function<Status(const PageVisitor&, const EndVisitor&)>;
  std::function<Status(DerivedReader&, const Projection&, const std::string& key, const Make& make)> see;
  // Puts what became known of a key behind its pages; false: they have to be made anew.
  std::function<Result<bool>(DerivedReader&, const Projection&, const std::string& key, Course course)> go_on;
  std::function<Status()> finish = [] { return Status(); };   // after each batch of keys
};

// The heads of a page, packed. Returns where the page ends, if it does.
Result<std::optional<Instant>> heads_of_page(const Projection& projection, const std::string& key, Instant page_at, const std::string& page, Heads& out);

struct Stretch {
  Position from;                // everything up to here has pages
  Position to;
  std::set<Digest> copied;      // texts of its articles that other articles have as well
};
// Makes the pages of the groups' keys, a batch of neighbours at a time in each thread, four at most.
Status each_key(const EventLog& log, const Space& space, const Stretch& stretch, const Ledger& base, const Groups& groups,
                const std::function<KeyWorker()>& make_worker, const IndexProgress& progress);

}  // namespace annals::index_rows
