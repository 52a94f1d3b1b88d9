// Goal: real notes of every form read without error, into the heads a careful reader wrote down, and nothing of their
// running text is lost or doubled. Skipped where the reference notes are not beside the project.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "adapters/notes/heads.h"
#include "adapters/notes/registry.h"
#include "engine/base/utf8.h"
#include "engine/note/text.h"
#include "engine/statement/statement.h"

using namespace annals;
namespace fs = std::filesystem;

namespace {

const fs::path kShared = [] {
  const char* given = std::getenv("ANNALS_SHARED");
  return given != nullptr ? fs::path(given) : fs::path(ANNALS_SOURCE_DIR).parent_path() / "shared";
}();

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool missing() {
  fs::path corpus = kShared / "corpus";
  if (fs::is_directory(corpus)) return false;
  WARN("skipped: " << corpus.string() << " is not here");
  return true;
}

struct Reading {
  Note note;
  ReadNote read;
};

const NoteFormats kFormats = make_note_formats();

Reading read_file(const fs::path& path) {
  auto note = decode_note(slurp(path), path.filename().string());
  INFO(path.string());
  REQUIRE(note.ok());
  auto read = read_note(kFormats, *note, {});
  if (!read) FAIL(read.error().message);
  return {*std::move(note), *std::move(read)};
}

fs::path reference(std::string_view id) {
  for (const auto& entry : fs::directory_iterator(kShared / "corpus"))
    if (entry.path().filename().string().starts_with(std::string(id) + "_")) return entry.path();
  return {};
}

// Characters of the article that are in a statement, in a heading or the title, and in none; fails on any in two
// statements.
struct Coverage {
  std::size_t stated = 0;
  std::size_t headed = 0;
  std::size_t outside = 0;
};

Coverage cover(const Note& note, const Article& article) {
  std::vector<char> seen(article.span.size(), 0);
  const auto mark = [&](ByteSpan span, char what) {
    for (std::uint64_t at = span.begin; at < span.end; ++at) {
      char& here = seen[at - article.span.begin];
      if (what == 1 && here == 1) FAIL("byte " << at << " is in two statements");
      here = what;
    }
  };
  for (const Block& block : article.blocks)
    if (block.kind == BlockKind::kHeading) mark(block.span, 2);
  if (article.span.covers(article.title_span)) mark(article.title_span, 2);
  for (const Statement& statement : split_statements(note.text, article)) {
    CHECK(count_code_points(statement.text) <= kStatementCharsMax);
    CHECK(stands_there(note.text, statement.pieces, statement.span, statement.text));
    mark(statement.span, 1);
  }
  Coverage out;
  for (std::uint64_t at = article.span.begin; at < article.span.end;) {
    const char here = seen[at - article.span.begin];
    if (here == 0) {
      if (const std::size_t length = citation_length(note.text, at); length != 0) {
        at += length;
        continue;
      }
    }
    const CodePoint point = decode_utf8(note.text, at);
    at += point.length;
    if (is_blank(point.value)) continue;
    (here == 1 ? out.stated : here == 2 ? out.headed : out.outside) += 1;
  }
  return out;
}

// Lines that are running text, whoever reads them: they end as sentences do and are longer than a heading. Of each its
// characters in statements, all of them, and how often it stands in the notes: what stands in many is their furniture.
struct RunningLine {
  std::size_t stated = 0;
  std::size_t all = 0;
  std::size_t times = 0;
};
void add_running_text(const Note& note, const ReadNote& read, std::map<std::string, RunningLine>& out) {
  std::vector<bool> stated(note.text.size(), false);
  std::size_t from = note.text.size();
  for (const Article& article : read.articles) {
    from = std::min<std::size_t>(from, article.blocks.empty() ? from : article.blocks.front().span.begin);
    for (const Statement& statement : split_statements(note.text, article))
      std::fill(stated.begin() + static_cast<std::ptrdiff_t>(statement.span.begin),
                stated.begin() + static_cast<std::ptrdiff_t>(statement.span.end), true);
  }
  for (const Line& line : split_lines(note.text)) {
    constexpr std::size_t kLineMin = 30;
    const std::string_view words = line.span.of(note.text);
    if (line.span.begin < from || !ends_as_sentence(words) || count_code_points(words) < kLineMin ||
        words.starts_with("<") || words.starts_with("!"))
      continue;
    const std::size_t label = words.starts_with("**") ? words.find(":** ") : std::string_view::npos;
    RunningLine& counted = out[std::string(words)];
    ++counted.times;
    for (std::size_t at = line.span.begin + (label < 40 ? label + 4 : 0); at < line.span.end;) {
      const CodePoint point = decode_utf8(note.text, at);
      if (!is_blank(point.value)) {
        ++counted.all;
        counted.stated += stated[at];
      }
      at += point.length;
    }
  }
}

}  // namespace

TEST_CASE("the reference notes read in their forms") {
  if (missing()) return;
  const std::map<std::string, std::pair<std::string, std::size_t>> expected = {{"000", {"minutes", 1}},
                                                                               {"001", {"digest_page", 10}},
                                                                               {"002", {"digest_page", 10}},
                                                                               {"003", {"bullet_brief", 1}},
                                                                               {"004", {"tag_page", 7}}};
  for (const auto& [id, form] : expected) {
    const Reading reading = read_file(reference(id));
    INFO(id);
    CHECK(reading.read.format->name() == form.first);
    CHECK(reading.read.articles.size() == form.second);
    Coverage all;
    for (const Article& article : reading.read.articles) {
      CHECK(article.warnings.empty());
      CHECK(!article.head.title.empty());
      const Coverage coverage = cover(reading.note, article);
      all.stated += coverage.stated;
      all.headed += coverage.headed;
      all.outside += coverage.outside;
    }
    // What is outside are stamps, markers, sources and furniture (a disclaimer of 150 characters below 3,500 in one
    // note).
    const double share = static_cast<double>(all.outside) / static_cast<double>(all.stated + all.headed + all.outside);
    INFO("in statements " << all.stated << ", in headings " << all.headed << ", outside " << all.outside);
    CHECK(share < 0.08);
  }
}

TEST_CASE("the heads and quotes of the annotated notes are found") {
  if (missing()) return;
  for (const std::string id : {"001", "002"}) {
    const Reading reading = read_file(reference(id));
    std::map<std::string, const Article*> articles;
    for (const Article& article : reading.read.articles)
      articles[id + "#" + std::to_string(article.head.ordinal)] = &article;
    std::ifstream gold(kShared / "gold" / (id + ".jsonl"));
    std::size_t heads = 0;
    std::size_t quotes = 0;
    for (std::string line; std::getline(gold, line);) {
      const auto row = nlohmann::json::parse(line);
      INFO(line);
      if (row["kind"] == "article") {
        ++heads;
        REQUIRE(articles.count(row["id"]) == 1);
        const ArticleHead& head = articles[row["id"]]->head;
        CHECK(head.title == row["title"].get<std::string>());
        CHECK(head.outlet.value_or("") == (row["outlet"].is_null() ? "" : row["outlet"].get<std::string>()));
        REQUIRE(head.published.has_value());
        CHECK(head.published->wall == row["published"].get<std::string>());
        CHECK(language_name(head.language) == row["lang"].get<std::string>());
        continue;
      }
      ++quotes;
      REQUIRE(articles.count(row["article"]) == 1);
      const Article& article = *articles[row["article"]];
      const std::string quote = row["quote"];
      bool found = reading.note.text.substr(article.title_span.begin, article.title_span.size()).find(quote) !=
                   std::string::npos;
      for (const Block& block : article.blocks)
        found = found || (block.kind == BlockKind::kHeading &&
                          block.span.of(reading.note.text).find(quote) != std::string_view::npos);
      for (const Statement& statement : split_statements(reading.note.text, article))
        found = found || statement.text.find(quote) != std::string::npos;
      CHECK(found);
    }
    CHECK(heads == 10);
    CHECK(quotes > 0);
  }
}

TEST_CASE("the archives read without error and lose nothing") {
  if (missing()) return;
  for (const auto& [folder, form, least] : {std::tuple{"archive-hant", "front_matter", std::size_t{900}},
                                            std::tuple{"archive-hans", "daily_digest", std::size_t{2000}}}) {
    const fs::path path = kShared / "corpus" / folder;
    if (!fs::is_directory(path)) {
      WARN("skipped: " << path.string() << " is not here");
      continue;
    }
    std::size_t articles = 0;
    std::size_t dated = 0;
    std::size_t observed = 0;
    Coverage all;
    std::map<std::string, RunningLine> lines;
    for (const auto& entry : fs::directory_iterator(path)) {
      const Reading reading = read_file(entry.path());
      CHECK(reading.read.format->name() == form);
      add_running_text(reading.note, reading.read, lines);
      for (const Article& article : reading.read.articles) {
        ++articles;
        dated += article.head.published.has_value();
        observed += article.head.observed.has_value();
        CHECK(article.warnings.empty());
        const Coverage coverage = cover(reading.note, article);
        all.stated += coverage.stated;
        all.headed += coverage.headed;
      }
    }
    std::size_t in_statements = 0;
    std::size_t running = 0;
    for (const auto& [words, line] : lines) {
      if (line.times > 1) continue;
      in_statements += line.stated;
      running += line.all;
    }
    INFO(folder << ": " << articles << " articles, " << dated << " dated, " << observed << " observed, "
                << in_statements << " of " << running << " characters of running text in statements");
    CHECK(in_statements * 1000 >= running * 990);
    CHECK(articles > least);
    CHECK(dated * 100 > articles * 95);
    // Running prose is far more than headings: a rule that takes prose for headings would show here.
    CHECK(all.headed * 20 < all.stated * 3);
  }
}
