// Any bytes as a note, by every format, or (ANNALS_FUZZ_FORMAT) by one of them: each answers articles whose parts lie in order
// inside the note, or an error.
#include <algorithm>

#include "adapters/notes/registry.h"
#include "engine/base/utf8.h"
#include "engine/note/note.h"
#include "engine/statement/statement.h"
#include "tests/fuzz/fuzz.h"

namespace {

#ifdef ANNALS_FUZZ_FORMAT
// What is not UTF-8 is made so: the format shall see as much of it as can be.
std::string bytes_of(std::string_view input) {
  std::string out;
  for (std::size_t at = 0; at < input.size();) {
    const annals::CodePoint point = annals::decode_utf8(input, at);
    const bool broken = (point.value == 0xFFFD && point.length == 1) || point.value == 0;
    out += broken ? std::string_view("?") : input.substr(at, point.length);
    at += point.length;
  }
  return out;
}
constexpr std::string_view kFormat = ANNALS_FUZZ_FORMAT;
#else
std::string bytes_of(std::string_view input) { return std::string(input); }
constexpr std::string_view kFormat = {};
#endif

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace annals;
  static const NoteFormats kFormats = make_note_formats();
  const auto note = decode_note(bytes_of(fuzz::text_of(data, size)), "fuzz");
  if (!note) {
    check(!note.error().message.empty(), "an error says something");
    return 0;
  }
  for (const auto& format : kFormats) {
    if (!kFormat.empty() && format->name() != kFormat) continue;
    const int sure = format->recognises(note->text);
    check(sure >= 0 && sure <= 100, "0 to 100");
    const auto articles = format->read(*note, OperatorHead{});
    if (!articles) continue;
    std::uint32_t ordinal = 0;
    for (const Article& article : *articles) {
      check(article.head.ordinal == ++ordinal, "articles count from 1");
      fuzz::check_inside(article.span, note->text.size(), "an article lies in its note");
      std::uint64_t at = 0;
      for (const Block& block : article.blocks) {
        fuzz::check_inside(block.span, note->text.size(), "a block lies in its note");
        check(block.span.begin >= at, "blocks are in order and do not overlap");
        at = block.span.end;
      }
      at = 0;
      for (const Statement& statement : split_statements(note->text, article)) {
        fuzz::check_inside(statement.span, note->text.size(), "a statement lies in its note");
        check(statement.span.begin >= at && !statement.span.empty(),
              "statements are in order, not overlapping, not empty");
        check(are_whole(statement.pieces, statement.text.size(), statement.span), "pieces tile the text, in order");
        check(stands_there(note->text, statement.pieces, statement.span, statement.text), "a statement's text is its bytes");
        const ByteSpan whole = statement.on_note({0, statement.text.size()});
        check(whole == statement.span, "the whole text stands for the whole span");
        check(count_code_points(statement.text) <= kStatementCharsMax, "no statement is too long");
        at = statement.span.end;
      }
    }
  }
  return 0;
}
