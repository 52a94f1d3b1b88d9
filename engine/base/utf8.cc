#include "engine/base/utf8.h"

#include <bit>
#include <cstdint>
#include <cstring>

namespace annals {

static_assert(std::endian::native == std::endian::little, "eight bytes are looked at as one number");

CodePoint decode_utf8(std::string_view text, std::size_t at) {
  constexpr CodePoint kBroken{0xFFFD, 1};
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return {first, 1};
  unsigned length;
  char32_t value;
  char32_t least;
  if (first >= 0xC2 && first <= 0xDF) length = 2, value = first & 0x1Fu, least = 0x80;
  else if (first >= 0xE0 && first <= 0xEF) length = 3, value = first & 0x0Fu, least = 0x800;
  else if (first >= 0xF0 && first <= 0xF4) length = 4, value = first & 0x07u, least = 0x10000;
  else return kBroken;
  if (at + length > text.size()) return kBroken;
  for (unsigned i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0u) != 0x80u) return kBroken;
    value = value << 6 | (byte(at + i) & 0x3Fu);
  }
  if (value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return kBroken;
  return {value, length};
}

void append_utf8(std::string& out, char32_t value) {
  if (value < 0x80) {
    out += static_cast<char>(value);
  } else if (value < 0x800) {
    out += static_cast<char>(0xC0 | value >> 6);
    out += static_cast<char>(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    out += static_cast<char>(0xE0 | value >> 12);
    out += static_cast<char>(0x80 | (value >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (value & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | value >> 18);
    out += static_cast<char>(0x80 | (value >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (value >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (value & 0x3F));
  }
}

std::optional<std::size_t> find_invalid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (byte(at) < 0x80) {
      ++at;
      // Eight letters at once.
      for (std::uint64_t eight = 0; at + sizeof eight <= text.size(); at += sizeof eight) {
        std::memcpy(&eight, text.data() + at, sizeof eight);
        if ((eight & 0x8080808080808080ULL) != 0) break;
      }
      continue;
    }
    // Two ideographs at once, as the next lines take one.
    for (std::uint64_t eight = 0; at + sizeof eight <= text.size(); at += 6) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & 0x0000'C0C0'F0C0'C0F0ULL) != 0x0000'8080'E080'80E0ULL) break;
      constexpr unsigned kE0AndED = 1u << 0x0 | 1u << 0xD;
      if (((kE0AndED >> (eight & 0xF) | kE0AndED >> (eight >> 24 & 0xF)) & 1u) != 0) break;
    }
    if (at >= text.size() || byte(at) < 0x80) continue;
    // Nearly every ideograph: three bytes of which the first excludes surrogates and what two bytes would do for.
    const unsigned char first = byte(at);
    if (first > 0xE0 && first < 0xF0 && first != 0xED && at + 2 < text.size() && (byte(at + 1) & 0xC0u) == 0x80u && (byte(at + 2) & 0xC0u) == 0x80u) {
      at += 3;
      continue;
    }
    const CodePoint point = decode_utf8(text, at);
    if (point.length == 1) return at;
    at += point.length;
  }
  return std::nullopt;
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0u) != 0x80u;
  return count;
}

}  // namespace annals
