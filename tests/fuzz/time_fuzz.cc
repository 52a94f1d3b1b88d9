// Times that people type: any text is a moment, a range or an error, never a crash.
#include "engine/base/time.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace annals;
  const std::string_view whole = fuzz::text_of(data, size);
  for (std::size_t begin = 0; begin <= whole.size();) {
    const std::size_t end = std::min(whole.find('\n', begin), whole.size());
    const std::string_view line = whole.substr(begin, end - begin);
    if (const auto range = parse_civil(line)) check(range->from < range->to, "a time is not empty");
    (void)parse_moment(line, Zone::utc(), Instant{});
    if (const auto zone = Zone::find(line)) (void)zone->earliest(Civil{});
    begin = end + 1;
  }
  return 0;
}
