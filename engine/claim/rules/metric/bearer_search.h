#pragma once
// One search for the bearer of a figure: what its steps ask for again and again, and the steps. bearer.cc has their order.

#include <cstddef>
#include <optional>
#include <span>

#include "engine/claim/rules/metric/figure.h"

namespace annals::metric {

// A step gives the bearer or leaves it to the next.
struct Search {
  // All three must outlive it.
  Search(const Figure& of, const Measured& measured, const Memory& before);

  const Figure& figure;
  const Scene& scene;
  const Sentence& sentence;
  const Quantity& quantity;
  const Range at;
  const Range clause;
  const Measured& what;
  const Memory& memory;

  const Bearer bearer;      // whose figures such a measure is of
  const bool act;           // the measure is a verb
  const bool noun_first;    // a word for the measure stands before the number
  bool its;                 // the clause, or the phrase before the measure, opens with 其, its
  const std::size_t own;    // the number's clause
  const Range whole;        // the number's sentence
  std::uint32_t limit = 0;  // where a name or phrase that bears has to end: where the measure begins, or the verb
  Range phrase;             // the noun phrase that ends there
  bool clean = false;       // it can stand for somebody
  bool scope = false;       // it only narrows the measure
  std::size_t words = 0;    // its code points; 0: there is none to speak of
  bool open = false;        // the clause may be told of somebody named elsewhere

  using Step = std::optional<Subject> (Search::*)() const;
  std::optional<Subject> first_of(std::span<const Step> steps) const;

  // bearer_in_clause.cc: by a name or a word that points at one.
  std::optional<Subject> quoted() const;
  std::optional<Subject> its_thing() const;
  std::optional<Subject> later_of_two() const;
  std::optional<Subject> said_of() const;
  std::optional<Subject> led_back() const;
  std::optional<Subject> of_lower_number() const;
  std::optional<Subject> object_between_in_english() const;
  std::optional<Subject> company_that_opens() const;
  std::optional<Subject> product_that_opens() const;
  std::optional<Subject> heading_before() const;
  std::optional<Subject> named_in_clause() const;
  // 公司: the clause's subject where it stands in it, and nobody else then.
  const WordHit* company_word() const;
  std::optional<Subject> company_meant(const WordHit& frame) const;
  // By words that no list has.
  std::optional<Subject> this_product_before() const;
  std::optional<Subject> mainland_market() const;
  std::optional<Subject> phrase_itself() const;
  std::optional<Subject> capitals_in_english() const;
  std::optional<Subject> capitals_in_chinese() const;
  std::optional<Subject> statistic_itself() const;
  std::optional<Subject> unknown_firm() const;
  // bearer_by_opening.cc: by what opens the clause, or what it points back to.
  std::optional<Subject> owner_before_bracket() const;
  std::optional<Subject> topic_of_its() const;
  std::optional<Subject> number_of_series() const;
  std::optional<Subject> index_that_opens() const;
  std::optional<Subject> products_of_company() const;
  std::optional<Subject> place_that_opens() const;
  std::optional<Subject> thing_meant() const;
  std::optional<Subject> head_behind() const;
  std::optional<Subject> company_later() const;
  // bearer_told_before.cc: by what stands before the clause.
  bool names_somebody_else() const;
  std::optional<Subject> figure_before() const;
  std::optional<Subject> earlier_clauses() const;
  std::optional<Subject> called_in(Range earlier) const;
  std::optional<Subject> example_in(Range earlier) const;
  std::optional<Subject> named_in(Range earlier) const;
  std::optional<Subject> pointed_at_in(Range earlier) const;
  std::optional<Subject> place_in(Range earlier) const;
  std::optional<Subject> phrase_in(Range earlier) const;
  std::optional<Subject> opener_in(Range earlier) const;
  std::optional<Subject> launched_in(Range earlier) const;
  std::optional<Subject> who_reports() const;
  std::optional<Subject> who_tells() const;
  std::optional<Subject> article() const;
};

// Whether a phrase without an entry of its own may have figures: data sheets only of what holds a known name, books only of who opens
// the clause, others where the phrase is long enough to say what it is.
bool may_bear(const Scene& scene, Range clause, Range phrase, Bearer bearer);
// 该芯片: the product named last before it in the sentence, in the statements before, in the article.
std::optional<Subject> this_product(const Scene& scene, const WordHit& frame);
// 其 or 它 last in `in`; in English its, their. Null: none, or only the letters of another word (IT), or 及其, which joins.
const WordHit* its_before(const Sentence& sentence, Range in);
// 950 of a text about 昇腾950, 960 beside it: a product of the lexicon by the number of its series alone. `number` is the number as
// written; null: no such product, or the text tells of no series.
const Entity* product_by_number(const Scene& scene, std::string_view number);

}  // namespace annals::metric
