#include "adapters/notes/markdown.h"

#include <md4c.h>

#include "adapters/notes/heads.h"
#include "adapters/notes/html.h"
#include "engine/base/utf8.h"
#include "engine/note/text.h"

namespace annals {
namespace {

// A "heading" that is a sentence or more: some pages set a lead or a pulled line that way. It asserts, so it is running
// text.
bool is_prose(std::string_view words) {
  constexpr std::size_t kHeadingMax = 60;
  const std::size_t characters = count_code_points(words);
  return words.find("。") != std::string_view::npos || characters > 2 * kHeadingMax ||
         (characters > kHeadingMax && (is_han(decode_utf8(words, 0).value) || words.ends_with('.')));
}

class Reader {
 public:
  explicit Reader(std::string_view text, ByteSpan span) : text_(text), span_(span) { out_.image_texts.emplace_back(); }

  Markdown run() {
    MD_PARSER parser{};
    parser.flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_NOINDENTEDCODEBLOCKS;
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* self) {
      return static_cast<Reader*>(self)->enter(type, detail);
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* self) { return static_cast<Reader*>(self)->leave(type); };
    parser.enter_span = [](MD_SPANTYPE type, void*, void* self) {
      static_cast<Reader*>(self)->images_ += type == MD_SPAN_IMG;
      return 0;
    };
    parser.leave_span = [](MD_SPANTYPE type, void*, void* self) {
      static_cast<Reader*>(self)->images_ -= type == MD_SPAN_IMG;
      return 0;
    };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* words, MD_SIZE size, void* self) {
      return static_cast<Reader*>(self)->words(type, words, size);
    };
    const std::string_view input = span_.of(text_);
    check(input.size() <= 0xFFFFFFFFu, "Markdown of less than 4 GiB");
    md_parse(input.data(), static_cast<MD_SIZE>(input.size()), &parser, this);
    flush();
    return std::move(out_);
  }

 private:
  int enter(MD_BLOCKTYPE type, void* detail) {
    switch (type) {
      case MD_BLOCK_H:
        flush();
        heading_ = static_cast<std::uint8_t>(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
        break;
      case MD_BLOCK_LI:
        flush();
        ++items_;
        break;
      case MD_BLOCK_HTML:
        flush();
        raw_ = true;
        break;
      case MD_BLOCK_THEAD:
        flush();
        table_head_ = true;
        break;
      case MD_BLOCK_TR:
        flush();
        row_ = true;
        break;
      case MD_BLOCK_HR:
        flush();
        ++section_;
        out_.image_texts.emplace_back();
        break;
      case MD_BLOCK_TH:
      case MD_BLOCK_TD:
        cell_ = true;
        break;
      default:
        flush();
    }
    return 0;
  }

  int leave(MD_BLOCKTYPE type) {
    if (type != MD_BLOCK_TH && type != MD_BLOCK_TD) flush();
    switch (type) {
      case MD_BLOCK_H:
        heading_ = 0;
        break;
      case MD_BLOCK_LI:
        --items_;
        break;
      case MD_BLOCK_HTML:
        raw_ = false;
        break;
      case MD_BLOCK_THEAD:
        table_head_ = false;
        break;
      case MD_BLOCK_TR:
        row_ = false;
        break;
      default:
        break;
    }
    return 0;
  }

  int words(MD_TEXTTYPE type, const MD_CHAR* at, MD_SIZE size) {
    if (images_ > 0) {
      out_.image_texts.back().append(at, size);
      out_.image_texts.back() += '\n';
      return 0;
    }
    if (type == MD_TEXT_BR) {
      flush();
      return 0;
    }
    if (type == MD_TEXT_SOFTBR) wrapped_ = true;
    if (raw_ || type == MD_TEXT_HTML || type == MD_TEXT_SOFTBR || type == MD_TEXT_NULLCHAR) return 0;
    // Only what lies in the text itself has a place there.
    if (at < text_.data() || at + size > text_.data() + text_.size() || size == 0) return 0;
    const auto begin = static_cast<std::size_t>(at - text_.data());
    const std::string_view bytes(at, size);
    if ((wrapped_ || cell_) && !open_.empty()) part(begin, bytes);
    wrapped_ = cell_ = false;
    const CharacterReference reference = type == MD_TEXT_ENTITY ? read_reference(bytes, 0, true) : CharacterReference{};
    if (reference.length == size)
      open_.append_reference(reference.words, {begin, begin + size});
    else
      open_.append(bytes, begin);
    return 0;
  }

  // A wrapped line parts words with a blank, but for ideographs; a table's cells are always parted.
  void part(std::size_t next_at, std::string_view next) {
    const ByteSpan between{open_.pieces.back().note.end, next_at};
    if (between.empty()) return;
    if (!cell_ && is_han(code_point_before(open_.text, open_.text.size()).value) && is_han(decode_utf8(next, 0).value))
      return;
    if (between.size() == 1)
      open_.append(between.of(text_), between.begin);
    else
      open_.append_reference(" ", between);
  }

  void flush() {
    const MappedText open = std::exchange(open_, {});
    wrapped_ = cell_ = false;
    const ByteSpan inside = trim_citations(open.text, {0, open.text.size()});
    if (inside.empty()) return;
    const std::string_view words = inside.of(open.text);
    if (words.starts_with("{{") && words.ends_with("}}")) return;
    MarkdownBlock block;
    block.block.span = note_span(open.pieces, inside);
    block.block.mapped.pieces = pieces_of(open.pieces, inside);
    if (!block.block.mapped.pieces.empty()) block.block.mapped.text = std::string(words);
    block.section = section_;
    block.heading_level = heading_;
    if (heading_ > 0 && !is_prose(words)) {
      block.block.kind = BlockKind::kHeading;
      block.block.level = static_cast<std::uint8_t>(heading_ - 1);
    } else if (table_head_) {
      block.block.kind = BlockKind::kHeading;
      block.block.level = 5;
    } else if (items_ > 0 || row_) {
      block.block.kind = BlockKind::kBullet;
      block.block.level = static_cast<std::uint8_t>(items_ > 1 ? items_ - 1 : 0);
    }
    out_.blocks.push_back(block);
  }

  std::string_view text_;
  ByteSpan span_;
  Markdown out_;
  MappedText open_;
  bool wrapped_ = false;  // a line ended since the last words
  bool cell_ = false;     // a table's cell began since
  std::uint32_t section_ = 0;
  unsigned images_ = 0;
  unsigned items_ = 0;
  std::uint8_t heading_ = 0;
  bool raw_ = false;
  bool table_head_ = false;
  bool row_ = false;
};

}  // namespace

Markdown read_markdown(std::string_view text, ByteSpan span) { return Reader(text, span).run(); }

}  // namespace annals
