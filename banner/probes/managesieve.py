"""ManageSieve: the server's capabilities, and the certificate behind STARTTLS.

The server greets with one capability a line and an OK (RFC 5804, section 1.7), sends them again inside TLS
without being asked (2.2), and names its software in IMPLEMENTATION. LOGOUT ends it.
"""

from __future__ import annotations

import re
from collections.abc import Generator

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from ._replies import LINE
from ._text import MOST, opens, text

_CAPABILITY = re.compile(rb'"([A-Za-z]+)"(?: +"((?:[^"\\]++|\\.)*+)")?\s*+')
_RESPONSE = re.compile(rb"(OK|NO|BYE)\b", re.IGNORECASE)


def talk(wire: Wire) -> Talk:
    if not (yield from opens(wire, b'"IMPLEMENTATION"', b'"SIEVE"', b'"SASL"', b'"VERSION"', b'"STARTTLS"')):
        return None
    offered = yield from _capabilities(wire)
    if offered is None or not {"IMPLEMENTATION", "SIEVE"} & offered.keys():
        return None
    service = wire.claim(Service("managesieve"))
    _learn(wire, offered)
    if "STARTTLS" in offered and not wire.tls:
        wire.send(b"STARTTLS\r\n")
        if (yield from wire.line(LINE)).upper().startswith(b"OK"):
            if not (yield from wire.start_tls()):
                return service
            if wire.deep and (inside := (yield from _capabilities(wire))):
                wire.details["sasl_in_tls"] = inside.get("SASL", "").split()
    wire.send(b"LOGOUT\r\n")
    return service


def _capabilities(wire: Wire) -> Generator[Want, None, dict[str, str] | None]:
    """Capabilities by name up to the response; None where a line is neither."""
    offered: dict[str, str] = {}
    while True:
        line = yield from wire.line(LINE)
        if _RESPONSE.match(line):
            return offered
        if not (found := _CAPABILITY.fullmatch(line)):
            return None
        if len(offered) < MOST:
            offered[text(found[1]).upper()] = text(found[2] or b"", 1024)


def _learn(wire: Wire, offered: dict[str, str]) -> None:
    wire.details["capabilities"] = [f"{name} {value}".strip() for name, value in offered.items()]
    if implementation := offered.get("IMPLEMENTATION"):
        wire.details["implementation"] = implementation
    if "SIEVE" in offered:
        wire.details["extensions"] = offered["SIEVE"].split()[:MOST]
    if "SASL" in offered:
        wire.details["sasl"] = offered["SASL"].split()[:MOST]


PROBE = Probe("managesieve", ports=(4190,), greets=True, starttls=True, talk=talk)
