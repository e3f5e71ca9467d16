"""AFP, Apple's file sharing: DSIGetStatus, which every server answers without a session.

Source: Apple, "Apple Filing Protocol Reference", FPGetSrvrInfo; "Apple Filing Protocol Programming Guide", "Data
Stream Interface" (DSIGetStatus). A machine type of ``Netatalk3.1.12`` is told by a rule.
"""

from __future__ import annotations

import struct
from typing import Any, Final

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._cursor import Cursor, CutShortError
from ._text import MOST, opens, text, texts

GET_STATUS: Final = 3
_HEADER: Final = struct.Struct(">BBHIII")
_FLAGS: Final = {
    0x01: "copy-file", 0x02: "change-password", 0x08: "messages", 0x10: "signature", 0x20: "tcp", 0x40: "notifications",
    0x80: "reconnect", 0x100: "directory-services", 0x200: "utf-8-name", 0x400: "uuids", 0x800: "extended-sleep",
}  # fmt: skip


def talk(wire: Wire) -> Talk:
    wire.send(_HEADER.pack(0, GET_STATUS, 1, 0, 0, 0))
    if not (yield from opens(wire, b"\1\3\0\1\0\0\0\0")):
        return None
    length = _HEADER.unpack((yield from wire.exactly(_HEADER.size)))[4]
    if not 11 <= length <= wire.limit:
        return None
    answer = yield from wire.exactly(length)
    try:
        found = described(answer)
    except CutShortError:
        return None
    wire.details.update(found)
    return wire.claim(Service("afp"))


def described(answer: bytes) -> dict[str, Any]:
    """The details of FPGetSrvrInfo's reply block. Raises `CutShortError` where what it points at is not there."""
    head = Cursor(answer)
    machine, versions, methods, _, flags = (head.number(2) for _ in range(5))
    found: dict[str, Any] = {
        "server_name": text(head.counted(1)),
        "machine_type": text(_at(answer, machine).counted(1)),
        "versions": _list(_at(answer, versions)),
        "mechanisms": _list(_at(answer, methods)),
        "flags": [name for bit, name in _FLAGS.items() if flags & bit],
    }
    head.take(head.at % 2)
    for bit, what in _FURTHER.items():
        offset = head.number(2) if head.at + 2 <= machine else 0  # each version of AFP added one
        if flags & bit and offset and what is not None:
            found.update(what(_at(answer, offset)))
    return found


def _at(answer: bytes, offset: int) -> Cursor:
    return Cursor(answer[offset:])


def _list(cursor: Cursor) -> list[str]:
    return texts(cursor.counted(1) for _ in range(min(cursor.number(1), MOST)))


def _signature(cursor: Cursor) -> dict[str, Any]:
    """What tells a server from another."""
    return {"signature": cursor.take(16).hex()}


def _addresses(cursor: Cursor) -> dict[str, Any]:
    """IPv4 alone, IPv4 with a port, and names; each begins with its whole length and its kind."""
    found: list[str] = []
    for _ in range(min(cursor.number(1), MOST)):
        size, kind = cursor.number(1), cursor.number(1)
        value = cursor.take(max(0, size - 2))
        if kind in (1, 2) and len(value) == 4 * kind - 2 * (kind - 1):
            dotted = ".".join(map(str, value[:4]))
            found.append(dotted if kind == 1 else f"{dotted}:{int.from_bytes(value[4:], 'big')}")
        elif kind == 4 and value:
            found.append(text(value))
    return {"addresses": found} if found else {}


def _name(cursor: Cursor) -> dict[str, Any]:
    """The same name as above in UTF-8, which that one need not be in."""
    name = text(cursor.counted(2))
    return {"server_name": name} if name else {}


_FURTHER: Final = {0x10: _signature, 0x20: _addresses, 0x100: None, 0x200: _name}
"""What follows the name are offsets, in this order; a flag says whether one leads somewhere."""

PROBE = Probe("afp", ports=(548,), talk=talk, limit=8192, at_home=True)
