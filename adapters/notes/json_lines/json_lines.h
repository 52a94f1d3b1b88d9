#pragma once
// JSON Lines: an object a line, an article an object. Members (all strings, absent or null where not known):
//   text       required: the article; its lines (\n) are paragraphs, "- " and the like begin bullets, "# " begins a heading
//   title, outlet, author, carrier, link (or url)
//   published  ISO 8601 or RFC 822, with or without a zone, or a range "from/to"; observed likewise
//   zone       of times printed without one: an IANA name or an offset
//   rendition  verbatim (if absent), summary, minutes, translation
//   language   zh-Hans, zh-Hant, en (if absent: recognised)
// Some have other names that exports give them: content or body, headline, source or publisher, date, published_at or pubDate,
// updated_at, lang. Other members are passed over. Spans are of the line as it stands; what is escaped in it (\", \u4e00) is
// read as it is meant. A line that is not such an object is an error with file, line and column, and nothing of the note
// is taken in.

#include "engine/note/note.h"

namespace annals {

class JsonLines final : public NoteFormat {
 public:
  std::string_view name() const override { return "json_lines"; }
  std::string_view description() const override {
    return "JSON Lines: one article an object, with title, outlet, published, text";
  }
  int recognises(std::string_view text) const override;
  Result<std::vector<Article>> read(const Note& note, const OperatorHead& head) const override;
};

}  // namespace annals
