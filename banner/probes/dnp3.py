"""DNP3: Request Link Status, the smallest question of its data link. Held only where it is named, in full mode.

Outstations can be disturbed by bytes; nothing is read and nothing is written. Who is asked is the self-address, for the
address of the device is not known: one that does not support it says nothing.
Source: IEEE 1815-2012, 9.2 (frame, function codes, addresses; 9.2.5.2.1, self-address) and annex E (the CRC).
"""

from __future__ import annotations

import struct
from typing import Final

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import opens

_START: Final = b"\x05\x64"
REQUEST_LINK_STATUS, LINK_STATUS, NOT_SUPPORTED = 0xC9, 0x0B, 0x0F
"""Control bytes: from the master as primary, and the answers of a secondary."""
FROM_MASTER = 0x80
"""The bit DIR; what an outstation says has it not, an echo of our question has."""
SELF, MASTER = 0xFFFC, 1


def crc(data: bytes) -> int:
    """The checksum of a block: the polynomial 0x3D65, reflected, and inverted at the end."""
    found = 0
    for byte in data:
        found ^= byte
        for _ in range(8):
            found = found >> 1 ^ (0xA6BC if found & 1 else 0)
    return found ^ 0xFFFF


def frame(control: int, to: int, source: int) -> bytes:
    """A header without data."""
    head = _START + struct.pack("<BBHH", 5, control, to, source)
    return head + struct.pack("<H", crc(head))


def talk(wire: Wire) -> Talk:
    wire.send(frame(REQUEST_LINK_STATUS, SELF, MASTER))
    if not (yield from opens(wire, _START)):
        return None
    answer = yield from wire.exactly(10)
    length, control, source, check = struct.unpack("<2xBB2xHH", answer)
    if check != crc(answer[:8]) or length < 5 or control & FROM_MASTER:
        return None
    wire.details["address"] = source
    wire.details["function"] = {LINK_STATUS: "link status", NOT_SUPPORTED: "not supported"}.get(
        control & 0x4F, f"{control & 0x4F:#04x}"
    )
    return wire.claim(Service("dnp3"))


PROBE = Probe("dnp3", ports=(20000,), talk=talk, limit=512, full=True, fragile=True)
