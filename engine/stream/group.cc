#include "engine/stream/group.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/hash.h"

namespace annals::stream {
namespace {

constexpr std::size_t kReasonBytes = 200;
constexpr int kChainFollowed = 1'000;   // of retractions of retractions: what is about more has a key of its own

// One line, no longer than is kept, cut between characters.
std::string reason(std::string text) {
  for (char& each : text) {
    if (static_cast<unsigned char>(each) < ' ') each = ' ';
  }
  if (text.size() <= kReasonBytes) return text;
  std::size_t end = kReasonBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

}  // namespace

Group::Group(NameState state, const GroupLimits& limits) : limits_(limits), state_(std::move(state)), read_(state_.position) {
  check(limits_.hand_outs > 0 && limits_.events > 0 && limits_.bytes > 0, "a group hands out something");
  for (const auto& [position, parked] : state_.parked) {
    if (parked.released) to_release_.insert(position);
  }
}

// ---- Who gets what.

bool Group::tried(const Known& known) const { return known.losses >= std::min(2U, limits_.hand_outs - 1); }

Group::MemberId Group::owner_of(std::uint64_t key) const {
  MemberId out = 0;
  std::uint64_t highest = 0;
  for (const auto& [id, member] : members_) {
    const std::uint64_t weight = mixed(key ^ mixed(id));
    if (out == 0 || weight > highest) out = id, highest = weight;
  }
  return out;
}

void Group::reassign() {
  for (auto& [id, member] : members_) {
    member.ready.clear();
    member.trials.clear();
  }
  paused_.clear();
  for (auto& [number, key] : keys_) {
    key.ready = {};
    key.paused = {};
    key.owner = owner_of(number);
    check(!key.waiting.empty() || key.held > 0, "a key that is known has events");
    if (!key.waiting.empty()) place(number);
  }
}

void Group::unplace(std::uint64_t number, Key& key) {
  if (key.ready != Position{}) {
    Member& owner = members_.at(key.owner);
    owner.ready.erase(key.ready);
    owner.trials.erase(key.ready);
    key.ready = {};
  }
  if (key.paused != Time{}) {
    paused_.erase({key.paused, number});
    key.paused = {};
  }
}

void Group::place(std::uint64_t number) {
  const auto found = keys_.find(number);
  Key& key = found->second;
  unplace(number, key);
  if (key.waiting.empty()) {
    if (key.held == 0) keys_.erase(found);
    return;
  }
  if (key.owner == 0) return;
  const Position front = *key.waiting.begin();
  const Known& known = events_.at(front);
  const bool alone = tried(known);
  if (key.held > 0 && (alone || key.holder != key.owner)) return;   // settling what is held places it again
  if (known.not_before != Time{}) {
    key.paused = known.not_before;
    paused_.emplace(key.paused, number);
    return;
  }
  Member& owner = members_.at(key.owner);
  (alone ? owner.trials : owner.ready).insert(front);
  key.ready = front;
}

Status Group::join(MemberId member, std::uint64_t credit) {
  check(member != 0 && !members_.contains(member), "a member joins once");
  if (members_.size() >= limits_.members) return Error{ErrorCode::kOverloaded, fmt::format("{} members of one group are the most", limits_.members)};
  members_[member].credit = credit;
  reassign();
  return {};
}

void Group::leave(MemberId id, bool was_lost, Time now) {
  const auto found = members_.find(id);
  if (found == members_.end()) return;
  const std::set<Position> held = found->second.held;
  for (const Position position : held) {
    Known& known = events_.at(position);
    take_back(known, found->second);
    if (was_lost) lost(known, "its consumer was lost", now, false);
  }
  members_.erase(found);   // and its lists: all are made anew
  reassign();
  move_position();
  if (members_.empty()) sleep();
}

void Group::grant(MemberId member, std::uint64_t credit) {
  const auto found = members_.find(member);
  if (found != members_.end()) found->second.credit += credit;
}

void Group::take_back(Known& known, Member& from) {
  from.held.erase(known.event.position);
  if (from.held.empty()) from.on_trial = false;
  known.holder = 0;
  Key& key = keys_.at(known.event.key);
  --key.held;
  key.waiting.insert(known.event.position);
}

// An event that waits again was handed out in vain. It may be gone after this.
void Group::lost(Known& known, std::string because, Time now, bool pause) {
  const Position position = known.event.position;
  known.losses = std::min(known.losses + 1, limits_.hand_outs);
  if (known.losses >= limits_.hand_outs && (known.released || !full())) {
    state_.parked[position] = {known.losses, false, reason(std::move(because))};
    forget(events_.find(position));
    return;
  }
  // What cannot be parked must not be handed out in a tight circle.
  const auto doubled = limits_.pause * (std::int64_t{1} << std::min(known.losses - 1, 16U));
  if (known.losses >= limits_.hand_outs) known.not_before = now + limits_.pause_max;
  else if (pause) known.not_before = now + std::min<std::chrono::milliseconds>(doubled, limits_.pause_max);
}

// Nobody holds it. Its key is to be placed again.
void Group::forget(std::map<Position, Known>::iterator known) {
  const Position position = known->first;
  const std::uint64_t number = known->second.event.key;
  Key& key = keys_.at(number);
  unplace(number, key);
  key.waiting.erase(position);
  bytes_ -= known->second.event.bytes;
  beyond_.erase(position);
  events_.erase(known);
  if (key.waiting.empty() && key.held == 0) keys_.erase(number);
}

void Group::settle(MemberId id, std::span<const Position> done, std::span<const Rejection> rejected, Time now) {
  const auto found = members_.find(id);
  if (found == members_.end()) return;
  Member& member = found->second;
  std::set<std::uint64_t> keys;
  for (const Position position : done) {
    if (!member.held.contains(position)) continue;
    const auto at = events_.find(position);
    keys.insert(at->second.event.key);
    if (at->second.released) state_.parked.erase(position);
    take_back(at->second, member);
    forget(at);
  }
  for (const Rejection& each : rejected) {
    if (!member.held.contains(each.position)) continue;
    const std::uint64_t number = events_.at(each.position).event.key;
    keys.insert(number);
    for (auto at = member.held.upper_bound(each.position); at != member.held.end();) {
      Known& behind = events_.at(*at++);
      if (behind.event.key == number) take_back(behind, member);
    }
    Known& known = events_.at(each.position);
    take_back(known, member);
    lost(known, each.because.empty() ? "rejected" : "rejected: " + each.because, now, true);
  }
  for (const std::uint64_t number : keys) {
    if (keys_.contains(number)) place(number);
  }
  move_position();
}

std::vector<Group::MemberId> Group::overdue(Time now) {
  std::vector<MemberId> out;
  for (auto& [id, member] : members_) {
    const Position first = member.held.empty() ? Position{} : *member.held.begin();
    if (std::exchange(member.first, first) != first) member.first_since = now;
    else if (first != Position{} && now - member.first_since >= limits_.settle_within) out.push_back(id);
  }
  return out;
}

std::vector<Group::HandOut> Group::hand_out(Time now, const std::function<bool(MemberId)>& open, std::size_t events_max, std::size_t bytes_max) {
  while (!paused_.empty() && paused_.begin()->first <= now) {
    const std::uint64_t number = paused_.begin()->second;
    events_.at(*keys_.at(number).waiting.begin()).not_before = {};
    place(number);
  }
  std::vector<HandOut> out;
  for (auto& [id, member] : members_) {
    if (member.credit == 0 || (member.ready.empty() && member.trials.empty()) || !open(id)) continue;
    HandOut mine{id, {}};
    std::size_t bytes = 0;
    while (member.credit > 0 && !member.on_trial && mine.events.size() < events_max && bytes < bytes_max) {
      const bool alone = !member.trials.empty();
      if (alone && !member.held.empty()) break;   // first it is to be rid of what it holds
      const auto& list = alone ? member.trials : member.ready;
      if (list.empty()) break;
      const Position position = *list.begin();
      Known& known = events_.at(position);
      Key& key = keys_.at(known.event.key);
      check(key.held == 0 || key.holder == id, "a key is one member's at a time");
      unplace(known.event.key, key);
      key.waiting.erase(position);
      key.holder = known.holder = id;
      ++key.held;
      member.held.insert(position);
      member.on_trial = alone;
      --member.credit;
      bytes += known.event.bytes;
      mine.events.push_back(known.event);
      place(known.event.key);
    }
    if (!mine.events.empty()) out.push_back(std::move(mine));
  }
  return out;
}

// ---- Reading.

std::optional<Group::Want> Group::wants(Position last) {
  if (reading_ || members_.empty() || events_.size() >= limits_.events || bytes_ >= limits_.bytes) return std::nullopt;
  Want out;
  out.events_max = limits_.events - events_.size();
  out.bytes_max = limits_.bytes - bytes_;
  if (!to_release_.empty()) {
    const Position position = *to_release_.begin();
    out.range = {Position{position.value - 1}, position};
    out.released = true;
    to_release_.erase(to_release_.begin());   // where it cannot be read it stays released, for the next start
  } else if (read_ < last) {
    out.range = {read_, last};
  } else {
    return std::nullopt;
  }
  out.serial = ++serial_;
  reading_ = true;
  reading_released_ = out.released;
  return out;
}

void Group::take(std::uint64_t serial, Position upto, std::vector<GroupEvent> events) {
  if (!reading_ || serial != serial_) return;
  reading_ = false;
  std::set<std::uint64_t> keys;
  for (GroupEvent& event : events) {
    const Position position = event.position;
    const auto remembered = remembered_.find(position);
    const auto parked = state_.parked.find(position);
    if (reading_released_) {
      if (parked == state_.parked.end() || !parked->second.released || events_.contains(position)) continue;
    } else {
      check(position > read_ && position <= upto, "a stretch of the log is in order");
      // Settled before the last member went, or parked while others held the position back.
      if ((position <= known_upto_ && remembered == remembered_.end()) || parked != state_.parked.end()) continue;
      beyond_.insert(position);
    }
    Known known;
    known.released = reading_released_;
    if (remembered != remembered_.end()) known.losses = remembered->second;
    Key& key = keys_[event.key];
    if (key.waiting.empty() && key.held == 0) key.owner = owner_of(event.key);
    key.waiting.insert(position);
    keys.insert(event.key);
    bytes_ += event.bytes;
    known.event = std::move(event);
    events_.emplace(position, std::move(known));
  }
  if (reading_released_) {
    remembered_.erase(upto);
  } else {
    remembered_.erase(remembered_.upper_bound(read_), remembered_.upper_bound(upto));
    read_ = upto;
  }
  for (const std::uint64_t number : keys) place(number);
  move_position();
}

bool Group::pass(std::uint64_t serial) { return serial == serial_ && std::exchange(reading_, false); }

void Group::move_position() { state_.position = beyond_.empty() ? std::max(state_.position, read_) : Position{beyond_.begin()->value - 1}; }

void Group::sleep() {
  for (const auto& [position, known] : events_) {
    remembered_[position] = known.losses;
    if (known.released) to_release_.insert(position);
  }
  known_upto_ = std::max(known_upto_, read_);
  read_ = state_.position;
  events_.clear();
  beyond_.clear();
  keys_.clear();
  paused_.clear();
  bytes_ = 0;
  reading_ = false;
}

void Group::forget_settled() {
  check(members_.empty(), "a filter changes between members");
  known_upto_ = {};
}

// ---- Parked events.

bool Group::release(Position position) {
  const auto found = state_.parked.find(position);
  if (found == state_.parked.end()) return false;
  if (!std::exchange(found->second.released, true)) {
    remembered_.erase(position);
    to_release_.insert(position);
  }
  return true;
}

bool Group::discard(Position position) {
  if (state_.parked.erase(position) == 0) return false;
  to_release_.erase(position);
  remembered_.erase(position);
  const auto found = events_.find(position);
  if (found == events_.end()) return true;
  const std::uint64_t number = found->second.event.key;
  if (found->second.holder != 0) take_back(found->second, members_.at(found->second.holder));
  forget(found);
  if (keys_.contains(number)) place(number);
  return true;
}

// ---- Keys.

std::uint64_t group_key(const Event& event, const EventLog& log) {
  const auto number = [](const Digest& digest) { return mixed(std::hash<Digest>()(digest)); };
  // What it is of, or the event that it is about.
  struct Teller {
    Target operator()(const NoteArrival& body) const { return Target::of_note(body.note); }
    Target operator()(const StatementEvent& body) const { return Target::of_note(body.note); }
    Target operator()(const Reinterpretation& body) const { return Target::of_event(body.about); }
    Target operator()(const Amendment& body) const { return body.about; }
    Target operator()(const Withdrawal& body) const { return body.about; }
    Target operator()(const Retraction& body) const { return body.about; }
    Target operator()(const Review& body) const { return Target::of_event(body.about); }
    Target operator()(const LexiconFact& body) const { return Target::of_note(sha256("entity " + body.entity.id)); }
    Target operator()(const Erasure& body) const { return Target::of_note(body.note); }
  };
  Target target = std::visit(Teller(), event.body);
  for (int i = 0; target.kind == TargetKind::kEvent; ++i) {
    const auto position = log.find(target.event);
    const auto about = position && i < kChainFollowed ? std::optional(log.get(*position)) : std::nullopt;
    if (!about || !about->ok()) return number(target.event);
    target = std::visit(Teller(), (*about)->body);
  }
  return number(target.note);
}

}  // namespace annals::stream
