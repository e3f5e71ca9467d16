"""One connection as a dialogue sees it: bytes in two directions, and what it waits for.

A dialogue is a generator over a `Wire`: it speaks with a plain call (``wire.send``) and waits with ``yield from``
(``wire.line()``, ``wire.exactly(n)``, ...). The driver holds the byte limit and the deadline, and answers each yielded
`Want` by feeding what came.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from enum import Enum
from typing import Any, Final

from ..models import End, Manners, Service
from .wholeness import Wholeness, whole

ROOM: Final = 16384
"""Bytes of an answer read at a time, by every driver, so that each tells the same of it: a small page in one call."""


class Want(Enum):
    """What a dialogue waits for."""

    BYTES = "bytes"
    """More bytes; their absence until the deadline ends the dialogue."""
    PAUSE = "pause"
    """More bytes, or `QUIET` seconds without any."""
    TLS = "tls"
    """A TLS handshake on this connection, after what was sent."""


_BYTES: Final = Want.BYTES  # until Python 3.11 a member of an enumeration is looked up in 0.2 us


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
        "_cursor", "_outbox", "deep", "details", "end", "found", "host", "limit", "manners", "may_secure",
        "paused", "port", "readable", "reading", "received", "sent", "tls", "tls_offered",
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
        self.host: str = host
        """The target as the caller named it (a name or an address), for Host headers and the like."""
        self.port: int = port
        self.limit: int = limit
        """How many bytes the dialogue may read in all; beyond it `Ended` (``limit``) is raised."""
        self.deep: bool = deep
        """True in ``--mode full``: also ask what costs another round trip and names no product."""
        self.tls: bool = tls
        """True when the connection is inside TLS: from its start, or since `start_tls` succeeded."""
        self.manners: Manners = manners
        self.received: bytearray = bytearray(received)
        self.sent: bytes = b""
        self.end: End | None = None
        self.paused: bool = False
        self.found: Service | None = None
        self.details: dict[str, Any] = {}
        self.readable: bytes | None = None
        """What stands in the record for ``received`` where that is compressed."""
        self.reading: Any = None
        """What the rules read in it (`recognition.fields.Reading`), where the dialogue has done so in their place."""
        self.tls_offered: bool = False
        self.may_secure: bool = True
        """False where no hello is left for TLS: the answer to a request for it would lead nowhere."""
        self._cursor = 0
        self._outbox = b""

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
        return bytes(self.received[self._cursor :] if self._cursor else self.received)

    def starts(self, *openers: bytes) -> bool:
        """Whether `unread` starts with one of `openers`."""
        return self.received.startswith(openers, self._cursor)

    def end_of(self, pattern: re.Pattern[bytes], since: int = 0) -> int:
        """How much of `unread` ends with what `pattern` finds, looked for from `since` on; 0 where it finds nothing."""
        found = pattern.search(self.received, self._cursor + since)
        return 0 if found is None else found.end() - self._cursor

    def take(self, count: int) -> bytes:
        """The next `count` bytes of `unread`, which must have come."""
        start = self._cursor
        self._cursor = min(start + count, len(self.received))
        return bytes(self.received[start : self._cursor])

    def more(self) -> Generator[Want, None, None]:
        """Wait for at least one more byte; `Ended` where none will come."""
        have = len(self.received)
        while len(self.received) == have:
            yield self.still(_BYTES)

    def exactly(self, count: int) -> Generator[Want, None, bytes]:
        """Exactly `count` bytes."""
        while len(self.received) - self._cursor < count:
            yield self.still(_BYTES)
        return self.take(count)

    def until(self, delimiter: bytes, most: int | None = None) -> Generator[Want, None, bytes]:
        """Everything up to `delimiter` and with it; `Ended` (``limit``) if it is not among `most` bytes."""
        seek = self._cursor
        while (at := self.received.find(delimiter, seek)) < 0:
            if most is not None and len(self.received) - self._cursor >= most:
                raise Ended(End.LIMIT)
            seek = max(self._cursor, len(self.received) - len(delimiter) + 1)
            yield self.still(_BYTES)
        return self.take(at + len(delimiter) - self._cursor)

    def line(self, most: int = 2048) -> Generator[Want, None, bytes]:
        """One line without its end (LF or CRLF)."""
        at = self.received.find(b"\n", self._cursor)
        if at >= 0:  # as most are: sooner than another generator begins
            return self.take(at + 1 - self._cursor).rstrip(b"\r\n")
        return (yield from self.until(b"\n", most)).rstrip(b"\r\n")

    def some(self) -> Generator[Want, None, bytes]:
        """Whatever is there, at least one byte."""
        while self._cursor == len(self.received):
            yield self.still(_BYTES)
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

    def still(self, want: Want) -> Want:
        """`want`, to be yielded; raises `Ended` where nothing more can come: at the limit, or after the end.

        A call, as who waits in a generator of `more` takes 200 bytes besides his own.
        """
        if len(self.received) >= self.limit:
            raise Ended(End.LIMIT)
        if self.end is not None:
            raise Ended(self.end)
        return want

    # -- for drivers --------------------------------------------------------------------------------

    def outgoing(self) -> bytes:
        """What is to be written now; asking empties it."""
        data, self._outbox = self._outbox, b""
        return data

    def keep(self, data: bytes) -> None:
        """`data` is the end of what was taken to be written, and there was no room for it: it comes first next time."""
        self._outbox = data + self._outbox

    def banner(self) -> bytes:
        """What came, as it stands in the record."""
        return bytes(self.received) if self.readable is None else self.readable

    @property
    def unsent(self) -> bytes:
        """What is still to be written."""
        return self._outbox

    def room(self) -> int:
        """How many bytes may still be read."""
        return max(0, self.limit - len(self.received))

    def feed(self, data: bytes) -> None:
        """`data` came."""
        self.received += data
        self.reading = None  # of less than there is now

    def close(self, end: End) -> None:
        """Nothing more will come, because of `end`."""
        self.end = end


def listen(wire: Wire) -> Talk:
    """Read a greeting and say nothing: returns when it is whole; `Ended` says why one is not."""
    yield from wire.more()
    return (yield from hear_out(wire))


def hear_out(wire: Wire) -> Talk:
    """Read on where something has come, until that is whole; `Ended` says why it is not."""
    while (so_far := whole(bytes(wire.received), wire.port)) is not Wholeness.WHOLE:
        have = len(wire.received)
        if so_far is Wholeness.PART:
            yield from wire.more()
            continue
        wire.paused = False
        yield wire.still(Want.PAUSE)
        if wire.paused and len(wire.received) == have:
            break
    return None
