#pragma once
// Files that a command writes.

#include <string>
#include <string_view>
#include <sys/types.h>

#include "engine/base/error.h"

namespace annals::cli {

// A file that is whole or not there, also after a crash: written beside, synced, renamed. `fresh`: it must not be there yet (kConflict).
Status write_whole(const std::string& file, std::string_view text, mode_t mode, bool fresh);

}  // namespace annals::cli
