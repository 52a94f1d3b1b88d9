#pragma once
// Markdown into blocks, by md4c, whose text callbacks point into the text: that is how spans are known.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/note/note.h"

namespace annals {

struct MarkdownBlock {
  // kHeading, kParagraph or kBullet; span from its first word to its last, marks at its ends left out; links' addresses and
  // marks inside it are not among its words
  Block block;
  std::uint32_t section = 0;       // how many thematic breaks stand above it
  std::uint8_t heading_level = 0;  // 1 … 6 for #, 0 for a table's head and all else
};

struct Markdown {
  std::vector<MarkdownBlock> blocks;
  std::vector<std::string> image_texts;  // of each section's images, joined by line ends
};

// Reads the Markdown in `span` of the text. Images, raw HTML and shortcodes ({{< … >}}) are in no block; a hard line
// break ends a paragraph's block; a table's head is a heading, each of its rows a bullet; a "heading" that
// is a sentence is a paragraph.
Markdown read_markdown(std::string_view text, ByteSpan span);

}  // namespace annals
