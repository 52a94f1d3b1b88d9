#pragma once
// The words around a number, and the small questions that all of the metric rule asks of them.
//
// A word is one of the rule's own (it links, it says which way the figure went, it compares) or names a measure (measures.h). A
// further measure is a row of measures.cc; a further word of the language a row of words.cc, with, where it is of a new sort, a sense here.

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <span>
#include <string_view>

#include "engine/claim/measures.h"
#include "engine/claim/scene.h"

namespace annals::metric {

// Words around a number. The words of measures.h follow, one sense per measure, from kFirstMeasure on.
enum class Word : Sense {
  kNone,
  kLink,      // 达, 为, 约, of: stand between a measure and its number
  kHold,      // 配备, 搭载, has: what follows is had by the subject
  kRise,      // 增长, 涨, rose
  kFall,      // 下降, 跌, fell
  kGuidance,  // 指引
  kCompare,   // 比, 较, 相比: what follows is compared with
  kFrom,      // 从, 由
  kTo,        // 至, 到, 升至
  kEach,      // 分别
  kFirstMeasure,
};

// The rows of the rule's word list: its own words, then those of all measures.
std::span<const WordRow> all_words();
// The measure that a word names; null: it is one of the rule's own.
const Measure* measure_of(const WordHit& hit);
bool one_of(const WordHit& hit, std::initializer_list<Word> words);

// Begins with a Han character.
bool is_han_text(std::string_view text);
template <std::size_t N>
bool holds_any(std::string_view text, const std::string_view (&words)[N]) {
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// The last word of one of these senses within `in`; null: none.
const WordHit* near(const Scene& scene, Range in, std::initializer_list<Word> words);
// How much of `in` plays a part of its own: code points that belong to no linking word, time, number, bracket or blank; for a word
// in Latin letters 3. With `names`, names are passed over as well.
unsigned leftover(const Scene& scene, Range in, bool names);
// Which way the figure went: the last verb of change in `in`; 0: none.
int direction(const Scene& scene, Range in);
// "rose to", 增至: what follows is the level that was reached.
bool to_level(const Sentence& sentence, Range gap);
// A verb that leads to the number (达, 超过, 跌) ends where it begins.
bool verb_before(const Scene& scene, std::uint32_t at);
// A verb of change right before the number, at most three characters away.
bool near_before(const Scene& scene, std::uint32_t at);

}  // namespace annals::metric
