#pragma once
// Random bytes of the system, fit for secrets. Threads: any.

#include <cstddef>
#include <vector>

#include "engine/base/bytes.h"

namespace annals {

// Many at once: asking for random bytes costs more than their making.
std::vector<Digest> random_digests(std::size_t count);

}  // namespace annals
