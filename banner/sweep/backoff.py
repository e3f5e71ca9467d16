"""When to leave a host in peace: waits after it turned away what it had answered before, and a queue by time.

A port that refuses is a closed port and no reason to wait. A port that answered and now refuses, resets, closes or
leaves a connection unanswered says that we ask too much: sshd drops connections beyond MaxStartups (10:30:100,
sshd_config(5)), fail2ban and its kind drop everything. After a wait one connection goes ahead, the others follow when
it is answered; else the wait doubles. After `STRIKES` waits in vain that is how the host is: it is believed and
forgotten, so no host costs a scan more than half a minute. Pure: `now` is an argument.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count
from typing import Final, Generic, TypeVar

from ..models import Status

T = TypeVar("T")

FIRST: Final = 1.0
"""Seconds of the first wait: longer than a greeting and a hello hold a place among those who have not logged in."""
STRIKES: Final = 5
"""Waits in a row: 1, 2, 4, 8 and 16 s. A burst of others is over by then, and a ban outlasts every scan."""
HOSTS: Final = 16_384
"""Hosts that answered and are remembered at least, and half of them at most: 2 MB. In a shuffled scan of more hosts
one is met again rarely, and then not by a crowd."""
PORTS: Final = 16
"""Ports remembered of one host: a host with more that answer is rarely one that counts connections."""

ANSWERED: Final = frozenset({Status.BANNER, Status.SILENT, Status.TLS_ERROR})
"""What only a host gives that lets us in."""
BUSY: Final = frozenset({b"Exceeded MaxStartups\r\n", b"Not allowed at this time\r\n"})
"""What sshd says to those beyond MaxStartups: that of Debian 12 (9.2), and from 9.8 on (then also by
PerSourcePenalties). A server with these words is there, and answers those who come later."""
AGAIN: Final = 5
"""How often such a server is asked again for one target."""

_RESET: Final = Status.RESET
_AT_ITS_PORT: Final = frozenset({Status.REFUSED, Status.CLOSED, Status.TIMEOUT, Status.UNREACHABLE})


class Backoff:
    """How long nothing should be sent to an address, by what its ports answered."""

    __slots__ = ("_first", "_longest", "_most", "_old", "_strikes", "_young", "struck")

    def __init__(self, first: float = FIRST, strikes: int = STRIKES, hosts: int = HOSTS) -> None:
        """The wait begins with `first` seconds and doubles, `strikes` times in a row; about `hosts` are remembered."""
        if not 0 < first < float("inf") or strikes < 1 or hosts < 1:
            raise ValueError("a back-off needs some seconds, and at least one strike and one host")
        self._first = first
        self._strikes = strikes
        self._longest = first * 2.0 ** (strikes - 1)
        self._most = hosts
        # The port that answered, or several, by address; in two generations, a full one becomes the old one. To
        # take the oldest out of one dict each time costs several times as much.
        self._young: dict[str, _Ports] = {}
        self._old: dict[str, _Ports] = {}
        self.struck: dict[str, _Struck] = {}
        """The addresses that turned us away lately; while it is empty nobody has to wait."""

    def answered(self, ip: str, port: int) -> None:
        """Something was heard at `port` of `ip`, be it silence."""
        known = self._young.setdefault(ip, port)
        if known != port:
            self._young[ip] = _with(known, port)
        elif len(self._young) > self._most:
            self._young, self._old = {ip: port}, self._young
        if self.struck:
            self.struck.pop(ip, None)

    def turned_away(self, ip: str, port: int, status: Status, now: float) -> bool:
        """`ip` gave `status`, none of `ANSWERED`, at `port`. Returns whether it turned us away, having answered before.

        A reset counts at every port of a host that answered somewhere, the rest at a port that answered itself.
        """
        young, old = self._young.get(ip), self._old.get(ip)
        if young is None and old is None and ip not in self.struck:
            return False
        if status is not _RESET:
            ports = (young, old, self.struck[ip].port if ip in self.struck else None)
            if status not in _AT_ITS_PORT or not any(_has(known, port) for known in ports):
                return False
        self._strike(ip, port, now)
        return True

    def busy(self, ip: str, port: int, now: float) -> bool:
        """`port` of `ip` said that it has no room, in one of the words of `BUSY`. Returns whether it may have later."""
        self._young.setdefault(ip, port)
        self._strike(ip, port, now)
        return ip in self.struck

    def wait(self, ip: str, now: float) -> float:
        """Seconds until something may be sent to `ip`, or 0 for now: then what is sent goes ahead of all others."""
        if (struck := self.struck.get(ip)) is None:
            return 0.0
        if struck.until > now:
            return struck.until - now
        struck.until = now + self._first
        struck.tried = True
        return 0.0

    def calm(self, now: float) -> bool:
        """Whether nobody has to wait. Hosts whose wait is long over are struck no more."""
        struck = self.struck
        while struck:
            ip = next(iter(struck))
            if struck[ip].until + self._longest > now and len(struck) <= self._most:
                return False
            del struck[ip]
        return True

    def __len__(self) -> int:
        """How many hosts are remembered."""
        return len(self._young) + len(self._old)

    def _strike(self, ip: str, port: int, now: float) -> None:
        """It turned one away: one of a crowd that was under way at the same time, or one that went after a wait."""
        struck = self.struck.pop(ip, None) or _Struck()
        struck.port = port
        if struck.strikes and not struck.tried:
            self.struck[ip] = struck
        elif struck.strikes == self._strikes:
            self._young.pop(ip, None)
            self._old.pop(ip, None)
        else:
            struck.until = now + self._first * 2.0**struck.strikes
            struck.strikes += 1
            struck.tried = False
            self.struck[ip] = struck


class _Struck:
    __slots__ = ("port", "strikes", "tried", "until")

    def __init__(self) -> None:
        self.port = 0
        """The last that turned us away: known, however long ago it answered."""
        self.strikes = 0
        self.until = 0.0
        self.tried = False
        """Somebody went ahead since the last strike."""


_Ports = int | tuple[int, ...]


def _has(ports: _Ports | None, port: int) -> bool:
    return ports == port if ports is None or isinstance(ports, int) else port in ports


def _with(ports: _Ports, port: int) -> _Ports:
    several = (ports,) if isinstance(ports, int) else ports
    return several if port in several else (port, *several[: PORTS - 1])


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
