"""BSON as MongoDB's answers hold it: a document's plain values, and those of the documents inside it.

Source: bsonspec.org, version 1.1. Binary data and the like are passed over by their length.
"""

from __future__ import annotations

import struct

from ._cursor import Cursor, CutShortError
from ._text import MOST, text

Value = str | int | float | bool | list[str] | dict[str, "Value"]

DEEPEST = 8
"""Documents inside documents; a server's hello has three."""

_PASSED = {0x06: 0, 0x07: 12, 0x09: 8, 0x0A: 0, 0x11: 8, 0x13: 16, 0x7F: 0, 0xFF: 0}
"""Types whose values are of no use here, and their size."""


def document(data: bytes) -> dict[str, Value]:
    """The document in `data`. Raises `CutShortError` for what is none."""
    return _document(Cursor(data, "little"), DEEPEST)


def command(name: str) -> bytes:
    """The document ``{name: 1, $db: "admin"}``: a command without arguments."""
    body = b"\x10" + name.encode() + b"\0\1\0\0\0" + b"\x02$db\0\6\0\0\0admin\0"
    return (len(body) + 5).to_bytes(4, "little") + body + b"\0"


def _document(cursor: Cursor, depth: int) -> dict[str, Value]:
    inner = Cursor(cursor.take(cursor.number(4) - 4), "little")
    if not depth:
        return {}
    found: dict[str, Value] = {}
    while kind := inner.number(1):
        name = text(inner.until())
        value = _value(inner, kind, depth)
        if value is not None:
            found[name] = value
    return found


def _value(cursor: Cursor, kind: int, depth: int) -> Value | None:
    if kind == 0x01:
        return _finite(cursor.take(8))
    if kind == 0x02:
        return text(cursor.counted(4).rstrip(b"\0"))
    if kind == 0x03:
        return _document(cursor, depth - 1)
    if kind == 0x04:
        return [item for item in _document(cursor, depth - 1).values() if isinstance(item, str)][:MOST]
    if kind == 0x05:
        cursor.take(cursor.number(4) + 1)
        return None
    if kind == 0x08:
        return cursor.number(1) != 0
    if kind in (0x10, 0x12):
        return cursor.number(4 if kind == 0x10 else 8, signed=True)
    if kind in _PASSED:
        cursor.take(_PASSED[kind])
        return None
    raise CutShortError(f"type {kind:#x}")


def _finite(data: bytes) -> float | None:
    number: float = struct.unpack("<d", data)[0]
    return number if abs(number) < 2**63 else None
