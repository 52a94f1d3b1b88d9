#pragma once
// Durable subscriptions: how far each name has been acknowledged, and what of it was parked.
//
// Why a file of its own and not the log: a checkpoint is overwritten all the time, and the log holds what never changes; nor is it
// derived data, which may be dropped and made anew. It lies beside the store and holds nothing else, so that a copy of the store without
// it is whole, and its followers only start again from where they say.
//
// The file is text, written anew each time under another name, synced, and put in place of the old one, so that it is always one or the
// other:
//   annals subscriptions 1
//   desk 1834
// Where a group has parked events (group.h), the first line ends in 2 and further lines follow their name's: how often the event was
// handed out, and why it was parked. Released ones are to be handed out once more.
//   annals subscriptions 2
//   desk 1834
//   desk parked 1207 5 rejected: no such column
//   desk released 1209 5 its consumer was lost
// Where nothing is parked the file is of version 1, which older programs read too.
// Threads: one at a time; write_names() from any.

#include <cstdint>
#include <map>
#include <string>

#include "engine/base/bytes.h"
#include "engine/base/error.h"

namespace annals::stream {

// An event that a group gave up. It counts as dealt with: the name's position moves past it.
struct ParkedEvent {
  unsigned hand_outs = 0;
  bool released = false;       // to be handed out again
  std::string because;         // one line for a person
  friend bool operator==(const ParkedEvent&, const ParkedEvent&) = default;
};
using ParkedEvents = std::map<Position, ParkedEvent>;

struct NameState {
  Position position;           // all up to here is acknowledged, or parked
  ParkedEvents parked;
  friend bool operator==(const NameState&, const NameState&) = default;
};
using Names = std::map<std::string, NameState>;
inline constexpr std::size_t kNamesMax = 10'000;

// 1 to 64 letters, digits, dots, dashes and underscores.
bool is_subscription_name(const std::string& name);

// None where there is no such file. kCorrupt: the line and what was expected; kIo.
Result<Names> read_names(const std::string& path);
// On disk when it returns. kIo: what stood there before still does.
Status write_names(const std::string& path, const Names& names);

}  // namespace annals::stream
