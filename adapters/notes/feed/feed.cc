#include "adapters/notes/feed/feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <pugixml.hpp>

#include "adapters/notes/heads.h"
#include "adapters/notes/html.h"
#include "engine/base/utf8.h"

namespace annals {
namespace {

using pugi::xml_node;

// The name of the first element of a document, behind declaration, comments and doctype; empty where it is no XML.
std::string_view root_name(std::string_view text) {
  std::size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  for (;;) {
    at = text.find_first_not_of(" \t\r\n", at);
    if (at == std::string_view::npos || text[at] != '<' || at + 1 >= text.size()) return {};
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("<!--")) {
      at = text.find("-->", at + 4);
      if (at == std::string_view::npos) return {};
      at += 3;
    } else if (rest.starts_with("<?")) {
      at = text.find("?>", at);
      if (at == std::string_view::npos) return {};
      at += 2;
    } else if (rest.starts_with("<!")) {
      // A doctype; its own part in brackets may hold others of these.
      std::size_t end = text.find_first_of("[>", at);
      if (end != std::string_view::npos && text[end] == '[') end = text.find("]>", end);
      at = text.find('>', end);
      if (at == std::string_view::npos) return {};
      ++at;
    } else {
      const std::size_t end = text.find_first_of(" \t\r\n>/", at + 1);
      return end == std::string_view::npos ? std::string_view() : text.substr(at + 1, end - at - 1);
    }
  }
}

std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

// What a prefix stands for: the vocabularies that feeds borrow from. Undeclared prefixes mean what they usually do.
enum class Vocabulary : std::uint8_t { kFeed, kDublinCore, kContent, kAtom, kOther };
Vocabulary vocabulary_of(std::string_view address) {
  if (address == "http://purl.org/dc/elements/1.1/" || address == "http://purl.org/dc/terms/")
    return Vocabulary::kDublinCore;
  if (address == "http://purl.org/rss/1.0/modules/content/") return Vocabulary::kContent;
  if (address == "http://www.w3.org/2005/Atom") return Vocabulary::kAtom;
  if (address.empty() || address.starts_with("http://purl.org/rss/1.0") ||
      address.starts_with("http://purl.org/atom/ns") ||
      address.find("netscape.com/rdf/simple") != std::string_view::npos ||
      address.find("userland.com") != std::string_view::npos || address.find("rss2") != std::string_view::npos)
    return Vocabulary::kFeed;
  return Vocabulary::kOther;
}

class Reader {
 public:
  Reader(const Note& note, const OperatorHead& head) : note_(note), head_(head), buffer_(note.text) {}

  Result<std::vector<Article>> run() {
    // In place and without replacing anything, values stay the bytes of the note, where they stood.
    const pugi::xml_parse_result parsed = document_.load_buffer_inplace(
        buffer_.data(), buffer_.size(), pugi::parse_cdata | pugi::parse_ws_pcdata_single, pugi::encoding_utf8);
    if (!parsed) {
      return note_error(note_,
                        std::min<std::size_t>(static_cast<std::size_t>(std::max<std::ptrdiff_t>(parsed.offset, 0)),
                                              note_.text.size()),
                        fmt::format("expected a feed of well-formed XML: {}", parsed.description()));
    }
    const xml_node root = document_.document_element();
    for (const pugi::xml_attribute& attribute : root.attributes()) {
      const std::string_view name = attribute.name();
      if (name == "xmlns") default_ = vocabulary_of(attribute.value());
      if (name.starts_with("xmlns:")) prefixes_.emplace_back(name.substr(6), vocabulary_of(attribute.value()));
    }
    if (default_ == Vocabulary::kAtom) default_ = Vocabulary::kFeed;
    const std::string_view kind = local_name(root.name());
    atom_ = kind == "feed";
    const bool rdf = kind == "RDF";
    if (!atom_ && !rdf && kind != "rss")
      return note_error(note_, 0, "expected <rss>, <rdf:RDF> or <feed>, found another document");
    const xml_node channel = atom_ ? root : child(root, Vocabulary::kFeed, "channel");
    read_channel(channel);

    std::vector<xml_node> items;
    for (const xml_node parent : {channel, rdf ? root : xml_node()})
      for (const xml_node each : parent.children())
        if (is(each, Vocabulary::kFeed, atom_ ? "entry" : "item")) items.push_back(each);
    std::vector<Article> articles;
    for (const xml_node item : items) {
      ANNALS_TRY(std::optional<Article> article, read_item(item, items.size() == 1));
      if (!article) continue;
      article->head.ordinal = static_cast<std::uint32_t>(articles.size() + 1);
      articles.push_back(*std::move(article));
    }
    if (articles.empty())
      return note_error(
          note_, 0,
          fmt::format("expected a feed with an {} that has a text or a title, found none", atom_ ? "entry" : "item"));
    return articles;
  }

 private:
  bool is(xml_node node, Vocabulary vocabulary, std::string_view name) const {
    const std::string_view full = node.name();
    if (local_name(full) != name) return false;
    const std::size_t colon = full.find(':');
    if (colon == std::string_view::npos) return vocabulary == default_;
    const std::string_view prefix = full.substr(0, colon);
    for (const auto& [known, means] : prefixes_)
      if (known == prefix)
        return means == vocabulary || (vocabulary == Vocabulary::kFeed && atom_ && means == Vocabulary::kAtom);
    return (vocabulary == Vocabulary::kDublinCore && (prefix == "dc" || prefix == "dcterms")) ||
           (vocabulary == Vocabulary::kContent && prefix == "content") ||
           (vocabulary == Vocabulary::kAtom && prefix == "atom");
  }
  xml_node child(xml_node node, Vocabulary vocabulary, std::string_view name) const {
    for (const xml_node each : node.children())
      if (is(each, vocabulary, name)) return each;
    return {};
  }

  std::size_t place(const char* at) const {
    return at >= buffer_.data() && at <= buffer_.data() + buffer_.size() ? static_cast<std::size_t>(at - buffer_.data())
                                                                         : 0;
  }
  std::size_t place(xml_node node) const { return place(node.name()); }

  // The characters of an element, its references replaced.
  MappedText characters(xml_node node) const {
    MappedText out;
    for (const xml_node each : node.children()) {
      const std::string_view value = each.value();
      const std::size_t begin = place(value.data());
      if (each.type() == pugi::node_cdata) {
        out.append(value, begin);
        continue;
      }
      if (each.type() != pugi::node_pcdata) continue;
      for (std::size_t at = 0; at < value.size();) {
        const std::size_t amp = std::min(value.find('&', at), value.size());
        out.append(value.substr(at, amp - at), begin + at);
        at = amp;
        if (at >= value.size()) break;
        if (const CharacterReference reference = read_reference(value, at, true); reference.length != 0) {
          out.append_reference(reference.words, {begin + at, begin + at + reference.length});
          at += reference.length;
        } else {
          out.append("&", begin + at);
          ++at;
        }
      }
    }
    return out;
  }
  std::string line(xml_node node) const { return std::string(trimmed(characters(node).text)); }

  // What stands between the tags of an element, as it is written.
  ByteSpan inside(xml_node node) const {
    const std::string_view text = note_.text;
    std::size_t begin = place(node);
    char quote = 0;
    while (begin < text.size() && (quote != 0 || text[begin] != '>')) {
      if (quote == 0 && (text[begin] == '"' || text[begin] == '\''))
        quote = text[begin];
      else if (text[begin] == quote)
        quote = 0;
      ++begin;
    }
    begin = std::min(begin + 1, text.size());
    const std::string close = fmt::format("</{}", node.name());
    return {begin, std::max<std::size_t>(begin, std::min(text.find(close, begin), text.size()))};
  }

  // The text of an element as HTML, with where it stands in the note.
  MappedText html_of(xml_node node) const {
    const std::string_view type = node.attribute("type").value();
    const bool xml = type == "xhtml" || type == "application/xhtml+xml";
    if (!xml) return characters(node);
    MappedText out;
    const ByteSpan span = inside(node);
    out.append(span.of(note_.text), span.begin);
    return out;
  }
  // Whether an element's characters are plain text: Atom's constructs unless they say otherwise.
  bool is_plain(xml_node node) const {
    const std::string_view type = node.attribute("type").value();
    return atom_ && (type.empty() || type == "text" || type == "text/plain");
  }

  // Plain text into blocks, a line each.
  static std::vector<Block> plain_blocks(const MappedText& words) {
    std::vector<Block> out;
    for (const Line& line : split_lines(words.text)) {
      const ByteSpan span = trim_citations(words.text, line.span);
      if (span.empty()) continue;
      Block block;
      block.span = note_span(words.pieces, span);
      if (TextPieces pieces = pieces_of(words.pieces, span); !pieces.empty())
        block.mapped = {std::string(span.of(words.text)), std::move(pieces)};
      out.push_back(std::move(block));
    }
    return out;
  }

  struct Text {
    std::vector<Block> blocks;
    std::optional<HtmlFault> fault;
  };
  Text blocks_of(xml_node node) const {
    Text out;
    if (is_plain(node)) {
      out.blocks = plain_blocks(characters(node));
      return out;
    }
    const MappedText html = html_of(node);
    auto read = read_html(html.text);
    if (auto* fault = std::get_if<HtmlFault>(&read)) {
      fault->at = html.text.empty() ? place(node) : note_span(html.pieces, {fault->at, fault->at + 1}).begin;
      out.fault = std::move(*fault);
      return out;
    }
    for (const HtmlBlock& block : std::get<HtmlDocument>(read).blocks) {
      if (is_furniture(block)) continue;
      out.blocks.push_back(block_of(block, html.pieces));
    }
    return out;
  }

  // What readers' programs and blogs put around a text: buttons, and where the whole of it is.
  static bool is_furniture(const HtmlBlock& block) {
    const std::string_view words = block.words.text;
    if (is_menu(words) || is_credit(words)) return true;
    constexpr std::size_t kNoteMax = 300;
    if (words.starts_with("The post ") && words.find(" appeared first on ") != std::string_view::npos &&
        words.size() < kNoteMax)
      return true;
    const bool all_link = block.linked * 10 >= block.characters * 9;
    constexpr std::size_t kButtonMax = 24;
    if (!all_link || block.characters > kButtonMax) return false;
    static constexpr auto kButtons = std::to_array<std::string_view>(
        {"Read more", "Read the full", "Continue reading", "More", "Full story", "Comments", "阅读", "閱讀", "继续阅读",
         "繼續閱讀", "查看", "更多", "全文", "原文", "点击", "點擊", "详情", "詳情"});
    return std::any_of(kButtons.begin(), kButtons.end(),
                       [&](std::string_view button) { return words.starts_with(button); });
  }

  void read_channel(xml_node channel) {
    title_ = words_of_title(child(channel, Vocabulary::kFeed, "title")).text;
    language_ = line(child(channel, Vocabulary::kFeed, "language"));
    if (language_.empty()) language_ = line(child(channel, Vocabulary::kDublinCore, "language"));
    if (language_.empty()) language_ = channel.attribute("xml:lang").value();
    if (language_.empty()) language_ = document_.document_element().attribute("xml:lang").value();
    author_ = name_of(child(channel, Vocabulary::kFeed, "author"));
    publisher_ = line(child(channel, Vocabulary::kDublinCore, "publisher"));
    for (const auto& [vocabulary, name] : {std::pair{Vocabulary::kFeed, "updated"},
                                           {Vocabulary::kFeed, "lastBuildDate"},
                                           {Vocabulary::kFeed, "modified"},
                                           {Vocabulary::kAtom, "updated"},
                                           {Vocabulary::kDublinCore, "date"}}) {
      const xml_node node = child(channel, vocabulary, name);
      if (!node) continue;
      made_ = find_printed_time(line(node));
      made_at_ = place(node);
      if (made_) break;
    }
  }

  // A title as a person reads it: RSS writes HTML there, often escaped twice.
  MappedText words_of_title(xml_node node) const {
    const MappedText raw = html_of(node);
    if (raw.empty()) return {};
    if (is_plain(node)) {
      const ByteSpan span = trim(raw.text, {0, raw.text.size()});
      if (span.empty()) return {};
      TextPieces pieces = pieces_of(raw.pieces, span);
      if (pieces.empty()) pieces.push_back({{0, span.size()}, note_span(raw.pieces, span)});
      return {std::string(span.of(raw.text)), std::move(pieces)};
    }
    auto read = read_html(raw.text);
    const auto* document = std::get_if<HtmlDocument>(&read);
    if (document == nullptr || document->blocks.empty()) return {};
    const HtmlBlock& block = document->blocks.front();
    return {block.words.text, through(block.words.pieces, raw.pieces)};
  }

  // "desk@example.org (A. Writer)" is A. Writer; Atom has the name in an element of its own.
  std::string name_of(xml_node node) const {
    if (const xml_node name = child(node, Vocabulary::kFeed, "name")) return line(name);
    const std::string words = line(node);
    const std::size_t open = words.find('(');
    const std::size_t close = words.rfind(')');
    if (words.find('@') != std::string::npos && open != std::string::npos && close != std::string::npos && close > open)
      return std::string(trimmed(std::string_view(words).substr(open + 1, close - open - 1)));
    return words.find('@') == std::string::npos ? words : std::string();
  }

  std::string link_of(xml_node item) const {
    std::string found;
    for (const xml_node each : item.children()) {
      if (!is(each, Vocabulary::kFeed, "link")) continue;
      const std::string_view rel = each.attribute("rel").value();
      if (!atom_) return line(each);
      if (rel.empty() || rel == "alternate") return each.attribute("href").value();
    }
    if (const xml_node guid = child(item, Vocabulary::kFeed, "guid");
        guid && std::string_view(guid.attribute("isPermaLink").value()) != "false")
      found = line(guid);
    if (found.empty()) found = item.attribute("rdf:about").value();
    return site_of(found).empty() ? std::string() : found;
  }

  Result<std::optional<Article>> read_item(xml_node item, bool alone) {
    Article article;
    const HeadFiller fill(note_, head_, alone);
    const xml_node title = child(item, Vocabulary::kFeed, "title");
    const MappedText title_words = words_of_title(title);
    article.head.title = title_words.text;

    Text text;
    for (const auto& [vocabulary, name] : {std::pair{Vocabulary::kContent, "encoded"},
                                           {Vocabulary::kFeed, "content"},
                                           {Vocabulary::kFeed, "description"},
                                           {Vocabulary::kFeed, "summary"},
                                           {Vocabulary::kDublinCore, "description"}}) {
      for (const xml_node each : item.children()) {
        if (!text.blocks.empty() || !is(each, vocabulary, name)) continue;
        text = blocks_of(each);
        if (text.fault)
          return note_error(note_, text.fault->at, fmt::format("expected HTML that can be read: {}", text.fault->what));
      }
    }
    article.blocks = std::move(text.blocks);
    if (!title_words.empty()) article.title_span = note_span(title_words.pieces, {0, title_words.text.size()});
    if (article.blocks.empty()) {
      // A feed of headlines: what it says is said there.
      if (title_words.empty()) return std::optional<Article>();
      Block block;
      block.span = std::exchange(article.title_span, {});
      if (title_words.pieces.size() > 1 || !title_words.pieces.front().same()) block.mapped = title_words;
      article.blocks.push_back(std::move(block));
    }
    article.span = {std::min<std::size_t>(place(item), article.blocks.front().span.begin),
                    article.blocks.back().span.end};
    if (!article.title_span.empty()) article.span.end = std::max(article.span.end, article.title_span.end);

    const xml_node source = child(item, Vocabulary::kFeed, "source");
    std::string from = atom_ ? words_of_title(child(source, Vocabulary::kFeed, "title")).text : line(source);
    if (from.empty() && !atom_) from = line(child(item, Vocabulary::kDublinCore, "source"));
    if (!site_of(from).empty()) from.clear();  // an address says where, not who
    std::string own = line(child(item, Vocabulary::kDublinCore, "publisher"));
    if (own.empty()) own = publisher_;
    if (own.empty()) own = title_;
    fill.outlet(article, from.empty() ? own : from);
    if (!from.empty() && !title_.empty() && !same_words(from, title_)) article.head.carrier = title_;

    std::string author = name_of(child(item, Vocabulary::kFeed, "author"));
    if (author.empty()) author = line(child(item, Vocabulary::kDublinCore, "creator"));
    if (author.empty()) author = name_of(child(source, Vocabulary::kFeed, "author"));
    if (author.empty()) author = author_;
    if (!author.empty() && !same_words(author, article.head.outlet.value_or("")))
      article.head.author = std::move(author);
    if (std::string link = link_of(item); !link.empty()) article.head.link = std::move(link);

    ANNALS_CHECK_OK(read_times(item, alone, article));
    fill.language(article,
                  item.attribute("xml:lang").empty() ? language_ : std::string(item.attribute("xml:lang").value()));
    return std::optional<Article>(std::move(article));
  }

  Status read_times(xml_node item, bool alone, Article& article) const {
    const HeadFiller fill(note_, head_, alone);
    const auto time = [&](std::initializer_list<std::pair<Vocabulary, std::string_view>> names,
                          std::size_t& at) -> Result<std::optional<PrintedTime>> {
      for (const auto& [vocabulary, name] : names) {
        const xml_node node = child(item, vocabulary, name);
        const std::string words = line(node);
        if (words.empty()) continue;
        at = place(node);
        auto found = find_printed_time(words);
        if (!found) {
          const std::string what = fmt::format("expected a date such as 2025-12-09T06:31:00Z in <{}>, found '{}'",
                                               node.name(), words.substr(0, 60));
          if (alone) return note_error(note_, at, what);
          article.warnings.push_back(fmt::format("{}: {}", line_and_column(note_.text, at), what));
          continue;
        }
        return found;
      }
      return std::optional<PrintedTime>();
    };
    std::size_t published_at = 0;
    std::size_t updated_at = made_at_;
    ANNALS_TRY(auto published, time({{Vocabulary::kFeed, "published"},
                                     {Vocabulary::kFeed, "issued"},
                                     {Vocabulary::kFeed, "pubDate"},
                                     {Vocabulary::kDublinCore, "issued"},
                                     {Vocabulary::kDublinCore, "date"},
                                     {Vocabulary::kDublinCore, "created"}},
                                    published_at));
    ANNALS_TRY(auto updated, time({{Vocabulary::kFeed, "updated"},
                                   {Vocabulary::kFeed, "modified"},
                                   {Vocabulary::kAtom, "updated"},
                                   {Vocabulary::kDublinCore, "modified"}},
                                  updated_at));
    if (!published && updated) {
      published = updated;
      published_at = updated_at;
    }
    ANNALS_CHECK_OK(fill.published(article, published, published_at));
    return fill.observed(article, updated ? updated : made_, updated ? updated_at : made_at_);
  }

  const Note& note_;
  const OperatorHead& head_;
  std::string buffer_;
  pugi::xml_document document_;
  Vocabulary default_ = Vocabulary::kFeed;
  std::vector<std::pair<std::string, Vocabulary>> prefixes_;
  bool atom_ = false;
  std::string title_;
  std::string language_;
  std::string author_;
  std::string publisher_;
  std::optional<PrintedTime> made_;
  std::size_t made_at_ = 0;
};

}  // namespace

int Feed::recognises(std::string_view text) const {
  const std::string_view root = root_name(text);
  const std::string_view name = local_name(root);
  if (name == "rss" || name == "feed") return 98;
  return root == "rdf:RDF" && recognisable(text).find("purl.org/rss/1.0") != std::string_view::npos ? 98 : 0;
}

Result<std::vector<Article>> Feed::read(const Note& note, const OperatorHead& head) const {
  return Reader(note, head).run();
}

}  // namespace annals
