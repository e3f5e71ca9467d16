"""When to leave a host in peace: waits after it turned away what it had answered before, and a queue by time.

A port that refuses is a closed port and no reason to wait. A port that answered and now refuses, resets, closes or
leaves a connection unanswered says that we ask too much: sshd drops connections beyond MaxStartups (10:30:100,
sshd_config(5)), fail2ban and its kind drop everything. Each such event doubles the wait, an answer ends it. Pure:
`now` is an argument. Only hosts that answered are remembered, the latest of them.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count
from typing import Final, Generic, TypeVar

from .models import Status

T = TypeVar("T")

_ANSWERED: Final = frozenset({Status.BANNER, Status.SILENT, Status.TLS_ERROR})
_TURNED_AWAY: Final = frozenset(
    {Status.REFUSED, Status.RESET, Status.CLOSED, Status.TIMEOUT, Status.UNREACHABLE}
)
_PORTS: Final = 16
"""Ports remembered of one host: a host with more that answer is rarely one that counts connections."""


class Backoff:
    """How long nothing should be sent to an address, by what its ports answered."""

    __slots__ = ("_first", "_hosts", "_longest", "_most")

    def __init__(self, first: float = 1.0, longest: float = 60.0, hosts: int = 16_384) -> None:
        """The wait begins with `first` seconds and doubles up to `longest`; `hosts` are remembered at most.

        A second is longer than a greeting and a hello hold a place among those who have not logged in; after a minute
        a burst of others is over too, and a ban outlasts every scan.
        """
        if not 0 < first <= longest or hosts < 1:
            raise ValueError("a back-off needs 0 < first <= longest seconds and room for one host")
        self._first = first
        self._longest = longest
        self._most = hosts
        self._hosts: dict[str, _Host] = {}

    def note(self, ip: str, port: int, status: Status, now: float) -> float:
        """`ip` gave `status` at `port`. Returns the seconds to leave it in peace; 0 where all is well.

        A reset counts at every port of a host that answered somewhere, the rest at a port that answered itself.
        """
        host = self._hosts.get(ip)
        if status in _ANSWERED:
            self._answered(ip, port, host)
        elif host is not None and status in _TURNED_AWAY and (port in host.ports or status is Status.RESET):
            wait = min(self._longest, self._first * 2.0 ** min(host.strikes, 30))
            host.strikes += 1
            host.until = max(host.until, now + wait)
            return wait
        return 0.0

    def wait(self, ip: str, now: float) -> float:
        """Seconds until something may be sent to `ip`; 0 for now."""
        host = self._hosts.get(ip)
        return 0.0 if host is None else max(0.0, host.until - now)

    def __len__(self) -> int:
        """How many hosts are remembered."""
        return len(self._hosts)

    def _answered(self, ip: str, port: int, host: _Host | None) -> None:
        if host is None:
            if len(self._hosts) >= self._most:
                del self._hosts[
                    next(iter(self._hosts))
                ]  # dicts keep their order: the first answered longest ago
            host = _Host()
        else:
            del self._hosts[ip]
        self._hosts[ip] = host
        host.strikes, host.until = 0, 0.0
        if port not in host.ports:
            host.ports = (port, *host.ports[: _PORTS - 1])


class _Host:
    __slots__ = ("ports", "strikes", "until")

    def __init__(self) -> None:
        self.ports: tuple[int, ...] = ()
        self.strikes = 0
        self.until = 0.0


class Postponed(Generic[T]):
    """What is to be done later, in the order of time; what is due at one moment, in the order of `put`."""

    __slots__ = ("_heap", "_turn")

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, T]] = []
        self._turn = count()

    def __len__(self) -> int:
        return len(self._heap)

    def put(self, due: float, item: T) -> None:
        """Keep `item` until `due`."""
        heappush(self._heap, (due, next(self._turn), item))

    def pop(self, now: float) -> T | None:
        """The item that is due first, taken out; None where none is due yet."""
        return heappop(self._heap)[2] if self._heap and self._heap[0][0] <= now else None

    def next_due(self) -> float | None:
        """When `pop` will give something; None where nothing is kept."""
        return self._heap[0][0] if self._heap else None

    def drain(self) -> list[T]:
        """Everything that is kept, taken out, in order: for a scan that ends early."""
        items = [item for _, _, item in sorted(self._heap, key=lambda entry: entry[:2])]
        self._heap.clear()
        return items
