// Goal: notes of our own, in every form and script, read into exactly the heads, blocks and statements that a person
// listed. Method: each tests/golden/notes/<format>/<name>.<any> has <name>.listing beside it. With ANNALS_UPDATE_GOLDEN
// set, the listings are written anew, to be read in the diff.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "adapters/notes/registry.h"
#include "tests/support/note_listing.h"

using namespace annals;
namespace fs = std::filesystem;

namespace {

const fs::path kGolden = fs::path(ANNALS_SOURCE_DIR) / "tests/golden/notes";

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("golden notes read as listed") {
  const NoteFormats formats = make_note_formats();
  std::size_t read = 0;
  for (const auto& entry : fs::recursive_directory_iterator(kGolden)) {
    if (!entry.is_regular_file() || entry.path().extension() == ".listing") continue;
    const std::string format = entry.path().parent_path().filename().string();
    INFO(entry.path().string());
    const auto note = decode_note(slurp(entry.path()), entry.path().filename().string());
    REQUIRE(note.ok());
    // The form is recognised from the content alone.
    const auto articles = read_note(formats, *note, {});
    REQUIRE(articles.ok());
    CHECK(articles->format->name() == format);
    const std::string listing = test::list_articles(*note, articles->articles);
    const fs::path expected = fs::path(entry.path()).replace_extension(".listing");
    if (std::getenv("ANNALS_UPDATE_GOLDEN") != nullptr) std::ofstream(expected, std::ios::binary) << listing;
    CHECK(listing == slurp(expected));
    ++read;
  }
  CHECK(read >= formats.size());
}

TEST_CASE("every note format has golden notes and every golden folder a format") {
  std::set<std::string> names;
  for (const auto& format : make_note_formats()) {
    names.insert(std::string(format->name()));
    CHECK(!format->description().empty());
    CHECK(fs::is_directory(fs::path(ANNALS_SOURCE_DIR) / "adapters/notes" / std::string(format->name())));
  }
  std::set<std::string> folders;
  for (const auto& entry : fs::directory_iterator(kGolden))
    if (entry.is_directory()) folders.insert(entry.path().filename().string());
  CHECK(names == folders);
}
