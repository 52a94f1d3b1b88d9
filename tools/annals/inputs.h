#pragma once
// Files, folders and standard input as notes.

#include <string>
#include <vector>

#include "engine/ingest/ingest.h"

namespace annals::cli {

// Every file below the paths, sorted by path, each once; "-" (standard input) comes last. Folders are walked without what begins with a
// dot; links to folders are not followed. A path that is not there is a source whose reading fails, so that the others go on.
std::vector<NoteSource> find_notes(const std::vector<std::string>& paths);

// The whole file; kInvalid with the system's words.
Result<std::string> read_file(const std::string& path);
Result<std::string> read_input();

}  // namespace annals::cli
