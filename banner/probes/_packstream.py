"""As much of PackStream as Bolt's answers use: structures, maps, lists, texts, numbers, truth and nothing.

Source: Neo4j, "PackStream" (Bolt protocol documentation), section "Representation".
"""

from __future__ import annotations

import struct
from typing import Any

from ._cursor import Cursor, CutShortError

_DEEPEST = 8
"""Lists and maps inside of each other; an answer to HELLO has two."""
_CONSTANTS = {0xC0: None, 0xC2: False, 0xC3: True}
_INTEGERS = {0xC8: 1, 0xC9: 2, 0xCA: 4, 0xCB: 8}
_SIZES = {
    0xCC: 1,
    0xCD: 2,
    0xCE: 4,
    0xD0: 1,
    0xD1: 2,
    0xD2: 4,
    0xD4: 1,
    0xD5: 2,
    0xD6: 4,
    0xD8: 1,
    0xD9: 2,
    0xDA: 4,
}
"""Bytes of the count behind the markers of bytes, texts, lists and maps, four kinds one after the other."""


def text(value: str) -> bytes:
    """A text of at most 15 bytes."""
    data = value.encode()
    return bytes((0x80 | len(data),)) + data


def mapping(**fields: bytes) -> bytes:
    """A map of at most 15 fields, whose values are encoded."""
    return bytes((0xA0 | len(fields),)) + b"".join(text(name) + value for name, value in fields.items())


def value(data: Cursor, depth: int = 0) -> Any:
    """The next value. Raises `CutShortError` for what is cut, is no value, or lies too deep."""
    if depth > _DEEPEST:
        raise CutShortError("too deep")
    marker = data.number(1)
    if marker < 0x80 or marker >= 0xF0:
        return marker if marker < 0x80 else marker - 0x100
    if marker in _CONSTANTS:
        return _CONSTANTS[marker]
    if marker in _INTEGERS:
        return data.number(_INTEGERS[marker], signed=True)
    if marker == 0xC1:
        return struct.unpack(">d", data.take(8))[0]
    if marker < 0xC0:
        kind, count = (0xD0, 0xD4, 0xD8, None)[(marker - 0x80) >> 4], marker & 0x0F
    elif marker in _SIZES:
        kind, count = marker & 0xFC, data.number(_SIZES[marker])
    else:
        raise CutShortError(f"no value begins with {marker:#x}")
    return _several(data, kind, count, depth + 1)


def _several(data: Cursor, kind: int | None, count: int, depth: int) -> Any:
    if kind == 0xD0:
        return data.take(count).decode(errors="replace")
    if kind == 0xCC:
        return data.take(count)
    if kind == 0xD4:
        return [value(data, depth) for _ in range(min(count, data.left() + 1))]
    if kind == 0xD8:
        return {str(value(data, depth)): value(data, depth) for _ in range(min(count, data.left() + 1))}
    raise CutShortError("a structure inside")
