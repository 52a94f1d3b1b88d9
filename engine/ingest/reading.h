#pragma once
// Reads an article of any length: what is longer than kPieceStatements goes to the interpreter piece by piece, so that memory stays
// bounded; sentences do not lean on each other across such a border.

#include <vector>

#include "engine/claim/interpreter.h"

namespace annals {

inline constexpr std::size_t kPieceStatements = 5'000;

// One reading per statement, in order.
std::vector<Reading> read_whole(const Interpreter& interpreter, const ArticleText& article);

}  // namespace annals
