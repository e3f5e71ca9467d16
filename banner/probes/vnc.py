"""RFB (VNC): the server says its version, the client answers with one, the server lists its security types.

We answer with the highest version that both know (RFC 6143, section 7.1.1: 3.3, 3.7 or 3.8; Apple's 3.889 and
RealVNC's 4.1 and 5.0 speak 3.8 as well), read the types, and leave: nothing is chosen, so no authentication
starts. In 3.3 the server decides by itself (7.1.2) and goes on to its challenge: the decision is all we read.
"""

from __future__ import annotations

import re
from typing import Final

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import opens, text

_VERSION = re.compile(rb"RFB (\d{3})\.(\d{3})\n")

SECURITY: Final = {
    0: "invalid", 1: "none", 2: "vnc", 5: "ra2", 6: "ra2ne", 16: "tight", 17: "ultra", 18: "tls",
    19: "vencrypt", 20: "sasl", 21: "md5", 22: "xvp", 30: "apple-dh", 35: "apple-srp",
    129: "ra2-256", 130: "ra2ne-256",
}  # fmt: skip
"""IANA, "Remote Framebuffer (RFB) Security Types"; 30 and above from the vendors' registrations."""


def talk(wire: Wire) -> Talk:
    if not (yield from opens(wire, b"RFB ")):
        return None
    greeting = yield from wire.exactly(12)
    found = _VERSION.fullmatch(greeting)
    if not found:
        return None
    major, minor = int(found[1]), int(found[2])
    wire.details["protocol_version"] = f"{major}.{minor}"
    service = wire.claim(Service("vnc"))
    if (major, minor) < (3, 7):
        wire.send(b"RFB 003.003\n")
        yield from _decided(wire)
    else:
        wire.send(b"RFB 003.007\n" if (major, minor) == (3, 7) else b"RFB 003.008\n")
        yield from _offered(wire)
    return service


def _offered(wire: Wire) -> Talk:
    """The list of types; an empty one is followed by the reason (RFC 6143, section 7.1.2)."""
    count = (yield from wire.exactly(1))[0]
    if not count:
        yield from _reason(wire)
        return None
    types = yield from wire.exactly(count)
    wire.details["security_types"] = [
        SECURITY.get(number, str(number)) for number in dict.fromkeys(types[:64])
    ]
    return None


def _decided(wire: Wire) -> Talk:
    number = int.from_bytes((yield from wire.exactly(4)), "big")
    if not number:
        yield from _reason(wire)
    else:
        wire.details["security_types"] = [SECURITY.get(number, str(number))]
    return None


def _reason(wire: Wire) -> Talk:
    length = int.from_bytes((yield from wire.exactly(4)), "big")
    wire.details["reason"] = text((yield from wire.exactly(min(length, 512))))
    return None


PROBE = Probe("vnc", ports=(5900, 5901, 5902, 5903), greets=True, talk=talk, limit=2048)
