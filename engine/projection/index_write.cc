#include "engine/projection/index_write.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "engine/projection/index_rows.h"

namespace annals::index_rows {
namespace {

constexpr std::size_t kBytesOfAFile = 16u << 20;     // rows gathered into one sorted file
constexpr std::size_t kBytesOfABatch = 256u << 10;   // below that a file of their own is not worth it
constexpr std::size_t kKind = kPrefix.size() + 3;    // "px12/a/p"

// In memory: rows of heads are short, and their strings as heavy as what is in them.
std::size_t size_of(const DerivedRow& row) { return sizeof(row) + row.first.size() + (row.second ? row.second->size() : 0); }

// Each kind of row in a file of its own, so that none lies across the pages: what reads pages passes by the newest postings.
std::vector<std::span<const DerivedRow>> by_kind(std::span<const DerivedRow> rows) {
  std::vector<std::span<const DerivedRow>> out;
  const auto kind = [](const DerivedRow& row) { return std::string_view(row.first).substr(0, kKind); };
  for (std::size_t begin = 0; begin < rows.size();) {
    std::size_t end = begin;
    while (end < rows.size() && kind(rows[end]) == kind(rows[begin])) ++end;
    out.push_back(rows.subspan(begin, end - begin));
    begin = end;
  }
  return out;
}

Status write(EventLog& log, std::vector<DerivedRow> rows, std::size_t bytes) {
  if (bytes >= kBytesOfABatch) {
    std::sort(rows.begin(), rows.end());
    return log.put_derived_files(by_kind(rows));
  }
  std::vector<std::pair<std::string, std::string>> put;
  std::vector<std::string> removed;
  for (auto& [key, value] : rows) {
    if (value) put.emplace_back(std::move(key), *std::move(value));
    else removed.push_back(std::move(key));
  }
  return put.empty() && removed.empty() ? Status() : log.put_derived(put, removed);
}

}  // namespace

Status KeptBack::put(std::vector<DerivedRow> rows) {
  std::size_t bytes = 0;
  for (const DerivedRow& row : rows) bytes += size_of(row);
  {
    const std::lock_guard lock(mutex_);
    if (keeps_) {
      rows_.insert(rows_.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
      bytes_ += bytes;
      if (bytes_ <= most_) return {};
      ANNALS_CHECK_OK(before_some_());
      keeps_ = false;
      rows = std::exchange(rows_, {});
      bytes = std::exchange(bytes_, 0);
    }
  }
  return write(log_, std::move(rows), bytes);
}

Status KeptBack::finish(std::vector<DerivedRow> rows) {
  const std::lock_guard lock(mutex_);
  std::sort(rows_.begin(), rows_.end());
  std::sort(rows.begin(), rows.end());
  if (bytes_ < kBytesOfABatch) {
    rows_.insert(rows_.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
    return log_.put_derived_sorted(rows_);
  }
  std::vector<std::span<const DerivedRow>> files = by_kind(rows_);
  files.push_back(rows);
  return log_.put_derived_files(files);
}

Status Writer::put(std::string key, std::optional<std::string> value) {
  rows_.emplace_back(std::move(key), std::move(value));
  bytes_ += size_of(rows_.back());
  return bytes_ >= kBytesOfAFile ? flush() : Status();
}

Status Writer::flush() {
  const std::size_t bytes = std::exchange(bytes_, 0);
  std::vector<DerivedRow> rows = std::exchange(rows_, {});
  return kept_ != nullptr ? kept_->put(std::move(rows)) : write(log_, std::move(rows), bytes);
}

}  // namespace annals::index_rows
