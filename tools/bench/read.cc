// The interpreter's speed over generated news, beside folding alone and beside folding with the lexicon's automaton.
#include <fmt/format.h>

#include "engine/claim/interpreter.h"
#include "engine/language/fold.h"
#include "engine/language/lexicon.h"
#include "tools/bench/bench.h"
#include "tools/bench/generate.h"

namespace annals::bench {

void bench_read(const Options& options, Report& report) {
  constexpr std::uint64_t kSentencesPerArticle = 25;
  const Lexicon& lexicon = Lexicon::builtin();
  const RuleInterpreter interpreter(lexicon);
  std::vector<ArticleText> articles;
  std::string note;
  for (std::uint64_t i = 0; i < options.sentences / kSentencesPerArticle + 1; ++i)
    articles.push_back(generated_article(options.seed + i, kSentencesPerArticle, note));
  const double sentences = static_cast<double>(articles.size() * kSentencesPerArticle);

  std::vector<double> read, fold, names;
  for (unsigned round = 0; round < options.rounds; ++round) {
    const Stopwatch read_watch;
    std::uint64_t claims = 0;
    for (const ArticleText& article : articles)
      for (const Reading& reading : interpreter.read(article)) claims += reading.claims.size();
    keep(claims);
    read.push_back(sentences / read_watch.seconds());

    const Stopwatch fold_watch;
    std::uint64_t bytes = 0;
    for (const ArticleText& article : articles)
      for (const Statement& statement : article.statements) bytes += FoldedText(statement.text).text().size();
    keep(bytes);
    fold.push_back(sentences / fold_watch.seconds());

    const Stopwatch names_watch;
    std::uint64_t found = 0;
    for (const ArticleText& article : articles)
      for (const Statement& statement : article.statements)
        found += lexicon.mentions(FoldedText(statement.text)).size();
    keep(found);
    names.push_back(sentences / names_watch.seconds());
  }
  const std::string size = fmt::format("{:.0f} sentences, one core", sentences);
  report.add({"read", size, spread(read), "folding alone", spread(fold), "sentences/s"});
  report.add({"read", size, spread(read), "folding and names alone", spread(names), "sentences/s"});

  // Linear in the text: one article of all the sentences takes as long as many short ones.
  std::vector<double> long_read;
  const ArticleText whole = generated_article(options.seed, static_cast<std::uint64_t>(sentences), note);
  for (unsigned round = 0; round < options.rounds; ++round) {
    const Stopwatch watch;
    keep(interpreter.read(whole).size());
    long_read.push_back(sentences / watch.seconds());
  }
  report.add(
      {"read", "the same as one article", spread(long_read), "articles of 25 sentences", spread(read), "sentences/s"});
}

}  // namespace annals::bench
