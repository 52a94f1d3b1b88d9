#pragma once
// Synthetic events and articles, the same for the same seed on every machine.

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "engine/base/time.h"
#include "engine/event/event.h"
#include "engine/statement/statement.h"

namespace annals::bench {

// The engine's numbers are the same everywhere; the library's distributions are not, hence the remainders.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  // In [0, limit); the bias of the remainder is below 2^-40 for the limits used here.
  std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
  template <class List>
  const auto& pick(const List& list) {
    return list[below(std::size(list))];
  }

 private:
  std::mt19937_64 engine_;
};

// "chip_00042": the id of the n-th product of generated events.
std::string product_key(std::uint64_t product);

// When generated statements were published: spread evenly from here over about four years.
Instant generated_start();
Instant generated_end();

// `count` statement events from number `first` on, each with one export-control or metric claim about one of `keys` products, about 700 bytes
// stored. Ten statements are an article, published at a moment of its own, in shuffled order, as news that comes in late is.
std::vector<EventDraft> statement_drafts(std::uint64_t seed, std::uint64_t first, std::uint64_t count,
                                         std::uint64_t keys, std::uint64_t total);

// An article of about `sentences` sentences, as news is written, about listings, export rules, prices and dates. The text of the note
// is returned in `note`.
ArticleText generated_article(std::uint64_t seed, std::uint64_t sentences, std::string& note);

}  // namespace annals::bench
