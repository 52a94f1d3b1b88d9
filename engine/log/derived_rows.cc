#include "engine/log/derived_rows.h"

#include <rocksdb/iterator.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/log/rocks.h"

namespace annals {
namespace {

using rocksdb::Slice;

class DerivedGroups final : public rocksdb::SliceTransform {
 public:
  const char* Name() const override { return "annals.DerivedGroups"; }   // stands in files: another rule is another name
  Slice Transform(const Slice& key) const override { return slice(group(key)); }
  bool InDomain(const Slice& key) const override { return !group(key).empty(); }

 private:
  static std::string_view group(const Slice& key) {
    const std::string_view whole = view(key);
    if (!whole.starts_with(kDerivedRow)) return {};
    const std::string_view its = derived_group(whole.substr(kDerivedRow.size()));
    return its.empty() ? its : whole.substr(0, kDerivedRow.size() + its.size());
  }
};

// The same, but of the group that `prefix` holds whole.
std::string behind_in_group(std::string_view prefix) { return std::string(prefix).append(kNoMoreOfAGroup, '\xff'); }

class RowReader final : public DerivedReader {
 public:
  // No iterator: no rows.
  RowReader(IdleReaders& idle, IdleReaders::Reader reader, const std::string& directory)
      : idle_(idle), reader_(std::move(reader)), it_(reader_.rows ? reader_.rows->it.get() : nullptr), directory_(directory) {}
  RowReader(const RowReader&) = delete;
  RowReader& operator=(const RowReader&) = delete;
  ~RowReader() override { idle_.give(std::move(reader_)); }
  std::uint64_t version() const override { return it_ != nullptr ? reader_.made : 0; }

  Status scan(std::string_view prefix, std::string_view from, const DerivedVisitor& visit) override {
    if (!it_) return {};
    within_.assign(kDerivedRow).append(prefix);
    start_.assign(kDerivedRow).append(std::max(prefix, from));
    bound(within_);
    for (it_->Seek(start_); it_->Valid() && it_->key().starts_with(within_); it_->Next()) {
      if (visit(view(it_->key()).substr(kDerivedRow.size()), view(it_->value())) == Visit::kStop) return {};
    }
    return it_->status().ok() ? Status() : Status(error_of(it_->status(), directory_));
  }
  std::optional<std::string> get(std::string_view key) override {
    if (!it_) return std::nullopt;
    start_.assign(kDerivedRow).append(key);
    bound(start_);
    it_->Seek(start_);
    if (!it_->Valid() || it_->key() != slice(start_)) return std::nullopt;
    return it_->value().ToString();
  }

 private:
  // Files with nothing below it are not looked into; nor, where it is of the same group as where the seek begins, files without that group.
  void bound(std::string_view prefix) { reader_.rows->end_at(derived_group(prefix.substr(kDerivedRow.size())).empty() ? behind(prefix) : behind_in_group(prefix)); }

  IdleReaders& idle_;
  IdleReaders::Reader reader_;
  rocksdb::Iterator* const it_;
  const std::string& directory_;
  std::string within_;
  std::string start_;
};

}  // namespace

std::shared_ptr<const rocksdb::SliceTransform> derived_groups() { return std::make_shared<DerivedGroups>(); }

std::string behind(std::string_view prefix) {
  std::string out(prefix);
  while (static_cast<unsigned char>(out.back()) == 0xff) out.pop_back();   // stops at kDerivedRow at the latest
  out.back() = static_cast<char>(out.back() + 1);
  return out;
}

std::unique_ptr<DerivedReader> derived_reader(IdleReaders& idle, IdleReaders::Reader reader, const std::string& directory) {
  return std::make_unique<RowReader>(idle, std::move(reader), directory);
}

}  // namespace annals
