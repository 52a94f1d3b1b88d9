@0xd2a1c4e6b0f39871;
# Events as the log stores them. Stored for ever: how these schemas may change is said at the head of claim.capnp.
#
# An event is two messages, header and body, each one canonical segment without framing (so its length is a multiple of 8).
#   - The header holds what may stay when a text is erased by order: the envelope, ids, spans, times, counts, enumerants, the
#     interpreter. No words of a note, and no names in it but the actor's.
#   - The body holds every word that comes from a note or from a person (texts, titles, headings, outlets, names, quotes, reasons),
#     hashes of such words, and the claims. An erasure overwrites it together with the event's salt; the hash that the leaf needs of
#     them stays, so that proofs survive.
# leaf = SHA-256(0x00 ‖ header ‖ SHA-256(salt ‖ body)).

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("annals::proto");
using Claims = import "claim.capnp";

struct Header {
  recordedAt @0 :Int64;
  position @1 :UInt64;
  # These two are the first words of the struct, where the log stamps them when it appends.
  id @2 :Data;           # 32 bytes; the content that makes it is told in engine/event/event.h
  actor @3 :Text;
  union {
    note @4 :Note;
    statement @5 :Statement;
    reinterpretation @6 :Reinterpretation;
    amendment @7 :Amendment;
    withdrawal @8 :Withdrawal;
    retraction @9 :Retraction;
    review @10 :Review;
    lexicon @11 :Lexicon;
    erasure @12 :Erasure;
  }

  struct Note {
    note @0 :Data;       # SHA-256 of the bytes as they came, here and below
    size @1 :UInt64;
    encoding @2 :Encoding;
    articles @3 :UInt32;
    statements @4 :UInt32;
    format @5 :Text;
  }

  struct Statement {
    note @0 :Data;
    article @1 :UInt32;  # ordinal, from 1
    begin @2 :UInt64;
    end @3 :UInt64;
    headingBegin @4 :UInt64;
    headingEnd @5 :UInt64;
    block @6 :Block;
    paragraph @7 :UInt32;
    rendition @8 :Rendition;
    language @9 :Language;
    published @10 :Published;  # null: undated
    observed :union { none @11 :Void; at @12 :Int64; }
    interpreter @13 :Interpreter;
    lexiconVersion @14 :Text;
    claimTypes @15 :UInt64;    # bit n: the body has a claim of type n. For scans that need not open bodies without any
  }

  struct Reinterpretation {
    about @0 :Data;      # a statement event's id
    interpreter @1 :Interpreter;
    lexiconVersion @2 :Text;
    claimTypes @3 :UInt64;
    after @4 :Data;      # null: none
  }

  struct Amendment {
    about @0 :Target;
    after @1 :Data;      # null: none; here and below
    published @2 :Published;   # null: stays as it was
  }

  struct Withdrawal {
    about @0 :Target;
    after @1 :Data;
    published @2 :Published;
  }

  struct Retraction {
    about @0 :Target;
    after @1 :Data;
  }

  struct Review {
    about @0 :Data;      # a statement event's id
    after @1 :Data;
    claim :union { all @2 :Void; ordinal @3 :UInt32; }
    interpreter @4 :Interpreter;
    verdict @5 :Verdict;
  }

  struct Lexicon {
    after @0 :Data;
    byHand @1 :Bool;     # an operator says so, not the lexicon of the program that appended it
  }

  struct Erasure {
    note @0 :Data;       # whose bytes go, whatever of it is erased
    level @1 :ErasureLevel;
    about @2 :Target;    # an article or statement of it; null: all of it
  }
}

struct Body {
  union {
    note @0 :Note;
    statement @1 :Statement;
    reinterpretation @2 :Reinterpretation;
    amendment @3 :Amendment;
    withdrawal @4 :Withdrawal;
    retraction @5 :Retraction;
    review @6 :Review;
    lexicon @7 :Lexicon;
    erasure @8 :Erasure;
  }
  # The same member as the header's.

  struct Note {
    origin @0 :Text;
  }

  struct Statement {
    article @0 :ArticleWords;
    text @1 :Text;
    heading @2 :Text;
    reading @3 :Claims.Reading;
    pieces @4 :List(Piece);
    # How the text is written in the note, where it is not simply the bytes of its span (engine/note/mapped.h); null: it is.
  }

  struct Reinterpretation {
    reading @0 :Claims.Reading;
  }

  struct Amendment {
    because @0 :Text;
    outlet @1 :Text;     # null: stays as it was
  }

  struct Withdrawal {
    because @0 :Text;
    outlet @1 :Text;     # null: not said
  }

  struct Retraction {
    because @0 :Text;
  }

  struct Review {
    because @0 :Text;
    amended @1 :Claims.Claim;  # null: nothing is amended
  }

  struct Lexicon {
    entity @0 :Entity;
  }

  struct Erasure {
    because @0 :Text;
    kept @1 :List(Kept);
  }
}

struct Piece {
  # A stretch of a text and the bytes of the note it stands for; the text's stretches follow each other.
  gap @0 :UInt32;        # bytes of the note between the piece before (for the first: the span's begin) and this one
  text @1 :UInt32;       # sizes in bytes; the same bytes where they are equal
  note @2 :UInt32;
}

struct ArticleWords {
  # The words of an article's head; its times and numbers are in the header.
  title @0 :Text;
  outlet @1 :Text;       # this one and the next three: null where not known
  author @2 :Text;
  carrier @3 :Text;
  link @4 :Text;
  textHash @5 :Data;     # of the folded running text; null: none. A hash of words can confirm a guess, so it goes with them
}

struct Kept {
  # What an erasure of texts leaves of one event: its claims, without the words they were read from, and who printed them.
  event @0 :Data;
  article @1 :ArticleWords;
  claims @2 :List(Claims.Claim);
  subjects @3 :List(Data);
  # What the event bore on, as digests (engine/event/event.h), so that an answer can say that it rested on it; also where the claims
  # are not kept. They confirm a guess, and that is what they are for.
  because @4 :Text;      # of a review or an erasure that goes as well: its reason, an operator's word
}

struct Entity {
  id @0 :Text;
  kind @1 :Claims.EntityKind;
  name @2 :Text;
  aliases @3 :List(Text);
  family @4 :Text;       # this one and the next two: null where there is none
  vendor @5 :Text;
  country @6 :Text;
  inheritsRules @7 :Bool = true;
  tags @8 :List(Text);
  tickers @9 :List(Text);
}

struct Target {
  union {
    event @0 :Data;
    article :group { note @1 :Data; ordinal @2 :UInt32; }
    note @3 :Data;
  }
}

struct Interpreter {
  name @0 :Text;
  version @1 :UInt32;
}

struct Published {
  wall @0 :Text;         # as printed, ISO 8601
  precision @1 :Precision;
  zone @2 :Text;
  zoneSource @3 :ZoneSource;
  earliest @4 :Int64;
  knownFrom @5 :Int64;
}

enum Encoding { utf8 @0; utf16Le @1; utf16Be @2; gb18030 @3; jsonEscapes @4; big5 @5; windows1252 @6; }
enum Block { heading @0; paragraph @1; bullet @2; question @3; answer @4; }
enum Rendition { verbatim @0; summary @1; minutes @2; translation @3; }
enum Language { unknown @0; zhHans @1; zhHant @2; en @3; }
enum Precision { second @0; minute @1; hour @2; day @3; month @4; year @5; range @6; }
enum ZoneSource { printed @0; operator @1; assumed @2; }
enum Verdict { accept @0; reject @1; amend @2; }
enum ErasureLevel { text @0; all @1; }
