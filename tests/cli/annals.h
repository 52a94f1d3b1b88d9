#pragma once
// The built program, driven as people and programs drive it.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace annals::test {

using nlohmann::json;

inline const std::string kSamples = ANNALS_SOURCE_DIR "/tests/samples/notes";
inline const std::string kWebSamples = ANNALS_SOURCE_DIR "/tests/samples/web";

struct Annals {
  Folder folder;
  std::string store = folder / "store";

  Run command(std::vector<std::string> words, std::string input = {}) const {
    Run out;
    out.command = {ANNALS_BINARY_DIR "/tools/annals"};
    for (std::string& word : words) out.command.push_back(std::move(word));
    out.input = std::move(input);
    out.environment = {{"ANNALS_STORE", store}};
    out.folder = folder.path();
    return out;
  }
  Ran operator()(std::vector<std::string> words, std::string input = {}) const { return run(command(std::move(words), std::move(input))); }
  // What must go well.
  std::string good(std::vector<std::string> words, std::string input = {}) const {
    const Ran ran = (*this)(std::move(words), std::move(input));
    INFO(ran.err);
    REQUIRE(ran.status == 0);
    return ran.out;
  }
  std::vector<json> lines(std::vector<std::string> words, std::string input = {}) const {
    std::vector<json> out;
    std::istringstream text(good(std::move(words), std::move(input)));
    for (std::string line; std::getline(text, line);) out.push_back(json::parse(line));
    return out;
  }
  json object(std::vector<std::string> words) const { return json::parse(good(std::move(words))); }
  json ingest(std::vector<std::string> words) const {
    words.insert(words.begin(), "ingest");
    words.emplace_back("--json");
    return object(std::move(words));
  }
  // The first statement event that holds these words.
  json statement(const std::string& words) const {
    for (const json& event : lines({"export", "--kind", "statement"}))
      if (event["text"].get<std::string>().find(words) != std::string::npos) return event;
    FAIL("no statement with " << words);
    return {};
  }
};

// One line, naming these.
inline void is_one_line_with(const Ran& ran, const std::vector<std::string>& words) {
  INFO(ran.err);
  CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
  CHECK(ran.err.rfind("annals: ", 0) == 0);
  for (const std::string& word : words) CHECK_THAT(ran.err, Catch::Contains(word));
}

}  // namespace annals::test
