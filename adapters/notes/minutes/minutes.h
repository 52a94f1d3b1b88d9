#pragma once
// Minutes of a call: above the first question the head (menus and breadcrumbs are furniture; title, time, source in
// brackets), then question and answer blocks. Markers: Q: A:, Q1: A1:, 问：答：, 提问：回答：, 主持人：专家：, in any
// width and script. Paragraphs below an answer's first belong to the answer. A disclaimer ends the text; who carried
// the page is read from it ("不代表X的立场").

#include "engine/note/note.h"

namespace annals {

class Minutes final : public NoteFormat {
 public:
  std::string_view name() const override { return "minutes"; }
  std::string_view description() const override {
    return "minutes of a call or interview: questions (Q:, 问：) and answers (A:, 答：)";
  }
  int recognises(std::string_view text) const override;
  Result<std::vector<Article>> read(const Note& note, const OperatorHead& head) const override;
};

}  // namespace annals
