"""AMQP: the 0-9-1 header, answered by Connection.Start, whose server properties name broker and version.

A server of another version answers with the header that it wants and closes (ActiveMQ, Qpid: AMQP 1.0).
We leave without a Start-Ok: no login takes place.
Sources: AMQP 0-9-1, sections 2.2.4 (header), 4.2.3 (frames), 4.2.5.5 (tables), 1.4.2.1 (Start); RabbitMQ,
"AMQP 0-9-1 Errata", section 3 (field types); OASIS AMQP 1.0, part 2, section 2.2.
"""

from __future__ import annotations

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._cursor import Cursor, CutShortError
from ._product import named
from ._text import opens, text, texts

HEADER = b"AMQP\0\0\x09\x01"
METHOD, START = 1, b"\x00\x0a\x00\x0a"
FRAME_END = b"\xce"

_SIZES = {
    b"t": 1, b"b": 1, b"B": 1, b"s": 2, b"u": 2, b"I": 4, b"i": 4, b"f": 4, b"l": 8, b"L": 8, b"T": 8,
    b"d": 8, b"D": 5, b"V": 0,
}  # fmt: skip
"""Field types of a fixed size, as RabbitMQ and Qpid write them (the errata's table)."""
_KEPT = ("product", "version", "platform", "cluster_name")


def talk(wire: Wire) -> Talk:
    wire.send(HEADER)
    if not (yield from opens(wire, b"AMQP", b"\x01\x00\x00")):
        return None
    start = yield from wire.exactly(8)
    if start[:4] == b"AMQP":
        return _other_version(wire, start)
    cursor = Cursor(start)
    cursor.take(3)
    frame = start[7:] + (yield from wire.exactly(cursor.number(4)))
    if frame[:4] != START or frame[-1:] != FRAME_END:
        return None
    return _start(wire, Cursor(frame[4:-1]))


def _other_version(wire: Wire, header: bytes) -> Service | None:
    """Protocol 0 is AMQP, 2 TLS, 3 SASL (AMQP 1.0, 2.2 and 5.2, 5.3); our own header would be an echo."""
    protocol, version = header[4], header[5:]
    if header == HEADER or protocol not in (0, 1, 2, 3):
        return None
    wire.details["protocol_version"] = "-".join(map(str, version))
    return wire.claim(Service("amqp"))


def _start(wire: Wire, cursor: Cursor) -> Service | None:
    wire.claim(Service("amqp"))
    try:
        wire.details["protocol_version"] = f"{cursor.number(1)}-{cursor.number(1)}"
        properties = _table(Cursor(cursor.counted(4)))
        wire.details.update((key, properties[key]) for key in _KEPT if properties.get(key))
        wire.details["mechanisms"] = texts(cursor.counted(4).split(b" "))
        wire.details["locales"] = texts(cursor.counted(4).split(b" "))
    except CutShortError:
        return wire.found
    product, version = properties.get("product"), properties.get("version")
    if product == "RabbitMQ":
        return wire.claim(named("amqp", "Broadcom", "RabbitMQ", version, cpe="vmware:rabbitmq"))
    return wire.claim(Service("amqp", product=product, version=version))


def _table(cursor: Cursor) -> dict[str, str]:
    """The long strings of a table; nested tables and numbers are passed over."""
    found: dict[str, str] = {}
    while cursor.left():
        name = text(cursor.counted(1))
        kind = cursor.take(1)
        if kind in _SIZES:
            cursor.take(_SIZES[kind])
            continue
        value = cursor.counted(4)  # S, x, A and F: four bytes of length
        if kind == b"S" and name:
            found[name] = text(value)
    return found


PROBE = Probe("amqp", ports=(5672,), tls_ports=(5671,), talk=talk)
