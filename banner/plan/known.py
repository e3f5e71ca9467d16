"""Which dialogues there are for a scan: the built-in ones, other packages', and its own."""

from __future__ import annotations

from collections.abc import Iterable

from .. import probes
from ..dialogue import Probe
from ..models import Settings, Transport

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
    return [*there, *(probe for probe in dict.fromkeys(own) if probe not in there)]


def owners(held: Iterable[Probe], port: int) -> Probes:
    """Those of `held` that are ours and have `port` among their own: nobody else knows what listens there so well that
    he may speak where bytes do harm."""
    return tuple(
        probe for probe in held if (port in probe.ports or port in probe.tls_ports) and probes.built_in(probe)
    )
