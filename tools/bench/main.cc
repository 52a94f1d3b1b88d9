// annals-bench: every figure beside a named baseline measured in the same run.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "tools/bench/bench.h"
#include "tools/bench/store.h"

namespace {
using namespace annals::bench;

struct Scenario {
  const char* name;
  const char* description;
  void (*run)(const Options&, Report&);
};
// Adding one: a file of its own and a row here.
constexpr std::array kScenarios{
    Scenario{"append", "durable appends beside a bare synced RocksDB batch", bench_append},
    Scenario{"bulk", "a history taken in and indexed, beside the same bytes in bare synced batches", bench_bulk},
    Scenario{"scan", "reading the log with decoding beside a bare iterator", bench_scan},
    Scenario{"filter", "reading with a filter beside reading without one", bench_filter},
    Scenario{"asof-key", "one key's state as of a moment beside a bare seek", bench_asof_key},
    Scenario{"asof-all", "all keys' states as of a moment beside a bare seek for each", bench_asof_all},
    Scenario{"shapes", "one key's state over the worst histories beside the plain one", bench_shapes},
    Scenario{"replay", "the events again in either order beside a bare iterator", bench_replay},
    Scenario{"panel", "states month by month beside a bare seek for each key and month", bench_panel},
    Scenario{"open", "opening a store, also one whose writer was killed, up to its first answer, beside a bare RocksDB", bench_open},
    Scenario{"rebuild", "the index made anew and checked beside a bare iterator over the log", bench_rebuild},
    Scenario{"seal", "a thousand events more, indexed beside a long history, beside their append", bench_seal},
    Scenario{"read", "the interpreter over news beside the same without claims and a bare pass of its automaton", bench_read},
    Scenario{"prove", "proofs made and checked beside reading an event and checking a signature", bench_prove},
    Scenario{"serve", "the server's appends, replay, fan-out and latency beside bare writers", bench_serve},
    Scenario{"crowd", "a thousand idle subscribers, some that never read, and changes of answers, each beside the same without", bench_crowd},
};
}  // namespace

int main(int argc, char** argv) {
  Options options;
  std::vector<std::string> names;
  std::string list = "Scenarios (all of them where none is named):";
  for (const Scenario& scenario : kScenarios) list += std::string("\n  ") + scenario.name + ": " + scenario.description;

  CLI::App app{"Benchmarks of annals.\n" + list, "annals-bench"};
  app.add_option("scenario", names, "which to run")->check(CLI::IsMember([] {
    std::vector<std::string> all;
    for (const Scenario& scenario : kScenarios) all.emplace_back(scenario.name);
    return all;
  }()));
  app.add_option("--events", options.events, "events of the generated histories")
      ->capture_default_str()
      ->check(CLI::Range(1'000ULL, 100'000'000ULL));
  app.add_option("--keys", options.keys, "products that the events are about")
      ->capture_default_str()
      ->check(CLI::Range(1ULL, 1'000'000ULL));
  app.add_option("--sentences", options.sentences, "sentences generated for read")
      ->capture_default_str()
      ->check(CLI::Range(100ULL, 10'000'000ULL));
  app.add_option("--longest", options.longest, "KiB of the longest article that read reads")
      ->capture_default_str()
      ->check(CLI::Range(1ULL, 1ULL << 20));
  app.add_option("--notes", options.notes, "folders of notes that read reads instead of generated ones")
      ->check(CLI::ExistingDirectory);
  app.add_option("--rounds", options.rounds, "times that each side is measured")
      ->capture_default_str()
      ->check(CLI::Range(1u, 1000u));
  app.add_option("--seconds", options.seconds, "longest round of append and of questions")
      ->capture_default_str()
      ->check(CLI::Range(0.01, 3600.0));
  app.add_option("--cache", options.cache, "MiB of blocks in memory where states are asked for (asof-key, asof-all, panel, shapes), of the bare stores alike")
      ->capture_default_str()
      ->check(CLI::Range(1u, 65'536u));
  app.add_option("--write-buffer", options.write_buffer, "MiB that each part of annals' store gathers before it writes a file, while the plain history is made")
      ->capture_default_str()
      ->check(CLI::Range(1u, 1024u));
  app.add_option("--seed", options.seed, "of everything generated")->capture_default_str();
  app.add_option("--directory", options.directory,
                 "where the stores are made; the system's temporary folder by default");
  app.add_option("--store", options.store,
                 "a folder in which the history that most scenarios read is made and stays, so that later runs need not make it again");
  app.add_flag("--cold", options.cold,
               "ask questions of stores as they lie on disk (else their files are read once before, so that the system holds what it has memory for, as of a server that has run a while)");
  app.add_flag("--jsonl", options.jsonl, "figures as JSON Lines");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }

  Stores stores(options);
  options.stores = &stores;
  Report report;
  for (const Scenario& scenario : kScenarios)
    if (names.empty() || std::find(names.begin(), names.end(), scenario.name) != names.end())
      scenario.run(options, report);
  report.print(options.jsonl);
  return 0;
}
