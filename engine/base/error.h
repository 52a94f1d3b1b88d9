#pragma once
// Errors by what the caller can do about them, and Result<T>, which is a value or such an error.
//
// Bad input, a full disk, a missing key are Results. A broken promise of our own code is check(), which stops the program, in
// release builds too: going on would write down something wrong for ever.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace annals {

enum class ErrorCode : std::uint8_t {
  kNotFound,     // It is not there; nothing is wrong.
  kInvalid,      // The note, query, option or file breaks its format. Trying again will not help.
  kConflict,     // Someone was first with other bytes. Read, decide again.
  kOverloaded,   // A bounded queue is full. Later, with a pause.
  kLocked,       // Another process writes to this store.
  kUnsupported,  // The store or message is of a newer format than this program knows.
  kCorrupt,      // Stored bytes fail a check. Stop; a person has to look.
  kIo,           // Disk or network refused. `message` has the system's words.
  // Adding one: also error_name() and exit_code() in tools/.
};

std::string_view error_name(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kInvalid;
  std::string message;  // One line for a person: where, what was expected, what was found.
};

// Puts where it happened in front of the message: "notes/a.md: expected …".
inline Error at(std::string_view where, Error error) {
  error.message.insert(0, std::string(where) + ": ");
  return error;
}

[[noreturn]] void check_failed(std::string_view what, const char* file, int line);

// Our own promise. Never for input. (The builtins are the caller's place; clang 14 has no std::source_location.)
inline void check(bool holds, std::string_view what, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  if (!holds) check_failed(what, file, line);
}

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: a value is a good result
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: an error is a result too

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() & { return check(ok(), "value() of an error"), std::get<0>(state_); }
  const T& value() const& { return check(ok(), "value() of an error"), std::get<0>(state_); }
  T&& value() && { return check(ok(), "value() of an error"), std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Error& error() const { return check(!ok(), "error() of a value"), std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

// A result that carries nothing but its success.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: an error is a result too

  bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  const Error& error() const { return check(!ok(), "error() of a success"), *error_; }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

// ANNALS_TRY(auto value, expression): the value, or return the expression's error from this function.
#define ANNALS_CAT2(a, b) a##b
#define ANNALS_CAT(a, b) ANNALS_CAT2(a, b)
#define ANNALS_TRY(declaration, ...)                                         \
  auto ANNALS_CAT(result_, __LINE__) = (__VA_ARGS__);                        \
  if (!ANNALS_CAT(result_, __LINE__)) return ANNALS_CAT(result_, __LINE__).error(); \
  declaration = *std::move(ANNALS_CAT(result_, __LINE__))
// ANNALS_CHECK_OK(expression): return its error from this function, if it has one.
#define ANNALS_CHECK_OK(...)                                  \
  do {                                                        \
    if (auto status_ = (__VA_ARGS__); !status_) return status_.error(); \
  } while (false)

}  // namespace annals
