#include "engine/codec/canonical.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "engine/base/error.h"

namespace annals {
namespace {

// Words are numbers of the encoding: little endian, as this machine's are (codec.cc asserts it).
using Word = std::uint64_t;

class Canonical {
 public:
  explicit Canonical(kj::ArrayPtr<const capnp::word> segment) : in_(reinterpret_cast<const Word*>(segment.begin())), out_(segment.size() * sizeof(Word), '\0') {
    if (segment.size() == 0) return;
    take(1);
    pointer(0, 0);
  }
  std::string finish() {
    out_.resize(used_ * sizeof(Word));
    return std::move(out_);
  }

 private:
  struct Size {
    std::size_t data = 0;
    std::size_t pointers = 0;
  };

  // Never more than the builder took: what is left out are zeros.
  std::size_t take(std::size_t words) {
    const std::size_t at = used_;
    used_ += words;
    check(used_ * sizeof(Word) <= out_.size(), "a canonical message is no longer than what it was made of");
    return at;
  }
  void put(std::size_t at, Word word) { std::memcpy(out_.data() + at * sizeof word, &word, sizeof word); }
  void copy(std::size_t to, std::size_t from, std::size_t words) { std::memcpy(out_.data() + to * sizeof(Word), in_ + from, words * sizeof(Word)); }
  // A pointer's low half: what kind, and how far behind the pointer.
  static Word place(unsigned kind, std::size_t at, std::size_t target) { return static_cast<std::uint32_t>(static_cast<std::int32_t>(target - at - 1) * 4) | kind; }
  static std::size_t target(std::size_t at, Word pointer) { return at + 1 + static_cast<std::size_t>(static_cast<std::ptrdiff_t>(static_cast<std::int32_t>(pointer) >> 2)); }
  static Size declared(Word pointer) { return {pointer >> 32 & 0xffff, pointer >> 48}; }

  Size trimmed(std::size_t at, Size size) const {
    Size out = size;
    while (out.data > 0 && in_[at + out.data - 1] == 0) --out.data;
    while (out.pointers > 0 && in_[at + size.data + out.pointers - 1] == 0) --out.pointers;
    return out;
  }
  void contents(std::size_t from, Size of, std::size_t to, Size kept) {
    copy(to, from, kept.data);
    for (std::size_t i = 0; i < kept.pointers; ++i) pointer(from + of.data + i, to + kept.data + i);
  }

  void pointer(std::size_t from, std::size_t to) {
    const Word word = in_[from];
    if (word == 0) return;
    const std::size_t at = target(from, word);
    if ((word & 3) == 0) return structure(at, declared(word), to);
    check((word & 3) == 1, "a message in one segment has structs and lists");
    list(at, word, to);
  }
  void structure(std::size_t at, Size size, std::size_t to) {
    const Size kept = trimmed(at, size);
    const Word sizes = static_cast<Word>(kept.data) << 32 | static_cast<Word>(kept.pointers) << 48;
    const std::size_t place_of = take(kept.data + kept.pointers);
    put(to, sizes | place(0, to, sizes == 0 ? to : place_of));   // an empty one points to itself
    contents(at, size, place_of, kept);
  }
  void list(std::size_t at, Word word, std::size_t to) {
    constexpr std::array<std::size_t, 6> kBits = {0, 1, 8, 16, 32, 64};
    const unsigned kind = word >> 32 & 7;
    const std::size_t count = word >> 35;
    if (kind < kBits.size()) {
      const std::size_t words = (count * kBits[kind] + 63) / 64;
      const std::size_t place_of = take(words);
      put(to, (word & ~Word{0xffffffff}) | place(1, to, place_of));
      copy(place_of, at, words);
      return;
    }
    if (kind == 6) {
      const std::size_t place_of = take(count);
      put(to, (word & ~Word{0xffffffff}) | place(1, to, place_of));
      for (std::size_t i = 0; i < count; ++i) pointer(at + i, place_of + i);
      return;
    }
    // Of structs: all as long as the longest needs to be.
    const Word tag = in_[at];
    const std::size_t elements = static_cast<std::uint32_t>(tag) >> 2;
    const Size size = declared(tag);
    const std::size_t step = size.data + size.pointers;
    Size kept;
    for (std::size_t i = 0; i < elements; ++i) {
      const Size one = trimmed(at + 1 + i * step, size);
      kept = {std::max(kept.data, one.data), std::max(kept.pointers, one.pointers)};
    }
    const std::size_t kept_step = kept.data + kept.pointers;
    const std::size_t place_of = take(1 + elements * kept_step);
    put(to, static_cast<Word>(elements * kept_step) << 35 | Word{7} << 32 | place(1, to, place_of));
    put(place_of, (tag & 0xffffffff) | static_cast<Word>(kept.data) << 32 | static_cast<Word>(kept.pointers) << 48);
    for (std::size_t i = 0; i < elements; ++i) contents(at + 1 + i * step, size, place_of + 1 + i * kept_step, kept);
  }

  const Word* in_;
  std::string out_;
  std::size_t used_ = 0;
};

}  // namespace

std::string canonical_bytes(kj::ArrayPtr<const capnp::word> segment) { return Canonical(segment).finish(); }

}  // namespace annals
