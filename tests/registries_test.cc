// Goal: what the registries list, what lies in their folders and what the golden folders hold are the same things.
#include <catch2/catch.hpp>

#include <filesystem>
#include <set>
#include <string>

#include "adapters/notes/registry.h"
#include "engine/claim/kinds.h"
#include "engine/projection/projection.h"

namespace {
namespace fs = std::filesystem;
using Names = std::set<std::string>;

const fs::path kRoot = ANNALS_SOURCE_DIR;

// Names of the folders directly below, those without any file left out: git does not keep them either.
Names folders(const fs::path& below) {
  Names out;
  for (const auto& entry : fs::directory_iterator(kRoot / below)) {
    if (entry.is_directory() && !fs::is_empty(entry.path())) out.insert(entry.path().filename().string());
  }
  return out;
}

// Names of the file pairs directly below, without `shared`, which serve all of them.
Names pairs(const fs::path& below, const Names& shared) {
  Names headers, sources;
  for (const auto& entry : fs::directory_iterator(kRoot / below)) {
    const std::string stem = entry.path().stem().string();
    if (shared.count(stem) != 0) continue;
    if (entry.path().extension() == ".h") headers.insert(stem);
    if (entry.path().extension() == ".cc") sources.insert(stem);
  }
  CHECK(headers == sources);
  return headers;
}
}  // namespace

TEST_CASE("note formats are folders and have golden folders") {
  Names formats;
  for (const auto& format : annals::make_note_formats()) formats.insert(std::string(format->name()));
  CHECK(folders("adapters/notes") == formats);
  CHECK(folders("tests/golden/notes") == formats);
}

TEST_CASE("claim kinds are file pairs and have golden folders") {
  Names kinds;
  for (const auto& kind : annals::claim_kinds()) kinds.insert(std::string(kind.name));
  CHECK(kinds.size() == annals::kClaimTypes);
  CHECK(pairs("engine/claim/rules", {"registry"}) == kinds);
  CHECK(folders("tests/golden/claims") == kinds);
}

TEST_CASE("projections are file pairs and have golden folders") {
  Names projections;
  for (const auto& help : annals::projection_help()) projections.insert(std::string(help.name));
  CHECK(pairs("engine/projection/kinds", {"words"}) == projections);
  CHECK(folders("tests/golden/projections") == projections);
}
