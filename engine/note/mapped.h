#pragma once
// Text that is not simply bytes of the note: tags stand inside its sentences, characters are written as references
// (&amp;, &#x4E00;, \"), a line is wrapped. What a person reads is kept beside the way back to the bytes it stands for.

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"

namespace annals {

// A stretch of the text and the bytes of the note it stands for. Where both are of one size they are the same bytes;
// else the text is one code point, written otherwise in the note.
struct TextPiece {
  ByteSpan text;
  ByteSpan note;
  bool same() const { return text.size() == note.size(); }
  friend bool operator==(const TextPiece&, const TextPiece&) = default;
};

// Invariants of pieces: they tile the text from 0 on; neither side of one is empty; note spans rise and do not overlap.
// What lies between two note spans is markup and stands for nothing. No pieces: the text is simply the note's bytes.
using TextPieces = std::vector<TextPiece>;

struct MappedText {
  std::string text;
  TextPieces pieces;

  bool empty() const { return text.empty(); }
  // `bytes` stand at byte `at` of the note.
  void append(std::string_view bytes, std::uint64_t at);
  // `written` (bytes of the note) stands for `words`, one or two code points, and is not as long as they are (for two, it
  // has at least 4 bytes, and they share them).
  void append_reference(std::string_view words, ByteSpan written);
  friend bool operator==(const MappedText&, const MappedText&) = default;
};

// The bytes of the note, from first to last, that a part of the text stands for. Requires: `part` is not empty and lies
// in the text.
ByteSpan note_span(const TextPieces& pieces, ByteSpan part);
// The pieces of a part of the text, whose text begins at 0; none where the part is simply bytes of the note.
TextPieces pieces_of(const TextPieces& pieces, ByteSpan part);
// `inner` was read from a text that itself stands for other bytes: through both, back to the note.
TextPieces through(const TextPieces& inner, const TextPieces& outer);
// Whether the note has `words` at `span`, read with the pieces of the statement around it: every stretch of the same
// bytes is compared, references are taken on trust.
bool stands_there(std::string_view note_text, const TextPieces& pieces, ByteSpan span, std::string_view words);
// The words that stand at `span` of the note, which need not begin or end where a piece does (a reference that it cuts
// counts whole). `text` is what the pieces tile.
std::string words_at(std::string_view text, const TextPieces& pieces, ByteSpan span);
// Whether they keep the invariants above for a text of that size inside `span` of the note.
bool are_whole(const TextPieces& pieces, std::size_t text_size, ByteSpan span);

}  // namespace annals
