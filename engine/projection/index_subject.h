#pragma once
// The claims of one subject's keys, in the order in which they become known, on their way into pages. Internal to engine/projection.
//
// A subject of up to kPostingsAtOnce postings is read once, whole. Of a longer one an outline is read first (16 bytes a statement), and
// then the claims of one key after the other, so many at a time, with the first of those that they are copies of: memory grows with
// what the fold keeps (PageMaker), not with what statements say. Where a claim of the subject is withdrawn some day all has to be there.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/projection/index_load.h"
#include "engine/projection/pages.h"

namespace annals::index_rows {

inline constexpr std::size_t kPostingsAtOnce = 4'096;

using EndVisitor = std::function<void(std::string_view track, const PageEnd& end)>;

// What statements behind `from` tell of a subject's keys.
struct News {
  Ledger ledger;                          // what the courses point into
  std::map<std::string, Course> courses;  // by key
  std::set<std::string> turned;           // keys of which an older statement may turn out to be the copy
};
// `copied`: texts of new articles that other articles have as well.
Result<News> read_news(const EventLog& log, DerivedReader& rows, const Space& space, Position from, Position sealed, const Ledger& base, const Projection& projection,
                       std::string_view subject, const Families& families, const std::set<Digest>& copied);

class SubjectPages {
 public:
  // `base`: what was said about events up to `sealed`. All have to stay.
  SubjectPages(const EventLog& log, DerivedReader& rows, const Space& space, Position sealed, const Ledger& base, const Projection& projection, std::string subject,
               const Families& families, std::size_t at_once = kPostingsAtOnce);
  Status open();
  // Those of which anything ever becomes known.
  std::vector<std::string> keys() const;
  // The pages of one key; of another than these, none. Once for each.
  Status make(const std::string& key, const PageVisitor& visit, const EndVisitor& visit_end);

 private:
  struct Statement {
    std::uint64_t position : 48;
    std::uint64_t prefix : 16;     // which of prefixes_; kLog: the log has it whole
    Instant known;
  };
  static constexpr std::uint16_t kLog = UINT16_MAX;
  struct Outline {
    std::vector<Statement> statements;   // by (known, position)
    // Of those whose text an earlier one has, in order, with the first of it that becomes known: whatever copies it holds from it.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> firsts;
  };
  using Told = std::vector<std::pair<Statement, std::uint64_t>>;   // with their texts
  static Outline outline_of(Told told);

  Status read_outline();
  Status read_whole();
  // The claims of these statements of the outline, with the firsts of their copies.
  Result<Ledger> load(const Outline& outline, std::size_t begin, std::size_t end) const;

  const EventLog& log_;
  DerivedReader& rows_;
  const Space& space_;
  const Position sealed_;
  const Ledger& base_;
  const Projection& projection_;
  const std::string subject_;
  const std::size_t at_once_;
  const std::vector<std::string> prefixes_;
  std::optional<Ledger> whole_;
  std::map<std::string, Course> courses_;
  std::map<std::string, Outline> outlines_;
};

}  // namespace annals::index_rows
