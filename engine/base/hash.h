#pragma once
// Hashes for tables and samples: the same on every machine and for ever, but no protection against who wants them to collide.

#include <cstdint>
#include <string_view>

namespace annals {

// FNV-1a, 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv). Feed pieces one after the other.
inline constexpr std::uint64_t kFnvBasis = 0xcbf29ce484222325ULL;
constexpr std::uint64_t fnv1a(std::string_view bytes, std::uint64_t hash = kFnvBasis) {
  for (const char c : bytes) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3ULL;
  return hash;
}
constexpr std::uint64_t fnv1a(std::uint8_t byte, std::uint64_t hash) { return (hash ^ byte) * 0x100000001b3ULL; }

// Spreads every bit over all of them (the finisher of MurmurHash3), so that any of them can be sampled.
constexpr std::uint64_t mixed(std::uint64_t hash) {
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccdULL;
  hash ^= hash >> 33;
  hash *= 0xc4ceb9fe1a85ec53ULL;
  return hash ^ hash >> 33;
}

}  // namespace annals
