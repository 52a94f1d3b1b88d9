// The log in memory: the same bytes, checks and order as on disk; nothing survives.

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "engine/log/appending.h"
#include "engine/log/erasure.h"
#include "engine/log/event_log.h"
#include "engine/proof/proof.h"

namespace annals {
namespace {

class MemoryEventLog final : public EventLog {
 public:
  MemoryEventLog(const Clock& clock, LogOptions options) : clock_(clock), options_(std::move(options)) {
    info_.zone = options_.zone_at_creation;
    info_.created = clock_.now();
  }

  Result<std::vector<Receipt>> append(std::span<const EventDraft> batch, OnRepeat on_repeat) override {
    ANNALS_TRY(std::vector<appending::Prepared> prepared, appending::prepare(batch));
    return append(std::move(prepared), on_repeat);
  }
  Result<std::vector<Receipt>> append_encoded(std::vector<EncodedDraft> batch, OnRepeat on_repeat) override {
    ANNALS_TRY(std::vector<appending::Prepared> prepared, appending::prepare(std::move(batch)));
    return append(std::move(prepared), on_repeat);
  }

  Result<Receipt> erase(const EventDraft& erasure) override {
    if (!std::holds_alternative<Erasure>(erasure.body)) return Error{ErrorCode::kInvalid, "expected an erasure"};
    ANNALS_TRY(std::vector<appending::Prepared> prepared, appending::prepare(std::span(&erasure, 1), appending::Erasures::kTaken));
    ANNALS_TRY(const std::vector<Receipt> receipts, append(std::move(prepared), OnRepeat::kAnswerFirst));
    if (!receipts.front().repeated) ANNALS_CHECK_OK(carry_out(receipts.front().position));
    return receipts.front();
  }

  Result<std::optional<Position>> erased(const Digest& note) const override {
    const std::shared_lock lock(mutex_);
    const auto found = erased_notes_.find(note);
    return found == erased_notes_.end() ? std::nullopt : std::optional(found->second);
  }

  Status restore(std::span<const StoredEvent> batch) override {
    std::unique_lock lock(mutex_);
    std::vector<Position> erasures;
    ANNALS_TRY(std::vector<Event> events, appending::check_restored(batch, Position{events_.size()}, last_recorded()));
    std::vector<Item> fresh;
    std::unordered_map<EventId, Position> in_batch;
    for (std::size_t i = 0; i < events.size(); ++i) {
      const EventId& id = events[i].id;
      if (const auto found = ids_.find(id); found != ids_.end()) return appending::conflict(found->second, id);
      if (const auto [twin, added] = in_batch.emplace(id, events[i].position); !added) return appending::conflict(twin->second, id);
      if (events[i].kind() == EventKind::kErasure) erasures.push_back(events[i].position);
      events[i].erased = batch[i].erased;
      fresh.push_back({batch[i], std::move(events[i])});
    }
    take(std::move(fresh));
    lock.unlock();
    for (const Position erasure : erasures) ANNALS_CHECK_OK(carry_out(erasure));
    return {};
  }

  Result<Position> read(PositionRange range, const EventVisitor& visit, ReadOptions options) const override {
    return each(range, [&](const Item& item) -> Result<Visit> {
      // The memory log keeps what it decoded; only a reader that asks for parts is shown less.
      if (options.parts == Parts::kAll || item.event.erased) return visit(item.event);
      ANNALS_TRY(const Event event, appending::open_stored(item.stored.view(), options));
      return visit(event);
    });
  }

  Result<Position> read_stored(PositionRange range, const StoredVisitor& visit) const override {
    return each(range, [&](const Item& item) -> Result<Visit> { return visit(item.stored.view()); });
  }

  Result<Event> get(Position position) const override {
    const std::shared_lock lock(mutex_);
    if (position.value == 0 || position.value > events_.size()) {
      return appending::at_position(position, Error{ErrorCode::kNotFound, "there is no such event"});
    }
    return events_[position.value - 1]->event;
  }

  Result<std::optional<Position>> lookup(const EventId& id) const override {
    const std::shared_lock lock(mutex_);
    const auto found = ids_.find(id);
    return found == ids_.end() ? std::nullopt : std::optional(found->second);
  }

  Position last() const override {
    const std::shared_lock lock(mutex_);
    return Position{events_.size()};
  }

  const StoreInfo& info() const override { return info_; }

  Result<Digest> root(Position size) const override {
    {
      const std::shared_lock lock(mutex_);
      if (size.value > events_.size()) return appending::at_position(size, Error{ErrorCode::kNotFound, "there is no such event"});
      if (size.value == events_.size()) return range_.root();
    }
    return tree().root(size.value);
  }

  Result<std::vector<Digest>> hashes(unsigned level, std::uint64_t first, std::size_t count) const override {
    const std::shared_lock lock(mutex_);
    std::vector<Digest> out;
    for (std::uint64_t i = first; i < first + count; ++i) out.push_back(level == 0 ? events_[i]->stored.leaf : nodes_.at({level, i}));
    return out;
  }

  Status put_note(const Digest& hash, std::string_view bytes) override {
    ANNALS_CHECK_OK(appending::check_note(hash, bytes));
    const std::unique_lock lock(mutex_);
    if (const auto gone = erased_notes_.find(hash); gone != erased_notes_.end()) return appending::note_erased(hash, gone->second, ErrorCode::kConflict);
    notes_.try_emplace(hash, bytes);
    return {};
  }

  Result<std::string> get_note(const Digest& hash) const override {
    const std::shared_lock lock(mutex_);
    if (const auto gone = erased_notes_.find(hash); gone != erased_notes_.end()) return appending::note_erased(hash, gone->second, ErrorCode::kNotFound);
    const auto found = notes_.find(hash);
    if (found == notes_.end()) return Error{ErrorCode::kNotFound, "there is no note " + hash.hex()};
    return found->second;
  }

  Status put_derived(std::span<const std::pair<std::string, std::string>> rows, std::span<const std::string> removed) override {
    const std::unique_lock lock(mutex_);
    Rows& all = this->rows();
    for (const std::string& key : removed) all.erase(key);
    for (const auto& [key, value] : rows) all.insert_or_assign(key, value);
    return {};
  }

  using EventLog::put_derived_files;
  Status put_derived_files(const DerivedFiles& next) override {
    std::vector<DerivedRow> put;
    for (;;) {
      ANNALS_TRY(const auto rows, next());
      if (rows.empty()) break;
      for (std::size_t i = 1; i < rows.size(); ++i)
        if (rows[i].first <= rows[i - 1].first) return Error{ErrorCode::kInvalid, "derived rows that should ascend do not"};
      put.insert(put.end(), rows.begin(), rows.end());
    }
    const std::unique_lock lock(mutex_);
    Rows& all = this->rows();
    for (auto& [key, value] : put) {
      if (value) all.insert_or_assign(std::move(key), *std::move(value));
      else all.erase(key);
    }
    return {};
  }

  Status drop_derived(std::string_view prefix) override {
    const std::unique_lock lock(mutex_);
    Rows& all = rows();
    auto at = all.lower_bound(prefix);
    while (at != all.end() && at->first.starts_with(prefix)) at = all.erase(at);
    return {};
  }

  std::vector<SpaceTaken> space_taken() const override { return {}; }

  std::unique_ptr<DerivedReader> derived() const override {
    const std::shared_lock lock(mutex_);
    return std::make_unique<RowReader>(derived_, readers_);
  }

  std::optional<std::string> get_derived(std::string_view key) const override {
    const std::shared_lock lock(mutex_);
    const auto found = derived_->find(key);
    return found == derived_->end() ? std::nullopt : std::optional(found->second);
  }

 private:
  using Rows = std::map<std::string, std::string, std::less<>>;
  class RowReader final : public DerivedReader {
   public:
    RowReader(std::shared_ptr<const Rows> rows, std::atomic<int>& readers) : rows_(std::move(rows)), readers_(readers) { ++readers_; }
    ~RowReader() override { --readers_; }
    Status scan(std::string_view prefix, std::string_view from, const DerivedVisitor& visit) override {
      for (auto at = rows_->lower_bound(std::max(prefix, from)); at != rows_->end() && at->first.starts_with(prefix); ++at)
        if (visit(at->first, at->second) == Visit::kStop) break;
      return {};
    }
    std::optional<std::string> get(std::string_view key) override {
      const auto found = rows_->find(key);
      return found == rows_->end() ? std::nullopt : std::optional(found->second);
    }

   private:
    const std::shared_ptr<const Rows> rows_;
    std::atomic<int>& readers_;
  };
  // To be changed: others than those that readers have.
  Rows& rows() {
    if (readers_ > 0) derived_ = std::make_shared<Rows>(*derived_);
    return *derived_;
  }

  struct Item {
    StoredEvent stored;
    Event event;   // of an erased one, with what was kept of it
  };

  Result<std::vector<Receipt>> append(std::vector<appending::Prepared> prepared, OnRepeat on_repeat) {
    const std::unique_lock lock(mutex_);
    std::vector<Receipt> receipts;
    receipts.reserve(prepared.size());
    std::vector<Item> fresh;
    std::unordered_map<EventId, std::size_t> in_batch;  // id → index in fresh
    std::optional<Instant> time;
    for (appending::Prepared& one : prepared) {
      const Item* old = nullptr;
      const EventId id = one.draft.id;
      if (const auto found = ids_.find(id); found != ids_.end()) old = events_[found->second.value - 1].get();
      else if (const auto twin = in_batch.find(id); twin != in_batch.end()) old = &fresh[twin->second];
      if (old != nullptr) {
        if (on_repeat == OnRepeat::kCompare) {
          ANNALS_TRY(const bool same, appending::same_content(one.draft.bytes, old->stored.view()));
          if (!same) return appending::conflict(old->stored.position, id);
        }
        receipts.push_back({old->stored.position, true});
        continue;
      }
      if (!time) {
        ANNALS_TRY(time, appending::recording_time(clock_.now(), last_recorded(), options_.allow_clock_jump));
      }
      const Position position{events_.size() + fresh.size() + 1};
      Item item;
      in_batch.emplace(id, fresh.size());
      const Digest body = one.body_digest;
      item.stored = appending::finish(std::move(one), position, *time);
      item.stored.leaf = leaf_hash(item.stored.header, body);
      ANNALS_TRY(item.event, appending::open_stored(item.stored.view(), {}));
      fresh.push_back(std::move(item));
      receipts.push_back({position, false});
    }
    take(std::move(fresh));
    return receipts;
  }

  Status carry_out(Position position) {
    ANNALS_TRY(const Event event, get(position));
    const auto& erasure = std::get<Erasure>(event.body);
    ANNALS_TRY(const Covered covered, covered_by(*this, erasure, position));
    const std::unique_lock lock(mutex_);
    kept_.forget();
    for (const auto* list : {&covered.events, &covered.adopted}) {
      for (const Position each : *list) {
        Item item = *events_[each.value - 1];
        if (item.stored.erased && *item.stored.erased > position) continue;
        item.stored.salt = item.stored.digest();
        item.stored.body.clear();
        item.stored.erased = position;
        ANNALS_TRY(item.event, appending::open_stored(item.stored.view(), {}));
        ANNALS_CHECK_OK(kept_.put_back(item.event, [&](Position) -> Result<Erasure> { return erasure; }));
        events_[each.value - 1] = std::make_shared<const Item>(std::move(item));
      }
    }
    notes_.erase(erasure.note);
    Position& mark = erased_notes_[erasure.note];
    mark = std::max(mark, position);
    rows().clear();
    return {};
  }

  std::optional<Instant> last_recorded() const {
    return events_.empty() ? std::nullopt : std::optional(events_.back()->event.recorded_at);
  }

  void take(std::vector<Item> fresh) {
    std::vector<TreeNode> completed;
    for (Item& item : fresh) {
      range_.append(item.stored.leaf, &completed);
      ids_.emplace(item.event.id, item.stored.position);
      events_.push_back(std::make_shared<const Item>(std::move(item)));
    }
    for (const TreeNode& node : completed) nodes_.emplace(std::pair(node.level, node.index), node.hash);
  }

  template <class See>
  Result<Position> each(PositionRange range, const See& see) const {
    Position shown;
    const std::uint64_t end = std::min(range.upto.value, last().value);
    for (std::uint64_t at = range.after.value; at < end; ++at) {
      std::shared_ptr<const Item> item;
      {
        const std::shared_lock lock(mutex_);
        item = events_[at];
      }
      ANNALS_TRY(const Visit next, see(*item));
      shown = item->stored.position;
      if (next == Visit::kStop) break;
    }
    return shown;
  }

  const Clock& clock_;
  const LogOptions options_;
  StoreInfo info_;
  mutable std::shared_mutex mutex_;
  std::vector<std::shared_ptr<const Item>> events_;   // position 1 is at 0
  std::unordered_map<EventId, Position> ids_;
  CompactRange range_;
  std::map<std::pair<unsigned, std::uint64_t>, Digest> nodes_;
  std::unordered_map<Digest, std::string> notes_;
  std::unordered_map<Digest, Position> erased_notes_;
  KeptWords kept_;
  std::shared_ptr<Rows> derived_ = std::make_shared<Rows>();
  mutable std::atomic<int> readers_{0};
};

}  // namespace

std::unique_ptr<EventLog> make_memory_log(const Clock& clock, LogOptions options) {
  return std::make_unique<MemoryEventLog>(clock, std::move(options));
}

}  // namespace annals
