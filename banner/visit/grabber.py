"""grab(): one target, one deadline, one true record, over asyncio's streams.

What the network does becomes a `Grab`; only a caller's mistake raises, and cancellation passes through with
the socket closed. The deadline is absolute and covers names, connections and conversations; the phases lie
inside it. Dialogues (``dialogue.py``) say what to send and wait for: here they get bytes and time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..addresses.socket_address import literal
from ..models import Grab, Manners, Mode, Policy, Settings, Target, Timeouts
from .resolver import Resolver
from .visit import Visit

if TYPE_CHECKING:
    from ..recognition.identify import Rules


async def grab(
    host: str,
    port: int,
    *,
    timeouts: Timeouts = Timeouts(),  # noqa: B008 - frozen
    limit: int = 1024,
    mode: Mode | str = Mode.LIGHT,
    policy: Policy | None = None,
    manners: Manners = Manners(),  # noqa: B008 - frozen
    tag: str | None = None,
    rules: Rules | None = None,
    resolver: Resolver | None = None,
) -> Grab:
    """Visit one host and port, and say what came of it.

    `host` is a name or an IP address; a name's addresses are tried in the order of RFC 6724 until one
    accepts. At most `limit` bytes of the greeting are kept. Returns a `Grab` for whatever the network
    does; raises `ValueError` for a port outside 1-65535 and other mistakes of the caller. When the task is
    cancelled, the socket is closed before `CancelledError` leaves.
    """
    settings = Settings(
        timeouts=timeouts, limit=limit, mode=Mode(mode), policy=policy, manners=manners, rules=rules
    )
    target = Target(host, check_port(port), tag)
    if not host or len(host) > 255 or any(c.isspace() or c == "\0" for c in host):
        raise ValueError(f"not a host: {host!r}")
    if resolver is not None or literal(host):
        return await Visit(target, settings).run(resolver)
    async with Resolver(timeout=timeouts.dns) as own:
        return await Visit(target, settings).run(own)


def check_port(port: int) -> int:
    """`port` itself, or `ValueError`."""
    if isinstance(port, bool) or not isinstance(port, int) or not 0 < port <= 65535:
        raise ValueError(f"a port is a number from 1 to 65535, not {port!r}")
    return port
