"""Winbox: the list of plug-ins that a MikroTik router hands out in front of its login, each with a version.

It is what the router's own client asks for first; routers since 6.43 may want a login even for it, and say so. Two
messages: open the file, read its beginning. No user is named, and only this one name is asked for.
Sources: Tenable, "RouterOS: Chain to Root" and its tools in tenable/routeros (winbox_session, winbox_message: frames,
variables, the addresses and commands of mproxy).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Generator, Iterator
from contextlib import suppress
from typing import Final

from msgspec.structs import replace

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from ..recognition.cpe import filled
from ._cursor import Cursor, CutShortError
from ._product import CERTAIN
from ._text import opens

TO, FROM, REPLY, ID, COMMAND, ERROR, SESSION = (
    0xFF0001, 0xFF0002, 0xFF0005, 0xFF0006, 0xFF0007, 0xFF0008, 0xFE0001,
)  # fmt: skip
MPROXY: Final = (2, 2)
READ, OPEN = 4, 7
FILE: Final = b"list"
NAME, SIZE, CONTENT = 1, 2, 3
BOOLEAN, NUMBER, TEXT, RAW, NUMBERS = 0x00, 0x08, 0x20, 0x30, 0x88
"""Types; a long number is 0x10, an address 0x18, a message 0x28, and arrays have the highest bit."""
SHORT: Final = 1
"""The bit of a type whose value, or whose count, has one byte; of a boolean, the value."""
READ_BYTES: Final = 512
"""Of the list; a line has some 120."""
_CONTINUED: Final = 0xFF
_VERSION = re.compile(rb'version: ?"(\d{1,2}\.\d[\w.]{0,20})"')
_CPE: Final = "cpe:2.3:o:mikrotik:routeros:{os.version}:*:*:*:*:*:*:*"

Value = bool | int | bytes


def message(*variables: bytes) -> bytes:
    """A frame of one chunk: its length, the kind 1, the message's length, and ``M2`` with its variables."""
    body = b"M2" + b"".join(variables)
    return bytes([len(body) + 2, 1]) + len(body).to_bytes(2) + body


def variable(kind: int, name: int, value: bytes = b"") -> bytes:
    """A variable: three bytes of name, one of type, and its value."""
    return struct.pack("<I", kind << 24 | name) + value


def _request(command: int, *more: bytes) -> bytes:
    return message(
        variable(BOOLEAN | SHORT, REPLY),
        variable(NUMBER | SHORT, ID, bytes([command])),
        variable(NUMBER | SHORT, COMMAND, bytes([command])),
        *more,
        variable(NUMBERS, FROM, struct.pack("<HII", 2, 0, 8)),
        variable(NUMBERS, TO, struct.pack("<HII", 2, *MPROXY)),
    )


def opening() -> bytes:
    """Open the list."""
    return _request(OPEN, variable(TEXT | SHORT, NAME, bytes([len(FILE)]) + FILE))


def reading(session: int) -> bytes:
    """Read its beginning, in the session that opened it."""
    return _request(
        READ,
        variable(NUMBER, SESSION, struct.pack("<I", session)),
        variable(NUMBER, SIZE, struct.pack("<I", READ_BYTES)),
    )


def talk(wire: Wire) -> Talk:
    wire.send(opening())
    opened = yield from _answer(wire)
    if not opened.keys() & {SESSION, ERROR}:
        return None
    service = wire.claim(Service("winbox", "MikroTik", "RouterOS", os="RouterOS", confidence=CERTAIN))
    session = opened.get(SESSION)
    wire.details["list"] = "granted" if isinstance(session, int) else "refused"
    if isinstance(session, int):
        wire.send(reading(session))
        content = (yield from _answer(wire)).get(CONTENT)
        if isinstance(content, bytes) and (found := _VERSION.search(content)):
            version = found[1].decode()
            cpe = filled(_CPE, {"os.version": version})
            return wire.claim(replace(service, version=version, cpe=(cpe,) if cpe else ()))
    return service


def _answer(wire: Wire) -> Generator[Want, None, dict[int, Value]]:
    """The variables of one message; none where something else came."""
    size, kind = yield from _chunk(wire)
    if kind != 1 or size < 4:
        return {}
    while len(wire.unread) < 4:
        if not b"M2".startswith(wire.unread[2:]):
            return {}
        yield from wire.more()
    total = int.from_bytes((yield from wire.exactly(2)))
    if not (yield from opens(wire, b"M2")):
        return {}
    body = yield from wire.exactly(size - 2)
    while len(body) < total:
        size, kind = yield from _chunk(wire)
        if kind != _CONTINUED or not size:
            return {}
        body += yield from wire.exactly(size)
    found: dict[int, Value] = {}
    with suppress(CutShortError):
        found.update(_variables(Cursor(body[2:total], "little")))
    return found


def _chunk(wire: Wire) -> Generator[Want, None, tuple[int, int]]:
    """The length and the kind before a chunk."""
    size, kind = yield from wire.exactly(2)
    return size, kind


def _variables(cursor: Cursor) -> Iterator[tuple[int, Value]]:
    """Names and values, up to a type that is not known here."""
    while cursor.left():
        name, kind = cursor.number(3), cursor.number(1)
        short = kind & SHORT
        match kind & ~SHORT:
            case 0x00:
                yield name, bool(short)
            case 0x08:
                yield name, cursor.number(1 if short else 4)
            case 0x10:
                cursor.take(8)  # nothing here is so long
            case 0x18:
                cursor.take(16)
            case 0x20 | 0x28 | 0x30:
                yield name, cursor.counted(1 if short else 2)
            case 0x88:
                cursor.take(4 * cursor.number(2))
            case _:
                return


PROBE = Probe("winbox", ports=(8291,), talk=talk, limit=2048, at_home=True)
