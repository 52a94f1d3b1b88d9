#pragma once
// Texts that are put away, and taken down again now and then: what the fold of a long key keeps of each claim. The first of them stand
// in memory; behind that they go to a file that has no name, in the directory for temporary files ($TMPDIR, else /tmp), and is gone with
// the shelf or with the process. For one thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/error.h"

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
  Shelf() = default;
  ~Shelf();
  Shelf(const Shelf&) = delete;
  Shelf& operator=(const Shelf&) = delete;

  // Into the slot's own place where there is room for it, else into a new one.
  void put(Slot& slot, std::string_view text);
  std::string get(const Slot& slot) const;
  // kIo: something could not be put or taken down; what get() gave since is empty.
  Status status() const { return failed_; }

 private:
  static constexpr std::size_t kInMemory = 1u << 20;
  void flush();
  void write(std::uint64_t at, std::string_view text);
  void fail(std::string_view what) const;

  std::string newest_;                 // from flushed_ on
  std::uint64_t flushed_ = 0;
  int file_ = -1;
  mutable Status failed_;
};

}  // namespace annals
