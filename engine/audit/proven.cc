#include "engine/audit/proven.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/proof/proof.h"
#include "engine/proof/proof_file.h"

namespace annals {
namespace {

// Hashes that are held for a stretch take about twice its leaves.
constexpr std::uint64_t kStretch = std::uint64_t{1} << 16;

struct Stretch {
  std::uint64_t proven = 0;
  std::vector<Position> refused;
  std::size_t path_max = 0;
};

Result<Stretch> prove_stretch(const EventLog& log, std::uint64_t first, std::uint64_t end, std::uint64_t size, const Digest& root, const std::function<void(std::uint64_t)>& told) {
  Stretch out;
  TreeReader tree = log.tree();
  std::optional<Error> failed;
  std::uint64_t next = first;
  std::uint64_t untold = 0;
  while (next < end) {
    const Position from{next};
    auto read = log.read_stored({from, Position{end}}, [&](const StoredView& event) {
      const std::uint64_t index = event.position.value - 1;
      next = index + 1;
      const auto path = tree.inclusion(index, size);
      if (!path) {
        failed = path.error();
        return Visit::kStop;
      }
      if (verify_inclusion(leaf_hash(event.header, event.digest()), index, size, *path, root)) ++out.proven;
      else out.refused.push_back(event.position);
      out.path_max = std::max(out.path_max, path->size());
      if (++untold == 4096) {
        told(untold);
        untold = 0;
      }
      return Visit::kContinue;
    });
    if (failed) return *failed;
    if (read) break;
    if (read.error().code != ErrorCode::kCorrupt) return read.error();
    // The event behind those that were shown is damaged: it has no proof, and the others still may.
    out.refused.push_back(Position{++next});
  }
  told(untold);
  return out;
}

}  // namespace

Result<ProvenEvents> prove_events(const EventLog& log, std::uint64_t size, const Digest& root, unsigned threads, const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  if (size > log.last().value) return Error{ErrorCode::kInvalid, fmt::format("expected a size of at most {}, found {}", log.last().value, size)};
  const std::uint64_t stretches = (size + kStretch - 1) / kStretch;
  std::atomic<std::uint64_t> taken = 0;
  std::mutex mutex;
  ProvenEvents out;
  out.events = size;
  std::size_t path_max = 0;
  std::uint64_t done = 0;
  std::optional<Error> failed;
  const auto told = [&](std::uint64_t more) {
    const std::lock_guard lock(mutex);
    done += more;
    if (progress) progress(done, size);
  };
  const auto work = [&] {
    for (std::uint64_t i = taken++; i < stretches; i = taken++) {
      auto stretch = prove_stretch(log, i * kStretch, std::min(size, (i + 1) * kStretch), size, root, told);
      const std::lock_guard lock(mutex);
      if (!stretch) {
        if (!failed) failed = stretch.error();
        taken = stretches;
        return;
      }
      out.proven += stretch->proven;
      out.refused.insert(out.refused.end(), stretch->refused.begin(), stretch->refused.end());
      path_max = std::max(path_max, stretch->path_max);
    }
  };
  {
    std::vector<std::jthread> workers;
    for (unsigned i = 1; i < std::max(1U, threads); ++i) workers.emplace_back(work);
    work();
  }
  if (failed) return *failed;
  std::sort(out.refused.begin(), out.refused.end());
  if (out.refused.size() > kRefusedMax) out.refused.resize(kRefusedMax);
  if (size > 0) out.proof_bytes_max = InclusionProof{size - 1, {}, std::vector<Digest>(path_max)}.text().size();
  return out;
}

}  // namespace annals
