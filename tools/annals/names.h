#pragma once
// Names in claims that people and programs write by hand.

#include "engine/claim/claim.h"
#include "engine/language/lexicon.h"

namespace annals::cli {

// Each name in a slot is looked up as names in a text are: by id (ai_chips@nvidia too), else by any spelling; what the lexicon lacks is
// kept, folded, as an unknown one.
void resolve_names(Claim& claim, const Lexicon& lexicon);

}  // namespace annals::cli
