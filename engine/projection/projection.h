#pragma once
// A projection is a pure function from claims to state, keyed (by product, by company, …). Each is a file pair in kinds/ whose header
// says in a table which values are rivals, which are steps of one path and what leads back; the same table is data here, so that
// `annals state --help PROJECTION` prints what the code does.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/claim/claim.h"
#include "engine/projection/state.h"

namespace annals {

struct ProjectionHelp {
  std::string_view name;         // "export_control"
  std::string_view description;  // one line
  std::string_view key;          // "PRODUCT[/DESTINATION], destination china unless said"
  std::string_view table;        // rivals, steps, ways back: several lines, as in the header of the kind
};

// The names of all projections in the registry's order, with their help.
std::vector<ProjectionHelp> projection_help();
const ProjectionHelp* find_projection_help(std::string_view name);

}  // namespace annals
