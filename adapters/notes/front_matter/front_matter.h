#pragma once
// Markdown of one article below YAML front matter. Keys: title; date, published, publish_date, pubdate; last_updated,
// updated, lastmod, modified, observed (→ observed); author(s); outlet, source, publisher, site; carrier; original_url,
// canonical, url, link; language, lang; rendition. An empty date is undated. The heading that repeats the title,
// images, figures, captions, raw HTML, shortcodes, and closing sections that ask for subscriptions or introduce the
// author are furniture. Without an outlet of its own or the operator's, the article's outlet is the site of its
// original address.

#include "engine/note/note.h"

namespace annals {

class FrontMatter final : public NoteFormat {
 public:
  std::string_view name() const override { return "front_matter"; }
  std::string_view description() const override { return "Markdown of one article with YAML front matter"; }
  int recognises(std::string_view text) const override;
  Result<std::vector<Article>> read(const Note& note, const OperatorHead& head) const override;
};

}  // namespace annals
