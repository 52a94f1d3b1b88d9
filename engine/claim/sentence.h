#pragma once
// One statement (or heading, or title) as the rules see it: folded, with everything found in it at its place, cut into sentences
// and clauses. All places here are bytes of the folded text.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/claim/claim.h"
#include "engine/claim/cues.h"
#include "engine/language/fold.h"
#include "engine/language/lexicon.h"
#include "engine/language/quantities.h"
#include "engine/language/times.h"

namespace annals {

// [begin, end) of the folded text.
struct Range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t size() const { return end - begin; }
  bool empty() const { return end <= begin; }
  bool covers(std::uint32_t at) const { return begin <= at && at < end; }
  bool covers(Range other) const { return begin <= other.begin && other.end <= end; }
  bool touches(Range other) const { return begin < other.end && other.begin < end; }
  friend auto operator<=>(const Range&, const Range&) = default;
};
inline Range range_of(const WordHit& hit) { return {hit.begin, hit.end}; }

struct Name {
  Range at;
  EntityRef ref;
  EntityKind kind = EntityKind::kOther;
  const Entity* entity = nullptr;   // null: the lexicon lacks it
};
struct TimeAt {
  Range at;
  const TimeMention* time = nullptr;
};
struct QuantityAt {
  Range at;
  const Quantity* quantity = nullptr;
};
// Clauses lie between commas (and blanks that stand for commas); sentences between full stops.
struct Clause {
  Range at;
  std::uint32_t sentence = 0;
};

bool is_company(EntityKind kind);
// A product, a family of them, or a class of them.
bool is_product(EntityKind kind);

class Sentence {
 public:
  // `reference`: the article's publication, for relative times. The finder's words and `lexicon` must outlive it.
  Sentence(std::string_view original, const Lexicon& lexicon, const WordFinder& finder, std::optional<Civil> reference);
  Sentence(const Sentence&) = delete;
  Sentence& operator=(const Sentence&) = delete;

  std::string_view original() const { return original_; }
  std::string_view text() const { return folded_.text(); }
  std::string_view text(Range range) const { return text().substr(range.begin, range.size()); }
  // The bytes of the original that a range came from.
  ByteSpan original_span(Range range) const { return folded_.original({range.begin, range.end}); }
  std::string original_text(Range range) const { return std::string(original_span(range).of(original_)); }

  const std::vector<TimeMention>& times() const { return times_; }
  const std::vector<Quantity>& quantities() const { return quantities_; }
  const std::vector<EntityMention>& mentions() const { return mentions_; }

  const std::vector<Name>& names() const { return names_; }
  const std::vector<TimeAt>& times_at() const { return times_at_; }
  const std::vector<QuantityAt>& quantities_at() const { return quantities_at_; }
  const std::vector<Clause>& clauses() const { return clauses_; }
  const std::vector<WordHit>& words(std::size_t group) const { return words_[group]; }
  const std::vector<WordHit>& words(Layer layer) const { return words_[static_cast<std::size_t>(layer)]; }

  std::size_t clause_at(std::uint32_t at) const;      // index of the clause that holds, or precedes, `at`
  Range clause_range(std::uint32_t at) const { return clauses_[clause_at(at)].at; }
  Range sentence_range(std::uint32_t at) const;       // of all clauses of its sentence
  Range whole() const { return {0, static_cast<std::uint32_t>(text().size())}; }
  bool is_question(std::uint32_t at) const;           // its sentence ends in a question mark
  bool english() const { return english_; }           // hardly a Han character in it

  template <class Cue>
  const WordHit* first(Layer layer, Cue cue, Range in) const {
    for (const WordHit& hit : words(layer))
      if (in.covers(range_of(hit)) && is(hit, cue)) return &hit;
    return nullptr;
  }
  template <class Cue>
  const WordHit* last(Layer layer, Cue cue, Range in) const {
    const WordHit* found = nullptr;
    for (const WordHit& hit : words(layer))
      if (in.covers(range_of(hit)) && is(hit, cue)) found = &hit;
    return found;
  }
  // The two stand side by side but for words that join (和, 、, /, and), makers' names, "芯片", 的, blanks and brackets.
  bool joined(Range left, Range right) const;

 private:
  void cut_clauses();
  void find_model_names();
  void grow_names(const Lexicon& lexicon);

  std::string_view original_;
  FoldedText folded_;
  std::vector<EntityMention> mentions_;
  std::vector<TimeMention> times_;
  std::vector<Quantity> quantities_;
  std::vector<Name> names_;
  std::vector<TimeAt> times_at_;
  std::vector<QuantityAt> quantities_at_;
  std::vector<Clause> clauses_;
  std::vector<std::vector<WordHit>> words_;
  bool english_ = false;
};

}  // namespace annals
