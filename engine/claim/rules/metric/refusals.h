#pragma once
// What the metric rule does not tell: numbers that are no figures, and figures that would be told of the wrong one. Each case is a
// predicate with its reason in the source; a further one is a function there and its name in the list below it.

#include "engine/claim/rules/metric/figure.h"

namespace annals::metric {

// By itself and what stands beside it: a coupon, a ratio, a row of a flattened table.
bool is_no_figure(const Figure& figure);

// By what was read of it. Requires: reading.subject.
bool is_refused(const Figure& figure, const Reading& reading, const Memory& memory);

}  // namespace annals::metric
