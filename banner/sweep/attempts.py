"""The sweep's targets under way, and what becomes of each: a grab, or at once its encoded record.

Thousands of flights begin every second, so one has as attributes of its own only what differs from the rest. Where
records are only written down, those of a greeting that was seen before are filled into a pattern: no grab is made.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from ..formats.record import encode, pattern, timestamp
from ..models import End, Grab, Status, Timings
from ..plan.conversation import Conversation
from ..plan.greeting import Reading
from ..plan.planner import Planner
from ..plan.steps import Course, Hold, Step
from ..visit.findings import in_microseconds
from .job import Job
from .results import Row

if TYPE_CHECKING:
    from ..tls.session import Session
    from ..visit.visit import Visit

T_co = TypeVar("T_co", covariant=True)
K = TypeVar("K", bound=Hashable)

GREETINGS: Final = 4096
"""Greetings remembered at a time; at 1.2 kB each, networks rarely have more that repeat themselves."""
ANSWERS: Final = 1024
"""Answers to hellos remembered at a time."""
LONGEST: Final = 4096
"""Bytes of such an answer: a device's first page. Longer ones say the time, or who asks."""


class Flight(Job):
    """One target's socket under way."""

    at = 0
    """Which of the job's addresses it is at."""
    tries = 0
    data = b""
    patience: float | None = None
    """Seconds until somebody speaks to a silent peer; None where nobody does."""
    step: Hold | None = None
    """The hello with which it begins, where the peer waits for one."""
    talk: Conversation | None = None
    course: Following | None = None
    """Its plan under way, where one step did not tell enough."""
    connect: float | None = None
    first: float | None = None
    until = 0.0
    """The present phase's deadline: of connecting, then of reading."""
    quiet = 0.0
    """When a pause will have been long enough."""
    began: float
    """When its visit began, the name's lookup included (monotonic seconds)."""
    opened: float
    sock: socket.SocketType
    address: Any


class Following:
    """How far a flight has come in its plan."""

    __slots__ = ("course", "session", "step", "visit")

    def __init__(self, course: Course, visit: Visit) -> None:
        self.course = course
        self.visit = visit
        self.step: Step | None = None
        """The step that is taken now."""
        self.session: Session | None = None
        """The handshake that was begun with it."""


class Outcomes(Protocol[T_co]):
    """Makes what the reader of a scan wants."""

    def of(
        self, flight: Flight, status: Status, now: float, end: End | None = None, error: str | None = None
    ) -> T_co:
        """The outcome of `flight`, which ended at `now`."""

    def repeated(self, flight: Flight, end: End, now: float) -> T_co | None:
        """The same, if `flight` heard what an earlier one had heard that ended alike; else None."""

    def told(self, flight: Flight, grab: Grab) -> T_co:
        """The outcome of `flight`, whose dialogue brought `grab`."""

    def answered(self, flight: Flight, data: bytes, now: float) -> T_co | None:
        """The same, if `data`, which came first, is all of an answer that ended an earlier dialogue; else None."""


class Grabs:
    """Makes grabs."""

    def __init__(self, plan: Planner) -> None:
        self._plan = plan
        self._clock = time.time() - time.monotonic()

    def of(
        self, flight: Flight, status: Status, now: float, end: End | None = None, error: str | None = None
    ) -> Grab:
        target = flight.target
        connected = status in _CONNECTED
        reading = self._plan.reading(flight.data, target.port) if flight.data else _NOTHING
        return Grab(
            int((flight.began + self._clock) * 1e3) / 1e3,
            target.host,
            target.port,
            status,
            flight.addresses[flight.at] if flight.addresses else None,
            target.tag,
            end,
            flight.data,
            (reading.probe or "listen") if connected else None,
            1 if connected else 0,
            reading.service,
            None,
            Timings(
                in_microseconds(flight.dns),
                in_microseconds(flight.connect),
                None,
                in_microseconds(flight.first),
                in_microseconds(now - flight.began),
            ),
            reading.details,
            error,
        )

    def repeated(self, flight: Flight, end: End, now: float) -> Grab | None:
        return None

    def told(self, flight: Flight, grab: Grab) -> Grab:
        return grab

    def answered(self, flight: Flight, data: bytes, now: float) -> Grab | None:
        return None


class Rows:
    """Makes encoded records."""

    def __init__(self, plan: Planner) -> None:
        self._grabs = Grabs(plan)
        self._clock = time.time() - time.monotonic()
        self._greetings = _Patterns[tuple[bytes, int, End]](GREETINGS)
        self._answers = _Patterns[tuple[bytes, int, str]](ANSWERS)
        self._began = 0.0
        self._time = b""

    def of(
        self, flight: Flight, status: Status, now: float, end: End | None = None, error: str | None = None
    ) -> Row:
        grab = self._grabs.of(flight, status, now, end, error)
        if end is not None and flight.data:
            self._greetings.learn((grab.banner, grab.port, end), grab)
        return encode(grab), status, flight.target

    def repeated(self, flight: Flight, end: End, now: float) -> Row | None:
        target = flight.target
        known = self._greetings.get((flight.data, target.port, end))
        total = now - flight.began
        if not known or flight.connect is not None or not _fits(flight, total):
            return None
        assert flight.first is not None
        ip = target.host.encode()
        moment = self._moment(flight)
        line = known % (moment, ip, ip, int(flight.first * 1e6), int(total * 1e6))
        return line, Status.BANNER, target

    def told(self, flight: Flight, grab: Grab) -> Row:
        talk = flight.talk
        if talk is not None and talk.brief and grab.banner and len(talk.wire.received) <= LONGEST:
            self._answers.learn((bytes(talk.wire.received), grab.port, talk.step.probe.name), grab)
        return encode(grab), grab.status, flight.target

    def answered(self, flight: Flight, data: bytes, now: float) -> Row | None:
        if len(data) > LONGEST:
            return None
        target = flight.target
        assert flight.step is not None
        known = self._answers.get((data, target.port, flight.step.probe.name))
        total = now - flight.began
        if not known or flight.connect is None or not _fits(flight, total):
            return None
        assert flight.first is not None
        ip = target.host.encode()
        moment = self._moment(flight)
        times = int(flight.connect * 1e6), int(flight.first * 1e6), int(total * 1e6)
        return known % (moment, ip, ip, *times), Status.BANNER, target

    def _moment(self, flight: Flight) -> bytes:
        if flight.began != self._began:  # those that were started together share it
            self._began = flight.began
            self._time = timestamp(flight.began + self._clock).encode()
        return self._time


def _fits(flight: Flight, total: float) -> bool:
    """Whether the record of `flight` has the fields of a pattern, and no others."""
    host, tag = flight.target.host, flight.target.tag
    return total < 1 and flight.first is not None and flight.dns is None and tag is None and "%" not in host


class _Patterns(dict[K, bytes]):
    """Patterns of records, by what was heard more than once."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self._once: set[int] = set()
        """The hashes of what was heard once. The keys themselves would push what is needed out of the caches; two
        of the same hash make a pattern that is needed but once."""

    def learn(self, key: K, grab: Grab) -> None:
        """What comes a second time may come often: then its pattern is made."""
        number, once = hash(key), self._once
        if number not in once:
            if len(once) >= self._most:
                once.clear()
            once.add(number)
        elif key not in self:
            if len(self) >= self._most:
                self.clear()
            self[key] = pattern(grab)


_NOTHING = Reading(None)
_CONNECTED = frozenset({Status.BANNER, Status.SILENT, Status.CLOSED, Status.RESET})
