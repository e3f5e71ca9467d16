"""The sweep's dialogues: where the client speaks, one hello and what follows on the same connection."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from .conversation import Conversation, wire_for
from .courses import Courses, Sockets
from .dialogue import QUIET, Want
from .feed import Feed
from .flights import Flight, Outcomes
from .handover import Handover
from .models import End, Settings, Status
from .outbox import Outbox
from .plan import Planner
from .steps import Hold

T = TypeVar("T")

ROOM: Final = 16384
"""Bytes read of an answer at a time: a small page in one call."""


class Dialogues(Generic[T]):
    """Holds the dialogues of flights whose sockets are the sweep's."""

    def __init__(
        self,
        feed: Feed[Flight],
        outbox: Outbox[T],
        settings: Settings,
        plan: Planner,
        outcomes: Outcomes[T],
        handover: Handover[T],
        sockets: Sockets,
        pausing: dict[int, Flight],
    ) -> None:
        """Those in `pausing` are to be told of a pause when it has come."""
        self._feed = feed
        self._outbox = outbox
        self._settings = settings
        self._outcomes = outcomes
        self._sockets = sockets
        self._pausing = pausing
        self.courses = Courses(feed, outbox, settings, plan, outcomes, handover, sockets, self.begin)
        """What comes after a dialogue."""

    def begin(self, fd: int, flight: Flight, step: Hold, now: float) -> None:
        """The peer has accepted and waits: say the hello of `step`."""
        try:
            flight.talk = talk = Conversation(step, wire_for(step, flight.target, self._settings))
            self._see_to(fd, flight, talk, now)
        except Exception as error:
            self.courses.fault(flight, error)

    def hear(self, fd: int, flight: Flight, now: float) -> None:
        """Something came, or the end: the dialogue goes on."""
        while (talk := flight.talk) is not None and talk.end is None:
            try:
                data = flight.sock.recv(min(talk.wire.room(), ROOM))
            except BlockingIOError:
                return
            except OSError:
                self.tell(fd, flight, now, talk.close, End.RESET)
                return
            if not data:
                self.tell(fd, flight, now, talk.close, End.EOF)
                continue
            if flight.first is None:
                flight.first = now - flight.opened
                if flight.course is None and self._known(fd, flight, data, now):
                    return
            self.tell(fd, flight, now, talk.feed, data)

    def _known(self, fd: int, flight: Flight, data: bytes, now: float) -> bool:
        """Whether the first bytes of an answer are one that was heard before, whole: then the outcome is known."""
        outcome = self._outcomes.answered(flight, data, now)
        if outcome is None:
            return False
        self._sockets.part(fd, flight)
        if not self._feed.done(flight, Status.BANNER, data):
            self._outbox.put_all([outcome])
        return True

    def tell(
        self, fd: int, flight: Flight, now: float, event: Callable[..., None], *what: bytes | End
    ) -> None:
        """Give a dialogue an event; write what it says, wait for what it wants, or end it."""
        talk = flight.talk
        assert talk is not None
        self._pausing.pop(fd, None)
        try:
            event(*what)
            self._see_to(fd, flight, talk, now)
        except Exception as error:
            self.courses.fault(flight, error)

    def _see_to(self, fd: int, flight: Flight, talk: Conversation, now: float) -> None:
        """Write what the dialogue says, and wait for what it wants, or end it."""
        _send(flight)
        if talk.end is not None:
            self.courses.concluded(fd, flight, talk, talk.end, now)
        elif talk.want is Want.TLS:
            self.courses.start_tls(fd, flight, talk)
        elif talk.want is Want.PAUSE:
            flight.quiet = now + QUIET
            self._pausing[fd] = flight


def _send(flight: Flight) -> None:
    """Write what the dialogue says. A hello fits into a new socket's buffer; what a dead peer makes of it is
    seen when it is read from."""
    assert flight.talk is not None
    if out := flight.talk.wire.outgoing():
        with contextlib.suppress(OSError):
            flight.sock.send(out)
