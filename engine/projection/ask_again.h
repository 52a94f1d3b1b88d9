#pragma once
// The index may be sealed or made anew while a question reads it: then it is asked again of a newer view, for a second and a quarter at most.
// Any thread.

#include <chrono>
#include <thread>

#include "engine/base/error.h"

namespace annals {

// `ask` takes a view and answers from it, as if for the first time. kOverloaded asks again; other errors are passed on.
template <class Ask>
auto ask_again(const Ask& ask) -> decltype(ask()) {
  constexpr int kAttempts = 50;
  for (int attempt = 1;; ++attempt) {
    auto answer = ask();
    if (answer.ok() || answer.error().code != ErrorCode::kOverloaded || attempt == kAttempts) return answer;
    std::this_thread::sleep_for(std::chrono::milliseconds(attempt));
  }
}

}  // namespace annals
