"""Which silence may be a refusal that was not sent: hosts say "port unreachable" to one peer about once a second.

Linux allows six at once and then one a second (icmp_ratelimit, ip(7); RFC 1812, section 4.3.2.8, asks for such a
bound), so of twenty closed ports that are asked at once six are told. Whoever was silent while a host's allowance was
used up is asked once more, one a second. Pure: times are arguments, in seconds.
"""

from __future__ import annotations

from typing import Final

BURST: Final = 6.0
"""Refusals that a host sends at once (XRLIM_BURST_FACTOR in net/ipv4/inetpeer.c)."""
PACE: Final = 1.05
"""Seconds from one to the next, and a little: its clock has ticks of 10 ms at most."""
MOST: Final = 30
"""Ports of one host that are asked once more: no host costs a scan more than half a minute."""
HOSTS: Final = 16384
"""Hosts remembered, in each of two generations."""
_LOOPBACK: Final = ("127.", "::ffff:127.", "::ffff:7f")
_ITSELF: Final = frozenset({"0.0.0.0", "::", "::1"})
"""No address is this machine, as loopback is (ip(7))."""


class _Host:
    __slots__ = ("allowance", "asked", "last", "turn", "used_up")

    def __init__(self, now: float) -> None:
        self.allowance, self.last = BURST, now
        self.used_up = float("-inf")
        """Until when it had none left."""
        self.turn, self.asked = now, 0


class Refusals:
    """How many each host has sent of late."""

    __slots__ = ("_old", "_young")

    def __init__(self) -> None:
        self._young: dict[str, _Host] = {}
        self._old: dict[str, _Host] = {}

    def refused(self, ip: str, now: float) -> None:
        """A port of `ip` refused."""
        if ip.startswith(_LOOPBACK) or ip.partition("%")[0] in _ITSELF:
            return  # to itself a machine says everything
        host = self._young.get(ip) or self._old.get(ip) or _Host(now)
        if ip not in self._young:
            if len(self._young) >= HOSTS:
                self._young, self._old = {}, self._young
            self._young[ip] = host
        host.allowance = min(BURST, host.allowance + (now - host.last) / PACE) - 1
        host.last = now
        if host.allowance < 1:
            host.used_up = now + (1 - host.allowance) * PACE

    def doubtful(self, ip: str, asked: float) -> bool:
        """Whether the silence of a port of `ip` that was `asked` then may be a refusal that was not sent."""
        host = self._young.get(ip) or self._old.get(ip)
        return host is not None and host.used_up >= asked

    def turn(self, ip: str, now: float) -> float | None:
        """Seconds until a doubtful port of `ip` is asked once more; None where too many were."""
        host = self._young.get(ip) or self._old.get(ip)
        if host is None or host.asked >= MOST:
            return None
        host.asked += 1
        at = max(now, host.turn, host.used_up)
        host.turn = at + PACE
        return at - now
