#pragma once
// Noun phrases without an entry in the lexicon: where they begin and end, whether they can stand for somebody, and what in them only
// narrows a measure.

#include <optional>
#include <string>
#include <string_view>

#include "engine/claim/rules/metric/figure.h"

namespace annals::metric {

// Without the words at both ends that belong to the grammar or to the measure.
Range trimmed(const Sentence& sentence, Range phrase);
// The noun phrase that ends at `end`: back to the last word that plays another part, modifiers at both ends left out.
Range phrase_before(const Scene& scene, Range clause, std::uint32_t end);
// The phrase that stands before a run of times, adverbs and 预计: 甲 of "甲预计2025年净利润".
Range phrase_behind(const Scene& scene, Range clause, Range inner);

// A phrase that can stand for somebody or something: nouns only, as far as single characters tell.
bool is_noun_phrase(const Sentence& sentence, Range phrase);
// Phrases that name nobody by themselves: what is measured is of whoever the text speaks of.
bool is_scope(std::string_view phrase);

// "甲(231.54亿元)": whose number stands in brackets stands before them.
std::optional<Subject> before_bracket(const Figure& figure);
// What narrows a measure: 数据中心业务 of 英伟达数据中心业务收入. Empty: nothing does.
std::string scope_of(const Scene& scene, Range entity, Range noun, Range clause);

}  // namespace annals::metric
