#pragma once
// The table behind fold.h, made at build time by tools/generate/fold_table.cc.

#include <cstddef>

namespace annals {

// Of a code point c below U+10000: its page is kFoldPageOf[c >> 8]; page 0 folds to itself, else kFoldPages[page][c &
// 255] is what c folds to: U+0000 for nothing at all, U+0020 for white space. What a character folds to is never longer
// in UTF-8.
extern const unsigned char kFoldPageOf[256];
extern const char16_t kFoldPages[][256];

// Code points from U+10000 to U+DFFFF that do not fold to themselves, sorted.
struct FoldBeyond {
  char32_t from;
  char32_t to;
};
extern const FoldBeyond kFoldBeyond[];
extern const std::size_t kFoldBeyondSize;

}  // namespace annals
