#pragma once
// Articles of any length in bounded memory: every kPieceBlocks blocks are a piece, of at most kPieceStatements statements at a time, and
// sentences do not lean on each other across such a border. Where the borders lie hangs on the article alone, so that reading it again
// from the log reads the same.

#include <string_view>
#include <vector>

#include "engine/claim/interpreter.h"
#include "engine/statement/statement.h"

namespace annals {

inline constexpr std::size_t kPieceBlocks = 4'096;
inline constexpr std::size_t kPieceStatements = 5'000;

// The statements of the article's blocks [from, to), as split_statements of the whole gives them. `from` is a multiple of kPieceBlocks.
std::vector<Statement> split_piece(std::string_view note_text, const Article& article, std::size_t from, std::size_t to);

// One reading per statement, in order.
std::vector<Reading> read_whole(const Interpreter& interpreter, const ArticleText& article);

}  // namespace annals
