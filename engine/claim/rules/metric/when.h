#pragma once
// Of when a figure is.

#include <optional>

#include "engine/claim/rules/metric/figure.h"

namespace annals::metric {

// First that fits: the time right before the number, the span that a change took, the time that governs the clause, the year of its
// place in a row, the time of the figure before, and for prices the session. None: the text does not tell.
// `implied`: it goes on from the figure before, or is told of the same subject without naming it; `moves`: it is how a price moved.
std::optional<When> when_of(const Figure& figure, const Measured& what, const Memory& memory, bool implied, bool moves);

}  // namespace annals::metric
