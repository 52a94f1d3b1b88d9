#pragma once
// A saved web page: one article.
//
// The head is taken from what says it most surely: JSON-LD (an article's headline, datePublished, dateModified, author,
// publisher), else <meta> (OpenGraph's og: and article:, and what sites use beside them), else <time> and microdata, else the
// lines between the headline and the text ("2025-12-09 08:31 来源：… 作者：…"), else the page's title. A printed source (来源：)
// is the outlet and the site then the carrier. A page that was modified after it was published was seen then (observed).
//
// The text: from the page's body down to the smallest element that keeps nearly all of its prose, or that says itself that it
// is the article (<article>, <main>, itemprop=articleBody) and keeps most of it. Navigation, header and footer, asides, dialogs
// (cookies), share bars, comments, tags, related links, captions, credits, disclaimers and advertisements are furniture: known
// by element, role, words of class and id, by being nothing but links, and by the rules that all formats share. What
// a class alone calls furniture is none where it holds most of the page's prose.
//
// Broken HTML is read as browsers read it. A page without prose is an error.

#include "engine/note/note.h"

namespace annals {

class HtmlPage final : public NoteFormat {
 public:
  std::string_view name() const override { return "html_page"; }
  std::string_view description() const override {
    return "a saved web page: its main text, with the head its data give";
  }
  int recognises(std::string_view text) const override;
  Result<std::vector<Article>> read(const Note& note, const OperatorHead& head) const override;
};

}  // namespace annals
