#include "adapters/notes/markdown.h"

#include <md4c.h>

#include "adapters/notes/heads.h"
#include "engine/base/utf8.h"

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
    if (raw_ || type == MD_TEXT_HTML || type == MD_TEXT_SOFTBR || type == MD_TEXT_NULLCHAR) return 0;
    // Only what lies in the text itself has a place there.
    if (at < text_.data() || at + size > text_.data() + text_.size() || size == 0) return 0;
    const auto begin = static_cast<std::size_t>(at - text_.data());
    if (piece_.empty()) piece_.begin = begin;
    piece_.end = begin + size;
    return 0;
  }

  void flush() {
    const ByteSpan span = trim_citations(text_, piece_);
    piece_ = {};
    if (span.empty()) return;
    const std::string_view words = span.of(text_);
    if (words.starts_with("{{") && words.ends_with("}}")) return;
    MarkdownBlock block;
    block.block.span = span;
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
  ByteSpan piece_;
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
