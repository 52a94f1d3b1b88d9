#pragma once
// What the time reader knows about the folded text without a reference: used where numbers must be told from parts of
// times.

#include <string_view>
#include <vector>

#include "engine/base/bytes.h"

namespace annals::times {

// Places of the folded text that are times, durations or clock times, in order, not overlapping.
std::vector<ByteSpan> spans(std::string_view folded);

}  // namespace annals::times
