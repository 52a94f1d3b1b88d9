#pragma once
// Times and quantities of one text in one walk over it, which costs about half of two: what read_times and read_quantities give, with
// durations among the quantities.

#include <optional>
#include <string_view>
#include <vector>

#include "engine/language/fold.h"
#include "engine/language/quantities.h"
#include "engine/language/times.h"

namespace annals {

struct Figures {
  std::vector<TimeMention> times;
  std::vector<Quantity> quantities;
};
Figures read_figures(const FoldedText& text, std::string_view original, std::optional<Civil> reference);

}  // namespace annals
