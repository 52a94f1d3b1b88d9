#pragma once
// A brief exported from a document: the title, a line "来源：…，作者：…，(link)", the title again, then headings, ". "
// bullets and "o " bullets below them. Lines broken in mid-sentence are put together; words that the export lost stay
// lost. An advertisement inside a line is furniture.

#include "engine/note/note.h"

namespace annals {

class BulletBrief final : public NoteFormat {
 public:
  std::string_view name() const override { return "bullet_brief"; }
  std::string_view description() const override {
    return "a brief of one article: title, line with source, author and link, headings, bullets (. and o)";
  }
  int recognises(std::string_view text) const override;
  Result<std::vector<Article>> read(const Note& note, const OperatorHead& head) const override;
};

}  // namespace annals
