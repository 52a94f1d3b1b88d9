#pragma once
// HTML into blocks, by Gumbo, which reads broken pages as browsers do and says where everything stands.
//
// A block is what a page sets apart: a paragraph, a heading, an item of a list, a row of a table of data (its head is
// a heading); a line break ends one. Its words are what a person reads there (white space folded, references such as &amp; replaced, tags left
// out), with the way back to the bytes. Scripts, styles, forms' controls, captions and hidden parts are in no block.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/error.h"
#include "engine/note/note.h"

namespace annals {

struct HtmlBlock {
  BlockKind kind = BlockKind::kParagraph;  // kHeading, kParagraph or kBullet
  std::uint8_t level = 0;                  // of a nested bullet
  std::uint8_t heading = 0;                // 1 … 6 of h1 … h6, else 0
  MappedText words;             // never empty, no blanks at its ends; pieces are of the HTML, and never absent
  std::size_t characters = 0;   // of the words
  std::size_t linked = 0;       // of them, inside links
  std::uint32_t container = 0;  // index of the innermost element around it that can hold several blocks
};

// An element that can hold several blocks. The first is the root; a parent stands before its children.
struct HtmlContainer {
  std::uint32_t parent = 0;
  bool frame = false;    // by its tag or role: navigation, header and footer of a page, aside, search, dialogs
  bool marked = false;   // by a word of its class or id: a side bar, a share bar, comments, cookies, related articles
  bool content = false;  // says that it holds the article: <article>, <main>, itemprop=articleBody
};

struct HtmlTime {
  std::string datetime;    // of <time datetime>, or of an element with itemprop=datePublished
  bool published = false;  // itemprop=datePublished or the attribute pubdate
  bool modified = false;   // itemprop=dateModified
  std::uint32_t container = 0;
  std::size_t at = 0;
};

struct HtmlDocument {
  std::vector<HtmlBlock> blocks;          // in the order of the bytes, not overlapping
  std::vector<HtmlContainer> containers;  // never empty
  std::vector<HtmlTime> times;
  struct Meta {
    std::string name;  // name, property, itemprop or http-equiv, in lower case
    std::string content;
    std::size_t at = 0;
  };
  std::vector<Meta> metas;                                   // in order
  std::vector<std::pair<std::string, std::size_t>> json_ld;  // texts of scripts, and where they stand
  std::string title;                                         // of <title>
  ByteSpan title_span;
  std::string language;   // <html lang>
  std::string canonical;  // <link rel=canonical>
  std::string author;     // an element with rel=author, itemprop=author or the class author or byline

  // The first content of a meta element by one of these names, the first name that has one.
  const Meta* meta(std::initializer_list<std::string_view> names) const;
};

// Reads a page or a fragment of one. The second: where in the bytes it is nested or set beyond all use (over 1,000
// elements deep, over 1,000 attributes, formatting left open so often that a browser would multiply it): Gumbo's work
// is not linear there. Time and memory are linear in the bytes. `html` must outlive nothing of the answer.
struct HtmlFault {
  std::size_t at = 0;
  std::string what;
};
std::variant<HtmlDocument, HtmlFault> read_html(std::string_view html);

// The character reference at byte `at` ('&'): what it stands for and its length in bytes, 0 where it is none. XML knows
// only those that end in a semicolon.
struct CharacterReference {
  std::string words;
  std::size_t length = 0;
};
CharacterReference read_reference(std::string_view text, std::size_t at, bool needs_semicolon);

// A block of an article from words that stand in the note (`outer` empty), or in a text that itself stands for the
// note's bytes.
Block block_of(const HtmlBlock& block, const TextPieces& outer = {});

}  // namespace annals
