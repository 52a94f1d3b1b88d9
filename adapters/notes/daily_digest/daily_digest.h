#pragma once
// A day's digest in Markdown: "## outlet" sections, "### n. title" articles, each with lines "**发布时间:** …",
// "**链接:** …",
// "**正文:** …" (also in Traditional Chinese and English). What stands above the first article section is overview and
// furniture, but its date says by when the digest's maker had the texts: observed is that day's end.

#include "engine/note/note.h"

namespace annals {

class DailyDigest final : public NoteFormat {
 public:
  std::string_view name() const override { return "daily_digest"; }
  std::string_view description() const override {
    return "a Markdown digest of a day: ## outlet, ### n. title, time, link and text of each article";
  }
  int recognises(std::string_view text) const override;
  Result<std::vector<Article>> read(const Note& note, const OperatorHead& head) const override;
};

}  // namespace annals
