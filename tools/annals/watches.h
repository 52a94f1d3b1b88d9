#pragma once
// Watches in people's words: "export_control", "ipo:kunlunxin,metax", "contradictions:h200".

#include <string>
#include <vector>

#include "engine/query/watch.h"

namespace annals::cli {

// Keys of one projection are watched together; the projection alone means all of them, whatever else is named.
// kInvalid: what was expected. Whether there is such a projection or key is not looked at.
Status add_watch(const std::string& text, std::vector<WatchSpec>& out);
// A file of them, one a line; # begins a remark.
Status add_watchlist(const std::string& path, std::vector<WatchSpec>& out);

}  // namespace annals::cli
