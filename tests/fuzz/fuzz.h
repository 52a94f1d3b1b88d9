#pragma once
// What every fuzz target shares. A target is a file <name>_fuzz.cc that defines LLVMFuzzerTestOneInput; it is linked with driver.cc
// for a short run under ctest, or, with ANNALS_FUZZ and clang, with libFuzzer for a long one.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/base/bytes.h"
#include "engine/base/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace annals::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// A span must lie inside the text it is of.
inline void check_inside(ByteSpan span, std::size_t size, std::string_view what) {
  check(span.begin <= span.end && span.end <= size, what);
}

}  // namespace annals::fuzz
