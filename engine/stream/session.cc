#include "engine/stream/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/stream/names.h"

namespace annals::stream {
namespace {

constexpr std::size_t kAnswerPiece = 256u << 10;

std::string behind_the_end(Position after, Position last) {
  return fmt::format("position {} lies behind the end of this log ({}): is it another log, or one restored from a backup?", after.value, last.value);
}

std::string no_name(const std::string& text) {
  return fmt::format("expected a name of 1 to 64 letters, digits, dots, dashes and underscores, found '{}'", text);
}

}  // namespace

struct Session::Subscription {
  std::uint32_t number = 0;
  Position cursor;                        // forwards: all up to here has been dealt with; backwards: all behind here
  Position end;                           // forwards: the last to show (kLive: none); backwards: stops above it
  bool live = false;
  bool backwards = false;
  bool envelopes_only = false;
  std::shared_ptr<const Filter> filter;   // none: everything
  std::string name;
  std::uint64_t credit = 0;
  Position told;                          // the cursor that the peer knows of
  bool fetching = false;
  std::uint64_t serial = 0;
  bool done() const { return backwards ? cursor <= end : !live && cursor >= end; }
  Position through() const { return backwards ? Position{cursor.value + 1} : cursor; }
};

struct Session::Watching {
  std::uint32_t number = 0;
  std::shared_ptr<const WatchSpec> spec;
  std::optional<WatchPoint> at;           // none: not begun
  Position told;                          // of `at`, that the peer knows of
  bool begun = false;                     // the peer knows that it is one
  bool looking = false;
  std::uint64_t serial = 0;
  SteadyTime looked{};
  std::chrono::milliseconds took{0};
};

Session::Session(SessionHost& host, const Lexicon& lexicon, const SessionLimits& limits, SteadyTime now)
    : host_(host), lexicon_(lexicon), limits_(limits), begun_(now), heard_(now), now_(now), said_(now) {}

Session::~Session() { abandon(); }

void Session::abandon() {
  state_ = State::kClosed;
  for (const auto& [number, subscription] : subscriptions_) {
    if (!subscription->name.empty()) host_.close_name(subscription->name);
  }
  subscriptions_.clear();
  watches_.clear();
  leave_groups(true);
}

// ---- What goes out.

void Session::send(Words words) { send(std::move(words), nullptr); }

void Session::send(Words words, SharedChunk chunk) {
  if (state_ == State::kClosed) return;
  Outgoing out{std::move(words), std::move(chunk)};
  outbox_ += out.bytes();
  said_ = now_;
  host_.send(std::move(out));
}

void Session::send_error(WireCode code, std::string message, WireError::About about, std::uint64_t number, Position through) {
  send(write_message(WireError{code, std::move(message), about, number, through}));
}

void Session::fail(WireCode code, std::string message) {
  send_error(code, std::move(message), WireError::About::kConnection, 0);
  close();
}

void Session::refuse(std::uint64_t request, const Error& error) {
  send_error(wire_code(error.code), error.message, WireError::About::kRequest, request);
}

void Session::close() {
  if (state_ == State::kClosed) return;
  abandon();
  host_.close();
}

// ---- What comes in.

void Session::receive(Frame frame, SteadyTime now) {
  if (state_ == State::kClosed || state_ == State::kLeaving) return;
  heard_ = now_ = now;
  auto message = read_client_message(frame);
  if (!message) return fail(WireCode::kInvalid, message.error().message);
  if (state_ == State::kHello && !std::holds_alternative<ClientHello>(*message)) {
    return fail(WireCode::kInvalid, "the first message has to be a hello");
  }
  std::visit([&](auto&& each) { handle(std::move(each)); }, *std::move(message));
}

void Session::receive_garbage(const Error& error) {
  if (state_ != State::kClosed) fail(WireCode::kInvalid, error.message);
}

void Session::handle(ClientHello&& hello) {
  if (state_ != State::kHello) return fail(WireCode::kInvalid, "a second hello");
  if (hello.version == 0) return fail(WireCode::kUnsupported, fmt::format("protocol version 0; this server speaks 1 to {}", kProtocolVersion));
  auto rights = host_.admit(hello);
  if (!rights) return fail(WireCode::kDenied, rights.error().message);
  rights_ = std::make_shared<const Rights>(*std::move(rights));
  state_ = State::kOpen;
  ServerHello answer = host_.hello();
  answer.version = std::min(hello.version, kProtocolVersion);
  answer.last = host_.last();
  answer.idle = limits_.idle;
  send(write_message(answer));
}

void Session::handle(AppendFrame&& append) {
  if (!rights_->append) return send_error(WireCode::kDenied, "this token may not append", WireError::About::kRequest, append.request);
  append_bytes_ += append.words.size() * sizeof(std::uint64_t);
  appends_.push_back(std::move(append));
  begin_append();
}

// One group of a session is under way at a time, so that its events are written in the order in which they were sent; what comes
// meanwhile makes the next group.
void Session::begin_append() {
  if (appends_under_way_ > 0 || appends_.empty()) return;
  appends_under_way_ = appends_.size();
  append_bytes_under_way_ = append_bytes_;
  host_.append(std::exchange(appends_, {}), rights_);
}

void Session::appended(std::vector<AppendOutcome> outcomes) {
  appends_under_way_ = 0;
  append_bytes_ -= std::exchange(append_bytes_under_way_, 0);
  Words together;   // one piece for the socket, however many they are
  for (AppendOutcome& outcome : outcomes) {
    if (outcome.receipts) {
      const Words one = write_message(Appended{outcome.request, *std::move(outcome.receipts), outcome.head});
      together.insert(together.end(), one.begin(), one.end());
    } else {
      if (!together.empty()) send(std::exchange(together, {}));
      refuse(outcome.request, outcome.receipts.error());
    }
  }
  if (!together.empty()) send(std::move(together));
  begin_append();
  leave_when_done();
}

bool Session::may_begin(std::uint32_t number, Position through) {
  const auto refuse_it = [&](WireCode code, std::string message) {
    send_error(code, std::move(message), WireError::About::kSubscription, number, through);
    return false;
  };
  // A number in use is a broken client: an answer could not be told from the other subscription's.
  if (subscriptions_.contains(number) || watches_.contains(number) || memberships_.contains(number)) {
    fail(WireCode::kInvalid, fmt::format("subscription {} is in use", number));
    return false;
  }
  if (!rights_->read) return refuse_it(WireCode::kDenied, "this token may not read");
  if (subscriptions() >= limits_.subscriptions) {
    return refuse_it(WireCode::kOverloaded, fmt::format("{} subscriptions on one connection are the most", limits_.subscriptions));
  }
  return true;
}

void Session::handle(Watch&& watch) {
  const Position after = watch.from ? watch.from->through : Position{};
  if (!may_begin(watch.subscription, after)) return;
  const Position last = host_.last();
  if (after > last) {
    return send_error(WireCode::kConflict, behind_the_end(after, last), WireError::About::kSubscription, watch.subscription, after);
  }
  const auto& allowed = rights_->projections;
  if (!rights_->outlets.empty() || (!allowed.empty() && std::find(allowed.begin(), allowed.end(), watch.spec.projection) == allowed.end())) {
    return send_error(WireCode::kDenied, "this token does not reach these answers", WireError::About::kSubscription, watch.subscription, after);
  }
  auto watching = std::make_unique<Watching>();
  watching->number = watch.subscription;
  watching->spec = std::make_shared<const WatchSpec>(std::move(watch.spec));
  watching->at = watch.from;
  Watching& kept = *watching;
  watches_.emplace(watch.subscription, std::move(watching));
  look(kept);
}

void Session::handle(Subscribe&& request) {
  const auto refuse_it = [&](WireCode code, std::string message) {
    send_error(code, std::move(message), WireError::About::kSubscription, request.subscription, request.after);
  };
  if (!may_begin(request.subscription, request.after)) return;
  if (!rights_->projections.empty()) return refuse_it(WireCode::kDenied, "this token reaches answers, not events");
  if (!rights_->outlets.empty()) {
    // No more than its outlets; of those, what was asked for.
    auto& asked = request.filter.outlets;
    if (asked.empty()) asked = rights_->outlets;
    const auto beyond = std::find_if(asked.begin(), asked.end(), [&](const std::string& outlet) { return !rights_->reaches(outlet); });
    if (beyond != asked.end()) return refuse_it(WireCode::kDenied, fmt::format("this token does not reach the outlet '{}'", *beyond));
  }
  if (request.backwards && (request.from != Subscribe::From::kAfter || request.until == Subscribe::Until::kLive)) {
    return refuse_it(WireCode::kInvalid, "backwards needs a position to stop at and an end to begin at");
  }
  auto subscription = std::make_unique<Subscription>();
  subscription->number = request.subscription;
  if (!request.filter.all()) {
    auto filter = Filter::make(request.filter, lexicon_);
    if (!filter) return refuse_it(WireCode::kInvalid, filter.error().message);
    subscription->filter = std::make_shared<const Filter>(*std::move(filter));
  }
  if (request.group) return join(request, std::move(subscription->filter));
  const Position last = host_.last();
  Position after = request.after;
  if (request.from == Subscribe::From::kNow) after = last;
  if (request.from == Subscribe::From::kName) {
    if (!is_subscription_name(request.name)) return refuse_it(WireCode::kInvalid, no_name(request.name));
    auto position = host_.open_name(request.name);
    if (!position) return refuse_it(wire_code(position.error().code), position.error().message);
    after = *position;
    subscription->name = request.name;
  }
  Position end = last;
  if (request.until == Subscribe::Until::kUpto) end = request.upto;
  // A log that is shorter than what the client has seen is not the one it followed: going on would skip what comes next.
  if (after > last && !request.backwards) {
    if (!subscription->name.empty()) host_.close_name(subscription->name);
    return refuse_it(WireCode::kConflict, behind_the_end(after, last));
  }
  subscription->live = request.until == Subscribe::Until::kLive;
  subscription->backwards = request.backwards;
  subscription->envelopes_only = request.envelopes_only;
  subscription->credit = request.credit;
  subscription->cursor = request.backwards ? std::min(end, last) : after;
  subscription->end = request.backwards ? after : end;
  subscription->told = subscription->cursor;
  send(write_message(Subscribed{request.subscription, after, last}));
  Subscription& kept = *subscription;
  subscriptions_.emplace(request.subscription, std::move(subscription));
  pump(kept);
}

void Session::handle(Credit&& credit) {
  if (const auto member = memberships_.find(credit.subscription); member != memberships_.end()) {
    return host_.grant_in_group(member->second, credit.subscription, credit.events);
  }
  const auto found = subscriptions_.find(credit.subscription);
  if (found == subscriptions_.end()) return;   // it has ended, and the two messages crossed
  found->second->credit += credit.events;
  pump(*found->second);
}

void Session::handle(Unsubscribe&& unsubscribe) {
  const auto found = subscriptions_.find(unsubscribe.subscription);
  if (found != subscriptions_.end()) return end(*found->second);
  if (const auto member = memberships_.find(unsubscribe.subscription); member != memberships_.end()) {
    send(write_message(Ended{unsubscribe.subscription, {}}));
    host_.leave_group(member->second, unsubscribe.subscription, false);
    memberships_.erase(member);
    return;
  }
  const auto watch = watches_.find(unsubscribe.subscription);
  if (watch == watches_.end()) return;
  send(write_message(Ended{unsubscribe.subscription, watch->second->at.value_or(WatchPoint{}).through}));
  watches_.erase(watch);
}

void Session::handle(Ack&& ack) {
  const auto refuse_it = [&](WireCode code, std::string message) { fail(code, std::move(message)); };
  if (!is_subscription_name(ack.name)) return refuse_it(WireCode::kInvalid, fmt::format("an acknowledgement of '{}', which is no name", ack.name));
  if (!rights_->read) return refuse_it(WireCode::kDenied, "this token may not read");
  if (ack.position > host_.last()) {
    return refuse_it(WireCode::kInvalid, fmt::format("an acknowledgement of position {}; the log ends at {}", ack.position.value, host_.last().value));
  }
  if (const Status taken = host_.acknowledge(ack.name, ack.position); !taken) refuse_it(wire_code(taken.error().code), taken.error().message);
}

void Session::acked(const std::string& name, Position position) { send(write_message(Acked{name, position})); }

void Session::handle(Ask&& ask) {
  if (!rights_->read) return send_error(WireCode::kDenied, "this token may not read", WireError::About::kRequest, ask.request);
  if (!rights_->outlets.empty()) {
    // Answers are made of all outlets' words.
    return send_error(WireCode::kDenied, "this token reaches some outlets' events, not answers", WireError::About::kRequest, ask.request);
  }
  if (under_way() >= limits_.asks) {
    return refuse(ask.request, {ErrorCode::kOverloaded, fmt::format("{} questions under way on one connection are the most", limits_.asks)});
  }
  if (!asks_.insert(ask.request).second) return fail(WireCode::kInvalid, fmt::format("request {} is under way already", ask.request));
  host_.ask(std::move(ask), rights_);
}

void Session::handle(NotePart&& part) {
  const std::uint64_t request = part.request;
  if (!rights_->append) return send_error(WireCode::kDenied, "this token may not append", WireError::About::kRequest, request);
  if (!rights_->outlets.empty()) {
    // A note says itself whose it is, and may hold several.
    return send_error(WireCode::kDenied, "this token may append its outlets' events, not notes", WireError::About::kRequest, request);
  }
  auto found = notes_.find(request);
  if (found == notes_.end()) {
    if (asks_.contains(request)) return fail(WireCode::kInvalid, fmt::format("request {} is under way already", request));
    if (under_way() >= limits_.asks) {
      return fail(WireCode::kOverloaded, fmt::format("{} questions and notes under way on one connection are the most", limits_.asks));
    }
    // The first piece says what the note is.
    NotePart head = part;
    head.bytes.clear();
    found = notes_.emplace(request, std::move(head)).first;
  }
  note_bytes_ += part.bytes.size();
  if (note_bytes_ > limits_.note_bytes) {
    // What has come of it would have to be thrown away piece by piece, so the connection goes too.
    return fail(WireCode::kInvalid, fmt::format("notes of more than {} bytes are not taken over the network", limits_.note_bytes));
  }
  NotePart& whole = found->second;
  whole.bytes += part.bytes;
  if (!part.done) return;
  WholeNote note{std::move(whole)};
  notes_.erase(found);
  note_bytes_ -= note.head.bytes.size();
  asks_.insert(request);
  host_.take_note(std::move(note));
}

void Session::handle(Heartbeat&& heartbeat) { send(write_server_heartbeat(heartbeat.number)); }

void Session::handle(Goodbye&&) { stop("goodbye"); }

void Session::handle(UnknownMessage&& unknown) {
  fail(WireCode::kUnsupported, fmt::format("message {} is not known to this server, which speaks version {}", unknown.which, kProtocolVersion));
}

// ---- Answers.

void Session::answered(std::uint64_t request, Result<CommandAnswer> answer) {
  asks_.erase(request);
  if (!answer) refuse(request, answer.error());
  else answers_.push_back({request, *std::move(answer)});
  pump_answers();
  leave_when_done();
}

// A long answer goes out as the peer takes it.
void Session::pump_answers() {
  while (!answers_.empty() && state_ != State::kClosed && outbox_ < limits_.outbox_bytes) {
    LongAnswer& front = answers_.front();
    Answer piece;
    piece.request = front.request;
    piece.text = front.answer.text.substr(front.sent, kAnswerPiece);
    front.sent += piece.text.size();
    piece.done = front.sent == front.answer.text.size();
    piece.status = front.answer.status;
    send(write_message(piece));
    if (piece.done) answers_.pop_front();
  }
}

// ---- Subscriptions.

void Session::pump(Subscription& subscription) {
  while (state_ == State::kOpen) {
    if (subscription.done()) return end(subscription);
    if (subscription.fetching || subscription.credit == 0 || outbox_ >= limits_.outbox_bytes) return;
    const Position last = host_.last();
    Fetch fetch;
    if (subscription.backwards) {
      fetch.range = {subscription.end, subscription.cursor};
    } else {
      const Position end = subscription.live ? last : std::min(last, subscription.end);
      if (subscription.cursor >= end) return;   // until there is more
      if (!subscription.filter && !subscription.envelopes_only) {
        if (SharedChunk chunk = host_.recent(subscription.cursor); chunk && chunk->upto <= end && chunk->events <= subscription.credit) {
          check(chunk->after == subscription.cursor && chunk->upto > chunk->after, "a chunk goes on where the cursor is");
          subscription.cursor = subscription.told = chunk->upto;
          subscription.credit -= chunk->events;
          Words head = write_batch_head(subscription.number, chunk->upto, last, *chunk);
          send(std::move(head), std::move(chunk));
          continue;
        }
      }
      fetch.range = {subscription.cursor, end};
    }
    fetch.subscription = subscription.number;
    fetch.serial = subscription.serial = ++serial_;
    fetch.backwards = subscription.backwards;
    fetch.envelopes_only = subscription.envelopes_only;
    fetch.filter = subscription.filter;
    fetch.events_max = static_cast<std::uint32_t>(std::min<std::uint64_t>(subscription.credit, limits_.chunk_events));
    fetch.bytes_max = limits_.chunk_bytes;
    subscription.fetching = true;
    host_.fetch(std::move(fetch));
    return;
  }
}

void Session::fetched(std::uint32_t number, std::uint64_t serial, Result<SharedChunk> result) {
  const auto found = subscriptions_.find(number);
  if (state_ != State::kOpen || found == subscriptions_.end() || found->second->serial != serial) return;   // it has ended since
  Subscription& subscription = *found->second;
  subscription.fetching = false;
  if (!result) {
    send_error(wire_code(result.error().code), result.error().message, WireError::About::kSubscription, number, subscription.through());
    if (!subscription.name.empty()) host_.close_name(subscription.name);
    subscriptions_.erase(found);
    return;
  }
  const SharedChunk chunk = *std::move(result);
  check(subscription.backwards ? chunk->upto == subscription.cursor : chunk->after == subscription.cursor, "a chunk goes on where the cursor is");
  check(chunk->upto > chunk->after, "a chunk moves the cursor");
  check(chunk->events <= subscription.credit, "no more is fetched than may be sent");
  subscription.cursor = subscription.backwards ? chunk->after : chunk->upto;
  subscription.credit -= chunk->events;
  if (chunk->events > 0) {
    subscription.told = subscription.cursor;
    Words head = write_batch_head(number, subscription.through(), host_.last(), *chunk);
    send(std::move(head), chunk);
  }
  pump(subscription);
}

void Session::end(Subscription& subscription) {
  send(write_message(Ended{subscription.number, subscription.through()}));
  if (!subscription.name.empty()) host_.close_name(subscription.name);
  subscriptions_.erase(subscription.number);
}

// ---- Groups.

void Session::join(const Subscribe& request, std::shared_ptr<const Filter> filter) {
  const auto refuse_it = [&](WireCode code, std::string message) {
    send_error(code, std::move(message), WireError::About::kSubscription, request.subscription);
  };
  if (request.from != Subscribe::From::kName || !is_subscription_name(request.name)) return refuse_it(WireCode::kInvalid, no_name(request.name));
  if (request.backwards || request.until != Subscribe::Until::kLive) return refuse_it(WireCode::kInvalid, "a group goes on with what is appended: it has no end");
  const auto position = host_.join_group(request, std::move(filter));
  if (!position) return refuse_it(wire_code(position.error().code), position.error().message);
  memberships_.emplace(request.subscription, request.name);
  send(write_message(Subscribed{request.subscription, *position, host_.last()}));
  host_.group_has_room(request.name);
}

void Session::handle(Settle&& settle) {
  const auto member = memberships_.find(settle.subscription);
  if (member != memberships_.end()) host_.settle_in_group(member->second, settle);   // else it has ended, and the two messages crossed
}

void Session::handed(std::uint32_t number, Position position, SharedChunk events) {
  Words head = write_batch_head(number, position, host_.last(), *events);
  send(std::move(head), std::move(events));
}

void Session::group_moved(std::uint32_t number, Position position) { send(write_empty_batch(number, position, host_.last())); }

void Session::expelled(std::uint32_t number, WireCode code, std::string because, Position position) {
  memberships_.erase(number);
  send_error(code, std::move(because), WireError::About::kSubscription, number, position);
}

void Session::leave_groups(bool lost) {
  for (const auto& [number, name] : std::exchange(memberships_, {})) host_.leave_group(name, number, lost);
}

// ---- Watches. One look is under way at a time; what comes meanwhile is in the next, so a watch that is slow to answer tells fewer
// changes between, and never an older one after a newer.

void Session::look(Watching& watching) {
  watching.looking = true;
  watching.serial = ++serial_;
  watching.looked = now_;
  host_.look({watching.number, watching.serial, watching.spec, watching.at, host_.last()});
}

void Session::looked(std::uint32_t number, std::uint64_t serial, Result<LookOutcome> outcome) {
  const auto found = watches_.find(number);
  if (state_ != State::kOpen || found == watches_.end() || found->second->serial != serial) return;   // it has ended since
  Watching& watching = *found->second;
  if (!outcome) {
    send_error(wire_code(outcome.error().code), outcome.error().message, WireError::About::kSubscription, number, watching.at.value_or(WatchPoint{}).through);
    watches_.erase(found);
    return;
  }
  const bool first = !std::exchange(watching.begun, true);
  if (first) send(write_message(Subscribed{number, watching.at.value_or(outcome->at).through, host_.last()}));
  watching.looking = false;
  watching.at = outcome->at;
  watching.took = outcome->took;
  // The first always goes: it tells the peer the place to come back with.
  if (first || !outcome->changes.empty()) {
    watching.told = outcome->at.through;
    send(write_message(Changes{number, outcome->at, std::move(outcome->changes)}));
  }
  pump(watching);
}

void Session::pump(Watching& watching) {
  if (watching.looking || !watching.at || outbox_ >= limits_.outbox_bytes) return;
  if (host_.last() > watching.at->through || now_ - watching.looked >= std::max(limits_.look_again, 20 * watching.took)) look(watching);
}

// Pumping may end a subscription, which removes it.
void Session::pump_all() {
  for (auto at = subscriptions_.begin(); at != subscriptions_.end();) {
    Subscription& subscription = *at->second;
    ++at;
    pump(subscription);
    if (state_ != State::kOpen) return;
  }
  for (const auto& [number, watching] : watches_) pump(*watching);
}

void Session::woke() {
  if (state_ == State::kOpen) pump_all();
}

void Session::drained(std::size_t bytes) {
  check(bytes <= outbox_, "no more leaves than was sent");
  const bool was_full = outbox_ >= limits_.outbox_bytes;
  outbox_ -= bytes;
  if (!was_full || outbox_ >= limits_.outbox_bytes) return;
  pump_answers();
  if (state_ == State::kOpen) {
    pump_all();
    for (const auto& [number, name] : memberships_) host_.group_has_room(name);
  }
  leave_when_done();
}

// ---- Time, and the end.

bool Session::wants_input() const {
  return (state_ == State::kHello || state_ == State::kOpen) && append_bytes_ < limits_.append_bytes && appends_.size() < limits_.appends &&
         outbox_ < 2 * limits_.outbox_bytes;
}

void Session::tick(SteadyTime now) {
  now_ = now;
  if (state_ == State::kClosed || state_ == State::kLeaving) return;
  if (state_ == State::kHello) {
    if (now - begun_ >= limits_.hello) fail(WireCode::kTooSlow, "no hello came");
    return;
  }
  if (!wants_input()) heard_ = now;   // it may be speaking: nobody listens
  if (now - heard_ >= limits_.idle) {
    return fail(WireCode::kTooSlow, fmt::format("nothing was heard for {} s; a heartbeat now and then keeps a connection", std::chrono::duration_cast<std::chrono::seconds>(limits_.idle).count()));
  }
  // Where the filter drops everything, the peer still learns how far it is.
  for (const auto& [number, subscription] : subscriptions_) {
    if (subscription->told == subscription->cursor || outbox_ >= limits_.outbox_bytes) continue;
    subscription->told = subscription->cursor;
    send(write_empty_batch(number, subscription->through(), host_.last()));
  }
  for (const auto& [number, watching] : watches_) {
    pump(*watching);
    if (!watching->begun || watching->told == watching->at->through || outbox_ >= limits_.outbox_bytes) continue;
    watching->told = watching->at->through;
    send(write_message(Changes{number, *watching->at, {}}));
  }
  if (now - said_ >= limits_.idle / 3) send(write_server_heartbeat(0));
}

void Session::stop(const std::string& why) {
  if (state_ == State::kClosed || state_ == State::kLeaving) return;
  if (state_ == State::kHello) return close();
  state_ = State::kLeaving;
  goodbye_ = why;
  for (const auto& [number, subscription] : subscriptions_) {
    if (!subscription->name.empty()) host_.close_name(subscription->name);
  }
  subscriptions_.clear();
  watches_.clear();
  leave_groups(false);
  leave_when_done();
}

void Session::leave_when_done() {
  if (state_ != State::kLeaving || appends_under_way_ > 0 || !appends_.empty() || !asks_.empty() || !answers_.empty()) return;
  send(write_server_goodbye(goodbye_));
  close();
}

}  // namespace annals::stream
