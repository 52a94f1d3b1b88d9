// Follows a server's log from its beginning to its present end, and prints one line for each event: position, kind, id.
//   follow HOST:PORT
#include <engine/codec/codec.h>
#include <engine/stream/client.h>

#include <iostream>

int main(int argc, char** argv) {
  using namespace annals;
  stream::ClientOptions options;
  if (argc != 2 || !stream::parse_server(argv[1], options)) {
    std::cerr << "usage: follow HOST:PORT\n";
    return 2;
  }
  stream::Subscribe from_the_start;
  from_the_start.until = stream::Subscribe::Until::kEnd;
  Client client(options);
  const auto end = client.follow(from_the_start, [](const stream::Batch& batch) {
    for (const stream::StoredEventView& stored : batch.events) {
      const auto event = decode_event(stored.header, stored.body);
      if (!event) {
        std::cerr << "position " << stored.position.value << ": " << event.error().message << "\n";
        return Visit::kStop;
      }
      std::cout << stored.position.value << " " << event_kind_name(event.value().kind()) << " " << event.value().id.hex() << "\n";
    }
    return Visit::kContinue;
  });
  if (!end) {
    std::cerr << end.error().message << "\n";
    return 4;
  }
  return 0;
}
