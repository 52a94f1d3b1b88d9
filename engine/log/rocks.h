#pragma once
// RocksDB's words in ours. Internal to engine/log.

#include <fmt/format.h>
#include <rocksdb/slice.h>
#include <rocksdb/status.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "engine/base/error.h"

namespace annals {

inline rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view view(const rocksdb::Slice& text) { return {text.data(), text.size()}; }

// Of a status that is not ok.
inline Error error_of(const rocksdb::Status& status, std::string_view where) {
  std::string words = status.ToString();
  std::replace(words.begin(), words.end(), '\n', ' ');
  ErrorCode code = ErrorCode::kIo;
  if (status.IsCorruption()) code = ErrorCode::kCorrupt;
  if (status.IsNotFound()) code = ErrorCode::kNotFound;
  if (status.IsNotSupported()) code = ErrorCode::kUnsupported;
  return {code, fmt::format("{}: {}", where, words)};
}

}  // namespace annals
