"""The sweep's targets under way, and what becomes of each: a grab, or at once its encoded record.

Thousands of attempts begin every second, so one has as attributes of its own only what differs from the rest. Where
records are only written down, those of a greeting that was seen before are filled into a pattern: no grab is made.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from ..formats.record import encode, heard, pattern, timestamp
from ..models import End, Grab, Status, Timings
from ..plan.conversation import Conversation
from ..plan.greeting import Reading
from ..plan.planner import Planner
from ..plan.steps import Hold, Plan, Step
from ..visit.findings import in_microseconds
from ..visit.traffic import Traffic
from .job import Job
from .results import Row
from .states import State

if TYPE_CHECKING:
    from ..tls.session import Session
    from ..visit.visit import Visit
    from .handshakes import Handshake
    from .inquiry import Inquiry

T_co = TypeVar("T_co", covariant=True)
K = TypeVar("K", bound=Hashable)

GREETINGS: Final = 4096
"""Greetings remembered at a time; at 1.2 kB each, networks rarely have more that repeat themselves."""
ANSWERS: Final = 1024
"""Answers to hellos remembered at a time."""
LONGEST: Final = 4096
"""Bytes of such an answer: a device's first page. Longer ones say the time, or who asks."""


class Attempt(Job):
    """One target's socket under way."""

    state = State.IDLE
    queue: dict[Attempt, None]
    """Where it waits (`Phases`)."""
    fd = -1
    """Its connection's descriptor."""
    tries = 0
    data = b""
    patience: float | None = None
    """Seconds until somebody speaks to a silent peer; None where nobody does."""
    step: Hold | None = None
    """The hello with which it begins, where the peer waits for one."""
    talk: Conversation | None = None
    handshake: Handshake | None = None
    """TLS's that is under way."""
    session: Session | None = None
    """What its connection is inside of."""
    plan: Progress | None = None
    """Its plan under way, where one step did not tell enough."""
    connect: float | None = None
    first: float | None = None
    until: float = 0.0
    """The present phase's deadline: of connecting, then of reading."""
    quiet: float = 0.0
    """When a pause will have been long enough."""
    opened: float = 0.0
    """When its connection was begun (monotonic seconds)."""
    sock: socket.SocketType
    address: Any
    inquiry: Inquiry | None = None
    """What is asked of it over UDP; then it has no connection."""
    broken = False
    """Saying something met the reset: of that a socket tells but once, and reading would only find an end."""
    traffic: Traffic | None = None
    """What was said and heard, once somebody spoke; a listener's is his data."""

    @property
    def ending(self) -> End:
        """How reading has ended where it brought nothing: inside TLS the session knows."""
        if self.session is None or self.session.end is None:
            return End.RESET if self.broken else End.EOF
        return self.session.end


def _name_attributes() -> None:
    """Have all attempts share the names of their attributes.

    CPython keeps the values alone in an object, and the names once for a class (PEP 412), if it has met them in the
    first few objects; one that differs takes a dictionary, 240 bytes more and 1 us.
    """
    first = Attempt.__new__(Attempt)
    names = "target addresses began counted state fd opened until queue sock address connect first data"
    for name in f"{names} step patience talk traffic plan handshake session tries quiet broken".split():
        setattr(first, name, None)


_name_attributes()


class Progress:
    """How far an attempt has come in its plan."""

    __slots__ = ("plan", "since", "step", "visit")

    def __init__(self, plan: Plan, visit: Visit) -> None:
        self.plan: Plan = plan
        self.visit: Visit = visit
        self.step: Step | None = None
        """The step that is taken now."""
        self.since: float | None = None
        """When it began (monotonic seconds), on a connection that was open; None on a fresh one."""


class Outcomes(Protocol[T_co]):
    """Makes what the reader of a scan wants."""

    def of(
        self, attempt: Attempt, status: Status, now: float, end: End | None = None, error: str | None = None
    ) -> T_co:
        """The outcome of `attempt`, which ended at `now`."""

    def repeated(self, attempt: Attempt, end: End, now: float) -> T_co | None:
        """The same, if `attempt` heard what an earlier one had heard that ended alike; else None."""

    def told(self, attempt: Attempt, grab: Grab) -> T_co:
        """The outcome of `attempt`, whose dialogue brought `grab`."""

    def answered(self, attempt: Attempt, data: bytes, now: float) -> T_co | None:
        """The same, if `data`, which came first, is all of an answer that ended an earlier dialogue; else None."""


class Grabs:
    """Makes grabs."""

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self._clock = time.time() - time.monotonic()

    def of(
        self, attempt: Attempt, status: Status, now: float, end: End | None = None, error: str | None = None
    ) -> Grab:
        target = attempt.target
        connected = status in _CONNECTED
        reading = self._planner.reading(attempt.data, target.port) if attempt.data else _NOTHING
        return Grab(
            int((attempt.began + self._clock) * 1e3) / 1e3,
            target.host,
            target.port,
            status,
            attempt.ip if attempt.addresses else None,
            target.tag,
            end,
            attempt.data,
            (reading.probe or "listen") if connected else None,
            1 if connected else 0,
            reading.service,
            None,
            Timings(
                in_microseconds(attempt.dns),
                in_microseconds(attempt.connect),
                None,
                in_microseconds(attempt.first),
                in_microseconds(now - attempt.began),
            ),
            reading.details(),
            error,
            received=len(attempt.data),
            transport=target.transport,
        )

    def repeated(self, attempt: Attempt, end: End, now: float) -> Grab | None:
        return None

    def told(self, attempt: Attempt, grab: Grab) -> Grab:
        return grab

    def answered(self, attempt: Attempt, data: bytes, now: float) -> Grab | None:
        return None


class Rows:
    """Makes encoded records."""

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self._grabs = Grabs(planner)
        self._clock = time.time() - time.monotonic()
        self._greetings = _Patterns[tuple[bytes, int, End]](GREETINGS)
        self._answers = _Patterns[tuple[bytes, int, str]](ANSWERS)
        self._began = 0.0
        self._time = b""

    def of(
        self, attempt: Attempt, status: Status, now: float, end: End | None = None, error: str | None = None
    ) -> Row:
        if end is None or not attempt.data:
            return encode(self._grabs.of(attempt, status, now, end, error)), status, attempt.target
        key, total = (attempt.data, attempt.target.port, end), now - attempt.began
        again = self._greetings.met(key)
        if not again and attempt.connect is None and _fits(attempt, total):
            return self._heard(attempt, end, total), status, attempt.target
        grab = self._grabs.of(attempt, status, now, end, error)
        if again:
            self._greetings.keep(key, grab)
        return encode(grab), status, attempt.target

    def _heard(self, attempt: Attempt, end: End, total: float) -> bytes:
        """The record of a greeting that may never come again: no grab is made of it."""
        target, data = attempt.target, attempt.data
        reading = self._planner.reading(data, target.port)
        times = Timings(None, None, None, in_microseconds(attempt.first), in_microseconds(total))
        moment, probe = self._moment(attempt).decode(), reading.probe or "listen"
        return heard(moment, target.host, target.port, end, data, probe, reading.service, reading.told, times)

    def repeated(self, attempt: Attempt, end: End, now: float) -> Row | None:
        target = attempt.target
        known = self._greetings.get((attempt.data, target.port, end))
        total = now - attempt.began
        if not known or attempt.connect is not None or not _fits(attempt, total):
            return None
        assert attempt.first is not None
        ip = target.host.encode()
        moment = self._moment(attempt)
        line = known % (moment, ip, ip, int(attempt.first * 1e6), int(total * 1e6))
        return line, _BANNER, target

    def told(self, attempt: Attempt, grab: Grab) -> Row:
        talk = attempt.talk
        if talk is not None and talk.brief and grab.banner and len(talk.wire.received) <= LONGEST:
            key = bytes(talk.wire.received), grab.port, talk.step.probe.name
            if self._answers.met(key):
                self._answers.keep(key, grab)
        return encode(grab), grab.status, attempt.target

    def answered(self, attempt: Attempt, data: bytes, now: float) -> Row | None:
        if len(data) > LONGEST:
            return None
        target = attempt.target
        assert attempt.step is not None
        known = self._answers.get((data, target.port, attempt.step.probe.name))
        total = now - attempt.began
        if not known or attempt.connect is None or not _fits(attempt, total):
            return None
        assert attempt.first is not None
        ip = target.host.encode()
        moment = self._moment(attempt)
        assert attempt.traffic is not None
        times = int(attempt.connect * 1e6), int(attempt.first * 1e6), int(total * 1e6)
        return known % (moment, ip, ip, attempt.traffic.sent, *times), _BANNER, target

    def _moment(self, attempt: Attempt) -> bytes:
        if attempt.began != self._began:  # those that were started together share it
            self._began = attempt.began
            self._time = timestamp(attempt.began + self._clock).encode()
        return self._time


def _fits(attempt: Attempt, total: float) -> bool:
    """Whether the record of `attempt` has the fields of a pattern, and no others."""
    target = attempt.target
    if total >= 1 or attempt.first is None or attempt.dns is not None:
        return False
    return target.tag is None and target.ip is None and "%" not in target.host


class _Patterns(dict[K, bytes]):
    """Patterns of records, by what was heard more than once."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self._once: set[int] = set()
        """The hashes of what was heard once. The keys themselves would push what is needed out of the caches; two
        of the same hash make a pattern that is needed but once."""

    def met(self, key: K) -> bool:
        """Whether `key` comes a second time, and so may come often."""
        number, once = hash(key), self._once
        if number in once:
            return True
        if len(once) >= self._most:
            once.clear()
        once.add(number)
        return False

    def keep(self, key: K, grab: Grab) -> None:
        """Make the pattern of `grab`, where there is none."""
        if key not in self:
            if len(self) >= self._most:
                self.clear()
            self[key] = pattern(grab)


_BANNER = Status.BANNER
_NOTHING = Reading(None)
_CONNECTED = frozenset({Status.BANNER, Status.SILENT, Status.CLOSED, Status.RESET})
