#include "engine/stream/wire.h"

#include <capnp/message.h>
#include <capnp/serialize.h>
#include <fmt/format.h>
#include <kj/exception.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/base/utf8.h"
#include "engine/codec/codec.h"
#include "wire.capnp.h"

namespace annals::stream {
namespace {

static_assert(sizeof(capnp::word) == sizeof(std::uint64_t));
#define ANNALS_SAME(our, their) static_assert(static_cast<unsigned>(WireCode::our) == static_cast<unsigned>(proto::ErrorCode::their))
ANNALS_SAME(kNotFound, NOT_FOUND);
ANNALS_SAME(kInvalid, INVALID);
ANNALS_SAME(kConflict, CONFLICT);
ANNALS_SAME(kOverloaded, OVERLOADED);
ANNALS_SAME(kLocked, LOCKED);
ANNALS_SAME(kUnsupported, UNSUPPORTED);
ANNALS_SAME(kCorrupt, CORRUPT);
ANNALS_SAME(kIo, IO);
ANNALS_SAME(kDenied, DENIED);
ANNALS_SAME(kTooSlow, TOO_SLOW);
#undef ANNALS_SAME

// What a reader throws on bad input; it never leaves this file.
struct Malformed {
  std::string what;
};

Error malformed(std::string_view what) { return {ErrorCode::kInvalid, fmt::format("not a message of this protocol: {}", what)}; }

class Reader {
 public:
  explicit Reader(Frame frame) : message_(words(frame), limits(frame)) {}
  template <class Root>
  typename Root::Reader root() {
    return message_.getRoot<Root>();
  }

 private:
  static kj::ArrayPtr<const capnp::word> words(Frame frame) { return {reinterpret_cast<const capnp::word*>(frame.data()), frame.size()}; }
  // Each object may be visited twice, never without end; a message of these schemas is seven deep at most.
  static capnp::ReaderOptions limits(Frame frame) {
    capnp::ReaderOptions options;
    options.traversalLimitInWords = 2 * frame.size() + 64;
    options.nestingLimit = 12;
    return options;
  }
  capnp::FlatArrayMessageReader message_;
};

// Runs `read`; what Cap'n Proto or it throws is an Error.
template <class Read>
auto guarded(const Read& read) -> Result<decltype(read())> {
  try {
    return read();
  } catch (const Malformed& bad) {
    return malformed(bad.what);
  } catch (const kj::Exception& bad) {
    return malformed(bad.getDescription().cStr());
  }
}

std::string text(capnp::Text::Reader reader, const char* what) {
  const std::string_view view(reader.begin(), reader.size());
  if (find_invalid_utf8(view)) throw Malformed{fmt::format("{} is not UTF-8", what)};
  return std::string(view);
}
std::string_view view(capnp::Data::Reader data) { return {reinterpret_cast<const char*>(data.begin()), data.size()}; }
Digest digest(capnp::Data::Reader data, const char* what) {
  Digest out;
  if (data.size() != out.bytes.size()) throw Malformed{fmt::format("{} has {} bytes, expected {}", what, data.size(), out.bytes.size())};
  std::memcpy(out.bytes.data(), data.begin(), data.size());
  return out;
}
std::vector<std::string> texts(capnp::List<capnp::Text>::Reader list, const char* what, std::size_t most) {
  if (list.size() > most) throw Malformed{fmt::format("{}: {} items, at most {} are taken", what, list.size(), most)};
  std::vector<std::string> out;
  out.reserve(list.size());
  for (const auto each : list) out.push_back(text(each, what));
  return out;
}

kj::ArrayPtr<const kj::byte> bytes(std::string_view text) { return {reinterpret_cast<const kj::byte*>(text.data()), text.size()}; }
kj::StringPtr string(const std::string& text) { return {text.data(), text.size()}; }
void set(capnp::List<capnp::Text>::Builder list, const std::vector<std::string>& items) {
  for (unsigned i = 0; i < items.size(); ++i) list.set(i, string(items[i]));
}

FilterSpec filter_of(proto::Filter::Reader filter) {
  FilterSpec out;
  out.kinds = texts(filter.getKinds(), "a filter's kinds", kFilterItemsMax);
  out.claim_types = texts(filter.getClaimTypes(), "a filter's claim types", kFilterItemsMax);
  out.entities = texts(filter.getEntities(), "a filter's entities", kFilterItemsMax);
  out.outlets = texts(filter.getOutlets(), "a filter's outlets", kFilterItemsMax);
  out.modalities = texts(filter.getModalities(), "a filter's modalities", kFilterItemsMax);
  if (filter.getPublishedFrom().isAt()) out.published_from = Instant(Micros(filter.getPublishedFrom().getAt()));
  return out;
}

Subscribe subscribe_of(proto::Subscribe::Reader reader) {
  Subscribe out;
  out.subscription = reader.getSubscription();
  const auto from = reader.getFrom();
  switch (from.which()) {
    case proto::Subscribe::From::AFTER: out.after = Position{from.getAfter()}; break;
    case proto::Subscribe::From::NOW: out.from = Subscribe::From::kNow; break;
    case proto::Subscribe::From::NAME:
      out.from = Subscribe::From::kName;
      out.name = text(from.getName(), "a subscription's name");
      break;
    default: throw Malformed{"a subscription begins at something that this program does not know"};
  }
  const auto until = reader.getUntil();
  switch (until.which()) {
    case proto::Subscribe::Until::LIVE: break;
    case proto::Subscribe::Until::END: out.until = Subscribe::Until::kEnd; break;
    case proto::Subscribe::Until::UPTO:
      out.until = Subscribe::Until::kUpto;
      out.upto = Position{until.getUpto()};
      break;
    default: throw Malformed{"a subscription ends at something that this program does not know"};
  }
  out.backwards = reader.getBackwards();
  if (reader.hasFilter()) out.filter = filter_of(reader.getFilter());
  out.credit = reader.getCredit();
  out.envelopes_only = reader.getEnvelopesOnly();
  out.group = reader.getGroup();
  return out;
}

Settle settle_of(proto::Settle::Reader reader) {
  Settle out;
  out.subscription = reader.getSubscription();
  const auto done = reader.getDone();
  const auto rejected = reader.getRejected();
  if (done.size() + rejected.size() > kSettledMax) throw Malformed{fmt::format("{} events settled in one message, at most {} are taken", done.size() + rejected.size(), kSettledMax)};
  out.done.reserve(done.size());
  for (const std::uint64_t each : done) out.done.push_back(Position{each});
  out.rejected.reserve(rejected.size());
  for (const auto each : rejected) out.rejected.push_back({Position{each.getPosition()}, text(each.getBecause(), "a reason")});
  return out;
}

Watch watch_of(proto::Watch::Reader reader) {
  Watch out;
  out.subscription = reader.getSubscription();
  out.spec.projection = text(reader.getProjection(), "a projection's name");
  out.spec.keys = texts(reader.getKeys(), "the keys of a watch", kWatchedKeysMax);
  const auto from = reader.getFrom();
  switch (from.which()) {
    case proto::Watch::From::NOW: break;
    case proto::Watch::From::AFTER: out.from = WatchPoint{Position{from.getAfter().getPosition()}, Instant(Micros(from.getAfter().getAsOf()))}; break;
    default: throw Malformed{"a watch begins at something that this program does not know"};
  }
  return out;
}

NotePart note_of(proto::NotePart::Reader reader) {
  NotePart out;
  out.request = reader.getRequest();
  out.bytes = std::string(view(reader.getBytes()));
  out.done = reader.getDone();
  out.origin = text(reader.getOrigin(), "a note's origin");
  if (reader.hasOutlet()) out.outlet = text(reader.getOutlet(), "an outlet");
  if (reader.hasPublished()) out.published = text(reader.getPublished(), "a publication time");
  if (reader.hasObserved()) out.observed = text(reader.getObserved(), "a time of observation");
  if (reader.hasZone()) out.zone = text(reader.getZone(), "a zone");
  if (reader.hasFormat()) out.format = text(reader.getFormat(), "a form of notes");
  if (reader.hasActor()) out.actor = text(reader.getActor(), "an actor");
  return out;
}

ClientMessage client_message(Frame frame) {
  Reader reader(frame);
  const auto message = reader.root<proto::ClientMessage>();
  switch (message.which()) {
    case proto::ClientMessage::HELLO: {
      const auto hello = message.getHello();
      ClientHello out;
      out.version = hello.getVersion();
      out.program = text(hello.getProgram(), "a program's name");
      if (hello.hasToken()) out.token = text(hello.getToken(), "a token");
      return out;
    }
    case proto::ClientMessage::APPEND: {
      const auto append = message.getAppend();
      const std::size_t events = append.getEvents().size();
      if (events > kAppendEventsMax) throw Malformed{fmt::format("{} events in one append, at most {} are taken", events, kAppendEventsMax)};
      return AppendFrame{append.getRequest(), events, std::vector<std::uint64_t>(frame.begin(), frame.end())};
    }
    case proto::ClientMessage::SUBSCRIBE: return subscribe_of(message.getSubscribe());
    case proto::ClientMessage::CREDIT: return Credit{message.getCredit().getSubscription(), message.getCredit().getEvents()};
    case proto::ClientMessage::ACK: return Ack{text(message.getAck().getName(), "a subscription's name"), Position{message.getAck().getPosition()}};
    case proto::ClientMessage::UNSUBSCRIBE: return Unsubscribe{message.getUnsubscribe()};
    case proto::ClientMessage::ASK: return Ask{message.getAsk().getRequest(), texts(message.getAsk().getWords(), "a question", kWordsMax)};
    case proto::ClientMessage::NOTE: return note_of(message.getNote());
    case proto::ClientMessage::HEARTBEAT: return Heartbeat{message.getHeartbeat()};
    case proto::ClientMessage::GOODBYE: return Goodbye{};
    case proto::ClientMessage::WATCH: return watch_of(message.getWatch());
    case proto::ClientMessage::SETTLE: return settle_of(message.getSettle());
  }
  return UnknownMessage{static_cast<std::uint16_t>(message.which())};
}

Batch batch_of(proto::Batch::Reader reader) {
  Batch out;
  out.subscription = reader.getSubscription();
  out.through = Position{reader.getThrough()};
  out.last = Position{reader.getLast()};
  const auto events = reader.getEvents();
  out.events.reserve(events.size());
  for (const auto event : events) {
    out.events.push_back({Position{event.getPosition()}, view(event.getHeader()), view(event.getBody()), digest(event.getSalt(), "a salt"),
                          digest(event.getLeaf(), "a leaf")});
  }
  return out;
}

WireError error_of(proto::Error::Reader reader) {
  WireError out;
  out.code = static_cast<WireCode>(reader.getCode());
  if (out.code > WireCode::kTooSlow) out.code = WireCode::kInvalid;   // of a newer server: the text has to do
  out.message = text(reader.getMessage(), "an error");
  const auto about = reader.getAbout();
  switch (about.which()) {
    case proto::Error::About::REQUEST:
      out.about = WireError::About::kRequest;
      out.number = about.getRequest();
      break;
    case proto::Error::About::SUBSCRIPTION:
      out.about = WireError::About::kSubscription;
      out.number = about.getSubscription();
      break;
    case proto::Error::About::CONNECTION: break;
  }
  out.through = Position{reader.getThrough()};
  return out;
}

ServerMessage server_message(Frame frame) {
  Reader reader(frame);
  const auto message = reader.root<proto::ServerMessage>();
  switch (message.which()) {
    case proto::ServerMessage::HELLO: {
      const auto hello = message.getHello();
      ServerHello out;
      out.version = hello.getVersion();
      out.program = text(hello.getProgram(), "a program's name");
      out.last = Position{hello.getLast()};
      out.zone = text(hello.getZone(), "a zone");
      out.frame_bytes_max = hello.getFrameBytesMax();
      out.append_events_max = hello.getAppendEventsMax();
      out.idle = std::chrono::milliseconds(hello.getIdleMillis());
      out.now = Instant(Micros(hello.getNow()));
      return out;
    }
    case proto::ServerMessage::APPENDED: {
      Appended out;
      out.request = message.getAppended().getRequest();
      const auto receipts = message.getAppended().getReceipts();
      out.receipts.reserve(receipts.size());
      for (const auto each : receipts) out.receipts.push_back({Position{each.getPosition()}, each.getRepeated()});
      if (message.getAppended().hasRoot()) out.head = LogHead{message.getAppended().getSize(), digest(message.getAppended().getRoot(), "a root")};
      return out;
    }
    case proto::ServerMessage::SUBSCRIBED: {
      const auto reply = message.getSubscribed();
      return Subscribed{reply.getSubscription(), Position{reply.getAfter()}, Position{reply.getLast()}};
    }
    case proto::ServerMessage::BATCH: return batch_of(message.getBatch());
    case proto::ServerMessage::ENDED: return Ended{message.getEnded().getSubscription(), Position{message.getEnded().getThrough()}};
    case proto::ServerMessage::ACKED: return Acked{text(message.getAcked().getName(), "a subscription's name"), Position{message.getAcked().getPosition()}};
    case proto::ServerMessage::ANSWER: {
      const auto answer = message.getAnswer();
      // A piece may end within a character: it is the whole that is text.
      return Answer{answer.getRequest(), std::string(answer.getText().begin(), answer.getText().size()), answer.getDone(), answer.getStatus()};
    }
    case proto::ServerMessage::HEARTBEAT: return Heartbeat{message.getHeartbeat()};
    case proto::ServerMessage::ERROR: return error_of(message.getError());
    case proto::ServerMessage::GOODBYE: return Goodbye{text(message.getGoodbye(), "a goodbye")};
    case proto::ServerMessage::CHANGES: {
      const auto changes = message.getChanges();
      return Changes{changes.getSubscription(), {Position{changes.getThrough()}, Instant(Micros(changes.getAsOf()))},
                     texts(changes.getChanges(), "changes", SIZE_MAX)};
    }
  }
  return UnknownMessage{static_cast<std::uint16_t>(message.which())};
}

// Builds a message and takes it over with its segment table.
template <class Root, class Fill>
Words written(const Fill& fill, std::size_t words = 64) {
  capnp::MallocMessageBuilder builder(static_cast<unsigned>(words));
  fill(builder.initRoot<Root>());
  const auto segments = builder.getSegmentsForOutput();
  Words out(capnp::computeSerializedSizeInWords(segments));
  kj::ArrayOutputStream stream(kj::arrayPtr(reinterpret_cast<kj::byte*>(out.data()), out.size() * sizeof(std::uint64_t)));
  capnp::writeMessage(stream, segments);
  return out;
}
template <class Fill>
Words from_client(const Fill& fill, std::size_t words = 64) {
  return written<proto::ClientMessage>(fill, words);
}
template <class Fill>
Words from_server(const Fill& fill, std::size_t words = 64) {
  return written<proto::ServerMessage>(fill, words);
}

std::size_t words_of(std::size_t bytes) { return (bytes + 7) / 8; }

constexpr std::size_t kEventData = 1;       // words of data and of pointers of a StoredEvent
constexpr std::size_t kEventPointers = 4;
constexpr std::size_t kEventWords = kEventData + kEventPointers;
constexpr std::size_t kDigestWords = 4;

// The low half of the pointer in word `at` to a list that begins in word `target`, before or behind it.
std::uint64_t list_at(std::size_t target, std::size_t at) {
  constexpr std::uint32_t kList = 1;
  return static_cast<std::uint32_t>(static_cast<std::int32_t>(target - at - 1) * 4) | kList;
}
// A pointer to a list of bytes; null where there are none.
std::uint64_t bytes_pointer(std::size_t target, std::size_t at, std::size_t count) {
  constexpr std::uint64_t kByte = 2;
  return count == 0 ? 0 : list_at(target, at) | kByte << 32 | static_cast<std::uint64_t>(count) << 35;
}

}  // namespace

Result<ClientMessage> read_client_message(Frame frame) {
  return guarded([&] { return client_message(frame); });
}
Result<ServerMessage> read_server_message(Frame frame) {
  return guarded([&] { return server_message(frame); });
}

Result<std::vector<EncodedDraft>> drafts_of(const AppendFrame& append, const std::function<Status(const EventBody&)>& may) {
  std::optional<Error> failed;
  auto drafts = guarded([&] {
    Reader reader({append.words.data(), append.words.size()});
    std::vector<EncodedDraft> out;
    out.reserve(append.events);
    const auto events = reader.root<proto::ClientMessage>().getAppend().getEvents();
    for (unsigned i = 0; i < events.size(); ++i) {
      auto opened = open_outside_event(view(events[i].getHeader()), view(events[i].getBody()));
      if (!opened) {
        // What is damage in a store is bad input from a client.
        failed = at(fmt::format("event {} of the append", i + 1), {ErrorCode::kInvalid, opened.error().message});
        return out;
      }
      if (const Status allowed = may(opened->event.body); !allowed) {
        failed = allowed.error();
        return out;
      }
      out.push_back({opened->event.id, opened->event.kind(), std::move(opened->bytes)});
    }
    return out;
  });
  if (failed) return *failed;
  return drafts;
}

WireCode wire_code(ErrorCode code) { return static_cast<WireCode>(code); }
ErrorCode error_code(WireCode code) {
  if (code == WireCode::kDenied) return ErrorCode::kInvalid;
  if (code == WireCode::kTooSlow) return ErrorCode::kOverloaded;
  return static_cast<ErrorCode>(code);
}
std::string_view wire_code_name(WireCode code) {
  if (code == WireCode::kDenied) return "denied";
  if (code == WireCode::kTooSlow) return "too slow";
  return error_name(error_code(code));
}

Words write_message(const ClientHello& hello) {
  return from_client([&](proto::ClientMessage::Builder message) {
    auto out = message.initHello();
    out.setVersion(hello.version);
    out.setProgram(string(hello.program));
    if (hello.token) out.setToken(string(*hello.token));
  });
}

Words write_message(const Subscribe& subscribe) {
  return from_client([&](proto::ClientMessage::Builder message) {
    auto out = message.initSubscribe();
    out.setSubscription(subscribe.subscription);
    switch (subscribe.from) {
      case Subscribe::From::kAfter: out.getFrom().setAfter(subscribe.after.value); break;
      case Subscribe::From::kNow: out.getFrom().setNow(); break;
      case Subscribe::From::kName: out.getFrom().setName(string(subscribe.name)); break;
    }
    switch (subscribe.until) {
      case Subscribe::Until::kLive: out.getUntil().setLive(); break;
      case Subscribe::Until::kEnd: out.getUntil().setEnd(); break;
      case Subscribe::Until::kUpto: out.getUntil().setUpto(subscribe.upto.value); break;
    }
    out.setBackwards(subscribe.backwards);
    out.setCredit(subscribe.credit);
    out.setEnvelopesOnly(subscribe.envelopes_only);
    out.setGroup(subscribe.group);
    const FilterSpec& spec = subscribe.filter;
    if (spec.all()) return;
    auto filter = out.initFilter();
    set(filter.initKinds(static_cast<unsigned>(spec.kinds.size())), spec.kinds);
    set(filter.initClaimTypes(static_cast<unsigned>(spec.claim_types.size())), spec.claim_types);
    set(filter.initEntities(static_cast<unsigned>(spec.entities.size())), spec.entities);
    set(filter.initOutlets(static_cast<unsigned>(spec.outlets.size())), spec.outlets);
    set(filter.initModalities(static_cast<unsigned>(spec.modalities.size())), spec.modalities);
    if (spec.published_from) filter.getPublishedFrom().setAt(spec.published_from->time_since_epoch().count());
  });
}

Words write_message(const Watch& watch) {
  return from_client([&](proto::ClientMessage::Builder message) {
    auto out = message.initWatch();
    out.setSubscription(watch.subscription);
    out.setProjection(string(watch.spec.projection));
    set(out.initKeys(static_cast<unsigned>(watch.spec.keys.size())), watch.spec.keys);
    if (!watch.from) return;
    auto after = out.getFrom().initAfter();
    after.setPosition(watch.from->through.value);
    after.setAsOf(watch.from->as_of.time_since_epoch().count());
  });
}

Words write_message(const Settle& settle) {
  return from_client(
      [&](proto::ClientMessage::Builder message) {
        auto out = message.initSettle();
        out.setSubscription(settle.subscription);
        auto done = out.initDone(static_cast<unsigned>(settle.done.size()));
        for (unsigned i = 0; i < settle.done.size(); ++i) done.set(i, settle.done[i].value);
        auto rejected = out.initRejected(static_cast<unsigned>(settle.rejected.size()));
        for (unsigned i = 0; i < settle.rejected.size(); ++i) {
          rejected[i].setPosition(settle.rejected[i].position.value);
          rejected[i].setBecause(string(settle.rejected[i].because));
        }
      },
      64 + settle.done.size());
}

Words write_message(const Credit& credit) {
  return from_client([&](proto::ClientMessage::Builder message) {
    auto out = message.initCredit();
    out.setSubscription(credit.subscription);
    out.setEvents(credit.events);
  });
}

Words write_message(const Ack& ack) {
  return from_client([&](proto::ClientMessage::Builder message) {
    auto out = message.initAck();
    out.setName(string(ack.name));
    out.setPosition(ack.position.value);
  });
}

Words write_message(const Unsubscribe& unsubscribe) {
  return from_client([&](proto::ClientMessage::Builder message) { message.setUnsubscribe(unsubscribe.subscription); });
}

Words write_message(const Ask& ask) {
  return from_client([&](proto::ClientMessage::Builder message) {
    auto out = message.initAsk();
    out.setRequest(ask.request);
    set(out.initWords(static_cast<unsigned>(ask.words.size())), ask.words);
  });
}

Words write_message(const NotePart& part) {
  return from_client(
      [&](proto::ClientMessage::Builder message) {
        auto out = message.initNote();
        out.setRequest(part.request);
        out.setBytes(bytes(part.bytes));
        out.setDone(part.done);
        out.setOrigin(string(part.origin));
        if (part.outlet) out.setOutlet(string(*part.outlet));
        if (part.published) out.setPublished(string(*part.published));
        if (part.observed) out.setObserved(string(*part.observed));
        if (part.zone) out.setZone(string(*part.zone));
        if (part.format) out.setFormat(string(*part.format));
        if (part.actor) out.setActor(string(*part.actor));
      },
      words_of(part.bytes.size()) + 256);
}

Words write_message(const EncodedAppend& append) {
  std::size_t words = 64 + 2 * append.events.size();
  for (const EncodedEvent& event : append.events) words += words_of(event.header.size()) + words_of(event.body.size());
  return from_client(
      [&](proto::ClientMessage::Builder message) {
        auto out = message.initAppend();
        out.setRequest(append.request);
        auto events = out.initEvents(static_cast<unsigned>(append.events.size()));
        for (unsigned i = 0; i < append.events.size(); ++i) {
          events[i].setHeader(bytes(append.events[i].header));
          events[i].setBody(bytes(append.events[i].body));
        }
      },
      words);
}

Words write_client_heartbeat(std::uint64_t number) {
  return from_client([&](proto::ClientMessage::Builder message) { message.setHeartbeat(number); });
}
Words write_client_goodbye() {
  return from_client([&](proto::ClientMessage::Builder message) { message.setGoodbye(); });
}

Words write_message(const ServerHello& hello) {
  return from_server([&](proto::ServerMessage::Builder message) {
    auto out = message.initHello();
    out.setVersion(hello.version);
    out.setProgram(string(hello.program));
    out.setLast(hello.last.value);
    out.setZone(string(hello.zone));
    out.setFrameBytesMax(hello.frame_bytes_max);
    out.setAppendEventsMax(hello.append_events_max);
    out.setIdleMillis(static_cast<std::uint32_t>(hello.idle.count()));
    out.setNow(hello.now.time_since_epoch().count());
  });
}

Words write_message(const Appended& appended) {
  return from_server(
      [&](proto::ServerMessage::Builder message) {
        auto out = message.initAppended();
        out.setRequest(appended.request);
        auto receipts = out.initReceipts(static_cast<unsigned>(appended.receipts.size()));
        for (unsigned i = 0; i < appended.receipts.size(); ++i) {
          receipts[i].setPosition(appended.receipts[i].position.value);
          receipts[i].setRepeated(appended.receipts[i].repeated);
        }
        if (!appended.head) return;
        out.setSize(appended.head->size);
        out.setRoot(capnp::Data::Reader(appended.head->root.bytes.data(), appended.head->root.bytes.size()));
      },
      24 + 2 * appended.receipts.size());
}

Words write_message(const Subscribed& subscribed) {
  return from_server([&](proto::ServerMessage::Builder message) {
    auto out = message.initSubscribed();
    out.setSubscription(subscribed.subscription);
    out.setAfter(subscribed.after.value);
    out.setLast(subscribed.last.value);
  });
}

Words write_message(const Changes& changes) {
  return from_server([&](proto::ServerMessage::Builder message) {
    auto out = message.initChanges();
    out.setSubscription(changes.subscription);
    out.setThrough(changes.at.through.value);
    out.setAsOf(changes.at.as_of.time_since_epoch().count());
    set(out.initChanges(static_cast<unsigned>(changes.changes.size())), changes.changes);
  });
}

Words write_message(const Ended& ended) {
  return from_server([&](proto::ServerMessage::Builder message) {
    auto out = message.initEnded();
    out.setSubscription(ended.subscription);
    out.setThrough(ended.through.value);
  });
}

Words write_message(const Acked& acked) {
  return from_server([&](proto::ServerMessage::Builder message) {
    auto out = message.initAcked();
    out.setName(string(acked.name));
    out.setPosition(acked.position.value);
  });
}

Words write_message(const Answer& answer) {
  return from_server(
      [&](proto::ServerMessage::Builder message) {
        auto out = message.initAnswer();
        out.setRequest(answer.request);
        out.setText(string(answer.text));
        out.setDone(answer.done);
        out.setStatus(answer.status);
      },
      words_of(answer.text.size()) + 32);
}

Words write_message(const WireError& error) {
  return from_server([&](proto::ServerMessage::Builder message) {
    auto out = message.initError();
    out.setCode(static_cast<proto::ErrorCode>(error.code));
    out.setMessage(string(error.message));
    switch (error.about) {
      case WireError::About::kConnection: out.getAbout().setConnection(); break;
      case WireError::About::kRequest: out.getAbout().setRequest(error.number); break;
      case WireError::About::kSubscription: out.getAbout().setSubscription(static_cast<std::uint32_t>(error.number)); break;
    }
    out.setThrough(error.through.value);
  });
}

Words write_server_heartbeat(std::uint64_t number) {
  return from_server([&](proto::ServerMessage::Builder message) { message.setHeartbeat(number); });
}
Words write_server_goodbye(std::string_view why) {
  const std::string words(why);
  return from_server([&](proto::ServerMessage::Builder message) { message.setGoodbye(string(words)); });
}

// ---- Batches.

namespace {
ChunkMemory::Block fresh(std::size_t words) { return {std::make_unique_for_overwrite<std::uint64_t[]>(words), words}; }
}  // namespace

ChunkMemory::Block ChunkMemory::take(std::size_t words) {
  {
    const std::lock_guard guard(mutex_);
    const auto found = std::find_if(waiting_.rbegin(), waiting_.rend(), [&](const Block& each) { return each.capacity >= words; });
    if (found != waiting_.rend()) {
      Block out = std::move(*found);
      bytes_ -= out.capacity * sizeof(std::uint64_t);
      waiting_.erase(std::next(found).base());
      return out;
    }
  }
  return fresh(std::max(words, block_words_));
}

void ChunkMemory::give(Block block) {
  const std::size_t bytes = block.capacity * sizeof(std::uint64_t);
  const std::lock_guard guard(mutex_);
  if (bytes == 0 || bytes_ + bytes > bytes_max_) return;
  bytes_ += bytes;
  waiting_.push_back(std::move(block));
}

std::size_t ChunkMemory::waiting() const {
  const std::lock_guard guard(mutex_);
  return bytes_;
}

ChunkMemory::Block ChunkWriter::taken(std::size_t words) { return memory_ ? memory_->take(words) : fresh(words); }

std::uint64_t* ChunkWriter::take(std::size_t words) {
  if (used_ + words > block_.capacity) {
    ChunkMemory::Block grown = taken(std::max({used_ + words, 2 * block_.capacity, usual_}));
    if (block_.capacity > 0) std::memcpy(grown.words.get(), block_.words.get(), used_ * sizeof(std::uint64_t));
    std::swap(block_, grown);
    if (memory_) memory_->give(std::move(grown));
  }
  std::uint64_t* const out = block_.words.get() + used_;
  used_ += words;
  return out;
}

void ChunkWriter::add(const StoredEventView& event, bool envelope_only) {
  const std::string_view body = envelope_only ? std::string_view() : event.body;
  const std::size_t at = used_;
  std::uint64_t* to = take(words_of(event.header.size()) + words_of(body.size()) + 2 * kDigestWords);
  const auto put = [&](const void* bytes, std::size_t size) {
    if (size == 0) return;
    to[words_of(size) - 1] = 0;   // what pads it
    std::memcpy(to, bytes, size);
    to += words_of(size);
  };
  put(event.header.data(), event.header.size());
  put(body.data(), body.size());
  put(event.salt.bytes.data(), event.salt.bytes.size());
  put(event.leaf.bytes.data(), event.leaf.bytes.size());
  rows_.push_back({event.position.value, at, static_cast<std::uint32_t>(event.header.size()), static_cast<std::uint32_t>(body.size())});
}

std::size_t ChunkWriter::bytes() const { return (used_ + 1 + rows_.size() * kEventWords) * sizeof(std::uint64_t); }

SharedChunk ChunkWriter::finish(Position after, Position upto) {
  auto out = std::make_shared<Chunk>();
  out->after = after;
  out->upto = upto;
  out->events = events();
  // The list: the tag that stands before its elements, and these.
  const std::size_t list_words = rows_.size() * kEventWords;
  std::size_t at = used_;
  std::uint64_t* to = take(1 + list_words);
  std::uint64_t* const words = block_.words.get();
  words[0] = list_at(at, 0) | std::uint64_t{7} << 32 | static_cast<std::uint64_t>(list_words) << 35;
  *to++ = static_cast<std::uint64_t>(rows_.size()) << 2 | std::uint64_t{kEventData} << 32 | std::uint64_t{kEventPointers} << 48;
  ++at;
  for (const Row& row : rows_) {
    *to++ = row.position;
    ++at;
    std::size_t blob = row.at;
    const auto point = [&](std::size_t size) {
      *to++ = bytes_pointer(blob, at++, size);
      blob += words_of(size);
    };
    point(row.header);
    point(row.body);
    point(sizeof(Digest::bytes));
    point(sizeof(Digest::bytes));
  }
  // A chunk that fills most of the memory takes it along; a small one is copied out, as what follows the tail comes in small ones.
  const std::size_t used = used_;
  usual_ = used + used / 8;
  if (used >= block_.capacity / 2) {
    out->block = std::exchange(block_, {});
    out->memory = memory_;
  } else {
    out->block = fresh(used);
    std::memcpy(out->block.words.get(), words, used * sizeof(std::uint64_t));
  }
  out->segment = {out->block.words.get(), used};
  clear();
  return out;
}

std::vector<StoredEventView> events_of(const Chunk& chunk) {
  const kj::ArrayPtr<const capnp::word> segment(reinterpret_cast<const capnp::word*>(chunk.segment.data()), chunk.segment.size());
  capnp::ReaderOptions options;
  options.traversalLimitInWords = 2 * chunk.segment.size() + 64;
  capnp::SegmentArrayMessageReader reader(kj::arrayPtr(&segment, 1), options);
  const auto events = reader.getRoot<capnp::AnyPointer>().getAs<capnp::List<proto::StoredEvent>>();
  std::vector<StoredEventView> out;
  out.reserve(events.size());
  for (const auto event : events) {
    out.push_back({Position{event.getPosition()}, view(event.getHeader()), view(event.getBody()), digest(event.getSalt(), "a salt"),
                   digest(event.getLeaf(), "a leaf")});
  }
  return out;
}

Words write_batch_head(std::uint32_t subscription, Position through, Position last, const Chunk& chunk) {
  Words out = write_empty_batch(subscription, through, last);
  // From one segment to two: [1 segment, size 0] becomes [2 segments, size 0, size 1, nothing]. The message's last word is the
  // pointer of `events`, null so far, since objects lie in the order in which they were made.
  const std::uint64_t size = out.front() >> 32;
  out.front() = std::uint64_t{1} | size << 32;
  out.insert(out.begin() + 1, chunk.segment.size());
  check(out.back() == 0, "a batch's events are the last word of its message");
  constexpr std::uint64_t kFar = 2;
  out.back() = kFar | std::uint64_t{1} << 32;   // word 0 of segment 1
  return out;
}

Words write_empty_batch(std::uint32_t subscription, Position through, Position last) {
  return from_server(
      [&](proto::ServerMessage::Builder message) {
        auto out = message.initBatch();
        out.setSubscription(subscription);
        out.setThrough(through.value);
        out.setLast(last.value);
      },
      16);
}

}  // namespace annals::stream
