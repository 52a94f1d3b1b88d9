#pragma once
// The stores that scenarios read: a history in annals, indexed, and the same in bare RocksDBs beside it.

#include <memory>
#include <string>

#include "tools/bench/bench.h"
#include "tools/bench/workload.h"

namespace annals::bench {

struct Store {
  explicit Store(const std::string& parent) : folder(parent) {}
  ScratchFolder folder;
  std::string annals() const { return folder.below("annals"); }
  std::string bare() const { return folder.below("bare"); }       // position → payload
  std::string claims() const { return folder.below("claims"); }   // product, known from, position → status, of export rules
  std::uint64_t events = 0;
  double appended_seconds = 0;
  double sealed_seconds = 0;
  double bare_seconds = 0;   // synced batches as long as annals' own
};

// In batches of 8,192, sealed once at the end. `beside`: with the bare stores.
std::unique_ptr<Store> make_store(const std::string& parent, const Workload& workload, bool beside);

class Stores {
 public:
  explicit Stores(const Options& options) : options_(options) {}
  // The plain shape, made when it is first asked for, and kept as it is.
  const Store& plain();
  const Workload& workload();

 private:
  const Options& options_;
  std::unique_ptr<Workload> workload_;
  std::unique_ptr<Store> plain_;
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
