#include "adapters/notes/html.h"

#include <gumbo.h>

#include <algorithm>
#include <array>
#include <memory>
#include <unordered_map>

#include "adapters/notes/heads.h"
#include "engine/base/utf8.h"
#include "engine/note/text.h"

namespace annals {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}
template <std::size_t N>
bool one_of(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// ---- what would cost Gumbo more than its size ----

constexpr std::size_t kDepthMax = 1000;
constexpr std::size_t kAttributesMax = 1000;
constexpr std::size_t kReopenedMax = 4'000'000;  // formatting elements that later blocks open again, at 100 bytes each

constexpr auto kVoid = std::to_array<std::string_view>({"area", "base", "br", "col", "embed", "hr", "img", "input",
                                                        "keygen", "link", "meta", "param", "source", "track", "wbr"});
// Their end tags may be left out, so that open ones say nothing about depth.
constexpr auto kImplied =
    std::to_array<std::string_view>({"p", "li", "dd", "dt", "option", "optgroup", "tr", "td", "th", "tbody", "thead",
                                     "tfoot", "colgroup", "rp", "rt", "html", "head", "body"});
constexpr auto kFormatting = std::to_array<std::string_view>(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"});
constexpr auto kRaw =
    std::to_array<std::string_view>({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"});

std::optional<HtmlFault> find_fault(std::string_view html) {
  std::vector<std::string> open;
  std::size_t formatting = 0;
  std::size_t reopened = 0;
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at)) {
    if (html.substr(at).starts_with("<!--")) {
      at = std::min(html.find("-->", at + 4), html.size());
      continue;
    }
    const std::size_t tag = at++;
    const bool closes = at < html.size() && html[at] == '/';
    at += closes ? 1 : 0;
    if (at >= html.size() || !is_alpha(html[at])) continue;
    const std::size_t begin = at;
    while (at < html.size() && !is_space(html[at]) && html[at] != '>' && html[at] != '/') ++at;
    const std::string name = lowered(html.substr(begin, std::min<std::size_t>(at - begin, 16)));
    std::size_t attributes = 0;
    char before = ' ';
    bool closed = false;
    for (; at < html.size() && html[at] != '>'; ++at) {
      const char c = html[at];
      if ((c == '"' || c == '\'') && before == '=') {
        at = std::min(html.find(c, at + 1), html.size());
        if (at >= html.size()) break;
      } else if (!is_space(c) && (is_space(before) || before == '/' || before == '"' || before == '\'')) {
        ++attributes;
      }
      closed = c == '/';
      if (!is_space(c) || before != '=') before = c;
    }
    if (attributes > kAttributesMax) return HtmlFault{tag, "a tag with more than 1,000 attributes"};
    if (one_of(kVoid, name) || closed) continue;
    const bool formats = one_of(kFormatting, name);
    if (closes) {
      // An end tag closes what was left open inside; one without a beginning closes nothing.
      constexpr std::size_t kLookBack = 64;
      for (std::size_t i = open.size(); i > 0 && open.size() - i < kLookBack; --i) {
        if (open[i - 1] != name) continue;
        open.resize(i - 1);
        break;
      }
      formatting -= formats && formatting > 0 ? 1 : 0;
      continue;
    }
    if (one_of(kRaw, name)) {
      const std::string end = "</" + name;
      while (at < html.size()) {
        at = html.find("</", at);
        if (at == std::string_view::npos || lowered(html.substr(at, end.size())) == end) break;
        at += 2;
      }
      if (at == std::string_view::npos) break;
      at = std::min(html.find('>', at), html.size());
      continue;
    }
    if (!one_of(kImplied, name)) open.push_back(name);
    formatting += formats ? 1 : 0;
    reopened += formats ? 0 : formatting;
    if (open.size() > kDepthMax) return HtmlFault{tag, "elements nested more than 1,000 deep"};
    if (reopened > kReopenedMax) return HtmlFault{tag, "formatting left open too often"};
  }
  return std::nullopt;
}

// ---- character references ----

// A name as Gumbo knows it: its table is the standard's, and this is the way to it that its interface has.
CharacterReference ask_gumbo(std::string_view written) {
  const std::unique_ptr<GumboOutput, void (*)(GumboOutput*)> output(
      gumbo_parse_with_options(&kGumboDefaultOptions, written.data(), written.size()),
      [](GumboOutput* each) { gumbo_destroy_output(&kGumboDefaultOptions, each); });
  const GumboNode* node = output->root;
  while (node->type == GUMBO_NODE_ELEMENT && node->v.element.children.length > 0)
    node = static_cast<const GumboNode*>(node->v.element.children.data[node->v.element.children.length - 1]);
  if (node->type != GUMBO_NODE_TEXT && node->type != GUMBO_NODE_WHITESPACE) return {};
  const std::string words = node->v.text.text;
  if (words.empty()) return {};
  // Unknown names stay as they are written; &aMp is one of them.
  if (words[0] == '&' && !written.starts_with("&amp") && !written.starts_with("&AMP")) return {};
  if (written.ends_with(';') && !words.ends_with(';')) return {words, written.size()};
  // An old name without its semicolon stands for one character, and what follows stays as it is.
  const std::size_t first = decode_utf8(words, 0).length;
  const std::size_t rest = words.size() - first;
  return rest < written.size() ? CharacterReference{words.substr(0, first), written.size() - rest}
                               : CharacterReference{};
}

CharacterReference named_reference(std::string_view written) {
  thread_local std::unordered_map<std::string, CharacterReference> known;
  constexpr std::size_t kKnownMax = 4096;
  const auto found = known.find(std::string(written));
  if (found != known.end()) return found->second;
  CharacterReference made = ask_gumbo(written);
  if (known.size() < kKnownMax) known.emplace(written, made);
  return made;
}

// ---- words of class and id ----

constexpr auto kFurnitureWords = std::to_array<std::string_view>({"ad",
                                                                  "ads",
                                                                  "advert",
                                                                  "advertisement",
                                                                  "advertising",
                                                                  "adsense",
                                                                  "banner",
                                                                  "breadcrumb",
                                                                  "breadcrumbs",
                                                                  "comment",
                                                                  "comments",
                                                                  "consent",
                                                                  "cookie",
                                                                  "cookies",
                                                                  "copyright",
                                                                  "disqus",
                                                                  "gdpr",
                                                                  "footer",
                                                                  "masthead",
                                                                  "menu",
                                                                  "modal",
                                                                  "nav",
                                                                  "navbar",
                                                                  "navigation",
                                                                  "newsletter",
                                                                  "outbrain",
                                                                  "pager",
                                                                  "pagination",
                                                                  "paywall",
                                                                  "popup",
                                                                  "popular",
                                                                  "promo",
                                                                  "promotion",
                                                                  "recirc",
                                                                  "recommend",
                                                                  "recommended",
                                                                  "recommendation",
                                                                  "recommendations",
                                                                  "related",
                                                                  "relate",
                                                                  "readmore",
                                                                  "share",
                                                                  "sharebar",
                                                                  "sharing",
                                                                  "sidebar",
                                                                  "signup",
                                                                  "social",
                                                                  "sponsor",
                                                                  "sponsored",
                                                                  "subscribe",
                                                                  "subscription",
                                                                  "taboola",
                                                                  "tag",
                                                                  "tags",
                                                                  "taglist",
                                                                  "toolbar",
                                                                  "trending",
                                                                  "widget",
                                                                  "xiangguan",
                                                                  "tuijian",
                                                                  "fenxiang",
                                                                  "pinglun",
                                                                  "toutiao",
                                                                  "qrcode",
                                                                  "hotnews",
                                                                  "hot",
                                                                  "rank",
                                                                  "ranking",
                                                                  "skip",
                                                                  "sns",
                                                                  "toc",
                                                                  "editor",
                                                                  "bdsharebuttonbox",
                                                                  "statement",
                                                                  "declare",
                                                                  "shengming",
                                                                  "mostread",
                                                                  "addthis",
                                                                  "jiathis"});
constexpr auto kContentWords = std::to_array<std::string_view>(
    {"article", "articlebody", "body", "content", "entry", "main", "page", "post", "story", "text", "wrapper", "layout",
     "container", "zhengwen", "detail", "has", "with", "no"});

// The words of a class or id: "shareBar_left" is share, bar and left.
template <class Take>
void each_word(std::string_view value, Take take) {
  std::string word;
  std::string whole;
  const auto end = [&](std::string& each) {
    if (!each.empty()) take(each);
    each.clear();
  };
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool capital = c >= 'A' && c <= 'Z' && i > 0 && value[i - 1] >= 'a' && value[i - 1] <= 'z';
    if (!is_alpha(c) || capital) end(word);
    if (!is_alpha(c) && c != '-' && c != '_') end(whole);
    if (!is_alpha(c)) continue;
    word += lower(c);
    whole += lower(c);
  }
  end(word);
  end(whole);
}

// ---- the walk ----

// A "heading" that is a sentence or more asserts: it is running text.
bool is_prose(std::string_view words) {
  constexpr std::size_t kHeadingMax = 60;
  const std::size_t characters = count_code_points(words);
  return words.find("。") != std::string_view::npos || characters > 2 * kHeadingMax ||
         (characters > kHeadingMax && (is_han(decode_utf8(words, 0).value) || words.ends_with('.')));
}

// Han, kana, and the punctuation and full-width forms that stand between them.
bool is_wide(char32_t c) {
  return is_han(c) || (c >= 0x3000 && c <= 0x30FF) || (c >= 0xFF01 && c <= 0xFF60) || c == U'“' || c == U'”' ||
         c == U'…' || c == U'—';
}

class Walker {
 public:
  explicit Walker(std::string_view html) : html_(html) { out_.containers.emplace_back(); }

  HtmlDocument run() {
    GumboOptions options = kGumboDefaultOptions;
    options.max_errors = 0;
    const std::unique_ptr<GumboOutput, void (*)(GumboOutput*)> output(
        gumbo_parse_with_options(&options, html_.data(), html_.size()),
        [](GumboOutput* each) { gumbo_destroy_output(&kGumboDefaultOptions, each); });
    walk(output->document);
    flush();
    settle();
    return std::move(out_);
  }

 private:
  static const char* attribute(const GumboElement& element, const char* name) {
    const GumboAttribute* found = gumbo_get_attribute(&element.attributes, name);
    return found == nullptr ? nullptr : found->value;
  }
  static std::string_view value_of(const GumboElement& element, const char* name) {
    const char* found = attribute(element, name);
    return found == nullptr ? std::string_view() : std::string_view(found);
  }
  std::size_t place(const GumboStringPiece& piece) const {
    return piece.data >= html_.data() && piece.data <= html_.data() + html_.size()
               ? static_cast<std::size_t>(piece.data - html_.data())
               : html_.size();
  }

  void walk(const GumboNode* node) {
    switch (node->type) {
      case GUMBO_NODE_DOCUMENT:
        for (unsigned i = 0; i < node->v.document.children.length; ++i)
          walk(static_cast<const GumboNode*>(node->v.document.children.data[i]));
        break;
      case GUMBO_NODE_ELEMENT:
        element(node);
        break;
      case GUMBO_NODE_TEXT:
      case GUMBO_NODE_WHITESPACE:
      case GUMBO_NODE_CDATA: {
        const std::size_t at = place(node->v.text.original_text);
        const std::size_t length = std::min(node->v.text.original_text.length, html_.size() - at);
        if (node->type == GUMBO_NODE_CDATA)
          cdata(at, length);
        else
          words(at, at + length);
        break;
      }
      default:
        break;
    }
  }

  void children(const GumboNode* node) {
    for (unsigned i = 0; i < node->v.element.children.length; ++i)
      walk(static_cast<const GumboNode*>(node->v.element.children.data[i]));
  }

  // All text below an element, as decoded: for titles, scripts and bylines.
  static void text_below(const GumboNode* node, std::string& out) {
    constexpr std::size_t kTextMax = 4 << 20;
    if (out.size() > kTextMax) return;
    if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE || node->type == GUMBO_NODE_CDATA) {
      out += node->v.text.text;
    } else if (node->type == GUMBO_NODE_ELEMENT) {
      for (unsigned i = 0; i < node->v.element.children.length; ++i)
        text_below(static_cast<const GumboNode*>(node->v.element.children.data[i]), out);
    }
  }
  static std::string line_below(const GumboNode* node) {
    std::string text;
    text_below(node, text);
    std::string out;
    for (const char c : text) {
      if (!is_space(c))
        out += c;
      else if (!out.empty() && out.back() != ' ')
        out += ' ';
    }
    return std::string(trimmed(out));
  }

  void element(const GumboNode* node) {
    const GumboElement& e = node->v.element;
    if (e.tag_namespace != GUMBO_NAMESPACE_HTML) return;
    head_data(node);
    switch (e.tag) {
      case GUMBO_TAG_SCRIPT:
      case GUMBO_TAG_STYLE:
      case GUMBO_TAG_NOSCRIPT:
      case GUMBO_TAG_TEMPLATE:
      case GUMBO_TAG_TITLE:
      case GUMBO_TAG_IFRAME:
      case GUMBO_TAG_OBJECT:
      case GUMBO_TAG_APPLET:
      case GUMBO_TAG_CANVAS:
      case GUMBO_TAG_AUDIO:
      case GUMBO_TAG_VIDEO:
      case GUMBO_TAG_SELECT:
      case GUMBO_TAG_OPTION:
      case GUMBO_TAG_BUTTON:
      case GUMBO_TAG_TEXTAREA:
      case GUMBO_TAG_DATALIST:
      case GUMBO_TAG_LABEL:
      case GUMBO_TAG_FIGCAPTION:
      case GUMBO_TAG_NOFRAMES:
      case GUMBO_TAG_NOEMBED:
      case GUMBO_TAG_RP:
      case GUMBO_TAG_RT:
      case GUMBO_TAG_MAP:
        return;
      default:
        break;
    }
    if (attribute(e, "hidden") != nullptr) return;
    if (value_of(e, "aria-hidden") == "true" && e.tag != GUMBO_TAG_BODY) return;
    std::string style(value_of(e, "style"));
    style.erase(std::remove_if(style.begin(), style.end(), is_space), style.end());
    if (style.find("display:none") != std::string::npos || style.find("visibility:hidden") != std::string::npos) return;

    if (e.tag == GUMBO_TAG_BR) {
      if (in_line_ > 0 || items_ > 0 || heading_ > 0)
        blank({place(e.original_tag), place(e.original_tag) + e.original_tag.length}, false);
      else
        flush();
      return;
    }
    if (e.tag == GUMBO_TAG_A) {
      ++links_;
      children(node);
      --links_;
      return;
    }
    if (!is_block(e.tag)) {
      children(node);
      return;
    }
    block(node);
  }

  static bool is_block(GumboTag tag) {
    switch (tag) {
      case GUMBO_TAG_ADDRESS:
      case GUMBO_TAG_ARTICLE:
      case GUMBO_TAG_ASIDE:
      case GUMBO_TAG_BLOCKQUOTE:
      case GUMBO_TAG_BODY:
      case GUMBO_TAG_CAPTION:
      case GUMBO_TAG_CENTER:
      case GUMBO_TAG_DD:
      case GUMBO_TAG_DETAILS:
      case GUMBO_TAG_DIR:
      case GUMBO_TAG_DIV:
      case GUMBO_TAG_DL:
      case GUMBO_TAG_DT:
      case GUMBO_TAG_FIELDSET:
      case GUMBO_TAG_FIGURE:
      case GUMBO_TAG_FOOTER:
      case GUMBO_TAG_FORM:
      case GUMBO_TAG_H1:
      case GUMBO_TAG_H2:
      case GUMBO_TAG_H3:
      case GUMBO_TAG_H4:
      case GUMBO_TAG_H5:
      case GUMBO_TAG_H6:
      case GUMBO_TAG_HEADER:
      case GUMBO_TAG_HGROUP:
      case GUMBO_TAG_HR:
      case GUMBO_TAG_HTML:
      case GUMBO_TAG_LEGEND:
      case GUMBO_TAG_LI:
      case GUMBO_TAG_MAIN:
      case GUMBO_TAG_MENU:
      case GUMBO_TAG_NAV:
      case GUMBO_TAG_OL:
      case GUMBO_TAG_P:
      case GUMBO_TAG_PRE:
      case GUMBO_TAG_SECTION:
      case GUMBO_TAG_SUMMARY:
      case GUMBO_TAG_TABLE:
      case GUMBO_TAG_TBODY:
      case GUMBO_TAG_TD:
      case GUMBO_TAG_TFOOT:
      case GUMBO_TAG_TH:
      case GUMBO_TAG_THEAD:
      case GUMBO_TAG_TR:
      case GUMBO_TAG_UL:
        return true;
      default:
        return false;
    }
  }

  void block(const GumboNode* node) {
    const GumboElement& e = node->v.element;
    const bool cell = e.tag == GUMBO_TAG_TD || e.tag == GUMBO_TAG_TH;
    if (cell && in_line_ > 0) {
      blank({place(e.original_tag), place(e.original_tag) + e.original_tag.length}, false);
      children(node);
      return;
    }
    flush();
    const std::uint32_t outside = container_;
    const std::uint8_t heading = heading_;
    const bool article = in_article_;
    enter(e);
    unsigned items = 0;
    unsigned line = 0;
    switch (e.tag) {
      case GUMBO_TAG_H1:
      case GUMBO_TAG_H2:
      case GUMBO_TAG_H3:
      case GUMBO_TAG_H4:
      case GUMBO_TAG_H5:
      case GUMBO_TAG_H6:
        heading_ = static_cast<std::uint8_t>(1 + (e.tag - GUMBO_TAG_H1));
        break;
      case GUMBO_TAG_LI:
      case GUMBO_TAG_DD:
        items = 1;
        break;
      case GUMBO_TAG_TABLE:
        data_table_ = is_data(node);
        break;
      case GUMBO_TAG_TR:
        line = data_table_ ? 1 : 0;
        table_head_ = data_table_ && is_head_row(e);
        break;
      default:
        break;
    }
    items_ += items;
    in_line_ += line;
    children(node);
    flush();
    items_ -= items;
    in_line_ -= line;
    heading_ = heading;
    container_ = outside;
    in_article_ = article;
    if (e.tag == GUMBO_TAG_TABLE) data_table_ = false;
  }

  // A table of data: no cell of it holds blocks or line breaks. Others only lay out the page.
  static bool is_data(const GumboNode* table) {
    std::size_t rows = 0;
    std::vector<const GumboNode*> left{table};
    while (!left.empty()) {
      const GumboNode* node = left.back();
      left.pop_back();
      if (node->type != GUMBO_NODE_ELEMENT) continue;
      const GumboTag tag = node->v.element.tag;
      rows += tag == GUMBO_TAG_TR;
      const bool own = node == table || tag == GUMBO_TAG_TR || tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH ||
                       tag == GUMBO_TAG_TBODY || tag == GUMBO_TAG_THEAD || tag == GUMBO_TAG_TFOOT ||
                       tag == GUMBO_TAG_CAPTION;
      const bool single = tag == GUMBO_TAG_P && node->v.element.children.length <= 1;  // a cell's only paragraph
      if (!own && !single && (is_block(tag) || tag == GUMBO_TAG_BR)) return false;
      for (unsigned i = 0; i < node->v.element.children.length; ++i)
        left.push_back(static_cast<const GumboNode*>(node->v.element.children.data[i]));
    }
    return rows > 1;
  }

  static bool is_head_row(const GumboElement& row) {
    bool any = false;
    for (unsigned i = 0; i < row.children.length; ++i) {
      const auto* cell = static_cast<const GumboNode*>(row.children.data[i]);
      if (cell->type != GUMBO_NODE_ELEMENT) continue;
      if (cell->v.element.tag != GUMBO_TAG_TH) return false;
      any = true;
    }
    return any;
  }

  void enter(const GumboElement& e) {
    HtmlContainer container;
    container.parent = container_;
    const std::string role = lowered(value_of(e, "role"));
    switch (e.tag) {
      case GUMBO_TAG_NAV:
      case GUMBO_TAG_ASIDE:
      case GUMBO_TAG_MENU:
      case GUMBO_TAG_FOOTER:
        container.frame = true;
        break;
      case GUMBO_TAG_HEADER:
        container.frame = !in_article_;
        break;
      case GUMBO_TAG_ARTICLE:
      case GUMBO_TAG_MAIN:
        container.content = in_article_ = true;
        break;
      case GUMBO_TAG_P:
      case GUMBO_TAG_PRE:
      case GUMBO_TAG_H1:
      case GUMBO_TAG_H2:
      case GUMBO_TAG_H3:
      case GUMBO_TAG_H4:
      case GUMBO_TAG_H5:
      case GUMBO_TAG_H6:
        // They hold one block; only what they say of themselves can matter.
        if (value_of(e, "class").empty() && value_of(e, "id").empty() && role.empty()) return;
        break;
      default:
        break;
    }
    constexpr auto kFrameRoles =
        std::to_array<std::string_view>({"navigation", "contentinfo", "complementary", "search", "dialog",
                                         "alertdialog", "alert", "menu", "menubar", "toolbar", "tablist", "banner"});
    container.frame = container.frame || one_of(kFrameRoles, role);
    const std::string_view itemprop = value_of(e, "itemprop");
    container.content = container.content || itemprop == "articleBody" || role == "main" || role == "article";
    const bool root = e.tag == GUMBO_TAG_HTML || e.tag == GUMBO_TAG_BODY || e.tag == GUMBO_TAG_MAIN;
    if (!root) {
      bool furniture = false;
      bool content = container.content && e.tag != GUMBO_TAG_ARTICLE;
      for (const char* name : {"class", "id"}) {
        each_word(value_of(e, name), [&](std::string_view word) {
          furniture = furniture || one_of(kFurnitureWords, word);
          content = content || one_of(kContentWords, word);
        });
      }
      container.marked = furniture && !content;
    }
    out_.containers.push_back(container);
    container_ = static_cast<std::uint32_t>(out_.containers.size() - 1);
  }

  void head_data(const GumboNode* node) {
    const GumboElement& e = node->v.element;
    const std::size_t at = std::min(place(e.original_tag), html_.size());
    const std::string_view itemprop = value_of(e, "itemprop");
    switch (e.tag) {
      case GUMBO_TAG_HTML:
        out_.language = value_of(e, "lang");
        if (out_.language.empty()) out_.language = value_of(e, "xml:lang");
        break;
      case GUMBO_TAG_TITLE:
        if (!out_.title.empty()) break;
        out_.title = line_below(node);
        out_.title_span = title_place(node, out_.title);
        break;
      case GUMBO_TAG_META:
        for (const char* name : {"property", "name", "itemprop", "http-equiv"}) {
          if (attribute(e, name) == nullptr || attribute(e, "content") == nullptr) continue;
          out_.metas.push_back({lowered(trimmed(value_of(e, name))), std::string(trimmed(value_of(e, "content"))), at});
        }
        break;
      case GUMBO_TAG_LINK:
        if (lowered(value_of(e, "rel")) == "canonical" && out_.canonical.empty()) out_.canonical = value_of(e, "href");
        break;
      case GUMBO_TAG_SCRIPT:
        if (lowered(trimmed(value_of(e, "type"))) == "application/ld+json") {
          std::string text;
          text_below(node, text);
          out_.json_ld.emplace_back(std::move(text), at);
        }
        break;
      case GUMBO_TAG_TIME: {
        HtmlTime time;
        time.datetime = trimmed(value_of(e, "datetime"));
        if (time.datetime.empty()) time.datetime = line_below(node);
        time.published = itemprop == "datePublished" || attribute(e, "pubdate") != nullptr;
        time.modified = itemprop == "dateModified";
        time.container = container_;
        time.at = at;
        out_.times.push_back(std::move(time));
        break;
      }
      default:
        if (itemprop == "datePublished" || itemprop == "dateModified") {
          std::string_view content = value_of(e, "content");
          if (content.empty()) content = value_of(e, "datetime");
          out_.times.push_back({content.empty() ? line_below(node) : std::string(content), itemprop == "datePublished",
                                itemprop == "dateModified", container_, at});
        }
        break;
    }
    if (out_.author.empty() && e.tag != GUMBO_TAG_META && e.tag != GUMBO_TAG_BODY && e.tag != GUMBO_TAG_LINK) {
      bool named = itemprop == "author" || value_of(e, "rel") == "author";
      if (!named)
        each_word(value_of(e, "class"),
                  [&](std::string_view word) { named = named || word == "author" || word == "byline"; });
      if (named) {
        constexpr std::size_t kNameMax = 60;
        std::string name = line_below(node);
        if (count_code_points(name) <= kNameMax) out_.author = std::move(name);
      }
    }
  }

  // Where the words of a title stand, if they stand there letter by letter.
  ByteSpan title_place(const GumboNode* node, const std::string& title) const {
    const GumboElement& e = node->v.element;
    const std::size_t begin = place(e.original_tag);
    if (begin >= html_.size() || title.empty()) return {};
    const std::size_t end = std::min(html_.find("</", begin), html_.size());
    const std::size_t at = html_.substr(0, end).find(title, begin);
    return at == std::string_view::npos ? ByteSpan{} : ByteSpan{at, at + title.size()};
  }

  // ---- words ----

  void cdata(std::size_t at, std::size_t length) {
    std::string_view inside = html_.substr(at, length);
    constexpr std::string_view kOpen = "<![CDATA[";
    if (!inside.starts_with(kOpen)) return words(at, at + length);
    inside.remove_prefix(kOpen.size());
    if (inside.ends_with("]]>")) inside.remove_suffix(3);
    append(at + kOpen.size(), at + kOpen.size() + inside.size());
  }

  void words(std::size_t begin, std::size_t end) {
    for (std::size_t at = begin; at < end;) {
      const char c = html_[at];
      if (is_space(c)) {
        std::size_t stop = at;
        while (stop < end && is_space(html_[stop])) ++stop;
        const std::string_view run = html_.substr(at, stop - at);
        blank({at, stop}, run.find('\n') != std::string_view::npos || run.find('\r') != std::string_view::npos);
        at = stop;
      } else if (c == '<' && at + 1 < end &&
                 (is_alpha(html_[at + 1]) || html_[at + 1] == '/' || html_[at + 1] == '!' || html_[at + 1] == '?')) {
        // A tag that Gumbo took no notice of.
        const std::size_t close = html_.find('>', at);
        at = close == std::string_view::npos ? end : close + 1;
      } else if (c == '&') {
        const CharacterReference reference = read_reference(html_.substr(0, end), at, false);
        if (reference.length == 0) {
          append(at, at + 1);
          ++at;
        } else {
          settle_blank(reference.words);
          open_at(at);
          open_.append_reference(reference.words, {at, at + reference.length});
          count(reference.words);
          at += reference.length;
        }
      } else {
        std::size_t stop = at + 1;
        while (stop < end && !is_space(html_[stop]) && html_[stop] != '<' && html_[stop] != '&') ++stop;
        append(at, stop);
        at = stop;
      }
    }
  }

  void append(std::size_t begin, std::size_t end) {
    const std::string_view bytes = html_.substr(begin, end - begin);
    if (bytes.empty()) return;
    settle_blank(bytes);
    open_at(begin);
    open_.append(bytes, begin);
    count(bytes);
  }
  void count(std::string_view bytes) {
    if (links_ > 0) linked_ += count_code_points(bytes);
  }
  // Elements that Gumbo moved stand out of order: their words are a block of their own.
  void open_at(std::size_t at) {
    if (!open_.pieces.empty() && open_.pieces.back().note.end > at) flush();
  }

  void blank(ByteSpan where, bool wraps) {
    if (open_.empty() || where.empty()) return;
    if (blank_.empty()) {
      blank_ = where;
      wraps_ = wraps;
    } else {
      wraps_ = wraps_ && wraps;
    }
  }
  // White space is one blank (a lone character of it stays as it is), and none where a line was only wrapped between two
  // wide characters.
  void settle_blank(std::string_view next) {
    if (blank_.empty()) return;
    const ByteSpan where = std::exchange(blank_, {});
    if (open_.empty() || where.begin < open_.pieces.back().note.end) return;
    if (wraps_ && is_wide(code_point_before(open_.text, open_.text.size()).value) &&
        is_wide(decode_utf8(next, 0).value))
      return;
    linked_ += links_ > 0 ? 1 : 0;
    if (where.size() == 1)
      open_.append(where.of(html_), where.begin);
    else
      open_.append_reference(" ", where);
  }

  void flush() {
    blank_ = {};
    MappedText open = std::exchange(open_, {});
    const std::size_t linked = std::exchange(linked_, 0);
    const ByteSpan inside = trim_citations(open.text, {0, open.text.size()});
    if (inside.empty()) return;
    HtmlBlock block;
    block.words.text = std::string(inside.of(open.text));
    block.words.pieces = pieces_of(open.pieces, inside);
    if (block.words.pieces.empty()) block.words.pieces.push_back({{0, inside.size()}, note_span(open.pieces, inside)});
    block.characters = count_code_points(block.words.text);
    block.linked = std::min(linked, block.characters);
    block.container = container_;
    if (heading_ > 0) block.heading = heading_;
    if (heading_ > 0 && !is_prose(block.words.text)) {
      block.kind = BlockKind::kHeading;
      block.level = static_cast<std::uint8_t>(heading_ - 1);
    } else if (in_line_ > 0 && table_head_) {
      block.kind = BlockKind::kHeading;
      block.level = 5;
    } else if (items_ > 0 || in_line_ > 0) {
      block.kind = BlockKind::kBullet;
      block.level = static_cast<std::uint8_t>(std::min(items_ > 1 ? items_ - 1 : 0u, 7u));
    }
    out_.blocks.push_back(std::move(block));
  }

  // Puts blocks into the order of the bytes. What a misplaced part of a table has torn apart is parted there.
  void settle() {
    const auto begin = [](const HtmlBlock& block) { return block.words.pieces.front().note.begin; };
    const auto end = [](const HtmlBlock& block) { return block.words.pieces.back().note.end; };
    const auto before = [&](const HtmlBlock& a, const HtmlBlock& b) { return begin(a) < begin(b); };
    std::vector<HtmlBlock>& blocks = out_.blocks;
    std::stable_sort(blocks.begin(), blocks.end(), before);
    bool overlap = false;
    for (std::size_t i = 1; i < blocks.size(); ++i) overlap = overlap || begin(blocks[i]) < end(blocks[i - 1]);
    if (!overlap) return;
    std::vector<HtmlBlock> parts;
    for (HtmlBlock& block : blocks) {
      for (const TextPiece& piece : block.words.pieces) {
        HtmlBlock part = block;
        part.words.text = block.words.text.substr(piece.text.begin, piece.text.size());
        if (trimmed(part.words.text).empty()) continue;
        part.words.pieces = {{{0, piece.text.size()}, piece.note}};
        part.characters = count_code_points(part.words.text);
        part.linked = std::min(part.linked, part.characters);
        parts.push_back(std::move(part));
      }
    }
    std::stable_sort(parts.begin(), parts.end(), before);
    blocks.clear();
    for (HtmlBlock& part : parts)
      if (blocks.empty() || begin(part) >= end(blocks.back())) blocks.push_back(std::move(part));
  }

  std::string_view html_;
  HtmlDocument out_;
  MappedText open_;
  ByteSpan blank_;
  bool wraps_ = false;
  std::size_t linked_ = 0;
  unsigned links_ = 0;
  unsigned items_ = 0;
  unsigned in_line_ = 0;
  std::uint8_t heading_ = 0;
  bool data_table_ = false;
  bool table_head_ = false;
  bool in_article_ = false;
  std::uint32_t container_ = 0;
};

}  // namespace

CharacterReference read_reference(std::string_view text, std::size_t at, bool needs_semicolon) {
  constexpr std::size_t kReferenceMax = 40;
  const std::string_view rest = text.substr(at, kReferenceMax);
  if (rest.size() < 3 || rest[0] != '&') return {};
  if (rest[1] == '#') {
    std::size_t cursor = 2;
    const bool hex = rest[cursor] == 'x' || rest[cursor] == 'X';
    cursor += hex ? 1 : 0;
    char32_t value = 0;
    const std::size_t digits = cursor;
    for (; cursor < rest.size(); ++cursor) {
      const char c = lower(rest[cursor]);
      const bool decimal = c >= '0' && c <= '9';
      if (!decimal && !(hex && c >= 'a' && c <= 'f')) break;
      value = std::min<char32_t>(value * (hex ? 16 : 10) + static_cast<char32_t>(decimal ? c - '0' : c - 'a' + 10),
                                 0x110000);
    }
    const bool closed = cursor < rest.size() && rest[cursor] == ';';
    if (cursor == digits || (needs_semicolon && !closed)) return {};
    // Pages write Windows' characters by their old numbers.
    static constexpr auto kWindows =
        std::to_array<char32_t>({0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178});
    if (value >= 0x80 && value < 0xA0) value = kWindows[value - 0x80];
    const bool control = (value < 0x20 && value != '\t' && value != '\n' && value != '\r') || value == 0x7F;
    if (control || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) value = 0xFFFD;
    CharacterReference out;
    append_utf8(out.words, value);
    out.length = cursor + (closed ? 1 : 0);
    // "&#0" is as long as what it stands for and would pass for the same bytes: it stays as it is written.
    if (out.words.size() == out.length) return {};
    return out;
  }
  if (!is_alpha(rest[1])) return {};
  std::size_t cursor = 1;
  while (cursor < rest.size() && (is_alpha(rest[cursor]) || (rest[cursor] >= '0' && rest[cursor] <= '9'))) ++cursor;
  const bool closed = cursor < rest.size() && rest[cursor] == ';';
  if (needs_semicolon && !closed) return {};
  CharacterReference found = named_reference(rest.substr(0, cursor + (closed ? 1 : 0)));
  if (needs_semicolon && found.length != cursor + 1) return {};
  return found;
}

const HtmlDocument::Meta* HtmlDocument::meta(std::initializer_list<std::string_view> names) const {
  for (const std::string_view name : names) {
    const auto found = std::find_if(metas.begin(), metas.end(),
                                    [&](const Meta& each) { return each.name == name && !each.content.empty(); });
    if (found != metas.end()) return &*found;
  }
  return nullptr;
}

std::variant<HtmlDocument, HtmlFault> read_html(std::string_view html) {
  if (auto fault = find_fault(html)) return *std::move(fault);
  return Walker(html).run();
}

Block block_of(const HtmlBlock& block, const TextPieces& outer) {
  Block out{block.kind, {}, block.level};
  TextPieces pieces = outer.empty() ? block.words.pieces : through(block.words.pieces, outer);
  out.span = {pieces.front().note.begin, pieces.back().note.end};
  if (pieces.size() > 1 || !pieces.front().same()) out.mapped = {block.words.text, std::move(pieces)};
  return out;
}

}  // namespace annals
