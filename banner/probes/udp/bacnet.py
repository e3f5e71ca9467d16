"""BACnet/IP: the number and the model of a building's controller. Held only where it is named, in full mode.

Controllers can be disturbed by bytes; two properties are read, nothing is written. Source: ASHRAE 135, clauses 15.5
(ReadProperty), 20.1 (headers), 20.2 (encoding), 21 (property numbers), and annex J.2 (BVLL).
"""

from __future__ import annotations

from collections.abc import Generator

from ...dialogue import Datagrams, Probe, Talk, Want
from ...models import Service, Transport
from .._cursor import Cursor
from .._text import text
from ._asking import ask

_BVLL, _UNICAST = b"\x81\x0a", b"\1\4"
_READ_PROPERTY = 12
_DEVICE, _ANY = 8, 0x3FFFFF
_OBJECT_IDENTIFIER, _MODEL_NAME = 75, 70
_COMPLEX_ACK, _ERROR = 3, 5
_VALUE, _OBJECT, _STRING = 0x3E, 0xC4, 0x70


def talk(wire: Datagrams) -> Talk:
    value = yield from _read(wire, wire.nonce[0], _ANY, _OBJECT_IDENTIFIER)
    if value is None:
        return None
    service = wire.claim(Service("bacnet"))
    if len(value) < 5 or value[0] != _OBJECT:
        return service
    instance = int.from_bytes(value[1:5], "big") & _ANY
    wire.details["instance"] = instance
    model = yield from _read(wire, wire.nonce[1], instance, _MODEL_NAME)
    if model and model[0] & 0xF8 == _STRING and (name := text(_string(model))):
        wire.details["model"] = name
        return wire.claim(Service("bacnet", device=name))
    return service


def _read(wire: Datagrams, number: int, instance: int, wanted: int) -> Generator[Want, None, bytes | None]:
    """A property of the device: its encoded value, empty where there is an error; None where nothing answers so."""
    which = (_DEVICE << 22 | instance).to_bytes(4, "big")
    apdu = bytes([0, 5, number, _READ_PROPERTY, 0x0C]) + which + bytes([0x19, wanted])
    body = _UNICAST + apdu
    question = _BVLL + (4 + len(body)).to_bytes(2, "big") + body
    return (yield from ask(wire, question, lambda data: _value(data, number)))


def _value(data: bytes, number: int) -> bytes | None:
    cursor = Cursor(data)
    if (
        cursor.take(2) != _BVLL
        or cursor.number(2) != len(data)
        or cursor.number(1) != 1
        or cursor.number(1) & 0x28
    ):
        return None  # another link, or a message that was routed
    kind = cursor.number(1) >> 4
    if cursor.number(1) != number or cursor.number(1) != _READ_PROPERTY or kind not in (_COMPLEX_ACK, _ERROR):
        return None
    return cursor.take(cursor.left()).partition(bytes([_VALUE]))[2] if kind == _COMPLEX_ACK else b""


def _string(value: bytes) -> bytes:
    """A character string in UTF-8 (20.2.9), whose length stands in its tag or behind it."""
    size, data = value[0] & 7, value[1:]
    if size == 5:
        size, data = int.from_bytes(data[:1], "big"), data[1:]
    return data[:size][1:]


PROBE = Probe(
    "bacnet", ports=(47808,), talk=talk, limit=2048, transport=Transport.UDP, full=True, fragile=True
)
