"""TLS's handshakes on the sweep's own sockets: a dialogue like others, whose answers go to a session.

One that ends well leaves the attempt `inside` its session. Of one that does not the streams driver sees what there is
to see: it knows the further hellos.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final
from weakref import ref

from ..dialogue import ROOM, Ended, Probe, Talk, Wire
from ..models import Mode, Settings
from ..plan.planner import Planner
from ..plan.reactions import speaks_tls
from ..plan.steps import Hold, Secure, ended
from ..tls.errors import HandshakeError
from .attempts import Attempt
from .selector import READABLE

if TYPE_CHECKING:
    from ..tls.session import Session

SESSIONS: Final = 256
"""Handshakes begun at a time where nobody expects TLS, at 41 kB and 0.1 ms each. Who would be one more hears a hello
without a session behind it; if he answers, it is said again on a connection of its own."""


class Handshake:
    """One that is under way."""

    __slots__ = ("answered", "seconds", "session", "step")

    def __init__(self, step: Secure, session: Session | None) -> None:
        self.step: Secure = step
        self.session: Session | None = session
        """None where the hello alone was said."""
        self.answered: bool = False
        """Something came: where it was a whole flight, what is left is little."""
        self.seconds: float = 0.0
        """How long it took, once it is done."""


class Handshakes:
    """Begins them, and knows how many there are."""

    def __init__(self, settings: Settings, planner: Planner) -> None:
        self._planner = planner
        self._brief = settings.mode is Mode.TLS
        self._under_way = 0
        self._unexpected = 0
        """Sessions at ports where most peers will not answer to them."""

    def hello(self, attempt: Attempt, step: Secure) -> Hold:
        """What says TLS's hello to `attempt`, once it is connected, and carries `step` out."""
        from ..tls.server_flight import LIMIT

        probe = Probe("tls", talk=partial(self._shake_hands, ref(attempt), step), limit=LIMIT + ROOM)
        return Hold(probe, step.fresh, patience=step.patience)

    def _shake_hands(self, whose: ref[Attempt], step: Secure, wire: Wire) -> Talk:
        attempt = (
            whose()
        )  # by reference its session, of 41 kB, would be kept until a collector of cycles came
        assert attempt is not None
        offered = self._planner.offered if step.alpn else ()
        if not self._expected(attempt):
            if self._unexpected >= SESSIONS:
                from ..tls.session import opening

                attempt.handshake = Handshake(step, None)
                return _feel(opening(wire.host, offered), wire)
            self._unexpected += 1
        self._under_way += 1
        attempt.handshake = one = Handshake(step, self._sessions(wire.host, alpn=offered, brief=self._brief))
        return _carry_out(one, wire)

    @cached_property
    def _sessions(self) -> type[Session]:
        """Sessions' class, which those that only listen do not need; to import it for each would cost 2 us."""
        from ..tls.session import Session

        return Session

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

    def concerns_streams(self, attempt: Attempt, one: Handshake, data: bytes) -> bool:
        """Whether what became of `one`, which did not end well and was answered with `data`, is for the streams driver
        to see."""
        ssl2 = bool(data) and data[0] >= 0x80  # its records begin with their length
        return self._expected(attempt) or speaks_tls(data) or ssl2

    def _expected(self, attempt: Attempt) -> bool:
        return self._planner.expects_tls(attempt.target.port)


def _kind(find: Callable[[int], Attempt | None], news: tuple[int, int]) -> int:
    attempt = find(news[0])
    if attempt is None or (one := attempt.handshake) is None:
        return news[1] & READABLE
    return READABLE + (1 if one.answered else 2)


def _carry_out(one: Handshake, wire: Wire) -> Talk:
    """The handshake `one` through `wire`; what of it is to be said last is left in its session."""
    session, began = one.session, time.monotonic()
    assert session is not None
    try:
        while not session.handshake():
            wire.send(session.outgoing())
            session.feed((yield from wire.some()))
            one.answered = True
    except HandshakeError:
        return None
    except Ended as stopped:
        if ended(stopped.end):
            session.feed_eof(stopped.end)
            with suppress(HandshakeError):
                session.handshake()
        else:
            session.error = str(stopped.end)
        raise
    one.seconds = time.monotonic() - began
    return None


def _feel(hello: bytes, wire: Wire) -> Talk:
    """Say TLS's `hello`, and hear whether what answers looks like TLS."""
    wire.send(hello)
    data = yield from wire.some()
    # A record's header is five bytes (RFC 8446, section 5.1): a library that shakes hands looks at no less either.
    while len(data) < (6 if data[0] in (0x15, 0x16) else 5):
        data += yield from wire.some()
    return None
