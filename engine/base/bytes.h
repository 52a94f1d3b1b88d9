#pragma once
// Byte spans, digests and strong numbers that must not be mixed up.

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

#include "engine/base/error.h"

namespace annals {

// [begin, end) in bytes, of a note's UTF-8 text unless said otherwise.
struct ByteSpan {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::uint64_t size() const { return end - begin; }
  bool empty() const { return end <= begin; }
  bool covers(ByteSpan other) const { return begin <= other.begin && other.end <= end; }
  std::string_view of(std::string_view text) const { return text.substr(begin, end - begin); }
  friend auto operator<=>(const ByteSpan&, const ByteSpan&) = default;
};

// 32 bytes, usually a SHA-256. All zero is "none".
struct Digest {
  std::array<std::uint8_t, 32> bytes{};
  bool none() const { return *this == Digest{}; }
  std::string hex() const;
  static Result<Digest> from_hex(std::string_view hex);
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  friend auto operator<=>(const Digest&, const Digest&) = default;
};

// Place of an event in the log: dense, from 1, never reused. 0 is no event and reads as "before the first".
struct Position {
  std::uint64_t value = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};

// SHA-256 over pieces (FIPS 180-4; OpenSSL does the work). Not for use from two threads at once.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  Sha256& add(std::string_view bytes);
  // Length-prefixed (u64, little endian), so that "ab"+"c" and "a"+"bc" differ.
  Sha256& add_field(std::string_view bytes);
  Sha256& add_field(std::uint64_t number);
  // The digest of what was added; the object starts anew.
  Digest finish();

 private:
  void* context_;
};

Digest sha256(std::string_view bytes);
// 32 bytes from the operating system's generator.
Digest random_digest();

}  // namespace annals

template <>
struct std::hash<annals::Digest> {
  std::size_t operator()(const annals::Digest& digest) const noexcept {
    std::size_t head;  // Digests are uniform already: their first bytes are a good hash.
    std::memcpy(&head, digest.bytes.data(), sizeof head);
    return head;
  }
};
