#pragma once
// Several consumers that share one durable name: which of them gets which event, and what happens to what they do not deal with.
//
// Every event has one key (group_key): the note that it is of. The events of a key go to one member at a time, in the order of the log:
//   - the member is chosen by rendezvous hashing (Thaler and Ravishankar, 1998), so that one who joins or leaves moves no keys but its own;
//   - a key moves once what its member holds of it is settled, or the member is gone. Until then the rest of the key waits;
//   - what a member held when it left or was lost goes to the others, before what comes behind it in its key.
// Why the note: an event is about a statement, an article or a note, and whatever happens to any of them stays within the note. So one key
// is enough for every event and no event has to wait for two members. The cost is that the statements of one long note are one member's.
//
// An event that was handed out `hand_outs` times and each time rejected, or held by a member that was lost, is parked: it is set aside with
// its reason, and its key goes on. A lost member takes with it what it had not come to yet, so who is to blame is found by trial: what was
// lost twice (before the last hand-out in any case) is handed out alone, to a member that holds nothing else. Who leaves politely costs nothing.
//
// The position says that all up to it is settled or parked. What is settled beyond it is known in memory only: after a restart it comes again.
// So a group is told everything at least once. Bounds: what was read and is not settled (events, bytes), members, parked events.
//
// No socket, no thread, no clock of its own; the events are read by whoever drives it (groups.h): wants() says which, take() takes them.
// Threads: one at a time.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/log/event_log.h"
#include "engine/stream/names.h"
#include "engine/stream/wire.h"

namespace annals::stream {

struct GroupLimits {
  std::size_t groups = 256;                      // of a server, with members
  std::size_t members = 64;                      // of one group; one more is refused
  std::size_t events = 4096;                     // of one group, read and not settled: nothing more is read beyond
  std::size_t bytes = 8u << 20;                  // likewise; one event may be longer
  unsigned hand_outs = 5;                        // at least 1. As many, and an event is parked
  std::size_t parked = 1000;                     // of one name: then nothing more is parked, and what is to be is handed out on and on
  std::chrono::milliseconds pause{1'000};        // before a rejected event comes again; doubled each time
  std::chrono::milliseconds pause_max{30'000};
  std::chrono::milliseconds settle_within{300'000};   // a member that has not settled the first of what it holds by then counts as lost
};

struct GroupEvent {
  Position position;
  std::uint64_t key = 0;
  std::shared_ptr<const StoredEvent> stored;     // what is handed out
  std::size_t bytes = 0;
};

class Group {
 public:
  using MemberId = std::uint64_t;                // from 1, never used twice
  using Time = std::chrono::steady_clock::time_point;

  // Goes on behind state.position; what is parked and released is handed out too. `limits` must outlive it.
  Group(NameState state, const GroupLimits& limits);

  // ---- Members. Calls about one that is none are nothing.
  // kOverloaded: there are as many as may be.
  Status join(MemberId member, std::uint64_t credit);
  // `lost`: it broke off, and what it holds counts as handed out in vain. The last one to go leaves nothing in memory but the numbers of
  // what was not settled, so that whoever joins next neither gets what was settled nor has the count begin anew.
  void leave(MemberId member, bool lost, Time now);
  void grant(MemberId member, std::uint64_t credit);
  // What the member does not hold is passed over: it may have been handed on. With a rejected event, what the member holds behind it in its
  // key is taken back and comes again after it.
  void settle(MemberId member, std::span<const Position> done, std::span<const Rejection> rejected, Time now);
  std::size_t members() const { return members_.size(); }
  // Who holds the same first event as settle_within ago: to leave, as lost. Whoever settles its first one begins anew, so a member may work
  // through a long list; one that is stuck, or settles all but one event, is found. Exact to the time between two calls.
  std::vector<MemberId> overdue(Time now);

  // ---- Reading. One at a time: take(), or pass() where it failed, answers the newest.
  struct Want {
    std::uint64_t serial = 0;
    PositionRange range;                         // upto ≤ the last that wants() was given
    bool released = false;                       // one parked event, whatever the filter says of it
    std::size_t events_max = 0;
    std::size_t bytes_max = 0;
  };
  std::optional<Want> wants(Position last);
  // What of (after, upto] passes the filter, in order. Of an older serial: nothing happens.
  void take(std::uint64_t serial, Position upto, std::vector<GroupEvent> events);
  bool pass(std::uint64_t serial);               // the reading failed: it may be wanted again. False: of an older serial
  // The members have another filter from here on: what is behind the position and was left out is looked at again.
  // Requires: no members.
  void forget_settled();

  // ---- Handing out.
  struct HandOut {
    MemberId member = 0;
    std::vector<GroupEvent> events;              // to be sent in this order
  };
  // All that may go out now, at most `events_max` and `bytes_max` to each member; empty: nothing. `open` says whether a member has room.
  std::vector<HandOut> hand_out(Time now, const std::function<bool(MemberId)>& open, std::size_t events_max, std::size_t bytes_max);

  // ---- What lasts.
  const NameState& state() const { return state_; }
  std::size_t unsettled() const { return events_.size(); }
  bool full() const { return state_.parked.size() >= limits_.parked; }   // nothing more is parked
  // Nothing would be lost with it but what state() has.
  bool blank() const { return members_.empty() && remembered_.empty() && known_upto_ <= state_.position; }
  // Of parked events. False: there is none such.
  bool release(Position position);
  bool discard(Position position);

 private:
  struct Known {
    GroupEvent event;
    unsigned losses = 0;                         // hand-outs in vain
    MemberId holder = 0;                         // 0: it waits
    bool released = false;                       // it was parked: the position is past it
    Time not_before{};
  };
  struct Key {
    std::set<Position> waiting;
    std::size_t held = 0;                        // handed out and not settled, all to `holder`
    MemberId holder = 0;
    MemberId owner = 0;                          // who gets what comes next; 0: nobody is there
    Position ready;                              // the front of `waiting` as it stands in the owner's list; none: it does not
    Time paused{};                         // as it stands in paused_; none: it does not
  };
  struct Member {
    std::uint64_t credit = 0;
    std::set<Position> held;
    std::set<Position> ready;                    // fronts of its keys that may go out
    std::set<Position> trials;                   // those that may go out alone
    bool on_trial = false;                       // holds one of these
    Position first;                              // of `held`, as overdue() saw it last; none: it held nothing
    Time first_since{};
  };

  bool tried(const Known& known) const;          // is to be handed out alone
  MemberId owner_of(std::uint64_t key) const;
  void reassign();
  void unplace(std::uint64_t number, Key& key);
  void place(std::uint64_t number);              // into its owner's lists, as it stands now
  void take_back(Known& known, Member& from);
  void lost(Known& known, std::string because, Time now, bool pause);
  void forget(std::map<Position, Known>::iterator known);
  void move_position();
  void sleep();

  const GroupLimits& limits_;
  NameState state_;
  Position read_;                                // all of the log up to here was looked at
  std::map<Position, Known> events_;             // read and not settled
  std::size_t bytes_ = 0;
  std::set<Position> beyond_;                    // of them, those that hold the position back
  std::set<Position> to_release_;                // released and not read yet
  std::unordered_map<std::uint64_t, Key> keys_;
  std::map<MemberId, Member> members_;
  std::set<std::pair<Time, std::uint64_t>> paused_;   // keys
  std::uint64_t serial_ = 0;
  bool reading_ = false;
  bool reading_released_ = false;

  std::map<Position, unsigned> remembered_;      // what was not settled when the last member went, and its losses
  Position known_upto_;                          // up to here, what is not remembered was settled
};

// The key of an event: the same for all that is of one note, an entity's for what the lexicon says of it. `log` is asked for what the event
// is about. Two keys may fall together, which costs nothing but that they go to one member.
std::uint64_t group_key(const Event& event, const EventLog& log);

}  // namespace annals::stream
