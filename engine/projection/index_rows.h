#pragma once
// Keys and values of the index's rows (what they are: index.h). Internal to engine/projection.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/log/event_log.h"
#include "engine/projection/ledger.h"
#include "engine/projection/pages.h"

namespace annals::index_rows {

inline constexpr std::string_view kPrefix = "px12/";

// How far the index reaches, in one row, so that it changes at once.
struct Reach {
  char space = 'a';        // which of two sets of rows counts: a rebuild makes the other
  Position sealed;         // the log is indexed up to here
  Position aim;            // rows may speak of events up to here: a seal is at work, or was stopped
  bool pages_too = false;  // and pages
  friend bool operator==(const Reach&, const Reach&) = default;
};
// Nothing indexed where there is none, or one of an older program.
Reach read_reach(const EventLog& log);
Reach read_reach(const EventLog& log, DerivedReader& rows);
// The parts of events that the index is made of.
ReadOptions for_answers();
// Behind all others by key.
DerivedRow reach_row(const Reach& reach);
// `lasting`: on disk when it returns, with all rows that were put before.
Status write_reach(EventLog& log, const Reach& reach, bool lasting);

// The keys of one set of rows.
class Space {
 public:
  explicit Space(char name) : prefix_(std::string(kPrefix) + name + '/') {}
  const std::string& prefix() const { return prefix_; }
  std::string kind(std::string_view kind) const { return prefix_ + std::string(kind); }
  // Sums that change together with the reach, and so stand before it and apart from all others.
  std::string counted(std::string_view kind = {}) const { return std::string(kPrefix) + "counted/" + prefix_[kPrefix.size()] + '/' + std::string(kind); }
  std::string posting(std::string_view projection, std::string_view subject, Position position) const;
  std::string postings(std::string_view projection, std::string_view subject) const;
  std::string all_postings(std::string_view projection) const;
  std::string reading(Position statement, Position reading) const;
  std::string readings(Position statement) const;
  std::string about(Position position) const;
  std::string article(const Digest& note, std::uint32_t ordinal) const;
  std::string articles(const Digest& note) const;
  std::string named_alone(const Digest& note, Position statement) const;
  std::string named_alone(const Digest& note) const;
  std::string named(std::string_view name, std::string_view projection, std::string_view subject) const;
  std::string names(std::string_view name) const;
  std::string text(const Digest& text_hash, const Digest& note, std::uint32_t ordinal) const;
  std::string texts(const Digest& text_hash) const;
  // The note of an article or of a statement named alone; the text of a text.
  Digest digest_of(std::string_view key) const;
  // `track`: of projections whose tracks are apart; else empty.
  std::string page(std::string_view projection, std::string_view key, std::string_view track, Instant at) const;
  std::string pages_of_track(std::string_view projection, std::string_view key, std::string_view track) const;
  std::string pages(std::string_view projection, std::string_view key) const;
  std::string all_pages(std::string_view projection) const;
  std::string head(std::string_view projection, std::string_view key, Instant at) const;
  std::string heads(std::string_view projection, std::string_view key) const;
  std::string change(std::string_view projection, Instant at, std::string_view key) const;
  std::string changes(std::string_view projection) const;
  // The first row of a snapshot; those of its keys are longer by the key.
  std::string snapshot(std::string_view projection, Instant at) const;
  std::string snapshots(std::string_view projection) const;
  std::string end(std::string_view projection, std::string_view key, std::string_view track) const;
  std::string ends(std::string_view projection, std::string_view key) const;
  std::string_view rest(std::string_view key) const { return key.substr(prefix_.size()); }

 private:
  std::string of_digest(std::string_view its, const Digest& digest) const;
  std::string prefix_;
};

std::string with_position(std::string_view prefix, Position position);
// Of keys that end so.
Position last_position(std::string_view key);
// Of pages, heads, and the first rows of snapshots.
std::optional<Instant> page_moment(std::string_view key);
// Of a change, behind the name of its projection.
std::optional<Instant> change_moment(std::string_view rest);
// "…<first> 00 <second>" behind `prefix`; both empty where it is not so.
std::pair<std::string, std::string> two_texts(std::string_view key, std::size_t prefix);

std::string pack_article(const CoveredArticle& article);
CoveredArticle unpack_article(const Space& space, std::string_view key, std::string_view value);

std::string pack_about(const Event& event);
std::optional<Event> unpack_about(std::string_view value, Position position);   // none: the event itself has to be read

std::string pack_end(const PageEnd& end);
std::optional<PageEnd> unpack_end(std::string_view value);   // none: damaged
// What hangs on the log alone, and not on how often the index was sealed.
std::string_view settled_part(std::string_view end);

// Empty: the statement has to be read from the log.
std::string pack_extract(const Event& event, std::string_view wording, std::string_view subject, const Projection& projection);
// None: damaged, or empty.
std::optional<StatementExtract> unpack_extract(std::string_view value, Position position);

}  // namespace annals::index_rows
