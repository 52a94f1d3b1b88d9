#pragma once
// A page of one tag: "#tag", then by turns a title and the article on one line, which ends in the outlet in brackets (or
// not: then long prose between two short lines is an article).
// No times are printed: the articles are undated unless the operator dates them. A title repeated at the start of its
// article is furniture.

#include "engine/note/note.h"

namespace annals {

class TagPage final : public NoteFormat {
 public:
  std::string_view name() const override { return "tag_page"; }
  std::string_view description() const override {
    return "a page of one #tag: titles, each followed by its article on one line that ends in (outlet)";
  }
  int recognises(std::string_view text) const override;
  Result<std::vector<Article>> read(const Note& note, const OperatorHead& head) const override;
};

}  // namespace annals
