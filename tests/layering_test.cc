// Goal: data flows one way. Each folder includes only what stands to its left in the line of the design.
// Method: read every #include "…" below engine, replay, adapters and tools.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

namespace {
namespace fs = std::filesystem;

const std::vector<std::string> kLine = {"base",  "note", "language",   "statement", "claim", "event", "codec",
                                        "proof", "log",  "filter",     "projection", "ingest", "query", "audit", "stream"};

int place(const std::string& folder) {
  const auto at = std::find(kLine.begin(), kLine.end(), folder);
  return at == kLine.end() ? -1 : static_cast<int>(at - kLine.begin());
}

std::vector<std::string> found(const fs::path& file, const std::regex& pattern) {
  std::vector<std::string> out;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (std::smatch match; std::regex_search(line, match, pattern)) out.push_back(match[1]);
  }
  return out;
}

std::vector<std::string> included(const fs::path& file) {
  static const std::regex pattern("^\\s*#include \"([^\"]+)\"");
  return found(file, pattern);
}

std::vector<std::string> included_from_elsewhere(const fs::path& file) {
  static const std::regex pattern("^\\s*#include <([^>]+)>");
  return found(file, pattern);
}

std::vector<fs::path> sources(const std::string& below) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(ANNALS_SOURCE_DIR) / below)) {
    const auto kind = entry.path().extension();
    if (kind == ".h" || kind == ".cc") out.push_back(entry.path());
  }
  return out;
}

std::vector<std::string> parts(const std::string& path) {
  std::vector<std::string> out;
  for (const auto& part : fs::path(path)) out.push_back(part.string());
  return out;
}
}  // namespace

TEST_CASE("each folder of the engine includes only what stands to its left") {
  const fs::path engine = fs::path(ANNALS_SOURCE_DIR) / "engine";
  std::size_t seen = 0;
  for (const auto& file : sources("engine")) {
    const std::string own = parts(fs::relative(file, engine).string()).front();
    INFO(file);
    REQUIRE(place(own) >= 0);
    for (const std::string& name : included(file)) {
      INFO("includes " << name);
      const auto way = parts(name);
      REQUIRE((way.front() == "engine" || way.front() == "proto" || name.ends_with(".capnp.h")));
      if (way.front() != "engine") {
        CHECK((own == "codec" || own == "stream"));  // Cap'n Proto's types stop there
        continue;
      }
      ++seen;
      CHECK(place(way.at(1)) <= place(own));
    }
  }
  CHECK(seen > 10);
}

TEST_CASE("replay uses log and projection; adapters know notes; only tools know all") {
  const std::map<std::string, int> upmost = {{"replay", place("projection")}, {"adapters", place("note")}};
  for (const auto& [folder, highest] : upmost) {
    for (const auto& file : sources(folder)) {
      INFO(file);
      for (const std::string& name : included(file)) {
        INFO("includes " << name);
        const auto way = parts(name);
        if (way.front() == "engine")
          CHECK(place(way.at(1)) <= highest);
        else
          CHECK(way.front() == folder);
      }
    }
  }
}

// A library that can be exchanged in one folder is a choice; one that is everywhere is a marriage.
TEST_CASE("each library stops at one border") {
  const std::map<std::string, std::vector<std::string>> borders = {
      {"rocksdb/", {"engine/log", "tools/bench"}},
      {"capnp/", {"engine/codec", "engine/stream"}},
      {"kj/", {"engine/codec", "engine/stream"}},
      {"openssl/", {"engine/base", "engine/stream"}},
      {"unicode/", {"engine/note", "tools"}},
      {"opencc/", {"tools/generate"}},
      {"yaml-cpp/", {"engine/language", "adapters", "tools"}},
      {"md4c", {"adapters"}},
      {"CLI/", {"tools/annals/command_line.cc", "tools/bench"}},
      {"boost/asio", {"engine/stream", "tools/bench"}},
      {"boost/beast", {"engine/stream"}},
      {"spdlog/", {"tools"}},
  };
  for (const char* below : {"engine", "replay", "adapters", "tools"}) {
    for (const auto& file : sources(below)) {
      const std::string path = fs::relative(file, ANNALS_SOURCE_DIR).generic_string();
      for (const std::string& name : included_from_elsewhere(file)) {
        for (const auto& [library, folders] : borders) {
          if (!name.starts_with(library)) continue;
          INFO(path << " includes " << name);
          CHECK(std::any_of(folders.begin(), folders.end(),
                            [&](const std::string& folder) { return path == folder || path.starts_with(folder + "/"); }));
        }
      }
    }
  }
}
