"""The sweep's dialogues: where the client speaks first, one hello and what follows on the same connection."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Generic, TypeVar

from .conversation import Conversation, wire_for
from .dialogue import QUIET, Want
from .feed import Feed
from .flights import Flight, Outcomes
from .handover import Handover
from .models import End, Settings, Status
from .outbox import Outbox
from .plan import Planner
from .steps import Course, Heard, Hold, Step
from .visit import Visit

T = TypeVar("T")

ROOM = 16384
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
        release: Callable[[int, Flight], None],
        pausing: dict[int, Flight],
    ) -> None:
        """`release` ends a flight's connection; those in `pausing` are to be told of a pause when it has come."""
        self._feed = feed
        self._outbox = outbox
        self._settings = settings
        self._plan = plan
        self._outcomes = outcomes
        self._handover = handover
        self._release = release
        self._pausing = pausing

    def begin(self, fd: int, flight: Flight, step: Hold) -> None:
        """The peer has accepted and waits: say the hello of `step`."""
        try:
            flight.talk = Conversation(step, wire_for(step, flight.target, self._settings))
            _send(flight)
        except Exception as error:
            self._report_fault(fd, flight, error)

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
                if self._known(fd, flight, data, now):
                    return
            self.tell(fd, flight, now, talk.feed, data)

    def _known(self, fd: int, flight: Flight, data: bytes, now: float) -> bool:
        """Whether the first bytes of an answer are one that was heard before, whole: then the outcome is known."""
        outcome = self._outcomes.answered(flight, data, now)
        if outcome is None:
            return False
        self._release(fd, flight)
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
            _send(flight)
            if talk.end is None:
                if talk.want is Want.PAUSE:
                    flight.quiet = now + QUIET
                    self._pausing[fd] = flight
                return
            self._release(fd, flight)
            self._conclude(flight, talk, talk.end)
        except Exception as error:
            self._report_fault(fd, flight, error)

    def _conclude(self, flight: Flight, talk: Conversation, end: End) -> None:
        """The dialogue is over: report, or let the streams driver take the next step of the plan."""
        visit = self._visit(flight)
        heard = visit.heard_answer(talk.step, talk.wire, end, talk.service)
        course = self._plan.course(flight.target.port)
        step = None if self._plan.settled(heard) else _after_first(course, heard)
        if step is not None:
            self._handover.go_on(flight, visit, course, step)
            return
        grab = visit.outcome()
        if not self._feed.done(flight, grab.status, grab.banner):
            self._outbox.put_all([self._outcomes.told(flight, grab)])

    def _visit(self, flight: Flight) -> Visit:
        visit = self._handover.visit(flight)
        ip = flight.addresses[flight.at]
        visit.met(ip, flight.opened, connect=flight.connect, first_byte=flight.first)
        return visit

    def _report_fault(self, fd: int, flight: Flight, error: Exception) -> None:
        """A bug in a dialogue costs this one record."""
        self._release(fd, flight)
        self._feed.done(flight)
        self._outbox.put(self._visit(flight).fault(error))


def _send(flight: Flight) -> None:
    """Write what the dialogue says. A hello fits into a new socket's buffer; what a dead peer makes of it is
    seen when it is read from."""
    assert flight.talk is not None
    if out := flight.talk.wire.outgoing():
        with contextlib.suppress(OSError):
            flight.sock.send(out)


def _after_first(course: Course, heard: Heard) -> Step | None:
    """The second step of a course whose first one brought `heard`."""
    next(course)
    try:
        return course.send(heard)
    except StopIteration:
        return None
