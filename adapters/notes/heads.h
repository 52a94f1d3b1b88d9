#pragma once
// What the formats share: times as notes print them, the rules by which a head is filled, furniture that every format
// meets.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/note/note.h"
#include "engine/note/text.h"

namespace annals {

// A time as printed. `wall` is an ISO prefix; its day need not exist (make_published says so). `zone` is the printed
// zone's name or offset, empty where none is printed; `unknown_zone` a printed one that nobody knows.
struct PrintedTime {
  std::string wall;
  std::string zone;
  std::string unknown_zone;
  ByteSpan span;  // in the text searched
};
// The first time in `text`, a line or a value. Shapes: ISO 8601 (also with blanks, / or . between), RFC 822,
// 2025年12月9日 06:31, December 9, 2025 [at] 6:31 p.m. ET, 9 December 2025. A year is always needed.
std::optional<PrintedTime> find_printed_time(std::string_view text);

// Fills heads by one set of rules: what the note prints, else what the operator says, else nothing; never a guess.
class HeadFiller {
 public:
  // `alone`: the article is the note's only one, so that a spoilt time is an error instead of a warning.
  HeadFiller(const Note& note, const OperatorHead& head, bool alone) : note_(note), operator_(head), alone_(alone) {}

  // Sets published. `printed` is what the note has (none: the operator's), `at` its place in the note.
  Status published(Article& article, const std::optional<PrintedTime>& printed, std::size_t at) const;
  // Sets observed to the end of the printed time, so that nothing counts as seen too early; without one, to the
  // operator's.
  Status observed(Article& article, const std::optional<PrintedTime>& printed, std::size_t at) const;
  // Sets outlet, else the operator's, else `fallback` (the site a link names).
  void outlet(Article& article, std::string_view printed, std::string_view fallback = {}) const;
  // Sets language from the article's blocks and title, unless it is set. `said` (a tag such as zh-TW, from the note) decides
  // where the words do not: none of them, or none that tells the script.
  void language(Article& article, std::string_view said = {}) const;

 private:
  Result<std::optional<Published>> make(const std::optional<PrintedTime>& printed, std::size_t at,
                                        Article& article) const;

  const Note& note_;
  const OperatorHead& operator_;
  bool alone_;
};

// kInvalid with the note's origin, line and column before `what`.
Error note_error(const Note& note, std::size_t at, std::string_view what);

// ---- lines of heads ----

// What a line below the title says about the article.
struct HeadLine {
  std::string_view outlet;
  std::string_view author;
  std::string_view link;
  std::optional<PrintedTime> time;
};

// A line of the head: labels (来源：, 作者：, By …) or a time with at most a name beside it. Nothing where it is prose.
std::optional<HeadLine> read_head_line(std::string_view words);
// The host of an address, without "www.": example.com. Empty where there is none.
std::string site_of(std::string_view address);

// ---- furniture ----

// A paragraph that begins the small print: 免责声明, 風險及免責提示, Disclaimer …; it and all that follows is
// furniture.
bool begins_disclaimer(std::string_view line);
// A line that only says who edited, photographed or carried it: 编辑｜…, 图源：…, （图片来源：…）.
bool is_credit(std::string_view line);
// A line of a page's frame: the script switch, breadcrumbs, buttons, counters.
bool is_menu(std::string_view line);
// The one who speaks in a disclaimer such as "本文不代表某某的任何立场": the carrier of the page. Empty where it names
// nobody.
std::string carrier_of(std::string_view disclaimer);
// Where an advertisement begins in a line (accounts, commissions, contact requests), else npos.
std::size_t find_advertisement(std::string_view line);

// ---- shapes ----

// "(來源:某某)", "来源：某某", "Source: …" as a whole line: the name, empty where the line is something else.
ByteSpan source_of(std::string_view text, ByteSpan line);
// The same words, blanks and width aside: how a repeated title is known.
bool same_words(std::string_view a, std::string_view b);
// Whether a line ends as a sentence does (closing marks and citation marks behind it aside).
bool ends_as_sentence(std::string_view line);
// Bytes of a list marker at the start of a line: "- ", "* ", "• ", "1. ", "（一）", …; 0 where there is none.
std::size_t bullet_marker(std::string_view line);
// At most so much of a text is looked at to recognise its format.
inline constexpr std::size_t kRecogniseBytes = 256 * 1024;
std::string_view recognisable(std::string_view text);

}  // namespace annals
