#pragma once
// What every projection's answer looks like, so that tables, JSON, history, panel, timeline and diff print any of them.
//
// A State is the answer for one (projection, key) at one basis. It has four lanes, so that a rumour never poses as a fact; a lane
// has at most kLaneValuesMax entries, its head first. An entry is one value with named fields and what it rests on.
// Equal claims in equal order give equal states, byte for byte; nothing here depends on a clock.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/time.h"
#include "engine/claim/claim.h"
#include "engine/note/note.h"

namespace annals {

enum class Lane : std::uint8_t {
  kStated,       // begins, holds, held; in the outlet's own voice or a named speaker's
  kReported,     // anonymous and hearsay, whatever the modality
  kExpected,     // forecast and planned
  kConditional,  // if … then
};
inline constexpr std::size_t kLanes = 4;
inline constexpr std::size_t kLaneValuesMax = 8;
inline constexpr std::size_t kStepsMax = 32;
inline constexpr std::size_t kStepsLeftOutMax = 32;
// Claims that begin after V, of one key: the soonest of them are looked at and no others, so that an answer about 2022 with all that is
// known today does not list years of news as announced.
inline constexpr std::size_t kAnnouncedMax = 32;
std::string_view lane_name(Lane lane);  // "stated", "reported", "expected", "conditional"
std::optional<Lane> find_lane(std::string_view name);

// A named part of an answer: {"rate", "0.25", 0.25}. `number` where the field is one (JSON prints it as such).
struct Field {
  std::string name;
  std::string text;
  std::optional<double> number;
  friend bool operator==(const Field&, const Field&) = default;
};

// A moment as finely as it was said. `text` is what people read: "2025-04", "2025-12-09T06:31".
struct TimePoint {
  Instant at{};
  Grain grain = Grain::kDay;
  std::string text;
  friend bool operator==(const TimePoint&, const TimePoint&) = default;
};

// One claim behind an answer: enough to follow it back to the bytes and the source.
struct Evidence {
  Position position;                  // of the statement
  std::uint32_t claim = 0;            // ordinal from 0 in its reading
  Digest note;
  std::uint32_t article = 0;          // ordinal from 1
  std::string title;
  std::optional<std::string> outlet;
  std::vector<std::string> speakers;  // nearest first; empty: the outlet's own voice
  // Who is behind it: the deepest named speaker ("trump", or the folded name), else the outlet ("outlet:…"), or "anonymous:…" with
  // the outlet where nobody is named. Eight outlets that repeat one post are eight outlets and one origin.
  std::string origin;
  std::string published;              // as printed with the zone used; empty: undated
  std::optional<Instant> known_from;  // absent: undated
  Instant recorded_at{};
  Rendition rendition = Rendition::kVerbatim;  // a summary's words are not shown as the outlet's
  Modality modality = Modality::kAsserted;
  Attribution attribution = Attribution::kOwn;
  Aspect aspect = Aspect::kBegins;
  Lane lane = Lane::kStated;
  std::string value;                  // what it says, in the words of the projection: "allowed", "0.25 required"
  std::string when;                   // the claim's own time, ISO; empty: none said
  std::string quote;                  // the bytes that carry it; empty after erasure
  // The earliest visible article with the same text has it here; where all evidence is listed, another source said it here before in
  // the same words.
  std::optional<Position> copy_of;
  std::optional<std::string> inherited_from;  // the key it was said about, where that is an ancestor
  std::vector<Position> amended_by;   // amendments, the reinterpretation and the review that made it what it is, in log order
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

// The same as answers hold it: which claim it is, and where an answer shows its sources (Detail::kWhole) all of it, which copies share.
struct EvidenceRef {
  Position position;
  std::uint32_t claim = 0;
  std::uint32_t number = 0;           // by which whoever folds finds it again; not compared
  std::optional<Instant> known_from;
  Instant recorded_at{};
  std::shared_ptr<const Evidence> whole;   // null: it is only named
  Evidence told() const;              // what is there of it
  friend bool operator==(const EvidenceRef& a, const EvidenceRef& b) {
    if (a.position != b.position || a.claim != b.claim || a.known_from != b.known_from || a.recorded_at != b.recorded_at) return false;
    return a.whole == b.whole || (a.whole != nullptr && b.whole != nullptr && *a.whole == *b.whole);
  }
};

// How much an answer says: everything, or what its lanes say without the steps before (Entry::steps), naming the claims behind it by position
// and ordinal, when they became known and were recorded. Of a claim it may say more than asked for.
enum class Detail : std::uint8_t { kWhole, kHeads };

// What has become of an expectation.
enum class DueStatus : std::uint8_t { kNone, kAhead, kOverdue, kMet, kDone, kCalledOff };
std::string_view due_status_name(DueStatus status);  // "", "ahead", "overdue", "met", "done", "called off"

struct Due {
  std::string text;             // "2026-Q1"; empty: no time was named
  std::optional<Instant> from;
  std::optional<Instant> to;    // exclusive: overdue from here on
  Grain grain = Grain::kDay;
  friend bool operator==(const Due&, const Due&) = default;
};

// Two stated values that the projection's table excludes, of overlapping time, from independent origins.
struct Dispute {
  std::string value;            // what the other side says
  EvidenceRef evidence;
  friend bool operator==(const Dispute&, const Dispute&) = default;
};

// A value that a track had before: the steps of a path, the rate before this one, the figure before a revision.
struct Step {
  std::string value;
  std::vector<Field> fields;
  std::optional<TimePoint> since;
  std::optional<TimePoint> by;
  std::optional<TimePoint> until;   // when the next value took over, where known
  std::optional<Due> due;     // of an expectation: a date that was moved
  DueStatus due_status = DueStatus::kNone;
  EvidenceRef evidence;             // the first that said it
  friend bool operator==(const Step&, const Step&) = default;
};

struct Entry {
  // What sets the entries of one lane apart where a key has several at once: a venue, a round, an instrument, a period. Often empty.
  std::string track;
  std::string value;                // in one word: "allowed", "agreed", "subscription", "450"
  std::vector<Field> fields;        // in the projection's order
  // At most one of since and by: since, where a beginning was told; by, where only its holding was.
  std::optional<TimePoint> since;
  std::optional<TimePoint> by;
  std::optional<TimePoint> until;   // told as past: it held before this
  std::optional<TimePoint> confirmed;  // the newest time at which it was told to begin or to hold
  std::optional<TimePoint> starts;  // announced, in force from then: after the V that was asked about
  std::optional<Due> due;     // of an expectation
  DueStatus due_status = DueStatus::kNone;
  std::uint8_t outlets = 0;         // 1, 2, 3 = three or more; copies and the same words count once (wording.h)
  std::uint8_t origins = 0;         // likewise
  bool anonymous = false;           // nobody behind it is named
  bool undated = false;             // rests on undated statements alone
  std::optional<std::string> inherited_from;  // the ancestor's key
  EvidenceRef first;                // first to say it, by time of knowing
  EvidenceRef newest;
  std::vector<Dispute> disputes;    // at most kLaneValuesMax
  std::vector<Step> steps;          // what came before on this track, oldest first; the newest kStepsMax
  std::uint32_t steps_left_out = 0; // older ones, kStepsLeftOutMax for that many or more: history has them
  const Field* field(std::string_view name) const;  // null: not there
  friend bool operator==(const Entry&, const Entry&) = default;
};

struct LaneState {
  std::vector<Entry> entries;       // head first; at most kLaneValuesMax
  std::uint32_t more = 0;           // entries beyond that
  const Entry* head() const { return entries.empty() ? nullptr : &entries.front(); }
  friend bool operator==(const LaneState&, const LaneState&) = default;
};

struct State {
  std::string projection;
  std::string key;                  // "h20/china"
  std::array<LaneState, kLanes> lanes;
  // What the projection derives from its lanes or from other projections (market_access), in its order: exporter, importer, share.
  std::vector<Field> summary;
  // Newest evidence of any lane, by time of knowing.
  std::optional<Instant> newest_known_from;
  const LaneState& lane(Lane which) const { return lanes[static_cast<std::size_t>(which)]; }
  LaneState& lane(Lane which) { return lanes[static_cast<std::size_t>(which)]; }
  // The first lane that has a head, stated before reported before expected before conditional; null: nothing known.
  const LaneState* best() const;
  std::optional<Lane> best_lane() const;
  bool empty() const { return best() == nullptr && summary.empty(); }
  friend bool operator==(const State&, const State&) = default;
};

// One line a person can compare, its disputes and steps indented below it:
// "license_pending by 2025-08-05T20:17 {rule: allowed; step: licences pending} | 1 outlet, 1 origin, anonymous | #2.0..#2.1".
std::string describe(const Entry& entry);
// All entries, a line each with the lane's name, then the summary; "nothing known" for an empty one.
std::string describe(const State& state);

// True where value, fields, since, by, starts, due, disputes' number or counted sources differ in any lane's entries: what makes
// a row in a timeline, and what a subscriber to a state is told. Evidence that only repeats makes none.
bool differs(const State& a, const State& b);
bool differs(const Entry& a, const Entry& b);

}  // namespace annals
