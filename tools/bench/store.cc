#include "tools/bench/store.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

#include "engine/log/event_log.h"
#include "replay/derived.h"
#include "tools/bench/bare.h"

namespace annals::bench {
namespace {
constexpr std::uint64_t kBatch = 8'192;
}

std::string claim_row(const std::string& product, Instant at, std::uint64_t position) {
  return product + position_key(static_cast<std::uint64_t>(at.time_since_epoch().count())) + position_key(position);
}

namespace {

// The most that the process held so far, in MiB.
double peak_memory() {
  rusage usage{};
  check(::getrusage(RUSAGE_SELF, &usage) == 0, "a process is told what it uses");
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// What both sides are made of comes from the log, so that the bare stores hold the same bytes.
void make_bare(Store& out, const EventLog& log) {
  BareStore bare(out.bare()), claims(out.claims());
  for (Position from; from < log.last();) {
    const Position to{std::min(log.last().value, from.value + kBatch)};
    std::vector<std::string> payloads;
    must(log.read_stored({from, to}, [&](const StoredView& event) {
      payloads.push_back(std::string(event.header).append(event.body));
      return Visit::kContinue;
    }));
    const Stopwatch watch;
    bare.write(from.value + 1, payloads, true);
    out.bare_seconds += watch.seconds();
    std::vector<std::pair<std::string, std::string>> rows;
    must(log.read({from, to}, [&](const Event& event) {
      const auto* statement = std::get_if<StatementEvent>(&event.body);
      if (statement == nullptr || statement->reading.claims.empty()) return Visit::kContinue;
      const Claim& claim = statement->reading.claims.front();
      if (claim.type == ClaimType::kExportControl)
        rows.emplace_back(claim_row(claim.entity("product")->id, statement->article.published->known_from, event.position.value), std::string(claim.text("status")));
      return Visit::kContinue;
    }));
    claims.put(rows);
    from = to;
  }
}

void fill(Store& out, const Workload& workload, bool beside, const LogOptions& log_options) {
  SystemClock clock;
  const auto log = must(open_rocks_log(out.annals(), OpenMode::kCreateOrOpen, clock, log_options));
  for (std::uint64_t done = 0; done < workload.events();) {
    const auto drafts = workload.drafts(done, std::min(kBatch, workload.events() - done));
    const Stopwatch watch;
    must(log->append(drafts, OnRepeat::kAnswerFirst));
    out.appended_seconds += watch.seconds();
    done += drafts.size();
  }
  out.appended_memory = peak_memory();
  const Stopwatch watch;
  must(seal(*log));
  out.sealed_seconds = watch.seconds();
  out.sealed_memory = peak_memory();
  out.events = log->last().value;
  if (beside) make_bare(out, *log);
}

}  // namespace

std::unique_ptr<Store> make_store(const std::string& parent, const Workload& workload, bool beside, const LogOptions& log_options) {
  auto out = std::make_unique<Store>();
  out->scratch = std::make_shared<ScratchFolder>(parent);
  out->path = out->scratch->path();
  fill(*out, workload, beside, log_options);
  return out;
}

std::unique_ptr<Store> kept_store(const std::string& folder, const Workload& workload, const std::string& which, const LogOptions& log_options) {
  auto out = std::make_unique<Store>();
  out->path = folder;
  const std::string made = folder + "/made";
  if (std::ifstream in(made); in) {
    std::string there;
    std::getline(in, there);
    in >> out->events >> out->appended_seconds >> out->sealed_seconds >> out->bare_seconds >> out->appended_memory >> out->sealed_memory;
    if (!in || there != which) must(Status(Error{ErrorCode::kInvalid, folder + " has the history of '" + there + "', expected that of '" + which + "'"}));
    return out;
  }
  if (std::filesystem::exists(folder) && !std::filesystem::is_empty(folder))
    must(Status(Error{ErrorCode::kInvalid, folder + " is not empty and has no finished history; expected a new folder"}));
  std::filesystem::create_directories(folder);
  fill(*out, workload, true, log_options);
  std::ofstream(made) << which << '\n'
                      << out->events << ' ' << out->appended_seconds << ' ' << out->sealed_seconds << ' ' << out->bare_seconds << ' ' << out->appended_memory << ' '
                      << out->sealed_memory << '\n';
  return out;
}

void copy_store(const std::string& from, const std::string& to) {
  namespace fs = std::filesystem;
  fs::create_directories(to);
  for (const fs::directory_entry& each : fs::recursive_directory_iterator(from)) {
    const fs::path there = fs::path(to) / fs::relative(each.path(), from);
    if (each.is_directory()) fs::create_directories(there);
    else if (const auto kind = each.path().extension(); kind == ".sst" || kind == ".blob") {
      std::error_code elsewhere;
      fs::create_hard_link(each.path(), there, elsewhere);
      if (elsewhere) fs::copy_file(each.path(), there);
    } else {
      fs::copy_file(each.path(), there);
    }
  }
}

const Workload& Stores::workload() {
  if (!workload_) workload_ = std::make_unique<Workload>(Shape::kPlain, options_.seed, options_.events, options_.keys);
  return *workload_;
}

const Store& Stores::warm() {
  const Store& store = plain();
  if (options_.cold || std::exchange(warm_, true)) return store;
  std::string piece(1 << 20, '\0');
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(store.path, error)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size()))) {}
  }
  return store;
}

const Store& Stores::plain() {
  if (plain_) return *plain_;
  LogOptions log_options;
  log_options.write_buffer_bytes = options_.write_buffer << 20;
  if (options_.store.empty()) plain_ = make_store(options_.directory, workload(), true, log_options);
  else plain_ = kept_store(options_.store, workload(), fmt::format("{} events, {} keys, seed {}", options_.events, options_.keys, options_.seed), log_options);
  return *plain_;
}

double Times::at(double share) {
  std::sort(micros_.begin(), micros_.end());
  return micros_.at(std::min(micros_.size() - 1, static_cast<std::size_t>(share * static_cast<double>(micros_.size()))));
}

}  // namespace annals::bench
