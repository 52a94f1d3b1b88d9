#pragma once
// What is measured: one reader per way in which a text says it. metric.cc tries them in the order of its tables; the first that finds
// something is taken. All are pure.
//
// A reader fills Reading::what, and Reading::subject where it has seen whose the figure is as well. `memory` is the figure read before
// it in the statement; nothing in it where there is none. A further one: a function here and in one of the files named read_*.cc, a
// value of ReadBy, a row of a table.

#include <optional>

#include "engine/claim/rules/metric/figure.h"

namespace annals::metric {

// ---- read_by_word.cc: by a word of measures.h.

// 营收和利润…分别增长35%和41.3%: as many measures side by side as numbers, each has the number of its place.
std::optional<Reading> in_place(const Figure& figure, const Memory& memory);
// The nearest word of measures.h that takes such a number: before it, with only links between; else right behind it.
std::optional<Reading> by_word(const Figure& figure, const Memory& memory);

// ---- read_from_before.cc: from a name or a figure that stands before.

// 手机出货量下滑11.3%，甲更是大跌22.7%: another's, of the same measure. Asks for a figure before.
std::optional<Reading> moves_alike(const Figure& figure, const Memory& memory);
// "英伟达涨2.3%", "the Hang Seng lost 1.2%": a named firm, index or good right before a verb of change and a percentage.
std::optional<Reading> price_move(const Figure& figure, const Memory& memory);
// A number without a word for what it measures that goes on from the figure before: "…，同比增长62%", "…, 明年预计到15万张",
// "…，略高于H100的2.95美元", "…，较2025年的350亿美元". Asks for a figure before.
std::optional<Reading> goes_on(const Figure& figure, const Memory& memory);

// ---- read_by_unit.cc: by the unit, or by what is counted.

// What the unit gives away: GB after 配备 is memory, nm is the process.
std::optional<Reading> by_unit(const Figure& figure, const Memory& memory);
// 全市场超3500只个股上涨, 近20只成分股涨停: how many shares of a market or sector went which way.
std::optional<Reading> breadth(const Figure& figure, const Memory& memory);
// "采用8个堆叠", "has 132 compute units": a named product before a verb of having, a number, and what is counted.
std::optional<Reading> parts(const Figure& figure, const Memory& memory);

// ---- read_by_noun.cc: by words that no list has.

// 每年停机时间不到6分钟, 冻结股权数额超过713万元: a noun that only sounds like a measure, by how such nouns end, where a verb leads
// from it to a number that has a unit.
std::optional<Reading> by_noun(const Figure& figure, const Memory& memory);
// Said of a named firm or product that opens the clause, in words that no list has: the words between name the figure.
std::optional<Reading> as_written(const Figure& figure, const Memory& memory);

// ---- read_by_frame.cc: by a fixed turn.

// 另有300亿元某某债到期: how much of what falls due.
std::optional<Reading> matures(const Figure& figure, const Memory& memory);
// 一个规模达70亿元的市场: how large a market is.
std::optional<Reading> market_worth(const Figure& figure, const Memory& memory);
// 全面涨价15%: a verb that says itself that it is the price that moves.
std::optional<Reading> price_verb(const Figure& figure, const Memory& memory);

}  // namespace annals::metric
