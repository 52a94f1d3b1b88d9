#include "adapters/notes/json_lines/json_lines.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "adapters/notes/heads.h"
#include "engine/base/utf8.h"

namespace annals {
namespace {

using Json = nlohmann::json;

// Where the string value of a top-level member stands inside the quotation marks. The line is valid JSON already.
std::optional<ByteSpan> find_string(std::string_view text, ByteSpan line, std::string_view member) {
  unsigned depth = 0;
  bool is_key = true;  // at depth 1: whether the next string names a member
  bool wanted = false;
  for (std::size_t at = line.begin; at < line.end; ++at) {
    const char c = text[at];
    if (c == '"') {
      const std::size_t begin = at + 1;
      for (++at; at < line.end && text[at] != '"'; ++at)
        if (text[at] == '\\') ++at;
      if (depth != 1) continue;
      if (is_key)
        wanted = text.substr(begin, at - begin) == member;
      else if (wanted)
        return ByteSpan{begin, at};
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    } else if (depth == 1 && c == ':') {
      is_key = false;
    } else if (depth == 1 && c == ',') {
      is_key = true;
    }
  }
  return std::nullopt;
}

// The lines of a string between escaped line ends.
std::vector<ByteSpan> split_escaped(std::string_view text, ByteSpan value) {
  std::vector<ByteSpan> parts;
  std::size_t begin = value.begin;
  for (std::size_t at = value.begin; at < value.end; ++at) {
    if (text[at] != '\\') continue;
    const char escaped = at + 1 < value.end ? text[at + 1] : '\0';
    if (escaped == 'n' || escaped == 'r' || escaped == 't' || escaped == 'f' || escaped == 'v') {
      parts.push_back(trim(text, {begin, at}));
      begin = at + 2;
    }
    ++at;
  }
  parts.push_back(trim(text, {begin, value.end}));
  return parts;
}

// Members by other names that exports give them.
struct Alias {
  std::string_view member;
  std::string_view other;
};
constexpr Alias kAliases[] = {{"text", "content"},          {"text", "body"},           {"title", "headline"},
                              {"outlet", "source"},         {"outlet", "publisher"},    {"published", "published_at"},
                              {"published", "publishedAt"}, {"published", "date"},      {"published", "datePublished"},
                              {"published", "pubDate"},     {"observed", "updated_at"}, {"observed", "updatedAt"},
                              {"language", "lang"}};

// What a part of a string says, its escapes replaced. The line is valid JSON already.
MappedText unescaped(std::string_view text, ByteSpan part) {
  MappedText out;
  const auto unit = [&](std::size_t at) {
    return static_cast<char32_t>(std::stoul(std::string(text.substr(at, 4)), nullptr, 16));
  };
  for (std::size_t at = part.begin; at < part.end;) {
    const std::size_t escape = std::min<std::size_t>(text.find('\\', at), part.end);
    out.append(text.substr(at, escape - at), at);
    at = escape;
    if (at >= part.end) break;
    std::size_t length = 2;
    std::string words(1, text[at + 1]);
    if (text[at + 1] == 'u') {
      length = 6;
      char32_t value = unit(at + 2);
      if (value >= 0xD800 && value < 0xDC00) {
        value = 0x10000 + ((value - 0xD800) << 10) + (unit(at + 8) - 0xDC00);
        length = 12;
      }
      if (value < 0x20) value = ' ';
      words.clear();
      append_utf8(words, value);
    } else if (text[at + 1] == 'b') {
      words = " ";
    }
    out.append_reference(words, {at, at + length});
    at += length;
  }
  return out;
}

class LineReader {
 public:
  LineReader(const Note& note, const OperatorHead& head, ByteSpan line, std::uint32_t ordinal)
      : note_(note), head_(head), line_(line) {
    article_.head.ordinal = ordinal;
    article_.span = line;
  }

  Result<Article> run() {
    const std::string_view words = line_.of(note_.text);
    try {
      json_ = Json::parse(words);
    } catch (const Json::parse_error& error) {
      const std::size_t at = line_.begin + std::min<std::size_t>(error.byte == 0 ? 0 : error.byte - 1, words.size());
      return note_error(note_, at, "expected a JSON object a line; this is not JSON from here on");
    } catch (const Json::out_of_range&) {
      return note_error(note_, line_.begin, "expected a JSON object a line, found a number beyond all bounds");
    }
    if (!json_.is_object())
      return note_error(note_, line_.begin, fmt::format("expected a JSON object, found {}", json_.type_name()));
    for (const auto& [member, other] : kAliases) {
      const auto found = json_.find(std::string(other));
      if (json_.contains(std::string(member)) || found == json_.end() || !found->is_string()) continue;
      json_[std::string(member)] = *found;
      names_.emplace(member, other);
    }
    for (const char* member : {"text", "title", "outlet", "author", "carrier", "link", "url", "published", "observed",
                               "zone", "rendition", "language"}) {
      const auto found = json_.find(member);
      if (found != json_.end() && !found->is_string() && !found->is_null())
        return note_error(note_, place(member),
                          fmt::format("expected a string as \"{}\", found {}", member, found->type_name()));
    }
    if (word("text").empty())
      return note_error(note_, line_.begin, "expected a member \"text\" with the article, found none");

    article_.head.title = word("title");
    if (const auto span = find_string(note_.text, line_, name("title"))) article_.title_span = trim(note_.text, *span);
    for (const auto& [member, field] :
         {std::pair{"author", &article_.head.author}, std::pair{"carrier", &article_.head.carrier},
          std::pair{"url", &article_.head.link}, std::pair{"link", &article_.head.link}})
      if (std::string value = word(member); !value.empty()) *field = std::move(value);
    ANNALS_CHECK_OK(read_rendition());
    ANNALS_CHECK_OK(read_language());
    ANNALS_CHECK_OK(read_times());
    ANNALS_CHECK_OK(read_text());
    HeadFiller fill(note_, head_, true);
    fill.outlet(article_, word("outlet"));
    fill.language(article_);
    return std::move(article_);
  }

 private:
  std::string word(const char* member) const {
    const auto found = json_.find(member);
    return found != json_.end() && found->is_string() ? std::string(trimmed(found->get_ref<const std::string&>()))
                                                      : std::string();
  }

  // As the line names it.
  std::string_view name(std::string_view member) const {
    const auto other = names_.find(std::string(member));
    return other == names_.end() ? member : std::string_view(other->second);
  }

  std::size_t place(std::string_view member) const {
    const std::size_t at = note_.text.find(fmt::format("\"{}\"", name(member)), line_.begin);
    return at < line_.end ? at : line_.begin;
  }

  Status read_rendition() {
    const std::string value = word("rendition");
    if (value.empty()) return {};
    for (const Rendition each :
         {Rendition::kVerbatim, Rendition::kSummary, Rendition::kMinutes, Rendition::kTranslation}) {
      if (rendition_name(each) != value) continue;
      article_.head.rendition = each;
      return {};
    }
    return note_error(note_, place("rendition"),
                      fmt::format("expected verbatim, summary, minutes or translation, found '{}'", value));
  }

  Status read_language() {
    const std::string value = word("language");
    if (value.empty()) return {};
    for (const Language each : {Language::kZhHans, Language::kZhHant, Language::kEn}) {
      if (language_name(each) != value) continue;
      article_.head.language = each;
      return {};
    }
    return note_error(note_, place("language"), fmt::format("expected zh-Hans, zh-Hant or en, found '{}'", value));
  }

  // A time of the line is an error where it cannot be: the line was written by a program.
  Status read_times() {
    OperatorHead own = head_;
    if (const std::string zone = word("zone"); !zone.empty()) {
      auto found = Zone::find(zone);
      if (!found) return note_error(note_, place("zone"), found.error().message);
      own.zone = *std::move(found);
    }
    const HeadFiller fill(note_, own, true);
    for (const char* member : {"published", "observed"}) {
      const std::string value = word(member);
      const bool published = std::string_view(member) == "published";
      std::optional<PrintedTime> time;
      if (!value.empty()) {
        if (value.find('/') != std::string::npos && value.size() > 10) {
          time.emplace();
          time->wall = value;
        } else {
          time = find_printed_time(value);
          if (!time || time->span.begin != 0 || time->span.end != value.size())
            return note_error(
                note_, place(member),
                fmt::format("expected a time such as 2025-12-09T06:31+08:00 as \"{}\", found '{}'", member, value));
        }
      }
      ANNALS_CHECK_OK(published ? fill.published(article_, time, place(member))
                                : fill.observed(article_, time, place(member)));
    }
    if (!word("zone").empty() && article_.head.published &&
        article_.head.published->zone_source == ZoneSource::kOperator && !word("published").empty())
      article_.head.published->zone_source = ZoneSource::kPrinted;
    return {};
  }

  Status read_text() {
    const auto value = find_string(note_.text, line_, name("text"));
    if (!value) return note_error(note_, line_.begin, "expected \"text\" written without escapes");
    for (const ByteSpan part : split_escaped(note_.text, *value)) {
      if (part.empty()) continue;
      const std::string_view words = part.of(note_.text);
      Block block{BlockKind::kParagraph, part, 0};
      std::size_t marks = 0;
      while (marks < words.size() && words[marks] == '#') ++marks;
      if (marks > 0 && marks <= 6 && marks < words.size() && words[marks] == ' ') {
        block.kind = BlockKind::kHeading;
        block.level = static_cast<std::uint8_t>(marks - 1);
        block.span.begin += marks;
      } else if (const std::size_t bullet = bullet_marker(words); bullet != 0) {
        block.kind = BlockKind::kBullet;
        block.span.begin += bullet;
      }
      block.span = trim_citations(note_.text, block.span);
      if (block.span.empty()) continue;
      if (MappedText words_there = unescaped(note_.text, block.span);
          words_there.pieces.size() > 1 || !words_there.pieces.front().same()) {
        // Blanks and marks at its ends may have been written as escapes.
        const ByteSpan inside = trim_citations(words_there.text, {0, words_there.text.size()});
        if (inside.empty()) continue;
        block.span = note_span(words_there.pieces, inside);
        block.mapped.pieces = pieces_of(words_there.pieces, inside);
        if (!block.mapped.pieces.empty()) block.mapped.text = std::string(inside.of(words_there.text));
      }
      article_.blocks.push_back(std::move(block));
    }
    return {};
  }

  const Note& note_;
  const OperatorHead& head_;
  ByteSpan line_;
  Json json_;
  std::map<std::string, std::string> names_;  // of members that the line calls otherwise
  Article article_;
};

}  // namespace

int JsonLines::recognises(std::string_view text) const {
  text = recognisable(text);
  for (const Line& line : split_lines(text)) {
    if (line.empty()) continue;
    const std::string_view words = line.span.of(text);
    if (!words.starts_with("{")) return 0;
    bool member = false;
    for (const std::string_view name : {"\"text\"", "\"title\"", "\"content\"", "\"headline\"", "\"body\""})
      member = member || words.find(name) != std::string_view::npos;
    return member && words.find("\":") != std::string_view::npos ? 94 : member ? 90 : 20;
  }
  return 0;
}

Result<std::vector<Article>> JsonLines::read(const Note& note, const OperatorHead& head) const {
  const std::string_view text = note.text;
  std::vector<Article> articles;
  // Only LF ends a line here: the others may stand inside a string.
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const ByteSpan line = trim(text, {begin, end});
    begin = end + 1;
    if (line.empty()) continue;
    ANNALS_TRY(Article article, LineReader(note, head, line, static_cast<std::uint32_t>(articles.size() + 1)).run());
    articles.push_back(std::move(article));
  }
  if (articles.empty()) return note_error(note, 0, "expected JSON Lines, found none");
  return articles;
}

}  // namespace annals
