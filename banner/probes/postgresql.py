"""PostgreSQL: ask for TLS, then for a protocol version that no server has, whose refusal tells what it is.

An SSLRequest is answered with one letter, ``S`` or ``N`` (PostgreSQL documentation, "Message Flow", SSL
Session Encryption). The start-up then asks for protocol 255.0, names nobody, and must be refused before any
authentication, with an ErrorResponse whose fields name the source file, line and routine of the server.
"""

from __future__ import annotations

from typing import Final

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import text

SSL_REQUEST: Final = bytes.fromhex("00000008 04d2162f")
STARTUP: Final = bytes.fromhex("00000009 00ff0000 00")
"""Length, protocol 255.0, no parameters."""
FIELDS: Final = {
    0x53: "severity", 0x43: "sql_state", 0x4D: "error", 0x44: "detail", 0x48: "hint",
    0x46: "file", 0x4C: "line", 0x52: "routine",
}  # fmt: skip
""""Error and Notice Message Fields": S, C, M, D, H, F, L, R."""
LONGEST: Final = 4096
"""Bytes of an error: those seen have about 150."""


def talk(wire: Wire) -> Talk:
    if not wire.tls and wire.may_secure:
        wire.send(SSL_REQUEST)
        answer = yield from wire.exactly(1)
        if answer == b"E":  # a server that is too old or too busy for the question
            return (yield from _refusal(wire))
        if answer not in (b"S", b"N") or wire.unread:
            return None
        wire.details["tls"] = answer == b"S"
        if answer == b"S":
            wire.claim(Service("postgresql"))
            if not (yield from wire.start_tls()):
                return wire.found
    wire.send(STARTUP)
    if (yield from wire.exactly(1)) == b"E":
        yield from _refusal(wire)
    return wire.found


def _refusal(wire: Wire) -> Talk:
    """An ErrorResponse, after its letter."""
    length = int.from_bytes((yield from wire.exactly(4)), "big")
    if not 8 <= length <= LONGEST:
        return None
    fields: dict[int, bytes] = {}
    for item in (yield from wire.exactly(length - 4)).split(b"\0"):
        if item and item[0] in FIELDS:
            fields[item[0]] = item[1:]
    if not {0x53, 0x43, 0x4D} <= fields.keys():
        return None
    for letter, name in FIELDS.items():
        if letter in fields:
            wire.details[name] = text(fields[letter])
    if fields.get(0x46) in (b"postmaster.c", b"backend_startup.c") and 0x52 in fields:
        cpe = ("cpe:2.3:a:postgresql:postgresql:*:*:*:*:*:*:*:*",)
        return wire.claim(Service("postgresql", vendor="PostgreSQL", product="PostgreSQL", cpe=cpe))
    return wire.claim(Service("postgresql"))


PROBE = Probe("postgresql", ports=(5432, 5433), starttls=True, talk=talk, limit=LONGEST + 16)
