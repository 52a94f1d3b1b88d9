#include "tools/annals/projections.h"

#include <fmt/format.h>

#include "engine/projection/projection.h"

namespace annals::cli {

void add_projection(Command& command, Program& program, std::string& projection) {
  command
      .add_option_function(
          "PROJECTION",
          [&projection, &program](const std::string& name) -> Status {
            const ProjectionHelp* help = find_projection_help(name);
            if (help == nullptr) {
              std::string known;
              for (const ProjectionHelp& each : projection_help()) known += (known.empty() ? "" : ", ") + std::string(each.name);
              return Error{ErrorCode::kInvalid, fmt::format("expected one of {}, found '{}'", known, name)};
            }
            projection = name;
            program.more_help = [help] { return fmt::format("\n{}: {}\nKey: {}\n\n{}\n", help->name, help->description, help->key, help->table); };
            return {};
          },
          "Which projection; --help PROJECTION prints its rivals, steps and ways back")
      ->required();
}

std::string projections_text() {
  std::string out = "Projections:\n";
  for (const ProjectionHelp& each : projection_help()) out += fmt::format("  {:<16}{}\n", each.name, each.description);
  return out;
}

}  // namespace annals::cli
