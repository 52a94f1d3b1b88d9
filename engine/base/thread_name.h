#pragma once
// What a thread is called in `top -H`, in a profile and in a core dump.

#include <pthread.h>

#include <array>
#include <string_view>

namespace annals {

// The calling thread's, of which the system keeps 15 bytes.
inline void name_thread(std::string_view name) {
  std::array<char, 16> kept{};
  name.copy(kept.data(), kept.size() - 1);
  ::pthread_setname_np(::pthread_self(), kept.data());   // fails for names that are too long, which this is not
}

}  // namespace annals
