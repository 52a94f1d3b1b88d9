#pragma once
// A statement is the smallest unit the note itself sets apart: a bullet, or a sentence of running prose. Every byte of
// running text (white space between sentences aside) is in exactly one.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/note/note.h"

namespace annals {

struct Statement {
  ByteSpan span;        // of the note's text
  std::string text;     // what a person reads there: those bytes, or, where there are `pieces`, what they stand for
  std::string heading;  // nearest heading above, or empty
  ByteSpan heading_span;
  BlockKind block = BlockKind::kParagraph;
  std::uint32_t paragraph = 0;  // which block of the article: sentences of one block share it
  TextPieces pieces{};          // how `text` is written in the note, where it is not simply its bytes
  // The bytes of the note that a part of `text` stands for; of an empty part, the place between.
  ByteSpan on_note(ByteSpan part) const;
  // The way back: what a person reads at `there` of the note. Nothing where that is not inside the statement.
  std::optional<std::string> words_at(ByteSpan there) const;
  friend bool operator==(const Statement&, const Statement&) = default;
};

// An article ready to be read: its head and its statements in order.
struct ArticleText {
  Digest note;
  ArticleHead head;
  ByteSpan title_span;
  std::vector<Statement> statements;
};

// Splits an article into statements, in the order of the note, none overlapping another. A bullet is one statement.
// Prose, questions and answers are cut into sentences:
//   - a sentence ends at 。！？；… and at . ! ? where they end one in English (not in decimals, abbreviations,
//   initials, names of
//     sites), together with the closing quotation marks and citation marks that follow;
//   - never inside quotation marks or brackets of up to kStatementCharsMax code points (straight quotation marks, whose
//   two ends
//     look alike: 400); a quotation that ends its sentence inside (…。”) ends it outside too, unless the words that
//     follow say who spoke (…。”某某说。): whoever speaks stays with what is said;
//   - a citation mark such as [3] is in no statement where it stands at an end, and inside where it stands in the
//   middle;
//   - what holds no letter, digit or ideograph (a lone quotation mark, a row of dashes) joins its neighbour;
//   - a statement longer than kStatementCharsMax code points is cut at the last comma or blank of its second half, else
//   there.
// Every byte of a block that is neither white space nor part of a citation mark is in exactly one statement. Linear in
// the text.
inline constexpr std::size_t kStatementCharsMax = 2000;
std::vector<Statement> split_statements(std::string_view note_text, const Article& article);

// SHA-256 of the folded running text without white space: equal for exact copies in either script and width, however
// they were split. None where there is no text, so that empty articles are nobody's copy.
Digest running_text_hash(const std::vector<Statement>& statements);

// The same, of an article that comes in pieces.
class RunningTextHash {
 public:
  void add(const std::vector<Statement>& statements);
  Digest finish();

 private:
  Sha256 hash_;
  bool any_ = false;
};

}  // namespace annals
