// Goal: every byte of running text is in exactly one statement, in every format; titles, headings and furniture are in
// none. Method: articles made of known sentences, in all three languages, are written in each format with its furniture
// and markup, in seeded random shapes; what the statements say must be those sentences and nothing else, in order.
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <random>

#include "adapters/notes/registry.h"
#include "engine/base/utf8.h"
#include "engine/note/text.h"
#include "engine/statement/statement.h"

using namespace annals;

namespace {

const NoteFormats kFormats = make_note_formats();

using Paragraph = std::vector<std::string>;  // of sentences
struct Piece {
  std::string title;
  std::vector<Paragraph> paragraphs;
  bool chinese = false;
};

const std::vector<std::vector<std::string>> kSentences = {
    {"码头周一恢复作业，首日处理货柜三千个。", "公司说：“票价不变。”", "下半年投资额约12.5亿元，同比增长8%！",
     "谁来接手夜班，目前尚无定论？", "新船坞“北岸二号”（可停四万吨货轮）明年六月交付。", "工会表示，补贴仍未谈妥……"},
    {"碼頭周一恢復作業，首日處理貨櫃三千個。", "公司說：「票價不變。」", "下半年投資額約12.5億元，年增8%！",
     "誰來接手夜班，目前尚無定論？", "新船塢『北岸二號』（可停四萬噸貨輪）明年六月交付。", "工會表示，補貼仍未談妥……"},
    {"The pier reopened on Monday, handling 3,000 boxes on its first day.",
     "\"Fares stay as they are,\" the company said.",
     "Spending will reach $1.25 billion in the second half, up 8% from a year earlier!",
     "Who takes over the night shift is still open, isn't it?",
     "The U.S. operator's second dock (for ships of 40,000 tons) opens next June.",
     "Unions said the R&D <budget> of Dr. Lee was cut to 5%."},
};
const std::vector<std::string> kTitles = {"北岸码头恢复作业首日平稳", "北岸碼頭恢復作業首日平穩",
                                          "North pier returns to work after repairs"};

class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed), language_(random_() % 3) {}
  std::size_t below(std::size_t limit) { return random_() % limit; }

  Piece piece() {
    Piece out;
    out.chinese = language_ != 2;
    out.title = kTitles[language_];
    const std::size_t paragraphs = 1 + below(4);
    for (std::size_t i = 0; i < paragraphs; ++i) {
      Paragraph paragraph;
      const std::size_t sentences = 1 + below(4);
      for (std::size_t k = 0; k < sentences; ++k)
        paragraph.push_back(kSentences[language_][below(kSentences[language_].size())]);
      out.paragraphs.push_back(paragraph);
    }
    return out;
  }
  std::size_t language() const { return language_; }

 private:
  std::mt19937 random_;
  std::size_t language_;
};

std::string joined(const Paragraph& paragraph, bool chinese) {
  std::string out;
  for (const std::string& sentence : paragraph) out += (out.empty() || chinese ? "" : " ") + sentence;
  return out;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}
std::string escaped(std::string text) {
  return replaced(replaced(replaced(std::move(text), "&", "&amp;"), "<", "&lt;"), ">", "&gt;");
}

// HTML of the paragraphs, some of its letters as references, some of its words in tags.
std::string html(Maker& maker, const Piece& piece) {
  std::string out;
  for (const Paragraph& paragraph : piece.paragraphs) {
    const std::string plain = joined(paragraph, piece.chinese);
    std::string words;
    for (std::size_t at = 0; at < plain.size();) {
      const CodePoint point = decode_utf8(plain, at);
      const std::string here = plain.substr(at, point.length);
      at += point.length;
      const std::size_t dice = maker.below(24);
      if (here == "<" || here == ">" || here == "&")
        words += escaped(here);
      else if (dice == 0)
        words += "&#" + std::to_string(static_cast<std::uint32_t>(point.value)) + ";";
      else if (dice == 1 && here != " ")
        words += "<b>" + here + "</b>";
      else if (dice == 2 && here != " ")
        words += "<a href=\"/x?a=1&amp;b=2\">" + here + "</a><!-- note -->";
      else if (dice == 3 && here == " ")
        words += "\n   ";
      else
        words += here;
    }
    static const std::vector<std::pair<std::string, std::string>> kTags = {{"<p>", "</p>\n"},
                                                                           {"<p>", "\n"},
                                                                           {"<div>", "</div>"},
                                                                           {"<ul><li>", "</li></ul>"},
                                                                           {"<blockquote><p>", "</p></blockquote>"}};
    const auto& [open, close] = kTags[maker.below(kTags.size())];
    out += open + words + close;
  }
  return out;
}

using Writer = std::function<std::string(Maker&, const std::vector<Piece>&)>;

std::string feed_of(const std::vector<Piece>& pieces, const std::function<std::string(const Piece&)>& body) {
  std::string out =
      "<?xml version=\"1.0\"?><rss version=\"2.0\" "
      "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>Harbor Wire</title>";
  for (const Piece& piece : pieces)
    out += "<item><title>" + escaped(piece.title) + "</title><pubDate>Tue, 09 Dec 2025 06:31:05 GMT</pubDate>" +
           body(piece) + "</item>\n";
  return out + "</channel></rss>";
}

// Of each format its writers, and whether a note of it holds several articles.
const std::vector<std::tuple<std::string, bool, Writer>> kWriters = {
    {"plain_text", false,
     [](Maker&, const std::vector<Piece>& pieces) {
       std::string out = pieces[0].title + "\nHarbor Wire 2025-12-09 06:31\n\n";
       for (const Paragraph& paragraph : pieces[0].paragraphs) out += joined(paragraph, pieces[0].chinese) + "\n\n";
       return out;
     }},
    {"front_matter", false,
     [](Maker& maker, const std::vector<Piece>& pieces) {
       std::string out =
           "---\ntitle: " + pieces[0].title + "\ndate: 2025-12-09\n---\n\n# " + pieces[0].title + "\n\n![a](b.png)\n\n";
       for (const Paragraph& paragraph : pieces[0].paragraphs)
         out += (maker.below(4) == 0 ? "- " : "") +
                replaced(joined(paragraph, pieces[0].chinese), "<budget>", "\\<budget\\>") + "\n\n";
       return out;
     }},
    {"daily_digest", true,
     [](Maker&, const std::vector<Piece>& pieces) {
       std::string out = "# Digest\n\n## Harbor Wire\n";
       for (std::size_t i = 0; i < pieces.size(); ++i) {
         out += "### " + std::to_string(i + 1) + ". " + pieces[i].title +
                "\n**Published:** 2025-12-09 06:31\n**Link:** https://wire.example/1\n**Content:** ";
         for (const Paragraph& paragraph : pieces[i].paragraphs) out += joined(paragraph, pieces[i].chinese) + "\n";
         out += "\n";
       }
       return out;
     }},
    {"digest_page", true,
     [](Maker& maker, const std::vector<Piece>& pieces) {
       std::string out = "Workflow\nicon\n";
       for (const Piece& piece : pieces) {
         out += piece.title + "\nHarbor Wire· 2025-12-09 06:31\n" + (piece.chinese ? "行业动态" : "Background");
         for (const Paragraph& paragraph : piece.paragraphs)
           out += " - " + joined(paragraph, piece.chinese) + " [" + std::to_string(1 + maker.below(30)) + "][2]";
         out += "\n";
       }
       return out;
     }},
    {"minutes", false,
     [](Maker& maker, const std::vector<Piece>& pieces) {
       std::string out = pieces[0].title + "\n2025-12-09 06:31\n\n";
       const bool chinese = pieces[0].chinese && maker.below(2) == 0;
       bool asks = true;
       for (const Paragraph& paragraph : pieces[0].paragraphs) {
         out += (asks ? (chinese ? "问：" : "Q:") : (chinese ? "答：" : "A: ")) + joined(paragraph, pieces[0].chinese) +
                "\n\n";
         asks = !asks;
       }
       return out + (asks ? "" : chinese ? "答：\n" : "A:\n");
     }},
    {"json_lines", true,
     [](Maker& maker, const std::vector<Piece>& pieces) {
       std::string out;
       for (const Piece& piece : pieces) {
         std::string text;
         for (const Paragraph& paragraph : piece.paragraphs)
           text += (text.empty() ? "" : "\n") + joined(paragraph, piece.chinese);
         text = replaced(replaced(replaced(text, "\"", "\\\""), "\n", "\\n"), "。",
                         maker.below(2) == 0 ? "\\u3002" : "。");
         out += "{\"title\": \"" + piece.title + "\", \"published\": \"2025-12-09\", \"text\": \"" + text + "\"}\n";
       }
       return out;
     }},
    {"feed", true,
     [](Maker& maker, const std::vector<Piece>& pieces) {
       return feed_of(pieces, [&](const Piece& piece) {
         return "<description>x</description><content:encoded><![CDATA[" + html(maker, piece) + "]]></content:encoded>";
       });
     }},
    {"feed", true,
     [](Maker& maker, const std::vector<Piece>& pieces) {
       return feed_of(pieces, [&](const Piece& piece) {
         return "<description>" + escaped(html(maker, piece)) + "</description>";
       });
     }},
    {"feed", true,
     [](Maker&, const std::vector<Piece>& pieces) {
       std::string out = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Harbor Wire</title>";
       for (const Piece& piece : pieces) {
         out += "<entry><title>" + escaped(piece.title) +
                "</title><updated>2025-12-09T06:31:05Z</updated><content type=\"xhtml\"><div>";
         for (const Paragraph& paragraph : piece.paragraphs)
           out += "<p>" + escaped(joined(paragraph, piece.chinese)) + "</p>";
         out += "</div></content></entry>";
       }
       return out + "</feed>";
     }},
    {"html_page", false,
     [](Maker& maker, const std::vector<Piece>& pieces) {
       return "<!DOCTYPE html><html><head><title>" + pieces[0].title +
              "</title><meta property=\"og:site_name\" content=\"Harbor Wire\"></head><body><nav><a "
              "href=\"/\">Home</a></nav><main><h1>" +
              pieces[0].title + "</h1><article>" + html(maker, pieces[0]) +
              "</article></main><footer>© Harbor Wire</footer></body></html>";
     }},
};

// Without blanks and without the quotation that only a language has in a pair.
std::string dense(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    if (!is_blank(point.value)) out += text.substr(at, point.length);
    at += point.length;
  }
  return out;
}

}  // namespace

TEST_CASE("every byte of running text is in exactly one statement in every format") {
  const unsigned first = 20251209;
  for (unsigned seed = first; seed < first + 60; ++seed) {
    for (const auto& [format, several, write] : kWriters) {
      Maker maker(seed);
      std::vector<Piece> pieces;
      const std::size_t count = several ? 1 + maker.below(3) : 1;
      for (std::size_t i = 0; i < count; ++i) pieces.push_back(maker.piece());
      const std::string text = write(maker, pieces);
      INFO("seed " << seed << ", " << format << ":\n" << text);
      const auto note = decode_note(text, "n");
      REQUIRE(note.ok());
      const auto read = read_note(kFormats, *note, {}, format);
      REQUIRE(read.ok());
      REQUIRE(read->articles.size() == pieces.size());
      for (std::size_t i = 0; i < pieces.size(); ++i) {
        std::string expected;
        for (const Paragraph& paragraph : pieces[i].paragraphs)
          for (const std::string& sentence : paragraph) expected += dense(sentence);
        std::string found;
        std::uint64_t last = 0;
        for (const Statement& statement : split_statements(note->text, read->articles[i])) {
          CHECK(statement.span.begin >= last);
          last = statement.span.end;
          CHECK(stands_there(note->text, statement.pieces, statement.span, statement.text));
          CHECK(are_whole(statement.pieces, statement.text.size(), statement.span));
          found += dense(statement.text);
        }
        CHECK(found == expected);
      }
    }
  }
}

TEST_CASE("the formats with writers here are recognised by them") {
  for (const auto& [format, several, write] : kWriters) {
    if (format == "minutes") continue;  // may have a single question
    Maker maker(7);
    const auto note = decode_note(write(maker, {maker.piece()}), "n");
    REQUIRE(note.ok());
    CHECK(recognise(kFormats, note->text)->name() == format);
  }
}
