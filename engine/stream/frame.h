#pragma once
// Cap'n Proto's standard stream framing (https://capnproto.org/encoding.html#serialization-over-a-stream): bytes in, whole messages out.
//
// A message's segment table is looked at as soon as it has come, so that what is too long is refused before it is kept. Messages are
// whole words and the buffer begins at one, so every message lies aligned and is read in place.
// Threads: one at a time.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "engine/base/error.h"

namespace annals::stream {

struct FrameLimits {
  std::size_t bytes_max = 16u << 20;   // of a message with its segment table
  std::uint32_t segments_max = 64;
};

// A message with its segment table, aligned; valid until the reader is touched again.
using Frame = std::span<const std::uint64_t>;

class FrameReader {
 public:
  // `chunk`: bytes that prepare() offers at least; what one read from a socket may bring.
  explicit FrameReader(FrameLimits limits, std::size_t chunk = 16u << 10);

  // Room to read into; commit() tells how much of it was filled. Of a long message no more than is missing of it, so that the next one
  // begins where this one did and nothing is moved.
  std::span<char> prepare();
  void commit(std::size_t bytes);

  // The next whole message, or none yet. kInvalid: this can be no message, or one that is too long; nothing more comes after that.
  Result<std::optional<Frame>> next();

  // What is kept: grows to the longest message and goes back when that has gone.
  std::size_t buffered() const { return (end_ - begin_); }
  std::size_t capacity() const { return capacity_; }
  FrameLimits& limits() { return limits_; }

 private:
  char* data() { return reinterpret_cast<char*>(words_.get()); }
  void make_room(std::size_t bytes);

  FrameLimits limits_;
  std::size_t chunk_;
  std::unique_ptr<std::uint64_t[]> words_;   // not cleared: a connection that says little touches little memory
  std::size_t capacity_ = 0; // bytes
  std::size_t begin_ = 0;    // of what is not taken yet, in bytes; a multiple of 8
  std::size_t end_ = 0;
  std::size_t wanted_ = 0;   // bytes of the message at begin_, as far as its table tells; 0: not yet
};

}  // namespace annals::stream
