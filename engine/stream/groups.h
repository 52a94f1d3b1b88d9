#pragma once
// The groups of a server (group.h): who of its sessions is a member of which, what they read, and what is kept of them.
//
// No socket and no thread, like the sessions that it serves: what is to be done goes out to the host.
// Threads: one at a time.

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/stream/fetch.h"
#include "engine/stream/group.h"
#include "engine/stream/session.h"

namespace annals::stream {

struct GroupRead {
  std::string name;
  Group::Want want;
  std::shared_ptr<const Filter> filter;          // none: everything
};

struct GroupsHost {
  std::function<void(GroupRead)> read;           // → read_done()
  std::function<Position()> last;                // newest event that may be shown
  std::function<SteadyTime()> now;
  std::function<void()> keep;                    // `names` has changed
  std::function<void(std::string_view)> tell;
};

struct GroupStatus {
  std::size_t members = 0;
  std::size_t unsettled = 0;                     // events read and not settled
};

class Groups {
 public:
  // `names` and `in_use`, the names that somebody follows, are the host's; they and the limits must outlive it.
  Groups(GroupsHost host, const GroupLimits& limits, const SessionLimits& session, Names& names, std::set<std::string>& in_use);

  // As SessionHost says. A session leaves before it goes.
  Result<Position> join(Session& session, const Subscribe& request, std::shared_ptr<const Filter> filter);
  void leave(Session& session, const std::string& name, std::uint32_t subscription, bool lost);
  void grant(Session& session, const std::string& name, std::uint32_t subscription, std::uint64_t credit);
  void settle(Session& session, const std::string& name, const Settle& settle);
  void has_room(const std::string& name);
  void read_done(const std::string& name, std::uint64_t serial, Result<GroupStretch> stretch);
  void woke();                                   // last() has moved
  void tick();                                   // about twice a second: pauses that are over; who is stuck; what is to be kept

  // Before somebody follows or acknowledges the name alone. kConflict: it has members.
  Status yield(const std::string& name);
  // Parked events are to be handed out again, or, `discard`, never. kInvalid: one of them is not parked; nothing is done then.
  Status release(const std::string& name, const std::vector<Position>& events, bool discard);
  std::map<std::string, GroupStatus> status() const;   // of those with members

 private:
  struct Place {
    Session* session = nullptr;
    std::uint32_t subscription = 0;
    bool envelopes_only = false;
    Position told;
  };
  struct Running {
    Group group;
    FilterSpec spec;
    std::shared_ptr<const Filter> filter;
    std::map<Group::MemberId, Place> places;
    std::map<std::pair<const Session*, std::uint32_t>, Group::MemberId> ids;
    bool told_full = false;
  };
  Running* find(const std::string& name);
  Group::MemberId id_of(const Running& running, const Session& session, std::uint32_t subscription) const;
  void pump(const std::string& name, Running& running);
  bool note(const std::string& name, const Running& running);   // its state, into names_; whether it is another
  bool make_room();
  void expel_overdue();

  GroupsHost host_;
  const GroupLimits& limits_;
  const SessionLimits& session_;
  Names& names_;
  std::set<std::string>& in_use_;
  std::map<std::string, Running> groups_;
  Group::MemberId next_member_ = 1;
  ChunkWriter writer_;
};

}  // namespace annals::stream
