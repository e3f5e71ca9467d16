"""grab(): one target, one deadline, one true record, over asyncio's streams.

What the network does becomes a `Grab`; only a caller's mistake raises, and cancellation passes through with
the socket closed. The deadline is absolute and covers names, connections and conversations; the phases lie
inside it. Dialogues (``dialogue.py``) say what to send and wait for: here they get bytes and time.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Never

from ..addresses.judge import Judge
from ..addresses.names import check_host
from ..addresses.socket_address import literal
from ..models import Grab, Manners, Mode, Settings, Status, Target, Timeouts, Transport
from ..plan.chosen import chosen
from ..text.taken import check_keywords, check_resolver
from .failures import EXHAUSTED, reason
from .loop import running_loop
from .resolver import Resolver, resolver_for
from .source import Source
from .traffic import traced
from .visit import Visit

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

    from ..dialogue import Probe
    from ..recognition.identify import Rules
    from .tracing import Trace


async def grab(
    host: str | IPv4Address | IPv6Address,
    port: int,
    *,
    timeouts: Timeouts = Timeouts(),  # noqa: B008 - frozen
    limit: int = 1024,
    mode: Mode | str = Mode.LIGHT,
    probes: Iterable[str | Probe] = (),
    without: Iterable[str] = (),
    own: Iterable[Probe] = (),
    policy: Judge | None = None,
    manners: Manners = Manners(),  # noqa: B008 - frozen
    tag: str | None = None,
    rules: Rules | None = None,
    proxy: str | None = None,
    source: Source | None = None,
    nameservers: Iterable[str] = (),
    settings: Settings | None = None,
    resolver: Resolver | None = None,
    transport: Transport | str = Transport.TCP,
    max_bytes: int = 16384,
    trace: Trace | None = None,
    **wrong: Never,
) -> Grab:
    """Visit one host and port, and say what came of it.

    `host` is a name or an IP address; a name's addresses are tried in the order of RFC 6724 until one
    accepts. At most `limit` bytes of the greeting are kept. Over the `transport` ``udp`` at most three datagrams leave,
    and reading stops after `max_bytes`. `probes` are the only dialogues that are held, by name or a `Probe` of one's
    own; `without` are never held; `own` are held beside the built-in ones. A `trace` is told what happens on the wire.
    `settings` stand in the place of all that they hold. Returns a `Grab` for whatever the network does; raises
    `ValueError` for a port outside 1-65535 and other mistakes of the caller, `TypeError` for arguments of another kind,
    and `RuntimeError` where asyncio does not run. When the task is cancelled, the socket is closed before
    `CancelledError` leaves.
    """
    check_keywords(grab, wrong)
    asked = chosen(
        settings, timeouts=timeouts, limit=limit, mode=mode, probes=probes, without=without, own=own, policy=policy,
        manners=manners, rules=rules, proxy=proxy, source=source, nameservers=nameservers, max_bytes=max_bytes,
        trace=traced(trace),
    )  # fmt: skip
    running_loop()
    check_resolver(resolver)
    target = Target(check_host(host), port, tag, transport=Transport(transport))
    try:
        visit = Visit(target, asked)
    except OSError as error:  # the first loads rules and dialogues, which are files
        if error.errno not in EXHAUSTED:
            raise
        return _not_begun(target, reason(error.errno))
    if resolver is not None or literal(target.host):
        return await visit.run(resolver)
    async with resolver_for(asked) as usual:
        return await visit.run(usual)


def _not_begun(target: Target, why: str) -> Grab:
    """The record of a visit for which this machine had no room."""
    now, status = int(time.time() * 1e3) / 1e3, Status.LOCAL_ERROR
    return Grab(now, target.host, target.port, status, tag=target.tag, error=why, transport=target.transport)
