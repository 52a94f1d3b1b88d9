#include "engine/ingest/reading.h"

#include <algorithm>
#include <iterator>

namespace annals {

std::vector<Reading> read_whole(const Interpreter& interpreter, const ArticleText& article) {
  if (article.statements.size() <= kPieceStatements) {
    auto readings = interpreter.read(article);
    check(readings.size() == article.statements.size(), "an interpreter gives one reading per statement");
    return readings;
  }
  std::vector<Reading> out;
  out.reserve(article.statements.size());
  for (std::size_t from = 0; from < article.statements.size(); from += kPieceStatements) {
    const std::size_t to = std::min(from + kPieceStatements, article.statements.size());
    ArticleText piece{article.note, article.head, article.title_span, {}};
    piece.statements.assign(article.statements.begin() + static_cast<std::ptrdiff_t>(from), article.statements.begin() + static_cast<std::ptrdiff_t>(to));
    auto readings = interpreter.read(piece);
    check(readings.size() == piece.statements.size(), "an interpreter gives one reading per statement");
    std::move(readings.begin(), readings.end(), std::back_inserter(out));
  }
  return out;
}

}  // namespace annals
