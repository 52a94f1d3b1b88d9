// Goal: feeds and pages give readable statements that lead back to their bytes, whatever stands in between; bad ones
// give one line with a place, and hostile ones cost no more than their size.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "adapters/notes/html.h"
#include "adapters/notes/registry.h"
#include "engine/statement/statement.h"
#include "tests/support/note_listing.h"

using namespace annals;
namespace fs = std::filesystem;

namespace {

const NoteFormats kFormats = make_note_formats();

Note decoded(std::string text) {
  auto note = decode_note(std::move(text), "n.html");
  REQUIRE(note.ok());
  return *std::move(note);
}

// The statements of the first article, one a line.
std::string said(const std::string& text, std::string_view format = {}) {
  const Note note = decoded(text);
  const auto read = read_note(kFormats, note, {}, format);
  if (!read) return read.error().message;
  std::string out;
  for (const Statement& statement : split_statements(note.text, read->articles.front())) {
    CHECK(stands_there(note.text, statement.pieces, statement.span, statement.text));
    CHECK(are_whole(statement.pieces, statement.text.size(), statement.span));
    out += statement.text + "\n";
  }
  return out;
}

std::string rss(std::string_view item) {
  return "<rss version=\"2.0\"><channel><title>Harbor Wire</title><item>" + std::string(item) +
         "</item></channel></rss>";
}

std::string published(const std::string& text) {
  const Note note = decoded(text);
  const auto read = read_note(kFormats, note, {});
  if (!read) return read.error().message;
  const ArticleHead& head = read->articles.front().head;
  return head.published ? format_published(*head.published) : "undated";
}

}  // namespace

TEST_CASE("tags and references inside a sentence are not in its text but in its span") {
  const std::string page =
      "<html><body><p>The <b>H&#50;0</b> rule &amp; its <a href=\"x?a=1&amp;b=2\">scope</a> changed.</p></body></html>";
  const Note note = decoded(page);
  const auto read = read_note(kFormats, note, {});
  REQUIRE(read.ok());
  const auto statements = split_statements(note.text, read->articles.front());
  REQUIRE(statements.size() == 1);
  const Statement& statement = statements.front();
  CHECK(statement.text == "The H20 rule & its scope changed.");
  CHECK(statement.span.of(note.text) == page.substr(15, page.find("</p>") - 15));
  const auto place = [&](std::string_view words) {
    const std::size_t at = statement.text.find(words);
    return std::string(statement.on_note({at, at + words.size()}).of(note.text));
  };
  CHECK(place("H20") == "H&#50;0");
  CHECK(place("&") == "&amp;");
  CHECK(place("scope") == "scope");
  CHECK(place("rule & its") == "rule &amp; its");
}

// Gumbo leaves names that it does not know as they are; one that looks like a known one was taken for a character as long as itself.
TEST_CASE("an unknown character reference stays as it is written") {
  CHECK(said("<html><body><p>Tariffs &aMp; taxes rose to 15%.</p></body></html>") == "Tariffs &aMp; taxes rose to 15%.\n");
  CHECK(said("<html><body><p>Tariffs &AMP taxes rose to 15%.</p></body></html>") == "Tariffs & taxes rose to 15%.\n");
}

TEST_CASE("a text in a feed is the same however it is wrapped") {
  const std::string expected = "Tariffs rose to 15% & \"more\".\nNobody said why.\n";
  CHECK(said(rss("<description>&lt;p&gt;Tariffs rose to &lt;b&gt;15%&lt;/b&gt; &amp;amp; "
                 "&amp;quot;more&amp;quot;.&lt;/p&gt;&lt;p&gt;Nobody said why.&lt;/p&gt;</description>")) == expected);
  CHECK(said(rss("<description><![CDATA[<p>Tariffs rose to <b>15%</b> &amp; &quot;more&quot;.</p><p>Nobody said "
                 "why.</p>]]></description>")) == expected);
  CHECK(
      said(rss(
          "<description>Tariffs rose to &#49;5% &amp;amp; \"more\".<![CDATA[<br>]]>Nobody said why.</description>")) ==
      expected);
  CHECK(said("<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><content type=\"xhtml\"><div><p>Tariffs rose to 15% "
             "&amp; \"more\".</p><p>Nobody said why.</p></div></content></entry></feed>") == expected);
  CHECK(said("<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><summary>Tariffs rose to 15% &amp; \"more\".\nNobody "
             "said why.</summary></entry></feed>") == expected);
  CHECK(said("<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\"><a:entry><a:summary>Tariffs rose to 15% &amp; "
             "\"more\".\nNobody said why.</a:summary></a:entry></a:feed>") == expected);
}

TEST_CASE("dates of feeds keep zone and precision") {
  const auto dated = [](std::string_view date) {
    return published(rss("<pubDate>" + std::string(date) + "</pubDate><description>Text.</description>"));
  };
  CHECK(dated("Tue, 09 Dec 2025 06:31:05 GMT") == "2025-12-09T06:31:05+00:00");
  CHECK(dated("Tue, 09 Dec 2025 06:31 +0800") == "2025-12-09T06:31:00+08:00");
  CHECK(dated("09 Dec 2025 06:31:05 EST") == "2025-12-09T06:31:05-05:00");
  CHECK(dated("2025-12-09T06:31:05.123Z") == "2025-12-09T06:31:05+00:00");
  CHECK(dated("2025-12-09") == "2025-12-09");
  CHECK(dated("Tue, 31 Nov 2025 06:31:05 GMT") == "n.html:1:62: 2025-11-31: there is no such day");
  CHECK(dated("soon") == "n.html:1:62: expected a date such as 2025-12-09T06:31:00Z in <pubDate>, found 'soon'");
}

TEST_CASE("an entry without a publication time is known when it was updated") {
  const Note note = decoded(
      "<feed "
      "xmlns=\"http://www.w3.org/2005/Atom\"><title>港聞</title><updated>2025-12-10T00:00:00Z</"
      "updated><entry><updated>2025-12-09T06:31:00Z</updated><summary>渡輪停航。</summary></entry></feed>");
  const auto read = read_note(kFormats, note, {});
  REQUIRE(read.ok());
  CHECK(format_published(*read->articles[0].head.published) == "2025-12-09T06:31:00+00:00");
  CHECK(format_utc(*read->articles[0].head.observed) == "2025-12-09T06:31:01Z");
}

TEST_CASE("a broken feed is located") {
  CHECK(said("<rss version=\"2.0\">\n<channel><item><title>a</item></channel></rss>")
            .find("n.html:2:26: expected a feed of well-formed XML: ") == 0);
  CHECK(said("<rss version=\"2.0\"><channel><title>a</title></channel></rss>") ==
        "n.html:1:1: expected a feed with an item that has a text or a title, found none");
  CHECK(said("<opml/>", "feed") == "n.html:1:1: expected <rss>, <rdf:RDF> or <feed>, found another document");
}

// Entities of a document's own are never replaced, so that nothing can grow or be fetched.
TEST_CASE("entities of a document are left alone") {
  const std::string text =
      said("<!DOCTYPE rss [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]>" +
           rss("<description>It said &b; and &c; today.</description>"));
  CHECK(text == "It said &b; and &c; today.\n");
}

TEST_CASE("what a page nests beyond use is refused and the rest read") {
  std::string deep = "<html><body>";
  for (int i = 0; i < 2000; ++i) deep += "<div>";
  CHECK(
      said(deep + "text").find("n.html:1:5013: expected HTML that can be read: elements nested more than 1,000 deep") ==
      0);
  std::string open = "<html><body>";
  for (int i = 0; i < 600; ++i) open += "<b id=" + std::to_string(i) + ">";
  for (int i = 0; i < 10'000; ++i) open += "<p>x";
  CHECK(said(open).find("expected HTML that can be read: formatting left open too often") != std::string::npos);
  std::string wide = "<html><body><p";
  for (int i = 0; i < 2000; ++i) wide += " a" + std::to_string(i);
  CHECK(said(wide + ">text").find("a tag with more than 1,000 attributes") != std::string::npos);
  std::string long_page = "<html><body>";
  for (int i = 0; i < 3000; ++i)
    long_page += "<p>The tide turned again that day, and nobody at the pier was surprised.";
  CHECK(said(long_page).size() > 3000 * 60);
}

TEST_CASE("broken pages are read as browsers read them") {
  CHECK(said("<html><body><p>The pier <b>reopened</i> today.<p>Nobody came</body>") ==
        "The pier reopened today.\nNobody came\n");
  CHECK(said("<p>5 < 6 and 7 &gt 6, AT&T said; R&amp;D &bogus; stays.") ==
        "5 < 6 and 7 > 6, AT&T said; R&D &bogus; stays.\n");
  CHECK(said("<div>The first row.<table><tr><td>The cell came second.</td></tr>The text came third.</table></div>") ==
        "The first row.\nThe cell came second.\nThe text came third.\n");
  CHECK(said("<html><body><script>x</script></body></html>") == "n.html:1:1: expected a page with a text, found none");
  CHECK(said("<html><body><p>It ended <!-- here").find("It ended") == 0);
}

// Found by fuzzing: a reference that is as long as what it stands for passed for the same bytes.
TEST_CASE("references of any length lead back to their bytes") {
  CHECK(said("<p>It cost &#0 and &#x0; more; find&fjlig;ord, 1 &bne; 2, 3 &nvlt; 4.</p>") ==
        "It cost &#0 and \uFFFD more; findfjord, 1 =\u20E5 2, 3 <\u20D2 4.\n");
}

TEST_CASE("a wrapped line joins ideographs and parts words") {
  CHECK(said("<p>渡輪今天\n停航，明天\n  恢復。</p>") == "渡輪今天停航，明天恢復。\n");
  CHECK(said("<p>The ferry\r\n  stopped.</p>") == "The ferry stopped.\n");
}

TEST_CASE("the head of a page is what its data say") {
  const auto head = [](const std::string& data, const std::string& lines = {}) {
    const Note note =
        decoded("<html><head>" + data + "</head><body><h1>Pier reopens</h1>" + lines +
                "<p>The pier reopened on Tuesday, the port authority said in a statement.</p></body></html>");
    const auto read = read_note(kFormats, note, {});
    REQUIRE(read.ok());
    const ArticleHead& each = read->articles.front().head;
    return each.outlet.value_or("-") + "|" + each.author.value_or("-") + "|" + each.carrier.value_or("-") + "|" +
           (each.published ? format_published(*each.published) : "-");
  };
  CHECK(head("") == "-|-|-|-");
  CHECK(head("<meta property=og:site_name content='Harbor Wire'><meta name=author content='Ann O&#39;Dell'><meta "
             "property=article:published_time content=2025-12-09T06:31:00Z>") ==
        "Harbor Wire|Ann O'Dell|-|2025-12-09T06:31:00+00:00");
  CHECK(head("<script "
             "type=application/"
             "ld+json>[{\"@type\":[\"NewsArticle\"],\"datePublished\":\"2025-12-09\",\"author\":\"Ann\",\"publisher\":{"
             "\"name\":\"Harbor Wire\"}}]</script>") == "Harbor Wire|Ann|-|2025-12-09");
  CHECK(head("<script type=application/ld+json>{broken</script>",
             "<p>By Ann O'Dell</p><time datetime=\"2025-12-09T06:31-05:00\">Tuesday</time>") ==
        "-|Ann O'Dell|-|2025-12-09T06:31:00-05:00");
  CHECK(head("<link rel=canonical href=https://www.wire.example/a>",
             "<div>2025-12-09 06:31　来源：城市晚报　作者：何潮</div>") == "城市晚报|何潮|-|2025-12-09T06:31:00+00:00");
  CHECK(head("<meta property=og:site_name content=晨港网>",
             "<div><span>2025年12月9日 06:31</span><span>来源：城市晚报</span></div>") ==
        "城市晚报|-|晨港网|2025-12-09T06:31:00+00:00");
}
