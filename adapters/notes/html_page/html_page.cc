#include "adapters/notes/html_page/html_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "adapters/notes/heads.h"
#include "adapters/notes/html.h"
#include "engine/base/utf8.h"

namespace annals {
namespace {

using Json = nlohmann::json;

// ---- JSON-LD ----

struct Linked {
  std::string headline, published, modified, author, publisher, language;
  std::size_t at = 0;
};

std::string name_in(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_array()) {
    std::string all;
    for (const Json& each : value) {
      const std::string name = name_in(each);
      if (!name.empty()) all += (all.empty() ? "" : ", ") + name;
    }
    return all;
  }
  if (value.is_object() && value.contains("name")) return name_in(value["name"]);
  return {};
}

bool is_article(const Json& type) {
  if (type.is_array()) return std::any_of(type.begin(), type.end(), [](const Json& each) { return is_article(each); });
  if (!type.is_string()) return false;
  const std::string& name = type.get_ref<const std::string&>();
  return name.ends_with("Article") || name == "BlogPosting" || name == "Report" || name == "LiveBlogPosting" ||
         name == "NewsItem";
}

// The first article among an object, a list, or a @graph of them.
bool find_article(const Json& value, Linked& out, unsigned depth = 0) {
  constexpr unsigned kDepthMax = 8;
  if (depth > kDepthMax) return false;
  if (value.is_array()) {
    for (const Json& each : value)
      if (find_article(each, out, depth + 1)) return true;
    return false;
  }
  if (!value.is_object()) return false;
  if (value.contains("@type") && is_article(value["@type"])) {
    const auto take = [&](const char* member) {
      const auto found = value.find(member);
      return found == value.end() ? std::string() : std::string(trimmed(name_in(*found)));
    };
    out.headline = take("headline");
    if (out.headline.empty()) out.headline = take("name");
    out.published = take("datePublished");
    out.modified = take("dateModified");
    out.author = take("author");
    out.publisher = take("publisher");
    out.language = take("inLanguage");
    return true;
  }
  for (const char* member : {"@graph", "mainEntity", "mainEntityOfPage"})
    if (value.contains(member) && find_article(value[member], out, depth + 1)) return true;
  return false;
}

Linked linked_data(const HtmlDocument& document) {
  Linked out;
  for (const auto& [text, at] : document.json_ld) {
    constexpr std::size_t kJsonMax = 1 << 20;
    if (text.size() > kJsonMax) continue;
    // Sites write line ends into their strings; a parser must not mind.
    std::string lenient = text;
    for (char& c : lenient)
      if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    std::size_t nested = 0;
    constexpr std::size_t kNestedMax = 500;
    bool deep = false;
    for (const char c : lenient) {
      nested += c == '{' || c == '[' ? 1 : 0;
      nested -= (c == '}' || c == ']') && nested > 0 ? 1 : 0;
      deep = deep || nested > kNestedMax;
    }
    if (deep) continue;
    const Json json = Json::parse(lenient, nullptr, false, true);
    if (json.is_discarded() || !find_article(json, out)) continue;
    out.at = at;
    return out;
  }
  return out;
}

// Written for an attribute or a script, a text may still have references in it.
std::string plain(std::string_view words) {
  std::string out;
  for (std::size_t at = 0; at < words.size();) {
    const CharacterReference reference = words[at] == '&' ? read_reference(words, at, true) : CharacterReference{};
    if (reference.length == 0) {
      out += words[at++];
      continue;
    }
    out += reference.words;
    at += reference.length;
  }
  return std::string(trimmed(out));
}

// ---- the main text ----

// How much a block weighs as prose: only what is written in sentences and is no link counts.
std::size_t weight_of(const HtmlBlock& block) {
  if (block.kind == BlockKind::kHeading || block.linked * 2 > block.characters) return 0;
  const bool han = is_han(decode_utf8(block.words.text, 0).value) || block.words.text.find("，") != std::string::npos ||
                   block.words.text.find("。") != std::string::npos;
  const std::size_t characters = block.characters * (han ? 3 : 1);  // an ideograph says about as much as three letters
  constexpr std::size_t kProseMin = 60;
  return characters >= kProseMin || ends_as_sentence(block.words.text) ? characters : 0;
}

class Page {
 public:
  Page(const Note& note, const OperatorHead& head, HtmlDocument document)
      : note_(note), head_(head), document_(std::move(document)) {}

  Result<std::vector<Article>> run() {
    weigh();
    if (total_ == 0 && document_.blocks.empty()) return note_error(note_, 0, "expected a page with a text, found none");
    choose();
    linked_ = linked_data(document_);
    Article article;
    article.head.ordinal = 1;
    find_title(article);
    find_body();
    if (body_.empty()) return note_error(note_, 0, "expected a page with a text, found nothing but its frame");
    for (const std::size_t i : body_) article.blocks.push_back(block_of(document_.blocks[i]));
    article.span = {article.blocks.front().span.begin, article.blocks.back().span.end};
    if (!article.title_span.empty()) {
      article.span.begin = std::min(article.span.begin, article.title_span.begin);
      article.span.end = std::max(article.span.end, article.title_span.end);
    }
    ANNALS_CHECK_OK(fill_head(article));
    return std::vector<Article>{std::move(article)};
  }

 private:
  bool inside(std::uint32_t container, std::uint32_t outer) const {
    while (container > outer) container = document_.containers[container].parent;
    return container == outer;
  }

  void weigh() {
    std::vector<HtmlContainer>& containers = document_.containers;
    weights_.assign(containers.size(), 0);
    for (const HtmlBlock& block : document_.blocks) weights_[block.container] += weight_of(block);
    for (std::size_t i = containers.size(); i-- > 1;) weights_[containers[i].parent] += weights_[i];
    total_ = weights_[0];
    // A class that names furniture is wrong where most of the prose is inside.
    for (std::size_t i = 1; i < containers.size(); ++i)
      if (containers[i].marked && weights_[i] * 2 > total_) containers[i].marked = false;
    furniture_.assign(containers.size(), false);
    for (std::size_t i = 1; i < containers.size(); ++i)
      furniture_[i] = furniture_[containers[i].parent] || containers[i].frame || containers[i].marked;
    // Again, without the furniture.
    weights_.assign(containers.size(), 0);
    for (const HtmlBlock& block : document_.blocks)
      if (!furniture_[block.container]) weights_[block.container] += weight_of(block);
    for (std::size_t i = containers.size(); i-- > 1;) weights_[containers[i].parent] += weights_[i];
    total_ = weights_[0];
  }

  void choose() {
    // Down from the root, while one child keeps nearly all of the prose; an element that says it is the article need
    // only keep most.
    std::vector<std::vector<std::uint32_t>> children(document_.containers.size());
    for (std::uint32_t i = 1; i < document_.containers.size(); ++i)
      children[document_.containers[i].parent].push_back(i);
    for (bool down = true; down;) {
      down = false;
      for (const std::uint32_t child : children[chosen_]) {
        const bool content = document_.containers[child].content;
        if (weights_[child] == 0 || children[child].empty()) {
          if (!content) continue;  // a single paragraph may weigh most: its neighbours belong to the text too
        }
        const std::size_t tenths = content ? 5 : 8;
        if (weights_[child] * 10 >= weights_[chosen_] * tenths && (content || holds_several(child))) {
          chosen_ = child;
          down = true;
          break;
        }
      }
    }
  }
  bool holds_several(std::uint32_t container) const {
    std::size_t prose = 0;
    for (const HtmlBlock& block : document_.blocks)
      if (weight_of(block) > 0 && inside(block.container, container) && ++prose > 1) return true;
    return false;
  }

  // The headline is what the data say; it stands where an h1, else the page's title, has the same words.
  void find_title(Article& article) {
    std::string said = plain(linked_.headline);
    if (said.empty())
      if (const auto* meta = document_.meta({"og:title", "twitter:title"})) said = plain(meta->content);
    const auto agrees = [&](std::string_view words) {
      return said.empty() || same_words(words, said) || said.find(words) != std::string::npos;
    };
    std::optional<std::size_t> first;
    for (std::size_t i = 0; i < document_.blocks.size(); ++i) {
      const HtmlBlock& block = document_.blocks[i];
      if (block.heading == 0 || block.heading > 2 || furniture_by_mark(block.container)) continue;
      const bool same = !said.empty() && same_words(block.words.text, said);
      if (same || (block.heading == 1 && agrees(block.words.text))) {
        headline_ = i;
        if (same) break;
      }
      if (!first && block.heading == 1) first = i;
    }
    if (!headline_) headline_ = said.empty() ? first : std::nullopt;
    if (headline_) {
      const Block block = block_of(document_.blocks[*headline_]);
      article.head.title = document_.blocks[*headline_].words.text;
      article.title_span = block.span;
      return;
    }
    if (said.empty()) said = without_site(document_.title);
    article.head.title = said;
    const std::size_t at = document_.title_span.of(note_.text).find(said);
    if (!said.empty() && at != std::string_view::npos)
      article.title_span = {document_.title_span.begin + at, document_.title_span.begin + at + said.size()};
  }
  // "Headline - Site", "标题_频道_网站": the headline.
  static std::string without_site(std::string_view title) {
    std::size_t end = title.size();
    for (const std::string_view mark : {" - ", " | ", " – ", " — ", "_", "｜", "丨", " -- ", "－"}) {
      const std::size_t at = title.find(mark);
      if (at != std::string_view::npos && at > 0 && count_code_points(title.substr(0, at)) >= 6)
        end = std::min(end, at);
    }
    return std::string(trimmed(title.substr(0, end)));
  }
  bool furniture_by_mark(std::uint32_t container) const {
    for (; container != 0; container = document_.containers[container].parent)
      if (document_.containers[container].marked) return true;
    return false;
  }

  static bool leads_elsewhere(std::string_view words) {
    static constexpr auto kOpenings = std::to_array<std::string_view>(
        {"相关阅读",     "相關閱讀",  "延伸阅读",  "延伸閱讀",  "推荐阅读", "推薦閱讀",    "相关新闻",  "相關新聞",
         "相关报道",     "相關報道",  "相关文章",  "相關文章",  "更多新闻", "更多新聞",    "热门",      "熱門",
         "猜你喜欢",     "猜你喜歡",  "你可能",    "上一篇",    "下一篇",   "看更多",      "更多阅读",  "更多閱讀",
         "往期回顾",     "往期回顧",  "关键词",    "關鍵字",    "标签",     "標籤",        "Related",   "RELATED",
         "Read more",    "READ MORE", "Read next", "READ NEXT", "More on",  "More from",   "Most read", "Recommended",
         "You may also", "See also",  "Also read", "Tags:",     "Topics",   "Sign up for", "Follow us", "Keywords"});
    words = trimmed(words);
    for (const std::string_view mark : {"【", "［", "[", "▲", "▼", "※", ">", "»", "★", "●"})
      if (words.starts_with(mark)) words = trimmed(words.substr(mark.size()));
    return std::any_of(kOpenings.begin(), kOpenings.end(),
                       [&](std::string_view opening) { return words.starts_with(opening); });
  }

  void find_body() {
    const std::vector<HtmlBlock>& blocks = document_.blocks;
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < blocks.size(); ++i)
      if (!furniture_[blocks[i].container] && inside(blocks[i].container, chosen_)) all.push_back(i);
    // A text that weighs nothing (a page of a few words) is the page without its frame.
    std::size_t first_prose = all.size();
    for (std::size_t k = 0; k < all.size() && first_prose == all.size(); ++k)
      if (weight_of(blocks[all[k]]) > 0 && !is_head_line(blocks[all[k]])) first_prose = k;
    head_end_ = first_prose < all.size() ? all[first_prose] : blocks.size();
    bool elsewhere = false;
    for (std::size_t k = 0; k < all.size(); ++k) {
      const HtmlBlock& block = blocks[all[k]];
      const std::string_view words = block.words.text;
      if (headline_ && all[k] <= *headline_) continue;
      if (k < first_prose && (first_prose < all.size() || total_ > 0)) {
        // Above the text: of what stands there only lists and headings of its own can belong to it.
        if (block.kind != BlockKind::kHeading || block.heading == 1) continue;
      }
      if (same_words(words, document_.title)) continue;
      if (is_menu(words) || is_credit(words) || find_advertisement(words) == 0) continue;
      const bool links = block.linked * 10 >= block.characters * 6;
      const bool sentence = ends_as_sentence(words);
      const bool leads = leads_elsewhere(words) && (!sentence || links);
      constexpr std::size_t kLeadMax = 40;
      if (leads && (block.kind == BlockKind::kHeading || links || block.characters <= kLeadMax)) {
        elsewhere = true;
        continue;
      }
      // Below "related articles" come links and short lines, until the prose goes on.
      if (elsewhere && (links || !sentence) && block.kind != BlockKind::kParagraph) continue;
      if (elsewhere && (links || weight_of(block) == 0)) continue;
      elsewhere = false;
      if (links && !sentence && block.kind != BlockKind::kHeading) continue;
      if (links && block.linked == block.characters && block.kind == BlockKind::kBullet) continue;
      if (begins_disclaimer(words) && all.size() - k <= 6) {
        carrier_ = carrier_of(words);
        break;
      }
      if (k > first_prose && is_head_line(block)) continue;
      body_.push_back(all[k]);
    }
    // Headings with nothing under them head what was left out.
    while (!body_.empty() && blocks[body_.back()].kind == BlockKind::kHeading) body_.pop_back();
  }

  static bool is_head_line(const HtmlBlock& block) {
    if (block.kind == BlockKind::kHeading) return false;
    constexpr std::size_t kHeadLineMax = 80;
    const std::string_view words = block.words.text;
    return block.characters <= kHeadLineMax && !words.ends_with("。") && read_head_line(words).has_value();
  }

  Status fill_head(Article& article) const {
    const HeadFiller fill(note_, head_, true);
    // The lines between the headline and the text.
    HeadLine printed;
    std::size_t printed_at = 0;
    const std::size_t from = headline_ ? *headline_ + 1 : 0;
    for (std::size_t i = from; i < std::min(head_end_, document_.blocks.size()); ++i) {
      const HtmlBlock& block = document_.blocks[i];
      if (block.kind == BlockKind::kHeading || furniture_by_mark(block.container)) continue;
      const auto line = read_head_line(block.words.text);
      if (!line) continue;
      if (printed.outlet.empty() && has_label(block.words.text)) printed.outlet = line->outlet;
      if (printed.author.empty()) printed.author = line->author;
      if (!printed.time && line->time) {
        printed.time = line->time;
        printed_at = block.words.pieces.front().note.begin;
      }
    }

    std::string site = plain(linked_.publisher);
    if (site.empty())
      if (const auto* meta = document_.meta(
              {"og:site_name", "application-name", "publisher", "dc.publisher", "article:publisher", "twitter:site"}))
        site = plain(meta->content);
    if (!site_of(site).empty()) site.clear();
    if (site.empty()) site = site_in_title(article.head.title);
    while (site.starts_with("@")) site.erase(0, 1);
    const std::string printed_outlet = printed.outlet.empty() ? source_meta() : std::string(printed.outlet);
    std::string link = document_.canonical;
    if (link.empty())
      if (const auto* meta = document_.meta({"og:url"})) link = plain(meta->content);
    if (!site_of(link).empty()) article.head.link = link;
    fill.outlet(article, printed_outlet.empty() ? site : printed_outlet, site_of(link));
    if (!printed_outlet.empty() && !site.empty() && !same_words(site, printed_outlet)) article.head.carrier = site;
    if (!carrier_.empty() && !article.head.carrier && !same_words(carrier_, article.head.outlet.value_or("")))
      article.head.carrier = carrier_;

    std::string author = plain(linked_.author);
    if (author.empty())
      if (const auto* meta =
              document_.meta({"author", "article:author", "byl", "dc.creator", "parsely-author", "sailthru.author"}))
        author = plain(meta->content);
    if (!site_of(author).empty()) author.clear();
    if (author.empty()) author = document_.author.empty() ? std::string(printed.author) : document_.author;
    for (const std::string_view label : {"By ", "by ", "BY ", "作者：", "作者:", "文／", "文/", "记者", "記者"})
      if (author.starts_with(label)) author = std::string(trimmed(std::string_view(author).substr(label.size())));
    if (!author.empty() && !same_words(author, article.head.outlet.value_or(""))) article.head.author = author;

    ANNALS_CHECK_OK(fill_times(article, fill, printed.time, printed_at));
    std::string language = document_.language;
    if (language.empty()) language = linked_.language;
    if (language.empty())
      if (const auto* meta = document_.meta({"og:locale", "content-language", "language"})) language = meta->content;
    fill.language(article, language);
    return {};
  }

  // "Headline_Channel_Site": the site, where the page's title begins with the article's.
  std::string site_in_title(const std::string& headline) const {
    std::string_view title = document_.title;
    if (headline.empty() || title.size() <= headline.size()) return {};
    std::size_t last = std::string_view::npos;
    std::size_t width = 0;
    for (const std::string_view mark : {" - ", " | ", " – ", " — ", "_", "｜", "丨", "－", "-"}) {
      const std::size_t at = title.rfind(mark);
      if (at == std::string_view::npos || (last != std::string_view::npos && at <= last)) continue;
      last = at;
      width = mark.size();
    }
    if (last == std::string_view::npos || !same_words(without_site(title), headline)) return {};
    constexpr std::size_t kNameMax = 30;
    const std::string_view name = trimmed(title.substr(last + width));
    return count_code_points(name) <= kNameMax ? std::string(name) : std::string();
  }

  static bool has_label(std::string_view words) {
    for (const std::string_view label : {"来源", "來源", "出处", "出處", "媒体", "媒體", "Source", "Published by"})
      if (words.find(label) != std::string_view::npos) return true;
    return false;
  }
  // Chinese sites name the outlet they reprint in a meta element of its own.
  std::string source_meta() const {
    const auto* meta = document_.meta({"mediaid", "source", "contentsource", "article:source"});
    if (meta == nullptr) return {};
    const std::string words = plain(meta->content);
    return site_of(words).empty() ? words : std::string();
  }

  Status fill_times(Article& article, const HeadFiller& fill, const std::optional<PrintedTime>& printed,
                    std::size_t printed_at) const {
    struct Said {
      std::optional<PrintedTime> time;
      std::size_t at = 0;
    };
    Said published;
    Said modified;
    const auto take = [&](Said& said, std::string_view words, std::size_t at) {
      if (said.time || words.empty()) return;
      said.time = find_printed_time(words);
      said.at = at;
    };
    take(published, linked_.published, linked_.at);
    take(modified, linked_.modified, linked_.at);
    for (const char* name : {"article:published_time", "og:article:published_time", "datepublished", "pubdate",
                             "publishdate", "publish-date", "publish_date", "publication_date", "parsely-pub-date",
                             "sailthru.date", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.created", "date",
                             "ptime", "weibo:article:create_at", "article:create_at"})
      if (const auto* meta = document_.meta({name})) take(published, meta->content, meta->at);
    for (const char* name :
         {"article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified", "last-modified",
          "lastmod", "dcterms.modified", "dc.date.modified", "weibo:article:update_at"})
      if (const auto* meta = document_.meta({name})) take(modified, meta->content, meta->at);
    for (const HtmlTime& time : document_.times) {
      if (time.published) take(published, time.datetime, time.at);
      if (time.modified) take(modified, time.datetime, time.at);
    }
    // A time element counts where the article's head is: between its headline and its text.
    const std::size_t from = headline_ ? document_.blocks[*headline_].words.pieces.front().note.begin : 0;
    const std::size_t to = head_end_ < document_.blocks.size()
                               ? document_.blocks[head_end_].words.pieces.front().note.begin
                               : note_.text.size();
    for (const HtmlTime& time : document_.times)
      if (!time.modified && time.at >= from && time.at < to && !furniture_by_mark(time.container))
        take(published, time.datetime, time.at);
    if (!published.time && printed) published = {printed, printed_at};
    ANNALS_CHECK_OK(fill.published(article, published.time, published.at));
    ANNALS_CHECK_OK(fill.observed(article, modified.time, modified.at));
    return {};
  }

  const Note& note_;
  const OperatorHead& head_;
  HtmlDocument document_;
  Linked linked_;
  std::vector<std::size_t> weights_;  // of prose, in each container
  std::vector<bool> furniture_;       // of each container, itself or one around it
  std::size_t total_ = 0;
  std::uint32_t chosen_ = 0;  // the container of the text
  std::optional<std::size_t> headline_;
  std::size_t head_end_ = 0;  // the block at which the text begins
  std::vector<std::size_t> body_;
  std::string carrier_;
};

}  // namespace

int HtmlPage::recognises(std::string_view text) const {
  text = recognisable(text);
  std::size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  // Declaration and comments may stand above.
  for (;;) {
    at = text.find_first_not_of(" \t\r\n", at);
    if (at == std::string_view::npos || text[at] != '<') return 0;
    std::size_t end;
    if (text.substr(at).starts_with("<!--"))
      end = text.find("-->", at + 4);
    else if (text.substr(at).starts_with("<?"))
      end = text.find("?>", at);
    else
      break;
    if (end == std::string_view::npos) return 0;
    at = text.find('>', end) + 1;
  }
  std::string opening(text.substr(at, 64));
  for (char& c : opening)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  const auto opens = [&](std::string_view name) {
    return opening.starts_with("<" + std::string(name)) && opening.size() > name.size() + 1 &&
           (opening[name.size() + 1] == '>' || opening[name.size() + 1] == ' ' || opening[name.size() + 1] == '\n' ||
            opening[name.size() + 1] == '\r' || opening[name.size() + 1] == '\t');
  };
  if (opening.starts_with("<!doctype html") || opens("html")) return 97;
  for (const std::string_view name :
       {"head", "body", "article", "main", "div", "section", "p", "h1", "h2", "title", "meta", "table", "header"})
    if (opens(name)) return 92;
  return 0;
}

Result<std::vector<Article>> HtmlPage::read(const Note& note, const OperatorHead& head) const {
  auto read = read_html(note.text);
  if (const auto* fault = std::get_if<HtmlFault>(&read))
    return note_error(note, fault->at, fmt::format("expected HTML that can be read: {}", fault->what));
  return Page(note, head, std::get<HtmlDocument>(std::move(read))).run();
}

}  // namespace annals
