#pragma once
// Reads import_control claims; the words and their meanings are in the source.

#include <memory>

#include "engine/claim/scene.h"

namespace annals {
std::unique_ptr<Rule> make_import_control_rule();
}
