#pragma once
// Reads product_milestone claims; the words and their meanings are in the source.

#include <memory>

#include "engine/claim/scene.h"

namespace annals {
std::unique_ptr<Rule> make_product_milestone_rule();
}
