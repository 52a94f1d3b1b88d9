#include "engine/ingest/reading.h"

#include <algorithm>
#include <iterator>

namespace annals {

std::vector<Statement> split_piece(std::string_view note_text, const Article& article, std::size_t from, std::size_t to) {
  if (from == 0 && to >= article.blocks.size()) return split_statements(note_text, article);
  Article piece;
  piece.head.language = article.head.language;
  piece.span = article.span;
  // The heading above the piece names what is in it.
  std::size_t shift = from;
  for (std::size_t i = from; i-- > 0;) {
    if (article.blocks[i].kind != BlockKind::kHeading) continue;
    piece.blocks.push_back(article.blocks[i]);
    --shift;
    break;
  }
  const auto at = [&](std::size_t i) { return article.blocks.begin() + static_cast<std::ptrdiff_t>(std::min(i, article.blocks.size())); };
  piece.blocks.insert(piece.blocks.end(), at(from), at(to));
  std::vector<Statement> out = split_statements(note_text, piece);
  for (Statement& statement : out) statement.paragraph += static_cast<std::uint32_t>(shift);
  return out;
}

std::vector<Reading> read_whole(const Interpreter& interpreter, const ArticleText& article) {
  const auto& statements = article.statements;
  const auto read = [&](const ArticleText& text) {
    auto readings = interpreter.read(text);
    check(readings.size() == text.statements.size(), "an interpreter gives one reading per statement");
    return readings;
  };
  const auto group = [&](std::size_t i) { return statements[i].paragraph / kPieceBlocks; };
  if (statements.empty() || (statements.size() <= kPieceStatements && group(0) == group(statements.size() - 1))) return read(article);
  std::vector<Reading> out;
  out.reserve(statements.size());
  for (std::size_t from = 0; from < statements.size();) {
    std::size_t to = from;
    while (to < statements.size() && to - from < kPieceStatements && group(to) == group(from)) ++to;
    ArticleText piece{article.note, article.head, article.title_span, {}};
    piece.statements.assign(statements.begin() + static_cast<std::ptrdiff_t>(from), statements.begin() + static_cast<std::ptrdiff_t>(to));
    auto readings = read(piece);
    std::move(readings.begin(), readings.end(), std::back_inserter(out));
    from = to;
  }
  return out;
}

}  // namespace annals
