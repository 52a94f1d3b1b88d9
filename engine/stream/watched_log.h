#pragma once
// A log that tells when it has grown. Everything else is the log's own.

#include <algorithm>
#include <chrono>
#include <functional>

#include "engine/log/event_log.h"

namespace annals::stream {

// `log` must outlive it. `grown` is called by the thread that appended, after what it appended is on disk: how many events are new, and
// how long the append took.
class WatchedLog final : public EventLog {
 public:
  WatchedLog(EventLog& log, std::function<void(std::size_t events, std::chrono::nanoseconds took)> grown) : log_(log), grown_(std::move(grown)) {}

  Result<std::vector<Receipt>> append(std::span<const EventDraft> batch, OnRepeat on_repeat) override {
    return appended([&] { return log_.append(batch, on_repeat); });
  }
  Result<std::vector<Receipt>> append_encoded(std::vector<EncodedDraft> batch, OnRepeat on_repeat) override {
    return appended([&] { return log_.append_encoded(std::move(batch), on_repeat); });
  }
  Status restore(std::span<const StoredEvent> batch) override {
    const auto begun = std::chrono::steady_clock::now();
    auto out = log_.restore(batch);
    if (out) grown_(batch.size(), std::chrono::steady_clock::now() - begun);
    return out;
  }
  Result<Receipt> erase(const EventDraft& erasure) override {
    const auto begun = std::chrono::steady_clock::now();
    auto out = log_.erase(erasure);
    if (out) grown_(1, std::chrono::steady_clock::now() - begun);
    return out;
  }
  Result<std::optional<Position>> erased(const Digest& note) const override { return log_.erased(note); }
  Result<Position> read(PositionRange range, const EventVisitor& visit, ReadOptions options) const override { return log_.read(range, visit, options); }
  Result<Position> read_stored(PositionRange range, const StoredVisitor& visit) const override { return log_.read_stored(range, visit); }
  Result<Event> get(Position position) const override { return log_.get(position); }
  Result<std::optional<Position>> lookup(const EventId& id) const override { return log_.lookup(id); }
  Position last() const override { return log_.last(); }
  const StoreInfo& info() const override { return log_.info(); }
  Result<Digest> root(Position size) const override { return log_.root(size); }
  Result<std::vector<Digest>> hashes(unsigned level, std::uint64_t from, std::size_t count) const override { return log_.hashes(level, from, count); }
  Status put_note(const Digest& hash, std::string_view bytes) override { return log_.put_note(hash, bytes); }
  Result<std::string> get_note(const Digest& hash) const override { return log_.get_note(hash); }
  Status put_derived(std::span<const std::pair<std::string, std::string>> rows, std::span<const std::string> removed) override {
    return log_.put_derived(rows, removed);
  }
  using EventLog::put_derived_files;
  Status put_derived_files(const DerivedFiles& next) override { return log_.put_derived_files(next); }
  Status drop_derived(std::string_view prefix) override { return log_.drop_derived(prefix); }
  std::vector<SpaceTaken> space_taken() const override { return log_.space_taken(); }
  std::unique_ptr<DerivedReader> derived() const override { return log_.derived(); }
  std::optional<std::string> get_derived(std::string_view key) const override { return log_.get_derived(key); }

 private:
  template <class Append>
  Result<std::vector<Receipt>> appended(const Append& append) {
    const auto begun = std::chrono::steady_clock::now();
    auto out = append();
    if (out) grown_(static_cast<std::size_t>(std::count_if(out->begin(), out->end(), [](const Receipt& one) { return !one.repeated; })), std::chrono::steady_clock::now() - begun);
    return out;
  }

  EventLog& log_;
  std::function<void(std::size_t, std::chrono::nanoseconds)> grown_;
};

}  // namespace annals::stream
