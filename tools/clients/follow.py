#!/usr/bin/env python3
"""Follows an annals server from Python: an example to start from, and a test that other programs can speak the protocol.

    pip install pycapnp
    tools/clients/follow.py 127.0.0.1:7447 --after 0                  # everything, then live
    tools/clients/follow.py 127.0.0.1:7447 --name desk --to-end      # what is new since the last time

Prints a line of JSON per event. Each is proved as it comes: its leaf is the hash of its bytes. engine/stream/PROTOCOL.md tells the
conversation, proto/wire.capnp the messages.
"""
import argparse
import hashlib
import json
import pathlib
import socket
import struct
import sys

import capnp

PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto"
capnp.remove_import_hook()
# The schemas import /capnp/c++.capnp, which Cap'n Proto's own packages install; pycapnp brings one too.
IMPORTS = ["/usr/include", "/usr/local/include", str(pathlib.Path(capnp.__file__).parents[1])]
wire = capnp.load(str(PROTO / "wire.capnp"), imports=IMPORTS)
event = capnp.load(str(PROTO / "event.capnp"), imports=IMPORTS)

LIMIT = 1 << 27  # words that a message may hold: an event can be 64 MiB
WINDOW = 4096  # events that the server may send ahead


class ServerError(Exception):
    pass


class Connection:
    """One connection: whole messages in and out."""

    def __init__(self, host, port, token=None, program="follow.py"):
        self.socket = socket.create_connection((host, port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.acked = {}  # durable names and how far the server has them on disk
        hello = {"version": 1, "program": program}
        if token:
            hello["token"] = token
        self.send(hello=hello)
        self.hello = self.receive("hello").hello
        # A third of the time after which the server takes the silent for gone.
        self.socket.settimeout(self.hello.idleMillis / 3000)

    def send(self, **message):
        self.socket.sendall(wire.ClientMessage.new_message(**message).to_bytes())

    def _bytes(self, count):
        parts = []
        while count:
            try:
                part = self.socket.recv(min(count, 1 << 20))
            except TimeoutError:
                self.send(heartbeat=1)
                continue
            if not part:
                raise ConnectionError("the server closed the connection")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def receive(self, *wanted):
        """The next message that is one of `wanted`; what comes before it is passed over, acknowledgements are noted."""
        while True:
            # Standard framing: the number of segments less one, their sizes in words, padding to a word.
            first = self._bytes(4)
            segments = struct.unpack("<I", first)[0] + 1
            table = self._bytes(4 * segments + (4 if segments % 2 == 0 else 0))
            words = sum(struct.unpack_from("<%dI" % segments, table))
            frame = first + table + self._bytes(8 * words)
            with wire.ServerMessage.from_bytes(frame, traversal_limit_in_words=LIMIT) as reader:
                message = reader.as_builder()
            kind = message.which()
            if kind == "error":
                raise ServerError(f"{message.error.code}: {message.error.message}")
            if kind == "goodbye":
                raise ConnectionError(message.goodbye)
            if kind == "acked":
                self.acked[message.acked.name] = message.acked.position
            if kind in wanted:
                return message


def unframed(struct_type, data):
    """An event's header or body: one segment without framing, which is what framing of one segment puts in front."""
    return struct_type.from_bytes(struct.pack("<II", 0, len(data) // 8) + data, traversal_limit_in_words=LIMIT)


def proved(stored):
    # Where the words were erased by order, the body is empty and the digest of salt and body stands in the salt's place.
    inner = hashlib.sha256(stored.salt + stored.body).digest() if stored.body else stored.salt
    return hashlib.sha256(b"\0" + stored.header + inner).digest() == stored.leaf


def follow(connection, start, until, filters, credit=WINDOW):
    """Yields (events, through) batch by batch; grants credit as they are worked off."""
    connection.send(subscribe={"subscription": 1, "from": start, "until": until, "filter": filters, "credit": credit})
    taken = 0
    while True:
        message = connection.receive("subscribed", "batch", "ended")
        if message.which() == "ended":
            return
        if message.which() == "subscribed":
            continue
        batch = message.batch
        yield batch.events, batch.through
        taken += len(batch.events)
        if taken >= credit // 2:
            connection.send(credit={"subscription": 1, "events": taken})
            taken = 0


def main():
    parser = argparse.ArgumentParser(description="Follows an annals server; prints events as JSON Lines.")
    parser.add_argument("server", help="HOST:PORT")
    parser.add_argument("--after", type=int, help="the position seen last")
    parser.add_argument("--name", help="a durable subscription, acknowledged batch by batch")
    parser.add_argument("--type", action="append", default=[], help="only statements with such a claim")
    parser.add_argument("--to-end", action="store_true", help="only what is there now")
    options = parser.parse_args()
    host, port = options.server.rsplit(":", 1)
    connection = Connection(host, int(port))
    start = {"name": options.name} if options.name else {"now": None} if options.after is None else {"after": options.after}
    until = {"end": None} if options.to_end else {"live": None}
    dealt_with = 0
    for events, through in follow(connection, start, until, {"claimTypes": options.type}):
        for stored in events:
            if not proved(stored):
                sys.exit(f"event {stored.position}: its bytes are not those that were recorded")
            if not stored.body:
                with unframed(event.Header, stored.header) as header:
                    print(json.dumps({"position": header.position, "id": header.id.hex(), "kind": header.which(), "erased": True}))
                continue
            with unframed(event.Header, stored.header) as header, unframed(event.Body, stored.body) as body:
                line = {"position": header.position, "id": header.id.hex(), "kind": header.which()}
                if header.which() == "statement":
                    line["outlet"] = body.statement.article.outlet
                    line["text"] = body.statement.text
                    line["claims"] = [str(claim.type) for claim in body.statement.reading.claims]
                print(json.dumps(line, ensure_ascii=False))
        sys.stdout.flush()
        if options.name:
            connection.send(ack={"name": options.name, "position": through})
            dealt_with = through
    # Reached with --to-end only. What is on disk there need not be done again.
    while options.name and connection.acked.get(options.name, 0) < dealt_with:
        connection.receive("acked")


if __name__ == "__main__":
    main()
