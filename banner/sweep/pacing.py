"""How fast, and how many at once: a token bucket, and ceilings for one address and one network.

Pure: `now` (seconds on any clock that never runs backwards) is an argument. The bucket keeps one number,
the moment at which it will be full again (the virtual scheduling form of GCRA, ITU-T I.371). A target that
a ceiling holds back waits in a queue under the address or network that blocks it, and is handed out when
that is released: no other target waits behind it, and nothing is searched. Without ceilings a scan holds no
`Waiting`.
"""

from __future__ import annotations

from collections import deque
from typing import Final, Generic, TypeVar

from ..addresses.blocks import format_address, parse_address

T = TypeVar("T")

BURST: Final = 0.015
"""Seconds of the rate that may go at once. A window of one second then carries at most 1.5 % more than the
rate, and a driver that wakes up every 10 ms, and 5 ms late, still spends all that it was given."""
LEAST_BURST: Final = 1.9
"""Tokens: less than two, so that a second never holds more than one above a low rate (nor would it with a
burst of 1, its first and last moment included), yet a driver that wakes up late is given its next turn
earlier."""

_ROUNDING: Final = 1e-7  # seconds: whoever waits exactly as long as `take` said must not find 1e-16 s missing


class TokenBucket:
    """At most `rate` tokens a second, and `burst` of them at once."""

    __slots__ = ("_full_at", "_room", "_step", "burst", "rate")

    def __init__(self, rate: float, burst: float | None = None) -> None:
        """`rate` is in tokens a second; `burst` is at least 1 and by default what `BURST` seconds
        bring, or `LEAST_BURST`."""
        if not 0 < rate < float("inf"):
            raise ValueError(f"a rate is a number above 0, not {rate}")
        if burst is not None and not burst >= 1:
            raise ValueError(f"a burst is a number of at least 1, not {burst}")
        self.rate: float = rate
        self.burst: float = max(LEAST_BURST, rate * BURST) if burst is None else burst
        self._step = 1 / rate
        self._room = (self.burst - 1) / rate  # how far from full the bucket may be and still hold one token
        self._full_at = float("-inf")

    def take(self, now: float, n: int = 1) -> float:
        """Take `n` tokens and return 0, or take none and return the seconds until it is worth asking again.

        A bucket that holds one token gives all `n` and is in debt for the rest: what follows waits for it.
        """
        wait = self._full_at - now - self._room
        if wait > _ROUNDING:
            return wait
        self._full_at = max(self._full_at, now) + n * self._step
        return 0.0

    def owe(self, n: int, now: float) -> None:
        """Take `n` tokens at `now`, there or not: what follows waits for them."""
        self._full_at = max(self._full_at, now) + n * self._step

    def available(self, now: float) -> int:
        """How many tokens are there; taking that many leaves no debt."""
        missing = max(0.0, self._full_at - now) * self.rate
        return max(0, int(self.burst - missing + _ROUNDING * self.rate))


class Ceilings:
    """How many connections may be open at once to one address, and to one network (/24, or /64 in IPv6)."""

    __slots__ = ("_hosts", "_nets", "per_host", "per_net")

    def __init__(self, per_host: int | None = None, per_net: int | None = None) -> None:
        """None sets no ceiling."""
        for ceiling in (per_host, per_net):
            if ceiling is not None and ceiling < 1:
                raise ValueError(f"a ceiling is at least 1, not {ceiling}")
        self.per_host: int | None = per_host
        self.per_net: int | None = per_net
        self._hosts: dict[str, int] = {}
        self._nets: dict[str, int] = {}

    def try_acquire(self, ip: str) -> bool:
        """Count one more connection to `ip`, or return False, counting nothing, where a ceiling is
        reached."""
        return self.acquire(ip) is None

    def acquire(self, ip: str) -> str | None:
        """As `try_acquire`, but return None, or the key (see `keys`) whose ceiling is reached."""
        host, net = self.keys(ip)
        if self.per_host is not None and self._hosts.get(host, 0) >= self.per_host:
            return host
        if self.per_net is not None:
            if self._nets.get(net, 0) >= self.per_net:
                return net
            self._nets[net] = self._nets.get(net, 0) + 1
        if self.per_host is not None:
            self._hosts[host] = self._hosts.get(host, 0) + 1
        return None

    def release(self, ip: str) -> None:
        """A connection to `ip` that had been acquired is closed."""
        host, net = self.keys(ip)
        if self.per_host is not None:
            _decrease(self._hosts, host)
        if self.per_net is not None:
            _decrease(self._nets, net)

    def keys(self, ip: str) -> tuple[str, str]:
        """The names under which the address and its network are counted; the second ends in ``/24`` or
        ``/64``."""
        if ":" not in ip:
            return ip, (ip[: ip.rfind(".")] + "/24" if self.per_net is not None else "")
        number = parse_address(ip.partition("%")[0])
        if number >> 32 == 0xFFFF:
            return self.keys(format_address(number))
        return ip, (f"{number >> 64:x}/64" if self.per_net is not None else "")


def _decrease(counts: dict[str, int], key: str) -> None:
    if counts[key] == 1:
        del counts[key]  # what nobody is connected to costs no memory
    else:
        counts[key] -= 1


class Waiting(Generic[T]):
    """Targets that `Ceilings` hold back, each under the key that blocks it.

    `offer` each; start those for which it says True. When one is done, `release` its address and start what
    that returns. Stop offering while `full`: so the memory is bounded, whatever the targets are. Everything
    is O(1), over many calls: each release moves at most one target from an address's queue to a network's.
    """

    __slots__ = ("_count", "_most", "_queues", "ceilings")

    def __init__(self, ceilings: Ceilings, most: int = 10_000) -> None:
        """`most` targets are held back at most before `full` is True."""
        self.ceilings: Ceilings = ceilings
        self._most = most
        self._queues: dict[str, deque[tuple[str, T]]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def full(self) -> bool:
        """Whether no more should be offered until something is released."""
        return self._count >= self._most

    def offer(self, ip: str, item: T) -> bool:
        """True where a connection to `ip` may be opened (and is counted); otherwise `item` is kept."""
        if (key := self.ceilings.acquire(ip)) is None:
            return True
        self._park(key, ip, item)
        return False

    def release(self, ip: str) -> tuple[str, T] | None:
        """A connection to `ip` is closed. Returns an address and item that may go now (and are counted)."""
        self.ceilings.release(ip)
        for key in self.ceilings.keys(ip):
            while queue := self._queues.get(key):
                waiting = queue.popleft()
                self._count -= 1
                if not queue:
                    del self._queues[key]
                if (other := self.ceilings.acquire(waiting[0])) is None:
                    return waiting
                self._park(other, *waiting)  # its network has room, its address has not
        return None

    def drain(self) -> list[tuple[str, T]]:
        """Everything that still waits, taken out: for a scan that ends early."""
        left = [waiting for queue in self._queues.values() for waiting in queue]
        self._queues.clear()
        self._count = 0
        return left

    def _park(self, key: str, ip: str, item: T) -> None:
        self._queues.setdefault(key, deque()).append((ip, item))
        self._count += 1
