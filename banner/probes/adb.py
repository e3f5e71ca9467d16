"""Android Debug Bridge: CNXN, answered by the device's banner, or by AUTH where it wants a key. We have none.

Nothing follows: no stream is opened. An echo of our own packet is not an answer.
Source: Android Open Source Project, packages/modules/adb, protocol.txt: "CONNECT", "AUTH",
and STLS since Android 11.
"""

from __future__ import annotations

import struct

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import opens, text, texts

VERSION = 0x01000000
LARGEST = 4096
"""The payload that every version takes (protocol.txt: "MAX_PAYLOAD")."""

_HEADER = struct.Struct("<4s5I")
_ANSWERS = (b"CNXN", b"AUTH", b"STLS")
_NAMES = {
    b"ro.product.name": "product_name",
    b"ro.product.model": "model",
    b"ro.product.device": "device",
}


def packet(command: bytes, first: int, second: int, data: bytes) -> bytes:
    """A message; its header ends with the data's length and sum, and the command's complement."""
    magic = int.from_bytes(command, "little") ^ 0xFFFFFFFF
    return _HEADER.pack(command, first, second, len(data), sum(data) & 0xFFFFFFFF, magic) + data


CONNECT = packet(b"CNXN", VERSION, LARGEST, b"host::\0")


def talk(wire: Wire) -> Talk:
    wire.send(CONNECT)
    if not (yield from opens(wire, *_ANSWERS)):
        return None
    command, version, _, length, _, magic = _HEADER.unpack((yield from wire.exactly(_HEADER.size)))
    if magic != int.from_bytes(command, "little") ^ 0xFFFFFFFF or length > LARGEST:
        return None
    if command != b"CNXN":
        wire.claim(Service("adb"))
        wire.details["auth_required"] = command == b"AUTH"
        wire.details["tls_required"] = command == b"STLS"
        return wire.found
    banner = yield from wire.exactly(length)
    if banner.startswith(b"host:"):
        return None
    wire.claim(Service("adb"))
    wire.details["auth_required"] = False
    wire.details["protocol_version"] = f"{version:#010x}"
    _properties(wire, banner)
    return wire.found


def _properties(wire: Wire, banner: bytes) -> None:
    """``device::ro.product.name=...;ro.product.model=...;features=a,b``."""
    state, _, rest = banner.rstrip(b"\0").partition(b":")
    wire.details["system_type"] = text(state)
    for pair in rest.partition(b":")[2].split(b";")[:64]:
        name, _, value = pair.partition(b"=")
        if key := _NAMES.get(name):
            wire.details[key] = text(value)
        elif name == b"features":
            wire.details["features"] = texts(value.split(b","))


PROBE = Probe("adb", ports=(5555,), talk=talk, limit=8192)
