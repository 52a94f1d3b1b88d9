#pragma once
// Base 85 in the alphabet of Z85 (rfc.zeromq.org/spec/32): five characters for four bytes, where base 64 takes five and a third. No
// quotes, commas, backslashes or white space, so that it goes through mail and JSON as it is.

#include <optional>
#include <string>
#include <string_view>

namespace annals {

// Requires: a size that is a multiple of four.
std::string base85(std::string_view bytes);
// None unless `text` is what base85() writes for some bytes. So two different texts never mean the same bytes.
std::optional<std::string> from_base85(std::string_view text);

}  // namespace annals
