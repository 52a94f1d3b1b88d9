@0xb7d6f0a1c93e5284;
# What is read out of a statement. Stored for ever inside events (event.capnp), and sent as it is stored.
#
# How these schemas may change (both files):
#   - Members, enumerants and union members may be added at the end, with the next free number. None is ever removed, renumbered,
#     retyped or given another meaning; one that is no longer written keeps its place and a comment that says so.
#   - A new member's default must mean what its absence meant before. Bytes are canonical (trailing zero words are cut), so an event
#     that does not use a new member is encoded to the same bytes as before it existed.
#   - Inside a Reading a program may meet what is newer than itself: a claim with a type, an enumerant or a slot it does not know
#     is left out of what it shows, with its ordinal kept free, and so is a mention; the bytes stay in the store as they are. A new
#     kind of claim therefore needs no new store format.
#   - Everywhere else an unknown enumerant or kind of event would change what answers mean (a retraction not understood is not
#     nothing), so adding one there raises the store's format number, and older programs refuse the store.
#   - Texts are UTF-8. A text that may be absent is a null pointer where it is absent; one that may not be absent is null where empty.
#   - Wall times are seconds since 1970-01-01T00:00:00 of the same wall clock; instants are microseconds since then in UTC.
#   - Intervals are half open. Spans are bytes of the note's text as UTF-8.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("annals::proto");

enum ClaimType {
  exportControl @0;
  importControl @1;
  revenueShare @2;
  ipoMilestone @3;
  financing @4;
  metric @5;
  productMilestone @6;
  scheduledEvent @7;
}

enum Modality { asserted @0; reported @1; denied @2; forecast @3; planned @4; conditional @5; }
enum Attribution { own @0; named @1; anonymous @2; hearsay @3; }
enum Aspect { begins @0; holds @1; held @2; target @3; }
enum Grain {
  second @0; minute @1; hour @2; day @3; week @4; month @5; quarter @6; half @7; year @8; decade @9; century @10;
}
enum Comparator { equal @0; less @1; lessEqual @2; greater @3; greaterEqual @4; approximate @5; range @6; }

struct Claim {
  # One typed thing one source says, tied to the bytes that say it.
  type @0 :ClaimType;
  modality @1 :Modality;
  attribution @2 :Attribution;
  aspect @3 :Aspect;
  begin @4 :UInt64;
  end @5 :UInt64;
  # Where in the note. Never empty: a claim without a source is not a claim.
  quote @6 :Text;        # those bytes
  speakers @7 :List(Text);
  when @8 :When;         # null: not said
  saidAt @9 :When;       # null: not said
  rule @10 :Text;
  slots @11 :List(Slot);
}

struct Slot {
  # Generic, so that a new kind of claim is a new table in engine/claim/kinds.cc and not a new schema.
  name @0 :Text;
  value :union {
    entity @1 :EntityRef;
    entities @2 :List(EntityRef);
    amount @3 :Amount;
    text @4 :Text;
  }
}

struct EntityRef {
  id @0 :Text;
  text @1 :Text;
  unknown @2 :Bool;      # the id is not the lexicon's but the folded name
}

struct Amount {
  value @0 :Float64;     # never infinite, never not-a-number; here and below
  high :union { none @1 :Void; some @2 :Float64; }
  comparator @3 :Comparator;
  unit @4 :Text;
}

struct When {
  iso @0 :Text;
  from :union { open @1 :Void; at @2 :Int64; }
  to :union { open @3 :Void; at @4 :Int64; }
  grain @5 :Grain;
}

struct Reading {
  # What one interpreter takes out of one statement.
  speakers @0 :List(Text);
  modality @1 :Modality;
  attribution @2 :Attribution;
  times @3 :List(TimeMention);
  quantities @4 :List(Quantity);
  entities @5 :List(EntityMention);
  claims @6 :List(Claim);
  # A claim's ordinal is its index here, from 0; reviews name it.
}

enum TimeMod { none @0; since @1; until @2; before @3; after @4; approximate @5; }

struct TimeMention {
  text @0 :Text;
  begin @1 :UInt64;
  end @2 :UInt64;
  from :union { open @3 :Void; at @4 :Int64; }
  to :union { open @5 :Void; at @6 :Int64; }
  grain @7 :Grain;
  mod @8 :TimeMod;
  fiscal @9 :Bool;
  relative @10 :Bool;
  iso @11 :Text;
}

enum QuantityKind { number @0; ordinal @1; percent @2; money @3; multiple @4; measure @5; duration @6; }
enum Basis { level @0; yearOnYear @1; quarterOnQuarter @2; monthOnMonth @3; }

struct Quantity {
  text @0 :Text;
  begin @1 :UInt64;
  end @2 :UInt64;
  kind @3 :QuantityKind;
  value @4 :Float64;
  high :union { none @5 :Void; some @6 :Float64; }
  comparator @7 :Comparator;
  basis @8 :Basis;
  unit @9 :Text;
  currency @10 :Text;
}

enum EntityKind {
  company @0; product @1; family @2; productClass @3; exchange @4; agency @5; person @6; country @7; region @8; currency @9;
  outlet @10; organization @11; index @12; other @13;
}

struct EntityMention {
  id @0 :Text;           # null: a name the lexicon lacks
  text @1 :Text;
  begin @2 :UInt64;
  end @3 :UInt64;
  kind @4 :EntityKind;
}
