// The interpreter's speed over real or generated news: whole readings beside the same text without claims (folding, names, words,
// times, quantities) and beside a bare pass of the word finder; then the same text in articles of 1 KiB to 50 MiB, which must take the
// same time per byte. All on one core, by the time it gave us.
#include <fmt/format.h>

#include <time.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "adapters/notes/registry.h"
#include "engine/claim/cues.h"
#include "engine/claim/interpreter.h"
#include "engine/claim/rules/registry.h"
#include "engine/claim/sentence.h"
#include "engine/ingest/reading.h"
#include "engine/language/fold.h"
#include "engine/language/lexicon.h"
#include "tools/bench/bench.h"
#include "tools/bench/generate.h"

namespace annals::bench {
namespace {

// Seconds of the processor that this thread has used: what a core of one's own would take, however busy the machine is.
class CoreWatch {
 public:
  double seconds() const { return now() - start_; }

 private:
  static double now() {
    timespec at{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) / 1e9;
  }
  double start_ = now();
};

struct Corpus {
  std::string name;
  std::vector<ArticleText> articles;
  double sentences = 0;
  double megabytes = 0;  // of the statements' text, 10^6 bytes

  void count() {
    sentences = megabytes = 0;
    for (const ArticleText& article : articles) {
      sentences += static_cast<double>(article.statements.size());
      for (const Statement& statement : article.statements)
        megabytes += static_cast<double>(statement.text.size()) / 1e6;
    }
  }
};

Corpus generated(const Options& options) {
  constexpr std::uint64_t kSentencesPerArticle = 25;
  Corpus out{"generated", {}};
  std::string note;
  for (std::uint64_t i = 0; i < options.sentences / kSentencesPerArticle + 1; ++i)
    out.articles.push_back(generated_article(options.seed + i, kSentencesPerArticle, note));
  out.count();
  return out;
}

// All notes below a folder, in the order of their paths. What is no note is left out.
Corpus notes_below(const std::string& folder) {
  Corpus out{std::filesystem::path(folder).filename().string(), {}};
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  const NoteFormats formats = make_note_formats();
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    auto note = decode_note({std::istreambuf_iterator<char>(file), {}}, path.string());
    if (!note) continue;
    auto read = read_note(formats, *note, {});
    if (!read) continue;
    for (Article& article : read->articles)
      out.articles.push_back({note->hash, article.head, article.title_span, split_statements(note->text, article)});
  }
  out.count();
  return out;
}

// The first statements of the corpus, over and over where it has too few, as articles of about `bytes` each: a megabyte of
// them, so that every size reads the same text, or one. Long ones come in the pieces that ingest reads them by.
std::vector<ArticleText> articles_of(const Corpus& corpus, std::size_t bytes) {
  std::vector<ArticleText> out;
  std::size_t size = 0, in_article = bytes;
  while (true) {
    for (const ArticleText& article : corpus.articles) {
      for (Statement statement : article.statements) {
        if (in_article >= bytes || out.back().statements.size() >= kPieceStatements) {
          if (in_article >= bytes && size >= std::max(bytes, std::size_t{1} << 20)) return out;
          if (in_article >= bytes) in_article = 0;
          out.emplace_back();
          out.back().head = corpus.articles.front().head;
        }
        statement.span = {size, size + statement.text.size()};
        statement.heading.clear();
        statement.heading_span = {};
        size += statement.text.size();
        in_article += statement.text.size();
        out.back().statements.push_back(std::move(statement));
      }
    }
  }
}

void measure(const Corpus& corpus, const Options& options, const RuleInterpreter& interpreter, const Lexicon& lexicon,
             const WordFinder& finder, Report& report) {
  std::vector<std::vector<std::string>> folded;
  for (const ArticleText& article : corpus.articles) {
    folded.emplace_back();
    for (const Statement& statement : article.statements) folded.back().push_back(fold(statement.text));
  }
  std::vector<double> read, figures, bare;
  for (unsigned round = 0; round < options.rounds; ++round) {
    const CoreWatch read_watch;
    std::uint64_t claims = 0;
    for (const ArticleText& article : corpus.articles)
      for (const Reading& reading : interpreter.read(article)) claims += reading.claims.size();
    keep(claims);
    read.push_back(read_watch.seconds());

    const CoreWatch figures_watch;
    std::uint64_t found = 0;
    const auto reference = parse_civil("2025-12-09T06:31");
    for (const ArticleText& article : corpus.articles)
      for (const Statement& statement : article.statements)
        found += Sentence(statement.text, lexicon, finder, reference->from).times().size();
    keep(found);
    figures.push_back(figures_watch.seconds());

    const CoreWatch bare_watch;
    std::uint64_t hits = 0;
    std::vector<std::vector<WordHit>> words;
    for (const auto& article : folded) {
      for (const std::string& text : article) {
        finder.find(text, words);
        hits += words.front().size();
      }
    }
    keep(hits);
    bare.push_back(bare_watch.seconds());
  }
  const auto rate = [](std::vector<double> seconds, double amount) {
    for (double& each : seconds) each = amount / each;
    return spread(std::move(seconds));
  };
  const std::string what =
      fmt::format("{}, {:.0f} sentences, {:.1f} MB", corpus.name, corpus.sentences, corpus.megabytes);
  report.add(
      {"read", what, rate(read, corpus.sentences), "without claims", rate(figures, corpus.sentences), "sentences/s"});
  report.add({"read", what, rate(read, corpus.sentences), "bare pass of the word finder", rate(bare, corpus.sentences),
              "sentences/s"});
  report.add({"read", what, rate(read, corpus.megabytes), "without claims", rate(figures, corpus.megabytes), "MB/s"});
  report.add({"read", what, rate(read, corpus.megabytes), "bare pass of the word finder", rate(bare, corpus.megabytes),
              "MB/s"});
}

// Articles of every size take the same time per byte.
void lengths(const Corpus& corpus, const Options& options, const RuleInterpreter& interpreter, Report& report) {
  constexpr std::array<std::size_t, 4> kSizes{1 << 10, 32 << 10, 1 << 20, 50 << 20};
  std::optional<Spread> first;
  for (const std::size_t size : kSizes) {
    if (size > options.longest << 10) break;
    const std::vector<ArticleText> articles = articles_of(corpus, size);
    double megabytes = 0;
    for (const ArticleText& article : articles)
      for (const Statement& statement : article.statements)
        megabytes += static_cast<double>(statement.text.size()) / 1e6;
    std::vector<double> rates;
    for (unsigned round = 0; round < (size > (8U << 20) ? 1 : options.rounds); ++round) {
      const CoreWatch watch;
      for (const ArticleText& article : articles) keep(interpreter.read(article).size());
      rates.push_back(megabytes / watch.seconds());
    }
    const Spread ours = spread(std::move(rates));
    if (!first)
      first = ours;
    else
      report.add({"read", fmt::format("{}, articles of {} KiB", corpus.name, size >> 10), ours, "articles of 1 KiB",
                  *first, "MB/s"});
  }
}

}  // namespace

void bench_read(const Options& options, Report& report) {
  const Lexicon& lexicon = Lexicon::builtin();
  const RuleInterpreter interpreter(lexicon);
  const auto rules = make_rules();
  std::vector<std::span<const WordRow>> groups{source_words(), stance_words(), frame_words()};
  for (const auto& rule : rules) groups.push_back(rule->words());
  const WordFinder finder(groups);

  std::vector<Corpus> corpora;
  for (const std::string& folder : options.notes) corpora.push_back(notes_below(folder));
  if (corpora.empty()) corpora.push_back(generated(options));
  for (const Corpus& corpus : corpora)
    if (corpus.sentences > 0) measure(corpus, options, interpreter, lexicon, finder, report);
  if (corpora.front().sentences > 0) lengths(corpora.front(), options, interpreter, report);
}

}  // namespace annals::bench
