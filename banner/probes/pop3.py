"""POP3: the greeting, CAPA (RFC 2449), and the certificate behind STLS (RFC 2595).

The greeting is ``+OK`` and free text (RFC 1939, section 4). A server that begins with ``-ERR`` has refused
us: it is POP3 where the port or its words say so. IMPLEMENTATION (RFC 2449, section 6.9) names the software
where it is told.
"""

from __future__ import annotations

from typing import Final

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._replies import LINE, capabilities_of, names
from ._text import opens

PORTS: Final = (110,)
TLS_PORTS: Final = (995,)


def talk(wire: Wire) -> Talk:
    if not (yield from opens(wire, b"+OK", b"-ERR")):
        return None
    greeting = yield from wire.line(LINE)
    if greeting.startswith(b"-ERR"):
        ours = b"pop" in greeting.lower() or wire.port in PORTS + TLS_PORTS
        return wire.claim(Service("pop3")) if ours else None
    wire.send(b"CAPA\r\n")
    answer = yield from wire.line(LINE)
    if not answer.startswith((b"+OK", b"-ERR")):
        return None
    service = wire.claim(Service("pop3"))
    capabilities = (yield from capabilities_of(wire, "capabilities")) if answer.startswith(b"+OK") else []
    if b"STLS" in names(capabilities) and not wire.tls:
        yield from _secure(wire)
    else:
        wire.send(b"QUIT\r\n")
    return service


def _secure(wire: Wire) -> Talk:
    wire.send(b"STLS\r\n")
    if (yield from wire.line(LINE)).startswith(b"+OK"):
        if not (yield from wire.start_tls()):
            return None
        if wire.deep:
            wire.send(b"CAPA\r\n")
            if (yield from wire.line(LINE)).startswith(b"+OK"):
                yield from capabilities_of(wire, "capabilities_in_tls")
    wire.send(b"QUIT\r\n")
    return None


PROBE = Probe("pop3", ports=PORTS, tls_ports=TLS_PORTS, greets=True, starttls=True, talk=talk)
