#pragma once
// Rows in the order of their keys, more of them than memory holds: so many at a time are sorted and put into a temporary file, and these
// runs are read together. For one thread.
// Errors: kIo, of the temporary file.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/error.h"
#include "engine/projection/temporary_file.h"

namespace annals {

class SortedRows {
 public:
  static constexpr std::size_t kBytesOfARun = 24u << 20;   // in memory

  explicit SortedRows(std::size_t bytes_of_a_run = kBytesOfARun);
  ~SortedRows();
  Status add(std::string key, std::string value);

  struct Row {
    std::string key;
    std::vector<std::string> values;   // of all rows of that key, in the order in which they came
  };
  // The next key; none: there are no more. After the last add().
  Result<std::unique_ptr<Row>> next();

 private:
  class Run;
  Status flush();

  const std::size_t bytes_of_a_run_;
  std::vector<std::pair<std::string, std::string>> rows_;
  std::size_t bytes_ = 0;
  TemporaryFile file_;
  std::uint64_t written_ = 0;
  std::vector<std::unique_ptr<Run>> runs_;
  bool reading_ = false;
  std::vector<std::size_t> heap_;      // runs by (row, run)
};

}  // namespace annals
