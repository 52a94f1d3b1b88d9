#pragma once
// Texts as sets of shingles: kShingle neighbouring tokens of the folded text, a token being an ideograph or a run of Latin letters and
// digits. Scripts, widths, case, punctuation and white space do not count, so that what two texts have in common is wording.
// (Broder 1997, On the resemblance and containment of documents.) Linear in the text. Threads: any.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace annals {

inline constexpr std::size_t kShingle = 5;

// The tokens of folded text, as bytes of it.
std::vector<std::string_view> tokens(std::string_view folded);
// Of the shingle that begins with tokens[0]; the same on every machine. Requires: kShingle tokens or more.
std::uint64_t shingle(std::span<const std::string_view> tokens);
// Shingles' hashes of a text, folded here, sorted, each once.
std::vector<std::uint64_t> shingles(std::string_view text);

}  // namespace annals
