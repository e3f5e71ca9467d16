"""SOCKS 5: "no authentication" is offered, and the server says whether it takes that. Nothing is asked of it.

Two bytes are little to know a protocol by (DCE/RPC's answers start alike), so a pause must follow them: a
SOCKS server waits for a request. Source: RFC 1928, section 3.
"""

from __future__ import annotations

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import opens

METHODS = {0x00: "none", 0xFF: "refused"}
"""The answers to an offer of method 0: taken, or no acceptable methods."""


def talk(wire: Wire) -> Talk:
    wire.send(b"\x05\x01\x00")
    if not (yield from opens(wire, b"\x05\x00", b"\x05\xff")):
        return None
    method = (yield from wire.exactly(2))[1]
    if (yield from wire.rest()):
        return None
    wire.details["method"] = METHODS[method]
    return wire.claim(Service("socks"))


PROBE = Probe("socks5", ports=(1080, 1081, 9050), talk=talk, limit=512)
