#pragma once
// What every command has at hand: the options that all share, the store, the clock, and where to write.
//
// A command is one file: its options, its work, its help. It returns an exit status or an Error; main() turns errors into one line on
// standard error and the status that says what can be done:
//   0 done; 1 a negative answer (damage found, --must-match matched nothing); 2 unusable arguments or input;
//   3 the store is locked, missing, damaged or of a newer format; 4 the network or disk refused.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/time.h"
#include "engine/language/lexicon.h"
#include "engine/log/event_log.h"
#include "engine/query/query.h"
#include "tools/annals/command_line.h"
#include "tools/annals/table.h"

namespace annals::cli {

inline constexpr int kDone = 0;
inline constexpr int kNegative = 1;
inline constexpr int kUnusable = 2;
inline constexpr int kStoreRefuses = 3;
inline constexpr int kSystemRefuses = 4;
int exit_code(ErrorCode code);

enum class Format { kTable, kJson, kJsonl, kCsv };

// Standard output with its errors kept: a full disk is told, not swallowed.
class Output {
 public:
  explicit Output(std::FILE* file) : file_(file) {}
  void write(std::string_view text);
  void line(std::string_view text);
  // kIo with the system's words, where anything before was refused.
  Status finish();
  bool failed() const { return failed_; }

 private:
  std::FILE* file_;
  bool failed_ = false;
  int errno_ = 0;
};

class Program {
 public:
  Program();

  std::string store = "./annals-store";
  std::uint64_t cache_bytes = LogOptions{}.cache_bytes;
  std::uint64_t write_buffer_bytes = LogOptions{}.write_buffer_bytes;
  std::vector<std::string> lexicon_files;
  bool verbose = false;
  std::string server;          // HOST:PORT; empty: the store

  // Inside a server: its log, lexicon and Query instead of those that options name.
  EventLog* served = nullptr;
  const Lexicon* served_lexicon = nullptr;
  const Query* served_query = nullptr;

  SystemClock clock;
  Output out{stdout};
  bool colour = false;         // of standard output
  bool progress = false;       // standard error is a terminal
  std::size_t width = 120;     // columns of standard output

  // What the chosen command does; set by its callback while the line is parsed.
  std::function<Result<int>()> run;

  // kNotFound (no store there), kLocked, kCorrupt, kUnsupported, kIo.
  Result<std::unique_ptr<EventLog>> open_store(OpenMode mode, LogOptions options = {}) const;
  // The shipped lexicon with --lexicon files over it. Lives as long as the program.
  Result<const Lexicon*> lexicon();
  // Asks `log`, in people's words by `lexicon`; for as long as both are there.
  const Query& query(const EventLog& log, const Lexicon& lexicon);

  // Printed below the help of the chosen command, where it has more to say (annals state --help PROJECTION).
  std::function<std::string()> more_help;

  void diagnose(std::string_view line) const;   // --verbose, through spdlog
  void complain(std::string_view line) const;   // "annals: …" on standard error

 private:
  std::optional<Lexicon> own_lexicon_;
  std::optional<Query> own_query_;
};

// --format for a command that knows `allowed`; the first is the default. "table" is for people.
void add_format(Command& command, Format& format, std::vector<std::string> allowed = {"table", "json", "jsonl"});
// Examples below the help: pairs of a command line and what it does.
void add_examples(Command& command, const std::vector<std::pair<std::string, std::string>>& examples);

// One moving line on a terminal, nothing elsewhere.
class Progress {
 public:
  explicit Progress(bool on) : on_(on) {}
  ~Progress() { clear(); }
  void show(std::string_view text);
  void clear();

 private:
  bool on_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_{};
};

std::string grouped(std::uint64_t number);  // 12,345

}  // namespace annals::cli
