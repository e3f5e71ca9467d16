"""CoAP: a ping, an empty message that is answered with a reset of the same number. In full mode also what is there.

Some answer it as a request, with an acknowledgement of that number.

Sources: RFC 7252, sections 3 (message), 4.3 (ping) and 12.1.2 (2.05); RFC 6690, sections 2 and 4 (the list).
"""

from __future__ import annotations

import re

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from .._cursor import Cursor
from .._text import texts
from ._asking import ask

_PING, _GET = b"\x40\0", b"\x40\1"
_CORE = b"\xbb.well-known\x04core"
"""Two options Uri-Path (number 11)."""
_ACKNOWLEDGED, _RESET = 0x60, 0x70
_CONTENT = 0x45
_EXTENDED = {13: 1, 14: 2}
"""Bytes of an option's number beside its first ones (RFC 7252, section 3.1)."""
_TARGET = re.compile(rb"<([^<>]{1,256})>")


def talk(wire: Datagrams) -> Talk:
    number = wire.nonce[:2]
    if not (yield from ask(wire, _PING + number, lambda data: _pong(data, number) or None)):
        return None
    service = wire.claim(Service("coap"))
    if wire.deep:
        second = wire.nonce[2:4]
        links = yield from ask(wire, _GET + second + _CORE, lambda data: _links(data, second))
        if links and (resources := texts(found[1] for found in _TARGET.finditer(links))):
            wire.details["resources"] = resources
    return service


def _pong(data: bytes, number: bytes) -> bool:
    return len(data) >= 4 and data[0] & 0xF0 in (_ACKNOWLEDGED, _RESET) and data[2:4] == number


def _links(data: bytes, number: bytes) -> bytes | None:
    """The payload of an acknowledgement, which begins behind its options; None for what is none of ours."""
    cursor = Cursor(data)
    first, code = cursor.number(1), cursor.number(1)
    if first & 0xF0 != _ACKNOWLEDGED or cursor.take(2) != number or not code:
        return None
    cursor.take(first & 0x0F)  # the token
    while code == _CONTENT and cursor.left() and (option := cursor.number(1)) != 0xFF:
        delta, size = option >> 4, option & 0x0F
        cursor.take(_EXTENDED.get(delta, 0))
        cursor.take(cursor.number(1) + 13 if size == 13 else cursor.number(2) + 269 if size == 14 else size)
    return cursor.take(cursor.left()) if code == _CONTENT else b""


PROBE = Probe("coap", ports=(5683,), talk=talk, limit=4096, transport=Transport.UDP)
