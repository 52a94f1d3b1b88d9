#pragma once
// Reads metric claims. The source has the steps from top to bottom; what each of them asks is in metric/, one question per file.

#include <memory>

#include "engine/claim/scene.h"

namespace annals {
std::unique_ptr<Rule> make_metric_rule();
}
