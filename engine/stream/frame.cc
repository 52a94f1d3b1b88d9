#include "engine/stream/frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>

namespace annals::stream {

static_assert(std::endian::native == std::endian::little, "segment tables are read as they are stored");

namespace {
// The first words of HTTP, of which a table would be one of half a billion segments: said in words that help.
bool is_http(std::string_view bytes) { return bytes.starts_with("HTTP/") || bytes.starts_with("GET /") || bytes.starts_with("POST /") || bytes.starts_with("HEAD /"); }
}  // namespace

FrameReader::FrameReader(FrameLimits limits, std::size_t chunk) : limits_(limits), chunk_((chunk + 7) / 8 * 8) {}

std::span<char> FrameReader::prepare() {
  if (begin_ == end_) {
    begin_ = end_ = 0;
    // One long message does not hold its memory for the rest of a connection's life.
    if (capacity_ > 4 * chunk_) words_.reset(), capacity_ = 0;
  }
  const std::size_t missing = wanted_ > buffered() ? wanted_ - buffered() : 0;
  // Memory follows what has come, not what a table promises: it doubles at most.
  if (wanted_ >= chunk_ && missing > 0) {
    const std::size_t room = std::min(missing, std::max(chunk_, buffered()));
    make_room(room);
    return {data() + end_, room};
  }
  make_room(chunk_);
  return {data() + end_, chunk_};
}

void FrameReader::make_room(std::size_t bytes) {
  if (capacity_ - end_ >= bytes) return;
  if (buffered() + bytes <= capacity_) {
    std::memmove(data(), data() + begin_, buffered());
  } else {
    const std::size_t words = (buffered() + std::max(bytes, buffered()) + 7) / 8;
    auto grown = std::make_unique_for_overwrite<std::uint64_t[]>(words);
    if (buffered() > 0) std::memcpy(grown.get(), data() + begin_, buffered());
    words_ = std::move(grown);
    capacity_ = words * 8;
  }
  end_ -= begin_;
  begin_ = 0;
}

void FrameReader::commit(std::size_t bytes) {
  check(end_ + bytes <= capacity(), "no more is committed than there was room for");
  end_ += bytes;
}

Result<std::optional<Frame>> FrameReader::next() {
  const auto number = [&](std::size_t at) {
    std::uint32_t value;
    std::memcpy(&value, data() + begin_ + at, sizeof value);
    return value;
  };
  wanted_ = 0;
  if (buffered() < 8) return std::optional<Frame>();
  if (is_http({data() + begin_, 8})) return Error{ErrorCode::kInvalid, "what came is HTTP and none of this protocol's messages: is it the right port? (metrics have another)"};
  const std::uint64_t segments = std::uint64_t{number(0)} + 1;
  if (segments > limits_.segments_max) {
    return Error{ErrorCode::kInvalid, fmt::format("a message of {} segments, at most {} are taken", segments, limits_.segments_max)};
  }
  const std::size_t table = (4 + 4 * segments + 7) / 8 * 8;
  std::uint64_t size = table;
  for (std::size_t i = 0; i < segments && 4 + 4 * (i + 1) <= buffered(); ++i) {
    size += std::uint64_t{number(4 + 4 * i)} * 8;
    if (size > limits_.bytes_max) {
      return Error{ErrorCode::kInvalid, fmt::format("a message of {} bytes or more, at most {} are taken", size, limits_.bytes_max)};
    }
  }
  wanted_ = buffered() < table ? table : static_cast<std::size_t>(size);
  if (buffered() < wanted_) return std::optional<Frame>();
  const Frame frame(words_.get() + begin_ / 8, wanted_ / 8);
  begin_ += wanted_;
  wanted_ = 0;
  return std::optional<Frame>(frame);
}

}  // namespace annals::stream
