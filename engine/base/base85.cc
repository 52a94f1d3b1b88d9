#include "engine/base/base85.h"

#include <array>
#include <cstdint>

#include "engine/base/error.h"

namespace annals {
namespace {

constexpr std::string_view kAlphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
static_assert(kAlphabet.size() == 85);

constexpr auto kDigits = [] {
  std::array<std::int8_t, 256> out{};
  out.fill(-1);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) out[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  return out;
}();

}  // namespace

std::string base85(std::string_view bytes) {
  check(bytes.size() % 4 == 0, "base 85 is of whole fours of bytes");
  std::string out(bytes.size() / 4 * 5, '\0');
  for (std::size_t i = 0; i < bytes.size() / 4; ++i) {
    std::uint32_t number = 0;
    for (std::size_t k = 0; k < 4; ++k) number = number << 8 | static_cast<unsigned char>(bytes[4 * i + k]);
    for (std::size_t k = 5; k-- > 0; number /= 85) out[5 * i + k] = kAlphabet[number % 85];
  }
  return out;
}

std::optional<std::string> from_base85(std::string_view text) {
  if (text.size() % 5 != 0) return std::nullopt;
  std::string out(text.size() / 5 * 4, '\0');
  for (std::size_t i = 0; i < text.size() / 5; ++i) {
    std::uint64_t number = 0;
    for (std::size_t k = 0; k < 5; ++k) {
      const std::int8_t digit = kDigits[static_cast<unsigned char>(text[5 * i + k])];
      if (digit < 0) return std::nullopt;
      number = number * 85 + static_cast<std::uint64_t>(digit);
    }
    if (number > UINT32_MAX) return std::nullopt;
    for (std::size_t k = 4; k-- > 0; number >>= 8) out[4 * i + k] = static_cast<char>(number & 0xff);
  }
  return out;
}

}  // namespace annals
