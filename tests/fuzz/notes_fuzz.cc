// Any bytes as a note, by every format: each answers articles whose parts lie in order inside the note, or an error.
#include <algorithm>

#include "adapters/notes/registry.h"
#include "engine/base/utf8.h"
#include "engine/note/note.h"
#include "engine/statement/statement.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace annals;
  const auto note = decode_note(std::string(fuzz::text_of(data, size)), "fuzz");
  if (!note) {
    check(!note.error().message.empty(), "an error says something");
    return 0;
  }
  for (const auto& format : make_note_formats()) {
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
        check(statement.span.of(note->text) == statement.text, "a statement's text is its bytes");
        check(count_code_points(statement.text) <= kStatementCharsMax, "no statement is too long");
        at = statement.span.end;
      }
    }
  }
  return 0;
}
