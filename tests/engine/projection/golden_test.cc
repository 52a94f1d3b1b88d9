// Goal: each projection tells its story as a reader expects it.
// Method: tests/golden/projections/<name>/story.txt told, compared with expected.txt; each answer is the oracle's too.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "engine/projection/projection.h"
#include "tests/support/story.h"

namespace annals {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

const fs::path kStories = fs::path(ANNALS_SOURCE_DIR) / "tests/golden/projections";

}  // namespace

TEST_CASE("every projection has a story and every story a projection") {
  std::set<std::string> folders;
  for (const auto& entry : fs::directory_iterator(kStories))
    if (entry.is_directory()) folders.insert(entry.path().filename().string());
  std::set<std::string> names;
  for (const auto& projection : projections()) names.insert(std::string(projection->name()));
  CHECK(folders == names);
}

TEST_CASE("the help of every projection tells its rivals, steps and ways back") {
  for (const ProjectionHelp& help : projection_help()) {
    INFO(help.name);
    CHECK(!help.description.empty());
    CHECK(!help.key.empty());
    for (const char* word : {"rivals", "ways back"}) CHECK(help.table.find(word) != std::string_view::npos);
    // The table is the header's, word for word but for white space.
    const auto bare = [](std::string_view text) {
      std::string out;
      for (const char c : text)
        if (c != ' ' && c != '\n' && c != '/') out += c;
      return out;
    };
    const std::string header = bare(read(fs::path(ANNALS_SOURCE_DIR) / "engine/projection/kinds" / (std::string(help.name) + ".h")));
    std::istringstream lines{std::string(help.table)};
    for (std::string line; std::getline(lines, line);) {
      const std::string word = line.substr(0, line.find(' '));
      if (!word.empty()) CHECK(header.find(word) != std::string::npos);
    }
  }
}

TEST_CASE("each projection tells its story") {
  for (const auto& projection : projections()) {
    const fs::path folder = kStories / std::string(projection->name());
    INFO(folder);
    const std::string told = support::tell(read(folder / "story.txt"));
    if (std::getenv("ANNALS_UPDATE_GOLDEN") != nullptr) std::ofstream(folder / "expected.txt", std::ios::binary) << told;
    CHECK(told == read(folder / "expected.txt"));
  }
}

}  // namespace annals
