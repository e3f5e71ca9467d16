"""Conversations without I/O: when a greeting is whole, and what a probe may say and wait for.

TCP carries bytes, not messages: one read can end in the middle of a greeting, or hold two. `whole`
decides from the bytes alone. A probe is a generator over a `Wire`: it speaks with a plain call
(``wire.send``) and waits with ``yield from`` (``wire.line()``, ``wire.exactly(n)``, ...). It sees no
socket, no clock and no event loop; the driver holds the byte limit and the deadline, and answers each
yielded `Want` by feeding what came. So one probe runs over streams, in the sweep, over TLS, and in a test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from enum import Enum
from typing import Any

import msgspec

from ..models import End, Manners, Service

QUIET = 0.5
"""Seconds without a byte after which a greeting of unknown form is taken as whole. A server writes its
greeting in one go or in a few writes: what separates them is Nagle's algorithm against a delayed
acknowledgement (40 ms on Linux, 200 ms on Windows and BSD) or one retransmission on a good path (Linux's
minimal timeout: 200 ms). Half a second outlasts two of them in a row."""


class Wholeness(Enum):
    """What the bytes so far say about a greeting."""

    WHOLE = "whole"
    """Its end is there: no need to wait."""
    PART = "part"
    """Its form is known and its end is missing: wait for it."""
    OPEN = "open"
    """Its form has no end of its own: it is whole after `QUIET` seconds without a byte."""


class Want(Enum):
    """What a dialogue waits for."""

    BYTES = "bytes"
    """More bytes; their absence until the deadline ends the dialogue."""
    PAUSE = "pause"
    """More bytes, or `QUIET` seconds without any."""
    TLS = "tls"
    """A TLS handshake on this connection, after what was sent."""


class Ended(Exception):  # noqa: N818 - an event of the wire, not an error of anybody
    """Raised inside a dialogue that waits for bytes that will not come; ``end`` says why."""

    def __init__(self, end: End) -> None:
        super().__init__(end)
        self.end = end


Talk = Generator[Want, None, Service | None]
"""A dialogue under way. It returns the service that it recognised, or None where this is another."""


class Wire:
    """The two directions of one connection, as bytes: a dialogue's whole world.

    ``received`` is everything that came, ``sent`` what was said. A dialogue that knows its service before
    it is done says so with `claim`, so that a connection that breaks off later costs only what was missing,
    and puts what it learned for the record's ``details`` into ``details``.
    """

    __slots__ = (
        "_cursor", "_outbox", "deep", "details", "end", "found", "host", "limit", "manners", "paused",
        "port", "received", "sent", "tls", "tls_offered",
    )  # fmt: skip

    def __init__(
        self,
        host: str = "",
        port: int = 0,
        *,
        received: bytes = b"",
        limit: int = 16384,
        deep: bool = False,
        tls: bool = False,
        manners: Manners = Manners(),  # noqa: B008 - frozen
    ) -> None:
        self.host = host
        """The target as the caller named it (a name or an address), for Host headers and the like."""
        self.port = port
        self.limit = limit
        """How many bytes the dialogue may read in all; beyond it `Ended` (``limit``) is raised."""
        self.deep = deep
        """True in ``--mode full``: also ask what costs another round trip and names no product."""
        self.tls = tls
        """True when the connection is inside TLS: from its start, or since `start_tls` succeeded."""
        self.manners = manners
        self.received = bytearray(received)
        self.sent = bytearray()
        self.end: End | None = None
        self.paused = False
        self.found: Service | None = None
        self.details: dict[str, Any] = {}
        self.tls_offered = False
        self._cursor = 0
        self._outbox = bytearray()

    # -- for dialogues ------------------------------------------------------------------------------

    def send(self, data: bytes) -> None:
        """Say `data`; the driver writes it before the next wait."""
        self._outbox += data
        self.sent += data

    def claim(self, service: Service) -> Service:
        """This is the service as far as is known now; returned for convenience."""
        self.found = service
        return service

    @property
    def unread(self) -> bytes:
        """What came and was not taken yet."""
        return bytes(self.received[self._cursor :])

    def take(self, count: int) -> bytes:
        """The next `count` bytes of `unread`, which must have come."""
        start = self._cursor
        self._cursor = min(start + count, len(self.received))
        return bytes(self.received[start : self._cursor])

    def more(self) -> Generator[Want, None, None]:
        """Wait for at least one more byte; `Ended` where none will come."""
        have = len(self.received)
        while len(self.received) == have:
            self.check()
            yield Want.BYTES

    def exactly(self, count: int) -> Generator[Want, None, bytes]:
        """Exactly `count` bytes."""
        while len(self.received) - self._cursor < count:
            yield from self.more()
        return self.take(count)

    def until(self, delimiter: bytes, most: int | None = None) -> Generator[Want, None, bytes]:
        """Everything up to `delimiter` and with it; `Ended` (``limit``) if it is not among `most` bytes."""
        seek = self._cursor
        while (at := self.received.find(delimiter, seek)) < 0:
            if most is not None and len(self.received) - self._cursor >= most:
                raise Ended(End.LIMIT)
            seek = max(self._cursor, len(self.received) - len(delimiter) + 1)
            yield from self.more()
        return self.take(at + len(delimiter) - self._cursor)

    def line(self, most: int = 2048) -> Generator[Want, None, bytes]:
        """One line without its end (LF or CRLF)."""
        return (yield from self.until(b"\n", most)).rstrip(b"\r\n")

    def some(self) -> Generator[Want, None, bytes]:
        """Whatever is there, at least one byte."""
        while self._cursor == len(self.received):
            yield from self.more()
        return self.take(len(self.received))

    def rest(self) -> Generator[Want, None, bytes]:
        """Whatever comes until a pause, the end or the limit; may be empty."""
        while self.end is None and len(self.received) < self.limit:
            have, self.paused = len(self.received), False
            yield Want.PAUSE
            if self.paused and len(self.received) == have:
                break
        return self.take(len(self.received))

    def start_tls(self) -> Generator[Want, None, bool]:
        """Start TLS on this connection; False where the handshake failed and nothing more can be said.

        Bytes that came before the handshake are dropped from `unread`: what was sent in the clear must not
        pass for an answer inside TLS (RFC 3207, section 6).
        """
        self.tls_offered = True
        if self.end is None:
            self._cursor = len(self.received)
            yield Want.TLS
        return self.tls

    def check(self) -> None:
        """Raise `Ended` where nothing more can come: at the limit, or after the end."""
        if len(self.received) >= self.limit:
            raise Ended(End.LIMIT)
        if self.end is not None:
            raise Ended(self.end)

    # -- for drivers --------------------------------------------------------------------------------

    def outgoing(self) -> bytes:
        """What is to be written now; asking empties it."""
        data = bytes(self._outbox)
        self._outbox.clear()
        return data

    def room(self) -> int:
        """How many bytes may still be read."""
        return max(0, self.limit - len(self.received))

    def feed(self, data: bytes) -> None:
        """`data` came."""
        self.received += data

    def close(self, end: End) -> None:
        """Nothing more will come, because of `end`."""
        self.end = end


def listen(wire: Wire) -> Talk:
    """Read a greeting and say nothing: returns when it is whole; `Ended` says why one is not."""
    yield from wire.more()
    while (so_far := whole(bytes(wire.received))) is not Wholeness.WHOLE:
        have = len(wire.received)
        if so_far is Wholeness.PART:
            yield from wire.more()
            continue
        wire.check()
        wire.paused = False
        yield Want.PAUSE
        if wire.paused and len(wire.received) == have:
            break
    return None


class Probe(msgspec.Struct, frozen=True):
    """One protocol's dialogue, and the facts from which ``plan.py`` computes when it is held."""

    name: str
    """IANA's service name, and the file's name."""
    talk: Callable[[Wire], Talk]
    ports: tuple[int, ...] = ()
    """Where it usually listens in the clear."""
    tls_ports: tuple[int, ...] = ()
    """Where it usually listens inside TLS."""
    greets: bool = False
    """True where the server speaks first. Such probes share the one greeting that was read: it lies in
    ``wire.received`` (and `unread`) when they start."""
    starttls: bool = False
    """True where the dialogue may start TLS on the way."""
    asks: bool = True
    """False where the dialogue never sends anything (it only reads a greeting's fields)."""
    limit: int = 16384
    """How many bytes one dialogue may read."""
    fragile: bool = False
    """True for what is spoken only when named, in ``--mode full``: equipment that bytes can disturb."""


_IDENTIFICATION = re.compile(rb"(?:\A|\n)SSH-[^\n]*(\n)?")
_REPLY = re.compile(rb"[1-5]\d\d(?:[ -]|\r?\n)")
_LAST_LINE = re.compile(rb"^([1-5]\d\d)(?: [^\n]*|\r?)\n", re.MULTILINE)
_SIEVE_END = re.compile(rb"\n(?:OK|NO|BYE)\b[^\n]*\n", re.IGNORECASE)
_SIEVE = (b'"IMPLEMENTATION"', b'"SIEVE"', b'"SASL"', b'"VERSION"', b'"STARTTLS"')
_ONE_LINE = (b"* OK", b"* PREAUTH", b"* BYE", b"+OK", b"-ERR", b"@RSYNCD:", b"INFO {")
_OPENERS = (b"SSH-", b"RFB ", b"( success (", *_ONE_LINE, *_SIEVE)


_WHOLE = Wholeness.WHOLE


def whole(data: bytes) -> Wholeness:
    """Whether `data`, a greeting's first bytes, is a whole greeting.

    Sources: SSH ends at its identification line, which others may precede (RFC 4253, section 4.2); SMTP, FTP
    and NNTP end at the line whose code is followed by a space (RFC 5321 4.2.1, RFC 959 4.2, RFC 3977 3.2);
    POP3 and IMAP greet in one line (RFC 1939 4, RFC 3501 7.1), so do rsync and NATS; ManageSieve ends at its
    response line (RFC 5804 1.3); MySQL names its length in a header (MySQL Internals, "Protocol::Packet");
    RFB's version takes 12 bytes (RFC 6143 7.1.1); svn sends one parenthesised list. Telnet's negotiation
    (RFC 854) and everything unknown has no end of its own. Takes time linear in ``len(data)``.
    """
    if data.startswith(b"SSH-"):  # the commonest first: this is asked once for every greeting of a scan
        return _WHOLE if b"\n" in data else Wholeness.PART
    if _REPLY.match(data):
        return _when(_reply_ends(data))
    if data.startswith(_ONE_LINE):
        return _when(b"\n" in data)
    if data.startswith(b"RFB "):
        return _when(len(data) >= 12)
    if data.startswith(_SIEVE):
        return _when(_SIEVE_END.search(data) is not None)
    if data.startswith(b"( success ("):
        return _when(data.rstrip().endswith(b")") and data.count(b"(") == data.count(b")"))
    if len(data) > 4 and data[3] == 0 and data[4] in _MYSQL_FIRST:
        return _when(len(data) >= 4 + int.from_bytes(data[:3], "little"))
    if identification := _IDENTIFICATION.search(data):
        return _when(identification.group(1) is not None)
    if len(data) < 4 and data.isdigit():
        return Wholeness.PART
    return Wholeness.PART if any(opener.startswith(data) for opener in _OPENERS) else Wholeness.OPEN


_MYSQL_FIRST = (9, 10, 0xFF)
"""A MySQL greeting's first byte: protocol version 9 or 10, or an error packet."""


def _when(condition: bool) -> Wholeness:
    return Wholeness.WHOLE if condition else Wholeness.PART


def _reply_ends(data: bytes) -> bool:
    code = data[:3]
    return any(line.group(1) == code for line in _LAST_LINE.finditer(data))
