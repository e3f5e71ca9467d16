"""PPTP: Start-Control-Connection-Request, whose reply names host, vendor and firmware. No call follows.

Source: RFC 2637, sections 1.4 (message header), 2.1 and 2.2.
"""

from __future__ import annotations

import struct

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import opens, text

COOKIE = 0x1A2B3C4D
_MESSAGE = struct.Struct(">HHIHHHBBIIHH64s64s")
"""Both messages: length, type, cookie, control type, reserved, version, result, error, framing, bearer,
channels, firmware, host name, vendor; in the request, result and error are reserved."""

REQUEST = _MESSAGE.pack(_MESSAGE.size, 1, COOKIE, 1, 0, 0x0100, 0, 0, 3, 3, 0, 0, b"", b"")
REPLY = _MESSAGE.pack(_MESSAGE.size, 1, COOKIE, 2, 0, 0, 0, 0, 0, 0, 0, 0, b"", b"")[:10]

RESULTS = {1: "ok", 2: "error", 3: "already exists", 4: "not authorized", 5: "version not supported"}


def talk(wire: Wire) -> Talk:
    wire.send(REQUEST)
    if not (yield from opens(wire, REPLY)):
        return None
    wire.claim(Service("pptp"))
    fields = _MESSAGE.unpack((yield from wire.exactly(_MESSAGE.size)))
    version, result, firmware, host, vendor = fields[5], fields[6], fields[11], fields[12], fields[13]
    wire.details["protocol_version"] = f"{version >> 8}.{version & 0xFF}"
    wire.details["result"] = RESULTS.get(result, str(result))
    wire.details["firmware"] = firmware
    wire.details["hostname"] = text(host.partition(b"\0")[0])
    wire.details["vendor"] = maker = text(vendor.partition(b"\0")[0])
    return wire.claim(Service("pptp", vendor=maker or None))


PROBE = Probe("pptp", ports=(1723,), talk=talk, limit=1024)
