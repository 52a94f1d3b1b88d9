#pragma once
// Histories as logs of news have them, for the benchmarks: the same for the same options on every machine, and any stretch of one by
// itself, so that a hundred million events need no memory.
//
// The plain shape, of `events` events:
//   - statements of about 300 bytes of Chinese in articles of ten, in notes of ten articles, from five outlets; 1 in 200 events is a
//     retraction of one of the ten thousand before it, 1 in 200 a new reading of one;
//   - keys by Zipf's law (the n-th product is named in proportion to 1/n): of 10,000 products the first has a tenth of all claims;
//   - bursts: fifty articles are a story, printed within a tenth of the time that stories are apart, and half of what they say is about
//     the story's own product;
//   - a fifth of the articles come late: printed at any moment between the beginning and those before them;
//   - claims of four kinds (export rules, metrics by quarter, milestones, listings) in all modalities; one statement in ten has none.
// The others are the worst for an answer about one key, and are about one product, each event an article of its own:
//   one-key        in the order of time
//   newest-first   an archive taken in from its end
//   all-retracted  the first half; then each of it is retracted
//   alternating    a statement in eight; then it is retracted, that retraction is, and so on
//   valid-times    each claim begins to hold at a moment of its own, anywhere in the four years

#include <cstdint>
#include <string>
#include <vector>

#include "engine/event/event.h"
#include "tools/bench/generate.h"

namespace annals::bench {

enum class Shape : std::uint8_t { kPlain, kOneKey, kNewestFirst, kAllRetracted, kAlternating, kValidTimes };
inline constexpr Shape kWorstShapes[] = {Shape::kOneKey, Shape::kNewestFirst, Shape::kAllRetracted, Shape::kAlternating, Shape::kValidTimes};
const char* shape_name(Shape shape);

class Workload {
 public:
  Workload(Shape shape, std::uint64_t seed, std::uint64_t events, std::uint64_t keys);
  // Events number first … first + count − 1.
  std::vector<EventDraft> drafts(std::uint64_t first, std::uint64_t count) const;
  std::uint64_t events() const { return events_; }
  std::uint64_t keys() const { return shares_.size(); }
  // A product, as often as statements name it.
  std::uint64_t draw(Random& random) const;

 private:
  EventBody body(std::uint64_t number) const;
  StatementEvent statement(std::uint64_t number) const;
  EventId id(std::uint64_t number) const;   // of a statement
  bool speaks_of_another(std::uint64_t number) const;

  Shape shape_;
  std::uint64_t seed_;
  std::uint64_t events_;
  std::vector<double> shares_;   // of the products up to each
};

}  // namespace annals::bench
