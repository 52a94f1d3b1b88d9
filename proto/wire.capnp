@0xe3b7c1d28fa46095;
# What travels between a server and its clients over TCP. engine/stream/PROTOCOL.md tells the conversation; this file says what each
# message holds.
#
# A connection carries messages in Cap'n Proto's standard stream framing, ClientMessage one way and ServerMessage the other. Unlike
# events, messages are not kept, but old programs speak to new ones: the rules at the head of claim.capnp hold here too (members are
# added at the end, never renumbered, and a default means what absence meant). Who meets a message it does not know answers with an
# error of code `unsupported` (the server) or passes it over (the client).
#
# Times are microseconds since 1970-01-01 UTC. Positions are places in the log: dense, from 1; 0 reads as "before the first".

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("annals::proto");

struct ClientMessage {
  union {
    hello @0 :ClientHello;
    # First, once.
    append @1 :Append;
    subscribe @2 :Subscribe;
    credit @3 :Credit;
    ack @4 :Ack;
    unsubscribe @5 :UInt32;
    # A subscription's number. Batches under way may still arrive; `ended` is the last of it.
    ask @6 :Ask;
    note @7 :NotePart;
    heartbeat @8 :UInt64;
    # Any number; comes back as it is.
    goodbye @9 :Void;
    # Nothing more will be asked. The server answers what is under way, says goodbye, and closes.
    watch @10 :Watch;
    settle @11 :Settle;
    # Version 2.
  }
}

struct ServerMessage {
  union {
    hello @0 :ServerHello;
    appended @1 :Appended;
    subscribed @2 :Subscribed;
    batch @3 :Batch;
    ended @4 :Ended;
    acked @5 :Acked;
    answer @6 :Answer;
    heartbeat @7 :UInt64;
    error @8 :Error;
    goodbye @9 :Text;
    # The server closes the connection; the text says why. Come back later and go on from the last position.
    changes @10 :Changes;
  }
}

struct ClientHello {
  version @0 :UInt16;      # of the protocol, the highest it speaks: 2
  program @1 :Text;        # who calls, for the server's log: "annals/0.1.0"
  token @2 :Text;          # null: none
}

struct ServerHello {
  version @0 :UInt16;      # that both speak from here on: the lower of the two
  program @1 :Text;
  last @2 :UInt64;         # position of the newest event
  zone @3 :Text;           # of the store: of bare dates, and of times without a zone
  frameBytesMax @4 :UInt32;  # a longer message is refused
  appendEventsMax @5 :UInt32;  # in one Append
  idleMillis @6 :UInt32;   # who is silent for so long counts as gone; a third of it is a good time between heartbeats
  now @7 :Int64;           # the server's clock
}

struct NewEvent {
  header @0 :Data;
  body @1 :Data;
  # Two canonical messages without framing, as event.capnp describes them. The header's position and recordedAt are the log's to
  # give and are not looked at; its id must be the content's.
}

struct Append {
  request @0 :UInt64;      # comes back with the answer
  events @1 :List(NewEvent);
  # All are written, or none. Sending the same again, after a broken connection too, writes nothing twice.
}

struct Receipt {
  position @0 :UInt64;
  repeated @1 :Bool;       # the log had this id already; `position` is where
}

struct Appended {
  request @0 :UInt64;
  receipts @1 :List(Receipt);
  # One for each event, in their order. All are on disk.
  size @2 :UInt64;
  root @3 :Data;           # 32 bytes
  # Of a log that has them all: its events and the root of RFC 9162 over them, when the append was on disk. Who keeps these two sees
  # later, by a proof of growth, that nothing up to there was altered.
}

struct Filter {
  # An event passes when it meets every member that is not empty, and of a list any one of its items. What is about another event
  # (a retraction, an amendment, a reinterpretation …) passes where that one passes, save that `kinds` looks at the event itself.
  kinds @0 :List(Text);        # "statement", "retraction", …
  claimTypes @1 :List(Text);   # "export_control", …: statements with such a claim
  entities @2 :List(Text);     # ids of the lexicon ("h200") or names in any spelling
  outlets @3 :List(Text);      # in any spelling
  modalities @4 :List(Text);   # "reported", …: of a claim; of the statement, where it has no claim
  publishedFrom :union { any @5 :Void; at @6 :Int64; }
  # Known from publication then or later; what has no publication counts as published when it was recorded.
}

struct Subscribe {
  subscription @0 :UInt32;   # a number of the client's choice, not in use on this connection
  from :union {
    after @1 :UInt64;        # the position seen last: the next event is the first that comes. 0: from the beginning
    now @2 :Void;            # only what is appended from now on
    name @3 :Text;           # a durable subscription: goes on after the position acknowledged last
  }
  until :union {
    live @4 :Void;           # goes on with what is appended
    end @5 :Void;            # to what is the end of the log at the beginning
    upto @6 :UInt64;         # to this position, inclusive; it may lie ahead
  }
  backwards @7 :Bool;        # newest first, from `until` down to `after`. Not with `live`, `now` or a name
  filter @8 :Filter;         # null: everything
  credit @9 :UInt32;         # events that may be sent before the client grants more
  envelopesOnly @10 :Bool;   # bodies are left empty: for those who only count or look
  group @11 :Bool;
  # Version 2, with a name and `live`: shared with every connection that says so. The name's events are divided among them, and dealt
  # with by Settle instead of Ack.
}

struct Settle {
  # What a member of a group has come to with the events that it was handed. Positions that it does not hold (any more) are passed over.
  subscription @0 :UInt32;
  done @1 :List(UInt64);     # dealt with: nobody gets them again
  rejected @2 :List(Rejection);  # could not be dealt with: they come again after a pause, or are parked

  struct Rejection {
    position @0 :UInt64;
    because @1 :Text;        # for a person; of long ones the beginning is kept
  }
}

struct Watch {
  # Told whenever a projection's answer as of now changes: its value, since, lane, or what else a reader would call another answer.
  subscription @0 :UInt32;   # as of a Subscribe; both take from the same numbers
  projection @1 :Text;       # "export_control"; or "contradictions", and its keys are entities: those found, settled, reopened and gone
  keys @2 :List(Text);       # in any spelling: "h20", "h20/usa"; empty: all there are
  from :union {
    now @3 :Void;            # what the answers are now is not told
    after :group {           # the Changes seen last. Position 0: from nothing, so the first message tells all there is
      position @4 :UInt64;
      asOf @5 :Int64;
    }
  }
}

struct Changes {
  subscription @0 :UInt32;
  through @1 :UInt64;        # what came of the log up to here,
  asOf @2 :Int64;            # at this moment: answers also change because a date is reached. Come back with both
  changes @3 :List(Text);    # JSON objects, as `annals replay --states --format jsonl` prints them. None: only the place has moved
}

struct Subscribed {
  subscription @0 :UInt32;
  after @1 :UInt64;          # where it begins
  last @2 :UInt64;           # the newest event
}

struct Credit {
  subscription @0 :UInt32;
  events @1 :UInt32;         # more events that may be sent, beside those granted before
}

struct StoredEvent {
  position @0 :UInt64;
  header @1 :Data;
  body @2 :Data;
  # As the log stores them: canonical messages without framing, 8-aligned, to be read in place.
  salt @3 :Data;
  leaf @4 :Data;
  # leaf = SHA-256(0x00 ‖ header ‖ SHA-256(salt ‖ body)).
  # An event whose words were erased by order has an empty body (no stored body is empty), and in place of its salt SHA-256(salt ‖ body).
  # The erasure is an event of its own, further on.
}

struct Batch {
  subscription @0 :UInt32;
  through @1 :UInt64;
  # Of a group: the name's position. Else:
  # Every event up to here that passes the filter has been sent with this batch (backwards: every one from here on). This is the
  # position to come back with: it also moves past what the filter drops, so a batch may be empty.
  last @2 :UInt64;           # position of the newest event when this was sent: `last` - `through` is how far behind this is
  events @3 :List(StoredEvent);
}

struct Ended {
  subscription @0 :UInt32;
  through @1 :UInt64;
}

struct Ack {
  name @0 :Text;             # of a durable subscription
  position @1 :UInt64;       # all up to here is done with. Never goes backwards: a lower one changes nothing
}

struct Acked {
  name @0 :Text;
  position @1 :UInt64;       # on disk
}

struct Ask {
  request @0 :UInt64;
  words @1 :List(Text);
  # A question as the command line takes it: ["state", "export_control", "h20", "--as-of", "2025-08-10", "--format", "json"].
  # Commands: state, history, panel, timeline, diff, calendar, audit, log, status, parked.
}

struct Answer {
  request @0 :UInt64;
  text @1 :Text;             # a piece of what the command prints; pieces come in order
  done @2 :Bool;             # the last piece
  status @3 :UInt8;          # with the last: the command's exit status. 0, or 1 for a negative answer
}

struct NotePart {
  # A note to take in, in pieces. Answered with an Answer whose text is the summary as JSON, once the note's events are on disk.
  request @0 :UInt64;
  bytes @1 :Data;
  done @2 :Bool;             # the last piece; what follows is read from it
  origin @3 :Text;           # where it comes from, for people
  outlet @4 :Text;           # this one and the next ones: what the note does not say itself; null: nothing
  published @5 :Text;        # ISO time, or a range T/T
  observed @6 :Text;         # ISO time
  zone @7 :Text;             # of times that the note prints without one
  format @8 :Text;           # the form of the note; null: it is recognised
  actor @9 :Text;            # who takes it in
}

enum ErrorCode {
  notFound @0;
  invalid @1;
  conflict @2;
  overloaded @3;
  locked @4;
  unsupported @5;
  corrupt @6;
  io @7;
  denied @8;
  tooSlow @9;
}

struct Error {
  code @0 :ErrorCode;
  message @1 :Text;          # one line for a person
  about :union {
    connection @2 :Void;     # it is closed after this
    request @3 :UInt64;      # nothing of it was done; the connection goes on
    subscription @4 :UInt32; # it is over; the connection goes on
  }
  through @5 :UInt64;        # of a subscription: where to go on from, once what is wrong is mended
}
