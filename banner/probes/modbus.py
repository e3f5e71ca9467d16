"""Modbus: Read Device Identification, the basic three objects. Held only where it is named, in full mode.

Controllers can be disturbed by bytes; nothing is written and no register is read. Sources: "MODBUS Application Protocol
Specification V1.1b3", 6.21 (43 / 14) and 7 (exceptions); "MODBUS Messaging on TCP/IP Implementation Guide V1.0b", 3.1.3
(the header) and 4.4.2.1 (unit 255 is the device itself).
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._cursor import Cursor, CutShortError
from ._text import opens, text

_NUMBER: Final = b"\x62\x6e"
"""Of the transaction; the answer has it too."""
_UNIT, _FUNCTION, _IDENTIFY, _BASIC = 0xFF, 0x2B, 0x0E, 1
_HEAD: Final = _NUMBER + b"\0\0"
_SHORTEST: Final = 8
"""Bytes of an identification without objects, from the unit on; our question has five, and an echo of it too."""
OBJECTS: Final = {
    0: "vendor",
    1: "product_code",
    2: "revision",
    3: "vendor_url",
    4: "product_name",
    5: "model",
    6: "application",
}
"""Identifiers and their details; a device may tell more than it is asked for."""
EXCEPTIONS: Final = {
    1: "illegal function", 2: "illegal data address", 3: "illegal data value", 4: "device failure", 5: "acknowledge",
    6: "device busy", 10: "gateway path unavailable", 11: "gateway target failed to respond",
}  # fmt: skip


def talk(wire: Wire) -> Talk:
    wire.send(_HEAD + bytes([0, 5, _UNIT, _FUNCTION, _IDENTIFY, _BASIC, 0]))
    if not (yield from opens(wire, _HEAD)):
        return None
    length = int.from_bytes((yield from wire.exactly(6))[4:], "big")
    if not 3 <= length <= 254:
        return None
    _, function, *rest = answer = yield from wire.exactly(length)
    if function == _FUNCTION | 0x80:
        wire.details["exception"] = EXCEPTIONS.get(rest[0], str(rest[0]))
        return wire.claim(Service("modbus"))
    if function != _FUNCTION or rest[0] != _IDENTIFY or length < _SHORTEST:
        return None
    wire.claim(Service("modbus"))
    with suppress(CutShortError):
        _learn(wire, Cursor(answer[7:]))
    told = wire.details
    return wire.claim(Service("modbus", told.get("vendor"), told.get("product_code"), told.get("revision")))


def _learn(wire: Wire, objects: Cursor) -> None:
    """Keep the objects as far as they came."""
    for _ in range(objects.number(1)):
        name = OBJECTS.get(objects.number(1))
        value = text(objects.counted(1).rstrip(b"\0"))
        if name and value:
            wire.details[name] = value


PROBE = Probe("modbus", ports=(502,), talk=talk, limit=512, full=True, fragile=True)
