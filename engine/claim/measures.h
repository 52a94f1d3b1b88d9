#pragma once
// What is measured: the canonical names of metrics with the words they go by, and the measures that a unit gives away by itself.
// Canonical names are lower-case English with underscores, as ids of entities are, so that one series has one key in three scripts.

#include <cstdint>
#include <span>
#include <string_view>

namespace annals {

// Whose figure a measure is: a firm's books, a thing's data sheet, a place's and its people's, anything's but a firm's (a firm has no
// area), or anybody's.
enum class Bearer : std::uint8_t { kFirm, kThing, kPlace, kNoFirm, kAny };

// What a measure is told in. A percentage or a multiple after a verb of change ("rose 9 %") goes with every measure.
enum : std::uint8_t { kTakesMoney = 1, kTakesPercent = 2, kTakesCount = 4, kTakesUnit = 8, kTakesMultiple = 16, kTakesTime = 32 };

struct Measure {
  std::string_view name;    // "net_profit"
  Bearer bearer = Bearer::kAny;
  std::uint8_t takes = 0;
  bool act = false;         // a verb (delivered, 裁员): its subject is a name, never a mere phrase
  std::string_view words;   // folded, separated by '|'
  std::string_view entity = {};  // what it is a figure of, where the word says so itself: 油价
};

std::span<const Measure> measures();

// "GB" → memory, "mAh" → battery_capacity; empty: the unit says nothing by itself.
std::string_view measure_of_unit(std::string_view unit);

}  // namespace annals
