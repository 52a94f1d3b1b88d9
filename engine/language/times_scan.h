#pragma once
// One walk over a text for its times and for the places that are parts of times: where numbers are told from these, both
// are wanted, and the walk is the costly part.

#include <optional>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/language/fold.h"
#include "engine/language/times.h"

namespace annals::times {

struct Scan {
  std::vector<TimeMention> times;
  std::vector<DurationMention> durations;
  // Bytes of the folded text that are times, durations or clock times, in order, not overlapping.
  std::vector<ByteSpan> places;
};
Scan scan(const FoldedText& text, std::string_view original, std::optional<Civil> reference);

// The places alone, without a reference.
std::vector<ByteSpan> spans(std::string_view folded);

}  // namespace annals::times
