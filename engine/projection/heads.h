#pragma once
// Heads: what a key's answers say from one moment to the next (P = V = that moment, R = everything, the policies' defaults), a row for each
// change: Detail::kHeads of them, finished. So an answer as of T is the row at or before T, and nothing is folded: what panels, tables and
// comparisons of all keys ask for, where a page (pages.h) holds what answers grow from, with all that was before and whose word it is.
//
// The heads of a page follow from the page alone, the first at its own moment, so whoever writes a page again writes its heads again
// and looks at no others. Where tracks are apart (Projection::tracks_apart) there are none: an answer joins its tracks when asked.
// Threads: functions without state, from any.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/projection/pages.h"

namespace annals {

// In the order of their moments; each stays until the next, and says so. Null: from here on the page does not answer ("unfolded").
using HeadVisitor = std::function<Status(Instant at, const PageAnswer* head)>;
// Cost: a step of the fold for each claim of the page that comes behind all others, all of its claims again for one that does not. kCorrupt:
// it is no page. Returns where the page ends, if it does.
Result<std::optional<Instant>> each_head(const Projection& projection, std::string_view key, const std::string& page, Instant page_at, const HeadVisitor& visit);

// Of a state with everything.
State heads_of(State state);

std::string pack_head(const PageAnswer* head);
// None: one that does not answer. kCorrupt: it is no head.
Result<std::optional<PageAnswer>> unpack_head(const Projection& projection, std::string_view key, std::string_view bytes);

}  // namespace annals
