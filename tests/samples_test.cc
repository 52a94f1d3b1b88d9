// Goal: the sample notes are what their README says: every form, recognised without being told, with its articles and their dates.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "adapters/notes/registry.h"
#include "engine/statement/statement.h"

namespace {
using namespace annals;
namespace fs = std::filesystem;

struct Sample {
  std::string format;
  std::string encoding;
  std::size_t articles;
  std::size_t undated;
};
const std::map<std::string, Sample> kSamples = {
    {"articles.jsonl", {"json_lines", "utf-8", 4, 0}},       {"brief_asic.txt", {"bullet_brief", "utf-8", 1, 1}},
    {"daily_1210.md", {"daily_digest", "utf-8", 5, 0}},      {"digest_h200.txt", {"digest_page", "utf-8", 5, 0}},
    {"digest_week.txt", {"digest_page", "utf-8", 5, 0}},     {"web/feed_smic.xml", {"feed", "utf-8", 2, 0}},              {"web/feed_tsmc.atom", {"feed", "utf-8", 1, 0}},
    {"web/page_umc.html", {"html_page", "utf-8", 1, 0}},         {"harbor_wire.txt", {"plain_text", "utf-8", 1, 1}},
    {"kunlunxin_hk.md", {"front_matter", "utf-8", 1, 0}},    {"minutes_h20.txt", {"minutes", "utf-8", 1, 0}},
    {"tags_gpu.txt", {"tag_page", "utf-8", 4, 4}},           {"tencent_gb18030.txt", {"plain_text", "gb18030", 1, 1}},
    {"tencent_utf16.txt", {"plain_text", "utf-16le", 1, 1}},
};

const fs::path kFolder = fs::path(ANNALS_SOURCE_DIR) / "tests/samples";

// Feeds and pages lie apart from the notes of the README's session.
fs::path path_of(const std::string& name) { return kFolder / (name.starts_with("web/") ? name : "notes/" + name); }

Note sample(const std::string& name) {
  std::ifstream in(path_of(name), std::ios::binary);
  return *decode_note({std::istreambuf_iterator<char>(in), {}}, name);
}

}  // namespace

TEST_CASE("every sample note is recognised and has its articles") {
  const NoteFormats formats = make_note_formats();
  for (const auto& [name, expected] : kSamples) {
    INFO(name);
    const Note note = sample(name);
    CHECK(encoding_name(note.encoding) == expected.encoding);
    const auto read = read_note(formats, note, OperatorHead{});
    REQUIRE(read.ok());
    CHECK(read->format->name() == expected.format);
    CHECK(read->articles.size() == expected.articles);
    CHECK(static_cast<std::size_t>(std::count_if(read->articles.begin(), read->articles.end(),
                                                 [](const Article& article) { return !article.head.published; })) ==
          expected.undated);
    for (const Article& article : read->articles) CHECK_FALSE(split_statements(note.text, article).empty());
  }
}

TEST_CASE("the table of samples and the folder agree and show every form") {
  std::set<std::string> files, formats, shown;
  for (const auto& entry : fs::directory_iterator(kFolder / "notes")) files.insert(entry.path().filename().string());
  for (const auto& entry : fs::directory_iterator(kFolder / "web")) files.insert("web/" + entry.path().filename().string());
  for (const auto& [name, expected] : kSamples) {
    CHECK(files.count(name) == 1);
    shown.insert(expected.format);
  }
  CHECK(files.size() == kSamples.size());
  for (const auto& format : make_note_formats()) formats.insert(std::string(format->name()));
  CHECK(shown == formats);
}

TEST_CASE("the two scripts of one sample are copies of each other") {
  const NoteFormats formats = make_note_formats();
  const auto hash = [&](const std::string& name) {
    const Note note = sample(name);
    const auto read = read_note(formats, note, OperatorHead{});
    return running_text_hash(split_statements(note.text, read->articles.front()));
  };
  CHECK(hash("tencent_gb18030.txt") == hash("tencent_utf16.txt"));
}
