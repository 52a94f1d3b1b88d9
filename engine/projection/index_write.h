#pragma once
// Rows of the index on their way to the log. Internal to engine/projection. Errors are the log's.

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/log/event_log.h"

namespace annals::index_rows {

// The rows of a seal's pages, kept back until all are made, so that they change in one step with the mark: whoever reads meanwhile finds the
// pages before, all of them. Where they are more than memory should hold, `before_some` is called once, and from then on they are written
// as they come. Any number of threads.
class KeptBack {
 public:
  KeptBack(EventLog& log, std::function<Status()> before_some, std::size_t most = 32u << 20) : log_(log), before_some_(std::move(before_some)), most_(most) {}
  // Each key once.
  Status put(std::vector<DerivedRow> rows);
  // What is kept, with these, which lie behind all others.
  Status finish(std::vector<DerivedRow> rows);

 private:
  EventLog& log_;
  const std::function<Status()> before_some_;
  const std::size_t most_;
  std::mutex mutex_;
  bool keeps_ = true;
  std::vector<DerivedRow> rows_;
  std::size_t bytes_ = 0;
};

// Of one thread.
class Writer {
 public:
  // `kept`: none writes at once.
  explicit Writer(EventLog& log, KeptBack* kept = nullptr) : log_(log), kept_(kept) {}
  Status put(std::string key, std::optional<std::string> value);
  Status flush();

 private:
  EventLog& log_;
  KeptBack* const kept_;
  std::vector<DerivedRow> rows_;
  std::size_t bytes_ = 0;
};

}  // namespace annals::index_rows
