#pragma once
// Durable subscriptions: how far each name has been acknowledged.
//
// Why a file of its own and not the log: a checkpoint is overwritten all the time, and the log holds what never changes; nor is it
// derived data, which may be dropped and made anew. It lies beside the store and holds nothing else, so that a copy of the store without
// it is whole, and its followers only start again from where they say.
//
// The file is text, written anew each time under another name, synced, and put in place of the old one, so that it is always one or the
// other:
//   annals subscriptions 1
//   desk 1834
// Threads: one at a time; write_names() from any.

#include <cstdint>
#include <map>
#include <string>

#include "engine/base/bytes.h"
#include "engine/base/error.h"

namespace annals::stream {

using Names = std::map<std::string, Position>;
inline constexpr std::size_t kNamesMax = 10'000;

// 1 to 64 letters, digits, dots, dashes and underscores.
bool is_subscription_name(const std::string& name);

// None where there is no such file. kCorrupt: the line and what was expected; kIo.
Result<Names> read_names(const std::string& path);
// On disk when it returns. kIo: what stood there before still does.
Status write_names(const std::string& path, const Names& names);

}  // namespace annals::stream
