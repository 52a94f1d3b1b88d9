#include "adapters/notes/front_matter/front_matter.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <map>

#include "adapters/notes/heads.h"
#include "adapters/notes/markdown.h"
#include "engine/base/utf8.h"

namespace annals {
namespace {

// The front matter between two lines of "---", and where the body begins.
struct Matter {
  ByteSpan yaml;
  std::size_t body = 0;
};

std::optional<Matter> find_matter(std::string_view text) {
  std::size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  while (at < text.size() && (text[at] == '\n' || text[at] == '\r')) ++at;
  const auto is_rule = [&](std::size_t line) {
    if (text.substr(line, 3) != "---") return false;
    std::size_t end = line + 3;
    while (end < text.size() && (text[end] == ' ' || text[end] == '\r' || text[end] == '\t')) ++end;
    return end >= text.size() || text[end] == '\n';
  };
  if (!is_rule(at)) return std::nullopt;
  const std::size_t begin = text.find('\n', at);
  if (begin == std::string_view::npos) return std::nullopt;
  for (std::size_t line = begin + 1; line < text.size();) {
    const std::size_t end = text.find('\n', line);
    if (is_rule(line)) return Matter{{begin + 1, line}, end == std::string_view::npos ? text.size() : end + 1};
    if (end == std::string_view::npos) break;
    line = end + 1;
  }
  return std::nullopt;
}

// The front matter's scalars by lower-case key; lists are joined with a comma. Where each value stands.
struct Value {
  std::string words;
  std::size_t at = 0;
};

Result<std::map<std::string, Value>> read_yaml(const Note& note, ByteSpan yaml) {
  std::map<std::string, Value> values;
  const auto place = [&](const YAML::Mark& mark) {
    return mark.pos < 0 ? yaml.begin
                        : yaml.begin + std::min<std::size_t>(static_cast<std::size_t>(mark.pos), yaml.size());
  };
  try {
    const YAML::Node root = YAML::Load(std::string(yaml.of(note.text)));
    if (root.IsNull()) return values;
    if (!root.IsMap()) return note_error(note, yaml.begin, "expected YAML front matter of the form 'key: value'");
    for (const auto& item : root) {
      if (!item.first.IsScalar()) continue;
      std::string key = item.first.Scalar();
      for (char& c : key) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (c == '-') c = '_';
      }
      Value value;
      value.at = place(item.second.Mark());
      if (item.second.IsScalar()) {
        value.words = item.second.Scalar();
      } else if (item.second.IsSequence()) {
        for (const auto& part : item.second)
          if (part.IsScalar()) value.words += (value.words.empty() ? "" : ", ") + part.Scalar();
      }
      values.emplace(std::move(key), std::move(value));
    }
  } catch (const YAML::Exception& error) {
    return note_error(note, place(error.mark), fmt::format("broken YAML front matter: {}", error.msg));
  }
  return values;
}

// Words by which a page asks its readers for something.
bool asks_readers(std::string_view words) {
  static constexpr auto kCues = std::to_array<std::string_view>(
      {"訂戶",      "订户",      "訂閱",       "订阅",     "月費",     "月费",   "贊助",    "赞助",
       "捐款",      "打賞",      "打赏",       "关注我们", "關注我們", "公众号", "下载APP", "下載APP",
       "subscribe", "Subscribe", "newsletter", "donate",   "Donate",   "Sign up"});
  return std::any_of(kCues.begin(), kCues.end(),
                     [&](std::string_view cue) { return words.find(cue) != std::string_view::npos; });
}

// A line of the article's own flow that asks its readers: "請支持本報，成為訂戶".
bool is_plea(std::string_view words) {
  constexpr std::size_t kPleaMax = 40;
  static constexpr auto kOpenings =
      std::to_array<std::string_view>({"請", "请", "歡迎", "欢迎", "立即", "Please", "Subscribe", "Sign up"});
  return count_code_points(words) <= kPleaMax && asks_readers(words) && !words.ends_with("？") &&
         !words.ends_with('?') && std::any_of(kOpenings.begin(), kOpenings.end(), [&](std::string_view opening) {
           return words.starts_with(opening);
         });
}

// Closing sections (behind a thematic break) that ask for subscriptions or introduce the author are the page's, not the
// article's.
std::size_t body_blocks(std::string_view text, const Markdown& markdown, std::string_view author) {
  std::size_t end = markdown.blocks.size();
  while (end > 0 && markdown.blocks[end - 1].section > 0) {
    const std::uint32_t section = markdown.blocks[end - 1].section;
    std::size_t begin = end;
    std::size_t characters = 0;
    bool furniture = false;
    while (begin > 0 && markdown.blocks[begin - 1].section == section) {
      --begin;
      const std::string_view words = markdown.blocks[begin].block.words(text);
      characters += count_code_points(words);
      furniture = furniture || asks_readers(words) || begins_disclaimer(words);
    }
    // An author's card: an image whose text is the name that stands below it, and a few lines about that person.
    const std::string_view first = markdown.blocks[begin].block.words(text);
    const std::string& images = section < markdown.image_texts.size() ? markdown.image_texts[section] : std::string();
    const bool card = !images.empty() && (images.find(first) != std::string::npos ||
                                          (!author.empty() && first.find(author) != std::string_view::npos));
    constexpr std::size_t kCharactersMax = 1200;
    if (!(furniture || card) || characters > kCharactersMax) break;
    end = begin;
  }
  return end;
}

}  // namespace

int FrontMatter::recognises(std::string_view text) const {
  const auto matter = find_matter(recognisable(text));
  if (!matter) return 0;
  const std::string_view yaml = matter->yaml.of(text);
  const bool keyed = yaml.starts_with("title:") || yaml.find("\ntitle:") != std::string_view::npos ||
                     yaml.starts_with("date:") || yaml.find("\ndate:") != std::string_view::npos;
  return keyed ? 97 : 40;
}

Result<std::vector<Article>> FrontMatter::read(const Note& note, const OperatorHead& head) const {
  const std::string_view text = note.text;
  const auto matter = find_matter(text);
  if (!matter) return note_error(note, 0, "expected YAML front matter between two lines of ---, found none");
  ANNALS_TRY(const auto values, read_yaml(note, matter->yaml));
  const auto value = [&](std::initializer_list<std::string_view> keys) -> const Value* {
    for (const std::string_view key : keys)
      if (const auto found = values.find(std::string(key));
          found != values.end() && !trimmed(found->second.words).empty())
        return &found->second;
    return nullptr;
  };
  const auto words = [&](const Value* found) { return found == nullptr ? std::string_view() : trimmed(found->words); };

  Article article;
  article.span = {matter->yaml.begin, text.size()};
  const HeadFiller fill(note, head, true);
  const auto time_of = [&](const Value* found) -> Result<std::optional<PrintedTime>> {
    if (found == nullptr) return std::optional<PrintedTime>();
    auto time = find_printed_time(found->words);
    if (!time)
      return note_error(note, found->at, fmt::format("expected a date such as 2025-12-09, found '{}'", found->words));
    return time;
  };

  const Value* title = value({"title", "headline"});
  article.head.title = std::string(words(title));
  const Value* author = value({"author", "authors", "byline"});
  if (author != nullptr) article.head.author = std::string(words(author));
  const std::string_view address = words(value({"url", "link", "permalink"}));
  const std::string_view original = words(value({"original_url", "canonical", "canonical_url", "source_url"}));
  const std::string_view link = original.empty() ? address : original;
  if (!link.empty()) article.head.link = std::string(link);
  const std::string_view carrier = words(value({"carrier", "via"}));
  if (!carrier.empty())
    article.head.carrier = std::string(carrier);
  else if (!original.empty() && !address.empty() && site_of(address) != site_of(original) && !site_of(address).empty())
    article.head.carrier = site_of(address);
  fill.outlet(article, words(value({"outlet", "source", "publisher", "site", "publication", "media"})), site_of(link));
  if (const std::string_view rendition = words(value({"rendition"})); !rendition.empty()) {
    bool known = false;
    for (const Rendition each :
         {Rendition::kVerbatim, Rendition::kSummary, Rendition::kMinutes, Rendition::kTranslation}) {
      if (rendition_name(each) != rendition) continue;
      article.head.rendition = each;
      known = true;
    }
    if (!known)
      return note_error(note, value({"rendition"})->at,
                        fmt::format("expected verbatim, summary, minutes or translation, found '{}'", rendition));
  }
  if (const std::string_view language = words(value({"language", "lang"})); !language.empty()) {
    for (const Language each : {Language::kZhHans, Language::kZhHant, Language::kEn})
      if (language == language_name(each) || (each == Language::kEn && language.starts_with("en")))
        article.head.language = each;
  }
  const Value* published = value({"date", "published", "publish_date", "pubdate", "published_at"});
  ANNALS_TRY(const auto published_time, time_of(published));
  ANNALS_CHECK_OK(fill.published(article, published_time, published == nullptr ? 0 : published->at));
  const Value* observed = value({"observed", "last_updated", "updated", "lastmod", "modified"});
  ANNALS_TRY(const auto observed_time, time_of(observed));
  ANNALS_CHECK_OK(fill.observed(article, observed_time, observed == nullptr ? 0 : observed->at));

  const Markdown markdown = read_markdown(text, {matter->body, text.size()});
  const std::size_t end = body_blocks(text, markdown, article.head.author.value_or(""));
  article.title_span = {};
  for (std::size_t i = 0; i < end; ++i) {
    const MarkdownBlock& block = markdown.blocks[i];
    const std::string_view block_words = block.block.words(text);
    if (block.heading_level > 0 && article.title_span.empty() &&
        (same_words(block_words, article.head.title) || (article.head.title.empty() && block.heading_level == 1))) {
      article.title_span = block.block.span;
      if (article.head.title.empty()) article.head.title = std::string(block_words);
      continue;
    }
    if (is_credit(block_words) || is_plea(block_words)) continue;
    if (begins_disclaimer(block_words) && end - i <= 4) break;
    article.blocks.push_back(block.block);
  }
  if (article.title_span.empty() && title != nullptr && !article.head.title.empty()) {
    // The title as the front matter prints it, where it stands there letter by letter.
    const std::size_t at = text.find(article.head.title, matter->yaml.begin);
    if (at < matter->yaml.end) article.title_span = {at, at + article.head.title.size()};
  }
  fill.language(article);
  return std::vector<Article>{std::move(article)};
}

}  // namespace annals
