#pragma once
// The stores that scenarios read: a history in annals, indexed, and the same in bare RocksDBs beside it.

#include <memory>
#include <string>

#include "engine/log/event_log.h"
#include "tools/bench/bench.h"
#include "tools/bench/workload.h"

namespace annals::bench {

struct Store {
  std::string path;
  std::shared_ptr<ScratchFolder> scratch;   // none: it stays
  std::string annals() const { return path + "/annals"; }
  std::string bare() const { return path + "/bare"; }       // position → payload
  std::string claims() const { return path + "/claims"; }   // product, known from, position → status, of export rules
  // How it was made.
  std::uint64_t events = 0;
  double appended_seconds = 0;
  double sealed_seconds = 0;
  double bare_seconds = 0;       // synced batches as long as annals' own
  double appended_memory = 0;    // MiB, the most that the process held until all was appended
  double sealed_memory = 0;      // and indexed
};

// In batches of 8,192, sealed once at the end. `beside`: with the bare stores, which are made last.
std::unique_ptr<Store> make_store(const std::string& parent, const Workload& workload, bool beside, const LogOptions& log_options = {});
// The one in this folder, made there where there is none; it stays. The end of the benchmark where another history is there.
std::unique_ptr<Store> kept_store(const std::string& folder, const Workload& workload, const std::string& which, const LogOptions& log_options = {});
// As it lies. Files that are never written again are shared.
void copy_store(const std::string& from, const std::string& to);

class Stores {
 public:
  explicit Stores(const Options& options) : options_(options) {}
  // The plain shape, made or found when it is first asked for, and left as it is.
  const Store& plain();
  // The same, its files and those of the bare stores beside it read once before, unless questions are to meet them cold.
  const Store& warm();
  const Workload& workload();

 private:
  const Options& options_;
  std::unique_ptr<Workload> workload_;
  std::unique_ptr<Store> plain_;
  bool warm_ = false;
};

// The key of a row of Store::claims().
std::string claim_row(const std::string& product, Instant at, std::uint64_t position);

// The times of single questions, in µs.
class Times {
 public:
  template <class Ask>
  void time(const Ask& ask) {
    const Stopwatch watch;
    ask();
    micros_.push_back(watch.seconds() * 1e6);
  }
  double at(double share);

 private:
  std::vector<double> micros_;
};

}  // namespace annals::bench
