#include "engine/log/rows.h"

#include <fmt/format.h>

#include <cstring>

namespace annals::rows {
namespace {

template <class T>
void put_little(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof value; ++i) out += static_cast<char>(value >> (8 * i));
}
template <class T>
T read_little(std::string_view bytes, std::size_t at) {
  T out = 0;
  for (std::size_t i = 0; i < sizeof out; ++i) out |= static_cast<T>(static_cast<T>(static_cast<unsigned char>(bytes[at + i])) << (8 * i));
  return out;
}
template <class T>
void put_big(std::string& out, T value) {
  for (std::size_t i = sizeof value; i-- > 0;) out += static_cast<char>(value >> (8 * i));
}
Digest read_digest(std::string_view bytes, std::size_t at) {
  Digest out;
  std::memcpy(out.bytes.data(), bytes.data() + at, out.bytes.size());
  return out;
}

}  // namespace

void put_u32(std::string& out, std::uint32_t value) { put_little(out, value); }
void put_u64(std::string& out, std::uint64_t value) { put_little(out, value); }
std::uint32_t read_u32(std::string_view bytes, std::size_t at) { return read_little<std::uint32_t>(bytes, at); }
std::uint64_t read_u64(std::string_view bytes, std::size_t at) { return read_little<std::uint64_t>(bytes, at); }

std::string position_key(Position position) {
  std::string out;
  put_big(out, position.value);
  return out;
}

std::optional<Position> read_position(std::string_view key) {
  if (key.size() != 8) return std::nullopt;
  Position out;
  for (const char byte : key) out.value = out.value << 8 | static_cast<unsigned char>(byte);
  return out;
}

std::string node_key(unsigned level, std::uint64_t index) {
  std::string out;
  out += static_cast<char>(level);
  put_big(out, index);
  return out;
}

std::string note_chunk_key(const Digest& hash, std::uint32_t chunk) {
  std::string out(hash.view());
  put_big(out, chunk);
  return out;
}

void write_prefix(const StoredView& event, std::string& row) {
  row.clear();
  put_u32(row, static_cast<std::uint32_t>(event.header.size()));
  put_u32(row, static_cast<std::uint32_t>(event.erased ? 8 : event.body.size()));
  row += static_cast<char>(event.erased ? kErasedRowVersion : kRowVersion);
  row.append(7, '\0');
  row += event.leaf.view();
  row += event.salt.view();
}

void write_row(const StoredView& event, std::string& row) {
  row.reserve(kRowPrefix + event.header.size() + event.body.size());
  write_prefix(event, row);
  row += event.header;
  if (event.erased) row += erased_tail(event);
  else row += event.body;
}

std::string erased_tail(const StoredView& event) {
  std::string out;
  if (event.erased) put_u64(out, event.erased->value);
  return out;
}

std::string widened(std::string_view span, Position position) {
  const std::string key = position_key(position);
  if (span.size() != 16) return key + key;
  return std::min(std::string(span.substr(0, 8)), key) + std::max(std::string(span.substr(8)), key);
}

Result<StoredView> read_row(Position position, std::string_view row) {
  const auto bad = [&](ErrorCode code, std::string what) { return appending::at_position(position, Error{code, std::move(what)}); };
  if (row.size() < kRowPrefix) return bad(ErrorCode::kCorrupt, fmt::format("its row has {} bytes", row.size()));
  if (static_cast<std::uint8_t>(row[8]) > kErasedRowVersion) {
    return bad(ErrorCode::kUnsupported, fmt::format("its row is of version {}, this program knows versions up to {}", static_cast<unsigned>(static_cast<std::uint8_t>(row[8])), kErasedRowVersion));
  }
  const bool erased = row[8] == static_cast<char>(kErasedRowVersion);
  if ((!erased && row[8] != static_cast<char>(kRowVersion)) || row.substr(9, 7) != std::string_view("\0\0\0\0\0\0\0", 7)) {
    return bad(ErrorCode::kCorrupt, "its row does not begin as rows do");
  }
  const std::size_t header = read_u32(row, 0);
  const std::size_t body = read_u32(row, 4);
  if (row.size() != kRowPrefix + header + body) {
    return bad(ErrorCode::kCorrupt, fmt::format("its row has {} bytes, expected {}", row.size(), kRowPrefix + header + body));
  }
  StoredView out{position, row.substr(kRowPrefix, header), read_digest(row, 48), row.substr(kRowPrefix + header, body), read_digest(row, 16)};
  if (!erased) return out;
  if (body != 8) return bad(ErrorCode::kCorrupt, fmt::format("it was erased, and {} bytes say by which event, expected 8", body));
  out.erased = Position{read_u64(out.body, 0)};
  if (*out.erased <= position) return bad(ErrorCode::kCorrupt, "it was erased by an event that is not behind it");
  out.body = {};
  return out;
}

}  // namespace annals::rows
