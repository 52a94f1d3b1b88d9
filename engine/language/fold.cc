#include "engine/language/fold.h"

#include <algorithm>
#include <limits>

#include "engine/base/utf8.h"
#include "engine/language/fold_table.h"

namespace annals {
namespace {

constexpr char32_t kDropped = 0;
constexpr char32_t kBlank = U' ';

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }
bool is_latin(char folded) { return folded >= 'a' && folded <= 'z'; }

char32_t fold_code_point(char32_t c) {
  if (c < 0x10000) {
    const unsigned page = kFoldPageOf[c >> 8];
    return page == 0 ? c : kFoldPages[page][c & 0xFF];
  }
  if (c >= 0xE0000 && c <= 0xE0FFF) return kDropped;
  const FoldBeyond* end = kFoldBeyond + kFoldBeyondSize;
  const FoldBeyond* at =
      std::lower_bound(kFoldBeyond, end, c, [](const FoldBeyond& row, char32_t wanted) { return row.from < wanted; });
  return at != end && at->from == c ? at->to : c;
}

// One character of the text: what it folds to and how many bytes it takes. Bytes that are no UTF-8 fold to themselves.
struct Step {
  char32_t to = 0;
  unsigned length = 1;
  bool same = false;  // copy the bytes
};
Step step(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) {
    const char32_t to =
        byte == 0 ? U'\1' : kFoldPages[kFoldPageOf[0]][byte];  // A NUL is kept, though it prints nothing.
    return {to, 1, to == byte || byte == 0};
  }
  const CodePoint point = decode_utf8(text, at);
  if (point.length < 2) return {byte, 1, true};
  const char32_t to = fold_code_point(point.value);
  return {to, point.length, to == point.value};
}

// Whether what is printed next is a Latin letter.
bool is_latin_ahead(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const Step next = step(text, at);
    if (next.to != kDropped) return next.to >= U'a' && next.to <= U'z';
    at += next.length;
  }
  return false;
}

// Pairs that Traditional writes otherwise and whose characters cannot be folded alone (OpenCC's TSPhrases): 計畫 is
// 计划, 畫面 is 画面. `out` is behind `to`, which has been written; rewrites the pair in place.
void fix_pair(char32_t to, char* out, const char* start) {
  if (out - start < 6) return;
  const std::string_view before(out - 6, 3);
  const auto one_of = [&](std::string_view characters) { return characters.find(before) != std::string_view::npos; };
  const auto write = [](char* at, std::string_view character) { std::copy(character.begin(), character.end(), at); };
  if (to == U'画' && one_of("计筹企规")) {
    write(out - 3, "划");
  } else if (to == U'覆' && one_of("回答反批函重")) {
    write(out - 3, "复");
  } else if (to == U'俱' && one_of("家")) {
    write(out - 3, "具");
  } else if (to == U'么' && one_of("甚")) {
    write(out - 6, "什");
  }
}

char* put_utf8(char* out, char32_t c) {
  if (c < 0x80) {
    *out++ = static_cast<char>(c);
  } else if (c < 0x800) {
    *out++ = static_cast<char>(0xC0 | (c >> 6));
    *out++ = static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    *out++ = static_cast<char>(0xE0 | (c >> 12));
    *out++ = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    *out++ = static_cast<char>(0x80 | (c & 0x3F));
  } else {
    *out++ = static_cast<char>(0xF0 | (c >> 18));
    *out++ = static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    *out++ = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    *out++ = static_cast<char>(0x80 | (c & 0x3F));
  }
  return out;
}

// Writes the folded text into `out`, which has room for the original, and returns its size.
template <bool kWithPieces>
std::size_t fold_into(std::string_view in, char* out, std::vector<FoldedText::Piece>* pieces) {
  const char* const start = out;
  bool straight = false;  // The last piece is straight and goes on here.
  const auto piece = [&](std::size_t from, std::size_t end) {
    if constexpr (kWithPieces) {
      pieces->push_back(
          {static_cast<std::uint32_t>(out - start), static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(end)});
    }
  };
  const auto go_straight = [&](std::size_t from) {
    if (!straight) piece(from, 0);
    straight = true;
  };

  std::size_t at = 0;
  while (at < in.size()) {
    const auto byte = static_cast<unsigned char>(in[at]);
    // The common case first: a Han character or mark of three bytes.
    if (byte >= 0xE1 && byte <= 0xEF && byte != 0xED && at + 2 < in.size() && is_continuation(in[at + 1]) &&
        is_continuation(in[at + 2])) {
      const char32_t c = (static_cast<char32_t>(byte & 0x0F) << 12) | (static_cast<char32_t>(in[at + 1] & 0x3F) << 6) |
                         static_cast<char32_t>(in[at + 2] & 0x3F);
      const unsigned page = kFoldPageOf[c >> 8];
      const char32_t to = page == 0 ? c : kFoldPages[page][c & 0xFF];
      if (to >= 0x800) {
        if (to == U'’' && out != start && is_latin(out[-1]) && is_latin_ahead(in, at + 3)) {
          piece(at, at + 3);
          straight = false;
          *out++ = '\'';
        } else {
          go_straight(at);
          out[0] = static_cast<char>(0xE0 | (to >> 12));
          out[1] = static_cast<char>(0x80 | ((to >> 6) & 0x3F));
          out[2] = static_cast<char>(0x80 | (to & 0x3F));
          out += 3;
          if (to == U'画' || to == U'覆' || to == U'俱' || to == U'么') fix_pair(to, out, start);
        }
        at += 3;
        continue;
      }
    }
    const Step now = step(in, at);
    if (now.to == kBlank) {
      std::size_t end = at + now.length;  // of the run, without what is dropped behind it
      std::size_t next = end;
      while (next < in.size()) {
        const Step more = step(in, next);
        if (more.to != kBlank && more.to != kDropped) break;
        next += more.length;
        if (more.to == kBlank) end = next;
      }
      if (end == at + 1) {
        go_straight(at);
      } else {
        piece(at, end);
        straight = false;
      }
      *out++ = ' ';
      if (next != end) straight = false;
      at = next;
      continue;
    }
    if (now.to == kDropped) {
      straight = false;
    } else if (now.same) {
      go_straight(at);
      for (unsigned i = 0; i < now.length; ++i) *out++ = in[at + i];
    } else {
      char* const end = put_utf8(out, now.to);
      if (end - out == static_cast<std::ptrdiff_t>(now.length)) {
        go_straight(at);
      } else {
        piece(at, at + now.length);
        straight = false;
      }
      out = end;
    }
    at += now.length;
  }
  return static_cast<std::size_t>(out - start);
}

}  // namespace

FoldedText::FoldedText(std::string_view original) : source_(original) {
  check(original.size() < std::numeric_limits<std::uint32_t>::max(), "a text to fold is shorter than 4 GiB");
  text_.resize(original.size());
  text_.resize(fold_into<true>(original, text_.data(), &pieces_));
}

ByteSpan FoldedText::original(ByteSpan folded) const {
  const auto piece_at = [this](std::uint64_t offset) {
    auto next = std::upper_bound(pieces_.begin(), pieces_.end(), offset,
                                 [](std::uint64_t wanted, const Piece& piece) { return wanted < piece.folded; });
    return next - 1;  // The first piece begins at 0.
  };
  std::uint64_t begin = std::min<std::uint64_t>(folded.begin, text_.size());
  std::uint64_t end = std::min<std::uint64_t>(folded.end, text_.size());
  while (begin > 0 && begin < text_.size() && is_continuation(text_[begin])) --begin;
  while (end < text_.size() && is_continuation(text_[end])) ++end;
  ByteSpan out;
  if (begin == text_.size()) {
    out.begin = source_.size();
  } else {
    const auto piece = piece_at(begin);
    out.begin = piece->original_end != 0 ? piece->original : piece->original + (begin - piece->folded);
  }
  if (end <= begin) return {out.begin, out.begin};
  const auto piece = piece_at(end - 1);
  out.end = piece->original_end != 0 ? piece->original_end : piece->original + (end - piece->folded);
  return out;
}

std::uint64_t FoldedText::folded(std::uint64_t original) const {
  auto next = std::upper_bound(pieces_.begin(), pieces_.end(), original,
                               [](std::uint64_t wanted, const Piece& piece) { return wanted < piece.original; });
  const std::uint64_t limit = next == pieces_.end() ? text_.size() : next->folded;
  if (next == pieces_.begin()) return limit;
  const Piece& piece = *(next - 1);
  std::uint64_t at = limit;
  if (piece.original_end != 0) {
    if (original == piece.original) at = piece.folded;
  } else {
    at = std::min<std::uint64_t>(limit, piece.folded + (original - piece.original));
  }
  while (at < text_.size() && is_continuation(text_[at])) ++at;
  return at;
}

std::string fold(std::string_view original) {
  std::string out(original.size(), '\0');
  out.resize(fold_into<false>(original, out.data(), nullptr));
  return out;
}

}  // namespace annals
