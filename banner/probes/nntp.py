"""NNTP: the greeting, CAPABILITIES, and the certificate behind STARTTLS (RFC 4642).

A news server greets with 200 or 201, and refuses with 400 or 502 (RFC 3977, section 5.1). CAPABILITIES
(5.2) has been there since 2006; older servers answer 500 and are known by their words or their port. The
IMPLEMENTATION capability (3.3.2) names the software.
"""

from __future__ import annotations

import re
from typing import Final

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._replies import capabilities_of, names, reply
from ._text import opens

PORTS: Final = (119, 433)
TLS_PORTS: Final = (563,)
_NEWS = re.compile(rb"\bnntp\b|\bnnrp\b|\binn ?\d?|internetnews|news", re.IGNORECASE)


def talk(wire: Wire) -> Talk:
    if not (yield from opens(wire, b"200", b"201", b"400", b"502")):
        return None
    greeting = yield from reply(wire)
    ours = bool(_NEWS.search(greeting.text)) or wire.port in PORTS + TLS_PORTS
    if greeting.code not in (200, 201):
        return wire.claim(Service("nntp")) if greeting.code and ours else None
    wire.send(b"CAPABILITIES\r\n")
    answer = yield from reply(wire)
    if answer.code != 101:
        if not ours or answer.code not in (400, 480, 483, 500, 502, 503):
            return None
        wire.send(b"QUIT\r\n")
        return wire.claim(Service("nntp"))
    service = wire.claim(Service("nntp"))
    capabilities = yield from capabilities_of(wire, "capabilities")
    if b"STARTTLS" in names(capabilities) and not wire.tls:
        yield from _secure(wire)
    else:
        wire.send(b"QUIT\r\n")
    return service


def _secure(wire: Wire) -> Talk:
    wire.send(b"STARTTLS\r\n")
    if (yield from reply(wire)).code == 382:
        if not (yield from wire.start_tls()):
            return None
        if wire.deep:
            wire.send(b"CAPABILITIES\r\n")
            if (yield from reply(wire)).code == 101:
                yield from capabilities_of(wire, "capabilities_in_tls")
    wire.send(b"QUIT\r\n")
    return None


PROBE = Probe("nntp", ports=PORTS, tls_ports=TLS_PORTS, greets=True, starttls=True, talk=talk)
