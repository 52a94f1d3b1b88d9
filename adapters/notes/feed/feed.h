#pragma once
// Feeds: RSS 0.9x and 2.0, RSS 1.0 (RDF), Atom 1.0. Each item or entry is an article.
//
//   title      title, read as HTML where the feed's kind has it so (RSS; Atom by its type)
//   outlet     the item's <source> (Atom: its source's title), else dc:publisher, else the feed's own title; where an item
//              names a source, the feed only carries it and is the carrier
//   author     author, dc:creator, Atom's author/name; "mail (Name)" is Name
//   link       link (Atom: rel=alternate), else a guid that is a permanent link
//   published  pubDate, dc:date, Atom's published, else updated: in RFC 822 or RFC 3339, with its zone and precision
//   observed   the entry's own updated, else when the feed says that it was made (updated, lastBuildDate, the channel's
//              dc:date): by then these words were there
//   text       content:encoded, Atom's content, else description or summary, else the title: HTML, escaped, in CDATA or as
//              XHTML, into blocks. An item without any of these has no article.
// Malformed XML is an error with its place, as are items without end; nothing outside the note is read, no entity but
// character references is replaced (so that none can grow). A time that cannot be is a warning (an error where the item is the
// only one).

#include "engine/note/note.h"

namespace annals {

class Feed final : public NoteFormat {
 public:
  std::string_view name() const override { return "feed"; }
  std::string_view description() const override { return "RSS (0.9x, 1.0, 2.0) and Atom: one article an item"; }
  int recognises(std::string_view text) const override;
  Result<std::vector<Article>> read(const Note& note, const OperatorHead& head) const override;
};

}  // namespace annals
