"""STUN: a binding request, whose answer says which server it is (SOFTWARE) and where it saw us.

Sources: RFC 8489, sections 5 (message) and 14 (attributes); RFC 3489, section 11.2, and RFC 5780, section 7 (the
attributes of servers that tell kinds of NAT).
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from .._cursor import Cursor
from .._text import text
from ._asking import ask

COOKIE = bytes.fromhex("2112a442")
SOFTWARE = 0x8022
ADDRESSES = {
    0x0005: "other_address",
    0x802B: "response_origin",
    0x802C: "other_address",
    0x0004: "response_origin",
}
"""CHANGED-ADDRESS and SOURCE-ADDRESS of RFC 3489, and their names since RFC 5780."""
MOST = 32
"""Attributes that are read; servers send up to seven."""


def talk(wire: Datagrams) -> Talk:
    number = wire.nonce[:12]
    answer = yield from ask(wire, b"\0\1\0\0" + COOKIE + number, lambda data: _answer(data, number))
    if answer is None:
        return None
    service = wire.claim(Service("stun"))
    cursor = Cursor(answer)
    for _ in range(MOST):
        if cursor.left() < 4:
            break
        kind, size = cursor.number(2), cursor.number(2)
        if size > cursor.left():
            break
        value = cursor.take(size)
        cursor.take(min(-size % 4, cursor.left()))
        if kind == SOFTWARE and (software := text(value.rstrip(b"\0"))):
            wire.details["software"] = software
        elif kind in ADDRESSES and (address := _address(value)):
            wire.details[ADDRESSES[kind]] = address
    return service


def _answer(data: bytes, number: bytes) -> bytes | None:
    """The attributes of an answer, be it success or error, to the request of this number."""
    if len(data) < 20 or data[:2] not in (b"\1\1", b"\1\x11") or data[8:20] != number or data[4:8] != COOKIE:
        return None
    return data[20 : 20 + int.from_bytes(data[2:4], "big")]


def _address(value: bytes) -> str | None:
    """MAPPED-ADDRESS's form (RFC 8489, section 14.1): 0, family, port, address."""
    port = int.from_bytes(value[2:4], "big")
    if len(value) == 8 and value[1] == 1:
        return f"{IPv4Address(value[4:])}:{port}"
    if len(value) == 20 and value[1] == 2:
        return f"[{IPv6Address(value[4:])}]:{port}"
    return None


PROBE = Probe("stun", ports=(3478,), talk=talk, limit=4096, transport=Transport.UDP)
