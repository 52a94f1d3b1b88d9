#pragma once
// What an article is about, read from its title and all its statements before any claim is.

#include <memory>
#include <vector>

#include "engine/claim/scene.h"

namespace annals {

// `title` may be null. Sentences are those of the statements, in order; both must outlive the context.
ArticleContext read_context(const Lexicon& lexicon, const ArticleHead& head, std::optional<Civil> published, const Sentence* title,
                            const std::vector<std::unique_ptr<Sentence>>& sentences);

// The wall time that the article's relative times start from: its publication as printed.
std::optional<Civil> reference_of(const ArticleHead& head);

}  // namespace annals
