"""What the owner of a network has to act on: rules over records, in one table, each with the evidence it saw.

Pure: a grab and a moment in, findings out. A rule says what the record shows and never more: no vulnerability is
concluded from a version. ``docs/findings.md`` explains each rule, by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

import msgspec

from ..formats.terminal import greeting
from ..models import Grab, Status, Transport
from .certificates import SOON, days_left, named, state
from .cleartext import CLEARTEXT
from .evidence import Evidence
from .outdated import old_ssh, old_tls
from .unasked import UNASKED

LONGEST: Final = 200
"""Characters of evidence: a peer's one line may be as long as a greeting, and a finding is a line to read."""


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing to act on."""

    finding: str
    """The rule's name."""
    host: str
    port: int
    evidence: str
    """What the record shows, in a few words of ours and the peer's: not yet safe for a terminal."""
    ip: str | None = None
    tag: str | None = None
    service: str | None = None
    transport: Transport = Transport.TCP


class When(NamedTuple):
    """The moment for which certificates are looked at."""

    now: float
    """POSIX seconds."""
    soon: float = SOON
    """Days that a certificate should at least have left."""


class Rule(NamedTuple):
    """One rule: its evidence where it holds, else None."""

    name: str
    title: str
    """For a person, in a few words."""
    evidence: Callable[[Grab, When], str | None]


def findings(grabs: Iterable[Grab], when: When) -> Iterator[Finding]:
    """What the rules find in each of `grabs`, in their order and the rules'."""
    for grab in grabs:
        for rule, evidence in found(grab, when):
            name = grab.service.name if grab.service else None
            yield Finding(rule.name, grab.host, grab.port, evidence, grab.ip, grab.tag, name, grab.transport)


def found(grab: Grab, when: When) -> Iterator[tuple[Rule, str]]:
    """The rules that hold for `grab`, each with its evidence."""
    if grab.status is Status.BANNER or grab.tls is not None:  # the others told nothing
        for rule in RULES:
            if (evidence := rule.evidence(grab, when)) is not None:
                yield rule, evidence if len(evidence) <= LONGEST else evidence[: LONGEST - 1] + "…"


def _certificate(wanted: str) -> Callable[[Grab, When], str | None]:
    def evidence(grab: Grab, when: When) -> str | None:
        shown = grab.tls.certificate if grab.tls else None
        if shown is None or not state(shown, when.now, when.soon).startswith(wanted):
            return None
        if wanted == "not yet":
            return f"{named(shown)} begins {shown.not_before}"
        days = round(abs(days_left(shown, when.now) or 0))
        span = f"{days} day{'' if days == 1 else 's'}"
        return f"{named(shown)} ends {shown.not_after}, " + (
            f"{span} ago" if wanted == "expired" else f"in {span}"
        )

    return evidence


def _unnamed(grab: Grab) -> str | None:
    if grab.status is not Status.BANNER or (grab.service is not None and grab.service.product):
        return None
    return f"{grab.service.name if grab.service else 'unknown service'}: {greeting(grab)}"


MUCH: Final = 3.0
"""Bytes for each byte that was asked: below it a flood needs others' help more than this host's."""


def _amplifier(grab: Grab) -> str | None:
    factor = grab.details.get("amplification")
    if grab.transport is not Transport.UDP or not isinstance(factor, int | float) or factor < MUCH:
        return None
    return f"{grab.sent} bytes asked brought {grab.received}"


def _timeless(rule: Evidence) -> Callable[[Grab, When], str | None]:
    return lambda grab, when: rule(grab)


def _said(told: Evidence) -> Callable[[Grab, When], str | None]:
    return lambda grab, when: f"speaks {version}" if (version := told(grab)) else None


RULES: Final = (
    *(Rule(name, title, _timeless(rule)) for name, title, rule in UNASKED),
    Rule("certificate-expired", "Certificate expired", _certificate("expired")),
    Rule("certificate-expires-soon", "Certificate expires soon", _certificate("expires")),
    Rule("certificate-not-yet-valid", "Certificate not yet valid", _certificate("not yet")),
    Rule("old-tls", "TLS below 1.2", _said(old_tls)),
    Rule("old-ssh", "SSH 1", _said(old_ssh)),
    *(Rule(name, title, _timeless(rule)) for name, title, rule in CLEARTEXT),
    Rule("amplifier", "Amplifier", _timeless(_amplifier)),
    Rule("unnamed-product", "Product not named", _timeless(_unnamed)),
)
"""All rules, in the order in which a person should look."""
