#pragma once
// Plain text of one article, and the last resort. The first line is the title if it looks like one; the next few may
// name outlet, author and time; the rest are paragraphs (blank lines or lines that end as sentences part them, lines
// broken in mid-sentence are put together), bullets and short headings.

#include "engine/note/note.h"

namespace annals {

class PlainText final : public NoteFormat {
 public:
  std::string_view name() const override { return "plain_text"; }
  std::string_view description() const override {
    return "plain text: a title, lines with outlet, author and time where there are any, paragraphs";
  }
  int recognises(std::string_view text) const override;
  Result<std::vector<Article>> read(const Note& note, const OperatorHead& head) const override;
};

}  // namespace annals
