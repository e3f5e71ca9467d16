"""What a greeting says, without saying anything: the rules, completed by the dialogue's own reading.

A probe that greets is begun on what was read. Where it is done without a word to say, what it recognised is the
reading; where it would speak, it is the dialogue that may go on after the greeting.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ..dialogue import Ended, Probe, Want, Wholeness, Wire, whole
from ..models import Service
from ..probes import built_in
from ..recognition import cpe

_PLAIN = frozenset((str, int, bool, float))
"""What cannot be changed."""
_OPEN = Wholeness.OPEN


class Reading(msgspec.Struct, frozen=True):
    """What a greeting says: its service, its details, and the dialogue that may go on after it."""

    service: Service | None
    told: dict[str, object] = {}
    """What it tells besides."""
    probe: str | None = None
    follow: Probe | None = None

    def details(self) -> dict[str, object]:
        """What is `told`, anew for each that asks: readings are remembered, and a grab's details its own."""
        return {name: told if type(told) in _PLAIN else _copied(told) for name, told in self.told.items()}


def _copied(told: object) -> object:
    from copy import deepcopy  # for the few that tell more than words and numbers

    return deepcopy(told)


def read_by(
    greeters: Mapping[str, Probe],
    data: bytes,
    port: int,
    service: Service | None,
    *,
    named: bool,
    deep: bool,
    mute: bool,
) -> Reading:
    """What the dialogues that wait for a greeting make of the greeting `data`, in which the rules read `service`.

    Where no rule knows it, those of others are asked: at their ports, or at any where they are `named`.
    """
    if service is not None:
        those = [greeters[service.name]] if service.name in greeters else []
    else:
        met = (probe for probe in greeters.values() if named or port in probe.ports)
        those = [probe for probe in met if not built_in(probe)]
    for probe in those:
        reading = read_on(data, port, probe, service, deep=deep, mute=mute)
        if reading.service is not None or reading.follow is not None:
            return reading
    return Reading(service)


def read_on(
    data: bytes, port: int, probe: Probe, service: Service | None, *, deep: bool, mute: bool
) -> Reading:
    """What the dialogue of `probe` makes of the greeting `data`, in which the rules read `service`.

    `mute`: it may say nothing at this port. `deep`: it may ask for more than is usual.
    """
    wire = Wire(port=port, received=data, deep=deep, limit=max(probe.limit, len(data)))
    wire.paused = whole(data, port) is _OPEN
    talk = probe.talk(wire)
    found = wire.found
    try:
        want = next(talk)
    except StopIteration as done:
        found = done.value or wire.found
    except Ended:
        found = wire.found
    else:
        talk.close()
        waits = service is None and wire.found is None  # for more of what no rule knows
        if (wire.outgoing() or want is Want.TLS or waits) and not mute:
            return Reading(service, follow=probe)
        found = wire.found
    if found is None:
        return Reading(service)
    return Reading(merge(found, service, probe.name), wire.details, probe.name)


def merge(found: Service, by_rules: Service | None, probe: str) -> Service:
    """What a dialogue recognised, completed by what the rules read in the same bytes."""
    if by_rules is None:
        rule = found.rule or f"probe/{probe}"
        return msgspec.structs.replace(found, confidence=found.confidence or 0.9, rule=rule)
    if found == Service(by_rules.name):  # mostly: it is what it seemed, and says no more of its software
        return by_rules
    if found.product is None:
        # A rule that names a protocol knows it from an answer to another's words: Tor's control port to GET
        name = by_rules.name if by_rules.product and found.name == "http" else found.name
        kept = {"name": name, "confidence": max(by_rules.confidence, found.confidence)}
        mine = {"version": found.version, "info": found.info, "os": found.os, "device": found.device}
        if by_rules.product is None:
            mine["vendor"] = found.vendor
        return msgspec.structs.replace(by_rules, **kept, **{k: v for k, v in mine.items() if v is not None})
    return msgspec.structs.replace(
        found,
        vendor=found.vendor or by_rules.vendor,
        os=found.os or by_rules.os,
        device=found.device or by_rules.device,
        info=found.info or by_rules.info,
        version=found.version or (by_rules.version if by_rules.product == found.product else None),
        cpe=tuple(dict.fromkeys((*found.cpe, *by_rules.cpe))),
        confidence=max(found.confidence or 0.95, by_rules.confidence),
        rule=found.rule or f"probe/{probe}",
    )


def completed(service: Service, version: str) -> Service:
    """`service` with its `version`, in the product's CPE name as well (the first one, of an application)."""
    names = list(service.cpe)
    if names and names[0].startswith("cpe:2.3:a:"):
        parts = names[0].split(":")
        parts[5] = cpe.bare(version)
        names[0] = cpe.formatted(":".join(parts)) or names[0]
    confidence = max(service.confidence, 0.9)
    return msgspec.structs.replace(service, version=version, cpe=tuple(names), confidence=confidence)


def untold(service: Service | None) -> Probe | None:
    """The question for the version of `service`, where its page has named a product that tells it elsewhere."""
    if service is None or service.name != "http" or service.product is None or service.version is not None:
        return None
    from .. import probes  # loaded by now: somebody spoke HTTP

    return probes.asking_for_version(service)
