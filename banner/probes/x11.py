"""X11: the connection setup without authorisation, answered with vendor and release, or with a refusal.

Nothing is drawn and no resource is created. Source: X Window System Protocol, version 11, section 8
"Connection Setup" and appendix B; X.Org's release numbers are major * 10^7 + minor * 10^5 + patch * 10^3
+ snapshot (xorg-server, configure.ac).
"""

from __future__ import annotations

from collections.abc import Generator

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from ._product import named
from ._text import opens, text

REQUEST = b"l\0\x0b\0\0\0\0\0\0\0\0\0"
"""Little-endian, protocol 11.0, no authorisation protocol and no data for it."""
FAILED, SUCCESS, AUTHENTICATE = range(3)
VENDOR = "The X.Org Foundation"


def talk(wire: Wire) -> Talk:
    wire.send(REQUEST)
    if not (yield from opens(wire, b"\0", b"\1", b"\2")):
        return None
    start = yield from wire.exactly(6)
    # Status 2 says no version, but 5 unused bytes (the encoding has no values for them).
    if start[0] != AUTHENTICATE and start[2:] != b"\x0b\0\0\0":
        return None
    length = 4 * int.from_bytes((yield from wire.exactly(2)), "little")
    if start[0] == SUCCESS:
        return (yield from _granted(wire, length))
    reason = yield from wire.exactly(min(length, 256))
    if start[0] == FAILED:
        reason = reason[: start[1]]
    if not _printable(reason.rstrip(b"\0")):
        return None
    wire.details["access"] = "authenticate" if start[0] else "refused"
    wire.details["reason"] = text(reason.rstrip(b"\0"))
    return wire.claim(Service("x11"))


def _printable(reason: bytes) -> bool:
    """Whether a refusal is a text: it must be, and there is little else to know it by."""
    return bool(reason) and all(byte >= 32 or byte in b"\t\r\n" for byte in reason)


def _granted(wire: Wire, length: int) -> Generator[Want, None, Service | None]:
    fixed = yield from wire.exactly(32)
    release = int.from_bytes(fixed[:4], "little")
    size = int.from_bytes(fixed[16:18], "little")
    if 32 + size > length:
        return None
    vendor = text((yield from wire.exactly(min(size, 256))))
    wire.details.update(access="granted", vendor=vendor, release=release, screens=fixed[20])
    if vendor != VENDOR:
        return wire.claim(Service("x11", vendor=vendor or None))
    parts = [release // 10**7, release // 10**5 % 100, release // 1000 % 100, release % 1000]
    if parts[:2] >= [1, 21]:  # since 21.1 the leading 1 is only there to keep the numbers growing
        del parts[0]
    version = ".".join(map(str, parts if parts[-1] else parts[:3]))
    return wire.claim(named("x11", "X.Org", "X server", version, cpe="x.org:x_server"))


PROBE = Probe("x11", ports=(6000, 6001, 6002, 6003), talk=talk, limit=4096)
