#pragma once
// What the steps of the metric rule hand to each other: the number that is read, what is measured, whose it is, and the figure read
// before it; with the small questions about a number that several of them ask.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/claim/measures.h"
#include "engine/claim/scene.h"

namespace annals::metric {

// A number of a statement, and where it stands. Good as long as its scene is.
struct Figure {
  const Scene& scene;
  const Sentence& sentence;
  std::size_t index;  // among the statement's numbers
  const QuantityAt& number;
  const Quantity& quantity;      // of `number`
  Range at;                      // of `number`
  Range clause;                  // that the number stands in; a bearer may be looked for in another
  std::uint32_t sentence_index;  // of the statement's sentences, the one of the number's own clause
};
Figure figure_of(const Scene& scene, std::size_t index);
// How many numbers stand in its clause, itself one of them.
std::ptrdiff_t numbers_in_clause(const Figure& figure);

// Whose figure it is.
struct Subject {
  EntityRef ref;
  Range at;
  EntityKind kind = EntityKind::kOther;
};
// A bearer by its words, which the lexicon lacks.
Subject as_written_in(const Sentence& sentence, Range words, EntityKind kind);
Subject subject_of_name(const Name& name);

// What the figure is of: a word for it, or only what its unit gives away.
struct Measured {
  std::optional<Range> word;  // that names it; a row of measures.h, or a noun that only sounds like one
  const Measure* measure = nullptr;
  std::string name;
  bool before = true;   // the word stands before the number
  bool change = false;  // how much it rose or fell
  bool falls = false;
  std::string counted;                 // of what there are so many: "8个堆叠"
  bool chained = false;                // counted on in a list: had by whom the list is of
  std::optional<std::uint32_t> row{};  // where the row of measures begins that `word` is one of
  bool expected = false;  // told as what was expected, not as what came

  bool is_act() const { return measure != nullptr && measure->act; }
};

// Which reader found what is measured: the rows of the tables in metric.cc.
enum class ReadBy : std::uint8_t { kPlace, kWord, kMovesAlike, kPriceMove, kGoesOn, kMatures, kMarketWorth, kPriceVerb, kUnit, kBreadth, kParts, kNoun, kAsWritten };

// What has been read of a number so far.
struct Reading {
  Measured what;
  std::optional<Subject> subject{};  // where what is measured says so at once; else filled by find_bearer
  ReadBy by = ReadBy::kWord;         // and the rule of its claims: both from the table in metric.cc
  std::string_view rule{};
  bool paired = false;  // the subject is the one of the number's place in a row of them
};

// The figure read last in this statement: what goes on without a subject ("…，同比增长62%") is of the same.
struct Memory {
  bool there = false;
  bool changed = false;  // it told how much something rose or fell
  bool fell = false;     // and that it fell
  bool times = false;    // it told how many times something it was
  Subject subject;
  Measured measured;
  std::uint32_t sentence_index = 0;
  Range at{};
  std::string scope;
  QuantityKind kind = QuantityKind::kNumber;
  std::string unit;
  std::optional<When> when;

  // It was told in the sentence of `figure`.
  bool in_sentence_of(const Figure& figure) const { return there && sentence_index == figure.sentence_index; }
};

// The unit of a number: the reader's, else a word in Latin letters right behind it ("4.6 petaFLOPS") that Chinese text leaves as it is.
std::string unit_of(const Sentence& sentence, const QuantityAt& at);
// So many times something, or a fraction of it: 两倍, 一半, 四分之一.
bool is_fraction(const Quantity& quantity);
bool is_times(const Quantity& quantity);
// 甲的两倍, 接近去年的一半: what it is so many times of stands before it with 的.
bool held_against(const Figure& figure);
// Numbers that count nothing worth a series: one of something, generations, editions, steps, model years.
bool idle(const Quantity& quantity, std::string_view written);
// Side by side in a list of numbers.
bool listed(const Sentence& sentence, const QuantityAt& left, const QuantityAt& right);
// The run of numbers side by side that one of them stands in: [first, last], both part of it.
struct Run {
  std::size_t first;
  std::size_t last;
  std::size_t count() const { return last - first + 1; }
};
Run run_of(const Sentence& sentence, std::size_t index);
// Whether a measure is told in such a number. `change`: how much it rose or fell; `latin_unit`: the unit is a word in Latin letters
// that the reader of quantities left out (unit_of).
bool takes(const Measure& measure, const Quantity& quantity, bool change, bool latin_unit = false);

}  // namespace annals::metric
