"""The endpoint mapper's map: how it is asked for, and what an entry's tower says (C706, appendices L and O)."""

from __future__ import annotations

import struct
from ipaddress import IPv4Address
from typing import Any, Final
from uuid import UUID

from ._cursor import Cursor, CutShortError
from ._text import LONGEST, MOST, text

_MAPPER: Final = UUID("e1af8308-5d1f-11c9-91a4-08002b14a0fa").bytes_le + struct.pack("<HH", 3, 0)
_NDR: Final = UUID("8a885d04-1ceb-11c9-9fe8-08002b104860").bytes_le + struct.pack("<HH", 2, 0)
ENTRIES: Final = 128
"""How many are asked for: more than a domain controller's interfaces, each of which has several."""


def _pdu(kind: int, call: int, body: bytes) -> bytes:
    """Version 5.0, whole in one fragment, little endian, unauthenticated."""
    return struct.pack("<4BIHHI", 5, 0, kind, 3, 0x10, 16 + len(body), 0, call) + body


BIND: Final = _pdu(11, 1, struct.pack("<HHIBxxxHBx", 5840, 5840, 0, 1, 0, 1) + _MAPPER + _NDR)
_INQUIRY: Final = struct.pack("<4I20xI", 0, 0, 0, 1, ENTRIES)
"""All entries: no object, no interface, all versions; a handle that starts anew."""
LOOKUP: Final = _pdu(0, 2, struct.pack("<IHH", len(_INQUIRY), 0, 2) + _INQUIRY)

_PORTS: Final = {0x07: "ncacn_ip_tcp", 0x08: "ncadg_ip_udp", 0x1F: "ncacn_http"}
_PATHS: Final = {0x0F: "ncacn_np", 0x10: "ncalrpc"}
_ADDRESS, _NETBIOS = 0x09, 0x11


def described(stub: bytes) -> dict[str, Any]:
    """The details of an answer to `LOOKUP`; what is cut short ends the list. Raises `CutShortError` before it."""
    answer = Cursor(stub, "little")
    answer.take(20)
    count = answer.number(4)
    answer.take(12)
    notes: list[str] = []
    found: dict[str, dict[str, None]] = {
        name: {} for name in ("interfaces", "endpoints", "addresses", "host_names")
    }
    for _ in range(min(count, ENTRIES)):
        answer.take(24)
        notes.append(text(answer.counted(4).rstrip(b"\0")))
        answer.take(-answer.at % 4)
    for note in notes:
        try:
            answer.take(4)
            tower = answer.counted(4)
            answer.take(min(answer.left(), -answer.at % 4))
            _tower(tower, note, found)
        except CutShortError:
            break
    return {name: list(said)[:MOST] for name, said in found.items() if said}


def _tower(tower: bytes, note: str, found: dict[str, dict[str, None]]) -> None:
    floors = Cursor(tower, "little")
    for number in range(min(floors.number(2), 8)):
        left, right = floors.counted(2), floors.counted(2)
        kind = left[0] if left else 0
        if number == 0 and len(left) == 19:
            version = f"v{int.from_bytes(left[17:], 'little')}.{int.from_bytes(right[:2], 'little')}"
            found["interfaces"][f"{UUID(bytes_le=left[1:17])} {version} {note}".rstrip()] = None
        elif kind in _PORTS and len(right) == 2:
            found["endpoints"][f"{_PORTS[kind]}:{int.from_bytes(right, 'big')}"] = None
        elif kind in _PATHS:
            found["endpoints"][f"{_PATHS[kind]}:{text(right.rstrip(bytes(1)), LONGEST - 16)}"] = None
        elif kind == _ADDRESS and len(right) == 4 and any(right):
            found["addresses"][str(IPv4Address(right))] = None
        elif kind == _NETBIOS and (name := text(right.rstrip(b"\0")).lstrip("\\")):
            found["host_names"][name] = None
