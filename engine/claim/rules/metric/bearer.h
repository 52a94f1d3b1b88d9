#pragma once
// Whose figure it is; engine/claim/README.md, "Whose figure". The steps and their order are in bearer.cc.

#include <optional>
#include <vector>

#include "engine/claim/rules/metric/figure.h"

namespace annals::metric {

// 甲和乙的价格将上涨48%和55%; 前三的是甲、乙、丙，金额分别是A、B、C: as many bearers as numbers, each has the number of its place.
// bearer_in_row.cc.
std::optional<Subject> bearer_in_row(const Figure& figure, const Measured& what);
// 甲、乙的算力均为148 TFLOPS, B200/B300的带宽为8 TB/s: who stands side by side with the bearer and has the same figure each. Empty:
// nobody, or one sum is told of all of them. bearer_in_row.cc.
std::vector<Subject> bearers_alike(const Figure& figure, const Reading& reading);

// The bearer that the measure, the clause around it, the figure before, the earlier clauses or the article name; the first that fits.
// Looked for in figure.clause, which for measures side by side is the clause of the first of them. None: nobody fits, or somebody
// else is spoken of.
std::optional<Subject> bearer_of(const Figure& figure, const Measured& what, const Memory& memory);

// One figure of all together, or of what is between them: 合计, 之间.
bool told_together(std::string_view words);
// 一个…, 每片…, 单台…: opens with a thing counted singly.
bool of_each(std::string_view text);

}  // namespace annals::metric
