"""TLS's handshakes on the sweep's own sockets: held like a dialogue, but whose answers go to a session.

One that ends well leaves the attempt `inside` its session. Of one that does not the streams driver sees what there is
to see: it knows the further hellos.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from ..dialogue import ROOM, Ended, Talk, Want, Wire, hear_out
from ..models import End, Mode, Settings
from ..plan.planner import Planner
from ..plan.reactions import echoes, speaks_tls
from ..plan.steps import Secure, ended
from ..tls.errors import HandshakeError
from .attempts import Attempt
from .selector import READABLE

if TYPE_CHECKING:
    from ..tls.session import Session

SESSIONS: Final = 256
"""Handshakes begun at a time where nobody expects TLS, at 41 kB and 0.1 ms each. Who would be one more hears a hello
without a session behind it; if he answers, it is said again on a connection of its own."""


class Handshake:
    """One that is under way, in the place of a `Conversation`: each flight costs one call, and no generator."""

    __slots__ = ("_began", "_stranger", "answered", "end", "seconds", "session", "step", "want", "wire")

    name: Final = "tls"
    brief: Final = False

    def __init__(self, step: Secure, wire: Wire, session: Session | bytes) -> None:
        """Without a `session` its hello is said, and no more."""
        self.step: Secure = step
        self.wire: Wire = wire
        self.session: Session | None = None
        """None where the hello alone was said."""
        self.want: Want = _BYTES
        self._stranger: Talk | None = None
        """Who answered does not speak TLS: he is heard out."""
        self.answered: bool = False
        """Something came: where it was a whole flight, what is left is little."""
        self.end: End | None = None
        """How it ended; None while it goes on."""
        self.seconds: float = 0.0
        """How long it took, once it is done."""
        self._began = time.monotonic()
        if isinstance(session, bytes):
            wire.send(session)
        else:
            self.session = session
            self._carry_on(session)

    def feed(self, data: bytes) -> None:
        """`data` came."""
        self.wire.feed(data)
        self.answered = True
        if self._stranger is not None:
            self._hear_out(self._stranger)
        elif self.session is not None:
            self.session.feed(data)
            self._carry_on(self.session)
        elif len(self.wire.received) >= (6 if self.wire.received[0] in (0x15, 0x16) else 5):
            # A record's header is five bytes (RFC 8446, section 5.1): a library that shakes hands looks at no less
            # either.
            received = bytes(self.wire.received)
            if needs_session(received) or echoes(received):
                self.end = End.COMPLETE
            else:
                self._begin_to_hear_out()

    def close(self, end: End) -> None:
        """Nothing more will come."""
        self.end, session = end, self.session
        if session is None or self._stranger is not None:
            return
        if ended(end):
            session.feed_eof(end)
            with suppress(HandshakeError):
                session.handshake()
        else:
            session.error = str(end)

    def pause(self) -> None:
        """Nothing came for a while: that tells nothing of a handshake."""
        if self._stranger is not None:
            self.wire.paused = True
            self._hear_out(self._stranger)

    def _carry_on(self, session: Session) -> None:
        try:
            if session.handshake():  # what is to be said last is left in the session
                self.end, self.seconds = End.COMPLETE, time.monotonic() - self._began
            else:
                self.wire.send(session.outgoing())
        except HandshakeError:
            if session.error == "not_tls":
                self._begin_to_hear_out()
            else:
                self.end = End.COMPLETE

    def _begin_to_hear_out(self) -> None:
        self.wire.limit = ROOM  # certificates may be longer than what anybody else is heard for
        self._hear_out(hear_out(self.wire))

    def _hear_out(self, stranger: Talk) -> None:
        self._stranger = stranger
        try:
            self.want = stranger.send(None)
        except StopIteration:
            self.end = End.COMPLETE
        except Ended as stopped:
            self.end = stopped.end


def needs_session(data: bytes) -> bool:
    """Whether `data`, an answer to TLS's hello, is of TLS or of SSL 2.0, whose records begin with their length."""
    return speaks_tls(data) or (bool(data) and data[0] >= 0x80)


_BYTES: Final = Want.BYTES  # until Python 3.11 a member of an enumeration is looked up in 0.2 us


class Handshakes:
    """Begins them, and knows how many there are."""

    def __init__(self, settings: Settings, planner: Planner) -> None:
        self._planner = planner
        self._brief = settings.mode is Mode.TLS
        self._under_way = 0
        self._unexpected = 0
        """Sessions at ports where most peers will not answer to them."""

    def begin(self, attempt: Attempt, step: Secure) -> Handshake:
        """Say TLS's hello to `attempt`, which is connected, to carry `step` out."""
        target = attempt.target
        wire = Wire(target.host, target.port, limit=self._most)
        offered = self._planner.offered if step.alpn else ()
        expected = self._expected(attempt)
        if not expected and self._unexpected >= SESSIONS:
            from ..tls.session import opening

            attempt.handshake = one = Handshake(step, wire, opening(target.host, offered))
            return one
        session = self._sessions(target.host, alpn=offered, brief=self._brief)
        attempt.handshake = one = Handshake(step, wire, session)
        self._unexpected += not expected
        self._under_way += 1
        return one

    @cached_property
    def _sessions(self) -> type[Session]:
        """Sessions' class, which those that only listen do not need; to import it for each would cost 2 us."""
        from ..tls.session import Session

        return Session

    @cached_property
    def _most(self) -> int:
        """Bytes that a wire takes: the session ends it sooner."""
        from ..tls.server_flight import LIMIT

        return LIMIT + ROOM

    def over(self, attempt: Attempt) -> Handshake | None:
        """The handshake of `attempt`, if there was one, is no longer under way."""
        one, attempt.handshake = attempt.handshake, None
        if one is not None and one.session is not None:
            self._under_way -= 1
            self._unexpected -= not self._expected(attempt)
        return one

    def sort(self, news: list[tuple[int, int]], at: Mapping[int, Attempt]) -> None:
        """Put alike together in `news`, of which attempts are `at` which descriptor, and answers to TLS's hellos last:
        OpenSSL's part of each, 0.3 ms, leaves nothing of our own code in the processor's caches."""
        if self._under_way:
            news.sort(key=partial(_kind, at.get))

    def concerns_streams(self, attempt: Attempt, session: Session | None, data: bytes) -> bool:
        """Whether a handshake that did not end well, and was answered with `data`, is for the streams driver to
        see."""
        if session is not None and session.error == "not_tls":
            return False  # who was heard out
        return self._expected(attempt) or needs_session(data)

    def _expected(self, attempt: Attempt) -> bool:
        return self._planner.expects_tls(attempt.target.port)


def _kind(find: Callable[[int], Attempt | None], news: tuple[int, int]) -> int:
    attempt = find(news[0])
    if attempt is None or (one := attempt.handshake) is None:
        return news[1] & READABLE
    return READABLE + (1 if one.answered else 2)
