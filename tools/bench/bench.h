#pragma once
// What the benchmarks share: their sizes, repeated timing, and the table that sets a figure beside its baseline.
//
// Machines are noisy, so a figure alone says little: every scenario measures a named baseline in the same run, in turns with its own
// side, and the ratio of the two is what is compared with a bar.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace annals::bench {

class Stores;

struct Options {
  std::uint64_t seed = 1;  // of everything generated
  std::uint64_t events =
      100'000;  // of the history that most scenarios read, and that append writes per batch size at most
  std::uint64_t keys = 10'000;       // products in it
  std::uint64_t sentences = 20'000;  // that read reads, generated
  std::uint64_t longest = 50 << 10;  // article that read reads, in KiB
  std::vector<std::string> notes;    // folders of notes that read reads instead
  unsigned rounds = 5;               // of each side
  std::size_t cache = 256;            // MiB of blocks in memory where states are asked for
  std::size_t write_buffer = 32;      // MiB that each part of annals' store gathers before it writes a file
  double seconds = 2.0;              // that one round of append or of questions takes, at most
  std::string directory;             // where stores are made (one folder below it, removed afterwards)
  std::string store;                 // where the history that most scenarios read is made once and stays; empty: as others
  bool cold = false;                 // questions are asked of stores as they lie on disk, and not of such as were read once
  bool jsonl = false;                // figures as JSON Lines instead of a table
  Stores* stores = nullptr;          // shared by the scenarios of a run
};

// Of repeated measurements.
struct Spread {
  double median = 0;
  double low = 0;
  double high = 0;
};
Spread spread(std::vector<double> values);

// One line of the table. Both sides in the same unit.
struct Row {
  std::string scenario;  // "append"
  std::string what;      // "batches of 100, durable"
  Spread ours;
  std::string baseline;  // "bare synced RocksDB batch, same bytes"
  Spread theirs;
  std::string unit;  // "events/s", "µs"
};

// Collects rows and prints them at the end.
class Report {
 public:
  void add(Row row);
  void print(bool jsonl) const;
  bool empty() const { return rows_.empty(); }

 private:
  std::vector<Row> rows_;
};

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// A folder below `parent` (the system's place for such where it is empty) that goes when this goes.
class ScratchFolder {
 public:
  explicit ScratchFolder(const std::string& parent);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::string& path() const { return path_; }
  std::string below(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// Keeps the optimiser from dropping work whose result nobody reads.
template <class T>
inline void keep(const T& value) {
  asm volatile("" : : "r,m"(value) : "memory");
}

// Every scenario there is: a function in a file of its own and a row in main.cc.
void bench_append(const Options& options, Report& report);
void bench_bulk(const Options& options, Report& report);
void bench_scan(const Options& options, Report& report);
void bench_filter(const Options& options, Report& report);
void bench_asof_key(const Options& options, Report& report);
void bench_asof_all(const Options& options, Report& report);
void bench_shapes(const Options& options, Report& report);
void bench_replay(const Options& options, Report& report);
void bench_panel(const Options& options, Report& report);
void bench_open(const Options& options, Report& report);
void bench_rebuild(const Options& options, Report& report);
void bench_seal(const Options& options, Report& report);
void bench_read(const Options& options, Report& report);
void bench_prove(const Options& options, Report& report);
void bench_serve(const Options& options, Report& report);
void bench_crowd(const Options& options, Report& report);

}  // namespace annals::bench
