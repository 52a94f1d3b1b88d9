#include "engine/stream/groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace annals::stream {

Groups::Groups(GroupsHost host, const GroupLimits& limits, const SessionLimits& session, Names& names, std::set<std::string>& in_use)
    : host_(std::move(host)), limits_(limits), session_(session), names_(names), in_use_(in_use) {}

Groups::Running* Groups::find(const std::string& name) {
  const auto found = groups_.find(name);
  return found == groups_.end() ? nullptr : &found->second;
}

Group::MemberId Groups::id_of(const Running& running, const Session& session, std::uint32_t subscription) const {
  const auto found = running.ids.find({&session, subscription});
  return found == running.ids.end() ? 0 : found->second;
}

// One that has no members keeps only what it would be good to remember.
bool Groups::make_room() {
  if (groups_.size() < limits_.groups) return true;
  const auto asleep = std::find_if(groups_.begin(), groups_.end(), [](const auto& each) { return each.second.places.empty(); });
  if (asleep == groups_.end()) return false;
  groups_.erase(asleep);
  return true;
}

Result<Position> Groups::join(Session& session, const Subscribe& request, std::shared_ptr<const Filter> filter) {
  Running* running = find(request.name);
  if (running == nullptr || running->places.empty()) {
    if (in_use_.contains(request.name)) return Error{ErrorCode::kConflict, fmt::format("another connection follows '{}' alone", request.name)};
    if (!names_.contains(request.name) && names_.size() >= kNamesMax) {
      return Error{ErrorCode::kOverloaded, fmt::format("{} durable subscriptions are the most", kNamesMax)};
    }
    const auto kept = names_.find(request.name);
    NameState state = kept == names_.end() ? NameState{} : kept->second;
    if (state.position > host_.last()) {
      return Error{ErrorCode::kConflict, fmt::format("'{}' is acknowledged up to position {}; this log ends at {}: is it another log, or one restored from a backup?", request.name,
                                                     state.position.value, host_.last().value)};
    }
    if (running == nullptr) {
      if (!make_room()) return Error{ErrorCode::kOverloaded, fmt::format("{} groups are the most", limits_.groups)};
      running = &groups_.emplace(request.name, Running{Group(std::move(state), limits_), request.filter, filter, {}, {}}).first->second;
    } else if (running->spec != request.filter) {
      running->group.forget_settled();
      running->spec = request.filter;
      running->filter = filter;
    }
  } else if (running->spec != request.filter) {
    return Error{ErrorCode::kConflict, fmt::format("the other members of '{}' have another filter", request.name)};
  }
  const Group::MemberId id = next_member_++;
  ANNALS_CHECK_OK(running->group.join(id, request.credit));
  in_use_.insert(request.name);
  const Position position = running->group.state().position;
  running->places[id] = {&session, request.subscription, request.envelopes_only, position};
  running->ids[{&session, request.subscription}] = id;
  return position;
}

void Groups::leave(Session& session, const std::string& name, std::uint32_t subscription, bool lost) {
  Running* const running = find(name);
  const Group::MemberId id = running == nullptr ? 0 : id_of(*running, session, subscription);
  if (id == 0) return;
  running->ids.erase({&session, subscription});
  running->places.erase(id);
  running->group.leave(id, lost, host_.now());
  if (!running->places.empty()) return pump(name, *running);
  in_use_.erase(name);
  if (note(name, *running)) host_.keep();
  if (running->group.blank()) groups_.erase(name);
}

void Groups::grant(Session& session, const std::string& name, std::uint32_t subscription, std::uint64_t credit) {
  Running* const running = find(name);
  if (running == nullptr) return;
  running->group.grant(id_of(*running, session, subscription), credit);
  pump(name, *running);
}

void Groups::settle(Session& session, const std::string& name, const Settle& settle) {
  Running* const running = find(name);
  if (running == nullptr) return;
  running->group.settle(id_of(*running, session, settle.subscription), settle.done, settle.rejected, host_.now());
  pump(name, *running);
}

void Groups::has_room(const std::string& name) {
  if (Running* const running = find(name); running != nullptr) pump(name, *running);
}

void Groups::pump(const std::string& name, Running& running) {
  const auto open = [&](Group::MemberId id) { return running.places.at(id).session->has_room(); };
  while (true) {
    auto out = running.group.hand_out(host_.now(), open, session_.chunk_events, session_.chunk_bytes);
    if (out.empty()) break;
    const Position position = running.group.state().position;
    for (const Group::HandOut& each : out) {
      Place& place = running.places.at(each.member);
      for (const GroupEvent& event : each.events) {
        const StoredEvent& stored = *event.stored;
        writer_.add({stored.position, stored.header, stored.body, stored.salt, stored.leaf}, place.envelopes_only);
      }
      place.told = position;
      place.session->handed(place.subscription, position, writer_.finish(position, position));
    }
  }
  if (auto want = running.group.wants(host_.last())) host_.read({name, *want, want->released ? nullptr : running.filter});
}

void Groups::read_done(const std::string& name, std::uint64_t serial, Result<GroupStretch> stretch) {
  Running* const running = find(name);
  if (running == nullptr) return;
  if (stretch) {
    running->group.take(serial, stretch->upto, std::move(stretch->events));
    return pump(name, *running);
  }
  if (!running->group.pass(serial)) return;
  // All are told, and may come back: what was handed out goes back unsettled.
  const Position position = running->group.state().position;
  for (const auto& [id, place] : std::exchange(running->places, {})) {
    running->group.leave(id, false, host_.now());
    place.session->expelled(place.subscription, wire_code(stretch.error().code), stretch.error().message, position);
  }
  running->ids.clear();
  in_use_.erase(name);
  if (note(name, *running)) host_.keep();
}

void Groups::woke() {
  for (auto& [name, running] : groups_) {
    if (!running.places.empty()) pump(name, running);
  }
}

bool Groups::note(const std::string& name, const Running& running) {
  NameState& kept = names_[name];
  if (kept == running.group.state()) return false;
  kept = running.group.state();
  return true;
}

// A member that is stuck would keep its events, and in the end the group, for ever.
void Groups::expel_overdue() {
  std::vector<std::pair<std::string, Place>> out;   // leaving may end a group
  for (auto& [name, running] : groups_) {
    for (const Group::MemberId id : running.group.overdue(host_.now())) out.emplace_back(name, running.places.at(id));
  }
  for (const auto& [name, place] : out) {
    const Position position = groups_.at(name).group.state().position;
    const std::string because = fmt::format("what was handed out was not settled within {} s: it goes to the others", std::chrono::duration_cast<std::chrono::seconds>(limits_.settle_within).count());
    host_.tell(fmt::format("group {}: a member was put out: {}", name, because));
    leave(*place.session, name, place.subscription, true);
    place.session->expelled(place.subscription, WireCode::kTooSlow, because, position);
  }
}

void Groups::tick() {
  expel_overdue();
  bool moved = false;
  for (auto& [name, running] : groups_) {
    if (running.places.empty()) continue;
    pump(name, running);
    moved |= note(name, running);
    if (running.group.full() != running.told_full) {
      running.told_full = running.group.full();
      if (running.told_full) host_.tell(fmt::format("group {}: {} events are parked, which is the most; what cannot be dealt with is handed out on and on", name, limits_.parked));
    }
    const Position position = running.group.state().position;
    for (auto& [id, place] : running.places) {
      if (place.told == position || !place.session->has_room()) continue;
      place.told = position;
      place.session->group_moved(place.subscription, position);
    }
  }
  if (moved) host_.keep();
}

Status Groups::yield(const std::string& name) {
  const Running* const running = find(name);
  if (running == nullptr) return {};
  if (!running->places.empty()) return Error{ErrorCode::kConflict, fmt::format("a group follows '{}'", name)};
  groups_.erase(name);
  return {};
}

Status Groups::release(const std::string& name, const std::vector<Position>& events, bool discard) {
  Running* const running = find(name);
  const auto kept = names_.find(name);
  const ParkedEvents none;
  const ParkedEvents& parked = running != nullptr ? running->group.state().parked : kept != names_.end() ? kept->second.parked : none;
  for (const Position each : events) {
    if (!parked.contains(each)) return Error{ErrorCode::kInvalid, fmt::format("event {} is not parked under '{}'", each.value, name)};
  }
  for (const Position each : events) {
    if (running != nullptr && discard) running->group.discard(each);
    else if (running != nullptr) running->group.release(each);
    else if (discard) kept->second.parked.erase(each);
    else kept->second.parked.at(each).released = true;
  }
  if (running != nullptr) {
    pump(name, *running);
    static_cast<void>(note(name, *running));
  }
  host_.keep();
  return {};
}

std::map<std::string, GroupStatus> Groups::status() const {
  std::map<std::string, GroupStatus> out;
  for (const auto& [name, running] : groups_) {
    if (!running.places.empty()) out[name] = {running.places.size(), running.group.unsettled()};
  }
  return out;
}

}  // namespace annals::stream
