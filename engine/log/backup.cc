#include "engine/log/backup.h"

#include <fmt/format.h>

#include <vector>

#include "engine/log/appending.h"

namespace annals {
namespace {

constexpr std::size_t kBatchEvents = 4'096;
constexpr std::size_t kBatchBytes = 8u << 20;

}  // namespace

Result<CopyReport> copy_log(const EventLog& from, EventLog& to, const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  CopyReport report;
  report.before = to.last();
  report.last = from.last();
  if (report.before > report.last)
    return Error{ErrorCode::kConflict, fmt::format("the copy holds {} events, the log {}; a copy can only be a beginning of it", report.before.value, report.last.value)};
  ANNALS_TRY(const Digest shared, from.root(report.before));
  ANNALS_TRY(const Digest held, to.root(report.before));
  if (shared != held) return Error{ErrorCode::kConflict, fmt::format("the copy holds {} events that are not the log's (their root is {}, expected {})", report.before.value, held.hex(), shared.hex())};

  std::vector<StoredEvent> batch;
  std::size_t bytes = 0;
  std::optional<Error> failed;
  const auto flush = [&]() -> Status {
    if (batch.empty()) return {};
    ANNALS_CHECK_OK(to.restore(batch));
    if (progress) progress(batch.back().position.value, report.last.value);
    batch.clear();
    bytes = 0;
    return {};
  };
  // The bytes of a note lie in the copy before the event of its arrival.
  const auto bring_note = [&](const StoredView& stored) -> Status {
    ANNALS_TRY(const Event envelope, decode_event(stored.header, stored.body, {.parts = Parts::kEnvelope}));
    if (envelope.kind() != EventKind::kNote || stored.erased) return {};
    ANNALS_TRY(const Event event, decode_event(stored.header, stored.body));
    const Digest& hash = std::get<NoteArrival>(event.body).note;
    auto note = from.get_note(hash);
    if (!note && note.error().code == ErrorCode::kNotFound) {
      ++report.notes_lacking;
      return {};
    }
    if (!note) return note.error();
    ANNALS_CHECK_OK(to.put_note(hash, *note));
    ++report.notes;
    return {};
  };
  if (report.before < report.last) {
    ANNALS_TRY(const Position seen, from.read_stored({report.before, report.last}, [&](const StoredView& stored) {
      Status status = appending::check_leaf(stored);
      if (status) status = bring_note(stored);
      if (status) {
        batch.push_back(stored.copy());
        bytes += stored.header.size() + stored.body.size();
        if (batch.size() >= kBatchEvents || bytes >= kBatchBytes) status = flush();
      }
      if (!status) failed = status.error();
      return failed ? Visit::kStop : Visit::kContinue;
    }));
    static_cast<void>(seen);
    if (failed) return *failed;
    ANNALS_CHECK_OK(flush());
  }
  ANNALS_TRY(report.root, to.root(report.last));
  ANNALS_TRY(const Digest expected, from.root(report.last));
  if (report.root != expected) return Error{ErrorCode::kCorrupt, fmt::format("the log's root over {} events is {}, that of its events {}", report.last.value, expected.hex(), report.root.hex())};
  return report;
}

}  // namespace annals
