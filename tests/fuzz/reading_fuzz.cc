// Any text as a statement: folding, times, quantities, names and claims keep to the bytes they are given.
#include "engine/base/utf8.h"
#include "engine/claim/interpreter.h"
#include "engine/claim/kinds.h"
#include "engine/language/fold.h"
#include "engine/language/quantities.h"
#include "engine/language/times.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace annals;
  const std::string_view text = fuzz::text_of(data, size);
  if (find_invalid_utf8(text)) return 0;  // turned away where notes come in

  const FoldedText folded(text);
  check(!find_invalid_utf8(folded.text()), "folding keeps UTF-8 whole");
  fuzz::check_inside(folded.original({0, folded.text().size()}), text.size(), "folded bytes come from the text");
  for (const auto& mention : Lexicon::builtin().mentions(folded))
    fuzz::check_inside(mention.span, text.size(), "a name lies in its text");
  for (const auto& time : read_times(folded, text, parse_civil("2025-12-09T06:31")->from)) {
    fuzz::check_inside(time.span, text.size(), "a time lies in its text");
    check(!time.from || !time.to || *time.from <= *time.to, "a time does not end before it begins");
  }
  for (const auto& quantity : read_quantities(folded, text))
    fuzz::check_inside(quantity.span, text.size(), "a quantity lies in its text");

  ArticleText article;
  article.head.published = *make_published("2025-12-09T06:31", Zone::utc(), ZoneSource::kPrinted);
  Statement statement;
  statement.span = {0, text.size()};
  statement.text = std::string(text);
  article.statements.push_back(statement);
  const auto readings = RuleInterpreter(Lexicon::builtin()).read(article);
  check(readings.size() == 1, "one reading per statement");
  for (const Claim& claim : readings.front().claims) {
    fuzz::check_inside(claim.span, text.size(), "a claim lies in its statement");
    if (const auto status = validate_claim(claim); !status) check(false, status.error().message);
  }
  return 0;
}
