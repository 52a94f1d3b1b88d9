#pragma once
// Base 64 with padding (RFC 4648 section 4).

#include <optional>
#include <string>
#include <string_view>

namespace annals {

std::string base64(std::string_view bytes);
// None unless `text` is what base64() writes for some bytes: no white space, full padding, no stray bits in the last character. So
// two different texts never mean the same bytes.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace annals
