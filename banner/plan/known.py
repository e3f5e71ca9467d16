"""Which dialogues there are for a scan: the built-in ones, other packages', and its own.

What others tell may be nothing that can be written down. That is a bug of theirs and costs the one record: found later,
when that is written, it would cost the scan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import msgspec

from .. import probes
from ..dialogue import Probe, Talk
from ..models import Service, Settings, Transport

Names = tuple[str, ...]
Probes = tuple[Probe, ...]


def check_names(settings: Settings) -> None:
    """Raise `ValueError` for a dialogue that does not exist, over any transport."""
    own = {"tls", *(probe.name for probe in settings.own)}
    for name in (*settings.probes, *settings.without):
        if name not in own:
            probes.check(name)


def known(settings: Settings, transport: Transport = Transport.TCP) -> list[Probe]:
    """Those over `transport`."""
    there = probes.all(transport)
    own = [probe for probe in settings.own if probe.transport is transport and not probes.built_in(probe)]
    held = [*there, *(probe for probe in dict.fromkeys(own) if probe not in there)]
    return [probe if probes.built_in(probe) else _watched(probe) for probe in held]


def owners(held: Iterable[Probe], port: int) -> Probes:
    """Those of `held` that are ours and have `port` among their own: nobody else knows what listens there so well that
    he may speak where bytes do harm."""
    return tuple(
        probe for probe in held if (port in probe.ports or port in probe.tls_ports) and probes.built_in(probe)
    )


def _watched(probe: Probe) -> Probe:
    """`probe`, whose dialogue raises where what it tells cannot be written down."""
    return msgspec.structs.replace(probe, talk=partial(_hold, probe.talk))


def _hold(talk: Callable[[Any], Talk], wire: Any) -> Talk:
    service = None
    try:
        service = yield from talk(wire)
    finally:
        told = wire.details, getattr(wire, "found", None) if service is None else service
        msgspec.json.decode(msgspec.json.encode(told), type=_TOLD)
    return service


_TOLD = tuple[dict[str, Any], Service | None]
