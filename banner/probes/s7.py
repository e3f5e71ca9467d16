"""S7: the lists of a Siemens controller that name it. Held only where it is named, in full mode.

Controllers can be disturbed by bytes; two lists of its system status are read, nothing is written and no block is
touched. The connection is a programmer's to rack 0, slot 2, which the S7-300 and its emulators have; who has its
processor elsewhere refuses, and is known by that alone to speak ISO transport.
Sources: RFC 1006 (TPKT); ITU-T X.224, 13.3 and 13.4; Siemens, "System Software for S7-300/400, System and Standard
Functions", chapter "System Status Lists" (W#16#xy11, W#16#xy1C); the S7 header as in Wireshark's dissector s7comm.
"""

from __future__ import annotations

import struct
from collections.abc import Generator
from typing import Final

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from ._text import opens, text

CONNECT: Final = bytes.fromhex("0300001611e00000000100c1020100c2020102c0010a")
"""Source 01.00, destination 01.02, packets of 1,024 bytes."""
SETUP: Final = bytes.fromhex("0300001902f08032010000000000080000f0000001000101e0")
"""One job at a time each way, packets of 480 bytes."""
MODULES, COMPONENTS = 0x0011, 0x001C
_COMPONENTS: Final = {
    1: "system_name", 2: "module_name", 3: "plant", 4: "copyright", 5: "serial_number", 7: "module_type",
    8: "memory_card",
}  # fmt: skip
_HARDWARE, _FIRMWARE = 6, 7


def read(number: int, request: int) -> bytes:
    """The whole list `number` (index 0)."""
    body = bytes.fromhex("02f080320700000000000800080001120411440100ff090004")
    packet = body[:7] + struct.pack(">H", request) + body[9:] + struct.pack(">HH", number, 0)
    return struct.pack(">BBH", 3, 0, 4 + len(packet)) + packet


def talk(wire: Wire) -> Talk:
    wire.send(CONNECT)
    answer = yield from _packet(wire)
    if answer[1:2] != b"\xd0":
        return None
    wire.send(SETUP)
    answer = yield from _packet(wire)
    if answer[1:2] != b"\xf0" or answer[3:5] != b"\x32\x03":
        return None
    wire.claim(Service("s7"))
    for request, number in enumerate((MODULES, COMPONENTS), 1):
        wire.send(read(number, request))
        _learn(wire, number, (yield from _packet(wire)))
    order, version = wire.details.get("order_number"), wire.details.get("firmware")
    name = wire.details.get("module_type")
    return wire.claim(Service("s7", "Siemens" if order else None, name or order, version, device=order))


def _packet(wire: Wire) -> Generator[Want, None, bytes]:
    """What the next TPKT holds; empty for what is none."""
    if not (yield from opens(wire, b"\3\0")):
        return b""
    length = int.from_bytes((yield from wire.exactly(4))[2:], "big")
    return (yield from wire.exactly(length - 4)) if 7 <= length <= 1024 else b""


def _learn(wire: Wire, number: int, answer: bytes) -> None:
    """Keep the entries of a list: after 3 bytes of transport, 10 of header and 12 of parameters a head of 12."""
    if answer[3:5] != b"\x32\x07" or answer[25:26] != b"\xff" or answer[29:31] != struct.pack(">H", number):
        return
    size, count = struct.unpack(">HH", answer[33:37]) if len(answer) >= 37 else (0, 0)
    if size < 22:
        return
    for at in range(37, min(37 + size * count, len(answer) - size + 1), size):
        entry = answer[at : at + size]
        index = int.from_bytes(entry[:2], "big")
        if number == MODULES and index == 1:
            _keep(wire, "order_number", entry[2:22])
        elif number == MODULES and index == _HARDWARE and size >= 28:
            wire.details["hardware"] = str(int.from_bytes(entry[26:28], "big"))
        elif number == MODULES and index == _FIRMWARE and entry[24:25] == b"V":
            wire.details["firmware"] = ".".join(map(str, entry[25:28]))
        elif number == COMPONENTS and (name := _COMPONENTS.get(index)):
            _keep(wire, name, entry[2:])


def _keep(wire: Wire, name: str, value: bytes) -> None:
    if said := text(value.rstrip(b"\0 ")):
        wire.details[name] = said


PROBE = Probe("s7", ports=(102,), talk=talk, limit=2048, full=True, fragile=True)
