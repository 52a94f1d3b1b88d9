#include "tools/annals/program.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

#include "engine/stream/watched_log.h"

namespace annals::cli {

int exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid:
    case ErrorCode::kConflict: return kUnusable;
    case ErrorCode::kNotFound:  // of a store; what is missing inside one is said with kInvalid
    case ErrorCode::kLocked:
    case ErrorCode::kUnsupported:
    case ErrorCode::kCorrupt: return kStoreRefuses;
    case ErrorCode::kOverloaded:
    case ErrorCode::kIo: return kSystemRefuses;
  }
  return kSystemRefuses;
}

void Output::write(std::string_view text) {
  if (failed_) return;
  if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) {
    failed_ = true;
    errno_ = errno;
  }
}

void Output::line(std::string_view text) {
  write(text);
  write("\n");
}

Status Output::finish() {
  if (!failed_ && std::fflush(file_) != 0) {
    failed_ = true;
    errno_ = errno;
  }
  if (failed_) return Error{ErrorCode::kIo, fmt::format("cannot write the output: {}", std::strerror(errno_))};
  return {};
}

Program::Program() {
  if (const char* dir = std::getenv("ANNALS_STORE"); dir != nullptr && *dir != '\0') store = dir;
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool dumb = terminal != nullptr && std::string_view(terminal) == "dumb";
  const bool out_is_terminal = isatty(STDOUT_FILENO) == 1;
  colour = out_is_terminal && !dumb && (no_colour == nullptr || *no_colour == '\0');
  progress = isatty(STDERR_FILENO) == 1 && !dumb;
  if (winsize size{}; out_is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) width = size.ws_col;
}

Result<std::unique_ptr<EventLog>> Program::open_store(OpenMode mode, LogOptions options) const {
  if (served != nullptr) return std::unique_ptr<EventLog>(std::make_unique<stream::WatchedLog>(*served, [](std::size_t, std::chrono::nanoseconds) {}));
  diagnose(fmt::format("opening {} ({})", store, mode == OpenMode::kReadOnly ? "to read" : "to write"));
  options.cache_bytes = cache_bytes;
  options.write_buffer_bytes = write_buffer_bytes;
  auto log = open_rocks_log(store, mode, clock, options);
  if (!log) return log.error();
  diagnose(fmt::format("{}: {} events, zone {}", store, (*log)->last().value, (*log)->info().zone.name()));
  return log;
}

Result<const Lexicon*> Program::lexicon() {
  if (served_lexicon != nullptr) return served_lexicon;
  if (lexicon_files.empty()) return &Lexicon::builtin();
  if (own_lexicon_) return &*own_lexicon_;
  for (const std::string& file : lexicon_files) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    if (!in || !(text << in.rdbuf())) return Error{ErrorCode::kInvalid, fmt::format("{}: cannot be read: {}", file, std::strerror(errno))};
    auto more = Lexicon::with(own_lexicon_ ? *own_lexicon_ : Lexicon::builtin(), text.str(), file);
    if (!more) return more.error();
    own_lexicon_ = *std::move(more);
  }
  return &*own_lexicon_;
}

const Query& Program::query(const EventLog& log, const Lexicon& lexicon) {
  return served_query != nullptr ? *served_query : own_query_.emplace(log, lexicon, clock);
}

void Program::diagnose(std::string_view line) const {
  if (!verbose) return;
  static const auto logger = [] {
    auto made = spdlog::stderr_logger_mt("annals");
    made->set_pattern("%H:%M:%S.%e %v");
    return made;
  }();
  logger->info("{}", line);
}

void Program::complain(std::string_view line) const {
  std::fflush(stdout);
  std::fprintf(stderr, "annals: %.*s\n", static_cast<int>(line.size()), line.data());
}

void add_format(Command& command, Format& format, std::vector<std::string> allowed) {
  static const std::vector<std::pair<std::string, Format>> kNames = {
      {"table", Format::kTable}, {"json", Format::kJson}, {"jsonl", Format::kJsonl}, {"csv", Format::kCsv}};
  std::string list;
  for (const std::string& name : allowed) list += (list.empty() ? "" : "|") + name;
  const auto of = [](const std::string& name) {
    for (const auto& [text, value] : kNames)
      if (text == name) return value;
    return Format::kTable;
  };
  format = of(allowed.front());
  command
      .add_option_function(
          "--format",
          [&format, allowed, list, of](const std::string& name) -> Status {
            if (std::find(allowed.begin(), allowed.end(), name) == allowed.end())
              return Error{ErrorCode::kInvalid, fmt::format("expected one of {}, found '{}'", list, name)};
            format = of(name);
            return {};
          },
          fmt::format("How to print: {} (default {})", list, allowed.front()))
      ->type_name("F");
}

void add_examples(Command& command, const std::vector<std::pair<std::string, std::string>>& examples) {
  std::string text = "Examples:\n";
  for (const auto& [line, what] : examples) {
    text += "  " + line + "\n";
    if (!what.empty()) text += "      " + what + "\n";
  }
  command.footer(text);
}

void Progress::show(std::string_view text) {
  if (!on_) return;
  const auto now = std::chrono::steady_clock::now();
  if (shown_ && now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  shown_ = true;
  std::fprintf(stderr, "\r\x1b[K%.*s", static_cast<int>(text.size()), text.data());
  std::fflush(stderr);
}

void Progress::clear() {
  if (!shown_) return;
  std::fprintf(stderr, "\r\x1b[K");
  std::fflush(stderr);
  shown_ = false;
}

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

}  // namespace annals::cli
