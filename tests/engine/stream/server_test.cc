// Goal: what a client is promised holds over real sockets.
// Method: a server in this process over a log in memory, clients on 127.0.0.1.
#include "engine/stream/server.h"

#include <cstdlib>
#include <thread>

#include "engine/codec/codec.h"
#include "engine/proof/proof.h"
#include "tests/engine/stream/served.h"

namespace annals::stream::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Subscribe everything(std::uint32_t number, std::uint32_t credit = 10'000) {
  Subscribe out;
  out.subscription = number;
  out.credit = credit;
  return out;
}

}  // namespace

TEST_CASE("an appended event is acknowledged with its place and comes back as it is stored") {
  Served served;
  Client client = served.client();
  const auto receipts = must(client.append(drafts(1, 3)));
  REQUIRE(receipts.size() == 3);
  CHECK(receipts[0].position.value == 1);
  CHECK(receipts[2].position.value == 3);
  CHECK_FALSE(receipts[0].repeated);

  auto connection = served.connect();
  Subscribe request = everything(5);
  request.until = Subscribe::Until::kEnd;
  must(connection->send(write_message(request)));
  CHECK(expect<Subscribed>(*connection).last.value == 3);
  const auto batch = expect<Batch>(*connection);
  REQUIRE(positions(batch) == std::vector<std::uint64_t>{1, 2, 3});
  for (const StoredEventView& event : batch.events) {
    CHECK(leaf_hash(event.header, event.salt, event.body) == event.leaf);
    CHECK(reinterpret_cast<std::uintptr_t>(event.header.data()) % 8 == 0);
    CHECK(reinterpret_cast<std::uintptr_t>(event.body.data()) % 8 == 0);
    const Event stored = must(served.log().get(event.position));
    CHECK(must(decode_event(event.header, event.body)).id == stored.id);
  }
  CHECK(expect<Ended>(*connection).through.value == 3);
}

TEST_CASE("the same append again answers with the first places") {
  Served served;
  Client client = served.client();
  must(client.append(drafts(1, 2)));
  const auto again = must(client.append(drafts(1, 3)));
  CHECK(again[0].repeated);
  CHECK(again[0].position.value == 1);
  CHECK_FALSE(again[2].repeated);
  CHECK(served.log().last().value == 3);
}

// A group of many clients' appends is one append of the log, which takes all or nothing; the others must not suffer.
TEST_CASE("an append that conflicts is refused and its neighbours are written") {
  Served served;
  auto connection = served.connect();
  const auto send = [&](std::uint64_t request, const std::vector<EventDraft>& events) {
    must(connection->send(write_message(EncodedAppend{request, encoded(events)})));
  };
  send(1, drafts(1, 2));
  const auto first = expect<Appended>(*connection);
  CHECK(first.request == 1);
  // Size and root are of a log that has the events of the receipts.
  REQUIRE(first.head);
  CHECK(first.head->size >= first.receipts.back().position.value);
  CHECK(first.head->root == must(served.log().root(Position{first.head->size})));
  send(2, drafts(3, 1));
  send(3, drafts(2, 1, "There is something to tell."));
  send(4, drafts(4, 1));
  int good = 0;
  for (int i = 0; i < 3; ++i) {
    auto message = must(connection->receive(seconds(10)));
    REQUIRE(message);
    if (const auto* error = std::get_if<WireError>(&*message)) {
      CHECK(error->code == WireCode::kConflict);
      CHECK(error->number == 3);
    } else {
      ++good;
    }
  }
  CHECK(good == 2);
  CHECK(served.log().last().value == 4);
}

// Method: a port on which nobody listens; each attempt is refused at once, the pauses between them are 25 to 50 ms and longer each time.
TEST_CASE("who waits for a server is told of it once and then now and then, not with each attempt") {
  ClientOptions options;
  {
    Served served;
    options = served.options();
  }
  options.retry_for = milliseconds(700);
  const auto told = [&](milliseconds every, const auto& wait) {
    std::vector<std::string> lines;
    options.tell_every = every;
    Client client(options);
    const Client::Following following{[&](std::string_view line) { lines.emplace_back(line); }, {}};
    CHECK(wait(client, following) == ErrorCode::kIo);
    return lines;
  };
  const auto follow = [](Client& client, const Client::Following& following) {
    return client.follow(Subscribe{}, [](const Batch&) { return Visit::kContinue; }, following).error().code;
  };
  const auto share = [](Client& client, const Client::Following& following) {
    return client.share({"desk"}, [](const Batch& batch) { return Dealt::all(batch); }, following).error().code;
  };
  const std::string address = "127.0.0.1:" + std::to_string(options.port);
  for (const auto& lines : {told(ClientOptions{}.tell_every, follow), told(ClientOptions{}.tell_every, share)}) {
    REQUIRE(lines.size() == 1);
    CHECK_THAT(lines.front(), Catch::StartsWith(address) && Catch::EndsWith("; trying again"));
  }
  const auto often = told(milliseconds(0), follow);         // with each attempt
  const auto seldom = told(milliseconds(200), follow);
  CHECK(seldom.size() >= 2);
  CHECK(seldom.size() <= 3);
  CHECK(often.size() > seldom.size());
}

TEST_CASE("an event that is none or lies about its id is refused and nothing of its append is written") {
  Served served;
  auto connection = served.connect();
  const EncodedEvent good = encoded(drafts(1, 1)).front();
  EncodedEvent bad = good;
  bad.body[bad.body.size() / 2] ^= 1;
  const std::vector<EncodedEvent> both = {good, bad};
  must(connection->send(write_message(EncodedAppend{9, both})));
  const auto error = expect<WireError>(*connection);
  CHECK(error.code == WireCode::kInvalid);
  CHECK(error.about == WireError::About::kRequest);
  CHECK(error.number == 9);
  CHECK(served.log().last().value == 0);
  const std::vector<EncodedEvent> one = {good};
  must(connection->send(write_message(EncodedAppend{10, one})));
  CHECK(expect<Appended>(*connection).request == 10);
}

TEST_CASE("a subscriber catches up and goes on live") {
  Served served;
  must(served.log().append(drafts(1, 2500), OnRepeat::kCompare));
  served.server->stop();
  served.begin();
  auto reader = served.connect();
  must(reader->send(write_message(everything(1))));
  CHECK(expect<Subscribed>(*reader).last.value == 2500);
  std::uint64_t next = 1;
  const auto take = [&](std::uint64_t upto) {
    while (next <= upto) {
      const auto batch = expect<Batch>(*reader);
      for (const StoredEventView& event : batch.events) {
        REQUIRE(event.position.value == next);
        ++next;
      }
      CHECK(batch.through.value == next - 1);
    }
  };
  take(2500);
  Client writer = served.client();
  for (std::uint32_t i = 0; i < 20; ++i) {
    must(writer.append(drafts(3000 + i, 1)));
    take(2501 + i);
  }
}

TEST_CASE("no more is sent than credit was given for") {
  Served served;
  must(served.log().append(drafts(1, 100), OnRepeat::kCompare));
  served.server->stop();
  served.begin();
  auto reader = served.connect();
  must(reader->send(write_message(everything(1, 7))));
  expect<Subscribed>(*reader);
  CHECK(positions(expect<Batch>(*reader)).size() == 7);
  CHECK_FALSE(must(reader->receive(milliseconds(100))));
  must(reader->send(write_message(Credit{1, 2})));
  CHECK(positions(expect<Batch>(*reader)) == std::vector<std::uint64_t>{8, 9});
  CHECK_FALSE(must(reader->receive(milliseconds(50))));
}

TEST_CASE("a range is read newest first") {
  Served served;
  must(served.log().append(drafts(1, 1000), OnRepeat::kCompare));
  served.server->stop();
  served.begin();
  auto reader = served.connect();
  Subscribe request = everything(1);
  request.after = Position{10};
  request.until = Subscribe::Until::kUpto;
  request.upto = Position{900};
  request.backwards = true;
  must(reader->send(write_message(request)));
  expect<Subscribed>(*reader);
  std::uint64_t next = 900;
  while (next > 10) {
    for (const std::uint64_t position : positions(expect<Batch>(*reader))) {
      REQUIRE(position == next);
      --next;
    }
  }
  CHECK(expect<Ended>(*reader).through.value == 11);
}

TEST_CASE("a filter leaves out what it should and the reader still learns how far it is") {
  Served served;
  std::vector<EventDraft> mixed = drafts(1, 50);
  StatementEvent reported = samples::plain_statement(7, 1000, "It is said that nothing happened.");
  reported.reading.modality = Modality::kReported;
  const EventId target = event_id(EventBody(reported));
  mixed.push_back({"test", reported});
  mixed.push_back({"test", Retraction{Target::of_event(target), "the wrong file"}});
  mixed.push_back({"test", Retraction{Target::of_event(event_id(mixed[3].body)), "another wrong file"}});
  for (EventDraft& draft : drafts(2000, 50)) mixed.push_back(std::move(draft));
  must(served.log().append(mixed, OnRepeat::kCompare));
  served.server->stop();
  served.begin();
  auto reader = served.connect();
  Subscribe request = everything(1);
  request.filter.modalities = {"reported"};
  must(reader->send(write_message(request)));
  expect<Subscribed>(*reader);
  // The statement, and what was done to it; not what was done to another.
  const auto batch = expect<Batch>(*reader);
  CHECK(positions(batch) == std::vector<std::uint64_t>{51, 52});
  CHECK(batch.through.value == 103);
  must(served.client().append(drafts(3000, 4)));
  const auto told = expect<Batch>(*reader);
  CHECK(told.events.empty());
  CHECK(told.through.value == 107);
}

TEST_CASE("a question is answered in pieces that come in order") {
  Served served;
  Client client = served.client();
  std::string text;
  CHECK(must(client.ask({"state", "export_control"}, [&](std::string_view piece) { text += piece; })) == 1);
  CHECK(text == "state\nexport_control\n");
  text.clear();
  CHECK(must(client.ask({"long"}, [&](std::string_view piece) { text += piece; })) == 1);
  CHECK(text == std::string(3'000'000, 'x'));
  const auto refused = client.ask({}, [](std::string_view) {});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::kInvalid);
}

TEST_CASE("a note in pieces arrives whole") {
  Served served;
  Client client = served.client();
  NotePart note;
  note.bytes = std::string(5'000'001, 'n');
  CHECK(must(client.take_note(note)).text == "5000001");
}

TEST_CASE("a stopped server says goodbye after what was under way") {
  Served served;
  auto reader = served.connect();
  must(reader->send(write_message(everything(1))));
  expect<Subscribed>(*reader);
  std::thread stopper([&] { served.server->stop(); });
  const auto goodbye = expect<Goodbye>(*reader);
  CHECK_THAT(goodbye.why, Catch::Contains("stops"));
  stopper.join();
  CHECK_FALSE(Connection::open(served.options()).ok());
}

TEST_CASE("a reader that lost its server goes on where it was") {
  Served served;
  must(served.log().append(drafts(1, 500), OnRepeat::kCompare));
  served.server->stop();
  served.begin();
  const std::uint16_t port = served.server->port();
  std::vector<std::uint64_t> seen;
  std::atomic<std::uint64_t> count{0};
  std::thread reader([&] {
    ClientOptions options = served.options();
    options.retry_for = seconds(20);
    Client client(options);
    must(client.follow({}, [&](const Batch& batch) {
      for (const std::uint64_t position : positions(batch)) seen.push_back(position);
      count = seen.size();
      return seen.size() >= 900 ? Visit::kStop : Visit::kContinue;
    }));
  });
  while (count < 500) std::this_thread::sleep_for(milliseconds(2));
  served.server->stop();
  must(served.log().append(drafts(1000, 400), OnRepeat::kCompare));
  ServerOptions same;
  {
    ServerParts parts{served.log(), Lexicon::builtin(), served.clock, {}, {}, {}, {}};
    same.port = port;
    served.server = must(Server::start(std::move(parts), same));
  }
  reader.join();
  REQUIRE(seen.size() == 900);
  for (std::size_t i = 0; i < seen.size(); ++i) REQUIRE(seen[i] == i + 1);
}

TEST_CASE("what was acknowledged can be subscribed to at once") {
  Served served;
  const auto connection = served.connect();
  for (std::uint32_t n = 1; n <= 200; ++n) {
    must(served.client().append(drafts(n, 1)));
    Subscribe behind = everything(n);
    behind.after = Position{n};
    must(connection->send(write_message(behind)));
    CHECK(expect<Subscribed>(*connection).last.value == n);
    must(connection->send(write_message(Unsubscribe{n})));
    expect<Ended>(*connection);
  }
}

TEST_CASE("a watch is told every change once however its connections end") {
  Served served;
  Client writer = served.client();
  must(writer.append(drafts(1, 5)));
  auto reader = served.connect();
  must(reader->send(write_message(Watch{7, {"export_control", {}}, {}})));
  CHECK(expect<Subscribed>(*reader).after.value == 5);
  const WatchPoint begun = expect<Changes>(*reader).at;
  CHECK(begun.through.value == 5);
  must(writer.append(drafts(6, 1)));
  const Changes first = expect<Changes>(*reader);
  CHECK(first.subscription == 7);
  CHECK(first.changes == std::vector<std::string>{"5-6"});
  CHECK(first.at.as_of >= begun.as_of);

  // Away while something happens: the place seen last is where it goes on.
  reader = served.connect();
  must(writer.append(drafts(7, 3)));
  must(reader->send(write_message(Watch{1, {"export_control", {"h20"}}, first.at})));
  CHECK(expect<Subscribed>(*reader).after.value == 6);
  CHECK(expect<Changes>(*reader).changes == std::vector<std::string>{"6-9"});
  // From nothing: all there is.
  must(reader->send(write_message(Watch{2, {"ipo", {}}, WatchPoint{}})));
  CHECK(expect<Subscribed>(*reader).subscription == 2);
  CHECK(expect<Changes>(*reader).changes == std::vector<std::string>{"0-9"});

  must(reader->send(write_message(Watch{3, {"weather", {}}, {}})));
  const WireError unknown = expect<WireError>(*reader);
  CHECK(unknown.about == WireError::About::kSubscription);
  CHECK(unknown.number == 3);
  must(reader->send(write_message(Watch{3, {"ipo", {}}, WatchPoint{Position{99}, Instant{}}})));
  CHECK(expect<WireError>(*reader).code == WireCode::kConflict);
  must(reader->send(write_message(Unsubscribe{1})));
  CHECK(expect<Ended>(*reader).through.value == 9);
  must(writer.append(drafts(10, 1)));
  CHECK(expect<Changes>(*reader).subscription == 2);
}

TEST_CASE("a client follows events and watches together through a server that goes away") {
  Served served;
  const std::uint16_t port = served.server->port();
  must(served.client().append(drafts(1, 3)));
  std::atomic<std::uint64_t> told{0};
  std::uint64_t place = 0;
  std::vector<std::uint64_t> seen;
  std::thread reader([&] {
    ClientOptions options = served.options();
    options.retry_for = seconds(20);
    Client client(options);
    Client::Followed followed{Subscribe{}, {Watch{0, {"export_control", {}}, WatchPoint{}}}};
    const auto done = [&] { return seen.size() == 40 && place == 40 ? Visit::kStop : Visit::kContinue; };
    must(client.follow(followed, {[&](const Batch& batch) {
                                    for (const std::uint64_t position : positions(batch)) seen.push_back(position);
                                    return done();
                                  },
                                  [&](const Watch&, const Changes& changes) {
                                    // Each goes on where the one before ended.
                                    for (const std::string& change : changes.changes) {
                                      if (change.substr(0, change.find('-')) == std::to_string(place)) place = changes.at.through.value;
                                      else place = 1'000'000;
                                    }
                                    told = place;
                                    return done();
                                  }}));
  });
  while (told < 3) std::this_thread::sleep_for(milliseconds(2));
  must(served.client().append(drafts(4, 7)));
  while (told < 10) std::this_thread::sleep_for(milliseconds(2));
  served.server->stop();
  must(served.log().append(drafts(11, 20), OnRepeat::kCompare));
  ServerOptions same;
  same.port = port;
  served.begin(same);
  must(served.client().append(drafts(31, 10)));
  reader.join();
  CHECK(place == 40);
  REQUIRE(seen.size() == 40);
  for (std::size_t i = 0; i < seen.size(); ++i) CHECK(seen[i] == i + 1);
}

TEST_CASE("a durable name goes on behind what was acknowledged and one connection follows it") {
  support::TemporaryDirectory directory;
  ServerOptions options;
  options.names_file = (directory / "SUBSCRIPTIONS").string();
  Served served(support::LogKind::kMemory, options);
  Client writer = served.client();
  must(writer.append(drafts(1, 100)));
  Subscribe desk = everything(1);
  desk.from = Subscribe::From::kName;
  desk.name = "desk";
  {
    auto reader = served.connect();
    must(reader->send(write_message(desk)));
    CHECK(expect<Subscribed>(*reader).after.value == 0);
    CHECK(positions(expect<Batch>(*reader)).size() == 100);
    must(reader->send(write_message(Ack{"desk", Position{40}})));
    CHECK(expect<Acked>(*reader).position.value == 40);
    must(reader->send(write_message(Ack{"desk", Position{30}})));   // never backwards
    CHECK(expect<Acked>(*reader).position.value == 40);
    auto second = served.connect();
    must(second->send(write_message(desk)));
    CHECK(expect<WireError>(*second).code == WireCode::kConflict);
  }
  served.server->stop();
  served.begin(options);
  auto reader = served.connect();
  must(reader->send(write_message(desk)));
  CHECK(expect<Subscribed>(*reader).after.value == 40);
  CHECK(positions(expect<Batch>(*reader)).front() == 41);
}

TEST_CASE("positions beyond the end of the log are another log") {
  Served served;
  auto reader = served.connect();
  Subscribe request = everything(1);
  request.after = Position{5};
  must(reader->send(write_message(request)));
  const auto error = expect<WireError>(*reader);
  CHECK(error.code == WireCode::kConflict);
  CHECK(error.about == WireError::About::kSubscription);
}

TEST_CASE("a token reaches what its line says and no more") {
  const std::string desk = new_token();
  const std::string wire = new_token();
  const std::string board = new_token();
  Rights limited;
  limited.name = "wire";
  limited.outlets = {"財經日報"};
  Rights answers;
  answers.name = "board";
  answers.append = answers.admin = false;
  answers.projections = {"ipo"};
  ServerOptions options;
  options.tokens = std::make_shared<const Tokens>(must(Tokens::parse("desk read,append,admin " + sha256(desk).hex() + "\n" + token_line(wire, limited) + "\n" + token_line(board, answers))));
  Served served(support::LogKind::kMemory, options);
  const auto connect = [&](std::optional<std::string> token) {
    ClientOptions as = served.options();
    as.token = std::move(token);
    return Connection::open(as);
  };
  CHECK(connect(std::nullopt).error().message == "this server wants a token");
  CHECK(connect(new_token()).error().message == "this server knows no such token");

  const auto from = [](std::uint32_t n, std::optional<std::string> outlet) {
    StatementEvent statement = samples::plain_statement(7, n);
    statement.article.outlet = std::move(outlet);
    return EventDraft{"test", statement};
  };
  ClientOptions as_wire = served.options();
  as_wire.token = wire;
  Client writer(as_wire);
  must(writer.append(std::vector{from(1, "财经日报")}));   // in either script
  CHECK(writer.append(std::vector{from(2, "财经日报"), from(3, "Reuters")}).error().message.find("does not reach the outlet 'Reuters'") != std::string::npos);
  CHECK_FALSE(writer.append(std::vector{from(4, std::nullopt)}).ok());
  CHECK(served.log().last().value == 1);
  ClientOptions as_desk = served.options();
  as_desk.token = desk;
  must(Client(as_desk).append(std::vector{from(5, "Reuters"), from(6, "财经日报")}));

  auto reader = must(connect(wire));
  must(reader->send(write_message(everything(1))));
  expect<Subscribed>(*reader);
  CHECK(positions(expect<Batch>(*reader)) == std::vector<std::uint64_t>{1, 3});
  Subscribe beyond = everything(2);
  beyond.filter.outlets = {"Reuters"};
  must(reader->send(write_message(beyond)));
  CHECK(expect<WireError>(*reader).code == WireCode::kDenied);
  must(reader->send(write_message(Watch{3, {"ipo", {}}, {}})));
  CHECK(expect<WireError>(*reader).code == WireCode::kDenied);
  must(reader->send(write_message(Ask{4, {"state", "ipo"}})));
  CHECK(expect<WireError>(*reader).code == WireCode::kDenied);

  auto asker = must(connect(board));
  must(asker->send(write_message(everything(1))));
  CHECK(expect<WireError>(*asker).code == WireCode::kDenied);
  must(asker->send(write_message(Watch{2, {"export_control", {}}, {}})));
  CHECK(expect<WireError>(*asker).code == WireCode::kDenied);
  must(asker->send(write_message(Watch{3, {"ipo", {}}, {}})));
  CHECK(expect<Subscribed>(*asker).subscription == 3);
  expect<Changes>(*asker);
  must(asker->send(write_message(EncodedAppend{5, {}})));
  CHECK(expect<WireError>(*asker).code == WireCode::kDenied);
}

TEST_CASE("with TLS nothing passes in the clear and a certificate of nobody is refused") {
  support::TemporaryDirectory directory;
  const std::string key = (directory / "key.pem").string();
  const std::string certificate = (directory / "cert.pem").string();
  const std::string make = "openssl req -x509 -newkey ed25519 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -keyout '" + key + "' -out '" + certificate + "' 2>/dev/null";
  REQUIRE(std::system(make.c_str()) == 0);
  ServerOptions options;
  options.certificate = certificate;
  options.private_key = key;
  Served served(support::LogKind::kMemory, options);
  ClientOptions secure = served.options();
  secure.tls = true;
  secure.authorities = certificate;
  Client writer(secure);
  must(writer.append(drafts(1, 2'000, std::string(1'000, 'x'))));
  std::uint64_t seen = 0;
  Subscribe all;
  all.until = Subscribe::Until::kEnd;
  must(Client(secure).follow(all, [&](const Batch& batch) {
    for (const std::uint64_t position : positions(batch)) CHECK(position == ++seen);
    return Visit::kContinue;
  }));
  CHECK(seen == 2'000);

  ClientOptions nobody = secure;
  nobody.authorities.clear();   // the system's: they do not know this certificate
  const auto refused = Connection::open(nobody);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::kInvalid);
  CHECK(refused.error().message.find("certificate") != std::string::npos);
  ClientOptions other_name = secure;
  other_name.host = "localhost";   // which the certificate does not name
  const auto misnamed = Connection::open(other_name);
  REQUIRE_FALSE(misnamed.ok());
  CHECK(misnamed.error().message.find("certificate") != std::string::npos);
  ClientOptions clear = served.options();
  clear.connect_timeout = seconds(2);
  CHECK_FALSE(Connection::open(clear).ok());
  // Whoever does not finish the handshake is gone after a while, and nobody else notices.
  must(Client(secure).append(drafts(2'001, 1)));

  ServerOptions wrong = options;
  wrong.private_key = certificate;
  ServerParts parts{served.log(), Lexicon::builtin(), served.clock, {}, {}, {}, {}};
  CHECK(Server::start(std::move(parts), wrong).error().message.find("cert.pem") != std::string::npos);
}

TEST_CASE("a server that others could reach is refused without tokens") {
  SystemClock clock;
  const auto log = make_memory_log(clock);
  ServerOptions options;
  options.host = "0.0.0.0";
  options.port = 0;
  const auto refused = Server::start({*log, Lexicon::builtin(), clock, {}, {}, {}, {}}, options);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::kInvalid);
  CHECK_THAT(refused.error().message, Catch::Contains("loopback"));
}

}  // namespace annals::stream::test
