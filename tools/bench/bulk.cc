// A history taken in whole: appended in long synced batches, then indexed by one seal.
#include <fmt/format.h>

#include "tools/bench/store.h"

namespace annals::bench {

void bench_bulk(const Options& options, Report& report) {
  const Store& store = options.stores->plain();
  const double events = static_cast<double>(store.events);
  const Spread bare = spread({events / store.bare_seconds});
  const std::string baseline = "bare synced RocksDB batches of 8192, same payload";
  report.add({"bulk", fmt::format("{} events, appended", store.events), spread({events / store.appended_seconds}), baseline, bare, "events/s"});
  report.add({"bulk", fmt::format("{} events, appended and indexed", store.events), spread({events / (store.appended_seconds + store.sealed_seconds)}), baseline, bare,
              "events/s"});
  report.add({"bulk", fmt::format("{} events, memory of the process until all was appended", store.events), spread({store.appended_memory}), "what it may hold", spread({512}), "MiB"});
  report.add({"bulk", fmt::format("{} events, and indexed", store.events), spread({store.sealed_memory}), "what it may hold", spread({512}), "MiB"});
}

}  // namespace annals::bench
