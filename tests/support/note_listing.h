#pragma once
// A note as a person would list it: heads, blocks, statements. What golden files hold, and what a failing test shows.

#include <string>

#include "engine/note/note.h"

namespace annals::test {

// One line a fact, in the order of the note:
//   # 2 title / outlet: … / published: … [zone, precision, known from …] / …
//   = heading      (indented by its level)
//   > statement    (* before a bullet's, ? before a question's, ! before an answer's)
std::string list_articles(const Note& note, const std::vector<Article>& articles);

}  // namespace annals::test
