#pragma once
// Keys and rows of the log on disk, byte for byte as LOG_FORMAT.md describes them. Internal to engine/log.

#include <optional>
#include <string>
#include <string_view>

#include "engine/log/appending.h"

namespace annals::rows {

void put_u32(std::string& out, std::uint32_t value);   // little endian, as values are
void put_u64(std::string& out, std::uint64_t value);
std::uint32_t read_u32(std::string_view bytes, std::size_t at);
std::uint64_t read_u64(std::string_view bytes, std::size_t at);

// Keys are big endian, so that byte order is the order of numbers.
std::string position_key(Position position);
std::optional<Position> read_position(std::string_view key);
std::string node_key(unsigned level, std::uint64_t index);
std::string note_chunk_key(const Digest& hash, std::uint32_t chunk);

inline constexpr std::size_t kRowPrefix = 80;
inline constexpr std::uint8_t kRowVersion = 1;
inline constexpr std::uint8_t kErasedRowVersion = 2;
// Replaces the content of `row`: all of it, or what stands in front of header and body.
void write_prefix(const StoredView& event, std::string& row);
void write_row(const StoredView& event, std::string& row);
// What stands behind the header of an erased row; "" of any other.
std::string erased_tail(const StoredView& event);
// A stretch of positions (two keys; "" is none) that reaches to `position` too.
std::string widened(std::string_view span, Position position);
// Views of `row`. kCorrupt: not a row; kUnsupported: a row of a later version.
Result<StoredView> read_row(Position position, std::string_view row);

}  // namespace annals::rows
