#include "engine/note/mapped.h"

#include <algorithm>

#include "engine/base/utf8.h"

namespace annals {
namespace {

// The first piece whose text ends behind `at`.
TextPieces::const_iterator piece_at(const TextPieces& pieces, std::uint64_t at) {
  return std::partition_point(pieces.begin(), pieces.end(),
                              [at](const TextPiece& piece) { return piece.text.end <= at; });
}

// A piece without what lies outside `part` of the text. A reference is whole or not at all.
TextPiece clipped(TextPiece piece, ByteSpan part) {
  const std::uint64_t begin = std::max(piece.text.begin, part.begin);
  const std::uint64_t end = std::min(piece.text.end, part.end);
  if (piece.same())
    piece.note = {piece.note.begin + (begin - piece.text.begin), piece.note.end - (piece.text.end - end)};
  piece.text = {begin, end};
  return piece;
}

void add(TextPieces& pieces, TextPiece piece) {
  if (!pieces.empty() && pieces.back().same() && piece.same() && pieces.back().note.end == piece.note.begin) {
    pieces.back().text.end = piece.text.end;
    pieces.back().note.end = piece.note.end;
    return;
  }
  pieces.push_back(piece);
}

}  // namespace

void MappedText::append(std::string_view bytes, std::uint64_t at) {
  if (bytes.empty()) return;
  add(pieces, {{text.size(), text.size() + bytes.size()}, {at, at + bytes.size()}});
  text += bytes;
}

void MappedText::append_reference(std::string_view words, ByteSpan written) {
  const std::size_t first = decode_utf8(words, 0).length;
  const auto take = [&](std::string_view word, ByteSpan note) {
    pieces.push_back({{text.size(), text.size() + word.size()}, note});
    text += word;
  };
  if (first == words.size()) {
    check(words.size() != written.size(), "a reference is not as long as what it stands for");
    take(words, written);
    return;
  }
  // Two code points share its bytes so that neither part is as long as what it stands for.
  std::uint64_t cut = 1;
  while (cut == first || written.size() - cut == words.size() - first) ++cut;
  take(words.substr(0, first), {written.begin, written.begin + cut});
  take(words.substr(first), {written.begin + cut, written.end});
}

ByteSpan note_span(const TextPieces& pieces, ByteSpan part) {
  const auto first = piece_at(pieces, part.begin);
  const auto last = piece_at(pieces, part.end - 1);
  check(!part.empty() && last != pieces.end(), "a part of a text lies in it");
  return {clipped(*first, part).note.begin, clipped(*last, part).note.end};
}

TextPieces pieces_of(const TextPieces& pieces, ByteSpan part) {
  TextPieces out;
  for (auto piece = piece_at(pieces, part.begin); piece != pieces.end() && piece->text.begin < part.end; ++piece) {
    TextPiece each = clipped(*piece, part);
    each.text = {each.text.begin - part.begin, each.text.end - part.begin};
    out.push_back(each);
  }
  if (out.size() == 1 && out.front().same()) out.clear();
  return out;
}

TextPieces through(const TextPieces& inner, const TextPieces& outer) {
  TextPieces out;
  for (const TextPiece& piece : inner) {
    if (!piece.same()) {
      out.push_back({piece.text, note_span(outer, piece.note)});
      continue;
    }
    for (auto each = piece_at(outer, piece.note.begin); each != outer.end() && each->text.begin < piece.note.end;
         ++each) {
      TextPiece part = clipped(*each, piece.note);
      part.text = {piece.text.begin + (part.text.begin - piece.note.begin),
                   piece.text.begin + (part.text.end - piece.note.begin)};
      add(out, part);
    }
  }
  return out;
}

bool stands_there(std::string_view note_text, const TextPieces& pieces, ByteSpan span, std::string_view words) {
  if (span.end > note_text.size() || span.empty()) return false;
  if (pieces.empty()) return span.of(note_text) == words;
  std::size_t at = 0;
  for (const TextPiece& piece : pieces) {
    if (piece.note.end <= span.begin || piece.note.begin >= span.end) continue;
    if (!piece.same()) {
      at += piece.text.size();
      continue;
    }
    const ByteSpan there{std::max(piece.note.begin, span.begin), std::min(piece.note.end, span.end)};
    if (at + there.size() > words.size()) return false;
    if (there.of(note_text) != words.substr(at, there.size())) return false;
    at += there.size();
  }
  return at == words.size();
}

std::string words_at(std::string_view text, const TextPieces& pieces, ByteSpan span) {
  std::string out;
  for (const TextPiece& piece : pieces) {
    if (piece.note.end <= span.begin || piece.note.begin >= span.end) continue;
    std::string_view words = piece.text.of(text);
    if (piece.same()) {
      if (piece.note.end > span.end) words.remove_suffix(piece.note.end - span.end);
      if (piece.note.begin < span.begin) words.remove_prefix(span.begin - piece.note.begin);
    }
    out += words;
  }
  return out;
}

bool are_whole(const TextPieces& pieces, std::size_t text_size, ByteSpan span) {
  std::uint64_t text = 0;
  std::uint64_t note = span.begin;
  for (const TextPiece& piece : pieces) {
    if (piece.text.begin != text || piece.text.empty() || piece.note.begin < note || piece.note.empty()) return false;
    text = piece.text.end;
    note = piece.note.end;
  }
  return pieces.empty() || (text == text_size && note <= span.end);
}

}  // namespace annals
