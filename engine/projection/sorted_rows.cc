#include "engine/projection/sorted_rows.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <tuple>

namespace annals {
namespace {

constexpr std::size_t kReadAtOnce = 32u << 10;   // of each run

void put_number(std::string& out, std::size_t value) {
  const auto number = static_cast<std::uint32_t>(value);
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof number);
}
void put_text(std::string& out, std::string_view text) {
  put_number(out, text.size());
  out += text;
}

}  // namespace

class SortedRows::Run {
 public:
  Run(const TemporaryFile& file, std::uint64_t begin, std::uint64_t end) : file_(file), at_(begin), end_(end) {}

  // False: there are no more.
  Result<bool> next() {
    if (ahead_.size() == used_ && at_ == end_) return false;
    std::uint32_t same = 0;
    ANNALS_CHECK_OK(number(same));
    if (same > key.size()) return Error{ErrorCode::kIo, "a temporary file has other bytes than what was written"};
    key.resize(same);
    ANNALS_CHECK_OK(text(key));
    value.clear();
    ANNALS_CHECK_OK(text(value));
    return true;
  }
  std::string key, value;

 private:
  Status number(std::uint32_t& out) {
    ANNALS_CHECK_OK(need(sizeof out));
    std::memcpy(&out, ahead_.data() + used_, sizeof out);
    used_ += sizeof out;
    return {};
  }
  Status text(std::string& out) {
    std::uint32_t length = 0;
    ANNALS_CHECK_OK(number(length));
    ANNALS_CHECK_OK(need(length));
    out.append(ahead_, used_, length);
    used_ += length;
    return {};
  }
  Status need(std::size_t bytes) {
    if (ahead_.size() - used_ >= bytes) return {};
    ahead_.erase(0, used_);
    used_ = 0;
    const std::size_t more = std::min<std::uint64_t>(std::max(kReadAtOnce, bytes), end_ - at_);
    ANNALS_TRY(const std::string read, file_.read(at_, more));
    at_ += more;
    ahead_ += read;
    return ahead_.size() >= bytes ? Status() : Error{ErrorCode::kIo, "a temporary file is shorter than what was written"};
  }
  const TemporaryFile& file_;
  std::uint64_t at_;
  const std::uint64_t end_;
  std::string ahead_;
  std::size_t used_ = 0;
};

SortedRows::SortedRows(std::size_t bytes_of_a_run) : bytes_of_a_run_(bytes_of_a_run) {}
SortedRows::~SortedRows() = default;

Status SortedRows::add(std::string key, std::string value) {
  bytes_ += key.size() + value.size() + 2 * sizeof(std::string);
  rows_.emplace_back(std::move(key), std::move(value));
  return bytes_ >= bytes_of_a_run_ ? flush() : Status();
}

Status SortedRows::flush() {
  std::stable_sort(rows_.begin(), rows_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  const std::uint64_t begin = written_;
  std::string out;
  const auto write = [&]() -> Status {
    ANNALS_CHECK_OK(file_.write(written_, out));
    written_ += out.size();
    out.clear();
    return {};
  };
  std::string_view before;
  for (const auto& [key, value] : rows_) {
    // Keys are like their neighbours: each is told by how it differs from the one before.
    const auto same = static_cast<std::size_t>(std::mismatch(key.begin(), key.end(), before.begin(), before.end()).first - key.begin());
    put_number(out, same);
    put_text(out, std::string_view(key).substr(same));
    put_text(out, value);
    before = key;
    if (out.size() >= (1u << 20)) ANNALS_CHECK_OK(write());
  }
  ANNALS_CHECK_OK(write());
  rows_ = {};
  bytes_ = 0;
  if (written_ > begin) runs_.push_back(std::make_unique<Run>(file_, begin, written_));
  return {};
}

Result<std::unique_ptr<SortedRows::Row>> SortedRows::next() {
  // The run with the next row comes first; of one key, the oldest.
  const auto later = [&](std::size_t a, std::size_t b) { return std::tie(runs_[a]->key, a) > std::tie(runs_[b]->key, b); };
  const auto push = [&](std::size_t run) -> Status {
    ANNALS_TRY(const bool more, runs_[run]->next());
    if (!more) return {};
    heap_.push_back(run);
    std::push_heap(heap_.begin(), heap_.end(), later);
    return {};
  };
  if (!reading_) {
    ANNALS_CHECK_OK(flush());
    reading_ = true;
    for (std::size_t run = 0; run < runs_.size(); ++run) ANNALS_CHECK_OK(push(run));
  }
  std::unique_ptr<Row> out;
  while (!heap_.empty() && (!out || runs_[heap_.front()]->key == out->key)) {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    const std::size_t run = heap_.back();
    heap_.pop_back();
    if (!out) out = std::make_unique<Row>(Row{runs_[run]->key, {}});
    out->values.push_back(std::move(runs_[run]->value));
    ANNALS_CHECK_OK(push(run));
  }
  return out;
}

}  // namespace annals
