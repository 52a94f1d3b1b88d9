// A session driven by a hostile peer: frames of any bytes, and messages that are right in themselves in any order, mixed with answers
// that come late. Whatever comes, the session neither crashes nor keeps more than it may, and every subscription that it serves is
// told of the log in order, without a gap and without repeating itself.
//
// The input is a list of steps: a byte that says which, then what it needs. 255 takes the rest as raw bytes of the stream.
#include <array>
#include <algorithm>
#include <cstring>
#include <deque>
#include <map>

#include "engine/stream/fetch.h"
#include "engine/stream/groups.h"
#include "engine/stream/names.h"
#include "engine/stream/session.h"
#include "tests/fuzz/fuzz.h"

namespace {
using namespace annals;
using namespace annals::stream;

constexpr std::uint32_t kEvents = 300;

EventLog& shared_log() {
  static ManualClock clock(Instant(std::chrono::seconds(1'765'238'400)));
  static const std::unique_ptr<EventLog> log = [] {
    auto made = make_memory_log(clock);
    std::vector<EventDraft> drafts;
    for (std::uint32_t i = 0; i < kEvents; ++i) {
      StatementEvent event;
      event.note = sha256("note");
      event.statement.text = "Nothing happened.";
      event.statement.span = {i * 100, i * 100 + event.statement.text.size()};
      event.interpreter = {"annals", 1};
      if (i % 7 == 0) event.reading.modality = Modality::kReported;
      drafts.push_back({"fuzz", event});
    }
    check(made->append(drafts, OnRepeat::kAnswerFirst).ok(), "the log takes its events");
    return made;
  }();
  return *log;
}

class Host final : public SessionHost {
 public:
  // What the peer saw of one subscription.
  struct Seen {
    bool backwards = false;
    bool begun = false;
    bool group = false;   // handed on and taken back: in no order but a note's
    std::uint64_t through = 0;
    std::uint64_t credit = 0;
  };

  void send(Outgoing message) override {
    check(!closed, "nothing is said after the close");
    outbox += message.bytes();
    Words all = std::move(message.head);
    if (message.chunk) all.insert(all.end(), message.chunk->segment.begin(), message.chunk->segment.end());
    const auto read = read_server_message({all.data(), all.size()});
    check(read.ok(), "what a server says can be read");
    if (const auto* begun = std::get_if<Subscribed>(&*read)) {
      Seen& one = seen[begun->subscription];
      one.begun = true;
      if (!one.backwards) one.through = begun->after.value;
    }
    if (const auto* batch = std::get_if<Batch>(&*read)) {
      Seen& one = seen[batch->subscription];
      check(one.begun, "a batch comes after its subscription has begun");
      check(batch->events.size() <= one.credit, "no more is sent than was granted");
      one.credit -= batch->events.size();
      std::uint64_t at = one.group ? 0 : one.through;
      for (const StoredEventView& event : batch->events) {
        check(one.backwards ? event.position.value < at : event.position.value > at, "events come in order");
        at = event.position.value;
      }
      if (one.group) return;
      check(one.backwards ? batch->through.value <= at : batch->through.value >= at, "a batch says how far it came");
      one.through = batch->through.value;
    }
    if (const auto* changes = std::get_if<Changes>(&*read)) {
      const auto [at, fresh] = watched.try_emplace(changes->subscription, changes->at.through.value);
      check(fresh || changes->at.through.value >= at->second, "a watch is never told what was before");
      at->second = changes->at.through.value;
    }
    const auto* error = std::get_if<WireError>(&*read);
    if (error != nullptr && error->about == WireError::About::kSubscription) watched.erase(static_cast<std::uint32_t>(error->number));
    if (const auto* ended = std::get_if<Ended>(&*read)) {
      seen.erase(ended->subscription);
      watched.erase(ended->subscription);
    }
  }
  void close() override { closed = true; }
  Position last() const override { return shown; }
  SharedChunk recent(Position after) const override {
    // The newest events are in memory, in chunks of ten.
    if (after.value < 200 || after.value % 10 != 0 || after.value + 10 > shown.value) return nullptr;
    Fetch fetch;
    fetch.range = {after, Position{after.value + 10}};
    fetch.events_max = 10;
    fetch.bytes_max = 1u << 20;
    ChunkWriter writer;
    return *fetch_chunk(shared_log(), fetch, writer);
  }
  void fetch(Fetch fetch) override { fetches.push_back(std::move(fetch)); }
  void append(std::vector<AppendFrame> frames, std::shared_ptr<const Rights>) override { appends.push_back(std::move(frames)); }
  void ask(Ask ask, std::shared_ptr<const Rights>) override { asks.push_back(ask.request); }
  void take_note(WholeNote note) override { asks.push_back(note.head.request); }
  void look(Look look) override {
    check(look.upto == shown, "a watch looks at what may be shown");
    looks.push_back(std::move(look));
  }
  Result<Position> open_name(const std::string& name) override {
    check(is_subscription_name(name), "only names are opened");
    if (!groups.yield(name).ok() || !names.insert(name).second) return Error{ErrorCode::kConflict, "in use"};
    return Position{7};
  }
  void close_name(const std::string& name) override { check(names.erase(name) == 1, "a name is closed once"); }
  Status acknowledge(const std::string& name, Position position) override {
    ANNALS_CHECK_OK(groups.yield(name));
    check(position <= shown, "no more is acknowledged than there is");
    acked.emplace_back(name, position);
    return {};
  }
  Result<Position> join_group(const Subscribe& request, std::shared_ptr<const Filter> filter) override {
    check(is_subscription_name(request.name), "only names are shared");
    seen[request.subscription].group = true;
    return groups.join(*session, request, std::move(filter));
  }
  void leave_group(const std::string& name, std::uint32_t subscription, bool lost) override { groups.leave(*session, name, subscription, lost); }
  void grant_in_group(const std::string& name, std::uint32_t subscription, std::uint64_t credit) override { groups.grant(*session, name, subscription, credit); }
  void settle_in_group(const std::string& name, const Settle& settle) override { groups.settle(*session, name, settle); }
  void group_has_room(const std::string& name) override { groups.has_room(name); }
  Result<Rights> admit(const ClientHello& hello) override {
    if (hello.token == "wrong") return Error{ErrorCode::kInvalid, "no such token"};
    Rights rights;
    rights.append = hello.token != "reader";
    if (hello.token == "board") rights.projections = {"export_control"};
    return rights;
  }
  ServerHello hello() const override { return {}; }

  bool closed = false;
  Session* session = nullptr;
  SteadyTime now{};
  std::deque<GroupRead> reads;
  Position shown{150};
  std::size_t outbox = 0;
  std::map<std::uint32_t, Seen> seen;
  std::deque<Fetch> fetches;
  std::deque<std::vector<AppendFrame>> appends;
  std::deque<std::uint64_t> asks;
  std::deque<Look> looks;
  std::map<std::uint32_t, std::uint64_t> watched;   // how far each watch was told
  std::set<std::string> names;
  std::vector<std::pair<std::string, Position>> acked;
  stream::Names states;
  GroupLimits group_limits{.groups = 1, .members = 3, .events = 20, .bytes = 8u << 10, .hand_outs = 3, .parked = 5};
  SessionLimits session_limits{.chunk_events = 16, .chunk_bytes = 4u << 10};
  Groups groups{{[this](GroupRead read) { reads.push_back(std::move(read)); }, [this] { return shown; }, [this] { return now; }, [] {}, [](std::string_view) {}},
                group_limits,
                session_limits,
                states,
                names};
};

class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  bool more() const { return at_ < size_; }
  std::uint8_t next() { return at_ < size_ ? data_[at_++] : 0; }
  std::string_view rest() { return {reinterpret_cast<const char*>(data_ + std::min(at_, size_)), size_ - std::min(at_, size_)}; }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes in(data, size);
  SessionLimits limits;
  limits.outbox_bytes = 8u << 10;
  limits.append_bytes = 4u << 10;
  limits.note_bytes = 1u << 10;
  limits.asks = 3;
  limits.subscriptions = 4;
  limits.chunk_events = 16;
  limits.chunk_bytes = 4u << 10;
  Host host;
  auto now = SteadyTime{} + std::chrono::hours(1);
  {
    Session session(host, Lexicon::builtin(), limits, now);
    host.session = &session;
    FrameReader frames({.bytes_max = 64u << 10}, 256);
    const auto settle = [&] {
      while (!session.closed() && session.wants_input()) {
        auto frame = frames.next();
        if (!frame) {
          session.receive_garbage(frame.error());
          break;
        }
        if (!*frame) break;
        session.receive(**frame, now);
      }
      check(session.outbox() == host.outbox, "the session knows what waits for the peer");
      check(session.outbox() <= 4 * limits.outbox_bytes + (512u << 10), "what waits for the peer is bounded");
      check(session.subscriptions() <= limits.subscriptions, "subscriptions are bounded");
      for (const auto& [name, status] : host.groups.status()) {
        check(status.members <= host.group_limits.members && status.unsettled <= host.group_limits.events, "groups are bounded");
      }
    };
    const auto bytes = [&](std::string_view text) {
      while (!text.empty() && !session.closed() && session.wants_input()) {
        const auto room = frames.prepare();
        const std::size_t some = std::min(room.size(), text.size());
        std::memcpy(room.data(), text.data(), some);
        frames.commit(some);
        text.remove_prefix(some);
        settle();
      }
    };
    const auto say = [&](const Words& words) { bytes({reinterpret_cast<const char*>(words.data()), words.size() * 8}); };
    if (in.next() % 8 != 0) say(write_message(ClientHello{1, "fuzz", std::array<std::optional<std::string>, 4>{std::nullopt, "reader", "board", "wrong"}[in.next() % 4U]}));
    while (in.more() && !session.closed()) {
      const std::uint8_t step = in.next();
      if (step == 255) {
        bytes(in.rest());
        break;
      }
      switch (step % 18) {
        case 0: {
          Subscribe request;
          request.subscription = in.next() % 6;
          const std::uint8_t shape = in.next();
          request.from = shape % 8 == 7 ? Subscribe::From::kNow : shape % 8 == 6 ? Subscribe::From::kName : Subscribe::From::kAfter;
          request.name = shape % 16 < 8 ? "desk" : "no name";
          request.after = Position{in.next()};
          request.until = static_cast<Subscribe::Until>(shape / 16 % 3);
          request.upto = Position{in.next()};
          request.backwards = shape / 64 == 3;
          request.credit = in.next();
          request.group = shape % 16 == 6 && in.next() % 2 == 0;
          if (request.group) request.until = Subscribe::Until::kLive;
          if (shape % 3 == 0) request.filter.modalities = {"reported"};
          if (shape % 32 == 31) request.filter.kinds = {"nothing"};
          if (!session.wants_input() || host.seen.contains(request.subscription)) break;
          auto& one = host.seen[request.subscription];
          one.backwards = request.backwards;
          one.through = request.backwards ? ~std::uint64_t{0} : 0;
          one.credit = request.credit;
          say(write_message(request));
          break;
        }
        case 1: {
          const Credit credit{in.next() % 6U, in.next()};
          if (!session.wants_input()) break;
          if (const auto found = host.seen.find(credit.subscription); found != host.seen.end()) found->second.credit += credit.events;
          say(write_message(credit));
          break;
        }
        case 2: say(write_message(Unsubscribe{in.next() % 6U})); break;
        case 3: say(write_message(Ask{in.next() % 8U, {"state"}})); break;
        case 4: say(write_message(Ack{"desk", Position{in.next()}})); break;
        case 5: {
          const std::vector<EncodedEvent> events(in.next() % 3U, EncodedEvent{std::string(16, 'h'), std::string(8 * (in.next() % 64U), 'b')});
          say(write_message(EncodedAppend{in.next(), events}));
          break;
        }
        case 6: say(write_message(NotePart{in.next() % 4U, std::string(in.next(), 'n'), in.next() % 2 == 0, "n", {}, {}, {}, {}, {}, {}})); break;
        case 7: say(write_client_heartbeat(in.next())); break;
        case 8:
          for (int i = in.next() % 4; i >= 0 && !host.fetches.empty(); --i) {
            // In any order: workers do not wait for each other.
            const std::size_t which = in.next() % host.fetches.size();
            const Fetch fetch = host.fetches[which];
            host.fetches.erase(host.fetches.begin() + static_cast<std::ptrdiff_t>(which));
            ChunkWriter writer;
            if (in.next() % 32 == 0) session.fetched(fetch.subscription, fetch.serial, Error{ErrorCode::kCorrupt, "damage"});
            else session.fetched(fetch.subscription, fetch.serial, fetch_chunk(shared_log(), fetch, writer));
          }
          break;
        case 9:
          if (!host.appends.empty()) {
            std::vector<AppendOutcome> outcomes;
            for (const AppendFrame& frame : host.appends.front()) {
              if (in.next() % 4 == 0) outcomes.push_back({frame.request, Error{ErrorCode::kConflict, "other content"}});
              else outcomes.push_back({frame.request, std::vector<Receipt>(frame.events, Receipt{Position{1}, true})});
            }
            host.appends.pop_front();
            session.appended(std::move(outcomes));
          }
          break;
        case 10:
          if (!host.asks.empty()) {
            const std::uint64_t request = host.asks.front();
            host.asks.pop_front();
            session.answered(request, CommandAnswer{std::string(in.next() * 16U, 'a'), 0});
          }
          break;
        case 11: {
          const std::size_t some = std::min<std::size_t>(host.outbox, in.next() * 64U);
          host.outbox -= some;
          session.drained(some);
          break;
        }
        case 12:
          host.shown = Position{std::min<std::uint64_t>(kEvents, host.shown.value + in.next() % 32U)};
          session.woke();
          host.groups.woke();
          break;
        case 13: {
          Watch request;
          request.subscription = in.next() % 6;
          request.spec.projection = "export_control";
          if (in.next() % 2 == 0) request.from = WatchPoint{Position{in.next()}, Instant{}};
          if (host.seen.contains(request.subscription)) break;
          say(write_message(request));
          break;
        }
        case 14:
          if (!host.looks.empty()) {
            const std::size_t which = in.next() % host.looks.size();
            const Look look = host.looks[which];
            host.looks.erase(host.looks.begin() + static_cast<std::ptrdiff_t>(which));
            if (in.next() % 32 == 0) session.looked(look.subscription, look.serial, Error{ErrorCode::kInvalid, "no such key"});
            else session.looked(look.subscription, look.serial, LookOutcome{{look.upto, Instant{}}, {}, std::vector<std::string>(in.next() % 3U, "{}")});
          }
          break;
        case 15: {
          Settle message{in.next() % 6U, {}, {}};
          for (int i = in.next() % 8; i > 0; --i) message.done.push_back(Position{in.next()});
          for (int i = in.next() % 4; i > 0; --i) message.rejected.push_back({Position{in.next()}, std::string(in.next(), 'r')});
          if (session.wants_input()) say(write_message(message));
          break;
        }
        case 16:
          if (!host.reads.empty()) {
            const GroupRead read = host.reads.front();
            host.reads.pop_front();
            if (in.next() % 32 == 0) host.groups.read_done(read.name, read.want.serial, Error{ErrorCode::kCorrupt, "damage"});
            else host.groups.read_done(read.name, read.want.serial, fetch_stretch(shared_log(), read.want, read.filter.get()));
          }
          break;
        default:
          now += std::chrono::milliseconds(in.next() * 20);
          host.now = now;
          session.tick(now);
          host.groups.tick();
          break;
      }
      settle();
    }
    if (in.next() % 2 == 0) session.stop("the end");
  }
  check(host.names.empty(), "a session that is gone follows no name");
  return 0;
}
