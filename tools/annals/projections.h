#pragma once
// The projection that a command is about, and what is said of projections in help.

#include <string>

#include "tools/annals/program.h"

namespace annals::cli {

// The positional PROJECTION, checked against the registry; --help with it prints the projection's table too.
void add_projection(Command& command, Program& program, std::string& projection);
std::string projections_text();

}  // namespace annals::cli
