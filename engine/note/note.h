#pragma once
// A note is what reached us: bytes, never changed, named by their SHA-256. An article is a piece of it with a head of
// its own.
//
// Offsets everywhere are bytes of the note's *text*: the note itself where it is UTF-8 (a byte order mark included),
// else its conversion to UTF-8 (without the mark), which is the same for ever because `encoding` is kept with the note.
//
// Bad input: what makes a note unreadable is kInvalid, and the message says where, beginning with the note's origin
// ("notes/a.md:3:7: expected …", line and column of the text from 1): callers print it as it is. What spoils one head
// of many (a printed day that does not exist, a zone nobody knows) leaves that article undated and adds to its
// `warnings`.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/time.h"
#include "engine/note/mapped.h"

namespace annals {

enum class Encoding : std::uint8_t {
  kUtf8,
  kUtf16Le,
  kUtf16Be,
  kGb18030,
  kJsonEscapes,  // ASCII JSON whose other characters are written \uXXXX: those escapes are replaced, all else stays
  kBig5,         // with the Hong Kong supplement
  kWindows1252,  // only where a page declares it (or ISO 8859-1, which pages mean it by)
};
// "utf-8", "utf-16le", "utf-16be", "gb18030", "json-escapes", "big5", "windows-1252"
std::string_view encoding_name(Encoding encoding);

struct Note {
  Digest hash;         // SHA-256 of the bytes as they came
  std::string origin;  // where it came from, for people: a path, "-", a URL
  Encoding encoding = Encoding::kUtf8;
  std::string text;        // UTF-8
  std::uint64_t size = 0;  // of the bytes as they came
};

// Recognises the encoding and converts to UTF-8. Byte order marks are believed. Without one: valid UTF-8 is UTF-8,
// whatever it says of itself; other bytes are what the page declares (<meta charset>, <?xml encoding>); undeclared
// ones are UTF-16, GB18030 or Big5 only where they decode without a fault into common characters of Chinese or
// English; a text that is mostly UTF-8 with a few bad bytes is broken UTF-8 and never taken for another encoding.
// Linear; memory is the text and its conversion. kInvalid: empty or white space only; binary (NUL bytes that are not
// UTF-16, control characters); bytes that do not decode, with their place, and for UTF-8 the line and column; a
// declared encoding that none of the above is.
Result<Note> decode_note(std::string bytes, std::string origin);
// Whether decode_note takes these bytes as they are: then the text is the bytes, and no copy of them is needed.
bool is_plain_utf8(std::string_view bytes);

enum class Precision : std::uint8_t { kSecond, kMinute, kHour, kDay, kMonth, kYear, kRange };
std::string_view precision_name(Precision precision);
enum class ZoneSource : std::uint8_t { kPrinted, kOperator, kAssumed };
std::string_view zone_source_name(ZoneSource source);  // "printed", "operator", "assumed"

// When the outlet published, as uncertain as it is: the range of instants that the printed time can mean.
struct Published {
  std::string wall;  // as printed, an ISO prefix: 2025-12-09T06:31, 2025-12-09, 2025-12; for a range "from/to"
  Precision precision = Precision::kMinute;
  std::string zone;  // that was used: a name or an offset
  ZoneSource zone_source = ZoneSource::kAssumed;
  Instant earliest{};
  // The end (exclusive) of the last instant it can mean, so that nothing is known too early: a day means its end, and
  // an assumed zone counts as the later of it and UTC. This is what as-of compares.
  Instant known_from{};
  friend bool operator==(const Published&, const Published&) = default;
};
// `wall` is an ISO time (see parse_civil) or "from/to" (both ends included: 2025-11-01/2025-11-30 ends with that
// month); `zone` is what was printed, given or assumed. An assumed zone widens the range to hold the wall time in UTC
// too. kInvalid: not a time, a day that does not exist, a range that ends before it begins.
Result<Published> make_published(std::string_view wall, const Zone& zone, ZoneSource source);
// The wall time with the offset that was used, for people and JSON: 2025-12-09T06:31:00+00:00 (a date alone stays a
// date).
std::string format_published(const Published& published);

enum class Rendition : std::uint8_t { kVerbatim, kSummary, kMinutes, kTranslation };
std::string_view rendition_name(Rendition rendition);
enum class Language : std::uint8_t { kUnknown, kZhHans, kZhHant, kEn };
std::string_view language_name(Language language);  // "und", "zh-Hans", "zh-Hant", "en"

struct ArticleHead {
  std::uint32_t ordinal = 1;  // from 1, in the order of the note
  std::string title;
  std::optional<std::string> outlet;  // who published it, as printed
  std::optional<std::string> author;
  std::optional<std::string> carrier;  // who carried it to us, where that is another
  std::optional<std::string> link;
  Rendition rendition = Rendition::kVerbatim;
  Language language = Language::kUnknown;
  std::optional<Published> published;  // absent: undated
  std::optional<Instant> observed;     // someone is known to have had these very bytes by then
  // SHA-256 of the running text, folded and without white space: equal for exact copies. Set by the statement
  // splitter's caller.
  Digest text_hash;
  friend bool operator==(const ArticleHead&, const ArticleHead&) = default;
};

// A stretch of an article that the note sets apart. Furniture (menus, image tags, disclaimers, advertisements) is in no
// block.
enum class BlockKind : std::uint8_t {
  kHeading,    // names what follows; never a statement
  kParagraph,  // running prose: statements are its sentences
  kBullet,     // an item of a list: one statement, whole
  kQuestion,   // a question asked in minutes or an interview: sentences, which assert nothing
  kAnswer,     // its answer: sentences
};
struct Block {
  BlockKind kind = BlockKind::kParagraph;
  ByteSpan span;  // of the note's text, without marker ("- ", "A:"), citation marks at its ends, and outer white space
  std::uint8_t level = 0;  // of a heading or a nested bullet, from 0
  MappedText mapped{};     // what a person reads, where it is not simply the bytes of `span`; else empty
  std::string_view words(std::string_view note_text) const {
    return mapped.empty() ? span.of(note_text) : std::string_view(mapped.text);
  }
  friend bool operator==(const Block&, const Block&) = default;
};

struct Article {
  ArticleHead head;
  ByteSpan span;              // of the whole article, its head included
  ByteSpan title_span;        // empty where the note prints no title
  std::vector<Block> blocks;  // in the order of the note, not overlapping
  std::vector<std::string>
      warnings;  // for people: what was printed in the head and could not be used, with its line:column
};

// What the operator says about notes that do not say it themselves.
struct OperatorHead {
  std::optional<std::string> outlet;
  std::optional<std::string> published;  // ISO time or "from/to"
  std::optional<Instant> observed;
  std::optional<Zone> zone;       // of times printed without one
  Zone store_zone = Zone::utc();  // assumed where neither the note nor the operator names one
};

// One form that notes come in. Adding one: a folder adapters/notes/<format>/, a row in adapters/notes/registry.cc, a
// folder tests/golden/notes/<format>/. Formats have no state: calls from many threads are fine.
class NoteFormat {
 public:
  virtual ~NoteFormat() = default;
  virtual std::string_view name() const = 0;         // as --format takes it
  virtual std::string_view description() const = 0;  // one line for --help
  // How sure the format is that this text is its own: 0 not at all … 100 certainly.
  virtual int recognises(std::string_view text) const = 0;
  // kInvalid: where (beginning with the note's origin), what was expected, what was found. The articles' text_hash is
  // not set.
  virtual Result<std::vector<Article>> read(const Note& note, const OperatorHead& head) const = 0;
};

// 1-based line and column (in code points) of a byte of the text: "3:7".
std::string line_and_column(std::string_view text, std::size_t at);

}  // namespace annals
