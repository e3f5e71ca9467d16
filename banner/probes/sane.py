"""SANE, scanners over the network: SANE_NET_INIT, whose answer is the version of the protocol.

It opens no device: that is another call, and the only one that may ask for a password. The user's name is asked for and
is never checked; ours is ``anonymous``.
Source: the SANE Standard 1.06, "Network Protocol" (5.1, 5.2.1), "Version Control" (4.1) and "Status" (4.2.7).
"""

from __future__ import annotations

import struct

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import opens

INIT, EXIT = 0, 10
MAJOR, PROTOCOL = 1, 3
USER = b"anonymous\0"
STATUS = (
    "good", "unsupported", "cancelled", "device-busy", "invalid", "eof", "jammed", "no-documents", "cover-open",
    "io-error", "no-memory", "access-denied",
)  # fmt: skip
REQUEST = struct.pack(">IBBHI", INIT, MAJOR, 0, PROTOCOL, len(USER)) + USER
_ANSWER = struct.Struct(">IBBH")


def talk(wire: Wire) -> Talk:
    wire.send(REQUEST)
    if not (yield from opens(wire, *(number.to_bytes(4) + bytes([MAJOR]) for number in range(len(STATUS))))):
        return None
    status, major, minor, protocol = _ANSWER.unpack((yield from wire.exactly(_ANSWER.size)))
    if not 1 <= protocol <= PROTOCOL or wire.unread:
        return None
    wire.send(EXIT.to_bytes(4))
    wire.details["status"] = STATUS[status]
    wire.details["protocol_version"] = f"{major}.{minor}.{protocol}"
    return wire.claim(Service("sane-port"))


PROBE = Probe("sane", ports=(6566,), at_home=True, talk=talk, limit=512)
