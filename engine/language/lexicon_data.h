#pragma once
// The shipped lexicon in the form of encode_lexicon(), made at build time from engine/language/lexicon/*.yaml by
// tools/generate/lexicon_data.cc, which refuses data that parse_lexicon() or check_lexicon() refuse.

#include <cstddef>

namespace annals {
extern const char kLexiconData[];
extern const std::size_t kLexiconDataSize;
}  // namespace annals
