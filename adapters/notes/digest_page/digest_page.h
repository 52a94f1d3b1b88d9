#pragma once
// A digest page carries several articles, each summarised in bullets on one line:

//   Title
//   Outlet· 2025-12-09 06:31        (the outlet may be missing)
//   Section - bullet text [1][4] - bullet text [2] Next section - bullet text [3]
//
// Lines above the first title are the page's furniture. Each " - " begins a bullet; a section's name stands before its
// first bullet, behind the citation marks of the bullet before. Where a bullet has no marks, its last blank-separated
// phrase is the next section's name if it reads like one (short, without clause punctuation, ending in a word that
// names topics). Lists with " * " are read alike; "**…**" alone is a heading inside its section. The words are the
// digest's: rendition is summary.

#include "engine/note/note.h"

namespace annals {

class DigestPage final : public NoteFormat {
 public:
  std::string_view name() const override { return "digest_page"; }
  std::string_view description() const override {
    return "a page of articles, each a title, a line 'outlet· time', and its bullets on one line";
  }
  int recognises(std::string_view text) const override;
  Result<std::vector<Article>> read(const Note& note, const OperatorHead& head) const override;
};

}  // namespace annals
