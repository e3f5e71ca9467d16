"""The targets that lists name: made by the million, of addresses that were checked when the list was read."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from msgspec.structs import force_setattr

from ..addresses.ports import UDP
from ..models import Target, Transport

ANYWHERE: Final = "0.0.0.0"
_copy = Target.__copy__  # type: ignore[attr-defined]  # msgspec has it, and its stubs do not


def target_at(host: str, port: int, tag: str | None = None, ip: str | None = None) -> Target:
    """The target at a port as lists hold it."""
    if port < UDP:
        return Target(host, port, tag, ip)
    return Target(host, port - UDP, tag, ip, Transport.UDP)


@lru_cache(1024)
def place_at(port: int) -> Target:
    """A target at a port as lists hold it, for `at_address` to lead elsewhere."""
    return target_at(ANYWHERE, port)


def at_address(place: Target, address: str) -> Target:
    """`place` at `address`, which is known to be one: it was checked where the list was read. A third of the time."""
    target: Target = _copy(place)
    force_setattr(target, "host", address)
    return target
