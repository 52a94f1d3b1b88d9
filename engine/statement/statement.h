#pragma once
// A statement is the smallest unit the note itself sets apart: a bullet, or a sentence of running prose. Every byte of running
// text (white space between sentences aside) is in exactly one.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/note/note.h"

namespace annals {

struct Statement {
  ByteSpan span;             // of the note's text
  std::string text;          // those bytes
  std::string heading;       // nearest heading above, or empty
  ByteSpan heading_span;
  BlockKind block = BlockKind::kParagraph;
  std::uint32_t paragraph = 0;  // which block of the article: sentences of one block share it
  friend bool operator==(const Statement&, const Statement&) = default;
};

// An article ready to be read: its head and its statements in order.
struct ArticleText {
  Digest note;
  ArticleHead head;
  ByteSpan title_span;
  std::vector<Statement> statements;
};

// Splits an article into statements. Sentences end at 。！？；… and at . ! ? that end a sentence of English, closing quotes and
// citation marks included; never inside quotation marks or brackets shorter than kStatementCharsMax. No statement is longer than
// kStatementCharsMax code points: longer ones are cut at the last comma, blank or character before it. Linear in the text.
inline constexpr std::size_t kStatementCharsMax = 2000;
std::vector<Statement> split_statements(std::string_view note_text, const Article& article);

// SHA-256 of the folded running text without white space: equal for exact copies in either script and width.
Digest running_text_hash(const std::vector<Statement>& statements);

}  // namespace annals
