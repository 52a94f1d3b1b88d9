// The English grammar of times, over folded (lower-case) text.

#include "engine/language/times_grammar.h"

namespace annals::times {

std::optional<Point> read_english_point(const Context&, std::size_t) { return std::nullopt; }

}  // namespace annals::times
