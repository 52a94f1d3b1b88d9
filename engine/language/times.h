#pragma once
// Times in text: absolute, partial, relative, ranges and open ends, as half-open intervals of wall time with their grain.
// The readings that people may dispute (年初, 下周, 近日 …) are in the convention table of engine/language/README.md, held by tests.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/time.h"
#include "engine/language/fold.h"

namespace annals {

enum class TimeMod : std::uint8_t {
  kNone,
  kSince,        // from its start, open end: 自…起, since
  kUntil,        // to its end, open start: 截至, until, by
  kBefore,       // ends before it starts: 之前, before
  kAfter,        // begins after it ends: 之后, after
  kApproximate,  // 左右, 近日, around
};
std::string_view time_mod_name(TimeMod mod);  // "" for none

struct TimeMention {
  std::string text;                  // as written
  ByteSpan span;                     // of the original text
  std::optional<Civil> from;         // absent: open
  std::optional<Civil> to;           // exclusive; absent: open
  Grain grain = Grain::kDay;
  TimeMod mod = TimeMod::kNone;
  bool fiscal = false;               // of a fiscal year: FY2026 Q2, 2026财年
  bool relative = false;             // read from the anchor: 昨日, 今年8月
  // Canonical ISO form as claims use it: 2026-Q1, 2025-08, 2025-12-09, 2025-H2, FY2026-Q2, a/b, a/.., ../b.
  std::string iso;
};

// A length of time: 三年, 18个月, 5 to 8 minutes.
struct DurationMention {
  std::string text;                  // as written
  ByteSpan span;                     // of the original text
  double value = 0;                  // in `unit`
  std::optional<double> high;        // of a range: value..high
  bool longer = false;               // 三年多: at least that long
  std::string_view unit;             // "second", "minute", "hour", "day", "week", "month", "quarter", "year"
};

// The times of a text, in order, not overlapping. `reference` is the wall time that relative times start from, usually the
// article's publication; without one, relative times are left out.
// Numbers that are no times (sizes, prices, model names) are not read as times.
std::vector<TimeMention> read_times(const FoldedText& text, std::string_view original, std::optional<Civil> reference);

// The durations of a text whose length is said, in order; 几个月 is none.
std::vector<DurationMention> read_durations(const FoldedText& text, std::string_view original);

// The canonical ISO form of [from, to) at `grain` (iso above): 2026-Q1 for a quarter, and so on.
std::string iso_of(std::optional<Civil> from, std::optional<Civil> to, Grain grain);

}  // namespace annals
