"""Apache Cassandra and ScyllaDB: OPTIONS of the CQL protocol, answered by SUPPORTED before any login.

It tells CQL's version, not the server's. A server that does not speak version 4 says which it speaks.
Source: Apache Cassandra, native_protocol_v4.spec, sections 2 (frame), 4.1.3 (OPTIONS), 4.2.4 (SUPPORTED), 9
(errors); ScyllaDB, protocol-extensions.md (SCYLLA_*).
"""

from __future__ import annotations

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._cursor import Cursor, CutShortError
from ._product import named
from ._text import opens, text, texts

OPTIONS, ERROR, SUPPORTED = 5, 0, 6
STREAM = b"\x62\x61"
REQUEST = b"\x04\x00" + STREAM + bytes([OPTIONS]) + bytes(4)
LONGEST = 8192
"""Bytes of an answer; SUPPORTED takes one or two hundred."""
MOST = 32
"""Names in SUPPORTED; ScyllaDB has about ten."""


def talk(wire: Wire) -> Talk:
    wire.send(REQUEST)
    if not (yield from opens(wire, *(bytes([0x80 | version]) for version in range(1, 7)))):
        return None
    header = yield from wire.exactly(9)
    length = int.from_bytes(header[5:], "big")
    if length > LONGEST or header[4] not in (ERROR, SUPPORTED):
        return None
    if header[4] == SUPPORTED and header[2:4] != STREAM:  # an error about the version may come on stream 0
        return None
    body = Cursor((yield from wire.exactly(length)))
    try:
        return _error(wire, body) if header[4] == ERROR else _supported(wire, body)
    except CutShortError:
        return None


def _error(wire: Wire, body: Cursor) -> Service | None:
    code, message = body.number(4), body.counted(2)
    if code > 0x2FFF or b"protocol version" not in message:
        return None
    wire.details["error"] = text(message)
    return wire.claim(Service("cassandra"))


def _supported(wire: Wire, body: Cursor) -> Service | None:
    options = {text(body.counted(2)): _strings(body) for _ in range(min(body.number(2), MOST))}
    if "CQL_VERSION" not in options:
        return None
    for name in ("CQL_VERSION", "COMPRESSION", "PROTOCOL_VERSIONS"):
        if name in options:
            wire.details[name.lower()] = options[name]
    if any(name.startswith("SCYLLA_") for name in options):
        return wire.claim(named("cassandra", "ScyllaDB", "ScyllaDB", cpe="scylladb:scylladb"))
    return wire.claim(Service("cassandra"))


def _strings(body: Cursor) -> list[str]:
    return texts([body.counted(2) for _ in range(body.number(2))])


PROBE = Probe("cassandra", ports=(9042,), tls_ports=(9142,), talk=talk, limit=LONGEST + 9)
