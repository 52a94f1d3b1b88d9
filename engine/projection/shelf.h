#pragma once
// Texts that are put away, and taken down again now and then: what the fold of a long key keeps of each claim. The first of them stand
// in memory, the others in a temporary file. For one thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/projection/temporary_file.h"

namespace annals {

class Shelf {
 public:
  // Where a text stands. A default one: there is none.
  struct Slot {
    std::uint64_t offset = 0;
    std::uint32_t size = 0;
    std::uint32_t room = 0;       // what may stand there
    explicit operator bool() const { return room > 0; }
  };

  // Into the slot's own place where there is room for it, else into a new one.
  void put(Slot& slot, std::string_view text);
  std::string get(const Slot& slot) const;
  // kIo: something could not be put or taken down; what get() gave since is empty.
  Status status() const { return failed_; }

 private:
  static constexpr std::size_t kInMemory = 128u << 10;   // where tracks are apart each has a shelf

  std::string newest_;                 // from flushed_ on
  std::uint64_t flushed_ = 0;
  TemporaryFile file_;
  mutable Status failed_;
};

}  // namespace annals
