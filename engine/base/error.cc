#include "engine/base/error.h"

#include <cstdio>
#include <cstdlib>

namespace annals {

std::string_view error_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kNotFound: return "not_found";
    case ErrorCode::kInvalid: return "invalid";
    case ErrorCode::kConflict: return "conflict";
    case ErrorCode::kOverloaded: return "overloaded";
    case ErrorCode::kLocked: return "locked";
    case ErrorCode::kUnsupported: return "unsupported";
    case ErrorCode::kCorrupt: return "corrupt";
    case ErrorCode::kIo: return "io";
  }
  return "unknown";
}

void check_failed(std::string_view what, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: check failed: %.*s\n", file, line, static_cast<int>(what.size()), what.data());
  std::abort();
}

}  // namespace annals
