#pragma once
// Every rule there is: one per kind of claim. Adding one is a row here, a file pair beside this one named after the kind, and a
// folder tests/golden/claims/<kind>/. A test checks that the three agree.

#include <memory>
#include <vector>

#include "engine/claim/scene.h"

namespace annals {
std::vector<std::unique_ptr<Rule>> make_rules();
}
