"""What the sweep's reader wants of each target: a grab, or at once its encoded record.

Where records are only written down, no grab is made of most: those of a greeting that was seen before are filled into
a pattern.
"""

from __future__ import annotations

import time
from collections.abc import Hashable
from typing import Final, Protocol, TypeVar

from ..formats.record import encode, pattern, timestamp, told
from ..models import End, Grab, Service, Status, Timings
from ..plan.greeting import Reading
from ..plan.planner import Planner
from ..visit.findings import in_microseconds
from .attempts import Attempt
from .results import Row

T_co = TypeVar("T_co", covariant=True)
K = TypeVar("K", bound=Hashable)

GREETINGS: Final = 4096
"""Greetings remembered at a time; at 1.2 kB each, networks rarely have more that repeat themselves."""
ANSWERS: Final = 1024
"""Answers to hellos remembered at a time."""
LONGEST: Final = 4096
"""Bytes of such an answer: a device's first page. Longer ones say the time, or who asks."""


class Outcomes(Protocol[T_co]):
    """Makes what the reader of a scan wants."""

    def of(
        self, attempt: Attempt, status: Status, now: float, end: End | None = None, error: str | None = None
    ) -> T_co:
        """The outcome of `attempt`, which ended at `now`."""

    def repeated(self, attempt: Attempt, end: End, now: float) -> T_co | None:
        """The same, if `attempt` heard what an earlier one had heard that ended alike; else None."""

    def told(self, attempt: Attempt, grab: Grab) -> T_co:
        """The outcome of `attempt`, which is `grab`."""

    def settled(self, attempt: Attempt, service: Service, banner: bytes, end: End, now: float) -> T_co:
        """The outcome of `attempt`, in whose first dialogue `service` was recognised, by its answer `banner`."""

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
            _timings(attempt, now),
            reading.details(),
            error,
            received=len(attempt.data),
            transport=target.transport,
        )

    def repeated(self, attempt: Attempt, end: End, now: float) -> Grab | None:
        return None

    def told(self, attempt: Attempt, grab: Grab) -> Grab:
        return grab

    def settled(self, attempt: Attempt, service: Service, banner: bytes, end: End, now: float) -> Grab:
        target, talk, traffic = attempt.target, attempt.talk, attempt.traffic
        assert talk is not None
        assert traffic is not None
        return Grab(
            int((attempt.began + self._clock) * 1e3) / 1e3,
            target.host,
            target.port,
            _BANNER,
            attempt.ip,
            target.tag,
            end,
            banner,
            talk.name,
            1,
            service,
            None,
            _timings(attempt, now),
            talk.wire.details,
            None,
            tuple(traffic.said),
            traffic.sent,
            traffic.received,
        )

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
        assert attempt.first is not None
        reading = self._planner.reading_once(data, target.port)
        times = Timings(None, None, None, int(attempt.first * 1e6) / 1e6, int(total * 1e6) / 1e6)
        moment, probe = self._moment(attempt).decode(), reading.probe or "listen"
        return told(
            moment, target.host, target.port, target.host, None, end, data, probe, (), 0, len(data),
            reading.service, times, reading.told,
        )  # fmt: skip

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
        return encode(grab), grab.status, attempt.target

    def settled(self, attempt: Attempt, service: Service, banner: bytes, end: End, now: float) -> Row:
        target, talk, traffic = attempt.target, attempt.talk, attempt.traffic
        assert talk is not None
        assert traffic is not None
        if talk.brief and len(talk.wire.received) <= LONGEST:
            key = bytes(talk.wire.received), target.port, talk.name
            if self._answers.met(key):
                self._answers.keep(key, self._grabs.settled(attempt, service, banner, end, now))
        moment, times = self._moment(attempt).decode(), _timings(attempt, now)
        line = told(
            moment, target.host, target.port, attempt.ip, target.tag, end, banner, talk.name,
            tuple(traffic.said), traffic.sent, traffic.received, service, times, talk.wire.details,
        )  # fmt: skip
        return line, _BANNER, target

    def answered(self, attempt: Attempt, data: bytes, now: float) -> Row | None:
        if len(data) > LONGEST:
            return None
        target = attempt.target
        assert attempt.talk is not None
        known = self._answers.get((data, target.port, attempt.talk.name))
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


def _timings(attempt: Attempt, now: float) -> Timings:
    """How long each phase took, of a visit that ended at `now`."""
    dns, connect, first = attempt.dns, attempt.connect, attempt.first
    # As `in_microseconds`, without its calls.
    return Timings(
        None if dns is None else in_microseconds(dns),
        None if connect is None else int(connect * 1e6) / 1e6,
        None,
        None if first is None else int(first * 1e6) / 1e6,
        int((now - attempt.began) * 1e6) / 1e6,
    )


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
