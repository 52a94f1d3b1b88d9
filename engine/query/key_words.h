#pragma once
// Keys from people's words: "英伟达H200", "h200/china", "metax", "metax/revenue". Internal to engine/query. Threads: any.
// Errors: kInvalid, with what was expected.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/projection/families.h"
#include "engine/projection/projection.h"
#include "engine/query/query.h"

namespace annals {

enum class KeyShape { kProductAtPlace, kEntity, kMetric, kCalendar };
KeyShape key_shape(const Projection& projection);

class KeyWords {
 public:
  explicit KeyWords(const Lexicon& lexicon) : lexicon_(lexicon) {}   // must outlive it

  struct Named {
    std::string id;
    std::string name;
    bool known = false;
  };
  // The log's facts first, then the lexicon, then names inside the words ("英伟达H200").
  Named entity(std::string_view words, bool product_wanted, const Families& families) const;
  Result<ResolvedKey> resolve(const Projection& projection, std::string_view words, const Families& families) const;
  // By key, each once.
  Result<std::vector<std::string>> resolved(const Projection& projection, std::span<const std::string> words, const Families& families) const;
  // What the keys start with that an asked-for key means where it stops at the entity (metric, calendar); none: it means itself.
  static std::optional<std::string> prefix_meant(const Projection& projection, const ResolvedKey& resolved);

 private:
  const Lexicon& lexicon_;
};

}  // namespace annals
