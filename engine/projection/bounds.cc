#include "engine/projection/bounds.h"

namespace annals {

std::string_view known_clock_name(KnownClock clock) { return clock == KnownClock::kPublished ? "published" : "observed"; }
std::string_view undated_policy_name(UndatedPolicy policy) { return policy == UndatedPolicy::kExclude ? "exclude" : "include"; }

}  // namespace annals
