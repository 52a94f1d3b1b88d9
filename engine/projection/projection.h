#pragma once
// A projection is a pure function from claims to state, keyed (by product, by company, …). Each is a file pair in kinds/ whose header
// says in a table which values are rivals, which are steps of one path and what leads back; the same table is data here, so that
// `annals state --help PROJECTION` prints what the code does.
//
// How a state comes about, for every projection alike:
//   - the claims that the bounds admit are put in the order (dated, valid from, published, position, ordinal): news about the past
//     does not overwrite the present, a later report about the same time corrects an earlier one, undated never overrules dated;
//   - each is folded into the lanes (fold below), one pure step at a time;
//   - finish() names what is overdue, orders the lanes and cuts them to kLaneValuesMax.
// Which claims are admitted, and where they stand, is not the projection's business: the ledger (ledger.h) and the oracle
// (replay/oracle.h) decide it apart from each other, and tests hold them together.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/claim/claim.h"
#include "engine/projection/state.h"

namespace annals {

struct ProjectionHelp {
  std::string_view name;         // "export_control"
  std::string_view description;  // one line
  std::string_view key;          // "PRODUCT[/DESTINATION], destination china unless said"
  std::string_view table;        // rivals, steps, ways back: several lines, as in the header of the kind
};

// The names that the lexicon facts of the log give, as far as keys need them.
class Names {
 public:
  virtual ~Names() = default;
  // The id of the entity that `id` (an id, or a folded name as written) stands for; itself where no fact says otherwise.
  virtual std::string canonical(std::string_view id) const = 0;
  virtual bool is_class(std::string_view id) const = 0;   // a class of products (AI chips): keyed with its vendor
};

// A claim where it stands in the fold.
struct PlacedClaim {
  const Claim* claim = nullptr;     // as reviewed
  Evidence evidence;                // lane and value are filled in by the fold
  std::string source;               // whose word counts once: the outlet of the first of a group of copies, else the article
  std::string wording;              // of the statement (wording.h)
  bool dated = true;
  std::optional<Instant> from;      // valid from; absent: unknown, before everything
  std::optional<Instant> to;        // exclusive; absent: open
  ValidFromSource from_source = ValidFromSource::kUnknown;
  Instant published{};              // known_from (of the first copy); undated: recorded
  TimePoint told;                   // when it was published, for people
  // The stretch in which it began (or was seen to hold), at the grain it was told in: the day of publication where nothing finer
  // than a day matters. Absent for what was told as past without a time.
  std::optional<std::pair<Instant, Instant>> onset;
  std::optional<TimePoint> from_point;  // `from` for people
  std::optional<TimePoint> to_point;    // `to` for people, of what is told as past
  std::optional<Due> due;           // `when` of an expectation
  bool ahead = false;               // a rumour of what begins after V: an expectation, whatever its words (the fold sets it)
  // By which whoever folds finds the evidence again (EvidenceRef::number): what grows from the claim only names it. None: it holds all of it.
  std::optional<std::uint32_t> number;
  // The evidence, once the fold has filled it in; all who hold it share it. Not from two threads at once.
  EvidenceRef ref() const;
  mutable std::shared_ptr<const Evidence> shared;
};
// Where a claim of an article published at `published` (none: undated, then it counts as published when recorded) stands: everything
// of PlacedClaim but evidence and source. Wall times are taken in `zone`. Denials and appointments stand at their publication.
PlacedClaim place(const Claim& claim, const std::optional<Published>& published, Instant recorded_at, const Zone& zone);
// Where a claim stands to V: expectations and denials of any time count; the rest counts while it holds.
enum class Phase : std::uint8_t { kAhead, kActive, kOver };
Phase phase(const PlacedClaim& placed, Instant valid_at);
// The next V after `valid_at` at which it stands otherwise; none: never.
std::optional<Instant> next_phase(const PlacedClaim& placed, Instant valid_at);
// Planned, forecast, conditional: never tested against V.
bool is_expectation(const Claim& claim);
// The order of the fold.
bool before(const PlacedClaim& a, const PlacedClaim& b);

// What a claim says, in a projection's words.
struct Said {
  std::string track;            // see Entry::track; empty: unsaid
  std::string slot;             // what an expectation is about: two of one slot replace each other (a moved date, a revised figure)
  std::string value;
  std::vector<Field> fields;
};

// Where a claim stands in the fold.
struct FoldPlace {
  bool dated = false;
  Instant from{};
  Instant published{};
  Position position;
  std::uint32_t claim = 0;
  friend auto operator<=>(const FoldPlace&, const FoldPlace&) = default;
};
FoldPlace fold_place(const PlacedClaim& placed);

// An entry while it grows.
struct Growing {
  Entry entry;
  std::string slot;
  std::set<std::string> outlets;
  std::set<std::string> origins;
  std::set<std::string> wordings;  // of those that count (wording.h): who says it in one of them again is no further source
  bool dated = false;
  bool expectation = false;
  std::optional<std::pair<Instant, Instant>> onset;
  FoldPlace touched;            // of the claim that touched it last
  std::map<std::string, std::set<std::string>> sides;  // sources of what is counted apart: an effect beside its deal
  std::vector<Growing> rivals;  // what independent origins say of the same time, and the table excludes
};
// A state while it grows: per lane one Growing per track (and slot, for expectations).
struct Growth {
  std::array<std::vector<Growing>, kLanes> lanes;
  std::vector<Growing> ahead;   // stated, and beginning after V
  std::vector<std::pair<std::string, Step>> past;  // stated of a time that was over by V, with its track
  // Claims so far that begin after V, kAnnouncedMax at most; by track where tracks are apart.
  std::map<std::string, std::size_t> announced;
  FoldPlace now;                // of the claim that is folded
  Instant valid_at{};
  Instant published_by{};
  std::vector<Growing>& lane(Lane which) { return lanes[static_cast<std::size_t>(which)]; }
  // Counts a claim that begins after V; false: there are enough of them.
  bool announces(const std::string& track) { return announced[track] < kAnnouncedMax && ++announced[track] > 0; }
};

// How a claim stands to what its track says already.
enum class Relation : std::uint8_t {
  kSame,     // corroborates
  kForward,  // a later step of the same path: the value changes, the path goes on
  kVaguer,   // the same told less finely: corroborates, changes nothing
  kMark,     // marks the state (under discussion, delayed) and never replaces it
  kBack,     // an earlier step of a path that has no way back: changes nothing
  kRival,    // the table excludes both: a dispute where the times overlap and the origins are independent, else a change
  kChange,   // another value
};

class Projection {
 public:
  virtual ~Projection() = default;
  virtual const ProjectionHelp& help() const = 0;
  std::string_view name() const { return help().name; }

  // The entity (or text) that a claim's key starts with, as written in the claim: what postings are filed under. Empty: not for this
  // projection. Does not depend on lexicon facts.
  virtual std::string subject(const Claim& claim) const = 0;
  // The key, with names as the facts give them.
  virtual std::string key(const Claim& claim, const Names& names) const = 0;
  // The subject of a key: "ai_chips@nvidia/china" → "ai_chips".
  virtual std::string subject_of_key(std::string_view key) const;
  // Whether a product takes the rules of its family here. If so, the keys of an ancestor that reach `key`, nearest first among
  // equals: hopper → "hopper/china"; ai_chips → "ai_chips@nvidia/china", "ai_chips/china".
  virtual bool inherits() const { return false; }
  // The projections that this one joins (market_access); then it has no claims of its own.
  virtual std::span<const std::string_view> parts() const { return {}; }

  // Whether no claim of one track bears on another: a metric's periods. Then each track is folded by itself, and the growths joined.
  virtual bool tracks_apart() const { return false; }
  // The track of a claim, where they are apart; else "".
  std::string apart(const PlacedClaim& placed) const { return tracks_apart() ? say(*placed.claim, placed).track : std::string(); }

  // Whether what a claim says here hangs on its quote, and not on its slots alone.
  virtual bool reads_quotes() const { return false; }

  // Puts one claim into the growing state. Same claims in the same order, same state, byte for byte: no clock, no chance, no other
  // projection.
  virtual void fold(Growth& growth, PlacedClaim& claim) const;
  // The state that has grown.
  virtual State finish(Growth growth, std::string_view key) const;
  // Of a projection with parts: the state made of theirs, in the order of parts().
  virtual State join(std::string_view key, std::span<const State> parts) const;

 protected:
  virtual Said say(const Claim& claim, const PlacedClaim& placed) const = 0;
  virtual Relation relation(const Growing& now, const Said& said, const PlacedClaim& placed) const = 0;
  // After a claim took its place on `now` with this relation: fields, steps of its own.
  virtual void merge(Growing& now, const Said& said, const PlacedClaim& placed, Relation relation) const;
  // A passed step stays passed: what is told as past still counts as reached (a listing, a milestone).
  virtual bool passed_stays() const { return false; }
  // A forward step begins anew (filed since …, listed since …), or the path keeps the time of its first step.
  virtual bool forward_begins_anew() const { return true; }
  // Tracks that a claim without one may mean: the furthest there is.
  virtual bool loose_tracks() const { return false; }
  // Whether a stated claim ends an entry of another lane: meets it, replaces it.
  virtual bool ends(const Growing& entry, const Said& stated, const PlacedClaim& placed, bool changed) const;
  // Whether what a claim of another lane says has been stated already, so that it is news no more.
  virtual bool met(const Growing& stated, const Said& said, const PlacedClaim& placed) const;
  // Of an entry that begins after V.
  virtual void announce(Growing&) const {}
  // Called after a stated claim took its place.
  virtual void after_stated(Growth&, const Said&, const PlacedClaim&) const {}
  // Which of two entries of a lane stands first. Default: what is before what is expected, then the one touched last.
  virtual bool ahead_of(const Growing& a, const Growing& b) const;
  virtual std::vector<Field> summary(const State&) const { return {}; }

  // For kinds that fold in a way of their own.
  static void fill_in(PlacedClaim& placed, Lane lane, std::string value);
  static void corroborate(Growing& now, const PlacedClaim& placed);
  // Whether it was said in these words already; else they are said from now on.
  static bool said_again(std::set<std::string>& wordings, const PlacedClaim& placed);
  Growing start(const Said& said, const PlacedClaim& placed) const;
  static void push_step(Growing& now, const PlacedClaim& by_what);
  // What came before on `now`'s track came before on `next`, which takes its place.
  static void keep_steps(Growing& next, Growing& now);
  // Lists a step that was passed before the value that `now` has, if it is not listed.
  static void add_passed(Growing& now, const Said& said, const PlacedClaim& placed);
  Growing* find_track(std::vector<Growing>& lane, const std::string& track) const;

 private:
  void deny(Growth& growth, const Said& said, const PlacedClaim& placed) const;
  void expect(Growth& growth, Lane lane, const Said& said, const PlacedClaim& placed) const;
  // A claim about the present or the past takes its place on its track; true where the value of the track changed.
  bool run(Growth& growth, Lane lane, const Said& said, const PlacedClaim& placed) const;
};

// stated: begins, holds and held of the outlet's own or a named voice; reported: whatever is anonymous or hearsay; and so on.
Lane lane_of(const Claim& claim);
bool overlap(const std::optional<std::pair<Instant, Instant>>& a, const std::optional<std::pair<Instant, Instant>>& b);
void set_field(std::vector<Field>& fields, std::string_view name, std::string text, std::optional<double> number = {});
void set_number(std::vector<Field>& fields, std::string_view name, double number);
const Field* find_field(std::span<const Field> fields, std::string_view name);
std::string format_number(double number);   // shortest text that reads back: "0.25", "450", "41874000000"

// An ancestor's state, as it reaches a product's key.
struct Inherited {
  std::string key;
  State state;
};
// The product's own state with what reaches it from its ancestors, nearest first: a product shows its own rule, unless an ancestor's
// entry with a stated beginning begins later; what is told about a class without a beginning reaches only products that have no
// rule of their own. Marks entries with Entry::inherited_from.
State inherit(State own, std::span<const Inherited> ancestors);

// Of tracks that are apart, each grown by itself: as if all claims had been folded in one.
Growth join_growths(std::vector<Growth> tracks);

// One step of the fold, with the growth kept to what an answer can still show: the newest kStepsMax steps of a track.
void fold_claim(const Projection& projection, Growth& growth, PlacedClaim& placed);

// Folds claims, already in order (see before()), as known by `published_by` about `valid_at`. Fills in each claim's evidence.
State fold_claims(const Projection& projection, std::string_view key, std::span<PlacedClaim> ordered, Instant valid_at, Instant published_by);

// Every projection there is, in the order of the design. Adding one is a row in registry.cc, a file pair in kinds/ and a folder in
// tests/golden/projections/. They have no state: calls from many threads are fine.
std::span<const std::unique_ptr<const Projection>> projections();
const Projection* find_projection(std::string_view name);

// Whose claims a projection's answers are made of: its parts, or itself.
std::vector<const Projection*> base_projections(const Projection& projection);
// What a claim bears on: (projection, subject).
std::vector<std::pair<std::string, std::string>> subjects_of(const Claim& claim);

// The names of all projections in the registry's order, with their help.
std::vector<ProjectionHelp> projection_help();
const ProjectionHelp* find_projection_help(std::string_view name);

}  // namespace annals
