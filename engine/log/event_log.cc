#include "engine/log/event_log.h"

namespace annals {

std::string_view derived_group(std::string_view key) {
  const std::size_t first = key.find('\0');
  const std::size_t second = first == std::string_view::npos ? first : key.find('\0', first + 1);
  return second == std::string_view::npos ? std::string_view() : key.substr(0, second + 1);
}

Result<Position> recorded_by(const EventLog& log, Position upto, Instant at) {
  // Recording time never runs backwards.
  std::uint64_t low = 0;
  std::uint64_t high = upto.value;
  while (low < high) {
    const std::uint64_t middle = low + (high - low + 1) / 2;
    ANNALS_TRY(const Event event, log.get(Position{middle}));
    if (event.recorded_at <= at) low = middle;
    else high = middle - 1;
  }
  return Position{low};
}

}  // namespace annals
