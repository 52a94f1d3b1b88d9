#include "tests/support/note_listing.h"

#include <fmt/format.h>

#include "engine/statement/statement.h"

namespace annals::test {
namespace {

std::string one_line(std::string_view words) {
  std::string out;
  for (const char c : words) {
    if (c == '\n')
      out += "⏎";
    else if (c != '\r')
      out += c;
  }
  return out;
}

char sign(BlockKind kind) {
  switch (kind) {
    case BlockKind::kBullet:
      return '*';
    case BlockKind::kQuestion:
      return '?';
    case BlockKind::kAnswer:
      return '!';
    default:
      return '>';
  }
}

}  // namespace

std::string list_articles(const Note& note, const std::vector<Article>& articles) {
  std::string out;
  for (const Article& article : articles) {
    const ArticleHead& head = article.head;
    out += fmt::format("# {} {}\n", head.ordinal, head.title);
    const auto field = [&](std::string_view name, const std::optional<std::string>& value) {
      if (value) out += fmt::format("  {}: {}\n", name, *value);
    };
    field("outlet", head.outlet);
    field("author", head.author);
    field("carrier", head.carrier);
    field("link", head.link);
    out += fmt::format("  {}, {}\n", rendition_name(head.rendition), language_name(head.language));
    if (head.published) {
      out += fmt::format("  published: {} (to the {}, zone {}; known from {})\n", format_published(*head.published),
                         precision_name(head.published->precision), zone_source_name(head.published->zone_source),
                         format_utc(head.published->known_from));
    }
    if (head.observed) out += fmt::format("  observed: {}\n", format_utc(*head.observed));
    for (const std::string& warning : article.warnings) out += fmt::format("  warning: {}\n", warning);
    const std::vector<Statement> statements = split_statements(note.text, article);
    auto next = statements.begin();
    for (const Block& block : article.blocks) {
      if (block.kind == BlockKind::kHeading)
        out += fmt::format("{}= {}\n", std::string(2u * block.level, ' '), one_line(block.words(note.text)));
      for (; next != statements.end() && next->span.end <= block.span.end; ++next)
        out += fmt::format("{}{} {}\n", std::string(2u * block.level, ' '), sign(next->block), one_line(next->text));
    }
  }
  return out;
}

}  // namespace annals::test
