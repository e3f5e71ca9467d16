"""The sweep's dialogues: where the client speaks, one hello and what follows on the same connection."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any, Final

from ..dialogue import QUIET, Want
from ..models import End, Settings
from ..plan.conversation import Conversation, wire_for
from ..plan.steps import Hold
from .attempts import Flight
from .plans import Courses

ROOM: Final = 16384
"""Bytes read of an answer at a time: a small page in one call."""


class Dialogues:
    """Holds the dialogues of flights whose sockets are the sweep's."""

    def __init__(self, settings: Settings, courses: Courses[Any], pausing: dict[int, Flight]) -> None:
        """`courses` are told what came of each; those in `pausing` are to be told of a pause when it has come."""
        self._settings = settings
        self._courses = courses
        self._pausing = pausing

    def begin(self, fd: int, flight: Flight, step: Hold, now: float) -> None:
        """The peer has accepted and waits: say the hello of `step`."""
        try:
            flight.talk = talk = Conversation(step, wire_for(step, flight.target, self._settings))
            self._see_to(fd, flight, talk, now)
        except Exception as error:
            self._courses.fault(flight, error)

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
                if flight.course is None and self._courses.known(fd, flight, data, now):
                    return
            self.tell(fd, flight, now, talk.feed, data)

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
            self._courses.fault(flight, error)

    def _see_to(self, fd: int, flight: Flight, talk: Conversation, now: float) -> None:
        """Write what the dialogue says, and wait for what it wants, or end it."""
        _send(flight)
        if talk.end is not None:
            self._courses.concluded(fd, flight, talk, talk.end, now)
        elif talk.want is Want.TLS:
            self._courses.start_tls(fd, flight, talk)
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
