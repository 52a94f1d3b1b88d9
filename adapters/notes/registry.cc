#include "adapters/notes/registry.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/notes/bullet_brief/bullet_brief.h"
#include "adapters/notes/daily_digest/daily_digest.h"
#include "adapters/notes/digest_page/digest_page.h"
#include "adapters/notes/feed/feed.h"
#include "adapters/notes/front_matter/front_matter.h"
#include "adapters/notes/html_page/html_page.h"
#include "adapters/notes/json_lines/json_lines.h"
#include "adapters/notes/minutes/minutes.h"
#include "adapters/notes/plain_text/plain_text.h"
#include "adapters/notes/tag_page/tag_page.h"

namespace annals {
namespace {

bool on_bound(std::string_view text, std::uint64_t at) {
  return at == text.size() || (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0u) != 0x80u);
}

void check_articles(const Note& note, const std::vector<Article>& articles) {
  std::uint32_t ordinal = 0;
  for (const Article& article : articles) {
    check(article.head.ordinal == ++ordinal, "articles are numbered from 1 without a gap");
    check(article.span.end <= note.text.size(), "an article lies in its note");
    std::uint64_t last = article.span.begin;
    for (const Block& block : article.blocks) {
      check(block.span.begin >= last && block.span.end > block.span.begin && block.span.end <= article.span.end,
            "blocks lie in their article, in order, and do not overlap");
      check(on_bound(note.text, block.span.begin) && on_bound(note.text, block.span.end),
            "blocks end between characters");
      last = block.span.end;
    }
  }
}

}  // namespace

NoteFormats make_note_formats() {
  NoteFormats all;
  all.push_back(std::make_unique<DigestPage>());
  all.push_back(std::make_unique<DailyDigest>());
  all.push_back(std::make_unique<FrontMatter>());
  all.push_back(std::make_unique<JsonLines>());
  all.push_back(std::make_unique<Feed>());
  all.push_back(std::make_unique<HtmlPage>());
  all.push_back(std::make_unique<Minutes>());
  all.push_back(std::make_unique<TagPage>());
  all.push_back(std::make_unique<BulletBrief>());
  all.push_back(std::make_unique<PlainText>());
  return all;
}

const NoteFormat* find_format(const NoteFormats& formats, std::string_view name) {
  std::string wanted(name);
  std::replace(wanted.begin(), wanted.end(), '-', '_');
  for (const auto& format : formats)
    if (format->name() == wanted) return format.get();
  return nullptr;
}

const NoteFormat* recognise(const NoteFormats& formats, std::string_view text) {
  const NoteFormat* best = nullptr;
  int best_score = 0;
  for (const auto& format : formats) {
    const int score = format->recognises(text);
    if (score > best_score) {
      best_score = score;
      best = format.get();
    }
  }
  return best;
}

Result<ReadNote> read_note(const NoteFormats& formats, const Note& note, const OperatorHead& head,
                           std::string_view name) {
  ReadNote out;
  if (name.empty()) {
    out.format = recognise(formats, note.text);
    if (out.format == nullptr)
      return Error{ErrorCode::kInvalid, fmt::format("{}: no format recognises this note", note.origin)};
  } else {
    out.format = find_format(formats, name);
    if (out.format == nullptr) {
      std::string known;
      for (const auto& format : formats) known += (known.empty() ? "" : ", ") + std::string(format->name());
      return Error{ErrorCode::kInvalid,
                   fmt::format("{}: unknown format '{}': expected one of {}", note.origin, name, known)};
    }
  }
  ANNALS_TRY(out.articles, out.format->read(note, head));
  check(!out.articles.empty(), "a note that is read has an article");
  check_articles(note, out.articles);
  return out;
}

}  // namespace annals
