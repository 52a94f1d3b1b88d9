#include "tools/annals/watches.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace annals::cli {

Status add_watch(const std::string& text, std::vector<WatchSpec>& out) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::string projection = text.substr(0, colon);
  if (projection.empty() || colon + 1 == text.size()) {
    return Error{ErrorCode::kInvalid, fmt::format("expected a projection, or one with keys such as export_control:h20,h200, found '{}'", text)};
  }
  auto found = std::find_if(out.begin(), out.end(), [&](const WatchSpec& spec) { return spec.projection == projection; });
  const bool fresh = found == out.end();
  if (fresh) found = out.insert(out.end(), WatchSpec{projection, {}});
  if (colon == text.size() || (!fresh && found->keys.empty())) {
    found->keys.clear();
    return {};
  }
  for (std::size_t at = colon + 1; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    if (end > at) found->keys.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return {};
}

Status add_watchlist(const std::string& path, std::vector<WatchSpec>& out) {
  std::ifstream file(path);
  if (!file) return Error{ErrorCode::kInvalid, fmt::format("{}: cannot be read: {}", path, std::strerror(errno))};
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    line.erase(std::min(line.find('#'), line.size()));
    const auto first = line.find_first_not_of(" \t\r");
    if (first == std::string::npos) continue;
    line = line.substr(first, line.find_last_not_of(" \t\r") + 1 - first);
    if (auto added = add_watch(line, out); !added) return at(fmt::format("{}:{}", path, number), added.error());
  }
  return {};
}

}  // namespace annals::cli
